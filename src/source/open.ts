/** Opens the tree that anchors are resolved in: a checkout when one is named, else the built-in outline. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fail, ok, type Result } from '../base/result';
import { AnchorResolver } from './anchor/resolve';
import { parseAnchorTable, type AnchorTable } from './anchor/table';
import { loadOutline, type Outline } from './outline/data';
import { outlineTree } from './outline/materialise';
import { KernelTree } from './tree';

/** What the extension and the CLI carry with them: the outline and the anchor table. `assets` is the folder of the bundles. */
export function readOutline(assets: string): Result<Outline> {
  return loadOutline(path.join(assets, 'media', 'outline-3.10.108.json.br'));
}

/** The lines of the emulator's anchors in 3.10.108. */
export function readTable(assets: string): Result<AnchorTable> {
  const file = path.join(assets, 'anchors.tsv');
  try {
    const parsed = parseAnchorTable(readFileSync(file, 'utf8'), file);
    return parsed.ok ? ok(parsed.value.table) : parsed;
  } catch (error) {
    return fail('no-anchor-table', `The anchor table cannot be read (${(error as Error).message}). Build or install skbwalk again.`, file);
  }
}

/** A resolver over `dir`, or over the outline when `dir` is empty. */
export function openResolver(dir: string, assets: string): Result<AnchorResolver> {
  const table = readTable(assets);
  if (!table.ok) return table;
  if (dir !== '') {
    const tree = KernelTree.open(dir);
    return tree.ok ? ok(new AnchorResolver(tree.value, table.value)) : tree;
  }
  const outline = readOutline(assets);
  return outline.ok ? ok(new AnchorResolver(outlineTree(outline.value), table.value)) : outline;
}
