/** Mirror of arch/x86/kernel/apic/apic.c. */
import { hrtimer_interrupt } from '../../../../kernel/hrtimer';
import { irq_enter, irq_exit } from '../../../../kernel/softirq';

function local_apic_timer_interrupt(): void {
  hrtimer_interrupt();
}

/** The CPU's own timer interrupt. */
export function smp_apic_timer_interrupt(): void {
  irq_enter();
  local_apic_timer_interrupt();
  irq_exit();
}
