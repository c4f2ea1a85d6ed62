/** net/ipv4/inet_fragment.c: the hash of fragment queues, their life and their memory. */
import { ENOBUFS } from '../../include/uapi/asm-generic/errno';
import { WARN_ON } from '../../include/asm-generic/bug';
import { current } from '../../include/ports';
import { atomic_dec, atomic_dec_and_test, atomic_inc, atomic_set } from '../../include/linux/atomic';
import { ERR_PTR, PTR_ERR } from '../../include/linux/err';
import { jiffies } from '../../include/linux/jiffies';
import { INIT_HLIST_HEAD, INIT_LIST_HEAD, hlist_add_head, hlist_del, list_del_init, list_empty, list_first_entry, type hlist_node } from '../../include/linux/list';
import { get_random_int } from '../../include/linux/random';
import { kfree_skb, type sk_buff } from '../../include/linux/skbuff';
import { read_lock, read_unlock, rwlock_init, spin_lock, spin_lock_init, spin_unlock, write_lock, write_unlock } from '../../include/linux/spinlock';
import { add_timer, del_timer, mod_timer, setup_timer } from '../../include/linux/timer';
import { local_bh_disable, local_bh_enable } from '../../kernel/softirq';
import {
  INETFRAGS_HASHSZ, INETFRAGS_MAXDEPTH, INET_FRAG_COMPLETE, add_frag_mem_limit, frag_mem_limit, inet_frag_bucket, inet_frag_lru_add, inet_frag_lru_del, inet_frag_put, init_frag_mem_limit, sub_frag_mem_limit,
  type inet_frag_queue, type inet_frags, type netns_frags,
} from '../../include/net/inet_frag';

/** By the OR of all fragments' ECN marks: 0xff drops the datagram, else what is ORed into its TOS (INET_ECN_CE is 3). */
export const ip_frag_ecn_table = [0, 0, 0, 0xff, 0, 0xff, 0, 0xff, 0, 0xff, 3, 0xff, 3, 0xff, 3, 0xff];

function inet_frag_secret_rebuild(dummy: inet_frags): void {
  const f = dummy;
  const now = jiffies();
  let i: number;
  write_lock(f.lock);
  f.rnd = get_random_int() >>> 0;
  for (i = 0; i < INETFRAGS_HASHSZ; i++) {
    let hb: inet_frag_bucket;
    let q: inet_frag_queue;
    let n: hlist_node<inet_frag_queue>;
    hb = f.hash[i];
    for (let p = hb.chain.first; p !== null; p = n) {
      n = p.next;
      q = p.owner;
      const hval = f.hashfn(q);
      if (hval !== i) {
        let hb_dest: inet_frag_bucket;
        hlist_del(q.list);
        hb_dest = f.hash[hval];
        hlist_add_head(q.list, hb_dest.chain);
      }
    }
  }
  write_unlock(f.lock);
  mod_timer(f.secret_timer, now + f.secret_interval);
}

export function inet_frags_init(f: inet_frags): void {
  let i: number;
  for (i = 0; i < INETFRAGS_HASHSZ; i++) {
    const hb = f.hash[i] = new inet_frag_bucket();
    spin_lock_init(hb.chain_lock);
    INIT_HLIST_HEAD(hb.chain);
  }
  rwlock_init(f.lock);
  f.rnd = get_random_int() >>> 0;
  setup_timer(f.secret_timer, inet_frag_secret_rebuild, f);
  f.secret_timer.expires = jiffies() + f.secret_interval;
  add_timer(f.secret_timer);
}
export function inet_frags_init_net(nf: netns_frags): void {
  nf.nqueues = 0;
  init_frag_mem_limit(nf);
  INIT_LIST_HEAD(nf.lru_list);
  spin_lock_init(nf.lru_lock);
}
export function inet_frags_fini(f: inet_frags): void {
  del_timer(f.secret_timer);
}
export function inet_frags_exit_net(nf: netns_frags, f: inet_frags): void {
  nf.low_thresh = 0;
  local_bh_disable();
  inet_frag_evictor(nf, f, true);
  local_bh_enable();
}

function fq_unlink(fq: inet_frag_queue, f: inet_frags): void {
  let hb: inet_frag_bucket;
  let hash: number;
  read_lock(f.lock);
  hash = f.hashfn(fq);
  hb = f.hash[hash];
  spin_lock(hb.chain_lock);
  hlist_del(fq.list);
  spin_unlock(hb.chain_lock);
  read_unlock(f.lock);
  inet_frag_lru_del(fq);
}

export function inet_frag_kill(fq: inet_frag_queue, f: inet_frags): void {
  if (del_timer(fq.timer))
    atomic_dec(fq.refcnt);
  if (!(fq.last_in & INET_FRAG_COMPLETE)) {
    fq_unlink(fq, f);
    atomic_dec(fq.refcnt);
    fq.last_in |= INET_FRAG_COMPLETE;
  }
}

function frag_kfree_skb(_nf: netns_frags, f: inet_frags, skb: sk_buff): void {
  if (f.skb_free)
    f.skb_free(skb);
  kfree_skb(skb);
}

/** Frees a queue that nobody uses; `work`, if given, is lowered by the memory that is free now. */
export function inet_frag_destroy(q: inet_frag_queue, f: inet_frags, work: { v: number }): void {
  let fp: sk_buff;
  let nf: netns_frags;
  let sum: number, sum_truesize = 0;
  WARN_ON(!(q.last_in & INET_FRAG_COMPLETE));
  WARN_ON(del_timer(q.timer));
  fp = q.fragments;
  nf = q.net;
  while (fp) {
    const xp = fp.next;
    sum_truesize += fp.truesize;
    frag_kfree_skb(nf, f, fp);
    fp = xp;
  }
  sum = sum_truesize + f.qsize;
  if (work)
    work.v -= sum;
  sub_frag_mem_limit(q, sum);
  if (f.destructor)
    f.destructor(q);
  kfree(q);
}
function kfree(_q: inet_frag_queue): void { /* garbage collected */ }

export function inet_frag_evictor(nf: netns_frags, f: inet_frags, force: boolean): number {
  let q: inet_frag_queue;
  const work = { v: 0 };
  let evicted = 0;
  if (!force) {
    if (frag_mem_limit(nf) <= nf.high_thresh)
      return 0;
  }
  work.v = frag_mem_limit(nf) - nf.low_thresh;
  while (work.v > 0 || force) {
    spin_lock(nf.lru_lock);
    if (list_empty(nf.lru_list)) {
      spin_unlock(nf.lru_lock);
      break;
    }
    q = list_first_entry(nf.lru_list);
    atomic_inc(q.refcnt);
    list_del_init(q.lru_list);
    spin_unlock(nf.lru_lock);
    spin_lock(q.lock);
    if (!(q.last_in & INET_FRAG_COMPLETE))
      inet_frag_kill(q, f);
    spin_unlock(q.lock);
    if (atomic_dec_and_test(q.refcnt))
      inet_frag_destroy(q, f, work);
    evicted++;
  }
  return evicted;
}

function inet_frag_intern(nf: netns_frags, qp_in: inet_frag_queue, f: inet_frags, arg: unknown): inet_frag_queue {
  let hb: inet_frag_bucket;
  let qp: inet_frag_queue;
  let hash: number;
  read_lock(f.lock);
  hash = f.hashfn(qp_in);
  hb = f.hash[hash];
  spin_lock(hb.chain_lock);
  for (let p = hb.chain.first; p !== null; p = p.next) {
    qp = p.owner;
    if (qp.net === nf && f.match(qp, arg)) {
      atomic_inc(qp.refcnt);
      spin_unlock(hb.chain_lock);
      read_unlock(f.lock);
      qp_in.last_in |= INET_FRAG_COMPLETE;
      inet_frag_put(qp_in, f);
      return qp;
    }
  }
  qp = qp_in;
  if (!mod_timer(qp.timer, jiffies() + nf.timeout))
    atomic_inc(qp.refcnt);
  atomic_inc(qp.refcnt);
  hlist_add_head(qp.list, hb.chain);
  inet_frag_lru_add(nf, qp);
  spin_unlock(hb.chain_lock);
  read_unlock(f.lock);
  return qp;
}

function inet_frag_alloc(nf: netns_frags, f: inet_frags, arg: unknown): inet_frag_queue {
  let q: inet_frag_queue;
  q = f.alloc();
  if (q === null)
    return null;
  q.net = nf;
  f.constructor(q, arg);
  add_frag_mem_limit(q, f.qsize);
  setup_timer(q.timer, f.frag_expire, q);
  spin_lock_init(q.lock);
  atomic_set(q.refcnt, 1);
  INIT_LIST_HEAD(q.lru_list);
  return q;
}

function inet_frag_create(nf: netns_frags, f: inet_frags, arg: unknown): inet_frag_queue {
  let q: inet_frag_queue;
  q = inet_frag_alloc(nf, f, arg);
  if (q === null)
    return null;
  return inet_frag_intern(nf, q, f, arg);
}

/** The queue for `key`, found or made. The caller holds f.lock for reading, and it is released here. */
export function inet_frag_find(nf: netns_frags, f: inet_frags, key: unknown, hash: number): inet_frag_queue {
  let hb: inet_frag_bucket;
  let q: inet_frag_queue;
  let depth = 0;
  hb = f.hash[hash];
  spin_lock(hb.chain_lock);
  for (let p = hb.chain.first; p !== null; p = p.next) {
    q = p.owner;
    if (q.net === nf && f.match(q, key)) {
      atomic_inc(q.refcnt);
      spin_unlock(hb.chain_lock);
      read_unlock(f.lock);
      return q;
    }
    depth++;
  }
  spin_unlock(hb.chain_lock);
  read_unlock(f.lock);
  if (depth <= INETFRAGS_MAXDEPTH)
    return inet_frag_create(nf, f, key);
  else
    return ERR_PTR(-ENOBUFS);
}

export function inet_frag_maybe_warn_overflow(q: inet_frag_queue, prefix: string): void {
  if (q !== null && PTR_ERR(q) === -ENOBUFS)
    current.machine.log(prefix + 'inet_frag_find: Fragment hash bucket list length grew over limit. Dropping fragment.');
}
