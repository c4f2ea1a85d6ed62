import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FARM_MACROS } from './farms';
import { definitionsAt, references, wordAt } from './places';
import { infoKind, Kind } from './facts';
import { makeTree, openTree, scanned } from './testing';

const farm = (count: number): string => Array.from({ length: count }, (_, k) => `#define REG_${k}\t0x${k.toString(16)} /* a register */`).join('\n') + '\n';
const defined = (text: string): number => { const { sink } = scanned(text); let n = 0; for (let r = 0; r < sink.tables.defs.count; r++) if (infoKind(sink.tables.defs.data[r * 4 + 2]) === Kind.MACRO) n++; return n; };

test('only a file full of numbers is a farm, and only its numbers leave the tables', () => {
  assert.equal(defined(farm(FARM_MACROS - 1)), FARM_MACROS - 1);
  assert.equal(defined(`${farm(FARM_MACROS)}#define CALL(x) f(x)\n#define alias other\n`), 2);
});

test('a macro of a farm is found by its name, counted, and can be referred to; a fresh look follows an edit', async () => {
  const tree = makeTree({ 'drivers/regs.h': `/* REG_7 */\n${farm(FARM_MACROS)} #  define  LAST\t(1 << 3)\nint f(void) { return LAST; }\n`, 'drivers/a.c': 'int g(void)\n{\n\treturn REG_7 + LAST;\n}\n' });
  try {
    const { index, query } = await openTree(tree.root);
    assert.equal(index.stats().macros, FARM_MACROS + 1);
    assert.deepEqual(query.definitions('REG_7').map((d) => `${d.path}:${d.line}:${d.column} ${d.kind}`), [`drivers/regs.h:9:9 ${Kind.MACRO}`]);
    const word = wordAt(query, { path: 'drivers/a.c', line: 3, column: 18 });
    assert.ok(word);
    assert.deepEqual(definitionsAt(query, word).map((d) => `${d.name} ${d.kind} ${d.path}:${d.line}`), [`LAST macro drivers/regs.h:${FARM_MACROS + 2}`]);
    assert.deepEqual(references(query, 'LAST').map((p) => `${p.path}:${p.line}`), ['drivers/a.c:3', `drivers/regs.h:${FARM_MACROS + 2}`, `drivers/regs.h:${FARM_MACROS + 3}`]);
    assert.deepEqual(query.definitions('REG_'), [], 'a part of a name is no name');
    index.update('drivers/regs.h', `\n${farm(FARM_MACROS)}`); // an editor's text is read whole
    assert.deepEqual(query.definitions('REG_7').map((d) => d.line), [9]);
    assert.equal(query.lookup.inFile('drivers/regs.h').length, FARM_MACROS);
  } finally {
    tree.dispose();
  }
});

test('the cache keeps farms as they are', async () => {
  const tree = makeTree({ 'regs.h': farm(FARM_MACROS) });
  const cache = makeTree({});
  try {
    await openTree(tree.root, cache.root);
    const again = await openTree(tree.root, cache.root);
    assert.equal(again.fromCache, true);
    assert.equal(again.index.stats().macros, FARM_MACROS);
    assert.equal(again.query.definitions('REG_12')[0]?.line, 13);
  } finally {
    tree.dispose();
    cache.dispose();
  }
});
