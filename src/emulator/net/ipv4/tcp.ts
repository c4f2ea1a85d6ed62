/** TCP's system call side (kernel net/ipv4/tcp.c): sendmsg, recvmsg, close, options; segmentation and GRO of TCP; start-up. */
import type { Gen, Host, Task } from '../../include/ports';
import { current } from '../../include/ports';
import type { sock } from '../../include/net/sock.struct';
import type { kiocb } from '../../include/linux/aio';
import type { msghdr } from '../../include/linux/socket';
import type { iovec } from '../../include/linux/uio';
import type { file } from '../../include/linux/fs';
import type { poll_table } from '../../include/linux/poll';
import type { optval_t, socket } from '../../include/linux/net';
import type { page } from '../../include/linux/mm';
import type { net } from '../../include/net/net_namespace';
import type { sk_buff } from '../../include/linux/skbuff';
import type { tcp_info, tcp_options_received, tcp_sock } from '../../include/linux/tcp';
import {
  TCPI_OPT_ECN, TCPI_OPT_ECN_SEEN, TCPI_OPT_SACK, TCPI_OPT_SYN_DATA, TCPI_OPT_TIMESTAMPS, TCPI_OPT_WSCALE, TCP_CA_Open, TCP_CONGESTION, TCP_CORK,
  TCP_DEFER_ACCEPT, TCP_FLAG_CWR, TCP_FLAG_FIN, TCP_FLAG_PSH, TCP_FLAG_RST, TCP_FLAG_SYN, TCP_FLAG_URG, TCP_INFO, TCP_KEEPCNT, TCP_KEEPIDLE,
  TCP_KEEPINTVL, TCP_LINGER2, TCP_MAXSEG, TCP_MSS_DEFAULT, TCP_NODELAY, TCP_NO_QUEUE, TCP_QUEUE_SEQ, TCP_QUICKACK, TCP_RECV_QUEUE, TCP_REPAIR,
  TCP_REPAIR_QUEUE, TCP_SEND_QUEUE, TCP_SYNCNT, TCP_THIN_DUPACK, TCP_THIN_LINEAR_TIMEOUTS, TCP_TIMESTAMP, TCP_USER_TIMEOUT, TCP_WINDOW_CLAMP,
  get_be32, sizeof_tcphdr, tcp_flag_word, tcp_hdr, tcp_info as tcp_info_t, tcp_passive_fastopen, tcp_sk, tcphdr,
} from '../../include/linux/tcp';
import {
  MAX_TCP_HEADER, MAX_TCP_KEEPCNT, MAX_TCP_KEEPIDLE, MAX_TCP_KEEPINTVL, MAX_TCP_SYNCNT, MAX_TCP_WINDOW, TCPF_CLOSE, TCPF_CLOSE_WAIT, TCPF_CLOSING,
  TCPF_ESTABLISHED, TCPF_FIN_WAIT1, TCPF_FIN_WAIT2, TCPF_LAST_ACK, TCPF_LISTEN, TCPF_SYN_RECV, TCPF_SYN_SENT, TCPHDR_ACK, TCPHDR_PSH,
  TCP_ACTION_FIN, TCP_CLOSE, TCP_CLOSE_WAIT, TCP_CLOSING, TCP_DEC_STATS, TCP_ECN_OK, TCP_ECN_SEEN, TCP_ESTABLISHED, TCP_FIN_TIMEOUT,
  TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_INC_STATS, TCP_INC_STATS_BH, TCP_INFINITE_SSTHRESH, TCP_INIT_CWND, TCP_LAST_ACK, TCP_LISTEN, TCP_MIN_MSS,
  TCP_NAGLE_CORK, TCP_NAGLE_OFF, TCP_NAGLE_PUSH, TCP_RTO_MAX, TCP_SKB_CB, TCP_STATE_MASK, TCP_SYN_RECV, TCP_SYN_SENT, TCP_TIMEOUT_INIT,
  TCP_TIMEWAIT_LEN, TCP_URG_READ, TCP_URG_VALID, after, before, keepalive_intvl_when, keepalive_probes, keepalive_time_elapsed,
  keepalive_time_when, tcp_add_write_queue_tail, tcp_bound_to_half_wnd, tcp_check_send_head, tcp_clear_xmit_timers, tcp_disable_early_retrans,
  tcp_enable_early_retrans, tcp_fast_path_check, tcp_fin_time, tcp_init_send_head, tcp_is_sack, tcp_out_of_memory, tcp_prequeue_init,
  tcp_push_pending_frames, tcp_receive_window, tcp_send_head, tcp_set_ca_state, tcp_time_stamp, tcp_too_many_orphans, tcp_unlink_write_queue,
  tcp_write_queue_purge, tcp_write_queue_tail,
} from '../../include/net/tcp';
import {
  ICSK_ACK_PUSHED, ICSK_ACK_PUSHED2, inet_csk, inet_csk_ack_scheduled, inet_csk_delack_init, inet_csk_destroy_sock, inet_csk_listen_poll,
  inet_csk_listen_stop, inet_csk_reset_keepalive_timer,
} from '../../include/net/inet_connection_sock';
import { inet_bind_hashbucket, inet_ehash_bucket, inet_ehash_locks_alloc, inet_put_port } from '../../include/net/inet_hashtables';
import { inet_sk } from '../../include/net/inet_sock';
import { inet_sock_destruct } from '../../include/net/inet_common';
import { NET_ADD_STATS_USER, NET_INC_STATS, NET_INC_STATS_BH, NET_INC_STATS_USER, inet_reset_saddr } from '../../include/net/ip';
import {
  LINUX_MIB_TCPABORTONCLOSE, LINUX_MIB_TCPABORTONDATA, LINUX_MIB_TCPABORTONLINGER, LINUX_MIB_TCPABORTONMEMORY,
  LINUX_MIB_TCPDIRECTCOPYFROMBACKLOG, LINUX_MIB_TCPDIRECTCOPYFROMPREQUEUE, LINUX_MIB_TCPMEMORYPRESSURES, LINUX_MIB_TCPPREQUEUED,
  TCP_MIB_ATTEMPTFAILS, TCP_MIB_CURRESTAB, TCP_MIB_ESTABRESETS,
} from '../../include/linux/snmp';
import {
  CHECKSUM_NONE, CHECKSUM_PARTIAL, MAX_SKB_FRAGS, SKBTX_SHARED_FRAG, SKB_GSO_DODGY, SKB_GSO_GRE, SKB_GSO_TCPV4, SKB_GSO_TCPV6, SKB_GSO_TCP_ECN,
  SKB_GSO_UDP_TUNNEL, SKB_MAX_HEAD, SKB_WITH_OVERHEAD, __kfree_skb, __skb_dequeue, __skb_pull, __skb_queue_purge, alloc_skb_fclone,
  pskb_may_pull, skb_availroom, skb_can_coalesce, skb_copy_datagram_iovec, skb_fill_page_desc, skb_frag_size_add, skb_gro_receive,
  skb_header_release, skb_peek, skb_queue_empty, skb_queue_head_init, skb_reserve, skb_segment, skb_shinfo, skb_transport_header,
} from '../../include/linux/skbuff';
import {
  RCV_SHUTDOWN, SEND_SHUTDOWN, SHUTDOWN_MASK, SK_FORCE_REUSE, SK_MEM_QUANTUM, SK_NO_REUSE, SOCK_BINDADDR_LOCK, SOCK_BINDPORT_LOCK, SOCK_DEAD,
  SOCK_DONE, SOCK_KEEPOPEN, SOCK_LINGER, SOCK_MIN_RCVBUF, SOCK_URGINLINE, SOCK_USE_WRITE_QUEUE, __sk_dst_reset, bh_lock_sock, bh_unlock_sock,
  gfp_any, lock_sock, lock_sock_fast, release_sock, sk_backlog_rcv, sk_can_gso, sk_eat_skb, sk_mem_charge, sk_mem_reclaim, sk_page_frag,
  sk_page_frag_refill, sk_sleep, sk_sockets_allocated_inc, sk_stream_error, sk_stream_memory_free, sk_stream_min_wspace, sk_stream_moderate_sndbuf,
  sk_stream_wait_close, sk_stream_wait_connect, sk_stream_wait_memory, sk_stream_write_space, sk_stream_wspace, sk_wait_data, sk_wmem_free_skb,
  sk_wmem_schedule, skb_add_data_nocache, skb_copy_to_page_nocache, sock_error, sock_flag, sock_hold, sock_intr_errno, sock_net, sock_no_sendpage,
  sock_orphan, sock_owned_by_user, sock_poll_wait, sock_put, sock_rcvlowat, sock_rcvtimeo, sock_reset_flag, sock_set_flag, sock_sndtimeo,
  unlock_sock_fast,
} from '../../include/net/sock';
import { reqsk_fastopen_remove } from '../../include/net/request_sock';
import { csum_fold, csum_partial } from '../../include/net/checksum';
import { dst_release } from '../../include/net/dst';
import {
  NAPI_GRO_CB, NETIF_F_ALL_CSUM, NETIF_F_GSO_ROBUST, NETIF_F_SG, gro_pp, skb_gro_header_fast, skb_gro_header_hard, skb_gro_header_slow, skb_gro_len,
  skb_gro_offset, skb_gro_pull, skb_gso_ok,
} from '../../include/linux/netdevice';
import {
  POLLERR, POLLHUP, POLLIN, POLLOUT, POLLPRI, POLLRDHUP, POLLRDNORM, POLLWRNORM,
} from '../../include/linux/poll';
import {
  MSG_DONTWAIT, MSG_MORE, MSG_OOB, MSG_PEEK, MSG_SENDPAGE_NOTLAST, MSG_TRUNC, MSG_WAITALL, SOL_TCP,
} from '../../include/linux/socket';
import { SOCK_ASYNC_NOSPACE, SOCK_NOSPACE } from '../../include/linux/net';
import { SIOCATMARK, SIOCINQ, SIOCOUTQ, SIOCOUTQNSD } from '../../include/linux/sockios';
import { memcpy_toiovec } from '../../include/linux/uio';
import { PAGE_SIZE, get_page } from '../../include/linux/mm';
import { signal_pending } from '../../include/linux/sched';
import { local_bh_disable, local_bh_enable } from '../../include/linux/interrupt';
import { spinlock_t } from '../../include/linux/spinlock';
import { INIT_LIST_HEAD } from '../../include/linux/list';
import { clear_bit, set_bit } from '../../include/linux/bitops';
import { atomic_add, atomic_read, atomic_t } from '../../include/linux/atomic';
import { percpu_counter, percpu_counter_inc, percpu_counter_init } from '../../include/linux/percpu_counter';
import { HZ, jiffies_to_msecs, jiffies_to_usecs, msecs_to_jiffies } from '../../include/linux/jiffies';
import { ALIGN, DIV_ROUND_UP, INT_MAX, max, min } from '../../include/linux/kernel';
import { jump, likely, unlikely } from '../../include/linux/compiler';
import { htonl, ntohl } from '../../include/linux/types';
import { ERR_PTR, IS_ERR } from '../../include/linux/err';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import { WARN, WARN_ON } from '../../include/asm-generic/bug';
import {
  EAGAIN, ECONNABORTED, ECONNRESET, EFAULT, EINVAL, ENOIOCTLCMD, ENOPROTOOPT, ENOTCONN, EPERM, EPIPE,
} from '../../include/uapi/asm-generic/errno';
import {
  __tcp_push_pending_frames, __tcp_select_window, tcp_current_mss, tcp_push_one, tcp_send_ack, tcp_send_active_reset, tcp_send_fin,
  tcp_send_window_probe, tcp_sync_mss, tcp_tasklet_init, tcp_wfree,
} from './tcp_output';
import { tcp_clear_retrans, tcp_rcv_space_adjust, tcp_send_rcvq } from './tcp_input';
import { tcp_init_xmit_timers } from './tcp_timer';
import { tcp_init_congestion_ops, tcp_reno, tcp_register_congestion_control, tcp_set_congestion_control } from './tcp_cong';
import { tcp_metrics_init } from './tcp_metrics';
import { tcp_time_wait } from './tcp_minisocks';

export const MSEC_PER_SEC = 1000;

/** tcp.c's variables: sysctls and the counters of memory and orphans. */
export function tcp_globals(host: Host): void {
  host.sysctl_tcp_fin_timeout = TCP_FIN_TIMEOUT;
  host.sysctl_tcp_min_tso_segs = 2;
  host.tcp_orphan_count = new percpu_counter();
  host.sysctl_tcp_wmem = [0, 0, 0];
  host.sysctl_tcp_rmem = [0, 0, 0];
  host.tcp_memory_allocated = new atomic_t();
  host.tcp_sockets_allocated = new percpu_counter();
  host.tcp_memory_pressure = { v: 0 };
}

export function tcp_enter_memory_pressure(sk: sock): void {
  if (!current.host.tcp_memory_pressure.v) {
    NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPMEMORYPRESSURES);
    current.host.tcp_memory_pressure.v = 1;
  }
}

export function secs_to_retrans(seconds: number, timeout: number, rto_max: number): number {
  let res = 0;

  if (seconds > 0) {
    let period = timeout;

    res = 1;
    while (seconds > period && res < 255) {
      res++;
      timeout <<= 1;
      if (timeout > rto_max)
        timeout = rto_max;
      period += timeout;
    }
  }
  return res;
}

export function retrans_to_secs(retrans: number, timeout: number, rto_max: number): number {
  let period = 0;

  if (retrans > 0) {
    period = timeout;
    while (--retrans) {
      timeout <<= 1;
      if (timeout > rto_max)
        timeout = rto_max;
      period += timeout;
    }
  }
  return period;
}

export function tcp_init_sock(sk: sock): void {
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);

  skb_queue_head_init(tp.out_of_order_queue);
  tcp_init_xmit_timers(sk);
  tcp_prequeue_init(tp);
  INIT_LIST_HEAD(tp.tsq_node);
  icsk.icsk_rto = TCP_TIMEOUT_INIT;
  tp.mdev = TCP_TIMEOUT_INIT;
  tp.snd_cwnd = TCP_INIT_CWND;
  tp.snd_ssthresh = TCP_INFINITE_SSTHRESH;
  tp.snd_cwnd_clamp = 0xffffffff;
  tp.mss_cache = TCP_MSS_DEFAULT;
  tp.reordering = current.host.sysctl_tcp_reordering;
  tcp_enable_early_retrans(tp);
  icsk.icsk_ca_ops = tcp_init_congestion_ops;
  tp.tsoffset = 0;
  sk.sk_state = TCP_CLOSE;
  sk.sk_write_space = sk_stream_write_space;
  sock_set_flag(sk, SOCK_USE_WRITE_QUEUE);
  icsk.icsk_sync_mss = tcp_sync_mss;
  sk.sk_sndbuf = current.host.sysctl_tcp_wmem[1];
  sk.sk_rcvbuf = current.host.sysctl_tcp_rmem[1];
  local_bh_disable();
  sk_sockets_allocated_inc(sk);
  local_bh_enable();
}

/** What a socket is ready for, as POLL bits. */
export function tcp_poll(file: file, sock: socket, wait: poll_table): number {
  let mask: number;
  const sk = sock.sk;
  const tp = tcp_sk(sk);

  sock_poll_wait(file, sk_sleep(sk), wait);
  if (sk.sk_state === TCP_LISTEN)
    return inet_csk_listen_poll(sk);
  mask = 0;
  if (sk.sk_shutdown === SHUTDOWN_MASK || sk.sk_state === TCP_CLOSE)
    mask |= POLLHUP;
  if (sk.sk_shutdown & RCV_SHUTDOWN)
    mask |= POLLIN | POLLRDNORM | POLLRDHUP;
  if (sk.sk_state !== TCP_SYN_SENT && (sk.sk_state !== TCP_SYN_RECV || tp.fastopen_rsk !== null)) {
    let target = sock_rcvlowat(sk, 0, INT_MAX);

    if (tp.urg_seq === tp.copied_seq && !sock_flag(sk, SOCK_URGINLINE) && tp.urg_data)
      target++;
    if ((tp.rcv_nxt - tp.copied_seq) >>> 0 >= target)
      mask |= POLLIN | POLLRDNORM;
    if (!(sk.sk_shutdown & SEND_SHUTDOWN)) {
      if (sk_stream_wspace(sk) >= sk_stream_min_wspace(sk)) {
        mask |= POLLOUT | POLLWRNORM;
      } else {
        set_bit(SOCK_ASYNC_NOSPACE, sk.sk_socket.flags);
        set_bit(SOCK_NOSPACE, sk.sk_socket.flags);
        if (sk_stream_wspace(sk) >= sk_stream_min_wspace(sk))
          mask |= POLLOUT | POLLWRNORM;
      }
    } else
      mask |= POLLOUT | POLLWRNORM;
    if (tp.urg_data & TCP_URG_VALID)
      mask |= POLLPRI;
  }
  if (sk.sk_err)
    mask |= POLLERR;
  return mask;
}

export function* tcp_ioctl(sk: sock, cmd: number, arg: { v: number }): Gen<number> {
  const tp = tcp_sk(sk);
  let answ: number;
  let slow: boolean;

  switch (cmd) {
    case SIOCINQ:
      if (sk.sk_state === TCP_LISTEN)
        return -EINVAL;
      slow = yield* lock_sock_fast(sk);
      if ((1 << sk.sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV))
        answ = 0;
      else if (sock_flag(sk, SOCK_URGINLINE) || !tp.urg_data || before(tp.urg_seq, tp.copied_seq) || !before(tp.urg_seq, tp.rcv_nxt)) {
        answ = (tp.rcv_nxt - tp.copied_seq) >>> 0;
        if (answ && sock_flag(sk, SOCK_DONE))
          answ--;
      } else
        answ = (tp.urg_seq - tp.copied_seq) >>> 0;
      yield* unlock_sock_fast(sk, slow);
      break;
    case SIOCATMARK:
      answ = tp.urg_data && tp.urg_seq === tp.copied_seq ? 1 : 0;
      break;
    case SIOCOUTQ:
      if (sk.sk_state === TCP_LISTEN)
        return -EINVAL;
      if ((1 << sk.sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV))
        answ = 0;
      else
        answ = (tp.write_seq - tp.snd_una) >>> 0;
      break;
    case SIOCOUTQNSD:
      if (sk.sk_state === TCP_LISTEN)
        return -EINVAL;
      if ((1 << sk.sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV))
        answ = 0;
      else
        answ = (tp.write_seq - tp.snd_nxt) >>> 0;
      break;
    default:
      return -ENOIOCTLCMD;
  }
  arg.v = answ;
  return 0;
}

export function tcp_mark_push(tp: tcp_sock, skb: sk_buff): void {
  TCP_SKB_CB(skb).tcp_flags |= TCPHDR_PSH;
  tp.pushed_seq = tp.write_seq;
}

/** Has more than half of the largest window been queued since the last push? */
export function forced_push(tp: tcp_sock): boolean {
  return after(tp.write_seq, (tp.pushed_seq + (tp.max_window >>> 1)) >>> 0);
}

export function skb_entail(sk: sock, skb: sk_buff): void {
  const tp = tcp_sk(sk);
  const tcb = TCP_SKB_CB(skb);

  skb.csum = 0;
  tcb.seq = tcb.end_seq = tp.write_seq;
  tcb.tcp_flags = TCPHDR_ACK;
  tcb.sacked = 0;
  skb_header_release(skb);
  tcp_add_write_queue_tail(sk, skb);
  sk.sk_wmem_queued += skb.truesize;
  sk_mem_charge(sk, skb.truesize);
  if (tp.nonagle & TCP_NAGLE_PUSH)
    tp.nonagle &= ~TCP_NAGLE_PUSH;
}

export function tcp_mark_urg(tp: tcp_sock, flags: number): void {
  if (flags & MSG_OOB)
    tp.snd_up = tp.write_seq;
}

export function tcp_push(sk: sock, flags: number, mss_now: number, nonagle: number): void {
  if (tcp_send_head(sk)) {
    const tp = tcp_sk(sk);

    if (!(flags & MSG_MORE) || forced_push(tp))
      tcp_mark_push(tp, tcp_write_queue_tail(sk));
    tcp_mark_urg(tp, flags);
    __tcp_push_pending_frames(sk, mss_now, flags & MSG_MORE ? TCP_NAGLE_CORK : nonagle);
  }
}

/** A buffer with room for TCP's headers and `size` bytes, charged to the socket; null without memory. */
export function sk_stream_alloc_skb(sk: sock, size: number, gfp: number): sk_buff {
  let skb: sk_buff;

  size = ALIGN(size, 4);
  skb = alloc_skb_fclone(size + sk.sk_prot.max_header, gfp);
  if (skb) {
    if (sk_wmem_schedule(sk, skb.truesize)) {
      skb_reserve(skb, sk.sk_prot.max_header);
      skb.reserved_tailroom = skb.end - skb.tail - size;
      return skb;
    }
    __kfree_skb(skb);
  } else {
    sk.sk_prot.enter_memory_pressure(sk);
    sk_stream_moderate_sndbuf(sk);
  }
  return null;
}

/** How large a segment may become before it goes to the card: whole MSS, by the pacing rate. */
export function tcp_xmit_size_goal(sk: sock, mss_now: number, large_allowed: boolean): number {
  const tp = tcp_sk(sk);
  let xmit_size_goal: number, old_size_goal: number;

  xmit_size_goal = mss_now;
  if (large_allowed && sk_can_gso(sk)) {
    let gso_size: number, hlen: number;

    hlen = inet_csk(sk).icsk_af_ops.net_header_len + inet_csk(sk).icsk_ext_hdr_len + tp.tcp_header_len;
    gso_size = Math.floor(sk.sk_pacing_rate / (2 * MSEC_PER_SEC));
    gso_size = max(gso_size, current.host.sysctl_tcp_min_tso_segs * mss_now);
    xmit_size_goal = min(gso_size, sk.sk_gso_max_size - 1 - hlen);
    xmit_size_goal = tcp_bound_to_half_wnd(tp, xmit_size_goal);
    old_size_goal = tp.xmit_size_goal_segs * mss_now;
    if (likely(old_size_goal <= xmit_size_goal && old_size_goal + mss_now > xmit_size_goal)) {
      xmit_size_goal = old_size_goal;
    } else {
      tp.xmit_size_goal_segs = min(Math.floor(xmit_size_goal / mss_now), sk.sk_gso_max_segs);
      xmit_size_goal = tp.xmit_size_goal_segs * mss_now;
    }
  }
  return max(xmit_size_goal, mss_now);
}

export function tcp_send_mss(sk: sock, size_goal: { v: number }, flags: number): number {
  let mss_now: number;

  mss_now = tcp_current_mss(sk);
  size_goal.v = tcp_xmit_size_goal(sk, mss_now, !(flags & MSG_OOB));
  return mss_now;
}

/** Queues bytes of a page without copying them. Returns the bytes taken or a negative errno. */
export function* do_tcp_sendpages(sk: sock, page: page, offset: number, size: number, flags: number): Gen<number> {
  const tp = tcp_sk(sk);
  let mss_now: number;
  const size_goal = { v: 0 };
  let err: number;
  let copied = 0;
  const timeo = { v: sock_sndtimeo(sk, flags & MSG_DONTWAIT) };
  let again = false;

  for (;;) {
    out_err: {
      do_error: {
        out: {
          if (again)
            break out;
          if ((1 << sk.sk_state) & ~(TCPF_ESTABLISHED | TCPF_CLOSE_WAIT) && !tcp_passive_fastopen(sk)) {
            if ((err = yield* sk_stream_wait_connect(sk, timeo)) !== 0)
              break out_err;
          }
          clear_bit(SOCK_ASYNC_NOSPACE, sk.sk_socket.flags);
          mss_now = tcp_send_mss(sk, size_goal, flags);
          copied = 0;
          err = -EPIPE;
          if (sk.sk_err || sk.sk_shutdown & SEND_SHUTDOWN)
            break out_err;
          while (size > 0) {
            let skb = tcp_write_queue_tail(sk);
            let copy = 0, i: number;
            let can_coalesce: boolean;

            wait_for_memory: {
              wait_for_sndbuf: {
                let new_segment = false;
                for (;;) {
                  if (jump(new_segment) || !tcp_send_head(sk) || (copy = size_goal.v - skb.len) <= 0) {
                    if (!sk_stream_memory_free(sk))
                      break wait_for_sndbuf;
                    skb = sk_stream_alloc_skb(sk, 0, sk.sk_allocation);
                    if (!skb)
                      break wait_for_memory;
                    skb_entail(sk, skb);
                    copy = size_goal.v;
                  }
                  if (copy > size)
                    copy = size;
                  i = skb_shinfo(skb).nr_frags;
                  can_coalesce = skb_can_coalesce(skb, i, page, offset);
                  if (!can_coalesce && i >= MAX_SKB_FRAGS) {
                    tcp_mark_push(tp, skb);
                    new_segment = true;
                    continue;
                  }
                  break;
                }
                if (!sk_wmem_schedule(sk, copy))
                  break wait_for_memory;
                if (can_coalesce) {
                  skb_frag_size_add(skb_shinfo(skb).frags[i - 1], copy);
                } else {
                  get_page(page);
                  skb_fill_page_desc(skb, i, page, offset, copy);
                }
                skb_shinfo(skb).tx_flags |= SKBTX_SHARED_FRAG;
                skb.len += copy;
                skb.data_len += copy;
                skb.truesize += copy;
                sk.sk_wmem_queued += copy;
                sk_mem_charge(sk, copy);
                skb.ip_summed = CHECKSUM_PARTIAL;
                tp.write_seq = (tp.write_seq + copy) >>> 0;
                TCP_SKB_CB(skb).end_seq = (TCP_SKB_CB(skb).end_seq + copy) >>> 0;
                skb_shinfo(skb).gso_segs = 0;
                if (!copied)
                  TCP_SKB_CB(skb).tcp_flags &= ~TCPHDR_PSH;
                copied += copy;
                offset += copy;
                if (!(size -= copy))
                  break out;
                if (skb.len < size_goal.v || flags & MSG_OOB)
                  continue;
                if (forced_push(tp)) {
                  tcp_mark_push(tp, skb);
                  __tcp_push_pending_frames(sk, mss_now, TCP_NAGLE_PUSH);
                } else if (skb === tcp_send_head(sk))
                  tcp_push_one(sk, mss_now);
                continue;
              }
              set_bit(SOCK_NOSPACE, sk.sk_socket.flags);
            }
            tcp_push(sk, flags & ~MSG_MORE, mss_now, TCP_NAGLE_PUSH);
            if ((err = yield* sk_stream_wait_memory(sk, timeo)) !== 0)
              break do_error;
            mss_now = tcp_send_mss(sk, size_goal, flags);
          }
        }
        if (copied && !(flags & MSG_SENDPAGE_NOTLAST))
          tcp_push(sk, flags, mss_now, tp.nonagle);
        return copied;
      }
      if (copied) {
        again = true;
        continue;
      }
    }
    return sk_stream_error(sk, flags, err);
  }
}

export function* tcp_sendpage(sk: sock, page: page, offset: number, size: number, flags: number): Gen<number> {
  let res: number;

  if (!(sk.sk_route_caps & NETIF_F_SG) || !(sk.sk_route_caps & NETIF_F_ALL_CSUM))
    return yield* sock_no_sendpage(sk.sk_socket, page, offset, size, flags);
  yield* lock_sock(sk);
  res = yield* do_tcp_sendpages(sk, page, offset, size, flags);
  yield* release_sock(sk);
  return res;
}

/** How many payload bytes a new buffer shall hold itself; the rest goes to pages. */
export function select_size(sk: sock, sg: boolean): number {
  const tp = tcp_sk(sk);
  let tmp = tp.mss_cache;

  if (sg) {
    if (sk_can_gso(sk)) {
      tmp = SKB_WITH_OVERHEAD(2048 - MAX_TCP_HEADER);
    } else {
      const pgbreak = SKB_MAX_HEAD(MAX_TCP_HEADER);

      if (tmp >= pgbreak && tmp <= pgbreak + (MAX_SKB_FRAGS - 1) * PAGE_SIZE)
        tmp = pgbreak;
    }
  }
  return tmp;
}

export function tcp_free_fastopen_req(tp: tcp_sock): void {
  if (tp.fastopen_req !== null) {
    tp.fastopen_req = null;
  }
}

/** send(): copies the user's bytes to the write queue and pushes what may go. Returns the bytes taken or a negative errno. */
export function* tcp_sendmsg(_iocb: kiocb, sk: sock, msg: msghdr, _size: number): Gen<number> {
  let iov: iovec;
  const tp = tcp_sk(sk);
  let skb: sk_buff;
  let iovlen: number, flags: number, err: number, copied = 0;
  let mss_now = 0;
  const size_goal = { v: 0 }, copied_syn = 0;
  let offset = 0;
  let sg: boolean;
  let again = false;

  yield* lock_sock(sk);
  flags = msg.msg_flags;
  const timeo = { v: 0 };
  for (;;) {
    out_err: {
      do_error: {
        do_fault: {
          out_nopush: {
            out: {
              if (again)
                break out;
              timeo.v = sock_sndtimeo(sk, flags & MSG_DONTWAIT);
              if ((1 << sk.sk_state) & ~(TCPF_ESTABLISHED | TCPF_CLOSE_WAIT) && !tcp_passive_fastopen(sk)) {
                if ((err = yield* sk_stream_wait_connect(sk, timeo)) !== 0)
                  break do_error;
              }
              if (unlikely(tp.repair)) {
                if (tp.repair_queue === TCP_RECV_QUEUE) {
                  copied = tcp_send_rcvq(sk, msg, _size);
                  break out_nopush;
                }
                err = -EINVAL;
                if (tp.repair_queue === TCP_NO_QUEUE)
                  break out_err;
              }
              clear_bit(SOCK_ASYNC_NOSPACE, sk.sk_socket.flags);
              mss_now = tcp_send_mss(sk, size_goal, flags);
              iovlen = msg.msg_iovlen;
              let iovnr = 0;
              copied = 0;
              err = -EPIPE;
              if (sk.sk_err || sk.sk_shutdown & SEND_SHUTDOWN)
                break out_err;
              sg = !!(sk.sk_route_caps & NETIF_F_SG);
              while (--iovlen >= 0) {
                iov = msg.msg_iov[iovnr];
                let seglen = iov.iov_len;
                let from = iov.iov_base;
                const user = iov.iov_buf;

                iovnr++;
                if (unlikely(offset > 0)) {
                  if (offset >= seglen) {
                    offset -= seglen;
                    continue;
                  }
                  seglen -= offset;
                  from += offset;
                  offset = 0;
                }
                while (seglen > 0) {
                  let copy = 0;
                  let max = size_goal.v;

                  wait_for_memory: {
                    wait_for_sndbuf: {
                      skb = tcp_write_queue_tail(sk);
                      if (tcp_send_head(sk)) {
                        if (skb.ip_summed === CHECKSUM_NONE)
                          max = mss_now;
                        copy = max - skb.len;
                      }
                      new_segment: for (let again = false; ;) {
                        if (jump(again) || copy <= 0) {
                          if (!sk_stream_memory_free(sk))
                            break wait_for_sndbuf;
                          skb = sk_stream_alloc_skb(sk, select_size(sk, sg), sk.sk_allocation);
                          if (!skb)
                            break wait_for_memory;
                          if (tp.repair)
                            TCP_SKB_CB(skb).when = tcp_time_stamp();
                          if (sk.sk_route_caps & NETIF_F_ALL_CSUM)
                            skb.ip_summed = CHECKSUM_PARTIAL;
                          skb_entail(sk, skb);
                          copy = size_goal.v;
                          max = size_goal.v;
                        }
                        if (copy > seglen)
                          copy = seglen;
                        if (skb_availroom(skb) > 0) {
                          copy = min(copy, skb_availroom(skb));
                          err = skb_add_data_nocache(sk, skb, user, from, copy);
                          if (err)
                            break do_fault;
                        } else {
                          let merge = true;
                          const i = skb_shinfo(skb).nr_frags;
                          const pfrag = sk_page_frag(sk);

                          if (!sk_page_frag_refill(sk, pfrag))
                            break wait_for_memory;
                          if (!skb_can_coalesce(skb, i, pfrag.page, pfrag.offset)) {
                            if (i === MAX_SKB_FRAGS || !sg) {
                              tcp_mark_push(tp, skb);
                              again = true;
                              continue new_segment;
                            }
                            merge = false;
                          }
                          copy = min(copy, pfrag.size - pfrag.offset);
                          if (!sk_wmem_schedule(sk, copy))
                            break wait_for_memory;
                          err = skb_copy_to_page_nocache(sk, user, from, skb, pfrag.page, pfrag.offset, copy);
                          if (err)
                            break do_error;
                          if (merge) {
                            skb_frag_size_add(skb_shinfo(skb).frags[i - 1], copy);
                          } else {
                            skb_fill_page_desc(skb, i, pfrag.page, pfrag.offset, copy);
                            get_page(pfrag.page);
                          }
                          pfrag.offset += copy;
                        }
                        break;
                      }
                      if (!copied)
                        TCP_SKB_CB(skb).tcp_flags &= ~TCPHDR_PSH;
                      tp.write_seq = (tp.write_seq + copy) >>> 0;
                      TCP_SKB_CB(skb).end_seq = (TCP_SKB_CB(skb).end_seq + copy) >>> 0;
                      skb_shinfo(skb).gso_segs = 0;
                      from += copy;
                      copied += copy;
                      if ((seglen -= copy) === 0 && iovlen === 0)
                        break out;
                      if (skb.len < max || flags & MSG_OOB || unlikely(tp.repair))
                        continue;
                      if (forced_push(tp)) {
                        tcp_mark_push(tp, skb);
                        __tcp_push_pending_frames(sk, mss_now, TCP_NAGLE_PUSH);
                      } else if (skb === tcp_send_head(sk))
                        tcp_push_one(sk, mss_now);
                      continue;
                    }
                    set_bit(SOCK_NOSPACE, sk.sk_socket.flags);
                  }
                  if (copied)
                    tcp_push(sk, flags & ~MSG_MORE, mss_now, TCP_NAGLE_PUSH);
                  if ((err = yield* sk_stream_wait_memory(sk, timeo)) !== 0)
                    break do_error;
                  mss_now = tcp_send_mss(sk, size_goal, flags);
                }
              }
            }
            if (copied)
              tcp_push(sk, flags, mss_now, tp.nonagle);
          }
          yield* release_sock(sk);
          return copied + copied_syn;
        }
        if (!skb.len) {
          tcp_unlink_write_queue(skb, sk);
          tcp_check_send_head(sk, skb);
          sk_wmem_free_skb(sk, skb);
        }
      }
      if (copied + copied_syn) {
        again = true;
        continue;
      }
    }
    err = sk_stream_error(sk, flags, err);
    yield* release_sock(sk);
    return err;
  }
}

/** recv(MSG_OOB): the one urgent byte. */
export function tcp_recv_urg(sk: sock, msg: msghdr, len: number, flags: number): number {
  const tp = tcp_sk(sk);

  if (sock_flag(sk, SOCK_URGINLINE) || !tp.urg_data || tp.urg_data === TCP_URG_READ)
    return -EINVAL;
  if (sk.sk_state === TCP_CLOSE && !sock_flag(sk, SOCK_DONE))
    return -ENOTCONN;
  if (tp.urg_data & TCP_URG_VALID) {
    let err = 0;
    const c = tp.urg_data & 0xff;

    if (!(flags & MSG_PEEK))
      tp.urg_data = TCP_URG_READ;
    msg.msg_flags |= MSG_OOB;
    if (len > 0) {
      if (!(flags & MSG_TRUNC))
        err = memcpy_toiovec(msg.msg_iov, Uint8Array.of(c), 0, 1);
      len = 1;
    } else
      msg.msg_flags |= MSG_TRUNC;
    return err ? -EFAULT : len;
  }
  if (sk.sk_state === TCP_CLOSE || sk.sk_shutdown & RCV_SHUTDOWN)
    return 0;
  return -EAGAIN;
}

export function tcp_peek_sndq(sk: sock, msg: msghdr, _len: number): number {
  let skb: sk_buff;
  let copied = 0, err = 0;
  const queue = sk.sk_write_queue as unknown as sk_buff;

  for (skb = queue.next; skb !== queue; skb = skb.next) {
    err = skb_copy_datagram_iovec(skb, 0, msg.msg_iov, skb.len);
    if (err)
      break;
    copied += skb.len;
  }
  return err || copied;
}

/** After the reader has taken `copied` bytes: is an ACK due, because one was put off or because the window has opened? */
export function tcp_cleanup_rbuf(sk: sock, copied: number): void {
  const tp = tcp_sk(sk);
  let time_to_ack = false;
  const skb = skb_peek(sk.sk_receive_queue);

  WARN(skb && !before(tp.copied_seq, TCP_SKB_CB(skb).end_seq), 'cleanup rbuf bug');
  if (inet_csk_ack_scheduled(sk)) {
    const icsk = inet_csk(sk);

    if (icsk.icsk_ack.blocked || (tp.rcv_nxt - tp.rcv_wup) >>> 0 > icsk.icsk_ack.rcv_mss ||
        (copied > 0 && (icsk.icsk_ack.pending & ICSK_ACK_PUSHED2 || (icsk.icsk_ack.pending & ICSK_ACK_PUSHED && !icsk.icsk_ack.pingpong)) &&
          !atomic_read(sk.sk_rmem_alloc)))
      time_to_ack = true;
  }
  if (copied > 0 && !time_to_ack && !(sk.sk_shutdown & RCV_SHUTDOWN)) {
    const rcv_window_now = tcp_receive_window(tp);

    if (2 * rcv_window_now <= tp.window_clamp) {
      const new_window = __tcp_select_window(sk);

      if (new_window && new_window >= 2 * rcv_window_now)
        time_to_ack = true;
    }
  }
  if (time_to_ack)
    tcp_send_ack(sk);
}

export function tcp_prequeue_process(sk: sock): void {
  let skb: sk_buff;
  const tp = tcp_sk(sk);

  NET_INC_STATS_USER(sock_net(sk), LINUX_MIB_TCPPREQUEUED);
  local_bh_disable();
  while ((skb = __skb_dequeue(tp.ucopy.prequeue)) !== null)
    sk_backlog_rcv(sk, skb);
  local_bh_enable();
  tp.ucopy.memory = 0;
}

export function tcp_recv_skb(sk: sock, seq: number, off: { v: number }): sk_buff {
  let skb: sk_buff;
  let offset: number;

  while ((skb = skb_peek(sk.sk_receive_queue)) !== null) {
    offset = (seq - TCP_SKB_CB(skb).seq) >>> 0;
    if (tcp_hdr(skb).syn)
      offset--;
    if (offset < skb.len || tcp_hdr(skb).fin) {
      off.v = offset;
      return skb;
    }
    sk_eat_skb(sk, skb, false);
  }
  return null;
}

/** recv(): takes bytes from the receive queue, waits for more, lends itself to the softirq's prequeue. Returns the bytes or a negative errno. */
export function* tcp_recvmsg(_iocb: kiocb, sk: sock, msg: msghdr, len: number, nonblock: number, flags: number, _addr_len: { v: number }): Gen<number> {
  const tp = tcp_sk(sk);
  let copied = 0;
  let peek_seq = 0;
  const peek = { copied_seq: 0 };
  let seq: { copied_seq: number };
  let used: number;
  let err: number;
  let target: number;
  const timeo = { v: 0 };
  let user_recv: Task = null;
  let copied_early = false;
  let skb: sk_buff;
  let urg_hole = 0;

  yield* lock_sock(sk);
  out: {
    recv_sndq: {
      recv_urg: {
        err = -ENOTCONN;
        if (sk.sk_state === TCP_LISTEN)
          break out;
        timeo.v = sock_rcvtimeo(sk, nonblock);
        if (flags & MSG_OOB)
          break recv_urg;
        if (unlikely(tp.repair)) {
          err = -EPERM;
          if (!(flags & MSG_PEEK))
            break out;
          if (tp.repair_queue === TCP_SEND_QUEUE)
            break recv_sndq;
          err = -EINVAL;
          if (tp.repair_queue === TCP_NO_QUEUE)
            break out;
        }
        seq = tp;
        if (flags & MSG_PEEK) {
          peek.copied_seq = tp.copied_seq;
          seq = peek;
        }
        target = sock_rcvlowat(sk, flags & MSG_WAITALL, len);
        do {
          let offset = 0;

          if (tp.urg_data && tp.urg_seq === seq.copied_seq) {
            if (copied)
              break;
            if (signal_pending(current.task)) {
              copied = timeo.v ? sock_intr_errno(timeo.v) : -EAGAIN;
              break;
            }
          }
          found_fin_ok: {
            found_ok_skb: {
              const queue = sk.sk_receive_queue as unknown as sk_buff;
              for (skb = queue.next; skb !== queue; skb = skb.next) {
                if (WARN(before(seq.copied_seq, TCP_SKB_CB(skb).seq), 'recvmsg bug'))
                  break;
                offset = (seq.copied_seq - TCP_SKB_CB(skb).seq) >>> 0;
                if (tcp_hdr(skb).syn)
                  offset--;
                if (offset < skb.len)
                  break found_ok_skb;
                if (tcp_hdr(skb).fin)
                  break found_fin_ok;
                WARN(!(flags & MSG_PEEK), 'recvmsg bug 2');
              }
              if (copied >= target && !sk.sk_backlog.tail)
                break;
              if (copied) {
                if (sk.sk_err || sk.sk_state === TCP_CLOSE || sk.sk_shutdown & RCV_SHUTDOWN || !timeo.v || signal_pending(current.task))
                  break;
              } else {
                if (sock_flag(sk, SOCK_DONE))
                  break;
                if (sk.sk_err) {
                  copied = sock_error(sk);
                  break;
                }
                if (sk.sk_shutdown & RCV_SHUTDOWN)
                  break;
                if (sk.sk_state === TCP_CLOSE) {
                  if (!sock_flag(sk, SOCK_DONE)) {
                    copied = -ENOTCONN;
                    break;
                  }
                  break;
                }
                if (!timeo.v) {
                  copied = -EAGAIN;
                  break;
                }
                if (signal_pending(current.task)) {
                  copied = sock_intr_errno(timeo.v);
                  break;
                }
              }
              tcp_cleanup_rbuf(sk, copied);
              let prequeue = false;
              do_prequeue: {
                if (!current.host.sysctl_tcp_low_latency && tp.ucopy.task === user_recv) {
                  if (!user_recv && !(flags & (MSG_TRUNC | MSG_PEEK))) {
                    user_recv = current.task;
                    tp.ucopy.task = user_recv;
                    tp.ucopy.iov = msg.msg_iov;
                  }
                  tp.ucopy.len = len;
                  WARN_ON(tp.copied_seq !== tp.rcv_nxt && !(flags & (MSG_PEEK | MSG_TRUNC)));
                  if (!skb_queue_empty(tp.ucopy.prequeue)) {
                    prequeue = true;
                    break do_prequeue;
                  }
                }
                if (copied >= target) {
                  yield* release_sock(sk);
                  yield* lock_sock(sk);
                } else
                  yield* sk_wait_data(sk, timeo);
              }
              if (jump(prequeue) || user_recv) {
                let chunk: number;

                if (!prequeue) {
                  if ((chunk = len - tp.ucopy.len) !== 0) {
                    NET_ADD_STATS_USER(sock_net(sk), LINUX_MIB_TCPDIRECTCOPYFROMBACKLOG, chunk);
                    len -= chunk;
                    copied += chunk;
                  }
                }
                if (jump(prequeue) || (tp.rcv_nxt === tp.copied_seq && !skb_queue_empty(tp.ucopy.prequeue))) {
                  tcp_prequeue_process(sk);
                  if ((chunk = len - tp.ucopy.len) !== 0) {
                    NET_ADD_STATS_USER(sock_net(sk), LINUX_MIB_TCPDIRECTCOPYFROMPREQUEUE, chunk);
                    len -= chunk;
                    copied += chunk;
                  }
                }
              }
              if (flags & MSG_PEEK && (peek.copied_seq - copied - urg_hole) >>> 0 !== tp.copied_seq) {
                peek_seq = tp.copied_seq;
                peek.copied_seq = peek_seq;
              }
              continue;
            }
            used = skb.len - offset;
            if (len < used)
              used = len;
            skip_copy: {
              if (tp.urg_data) {
                const urg_offset = (tp.urg_seq - seq.copied_seq) >>> 0;

                if (urg_offset < used) {
                  if (!urg_offset) {
                    if (!sock_flag(sk, SOCK_URGINLINE)) {
                      seq.copied_seq = (seq.copied_seq + 1) >>> 0;
                      urg_hole++;
                      offset++;
                      used--;
                      if (!used)
                        break skip_copy;
                    }
                  } else
                    used = urg_offset;
                }
              }
              if (!(flags & MSG_TRUNC)) {
                err = skb_copy_datagram_iovec(skb, offset, msg.msg_iov, used);
                if (err) {
                  if (!copied)
                    copied = -EFAULT;
                  break;
                }
              }
              seq.copied_seq = (seq.copied_seq + used) >>> 0;
              copied += used;
              len -= used;
              tcp_rcv_space_adjust(sk);
            }
            if (tp.urg_data && after(tp.copied_seq, tp.urg_seq)) {
              tp.urg_data = 0;
              tcp_fast_path_check(sk);
            }
            if (used + offset < skb.len)
              continue;
            if (tcp_hdr(skb).fin)
              break found_fin_ok;
            if (!(flags & MSG_PEEK)) {
              sk_eat_skb(sk, skb, copied_early);
              copied_early = false;
            }
            continue;
          }
          seq.copied_seq = (seq.copied_seq + 1) >>> 0;
          if (!(flags & MSG_PEEK)) {
            sk_eat_skb(sk, skb, copied_early);
            copied_early = false;
          }
          break;
        } while (len > 0);
        if (user_recv) {
          if (!skb_queue_empty(tp.ucopy.prequeue)) {
            let chunk: number;

            tp.ucopy.len = copied > 0 ? len : 0;
            tcp_prequeue_process(sk);
            if (copied > 0 && (chunk = len - tp.ucopy.len) !== 0) {
              NET_ADD_STATS_USER(sock_net(sk), LINUX_MIB_TCPDIRECTCOPYFROMPREQUEUE, chunk);
              len -= chunk;
              copied += chunk;
            }
          }
          tp.ucopy.task = null;
          tp.ucopy.len = 0;
        }
        tcp_cleanup_rbuf(sk, copied);
        yield* release_sock(sk);
        return copied;
      }
      err = tcp_recv_urg(sk, msg, len, flags);
      break out;
    }
    err = tcp_peek_sndq(sk, msg, len);
  }
  yield* release_sock(sk);
  return err;
}

export function tcp_set_state(sk: sock, state: number): void {
  const oldstate = sk.sk_state;

  switch (state) {
    case TCP_ESTABLISHED:
      if (oldstate !== TCP_ESTABLISHED)
        TCP_INC_STATS(sock_net(sk), TCP_MIB_CURRESTAB);
      break;
    case TCP_CLOSE:
      if (oldstate === TCP_CLOSE_WAIT || oldstate === TCP_ESTABLISHED)
        TCP_INC_STATS(sock_net(sk), TCP_MIB_ESTABRESETS);
      sk.sk_prot.unhash(sk);
      if (inet_csk(sk).icsk_bind_hash && !(sk.sk_userlocks & SOCK_BINDPORT_LOCK))
        inet_put_port(sk);
    // falls through
    default:
      if (oldstate === TCP_ESTABLISHED)
        TCP_DEC_STATS(sock_net(sk), TCP_MIB_CURRESTAB);
  }
  sk.sk_state = state;
}

/** Where close() leads from each state, and whether a FIN is sent on the way. */
const new_state: readonly number[] = [
  TCP_CLOSE, TCP_FIN_WAIT1 | TCP_ACTION_FIN, TCP_CLOSE, TCP_FIN_WAIT1 | TCP_ACTION_FIN, TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_CLOSE, TCP_CLOSE,
  TCP_LAST_ACK | TCP_ACTION_FIN, TCP_LAST_ACK, TCP_CLOSE, TCP_CLOSING,
];

export function tcp_close_state(sk: sock): number {
  const next = new_state[sk.sk_state];
  const ns = next & TCP_STATE_MASK;

  tcp_set_state(sk, ns);
  return next & TCP_ACTION_FIN;
}

export function* tcp_shutdown(sk: sock, how: number): Gen<void> {
  if (!(how & SEND_SHUTDOWN))
    return;
  if ((1 << sk.sk_state) & (TCPF_ESTABLISHED | TCPF_SYN_SENT | TCPF_SYN_RECV | TCPF_CLOSE_WAIT)) {
    if (tcp_close_state(sk))
      tcp_send_fin(sk);
  }
}

export function tcp_check_oom(sk: sock, shift: number): boolean {
  let too_many_orphans: boolean, out_of_socket_memory: boolean;

  too_many_orphans = tcp_too_many_orphans(sk, shift);
  out_of_socket_memory = tcp_out_of_memory(sk);
  if (too_many_orphans)
    current.machine.log('TCP: too many orphaned sockets');
  if (out_of_socket_memory)
    current.machine.log('TCP: out of memory -- consider tuning tcp_mem');
  return too_many_orphans || out_of_socket_memory;
}

/** close(): throws away what was not read (with a RST), sends a FIN, and leaves the socket to the timers as an orphan. */
export function* tcp_close(sk: sock, timeout: number): Gen<void> {
  let skb: sk_buff;
  let data_was_unread = 0;
  let state: number;

  yield* lock_sock(sk);
  sk.sk_shutdown = SHUTDOWN_MASK;
  adjudge_to_death: {
    if (sk.sk_state === TCP_LISTEN) {
      tcp_set_state(sk, TCP_CLOSE);
      inet_csk_listen_stop(sk);
      break adjudge_to_death;
    }
    while ((skb = __skb_dequeue(sk.sk_receive_queue)) !== null) {
      const len = (TCP_SKB_CB(skb).end_seq - TCP_SKB_CB(skb).seq - tcp_hdr(skb).fin) >>> 0;

      data_was_unread += len;
      __kfree_skb(skb);
    }
    sk_mem_reclaim(sk);
    if (sk.sk_state === TCP_CLOSE)
      break adjudge_to_death;
    if (unlikely(tcp_sk(sk).repair)) {
      yield* sk.sk_prot.disconnect(sk, 0);
    } else if (data_was_unread) {
      NET_INC_STATS_USER(sock_net(sk), LINUX_MIB_TCPABORTONCLOSE);
      tcp_set_state(sk, TCP_CLOSE);
      tcp_send_active_reset(sk, sk.sk_allocation);
    } else if (sock_flag(sk, SOCK_LINGER) && !sk.sk_lingertime) {
      yield* sk.sk_prot.disconnect(sk, 0);
      NET_INC_STATS_USER(sock_net(sk), LINUX_MIB_TCPABORTONDATA);
    } else if (tcp_close_state(sk)) {
      tcp_send_fin(sk);
    }
    yield* sk_stream_wait_close(sk, timeout);
  }
  state = sk.sk_state;
  sock_hold(sk);
  sock_orphan(sk);
  yield* release_sock(sk);
  local_bh_disable();
  bh_lock_sock(sk);
  WARN_ON(sock_owned_by_user(sk));
  percpu_counter_inc(sk.sk_prot.orphan_count);
  out: {
    if (state !== TCP_CLOSE && sk.sk_state === TCP_CLOSE)
      break out;
    if (sk.sk_state === TCP_FIN_WAIT2) {
      const tp = tcp_sk(sk);

      if (tp.linger2 < 0) {
        tcp_set_state(sk, TCP_CLOSE);
        tcp_send_active_reset(sk, GFP_ATOMIC);
        NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPABORTONLINGER);
      } else {
        const tmo = tcp_fin_time(sk);

        if (tmo > TCP_TIMEWAIT_LEN) {
          inet_csk_reset_keepalive_timer(sk, tmo - TCP_TIMEWAIT_LEN);
        } else {
          tcp_time_wait(sk, TCP_FIN_WAIT2, tmo);
          break out;
        }
      }
    }
    if (sk.sk_state !== TCP_CLOSE) {
      sk_mem_reclaim(sk);
      if (tcp_check_oom(sk, 0)) {
        tcp_set_state(sk, TCP_CLOSE);
        tcp_send_active_reset(sk, GFP_ATOMIC);
        NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPABORTONMEMORY);
      }
    }
    if (sk.sk_state === TCP_CLOSE) {
      const req = tcp_sk(sk).fastopen_rsk;

      if (req !== null)
        reqsk_fastopen_remove(sk, req, false);
      inet_csk_destroy_sock(sk);
    }
  }
  bh_unlock_sock(sk);
  local_bh_enable();
  sock_put(sk);
}

export function tcp_need_reset(state: number): boolean {
  return ((1 << state) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT | TCPF_FIN_WAIT1 | TCPF_FIN_WAIT2 | TCPF_SYN_RECV)) !== 0;
}

/** Breaks the connection and makes the socket as good as new. */
export function* tcp_disconnect(sk: sock, _flags: number): Gen<number> {
  const inet = inet_sk(sk);
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);
  const err = 0;
  const old_state = sk.sk_state;

  if (old_state !== TCP_CLOSE)
    tcp_set_state(sk, TCP_CLOSE);
  if (old_state === TCP_LISTEN) {
    inet_csk_listen_stop(sk);
  } else if (unlikely(tp.repair)) {
    sk.sk_err = ECONNABORTED;
  } else if (tcp_need_reset(old_state) || (tp.snd_nxt !== tp.write_seq && (1 << old_state) & (TCPF_CLOSING | TCPF_LAST_ACK))) {
    tcp_send_active_reset(sk, gfp_any());
    sk.sk_err = ECONNRESET;
  } else if (old_state === TCP_SYN_SENT)
    sk.sk_err = ECONNRESET;
  tcp_clear_xmit_timers(sk);
  __skb_queue_purge(sk.sk_receive_queue);
  tcp_write_queue_purge(sk);
  __skb_queue_purge(tp.out_of_order_queue);
  inet.inet_dport = 0;
  if (!(sk.sk_userlocks & SOCK_BINDADDR_LOCK))
    inet_reset_saddr(sk);
  sk.sk_shutdown = 0;
  sock_reset_flag(sk, SOCK_DONE);
  tp.srtt = 0;
  if ((tp.write_seq = (tp.write_seq + tp.max_window + 2) >>> 0) === 0)
    tp.write_seq = 1;
  icsk.icsk_backoff = 0;
  tp.snd_cwnd = 2;
  icsk.icsk_probes_out = 0;
  tp.packets_out = 0;
  tp.snd_ssthresh = TCP_INFINITE_SSTHRESH;
  tp.snd_cwnd_cnt = 0;
  tp.window_clamp = 0;
  tcp_set_ca_state(sk, TCP_CA_Open);
  tcp_clear_retrans(tp);
  inet_csk_delack_init(sk);
  icsk.icsk_ack.rcv_mss = TCP_MIN_MSS;
  tcp_init_send_head(sk);
  tcp_zero_options(tp.rx_opt);
  __sk_dst_reset(sk);
  dst_release(sk.sk_rx_dst);
  sk.sk_rx_dst = null;
  WARN_ON(inet.inet_num && !icsk.icsk_bind_hash);
  sk.sk_error_report(sk);
  return err;
}

function tcp_zero_options(rx_opt: tcp_options_received): void {
  rx_opt.ts_recent_stamp = 0;
  rx_opt.ts_recent = 0;
  rx_opt.rcv_tsval = 0;
  rx_opt.rcv_tsecr = 0;
  rx_opt.saw_tstamp = 0;
  rx_opt.tstamp_ok = 0;
  rx_opt.dsack = 0;
  rx_opt.wscale_ok = 0;
  rx_opt.sack_ok = 0;
  rx_opt.snd_wscale = 0;
  rx_opt.rcv_wscale = 0;
  rx_opt.num_sacks = 0;
  rx_opt.user_mss = 0;
  rx_opt.mss_clamp = 0;
}

export function tcp_sock_destruct(sk: sock): void {
  inet_sock_destruct(sk);
}

/** setsockopt(SOL_TCP). `optval` is the number, for TCP_CONGESTION the name. */
export function* do_tcp_setsockopt(sk: sock, _level: number, optname: number, optval: optval_t, optlen: number): Gen<number> {
  const tp = tcp_sk(sk);
  const icsk = inet_csk(sk);
  let val: number;
  let err = 0;

  switch (optname) {
    case TCP_CONGESTION: {
      if (optlen < 1)
        return -EINVAL;
      yield* lock_sock(sk);
      err = tcp_set_congestion_control(sk, String(optval));
      yield* release_sock(sk);
      return err;
    }
    default:
      break;
  }
  if (optlen < 4)
    return -EINVAL;
  val = Number(optval);
  yield* lock_sock(sk);
  switch (optname) {
    case TCP_MAXSEG:
      if (val < TCP_MIN_MSS || val > MAX_TCP_WINDOW) {
        err = -EINVAL;
        break;
      }
      tp.rx_opt.user_mss = val;
      break;
    case TCP_NODELAY:
      if (val) {
        tp.nonagle |= TCP_NAGLE_OFF | TCP_NAGLE_PUSH;
        tcp_push_pending_frames(sk);
      } else {
        tp.nonagle &= ~TCP_NAGLE_OFF;
      }
      break;
    case TCP_THIN_LINEAR_TIMEOUTS:
      if (val < 0 || val > 1)
        err = -EINVAL;
      else
        tp.thin_lto = val;
      break;
    case TCP_THIN_DUPACK:
      if (val < 0 || val > 1)
        err = -EINVAL;
      else {
        tp.thin_dupack = val;
        if (tp.thin_dupack)
          tcp_disable_early_retrans(tp);
      }
      break;
    case TCP_REPAIR:
      if (val === 1) {
        tp.repair = 1;
        sk.sk_reuse = SK_FORCE_REUSE;
        tp.repair_queue = TCP_NO_QUEUE;
      } else if (val === 0) {
        tp.repair = 0;
        sk.sk_reuse = SK_NO_REUSE;
        tcp_send_window_probe(sk);
      } else
        err = -EINVAL;
      break;
    case TCP_REPAIR_QUEUE:
      if (!tp.repair)
        err = -EPERM;
      else if (val < 3)
        tp.repair_queue = val;
      else
        err = -EINVAL;
      break;
    case TCP_QUEUE_SEQ:
      if (sk.sk_state !== TCP_CLOSE)
        err = -EPERM;
      else if (tp.repair_queue === TCP_SEND_QUEUE)
        tp.write_seq = val >>> 0;
      else if (tp.repair_queue === TCP_RECV_QUEUE)
        tp.rcv_nxt = val >>> 0;
      else
        err = -EINVAL;
      break;
    case TCP_CORK:
      if (val) {
        tp.nonagle |= TCP_NAGLE_CORK;
      } else {
        tp.nonagle &= ~TCP_NAGLE_CORK;
        if (tp.nonagle & TCP_NAGLE_OFF)
          tp.nonagle |= TCP_NAGLE_PUSH;
        tcp_push_pending_frames(sk);
      }
      break;
    case TCP_KEEPIDLE:
      if (val < 1 || val > MAX_TCP_KEEPIDLE)
        err = -EINVAL;
      else {
        tp.keepalive_time = val * HZ;
        if (sock_flag(sk, SOCK_KEEPOPEN) && !((1 << sk.sk_state) & (TCPF_CLOSE | TCPF_LISTEN))) {
          let elapsed = keepalive_time_elapsed(tp);

          if (tp.keepalive_time > elapsed)
            elapsed = tp.keepalive_time - elapsed;
          else
            elapsed = 0;
          inet_csk_reset_keepalive_timer(sk, elapsed);
        }
      }
      break;
    case TCP_KEEPINTVL:
      if (val < 1 || val > MAX_TCP_KEEPINTVL)
        err = -EINVAL;
      else
        tp.keepalive_intvl = val * HZ;
      break;
    case TCP_KEEPCNT:
      if (val < 1 || val > MAX_TCP_KEEPCNT)
        err = -EINVAL;
      else
        tp.keepalive_probes = val;
      break;
    case TCP_SYNCNT:
      if (val < 1 || val > MAX_TCP_SYNCNT)
        err = -EINVAL;
      else
        icsk.icsk_syn_retries = val;
      break;
    case TCP_LINGER2:
      if (val < 0)
        tp.linger2 = -1;
      else if (val > current.host.sysctl_tcp_fin_timeout / HZ)
        tp.linger2 = 0;
      else
        tp.linger2 = val * HZ;
      break;
    case TCP_DEFER_ACCEPT:
      icsk.icsk_accept_queue.rskq_defer_accept = secs_to_retrans(val, TCP_TIMEOUT_INIT / HZ, TCP_RTO_MAX / HZ);
      break;
    case TCP_WINDOW_CLAMP:
      if (!val) {
        if (sk.sk_state !== TCP_CLOSE) {
          err = -EINVAL;
          break;
        }
        tp.window_clamp = 0;
      } else
        tp.window_clamp = val < SOCK_MIN_RCVBUF / 2 ? SOCK_MIN_RCVBUF / 2 : val;
      break;
    case TCP_QUICKACK:
      if (!val) {
        icsk.icsk_ack.pingpong = 1;
      } else {
        icsk.icsk_ack.pingpong = 0;
        if ((1 << sk.sk_state) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT) && inet_csk_ack_scheduled(sk)) {
          icsk.icsk_ack.pending |= ICSK_ACK_PUSHED;
          tcp_cleanup_rbuf(sk, 1);
          if (!(val & 1))
            icsk.icsk_ack.pingpong = 1;
        }
      }
      break;
    case TCP_USER_TIMEOUT:
      if (val < 0)
        err = -EINVAL;
      else
        icsk.icsk_user_timeout = msecs_to_jiffies(val);
      break;
    case TCP_TIMESTAMP:
      if (!tp.repair)
        err = -EPERM;
      else
        tp.tsoffset = (val - tcp_time_stamp()) >>> 0;
      break;
    default:
      err = -ENOPROTOOPT;
      break;
  }
  yield* release_sock(sk);
  return err;
}

export function* tcp_setsockopt(sk: sock, level: number, optname: number, optval: optval_t, optlen: number): Gen<number> {
  const icsk = inet_csk(sk);

  if (level !== SOL_TCP)
    return yield* icsk.icsk_af_ops.setsockopt(sk, level, optname, optval, optlen);
  return yield* do_tcp_setsockopt(sk, level, optname, optval, optlen);
}

export function tcp_get_info(sk: sock, info: tcp_info): void {
  const tp = tcp_sk(sk);
  const icsk = inet_csk(sk);
  const now = tcp_time_stamp();

  info.tcpi_state = sk.sk_state;
  info.tcpi_ca_state = icsk.icsk_ca_state;
  info.tcpi_retransmits = icsk.icsk_retransmits;
  info.tcpi_probes = icsk.icsk_probes_out;
  info.tcpi_backoff = icsk.icsk_backoff;
  if (tp.rx_opt.tstamp_ok)
    info.tcpi_options |= TCPI_OPT_TIMESTAMPS;
  if (tcp_is_sack(tp))
    info.tcpi_options |= TCPI_OPT_SACK;
  if (tp.rx_opt.wscale_ok) {
    info.tcpi_options |= TCPI_OPT_WSCALE;
    info.tcpi_snd_wscale = tp.rx_opt.snd_wscale;
    info.tcpi_rcv_wscale = tp.rx_opt.rcv_wscale;
  }
  if (tp.ecn_flags & TCP_ECN_OK)
    info.tcpi_options |= TCPI_OPT_ECN;
  if (tp.ecn_flags & TCP_ECN_SEEN)
    info.tcpi_options |= TCPI_OPT_ECN_SEEN;
  if (tp.syn_data_acked)
    info.tcpi_options |= TCPI_OPT_SYN_DATA;
  info.tcpi_rto = jiffies_to_usecs(icsk.icsk_rto);
  info.tcpi_ato = jiffies_to_usecs(icsk.icsk_ack.ato);
  info.tcpi_snd_mss = tp.mss_cache;
  info.tcpi_rcv_mss = icsk.icsk_ack.rcv_mss;
  if (sk.sk_state === TCP_LISTEN) {
    info.tcpi_unacked = sk.sk_ack_backlog;
    info.tcpi_sacked = sk.sk_max_ack_backlog;
  } else {
    info.tcpi_unacked = tp.packets_out;
    info.tcpi_sacked = tp.sacked_out;
  }
  info.tcpi_lost = tp.lost_out;
  info.tcpi_retrans = tp.retrans_out;
  info.tcpi_fackets = tp.fackets_out;
  info.tcpi_last_data_sent = jiffies_to_msecs((now - tp.lsndtime) >>> 0);
  info.tcpi_last_data_recv = jiffies_to_msecs((now - icsk.icsk_ack.lrcvtime) >>> 0);
  info.tcpi_last_ack_recv = jiffies_to_msecs((now - tp.rcv_tstamp) >>> 0);
  info.tcpi_pmtu = icsk.icsk_pmtu_cookie;
  info.tcpi_rcv_ssthresh = tp.rcv_ssthresh;
  info.tcpi_rtt = jiffies_to_usecs(tp.srtt) >>> 3;
  info.tcpi_rttvar = jiffies_to_usecs(tp.mdev) >>> 2;
  info.tcpi_snd_ssthresh = tp.snd_ssthresh;
  info.tcpi_snd_cwnd = tp.snd_cwnd;
  info.tcpi_advmss = tp.advmss;
  info.tcpi_reordering = tp.reordering;
  info.tcpi_rcv_rtt = jiffies_to_usecs(tp.rcv_rtt_est.rtt) >>> 3;
  info.tcpi_rcv_space = tp.rcvq_space.space;
  info.tcpi_total_retrans = tp.total_retrans;
}

/** getsockopt(SOL_TCP): the value goes to `optval.v`. */
export function do_tcp_getsockopt(sk: sock, _level: number, optname: number, optval: { v: unknown }, optlen: { v: number }): number {
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);
  let val: number, len: number;

  len = optlen.v;
  len = min(len, 4);
  if (len < 0)
    return -EINVAL;
  switch (optname) {
    case TCP_MAXSEG:
      val = tp.mss_cache;
      if (!val && (1 << sk.sk_state) & (TCPF_CLOSE | TCPF_LISTEN))
        val = tp.rx_opt.user_mss;
      if (tp.repair)
        val = tp.rx_opt.mss_clamp;
      break;
    case TCP_NODELAY:
      val = tp.nonagle & TCP_NAGLE_OFF ? 1 : 0;
      break;
    case TCP_CORK:
      val = tp.nonagle & TCP_NAGLE_CORK ? 1 : 0;
      break;
    case TCP_KEEPIDLE:
      val = Math.trunc(keepalive_time_when(tp) / HZ);
      break;
    case TCP_KEEPINTVL:
      val = Math.trunc(keepalive_intvl_when(tp) / HZ);
      break;
    case TCP_KEEPCNT:
      val = keepalive_probes(tp);
      break;
    case TCP_SYNCNT:
      val = icsk.icsk_syn_retries || current.host.sysctl_tcp_syn_retries;
      break;
    case TCP_LINGER2:
      val = tp.linger2;
      if (val >= 0)
        val = Math.trunc((val || current.host.sysctl_tcp_fin_timeout) / HZ);
      break;
    case TCP_DEFER_ACCEPT:
      val = retrans_to_secs(icsk.icsk_accept_queue.rskq_defer_accept, TCP_TIMEOUT_INIT / HZ, TCP_RTO_MAX / HZ);
      break;
    case TCP_WINDOW_CLAMP:
      val = tp.window_clamp;
      break;
    case TCP_INFO: {
      const info = new tcp_info_t();

      tcp_get_info(sk, info);
      optval.v = info;
      return 0;
    }
    case TCP_QUICKACK:
      val = icsk.icsk_ack.pingpong ? 0 : 1;
      break;
    case TCP_CONGESTION:
      optval.v = icsk.icsk_ca_ops.name;
      return 0;
    case TCP_THIN_LINEAR_TIMEOUTS:
      val = tp.thin_lto;
      break;
    case TCP_THIN_DUPACK:
      val = tp.thin_dupack;
      break;
    case TCP_REPAIR:
      val = tp.repair;
      break;
    case TCP_REPAIR_QUEUE:
      if (tp.repair)
        val = tp.repair_queue;
      else
        return -EINVAL;
      break;
    case TCP_QUEUE_SEQ:
      if (tp.repair_queue === TCP_SEND_QUEUE)
        val = tp.write_seq;
      else if (tp.repair_queue === TCP_RECV_QUEUE)
        val = tp.rcv_nxt;
      else
        return -EINVAL;
      break;
    case TCP_USER_TIMEOUT:
      val = jiffies_to_msecs(icsk.icsk_user_timeout);
      break;
    case TCP_TIMESTAMP:
      val = (tcp_time_stamp() + tp.tsoffset) >>> 0;
      break;
    default:
      return -ENOPROTOOPT;
  }
  optlen.v = len;
  optval.v = val;
  return 0;
}

export function* tcp_getsockopt(sk: sock, level: number, optname: number, optval: optval_t, optlen: { v: number }): Gen<number> {
  const icsk = inet_csk(sk);

  if (level !== SOL_TCP)
    return yield* icsk.icsk_af_ops.getsockopt(sk, level, optname, optval, optlen);
  return do_tcp_getsockopt(sk, level, optname, optval, optlen);
}

/** Software segmentation: cuts a large segment into MSS-sized ones with headers of their own. */
export function tcp_tso_segment(skb: sk_buff, features: number): sk_buff {
  let segs: sk_buff = ERR_PTR(-EINVAL);
  let sum_truesize = 0;
  let th: tcphdr;
  let thlen: number;
  let seq: number;
  let delta: number;
  let oldlen: number;
  let mss: number;
  const gso_skb = skb;
  let newcheck: number;
  let ooo_okay: number, copy_destructor: boolean;

  out: {
    if (!pskb_may_pull(skb, sizeof_tcphdr))
      break out;
    th = tcp_hdr(skb);
    thlen = th.doff * 4;
    if (thlen < sizeof_tcphdr)
      break out;
    if (!pskb_may_pull(skb, thlen))
      break out;
    oldlen = ~skb.len & 0xffff;
    __skb_pull(skb, thlen);
    mss = skb_shinfo(skb).gso_size;
    if (unlikely(skb.len <= mss))
      break out;
    if (skb_gso_ok(skb, features | NETIF_F_GSO_ROBUST)) {
      const type = skb_shinfo(skb).gso_type;

      if (unlikely(type & ~(SKB_GSO_TCPV4 | SKB_GSO_DODGY | SKB_GSO_TCP_ECN | SKB_GSO_TCPV6 | SKB_GSO_GRE | SKB_GSO_UDP_TUNNEL) ||
          !(type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6))))
        break out;
      skb_shinfo(skb).gso_segs = DIV_ROUND_UP(skb.len, mss);
      segs = null;
      break out;
    }
    copy_destructor = gso_skb.destructor === tcp_wfree;
    ooo_okay = gso_skb.ooo_okay;
    skb.ooo_okay = 0;
    segs = skb_segment(skb, features);
    if (IS_ERR(segs))
      break out;
    segs.ooo_okay = ooo_okay;
    delta = htonl(oldlen + (thlen + mss));
    skb = segs;
    th = tcp_hdr(skb);
    seq = ntohl(th.seq);
    newcheck = ~csum_fold(th.check + delta) & 0xffff;
    do {
      th.fin = th.psh = 0;
      th.check = newcheck;
      if (skb.ip_summed !== CHECKSUM_PARTIAL)
        th.check = csum_fold(csum_partial(skb.head, skb_transport_header(skb), thlen, skb.csum));
      seq = (seq + mss) >>> 0;
      if (copy_destructor) {
        skb.destructor = gso_skb.destructor;
        skb.sk = gso_skb.sk;
        sum_truesize += skb.truesize;
      }
      skb = skb.next;
      th = tcp_hdr(skb);
      th.seq = htonl(seq);
      th.cwr = 0;
    } while (skb.next);
    if (copy_destructor) {
      swap_owner(gso_skb, skb);
      sum_truesize += skb.truesize;
      atomic_add(sum_truesize - gso_skb.truesize, skb.sk.sk_wmem_alloc);
    }
    delta = htonl(oldlen + (skb.tail - skb.transport_header) + skb.data_len);
    th.check = ~csum_fold(th.check + delta) & 0xffff;
    if (skb.ip_summed !== CHECKSUM_PARTIAL)
      th.check = csum_fold(csum_partial(skb.head, skb_transport_header(skb), thlen, skb.csum));
  }
  return segs;
}

/** The last segment takes over the large one's owner and destructor. */
function swap_owner(a: sk_buff, b: sk_buff): void {
  const sk = a.sk, destructor = a.destructor;
  a.sk = b.sk;
  b.sk = sk;
  a.destructor = b.destructor;
  b.destructor = destructor;
}

/** GRO: may `skb` join a held segment of its flow? Gives the link of the held one that must be flushed, or null. */
export function tcp_gro_receive(head: gro_pp, skb: sk_buff): gro_pp {
  let pp: gro_pp = null;
  let p: sk_buff;
  let th: tcphdr;
  let th2: tcphdr;
  let len: number;
  let thlen: number;
  let flags: number;
  let mss = 1;
  let hlen: number;
  let off: number;
  let flush = 1;
  let i: number;

  out: {
    off = skb_gro_offset(skb);
    hlen = off + sizeof_tcphdr;
    let header = skb_gro_header_fast(skb, off);
    if (skb_gro_header_hard(skb, hlen)) {
      header = skb_gro_header_slow(skb, hlen, off);
      if (unlikely(!header))
        break out;
    }
    th = new tcphdr(header.data, header.offset);
    thlen = th.doff * 4;
    if (thlen < sizeof_tcphdr)
      break out;
    hlen = off + thlen;
    if (skb_gro_header_hard(skb, hlen)) {
      header = skb_gro_header_slow(skb, hlen, off);
      if (unlikely(!header))
        break out;
      th = new tcphdr(header.data, header.offset);
    }
    skb_gro_pull(skb, thlen);
    len = skb_gro_len(skb);
    flags = tcp_flag_word(th);
    out_check_final: {
      found: {
        for (; (p = head.v); head = new gro_pp(head.napi, p)) {
          if (!NAPI_GRO_CB(p).same_flow)
            continue;
          th2 = tcp_hdr(p);
          if (get_be32(th.bytes, th.at) ^ get_be32(th2.bytes, th2.at)) {
            NAPI_GRO_CB(p).same_flow = 0;
            continue;
          }
          break found;
        }
        break out_check_final;
      }
      flush = NAPI_GRO_CB(p).flush;
      flush |= flags & TCP_FLAG_CWR;
      flush |= (flags ^ tcp_flag_word(th2)) & ~(TCP_FLAG_CWR | TCP_FLAG_FIN | TCP_FLAG_PSH);
      flush |= th.ack_seq ^ th2.ack_seq;
      for (i = sizeof_tcphdr; i < thlen; i += 4)
        flush |= get_be32(th.bytes, th.at + i) ^ get_be32(th2.bytes, th2.at + i);
      mss = skb_shinfo(p).gso_size;
      flush |= (len - 1) >>> 0 >= mss ? 1 : 0;
      flush |= (ntohl(th2.seq) + skb_gro_len(p)) ^ ntohl(th.seq);
      if (flush || skb_gro_receive(head, skb)) {
        mss = 1;
        break out_check_final;
      }
      p = head.v;
      th2 = tcp_hdr(p);
      th2.bytes[th2.at + 13] |= (flags & (TCP_FLAG_FIN | TCP_FLAG_PSH)) >>> 16;
    }
    flush = len < mss ? 1 : 0;
    flush |= flags & (TCP_FLAG_URG | TCP_FLAG_PSH | TCP_FLAG_RST | TCP_FLAG_SYN | TCP_FLAG_FIN);
    if (p && (!NAPI_GRO_CB(skb).same_flow || flush))
      pp = head;
  }
  NAPI_GRO_CB(skb).flush |= flush;
  return pp;
}

export function tcp_gro_complete(skb: sk_buff): number {
  const th = tcp_hdr(skb);

  skb.csum_start = skb_transport_header(skb);
  skb.csum_offset = 16;
  skb.ip_summed = CHECKSUM_PARTIAL;
  skb_shinfo(skb).gso_segs = NAPI_GRO_CB(skb).count;
  if (th.cwr)
    skb_shinfo(skb).gso_type |= SKB_GSO_TCP_ECN;
  return 0;
}

/** The end of a connection: state CLOSE, timers off; whoever waits is told, an orphan is destroyed. */
export function tcp_done(sk: sock): void {
  const req = tcp_sk(sk).fastopen_rsk;

  if (sk.sk_state === TCP_SYN_SENT || sk.sk_state === TCP_SYN_RECV)
    TCP_INC_STATS_BH(sock_net(sk), TCP_MIB_ATTEMPTFAILS);
  tcp_set_state(sk, TCP_CLOSE);
  tcp_clear_xmit_timers(sk);
  if (req !== null)
    reqsk_fastopen_remove(sk, req, false);
  sk.sk_shutdown = SHUTDOWN_MASK;
  if (!sock_flag(sk, SOCK_DEAD))
    sk.sk_state_change(sk);
  else
    inet_csk_destroy_sock(sk);
}

/** Pages the recorded machine (1 GB) had free at boot: TCP's limits are made of it. */
const NR_FREE_BUFFER_PAGES = 240000;
/** DEVIATION: the kernel's table has 8192 buckets there; fewer make a host cheaper to boot and change no result. */
const EHASH_BUCKETS = 256;
const EHASH_ENTRIES_3_10 = 8192;

export function tcp_init_mem(net: net): void {
  let limit = Math.floor(NR_FREE_BUFFER_PAGES / 8);

  limit = max(limit, 128);
  net.ipv4.sysctl_tcp_mem[0] = Math.floor(limit / 4) * 3;
  net.ipv4.sysctl_tcp_mem[1] = limit;
  net.ipv4.sysctl_tcp_mem[2] = net.ipv4.sysctl_tcp_mem[0] * 2;
}

export function tcp_init(): void {
  const host = current.host;
  const tcp_hashinfo = host.tcp_hashinfo;
  let limit: number;
  let max_rshare: number, max_wshare: number, cnt: number;
  let i: number;

  percpu_counter_init(host.tcp_sockets_allocated, 0);
  percpu_counter_init(host.tcp_orphan_count, 0);
  tcp_hashinfo.ehash = new Array(EHASH_BUCKETS);
  tcp_hashinfo.ehash_mask = EHASH_BUCKETS - 1;
  for (i = 0; i <= tcp_hashinfo.ehash_mask; i++) {
    tcp_hashinfo.ehash[i] = new inet_ehash_bucket();
  }
  inet_ehash_locks_alloc(tcp_hashinfo);
  tcp_hashinfo.bhash = new Array(EHASH_BUCKETS);
  tcp_hashinfo.bhash_size = EHASH_BUCKETS;
  for (i = 0; i < tcp_hashinfo.bhash_size; i++) {
    tcp_hashinfo.bhash[i] = new inet_bind_hashbucket();
    tcp_hashinfo.bhash[i].lock = new spinlock_t();
  }
  cnt = EHASH_ENTRIES_3_10;
  host.tcp_death_row.sysctl_max_tw_buckets = cnt / 2;
  host.sysctl_tcp_max_orphans = cnt / 2;
  host.sysctl_max_syn_backlog = max(128, cnt / 256);
  tcp_init_mem(host.init_net);
  limit = NR_FREE_BUFFER_PAGES << (12 - 7);
  max_wshare = min(4 * 1024 * 1024, limit);
  max_rshare = min(6 * 1024 * 1024, limit);
  host.sysctl_tcp_wmem[0] = SK_MEM_QUANTUM;
  host.sysctl_tcp_wmem[1] = 16 * 1024;
  host.sysctl_tcp_wmem[2] = max(64 * 1024, max_wshare);
  host.sysctl_tcp_rmem[0] = SK_MEM_QUANTUM;
  host.sysctl_tcp_rmem[1] = 87380;
  host.sysctl_tcp_rmem[2] = max(87380, max_rshare);
  tcp_metrics_init();
  tcp_register_congestion_control(tcp_reno);
  tcp_tasklet_init();
}
