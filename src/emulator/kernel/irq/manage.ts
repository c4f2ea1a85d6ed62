/** Mirror of kernel/irq/manage.c: who handles an interrupt line. */
import { current, type Cpu, type Host } from '../../include/ports';
import type { irq_handler_t } from '../../include/linux/interrupt';
import { handle_edge_irq } from './chip';

export class irqaction { constructor(readonly handler: irq_handler_t, readonly name: string, readonly dev_id: any) {} }
/** One line. `count` per CPU is what /proc/interrupts shows. */
export class irq_desc {
  action: irqaction[] = [];
  depth = 0;
  readonly count: number[] = [];
  handle_irq: (irq: number, desc: irq_desc) => void = handle_edge_irq;
  affinity: Cpu = null;
  constructor(readonly irq: number) {}
}
declare module '../../include/ports' { interface Host { irq_desc: Map<number, irq_desc> } }
export function irq_globals(host: Host): void { host.irq_desc = new Map(); }

/** The descriptor of line `irq`, made on demand. */
export function irq_to_desc(irq: number): irq_desc {
  let desc = current.host.irq_desc.get(irq);
  if (!desc) current.host.irq_desc.set(irq, (desc = new irq_desc(irq)));
  return desc;
}
export function request_irq(irq: number, handler: irq_handler_t, _flags: number, name: string, dev: any): number {
  return request_threaded_irq(irq, handler, name, dev);
}
function request_threaded_irq(irq: number, handler: irq_handler_t, devname: string, dev_id: any): number {
  irq_to_desc(irq).action.push(new irqaction(handler, devname, dev_id));
  return 0;
}
export function free_irq(irq: number, dev_id: any): void {
  const desc = irq_to_desc(irq);
  desc.action = desc.action.filter((a) => a.dev_id !== dev_id);
}
export function synchronize_irq(_irq: number): void { /* no handler can be running beside us */ }
export function disable_irq(irq: number): void { irq_to_desc(irq).depth++; }
export function enable_irq(irq: number): void { irq_to_desc(irq).depth--; }
export function irq_set_affinity_hint(_irq: number, _mask: unknown): number { return 0; }
