/** net/ipv4/icmp.c: the Internet Control Message Protocol (RFC 792, 1122). */
import { atomically, current } from '../../include/ports';
import type { sk_buff } from '../../include/linux/skbuff.struct';
import type { sock } from '../../include/net/sock.struct';
import type { net } from '../../include/net/net_namespace';
import { IFF_LOOPBACK, dev_get_by_index_rcu, dev_net } from '../../include/linux/netdevice';
import type { net_device } from '../../include/linux/netdevice';
import { PACKET_HOST } from '../../include/linux/if_packet';
import {
  CHECKSUM_COMPLETE, CHECKSUM_NONE, SKB_TRUESIZE, __skb_checksum_complete, kfree_skb, pskb_may_pull, pskb_pull, skb_copy_and_csum_bits, skb_copy_bits, skb_dst, skb_header_pointer,
  skb_network_header, skb_network_offset, skb_peek, skb_rtable,
} from '../../include/linux/skbuff';
import { csum_add, csum_block_add, csum_fold, csum_partial_copy_nocheck } from '../../include/net/checksum';
import { memcpy } from '../../include/linux/string';
import { local_bh_disable, local_bh_enable } from '../../kernel/softirq';
import { spin_trylock, spin_unlock_bh } from '../../include/linux/spinlock';
import { rcu_dereference, rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { unlikely } from '../../include/linux/compiler';
import { ERR_PTR, IS_ERR, PTR_ERR } from '../../include/linux/err';
import { ECONNREFUSED, EHOSTDOWN, EHOSTUNREACH, EMSGSIZE, ENETUNREACH, ENOPROTOOPT, EOPNOTSUPP, EPERM } from '../../include/uapi/asm-generic/errno';
import { HZ } from '../../include/linux/jiffies';
import { ktime_get_real } from '../../include/linux/ktime';
import { htonl, htons, ntohl, ntohs } from '../../include/linux/types';
import { BUG } from '../../include/asm-generic/bug';
import { IPPROTO_ICMP, IP_PMTUDISC_DONT } from '../../include/linux/in';
import { AF_INET, MSG_DONTWAIT, PF_INET } from '../../include/linux/socket';
import { SOCK_RAW } from '../../include/linux/net';
import { IPTOS_PREC_INTERNETCONTROL, IPTOS_TOS_MASK, ip_hdr, iphdr, sizeof_iphdr } from '../../include/linux/ip';
import {
  ICMP_ADDRESS, ICMP_ADDRESSREPLY, ICMP_DEST_UNREACH, ICMP_ECHO, ICMP_ECHOREPLY, ICMP_FRAG_NEEDED, ICMP_HOST_UNREACH, ICMP_INFO_REPLY, ICMP_INFO_REQUEST, ICMP_NET_UNREACH, ICMP_PARAMETERPROB,
  ICMP_PORT_UNREACH, ICMP_PROT_UNREACH, ICMP_REDIRECT, ICMP_SOURCE_QUENCH, ICMP_SR_FAILED, ICMP_TIMESTAMP, ICMP_TIMESTAMPREPLY, ICMP_TIME_EXCEEDED, NR_ICMP_TYPES, NR_ICMP_UNREACH, icmp_hdr,
  icmphdr, sizeof_icmphdr,
} from '../../include/linux/icmp';
import { ICMPMSGIN_INC_STATS_BH, ICMPMSGOUT_INC_STATS, ICMP_INC_STATS, ICMP_INC_STATS_BH } from '../../include/net/icmp';
import { ICMP_MIB_CSUMERRORS, ICMP_MIB_INERRORS, ICMP_MIB_INMSGS, ICMP_MIB_OUTERRORS, ICMP_MIB_OUTMSGS } from '../../include/linux/snmp';
import { SOCK_USE_WRITE_QUEUE, sock_net, sock_set_flag } from '../../include/net/sock';
import { inet_sk, ip_options_data } from '../../include/net/inet_sock';
import type { inet_sock } from '../../include/net/inet_sock';
import { flowi4, flowi4_to_flowi } from '../../include/net/flow';
import { IP_OFFSET, ip_append_data, ip_flush_pending_frames, ip_options_echo, ip_push_pending_frames, ipcm_cookie } from '../../include/net/ip';
import { __ip_route_output_key, inet_addr_type, inet_iif, ip_route_output_key, ip_rt_put, ipv4_redirect, ipv4_update_pmtu, rt_is_input_route } from '../../include/net/route';
import type { rtable } from '../../include/net/route';
import { RTCF_BROADCAST, RTCF_LOCAL, RTCF_MULTICAST, RT_TOS } from '../../include/linux/in_route';
import { RTN_BROADCAST, RT_SCOPE_LINK } from '../../include/linux/rtnetlink';
import { dst_mtu, xfrm_lookup } from '../../include/net/dst';
import { XFRM_POLICY_IN, xfrm4_policy_check, xfrm_decode_session_reverse } from '../../include/net/xfrm';
import { fib_compute_spec_dst } from '../../include/net/ip_fib';
import { inet_select_addr } from '../../include/linux/inetdevice';
import { inet_getpeer_v4, inet_peer_xrlim_allow, inet_putpeer } from '../../include/net/inetpeer';
import { inet_ctl_sock_create } from '../../include/net/inet_common';
import type { net_protocol } from '../../include/net/protocol';
import { raw_icmp_error } from './raw';
import { ping_err, ping_rcv } from './ping';

const ENONET = 64;

/** A message in the making: `skb` is quoted from `offset` on; `data` starts with the header. */
class icmp_bxm {
  skb: sk_buff = null;
  offset = 0;
  data_len = 0;
  data: Uint8Array = new Uint8Array(20);
  icmph: icmphdr = new icmphdr(this.data, 0);
  head_len = 0;
  replyopts: ip_options_data = new ip_options_data();
}

/** What the codes of "unreachable" mean to a socket. */
export const icmp_err_convert: readonly { readonly errno: number; readonly fatal: number }[] = [
  { errno: ENETUNREACH, fatal: 0 }, { errno: EHOSTUNREACH, fatal: 0 }, { errno: ENOPROTOOPT, fatal: 1 }, { errno: ECONNREFUSED, fatal: 1 },
  { errno: EMSGSIZE, fatal: 0 }, { errno: EOPNOTSUPP, fatal: 0 }, { errno: ENETUNREACH, fatal: 1 }, { errno: EHOSTDOWN, fatal: 1 },
  { errno: ENONET, fatal: 1 }, { errno: ENETUNREACH, fatal: 1 }, { errno: EHOSTUNREACH, fatal: 1 }, { errno: ENETUNREACH, fatal: 0 },
  { errno: EHOSTUNREACH, fatal: 0 }, { errno: EHOSTUNREACH, fatal: 1 }, { errno: EHOSTUNREACH, fatal: 1 }, { errno: EHOSTUNREACH, fatal: 1 },
];

interface icmp_control { readonly handler: (skb: sk_buff) => void; readonly error: number }

function icmp_sk(net: net): sock { return net.ipv4.icmp_sk[current.cpu.id]; }

/** This CPU's ICMP socket, locked; null when it is in use already (an error about our own answer). */
function icmp_xmit_lock(net: net): sock {
  let sk: sock;
  local_bh_disable();
  sk = icmp_sk(net);
  if (unlikely(!spin_trylock(sk.sk_lock.slock))) {
    local_bh_enable();
    return null;
  }
  return sk;
}
function icmp_xmit_unlock(sk: sock): void { spin_unlock_bh(sk.sk_lock.slock); }

/** May one more message of this type go to that peer now? */
function icmpv4_xrlim_allow(net: net, rt: rtable, fl4: flowi4, type: number, code: number): boolean {
  const dst = rt.dst;
  let rc = true;
  out: {
    if (type > NR_ICMP_TYPES)
      break out;
    if (type === ICMP_DEST_UNREACH && code === ICMP_FRAG_NEEDED)
      break out;
    if (dst.dev && dst.dev.flags & IFF_LOOPBACK)
      break out;
    if ((1 << type) & net.ipv4.sysctl_icmp_ratemask) {
      const peer = inet_getpeer_v4(net.ipv4.peers, fl4.daddr, 1);
      rc = inet_peer_xrlim_allow(peer, net.ipv4.sysctl_icmp_ratelimit);
      if (peer)
        inet_putpeer(peer);
    }
  }
  return rc;
}

export function icmp_out_count(net: net, type: number): void {
  ICMPMSGOUT_INC_STATS(net, type);
  ICMP_INC_STATS(net, ICMP_MIB_OUTMSGS);
}

function icmp_glue_bits(from: icmp_bxm, to: Uint8Array, to_off: number, offset: number, len: number, odd: number, skb: sk_buff): number {
  const icmp_param = from;
  let csum: number;
  csum = skb_copy_and_csum_bits(icmp_param.skb, icmp_param.offset + offset, to, to_off, len, 0);
  skb.csum = csum_block_add(skb.csum, csum, odd);
  if (icmp_pointers[icmp_param.icmph.type].error)
    nf_ct_attach(skb, icmp_param.skb);
  return 0;
}
function nf_ct_attach(_skb: sk_buff, _orig: sk_buff): void { /* no connection tracking */ }

function icmp_push_reply(icmp_param: icmp_bxm, fl4: flowi4, ipc: ipcm_cookie, rt: { v: rtable }): void {
  let sk: sock;
  let skb: sk_buff;
  sk = icmp_sk(dev_net(rt.v.dst.dev));
  if (atomically(ip_append_data(sk, fl4, icmp_glue_bits, icmp_param, icmp_param.data_len + icmp_param.head_len, icmp_param.head_len, ipc, rt, MSG_DONTWAIT)) < 0) {
    ICMP_INC_STATS_BH(sock_net(sk), ICMP_MIB_OUTERRORS);
    ip_flush_pending_frames(sk);
  } else if ((skb = skb_peek(sk.sk_write_queue)) !== null) {
    const icmph = icmp_hdr(skb);
    let csum = 0;
    let skb1: sk_buff;
    const queue = sk.sk_write_queue as unknown as sk_buff;
    for (skb1 = queue.next; skb1 !== queue; skb1 = skb1.next) {
      csum = csum_add(csum, skb1.csum);
    }
    csum = csum_partial_copy_nocheck(icmp_param.data, 0, icmph.b, icmph.off, icmp_param.head_len, csum);
    icmph.checksum = csum_fold(csum);
    skb.ip_summed = CHECKSUM_NONE;
    ip_push_pending_frames(sk, fl4);
  }
}

/** Answers a message to where it came from. */
function icmp_reply(icmp_param: icmp_bxm, skb: sk_buff): void {
  const ipc = new ipcm_cookie();
  const rt: { v: rtable } = { v: skb_rtable(skb) };
  const net = dev_net(rt.v.dst.dev);
  const fl4 = new flowi4();
  let sk: sock;
  let inet: inet_sock;
  let daddr: number, saddr: number;
  if (ip_options_echo(icmp_param.replyopts.opt.opt, skb))
    return;
  sk = icmp_xmit_lock(net);
  if (sk === null)
    return;
  inet = inet_sk(sk);
  icmp_param.icmph.checksum = 0;
  inet.tos = ip_hdr(skb).tos;
  daddr = ipc.addr = ip_hdr(skb).saddr;
  saddr = fib_compute_spec_dst(skb);
  ipc.opt = null;
  ipc.tx_flags = 0;
  if (icmp_param.replyopts.opt.opt.optlen) {
    ipc.opt = icmp_param.replyopts.opt;
    if (ipc.opt.opt.srr)
      daddr = icmp_param.replyopts.opt.opt.faddr;
  }
  fl4.daddr = daddr;
  fl4.saddr = saddr;
  fl4.flowi4_tos = RT_TOS(ip_hdr(skb).tos);
  fl4.flowi4_proto = IPPROTO_ICMP;
  flowi4_to_flowi(fl4);
  rt.v = ip_route_output_key(net, fl4);
  if (!IS_ERR(rt.v)) {
    if (icmpv4_xrlim_allow(net, rt.v, fl4, icmp_param.icmph.type, icmp_param.icmph.code))
      icmp_push_reply(icmp_param, fl4, ipc, rt);
    ip_rt_put(rt.v);
  }
  icmp_xmit_unlock(sk);
}

function icmp_route_lookup(net: net, fl4: flowi4, skb_in: sk_buff, iph: iphdr, saddr: number, tos: number, type: number, code: number, param: icmp_bxm): rtable {
  let rt: rtable, rt2: rtable;
  const fl4_dec = new flowi4();
  let err: number;
  fl4.daddr = param.replyopts.opt.opt.srr ? param.replyopts.opt.opt.faddr : iph.saddr;
  fl4.saddr = saddr;
  fl4.flowi4_tos = RT_TOS(tos);
  fl4.flowi4_proto = IPPROTO_ICMP;
  fl4.fl4_icmp_type = type;
  fl4.fl4_icmp_code = code;
  flowi4_to_flowi(fl4);
  rt = __ip_route_output_key(net, fl4);
  if (IS_ERR(rt))
    return rt;
  rt2 = rt;
  rt = xfrm_lookup(net, rt.dst, flowi4_to_flowi(fl4), null, 0) as rtable;
  if (!IS_ERR(rt)) {
    if (rt !== rt2)
      return rt;
  } else if (PTR_ERR(rt) === -EPERM) {
    rt = null;
  } else
    return rt;
  relookup_failed: {
    err = xfrm_decode_session_reverse(skb_in, flowi4_to_flowi(fl4_dec), AF_INET);
    if (err)
      break relookup_failed;
  }
  if (rt)
    return rt;
  return ERR_PTR(err);
}

/** Tells the sender of `skb_in` what went wrong, quoting as much of it as 576 bytes allow. */
export function icmp_send(skb_in: sk_buff, type: number, code: number, info: number): void {
  let iph: iphdr;
  let room: number;
  const icmp_param = new icmp_bxm();
  const rt: { v: rtable } = { v: skb_rtable(skb_in) };
  const ipc = new ipcm_cookie();
  const fl4 = new flowi4();
  let saddr: number;
  let tos: number;
  let net: net;
  let sk: sock;
  if (!rt.v)
    return;
  net = dev_net(rt.v.dst.dev);
  iph = ip_hdr(skb_in);
  if (iph.off < 0 || skb_in.network_header + sizeof_iphdr > skb_in.tail)
    return;
  if (skb_in.pkt_type !== PACKET_HOST)
    return;
  if (rt.v.rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST))
    return;
  if (iph.frag_off & htons(IP_OFFSET))
    return;
  if (icmp_pointers[type].error) {
    if (iph.protocol === IPPROTO_ICMP) {
      let itp: icmphdr;
      itp = skb_header_pointer(skb_in, skb_network_header(skb_in) + (iph.ihl << 2) - skb_in.data, 1, icmphdr);
      if (itp === null)
        return;
      if (itp.type > NR_ICMP_TYPES || icmp_pointers[itp.type].error)
        return;
    }
  }
  sk = icmp_xmit_lock(net);
  if (sk === null)
    return;
  saddr = iph.daddr;
  if (!(rt.v.rt_flags & RTCF_LOCAL)) {
    let dev: net_device = null;
    rcu_read_lock();
    if (rt_is_input_route(rt.v) && net.ipv4.sysctl_icmp_errors_use_inbound_ifaddr)
      dev = dev_get_by_index_rcu(net, inet_iif(skb_in));
    if (dev)
      saddr = inet_select_addr(dev, 0, RT_SCOPE_LINK);
    else
      saddr = 0;
    rcu_read_unlock();
  }
  tos = icmp_pointers[type].error ? (iph.tos & IPTOS_TOS_MASK) | IPTOS_PREC_INTERNETCONTROL : iph.tos;
  out_unlock: {
    if (ip_options_echo(icmp_param.replyopts.opt.opt, skb_in))
      break out_unlock;
    icmp_param.icmph.type = type;
    icmp_param.icmph.code = code;
    icmp_param.icmph.un.gateway = info;
    icmp_param.icmph.checksum = 0;
    icmp_param.skb = skb_in;
    icmp_param.offset = skb_network_offset(skb_in);
    inet_sk(sk).tos = tos;
    ipc.addr = iph.saddr;
    ipc.opt = icmp_param.replyopts.opt;
    ipc.tx_flags = 0;
    rt.v = icmp_route_lookup(net, fl4, skb_in, iph, saddr, tos, type, code, icmp_param);
    if (IS_ERR(rt.v))
      break out_unlock;
    if (icmpv4_xrlim_allow(net, rt.v, fl4, type, code)) {
      room = dst_mtu(rt.v.dst);
      if (room > 576)
        room = 576;
      room -= sizeof_iphdr + icmp_param.replyopts.opt.opt.optlen;
      room -= sizeof_icmphdr;
      icmp_param.data_len = skb_in.len - icmp_param.offset;
      if (icmp_param.data_len > room)
        icmp_param.data_len = room;
      icmp_param.head_len = sizeof_icmphdr;
      icmp_push_reply(icmp_param, fl4, ipc, rt);
    }
    ip_rt_put(rt.v);
  }
  icmp_xmit_unlock(sk);
}

/** Hands an error to raw sockets and to the protocol whose packet it quotes. */
function icmp_socket_deliver(skb: sk_buff, info: number): void {
  const iph = new iphdr(skb.head, skb.data);
  let ipprot: net_protocol;
  const protocol = iph.protocol;
  if (!pskb_may_pull(skb, iph.ihl * 4 + 8))
    return;
  raw_icmp_error(skb, protocol, info);
  rcu_read_lock();
  ipprot = rcu_dereference(current.host.inet_protos[protocol]);
  if (ipprot && ipprot.err_handler)
    ipprot.err_handler(skb, info);
  rcu_read_unlock();
}

function icmp_unreach(skb: sk_buff): void {
  let iph: iphdr;
  let icmph: icmphdr;
  let net: net;
  let info = 0;
  net = dev_net(skb_dst(skb).dev);
  out_err: {
    if (!pskb_may_pull(skb, sizeof_iphdr))
      break out_err;
    icmph = icmp_hdr(skb);
    iph = new iphdr(skb.head, skb.data);
    if (iph.ihl < 5)
      break out_err;
    if (icmph.type === ICMP_DEST_UNREACH) {
      switch (icmph.code & 15) {
        case ICMP_NET_UNREACH:
        case ICMP_HOST_UNREACH:
        case ICMP_PROT_UNREACH:
        case ICMP_PORT_UNREACH:
          break;
        case ICMP_FRAG_NEEDED:
          if (!current.host.ipv4_config.no_pmtu_disc)
            info = ntohs(icmph.un.frag.mtu);
          break;
        case ICMP_SR_FAILED:
          break;
        default:
          break;
      }
      if (icmph.code > NR_ICMP_UNREACH)
        return;
    } else if (icmph.type === ICMP_PARAMETERPROB)
      info = ntohl(icmph.un.gateway) >>> 24;
    if (!net.ipv4.sysctl_icmp_ignore_bogus_error_responses && inet_addr_type(net, iph.daddr) === RTN_BROADCAST) {
      return;
    }
    icmp_socket_deliver(skb, info);
    return;
  }
  ICMP_INC_STATS_BH(net, ICMP_MIB_INERRORS);
}

function icmp_redirect(skb: sk_buff): void {
  if (skb.len < sizeof_iphdr) {
    ICMP_INC_STATS_BH(dev_net(skb.dev), ICMP_MIB_INERRORS);
    return;
  }
  if (!pskb_may_pull(skb, sizeof_iphdr))
    return;
  icmp_socket_deliver(skb, icmp_hdr(skb).un.gateway);
}

function icmp_echo(skb: sk_buff): void {
  let net: net;
  net = dev_net(skb_dst(skb).dev);
  if (!net.ipv4.sysctl_icmp_echo_ignore_all) {
    const icmp_param = new icmp_bxm();
    copy_icmph(icmp_param, skb);
    icmp_param.icmph.type = ICMP_ECHOREPLY;
    icmp_param.skb = skb;
    icmp_param.offset = 0;
    icmp_param.data_len = skb.len;
    icmp_param.head_len = sizeof_icmphdr;
    icmp_reply(icmp_param, skb);
  }
}
function copy_icmph(icmp_param: icmp_bxm, skb: sk_buff): void {
  const from = icmp_hdr(skb);
  memcpy(icmp_param.data, 0, from.b, from.off, sizeof_icmphdr);
}

function icmp_timestamp(skb: sk_buff): void {
  const icmp_param = new icmp_bxm();
  if (skb.len < 4) {
    ICMP_INC_STATS_BH(dev_net(skb_dst(skb).dev), ICMP_MIB_INERRORS);
    return;
  }
  const ms = htonl(Math.floor(ktime_get_real() / 1_000_000) % 86_400_000);
  for (const at of [12, 16]) {
    icmp_param.data[at] = ms >>> 24;
    icmp_param.data[at + 1] = ms >>> 16;
    icmp_param.data[at + 2] = ms >>> 8;
    icmp_param.data[at + 3] = ms;
  }
  if (skb_copy_bits(skb, 0, icmp_param.data, 8, 4))
    BUG();
  copy_icmph(icmp_param, skb);
  icmp_param.icmph.type = ICMP_TIMESTAMPREPLY;
  icmp_param.icmph.code = 0;
  icmp_param.skb = skb;
  icmp_param.offset = 0;
  icmp_param.data_len = 0;
  icmp_param.head_len = sizeof_icmphdr + 12;
  icmp_reply(icmp_param, skb);
}

function icmp_discard(_skb: sk_buff): void { /* known, and of no interest */ }

/** An ICMP message has come in. */
export function icmp_rcv(skb: sk_buff): number {
  let icmph: icmphdr;
  const rt = skb_rtable(skb);
  const net = dev_net(rt.dst.dev);
  drop: {
    error: {
      csum_error: {
        if (!xfrm4_policy_check(null, XFRM_POLICY_IN, skb)) {
          break drop;
        }
        ICMP_INC_STATS_BH(net, ICMP_MIB_INMSGS);
        checked: switch (skb.ip_summed) {
          case CHECKSUM_COMPLETE:
            if (!csum_fold(skb.csum))
              break checked;
          // falls through
          case CHECKSUM_NONE:
            skb.csum = 0;
            if (__skb_checksum_complete(skb))
              break csum_error;
        }
        if (pskb_pull(skb, sizeof_icmphdr) === null)
          break error;
        icmph = icmp_hdr(skb);
        ICMPMSGIN_INC_STATS_BH(net, icmph.type);
        if (icmph.type > NR_ICMP_TYPES)
          break error;
        if (rt.rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
          if ((icmph.type === ICMP_ECHO || icmph.type === ICMP_TIMESTAMP) && net.ipv4.sysctl_icmp_echo_ignore_broadcasts) {
            break error;
          }
          if (icmph.type !== ICMP_ECHO && icmph.type !== ICMP_TIMESTAMP && icmph.type !== ICMP_ADDRESS && icmph.type !== ICMP_ADDRESSREPLY) {
            break error;
          }
        }
        icmp_pointers[icmph.type].handler(skb);
        break drop;
      }
      ICMP_INC_STATS_BH(net, ICMP_MIB_CSUMERRORS);
    }
    ICMP_INC_STATS_BH(net, ICMP_MIB_INERRORS);
  }
  kfree_skb(skb);
  return 0;
}

/** An ICMP error about an ICMP message of ours. */
export function icmp_err(skb: sk_buff, info: number): void {
  const iph = new iphdr(skb.head, skb.data);
  const icmph = new icmphdr(skb.head, skb.data + (iph.ihl << 2));
  const type = icmp_hdr(skb).type;
  const code = icmp_hdr(skb).code;
  const net = dev_net(skb.dev);
  if (icmph.type !== ICMP_ECHOREPLY) {
    ping_err(skb, info);
    return;
  }
  if (type === ICMP_DEST_UNREACH && code === ICMP_FRAG_NEEDED)
    ipv4_update_pmtu(skb, net, info, 0, 0, IPPROTO_ICMP, 0);
  else if (type === ICMP_REDIRECT)
    ipv4_redirect(skb, net, 0, 0, IPPROTO_ICMP, 0);
}

function control(handler: (skb: sk_buff) => void, error: number): icmp_control { return { handler, error }; }
const icmp_pointers: readonly icmp_control[] = ((): icmp_control[] => {
  const t: icmp_control[] = [];
  for (let type = 0; type <= NR_ICMP_TYPES; type++) t.push(control(icmp_discard, 1));
  t[ICMP_ECHOREPLY] = control(ping_rcv, 0);
  t[ICMP_DEST_UNREACH] = control(icmp_unreach, 1);
  t[ICMP_SOURCE_QUENCH] = control(icmp_unreach, 1);
  t[ICMP_REDIRECT] = control(icmp_redirect, 1);
  t[ICMP_ECHO] = control(icmp_echo, 0);
  t[ICMP_TIME_EXCEEDED] = control(icmp_unreach, 1);
  t[ICMP_PARAMETERPROB] = control(icmp_unreach, 1);
  t[ICMP_TIMESTAMP] = control(icmp_timestamp, 0);
  for (const type of [ICMP_TIMESTAMPREPLY, ICMP_INFO_REQUEST, ICMP_INFO_REPLY, ICMP_ADDRESS, ICMP_ADDRESSREPLY]) t[type] = control(icmp_discard, 0);
  return t;
})();

function icmp_sk_init(net: net): number {
  let err: number;
  net.ipv4.icmp_sk = [];
  for (const cpu of current.host.cpus) {
    const sk: { v: sock } = { v: null };
    err = inet_ctl_sock_create(sk, PF_INET, SOCK_RAW, IPPROTO_ICMP, net);
    if (err < 0)
      return err;
    net.ipv4.icmp_sk[cpu.id] = sk.v;
    sk.v.sk_sndbuf = 2 * SKB_TRUESIZE(64 * 1024);
    sock_set_flag(sk.v, SOCK_USE_WRITE_QUEUE);
    inet_sk(sk.v).pmtudisc = IP_PMTUDISC_DONT;
  }
  net.ipv4.sysctl_icmp_echo_ignore_all = 0;
  net.ipv4.sysctl_icmp_echo_ignore_broadcasts = 1;
  net.ipv4.sysctl_icmp_ignore_bogus_error_responses = 1;
  net.ipv4.sysctl_icmp_ratelimit = 1 * HZ;
  net.ipv4.sysctl_icmp_ratemask = 0x1818;
  net.ipv4.sysctl_icmp_errors_use_inbound_ifaddr = 0;
  return 0;
}
/** Part of inet_init(): makes a control socket per CPU. */
export function icmp_init(): number { return icmp_sk_init(current.host.init_net); }
