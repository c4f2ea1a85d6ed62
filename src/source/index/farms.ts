/**
 * Macro farms: generated register headers that are nothing but thousands of `#define NAME number` (linux-6.1 has 3.9 million such lines in 560 files).
 * No call and no pointer hides in them, so the index keeps only the hashes of their words; who asks for one by name makes the few files that have the
 * hash be looked through.
 */
import { readFileSync } from 'node:fs';
import { Kind } from './facts';
import type { FileRef, KernelIndex } from './kernel-index';
import type { Def } from './lookup';
import { CLASS } from './token-run';
import { hashName } from './words';

/** From this many plain macros on a file is a farm. */
export const FARM_MACROS = 500;
/** No row of any table belongs to a definition that stands in none. */
const NO_ROW = 0x7fffffff;
const MOST_KEPT = 500;

/** Where `#define name` stands in a source: line and column from 1. */
export function definesOf(source: Buffer, name: string): Array<{ line: number; column: number }> {
  const found: Array<{ line: number; column: number }> = [];
  const pattern = Buffer.from(name, 'latin1');
  let line = 1;
  let counted = 0;
  for (let at = source.indexOf(pattern); at >= 0; at = source.indexOf(pattern, at + 1)) {
    if (CLASS[source[at + pattern.length]] & 2) continue;
    const start = source.lastIndexOf(10, at) + 1;
    if (!/^\s*#\s*define\s+$/.test(source.toString('latin1', start, at))) continue;
    for (let k = source.indexOf(10, counted); k >= 0 && k < at; k = source.indexOf(10, k + 1)) { line++; counted = k + 1; }
    found.push({ line, column: at - start + 1 });
  }
  return found;
}

/** Looks for macros in the farms of one index. */
export class Farms {
  private files: FileRef[] = [];
  private generation = -1;
  private readonly kept = new Map<string, Def[]>();

  constructor(private readonly index: KernelIndex) {}

  /** The macros of this name in farms. */
  named(name: string): Def[] {
    this.refresh();
    let known = this.kept.get(name);
    if (known === undefined) {
      if (this.kept.size >= MOST_KEPT) this.kept.clear();
      const hash = hashName(name);
      known = this.files.filter((f) => f.segment.hasIdent(f.file, hash)).flatMap((f) => this.inFile(f, name));
      this.kept.set(name, known);
    }
    return known;
  }

  private refresh(): void {
    if (this.generation === this.index.generation) return;
    this.generation = this.index.generation;
    this.kept.clear();
    this.files = [];
    for (const segment of this.index.segments) segment.data.files.forEach((f, file) => { if ((f.farmed ?? 0) > 0 && segment.dead[file] === 0) this.files.push({ segment, file }); });
  }

  private inFile({ segment, file }: FileRef, name: string): Def[] {
    const { path } = segment.data.files[file];
    let source: Buffer;
    try {
      source = readFileSync(`${this.index.root}/${path}`);
    } catch {
      return []; // gone since it was read: the next look at the tree drops it
    }
    return definesOf(source, name).map(({ line, column }): Def => ({ segment, file, row: NO_ROW, name, kind: Kind.MACRO, flags: 0, path, line, column, startLine: line, endLine: line, type: '' }));
  }
}
