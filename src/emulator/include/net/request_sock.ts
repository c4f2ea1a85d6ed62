/** include/net/request_sock.h: connection requests on their way from the SYN queue to the accept queue. Timeouts in jiffies. */
import { listen_sock, request_sock, request_sock_ops, request_sock_queue } from './request_sock.struct';
import type { sock } from './sock.struct';
import { write_lock, write_unlock } from '../linux/spinlock';
import { WARN_ON } from '../asm-generic/bug';
import { jiffies } from '../linux/jiffies';
import { sk_acceptq_added } from './sock';
export * from './request_sock.struct';
export { reqsk_queue_alloc, __reqsk_queue_destroy, reqsk_queue_destroy, reqsk_fastopen_remove } from '../../net/core/request_sock';

export function reqsk_alloc(ops: request_sock_ops): request_sock {
  const req = ops.new_req();
  if (req !== null)
    req.rsk_ops = ops;
  return req;
}
export function __reqsk_free(_req: request_sock): void { /* garbage collected */ }
export function reqsk_free(req: request_sock): void {
  req.rsk_ops.destructor(req);
  __reqsk_free(req);
}
export function reqsk_queue_yank_acceptq(queue: request_sock_queue): request_sock {
  const req = queue.rskq_accept_head;
  queue.rskq_accept_head = null;
  return req;
}
export function reqsk_queue_empty(queue: request_sock_queue): boolean { return queue.rskq_accept_head === null; }
/** `prev_req.v` is the place that points at `req`. */
export function reqsk_queue_unlink(queue: request_sock_queue, req: request_sock, prev_req: { v: request_sock }): void {
  write_lock(queue.syn_wait_lock);
  prev_req.v = req.dl_next;
  write_unlock(queue.syn_wait_lock);
}
export function reqsk_queue_add(queue: request_sock_queue, req: request_sock, parent: sock, child: sock): void {
  req.sk = child;
  sk_acceptq_added(parent);
  if (queue.rskq_accept_head === null)
    queue.rskq_accept_head = req;
  else
    queue.rskq_accept_tail.dl_next = req;
  queue.rskq_accept_tail = req;
  req.dl_next = null;
}
export function reqsk_queue_remove(queue: request_sock_queue): request_sock {
  const req = queue.rskq_accept_head;
  WARN_ON(req === null);
  queue.rskq_accept_head = req.dl_next;
  if (queue.rskq_accept_head === null)
    queue.rskq_accept_tail = null;
  return req;
}
export function reqsk_queue_removed(queue: request_sock_queue, req: request_sock): number {
  const lopt: listen_sock = queue.listen_opt;
  if (req.num_timeout === 0)
    --lopt.qlen_young;
  return --lopt.qlen;
}
export function reqsk_queue_added(queue: request_sock_queue): number {
  const lopt = queue.listen_opt;
  const prev_qlen = lopt.qlen;
  lopt.qlen_young++;
  lopt.qlen++;
  return prev_qlen;
}
export function reqsk_queue_len(queue: request_sock_queue): number { return queue.listen_opt !== null ? queue.listen_opt.qlen : 0; }
export function reqsk_queue_len_young(queue: request_sock_queue): number { return queue.listen_opt.qlen_young; }
export function reqsk_queue_is_full(queue: request_sock_queue): number { return queue.listen_opt.qlen >> queue.listen_opt.max_qlen_log; }
export function reqsk_queue_hash_req(queue: request_sock_queue, hash: number, req: request_sock, timeout: number): void {
  const lopt = queue.listen_opt;
  req.expires = jiffies() + timeout;
  req.num_retrans = 0;
  req.num_timeout = 0;
  req.sk = null;
  req.dl_next = lopt.syn_table[hash];
  write_lock(queue.syn_wait_lock);
  lopt.syn_table[hash] = req;
  write_unlock(queue.syn_wait_lock);
}
