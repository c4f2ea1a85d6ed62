/** The call graph on disk, beside the cache that its numbers belong to. A file of another cache, or a damaged one, is not used: the graph is made again. */
import { closeSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { checksum, graphFile } from './cache';
import type { GraphData } from './call-graph';

/** Goes up whenever edges are found or written in another way. */
const GRAPH_VERSION = 2;
const HEADER = 10;
const PARTS = ['starts', 'edges', 'slotStarts', 'slotTargets'] as const;

function bytesOf(a: Int32Array): Uint8Array {
  return new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
}

function headerOf(id: number, arch: string, data: GraphData): Int32Array {
  const sum = PARTS.reduce((s, p) => Math.imul(s, 31) + checksum(bytesOf(data[p])) | 0, GRAPH_VERSION);
  return Int32Array.of(0x53435731, GRAPH_VERSION, id, archNumber(arch), data.nodes, ...PARTS.map((p) => data[p].length), sum);
}

function archNumber(arch: string): number {
  let n = 0;
  for (let k = 0; k < arch.length; k++) n = Math.imul(n, 31) + arch.charCodeAt(k) | 0;
  return n;
}

/** Writes the graph of the cache `cache` whose number is `id`; gives its bytes, 0 when it could not be written: then it is made again next time. */
export function writeGraph(cache: string, id: number, arch: string, data: GraphData): number {
  const file = graphFile(cache), temp = `${file}.${process.pid}.tmp`;
  let fd = -1, bytes = 0;
  try {
    fd = openSync(temp, 'w');
    for (const part of [headerOf(id, arch, data), ...PARTS.map((p) => data[p])]) {
      const view = bytesOf(part);
      for (let at = 0; at < view.length;) at += writeSync(fd, view, at);
      bytes += view.length;
    }
    closeSync(fd);
    fd = -1;
    renameSync(temp, file);
    return bytes;
  } catch {
    if (fd >= 0) closeSync(fd);
    rmSync(temp, { force: true });
    return 0; // no room, or no folder: told where the index itself is saved
  }
}

/** Reads the graph of a cache; null when there is none for it. */
export function readGraph(cache: string, id: number, arch: string): GraphData | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(graphFile(cache));
  } catch {
    return null; // not made yet
  }
  const words = bytes.byteOffset % 4 === 0 ? new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2) : new Int32Array(new Uint8Array(bytes).buffer, 0, bytes.length >>> 2);
  const lengths = [...words.subarray(5, 5 + PARTS.length)];
  if (words.length < HEADER || lengths.some((n) => n < 0) || words.length !== lengths.reduce((a, b) => a + b, HEADER)) return null;
  let at = HEADER;
  const [starts, edges, slotStarts, slotTargets] = lengths.map((n) => words.subarray(at, at += n));
  const data = { nodes: words[4], starts, edges, slotStarts, slotTargets };
  return headerOf(id, arch, data).every((w, k) => w === words[k]) ? data : null;
}
