import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { tokenize } from './tokens';

test('tokens carry offsets and lines, comments vanish, literals stay whole', () => {
  const text = 'a /* x\n y */ += "q\\"; /*" \'\\\'\';\n// c \\\n still\nb->c 0x1fU 1.5e-3';
  const t = tokenize(text);
  assert.deepEqual(t.text, ['a', '+=', '"q\\"; /*"', "'\\''", ';', 'b', '->', 'c', '0x1fU', '1.5e-3']);
  assert.deepEqual(t.line, [1, 2, 2, 2, 2, 5, 5, 5, 5, 5]);
  t.text.forEach((x, i) => assert.equal(text.slice(t.start[i], t.end[i]), x));
});

test('directives swallow continuation lines and comments, and know the token behind them', () => {
  const t = tokenize('x\n#define A(b) \\\n  do { b } while (0) /* over\n two */\n#  if defined(C)\ny\n#endif\nz # w');
  assert.deepEqual(t.text, ['x', 'y', 'z', '#', 'w']);
  assert.deepEqual(t.directives.map((d) => [d.word, d.line, d.before]), [['define', 2, 1], ['if', 5, 1], ['endif', 7, 2]]);
  assert.equal(t.directives[1].rest, 'defined(C)');
});

test('unclosed comments and strings end with the text and the line', () => {
  assert.deepEqual(tokenize('a "open\nb /* never').text, ['a', '"open', 'b']);
});

test('any text: tokens are in order, do not overlap, and are what the text says', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', '1', ' ', '\n', '"', "'", '/', '*', '#', '\\', '(', '{', '-', '>', '\r', '.', '\u00e9'), maxLength: 60 }), (text) => {
    const t = tokenize(text);
    let at = 0;
    t.text.forEach((x, i) => {
      assert.ok(t.start[i] >= at && t.end[i] > t.start[i]);
      assert.equal(text.slice(t.start[i], t.end[i]), x);
      assert.equal(t.line[i], text.slice(0, t.start[i]).split('\n').length);
      at = t.end[i];
    });
    assert.equal(t.lineStarts.length, text.split('\n').length);
  }));
});
