import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { staleInstall } from './project.mjs';
import { findKernel, firstPlace } from './start.mjs';

const home = mkdtempSync(path.join(os.tmpdir(), 'start-'));
after(() => rmSync(home, { recursive: true, force: true }));

function put(name, text = '') {
  mkdirSync(path.join(home, path.dirname(name)), { recursive: true });
  writeFileSync(path.join(home, name), text);
}

test('findKernel: named, from the environment, around the current folder, or the outline', () => {
  for (const name of ['linux/net/socket.c', 'plain/a.c']) put(name);
  put('linux/Makefile', 'VERSION = 3\nPATCHLEVEL = 10\n');
  const tree = path.join(home, 'linux');
  assert.equal(findKernel({ kernel: 'linux', env: {}, cwd: home }).folder, tree);
  assert.equal(findKernel({ env: { SKBWALK_KERNEL: tree }, cwd: home }).folder, tree);
  assert.equal(findKernel({ env: { INIT_CWD: path.join(tree, 'net') } }).folder, tree);
  assert.equal(findKernel({ env: {}, cwd: home }).folder, undefined);
  assert.match(findKernel({ kernel: 'plain', env: {}, cwd: home }).what, /no kernel tree/);
  assert.throws(() => findKernel({ kernel: 'gone', env: {}, cwd: home }), /is no folder\. Give the top/);
});

test('firstPlace: the line of send(), in a tree and in the outline', () => {
  put('tree/net/socket.c', '\nSYSCALL_DEFINE6(sendto, int, fd)\n{\n}\nSYSCALL_DEFINE4(send, int, fd)\n');
  put('lines/net/socket.c', '\nvoid sys_sendto(void) {\n}\nvoid sys_send(void) {\n');
  put('other/net/socket.c', 'int x;\n');
  assert.equal(firstPlace(path.join(home, 'tree')), `${path.join(home, 'tree/net/socket.c')}:5`);
  assert.equal(firstPlace(path.join(home, 'lines')), `${path.join(home, 'lines/net/socket.c')}:4`);
  assert.equal(firstPlace(path.join(home, 'other')), '');
  assert.equal(firstPlace(path.join(home, 'none')), '');
});

test('staleInstall: nothing, another version, a folder removed by hand, all well', () => {
  const lock = (version) => JSON.stringify({ packages: { '': {}, 'node_modules/x': { version }, 'node_modules/opt': { version: '1', optional: true } } });
  put('app/package-lock.json', lock('2.0.0'));
  const app = path.join(home, 'app');
  assert.equal(staleInstall(app), 'nothing is installed yet');
  put('app/node_modules/.package-lock.json', lock('1.0.0'));
  assert.equal(staleInstall(app), 'x 2.0.0 is not installed');
  put('app/node_modules/.package-lock.json', lock('2.0.0'));
  assert.equal(staleInstall(app), 'x is gone');
  put('app/node_modules/x/package.json', '{}');
  assert.equal(staleInstall(app), '');
});
