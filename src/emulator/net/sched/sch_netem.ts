/** net/sched/sch_netem.c: delay, loss, duplication, corruption, reordering. DEVIATION: delay distributions and the Markov loss models are not modelled. */
import { likely, unlikely } from '../../include/linux/compiler';
import { max } from '../../include/linux/kernel';
import { net_random } from '../../include/linux/random';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import type { sk_buff } from '../../include/linux/skbuff';
import {
  CHECKSUM_PARTIAL, __skb_queue_after, __skb_queue_head, __skb_queue_tail, __skb_unlink, kfree_skb, skb_clone, skb_headlen, skb_orphan, skb_peek_tail, skb_queue_empty, skb_queue_len,
  skb_unshare,
} from '../../include/linux/skbuff';
import { NET_XMIT_SUCCESS, skb_checksum_help } from '../../include/linux/netdevice';
import type { Qdisc, Qdisc_ops } from '../../include/net/sch_generic';
import {
  __NET_XMIT_BYPASS, net_xmit_drop_count, qdisc_bstats_update, qdisc_drop, qdisc_enqueue, qdisc_enqueue_root, qdisc_is_throttled, qdisc_peek_dequeued, qdisc_peek_head, qdisc_pkt_len,
  qdisc_destroy, qdisc_queue_drop, qdisc_reset, qdisc_reset_queue, qdisc_reshape_fail, qdisc_root, qdisc_skb_cb, qdisc_unthrottled,
} from '../../include/net/sch_generic';
import {
  PSCHED_NS2TICKS, psched_get_time, qdisc_priv, qdisc_tree_decrease_qlen, qdisc_watchdog, qdisc_watchdog_cancel, qdisc_watchdog_init, qdisc_watchdog_schedule,
} from '../../include/net/pkt_sched';
import { INET_ECN_set_ce } from '../../include/net/inet_ecn';
import { EINVAL } from '../../include/uapi/asm-generic/errno';

/** What tc gives: times in ns, probabilities and correlations from 0 to 1, rate in bytes per second. */
export interface netem_options {
  limit?: number; delay?: number; jitter?: number; delayCorrelation?: number; loss?: number; lossCorrelation?: number; duplicate?: number; duplicateCorrelation?: number;
  reorder?: number; reorderCorrelation?: number; gap?: number; corrupt?: number; corruptCorrelation?: number; rate?: number;
}

export class crndstate { last = 0; rho = 0; }

/** Loss by chance, the one model there is. */
const CLG_RANDOM = 0;

export class netem_sched_data {
  qdisc: Qdisc = null;
  watchdog = new qdisc_watchdog();
  latency = 0;
  jitter = 0;
  loss = 0;
  ecn = 0;
  limit = 0;
  counter = 0;
  gap = 0;
  duplicate = 0;
  reorder = 0;
  corrupt = 0;
  rate = 0;
  delay_cor = new crndstate();
  loss_cor = new crndstate();
  dup_cor = new crndstate();
  reorder_cor = new crndstate();
  corrupt_cor = new crndstate();
  loss_model = CLG_RANDOM;
}

export class netem_skb_cb_t { time_to_send = 0; }
export function netem_skb_cb(skb: sk_buff): netem_skb_cb_t {
  const cb = qdisc_skb_cb(skb);
  return cb.data ?? (cb.data = new netem_skb_cb_t());
}

export function init_crandom(state: crndstate, rho: number): void {
  state.rho = rho;
  state.last = net_random();
}

/** A random number that leans to the one before by `rho`. */
export function get_crandom(state: crndstate): number {
  let value: number, rho: number;
  let answer: number;

  if (state.rho === 0)
    return net_random() >>> 0;

  value = net_random() >>> 0;
  rho = state.rho + 1;
  answer = Math.floor(value * ((0x100000000 - rho) / 0x100000000) + (state.last >>> 0) * (rho / 0x100000000));
  state.last = answer;
  return answer;
}

export function loss_event(q: netem_sched_data): boolean {
  switch (q.loss_model) {
  case CLG_RANDOM:
    return q.loss !== 0 && q.loss >= get_crandom(q.loss_cor);
  }

  return false;
}

export function tabledist(mu: number, sigma: number, state: crndstate, dist: null): number {
  let rnd: number;

  if (sigma === 0)
    return mu;

  rnd = get_crandom(state);

  return (rnd % (2 * sigma)) - sigma + mu;
}

export function packet_len_2_sched_time(len: number, q: netem_sched_data): number {
  let ticks: number;

  ticks = len * 1e9;

  ticks = Math.floor(ticks / q.rate);
  return PSCHED_NS2TICKS(ticks);
}

/** Queues by time to send. */
export function tfifo_enqueue(nskb: sk_buff, sch: Qdisc): void {
  const list = sch.q;
  const tnext = netem_skb_cb(nskb).time_to_send;
  let skb = skb_peek_tail(list);

  if (likely(!skb || tnext >= netem_skb_cb(skb).time_to_send))
    return __skb_queue_tail(list, nskb);

  for (skb = list.prev; skb !== (list as unknown as sk_buff); skb = skb.prev) {
    if (tnext >= netem_skb_cb(skb).time_to_send)
      break;
  }

  __skb_queue_after(list, skb, nskb);
}

export function netem_enqueue(skb: sk_buff, sch: Qdisc): number {
  const q: netem_sched_data = qdisc_priv(sch);
  let cb: netem_skb_cb_t;
  let skb2: sk_buff;
  let count = 1;

  if (q.duplicate && q.duplicate >= get_crandom(q.dup_cor))
    ++count;

  if (loss_event(q)) {
    if (q.ecn && INET_ECN_set_ce(skb))
      sch.qstats.drops++;
    else
      --count;
  }
  if (count === 0) {
    sch.qstats.drops++;
    kfree_skb(skb);
    return NET_XMIT_SUCCESS | __NET_XMIT_BYPASS;
  }

  if (q.latency || q.jitter)
    skb_orphan(skb);

  if (count > 1 && (skb2 = skb_clone(skb, GFP_ATOMIC)) !== null) {
    const rootq = qdisc_root(sch);
    const dupsave = q.duplicate;
    q.duplicate = 0;

    qdisc_enqueue_root(skb2, rootq);
    q.duplicate = dupsave;
  }

  if (q.corrupt && q.corrupt >= get_crandom(q.corrupt_cor)) {
    if (!(skb = skb_unshare(skb, GFP_ATOMIC)) || (skb.ip_summed === CHECKSUM_PARTIAL && skb_checksum_help(skb)))
      return qdisc_drop(skb, sch);

    skb.head[skb.data + (net_random() >>> 0) % skb_headlen(skb)] ^= 1 << ((net_random() >>> 0) % 8);
  }

  if (unlikely(skb_queue_len(sch.q) >= sch.limit))
    return qdisc_reshape_fail(skb, sch);

  sch.qstats.backlog += qdisc_pkt_len(skb);

  cb = netem_skb_cb(skb);
  if (q.gap === 0 || q.counter < q.gap - 1 || q.reorder < get_crandom(q.reorder_cor)) {
    let now: number;
    let delay: number;

    delay = tabledist(q.latency, q.jitter, q.delay_cor, null);

    now = psched_get_time();

    if (q.rate) {
      const list = sch.q;

      if (!skb_queue_empty(list)) {
        delay -= netem_skb_cb(skb_peek_tail(list)).time_to_send - now;
        delay = max(0, delay);
        now = netem_skb_cb(skb_peek_tail(list)).time_to_send;
      }

      delay += packet_len_2_sched_time(skb.len, q);
    }

    cb.time_to_send = now + delay;
    ++q.counter;
    tfifo_enqueue(skb, sch);
  } else {
    cb.time_to_send = psched_get_time();
    q.counter = 0;

    __skb_queue_head(sch.q, skb);
    sch.qstats.requeues++;
  }

  return NET_XMIT_SUCCESS;
}

export function netem_drop(sch: Qdisc): number {
  const q: netem_sched_data = qdisc_priv(sch);
  let len: number;

  len = qdisc_queue_drop(sch);
  if (!len && q.qdisc && q.qdisc.ops.drop)
    len = q.qdisc.ops.drop(q.qdisc);
  if (len)
    sch.qstats.drops++;

  return len;
}

/** The first packet whose time has come; else a watchdog is set for it. */
export function netem_dequeue(sch: Qdisc): sk_buff {
  const q: netem_sched_data = qdisc_priv(sch);
  let skb: sk_buff;

  if (qdisc_is_throttled(sch))
    return null;

  deliver: {
    tfifo_dequeue: for (;;) {
      skb = qdisc_peek_head(sch);
      if (skb) {
        const cb = netem_skb_cb(skb);

        if (cb.time_to_send <= psched_get_time()) {
          __skb_unlink(skb, sch.q);
          sch.qstats.backlog -= qdisc_pkt_len(skb);

          if (q.qdisc) {
            const err = qdisc_enqueue(skb, q.qdisc);

            if (unlikely(err !== NET_XMIT_SUCCESS)) {
              if (net_xmit_drop_count(err)) {
                sch.qstats.drops++;
                qdisc_tree_decrease_qlen(sch, 1);
              }
            }
            continue tfifo_dequeue;
          }
          break deliver;
        }

        if (q.qdisc) {
          skb = q.qdisc.ops.dequeue(q.qdisc);
          if (skb)
            break deliver;
        }
        qdisc_watchdog_schedule(q.watchdog, cb.time_to_send);
      }

      if (q.qdisc) {
        skb = q.qdisc.ops.dequeue(q.qdisc);
        if (skb)
          break deliver;
      }
      return null;
    }
  }
  qdisc_unthrottled(sch);
  qdisc_bstats_update(sch, skb);
  return skb;
}

export function netem_reset(sch: Qdisc): void {
  const q: netem_sched_data = qdisc_priv(sch);

  qdisc_reset_queue(sch);
  if (q.qdisc)
    qdisc_reset(q.qdisc);
  qdisc_watchdog_cancel(q.watchdog);
}

/** A probability as the 32-bit number of the kernel's options. */
function u32_of(probability: number): number { return Math.round((probability ?? 0) * 0xffffffff); }

export function netem_change(sch: Qdisc, opt: netem_options): number {
  const q: netem_sched_data = qdisc_priv(sch);

  if (opt === null)
    return -EINVAL;

  sch.limit = opt.limit ?? 1000;

  q.latency = PSCHED_NS2TICKS(opt.delay ?? 0);
  q.jitter = PSCHED_NS2TICKS(opt.jitter ?? 0);
  q.limit = opt.limit ?? 1000;
  q.gap = opt.gap ?? 0;
  q.counter = 0;
  q.loss = u32_of(opt.loss);
  q.duplicate = u32_of(opt.duplicate);

  if (q.gap)
    q.reorder = 0xffffffff;

  init_crandom(q.delay_cor, u32_of(opt.delayCorrelation));
  init_crandom(q.loss_cor, u32_of(opt.lossCorrelation));
  init_crandom(q.dup_cor, u32_of(opt.duplicateCorrelation));

  if (opt.reorder) {
    q.reorder = u32_of(opt.reorder);
    q.gap = opt.gap || 1;
    init_crandom(q.reorder_cor, u32_of(opt.reorderCorrelation));
  }

  if (opt.corrupt) {
    q.corrupt = u32_of(opt.corrupt);
    init_crandom(q.corrupt_cor, u32_of(opt.corruptCorrelation));
  }

  q.rate = opt.rate ?? 0;

  return 0;
}

export function netem_init(sch: Qdisc, opt: netem_options): number {
  const q: netem_sched_data = qdisc_priv(sch);
  let ret: number;

  if (!opt)
    return -EINVAL;

  qdisc_watchdog_init(q.watchdog, sch);

  q.loss_model = CLG_RANDOM;
  ret = netem_change(sch, opt);
  return ret;
}

export function netem_destroy(sch: Qdisc): void {
  const q: netem_sched_data = qdisc_priv(sch);

  qdisc_watchdog_cancel(q.watchdog);
  if (q.qdisc)
    qdisc_destroy(q.qdisc);
}

export const netem_qdisc_ops: Qdisc_ops = {
  id: 'netem',
  priv: () => new netem_sched_data(),
  enqueue: netem_enqueue,
  dequeue: netem_dequeue,
  peek: qdisc_peek_dequeued,
  drop: netem_drop,
  init: netem_init,
  reset: netem_reset,
  destroy: netem_destroy,
  change: netem_change,
};
