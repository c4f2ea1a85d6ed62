/** fs/file_table.c: making open files, and letting them go by way of task work. */
import { current } from '../include/ports';
import type { Gen } from '../include/ports';
import { file, inode } from '../include/linux/fs';
import type { file_operations } from '../include/linux/fs';
import { atomic_dec_and_test } from '../include/linux/atomic';
import { callback_head, task_work_add } from '../kernel/task_work';
import { unlikely } from '../include/linux/compiler';
import { list_empty } from '../include/linux/list';
import { eventpoll_release_file } from './eventpoll';
import { iput } from './inode';

function get_empty_filp(): file { return new file(); }

/** An open file on `inode`. */
export function alloc_file(inode: inode, mode: number, fop: file_operations): file {
  let file: file;
  file = get_empty_filp();
  file.f_inode = inode;
  file.f_mode = mode;
  file.f_op = fop;
  return file;
}

function eventpoll_release(file: file): void {
  if (list_empty(file.f_ep_links))
    return;
  eventpoll_release_file(file);
}

function* __fput(file: file): Gen<void> {
  const inode = file.f_inode;
  eventpoll_release(file);
  if (file.f_op && file.f_op.release)
    yield* file.f_op.release(inode, file);
  file.f_op = null;
  file.f_inode = null;
  if (inode)
    iput(inode);
}

function* ____fput(work: callback_head): Gen<void> {
  yield* __fput(work.owner as file);
}

/** Drops a reference; the last one closes the file when the task goes back to user space. */
export function fput(file: file): void {
  if (atomic_dec_and_test(file.f_count)) {
    const task = current.task;
    file.f_u.func = ____fput;
    if (unlikely(task === null))
      return;
    task_work_add(task, file.f_u, true);
  }
}
