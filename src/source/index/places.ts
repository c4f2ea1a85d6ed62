/** What stands at a place of a file, and where a name is used: the questions that need the text again. */
import { readFileSync } from 'node:fs';
import { FactSink, Kind } from './facts';
import type { KernelIndex } from './kernel-index';
import type { Def } from './lookup';
import type { Place, Query, SymbolRow } from './query';
import { symbolRow } from './query';
import type { MemberRef } from './types';
import { Scanner } from './scanner';
import type { StringTable } from './strings';
import { CLASS } from './token-run';
import { hashName, wordOf } from './words';

/** A word at a place. */
export interface Word {
  readonly name: string;
  readonly place: Place;
  /** Signature before a `.` or `->`, or null when it is no member access. */
  readonly receiver: string | null;
  /** Where a local variable or parameter of that name is declared, if it is one; `type` is its signature. */
  readonly local: { readonly place: Place; readonly type: string } | null;
}

/** The bytes of a file: what an editor holds, else what is on disk; null when it cannot be read. */
export function readTree(index: KernelIndex, path: string): Buffer | null {
  const text = index.textOf(path);
  if (text !== undefined) return Buffer.from(text, 'utf8');
  try {
    return readFileSync(`${index.root}/${path}`);
  } catch {
    return null; // gone or unreadable: the caller has nothing to show
  }
}

/** Byte offset of a line and column (from 1); -1 when the file has no such line. */
export function offsetOf(source: Buffer, line: number, column: number): number {
  let at = 0;
  for (let k = 1; k < line; k++) {
    at = source.indexOf(10, at) + 1;
    if (at === 0) return -1;
  }
  let end = source.indexOf(10, at);
  if (end < 0) end = source.length;
  return Math.min(at + column - 1, end);
}

/** The file that columns were last counted in: results come many to a file. */
let wide: { index: KernelIndex; generation: number; path: string; source: Buffer | null } | null = null;

/** The column in UTF-16 units, as editors count, of one in bytes; both from 1. Bytes that are no UTF-8 count as the replacement character that editors show. */
export function unitColumn(index: KernelIndex, at: Place): number {
  const ref = index.file(at.path);
  if (ref === undefined || ref.segment.data.files[ref.file].wide !== true) return at.column;
  if (wide === null || wide.index !== index || wide.generation !== index.generation || wide.path !== at.path) wide = { index, generation: index.generation, path: at.path, source: readTree(index, at.path) };
  const { source } = wide;
  const start = source === null ? -1 : offsetOf(source, at.line, 1);
  return source === null || start < 0 ? at.column : source.toString('utf8', start, start + at.column - 1).length + 1;
}

/** The identifier that touches a byte offset. */
function wordBounds(source: Buffer, offset: number): { start: number; end: number } | null {
  let start = offset;
  while (start > 0 && CLASS[source[start - 1]] & 2) start--;
  let end = offset;
  while (end < source.length && CLASS[source[end]] & 2) end++;
  return end > start && CLASS[source[start]] & 1 ? { start, end } : null;
}

let kept: { strings: StringTable; scanner: Scanner } | null = null;

/** A scanner for single looks, kept: its arrays are large. */
function prober(strings: StringTable): Scanner {
  if (kept === null || kept.strings !== strings) kept = { strings, scanner: new Scanner(new FactSink(strings, 1 << 16)) };
  kept.scanner.facts.reset();
  return kept.scanner;
}

/** The word at a place with what it hangs on. */
export function wordAt(query: Query, at: Place): Word | null {
  const source = readTree(query.index, at.path);
  if (source === null) return null;
  const offset = offsetOf(source, at.line, at.column);
  const bounds = offset < 0 ? null : wordBounds(source, offset);
  if (bounds === null) return null;
  const name = source.toString('latin1', bounds.start, bounds.end);
  const padded = Buffer.alloc(source.length + 16);
  source.copy(padded);
  const probed = prober(query.index.strings).probe(padded, source.length, bounds.start);
  const lineStart = source.lastIndexOf(10, Math.max(0, bounds.start - 1)) + 1;
  const place = { path: at.path, line: at.line, column: bounds.start - lineStart + 1 };
  const local = probed?.local === undefined ? null : { place: { path: at.path, line: probed.local.line, column: probed.local.column }, type: probed.local.type };
  return { name, place, receiver: probed?.receiver ?? null, local };
}

/** The member that a word means, when it is one. */
export function memberOf(query: Query, word: Word): MemberRef | null {
  if (word.receiver !== null) {
    const struct = query.types.struct(word.receiver, word.place.path);
    return struct === null ? null : query.types.member(struct, word.name, word.place.path);
  }
  for (const m of query.types.membersNamed(word.name)) { // on the member's own declaration
    if (m.path === word.place.path && m.pos >>> 12 === word.place.line) return m;
  }
  return designated(query, word);
}

/** `.member = value`: the initialised struct tells. */
function designated(query: Query, word: Word): MemberRef | null {
  const ref = query.index.file(word.place.path);
  if (ref === undefined) return null;
  const { tables, starts } = ref.segment.data;
  const { strings } = query.index;
  const id = strings.find(word.name);
  for (let row = starts.flows[ref.file]; row < starts.flows[ref.file + 1]; row++) {
    const at = row * 7;
    const pos = tables.flows[at + 1];
    if (tables.flows[at] !== id || pos >>> 12 !== word.place.line || (pos & 0xfff) !== word.place.column) continue;
    const struct = query.types.struct(strings.name(tables.flows[at + 3]), word.place.path);
    if (struct !== null) return query.types.member(struct, word.name, word.place.path);
  }
  return null;
}

/** A member as a result row. */
export function memberRow(m: MemberRef): SymbolRow {
  return { name: m.name, kind: 'member', path: m.path, line: m.pos >>> 12, column: m.pos & 0xfff };
}

/** Definitions of the word at a place: of a local variable, a member, or a name. */
export function definitionsAt(query: Query, word: Word): SymbolRow[] {
  if (word.local !== null) return [{ name: word.name, kind: 'local', ...word.local.place }];
  const member = memberOf(query, word);
  if (member !== null) return [memberRow(member)];
  const defs = query.definitions(word.name, word.place.path);
  const own = definitionHere(query, word, defs);
  if (own !== null) return [symbolRow(own)];
  if (defs.length > 0) return visible(defs, word.place.path).map(symbolRow);
  return query.types.membersNamed(word.name).map(memberRow).slice(0, 50);
}

/** The definition that the place itself is, if it is one. */
export function definitionHere(_query: Query, word: Word, defs: readonly Def[]): Def | null {
  return defs.find((d) => d.path === word.place.path && d.line === word.place.line && Math.abs(d.column - word.place.column) < 1 + d.name.length) ?? null;
}

/** Without what other files keep to themselves, when something remains. */
function visible(defs: readonly Def[], path: string): readonly Def[] {
  const own = defs.filter((d) => d.path === path && d.kind !== Kind.EXTERN);
  if (own.length > 0) return own;
  const seen = defs.filter((d) => !((d.flags & 1) !== 0 && d.path.endsWith('.c')));
  return seen.length > 0 ? seen : defs;
}

/** Places where an identifier stands, outside comments and strings, in order of path. `limit` bounds the list. */
export function references(query: Query, name: string, limit = 20_000, only?: string): Place[] {
  const places: Place[] = [];
  const hash = hashName(name);
  const pattern = Buffer.from(name, 'latin1');
  const paths = only !== undefined ? [only] : filesWith(query.index, name, hash);
  for (const path of paths) {
    const source = readTree(query.index, path);
    if (source !== null) occurrences(source, pattern, path, places);
    if (places.length >= limit) break;
  }
  return places;
}

/** Files that hold an identifier. */
export function filesWith(index: KernelIndex, name: string, hash = hashName(name)): string[] {
  const found: string[] = [];
  const everywhere = wordOf(hash) !== 0; // the scanner does not list keywords and annotations
  for (const segment of index.segments) {
    if (everywhere) segment.data.files.forEach((f, k) => { if (segment.dead[k] === 0) found.push(f.path); });
    else for (const f of segment.filesWith(hash)) if (segment.dead[f] === 0) found.push(segment.data.files[f].path);
  }
  return found.sort();
}

/** Adds the places of a word in one file, leaving out comments, strings and character constants. */
export function occurrences(source: Buffer, pattern: Buffer, path: string, into: Place[]): void {
  const exact = new CodeScan(source);
  let line = 1;
  let lineStart = 0;
  let lineEnd = source.indexOf(10); // finding line ends is far quicker than looking at each byte
  for (let at = source.indexOf(pattern); at >= 0; at = source.indexOf(pattern, at + 1)) {
    if ((at > 0 && CLASS[source[at - 1]] & 2) || CLASS[source[at + pattern.length]] & 2) continue;
    for (; lineEnd >= 0 && lineEnd < at; lineEnd = source.indexOf(10, lineStart)) { line++; lineStart = lineEnd + 1; }
    if (surelyCode(source, at, lineStart) || exact.isCode(at)) into.push({ path, line, column: at - lineStart + 1 });
  }
}

/** Is the place code, as far as its line and the comment marks before it tell? False means: look closely. */
function surelyCode(source: Buffer, at: number, lineStart: number): boolean {
  if (lineStart > 1 && source[lineStart - 2] === 92) return false; // the line before goes on here
  const open = source.lastIndexOf('/*', at, 'latin1');
  const close = source.lastIndexOf('*/', at, 'latin1');
  if (open >= 0 && close < open + 2) return false;
  for (let k = Math.max(lineStart, close + 2); k < at; k++) {
    const c = source[k];
    if (c === 34 || c === 39 || (c === 47 && source[k + 1] === 47)) return false;
  }
  return true;
}

/** Tells code from comments, strings and character constants, from the start of a file on. */
class CodeScan {
  private scanned = 0;
  private state = 0; // 0 code, 1 block comment, 2 line comment, 3 string, 4 character

  constructor(private readonly source: Buffer) {}

  /** Is the byte at `at` code? Ask in rising order. */
  isCode(at: number): boolean {
    const { source } = this;
    for (; this.scanned < at; this.scanned++) {
      const c = source[this.scanned];
      const next = source[this.scanned + 1];
      if (c === 10) { if (this.state !== 1 && source[this.scanned - 1] !== 92) this.state = 0; continue; }
      if (this.state === 0) {
        if (c === 47 && next === 42) { this.state = 1; this.scanned++; }
        else if (c === 47 && next === 47) this.state = 2;
        else if (c === 34) this.state = 3;
        else if (c === 39) this.state = 4;
      } else if (this.state === 1) { if (c === 42 && next === 47) { this.state = 0; this.scanned++; } }
      else if (this.state !== 2) { if (c === 92 && next !== 10) this.scanned++; else if (c === (this.state === 3 ? 34 : 39)) this.state = 0; }
    }
    return this.state === 0 && this.scanned <= at;
  }
}
