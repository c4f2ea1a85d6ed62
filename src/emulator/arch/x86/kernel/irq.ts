/** Mirror of arch/x86/kernel/irq.c. */
import { current } from '../../../include/ports';
import { irq_enter, irq_exit } from '../../../kernel/softirq';
import { handle_irq } from './irq_64';

/** A device interrupt on line `irq` (DEVIATION: the line itself, not the vector it is found by). */
export function do_IRQ(irq: number): number {
  irq_enter();
  if (!handle_irq(irq)) {
    current.machine.log(`no irq handler for irq ${irq} on CPU${current.cpu.id}`);
  }
  irq_exit();
  return 1;
}
