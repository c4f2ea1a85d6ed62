// Runs the same test module in a desktop VS Code through @vscode/test-electron.
//   node desktop.mjs --ext DIR --tests MODULE --folder WORKSPACE
// VSCODE_EXE names an installed VS Code (then nothing is downloaded), else VSCODE_VERSION (default: stable) is downloaded.
// On Linux without a display: xvfb-run -a node desktop.mjs ...
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { ext: { type: 'string' }, tests: { type: 'string' }, folder: { type: 'string' } } });
if (!values.ext || !values.tests || !values.folder) {
  console.error('usage: desktop.mjs --ext DIR --tests MODULE --folder WORKSPACE');
  process.exit(2);
}
const { runTests } = createRequire(import.meta.url)('@vscode/test-electron');
const executable = process.env.VSCODE_EXE ? { vscodeExecutablePath: process.env.VSCODE_EXE } : { version: process.env.VSCODE_VERSION ?? 'stable' };
const userData = mkdtempSync(path.join(os.tmpdir(), 'vsct-'));
let code = 0;
try {
  await runTests({
    ...executable, extensionDevelopmentPath: path.resolve(values.ext), extensionTestsPath: path.resolve(values.tests),
    launchArgs: [path.resolve(values.folder), '--disable-extensions', '--disable-workspace-trust', '--skip-welcome', '--user-data-dir', userData],
  });
} catch (error) {
  console.error(`The suite did not pass in desktop VS Code: ${error.message}`);
  code = 1;
} finally {
  rmSync(userData, { recursive: true, force: true });
}
process.exit(code);
