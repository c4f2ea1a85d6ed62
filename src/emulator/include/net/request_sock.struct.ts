/** struct request_sock and the queues of a listener (include/net/request_sock.h). A leaf file: inet_request_sock extends request_sock. */
import { rwlock_t, spinlock_t } from '../linux/spinlock';
import type { sk_buff } from '../linux/skbuff.struct';
import type { sock } from './sock.struct';

/** What a protocol does with connection requests. */
export interface request_sock_ops {
  family: number;
  /** Makes the protocol's kind of request (DEVIATION: in place of a slab of obj_size). */
  new_req(): request_sock;
  rtx_syn_ack(sk: sock, req: request_sock): number;
  send_ack(sk: sock, skb: sk_buff, req: request_sock): void;
  send_reset(sk: sock, skb: sk_buff): void;
  destructor(req: request_sock): void;
  syn_ack_timeout(sk: sock, req: request_sock): void;
}

/** A connection that is not one yet. `expires` in jiffies. */
export class request_sock {
  dl_next: request_sock = null;
  mss = 0;
  num_retrans = 0;
  cookie_ts = 0;
  num_timeout = 0;
  window_clamp = 0;
  rcv_wnd = 0;
  ts_recent = 0;
  expires = 0;
  rsk_ops: request_sock_ops = null;
  sk: sock = null;
  secid = 0;
  peer_secid = 0;
}

/** The SYN queue: requests hashed by peer. */
export class listen_sock {
  max_qlen_log = 0;
  synflood_warned = 0;
  qlen = 0;
  qlen_young = 0;
  clock_hand = 0;
  hash_rnd = 0;
  nr_table_entries = 0;
  syn_table: request_sock[] = [];
}

export class fastopen_queue {
  rskq_rst_head: request_sock = null;
  rskq_rst_tail: request_sock = null;
  lock: spinlock_t = new spinlock_t();
  qlen = 0;
  max_qlen = 0;
}

/** The accept queue, and the way to the SYN queue. */
export class request_sock_queue {
  rskq_accept_head: request_sock = null;
  rskq_accept_tail: request_sock = null;
  syn_wait_lock: rwlock_t = new rwlock_t();
  rskq_defer_accept = 0;
  listen_opt: listen_sock = null;
  fastopenq: fastopen_queue = null;
}
