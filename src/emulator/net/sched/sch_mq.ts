/** net/sched/sch_mq.c: the root of a multiqueue device, one discipline per transmit queue. */
import type { Gen } from '../../include/ports';
import { atomically } from '../../include/ports';
import type { netdev_queue } from '../../include/linux/netdevice';
import { IFF_UP, netdev_get_tx_queue, netif_is_multiqueue } from '../../include/linux/netdevice';
import type { Qdisc, Qdisc_class_ops, Qdisc_ops } from '../../include/net/sch_generic';
import { TCQ_F_MQROOT, TCQ_F_ONETXQUEUE, dev_activate, dev_deactivate, dev_graft_qdisc, qdisc_create_dflt, qdisc_destroy, qdisc_dev } from '../../include/net/sch_generic';
import { TC_H_MAJ, TC_H_MAKE, TC_H_MIN, TC_H_ROOT, qdisc_priv } from '../../include/net/pkt_sched';
import { pfifo_fast_ops } from './sch_generic';
import { ENOMEM, EOPNOTSUPP } from '../../include/uapi/asm-generic/errno';

export class mq_sched { qdiscs: Qdisc[] = null; }

export function mq_destroy(sch: Qdisc): void {
  const dev = qdisc_dev(sch);
  const priv: mq_sched = qdisc_priv(sch);
  let ntx: number;

  if (!priv.qdiscs)
    return;
  for (ntx = 0; ntx < dev.num_tx_queues && priv.qdiscs[ntx]; ntx++)
    qdisc_destroy(priv.qdiscs[ntx]);
}

export function mq_init(sch: Qdisc, opt: unknown): number {
  const dev = qdisc_dev(sch);
  const priv: mq_sched = qdisc_priv(sch);
  let dev_queue: netdev_queue;
  let qdisc: Qdisc;
  let ntx: number;

  if (sch.parent !== TC_H_ROOT)
    return -EOPNOTSUPP;

  if (!netif_is_multiqueue(dev))
    return -EOPNOTSUPP;

  priv.qdiscs = new Array<Qdisc>(dev.num_tx_queues).fill(null);
  if (priv.qdiscs === null)
    return -ENOMEM;

  for (ntx = 0; ntx < dev.num_tx_queues; ntx++) {
    dev_queue = netdev_get_tx_queue(dev, ntx);
    qdisc = qdisc_create_dflt(dev_queue, pfifo_fast_ops, TC_H_MAKE(TC_H_MAJ(sch.handle), TC_H_MIN(ntx + 1)));
    if (qdisc === null) {
      mq_destroy(sch);
      return -ENOMEM;
    }
    priv.qdiscs[ntx] = qdisc;
    qdisc.flags |= TCQ_F_ONETXQUEUE;
  }

  sch.flags |= TCQ_F_MQROOT;
  return 0;
}

export function mq_attach(sch: Qdisc): void {
  const dev = qdisc_dev(sch);
  const priv: mq_sched = qdisc_priv(sch);
  let qdisc: Qdisc;
  let ntx: number;

  for (ntx = 0; ntx < dev.num_tx_queues; ntx++) {
    qdisc = priv.qdiscs[ntx];
    qdisc = dev_graft_qdisc(qdisc.dev_queue, qdisc);
    if (qdisc)
      qdisc_destroy(qdisc);
  }
  priv.qdiscs = null;
}

export function mq_queue_get(sch: Qdisc, cl: number): netdev_queue {
  const dev = qdisc_dev(sch);
  const ntx = cl - 1;

  if (ntx < 0 || ntx >= dev.num_tx_queues)
    return null;
  return netdev_get_tx_queue(dev, ntx);
}

export function mq_select_queue(sch: Qdisc, tcm: { tcm_parent: number }): netdev_queue {
  const ntx = TC_H_MIN(tcm.tcm_parent);
  const dev_queue = mq_queue_get(sch, ntx);

  if (!dev_queue) {
    const dev = qdisc_dev(sch);

    return netdev_get_tx_queue(dev, 0);
  }
  return dev_queue;
}

/** DEVIATION: waits for no running sender here (dev_deactivate must not sleep): grafting is done by a scenario's set-up, before traffic. */
export function mq_graft(sch: Qdisc, cl: number, n: Qdisc, old: { v: Qdisc }): number {
  const dev_queue = mq_queue_get(sch, cl);
  const dev = qdisc_dev(sch);

  if (dev.flags & IFF_UP)
    atomically(dev_deactivate(dev) as Gen<void>);

  old.v = dev_graft_qdisc(dev_queue, n);
  if (n)
    n.flags |= TCQ_F_ONETXQUEUE;
  if (dev.flags & IFF_UP)
    dev_activate(dev);
  return 0;
}

export function mq_leaf(sch: Qdisc, cl: number): Qdisc {
  const dev_queue = mq_queue_get(sch, cl);

  return dev_queue.qdisc_sleeping;
}

export function mq_get(sch: Qdisc, classid: number): number {
  const ntx = TC_H_MIN(classid);

  if (!mq_queue_get(sch, ntx))
    return 0;
  return ntx;
}

export const mq_class_ops: Qdisc_class_ops = {
  select_queue: mq_select_queue,
  graft: mq_graft,
  leaf: mq_leaf,
  get: mq_get,
};

export const mq_qdisc_ops: Qdisc_ops = {
  cl_ops: mq_class_ops,
  id: 'mq',
  priv: () => new mq_sched(),
  init: mq_init,
  destroy: mq_destroy,
  attach: mq_attach,
};
