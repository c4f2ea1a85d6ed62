/** Mirror of kernel/sched/core.c: sleeping and waking. Which task runs next is the machine's business (machine/machine.ts). */
import { current, type Gen, type Task } from '../../include/ports';
import { list_head } from '../../include/linux/list';
import { rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { smp_processor_id } from '../../include/linux/smp';
import { spin_lock_irqsave, spin_unlock_irqrestore } from '../../include/linux/spinlock';
import { WQ_FLAG_EXCLUSIVE, type wait_queue_head_t, type wait_queue_t } from '../../include/linux/wait';

export function need_resched(): boolean { return current.cpu.need_resched; }
export function account_irq_enter_time(_tsk: Task): void { /* include/probe.ts accounts every step */ }
export function account_irq_exit_time(_tsk: Task): void { /* likewise */ }

function* __schedule(): Gen<void> {
  if (current.cpu.preempt_count !== 0) throw new Error('scheduling while atomic');
  yield current.task.state === 0 ? 'resched' : 'sleep';
}

/** Gives the CPU away; returns when this task runs again. */
export function* schedule(): Gen<void> {
  yield* __schedule();
}

/** A point where others may run first: whoever is behind in virtual time, too. */
export function* might_sleep(): Gen<void> {
  if (current.cpu.preempt_count === 0 && (need_resched() || current.machine.behind())) yield 'resched';
}
/** A point where others may run first. */
export function* cond_resched(): Gen<void> {
  if (current.cpu.preempt_count === 0 && (need_resched() || current.machine.behind())) yield 'resched';
}
export function* yield_(): Gen<void> { yield 'resched'; }

function try_to_wake_up(p: Task, state: number, _wake_flags: number): number {
  if (!(p.state & state)) return 0;
  ttwu_queue(p);
  return 1;
}

function ttwu_queue(p: Task): void {
  ttwu_do_activate(p);
}

function ttwu_do_activate(p: Task): void {
  ttwu_do_wakeup(p);
}

function ttwu_do_wakeup(p: Task): void {
  p.state = 0;
  current.machine.wake(p);
}

/** Makes a sleeping task runnable; gives 1 when it slept. */
export function wake_up_process(p: Task): number {
  return try_to_wake_up(p, 3, 0);
}

export function default_wake_function(curr: wait_queue_t, mode: number, wake_flags: number, _key: number): number {
  return try_to_wake_up(curr.private, mode, wake_flags);
}

function __wake_up_common(q: wait_queue_head_t, mode: number, nr_exclusive: number, wake_flags: number, key: number): void {
  let next: list_head<wait_queue_t>;
  for (let p = q.task_list.next; p !== q.task_list; p = next) {
    next = p.next;
    const curr = p.owner;
    const flags = curr.flags;
    if (curr.func(curr, mode, wake_flags, key) && (flags & WQ_FLAG_EXCLUSIVE) && !--nr_exclusive) break;
  }
}

export function __wake_up(q: wait_queue_head_t, mode: number, nr_exclusive: number, key: number): void {
  const flags = spin_lock_irqsave(q.lock);
  __wake_up_common(q, mode, nr_exclusive, 0, key);
  spin_unlock_irqrestore(q.lock, flags);
}

export function __wake_up_sync_key(q: wait_queue_head_t, mode: number, nr_exclusive: number, key: number): void {
  const flags = spin_lock_irqsave(q.lock);
  __wake_up_common(q, mode, nr_exclusive, 1, key);
  spin_unlock_irqrestore(q.lock, flags);
}
export function __wake_up_locked(q: wait_queue_head_t, mode: number, nr: number): void { __wake_up_common(q, mode, nr, 0, 0); }

/** Is nothing running or waiting on that CPU? */
export function idle_cpu(cpu: number): boolean {
  const c = current.host.cpus[cpu];
  return c.curr === c.idle && c.runqueue.length === 0;
}

/** The CPU whose base a timer armed on an idle CPU goes to: the first busy one, else this one. */
export function get_nohz_timer_target(): number {
  let cpu = smp_processor_id();
  let i: number;

  rcu_read_lock();
  unlock: {
    for (let sd = 0; sd < 1; sd++) {
      for (i = 0; i < current.host.cpus.length; i++) {
        if (!idle_cpu(i)) {
          cpu = i;
          break unlock;
        }
      }
    }
  }
  rcu_read_unlock();
  return cpu;
}
