/** Which files a tree has: C and header files, no symbolic links (so no loops and no file twice). */
import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Problem } from '../../base/result';
import type { FileStamp } from './segment';

/** Folders first read, so that what a packet needs is there before the rest. */
const EARLY = ['net/ipv4', 'net/core', 'net/sched', 'net', 'include/net', 'include/linux', 'include', 'drivers/net/ethernet/intel/igb', 'drivers/net/ethernet/intel', 'kernel', 'fs', 'arch/x86'];
/** What a walk finds. */
export interface Walked { readonly files: FileStamp[]; readonly problems: Problem[] }

const SLICE_MS = 10;
const SKIPPED = new Set(['.git', '.svn', '.hg', 'node_modules', '.vscode']);

/** Is this a file the index reads? */
export function isSourceName(name: string): boolean {
  const dot = name.length - 2;
  return dot > 0 && name.charCodeAt(dot) === 46 && (name.charCodeAt(dot + 1) === 99 || name.charCodeAt(dot + 1) === 104);
}

/** Lists the files under `root` (or its folders `under`). What cannot be read is a problem, not an end. */
export function walkTree(root: string, under: readonly string[] = ['']): Walked {
  const walk = walking(root, under);
  for (;;) { const step = walk.next(); if (step.done === true) return step.value; }
}

/** The same, a few milliseconds at a time, so that requests are answered in between. */
export async function walkTreeGently(root: string, under: readonly string[] = ['']): Promise<Walked> {
  const walk = walking(root, under);
  for (let since = performance.now(); ;) {
    const step = walk.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < SLICE_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  }
}

/** Walks a folder at each step. */
function* walking(root: string, under: readonly string[]): Generator<void, Walked> {
  const files: FileStamp[] = [];
  const problems: Problem[] = [];
  const pending = [...under];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const here = path.join(root, folder);
    let entries;
    try {
      entries = readdirSync(here, { withFileTypes: true });
    } catch (e) {
      problems.push(isLossy(folder) ? oddName(folder) : unreadable(folder === '' ? root : folder, e));
      continue;
    }
    for (const entry of entries) {
      const name = entry.name;
      const relative = folder === '' ? name : `${folder}/${name}`;
      if (entry.isDirectory()) { if (!SKIPPED.has(name)) pending.push(relative); }
      else if (entry.isFile() && isSourceName(name)) {
        const stamp = lookAt(root, relative);
        if (stamp === null) { if (isLossy(name)) problems.push(oddName(relative)); } // else it vanished meanwhile
        else if ('code' in stamp) problems.push(stamp);
        else files.push(stamp);
      }
    }
    yield;
  }
  return { files: sortEarly(files), problems };
}

/** Size (bytes) and time (ms) of a file now; null when it is gone or cannot be looked at. */
export function stampOf(root: string, relative: string): FileStamp | null {
  const stamp = lookAt(root, relative);
  return stamp === null || 'code' in stamp ? null : stamp;
}

function lookAt(root: string, relative: string): FileStamp | Problem | null {
  try {
    const stat = lstatSync(`${root}/${relative}`, { throwIfNoEntry: false });
    return stat === undefined || !stat.isFile() ? null : { path: relative, mtime: stat.mtimeMs, size: stat.size };
  } catch (e) {
    return unreadable(relative, e); // a folder that may be listed and not entered; a disk that fails
  }
}

/** Node puts U+FFFD where a name's bytes are no UTF-8; such a file cannot be opened by its name. */
function isLossy(name: string): boolean {
  return name.includes('\ufffd');
}

function oddName(where: string): Problem {
  return { code: 'odd-name', message: `${where} has a name that is not UTF-8; it is not in the index. Rename it to have it read.`, where };
}

function unreadable(where: string, e: unknown): Problem {
  const code = (e as NodeJS.ErrnoException).code ?? 'error';
  return { code: 'unreadable', message: `${where} cannot be read (${code}); it is not in the index. Check its permissions.`, where };
}

function sortEarly(files: FileStamp[]): FileStamp[] {
  const rank = (p: string): number => {
    for (let k = 0; k < EARLY.length; k++) if (p.startsWith(EARLY[k]) && p.charCodeAt(EARLY[k].length) === 47) return k;
    return EARLY.length;
  };
  const ranked = files.map((file) => ({ file, rank: rank(file.path) }));
  ranked.sort((a, b) => a.rank - b.rank || (a.file.path < b.file.path ? -1 : 1));
  return ranked.map((r) => r.file);
}
