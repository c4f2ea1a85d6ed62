/** Mirror of kernel/smpboot.c: threads bound to a CPU. */
import { current, type Cpu, type Gen, type Task } from '../include/ports';
import { TASK_INTERRUPTIBLE } from '../include/linux/sched';
import { schedule } from './sched/core';

export interface smp_hotplug_thread {
  store(cpu: Cpu, task: Task): void;
  thread_should_run(cpu: number): boolean;
  thread_fn(cpu: number): Gen<void>;
  readonly thread_comm: string;
}

function* smpboot_thread_fn(ht: smp_hotplug_thread, cpu: number): Gen<void> {
  for (;;) {
    current.task.state = TASK_INTERRUPTIBLE;
    if (!ht.thread_should_run(cpu)) {
      yield* schedule();
    } else {
      current.task.state = 0;
      yield* ht.thread_fn(cpu);
    }
  }
}

function __smpboot_create_thread(ht: smp_hotplug_thread, cpu: Cpu): void {
  ht.store(cpu, current.machine.kthread(cpu, ht.thread_comm.replace('%u', String(cpu.id)), () => smpboot_thread_fn(ht, cpu.id)));
}

/** One thread per CPU of the running host. */
export function smpboot_register_percpu_thread(plug_thread: smp_hotplug_thread): number {
  for (const cpu of current.host.cpus) __smpboot_create_thread(plug_thread, cpu);
  return 0;
}
