/** net/ipv4/ip_output.c: sending IP datagrams: headers, fragmentation, datagrams gathered from pieces. */
import { atomically, current, type Gen } from '../../include/ports';
import type { Host } from '../../include/ports';
import { BUG, BUG_ON } from '../../include/asm-generic/bug';
import { EFAULT, EHOSTUNREACH, EINVAL, EMSGSIZE, ENOBUFS, ENOMEM, EOPNOTSUPP, EPERM } from '../../include/uapi/asm-generic/errno';
import { atomic_add, atomic_read } from '../../include/linux/atomic';
import { jump, likely, unlikely } from '../../include/linux/compiler';
import { ERR_PTR, IS_ERR } from '../../include/linux/err';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import { ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED } from '../../include/linux/icmp';
import { ETH_P_IP } from '../../include/linux/if_ether';
import { IPPROTO_ICMP, IPPROTO_UDP, IP_PMTUDISC_DO, IP_PMTUDISC_PROBE } from '../../include/linux/in';
import { IPDEFTTL, ip_hdr, sizeof_iphdr, type iphdr } from '../../include/linux/ip';
import { min } from '../../include/linux/kernel';
import { get_page, page_address, type page } from '../../include/linux/mm';
import { LL_RESERVED_SPACE, LL_RESERVED_SPACE_EXTRA, NETIF_F_SG, NETIF_F_UFO, NETIF_F_V4_CSUM, dev_net, net_xmit_errno, type net_device } from '../../include/linux/netdevice';
import { NFPROTO_IPV4, NF_HOOK, NF_HOOK_COND, NF_INET_LOCAL_OUT, NF_INET_POST_ROUTING, nf_hook } from '../../include/linux/netfilter';
import { rcu_dereference, rcu_read_lock, rcu_read_lock_bh, rcu_read_unlock, rcu_read_unlock_bh } from '../../include/linux/rcupdate';
import { RTN_BROADCAST, RTN_MULTICAST, RT_SCOPE_UNIVERSE } from '../../include/linux/rtnetlink';
import { RTCF_BROADCAST, RTCF_MULTICAST, RT_TOS } from '../../include/linux/in_route';
import {
  CHECKSUM_NONE, CHECKSUM_PARTIAL, MAX_SKB_FRAGS, SKB_GSO_UDP, __skb_dequeue, __skb_dequeue_tail, __skb_fill_page_desc, __skb_pull, __skb_push, __skb_queue_head_init, __skb_queue_tail,
  __skb_trim, alloc_skb, consume_skb, kfree_skb, nf_copy, pskb_trim_unique, sk_buff_head, skb_append_datato_frags, skb_can_coalesce, skb_clone, skb_cloned, skb_copy_and_csum_bits, skb_copy_bits,
  skb_copy_from_linear_data, skb_copy_secmark, skb_dst, skb_dst_set, skb_dst_set_noref, skb_fill_page_desc, skb_frag_at, skb_frag_list_init, skb_frag_size_add, skb_get_queue_mapping, skb_has_frag_list,
  skb_has_frags, skb_headlen, skb_headroom, skb_is_gso, skb_network_header, skb_network_header_len, skb_network_offset, skb_pagelen, skb_peek, skb_peek_tail, skb_push, skb_put, skb_queue_empty,
  skb_queue_len, skb_realloc_headroom, skb_reserve, skb_reset_network_header, skb_reset_transport_header, skb_rtable, skb_set_network_header, skb_set_queue_mapping, skb_shared, skb_shinfo,
  skb_transport_header, skb_checksum_help, type sk_buff,
} from '../../include/linux/skbuff';
import { MSG_DONTWAIT, MSG_MORE, MSG_PROBE, type iovec } from '../../include/linux/socket';
import { SOCK_DGRAM } from '../../include/linux/net';
import { htonl, htons, ntohs } from '../../include/linux/types';
import { tcp_hdr } from '../../include/linux/tcp';
import { __ipv4_neigh_lookup_noref } from '../../include/net/arp';
import { csum_add, csum_block_add, csum_fold, csum_partial, csum_partial_copy_nocheck, csum_sub, ip_fast_csum } from '../../include/net/checksum';
import { dst_mtu, dst_neigh_output, dst_output, dst_release, skb_dst_copy, skb_dst_drop, type dst_entry } from '../../include/net/dst';
import { flowi4, flowi4_init_output } from '../../include/net/flow';
import { icmp_out_count, icmp_send } from '../../include/net/icmp';
import { IPCORK_OPT, inet_cork, inet_sk, ip_options, ip_options_data, type inet_sock, type ip_options_rcu } from '../../include/net/inet_sock';
import {
  IPCB, IPSKB_FRAG_COMPLETE, ip_options_assign, IPSKB_REROUTED, IPSTATS_MIB_FRAGCREATES, IPSTATS_MIB_FRAGFAILS, IPSTATS_MIB_FRAGOKS, IPSTATS_MIB_OUT, IPSTATS_MIB_OUTBCAST, IPSTATS_MIB_OUTDISCARDS, IPSTATS_MIB_OUTMCAST,
  IPSTATS_MIB_OUTNOROUTES, IP_DF, IP_INC_STATS, IP_MF, IP_OFFSET, IP_UPD_PO_STATS, ip_dont_fragment, ip_finish_skb, ip_is_fragment, ip_reply_arg_flowi_flags, ip_select_ident, ip_select_ident_segs,
  ipcm_cookie, sk_mc_loop, type ip_reply_arg,
} from '../../include/net/ip';
import { __neigh_create, type neighbour } from '../../include/net/neighbour';
import type { net } from '../../include/net/net_namespace';
import { RT_CONN_FLAGS, ip4_dst_hoplimit, ip_route_output_key, ip_route_output_ports, ip_rt_put, rt_nexthop, type rtable } from '../../include/net/route';
import { __sk_dst_check, sk_page_frag, sk_page_frag_refill, sk_setup_caps, skb_set_owner_w, sock_alloc_send_skb, sock_net, sock_wfree, sock_wmalloc, type page_frag, type sock } from '../../include/net/sock';
import { csum_partial_copy_fromiovecend, memcpy_fromiovecend } from '../core/iovec';
import { dev_loopback_xmit } from '../core/dev';
import { inet_initpeers } from './inetpeer';
import { ip_options_build, ip_options_echo, ip_options_fragment } from './ip_options';
import { ip_local_error } from './ip_sockglue';
import { ip_rt_init } from './route';

/** Copies bytes of a message into `to`: (what, array, place in it, offset in the message, how many, position parity, buffer). Returns 0 or an errno. */
export type getfrag_t = (from: any, to: Uint8Array, to_off: number, offset: number, len: number, odd: number, skb: sk_buff) => number;

export function ip_output_globals(host: Host): void {
  host.sysctl_ip_default_ttl = IPDEFTTL;
}

export function ip_send_check(iph: iphdr): void {
  iph.check = 0;
  iph.check = ip_fast_csum(iph, iph.ihl);
}

export function __ip_local_out(skb: sk_buff): number {
  const iph = ip_hdr(skb);
  iph.tot_len = htons(skb.len);
  ip_send_check(iph);
  skb.protocol = htons(ETH_P_IP);
  return nf_hook(NFPROTO_IPV4, NF_INET_LOCAL_OUT, skb, null, skb_dst(skb).dev, dst_output);
}

export function ip_local_out(skb: sk_buff): number {
  let err: number;
  err = __ip_local_out(skb);
  if (likely(err === 1))
    err = dst_output(skb);
  return err;
}

export function ip_select_ttl(inet: inet_sock, dst: dst_entry): number {
  let ttl = inet.uc_ttl;
  if (ttl < 0)
    ttl = ip4_dst_hoplimit(dst);
  return ttl;
}

/** Puts an IP header before what `skb` holds and sends it (a SYN-ACK). */
export function ip_build_and_send_pkt(skb: sk_buff, sk: sock, saddr: number, daddr: number, opt: ip_options_rcu): number {
  const inet = inet_sk(sk);
  const rt = skb_rtable(skb);
  let iph: iphdr;
  skb_push(skb, sizeof_iphdr + (opt ? opt.opt.optlen : 0));
  skb_reset_network_header(skb);
  iph = ip_hdr(skb);
  iph.version = 4;
  iph.ihl = 5;
  iph.tos = inet.tos;
  if (ip_dont_fragment(sk, rt.dst))
    iph.frag_off = htons(IP_DF);
  else
    iph.frag_off = 0;
  iph.ttl = ip_select_ttl(inet, rt.dst);
  iph.daddr = (opt && opt.opt.srr ? opt.opt.faddr : daddr);
  iph.saddr = saddr;
  iph.protocol = sk.sk_protocol;
  ip_select_ident(skb, sk);
  if (opt && opt.opt.optlen) {
    iph.ihl += opt.opt.optlen >> 2;
    ip_options_build(skb, opt.opt, daddr, rt, 0);
  }
  skb.priority = sk.sk_priority;
  skb.mark = sk.sk_mark;
  return ip_local_out(skb);
}

export function ip_finish_output2(skb: sk_buff): number {
  const dst = skb_dst(skb);
  const rt = dst as rtable;
  const dev = dst.dev;
  const hh_len = LL_RESERVED_SPACE(dev);
  let neigh: neighbour;
  let nexthop: number;
  if (rt.rt_type === RTN_MULTICAST) {
    IP_UPD_PO_STATS(dev_net(dev), IPSTATS_MIB_OUTMCAST, skb.len);
  } else if (rt.rt_type === RTN_BROADCAST)
    IP_UPD_PO_STATS(dev_net(dev), IPSTATS_MIB_OUTBCAST, skb.len);
  if (unlikely(skb_headroom(skb) < hh_len && dev.header_ops)) {
    let skb2: sk_buff;
    skb2 = skb_realloc_headroom(skb, LL_RESERVED_SPACE(dev));
    if (skb2 === null) {
      kfree_skb(skb);
      return -ENOMEM;
    }
    if (skb.sk)
      skb_set_owner_w(skb2, skb.sk);
    consume_skb(skb);
    skb = skb2;
  }
  rcu_read_lock_bh();
  nexthop = rt_nexthop(rt, ip_hdr(skb).daddr);
  neigh = __ipv4_neigh_lookup_noref(dev, nexthop);
  if (unlikely(!neigh))
    neigh = __neigh_create(current.host.arp_tbl, nexthop, dev, false);
  if (!IS_ERR(neigh)) {
    const res = dst_neigh_output(dst, neigh, skb);
    rcu_read_unlock_bh();
    return res;
  }
  rcu_read_unlock_bh();
  kfree_skb(skb);
  return -EINVAL;
}

export function ip_skb_dst_mtu(skb: sk_buff): number {
  const inet = skb.sk ? inet_sk(skb.sk) : null;
  return (inet && inet.pmtudisc === IP_PMTUDISC_PROBE) ? skb_dst(skb).dev.mtu : dst_mtu(skb_dst(skb));
}

export function ip_finish_output(skb: sk_buff): number {
  if (skb.len > ip_skb_dst_mtu(skb) && !skb_is_gso(skb))
    return ip_fragment(skb, ip_finish_output2);
  else
    return ip_finish_output2(skb);
}

/** Output of routes to groups and broadcast addresses: local listeners get a copy. */
export function ip_mc_output(skb: sk_buff): number {
  const sk = skb.sk;
  const rt = skb_rtable(skb);
  const dev = rt.dst.dev;
  IP_UPD_PO_STATS(dev_net(dev), IPSTATS_MIB_OUT, skb.len);
  skb.dev = dev;
  skb.protocol = htons(ETH_P_IP);
  if (rt.rt_flags & RTCF_MULTICAST) {
    if (sk_mc_loop(sk)) {
      const newskb = skb_clone(skb, GFP_ATOMIC);
      if (newskb)
        NF_HOOK(NFPROTO_IPV4, NF_INET_POST_ROUTING, newskb, null, newskb.dev, dev_loopback_xmit);
    }
    if (ip_hdr(skb).ttl === 0) {
      kfree_skb(skb);
      return 0;
    }
  }
  if (rt.rt_flags & RTCF_BROADCAST) {
    const newskb = skb_clone(skb, GFP_ATOMIC);
    if (newskb)
      NF_HOOK(NFPROTO_IPV4, NF_INET_POST_ROUTING, newskb, null, newskb.dev, dev_loopback_xmit);
  }
  return NF_HOOK_COND(NFPROTO_IPV4, NF_INET_POST_ROUTING, skb, null, skb.dev, ip_finish_output, !(IPCB(skb).flags & IPSKB_REROUTED));
}

export function ip_output(skb: sk_buff): number {
  const dev = skb_dst(skb).dev;
  IP_UPD_PO_STATS(dev_net(dev), IPSTATS_MIB_OUT, skb.len);
  skb.dev = dev;
  skb.protocol = htons(ETH_P_IP);
  return NF_HOOK_COND(NFPROTO_IPV4, NF_INET_POST_ROUTING, skb, null, dev, ip_finish_output, !(IPCB(skb).flags & IPSKB_REROUTED));
}

function memcpy(iph: iphdr, fl4: flowi4): void {
  iph.saddr = fl4.saddr;
  iph.daddr = fl4.daddr;
}
function ip_copy_addrs(iph: iphdr, fl4: flowi4): void {
  memcpy(iph, fl4);
}

/** Sends a segment of a connected socket along the socket's route. */
export function ip_queue_xmit(skb: sk_buff, fl: flowi4): number {
  const sk = skb.sk;
  const inet = inet_sk(sk);
  let inet_opt: ip_options_rcu;
  let fl4: flowi4;
  let rt: rtable;
  let iph: iphdr;
  let res: number;
  rcu_read_lock();
  inet_opt = rcu_dereference(inet.inet_opt);
  fl4 = fl.u.ip4;
  rt = skb_rtable(skb);
  no_route: {
    packet_routed: {
      if (rt !== null)
        break packet_routed;
      rt = __sk_dst_check(sk, 0) as rtable;
      if (rt === null) {
        let daddr: number;
        daddr = inet.inet_daddr;
        if (inet_opt && inet_opt.opt.srr)
          daddr = inet_opt.opt.faddr;
        rt = ip_route_output_ports(sock_net(sk), fl4, sk, daddr, inet.inet_saddr, inet.inet_dport, inet.inet_sport, sk.sk_protocol, RT_CONN_FLAGS(sk), sk.sk_bound_dev_if);
        if (IS_ERR(rt))
          break no_route;
        sk_setup_caps(sk, rt.dst);
      }
      skb_dst_set_noref(skb, rt.dst);
    }
    if (inet_opt && inet_opt.opt.is_strictroute && rt.rt_uses_gateway)
      break no_route;
    skb_push(skb, sizeof_iphdr + (inet_opt ? inet_opt.opt.optlen : 0));
    skb_reset_network_header(skb);
    iph = ip_hdr(skb);
    iph.first = htons((4 << 12) | (5 << 8) | (inet.tos & 0xff));
    if (ip_dont_fragment(sk, rt.dst) && !skb.local_df)
      iph.frag_off = htons(IP_DF);
    else
      iph.frag_off = 0;
    iph.ttl = ip_select_ttl(inet, rt.dst);
    iph.protocol = sk.sk_protocol;
    ip_copy_addrs(iph, fl4);
    if (inet_opt && inet_opt.opt.optlen) {
      iph.ihl += inet_opt.opt.optlen >> 2;
      ip_options_build(skb, inet_opt.opt, inet.inet_daddr, rt, 0);
    }
    ip_select_ident_segs(skb, sk, skb_shinfo(skb).gso_segs || 1);
    skb.priority = sk.sk_priority;
    skb.mark = sk.sk_mark;
    res = ip_local_out(skb);
    rcu_read_unlock();
    return res;
  }
  rcu_read_unlock();
  IP_INC_STATS(sock_net(sk), IPSTATS_MIB_OUTNOROUTES);
  kfree_skb(skb);
  return -EHOSTUNREACH;
}

function ip_copy_metadata(to: sk_buff, from: sk_buff): void {
  to.pkt_type = from.pkt_type;
  to.priority = from.priority;
  to.protocol = from.protocol;
  skb_dst_drop(to);
  skb_dst_copy(to, from);
  to.dev = from.dev;
  to.mark = from.mark;
  IPCB(to).flags = IPCB(from).flags;
  to.tc_index = from.tc_index;
  nf_copy(to, from);
  skb_copy_secmark(to, from);
}

/** Cuts `skb` into pieces that fit the route's MTU and hands each to `output`. A ready frag_list is used as it is, anything else is copied. */
export function ip_fragment(skb: sk_buff, output: (skb: sk_buff) => number): number {
  let iph: iphdr;
  let ptr: number;
  let dev: net_device;
  let skb2: sk_buff;
  let mtu: number, hlen: number, left: number, len: number, ll_rs: number;
  let offset: number;
  let not_last_frag: number;
  const rt = skb_rtable(skb);
  let err = 0;
  dev = rt.dst.dev;
  iph = ip_hdr(skb);
  if (unlikely(((iph.frag_off & htons(IP_DF)) && !skb.local_df) || (IPCB(skb).frag_max_size && IPCB(skb).frag_max_size > dst_mtu(rt.dst)))) {
    IP_INC_STATS(dev_net(dev), IPSTATS_MIB_FRAGFAILS);
    icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(ip_skb_dst_mtu(skb)));
    kfree_skb(skb);
    return -EMSGSIZE;
  }
  hlen = iph.ihl * 4;
  mtu = dst_mtu(rt.dst) - hlen;
  IPCB(skb).flags |= IPSKB_FRAG_COMPLETE;
  slow_path: {
    if (skb_has_frag_list(skb)) {
      let frag: sk_buff, frag2: sk_buff;
      const first_len = skb_pagelen(skb);
      if (first_len - hlen > mtu || ((first_len - hlen) & 7) || ip_is_fragment(iph) || skb_cloned(skb))
        break slow_path;
      slow_path_clean: {
        for (frag = skb.shinfo.frag_list; frag; frag = frag.next) {
          if (frag.len > mtu || ((frag.len & 7) && frag.next) || skb_headroom(frag) < hlen)
            break slow_path_clean;
          if (skb_shared(frag))
            break slow_path_clean;
          BUG_ON(frag.sk);
          if (skb.sk) {
            frag.sk = skb.sk;
            frag.destructor = sock_wfree;
          }
          skb.truesize -= frag.truesize;
        }
        err = 0;
        offset = 0;
        frag = skb_shinfo(skb).frag_list;
        skb_frag_list_init(skb);
        skb.data_len = first_len - skb_headlen(skb);
        skb.len = first_len;
        iph.tot_len = htons(first_len);
        iph.frag_off = htons(IP_MF);
        ip_send_check(iph);
        for (;;) {
          if (frag) {
            frag.ip_summed = CHECKSUM_NONE;
            skb_reset_transport_header(frag);
            __skb_push(frag, hlen);
            skb_reset_network_header(frag);
            frag.head.set(iph.b.subarray(iph.off, iph.off + hlen), skb_network_header(frag));
            iph = ip_hdr(frag);
            iph.tot_len = htons(frag.len);
            ip_copy_metadata(frag, skb);
            if (offset === 0)
              ip_options_fragment(frag);
            offset += skb.len - hlen;
            iph.frag_off = htons(offset >> 3);
            if (frag.next !== null)
              iph.frag_off |= htons(IP_MF);
            ip_send_check(iph);
          }
          err = output(skb);
          if (!err)
            IP_INC_STATS(dev_net(dev), IPSTATS_MIB_FRAGCREATES);
          if (err || !frag)
            break;
          skb = frag;
          frag = skb.next;
          skb.next = null;
        }
        if (err === 0) {
          IP_INC_STATS(dev_net(dev), IPSTATS_MIB_FRAGOKS);
          return 0;
        }
        while (frag) {
          skb = frag.next;
          kfree_skb(frag);
          frag = skb;
        }
        IP_INC_STATS(dev_net(dev), IPSTATS_MIB_FRAGFAILS);
        return err;
      }
      for (frag2 = skb_shinfo(skb).frag_list; frag2; frag2 = frag2.next) {
        if (frag2 === frag)
          break;
        frag2.sk = null;
        frag2.destructor = null;
        skb.truesize += frag2.truesize;
      }
    }
  }
  fail: {
    if ((skb.ip_summed === CHECKSUM_PARTIAL) && skb_checksum_help(skb))
      break fail;
    iph = ip_hdr(skb);
    left = skb.len - hlen;
    ptr = hlen;
    ll_rs = LL_RESERVED_SPACE_EXTRA(rt.dst.dev, 0);
    offset = (ntohs(iph.frag_off) & IP_OFFSET) << 3;
    not_last_frag = iph.frag_off & htons(IP_MF);
    while (left > 0) {
      len = left;
      if (len > mtu)
        len = mtu;
      if (len < left) {
        len &= ~7;
      }
      if ((skb2 = alloc_skb(len + hlen + ll_rs, GFP_ATOMIC)) === null) {
        err = -ENOMEM;
        break fail;
      }
      ip_copy_metadata(skb2, skb);
      skb_reserve(skb2, ll_rs);
      skb_put(skb2, len + hlen);
      skb_reset_network_header(skb2);
      skb2.transport_header = skb2.network_header + hlen;
      if (skb.sk)
        skb_set_owner_w(skb2, skb.sk);
      skb_copy_from_linear_data(skb, skb2.head, skb_network_header(skb2), hlen);
      if (skb_copy_bits(skb, ptr, skb2.head, skb_transport_header(skb2), len))
        BUG();
      left -= len;
      iph = ip_hdr(skb2);
      iph.frag_off = htons((offset >> 3));
      if (offset === 0)
        ip_options_fragment(skb);
      if (left > 0 || not_last_frag)
        iph.frag_off |= htons(IP_MF);
      ptr += len;
      offset += len;
      iph.tot_len = htons(len + hlen);
      ip_send_check(iph);
      err = output(skb2);
      if (err)
        break fail;
      IP_INC_STATS(dev_net(dev), IPSTATS_MIB_FRAGCREATES);
    }
    consume_skb(skb);
    IP_INC_STATS(dev_net(dev), IPSTATS_MIB_FRAGOKS);
    return err;
  }
  kfree_skb(skb);
  IP_INC_STATS(dev_net(dev), IPSTATS_MIB_FRAGFAILS);
  return err;
}

/** The getfrag of most senders: from the blocks of a message. */
export function ip_generic_getfrag(from: iovec[], to: Uint8Array, to_off: number, offset: number, len: number, odd: number, skb: sk_buff): number {
  const iov = from;
  if (skb.ip_summed === CHECKSUM_PARTIAL) {
    if (memcpy_fromiovecend(to, to_off, iov, offset, len) < 0)
      return -EFAULT;
  } else {
    const csum = { v: 0 };
    if (csum_partial_copy_fromiovecend(to, to_off, iov, offset, len, csum) < 0)
      return -EFAULT;
    skb.csum = csum_block_add(skb.csum, csum.v, odd);
  }
  return 0;
}

function csum_page(page: page, offset: number, copy: number): number {
  let csum: number;
  csum = csum_partial(page_address(page), offset, copy, 0);
  return csum;
}

function* ip_ufo_append_data(sk: sock, queue: sk_buff_head, getfrag: getfrag_t, from: any, length: number, hh_len: number, fragheaderlen: number,
  transhdrlen: number, maxfraglen: number, flags: number): Gen<number> {
  let skb: sk_buff;
  const err = { v: 0 };
  if ((skb = skb_peek_tail(queue)) === null) {
    skb = yield* sock_alloc_send_skb(sk, hh_len + fragheaderlen + transhdrlen + 20, (flags & MSG_DONTWAIT), err);
    if (skb === null)
      return err.v;
    skb_reserve(skb, hh_len);
    skb_put(skb, fragheaderlen + transhdrlen);
    skb_reset_network_header(skb);
    skb.transport_header = skb.network_header + fragheaderlen;
    skb.ip_summed = CHECKSUM_PARTIAL;
    skb.csum = 0;
    skb_shinfo(skb).gso_size = maxfraglen - fragheaderlen;
    skb_shinfo(skb).gso_type = SKB_GSO_UDP;
    __skb_queue_tail(queue, skb);
  }
  return skb_append_datato_frags(sk, skb, getfrag, from, (length - transhdrlen));
}

function* __ip_append_data(sk: sock, fl4: flowi4, queue: sk_buff_head, cork: inet_cork, pfrag: page_frag, getfrag: getfrag_t, from: any, length: number,
  transhdrlen: number, flags: number): Gen<number> {
  const inet = inet_sk(sk);
  let skb: sk_buff;
  const opt = cork.opt;
  let hh_len: number;
  let exthdrlen: number;
  let mtu: number;
  let copy: number;
  let err: number;
  const error_code = { v: 0 };
  let offset = 0;
  let maxfraglen: number, fragheaderlen: number;
  let csummode = CHECKSUM_NONE;
  const rt = cork.dst as rtable;
  skb = skb_peek_tail(queue);
  exthdrlen = !skb ? rt.dst.header_len : 0;
  mtu = cork.fragsize;
  hh_len = LL_RESERVED_SPACE(rt.dst.dev);
  fragheaderlen = sizeof_iphdr + (opt ? opt.optlen : 0);
  maxfraglen = ((mtu - fragheaderlen) & ~7) + fragheaderlen;
  if (cork.length + length > 0xffff - fragheaderlen) {
    ip_local_error(sk, EMSGSIZE, fl4.daddr, inet.inet_dport, mtu - exthdrlen);
    return -EMSGSIZE;
  }
  if (transhdrlen && length + fragheaderlen <= mtu && rt.dst.dev.features & NETIF_F_V4_CSUM && !exthdrlen)
    csummode = CHECKSUM_PARTIAL;
  cork.length += length;
  error: {
    if ((skb && skb_has_frags(skb)) || ((length > mtu) && (skb_queue_len(queue) <= 1) && (sk.sk_protocol === IPPROTO_UDP) && (rt.dst.dev.features & NETIF_F_UFO) && !rt.dst.header_len && (sk.sk_type === SOCK_DGRAM))) {
      err = yield* ip_ufo_append_data(sk, queue, getfrag, from, length, hh_len, fragheaderlen, transhdrlen, maxfraglen, flags);
      if (err)
        break error;
      return 0;
    }
    error_efault: {
      let alloc_new_skb = true;
      to_alloc_new_skb: {
        if (!skb)
          break to_alloc_new_skb;
        alloc_new_skb = false;
      }
      while (jump(alloc_new_skb) || length > 0) {
        if (!alloc_new_skb) {
          copy = mtu - skb.len;
          if (copy < length)
            copy = maxfraglen - skb.len;
        }
        if (jump(alloc_new_skb) || copy <= 0) {
          let data: number;
          let datalen: number;
          let fraglen: number;
          let fraggap: number;
          let alloclen: number;
          let skb_prev: sk_buff;
          alloc_new_skb = false;
          skb_prev = skb;
          if (skb_prev)
            fraggap = skb_prev.len - maxfraglen;
          else
            fraggap = 0;
          datalen = length + fraggap;
          if (datalen > mtu - fragheaderlen)
            datalen = maxfraglen - fragheaderlen;
          fraglen = datalen + fragheaderlen;
          if ((flags & MSG_MORE) && !(rt.dst.dev.features & NETIF_F_SG))
            alloclen = mtu;
          else
            alloclen = fraglen;
          alloclen += exthdrlen;
          if (datalen === length + fraggap)
            alloclen += rt.dst.trailer_len;
          if (transhdrlen) {
            skb = yield* sock_alloc_send_skb(sk, alloclen + hh_len + 15, (flags & MSG_DONTWAIT), error_code);
            err = error_code.v;
          } else {
            skb = null;
            if (atomic_read(sk.sk_wmem_alloc) <= 2 * sk.sk_sndbuf)
              skb = sock_wmalloc(sk, alloclen + hh_len + 15, 1, sk.sk_allocation);
            if (unlikely(skb === null))
              err = -ENOBUFS;
            else
              cork.tx_flags = 0;
          }
          if (skb === null)
            break error;
          skb.ip_summed = csummode;
          skb.csum = 0;
          skb_reserve(skb, hh_len);
          skb_shinfo(skb).tx_flags = cork.tx_flags;
          data = skb_put(skb, fraglen + exthdrlen);
          skb_set_network_header(skb, exthdrlen);
          skb.transport_header = (skb.network_header + fragheaderlen);
          data += fragheaderlen + exthdrlen;
          if (fraggap) {
            skb.csum = skb_copy_and_csum_bits(skb_prev, maxfraglen, skb.head, data + transhdrlen, fraggap, 0);
            skb_prev.csum = csum_sub(skb_prev.csum, skb.csum);
            data += fraggap;
            pskb_trim_unique(skb_prev, maxfraglen);
          }
          copy = datalen - transhdrlen - fraggap;
          if (copy > 0 && getfrag(from, skb.head, data + transhdrlen, offset, copy, fraggap, skb) < 0) {
            err = -EFAULT;
            kfree_skb(skb);
            break error;
          }
          offset += copy;
          length -= datalen - fraggap;
          transhdrlen = 0;
          exthdrlen = 0;
          csummode = CHECKSUM_NONE;
          __skb_queue_tail(queue, skb);
          continue;
        }
        if (copy > length)
          copy = length;
        if (!(rt.dst.dev.features & NETIF_F_SG)) {
          let off: number;
          off = skb.len;
          if (getfrag(from, skb.head, skb_put(skb, copy), offset, copy, off, skb) < 0) {
            __skb_trim(skb, off);
            err = -EFAULT;
            break error;
          }
        } else {
          let i = skb_shinfo(skb).nr_frags;
          err = -ENOMEM;
          if (!sk_page_frag_refill(sk, pfrag))
            break error;
          if (!skb_can_coalesce(skb, i, pfrag.page, pfrag.offset)) {
            err = -EMSGSIZE;
            if (i === MAX_SKB_FRAGS)
              break error;
            __skb_fill_page_desc(skb, i, pfrag.page, pfrag.offset, 0);
            skb_shinfo(skb).nr_frags = ++i;
            get_page(pfrag.page);
          }
          copy = min(copy, pfrag.size - pfrag.offset);
          if (getfrag(from, page_address(pfrag.page), pfrag.offset, offset, copy, skb.len, skb) < 0)
            break error_efault;
          pfrag.offset += copy;
          skb_frag_size_add(skb_frag_at(skb_shinfo(skb), i - 1), copy);
          skb.len += copy;
          skb.data_len += copy;
          skb.truesize += copy;
          atomic_add(copy, sk.sk_wmem_alloc);
        }
        offset += copy;
        length -= copy;
      }
      return 0;
    }
    err = -EFAULT;
  }
  cork.length -= length;
  IP_INC_STATS(sock_net(sk), IPSTATS_MIB_OUTDISCARDS);
  return err;
}

function ip_setup_cork(sk: sock, cork: inet_cork, ipc: ipcm_cookie, rtp: { v: rtable }): number {
  const inet = inet_sk(sk);
  let opt: ip_options_rcu;
  let rt: rtable;
  opt = ipc.opt;
  if (opt) {
    if (cork.opt === null) {
      cork.opt = new ip_options();
      if (unlikely(cork.opt === null))
        return -ENOBUFS;
    }
    ip_options_assign(cork.opt, opt.opt);
    cork.flags |= IPCORK_OPT;
    cork.addr = ipc.addr;
  }
  rt = rtp.v;
  if (unlikely(!rt))
    return -EFAULT;
  rtp.v = null;
  cork.fragsize = inet.pmtudisc === IP_PMTUDISC_PROBE ? rt.dst.dev.mtu : dst_mtu(rt.dst);
  cork.dst = rt.dst;
  cork.length = 0;
  cork.tx_flags = ipc.tx_flags;
  return 0;
}

/** Adds a piece to the datagram that the socket gathers. */
export function* ip_append_data(sk: sock, fl4: flowi4, getfrag: getfrag_t, from: any, length: number, transhdrlen: number, ipc: ipcm_cookie, rtp: { v: rtable }, flags: number): Gen<number> {
  const inet = inet_sk(sk);
  let err: number;
  if (flags & MSG_PROBE)
    return 0;
  if (skb_queue_empty(sk.sk_write_queue)) {
    err = ip_setup_cork(sk, inet.cork.base, ipc, rtp);
    if (err)
      return err;
  } else {
    transhdrlen = 0;
  }
  return yield* __ip_append_data(sk, fl4, sk.sk_write_queue, inet.cork.base, sk_page_frag(sk), getfrag, from, length, transhdrlen, flags);
}

export function ip_append_page(sk: sock, fl4: flowi4, page: page, offset: number, size: number, flags: number): number {
  const inet = inet_sk(sk);
  let skb: sk_buff;
  let rt: rtable;
  let opt: ip_options = null;
  let cork: inet_cork;
  let hh_len: number;
  let mtu: number;
  let len: number;
  let err: number;
  let maxfraglen: number, fragheaderlen: number, fraggap: number;
  if (inet.hdrincl)
    return -EPERM;
  if (flags & MSG_PROBE)
    return 0;
  if (skb_queue_empty(sk.sk_write_queue))
    return -EINVAL;
  cork = inet.cork.base;
  rt = cork.dst as rtable;
  if (cork.flags & IPCORK_OPT)
    opt = cork.opt;
  if (!(rt.dst.dev.features & NETIF_F_SG))
    return -EOPNOTSUPP;
  hh_len = LL_RESERVED_SPACE(rt.dst.dev);
  mtu = cork.fragsize;
  fragheaderlen = sizeof_iphdr + (opt ? opt.optlen : 0);
  maxfraglen = ((mtu - fragheaderlen) & ~7) + fragheaderlen;
  if (cork.length + size > 0xffff - fragheaderlen) {
    ip_local_error(sk, EMSGSIZE, fl4.daddr, inet.inet_dport, mtu);
    return -EMSGSIZE;
  }
  if ((skb = skb_peek_tail(sk.sk_write_queue)) === null)
    return -EINVAL;
  cork.length += size;
  if ((size + skb.len > mtu) && (skb_queue_len(sk.sk_write_queue) === 1) && (sk.sk_protocol === IPPROTO_UDP) && (rt.dst.dev.features & NETIF_F_UFO)) {
    skb_shinfo(skb).gso_size = mtu - fragheaderlen;
    skb_shinfo(skb).gso_type = SKB_GSO_UDP;
  }
  error: {
    while (size > 0) {
      let i: number;
      if (skb_is_gso(skb))
        len = size;
      else {
        len = mtu - skb.len;
        if (len < size)
          len = maxfraglen - skb.len;
      }
      if (len <= 0) {
        let skb_prev: sk_buff;
        let alloclen: number;
        skb_prev = skb;
        fraggap = skb_prev.len - maxfraglen;
        alloclen = fragheaderlen + hh_len + fraggap + 15;
        skb = sock_wmalloc(sk, alloclen, 1, sk.sk_allocation);
        if (unlikely(!skb)) {
          err = -ENOBUFS;
          break error;
        }
        skb.ip_summed = CHECKSUM_NONE;
        skb.csum = 0;
        skb_reserve(skb, hh_len);
        skb_put(skb, fragheaderlen + fraggap);
        skb_reset_network_header(skb);
        skb.transport_header = (skb.network_header + fragheaderlen);
        if (fraggap) {
          skb.csum = skb_copy_and_csum_bits(skb_prev, maxfraglen, skb.head, skb_transport_header(skb), fraggap, 0);
          skb_prev.csum = csum_sub(skb_prev.csum, skb.csum);
          pskb_trim_unique(skb_prev, maxfraglen);
        }
        __skb_queue_tail(sk.sk_write_queue, skb);
        continue;
      }
      i = skb_shinfo(skb).nr_frags;
      if (len > size)
        len = size;
      if (skb_can_coalesce(skb, i, page, offset)) {
        skb_frag_size_add(skb_frag_at(skb_shinfo(skb), i - 1), len);
      } else if (i < MAX_SKB_FRAGS) {
        get_page(page);
        skb_fill_page_desc(skb, i, page, offset, len);
      } else {
        err = -EMSGSIZE;
        break error;
      }
      if (skb.ip_summed === CHECKSUM_NONE) {
        let csum: number;
        csum = csum_page(page, offset, len);
        skb.csum = csum_block_add(skb.csum, csum, skb.len);
      }
      skb.len += len;
      skb.data_len += len;
      skb.truesize += len;
      atomic_add(len, sk.sk_wmem_alloc);
      offset += len;
      size -= len;
    }
    return 0;
  }
  cork.length -= size;
  IP_INC_STATS(sock_net(sk), IPSTATS_MIB_OUTDISCARDS);
  return err;
}

function kfree(_opt: ip_options): void { /* garbage collected */ }
function ip_cork_release(cork: inet_cork): void {
  cork.flags &= ~IPCORK_OPT;
  kfree(cork.opt);
  cork.opt = null;
  dst_release(cork.dst);
  cork.dst = null;
}

/** Makes one datagram of all that is queued: the first buffer with the others as its frag_list, and its header. */
export function __ip_make_skb(sk: sock, fl4: flowi4, queue: sk_buff_head, cork: inet_cork): sk_buff {
  let skb: sk_buff, tmp_skb: sk_buff;
  let tail_skb: sk_buff = null;
  const inet = inet_sk(sk);
  const net = sock_net(sk);
  let opt: ip_options = null;
  const rt = cork.dst as rtable;
  let iph: iphdr;
  let df = 0;
  let ttl: number;
  out: {
    if ((skb = __skb_dequeue(queue)) === null)
      break out;
    const frags = skb_shinfo(skb);
    if (skb.data < skb_network_header(skb))
      __skb_pull(skb, skb_network_offset(skb));
    while ((tmp_skb = __skb_dequeue(queue)) !== null) {
      __skb_pull(tmp_skb, skb_network_header_len(skb));
      if (tail_skb === null) frags.frag_list = tmp_skb; else tail_skb.next = tmp_skb;
      tail_skb = tmp_skb;
      skb.len += tmp_skb.len;
      skb.data_len += tmp_skb.len;
      skb.truesize += tmp_skb.truesize;
      tmp_skb.destructor = null;
      tmp_skb.sk = null;
    }
    if (inet.pmtudisc < IP_PMTUDISC_DO)
      skb.local_df = 1;
    if (inet.pmtudisc >= IP_PMTUDISC_DO || (skb.len <= dst_mtu(rt.dst) && ip_dont_fragment(sk, rt.dst)))
      df = htons(IP_DF);
    if (cork.flags & IPCORK_OPT)
      opt = cork.opt;
    if (rt.rt_type === RTN_MULTICAST)
      ttl = inet.mc_ttl;
    else
      ttl = ip_select_ttl(inet, rt.dst);
    iph = ip_hdr(skb);
    iph.version = 4;
    iph.ihl = 5;
    iph.tos = inet.tos;
    iph.frag_off = df;
    iph.ttl = ttl;
    iph.protocol = sk.sk_protocol;
    ip_copy_addrs(iph, fl4);
    ip_select_ident(skb, sk);
    if (opt) {
      iph.ihl += opt.optlen >> 2;
      ip_options_build(skb, opt, cork.addr, rt, 0);
    }
    skb.priority = sk.sk_priority;
    skb.mark = sk.sk_mark;
    cork.dst = null;
    skb_dst_set(skb, rt.dst);
    if (iph.protocol === IPPROTO_ICMP)
      icmp_out_count(net, skb.head[skb_transport_header(skb)]);
    ip_cork_release(cork);
  }
  return skb;
}

export function ip_send_skb(net: net, skb: sk_buff): number {
  let err: number;
  err = ip_local_out(skb);
  if (err) {
    if (err > 0)
      err = net_xmit_errno(err);
    if (err)
      IP_INC_STATS(net, IPSTATS_MIB_OUTDISCARDS);
  }
  return err;
}

export function ip_push_pending_frames(sk: sock, fl4: flowi4): number {
  let skb: sk_buff;
  skb = ip_finish_skb(sk, fl4);
  if (!skb)
    return 0;
  return ip_send_skb(sock_net(sk), skb);
}

function __ip_flush_pending_frames(sk: sock, queue: sk_buff_head, cork: inet_cork): void {
  let skb: sk_buff;
  while ((skb = __skb_dequeue_tail(queue)) !== null)
    kfree_skb(skb);
  ip_cork_release(cork);
}

export function ip_flush_pending_frames(sk: sock): void {
  __ip_flush_pending_frames(sk, sk.sk_write_queue, inet_sk(sk).cork.base);
}

/** One datagram at once, without the socket's queue (UDP without corking). */
export function* ip_make_skb(sk: sock, fl4: flowi4, getfrag: getfrag_t, from: any, length: number, transhdrlen: number, ipc: ipcm_cookie, rtp: { v: rtable }, flags: number): Gen<sk_buff> {
  const cork = new inet_cork();
  const queue = new sk_buff_head();
  let err: number;
  if (flags & MSG_PROBE)
    return null;
  __skb_queue_head_init(queue);
  cork.flags = 0;
  cork.addr = 0;
  cork.opt = null;
  err = ip_setup_cork(sk, cork, ipc, rtp);
  if (err)
    return ERR_PTR(err);
  err = yield* __ip_append_data(sk, fl4, queue, cork, current.task.task_frag, getfrag, from, length, transhdrlen, flags);
  if (err) {
    __ip_flush_pending_frames(sk, queue, cork);
    return ERR_PTR(err);
  }
  return __ip_make_skb(sk, fl4, queue, cork);
}

/** `dptr` is the reply as one block of memory. */
function ip_reply_glue_bits(dptr: iovec, to: Uint8Array, to_off: number, offset: number, len: number, odd: number, skb: sk_buff): number {
  let csum: number;
  csum = csum_partial_copy_nocheck(dptr.iov_buf, dptr.iov_base + offset, to, to_off, len, 0);
  skb.csum = csum_block_add(skb.csum, csum, odd);
  return 0;
}

/** Answers `skb` with a reset or a bare ACK through the control socket `sk`. */
export function ip_send_unicast_reply(sk: sock, skb: sk_buff, daddr: number, saddr: number, arg: ip_reply_arg, len: number): void {
  const replyopts = new ip_options_data();
  const ipc = new ipcm_cookie();
  const fl4 = new flowi4();
  let rt = skb_rtable(skb);
  const net = sock_net(sk);
  let nskb: sk_buff;
  let err: number;
  if (ip_options_echo(replyopts.opt.opt, skb))
    return;
  ipc.addr = daddr;
  ipc.opt = null;
  ipc.tx_flags = 0;
  if (replyopts.opt.opt.optlen) {
    ipc.opt = replyopts.opt;
    if (replyopts.opt.opt.srr)
      daddr = replyopts.opt.opt.faddr;
  }
  flowi4_init_output(fl4, arg.bound_dev_if, 0, RT_TOS(arg.tos), RT_SCOPE_UNIVERSE, ip_hdr(skb).protocol, ip_reply_arg_flowi_flags(arg), daddr, saddr, tcp_hdr(skb).source, tcp_hdr(skb).dest);
  rt = ip_route_output_key(net, fl4);
  if (IS_ERR(rt))
    return;
  inet_sk(sk).tos = arg.tos;
  sk.sk_priority = skb.priority;
  sk.sk_protocol = ip_hdr(skb).protocol;
  sk.sk_bound_dev_if = arg.bound_dev_if;
  sk.sk_sndbuf = current.host.sysctl_wmem_default;
  const rtp = { v: rt };
  out: {
    err = atomically(ip_append_data(sk, fl4, ip_reply_glue_bits, arg.iov[0], len, 0, ipc, rtp, MSG_DONTWAIT));
    rt = rtp.v;
    if (unlikely(err)) {
      ip_flush_pending_frames(sk);
      break out;
    }
    nskb = skb_peek(sk.sk_write_queue);
    if (nskb) {
      if (arg.csumoffset >= 0)
        put_sum(nskb.head, skb_transport_header(nskb) + 2 * arg.csumoffset, csum_fold(csum_add(nskb.csum, arg.csum)));
      nskb.ip_summed = CHECKSUM_NONE;
      skb_set_queue_mapping(nskb, skb_get_queue_mapping(skb));
      ip_push_pending_frames(sk, fl4);
    }
  }
  ip_rt_put(rt);
}
/** Writes a checksum. */
function put_sum(bytes: Uint8Array, at: number, sum: number): void {
  bytes[at] = sum >> 8;
  bytes[at + 1] = sum;
}

export function* ip_init(): Gen<void> {
  yield* ip_rt_init();
  inet_initpeers();
}
