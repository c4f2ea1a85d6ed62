/** What the scanner finds, as rows of 32-bit numbers: one growing table per kind of fact, one range of each table per file. */
import type { StringTable } from './strings';
import type { TokenRun } from './tokens';

/** Rows of fixed width in one array; row r has its field f at data[r * width + f]. */
export class Rows {
  data: Int32Array;
  count = 0;

  constructor(readonly width: number, capacity: number) {
    this.data = new Int32Array(Math.max(16, capacity) * width);
  }

  /** The offset of a new row, which the caller fills. */
  add(): number {
    const at = this.count++ * this.width;
    if (at + this.width > this.data.length) {
      const larger = new Int32Array(this.data.length * 2);
      larger.set(this.data);
      this.data = larger;
    }
    return at;
  }
}

/** The tables, in the order of the cache file. */
export const TABLES = ['defs', 'calls', 'memberCalls', 'paramCalls', 'args', 'flows', 'members', 'idents'] as const;
export type TableName = (typeof TABLES)[number];

/** Fields of each table. `pos` is line << 12 | column, `owner` a row of defs, or ~file for a place outside all. */
export const WIDTH: Record<TableName, number> = {
  defs: 4, // name, pos, info, type
  calls: 3, // callee, pos, owner
  memberCalls: 5, // member, pos, owner, signature of the receiver, 1 + index of the parameter that is the receiver (0: none)
  paramCalls: 4, // parameter index, pos, owner, name
  args: 5, // callee, pos, owner, value, index | kind << 8
  flows: 7, // left member, pos, owner, left signature, value, right signature, kind
  members: 5, // name, pos, struct, type, flags
  idents: 1, // hash, sorted in each file
};

/** What a definition is. Order is of no meaning; values are in caches: append only. */
export const Kind = {
  FUNCTION: 1, PROTOTYPE: 2, VARIABLE: 3, EXTERN: 4, MACRO: 5, STRUCT: 6, UNION: 7, ENUM: 8, ENUMERATOR: 9, TYPEDEF: 10, TRACEPOINT: 11, LOCAL: 12,
} as const;

/** Names of the kinds, for people and for JSON. */
export const KIND_NAMES = ['', 'function', 'declaration', 'variable', 'declaration', 'macro', 'struct', 'union', 'enum', 'enumerator', 'typedef', 'tracepoint', 'local'];

/** Flag bits of a definition. */
export const Flag = { STATIC: 1, INLINE: 2, SYSCALL: 4, FUNCTION_LIKE: 8, POINTER_TYPE: 16, ARRAY: 32 } as const;

/** Flag bits of a member. */
export const MemberFlag = { FUNCTION_POINTER: 1, ARRAY: 2, POINTER: 4 } as const;

/** How a value gets where it goes. */
export const FlowKind = { INITIALISER: 0, ASSIGNED: 1, PARAMETER: 2, COPIED: 3 } as const;

/** Set in a flow's kind when the value is written with `&`. */
export const FLOW_ADDRESS = 16;

/** Set when the value is a macro's argument, or a local variable (then the name says nothing about functions). */
export const FLOW_WRAPPED = 32;
export const FLOW_LOCAL = 64;

/** What an argument is. The number of a softirq, and the signature of an object that is asked to do something later, are noted of few functions (deferred.ts). */
export const ArgKind = { NAME: 0, PARAMETER: 1, CONSTANT: 2, OBJECT: 3 } as const;

/** kind(4) flags(6) lines from start to name(5) lines from name to end(17). */
export function packInfo(kind: number, flags: number, startDelta: number, endDelta: number): number {
  return kind | (flags << 4) | (Math.min(31, Math.max(0, startDelta)) << 10) | (Math.min(0x1ffff, Math.max(0, endDelta)) << 15);
}

export const infoKind = (info: number): number => info & 15;
export const infoFlags = (info: number): number => (info >>> 4) & 63;
export const infoStartDelta = (info: number): number => (info >>> 10) & 31;
export const infoEndDelta = (info: number): number => info >>> 15;
export const posLine = (pos: number): number => pos >>> 12;
export const posColumn = (pos: number): number => pos & 0xfff;

/** The place of a byte offset: line << 12 | column from 1. */
export function packPos(source: Uint8Array, offset: number, line: number): number {
  let c = offset;
  while (c > 0 && source[c - 1] !== 10 && offset - c < 4094) c--;
  return (line << 12) | (offset - c + 1);
}

/** Collects facts over many files. */
export class FactSink {
  readonly tables: Record<TableName, Rows>;
  /** Rows of each table before each file, then the totals: starts[table][file]. */
  readonly starts: Record<TableName, number[]>;
  files = 0;
  private readonly signatures = new Map<string, number>();

  constructor(readonly strings: StringTable, sourceBytes: number) {
    const rows = (per: number) => Math.ceil(sourceBytes / per) + 64;
    const make = (name: TableName, per: number) => new Rows(WIDTH[name], rows(per));
    this.tables = {
      defs: make('defs', 250), calls: make('calls', 140), memberCalls: make('memberCalls', 2000), paramCalls: make('paramCalls', 20000),
      args: make('args', 500), flows: make('flows', 400), members: make('members', 1000), idents: make('idents', 40),
    };
    this.starts = { defs: [0], calls: [0], memberCalls: [0], paramCalls: [0], args: [0], flows: [0], members: [0], idents: [0] };
  }

  /** Starts over; the arrays are kept. */
  reset(): void {
    this.files = 0;
    for (const name of TABLES) {
      this.tables[name].count = 0;
      this.starts[name].length = 0;
      this.starts[name].push(0);
    }
  }

  /** Ends the current file. */
  closeFile(): void {
    this.files++;
    for (const name of TABLES) this.starts[name].push(this.tables[name].count);
  }

  /** The id of the text of token k. */
  nameOf(run: TokenRun, k: number): number {
    return this.strings.internBytes(run.source, run.start[k], run.end[k], run.hash[k]);
  }

  /** The id of a signature (see signature.ts). */
  signature(text: string): number {
    const known = this.signatures.get(text);
    if (known !== undefined) return known;
    const id = this.strings.intern(text);
    if (this.signatures.size > 20_000) this.signatures.clear();
    this.signatures.set(text, id);
    return id;
  }

  /** A definition; gives its row. */
  def(name: number, pos: number, info: number, type: number): number {
    const { defs } = this.tables;
    const at = defs.add();
    const d = defs.data;
    d[at] = name; d[at + 1] = pos; d[at + 2] = info; d[at + 3] = type;
    return defs.count - 1;
  }

  call(callee: number, pos: number, owner: number): void {
    const { calls } = this.tables;
    const at = calls.add();
    const d = calls.data;
    d[at] = callee; d[at + 1] = pos; d[at + 2] = owner;
  }

  memberCall(member: number, pos: number, owner: number, signature: number, parameter: number): void {
    const { memberCalls } = this.tables;
    const at = memberCalls.add();
    const d = memberCalls.data;
    d[at] = member; d[at + 1] = pos; d[at + 2] = owner; d[at + 3] = signature; d[at + 4] = parameter;
  }

  paramCall(index: number, pos: number, owner: number, name: number): void {
    const { paramCalls } = this.tables;
    const at = paramCalls.add();
    const d = paramCalls.data;
    d[at] = index; d[at + 1] = pos; d[at + 2] = owner; d[at + 3] = name;
  }

  arg(callee: number, pos: number, owner: number, value: number, index: number, kind: number): void {
    const { args } = this.tables;
    const at = args.add();
    const d = args.data;
    d[at] = callee; d[at + 1] = pos; d[at + 2] = owner; d[at + 3] = value; d[at + 4] = index | (kind << 8);
  }

  flow(member: number, pos: number, owner: number, left: number, value: number, right: number, kind: number): void {
    const { flows } = this.tables;
    const at = flows.add();
    const d = flows.data;
    d[at] = member; d[at + 1] = pos; d[at + 2] = owner; d[at + 3] = left; d[at + 4] = value; d[at + 5] = right; d[at + 6] = kind;
  }

  member(name: number, pos: number, struct: number, type: number, flags: number): void {
    const { members } = this.tables;
    const at = members.add();
    const d = members.data;
    d[at] = name; d[at + 1] = pos; d[at + 2] = struct; d[at + 3] = type; d[at + 4] = flags;
  }

  /** The identifiers of the current file. */
  idents(hashes: Int32Array): void {
    const { idents } = this.tables;
    hashes.sort();
    for (let i = 0; i < hashes.length; i++) {
      const at = idents.add();
      idents.data[at] = hashes[i];
    }
  }
}
