/** Mirror of kernel/irq/chip.c and handle.c: from a line to its handlers. */
import { current } from '../../include/ports';
import type { irq_desc, irqaction } from './manage';

export function handle_edge_irq(_irq: number, desc: irq_desc): void {
  if (desc.depth !== 0 || desc.action.length === 0) return;
  handle_irq_event(desc);
}

function handle_irq_event(desc: irq_desc): number {
  const id = current.cpu.id;
  desc.count[id] = (desc.count[id] || 0) + 1;
  return handle_irq_event_percpu(desc, desc.action);
}

function handle_irq_event_percpu(desc: irq_desc, actions: irqaction[]): number {
  let retval = 0;
  for (const action of actions) {
    const res = action.handler(desc.irq, action.dev_id);
    retval |= res;
  }
  return retval;
}
