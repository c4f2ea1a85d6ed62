// npm test: installs, builds and runs everything, or the parts that are named.
//   npm test                                 all parts
//   npm test -- build|layers|unit|flow|conformance|webview|exthost|e2e ...
// Keeps going after a failing part. The last line is `N passed, N failed, N skipped`; exit code 1 if anything failed.
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { endWithUs, ensureInstalled, hostFolder, root, run } from './project.mjs';

const LIMIT_MS = 14.5 * 60_000;
const started = Date.now();
const RUN_ID = `skbwalk-test-${process.pid}-${started}`;
const total = { passed: 0, failed: 0, skipped: 0 };

const seconds = () => `${((Date.now() - started) / 1000).toFixed(0)} s`;
const say = (text) => console.log(text);
const heading = (text) => say(`\n== ${text} [${seconds()}]`);

function count(kind, name, detail = '') {
  total[kind]++;
  say(`  ${{ passed: 'ok  ', failed: 'FAIL', skipped: 'skip' }[kind]} ${name}${detail ? `: ${detail}` : ''}`);
}

/** Runs a command whose output may hold `@@counts P F S` lines; gives {code, timedOut, counted}. */
async function counted(command, args, { timeout, env = {} }) {
  let seen = false;
  const onLine = (line) => {
    const match = /^@@counts (\d+) (\d+) (\d+)$/.exec(line);
    if (!match) { say(line); return; }
    seen = true;
    ['passed', 'failed', 'skipped'].forEach((kind, i) => { total[kind] += Number(match[i + 1]); });
  };
  const left = Math.max(1000, LIMIT_MS - (Date.now() - started));
  const result = await run(command, args, { onLine, timeout: Math.min(timeout, left), env: { ...env, SKBWALK_TEST_RUN: RUN_ID } });
  return { ...result, counted: seen };
}

/** One command that counts for itself; when it dies without counting, that is one failure. */
async function suite(name, command, args, options) {
  const before = total.failed;
  const { code, timedOut, counted: seen } = await counted(command, args, options);
  if (timedOut) count('failed', name, `stopped after ${options.timeout / 1000} s`);
  else if (!seen || (code !== 0 && total.failed === before)) count('failed', name, `ended with exit code ${code}${seen ? '' : ' before it could count its tests'}`);
}

/** One command that is one test. */
async function single(name, command, args, timeout) {
  const { code, timedOut } = await counted(command, args, { timeout });
  count(code === 0 ? 'passed' : 'failed', name, timedOut ? 'took too long' : code === 0 ? '' : `exit code ${code}`);
  return code === 0;
}

const node = process.execPath;

const PARTS = {
  async build() {
    heading('build');
    await single('build', node, ['tools/build.mjs'], 180_000);
    await single('types (tsc -b)', node, ['node_modules/typescript/bin/tsc', '-b', '--pretty', 'false'], 180_000);
  },
  async layers() {
    heading('layers');
    await suite('layers', node, ['tools/check-layers.mjs', '--count'], { timeout: 60_000 });
  },
  async unit() {
    heading('unit tests');
    await suite('unit tests', node, ['tools/unit.mjs'], { timeout: 420_000 });
  },
  async flow() {
    heading('lines shown against the C functions\' ways');
    await suite('flow', node, ['tools/flow.mjs', '--count'], { timeout: 120_000 });
  },
  async conformance() {
    heading('conformance with the recorded kernel');
    await suite('conformance', node, ['tools/conformance.mjs'], { timeout: 240_000 });
  },
  async webview() {
    if (!(await vscodeReady())) { count('skipped', 'call-graph suite', hostProblem); return; }
    heading('call-graph suite (the webview in Chromium)');
    await suite('call-graph suite', node, ['test/webview/run.mjs'], { timeout: 180_000 });
  },
  async exthost() {
    if (!(await vscodeReady())) { count('skipped', 'extension-host suite', hostProblem); return; }
    heading('extension-host suite (real VS Code)');
    await suite('extension-host suite', node, ['test/vscode/run.mjs'], { timeout: 300_000 });
  },
  async e2e() {
    if (!(await vscodeReady())) { count('skipped', 'user-interface suite', hostProblem); return; }
    heading('user-interface suite (real VS Code in Chromium)');
    await suite('user-interface suite', node, ['test/e2e/run.mjs'], { timeout: 540_000 });
  },
};

let hostProblem;

/** Installs the private VS Code and the browser once; false, with the reason kept, when this machine cannot have them. */
async function vscodeReady() {
  if (hostProblem !== undefined) return hostProblem === '';
  heading('VS Code for the tests');
  let last = '';
  const { code, timedOut } = await run('bash', [path.join(hostFolder, 'setup.sh'), '--browser'], { timeout: 240_000, onLine: (line) => { last = line || last; say(`  ${line}`); } });
  if (code === 0) { hostProblem = ''; return true; }
  hostProblem = timedOut ? 'tools/vscode-host/setup.sh took too long' : last.replace(/^vscode-host: /, '') || `tools/vscode-host/setup.sh ended with exit code ${code}`;
  // 3 is "this machine cannot have it": a reason to skip. Anything else is a defect of ours.
  if (code !== 3) count('failed', 'VS Code for the tests', hostProblem);
  return false;
}

/** Ends processes of this run that outlived their parents (Linux: found by a mark in their environment). */
function reapStrays() {
  if (!existsSync('/proc/self/environ')) return;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    try {
      if (readFileSync(`/proc/${pid}/environ`, 'latin1').includes(RUN_ID)) process.kill(Number(pid), 'SIGKILL');
    } catch (error) {
      // gone meanwhile, or another user's
      if (!['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(error.code)) throw error;
    }
  }
}

async function main(names) {
  const unknown = names.filter((name) => !(name in PARTS));
  if (unknown.length > 0) { console.error(`unknown part ${unknown.join(', ')}: choose from ${Object.keys(PARTS).join(', ')}`); return 2; }
  endWithUs();
  const problem = await ensureInstalled((text) => heading(text));
  if (problem) count('failed', 'install', problem);
  // a part alone still needs what it tests to be built
  const parts = names.length === 0 ? Object.keys(PARTS) : [...(names.some((n) => ['conformance', 'exthost', 'e2e'].includes(n)) && !names.includes('build') ? ['build'] : []), ...names];
  rmSync(path.join(root, 'dist/unit'), { recursive: true, force: true });
  for (const name of parts) {
    if (Date.now() - started > LIMIT_MS) count('failed', name, 'no time left: the whole run may take 15 minutes');
    else await PARTS[name]();
  }
  reapStrays();
  say(`\n[${seconds()}]\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
  return total.failed > 0 ? 1 : 0;
}

process.exit(await main(process.argv.slice(2)));
