/** fs/select.c: poll(). */
import { current } from '../include/ports';
import type { Gen } from '../include/ports';
import type { file } from '../include/linux/fs';
import { fdget, fdput } from '../include/linux/file';
import { get_file } from '../include/linux/fs';
import { fput } from './file_table';
import { DEFAULT_POLLMASK, POLLERR, POLLHUP, POLLNVAL, init_poll_funcptr, poll_table } from '../include/linux/poll';
import { add_wait_queue, init_waitqueue_func_entry, remove_wait_queue, wait_queue_head_t, wait_queue_t } from '../include/linux/wait';
import { default_wake_function } from '../kernel/sched/core';
import { TASK_INTERRUPTIBLE, TASK_RUNNING, __set_current_state, set_current_state, signal_pending } from '../include/linux/sched';
import { schedule_hrtimeout_range } from '../kernel/hrtimer';
import { HRTIMER_MODE_ABS } from '../include/linux/hrtimer';
import { ktime_get } from '../include/linux/ktime';
import { EINTR, EINVAL } from '../include/uapi/asm-generic/errno';
import type { Task } from '../include/ports';

export class pollfd { fd = 0; events = 0; revents = 0; }
export class poll_table_entry { filp: file = null; key = 0; wait: wait_queue_t = new wait_queue_t(); wait_address: wait_queue_head_t = null; }
export class poll_wqueues extends poll_table {
  polling_task: Task = null;
  triggered = 0;
  error = 0;
  entries: poll_table_entry[] = [];
}

export function poll_initwait(pwq: poll_wqueues): void {
  init_poll_funcptr(pwq, __pollwait);
  pwq.polling_task = current.task;
  pwq.triggered = 0;
  pwq.error = 0;
}
function free_poll_entry(entry: poll_table_entry): void {
  remove_wait_queue(entry.wait_address, entry.wait);
  fput(entry.filp);
}
export function poll_freewait(pwq: poll_wqueues): void {
  for (let i = pwq.entries.length - 1; i >= 0; i--)
    free_poll_entry(pwq.entries[i]);
}
function __pollwake(wait: wait_queue_t, mode: number, sync: number, key: number): number {
  const pwq = (wait.private as unknown as { pwq: poll_wqueues }).pwq;
  const dummy_wait = new wait_queue_t();
  dummy_wait.private = pwq.polling_task;
  pwq.triggered = 1;
  return default_wake_function(dummy_wait, mode, sync, key);
}
function pollwake(wait: wait_queue_t, mode: number, sync: number, key: number): number {
  const entry = (wait.private as unknown as { entry: poll_table_entry }).entry;
  if (key && !(key & entry.key))
    return 0;
  return __pollwake(wait, mode, sync, key);
}
function __pollwait(filp: file, wait_address: wait_queue_head_t, p: poll_table): void {
  const pwq = p as poll_wqueues;
  const entry = new poll_table_entry();
  entry.filp = get_file(filp);
  entry.wait_address = wait_address;
  entry.key = p._key;
  init_waitqueue_func_entry(entry.wait, pollwake);
  entry.wait.private = { pwq, entry } as any;
  pwq.entries.push(entry);
  add_wait_queue(wait_address, entry.wait);
}

/** Sleeps until a wait queue fired or `expires.v` (virtual ns; null for ever); 0 when the time is over. */
export function* poll_schedule_timeout(pwq: poll_wqueues, state: number, expires: { v: number }, slack: number): Gen<number> {
  let rc = -EINTR;
  set_current_state(state);
  if (!pwq.triggered)
    rc = yield* schedule_hrtimeout_range(expires, slack, HRTIMER_MODE_ABS);
  __set_current_state(TASK_RUNNING);
  pwq.triggered = 0;
  return rc;
}

function do_pollfd(pollfd: pollfd, pwait: poll_table): number {
  let mask: number;
  let fd: number;
  mask = 0;
  fd = pollfd.fd;
  if (fd >= 0) {
    const f = fdget(fd);
    mask = POLLNVAL;
    if (f.file) {
      mask = DEFAULT_POLLMASK;
      if (f.file.f_op && f.file.f_op.poll) {
        pwait._key = pollfd.events | POLLERR | POLLHUP;
        mask = f.file.f_op.poll(f.file, pwait);
      }
      mask &= pollfd.events | POLLERR | POLLHUP;
      fdput(f);
    }
  }
  pollfd.revents = mask;
  return mask;
}

function* do_poll(nfds: number, list: pollfd[], wait: poll_wqueues, end_time: { v: number }): Gen<number> {
  const pt: poll_table = wait;
  const to = end_time;
  let timed_out = 0, count = 0;
  if (end_time && end_time.v <= ktime_get()) {
    pt._qproc = null;
    timed_out = 1;
  }
  for (;;) {
    for (let i = 0; i < nfds; i++) {
      if (do_pollfd(list[i], pt)) {
        count++;
        pt._qproc = null;
      }
    }
    pt._qproc = null;
    if (!count) {
      count = wait.error;
      if (signal_pending(current.task))
        count = -EINTR;
    }
    if (count || timed_out)
      break;
    if (!(yield* poll_schedule_timeout(wait, TASK_INTERRUPTIBLE, to, 0)))
      timed_out = 1;
  }
  return count;
}

function* do_sys_poll(ufds: pollfd[], nfds: number, end_time: { v: number }): Gen<number> {
  const table = new poll_wqueues();
  let fdcount: number;
  if (nfds > 1024)
    return -EINVAL;
  poll_initwait(table);
  fdcount = yield* do_poll(nfds, ufds, table, end_time);
  poll_freewait(table);
  return fdcount;
}

/** System call poll(); `timeout_msecs` negative for ever. */
export function* sys_poll(ufds: pollfd[], nfds: number, timeout_msecs: number): Gen<number> {
  let to: { v: number } = null;
  if (timeout_msecs >= 0) {
    to = { v: ktime_get() + timeout_msecs * 1_000_000 };
  }
  return yield* do_sys_poll(ufds, nfds, to);
}
