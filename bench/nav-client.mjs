// node bench/nav-client.mjs: the built language server through a protocol client, as an editor uses it: time of each request on the real tree.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../tools/bundle.mjs';
import { kernelTree, quantile } from './nav-load.mjs';

const { createMessageConnection, IPCMessageReader, IPCMessageWriter } = createRequire(import.meta.url)('vscode-jsonrpc/node');
const tree = kernelTree();
const FILES = ['net/ipv4/tcp_output.c', 'net/core/dev.c', 'net/ipv4/ip_output.c', 'drivers/net/ethernet/intel/igb/igb_main.c', 'net/socket.c'];
const cache = mkdtempSync(path.join(tmpdir(), 'skbwalk-client-'));
const uriOf = (file) => pathToFileURL(path.join(tree, file)).toString();

async function start() {
  const child = spawn(process.execPath, [path.join(root, 'dist/server.js'), '--node-ipc'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const client = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
  client.onRequest('client/registerCapability', () => null);
  client.onRequest('window/workDoneProgress/create', () => null);
  const ready = new Promise((resolve) => client.onNotification('skbwalk/navigator/status', (s) => { if (s.phase === 'ready') resolve(s); }));
  client.listen();
  const from = performance.now();
  await client.sendRequest('initialize', { processId: process.pid, rootUri: null, workspaceFolders: null, capabilities: {}, initializationOptions: { kernel: tree, cache, ownProgress: true } });
  await client.sendNotification('initialized', {});
  for (const file of FILES) await client.sendNotification('textDocument/didOpen', { textDocument: { uri: uriOf(file), languageId: 'c', version: 1, text: readFileSync(path.join(tree, file), 'utf8') } });
  const first = performance.now();
  await client.sendRequest('textDocument/documentSymbol', { textDocument: { uri: uriOf(FILES[0]) } });
  console.log(`first answer ${(performance.now() - from).toFixed(0)} ms after the start (symbols of an open file; asked at ${(first - from).toFixed(0)} ms)`);
  await ready;
  console.log(`whole tree after ${((performance.now() - from) / 1000).toFixed(2)} s`);
  return { child, client };
}

/** Every third function of the files, as positions. */
async function places(client) {
  const found = [];
  for (const file of FILES) {
    const symbols = await client.sendRequest('textDocument/documentSymbol', { textDocument: { uri: uriOf(file) } });
    symbols.filter((s) => s.kind === 12).forEach((s, k) => { if (k % 3 === 0) found.push({ name: s.name, at: { textDocument: { uri: uriOf(file) }, position: s.selectionRange.start } }); });
  }
  return found;
}

const KINDS = {
  definition: (c, p) => c.sendRequest('textDocument/definition', p.at),
  hover: (c, p) => c.sendRequest('textDocument/hover', p.at),
  references: (c, p) => c.sendRequest('textDocument/references', { ...p.at, context: { includeDeclaration: true } }),
  implementation: (c, p) => c.sendRequest('textDocument/implementation', p.at),
  'incoming calls': async (c, p) => { const [item] = await c.sendRequest('textDocument/prepareCallHierarchy', p.at); return c.sendRequest('callHierarchy/incomingCalls', { item }); },
  'outgoing calls': async (c, p) => { const [item] = await c.sendRequest('textDocument/prepareCallHierarchy', p.at); return c.sendRequest('callHierarchy/outgoingCalls', { item }); },
  'workspace symbols': (c, p) => c.sendRequest('workspace/symbol', { query: p.name.slice(0, 8) }),
};

try {
  const cold = await start();
  await cold.client.sendRequest('shutdown');
  await cold.client.sendNotification('exit');
  const { child, client } = await start();
  await new Promise((resolve) => setTimeout(resolve, 3000)); // the look-ups' orders are made
  const all = await places(client);
  const every = [];
  for (const [kind, ask] of Object.entries(KINDS)) {
    const times = [];
    for (const p of all) { const t = performance.now(); await ask(client, p); times.push(performance.now() - t); }
    every.push(...times);
    console.log(`${kind}: median ${quantile(times, 0.5).toFixed(1)} ms, p95 ${quantile(times, 0.95).toFixed(1)} ms, most ${Math.max(...times).toFixed(0)} ms`);
  }
  console.log(`all through the client: p95 ${quantile(every, 0.95).toFixed(1)} ms over ${every.length}`);
  await edits(client);
  child.kill();
} finally {
  rmSync(cache, { recursive: true, force: true });
}

/** A keystroke, and how long until the file's symbols know it. */
async function edits(client) {
  const uri = uriOf(FILES[1]);
  const times = [];
  for (let k = 0; k < 20; k++) {
    await client.sendNotification('textDocument/didChange', { textDocument: { uri, version: k + 2 }, contentChanges: [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: `int probe_${k}(void) { return 0; }\n` }] });
    const t = performance.now();
    const symbols = await client.sendRequest('textDocument/documentSymbol', { textDocument: { uri } });
    times.push(performance.now() - t);
    if (!symbols.some((s) => s.name === `probe_${k}`)) throw new Error(`the edit ${k} is not among the symbols`);
  }
  console.log(`an edit and the file's symbols: median ${quantile(times, 0.5).toFixed(1)} ms, most ${Math.max(...times).toFixed(0)} ms`);
}
