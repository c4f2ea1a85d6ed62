/** include/linux/mutex.h: FIFO, may sleep. */
import { current, type Gen, type Task } from '../ports';
import { schedule } from '../../kernel/sched/core';
import { TASK_UNINTERRUPTIBLE } from './sched';

export class mutex { owner: Task = null; readonly waiters: Task[] = []; }
export function* mutex_lock(lock: mutex): Gen<void> {
  while (lock.owner !== null) {
    lock.waiters.push(current.task);
    current.task.state = TASK_UNINTERRUPTIBLE;
    yield* schedule();
  }
  lock.owner = current.task;
}
export function mutex_trylock(lock: mutex): boolean { if (lock.owner !== null) return false; lock.owner = current.task; return true; }
export function mutex_unlock(lock: mutex): void {
  lock.owner = null;
  const next = lock.waiters.shift();
  if (next) { next.state = 0; current.machine.wake(next); }
}
export function mutex_is_locked(lock: mutex): boolean { return lock.owner !== null; }
