/** Mirror of arch/x86/kernel/apic/apic.c. */
import { hrtimer_interrupt } from '../../../../kernel/hrtimer';
import { irq_enter, irq_exit } from '../../../../kernel/softirq';

/** The clock event device of a CPU's timer: high-resolution mode is on from the start. */
const lapic_events = { event_handler: hrtimer_interrupt };

function local_apic_timer_interrupt(): void {
  const evt = lapic_events;
  evt.event_handler();
}

/** The CPU's own timer interrupt. */
export function smp_apic_timer_interrupt(): void {
  irq_enter();
  local_apic_timer_interrupt();
  irq_exit();
}
