import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { codeOf, valueOf } from './parse/testing';
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

test('versions as Makefiles write them', () => {
  assert.equal(kernelVersion('VERSION = 3\nPATCHLEVEL = 10\nSUBLEVEL = 108\nEXTRAVERSION =\n'), '3.10.108');
  assert.equal(kernelVersion('VERSION=6\nPATCHLEVEL=1\nSUBLEVEL=\nEXTRAVERSION=\n'), '6.1');
  assert.equal(kernelVersion('VERSION = x\nPATCHLEVEL = 1\n'), null);
});

test('opens a tree, and says what to open instead of a folder that is none', () => {
  const tree = valueOf(KernelTree.open(path.join(dir, 'linux')));
  assert.deepEqual([tree.version, tree.isOutline, tree.root], ['5.4.7-rc2', false, path.join(dir, 'linux')]);
  const inside = KernelTree.open(path.join(dir, 'linux/net'));
  assert.equal(codeOf(inside), 'inside-kernel-tree');
  assert.throws(() => valueOf(inside), (e: Error) => e.message.includes(`Open ${path.join(dir, 'linux')} instead`));
  assert.equal(codeOf(KernelTree.open(path.join(dir, 'other'))), 'no-kernel-tree');
  assert.equal(codeOf(KernelTree.open(path.join(dir, 'nowhere'))), 'no-folder');
});

test('reads files as latin1; everything else is a problem that names the file', () => {
  const tree = valueOf(KernelTree.open(path.join(dir, 'linux')));
  const latin = tree.read('net/latin.c');
  assert.ok(latin.ok && latin.value === 'i\xe9\n');
  assert.equal(codeOf(tree.read('net/gone.c')), 'file-missing');
  assert.equal(codeOf(tree.read('net')), 'file-unreadable');
  assert.equal(codeOf(tree.read('net/table.bin')), 'file-binary');
  assert.equal(codeOf(tree.read('net/huge.h')), 'file-too-large');
  assert.equal(codeOf(tree.read('../other/Makefile')), 'outside-tree');
  assert.equal(codeOf(tree.read('/etc/hostname')), 'outside-tree');
  assert.deepEqual(tree.list('net'), ['huge.h', 'latin.c', 'socket.c', 'table.bin']);
  assert.deepEqual([tree.has('net/socket.c'), tree.has('net'), tree.list('gone')], [true, false, []]);
});

test('paths go both ways', () => {
  const tree = valueOf(KernelTree.open(path.join(dir, 'linux')));
  assert.equal(tree.relative(tree.absolute('net/socket.c')), 'net/socket.c');
  assert.equal(tree.relative(path.join(dir, 'other/Makefile')), null);
});
