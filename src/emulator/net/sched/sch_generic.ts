/** net/sched/sch_generic.c: running queues, the default disciplines, the transmit watchdog, the carrier. */
import type { Gen, Host } from '../../include/ports';
import { current } from '../../include/ports';
import { list_add, list_del, list_head, INIT_LIST_HEAD } from '../../include/linux/list';
import { atomic_dec_and_test, atomic_inc, atomic_read, atomic_set } from '../../include/linux/atomic';
import { clear_bit, set_bit, test_and_clear_bit, test_and_set_bit, test_bit } from '../../include/linux/bitops';
import { unlikely, likely } from '../../include/linux/compiler';
import { WARN_ON, WARN_ON_ONCE, WARN } from '../../include/asm-generic/bug';
import { ERR_PTR, IS_ERR } from '../../include/linux/err';
import { HZ, jiffies, time_after } from '../../include/linux/jiffies';
import { spin_lock, spin_lock_bh, spin_lock_init, spin_unlock, spin_unlock_bh } from '../../include/linux/spinlock';
import type { spinlock_t } from '../../include/linux/spinlock';
import { call_rcu, rtnl_dereference } from '../../include/linux/rcupdate';
import { smp_processor_id } from '../../include/linux/smp';
import { need_resched, yield_ } from '../../include/linux/sched';
import { del_timer, mod_timer, round_jiffies, setup_timer, timer_pending } from '../../include/linux/timer';
import type { sk_buff } from '../../include/linux/skbuff';
import { sk_buff_head, kfree_skb, skb_dst_is_noref, skb_get_queue_mapping, skb_peek, skb_queue_empty, skb_queue_head_init, skb_queue_len } from '../../include/linux/skbuff';
import { skb_dst_force } from '../../include/net/dst';
import type { net_device } from '../../include/linux/netdevice';
import {
  HARD_TX_LOCK, HARD_TX_UNLOCK, NETDEV_TX_BUSY, NETDEV_TX_LOCKED, NETREG_UNINITIALIZED, NET_XMIT_CN, __LINK_STATE_NOCARRIER, __netif_schedule,
  dev_hard_start_xmit, dev_hold, dev_put, dev_xmit_complete, netdev_for_each_tx_queue, netdev_get_tx_queue, netdev_info, netdev_queue, netif_carrier_ok,
  netif_device_present, netif_is_multiqueue, netif_running, netif_tx_lock, netif_tx_lock_bh, netif_tx_unlock, netif_tx_unlock_bh,
  netif_xmit_frozen_or_stopped, netif_xmit_stopped, synchronize_net,
} from '../../include/linux/netdevice';
import type { Qdisc_ops, tc_ratespec, psched_ratecfg } from '../../include/net/sch_generic';
import {
  Qdisc, TCQ_F_BUILTIN, TCQ_F_CAN_BYPASS, TCQ_F_ONETXQUEUE, TC_LINKLAYER_MASK, __QDISC_STATE_DEACTIVATED, __QDISC_STATE_SCHED, __qdisc_dequeue_head, __qdisc_enqueue_tail,
  __qdisc_reset_queue, qdisc_dev, qdisc_drop, qdisc_is_running, qdisc_lock, qdisc_qlen, qdisc_run_end, qdisc_tx_is_noop,
} from '../../include/net/sch_generic';
import { TC_H_ROOT, TC_PRIO_MAX, qdisc_priv } from '../../include/net/pkt_sched';
import { qdisc_list_del, qdisc_put_stab } from './sch_api';
import { mq_qdisc_ops } from './sch_mq';
import { linkwatch_fire_event } from '../core/link_watch';
import { ENOBUFS } from '../../include/uapi/asm-generic/errno';

declare module '../../include/ports' { interface Host { noop_qdisc: Qdisc; noqueue_qdisc: Qdisc } }

export function sch_generic_globals(host: Host): void {
  host.noop_qdisc = builtin_qdisc(noop_qdisc_ops, noop_enqueue);
  host.noqueue_qdisc = builtin_qdisc(noqueue_qdisc_ops, null);
}

function builtin_qdisc(ops: Qdisc_ops, enqueue: Qdisc['enqueue']): Qdisc {
  const qdisc = new Qdisc(), queue = new netdev_queue();
  qdisc.enqueue = enqueue;
  qdisc.dequeue = noop_dequeue;
  qdisc.flags = TCQ_F_BUILTIN;
  qdisc.ops = ops;
  qdisc.dev_queue = queue;
  queue.qdisc = qdisc;
  queue.qdisc_sleeping = qdisc;
  return qdisc;
}

/** Puts `skb` back to the head of the queue and schedules it. */
export function dev_requeue_skb(skb: sk_buff, q: Qdisc): number {
  skb_dst_force(skb);
  q.gso_skb = skb;
  q.qstats.requeues++;
  q.q.qlen++;
  __netif_schedule(q);

  return 0;
}

/** Next packet for the device, the requeued one first; null when there is none or its queue is stopped. */
export function dequeue_skb(q: Qdisc): sk_buff {
  let skb = q.gso_skb;
  let txq = q.dev_queue;

  if (unlikely(skb)) {
    txq = netdev_get_tx_queue(txq.dev, skb_get_queue_mapping(skb));
    if (!netif_xmit_frozen_or_stopped(txq)) {
      q.gso_skb = null;
      q.q.qlen--;
    } else
      skb = null;
  } else {
    if (!(q.flags & TCQ_F_ONETXQUEUE) || !netif_xmit_frozen_or_stopped(txq))
      skb = q.dequeue(q);
  }

  return skb;
}

export function handle_dev_cpu_collision(skb: sk_buff, dev_queue: netdev_queue, q: Qdisc): number {
  let ret: number;

  if (unlikely(dev_queue.xmit_lock_owner === smp_processor_id())) {
    kfree_skb(skb);
    current.machine.log(`Dead loop on netdevice ${dev_queue.dev.name}, fix it urgently!`);
    ret = qdisc_qlen(q);
  } else {
    current.cpu.softnet_data.cpu_collision++;
    ret = dev_requeue_skb(skb, q);
  }

  return ret;
}

/** Hands one packet to the driver. Called with the root lock held; returns the number of packets still queued, 0 when the queue should not go on. */
export function sch_direct_xmit(skb: sk_buff, q: Qdisc, dev: net_device, txq: netdev_queue, root_lock: spinlock_t): number {
  let ret = NETDEV_TX_BUSY;

  spin_unlock(root_lock);

  HARD_TX_LOCK(dev, txq, smp_processor_id());
  if (!netif_xmit_frozen_or_stopped(txq))
    ret = dev_hard_start_xmit(skb, dev, txq);

  HARD_TX_UNLOCK(dev, txq);

  spin_lock(root_lock);

  if (dev_xmit_complete(ret)) {
    ret = qdisc_qlen(q);
  } else if (ret === NETDEV_TX_LOCKED) {
    ret = handle_dev_cpu_collision(skb, txq, q);
  } else {
    if (unlikely(ret !== NETDEV_TX_BUSY))
      current.machine.log(`BUG ${dev.name} code ${ret} qlen ${q.q.qlen}`);

    ret = dev_requeue_skb(skb, q);
  }

  if (ret && netif_xmit_frozen_or_stopped(txq))
    ret = 0;

  return ret;
}

/** Sends one queued packet; 0 when the queue is empty or stopped. */
export function qdisc_restart(q: Qdisc): number {
  let txq: netdev_queue;
  let dev: net_device;
  let root_lock: spinlock_t;
  let skb: sk_buff;

  skb = dequeue_skb(q);
  if (unlikely(!skb))
    return 0;
  WARN_ON_ONCE(skb_dst_is_noref(skb));
  root_lock = qdisc_lock(q);
  dev = qdisc_dev(q);
  txq = netdev_get_tx_queue(dev, skb_get_queue_mapping(skb));

  return sch_direct_xmit(skb, q, dev, txq, root_lock);
}

/** Sends until the queue is empty or stopped, the quota is used up, or another task needs the CPU. */
export function __qdisc_run(q: Qdisc): void {
  let quota = current.host.weight_p;

  while (qdisc_restart(q)) {
    if (--quota <= 0 || need_resched()) {
      __netif_schedule(q);
      break;
    }
  }

  qdisc_run_end(q);
}

/** Tick of the device's last transmission on any queue. */
export function dev_trans_start(dev: net_device): number {
  let val: number, res = dev.trans_start;
  let i: number;

  for (i = 0; i < dev.num_tx_queues; i++) {
    val = netdev_get_tx_queue(dev, i).trans_start;
    if (val && time_after(val, res))
      res = val;
  }
  dev.trans_start = res;
  return res;
}

/** Timer: a stopped queue that has not sent for watchdog_timeo ticks is reported to the driver. */
export function dev_watchdog(arg: net_device): void {
  const dev = arg;

  netif_tx_lock(dev);
  if (!qdisc_tx_is_noop(dev)) {
    if (netif_device_present(dev) && netif_running(dev) && netif_carrier_ok(dev)) {
      let some_queue_timedout = 0;
      let i: number;
      let trans_start: number;

      for (i = 0; i < dev.num_tx_queues; i++) {
        let txq: netdev_queue;

        txq = netdev_get_tx_queue(dev, i);
        trans_start = txq.trans_start ? txq.trans_start : dev.trans_start;
        if (netif_xmit_stopped(txq) && time_after(jiffies(), (trans_start + dev.watchdog_timeo))) {
          some_queue_timedout = 1;
          txq.trans_timeout++;
          break;
        }
      }

      if (some_queue_timedout) {
        WARN(1, `NETDEV WATCHDOG: ${dev.name}: transmit queue ${i} timed out`);
        dev.netdev_ops.ndo_tx_timeout(dev);
      }
      if (!mod_timer(dev.watchdog_timer, round_jiffies(jiffies() + dev.watchdog_timeo)))
        dev_hold(dev);
    }
  }
  netif_tx_unlock(dev);

  dev_put(dev);
}

export function __netdev_watchdog_up(dev: net_device): void {
  if (dev.netdev_ops.ndo_tx_timeout) {
    if (dev.watchdog_timeo <= 0)
      dev.watchdog_timeo = 5 * HZ;
    if (!mod_timer(dev.watchdog_timer, round_jiffies(jiffies() + dev.watchdog_timeo)))
      dev_hold(dev);
  }
}

export function dev_watchdog_up(dev: net_device): void {
  __netdev_watchdog_up(dev);
}

export function dev_watchdog_down(dev: net_device): void {
  netif_tx_lock_bh(dev);
  if (del_timer(dev.watchdog_timer))
    dev_put(dev);
  netif_tx_unlock_bh(dev);
}

/** The driver has seen a carrier. */
export function netif_carrier_on(dev: net_device): void {
  if (test_and_clear_bit(__LINK_STATE_NOCARRIER, dev.state)) {
    if (dev.reg_state === NETREG_UNINITIALIZED)
      return;
    linkwatch_fire_event(dev);
    if (netif_running(dev))
      __netdev_watchdog_up(dev);
  }
}

/** The driver has lost the carrier. */
export function netif_carrier_off(dev: net_device): void {
  if (!test_and_set_bit(__LINK_STATE_NOCARRIER, dev.state)) {
    if (dev.reg_state === NETREG_UNINITIALIZED)
      return;
    linkwatch_fire_event(dev);
  }
}

export function noop_enqueue(skb: sk_buff, qdisc: Qdisc): number {
  kfree_skb(skb);
  return NET_XMIT_CN;
}

export function noop_dequeue(qdisc: Qdisc): sk_buff {
  return null;
}

export const noop_qdisc_ops: Qdisc_ops = {
  id: 'noop',
  enqueue: noop_enqueue,
  dequeue: noop_dequeue,
  peek: noop_dequeue,
};

export const noqueue_qdisc_ops: Qdisc_ops = {
  id: 'noqueue',
  enqueue: noop_enqueue,
  dequeue: noop_dequeue,
  peek: noop_dequeue,
};

const prio2band: readonly number[] = [1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1];
export const PFIFO_FAST_BANDS = 3;

/** Three FIFO bands, and which of them hold packets. */
export class pfifo_fast_priv {
  bitmap = 0;
  q = [new sk_buff_head(), new sk_buff_head(), new sk_buff_head()];
}

const bitmap2band: readonly number[] = [-1, 0, 1, 0, 2, 0, 1, 0];

export function band2list(priv: pfifo_fast_priv, band: number): sk_buff_head {
  return priv.q[band];
}

export function pfifo_fast_enqueue(skb: sk_buff, qdisc: Qdisc): number {
  if (skb_queue_len(qdisc.q) < qdisc_dev(qdisc).tx_queue_len) {
    const band = prio2band[skb.priority & TC_PRIO_MAX];
    const priv: pfifo_fast_priv = qdisc_priv(qdisc);
    const list = band2list(priv, band);

    priv.bitmap |= (1 << band);
    qdisc.q.qlen++;
    return __qdisc_enqueue_tail(skb, qdisc, list);
  }

  return qdisc_drop(skb, qdisc);
}

export function pfifo_fast_dequeue(qdisc: Qdisc): sk_buff {
  const priv: pfifo_fast_priv = qdisc_priv(qdisc);
  const band = bitmap2band[priv.bitmap];

  if (likely(band >= 0)) {
    const list = band2list(priv, band);
    const skb = __qdisc_dequeue_head(qdisc, list);

    qdisc.q.qlen--;
    if (skb_queue_empty(list))
      priv.bitmap &= ~(1 << band);

    return skb;
  }

  return null;
}

export function pfifo_fast_peek(qdisc: Qdisc): sk_buff {
  const priv: pfifo_fast_priv = qdisc_priv(qdisc);
  const band = bitmap2band[priv.bitmap];

  if (band >= 0) {
    const list = band2list(priv, band);

    return skb_peek(list);
  }

  return null;
}

export function pfifo_fast_reset(qdisc: Qdisc): void {
  let prio: number;
  const priv: pfifo_fast_priv = qdisc_priv(qdisc);

  for (prio = 0; prio < PFIFO_FAST_BANDS; prio++)
    __qdisc_reset_queue(qdisc, band2list(priv, prio));

  priv.bitmap = 0;
  qdisc.qstats.backlog = 0;
  qdisc.q.qlen = 0;
}

export function pfifo_fast_init(qdisc: Qdisc, opt: unknown): number {
  let prio: number;
  const priv: pfifo_fast_priv = qdisc_priv(qdisc);

  for (prio = 0; prio < PFIFO_FAST_BANDS; prio++)
    skb_queue_head_init(band2list(priv, prio));

  qdisc.flags |= TCQ_F_CAN_BYPASS;
  return 0;
}

export const pfifo_fast_ops: Qdisc_ops = {
  id: 'pfifo_fast',
  priv: () => new pfifo_fast_priv(),
  enqueue: pfifo_fast_enqueue,
  dequeue: pfifo_fast_dequeue,
  peek: pfifo_fast_peek,
  init: pfifo_fast_init,
  reset: pfifo_fast_reset,
};

/** A new instance of a discipline for that device queue. */
export function qdisc_alloc(dev_queue: netdev_queue, ops: Qdisc_ops): Qdisc {
  let sch: Qdisc;
  const err = -ENOBUFS;
  const dev = dev_queue.dev;

  sch = new Qdisc();
  if (!sch)
    return ERR_PTR(err);
  sch.priv = ops.priv ? ops.priv() : null;
  INIT_LIST_HEAD(sch.list);
  skb_queue_head_init(sch.q);

  spin_lock_init(sch.busylock);

  sch.ops = ops;
  sch.enqueue = ops.enqueue;
  sch.dequeue = ops.dequeue;
  sch.dev_queue = dev_queue;
  dev_hold(dev);
  atomic_set(sch.refcnt, 1);

  return sch;
}

export function qdisc_create_dflt(dev_queue: netdev_queue, ops: Qdisc_ops, parentid: number): Qdisc {
  let sch: Qdisc;

  sch = qdisc_alloc(dev_queue, ops);
  if (IS_ERR(sch))
    return null;
  sch.parent = parentid;

  if (!ops.init || ops.init(sch, null) === 0)
    return sch;

  qdisc_destroy(sch);
  return null;
}

/** Frees what is queued. Called with the root lock held. */
export function qdisc_reset(qdisc: Qdisc): void {
  const ops = qdisc.ops;

  if (ops.reset)
    ops.reset(qdisc);

  if (qdisc.gso_skb) {
    kfree_skb(qdisc.gso_skb);
    qdisc.gso_skb = null;
    qdisc.q.qlen = 0;
  }
}

export function qdisc_rcu_free(_head: Qdisc): void {
  /* garbage collected */
}

export function qdisc_destroy(qdisc: Qdisc): void {
  const ops = qdisc.ops;

  if (qdisc.flags & TCQ_F_BUILTIN || !atomic_dec_and_test(qdisc.refcnt))
    return;

  qdisc_list_del(qdisc);

  qdisc_put_stab(rtnl_dereference(qdisc.stab));
  if (ops.reset)
    ops.reset(qdisc);
  if (ops.destroy)
    ops.destroy(qdisc);

  dev_put(qdisc_dev(qdisc));

  if (qdisc.gso_skb)
    kfree_skb(qdisc.gso_skb);
  call_rcu(qdisc, qdisc_rcu_free);
}

/** Puts `qdisc` in the place of the queue's discipline, which it returns; it takes effect at the next activation. */
export function dev_graft_qdisc(dev_queue: netdev_queue, qdisc: Qdisc): Qdisc {
  const oqdisc = dev_queue.qdisc_sleeping;
  let root_lock: spinlock_t;

  root_lock = qdisc_lock(oqdisc);
  spin_lock_bh(root_lock);

  if (oqdisc && atomic_read(oqdisc.refcnt) <= 1)
    qdisc_reset(oqdisc);

  if (qdisc === null)
    qdisc = current.host.noop_qdisc;
  dev_queue.qdisc_sleeping = qdisc;
  dev_queue.qdisc = current.host.noop_qdisc;

  spin_unlock_bh(root_lock);

  return oqdisc;
}

export function attach_one_default_qdisc(dev: net_device, dev_queue: netdev_queue, _unused: null): void {
  let qdisc = current.host.noqueue_qdisc;

  if (dev.tx_queue_len) {
    qdisc = qdisc_create_dflt(dev_queue, pfifo_fast_ops, TC_H_ROOT);
    if (!qdisc) {
      netdev_info(dev, 'activation failed');
      return;
    }
    if (!netif_is_multiqueue(dev))
      qdisc.flags |= TCQ_F_ONETXQUEUE;
  }
  dev_queue.qdisc_sleeping = qdisc;
}

export function attach_default_qdiscs(dev: net_device): void {
  let txq: netdev_queue;
  let qdisc: Qdisc;

  txq = netdev_get_tx_queue(dev, 0);

  if (!netif_is_multiqueue(dev) || dev.tx_queue_len === 0) {
    netdev_for_each_tx_queue(dev, attach_one_default_qdisc, null);
    dev.qdisc = txq.qdisc_sleeping;
    atomic_inc(dev.qdisc.refcnt);
  } else {
    qdisc = qdisc_create_dflt(txq, mq_qdisc_ops, TC_H_ROOT);
    if (qdisc) {
      qdisc.ops.attach(qdisc);
      dev.qdisc = qdisc;
    }
  }
}

export function transition_one_qdisc(dev: net_device, dev_queue: netdev_queue, _need_watchdog: { v: number }): void {
  const new_qdisc = dev_queue.qdisc_sleeping;
  const need_watchdog_p = _need_watchdog;

  if (!(new_qdisc.flags & TCQ_F_BUILTIN))
    clear_bit(__QDISC_STATE_DEACTIVATED, new_qdisc.state);

  dev_queue.qdisc = new_qdisc;
  if (need_watchdog_p && new_qdisc !== current.host.noqueue_qdisc) {
    dev_queue.trans_start = 0;
    need_watchdog_p.v = 1;
  }
}

/** The device may send: gives it a default discipline if it has none, and makes the sleeping ones the active ones. */
export function dev_activate(dev: net_device): void {
  let need_watchdog: { v: number };

  if (dev.qdisc === current.host.noop_qdisc)
    attach_default_qdiscs(dev);

  if (!netif_carrier_ok(dev))
    return;

  need_watchdog = { v: 0 };
  netdev_for_each_tx_queue(dev, transition_one_qdisc, need_watchdog);
  if (dev.ingress_queue)
    transition_one_qdisc(dev, dev.ingress_queue, null);

  if (need_watchdog.v) {
    dev.trans_start = jiffies();
    dev_watchdog_up(dev);
  }
}

export function dev_deactivate_queue(dev: net_device, dev_queue: netdev_queue, _qdisc_default: Qdisc): void {
  const qdisc_default = _qdisc_default;
  let qdisc: Qdisc;

  qdisc = dev_queue.qdisc;
  if (qdisc) {
    spin_lock_bh(qdisc_lock(qdisc));

    if (!(qdisc.flags & TCQ_F_BUILTIN))
      set_bit(__QDISC_STATE_DEACTIVATED, qdisc.state);

    dev_queue.qdisc = qdisc_default;
    qdisc_reset(qdisc);

    spin_unlock_bh(qdisc_lock(qdisc));
  }
}

export function some_qdisc_is_busy(dev: net_device): boolean {
  let i: number;

  for (i = 0; i < dev.num_tx_queues; i++) {
    let dev_queue: netdev_queue;
    let root_lock: spinlock_t;
    let q: Qdisc;
    let val: boolean;

    dev_queue = netdev_get_tx_queue(dev, i);
    q = dev_queue.qdisc_sleeping;
    root_lock = qdisc_lock(q);

    spin_lock_bh(root_lock);

    val = (qdisc_is_running(q) || test_bit(__QDISC_STATE_SCHED, q.state));

    spin_unlock_bh(root_lock);

    if (val)
      return true;
  }
  return false;
}

/** Stops sending on the devices of the list, and waits for those who are sending. */
export function* dev_deactivate_many(head: list_head<net_device>): Gen<void> {
  let dev: net_device;
  let sync_needed = false;

  for (let p = head.next; p !== head; p = p.next) {
    dev = p.owner;
    netdev_for_each_tx_queue(dev, dev_deactivate_queue, current.host.noop_qdisc);
    if (dev.ingress_queue)
      dev_deactivate_queue(dev, dev.ingress_queue, current.host.noop_qdisc);

    dev_watchdog_down(dev);
    sync_needed ||= !dev.dismantle;
  }

  if (sync_needed)
    synchronize_net();

  for (let p = head.next; p !== head; p = p.next) {
    dev = p.owner;
    while (some_qdisc_is_busy(dev))
      yield* yield_();
  }
}

export function* dev_deactivate(dev: net_device): Gen<void> {
  const single = new list_head<net_device>();

  list_add(dev.unreg_list, single);
  yield* dev_deactivate_many(single);
  list_del(single);
}

export function dev_init_scheduler_queue(dev: net_device, dev_queue: netdev_queue, _qdisc: Qdisc): void {
  const qdisc = _qdisc;

  dev_queue.qdisc = qdisc;
  dev_queue.qdisc_sleeping = qdisc;
}

export function dev_init_scheduler(dev: net_device): void {
  dev.qdisc = current.host.noop_qdisc;
  netdev_for_each_tx_queue(dev, dev_init_scheduler_queue, current.host.noop_qdisc);
  if (dev.ingress_queue)
    dev_init_scheduler_queue(dev, dev.ingress_queue, current.host.noop_qdisc);

  setup_timer(dev.watchdog_timer, dev_watchdog, dev);
}

export function shutdown_scheduler_queue(dev: net_device, dev_queue: netdev_queue, _qdisc_default: Qdisc): void {
  const qdisc = dev_queue.qdisc_sleeping;
  const qdisc_default = _qdisc_default;

  if (qdisc) {
    dev_queue.qdisc = qdisc_default;
    dev_queue.qdisc_sleeping = qdisc_default;

    qdisc_destroy(qdisc);
  }
}

export function dev_shutdown(dev: net_device): void {
  netdev_for_each_tx_queue(dev, shutdown_scheduler_queue, current.host.noop_qdisc);
  if (dev.ingress_queue)
    shutdown_scheduler_queue(dev, dev.ingress_queue, current.host.noop_qdisc);
  qdisc_destroy(dev.qdisc);
  dev.qdisc = current.host.noop_qdisc;

  WARN_ON(timer_pending(dev.watchdog_timer));
}

/** Turns a rate in bytes per second into a multiplier and shift for psched_l2t_ns(). Products stay below 2^53. */
export function psched_ratecfg_precompute(r: psched_ratecfg, conf: tc_ratespec): void {
  let factor: number;
  let mult: number;
  let shift: number;

  r.overhead = conf.overhead;
  r.rate_bps = conf.rate * 8;
  r.linklayer = (conf.linklayer & TC_LINKLAYER_MASK);
  r.mult = 1;
  if (r.rate_bps > 0) {
    for (shift = 0; shift < 16; shift++) {
      r.shift = shift;
      factor = 8 * 1_000_000_000 * 2 ** r.shift;
      mult = Math.floor(factor / r.rate_bps);
      if (mult > 0xffffffff)
        break;
    }

    r.shift = shift - 1;
    factor = 8 * 1_000_000_000 * 2 ** r.shift;
    r.mult = Math.floor(factor / r.rate_bps);
  }
}
