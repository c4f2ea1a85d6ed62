/** Mirror of kernel/softirq.c: bottom halves. */
import { current, type Cpu, type Gen, type Host, type Task } from '../include/ports';
import { WARN_ON_ONCE } from '../include/asm-generic/bug';
import { unlikely } from '../include/linux/compiler';
import { HI_SOFTIRQ, NR_SOFTIRQS, softirq_action, TASKLET_SOFTIRQ } from '../include/linux/interrupt';
import { irqs_disabled, local_irq_disable, local_irq_enable, local_irq_restore, local_irq_save } from '../include/linux/irqflags';
import { jiffies, msecs_to_jiffies, time_before } from '../include/linux/jiffies';
import { preempt_disable, preempt_enable, smp_processor_id } from '../include/linux/smp';
import { do_softirq } from '../arch/x86/kernel/irq_64';
import { account_irq_enter_time, account_irq_exit_time, cond_resched, need_resched, wake_up_process } from './sched/core';
import { smpboot_register_percpu_thread, type smp_hotplug_thread } from './smpboot';

export { do_softirq };

declare module '../include/ports' {
  interface Host { softirq_vec: softirq_action[] }
  interface Cpu { __softirq_pending: number; ksoftirqd: Task; kstat_softirqs: Uint32Array }
}

export function softirq_globals(host: Host): void {
  host.softirq_vec = Array.from({ length: NR_SOFTIRQS }, () => new softirq_action());
}
export function softirq_percpu(cpu: Cpu): void {
  cpu.__softirq_pending = 0;
  cpu.ksoftirqd = null;
  cpu.kstat_softirqs = new Uint32Array(NR_SOFTIRQS);
}

export const SOFTIRQ_OFFSET = 0x100;
export const SOFTIRQ_DISABLE_OFFSET = 2 * SOFTIRQ_OFFSET;
export const HARDIRQ_OFFSET = 0x10000;
const SOFTIRQ_MASK = 0xff00, HARDIRQ_MASK = 0x3ff0000, NMI_MASK = 0x4000000;

export function softirq_count(): number { return current.cpu.preempt_count & SOFTIRQ_MASK; }
export function in_irq(): number { return current.cpu.preempt_count & HARDIRQ_MASK; }
export function in_softirq(): number { return current.cpu.preempt_count & SOFTIRQ_MASK; }
export function in_serving_softirq(): number { return current.cpu.preempt_count & SOFTIRQ_OFFSET; }
export function in_interrupt(): number { return current.cpu.preempt_count & (HARDIRQ_MASK | SOFTIRQ_MASK | NMI_MASK); }
export function local_softirq_pending(): number { return current.cpu.__softirq_pending; }
export function set_softirq_pending(x: number): void { current.cpu.__softirq_pending = x; }
export function or_softirq_pending(x: number): void { current.cpu.__softirq_pending |= x; }
function is_idle_task(task: Task): boolean { return task === current.cpu.idle; }

/** Wakes this CPU's ksoftirqd. */
export function wakeup_softirqd(): void {
  const tsk = current.cpu.ksoftirqd;
  if (tsk && tsk.state !== 0) wake_up_process(tsk);
}

function __local_bh_disable(_ip: number, cnt: number): void {
  current.cpu.preempt_count += cnt;
}

/** Keeps softirqs from running on this CPU until local_bh_enable(). */
export function local_bh_disable(): void {
  __local_bh_disable(0, SOFTIRQ_DISABLE_OFFSET);
}

function __local_bh_enable(cnt: number): void {
  WARN_ON_ONCE(in_irq());
  WARN_ON_ONCE(!irqs_disabled());
  current.cpu.preempt_count -= cnt;
}

/** Enables softirqs without running what is pending. */
export function _local_bh_enable(): void {
  __local_bh_enable(SOFTIRQ_DISABLE_OFFSET);
}

function _local_bh_enable_ip(_ip: number): void {
  WARN_ON_ONCE(in_irq() || irqs_disabled());
  current.cpu.preempt_count -= SOFTIRQ_DISABLE_OFFSET - 1;
  if (unlikely(!in_interrupt() && local_softirq_pending()))
    do_softirq();
  current.cpu.preempt_count--;
}

/** Enables softirqs and runs what became pending meanwhile. */
export function local_bh_enable(): void {
  _local_bh_enable_ip(0);
}

export function local_bh_enable_ip(ip: number): void {
  _local_bh_enable_ip(ip);
}

const MAX_SOFTIRQ_RESTART = 10;

/** Runs pending softirqs, at most 10 rounds, one tick, and until somebody else wants the CPU; then ksoftirqd takes over. */
export function __do_softirq(): void {
  const end = jiffies() + msecs_to_jiffies(2);
  let max_restart = MAX_SOFTIRQ_RESTART;
  let pending = local_softirq_pending();
  account_irq_enter_time(current.task);
  __local_bh_disable(0, SOFTIRQ_OFFSET);
  const cpu = smp_processor_id();
  for (;;) {
    set_softirq_pending(0);
    local_irq_enable();
    let vec_nr = 0;
    do {
      if (pending & 1) {
        const h = current.host.softirq_vec[vec_nr];
        const prev_count = current.cpu.preempt_count;
        current.cpu.kstat_softirqs[vec_nr]++;
        h.action(h);
        if (unlikely(prev_count !== current.cpu.preempt_count)) {
          current.machine.log(`softirq ${vec_nr} on CPU${cpu} left preempt_count ${current.cpu.preempt_count}, was ${prev_count}`);
          current.cpu.preempt_count = prev_count;
        }
      }
      vec_nr++;
      pending >>= 1;
    } while (pending);
    local_irq_disable();
    pending = local_softirq_pending();
    if (pending) {
      if (time_before(jiffies(), end) && !need_resched() && --max_restart)
        continue;
      wakeup_softirqd();
    }
    break;
  }
  account_irq_exit_time(current.task);
  __local_bh_enable(SOFTIRQ_OFFSET);
}

/** Enters hard interrupt context. */
export function irq_enter(): void {
  smp_processor_id();
  if (is_idle_task(current.task) && !in_interrupt()) {
    local_bh_disable();
    _local_bh_enable();
  }
  __irq_enter();
}

function __irq_enter(): void { current.cpu.preempt_count += HARDIRQ_OFFSET; }

function invoke_softirq(): void {
  do_softirq();
}

function tick_irq_exit(): void {
  if (current.cpu.curr === current.cpu.idle && !need_resched()) {
    if (!in_interrupt())
      tick_nohz_irq_exit();
  }
}

/** DEVIATION: the tick is programmed when timers change (kernel/timer.ts), so there is nothing left to stop here. */
function tick_nohz_irq_exit(): void { /* see above */ }

/** Leaves hard interrupt context; the last one out runs pending softirqs. */
export function irq_exit(): void {
  local_irq_disable();
  account_irq_exit_time(current.task);
  current.cpu.preempt_count -= HARDIRQ_OFFSET;
  if (!in_interrupt() && local_softirq_pending())
    invoke_softirq();
  tick_irq_exit();
}

/** Marks a softirq pending; interrupts are off. Outside interrupts ksoftirqd is asked to see to it. */
export function raise_softirq_irqoff(nr: number): void {
  __raise_softirq_irqoff(nr);
  if (!in_interrupt())
    wakeup_softirqd();
}

export function raise_softirq(nr: number): void {
  const flags = local_irq_save();
  raise_softirq_irqoff(nr);
  local_irq_restore(flags);
}

export function __raise_softirq_irqoff(nr: number): void {
  or_softirq_pending(1 << nr);
}

export function open_softirq(nr: number, action: (h: softirq_action) => void): void {
  current.host.softirq_vec[nr].action = action;
}

/** DEVIATION: no tasklet is ever scheduled by the stack (TSQ's aside, which tcp_output.ts owns), so the lists are the callers'. */
export class tasklet_struct { func: (data: any) => void = null; data: any = null; scheduled = false; }
declare module '../include/ports' { interface Cpu { tasklet_vec: tasklet_struct[] } }
export function tasklet_percpu(cpu: Cpu): void { cpu.tasklet_vec = []; }
export function tasklet_init(t: tasklet_struct, func: (data: any) => void, data: any): void { t.func = func; t.data = data; t.scheduled = false; }
export function tasklet_schedule(t: tasklet_struct): void {
  if (!t.scheduled) { t.scheduled = true; __tasklet_schedule(t); }
}

export function __tasklet_schedule(t: tasklet_struct): void {
  const flags = local_irq_save();
  current.cpu.tasklet_vec.push(t);
  raise_softirq_irqoff(TASKLET_SOFTIRQ);
  local_irq_restore(flags);
}

function tasklet_action(_a: softirq_action): void {
  local_irq_disable();
  const list = current.cpu.tasklet_vec;
  current.cpu.tasklet_vec = [];
  local_irq_enable();
  for (const t of list) {
    t.scheduled = false;
    t.func(t.data);
  }
}

function tasklet_hi_action(_a: softirq_action): void { /* nothing raises HI_SOFTIRQ here */ }

/** Boot: the two tasklet softirqs. */
export function softirq_init(): void {
  open_softirq(TASKLET_SOFTIRQ, tasklet_action);
  open_softirq(HI_SOFTIRQ, tasklet_hi_action);
}

function ksoftirqd_should_run(_cpu: number): boolean {
  return local_softirq_pending() !== 0;
}

function* run_ksoftirqd(_cpu: number): Gen<void> {
  local_irq_disable();
  if (local_softirq_pending()) {
    __do_softirq();
    local_irq_enable();
    yield* cond_resched();
    preempt_disable();
    preempt_enable();
    return;
  }
  local_irq_enable();
}

const softirq_threads: smp_hotplug_thread = {
  store: (cpu, task) => { cpu.ksoftirqd = task; },
  thread_should_run: ksoftirqd_should_run,
  thread_fn: run_ksoftirqd,
  thread_comm: 'ksoftirqd/%u',
};

/** Boot: one ksoftirqd per CPU. */
export function spawn_ksoftirqd(): number {
  smpboot_register_percpu_thread(softirq_threads);
  return 0;
}
