// npm start -- [--kernel DIR]: installs, builds and opens VS Code with skbwalk on a kernel tree.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { endWithUs, ensureInstalled, hostFolder, isKernelTree, npm, root, run } from './project.mjs';

const USAGE = `usage: npm start -- [--kernel DIR] [--browser] [--port N] [--no-open] [--check]
  --kernel DIR   the kernel tree to open. Without it: SKBWALK_KERNEL, else the current folder or a parent that is one, else the built-in outline of 3.10.108
  --browser      VS Code in the browser (code-server) even where a desktop VS Code is on PATH
  --port N       the port of the page in the browser (default: 8390, or the next free one)
  --no-open      print the URL, start no browser and no desktop VS Code
  --check        start VS Code in the browser, see that the page answers and the extension is there, stop
SKBWALK_PASSWORD makes the page in the browser ask for that password (else anyone on this machine can open it).`;

const say = (text) => console.error(text);

/** A message for the user: what happened and what to do next. */
class StartError extends Error {}

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { kernel: { type: 'string' }, browser: { type: 'boolean' }, port: { type: 'string' }, 'no-open': { type: 'boolean' }, check: { type: 'boolean' }, help: { type: 'boolean' } },
    });
    if (positionals.length > 1) throw new Error(`unexpected ${positionals.slice(1).join(' ')}`);
    if (values.port !== undefined && !/^\d{1,5}$/.test(values.port)) throw new Error(`--port wants a number, not '${values.port}'`);
    return { ...values, kernel: values.kernel ?? positionals[0] };
  } catch (error) {
    throw new StartError(`${error.message}\n${USAGE}`);
  }
}

/** The folder to open: {folder, what} with what it is in words, or {folder: undefined} for the outline. */
export function findKernel({ kernel, env = process.env, cwd = env.INIT_CWD ?? process.cwd() }) {
  const named = kernel ?? env.SKBWALK_KERNEL;
  if (named) {
    const folder = path.resolve(cwd, named);
    if (!existsSync(folder) || !statSync(folder).isDirectory()) {
      throw new StartError(`${folder} is no folder${kernel ? '' : ' (from SKBWALK_KERNEL)'}. Give the top of a kernel tree with --kernel DIR, or leave it out to open the built-in outline.`);
    }
    return { folder, what: isKernelTree(folder) ? 'kernel tree' : 'folder (no kernel tree: no Makefile with a kernel version beside net/, kernel/ and include/; the extension will say so)' };
  }
  for (let folder = path.resolve(cwd); ; folder = path.dirname(folder)) {
    if (isKernelTree(folder)) return { folder, what: 'kernel tree around the current folder' };
    if (path.dirname(folder) === folder) return { folder: undefined, what: 'built-in outline of 3.10.108' };
  }
}

/** Where a first trace begins: `FILE:LINE` of send() in the tree; '' when it has none. */
export function firstPlace(folder) {
  const file = path.join(folder, 'net/socket.c');
  if (!existsSync(file)) return '';
  const line = readFileSync(file, 'latin1').split('\n').findIndex((text) => /^(SYSCALL_DEFINE4\(send,|void sys_send\()/.test(text));
  return line < 0 ? '' : `${file}:${line + 1}`;
}

async function outline() {
  const folder = path.join(root, '.out/outline');
  mkdirSync(folder, { recursive: true });
  const made = spawnSync(process.execPath, [path.join(root, 'dist/cli.js'), 'outline', folder], { encoding: 'utf8' });
  if (made.status !== 0) throw new StartError(`The built-in outline could not be written to ${folder}:\n${made.stderr || made.stdout}Open a kernel tree instead: npm start -- --kernel DIR`);
  // it names the folder of this outline's version inside the one it was given
  return path.resolve(made.stdout.trim().split('\n').at(-1));
}

function onPath(name) {
  const names = process.platform === 'win32' ? [`${name}.cmd`, `${name}.exe`] : [name];
  return (process.env.PATH ?? '').split(path.delimiter).flatMap((folder) => names.map((file) => path.join(folder, file))).find((file) => existsSync(file));
}

/** Opens desktop VS Code; false when it would not start. */
function openDesktop(code, folder) {
  const place = firstPlace(folder), args = ['--new-window', `--extensionDevelopmentPath=${root}`, folder, ...(place ? ['--goto', place] : [])];
  const started = spawnSync(code, args, { stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });
  if (started.status === 0) { say(`skbwalk: opened ${folder} in desktop VS Code (${code})`); return true; }
  say(`skbwalk: ${code} would not start (exit code ${started.status ?? started.signal}); using VS Code in the browser instead`);
  return false;
}

async function setUpBrowserHost() {
  if (process.platform === 'win32') throw new StartError('VS Code in the browser is not available on Windows. Install desktop VS Code and put \'code\' on PATH (in VS Code: Shell Command: Install \'code\' command).');
  let last = '';
  const { code } = await run('bash', [path.join(hostFolder, 'setup.sh')], { onLine: (line) => { last = line || last; say(line); } });
  if (code !== 0) throw new StartError(`VS Code in the browser could not be installed: ${last}\nInstall desktop VS Code and put 'code' on PATH instead, then run npm start again.`);
}

/** Starts code-server with the packaged extension on a folder; gives {url, host}. */
async function startInBrowser({ folder, port, keep }) {
  await setUpBrowserHost();
  const { makePackage } = await import('./package.mjs');
  const { startHost } = await import('./vscode-host/host.mjs');
  mkdirSync(path.join(root, '.out'), { recursive: true });
  const { file } = await makePackage({ out: path.join(root, '.out/skbwalk.vsix'), build: false });
  const data = keep ? path.join(root, '.out/vscode') : undefined;
  const host = await startHost({ vsix: [file], port: Number(port ?? 8390), data, env: { SKBWALK_OPEN: firstPlace(folder) }, password: process.env.SKBWALK_PASSWORD, settings: { 'debug.openDebug': 'openOnDebugBreak' } });
  return { host, url: host.page({ folder }) };
}

async function check({ host, url }) {
  const answer = await fetch(url);
  const text = await answer.text();
  if (!answer.ok || !text.includes('vscode-workbench-web-configuration')) throw new StartError(`the page answered ${answer.status} and is not VS Code:\n${host.log().slice(-1500)}`);
  say(`skbwalk: VS Code answers (${answer.status}, ${text.length} bytes)`);
}

function openUrl(url) {
  const opener = { darwin: 'open', linux: process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? 'xdg-open' : '' }[process.platform];
  if (!opener || !onPath(opener)) return;
  const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
  child.once('error', (error) => say(`skbwalk: ${opener}: ${error.message}; open the URL yourself`));
  child.unref();
}

async function main() {
  const wanted = options();
  if (wanted.help) { console.log(USAGE); return 0; }
  const place = findKernel(wanted);
  const problem = await ensureInstalled(say);
  if (problem) throw new StartError(problem);
  say('skbwalk: building ...');
  if ((await run(npm, ['run', '--silent', 'build'])).code !== 0) throw new StartError('The build failed (see above). A clean copy helps after local changes: git status shows them.');
  const folder = place.folder ?? await outline();
  say(`skbwalk: ${place.what}: ${folder}`);
  const code = onPath('code');
  if (code && !wanted.browser && !wanted.check && !wanted['no-open'] && openDesktop(code, folder)) return 0;
  const { host, url } = await startInBrowser({ folder, port: wanted.port, keep: !wanted.check });
  try {
    console.log(url);
    if (wanted.check) { await check({ host, url }); return 0; }
    say('skbwalk: open this URL in a browser; Ctrl+C here stops VS Code');
    if (!wanted['no-open']) openUrl(url);
    await host.exited;
    throw new StartError(`VS Code in the browser ended by itself:\n${host.log().slice(-1500)}`);
  } finally {
    await host.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  endWithUs();
  process.exit(await main().catch((error) => {
    console.error(error instanceof StartError ? `skbwalk: ${error.message}` : error);
    return 1;
  }));
}
