import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreement, callBounds, figures, misses } from './conformance.mjs';

test('figures reads both programs\' last lines', () => {
  assert.deepEqual(figures('precision 0.981 (155/158)  recall 0.900 (1/2)  context 0.75 (4 handlers)'), { precision: 0.981, recall: 0.9, context: 0.75 });
  assert.deepEqual(figures('true 0.990 (99/100)  false 1  coverage 0.400 (4/10)  order 1.000 (9/9)'), { true: 0.99, false: 1, coverage: 0.4, order: 1, falseShare: 0.01 });
});

test('misses names each measure that is out of bounds, and those that are not there', () => {
  assert.deepEqual(misses({ precision: 0.97, false: 0 }, { precision: 0.97, false: { max: 0 } }), []);
  assert.deepEqual(misses({ precision: 0.96, false: 1 }, { precision: 0.97, false: { max: 0 }, recall: 0.9 }),
    ['precision 0.96 (at least 0.97)', 'false 1 (at most 0)', 'recall missing (at least 0.9)']);
});

test('bounds follow what two recordings agree, and are capped', () => {
  const agreed = agreement('recording\ttrees\tprecision\trecall\tcalls\nx.a\t3\t0.889\t1.0\t9\n');
  const rules = { margin: 0.02, calls: { precision: 0.97, recall: 0.95, context: 0.8 } };
  assert.deepEqual(callBounds(agreed['x.a'], rules), { precision: 0.869, recall: 0.95, context: 0.8 });
  assert.deepEqual(callBounds(undefined, rules), rules.calls);
});
