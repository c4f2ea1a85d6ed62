/**
 * Mirror of kernel/timer.c: timers in ticks, on the base of a CPU, run by TIMER_SOFTIRQ.
 * DEVIATION: the base is a map from tick to list with a heap of ticks instead of the cascading wheel; the order of expiry is by tick, then by insertion.
 */
import { current, type Cpu, type Gen, type Task } from '../include/ports';
import { BUG_ON } from '../include/asm-generic/bug';
import { HZ, INITIAL_JIFFIES, jiffies, TICK_NSEC, time_is_after_jiffies } from '../include/linux/jiffies';
import { TASK_RUNNING } from '../include/linux/sched';
import { raw_smp_processor_id } from '../include/linux/smp';
import { MAX_SCHEDULE_TIMEOUT } from '../include/linux/kernel';
import { list_add_tail, list_del_init, list_empty, list_head } from '../include/linux/list';
import { setup_timer, timer_list } from '../include/linux/timer';
import { TIMER_SOFTIRQ, type softirq_action } from '../include/linux/interrupt';
import { local_irq_disable, local_irq_enable, local_irq_restore, local_irq_save } from '../include/linux/irqflags';
import { open_softirq, raise_softirq } from './softirq';
import { get_nohz_timer_target, idle_cpu, schedule, wake_up_process } from './sched/core';
import { hrtimer_run_pending, hrtimer_run_queues } from './hrtimer';

/** Timers of one CPU. */
export class tvec_base {
  readonly slots = new Map<number, list_head<timer_list>>();
  /** Binary min-heap of ticks that have (or had) a slot. */
  readonly ticks: number[] = [];
  timer_jiffies = INITIAL_JIFFIES;
  running_timer: timer_list = null;
  /** The tick the machine was last asked to interrupt at; Infinity when none. */
  programmed = Infinity;
  /** The last tick whose interrupt came: the next is a tick away, even when what that one raised still waits for a softirq to end. */
  ticked = -1;
  /** The first tick after a timer was armed that was due by then: nothing looks at timers between two ticks. */
  earliest = 0;
}
declare module '../include/ports' { interface Cpu { tvec_bases: tvec_base } }
export function timer_percpu(cpu: Cpu): void { cpu.tvec_bases = new tvec_base(); }

/** A tick on or near a whole second, so that timers of a CPU expire together; three ticks apart for each CPU. Never one that is past. */
function round_jiffies_common(j: number, cpu: number, force_up: boolean): number {
  let rem: number;
  const original = j;

  j += cpu * 3;

  rem = j % HZ;

  if (rem < HZ / 4 && !force_up)
    j = j - rem;
  else
    j = j - rem + HZ;

  j -= cpu * 3;

  return time_is_after_jiffies(j) ? j : original;
}

export function __round_jiffies_relative(j: number, cpu: number): number {
  const j0 = jiffies();

  return round_jiffies_common(j + j0, cpu, false) - j0;
}

export function round_jiffies(j: number): number {
  return round_jiffies_common(j, raw_smp_processor_id(), false);
}

export function round_jiffies_relative(j: number): number {
  return __round_jiffies_relative(j, raw_smp_processor_id());
}

export function round_jiffies_up(j: number): number {
  return round_jiffies_common(j, raw_smp_processor_id(), true);
}

function heap_push(heap: number[], value: number): void {
  let i = heap.length;
  heap.push(value);
  while (i > 0) {
    const up = (i - 1) >> 1;
    if (heap[up] <= value) break;
    heap[i] = heap[up];
    i = up;
  }
  heap[i] = value;
}

function heap_pop(heap: number[]): void {
  const last = heap.pop();
  const n = heap.length;
  if (n === 0) return;
  let i = 0;
  for (;;) {
    let kid = 2 * i + 1;
    if (kid >= n) break;
    if (kid + 1 < n && heap[kid + 1] < heap[kid]) kid++;
    if (heap[kid] >= last) break;
    heap[i] = heap[kid];
    i = kid;
  }
  heap[i] = last;
}

function __internal_add_timer(base: tvec_base, timer: timer_list): void {
  const at = timer.expires < base.timer_jiffies ? base.timer_jiffies : timer.expires;
  let slot = base.slots.get(at);
  if (!slot) {
    slot = new list_head<timer_list>();
    base.slots.set(at, slot);
    heap_push(base.ticks, at);
  }
  list_add_tail(timer.entry, slot);
}

function internal_add_timer(cpu: Cpu, timer: timer_list): void {
  const base = cpu.tvec_bases, now = jiffies();
  if (timer.expires <= now && base.running_timer === null && (base.ticks.length === 0 || base.ticks[0] > now)) base.earliest = now + 1;
  __internal_add_timer(base, timer);
  program_tick(cpu, Math.max(timer.expires, base.earliest));
}

/** Asks for the interrupt of the tick at which something expires (DEVIATION: empty ticks are not delivered at all). */
function program_tick(cpu: Cpu, tick: number): void {
  const base = cpu.tvec_bases;
  if (tick >= base.programmed) return;
  base.programmed = tick;
  current.machine.program_timer(cpu, (tick - INITIAL_JIFFIES) * TICK_NSEC);
}

function detach_if_pending(timer: timer_list): number {
  if (timer.base === null) return 0;
  list_del_init(timer.entry);
  timer.base = null;
  return 1;
}

function __mod_timer(timer: timer_list, expires: number, pending_only: boolean, pinned: boolean): number {
  const flags = local_irq_save();
  const ret = detach_if_pending(timer);
  if (!(!ret && pending_only)) {
    let cpu = current.cpu.id;
    if (!pinned && idle_cpu(cpu)) cpu = get_nohz_timer_target();
    const base = current.host.cpus[cpu];
    timer.expires = expires;
    timer.base = base;
    internal_add_timer(base, timer);
  }
  local_irq_restore(flags);
  return ret;
}

/** Rounds an expiry up a little so that timers gather (the kernel's slack of 1/256 of the delay). */
function apply_slack(expires: number): number {
  const delta = expires - jiffies();
  if (delta < 256) return expires;
  const expires_limit = expires + Math.floor(delta / 256);
  const mask = expires ^ expires_limit;
  if (mask === 0) return expires;
  const bit = 31 - Math.clz32(mask);
  return expires_limit - (expires_limit % 2 ** bit);
}

export function mod_timer_pending(timer: timer_list, expires: number): number { return __mod_timer(timer, expires, true, false); }

/** Arms or re-arms `timer` for tick `expires`; gives 1 when it was pending. */
export function mod_timer(timer: timer_list, expires: number): number {
  expires = apply_slack(expires);
  if (timer.base !== null && timer.expires === expires) return 1;
  return __mod_timer(timer, expires, false, false);
}

export function mod_timer_pinned(timer: timer_list, expires: number): number {
  if (timer.expires === expires && timer.base !== null) return 1;
  return __mod_timer(timer, expires, false, true);
}

export function add_timer(timer: timer_list): void {
  BUG_ON(timer.base !== null);
  mod_timer(timer, timer.expires);
}

/** Arms `timer` on the base of one CPU. */
export function add_timer_on(timer: timer_list, cpu: Cpu): void {
  timer.base = cpu;
  internal_add_timer(cpu, timer);
}

export function del_timer(timer: timer_list): number {
  const flags = local_irq_save();
  const ret = detach_if_pending(timer);
  local_irq_restore(flags);
  return ret;
}
export function try_to_del_timer_sync(timer: timer_list): number { return del_timer(timer); }
export function del_timer_sync(timer: timer_list): number { return del_timer(timer); }

function call_timer_fn(timer: timer_list, fn: (data: any) => void, data: any): void {
  const preempt_count = current.cpu.preempt_count;
  fn(data);
  if (preempt_count !== current.cpu.preempt_count) {
    current.machine.log(`timer ${fn.name} left preempt_count ${current.cpu.preempt_count}, was ${preempt_count}`);
    current.cpu.preempt_count = preempt_count;
  }
}

function __run_timers(base: tvec_base): void {
  local_irq_disable();
  const now = jiffies();
  while (base.ticks.length && base.ticks[0] <= now) {
    const tick = base.ticks[0];
    const slot = base.slots.get(tick);
    base.timer_jiffies = tick + 1;
    base.slots.delete(tick);
    heap_pop(base.ticks);
    while (!list_empty(slot)) {
      const timer = slot.next.owner;
      const fn = timer.function;
      const data = timer.data;
      base.running_timer = timer;
      list_del_init(timer.entry);
      timer.base = null;
      local_irq_enable();
      call_timer_fn(timer, fn, data);
      local_irq_disable();
    }
  }
  base.timer_jiffies = now + 1;
  base.running_timer = null;
  local_irq_enable();
}

function run_timer_softirq(_h: softirq_action): void {
  const base = current.cpu.tvec_bases;
  hrtimer_run_pending();
  if (jiffies() >= base.timer_jiffies)
    __run_timers(base);
}

/** From the tick: timers are looked at in softirq. */
export function run_local_timers(): void {
  hrtimer_run_queues();
  raise_softirq(TIMER_SOFTIRQ);
}

export function update_process_times(_user_tick: number): void {
  current.cpu.tvec_bases.ticked = INITIAL_JIFFIES + Math.floor(current.cpu.clock / TICK_NSEC);
  run_local_timers();
}

/** Is a tick with something to do due on this CPU now? */
export function tick_due(cpu: Cpu): boolean {
  return tick_next(cpu) <= cpu.clock;
}

/** Virtual time of the next tick with something to do; Infinity when no timer is pending. */
export function tick_next(cpu: Cpu): number {
  const base = cpu.tvec_bases;
  while (base.ticks.length && list_empty(base.slots.get(base.ticks[0]))) {
    base.slots.delete(base.ticks[0]);
    heap_pop(base.ticks);
  }
  if (base.ticks.length === 0) {
    base.programmed = Infinity;
    return Infinity;
  }
  base.programmed = Math.max(base.ticks[0], base.ticked + 1, base.earliest);
  return (base.programmed - INITIAL_JIFFIES) * TICK_NSEC;
}

function process_timeout(task: Task): void {
  wake_up_process(task);
}

/** Sleeps until woken or `timeout` ticks have passed; gives the ticks left. The caller has set the task's state. */
export function* schedule_timeout(timeout: number): Gen<number> {
  const timer = new timer_list();
  let expire: number;
  out: {
    switch (timeout) {
      case MAX_SCHEDULE_TIMEOUT:
        yield* schedule();
        break out;
      default:
        if (timeout < 0) {
          current.task.state = TASK_RUNNING;
          break out;
        }
    }
    expire = timeout + jiffies();
    setup_timer(timer, process_timeout, current.task);
    __mod_timer(timer, expire, false, false);
    yield* schedule();
    del_timer_sync(timer);
    timeout = expire - jiffies();
  }
  return timeout < 0 ? 0 : timeout;
}
export function* schedule_timeout_interruptible(timeout: number): Gen<number> { current.task.state = 1; return yield* schedule_timeout(timeout); }
export function* schedule_timeout_uninterruptible(timeout: number): Gen<number> { current.task.state = 2; return yield* schedule_timeout(timeout); }

/** Sleeps at least `msecs`. */
export function* msleep(msecs: number): Gen<void> {
  let timeout = Math.ceil((msecs * HZ) / 1000) + 1;
  while (timeout) timeout = yield* schedule_timeout_uninterruptible(timeout);
}

/** Boot. */
export function init_timers(): void {
  open_softirq(TIMER_SOFTIRQ, run_timer_softirq);
}
