/** include/linux/interrupt.h. */
export { open_softirq, raise_softirq, raise_softirq_irqoff, __raise_softirq_irqoff, local_bh_disable, local_bh_enable, _local_bh_enable, local_softirq_pending, in_interrupt, in_softirq, in_irq, in_serving_softirq, do_softirq } from '../../kernel/softirq';
export { request_irq, free_irq, synchronize_irq, disable_irq, enable_irq, irq_set_affinity_hint } from '../../kernel/irq/manage';

export const IRQ_NONE = 0;
export const IRQ_HANDLED = 1;
export const IRQF_SHARED = 0x80;

export const HI_SOFTIRQ = 0;
export const TIMER_SOFTIRQ = 1;
export const NET_TX_SOFTIRQ = 2;
export const NET_RX_SOFTIRQ = 3;
export const BLOCK_SOFTIRQ = 4;
export const BLOCK_IOPOLL_SOFTIRQ = 5;
export const TASKLET_SOFTIRQ = 6;
export const SCHED_SOFTIRQ = 7;
export const HRTIMER_SOFTIRQ = 8;
export const RCU_SOFTIRQ = 9;
export const NR_SOFTIRQS = 10;

export class softirq_action { action: (h: softirq_action) => void = null; }
/** A device's interrupt handler; gives IRQ_HANDLED or IRQ_NONE. */
export type irq_handler_t = (irq: number, dev_id: any) => number;
export { tasklet_init, tasklet_schedule, tasklet_struct } from '../../kernel/softirq';
