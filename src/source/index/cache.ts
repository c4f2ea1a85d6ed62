/**
 * The index on disk: one file per tree. Written beside its place and renamed over it, so that a crash or a second window never leaves half a
 * file; every section carries a checksum; another version or a damaged file is simply not used.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readdirSync, readSync, renameSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import path from 'node:path';
import { fail, ok, type Problem, type Result } from '../../base/result';
import { makeFolder } from '../folders';
import { TABLES } from './facts';
import { SAVED_ORDERS, type SegmentData } from './segment';
import { reserveStrings, StringTable, stringCapacity } from './strings';

/** Goes up whenever the scanner or the layout changes. */
export const CACHE_VERSION = 11;
const MAGIC = 'SKBWNAV1';
/** What all trees together may take; the least recently used go first. */
export const MAX_CACHE_BYTES = 2 << 30;
const STALE_TEMP_MS = 3600_000;
const PREFIX = 64;

/** Writes `length` bytes of `data` from `offset` on; gives how many it wrote. Tests let it fail as a full disk does. */
export type Writer = (fd: number, data: Uint8Array, offset: number, length: number) => number;

interface Section { readonly name: string; readonly offset: number; readonly bytes: number; readonly sum: number }
interface Header {
  readonly version: number;
  readonly root: string;
  readonly names: number;
  readonly arena: number;
  /** Size of the names' hash table. */
  readonly heads: number;
  readonly segments: number;
  readonly sections: readonly Section[];
}

/** File name of a tree's cache inside the cache folder. */
export function cacheFile(folder: string, root: string, under: readonly string[]): string {
  return path.join(folder, `${createHash('sha256').update(`${root}\0${under.join('\0')}`).digest('hex').slice(0, 24)}.skbnav`);
}

/** Name of the file beside a cache that holds its call graph. */
export function graphFile(cache: string): string {
  return cache.replace(/\.skbnav$/, '.skbcalls');
}

/** A checksum over 32-bit words, quick enough for a few hundred megabytes at start-up. */
export function checksum(view: Uint8Array): number {
  const words = new Int32Array(view.buffer, view.byteOffset, view.byteLength >>> 2);
  let a = 0x9e3779b9 | 0;
  let b = view.byteLength | 0;
  const n = words.length & ~3;
  for (let i = 0; i < n; i += 4) {
    a = Math.imul(a ^ words[i], 0x01000193) + words[i + 1] | 0;
    b = Math.imul(b ^ words[i + 2], 0x85ebca6b) + words[i + 3] | 0;
  }
  for (let i = n; i < words.length; i++) a = Math.imul(a ^ words[i], 0x01000193);
  for (let i = view.byteLength & ~3; i < view.byteLength; i++) b = Math.imul(b ^ view[i], 0x85ebca6b);
  return (a ^ (b << 1) ^ (b >>> 15)) | 0;
}

function bytesOf(a: Int32Array | Float64Array | Uint8Array): Uint8Array {
  return new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
}

function sectionsOf(strings: StringTable, segments: readonly SegmentData[]): Array<{ name: string; data: Uint8Array }> {
  const list: Array<{ name: string; data: Uint8Array }> = [];
  for (const [name, data] of Object.entries(strings.parts())) list.push({ name: `strings.${name}`, data });
  segments.forEach((s, k) => {
    list.push({ name: `${k}.paths`, data: padded(Buffer.from(s.files.map((f) => f.path).join('\n'), 'utf8')) });
    list.push({ name: `${k}.stamps`, data: bytesOf(Float64Array.from(s.files.flatMap((f) => [f.mtime, f.size, f.farmed ?? 0, f.wide === true ? 1 : 0]))) });
    for (const t of TABLES) list.push({ name: `${k}.table.${t}`, data: bytesOf(s.tables[t]) }, { name: `${k}.starts.${t}`, data: bytesOf(s.starts[t]) });
    for (const o of SAVED_ORDERS) list.push({ name: `${k}.order.${o}`, data: bytesOf(s.orders[o] as Int32Array) });
  });
  return list;
}

/** A copy whose memory starts at a multiple of eight, so that words can be read from it. */
function padded(b: Buffer): Uint8Array {
  const copy = new Uint8Array(b.length);
  copy.set(b);
  return copy;
}

/** Size in bytes, and a number that tells this cache from another of the same tree. */
export interface Written { readonly bytes: number; readonly id: number }

/** Writes a tree's index. A full disk or a missing folder is a problem, and leaves the old file. */
export function writeCache(file: string, root: string, strings: StringTable, segments: readonly SegmentData[], write: Writer = writeSync): Result<Written> {
  const temp = `${file}.${process.pid}.${Date.now().toString(36)}.tmp`;
  let fd = -1;
  try {
    makeFolder(path.dirname(file));
    fd = openSync(temp, 'wx');
    const written = writeParts(fd, root, strings, segments, write);
    fsyncSync(fd);
    closeSync(fd);
    fd = -1;
    renameSync(temp, file);
    rmSync(graphFile(file), { force: true }); // of the cache before
    prune(path.dirname(file), path.basename(file));
    return ok(written);
  } catch (e) {
    if (fd >= 0) {
      closeSync(fd);
      rmSync(temp, { force: true });
    }
    const code = (e as NodeJS.ErrnoException).code ?? String(e);
    return fail('cache-not-written', code === 'ENOSPC' ? 'The disk is full: the index was not saved and will be built again next time. Free some space.' : `The index could not be saved (${code}); it will be built again next time.`, file);
  }
}

/** Prefix, header and sections. */
function writeParts(fd: number, root: string, strings: StringTable, segments: readonly SegmentData[], write: Writer): Written {
  const list = sectionsOf(strings, segments);
  let offset = 0;
  const sections: Section[] = list.map(({ name, data }) => {
    const s = { name, offset, bytes: data.byteLength, sum: checksum(data) };
    offset += Math.ceil(data.byteLength / 8) * 8;
    return s;
  });
  const header: Header = { version: CACHE_VERSION, root, names: strings.count, arena: strings.usedBytes, heads: strings.buffers.heads.byteLength / 4, segments: segments.length, sections };
  const text = Buffer.from(JSON.stringify(header), 'utf8'), id = checksum(padded(text)), prefix = Buffer.alloc(PREFIX);
  prefix.write(MAGIC, 0, 'latin1');
  prefix.writeUInt32LE(text.length, 8);
  prefix.writeInt32LE(id, 12);
  for (const part of [prefix, text, Buffer.alloc(bodyStart(text.length) - PREFIX - text.length)]) writeAll(write, fd, part);
  for (const { data } of list) {
    writeAll(write, fd, data);
    const rest = (8 - (data.byteLength & 7)) & 7;
    if (rest > 0) writeAll(write, fd, Buffer.alloc(rest));
  }
  return { bytes: bodyStart(text.length) + offset, id };
}

function bodyStart(headerBytes: number): number {
  return Math.ceil((PREFIX + headerBytes) / 8) * 8;
}

function writeAll(write: Writer, fd: number, data: Uint8Array): void {
  const CHUNK = 1 << 24;
  for (let at = 0; at < data.byteLength;) at += write(fd, data, at, Math.min(CHUNK, data.byteLength - at));
}

function readAll(fd: number, into: Uint8Array, position: number): boolean {
  for (let at = 0; at < into.byteLength;) {
    const n = readSync(fd, into, at, into.byteLength - at, position + at);
    if (n === 0) return false;
    at += n;
  }
  return true;
}

/** What a cache held. */
export interface Cached {
  readonly strings: StringTable;
  readonly segments: SegmentData[];
  readonly bytes: number;
  readonly id: number;
}

/** Reads a tree's index back; a problem when there is none, or it is of another version, or damaged. */
export function readCache(file: string, root: string): Result<Cached> {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return fail('no-cache', 'There is no saved index of this tree yet.', file); // expected on the first start
  }
  try {
    const size = fstatSync(fd).size;
    const prefix = Buffer.alloc(PREFIX);
    if (!readAll(fd, prefix, 0) || prefix.toString('latin1', 0, 8) !== MAGIC) return damaged(file);
    const length = prefix.readUInt32LE(8);
    if (length > size) return damaged(file);
    const text = new Uint8Array(length);
    if (!readAll(fd, text, PREFIX) || checksum(text) !== prefix.readInt32LE(12)) return damaged(file);
    const header = JSON.parse(Buffer.from(text).toString('utf8')) as Header;
    if (header.version !== CACHE_VERSION || header.root !== root) return fail('other-cache', 'The saved index is of another version.', file);
    const cached = readSections(fd, header, bodyStart(length), size);
    if (cached === null) return damaged(file);
    const now = new Date();
    utimesSync(file, now, now); // for the least-recently-used rule
    return ok({ ...cached, bytes: size, id: prefix.readInt32LE(12) });
  } catch {
    return damaged(file); // whatever is wrong with it: it is built anew
  } finally {
    closeSync(fd);
  }
}

function damaged(file: string): { readonly ok: false; readonly error: Problem } {
  return fail('damaged-cache', 'The saved index is damaged and is built again.', file);
}

function readSections(fd: number, header: Header, start: number, size: number): { strings: StringTable; segments: SegmentData[] } | null {
  const at = new Map(header.sections.map((s) => [s.name, s]));
  const read = (name: string, into?: Uint8Array): Uint8Array | null => {
    const s = at.get(name);
    if (s === undefined || start + s.offset + s.bytes > size) return null;
    const view = into?.subarray(0, s.bytes) ?? new Uint8Array(new SharedArrayBuffer(s.bytes));
    return view.byteLength === s.bytes && readAll(fd, view, start + s.offset) && checksum(view) === s.sum ? view : null;
  };
  const { names, arena, heads } = header;
  if (!(heads > 0 && (heads & (heads - 1)) === 0 && heads <= 1 << 24)) return null;
  const grown = stringCapacity(arena * 12);
  const buffers = reserveStrings({ names: Math.max(grown.names, names * 2), bytes: Math.max(grown.bytes, arena * 2), heads });
  for (const part of ['arena', 'starts'] as const) if (read(`strings.${part}`, new Uint8Array(buffers[part])) === null) return null;
  const strings = new StringTable(buffers);
  if (!strings.restore(names, arena)) return null;
  const segments: SegmentData[] = [];
  for (let k = 0; k < header.segments; k++) {
    const segment = readSegment(k, read);
    if (segment === null) return null;
    segments.push(segment);
  }
  return { strings, segments };
}

function readSegment(k: number, read: (name: string) => Uint8Array | null): SegmentData | null {
  const paths = read(`${k}.paths`);
  const stamps = read(`${k}.stamps`);
  if (paths === null || stamps === null) return null;
  const numbers = new Float64Array(stamps.buffer);
  const files = Buffer.from(paths).toString('utf8').split('\n').map((p, f) => ({ path: p, mtime: numbers[4 * f], size: numbers[4 * f + 1], farmed: numbers[4 * f + 2], wide: numbers[4 * f + 3] !== 0 }));
  const part = (name: string): Int32Array | null => { const b = read(`${k}.${name}`); return b === null ? null : new Int32Array(b.buffer, 0, b.byteLength >>> 2); };
  const s = { files, tables: {}, starts: {}, orders: {} } as unknown as { [K in keyof SegmentData]: SegmentData[K] };
  for (const t of TABLES) {
    const table = part(`table.${t}`);
    const starts = part(`starts.${t}`);
    if (table === null || starts === null) return null;
    s.tables[t] = table;
    s.starts[t] = starts;
  }
  for (const o of SAVED_ORDERS) {
    const order = part(`order.${o}`);
    if (order === null) return null;
    s.orders[o] = order;
  }
  return s;
}

/** Deletes a tree's cache; true when there was one. */
export function clearCache(file: string): boolean {
  const there = statSync(file, { throwIfNoEntry: false }) !== undefined;
  for (const f of [file, graphFile(file)]) rmSync(f, { force: true });
  return there;
}

/** Keeps the folder within its bound, and sweeps what a crash left. */
function prune(folder: string, keep: string): void {
  const files = readdirSync(folder).map((name) => ({ name, stat: statSync(path.join(folder, name), { throwIfNoEntry: false }) }));
  const now = Date.now();
  for (const f of files) if (f.name.endsWith('.tmp') && f.stat !== undefined && now - f.stat.mtimeMs > STALE_TEMP_MS) rmSync(path.join(folder, f.name), { force: true });
  const caches = files.filter((f) => f.name.endsWith('.skbnav') && f.stat !== undefined).sort((a, b) => (b.stat?.mtimeMs ?? 0) - (a.stat?.mtimeMs ?? 0));
  let total = 0;
  for (const f of caches) {
    const calls = files.find((g) => g.name === graphFile(f.name));
    total += (f.stat?.size ?? 0) + (calls?.stat?.size ?? 0);
    if (total > MAX_CACHE_BYTES && f.name !== keep) for (const name of [f.name, graphFile(f.name)]) rmSync(path.join(folder, name), { force: true });
  }
}
