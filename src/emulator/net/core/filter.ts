/** net/core/filter.c: socket filters. DEVIATION: no bytecode can be attached, so a filter never drops; TCP and UDP still pass through here. */
import type { sk_buff } from '../../include/linux/skbuff.struct';
import type { sock } from '../../include/net/sock.struct';
import { sk_filter as sk_filter_t } from '../../include/linux/filter';
import { rcu_dereference, rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { skb_pfmemalloc } from '../../include/linux/skbuff';
import { SOCK_MEMALLOC, sk_filter_uncharge, sock_flag } from '../../include/net/sock';
import { pskb_trim } from '../../include/linux/skbuff';
import { EINVAL, ENOENT, ENOMEM, EPERM } from '../../include/uapi/asm-generic/errno';
import { max } from '../../include/linux/kernel';

/** Runs the socket's filter on a packet, which may cut it, but not below `cap` bytes. */
export function sk_filter_trim_cap(sk: sock, skb: sk_buff, cap: number): number {
  let err: number;
  let filter: sk_filter_t;
  if (skb_pfmemalloc(skb) && !sock_flag(sk, SOCK_MEMALLOC))
    return -ENOMEM;
  err = 0;
  rcu_read_lock();
  filter = rcu_dereference(sk.sk_filter);
  if (filter) {
    const pkt_len = filter.run(skb);
    err = pkt_len ? pskb_trim(skb, max(cap, pkt_len)) : -EPERM;
  }
  rcu_read_unlock();
  return err;
}
/** Inline in linux/filter.h. */
export function sk_filter(sk: sock, skb: sk_buff): number { return sk_filter_trim_cap(sk, skb, 1); }
export function sk_filter_release_rcu(_fp: sk_filter_t): void { /* garbage collected */ }
export function sk_attach_filter(_fprog: unknown, _sk: sock): number { return -EINVAL; }
export function sk_detach_filter(sk: sock): number {
  const filter = sk.sk_filter;
  if (!filter)
    return -ENOENT;
  sk.sk_filter = null;
  sk_filter_uncharge(sk, filter);
  return 0;
}
