/** include/linux/task_work.h: work on the way back to user space. */
import type { Gen, Task } from '../ports';
import { task_work_run } from '../../kernel/task_work';

export function* exit_task_work(_task: Task): Gen<void> {
  yield* task_work_run();
}
