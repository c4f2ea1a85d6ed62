/** Rows by key over several segments at once: made for programs that look up hundreds of thousands of names, where a search in each segment would cost more than the answer. */
import { type TableName, WIDTH } from './facts';
import { Ranks } from './lists';
import { type OrderName, ORDERS, type Segment } from './segment';

/** The rows of one order over all segments, numbered through. Keys that no row has take one bit. */
class KeyedRows {
  private readonly keys: Ranks;
  private readonly starts: Int32Array;
  readonly rows: Int32Array;
  from = 0;
  to = 0;

  constructor(segments: readonly Segment[], name: OrderName, names: number) {
    const { table, key, keep } = ORDERS[name], width = WIDTH[table], keys = this.keys = new Ranks(names);
    const each = (visit: (id: number, row: number) => void): number => {
      let base = 0;
      for (const { data } of segments) {
        const d = data.tables[table], all = d.length / width;
        for (let row = 0; row < all; row++) if (keep === null || keep(d, row * width)) visit(d[row * width + key], base + row);
        base += all;
      }
      return base;
    };
    let count = 0;
    each((id) => { keys.note(id); count++; });
    this.starts = new Int32Array(keys.close() + 2);
    each((id) => { this.starts[keys.place(id) + 2]++; });
    for (let k = 2; k < this.starts.length; k++) this.starts[k] += this.starts[k - 1];
    this.rows = new Int32Array(count);
    each((id, row) => { this.rows[this.starts[keys.place(id) + 1]++] = row; });
  }

  /** Sets `from` and `to` to the rows with this key. */
  find(id: number): void {
    const at = this.keys.place(id);
    if (at < 0) { this.from = this.to = 0; return; }
    this.from = this.starts[at];
    this.to = this.starts[at + 1];
  }
}

/** The look-ups over a fixed list of segments; each order is made when it is first asked for. */
export class Merged {
  readonly segments: readonly Segment[];
  private readonly orders = new Map<OrderName, KeyedRows>();
  private readonly bases = new Map<TableName, Int32Array>();

  constructor(segments: readonly Segment[], private readonly names: number) {
    this.segments = [...segments];
  }

  /** Are these segments the first of that list? */
  isStartOf(segments: readonly Segment[]): boolean {
    return this.segments.every((s, k) => s === segments[k]);
  }

  /** The rows with a key: good until the next call for the same order. */
  find(name: OrderName, id: number): { readonly rows: Int32Array; readonly from: number; readonly to: number } {
    let keyed = this.orders.get(name);
    if (keyed === undefined) this.orders.set(name, keyed = new KeyedRows(this.segments, name, this.names));
    keyed.find(id);
    return keyed;
  }

  /** Where the rows of each segment begin, and where the last ends. */
  basesOf(table: TableName): Int32Array {
    let bases = this.bases.get(table);
    if (bases === undefined) {
      this.bases.set(table, bases = new Int32Array(this.segments.length + 1));
      for (let k = 0; k < this.segments.length; k++) bases[k + 1] = bases[k] + this.segments[k].data.tables[table].length / WIDTH[table];
    }
    return bases;
  }

  /** The segment of a row. */
  segmentAt(bases: Int32Array, row: number): number {
    let low = 0, high = this.segments.length - 1;
    while (low < high) { const mid = (low + high + 1) >>> 1; if (bases[mid] <= row) low = mid; else high = mid - 1; }
    return low;
  }
}
