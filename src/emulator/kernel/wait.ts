/** Mirror of kernel/wait.c. */
import { list_add, list_add_tail, list_del, list_del_init, list_empty } from '../include/linux/list';
import { current } from '../include/ports';
import { spin_lock_irqsave, spin_unlock_irqrestore } from '../include/linux/spinlock';
import { WQ_FLAG_EXCLUSIVE, type wait_queue_head_t, type wait_queue_t } from '../include/linux/wait';
import { default_wake_function } from './sched/core';

export function add_wait_queue(q: wait_queue_head_t, wait: wait_queue_t): void {
  wait.flags &= ~WQ_FLAG_EXCLUSIVE;
  const flags = spin_lock_irqsave(q.lock);
  list_add(wait.task_list, q.task_list);
  spin_unlock_irqrestore(q.lock, flags);
}

export function add_wait_queue_exclusive(q: wait_queue_head_t, wait: wait_queue_t): void {
  wait.flags |= WQ_FLAG_EXCLUSIVE;
  const flags = spin_lock_irqsave(q.lock);
  list_add_tail(wait.task_list, q.task_list);
  spin_unlock_irqrestore(q.lock, flags);
}

export function remove_wait_queue(q: wait_queue_head_t, wait: wait_queue_t): void {
  const flags = spin_lock_irqsave(q.lock);
  list_del(wait.task_list);
  spin_unlock_irqrestore(q.lock, flags);
}

export function prepare_to_wait(q: wait_queue_head_t, wait: wait_queue_t, state: number): void {
  wait.flags &= ~WQ_FLAG_EXCLUSIVE;
  const flags = spin_lock_irqsave(q.lock);
  if (list_empty(wait.task_list)) list_add(wait.task_list, q.task_list);
  current.task.state = state;
  spin_unlock_irqrestore(q.lock, flags);
}

export function prepare_to_wait_exclusive(q: wait_queue_head_t, wait: wait_queue_t, state: number): void {
  wait.flags |= WQ_FLAG_EXCLUSIVE;
  const flags = spin_lock_irqsave(q.lock);
  if (list_empty(wait.task_list)) list_add_tail(wait.task_list, q.task_list);
  current.task.state = state;
  spin_unlock_irqrestore(q.lock, flags);
}

export function finish_wait(q: wait_queue_head_t, wait: wait_queue_t): void {
  current.task.state = 0;
  if (!list_empty(wait.task_list)) {
    const flags = spin_lock_irqsave(q.lock);
    list_del_init(wait.task_list);
    spin_unlock_irqrestore(q.lock, flags);
  }
}

export function autoremove_wake_function(wait: wait_queue_t, mode: number, sync: number, key: number): number {
  const ret = default_wake_function(wait, mode, sync, key);
  if (ret) list_del_init(wait.task_list);
  return ret;
}
