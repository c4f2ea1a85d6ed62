import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { makeTree } from '../source/index/testing';
import { translator } from './words';
import { NAV_COMMANDS, type NavIo } from './nav';

const TREE = {
  'net/a.c': 'struct ops { int (*go)(int); };\nstatic int one(int x) { return two(x); }\nconst struct ops table = { .go = one };\nint start(struct ops *o) { return o->go(1); }\n',
  'net/b.c': 'int two(int x) { return x; }\n',
};

async function run(line: string, root: string, cache: string): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const io: NavIo = { out: (t) => { out += t; }, err: (t) => { err += t; }, env: { SKBWALK_CACHE: cache }, workerScript: '', t: translator({}), assets: '' };
  const [command, ...argv] = line.replaceAll('ROOT', root).split(' ');
  return { code: await NAV_COMMANDS[command](argv, io), out, err };
}

async function inTree(test: (ask: (line: string) => ReturnType<typeof run>, root: string) => Promise<void>): Promise<void> {
  const { root, dispose } = makeTree(TREE);
  const cache = mkdtempSync(path.join(tmpdir(), 'skbwalk-cache-'));
  try {
    await test((line) => run(line, root, cache), root);
  } finally {
    dispose();
    rmSync(cache, { recursive: true, force: true });
  }
}

test('index gives the figures of the contract', () => inTree(async (ask) => {
  const { code, out } = await ask('index ROOT --json');
  const figures = JSON.parse(out) as Record<string, number>;
  assert.equal(code, 0);
  assert.deepEqual(Object.keys(figures), ['files', 'functions', 'calls', 'ops', 'seconds', 'peakRssMiB', 'cacheBytes']);
  assert.deepEqual([figures.files, figures.functions, figures.calls, figures.ops], [2, 3, 2, 1]);
  assert.ok(figures.cacheBytes > 0 && figures.peakRssMiB > 0);
  assert.equal((JSON.parse((await ask('index ROOT --json --no-cache')).out) as { cacheBytes: number }).cacheBytes, 0);
}));

test('rows have the fields of the contract, sites and pointers', () => inTree(async (ask, root) => {
  const json = async (line: string): Promise<unknown> => JSON.parse((await ask(`${line} --kernel ROOT --json`)).out);
  assert.deepEqual(await json('def two'), [{ name: 'two', kind: 'function', path: 'net/b.c', line: 1, column: 5 }]);
  assert.deepEqual(await json('def net/a.c:2:33'), [{ name: 'two', kind: 'function', path: 'net/b.c', line: 1, column: 5 }]);
  assert.deepEqual(await json(`def ${root}/net/a.c:4:38`), [{ name: 'go', kind: 'member', path: 'net/a.c', line: 1, column: 20 }]);
  assert.deepEqual(await json('callees start'), [{ name: 'one', kind: 'function', path: 'net/a.c', line: 2, column: 12, site: { path: 'net/a.c', line: 4, column: 38 }, via: { struct: 'ops', member: 'go' } }]);
  assert.deepEqual(await json('callers two'), [{ name: 'one', kind: 'function', path: 'net/a.c', line: 2, column: 12, site: { path: 'net/a.c', line: 2, column: 32 }, via: null }]);
  assert.deepEqual(((await json('path start two')) as Array<{ name: string }>).map((r) => r.name), ['one', 'two']);
  assert.deepEqual(((await json('impl ops.go')) as Array<{ name: string }>).map((r) => r.name), ['one']);
  assert.deepEqual(((await json('refs two')) as Array<{ path: string }>).map((r) => r.path), ['net/a.c', 'net/b.c']);
}));

test('exit codes: 1 for nothing, 2 for wrong usage', () => inTree(async (ask, root) => {
  assert.equal((await ask('def nothing_here --kernel ROOT')).code, 1);
  assert.equal((await ask('def net/a.c:99:1 --kernel ROOT')).code, 1);
  for (const line of ['def', 'def x', 'def x y --kernel ROOT', 'def x --kernel ROOT --bogus', 'index ROOT/none', 'index ROOT --only none', 'def x --kernel', 'index ROOT --format odd']) {
    const { code, err, out } = await ask(line);
    assert.equal(code, 2, line);
    assert.ok(err.includes('usage:') && out === '', line);
  }
  const file = path.join(root, 'x.scip');
  assert.equal((await ask(`index ROOT --format scip -o ${file}`)).code, 0);
  assert.ok(readFileSync(file).length > 100);
}));
