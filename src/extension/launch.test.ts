import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { findKernel } from './kernel';
import { checkLaunch, defaultConfig } from './launch';

const DEFAULTS = { scenario: 'tcp-send-64', kernel: '', folder: '/ws' };
const BASE = { type: 'skbwalk', request: 'launch', name: 'x' };

test('defaults are filled in', () => {
  const checked = checkLaunch(defaultConfig('udp-send-64'), DEFAULTS);
  assert.deepEqual(checked.ok && checked.value, { scenario: 'udp-send-64', file: false, recording: '', host: '', entry: '', kernel: '', all: false });
  const bare = checkLaunch(BASE, DEFAULTS);
  assert.equal(bare.ok && bare.value.scenario, 'tcp-send-64');
});

test('a scenario file is found relative to the folder', () => {
  const checked = checkLaunch({ ...BASE, scenario: 'runs/my.json' }, DEFAULTS);
  assert.deepEqual(checked.ok && [checked.value.scenario, checked.value.file], [path.join('/ws', 'runs/my.json'), true]);
});

test('a recording takes the place of a scenario, and is found relative to the folder', () => {
  const checked = checkLaunch({ ...BASE, recording: 'traces/mine.json' }, DEFAULTS);
  assert.deepEqual(checked.ok && [checked.value.recording, checked.value.scenario, checked.value.file], [path.join('/ws', 'traces/mine.json'), 'mine.json', false]);
});

test('wrong types are said, with the place to change', () => {
  for (const [bad, said] of [[{ scenario: 3 }, /"scenario" .* must be text/], [{ all: 'yes' }, /"all" .* true or false/], [{ request: 'attach' }, /only "launch"/]] as const) {
    const checked = checkLaunch({ ...BASE, ...bad }, DEFAULTS);
    assert.ok(checked.ok === false && said.test(checked.error.message) && /launch\.json/.test(checked.error.message));
  }
});

test('the kernel tree: named, around the file, in the workspace, or none', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'skbwalk-kernel-'));
  try {
    for (const sub of ['include/linux', 'kernel', 'net/ipv4', '../none'].map((s) => path.join(dir, 'k', s))) mkdirSync(sub, { recursive: true });
    writeFileSync(path.join(dir, 'k/Makefile'), 'VERSION = 3\nPATCHLEVEL = 10\nSUBLEVEL = 108\n');
    writeFileSync(path.join(dir, 'k/net/socket.c'), '');
    const root = path.join(dir, 'k'), none = path.join(dir, 'none');
    const found = (search: Parameters<typeof findKernel>[0]): unknown => { const r = findKernel(search); return r.ok === false ? r.error.code : r.value; };
    assert.equal(found({ named: '', document: path.join(root, 'net/ipv4/tcp.c'), folders: [none] }), root);
    assert.equal(found({ named: '', document: '', folders: [none, root] }), root);
    assert.equal(found({ named: '', document: '', folders: [path.join(root, 'net')] }), root);
    assert.equal(found({ named: 'outline', document: '', folders: [root] }), '');
    assert.equal(found({ named: 'k', document: '', folders: [dir] }), root);
    assert.equal(found({ named: none, document: '', folders: [root] }), 'no-kernel-tree');
    assert.equal(found({ named: '', document: '', folders: [none] }), 'no-kernel-tree');
    assert.equal(found({ named: '', document: '', folders: [] }), 'no-folder-open');
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
