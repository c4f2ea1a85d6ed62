// A private code-server (free port, throw-away data) and a Chromium to look at it with.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, readFileSync, readdirSync, writeFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const entry = path.join(here, 'node_modules/code-server/out/node/entry.js');
const NO_GALLERY = '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}';
/** Variables of an outer VS Code, shell or Node that would change how the inner one starts. */
const UNWANTED = ['NODE_OPTIONS', 'VSCODE_IPC_HOOK_CLI', 'PORT', 'PASSWORD', 'HASHED_PASSWORD', 'NODE_TEST_CONTEXT'];

/** The Node 24 that code-server runs on: the packaged one, else this process's own. */
export function hostNode() {
  const modules = path.join(here, 'node_modules');
  const packaged = existsSync(modules) ? readdirSync(modules).filter((name) => name.startsWith('node-linux-')) : [];
  const found = packaged.map((name) => path.join(modules, name, 'bin/node')).find((file) => existsSync(file));
  return found ?? process.execPath;
}

/** A TCP port that is free now; `wanted` if that one is. */
export async function freePort(wanted = 0) {
  const tryPort = (port) => new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(0));
    server.listen(port, '127.0.0.1', () => { const got = server.address().port; server.close(() => resolve(got)); });
  });
  return (await tryPort(wanted)) || tryPort(0);
}

/** Folders and environment of one server. `dir` must be SHORT: unix socket paths (108 bytes at most) lie under it. */
function layout(dir, data, env) {
  const config = path.join(dir, 'c.yaml');
  writeFileSync(config, 'auth: none\n');
  const merged = {
    ...process.env, XDG_CONFIG_HOME: path.join(dir, 'xc'), XDG_DATA_HOME: path.join(dir, 'xd'), XDG_CACHE_HOME: path.join(dir, 'xk'),
    XDG_RUNTIME_DIR: dir, ...env, EXTENSIONS_GALLERY: NO_GALLERY,
  };
  for (const name of UNWANTED) delete merged[name];
  if (env.PASSWORD) merged.PASSWORD = env.PASSWORD;
  return { args: ['--config', config, '--user-data-dir', path.join(data, 'u'), '--extensions-dir', path.join(data, 'e')], env: merged };
}

function installVsix(file, { args, env }) {
  const run = spawnSync(hostNode(), [entry, ...args, '--force', '--install-extension', file], { env, encoding: 'utf8' });
  if (run.status !== 0 || !/successfully installed/.test(run.stdout)) throw new Error(`VS Code would not install ${file}:\n${run.stdout}${run.stderr}`);
}

/** The switch without which 1.13x ignores extensionDevelopmentPath/extensionTestsPath. It hides toasts and skips dialogs: for test runs only. */
function driverSwitch({ args, env }) {
  const version = spawnSync(hostNode(), [entry, ...args, '--version'], { env, encoding: 'utf8' }).stdout;
  return / Code 1\.(1[3-9]\d|[2-9]\d\d)\./.test(version) ? ['--vscode-option', 'enable-smoke-test-driver'] : [];
}

async function untilHealthy(url, server, log) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const ok = await fetch(`${url}/healthz`).then((answer) => answer.ok, () => false);
    if (ok) return;
    if (server.exitCode !== null || Date.now() > deadline) throw new Error(`code-server did not start:\n${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function signalGroup(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Ends a detached process and everything it forked; resolves when it is gone (after 5 s by force). */
function killGroup(child) {
  const signal = (name) => signalGroup(child, name);
  if (child.exitCode !== null || child.signalCode !== null) { signal('SIGKILL'); return Promise.resolve(); }
  return new Promise((resolve) => {
    const hard = setTimeout(() => signal('SIGKILL'), 5000);
    child.once('exit', () => { clearTimeout(hard); signal('SIGKILL'); resolve(); });
    signal('SIGTERM');
  });
}

/**
 * Starts a server.
 * `vsix`: packages to install first. `settings`: user settings over settings.json. `data`: folder to keep user data in (else it is thrown away).
 * `testDriver`: for extension-host suites. Gives {url, page(), remote(), log(), stop(), dir, pid}.
 */
export async function startHost({ vsix = [], env = {}, settings = {}, testDriver = false, port = 0, data, password } = {}) {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'vsch-'));
  const isolated = data ? env : { HOME: dir, ...env };
  const where = layout(dir, data ?? dir, password ? { ...isolated, PASSWORD: password } : isolated);
  const remove = () => rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  try {
    writeSettings(path.join(data ?? dir, 'u/User'), settings, Boolean(data));
    for (const file of vsix) installVsix(file, where);
    return await launch(where, { dir, remove, testDriver, password, port: await freePort(port) });
  } catch (error) {
    remove();
    throw error;
  }
}

// VS Code migrates settings.json in place: throw-away data gets a pristine one each time, kept data keeps the user's.
function writeSettings(folder, settings, keep) {
  const file = path.join(folder, 'settings.json');
  if (keep && existsSync(file)) return;
  mkdirSync(folder, { recursive: true });
  const base = JSON.parse(readFileSync(path.join(here, 'settings.json'), 'utf8'));
  writeFileSync(file, JSON.stringify({ ...base, ...settings }, null, 2));
}

/** Servers that still run, with their folders: whatever ends this process ends them too. */
const live = new Map();

function endWithProcess(server, remove) {
  if (live.size === 0) {
    process.on('exit', () => {
      for (const [one, clean] of live) { signalGroup(one, 'SIGKILL'); clean(); }
    });
    // a signal alone would end this process without its exit handlers
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) if (process.listenerCount(name) === 0) process.once(name, () => process.exit(130));
  }
  live.set(server, remove);
}

async function launch(where, { dir, remove, testDriver, password, port }) {
  const options = ['--auth', password ? 'password' : 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check',
    '--disable-workspace-trust', '--disable-getting-started-override', '--ignore-last-opened', ...(testDriver ? driverSwitch(where) : [])];
  const server = spawn(hostNode(), [entry, ...where.args, ...options], { env: where.env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let log = '';
  server.stdout.on('data', (chunk) => { log += chunk; });
  server.stderr.on('data', (chunk) => { log += chunk; });
  const url = `http://127.0.0.1:${port}`;
  endWithProcess(server, remove);
  const stop = async () => { await killGroup(server); live.delete(server); remove(); };
  try {
    await untilHealthy(url, server, () => log);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url, port, dir, pid: server.pid, stop, log: () => log, exited: new Promise((resolve) => server.once('exit', resolve)),
    remote: (file) => `vscode-remote://127.0.0.1:${port}${file}`,
    page: ({ folder, payload }) => `${url}/?folder=${encodeURIComponent(folder)}${payload ? `&payload=${encodeURIComponent(JSON.stringify(payload))}` : ''}`,
  };
}

/** The Chromium to drive: CHROMIUM, else the first known one on PATH. */
export function chromiumPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) => existsSync(file));
}

/** A headless Chromium through playwright-core. */
export async function launchBrowser() {
  const { chromium } = createRequire(path.join(here, 'x.cjs'))('playwright-core');
  return chromium.launch({ executablePath: chromiumPath(), headless: true, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] });
}
