/** Watched fields: at which stops of a trace they change. */
import type { WatchedChange } from '../protocol/engine';
import { anchorOfStep, type Trace } from '../trace/model';
import type { Stepper } from './stepper';
import type { Threads } from './threads';

interface Walk { readonly trace: Trace; readonly threads: Threads; readonly stepper: Stepper }

/** The last step of the trace before the run's `ordinal`th; -1 when that lies before the trace. */
function stepBefore({ steps }: Trace, ordinal: number): number {
  let low = 0, high = steps.count;
  while (low < high) { const mid = (low + high) >> 1; if (steps.ordinal[mid] < ordinal) low = mid + 1; else high = mid; }
  return low - 1;
}

/**
 * The statement that made a change found before step `ordinal`: the one that ran until then. When functions have returned since, it may also be a
 * caller's, whose call gave the value; an assignment to that field (`key`) among them is the one.
 */
function writerOf({ trace, threads }: Walk, ordinal: number, key: string): number {
  const last = stepBefore(trace, ordinal);
  // A step of the run that is not in the trace made it: no line of the trace did.
  if (last < 0 || trace.steps.ordinal[last] !== ordinal - 1) return -1;
  for (let s = last, frame = trace.steps.frame[s]; frame >= 0; frame = trace.frames.parent[frame]) {
    s = threads.stepOf(frame, last);
    for (let own = s, line = 0; own >= 0 && line < 4; own = threads.previous[own], line++) {
      const anchor = anchorOfStep(trace, own);
      if (anchor?.kind === 'assign' && anchor.text === key) return own;
      if (anchor?.kind !== 'call') break;
    }
    if (trace.frames.endStep[frame] < 0 || trace.frames.endStep[frame] > last + 1) break;
  }
  return last;
}

/** Stops at which a field changes, with what is said there. Changes outside of the traced window have no place in it. */
export function stepsOfChanges(walk: Walk, expression: string, key: string, changes: readonly WatchedChange[]): ReadonlyMap<number, string> {
  const steps = new Map<number, string>();
  for (const { ordinal, was, now } of changes) {
    let step = writerOf(walk, ordinal, key);
    while (step >= 0 && !walk.stepper.isStop(step)) step = walk.threads.previous[step];
    if (step >= 0) steps.set(step, `${expression} changes here: ${was} to ${now}`);
  }
  return steps;
}
