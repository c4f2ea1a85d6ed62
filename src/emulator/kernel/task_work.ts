/** Mirror of kernel/task_work.c: what a task does on its way back to user space. */
import { current, type Gen, type Task } from '../include/ports';

declare module '../include/ports' { interface Task { task_works: callback_head[] } }
export class callback_head { func: (work: callback_head) => Gen<void> | void = null; owner: any = null; }

/** Queues `work` for `task`; it runs before the task returns to user space. */
export function task_work_add(task: Task, work: callback_head, _notify: boolean): number {
  task.task_works.push(work);
  return 0;
}

/** Runs and empties the list. */
export function* task_work_run(): Gen<void> {
  const task = current.task;
  while (task.task_works.length) {
    const work = task.task_works.shift();
    const sleeping = work.func(work);
    if (sleeping) yield* sleeping;
  }
}
