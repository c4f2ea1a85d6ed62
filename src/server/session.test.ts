import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Connection, TextDocuments } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { NavigatorStatus } from '../protocol/navigator';
import { makeTree } from '../source/index/testing';
import { Session } from './session';

const MANY = Object.fromEntries(Array.from({ length: 300 }, (_, k) => [`net/f${k}.c`, Array.from({ length: 200 }, (_, n) => `int f${k}_${n}(void) { return f${k + 1}_1(); }\n`).join('')]));
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A session over a tree without a client; what it tells is kept. */
async function inSession(files: Record<string, string | Buffer>, run: (s: Session, told: NavigatorStatus[], root: string, open: Map<string, TextDocument>) => Promise<void>): Promise<void> {
  const { root, dispose } = makeTree(files);
  const told: NavigatorStatus[] = [], open = new Map<string, TextDocument>();
  const connection = { sendNotification: (_: string, status: NavigatorStatus) => { told.push(status); return Promise.resolve(); }, console: { error: assert.fail } };
  const documents = { get: (uri: string) => open.get(uri), all: () => [...open.values()] };
  try {
    await run(new Session(connection as unknown as Connection, documents as unknown as TextDocuments<TextDocument>, root, { kernel: root, ownProgress: true, threads: 1 }, ''), told, root, open);
  } finally {
    dispose();
  }
}
const documentOf = (root: string, file: string, text: string): TextDocument => TextDocument.create(pathToFileURL(path.join(root, file)).toString(), 'c', 1, text);

test('a rest for a step passes by itself, and a pause by hand outlives it', { timeout: 60_000 }, () => inSession(MANY, async (s, told) => {
  const opening = s.open();
  await s.control({ action: 'rest', ms: 20_000 });
  while (told.at(-1)?.phase !== 'paused') await wait(5);
  await s.control({ action: 'pause' });
  await s.control({ action: 'rest', ms: 20 });
  await wait(100);
  assert.equal(told.at(-1)?.phase, 'paused', 'the rest is over, the pause is not');
  const { done } = told.at(-1) as NavigatorStatus;
  await wait(60);
  assert.equal(told.at(-1)?.done, done, 'nothing is read meanwhile');
  await s.control({ action: 'resume' });
  assert.equal(told.at(-1)?.phase, 'indexing');
  await opening;
  assert.deepEqual([told.at(-1)?.phase, s.index.stats().files], ['ready', 300]);
}));

test('a rest alone ends in a whole index; going on by hand ends it early; without a build nothing is paused', { timeout: 60_000 }, () => inSession(MANY, async (s, told) => {
  const from = performance.now(), opening = s.open();
  await s.control({ action: 'rest', ms: 120 });
  await opening;
  assert.ok(performance.now() - from >= 115);
  assert.equal(told.filter((t) => t.phase === 'paused').length, 1, 'a pause is told once');
  assert.equal(told.at(-1)?.phase, 'ready');
  await s.control({ action: 'pause' });
  assert.equal(told.at(-1)?.phase, 'ready');
  const again = s.control({ action: 'rebuild' }), since = performance.now();
  await s.control({ action: 'rest', ms: 30_000 });
  while (told.at(-1)?.phase !== 'paused') await wait(5);
  await s.control({ action: 'resume' });
  await again;
  assert.ok(performance.now() - since < 20_000 && told.at(-1)?.phase === 'ready');
}));

test('edits and changes on disk that come before the index is complete are not overwritten by it', { timeout: 60_000 }, () => inSession({ ...MANY, 'net/z.c': 'int old_z(void) { return 0; }\n', 'net/y.c': 'int old_y(void) { return 0; }\n', 'net/gone.c': 'int gone(void) { return 0; }\n' }, async (s, told, root, open) => {
  const opening = s.open();
  await s.control({ action: 'pause' });
  while (told.at(-1)?.phase !== 'paused') await wait(5);
  const typed = documentOf(root, 'net/z.c', 'int first_z(void) { return 0; }\n');
  open.set(typed.uri, typed);
  s.opened(typed);
  assert.deepEqual(s.index.file('net/z.c') && s.query.lookup.inFile('net/z.c').map((d) => d.name), ['first_z'], 'usable while the index is not complete');
  TextDocument.update(typed, [{ text: 'int typed_z(void) { return 0; }\n' }], 2);
  s.edited(typed);
  s.settle();
  writeFileSync(path.join(root, 'net/y.c'), 'int new_y(void) { return 0; }\n');
  rmSync(path.join(root, 'net/gone.c'));
  s.changedOnDisk(['net/y.c', 'net/gone.c'].map((f) => pathToFileURL(path.join(root, f)).toString()));
  await s.control({ action: 'resume' });
  await opening;
  assert.deepEqual(['net/z.c', 'net/y.c', 'net/gone.c'].map((f) => s.query.lookup.inFile(f).map((d) => d.name)), [['typed_z'], ['new_y'], []]);
  assert.deepEqual(told.at(-1)?.messages, [], 'nobody misses what was deleted');
  open.delete(typed.uri);
  s.closed(typed);
  assert.deepEqual(s.query.lookup.inFile('net/z.c').map((d) => d.name), ['old_z']);
}));
