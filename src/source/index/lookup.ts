/** Definitions and owners by name or place, over all segments of an index. */
import { Flag, infoEndDelta, infoFlags, infoKind, infoStartDelta, Kind, KIND_NAMES, posColumn, posLine } from './facts';
import type { KernelIndex } from './kernel-index';
import { Merged } from './merged';
import type { OrderName, Segment } from './segment';
import { ORDERS } from './segment';

/** One definition. Lines and columns count from 1. */
export interface Def {
  readonly segment: Segment;
  readonly file: number;
  readonly row: number;
  readonly name: string;
  readonly kind: number;
  readonly flags: number;
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** First line of the declaration and last line of the body. */
  readonly startLine: number;
  readonly endLine: number;
  /** Signature of its type; '' for none. */
  readonly type: string;
}

/** A row of any table, with its file. */
export interface RowRef {
  readonly segment: Segment;
  readonly file: number;
  readonly row: number;
  /** Offset of the row in its table's data. */
  readonly at: number;
  readonly data: Int32Array;
}

/** Names whose definitions are kept. */
const MOST_KEPT = 3000;

/** The kind as the command line and the protocol spell it. */
export function kindName(kind: number): string {
  return KIND_NAMES[kind] ?? 'symbol';
}

/** Rows of the tables by name, by file or by the function that holds them, over all segments. */
export class Lookup {
  private readonly kept = new Map<string, readonly Def[]>();
  private keptGeneration = -1;
  private merged: Merged | null = null;
  private mergedGeneration = -1;

  constructor(readonly index: KernelIndex) {}

  /** The definition in a row. */
  def(segment: Segment, row: number, file = segment.fileOf('defs', row)): Def {
    const d = segment.data.tables.defs;
    const at = row * 4;
    const info = d[at + 2];
    const line = posLine(d[at + 1]);
    return {
      segment, file, row, name: this.index.strings.name(d[at]), kind: infoKind(info), flags: infoFlags(info), path: segment.data.files[file].path, line,
      column: posColumn(d[at + 1]), startLine: line - infoStartDelta(info), endLine: line + infoEndDelta(info), type: this.index.strings.name(d[at + 3]),
    };
  }

  /** From now on many names will be looked up: what that takes is made, and used as long as the segments of now are in the index. */
  expectMany(): void {
    this.merged = new Merged(this.index.segments, this.index.strings.count);
    this.mergedGeneration = this.index.generation;
  }

  get manyExpected(): boolean { return this.merged !== null; }

  private mergedFor(order: OrderName): Merged | null {
    return order === 'callsByName' ? null : this.mergedNow(); // long, in every cache, and seldom asked
  }

  private mergedNow(): Merged | null {
    if (this.merged !== null && this.mergedGeneration !== this.index.generation) {
      this.mergedGeneration = this.index.generation;
      if (!this.merged.isStartOf(this.index.segments)) this.merged = null;
    }
    return this.merged;
  }

  /** All live rows of an order with this key; with `field` those in which it is `value`: the others are passed over without a look at their file. */
  *rows(order: OrderName, id: number, field = -1, value = 0): IterableIterator<RowRef> {
    if (id < 0) return;
    const { table } = ORDERS[order], width = WIDTHS[table], merged = this.mergedFor(order), { segments } = this.index;
    if (merged !== null) {
      const { rows, from, to } = merged.find(order, id), bases = merged.basesOf(table);
      for (let k = from; k < to; k++) {
        const n = merged.segmentAt(bases, rows[k]), segment = merged.segments[n], row = rows[k] - bases[n], data = segment.data.tables[table];
        if (field >= 0 && data[row * width + field] !== value) continue;
        const file = segment.fileOf(table, row);
        if (segment.dead[file] === 0) yield { segment, file, row, at: row * width, data };
      }
    }
    for (let s = merged === null ? 0 : merged.segments.length; s < segments.length; s++) {
      const segment = segments[s], { rows, from, to } = segment.range(order, id), data = segment.data.tables[table];
      for (let k = from; k < to; k++) {
        const row = rows[k];
        if (field >= 0 && data[row * width + field] !== value) continue;
        const file = segment.fileOf(table, row);
        if (segment.dead[file] === 0) yield { segment, file, row, at: row * width, data };
      }
    }
  }

  /** Calls `visit` with every live row of an order with this key: as `rows`, for many rows. */
  each(order: OrderName, id: number, visit: (segment: Segment, file: number, row: number) => void, field = -1, value = 0): void {
    if (id < 0) return;
    const { table } = ORDERS[order], width = WIDTHS[table], { segments } = this.index, merged = this.mergedFor(order);
    const take = (segment: Segment, row: number): void => {
      if (field >= 0 && segment.data.tables[table][row * width + field] !== value) return;
      const file = segment.fileOf(table, row);
      if (segment.dead[file] === 0) visit(segment, file, row);
    };
    if (merged !== null) {
      const { rows, from, to } = merged.find(order, id), bases = merged.basesOf(table);
      for (let k = from; k < to; k++) { const n = merged.segmentAt(bases, rows[k]); take(merged.segments[n], rows[k] - bases[n]); }
    }
    for (let s = merged === null ? 0 : merged.segments.length; s < segments.length; s++) {
      const { rows, from, to } = segments[s].range(order, id);
      for (let k = from; k < to; k++) take(segments[s], rows[k]);
    }
  }

  /** Definitions with exactly this name; locals are left out. The list is kept: it is not to be changed. */
  named(name: string): readonly Def[] {
    if (this.keptGeneration !== this.index.generation || this.kept.size > MOST_KEPT) { this.kept.clear(); this.keptGeneration = this.index.generation; }
    let list = this.kept.get(name);
    if (list === undefined) this.kept.set(name, list = this.withName(this.index.strings.find(name)));
    return list;
  }

  /** The same for a name's number; not kept. */
  withName(id: number): Def[] {
    const found: Def[] = [];
    this.each('defsByName', id, (segment, file, row) => { if (infoKind(segment.data.tables.defs[4 * row + 2]) !== Kind.LOCAL) found.push(this.def(segment, row, file)); });
    return found;
  }

  /** The function or macro around an owner number of a row (see facts.ts), or null for a place outside all. */
  owner(segment: Segment, owner: number): Def | null {
    return owner < 0 ? null : this.def(segment, owner);
  }

  /** The function whose lines hold this place. */
  functionAt(path: string, line: number): Def | null {
    const ref = this.index.file(path);
    if (ref === undefined) return null;
    const starts = ref.segment.data.starts.defs;
    let best: Def | null = null;
    for (let row = starts[ref.file]; row < starts[ref.file + 1]; row++) {
      const kind = infoKind(ref.segment.data.tables.defs[row * 4 + 2]);
      if (kind !== Kind.FUNCTION && kind !== Kind.MACRO) continue;
      const def = this.def(ref.segment, row, ref.file);
      if (def.startLine <= line && line <= def.endLine && (best === null || def.startLine >= best.startLine)) best = def;
    }
    return best;
  }

  /** Definitions of one file, in order of place. */
  inFile(path: string): Def[] {
    const ref = this.index.file(path);
    if (ref === undefined) return [];
    const starts = ref.segment.data.starts.defs;
    const found: Def[] = [];
    for (let row = starts[ref.file]; row < starts[ref.file + 1]; row++) found.push(this.def(ref.segment, row, ref.file));
    return found.sort((a, b) => a.line - b.line || a.column - b.column);
  }

  /** Rows of a table that belong to one definition. */
  *owned(table: 'calls' | 'memberCalls' | 'paramCalls' | 'args' | 'flows', def: Def): IterableIterator<RowRef> {
    const data = def.segment.data.tables[table];
    const starts = def.segment.data.starts[table];
    const width = WIDTHS[table];
    for (let row = starts[def.file]; row < starts[def.file + 1]; row++) {
      if (data[row * width + 2] === def.row) yield { segment: def.segment, file: def.file, row, at: row * width, data };
    }
  }
}

const WIDTHS = { defs: 4, calls: 3, memberCalls: 5, paramCalls: 4, args: 5, flows: 7, members: 5, idents: 1 } as const;

/** Is it only seen in its own file? */
export function isPrivate(def: Def): boolean {
  return (def.flags & Flag.STATIC) !== 0 && def.path.endsWith('.c');
}
