/** net/sched/sch_fifo.c: first in, first out, limited in packets or in bytes. */
import { likely } from '../../include/linux/compiler';
import { ERR_PTR } from '../../include/linux/err';
import type { sk_buff } from '../../include/linux/skbuff';
import { skb_queue_len } from '../../include/linux/skbuff';
import { NET_XMIT_CN } from '../../include/linux/netdevice';
import type { Qdisc, Qdisc_ops } from '../../include/net/sch_generic';
import { TCQ_F_CAN_BYPASS, __qdisc_queue_drop_head, qdisc_create_dflt, qdisc_dequeue_head, qdisc_destroy, qdisc_dev, qdisc_enqueue_tail, qdisc_peek_head, qdisc_pkt_len, qdisc_queue_drop, qdisc_queue_drop_head, qdisc_reset_queue, qdisc_reshape_fail } from '../../include/net/sch_generic';
import { TC_H_MAKE, psched_mtu } from '../../include/net/pkt_sched';
import { ENOMEM } from '../../include/uapi/asm-generic/errno';

export interface tc_fifo_qopt { limit: number }

export function bfifo_enqueue(skb: sk_buff, sch: Qdisc): number {
  if (likely(sch.qstats.backlog + qdisc_pkt_len(skb) <= sch.limit))
    return qdisc_enqueue_tail(skb, sch);

  return qdisc_reshape_fail(skb, sch);
}

export function pfifo_enqueue(skb: sk_buff, sch: Qdisc): number {
  if (likely(skb_queue_len(sch.q) < sch.limit))
    return qdisc_enqueue_tail(skb, sch);

  return qdisc_reshape_fail(skb, sch);
}

export function pfifo_tail_enqueue(skb: sk_buff, sch: Qdisc): number {
  if (likely(skb_queue_len(sch.q) < sch.limit))
    return qdisc_enqueue_tail(skb, sch);

  __qdisc_queue_drop_head(sch, sch.q);
  sch.qstats.drops++;
  qdisc_enqueue_tail(skb, sch);

  return NET_XMIT_CN;
}

export function fifo_init(sch: Qdisc, opt: tc_fifo_qopt): number {
  let bypass: boolean;
  const is_bfifo = sch.ops === bfifo_qdisc_ops;

  if (opt === null) {
    let limit = qdisc_dev(sch).tx_queue_len ? qdisc_dev(sch).tx_queue_len : 1;

    if (is_bfifo)
      limit *= psched_mtu(qdisc_dev(sch));

    sch.limit = limit;
  } else {
    const ctl = opt;

    sch.limit = ctl.limit;
  }

  if (is_bfifo)
    bypass = sch.limit >= psched_mtu(qdisc_dev(sch));
  else
    bypass = sch.limit >= 1;

  if (bypass)
    sch.flags |= TCQ_F_CAN_BYPASS;
  else
    sch.flags &= ~TCQ_F_CAN_BYPASS;
  return 0;
}

export const pfifo_qdisc_ops: Qdisc_ops = {
  id: 'pfifo',
  enqueue: pfifo_enqueue,
  dequeue: qdisc_dequeue_head,
  peek: qdisc_peek_head,
  drop: qdisc_queue_drop,
  init: fifo_init,
  reset: qdisc_reset_queue,
  change: fifo_init,
};

export const bfifo_qdisc_ops: Qdisc_ops = {
  id: 'bfifo',
  enqueue: bfifo_enqueue,
  dequeue: qdisc_dequeue_head,
  peek: qdisc_peek_head,
  drop: qdisc_queue_drop,
  init: fifo_init,
  reset: qdisc_reset_queue,
  change: fifo_init,
};

export const pfifo_head_drop_qdisc_ops: Qdisc_ops = {
  id: 'pfifo_head_drop',
  enqueue: pfifo_tail_enqueue,
  dequeue: qdisc_dequeue_head,
  peek: qdisc_peek_head,
  drop: qdisc_queue_drop_head,
  init: fifo_init,
  reset: qdisc_reset_queue,
  change: fifo_init,
};

export function fifo_set_limit(q: Qdisc, limit: number): number {
  let ret = -ENOMEM;

  if (q.ops.id.slice(1, 5) !== 'fifo')
    return 0;

  ret = q.ops.change(q, { limit });
  return ret;
}

export function fifo_create_dflt(sch: Qdisc, ops: Qdisc_ops, limit: number): Qdisc {
  let q: Qdisc;
  let err = -ENOMEM;

  q = qdisc_create_dflt(sch.dev_queue, ops, TC_H_MAKE(sch.handle, 1));
  if (q) {
    err = fifo_set_limit(q, limit);
    if (err < 0) {
      qdisc_destroy(q);
      q = null;
    }
  }

  return q ? q : ERR_PTR(err);
}
