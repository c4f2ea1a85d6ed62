/** include/linux/delay.h: waiting by spinning and by sleeping. */
import type { Gen } from '../ports';
import { current } from '../ports';
import { msecs_to_jiffies } from './jiffies';
import { TASK_UNINTERRUPTIBLE, __set_current_state, schedule_timeout_uninterruptible } from './sched';
import { schedule } from './sched';

export function udelay(usecs: number): void { current.machine.spend(usecs * 1000); }
export function ndelay(nsecs: number): void { current.machine.spend(nsecs); }
export function mdelay(msecs: number): void { current.machine.spend(msecs * 1_000_000); }

/** Sleeps at least `msecs`. */
export function* msleep(msecs: number): Gen<void> {
  let timeout = msecs_to_jiffies(msecs) + 1;

  while (timeout)
    timeout = yield* schedule_timeout_uninterruptible(timeout);
}

/** Sleeps `min` microseconds. */
export function* usleep_range(min: number, _max: number): Gen<void> {
  const task = current.task, machine = current.machine;
  __set_current_state(TASK_UNINTERRUPTIBLE);
  machine.at(current.cpu.clock + min * 1000, () => machine.wake(task));
  yield* schedule();
}
