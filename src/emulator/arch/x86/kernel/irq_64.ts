/** Mirror of arch/x86/kernel/irq_64.c. */
import type { irq_desc } from '../../../kernel/irq/manage';
import { current } from '../../../include/ports';
import { local_irq_restore, local_irq_save } from '../../../include/linux/irqflags';
import { __do_softirq, in_interrupt, local_softirq_pending } from '../../../kernel/softirq';

/** Hands the line to its flow handler; false when there is none. */
export function handle_irq(irq: number): boolean {
  const desc = current.host.irq_desc.get(irq);
  if (!desc)
    return false;
  generic_handle_irq_desc(irq, desc);
  return true;
}

/** Runs pending softirqs unless an interrupt or softirq is already in progress on this CPU. */
export function do_softirq(): void {
  if (in_interrupt())
    return;
  const flags = local_irq_save();
  const pending = local_softirq_pending();
  if (pending) {
    call_softirq();
  }
  local_irq_restore(flags);
}

/** An inline of include/linux/irqdesc.h. */
function generic_handle_irq_desc(irq: number, desc: irq_desc): void { desc.handle_irq(irq, desc); }

/** Switches to the softirq stack in assembly there. */
function call_softirq(): void { __do_softirq(); }
