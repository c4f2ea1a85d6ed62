/** kernel/exit.c: the end of a process. DEVIATION: it has no memory, signals and parent here, so that what is left is the closing of its files. */
import { current, type Gen } from '../include/ports';
import { exit_task_work } from '../include/linux/task_work';
import { exit_files } from '../fs/file';

export function* do_exit(_code: number): Gen<void> {
  const tsk = current.task;
  yield* exit_files(tsk);
  yield* exit_task_work(tsk);
}

export function* do_group_exit(exit_code: number): Gen<void> {
  yield* do_exit(exit_code);
}

/** System call exit_group(): what exit() of a C library ends in. */
export function* sys_exit_group(error_code: number): Gen<number> {
  yield* do_group_exit((error_code & 0xff) << 8);
  return 0;
}
