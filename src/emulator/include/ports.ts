/**
 * Where the mirror meets the machine: `current`, the probe and the ports Clock, Irq, Bus, Scheduler.
 *
 * The mirror's only module variable is `current`; the machine sets its fields when it switches CPU, task or host.
 */
import type { FrameStack, Recorder } from '../../trace/probe';

/** A sleeping kernel function: it yields why it stops, and the machine's top loop resumes it. */
export type Gen<T> = Generator<Yield, T, void>;

/** 'sleep': the task has set its state and waits to be woken; 'resched': it may go on, others may run first. */
export type Yield = 'sleep' | 'resched';

/** One host: every kernel global is a field here (files merge their own into this interface). */
export interface Host {
  readonly name: string;
  readonly index: number;
  readonly cpus: Cpu[];
}

/** One CPU: every per-CPU variable is a field here. */
export interface Cpu {
  readonly id: number;
  readonly host: Host;
  /** Virtual time of this CPU, ns. */
  clock: number;
  /** Kernel preempt_count of what runs on this CPU: PREEMPT | SOFTIRQ << 8 | HARDIRQ << 16 (3.10 layout). */
  preempt_count: number;
  /** local_irq_disable() depth is a flag, as on hardware. */
  irqs_disabled: boolean;
  /** Spinlocks held by this CPU: another CPU's interrupts wait while it is not 0. */
  locks_held: number;
  /** An interrupt for this CPU waits for local_irq_enable(). */
  irq_waiting: boolean;
  /** Work for other CPUs waits until this one holds no lock. */
  others_waiting: boolean;
  /** The task that runs (or is interrupted) here; `idle` when none. */
  curr: Task;
  idle: Task;
  /** Runnable tasks that wait for this CPU, in order. */
  readonly runqueue: Task[];
  need_resched: boolean;
  /** Virtual ns spent per context: [system call, softirq, hard interrupt, idle]. */
  readonly spent: Float64Array;
  /** When each function was last entered here, by its index: what ran lately is in the caches. */
  readonly ran: Float64Array;
}

/** What runs a system call or a kernel thread. */
export interface Task {
  readonly pid: number;
  readonly comm: string;
  cpu: Cpu;
  /** TASK_RUNNING 0, TASK_INTERRUPTIBLE 1, TASK_UNINTERRUPTIBLE 2, TASK_DEAD 64. */
  state: number;
  readonly stack: FrameStack;
}

/** A place in memory that a device can reach: what dma_map_single() and friends give. */
export interface DmaAddress {
  readonly data: Uint8Array;
  readonly offset: number;
}

/** What the mirror may ask of the machine. All times in virtual nanoseconds. */
/** Where the machine enters the kernel: set by host.ts, since the machine knows ports only. */
export interface InterruptEntries {
  /** A device's vector. */
  irq(number: number): void;
  /** The local APIC timer. */
  timer(): void;
  /** Is a timer of `cpu` due by its clock? */
  timer_due(cpu: Cpu): boolean;
  /** Time of the next timer of `cpu`, Infinity for none. */
  timer_next(cpu: Cpu): number;
}

export interface MachinePort {
  entries: InterruptEntries;
  /** A fresh packet identity. */
  new_packet(): number;
  /** The packet was cloned, freed, queued for DMA...: shown in the trace beside the step it happened at. */
  packet_event(kind: PacketEventKind, packet: number, detail: string): void;
  /** 32 pseudo-random bits from the scenario's seed, per host. */
  random(): number;
  /** Runs `fire` on `cpu` in hard interrupt context at `time` (or as soon as that CPU takes interrupts). Same-time events run in insertion order. */
  interrupt_at(time: number, cpu: Cpu, fire: () => void): MachineEvent;
  /** Runs `fire` outside any CPU at `time`: devices and wires. */
  at(time: number, fire: () => void): MachineEvent;
  cancel(event: MachineEvent): void;
  /** Packets whose next frame a cable is to lose. */
  readonly doomed: Set<number>;
  /** Interrupts were enabled, or a lock was released: deliver what waits. */
  deliver(): void;
  /** Makes `task` runnable; it runs when the top loop picks its CPU. */
  wake(task: Task): void;
  /** Starts a kernel thread bound to `cpu`, runnable at once. */
  kthread(cpu: Cpu, comm: string, body: () => Gen<void>): Task;
  /** Asks for a timer interrupt on `cpu` no later than `time`. */
  program_timer(cpu: Cpu, time: number): void;
  /** Adds virtual time to the running CPU: what a copy, a DMA map, a spin costs beyond its steps. */
  spend(ns: number): void;
  /** Is a task of another CPU due earlier than the running CPU's clock? */
  behind(): boolean;
  /** Time of what runs now, ns: a CPU's clock, or the event's in a device. */
  now(): number;
  /** printk and friends: kept in the run's log. */
  log(text: string): void;
}

export type PacketEventKind = 'alloc' | 'clone' | 'copy' | 'free' | 'queue' | 'dma' | 'wire' | 'receive' | 'drop' | 'copy-in' | 'copy-out' | 'merge' | 'segment';

export interface MachineEvent {
  readonly time: number;
  cancelled: boolean;
}

/** What runs now. The machine sets every field; the mirror reads. */
export interface Current {
  host: Host;
  cpu: Cpu;
  task: Task;
  machine: MachinePort;
  /** Frames of the running context (a task's, with what interrupted it on top). */
  stack: FrameStack;
  probe: ProbeState;
}

/** Counts steps and virtual time; `poll` is called when the running CPU's clock reaches `horizon`. */
export interface ProbeState {
  /** Steps since the run began, recorded or not. */
  steps: number;
  /** Virtual ns that one step takes. */
  stepCost: number;
  /** The same in a function that ran on this CPU less than `cools` ago. */
  warmCost: number;
  /** Virtual ns until a function is cold again; 0 when all steps cost the same. */
  readonly cools: number;
  /** The step at which `stop` is called (-1: never); it throws, unless something is to be changed there. */
  stopAt: number;
  /** Virtual time at which something is due; Infinity when nothing is. */
  horizon: number;
  poll(): void;
  stop(): void;
  /** Records frames and steps; null while nothing is recorded. */
  recorder: Recorder | null;
}

export const current: Current = { host: null, cpu: null, task: null, machine: null, stack: null, probe: null };

/** Runs a generator that must not sleep here (an atomic caller of a dual-use function). */
export function atomically<T>(gen: Gen<T>): T {
  const r = gen.next();
  if (!r.done) throw new Error('a sleeping call was made in atomic context');
  return r.value as T;
}
