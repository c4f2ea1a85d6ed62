/**
 * Time travel: to look at step N, the same scenario runs again without recording and stops at N by throwing; its objects are left as they are.
 * A run parked at the start of the traced window makes that cheap: using one starts its replacement when the caller has time (`park`).
 */
import { current } from '../emulator/include/ports';
import { StopSentinel } from '../emulator/machine/machine';
import { stackOfStep, type Trace } from '../trace/model';
import { Run } from './run';
import type { Scenario } from './types';

/** The frames at a step, innermost first, with their locals as live emulator objects. */
export interface Snapshot { readonly frames: readonly { readonly frame: number; readonly locals: Record<string, unknown> }[]; readonly host: unknown }

export class Inspector {
  constructor(private readonly scenario: Scenario, private readonly trace: Trace, private readonly all = false) {}

  /** Re-executes to step `step` of the trace and gives what is in scope there. */
  inspect(step: number): Snapshot {
    const run = new Run(this.scenario, { silent: true, all: this.all });
    run.machine.probe.stopAt = this.trace.steps.ordinal[step];
    try {
      run.finish();
    } catch (error) {
      if (!(error instanceof StopSentinel)) throw error;
      return this.snapshot(step);
    }
    throw new Error(`re-execution ended before step ${step}: the run is not deterministic`);
  }

  private snapshot(step: number): Snapshot {
    const stack = current.stack, host = current.host;
    const frames = stackOfStep(this.trace, step).map(({ frame }, i) => {
      const depth = stack.depth - 1 - i;
      const locals = depth >= 0 ? stack.locals[depth] : null;
      return { frame, locals: locals ? locals() : {} };
    });
    return { frames, host };
  }

  /** Prepares for the next inspection; call it when there is time. */
  park(): void { /* every inspection runs from the start until parked runs are measured to matter */ }
}
