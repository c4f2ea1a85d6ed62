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
  interface Cpu {
    __softirq_pending: number; ksoftirqd: Task; kstat_softirqs: Uint32Array;
    /** When an interrupt last woke the idle CPU, ns. */
    idle_left: number;
  }
}

export function softirq_globals(host: Host): void {
  host.softirq_vec = Array.from({ length: NR_SOFTIRQS }, () => new softirq_action());
}
export function softirq_percpu(cpu: Cpu): void {
  cpu.__softirq_pending = 0;
  cpu.ksoftirqd = null;
  cpu.kstat_softirqs = new Uint32Array(NR_SOFTIRQS);
  cpu.idle_left = -Infinity;
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
const PF_MEMALLOC = 0x800;
/** The vector of softirqs as the kernel counts through it: a pointer is an index here. */
const softirq_vec = 0;
const force_irqthreads = false;
/** Steps that an interrupt takes to wake an idle CPU, and one that was idle for IDLE_LONG ns. */
const IDLE_EXIT_STEPS = 50, IDLE_EXIT_COLD_STEPS = 200, IDLE_LONG = 200e6;
function preempt_count(): number { return current.cpu.preempt_count; }
function sub_preempt_count(val: number): void { current.cpu.preempt_count -= val; }
function dec_preempt_count(): void { current.cpu.preempt_count--; }
function kstat_incr_softirqs_this_cpu(irq: number): void { current.cpu.kstat_softirqs[irq]++; }
function tsk_restore_flags(task: Task, orig_flags: number, flags: number): void { task.flags = (task.flags & ~flags) | (orig_flags & flags); }
function idle_cpu(_cpu: number): boolean { return current.cpu.curr === current.cpu.idle; }
// Tracing, lockdep, RCU's own books and the tick's: empty in this configuration, or the machine's business; a CPU is only given to another task at a sleeping point.
function preempt_check_resched(): void { /* see above */ }
function trace_softirqs_on(_ip: number): void { /* see above */ }
function trace_softirq_entry(_vec_nr: number): void { /* see above */ }
function trace_softirq_exit(_vec_nr: number): void { /* see above */ }
function trace_hardirq_exit(): void { /* see above */ }
function lockdep_softirq_enter(): void { /* see above */ }
function lockdep_softirq_exit(): void { /* see above */ }
function rcu_bh_qs(_cpu: number): void { /* see above */ }
function rcu_irq_enter(): void { /* see above */ }
function rcu_irq_exit(): void { /* see above */ }
/**
 * DEVIATION: of the tick's books on leaving idleness only the time they take is kept, in steps: in the recordings from do_IRQ to the handler 60 to 100 us pass on an idle CPU,
 * about 250 us when it had been idle for long, 25 us on a busy one.
 */
function tick_check_idle(_cpu: number): void {
  const { cpu, machine, probe } = current;
  const steps = cpu.clock - cpu.idle_left < IDLE_LONG ? IDLE_EXIT_STEPS : IDLE_EXIT_COLD_STEPS;
  cpu.idle_left = cpu.clock;
  machine.spend(steps * probe.stepCost);
}
function tick_nohz_full_cpu(_cpu: number): boolean { return false; }
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

function _local_bh_enable_ip(ip: number): void {
  WARN_ON_ONCE(in_irq() || irqs_disabled());
  if (softirq_count() === SOFTIRQ_DISABLE_OFFSET)
    trace_softirqs_on(ip);
  sub_preempt_count(SOFTIRQ_DISABLE_OFFSET - 1);

  if (unlikely(!in_interrupt() && local_softirq_pending()))
    do_softirq();

  dec_preempt_count();
  preempt_check_resched();
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
  let h: number;
  let pending: number;
  const end = jiffies() + msecs_to_jiffies(2);
  let cpu: number;
  const old_flags = current.task.flags;
  let max_restart = MAX_SOFTIRQ_RESTART;

  current.task.flags &= ~PF_MEMALLOC;

  pending = local_softirq_pending();
  account_irq_enter_time(current.task);

  __local_bh_disable(0, SOFTIRQ_OFFSET);
  lockdep_softirq_enter();

  cpu = smp_processor_id();
  for (;;) {
    set_softirq_pending(0);

    local_irq_enable();

    h = softirq_vec;

    do {
      if (pending & 1) {
        const vec_nr = h - softirq_vec;
        const prev_count = preempt_count();

        kstat_incr_softirqs_this_cpu(vec_nr);

        trace_softirq_entry(vec_nr);
        current.host.softirq_vec[h].action(current.host.softirq_vec[h]);
        trace_softirq_exit(vec_nr);
        if (unlikely(prev_count !== preempt_count())) {
          current.machine.log(`softirq ${vec_nr} on CPU${cpu} left preempt_count ${preempt_count()}, was ${prev_count}`);
          current.cpu.preempt_count = prev_count;
        }

        rcu_bh_qs(cpu);
      }
      h++;
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

  lockdep_softirq_exit();

  account_irq_exit_time(current.task);
  __local_bh_enable(SOFTIRQ_OFFSET);
  tsk_restore_flags(current.task, old_flags, PF_MEMALLOC);
}

/** Enters hard interrupt context. */
export function irq_enter(): void {
  const cpu = smp_processor_id();

  rcu_irq_enter();
  if (is_idle_task(current.task) && !in_interrupt()) {
    local_bh_disable();
    tick_check_idle(cpu);
    _local_bh_enable();
  }
  __irq_enter();
}

function __irq_enter(): void { current.cpu.preempt_count += HARDIRQ_OFFSET; }

function invoke_softirq(): void {
  if (!force_irqthreads) {
    do_softirq();
  } else {
    wakeup_softirqd();
  }
}

function tick_irq_exit(): void {
  const cpu = smp_processor_id();

  if ((idle_cpu(cpu) && !need_resched()) || tick_nohz_full_cpu(cpu)) {
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
  trace_hardirq_exit();
  sub_preempt_count(HARDIRQ_OFFSET);
  if (!in_interrupt() && local_softirq_pending())
    invoke_softirq();

  tick_irq_exit();
  rcu_irq_exit();
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
