/** Definitions and owners by name or place, over all segments of an index. */
import { Flag, infoEndDelta, infoFlags, infoKind, infoStartDelta, Kind, KIND_NAMES, posColumn, posLine } from './facts';
import type { KernelIndex } from './kernel-index';
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

  /** All live rows of an order with this key. */
  *rows(order: OrderName, id: number): IterableIterator<RowRef> {
    if (id < 0) return;
    const { table } = ORDERS[order];
    for (const segment of this.index.segments) {
      const { rows, from, to } = segment.range(order, id);
      const data = segment.data.tables[table];
      const width = WIDTHS[table];
      for (let k = from; k < to; k++) {
        const row = rows[k];
        const file = segment.fileOf(table, row);
        if (segment.dead[file] === 0) yield { segment, file, row, at: row * width, data };
      }
    }
  }

  /** The rows of an order with this key whose field `field` is `value`: the others are passed over without a look at their file. */
  *rowsWhere(order: OrderName, id: number, field: number, value: number): IterableIterator<RowRef> {
    if (id < 0) return;
    const { table } = ORDERS[order];
    const width = WIDTHS[table];
    for (const segment of this.index.segments) {
      const { rows, from, to } = segment.range(order, id);
      const data = segment.data.tables[table];
      for (let k = from; k < to; k++) {
        const row = rows[k];
        if (data[row * width + field] !== value) continue;
        const file = segment.fileOf(table, row);
        if (segment.dead[file] === 0) yield { segment, file, row, at: row * width, data };
      }
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
    if (id < 0) return found;
    for (const segment of this.index.segments) {
      const { rows, from, to } = segment.range('defsByName', id);
      const { defs } = segment.data.tables;
      for (let k = from; k < to; k++) {
        if (infoKind(defs[4 * rows[k] + 2]) === Kind.LOCAL) continue;
        const file = segment.fileOf('defs', rows[k]);
        if (segment.dead[file] === 0) found.push(this.def(segment, rows[k], file));
      }
    }
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
