/** include/net/arp.h. */
import { current } from '../ports';
import { atomic_inc_not_zero } from '../linux/atomic';
import { hash32_ptr } from '../linux/hash';
import type { net_device } from '../linux/netdevice';
import { rcu_dereference_bh, rcu_read_lock_bh, rcu_read_unlock_bh } from '../linux/rcupdate';
import type { neighbour } from './neighbour';

export { arp_create, arp_ifdown, arp_init, arp_invalidate, arp_mc_map, arp_send, arp_xmit } from '../../net/ipv4/arp';

export function arp_hashfn(key: number, dev: net_device, hash_rnd: number): number {
  const val = (key ^ hash32_ptr(dev)) >>> 0;
  return Math.imul(val, hash_rnd) >>> 0;
}
export function __ipv4_neigh_lookup_noref(dev: net_device, key: number): neighbour {
  const nht = rcu_dereference_bh(current.host.arp_tbl.nht);
  let n: neighbour;
  let hash_val: number;
  hash_val = arp_hashfn(key, dev, nht.hash_rnd[0]) >>> (32 - nht.hash_shift);
  for (n = nht.hash_buckets[hash_val]; n !== null; n = n.next) {
    if (n.dev === dev && n.primary_key === key)
      return n;
  }
  return null;
}
export function __ipv4_neigh_lookup(dev: net_device, key: number): neighbour {
  let n: neighbour;
  rcu_read_lock_bh();
  n = __ipv4_neigh_lookup_noref(dev, key);
  if (n && !atomic_inc_not_zero(n.refcnt))
    n = null;
  rcu_read_unlock_bh();
  return n;
}
