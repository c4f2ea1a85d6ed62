/** include/net/sch_generic.h: queueing disciplines. */
import type { Flags } from '../linux/bitops';
import { clear_bit, set_bit, test_bit } from '../linux/bitops';
import { current } from '../ports';
import type { Gen } from '../ports';
import { list_head } from '../linux/list';
import { atomic_t } from '../linux/atomic';
import { spinlock_t, spin_lock_bh, spin_unlock_bh } from '../linux/spinlock';
import { likely, unlikely } from '../linux/compiler';
import { rcu_dereference_bh } from '../linux/rcupdate';
import { DIV_ROUND_UP } from '../linux/kernel';
import type { sk_buff } from '../linux/skbuff';
import { sk_buff_head, __skb_dequeue, __skb_dequeue_tail, __skb_queue_purge, __skb_queue_tail, kfree_skb, skb_is_gso, skb_peek, skb_shinfo } from '../linux/skbuff';
import type { net_device, netdev_queue } from '../linux/netdevice';
import { netdev_get_tx_queue, NET_XMIT_DROP, NET_XMIT_MASK, NET_XMIT_SUCCESS } from '../linux/netdevice';
import { ASSERT_RTNL } from '../linux/rtnetlink';
import { qdisc_reset } from '../../net/sched/sch_generic';
import { __qdisc_calculate_pkt_len } from '../../net/sched/sch_api';

export { pfifo_fast_ops, noop_qdisc_ops, noqueue_qdisc_ops, dev_init_scheduler, dev_shutdown, dev_activate, dev_deactivate, dev_deactivate_many, dev_graft_qdisc, qdisc_reset, qdisc_destroy, qdisc_alloc, qdisc_create_dflt, psched_ratecfg_precompute } from '../../net/sched/sch_generic';
export { mq_qdisc_ops } from '../../net/sched/sch_mq';

export const __QDISC_STATE_SCHED = 0;
export const __QDISC_STATE_DEACTIVATED = 1;
export const __QDISC_STATE_THROTTLED = 2;
export const __QDISC___STATE_RUNNING = 1;

export const TCQ_F_BUILTIN = 1;
export const TCQ_F_INGRESS = 2;
export const TCQ_F_CAN_BYPASS = 4;
export const TCQ_F_MQROOT = 8;
export const TCQ_F_ONETXQUEUE = 0x10;
export const TCQ_F_WARN_NONWC = 1 << 16;

export class qdisc_size_table { data: number[] = []; overhead = 0; cell_align = 0; cell_log = 0; size_log = 0; tsize = 0; refcnt = 0; }
export class gnet_stats_basic_packed { bytes = 0; packets = 0; }
export class gnet_stats_queue { qlen = 0; backlog = 0; drops = 0; requeues = 0; overlimits = 0; }

export class Qdisc {
  enqueue: (skb: sk_buff, sch: Qdisc) => number = null;
  dequeue: (sch: Qdisc) => sk_buff = null;
  flags = 0;
  ops: Qdisc_ops = null;
  stab: qdisc_size_table = null;
  list = new list_head<Qdisc>(this);
  handle = 0;
  parent = 0;
  refcnt = new atomic_t(0);
  reshape_fail: (skb: sk_buff, q: Qdisc) => number = null;
  __parent: Qdisc = null;
  dev_queue: netdev_queue = null;
  next_sched: Qdisc = null;
  gso_skb: sk_buff = null;
  state: Flags = { v: 0 };
  q = new sk_buff_head();
  bstats = new gnet_stats_basic_packed();
  __state = 0;
  qstats = new gnet_stats_queue();
  busylock = new spinlock_t();
  limit = 0;
  /** The discipline's private data: what qdisc_priv() gives. */
  priv: any = null;
}

/** Class operations, as far as the modelled disciplines use them. */
export interface Qdisc_class_ops {
  select_queue?(sch: Qdisc, tcm: unknown): netdev_queue;
  graft?(sch: Qdisc, cl: number, n: Qdisc, old: { v: Qdisc }): number;
  leaf?(sch: Qdisc, cl: number): Qdisc;
  get?(sch: Qdisc, classid: number): number;
}

/** `priv` makes the private data of a new instance; `opt` of init and change is the options object of the discipline (in C: netlink attributes). */
export interface Qdisc_ops {
  cl_ops?: Qdisc_class_ops;
  id: string;
  priv?: () => any;
  enqueue?(skb: sk_buff, sch: Qdisc): number;
  dequeue?(sch: Qdisc): sk_buff;
  peek?(sch: Qdisc): sk_buff;
  drop?(sch: Qdisc): number;
  init?(sch: Qdisc, opt: any): number;
  reset?(sch: Qdisc): void;
  destroy?(sch: Qdisc): void;
  change?(sch: Qdisc, opt: any): number;
  attach?(sch: Qdisc): void;
}

/** The queueing layer's own part of skb->cb. */
export class qdisc_skb_cb_t { pkt_len = 0; slave_dev_queue_mapping = 0; data: any = null; copy(): qdisc_skb_cb_t { return Object.assign(new qdisc_skb_cb_t(), this); } }

export function qdisc_is_running(qdisc: Qdisc): boolean {
  return (qdisc.__state & __QDISC___STATE_RUNNING) ? true : false;
}

/** Takes the right to dequeue from `qdisc`; false when another context has it. */
export function qdisc_run_begin(qdisc: Qdisc): boolean {
  if (qdisc_is_running(qdisc))
    return false;
  qdisc.__state |= __QDISC___STATE_RUNNING;
  return true;
}

export function qdisc_run_end(qdisc: Qdisc): void {
  qdisc.__state &= ~__QDISC___STATE_RUNNING;
}

export function qdisc_is_throttled(qdisc: Qdisc): boolean {
  return test_bit(__QDISC_STATE_THROTTLED, qdisc.state) ? true : false;
}

export function qdisc_throttled(qdisc: Qdisc): void {
  set_bit(__QDISC_STATE_THROTTLED, qdisc.state);
}

export function qdisc_unthrottled(qdisc: Qdisc): void {
  clear_bit(__QDISC_STATE_THROTTLED, qdisc.state);
}

export function qdisc_qlen(q: Qdisc): number {
  return q.q.qlen;
}

export function qdisc_skb_cb(skb: sk_buff): qdisc_skb_cb_t {
  return skb.cb_qdisc ?? (skb.cb_qdisc = new qdisc_skb_cb_t());
}

export function qdisc_lock(qdisc: Qdisc): spinlock_t {
  return qdisc.q.lock;
}

export function qdisc_root(qdisc: Qdisc): Qdisc {
  return qdisc.dev_queue.qdisc;
}

export function qdisc_root_sleeping(qdisc: Qdisc): Qdisc {
  return qdisc.dev_queue.qdisc_sleeping;
}

export function qdisc_root_lock(qdisc: Qdisc): spinlock_t {
  const root = qdisc_root(qdisc);

  ASSERT_RTNL();
  return qdisc_lock(root);
}

export function qdisc_root_sleeping_lock(qdisc: Qdisc): spinlock_t {
  const root = qdisc_root_sleeping(qdisc);

  ASSERT_RTNL();
  return qdisc_lock(root);
}

export function qdisc_dev(qdisc: Qdisc): net_device {
  return qdisc.dev_queue.dev;
}

export function sch_tree_lock(q: Qdisc): void {
  spin_lock_bh(qdisc_root_sleeping_lock(q));
}

export function sch_tree_unlock(q: Qdisc): void {
  spin_unlock_bh(qdisc_root_sleeping_lock(q));
}

/** Empties every transmit queue from index `i` on. */
export function qdisc_reset_all_tx_gt(dev: net_device, i: number): void {
  let qdisc: Qdisc;

  for (; i < dev.num_tx_queues; i++) {
    qdisc = netdev_get_tx_queue(dev, i).qdisc;
    if (qdisc) {
      spin_lock_bh(qdisc_lock(qdisc));
      qdisc_reset(qdisc);
      spin_unlock_bh(qdisc_lock(qdisc));
    }
  }
}

export function qdisc_reset_all_tx(dev: net_device): void {
  qdisc_reset_all_tx_gt(dev, 0);
}

export function qdisc_all_tx_empty(dev: net_device): boolean {
  let i: number;
  for (i = 0; i < dev.num_tx_queues; i++) {
    const txq = netdev_get_tx_queue(dev, i);
    const q = txq.qdisc;

    if (q.q.qlen)
      return false;
  }
  return true;
}

export function qdisc_tx_changing(dev: net_device): boolean {
  let i: number;
  for (i = 0; i < dev.num_tx_queues; i++) {
    const txq = netdev_get_tx_queue(dev, i);
    if (txq.qdisc !== txq.qdisc_sleeping)
      return true;
  }
  return false;
}

export function qdisc_tx_is_noop(dev: net_device): boolean {
  let i: number;
  for (i = 0; i < dev.num_tx_queues; i++) {
    const txq = netdev_get_tx_queue(dev, i);
    if (txq.qdisc !== current.host.noop_qdisc)
      return false;
  }
  return true;
}

export function qdisc_pkt_len(skb: sk_buff): number {
  return qdisc_skb_cb(skb).pkt_len;
}

export const __NET_XMIT_STOLEN = 0x00010000;
export const __NET_XMIT_BYPASS = 0x00020000;
export function net_xmit_drop_count(_e: number): number { return 1; }

export function qdisc_calculate_pkt_len(skb: sk_buff, sch: Qdisc): void {
  const stab = rcu_dereference_bh(sch.stab);

  if (stab)
    __qdisc_calculate_pkt_len(skb, stab);
}

export function qdisc_enqueue(skb: sk_buff, sch: Qdisc): number {
  qdisc_calculate_pkt_len(skb, sch);
  return sch.enqueue(skb, sch);
}

export function qdisc_enqueue_root(skb: sk_buff, sch: Qdisc): number {
  qdisc_skb_cb(skb).pkt_len = skb.len;
  return qdisc_enqueue(skb, sch) & NET_XMIT_MASK;
}

export function bstats_update(bstats: gnet_stats_basic_packed, skb: sk_buff): void {
  bstats.bytes += qdisc_pkt_len(skb);
  bstats.packets += skb_is_gso(skb) ? skb_shinfo(skb).gso_segs : 1;
}

export function qdisc_bstats_update(sch: Qdisc, skb: sk_buff): void {
  bstats_update(sch.bstats, skb);
}

export function __qdisc_enqueue_tail(skb: sk_buff, sch: Qdisc, list: sk_buff_head): number {
  __skb_queue_tail(list, skb);
  sch.qstats.backlog += qdisc_pkt_len(skb);

  return NET_XMIT_SUCCESS;
}

export function qdisc_enqueue_tail(skb: sk_buff, sch: Qdisc): number {
  return __qdisc_enqueue_tail(skb, sch, sch.q);
}

export function __qdisc_dequeue_head(sch: Qdisc, list: sk_buff_head): sk_buff {
  const skb = __skb_dequeue(list);

  if (likely(skb !== null)) {
    sch.qstats.backlog -= qdisc_pkt_len(skb);
    qdisc_bstats_update(sch, skb);
  }

  return skb;
}

export function qdisc_dequeue_head(sch: Qdisc): sk_buff {
  return __qdisc_dequeue_head(sch, sch.q);
}

export function __qdisc_queue_drop_head(sch: Qdisc, list: sk_buff_head): number {
  const skb = __skb_dequeue(list);

  if (likely(skb !== null)) {
    const len = qdisc_pkt_len(skb);
    sch.qstats.backlog -= len;
    kfree_skb(skb);
    return len;
  }

  return 0;
}

export function qdisc_queue_drop_head(sch: Qdisc): number {
  return __qdisc_queue_drop_head(sch, sch.q);
}

export function __qdisc_dequeue_tail(sch: Qdisc, list: sk_buff_head): sk_buff {
  const skb = __skb_dequeue_tail(list);

  if (likely(skb !== null))
    sch.qstats.backlog -= qdisc_pkt_len(skb);

  return skb;
}

export function qdisc_dequeue_tail(sch: Qdisc): sk_buff {
  return __qdisc_dequeue_tail(sch, sch.q);
}

export function qdisc_peek_head(sch: Qdisc): sk_buff {
  return skb_peek(sch.q);
}

/** Peek for a discipline that can only dequeue: the packet waits in gso_skb and still counts as queued. */
export function qdisc_peek_dequeued(sch: Qdisc): sk_buff {
  if (!sch.gso_skb) {
    sch.gso_skb = sch.dequeue(sch);
    if (sch.gso_skb)
      sch.q.qlen++;
  }

  return sch.gso_skb;
}

export function qdisc_dequeue_peeked(sch: Qdisc): sk_buff {
  let skb = sch.gso_skb;

  if (skb) {
    sch.gso_skb = null;
    sch.q.qlen--;
  } else {
    skb = sch.dequeue(sch);
  }

  return skb;
}

export function __qdisc_reset_queue(sch: Qdisc, list: sk_buff_head): void {
  __skb_queue_purge(list);
}

export function qdisc_reset_queue(sch: Qdisc): void {
  __qdisc_reset_queue(sch, sch.q);
  sch.qstats.backlog = 0;
}

export function __qdisc_queue_drop(sch: Qdisc, list: sk_buff_head): number {
  const skb = __qdisc_dequeue_tail(sch, list);

  if (likely(skb !== null)) {
    const len = qdisc_pkt_len(skb);
    kfree_skb(skb);
    return len;
  }

  return 0;
}

export function qdisc_queue_drop(sch: Qdisc): number {
  return __qdisc_queue_drop(sch, sch.q);
}

export function qdisc_drop(skb: sk_buff, sch: Qdisc): number {
  kfree_skb(skb);
  sch.qstats.drops++;

  return NET_XMIT_DROP;
}

export function qdisc_reshape_fail(skb: sk_buff, sch: Qdisc): number {
  sch.qstats.drops++;

  kfree_skb(skb);
  return NET_XMIT_DROP;
}

export const TC_LINKLAYER_MASK = 0x0f;
export const TC_LINKLAYER_UNAWARE = 0;
export const TC_LINKLAYER_ETHERNET = 1;
export const TC_LINKLAYER_ATM = 2;

/** A rate in bytes per second, and the multiplier that turns a length into nanoseconds. */
export class tc_ratespec { rate = 0; overhead = 0; linklayer = 0; mpu = 0; cell_log = 0; }
export class psched_ratecfg { rate_bps = 0; mult = 0; overhead = 0; linklayer = 0; shift = 0; }

/** Nanoseconds that `len` bytes take at the rate. Products are below 2^53. */
export function psched_l2t_ns(r: psched_ratecfg, len: number): number {
  len += r.overhead;

  if (unlikely(r.linklayer === TC_LINKLAYER_ATM))
    return Math.floor((DIV_ROUND_UP(len, 48) * 53 * r.mult) / 2 ** r.shift);

  return Math.floor((len * r.mult) / 2 ** r.shift);
}

export function psched_ratecfg_getrate(res: tc_ratespec, r: psched_ratecfg): void {
  res.rate = Math.floor(r.rate_bps / 8);
  res.overhead = r.overhead;
  res.linklayer = (r.linklayer & TC_LINKLAYER_MASK);
}
export type { Gen };
