/** Recordings of a real kernel as traces: the file's text, and the open tree's places for the names in it. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import path from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import { fail, ok, type Result } from '../base/result';
import type { Imported } from '../formats/format';
import { importerFor, importers } from '../formats/registry';
import type { AnchorResolver } from '../source/anchor/resolve';
import { KernelNames } from '../source/names';
import { readOutline } from '../source/open';

/** Bytes that are read at a time. */
const PIECE = 1 << 20;
/** What a compressed recording may hold. */
const MOST_UNPACKED = 1 << 30;

/** A recording's bytes, a piece at a time. Throws what reading throws. */
function* piecesOf(file: string): Generator<Buffer> {
  const fd = openSync(file, 'r');
  try {
    for (let n = 0, piece = Buffer.alloc(PIECE); (n = readSync(fd, piece, 0, PIECE, null)) > 0;) yield Buffer.from(piece.subarray(0, n));
  } finally { closeSync(fd); }
}

/** What is left of a compressed recording; `cut` when its end is missing. Throws when it is broken. */
function unpacked(pieces: readonly Buffer[]): { bytes: Buffer; cut: boolean } {
  const packed = Buffer.concat(pieces);
  try {
    return { bytes: gunzipSync(packed, { maxOutputLength: MOST_UNPACKED }), cut: false };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'Z_BUF_ERROR') throw error;
    return { bytes: gunzipSync(packed, { maxOutputLength: MOST_UNPACKED, finishFlush: constants.Z_SYNC_FLUSH }), cut: true };
  }
}

function* textOf(pieces: Iterable<Buffer>): Generator<string> { for (const piece of pieces) yield piece.toString('latin1'); }
function* slices(bytes: Buffer): Generator<Buffer> { for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE); }
function* following(first: Buffer, rest: Iterable<Buffer>): Generator<Buffer> { yield first; yield* rest; }

/**
 * Reads a recorded trace in any format that the registry has an importer for, gzipped or not; a pipe is read once. What of it could not be used is in `problems`,
 * and does not stop the rest. `resolver`: the tree that its functions are looked up in; `assets`: the folder of the bundles, where the outline lies.
 */
export function readRecording(file: string, resolver: AnchorResolver, assets: string): Result<Imported> {
  try {
    const source = piecesOf(file), head = (source.next().value as Buffer | undefined) ?? Buffer.alloc(0);
    if (head[0] !== 0x1f || head[1] !== 0x8b) return imported(file, head, following(head, source), resolver, assets);
    const { bytes, cut } = unpacked([...following(head, source)]);
    const made = imported(file, bytes.subarray(0, PIECE), slices(bytes), resolver, assets);
    return made.ok && cut ? ok({ ...made.value, problems: [{ code: 'trace-cut', message: `${file} is cut short; this is what is left of it.`, where: file }, ...made.value.problems] }) : made;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === 'ERR_BUFFER_TOO_LARGE') return fail('trace-too-large', `${file} holds more than ${MOST_UNPACKED >> 20} MiB. Unpack it, and give the unpacked file.`, file);
    if (code.startsWith('Z_')) return fail('trace-broken', `${file} cannot be unpacked (${message}). Check that it arrived whole.`, file);
    if (code === 'EISDIR') return fail('trace-unreadable', `${file} is a folder. Name a scenario, its file, or a recording.`, file);
    return fail('trace-unreadable', `${file} cannot be read (${code}). Check the path; "skbwalk scenarios" lists the built-in scenarios.`, file);
  }
}

function imported(file: string, head: Buffer, pieces: Iterable<Buffer>, resolver: AnchorResolver, assets: string): Result<Imported> {
  const importer = importerFor(head.toString('latin1', 0, 65536));
  if (!importer) return fail('trace-unknown', `${file} is no trace that skbwalk reads. It reads: ${importers.map((i) => i.title).join('; ')}. A scenario's file must end in .json.`, file);
  const outline = readOutline(assets);
  if (!outline.ok) return outline;
  const names = new KernelNames(outline.value, resolver);
  return importer.import(textOf(pieces), {
    name: path.basename(file).replace(/(\.graph)?(\.(txt|log|trace|dat))?(\.gz)?$/, ''), kernel: resolver.tree.version,
    locate: (name, caller) => names.locate(name, caller), callSite: (caller, callee) => names.callSite(caller, callee),
  });
}
