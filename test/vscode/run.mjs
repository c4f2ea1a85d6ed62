// Bundles the extension-host suites and runs them in a real VS Code, once for each tree.
//   node test/vscode/run.mjs [--desktop] [mini] [outline] [kernel]      kernel: the tree SKBWALK_KERNEL names, only when asked for
// Without names: everything on mini, and on the outline what the user-interface suite (test/e2e) does not walk through there anyway.
// SKBWALK_TEST_GREP: only the tests whose title matches.
// --desktop: in desktop VS Code through @vscode/test-electron (VSCODE_EXE, VSCODE_VERSION) instead of code-server.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { nodeOptions, root } from '../../tools/bundle.mjs';
import { run } from '../../tools/project.mjs';
import { runInExtensionHost } from '../../tools/vscode-host/exthost.mjs';
import { makeTree } from '../trees.mjs';

const here = path.join(root, 'test/vscode');
const out = path.join(root, 'dist/test/vscode');
const TREES = ['mini', 'outline'];
const NOT_IN_E2E = '^(activation|variables|navigator)';

async function bundle() {
  rmSync(out, { recursive: true, force: true });
  const names = readdirSync(here).filter((name) => name === 'index.ts' || name.endsWith('.test.ts'));
  const options = nodeOptions({ entryPoints: names.map((name) => path.join(here, name)), outdir: out });
  await build({ ...options, external: [...options.external, 'mocha'] });
}

async function runTree(tree, desktop, only) {
  const home = mkdtempSync(path.join(os.tmpdir(), 'skbw-'));
  const env = { SKBWALK_TEST_TREE: tree, SKBWALK_KERNEL: '', ...(only ? { SKBWALK_TEST_GREP: only } : {}) };
  const tests = path.join(out, 'index.js');
  console.log(`-- ${tree}`);
  try {
    const folder = tree === 'kernel' ? process.env.SKBWALK_KERNEL : makeTree(tree, path.join(home, tree));
    if (!folder) throw new Error('set SKBWALK_KERNEL to the tree');
    if (desktop) return (await run(process.execPath, ['tools/vscode-host/desktop.mjs', '--ext', root, '--tests', tests, '--folder', folder], { env })).code;
    mkdirSync(path.join(root, '.out'), { recursive: true });
    return await runInExtensionHost({ ext: root, tests, folder, env, timeout: 280, shot: path.join(root, `.out/exthost-${tree}-timeout.png`) });
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

const args = process.argv.slice(2);
const trees = args.filter((name) => name === 'kernel' || TREES.includes(name));
await bundle();
let worst = 0;
for (const tree of trees.length > 0 ? trees : TREES) {
  const code = await runTree(tree, args.includes('--desktop'), trees.length === 0 && tree === 'outline' && !process.env.SKBWALK_TEST_GREP ? NOT_IN_E2E : '').catch((error) => { console.error(`  FAIL ${tree}: ${error.message}`); return 2; });
  // 1 is a failed test, already counted in the host; anything else means that the host never got to its count
  if (code > 1) console.log(`  FAIL the suite on ${tree} ended with code ${code}\n@@counts 0 1 0`);
  worst = Math.max(worst, code);
}
process.exit(worst > 0 ? 1 : 0);
