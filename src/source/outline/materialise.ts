/** Turns the outline's data into a kernel tree: in memory, or as files in a folder that an editor can open. */
import fs from 'node:fs';
import path from 'node:path';
import { fail, ok, type Result } from '../../base/result';
import { makeFolder } from '../folders';
import { KernelTree, OUTLINE_MARKER, type FileSource } from '../tree';
import type { Outline, OutlineFile } from './data';
import { membersByStruct, renderFile, renderMakefile } from './render';

/** Version of the rendering: a newer skbwalk writes its own copy beside an older one's. */
const RENDERING = 2;

class OutlineFiles implements FileSource {
  private readonly texts = new Map<string, string>();
  private readonly members: Map<string, string[]>;
  private readonly byPath: Map<string, OutlineFile>;

  constructor(private readonly outline: Outline) {
    this.members = membersByStruct(outline);
    this.byPath = new Map(outline.files.map((f) => [f.path, f]));
    this.texts.set('Makefile', renderMakefile(outline.kernel));
  }

  private text(file: string): string | undefined {
    let text = this.texts.get(file);
    if (text === undefined) {
      const data = this.byPath.get(file);
      if (data) this.texts.set(file, text = renderFile(data, this.members));
    }
    return text;
  }

  stamp(file: string): { mtimeMs: number; size: number } | null {
    const text = this.text(file);
    return text === undefined ? null : { mtimeMs: 0, size: text.length };
  }

  read(file: string): Result<string> {
    const text = this.text(file);
    return text === undefined ? fail('file-missing', `${file} is not in the built-in outline, which covers the network path only. Open a kernel checkout to see it.`, file) : ok(text);
  }

  list(folder: string): string[] {
    return this.outline.files.map((f) => f.path).filter((p) => path.posix.dirname(p) === folder).map((p) => path.posix.basename(p)).sort();
  }
}

/** The outline as a tree in memory; files are rendered when they are read. */
export function outlineTree(outline: Outline): KernelTree {
  return KernelTree.over(new OutlineFiles(outline), outline.kernel, true);
}

/** The folder name of this outline under a storage folder: one per kernel, data and rendering. */
export function outlineFolder(outline: Outline): string {
  return `linux-${outline.kernel}-outline-${RENDERING}-${outline.digest}`;
}

function isComplete(dir: string, outline: Outline): boolean {
  try {
    const marker = JSON.parse(fs.readFileSync(path.join(dir, OUTLINE_MARKER), 'utf8')) as { folder?: string };
    return marker.folder === outlineFolder(outline);
  } catch {
    // No marker, or not ours: the folder is written anew.
    return false;
  }
}

function writeAll(dir: string, outline: Outline): void {
  const members = membersByStruct(outline), made = new Set<string>();
  for (const file of outline.files) {
    const target = path.join(dir, file.path), folder = path.dirname(target);
    if (!made.has(folder)) { makeFolder(folder); made.add(folder); }
    fs.writeFileSync(target, renderFile(file, members), 'latin1');
  }
  fs.writeFileSync(path.join(dir, 'Makefile'), renderMakefile(outline.kernel));
  fs.writeFileSync(path.join(dir, OUTLINE_MARKER), JSON.stringify({ kernel: outline.kernel, folder: outlineFolder(outline), files: outline.files.length }) + '\n');
}

/**
 * Writes the outline under `storage` (once: a complete copy is left as it is) and opens it. The files are written into a folder of
 * their own first and renamed into place, so that no reader, and no second window, sees half of one.
 */
export function materialise(outline: Outline, storage: string): Result<KernelTree> {
  const target = path.join(storage, outlineFolder(outline));
  if (isComplete(target, outline)) return KernelTree.open(target);
  let temporary: string | null = null;
  try {
    makeFolder(storage);
    temporary = fs.mkdtempSync(path.join(storage, '.outline-'));
    writeAll(temporary, outline);
    if (fs.existsSync(target)) fs.rmSync(target, { recursive: true, force: true });
    fs.renameSync(temporary, target);
  } catch (error) {
    if (temporary !== null) fs.rmSync(temporary, { recursive: true, force: true });
    // Another window may have been faster: its copy is as good.
    if (!isComplete(target, outline)) return fail('outline-not-written', `The built-in outline cannot be written to ${storage} (${(error as Error).message}). Free some space or check the permissions, or open a kernel checkout.`, storage);
  }
  return KernelTree.open(target);
}
