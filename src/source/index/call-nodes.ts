/** Functions and macros as small numbers, for the call graph: a number is a definition's place in the order of segments and rows. */
import { Flag, infoFlags, infoKind, Kind } from './facts';
import { ListMaker, type Lists, Ranks } from './lists';
import type { Segment } from './segment';

/** The nodes of some segments: a node's number is the segment's base plus its place among `rows`. */
interface Range { readonly segment: Segment; readonly rows: Int32Array; readonly base: number }

/** Numbers the callable definitions of a list of segments; more segments can follow. The same segments in the same order give the same numbers. */
export class CallNodes {
  private readonly ranges: Range[] = [];
  private readonly bySegment = new Map<Segment, Range>();
  private total = 0;

  /** Nodes so far. */
  get count(): number {
    return this.total;
  }

  /** Adds a segment; gives the number of its first node. `called(name)` tells whether anything calls this name. */
  add(segment: Segment, called: (name: number) => boolean): number {
    const { defs } = segment.data.tables;
    const owners = ownersOf(segment);
    const rows: number[] = [];
    for (let row = 0; 4 * row < defs.length; row++) {
      const info = defs[4 * row + 2], kind = infoKind(info);
      if (kind === Kind.FUNCTION || kind === Kind.TRACEPOINT) rows.push(row);
      else if (kind === Kind.MACRO && (owners[row] === 1 || (infoFlags(info) & Flag.FUNCTION_LIKE) !== 0 || called(defs[4 * row]))) rows.push(row);
    }
    const range = { segment, rows: Int32Array.from(rows), base: this.total };
    this.ranges.push(range);
    this.bySegment.set(segment, range);
    this.total += rows.length;
    return range.base;
  }

  /** Does the numbering have this segment? */
  has(segment: Segment): boolean {
    return this.bySegment.has(segment);
  }

  /** The node of a row of `segment`'s definitions; -1 when it is none. */
  of(segment: Segment, row: number): number {
    const range = this.bySegment.get(segment);
    if (range === undefined) return -1;
    const k = lowerBound(range.rows, row);
    return k < range.rows.length && range.rows[k] === row ? range.base + k : -1;
  }

  /** Segment and row of a node. */
  where(node: number): { segment: Segment; row: number } {
    let low = 0, high = this.ranges.length - 1;
    while (low < high) { const mid = (low + high + 1) >>> 1; if (this.ranges[mid].base <= node) low = mid; else high = mid - 1; }
    const { segment, rows, base } = this.ranges[low];
    return { segment, row: rows[node - base] };
  }

  /** The nodes of current files by name: list `names.place(number of the name)`. There are `bound` names. */
  byName(bound: number): { readonly names: Ranks; readonly lists: Lists } {
    const names = new Ranks(bound);
    const each = (visit: (name: number, node: number) => void): void => {
      for (const { segment, rows, base } of this.ranges) {
        const { tables, starts } = segment.data;
        for (let k = 0, file = 0; k < rows.length; k++) {
          while (rows[k] >= starts.defs[file + 1]) file++;
          if (segment.dead[file] === 0) visit(tables.defs[4 * rows[k]], base + k);
        }
      }
    };
    each((name) => names.note(name));
    const maker = new ListMaker(names.close());
    each((name) => maker.count(names.place(name)));
    each((name, node) => maker.put(names.place(name), node));
    return { names, lists: maker.done() };
  }

  /** The nodes of one file of a segment: from, to. */
  ofFile(segment: Segment, file: number): { from: number; to: number } {
    const range = this.bySegment.get(segment);
    if (range === undefined) return { from: 0, to: 0 };
    const { defs } = segment.data.starts;
    return { from: range.base + lowerBound(range.rows, defs[file]), to: range.base + lowerBound(range.rows, defs[file + 1]) };
  }
}

/** Which rows of a segment's definitions own a call. */
function ownersOf(segment: Segment): Uint8Array {
  const { tables } = segment.data;
  const owners = new Uint8Array(tables.defs.length / 4);
  for (const [data, width] of [[tables.calls, 3], [tables.memberCalls, 5], [tables.paramCalls, 4]] as const) {
    for (let at = 2; at < data.length; at += width) if (data[at] >= 0) owners[data[at]] = 1;
  }
  return owners;
}

/** Where `value` is or would be among sorted numbers, or a part of them. */
export function lowerBound(sorted: Int32Array, value: number, from = 0, to = sorted.length): number {
  let low = from, high = to;
  while (low < high) { const mid = (low + high) >>> 1; if (sorted[mid] < value) low = mid + 1; else high = mid; }
  return low;
}
