/** net/netfilter/xt_limit.c: match at a limited rate: a bucket of credits that fills with the jiffies. */
import { current, type Host } from '../../include/ports';
import { ERANGE } from '../../include/uapi/asm-generic/errno';
import { jiffies } from '../../include/linux/jiffies';
import type { xt_action_param, xt_match } from '../../include/linux/netfilter/x_tables';
import type { sk_buff } from '../../include/linux/skbuff';
import { spin_lock_bh, spin_unlock_bh, spinlock_t } from '../../include/linux/spinlock';

/** `avg` of xt_rateinfo is a period in seconds times this. */
export const XT_LIMIT_SCALE = 10000;
const HZ = 250;
/** The power of two below 2^32 / (HZ * one day). */
const CREDITS_PER_JIFFY = 128;
export class xt_limit_priv { prev = 0; credit = 0; }
export class xt_rateinfo { avg = 0; burst = 5; credit_cap = 0; cost = 0; master: xt_limit_priv = null; }

declare module '../../include/ports' { interface Host { limit_lock: spinlock_t } }
export function xt_limit_globals(host: Host): void { host.limit_lock = new spinlock_t(); }

function limit_mt(_skb: sk_buff, par: xt_action_param): boolean {
  const r: xt_rateinfo = par.matchinfo;
  const priv = r.master;
  const now = jiffies();
  spin_lock_bh(current.host.limit_lock);
  priv.credit += (now - priv.prev) * CREDITS_PER_JIFFY;
  priv.prev = now;
  if (priv.credit > r.credit_cap)
    priv.credit = r.credit_cap;
  if (priv.credit >= r.cost) {
    priv.credit -= r.cost;
    spin_unlock_bh(current.host.limit_lock);
    return true;
  }
  spin_unlock_bh(current.host.limit_lock);
  return false;
}
function user2credits(user: number): number {
  if (user > 0xffffffff / (HZ * CREDITS_PER_JIFFY))
    return Math.floor(user / XT_LIMIT_SCALE) * HZ * CREDITS_PER_JIFFY;
  return Math.floor((user * HZ * CREDITS_PER_JIFFY) / XT_LIMIT_SCALE);
}
function limit_mt_check(r: xt_rateinfo): number {
  let priv: xt_limit_priv;
  if (r.burst === 0 || user2credits(r.avg * r.burst) < user2credits(r.avg)) {
    return -ERANGE;
  }
  priv = new xt_limit_priv();
  r.master = priv;
  priv.prev = jiffies();
  priv.credit = user2credits(r.avg * r.burst);
  if (r.cost === 0) {
    r.credit_cap = priv.credit;
    r.cost = user2credits(r.avg);
  }
  return 0;
}
export const limit_mt_reg: xt_match = { name: 'limit', match: limit_mt, checkentry: limit_mt_check };
