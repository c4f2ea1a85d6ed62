/** include/linux/hrtimer.h. Expiry in virtual ns. */
import type { Cpu } from '../ports';
export { hrtimer_init, hrtimer_start, hrtimer_start_expires, hrtimer_cancel, hrtimer_try_to_cancel, hrtimer_nanosleep } from '../../kernel/hrtimer';

export const HRTIMER_NORESTART = 0;
export const HRTIMER_RESTART = 1;
export const HRTIMER_MODE_ABS = 0;
export const HRTIMER_MODE_REL = 1;
export const HRTIMER_MODE_ABS_PINNED = 2;
export const HRTIMER_MODE_REL_PINNED = 3;
export const CLOCK_MONOTONIC = 1;

export class hrtimer {
  function: (timer: hrtimer) => number = null;
  expires = 0;
  /** The CPU it is queued on; null while it is not. */
  base: Cpu = null;
  seq = 0;
  owner: any = null;
}
export function hrtimer_active(timer: hrtimer): boolean { return timer.base !== null; }
