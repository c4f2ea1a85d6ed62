/** The facts of a set of files, sorted for look-up; immutable. An index is a list of these (kernel-index.ts). */
import { ArgKind, type FactSink, FlowKind, TABLES, type TableName, WIDTH } from './facts';

/** One file of a segment. */
export interface FileStamp {
  /** Path from the root of the tree, with slashes. */
  readonly path: string;
  readonly mtime: number;
  readonly size: number;
  /** Macros of it that stand in no table (farms.ts). */
  readonly farmed?: number;
  /** Has it bytes beyond ASCII? Then columns in bytes are not those in characters. */
  readonly wide?: boolean;
}

/** Row orders by a key: table, field that is the key, and which rows take part (null: all). */
export const ORDERS = {
  defsByName: { table: 'defs', key: 0, keep: null },
  callsByName: { table: 'calls', key: 0, keep: null },
  memberCallsByMember: { table: 'memberCalls', key: 0, keep: null },
  argsByCallee: { table: 'args', key: 0, keep: null },
  argsByValue: { table: 'args', key: 3, keep: (d: Int32Array, at: number) => d[at + 4] >>> 8 === ArgKind.NAME },
  flowsByMember: { table: 'flows', key: 0, keep: null },
  flowsByValue: { table: 'flows', key: 4, keep: (d: Int32Array, at: number) => (d[at + 6] & 15) <= FlowKind.ASSIGNED },
  copiesByRight: { table: 'flows', key: 4, keep: (d: Int32Array, at: number) => (d[at + 6] & 15) === FlowKind.COPIED },
  membersByName: { table: 'members', key: 0, keep: null },
  membersByType: { table: 'members', key: 3, keep: null },
  membersByStruct: { table: 'members', key: 2, keep: null },
} as const satisfies Record<string, { table: TableName; key: number; keep: ((d: Int32Array, at: number) => boolean) | null }>;
export type OrderName = keyof typeof ORDERS;
/** Orders made while scanning and saved; the others are made when first asked for. */
export const SAVED_ORDERS: readonly OrderName[] = ['defsByName', 'callsByName'];

/** A segment as plain data: what a worker posts and the cache holds. */
export interface SegmentData {
  readonly files: readonly FileStamp[];
  readonly tables: Record<TableName, Int32Array>;
  readonly starts: Record<TableName, Int32Array>;
  readonly orders: Partial<Record<OrderName, Int32Array>>;
}

/** Sorts what a sink has collected. `names` bounds the keys. */
export function sealSegment(sink: FactSink, files: readonly FileStamp[], names: number): SegmentData {
  const tables = {} as Record<TableName, Int32Array>;
  const starts = {} as Record<TableName, Int32Array>;
  for (const name of TABLES) {
    const rows = sink.tables[name];
    tables[name] = shared(rows.data.subarray(0, rows.count * rows.width));
    starts[name] = shared(sink.starts[name]);
  }
  const orders: Partial<Record<OrderName, Int32Array>> = {};
  for (const name of SAVED_ORDERS) orders[name] = shared(order(tables[ORDERS[name].table], name, names));
  return { files, tables, starts, orders };
}

/** A copy in memory that all threads see: what is saved of a segment. */
function shared(numbers: ArrayLike<number>): Int32Array {
  const copy = new Int32Array(new SharedArrayBuffer(4 * numbers.length));
  copy.set(numbers);
  return copy;
}

/** Scratch space of the sorts, kept: fresh arrays for each would leave holes between what stays in memory. */
let scratchA = new Int32Array(1 << 12);
let scratchB = new Int32Array(1 << 12);
const buckets = new Int32Array(2049);

/** Row numbers in order of their key, equal keys in row order: in scratch space, until the next sort. `names` bounds the keys; 0 looks for the largest. */
function order(data: Int32Array, name: OrderName, names: number): Int32Array {
  const { table, key, keep } = ORDERS[name];
  const width = WIDTH[table];
  const all = data.length / width;
  if (scratchA.length < all) { scratchA = new Int32Array(all * 2); scratchB = new Int32Array(all * 2); }
  let count = 0;
  if (keep === null) for (; count < all; count++) scratchA[count] = count;
  else for (let r = 0; r < all; r++) if (keep(data, r * width)) scratchA[count++] = r;
  let bound = names;
  if (bound === 0) for (let i = 0; i < count; i++) bound = Math.max(bound, data[scratchA[i] * width + key]);
  return radixSort(data, width, key, count, bound).subarray(0, count);
}

/** Row numbers of the identifiers in order of their hash, which can be negative. */
function identOrder(data: Int32Array): Int32Array {
  const all = data.length;
  if (scratchA.length < all) { scratchA = new Int32Array(all * 2); scratchB = new Int32Array(all * 2); }
  for (let r = 0; r < all; r++) scratchA[r] = r;
  let rows = scratchA;
  let other = scratchB;
  for (let shift = 0; shift < 32; shift += 11) {
    buckets.fill(0);
    const flip = shift === 22 ? 512 : 0; // the upper ten bits, the sign's turned round
    const mask = shift === 22 ? 1023 : 2047;
    for (let i = 0; i < all; i++) buckets[(((data[rows[i]] >>> shift) & mask) ^ flip) + 1]++;
    for (let b = 1; b < 2049; b++) buckets[b] += buckets[b - 1];
    for (let i = 0; i < all; i++) other[buckets[((data[rows[i]] >>> shift) & mask) ^ flip]++] = rows[i];
    const swap = rows;
    rows = other;
    other = swap;
  }
  return rows.slice(0, all);
}

/** Radix sort of the row numbers in scratchA, 11 bits a pass; gives the scratch array that holds the result. */
function radixSort(data: Int32Array, width: number, key: number, count: number, names: number): Int32Array {
  let rows = scratchA;
  let other = scratchB;
  for (let shift = 0; shift === 0 || names >>> shift > 0; shift += 11) {
    buckets.fill(0);
    for (let i = 0; i < count; i++) buckets[((data[rows[i] * width + key] >>> shift) & 2047) + 1]++;
    for (let b = 1; b < 2049; b++) buckets[b] += buckets[b - 1];
    for (let i = 0; i < count; i++) other[buckets[(data[rows[i] * width + key] >>> shift) & 2047]++] = rows[i];
    const swap = rows;
    rows = other;
    other = swap;
  }
  return rows;
}

const NO_RANGE = { rows: new Int32Array(0), from: 0, to: 0 };
/** With fewer numbers than this in a table a search is quick enough. */
const WORTH_BITS = 4000;

/** Look-ups over one segment. */
export class Segment {
  /** Files that a newer segment has replaced. */
  readonly dead: Uint8Array;

  constructor(readonly data: SegmentData) {
    this.dead = new Uint8Array(data.files.length);
  }

  /** Rows of `name`'s table whose key is `id`, as a range of the order. */
  range(name: OrderName, id: number): { rows: Int32Array; from: number; to: number } {
    const { table, key } = ORDERS[name];
    if ((table === 'defs' || table === 'members') && key === 0 && !this.mayHave(table, id)) return NO_RANGE;
    const rows = this.order(name);
    const data = this.data.tables[table];
    const width = WIDTH[table];
    let low = 0;
    let high = rows.length;
    while (low < high) { const mid = (low + high) >>> 1; if (data[rows[mid] * width + key] < id) low = mid + 1; else high = mid; }
    let to = low;
    while (to < rows.length && data[rows[to] * width + key] === id) to++;
    return { rows, from: low, to };
  }

  private readonly nameBits: { defs?: Uint8Array; members?: Uint8Array } = {};

  /** Can a row have this name? A bit a name: most look-ups are of names that a segment has not, and a search through it is many misses of the cache. */
  private mayHave(table: 'defs' | 'members', id: number): boolean {
    const data = this.data.tables[table], width = WIDTH[table];
    if (data.length < WORTH_BITS) return true;
    let bits = this.nameBits[table];
    if (bits === undefined) {
      let most = 0;
      for (let at = 0; at < data.length; at += width) most = Math.max(most, data[at]);
      this.nameBits[table] = bits = new Uint8Array((most >>> 3) + 1);
      for (let at = 0; at < data.length; at += width) bits[data[at] >>> 3] |= 1 << (data[at] & 7);
    }
    return (bits[id >>> 3] & (1 << (id & 7))) !== 0; // undefined beyond the end: none
  }

  /** A row order; made when it is first asked for. */
  private order(name: OrderName): Int32Array {
    const known = this.data.orders[name];
    if (known !== undefined) return known;
    return (this.data.orders[name] = order(this.data.tables[ORDERS[name].table], name, 0).slice());
  }

  /** The file of a row. */
  fileOf(table: TableName, row: number): number {
    const starts = this.data.starts[table];
    let low = 1;
    let high = starts.length - 1;
    while (low < high) { const mid = (low + high) >>> 1; if (starts[mid] <= row) low = mid + 1; else high = mid; }
    return low - 1;
  }

  private identRows: Int32Array | null = null;

  /** The files that have an identifier with this hash. */
  filesWith(hash: number): number[] {
    const d = this.data.tables.idents;
    const rows = this.identRows ?? (this.identRows = identOrder(d));
    let low = 0;
    let high = rows.length;
    while (low < high) { const mid = (low + high) >>> 1; if (d[rows[mid]] < hash) low = mid + 1; else high = mid; }
    const files: number[] = [];
    for (; low < rows.length && d[rows[low]] === hash; low++) files.push(this.fileOf('idents', rows[low]));
    return files;
  }

  /** Makes every order that look-ups need, so that the first ones do not wait for it. */
  prepare(): void {
    for (const name of Object.keys(ORDERS) as OrderName[]) this.order(name);
    this.mayHave('defs', 0);
    this.mayHave('members', 0);
    this.identRows ??= identOrder(this.data.tables.idents);
  }

  /** Has the file an identifier with this hash? */
  hasIdent(file: number, hash: number): boolean {
    const d = this.data.tables.idents;
    let low = this.data.starts.idents[file];
    let high = this.data.starts.idents[file + 1];
    while (low < high) { const mid = (low + high) >>> 1; if (d[mid] < hash) low = mid + 1; else high = mid; }
    return low < this.data.starts.idents[file + 1] && d[low] === hash;
  }
}
