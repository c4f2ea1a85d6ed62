/** struct inet_connection_sock and its ops (kernel include/net/inet_connection_sock.h): what every connection-oriented socket adds to inet_sock. */
import type { Gen } from '../ports';
import type { sk_buff } from '../linux/skbuff';
import type { dst_entry } from './dst.struct';
import type { sock } from './sock.struct';
import type { request_sock } from './request_sock';
import type { inet_bind_bucket } from './inet_hashtables';
import type { tcp_congestion_ops } from './tcp.struct';
import { inet_sock } from './inet_sock.struct';
import { request_sock_queue } from './request_sock.struct';
import { timer_list } from '../linux/timer';

/** The address-family half of a connection socket (ipv4_specific is the only table here). */
export interface inet_connection_sock_af_ops {
  queue_xmit: (skb: sk_buff, fl: any) => number;
  send_check: (sk: sock, skb: sk_buff) => void;
  rebuild_header: (sk: sock) => number;
  sk_rx_dst_set: (sk: sock, skb: sk_buff) => void;
  conn_request: (sk: sock, skb: sk_buff) => number;
  syn_recv_sock: (sk: sock, skb: sk_buff, req: request_sock, dst: dst_entry) => sock;
  net_header_len: number;
  net_frag_header_len: number;
  sockaddr_len: number;
  setsockopt: (sk: sock, level: number, optname: number, optval: any, optlen: number) => Gen<number>;
  getsockopt: (sk: sock, level: number, optname: number, optval: any, optlen: any) => any;
  addr2sockaddr: (sk: sock, uaddr: any) => void;
  bind_conflict: (sk: sock, tb: inet_bind_bucket, relax: boolean) => number;
  mtu_reduced: (sk: sock) => void;
}

/** Delayed-ACK state. Times in jiffies, sizes in bytes. */
export class icsk_ack_t {
  pending = 0;
  quick = 0;
  pingpong = 0;
  blocked = 0;
  ato = 0;
  timeout = 0;
  lrcvtime = 0;
  last_seg_size = 0;
  rcv_mss = 0;
}

export class icsk_mtup_t {
  enabled = 0;
  search_high = 0;
  search_low = 0;
  probe_size = 0;
}

/** Private words of the congestion control module. DEVIATION: sixteen raw words in the kernel, here the union of the modules' named fields. */
export class icsk_ca_priv_t {
  cnt = 0;
  last_max_cwnd = 0;
  loss_cwnd = 0;
  last_cwnd = 0;
  last_time = 0;
  bic_origin_point = 0;
  bic_K = 0;
  delay_min = 0;
  epoch_start = 0;
  ack_cnt = 0;
  tcp_cwnd = 0;
  delayed_ack = 0;
  sample_cnt = 0;
  found = 0;
  round_start = 0;
  end_seq = 0;
  last_ack = 0;
  curr_rtt = 0;
}

export class inet_connection_sock extends inet_sock {
  icsk_accept_queue: request_sock_queue = new request_sock_queue();
  icsk_bind_hash: inet_bind_bucket = null;
  icsk_timeout = 0;
  icsk_retransmit_timer: timer_list = new timer_list();
  icsk_delack_timer: timer_list = new timer_list();
  icsk_rto = 0;
  icsk_pmtu_cookie = 0;
  icsk_ca_ops: tcp_congestion_ops = null;
  icsk_af_ops: inet_connection_sock_af_ops = null;
  icsk_sync_mss: (sk: sock, pmtu: number) => number = null;
  icsk_ca_state = 0;
  icsk_retransmits = 0;
  icsk_pending = 0;
  icsk_backoff = 0;
  icsk_syn_retries = 0;
  icsk_probes_out = 0;
  icsk_ext_hdr_len = 0;
  icsk_ack: icsk_ack_t = new icsk_ack_t();
  icsk_mtup: icsk_mtup_t = new icsk_mtup_t();
  icsk_ca_priv: icsk_ca_priv_t = new icsk_ca_priv_t();
  icsk_user_timeout = 0;
}
