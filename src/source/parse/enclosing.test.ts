import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spansAround } from '../index/shapes';
import { SyntaxSpans } from './enclosing';

const TEXT = `#include <a.h>
static int __init probe(struct sock *sk, int len)
{
	if (len > sk->max + 2 * before(len, 3))
		return -EINVAL; /* too long \u4e2d */
	return 0;
}
`;

function texts(text: string, needle: string): string[] {
  const at = text.indexOf(needle), nodes = new SyntaxSpans().around(text, { start: at, end: at + needle.length });
  assert.ok(nodes.ok);
  return spansAround(text, at, nodes.value).map((s) => text.slice(s.start, s.end));
}

test('a selection grows from word to operand, expression, statement, body, function, text', () => {
  assert.deepEqual(texts(TEXT, 'before').slice(0, 6), ['before', 'before(len, 3)', '2 * before(len, 3)', 'sk->max + 2 * before(len, 3)', 'len > sk->max + 2 * before(len, 3)', '(len > sk->max + 2 * before(len, 3))']);
  const steps = texts(TEXT, 'EINVAL');
  assert.deepEqual(steps.slice(0, 3), ['EINVAL', '-EINVAL', 'return -EINVAL;']);
  assert.ok(steps.some((s) => s.startsWith('if (len') && s.endsWith('-EINVAL;')));
  assert.ok(steps.some((s) => s.endsWith('return 0;\n}') && s.startsWith('static int')));
  assert.equal(steps[steps.length - 1], TEXT);
});

test('each span holds the one before it, also behind characters of two bytes and in broken text', () => {
  const broken = TEXT.replace('{', '').replace('2 *', '2 * * ) (');
  for (const text of [TEXT, TEXT + TEXT.replace('probe', 'again'), broken]) {
    const spans = new SyntaxSpans();
    for (let at = 0; at <= text.length; at++) {
      const nodes = spans.around(text, { start: at, end: at });
      assert.ok(nodes.ok);
      const found = spansAround(text, at, nodes.value);
      for (let k = 0; k < found.length; k++) assert.ok(found[k].start <= at && at <= found[k].end && (k === 0 || found[k].start <= found[k - 1].start && found[k].end >= found[k - 1].end && found[k].end - found[k].start > found[k - 1].end - found[k - 1].start));
    }
  }
});

test('without nodes it is words and brackets', () => {
  assert.deepEqual(spansAround('f(a, b)', 2).map((s) => [s.start, s.end]), [[2, 3], [2, 6], [1, 7], [0, 7]]);
});
