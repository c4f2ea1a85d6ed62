// Throw-away trees for the VS Code suites.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../tools/project.mjs';

/** Makes the tree `mini` (a copy of the fixture) or `outline` at or under `folder`; gives its place. */
export function makeTree(tree, folder) {
  if (tree === 'mini') {
    cpSync(path.join(root, 'test/fixtures/mini-kernel'), folder, { recursive: true });
    return folder;
  }
  mkdirSync(folder, { recursive: true });
  const made = spawnSync(process.execPath, [path.join(root, 'dist/cli.js'), 'outline', folder], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`skbwalk outline failed (${made.status ?? made.signal}): ${made.stderr}${made.stdout}`);
  return path.resolve(made.stdout.trim().split('\n').at(-1));
}
