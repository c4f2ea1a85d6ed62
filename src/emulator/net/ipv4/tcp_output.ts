/** TCP's transmit side (kernel net/ipv4/tcp_output.c): segments from the write queue to IP, windows, retransmission, ACKs, FIN, SYN. */
import type { Cpu, Host } from '../../include/ports';
import { current } from '../../include/ports';
import type { sock } from '../../include/net/sock.struct';
import type { dst_entry } from '../../include/net/dst';
import type { request_sock } from '../../include/net/request_sock';
import type { inet_sock } from '../../include/net/inet_sock.struct';
import type { tcp_skb_cb } from '../../include/net/tcp.struct';
import type { tcp_fastopen_cookie, tcp_sock, tcphdr } from '../../include/linux/tcp';
import {
  TCP_CA_Loss, TCP_CA_Open, TCP_CA_Recovery, TCP_SEND_QUEUE, TCP_DELACK_TIMER_DEFERRED, TCP_MTU_REDUCED_DEFERRED, TCP_TSQ_DEFERRED,
  TCP_WRITE_TIMER_DEFERRED, TSQ_QUEUED, TSQ_THROTTLED, put_tcp_options, sizeof_tcphdr, tcp_hdr, tcp_rsk, tcp_sk,
} from '../../include/linux/tcp';
import {
  CA_EVENT_CWND_RESTART, CA_EVENT_TX_START, MAX_TCP_HEADER, MAX_TCP_OPTION_SPACE, MAX_TCP_WINDOW, TCPCB_EVER_RETRANS, TCPCB_LOST, TCPCB_RETRANS,
  TCPCB_SACKED_ACKED, TCPCB_SACKED_RETRANS, TCPF_CLOSE_WAIT, TCPF_CLOSING, TCPF_ESTABLISHED, TCPF_FIN_WAIT1, TCPF_LAST_ACK, TCPHDR_ACK,
  TCPHDR_CWR, TCPHDR_ECE, TCPHDR_FIN, TCPHDR_PSH, TCPHDR_RST, TCPHDR_SYN, TCPOLEN_EXP_FASTOPEN_BASE, TCPOLEN_MSS, TCPOLEN_MSS_ALIGNED,
  TCPOLEN_SACKPERM_ALIGNED, TCPOLEN_SACK_BASE, TCPOLEN_SACK_BASE_ALIGNED, TCPOLEN_SACK_PERBLOCK, TCPOLEN_SACK_PERM, TCPOLEN_TIMESTAMP,
  TCPOLEN_TSTAMP_ALIGNED, TCPOLEN_WINDOW, TCPOLEN_WSCALE_ALIGNED, TCPOPT_EXP, TCPOPT_FASTOPEN_MAGIC, TCPOPT_MSS, TCPOPT_NOP, TCPOPT_SACK,
  TCPOPT_SACK_PERM, TCPOPT_TIMESTAMP, TCPOPT_WINDOW, TCP_ATO_MIN, TCP_BASE_MSS, TCP_CLOSE, TCP_CONG_RTT_STAMP, TCP_DEFAULT_INIT_RCVWND,
  TCP_DELACK_MAX, TCP_DELACK_MIN, TCP_ECN_DEMAND_CWR, TCP_ECN_OK, TCP_ECN_QUEUE_CWR, TCP_ESTABLISHED, TCP_INC_STATS, TCP_ADD_STATS,
  TCP_NAGLE_CORK, TCP_NAGLE_OFF, TCP_NAGLE_PUSH, TCP_RESOURCE_PROBE_INTERVAL, TCP_RTO_MAX, TCP_SKB_CB, TCP_SYN_RECV, TCP_TIMEOUT_INIT,
  __tcp_add_write_queue_head, __tcp_add_write_queue_tail, after, before, between, tcp_add_write_queue_tail, tcp_advance_send_head,
  tcp_bound_to_half_wnd, tcp_ca_event, tcp_check_probe_timer, tcp_clear_retrans_hints_partial, tcp_current_ssthresh, tcp_dec_quickack_mode,
  tcp_full_space, tcp_highest_sack_combine, tcp_highest_sack_seq, tcp_in_cwnd_reduction, tcp_init_wl, tcp_insert_write_queue_after,
  tcp_insert_write_queue_before, tcp_is_fack, tcp_is_reno, tcp_is_sack, tcp_max_tso_deferred_mss, tcp_minshall_update, tcp_packets_in_flight,
  tcp_receive_window, tcp_rto_delta, tcp_send_head, tcp_skb_is_last, tcp_skb_mss, tcp_skb_pcount, tcp_space, tcp_time_stamp,
  tcp_unlink_write_queue, tcp_verify_left_out, tcp_wnd_end, tcp_write_queue_head, tcp_write_queue_next, tcp_write_queue_tail,
} from '../../include/net/tcp';
import {
  ICSK_ACK_PUSHED, ICSK_ACK_SCHED, ICSK_ACK_TIMER, ICSK_TIME_DACK, ICSK_TIME_EARLY_RETRANS, ICSK_TIME_LOSS_PROBE, ICSK_TIME_PROBE0,
  ICSK_TIME_RETRANS, inet_csk, inet_csk_clear_xmit_timer, inet_csk_reset_xmit_timer, inet_csk_schedule_ack,
} from '../../include/net/inet_connection_sock';
import type { sk_buff } from '../../include/linux/skbuff';
import {
  CHECKSUM_NONE, CHECKSUM_PARTIAL, NET_IP_ALIGN, SKB_FCLONE_CLONE, SKB_FCLONE_ORIG, SKB_GSO_TCP_ECN, __net_timestamp, __pskb_copy, __skb_pull,
  alloc_skb, alloc_skb_fclone, pskb_copy, pskb_trim, skb_availroom, skb_clone, skb_cloned, skb_copy, skb_copy_bits,
  skb_copy_from_linear_data, skb_dst_set, skb_frag_assign, skb_frag_size, skb_frag_size_sub, skb_frag_unref, skb_header_release, skb_headlen,
  skb_headroom, skb_orphan, skb_pull, skb_push, skb_put, skb_reserve, skb_reset_tail_pointer, skb_reset_transport_header, skb_shinfo, skb_split,
  skb_trim, skb_unclone,
} from '../../include/linux/skbuff';
import {
  SK_MEM_QUANTUM, SOCK_DONE, SOCK_QUEUE_SHRUNK, SOCK_RCVBUF_LOCK, __sk_dst_get, __sock_put, bh_lock_sock, bh_unlock_sock, sk_can_gso, sk_free,
  sk_gfp_atomic, sk_mem_charge, sk_mem_pages, sk_mem_uncharge, sk_memory_allocated_add, sk_reset_timer, sk_stream_alloc_skb,
  sk_under_memory_pressure, sk_wmem_alloc_get, sk_wmem_free_skb, sock_net, sock_owned_by_user, sock_release_ownership, sock_reset_flag,
  sock_set_flag, sock_wfree, sock_wmalloc,
} from '../../include/net/sock';
import { csum_block_add, csum_block_sub, csum_partial, csum_partial_copy_nocheck } from '../../include/net/checksum';
import { dst_allfrag, dst_metric, dst_metric_advmss, dst_mtu, dst_release } from '../../include/net/dst';
import { inet_rsk, inet_sk } from '../../include/net/inet_sock';
import { INET_ECN_dontxmit, INET_ECN_xmit } from '../../include/net/inet_ecn';
import { NET_INC_STATS, NET_INC_STATS_BH } from '../../include/net/ip';
import {
  LINUX_MIB_TCPABORTFAILED, LINUX_MIB_TCPFASTRETRANS, LINUX_MIB_TCPFORWARDRETRANS, LINUX_MIB_TCPLOSSPROBES, LINUX_MIB_TCPRETRANSFAIL,
  LINUX_MIB_TCPSLOWSTARTRETRANS, LINUX_MIB_TCPSPURIOUS_RTX_HOSTQUEUES, TCP_MIB_ACTIVEOPENS, TCP_MIB_OUTRSTS, TCP_MIB_OUTSEGS,
  TCP_MIB_RETRANSSEGS,
} from '../../include/linux/snmp';
import { RTAX_INITRWND, RTAX_WINDOW } from '../../include/linux/rtnetlink';
import { net_xmit_eval } from '../../include/linux/netdevice';
import { tasklet_init, tasklet_schedule, tasklet_struct } from '../../include/linux/interrupt';
import { INIT_LIST_HEAD, list_add, list_del, list_head, list_splice_init } from '../../include/linux/list';
import { local_irq_restore, local_irq_save } from '../../include/linux/irqflags';
import { clear_bit, set_bit, test_and_clear_bit, test_and_set_bit } from '../../include/linux/bitops';
import { atomic_add, atomic_read, atomic_sub } from '../../include/linux/atomic';
import { HZ, jiffies, msecs_to_jiffies, time_before, time_before_eq } from '../../include/linux/jiffies';
import { ALIGN, DIV_ROUND_UP, max, min } from '../../include/linux/kernel';
import { ACCESS_ONCE, jump, likely, unlikely } from '../../include/linux/compiler';
import { htonl, htons } from '../../include/linux/types';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import { BUG, BUG_ON, WARN_ON, WARN_ON_ONCE } from '../../include/asm-generic/bug';
import { EAGAIN, ECONNREFUSED, EFAULT, EHOSTUNREACH, EINVAL, ENOBUFS, ENOMEM } from '../../include/uapi/asm-generic/errno';
import { tcp_cwnd_application_limited, tcp_enter_cwr, tcp_finish_connect, tcp_init_cwnd, tcp_initialize_rcv_mss, tcp_rearm_rto } from './tcp_input';
import { tcp_clear_retrans } from './tcp_input';
import { tcp_delack_timer_handler, tcp_write_timer_handler } from './tcp_timer';

/** Per-CPU list of sockets that may send again because transmit buffers were freed (TSQ). */
export class tsq_tasklet {
  tasklet: tasklet_struct = new tasklet_struct();
  head: list_head<tcp_sock> = new list_head<tcp_sock>();
}

declare module '../../include/ports' { interface Cpu { tsq_tasklet: tsq_tasklet } }

/** The sysctls of tcp_output.c. */
export function tcp_output_globals(host: Host): void {
  host.sysctl_tcp_retrans_collapse = 1;
  host.sysctl_tcp_workaround_signed_windows = 0;
  host.sysctl_tcp_limit_output_bytes = 131072;
  host.sysctl_tcp_tso_win_divisor = 3;
  host.sysctl_tcp_mtu_probing = 0;
  host.sysctl_tcp_base_mss = TCP_BASE_MSS;
  host.sysctl_tcp_slow_start_after_idle = 1;
}

export function tcp_output_percpu(cpu: Cpu): void {
  cpu.tsq_tasklet = new tsq_tasklet();
}

export function tcp_event_new_data_sent(sk: sock, skb: sk_buff): void {
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);
  const prior_packets = tp.packets_out;

  tcp_advance_send_head(sk, skb);
  tp.snd_nxt = TCP_SKB_CB(skb).end_seq;
  tp.packets_out += tcp_skb_pcount(skb);
  if (!prior_packets || icsk.icsk_pending === ICSK_TIME_EARLY_RETRANS || icsk.icsk_pending === ICSK_TIME_LOSS_PROBE) {
    tcp_rearm_rto(sk);
  }
}

export function tcp_acceptable_seq(sk: sock): number {
  const tp = tcp_sk(sk);

  if (!before(tcp_wnd_end(tp), tp.snd_nxt))
    return tp.snd_nxt;
  else
    return tcp_wnd_end(tp);
}

export function tcp_advertise_mss(sk: sock): number {
  const tp = tcp_sk(sk);
  const dst = __sk_dst_get(sk);
  let mss = tp.advmss;

  if (dst) {
    const metric = dst_metric_advmss(dst);

    if (metric < mss) {
      mss = metric;
      tp.advmss = mss;
    }
  }
  return mss;
}

/** After an idle time the window is halved once per RTO that has passed, not below the initial window (RFC 2861). */
export function tcp_cwnd_restart(sk: sock, dst: dst_entry): void {
  const tp = tcp_sk(sk);
  let delta = (tcp_time_stamp() - tp.lsndtime) | 0;
  let restart_cwnd = tcp_init_cwnd(tp, dst);
  let cwnd = tp.snd_cwnd;

  tcp_ca_event(sk, CA_EVENT_CWND_RESTART);
  tp.snd_ssthresh = tcp_current_ssthresh(sk);
  restart_cwnd = min(restart_cwnd, cwnd);
  while ((delta -= inet_csk(sk).icsk_rto) > 0 && cwnd > restart_cwnd)
    cwnd >>>= 1;
  tp.snd_cwnd = max(cwnd, restart_cwnd);
  tp.snd_cwnd_stamp = tcp_time_stamp();
  tp.snd_cwnd_used = 0;
}

export function tcp_event_data_sent(tp: tcp_sock, sk: sock): void {
  const icsk = inet_csk(sk);
  const now = tcp_time_stamp();

  if (current.host.sysctl_tcp_slow_start_after_idle && !tp.packets_out && ((now - tp.lsndtime) | 0) > icsk.icsk_rto)
    tcp_cwnd_restart(sk, __sk_dst_get(sk));
  tp.lsndtime = now;
  if (((now - icsk.icsk_ack.lrcvtime) >>> 0) < icsk.icsk_ack.ato)
    icsk.icsk_ack.pingpong = 1;
}

export function tcp_event_ack_sent(sk: sock, pkts: number): void {
  tcp_dec_quickack_mode(sk, pkts);
  inet_csk_clear_xmit_timer(sk, ICSK_TIME_DACK);
}

/** Chooses the first window and its scale from the receive buffer. The three out-parameters are `{ v }`. */
export function tcp_select_initial_window(__space: number, mss: number, rcv_wnd: { v: number }, window_clamp: { v: number }, wscale_ok: number,
  rcv_wscale: { v: number }, init_rcv_wnd: number): void {
  let space = __space < 0 ? 0 : __space;

  if (window_clamp.v === 0)
    window_clamp.v = 65535 << 14;
  space = min(window_clamp.v, space);
  if (space > mss)
    space = Math.floor(space / mss) * mss;
  if (current.host.sysctl_tcp_workaround_signed_windows)
    rcv_wnd.v = min(space, MAX_TCP_WINDOW);
  else
    rcv_wnd.v = space;
  rcv_wscale.v = 0;
  if (wscale_ok) {
    space = max(space, current.host.sysctl_tcp_rmem[2]);
    space = max(space, current.host.sysctl_rmem_max);
    space = min(space, window_clamp.v);
    while (space > 65535 && rcv_wscale.v < 14) {
      space >>>= 1;
      rcv_wscale.v++;
    }
  }
  if (mss > 1 << rcv_wscale.v) {
    let init_cwnd = TCP_DEFAULT_INIT_RCVWND;
    if (mss > 1460)
      init_cwnd = max(Math.floor((1460 * TCP_DEFAULT_INIT_RCVWND) / mss), 2);
    if (init_rcv_wnd)
      rcv_wnd.v = min(rcv_wnd.v, init_rcv_wnd * mss);
    else
      rcv_wnd.v = min(rcv_wnd.v, init_cwnd * mss);
  }
  window_clamp.v = min(65535 << rcv_wscale.v, window_clamp.v);
}

/** The window field of the next segment; never takes back what was offered. */
export function tcp_select_window(sk: sock): number {
  const tp = tcp_sk(sk);
  const cur_win = tcp_receive_window(tp);
  let new_win = __tcp_select_window(sk);

  if (new_win < cur_win) {
    new_win = ALIGN(cur_win, 1 << tp.rx_opt.rcv_wscale);
  }
  tp.rcv_wnd = new_win;
  tp.rcv_wup = tp.rcv_nxt;
  if (!tp.rx_opt.rcv_wscale && current.host.sysctl_tcp_workaround_signed_windows)
    new_win = min(new_win, MAX_TCP_WINDOW);
  else
    new_win = min(new_win, 65535 << tp.rx_opt.rcv_wscale);
  new_win >>>= tp.rx_opt.rcv_wscale;
  if (new_win === 0)
    tp.pred_flags = 0;
  return new_win;
}

export function TCP_ECN_send_synack(tp: tcp_sock, skb: sk_buff): void {
  TCP_SKB_CB(skb).tcp_flags &= ~TCPHDR_CWR;
  if (!(tp.ecn_flags & TCP_ECN_OK))
    TCP_SKB_CB(skb).tcp_flags &= ~TCPHDR_ECE;
}

export function TCP_ECN_send_syn(sk: sock, skb: sk_buff): void {
  const tp = tcp_sk(sk);

  tp.ecn_flags = 0;
  if (sock_net(sk).ipv4.sysctl_tcp_ecn === 1) {
    TCP_SKB_CB(skb).tcp_flags |= TCPHDR_ECE | TCPHDR_CWR;
    tp.ecn_flags = TCP_ECN_OK;
  }
}

export function TCP_ECN_make_synack(req: request_sock, th: tcphdr): void {
  if (inet_rsk(req).ecn_ok)
    th.ece = 1;
}

export function TCP_ECN_send(sk: sock, skb: sk_buff, tcp_header_len: number): void {
  const tp = tcp_sk(sk);

  if (tp.ecn_flags & TCP_ECN_OK) {
    if (skb.len !== tcp_header_len && !before(TCP_SKB_CB(skb).seq, tp.snd_nxt)) {
      INET_ECN_xmit(sk);
      if (tp.ecn_flags & TCP_ECN_QUEUE_CWR) {
        tp.ecn_flags &= ~TCP_ECN_QUEUE_CWR;
        tcp_hdr(skb).cwr = 1;
        skb_shinfo(skb).gso_type |= SKB_GSO_TCP_ECN;
      }
    } else {
      INET_ECN_dontxmit(sk);
    }
    if (tp.ecn_flags & TCP_ECN_DEMAND_CWR)
      tcp_hdr(skb).ece = 1;
  }
}

export function tcp_init_nondata_skb(skb: sk_buff, seq: number, flags: number): void {
  skb.ip_summed = CHECKSUM_PARTIAL;
  skb.csum = 0;
  TCP_SKB_CB(skb).tcp_flags = flags;
  TCP_SKB_CB(skb).sacked = 0;
  skb_shinfo(skb).gso_segs = 1;
  skb_shinfo(skb).gso_size = 0;
  skb_shinfo(skb).gso_type = 0;
  TCP_SKB_CB(skb).seq = seq;
  if (flags & (TCPHDR_SYN | TCPHDR_FIN))
    seq = (seq + 1) >>> 0;
  TCP_SKB_CB(skb).end_seq = seq;
}

export function tcp_urg_mode(tp: tcp_sock): boolean {
  return tp.snd_una !== tp.snd_up;
}

export const OPTION_SACK_ADVERTISE = 1 << 0;
export const OPTION_TS = 1 << 1;
export const OPTION_MD5 = 1 << 2;
export const OPTION_WSCALE = 1 << 3;
export const OPTION_FAST_OPEN_COOKIE = 1 << 8;

/** The options one segment will carry. */
export class tcp_out_options {
  options = 0;
  mss = 0;
  ws = 0;
  num_sack_blocks = 0;
  tsval = 0;
  tsecr = 0;
  fastopen_cookie: tcp_fastopen_cookie = null;
}

/** Appends the option words to `ptr` in the order that other stacks parse fast. */
export function tcp_options_write(ptr: number[], tp: tcp_sock, opts: tcp_out_options): void {
  let options = opts.options;
  let p = 0;

  if (unlikely(opts.mss)) {
    ptr[p++] = htonl((TCPOPT_MSS << 24) | (TCPOLEN_MSS << 16) | opts.mss);
  }
  if (likely(OPTION_TS & options)) {
    if (unlikely(OPTION_SACK_ADVERTISE & options)) {
      ptr[p++] = htonl((TCPOPT_SACK_PERM << 24) | (TCPOLEN_SACK_PERM << 16) | (TCPOPT_TIMESTAMP << 8) | TCPOLEN_TIMESTAMP);
      options &= ~OPTION_SACK_ADVERTISE;
    } else {
      ptr[p++] = htonl((TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) | (TCPOPT_TIMESTAMP << 8) | TCPOLEN_TIMESTAMP);
    }
    ptr[p++] = htonl(opts.tsval);
    ptr[p++] = htonl(opts.tsecr);
  }
  if (unlikely(OPTION_SACK_ADVERTISE & options)) {
    ptr[p++] = htonl((TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) | (TCPOPT_SACK_PERM << 8) | TCPOLEN_SACK_PERM);
  }
  if (unlikely(OPTION_WSCALE & options)) {
    ptr[p++] = htonl((TCPOPT_NOP << 24) | (TCPOPT_WINDOW << 16) | (TCPOLEN_WINDOW << 8) | opts.ws);
  }
  if (unlikely(opts.num_sack_blocks)) {
    const sp = tp.rx_opt.dsack ? tcp_duplicate_sack_first(tp) : tp.selective_acks;
    let this_sack: number;

    ptr[p++] = htonl((TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) | (TCPOPT_SACK << 8) |
      (TCPOLEN_SACK_BASE + opts.num_sack_blocks * TCPOLEN_SACK_PERBLOCK));
    for (this_sack = 0; this_sack < opts.num_sack_blocks; ++this_sack) {
      ptr[p++] = htonl(sp[this_sack].start_seq);
      ptr[p++] = htonl(sp[this_sack].end_seq);
    }
    tp.rx_opt.dsack = 0;
  }
  if (unlikely(OPTION_FAST_OPEN_COOKIE & options)) {
    const foc = opts.fastopen_cookie;

    ptr[p++] = htonl(((TCPOPT_EXP << 24) | ((TCPOLEN_EXP_FASTOPEN_BASE + foc.len) << 16) | TCPOPT_FASTOPEN_MAGIC) >>> 0);
    for (let i = 0; i < foc.len; i += 4) {
      const at = (k: number): number => (i + k < foc.len ? foc.val[i + k] : TCPOPT_NOP);
      ptr[p++] = ((at(0) << 24) | (at(1) << 16) | (at(2) << 8) | at(3)) >>> 0;
    }
  }
}

/** In the kernel duplicate_sack[1] lies right before selective_acks[4], so that indexing runs from the one into the other. */
function tcp_duplicate_sack_first(tp: tcp_sock): tcp_sock['selective_acks'] {
  return [tp.duplicate_sack[0], tp.selective_acks[0], tp.selective_acks[1], tp.selective_acks[2], tp.selective_acks[3]];
}

export function tcp_syn_options(sk: sock, skb: sk_buff, opts: tcp_out_options): number {
  const tp = tcp_sk(sk);
  let remaining = MAX_TCP_OPTION_SPACE;
  const fastopen = tp.fastopen_req;

  opts.mss = tcp_advertise_mss(sk);
  remaining -= TCPOLEN_MSS_ALIGNED;
  if (likely(current.host.sysctl_tcp_timestamps)) {
    opts.options |= OPTION_TS;
    opts.tsval = (TCP_SKB_CB(skb).when + tp.tsoffset) >>> 0;
    opts.tsecr = tp.rx_opt.ts_recent;
    remaining -= TCPOLEN_TSTAMP_ALIGNED;
  }
  if (likely(current.host.sysctl_tcp_window_scaling)) {
    opts.ws = tp.rx_opt.rcv_wscale;
    opts.options |= OPTION_WSCALE;
    remaining -= TCPOLEN_WSCALE_ALIGNED;
  }
  if (likely(current.host.sysctl_tcp_sack)) {
    opts.options |= OPTION_SACK_ADVERTISE;
    if (unlikely(!(OPTION_TS & opts.options)))
      remaining -= TCPOLEN_SACKPERM_ALIGNED;
  }
  if (fastopen && fastopen.cookie.len >= 0) {
    let need = TCPOLEN_EXP_FASTOPEN_BASE + fastopen.cookie.len;
    need = (need + 3) & ~3;
    if (remaining >= need) {
      opts.options |= OPTION_FAST_OPEN_COOKIE;
      opts.fastopen_cookie = fastopen.cookie;
      remaining -= need;
      tp.syn_fastopen = 1;
    }
  }
  return MAX_TCP_OPTION_SPACE - remaining;
}

export function tcp_synack_options(_sk: sock, req: request_sock, mss: number, skb: sk_buff, opts: tcp_out_options, foc: tcp_fastopen_cookie): number {
  const ireq = inet_rsk(req);
  let remaining = MAX_TCP_OPTION_SPACE;

  opts.mss = mss;
  remaining -= TCPOLEN_MSS_ALIGNED;
  if (likely(ireq.wscale_ok)) {
    opts.ws = ireq.rcv_wscale;
    opts.options |= OPTION_WSCALE;
    remaining -= TCPOLEN_WSCALE_ALIGNED;
  }
  if (likely(ireq.tstamp_ok)) {
    opts.options |= OPTION_TS;
    opts.tsval = TCP_SKB_CB(skb).when;
    opts.tsecr = req.ts_recent;
    remaining -= TCPOLEN_TSTAMP_ALIGNED;
  }
  if (likely(ireq.sack_ok)) {
    opts.options |= OPTION_SACK_ADVERTISE;
    if (unlikely(!ireq.tstamp_ok))
      remaining -= TCPOLEN_SACKPERM_ALIGNED;
  }
  if (foc !== null) {
    let need = TCPOLEN_EXP_FASTOPEN_BASE + foc.len;
    need = (need + 3) & ~3;
    if (remaining >= need) {
      opts.options |= OPTION_FAST_OPEN_COOKIE;
      opts.fastopen_cookie = foc;
      remaining -= need;
    }
  }
  return MAX_TCP_OPTION_SPACE - remaining;
}

export function tcp_established_options(sk: sock, skb: sk_buff, opts: tcp_out_options): number {
  const tcb = skb ? TCP_SKB_CB(skb) : null;
  const tp = tcp_sk(sk);
  let size = 0;
  let eff_sacks: number;

  if (likely(tp.rx_opt.tstamp_ok)) {
    opts.options |= OPTION_TS;
    opts.tsval = tcb ? (tcb.when + tp.tsoffset) >>> 0 : 0;
    opts.tsecr = tp.rx_opt.ts_recent;
    size += TCPOLEN_TSTAMP_ALIGNED;
  }
  eff_sacks = tp.rx_opt.num_sacks + tp.rx_opt.dsack;
  if (unlikely(eff_sacks)) {
    const remaining = MAX_TCP_OPTION_SPACE - size;
    opts.num_sack_blocks = min(eff_sacks, Math.floor((remaining - TCPOLEN_SACK_BASE_ALIGNED) / TCPOLEN_SACK_PERBLOCK));
    size += TCPOLEN_SACK_BASE_ALIGNED + opts.num_sack_blocks * TCPOLEN_SACK_PERBLOCK;
  }
  return size;
}

export function tcp_tsq_handler(sk: sock): void {
  if ((1 << sk.sk_state) & (TCPF_ESTABLISHED | TCPF_FIN_WAIT1 | TCPF_CLOSING | TCPF_CLOSE_WAIT | TCPF_LAST_ACK))
    tcp_write_xmit(sk, tcp_current_mss(sk), tcp_sk(sk).nonagle, 0, GFP_ATOMIC);
}

/** The TSQ tasklet: sends for every socket that freed transmit memory, or leaves it to the owner of the socket. */
export function tcp_tasklet_func(data: tsq_tasklet): void {
  const tsq = data;
  const list = new list_head<tcp_sock>();
  let flags: boolean;
  let q: list_head<tcp_sock>, n: list_head<tcp_sock>;
  let tp: tcp_sock;
  let sk: sock;

  flags = local_irq_save();
  list_splice_init(tsq.head, list);
  local_irq_restore(flags);
  for (q = list.next, n = q.next; q !== list; q = n, n = q.next) {
    tp = q.owner;
    list_del(tp.tsq_node);
    sk = tp;
    bh_lock_sock(sk);
    if (!sock_owned_by_user(sk)) {
      tcp_tsq_handler(sk);
    } else {
      set_bit(TCP_TSQ_DEFERRED, tp.tsq_flags);
    }
    bh_unlock_sock(sk);
    clear_bit(TSQ_QUEUED, tp.tsq_flags);
    sk_free(sk);
  }
}

export const TCP_DEFERRED_ALL = (1 << TCP_TSQ_DEFERRED) | (1 << TCP_WRITE_TIMER_DEFERRED) | (1 << TCP_DELACK_TIMER_DEFERRED) |
  (1 << TCP_MTU_REDUCED_DEFERRED);

/** What softirqs and timers put off while a process owned the socket is done when the process lets go. */
export function tcp_release_cb(sk: sock): void {
  const tp = tcp_sk(sk);
  let flags: number, nflags: number;

  do {
    flags = tp.tsq_flags.v;
    if (!(flags & TCP_DEFERRED_ALL))
      return;
    nflags = flags & ~TCP_DEFERRED_ALL;
  } while (!cmpxchg_flags(tp, flags, nflags));
  if (flags & (1 << TCP_TSQ_DEFERRED))
    tcp_tsq_handler(sk);
  sock_release_ownership(sk);
  if (flags & (1 << TCP_WRITE_TIMER_DEFERRED)) {
    tcp_write_timer_handler(sk);
    __sock_put(sk);
  }
  if (flags & (1 << TCP_DELACK_TIMER_DEFERRED)) {
    tcp_delack_timer_handler(sk);
    __sock_put(sk);
  }
  if (flags & (1 << TCP_MTU_REDUCED_DEFERRED)) {
    inet_csk(sk).icsk_af_ops.mtu_reduced(sk);
    __sock_put(sk);
  }
}

function cmpxchg_flags(tp: tcp_sock, flags: number, nflags: number): boolean {
  if (tp.tsq_flags.v !== flags) return false;
  tp.tsq_flags.v = nflags;
  return true;
}

export function tcp_tasklet_init(): void {
  let i: number;

  for (i = 0; i < current.host.cpus.length; i++) {
    const tsq = current.host.cpus[i].tsq_tasklet;

    INIT_LIST_HEAD(tsq.head);
    tasklet_init(tsq.tasklet, tcp_tasklet_func, tsq);
  }
}

/** Destructor of every TCP segment sent down: gives the socket its memory back and lets a throttled one go on. */
export function tcp_wfree(skb: sk_buff): void {
  const sk = skb.sk;
  const tp = tcp_sk(sk);

  if (test_and_clear_bit(TSQ_THROTTLED, tp.tsq_flags) && !test_and_set_bit(TSQ_QUEUED, tp.tsq_flags)) {
    let flags: boolean;
    let tsq: tsq_tasklet;

    atomic_sub(skb.truesize - 1, sk.sk_wmem_alloc);
    flags = local_irq_save();
    tsq = current.cpu.tsq_tasklet;
    list_add(tp.tsq_node, tsq.head);
    tasklet_schedule(tsq.tasklet);
    local_irq_restore(flags);
  } else {
    sock_wfree(skb);
  }
}

/** Builds the TCP header in front of a segment (a clone of it with `clone_it`) and gives it to IP. Returns 0 or a negative errno. */
export function tcp_transmit_skb(sk: sock, skb: sk_buff, clone_it: number, gfp_mask: number): number {
  const icsk = inet_csk(sk);
  let inet: inet_sock;
  let tp: tcp_sock;
  let tcb: tcp_skb_cb;
  let opts: tcp_out_options;
  let tcp_options_size: number, tcp_header_size: number;
  let th: tcphdr;
  let err: number;

  BUG_ON(!skb || !tcp_skb_pcount(skb));
  if (icsk.icsk_ca_ops.flags & TCP_CONG_RTT_STAMP)
    __net_timestamp(skb);
  if (likely(clone_it)) {
    const fclone = skb.fclone_child;

    if (unlikely(skb.fclone === SKB_FCLONE_ORIG && fclone.fclone === SKB_FCLONE_CLONE))
      NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPSPURIOUS_RTX_HOSTQUEUES);
    if (unlikely(skb_cloned(skb)))
      skb = pskb_copy(skb, gfp_mask);
    else
      skb = skb_clone(skb, gfp_mask);
    if (unlikely(!skb))
      return -ENOBUFS;
  }
  inet = inet_sk(sk);
  tp = tcp_sk(sk);
  tcb = TCP_SKB_CB(skb);
  opts = new tcp_out_options();
  if (unlikely(tcb.tcp_flags & TCPHDR_SYN))
    tcp_options_size = tcp_syn_options(sk, skb, opts);
  else
    tcp_options_size = tcp_established_options(sk, skb, opts);
  tcp_header_size = tcp_options_size + sizeof_tcphdr;
  if (tcp_packets_in_flight(tp) === 0)
    tcp_ca_event(sk, CA_EVENT_TX_START);
  skb.ooo_okay = sk_wmem_alloc_get(sk) === 0 ? 1 : 0;
  skb_push(skb, tcp_header_size);
  skb_reset_transport_header(skb);
  skb_orphan(skb);
  skb.sk = sk;
  skb.destructor = tcp_wfree;
  atomic_add(skb.truesize, sk.sk_wmem_alloc);
  th = tcp_hdr(skb);
  th.source = inet.inet_sport;
  th.dest = inet.inet_dport;
  th.seq = htonl(tcb.seq);
  th.ack_seq = htonl(tp.rcv_nxt);
  th.doff_flags = htons(((tcp_header_size >> 2) << 12) | tcb.tcp_flags);
  if (unlikely(tcb.tcp_flags & TCPHDR_SYN)) {
    th.window = htons(min(tp.rcv_wnd, 65535));
  } else {
    th.window = htons(tcp_select_window(sk));
  }
  th.check = 0;
  th.urg_ptr = 0;
  if (unlikely(tcp_urg_mode(tp) && before(tcb.seq, tp.snd_up))) {
    if (before(tp.snd_up, (tcb.seq + 0x10000) >>> 0)) {
      th.urg_ptr = htons((tp.snd_up - tcb.seq) >>> 0);
      th.urg = 1;
    } else if (after((tcb.seq + 0xffff) >>> 0, tp.snd_nxt)) {
      th.urg_ptr = htons(0xffff);
      th.urg = 1;
    }
  }
  const ptr: number[] = [];
  tcp_options_write(ptr, tp, opts);
  put_tcp_options(th, ptr);
  if (likely((tcb.tcp_flags & TCPHDR_SYN) === 0))
    TCP_ECN_send(sk, skb, tcp_header_size);
  icsk.icsk_af_ops.send_check(sk, skb);
  if (likely(tcb.tcp_flags & TCPHDR_ACK))
    tcp_event_ack_sent(sk, tcp_skb_pcount(skb));
  if (skb.len !== tcp_header_size)
    tcp_event_data_sent(tp, sk);
  if (after(tcb.end_seq, tp.snd_nxt) || tcb.seq === tcb.end_seq)
    TCP_ADD_STATS(sock_net(sk), TCP_MIB_OUTSEGS, tcp_skb_pcount(skb));
  err = icsk.icsk_af_ops.queue_xmit(skb, inet.cork.fl);
  if (likely(err <= 0))
    return err;
  tcp_enter_cwr(sk, 1);
  return net_xmit_eval(err);
}

export function tcp_queue_skb(sk: sock, skb: sk_buff): void {
  const tp = tcp_sk(sk);

  tp.write_seq = TCP_SKB_CB(skb).end_seq;
  skb_header_release(skb);
  tcp_add_write_queue_tail(sk, skb);
  sk.sk_wmem_queued += skb.truesize;
  sk_mem_charge(sk, skb.truesize);
}

export function tcp_set_skb_tso_segs(sk: sock, skb: sk_buff, mss_now: number): void {
  WARN_ON_ONCE(skb_cloned(skb));
  if (skb.len <= mss_now || !sk_can_gso(sk) || skb.ip_summed === CHECKSUM_NONE) {
    skb_shinfo(skb).gso_segs = 1;
    skb_shinfo(skb).gso_size = 0;
    skb_shinfo(skb).gso_type = 0;
  } else {
    skb_shinfo(skb).gso_segs = DIV_ROUND_UP(skb.len, mss_now);
    skb_shinfo(skb).gso_size = mss_now;
    skb_shinfo(skb).gso_type = sk.sk_gso_type;
  }
}

export function tcp_adjust_fackets_out(sk: sock, skb: sk_buff, decr: number): void {
  const tp = tcp_sk(sk);

  if (!tp.sacked_out || tcp_is_reno(tp))
    return;
  if (after(tcp_highest_sack_seq(tp), TCP_SKB_CB(skb).seq))
    tp.fackets_out -= decr;
}

/** A segment now counts for `decr` packets less: every counter that had it in follows. */
export function tcp_adjust_pcount(sk: sock, skb: sk_buff, decr: number): void {
  const tp = tcp_sk(sk);

  tp.packets_out -= decr;
  if (TCP_SKB_CB(skb).sacked & TCPCB_SACKED_ACKED)
    tp.sacked_out -= decr;
  if (TCP_SKB_CB(skb).sacked & TCPCB_SACKED_RETRANS)
    tp.retrans_out -= decr;
  if (TCP_SKB_CB(skb).sacked & TCPCB_LOST)
    tp.lost_out -= decr;
  if (tcp_is_reno(tp) && decr > 0)
    tp.sacked_out -= min(tp.sacked_out, decr);
  tcp_adjust_fackets_out(sk, skb, decr);
  if (tp.lost_skb_hint && before(TCP_SKB_CB(skb).seq, TCP_SKB_CB(tp.lost_skb_hint).seq) &&
      (tcp_is_fack(tp) || TCP_SKB_CB(skb).sacked & TCPCB_SACKED_ACKED))
    tp.lost_cnt_hint -= decr;
  tcp_verify_left_out(tp);
}

/** Splits a queued segment after `len` bytes; the rest becomes the next one in the queue. */
export function tcp_fragment(sk: sock, skb: sk_buff, len: number, mss_now: number): number {
  const tp = tcp_sk(sk);
  let buff: sk_buff;
  let nsize: number, old_factor: number;
  let nlen: number;
  let flags: number;

  if (WARN_ON(len > skb.len))
    return -EINVAL;
  nsize = skb_headlen(skb) - len;
  if (nsize < 0)
    nsize = 0;
  if (skb_unclone(skb, GFP_ATOMIC))
    return -ENOMEM;
  buff = sk_stream_alloc_skb(sk, nsize, GFP_ATOMIC);
  if (buff === null)
    return -ENOMEM;
  sk.sk_wmem_queued += buff.truesize;
  sk_mem_charge(sk, buff.truesize);
  nlen = skb.len - len - nsize;
  buff.truesize += nlen;
  skb.truesize -= nlen;
  TCP_SKB_CB(buff).seq = (TCP_SKB_CB(skb).seq + len) >>> 0;
  TCP_SKB_CB(buff).end_seq = TCP_SKB_CB(skb).end_seq;
  TCP_SKB_CB(skb).end_seq = TCP_SKB_CB(buff).seq;
  flags = TCP_SKB_CB(skb).tcp_flags;
  TCP_SKB_CB(skb).tcp_flags = flags & ~(TCPHDR_FIN | TCPHDR_PSH);
  TCP_SKB_CB(buff).tcp_flags = flags;
  TCP_SKB_CB(buff).sacked = TCP_SKB_CB(skb).sacked;
  if (!skb_shinfo(skb).nr_frags && skb.ip_summed !== CHECKSUM_PARTIAL) {
    buff.csum = csum_partial_copy_nocheck(skb.head, skb.data + len, buff.head, skb_put(buff, nsize), nsize, 0);
    skb_trim(skb, len);
    skb.csum = csum_block_sub(skb.csum, buff.csum, len);
  } else {
    skb.ip_summed = CHECKSUM_PARTIAL;
    skb_split(skb, buff, len);
  }
  buff.ip_summed = skb.ip_summed;
  TCP_SKB_CB(buff).when = TCP_SKB_CB(skb).when;
  buff.tstamp = skb.tstamp;
  old_factor = tcp_skb_pcount(skb);
  tcp_set_skb_tso_segs(sk, skb, mss_now);
  tcp_set_skb_tso_segs(sk, buff, mss_now);
  if (!before(tp.snd_nxt, TCP_SKB_CB(buff).end_seq)) {
    const diff = old_factor - tcp_skb_pcount(skb) - tcp_skb_pcount(buff);

    if (diff)
      tcp_adjust_pcount(sk, skb, diff);
  }
  skb_header_release(buff);
  tcp_insert_write_queue_after(skb, buff, sk);
  return 0;
}

export function __pskb_trim_head(skb: sk_buff, len: number): void {
  let i: number, k: number, eat: number;

  eat = min(len, skb_headlen(skb));
  if (eat) {
    __skb_pull(skb, eat);
    len -= eat;
    if (!len)
      return;
  }
  eat = len;
  k = 0;
  for (i = 0; i < skb_shinfo(skb).nr_frags; i++) {
    const size = skb_frag_size(skb_shinfo(skb).frags[i]);

    if (size <= eat) {
      skb_frag_unref(skb, i);
      eat -= size;
    } else {
      skb_frag_assign(skb_shinfo(skb).frags[k], skb_shinfo(skb).frags[i]);
      if (eat) {
        skb_shinfo(skb).frags[k].page_offset += eat;
        skb_frag_size_sub(skb_shinfo(skb).frags[k], eat);
        eat = 0;
      }
      k++;
    }
  }
  skb_shinfo(skb).nr_frags = k;
  skb_reset_tail_pointer(skb);
  skb.data_len -= len;
  skb.len = skb.data_len;
}

/** Removes `len` acknowledged bytes from the front of a queued segment. */
export function tcp_trim_head(sk: sock, skb: sk_buff, len: number): number {
  if (skb_unclone(skb, GFP_ATOMIC))
    return -ENOMEM;
  __pskb_trim_head(skb, len);
  TCP_SKB_CB(skb).seq = (TCP_SKB_CB(skb).seq + len) >>> 0;
  skb.ip_summed = CHECKSUM_PARTIAL;
  skb.truesize -= len;
  sk.sk_wmem_queued -= len;
  sk_mem_uncharge(sk, len);
  sock_set_flag(sk, SOCK_QUEUE_SHRUNK);
  if (tcp_skb_pcount(skb) > 1)
    tcp_set_skb_tso_segs(sk, skb, tcp_skb_mss(skb));
  return 0;
}

export function __tcp_mtu_to_mss(sk: sock, pmtu: number): number {
  const tp = tcp_sk(sk);
  const icsk = inet_csk(sk);
  let mss_now: number;

  mss_now = pmtu - icsk.icsk_af_ops.net_header_len - sizeof_tcphdr;
  if (icsk.icsk_af_ops.net_frag_header_len) {
    const dst = __sk_dst_get(sk);

    if (dst && dst_allfrag(dst))
      mss_now -= icsk.icsk_af_ops.net_frag_header_len;
  }
  if (mss_now > tp.rx_opt.mss_clamp)
    mss_now = tp.rx_opt.mss_clamp;
  mss_now -= icsk.icsk_ext_hdr_len;
  if (mss_now < 48)
    mss_now = 48;
  return mss_now;
}

export function tcp_mtu_to_mss(sk: sock, pmtu: number): number {
  return __tcp_mtu_to_mss(sk, pmtu) - (tcp_sk(sk).tcp_header_len - sizeof_tcphdr);
}

export function tcp_mss_to_mtu(sk: sock, mss: number): number {
  const tp = tcp_sk(sk);
  const icsk = inet_csk(sk);
  let mtu: number;

  mtu = mss + tp.tcp_header_len + icsk.icsk_ext_hdr_len + icsk.icsk_af_ops.net_header_len;
  if (icsk.icsk_af_ops.net_frag_header_len) {
    const dst = __sk_dst_get(sk);

    if (dst && dst_allfrag(dst))
      mtu += icsk.icsk_af_ops.net_frag_header_len;
  }
  return mtu;
}

export function tcp_mtup_init(sk: sock): void {
  const tp = tcp_sk(sk);
  const icsk = inet_csk(sk);

  icsk.icsk_mtup.enabled = current.host.sysctl_tcp_mtu_probing > 1 ? 1 : 0;
  icsk.icsk_mtup.search_high = tp.rx_opt.mss_clamp + sizeof_tcphdr + icsk.icsk_af_ops.net_header_len;
  icsk.icsk_mtup.search_low = tcp_mss_to_mtu(sk, current.host.sysctl_tcp_base_mss);
  icsk.icsk_mtup.probe_size = 0;
}

export function tcp_sync_mss(sk: sock, pmtu: number): number {
  const tp = tcp_sk(sk);
  const icsk = inet_csk(sk);
  let mss_now: number;

  if (icsk.icsk_mtup.search_high > pmtu)
    icsk.icsk_mtup.search_high = pmtu;
  mss_now = tcp_mtu_to_mss(sk, pmtu);
  mss_now = tcp_bound_to_half_wnd(tp, mss_now);
  icsk.icsk_pmtu_cookie = pmtu;
  if (icsk.icsk_mtup.enabled)
    mss_now = min(mss_now, tcp_mtu_to_mss(sk, icsk.icsk_mtup.search_low));
  tp.mss_cache = mss_now;
  return mss_now;
}

/** Payload bytes that fit in a segment now, options counted off. */
export function tcp_current_mss(sk: sock): number {
  const tp = tcp_sk(sk);
  const dst = __sk_dst_get(sk);
  let mss_now: number;
  let header_len: number;
  const opts = new tcp_out_options();

  mss_now = tp.mss_cache;
  if (dst) {
    const mtu = dst_mtu(dst);

    if (mtu !== inet_csk(sk).icsk_pmtu_cookie)
      mss_now = tcp_sync_mss(sk, mtu);
  }
  header_len = tcp_established_options(sk, null, opts) + sizeof_tcphdr;
  if (header_len !== tp.tcp_header_len) {
    const delta = header_len - tp.tcp_header_len;

    mss_now -= delta;
  }
  return mss_now;
}

export function tcp_cwnd_validate(sk: sock): void {
  const tp = tcp_sk(sk);

  if (tp.packets_out >= tp.snd_cwnd) {
    tp.snd_cwnd_used = 0;
    tp.snd_cwnd_stamp = tcp_time_stamp();
  } else {
    if (tp.packets_out > tp.snd_cwnd_used)
      tp.snd_cwnd_used = tp.packets_out;
    if (current.host.sysctl_tcp_slow_start_after_idle && ((tcp_time_stamp() - tp.snd_cwnd_stamp) | 0) >= inet_csk(sk).icsk_rto)
      tcp_cwnd_application_limited(sk);
  }
}

export function tcp_mss_split_point(sk: sock, skb: sk_buff, mss_now: number, max_segs: number): number {
  const tp = tcp_sk(sk);
  let needed: number, window: number, max_len: number;

  window = (tcp_wnd_end(tp) - TCP_SKB_CB(skb).seq) >>> 0;
  max_len = mss_now * max_segs;
  if (likely(max_len <= window && skb !== tcp_write_queue_tail(sk)))
    return max_len;
  needed = min(skb.len, window);
  if (max_len <= needed)
    return max_len;
  return needed - (needed % mss_now);
}

/** How many more segments the congestion window lets go. */
export function tcp_cwnd_test(tp: tcp_sock, skb: sk_buff): number {
  let in_flight: number, cwnd: number;

  if (TCP_SKB_CB(skb).tcp_flags & TCPHDR_FIN && tcp_skb_pcount(skb) === 1)
    return 1;
  in_flight = tcp_packets_in_flight(tp);
  cwnd = tp.snd_cwnd;
  if (in_flight < cwnd)
    return cwnd - in_flight;
  return 0;
}

export function tcp_init_tso_segs(sk: sock, skb: sk_buff, mss_now: number): number {
  let tso_segs = tcp_skb_pcount(skb);

  if (!tso_segs || (tso_segs > 1 && tcp_skb_mss(skb) !== mss_now)) {
    tcp_set_skb_tso_segs(sk, skb, mss_now);
    tso_segs = tcp_skb_pcount(skb);
  }
  return tso_segs;
}

/** Minshall: is there a small segment under way? */
export function tcp_minshall_check(tp: tcp_sock): boolean {
  return after(tp.snd_sml, tp.snd_una) && !after(tp.snd_sml, tp.snd_nxt);
}

export function tcp_nagle_check(tp: tcp_sock, skb: sk_buff, mss_now: number, nonagle: number): boolean {
  return skb.len < mss_now && ((nonagle & TCP_NAGLE_CORK) !== 0 || (!nonagle && tp.packets_out !== 0 && tcp_minshall_check(tp)));
}

/** May this segment go as far as Nagle is concerned? */
export function tcp_nagle_test(tp: tcp_sock, skb: sk_buff, cur_mss: number, nonagle: number): boolean {
  if (nonagle & TCP_NAGLE_PUSH)
    return true;
  if (tcp_urg_mode(tp) || TCP_SKB_CB(skb).tcp_flags & TCPHDR_FIN)
    return true;
  if (!tcp_nagle_check(tp, skb, cur_mss, nonagle))
    return true;
  return false;
}

export function tcp_snd_wnd_test(tp: tcp_sock, skb: sk_buff, cur_mss: number): boolean {
  let end_seq = TCP_SKB_CB(skb).end_seq;

  if (skb.len > cur_mss)
    end_seq = (TCP_SKB_CB(skb).seq + cur_mss) >>> 0;
  return !after(end_seq, tcp_wnd_end(tp));
}

export function tcp_snd_test(sk: sock, skb: sk_buff, cur_mss: number, nonagle: number): number {
  const tp = tcp_sk(sk);
  let cwnd_quota: number;

  tcp_init_tso_segs(sk, skb, cur_mss);
  if (!tcp_nagle_test(tp, skb, cur_mss, nonagle))
    return 0;
  cwnd_quota = tcp_cwnd_test(tp, skb);
  if (cwnd_quota && !tcp_snd_wnd_test(tp, skb, cur_mss))
    cwnd_quota = 0;
  return cwnd_quota;
}

export function tcp_may_send_now(sk: sock): boolean {
  const tp = tcp_sk(sk);
  const skb = tcp_send_head(sk);

  return skb !== null && tcp_snd_test(sk, skb, tcp_current_mss(sk), tcp_skb_is_last(sk, skb) ? tp.nonagle : TCP_NAGLE_PUSH) !== 0;
}

export function tso_fragment(sk: sock, skb: sk_buff, len: number, mss_now: number, gfp: number): number {
  let buff: sk_buff;
  const nlen = skb.len - len;
  let flags: number;

  if (skb.len !== skb.data_len)
    return tcp_fragment(sk, skb, len, mss_now);
  buff = sk_stream_alloc_skb(sk, 0, gfp);
  if (unlikely(buff === null))
    return -ENOMEM;
  sk.sk_wmem_queued += buff.truesize;
  sk_mem_charge(sk, buff.truesize);
  buff.truesize += nlen;
  skb.truesize -= nlen;
  TCP_SKB_CB(buff).seq = (TCP_SKB_CB(skb).seq + len) >>> 0;
  TCP_SKB_CB(buff).end_seq = TCP_SKB_CB(skb).end_seq;
  TCP_SKB_CB(skb).end_seq = TCP_SKB_CB(buff).seq;
  flags = TCP_SKB_CB(skb).tcp_flags;
  TCP_SKB_CB(skb).tcp_flags = flags & ~(TCPHDR_FIN | TCPHDR_PSH);
  TCP_SKB_CB(buff).tcp_flags = flags;
  TCP_SKB_CB(buff).sacked = 0;
  buff.ip_summed = skb.ip_summed = CHECKSUM_PARTIAL;
  skb_split(skb, buff, len);
  tcp_set_skb_tso_segs(sk, skb, mss_now);
  tcp_set_skb_tso_segs(sk, buff, mss_now);
  skb_header_release(buff);
  tcp_insert_write_queue_after(skb, buff, sk);
  return 0;
}

/** Is it worth waiting for more window, so that a larger segment can go to the card? */
export function tcp_tso_should_defer(sk: sock, skb: sk_buff): boolean {
  const tp = tcp_sk(sk);
  const icsk = inet_csk(sk);
  let send_win: number, cong_win: number, limit: number, in_flight: number;
  let win_divisor: number;

  send_now: {
    if (TCP_SKB_CB(skb).tcp_flags & TCPHDR_FIN)
      break send_now;
    if (icsk.icsk_ca_state !== TCP_CA_Open)
      break send_now;
    if (tp.tso_deferred && (((jiffies() << 1) >>> 1) - (tp.tso_deferred >>> 1)) >>> 0 > 1)
      break send_now;
    in_flight = tcp_packets_in_flight(tp);
    BUG_ON(tcp_skb_pcount(skb) <= 1 || tp.snd_cwnd <= in_flight);
    send_win = (tcp_wnd_end(tp) - TCP_SKB_CB(skb).seq) >>> 0;
    cong_win = (tp.snd_cwnd - in_flight) * tp.mss_cache;
    limit = min(send_win, cong_win);
    if (limit >= min(sk.sk_gso_max_size, tp.xmit_size_goal_segs * tp.mss_cache))
      break send_now;
    if (skb !== tcp_write_queue_tail(sk) && limit >= skb.len)
      break send_now;
    win_divisor = ACCESS_ONCE(current.host.sysctl_tcp_tso_win_divisor);
    if (win_divisor) {
      let chunk = min(tp.snd_wnd, tp.snd_cwnd * tp.mss_cache);

      chunk = Math.floor(chunk / win_divisor);
      if (limit >= chunk)
        break send_now;
    } else {
      if (limit > tcp_max_tso_deferred_mss(tp) * tp.mss_cache)
        break send_now;
    }
    if (!tp.tso_deferred)
      tp.tso_deferred = (1 | (jiffies() << 1)) >>> 0;
    return true;
  }
  tp.tso_deferred = 0;
  return false;
}

/** Path MTU probing. Gives 1: a probe was sent, 0: wait for room, -1: no probe now. */
export function tcp_mtu_probe(sk: sock): number {
  const tp = tcp_sk(sk);
  const icsk = inet_csk(sk);
  let skb: sk_buff, nskb: sk_buff, next: sk_buff;
  let len: number;
  let probe_size: number;
  let size_needed: number;
  let copy: number;
  let mss_now: number;

  if (!icsk.icsk_mtup.enabled || icsk.icsk_mtup.probe_size || inet_csk(sk).icsk_ca_state !== TCP_CA_Open || tp.snd_cwnd < 11 ||
      tp.rx_opt.num_sacks || tp.rx_opt.dsack)
    return -1;
  mss_now = tcp_current_mss(sk);
  probe_size = 2 * tp.mss_cache;
  size_needed = probe_size + (tp.reordering + 1) * tp.mss_cache;
  if (probe_size > tcp_mtu_to_mss(sk, icsk.icsk_mtup.search_high)) {
    return -1;
  }
  if ((tp.write_seq - tp.snd_nxt) >>> 0 < size_needed)
    return -1;
  if (tp.snd_wnd < size_needed)
    return -1;
  if (after((tp.snd_nxt + size_needed) >>> 0, tcp_wnd_end(tp)))
    return 0;
  if (tcp_packets_in_flight(tp) + 2 > tp.snd_cwnd) {
    if (!tcp_packets_in_flight(tp))
      return -1;
    else
      return 0;
  }
  if ((nskb = sk_stream_alloc_skb(sk, probe_size, GFP_ATOMIC)) === null)
    return -1;
  sk.sk_wmem_queued += nskb.truesize;
  sk_mem_charge(sk, nskb.truesize);
  skb = tcp_send_head(sk);
  TCP_SKB_CB(nskb).seq = TCP_SKB_CB(skb).seq;
  TCP_SKB_CB(nskb).end_seq = (TCP_SKB_CB(skb).seq + probe_size) >>> 0;
  TCP_SKB_CB(nskb).tcp_flags = TCPHDR_ACK;
  TCP_SKB_CB(nskb).sacked = 0;
  nskb.csum = 0;
  nskb.ip_summed = CHECKSUM_PARTIAL;
  tcp_insert_write_queue_before(nskb, skb, sk);
  len = 0;
  const queue = sk.sk_write_queue as unknown as sk_buff;
  for (next = skb.next; skb !== queue; skb = next, next = skb.next) {
    copy = min(skb.len, probe_size - len);
    // DEVIATION: the probe's checksum is always left to the card or to skb_checksum_help, so there is no summing copy here.
    skb_copy_bits(skb, 0, nskb.head, skb_put(nskb, copy), copy);
    if (skb.len <= copy) {
      TCP_SKB_CB(nskb).tcp_flags |= TCP_SKB_CB(skb).tcp_flags;
      tcp_unlink_write_queue(skb, sk);
      sk_wmem_free_skb(sk, skb);
    } else {
      TCP_SKB_CB(nskb).tcp_flags |= TCP_SKB_CB(skb).tcp_flags & ~(TCPHDR_FIN | TCPHDR_PSH);
      if (!skb_shinfo(skb).nr_frags) {
        skb_pull(skb, copy);
        if (skb.ip_summed !== CHECKSUM_PARTIAL)
          skb.csum = csum_partial(skb.head, skb.data, skb.len, 0);
      } else {
        __pskb_trim_head(skb, copy);
        tcp_set_skb_tso_segs(sk, skb, mss_now);
      }
      TCP_SKB_CB(skb).seq = (TCP_SKB_CB(skb).seq + copy) >>> 0;
    }
    len += copy;
    if (len >= probe_size)
      break;
  }
  tcp_init_tso_segs(sk, nskb, nskb.len);
  TCP_SKB_CB(nskb).when = tcp_time_stamp();
  if (!tcp_transmit_skb(sk, nskb, 1, GFP_ATOMIC)) {
    tp.snd_cwnd--;
    tcp_event_new_data_sent(sk, nskb);
    icsk.icsk_mtup.probe_size = tcp_mss_to_mtu(sk, nskb.len);
    tp.mtu_probe.probe_seq_start = TCP_SKB_CB(nskb).seq;
    tp.mtu_probe.probe_seq_end = TCP_SKB_CB(nskb).end_seq;
    return 1;
  }
  return -1;
}

/**
 * Sends what the windows, Nagle, TSO deferral and the TSQ limit let go from the head of the write queue. `push_one`: 1 sends one segment,
 * 2 sends one beyond the congestion window (a loss probe). True: nothing is in flight and something waits, so a probe timer is wanted.
 */
export function tcp_write_xmit(sk: sock, mss_now: number, nonagle: number, push_one: number, gfp: number): boolean {
  const tp = tcp_sk(sk);
  let skb: sk_buff;
  let tso_segs: number, sent_pkts: number;
  let cwnd_quota: number;
  let result: number;

  sent_pkts = 0;
  if (!push_one) {
    result = tcp_mtu_probe(sk);
    if (!result) {
      return false;
    } else if (result > 0) {
      sent_pkts = 1;
    }
  }
  while ((skb = tcp_send_head(sk))) {
    let limit: number;

    tso_segs = tcp_init_tso_segs(sk, skb, mss_now);
    BUG_ON(!tso_segs);
    repair: {
      if (unlikely(tp.repair) && tp.repair_queue === TCP_SEND_QUEUE)
        break repair;
      cwnd_quota = tcp_cwnd_test(tp, skb);
      if (!cwnd_quota) {
        if (push_one === 2)
          cwnd_quota = 1;
        else
          break;
      }
      if (unlikely(!tcp_snd_wnd_test(tp, skb, mss_now)))
        break;
      if (tso_segs === 1 || !sk.sk_gso_max_segs) {
        if (unlikely(!tcp_nagle_test(tp, skb, mss_now, tcp_skb_is_last(sk, skb) ? nonagle : TCP_NAGLE_PUSH)))
          break;
      } else {
        if (!push_one && tcp_tso_should_defer(sk, skb))
          break;
      }
      limit = max(current.host.sysctl_tcp_limit_output_bytes, sk.sk_pacing_rate >>> 10);
      if (atomic_read(sk.sk_wmem_alloc) > limit) {
        set_bit(TSQ_THROTTLED, tp.tsq_flags);
        if (atomic_read(sk.sk_wmem_alloc) > limit)
          break;
      }
      limit = mss_now;
      if (tso_segs > 1 && sk.sk_gso_max_segs && !tcp_urg_mode(tp))
        limit = tcp_mss_split_point(sk, skb, mss_now, min(cwnd_quota, sk.sk_gso_max_segs));
      if (skb.len > limit && unlikely(tso_fragment(sk, skb, limit, mss_now, gfp)))
        break;
      TCP_SKB_CB(skb).when = tcp_time_stamp();
      if (unlikely(tcp_transmit_skb(sk, skb, 1, gfp)))
        break;
    }
    tcp_event_new_data_sent(sk, skb);
    tcp_minshall_update(tp, mss_now, skb);
    sent_pkts += tcp_skb_pcount(skb);
    if (push_one)
      break;
  }
  if (likely(sent_pkts)) {
    if (tcp_in_cwnd_reduction(sk))
      tp.prr_out += sent_pkts;
    if (push_one !== 2)
      tcp_schedule_loss_probe(sk);
    tcp_cwnd_validate(sk);
    return false;
  }
  return push_one === 2 || (!tp.packets_out && tcp_send_head(sk) !== null);
}

/** Arms the tail loss probe: two round trips (with the peer's delayed ACK when one segment is out), at least 10 ms, not after the RTO. */
export function tcp_schedule_loss_probe(sk: sock): boolean {
  const tp = tcp_sk(sk);
  const rtt = tp.srtt >>> 3;
  let timeout: number, rto_delta: number;

  if (sk.sk_state === TCP_SYN_RECV)
    return false;
  if (current.host.sysctl_tcp_early_retrans < 3 || !rtt || !tp.packets_out || !tcp_is_sack(tp) || inet_csk(sk).icsk_ca_state !== TCP_CA_Open)
    return false;
  if (tp.snd_cwnd > tcp_packets_in_flight(tp) && tcp_send_head(sk))
    return false;
  timeout = rtt << 1;
  if (tp.packets_out === 1)
    timeout = max(timeout, rtt + (rtt >>> 1) + TCP_DELACK_MAX);
  timeout = max(timeout, msecs_to_jiffies(10));
  rto_delta = tcp_rto_delta(sk) >>> 0;
  if (rto_delta > 0)
    timeout = min(timeout, rto_delta);
  inet_csk_reset_xmit_timer(sk, ICSK_TIME_LOSS_PROBE, timeout, TCP_RTO_MAX);
  return true;
}

/** The tail loss probe: new data if there is any, else the last segment again. */
export function tcp_send_loss_probe(sk: sock): void {
  const tp = tcp_sk(sk);
  let skb: sk_buff;
  let pcount: number;
  const mss = tcp_current_mss(sk);
  let err = -1;

  rearm_timer: {
    if (tcp_send_head(sk) !== null) {
      err = tcp_write_xmit(sk, mss, TCP_NAGLE_OFF, 2, GFP_ATOMIC) ? 1 : 0;
      break rearm_timer;
    }
    if (tp.tlp_high_seq)
      break rearm_timer;
    skb = tcp_write_queue_tail(sk);
    if (WARN_ON(!skb))
      break rearm_timer;
    pcount = tcp_skb_pcount(skb);
    if (WARN_ON(!pcount))
      break rearm_timer;
    if (pcount > 1 && skb.len > (pcount - 1) * mss) {
      if (unlikely(tcp_fragment(sk, skb, (pcount - 1) * mss, mss)))
        break rearm_timer;
      skb = tcp_write_queue_tail(sk);
    }
    if (WARN_ON(!skb || !tcp_skb_pcount(skb)))
      break rearm_timer;
    err = __tcp_retransmit_skb(sk, skb);
    if (likely(!err))
      tp.tlp_high_seq = tp.snd_nxt;
  }
  inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, inet_csk(sk).icsk_rto, TCP_RTO_MAX);
  if (likely(!err))
    NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPLOSSPROBES);
  return;
}

export function __tcp_push_pending_frames(sk: sock, cur_mss: number, nonagle: number): void {
  if (unlikely(sk.sk_state === TCP_CLOSE))
    return;
  if (tcp_write_xmit(sk, cur_mss, nonagle, 0, sk_gfp_atomic(sk, GFP_ATOMIC)))
    tcp_check_probe_timer(sk);
}

export function tcp_push_one(sk: sock, mss_now: number): void {
  const skb = tcp_send_head(sk);

  BUG_ON(!skb || skb.len < mss_now);
  tcp_write_xmit(sk, mss_now, TCP_NAGLE_PUSH, 1, sk.sk_allocation);
}

/** The window to offer, bytes: free receive buffer, in steps of a segment, never silly (RFC 1122). */
export function __tcp_select_window(sk: sock): number {
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);
  let mss = icsk.icsk_ack.rcv_mss;
  let free_space = tcp_space(sk);
  const full_space = min(tp.window_clamp, tcp_full_space(sk));
  let window: number;

  if (unlikely(mss > full_space)) {
    mss = full_space;
    if (mss <= 0)
      return 0;
  }
  if (free_space < full_space >> 1) {
    icsk.icsk_ack.quick = 0;
    if (sk_under_memory_pressure(sk))
      tp.rcv_ssthresh = min(tp.rcv_ssthresh, 4 * tp.advmss);
    if (free_space < mss)
      return 0;
  }
  if (free_space > tp.rcv_ssthresh)
    free_space = tp.rcv_ssthresh;
  window = tp.rcv_wnd;
  if (tp.rx_opt.rcv_wscale) {
    window = free_space;
    if ((window >> tp.rx_opt.rcv_wscale) << tp.rx_opt.rcv_wscale !== window)
      window = ((window >> tp.rx_opt.rcv_wscale) + 1) << tp.rx_opt.rcv_wscale;
  } else {
    if (window <= free_space - mss || window > free_space)
      window = Math.trunc(free_space / mss) * mss;
    else if (mss === full_space && free_space > window + (full_space >> 1))
      window = free_space;
  }
  return window;
}

export function tcp_collapse_retrans(sk: sock, skb: sk_buff): void {
  const tp = tcp_sk(sk);
  const next_skb = tcp_write_queue_next(sk, skb);
  let skb_size: number, next_skb_size: number;

  skb_size = skb.len;
  next_skb_size = next_skb.len;
  BUG_ON(tcp_skb_pcount(skb) !== 1 || tcp_skb_pcount(next_skb) !== 1);
  tcp_highest_sack_combine(sk, next_skb, skb);
  tcp_unlink_write_queue(next_skb, sk);
  skb_copy_from_linear_data(next_skb, skb.head, skb_put(skb, next_skb_size), next_skb_size);
  if (next_skb.ip_summed === CHECKSUM_PARTIAL)
    skb.ip_summed = CHECKSUM_PARTIAL;
  if (skb.ip_summed !== CHECKSUM_PARTIAL)
    skb.csum = csum_block_add(skb.csum, next_skb.csum, skb_size);
  TCP_SKB_CB(skb).end_seq = TCP_SKB_CB(next_skb).end_seq;
  TCP_SKB_CB(skb).tcp_flags |= TCP_SKB_CB(next_skb).tcp_flags;
  TCP_SKB_CB(skb).sacked |= TCP_SKB_CB(next_skb).sacked & TCPCB_EVER_RETRANS;
  tcp_clear_retrans_hints_partial(tp);
  if (next_skb === tp.retransmit_skb_hint)
    tp.retransmit_skb_hint = skb;
  tcp_adjust_pcount(sk, next_skb, tcp_skb_pcount(next_skb));
  sk_wmem_free_skb(sk, next_skb);
}

export function tcp_can_collapse(sk: sock, skb: sk_buff): boolean {
  if (tcp_skb_pcount(skb) > 1)
    return false;
  if (skb_shinfo(skb).nr_frags !== 0)
    return false;
  if (skb_cloned(skb))
    return false;
  if (skb === tcp_send_head(sk))
    return false;
  if (TCP_SKB_CB(skb).sacked & TCPCB_SACKED_ACKED)
    return false;
  return true;
}

/** Packs small segments that follow `to` into it before it is sent again. */
export function tcp_retrans_try_collapse(sk: sock, to: sk_buff, space: number): void {
  const tp = tcp_sk(sk);
  let skb = to, tmp: sk_buff;
  let first = true;

  if (!current.host.sysctl_tcp_retrans_collapse)
    return;
  if (TCP_SKB_CB(skb).tcp_flags & TCPHDR_SYN)
    return;
  const queue = sk.sk_write_queue as unknown as sk_buff;
  for (tmp = skb.next; skb !== queue; skb = tmp, tmp = skb.next) {
    if (!tcp_can_collapse(sk, skb))
      break;
    space -= skb.len;
    if (first) {
      first = false;
      continue;
    }
    if (space < 0)
      break;
    if (skb.len > skb_availroom(to))
      break;
    if (after(TCP_SKB_CB(skb).end_seq, tcp_wnd_end(tp)))
      break;
    tcp_collapse_retrans(sk, to);
  }
}

export function __tcp_retransmit_skb(sk: sock, skb: sk_buff): number {
  const tp = tcp_sk(sk);
  const icsk = inet_csk(sk);
  let cur_mss: number;

  if (icsk.icsk_mtup.probe_size) {
    icsk.icsk_mtup.probe_size = 0;
  }
  if (atomic_read(sk.sk_wmem_alloc) > min(sk.sk_wmem_queued + (sk.sk_wmem_queued >> 2), sk.sk_sndbuf))
    return -EAGAIN;
  if (before(TCP_SKB_CB(skb).seq, tp.snd_una)) {
    if (before(TCP_SKB_CB(skb).end_seq, tp.snd_una))
      BUG();
    if (tcp_trim_head(sk, skb, (tp.snd_una - TCP_SKB_CB(skb).seq) >>> 0))
      return -ENOMEM;
  }
  if (inet_csk(sk).icsk_af_ops.rebuild_header(sk))
    return -EHOSTUNREACH;
  cur_mss = tcp_current_mss(sk);
  if (!before(TCP_SKB_CB(skb).seq, tcp_wnd_end(tp)) && TCP_SKB_CB(skb).seq !== tp.snd_una)
    return -EAGAIN;
  if (skb.len > cur_mss) {
    if (tcp_fragment(sk, skb, cur_mss, cur_mss))
      return -ENOMEM;
  } else {
    const oldpcount = tcp_skb_pcount(skb);

    if (unlikely(oldpcount > 1)) {
      if (skb_unclone(skb, GFP_ATOMIC))
        return -ENOMEM;
      tcp_init_tso_segs(sk, skb, cur_mss);
      tcp_adjust_pcount(sk, skb, oldpcount - tcp_skb_pcount(skb));
    }
  }
  tcp_retrans_try_collapse(sk, skb, cur_mss);
  if (skb.len > 0 && TCP_SKB_CB(skb).tcp_flags & TCPHDR_FIN && tp.snd_una === (TCP_SKB_CB(skb).end_seq - 1) >>> 0) {
    if (!pskb_trim(skb, 0)) {
      tcp_init_nondata_skb(skb, (TCP_SKB_CB(skb).end_seq - 1) >>> 0, TCP_SKB_CB(skb).tcp_flags);
      skb.ip_summed = CHECKSUM_NONE;
    }
  }
  TCP_SKB_CB(skb).when = tcp_time_stamp();
  if (unlikely((NET_IP_ALIGN && skb.data & 3) || skb_headroom(skb) >= 0xffff)) {
    const nskb = __pskb_copy(skb, MAX_TCP_HEADER, GFP_ATOMIC);

    return nskb ? tcp_transmit_skb(sk, nskb, 0, GFP_ATOMIC) : -ENOBUFS;
  } else {
    return tcp_transmit_skb(sk, skb, 1, GFP_ATOMIC);
  }
}

export function tcp_retransmit_skb(sk: sock, skb: sk_buff): number {
  const tp = tcp_sk(sk);
  const err = __tcp_retransmit_skb(sk, skb);

  if (err === 0) {
    TCP_INC_STATS(sock_net(sk), TCP_MIB_RETRANSSEGS);
    tp.total_retrans++;
    if (TCP_SKB_CB(skb).sacked & TCPCB_SACKED_RETRANS) {
      current.machine.log('TCP: retrans_out leaked');
    }
    if (!tp.retrans_out)
      tp.lost_retrans_low = tp.snd_nxt;
    TCP_SKB_CB(skb).sacked |= TCPCB_RETRANS;
    tp.retrans_out += tcp_skb_pcount(skb);
    if (!tp.retrans_stamp)
      tp.retrans_stamp = TCP_SKB_CB(skb).when;
    TCP_SKB_CB(skb).ack_seq = tp.snd_nxt;
  }
  if (tp.undo_retrans < 0)
    tp.undo_retrans = 0;
  tp.undo_retrans += tcp_skb_pcount(skb);
  return err;
}

export function tcp_can_forward_retransmit(sk: sock): boolean {
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);

  if (icsk.icsk_ca_state !== TCP_CA_Recovery)
    return false;
  if (tcp_is_reno(tp))
    return false;
  if (tcp_may_send_now(sk))
    return false;
  return true;
}

/** Sends again what is marked lost, as far as the congestion window goes; in recovery then also what lies before the highest SACK. */
export function tcp_xmit_retransmit_queue(sk: sock): void {
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);
  let skb: sk_buff;
  let hole: sk_buff = null;
  let last_lost: number;
  let mib_idx: number;
  let fwd_rexmitting = 0;

  if (!tp.packets_out)
    return;
  if (!tp.lost_out)
    tp.retransmit_high = tp.snd_una;
  if (tp.retransmit_skb_hint) {
    skb = tp.retransmit_skb_hint;
    last_lost = TCP_SKB_CB(skb).end_seq;
    if (after(last_lost, tp.retransmit_high))
      last_lost = tp.retransmit_high;
  } else {
    skb = tcp_write_queue_head(sk);
    last_lost = tp.snd_una;
  }
  const queue = sk.sk_write_queue as unknown as sk_buff;
  walk: for (; skb !== queue; skb = skb.next) {
    const sacked = TCP_SKB_CB(skb).sacked;

    if (skb === tcp_send_head(sk))
      break;
    if (hole === null)
      tp.retransmit_skb_hint = skb;
    if (tcp_packets_in_flight(tp) >= tp.snd_cwnd)
      return;
    for (let begin_fwd = false; ;) {
      if (jump(begin_fwd) || fwd_rexmitting) {
        if (!before(TCP_SKB_CB(skb).seq, tcp_highest_sack_seq(tp)))
          break walk;
        mib_idx = LINUX_MIB_TCPFORWARDRETRANS;
      } else if (!before(TCP_SKB_CB(skb).seq, tp.retransmit_high)) {
        tp.retransmit_high = last_lost;
        if (!tcp_can_forward_retransmit(sk))
          break walk;
        if (hole !== null) {
          skb = hole;
          hole = null;
        }
        fwd_rexmitting = 1;
        begin_fwd = true;
        continue;
      } else if (!(sacked & TCPCB_LOST)) {
        if (hole === null && !(sacked & (TCPCB_SACKED_RETRANS | TCPCB_SACKED_ACKED)))
          hole = skb;
        continue walk;
      } else {
        last_lost = TCP_SKB_CB(skb).end_seq;
        if (icsk.icsk_ca_state !== TCP_CA_Loss)
          mib_idx = LINUX_MIB_TCPFASTRETRANS;
        else
          mib_idx = LINUX_MIB_TCPSLOWSTARTRETRANS;
      }
      break;
    }
    if (sacked & (TCPCB_SACKED_ACKED | TCPCB_SACKED_RETRANS))
      continue;
    if (tcp_retransmit_skb(sk, skb)) {
      NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPRETRANSFAIL);
      return;
    }
    NET_INC_STATS_BH(sock_net(sk), mib_idx);
    if (tcp_in_cwnd_reduction(sk))
      tp.prr_out += tcp_skb_pcount(skb);
    if (skb === tcp_write_queue_head(sk))
      inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, inet_csk(sk).icsk_rto, TCP_RTO_MAX);
  }
}

export function sk_forced_wmem_schedule(sk: sock, size: number): void {
  let amt: number;
  const status = { v: 0 };

  if (size <= sk.sk_forward_alloc)
    return;
  amt = sk_mem_pages(size);
  sk.sk_forward_alloc += amt * SK_MEM_QUANTUM;
  sk_memory_allocated_add(sk, amt, status);
}

/** Queues a FIN: on the last unsent segment where there is one, else as a segment of its own. */
export function tcp_send_fin(sk: sock): void {
  let skb: sk_buff;
  const tskb = tcp_write_queue_tail(sk);
  const tp = tcp_sk(sk);

  if (tskb && (tcp_send_head(sk) || sk_under_memory_pressure(sk))) {
    TCP_SKB_CB(tskb).tcp_flags |= TCPHDR_FIN;
    TCP_SKB_CB(tskb).end_seq = (TCP_SKB_CB(tskb).end_seq + 1) >>> 0;
    tp.write_seq = (tp.write_seq + 1) >>> 0;
    if (!tcp_send_head(sk)) {
      tp.snd_nxt = (tp.snd_nxt + 1) >>> 0;
      return;
    }
  } else {
    skb = alloc_skb_fclone(MAX_TCP_HEADER, sk.sk_allocation);
    if (unlikely(!skb)) {
      if (tskb)
        coalesce_fin(sk, tskb);
      return;
    }
    skb_reserve(skb, MAX_TCP_HEADER);
    sk_forced_wmem_schedule(sk, skb.truesize);
    tcp_init_nondata_skb(skb, tp.write_seq, TCPHDR_ACK | TCPHDR_FIN);
    tcp_queue_skb(sk, skb);
  }
  __tcp_push_pending_frames(sk, tcp_current_mss(sk), TCP_NAGLE_OFF);
}

/** The road of tcp_send_fin when no buffer could be had: everything was sent, so the FIN waits on the last segment for a retransmission. */
function coalesce_fin(sk: sock, tskb: sk_buff): void {
  const tp = tcp_sk(sk);

  TCP_SKB_CB(tskb).tcp_flags |= TCPHDR_FIN;
  TCP_SKB_CB(tskb).end_seq = (TCP_SKB_CB(tskb).end_seq + 1) >>> 0;
  tp.write_seq = (tp.write_seq + 1) >>> 0;
  tp.snd_nxt = (tp.snd_nxt + 1) >>> 0;
}

export function tcp_send_active_reset(sk: sock, priority: number): void {
  let skb: sk_buff;

  skb = alloc_skb(MAX_TCP_HEADER, priority);
  if (!skb) {
    NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTFAILED);
    return;
  }
  skb_reserve(skb, MAX_TCP_HEADER);
  tcp_init_nondata_skb(skb, tcp_acceptable_seq(sk), TCPHDR_ACK | TCPHDR_RST);
  TCP_SKB_CB(skb).when = tcp_time_stamp();
  if (tcp_transmit_skb(sk, skb, 0, priority))
    NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPABORTFAILED);
  TCP_INC_STATS(sock_net(sk), TCP_MIB_OUTRSTS);
}

export function tcp_send_synack(sk: sock): number {
  let skb: sk_buff;

  skb = tcp_write_queue_head(sk);
  if (skb === null || !(TCP_SKB_CB(skb).tcp_flags & TCPHDR_SYN)) {
    return -EFAULT;
  }
  if (!(TCP_SKB_CB(skb).tcp_flags & TCPHDR_ACK)) {
    if (skb_cloned(skb)) {
      const nskb = skb_copy(skb, GFP_ATOMIC);

      if (nskb === null)
        return -ENOMEM;
      tcp_unlink_write_queue(skb, sk);
      skb_header_release(nskb);
      __tcp_add_write_queue_head(sk, nskb);
      sk_wmem_free_skb(sk, skb);
      sk.sk_wmem_queued += nskb.truesize;
      sk_mem_charge(sk, nskb.truesize);
      skb = nskb;
    }
    TCP_SKB_CB(skb).tcp_flags |= TCPHDR_ACK;
    TCP_ECN_send_synack(tcp_sk(sk), skb);
  }
  TCP_SKB_CB(skb).when = tcp_time_stamp();
  return tcp_transmit_skb(sk, skb, 1, GFP_ATOMIC);
}

/** Builds a SYN+ACK for a connection request; the caller gives it to IP. */
export function tcp_make_synack(sk: sock, dst: dst_entry, req: request_sock, foc: tcp_fastopen_cookie): sk_buff {
  let opts: tcp_out_options;
  const ireq = inet_rsk(req);
  const tp = tcp_sk(sk);
  let th: tcphdr;
  let skb: sk_buff;
  let tcp_header_size: number;
  let mss: number;

  skb = sock_wmalloc(sk, MAX_TCP_HEADER + 15, 1, GFP_ATOMIC);
  if (unlikely(!skb)) {
    dst_release(dst);
    return null;
  }
  skb_reserve(skb, MAX_TCP_HEADER);
  skb_dst_set(skb, dst);
  mss = dst_metric_advmss(dst);
  if (tp.rx_opt.user_mss && tp.rx_opt.user_mss < mss)
    mss = tp.rx_opt.user_mss;
  if (req.rcv_wnd === 0) {
    const rcv_wscale = { v: 0 };

    req.window_clamp = tp.window_clamp || dst_metric(dst, RTAX_WINDOW);
    if (sk.sk_userlocks & SOCK_RCVBUF_LOCK && (req.window_clamp > tcp_full_space(sk) || req.window_clamp === 0))
      req.window_clamp = tcp_full_space(sk);
    const rcv_wnd = { v: req.rcv_wnd }, window_clamp = { v: req.window_clamp };
    tcp_select_initial_window(tcp_full_space(sk), mss - (ireq.tstamp_ok ? TCPOLEN_TSTAMP_ALIGNED : 0), rcv_wnd, window_clamp, ireq.wscale_ok,
      rcv_wscale, dst_metric(dst, RTAX_INITRWND));
    set_request_window(req, rcv_wnd.v, window_clamp.v);
    ireq.rcv_wscale = rcv_wscale.v;
  }
  opts = new tcp_out_options();
  TCP_SKB_CB(skb).when = tcp_time_stamp();
  tcp_header_size = tcp_synack_options(sk, req, mss, skb, opts, foc) + sizeof_tcphdr;
  skb_push(skb, tcp_header_size);
  skb_reset_transport_header(skb);
  th = tcp_hdr(skb);
  skb.head.fill(0, th.at, th.at + sizeof_tcphdr);
  th.syn = 1;
  th.ack = 1;
  TCP_ECN_make_synack(req, th);
  th.source = ireq.loc_port;
  th.dest = ireq.rmt_port;
  tcp_init_nondata_skb(skb, tcp_rsk(req).snt_isn, TCPHDR_SYN | TCPHDR_ACK);
  th.seq = htonl(TCP_SKB_CB(skb).seq);
  th.ack_seq = htonl(tcp_rsk(req).rcv_nxt);
  th.window = htons(min(req.rcv_wnd, 65535));
  const ptr: number[] = [];
  tcp_options_write(ptr, tp, opts);
  put_tcp_options(th, ptr);
  th.doff = tcp_header_size >> 2;
  TCP_ADD_STATS(sock_net(sk), TCP_MIB_OUTSEGS, tcp_skb_pcount(skb));
  skb.tstamp = 0;
  return skb;
}

function set_request_window(req: request_sock, rcv_wnd: number, window_clamp: number): void {
  req.rcv_wnd = rcv_wnd;
  req.window_clamp = window_clamp;
}

/** Sets a socket up for an active open: MSS, first window, sequence numbers. */
export function tcp_connect_init(sk: sock): void {
  const dst = __sk_dst_get(sk);
  const tp = tcp_sk(sk);
  const rcv_wscale = { v: 0 };

  tp.tcp_header_len = sizeof_tcphdr + (current.host.sysctl_tcp_timestamps ? TCPOLEN_TSTAMP_ALIGNED : 0);
  if (tp.rx_opt.user_mss)
    tp.rx_opt.mss_clamp = tp.rx_opt.user_mss;
  tp.max_window = 0;
  tcp_mtup_init(sk);
  tcp_sync_mss(sk, dst_mtu(dst));
  if (!tp.window_clamp)
    tp.window_clamp = dst_metric(dst, RTAX_WINDOW);
  tp.advmss = dst_metric_advmss(dst);
  if (tp.rx_opt.user_mss && tp.rx_opt.user_mss < tp.advmss)
    tp.advmss = tp.rx_opt.user_mss;
  tcp_initialize_rcv_mss(sk);
  if (sk.sk_userlocks & SOCK_RCVBUF_LOCK && (tp.window_clamp > tcp_full_space(sk) || tp.window_clamp === 0))
    tp.window_clamp = tcp_full_space(sk);
  const rcv_wnd = { v: tp.rcv_wnd }, window_clamp = { v: tp.window_clamp };
  tcp_select_initial_window(tcp_full_space(sk), tp.advmss - (tp.rx_opt.ts_recent_stamp ? tp.tcp_header_len - sizeof_tcphdr : 0), rcv_wnd,
    window_clamp, current.host.sysctl_tcp_window_scaling, rcv_wscale, dst_metric(dst, RTAX_INITRWND));
  set_socket_window(tp, rcv_wnd.v, window_clamp.v);
  tp.rx_opt.rcv_wscale = rcv_wscale.v;
  tp.rcv_ssthresh = tp.rcv_wnd;
  sk.sk_err = 0;
  sock_reset_flag(sk, SOCK_DONE);
  tp.snd_wnd = 0;
  tcp_init_wl(tp, 0);
  tp.snd_una = tp.write_seq;
  tp.snd_sml = tp.write_seq;
  tp.snd_up = tp.write_seq;
  tp.snd_nxt = tp.write_seq;
  if (likely(!tp.repair))
    tp.rcv_nxt = 0;
  else
    tp.rcv_tstamp = tcp_time_stamp();
  tp.rcv_wup = tp.rcv_nxt;
  tp.copied_seq = tp.rcv_nxt;
  inet_csk(sk).icsk_rto = TCP_TIMEOUT_INIT;
  inet_csk(sk).icsk_retransmits = 0;
  tcp_clear_retrans(tp);
}

function set_socket_window(tp: tcp_sock, rcv_wnd: number, window_clamp: number): void {
  tp.rcv_wnd = rcv_wnd;
  tp.window_clamp = window_clamp;
}

export function tcp_connect_queue_skb(sk: sock, skb: sk_buff): void {
  const tp = tcp_sk(sk);
  const tcb = TCP_SKB_CB(skb);

  tcb.end_seq = (tcb.end_seq + skb.len) >>> 0;
  skb_header_release(skb);
  __tcp_add_write_queue_tail(sk, skb);
  sk.sk_wmem_queued += skb.truesize;
  sk_mem_charge(sk, skb.truesize);
  tp.write_seq = tcb.end_seq;
  tp.packets_out += tcp_skb_pcount(skb);
}

/** Sends the SYN. */
export function tcp_connect(sk: sock): number {
  const tp = tcp_sk(sk);
  let buff: sk_buff;
  let err: number;

  tcp_connect_init(sk);
  if (unlikely(tp.repair)) {
    tcp_finish_connect(sk, null);
    return 0;
  }
  buff = sk_stream_alloc_skb(sk, 0, sk.sk_allocation);
  if (unlikely(!buff))
    return -ENOBUFS;
  const write_seq = tp.write_seq;
  tp.write_seq = (write_seq + 1) >>> 0;
  tcp_init_nondata_skb(buff, write_seq, TCPHDR_SYN);
  tp.retrans_stamp = TCP_SKB_CB(buff).when = tcp_time_stamp();
  tcp_connect_queue_skb(sk, buff);
  TCP_ECN_send_syn(sk, buff);
  // DEVIATION: no Fast Open, so the SYN never carries data.
  err = tcp_transmit_skb(sk, buff, 1, sk.sk_allocation);
  if (err === -ECONNREFUSED)
    return err;
  tp.snd_nxt = tp.write_seq;
  tp.pushed_seq = tp.write_seq;
  TCP_INC_STATS(sock_net(sk), TCP_MIB_ACTIVEOPENS);
  inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, inet_csk(sk).icsk_rto, TCP_RTO_MAX);
  return 0;
}

/** Arms the delayed ACK, or sends the ACK where waiting longer makes no sense. */
export function tcp_send_delayed_ack(sk: sock): void {
  const icsk = inet_csk(sk);
  let ato = icsk.icsk_ack.ato;
  let timeout: number;

  if (ato > TCP_DELACK_MIN) {
    const tp = tcp_sk(sk);
    let max_ato = HZ / 2;

    if (icsk.icsk_ack.pingpong || icsk.icsk_ack.pending & ICSK_ACK_PUSHED)
      max_ato = TCP_DELACK_MAX;
    if (tp.srtt) {
      const rtt = max(tp.srtt >>> 3, TCP_DELACK_MIN);

      if (rtt < max_ato)
        max_ato = rtt;
    }
    ato = min(ato, max_ato);
  }
  timeout = jiffies() + ato;
  if (icsk.icsk_ack.pending & ICSK_ACK_TIMER) {
    if (icsk.icsk_ack.blocked || time_before_eq(icsk.icsk_ack.timeout, jiffies() + (ato >> 2))) {
      tcp_send_ack(sk);
      return;
    }
    if (!time_before(timeout, icsk.icsk_ack.timeout))
      timeout = icsk.icsk_ack.timeout;
  }
  icsk.icsk_ack.pending |= ICSK_ACK_SCHED | ICSK_ACK_TIMER;
  icsk.icsk_ack.timeout = timeout;
  sk_reset_timer(sk, icsk.icsk_delack_timer, timeout);
}

/** Sends a bare ACK; without memory it is tried again by the delayed-ACK timer. */
export function tcp_send_ack(sk: sock): void {
  let buff: sk_buff;

  if (sk.sk_state === TCP_CLOSE)
    return;
  buff = alloc_skb(MAX_TCP_HEADER, sk_gfp_atomic(sk, GFP_ATOMIC));
  if (buff === null) {
    inet_csk_schedule_ack(sk);
    inet_csk(sk).icsk_ack.ato = TCP_ATO_MIN;
    inet_csk_reset_xmit_timer(sk, ICSK_TIME_DACK, TCP_DELACK_MAX, TCP_RTO_MAX);
    return;
  }
  skb_reserve(buff, MAX_TCP_HEADER);
  tcp_init_nondata_skb(buff, tcp_acceptable_seq(sk), TCPHDR_ACK);
  TCP_SKB_CB(buff).when = tcp_time_stamp();
  tcp_transmit_skb(sk, buff, 0, sk_gfp_atomic(sk, GFP_ATOMIC));
}

export function tcp_xmit_probe_skb(sk: sock, urgent: number): number {
  const tp = tcp_sk(sk);
  let skb: sk_buff;

  skb = alloc_skb(MAX_TCP_HEADER, sk_gfp_atomic(sk, GFP_ATOMIC));
  if (skb === null)
    return -1;
  skb_reserve(skb, MAX_TCP_HEADER);
  tcp_init_nondata_skb(skb, (tp.snd_una - (urgent ? 0 : 1)) >>> 0, TCPHDR_ACK);
  TCP_SKB_CB(skb).when = tcp_time_stamp();
  return tcp_transmit_skb(sk, skb, 0, GFP_ATOMIC);
}

export function tcp_send_window_probe(sk: sock): void {
  if (sk.sk_state === TCP_ESTABLISHED) {
    tcp_sk(sk).snd_wl1 = (tcp_sk(sk).rcv_nxt - 1) >>> 0;
    tcp_xmit_probe_skb(sk, 0);
  }
}

/** Wakes the peer up: a piece of data if the window has room, else an old sequence number that must be answered. */
export function tcp_write_wakeup(sk: sock): number {
  const tp = tcp_sk(sk);
  let skb: sk_buff;

  if (sk.sk_state === TCP_CLOSE)
    return -1;
  if ((skb = tcp_send_head(sk)) !== null && before(TCP_SKB_CB(skb).seq, tcp_wnd_end(tp))) {
    let err: number;
    const mss = tcp_current_mss(sk);
    let seg_size = (tcp_wnd_end(tp) - TCP_SKB_CB(skb).seq) >>> 0;

    if (before(tp.pushed_seq, TCP_SKB_CB(skb).end_seq))
      tp.pushed_seq = TCP_SKB_CB(skb).end_seq;
    if (seg_size < (TCP_SKB_CB(skb).end_seq - TCP_SKB_CB(skb).seq) >>> 0 || skb.len > mss) {
      seg_size = min(seg_size, mss);
      TCP_SKB_CB(skb).tcp_flags |= TCPHDR_PSH;
      if (tcp_fragment(sk, skb, seg_size, mss))
        return -1;
    } else if (!tcp_skb_pcount(skb))
      tcp_set_skb_tso_segs(sk, skb, mss);
    TCP_SKB_CB(skb).tcp_flags |= TCPHDR_PSH;
    TCP_SKB_CB(skb).when = tcp_time_stamp();
    err = tcp_transmit_skb(sk, skb, 1, GFP_ATOMIC);
    if (!err)
      tcp_event_new_data_sent(sk, skb);
    return err;
  } else {
    if (between(tp.snd_up, (tp.snd_una + 1) >>> 0, (tp.snd_una + 0xffff) >>> 0))
      tcp_xmit_probe_skb(sk, 1);
    return tcp_xmit_probe_skb(sk, 0);
  }
}

/** The zero-window probe and its backoff. */
export function tcp_send_probe0(sk: sock): void {
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);
  let err: number;

  err = tcp_write_wakeup(sk);
  if (tp.packets_out || !tcp_send_head(sk)) {
    icsk.icsk_probes_out = 0;
    icsk.icsk_backoff = 0;
    return;
  }
  if (err <= 0) {
    if (icsk.icsk_backoff < current.host.sysctl_tcp_retries2)
      icsk.icsk_backoff++;
    icsk.icsk_probes_out++;
    inet_csk_reset_xmit_timer(sk, ICSK_TIME_PROBE0, min(icsk.icsk_rto << icsk.icsk_backoff, TCP_RTO_MAX), TCP_RTO_MAX);
  } else {
    if (!icsk.icsk_probes_out)
      icsk.icsk_probes_out = 1;
    inet_csk_reset_xmit_timer(sk, ICSK_TIME_PROBE0, min(icsk.icsk_rto << icsk.icsk_backoff, TCP_RESOURCE_PROBE_INTERVAL), TCP_RTO_MAX);
  }
}
