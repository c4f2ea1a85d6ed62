/** net/ipv4/ip_forward.c: datagrams for somebody else. */
import { ENOMEM } from '../../include/uapi/asm-generic/errno';
import { unlikely } from '../../include/linux/compiler';
import { IS_ERR } from '../../include/linux/err';
import { ICMP_DEST_UNREACH, ICMP_EXC_TTL, ICMP_FRAG_NEEDED, ICMP_SR_FAILED, ICMP_TIME_EXCEEDED } from '../../include/linux/icmp';
import { PACKET_HOST } from '../../include/linux/if_packet';
import { ip_hdr, type iphdr } from '../../include/linux/ip';
import { LL_RESERVED_SPACE, NETIF_F_GSO_MASK, NET_RX_DROP, NET_RX_SUCCESS, dev_net, netif_skb_dev_features, skb_gso_segment, type netdev_features_t } from '../../include/linux/netdevice';
import { NFPROTO_IPV4, NF_HOOK, NF_INET_FORWARD } from '../../include/linux/netfilter';
import { consume_skb, kfree_skb, skb_cow, skb_dst, skb_forward_csum, skb_gso_network_seglen, skb_is_gso, skb_rtable, skb_warn_if_lro, type sk_buff } from '../../include/linux/skbuff';
import { htonl, htons } from '../../include/linux/types';
import { dst_mtu, dst_output } from '../../include/net/dst';
import { icmp_send } from '../../include/net/icmp';
import {
  IPCB, IPSKB_DOREDIRECT, IPSTATS_MIB_FRAGFAILS, IPSTATS_MIB_INHDRERRORS, IPSTATS_MIB_OUTFORWDATAGRAMS, IPSTATS_MIB_OUTOCTETS, IP_ADD_STATS_BH, IP_DF, IP_INC_STATS, IP_INC_STATS_BH, ip_call_ra_chain,
  ip_decrease_ttl,
} from '../../include/net/ip';
import { ip_rt_send_redirect, rt_tos2priority, type rtable } from '../../include/net/route';
import { XFRM_POLICY_FWD, secpath_exists, xfrm4_policy_check, xfrm4_route_forward } from '../../include/net/xfrm';
import { ip_forward_options } from './ip_options';

function ip_may_fragment(skb: sk_buff): boolean {
  return unlikely((ip_hdr(skb).frag_off & htons(IP_DF)) === 0) || !!skb.local_df;
}
function ip_exceeds_mtu(skb: sk_buff, mtu: number): boolean {
  if (skb.len <= mtu)
    return false;
  if (skb_is_gso(skb) && skb_gso_network_seglen(skb) <= mtu)
    return false;
  return true;
}
function ip_gso_exceeds_dst_mtu(skb: sk_buff): boolean {
  let mtu: number;
  if (skb.local_df || !skb_is_gso(skb))
    return false;
  mtu = dst_mtu(skb_dst(skb));
  return skb_gso_network_seglen(skb) > mtu;
}
function ip_forward_finish_gso(skb: sk_buff): number {
  const dst = skb_dst(skb);
  let features: netdev_features_t;
  let segs: sk_buff;
  let ret = 0;
  features = netif_skb_dev_features(skb, dst.dev);
  segs = skb_gso_segment(skb, features & ~NETIF_F_GSO_MASK);
  if (IS_ERR(segs)) {
    kfree_skb(skb);
    return -ENOMEM;
  }
  consume_skb(skb);
  do {
    const nskb = segs.next;
    let err: number;
    segs.next = null;
    err = dst_output(segs);
    if (err && ret === 0)
      ret = err;
    segs = nskb;
  } while (segs);
  return ret;
}
export function ip_forward_finish(skb: sk_buff): number {
  const opt = IPCB(skb).opt;
  IP_INC_STATS_BH(dev_net(skb_dst(skb).dev), IPSTATS_MIB_OUTFORWDATAGRAMS);
  IP_ADD_STATS_BH(dev_net(skb_dst(skb).dev), IPSTATS_MIB_OUTOCTETS, skb.len);
  if (unlikely(opt.optlen))
    ip_forward_options(skb);
  if (ip_gso_exceeds_dst_mtu(skb))
    return ip_forward_finish_gso(skb);
  return dst_output(skb);
}
export function ip_forward(skb: sk_buff): number {
  let iph: iphdr;
  let rt: rtable;
  const opt = IPCB(skb).opt;
  drop: {
    too_many_hops: {
      sr_failed: {
        if (unlikely(skb.sk))
          break drop;
        if (skb_warn_if_lro(skb))
          break drop;
        if (!xfrm4_policy_check(null, XFRM_POLICY_FWD, skb))
          break drop;
        if (IPCB(skb).opt.router_alert && ip_call_ra_chain(skb))
          return NET_RX_SUCCESS;
        if (skb.pkt_type !== PACKET_HOST)
          break drop;
        skb_forward_csum(skb);
        if (ip_hdr(skb).ttl <= 1)
          break too_many_hops;
        if (!xfrm4_route_forward(skb))
          break drop;
        rt = skb_rtable(skb);
        if (opt.is_strictroute && rt.rt_uses_gateway)
          break sr_failed;
        if (!ip_may_fragment(skb) && ip_exceeds_mtu(skb, dst_mtu(rt.dst))) {
          IP_INC_STATS(dev_net(rt.dst.dev), IPSTATS_MIB_FRAGFAILS);
          icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(dst_mtu(rt.dst)));
          break drop;
        }
        if (skb_cow(skb, LL_RESERVED_SPACE(rt.dst.dev) + rt.dst.header_len))
          break drop;
        iph = ip_hdr(skb);
        ip_decrease_ttl(iph);
        if (IPCB(skb).flags & IPSKB_DOREDIRECT && !opt.srr && !secpath_exists(skb))
          ip_rt_send_redirect(skb);
        skb.priority = rt_tos2priority(iph.tos);
        return NF_HOOK(NFPROTO_IPV4, NF_INET_FORWARD, skb, skb.dev, rt.dst.dev, ip_forward_finish);
      }
      icmp_send(skb, ICMP_DEST_UNREACH, ICMP_SR_FAILED, 0);
      break drop;
    }
    IP_INC_STATS_BH(dev_net(skb_dst(skb).dev), IPSTATS_MIB_INHDRERRORS);
    icmp_send(skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0);
  }
  kfree_skb(skb);
  return NET_RX_DROP;
}
