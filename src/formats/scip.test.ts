import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ScipDefinition, scipSymbol, scipChunks, varint } from './scip';

/** Fields of a protocol-buffer message: [number, value]. */
function fields(b: Buffer): Array<[number, number | Buffer]> {
  const found: Array<[number, number | Buffer]> = [];
  let at = 0;
  const read = (): number => { let v = 0; let s = 1; for (;;) { const c = b[at++]; v += (c & 127) * s; if (c < 128) return v; s *= 128; } };
  while (at < b.length) {
    const tag = read();
    if ((tag & 7) === 0) found.push([tag >>> 3, read()]);
    else { const n = read(); found.push([tag >>> 3, b.subarray(at, at + n)]); at += n; }
  }
  return found;
}

test('variable-length integers', () => {
  assert.deepEqual([...varint(0)], [0]);
  assert.deepEqual([...varint(300)], [0xac, 2]);
  assert.deepEqual([...varint(2 ** 32)], [0x80, 0x80, 0x80, 0x80, 0x10]);
});

test('a document has its definitions and uses with the same symbols', () => {
  const one: ScipDefinition = { name: 'one', kind: 'function', path: 'a.c', line: 3, column: 12, local: true };
  const two: ScipDefinition = { name: 'two', kind: 'macro', path: 'b.h', line: 1, column: 9, local: false };
  const chunks = scipChunks({ root: '/tree', paths: () => ['a.c'], definitions: () => [one], uses: () => [{ target: two, line: 4, column: 2, length: 3 }] });
  const index = fields(Buffer.concat([...chunks]));
  assert.deepEqual(index.map(([n]) => n), [1, 2]);
  const document = fields(index[1][1] as Buffer);
  const occurrences = document.filter(([n]) => n === 2).map(([, b]) => fields(b as Buffer));
  assert.deepEqual([...(occurrences[0][0][1] as Buffer)], [2, 11, 14]);
  assert.equal(String(occurrences[0][1][1]), scipSymbol(one));
  assert.equal(occurrences[0][2][1], 1);
  assert.equal(String(occurrences[1][1][1]), 'skbwalk c linux . two!');
  assert.equal(scipSymbol(one), 'skbwalk c linux . `a.c`/one().');
});
