/**
 * Time travel: to look at step N, the same scenario runs again without recording and stops at N by throwing; its objects are left as they are.
 * Runs parked between events at the start of the traced window make that cheap: using one leaves a gap that `park` fills when there is time.
 */
import { countersOf } from '../emulator/host';
import { current } from '../emulator/include/ports';
import { StopSentinel } from '../emulator/machine/machine';
import { stackOfStep, type Trace } from '../trace/model';
import { localsOnStack, type Intervention } from './interventions';
import { nameOf, Run } from './run';
import type { Scenario } from './types';
import { FieldWatch, type FieldChange, type FindField } from './watch';

/** The frames at a step, innermost first, with their locals as live emulator objects; and the host that takes the step. */
export interface Snapshot { readonly frames: readonly { readonly frame: number; readonly locals: Record<string, unknown> }[]; readonly host: unknown; /** The host's counter files at that step, by path. */ readonly counters: () => Record<string, string> }

/** Parked runs kept: bursts of steps use them up, idle time makes them again. */
const PARKED = 3;

/** Looks into a run at any step of its trace. Keep one per trace; `inspect` costs a re-execution from the window's start, or from a parked run. */
export class Inspector {
  private readonly parked: Run[] = [];
  private readonly boundaries: readonly number[];

  /** `boundaries`: from the run that made the trace (`Run.machine.boundaries`); without them the first inspection finds them out. `changes`: those of that run. */
  constructor(private readonly scenario: Scenario, private readonly trace: Trace, private readonly all = false, boundaries?: readonly number[], private readonly changes: readonly Intervention[] = []) {
    this.boundaries = boundaries ?? this.findBoundaries();
  }

  private again(each?: () => void): Run { return new Run(this.scenario, { silent: true, all: this.all, changes: this.changes, each }); }

  private findBoundaries(): number[] {
    const run = this.again();
    run.machine.boundaries = [];
    run.finish();
    return run.machine.boundaries;
  }

  /** Re-executes to step `step` of the trace and gives what is in scope there. Throws when the run took another course than the trace. */
  inspect(step: number): Snapshot {
    const run = this.parked.pop() ?? this.makeParked();
    run.machine.probe.stopAt = this.trace.steps.ordinal[step];
    try {
      run.resume();
    } catch (error) {
      if (!(error instanceof StopSentinel)) throw error;
      return this.snapshot(step);
    }
    throw new Error(`re-execution ended before step ${step}: the run is not deterministic`);
  }

  private snapshot(step: number): Snapshot {
    const { host } = current, locals = localsOnStack(), frames = stackOfStep(this.trace, step).map(({ frame }, i) => ({ frame, locals: locals[i] ?? {} }));
    return { frames, host, counters: () => countersOf(host, nameOf) };
  }

  /** When a field changes, in the whole trace; it is the one that `find` finds at step `step`. Null when it is not there. */
  watch(step: number, find: FindField): readonly FieldChange[] | null {
    const like = find(this.inspect(step).frames.map(({ locals }) => locals));
    if (like === null) return null;
    const watch = new FieldWatch(this.trace.steps.ordinal[step], like, find), run = this.again(() => watch.look());
    run.parkBefore(this.trace.steps.ordinal[0], this.boundaries);
    run.finish();
    return watch.changes;
  }

  private makeParked(): Run {
    const run = this.again();
    if (this.trace.steps.count > 0) run.parkBefore(this.trace.steps.ordinal[0], this.boundaries);
    return run;
  }

  /** Parks one more run if there is room; gives true when there was. Call it when there is time. */
  park(): boolean {
    if (this.parked.length >= PARKED) return false;
    this.parked.push(this.makeParked());
    return true;
  }
}
