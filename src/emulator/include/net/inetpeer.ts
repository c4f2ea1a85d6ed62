/** include/net/inetpeer.h: long-living information about remote addresses. */
import { atomic_read, atomic_t } from '../linux/atomic';
import { list_head } from '../linux/list';
import { RTAX_LOCK, RTAX_MAX } from '../linux/rtnetlink';
import { seqlock_t } from '../linux/spinlock';
import { WARN_ON_ONCE } from '../asm-generic/bug';
import { AF_INET } from '../linux/socket';
import { inet_getpeer } from '../../net/ipv4/inetpeer';

export { inet_getpeer, inet_initpeers, inet_peer_base_init, inet_peer_xrlim_allow, inet_putpeer, inetpeer_invalidate_family, inetpeer_invalidate_tree } from '../../net/ipv4/inetpeer';

export class inetpeer_addr_base { a4 = 0; }
export class inetpeer_addr { addr: inetpeer_addr_base = new inetpeer_addr_base(); family = 0; }

export class inet_peer {
  avl_left: inet_peer = null;
  avl_right: inet_peer = null;
  daddr: inetpeer_addr = new inetpeer_addr();
  avl_height = 0;
  metrics: number[] = new Array<number>(RTAX_MAX).fill(0);
  rate_tokens = 0;
  rate_last = 0;
  gc_list: list_head<inet_peer> = new list_head<inet_peer>(this);
  rid: atomic_t = new atomic_t(0);
  gc_next: inet_peer = null;
  dtime = 0;
  refcnt: atomic_t = new atomic_t(0);
}

export class inet_peer_base {
  root: inet_peer = null;
  lock: seqlock_t = new seqlock_t();
  flush_seq = 0;
  total = 0;
}

export const INETPEER_METRICS_NEW = 0xffffffff;

export function inet_metrics_new(p: inet_peer): boolean {
  return p.metrics[RTAX_LOCK - 1] === INETPEER_METRICS_NEW;
}
export function inet_getpeer_v4(base: inet_peer_base, v4daddr: number, create: number): inet_peer {
  const daddr = new inetpeer_addr();
  daddr.addr.a4 = v4daddr;
  daddr.family = AF_INET;
  return inet_getpeer(base, daddr, create);
}
export function inet_peer_refcheck(p: inet_peer): void {
  WARN_ON_ONCE(atomic_read(p.refcnt) <= 0);
}
