/** include/linux/smp.h, percpu.h. */
import { smp_call_function_single_interrupt } from '../../arch/x86/kernel/smp';
import { current, type Cpu } from '../ports';
export function smp_processor_id(): number { return current.cpu.id; }
export function raw_smp_processor_id(): number { return current.cpu.id; }
export function get_cpu(): number { current.cpu.preempt_count++; return current.cpu.id; }
export function put_cpu(): void { current.cpu.preempt_count--; }
export function preempt_disable(): void { current.cpu.preempt_count++; }
export function preempt_enable(): void { current.cpu.preempt_count--; }
export function num_online_cpus(): number { return current.host.cpus.length; }
export function cpu_online(cpu: number): boolean { return cpu < current.host.cpus.length; }
export function per_cpu_of(cpu: number): Cpu { return current.host.cpus[cpu]; }
export const nr_cpu_ids = 64;
/** Runs `func` on another CPU by an inter-processor interrupt, soon. */
export function smp_call_function_single_async(cpu: Cpu, func: () => void): void {
  current.machine.interrupt_at(current.cpu.clock + 1000, cpu, () => smp_call_function_single_interrupt(func));
}
