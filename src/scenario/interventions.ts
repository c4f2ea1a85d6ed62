/** What is made different in a run on its way: the probe stops at each change, and goes on. */
import { assert } from '../base/assert';
import { current, type ProbeState } from '../emulator/include/ports';

/** Locals of the frames that are on the stack, innermost first. */
export type FramesLocals = readonly Readonly<Record<string, unknown>>[];

/** One change: made when the run has taken `ordinal` steps, before the statement of that step takes effect. */
export interface Intervention {
  readonly ordinal: number;
  /** Changes objects that the locals lead to; or names a packet whose next frame is lost (`lose`). */
  apply(frames: FramesLocals, lose: (packet: number) => void): void;
}

/** Locals of the running context's frames, innermost first. */
export function localsOnStack(): Record<string, unknown>[] {
  const { stack } = current, out: Record<string, unknown>[] = [];
  for (let depth = stack.depth - 1; depth >= 0; depth--) out.push(stack.locals[depth]?.() ?? {});
  return out;
}

/** Has the probe stop at each change in turn, then for good at `end`; `each` is called before every step. Gives what tells how many changes have been made, and what sets the probe back. */
export function intervene(probe: ProbeState, changes: readonly Intervention[], end: number, each?: () => void): { readonly made: () => number; readonly done: () => void } {
  const pending = [...changes].sort((a, b) => a.ordinal - b.ordinal), { stop } = probe;
  assert(pending.length === 0 || pending[0].ordinal > probe.steps, 'changes lie ahead of where the run is parked');
  const next = (): void => { probe.stopAt = each ? probe.steps + 1 : pending.length > 0 && pending[0].ordinal <= end ? pending[0].ordinal : end; };
  probe.stop = () => {
    while (pending.length > 0 && pending[0].ordinal === probe.steps) pending.shift()!.apply(localsOnStack(), (packet) => { current.machine.doomed.add(packet); });
    each?.();
    if (probe.steps >= end) stop();
    next();
  };
  next();
  return { made: () => changes.length - pending.length, done: () => { probe.stop = stop; } };
}
