/** TCP's constants, sysctls and small helpers (kernel include/net/tcp.h). Times in jiffies unless said otherwise. */
import type { Host } from '../ports';
import { current } from '../ports';
import type { sock } from './sock.struct';
import type { sk_buff } from '../linux/skbuff.struct';
import type { request_sock } from './request_sock';
import type { net } from './net_namespace';
import type { inet_hashinfo } from './inet_hashtables';
import type { inet_timewait_death_row } from './inet_timewait_sock.struct';
import type { tcp_options_received, tcp_sock } from '../linux/tcp';
import {
  TCPF_CA_CWR, TCPF_CA_Recovery, TCP_FACK_ENABLED, TCP_FLAG_ACK, TCP_MSS_DEFAULT, tcp_hdr, tcp_rsk, tcp_sk,
} from '../linux/tcp';
import { HZ, jiffies, time_after } from '../linux/jiffies';
import { get_seconds } from '../linux/ktime';
import { max } from '../linux/kernel';
import { htonl, ntohl } from '../linux/types';
import { unlikely } from '../linux/compiler';
import { WARN_ON } from '../asm-generic/bug';
import { atomic_read } from '../linux/atomic';
import type { atomic_long_t } from '../linux/atomic';
import type { percpu_counter } from '../linux/percpu_counter';
import { percpu_counter_read_positive, percpu_counter_sum_positive } from '../linux/percpu_counter';
import {
  SOCK_MIN_SNDBUF, __sk_dst_get, sk_mem_reclaim, sk_memory_allocated, sk_prot_mem_limits, sk_wmem_free_skb,
} from './sock';
import {
  __skb_checksum_complete, __skb_dequeue, __skb_queue_after, __skb_queue_before, __skb_queue_head, __skb_queue_tail, __skb_unlink,
  skb_csum_unnecessary, skb_peek, skb_peek_tail, skb_queue_empty, skb_queue_head_init, skb_queue_is_last, skb_queue_next, skb_queue_prev,
  skb_shinfo,
} from '../linux/skbuff';
import { csum_tcpudp_magic } from './checksum';
import { IPPROTO_TCP } from '../linux/in';
import { RTAX_RTO_MIN } from '../linux/rtnetlink';
import { dst_metric_locked, dst_metric_rtt } from './dst';
import { inet_rsk } from './inet_sock';
import {
  ICSK_TIME_PROBE0, inet_csk, inet_csk_clear_xmit_timers, inet_csk_reset_xmit_timer,
} from './inet_connection_sock';
import { INET_ECN_is_not_ect } from './inet_ecn';
import { SNMP_ADD_STATS, SNMP_ADD_STATS_USER, SNMP_DEC_STATS, SNMP_INC_STATS, SNMP_INC_STATS_BH } from './snmp';
import { TCP_MIB_MAXCONN, TCP_MIB_RTOALGORITHM, TCP_MIB_RTOMAX, TCP_MIB_RTOMIN } from '../linux/snmp';
import { tcp_skb_cb } from './tcp.struct';
import type { tcp_ca_event } from './tcp.struct';
import { __tcp_push_pending_frames, tcp_current_mss } from '../../net/ipv4/tcp_output';
import { tcp_valid_rtt_meas } from '../../net/ipv4/tcp_input';

export * from './tcp.struct';
export * from './tcp_states';

declare module '../ports' {
  interface Host {
    tcp_hashinfo: inet_hashinfo;
    tcp_death_row: inet_timewait_death_row;
    tcp_orphan_count: percpu_counter;
    tcp_memory_allocated: atomic_long_t;
    tcp_sockets_allocated: percpu_counter;
    tcp_memory_pressure: { v: number };
    sysctl_tcp_timestamps: number;
    sysctl_tcp_window_scaling: number;
    sysctl_tcp_sack: number;
    sysctl_tcp_fin_timeout: number;
    sysctl_tcp_keepalive_time: number;
    sysctl_tcp_keepalive_probes: number;
    sysctl_tcp_keepalive_intvl: number;
    sysctl_tcp_syn_retries: number;
    sysctl_tcp_synack_retries: number;
    sysctl_tcp_retries1: number;
    sysctl_tcp_retries2: number;
    sysctl_tcp_orphan_retries: number;
    sysctl_tcp_syncookies: number;
    sysctl_tcp_fastopen: number;
    sysctl_tcp_retrans_collapse: number;
    sysctl_tcp_stdurg: number;
    sysctl_tcp_rfc1337: number;
    sysctl_tcp_abort_on_overflow: number;
    sysctl_tcp_max_orphans: number;
    sysctl_tcp_fack: number;
    sysctl_tcp_reordering: number;
    sysctl_tcp_dsack: number;
    sysctl_tcp_wmem: [number, number, number];
    sysctl_tcp_rmem: [number, number, number];
    sysctl_tcp_app_win: number;
    sysctl_tcp_adv_win_scale: number;
    sysctl_tcp_tw_reuse: number;
    sysctl_tcp_frto: number;
    sysctl_tcp_low_latency: number;
    sysctl_tcp_nometrics_save: number;
    sysctl_tcp_moderate_rcvbuf: number;
    sysctl_tcp_tso_win_divisor: number;
    sysctl_tcp_mtu_probing: number;
    sysctl_tcp_base_mss: number;
    sysctl_tcp_workaround_signed_windows: number;
    sysctl_tcp_slow_start_after_idle: number;
    sysctl_tcp_max_ssthresh: number;
    sysctl_tcp_thin_linear_timeouts: number;
    sysctl_tcp_thin_dupack: number;
    sysctl_tcp_early_retrans: number;
    sysctl_tcp_limit_output_bytes: number;
    sysctl_tcp_challenge_ack_limit: number;
    sysctl_tcp_min_tso_segs: number;
  }
}

export const MAX_HEADER = 32;
export const MAX_TCP_HEADER = 128 + MAX_HEADER;
export const MAX_TCP_OPTION_SPACE = 40;
export const MAX_TCP_WINDOW = 32767;
export const TCP_DEFAULT_INIT_RCVWND = 10;
export const TCP_MIN_MSS = 88;
export const TCP_BASE_MSS = 512;
export const TCP_FASTRETRANS_THRESH = 3;
export const TCP_MAX_REORDERING = 127;
export const TCP_MAX_QUICKACKS = 16;
export const TCP_URG_VALID = 0x0100;
export const TCP_URG_NOTYET = 0x0200;
export const TCP_URG_READ = 0x0400;
export const TCP_RETR1 = 3;
export const TCP_RETR2 = 15;
export const TCP_SYN_RETRIES = 6;
export const TCP_SYNACK_RETRIES = 5;
export const TCP_TIMEWAIT_LEN = 60 * HZ;
export const TCP_FIN_TIMEOUT = TCP_TIMEWAIT_LEN;
export const TCP_DELACK_MAX = HZ / 5;
export const TCP_DELACK_MIN = HZ / 25;
export const TCP_ATO_MIN = HZ / 25;
export const TCP_RTO_MAX = 120 * HZ;
export const TCP_RTO_MIN = HZ / 5;
export const TCP_TIMEOUT_INIT = 1 * HZ;
export const TCP_TIMEOUT_FALLBACK = 3 * HZ;
export const TCP_RESOURCE_PROBE_INTERVAL = HZ / 2;
export const TCP_KEEPALIVE_TIME = 120 * 60 * HZ;
export const TCP_KEEPALIVE_PROBES = 9;
export const TCP_KEEPALIVE_INTVL = 75 * HZ;
export const MAX_TCP_KEEPIDLE = 32767;
export const MAX_TCP_KEEPINTVL = 32767;
export const MAX_TCP_KEEPCNT = 127;
export const MAX_TCP_SYNCNT = 127;
export const TCP_SYNQ_INTERVAL = HZ / 5;
export const TCP_PAWS_24DAYS = 60 * 60 * 24 * 24;
export const TCP_PAWS_MSL = 60;
export const TCP_PAWS_WINDOW = 1;

export const TCPOPT_NOP = 1;
export const TCPOPT_EOL = 0;
export const TCPOPT_MSS = 2;
export const TCPOPT_WINDOW = 3;
export const TCPOPT_SACK_PERM = 4;
export const TCPOPT_SACK = 5;
export const TCPOPT_TIMESTAMP = 8;
export const TCPOPT_MD5SIG = 19;
export const TCPOPT_EXP = 254;
export const TCPOPT_FASTOPEN_MAGIC = 0xf989;
export const TCPOLEN_MSS = 4;
export const TCPOLEN_WINDOW = 3;
export const TCPOLEN_SACK_PERM = 2;
export const TCPOLEN_TIMESTAMP = 10;
export const TCPOLEN_MD5SIG = 18;
export const TCPOLEN_EXP_FASTOPEN_BASE = 4;
export const TCPOLEN_TSTAMP_ALIGNED = 12;
export const TCPOLEN_WSCALE_ALIGNED = 4;
export const TCPOLEN_SACKPERM_ALIGNED = 4;
export const TCPOLEN_SACK_BASE = 2;
export const TCPOLEN_SACK_BASE_ALIGNED = 4;
export const TCPOLEN_SACK_PERBLOCK = 8;
export const TCPOLEN_MD5SIG_ALIGNED = 20;
export const TCPOLEN_MSS_ALIGNED = 4;

export const TCP_NAGLE_OFF = 1;
export const TCP_NAGLE_CORK = 2;
export const TCP_NAGLE_PUSH = 4;
export const TCP_THIN_LINEAR_RETRIES = 6;
export const TCP_INIT_CWND = 10;
export const TFO_CLIENT_ENABLE = 1;
export const TFO_SERVER_ENABLE = 2;
export const TFO_CLIENT_NO_COOKIE = 4;
export const TFO_SERVER_COOKIE_NOT_CHKED = 0x100;
export const TFO_SERVER_COOKIE_NOT_REQD = 0x200;
export const TFO_SERVER_WO_SOCKOPT1 = 0x400;
export const TFO_SERVER_WO_SOCKOPT2 = 0x800;
export const TFO_SERVER_ALWAYS = 0x1000;

/** Is seq1 before seq2 on the circle of 32-bit sequence numbers? */
export function before(seq1: number, seq2: number): boolean {
  return ((seq1 - seq2) | 0) < 0;
}
export function after(seq2: number, seq1: number): boolean {
  return before(seq1, seq2);
}
/** Is seq2 <= seq1 <= seq3 on the circle? */
export function between(seq1: number, seq2: number, seq3: number): boolean {
  return ((seq3 - seq2) >>> 0) >= ((seq1 - seq2) >>> 0);
}

export function tcp_out_of_memory(sk: sock): boolean {
  if (sk.sk_wmem_queued > SOCK_MIN_SNDBUF && sk_memory_allocated(sk) > sk_prot_mem_limits(sk, 2))
    return true;
  return false;
}

export function tcp_too_many_orphans(sk: sock, shift: number): boolean {
  const ocp = sk.sk_prot.orphan_count;
  let orphans = percpu_counter_read_positive(ocp);

  if (orphans << shift > current.host.sysctl_tcp_max_orphans) {
    orphans = percpu_counter_sum_positive(ocp);
    if (orphans << shift > current.host.sysctl_tcp_max_orphans)
      return true;
  }
  return false;
}

export { tcp_check_oom } from '../../net/ipv4/tcp';

export function tcp_synq_overflow(sk: sock): void {
  tcp_sk(sk).rx_opt.ts_recent_stamp = jiffies();
}

export function tcp_synq_no_recent_overflow(sk: sock): boolean {
  const last_overflow = tcp_sk(sk).rx_opt.ts_recent_stamp;
  return time_after(jiffies(), last_overflow + TCP_TIMEOUT_FALLBACK);
}

export function TCP_INC_STATS(net: net, field: number): void { SNMP_INC_STATS(net.mib.tcp_statistics, field); }
export function TCP_INC_STATS_BH(net: net, field: number): void { SNMP_INC_STATS_BH(net.mib.tcp_statistics, field); }
export function TCP_DEC_STATS(net: net, field: number): void { SNMP_DEC_STATS(net.mib.tcp_statistics, field); }
export function TCP_ADD_STATS_USER(net: net, field: number, val: number): void { SNMP_ADD_STATS_USER(net.mib.tcp_statistics, field, val); }
export function TCP_ADD_STATS(net: net, field: number, val: number): void { SNMP_ADD_STATS(net.mib.tcp_statistics, field, val); }

export function tcp_dec_quickack_mode(sk: sock, pkts: number): void {
  const icsk = inet_csk(sk);

  if (icsk.icsk_ack.quick) {
    if (pkts >= icsk.icsk_ack.quick) {
      icsk.icsk_ack.quick = 0;
      icsk.icsk_ack.ato = TCP_ATO_MIN;
    } else
      icsk.icsk_ack.quick -= pkts;
  }
}

export const TCP_ECN_OK = 1;
export const TCP_ECN_QUEUE_CWR = 2;
export const TCP_ECN_DEMAND_CWR = 4;
export const TCP_ECN_SEEN = 8;

/** enum tcp_tw_status */
export const TCP_TW_SUCCESS = 0;
export const TCP_TW_RST = 1;
export const TCP_TW_ACK = 2;
export const TCP_TW_SYN = 3;

/** Without CONFIG_SYN_COOKIES the kernel has this empty form. */
export function cookie_v4_init_sequence(_sk: sock, _skb: sk_buff, _mss: { v: number }): number {
  return 0;
}

export function tcp_clear_xmit_timers(sk: sock): void {
  inet_csk_clear_xmit_timers(sk);
}

export function tcp_bound_to_half_wnd(tp: tcp_sock, pktsize: number): number {
  let cutoff: number;

  if (tp.max_window >= 512)
    cutoff = tp.max_window >>> 1;
  else
    cutoff = tp.max_window;
  if (cutoff && pktsize > cutoff)
    return max(cutoff, 68 - tp.tcp_header_len);
  else
    return pktsize;
}

export function tcp_bound_rto(sk: sock): void {
  if (inet_csk(sk).icsk_rto > TCP_RTO_MAX)
    inet_csk(sk).icsk_rto = TCP_RTO_MAX;
}

export function __tcp_set_rto(tp: tcp_sock): number {
  return (tp.srtt >>> 3) + tp.rttvar;
}

export function __tcp_fast_path_on(tp: tcp_sock, snd_wnd: number): void {
  tp.pred_flags = htonl(((tp.tcp_header_len << 26) | ntohl(TCP_FLAG_ACK) | snd_wnd) >>> 0);
}

export function tcp_fast_path_on(tp: tcp_sock): void {
  __tcp_fast_path_on(tp, tp.snd_wnd >>> tp.rx_opt.snd_wscale);
}

export function tcp_fast_path_check(sk: sock): void {
  const tp = tcp_sk(sk);

  if (skb_queue_empty(tp.out_of_order_queue) && tp.rcv_wnd && atomic_read(sk.sk_rmem_alloc) < sk.sk_rcvbuf && !tp.urg_data)
    tcp_fast_path_on(tp);
}

export function tcp_rto_min(sk: sock): number {
  const dst = __sk_dst_get(sk);
  let rto_min = TCP_RTO_MIN;

  if (dst && dst_metric_locked(dst, RTAX_RTO_MIN))
    rto_min = dst_metric_rtt(dst, RTAX_RTO_MIN);
  return rto_min;
}

/** Bytes of the offered window that the peer may still send. */
export function tcp_receive_window(tp: tcp_sock): number {
  let win = (tp.rcv_wup + tp.rcv_wnd - tp.rcv_nxt) | 0;

  if (win < 0)
    win = 0;
  return win;
}

/** TCP's clock: jiffies as an unsigned 32-bit number. */
export function tcp_time_stamp(): number {
  return jiffies() >>> 0;
}

export const TCPHDR_FIN = 0x01;
export const TCPHDR_SYN = 0x02;
export const TCPHDR_RST = 0x04;
export const TCPHDR_PSH = 0x08;
export const TCPHDR_ACK = 0x10;
export const TCPHDR_URG = 0x20;
export const TCPHDR_ECE = 0x40;
export const TCPHDR_CWR = 0x80;

export function tcp_flag_byte(th: { bytes: Uint8Array; at: number }): number { return th.bytes[th.at + 13]; }

export const TCPCB_SACKED_ACKED = 0x01;
export const TCPCB_SACKED_RETRANS = 0x02;
export const TCPCB_LOST = 0x04;
export const TCPCB_TAGBITS = 0x07;
export const TCPCB_EVER_RETRANS = 0x80;
export const TCPCB_RETRANS = TCPCB_SACKED_RETRANS | TCPCB_EVER_RETRANS;

/** TCP's control block of a buffer, made when first asked for. */
export function TCP_SKB_CB(skb: sk_buff): tcp_skb_cb {
  const cb = skb.cb_tcp;
  return cb !== null ? cb : (skb.cb_tcp = new tcp_skb_cb());
}

export function TCP_ECN_create_request(req: request_sock, skb: sk_buff, net: net): void {
  const th = tcp_hdr(skb);

  if (net.ipv4.sysctl_tcp_ecn && th.ece && th.cwr && INET_ECN_is_not_ect(TCP_SKB_CB(skb).ip_dsfield))
    inet_rsk(req).ecn_ok = 1;
}

export function tcp_skb_pcount(skb: sk_buff): number {
  return skb_shinfo(skb).gso_segs;
}

export function tcp_skb_mss(skb: sk_buff): number {
  return skb_shinfo(skb).gso_size;
}

export const CA_EVENT_TX_START = 0;
export const CA_EVENT_CWND_RESTART = 1;
export const CA_EVENT_COMPLETE_CWR = 2;
export const CA_EVENT_LOSS = 3;
export const CA_EVENT_FAST_ACK = 4;
export const CA_EVENT_SLOW_ACK = 5;

export const TCP_CA_NAME_MAX = 16;
export const TCP_CONG_RTT_STAMP = 0x2;

export function tcp_set_ca_state(sk: sock, ca_state: number): void {
  const icsk = inet_csk(sk);

  if (icsk.icsk_ca_ops.set_state)
    icsk.icsk_ca_ops.set_state(sk, ca_state);
  icsk.icsk_ca_state = ca_state;
}

export function tcp_ca_event(sk: sock, event: tcp_ca_event): void {
  const icsk = inet_csk(sk);

  if (icsk.icsk_ca_ops.cwnd_event)
    icsk.icsk_ca_ops.cwnd_event(sk, event);
}

export function tcp_is_sack(tp: tcp_sock): number {
  return tp.rx_opt.sack_ok;
}

export function tcp_is_reno(tp: tcp_sock): boolean {
  return !tcp_is_sack(tp);
}

export function tcp_is_fack(tp: tcp_sock): boolean {
  return (tp.rx_opt.sack_ok & TCP_FACK_ENABLED) !== 0;
}

export function tcp_enable_fack(tp: tcp_sock): void {
  tp.rx_opt.sack_ok |= TCP_FACK_ENABLED;
}

export function tcp_enable_early_retrans(tp: tcp_sock): void {
  tp.do_early_retrans = current.host.sysctl_tcp_early_retrans && current.host.sysctl_tcp_early_retrans < 4 &&
    !current.host.sysctl_tcp_thin_dupack && current.host.sysctl_tcp_reordering === 3 ? 1 : 0;
}

export function tcp_disable_early_retrans(tp: tcp_sock): void {
  tp.do_early_retrans = 0;
}

export function tcp_left_out(tp: tcp_sock): number {
  return tp.sacked_out + tp.lost_out;
}

/** Segments in the network as far as the sender can tell: sent, not sacked, not lost, plus retransmitted. */
export function tcp_packets_in_flight(tp: tcp_sock): number {
  return (tp.packets_out - tcp_left_out(tp) + tp.retrans_out) >>> 0;
}

export const TCP_INFINITE_SSTHRESH = 0x7fffffff;

export function tcp_in_initial_slowstart(tp: tcp_sock): boolean {
  return tp.snd_ssthresh >= TCP_INFINITE_SSTHRESH;
}

export function tcp_in_cwnd_reduction(sk: sock): boolean {
  return ((TCPF_CA_CWR | TCPF_CA_Recovery) & (1 << inet_csk(sk).icsk_ca_state)) !== 0;
}

export function tcp_current_ssthresh(sk: sock): number {
  const tp = tcp_sk(sk);

  if (tcp_in_cwnd_reduction(sk))
    return tp.snd_ssthresh;
  else
    return max(tp.snd_ssthresh, (tp.snd_cwnd >>> 1) + (tp.snd_cwnd >>> 2));
}

export function tcp_verify_left_out(tp: tcp_sock): void { WARN_ON(tcp_left_out(tp) > tp.packets_out); }

export function tcp_max_tso_deferred_mss(_tp: tcp_sock): number {
  return 3;
}

export function tcp_max_burst(tp: tcp_sock): number {
  return tp.reordering;
}

/** First sequence number beyond the peer's window. */
export function tcp_wnd_end(tp: tcp_sock): number {
  return (tp.snd_una + tp.snd_wnd) >>> 0;
}

export function tcp_minshall_update(tp: tcp_sock, mss: number, skb: sk_buff): void {
  if (skb.len < mss)
    tp.snd_sml = TCP_SKB_CB(skb).end_seq;
}

export function tcp_check_probe_timer(sk: sock): void {
  const tp = tcp_sk(sk);
  const icsk = inet_csk(sk);

  if (!tp.packets_out && !icsk.icsk_pending)
    inet_csk_reset_xmit_timer(sk, ICSK_TIME_PROBE0, icsk.icsk_rto, TCP_RTO_MAX);
}

export function tcp_init_wl(tp: tcp_sock, seq: number): void {
  tp.snd_wl1 = seq;
}

export function tcp_update_wl(tp: tcp_sock, seq: number): void {
  tp.snd_wl1 = seq;
}

export function tcp_v4_check(len: number, saddr: number, daddr: number, base: number): number {
  return csum_tcpudp_magic(saddr, daddr, len, IPPROTO_TCP, base);
}

export function __tcp_checksum_complete(skb: sk_buff): number {
  return __skb_checksum_complete(skb);
}

export function tcp_checksum_complete(skb: sk_buff): boolean {
  return !skb_csum_unnecessary(skb) && !!__tcp_checksum_complete(skb);
}

export function tcp_prequeue_init(tp: tcp_sock): void {
  tp.ucopy.task = null;
  tp.ucopy.len = 0;
  tp.ucopy.memory = 0;
  skb_queue_head_init(tp.ucopy.prequeue);
}

export function tcp_sack_reset(rx_opt: tcp_options_received): void {
  rx_opt.dsack = 0;
  rx_opt.num_sacks = 0;
}

export function tcp_win_from_space(space: number): number {
  return current.host.sysctl_tcp_adv_win_scale <= 0 ?
    space >> -current.host.sysctl_tcp_adv_win_scale :
    space - (space >> current.host.sysctl_tcp_adv_win_scale);
}

/** Free receive buffer as window, bytes. */
export function tcp_space(sk: sock): number {
  return tcp_win_from_space(sk.sk_rcvbuf - atomic_read(sk.sk_rmem_alloc));
}

export function tcp_full_space(sk: sock): number {
  return tcp_win_from_space(sk.sk_rcvbuf);
}

export function tcp_openreq_init(req: request_sock, rx_opt: tcp_options_received, skb: sk_buff): void {
  const ireq = inet_rsk(req);

  req.rcv_wnd = 0;
  req.cookie_ts = 0;
  tcp_rsk(req).rcv_isn = TCP_SKB_CB(skb).seq;
  tcp_rsk(req).rcv_nxt = (TCP_SKB_CB(skb).seq + 1) >>> 0;
  tcp_rsk(req).snt_synack = 0;
  req.mss = rx_opt.mss_clamp;
  req.ts_recent = rx_opt.saw_tstamp ? rx_opt.rcv_tsval : 0;
  ireq.tstamp_ok = rx_opt.tstamp_ok;
  ireq.sack_ok = rx_opt.sack_ok;
  ireq.snd_wscale = rx_opt.snd_wscale;
  ireq.wscale_ok = rx_opt.wscale_ok;
  ireq.acked = 0;
  ireq.ecn_ok = 0;
  ireq.rmt_port = tcp_hdr(skb).source;
  ireq.loc_port = tcp_hdr(skb).dest;
}

export function tcp_synack_rtt_meas(sk: sock, req: request_sock): void {
  if (tcp_rsk(req).snt_synack)
    tcp_valid_rtt_meas(sk, (tcp_time_stamp() - tcp_rsk(req).snt_synack) >>> 0);
}

export function keepalive_intvl_when(tp: tcp_sock): number {
  return tp.keepalive_intvl || current.host.sysctl_tcp_keepalive_intvl;
}

export function keepalive_time_when(tp: tcp_sock): number {
  return tp.keepalive_time || current.host.sysctl_tcp_keepalive_time;
}

export function keepalive_probes(tp: tcp_sock): number {
  return tp.keepalive_probes || current.host.sysctl_tcp_keepalive_probes;
}

export function keepalive_time_elapsed(tp: tcp_sock): number {
  const icsk = tp;

  return Math.min((tcp_time_stamp() - icsk.icsk_ack.lrcvtime) >>> 0, (tcp_time_stamp() - tp.rcv_tstamp) >>> 0);
}

export function tcp_fin_time(sk: sock): number {
  let fin_timeout = tcp_sk(sk).linger2 || current.host.sysctl_tcp_fin_timeout;
  const rto = inet_csk(sk).icsk_rto;

  if (fin_timeout < (rto << 2) - (rto >> 1))
    fin_timeout = (rto << 2) - (rto >> 1);
  return fin_timeout;
}

export function tcp_paws_check(rx_opt: tcp_options_received, paws_win: number): boolean {
  if (((rx_opt.ts_recent - rx_opt.rcv_tsval) | 0) <= paws_win)
    return true;
  if (unlikely(get_seconds() >= rx_opt.ts_recent_stamp + TCP_PAWS_24DAYS))
    return true;
  if (!rx_opt.ts_recent)
    return true;
  return false;
}

export function tcp_paws_reject(rx_opt: tcp_options_received, rst: number): boolean {
  if (tcp_paws_check(rx_opt, 0))
    return false;
  if (rst && get_seconds() >= rx_opt.ts_recent_stamp + TCP_PAWS_MSL)
    return false;
  return true;
}

export function tcp_mib_init(net: net): void {
  TCP_ADD_STATS_USER(net, TCP_MIB_RTOALGORITHM, 1);
  TCP_ADD_STATS_USER(net, TCP_MIB_RTOMIN, (TCP_RTO_MIN * 1000) / HZ);
  TCP_ADD_STATS_USER(net, TCP_MIB_RTOMAX, (TCP_RTO_MAX * 1000) / HZ);
  TCP_ADD_STATS_USER(net, TCP_MIB_MAXCONN, -1);
}

export function tcp_clear_retrans_hints_partial(tp: tcp_sock): void {
  tp.lost_skb_hint = null;
  tp.scoreboard_skb_hint = null;
}

export function tcp_clear_all_retrans_hints(tp: tcp_sock): void {
  tcp_clear_retrans_hints_partial(tp);
  tp.retransmit_skb_hint = null;
}

export function tcp_write_queue_purge(sk: sock): void {
  let skb: sk_buff;

  while ((skb = __skb_dequeue(sk.sk_write_queue)) !== null)
    sk_wmem_free_skb(sk, skb);
  sk_mem_reclaim(sk);
  tcp_clear_all_retrans_hints(tcp_sk(sk));
}

export function tcp_write_queue_head(sk: sock): sk_buff {
  return skb_peek(sk.sk_write_queue);
}

export function tcp_write_queue_tail(sk: sock): sk_buff {
  return skb_peek_tail(sk.sk_write_queue);
}

export function tcp_write_queue_next(sk: sock, skb: sk_buff): sk_buff {
  return skb_queue_next(sk.sk_write_queue, skb);
}

export function tcp_write_queue_prev(sk: sock, skb: sk_buff): sk_buff {
  return skb_queue_prev(sk.sk_write_queue, skb);
}

export function tcp_send_head(sk: sock): sk_buff {
  return sk.sk_send_head;
}

export function tcp_skb_is_last(sk: sock, skb: sk_buff): boolean {
  return skb_queue_is_last(sk.sk_write_queue, skb);
}

export function tcp_advance_send_head(sk: sock, skb: sk_buff): void {
  if (tcp_skb_is_last(sk, skb))
    sk.sk_send_head = null;
  else
    sk.sk_send_head = tcp_write_queue_next(sk, skb);
}

export function tcp_check_send_head(sk: sock, skb_unlinked: sk_buff): void {
  if (sk.sk_send_head === skb_unlinked)
    sk.sk_send_head = null;
  if (tcp_sk(sk).highest_sack === skb_unlinked)
    tcp_sk(sk).highest_sack = null;
}

export function tcp_init_send_head(sk: sock): void {
  sk.sk_send_head = null;
}

export function __tcp_add_write_queue_tail(sk: sock, skb: sk_buff): void {
  __skb_queue_tail(sk.sk_write_queue, skb);
}

export function tcp_add_write_queue_tail(sk: sock, skb: sk_buff): void {
  __tcp_add_write_queue_tail(sk, skb);
  if (sk.sk_send_head === null) {
    sk.sk_send_head = skb;
    if (tcp_sk(sk).highest_sack === null)
      tcp_sk(sk).highest_sack = skb;
  }
}

export function __tcp_add_write_queue_head(sk: sock, skb: sk_buff): void {
  __skb_queue_head(sk.sk_write_queue, skb);
}

export function tcp_insert_write_queue_after(skb: sk_buff, buff: sk_buff, sk: sock): void {
  __skb_queue_after(sk.sk_write_queue, skb, buff);
}

export function tcp_insert_write_queue_before(new_: sk_buff, skb: sk_buff, sk: sock): void {
  __skb_queue_before(sk.sk_write_queue, skb, new_);
  if (sk.sk_send_head === skb)
    sk.sk_send_head = new_;
}

export function tcp_unlink_write_queue(skb: sk_buff, sk: sock): void {
  __skb_unlink(skb, sk.sk_write_queue);
}

export function tcp_write_queue_empty(sk: sock): boolean {
  return skb_queue_empty(sk.sk_write_queue);
}

export function tcp_push_pending_frames(sk: sock): void {
  if (tcp_send_head(sk)) {
    const tp = tcp_sk(sk);

    __tcp_push_pending_frames(sk, tcp_current_mss(sk), tp.nonagle);
  }
}

export function tcp_highest_sack_seq(tp: tcp_sock): number {
  if (!tp.sacked_out)
    return tp.snd_una;
  if (tp.highest_sack === null)
    return tp.snd_nxt;
  return TCP_SKB_CB(tp.highest_sack).seq;
}

export function tcp_advance_highest_sack(sk: sock, skb: sk_buff): void {
  tcp_sk(sk).highest_sack = tcp_skb_is_last(sk, skb) ? null : tcp_write_queue_next(sk, skb);
}

export function tcp_highest_sack(sk: sock): sk_buff {
  return tcp_sk(sk).highest_sack;
}

export function tcp_highest_sack_reset(sk: sock): void {
  tcp_sk(sk).highest_sack = tcp_write_queue_head(sk);
}

export function tcp_highest_sack_combine(sk: sock, old: sk_buff, new_: sk_buff): void {
  if (tcp_sk(sk).sacked_out && old === tcp_sk(sk).highest_sack)
    tcp_sk(sk).highest_sack = new_;
}

export function tcp_stream_is_thin(tp: tcp_sock): boolean {
  return tp.packets_out < 4 && !tcp_in_initial_slowstart(tp);
}

export function tcp_rto_delta(sk: sock): number {
  const skb = tcp_write_queue_head(sk);
  const rto = inet_csk(sk).icsk_rto;
  const rto_time_stamp = (TCP_SKB_CB(skb).when + rto) >>> 0;

  return (rto_time_stamp - tcp_time_stamp()) | 0;
}

export { TCP_MSS_DEFAULT };
export type { Host };
export { tcp_set_keepalive } from '../../net/ipv4/tcp_timer';
export { fastopen_init_queue } from '../linux/tcp';
