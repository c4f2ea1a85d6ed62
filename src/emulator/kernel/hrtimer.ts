/** Mirror of kernel/hrtimer.c: timers in nanoseconds, run in hard interrupt context. */
import { current, type Cpu, type Gen } from '../include/ports';
import { HRTIMER_MODE_ABS, HRTIMER_MODE_ABS_PINNED, HRTIMER_RESTART, hrtimer } from '../include/linux/hrtimer';
import { TASK_INTERRUPTIBLE } from '../include/linux/sched';
import { local_irq_restore, local_irq_save } from '../include/linux/irqflags';
import { schedule, wake_up_process } from './sched/core';
import { tick_due, tick_next, update_process_times } from './timer';

declare module '../include/ports' { interface Cpu { hrtimers: hrtimer[]; hrtimer_seq: number } }
export function hrtimer_percpu(cpu: Cpu): void { cpu.hrtimers = []; cpu.hrtimer_seq = 0; }

export function hrtimer_init(timer: hrtimer, _clock: number, _mode: number): void { timer.base = null; }

function enqueue_hrtimer(timer: hrtimer, cpu: Cpu): void {
  const queue = cpu.hrtimers;
  timer.base = cpu;
  timer.seq = cpu.hrtimer_seq++;
  let i = queue.length;
  while (i > 0 && queue[i - 1].expires > timer.expires) i--;
  queue.splice(i, 0, timer);
  if (i === 0) current.machine.program_timer(cpu, timer.expires);
}

function __remove_hrtimer(timer: hrtimer, cpu: Cpu): void {
  const i = cpu.hrtimers.indexOf(timer);
  if (i >= 0) cpu.hrtimers.splice(i, 1);
  timer.base = null;
}

function __hrtimer_start_range_ns(timer: hrtimer, tim: number, mode: number): number {
  const flags = local_irq_save();
  const ret = timer.base !== null ? 1 : 0;
  if (ret) __remove_hrtimer(timer, timer.base);
  timer.expires = mode === HRTIMER_MODE_ABS || mode === HRTIMER_MODE_ABS_PINNED ? tim : current.cpu.clock + tim;
  enqueue_hrtimer(timer, current.cpu);
  local_irq_restore(flags);
  return ret;
}

/** Arms for `tim` ns, absolute or from now by `mode`; gives 1 when it was active. */
export function hrtimer_start(timer: hrtimer, tim: number, mode: number): number {
  return __hrtimer_start_range_ns(timer, tim, mode);
}
export function hrtimer_start_expires(timer: hrtimer, mode: number): number { return hrtimer_start(timer, timer.expires, mode); }

export function hrtimer_try_to_cancel(timer: hrtimer): number {
  if (timer.base === null) return 0;
  const flags = local_irq_save();
  __remove_hrtimer(timer, timer.base);
  local_irq_restore(flags);
  return 1;
}
export function hrtimer_cancel(timer: hrtimer): number { return hrtimer_try_to_cancel(timer); }

function __run_hrtimer(timer: hrtimer, cpu: Cpu): void {
  __remove_hrtimer(timer, cpu);
  const restart = timer.function(timer);
  if (restart === HRTIMER_RESTART) enqueue_hrtimer(timer, cpu);
}

/** The timer interrupt: expired hrtimers, then the tick when one is due. */
export function hrtimer_interrupt(): void {
  const cpu = current.cpu;
  const now = cpu.clock;
  while (cpu.hrtimers.length && cpu.hrtimers[0].expires <= now) __run_hrtimer(cpu.hrtimers[0], cpu);
  if (tick_due(cpu)) tick_sched_timer();
}

function tick_sched_timer(): void {
  update_process_times(0);
}

export function hrtimer_run_pending(): void { /* high-resolution mode is on */ }
export function hrtimer_run_queues(): void { /* likewise: hrtimer_interrupt() runs them */ }

function hrtimer_wakeup(timer: hrtimer): number {
  wake_up_process(timer.owner);
  return 0;
}

/** Sleeps `ns` nanoseconds. */
export function* hrtimer_nanosleep(ns: number): Gen<number> {
  const timer = new hrtimer();
  timer.function = hrtimer_wakeup;
  timer.owner = current.task;
  current.task.state = TASK_INTERRUPTIBLE;
  hrtimer_start(timer, ns, 1);
  yield* schedule();
  hrtimer_cancel(timer);
  return 0;
}

/** Would a timer interrupt on `cpu` now find anything expired? */
export function timer_interrupt_due(cpu: Cpu): boolean {
  return (cpu.hrtimers.length > 0 && cpu.hrtimers[0].expires <= cpu.clock) || tick_due(cpu);
}

/** When the next one is needed, ns; Infinity for never. */
export function timer_next_event(cpu: Cpu): number {
  return Math.min(cpu.hrtimers.length ? cpu.hrtimers[0].expires : Infinity, tick_next(cpu));
}

/** Sleeps until woken or until `expires.v` (virtual ns, null for ever); 0 when the time is over, -EINTR (-4) otherwise. The caller has set the task's state. */
export function* schedule_hrtimeout_range(expires: { v: number }, _delta: number, mode: number): Gen<number> {
  if (expires === null) {
    yield* schedule();
    return -4;
  }
  const timer = new hrtimer();
  timer.function = hrtimer_sleeper_wakeup;
  timer.owner = { task: current.task, fired: false };
  hrtimer_start(timer, expires.v, mode);
  yield* schedule();
  hrtimer_cancel(timer);
  current.task.state = 0;
  return timer.owner.fired ? 0 : -4;
}
function hrtimer_sleeper_wakeup(timer: hrtimer): number {
  timer.owner.fired = true;
  wake_up_process(timer.owner.task);
  return 0;
}
