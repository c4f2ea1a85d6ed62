/** Changes to a run as text: what the debugger's user makes different at a step, and the same on the command line. */
import { assert } from '../base/assert';
import { fail, ok, type Result } from '../base/result';
import type { Change } from '../protocol/engine';
import { Inspector, runScenario, type Scenario } from '../scenario';
import type { Intervention } from '../scenario/interventions';
import { Inspection, lookupIn } from './inspection';
import { assignment, splitAssignment } from './values/assign';

/** A change as what is done at its step. Somebody has tried it on the very same objects before. */
export function interventionOf(change: Change): Intervention {
  return { ordinal: change.ordinal, apply: (frames, lose) => {
    if ('lose' in change) return lose(change.lose);
    const made = assignment(change.expression, change.value, lookupIn(frames.slice(change.depth).map((locals) => ({ locals }))));
    assert(made.ok, `${change.expression} can be set at step ${change.ordinal}`);
    made.value.write();
  } };
}

/** `880: sk->snd_cwnd = 2; 900: lose 169`: steps as the debugger counts them, from 1, each in the run with the changes before it. Gives what such a run is made with. */
export function changesIn(text: string, scenario: Scenario, all: boolean): Result<readonly Intervention[]> {
  const made: Intervention[] = [];
  for (const part of text.split(';').map((p) => p.trim()).filter((p) => p !== '')) {
    const change = changeIn(part, scenario, all, made);
    if (!change.ok) return change;
    made.push(interventionOf(change.value));
  }
  return ok(made);
}

function changeIn(part: string, scenario: Scenario, all: boolean, before: readonly Intervention[]): Result<Change> {
  const [, number, what] = /^(\d+)\s*:\s*(.+)$/s.exec(part) ?? [], lost = /^lose\s+(\d+)$/.exec(what ?? ''), set = splitAssignment(what ?? '');
  if (number === undefined || !lost && !set) return fail('bad-change', `"${part}" is no change. Write "STEP: FIELD = VALUE" or "STEP: lose PACKET".`);
  const trace = runScenario(scenario, { all, changes: before }), step = Number(number) - 1;
  if (step < 0 || step >= trace.steps.count) return fail('bad-change', `The run has no step ${number}; it has ${trace.steps.count}.`);
  const ordinal = trace.steps.ordinal[step];
  if (before.some((b) => b.ordinal > ordinal)) return fail('bad-change', `Step ${number} is before the change that stands before it. Give changes in the order of time.`);
  if (!set) return ok({ ordinal, lose: Number(lost![1]) });
  const tried = new Inspection(new Inspector(scenario, trace, all, undefined, before)).assign({ expression: set.expression, frame: -1 }, set.value, step);
  return tried.ok ? ok({ ordinal, depth: 0, expression: set.expression, value: set.value }) : tried;
}
