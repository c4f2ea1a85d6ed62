/** Mirror of net/ipv4/tcp_ipv4.c: TCP over IPv4. No MD5, no Fast Open data, no syncookies (never reached: the SYN queue does not fill). */
import { BUG_ON, WARN_ON } from '../../include/asm-generic/bug';
import { current, type Gen, type Host } from '../../include/ports';
import { ACCESS_ONCE, likely, unlikely } from '../../include/linux/compiler';
import { atomic_inc_not_zero } from '../../include/linux/atomic';
import { test_and_set_bit } from '../../include/linux/bitops';
import { IS_ERR, PTR_ERR } from '../../include/linux/err';
import { jiffies } from '../../include/linux/jiffies';
import { get_seconds } from '../../include/linux/ktime';
import { min } from '../../include/linux/kernel';
import { percpu_counter_dec } from '../../include/linux/percpu_counter';
import { htonl, htons, ntohl, ntohs } from '../../include/linux/types';
import { wake_up_interruptible_sync_poll } from '../../include/linux/wait';
import { POLLIN, POLLRDBAND, POLLRDNORM } from '../../include/linux/poll';
import { IP_PMTUDISC_DONT, IPPROTO_TCP, type sockaddr_in } from '../../include/linux/in';
import { ip_hdr, iphdr } from '../../include/linux/ip';
import { icmp_hdr, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, ICMP_HOST_UNREACH, ICMP_NET_UNREACH, ICMP_PARAMETERPROB, ICMP_REDIRECT, ICMP_SOURCE_QUENCH, ICMP_TIME_EXCEEDED, NR_ICMP_UNREACH } from '../../include/linux/icmp';
import { PACKET_HOST } from '../../include/linux/if_packet';
import { dev_net, type gro_pp, NAPI_GRO_CB, net_xmit_eval, skb_gro_len, skb_gro_network_header, skb_gro_offset } from '../../include/linux/netdevice';
import { RTN_LOCAL } from '../../include/linux/rtnetlink';
import { AF_INET, PF_INET, sizeof_sockaddr_in } from '../../include/linux/socket';
import { SOCK_RAW } from '../../include/linux/net';
import { iovec } from '../../include/linux/uio';
import {
  __skb_checksum_complete, __skb_dequeue, __skb_queue_purge, __skb_queue_tail, CHECKSUM_COMPLETE, CHECKSUM_NONE, CHECKSUM_PARTIAL, CHECKSUM_UNNECESSARY, kfree_skb, nf_reset, pskb_may_pull, SKB_GSO_TCPV4, skb_checksum,
  skb_csum_unnecessary, skb_dst, skb_dst_set_noref, skb_get_queue_mapping, skb_queue_len, skb_rtable, skb_set_queue_mapping, skb_shinfo, skb_transport_header, skb_transport_offset, type sk_buff,
} from '../../include/linux/skbuff';
import {
  ICMP_MIB_INERRORS, IPSTATS_MIB_OUTNOROUTES, LINUX_MIB_LISTENDROPS, LINUX_MIB_LISTENOVERFLOWS, LINUX_MIB_LOCKDROPPEDICMPS, LINUX_MIB_OUTOFWINDOWICMPS, LINUX_MIB_PAWSPASSIVEREJECTED, LINUX_MIB_TCPBACKLOGDROP,
  LINUX_MIB_TCPFASTOPENPASSIVE, LINUX_MIB_TCPFASTOPENPASSIVEFAIL, LINUX_MIB_TCPMINTTLDROP, LINUX_MIB_TCPPREQUEUEDROPPED, LINUX_MIB_TCPREQQFULLDROP, TCP_MIB_CSUMERRORS, TCP_MIB_INERRS, TCP_MIB_INSEGS, TCP_MIB_OUTRSTS, TCP_MIB_OUTSEGS, TCP_MIB_RETRANSSEGS,
} from '../../include/linux/snmp';
import {
  sizeof_tcphdr, tcp_clear_options, tcp_fastopen_cookie, fastopen_cookie_present, tcp_hdr, tcp_hdrlen, TCP_MTU_REDUCED_DEFERRED, tcp_options_received, tcp_request_sock, tcp_rsk, tcp_sk, tcp_sock, tcp_timewait_sock, tcp_twsk, tcphdr,
} from '../../include/linux/tcp';
import { EAFNOSUPPORT, EHOSTUNREACH, EINVAL, EMSGSIZE, ENETUNREACH, ENOMEM, EPROTO } from '../../include/uapi/asm-generic/errno';
import { csum_fold, csum_partial, csum_tcpudp_nofold } from '../../include/net/checksum';
import { dst_check, dst_hold, skb_dst_force, dst_metric_advmss, dst_mtu, dst_release, type dst_entry } from '../../include/net/dst';
import { flowi4 } from '../../include/net/flow';
import { icmp_err_convert, ICMP_INC_STATS_BH } from '../../include/net/icmp';
import { inet_ctl_sock_create, inet_ctl_sock_destroy } from '../../include/net/inet_common';
import {
  ICSK_TIME_DACK, ICSK_TIME_RETRANS, inet_csk, inet_csk_accept, inet_csk_ack_scheduled, inet_csk_addr2sockaddr, inet_csk_bind_conflict, type inet_connection_sock_af_ops, inet_csk_get_port, inet_csk_prepare_forced_close,
  inet_csk_reqsk_queue_drop, inet_csk_reqsk_queue_hash_add, inet_csk_reqsk_queue_is_full, inet_csk_reqsk_queue_len, inet_csk_reqsk_queue_young, inet_csk_reset_xmit_timer, inet_csk_route_child_sock, inet_csk_route_req,
  inet_csk_search_req, inet_csk_update_pmtu, type request_sock_ref, type inet_connection_sock,
} from '../../include/net/inet_connection_sock';
import { INET_ECN_is_not_ect } from '../../include/net/inet_ecn';
import {
  __inet_hash_nolisten, __inet_inherit_port, __inet_lookup_established, __inet_lookup_skb, inet_hash, inet_hash_connect, inet_hashinfo, inet_hashinfo_init, inet_lookup, inet_lookup_established, inet_lookup_listener, inet_put_port,
  inet_unhash,
} from '../../include/net/inet_hashtables';
import { inet_reqsk_alloc, inet_rsk, inet_sk, ip_options_rcu } from '../../include/net/inet_sock';
import { inet_twsk, inet_twsk_deschedule, inet_twsk_put } from '../../include/net/inet_timewait_sock';
import { IP_INC_STATS, IP_INC_STATS_BH, ip_dont_fragment, ip_reply_arg, IP_REPLY_ARG_NOSRCCHECK, IPCB, NET_INC_STATS_BH } from '../../include/net/ip';
import { ipv4_get_dsfield } from '../../include/net/dsfield';
import type { net } from '../../include/net/net_namespace';
import { reqsk_free, type request_sock, type request_sock_ops } from '../../include/net/request_sock';
import { ip_route_connect, ip_route_newports, ip_rt_put, RT_CONN_FLAGS, RTCF_BROADCAST, RTCF_MULTICAST, inet_iif, type rtable } from '../../include/net/route';
import {
  __sk_dst_check, bh_lock_sock, bh_lock_sock_nested, bh_unlock_sock, sk_acceptq_is_full, sk_add_backlog, sk_backlog_rcv, sk_setup_caps, sk_sleep, sk_sockets_allocated_dec, sock_edemux, sock_hold, sock_net, sock_owned_by_user,
  sock_put, sock_rps_save_rxhash, type proto, type sock,
} from '../../include/net/sock';
import {
  __tcp_set_rto, between, MAX_TCP_HEADER, TCP_CLOSE, TFO_SERVER_ALWAYS, TFO_SERVER_COOKIE_NOT_REQD, TCP_ECN_create_request, TCP_ESTABLISHED, TCP_INC_STATS_BH, TCP_LISTEN, TCP_MSS_DEFAULT, TCP_RTO_MAX, TCP_SKB_CB, TCP_SYN_RECV, TCP_SYN_SENT, TCP_TIME_WAIT,
  TCP_TIMEOUT_INIT, TCP_TW_ACK, TCP_TW_RST, TCP_TW_SUCCESS, TCP_TW_SYN, tcp_bound_rto, tcp_checksum_complete, tcp_clear_xmit_timers, tcp_openreq_init, tcp_rto_min, tcp_synack_rtt_meas, tcp_time_stamp, tcp_v4_check,
  tcp_write_queue_head, tcp_write_queue_purge, TCPF_CLOSE, TCPF_LISTEN, TCPOLEN_TIMESTAMP, TCPOLEN_TSTAMP_ALIGNED, TCPOPT_NOP, TCPOPT_TIMESTAMP, cookie_v4_init_sequence,
} from '../../include/net/tcp';
import type { timewait_sock_ops } from '../../include/net/timewait_sock';
import { sk_filter_trim_cap } from '../core/filter';
import { secure_tcp_sequence_number } from '../core/secure_seq';
import { inet_sk_rebuild_header } from './af_inet';
import { ip_build_and_send_pkt, ip_queue_xmit, ip_send_unicast_reply } from './ip_output';
import { ip_getsockopt, ip_setsockopt } from './ip_sockglue';
import { ip_options_echo } from './ip_options';
import {
  tcp_close, tcp_disconnect, tcp_done, tcp_enter_memory_pressure, tcp_getsockopt, tcp_gro_complete, tcp_gro_receive, tcp_init_sock, tcp_ioctl, tcp_recvmsg, tcp_sendmsg, tcp_sendpage, tcp_set_state, tcp_setsockopt, tcp_shutdown,
} from './tcp';
import { tcp_cleanup_congestion_control } from './tcp_cong';
import { tcp_initialize_rcv_mss, tcp_parse_options, tcp_rcv_established, tcp_rcv_state_process, tcp_simple_retransmit } from './tcp_input';
import { tcp_fetch_timewait_stamp, tcp_peer_is_proven } from './tcp_metrics';
import { tcp_check_req, tcp_child_process, tcp_create_openreq_child, tcp_timewait_state_process, tcp_twsk_destructor } from './tcp_minisocks';
import { tcp_connect, tcp_make_synack, tcp_mtup_init, tcp_release_cb, tcp_sync_mss } from './tcp_output';
import { tcp_retransmit_timer, tcp_syn_ack_timeout } from './tcp_timer';

declare module '../../include/ports' { interface Cpu { tcp_sk: sock } }

/** tcp_ipv4.c's variables: the hash tables and two sysctls. */
export function tcp_ipv4_globals(host: Host): void {
  host.sysctl_tcp_tw_reuse = 0;
  host.sysctl_tcp_low_latency = 0;
  host.sysctl_tcp_fastopen = 0;
  host.tcp_hashinfo = new inet_hashinfo();
}

function tcp_v4_init_sequence(skb: sk_buff): number {
  return secure_tcp_sequence_number(ip_hdr(skb).daddr, ip_hdr(skb).saddr, tcp_hdr(skb).dest, tcp_hdr(skb).source);
}

export function tcp_twsk_unique(sk: sock, sktw: sock, twp: unknown): number {
  const tcptw = tcp_twsk(sktw);
  const tp = tcp_sk(sk);
  if (tcptw.tw_ts_recent_stamp && (twp === null || (current.host.sysctl_tcp_tw_reuse && get_seconds() - tcptw.tw_ts_recent_stamp > 1))) {
    tp.write_seq = (tcptw.tw_snd_nxt + 65535 + 2) >>> 0;
    if (tp.write_seq === 0)
      tp.write_seq = 1;
    tp.rx_opt.ts_recent = tcptw.tw_ts_recent;
    tp.rx_opt.ts_recent_stamp = tcptw.tw_ts_recent_stamp;
    sock_hold(sktw);
    return 1;
  }
  return 0;
}

/** Starts a connection: route, local port, first sequence number, SYN. */
export function* tcp_v4_connect(sk: sock, uaddr: sockaddr_in, addr_len: number): Gen<number> {
  const usin = uaddr;
  const inet = inet_sk(sk);
  const tp = tcp_sk(sk);
  let orig_sport: number, orig_dport: number;
  let daddr: number, nexthop: number;
  let fl4: flowi4;
  let rt: rtable;
  let err: number;
  if (addr_len < sizeof_sockaddr_in)
    return -EINVAL;
  if (usin.sin_family !== AF_INET)
    return -EAFNOSUPPORT;
  nexthop = daddr = usin.sin_addr.s_addr;
  const inet_opt = inet.inet_opt;
  if (inet_opt && inet_opt.opt.srr) {
    if (!daddr)
      return -EINVAL;
    nexthop = inet_opt.opt.faddr;
  }
  orig_sport = inet.inet_sport;
  orig_dport = usin.sin_port;
  fl4 = inet.cork.fl.u.ip4;
  rt = ip_route_connect(fl4, nexthop, inet.inet_saddr, RT_CONN_FLAGS(sk), sk.sk_bound_dev_if, IPPROTO_TCP, orig_sport, orig_dport, sk, true);
  if (IS_ERR(rt)) {
    err = PTR_ERR(rt);
    if (err === -ENETUNREACH)
      IP_INC_STATS(sock_net(sk), IPSTATS_MIB_OUTNOROUTES);
    return err;
  }
  if (rt.rt_flags & (RTCF_MULTICAST | RTCF_BROADCAST)) {
    ip_rt_put(rt);
    return -ENETUNREACH;
  }
  if (!inet_opt || !inet_opt.opt.srr)
    daddr = fl4.daddr;
  if (!inet.inet_saddr)
    inet.inet_saddr = fl4.saddr;
  inet.inet_rcv_saddr = inet.inet_saddr;
  if (tp.rx_opt.ts_recent_stamp && inet.inet_daddr !== daddr) {
    tp.rx_opt.ts_recent = 0;
    tp.rx_opt.ts_recent_stamp = 0;
    if (likely(!tp.repair))
      tp.write_seq = 0;
  }
  if (current.host.tcp_death_row.sysctl_tw_recycle && !tp.rx_opt.ts_recent_stamp && fl4.daddr === daddr)
    tcp_fetch_timewait_stamp(sk, rt);
  inet.inet_dport = usin.sin_port;
  inet.inet_daddr = daddr;
  inet_csk(sk).icsk_ext_hdr_len = 0;
  if (inet_opt)
    inet_csk(sk).icsk_ext_hdr_len = inet_opt.opt.optlen;
  tp.rx_opt.mss_clamp = TCP_MSS_DEFAULT;
  tcp_set_state(sk, TCP_SYN_SENT);
  err = inet_hash_connect(current.host.tcp_death_row, sk);
  failure: {
    if (err)
      break failure;
    rt = ip_route_newports(fl4, rt, orig_sport, orig_dport, inet.inet_sport, inet.inet_dport, sk);
    if (IS_ERR(rt)) {
      err = PTR_ERR(rt);
      rt = null;
      break failure;
    }
    sk.sk_gso_type = SKB_GSO_TCPV4;
    sk_setup_caps(sk, rt);
    if (!tp.write_seq && likely(!tp.repair))
      tp.write_seq = secure_tcp_sequence_number(inet.inet_saddr, inet.inet_daddr, inet.inet_sport, usin.sin_port);
    inet.inet_id = (tp.write_seq ^ jiffies()) & 0xffff;
    err = tcp_connect(sk);
    rt = null;
    if (err)
      break failure;
    return 0;
  }
  tcp_set_state(sk, TCP_CLOSE);
  ip_rt_put(rt);
  sk.sk_route_caps = 0;
  inet.inet_dport = 0;
  return err;
}

export function tcp_v4_mtu_reduced(sk: sock): void {
  const inet = inet_sk(sk);
  let dst: dst_entry;
  let mtu: number;
  if ((1 << sk.sk_state) & (TCPF_LISTEN | TCPF_CLOSE))
    return;
  mtu = tcp_sk(sk).mtu_info;
  dst = inet_csk_update_pmtu(sk, mtu);
  if (!dst)
    return;
  if (mtu < dst_mtu(dst) && ip_dont_fragment(sk, dst))
    sk.sk_err_soft = EMSGSIZE;
  mtu = dst_mtu(dst);
  if (inet.pmtudisc !== IP_PMTUDISC_DONT && inet_csk(sk).icsk_pmtu_cookie > mtu) {
    tcp_sync_mss(sk, mtu);
    tcp_simple_retransmit(sk);
  }
}

function do_redirect(skb: sk_buff, sk: sock): void {
  const dst = __sk_dst_check(sk, 0);
  if (dst)
    dst.ops.redirect(dst, sk, skb);
}

/** An ICMP error about a segment that we sent. */
export function tcp_v4_err(icmp_skb: sk_buff, info: number): void {
  const iph = new iphdr(icmp_skb.head, icmp_skb.data);
  const th = new tcphdr(icmp_skb.head, icmp_skb.data + (iph.ihl << 2));
  let icsk: inet_connection_sock;
  let tp: tcp_sock;
  const type = icmp_hdr(icmp_skb).type;
  const code = icmp_hdr(icmp_skb).code;
  let sk: sock;
  let skb: sk_buff;
  let req: request_sock;
  let seq: number;
  let remaining: number;
  let err: number;
  const net = dev_net(icmp_skb.dev);
  if (icmp_skb.len < (iph.ihl << 2) + 8) {
    ICMP_INC_STATS_BH(net, ICMP_MIB_INERRORS);
    return;
  }
  sk = inet_lookup(net, current.host.tcp_hashinfo, iph.daddr, th.dest, iph.saddr, th.source, inet_iif(icmp_skb));
  if (!sk) {
    ICMP_INC_STATS_BH(net, ICMP_MIB_INERRORS);
    return;
  }
  if (sk.sk_state === TCP_TIME_WAIT) {
    inet_twsk_put(inet_twsk(sk));
    return;
  }
  bh_lock_sock(sk);
  out: {
    if (sock_owned_by_user(sk)) {
      if (!(type === ICMP_DEST_UNREACH && code === ICMP_FRAG_NEEDED))
        NET_INC_STATS_BH(net, LINUX_MIB_LOCKDROPPEDICMPS);
    }
    if (sk.sk_state === TCP_CLOSE)
      break out;
    if (unlikely(iph.ttl < inet_sk(sk).min_ttl)) {
      NET_INC_STATS_BH(net, LINUX_MIB_TCPMINTTLDROP);
      break out;
    }
    icsk = inet_csk(sk);
    tp = tcp_sk(sk);
    req = tp.fastopen_rsk;
    seq = ntohl(th.seq);
    if (sk.sk_state !== TCP_LISTEN && !between(seq, tp.snd_una, tp.snd_nxt) && (req === null || seq !== tcp_rsk(req).snt_isn)) {
      NET_INC_STATS_BH(net, LINUX_MIB_OUTOFWINDOWICMPS);
      break out;
    }
    switch (type) {
      case ICMP_REDIRECT:
        if (!sock_owned_by_user(sk))
          do_redirect(icmp_skb, sk);
        break out;
      case ICMP_SOURCE_QUENCH:
        break out;
      case ICMP_PARAMETERPROB:
        err = EPROTO;
        break;
      case ICMP_DEST_UNREACH:
        if (code > NR_ICMP_UNREACH)
          break out;
        if (code === ICMP_FRAG_NEEDED) {
          if (sk.sk_state === TCP_LISTEN)
            break out;
          tp.mtu_info = info;
          if (!sock_owned_by_user(sk)) {
            tcp_v4_mtu_reduced(sk);
          } else {
            if (!test_and_set_bit(TCP_MTU_REDUCED_DEFERRED, tp.tsq_flags))
              sock_hold(sk);
          }
          break out;
        }
        err = icmp_err_convert[code].errno;
        if (code !== ICMP_NET_UNREACH && code !== ICMP_HOST_UNREACH)
          break;
        if (seq !== tp.snd_una || !icsk.icsk_retransmits || !icsk.icsk_backoff)
          break;
        if (sock_owned_by_user(sk))
          break;
        icsk.icsk_backoff--;
        inet_csk(sk).icsk_rto = (tp.srtt ? __tcp_set_rto(tp) : TCP_TIMEOUT_INIT) << icsk.icsk_backoff;
        tcp_bound_rto(sk);
        skb = tcp_write_queue_head(sk);
        BUG_ON(!skb);
        remaining = icsk.icsk_rto - min(icsk.icsk_rto, (tcp_time_stamp() - TCP_SKB_CB(skb).when) >>> 0);
        if (remaining) {
          inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, remaining, TCP_RTO_MAX);
        } else {
          tcp_retransmit_timer(sk);
        }
        break;
      case ICMP_TIME_EXCEEDED:
        err = EHOSTUNREACH;
        break;
      default:
        break out;
    }
    if (req && req.sk === null)
      break out;
    switch (sk.sk_state) {
      case TCP_LISTEN: {
        const prev: { v: request_sock_ref } = { v: null };
        if (sock_owned_by_user(sk))
          break out;
        req = inet_csk_search_req(sk, prev, th.dest, iph.daddr, iph.saddr);
        if (!req)
          break out;
        WARN_ON(req.sk);
        if (seq !== tcp_rsk(req).snt_isn) {
          NET_INC_STATS_BH(net, LINUX_MIB_OUTOFWINDOWICMPS);
          break out;
        }
        inet_csk_reqsk_queue_drop(sk, req, prev.v);
        NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_LISTENDROPS);
        break out;
      }
      case TCP_SYN_SENT:
      case TCP_SYN_RECV:
        if (!sock_owned_by_user(sk)) {
          sk.sk_err = err;
          sk.sk_error_report(sk);
          tcp_done(sk);
        } else {
          sk.sk_err_soft = err;
        }
        break out;
    }
    const inet = inet_sk(sk);
    if (!sock_owned_by_user(sk) && inet.recverr) {
      sk.sk_err = err;
      sk.sk_error_report(sk);
    } else {
      sk.sk_err_soft = err;
    }
  }
  bh_unlock_sock(sk);
  sock_put(sk);
}

function __tcp_v4_send_check(skb: sk_buff, saddr: number, daddr: number): void {
  const th = tcp_hdr(skb);
  if (skb.ip_summed === CHECKSUM_PARTIAL) {
    th.check = ~tcp_v4_check(skb.len, saddr, daddr, 0) & 0xffff;
    skb.csum_start = skb_transport_header(skb);
    skb.csum_offset = 16;
  } else {
    th.check = tcp_v4_check(skb.len, saddr, daddr, csum_partial(th.bytes, th.at, th.doff << 2, skb.csum));
  }
}

/** Fills in the checksum, or prepares it for the device. */
export function tcp_v4_send_check(sk: sock, skb: sk_buff): void {
  const inet = inet_sk(sk);
  __tcp_v4_send_check(skb, inet.inet_saddr, inet.inet_daddr);
}

export function tcp_v4_gso_send_check(skb: sk_buff): number {
  let iph: iphdr;
  let th: tcphdr;
  if (!pskb_may_pull(skb, sizeof_tcphdr))
    return -EINVAL;
  iph = ip_hdr(skb);
  th = tcp_hdr(skb);
  th.check = 0;
  skb.ip_summed = CHECKSUM_PARTIAL;
  __tcp_v4_send_check(skb, iph.saddr, iph.daddr);
  return 0;
}

/** Answers a segment that fits no connection with RST (RFC 793, page 36). */
function tcp_v4_send_reset(sk: sock, skb: sk_buff): void {
  const th = tcp_hdr(skb);
  const rep = { th: new tcphdr(new Uint8Array(sizeof_tcphdr), 0) };
  const arg = new ip_reply_arg();
  let net: net;
  if (th.rst)
    return;
  if (skb_rtable(skb).rt_type !== RTN_LOCAL)
    return;
  rep.th.dest = th.source;
  rep.th.source = th.dest;
  rep.th.doff = sizeof_tcphdr / 4;
  rep.th.rst = 1;
  if (th.ack) {
    rep.th.seq = th.ack_seq;
  } else {
    rep.th.ack = 1;
    rep.th.ack_seq = htonl((ntohl(th.seq) + th.syn + th.fin + skb.len - (th.doff << 2)) >>> 0);
  }
  arg.iov[0] = new iovec(rep.th.bytes, 0, sizeof_tcphdr);
  arg.csum = csum_tcpudp_nofold(ip_hdr(skb).daddr, ip_hdr(skb).saddr, arg.iov[0].iov_len, IPPROTO_TCP, 0);
  arg.csumoffset = 16 / 2;
  arg.flags = sk && inet_sk(sk).transparent ? IP_REPLY_ARG_NOSRCCHECK : 0;
  if (sk)
    arg.bound_dev_if = sk.sk_bound_dev_if;
  net = dev_net(skb_dst(skb).dev);
  arg.tos = ip_hdr(skb).tos;
  ip_send_unicast_reply(current.cpu.tcp_sk, skb, ip_hdr(skb).saddr, ip_hdr(skb).daddr, arg, arg.iov[0].iov_len);
  TCP_INC_STATS_BH(net, TCP_MIB_OUTSEGS);
  TCP_INC_STATS_BH(net, TCP_MIB_OUTRSTS);
}

/** An ACK without a full socket: for SYN_RECV and TIME_WAIT. */
function tcp_v4_send_ack(skb: sk_buff, seq: number, ack: number, win: number, tsval: number, tsecr: number, oif: number, reply_flags: number, tos: number): void {
  const th = tcp_hdr(skb);
  const bytes = new Uint8Array(sizeof_tcphdr + TCPOLEN_TSTAMP_ALIGNED);
  const rep = { th: new tcphdr(bytes, 0), opt: new DataView(bytes.buffer, sizeof_tcphdr) };
  const arg = new ip_reply_arg();
  const net = dev_net(skb_dst(skb).dev);
  arg.iov[0] = new iovec(bytes, 0, sizeof_tcphdr);
  if (tsecr) {
    rep.opt.setUint32(0, htonl((TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) | (TCPOPT_TIMESTAMP << 8) | TCPOLEN_TIMESTAMP));
    rep.opt.setUint32(4, htonl(tsval));
    rep.opt.setUint32(8, htonl(tsecr));
    arg.iov[0].iov_len += TCPOLEN_TSTAMP_ALIGNED;
  }
  rep.th.dest = th.source;
  rep.th.source = th.dest;
  rep.th.doff = arg.iov[0].iov_len / 4;
  rep.th.seq = htonl(seq);
  rep.th.ack_seq = htonl(ack);
  rep.th.ack = 1;
  rep.th.window = htons(win);
  arg.flags = reply_flags;
  arg.csum = csum_tcpudp_nofold(ip_hdr(skb).daddr, ip_hdr(skb).saddr, arg.iov[0].iov_len, IPPROTO_TCP, 0);
  arg.csumoffset = 16 / 2;
  if (oif)
    arg.bound_dev_if = oif;
  arg.tos = tos;
  ip_send_unicast_reply(current.cpu.tcp_sk, skb, ip_hdr(skb).saddr, ip_hdr(skb).daddr, arg, arg.iov[0].iov_len);
  TCP_INC_STATS_BH(net, TCP_MIB_OUTSEGS);
}

function tcp_v4_timewait_ack(sk: sock, skb: sk_buff): void {
  const tw = inet_twsk(sk);
  const tcptw = tcp_twsk(sk);
  tcp_v4_send_ack(skb, tcptw.tw_snd_nxt, tcptw.tw_rcv_nxt, tcptw.tw_rcv_wnd >> tw.tw_rcv_wscale, (tcp_time_stamp() + tcptw.tw_ts_offset) >>> 0, tcptw.tw_ts_recent, tw.tw_bound_dev_if,
    tw.tw_transparent ? IP_REPLY_ARG_NOSRCCHECK : 0, tw.tw_tos);
  inet_twsk_put(tw);
}

function tcp_v4_reqsk_send_ack(sk: sock, skb: sk_buff, req: request_sock): void {
  tcp_v4_send_ack(skb, sk.sk_state === TCP_LISTEN ? (tcp_rsk(req).snt_isn + 1) >>> 0 : tcp_sk(sk).snd_nxt, tcp_rsk(req).rcv_nxt, req.rcv_wnd >> inet_rsk(req).rcv_wscale, tcp_time_stamp(), req.ts_recent, 0,
    inet_rsk(req).no_srccheck ? IP_REPLY_ARG_NOSRCCHECK : 0, ip_hdr(skb).tos);
}

function tcp_v4_send_synack(sk: sock, dst: dst_entry, req: request_sock, queue_mapping: number, _nocache: boolean): number {
  const ireq = inet_rsk(req);
  const fl4 = new flowi4();
  let err = -1;
  let skb: sk_buff;
  if (!dst && (dst = inet_csk_route_req(sk, fl4, req)) === null)
    return -1;
  skb = tcp_make_synack(sk, dst, req, null);
  if (skb) {
    __tcp_v4_send_check(skb, ireq.loc_addr, ireq.rmt_addr);
    skb_set_queue_mapping(skb, queue_mapping);
    err = ip_build_and_send_pkt(skb, sk, ireq.loc_addr, ireq.rmt_addr, ireq.opt);
    err = net_xmit_eval(err);
    if (!tcp_rsk(req).snt_synack && !err)
      tcp_rsk(req).snt_synack = tcp_time_stamp();
  }
  return err;
}

function tcp_v4_rtx_synack(sk: sock, req: request_sock): number {
  const res = tcp_v4_send_synack(sk, null, req, 0, false);
  if (!res)
    TCP_INC_STATS_BH(sock_net(sk), TCP_MIB_RETRANSSEGS);
  return res;
}

function tcp_v4_reqsk_destructor(_req: request_sock): void { /* ireq.opt is garbage collected */ }

/** The SYN queue is full: DEVIATION: syncookies are not modelled, so the SYN is dropped and counted. */
export function tcp_syn_flood_action(sk: sock, _skb: sk_buff, proto: string): boolean {
  const want_cookie = false;
  NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPREQQFULLDROP);
  current.machine.log(`${proto}: Possible SYN flooding. Dropping request.`);
  return want_cookie;
}

function tcp_v4_save_options(skb: sk_buff): ip_options_rcu {
  const opt = IPCB(skb).opt;
  let dopt: ip_options_rcu = null;
  if (opt && opt.optlen) {
    dopt = new ip_options_rcu();
    if (dopt) {
      if (ip_options_echo(dopt.opt, skb)) {
        dopt = null;
      }
    }
  }
  return dopt;
}

export const tcp_request_sock_ops: request_sock_ops = {
  get family() { return PF_INET; },
  new_req: () => new tcp_request_sock(),
  rtx_syn_ack: tcp_v4_rtx_synack,
  send_ack: tcp_v4_reqsk_send_ack,
  destructor: tcp_v4_reqsk_destructor,
  send_reset: tcp_v4_send_reset,
  syn_ack_timeout: tcp_syn_ack_timeout,
};

/**
 * May this SYN carry data at once? DEVIATION: no listener here enables Fast Open (net.ipv4.tcp_fastopen is 0 on the recorded kernel),
 * so what follows the test of that is left out: there is no queue of such requests to judge.
 */
function tcp_fastopen_check(sk: sock, skb: sk_buff, _req: request_sock, foc: tcp_fastopen_cookie, _valid_foc: tcp_fastopen_cookie): boolean {
  const sysctl_tcp_fastopen = current.host.sysctl_tcp_fastopen;
  let skip_cookie = false;
  if (likely(!fastopen_cookie_present(foc))) {
    if (sysctl_tcp_fastopen & TFO_SERVER_ALWAYS || (sysctl_tcp_fastopen & TFO_SERVER_COOKIE_NOT_REQD && TCP_SKB_CB(skb).end_seq !== TCP_SKB_CB(skb).seq + 1))
      skip_cookie = true;
    else
      return false;
  }
  NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPFASTOPENPASSIVE);
  return false;
}

/** A SYN for a listener: a request in the SYN queue and a SYN+ACK. */
export function tcp_v4_conn_request(sk: sock, skb: sk_buff): number {
  const tmp_opt = new tcp_options_received();
  let req: request_sock;
  const tp = tcp_sk(sk);
  let dst: dst_entry = null;
  const saddr = ip_hdr(skb).saddr;
  const daddr = ip_hdr(skb).daddr;
  let isn = TCP_SKB_CB(skb).when;
  let want_cookie = false;
  const fl4 = new flowi4();
  const foc = new tcp_fastopen_cookie();
  const valid_foc = new tcp_fastopen_cookie();
  foc.len = valid_foc.len = -1;
  let skb_synack: sk_buff;
  let do_fastopen: boolean;
  drop: {
    if (skb_rtable(skb).rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST))
      break drop;
    if (inet_csk_reqsk_queue_is_full(sk) && !isn) {
      want_cookie = tcp_syn_flood_action(sk, skb, 'TCP');
      if (!want_cookie)
        break drop;
    }
    if (sk_acceptq_is_full(sk) && inet_csk_reqsk_queue_young(sk) > 1) {
      NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_LISTENOVERFLOWS);
      break drop;
    }
    req = inet_reqsk_alloc(tcp_request_sock_ops);
    if (!req)
      break drop;
    tcp_clear_options(tmp_opt);
    tmp_opt.mss_clamp = TCP_MSS_DEFAULT;
    tmp_opt.user_mss = tp.rx_opt.user_mss;
    tcp_parse_options(skb, tmp_opt, 0, want_cookie ? null : foc);
    if (want_cookie && !tmp_opt.saw_tstamp)
      tcp_clear_options(tmp_opt);
    tmp_opt.tstamp_ok = tmp_opt.saw_tstamp;
    tcp_openreq_init(req, tmp_opt, skb);
    const ireq = inet_rsk(req);
    ireq.loc_addr = daddr;
    ireq.rmt_addr = saddr;
    ireq.no_srccheck = inet_sk(sk).transparent;
    ireq.opt = tcp_v4_save_options(skb);
    drop_and_free: {
      if (!want_cookie || tmp_opt.tstamp_ok)
        TCP_ECN_create_request(req, skb, sock_net(sk));
      drop_and_release: {
        if (want_cookie) {
          isn = cookie_v4_init_sequence(sk, skb, { v: req.mss });
          req.cookie_ts = tmp_opt.tstamp_ok;
        } else if (!isn) {
          if (tmp_opt.saw_tstamp && current.host.tcp_death_row.sysctl_tw_recycle && (dst = inet_csk_route_req(sk, fl4, req)) !== null && fl4.daddr === saddr) {
            if (!tcp_peer_is_proven(req, dst, true)) {
              NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_PAWSPASSIVEREJECTED);
              break drop_and_release;
            }
          } else if (!current.host.sysctl_tcp_syncookies && current.host.sysctl_max_syn_backlog - inet_csk_reqsk_queue_len(sk) < current.host.sysctl_max_syn_backlog >> 2 && !tcp_peer_is_proven(req, dst, false)) {
            break drop_and_release;
          }
          isn = tcp_v4_init_sequence(skb);
        }
        tcp_rsk(req).snt_isn = isn;
        if (dst === null) {
          dst = inet_csk_route_req(sk, fl4, req);
          if (dst === null)
            break drop_and_free;
        }
        do_fastopen = tcp_fastopen_check(sk, skb, req, foc, valid_foc);
        skb_synack = tcp_make_synack(sk, dst, req, fastopen_cookie_present(valid_foc) ? valid_foc : null);
        if (skb_synack) {
          __tcp_v4_send_check(skb_synack, ireq.loc_addr, ireq.rmt_addr);
          skb_set_queue_mapping(skb_synack, skb_get_queue_mapping(skb));
        } else
          break drop_and_free;
        if (likely(!do_fastopen)) {
          let err: number;
          err = ip_build_and_send_pkt(skb_synack, sk, ireq.loc_addr, ireq.rmt_addr, ireq.opt);
          err = net_xmit_eval(err);
          if (err || want_cookie)
            break drop_and_free;
          tcp_rsk(req).snt_synack = tcp_time_stamp();
          tcp_rsk(req).listener = null;
          inet_csk_reqsk_queue_hash_add(sk, req, TCP_TIMEOUT_INIT);
          if (fastopen_cookie_present(foc) && foc.len !== 0)
            NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPFASTOPENPASSIVEFAIL);
        }
        return 0;
      }
      dst_release(dst);
    }
    reqsk_free(req);
  }
  NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_LISTENDROPS);
  return 0;
}

/** The handshake's last ACK has come: the connection's own socket. */
export function tcp_v4_syn_recv_sock(sk: sock, skb: sk_buff, req: request_sock, dst: dst_entry): sock {
  let newsk: sock;
  exit: {
    exit_nonewsk: {
      if (sk_acceptq_is_full(sk)) {
        NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_LISTENOVERFLOWS);
        break exit_nonewsk;
      }
      newsk = tcp_create_openreq_child(sk, req, skb);
      if (!newsk)
        break exit_nonewsk;
      newsk.sk_gso_type = SKB_GSO_TCPV4;
      inet_sk_rx_dst_set(newsk, skb);
      const newtp = tcp_sk(newsk);
      const newinet = inet_sk(newsk);
      const ireq = inet_rsk(req);
      newinet.inet_daddr = ireq.rmt_addr;
      newinet.inet_rcv_saddr = ireq.loc_addr;
      newinet.inet_saddr = ireq.loc_addr;
      const inet_opt = ireq.opt;
      newinet.inet_opt = inet_opt;
      ireq.opt = null;
      newinet.mc_index = inet_iif(skb);
      newinet.mc_ttl = ip_hdr(skb).ttl;
      newinet.rcv_tos = ip_hdr(skb).tos;
      inet_csk(newsk).icsk_ext_hdr_len = 0;
      if (inet_opt)
        inet_csk(newsk).icsk_ext_hdr_len = inet_opt.opt.optlen;
      newinet.inet_id = (newtp.write_seq ^ jiffies()) & 0xffff;
      put_and_exit: {
        if (!dst) {
          dst = inet_csk_route_child_sock(sk, newsk, req);
          if (!dst)
            break put_and_exit;
        }
        sk_setup_caps(newsk, dst);
        tcp_mtup_init(newsk);
        tcp_sync_mss(newsk, dst_mtu(dst));
        newtp.advmss = dst_metric_advmss(dst);
        if (tcp_sk(sk).rx_opt.user_mss && tcp_sk(sk).rx_opt.user_mss < newtp.advmss)
          newtp.advmss = tcp_sk(sk).rx_opt.user_mss;
        tcp_initialize_rcv_mss(newsk);
        tcp_synack_rtt_meas(newsk, req);
        newtp.total_retrans = req.num_retrans;
        if (__inet_inherit_port(sk, newsk) < 0)
          break put_and_exit;
        __inet_hash_nolisten(newsk, null);
        return newsk;
      }
      inet_csk_prepare_forced_close(newsk);
      tcp_done(newsk);
      break exit;
    }
    dst_release(dst);
  }
  NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_LISTENDROPS);
  return null;
}

function tcp_v4_hnd_req(sk: sock, skb: sk_buff): sock {
  const th = tcp_hdr(skb);
  const iph = ip_hdr(skb);
  let nsk: sock;
  const prev: { v: request_sock_ref } = { v: null };
  const req = inet_csk_search_req(sk, prev, th.source, iph.saddr, iph.daddr);
  if (req)
    return tcp_check_req(sk, skb, req, prev.v, false);
  nsk = inet_lookup_established(sock_net(sk), current.host.tcp_hashinfo, iph.saddr, th.source, iph.daddr, th.dest, inet_iif(skb));
  if (nsk) {
    if (nsk.sk_state !== TCP_TIME_WAIT) {
      bh_lock_sock(nsk);
      return nsk;
    }
    inet_twsk_put(inet_twsk(nsk));
    return null;
  }
  return sk;
}

function tcp_v4_checksum_init(skb: sk_buff): number {
  const iph = ip_hdr(skb);
  if (skb.ip_summed === CHECKSUM_COMPLETE) {
    if (!tcp_v4_check(skb.len, iph.saddr, iph.daddr, skb.csum)) {
      skb.ip_summed = CHECKSUM_UNNECESSARY;
      return 0;
    }
  }
  skb.csum = csum_tcpudp_nofold(iph.saddr, iph.daddr, skb.len, IPPROTO_TCP, 0);
  if (skb.len <= 76) {
    return __skb_checksum_complete(skb);
  }
  return 0;
}

/** A segment for a socket that is locked and not owned by a user. */
export function tcp_v4_do_rcv(sk: sock, skb: sk_buff): number {
  let rsk: sock;
  discard: {
    reset: {
      if (sk.sk_state === TCP_ESTABLISHED) {
        const dst = sk.sk_rx_dst;
        sock_rps_save_rxhash(sk, skb);
        if (dst) {
          if (inet_sk(sk).rx_dst_ifindex !== skb.skb_iif || dst.ops.check(dst, 0) === null) {
            dst_release(dst);
            sk.sk_rx_dst = null;
          }
        }
        if (tcp_rcv_established(sk, skb, tcp_hdr(skb), skb.len)) {
          rsk = sk;
          break reset;
        }
        return 0;
      }
      if (skb.len < tcp_hdrlen(skb) || tcp_checksum_complete(skb)) {
        TCP_INC_STATS_BH(sock_net(sk), TCP_MIB_CSUMERRORS);
        TCP_INC_STATS_BH(sock_net(sk), TCP_MIB_INERRS);
        break discard;
      }
      if (sk.sk_state === TCP_LISTEN) {
        const nsk = tcp_v4_hnd_req(sk, skb);
        if (!nsk)
          break discard;
        if (nsk !== sk) {
          sock_rps_save_rxhash(nsk, skb);
          if (tcp_child_process(sk, nsk, skb)) {
            rsk = nsk;
            break reset;
          }
          return 0;
        }
      } else
        sock_rps_save_rxhash(sk, skb);
      if (tcp_rcv_state_process(sk, skb, tcp_hdr(skb), skb.len)) {
        rsk = sk;
        break reset;
      }
      return 0;
    }
    tcp_v4_send_reset(rsk, skb);
  }
  kfree_skb(skb);
  return 0;
}

/** Finds the connection before routing, so that its cached route serves the input too. */
export function tcp_v4_early_demux(skb: sk_buff): void {
  let iph: iphdr;
  let th: tcphdr;
  let sk: sock;
  if (skb.pkt_type !== PACKET_HOST)
    return;
  if (!pskb_may_pull(skb, skb_transport_offset(skb) + sizeof_tcphdr))
    return;
  iph = ip_hdr(skb);
  th = tcp_hdr(skb);
  if (th.doff < sizeof_tcphdr / 4)
    return;
  sk = __inet_lookup_established(dev_net(skb.dev), current.host.tcp_hashinfo, iph.saddr, th.source, iph.daddr, ntohs(th.dest), skb.skb_iif);
  if (sk) {
    skb.sk = sk;
    skb.destructor = sock_edemux;
    if (sk.sk_state !== TCP_TIME_WAIT) {
      let dst = ACCESS_ONCE(sk.sk_rx_dst);
      if (dst)
        dst = dst_check(dst, 0);
      if (dst && inet_sk(sk).rx_dst_ifindex === skb.skb_iif)
        skb_dst_set_noref(skb, dst);
    }
  }
}

/** Leaves the segment to a reader that waits in recv() (Van Jacobson's prequeue); false when there is none. */
export function tcp_prequeue(sk: sock, skb: sk_buff): boolean {
  const tp = tcp_sk(sk);
  if (current.host.sysctl_tcp_low_latency || !tp.ucopy.task)
    return false;
  if (skb.len <= tcp_hdrlen(skb) && skb_queue_len(tp.ucopy.prequeue) === 0)
    return false;
  skb_dst_force(skb);
  __skb_queue_tail(tp.ucopy.prequeue, skb);
  tp.ucopy.memory += skb.truesize;
  if (tp.ucopy.memory > sk.sk_rcvbuf) {
    let skb1: sk_buff;
    BUG_ON(sock_owned_by_user(sk));
    while ((skb1 = __skb_dequeue(tp.ucopy.prequeue)) !== null) {
      sk_backlog_rcv(sk, skb1);
      NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPPREQUEUEDROPPED);
    }
    tp.ucopy.memory = 0;
  } else if (skb_queue_len(tp.ucopy.prequeue) === 1) {
    wake_up_interruptible_sync_poll(sk_sleep(sk), POLLIN | POLLRDNORM | POLLRDBAND);
    if (!inet_csk_ack_scheduled(sk))
      inet_csk_reset_xmit_timer(sk, ICSK_TIME_DACK, Math.trunc((3 * tcp_rto_min(sk)) / 4), TCP_RTO_MAX);
  }
  return true;
}

export function tcp_filter(sk: sock, skb: sk_buff): number {
  const th = new tcphdr(skb.head, skb.data);
  let eaten = skb.len;
  let err: number;
  err = sk_filter_trim_cap(sk, skb, th.doff * 4);
  if (!err) {
    eaten -= skb.len;
    TCP_SKB_CB(skb).end_seq = (TCP_SKB_CB(skb).end_seq - eaten) >>> 0;
  }
  return err;
}

/** From IP: a TCP segment. */
export function tcp_v4_rcv(skb: sk_buff): number {
  let iph: iphdr;
  let th: tcphdr;
  let sk: sock;
  let ret: number;
  const net = dev_net(skb.dev);
  discard_it: {
    if (skb.pkt_type !== PACKET_HOST)
      break discard_it;
    TCP_INC_STATS_BH(net, TCP_MIB_INSEGS);
    if (!pskb_may_pull(skb, sizeof_tcphdr))
      break discard_it;
    th = tcp_hdr(skb);
    bad_packet: {
      csum_error: {
        if (th.doff < sizeof_tcphdr / 4)
          break bad_packet;
        if (!pskb_may_pull(skb, th.doff * 4))
          break discard_it;
        if (!skb_csum_unnecessary(skb) && tcp_v4_checksum_init(skb))
          break csum_error;
        th = tcp_hdr(skb);
        iph = ip_hdr(skb);
        TCP_SKB_CB(skb).seq = ntohl(th.seq);
        TCP_SKB_CB(skb).end_seq = (TCP_SKB_CB(skb).seq + th.syn + th.fin + skb.len - th.doff * 4) >>> 0;
        TCP_SKB_CB(skb).ack_seq = ntohl(th.ack_seq);
        TCP_SKB_CB(skb).when = 0;
        TCP_SKB_CB(skb).ip_dsfield = ipv4_get_dsfield(iph);
        TCP_SKB_CB(skb).sacked = 0;
        sk = __inet_lookup_skb(current.host.tcp_hashinfo, skb, th.source, th.dest);
        let no_socket = false;
        if (!sk)
          no_socket = true;
        found: for (;;) {
          do_time_wait: {
            discard_and_relse: {
              no_tcp_socket: {
                if (no_socket) break no_tcp_socket;
                if (sk.sk_state === TCP_TIME_WAIT)
                  break do_time_wait;
                if (unlikely(iph.ttl < inet_sk(sk).min_ttl)) {
                  NET_INC_STATS_BH(net, LINUX_MIB_TCPMINTTLDROP);
                  break discard_and_relse;
                }
                nf_reset(skb);
                if (tcp_filter(sk, skb))
                  break discard_and_relse;
                th = new tcphdr(skb.head, skb.data);
                iph = ip_hdr(skb);
                skb.dev = null;
                bh_lock_sock_nested(sk);
                ret = 0;
                if (!sock_owned_by_user(sk)) {
                  if (!tcp_prequeue(sk, skb))
                    ret = tcp_v4_do_rcv(sk, skb);
                } else if (unlikely(sk_add_backlog(sk, skb, sk.sk_rcvbuf + sk.sk_sndbuf))) {
                  bh_unlock_sock(sk);
                  NET_INC_STATS_BH(net, LINUX_MIB_TCPBACKLOGDROP);
                  break discard_and_relse;
                }
                bh_unlock_sock(sk);
                sock_put(sk);
                return ret;
              }
              if (skb.len < th.doff << 2 || tcp_checksum_complete(skb)) {
                break csum_error;
              } else {
                tcp_v4_send_reset(null, skb);
              }
              break discard_it;
            }
            sock_put(sk);
            break discard_it;
          }
          if (skb.len < th.doff << 2) {
            inet_twsk_put(inet_twsk(sk));
            break bad_packet;
          }
          if (tcp_checksum_complete(skb)) {
            inet_twsk_put(inet_twsk(sk));
            break csum_error;
          }
          switch (tcp_timewait_state_process(inet_twsk(sk), skb, th)) {
            case TCP_TW_SYN: {
              const sk2 = inet_lookup_listener(dev_net(skb.dev), current.host.tcp_hashinfo, iph.saddr, th.source, iph.daddr, th.dest, inet_iif(skb));
              if (sk2) {
                inet_twsk_deschedule(inet_twsk(sk), current.host.tcp_death_row);
                inet_twsk_put(inet_twsk(sk));
                sk = sk2;
                continue found;
              }
            }
            // falls through
            case TCP_TW_ACK:
              tcp_v4_timewait_ack(sk, skb);
              break;
            case TCP_TW_RST:
              no_socket = true;
              continue found;
            case TCP_TW_SUCCESS:
          }
          break discard_it;
        }
      }
      TCP_INC_STATS_BH(net, TCP_MIB_CSUMERRORS);
    }
    TCP_INC_STATS_BH(net, TCP_MIB_INERRS);
  }
  kfree_skb(skb);
  return 0;
}

export const tcp_timewait_sock_ops: timewait_sock_ops = {
  twsk_new: () => new tcp_timewait_sock(),
  twsk_unique: tcp_twsk_unique,
  twsk_destructor: tcp_twsk_destructor,
};

export function inet_sk_rx_dst_set(sk: sock, skb: sk_buff): void {
  const dst = skb_dst(skb);
  dst_hold(dst);
  sk.sk_rx_dst = dst;
  inet_sk(sk).rx_dst_ifindex = skb.skb_iif;
}

export const ipv4_specific: inet_connection_sock_af_ops = {
  queue_xmit: ip_queue_xmit,
  send_check: tcp_v4_send_check,
  rebuild_header: inet_sk_rebuild_header,
  sk_rx_dst_set: inet_sk_rx_dst_set,
  conn_request: tcp_v4_conn_request,
  syn_recv_sock: tcp_v4_syn_recv_sock,
  net_header_len: 20,
  net_frag_header_len: 0,
  setsockopt: ip_setsockopt,
  getsockopt: ip_getsockopt,
  addr2sockaddr: inet_csk_addr2sockaddr,
  get sockaddr_len() { return sizeof_sockaddr_in; },
  bind_conflict: inet_csk_bind_conflict,
  mtu_reduced: tcp_v4_mtu_reduced,
};

function tcp_v4_init_sock(sk: sock): number {
  const icsk = inet_csk(sk);
  tcp_init_sock(sk);
  icsk.icsk_af_ops = ipv4_specific;
  return 0;
}

export function tcp_v4_destroy_sock(sk: sock): void {
  const tp = tcp_sk(sk);
  tcp_clear_xmit_timers(sk);
  tcp_cleanup_congestion_control(sk);
  tcp_write_queue_purge(sk);
  __skb_queue_purge(tp.out_of_order_queue);
  __skb_queue_purge(tp.ucopy.prequeue);
  if (inet_csk(sk).icsk_bind_hash)
    inet_put_port(sk);
  BUG_ON(tp.fastopen_rsk !== null);
  tcp_free_fastopen_req(tp);
  sk_sockets_allocated_dec(sk);
}
function tcp_free_fastopen_req(_tp: tcp_sock): void { /* Fast Open is off */ }

export function tcp4_gro_receive(head: gro_pp, skb: sk_buff): gro_pp {
  const at = skb_gro_network_header(skb), iph = new iphdr(at.data, at.offset);
  let wsum: number;
  let sum: number;
  switch (skb.ip_summed) {
    case CHECKSUM_COMPLETE:
      if (!tcp_v4_check(skb_gro_len(skb), iph.saddr, iph.daddr, skb.csum)) {
        skb.ip_summed = CHECKSUM_UNNECESSARY;
        break;
      }
      NAPI_GRO_CB(skb).flush = 1;
      return null;
    case CHECKSUM_NONE:
      wsum = csum_tcpudp_nofold(iph.saddr, iph.daddr, skb_gro_len(skb), IPPROTO_TCP, 0);
      sum = csum_fold(skb_checksum(skb, skb_gro_offset(skb), skb_gro_len(skb), wsum));
      if (sum) {
        NAPI_GRO_CB(skb).flush = 1;
        return null;
      }
      skb.ip_summed = CHECKSUM_UNNECESSARY;
      break;
  }
  return tcp_gro_receive(head, skb);
}

export function tcp4_gro_complete(skb: sk_buff): number {
  const iph = ip_hdr(skb);
  const th = tcp_hdr(skb);
  th.check = ~tcp_v4_check(skb.len - skb_transport_offset(skb), iph.saddr, iph.daddr, 0) & 0xffff;
  skb_shinfo(skb).gso_type = SKB_GSO_TCPV4;
  return tcp_gro_complete(skb);
}

export const tcp_prot: proto = {
  name: 'TCP',
  close: tcp_close,
  connect: tcp_v4_connect,
  disconnect: tcp_disconnect,
  accept: inet_csk_accept,
  ioctl: tcp_ioctl,
  init: tcp_v4_init_sock,
  destroy: tcp_v4_destroy_sock,
  shutdown: tcp_shutdown,
  setsockopt: tcp_setsockopt,
  getsockopt: tcp_getsockopt,
  recvmsg: tcp_recvmsg,
  sendmsg: tcp_sendmsg,
  sendpage: tcp_sendpage,
  bind: null,
  backlog_rcv: tcp_v4_do_rcv,
  release_cb: tcp_release_cb,
  hash: inet_hash,
  unhash: inet_unhash,
  rehash: null,
  get_port: inet_csk_get_port,
  clear_sk: null,
  enter_memory_pressure: tcp_enter_memory_pressure,
  get sockets_allocated() { return current.host.tcp_sockets_allocated; },
  get orphan_count() { return current.host.tcp_orphan_count; },
  get memory_allocated() { return current.host.tcp_memory_allocated; },
  get memory_pressure() { return current.host.tcp_memory_pressure; },
  get sysctl_mem() { return current.host.init_net.ipv4.sysctl_tcp_mem; },
  get sysctl_wmem() { return current.host.sysctl_tcp_wmem; },
  get sysctl_rmem() { return current.host.sysctl_tcp_rmem; },
  get max_header() { return MAX_TCP_HEADER; },
  no_autobind: true,
  slab_flags: 0,
  rsk_prot: tcp_request_sock_ops,
  twsk_prot: tcp_timewait_sock_ops,
  get h() { return { hashinfo: current.host.tcp_hashinfo }; },
  new_sock: () => new tcp_sock(),
};

/** Boot: one control socket per CPU, for segments that belong to no connection. */
export function tcp_sk_init(net: net): number {
  let res: number;
  for (const cpu of current.host.cpus) {
    const sk: { v: sock } = { v: null };
    res = inet_ctl_sock_create(sk, PF_INET, SOCK_RAW, IPPROTO_TCP, net);
    if (res)
      return res;
    cpu.tcp_sk = sk.v;
  }
  net.ipv4.sysctl_tcp_ecn = 2;
  return 0;
}

/** Boot. */
export function tcp_v4_init(): void {
  inet_hashinfo_init(current.host.tcp_hashinfo);
  tcp_sk_init(current.host.init_net);
}
