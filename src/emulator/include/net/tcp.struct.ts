/** Types of kernel include/net/tcp.h: the segment's control block and the congestion control table. */
import type { sock } from './sock.struct';
import type { sk_buff } from '../linux/skbuff';
import type { list_head } from '../linux/list';

/** What TCP keeps with each segment. `when` in jiffies (u32), sequence numbers unsigned. */
export class tcp_skb_cb {
  seq = 0;
  end_seq = 0;
  when = 0;
  tcp_flags = 0;
  sacked = 0;
  ip_dsfield = 0;
  ack_seq = 0;

  /** A clone's or copy's own block with the same values. */
  copy(): tcp_skb_cb {
    const c = new tcp_skb_cb();
    c.seq = this.seq;
    c.end_seq = this.end_seq;
    c.when = this.when;
    c.tcp_flags = this.tcp_flags;
    c.sacked = this.sacked;
    c.ip_dsfield = this.ip_dsfield;
    c.ack_seq = this.ack_seq;
    return c;
  }
}

/** enum tcp_ca_event */
export type tcp_ca_event = number;

export interface tcp_congestion_ops {
  list?: list_head;
  flags: number;
  init: (sk: sock) => void;
  release: (sk: sock) => void;
  ssthresh: (sk: sock) => number;
  min_cwnd: (sk: sock) => number;
  cong_avoid: (sk: sock, ack: number, in_flight: number) => void;
  set_state: (sk: sock, new_state: number) => void;
  cwnd_event: (sk: sock, ev: tcp_ca_event) => void;
  undo_cwnd: (sk: sock) => number;
  pkts_acked: (sk: sock, num_acked: number, rtt_us: number) => void;
  name: string;
}

/** Flag of a congestion control that any user may choose. */
export const TCP_CONG_NON_RESTRICTED = 0x1;
