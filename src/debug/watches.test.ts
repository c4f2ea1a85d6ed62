import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableResolver, tinyRun } from '../../test/unit/tiny-run';
import { Places } from './places';
import { Stepper } from './stepper';
import { Threads } from './threads';
import { stepsOfChanges } from './watches';

test('a change stands at the statement that ran until it was found, a caller\'s assignment before its callee\'s last line, and nowhere when the trace has no such step', () => {
  const { trace, lines } = tinyRun(), places = new Places(trace, tableResolver(lines)), threads = new Threads(trace), stepper = new Stepper(trace, places, threads, false);
  const at = (key: string, ...ordinals: number[]): (readonly [string, string])[] => [...stepsOfChanges({ trace, threads, stepper }, 'x->y', key, ordinals.map((ordinal) => ({ ordinal, was: '1', now: '2' })))]
    .map(([step, text]) => [`${trace.functions[trace.frames.fn[trace.steps.frame[step]]].name}:${places.line(step)}`, text] as const);
  const found = trace.steps.frame.findIndex((_, s) => trace.steps.site[s] >= 0 && trace.sites[trace.steps.site[s]].text === 'copied');
  assert.deepEqual(at('copied', trace.steps.ordinal[found] + 1), [['tcp_sendmsg:25', 'x->y changes here: 1 to 2']]);
  // The last step of a function that has returned since.
  const left = trace.frames.endStep[1] - 1;
  assert.deepEqual(at('other', trace.steps.ordinal[left] + 1).map(([place]) => place), ['lookup:4']);
  assert.deepEqual(at('copied', 5, trace.steps.ordinal[trace.steps.count - 1] + 7), [], 'outside of the trace');
});
