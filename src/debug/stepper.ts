/**
 * Moving through a trace by stops, forwards and backwards.
 *
 * A step is a stop when it stands on another line than the step before it in the same frame: the rest of a line after a call returns
 * is not stopped at again. So the stops are the same ones in both directions.
 */
import { assertUnreachable } from '../base/assert';
import type { Granularity, StepAction, StopReason } from '../protocol/engine';
import type { Trace } from '../trace/model';
import type { Places } from './places';
import type { Threads } from './threads';

export interface Landing { readonly step: number; readonly reason: StopReason; readonly breakpoints: readonly number[] }

/** Which breakpoints stop at a step; empty for none. Called for stops only. */
export type HitTest = (step: number) => readonly number[];

/** Where the session stands in a trace, and the movements from there. Steps are indices into the trace. */
export class Stepper {
  /** Current step. */
  step = 0;
  /** The furthest step so far. */
  visited = 0;
  /** Where the session began: running backwards stops there once, before it goes on to the start of the trace. */
  entry = 0;
  /** Where forward steps over and out came from: Step Back undoes them. */
  private readonly came: number[] = [];

  constructor(private readonly trace: Trace, private readonly places: Places, private readonly threads: Threads, private readonly skipMinor: boolean) {}

  get count(): number { return this.trace.steps.count; }

  /** Would a debugger stop here? */
  isStop(step: number, granularity: Granularity = 'line'): boolean {
    if (!this.places.hasAnchor(step)) return false;
    if (granularity === 'instruction') return true;
    const before = this.threads.previous[step];
    return before < 0 || this.places.line(before) !== this.places.line(step);
  }

  private isMinor(step: number): boolean {
    return this.trace.functions[this.trace.frames.fn[this.trace.steps.frame[step]]].minor;
  }

  /** The next stop after `from` (direction 1) or the last before it (-1) that `wanted` takes; -1 when there is none. */
  find(from: number, direction: 1 | -1, granularity: Granularity, wanted: (step: number) => boolean): number {
    for (let s = from + direction; s >= 0 && s < this.count; s += direction) if (wanted(s) && this.isStop(s, granularity)) return s;
    return -1;
  }

  /** The first stop of the trace, and its last step with a place in the source, whether a debugger would stop there or not; 0 when it has none. */
  first(): number { return Math.max(0, this.find(-1, 1, 'line', () => true)); }
  last(): number { return Math.max(0, this.find(this.count, -1, 'instruction', () => true)); }

  /** Puts the session at a step. */
  moveTo(step: number): void {
    this.step = step;
    if (step > this.visited) this.visited = step;
  }

  /** Goes to a step the user named: steps back no longer undo what came before. */
  goto(step: number): void {
    this.came.length = 0;
    this.moveTo(step);
  }

  /** One movement from the current step. `thread`: whose frame over and out are about. */
  move(action: StepAction, thread: number, granularity: Granularity, hits: HitTest): Landing {
    const from = this.step, landing = this.landing(action, thread, granularity, hits);
    if (landing.breakpoints.length === 0 && (action === 'in' || action === 'over' || action === 'out') && landing.step > from) this.came.push(from);
    else if (action !== 'back') this.came.length = 0;
    this.moveTo(landing.step);
    return landing;
  }

  private landing(action: StepAction, thread: number, granularity: Granularity, hits: HitTest): Landing {
    switch (action) {
      case 'in': return this.within(1, granularity, this.intoFilter(thread), hits);
      case 'over': return this.within(1, granularity, this.overFilter(thread), hits);
      case 'out': return this.within(1, granularity, this.outFilter(thread), hits);
      case 'back': return this.back(granularity);
      case 'continue': return this.within(1, 'line', () => false, hits);
      case 'reverse': return this.within(-1, 'line', () => false, hits);
      default: return assertUnreachable(action);
    }
  }

  /** The nearest stop that the filter takes or that a breakpoint stops at; else the end of the trace in that direction. */
  private within(direction: 1 | -1, granularity: Granularity, filter: (step: number) => boolean, hits: HitTest): Landing {
    for (let s = this.step + direction; s >= 0 && s < this.count; s += direction) {
      if (filter(s) && this.isStop(s, granularity)) return { step: s, reason: 'step', breakpoints: hits(s) };
      const hit = this.isStop(s) ? hits(s) : [];
      if (hit.length > 0) return { step: s, reason: 'breakpoint', breakpoints: hit };
      if (direction === -1 && s === this.entry) return { step: s, reason: 'start', breakpoints: [] };
    }
    return direction === 1 ? { step: Math.max(this.last(), this.step), reason: 'end', breakpoints: [] } : { step: Math.min(this.first(), this.step), reason: 'start', breakpoints: [] };
  }

  private intoFilter(thread: number): (step: number) => boolean {
    const current = this.trace.steps.frame[this.step], own = this.threads.threadOf(current) === thread;
    return (s) => (own || this.threads.threadOf(this.trace.steps.frame[s]) === thread) && !(this.skipMinor && this.isMinor(s) && this.trace.steps.frame[s] !== current);
  }

  /** This frame or those that wait for it; when all are left, whatever comes next in time. */
  private overFilter(thread: number): (step: number) => boolean {
    const frame = this.frameOf(thread);
    if (frame < 0) return this.intoFilter(thread);
    const own = this.threads.callers(frame).add(frame);
    return this.inOrAfter(own);
  }

  private outFilter(thread: number): (step: number) => boolean {
    const frame = this.frameOf(thread);
    if (frame < 0) return this.intoFilter(thread);
    return this.inOrAfter(this.threads.callers(frame), frame);
  }

  private frameOf(thread: number): number {
    const current = this.trace.steps.frame[this.step];
    return this.threads.threadOf(current) === thread ? current : this.threads.innermost(thread, this.step);
  }

  private inOrAfter(own: Set<number>, below = -1): (step: number) => boolean {
    const f = this.trace.frames, all = below >= 0 ? [...own, below] : [...own];
    // A frame without end lasts as long as the trace. The last of all to end decides from when on everything counts.
    const end = all.reduce((latest, x) => (f.endStep[x] < 0 ? Infinity : Math.max(latest, f.endStep[x])), -1);
    return (s) => s >= end || own.has(this.trace.steps.frame[s]);
  }

  private back(granularity: Granularity): Landing {
    const came = this.came.pop();
    if (came !== undefined && granularity === 'line') return { step: came, reason: 'step', breakpoints: [] };
    const current = this.trace.steps.frame[this.step];
    const s = this.find(this.step, -1, granularity, (x) => !(this.skipMinor && this.isMinor(x) && this.trace.steps.frame[x] !== current));
    return s >= 0 ? { step: s, reason: 'step', breakpoints: [] } : { step: this.step, reason: 'start', breakpoints: [] };
  }
}
