/** net/sched/sch_api.c: the watchdog of throttled queues, and attaching disciplines (the netlink side is not modelled). */
import type { Gen } from '../../include/ports';
import { current } from '../../include/ports';
import { unlikely, likely } from '../../include/linux/compiler';
import { test_bit } from '../../include/linux/bitops';
import { list_add_tail, list_del } from '../../include/linux/list';
import { CLOCK_MONOTONIC, HRTIMER_MODE_ABS, HRTIMER_NORESTART, hrtimer_cancel, hrtimer_init, hrtimer_start } from '../../include/linux/hrtimer';
import type { hrtimer } from '../../include/linux/hrtimer';
import { ns_to_ktime } from '../../include/linux/ktime';
import { atomic_inc } from '../../include/linux/atomic';
import { IS_ERR, PTR_ERR, ERR_PTR } from '../../include/linux/err';
import type { sk_buff } from '../../include/linux/skbuff';
import type { net_device, netdev_queue } from '../../include/linux/netdevice';
import { IFF_UP, __netif_schedule, netdev_get_tx_queue } from '../../include/linux/netdevice';
import type { Qdisc, Qdisc_ops, qdisc_size_table } from '../../include/net/sch_generic';
import {
  TCQ_F_INGRESS, TCQ_F_WARN_NONWC, __QDISC_STATE_DEACTIVATED, dev_activate, dev_deactivate, dev_graft_qdisc, qdisc_alloc, qdisc_destroy, qdisc_dev, qdisc_root,
  qdisc_root_sleeping, qdisc_skb_cb, qdisc_throttled, qdisc_unthrottled,
} from '../../include/net/sch_generic';
import type { qdisc_watchdog as qdisc_watchdog_t } from '../../include/net/pkt_sched';
import { TC_H_MAJ, TC_H_ROOT } from '../../include/net/pkt_sched';
import { ENOENT } from '../../include/uapi/asm-generic/errno';

export function __qdisc_calculate_pkt_len(skb: sk_buff, stab: qdisc_size_table): void {
  let pkt_len: number, slot: number;

  out: {
    pkt_len = skb.len + stab.overhead;
    if (unlikely(!stab.tsize))
      break out;

    slot = pkt_len + stab.cell_align;
    if (unlikely(slot < 0))
      slot = 0;

    slot >>= stab.cell_log;
    if (likely(slot < stab.tsize))
      pkt_len = stab.data[slot];
    else
      pkt_len = stab.data[stab.tsize - 1] * Math.trunc(slot / stab.tsize) + stab.data[slot % stab.tsize];

    pkt_len <<= stab.size_log;
  }
  if (unlikely(pkt_len < 1))
    pkt_len = 1;
  qdisc_skb_cb(skb).pkt_len = pkt_len;
}

export function qdisc_put_stab(tab: qdisc_size_table): void {
  if (!tab)
    return;

  --tab.refcnt;
}

export function qdisc_list_del(q: Qdisc): void {
  if ((q.parent !== TC_H_ROOT) && !(q.flags & TCQ_F_INGRESS) && q.list.next !== q.list)
    list_del(q.list);
}

export function register_qdisc(_qops: Qdisc_ops): number { return 0; }

export function qdisc_warn_nonwc(txt: string, qdisc: Qdisc): void {
  if (!(qdisc.flags & TCQ_F_WARN_NONWC)) {
    current.machine.log(`${txt}: ${qdisc.ops.id} qdisc ${qdisc.handle >>> 16}: is non-work-conserving?`);
    qdisc.flags |= TCQ_F_WARN_NONWC;
  }
}

/** Timer: the queue need not wait any more. */
export function qdisc_watchdog(timer: hrtimer): number {
  const wd: qdisc_watchdog_t = timer.owner;

  qdisc_unthrottled(wd.qdisc);
  __netif_schedule(qdisc_root(wd.qdisc));

  return HRTIMER_NORESTART;
}

export function qdisc_watchdog_init(wd: qdisc_watchdog_t, qdisc: Qdisc): void {
  hrtimer_init(wd.timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
  wd.timer.function = qdisc_watchdog;
  wd.timer.owner = wd;
  wd.qdisc = qdisc;
}

/** The queue is to be run again at `expires` ns. */
export function qdisc_watchdog_schedule_ns(wd: qdisc_watchdog_t, expires: number): void {
  if (test_bit(__QDISC_STATE_DEACTIVATED, qdisc_root_sleeping(wd.qdisc).state))
    return;

  qdisc_throttled(wd.qdisc);

  hrtimer_start(wd.timer, ns_to_ktime(expires), HRTIMER_MODE_ABS);
}

export function qdisc_watchdog_cancel(wd: qdisc_watchdog_t): void {
  hrtimer_cancel(wd.timer);
  qdisc_unthrottled(wd.qdisc);
}

export function qdisc_lookup(dev: net_device, handle: number): Qdisc {
  if (!(dev.qdisc.flags & 1) && dev.qdisc.handle === handle)
    return dev.qdisc;
  for (let p = dev.qdisc.list.next; p !== dev.qdisc.list; p = p.next)
    if (p.owner.handle === handle) return p.owner;
  return null;
}

/** Tells the parents that `n` packets were dropped below them. */
export function qdisc_tree_decrease_qlen(sch: Qdisc, n: number): void {
  let parentid: number;

  if (n === 0)
    return;
  while ((parentid = sch.parent)) {
    sch = qdisc_lookup(qdisc_dev(sch), TC_H_MAJ(parentid));
    if (sch === null) {
      return;
    }
    sch.q.qlen -= n;
  }
}

/** Puts `n` in the place of the device's root (parent null) or of a class of `parent`. */
export function* qdisc_graft(dev: net_device, parent: Qdisc, classid: number, n: Qdisc, old: Qdisc): Gen<number> {
  let err = 0;

  if (parent === null) {
    let i: number, num_q: number;

    num_q = dev.num_tx_queues;

    if (dev.flags & IFF_UP)
      yield* dev_deactivate(dev);

    skip: {
      if (n && n.ops.attach)
        break skip;

      for (i = 0; i < num_q; i++) {
        const dev_queue = netdev_get_tx_queue(dev, i);

        old = dev_graft_qdisc(dev_queue, n);
        if (n && i > 0)
          atomic_inc(n.refcnt);

        qdisc_destroy(old);
      }
    }

    old = dev.qdisc;
    if (n && !n.ops.attach)
      atomic_inc(n.refcnt);
    dev.qdisc = n ? n : current.host.noop_qdisc;

    if (n && n.ops.attach)
      n.ops.attach(n);
    if (old)
      qdisc_destroy(old);

    if (dev.flags & IFF_UP)
      dev_activate(dev);
  } else {
    const cops = parent.ops.cl_ops;

    err = -ENOENT;
    if (cops && cops.graft) {
      const cl = cops.get(parent, classid);
      if (cl) {
        const ref = { v: old };
        err = cops.graft(parent, cl, n, ref);
        if (ref.v)
          qdisc_destroy(ref.v);
      }
    }
  }
  return err;
}

/** A new discipline with the options of its kind. */
export function qdisc_create(dev: net_device, dev_queue: netdev_queue, parent: number, handle: number, ops: Qdisc_ops, opt: unknown, errp: { v: number }): Qdisc {
  let err: number;
  let sch: Qdisc;

  sch = qdisc_alloc(dev_queue, ops);
  if (IS_ERR(sch)) {
    err = PTR_ERR(sch);
    errp.v = err;
    return null;
  }

  sch.parent = parent;
  sch.handle = handle;

  if (!ops.init || (err = ops.init(sch, opt)) === 0) {
    if ((parent !== TC_H_ROOT) && dev.qdisc)
      list_add_tail(sch.list, dev.qdisc.list);
    return sch;
  }
  qdisc_destroy(sch);
  errp.v = err;
  return null;
}

/** What `tc qdisc add|replace dev ... root KIND ...` does; called with the rtnl held. 0 or a negative errno. */
export function* tc_modify_qdisc(dev: net_device, ops: Qdisc_ops, handle: number, opt: unknown): Gen<number> {
  const errp = { v: 0 };
  const q = qdisc_create(dev, netdev_get_tx_queue(dev, 0), TC_H_ROOT, handle, ops, opt, errp);
  if (q === null)
    return errp.v;
  return yield* qdisc_graft(dev, null, 0, q, null);
}

/** What `tc qdisc del dev ... root` does: the default discipline comes back at the next activation. */
export function* tc_get_qdisc_delete(dev: net_device): Gen<number> {
  return yield* qdisc_graft(dev, null, 0, null, dev.qdisc);
}
export { ERR_PTR };
