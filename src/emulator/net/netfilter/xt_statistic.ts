/** net/netfilter/xt_statistic.c: match every nth packet, or at random. */
import { EINVAL } from '../../include/uapi/asm-generic/errno';
import { atomic_cmpxchg, atomic_read, atomic_set, atomic_t } from '../../include/linux/atomic';
import type { xt_action_param, xt_match } from '../../include/linux/netfilter/x_tables';
import { net_random } from '../../include/linux/random';
import type { sk_buff } from '../../include/linux/skbuff';

export const XT_STATISTIC_MODE_RANDOM = 0;
export const XT_STATISTIC_MODE_NTH = 1;
const XT_STATISTIC_MODE_MAX = 1;
const XT_STATISTIC_INVERT = 1;
export class xt_statistic_priv { count: atomic_t = new atomic_t(0); }
/** `u.random.probability` is of 2^31; `u.nth`: matches when the count has gone round `every` + 1. */
export class xt_statistic_info {
  mode = 0;
  flags = 0;
  u = { random: { probability: 0 }, nth: { every: 0, packet: 0, count: 0 } };
  master: xt_statistic_priv = null;
}
function statistic_mt(_skb: sk_buff, par: xt_action_param): boolean {
  const info: xt_statistic_info = par.matchinfo;
  let ret = (info.flags & XT_STATISTIC_INVERT) !== 0;
  let nval: number, oval: number;
  switch (info.mode) {
  case XT_STATISTIC_MODE_RANDOM:
    if ((net_random() & 0x7fffffff) < info.u.random.probability)
      ret = !ret;
    break;
  case XT_STATISTIC_MODE_NTH:
    do {
      oval = atomic_read(info.master.count);
      nval = (oval === info.u.nth.every) ? 0 : oval + 1;
    } while (atomic_cmpxchg(info.master.count, oval, nval) !== oval);
    if (nval === 0)
      ret = !ret;
    break;
  }
  return ret;
}
function statistic_mt_check(info: xt_statistic_info): number {
  if (info.mode > XT_STATISTIC_MODE_MAX || info.flags & ~XT_STATISTIC_INVERT)
    return -EINVAL;
  info.master = new xt_statistic_priv();
  atomic_set(info.master.count, info.u.nth.count);
  return 0;
}
export const xt_statistic_mt_reg: xt_match = { name: 'statistic', match: statistic_mt, checkentry: statistic_mt_check };
