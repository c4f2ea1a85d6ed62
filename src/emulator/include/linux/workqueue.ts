/** include/linux/workqueue.h: one bound worker per CPU. */
import type { Gen } from '../ports';
import { timer_list } from './timer';
export { schedule_work, schedule_delayed_work, mod_delayed_work, queue_work, queue_delayed_work, cancel_work_sync, cancel_delayed_work, cancel_delayed_work_sync, flush_work, flush_scheduled_work } from '../../kernel/workqueue';

/** `func` may sleep (a generator) or not. */
export class work_struct { func: (work: any) => Gen<void> | void = null; pending = false; owner: any = null; }
export class delayed_work { work = new work_struct(); timer = new timer_list(); cpu: import('../ports').Cpu = null; }
export function INIT_WORK(work: work_struct, func: (work: any) => Gen<void> | void): void { work.func = func; work.pending = false; }
export function INIT_DELAYED_WORK(dwork: delayed_work, func: (work: any) => Gen<void> | void): void { dwork.work.func = func; dwork.work.owner = dwork; }
export function INIT_DEFERRABLE_WORK(dwork: delayed_work, func: (work: any) => Gen<void> | void): void { INIT_DELAYED_WORK(dwork, func); }
export function delayed_work_pending(w: delayed_work): boolean { return w.work.pending; }
/** The system workqueue that schedule_work() uses. */
export const system_wq = 'events';
