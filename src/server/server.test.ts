import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { NAVIGATOR } from '../protocol/navigator';
import { makeTree } from '../source/index/testing';

/** A client that speaks the protocol over pipes. */
class Client {
  private buffer = Buffer.alloc(0);
  private id = 0;
  private readonly waiting = new Map<number, (result: unknown) => void>();
  readonly notes: Array<{ method: string; params: unknown }> = [];

  constructor(readonly child: ChildProcessWithoutNullStreams) {
    child.stdout.on('data', (d: Buffer) => { this.buffer = Buffer.concat([this.buffer, d]); while (this.message()); });
  }

  private message(): boolean {
    const head = this.buffer.indexOf('\r\n\r\n');
    if (head < 0) return false;
    const length = Number(/Content-Length: (\d+)/.exec(this.buffer.toString('latin1', 0, head))?.[1]);
    if (this.buffer.length < head + 4 + length) return false;
    const m = JSON.parse(this.buffer.toString('utf8', head + 4, head + 4 + length)) as { id?: number; method?: string; params?: unknown; result?: unknown; error?: unknown };
    this.buffer = this.buffer.subarray(head + 4 + length);
    if (m.method !== undefined && m.id !== undefined) this.send({ jsonrpc: '2.0', id: m.id, result: null });
    else if (m.id !== undefined) { assert.equal(m.error, undefined); this.waiting.get(m.id)?.(m.result); }
    else this.notes.push({ method: m.method ?? '', params: m.params });
    return true;
  }

  send(m: object): void {
    const body = Buffer.from(JSON.stringify(m), 'utf8');
    this.child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.child.stdin.write(body);
  }

  request<T>(method: string, params: unknown): Promise<T> {
    const id = ++this.id;
    return new Promise((resolve) => { this.waiting.set(id, (r) => resolve(r as T)); this.send({ jsonrpc: '2.0', id, method, params }); });
  }

  note(method: string, params: unknown): void {
    this.send({ jsonrpc: '2.0', method, params });
  }

  async ready(): Promise<void> {
    while (!this.notes.some((n) => n.method === NAVIGATOR.status && (n.params as { phase: string }).phase === 'ready')) await new Promise((r) => setTimeout(r, 10));
  }
}

const FILES = {
  'net/a.c': '/**\n * one - does it\n * @x: what\n */\nstatic int one(int x)\n{\n\treturn two(x);\n}\nstruct ops { int (*go)(int); };\nconst struct ops table = { .go = one };\nint start(struct ops *o) { return o->go(1); }\n#define TWICE(x) ((x) + (x))\n',
  'net/b.c': 'int two(int x) { return TWICE(x); }\n',
};

test('the server answers over the protocol', { timeout: 60_000 }, async () => {
  const { root, dispose } = makeTree(FILES);
  const dist = mkdtempSync(path.join(tmpdir(), 'skbwalk-server-'));
  await build({ entryPoints: [path.resolve('src/server/main.ts')], bundle: true, platform: 'node', target: 'node20', format: 'cjs', outfile: path.join(dist, 'server.js'), external: ['tree-sitter', 'tree-sitter-c'], logLevel: 'error' });
  const child = spawn(process.execPath, [path.join(dist, 'server.js'), '--stdio']);
  try {
    const c = new Client(child);
    const uri = pathToFileURL(path.join(root, 'net/a.c')).toString();
    const textDocument = { uri };
    const at = (line: number, character: number) => ({ textDocument, position: { line, character } });
    const start = await c.request<{ capabilities: Record<string, unknown> }>('initialize', { processId: process.pid, rootUri: null, workspaceFolders: null, capabilities: {}, initializationOptions: { kernel: root, off: ['hover'] } });
    assert.equal(start.capabilities.definitionProvider, true);
    assert.equal(start.capabilities.hoverProvider, false);
    c.note('initialized', {});
    c.note('textDocument/didOpen', { textDocument: { uri, languageId: 'c', version: 1, text: FILES['net/a.c'] } });
    await c.ready();
    type L = Array<{ uri: string; range: { start: { line: number } } }>;
    assert.ok((await c.request<L>('textDocument/definition', at(6, 9)))[0].uri.endsWith('net/b.c'));
    assert.equal((await c.request<L>('textDocument/implementation', at(10, 38)))[0].range.start.line, 4);
    assert.equal((await c.request<L>('textDocument/references', { ...at(6, 9), context: { includeDeclaration: true } })).length, 2);
    const hover = await c.request<{ contents: { value: string } }>('textDocument/hover', at(9, 34));
    assert.ok(hover.contents.value.includes('static int one(int x)') && hover.contents.value.includes('does it'));
    const items = await c.request<unknown[]>('textDocument/prepareCallHierarchy', at(4, 12));
    const incoming = await c.request<Array<{ from: { name: string; detail: string } }>>('callHierarchy/incomingCalls', { item: items[0] });
    assert.deepEqual(incoming.map((i) => [i.from.name, i.from.detail.includes('ops.go')]), [['start', true]]);
    assert.ok((await c.request<Array<{ name: string }>>('workspace/symbol', { query: 'strt' })).some((s) => s.name === 'start'));
    assert.deepEqual((await c.request<Array<{ name: string }>>('textDocument/documentSymbol', { textDocument })).map((s) => s.name), ['one', 'ops', 'table', 'start', 'TWICE']);
    assert.ok((await c.request<{ data: number[] }>('textDocument/semanticTokens/full', { textDocument })).data.length > 10);
    assert.equal((await c.request<{ chains: unknown[][] }>(NAVIGATOR.path, { from: 'start', to: 'two' })).chains[0].length, 2);
    c.note('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [{ text: `\n\n\n${FILES['net/a.c']}` }] });
    assert.equal((await c.request<L>('textDocument/implementation', at(13, 38)))[0].range.start.line, 7);
    c.note('textDocument/didChange', { textDocument: { uri, version: 3 }, contentChanges: [{ text: `int typed_last;\n${FILES['net/a.c']}` }] });
    assert.ok((await c.request<Array<{ name: string }>>('textDocument/documentSymbol', { textDocument })).some((s) => s.name === 'typed_last'), 'the last keystroke counts');
    assert.equal((await c.request<{ files: number }>(NAVIGATOR.stats, null)).files, 2);
    assert.equal(await c.request('shutdown', null), null);
  } finally {
    child.kill();
    dispose();
    rmSync(dist, { recursive: true, force: true });
  }
});
