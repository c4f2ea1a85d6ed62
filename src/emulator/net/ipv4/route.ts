/** net/ipv4/route.c: finding and caching IPv4 routes, path MTU, redirects, IP identifiers. */
import { current, type Cpu, type Gen, type Host } from '../../include/ports';
import { WARN_ON } from '../../include/asm-generic/bug';
import { EACCES, EHOSTUNREACH, EINVAL, ENETUNREACH, ENOBUFS, ENODEV, ENOMEM, ESRCH } from '../../include/uapi/asm-generic/errno';
import { atomic_add_return, atomic_set, atomic_t } from '../../include/linux/atomic';
import { ACCESS_ONCE, likely, unlikely } from '../../include/linux/compiler';
import { ERR_PTR, IS_ERR } from '../../include/linux/err';
import { ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, ICMP_NET_UNREACH, ICMP_PKT_FILTERED, ICMP_REDIRECT, ICMP_REDIR_HOST, ICMP_REDIR_HOSTTOS, ICMP_REDIR_NET, ICMP_REDIR_NETTOS, icmp_hdr } from '../../include/linux/icmp';
import { IFF_LOOPBACK, IFF_UP } from '../../include/linux/if';
import { ETH_P_IP } from '../../include/linux/if_ether';
import { INADDR_LOOPBACK, IPPROTO_RAW, ipv4_is_lbcast, ipv4_is_local_multicast, ipv4_is_loopback, ipv4_is_multicast, ipv4_is_zeronet } from '../../include/linux/in';
import { RTCF_BROADCAST, RTCF_LOCAL, RTCF_MULTICAST, RTCF_REDIRECTED, RT_TOS } from '../../include/linux/in_route';
import {
  IN_DEV_CONF_GET, IN_DEV_FORWARD, IN_DEV_LOG_MARTIANS, IN_DEV_NET_ROUTE_LOCALNET, IN_DEV_PROXY_ARP_PVLAN, IN_DEV_ROUTE_LOCALNET, IN_DEV_RX_REDIRECTS, IN_DEV_SEC_REDIRECTS, IN_DEV_SHARED_MEDIA,
  IN_DEV_TX_REDIRECTS, IPV4_DEVCONF_NOPOLICY, IPV4_DEVCONF_NOXFRM, __in_dev_get_rcu, __ip_dev_find, inet_addr_onlink, inet_select_addr, type in_device,
} from '../../include/linux/inetdevice';
import { ip_hdr, iphdr } from '../../include/linux/ip';
import { jhash_3words } from '../../include/linux/jhash';
import { jiffies, time_after, time_after_eq, time_before } from '../../include/linux/jiffies';
import { max } from '../../include/linux/kernel';
import { INIT_LIST_HEAD, list_add_tail, list_del, list_empty, list_head } from '../../include/linux/list';
import { dev_get_by_index_rcu, dev_hold, dev_net, dev_put, type net_device } from '../../include/linux/netdevice';
import { percpu_counter } from '../../include/linux/percpu_counter';
import { TC_PRIO_BESTEFFORT, TC_PRIO_BULK, TC_PRIO_INTERACTIVE, TC_PRIO_INTERACTIVE_BULK } from '../../include/net/pkt_sched';
import { prandom_u32 } from '../../include/linux/random';
import { call_rcu, rcu_dereference, rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { RTAX_ADVMSS, RTAX_MTU, RTN_BROADCAST, RTN_LOCAL, RTN_MULTICAST, RTN_UNICAST, RTN_UNREACHABLE, RT_SCOPE_HOST, RT_SCOPE_LINK, RT_SCOPE_UNIVERSE } from '../../include/linux/rtnetlink';
import { kfree_skb, skb_dst_set, skb_dst_set_noref, skb_rtable, type sk_buff } from '../../include/linux/skbuff';
import { spin_lock_bh, spin_unlock_bh, spinlock_t } from '../../include/linux/spinlock';
import { htonl, htons } from '../../include/linux/types';
import { __ipv4_neigh_lookup } from '../../include/net/arp';
import {
  DST_HOST, DST_NOCACHE, DST_NOPOLICY, DST_NOXFRM, DST_OBSOLETE_FORCE_CHK, DST_OBSOLETE_KILL, DST_OBSOLETE_NONE, dst_alloc, dst_check, dst_discard, dst_free, dst_hold, dst_init_metrics, dst_metric_locked,
  dst_metric_raw, dst_rcu_free, dst_release, dst_set_expires, xfrm_lookup, type dst_entry,
} from '../../include/net/dst';
import { dst_entries_init, type dst_ops } from '../../include/net/dst_ops';
import { FLOWI_FLAG_ANYSRC, FLOWI_FLAG_KNOWN_NH, flowi4, flowi4_init_output, flowi4_to_flowi } from '../../include/net/flow';
import { icmp_send } from '../../include/net/icmp';
import { inet_sk, inet_sk_flowi_flags, type ip_options_rcu } from '../../include/net/inet_sock';
import { inet_getpeer_v4, inet_putpeer, inet_peer_base_init, inet_peer_base, type inet_peer } from '../../include/net/inetpeer';
import { IPCB, IPSKB_DOREDIRECT, IPSTATS_MIB_INADDRERRORS, IPSTATS_MIB_INNOROUTES, IP_INC_STATS_BH } from '../../include/net/ip';
import {
  FIB_RES_DEV, FIB_RES_GW, FIB_RES_NH, FIB_RES_OIF, FIB_RES_PREFSRC, FNHE_HASH_SIZE, FNHE_RECLAIM_DEPTH, fib_lookup, fib_nh_exception, fib_result, fib_select_default, fib_validate_source, fnhe_hash_bucket,
  ip_fib_check_default, type fib_info, type fib_nh,
} from '../../include/net/ip_fib';
import { NUD_VALID, neigh_create, neigh_event_send, neigh_release, type neighbour } from '../../include/net/neighbour';
import { LOOPBACK_IFINDEX, register_pernet_subsys, rt_genid, rt_genid_bump, type net, type pernet_operations } from '../../include/net/net_namespace';
import { NETEVENT_NEIGH_UPDATE, call_netevent_notifiers } from '../../include/net/netevent';
import { IPTOS_RT_MASK, RTO_ONLINK, RT_CONN_FLAGS, ip_rt_put, rt_is_input_route, rt_is_output_route, rt_nexthop, rtable } from '../../include/net/route';
import { bh_lock_sock, bh_unlock_sock, sk_dst_get, sk_dst_set, sock_net, sock_owned_by_user, type sock } from '../../include/net/sock';
import { devinet_init } from './devinet';
import { inet_addr_type, ip_fib_init } from './fib_frontend';
import { ip_check_mc_rcu } from './igmp';
import { ip_forward } from './ip_forward';
import { ip_local_deliver } from './ip_input';
import { __ip_local_out, ip_mc_output, ip_output } from './ip_output';

export function RT_FL_TOS(oldflp4: flowi4): number { return oldflp4.flowi4_tos & (IPTOS_RT_MASK | RTO_ONLINK); }

const IP_MAX_MTU = 0xfff0;
/* Rates and lifetimes in jiffies (HZ = 250). */
const ip_rt_redirect_number = 9;
const ip_rt_redirect_load = 5;
const ip_rt_redirect_silence = 5 << 10;
const ip_rt_error_cost = 250;
const ip_rt_error_burst = 1250;
const ip_rt_mtu_expires = 150000;
const ip_rt_min_pmtu = 552;
const ip_rt_min_advmss = 256;
const IP_IDENTS_SZ = 2048;

export class rt_cache_stat {
  in_hit = 0;
  in_slow_tot = 0;
  in_slow_mc = 0;
  in_no_route = 0;
  in_brd = 0;
  in_martian_dst = 0;
  in_martian_src = 0;
  out_hit = 0;
  out_slow_tot = 0;
  out_slow_mc = 0;
}
export class ip_ident_bucket { id: atomic_t = new atomic_t(0); stamp32 = 0; }

declare module '../../include/ports' {
  interface Host {
    ipv4_dst_entries: percpu_counter;
    ip_idents: ip_ident_bucket[];
    ip_idents_hashrnd: number;
    ip_idents_hashrnd_initialized: boolean;
    fnhe_lock: spinlock_t;
    rt_uncached_lock: spinlock_t;
    rt_uncached_list: list_head<rtable>;
  }
  interface Cpu { rt_cache_stat: rt_cache_stat }
}
export function route_globals(host: Host): void {
  host.ipv4_dst_entries = new percpu_counter();
  host.ip_idents = [];
  host.ip_idents_hashrnd = 0;
  host.ip_idents_hashrnd_initialized = false;
  host.fnhe_lock = new spinlock_t();
  host.rt_uncached_lock = new spinlock_t();
  host.rt_uncached_list = new list_head<rtable>();
}
export function route_percpu(cpu: Cpu): void { cpu.rt_cache_stat = new rt_cache_stat(); }
function RT_CACHE_STAT_INC(field: keyof rt_cache_stat): void { current.cpu.rt_cache_stat[field]++; }

function ipv4_dst_ifdown(_dst: dst_entry, _dev: net_device, _how: number): void { /* nothing to move */ }

function ipv4_cow_metrics(_dst: dst_entry, _old: number[]): number[] {
  WARN_ON(1);
  return null;
}

export const ipv4_dst_ops: dst_ops = {
  family: 2,
  protocol: 0x0800,
  gc_thresh: 0xffffffff,
  gc: null,
  check: ipv4_dst_check,
  default_advmss: ipv4_default_advmss,
  mtu: ipv4_mtu,
  cow_metrics: ipv4_cow_metrics,
  destroy: ipv4_dst_destroy,
  ifdown: ipv4_dst_ifdown,
  negative_advice: ipv4_negative_advice,
  link_failure: ipv4_link_failure,
  update_pmtu: ip_rt_update_pmtu,
  redirect: ip_do_redirect,
  local_out: __ip_local_out,
  neigh_lookup: ipv4_neigh_lookup,
  kmem_cachep: rtable_alloc,
  entries: ipv4_entries,
};
function rtable_alloc(): rtable { return new rtable(); }
function ipv4_entries(): percpu_counter { return current.host.ipv4_dst_entries; }

/** Packet priority by type of service. */
export const ip_tos2prio = [
  TC_PRIO_BESTEFFORT, TC_PRIO_BESTEFFORT, TC_PRIO_BESTEFFORT, TC_PRIO_BESTEFFORT,
  TC_PRIO_BULK, TC_PRIO_BULK, TC_PRIO_BULK, TC_PRIO_BULK,
  TC_PRIO_INTERACTIVE, TC_PRIO_INTERACTIVE, TC_PRIO_INTERACTIVE, TC_PRIO_INTERACTIVE,
  TC_PRIO_INTERACTIVE_BULK, TC_PRIO_INTERACTIVE_BULK, TC_PRIO_INTERACTIVE_BULK, TC_PRIO_INTERACTIVE_BULK,
];

function rt_is_expired(rth: rtable): boolean {
  return rth.rt_genid !== rt_genid(dev_net(rth.dst.dev));
}

export function rt_cache_flush(net: net): void {
  rt_genid_bump(net);
}

function ipv4_neigh_lookup(dst: dst_entry, skb: sk_buff, daddr: number): neighbour {
  const dev = dst.dev;
  let pkey = daddr;
  let rt: rtable;
  let n: neighbour;
  rt = dst as rtable;
  if (rt.rt_gateway)
    pkey = rt.rt_gateway;
  else if (skb)
    pkey = ip_hdr(skb).daddr;
  n = __ipv4_neigh_lookup(dev, pkey);
  if (n)
    return n;
  return neigh_create(current.host.arp_tbl, pkey, dev);
}

export function ip_idents_reserve(hash: number, segs: number): number {
  const bucket = current.host.ip_idents[hash % IP_IDENTS_SZ];
  const old = ACCESS_ONCE(bucket.stamp32);
  const now = jiffies() >>> 0;
  let delta = 0;
  if (old !== now && cmpxchg(bucket, 'stamp32', old, now) === old) {
    let x = prandom_u32();
    x *= ((now - old) >>> 0);
    delta = Math.floor(x / 0x100000000);
  }
  return (atomic_add_return(segs + delta, bucket.id) - segs) >>> 0;
}
/** Stores `now` in `p[field]` if that is still `old`; returns what was there. */
function cmpxchg(p: any, field: string | number, old: any, now: any): any {
  const was = p[field];
  if (was === old) p[field] = now;
  return was;
}

export function __ip_select_ident(iph: iphdr, segs: number): void {
  const host = current.host;
  const hashrnd_initialized = host.ip_idents_hashrnd_initialized;
  let hash: number, id: number;
  if (unlikely(!hashrnd_initialized)) {
    host.ip_idents_hashrnd_initialized = true;
    host.ip_idents_hashrnd = prandom_u32();
  }
  hash = jhash_3words(iph.daddr, iph.saddr, iph.protocol, host.ip_idents_hashrnd);
  id = ip_idents_reserve(hash, segs);
  iph.id = htons(id & 0xffff);
}

function __build_flow_key(fl4: flowi4, sk: sock, iph: iphdr, oif: number, tos: number, prot: number, mark: number, flow_flags: number): void {
  if (sk) {
    const inet = inet_sk(sk);
    oif = sk.sk_bound_dev_if;
    mark = sk.sk_mark;
    tos = RT_CONN_FLAGS(sk);
    prot = inet.hdrincl ? IPPROTO_RAW : sk.sk_protocol;
  }
  flowi4_init_output(fl4, oif, mark, tos, RT_SCOPE_UNIVERSE, prot, flow_flags, iph.daddr, iph.saddr, 0, 0);
}

function build_skb_flow_key(fl4: flowi4, skb: sk_buff, sk: sock): void {
  const iph = ip_hdr(skb);
  const oif = skb.dev.ifindex;
  const tos = RT_TOS(iph.tos);
  const prot = iph.protocol;
  const mark = skb.mark;
  __build_flow_key(fl4, sk, iph, oif, tos, prot, mark, 0);
}

function build_sk_flow_key(fl4: flowi4, sk: sock): void {
  const inet = inet_sk(sk);
  let inet_opt: ip_options_rcu;
  let daddr = inet.inet_daddr;
  rcu_read_lock();
  inet_opt = rcu_dereference(inet.inet_opt);
  if (inet_opt && inet_opt.opt.srr)
    daddr = inet_opt.opt.faddr;
  flowi4_init_output(fl4, sk.sk_bound_dev_if, sk.sk_mark, RT_CONN_FLAGS(sk), RT_SCOPE_UNIVERSE, inet.hdrincl ? IPPROTO_RAW : sk.sk_protocol, inet_sk_flowi_flags(sk), daddr, inet.inet_saddr, 0, 0);
  rcu_read_unlock();
}

function ip_rt_build_flow_key(fl4: flowi4, sk: sock, skb: sk_buff): void {
  if (skb)
    build_skb_flow_key(fl4, skb, sk);
  else
    build_sk_flow_key(fl4, sk);
}

function rt_free(rt: rtable): void {
  call_rcu(rt, dst_rcu_free);
}

function fnhe_oldest(hash: fnhe_hash_bucket): fib_nh_exception {
  let fnhe: fib_nh_exception, oldest: fib_nh_exception;
  let orig: rtable;
  oldest = rcu_dereference(hash.chain);
  for (fnhe = rcu_dereference(oldest.fnhe_next); fnhe; fnhe = rcu_dereference(fnhe.fnhe_next)) {
    if (time_before(fnhe.fnhe_stamp, oldest.fnhe_stamp))
      oldest = fnhe;
  }
  orig = rcu_dereference(oldest.fnhe_rth);
  if (orig) {
    oldest.fnhe_rth = null;
    rt_free(orig);
  }
  return oldest;
}

function fnhe_hashfun(daddr: number): number {
  let hval: number;
  hval = daddr;
  hval ^= (hval >>> 11) ^ (hval >>> 22);
  return hval & (FNHE_HASH_SIZE - 1);
}

function update_or_create_fnhe(nh: fib_nh, daddr: number, gw: number, pmtu: number, expires: number): void {
  let hash: fnhe_hash_bucket;
  let fnhe: fib_nh_exception;
  let depth: number;
  const hval = fnhe_hashfun(daddr);
  spin_lock_bh(current.host.fnhe_lock);
  if (!nh.nh_exceptions) {
    nh.nh_exceptions = new Array<fnhe_hash_bucket>(FNHE_HASH_SIZE).fill(null);
  }
  hash = nh.nh_exceptions[hval] ??= new fnhe_hash_bucket();
  depth = 0;
  for (fnhe = rcu_dereference(hash.chain); fnhe; fnhe = rcu_dereference(fnhe.fnhe_next)) {
    if (fnhe.fnhe_daddr === daddr)
      break;
    depth++;
  }
  if (fnhe) {
    if (gw)
      fnhe.fnhe_gw = gw;
    if (pmtu) {
      fnhe.fnhe_pmtu = pmtu;
      fnhe.fnhe_expires = expires;
    }
  } else {
    if (depth > FNHE_RECLAIM_DEPTH)
      fnhe = fnhe_oldest(hash);
    else {
      fnhe = new fib_nh_exception();
      fnhe.fnhe_next = hash.chain;
      hash.chain = fnhe;
    }
    fnhe.fnhe_daddr = daddr;
    fnhe.fnhe_gw = gw;
    fnhe.fnhe_pmtu = pmtu;
    fnhe.fnhe_expires = expires;
  }
  fnhe.fnhe_stamp = jiffies();
  spin_unlock_bh(current.host.fnhe_lock);
  return;
}

function __ip_do_redirect(rt: rtable, skb: sk_buff, fl4: flowi4, kill_route: boolean): void {
  const new_gw = icmp_hdr(skb).gateway;
  const old_gw = ip_hdr(skb).saddr;
  const dev = skb.dev;
  let in_dev: in_device;
  const res = new fib_result();
  let n: neighbour;
  let net: net;
  switch (icmp_hdr(skb).code & 7) {
  case ICMP_REDIR_NET:
  case ICMP_REDIR_NETTOS:
  case ICMP_REDIR_HOST:
  case ICMP_REDIR_HOSTTOS:
    break;
  default:
    return;
  }
  if (rt.rt_gateway !== old_gw)
    return;
  in_dev = __in_dev_get_rcu(dev);
  if (!in_dev)
    return;
  net = dev_net(dev);
  reject_redirect: {
    if (new_gw === old_gw || !IN_DEV_RX_REDIRECTS(in_dev) || ipv4_is_multicast(new_gw) || ipv4_is_lbcast(new_gw) || ipv4_is_zeronet(new_gw))
      break reject_redirect;
    if (!IN_DEV_SHARED_MEDIA(in_dev)) {
      if (!inet_addr_onlink(in_dev, new_gw, old_gw))
        break reject_redirect;
      if (IN_DEV_SEC_REDIRECTS(in_dev) && ip_fib_check_default(new_gw, dev))
        break reject_redirect;
    } else {
      if (inet_addr_type(net, new_gw) !== RTN_UNICAST)
        break reject_redirect;
    }
    n = __ipv4_neigh_lookup(rt.dst.dev, new_gw);
    if (!n)
      n = neigh_create(current.host.arp_tbl, new_gw, rt.dst.dev);
    if (!IS_ERR(n)) {
      if (!(n.nud_state & NUD_VALID)) {
        neigh_event_send(n, null);
      } else {
        if (fib_lookup(net, fl4, res) === 0) {
          const nh = FIB_RES_NH(res);
          update_or_create_fnhe(nh, fl4.daddr, new_gw, 0, 0);
        }
        if (kill_route)
          rt.dst.obsolete = DST_OBSOLETE_KILL;
        call_netevent_notifiers(NETEVENT_NEIGH_UPDATE, n);
      }
      neigh_release(n);
    }
    return;
  }
  if (IN_DEV_LOG_MARTIANS(in_dev))
    current.machine.log('Redirect ignored');
}

function ip_do_redirect(dst: dst_entry, sk: sock, skb: sk_buff): void {
  let rt: rtable;
  const fl4 = new flowi4();
  const iph = new iphdr(skb.head, skb.data);
  const oif = skb.dev.ifindex;
  const tos = RT_TOS(iph.tos);
  const prot = iph.protocol;
  const mark = skb.mark;
  rt = dst as rtable;
  __build_flow_key(fl4, sk, iph, oif, tos, prot, mark, 0);
  __ip_do_redirect(rt, skb, fl4, true);
}

function ipv4_negative_advice(dst: dst_entry): dst_entry {
  const rt = dst as rtable;
  let ret = dst;
  if (rt) {
    if (dst.obsolete > 0) {
      ip_rt_put(rt);
      ret = null;
    } else if ((rt.rt_flags & RTCF_REDIRECTED) || rt.dst.expires) {
      ip_rt_put(rt);
      ret = null;
    }
  }
  return ret;
}

export function ip_rt_send_redirect(skb: sk_buff): void {
  const rt = skb_rtable(skb);
  let in_dev: in_device;
  let peer: inet_peer;
  let net: net;
  let log_martians: number;
  rcu_read_lock();
  in_dev = __in_dev_get_rcu(rt.dst.dev);
  if (!in_dev || !IN_DEV_TX_REDIRECTS(in_dev)) {
    rcu_read_unlock();
    return;
  }
  log_martians = IN_DEV_LOG_MARTIANS(in_dev);
  rcu_read_unlock();
  net = dev_net(rt.dst.dev);
  peer = inet_getpeer_v4(net.ipv4.peers, ip_hdr(skb).saddr, 1);
  if (!peer) {
    icmp_send(skb, ICMP_REDIRECT, ICMP_REDIR_HOST, rt_nexthop(rt, ip_hdr(skb).daddr));
    return;
  }
  out_put_peer: {
    if (time_after(jiffies(), peer.rate_last + ip_rt_redirect_silence))
      peer.rate_tokens = 0;
    if (peer.rate_tokens >= ip_rt_redirect_number) {
      peer.rate_last = jiffies();
      break out_put_peer;
    }
    if (peer.rate_tokens === 0 || time_after(jiffies(), (peer.rate_last + (ip_rt_redirect_load << peer.rate_tokens)))) {
      const gw = rt_nexthop(rt, ip_hdr(skb).daddr);
      icmp_send(skb, ICMP_REDIRECT, ICMP_REDIR_HOST, gw);
      peer.rate_last = jiffies();
      ++peer.rate_tokens;
      if (log_martians && peer.rate_tokens === ip_rt_redirect_number)
        current.machine.log('host ignores redirects');
    }
  }
  inet_putpeer(peer);
}

function ip_error(skb: sk_buff): number {
  const in_dev = __in_dev_get_rcu(skb.dev);
  const rt = skb_rtable(skb);
  let peer: inet_peer;
  let now: number;
  let net: net;
  let send: boolean;
  let code: number;
  out: {
    if (!in_dev)
      break out;
    net = dev_net(rt.dst.dev);
    if (!IN_DEV_FORWARD(in_dev)) {
      switch (rt.dst.error) {
      case EHOSTUNREACH:
        IP_INC_STATS_BH(net, IPSTATS_MIB_INADDRERRORS);
        break;
      case ENETUNREACH:
        IP_INC_STATS_BH(net, IPSTATS_MIB_INNOROUTES);
        break;
      }
      break out;
    }
    switch (rt.dst.error) {
    case EINVAL:
    default:
      break out;
    case EHOSTUNREACH:
      code = ICMP_HOST_UNREACH;
      break;
    case ENETUNREACH:
      code = ICMP_NET_UNREACH;
      IP_INC_STATS_BH(net, IPSTATS_MIB_INNOROUTES);
      break;
    case EACCES:
      code = ICMP_PKT_FILTERED;
      break;
    }
    peer = inet_getpeer_v4(net.ipv4.peers, ip_hdr(skb).saddr, 1);
    send = true;
    if (peer) {
      now = jiffies();
      peer.rate_tokens += now - peer.rate_last;
      if (peer.rate_tokens > ip_rt_error_burst)
        peer.rate_tokens = ip_rt_error_burst;
      peer.rate_last = now;
      if (peer.rate_tokens >= ip_rt_error_cost)
        peer.rate_tokens -= ip_rt_error_cost;
      else
        send = false;
      inet_putpeer(peer);
    }
    if (send)
      icmp_send(skb, ICMP_DEST_UNREACH, code, 0);
  }
  kfree_skb(skb);
  return 0;
}

function __ip_rt_update_pmtu(rt: rtable, fl4: flowi4, mtu: number): void {
  const dst = rt.dst;
  const res = new fib_result();
  if (dst_metric_locked(dst, RTAX_MTU))
    return;
  if (dst.dev.mtu < mtu)
    return;
  if (mtu < ip_rt_min_pmtu)
    mtu = ip_rt_min_pmtu;
  if (!rt.rt_pmtu) {
    dst.obsolete = DST_OBSOLETE_KILL;
  } else {
    rt.rt_pmtu = mtu;
    dst.expires = max(1, jiffies() + ip_rt_mtu_expires);
  }
  rcu_read_lock();
  if (fib_lookup(dev_net(dst.dev), fl4, res) === 0) {
    const nh = FIB_RES_NH(res);
    update_or_create_fnhe(nh, fl4.daddr, 0, mtu, jiffies() + ip_rt_mtu_expires);
  }
  rcu_read_unlock();
}

function ip_rt_update_pmtu(dst: dst_entry, sk: sock, skb: sk_buff, mtu: number): void {
  const rt = dst as rtable;
  const fl4 = new flowi4();
  ip_rt_build_flow_key(fl4, sk, skb);
  __ip_rt_update_pmtu(rt, fl4, mtu);
}

export function ipv4_update_pmtu(skb: sk_buff, net: net, mtu: number, oif: number, mark: number, protocol: number, flow_flags: number): void {
  const iph = new iphdr(skb.head, skb.data);
  const fl4 = new flowi4();
  let rt: rtable;
  __build_flow_key(fl4, null, iph, oif, RT_TOS(iph.tos), protocol, mark, flow_flags);
  rt = __ip_route_output_key(net, fl4);
  if (!IS_ERR(rt)) {
    __ip_rt_update_pmtu(rt, fl4, mtu);
    ip_rt_put(rt);
  }
}

function __ipv4_sk_update_pmtu(skb: sk_buff, sk: sock, mtu: number): void {
  const iph = new iphdr(skb.head, skb.data);
  const fl4 = new flowi4();
  let rt: rtable;
  __build_flow_key(fl4, sk, iph, 0, 0, 0, 0, 0);
  rt = __ip_route_output_key(sock_net(sk), fl4);
  if (!IS_ERR(rt)) {
    __ip_rt_update_pmtu(rt, fl4, mtu);
    ip_rt_put(rt);
  }
}

export function ipv4_sk_update_pmtu(skb: sk_buff, sk: sock, mtu: number): void {
  const iph = new iphdr(skb.head, skb.data);
  const fl4 = new flowi4();
  let rt: rtable;
  let odst: dst_entry = null;
  let new_ = false;
  bh_lock_sock(sk);
  odst = sk_dst_get(sk);
  out: {
    if (sock_owned_by_user(sk) || !odst) {
      __ipv4_sk_update_pmtu(skb, sk, mtu);
      break out;
    }
    __build_flow_key(fl4, sk, iph, 0, 0, 0, 0, 0);
    rt = odst as rtable;
    if (odst.obsolete && odst.ops.check(odst, 0) === null) {
      rt = ip_route_output_flow(sock_net(sk), fl4, sk);
      if (IS_ERR(rt))
        break out;
      new_ = true;
    }
    __ip_rt_update_pmtu(rt.dst.path as rtable, fl4, mtu);
    if (!dst_check(rt.dst, 0)) {
      if (new_)
        dst_release(rt.dst);
      rt = ip_route_output_flow(sock_net(sk), fl4, sk);
      if (IS_ERR(rt))
        break out;
      new_ = true;
    }
    if (new_)
      sk_dst_set(sk, rt.dst);
  }
  bh_unlock_sock(sk);
  dst_release(odst);
}

export function ipv4_redirect(skb: sk_buff, net: net, oif: number, mark: number, protocol: number, flow_flags: number): void {
  const iph = new iphdr(skb.head, skb.data);
  const fl4 = new flowi4();
  let rt: rtable;
  __build_flow_key(fl4, null, iph, oif, RT_TOS(iph.tos), protocol, mark, flow_flags);
  rt = __ip_route_output_key(net, fl4);
  if (!IS_ERR(rt)) {
    __ip_do_redirect(rt, skb, fl4, false);
    ip_rt_put(rt);
  }
}

export function ipv4_sk_redirect(skb: sk_buff, sk: sock): void {
  const iph = new iphdr(skb.head, skb.data);
  const fl4 = new flowi4();
  let rt: rtable;
  __build_flow_key(fl4, sk, iph, 0, 0, 0, 0, 0);
  rt = __ip_route_output_key(sock_net(sk), fl4);
  if (!IS_ERR(rt)) {
    __ip_do_redirect(rt, skb, fl4, false);
    ip_rt_put(rt);
  }
}

function ipv4_dst_check(dst: dst_entry, _cookie: number): dst_entry {
  const rt = dst as rtable;
  if (dst.obsolete === DST_OBSOLETE_KILL || rt_is_expired(rt))
    return null;
  return dst;
}

function ipv4_link_failure(skb: sk_buff): void {
  let rt: rtable;
  icmp_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
  rt = skb_rtable(skb);
  if (rt)
    dst_set_expires(rt.dst, 0);
}

function ip_rt_bug(skb: sk_buff): number {
  kfree_skb(skb);
  WARN_ON(1);
  return 0;
}

/** Writes the address by which a packet on `rt` knows this host into `addr` at `off` (an IP option). */
export function ip_rt_get_source(addr: Uint8Array, off: number, skb: sk_buff, rt: rtable): void {
  let src: number;
  if (rt_is_output_route(rt))
    src = ip_hdr(skb).saddr;
  else {
    const res = new fib_result();
    const fl4 = new flowi4();
    let iph: iphdr;
    iph = ip_hdr(skb);
    fl4.daddr = iph.daddr;
    fl4.saddr = iph.saddr;
    fl4.flowi4_tos = RT_TOS(iph.tos);
    fl4.flowi4_oif = rt.dst.dev.ifindex;
    fl4.flowi4_iif = skb.dev.ifindex;
    fl4.flowi4_mark = skb.mark;
    rcu_read_lock();
    if (fib_lookup(dev_net(rt.dst.dev), fl4, res) === 0)
      src = FIB_RES_PREFSRC(dev_net(rt.dst.dev), res);
    else
      src = inet_select_addr(rt.dst.dev, rt_nexthop(rt, iph.daddr), RT_SCOPE_UNIVERSE);
    rcu_read_unlock();
  }
  addr[off] = src >>> 24; addr[off + 1] = src >>> 16; addr[off + 2] = src >>> 8; addr[off + 3] = src;
}

function ipv4_default_advmss(dst: dst_entry): number {
  let advmss = dst_metric_raw(dst, RTAX_ADVMSS);
  if (advmss === 0) {
    advmss = max(dst.dev.mtu - 40, ip_rt_min_advmss);
    if (advmss > 65535 - 40)
      advmss = 65535 - 40;
  }
  return advmss;
}

function ipv4_mtu(dst: dst_entry): number {
  const rt = dst as rtable;
  let mtu = rt.rt_pmtu;
  if (!mtu || time_after_eq(jiffies(), rt.dst.expires))
    mtu = dst_metric_raw(dst, RTAX_MTU);
  if (mtu)
    return mtu;
  mtu = dst.dev.mtu;
  if (unlikely(dst_metric_locked(dst, RTAX_MTU))) {
    if (rt.rt_uses_gateway && mtu > 576)
      mtu = 576;
  }
  if (mtu > IP_MAX_MTU)
    mtu = IP_MAX_MTU;
  return mtu;
}

function find_exception(nh: fib_nh, daddr: number): fib_nh_exception {
  const hash = nh.nh_exceptions;
  let fnhe: fib_nh_exception;
  let hval: number;
  if (!hash)
    return null;
  hval = fnhe_hashfun(daddr);
  for (fnhe = hash[hval] ? rcu_dereference(hash[hval].chain) : null; fnhe; fnhe = rcu_dereference(fnhe.fnhe_next)) {
    if (fnhe.fnhe_daddr === daddr)
      return fnhe;
  }
  return null;
}

function rt_bind_exception(rt: rtable, fnhe: fib_nh_exception, daddr: number): boolean {
  let ret = false;
  spin_lock_bh(current.host.fnhe_lock);
  if (daddr === fnhe.fnhe_daddr) {
    const orig = rcu_dereference(fnhe.fnhe_rth);
    if (orig && rt_is_expired(orig)) {
      fnhe.fnhe_gw = 0;
      fnhe.fnhe_pmtu = 0;
      fnhe.fnhe_expires = 0;
    }
    if (fnhe.fnhe_pmtu) {
      const expires = fnhe.fnhe_expires;
      const diff = expires - jiffies();
      if (time_before(jiffies(), expires)) {
        rt.rt_pmtu = fnhe.fnhe_pmtu;
        dst_set_expires(rt.dst, diff);
      }
    }
    if (fnhe.fnhe_gw) {
      rt.rt_flags |= RTCF_REDIRECTED;
      rt.rt_gateway = fnhe.fnhe_gw;
      rt.rt_uses_gateway = 1;
    } else if (!rt.rt_gateway)
      rt.rt_gateway = daddr;
    fnhe.fnhe_rth = rt;
    if (orig)
      rt_free(orig);
    fnhe.fnhe_stamp = jiffies();
    ret = true;
  }
  spin_unlock_bh(current.host.fnhe_lock);
  return ret;
}

function rt_cache_route(nh: fib_nh, rt: rtable): boolean {
  let orig: rtable, prev: rtable, p: rtable[];
  let ret = true;
  if (rt_is_input_route(rt)) {
    p = null;
  } else {
    p = nh.nh_pcpu_rth_output;
  }
  orig = p ? p[current.cpu.id] : nh.nh_rth_input;
  prev = p ? cmpxchg(p, current.cpu.id, orig, rt) : cmpxchg(nh, 'nh_rth_input', orig, rt);
  if (prev === orig) {
    if (orig)
      rt_free(orig);
  } else
    ret = false;
  return ret;
}

function rt_add_uncached_list(rt: rtable): void {
  spin_lock_bh(current.host.rt_uncached_lock);
  list_add_tail(rt.rt_uncached, current.host.rt_uncached_list);
  spin_unlock_bh(current.host.rt_uncached_lock);
}

function ipv4_dst_destroy(dst: dst_entry): void {
  const rt = dst as rtable;
  if (!list_empty(rt.rt_uncached)) {
    spin_lock_bh(current.host.rt_uncached_lock);
    list_del(rt.rt_uncached);
    spin_unlock_bh(current.host.rt_uncached_lock);
  }
}

export function rt_flush_dev(dev: net_device): void {
  if (!list_empty(current.host.rt_uncached_list)) {
    const net = dev_net(dev);
    let rt: rtable;
    spin_lock_bh(current.host.rt_uncached_lock);
    for (let p = current.host.rt_uncached_list.next; p !== current.host.rt_uncached_list; p = p.next) {
      rt = p.owner;
      if (rt.dst.dev !== dev)
        continue;
      rt.dst.dev = net.loopback_dev;
      dev_hold(rt.dst.dev);
      dev_put(dev);
    }
    spin_unlock_bh(current.host.rt_uncached_lock);
  }
}

function rt_cache_valid(rt: rtable): boolean {
  return rt && rt.dst.obsolete === DST_OBSOLETE_FORCE_CHK && !rt_is_expired(rt);
}

function rt_set_nexthop(rt: rtable, daddr: number, res: fib_result, fnhe: fib_nh_exception, fi: fib_info, _type: number, _itag: number): void {
  let cached = false;
  if (fi) {
    const nh = FIB_RES_NH(res);
    if (nh.nh_gw && nh.nh_scope === RT_SCOPE_LINK) {
      rt.rt_gateway = nh.nh_gw;
      rt.rt_uses_gateway = 1;
    }
    dst_init_metrics(rt.dst, fi.fib_metrics, true);
    if (unlikely(fnhe))
      cached = rt_bind_exception(rt, fnhe, daddr);
    else if (!(rt.dst.flags & DST_NOCACHE))
      cached = rt_cache_route(nh, rt);
    if (unlikely(!cached)) {
      rt.dst.flags |= DST_NOCACHE;
      if (!rt.rt_gateway)
        rt.rt_gateway = daddr;
      rt_add_uncached_list(rt);
    }
  } else
    rt_add_uncached_list(rt);
}

function rt_dst_alloc(dev: net_device, nopolicy: number | boolean, noxfrm: number | boolean, will_cache: boolean): rtable {
  return dst_alloc(ipv4_dst_ops, dev, 1, DST_OBSOLETE_FORCE_CHK, (will_cache ? 0 : (DST_HOST | DST_NOCACHE)) | (nopolicy ? DST_NOPOLICY : 0) | (noxfrm ? DST_NOXFRM : 0)) as rtable;
}

function ip_route_input_mc(skb: sk_buff, daddr: number, saddr: number, tos: number, dev: net_device, our: number): number {
  let rth: rtable;
  const in_dev = __in_dev_get_rcu(dev);
  const itag = { v: 0 };
  let err: number;
  if (in_dev === null)
    return -EINVAL;
  e_err: {
    e_inval: {
      e_nobufs: {
        if (ipv4_is_multicast(saddr) || ipv4_is_lbcast(saddr) || skb.protocol !== htons(ETH_P_IP))
          break e_inval;
        if (likely(!IN_DEV_ROUTE_LOCALNET(in_dev)))
          if (ipv4_is_loopback(saddr))
            break e_inval;
        if (ipv4_is_zeronet(saddr)) {
          if (!ipv4_is_local_multicast(daddr))
            break e_inval;
        } else {
          err = fib_validate_source(skb, saddr, 0, tos, 0, dev, in_dev, itag);
          if (err < 0)
            break e_err;
        }
        rth = rt_dst_alloc(dev_net(dev).loopback_dev, IN_DEV_CONF_GET(in_dev, IPV4_DEVCONF_NOPOLICY), false, false);
        if (!rth)
          break e_nobufs;
        rth.dst.output = ip_rt_bug;
        rth.rt_genid = rt_genid(dev_net(dev));
        rth.rt_flags = RTCF_MULTICAST;
        rth.rt_type = RTN_MULTICAST;
        rth.rt_is_input = 1;
        rth.rt_iif = 0;
        rth.rt_pmtu = 0;
        rth.rt_gateway = 0;
        rth.rt_uses_gateway = 0;
        INIT_LIST_HEAD(rth.rt_uncached);
        if (our) {
          rth.dst.input = ip_local_deliver;
          rth.rt_flags |= RTCF_LOCAL;
        }
        RT_CACHE_STAT_INC('in_slow_mc');
        skb_dst_set(skb, rth.dst);
        return 0;
      }
      return -ENOBUFS;
    }
    return -EINVAL;
  }
  return err;
}

function ip_handle_martian_source(_dev: net_device, in_dev: in_device, _skb: sk_buff, _daddr: number, _saddr: number): void {
  RT_CACHE_STAT_INC('in_martian_src');
  if (IN_DEV_LOG_MARTIANS(in_dev))
    current.machine.log('martian source');
}

function __mkroute_input(skb: sk_buff, res: fib_result, in_dev: in_device, daddr: number, saddr: number, tos: number): number {
  let rth: rtable;
  let err: number;
  let out_dev: in_device;
  const flags = 0;
  let do_cache: boolean;
  const itag = { v: 0 };
  out_dev = __in_dev_get_rcu(FIB_RES_DEV(res));
  if (out_dev === null) {
    return -EINVAL;
  }
  cleanup: {
    err = fib_validate_source(skb, saddr, daddr, tos, FIB_RES_OIF(res), in_dev.dev, in_dev, itag);
    if (err < 0) {
      ip_handle_martian_source(in_dev.dev, in_dev, skb, daddr, saddr);
      break cleanup;
    }
    do_cache = !!(res.fi && !itag.v);
    if (out_dev === in_dev && err && IN_DEV_TX_REDIRECTS(out_dev) && skb.protocol === htons(ETH_P_IP) && (IN_DEV_SHARED_MEDIA(out_dev) || inet_addr_onlink(out_dev, saddr, FIB_RES_GW(res))))
      IPCB(skb).flags |= IPSKB_DOREDIRECT;
    if (skb.protocol !== htons(ETH_P_IP)) {
      if (out_dev === in_dev && IN_DEV_PROXY_ARP_PVLAN(in_dev) === 0) {
        err = -EINVAL;
        break cleanup;
      }
    }
    out: {
      if (do_cache) {
        rth = rcu_dereference(FIB_RES_NH(res).nh_rth_input);
        if (rt_cache_valid(rth)) {
          skb_dst_set_noref(skb, rth.dst);
          break out;
        }
      }
      rth = rt_dst_alloc(out_dev.dev, IN_DEV_CONF_GET(in_dev, IPV4_DEVCONF_NOPOLICY), IN_DEV_CONF_GET(out_dev, IPV4_DEVCONF_NOXFRM), do_cache);
      if (!rth) {
        err = -ENOBUFS;
        break cleanup;
      }
      rth.rt_genid = rt_genid(dev_net(rth.dst.dev));
      rth.rt_flags = flags;
      rth.rt_type = res.type;
      rth.rt_is_input = 1;
      rth.rt_iif = 0;
      rth.rt_pmtu = 0;
      rth.rt_gateway = 0;
      rth.rt_uses_gateway = 0;
      INIT_LIST_HEAD(rth.rt_uncached);
      RT_CACHE_STAT_INC('in_slow_tot');
      rth.dst.input = ip_forward;
      rth.dst.output = ip_output;
      rt_set_nexthop(rth, daddr, res, null, res.fi, res.type, itag.v);
      skb_dst_set(skb, rth.dst);
    }
    err = 0;
  }
  return err;
}

function ip_mkroute_input(skb: sk_buff, res: fib_result, _fl4: flowi4, in_dev: in_device, daddr: number, saddr: number, tos: number): number {
  return __mkroute_input(skb, res, in_dev, daddr, saddr, tos);
}

/**
 * Route of a received datagram by the tables. The kernel's jumps between broadcast, local and unreachable input are the states of one loop
 * here: `way` says which label is next.
 */
function ip_route_input_slow(skb: sk_buff, daddr: number, saddr: number, tos: number, dev: net_device): number {
  const res = new fib_result();
  const in_dev = __in_dev_get_rcu(dev);
  const fl4 = new flowi4();
  let flags = 0;
  const itag = { v: 0 };
  let rth: rtable;
  let err = -EINVAL;
  const net = dev_net(dev);
  let do_cache: boolean;
  out: {
    martian_source_keep_err: {
      martian_source: {
        e_nobufs: {
          e_inval: {
            martian_destination: {
              local_input: {
                no_route: {
                  brd_input: {
                    if (!in_dev)
                      break out;
                    if (ipv4_is_multicast(saddr) || ipv4_is_lbcast(saddr))
                      break martian_source;
                    res.fi = null;
                    if (ipv4_is_lbcast(daddr) || (saddr === 0 && daddr === 0))
                      break brd_input;
                    if (ipv4_is_zeronet(saddr))
                      break martian_source;
                    if (ipv4_is_zeronet(daddr))
                      break martian_destination;
                    if (ipv4_is_loopback(daddr)) {
                      if (!IN_DEV_NET_ROUTE_LOCALNET(in_dev, net))
                        break martian_destination;
                    } else if (ipv4_is_loopback(saddr)) {
                      if (!IN_DEV_NET_ROUTE_LOCALNET(in_dev, net))
                        break martian_source;
                    }
                    fl4.flowi4_oif = 0;
                    fl4.flowi4_iif = dev.ifindex;
                    fl4.flowi4_mark = skb.mark;
                    fl4.flowi4_tos = tos;
                    fl4.flowi4_scope = RT_SCOPE_UNIVERSE;
                    fl4.daddr = daddr;
                    fl4.saddr = saddr;
                    err = fib_lookup(net, fl4, res);
                    if (err !== 0)
                      break no_route;
                    if (res.type === RTN_BROADCAST)
                      break brd_input;
                    if (res.type === RTN_LOCAL) {
                      err = fib_validate_source(skb, saddr, daddr, tos, LOOPBACK_IFINDEX, dev, in_dev, itag);
                      if (err < 0)
                        break martian_source_keep_err;
                      break local_input;
                    }
                    if (!IN_DEV_FORWARD(in_dev))
                      break no_route;
                    if (res.type !== RTN_UNICAST)
                      break martian_destination;
                    err = ip_mkroute_input(skb, res, fl4, in_dev, daddr, saddr, tos);
                    break out;
                  }
                  if (skb.protocol !== htons(ETH_P_IP))
                    break e_inval;
                  if (!ipv4_is_zeronet(saddr)) {
                    err = fib_validate_source(skb, saddr, 0, tos, 0, dev, in_dev, itag);
                    if (err < 0)
                      break martian_source_keep_err;
                  }
                  flags |= RTCF_BROADCAST;
                  res.type = RTN_BROADCAST;
                  RT_CACHE_STAT_INC('in_brd');
                  break local_input;
                }
                RT_CACHE_STAT_INC('in_no_route');
                res.type = RTN_UNREACHABLE;
                if (err === -ESRCH)
                  err = -ENETUNREACH;
              }
              do_cache = false;
              if (res.fi) {
                if (!itag.v) {
                  rth = rcu_dereference(FIB_RES_NH(res).nh_rth_input);
                  if (rt_cache_valid(rth)) {
                    skb_dst_set_noref(skb, rth.dst);
                    err = 0;
                    break out;
                  }
                  do_cache = true;
                }
              }
              rth = rt_dst_alloc(net.loopback_dev, IN_DEV_CONF_GET(in_dev, IPV4_DEVCONF_NOPOLICY), false, do_cache);
              if (!rth)
                break e_nobufs;
              rth.dst.input = ip_local_deliver;
              rth.dst.output = ip_rt_bug;
              rth.rt_genid = rt_genid(net);
              rth.rt_flags = flags | RTCF_LOCAL;
              rth.rt_type = res.type;
              rth.rt_is_input = 1;
              rth.rt_iif = 0;
              rth.rt_pmtu = 0;
              rth.rt_gateway = 0;
              rth.rt_uses_gateway = 0;
              INIT_LIST_HEAD(rth.rt_uncached);
              RT_CACHE_STAT_INC('in_slow_tot');
              if (res.type === RTN_UNREACHABLE) {
                rth.dst.input = ip_error;
                rth.dst.error = -err;
                rth.rt_flags &= ~RTCF_LOCAL;
              }
              if (do_cache) {
                if (unlikely(!rt_cache_route(FIB_RES_NH(res), rth))) {
                  rth.dst.flags |= DST_NOCACHE;
                  rt_add_uncached_list(rth);
                }
              }
              skb_dst_set(skb, rth.dst);
              err = 0;
              break out;
            }
            RT_CACHE_STAT_INC('in_martian_dst');
            if (IN_DEV_LOG_MARTIANS(in_dev))
              current.machine.log('martian destination');
          }
          err = -EINVAL;
          break out;
        }
        err = -ENOBUFS;
        break out;
      }
      err = -EINVAL;
    }
    ip_handle_martian_source(dev, in_dev, skb, daddr, saddr);
    break out;
  }
  return err;
}

/** Attaches the route of a received datagram to `skb`, borrowed under RCU. Returns 0 or an errno. */
export function ip_route_input_noref(skb: sk_buff, daddr: number, saddr: number, tos: number, dev: net_device): number {
  let res: number;
  tos &= IPTOS_RT_MASK;
  rcu_read_lock();
  if (ipv4_is_multicast(daddr)) {
    const in_dev = __in_dev_get_rcu(dev);
    if (in_dev) {
      const our = ip_check_mc_rcu(in_dev, daddr, saddr, ip_hdr(skb).protocol);
      if (our) {
        const res = ip_route_input_mc(skb, daddr, saddr, tos, dev, our);
        rcu_read_unlock();
        return res;
      }
    }
    rcu_read_unlock();
    return -EINVAL;
  }
  res = ip_route_input_slow(skb, daddr, saddr, tos, dev);
  rcu_read_unlock();
  return res;
}

function __mkroute_output(res: fib_result, fl4: flowi4, orig_oif: number, dev_out: net_device, flags: number): rtable {
  let fi = res.fi;
  let fnhe: fib_nh_exception;
  let in_dev: in_device;
  let type = res.type;
  let rth: rtable;
  let do_cache: boolean;
  in_dev = __in_dev_get_rcu(dev_out);
  if (!in_dev)
    return ERR_PTR(-EINVAL);
  if (likely(!IN_DEV_ROUTE_LOCALNET(in_dev)))
    if (ipv4_is_loopback(fl4.saddr) && !(dev_out.flags & IFF_LOOPBACK))
      return ERR_PTR(-EINVAL);
  if (ipv4_is_lbcast(fl4.daddr))
    type = RTN_BROADCAST;
  else if (ipv4_is_multicast(fl4.daddr))
    type = RTN_MULTICAST;
  else if (ipv4_is_zeronet(fl4.daddr))
    return ERR_PTR(-EINVAL);
  if (dev_out.flags & IFF_LOOPBACK)
    flags |= RTCF_LOCAL;
  do_cache = true;
  if (type === RTN_BROADCAST) {
    flags |= RTCF_BROADCAST | RTCF_LOCAL;
    fi = null;
  } else if (type === RTN_MULTICAST) {
    flags |= RTCF_MULTICAST | RTCF_LOCAL;
    if (!ip_check_mc_rcu(in_dev, fl4.daddr, fl4.saddr, fl4.flowi4_proto))
      flags &= ~RTCF_LOCAL;
    else
      do_cache = false;
    if (fi && res.prefixlen < 4)
      fi = null;
  } else if ((type === RTN_LOCAL) && (orig_oif !== 0) && (orig_oif !== dev_out.ifindex)) {
    fi = null;
  }
  fnhe = null;
  do_cache = do_cache && fi !== null;
  add: {
    if (do_cache) {
      let prth: rtable;
      const nh = FIB_RES_NH(res);
      fnhe = find_exception(nh, fl4.daddr);
      if (fnhe)
        prth = fnhe.fnhe_rth;
      else {
        if (unlikely(fl4.flowi4_flags & FLOWI_FLAG_KNOWN_NH && !(nh.nh_gw && nh.nh_scope === RT_SCOPE_LINK))) {
          do_cache = false;
          break add;
        }
        prth = nh.nh_pcpu_rth_output[current.cpu.id];
      }
      rth = rcu_dereference(prth);
      if (rt_cache_valid(rth)) {
        dst_hold(rth.dst);
        return rth;
      }
    }
  }
  rth = rt_dst_alloc(dev_out, IN_DEV_CONF_GET(in_dev, IPV4_DEVCONF_NOPOLICY), IN_DEV_CONF_GET(in_dev, IPV4_DEVCONF_NOXFRM), do_cache);
  if (!rth)
    return ERR_PTR(-ENOBUFS);
  rth.dst.output = ip_output;
  rth.rt_genid = rt_genid(dev_net(dev_out));
  rth.rt_flags = flags;
  rth.rt_type = type;
  rth.rt_is_input = 0;
  rth.rt_iif = orig_oif ? orig_oif : 0;
  rth.rt_pmtu = 0;
  rth.rt_gateway = 0;
  rth.rt_uses_gateway = 0;
  INIT_LIST_HEAD(rth.rt_uncached);
  RT_CACHE_STAT_INC('out_slow_tot');
  if (flags & RTCF_LOCAL)
    rth.dst.input = ip_local_deliver;
  if (flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
    if (flags & RTCF_LOCAL && !(dev_out.flags & IFF_LOOPBACK)) {
      rth.dst.output = ip_mc_output;
      RT_CACHE_STAT_INC('out_slow_mc');
    }
  }
  rt_set_nexthop(rth, fl4.daddr, res, fnhe, fi, type, 0);
  return rth;
}

/** The route for a flow that starts here; fills in source, destination and device of `fl4`. Returns the route (held) or an error pointer. */
export function __ip_route_output_key(net: net, fl4: flowi4): rtable {
  let dev_out: net_device = null;
  const tos = RT_FL_TOS(fl4);
  let flags = 0;
  const res = new fib_result();
  let rth: rtable;
  let orig_oif: number;
  res.tclassid = 0;
  res.fi = null;
  res.table = null;
  orig_oif = fl4.flowi4_oif;
  fl4.flowi4_iif = LOOPBACK_IFINDEX;
  fl4.flowi4_tos = tos & IPTOS_RT_MASK;
  fl4.flowi4_scope = ((tos & RTO_ONLINK) ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE);
  rcu_read_lock();
  out: {
    make_route: {
      if (fl4.saddr) {
        rth = ERR_PTR(-EINVAL);
        if (ipv4_is_multicast(fl4.saddr) || ipv4_is_lbcast(fl4.saddr) || ipv4_is_zeronet(fl4.saddr))
          break out;
        if (fl4.flowi4_oif === 0 && (ipv4_is_multicast(fl4.daddr) || ipv4_is_lbcast(fl4.daddr))) {
          dev_out = __ip_dev_find(net, fl4.saddr, false);
          if (dev_out === null)
            break out;
          fl4.flowi4_oif = dev_out.ifindex;
          break make_route;
        }
        if (!(fl4.flowi4_flags & FLOWI_FLAG_ANYSRC)) {
          if (!__ip_dev_find(net, fl4.saddr, false))
            break out;
        }
      }
      if (fl4.flowi4_oif) {
        dev_out = dev_get_by_index_rcu(net, fl4.flowi4_oif);
        rth = ERR_PTR(-ENODEV);
        if (dev_out === null)
          break out;
        if (!(dev_out.flags & IFF_UP) || !__in_dev_get_rcu(dev_out)) {
          rth = ERR_PTR(-ENETUNREACH);
          break out;
        }
        if (ipv4_is_local_multicast(fl4.daddr) || ipv4_is_lbcast(fl4.daddr)) {
          if (!fl4.saddr)
            fl4.saddr = inet_select_addr(dev_out, 0, RT_SCOPE_LINK);
          break make_route;
        }
        if (!fl4.saddr) {
          if (ipv4_is_multicast(fl4.daddr))
            fl4.saddr = inet_select_addr(dev_out, 0, fl4.flowi4_scope);
          else if (!fl4.daddr)
            fl4.saddr = inet_select_addr(dev_out, 0, RT_SCOPE_HOST);
        }
      }
      if (!fl4.daddr) {
        fl4.daddr = fl4.saddr;
        if (!fl4.daddr)
          fl4.daddr = fl4.saddr = htonl(INADDR_LOOPBACK);
        dev_out = net.loopback_dev;
        fl4.flowi4_oif = LOOPBACK_IFINDEX;
        res.type = RTN_LOCAL;
        flags |= RTCF_LOCAL;
        break make_route;
      }
      if (fib_lookup(net, fl4, res)) {
        res.fi = null;
        res.table = null;
        if (fl4.flowi4_oif) {
          if (fl4.saddr === 0)
            fl4.saddr = inet_select_addr(dev_out, 0, RT_SCOPE_LINK);
          res.type = RTN_UNICAST;
          break make_route;
        }
        rth = ERR_PTR(-ENETUNREACH);
        break out;
      }
      if (res.type === RTN_LOCAL) {
        if (!fl4.saddr) {
          if (res.fi.fib_prefsrc)
            fl4.saddr = res.fi.fib_prefsrc;
          else
            fl4.saddr = fl4.daddr;
        }
        dev_out = net.loopback_dev;
        fl4.flowi4_oif = dev_out.ifindex;
        flags |= RTCF_LOCAL;
        break make_route;
      }
      if (!res.prefixlen && res.table.tb_num_default > 1 && res.type === RTN_UNICAST && !fl4.flowi4_oif)
        fib_select_default(res);
      if (!fl4.saddr)
        fl4.saddr = FIB_RES_PREFSRC(net, res);
      dev_out = FIB_RES_DEV(res);
      fl4.flowi4_oif = dev_out.ifindex;
    }
    rth = __mkroute_output(res, fl4, orig_oif, dev_out, flags);
  }
  rcu_read_unlock();
  return rth;
}

function ipv4_blackhole_dst_check(_dst: dst_entry, _cookie: number): dst_entry {
  return null;
}
function ipv4_blackhole_mtu(dst: dst_entry): number {
  const mtu = dst_metric_raw(dst, RTAX_MTU);
  return mtu || dst.dev.mtu;
}
function ipv4_rt_blackhole_update_pmtu(_dst: dst_entry, _sk: sock, _skb: sk_buff, _mtu: number): void { /* nothing is sent */ }
function ipv4_rt_blackhole_redirect(_dst: dst_entry, _sk: sock, _skb: sk_buff): void { /* nothing is sent */ }
function ipv4_rt_blackhole_cow_metrics(_dst: dst_entry, _old: number[]): number[] {
  return null;
}
export const ipv4_dst_blackhole_ops: dst_ops = {
  family: 2,
  protocol: 0x0800,
  gc_thresh: 0,
  gc: null,
  check: ipv4_blackhole_dst_check,
  default_advmss: ipv4_default_advmss,
  mtu: ipv4_blackhole_mtu,
  cow_metrics: ipv4_rt_blackhole_cow_metrics,
  destroy: null,
  ifdown: null,
  negative_advice: null,
  link_failure: null,
  update_pmtu: ipv4_rt_blackhole_update_pmtu,
  redirect: ipv4_rt_blackhole_redirect,
  local_out: null,
  neigh_lookup: ipv4_neigh_lookup,
  kmem_cachep: rtable_alloc,
  entries: ipv4_entries,
};
export function ipv4_blackhole_route(net: net, dst_orig: dst_entry): dst_entry {
  const ort = dst_orig as rtable;
  let rt: rtable;
  rt = dst_alloc(ipv4_dst_blackhole_ops, null, 1, DST_OBSOLETE_NONE, 0) as rtable;
  if (rt) {
    const new_ = rt.dst;
    new_.__use = 1;
    new_.input = dst_discard;
    new_.output = dst_discard;
    new_.dev = ort.dst.dev;
    if (new_.dev)
      dev_hold(new_.dev);
    rt.rt_is_input = ort.rt_is_input;
    rt.rt_iif = ort.rt_iif;
    rt.rt_pmtu = ort.rt_pmtu;
    rt.rt_genid = rt_genid(net);
    rt.rt_flags = ort.rt_flags;
    rt.rt_type = ort.rt_type;
    rt.rt_gateway = ort.rt_gateway;
    rt.rt_uses_gateway = ort.rt_uses_gateway;
    INIT_LIST_HEAD(rt.rt_uncached);
    dst_free(new_);
  }
  dst_release(dst_orig);
  return rt ? rt.dst : ERR_PTR(-ENOMEM);
}

export function ip_route_output_flow(net: net, flp4: flowi4, sk: sock): rtable {
  let rt = __ip_route_output_key(net, flp4);
  if (IS_ERR(rt))
    return rt;
  if (flp4.flowi4_proto)
    rt = xfrm_lookup(net, rt.dst, flowi4_to_flowi(flp4), sk, 0);
  return rt;
}

export function ip_rt_multicast_event(in_dev: in_device): void {
  rt_cache_flush(dev_net(in_dev.dev));
}

function rt_genid_init(net: net): number {
  atomic_set(net.rt_genid, 0);
  net.ipv4.dev_addr_genid.counter = prandom_u32();
  return 0;
}
const rt_genid_ops: pernet_operations = { init: rt_genid_init, exit: null };

function ipv4_inetpeer_init(net: net): number {
  const bp = new inet_peer_base();
  inet_peer_base_init(bp);
  net.ipv4.peers = bp;
  return 0;
}
const ipv4_inetpeer_ops: pernet_operations = { init: ipv4_inetpeer_init, exit: null };

/** Sets up the route caches, then addresses and the FIB. */
export function* ip_rt_init(): Gen<number> {
  const rc = 0;
  const host = current.host;
  for (let i = 0; i < IP_IDENTS_SZ; i++) {
    const bucket = new ip_ident_bucket();
    bucket.id.counter = prandom_u32();
    bucket.stamp32 = prandom_u32();
    host.ip_idents.push(bucket);
  }
  dst_entries_init(ipv4_dst_ops);
  yield* devinet_init();
  yield* ip_fib_init();
  register_pernet_subsys(rt_genid_ops);
  register_pernet_subsys(ipv4_inetpeer_ops);
  return rc;
}
