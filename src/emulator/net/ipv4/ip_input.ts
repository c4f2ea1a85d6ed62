/** net/ipv4/ip_input.c: receiving IP datagrams: header checks, route, delivery to the protocols. */
import { current, type Host } from '../../include/ports';
import { EXDEV } from '../../include/uapi/asm-generic/errno';
import { unlikely } from '../../include/linux/compiler';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import { ICMP_DEST_UNREACH, ICMP_PROT_UNREACH } from '../../include/linux/icmp';
import { PACKET_OTHERHOST } from '../../include/linux/if_packet';
import { IN_DEV_LOG_MARTIANS, IN_DEV_SOURCE_ROUTE, __in_dev_get_rcu } from '../../include/linux/inetdevice';
import { ip_hdr, sizeof_iphdr, type iphdr } from '../../include/linux/ip';
import { NET_RX_DROP, dev_net, type net_device, type packet_type } from '../../include/linux/netdevice';
import { NFPROTO_IPV4, NF_HOOK, NF_INET_LOCAL_IN, NF_INET_PRE_ROUTING } from '../../include/linux/netfilter';
import { rcu_dereference, rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { RTN_BROADCAST, RTN_MULTICAST } from '../../include/linux/rtnetlink';
import {
  __skb_pull, consume_skb, kfree_skb, nf_reset, pskb_may_pull, pskb_trim_rcsum, skb_clone, skb_cow, skb_dst, skb_headroom, skb_network_header_len, skb_orphan, skb_rtable, skb_share_check, type sk_buff,
} from '../../include/linux/skbuff';
import { ntohs } from '../../include/linux/types';
import { ip_fast_csum } from '../../include/net/checksum';
import { dst_input } from '../../include/net/dst';
import { icmp_send } from '../../include/net/icmp';
import { inet_sk, type ip_options } from '../../include/net/inet_sock';
import {
  IPCB, IPSTATS_MIB_CSUMERRORS, IPSTATS_MIB_IN, IPSTATS_MIB_INBCAST, IPSTATS_MIB_INDELIVERS, IPSTATS_MIB_INDISCARDS, IPSTATS_MIB_INHDRERRORS, IPSTATS_MIB_INMCAST, IPSTATS_MIB_INTRUNCATEDPKTS,
  IPSTATS_MIB_INUNKNOWNPROTOS, IP_DEFRAG_CALL_RA_CHAIN, IP_DEFRAG_LOCAL_DELIVER, IP_INC_STATS_BH, IP_UPD_PO_STATS_BH, LINUX_MIB_IPRPFILTER, NET_INC_STATS_BH, ip_is_fragment, type ip_ra_chain,
} from '../../include/net/ip';
import { net_eq } from '../../include/net/net_namespace';
import type { net_protocol } from '../../include/net/protocol';
import type { rtable } from '../../include/net/route';
import { sock_net, type sock } from '../../include/net/sock';
import { XFRM_POLICY_IN, xfrm4_policy_check } from '../../include/net/xfrm';
import { ip_defrag } from './ip_fragment';
import { ip_options_compile, ip_options_rcv_srr } from './ip_options';
import { raw_local_deliver, raw_rcv } from './raw';
import { ip_route_input_noref } from './route';

export function ip_input_globals(host: Host): void {
  host.sysctl_ip_early_demux = 1;
  host.ip_ra_chain = null;
}

/** Offers a datagram with the router alert option to the sockets that asked for it. */
export function ip_call_ra_chain(skb: sk_buff): boolean {
  let ra: ip_ra_chain;
  const protocol = ip_hdr(skb).protocol;
  let last: sock = null;
  const dev = skb.dev;
  for (ra = rcu_dereference(current.host.ip_ra_chain); ra; ra = rcu_dereference(ra.next)) {
    const sk = ra.sk;
    if (sk && inet_sk(sk).inet_num === protocol && (!sk.sk_bound_dev_if || sk.sk_bound_dev_if === dev.ifindex) && net_eq(sock_net(sk), dev_net(dev))) {
      if (ip_is_fragment(ip_hdr(skb))) {
        if (ip_defrag(skb, IP_DEFRAG_CALL_RA_CHAIN))
          return true;
      }
      if (last) {
        const skb2 = skb_clone(skb, GFP_ATOMIC);
        if (skb2)
          raw_rcv(last, skb2);
      }
      last = sk;
    }
  }
  if (last) {
    raw_rcv(last, skb);
    return true;
  }
  return false;
}

export function ip_local_deliver_finish(skb: sk_buff): number {
  const net = dev_net(skb.dev);
  __skb_pull(skb, skb_network_header_len(skb));
  rcu_read_lock();
  out: {
    let protocol = ip_hdr(skb).protocol;
    let ipprot: net_protocol;
    let raw: boolean;
    resubmit: for (;;) {
      raw = raw_local_deliver(skb, protocol);
      ipprot = rcu_dereference(current.host.inet_protos[protocol]);
      if (ipprot !== null) {
        let ret: number;
        if (!ipprot.no_policy) {
          if (!xfrm4_policy_check(null, XFRM_POLICY_IN, skb)) {
            kfree_skb(skb);
            break out;
          }
          nf_reset(skb);
        }
        ret = ipprot.handler(skb);
        if (ret < 0) {
          protocol = -ret;
          continue resubmit;
        }
        IP_INC_STATS_BH(net, IPSTATS_MIB_INDELIVERS);
      } else {
        if (!raw) {
          if (xfrm4_policy_check(null, XFRM_POLICY_IN, skb)) {
            IP_INC_STATS_BH(net, IPSTATS_MIB_INUNKNOWNPROTOS);
            icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, 0);
          }
          kfree_skb(skb);
        } else {
          IP_INC_STATS_BH(net, IPSTATS_MIB_INDELIVERS);
          consume_skb(skb);
        }
      }
      break;
    }
  }
  rcu_read_unlock();
  return 0;
}

export function ip_local_deliver(skb: sk_buff): number {
  if (ip_is_fragment(ip_hdr(skb))) {
    if (ip_defrag(skb, IP_DEFRAG_LOCAL_DELIVER))
      return 0;
  }
  return NF_HOOK(NFPROTO_IPV4, NF_INET_LOCAL_IN, skb, skb.dev, null, ip_local_deliver_finish);
}

/** True when the options condemn the datagram. */
function ip_rcv_options(skb: sk_buff): boolean {
  let opt: ip_options;
  let iph: iphdr;
  const dev = skb.dev;
  drop: {
    if (skb_cow(skb, skb_headroom(skb))) {
      IP_INC_STATS_BH(dev_net(dev), IPSTATS_MIB_INDISCARDS);
      break drop;
    }
    iph = ip_hdr(skb);
    opt = IPCB(skb).opt;
    opt.optlen = iph.ihl * 4 - sizeof_iphdr;
    if (ip_options_compile(dev_net(dev), opt, skb)) {
      IP_INC_STATS_BH(dev_net(dev), IPSTATS_MIB_INHDRERRORS);
      break drop;
    }
    if (unlikely(opt.srr)) {
      const in_dev = __in_dev_get_rcu(dev);
      if (in_dev) {
        if (!IN_DEV_SOURCE_ROUTE(in_dev)) {
          if (IN_DEV_LOG_MARTIANS(in_dev))
            current.machine.log('source route option');
          break drop;
        }
      }
      if (ip_options_rcv_srr(skb))
        break drop;
    }
    return false;
  }
  return true;
}

export function ip_rcv_finish(skb: sk_buff): number {
  let iph = ip_hdr(skb);
  let rt: rtable;
  drop: {
    if (current.host.sysctl_ip_early_demux && !skb_dst(skb) && skb.sk === null) {
      let ipprot: net_protocol;
      const protocol = iph.protocol;
      ipprot = rcu_dereference(current.host.inet_protos[protocol]);
      if (ipprot && ipprot.early_demux) {
        ipprot.early_demux(skb);
        iph = ip_hdr(skb);
      }
    }
    if (!skb_dst(skb)) {
      const err = ip_route_input_noref(skb, iph.daddr, iph.saddr, iph.tos, skb.dev);
      if (unlikely(err)) {
        if (err === -EXDEV)
          NET_INC_STATS_BH(dev_net(skb.dev), LINUX_MIB_IPRPFILTER);
        break drop;
      }
    }
    if (iph.ihl > 5 && ip_rcv_options(skb))
      break drop;
    rt = skb_rtable(skb);
    if (rt.rt_type === RTN_MULTICAST) {
      IP_UPD_PO_STATS_BH(dev_net(rt.dst.dev), IPSTATS_MIB_INMCAST, skb.len);
    } else if (rt.rt_type === RTN_BROADCAST)
      IP_UPD_PO_STATS_BH(dev_net(rt.dst.dev), IPSTATS_MIB_INBCAST, skb.len);
    return dst_input(skb);
  }
  kfree_skb(skb);
  return NET_RX_DROP;
}

/** The packet_type handler of IPv4: every received IP frame comes here. */
export function ip_rcv(skb: sk_buff, dev: net_device, _pt: packet_type, _orig_dev: net_device): number {
  let iph: iphdr;
  let len: number;
  out: {
    drop: {
      inhdr_error: {
        csum_error: {
          if (skb.pkt_type === PACKET_OTHERHOST)
            break drop;
          IP_UPD_PO_STATS_BH(dev_net(dev), IPSTATS_MIB_IN, skb.len);
          if ((skb = skb_share_check(skb, GFP_ATOMIC)) === null) {
            IP_INC_STATS_BH(dev_net(dev), IPSTATS_MIB_INDISCARDS);
            break out;
          }
          if (!pskb_may_pull(skb, sizeof_iphdr))
            break inhdr_error;
          iph = ip_hdr(skb);
          if (iph.ihl < 5 || iph.version !== 4)
            break inhdr_error;
          if (!pskb_may_pull(skb, iph.ihl * 4))
            break inhdr_error;
          iph = ip_hdr(skb);
          if (unlikely(ip_fast_csum(iph, iph.ihl)))
            break csum_error;
          len = ntohs(iph.tot_len);
          if (skb.len < len) {
            IP_INC_STATS_BH(dev_net(dev), IPSTATS_MIB_INTRUNCATEDPKTS);
            break drop;
          } else if (len < (iph.ihl * 4))
            break inhdr_error;
          if (pskb_trim_rcsum(skb, len)) {
            IP_INC_STATS_BH(dev_net(dev), IPSTATS_MIB_INDISCARDS);
            break drop;
          }
          skb.transport_header = skb.network_header + iph.ihl * 4;
          IPCB(skb).clear();
          skb_orphan(skb);
          return NF_HOOK(NFPROTO_IPV4, NF_INET_PRE_ROUTING, skb, dev, null, ip_rcv_finish);
        }
        IP_INC_STATS_BH(dev_net(dev), IPSTATS_MIB_CSUMERRORS);
      }
      IP_INC_STATS_BH(dev_net(dev), IPSTATS_MIB_INHDRERRORS);
    }
    kfree_skb(skb);
  }
  return NET_RX_DROP;
}
