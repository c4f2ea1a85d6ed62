import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { checksum, clearCache, cacheFile, readCache, writeCache } from './cache';
import { KernelIndex } from './kernel-index';
import { MAX_FILE_BYTES } from './reader';
import { FileScanner } from './scan-files';
import { reserveStrings, StringTable, stringCapacity } from './strings';
import { makeTree, openTree } from './testing';
import { hashName } from './words';

const threads = { script: '', count: 1 };
const FILES = { 'a.c': 'int a(void) { return b(); }\n', 'dir/b.c': 'int b(void) { return 0; }\n', 'dir/c.h': '#define C(x) b(x)\n' };

async function inTree(files: Record<string, string | Buffer>, run: (root: string, cache: string) => Promise<void>): Promise<void> {
  const { root, dispose } = makeTree(files);
  const cache = mkdtempSync(path.join(tmpdir(), 'skbwalk-cache-'));
  try {
    await run(root, cache);
  } finally {
    dispose();
    rmSync(cache, { recursive: true, force: true });
  }
}
const callersOf = async (root: string, cache?: string): Promise<string[]> => (await openTree(root, cache)).query.callers('b', null).map((r) => r.name).sort();

test('a saved index answers as a fresh one; changes, new and vanished files are seen', () => inTree(FILES, async (root, cache) => {
  const cold = await openTree(root, cache);
  assert.equal(cold.fromCache, false);
  const warm = await openTree(root, cache);
  assert.deepEqual([warm.fromCache, warm.rescanned], [true, 0]);
  assert.deepEqual(warm.query.callers('b', null), cold.query.callers('b', null));
  writeFileSync(path.join(root, 'dir/d.c'), 'int d(void) { return b(); }\n');
  writeFileSync(path.join(root, 'a.c'), 'int a2(void) { return b() + 1; }\n');
  utimesSync(path.join(root, 'a.c'), 1, 1);
  rmSync(path.join(root, 'dir/c.h'));
  const next = await openTree(root, cache);
  assert.deepEqual([next.fromCache, next.rescanned], [true, 2]);
  assert.deepEqual(next.query.callers('b', null).map((r) => r.name).sort(), ['a2', 'd']);
}));

test('a damaged, cut, foreign or old cache is built again', () => inTree(FILES, async (root, cache) => {
  await openTree(root, cache);
  const file = path.join(cache, readdirSync(cache)[0]);
  const good = readFileSync(file);
  for (const at of [0, 8, 12, 40, 70, 200, Math.floor(good.length / 2), good.length - 9]) {
    const bad = Buffer.from(good);
    bad[at] ^= 0x5a;
    writeFileSync(file, bad);
    assert.deepEqual(await callersOf(root, cache), ['C', 'a'], `byte ${at}`);
  }
  for (const length of [0, 7, 63, 64, 500, good.length - 1]) {
    writeFileSync(file, good);
    truncateSync(file, length);
    assert.deepEqual(await callersOf(root, cache), ['C', 'a'], `${length} bytes`);
  }
  writeFileSync(file, good);
  assert.equal(readCache(file, '/another/tree').ok, false);
  assert.deepEqual(readdirSync(cache).filter((f) => f.endsWith('.tmp')), [], 'nothing half written stays');
}));

test('two windows may save at once; a folder that cannot be written is a message', () => inTree(FILES, async (root, cache) => {
  await Promise.all([openTree(root, cache), openTree(root, cache)]);
  assert.equal((await openTree(root, cache)).fromCache, true);
  const file = cacheFile(cache, root, ['']);
  const strings = new StringTable(reserveStrings(stringCapacity(1000)));
  const failed = writeCache(path.join(root, 'a.c', 'x.skbnav'), root, strings, []);
  assert.ok(failed.ok === false && failed.error.message.includes('could not be saved'));
  assert.equal(clearCache(file), true);
  assert.equal(clearCache(file), false);
}));

test('odd files: binary, empty, huge, loops, unreadable, strange bytes', () => inTree({
  ...FILES, 'bin.c': Buffer.from([0x7f, 0x45, 0, 1, 2, 3]), 'empty.c': '', 'odd.c': Buffer.from('/* \xe9\xff */ int odd(void) { return b(); }\r\n', 'latin1'), 'nul.h': `int x;\n${' '.repeat(5000)}\0int nul(void) { return b(); }\n`,
}, async (root) => {
  symlinkSync('.', path.join(root, 'dir/loop'));
  symlinkSync('../a.c', path.join(root, 'dir/link.c'));
  symlinkSync('nowhere', path.join(root, 'dangling.c'));
  mkdirSync(path.join(root, 'folder.c'));
  mkdirSync(path.join(root, 'locked'));
  writeFileSync(path.join(root, 'locked/l.c'), 'int l;');
  chmodSync(path.join(root, 'locked'), 0);
  writeFileSync(path.join(root, 'huge.c'), '');
  truncateSync(path.join(root, 'huge.c'), MAX_FILE_BYTES + 1);
  const { index, query } = await openTree(root);
  chmodSync(path.join(root, 'locked'), 0o755);
  assert.deepEqual(query.callers('b', null).map((r) => r.name).sort(), ['C', 'a', 'nul', 'odd']);
  const codes = index.problems.map((p) => `${p.code} ${p.where}`);
  assert.ok(codes.includes('binary bin.c') && codes.includes('too-large huge.c'));
  if (process.getuid?.() !== 0) assert.ok(codes.includes('unreadable locked'));
  assert.equal(query.lookup.inFile('odd.c')[0].line, 1);
}));

test('files and folders that vanish while they are read', () => inTree(FILES, async (root) => {
  const strings = new StringTable(reserveStrings(stringCapacity(1 << 16)));
  let given = false;
  const gone = { path: 'gone.c', mtime: 0, size: 10 };
  let files = 0;
  const scanner = new FileScanner({ root, files: [gone, { path: 'a.c', mtime: 0, size: 0 }], next: () => (given ? null : (given = true, { from: 0, to: 2 })) }, strings, 1000, (s) => { files += s.files.length; });
  while (scanner.step());
  scanner.finish();
  assert.deepEqual([files, scanner.problems.map((p) => p.where)], [1, ['gone.c']]);
  const missing = new KernelIndex(path.join(root, 'no-such-tree'));
  const report = await missing.open({ threads });
  assert.equal(report.files, 0);
  assert.equal(report.problems[0].code, 'unreadable');
}));

test('cancelled, paused and asked meanwhile', () => inTree(Object.fromEntries(Array.from({ length: 200 }, (_, k) => [`f${k}.c`, `int f${k}(void) { return f${k + 1}(); }\n`.repeat(40)])), async (root, cache) => {
  const index = new KernelIndex(root);
  let asked = 0;
  const report = await index.open({ threads, cacheFolder: cache, cancelled: () => ++asked > 2 });
  assert.equal(report.cancelled, true);
  assert.equal(index.complete, false);
  assert.deepEqual(readdirSync(cache), [], 'a part is not saved');
  let pauses = 3;
  const again = await index.open({ threads, cacheFolder: cache, paused: () => pauses-- > 0 });
  assert.equal(again.cancelled, false);
  assert.equal(index.stats().files, 200);
}));

test('names: interned once, found again, a full table says so', () => {
  const table = new StringTable(reserveStrings({ names: 10, bytes: 1000, heads: 4 }));
  const ids = ['a', 'b', 'a', 'longer_name'].map((n) => table.intern(n));
  assert.equal(ids[0], ids[2]);
  assert.deepEqual([table.find('b'), table.find('none'), table.name(ids[3])], [ids[1], -1, 'longer_name']);
  for (let k = 0; k < 30; k++) table.intern(`n${k}`);
  assert.equal(table.full, true);
  assert.equal(table.find('a'), ids[0]);
  assert.equal(hashName('x') === hashName('y'), false);
  assert.notEqual(checksum(new Uint8Array([1, 2, 3, 4, 5])), checksum(new Uint8Array([1, 2, 3, 5, 4])));
});

test('a disk that is full while the index is saved: a message, the old file stays, nothing half written', () => inTree(FILES, async (root, cache) => {
  const { index } = await openTree(root, cache);
  const file = path.join(cache, readdirSync(cache)[0]);
  const before = readFileSync(file);
  for (const room of [0, 70, 2000]) {
    let left = room;
    const failed = writeCache(file, root, index.strings, index.segments.map((s) => s.data), (_fd, _data, _offset, length) => {
      if ((left -= length) < 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      return length;
    });
    assert.ok(failed.ok === false && failed.error.message.includes('disk is full'), `${room} bytes`);
    assert.deepEqual(readdirSync(cache), [path.basename(file)]);
    assert.deepEqual(readFileSync(file), before);
  }
}));

test('what a killed process left half written is never read, and goes away', () => inTree(FILES, async (root, cache) => {
  await openTree(root, cache);
  const [name] = readdirSync(cache);
  const good = readFileSync(path.join(cache, name));
  const half = path.join(cache, `${name}.99999.abc.tmp`);
  writeFileSync(half, good.subarray(0, good.length / 2));
  assert.equal((await openTree(root, cache)).fromCache, true);
  utimesSync(half, 1, 1);
  rmSync(path.join(cache, name));
  assert.deepEqual(await callersOf(root, cache), ['C', 'a']);
  assert.deepEqual(readdirSync(cache), [name]);
}));

test('names that are no UTF-8, of files and of folders, are told and not read', () => inTree(FILES, async (root) => {
  const bytes = (tail: string): Buffer => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(tail, 'latin1')]);
  try {
    mkdirSync(bytes('\xe9dir'));
    writeFileSync(bytes('\xe9dir/x.c'), 'int x;\n');
    writeFileSync(bytes('caf\xe9.c'), 'int cafe(void) { return b(); }\n');
  } catch {
    return; // a file system that takes no such names
  }
  writeFileSync(path.join(root, 'caf\u00e9.h'), 'static int fine(void) { return b(); }\n');
  const { index, query } = await openTree(root);
  assert.deepEqual(query.callers('b', null).map((r) => r.name).sort(), ['C', 'a', 'fine']);
  assert.deepEqual(index.problems.map((p) => `${p.code} ${p.where}`).sort(), ['odd-name caf\ufffd.c', 'odd-name \ufffddir']);
}));

test('folders and files without permission are told, and the rest is read', { skip: process.seteuid === undefined ? 'needs users' : false }, () => inTree({ ...FILES, 'shut/s.c': 'int s;', 'listed/l.c': 'int l;', 'secret.c': 'int secret;' }, async (root) => {
  chmodSync(root, 0o755);
  for (const [name, mode] of [['shut', 0], ['listed', 0o744], ['secret.c', 0], ['a.c', 0o644], ['dir', 0o755]] as const) chmodSync(path.join(root, name), mode);
  if (process.getuid?.() !== 0) chmodSync(path.join(root, 'listed'), 0o444);
  const was = process.geteuid?.() ?? 0;
  if (was === 0) process.seteuid?.(65534); // root reads everything
  try {
    const { index, query } = await openTree(root);
    assert.deepEqual(query.callers('b', null).map((r) => r.name).sort(), ['C', 'a']);
    assert.deepEqual(index.problems.map((p) => `${p.code} ${p.where}`).sort(), ['unreadable listed/l.c', 'unreadable secret.c', 'unreadable shut']);
    assert.equal(index.update('listed/l.c'), null, 'a change that cannot be looked at is no error');
  } finally {
    if (was === 0) process.seteuid?.(0);
    for (const name of ['shut', 'listed']) chmodSync(path.join(root, name), 0o755);
  }
}));

test('a worker that dies, or is not there, leaves nothing out', () => inTree(Object.fromEntries(Array.from({ length: 120 }, (_, k) => [`f${k}.c`, `int f${k}(void) { return b(); }\n${'/* filler */\n'.repeat(3000)}`])), async (root) => {
  const script = path.join(root, 'dies.js');
  for (const text of [null, 'throw new Error("no");', 'const { shared, batch } = require("node:worker_threads").workerData; Atomics.add(new Int32Array(shared), 0, batch * 2); process.exit(1);']) {
    if (text !== null) writeFileSync(script, text);
    const index = new KernelIndex(root);
    const report = await index.open({ threads: { script, count: 2 } });
    assert.deepEqual([report.cancelled, report.problems, index.stats().functions], [false, [], 120], text ?? 'no script');
  }
}));
