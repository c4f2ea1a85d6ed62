import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Anchor, AnchorKind } from '../../base/anchor';
import { fail, ok } from '../../base/result';
import { functionsIn } from '../parse/sites';
import { kernelDir, kernelText, skipWithout, valueOf } from '../parse/testing';
import { KernelTree } from '../tree';
import { AnchorResolver } from './resolve';
import { AnchorTable } from './table';

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'skbwalk-anchor-'));
after(() => fs.rmSync(dir, { recursive: true, force: true }));

const BOX = `static int box_put(struct box *b)
{
	if (!b->open)
		return -EPERM;
	b->n = grow(b,
		    room(b));
	return grow(b, 1);
}

#ifdef CONFIG_TWO
static void twice(void)
{
	one();
}
#else
static void twice(void)
{
	two();
}
#endif
`;
function write(file: string, text: string): void {
  fs.mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
  fs.writeFileSync(path.join(dir, file), text);
}
write('Makefile', 'VERSION = 4\nPATCHLEVEL = 9\n');
write('include/linux/box.h', 'static inline int moved(int a)\n{\n\treturn a;\n}\n');
write('net/box.c', BOX);
write('net/lid.c', '\nint\nlid_moved(void)\n{\n\treturn 0;\n}\nSYSCALL_DEFINE1(lidopen, int, fd)\n{\n\treturn 0;\n}\n');

function open(): AnchorResolver {
  return new AnchorResolver(valueOf(KernelTree.open(dir)));
}
const at = (name: string, kind: AnchorKind, text = '', nth = 1, def = 1, file = 'net/box.c'): Anchor => ({ path: file, function: name, def, kind, text, nth });

test('exact: the line of the statement, also for a call on its second line; nth and def count', () => {
  const r = open();
  assert.deepEqual(r.resolve(at('box_put', 'entry')), { status: 'exact', line: 1 });
  assert.deepEqual(r.resolve(at('box_put', 'if', 'b open')), { status: 'exact', line: 3 });
  assert.deepEqual(r.resolve(at('box_put', 'call', 'room')), { status: 'exact', line: 5 });
  assert.deepEqual(r.resolve(at('box_put', 'call', 'grow', 2)), { status: 'exact', line: 7 });
  assert.deepEqual(r.resolve(at('twice', 'call', 'two', 1, 2)), { status: 'exact', line: 18 });
  assert.deepEqual(r.resolve(at('sys_lidopen', 'return', '', 1, 1, 'net/lid.c')), { status: 'exact', line: 9 });
});

test('function: the statement is gone; missing: never a line', () => {
  const r = open();
  assert.deepEqual(r.resolve(at('box_put', 'call', 'grow', 3)), { status: 'function', line: 1 });
  assert.deepEqual(r.resolve(at('twice', 'call', 'one', 1, 3)), { status: 'function', line: 11 });
  assert.deepEqual(r.resolve(at('gone', 'entry')), { status: 'missing', line: 0 });
  assert.deepEqual(r.resolve(at('gone', 'entry', '', 1, 1, 'net/none.c')), { status: 'missing', line: 0 });
  assert.equal(r.problem('net/none.c')?.code, 'file-missing');
});

test('explain says what is not there, and where a function has moved', () => {
  const r = open();
  assert.match(r.explain(at('box_put', 'call', 'grow', 3)), /box_put is at net\/box\.c:1, but Linux 4\.9 has no such call \(grow\)/);
  assert.match(r.explain(at('lid_moved', 'entry')), /not in net\/box\.c of Linux 4\.9: it is in net\/lid\.c:3/);
  assert.match(r.explain(at('sys_lidopen', 'entry')), /net\/lid\.c:7/);
  assert.match(r.explain(at('moved', 'entry')), /include\/linux\/box\.h:1/);
  assert.match(r.explain(at('gone', 'entry')), /nor in the files beside it/);
});

test('a change on disk is seen; an editor’s text wins until it is given back', () => {
  write('net/edit.c', 'void f(void)\n{\n\tg();\n}\n');
  const r = open(), call = at('f', 'call', 'g', 1, 1, 'net/edit.c');
  assert.equal(r.resolve(call).line, 3);
  r.setText('net/edit.c', '\n\nvoid f(void)\n{\n\tg();\n}\n');
  assert.equal(r.resolve(call).line, 5);
  write('net/edit.c', '\nvoid f(void)\n{\n\n\tg();\n}\n');
  assert.equal(r.resolve(call).line, 5);
  r.setText('net/edit.c', undefined);
  assert.equal(r.resolve(call).line, 5);
  write('net/edit.c', 'void f(void) { g(); }\n');
  assert.equal(r.resolve(call).line, 1);
  fs.rmSync(path.join(dir, 'net/edit.c'));
  assert.equal(r.resolve(call).status, 'missing');
  r.setText('net/edit.c', 'x'.repeat(9_000_000));
  assert.equal(r.problem('net/edit.c')?.code, 'file-too-large');
});

test('what stands on a line', () => {
  const r = open();
  assert.deepEqual([1, 2, 8, 9, 12, 0].map((line) => r.functionAt('net/box.c', line)?.name ?? null), ['box_put', 'box_put', 'box_put', null, 'twice', null]);
  assert.equal(r.functionAt('net/box.c', 17)?.def, 2);
  assert.deepEqual(r.anchorsAtLine('net/box.c', 5).map((x) => `${x.anchor.kind} ${x.anchor.text}`), ['assign n', 'call grow', 'call room']);
  assert.deepEqual(r.anchorsAtLine('net/box.c', 6).map((x) => `${x.anchor.kind} ${x.anchor.text}`), ['call room']);
  assert.deepEqual(r.anchorsAtLine('net/box.c', 9), []);
  assert.deepEqual(r.anchorsAtLine('net/box.c', 2).map((x) => x.anchor.kind), ['entry']);
  assert.deepEqual(r.lines('net/box.c', 0, 13), [1, 3, 4, 5, 6, 7, 11, 13]);
  assert.deepEqual(r.lines('net/box.c', 6, 10), [6, 7]);
  assert.deepEqual(r.lines('net/none.c', 1, 10), []);
});

test('the table of known anchors counts on an outline, and on nothing else', () => {
  const text = 'void f(void) {\n\n}\n', known = new AnchorTable([{ anchor: at('f', 'if', 'x', 1, 1, 'a.c'), line: 2 }]);
  const files = { stamp: () => ({ mtimeMs: 0, size: 1 }), read: (p: string) => (p === 'a.c' ? ok(text) : fail('file-missing', 'no')), list: (): string[] => [] };
  const outline = new AnchorResolver(KernelTree.over(files, '3.10.108', true), known), real = new AnchorResolver(KernelTree.over(files, '3.10.108', false), known);
  const anchor = at('f', 'if', 'x', 1, 1, 'a.c');
  assert.deepEqual(outline.resolve(anchor), { status: 'exact', line: 2 });
  assert.deepEqual(real.resolve(anchor), { status: 'function', line: 1 });
  assert.deepEqual(outline.lines('a.c', 1, 3), [1, 2]);
  assert.deepEqual(outline.anchorsAtLine('a.c', 2).map((x) => x.anchor), [anchor]);
});

test('3.10.108: cold in under 300 ms, and every site of a file resolves to itself', skipWithout('kernel'), () => {
  const started = performance.now(), tree = valueOf(KernelTree.open(kernelDir!));
  assert.equal(tree.version, '3.10.108');
  const r = new AnchorResolver(tree), file = 'net/ipv4/tcp_output.c';
  assert.equal(r.resolve(at('tcp_write_xmit', 'call', 'tcp_transmit_skb', 1, 1, file)).status, 'exact');
  assert.ok(performance.now() - started < 300, `${performance.now() - started} ms`);
  for (const f of functionsIn(kernelText(file))) {
    for (const s of f.sites) assert.deepEqual(r.resolve({ path: file, function: f.name, def: f.def, kind: s.kind, text: s.text, nth: s.nth }), { status: 'exact', line: s.line });
  }
});
