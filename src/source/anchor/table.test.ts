import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeOf } from '../parse/testing';
import { formatAnchorTable, parseAnchorTable } from './table';

const A = { path: 'net/a.c', function: 'f', def: 1, kind: 'call', text: 'g', nth: 2 } as const;

test('a table reads back what it wrote, further columns are ignored', () => {
  const text = formatAnchorTable([{ anchor: A, line: 7 }, { anchor: { ...A, kind: 'entry', text: '', nth: 1 }, line: 3 }]);
  const read = parseAnchorTable(text.replace('line\n', 'line\tmore\n').replace('\t7\n', '\t7\tx\n'));
  assert.ok(read.ok);
  assert.deepEqual(read.value.problems, []);
  assert.equal(read.value.table.line(A), 7);
  assert.equal(read.value.table.line({ ...A, nth: 1 }), null);
  assert.deepEqual(read.value.table.at('net/a.c', 3).map((a) => a.kind), ['entry']);
  assert.equal(formatAnchorTable(read.value.table.rows), text);
});

test('bad rows are left out and reported; a table without its columns is refused', () => {
  const read = parseAnchorTable('path\tfunction\tdef\tkind\ttext\tnth\tline\n\nnet/a.c\tf\t1\tjump\t\t1\t3\nnet/a.c\tf\t1\treturn\t\tx\t3\nnet/a.c\tf\t1\treturn\t\t1\t3\n', 'x.tsv');
  assert.ok(read.ok);
  assert.deepEqual([read.value.table.rows.length, read.value.problems.map((p) => p.where)], [1, ['x.tsv:3', 'x.tsv:4']]);
  assert.equal(codeOf(parseAnchorTable('path\tline\n')), 'bad-anchor-table');
});
