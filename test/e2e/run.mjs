// User-interface runs in a real VS Code (code-server and Chromium): the packaged extension, used with mouse and keyboard.
//   node test/e2e/run.mjs [mini|outline|navigator|kernel|kernel-navigator|chinese|trouble ...] [--only PART-OF-A-NAME]
// Screenshots go to .out/screenshots. `kernel` and `kernel-navigator` run on SKBWALK_KERNEL and are not part of the default.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makePackage } from '../../tools/package.mjs';
import { root } from '../../tools/project.mjs';
import { makeTree } from '../trees.mjs';
import { chinese } from './chinese.mjs';
import { graph } from './graph.mjs';
import { onwards, stepping, waysIn } from './journey.mjs';
import { navigator } from './navigator.mjs';
import { Results } from './runner.mjs';
import { trouble } from './trouble.mjs';
import { Workbench } from './workbench.mjs';

async function journey(tree, folder, vsix, results) {
  const ui = await Workbench.open({ vsix, folder });
  try {
    await waysIn(ui, tree, results);
    await stepping(ui, tree, results);
    await graph(ui, tree, results);
    await onwards(ui, tree, results);
  } finally {
    await ui.close();
  }
}

const args = process.argv.slice(2);
const at = args.indexOf('--only');
const results = new Results(at >= 0 ? args.splice(at, 2).slice(1) : []);
const parts = args.length > 0 ? args : ['mini', 'outline', 'navigator', 'chinese', 'trouble'];
const home = mkdtempSync(path.join(os.tmpdir(), 'skbw-'));
try {
  mkdirSync(path.join(root, '.out'), { recursive: true });
  const { file } = await makePackage({ out: path.join(root, '.out/e2e.vsix'), build: false });
  for (const part of parts) {
    console.log(`-- ${part}`);
    try {
      if (part === 'trouble') await trouble({ home, vsix: file, results });
      else if (part === 'chinese') await chinese({ vsix: file, folder: makeTree('mini', path.join(home, part)), results });
      else if (part === 'navigator') await navigator({ vsix: file, folder: makeTree('mini', path.join(home, part)), tree: 'mini', results });
      else if (part === 'kernel-navigator') await navigator({ vsix: file, folder: path.resolve(process.env.SKBWALK_KERNEL ?? ''), tree: 'kernel', results, from: 'sys_sendto', to: 'igb_xmit_frame' });
      else if (part === 'kernel') await journey('kernel', path.resolve(process.env.SKBWALK_KERNEL ?? ''), file, results);
      else await journey(part, makeTree(part, path.join(home, part)), file, results);
    } catch (error) {
      results.failed++;
      console.log(`  FAIL ${part}: ${error.stack ?? error.message}`);
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
process.exit(results.report());
