/** Which kernel tree a run is shown in: the one named, the one around the open file, or the workspace's. */
import path from 'node:path';
import { fail, ok, type Result } from '../base/result';
import { KernelTree } from '../source/tree';

/** Where to look. `named`: launch configuration or setting; empty when neither says. */
export interface KernelSearch { readonly named: string; readonly document: string; readonly folders: readonly string[] }

/** Names that mean the built-in outline. */
export const OUTLINE = 'outline';

/** The folder of the tree, '' for the outline; a problem when a named folder is no tree, or when nothing was named and nothing is around. */
export function findKernel({ named, document, folders }: KernelSearch): Result<string> {
  if (named === OUTLINE) return ok('');
  if (named !== '') {
    const absolute = path.isAbsolute(named) || folders.length === 0 ? path.resolve(named) : path.resolve(folders[0], named);
    const tree = KernelTree.open(absolute);
    return tree.ok ? ok(tree.value.root) : tree;
  }
  const around = document === '' ? null : KernelTree.rootAround(path.dirname(document));
  if (around !== null) return ok(around);
  for (const folder of folders) {
    const root = KernelTree.rootAround(folder);
    if (root !== null) return ok(root);
  }
  const first = folders.length > 0 ? KernelTree.open(folders[0]) : null;
  return first && !first.ok ? first : fail('no-folder-open', 'No folder is open. Open the top folder of a kernel checkout, or use the built-in outline.');
}
