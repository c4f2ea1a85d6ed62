/** include/net/pkt_sched.h: the packet scheduler's helpers. */
import { hrtimer } from '../linux/hrtimer';
import { ktime_get, ktime_to_ns } from '../linux/ktime';
import { min } from '../linux/kernel';
import type { net_device } from '../linux/netdevice';
import type { Qdisc } from './sch_generic';
import { qdisc_run_begin } from './sch_generic';
import { __qdisc_run } from '../../net/sched/sch_generic';
import { qdisc_watchdog_schedule_ns } from '../../net/sched/sch_api';

export { sch_direct_xmit, __qdisc_run } from '../../net/sched/sch_generic';
export { qdisc_watchdog_init, qdisc_watchdog_schedule_ns, qdisc_watchdog_cancel, qdisc_list_del, qdisc_warn_nonwc, register_qdisc, qdisc_tree_decrease_qlen, qdisc_put_stab } from '../../net/sched/sch_api';
export { pfifo_qdisc_ops, bfifo_qdisc_ops, fifo_set_limit, fifo_create_dflt } from '../../net/sched/sch_fifo';

export const TC_H_ROOT = 0xffffffff;
export const TC_H_MAJ_MASK = 0xffff0000;
export const TC_H_MIN_MASK = 0x0000ffff;
export function TC_H_MAJ(h: number): number { return (h & TC_H_MAJ_MASK) >>> 0; }
export function TC_H_MIN(h: number): number { return h & TC_H_MIN_MASK; }
export function TC_H_MAKE(maj: number, min: number): number { return ((maj & TC_H_MAJ_MASK) | (min & TC_H_MIN_MASK)) >>> 0; }
export const TC_PRIO_MAX = 15;

export const PSCHED_SHIFT = 6;
export function PSCHED_TICKS2NS(x: number): number { return x * 64; }
export function PSCHED_NS2TICKS(x: number): number { return Math.floor(x / 64); }
export const PSCHED_TICKS_PER_SEC = 15625000;
export const PSCHED_PASTPERFECT = 0;

export function qdisc_priv(q: Qdisc): any {
  return q.priv;
}

/** Time in scheduler ticks of 64 ns. */
export function psched_get_time(): number {
  return PSCHED_NS2TICKS(ktime_to_ns(ktime_get()));
}

export function psched_tdiff_bounded(tv1: number, tv2: number, bound: number): number {
  return min(tv1 - tv2, bound);
}

export class qdisc_watchdog {
  timer = new hrtimer();
  qdisc: Qdisc = null;
}

export function qdisc_watchdog_schedule(wd: qdisc_watchdog, expires: number): void {
  qdisc_watchdog_schedule_ns(wd, PSCHED_TICKS2NS(expires));
}

export function qdisc_run(q: Qdisc): void {
  if (qdisc_run_begin(q))
    __qdisc_run(q);
}

/** Longest frame that the device's hard_start_xmit sees. */
export function psched_mtu(dev: net_device): number {
  return dev.mtu + dev.hard_header_len;
}
/** Priorities of include/uapi/linux/pkt_sched.h. */
export * from '../uapi/linux/pkt_sched';
