/** include/net/route.h. */
export * from './route.struct';
import type { rtable } from './route.struct';
import { current } from '../ports';
import { BUILD_BUG_ON } from '../asm-generic/bug';
import { dst_metric_raw, dst_release, type dst_entry } from './dst';
import { FLOWI_FLAG_ANYSRC, FLOWI_FLAG_CAN_SLEEP, flowi4, flowi4_init_output, flowi4_update_output } from './flow';
import { inet_sk, inet_sk_flowi_flags } from './inet_sock';
import { sock_flag, sock_net, SOCK_LOCALROUTE, type sock } from './sock';
import { skb_rtable, type sk_buff } from '../linux/skbuff';
import type { net_device } from '../linux/netdevice';
import type { net } from './net_namespace';
import { IS_ERR } from '../linux/err';
import { IPTOS_TOS } from '../linux/ip';
import { RT_TOS } from '../linux/in_route';
import { RTAX_HOPLIMIT, RT_SCOPE_UNIVERSE } from '../linux/rtnetlink';
import { rcu_read_lock, rcu_read_unlock } from '../linux/rcupdate';
import { skb_dst_force } from './dst';
import { __ip_route_output_key, ip_route_input_noref, ip_route_output_flow, ip_tos2prio } from '../../net/ipv4/route';

export { skb_rtable } from '../linux/skbuff';
export * from '../linux/in_route';
export {
  __ip_route_output_key, __ip_select_ident, ip_idents_reserve, ip_rt_get_source, ip_rt_init, ip_rt_multicast_event, ip_rt_send_redirect, ip_route_input_noref, ip_route_output_flow,
  ip_tos2prio, ipv4_redirect, ipv4_sk_redirect, ipv4_sk_update_pmtu, ipv4_update_pmtu, rt_cache_flush, rt_flush_dev,
} from '../../net/ipv4/route';
export { fib_add_ifaddr, fib_del_ifaddr, inet_addr_type, inet_dev_addr_type, ip_rt_ioctl } from '../../net/ipv4/fib_frontend';

export const RTO_ONLINK = 1;
export const IPTOS_RT_MASK = 0x1c;

export function RT_CONN_FLAGS(sk: sock): number {
  return RT_TOS(inet_sk(sk).tos) | (sock_flag(sk, SOCK_LOCALROUTE) ? 1 : 0);
}

export function rt_is_input_route(rt: rtable): boolean {
  return rt.rt_is_input !== 0;
}
export function rt_is_output_route(rt: rtable): boolean {
  return rt.rt_is_input === 0;
}
export function rt_nexthop(rt: rtable, daddr: number): number {
  if (rt.rt_gateway)
    return rt.rt_gateway;
  return daddr;
}
export function ip_route_output_key(net: net, flp: flowi4): rtable {
  return ip_route_output_flow(net, flp, null);
}
export function ip_route_output(net: net, daddr: number, saddr: number, tos: number, oif: number): rtable {
  const fl4 = new flowi4();
  fl4.flowi4_oif = oif;
  fl4.flowi4_tos = tos;
  fl4.daddr = daddr;
  fl4.saddr = saddr;
  return ip_route_output_key(net, fl4);
}
export function ip_route_output_ports(net: net, fl4: flowi4, sk: sock, daddr: number, saddr: number, dport: number, sport: number,
  proto: number, tos: number, oif: number): rtable {
  flowi4_init_output(fl4, oif, sk ? sk.sk_mark : 0, tos, RT_SCOPE_UNIVERSE, proto, sk ? inet_sk_flowi_flags(sk) : 0, daddr, saddr, dport, sport);
  return ip_route_output_flow(net, fl4, sk);
}
export function ip_route_input(skb: sk_buff, dst: number, src: number, tos: number, devin: net_device): number {
  let err: number;
  rcu_read_lock();
  err = ip_route_input_noref(skb, dst, src, tos, devin);
  if (!err)
    skb_dst_force(skb);
  rcu_read_unlock();
  return err;
}
export function ip_rt_put(rt: rtable): void {
  BUILD_BUG_ON(false);
  dst_release(rt);
}
export function rt_tos2priority(tos: number): number {
  return ip_tos2prio[IPTOS_TOS(tos) >> 1];
}
/** No security module is built in. */
function security_sk_classify_flow(_sk: sock, _fl: flowi4): void { /* nothing to label */ }
export function ip_route_connect_init(fl4: flowi4, dst: number, src: number, tos: number, oif: number, protocol: number,
  sport: number, dport: number, sk: sock, can_sleep: boolean): void {
  let flow_flags = 0;
  if (inet_sk(sk).transparent)
    flow_flags |= FLOWI_FLAG_ANYSRC;
  if (can_sleep)
    flow_flags |= FLOWI_FLAG_CAN_SLEEP;
  flowi4_init_output(fl4, oif, sk.sk_mark, tos, RT_SCOPE_UNIVERSE, protocol, flow_flags, dst, src, dport, sport);
}
export function ip_route_connect(fl4: flowi4, dst: number, src: number, tos: number, oif: number, protocol: number,
  sport: number, dport: number, sk: sock, can_sleep: boolean): rtable {
  const net = sock_net(sk);
  let rt: rtable;
  ip_route_connect_init(fl4, dst, src, tos, oif, protocol, sport, dport, sk, can_sleep);
  if (!dst || !src) {
    rt = __ip_route_output_key(net, fl4);
    if (IS_ERR(rt))
      return rt;
    ip_rt_put(rt);
    flowi4_update_output(fl4, oif, tos, fl4.daddr, fl4.saddr);
  }
  security_sk_classify_flow(sk, fl4);
  return ip_route_output_flow(net, fl4, sk);
}
export function ip_route_newports(fl4: flowi4, rt: rtable, orig_sport: number, orig_dport: number, sport: number, dport: number, sk: sock): rtable {
  if (sport !== orig_sport || dport !== orig_dport) {
    fl4.fl4_dport = dport;
    fl4.fl4_sport = sport;
    ip_rt_put(rt);
    flowi4_update_output(fl4, sk.sk_bound_dev_if, RT_CONN_FLAGS(sk), fl4.daddr, fl4.saddr);
    security_sk_classify_flow(sk, fl4);
    return ip_route_output_flow(sock_net(sk), fl4, sk);
  }
  return rt;
}
export function inet_iif(skb: sk_buff): number {
  const iif = skb_rtable(skb).rt_iif;
  if (iif)
    return iif;
  return skb.skb_iif;
}
export function ip4_dst_hoplimit(dst: dst_entry): number {
  let hoplimit = dst_metric_raw(dst, RTAX_HOPLIMIT);
  if (hoplimit === 0)
    hoplimit = current.host.sysctl_ip_default_ttl;
  return hoplimit;
}
