/** net/sched/sch_tbf.c: the token bucket. */
import { current } from '../../include/ports';
import { unlikely } from '../../include/linux/compiler';
import { IS_ERR, PTR_ERR } from '../../include/linux/err';
import { min, max } from '../../include/linux/kernel';
import { ktime_get, ktime_to_ns } from '../../include/linux/ktime';
import type { sk_buff } from '../../include/linux/skbuff';
import { NET_XMIT_SUCCESS } from '../../include/linux/netdevice';
import type { Qdisc, Qdisc_class_ops, Qdisc_ops } from '../../include/net/sch_generic';
import {
  net_xmit_drop_count, psched_l2t_ns, psched_ratecfg, psched_ratecfg_precompute, qdisc_bstats_update, qdisc_dequeue_peeked, qdisc_destroy, qdisc_enqueue, qdisc_peek_dequeued, qdisc_pkt_len,
  qdisc_reset, qdisc_reshape_fail, qdisc_unthrottled, sch_tree_lock, sch_tree_unlock, tc_ratespec,
} from '../../include/net/sch_generic';
import {
  PSCHED_NS2TICKS, PSCHED_TICKS2NS, bfifo_qdisc_ops, fifo_create_dflt, fifo_set_limit, qdisc_priv, qdisc_tree_decrease_qlen, qdisc_watchdog, qdisc_watchdog_cancel, qdisc_watchdog_init,
  qdisc_watchdog_schedule_ns,
} from '../../include/net/pkt_sched';
import { EINVAL } from '../../include/uapi/asm-generic/errno';

/** What tc gives: rates in bytes per second, sizes in bytes. */
export interface tbf_options { rate: number; burst: number; limit: number; peakrate?: number; mtu?: number }

export class tbf_sched_data {
  limit = 0;
  /** Tokens are nanoseconds. */
  buffer = 0;
  mtu = 0;
  max_size = 0;
  rate = new psched_ratecfg();
  peak = new psched_ratecfg();
  peak_present = false;
  tokens = 0;
  ptokens = 0;
  t_c = 0;
  qdisc: Qdisc = null;
  watchdog = new qdisc_watchdog();
}

export function tbf_enqueue(skb: sk_buff, sch: Qdisc): number {
  const q: tbf_sched_data = qdisc_priv(sch);
  let ret: number;

  if (qdisc_pkt_len(skb) > q.max_size)
    return qdisc_reshape_fail(skb, sch);

  ret = qdisc_enqueue(skb, q.qdisc);
  if (ret !== NET_XMIT_SUCCESS) {
    if (net_xmit_drop_count(ret))
      sch.qstats.drops++;
    return ret;
  }

  sch.q.qlen++;
  return NET_XMIT_SUCCESS;
}

export function tbf_drop(sch: Qdisc): number {
  const q: tbf_sched_data = qdisc_priv(sch);
  let len = 0;

  if (q.qdisc.ops.drop && (len = q.qdisc.ops.drop(q.qdisc)) !== 0) {
    sch.q.qlen--;
    sch.qstats.drops++;
  }
  return len;
}

/** The next packet if there are tokens for it; else a watchdog is set for when there will be. */
export function tbf_dequeue(sch: Qdisc): sk_buff {
  const q: tbf_sched_data = qdisc_priv(sch);
  let skb: sk_buff;

  skb = q.qdisc.ops.peek(q.qdisc);

  if (skb) {
    let now: number;
    let toks: number;
    let ptoks = 0;
    const len = qdisc_pkt_len(skb);

    now = ktime_to_ns(ktime_get());
    toks = min(now - q.t_c, q.buffer);

    if (q.peak_present) {
      ptoks = toks + q.ptokens;
      if (ptoks > q.mtu)
        ptoks = q.mtu;
      ptoks -= psched_l2t_ns(q.peak, len);
    }
    toks += q.tokens;
    if (toks > q.buffer)
      toks = q.buffer;
    toks -= psched_l2t_ns(q.rate, len);

    if (toks >= 0 && ptoks >= 0) {
      skb = qdisc_dequeue_peeked(q.qdisc);
      if (unlikely(!skb))
        return null;

      q.t_c = now;
      q.tokens = toks;
      q.ptokens = ptoks;
      sch.q.qlen--;
      qdisc_unthrottled(sch);
      qdisc_bstats_update(sch, skb);
      return skb;
    }

    qdisc_watchdog_schedule_ns(q.watchdog, now + max(-toks, -ptoks));

    sch.qstats.overlimits++;
  }
  return null;
}

export function tbf_reset(sch: Qdisc): void {
  const q: tbf_sched_data = qdisc_priv(sch);

  qdisc_reset(q.qdisc);
  sch.q.qlen = 0;
  q.t_c = ktime_to_ns(ktime_get());
  q.tokens = q.buffer;
  q.ptokens = q.mtu;
  qdisc_watchdog_cancel(q.watchdog);
}

/** Scheduler ticks that `size` bytes take at `rate` bytes per second, as tc computes them. */
function tc_ticks(rate: number, size: number): number { return PSCHED_NS2TICKS((size * 1e9) / rate); }

/** Largest packet that fits into the bucket, in the steps of tc's rate table (256 cells of 2^3 bytes for an MTU below 2048). */
function largest(rate: number, bucket: number): number {
  const cell_log = 3;
  let n: number;
  for (n = 0; n < 256; n++)
    if (tc_ticks(rate, (n + 1) << cell_log) > bucket)
      break;
  return (n << cell_log) - 1;
}

export function tbf_change(sch: Qdisc, opt: tbf_options): number {
  let err: number;
  const q: tbf_sched_data = qdisc_priv(sch);
  let child: Qdisc = null;
  let max_size: number;

  done: {
    err = -EINVAL;
    if (!(opt.rate > 0) || !(opt.burst > 0))
      break done;

    const rate = new tc_ratespec(), buffer = tc_ticks(opt.rate, opt.burst);
    rate.rate = opt.rate;
    max_size = largest(opt.rate, buffer);

    if (opt.peakrate) {
      const size = largest(opt.peakrate, tc_ticks(opt.peakrate, opt.mtu ?? 1600));
      if (size < max_size)
        max_size = size;
    }
    if (max_size < 0)
      break done;

    if (q.qdisc !== current.host.noop_qdisc) {
      err = fifo_set_limit(q.qdisc, opt.limit);
      if (err)
        break done;
    } else if (opt.limit > 0) {
      child = fifo_create_dflt(sch, bfifo_qdisc_ops, opt.limit);
      if (IS_ERR(child)) {
        err = PTR_ERR(child);
        break done;
      }
    }

    sch_tree_lock(sch);
    if (child) {
      qdisc_tree_decrease_qlen(q.qdisc, q.qdisc.q.qlen);
      qdisc_destroy(q.qdisc);
      q.qdisc = child;
    }
    q.limit = opt.limit;
    q.mtu = PSCHED_TICKS2NS(opt.peakrate ? tc_ticks(opt.peakrate, opt.mtu ?? 1600) : 0);
    q.max_size = max_size;
    q.buffer = PSCHED_TICKS2NS(buffer);
    q.tokens = q.buffer;
    q.ptokens = q.mtu;

    psched_ratecfg_precompute(q.rate, rate);
    if (opt.peakrate) {
      const peak = new tc_ratespec();
      peak.rate = opt.peakrate;
      psched_ratecfg_precompute(q.peak, peak);
      q.peak_present = true;
    } else {
      q.peak_present = false;
    }

    sch_tree_unlock(sch);
    err = 0;
  }
  return err;
}

export function tbf_init(sch: Qdisc, opt: tbf_options): number {
  const q: tbf_sched_data = qdisc_priv(sch);

  if (opt === null)
    return -EINVAL;

  q.t_c = ktime_to_ns(ktime_get());
  qdisc_watchdog_init(q.watchdog, sch);
  q.qdisc = current.host.noop_qdisc;

  return tbf_change(sch, opt);
}

export function tbf_destroy(sch: Qdisc): void {
  const q: tbf_sched_data = qdisc_priv(sch);

  qdisc_watchdog_cancel(q.watchdog);

  qdisc_destroy(q.qdisc);
}

export function tbf_graft(sch: Qdisc, arg: number, n: Qdisc, old: { v: Qdisc }): number {
  const q: tbf_sched_data = qdisc_priv(sch);

  if (n === null)
    n = current.host.noop_qdisc;

  sch_tree_lock(sch);
  old.v = q.qdisc;
  q.qdisc = n;
  qdisc_tree_decrease_qlen(old.v, old.v.q.qlen);
  qdisc_reset(old.v);
  sch_tree_unlock(sch);

  return 0;
}

export function tbf_leaf(sch: Qdisc, arg: number): Qdisc {
  const q: tbf_sched_data = qdisc_priv(sch);
  return q.qdisc;
}

export function tbf_get(sch: Qdisc, classid: number): number {
  return 1;
}

export const tbf_class_ops: Qdisc_class_ops = {
  graft: tbf_graft,
  leaf: tbf_leaf,
  get: tbf_get,
};

export const tbf_qdisc_ops: Qdisc_ops = {
  cl_ops: tbf_class_ops,
  id: 'tbf',
  priv: () => new tbf_sched_data(),
  enqueue: tbf_enqueue,
  dequeue: tbf_dequeue,
  peek: qdisc_peek_dequeued,
  drop: tbf_drop,
  init: tbf_init,
  reset: tbf_reset,
  destroy: tbf_destroy,
  change: tbf_change,
};
