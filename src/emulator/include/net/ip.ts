/** include/net/ip.h. */
import { current } from '../ports';
import { ip_options, ip_options_rcu, inet_sk, type inet_cork } from './inet_sock';
import type { sk_buff, sk_buff_head } from '../linux/skbuff';
import { ip_hdr, type iphdr } from '../linux/ip';
import { htons, ntohl } from '../linux/types';
import { IP_PMTUDISC_DO, IP_PMTUDISC_WANT, type in_pktinfo } from '../linux/in';
import { AF_INET, type kvec } from '../linux/socket';
import { RTAX_MTU } from '../linux/rtnetlink';
import { dst_metric_locked, type dst_entry } from './dst';
import { FLOWI_FLAG_ANYSRC, type flowi4 } from './flow';
import { WARN_ON } from '../asm-generic/bug';
import { test_bit } from '../linux/bitops';
import type { net } from './net_namespace';
import type { sock } from './sock';
import { __ip_select_ident } from '../../net/ipv4/route';
import { __ip_make_skb } from '../../net/ipv4/ip_output';

export * from './snmp';
export {
  __ip_local_out, __ip_make_skb, ip_append_data, ip_append_page, ip_build_and_send_pkt, ip_flush_pending_frames, ip_fragment, ip_generic_getfrag, ip_local_out, ip_make_skb, ip_mc_output, ip_output,
  ip_push_pending_frames, ip_queue_xmit, ip_send_check, ip_send_skb, ip_send_unicast_reply, ip_init,
} from '../../net/ipv4/ip_output';
export { ip_call_ra_chain, ip_local_deliver, ip_rcv } from '../../net/ipv4/ip_input';
export { ip_idents_reserve, __ip_select_ident } from '../../net/ipv4/route';
export { ip_check_defrag, ip_defrag, ip_frag_mem, ip_frag_nqueues, ipfrag_init } from '../../net/ipv4/ip_fragment';
export { ip_forward } from '../../net/ipv4/ip_forward';
export { ip_forward_options, ip_options_build, ip_options_compile, ip_options_echo, ip_options_fragment, ip_options_get, ip_options_get_from_user, ip_options_rcv_srr, ip_options_undo } from '../../net/ipv4/ip_options';
export { ip_cmsg_recv, ip_cmsg_send, ip_getsockopt, ip_icmp_error, ip_local_error, ip_ra_control, ip_recv_error, ip_setsockopt, ipv4_pktinfo_prepare } from '../../net/ipv4/ip_sockglue';
export { __ip4_datagram_connect, ip4_datagram_connect, ip4_datagram_release_cb } from '../../net/ipv4/datagram';
export { inet_get_local_port_range } from '../../net/ipv4/inet_connection_sock';

declare module '../ports' {
  interface Host {
    sysctl_ip_default_ttl: number;
    sysctl_ip_nonlocal_bind: number;
    sysctl_ip_early_demux: number;
    sysctl_ip_dynaddr: number;
    ipv4_config: ipv4_config;
    ip_ra_chain: ip_ra_chain;
    /** Bit map of ports that bind(0) and connect() must not take, as words. */
    sysctl_local_reserved_ports: { v: number }[];
  }
}

/** struct inet_skb_parm: IP's control block in an skb. */
export class inet_skb_parm {
  opt: ip_options = new ip_options();
  flags = 0;
  frag_max_size = 0;
  /** What IP_PKTINFO tells (PKTINFO_SKB_CB, which overlays the rest in the kernel); null until prepared. */
  pktinfo: in_pktinfo = null;
  copy(): inet_skb_parm {
    const c = new inet_skb_parm();
    ip_options_assign(c.opt, this.opt);
    c.flags = this.flags;
    c.frag_max_size = this.frag_max_size;
    c.pktinfo = this.pktinfo;
    return c;
  }
  /** memset(this, 0, sizeof). */
  clear(): void { ip_options_clear(this.opt); this.flags = 0; this.frag_max_size = 0; this.pktinfo = null; }
}
/** *to = *from. */
export function ip_options_assign(to: ip_options, from: ip_options): void {
  to.faddr = from.faddr; to.nexthop = from.nexthop; to.optlen = from.optlen; to.srr = from.srr; to.rr = from.rr; to.ts = from.ts;
  to.is_strictroute = from.is_strictroute; to.srr_is_hit = from.srr_is_hit; to.is_changed = from.is_changed; to.rr_needaddr = from.rr_needaddr;
  to.ts_needtime = from.ts_needtime; to.ts_needaddr = from.ts_needaddr; to.router_alert = from.router_alert; to.cipso = from.cipso;
  to.__data = from.__data === null ? null : from.__data.slice();
}
/** memset(o, 0, sizeof). */
export function ip_options_clear(o: ip_options): void {
  o.faddr = o.nexthop = o.optlen = o.srr = o.rr = o.ts = o.is_strictroute = o.srr_is_hit = o.is_changed = o.rr_needaddr = 0;
  o.ts_needtime = o.ts_needaddr = o.router_alert = o.cipso = 0;
  o.__data = null;
}
export const IPSKB_FORWARDED = 1;
export const IPSKB_XFRM_TUNNEL_SIZE = 2;
export const IPSKB_XFRM_TRANSFORMED = 4;
export const IPSKB_FRAG_COMPLETE = 8;
export const IPSKB_REROUTED = 16;
export const IPSKB_DOREDIRECT = 32;

export function IPCB(skb: sk_buff): inet_skb_parm { return skb.cb_ip === null ? (skb.cb_ip = new inet_skb_parm()) : skb.cb_ip; }

export function ip_hdrlen(skb: sk_buff): number {
  return ip_hdr(skb).ihl * 4;
}

export class ipcm_cookie {
  addr = 0;
  oif = 0;
  opt: ip_options_rcu = null;
  tx_flags = 0;
}

export class ip_ra_chain {
  next: ip_ra_chain = null;
  sk: sock = null;
  destructor: (sk: sock) => void = null;
  saved_sk: sock = null;
}

export const IP_CE = 0x8000;
export const IP_DF = 0x4000;
export const IP_MF = 0x2000;
export const IP_OFFSET = 0x1fff;
/** Lifetime of a fragment, jiffies. */
export const IP_FRAG_TIME = 30 * 250;

export function ip_finish_skb(sk: sock, fl4: flowi4): sk_buff {
  return __ip_make_skb(sk, fl4, sk.sk_write_queue, inet_sk(sk).cork.base);
}

export class ip_reply_arg {
  iov: kvec[] = [];
  flags = 0;
  csum = 0;
  csumoffset = -1;
  bound_dev_if = 0;
  tos = 0;
}
export const IP_REPLY_ARG_NOSRCCHECK = 1;

export function ip_reply_arg_flowi_flags(arg: ip_reply_arg): number {
  return (arg.flags & IP_REPLY_ARG_NOSRCCHECK) ? FLOWI_FLAG_ANYSRC : 0;
}

export class ipv4_config { log_martians = 0; no_pmtu_disc = 0; }

/** Base names of packet and octet counter pairs. */
export const IPSTATS_MIB_IN = 1;
export const IPSTATS_MIB_OUT = 5;
export const IPSTATS_MIB_INMCAST = 23;
export const IPSTATS_MIB_OUTMCAST = 24;
export const IPSTATS_MIB_INBCAST = 25;
export const IPSTATS_MIB_OUTBCAST = 26;
function octets_of(pkts: number): number { return pkts < 23 ? pkts + 1 : pkts + 4; }

export function IP_INC_STATS(net: net, field: number): void { net.mib.ip_statistics[field]++; }
export function IP_INC_STATS_BH(net: net, field: number): void { net.mib.ip_statistics[field]++; }
export function IP_ADD_STATS(net: net, field: number, val: number): void { net.mib.ip_statistics[field] += val; }
export function IP_ADD_STATS_BH(net: net, field: number, val: number): void { net.mib.ip_statistics[field] += val; }
/** `field` is the ...PKTS counter; its ...OCTETS twin is found beside it. */
export function IP_UPD_PO_STATS(net: net, field: number, val: number): void { net.mib.ip_statistics[field]++; net.mib.ip_statistics[octets_of(field)] += val; }
export function IP_UPD_PO_STATS_BH(net: net, field: number, val: number): void { net.mib.ip_statistics[field]++; net.mib.ip_statistics[octets_of(field)] += val; }
export function NET_INC_STATS(net: net, field: number): void { net.mib.net_statistics[field]++; }
export function NET_INC_STATS_BH(net: net, field: number): void { net.mib.net_statistics[field]++; }
export function NET_INC_STATS_USER(net: net, field: number): void { net.mib.net_statistics[field]++; }
export function NET_ADD_STATS_BH(net: net, field: number, adnd: number): void { net.mib.net_statistics[field] += adnd; }
export function NET_ADD_STATS_USER(net: net, field: number, adnd: number): void { net.mib.net_statistics[field] += adnd; }

export class local_ports { range: [number, number] = [32768, 61000]; }

export function inet_is_reserved_local_port(port: number): boolean {
  return test_bit(port & 31, current.host.sysctl_local_reserved_ports[port >> 5]);
}
export function ip_is_fragment(iph: iphdr): boolean {
  return (iph.frag_off & htons(IP_MF | IP_OFFSET)) !== 0;
}
/** Lowers the time to live and mends the checksum (network order: the TTL is the upper byte of its word). */
export function ip_decrease_ttl(iph: iphdr): number {
  let check = iph.check;
  check += htons(0x0100);
  iph.check = check + (check >= 0xffff ? 1 : 0);
  return --iph.ttl;
}
export function ip_dont_fragment(sk: sock, dst: dst_entry): boolean {
  return inet_sk(sk).pmtudisc === IP_PMTUDISC_DO || (inet_sk(sk).pmtudisc === IP_PMTUDISC_WANT && !(dst_metric_locked(dst, RTAX_MTU)));
}
export function ip_select_ident_segs(skb: sk_buff, sk: sock, segs: number): void {
  const iph = ip_hdr(skb);
  if ((iph.frag_off & htons(IP_DF)) && !skb.local_df) {
    if (sk && inet_sk(sk).inet_daddr) {
      iph.id = htons(inet_sk(sk).inet_id);
      inet_sk(sk).inet_id = (inet_sk(sk).inet_id + segs) & 0xffff;
    } else {
      iph.id = 0;
    }
  } else {
    __ip_select_ident(iph, segs);
  }
}
export function ip_select_ident(skb: sk_buff, sk: sock): void {
  ip_select_ident_segs(skb, sk, 1);
}
/** `buf` receives the Ethernet group address of `naddr`. */
export function ip_eth_mc_map(naddr: number, buf: Uint8Array): void {
  let addr = ntohl(naddr);
  buf[0] = 0x01;
  buf[1] = 0x00;
  buf[2] = 0x5e;
  buf[5] = addr & 0xff;
  addr >>>= 8;
  buf[4] = addr & 0xff;
  addr >>>= 8;
  buf[3] = addr & 0x7f;
}
export function inet_reset_saddr(sk: sock): void {
  inet_sk(sk).inet_rcv_saddr = inet_sk(sk).inet_saddr = 0;
}
export function sk_mc_loop(sk: sock): number {
  if (!sk)
    return 1;
  switch (sk.sk_family) {
  case AF_INET:
    return inet_sk(sk).mc_loop;
  }
  WARN_ON(1);
  return 1;
}

export const IP_DEFRAG_LOCAL_DELIVER = 0;
export const IP_DEFRAG_CALL_RA_CHAIN = 1;
export const IP_DEFRAG_CONNTRACK_IN = 2;
export const IP_DEFRAG_AF_PACKET = 0x30008;

export type { inet_cork, sk_buff_head };
