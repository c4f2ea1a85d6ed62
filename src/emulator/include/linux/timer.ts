/** include/linux/timer.h. */
import { list_head } from './list';
import type { Cpu } from '../ports';
export { add_timer, mod_timer, mod_timer_pending, mod_timer_pinned, del_timer, del_timer_sync, try_to_del_timer_sync, round_jiffies, round_jiffies_relative, round_jiffies_up } from '../../kernel/timer';

/** `data` is what the kernel casts to unsigned long: any object here. */
export class timer_list {
  entry = new list_head<timer_list>(this);
  expires = 0;
  function: (data: any) => void = null;
  data: any = null;
  /** The CPU on whose base the timer is queued; null while it is not pending. */
  base: Cpu = null;
}
export function init_timer(timer: timer_list): void { timer.base = null; }
export function setup_timer(timer: timer_list, fn: (data: any) => void, data: any): void { timer.function = fn; timer.data = data; timer.base = null; }
export function timer_pending(timer: timer_list): boolean { return timer.base !== null; }
