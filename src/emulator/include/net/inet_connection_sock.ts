/** Timers, ACK state and the accept queue of connection sockets (kernel include/net/inet_connection_sock.h). Times in jiffies. */
import type { sock } from './sock.struct';
import type { request_sock } from './request_sock';
import type { icsk_ca_priv_t, inet_connection_sock } from './inet_connection_sock.struct';
import { jiffies } from '../linux/jiffies';
import { sk_reset_timer } from './sock';
import { POLLIN, POLLRDNORM } from '../linux/poll';
import {
  reqsk_free, reqsk_queue_add, reqsk_queue_added, reqsk_queue_empty, reqsk_queue_is_full, reqsk_queue_len, reqsk_queue_len_young,
  reqsk_queue_removed, reqsk_queue_unlink,
} from './request_sock';
import { inet_csk_delete_keepalive_timer, inet_csk_reset_keepalive_timer } from '../../net/ipv4/inet_connection_sock';

export * from './inet_connection_sock.struct';
export {
  inet_csk_accept, inet_csk_addr2sockaddr, inet_csk_bind_conflict, inet_csk_clear_xmit_timers, inet_csk_clone_lock, inet_csk_delete_keepalive_timer,
  inet_csk_destroy_sock, inet_csk_get_port, inet_csk_init_xmit_timers, inet_csk_listen_start, inet_csk_listen_stop, inet_csk_prepare_forced_close,
  inet_csk_reqsk_queue_hash_add, inet_csk_reqsk_queue_prune, inet_csk_reset_keepalive_timer, inet_csk_route_child_sock, inet_csk_route_req,
  inet_csk_search_req, inet_csk_update_pmtu, inet_get_local_port_range,
} from '../../net/ipv4/inet_connection_sock';

export const ICSK_TIME_RETRANS = 1;
export const ICSK_TIME_DACK = 2;
export const ICSK_TIME_PROBE0 = 3;
export const ICSK_TIME_EARLY_RETRANS = 4;
export const ICSK_TIME_LOSS_PROBE = 5;

export const ICSK_ACK_SCHED = 1;
export const ICSK_ACK_TIMER = 2;
export const ICSK_ACK_PUSHED = 4;
export const ICSK_ACK_PUSHED2 = 8;

export function inet_csk(sk: sock): inet_connection_sock {
  return sk as inet_connection_sock;
}

export function inet_csk_ca(sk: sock): icsk_ca_priv_t {
  return inet_csk(sk).icsk_ca_priv;
}

export function inet_csk_schedule_ack(sk: sock): void {
  inet_csk(sk).icsk_ack.pending |= ICSK_ACK_SCHED;
}

export function inet_csk_ack_scheduled(sk: sock): number {
  return inet_csk(sk).icsk_ack.pending & ICSK_ACK_SCHED;
}

export function inet_csk_delack_init(sk: sock): void {
  const ack = inet_csk(sk).icsk_ack;
  ack.pending = 0;
  ack.quick = 0;
  ack.pingpong = 0;
  ack.blocked = 0;
  ack.ato = 0;
  ack.timeout = 0;
  ack.lrcvtime = 0;
  ack.last_seg_size = 0;
  ack.rcv_mss = 0;
}

export function inet_csk_clear_xmit_timer(sk: sock, what: number): void {
  const icsk = inet_csk(sk);

  if (what === ICSK_TIME_RETRANS || what === ICSK_TIME_PROBE0) {
    icsk.icsk_pending = 0;
  } else if (what === ICSK_TIME_DACK) {
    icsk.icsk_ack.blocked = icsk.icsk_ack.pending = 0;
  }
}

/** Arms the timer `what` to fire in `when` jiffies, at most `max_when`. */
export function inet_csk_reset_xmit_timer(sk: sock, what: number, when: number, max_when: number): void {
  const icsk = inet_csk(sk);

  if (when > max_when) {
    when = max_when;
  }
  if (what === ICSK_TIME_RETRANS || what === ICSK_TIME_PROBE0 || what === ICSK_TIME_EARLY_RETRANS || what === ICSK_TIME_LOSS_PROBE) {
    icsk.icsk_pending = what;
    icsk.icsk_timeout = jiffies() + when;
    sk_reset_timer(sk, icsk.icsk_retransmit_timer, icsk.icsk_timeout);
  } else if (what === ICSK_TIME_DACK) {
    icsk.icsk_ack.pending |= ICSK_ACK_TIMER;
    icsk.icsk_ack.timeout = jiffies() + when;
    sk_reset_timer(sk, icsk.icsk_delack_timer, icsk.icsk_ack.timeout);
  }
}

export function inet_csk_reqsk_queue_add(sk: sock, req: request_sock, child: sock): void {
  reqsk_queue_add(inet_csk(sk).icsk_accept_queue, req, sk, child);
}

export function inet_csk_reqsk_queue_removed(sk: sock, req: request_sock): void {
  if (reqsk_queue_removed(inet_csk(sk).icsk_accept_queue, req) === 0)
    inet_csk_delete_keepalive_timer(sk);
}

export function inet_csk_reqsk_queue_added(sk: sock, timeout: number): void {
  if (reqsk_queue_added(inet_csk(sk).icsk_accept_queue) === 0)
    inet_csk_reset_keepalive_timer(sk, timeout);
}

export function inet_csk_reqsk_queue_len(sk: sock): number {
  return reqsk_queue_len(inet_csk(sk).icsk_accept_queue);
}

export function inet_csk_reqsk_queue_young(sk: sock): number {
  return reqsk_queue_len_young(inet_csk(sk).icsk_accept_queue);
}

export function inet_csk_reqsk_queue_is_full(sk: sock): number {
  return reqsk_queue_is_full(inet_csk(sk).icsk_accept_queue);
}

/** A `struct request_sock **`: the place (a table slot or another request's dl_next) that points at a request, so that it can be taken out. */
export class request_sock_ref {
  readonly holder: any;
  readonly key: string | number;
  constructor(holder: any, key: string | number) { this.holder = holder; this.key = key; }
  get v(): request_sock { return this.holder[this.key]; }
  set v(req: request_sock) { this.holder[this.key] = req; }
}

export function inet_csk_reqsk_queue_unlink(sk: sock, req: request_sock, prev: request_sock_ref): void {
  reqsk_queue_unlink(inet_csk(sk).icsk_accept_queue, req, prev);
}

export function inet_csk_reqsk_queue_drop(sk: sock, req: request_sock, prev: request_sock_ref): void {
  inet_csk_reqsk_queue_unlink(sk, req, prev);
  inet_csk_reqsk_queue_removed(sk, req);
  reqsk_free(req);
}

export function inet_csk_listen_poll(sk: sock): number {
  return !reqsk_queue_empty(inet_csk(sk).icsk_accept_queue) ? POLLIN | POLLRDNORM : 0;
}
