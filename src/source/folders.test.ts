import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { makeFolder } from './folders';

test('folders are made with those around them, a second time too, and never for ever', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'skbwalk-folders-'));
  try {
    const deep = path.join(dir, 'a/b/c');
    makeFolder(deep);
    makeFolder(deep);
    assert.ok(statSync(deep).isDirectory());
    writeFileSync(path.join(dir, 'file'), '');
    assert.throws(() => makeFolder(path.join(dir, 'file')), { code: 'EEXIST' });
    assert.throws(() => makeFolder(path.join(dir, 'file/under')), { code: 'EEXIST' });
    assert.throws(() => makeFolder(''), { code: 'ENOENT' });
    if (existsSync('/proc/self')) assert.throws(() => makeFolder('/proc/skbwalk/x'), { code: 'ENOENT' });
  } finally { rmSync(dir, { recursive: true, force: true }); }
});
