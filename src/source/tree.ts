/** A kernel source tree: where it is, which version it is, and its files, read so that string index equals byte offset. */
import fs from 'node:fs';
import path from 'node:path';
import { fail, ok, type Result } from '../base/result';

/** Larger files are not read: no kernel source comes near, generated register tables and images do. */
export const MAX_SOURCE_BYTES = 8 * 1024 * 1024;
/** The file that marks a materialised outline; see outline/materialise.ts. */
export const OUTLINE_MARKER = '.skbwalk-outline.json';

/** What a cache needs to know of a file: it is the same while both are. `mtimeMs` in milliseconds, `size` in bytes. */
export interface FileStamp { readonly mtimeMs: number; readonly size: number }

/** Where a tree's files come from. Paths are relative to the root, with `/`. */
export interface FileSource {
  stamp(file: string): FileStamp | null;
  read(file: string): Result<string>;
  /** Names of the plain files in a folder, sorted; empty when there is no such folder. */
  list(folder: string): string[];
}

/** `VERSION`, `PATCHLEVEL`, `SUBLEVEL`, `EXTRAVERSION` of the top Makefile as `3.10.108`, `6.1.0-rc2`; null when it has none. */
export function kernelVersion(makefile: string): string | null {
  const field = (name: string): string | null => new RegExp(`^${name}[ \\t]*=[ \\t]*(\\S*)[ \\t]*$`, 'm').exec(makefile)?.[1] ?? null;
  const major = field('VERSION'), minor = field('PATCHLEVEL');
  if (!major || !minor || !/^\d+$/.test(major) || !/^\d+$/.test(minor)) return null;
  const patch = field('SUBLEVEL');
  return `${major}.${minor}${patch ? `.${patch}` : ''}${field('EXTRAVERSION') ?? ''}`;
}

/** Says what an error of the file system means for the reader of the message. */
function readProblem(error: unknown, file: string): Result<never> {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ENOENT' || code === 'ENOTDIR') return fail('file-missing', `${file} is not in this kernel tree. It may have another name in this version, or the checkout is partial.`, file);
  if (code === 'EACCES' || code === 'EPERM') return fail('file-unreadable', `${file} cannot be read: permission denied. Check the permissions of the checkout.`, file);
  return fail('file-unreadable', `${file} cannot be read (${code || String(error)}). Check that the disk is mounted and the file is whole.`, file);
}

/** Reads a source file from disk; directories, devices, binaries and files above `MAX_SOURCE_BYTES` are problems. */
export function readSource(absolute: string, shown: string): Result<string> {
  try {
    const stat = fs.statSync(absolute);
    if (!stat.isFile()) return fail('file-unreadable', `${shown} is not a plain file. Name a source file instead.`, shown);
    if (stat.size > MAX_SOURCE_BYTES) return fail('file-too-large', `${shown} has ${(stat.size / 1048576).toFixed(0)} MB; files above ${MAX_SOURCE_BYTES / 1048576} MB are not parsed. Exclude it, or open a smaller file.`, shown);
    const bytes = fs.readFileSync(absolute);
    if (bytes.subarray(0, 8192).includes(0)) return fail('file-binary', `${shown} is a binary file, not C source. Name a source file instead.`, shown);
    return ok(bytes.toString('latin1'));
  } catch (error) {
    return readProblem(error, shown);
  }
}

class DiskFiles implements FileSource {
  constructor(private readonly root: string) {}

  stamp(file: string): FileStamp | null {
    const stat = fs.statSync(path.join(this.root, file), { throwIfNoEntry: false });
    return stat?.isFile() ? { mtimeMs: stat.mtimeMs, size: stat.size } : null;
  }

  read(file: string): Result<string> { return readSource(path.join(this.root, file), file); }

  list(folder: string): string[] {
    const absolute = path.join(this.root, folder);
    if (!fs.statSync(absolute, { throwIfNoEntry: false })?.isDirectory()) return [];
    return fs.readdirSync(absolute, { withFileTypes: true }).filter((e) => e.isFile()).map((e) => e.name).sort();
  }
}

function isDirectory(dir: string): boolean {
  try {
    return fs.statSync(dir).isDirectory();
  } catch {
    // Unreadable and absent are the same to the caller, who says so.
    return false;
  }
}

/** The version of the tree at `dir`, or null when it is none: a Makefile with a version, and the folders every kernel has. */
function versionAt(dir: string): string | null {
  const makefile = readSource(path.join(dir, 'Makefile'), 'Makefile');
  const version = makefile.ok ? kernelVersion(makefile.value) : null;
  if (version === null) return null;
  return ['net/socket.c', 'kernel/softirq.c', 'include/linux'].some((p) => fs.existsSync(path.join(dir, p))) ? version : null;
}

/** An open kernel tree. Immutable; it holds no file contents. */
export class KernelTree {
  private constructor(
    /** Absolute folder; empty for an outline that exists in memory only. */
    readonly root: string,
    /** As the Makefile says: `3.10.108`. */
    readonly version: string,
    /** True for the built-in outline, false for real source. */
    readonly isOutline: boolean,
    private readonly files: FileSource,
  ) {}

  /** Opens the kernel tree at `dir`. A folder that is none is a problem that names the tree around it, if there is one. */
  static open(dir: string): Result<KernelTree> {
    const root = path.resolve(dir);
    if (!isDirectory(root)) return fail('no-folder', `${dir} is not a folder that can be read. Check the path, or leave it out to use the built-in outline.`, dir);
    const version = versionAt(root);
    if (version !== null) return ok(new KernelTree(root, version, fs.existsSync(path.join(root, OUTLINE_MARKER)), new DiskFiles(root)));
    const around = KernelTree.rootAround(root);
    if (around !== null) return fail('inside-kernel-tree', `${dir} is a folder inside the kernel tree ${around}. Open ${around} instead.`, dir);
    return fail('no-kernel-tree', `${dir} is no kernel source tree: it has no Makefile with VERSION and PATCHLEVEL beside net/, kernel/ and include/. Open the top folder of a kernel checkout, or use the built-in outline.`, dir);
  }

  /** A tree over files that come from elsewhere (the outline in memory). */
  static over(files: FileSource, version: string, isOutline: boolean): KernelTree {
    return new KernelTree('', version, isOutline, files);
  }

  /** The nearest kernel tree at or above `dir`, or null. */
  static rootAround(dir: string): string | null {
    for (let at = path.resolve(dir); ; at = path.dirname(at)) {
      if (versionAt(at) !== null) return at;
      if (path.dirname(at) === at) return null;
    }
  }

  /** Absolute path of a file of the tree; the relative path when the tree is in memory. */
  absolute(file: string): string { return this.root === '' ? file : path.join(this.root, file); }

  /** `absolute`'s inverse: path in the tree with `/`, or null for a file outside it. */
  relative(absolute: string): string | null {
    const relative = path.relative(this.root, absolute);
    return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? null : relative.split(path.sep).join('/');
  }

  /** Size and time of a file, null when there is no such plain file. */
  stamp(file: string): FileStamp | null { return this.isInside(file) ? this.files.stamp(file) : null; }

  has(file: string): boolean { return this.stamp(file) !== null; }

  /** The file's text, decoded as latin1. Missing, unreadable, binary and too large files are problems. */
  read(file: string): Result<string> {
    if (!this.isInside(file)) return fail('outside-tree', `${file} is not a path inside the kernel tree. Use a path relative to its top folder.`, file);
    return this.files.read(file);
  }

  /** Names of the plain files in a folder of the tree, sorted. */
  list(folder: string): string[] { return this.isInside(folder) ? this.files.list(folder) : []; }

  private isInside(file: string): boolean {
    return file !== '' && !path.isAbsolute(file) && !file.split(/[\\/]/).includes('..');
  }
}
