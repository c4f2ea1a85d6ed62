/** include/linux/sched.h: tasks as far as sockets need them. */
import { current, type Task } from '../ports';
export { schedule, cond_resched, yield_, wake_up_process, need_resched } from '../../kernel/sched/core';
export { schedule_timeout, schedule_timeout_interruptible, schedule_timeout_uninterruptible } from '../../kernel/timer';

export const TASK_RUNNING = 0;
export const TASK_INTERRUPTIBLE = 1;
export const TASK_UNINTERRUPTIBLE = 2;
export const TASK_NORMAL = TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE;
export const TASK_DEAD = 64;
export const PF_MEMALLOC = 0x800;
export const PF_EXITING = 4;

export function set_current_state(state: number): void { current.task.state = state; }
export function __set_current_state(state: number): void { current.task.state = state; }
export function set_task_state(task: Task, state: number): void { task.state = state; }
/** Signals exist only as a flag that a scenario's program can raise. */
export function signal_pending(task: Task): boolean { return task.signal_pending; }
export function fatal_signal_pending(task: Task): boolean { return task.signal_pending; }
export function in_atomic(): boolean { return current.cpu.preempt_count !== 0; }

declare module '../ports' { interface Task { signal_pending: boolean; flags: number } }
