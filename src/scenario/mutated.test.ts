/// <reference path="./virtual.d.ts" />
/** The built-in scenarios with something changed: each is refused with its place, or runs, or stops with a reason. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { files } from 'skbwalk:scenarios';
import { apply, change, LIMITS, textOf } from '../../test/unit/mutations';
import { loadScenario, runScenario } from './index';

interface Seen { refused: number; ended: number; stopped: number }

/** Loads and runs; what is refused must say where, what stops must say why. */
function meets(text: string, seen: Seen): void {
  const loaded = loadScenario({ text, where: 'odd.json' });
  if (loaded.ok === false) {
    assert.match(loaded.error.message, /^odd\.json:\d+:\d+: \S.{10,}/s);
    const [, line, column] = loaded.error.message.split(':').map(Number), rows = text.split('\n');
    assert.ok(line >= 1 && line <= rows.length && column >= 1 && column <= rows[line - 1].length + 1, `${line}:${column} is in the file`);
    assert.ok(loaded.error.message.length < 1200, 'a message, no essay');
    seen.refused++;
    return;
  }
  const limits = loaded.value.limits, bounded = { ...loaded.value, limits: { steps: Math.min(limits.steps, LIMITS.steps), time: Math.min(limits.time, 100e9) } };
  const trace = runScenario(bounded);
  if (trace.stopped === '') seen.ended++; else seen.stopped++;
}

test('a built-in scenario with one to three changes is refused with its place, runs, or stops with a reason', () => {
  const seen: Seen = { refused: 0, ended: 0, stopped: 0 }, ids = Object.keys(files);
  fc.assert(fc.property(fc.constantFrom(...ids), fc.array(change, { minLength: 1, maxLength: 3 }), (id, changes) => {
    const root = JSON.parse(files[id]);
    for (const one of changes) apply(root, one);
    meets(textOf(root), seen);
  }), { numRuns: 120, seed: 31 });
  assert.ok(seen.refused >= 5 && seen.ended >= 5 && seen.stopped >= 5, `refused ${seen.refused}, ended ${seen.ended}, stopped ${seen.stopped}`);
});
