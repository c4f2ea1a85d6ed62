/** Mirror of kernel/irq/handle.c: from a line to its handlers. */
import { current } from '../../include/ports';
import type { irq_desc, irqaction } from './manage';

export function handle_irq_event_percpu(desc: irq_desc, actions: irqaction[]): number {
  let retval = 0;
  const irq = desc.irq;
  for (const action of actions) {
    let res: number;
    res = action.handler(irq, action.dev_id);
    retval |= res;
  }
  return retval;
}

export function handle_irq_event(desc: irq_desc): number {
  const action = desc.action;
  let ret: number;
  const id = current.cpu.id;
  desc.count[id] = (desc.count[id] || 0) + 1;
  ret = handle_irq_event_percpu(desc, action);
  return ret;
}
