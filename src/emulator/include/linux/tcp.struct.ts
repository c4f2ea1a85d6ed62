/** struct tcp_sock and friends (kernel include/linux/tcp.h). Sequence numbers are unsigned 32-bit, times in jiffies, srtt in 1/8 jiffy. */
import type { sk_buff } from './skbuff';
import type { request_sock } from '../net/request_sock';
import type { sock } from '../net/sock.struct';
import type { Task } from '../ports';
import { sk_buff_head } from './skbuff.struct';
import type { Flags } from './bitops';
import { list_head } from './list';
import { inet_connection_sock } from '../net/inet_connection_sock.struct';
import { inet_timewait_sock } from '../net/inet_timewait_sock.struct';
import { inet_request_sock } from '../net/inet_sock.struct';

export class tcp_fastopen_cookie {
  len = -1;
  val: Uint8Array = null;
}

export class tcp_sack_block_wire {
  start_seq = 0;
  end_seq = 0;
}

export class tcp_sack_block {
  start_seq = 0;
  end_seq = 0;
}

export class tcp_options_received {
  ts_recent_stamp = 0;
  ts_recent = 0;
  rcv_tsval = 0;
  rcv_tsecr = 0;
  saw_tstamp = 0;
  tstamp_ok = 0;
  dsack = 0;
  wscale_ok = 0;
  sack_ok = 0;
  snd_wscale = 0;
  rcv_wscale = 0;
  num_sacks = 0;
  user_mss = 0;
  mss_clamp = 0;
}

export class tcp_request_sock extends inet_request_sock {
  listener: sock = null;
  rcv_isn = 0;
  snt_isn = 0;
  snt_synack = 0;
  rcv_nxt = 0;
}

/** Where a reader in recv() waits: its task, its buffer, and the segments the softirq left for it. */
export class tcp_ucopy {
  prequeue: sk_buff_head = new sk_buff_head();
  task: Task = null;
  iov: any = null;
  memory = 0;
  len = 0;
}

export class tcp_rcv_rtt_est {
  rtt = 0;
  seq = 0;
  time = 0;
}

export class tcp_rcvq_space {
  space = 0;
  seq = 0;
  time = 0;
}

export class tcp_mtu_probe_t {
  probe_seq_start = 0;
  probe_seq_end = 0;
}

export class tcp_sock extends inet_connection_sock {
  tcp_header_len = 0;
  xmit_size_goal_segs = 0;
  pred_flags = 0;
  rcv_nxt = 0;
  copied_seq = 0;
  rcv_wup = 0;
  snd_nxt = 0;
  snd_una = 0;
  snd_sml = 0;
  rcv_tstamp = 0;
  lsndtime = 0;
  tsoffset = 0;
  tsq_node: list_head = new list_head(this);
  tsq_flags: Flags = { v: 0 };
  ucopy: tcp_ucopy = new tcp_ucopy();
  snd_wl1 = 0;
  snd_wnd = 0;
  max_window = 0;
  mss_cache = 0;
  window_clamp = 0;
  rcv_ssthresh = 0;
  advmss = 0;
  unused = 0;
  nonagle = 0;
  thin_lto = 0;
  thin_dupack = 0;
  repair = 0;
  frto = 0;
  repair_queue = 0;
  do_early_retrans = 0;
  syn_data = 0;
  syn_fastopen = 0;
  syn_data_acked = 0;
  tlp_high_seq = 0;
  srtt = 0;
  mdev = 0;
  mdev_max = 0;
  rttvar = 0;
  rtt_seq = 0;
  packets_out = 0;
  retrans_out = 0;
  urg_data = 0;
  ecn_flags = 0;
  reordering = 0;
  snd_up = 0;
  keepalive_probes = 0;
  rx_opt: tcp_options_received = new tcp_options_received();
  snd_ssthresh = 0;
  snd_cwnd = 0;
  snd_cwnd_cnt = 0;
  snd_cwnd_clamp = 0;
  snd_cwnd_used = 0;
  snd_cwnd_stamp = 0;
  prior_cwnd = 0;
  prr_delivered = 0;
  prr_out = 0;
  rcv_wnd = 0;
  write_seq = 0;
  pushed_seq = 0;
  lost_out = 0;
  sacked_out = 0;
  fackets_out = 0;
  tso_deferred = 0;
  lost_skb_hint: sk_buff = null;
  scoreboard_skb_hint: sk_buff = null;
  retransmit_skb_hint: sk_buff = null;
  out_of_order_queue: sk_buff_head = new sk_buff_head();
  duplicate_sack: tcp_sack_block[] = [new tcp_sack_block()];
  selective_acks: tcp_sack_block[] = [new tcp_sack_block(), new tcp_sack_block(), new tcp_sack_block(), new tcp_sack_block()];
  recv_sack_cache: tcp_sack_block[] = [new tcp_sack_block(), new tcp_sack_block(), new tcp_sack_block(), new tcp_sack_block()];
  highest_sack: sk_buff = null;
  lost_cnt_hint = 0;
  retransmit_high = 0;
  lost_retrans_low = 0;
  prior_ssthresh = 0;
  high_seq = 0;
  retrans_stamp = 0;
  undo_marker = 0;
  undo_retrans = 0;
  total_retrans = 0;
  urg_seq = 0;
  keepalive_time = 0;
  keepalive_intvl = 0;
  linger2 = 0;
  rcv_rtt_est: tcp_rcv_rtt_est = new tcp_rcv_rtt_est();
  rcvq_space: tcp_rcvq_space = new tcp_rcvq_space();
  mtu_probe: tcp_mtu_probe_t = new tcp_mtu_probe_t();
  mtu_info = 0;
  fastopen_req: any = null;
  fastopen_rsk: request_sock = null;
}

export class tcp_timewait_sock extends inet_timewait_sock {
  tw_rcv_nxt = 0;
  tw_snd_nxt = 0;
  tw_rcv_wnd = 0;
  tw_ts_offset = 0;
  tw_ts_recent = 0;
  tw_ts_recent_stamp = 0;
}

/** enum tsq_flags: bit numbers of tcp_sock.tsq_flags. */
export const TSQ_THROTTLED = 0;
export const TSQ_QUEUED = 1;
export const TCP_TSQ_DEFERRED = 2;
export const TCP_WRITE_TIMER_DEFERRED = 3;
export const TCP_DELACK_TIMER_DEFERRED = 4;
export const TCP_MTU_REDUCED_DEFERRED = 5;
