import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse } from './parser';
import { rewriteForParser } from './rewrite';
import { functionsIn } from './sites';
import { factsDir, gzTable, kernelText, skipWithout, valueOf } from './testing';
import path from 'node:path';
import type Parser from 'tree-sitter';

/** Kernel-shaped C that the grammar alone cannot read; each line breaks it in another way. */
const HARD = `#include <linux/box.h>
MODULE_NOTE("x")
static DEFINE_SPINLOCK(box_lock);
static DEFINE_PER_CPU(struct box_stat, box_stat);
DEFINE_TRACE(box_event, TP_ARGS(struct box *b), TP_PRINT("%d", b->n));
struct box {
	DECLARE_BITMAP(flags, 64);
	CHECKER_BEGIN(bits);
	u8 a:1;
	struct lid __rcu *lid ____cacheline_aligned;
	void (*ops)(struct box *);
} __packed __aligned(8);
static const struct ops __net_initconst box_ops = {
	.size = FIELD_SIZE(struct box, a.b),
	SET_ENTRIES(up, down)
	.open = box_open,
};
static __init int box_open(struct box __user *b)
	__acquires(b->lock)
{
	typeof(b->lid) l = first(b);
	static DEFINE_LIMIT(limit, 5 * HZ, 10);
	struct lid *m = entry_of(l, struct lid, list);

	list_for_each_entry(m, &b->all, list)
		say(KERN_INFO pr_fmt("open %d\\n"), m->n);
	for_boxes(b) {
		BOX_ASSERT(b, return -1);
	} end_for_boxes(b)
	switch (b->kind) {
	case 1 ... 3:
		n = min_t(unsigned int, b->n, 4);
	}
	memcpy(b, x, offsetof(struct box, a.b[1]));
#ifdef CONFIG_BIG
	if (b->big) {
#else
	if (b->small) {
#endif
		scan("%" __stringify(8) "s", va_arg(ap, char *));
	}
	return 0;
}
SYSCALL_DEFINE2(boxopen, int, fd, struct box __user *, b)
{
	return box_open(b);
}
SYSCALL_DEFINE0(boxclose)
{
	return 0;
}
module_start(box_open)
module_stop(box_close)
`;

function tree(text: string): Parser.SyntaxNode {
  return valueOf(parse(text)).tree.rootNode;
}

/** Source of the first node that the parser could not place, for the message. */
function firstError(node: Parser.SyntaxNode, text: string): string {
  if (node.isError || node.isMissing) return `line ${node.startPosition.row + 1}: ${text.slice(node.startIndex, node.startIndex + 40)}`;
  for (const child of node.children) if (child.hasError || child.isMissing) return firstError(child, text);
  return '';
}

test('the grammar reads the rewriting without an error, and the raw text not', () => {
  const root = tree(HARD);
  assert.equal(firstError(root, HARD), '');
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const Native = require('tree-sitter') as typeof Parser, raw = new Native();
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  raw.setLanguage(require('tree-sitter-c') as Parser.Language);
  assert.ok(raw.parse(HARD).rootNode.hasError);
});

test('positions stay true: length, line ends, and names at their offsets', () => {
  const out = rewriteForParser(HARD);
  assert.equal(out.length, HARD.length);
  out.split('\n').forEach((line, i) => assert.equal(line.length, HARD.split('\n')[i].length, `line ${i + 1}`));
  const names = tree(HARD).descendantsOfType('function_definition').map((f) => {
    const declarator = f.descendantsOfType('function_declarator')[0].childForFieldName('declarator')!;
    return HARD.slice(declarator.startIndex, declarator.endIndex);
  });
  assert.deepEqual(names.slice(0, 2), ['box_open', 'boxopen']);
});

test('a system call becomes a function with its parameters', () => {
  assert.equal(rewriteForParser('SYSCALL_DEFINE2(open2, int, fd, char *, to)\n{\n}\n').replace(/ +/g, ' '), 'long open2( int fd, char * to)\n{\n}\n');
});

test('any text: same length, same line ends', () => {
  const piece = fc.constantFrom('static ', 'struct s', '{', '}', '(', ')', ';', ',', '\n', '#if A\n', '\n#endif\n', 'DEFINE_PER_CPU(', 'SYSCALL_DEFINE1(', 'SYSCALL_DEFINE0(x)', 'int f(void)', 'list_for_each(', 'typeof(', 'return ', '/* c\n */', '"s"', 'x', '*', '=', '__init ', 'offsetof(', '\r\n', '.');
  fc.assert(fc.property(fc.array(piece, { maxLength: 50 }), (pieces) => {
    const text = pieces.join(''), out = rewriteForParser(text);
    assert.equal(out.length, text.length);
    assert.deepEqual([...out.matchAll(/[\r\n]/g)].map((m) => m.index), [...text.matchAll(/[\r\n]/g)].map((m) => m.index));
  }), { numRuns: 500 });
});

const CONTROL: Record<string, string> = { if_statement: 'if', return_statement: 'return', goto_statement: 'goto', switch_statement: 'switch', for_statement: 'loop', while_statement: 'loop', do_statement: 'loop', labeled_statement: 'label' };

test('3.10.108: the syntax tree and the statement parser see the same control flow', skipWithout('kernel', 'facts'), () => {
  const files = gzTable(path.join(factsDir!, 'files.tsv.gz')).map((r) => r[0]).filter((f) => /^(net\/core\/|net\/ipv4\/(tcp|ip_)|drivers\/|kernel\/softirq|include\/net\/)/.test(f));
  let total = 0, withErrors = 0;
  const differing: string[] = [];
  for (const file of files) {
    const text = kernelText(file), root = tree(text);
    if (root.hasError) withErrors++;
    const theirs = new Set(root.descendantsOfType(Object.keys(CONTROL)).map((n) => `${file}:${n.startPosition.row + 1} ${CONTROL[n.type]}`));
    const ours = new Set(functionsIn(text).flatMap((f) => f.sites.filter((s) => Object.values(CONTROL).includes(s.kind) && (s.text === '' || (s.kind !== 'loop' && s.kind !== 'goto'))).map((s) => `${file}:${s.line} ${s.kind}`)));
    total += theirs.size;
    for (const x of theirs) if (!ours.has(x)) differing.push(x);
    for (const x of ours) if (!theirs.has(x)) differing.push(x);
  }
  assert.ok(files.length > 60 && total > 8000, `${files.length} files, ${total} statements`);
  assert.ok(differing.length <= total / 2000, differing.slice(0, 20).join('\n'));
  assert.ok(withErrors <= files.length / 50, `${withErrors} of ${files.length} files with errors`);
});
