/** Rows by key over several segments at once: made for programs that look up hundreds of thousands of names, where a search in each segment would cost more than the answer. */
import { type TableName, WIDTH } from './facts';
import { type OrderName, ORDERS, type Segment } from './segment';

/** The rows of one order over all segments, numbered through. Keys that no row has take one bit. */
class KeyedRows {
  private readonly bits: Int32Array;
  /** Keys before each word of `bits`. */
  private readonly before: Int32Array;
  private readonly starts: Int32Array;
  readonly rows: Int32Array;
  from = 0;
  to = 0;

  constructor(segments: readonly Segment[], name: OrderName, names: number) {
    const { table, key, keep } = ORDERS[name], width = WIDTH[table], words = (names >>> 5) + 1;
    this.bits = new Int32Array(words);
    this.before = new Int32Array(words + 1);
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
    each((id) => { this.bits[id >>> 5] |= 1 << (id & 31); count++; });
    for (let w = 0; w < words; w++) this.before[w + 1] = this.before[w] + ones(this.bits[w]);
    this.starts = new Int32Array(this.before[words] + 2);
    each((id) => { this.starts[this.place(id) + 2]++; });
    for (let k = 2; k < this.starts.length; k++) this.starts[k] += this.starts[k - 1];
    this.rows = new Int32Array(count);
    each((id, row) => { this.rows[this.starts[this.place(id) + 1]++] = row; });
  }

  private place(id: number): number {
    return this.before[id >>> 5] + ones(this.bits[id >>> 5] & ((1 << (id & 31)) - 1));
  }

  /** Sets `from` and `to` to the rows with this key. */
  find(id: number): void {
    if ((this.bits[id >>> 5] & (1 << (id & 31))) === 0) { this.from = this.to = 0; return; } // a name newer than this: undefined & n is 0
    const at = this.place(id);
    this.from = this.starts[at];
    this.to = this.starts[at + 1];
  }
}

/** How many bits are set. */
function ones(word: number): number {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
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
