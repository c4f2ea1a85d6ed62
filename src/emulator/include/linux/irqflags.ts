/** include/linux/irqflags.h: the interrupt flag of the running CPU. */
import { current } from '../ports';

export function local_irq_disable(): void { current.cpu.irqs_disabled = true; }
export function local_irq_enable(): void {
  const cpu = current.cpu;
  cpu.irqs_disabled = false;
  if (cpu.irq_waiting) current.machine.deliver();
}
export function local_irq_save(): boolean { const was = current.cpu.irqs_disabled; current.cpu.irqs_disabled = true; return was; }
export function local_irq_restore(flags: boolean): void { if (!flags) local_irq_enable(); }
export function irqs_disabled(): boolean { return current.cpu.irqs_disabled; }
