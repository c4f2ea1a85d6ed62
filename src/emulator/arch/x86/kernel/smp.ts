/** Mirror of arch/x86/kernel/smp.c: the receiving end of a function call interrupt. */
import { irq_enter, irq_exit } from '../../../kernel/softirq';

export function smp_call_function_single_interrupt(func: () => void): void {
  irq_enter();
  func();
  irq_exit();
}
