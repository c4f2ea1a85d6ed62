import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { KernelTree, MAX_SOURCE_BYTES, kernelVersion } from './tree';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'skbwalk-tree-'));
after(() => fs.rmSync(dir, { recursive: true, force: true }));

function write(file: string, content: string | Buffer): void {
  fs.mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
  fs.writeFileSync(path.join(dir, file), content);
}
write('linux/Makefile', 'VERSION = 5\nPATCHLEVEL = 4\nSUBLEVEL = 7\nEXTRAVERSION = -rc2\nNAME = x\n');
write('linux/net/socket.c', 'int caf\xe9;\n');
write('linux/net/latin.c', Buffer.from([0x69, 0xe9, 0x0a]));
write('linux/net/table.bin', Buffer.from([1, 0, 2]));
fs.truncateSync((write('linux/net/huge.h', ''), path.join(dir, 'linux/net/huge.h')), MAX_SOURCE_BYTES + 1);
write('other/Makefile', 'all:\n\tcc x.c\n');

const codeOf = (r: { ok: boolean; error?: { code: string } }): string => (r.ok ? 'ok' : r.error!.code);

test('versions as Makefiles write them', () => {
  assert.equal(kernelVersion('VERSION = 3\nPATCHLEVEL = 10\nSUBLEVEL = 108\nEXTRAVERSION =\n'), '3.10.108');
  assert.equal(kernelVersion('VERSION=6\nPATCHLEVEL=1\nSUBLEVEL=\nEXTRAVERSION=\n'), '6.1');
  assert.equal(kernelVersion('VERSION = x\nPATCHLEVEL = 1\n'), null);
});

test('opens a tree, and says what to open instead of a folder that is none', () => {
  const tree = KernelTree.open(path.join(dir, 'linux'));
  assert.ok(tree.ok);
  assert.deepEqual([tree.value.version, tree.value.isOutline, tree.value.root], ['5.4.7-rc2', false, path.join(dir, 'linux')]);
  const inside = KernelTree.open(path.join(dir, 'linux/net'));
  assert.equal(codeOf(inside), 'inside-kernel-tree');
  assert.ok(!inside.ok && inside.error.message.includes(path.join(dir, 'linux')));
  assert.equal(codeOf(KernelTree.open(path.join(dir, 'other'))), 'no-kernel-tree');
  assert.equal(codeOf(KernelTree.open(path.join(dir, 'nowhere'))), 'no-folder');
});

test('reads files as latin1; everything else is a problem that names the file', () => {
  const tree = KernelTree.open(path.join(dir, 'linux'));
  assert.ok(tree.ok);
  const latin = tree.value.read('net/latin.c');
  assert.ok(latin.ok && latin.value === 'i\xe9\n');
  assert.equal(codeOf(tree.value.read('net/gone.c')), 'file-missing');
  assert.equal(codeOf(tree.value.read('net')), 'file-unreadable');
  assert.equal(codeOf(tree.value.read('net/table.bin')), 'file-binary');
  assert.equal(codeOf(tree.value.read('net/huge.h')), 'file-too-large');
  assert.equal(codeOf(tree.value.read('../other/Makefile')), 'outside-tree');
  assert.equal(codeOf(tree.value.read('/etc/hostname')), 'outside-tree');
  assert.deepEqual(tree.value.list('net'), ['huge.h', 'latin.c', 'socket.c', 'table.bin']);
  assert.deepEqual([tree.value.has('net/socket.c'), tree.value.has('net'), tree.value.list('gone')], [true, false, []]);
});

test('paths go both ways', () => {
  const tree = KernelTree.open(path.join(dir, 'linux'));
  assert.ok(tree.ok);
  assert.equal(tree.value.relative(tree.value.absolute('net/socket.c')), 'net/socket.c');
  assert.equal(tree.value.relative(path.join(dir, 'other/Makefile')), null);
});
