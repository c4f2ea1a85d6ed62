/** Mirror of kernel/workqueue.c as far as drivers and the stack use it: one bound worker per CPU. */
import { current, type Cpu, type Gen, type Task } from '../include/ports';
import { TASK_INTERRUPTIBLE } from '../include/linux/sched';
import { jiffies } from '../include/linux/jiffies';
import { del_timer, mod_timer, setup_timer } from '../include/linux/timer';
import type { delayed_work, work_struct } from '../include/linux/workqueue';
import { schedule, wake_up_process } from './sched/core';

declare module '../include/ports' { interface Cpu { worklist: work_struct[]; kworker: Task; current_work: work_struct } }
export function workqueue_percpu(cpu: Cpu): void { cpu.worklist = []; cpu.kworker = null; cpu.current_work = null; }

function* process_one_work(work: work_struct): Gen<void> {
  work.pending = false;
  current.cpu.current_work = work;
  const sleeping = work.func(work);
  if (sleeping) yield* sleeping;
  current.cpu.current_work = null;
}

function* worker_thread(cpu: Cpu): Gen<void> {
  for (;;) {
    while (cpu.worklist.length) yield* process_one_work(cpu.worklist.shift());
    current.task.state = TASK_INTERRUPTIBLE;
    yield* schedule();
  }
}

/** Boot: the workers. */
export function init_workqueues(): number {
  for (const cpu of current.host.cpus) cpu.kworker = current.machine.kthread(cpu, `kworker/${cpu.id}:0`, () => worker_thread(cpu));
  return 0;
}

function __queue_work(cpu: Cpu, work: work_struct): void {
  cpu.worklist.push(work);
  wake_up_process(cpu.kworker);
}

/** Queues on this CPU's worker; false when it was queued already. */
export function schedule_work(work: work_struct): boolean {
  if (work.pending) return false;
  work.pending = true;
  __queue_work(current.cpu, work);
  return true;
}
export function queue_work(_wq: unknown, work: work_struct): boolean { return schedule_work(work); }

function delayed_work_timer_fn(dwork: delayed_work): void {
  __queue_work(current.cpu, dwork.work);
}

/** Queues after `delay` ticks. */
export function schedule_delayed_work(dwork: delayed_work, delay: number): boolean {
  if (dwork.work.pending) return false;
  dwork.work.pending = true;
  __queue_delayed_work(dwork, delay);
  return true;
}
function __queue_delayed_work(dwork: delayed_work, delay: number): void {
  if (delay === 0) { __queue_work(current.cpu, dwork.work); return; }
  setup_timer(dwork.timer, delayed_work_timer_fn, dwork);
  mod_timer(dwork.timer, jiffies() + delay);
}
export function queue_delayed_work(_wq: unknown, dwork: delayed_work, delay: number): boolean { return schedule_delayed_work(dwork, delay); }

/** Queues after `delay` ticks, whatever was armed before. */
export function mod_delayed_work(_wq: unknown, dwork: delayed_work, delay: number): boolean {
  const was = cancel_delayed_work(dwork);
  schedule_delayed_work(dwork, delay);
  return was;
}
export function cancel_delayed_work(dwork: delayed_work): boolean {
  const was = del_timer(dwork.timer) !== 0;
  return cancel_work_sync(dwork.work) || was;
}
export function cancel_delayed_work_sync(dwork: delayed_work): boolean { return cancel_delayed_work(dwork); }
export function cancel_work_sync(work: work_struct): boolean {
  const was = work.pending;
  work.pending = false;
  for (const cpu of current.host.cpus) {
    const i = cpu.worklist.indexOf(work);
    if (i >= 0) cpu.worklist.splice(i, 1);
  }
  return was;
}
export function flush_work(_work: work_struct): void { /* nothing waits for work here */ }
export function flush_scheduled_work(): void { /* likewise */ }
