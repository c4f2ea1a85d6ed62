/** include/linux/wait.h. */
import type { Task } from '../ports';
import { current } from '../ports';
import { list_empty, list_head } from './list';
import { spinlock_t } from './spinlock';
import { autoremove_wake_function } from '../../kernel/wait';
import { default_wake_function } from '../../kernel/sched/core';
export { add_wait_queue, add_wait_queue_exclusive, remove_wait_queue, prepare_to_wait, prepare_to_wait_exclusive, finish_wait, autoremove_wake_function } from '../../kernel/wait';
export { __wake_up, __wake_up_sync_key, default_wake_function } from '../../kernel/sched/core';
import { __wake_up, __wake_up_sync_key } from '../../kernel/sched/core';

export const WQ_FLAG_EXCLUSIVE = 1;
export type wait_queue_func_t = (wait: wait_queue_t, mode: number, sync: number, key: number) => number;

export class wait_queue_head_t { lock = new spinlock_t(); task_list = new list_head<wait_queue_t>(); }
export class wait_queue_t {
  flags = 0;
  private: Task = null;
  func: wait_queue_func_t = default_wake_function;
  task_list = new list_head<wait_queue_t>(this);
}

export function init_waitqueue_head(q: wait_queue_head_t): void { q.task_list.next = q.task_list; q.task_list.prev = q.task_list; }
/** An entry for the running task, as DEFINE_WAIT() declares one. */
export function DEFINE_WAIT(): wait_queue_t { const w = new wait_queue_t(); w.private = current.task; w.func = autoremove_wake_function; return w; }
/** An entry for `task` as DECLARE_WAITQUEUE() declares one. */
export function DECLARE_WAITQUEUE(task: Task): wait_queue_t { const w = new wait_queue_t(); w.private = task; return w; }
export function init_waitqueue_entry(w: wait_queue_t, task: Task): void { w.flags = 0; w.private = task; w.func = default_wake_function; }
export function init_waitqueue_func_entry(w: wait_queue_t, func: wait_queue_func_t): void { w.flags = 0; w.private = null; w.func = func; }
export function waitqueue_active(q: wait_queue_head_t): boolean { return !list_empty(q.task_list); }
export function wake_up(q: wait_queue_head_t): void { __wake_up(q, 3, 1, 0); }
export function wake_up_all(q: wait_queue_head_t): void { __wake_up(q, 3, 0, 0); }
export function wake_up_interruptible(q: wait_queue_head_t): void { __wake_up(q, 1, 1, 0); }
export function wake_up_interruptible_all(q: wait_queue_head_t): void { __wake_up(q, 1, 0, 0); }
export function wake_up_interruptible_poll(q: wait_queue_head_t, mask: number): void { __wake_up(q, 1, 1, mask); }
export function wake_up_interruptible_sync_poll(q: wait_queue_head_t, mask: number): void { __wake_up_sync_key(q, 1, 1, mask); }
