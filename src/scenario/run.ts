/** One run of a scenario: builds the machine and its hosts, boots them, starts the programs, records what the traced windows show. */
import { Context, type CallResult, type HostInfo, type TaskInfo, type Trace, type WireFrame } from '../trace/model';
import type { FrameStack } from '../trace/probe';
import { TraceRecorder, type Where } from '../trace/recorder';
import { bootHost, connectHosts, countersOf, createHost, plugNics, setRules } from '../emulator/host';
import type {} from '../emulator/machine/cpu';
import type { CarriedFrame, Wire } from '../emulator/machine/wire';
import { current, type Gen, type Host, type Task } from '../emulator/include/ports';
import { Machine, StopSentinel, type MachineObserver } from '../emulator/machine/machine';
import { functions, sites } from 'skbwalk:sites';
import { Capture, type KeptFrame } from './capture';
import { intervene, type Intervention } from './interventions';
import type { Scenario } from './types';
import { changesBetween } from './changes';
import { runProgram } from './programs';
import { warmUp, warmUpTime } from './warmup';
import { hrtimer_nanosleep } from '../emulator/kernel/hrtimer';

export const KERNEL = '3.10.108';
/** Steps that one event or one turn of a task may take beyond the run's limit. */
const MOST_STEPS_AT_ONCE = 1_000_000;
export interface RunOptions {
  /** Record everything from power-on, not only the traced windows. */
  readonly all?: boolean;
  /** Record nothing (re-execution). */
  readonly silent?: boolean;
  /** Hears of everything that happens to packets, recorded or not. */
  readonly observer?: MachineObserver;
  /** Hears of every frame that enters a cable, recorded or not. */
  readonly onFrame?: (frame: CarriedFrame) => void;
  /** What is made different on the way. A run is a function of its scenario and these. */
  readonly changes?: readonly Intervention[];
  /** Called before every step, from where the run was parked on. */
  readonly each?: () => void;
}

/** State of one host that the run keeps beside the kernel's. */
export interface HostRun { readonly host: Host; tracing: boolean; /** Counter files when tracing began and ended. */ before: Readonly<Record<string, string>> | null; after: Readonly<Record<string, string>> | null; readonly ready: Set<string>; readonly waiting: { readonly key: string; readonly task: Task }[]; programs: number }

/**
 * A scenario being run. `new Run(s).trace()` is all of it; `parkBefore` and `resume` stop it on the way. Its machine, hosts and results can be looked at whenever it rests.
 * Only one run advances at a time: the mirror knows one current machine.
 */
export class Run {
  readonly machine: Machine;
  readonly hosts: HostRun[] = [];
  readonly results: CallResult[] = [];
  readonly recorder: TraceRecorder | null;
  private readonly capture = new Capture();
  private readonly taskIds = new Map<Task, number>();
  private readonly tasks: TaskInfo[] = [];
  private unfinished = 0;
  /** Programs run: the warm-up is over. */
  private started = false;
  private stopped: string | null = null;
  /** Does a program say what is to be traced? If none does, everything that programs do is. */
  private readonly hasWindow: boolean;

  constructor(readonly scenario: Scenario, readonly options: RunOptions = {}) {
    this.hasWindow = scenario.hosts.some(({ programs }) => programs.some(({ steps }) => steps.some(({ call }) => call === 'trace')));
    this.recorder = options.silent ? null : new TraceRecorder(this.where());
    this.machine = new Machine(scenario.seed, scenario.step, {
      packetEvent: (kind, host, time, packet, detail) => {
        options.observer?.packetEvent(kind, host, time, packet, detail);
        if (kind === 'dma') this.capture.stamps.reach(time);
        if (this.recorder && this.isTracing(host)) this.recorder.event(kind, host, time, packet, detail);
      },
    }, scenario.warmStep);
    this.machine.probe.recorder = this.recorder;
    if (this.recorder) this.machine.boundaries = [];
    scenario.hosts.forEach((config, index) => {
      const host = createHost(this.machine, index, config.name, config.cpus);
      plugNics(this.machine, host, config);
      this.hosts.push({ host, tracing: options.all === true || scenario.boot, before: null, after: null, ready: new Set(), waiting: [], programs: 0 });
    });
    scenario.hosts.forEach((config, index) => { this.unfinished += config.programs.length || 1; this.powerOn(index); });
    const cables = connectHosts(this.machine, this.hosts.map((h) => h.host), scenario.links);
    if (this.recorder || options.onFrame) for (const cable of cables) this.listen(cable);
  }

  /** Captures what a cable carries; the warm-up's frames stand for traffic of earlier days, and are in no capture. */
  private listen(cable: Wire): void {
    cable.tap = (frame) => {
      this.options.onFrame?.(frame);
      if (this.recorder && (this.started || this.options.all || !this.scenario.warm)) this.capture.add(frame, cable.options.delay + (frame.fate === 'reordered' ? cable.options.reorderDelay : 0), this.hosts.some((h) => h.tracing));
    };
  }

  /** Changes that have been made in this run so far. */
  private changesMade = (): number => 0;

  /** Opens or closes a host's traced window; its counters are read at both ends. Once something was changed windows stay open: what comes of it often comes later than what was to be seen before. */
  setTracing(run: HostRun, on: boolean): void {
    run.tracing = on || this.options.all === true || (run.tracing && this.changesMade() > 0);
    if (this.recorder === null) return;
    const files = countersOf(run.host, nameOf);
    if (on) { run.before ??= files; run.after = null; } else run.after = files;
  }

  private isTracing(host: number): boolean { return this.hosts[host].tracing; }

  /** Boots a host in its first task, then starts its programs. */
  private powerOn(index: number): void {
    const config = this.scenario.hosts[index], run = this.hosts[index];
    const body = (): Gen<void> => this.boot(run, index);
    current.machine = this.machine;
    current.host = run.host;
    const task = this.machine.kthread(run.host.cpus[0], 'swapper/0', body);
    task.ready_at = config.starts;
  }

  private *boot(run: HostRun, index: number): Gen<void> {
    const config = this.scenario.hosts[index];
    yield* bootHost(run.host, config);
    yield* this.idleUntil(this.scenario.uptime - warmUpTime(this.scenario));
    if (this.scenario.warm && !this.scenario.boot) yield* warmUp(this.machine, this.scenario, config.name, () => this.markReady(config.name, 'boot'), (far) => this.waitReady(`${far}.boot`));
    setRules(config.rules);
    yield* this.idleUntil(this.scenario.uptime);
    if (this.scenario.boot) this.setTracing(run, false);
    else if (!this.hasWindow) this.setTracing(run, true);
    this.started = true;
    for (const program of config.programs) {
      this.machine.kthread(run.host.cpus[program.cpu], program.name, () => this.program(run, index, program));
      run.programs++;
    }
    if (config.programs.length === 0) this.ended();
  }

  private *idleUntil(time: number): Gen<void> {
    if (time > current.cpu.clock) yield* hrtimer_nanosleep(time - current.cpu.clock);
  }

  private *program(run: HostRun, index: number, program: Scenario['hosts'][number]['programs'][number]): Gen<void> {
    if (program.after !== '') yield* this.waitReady(program.after);
    yield* runProgram(this, run, index, program);
    run.programs--;
    this.ended();
  }

  /** A receiver got bytes that were not sent. */
  readonly corruptions: string[] = [];
  corrupted(what: string): void {
    this.corruptions.push(what);
    this.machine.log(what);
  }

  private ended(): void {
    if (--this.unfinished === 0) this.machine.finished = true;
  }

  /** Lets whoever waits for `host.program` (or `host`) go on. */
  markReady(host: string, program: string): void {
    for (const key of program === 'boot' ? [`${host}.boot`] : [host, `${host}.${program}`]) {
      for (const run of this.hosts) {
        run.ready.add(key);
        for (const w of run.waiting) if (w.key === key) { w.task.state = 0; this.wakeAt(w.task, this.machine.now()); }
      }
    }
  }

  private wakeAt(task: Task, time: number): void {
    this.machine.wake(task);
    task.ready_at = Math.max(task.ready_at, time);
  }

  private *waitReady(key: string): Gen<void> {
    const run = this.hosts.find((r) => r.host === current.host)!;
    while (!run.ready.has(key)) {
      run.waiting.push({ key, task: current.task });
      current.task.state = 1;
      yield 'sleep';
    }
  }

  /** Runs to the last moment between events before step `ordinal` of the run; `boundaries` come from the recorded run. */
  parkBefore(ordinal: number, boundaries: readonly number[]): void {
    let low = 0, high = boundaries.length;
    while (low < high) { const mid = (low + high) >> 1; if (boundaries[mid] < ordinal) low = mid + 1; else high = mid; }
    this.machine.pauseAt = low > 0 ? boundaries[low - 1] : 0;
    this.machine.run(this.scenario.limits);
    this.machine.pauseAt = Infinity;
  }

  /** Runs to the end (or to the step the probe is told to stop at, by throwing). */
  finish(): string {
    if (this.stopped !== null) return this.stopped;
    const reason = this.runGuarded();
    this.stopped = reason === '' ? '' : `${reason}${this.whoWaits()}`;
    return this.stopped;
  }

  /** The machine looks at its limits between events; whatever never ends within one is stopped by the probe. */
  private runGuarded(): string {
    const { probe } = this.machine, { limits } = this.scenario, inspected = probe.stopAt >= 0;
    const { made, done } = intervene(probe, this.options.changes ?? [], inspected ? probe.stopAt : limits.steps + MOST_STEPS_AT_ONCE, this.options.each);
    this.changesMade = made;
    try {
      return this.machine.run(limits);
    } catch (error) {
      if (inspected || !(error instanceof Error)) throw error;
      const where = nameOf(current.stack.fn[current.stack.depth - 1]);
      if (error instanceof StopSentinel) return `stopped after ${probe.steps} steps, ${MOST_STEPS_AT_ONCE} of them without a pause: ${where} would go on`;
      // The model is not made for every value that somebody may set, no more than the kernel is.
      if (made() === 0) throw error;
      return `${where} failed on what was changed, as a kernel would with an oops: ${error.message}`;
    } finally {
      done();
      if (!inspected) probe.stopAt = -1;
    }
  }

  /** Where each program (and a boot that hangs) sleeps. */
  private whoWaits(): string {
    const waiting: string[] = [];
    for (const { host } of this.hosts) for (const task of host.tasks) {
      const depth = task.stack.depth;
      if (task.state === 64 || depth === 0 && this.scenario.boot) continue;
      const top = depth > 0 ? functions[task.stack.fn[depth - 1]].name : 'user space';
      if (this.isProgram(task)) waiting.push(`${host.name}: ${task.comm} in ${top}`);
    }
    return waiting.length ? ` (${waiting.join('; ')})` : '';
  }

  private isProgram(task: Task): boolean {
    return task.comm === 'swapper/0' || this.scenario.hosts[task.cpu.host.index].programs.some((p) => p.name === task.comm);
  }

  /** Goes on after `parkBefore`. */
  resume(): string { return this.finish(); }

  /** Index of a task in the trace's table, made on first use. */
  taskId(task: Task): number {
    let id = this.taskIds.get(task);
    if (id === undefined) {
      id = this.tasks.length;
      this.taskIds.set(task, id);
      this.tasks.push({ host: task.cpu.host ? task.cpu.host.index : 0, pid: task.pid, comm: task.comm });
    }
    return id;
  }

  private where(): Where {
    return {
      host: () => current.host.index, cpu: () => Math.max(0, current.cpu.id), task: () => this.taskId(current.task), context: () => this.machine.context(),
      time: () => current.cpu.clock, ordinal: () => this.machine.probe.steps, recording: () => current.host !== null && this.isTracing(current.host.index),
      caller: () => callerOf(current.stack),
    };
  }

  /** What the cables carried, in order of sending. */
  private frames(): WireFrame[] {
    const host = (port: string): number => this.hosts.findIndex((h) => h.host.name === port.split('.')[0]);
    const row = ({ frame: f, sent, delay }: KeptFrame): WireFrame => ({ sent, received: sent + delay, from: host(f.from), to: host(f.to.split(',')[0]), packet: f.packet, bytes: f.bytes, dropped: f.fate === 'lost' });
    if (this.capture.missed > 0) this.machine.log(`${this.capture.missed} frames are not in the capture: it was full`);
    return this.capture.sorted().map(row);
  }

  /** The trace of a finished run. */
  trace(): Trace {
    const stopped = this.finish(), { scenario } = this;
    const hosts: HostInfo[] = this.hosts.map((h) => ({ name: h.host.name, cpus: h.host.cpus.length }));
    const counters = Object.fromEntries(this.hosts.map((h) => [h.host.name, countersOf(h.host, nameOf)]));
    const changes = Object.fromEntries(this.hosts.map((h) => [h.host.name, changesBetween(h.before ?? {}, h.after ?? counters[h.host.name])]));
    if (!this.recorder) throw new Error('a silent run has no trace');
    return this.recorder.finish({ scenario: scenario.id, title: scenario.title, kernel: KERNEL, hosts, tasks: this.tasks, functions, sites, wire: this.frames(), results: this.results, stopped, counters, changes, log: this.machine.logged });
  }
}

/** The name of a function of the mirror. */
export function nameOf(fn: number): string { return functions[fn].name; }

/** Names of the mirrored functions: a site that bears none is a macro's or a pointer's. */
const mirrored: ReadonlySet<string> = new Set(functions.map((f) => f.name));

/**
 * The frame below the one being entered: its caller, or at a barrier what it interrupts. A call site announced by the caller is taken once
 * (its complement marks it as taken), but a macro that makes several calls stays their site.
 */
function callerOf(stack: FrameStack): { frame: number; call: number; interrupted: boolean } {
  const depth = stack.depth - 2;
  if (depth < 0) return { frame: -1, call: -1, interrupted: false };
  if (stack.depth - 1 === stack.barrier) return { frame: stack.frame[depth], call: -1, interrupted: true };
  const announced = stack.call[depth];
  let call = announced;
  if (announced >= 0) {
    stack.call[depth] = ~announced;
    if (!mirrored.has(sites[announced].text)) stack.macro[depth] = announced;
  } else call = stack.macro[depth];
  return { frame: stack.frame[depth], call, interrupted: false };
}

export { Context };
