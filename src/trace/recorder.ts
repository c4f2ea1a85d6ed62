/** Builds a Trace from what the probes report: growing columns, nothing per step but numbers. */
import type { Anchor } from '../base/anchor';
import { Context, TRACE_VERSION, type CallResult, type FunctionInfo, type HostInfo, type TaskInfo, type Trace, type TraceEvent, type WireFrame } from './model';
import type { Recorder } from './probe';

/** Where the running context is; the machine answers from `current`. */
export interface Where {
  host(): number;
  cpu(): number;
  task(): number;
  context(): Context;
  time(): number;
  ordinal(): number;
  /** Recorded frame id of the caller, or -1; and whether that is what was interrupted rather than the caller. */
  caller(): { frame: number; call: number; interrupted: boolean };
  /** Is this host's window open? */
  recording(): boolean;
}

function grow<T extends Int32Array | Float64Array | Uint8Array>(old: T, make: new (n: number) => T): T {
  const bigger = new make(old.length * 2);
  bigger.set(old as never);
  return bigger;
}

/** A million-step run stays bounded: recording stops at this many steps, and says so. */
export const MAX_STEPS = 8_000_000;

/** What the probes of one run report to, from its start to `finish`. Columns double when they are full; nothing is recorded beyond MAX_STEPS. */
export class TraceRecorder implements Recorder {
  private fn = new Int32Array(4096);
  private parent = new Int32Array(4096);
  private inside = new Int32Array(4096);
  private callSite = new Int32Array(4096);
  private firstStep = new Int32Array(4096);
  private endStep = new Int32Array(4096);
  private enterTime = new Float64Array(4096);
  private leaveTime = new Float64Array(4096);
  private host = new Uint8Array(4096);
  private cpu = new Uint8Array(4096);
  private task = new Int32Array(4096);
  private context = new Uint8Array(4096);
  private packet = new Int32Array(4096);
  private frames = 0;
  private sFrame = new Int32Array(16384);
  private sSite = new Int32Array(16384);
  private sTime = new Float64Array(16384);
  private sOrdinal = new Float64Array(16384);
  private steps = 0;
  readonly events: TraceEvent[] = [];
  full = false;

  constructor(private readonly where: Where) {}

  get stepCount(): number { return this.steps; }

  enter(fn: number, packet: number): number {
    const w = this.where;
    if (!w.recording() || this.full) return -1;
    if (this.frames === this.fn.length) this.growFrames();
    const id = this.frames++, caller = w.caller();
    this.fn[id] = fn;
    this.parent[id] = caller.interrupted ? -1 : caller.frame;
    this.inside[id] = caller.interrupted ? caller.frame : -1;
    this.callSite[id] = caller.interrupted || caller.frame < 0 ? -1 : caller.call;
    this.firstStep[id] = this.steps;
    this.endStep[id] = -1;
    this.enterTime[id] = w.time();
    this.leaveTime[id] = NaN;
    this.host[id] = w.host();
    this.cpu[id] = w.cpu();
    this.task[id] = w.task();
    this.context[id] = w.context();
    this.packet[id] = packet;
    this.step(id, -1);
    return id;
  }

  leave(frame: number): void {
    this.leaveTime[frame] = this.where.time();
    this.endStep[frame] = this.steps;
  }

  step(frame: number, site: number): void {
    if (this.full) return;
    if (this.steps === this.sFrame.length) this.growSteps();
    const s = this.steps++;
    this.sFrame[s] = frame;
    this.sSite[s] = site;
    this.sTime[s] = this.where.time();
    // The probe counts after it has recorded: this step is the next one of the run.
    this.sOrdinal[s] = this.where.ordinal() + 1;
    if (this.steps >= MAX_STEPS) this.full = true;
  }

  event(kind: string, host: number, time: number, packet: number, detail: string): void {
    this.events.push({ step: this.steps - 1, time, host, kind, packet, detail });
  }

  private growFrames(): void {
    for (const k of ['fn', 'parent', 'inside', 'callSite', 'firstStep', 'endStep', 'task', 'packet'] as const) this[k] = grow(this[k], Int32Array);
    for (const k of ['enterTime', 'leaveTime'] as const) this[k] = grow(this[k], Float64Array);
    for (const k of ['host', 'cpu', 'context'] as const) this[k] = grow(this[k], Uint8Array);
  }

  private growSteps(): void {
    this.sFrame = grow(this.sFrame, Int32Array);
    this.sSite = grow(this.sSite, Int32Array);
    this.sTime = grow(this.sTime, Float64Array);
    this.sOrdinal = grow(this.sOrdinal, Float64Array);
  }

  /** The finished trace. Columns are cut to size. */
  finish(about: {
    scenario: string; title: string; kernel: string; hosts: HostInfo[]; tasks: TaskInfo[]; functions: readonly FunctionInfo[]; sites: readonly Anchor[];
    wire: WireFrame[]; results: CallResult[]; stopped: string; counters: Record<string, Record<string, string>>; changes?: Trace['changes']; log: string[];
  }): Trace {
    const n = this.frames, m = this.steps;
    return {
      version: TRACE_VERSION, ...about, events: this.events,
      stopped: this.full && !about.stopped ? `recording stopped after ${MAX_STEPS} steps` : about.stopped,
      frames: {
        count: n, fn: this.fn.slice(0, n), parent: this.parent.slice(0, n), inside: this.inside.slice(0, n), callSite: this.callSite.slice(0, n), firstStep: this.firstStep.slice(0, n), endStep: this.endStep.slice(0, n),
        enterTime: this.enterTime.slice(0, n), leaveTime: this.leaveTime.slice(0, n), host: this.host.slice(0, n), cpu: this.cpu.slice(0, n), task: this.task.slice(0, n), context: this.context.slice(0, n), packet: this.packet.slice(0, n),
      },
      steps: { count: m, frame: this.sFrame.slice(0, m), site: this.sSite.slice(0, m), time: this.sTime.slice(0, m), ordinal: this.sOrdinal.slice(0, m) },
    };
  }
}
