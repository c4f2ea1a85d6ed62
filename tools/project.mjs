// What the tool scripts share: where things are, is everything installed, run a command and stream what it says.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const hostFolder = path.join(root, 'tools/vscode-host');

/** Why node_modules does not fit package-lock.json, or '' when it does. */
export function staleInstall(folder = root) {
  const read = (file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')).packages;
  const marker = 'node_modules/.package-lock.json';
  if (!existsSync(path.join(folder, marker))) return 'nothing is installed yet';
  const installed = read(marker);
  for (const [name, entry] of Object.entries(read('package-lock.json'))) {
    if (!name || entry.optional || entry.link) continue;
    if (installed[name]?.version !== entry.version) return `${name.replace(/^.*node_modules\//, '')} ${entry.version} is not installed`;
    if (!existsSync(path.join(folder, name))) return `${name.replace(/^.*node_modules\//, '')} is gone`;
  }
  return '';
}

/**
 * Runs a command in the checkout in a process group of its own. `onLine` gets each line of both streams; without it they go straight through.
 * Gives {code, timedOut}; the group is ended when the time (ms) is up and when the command is done, so nothing stays behind.
 */
export function run(command, args, { onLine, timeout, env = {}, cwd = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: onLine ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'], detached: true });
    running.add(child);
    let timedOut = false;
    const timer = timeout && setTimeout(() => { timedOut = true; endGroup(child); }, timeout);
    if (onLine) for (const stream of [child.stdout, child.stderr]) splitLines(stream, onLine);
    const finish = (code) => {
      clearTimeout(timer);
      running.delete(child);
      signalGroup(child, 'SIGKILL');
      resolve({ code, timedOut });
    };
    child.once('error', (error) => { onLine?.(`${command}: ${error.message}`); finish(127); });
    child.once('exit', (code, signal) => setTimeout(() => finish(code ?? (signal ? 128 : 1)), onLine ? 50 : 0));
  });
}

const running = new Set();

function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

// First politely: a browser driver closes its browser on SIGTERM.
function endGroup(child) {
  signalGroup(child, 'SIGTERM');
  setTimeout(() => signalGroup(child, 'SIGKILL'), 5000).unref();
}

/** Ends what run() started when this process is told to stop. */
export function endWithUs() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      for (const child of running) endGroup(child);
      setTimeout(() => process.exit(130), running.size > 0 ? 1500 : 0);
    });
  }
}

function splitLines(stream, onLine) {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    lines.forEach((line) => onLine(line));
  });
  stream.on('end', () => { if (rest) onLine(rest); });
}

/** npm, for this platform. */
export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** Installs the dependencies when they are missing or stale. Gives '' or what went wrong. */
export async function ensureInstalled(say) {
  const why = staleInstall();
  if (!why) return '';
  say(`npm ci (${why}) ...`);
  const { code } = await run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { timeout: 600_000 });
  return code === 0 ? '' : 'npm ci failed (see above). Check the network and the npm registry setting, then try again.';
}

/** Is this folder the top of a kernel tree? What src/source/tree.ts asks too: a Makefile with a version, and a place that every kernel has. */
export function isKernelTree(folder) {
  const makefile = path.join(folder, 'Makefile');
  if (!existsSync(makefile) || !statSync(makefile).isFile()) return false;
  const text = readFileSync(makefile, 'latin1');
  return /^VERSION\s*=\s*\d/m.test(text) && /^PATCHLEVEL\s*=\s*\d/m.test(text)
    && ['net/socket.c', 'kernel/softirq.c', 'include/linux'].some((name) => existsSync(path.join(folder, name)));
}
