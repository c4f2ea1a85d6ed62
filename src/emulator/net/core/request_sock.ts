/** net/core/request_sock.c: the SYN queue of a listener. */
import { current } from '../../include/ports';
import type { Host } from '../../include/ports';
import { listen_sock, request_sock, request_sock_queue } from '../../include/net/request_sock.struct';
import { reqsk_free } from '../../include/net/request_sock';
import type { sock } from '../../include/net/sock.struct';
import { PAGE_SIZE } from '../../include/linux/mm';
import { ENOMEM } from '../../include/uapi/asm-generic/errno';
import { max, min } from '../../include/linux/kernel';
import { roundup_pow_of_two } from '../../include/linux/bitops';
import { rwlock_init, spin_lock_bh, spin_unlock_bh, write_lock_bh, write_unlock_bh } from '../../include/linux/spinlock';
import { WARN_ON } from '../../include/asm-generic/bug';
import { HZ, jiffies } from '../../include/linux/jiffies';
import { sock_put } from '../../include/net/sock';
import { tcp_rsk, tcp_sk } from '../../include/linux/tcp';
import { inet_csk } from '../../include/net/inet_connection_sock';
import { TCP_LISTEN } from '../../include/net/tcp_states';

declare module '../../include/ports' { interface Host { sysctl_max_syn_backlog: number } }
export function request_sock_globals(host: Host): void { host.sysctl_max_syn_backlog = 256; }

const sizeof_listen_sock = 24;
function vzalloc(): listen_sock { return new listen_sock(); }
function kzalloc(): listen_sock { return new listen_sock(); }

/** Makes a hash table of at least `nr_table_entries` + 1 slots, a power of two. */
export function reqsk_queue_alloc(queue: request_sock_queue, nr_table_entries: number): number {
  let lopt_size = sizeof_listen_sock;
  let lopt: listen_sock;
  nr_table_entries = min(nr_table_entries, current.host.sysctl_max_syn_backlog);
  nr_table_entries = max(nr_table_entries, 8);
  nr_table_entries = roundup_pow_of_two(nr_table_entries + 1);
  lopt_size += nr_table_entries * 8;
  if (lopt_size > PAGE_SIZE)
    lopt = vzalloc();
  else
    lopt = kzalloc();
  if (lopt === null)
    return -ENOMEM;
  for (let i = 0; i < nr_table_entries; i++) lopt.syn_table.push(null);
  for (lopt.max_qlen_log = 3; (1 << lopt.max_qlen_log) < nr_table_entries; lopt.max_qlen_log++);
  lopt.hash_rnd = current.machine.random() >>> 0;
  rwlock_init(queue.syn_wait_lock);
  queue.rskq_accept_head = null;
  lopt.nr_table_entries = nr_table_entries;
  write_lock_bh(queue.syn_wait_lock);
  queue.listen_opt = lopt;
  write_unlock_bh(queue.syn_wait_lock);
  return 0;
}

export function __reqsk_queue_destroy(queue: request_sock_queue): void {
  queue.listen_opt = null;
}

function reqsk_queue_yank_listen_sk(queue: request_sock_queue): listen_sock {
  let lopt: listen_sock;
  write_lock_bh(queue.syn_wait_lock);
  lopt = queue.listen_opt;
  queue.listen_opt = null;
  write_unlock_bh(queue.syn_wait_lock);
  return lopt;
}

export function reqsk_queue_destroy(queue: request_sock_queue): void {
  const lopt = reqsk_queue_yank_listen_sk(queue);
  if (lopt.qlen !== 0) {
    let i: number;
    for (i = 0; i < lopt.nr_table_entries; i++) {
      let req: request_sock;
      while ((req = lopt.syn_table[i]) !== null) {
        lopt.syn_table[i] = req.dl_next;
        lopt.qlen--;
        reqsk_free(req);
      }
    }
  }
  WARN_ON(lopt.qlen !== 0);
}

/** A fast-open request is over: it leaves its listener, or waits a minute there after a reset. */
export function reqsk_fastopen_remove(sk: sock, req: request_sock, reset: boolean): void {
  const lsk = tcp_rsk(req).listener;
  const fastopenq = inet_csk(lsk).icsk_accept_queue.fastopenq;
  tcp_sk(sk).fastopen_rsk = null;
  spin_lock_bh(fastopenq.lock);
  fastopenq.qlen--;
  tcp_rsk(req).listener = null;
  if (!req.sk) {
    if (!reset || lsk.sk_state !== TCP_LISTEN) {
      spin_unlock_bh(fastopenq.lock);
      sock_put(lsk);
      reqsk_free(req);
      return;
    }
    req.expires = jiffies() + 60 * HZ;
    if (fastopenq.rskq_rst_head === null)
      fastopenq.rskq_rst_head = req;
    else
      fastopenq.rskq_rst_tail.dl_next = req;
    req.dl_next = null;
    fastopenq.rskq_rst_tail = req;
    fastopenq.qlen++;
  }
  spin_unlock_bh(fastopenq.lock);
  sock_put(lsk);
}
