/** include/net/inet_frag.h: queues of fragments waiting for the rest. */
import { atomic_dec_and_test, atomic_t } from '../linux/atomic';
import { hlist_head, hlist_node, list_add_tail, list_del_init, list_empty, list_head, list_move_tail } from '../linux/list';
import { __percpu_counter_add, percpu_counter, percpu_counter_init, percpu_counter_read, percpu_counter_sum_positive } from '../linux/percpu_counter';
import { rwlock_t, spin_lock, spin_unlock, spinlock_t } from '../linux/spinlock';
import { timer_list } from '../linux/timer';
import { local_bh_disable, local_bh_enable } from '../../kernel/softirq';
import type { sk_buff } from '../linux/skbuff';
import { inet_frag_destroy } from '../../net/ipv4/inet_fragment';
import type { inet_frag_queue } from './inet_frag.struct';
export * from './inet_frag.struct';

export { inet_frag_destroy, inet_frag_evictor, inet_frag_find, inet_frag_kill, inet_frag_maybe_warn_overflow, inet_frags_init, inet_frags_init_net, ip_frag_ecn_table } from '../../net/ipv4/inet_fragment';

export class netns_frags {
  nqueues = 0;
  lru_list: list_head<inet_frag_queue> = new list_head<inet_frag_queue>();
  lru_lock: spinlock_t = new spinlock_t();
  mem: percpu_counter = new percpu_counter();
  timeout = 0;
  high_thresh = 0;
  low_thresh = 0;
}

export const INET_FRAG_COMPLETE = 4;
export const INET_FRAG_FIRST_IN = 2;
export const INET_FRAG_LAST_IN = 1;
export const INETFRAGS_HASHSZ = 1024;
export const INETFRAGS_MAXDEPTH = 128;

export class inet_frag_bucket {
  chain: hlist_head<inet_frag_queue> = new hlist_head<inet_frag_queue>();
  chain_lock: spinlock_t = new spinlock_t();
}

/** `constructor` is an ordinary member here: what sets up a new queue. */
export interface inet_frags { constructor: any }
export class inet_frags {
  hash: inet_frag_bucket[] = [];
  lock: rwlock_t = new rwlock_t();
  secret_interval = 0;
  secret_timer: timer_list = new timer_list();
  rnd = 0;
  qsize = 0;
  hashfn: (q: inet_frag_queue) => number = null;
  match: (q: inet_frag_queue, arg: any) => boolean = null;
  destructor: (q: inet_frag_queue) => void = null;
  skb_free: (skb: sk_buff) => void = null;
  frag_expire: (q: inet_frag_queue) => void = null;
  /** A queue of the protocol's own kind: the kernel allocates `qsize` bytes. */
  alloc: () => inet_frag_queue = null;
}

export function inet_frag_put(q: inet_frag_queue, f: inet_frags): void {
  if (atomic_dec_and_test(q.refcnt))
    inet_frag_destroy(q, f, null);
}

const frag_percpu_counter_batch = 130000;

export function frag_mem_limit(nf: netns_frags): number {
  return percpu_counter_read(nf.mem);
}
export function sub_frag_mem_limit(q: inet_frag_queue, i: number): void {
  __percpu_counter_add(q.net.mem, -i, frag_percpu_counter_batch);
}
export function add_frag_mem_limit(q: inet_frag_queue, i: number): void {
  __percpu_counter_add(q.net.mem, i, frag_percpu_counter_batch);
}
export function init_frag_mem_limit(nf: netns_frags): void {
  percpu_counter_init(nf.mem, 0);
}
export function sum_frag_mem_limit(nf: netns_frags): number {
  let res: number;
  local_bh_disable();
  res = percpu_counter_sum_positive(nf.mem);
  local_bh_enable();
  return res;
}
export function inet_frag_lru_move(q: inet_frag_queue): void {
  spin_lock(q.net.lru_lock);
  if (!list_empty(q.lru_list))
    list_move_tail(q.lru_list, q.net.lru_list);
  spin_unlock(q.net.lru_lock);
}
export function inet_frag_lru_del(q: inet_frag_queue): void {
  spin_lock(q.net.lru_lock);
  list_del_init(q.lru_list);
  q.net.nqueues--;
  spin_unlock(q.net.lru_lock);
}
export function inet_frag_lru_add(nf: netns_frags, q: inet_frag_queue): void {
  spin_lock(nf.lru_lock);
  list_add_tail(q.lru_list, nf.lru_list);
  q.net.nqueues++;
  spin_unlock(nf.lru_lock);
}

export const IPFRAG_ECN_NOT_ECT = 0x01;
export const IPFRAG_ECN_ECT_1 = 0x02;
export const IPFRAG_ECN_ECT_0 = 0x04;
export const IPFRAG_ECN_CE = 0x08;
