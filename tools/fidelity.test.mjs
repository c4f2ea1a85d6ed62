// docs/fidelity.md is what the sources say, and the sources' comments are read as they are meant.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { PAGE, fidelityPage, reasons } from './fidelity.mjs';

const root = process.cwd();

test('the fidelity page is not stale (run node tools/fidelity.mjs and commit it)', () => assert.equal(readFileSync(path.join(root, PAGE), 'utf8'), fidelityPage(root)));

test('the reason of a difference is the sentence that holds the mark, and what follows a mark at its beginning', () => {
  assert.deepEqual(reasons('Finds the route. DEVIATION: no cache. It is too small. '), ['No cache. It is too small.']);
  assert.deepEqual(reasons('One number (DEVIATION: no per-CPU batching), always exact. More.'), ['One number (no per-CPU batching), always exact.']);
  assert.deepEqual(reasons('Only IPv4 ones exist here (DEVIATION): others do not; see net/socket.c. Another sentence.'), ['Only IPv4 ones exist here: others do not; see net/socket.c.']);
  assert.deepEqual(reasons('Nothing of the kind.'), []);
});
