/** Mirror of kernel/irq/chip.c: flow handlers. */
import type { irq_desc } from './manage';
import { handle_irq_event } from './handle';

/** Edge-triggered lines, such as MSI-X vectors. */
export function handle_edge_irq(_irq: number, desc: irq_desc): void {
  if (desc.depth !== 0 || desc.action.length === 0) return;
  handle_irq_event(desc);
}
