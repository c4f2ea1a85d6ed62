/**
 * The built-in outline's data: names and line numbers of one kernel (3.10.108), no source text. One compressed JSON file, made by
 * tools/make-outline.mjs from tables of facts and, for function pointers, the index of the real tree. Everything is numbers; a name is its index in `names`; lines count from 1 and are
 * differences to the row before, in the same list, where the comment says `+line`.
 */
import fs from 'node:fs';
import zlib from 'node:zlib';
import { fail, ok, type Result } from '../../base/result';

export const OUTLINE_FORMAT = 2;
export const CALL_KINDS = ['direct', 'member', 'pointer', 'loopmacro'] as const;
export const TYPE_KINDS = ['macro', 'struct', 'union', 'enum', 'typedef'] as const;

/** A file as stored. Flat rows: functions [name, +line, name's line - line, end - line]; calls [+line, callee, kind, struct];
 *  types [+line, kind, name]; tables [struct, variable, line, [+line, member, value]...]; stores [+line, struct, member, value]. */
export interface StoredFile {
  readonly path: string;
  readonly lines: number;
  readonly functions: number[];
  readonly calls: number[];
  readonly types: number[];
  readonly tables: [number, number, number, number[]][];
  readonly stores: number[];
}

/** The whole as stored. */
export interface StoredOutline { readonly format: number; readonly kernel: string; readonly names: string[]; readonly files: StoredFile[] }

export interface OutlineFunction { readonly name: string; readonly line: number; readonly nameLine: number; readonly endLine: number }
/** `struct`: what a member call goes through, empty for any other call and where it is not known. */
export interface OutlineCall { readonly line: number; readonly callee: string; readonly kind: (typeof CALL_KINDS)[number]; readonly struct: string }
export interface OutlineType { readonly line: number; readonly kind: (typeof TYPE_KINDS)[number]; readonly name: string }
export interface OutlineMember { readonly line: number; readonly name: string; readonly value: string }
export interface OutlineTable { readonly struct: string; readonly variable: string; readonly line: number; readonly members: OutlineMember[] }

/** At this line a function, `value`, is put into a struct's member, by assignment or by being handed over. */
export interface OutlineStore { readonly line: number; readonly struct: string; readonly member: string; readonly value: string }

/** One file of the outline, lists in order of line. `lines` is the real file's line count. */
export interface OutlineFile {
  readonly path: string;
  readonly lines: number;
  readonly functions: OutlineFunction[];
  readonly calls: OutlineCall[];
  readonly types: OutlineType[];
  readonly tables: OutlineTable[];
  readonly stores: OutlineStore[];
}

/** The outline of one kernel. `digest` changes with the data: materialised copies carry it. */
export interface Outline {
  readonly kernel: string;
  readonly digest: string;
  readonly files: OutlineFile[];
}

function* rows(flat: readonly number[], width: number): Generator<readonly number[]> {
  for (let i = 0; i + width <= flat.length; i += width) yield flat.slice(i, i + width);
}

function decodeFile(stored: StoredFile, names: readonly string[]): OutlineFile {
  let line = 0;
  const functions: OutlineFunction[] = [], calls: OutlineCall[] = [], types: OutlineType[] = [], stores: OutlineStore[] = [];
  for (const [name, step, toName, toEnd] of rows(stored.functions, 4)) {
    line += step;
    functions.push({ name: names[name], line, nameLine: line + toName, endLine: line + toEnd });
  }
  line = 0;
  for (const [step, callee, kind, struct] of rows(stored.calls, 4)) calls.push({ line: line += step, callee: names[callee], kind: CALL_KINDS[kind], struct: names[struct] });
  line = 0;
  for (const [step, kind, name] of rows(stored.types, 3)) types.push({ line: line += step, kind: TYPE_KINDS[kind], name: names[name] });
  line = 0;
  for (const [step, struct, member, value] of rows(stored.stores, 4)) stores.push({ line: line += step, struct: names[struct], member: names[member], value: names[value] });
  const tables = stored.tables.map(([struct, variable, first, flat]): OutlineTable => {
    let at = first;
    const members = [...rows(flat, 3)].map(([step, name, value]): OutlineMember => ({ line: at += step, name: names[name], value: names[value] }));
    return { struct: names[struct], variable: names[variable], line: first, members };
  });
  return { path: stored.path, lines: stored.lines, functions, calls, types, tables, stores };
}

/** A short hash of bytes (FNV-1a, 32 bits, twice with different seeds): tells versions of the data apart, no more. */
function digestOf(bytes: Uint8Array): string {
  const hash = (seed: number): string => {
    let h = seed;
    for (const b of bytes) h = Math.imul(h ^ b, 0x01000193);
    return (h >>> 0).toString(16).padStart(8, '0');
  };
  return hash(0x811c9dc5) + hash(0x1b873593);
}

function decodeStored(bytes: Uint8Array): Outline {
  const stored = JSON.parse(zlib.brotliDecompressSync(bytes).toString('utf8')) as StoredOutline;
  if (stored.format !== OUTLINE_FORMAT) throw new Error(`format ${stored.format}, this version reads ${OUTLINE_FORMAT}`);
  return { kernel: stored.kernel, digest: digestOf(bytes), files: stored.files.map((f) => decodeFile(f, stored.names)) };
}

/** Decodes the compressed file's bytes. Damaged or foreign data is a problem that says to reinstall. */
export function decodeOutline(bytes: Uint8Array, where: string): Result<Outline> {
  try {
    return ok(decodeStored(bytes));
  } catch (error) {
    // Whatever is wrong with the data (no brotli, no JSON, lists that are none), the remedy is the same.
    return fail('outline-damaged', `The built-in outline ${where} cannot be read (${(error as Error).message}). Reinstall skbwalk, or open a kernel checkout instead.`, where);
  }
}

/** Reads the data file (media/outline-3.10.108.json.br in an installed extension). */
export function loadOutline(file: string): Result<Outline> {
  let bytes: Uint8Array;
  try {
    bytes = fs.readFileSync(file);
  } catch (error) {
    return fail('outline-missing', `The built-in outline ${file} is not there (${(error as NodeJS.ErrnoException).code}). Reinstall skbwalk, or open a kernel checkout instead.`, file);
  }
  return decodeOutline(bytes, file);
}
