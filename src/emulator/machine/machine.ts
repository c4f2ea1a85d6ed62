/**
 * The machine: virtual time, CPUs, contexts. It implements the port that the mirror calls (include/ports.ts) and owns the top loop.
 *
 * - Each CPU has a clock of its own, moved by the steps it takes. The top loop always runs what is earliest.
 * - At any step whose clock reaches the next event, events are delivered: devices at once; an interrupt for the running CPU on top of its
 *   stack when interrupts are enabled; one for another CPU nested in the host language, on that CPU's own clock and frames, provided that
 *   no CPU of its host that is in the middle of something holds a lock (DEVIATION: the skew between CPUs is bounded by one such handler).
 * - Tasks are resumed by the top loop only.
 */
import { assert } from '../../base/assert';
import { Context } from '../../trace/model';
import { FrameStack, type Recorder } from '../../trace/probe';
import { current, type Cpu, type Gen, type Host, type InterruptEntries, type MachineEvent, type MachinePort, type PacketEventKind, type ProbeState, type Task } from '../include/ports';
import { EventQueue, type QueuedEvent } from './events';
import { createTask, newCpu } from './cpu';

/** Virtual ns from a vector's arrival to the first line of its handler. */
const INTERRUPT_LATENCY = 400;
/**
 * DEVIATION: an interrupt for another CPU of the running CPU's host runs whole, between two steps of the running CPU, so that what it does is seen too early by the
 * length of the handler. It is put off by about the steps from a vector to the socket, or until the running CPU goes to sleep: then it is seen when it would be.
 */
const OTHER_CPU_STEPS = 700;
/** ns after which what a function's last run brought into the caches is gone: on the recorded machines more than 50 ms, less than a second. */
const COOLS = 200e6;
/**
 * Steps of a context switch from the idle task or another, and of the interrupt that asks another, idle CPU for one. In the recordings some 200 us pass from an interrupt's end
 * to the task that it woke on its CPU, 500 to 900 us to one on another CPU, both after long sleep.
 */
const SWITCH_STEPS = 150, WAKE_STEPS = 300;
/** A CPU that slept for less than COOLS takes this part of it. */
const WARM_PART = 0.25;

/** Thrown by the probe at the step where an inspected run stops. Nothing in the emulator catches it. */
export class StopSentinel extends Error { override name = 'StopSentinel'; }

/** What the machine tells whoever runs it. */
export interface MachineObserver {
  packetEvent(kind: PacketEventKind, host: number, time: number, packet: number, detail: string): void;
}

/** Limits of a run; reaching one stops it with a reason. */
export interface RunLimits { readonly steps: number; readonly time: number }

/** The clock, the CPUs and the top loop of one run, for all of its hosts. Times are virtual nanoseconds since the start; a limit that is reached stops the run with a reason. */
export class Machine implements MachinePort {
  readonly hosts: Host[] = [];
  entries: InterruptEntries = null!;
  readonly probe: ProbeState;
  readonly logged: string[] = [];
  private readonly queue = new EventQueue();
  /** CPUs whose context is on the host language's stack, outermost first. */
  private readonly active: Cpu[] = [];
  private readonly deferred: QueuedEvent[] = [];
  /** Interrupts for other CPUs that are put off, earliest first. */
  private held: QueuedEvent[] = [];
  /** Interrupts for a CPU that another host's handler runs on top of, ahead of its clock: they wait for that clock. */
  private readonly early: QueuedEvent[] = [];
  private readonly timers = new Map<Cpu, QueuedEvent>();
  private readonly deviceCpu: Cpu;
  private readonly deviceTask: Task;
  private packets = 0;
  private readonly rng = new Map<Host, number>();
  /** Set when nothing is left to run for; the top loop ends. */
  finished = false;
  /** The top loop returns 'paused' at the first moment between events at which at least this many steps have been taken. */
  pauseAt = Infinity;
  readonly doomed = new Set<number>();
  /** When kept: the step counts at the moments between events, where a run can be parked. */
  boundaries: number[] | null = null;

  private readonly skew: number;

  constructor(private readonly seed: number, stepCost: number, private readonly observer: MachineObserver, warmCost = stepCost) {
    this.skew = OTHER_CPU_STEPS * stepCost;
    this.probe = {
      steps: 0, stepCost, warmCost, cools: warmCost < stepCost ? COOLS : 0, stopAt: -1, horizon: Infinity, recorder: null as Recorder | null,
      poll: () => this.poll(), stop: () => { throw new StopSentinel('stopped at the inspected step'); },
    };
    this.deviceCpu = newCpu(-1, null);
    this.deviceTask = createTask(this.deviceCpu, 0, 'device', null);
  }

  /** Seeds the host's random numbers from the run's seed and the host's place. */
  addHost(host: Host): void {
    this.hosts.push(host);
    this.rng.set(host, (Math.imul(this.seed + 1, 0x9e3779b1) ^ Math.imul(host.index + 1, 0x85ebca6b)) >>> 0 || 1);
  }

  /** Time of what runs now, ns. */
  now(): number { return current.cpu ? current.cpu.clock : 0; }

  new_packet(): number { return ++this.packets; }

  packet_event(kind: PacketEventKind, packet: number, detail: string): void {
    this.observer.packetEvent(kind, current.host ? current.host.index : 0, this.now(), packet, detail);
  }

  /** xorshift32, one stream per host. */
  random(): number {
    const host = current.host ?? this.hosts[0];
    let x = this.rng.get(host);
    x ^= x << 13; x >>>= 0;
    x ^= x >>> 17;
    x ^= x << 5; x >>>= 0;
    this.rng.set(host, x);
    return x;
  }

  log(text: string): void {
    if (this.logged.length < 1000) this.logged.push(`${(this.now() / 1e9).toFixed(9)} ${current.host ? current.host.name : '-'}: ${text}`);
  }

  at(time: number, fire: () => void): MachineEvent { return this.push(time, null, fire); }
  interrupt_at(time: number, cpu: Cpu, fire: () => void): MachineEvent { return this.push(time, cpu, fire); }
  cancel(event: MachineEvent): void { event.cancelled = true; }

  private push(time: number, cpu: Cpu | null, fire: () => void): QueuedEvent {
    const event = this.queue.push(time, cpu, fire);
    if (time < this.probe.horizon) this.probe.horizon = time;
    return event;
  }

  spend(ns: number): void {
    const cpu = current.cpu;
    cpu.clock += ns;
    cpu.spent[this.context() === Context.HardIrq ? 2 : this.context() === Context.SoftIrq ? 1 : 0] += ns;
  }

  /** What runs now, by preempt_count, as the kernel itself tells. */
  context(): Context {
    const cpu = current.cpu;
    if (cpu === this.deviceCpu) return Context.Nic;
    const count = cpu.preempt_count;
    return (count & 0x3ff0000) !== 0 ? Context.HardIrq : (count & 0x100) !== 0 ? Context.SoftIrq : Context.Process;
  }

  wake(task: Task): void {
    const cpu = task.cpu;
    if (task.queued || cpu.curr === task) return;
    task.queued = true;
    task.ready_at = current.cpu.clock;
    if (cpu !== current.cpu && cpu.curr === cpu.idle && cpu.runqueue.length === 0) task.ready_at += WAKE_STEPS * this.stepAfterSleep(cpu, task.ready_at);
    cpu.runqueue.push(task);
    cpu.need_resched = true;
  }

  kthread(cpu: Cpu, comm: string, body: () => Gen<void>): Task {
    const task = createTask(cpu, cpu.host.next_pid++, comm, body);
    cpu.host.tasks.push(task);
    task.state = 0;
    task.queued = true;
    task.ready_at = current.cpu ? current.cpu.clock : 0;
    cpu.runqueue.push(task);
    return task;
  }

  program_timer(cpu: Cpu, time: number): void {
    const armed = this.timers.get(cpu);
    if (armed && !armed.cancelled && armed.time <= time) return;
    if (armed) armed.cancelled = true;
    this.timers.set(cpu, this.push(time, cpu, () => this.timerInterrupt(cpu)));
  }

  private timerInterrupt(cpu: Cpu): void {
    this.timers.delete(cpu);
    if (this.entries.timer_due(cpu)) this.entries.timer();
    const next = this.entries.timer_next(cpu);
    if (next !== Infinity) this.program_timer(cpu, Math.max(next, cpu.clock + 1));
  }

  /** From the probe: something is due by the running CPU's clock. */
  private poll(): void {
    const cpu = current.cpu;
    for (;;) {
      const held = this.heldFor(cpu.host), event = this.queue.peek();
      if (held >= 0 && this.held[held].time + this.skew <= cpu.clock) this.dispatch(this.held.splice(held, 1)[0]);
      else if (event === null || event.time > cpu.clock) {
        this.probe.horizon = Math.min(event === null ? Infinity : event.time, held >= 0 ? this.held[held].time + this.skew : Infinity);
        return;
      } else {
        this.queue.pop();
        if (event.cpu === null || event.cpu === cpu || !this.isRunning(event.cpu.host)) this.dispatch(event);
        else if (!this.active.includes(event.cpu)) this.held.push(event);
        else if (event.time > event.cpu.clock) this.early.push(event);
        else this.dispatch(event);
      }
    }
  }

  /** Place of the earliest held interrupt for `host`; -1 when there is none. */
  private heldFor(host: Host): number {
    for (let i = 0; i < this.held.length; i++) if (this.held[i].cpu.host === host) return i;
    return -1;
  }

  /** Is a CPU of `host` in the middle of something? It need not be the running one: another host's handler may run on top of it, ahead of its clock. */
  private isRunning(host: Host): boolean {
    for (const cpu of this.active) if (cpu.host === host) return true;
    return false;
  }

  private dispatch(event: QueuedEvent): void {
    const target = event.cpu;
    if (target === null) this.runDevice(event);
    else if (event.cancelled) return;
    else if (target === current.cpu) {
      if (target.irqs_disabled) { target.pending.push(event); target.irq_waiting = true; }
      else this.interrupt(target, event);
    } else if (this.active.includes(target)) { target.pending.push(event); target.irq_waiting = true; }
    else if (this.hostLocked(target.host)) { this.deferred.push(event); this.markWaiting(target.host); }
    else this.onOtherCpu(target, event);
  }

  private hostLocked(host: Host): boolean {
    for (const cpu of this.active) if (cpu.host === host && cpu.locks_held > 0) return true;
    return false;
  }

  private markWaiting(host: Host): void {
    for (const cpu of this.active) if (cpu.host === host) cpu.others_waiting = true;
  }

  deliver(): void {
    const cpu = current.cpu;
    while (cpu.irq_waiting && !cpu.irqs_disabled && cpu.pending.length) {
      const event = cpu.pending.shift();
      if (!event.cancelled) this.interrupt(cpu, event);
    }
    if (cpu.pending.length === 0) cpu.irq_waiting = false;
    if (cpu.others_waiting && cpu.locks_held === 0 && !this.hostLocked(cpu.host)) {
      cpu.others_waiting = false;
      for (const event of this.deferred.splice(0)) if (!event.cancelled) this.dispatch(event);
    }
  }

  /** Devices have no kernel context: a pseudo CPU carries the event's time. */
  private runDevice(event: QueuedEvent): void {
    const { host, cpu, task, stack } = current;
    this.deviceCpu.clock = event.time;
    current.cpu = this.deviceCpu;
    current.task = this.deviceTask;
    current.stack = this.deviceTask.stack;
    event.fire();
    current.host = host;
    current.cpu = cpu;
    current.task = task;
    current.stack = stack;
  }

  /** On top of what `cpu`, the running one, is doing. */
  private interrupt(cpu: Cpu, event: QueuedEvent): void {
    const stack = current.stack, barrier = stack.barrier, was = cpu.irqs_disabled;
    stack.barrier = stack.depth;
    cpu.irqs_disabled = true;
    if (cpu.clock < event.time) cpu.clock = event.time;
    cpu.clock += INTERRUPT_LATENCY;
    event.fire();
    assert(stack.depth === stack.barrier, `an interrupt handler left ${stack.depth - stack.barrier} frames behind`);
    stack.barrier = barrier;
    cpu.irqs_disabled = was;
    if (cpu.irq_waiting && !was) this.deliver();
  }

  private onOtherCpu(target: Cpu, event: QueuedEvent): void {
    const { host, cpu, task, stack } = current;
    this.enter(target);
    if (target.irqs_disabled) { target.pending.push(event); target.irq_waiting = true; }
    else this.interrupt(target, event);
    this.active.pop();
    current.host = host;
    current.cpu = cpu;
    current.task = task;
    current.stack = stack;
    for (const waited of this.early.splice(0)) {
      this.queue.insert(waited);
      this.probe.horizon = Math.min(this.probe.horizon, waited.time);
    }
    if (cpu.irq_waiting && !cpu.irqs_disabled) this.deliver();
  }

  private enter(cpu: Cpu): void {
    this.active.push(cpu);
    current.host = cpu.host;
    current.cpu = cpu;
    current.task = cpu.curr;
    current.stack = cpu.curr.stack;
  }

  private leave(cpu: Cpu): void {
    assert(this.active.pop() === cpu, 'CPUs nest');
  }

  /** Is another CPU's task due earlier than the running one's clock? Then a sleeping point lets it go first. */
  behind(): boolean {
    const now = current.cpu.clock;
    for (const host of this.hosts) for (const cpu of host.cpus) if (cpu !== current.cpu && this.taskTime(cpu) < now) return true;
    return false;
  }

  /** When `cpu` has a task to run: its virtual time; else Infinity. */
  private taskTime(cpu: Cpu): number {
    if (cpu.curr !== cpu.idle) return cpu.clock;
    return cpu.runqueue.length ? Math.max(cpu.clock, cpu.runqueue[0].ready_at) : Infinity;
  }

  /** Runs until every program has ended, a limit is reached, or nothing can ever happen again; gives the reason ('' when finished). */
  run(limits: RunLimits): string {
    current.machine = this;
    current.probe = this.probe;
    while (!this.finished) {
      if (this.held.length) for (const event of this.held.splice(0)) this.queue.insert(event);
      if (this.probe.steps >= this.pauseAt) return 'paused';
      if (this.boundaries !== null && this.boundaries[this.boundaries.length - 1] !== this.probe.steps) this.boundaries.push(this.probe.steps);
      if (this.probe.steps > limits.steps) return `stopped after ${limits.steps} steps: the run would go on`;
      const cpu = this.nextCpu(), time = cpu ? this.taskTime(cpu) : Infinity;
      const event = this.queue.peek();
      if (event !== null && event.time <= time) {
        if (event.time > limits.time) return `stopped at ${(limits.time / 1e9).toFixed(3)} s of virtual time: programs were still waiting`;
        this.queue.pop();
        this.topEvent(event);
      } else if (cpu !== null) this.runTask(cpu);
      else return 'deadlock: every program waits and nothing will ever wake one';
    }
    return '';
  }

  private nextCpu(): Cpu | null {
    let best: Cpu | null = null, time = Infinity;
    for (const host of this.hosts) for (const cpu of host.cpus) {
      const t = this.taskTime(cpu);
      if (t < time) { time = t; best = cpu; }
    }
    return best;
  }

  private topEvent(event: QueuedEvent): void {
    const next = this.queue.peek();
    this.probe.horizon = next === null ? Infinity : next.time;
    if (event.cpu === null) { this.runDevice(event); return; }
    const cpu = event.cpu;
    if (cpu.clock < event.time) cpu.clock = event.time;
    this.enter(cpu);
    this.interrupt(cpu, event);
    this.leave(cpu);
    this.flush();
  }

  /** Runs what was put off while somebody held a lock; now nobody does. */
  private flush(): void {
    for (const event of this.deferred.splice(0)) if (!event.cancelled) this.push(event.time, event.cpu, event.fire);
    for (const host of this.hosts) for (const cpu of host.cpus) {
      cpu.others_waiting = false;
      if (!cpu.irq_waiting) continue;
      for (const event of cpu.pending.splice(0)) if (!event.cancelled) this.push(event.time, event.cpu, event.fire);
      cpu.irq_waiting = false;
    }
  }

  private runTask(cpu: Cpu): void {
    if (cpu.curr === cpu.idle) this.switchTo(cpu, cpu.runqueue.shift());
    const event = this.queue.peek();
    this.probe.horizon = event === null ? Infinity : event.time;
    const task = cpu.curr;
    this.enter(cpu);
    const r = task.gen.next();
    assert(cpu.preempt_count === 0 && cpu.locks_held === 0, `${task.comm} gave the CPU away with preempt_count ${cpu.preempt_count}, ${cpu.locks_held} locks`);
    this.leave(cpu);
    if (r.done) {
      task.state = 64;
      cpu.curr = cpu.idle;
    } else if (r.value === 'sleep' && task.state !== 0) cpu.curr = cpu.idle;
    else if (cpu.runqueue.length) {
      task.queued = true;
      task.ready_at = cpu.clock;
      cpu.runqueue.push(task);
      cpu.curr = cpu.idle;
    }
    this.flush();
  }

  private switchTo(cpu: Cpu, task: Task): void {
    task.queued = false;
    cpu.curr = task;
    cpu.need_resched = false;
    const cost = SWITCH_STEPS * this.stepAfterSleep(cpu, task.ready_at);
    if (cpu.clock < task.ready_at) cpu.clock = task.ready_at;
    cpu.clock += cost;
  }

  /** What a step of the scheduler takes on `cpu` at `now`, when it has done nothing since its clock stood still. */
  private stepAfterSleep(cpu: Cpu, now: number): number {
    return this.probe.stepCost * (now - cpu.clock < COOLS ? WARM_PART : 1);
  }
}
