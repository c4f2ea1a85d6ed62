import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTokens } from './conditionals';
import { tokenize } from './tokens';

const read = (text: string): string => readTokens(tokenize(text)).text.join(' ');

test('branches that stand on their own are all read', () => {
  assert.equal(read('#ifdef A\nint a;\n#elif B\nint b;\n#else\nint c;\n#endif'), 'int a ; int b ; int c ;');
});

test('halves of one statement: the first only', () => {
  assert.equal(read('#ifdef A\nif (x) {\n#else\nif (y) {\n#endif\nz(); }'), 'if ( x ) { z ( ) ; }');
  assert.equal(read('f(a\n#if A\n+ b\n#else\n+ c\n#endif\n);'), 'f ( a + b ) ;');
});

test('an empty branch does not count, `#if 0` is never read, its else is', () => {
  assert.equal(read('#ifdef A\n#else\nif (x)\n#endif\ny();'), 'if ( x ) y ( ) ;');
  assert.equal(read('#if 0\nold();\n#else\nnew();\n#endif'), 'new ( ) ;');
  assert.equal(read('#if (0) /* off */\nold();\n#endif\n#if 01\nx;\n#endif'), 'x ;');
});

test('groups nest, and a stray #endif harms nothing', () => {
  assert.equal(read('#if A\n#if B\na {\n#else\nb {\n#endif\n}\n#else\nc;\n#endif\n#endif\nd'), 'a { } c ; d');
});
