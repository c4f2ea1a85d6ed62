/**
 * Mirror of net/ipv4/tcp_input.c: what arrives. RFC 793 and 1122 for the states, 5681 and 2018/6675 for acknowledgements and SACK, 6937 for
 * proportional rate reduction, 5682 for F-RTO, 5961 for challenge ACKs. No DMA engine, no MD5, no Fast Open data.
 */
import { BUG, BUG_ON, WARN_ON, WARN_ON_ONCE } from '../../include/asm-generic/bug';
import { atomic_add, atomic_read } from '../../include/linux/atomic';
import { test_bit } from '../../include/linux/bitops';
import { ACCESS_ONCE, jump, likely, unlikely } from '../../include/linux/compiler';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import { local_bh_disable, local_bh_enable } from '../../include/linux/interrupt';
import { HZ, jiffies, jiffies_to_usecs, msecs_to_jiffies, time_after } from '../../include/linux/jiffies';
import { max, min } from '../../include/linux/kernel';
import { get_seconds, ktime_equal, ktime_get_real, ktime_us_delta } from '../../include/linux/ktime';
import { SOCK_NOSPACE, SOCK_WAKE_IO, SOCK_WAKE_WAITD } from '../../include/linux/net';
import { POLL_HUP, POLL_IN, POLL_OUT } from '../../include/linux/poll';
import { prandom_u32 } from '../../include/linux/random';
import { reciprocal_divide } from '../../include/linux/reciprocal_div';
import { RTAX_INITCWND } from '../../include/linux/rtnetlink';
import { TASK_RUNNING, __set_current_state } from '../../include/linux/sched';
import { SKB_MAX_ORDER, SKB_TRUESIZE, __kfree_skb, __skb_pull, __skb_queue_after, __skb_queue_before, __skb_queue_head, __skb_queue_purge, __skb_queue_tail, __skb_unlink, alloc_skb, kfree_skb, kfree_skb_partial, net_invalid_timestamp, skb_copy_and_csum_datagram_iovec, skb_copy_bits, skb_copy_datagram_iovec, skb_csum_unnecessary, skb_headlen, skb_headroom, skb_is_nonlinear, skb_peek, skb_peek_tail, skb_put, skb_queue_empty, skb_queue_is_first, skb_queue_is_last, skb_queue_next, skb_queue_prev, skb_reserve, skb_reset_transport_header, skb_shift, skb_shinfo, skb_transport_header, skb_try_coalesce } from '../../include/linux/skbuff';
import { type sk_buff, type sk_buff_head } from '../../include/linux/skbuff.struct';
import { LINUX_MIB_DELAYEDACKLOST, LINUX_MIB_OFOPRUNED, LINUX_MIB_PAWSACTIVEREJECTED, LINUX_MIB_PAWSESTABREJECTED, LINUX_MIB_PRUNECALLED, LINUX_MIB_RCVPRUNED, LINUX_MIB_SACKMERGED, LINUX_MIB_SACKSHIFTED, LINUX_MIB_SACKSHIFTFALLBACK, LINUX_MIB_TCPABORTONDATA, LINUX_MIB_TCPCHALLENGEACK, LINUX_MIB_TCPDSACKIGNOREDNOUNDO, LINUX_MIB_TCPDSACKIGNOREDOLD, LINUX_MIB_TCPDSACKOFORECV, LINUX_MIB_TCPDSACKOFOSENT, LINUX_MIB_TCPDSACKOLDSENT, LINUX_MIB_TCPDSACKRECV, LINUX_MIB_TCPDSACKUNDO, LINUX_MIB_TCPFACKREORDER, LINUX_MIB_TCPFULLUNDO, LINUX_MIB_TCPHPACKS, LINUX_MIB_TCPHPHITS, LINUX_MIB_TCPHPHITSTOUSER, LINUX_MIB_TCPLOSSPROBERECOVERY, LINUX_MIB_TCPLOSSUNDO, LINUX_MIB_TCPLOSTRETRANSMIT, LINUX_MIB_TCPOFODROP, LINUX_MIB_TCPOFOMERGE, LINUX_MIB_TCPOFOQUEUE, LINUX_MIB_TCPPARTIALUNDO, LINUX_MIB_TCPPUREACKS, LINUX_MIB_TCPRCVCOALESCE, LINUX_MIB_TCPRCVCOLLAPSED, LINUX_MIB_TCPRENORECOVERY, LINUX_MIB_TCPRENOREORDER, LINUX_MIB_TCPSACKDISCARD, LINUX_MIB_TCPSACKRECOVERY, LINUX_MIB_TCPSACKRENEGING, LINUX_MIB_TCPSACKREORDER, LINUX_MIB_TCPSPURIOUSRTOS, LINUX_MIB_TCPSYNCHALLENGE, LINUX_MIB_TCPTSREORDER, TCP_MIB_CSUMERRORS, TCP_MIB_INERRS } from '../../include/linux/snmp';
import { type msghdr } from '../../include/linux/socket';
import { TCP_DSACK_SEEN, TCP_FACK_ENABLED, TCP_NUM_SACKS, TCP_SACK_SEEN, tcp_clear_options, tcp_hdr, tcp_sk } from '../../include/linux/tcp';
import { tcp_fastopen_cookie, tcp_options_received, tcp_sack_block, tcp_sack_block_wire, type tcp_sock } from '../../include/linux/tcp.struct';
import { htonl, ntohl, ntohs } from '../../include/linux/types';
import { memcpy_fromiovec } from '../../include/linux/uio';
import { dst_confirm, dst_metric, skb_dst_drop } from '../../include/net/dst';
import { type dst_entry } from '../../include/net/dst.struct';
import { ICSK_ACK_PUSHED, ICSK_ACK_PUSHED2, ICSK_TIME_DACK, ICSK_TIME_EARLY_RETRANS, ICSK_TIME_LOSS_PROBE, ICSK_TIME_PROBE0, ICSK_TIME_RETRANS, inet_csk, inet_csk_ack_scheduled, inet_csk_clear_xmit_timer, inet_csk_reset_keepalive_timer, inet_csk_reset_xmit_timer, inet_csk_schedule_ack } from '../../include/net/inet_connection_sock';
import { INET_ECN_CE, INET_ECN_MASK, INET_ECN_NOT_ECT } from '../../include/net/inet_ecn';
import { NET_INC_STATS_BH } from '../../include/net/ip';
import { reqsk_fastopen_remove } from '../../include/net/request_sock';
import { RCV_SHUTDOWN, SEND_SHUTDOWN, SHUTDOWN_MASK, SOCK_DEAD, SOCK_DONE, SOCK_KEEPOPEN, SOCK_QUEUE_SHRUNK, SOCK_RCVBUF_LOCK, SOCK_SNDBUF_LOCK, SOCK_URGINLINE, __sk_dst_get, sk_can_gso, sk_mem_charge, sk_mem_reclaim, sk_memory_allocated, sk_prot_mem_limits, sk_rmem_schedule, sk_send_sigurg, sk_under_memory_pressure, sk_wake_async, sk_wmem_free_skb, skb_set_owner_r, sock_flag, sock_net, sock_owned_by_user, sock_reset_flag, sock_set_flag } from '../../include/net/sock';
import { type request_sock, type sock } from '../../include/net/sock.struct';
import { CA_EVENT_COMPLETE_CWR, CA_EVENT_FAST_ACK, CA_EVENT_LOSS, CA_EVENT_SLOW_ACK, type Host, MAX_TCP_HEADER, TCPCB_EVER_RETRANS, TCPCB_LOST, TCPCB_RETRANS, TCPCB_SACKED_ACKED, TCPCB_SACKED_RETRANS, TCPCB_TAGBITS, TCPHDR_FIN, TCPHDR_SYN, TCPOLEN_EXP_FASTOPEN_BASE, TCPOLEN_MSS, TCPOLEN_SACK_BASE, TCPOLEN_SACK_PERBLOCK, TCPOLEN_SACK_PERM, TCPOLEN_TIMESTAMP, TCPOLEN_TSTAMP_ALIGNED, TCPOLEN_WINDOW, TCPOPT_EOL, TCPOPT_EXP, TCPOPT_FASTOPEN_MAGIC, TCPOPT_MSS, TCPOPT_NOP, TCPOPT_SACK, TCPOPT_SACK_PERM, TCPOPT_TIMESTAMP, TCPOPT_WINDOW, TCP_ATO_MIN, TCP_CONG_RTT_STAMP, TCP_DEFAULT_INIT_RCVWND, TCP_DELACK_MAX, TCP_ECN_DEMAND_CWR, TCP_ECN_OK, TCP_ECN_QUEUE_CWR, TCP_ECN_SEEN, TCP_FASTRETRANS_THRESH, TCP_INC_STATS_BH, TCP_INFINITE_SSTHRESH, TCP_INIT_CWND, TCP_MAX_QUICKACKS, TCP_MAX_REORDERING, TCP_MIN_MSS, TCP_MSS_DEFAULT, TCP_NAGLE_OFF, TCP_PAWS_WINDOW, TCP_RTO_MAX, TCP_SKB_CB, TCP_TIMEWAIT_LEN, TCP_URG_NOTYET, TCP_URG_VALID, __tcp_checksum_complete, __tcp_fast_path_on, __tcp_set_rto, after, before, between, keepalive_time_when, tcp_advance_highest_sack, tcp_bound_rto, tcp_ca_event, tcp_clear_all_retrans_hints, tcp_clear_retrans_hints_partial, tcp_current_ssthresh, tcp_disable_early_retrans, tcp_enable_fack, tcp_fast_path_check, tcp_fast_path_on, tcp_fin_time, tcp_full_space, tcp_highest_sack, tcp_highest_sack_reset, tcp_highest_sack_seq, tcp_in_cwnd_reduction, tcp_init_wl, tcp_is_fack, tcp_is_reno, tcp_is_sack, tcp_left_out, tcp_max_burst, tcp_packets_in_flight, tcp_paws_check, tcp_paws_reject, tcp_push_pending_frames, tcp_receive_window, tcp_rto_delta, tcp_rto_min, tcp_sack_reset, tcp_send_head, tcp_set_ca_state, tcp_skb_mss, tcp_skb_pcount, tcp_space, tcp_stream_is_thin, tcp_synack_rtt_meas, tcp_time_stamp, tcp_unlink_write_queue, tcp_update_wl, tcp_verify_left_out, tcp_win_from_space, tcp_wnd_end, tcp_write_queue_head, tcp_write_queue_next, tcp_write_queue_prev, tcp_write_queue_tail } from '../../include/net/tcp';
import { TCP_CLOSE, TCP_CLOSE_WAIT, TCP_CLOSING, TCP_ESTABLISHED, TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_LAST_ACK, TCP_LISTEN, TCP_SYN_RECV, TCP_SYN_SENT, TCP_TIME_WAIT } from '../../include/net/tcp_states';
import { current } from '../../include/ports';
import { ECONNREFUSED, ECONNRESET, EINVAL, ENOMEM, EPIPE } from '../../include/uapi/asm-generic/errno';
import { TCP_CA_CWR, TCP_CA_Disorder, TCP_CA_Loss, TCP_CA_Open, TCP_CA_Recovery, TCP_FLAG_FIN, TCP_FLAG_PSH, TCP_FLAG_SYN, TCP_FLAG_URG, sizeof_tcphdr, tcp_flag_word, type tcphdr } from '../../include/uapi/linux/tcp';
import { tcp_done, tcp_set_state } from './tcp';
import { tcp_init_congestion_control } from './tcp_cong';
import { tcp_init_metrics, tcp_update_metrics } from './tcp_metrics';
import { tcp_check_req, tcp_time_wait } from './tcp_minisocks';
import { __tcp_push_pending_frames, __tcp_select_window, tcp_current_mss, tcp_fragment, tcp_may_send_now, tcp_mss_to_mtu, tcp_mtup_init, tcp_retransmit_skb, tcp_schedule_loss_probe, tcp_send_ack, tcp_send_delayed_ack, tcp_send_synack, tcp_sync_mss, tcp_trim_head, tcp_xmit_retransmit_queue } from './tcp_output';

const TCP_RESERVED_BITS = 0x0f000000;
const TCP_HP_BITS = ~(TCP_RESERVED_BITS | TCP_FLAG_PSH);

/** tcp_input.c's sysctls. */
export function tcp_input_globals(host: Host): void {
  host.sysctl_tcp_timestamps = 1;
  host.sysctl_tcp_window_scaling = 1;
  host.sysctl_tcp_sack = 1;
  host.sysctl_tcp_fack = 1;
  host.sysctl_tcp_reordering = TCP_FASTRETRANS_THRESH;
  host.sysctl_tcp_dsack = 1;
  host.sysctl_tcp_app_win = 31;
  host.sysctl_tcp_adv_win_scale = 1;
  host.sysctl_tcp_challenge_ack_limit = 1000;
  host.sysctl_tcp_stdurg = 0;
  host.sysctl_tcp_rfc1337 = 0;
  host.sysctl_tcp_max_orphans = 8192;
  host.sysctl_tcp_frto = 2;
  host.sysctl_tcp_thin_dupack = 0;
  host.sysctl_tcp_moderate_rcvbuf = 1;
  host.sysctl_tcp_early_retrans = 3;
  host.challenge_timestamp = 0;
  host.challenge_count = 0;
}
declare module '../../include/ports' { interface Host { challenge_timestamp: number; challenge_count: number } }

const TCP_REMNANT = TCP_FLAG_FIN | TCP_FLAG_URG | TCP_FLAG_SYN | TCP_FLAG_PSH;

/** Learns the peer's segment size, on which delayed ACKs depend. */
function tcp_measure_rcv_mss(sk: sock, skb: sk_buff): void {
  const icsk = inet_csk(sk);
  const lss = icsk.icsk_ack.last_seg_size;
  let len: number;
  icsk.icsk_ack.last_seg_size = 0;
  len = skb_shinfo(skb).gso_size || skb.len;
  if (len >= icsk.icsk_ack.rcv_mss) {
    icsk.icsk_ack.rcv_mss = len;
  } else {
    len += skb.data - skb_transport_header(skb);
    if (len >= TCP_MSS_DEFAULT + sizeof_tcphdr || (len >= TCP_MIN_MSS + sizeof_tcphdr && !(tcp_flag_word(tcp_hdr(skb)) & TCP_REMNANT))) {
      len -= tcp_sk(sk).tcp_header_len;
      icsk.icsk_ack.last_seg_size = len;
      if (len === lss) {
        icsk.icsk_ack.rcv_mss = len;
        return;
      }
    }
    if (icsk.icsk_ack.pending & ICSK_ACK_PUSHED)
      icsk.icsk_ack.pending |= ICSK_ACK_PUSHED2;
    icsk.icsk_ack.pending |= ICSK_ACK_PUSHED;
  }
}

function tcp_incr_quickack(sk: sock): void {
  const icsk = inet_csk(sk);
  let quickacks = Math.trunc(tcp_sk(sk).rcv_wnd / (2 * icsk.icsk_ack.rcv_mss));
  if (quickacks === 0)
    quickacks = 2;
  if (quickacks > icsk.icsk_ack.quick)
    icsk.icsk_ack.quick = min(quickacks, TCP_MAX_QUICKACKS);
}

export function tcp_enter_quickack_mode(sk: sock): void {
  const icsk = inet_csk(sk);
  tcp_incr_quickack(sk);
  icsk.icsk_ack.pingpong = 0;
  icsk.icsk_ack.ato = TCP_ATO_MIN;
}

function tcp_in_quickack_mode(sk: sock): boolean {
  const icsk = inet_csk(sk);
  return !!icsk.icsk_ack.quick && !icsk.icsk_ack.pingpong;
}

function TCP_ECN_queue_cwr(tp: tcp_sock): void {
  if (tp.ecn_flags & TCP_ECN_OK)
    tp.ecn_flags |= TCP_ECN_QUEUE_CWR;
}

function TCP_ECN_accept_cwr(tp: tcp_sock, skb: sk_buff): void {
  if (tcp_hdr(skb).cwr)
    tp.ecn_flags &= ~TCP_ECN_DEMAND_CWR;
}

function TCP_ECN_withdraw_cwr(tp: tcp_sock): void {
  tp.ecn_flags &= ~TCP_ECN_DEMAND_CWR;
}

function TCP_ECN_check_ce(tp: tcp_sock, skb: sk_buff): void {
  if (!(tp.ecn_flags & TCP_ECN_OK))
    return;
  switch (TCP_SKB_CB(skb).ip_dsfield & INET_ECN_MASK) {
    case INET_ECN_NOT_ECT:
      if (tp.ecn_flags & TCP_ECN_SEEN)
        tcp_enter_quickack_mode(tp);
      break;
    case INET_ECN_CE:
      if (!(tp.ecn_flags & TCP_ECN_DEMAND_CWR)) {
        tcp_enter_quickack_mode(tp);
        tp.ecn_flags |= TCP_ECN_DEMAND_CWR;
      }
    // falls through
    default:
      tp.ecn_flags |= TCP_ECN_SEEN;
  }
}

function TCP_ECN_rcv_synack(tp: tcp_sock, th: tcphdr): void {
  if ((tp.ecn_flags & TCP_ECN_OK) && (!th.ece || th.cwr))
    tp.ecn_flags &= ~TCP_ECN_OK;
}

function TCP_ECN_rcv_syn(tp: tcp_sock, th: tcphdr): void {
  if ((tp.ecn_flags & TCP_ECN_OK) && (!th.ece || !th.cwr))
    tp.ecn_flags &= ~TCP_ECN_OK;
}

function TCP_ECN_rcv_ecn_echo(tp: tcp_sock, th: tcphdr): boolean {
  if (th.ece && !th.syn && (tp.ecn_flags & TCP_ECN_OK))
    return true;
  return false;
}

function tcp_fixup_sndbuf(sk: sock): void {
  let sndmem = SKB_TRUESIZE(tcp_sk(sk).rx_opt.mss_clamp + MAX_TCP_HEADER);
  sndmem *= TCP_INIT_CWND;
  if (sk.sk_sndbuf < sndmem)
    sk.sk_sndbuf = min(sndmem, current.host.sysctl_tcp_wmem[2]);
}

function __tcp_grow_window(sk: sock, skb: sk_buff): number {
  const tp = tcp_sk(sk);
  let truesize = tcp_win_from_space(skb.truesize) >> 1;
  let window = tcp_win_from_space(current.host.sysctl_tcp_rmem[2]) >> 1;
  while (tp.rcv_ssthresh <= window) {
    if (truesize <= skb.len)
      return 2 * inet_csk(sk).icsk_ack.rcv_mss;
    truesize >>= 1;
    window >>= 1;
  }
  return 0;
}

function tcp_grow_window(sk: sock, skb: sk_buff): void {
  const tp = tcp_sk(sk);
  if (tp.rcv_ssthresh < tp.window_clamp && tp.rcv_ssthresh < tcp_space(sk) && !sk_under_memory_pressure(sk)) {
    let incr: number;
    if (tcp_win_from_space(skb.truesize) <= skb.len)
      incr = 2 * tp.advmss;
    else
      incr = __tcp_grow_window(sk, skb);
    if (incr) {
      incr = max(incr, 2 * skb.len);
      tp.rcv_ssthresh = min(tp.rcv_ssthresh + incr, tp.window_clamp);
      inet_csk(sk).icsk_ack.quick |= 1;
    }
  }
}

function tcp_fixup_rcvbuf(sk: sock): void {
  const mss = tcp_sk(sk).advmss;
  let icwnd = TCP_DEFAULT_INIT_RCVWND;
  let rcvmem: number;
  if (mss > 1460)
    icwnd = max(Math.trunc((1460 * TCP_DEFAULT_INIT_RCVWND) / mss), 2);
  rcvmem = SKB_TRUESIZE(mss + MAX_TCP_HEADER);
  while (tcp_win_from_space(rcvmem) < mss)
    rcvmem += 128;
  rcvmem *= icwnd;
  if (sk.sk_rcvbuf < rcvmem)
    sk.sk_rcvbuf = min(rcvmem, current.host.sysctl_tcp_rmem[2]);
}

/** Sets the first buffer sizes and the window clamp of a new connection. */
export function tcp_init_buffer_space(sk: sock): void {
  const tp = tcp_sk(sk);
  let maxwin: number;
  if (!(sk.sk_userlocks & SOCK_RCVBUF_LOCK))
    tcp_fixup_rcvbuf(sk);
  if (!(sk.sk_userlocks & SOCK_SNDBUF_LOCK))
    tcp_fixup_sndbuf(sk);
  tp.rcvq_space.space = tp.rcv_wnd;
  maxwin = tcp_full_space(sk);
  if (tp.window_clamp >= maxwin) {
    tp.window_clamp = maxwin;
    if (current.host.sysctl_tcp_app_win && maxwin > 4 * tp.advmss)
      tp.window_clamp = max(maxwin - (maxwin >> current.host.sysctl_tcp_app_win), 4 * tp.advmss);
  }
  if (current.host.sysctl_tcp_app_win && tp.window_clamp > 2 * tp.advmss && tp.window_clamp + tp.advmss > maxwin)
    tp.window_clamp = max(2 * tp.advmss, maxwin - tp.advmss);
  tp.rcv_ssthresh = min(tp.rcv_ssthresh, tp.window_clamp);
  tp.snd_cwnd_stamp = tcp_time_stamp();
}

function tcp_clamp_window(sk: sock): void {
  const tp = tcp_sk(sk);
  const icsk = inet_csk(sk);
  icsk.icsk_ack.quick = 0;
  if (sk.sk_rcvbuf < current.host.sysctl_tcp_rmem[2] && !(sk.sk_userlocks & SOCK_RCVBUF_LOCK) && !sk_under_memory_pressure(sk) && sk_memory_allocated(sk) < sk_prot_mem_limits(sk, 0)) {
    sk.sk_rcvbuf = min(atomic_read(sk.sk_rmem_alloc), current.host.sysctl_tcp_rmem[2]);
  }
  if (atomic_read(sk.sk_rmem_alloc) > sk.sk_rcvbuf)
    tp.rcv_ssthresh = min(tp.window_clamp, 2 * tp.advmss);
}

/** A first guess of the peer's segment size. */
export function tcp_initialize_rcv_mss(sk: sock): void {
  const tp = tcp_sk(sk);
  let hint = min(tp.advmss, tp.mss_cache);
  hint = min(hint, Math.trunc(tp.rcv_wnd / 2));
  hint = min(hint, TCP_MSS_DEFAULT);
  hint = max(hint, TCP_MIN_MSS);
  inet_csk(sk).icsk_ack.rcv_mss = hint;
}

function tcp_rcv_rtt_update(tp: tcp_sock, sample: number, win_dep: number): void {
  let new_sample = tp.rcv_rtt_est.rtt;
  let m = sample;
  if (m === 0)
    m = 1;
  if (new_sample !== 0) {
    if (!win_dep) {
      m -= new_sample >> 3;
      new_sample += m;
    } else {
      m <<= 3;
      if (m < new_sample)
        new_sample = m;
    }
  } else {
    new_sample = m << 3;
  }
  if (tp.rcv_rtt_est.rtt !== new_sample)
    tp.rcv_rtt_est.rtt = new_sample;
}

function tcp_rcv_rtt_measure(tp: tcp_sock): void {
  new_measure: {
    if (tp.rcv_rtt_est.time === 0)
      break new_measure;
    if (before(tp.rcv_nxt, tp.rcv_rtt_est.seq))
      return;
    tcp_rcv_rtt_update(tp, (tcp_time_stamp() - tp.rcv_rtt_est.time) >>> 0, 1);
  }
  tp.rcv_rtt_est.seq = (tp.rcv_nxt + tp.rcv_wnd) >>> 0;
  tp.rcv_rtt_est.time = tcp_time_stamp();
}

function tcp_rcv_rtt_measure_ts(sk: sock, skb: sk_buff): void {
  const tp = tcp_sk(sk);
  if (tp.rx_opt.rcv_tsecr && (TCP_SKB_CB(skb).end_seq - TCP_SKB_CB(skb).seq) >>> 0 >= inet_csk(sk).icsk_ack.rcv_mss)
    tcp_rcv_rtt_update(tp, (tcp_time_stamp() - tp.rx_opt.rcv_tsecr) >>> 0, 0);
}

/** Once per round trip: grows the receive buffer with what the application has copied. */
export function tcp_rcv_space_adjust(sk: sock): void {
  const tp = tcp_sk(sk);
  let time: number;
  let space: number;
  new_measure: {
    if (tp.rcvq_space.time === 0)
      break new_measure;
    time = (tcp_time_stamp() - tp.rcvq_space.time) | 0;
    if (time < tp.rcv_rtt_est.rtt >> 3 || tp.rcv_rtt_est.rtt === 0)
      return;
    space = 2 * ((tp.copied_seq - tp.rcvq_space.seq) >>> 0);
    space = max(tp.rcvq_space.space, space);
    if (tp.rcvq_space.space !== space) {
      let rcvmem: number;
      tp.rcvq_space.space = space;
      if (current.host.sysctl_tcp_moderate_rcvbuf && !(sk.sk_userlocks & SOCK_RCVBUF_LOCK)) {
        const new_clamp = space;
        space = Math.trunc(space / tp.advmss);
        if (!space)
          space = 1;
        rcvmem = SKB_TRUESIZE(tp.advmss + MAX_TCP_HEADER);
        while (tcp_win_from_space(rcvmem) < tp.advmss)
          rcvmem += 128;
        space *= rcvmem;
        space = min(space, current.host.sysctl_tcp_rmem[2]);
        if (space > sk.sk_rcvbuf) {
          sk.sk_rcvbuf = space;
          tp.window_clamp = new_clamp;
        }
      }
    }
  }
  tp.rcvq_space.seq = tp.copied_seq;
  tp.rcvq_space.time = tcp_time_stamp();
}

/** Data has come: an ACK is due, when depends on the peer's rhythm. */
function tcp_event_data_recv(sk: sock, skb: sk_buff): void {
  const tp = tcp_sk(sk);
  const icsk = inet_csk(sk);
  let now: number;
  inet_csk_schedule_ack(sk);
  tcp_measure_rcv_mss(sk, skb);
  tcp_rcv_rtt_measure(tp);
  now = tcp_time_stamp();
  if (!icsk.icsk_ack.ato) {
    tcp_incr_quickack(sk);
    icsk.icsk_ack.ato = TCP_ATO_MIN;
  } else {
    const m = (now - icsk.icsk_ack.lrcvtime) | 0;
    if (m <= TCP_ATO_MIN / 2) {
      icsk.icsk_ack.ato = (icsk.icsk_ack.ato >> 1) + TCP_ATO_MIN / 2;
    } else if (m < icsk.icsk_ack.ato) {
      icsk.icsk_ack.ato = (icsk.icsk_ack.ato >> 1) + m;
      if (icsk.icsk_ack.ato > icsk.icsk_rto)
        icsk.icsk_ack.ato = icsk.icsk_rto;
    } else if (m > icsk.icsk_rto) {
      tcp_incr_quickack(sk);
      sk_mem_reclaim(sk);
    }
  }
  icsk.icsk_ack.lrcvtime = now;
  TCP_ECN_check_ce(tp, skb);
  if (skb.len >= 128)
    tcp_grow_window(sk, skb);
}

/** Smoothed round-trip time and its deviation (RFC 6298, with the kernel's own rule for the deviation's decay). */
function tcp_rtt_estimator(sk: sock, mrtt: number): void {
  const tp = tcp_sk(sk);
  let m = mrtt;
  if (m === 0)
    m = 1;
  if (tp.srtt !== 0) {
    m -= tp.srtt >> 3;
    tp.srtt += m;
    if (m < 0) {
      m = -m;
      m -= tp.mdev >> 2;
      if (m > 0)
        m >>= 3;
    } else {
      m -= tp.mdev >> 2;
    }
    tp.mdev += m;
    if (tp.mdev > tp.mdev_max) {
      tp.mdev_max = tp.mdev;
      if (tp.mdev_max > tp.rttvar)
        tp.rttvar = tp.mdev_max;
    }
    if (after(tp.snd_una, tp.rtt_seq)) {
      if (tp.mdev_max < tp.rttvar)
        tp.rttvar -= (tp.rttvar - tp.mdev_max) >> 2;
      tp.rtt_seq = tp.snd_nxt;
      tp.mdev_max = tcp_rto_min(sk);
    }
  } else {
    tp.srtt = m << 3;
    tp.mdev = m << 1;
    tp.mdev_max = tp.rttvar = max(tp.mdev, tcp_rto_min(sk));
    tp.rtt_seq = tp.snd_nxt;
  }
}

function tcp_update_pacing_rate(sk: sock): void {
  const tp = tcp_sk(sk);
  let rate: number;
  rate = tp.mss_cache * 2 * (HZ << 3);
  rate *= max(tp.snd_cwnd, tp.packets_out);
  if (tp.srtt > 8 + 2)
    rate = Math.trunc(rate / tp.srtt);
  sk.sk_pacing_rate = min(rate, 0xffffffff);
}

export function tcp_set_rto(sk: sock): void {
  const tp = tcp_sk(sk);
  inet_csk(sk).icsk_rto = __tcp_set_rto(tp);
  tcp_bound_rto(sk);
}

export function tcp_init_cwnd(tp: tcp_sock, dst: dst_entry): number {
  let cwnd = dst ? dst_metric(dst, RTAX_INITCWND) : 0;
  if (!cwnd)
    cwnd = TCP_INIT_CWND;
  return min(cwnd, tp.snd_cwnd_clamp);
}

export function tcp_disable_fack(tp: tcp_sock): void {
  if (tcp_is_fack(tp))
    tp.lost_skb_hint = null;
  tp.rx_opt.sack_ok &= ~TCP_FACK_ENABLED;
}

function tcp_dsack_seen(tp: tcp_sock): void {
  tp.rx_opt.sack_ok |= TCP_DSACK_SEEN;
}

function tcp_update_reordering(sk: sock, metric: number, ts: number): void {
  const tp = tcp_sk(sk);
  if (metric > tp.reordering) {
    let mib_idx: number;
    tp.reordering = min(TCP_MAX_REORDERING, metric);
    if (ts)
      mib_idx = LINUX_MIB_TCPTSREORDER;
    else if (tcp_is_reno(tp))
      mib_idx = LINUX_MIB_TCPRENOREORDER;
    else if (tcp_is_fack(tp))
      mib_idx = LINUX_MIB_TCPFACKREORDER;
    else
      mib_idx = LINUX_MIB_TCPSACKREORDER;
    NET_INC_STATS_BH(sock_net(sk), mib_idx);
    tcp_disable_fack(tp);
  }
  if (metric > 0)
    tcp_disable_early_retrans(tp);
}

function tcp_verify_retransmit_hint(tp: tcp_sock, skb: sk_buff): void {
  if (tp.retransmit_skb_hint === null || before(TCP_SKB_CB(skb).seq, TCP_SKB_CB(tp.retransmit_skb_hint).seq))
    tp.retransmit_skb_hint = skb;
  if (!tp.lost_out || after(TCP_SKB_CB(skb).end_seq, tp.retransmit_high))
    tp.retransmit_high = TCP_SKB_CB(skb).end_seq;
}

function tcp_skb_mark_lost(tp: tcp_sock, skb: sk_buff): void {
  if (!(TCP_SKB_CB(skb).sacked & (TCPCB_LOST | TCPCB_SACKED_ACKED))) {
    tcp_verify_retransmit_hint(tp, skb);
    tp.lost_out += tcp_skb_pcount(skb);
    TCP_SKB_CB(skb).sacked |= TCPCB_LOST;
  }
}

function tcp_skb_mark_lost_uncond_verify(tp: tcp_sock, skb: sk_buff): void {
  tcp_verify_retransmit_hint(tp, skb);
  if (!(TCP_SKB_CB(skb).sacked & (TCPCB_LOST | TCPCB_SACKED_ACKED))) {
    tp.lost_out += tcp_skb_pcount(skb);
    TCP_SKB_CB(skb).sacked |= TCPCB_LOST;
  }
}

/** Is this SACK block one the sender can believe, given what it has sent? */
function tcp_is_sackblock_valid(tp: tcp_sock, is_dsack: boolean, start_seq: number, end_seq: number): boolean {
  if (after(end_seq, tp.snd_nxt) || !before(start_seq, end_seq))
    return false;
  if (!before(start_seq, tp.snd_nxt))
    return false;
  if (after(start_seq, tp.snd_una))
    return true;
  if (!is_dsack || !tp.undo_marker)
    return false;
  if (after(end_seq, tp.snd_una))
    return false;
  if (!before(start_seq, tp.undo_marker))
    return true;
  if (!after(end_seq, tp.undo_marker))
    return false;
  return !before(start_seq, (end_seq - tp.max_window) >>> 0);
}

/** Retransmissions that were sent before something now known to have arrived are lost again (FACK only). */
function tcp_mark_lost_retrans(sk: sock): void {
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);
  let skb: sk_buff;
  let cnt = 0;
  let new_low_seq = tp.snd_nxt;
  const received_upto = tcp_highest_sack_seq(tp);
  if (!tcp_is_fack(tp) || !tp.retrans_out || !after(received_upto, tp.lost_retrans_low) || icsk.icsk_ca_state !== TCP_CA_Recovery)
    return;
  for (skb = sk.sk_write_queue.next; skb !== (sk.sk_write_queue as unknown as sk_buff); skb = skb.next) {
    const ack_seq = TCP_SKB_CB(skb).ack_seq;
    if (skb === tcp_send_head(sk))
      break;
    if (cnt === tp.retrans_out)
      break;
    if (!after(TCP_SKB_CB(skb).end_seq, tp.snd_una))
      continue;
    if (!(TCP_SKB_CB(skb).sacked & TCPCB_SACKED_RETRANS))
      continue;
    if (after(received_upto, ack_seq)) {
      TCP_SKB_CB(skb).sacked &= ~TCPCB_SACKED_RETRANS;
      tp.retrans_out -= tcp_skb_pcount(skb);
      tcp_skb_mark_lost_uncond_verify(tp, skb);
      NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPLOSTRETRANSMIT);
    } else {
      if (before(ack_seq, new_low_seq))
        new_low_seq = ack_seq;
      cnt += tcp_skb_pcount(skb);
    }
  }
  if (tp.retrans_out)
    tp.lost_retrans_low = new_low_seq;
}

/** Does the first SACK block report a duplicate arrival? */
function tcp_check_dsack(sk: sock, ack_skb: sk_buff, sp: tcp_sack_block_wire[], num_sacks: number, prior_snd_una: number): boolean {
  const tp = tcp_sk(sk);
  const start_seq_0 = sp[0].start_seq;
  const end_seq_0 = sp[0].end_seq;
  let dup_sack = false;
  if (before(start_seq_0, TCP_SKB_CB(ack_skb).ack_seq)) {
    dup_sack = true;
    tcp_dsack_seen(tp);
    NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPDSACKRECV);
  } else if (num_sacks > 1) {
    const end_seq_1 = sp[1].end_seq;
    const start_seq_1 = sp[1].start_seq;
    if (!after(end_seq_0, end_seq_1) && !before(start_seq_0, start_seq_1)) {
      dup_sack = true;
      tcp_dsack_seen(tp);
      NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPDSACKOFORECV);
    }
  }
  if (dup_sack && tp.undo_marker && tp.undo_retrans > 0 && !after(end_seq_0, prior_snd_una) && after(end_seq_0, tp.undo_marker))
    tp.undo_retrans--;
  return dup_sack;
}

export class tcp_sacktag_state {
  reord = 0;
  fack_count = 0;
  flag = 0;
}

/** Does the block cover the whole segment? Splits a TSO segment at whole packets so that it does; negative when that fails. */
function tcp_match_skb_to_sack(sk: sock, skb: sk_buff, start_seq: number, end_seq: number): number {
  let err: number;
  let in_sack: boolean;
  let pkt_len: number;
  let mss: number;
  in_sack = !after(start_seq, TCP_SKB_CB(skb).seq) && !before(end_seq, TCP_SKB_CB(skb).end_seq);
  if (tcp_skb_pcount(skb) > 1 && !in_sack && after(TCP_SKB_CB(skb).end_seq, start_seq)) {
    mss = tcp_skb_mss(skb);
    in_sack = !after(start_seq, TCP_SKB_CB(skb).seq);
    if (!in_sack) {
      pkt_len = (start_seq - TCP_SKB_CB(skb).seq) >>> 0;
      if (pkt_len < mss)
        pkt_len = mss;
    } else {
      pkt_len = (end_seq - TCP_SKB_CB(skb).seq) >>> 0;
      if (pkt_len < mss)
        return -EINVAL;
    }
    if (pkt_len > mss) {
      let new_len = Math.trunc(pkt_len / mss) * mss;
      if (!in_sack && new_len < pkt_len) {
        new_len += mss;
        if (new_len >= skb.len)
          return 0;
      }
      pkt_len = new_len;
    }
    err = tcp_fragment(sk, skb, pkt_len, mss);
    if (err < 0)
      return err;
  }
  return in_sack ? 1 : 0;
}

/** Accounts a range as sacked and gives the segment's new tag bits. */
function tcp_sacktag_one(sk: sock, state: tcp_sacktag_state, sacked: number, start_seq: number, end_seq: number, dup_sack: boolean, pcount: number): number {
  const tp = tcp_sk(sk);
  let fack_count = state.fack_count;
  if (dup_sack && (sacked & TCPCB_RETRANS)) {
    if (tp.undo_marker && tp.undo_retrans > 0 && after(end_seq, tp.undo_marker))
      tp.undo_retrans--;
    if (sacked & TCPCB_SACKED_ACKED)
      state.reord = min(fack_count, state.reord);
  }
  if (!after(end_seq, tp.snd_una))
    return sacked;
  if (!(sacked & TCPCB_SACKED_ACKED)) {
    if (sacked & TCPCB_SACKED_RETRANS) {
      if (sacked & TCPCB_LOST) {
        sacked &= ~(TCPCB_LOST | TCPCB_SACKED_RETRANS);
        tp.lost_out -= pcount;
        tp.retrans_out -= pcount;
      }
    } else {
      if (!(sacked & TCPCB_RETRANS)) {
        if (before(start_seq, tcp_highest_sack_seq(tp)))
          state.reord = min(fack_count, state.reord);
        if (!after(end_seq, tp.high_seq))
          state.flag |= FLAG_ORIG_SACK_ACKED;
      }
      if (sacked & TCPCB_LOST) {
        sacked &= ~TCPCB_LOST;
        tp.lost_out -= pcount;
      }
    }
    sacked |= TCPCB_SACKED_ACKED;
    state.flag |= FLAG_DATA_SACKED;
    tp.sacked_out += pcount;
    fack_count += pcount;
    if (!tcp_is_fack(tp) && tp.lost_skb_hint !== null && before(start_seq, TCP_SKB_CB(tp.lost_skb_hint).seq))
      tp.lost_cnt_hint += pcount;
    if (fack_count > tp.fackets_out)
      tp.fackets_out = fack_count;
  }
  if (dup_sack && (sacked & TCPCB_SACKED_RETRANS)) {
    sacked &= ~TCPCB_SACKED_RETRANS;
    tp.retrans_out -= pcount;
  }
  return sacked;
}

/** The front of `skb` was moved to the sacked segment before it: moves the accounting too. True when nothing of `skb` remains. */
function tcp_shifted_skb(sk: sock, skb: sk_buff, state: tcp_sacktag_state, pcount: number, shifted: number, mss: number, dup_sack: boolean): boolean {
  const tp = tcp_sk(sk);
  const prev = tcp_write_queue_prev(sk, skb);
  const start_seq = TCP_SKB_CB(skb).seq;
  const end_seq = (start_seq + shifted) >>> 0;
  BUG_ON(!pcount);
  tcp_sacktag_one(sk, state, TCP_SKB_CB(skb).sacked, start_seq, end_seq, dup_sack, pcount);
  if (skb === tp.lost_skb_hint)
    tp.lost_cnt_hint += pcount;
  TCP_SKB_CB(prev).end_seq = (TCP_SKB_CB(prev).end_seq + shifted) >>> 0;
  TCP_SKB_CB(skb).seq = (TCP_SKB_CB(skb).seq + shifted) >>> 0;
  skb_shinfo(prev).gso_segs += pcount;
  BUG_ON(skb_shinfo(skb).gso_segs < pcount);
  skb_shinfo(skb).gso_segs -= pcount;
  if (!skb_shinfo(prev).gso_size) {
    skb_shinfo(prev).gso_size = mss;
    skb_shinfo(prev).gso_type = sk.sk_gso_type;
  }
  if (skb_shinfo(skb).gso_segs <= 1) {
    skb_shinfo(skb).gso_size = 0;
    skb_shinfo(skb).gso_type = 0;
  }
  TCP_SKB_CB(prev).sacked |= TCP_SKB_CB(skb).sacked & TCPCB_EVER_RETRANS;
  if (skb.len > 0) {
    BUG_ON(!tcp_skb_pcount(skb));
    NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_SACKSHIFTED);
    return false;
  }
  if (skb === tp.retransmit_skb_hint)
    tp.retransmit_skb_hint = prev;
  if (skb === tp.scoreboard_skb_hint)
    tp.scoreboard_skb_hint = prev;
  if (skb === tp.lost_skb_hint) {
    tp.lost_skb_hint = prev;
    tp.lost_cnt_hint -= tcp_skb_pcount(prev);
  }
  TCP_SKB_CB(prev).tcp_flags |= TCP_SKB_CB(skb).tcp_flags;
  if (TCP_SKB_CB(skb).tcp_flags & TCPHDR_FIN)
    TCP_SKB_CB(prev).end_seq = (TCP_SKB_CB(prev).end_seq + 1) >>> 0;
  if (skb === tcp_highest_sack(sk))
    tcp_advance_highest_sack(sk, skb);
  tcp_unlink_write_queue(skb, sk);
  sk_wmem_free_skb(sk, skb);
  NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_SACKMERGED);
  return true;
}

function tcp_skb_seglen(skb: sk_buff): number {
  return tcp_skb_pcount(skb) === 1 ? skb.len : tcp_skb_mss(skb);
}

function skb_can_shift(skb: sk_buff): boolean {
  return !skb_headlen(skb) && skb_is_nonlinear(skb);
}

/** Merges what the block covers of `skb` into the sacked segment before it. Gives that one, or `skb` when there is nothing to do, or null when it must be tagged on its own. */
function tcp_shift_skb_data(sk: sock, skb: sk_buff, state: tcp_sacktag_state, start_seq: number, end_seq: number, dup_sack: boolean): sk_buff {
  const tp = tcp_sk(sk);
  let prev: sk_buff;
  let mss: number;
  let pcount = 0;
  let len: number;
  let in_sack: boolean;
  fallback: {
    noop: {
      out: {
        if (!sk_can_gso(sk))
          break fallback;
        if (!dup_sack && (TCP_SKB_CB(skb).sacked & (TCPCB_LOST | TCPCB_SACKED_RETRANS)) === TCPCB_SACKED_RETRANS)
          break fallback;
        if (!skb_can_shift(skb))
          break fallback;
        if (!after(TCP_SKB_CB(skb).end_seq, tp.snd_una))
          break fallback;
        if (unlikely(skb === tcp_write_queue_head(sk)))
          break fallback;
        prev = tcp_write_queue_prev(sk, skb);
        if ((TCP_SKB_CB(prev).sacked & TCPCB_TAGBITS) !== TCPCB_SACKED_ACKED)
          break fallback;
        in_sack = !after(start_seq, TCP_SKB_CB(skb).seq) && !before(end_seq, TCP_SKB_CB(skb).end_seq);
        if (in_sack) {
          len = skb.len;
          pcount = tcp_skb_pcount(skb);
          mss = tcp_skb_seglen(skb);
          if (mss !== tcp_skb_seglen(prev))
            break fallback;
        } else {
          if (!after(TCP_SKB_CB(skb).end_seq, start_seq))
            break noop;
          if (tcp_skb_pcount(skb) <= 1)
            break noop;
          in_sack = !after(start_seq, TCP_SKB_CB(skb).seq);
          if (!in_sack) {
            break fallback;
          }
          len = (end_seq - TCP_SKB_CB(skb).seq) | 0;
          BUG_ON(len < 0);
          BUG_ON(len > skb.len);
          mss = tcp_skb_mss(skb);
          if (mss !== tcp_skb_seglen(prev))
            break fallback;
          if (len === mss) {
            pcount = 1;
          } else if (len < mss) {
            break noop;
          } else {
            pcount = Math.trunc(len / mss);
            len = pcount * mss;
          }
        }
        if (!after((TCP_SKB_CB(skb).seq + len) >>> 0, tp.snd_una))
          break fallback;
        if (!skb_shift(prev, skb, len))
          break fallback;
        if (!tcp_shifted_skb(sk, skb, state, pcount, len, mss, dup_sack))
          break out;
        if (prev === tcp_write_queue_tail(sk))
          break out;
        skb = tcp_write_queue_next(sk, prev);
        if (!skb_can_shift(skb) || skb === tcp_send_head(sk) || (TCP_SKB_CB(skb).sacked & TCPCB_TAGBITS) !== TCPCB_SACKED_ACKED || mss !== tcp_skb_seglen(skb))
          break out;
        len = skb.len;
        if (skb_shift(prev, skb, len)) {
          pcount += tcp_skb_pcount(skb);
          tcp_shifted_skb(sk, skb, state, tcp_skb_pcount(skb), len, mss, false);
        }
      }
      state.fack_count += pcount;
      return prev;
    }
    return skb;
  }
  NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_SACKSHIFTFALLBACK);
  return null;
}

/** Tags the segments between `skb` and the block's end; gives the segment the walk stopped at. */
function tcp_sacktag_walk(skb: sk_buff, sk: sock, next_dup: tcp_sack_block, state: tcp_sacktag_state, start_seq: number, end_seq: number, dup_sack_in: boolean): sk_buff {
  const tp = tcp_sk(sk);
  const queue = sk.sk_write_queue as unknown as sk_buff;
  let tmp: sk_buff;
  for (; skb !== queue; skb = skb.next) {
    let in_sack = 0;
    let dup_sack = dup_sack_in;
    if (skb === tcp_send_head(sk))
      break;
    if (!before(TCP_SKB_CB(skb).seq, end_seq))
      break;
    if (next_dup !== null && before(TCP_SKB_CB(skb).seq, next_dup.end_seq)) {
      in_sack = tcp_match_skb_to_sack(sk, skb, next_dup.start_seq, next_dup.end_seq);
      if (in_sack > 0)
        dup_sack = true;
    }
    if (in_sack <= 0) {
      tmp = tcp_shift_skb_data(sk, skb, state, start_seq, end_seq, dup_sack);
      if (tmp !== null) {
        if (tmp !== skb) {
          skb = tmp;
          continue;
        }
        in_sack = 0;
      } else {
        in_sack = tcp_match_skb_to_sack(sk, skb, start_seq, end_seq);
      }
    }
    if (unlikely(in_sack < 0))
      break;
    if (in_sack) {
      TCP_SKB_CB(skb).sacked = tcp_sacktag_one(sk, state, TCP_SKB_CB(skb).sacked, TCP_SKB_CB(skb).seq, TCP_SKB_CB(skb).end_seq, dup_sack, tcp_skb_pcount(skb));
      if (!before(TCP_SKB_CB(skb).seq, tcp_highest_sack_seq(tp)))
        tcp_advance_highest_sack(sk, skb);
    }
    state.fack_count += tcp_skb_pcount(skb);
  }
  return skb;
}

function tcp_sacktag_skip(skb: sk_buff, sk: sock, state: tcp_sacktag_state, skip_to_seq: number): sk_buff {
  const queue = sk.sk_write_queue as unknown as sk_buff;
  for (; skb !== queue; skb = skb.next) {
    if (skb === tcp_send_head(sk))
      break;
    if (after(TCP_SKB_CB(skb).end_seq, skip_to_seq))
      break;
    state.fack_count += tcp_skb_pcount(skb);
  }
  return skb;
}

function tcp_maybe_skipping_dsack(skb: sk_buff, sk: sock, next_dup: tcp_sack_block, state: tcp_sacktag_state, skip_to_seq: number): sk_buff {
  if (next_dup === null)
    return skb;
  if (before(next_dup.start_seq, skip_to_seq)) {
    skb = tcp_sacktag_skip(skb, sk, state, next_dup.start_seq);
    skb = tcp_sacktag_walk(skb, sk, null, state, next_dup.start_seq, next_dup.end_seq, true);
  }
  return skb;
}

function tcp_sack_cache_ok(tp: tcp_sock, cache: number): boolean {
  return cache < tp.recv_sack_cache.length;
}

/** The `n` blocks of the SACK option that starts at `at` in the segment's memory. DEVIATION: a pointer into the packet in the kernel, which reads the words where it needs them. */
function sack_wire(ack_skb: sk_buff, at: number, n: number): tcp_sack_block_wire[] {
  const b = ack_skb.head;
  const sp_wire: tcp_sack_block_wire[] = [];
  for (let i = 0, o = at + 2; i < n; i++, o += 8) {
    const w = new tcp_sack_block_wire();
    w.start_seq = ((b[o] << 24) | (b[o + 1] << 16) | (b[o + 2] << 8) | b[o + 3]) >>> 0;
    w.end_seq = ((b[o + 4] << 24) | (b[o + 5] << 16) | (b[o + 6] << 8) | b[o + 7]) >>> 0;
    sp_wire.push(w);
  }
  return sp_wire;
}

/** Goes through the SACK blocks of an ACK and tags the segments they cover; gives FLAG_* bits. `cache` is an index into recv_sack_cache. */
function tcp_sacktag_write_queue(sk: sock, ack_skb: sk_buff, prior_snd_una: number): number {
  const tp = tcp_sk(sk);
  const ptr = skb_transport_header(ack_skb) + TCP_SKB_CB(ack_skb).sacked;
  const num_sacks = min(TCP_NUM_SACKS, (ack_skb.head[ptr + 1] - TCPOLEN_SACK_BASE) >> 3);
  const sp_wire = sack_wire(ack_skb, ptr, num_sacks);
  const sp: tcp_sack_block[] = [new tcp_sack_block(), new tcp_sack_block(), new tcp_sack_block(), new tcp_sack_block()];
  let cache: number;
  const state = new tcp_sacktag_state();
  let skb: sk_buff;
  let used_sacks: number;
  let found_dup_sack = false;
  let i: number, j: number;
  let first_sack_index: number;
  state.flag = 0;
  state.reord = tp.packets_out;
  if (!tp.sacked_out) {
    if (WARN_ON(tp.fackets_out))
      tp.fackets_out = 0;
    tcp_highest_sack_reset(sk);
  }
  found_dup_sack = tcp_check_dsack(sk, ack_skb, sp_wire, num_sacks, prior_snd_una);
  if (found_dup_sack)
    state.flag |= FLAG_DSACKING_ACK;
  if (before(TCP_SKB_CB(ack_skb).ack_seq, (prior_snd_una - tp.max_window) >>> 0))
    return 0;
  out: {
    if (!tp.packets_out)
      break out;
    used_sacks = 0;
    first_sack_index = 0;
    for (i = 0; i < num_sacks; i++) {
      const dup_sack = !i && found_dup_sack;
      sp[used_sacks].start_seq = sp_wire[i].start_seq;
      sp[used_sacks].end_seq = sp_wire[i].end_seq;
      if (!tcp_is_sackblock_valid(tp, dup_sack, sp[used_sacks].start_seq, sp[used_sacks].end_seq)) {
        let mib_idx: number;
        if (dup_sack) {
          if (!tp.undo_marker)
            mib_idx = LINUX_MIB_TCPDSACKIGNOREDNOUNDO;
          else
            mib_idx = LINUX_MIB_TCPDSACKIGNOREDOLD;
        } else {
          if (TCP_SKB_CB(ack_skb).ack_seq !== tp.snd_una && !after(sp[used_sacks].end_seq, tp.snd_una))
            continue;
          mib_idx = LINUX_MIB_TCPSACKDISCARD;
        }
        NET_INC_STATS_BH(sock_net(sk), mib_idx);
        if (i === 0)
          first_sack_index = -1;
        continue;
      }
      if (!after(sp[used_sacks].end_seq, prior_snd_una))
        continue;
      used_sacks++;
    }
    for (i = used_sacks - 1; i > 0; i--) {
      for (j = 0; j < i; j++) {
        if (after(sp[j].start_seq, sp[j + 1].start_seq)) {
          const swap = sp[j];
          sp[j] = sp[j + 1];
          sp[j + 1] = swap;
          if (j === first_sack_index)
            first_sack_index = j + 1;
        }
      }
    }
    skb = tcp_write_queue_head(sk);
    state.fack_count = 0;
    i = 0;
    if (!tp.sacked_out) {
      cache = tp.recv_sack_cache.length;
    } else {
      cache = 0;
      while (tcp_sack_cache_ok(tp, cache) && !tp.recv_sack_cache[cache].start_seq && !tp.recv_sack_cache[cache].end_seq)
        cache++;
    }
    while (i < used_sacks) {
      const start_seq = sp[i].start_seq;
      const end_seq = sp[i].end_seq;
      const dup_sack = found_dup_sack && i === first_sack_index;
      let next_dup: tcp_sack_block = null;
      if (found_dup_sack && i + 1 === first_sack_index)
        next_dup = sp[i + 1];
      advance_sp: {
        walk: {
          while (tcp_sack_cache_ok(tp, cache) && !before(start_seq, tp.recv_sack_cache[cache].end_seq))
            cache++;
          if (tcp_sack_cache_ok(tp, cache) && !dup_sack && after(end_seq, tp.recv_sack_cache[cache].start_seq)) {
            if (before(start_seq, tp.recv_sack_cache[cache].start_seq)) {
              skb = tcp_sacktag_skip(skb, sk, state, start_seq);
              skb = tcp_sacktag_walk(skb, sk, next_dup, state, start_seq, tp.recv_sack_cache[cache].start_seq, dup_sack);
            }
            if (!after(end_seq, tp.recv_sack_cache[cache].end_seq))
              break advance_sp;
            skb = tcp_maybe_skipping_dsack(skb, sk, next_dup, state, tp.recv_sack_cache[cache].end_seq);
            if (tcp_highest_sack_seq(tp) === tp.recv_sack_cache[cache].end_seq) {
              skb = tcp_highest_sack(sk);
              if (skb === null)
                break;
              state.fack_count = tp.fackets_out;
              cache++;
              break walk;
            }
            skb = tcp_sacktag_skip(skb, sk, state, tp.recv_sack_cache[cache].end_seq);
            cache++;
            continue;
          }
          if (!before(start_seq, tcp_highest_sack_seq(tp))) {
            skb = tcp_highest_sack(sk);
            if (skb === null)
              break;
            state.fack_count = tp.fackets_out;
          }
          skb = tcp_sacktag_skip(skb, sk, state, start_seq);
        }
        skb = tcp_sacktag_walk(skb, sk, next_dup, state, start_seq, end_seq, dup_sack);
      }
      i++;
    }
    for (i = 0; i < tp.recv_sack_cache.length - used_sacks; i++) {
      tp.recv_sack_cache[i].start_seq = 0;
      tp.recv_sack_cache[i].end_seq = 0;
    }
    for (j = 0; j < used_sacks; j++)
      tp.recv_sack_cache[i++] = sp[j];
    tcp_mark_lost_retrans(sk);
    tcp_verify_left_out(tp);
    if (state.reord < tp.fackets_out && (inet_csk(sk).icsk_ca_state !== TCP_CA_Loss || tp.undo_marker))
      tcp_update_reordering(sk, tp.fackets_out - state.reord, 0);
  }
  WARN_ON((tp.sacked_out | 0) < 0);
  WARN_ON((tp.lost_out | 0) < 0);
  WARN_ON((tp.retrans_out | 0) < 0);
  WARN_ON((tcp_packets_in_flight(tp) | 0) < 0);
  return state.flag;
}

function tcp_limit_reno_sacked(tp: tcp_sock): boolean {
  let holes: number;
  holes = max(tp.lost_out, 1);
  holes = min(holes, tp.packets_out);
  if (tp.sacked_out + holes > tp.packets_out) {
    tp.sacked_out = tp.packets_out - holes;
    return true;
  }
  return false;
}

function tcp_check_reno_reordering(sk: sock, addend: number): void {
  const tp = tcp_sk(sk);
  if (tcp_limit_reno_sacked(tp))
    tcp_update_reordering(sk, tp.packets_out + addend, 0);
}

function tcp_add_reno_sack(sk: sock): void {
  const tp = tcp_sk(sk);
  tp.sacked_out++;
  tcp_check_reno_reordering(sk, 0);
  tcp_verify_left_out(tp);
}

function tcp_remove_reno_sacks(sk: sock, acked: number): void {
  const tp = tcp_sk(sk);
  if (acked > 0) {
    if (acked - 1 >= tp.sacked_out)
      tp.sacked_out = 0;
    else
      tp.sacked_out -= acked - 1;
  }
  tcp_check_reno_reordering(sk, acked);
  tcp_verify_left_out(tp);
}

function tcp_reset_reno_sack(tp: tcp_sock): void {
  tp.sacked_out = 0;
}

function tcp_clear_retrans_partial(tp: tcp_sock): void {
  tp.retrans_out = 0;
  tp.lost_out = 0;
  tp.undo_marker = 0;
  tp.undo_retrans = -1;
}

/** Forgets all loss recovery bookkeeping. */
export function tcp_clear_retrans(tp: tcp_sock): void {
  tcp_clear_retrans_partial(tp);
  tp.fackets_out = 0;
  tp.sacked_out = 0;
}

/** The retransmission timer fired: everything not sacked counts as lost and cwnd starts over at one; `how` says to forget the SACKs too. */
export function tcp_enter_loss(sk: sock, how: number): void {
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);
  let skb: sk_buff;
  const queue = sk.sk_write_queue as unknown as sk_buff;
  let new_recovery = false;
  if (icsk.icsk_ca_state <= TCP_CA_Disorder || !after(tp.high_seq, tp.snd_una) || (icsk.icsk_ca_state === TCP_CA_Loss && !icsk.icsk_retransmits)) {
    new_recovery = true;
    tp.prior_ssthresh = tcp_current_ssthresh(sk);
    tp.snd_ssthresh = icsk.icsk_ca_ops.ssthresh(sk);
    tcp_ca_event(sk, CA_EVENT_LOSS);
  }
  tp.snd_cwnd = 1;
  tp.snd_cwnd_cnt = 0;
  tp.snd_cwnd_stamp = tcp_time_stamp();
  tcp_clear_retrans_partial(tp);
  if (tcp_is_reno(tp))
    tcp_reset_reno_sack(tp);
  tp.undo_marker = tp.snd_una;
  if (how) {
    tp.sacked_out = 0;
    tp.fackets_out = 0;
  }
  tcp_clear_all_retrans_hints(tp);
  for (skb = queue.next; skb !== queue; skb = skb.next) {
    if (skb === tcp_send_head(sk))
      break;
    if (TCP_SKB_CB(skb).sacked & TCPCB_RETRANS)
      tp.undo_marker = 0;
    TCP_SKB_CB(skb).sacked &= ~TCPCB_TAGBITS | TCPCB_SACKED_ACKED;
    if (!(TCP_SKB_CB(skb).sacked & TCPCB_SACKED_ACKED) || how) {
      TCP_SKB_CB(skb).sacked &= ~TCPCB_SACKED_ACKED;
      TCP_SKB_CB(skb).sacked |= TCPCB_LOST;
      tp.lost_out += tcp_skb_pcount(skb);
      tp.retransmit_high = TCP_SKB_CB(skb).end_seq;
    }
  }
  tcp_verify_left_out(tp);
  tp.reordering = min(tp.reordering, current.host.sysctl_tcp_reordering);
  tcp_set_ca_state(sk, TCP_CA_Loss);
  tp.high_seq = tp.snd_nxt;
  TCP_ECN_queue_cwr(tp);
  tp.frto = current.host.sysctl_tcp_frto && (new_recovery || icsk.icsk_retransmits) && !inet_csk(sk).icsk_mtup.probe_size ? 1 : 0;
}

/** snd_una moved onto a segment the peer had sacked, so the peer has dropped it: its SACKs mean nothing, as after a timeout. */
function tcp_check_sack_reneging(sk: sock, flag: number): boolean {
  if (flag & FLAG_SACK_RENEGING) {
    const icsk = inet_csk(sk);
    NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPSACKRENEGING);
    tcp_enter_loss(sk, 1);
    icsk.icsk_retransmits++;
    tcp_retransmit_skb(sk, tcp_write_queue_head(sk));
    inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, icsk.icsk_rto, TCP_RTO_MAX);
    return true;
  }
  return false;
}

function tcp_fackets_out(tp: tcp_sock): number {
  return tcp_is_reno(tp) ? tp.sacked_out + 1 : tp.fackets_out;
}

function tcp_dupack_heuristics(tp: tcp_sock): number {
  return tcp_is_fack(tp) ? tp.fackets_out : tp.sacked_out + 1;
}

/** Early retransmit waits a quarter of a round trip first, in case it was only reordering. */
function tcp_pause_early_retransmit(sk: sock, flag: number): boolean {
  const tp = tcp_sk(sk);
  let delay: number;
  if (current.host.sysctl_tcp_early_retrans < 2 || current.host.sysctl_tcp_early_retrans > 3 || (flag & FLAG_ECE) || !tp.srtt)
    return false;
  delay = max(tp.srtt >>> 5, msecs_to_jiffies(2));
  if (!time_after(inet_csk(sk).icsk_timeout, jiffies() + delay))
    return false;
  inet_csk_reset_xmit_timer(sk, ICSK_TIME_EARLY_RETRANS, delay, TCP_RTO_MAX);
  return true;
}

function tcp_skb_timedout(sk: sock, skb: sk_buff): boolean {
  return (tcp_time_stamp() - TCP_SKB_CB(skb).when) >>> 0 > inet_csk(sk).icsk_rto;
}

function tcp_head_timedout(sk: sock): boolean {
  const tp = tcp_sk(sk);
  return tp.packets_out !== 0 && tcp_skb_timedout(sk, tcp_write_queue_head(sk));
}

/** Is there enough evidence of a loss to start fast retransmit? */
function tcp_time_to_recover(sk: sock, flag: number): boolean {
  const tp = tcp_sk(sk);
  let packets_out: number;
  if (tp.lost_out)
    return true;
  if (tcp_dupack_heuristics(tp) > tp.reordering)
    return true;
  if (tcp_is_fack(tp) && tcp_head_timedout(sk))
    return true;
  packets_out = tp.packets_out;
  if (packets_out <= tp.reordering && tp.sacked_out >= max(packets_out >>> 1, current.host.sysctl_tcp_reordering) && !tcp_may_send_now(sk)) {
    return true;
  }
  if ((tp.thin_dupack || current.host.sysctl_tcp_thin_dupack) && tcp_stream_is_thin(tp) && tcp_dupack_heuristics(tp) > 1 && tcp_is_sack(tp) && !tcp_send_head(sk))
    return true;
  if (tp.do_early_retrans && !tp.retrans_out && tp.sacked_out && (tp.packets_out >= tp.sacked_out + 1 && tp.packets_out < 4) && !tcp_may_send_now(sk))
    return !tcp_pause_early_retransmit(sk, flag);
  return false;
}

/** Marks as lost what has been out for longer than the RTO (FACK only). */
function tcp_timeout_skbs(sk: sock): void {
  const tp = tcp_sk(sk);
  let skb: sk_buff;
  const queue = sk.sk_write_queue as unknown as sk_buff;
  if (!tcp_is_fack(tp) || !tcp_head_timedout(sk))
    return;
  skb = tp.scoreboard_skb_hint;
  if (tp.scoreboard_skb_hint === null)
    skb = tcp_write_queue_head(sk);
  for (; skb !== queue; skb = skb.next) {
    if (skb === tcp_send_head(sk))
      break;
    if (!tcp_skb_timedout(sk, skb))
      break;
    tcp_skb_mark_lost(tp, skb);
  }
  tp.scoreboard_skb_hint = skb;
  tcp_verify_left_out(tp);
}

/** Marks segments at the head of the queue as lost, until `packets` of them (sacked ones of them with plain SACK) have been passed. */
function tcp_mark_head_lost(sk: sock, packets: number, mark_head: number): void {
  const tp = tcp_sk(sk);
  let skb: sk_buff;
  const queue = sk.sk_write_queue as unknown as sk_buff;
  let cnt: number, oldcnt: number;
  let err: number;
  let mss: number;
  const loss_high = tcp_is_sack(tp) ? tp.snd_nxt : tp.high_seq;
  WARN_ON(packets > tp.packets_out);
  if (tp.lost_skb_hint) {
    skb = tp.lost_skb_hint;
    cnt = tp.lost_cnt_hint;
    if (mark_head && skb !== tcp_write_queue_head(sk))
      return;
  } else {
    skb = tcp_write_queue_head(sk);
    cnt = 0;
  }
  for (; skb !== queue; skb = skb.next) {
    if (skb === tcp_send_head(sk))
      break;
    tp.lost_skb_hint = skb;
    tp.lost_cnt_hint = cnt;
    if (after(TCP_SKB_CB(skb).end_seq, loss_high))
      break;
    oldcnt = cnt;
    if (tcp_is_fack(tp) || tcp_is_reno(tp) || (TCP_SKB_CB(skb).sacked & TCPCB_SACKED_ACKED))
      cnt += tcp_skb_pcount(skb);
    if (cnt > packets) {
      if ((tcp_is_sack(tp) && !tcp_is_fack(tp)) || (TCP_SKB_CB(skb).sacked & TCPCB_SACKED_ACKED) || oldcnt >= packets)
        break;
      mss = skb_shinfo(skb).gso_size;
      err = tcp_fragment(sk, skb, (packets - oldcnt) * mss, mss);
      if (err < 0)
        break;
      cnt = packets;
    }
    tcp_skb_mark_lost(tp, skb);
    if (mark_head)
      break;
  }
  tcp_verify_left_out(tp);
}

/** Decides how much of the queue's head counts as lost. */
function tcp_update_scoreboard(sk: sock, fast_rexmit: number): void {
  const tp = tcp_sk(sk);
  if (tcp_is_reno(tp)) {
    tcp_mark_head_lost(sk, 1, 1);
  } else if (tcp_is_fack(tp)) {
    let lost = tp.fackets_out - tp.reordering;
    if (lost <= 0)
      lost = 1;
    tcp_mark_head_lost(sk, lost, 0);
  } else {
    const sacked_upto = tp.sacked_out - tp.reordering;
    if (sacked_upto >= 0)
      tcp_mark_head_lost(sk, sacked_upto, 0);
    else if (fast_rexmit)
      tcp_mark_head_lost(sk, 1, 1);
  }
  tcp_timeout_skbs(sk);
}

function tcp_moderate_cwnd(tp: tcp_sock): void {
  tp.snd_cwnd = min(tp.snd_cwnd, tcp_packets_in_flight(tp) + tcp_max_burst(tp));
  tp.snd_cwnd_stamp = tcp_time_stamp();
}

/** Does the peer's timestamp show that it answered the original transmission, or was nothing retransmitted at all? */
function tcp_packet_delayed(tp: tcp_sock): boolean {
  return !tp.retrans_stamp || (tp.rx_opt.saw_tstamp !== 0 && tp.rx_opt.rcv_tsecr !== 0 && before(tp.rx_opt.rcv_tsecr, tp.retrans_stamp));
}

/** Gives back the cwnd, and ssthresh if asked, that a needless reduction took. */
function tcp_undo_cwr(sk: sock, undo_ssthresh: boolean): void {
  const tp = tcp_sk(sk);
  if (tp.prior_ssthresh) {
    const icsk = inet_csk(sk);
    if (icsk.icsk_ca_ops.undo_cwnd)
      tp.snd_cwnd = icsk.icsk_ca_ops.undo_cwnd(sk);
    else
      tp.snd_cwnd = max(tp.snd_cwnd, (tp.snd_ssthresh << 1) >>> 0);
    if (undo_ssthresh && tp.prior_ssthresh > tp.snd_ssthresh) {
      tp.snd_ssthresh = tp.prior_ssthresh;
      TCP_ECN_withdraw_cwr(tp);
    }
  } else {
    tp.snd_cwnd = max(tp.snd_cwnd, tp.snd_ssthresh);
  }
  tp.snd_cwnd_stamp = tcp_time_stamp();
}

function tcp_may_undo(tp: tcp_sock): boolean {
  return tp.undo_marker !== 0 && (!tp.undo_retrans || tcp_packet_delayed(tp));
}

/** All of the recovery is acknowledged: undoes it if it was needless. True when Reno has to stay in the old state a little longer. */
function tcp_try_undo_recovery(sk: sock): boolean {
  const tp = tcp_sk(sk);
  if (tcp_may_undo(tp)) {
    let mib_idx: number;
    tcp_undo_cwr(sk, true);
    if (inet_csk(sk).icsk_ca_state === TCP_CA_Loss)
      mib_idx = LINUX_MIB_TCPLOSSUNDO;
    else
      mib_idx = LINUX_MIB_TCPFULLUNDO;
    NET_INC_STATS_BH(sock_net(sk), mib_idx);
    tp.undo_marker = 0;
  }
  if (tp.snd_una === tp.high_seq && tcp_is_reno(tp)) {
    tcp_moderate_cwnd(tp);
    return true;
  }
  tcp_set_ca_state(sk, TCP_CA_Open);
  return false;
}

function tcp_try_undo_dsack(sk: sock): void {
  const tp = tcp_sk(sk);
  if (tp.undo_marker && !tp.undo_retrans) {
    tcp_undo_cwr(sk, true);
    tp.undo_marker = 0;
    NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPDSACKUNDO);
  }
}

function tcp_any_retrans_done(sk: sock): boolean {
  const tp = tcp_sk(sk);
  let skb: sk_buff;
  if (tp.retrans_out)
    return true;
  skb = tcp_write_queue_head(sk);
  if (unlikely(skb && (TCP_SKB_CB(skb).sacked & TCPCB_EVER_RETRANS)))
    return true;
  return false;
}

function tcp_try_undo_partial(sk: sock, acked: number): number {
  const tp = tcp_sk(sk);
  let failed = tcp_is_reno(tp) || tcp_fackets_out(tp) > tp.reordering ? 1 : 0;
  if (tcp_may_undo(tp)) {
    if (!tcp_any_retrans_done(sk))
      tp.retrans_stamp = 0;
    tcp_update_reordering(sk, tcp_fackets_out(tp) + acked, 1);
    tcp_undo_cwr(sk, false);
    NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPPARTIALUNDO);
    failed = 0;
  }
  return failed;
}

/** The timeout was needless (`frto_undo`: F-RTO found out): nothing is lost after all. */
function tcp_try_undo_loss(sk: sock, frto_undo: boolean): boolean {
  const tp = tcp_sk(sk);
  if (frto_undo || tcp_may_undo(tp)) {
    let skb: sk_buff;
    const queue = sk.sk_write_queue as unknown as sk_buff;
    for (skb = queue.next; skb !== queue; skb = skb.next) {
      if (skb === tcp_send_head(sk))
        break;
      TCP_SKB_CB(skb).sacked &= ~TCPCB_LOST;
    }
    tcp_clear_all_retrans_hints(tp);
    tp.lost_out = 0;
    tcp_undo_cwr(sk, true);
    NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPLOSSUNDO);
    if (frto_undo)
      NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPSPURIOUSRTOS);
    inet_csk(sk).icsk_retransmits = 0;
    tp.undo_marker = 0;
    if (frto_undo || tcp_is_sack(tp))
      tcp_set_ca_state(sk, TCP_CA_Open);
    return true;
  }
  return false;
}

/** Starts a proportional rate reduction: remembers cwnd and sets ssthresh. */
function tcp_init_cwnd_reduction(sk: sock, set_ssthresh: boolean): void {
  const tp = tcp_sk(sk);
  tp.high_seq = tp.snd_nxt;
  tp.tlp_high_seq = 0;
  tp.snd_cwnd_cnt = 0;
  tp.prior_cwnd = tp.snd_cwnd;
  tp.prr_delivered = 0;
  tp.prr_out = 0;
  if (set_ssthresh)
    tp.snd_ssthresh = inet_csk(sk).icsk_ca_ops.ssthresh(sk);
  TCP_ECN_queue_cwr(tp);
}

/** One step of the reduction: how much may go out for what this ACK delivered. */
function tcp_cwnd_reduction(sk: sock, newly_acked_sacked: number, fast_rexmit: number): void {
  const tp = tcp_sk(sk);
  let sndcnt = 0;
  const delta = (tp.snd_ssthresh - tcp_packets_in_flight(tp)) | 0;
  tp.prr_delivered = (tp.prr_delivered + newly_acked_sacked) >>> 0;
  if (tcp_packets_in_flight(tp) > tp.snd_ssthresh) {
    const dividend = tp.snd_ssthresh * tp.prr_delivered + tp.prior_cwnd - 1;
    sndcnt = (Math.floor(dividend / tp.prior_cwnd) - tp.prr_out) | 0;
  } else {
    sndcnt = min(delta, max((tp.prr_delivered - tp.prr_out) | 0, newly_acked_sacked) + 1);
  }
  sndcnt = max(sndcnt, fast_rexmit ? 1 : 0);
  tp.snd_cwnd = (tcp_packets_in_flight(tp) + sndcnt) >>> 0;
}

function tcp_end_cwnd_reduction(sk: sock): void {
  const tp = tcp_sk(sk);
  if (tp.snd_ssthresh < TCP_INFINITE_SSTHRESH && (inet_csk(sk).icsk_ca_state === TCP_CA_CWR || tp.undo_marker)) {
    tp.snd_cwnd = tp.snd_ssthresh;
    tp.snd_cwnd_stamp = tcp_time_stamp();
  }
  tcp_ca_event(sk, CA_EVENT_COMPLETE_CWR);
}

/** Congestion without loss (ECN, a full local queue): cwnd goes down and will not be given back. */
export function tcp_enter_cwr(sk: sock, set_ssthresh: number): void {
  const tp = tcp_sk(sk);
  tp.prior_ssthresh = 0;
  if (inet_csk(sk).icsk_ca_state < TCP_CA_CWR) {
    tp.undo_marker = 0;
    tcp_init_cwnd_reduction(sk, set_ssthresh !== 0);
    tcp_set_ca_state(sk, TCP_CA_CWR);
  }
}

function tcp_try_keep_open(sk: sock): void {
  const tp = tcp_sk(sk);
  let state = TCP_CA_Open;
  if (tcp_left_out(tp) || tcp_any_retrans_done(sk))
    state = TCP_CA_Disorder;
  if (inet_csk(sk).icsk_ca_state !== state) {
    tcp_set_ca_state(sk, state);
    tp.high_seq = tp.snd_nxt;
  }
}

function tcp_try_to_open(sk: sock, flag: number, newly_acked_sacked: number): void {
  const tp = tcp_sk(sk);
  tcp_verify_left_out(tp);
  if (!tcp_any_retrans_done(sk))
    tp.retrans_stamp = 0;
  if (flag & FLAG_ECE)
    tcp_enter_cwr(sk, 1);
  if (inet_csk(sk).icsk_ca_state !== TCP_CA_CWR) {
    tcp_try_keep_open(sk);
    if (inet_csk(sk).icsk_ca_state !== TCP_CA_Open)
      tcp_moderate_cwnd(tp);
  } else {
    tcp_cwnd_reduction(sk, newly_acked_sacked, 0);
  }
}

function tcp_mtup_probe_failed(sk: sock): void {
  const icsk = inet_csk(sk);
  icsk.icsk_mtup.search_high = icsk.icsk_mtup.probe_size - 1;
  icsk.icsk_mtup.probe_size = 0;
}

/** The MTU probe arrived: the path carries its size, and cwnd is recounted in the larger segments. */
function tcp_mtup_probe_success(sk: sock): void {
  const tp = tcp_sk(sk);
  const icsk = inet_csk(sk);
  tp.prior_ssthresh = tcp_current_ssthresh(sk);
  tp.snd_cwnd = Math.trunc((Math.imul(tp.snd_cwnd, tcp_mss_to_mtu(sk, tp.mss_cache)) >>> 0) / icsk.icsk_mtup.probe_size);
  tp.snd_cwnd_cnt = 0;
  tp.snd_cwnd_stamp = tcp_time_stamp();
  tp.snd_ssthresh = tcp_current_ssthresh(sk);
  icsk.icsk_mtup.search_low = icsk.icsk_mtup.probe_size;
  icsk.icsk_mtup.probe_size = 0;
  tcp_sync_mss(sk, icsk.icsk_pmtu_cookie);
}

/** The path's MTU shrank: sends what is too large again, without a timer's back-off. */
export function tcp_simple_retransmit(sk: sock): void {
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);
  let skb: sk_buff;
  const queue = sk.sk_write_queue as unknown as sk_buff;
  const mss = tcp_current_mss(sk);
  const prior_lost = tp.lost_out;
  for (skb = queue.next; skb !== queue; skb = skb.next) {
    if (skb === tcp_send_head(sk))
      break;
    if (tcp_skb_seglen(skb) > mss && !(TCP_SKB_CB(skb).sacked & TCPCB_SACKED_ACKED)) {
      if (TCP_SKB_CB(skb).sacked & TCPCB_SACKED_RETRANS) {
        TCP_SKB_CB(skb).sacked &= ~TCPCB_SACKED_RETRANS;
        tp.retrans_out -= tcp_skb_pcount(skb);
      }
      tcp_skb_mark_lost_uncond_verify(tp, skb);
    }
  }
  tcp_clear_retrans_hints_partial(tp);
  if (prior_lost === tp.lost_out)
    return;
  if (tcp_is_reno(tp))
    tcp_limit_reno_sacked(tp);
  tcp_verify_left_out(tp);
  if (icsk.icsk_ca_state !== TCP_CA_Loss) {
    tp.high_seq = tp.snd_nxt;
    tp.snd_ssthresh = tcp_current_ssthresh(sk);
    tp.prior_ssthresh = 0;
    tp.undo_marker = 0;
    tcp_set_ca_state(sk, TCP_CA_Loss);
  }
  tcp_xmit_retransmit_queue(sk);
}

/** Fast recovery begins. */
function tcp_enter_recovery(sk: sock, ece_ack: boolean): void {
  const tp = tcp_sk(sk);
  let mib_idx: number;
  if (tcp_is_reno(tp))
    mib_idx = LINUX_MIB_TCPRENORECOVERY;
  else
    mib_idx = LINUX_MIB_TCPSACKRECOVERY;
  NET_INC_STATS_BH(sock_net(sk), mib_idx);
  tp.prior_ssthresh = 0;
  tp.undo_marker = tp.snd_una;
  tp.undo_retrans = tp.retrans_out || -1;
  if (inet_csk(sk).icsk_ca_state < TCP_CA_CWR) {
    if (!ece_ack)
      tp.prior_ssthresh = tcp_current_ssthresh(sk);
    tcp_init_cwnd_reduction(sk, true);
  }
  tcp_set_ca_state(sk, TCP_CA_Recovery);
}

/** An ACK after a timeout: with F-RTO finds out whether the timeout was needless, ends the loss state, or retransmits further. */
function tcp_process_loss(sk: sock, flag: number, is_dupack: boolean): void {
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);
  const recovered = !before(tp.snd_una, tp.high_seq);
  if (tp.frto) {
    if (tcp_try_undo_loss(sk, (flag & FLAG_ORIG_SACK_ACKED) !== 0))
      return;
    if (after(tp.snd_nxt, tp.high_seq) && ((flag & FLAG_DATA_SACKED) || is_dupack)) {
      tp.frto = 0;
    } else if ((flag & FLAG_SND_UNA_ADVANCED) && !recovered) {
      tp.high_seq = tp.snd_nxt;
      __tcp_push_pending_frames(sk, tcp_current_mss(sk), TCP_NAGLE_OFF);
      if (after(tp.snd_nxt, tp.high_seq))
        return;
      tp.frto = 0;
    }
  }
  if (recovered) {
    icsk.icsk_retransmits = 0;
    tcp_try_undo_recovery(sk);
    return;
  }
  if (flag & FLAG_DATA_ACKED)
    icsk.icsk_retransmits = 0;
  if (tcp_is_reno(tp)) {
    if (after(tp.snd_nxt, tp.high_seq) && is_dupack)
      tcp_add_reno_sack(sk);
    else if (flag & FLAG_SND_UNA_ADVANCED)
      tcp_reset_reno_sack(tp);
  }
  if (tcp_try_undo_loss(sk, false))
    return;
  tcp_xmit_retransmit_queue(sk);
}

export const FLAG_DATA = 0x01;
export const FLAG_WIN_UPDATE = 0x02;
export const FLAG_DATA_ACKED = 0x04;
export const FLAG_RETRANS_DATA_ACKED = 0x08;
export const FLAG_SYN_ACKED = 0x10;
export const FLAG_DATA_SACKED = 0x20;
export const FLAG_ECE = 0x40;
export const FLAG_SLOWPATH = 0x100;
export const FLAG_ORIG_SACK_ACKED = 0x200;
export const FLAG_SND_UNA_ADVANCED = 0x400;
export const FLAG_DSACKING_ACK = 0x800;
export const FLAG_SET_XMIT_TIMER = 0x1000;
export const FLAG_SACK_RENEGING = 0x2000;
export const FLAG_UPDATE_TS_RECENT = 0x4000;
export const FLAG_ACKED = FLAG_DATA_ACKED | FLAG_SYN_ACKED;
export const FLAG_NOT_DUP = FLAG_DATA | FLAG_WIN_UPDATE | FLAG_ACKED;
export const FLAG_CA_ALERT = FLAG_DATA_SACKED | FLAG_ECE;
export const FLAG_FORWARD_PROGRESS = FLAG_ACKED | FLAG_DATA_SACKED;

/** What a doubtful ACK means for loss recovery: leaves or enters the recovery states, marks lost segments and retransmits. */
function tcp_fastretrans_alert(sk: sock, pkts_acked: number, prior_sacked: number, prior_packets: number, is_dupack: boolean, flag: number): void {
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);
  let do_lost: boolean | number = is_dupack || ((flag & FLAG_DATA_SACKED) !== 0 && tcp_fackets_out(tp) > tp.reordering);
  let newly_acked_sacked = 0;
  let fast_rexmit = 0;
  if (WARN_ON(!tp.packets_out && tp.sacked_out))
    tp.sacked_out = 0;
  if (WARN_ON(!tp.sacked_out && tp.fackets_out))
    tp.fackets_out = 0;
  if (flag & FLAG_ECE)
    tp.prior_ssthresh = 0;
  if (tcp_check_sack_reneging(sk, flag))
    return;
  tcp_verify_left_out(tp);
  if (icsk.icsk_ca_state === TCP_CA_Open) {
    WARN_ON(tp.retrans_out !== 0);
    tp.retrans_stamp = 0;
  } else if (!before(tp.snd_una, tp.high_seq)) {
    switch (icsk.icsk_ca_state) {
      case TCP_CA_CWR:
        if (tp.snd_una !== tp.high_seq) {
          tcp_end_cwnd_reduction(sk);
          tcp_set_ca_state(sk, TCP_CA_Open);
        }
        break;
      case TCP_CA_Recovery:
        if (tcp_is_reno(tp))
          tcp_reset_reno_sack(tp);
        if (tcp_try_undo_recovery(sk))
          return;
        tcp_end_cwnd_reduction(sk);
        break;
    }
  }
  switch (icsk.icsk_ca_state) {
    case TCP_CA_Recovery:
      if (!(flag & FLAG_SND_UNA_ADVANCED)) {
        if (tcp_is_reno(tp) && is_dupack)
          tcp_add_reno_sack(sk);
      } else
        do_lost = tcp_try_undo_partial(sk, pkts_acked);
      newly_acked_sacked = prior_packets - tp.packets_out + tp.sacked_out - prior_sacked;
      break;
    case TCP_CA_Loss:
      tcp_process_loss(sk, flag, is_dupack);
      if ((icsk.icsk_ca_state as number) !== TCP_CA_Open)
        return;
    // falls through
    default:
      if (tcp_is_reno(tp)) {
        if (flag & FLAG_SND_UNA_ADVANCED)
          tcp_reset_reno_sack(tp);
        if (is_dupack)
          tcp_add_reno_sack(sk);
      }
      newly_acked_sacked = prior_packets - tp.packets_out + tp.sacked_out - prior_sacked;
      if (icsk.icsk_ca_state <= TCP_CA_Disorder)
        tcp_try_undo_dsack(sk);
      if (!tcp_time_to_recover(sk, flag)) {
        tcp_try_to_open(sk, flag, newly_acked_sacked);
        return;
      }
      if (icsk.icsk_ca_state < TCP_CA_CWR && icsk.icsk_mtup.probe_size && tp.snd_una === tp.mtu_probe.probe_seq_start) {
        tcp_mtup_probe_failed(sk);
        tp.snd_cwnd++;
        tcp_simple_retransmit(sk);
        return;
      }
      tcp_enter_recovery(sk, (flag & FLAG_ECE) !== 0);
      fast_rexmit = 1;
  }
  if (do_lost || (tcp_is_fack(tp) && tcp_head_timedout(sk)))
    tcp_update_scoreboard(sk, fast_rexmit);
  tcp_cwnd_reduction(sk, newly_acked_sacked, fast_rexmit);
  tcp_xmit_retransmit_queue(sk);
}

/** A trustworthy round trip sample: into srtt and RTO, and the back-off ends. */
export function tcp_valid_rtt_meas(sk: sock, seq_rtt: number): void {
  tcp_rtt_estimator(sk, seq_rtt);
  tcp_set_rto(sk);
  inet_csk(sk).icsk_backoff = 0;
}

function tcp_ack_saw_tstamp(sk: sock, _flag: number): void {
  const tp = tcp_sk(sk);
  tcp_valid_rtt_meas(sk, (tcp_time_stamp() - tp.rx_opt.rcv_tsecr) >>> 0);
}

function tcp_ack_no_tstamp(sk: sock, seq_rtt: number, flag: number): void {
  if (flag & FLAG_RETRANS_DATA_ACKED)
    return;
  tcp_valid_rtt_meas(sk, seq_rtt);
}

function tcp_ack_update_rtt(sk: sock, flag: number, seq_rtt: number): void {
  const tp = tcp_sk(sk);
  if (tp.rx_opt.saw_tstamp && tp.rx_opt.rcv_tsecr)
    tcp_ack_saw_tstamp(sk, flag);
  else if (seq_rtt >= 0)
    tcp_ack_no_tstamp(sk, seq_rtt, flag);
}

function tcp_cong_avoid(sk: sock, ack: number, in_flight: number): void {
  const icsk = inet_csk(sk);
  icsk.icsk_ca_ops.cong_avoid(sk, ack, in_flight);
  tcp_sk(sk).snd_cwnd_stamp = tcp_time_stamp();
}

/** Something was acknowledged: the retransmission timer starts anew, or stops when nothing is out. */
export function tcp_rearm_rto(sk: sock): void {
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);
  if (tp.fastopen_rsk)
    return;
  if (!tp.packets_out) {
    inet_csk_clear_xmit_timer(sk, ICSK_TIME_RETRANS);
  } else {
    let rto = inet_csk(sk).icsk_rto;
    if (icsk.icsk_pending === ICSK_TIME_EARLY_RETRANS || icsk.icsk_pending === ICSK_TIME_LOSS_PROBE) {
      const delta = tcp_rto_delta(sk);
      rto = max(delta, 1);
    }
    inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, rto, TCP_RTO_MAX);
  }
}

/** The delayed early retransmit is due. */
export function tcp_resume_early_retransmit(sk: sock): void {
  const tp = tcp_sk(sk);
  tcp_rearm_rto(sk);
  if (!tp.do_early_retrans)
    return;
  tcp_enter_recovery(sk, false);
  tcp_update_scoreboard(sk, 1);
  tcp_xmit_retransmit_queue(sk);
}

function tcp_set_xmit_timer(sk: sock): void {
  if (!tcp_schedule_loss_probe(sk))
    tcp_rearm_rto(sk);
}

/** The ACK ends inside a TSO segment: cuts its acknowledged front off and says how many packets that was. */
function tcp_tso_acked(sk: sock, skb: sk_buff): number {
  const tp = tcp_sk(sk);
  let packets_acked: number;
  BUG_ON(!after(TCP_SKB_CB(skb).end_seq, tp.snd_una));
  packets_acked = tcp_skb_pcount(skb);
  if (tcp_trim_head(sk, skb, (tp.snd_una - TCP_SKB_CB(skb).seq) >>> 0))
    return 0;
  packets_acked -= tcp_skb_pcount(skb);
  if (packets_acked) {
    BUG_ON(tcp_skb_pcount(skb) === 0);
    BUG_ON(!before(TCP_SKB_CB(skb).seq, TCP_SKB_CB(skb).end_seq));
  }
  return packets_acked;
}

/** Frees what the ACK covers from the head of the write queue, keeps the counters, and takes the round trip sample. */
function tcp_clean_rtx_queue(sk: sock, prior_fackets: number, prior_snd_una: number): number {
  const tp = tcp_sk(sk);
  let icsk = inet_csk(sk);
  let skb: sk_buff;
  const now = tcp_time_stamp();
  let fully_acked = true;
  let flag = 0;
  let pkts_acked = 0;
  let reord = tp.packets_out;
  const prior_sacked = tp.sacked_out;
  let seq_rtt = -1;
  let ca_seq_rtt = -1;
  let last_ackt = net_invalid_timestamp();
  while ((skb = tcp_write_queue_head(sk)) && skb !== tcp_send_head(sk)) {
    const scb = TCP_SKB_CB(skb);
    let acked_pcount: number;
    const sacked = scb.sacked;
    if (after(scb.end_seq, tp.snd_una)) {
      if (tcp_skb_pcount(skb) === 1 || !after(tp.snd_una, scb.seq))
        break;
      acked_pcount = tcp_tso_acked(sk, skb);
      if (!acked_pcount)
        break;
      fully_acked = false;
    } else {
      acked_pcount = tcp_skb_pcount(skb);
    }
    if (sacked & TCPCB_RETRANS) {
      if (sacked & TCPCB_SACKED_RETRANS)
        tp.retrans_out -= acked_pcount;
      flag |= FLAG_RETRANS_DATA_ACKED;
      ca_seq_rtt = -1;
      seq_rtt = -1;
    } else {
      ca_seq_rtt = (now - scb.when) | 0;
      last_ackt = skb.tstamp;
      if (seq_rtt < 0) {
        seq_rtt = ca_seq_rtt;
      }
      if (!(sacked & TCPCB_SACKED_ACKED)) {
        reord = min(pkts_acked, reord);
        if (!after(scb.end_seq, tp.high_seq))
          flag |= FLAG_ORIG_SACK_ACKED;
      }
    }
    if (sacked & TCPCB_SACKED_ACKED)
      tp.sacked_out -= acked_pcount;
    if (sacked & TCPCB_LOST)
      tp.lost_out -= acked_pcount;
    tp.packets_out -= acked_pcount;
    pkts_acked += acked_pcount;
    if (!(scb.tcp_flags & TCPHDR_SYN)) {
      flag |= FLAG_DATA_ACKED;
    } else {
      flag |= FLAG_SYN_ACKED;
      tp.retrans_stamp = 0;
    }
    if (!fully_acked)
      break;
    tcp_unlink_write_queue(skb, sk);
    sk_wmem_free_skb(sk, skb);
    tp.scoreboard_skb_hint = null;
    if (skb === tp.retransmit_skb_hint)
      tp.retransmit_skb_hint = null;
    if (skb === tp.lost_skb_hint)
      tp.lost_skb_hint = null;
  }
  if (likely(between(tp.snd_up, prior_snd_una, tp.snd_una)))
    tp.snd_up = tp.snd_una;
  if (skb && (TCP_SKB_CB(skb).sacked & TCPCB_SACKED_ACKED))
    flag |= FLAG_SACK_RENEGING;
  if (flag & FLAG_ACKED) {
    const ca_ops = inet_csk(sk).icsk_ca_ops;
    if (unlikely(icsk.icsk_mtup.probe_size && !after(tp.mtu_probe.probe_seq_end, tp.snd_una))) {
      tcp_mtup_probe_success(sk);
    }
    tcp_ack_update_rtt(sk, flag, seq_rtt);
    flag |= FLAG_SET_XMIT_TIMER;
    if (tcp_is_reno(tp)) {
      tcp_remove_reno_sacks(sk, pkts_acked);
    } else {
      let delta: number;
      if (reord < prior_fackets)
        tcp_update_reordering(sk, tp.fackets_out - reord, 0);
      delta = tcp_is_fack(tp) ? pkts_acked : prior_sacked - tp.sacked_out;
      tp.lost_cnt_hint -= min(tp.lost_cnt_hint, delta);
    }
    tp.fackets_out -= min(pkts_acked, tp.fackets_out);
    if (ca_ops.pkts_acked) {
      let rtt_us = -1;
      if (!(flag & FLAG_RETRANS_DATA_ACKED)) {
        if ((ca_ops.flags & TCP_CONG_RTT_STAMP) && !ktime_equal(last_ackt, net_invalid_timestamp()))
          rtt_us = ktime_us_delta(ktime_get_real(), last_ackt);
        else if (ca_seq_rtt >= 0)
          rtt_us = jiffies_to_usecs(ca_seq_rtt);
      }
      ca_ops.pkts_acked(sk, pkts_acked, rtt_us);
    }
  }
  WARN_ON((tp.sacked_out | 0) < 0);
  WARN_ON((tp.lost_out | 0) < 0);
  WARN_ON((tp.retrans_out | 0) < 0);
  if (!tp.packets_out && tcp_is_sack(tp)) {
    icsk = inet_csk(sk);
    if (tp.lost_out) {
      tp.lost_out = 0;
    }
    if (tp.sacked_out) {
      tp.sacked_out = 0;
    }
    if (tp.retrans_out) {
      tp.retrans_out = 0;
    }
  }
  return flag;
}

/** Does the window now let the waiting segment out? Then the probe timer may rest, otherwise it is armed. */
function tcp_ack_probe(sk: sock): void {
  const tp = tcp_sk(sk);
  const icsk = inet_csk(sk);
  if (!after(TCP_SKB_CB(tcp_send_head(sk)).end_seq, tcp_wnd_end(tp))) {
    icsk.icsk_backoff = 0;
    inet_csk_clear_xmit_timer(sk, ICSK_TIME_PROBE0);
  } else {
    inet_csk_reset_xmit_timer(sk, ICSK_TIME_PROBE0, min((icsk.icsk_rto << icsk.icsk_backoff) >>> 0, TCP_RTO_MAX), TCP_RTO_MAX);
  }
}

function tcp_ack_is_dubious(sk: sock, flag: number): boolean {
  return !(flag & FLAG_NOT_DUP) || (flag & FLAG_CA_ALERT) !== 0 || inet_csk(sk).icsk_ca_state !== TCP_CA_Open;
}

function tcp_may_raise_cwnd(sk: sock, flag: number): boolean {
  const tp = tcp_sk(sk);
  return (!(flag & FLAG_ECE) || tp.snd_cwnd < tp.snd_ssthresh) && !tcp_in_cwnd_reduction(sk);
}

function tcp_may_update_window(tp: tcp_sock, ack: number, ack_seq: number, nwin: number): boolean {
  return after(ack, tp.snd_una) || after(ack_seq, tp.snd_wl1) || (ack_seq === tp.snd_wl1 && nwin > tp.snd_wnd);
}

/** Takes over the window the ACK advertises, if the ACK is new enough to speak for it, and moves snd_una. */
function tcp_ack_update_window(sk: sock, skb: sk_buff, ack: number, ack_seq: number): number {
  const tp = tcp_sk(sk);
  let flag = 0;
  let nwin = ntohs(tcp_hdr(skb).window);
  if (likely(!tcp_hdr(skb).syn))
    nwin <<= tp.rx_opt.snd_wscale;
  if (tcp_may_update_window(tp, ack, ack_seq, nwin)) {
    flag |= FLAG_WIN_UPDATE;
    tcp_update_wl(tp, ack_seq);
    if (tp.snd_wnd !== nwin) {
      tp.snd_wnd = nwin;
      tp.pred_flags = 0;
      tcp_fast_path_check(sk);
      if (nwin > tp.max_window) {
        tp.max_window = nwin;
        tcp_sync_mss(sk, inet_csk(sk).icsk_pmtu_cookie);
      }
    }
  }
  tp.snd_una = ack;
  return flag;
}

/** Answers a suspicious segment with an ACK, so many a second. The two static words live on the host. */
export function tcp_send_challenge_ack(sk: sock): void {
  const now = Math.trunc(jiffies() / HZ);
  let count: number;
  if (now !== current.host.challenge_timestamp) {
    const half = (current.host.sysctl_tcp_challenge_ack_limit + 1) >> 1;
    current.host.challenge_timestamp = now;
    current.host.challenge_count = half + reciprocal_divide(prandom_u32(), current.host.sysctl_tcp_challenge_ack_limit);
  }
  count = ACCESS_ONCE(current.host.challenge_count);
  if (count > 0) {
    current.host.challenge_count = count - 1;
    NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPCHALLENGEACK);
    tcp_send_ack(sk);
  }
}

export function tcp_store_ts_recent(tp: tcp_sock): void {
  tp.rx_opt.ts_recent = tp.rx_opt.rcv_tsval;
  tp.rx_opt.ts_recent_stamp = get_seconds();
}

export function tcp_replace_ts_recent(tp: tcp_sock, seq: number): void {
  if (tp.rx_opt.saw_tstamp && !after(seq, tp.rcv_wup)) {
    if (tcp_paws_check(tp.rx_opt, 0))
      tcp_store_ts_recent(tp);
  }
}

/** An ACK while a tail loss probe is out: the probe was superfluous, or it repaired a loss and cwnd has to pay for it. */
function tcp_process_tlp_ack(sk: sock, ack: number, flag: number): void {
  const tp = tcp_sk(sk);
  const is_tlp_dupack = ack === tp.tlp_high_seq && !(flag & (FLAG_SND_UNA_ADVANCED | FLAG_NOT_DUP | FLAG_DATA_SACKED));
  if (is_tlp_dupack) {
    tp.tlp_high_seq = 0;
    return;
  }
  if (after(ack, tp.tlp_high_seq)) {
    tp.tlp_high_seq = 0;
    if (!(flag & FLAG_DSACKING_ACK)) {
      tcp_init_cwnd_reduction(sk, true);
      tcp_set_ca_state(sk, TCP_CA_CWR);
      tcp_end_cwnd_reduction(sk);
      tcp_try_keep_open(sk);
      NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPLOSSPROBERECOVERY);
    }
  }
}

/** Everything an incoming ACK does to the sender: window, SACKs, the retransmission queue, timers and congestion control. */
export function tcp_ack(sk: sock, skb: sk_buff, flag: number): number {
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);
  const prior_snd_una = tp.snd_una;
  const ack_seq = TCP_SKB_CB(skb).seq;
  const ack = TCP_SKB_CB(skb).ack_seq;
  let is_dupack = false;
  let prior_in_flight: number;
  const prior_cwnd = tp.snd_cwnd, prior_rtt = tp.srtt;
  let prior_fackets: number;
  const prior_packets = tp.packets_out;
  const prior_sacked = tp.sacked_out;
  let pkts_acked = 0;
  let previous_packets_out = 0;
  old_ack: {
    invalid_ack: {
      no_queue: {
        if (before(ack, prior_snd_una)) {
          if (before(ack, (prior_snd_una - tp.max_window) >>> 0)) {
            tcp_send_challenge_ack(sk);
            return -1;
          }
          break old_ack;
        }
        if (after(ack, tp.snd_nxt))
          break invalid_ack;
        if (after(ack, prior_snd_una))
          flag |= FLAG_SND_UNA_ADVANCED;
        prior_fackets = tp.fackets_out;
        prior_in_flight = tcp_packets_in_flight(tp);
        if (flag & FLAG_UPDATE_TS_RECENT)
          tcp_replace_ts_recent(tp, TCP_SKB_CB(skb).seq);
        if (!(flag & FLAG_SLOWPATH) && after(ack, prior_snd_una)) {
          tcp_update_wl(tp, ack_seq);
          tp.snd_una = ack;
          flag |= FLAG_WIN_UPDATE;
          tcp_ca_event(sk, CA_EVENT_FAST_ACK);
          NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPHPACKS);
        } else {
          if (ack_seq !== TCP_SKB_CB(skb).end_seq)
            flag |= FLAG_DATA;
          else
            NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPPUREACKS);
          flag |= tcp_ack_update_window(sk, skb, ack, ack_seq);
          if (TCP_SKB_CB(skb).sacked)
            flag |= tcp_sacktag_write_queue(sk, skb, prior_snd_una);
          if (TCP_ECN_rcv_ecn_echo(tp, tcp_hdr(skb)))
            flag |= FLAG_ECE;
          tcp_ca_event(sk, CA_EVENT_SLOW_ACK);
        }
        sk.sk_err_soft = 0;
        icsk.icsk_probes_out = 0;
        tp.rcv_tstamp = tcp_time_stamp();
        if (!prior_packets)
          break no_queue;
        previous_packets_out = tp.packets_out;
        flag |= tcp_clean_rtx_queue(sk, prior_fackets, prior_snd_una);
        pkts_acked = previous_packets_out - tp.packets_out;
        if (tp.tlp_high_seq)
          tcp_process_tlp_ack(sk, ack, flag);
        if (flag & FLAG_SET_XMIT_TIMER)
          tcp_set_xmit_timer(sk);
        if (tcp_ack_is_dubious(sk, flag)) {
          if ((flag & FLAG_DATA_ACKED) && tcp_may_raise_cwnd(sk, flag))
            tcp_cong_avoid(sk, ack, prior_in_flight);
          is_dupack = !(flag & (FLAG_SND_UNA_ADVANCED | FLAG_NOT_DUP));
          tcp_fastretrans_alert(sk, pkts_acked, prior_sacked, prior_packets, is_dupack, flag);
        } else {
          if (flag & FLAG_DATA_ACKED)
            tcp_cong_avoid(sk, ack, prior_in_flight);
        }
        if ((flag & FLAG_FORWARD_PROGRESS) || !(flag & FLAG_NOT_DUP)) {
          const dst = __sk_dst_get(sk);
          if (dst)
            dst_confirm(dst);
        }
        if (tp.srtt !== prior_rtt || tp.snd_cwnd !== prior_cwnd)
          tcp_update_pacing_rate(sk);
        return 1;
      }
      if (flag & FLAG_DSACKING_ACK)
        tcp_fastretrans_alert(sk, pkts_acked, prior_sacked, prior_packets, is_dupack, flag);
      if (tcp_send_head(sk))
        tcp_ack_probe(sk);
      if (tp.tlp_high_seq)
        tcp_process_tlp_ack(sk, ack, flag);
      return 1;
    }
    return -1;
  }
  if (TCP_SKB_CB(skb).sacked) {
    flag |= tcp_sacktag_write_queue(sk, skb, prior_snd_una);
    tcp_fastretrans_alert(sk, pkts_acked, prior_sacked, prior_packets, is_dupack, flag);
  }
  return 0;
}

function be16(b: Uint8Array, o: number): number { return (b[o] << 8) | b[o + 1]; }
function be32(b: Uint8Array, o: number): number { return ((b[o] << 24) | (b[o + 1] << 16) | (b[o + 2] << 8) | b[o + 3]) >>> 0; }

/** Reads the options behind the header. `estab`: the connection exists, so what only a SYN may say is passed over. */
export function tcp_parse_options(skb: sk_buff, opt_rx: tcp_options_received, estab: number, foc: tcp_fastopen_cookie): void {
  const th = tcp_hdr(skb);
  let length = th.doff * 4 - sizeof_tcphdr;
  const bytes = th.bytes;
  let ptr = th.at + sizeof_tcphdr;
  opt_rx.saw_tstamp = 0;
  while (length > 0) {
    const opcode = bytes[ptr++];
    let opsize: number;
    switch (opcode) {
      case TCPOPT_EOL:
        return;
      case TCPOPT_NOP:
        length--;
        continue;
      default:
        opsize = bytes[ptr++];
        if (opsize < 2)
          return;
        if (opsize > length)
          return;
        switch (opcode) {
          case TCPOPT_MSS:
            if (opsize === TCPOLEN_MSS && th.syn && !estab) {
              let in_mss = be16(bytes, ptr);
              if (in_mss) {
                if (opt_rx.user_mss && opt_rx.user_mss < in_mss)
                  in_mss = opt_rx.user_mss;
                opt_rx.mss_clamp = in_mss;
              }
            }
            break;
          case TCPOPT_WINDOW:
            if (opsize === TCPOLEN_WINDOW && th.syn && !estab && current.host.sysctl_tcp_window_scaling) {
              let snd_wscale = bytes[ptr];
              opt_rx.wscale_ok = 1;
              if (snd_wscale > 14) {
                current.machine.log(`Illegal window scaling value ${snd_wscale} >14 received`);
                snd_wscale = 14;
              }
              opt_rx.snd_wscale = snd_wscale;
            }
            break;
          case TCPOPT_TIMESTAMP:
            if (opsize === TCPOLEN_TIMESTAMP && ((estab && opt_rx.tstamp_ok) || (!estab && current.host.sysctl_tcp_timestamps))) {
              opt_rx.saw_tstamp = 1;
              opt_rx.rcv_tsval = be32(bytes, ptr);
              opt_rx.rcv_tsecr = be32(bytes, ptr + 4);
            }
            break;
          case TCPOPT_SACK_PERM:
            if (opsize === TCPOLEN_SACK_PERM && th.syn && !estab && current.host.sysctl_tcp_sack) {
              opt_rx.sack_ok = TCP_SACK_SEEN;
              tcp_sack_reset(opt_rx);
            }
            break;
          case TCPOPT_SACK:
            if (opsize >= TCPOLEN_SACK_BASE + TCPOLEN_SACK_PERBLOCK && !((opsize - TCPOLEN_SACK_BASE) % TCPOLEN_SACK_PERBLOCK) && opt_rx.sack_ok) {
              TCP_SKB_CB(skb).sacked = ptr - 2 - th.at;
            }
            break;
          case TCPOPT_EXP:
            if (opsize < TCPOLEN_EXP_FASTOPEN_BASE || be16(bytes, ptr) !== TCPOPT_FASTOPEN_MAGIC || foc === null || !th.syn || (opsize & 1))
              break;
            foc.len = opsize - TCPOLEN_EXP_FASTOPEN_BASE;
            break;
        }
        ptr += opsize - 2;
        length -= opsize;
    }
  }
}

function tcp_parse_aligned_timestamp(tp: tcp_sock, th: tcphdr): boolean {
  const bytes = th.bytes;
  let ptr = th.at + sizeof_tcphdr;
  if (be32(bytes, ptr) === htonl(((TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) | (TCPOPT_TIMESTAMP << 8) | TCPOLEN_TIMESTAMP) >>> 0)) {
    tp.rx_opt.saw_tstamp = 1;
    ptr += 4;
    tp.rx_opt.rcv_tsval = ntohl(be32(bytes, ptr));
    ptr += 4;
    if (be32(bytes, ptr))
      tp.rx_opt.rcv_tsecr = (ntohl(be32(bytes, ptr)) - tp.tsoffset) >>> 0;
    else
      tp.rx_opt.rcv_tsecr = 0;
    return true;
  }
  return false;
}

function tcp_fast_parse_options(skb: sk_buff, th: tcphdr, tp: tcp_sock): boolean {
  if (th.doff === sizeof_tcphdr / 4) {
    tp.rx_opt.saw_tstamp = 0;
    return false;
  } else if (tp.rx_opt.tstamp_ok && th.doff === (sizeof_tcphdr + TCPOLEN_TSTAMP_ALIGNED) / 4) {
    if (tcp_parse_aligned_timestamp(tp, th))
      return true;
  }
  tcp_parse_options(skb, tp.rx_opt, 1, null);
  if (tp.rx_opt.saw_tstamp && tp.rx_opt.rcv_tsecr)
    tp.rx_opt.rcv_tsecr = (tp.rx_opt.rcv_tsecr - tp.tsoffset) >>> 0;
  return true;
}

function tcp_disordered_ack(sk: sock, skb: sk_buff): boolean {
  const tp = tcp_sk(sk);
  const th = tcp_hdr(skb);
  const seq = TCP_SKB_CB(skb).seq;
  const ack = TCP_SKB_CB(skb).ack_seq;
  return !!th.ack && seq === TCP_SKB_CB(skb).end_seq && seq === tp.rcv_nxt && ack === tp.snd_una && !tcp_may_update_window(tp, ack, seq, ntohs(th.window) << tp.rx_opt.snd_wscale) &&
    ((tp.rx_opt.ts_recent - tp.rx_opt.rcv_tsval) | 0) <= Math.trunc((inet_csk(sk).icsk_rto * 1024) / HZ);
}

function tcp_paws_discard(sk: sock, skb: sk_buff): boolean {
  const tp = tcp_sk(sk);
  return !tcp_paws_check(tp.rx_opt, TCP_PAWS_WINDOW) && !tcp_disordered_ack(sk, skb);
}

function tcp_sequence(tp: tcp_sock, seq: number, end_seq: number): boolean {
  return !before(end_seq, tp.rcv_wup) && !after(seq, (tp.rcv_nxt + tcp_receive_window(tp)) >>> 0);
}

/** The peer has reset the connection. */
export function tcp_reset(sk: sock): void {
  switch (sk.sk_state) {
    case TCP_SYN_SENT:
      sk.sk_err = ECONNREFUSED;
      break;
    case TCP_CLOSE_WAIT:
      sk.sk_err = EPIPE;
      break;
    case TCP_CLOSE:
      return;
    default:
      sk.sk_err = ECONNRESET;
  }
  if (!sock_flag(sk, SOCK_DEAD))
    sk.sk_error_report(sk);
  tcp_done(sk);
}

/** The peer's FIN is in sequence. */
function tcp_fin(sk: sock): void {
  const tp = tcp_sk(sk);
  inet_csk_schedule_ack(sk);
  sk.sk_shutdown |= RCV_SHUTDOWN;
  sock_set_flag(sk, SOCK_DONE);
  switch (sk.sk_state) {
    case TCP_SYN_RECV:
    case TCP_ESTABLISHED:
      tcp_set_state(sk, TCP_CLOSE_WAIT);
      inet_csk(sk).icsk_ack.pingpong = 1;
      break;
    case TCP_CLOSE_WAIT:
    case TCP_CLOSING:
      break;
    case TCP_LAST_ACK:
      break;
    case TCP_FIN_WAIT1:
      tcp_send_ack(sk);
      tcp_set_state(sk, TCP_CLOSING);
      break;
    case TCP_FIN_WAIT2:
      tcp_send_ack(sk);
      tcp_time_wait(sk, TCP_TIME_WAIT, 0);
      break;
    default:
      current.machine.log(`tcp_fin: impossible, sk->sk_state=${sk.sk_state}`);
      break;
  }
  __skb_queue_purge(tp.out_of_order_queue);
  if (tcp_is_sack(tp))
    tcp_sack_reset(tp.rx_opt);
  sk_mem_reclaim(sk);
  if (!sock_flag(sk, SOCK_DEAD)) {
    sk.sk_state_change(sk);
    if (sk.sk_shutdown === SHUTDOWN_MASK || sk.sk_state === TCP_CLOSE)
      sk_wake_async(sk, SOCK_WAKE_WAITD, POLL_HUP);
    else
      sk_wake_async(sk, SOCK_WAKE_WAITD, POLL_IN);
  }
}

function tcp_sack_extend(sp: tcp_sack_block, seq: number, end_seq: number): boolean {
  if (!after(seq, sp.end_seq) && !after(sp.start_seq, end_seq)) {
    if (before(seq, sp.start_seq))
      sp.start_seq = seq;
    if (after(end_seq, sp.end_seq))
      sp.end_seq = end_seq;
    return true;
  }
  return false;
}

function tcp_dsack_set(sk: sock, seq: number, end_seq: number): void {
  const tp = tcp_sk(sk);
  if (tcp_is_sack(tp) && current.host.sysctl_tcp_dsack) {
    let mib_idx: number;
    if (before(seq, tp.rcv_nxt))
      mib_idx = LINUX_MIB_TCPDSACKOLDSENT;
    else
      mib_idx = LINUX_MIB_TCPDSACKOFOSENT;
    NET_INC_STATS_BH(sock_net(sk), mib_idx);
    tp.rx_opt.dsack = 1;
    tp.duplicate_sack[0].start_seq = seq;
    tp.duplicate_sack[0].end_seq = end_seq;
  }
}

function tcp_dsack_extend(sk: sock, seq: number, end_seq: number): void {
  const tp = tcp_sk(sk);
  if (!tp.rx_opt.dsack)
    tcp_dsack_set(sk, seq, end_seq);
  else
    tcp_sack_extend(tp.duplicate_sack[0], seq, end_seq);
}

function tcp_send_dupack(sk: sock, skb: sk_buff): void {
  const tp = tcp_sk(sk);
  if (TCP_SKB_CB(skb).end_seq !== TCP_SKB_CB(skb).seq && before(TCP_SKB_CB(skb).seq, tp.rcv_nxt)) {
    NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_DELAYEDACKLOST);
    tcp_enter_quickack_mode(sk);
    if (tcp_is_sack(tp) && current.host.sysctl_tcp_dsack) {
      let end_seq = TCP_SKB_CB(skb).end_seq;
      if (after(TCP_SKB_CB(skb).end_seq, tp.rcv_nxt))
        end_seq = tp.rcv_nxt;
      tcp_dsack_set(sk, TCP_SKB_CB(skb).seq, end_seq);
    }
  }
  tcp_send_ack(sk);
}

/** Copies one SACK block over another (a struct assignment there). */
function copy_block(to: tcp_sack_block, from: tcp_sack_block): void { to.start_seq = from.start_seq; to.end_seq = from.end_seq; }
function swap_blocks(a: tcp_sack_block, b: tcp_sack_block): void {
  const { start_seq, end_seq } = a;
  copy_block(a, b);
  b.start_seq = start_seq;
  b.end_seq = end_seq;
}

function tcp_sack_maybe_coalesce(tp: tcp_sock): void {
  let this_sack: number;
  const sp = tp.selective_acks;
  let swalk = 1;
  for (this_sack = 1; this_sack < tp.rx_opt.num_sacks;) {
    if (tcp_sack_extend(sp[0], sp[swalk].start_seq, sp[swalk].end_seq)) {
      let i: number;
      tp.rx_opt.num_sacks--;
      for (i = this_sack; i < tp.rx_opt.num_sacks; i++)
        copy_block(sp[i], sp[i + 1]);
      continue;
    }
    this_sack++;
    swalk++;
  }
}

function tcp_sack_new_ofo_skb(sk: sock, seq: number, end_seq: number): void {
  const tp = tcp_sk(sk);
  const sp = tp.selective_acks;
  const cur_sacks = tp.rx_opt.num_sacks;
  let this_sack = 0;
  new_sack: {
    if (!cur_sacks)
      break new_sack;
    for (this_sack = 0; this_sack < cur_sacks; this_sack++) {
      if (tcp_sack_extend(sp[this_sack], seq, end_seq)) {
        for (; this_sack > 0; this_sack--)
          swap_blocks(sp[this_sack], sp[this_sack - 1]);
        if (cur_sacks > 1)
          tcp_sack_maybe_coalesce(tp);
        return;
      }
    }
    if (this_sack >= TCP_NUM_SACKS) {
      this_sack--;
      tp.rx_opt.num_sacks--;
    }
    for (; this_sack > 0; this_sack--)
      copy_block(sp[this_sack], sp[this_sack - 1]);
  }
  sp[this_sack].start_seq = seq;
  sp[this_sack].end_seq = end_seq;
  tp.rx_opt.num_sacks++;
}

function tcp_sack_remove(tp: tcp_sock): void {
  const sp = tp.selective_acks;
  let num_sacks = tp.rx_opt.num_sacks;
  let this_sack: number;
  if (skb_queue_empty(tp.out_of_order_queue)) {
    tp.rx_opt.num_sacks = 0;
    return;
  }
  for (this_sack = 0; this_sack < num_sacks;) {
    if (!before(tp.rcv_nxt, sp[this_sack].start_seq)) {
      let i: number;
      WARN_ON(before(tp.rcv_nxt, sp[this_sack].end_seq));
      for (i = this_sack + 1; i < num_sacks; i++)
        copy_block(sp[i - 1], sp[i]);
      num_sacks--;
      continue;
    }
    this_sack++;
  }
  tp.rx_opt.num_sacks = num_sacks;
}

/** Moves what has become in sequence from the out-of-order queue to the receive queue. */
function tcp_ofo_queue(sk: sock): void {
  const tp = tcp_sk(sk);
  let dsack_high = tp.rcv_nxt;
  let skb: sk_buff;
  while ((skb = skb_peek(tp.out_of_order_queue)) !== null) {
    if (after(TCP_SKB_CB(skb).seq, tp.rcv_nxt))
      break;
    if (before(TCP_SKB_CB(skb).seq, dsack_high)) {
      const dsack = dsack_high;
      if (before(TCP_SKB_CB(skb).end_seq, dsack_high))
        dsack_high = TCP_SKB_CB(skb).end_seq;
      tcp_dsack_extend(sk, TCP_SKB_CB(skb).seq, dsack);
    }
    if (!after(TCP_SKB_CB(skb).end_seq, tp.rcv_nxt)) {
      __skb_unlink(skb, tp.out_of_order_queue);
      __kfree_skb(skb);
      continue;
    }
    __skb_unlink(skb, tp.out_of_order_queue);
    __skb_queue_tail(sk.sk_receive_queue, skb);
    tp.rcv_nxt = TCP_SKB_CB(skb).end_seq;
    if (tcp_hdr(skb).fin)
      tcp_fin(sk);
  }
}

function tcp_try_rmem_schedule(sk: sock, skb: sk_buff, size: number): number {
  if (atomic_read(sk.sk_rmem_alloc) > sk.sk_rcvbuf || !sk_rmem_schedule(sk, skb, size)) {
    if (tcp_prune_queue(sk) < 0)
      return -1;
    if (!sk_rmem_schedule(sk, skb, size)) {
      if (!tcp_prune_ofo_queue(sk))
        return -1;
      if (!sk_rmem_schedule(sk, skb, size))
        return -1;
    }
  }
  return 0;
}

function tcp_try_coalesce(sk: sock, to: sk_buff, from: sk_buff, fragstolen: { v: boolean }): boolean {
  const delta = { v: 0 };
  fragstolen.v = false;
  if (tcp_hdr(from).fin)
    return false;
  if (TCP_SKB_CB(from).seq !== TCP_SKB_CB(to).end_seq)
    return false;
  if (!skb_try_coalesce(to, from, fragstolen, delta))
    return false;
  atomic_add(delta.v, sk.sk_rmem_alloc);
  sk_mem_charge(sk, delta.v);
  NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPRCVCOALESCE);
  TCP_SKB_CB(to).end_seq = TCP_SKB_CB(from).end_seq;
  TCP_SKB_CB(to).ack_seq = TCP_SKB_CB(from).ack_seq;
  return true;
}

/** A segment beyond a gap: into the out-of-order queue, and into the SACK blocks. */
function tcp_data_queue_ofo(sk: sock, skb: sk_buff): void {
  const tp = tcp_sk(sk);
  let skb1: sk_buff;
  let seq: number, end_seq: number;
  TCP_ECN_check_ce(tp, skb);
  if (unlikely(tcp_try_rmem_schedule(sk, skb, skb.truesize))) {
    NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPOFODROP);
    __kfree_skb(skb);
    return;
  }
  tp.pred_flags = 0;
  inet_csk_schedule_ack(sk);
  NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPOFOQUEUE);
  skb1 = skb_peek_tail(tp.out_of_order_queue);
  end: {
    if (!skb1) {
      if (tcp_is_sack(tp)) {
        tp.rx_opt.num_sacks = 1;
        tp.selective_acks[0].start_seq = TCP_SKB_CB(skb).seq;
        tp.selective_acks[0].end_seq = TCP_SKB_CB(skb).end_seq;
      }
      __skb_queue_head(tp.out_of_order_queue, skb);
      break end;
    }
    seq = TCP_SKB_CB(skb).seq;
    end_seq = TCP_SKB_CB(skb).end_seq;
    add_sack: {
      if (seq === TCP_SKB_CB(skb1).end_seq) {
        const fragstolen = { v: false };
        if (!tcp_try_coalesce(sk, skb1, skb, fragstolen)) {
          __skb_queue_after(tp.out_of_order_queue, skb1, skb);
        } else {
          kfree_skb_partial(skb, fragstolen.v);
          skb = null;
        }
        if (!tp.rx_opt.num_sacks || tp.selective_acks[0].end_seq !== seq)
          break add_sack;
        tp.selective_acks[0].end_seq = end_seq;
        break end;
      }
      while (true) {
        if (!after(TCP_SKB_CB(skb1).seq, seq))
          break;
        if (skb_queue_is_first(tp.out_of_order_queue, skb1)) {
          skb1 = null;
          break;
        }
        skb1 = skb_queue_prev(tp.out_of_order_queue, skb1);
      }
      if (skb1 && before(seq, TCP_SKB_CB(skb1).end_seq)) {
        if (!after(end_seq, TCP_SKB_CB(skb1).end_seq)) {
          NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPOFOMERGE);
          __kfree_skb(skb);
          skb = null;
          tcp_dsack_set(sk, seq, end_seq);
          break add_sack;
        }
        if (after(seq, TCP_SKB_CB(skb1).seq)) {
          tcp_dsack_set(sk, seq, TCP_SKB_CB(skb1).end_seq);
        } else {
          if (skb_queue_is_first(tp.out_of_order_queue, skb1))
            skb1 = null;
          else
            skb1 = skb_queue_prev(tp.out_of_order_queue, skb1);
        }
      }
      if (!skb1)
        __skb_queue_head(tp.out_of_order_queue, skb);
      else
        __skb_queue_after(tp.out_of_order_queue, skb1, skb);
      while (!skb_queue_is_last(tp.out_of_order_queue, skb)) {
        skb1 = skb_queue_next(tp.out_of_order_queue, skb);
        if (!after(end_seq, TCP_SKB_CB(skb1).seq))
          break;
        if (before(end_seq, TCP_SKB_CB(skb1).end_seq)) {
          tcp_dsack_extend(sk, TCP_SKB_CB(skb1).seq, end_seq);
          break;
        }
        __skb_unlink(skb1, tp.out_of_order_queue);
        tcp_dsack_extend(sk, TCP_SKB_CB(skb1).seq, TCP_SKB_CB(skb1).end_seq);
        NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPOFOMERGE);
        __kfree_skb(skb1);
      }
    }
    if (tcp_is_sack(tp))
      tcp_sack_new_ofo_skb(sk, seq, end_seq);
  }
  if (skb)
    skb_set_owner_r(skb, sk);
}

function tcp_queue_rcv(sk: sock, skb: sk_buff, hdrlen: number, fragstolen: { v: boolean }): number {
  let eaten: number;
  const tail = skb_peek_tail(sk.sk_receive_queue);
  __skb_pull(skb, hdrlen);
  eaten = tail && tcp_try_coalesce(sk, tail, skb, fragstolen) ? 1 : 0;
  tcp_sk(sk).rcv_nxt = TCP_SKB_CB(skb).end_seq;
  if (!eaten) {
    __skb_queue_tail(sk.sk_receive_queue, skb);
    skb_set_owner_r(skb, sk);
  }
  return eaten;
}

/** Puts bytes into the receive queue by hand (TCP_REPAIR). */
export function tcp_send_rcvq(sk: sock, msg: msghdr, size: number): number {
  let skb: sk_buff = null;
  const fragstolen = { v: false };
  if (size === 0)
    return 0;
  skb = alloc_skb(size + sizeof_tcphdr, sk.sk_allocation);
  if (!skb)
    return -ENOMEM;
  if (tcp_try_rmem_schedule(sk, skb, size + sizeof_tcphdr)) {
    kfree_skb(skb);
    return -ENOMEM;
  }
  skb_put(skb, sizeof_tcphdr);
  skb_reset_transport_header(skb);
  if (memcpy_fromiovec(skb.head, skb_put(skb, size), msg.msg_iov, size)) {
    kfree_skb(skb);
    return -ENOMEM;
  }
  TCP_SKB_CB(skb).seq = tcp_sk(sk).rcv_nxt;
  TCP_SKB_CB(skb).end_seq = (TCP_SKB_CB(skb).seq + size) >>> 0;
  TCP_SKB_CB(skb).ack_seq = (tcp_sk(sk).snd_una - 1) >>> 0;
  if (tcp_queue_rcv(sk, skb, sizeof_tcphdr, fragstolen)) {
    WARN_ON_ONCE(fragstolen.v);
    __kfree_skb(skb);
  }
  return size;
}

/** Takes the data of a segment: in sequence to the reader or the receive queue, old dropped, early queued apart. */
function tcp_data_queue(sk: sock, skb: sk_buff): void {
  const th = tcp_hdr(skb);
  const tp = tcp_sk(sk);
  let eaten = -1;
  const fragstolen = { v: false };
  let queue_and_out = false, out_of_window = false;
  drop: {
    if (TCP_SKB_CB(skb).seq === TCP_SKB_CB(skb).end_seq)
      break drop;
    skb_dst_drop(skb);
    __skb_pull(skb, th.doff * 4);
    TCP_ECN_accept_cwr(tp, skb);
    tp.rx_opt.dsack = 0;
    again: for (;;) {
      if (!jump(out_of_window) && (jump(queue_and_out) || TCP_SKB_CB(skb).seq === tp.rcv_nxt)) {
        if (!queue_and_out) {
          if (tcp_receive_window(tp) === 0) {
            out_of_window = true;
            continue again;
          }
          if (tp.ucopy.task === current.task && tp.copied_seq === tp.rcv_nxt && tp.ucopy.len && sock_owned_by_user(sk) && !tp.urg_data) {
            const chunk = min(skb.len, tp.ucopy.len);
            __set_current_state(TASK_RUNNING);
            local_bh_enable();
            if (!skb_copy_datagram_iovec(skb, 0, tp.ucopy.iov, chunk)) {
              tp.ucopy.len -= chunk;
              tp.copied_seq = (tp.copied_seq + chunk) >>> 0;
              eaten = chunk === skb.len ? 1 : 0;
              tcp_rcv_space_adjust(sk);
            }
            local_bh_disable();
          }
        }
        if (jump(queue_and_out) || eaten <= 0) {
          if (eaten < 0 && tcp_try_rmem_schedule(sk, skb, skb.truesize))
            break drop;
          eaten = tcp_queue_rcv(sk, skb, 0, fragstolen);
        }
        tp.rcv_nxt = TCP_SKB_CB(skb).end_seq;
        if (skb.len)
          tcp_event_data_recv(sk, skb);
        if (th.fin)
          tcp_fin(sk);
        if (!skb_queue_empty(tp.out_of_order_queue)) {
          tcp_ofo_queue(sk);
          if (skb_queue_empty(tp.out_of_order_queue))
            inet_csk(sk).icsk_ack.pingpong = 0;
        }
        if (tp.rx_opt.num_sacks)
          tcp_sack_remove(tp);
        tcp_fast_path_check(sk);
        if (eaten > 0)
          kfree_skb_partial(skb, fragstolen.v);
        if (!sock_flag(sk, SOCK_DEAD))
          sk.sk_data_ready(sk, 0);
        return;
      }
      if (jump(out_of_window) || !after(TCP_SKB_CB(skb).end_seq, tp.rcv_nxt)) {
        if (!out_of_window) {
          NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_DELAYEDACKLOST);
          tcp_dsack_set(sk, TCP_SKB_CB(skb).seq, TCP_SKB_CB(skb).end_seq);
        }
        tcp_enter_quickack_mode(sk);
        inet_csk_schedule_ack(sk);
        break drop;
      }
      if (!before(TCP_SKB_CB(skb).seq, (tp.rcv_nxt + tcp_receive_window(tp)) >>> 0)) {
        out_of_window = true;
        continue again;
      }
      tcp_enter_quickack_mode(sk);
      if (before(TCP_SKB_CB(skb).seq, tp.rcv_nxt)) {
        tcp_dsack_set(sk, TCP_SKB_CB(skb).seq, tp.rcv_nxt);
        if (!tcp_receive_window(tp)) {
          out_of_window = true;
          continue again;
        }
        queue_and_out = true;
        continue again;
      }
      tcp_data_queue_ofo(sk, skb);
      return;
    }
  }
  __kfree_skb(skb);
}

function tcp_collapse_one(sk: sock, skb: sk_buff, list: sk_buff_head): sk_buff {
  let next: sk_buff = null;
  if (!skb_queue_is_last(list, skb))
    next = skb_queue_next(list, skb);
  __skb_unlink(skb, list);
  __kfree_skb(skb);
  NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPRCVCOLLAPSED);
  return next;
}

/** Copies a run of small segments together, to get memory back. */
function tcp_collapse(sk: sock, list: sk_buff_head, head: sk_buff, tail: sk_buff, start: number, end: number): void {
  let skb: sk_buff, n: sk_buff;
  let end_of_skbs: boolean;
  skb = head;
  restart: for (;;) {
    end_of_skbs = true;
    for (n = skb.next; skb !== (list as unknown as sk_buff); skb = n, n = skb.next) {
      if (skb === tail)
        break;
      if (!before(start, TCP_SKB_CB(skb).end_seq)) {
        skb = tcp_collapse_one(sk, skb, list);
        if (!skb)
          break;
        continue restart;
      }
      if (!tcp_hdr(skb).syn && !tcp_hdr(skb).fin && (tcp_win_from_space(skb.truesize) > skb.len || before(TCP_SKB_CB(skb).seq, start))) {
        end_of_skbs = false;
        break;
      }
      if (!skb_queue_is_last(list, skb)) {
        const next = skb_queue_next(list, skb);
        if (next !== tail && TCP_SKB_CB(skb).end_seq !== TCP_SKB_CB(next).seq) {
          end_of_skbs = false;
          break;
        }
      }
      start = TCP_SKB_CB(skb).end_seq;
    }
    break;
  }
  if (end_of_skbs || tcp_hdr(skb).syn || tcp_hdr(skb).fin)
    return;
  while (before(start, end)) {
    let nskb: sk_buff;
    const header = skb_headroom(skb);
    let copy = SKB_MAX_ORDER(header, 0);
    if (copy < 0)
      return;
    if ((end - start) >>> 0 < copy)
      copy = (end - start) >>> 0;
    nskb = alloc_skb(copy + header, GFP_ATOMIC);
    if (!nskb)
      return;
    nskb.mac_header = skb.mac_header;
    nskb.network_header = skb.network_header;
    nskb.transport_header = skb.transport_header;
    skb_reserve(nskb, header);
    nskb.head.set(skb.head.subarray(0, header));
    copy_tcp_cb(nskb, skb);
    TCP_SKB_CB(nskb).seq = TCP_SKB_CB(nskb).end_seq = start;
    __skb_queue_before(list, skb, nskb);
    skb_set_owner_r(nskb, sk);
    while (copy > 0) {
      const offset = (start - TCP_SKB_CB(skb).seq) | 0;
      let size = (TCP_SKB_CB(skb).end_seq - start) | 0;
      BUG_ON(offset < 0);
      if (size > 0) {
        size = min(copy, size);
        if (skb_copy_bits(skb, offset, nskb.head, skb_put(nskb, size), size))
          BUG();
        TCP_SKB_CB(nskb).end_seq = (TCP_SKB_CB(nskb).end_seq + size) >>> 0;
        copy -= size;
        start = (start + size) >>> 0;
      }
      if (!before(start, TCP_SKB_CB(skb).end_seq)) {
        skb = tcp_collapse_one(sk, skb, list);
        if (!skb || skb === tail || tcp_hdr(skb).syn || tcp_hdr(skb).fin)
          return;
      }
    }
  }
}
function copy_tcp_cb(to: sk_buff, from: sk_buff): void { Object.assign(TCP_SKB_CB(to), TCP_SKB_CB(from)); }

function tcp_collapse_ofo_queue(sk: sock): void {
  const tp = tcp_sk(sk);
  let skb = skb_peek(tp.out_of_order_queue);
  let head: sk_buff;
  let start: number, end: number;
  if (skb === null)
    return;
  start = TCP_SKB_CB(skb).seq;
  end = TCP_SKB_CB(skb).end_seq;
  head = skb;
  for (;;) {
    let next: sk_buff = null;
    if (!skb_queue_is_last(tp.out_of_order_queue, skb))
      next = skb_queue_next(tp.out_of_order_queue, skb);
    skb = next;
    if (!skb || after(TCP_SKB_CB(skb).seq, end) || before(TCP_SKB_CB(skb).end_seq, start)) {
      tcp_collapse(sk, tp.out_of_order_queue, head, skb, start, end);
      head = skb;
      if (!skb)
        break;
      start = TCP_SKB_CB(skb).seq;
      end = TCP_SKB_CB(skb).end_seq;
    } else {
      if (before(TCP_SKB_CB(skb).seq, start))
        start = TCP_SKB_CB(skb).seq;
      if (after(TCP_SKB_CB(skb).end_seq, end))
        end = TCP_SKB_CB(skb).end_seq;
    }
  }
}

function tcp_prune_ofo_queue(sk: sock): boolean {
  const tp = tcp_sk(sk);
  let res = false;
  if (!skb_queue_empty(tp.out_of_order_queue)) {
    NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_OFOPRUNED);
    __skb_queue_purge(tp.out_of_order_queue);
    if (tp.rx_opt.sack_ok)
      tcp_sack_reset(tp.rx_opt);
    sk_mem_reclaim(sk);
    res = true;
  }
  return res;
}

function tcp_prune_queue(sk: sock): number {
  const tp = tcp_sk(sk);
  NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_PRUNECALLED);
  if (atomic_read(sk.sk_rmem_alloc) >= sk.sk_rcvbuf)
    tcp_clamp_window(sk);
  else if (sk_under_memory_pressure(sk))
    tp.rcv_ssthresh = min(tp.rcv_ssthresh, 4 * tp.advmss);
  tcp_collapse_ofo_queue(sk);
  if (!skb_queue_empty(sk.sk_receive_queue))
    tcp_collapse(sk, sk.sk_receive_queue, skb_peek(sk.sk_receive_queue), null, tp.copied_seq, tp.rcv_nxt);
  sk_mem_reclaim(sk);
  if (atomic_read(sk.sk_rmem_alloc) <= sk.sk_rcvbuf)
    return 0;
  tcp_prune_ofo_queue(sk);
  if (atomic_read(sk.sk_rmem_alloc) <= sk.sk_rcvbuf)
    return 0;
  NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_RCVPRUNED);
  tp.pred_flags = 0;
  return -1;
}

export function tcp_cwnd_application_limited(sk: sock): void {
  const tp = tcp_sk(sk);
  if (inet_csk(sk).icsk_ca_state === TCP_CA_Open && sk.sk_socket && !test_bit(SOCK_NOSPACE, sk.sk_socket.flags)) {
    const init_win = tcp_init_cwnd(tp, __sk_dst_get(sk));
    const win_used = max(tp.snd_cwnd_used, init_win);
    if (win_used < tp.snd_cwnd) {
      tp.snd_ssthresh = tcp_current_ssthresh(sk);
      tp.snd_cwnd = (tp.snd_cwnd + win_used) >> 1;
    }
    tp.snd_cwnd_used = 0;
  }
  tp.snd_cwnd_stamp = tcp_time_stamp();
}

function tcp_should_expand_sndbuf(sk: sock): boolean {
  const tp = tcp_sk(sk);
  if (sk.sk_userlocks & SOCK_SNDBUF_LOCK)
    return false;
  if (sk_under_memory_pressure(sk))
    return false;
  if (sk_memory_allocated(sk) >= sk_prot_mem_limits(sk, 0))
    return false;
  if (tp.packets_out >= tp.snd_cwnd)
    return false;
  return true;
}

function tcp_new_space(sk: sock): void {
  const tp = tcp_sk(sk);
  if (tcp_should_expand_sndbuf(sk)) {
    let sndmem = SKB_TRUESIZE(max(tp.rx_opt.mss_clamp, tp.mss_cache) + MAX_TCP_HEADER);
    const demanded = max(tp.snd_cwnd, tp.reordering + 1);
    sndmem *= 2 * demanded;
    if (sndmem > sk.sk_sndbuf)
      sk.sk_sndbuf = min(sndmem, current.host.sysctl_tcp_wmem[2]);
    tp.snd_cwnd_stamp = tcp_time_stamp();
  }
  sk.sk_write_space(sk);
}

function tcp_check_space(sk: sock): void {
  if (sock_flag(sk, SOCK_QUEUE_SHRUNK)) {
    sock_reset_flag(sk, SOCK_QUEUE_SHRUNK);
    if (sk.sk_socket && test_bit(SOCK_NOSPACE, sk.sk_socket.flags))
      tcp_new_space(sk);
  }
}

function tcp_data_snd_check(sk: sock): void {
  tcp_push_pending_frames(sk);
  tcp_check_space(sk);
}

/** Sends the ACK now, or leaves it to the delayed-ACK timer (RFC 1122, 4.2.3.2). */
function __tcp_ack_snd_check(sk: sock, ofo_possible: number): void {
  const tp = tcp_sk(sk);
  if (((tp.rcv_nxt - tp.rcv_wup) >>> 0 > inet_csk(sk).icsk_ack.rcv_mss && __tcp_select_window(sk) >= tp.rcv_wnd) || tcp_in_quickack_mode(sk) || (ofo_possible && skb_peek(tp.out_of_order_queue))) {
    tcp_send_ack(sk);
  } else {
    tcp_send_delayed_ack(sk);
  }
}

function tcp_ack_snd_check(sk: sock): void {
  if (!inet_csk_ack_scheduled(sk)) {
    return;
  }
  __tcp_ack_snd_check(sk, 1);
}

function tcp_check_urg(sk: sock, th: tcphdr): void {
  const tp = tcp_sk(sk);
  let ptr = ntohs(th.urg_ptr);
  if (ptr && !current.host.sysctl_tcp_stdurg)
    ptr--;
  ptr = (ptr + ntohl(th.seq)) >>> 0;
  if (after(tp.copied_seq, ptr))
    return;
  if (before(ptr, tp.rcv_nxt))
    return;
  if (tp.urg_data && !after(ptr, tp.urg_seq))
    return;
  sk_send_sigurg(sk);
  if (tp.urg_seq === tp.copied_seq && tp.urg_data && !sock_flag(sk, SOCK_URGINLINE) && tp.copied_seq !== tp.rcv_nxt) {
    const skb = skb_peek(sk.sk_receive_queue);
    tp.copied_seq = (tp.copied_seq + 1) >>> 0;
    if (skb && !before(tp.copied_seq, TCP_SKB_CB(skb).end_seq)) {
      __skb_unlink(skb, sk.sk_receive_queue);
      __kfree_skb(skb);
    }
  }
  tp.urg_data = TCP_URG_NOTYET;
  tp.urg_seq = ptr;
  tp.pred_flags = 0;
}

function tcp_urg(sk: sock, skb: sk_buff, th: tcphdr): void {
  const tp = tcp_sk(sk);
  if (th.urg)
    tcp_check_urg(sk, th);
  if (tp.urg_data === TCP_URG_NOTYET) {
    const ptr = (tp.urg_seq - ntohl(th.seq) + th.doff * 4 - th.syn) >>> 0;
    if (ptr < skb.len) {
      const tmp = new Uint8Array(1);
      if (skb_copy_bits(skb, ptr, tmp, 0, 1))
        BUG();
      tp.urg_data = TCP_URG_VALID | tmp[0];
      if (!sock_flag(sk, SOCK_DEAD))
        sk.sk_data_ready(sk, 0);
    }
  }
}

function tcp_copy_to_iovec(sk: sock, skb: sk_buff, hlen: number): number {
  const tp = tcp_sk(sk);
  const chunk = skb.len - hlen;
  let err: number;
  local_bh_enable();
  if (skb_csum_unnecessary(skb))
    err = skb_copy_datagram_iovec(skb, hlen, tp.ucopy.iov, chunk);
  else
    err = skb_copy_and_csum_datagram_iovec(skb, hlen, tp.ucopy.iov);
  if (!err) {
    tp.ucopy.len -= chunk;
    tp.copied_seq = (tp.copied_seq + chunk) >>> 0;
    tcp_rcv_space_adjust(sk);
  }
  local_bh_disable();
  return err;
}

function __tcp_checksum_complete_user(sk: sock, skb: sk_buff): number {
  let result: number;
  if (sock_owned_by_user(sk)) {
    local_bh_enable();
    result = __tcp_checksum_complete(skb);
    local_bh_disable();
  } else {
    result = __tcp_checksum_complete(skb);
  }
  return result;
}

function tcp_checksum_complete_user(sk: sock, skb: sk_buff): boolean {
  return !skb_csum_unnecessary(skb) && __tcp_checksum_complete_user(sk, skb) !== 0;
}

/** PAWS, window and RST/SYN checks of RFC 793 and RFC 5961; false when the segment is dealt with. */
function tcp_validate_incoming(sk: sock, skb: sk_buff, th: tcphdr, syn_inerr: number): boolean {
  const tp = tcp_sk(sk);
  discard: {
    if (tcp_fast_parse_options(skb, th, tp) && tp.rx_opt.saw_tstamp && tcp_paws_discard(sk, skb)) {
      if (!th.rst) {
        NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_PAWSESTABREJECTED);
        tcp_send_dupack(sk, skb);
        break discard;
      }
    }
    let syn_challenge = false;
    if (!tcp_sequence(tp, TCP_SKB_CB(skb).seq, TCP_SKB_CB(skb).end_seq)) {
      if (!th.rst) {
        if (th.syn)
          syn_challenge = true;
        else
          tcp_send_dupack(sk, skb);
      }
      if (!syn_challenge) break discard;
    }
    if (th.rst) {
      if (TCP_SKB_CB(skb).seq === tp.rcv_nxt)
        tcp_reset(sk);
      else
        tcp_send_challenge_ack(sk);
      break discard;
    }
    if (th.syn) {
      if (syn_inerr)
        TCP_INC_STATS_BH(sock_net(sk), TCP_MIB_INERRS);
      NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPSYNCHALLENGE);
      tcp_send_challenge_ack(sk);
      break discard;
    }
    return true;
  }
  __kfree_skb(skb);
  return false;
}

/** A segment of an established connection: header prediction first, all the checks otherwise. */
export function tcp_rcv_established(sk: sock, skb: sk_buff, th: tcphdr, len: number): number {
  const tp = tcp_sk(sk);
  if (unlikely(sk.sk_rx_dst === null))
    inet_csk(sk).icsk_af_ops.sk_rx_dst_set(sk, skb);
  tp.rx_opt.saw_tstamp = 0;
  discard: {
    csum_error: {
      step5: {
        slow_path: {
          if ((tcp_flag_word(th) & TCP_HP_BITS) >>> 0 === tp.pred_flags && TCP_SKB_CB(skb).seq === tp.rcv_nxt && !after(TCP_SKB_CB(skb).ack_seq, tp.snd_nxt)) {
            const tcp_header_len = tp.tcp_header_len;
            if (tcp_header_len === sizeof_tcphdr + TCPOLEN_TSTAMP_ALIGNED) {
              if (!tcp_parse_aligned_timestamp(tp, th))
                break slow_path;
              if (((tp.rx_opt.rcv_tsval - tp.rx_opt.ts_recent) | 0) < 0)
                break slow_path;
            }
            if (len <= tcp_header_len) {
              if (len === tcp_header_len) {
                if (tcp_header_len === sizeof_tcphdr + TCPOLEN_TSTAMP_ALIGNED && tp.rcv_nxt === tp.rcv_wup)
                  tcp_store_ts_recent(tp);
                tcp_ack(sk, skb, 0);
                __kfree_skb(skb);
                tcp_data_snd_check(sk);
                return 0;
              } else {
                TCP_INC_STATS_BH(sock_net(sk), TCP_MIB_INERRS);
                break discard;
              }
            } else {
              let eaten = 0;
              const fragstolen = { v: false };
              if (tp.copied_seq === tp.rcv_nxt && len - tcp_header_len <= tp.ucopy.len) {
                if (tp.ucopy.task === current.task && sock_owned_by_user(sk)) {
                  __set_current_state(TASK_RUNNING);
                  if (!tcp_copy_to_iovec(sk, skb, tcp_header_len))
                    eaten = 1;
                }
                if (eaten) {
                  if (tcp_header_len === sizeof_tcphdr + TCPOLEN_TSTAMP_ALIGNED && tp.rcv_nxt === tp.rcv_wup)
                    tcp_store_ts_recent(tp);
                  tcp_rcv_rtt_measure_ts(sk, skb);
                  __skb_pull(skb, tcp_header_len);
                  tp.rcv_nxt = TCP_SKB_CB(skb).end_seq;
                  NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPHPHITSTOUSER);
                }
              }
              if (!eaten) {
                if (tcp_checksum_complete_user(sk, skb))
                  break csum_error;
                if (skb.truesize > sk.sk_forward_alloc)
                  break step5;
                if (tcp_header_len === sizeof_tcphdr + TCPOLEN_TSTAMP_ALIGNED && tp.rcv_nxt === tp.rcv_wup)
                  tcp_store_ts_recent(tp);
                tcp_rcv_rtt_measure_ts(sk, skb);
                NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPHPHITS);
                eaten = tcp_queue_rcv(sk, skb, tcp_header_len, fragstolen);
              }
              tcp_event_data_recv(sk, skb);
              no_ack: {
                if (TCP_SKB_CB(skb).ack_seq !== tp.snd_una) {
                  tcp_ack(sk, skb, FLAG_DATA);
                  tcp_data_snd_check(sk);
                  if (!inet_csk_ack_scheduled(sk))
                    break no_ack;
                }
                __tcp_ack_snd_check(sk, 0);
              }
              if (eaten)
                kfree_skb_partial(skb, fragstolen.v);
              sk.sk_data_ready(sk, 0);
              return 0;
            }
          }
        }
        if (len < th.doff << 2 || tcp_checksum_complete_user(sk, skb))
          break csum_error;
        if (!th.ack && !th.rst)
          break discard;
        if (!tcp_validate_incoming(sk, skb, th, 1))
          return 0;
      }
      if (tcp_ack(sk, skb, FLAG_SLOWPATH | FLAG_UPDATE_TS_RECENT) < 0)
        break discard;
      tcp_rcv_rtt_measure_ts(sk, skb);
      tcp_urg(sk, skb, th);
      tcp_data_queue(sk, skb);
      tcp_data_snd_check(sk);
      tcp_ack_snd_check(sk);
      return 0;
    }
    TCP_INC_STATS_BH(sock_net(sk), TCP_MIB_CSUMERRORS);
    TCP_INC_STATS_BH(sock_net(sk), TCP_MIB_INERRS);
  }
  __kfree_skb(skb);
  return 0;
}

/** Our SYN was answered: the connection is there. */
export function tcp_finish_connect(sk: sock, skb: sk_buff): void {
  const tp = tcp_sk(sk);
  const icsk = inet_csk(sk);
  tcp_set_state(sk, TCP_ESTABLISHED);
  icsk.icsk_ack.lrcvtime = tcp_time_stamp();
  if (skb !== null) {
    icsk.icsk_af_ops.sk_rx_dst_set(sk, skb);
  }
  icsk.icsk_af_ops.rebuild_header(sk);
  tcp_init_metrics(sk);
  tcp_init_congestion_control(sk);
  tp.lsndtime = tcp_time_stamp();
  tcp_init_buffer_space(sk);
  if (sock_flag(sk, SOCK_KEEPOPEN))
    inet_csk_reset_keepalive_timer(sk, keepalive_time_when(tp));
  if (!tp.rx_opt.snd_wscale)
    __tcp_fast_path_on(tp, tp.snd_wnd);
  else
    tp.pred_flags = 0;
  if (!sock_flag(sk, SOCK_DEAD)) {
    sk.sk_state_change(sk);
    sk_wake_async(sk, SOCK_WAKE_IO, POLL_OUT);
  }
}

function tcp_rcv_synsent_state_process(sk: sock, skb: sk_buff, th: tcphdr, _len: number): number {
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);
  const foc = new tcp_fastopen_cookie();
  foc.len = -1;
  const saved_clamp = tp.rx_opt.mss_clamp;
  tcp_parse_options(skb, tp.rx_opt, 0, foc);
  if (tp.rx_opt.saw_tstamp && tp.rx_opt.rcv_tsecr)
    tp.rx_opt.rcv_tsecr = (tp.rx_opt.rcv_tsecr - tp.tsoffset) >>> 0;
  reset_and_undo: {
    discard: {
      discard_and_undo: {
        if (th.ack) {
          if (!after(TCP_SKB_CB(skb).ack_seq, tp.snd_una) || after(TCP_SKB_CB(skb).ack_seq, tp.snd_nxt))
            break reset_and_undo;
          if (tp.rx_opt.saw_tstamp && tp.rx_opt.rcv_tsecr && !between(tp.rx_opt.rcv_tsecr, tp.retrans_stamp, tcp_time_stamp())) {
            NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_PAWSACTIVEREJECTED);
            break reset_and_undo;
          }
          if (th.rst) {
            tcp_reset(sk);
            break discard;
          }
          if (!th.syn)
            break discard_and_undo;
          TCP_ECN_rcv_synack(tp, th);
          tcp_init_wl(tp, TCP_SKB_CB(skb).seq);
          tcp_ack(sk, skb, FLAG_SLOWPATH);
          tp.rcv_nxt = (TCP_SKB_CB(skb).seq + 1) >>> 0;
          tp.rcv_wup = (TCP_SKB_CB(skb).seq + 1) >>> 0;
          tp.snd_wnd = ntohs(th.window);
          if (!tp.rx_opt.wscale_ok) {
            tp.rx_opt.snd_wscale = tp.rx_opt.rcv_wscale = 0;
            tp.window_clamp = min(tp.window_clamp, 65535);
          }
          if (tp.rx_opt.saw_tstamp) {
            tp.rx_opt.tstamp_ok = 1;
            tp.tcp_header_len = sizeof_tcphdr + TCPOLEN_TSTAMP_ALIGNED;
            tp.advmss -= TCPOLEN_TSTAMP_ALIGNED;
            tcp_store_ts_recent(tp);
          } else {
            tp.tcp_header_len = sizeof_tcphdr;
          }
          if (tcp_is_sack(tp) && current.host.sysctl_tcp_fack)
            tcp_enable_fack(tp);
          tcp_mtup_init(sk);
          tcp_sync_mss(sk, icsk.icsk_pmtu_cookie);
          tcp_initialize_rcv_mss(sk);
          tp.copied_seq = tp.rcv_nxt;
          tcp_finish_connect(sk, skb);
          if (sk.sk_write_pending || icsk.icsk_accept_queue.rskq_defer_accept || icsk.icsk_ack.pingpong) {
            inet_csk_schedule_ack(sk);
            tcp_enter_quickack_mode(sk);
            inet_csk_reset_xmit_timer(sk, ICSK_TIME_DACK, TCP_DELACK_MAX, TCP_RTO_MAX);
            break discard;
          } else {
            tcp_send_ack(sk);
          }
          return -1;
        }
        if (th.rst) {
          break discard_and_undo;
        }
        if (tp.rx_opt.ts_recent_stamp && tp.rx_opt.saw_tstamp && tcp_paws_reject(tp.rx_opt, 0))
          break discard_and_undo;
        if (th.syn) {
          tcp_set_state(sk, TCP_SYN_RECV);
          if (tp.rx_opt.saw_tstamp) {
            tp.rx_opt.tstamp_ok = 1;
            tcp_store_ts_recent(tp);
            tp.tcp_header_len = sizeof_tcphdr + TCPOLEN_TSTAMP_ALIGNED;
          } else {
            tp.tcp_header_len = sizeof_tcphdr;
          }
          tp.rcv_nxt = (TCP_SKB_CB(skb).seq + 1) >>> 0;
          tp.copied_seq = tp.rcv_nxt;
          tp.rcv_wup = (TCP_SKB_CB(skb).seq + 1) >>> 0;
          tp.snd_wnd = ntohs(th.window);
          tp.snd_wl1 = TCP_SKB_CB(skb).seq;
          tp.max_window = tp.snd_wnd;
          TCP_ECN_rcv_syn(tp, th);
          tcp_mtup_init(sk);
          tcp_sync_mss(sk, icsk.icsk_pmtu_cookie);
          tcp_initialize_rcv_mss(sk);
          tcp_send_synack(sk);
          break discard;
        }
      }
      tcp_clear_options(tp.rx_opt);
      tp.rx_opt.mss_clamp = saved_clamp;
    }
    __kfree_skb(skb);
    return 0;
  }
  tcp_clear_options(tp.rx_opt);
  tp.rx_opt.mss_clamp = saved_clamp;
  return 1;
}

/** A segment in any state but ESTABLISHED and TIME_WAIT (RFC 793, "SEGMENT ARRIVES"); 1 asks for a reset. */
export function tcp_rcv_state_process(sk: sock, skb: sk_buff, th: tcphdr, len: number): number {
  const tp = tcp_sk(sk);
  const icsk = inet_csk(sk);
  let req: request_sock;
  let queued = 0, dropped = true;
  tp.rx_opt.saw_tstamp = 0;
  discard: {
    switch (sk.sk_state) {
      case TCP_CLOSE:
        break discard;
      case TCP_LISTEN:
        if (th.ack)
          return 1;
        if (th.rst)
          break discard;
        if (th.syn) {
          if (th.fin)
            break discard;
          if (icsk.icsk_af_ops.conn_request(sk, skb) < 0)
            return 1;
          kfree_skb(skb);
          return 0;
        }
        break discard;
      case TCP_SYN_SENT:
        queued = tcp_rcv_synsent_state_process(sk, skb, th, len);
        if (queued >= 0)
          return queued;
        tcp_urg(sk, skb, th);
        __kfree_skb(skb);
        tcp_data_snd_check(sk);
        return 0;
    }
    req = tp.fastopen_rsk;
    if (req !== null) {
      WARN_ON_ONCE(sk.sk_state !== TCP_SYN_RECV && sk.sk_state !== TCP_FIN_WAIT1);
      if (tcp_check_req(sk, skb, req, null, true) === null)
        break discard;
    }
    if (!th.ack && !th.rst)
      break discard;
    if (!tcp_validate_incoming(sk, skb, th, 0))
      return 0;
    const acceptable = tcp_ack(sk, skb, FLAG_SLOWPATH | FLAG_UPDATE_TS_RECENT) > 0;
    switch (sk.sk_state) {
      case TCP_SYN_RECV:
        if (acceptable) {
          if (req) {
            tcp_synack_rtt_meas(sk, req);
            tp.total_retrans = req.num_retrans;
            reqsk_fastopen_remove(sk, req, false);
          } else {
            icsk.icsk_af_ops.rebuild_header(sk);
            tcp_init_congestion_control(sk);
            tcp_mtup_init(sk);
            tcp_init_buffer_space(sk);
            tp.copied_seq = tp.rcv_nxt;
          }
          tcp_set_state(sk, TCP_ESTABLISHED);
          sk.sk_state_change(sk);
          if (sk.sk_socket)
            sk_wake_async(sk, SOCK_WAKE_IO, POLL_OUT);
          tp.snd_una = TCP_SKB_CB(skb).ack_seq;
          tp.snd_wnd = ntohs(th.window) << tp.rx_opt.snd_wscale;
          tcp_init_wl(tp, TCP_SKB_CB(skb).seq);
          if (tp.rx_opt.tstamp_ok)
            tp.advmss -= TCPOLEN_TSTAMP_ALIGNED;
          if (req) {
            tcp_rearm_rto(sk);
          } else
            tcp_init_metrics(sk);
          tcp_update_pacing_rate(sk);
          tp.lsndtime = tcp_time_stamp();
          tcp_initialize_rcv_mss(sk);
          tcp_fast_path_on(tp);
        } else {
          return 1;
        }
        break;
      case TCP_FIN_WAIT1:
        if (req !== null) {
          if (!acceptable)
            return 1;
          reqsk_fastopen_remove(sk, req, false);
          tcp_rearm_rto(sk);
        }
        if (tp.snd_una === tp.write_seq) {
          let dst: dst_entry;
          tcp_set_state(sk, TCP_FIN_WAIT2);
          sk.sk_shutdown |= SEND_SHUTDOWN;
          dst = __sk_dst_get(sk);
          if (dst)
            dst_confirm(dst);
          if (!sock_flag(sk, SOCK_DEAD))
            sk.sk_state_change(sk);
          else {
            let tmo: number;
            if (tp.linger2 < 0 || (TCP_SKB_CB(skb).end_seq !== TCP_SKB_CB(skb).seq && after((TCP_SKB_CB(skb).end_seq - th.fin) >>> 0, tp.rcv_nxt))) {
              tcp_done(sk);
              NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPABORTONDATA);
              return 1;
            }
            tmo = tcp_fin_time(sk);
            if (tmo > TCP_TIMEWAIT_LEN) {
              inet_csk_reset_keepalive_timer(sk, tmo - TCP_TIMEWAIT_LEN);
            } else if (th.fin || sock_owned_by_user(sk)) {
              inet_csk_reset_keepalive_timer(sk, tmo);
            } else {
              tcp_time_wait(sk, TCP_FIN_WAIT2, tmo);
              break discard;
            }
          }
        }
        break;
      case TCP_CLOSING:
        if (tp.snd_una === tp.write_seq) {
          tcp_time_wait(sk, TCP_TIME_WAIT, 0);
          break discard;
        }
        break;
      case TCP_LAST_ACK:
        if (tp.snd_una === tp.write_seq) {
          tcp_update_metrics(sk);
          tcp_done(sk);
          break discard;
        }
        break;
    }
    tcp_urg(sk, skb, th);
    switch (sk.sk_state) {
      case TCP_CLOSE_WAIT:
      case TCP_CLOSING:
      case TCP_LAST_ACK:
        if (!before(TCP_SKB_CB(skb).seq, tp.rcv_nxt))
          break;
      // falls through
      case TCP_FIN_WAIT1:
      case TCP_FIN_WAIT2:
        if (sk.sk_shutdown & RCV_SHUTDOWN) {
          if (TCP_SKB_CB(skb).end_seq !== TCP_SKB_CB(skb).seq && after((TCP_SKB_CB(skb).end_seq - th.fin) >>> 0, tp.rcv_nxt)) {
            NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPABORTONDATA);
            tcp_reset(sk);
            return 1;
          }
        }
      // falls through
      case TCP_ESTABLISHED:
        tcp_data_queue(sk, skb);
        queued = 1;
        break;
    }
    if (sk.sk_state !== TCP_CLOSE) {
      tcp_data_snd_check(sk);
      tcp_ack_snd_check(sk);
    }
    if (queued)
      dropped = false;
  }
  if (dropped)
    __kfree_skb(skb);
  return 0;
}
