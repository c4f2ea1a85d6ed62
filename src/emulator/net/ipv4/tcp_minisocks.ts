/** Mirror of net/ipv4/tcp_minisocks.c: from a request to a connection, and TIME_WAIT. */
import { jump } from '../../include/linux/compiler';
import { BUG_ON } from '../../include/asm-generic/bug';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import { HZ, jiffies } from '../../include/linux/jiffies';
import { min } from '../../include/linux/kernel';
import { get_seconds } from '../../include/linux/ktime';
import { INIT_LIST_HEAD } from '../../include/linux/list';
import { current, type Host } from '../../include/ports';
import { ntohs } from '../../include/linux/types';
import { setup_timer } from '../../include/linux/timer';
import { INIT_WORK, work_struct } from '../../include/linux/workqueue';
import { skb_queue_head_init, type sk_buff } from '../../include/linux/skbuff';
import { LINUX_MIB_EMBRYONICRSTS, LINUX_MIB_PAWSESTABREJECTED, LINUX_MIB_TCPDEFERACCEPTDROP, LINUX_MIB_TCPTIMEWAITOVERFLOW, TCP_MIB_ATTEMPTFAILS, TCP_MIB_PASSIVEOPENS } from '../../include/linux/snmp';
import { sizeof_tcphdr, TCP_FLAG_ACK, TCP_FLAG_RST, TCP_FLAG_SYN, tcp_flag_word, tcp_hdr, tcp_options_received, tcp_rsk, tcp_sk, tcp_twsk, TCP_CA_Open, type tcphdr, type tcp_sock } from '../../include/linux/tcp';
import {
  inet_csk, inet_csk_clone_lock, inet_csk_reqsk_queue_add, inet_csk_reqsk_queue_drop, inet_csk_reqsk_queue_removed, inet_csk_reqsk_queue_unlink, inet_csk_reset_keepalive_timer, type request_sock_ref,
} from '../../include/net/inet_connection_sock';
import { inet_rsk, inet_sk } from '../../include/net/inet_sock';
import {
  __inet_twsk_hashdance, inet_timewait_death_row, inet_twdr_hangman, inet_twdr_twcal_tick, inet_twdr_twkill_work, INET_TWDR_TWKILL_SLOTS, inet_twsk_alloc, inet_twsk_deschedule, inet_twsk_put, inet_twsk_schedule,
  type inet_timewait_sock, twsk_net,
} from '../../include/net/inet_timewait_sock';
import { NET_INC_STATS_BH } from '../../include/net/ip';
import { reqsk_fastopen_remove, type request_sock } from '../../include/net/request_sock';
import { __sk_add_backlog, bh_unlock_sock, sock_flag, SOCK_KEEPOPEN, sock_net, sock_owned_by_user, sock_put, type sock } from '../../include/net/sock';
import {
  after, before, keepalive_time_when, TCP_ECN_OK, tcp_enable_early_retrans, tcp_enable_fack, TCP_FIN_WAIT2, TCP_INC_STATS_BH, TCP_INFINITE_SSTHRESH, TCP_INIT_CWND, tcp_init_wl, TCP_LISTEN, TCP_MSS_DEFAULT,
  tcp_paws_reject, tcp_prequeue_init, tcp_receive_window, TCP_RTO_MAX, tcp_set_ca_state, TCP_SKB_CB, TCP_SYN_RECV, tcp_time_stamp, TCP_TIME_WAIT, TCP_TIMEOUT_INIT, TCP_TIMEWAIT_LEN, TCP_TW_ACK, TCP_TW_RST,
  TCP_TW_SUCCESS, TCP_TW_SYN, TCPOLEN_TSTAMP_ALIGNED,
} from '../../include/net/tcp';
import { inet_rtx_syn_ack } from './inet_connection_sock';
import { tcp_done } from './tcp';
import { tcp_init_congestion_ops } from './tcp_cong';
import { tcp_parse_options, tcp_rcv_state_process, tcp_reset } from './tcp_input';
import { tcp_remember_stamp, tcp_tw_remember_stamp, tcp_update_metrics } from './tcp_metrics';
import { tcp_init_xmit_timers } from './tcp_timer';


/** tcp_minisocks.c's variables: the death row of TIME_WAIT sockets and two sysctls. */
export function tcp_minisocks_globals(host: Host): void {
  host.sysctl_tcp_syncookies = 1;
  host.sysctl_tcp_abort_on_overflow = 0;
  const row = new inet_timewait_death_row();
  row.sysctl_max_tw_buckets = 8192 * 2;
  row.period = TCP_TIMEWAIT_LEN / INET_TWDR_TWKILL_SLOTS;
  row.hashinfo = host.tcp_hashinfo;
  row.twkill_work = new work_struct();
  row.twkill_work.owner = row;
  setup_timer(row.tw_timer, inet_twdr_hangman, row);
  INIT_WORK(row.twkill_work, inet_twdr_twkill_work);
  setup_timer(row.twcal_timer, inet_twdr_twcal_tick, row);
  host.tcp_death_row = row;
}

function tcp_in_window(seq: number, end_seq: number, s_win: number, e_win: number): boolean {
  if (seq === s_win)
    return true;
  if (after(end_seq, s_win) && before(seq, e_win))
    return true;
  return seq === e_win && seq === end_seq;
}

/** A segment for a connection in TIME_WAIT (or an orphan's FIN_WAIT2): what to answer (RFC 793, RFC 1337, PAWS). */
export function tcp_timewait_state_process(tw: inet_timewait_sock, skb: sk_buff, th: tcphdr): number {
  const tmp_opt = new tcp_options_received();
  const tcptw = tcp_twsk(tw);
  const tcp_death_row = current.host.tcp_death_row;
  let paws_reject = false;
  tmp_opt.saw_tstamp = 0;
  if (th.doff > sizeof_tcphdr >> 2 && tcptw.tw_ts_recent_stamp) {
    tcp_parse_options(skb, tmp_opt, 0, null);
    if (tmp_opt.saw_tstamp) {
      tmp_opt.rcv_tsecr = (tmp_opt.rcv_tsecr - tcptw.tw_ts_offset) >>> 0;
      tmp_opt.ts_recent = tcptw.tw_ts_recent;
      tmp_opt.ts_recent_stamp = tcptw.tw_ts_recent_stamp;
      paws_reject = tcp_paws_reject(tmp_opt, th.rst);
    }
  }
  kill: {
    if (tw.tw_substate === TCP_FIN_WAIT2) {
      if (paws_reject || !tcp_in_window(TCP_SKB_CB(skb).seq, TCP_SKB_CB(skb).end_seq, tcptw.tw_rcv_nxt, (tcptw.tw_rcv_nxt + tcptw.tw_rcv_wnd) >>> 0))
        return TCP_TW_ACK;
      if (th.rst)
        break kill;
      let kill_with_rst = false;
      if (th.syn && !before(TCP_SKB_CB(skb).seq, tcptw.tw_rcv_nxt))
        kill_with_rst = true;
      else if (!th.ack || !after(TCP_SKB_CB(skb).end_seq, tcptw.tw_rcv_nxt) || TCP_SKB_CB(skb).end_seq === TCP_SKB_CB(skb).seq) {
        inet_twsk_put(tw);
        return TCP_TW_SUCCESS;
      }
      if (jump(kill_with_rst) || !th.fin || TCP_SKB_CB(skb).end_seq !== (tcptw.tw_rcv_nxt + 1) >>> 0) {
        inet_twsk_deschedule(tw, tcp_death_row);
        inet_twsk_put(tw);
        return TCP_TW_RST;
      }
      tw.tw_substate = TCP_TIME_WAIT;
      tcptw.tw_rcv_nxt = TCP_SKB_CB(skb).end_seq;
      if (tmp_opt.saw_tstamp) {
        tcptw.tw_ts_recent_stamp = get_seconds();
        tcptw.tw_ts_recent = tmp_opt.rcv_tsval;
      }
      if (tcp_death_row.sysctl_tw_recycle && tcptw.tw_ts_recent_stamp && tcp_tw_remember_stamp(tw))
        inet_twsk_schedule(tw, tcp_death_row, tw.tw_timeout, TCP_TIMEWAIT_LEN);
      else
        inet_twsk_schedule(tw, tcp_death_row, TCP_TIMEWAIT_LEN, TCP_TIMEWAIT_LEN);
      return TCP_TW_ACK;
    }
    if (!paws_reject && TCP_SKB_CB(skb).seq === tcptw.tw_rcv_nxt && (TCP_SKB_CB(skb).seq === TCP_SKB_CB(skb).end_seq || th.rst)) {
      if (th.rst) {
        if (current.host.sysctl_tcp_rfc1337 === 0) {
          break kill;
        }
      }
      inet_twsk_schedule(tw, tcp_death_row, TCP_TIMEWAIT_LEN, TCP_TIMEWAIT_LEN);
      if (tmp_opt.saw_tstamp) {
        tcptw.tw_ts_recent = tmp_opt.rcv_tsval;
        tcptw.tw_ts_recent_stamp = get_seconds();
      }
      inet_twsk_put(tw);
      return TCP_TW_SUCCESS;
    }
    if (th.syn && !th.rst && !th.ack && !paws_reject && (after(TCP_SKB_CB(skb).seq, tcptw.tw_rcv_nxt) || (tmp_opt.saw_tstamp && ((tcptw.tw_ts_recent - tmp_opt.rcv_tsval) | 0) < 0))) {
      let isn = (tcptw.tw_snd_nxt + 65535 + 2) >>> 0;
      if (isn === 0)
        isn++;
      TCP_SKB_CB(skb).when = isn;
      return TCP_TW_SYN;
    }
    if (paws_reject)
      NET_INC_STATS_BH(twsk_net(tw), LINUX_MIB_PAWSESTABREJECTED);
    if (!th.rst) {
      if (paws_reject || th.ack)
        inet_twsk_schedule(tw, tcp_death_row, TCP_TIMEWAIT_LEN, TCP_TIMEWAIT_LEN);
      return TCP_TW_ACK;
    }
    inet_twsk_put(tw);
    return TCP_TW_SUCCESS;
  }
  inet_twsk_deschedule(tw, tcp_death_row);
  inet_twsk_put(tw);
  return TCP_TW_SUCCESS;
}

/** Replaces the socket by a small one in TIME_WAIT, or in FIN_WAIT2 for `timeo` ticks. */
export function tcp_time_wait(sk: sock, state: number, timeo: number): void {
  let tw: inet_timewait_sock = null;
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);
  const tcp_death_row = current.host.tcp_death_row;
  let recycle_ok = false;
  if (tcp_death_row.sysctl_tw_recycle && tp.rx_opt.ts_recent_stamp)
    recycle_ok = !!tcp_remember_stamp(sk);
  if (tcp_death_row.tw_count < tcp_death_row.sysctl_max_tw_buckets)
    tw = inet_twsk_alloc(sk, state);
  if (tw !== null) {
    const tcptw = tcp_twsk(tw);
    const rto = (icsk.icsk_rto << 2) - (icsk.icsk_rto >> 1);
    const inet = inet_sk(sk);
    tw.tw_transparent = Number(inet.transparent);
    tw.tw_rcv_wscale = tp.rx_opt.rcv_wscale;
    tcptw.tw_rcv_nxt = tp.rcv_nxt;
    tcptw.tw_snd_nxt = tp.snd_nxt;
    tcptw.tw_rcv_wnd = tcp_receive_window(tp);
    tcptw.tw_ts_recent = tp.rx_opt.ts_recent;
    tcptw.tw_ts_recent_stamp = tp.rx_opt.ts_recent_stamp;
    tcptw.tw_ts_offset = tp.tsoffset;
    __inet_twsk_hashdance(tw, sk, current.host.tcp_hashinfo);
    if (timeo < rto)
      timeo = rto;
    if (recycle_ok) {
      tw.tw_timeout = rto;
    } else {
      tw.tw_timeout = TCP_TIMEWAIT_LEN;
      if (state === TCP_TIME_WAIT)
        timeo = TCP_TIMEWAIT_LEN;
    }
    inet_twsk_schedule(tw, tcp_death_row, timeo, TCP_TIMEWAIT_LEN);
    inet_twsk_put(tw);
  } else {
    NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPTIMEWAITOVERFLOW);
  }
  tcp_update_metrics(sk);
  tcp_done(sk);
}

export function tcp_twsk_destructor(_sk: sock): void {
}

function TCP_ECN_openreq_child(tp: tcp_sock, req: request_sock): void {
  tp.ecn_flags = inet_rsk(req).ecn_ok ? TCP_ECN_OK : 0;
}

/** The socket of an accepted request: the listener's, with the request's sequence numbers and options. */
export function tcp_create_openreq_child(sk: sock, req: request_sock, skb: sk_buff): sock {
  const newsk = inet_csk_clone_lock(sk, req, GFP_ATOMIC);
  if (newsk !== null) {
    const ireq = inet_rsk(req);
    const treq = tcp_rsk(req);
    const newicsk = inet_csk(newsk);
    const newtp = tcp_sk(newsk);
    newtp.pred_flags = 0;
    newtp.rcv_wup = newtp.copied_seq = newtp.rcv_nxt = (treq.rcv_isn + 1) >>> 0;
    newtp.snd_sml = newtp.snd_una = newtp.snd_nxt = newtp.snd_up = (treq.snt_isn + 1) >>> 0;
    tcp_prequeue_init(newtp);
    INIT_LIST_HEAD(newtp.tsq_node);
    tcp_init_wl(newtp, treq.rcv_isn);
    newtp.srtt = 0;
    newtp.mdev = TCP_TIMEOUT_INIT;
    newicsk.icsk_rto = TCP_TIMEOUT_INIT;
    newicsk.icsk_ack.lrcvtime = tcp_time_stamp();
    newtp.packets_out = 0;
    newtp.retrans_out = 0;
    newtp.sacked_out = 0;
    newtp.fackets_out = 0;
    newtp.snd_ssthresh = TCP_INFINITE_SSTHRESH;
    tcp_enable_early_retrans(newtp);
    newtp.tlp_high_seq = 0;
    newtp.snd_cwnd = TCP_INIT_CWND;
    newtp.snd_cwnd_cnt = 0;
    if (newicsk.icsk_ca_ops !== tcp_init_congestion_ops && !try_module_get(newicsk.icsk_ca_ops))
      newicsk.icsk_ca_ops = tcp_init_congestion_ops;
    tcp_set_ca_state(newsk, TCP_CA_Open);
    tcp_init_xmit_timers(newsk);
    skb_queue_head_init(newtp.out_of_order_queue);
    newtp.write_seq = newtp.pushed_seq = (treq.snt_isn + 1) >>> 0;
    newtp.rx_opt.saw_tstamp = 0;
    newtp.rx_opt.dsack = 0;
    newtp.rx_opt.num_sacks = 0;
    newtp.urg_data = 0;
    if (sock_flag(newsk, SOCK_KEEPOPEN))
      inet_csk_reset_keepalive_timer(newsk, keepalive_time_when(newtp));
    newtp.rx_opt.tstamp_ok = ireq.tstamp_ok;
    if ((newtp.rx_opt.sack_ok = ireq.sack_ok) !== 0) {
      if (current.host.sysctl_tcp_fack)
        tcp_enable_fack(newtp);
    }
    newtp.window_clamp = req.window_clamp;
    newtp.rcv_ssthresh = req.rcv_wnd;
    newtp.rcv_wnd = req.rcv_wnd;
    newtp.rx_opt.wscale_ok = ireq.wscale_ok;
    if (newtp.rx_opt.wscale_ok) {
      newtp.rx_opt.snd_wscale = ireq.snd_wscale;
      newtp.rx_opt.rcv_wscale = ireq.rcv_wscale;
    } else {
      newtp.rx_opt.snd_wscale = newtp.rx_opt.rcv_wscale = 0;
      newtp.window_clamp = min(newtp.window_clamp, 65535);
    }
    newtp.snd_wnd = ntohs(tcp_hdr(skb).window) << newtp.rx_opt.snd_wscale;
    newtp.max_window = newtp.snd_wnd;
    if (newtp.rx_opt.tstamp_ok) {
      newtp.rx_opt.ts_recent = req.ts_recent;
      newtp.rx_opt.ts_recent_stamp = get_seconds();
      newtp.tcp_header_len = sizeof_tcphdr + TCPOLEN_TSTAMP_ALIGNED;
    } else {
      newtp.rx_opt.ts_recent_stamp = 0;
      newtp.tcp_header_len = sizeof_tcphdr;
    }
    newtp.tsoffset = 0;
    if (skb.len >= TCP_MSS_DEFAULT + newtp.tcp_header_len)
      newicsk.icsk_ack.last_seg_size = skb.len - newtp.tcp_header_len;
    newtp.rx_opt.mss_clamp = req.mss;
    TCP_ECN_openreq_child(newtp, req);
    newtp.fastopen_rsk = null;
    newtp.syn_data_acked = 0;
    TCP_INC_STATS_BH(sock_net(sk), TCP_MIB_PASSIVEOPENS);
  }
  return newsk;
}

/** Congestion modules are built in and never go away. */
function try_module_get(_ops: unknown): boolean { return true; }

/** A segment for a request in SYN_RECV: gives the child when the handshake is complete, the listener, or null when it is dealt with. */
export function tcp_check_req(sk: sock, skb: sk_buff, req: request_sock, prev: request_sock_ref, fastopen: boolean): sock {
  const tmp_opt = new tcp_options_received();
  let child: sock;
  const th = tcp_hdr(skb);
  let flg = tcp_flag_word(th) & (TCP_FLAG_RST | TCP_FLAG_SYN | TCP_FLAG_ACK);
  let paws_reject = false;
  BUG_ON(fastopen === (sk.sk_state === TCP_LISTEN));
  tmp_opt.saw_tstamp = 0;
  if (th.doff > sizeof_tcphdr >> 2) {
    tcp_parse_options(skb, tmp_opt, 0, null);
    if (tmp_opt.saw_tstamp) {
      tmp_opt.ts_recent = req.ts_recent;
      tmp_opt.ts_recent_stamp = get_seconds() - ((TCP_TIMEOUT_INIT / HZ) << req.num_timeout);
      paws_reject = tcp_paws_reject(tmp_opt, th.rst);
    }
  }
  if (TCP_SKB_CB(skb).seq === tcp_rsk(req).rcv_isn && flg === TCP_FLAG_SYN && !paws_reject) {
    if (!inet_rtx_syn_ack(sk, req))
      req.expires = min(TCP_TIMEOUT_INIT << req.num_timeout, TCP_RTO_MAX) + jiffies();
    return null;
  }
  if ((flg & TCP_FLAG_ACK) && !fastopen && TCP_SKB_CB(skb).ack_seq !== (tcp_rsk(req).snt_isn + 1) >>> 0)
    return sk;
  if (paws_reject || !tcp_in_window(TCP_SKB_CB(skb).seq, TCP_SKB_CB(skb).end_seq, tcp_rsk(req).rcv_nxt, (tcp_rsk(req).rcv_nxt + req.rcv_wnd) >>> 0)) {
    if (!(flg & TCP_FLAG_RST))
      req.rsk_ops.send_ack(sk, skb, req);
    if (paws_reject)
      NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_PAWSESTABREJECTED);
    return null;
  }
  if (tmp_opt.saw_tstamp && !after(TCP_SKB_CB(skb).seq, tcp_rsk(req).rcv_nxt))
    req.ts_recent = tmp_opt.rcv_tsval;
  if (TCP_SKB_CB(skb).seq === tcp_rsk(req).rcv_isn) {
    flg &= ~TCP_FLAG_SYN;
  }
  embryonic_reset: {
    if (flg & (TCP_FLAG_RST | TCP_FLAG_SYN)) {
      TCP_INC_STATS_BH(sock_net(sk), TCP_MIB_ATTEMPTFAILS);
      break embryonic_reset;
    }
    if (!(flg & TCP_FLAG_ACK))
      return null;
    if (tmp_opt.saw_tstamp && tmp_opt.rcv_tsecr)
      tcp_rsk(req).snt_synack = tmp_opt.rcv_tsecr;
    else if (req.num_retrans)
      tcp_rsk(req).snt_synack = 0;
    if (fastopen)
      return sk;
    if (req.num_timeout < inet_csk(sk).icsk_accept_queue.rskq_defer_accept && TCP_SKB_CB(skb).end_seq === (tcp_rsk(req).rcv_isn + 1) >>> 0) {
      inet_rsk(req).acked = 1;
      NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_TCPDEFERACCEPTDROP);
      return null;
    }
    child = inet_csk(sk).icsk_af_ops.syn_recv_sock(sk, skb, req, null);
    listen_overflow: {
      if (child === null)
        break listen_overflow;
      inet_csk_reqsk_queue_unlink(sk, req, prev);
      inet_csk_reqsk_queue_removed(sk, req);
      inet_csk_reqsk_queue_add(sk, req, child);
      return child;
    }
    if (!current.host.sysctl_tcp_abort_on_overflow) {
      inet_rsk(req).acked = 1;
      return null;
    }
  }
  if (!(flg & TCP_FLAG_RST)) {
    req.rsk_ops.send_reset(sk, skb);
  } else if (fastopen) {
    reqsk_fastopen_remove(sk, req, true);
    tcp_reset(sk);
  }
  if (!fastopen) {
    inet_csk_reqsk_queue_drop(sk, req, prev);
    NET_INC_STATS_BH(sock_net(sk), LINUX_MIB_EMBRYONICRSTS);
  }
  return null;
}

/** Gives the segment to a new connection, which is locked; wakes the listener's reader when it became established. */
export function tcp_child_process(parent: sock, child: sock, skb: sk_buff): number {
  let ret = 0;
  const state = child.sk_state;
  if (!sock_owned_by_user(child)) {
    ret = tcp_rcv_state_process(child, skb, tcp_hdr(skb), skb.len);
    if (state === TCP_SYN_RECV && child.sk_state !== state)
      parent.sk_data_ready(parent, 0);
  } else {
    __sk_add_backlog(child, skb);
  }
  bh_unlock_sock(child);
  sock_put(child);
  return ret;
}
