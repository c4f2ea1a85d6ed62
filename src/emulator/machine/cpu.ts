/** CPUs and tasks as the machine sees them. */
import { FrameStack } from '../../trace/probe';
import type { Cpu, Gen, Host, Task } from '../include/ports';
import type { QueuedEvent } from './events';

declare module '../include/ports' {
  interface Cpu {
    /** Interrupts that arrived while this CPU could not take them. */
    readonly pending: QueuedEvent[];
  }
  interface Task {
    readonly gen: Gen<void>;
    /** On a run queue. */
    queued: boolean;
    /** Virtual time at which it was woken. */
    ready_at: number;
  }
  interface Host { next_pid: number; readonly tasks: Task[] }
}

/** More than the mirror has functions. */
const FUNCTIONS = 8192;

/** A CPU with its idle task. Per-CPU kernel variables are added by the mirror's *_percpu functions. */
export function newCpu(id: number, host: Host | null): Cpu {
  const cpu = {
    id, host, clock: 0, preempt_count: 0, irqs_disabled: false, locks_held: 0, irq_waiting: false, others_waiting: false,
    curr: null, idle: null, runqueue: [], need_resched: false, spent: new Float64Array(4), ran: new Float64Array(FUNCTIONS).fill(-Infinity), pending: [],
  } as unknown as Cpu;
  cpu.idle = createTask(cpu, 0, '<idle>', null);
  cpu.curr = cpu.idle;
  return cpu;
}

/** A task; `body` null for the idle task, which never runs code of its own. */
export function createTask(cpu: Cpu, pid: number, comm: string, body: (() => Gen<void>) | null): Task {
  return { pid, comm, cpu, state: 0, stack: new FrameStack(), gen: body === null ? null : body(), queued: false, ready_at: 0, signal_pending: false, flags: 0, task_works: [] } as unknown as Task;
}
