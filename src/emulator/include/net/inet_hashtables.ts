/** Where TCP sockets are found: established, bound and listening hash tables (kernel include/net/inet_hashtables.h). */
import type { sock, sock_common } from './sock.struct';
import type { sk_buff } from '../linux/skbuff.struct';
import type { net } from './net_namespace';
import { hlist_head, hlist_node } from '../linux/list';
import { spin_lock_init, spinlock_t } from '../linux/spinlock';
import { atomic_t } from '../linux/atomic';
import { ntohs } from '../linux/types';
import { net_hash_mix } from './netns/hash';
import { local_bh_disable, local_bh_enable } from '../linux/interrupt';
import { num_online_cpus } from '../linux/smp';
import { ip_hdr } from '../linux/ip';
import { skb_dst } from '../linux/skbuff';
import { dev_net } from '../linux/netdevice';
import { net_eq } from './net_namespace';
import { skb_steal_sock, sock_net } from './sock';
import { inet_sk } from './inet_sock';
import { inet_iif } from './route';
import { inet_twsk } from './inet_timewait_sock';
import { __inet_lookup_established, __inet_lookup_listener } from '../../net/ipv4/inet_hashtables';

export {
  __inet_hash_connect, __inet_hash_nolisten, __inet_inherit_port, __inet_lookup_established, __inet_lookup_listener, inet_bind_bucket_create,
  inet_bind_bucket_destroy, inet_bind_hash, inet_hash, inet_hash_connect, inet_hashinfo_init, inet_put_port, inet_unhash,
} from '../../net/ipv4/inet_hashtables';

/** One slot of the established table; TIME_WAIT sockets stand in a chain of their own. */
export class inet_ehash_bucket {
  chain: hlist_head = new hlist_head();
  twchain: hlist_head = new hlist_head();
}

/** A local port in use and the sockets that are bound to it. */
export class inet_bind_bucket {
  ib_net: net = null;
  port = 0;
  fastreuse = 0;
  fastreuseport = 0;
  fastuid = 0;
  num_owners = 0;
  node: hlist_node<inet_bind_bucket> = new hlist_node<inet_bind_bucket>(this);
  owners: hlist_head = new hlist_head();
}

export function ib_net(ib: inet_bind_bucket): net {
  return ib.ib_net;
}

export class inet_bind_hashbucket {
  lock: spinlock_t = new spinlock_t();
  chain: hlist_head<inet_bind_bucket> = new hlist_head<inet_bind_bucket>();
}

export const LISTENING_NULLS_BASE = 1 << 29;

export class inet_listen_hashbucket {
  lock: spinlock_t = new spinlock_t();
  head: hlist_head = new hlist_head();
}

export const INET_LHTABLE_SIZE = 32;

export class inet_hashinfo {
  ehash: inet_ehash_bucket[] = null;
  ehash_locks: spinlock_t[] = null;
  ehash_mask = 0;
  ehash_locks_mask = 0;
  bhash: inet_bind_hashbucket[] = null;
  bhash_size = 0;
  bind_bucket_cachep: any = null;
  listening_hash: inet_listen_hashbucket[] = Array.from({ length: INET_LHTABLE_SIZE }, () => new inet_listen_hashbucket());
  bsockets: atomic_t = new atomic_t();
}

export function inet_ehash_bucket_(hashinfo: inet_hashinfo, hash: number): inet_ehash_bucket {
  return hashinfo.ehash[(hash & hashinfo.ehash_mask) >>> 0];
}

export function inet_ehash_lockp(hashinfo: inet_hashinfo, hash: number): spinlock_t {
  return hashinfo.ehash_locks[(hash & hashinfo.ehash_locks_mask) >>> 0];
}

export function inet_ehash_locks_alloc(hashinfo: inet_hashinfo): number {
  let i: number, size = 256;
  const nr_pcpus = num_online_cpus();

  if (nr_pcpus >= 4)
    size = 512;
  if (nr_pcpus >= 8)
    size = 1024;
  if (nr_pcpus >= 16)
    size = 2048;
  if (nr_pcpus >= 32)
    size = 4096;
  hashinfo.ehash_locks = Array.from({ length: size }, () => new spinlock_t());
  for (i = 0; i < size; i++)
    spin_lock_init(hashinfo.ehash_locks[i]);
  hashinfo.ehash_locks_mask = size - 1;
  return 0;
}

export function inet_bhashfn(net: net, lport: number, bhash_size: number): number {
  return (lport + net_hash_mix(net)) & (bhash_size - 1);
}

export function inet_lhashfn(net: net, num: number): number {
  return (num + net_hash_mix(net)) & (INET_LHTABLE_SIZE - 1);
}

export function inet_sk_listen_hashfn(sk: sock): number {
  return inet_lhashfn(sock_net(sk), inet_sk(sk).inet_num);
}

export function inet_lookup_listener(net: net, hashinfo: inet_hashinfo, saddr: number, sport: number, daddr: number, dport: number, dif: number): sock {
  return __inet_lookup_listener(net, hashinfo, saddr, sport, daddr, ntohs(dport), dif);
}

/** Both ports in one word, as INET_MATCH compares them. */
export function INET_COMBINED_PORTS(sport: number, dport: number): number {
  return ((dport << 16) | sport) >>> 0;
}

/** DEVIATION: the pair of addresses is compared as two words, so there is no 64-bit cookie. */
export function INET_MATCH(sk: sock, net: net, saddr: number, daddr: number, ports: number, dif: number): boolean {
  const inet = inet_sk(sk);
  return ((inet.inet_num << 16) | inet.inet_dport) >>> 0 === ports && inet.inet_daddr === saddr && inet.inet_rcv_saddr === daddr &&
    (!sk.sk_bound_dev_if || sk.sk_bound_dev_if === dif) && net_eq(sock_net(sk), net);
}

export function INET_TW_MATCH(sk: sock_common, net: net, saddr: number, daddr: number, ports: number, dif: number): boolean {
  const tw = inet_twsk(sk);
  return ((tw.tw_num << 16) | tw.tw_dport) >>> 0 === ports && tw.tw_daddr === saddr && tw.tw_rcv_saddr === daddr &&
    (!sk.sk_bound_dev_if || sk.sk_bound_dev_if === dif) && net_eq(sock_net(sk as sock), net);
}

export function inet_lookup_established(net: net, hashinfo: inet_hashinfo, saddr: number, sport: number, daddr: number, dport: number, dif: number): sock {
  return __inet_lookup_established(net, hashinfo, saddr, sport, daddr, ntohs(dport), dif);
}

export function __inet_lookup(net: net, hashinfo: inet_hashinfo, saddr: number, sport: number, daddr: number, dport: number, dif: number): sock {
  const hnum = ntohs(dport);
  const sk = __inet_lookup_established(net, hashinfo, saddr, sport, daddr, hnum, dif);

  return sk || __inet_lookup_listener(net, hashinfo, saddr, sport, daddr, hnum, dif);
}

export function inet_lookup(net: net, hashinfo: inet_hashinfo, saddr: number, sport: number, daddr: number, dport: number, dif: number): sock {
  let sk: sock;

  local_bh_disable();
  sk = __inet_lookup(net, hashinfo, saddr, sport, daddr, dport, dif);
  local_bh_enable();
  return sk;
}

export function __inet_lookup_skb(hashinfo: inet_hashinfo, skb: sk_buff, sport: number, dport: number): sock {
  const sk = skb_steal_sock(skb);
  const iph = ip_hdr(skb);

  if (sk)
    return sk;
  else
    return __inet_lookup(dev_net(skb_dst(skb).dev), hashinfo, iph.saddr, sport, iph.daddr, dport, inet_iif(skb));
}
