/** Mirror of net/ipv4/tcp_timer.c: retransmission, delayed ACKs, probes, keep-alive. */
import { WARN_ON, WARN_ON_ONCE } from '../../include/asm-generic/bug';
import { test_and_set_bit, ilog2 } from '../../include/linux/bitops';
import { likely, unlikely } from '../../include/linux/compiler';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import { HZ, jiffies, time_after } from '../../include/linux/jiffies';
import { max, min } from '../../include/linux/kernel';
import { current, type Host } from '../../include/ports';
import { __skb_dequeue, skb_queue_empty, type sk_buff } from '../../include/linux/skbuff';
import {
  LINUX_MIB_DELAYEDACKLOCKED, LINUX_MIB_DELAYEDACKS, LINUX_MIB_TCPABORTONMEMORY, LINUX_MIB_TCPABORTONTIMEOUT, LINUX_MIB_TCPLOSSFAILURES, LINUX_MIB_TCPRENOFAILURES, LINUX_MIB_TCPRENORECOVERYFAIL,
  LINUX_MIB_TCPSACKFAILURES, LINUX_MIB_TCPSACKRECOVERYFAIL, LINUX_MIB_TCPSCHEDULERFAILED, LINUX_MIB_TCPTIMEOUTS,
} from '../../include/linux/snmp';
import { AF_INET } from '../../include/linux/socket';
import { TCP_CA_Disorder, TCP_CA_Loss, TCP_CA_Recovery, TCP_DELACK_TIMER_DEFERRED, tcp_sk, TCP_WRITE_TIMER_DEFERRED } from '../../include/linux/tcp';
import { ETIMEDOUT } from '../../include/uapi/asm-generic/errno';
import {
  ICSK_ACK_TIMER, inet_csk, inet_csk_ack_scheduled, inet_csk_delete_keepalive_timer, inet_csk_init_xmit_timers, inet_csk_reqsk_queue_prune, inet_csk_reset_keepalive_timer, inet_csk_reset_xmit_timer,
  ICSK_TIME_EARLY_RETRANS, ICSK_TIME_LOSS_PROBE, ICSK_TIME_PROBE0, ICSK_TIME_RETRANS, type inet_connection_sock,
} from '../../include/net/inet_connection_sock';
import { NET_INC_STATS_BH } from '../../include/net/ip';
import type { request_sock } from '../../include/net/request_sock';
import {
  __sk_dst_reset, bh_lock_sock, bh_unlock_sock, dst_negative_advice, sk_backlog_rcv, sk_mem_reclaim, sk_mem_reclaim_partial, sk_reset_timer, sk_under_memory_pressure, sock_flag, SOCK_DEAD, sock_hold,
  SOCK_KEEPOPEN, sock_net, sock_owned_by_user, sock_put, type sock,
} from '../../include/net/sock';
import {
  __tcp_set_rto, keepalive_intvl_when, keepalive_probes, keepalive_time_elapsed, keepalive_time_when, TCP_ATO_MIN, tcp_check_oom, TCP_ESTABLISHED, tcp_fin_time, TCP_FIN_WAIT1, TCP_FIN_WAIT2, tcp_is_sack,
  TCP_CLOSE, TCP_KEEPALIVE_INTVL, TCP_KEEPALIVE_PROBES, TCP_KEEPALIVE_TIME, TCP_LISTEN, TCP_RESOURCE_PROBE_INTERVAL, TCP_RETR1, TCP_RETR2, TCP_RTO_MAX, TCP_RTO_MIN, tcp_send_head, TCP_SKB_CB, tcp_stream_is_thin,
  TCP_SYN_RECV, TCP_SYN_RETRIES, TCP_SYNACK_RETRIES, TCP_SYNQ_INTERVAL, TCP_THIN_LINEAR_RETRIES, tcp_time_stamp, TCP_TIMEOUT_INIT, TCP_TIMEWAIT_LEN, tcp_write_queue_empty, tcp_write_queue_head,
  TCPF_CLOSE, TCPF_LISTEN, TCPF_SYN_RECV, TCPF_SYN_SENT,
} from '../../include/net/tcp';
import { inet_rtx_syn_ack } from './inet_connection_sock';
import { tcp_done } from './tcp';
import { tcp_enter_loss, tcp_resume_early_retransmit } from './tcp_input';
import { tcp_time_wait } from './tcp_minisocks';
import { tcp_mss_to_mtu, tcp_mtu_to_mss, tcp_retransmit_skb, tcp_send_ack, tcp_send_active_reset, tcp_send_loss_probe, tcp_send_probe0, tcp_sync_mss, tcp_write_wakeup } from './tcp_output';

/** tcp_timer.c's sysctls. */
export function tcp_timer_globals(host: Host): void {
  host.sysctl_tcp_syn_retries = TCP_SYN_RETRIES;
  host.sysctl_tcp_synack_retries = TCP_SYNACK_RETRIES;
  host.sysctl_tcp_keepalive_time = TCP_KEEPALIVE_TIME;
  host.sysctl_tcp_keepalive_probes = TCP_KEEPALIVE_PROBES;
  host.sysctl_tcp_keepalive_intvl = TCP_KEEPALIVE_INTVL;
  host.sysctl_tcp_retries1 = TCP_RETR1;
  host.sysctl_tcp_retries2 = TCP_RETR2;
  host.sysctl_tcp_orphan_retries = 0;
  host.sysctl_tcp_thin_linear_timeouts = 0;
}

function tcp_write_err(sk: sock): void {
  sk.sk_err = sk.sk_err_soft || ETIMEDOUT;
  sk.sk_error_report(sk);
  tcp_done(sk);
  NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPABORTONTIMEOUT);
}

function tcp_out_of_resources(sk: sock, do_reset: boolean): number {
  const tp = tcp_sk(sk);
  let shift = 0;
  if (((tcp_time_stamp() - tp.lsndtime) | 0) > 2 * TCP_RTO_MAX || !do_reset)
    shift++;
  if (sk.sk_err_soft)
    shift++;
  if (tcp_check_oom(sk, shift)) {
    if (((tcp_time_stamp() - tp.lsndtime) | 0) <= TCP_TIMEWAIT_LEN || (!tp.snd_wnd && !tp.packets_out))
      do_reset = true;
    if (do_reset)
      tcp_send_active_reset(sk, GFP_ATOMIC);
    tcp_done(sk);
    NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPABORTONMEMORY);
    return 1;
  }
  return 0;
}

function tcp_orphan_retries(sk: sock, alive: boolean): number {
  let retries = current.host.sysctl_tcp_orphan_retries;
  if (sk.sk_err_soft && !alive)
    retries = 0;
  if (retries === 0 && alive)
    retries = 8;
  return retries;
}

function tcp_mtu_probing(icsk: inet_connection_sock, sk: sock): void {
  if (current.host.sysctl_tcp_mtu_probing) {
    if (!icsk.icsk_mtup.enabled) {
      icsk.icsk_mtup.enabled = 1;
      tcp_sync_mss(sk, icsk.icsk_pmtu_cookie);
    } else {
      const tp = tcp_sk(sk);
      let mss: number;
      mss = tcp_mtu_to_mss(sk, icsk.icsk_mtup.search_low) >> 1;
      mss = min(current.host.sysctl_tcp_base_mss, mss);
      mss = max(mss, 68 - tp.tcp_header_len);
      icsk.icsk_mtup.search_low = tcp_mss_to_mtu(sk, mss);
      tcp_sync_mss(sk, icsk.icsk_pmtu_cookie);
    }
  }
}

/** Has as much time passed as `boundary` backed-off retransmissions take? */
function retransmits_timed_out(sk: sock, boundary: number, timeout: number, syn_set: boolean): boolean {
  let linear_backoff_thresh: number, start_ts: number;
  const rto_base = syn_set ? TCP_TIMEOUT_INIT : TCP_RTO_MIN;
  if (!inet_csk(sk).icsk_retransmits)
    return false;
  if (unlikely(!tcp_sk(sk).retrans_stamp))
    start_ts = TCP_SKB_CB(tcp_write_queue_head(sk)).when;
  else
    start_ts = tcp_sk(sk).retrans_stamp;
  if (likely(timeout === 0)) {
    linear_backoff_thresh = ilog2(TCP_RTO_MAX / rto_base);
    if (boundary <= linear_backoff_thresh)
      timeout = ((2 << boundary) - 1) * rto_base;
    else
      timeout = ((2 << linear_backoff_thresh) - 1) * rto_base + (boundary - linear_backoff_thresh) * TCP_RTO_MAX;
  }
  return (tcp_time_stamp() - start_ts) >>> 0 >= timeout;
}

function tcp_write_timeout(sk: sock): number {
  const icsk = inet_csk(sk);
  let retry_until: number;
  let do_reset: boolean, syn_set = false;
  if ((1 << sk.sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV)) {
    if (icsk.icsk_retransmits)
      dst_negative_advice(sk);
    retry_until = icsk.icsk_syn_retries || current.host.sysctl_tcp_syn_retries;
    syn_set = true;
  } else {
    if (retransmits_timed_out(sk, current.host.sysctl_tcp_retries1, 0, false)) {
      tcp_mtu_probing(icsk, sk);
      dst_negative_advice(sk);
    }
    retry_until = current.host.sysctl_tcp_retries2;
    if (sock_flag(sk, SOCK_DEAD)) {
      const alive = icsk.icsk_rto < TCP_RTO_MAX;
      retry_until = tcp_orphan_retries(sk, alive);
      do_reset = alive || !retransmits_timed_out(sk, retry_until, 0, false);
      if (tcp_out_of_resources(sk, do_reset))
        return 1;
    }
  }
  if (retransmits_timed_out(sk, retry_until, syn_set ? 0 : icsk.icsk_user_timeout, syn_set)) {
    tcp_write_err(sk);
    return 1;
  }
  return 0;
}

/** The delayed-ACK timer, with the socket not owned by a user. */
export function tcp_delack_timer_handler(sk: sock): void {
  const tp = tcp_sk(sk);
  const icsk = inet_csk(sk);
  sk_mem_reclaim_partial(sk);
  out: {
    if (((1 << sk.sk_state) & (TCPF_CLOSE | TCPF_LISTEN)) || !(icsk.icsk_ack.pending & ICSK_ACK_TIMER))
      break out;
    if (time_after(icsk.icsk_ack.timeout, jiffies())) {
      sk_reset_timer(sk, icsk.icsk_delack_timer, icsk.icsk_ack.timeout);
      break out;
    }
    icsk.icsk_ack.pending &= ~ICSK_ACK_TIMER;
    if (!skb_queue_empty(tp.ucopy.prequeue)) {
      let skb: sk_buff;
      NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPSCHEDULERFAILED);
      while ((skb = __skb_dequeue(tp.ucopy.prequeue)) !== null)
        sk_backlog_rcv(sk, skb);
      tp.ucopy.memory = 0;
    }
    if (inet_csk_ack_scheduled(sk)) {
      if (!icsk.icsk_ack.pingpong) {
        icsk.icsk_ack.ato = min(icsk.icsk_ack.ato << 1, icsk.icsk_rto);
      } else {
        icsk.icsk_ack.pingpong = 0;
        icsk.icsk_ack.ato = TCP_ATO_MIN;
      }
      tcp_send_ack(sk);
      NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_DELAYEDACKS);
    }
  }
  if (sk_under_memory_pressure(sk))
    sk_mem_reclaim(sk);
}

function tcp_delack_timer(data: sock): void {
  const sk = data;
  bh_lock_sock(sk);
  if (!sock_owned_by_user(sk)) {
    tcp_delack_timer_handler(sk);
  } else {
    inet_csk(sk).icsk_ack.blocked = 1;
    NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_DELAYEDACKLOCKED);
    if (!test_and_set_bit(TCP_DELACK_TIMER_DEFERRED, tcp_sk(sk).tsq_flags))
      sock_hold(sk);
  }
  bh_unlock_sock(sk);
  sock_put(sk);
}

function tcp_probe_timer(sk: sock): void {
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);
  let max_probes: number;
  if (tp.packets_out || !tcp_send_head(sk)) {
    icsk.icsk_probes_out = 0;
    return;
  }
  max_probes = current.host.sysctl_tcp_retries2;
  if (sock_flag(sk, SOCK_DEAD)) {
    const alive = icsk.icsk_rto * 2 ** icsk.icsk_backoff < TCP_RTO_MAX;
    max_probes = tcp_orphan_retries(sk, alive);
    if (tcp_out_of_resources(sk, alive || icsk.icsk_probes_out <= max_probes))
      return;
  }
  if (icsk.icsk_probes_out > max_probes) {
    tcp_write_err(sk);
  } else {
    tcp_send_probe0(sk);
  }
}

function tcp_fastopen_synack_timer(sk: sock): void {
  const icsk = inet_csk(sk);
  const max_retries = icsk.icsk_syn_retries || current.host.sysctl_tcp_synack_retries + 1;
  let req: request_sock;
  req = tcp_sk(sk).fastopen_rsk;
  req.rsk_ops.syn_ack_timeout(sk, req);
  if (req.num_timeout >= max_retries) {
    tcp_write_err(sk);
    return;
  }
  inet_rtx_syn_ack(sk, req);
  req.num_timeout++;
  inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, TCP_TIMEOUT_INIT << req.num_timeout, TCP_RTO_MAX);
}

/** A retransmission timeout: enter loss, send the head again, back off (RFC 6298, section 5). */
export function tcp_retransmit_timer(sk: sock): void {
  const tp = tcp_sk(sk);
  const icsk = inet_csk(sk);
  if (tp.fastopen_rsk) {
    WARN_ON_ONCE(sk.sk_state !== TCP_SYN_RECV && sk.sk_state !== TCP_FIN_WAIT1);
    tcp_fastopen_synack_timer(sk);
    return;
  }
  out: {
    if (!tp.packets_out)
      break out;
    WARN_ON(tcp_write_queue_empty(sk));
    tp.tlp_high_seq = 0;
    out_reset_timer: {
      if (!tp.snd_wnd && !sock_flag(sk, SOCK_DEAD) && !((1 << sk.sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV))) {
        if (sk.sk_family === AF_INET) {
          current.machine.log('TCP: peer unexpectedly shrunk window');
        }
        if ((tcp_time_stamp() - tp.rcv_tstamp) >>> 0 > TCP_RTO_MAX) {
          tcp_write_err(sk);
          break out;
        }
        tcp_enter_loss(sk, 0);
        tcp_retransmit_skb(sk, tcp_write_queue_head(sk));
        __sk_dst_reset(sk);
        break out_reset_timer;
      }
      if (tcp_write_timeout(sk))
        break out;
      if (icsk.icsk_retransmits === 0) {
        let mib_idx: number;
        if (icsk.icsk_ca_state === TCP_CA_Recovery) {
          if (tcp_is_sack(tp))
            mib_idx = LINUX_MIB_TCPSACKRECOVERYFAIL;
          else
            mib_idx = LINUX_MIB_TCPRENORECOVERYFAIL;
        } else if (icsk.icsk_ca_state === TCP_CA_Loss) {
          mib_idx = LINUX_MIB_TCPLOSSFAILURES;
        } else if (icsk.icsk_ca_state === TCP_CA_Disorder || tp.sacked_out) {
          if (tcp_is_sack(tp))
            mib_idx = LINUX_MIB_TCPSACKFAILURES;
          else
            mib_idx = LINUX_MIB_TCPRENOFAILURES;
        } else {
          mib_idx = LINUX_MIB_TCPTIMEOUTS;
        }
        NET_INC_STATS_BH(sock_net(sk), mib_idx);
      }
      tcp_enter_loss(sk, 0);
      if (tcp_retransmit_skb(sk, tcp_write_queue_head(sk)) > 0) {
        if (!icsk.icsk_retransmits)
          icsk.icsk_retransmits = 1;
        inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, min(icsk.icsk_rto, TCP_RESOURCE_PROBE_INTERVAL), TCP_RTO_MAX);
        break out;
      }
      icsk.icsk_backoff++;
      icsk.icsk_retransmits++;
    }
    if (sk.sk_state === TCP_ESTABLISHED && (tp.thin_lto || current.host.sysctl_tcp_thin_linear_timeouts) && tcp_stream_is_thin(tp) && icsk.icsk_retransmits <= TCP_THIN_LINEAR_RETRIES) {
      icsk.icsk_backoff = 0;
      icsk.icsk_rto = min(__tcp_set_rto(tp), TCP_RTO_MAX);
    } else {
      icsk.icsk_rto = min(icsk.icsk_rto << 1, TCP_RTO_MAX);
    }
    inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, icsk.icsk_rto, TCP_RTO_MAX);
    if (retransmits_timed_out(sk, current.host.sysctl_tcp_retries1 + 1, 0, false))
      __sk_dst_reset(sk);
  }
}

export function tcp_write_timer_handler(sk: sock): void {
  const icsk = inet_csk(sk);
  let event: number;
  out: {
    if (((1 << sk.sk_state) & (TCPF_CLOSE | TCPF_LISTEN)) || !icsk.icsk_pending)
      break out;
    if (time_after(icsk.icsk_timeout, jiffies())) {
      sk_reset_timer(sk, icsk.icsk_retransmit_timer, icsk.icsk_timeout);
      break out;
    }
    event = icsk.icsk_pending;
    switch (event) {
      case ICSK_TIME_EARLY_RETRANS:
        tcp_resume_early_retransmit(sk);
        break;
      case ICSK_TIME_LOSS_PROBE:
        tcp_send_loss_probe(sk);
        break;
      case ICSK_TIME_RETRANS:
        icsk.icsk_pending = 0;
        tcp_retransmit_timer(sk);
        break;
      case ICSK_TIME_PROBE0:
        icsk.icsk_pending = 0;
        tcp_probe_timer(sk);
        break;
    }
  }
  sk_mem_reclaim(sk);
}

function tcp_write_timer(data: sock): void {
  const sk = data;
  bh_lock_sock(sk);
  if (!sock_owned_by_user(sk)) {
    tcp_write_timer_handler(sk);
  } else {
    if (!test_and_set_bit(TCP_WRITE_TIMER_DEFERRED, tcp_sk(sk).tsq_flags))
      sock_hold(sk);
  }
  bh_unlock_sock(sk);
  sock_put(sk);
}

function tcp_synack_timer(sk: sock): void {
  inet_csk_reqsk_queue_prune(sk, TCP_SYNQ_INTERVAL, TCP_TIMEOUT_INIT, TCP_RTO_MAX);
}

export function tcp_syn_ack_timeout(sk: sock, _req: request_sock): void {
  NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPTIMEOUTS);
}

export function tcp_set_keepalive(sk: sock, val: number): void {
  if ((1 << sk.sk_state) & (TCPF_CLOSE | TCPF_LISTEN))
    return;
  if (val && !sock_flag(sk, SOCK_KEEPOPEN))
    inet_csk_reset_keepalive_timer(sk, keepalive_time_when(tcp_sk(sk)));
  else if (!val)
    inet_csk_delete_keepalive_timer(sk);
}

function tcp_keepalive_timer(data: sock): void {
  const sk = data;
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);
  let elapsed: number;
  bh_lock_sock(sk);
  out: {
    if (sock_owned_by_user(sk)) {
      inet_csk_reset_keepalive_timer(sk, Math.trunc(HZ / 20));
      break out;
    }
    if (sk.sk_state === TCP_LISTEN) {
      tcp_synack_timer(sk);
      break out;
    }
    if (sk.sk_state === TCP_FIN_WAIT2 && sock_flag(sk, SOCK_DEAD)) {
      if (tp.linger2 >= 0) {
        const tmo = tcp_fin_time(sk) - TCP_TIMEWAIT_LEN;
        if (tmo > 0) {
          tcp_time_wait(sk, TCP_FIN_WAIT2, tmo);
          break out;
        }
      }
      tcp_send_active_reset(sk, GFP_ATOMIC);
      tcp_done(sk);
      break out;
    }
    if (!sock_flag(sk, SOCK_KEEPOPEN) || sk.sk_state === TCP_CLOSE)
      break out;
    elapsed = keepalive_time_when(tp);
    resched: {
      if (tp.packets_out || tcp_send_head(sk))
        break resched;
      elapsed = keepalive_time_elapsed(tp);
      if (elapsed >= keepalive_time_when(tp)) {
        if ((icsk.icsk_user_timeout !== 0 && elapsed >= icsk.icsk_user_timeout && icsk.icsk_probes_out > 0) || (icsk.icsk_user_timeout === 0 && icsk.icsk_probes_out >= keepalive_probes(tp))) {
          tcp_send_active_reset(sk, GFP_ATOMIC);
          tcp_write_err(sk);
          break out;
        }
        if (tcp_write_wakeup(sk) <= 0) {
          icsk.icsk_probes_out++;
          elapsed = keepalive_intvl_when(tp);
        } else {
          elapsed = TCP_RESOURCE_PROBE_INTERVAL;
        }
      } else {
        elapsed = keepalive_time_when(tp) - elapsed;
      }
      sk_mem_reclaim(sk);
    }
    inet_csk_reset_keepalive_timer(sk, elapsed);
    break out;
  }
  bh_unlock_sock(sk);
  sock_put(sk);
}

export function tcp_init_xmit_timers(sk: sock): void {
  inet_csk_init_xmit_timers(sk, tcp_write_timer, tcp_delack_timer, tcp_keepalive_timer);
}
