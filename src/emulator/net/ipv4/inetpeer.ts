/** net/ipv4/inetpeer.c: an AVL tree of remote addresses. */
import { current, type Gen, type Host } from '../../include/ports';
import { BUG, BUG_ON } from '../../include/asm-generic/bug';
import { atomic_add_unless, atomic_cmpxchg, atomic_dec, atomic_inc, atomic_read, atomic_set, atomic_t } from '../../include/linux/atomic';
import { unlikely } from '../../include/linux/compiler';
import { HZ, jiffies } from '../../include/linux/jiffies';
import { INIT_LIST_HEAD, list_add_tail, list_del, list_empty, list_head, list_splice } from '../../include/linux/list';
import { call_rcu, rcu_dereference, rcu_dereference_protected, rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { RTAX_LOCK } from '../../include/linux/rtnetlink';
import { cond_resched } from '../../include/linux/sched';
import { read_seqbegin, read_seqretry, seqlock_init, spin_lock_bh, spin_unlock_bh, spinlock_t, write_seqlock_bh, write_sequnlock_bh } from '../../include/linux/spinlock';
import { INIT_DEFERRABLE_WORK, delayed_work, schedule_delayed_work, type work_struct } from '../../include/linux/workqueue';
import { INETPEER_METRICS_NEW, inet_peer, type inet_peer_base, type inetpeer_addr } from '../../include/net/inetpeer';

const PEER_MAXDEPTH = 40;
const gc_delay = 60 * 250;

declare module '../../include/ports' {
  interface Host {
    peer_fake_node: inet_peer;
    inetpeer_v4_seq: atomic_t;
    inetpeer_gc_lock: spinlock_t;
    inetpeer_gc_list: list_head<inet_peer>;
    inetpeer_gc_work: delayed_work;
    inet_peer_threshold: number;
    inet_peer_minttl: number;
    inet_peer_maxttl: number;
  }
}
export function inetpeer_globals(host: Host): void {
  const empty = new inet_peer();
  empty.avl_left = empty;
  empty.avl_right = empty;
  host.peer_fake_node = empty;
  host.inetpeer_v4_seq = new atomic_t(0);
  host.inetpeer_gc_lock = new spinlock_t();
  host.inetpeer_gc_list = new list_head<inet_peer>();
  host.inetpeer_gc_work = new delayed_work();
  host.inet_peer_threshold = 65536 + 128;
  host.inet_peer_minttl = 120 * HZ;
  host.inet_peer_maxttl = 10 * 60 * HZ;
}
function node_height(x: inet_peer): number { return x.avl_height; }
function peer_avl_empty(): inet_peer { return current.host.peer_fake_node; }

/** A place that holds a node: the root of `base`, or a child of `of` (struct inet_peer __rcu **). */
class peer_link {
  base: inet_peer_base;
  of: inet_peer;
  left: boolean;
  constructor(base: inet_peer_base, of: inet_peer, left: boolean) { this.base = base; this.of = of; this.left = left; }
  get v(): inet_peer { return this.of === null ? this.base.root : this.left ? this.of.avl_left : this.of.avl_right; }
  set v(p: inet_peer) { if (this.of === null) this.base.root = p; else if (this.left) this.of.avl_left = p; else this.of.avl_right = p; }
}

export function inet_peer_base_init(bp: inet_peer_base): void {
  bp.root = peer_avl_empty();
  seqlock_init(bp.lock);
  bp.flush_seq = 0xffffffff;
  bp.total = 0;
}

function inetpeer_seq_ptr(_family: number): atomic_t {
  return current.host.inetpeer_v4_seq;
}
function flush_check(base: inet_peer_base, family: number): void {
  const fp = inetpeer_seq_ptr(family);
  if (unlikely(base.flush_seq !== atomic_read(fp))) {
    inetpeer_invalidate_tree(base);
    base.flush_seq = atomic_read(fp);
  }
}
export function inetpeer_invalidate_family(family: number): void {
  const fp = inetpeer_seq_ptr(family);
  atomic_inc(fp);
}

function* inetpeer_gc_worker(_work: work_struct): Gen<void> {
  const host = current.host;
  let p: inet_peer, c: inet_peer;
  const list = new list_head<inet_peer>();
  spin_lock_bh(host.inetpeer_gc_lock);
  list_splice(host.inetpeer_gc_list, list);
  INIT_LIST_HEAD(host.inetpeer_gc_list);
  spin_unlock_bh(host.inetpeer_gc_lock);
  if (list_empty(list))
    return;
  for (let at = list.next, n = at.next; at !== list; at = n, n = at.next) {
    p = at.owner;
    yield* cond_resched();
    c = rcu_dereference_protected(p.avl_left, 1);
    if (c !== peer_avl_empty()) {
      list_add_tail(c.gc_list, list);
      p.avl_left = peer_avl_empty();
    }
    c = rcu_dereference_protected(p.avl_right, 1);
    if (c !== peer_avl_empty()) {
      list_add_tail(c.gc_list, list);
      p.avl_right = peer_avl_empty();
    }
    n = p.gc_list.next;
    if (!atomic_read(p.refcnt)) {
      list_del(p.gc_list);
    }
  }
  if (list_empty(list))
    return;
  spin_lock_bh(host.inetpeer_gc_lock);
  list_splice(list, host.inetpeer_gc_list);
  spin_unlock_bh(host.inetpeer_gc_lock);
  schedule_delayed_work(host.inetpeer_gc_work, gc_delay);
}

export function inet_initpeers(): void {
  INIT_DEFERRABLE_WORK(current.host.inetpeer_gc_work, inetpeer_gc_worker);
}

function addr_compare(a: inetpeer_addr, b: inetpeer_addr): number {
  if (a.addr.a4 === b.addr.a4)
    return 0;
  if (a.addr.a4 < b.addr.a4)
    return -1;
  return 1;
}

/** Finds `_daddr`, noting every link on the way in `stack`; returns the node or the empty one. */
function lookup(_daddr: inetpeer_addr, stack: peer_link[], _base: inet_peer_base): inet_peer {
  let u: inet_peer;
  let v: peer_link;
  stack.length = 0;
  stack.push(new peer_link(_base, null, false));
  for (u = _base.root; u !== peer_avl_empty();) {
    const cmp = addr_compare(_daddr, u.daddr);
    if (cmp === 0)
      break;
    if (cmp === -1)
      v = new peer_link(_base, u, true);
    else
      v = new peer_link(_base, u, false);
    stack.push(v);
    u = v.v;
  }
  return u;
}

function lookup_rcu(daddr: inetpeer_addr, base: inet_peer_base): inet_peer {
  let u = rcu_dereference(base.root);
  let count = 0;
  while (u !== peer_avl_empty()) {
    const cmp = addr_compare(daddr, u.daddr);
    if (cmp === 0) {
      if (!atomic_add_unless(u.refcnt, 1, -1))
        u = null;
      return u;
    }
    if (cmp === -1)
      u = rcu_dereference(u.avl_left);
    else
      u = rcu_dereference(u.avl_right);
    if (unlikely(++count === PEER_MAXDEPTH))
      break;
  }
  return null;
}

function lookup_rightempty(start: inet_peer, base: inet_peer_base, stack: peer_link[]): inet_peer {
  let u: inet_peer;
  let v: peer_link;
  stack.push(v = new peer_link(base, start, true));
  for (u = v.v; u.avl_right !== peer_avl_empty();) {
    v = new peer_link(base, u, false);
    stack.push(v);
    u = v.v;
  }
  return u;
}

/** Balances upwards along the first `stackend` links of `stack`. */
function peer_avl_rebalance(stack: peer_link[], stackend: number, _base: inet_peer_base): void {
  let nodep: peer_link;
  let node: inet_peer, l: inet_peer, r: inet_peer;
  let lh: number, rh: number;
  while (stackend > 0) {
    nodep = stack[--stackend];
    node = nodep.v;
    l = node.avl_left;
    r = node.avl_right;
    lh = node_height(l);
    rh = node_height(r);
    if (lh > rh + 1) {
      let ll: inet_peer, lr: inet_peer, lrl: inet_peer, lrr: inet_peer;
      let lrh: number;
      ll = l.avl_left;
      lr = l.avl_right;
      lrh = node_height(lr);
      if (lrh <= node_height(ll)) {
        node.avl_left = lr;
        node.avl_right = r;
        node.avl_height = lrh + 1;
        l.avl_left = ll;
        l.avl_right = node;
        l.avl_height = node.avl_height + 1;
        nodep.v = l;
      } else {
        lrl = lr.avl_left;
        lrr = lr.avl_right;
        node.avl_left = lrr;
        node.avl_right = r;
        node.avl_height = rh + 1;
        l.avl_left = ll;
        l.avl_right = lrl;
        l.avl_height = rh + 1;
        lr.avl_left = l;
        lr.avl_right = node;
        lr.avl_height = rh + 2;
        nodep.v = lr;
      }
    } else if (rh > lh + 1) {
      let rr: inet_peer, rl: inet_peer, rlr: inet_peer, rll: inet_peer;
      let rlh: number;
      rr = r.avl_right;
      rl = r.avl_left;
      rlh = node_height(rl);
      if (rlh <= node_height(rr)) {
        node.avl_right = rl;
        node.avl_left = l;
        node.avl_height = rlh + 1;
        r.avl_right = rr;
        r.avl_left = node;
        r.avl_height = node.avl_height + 1;
        nodep.v = r;
      } else {
        rlr = rl.avl_right;
        rll = rl.avl_left;
        node.avl_right = rll;
        node.avl_left = l;
        node.avl_height = lh + 1;
        r.avl_right = rr;
        r.avl_left = rlr;
        r.avl_height = lh + 1;
        rl.avl_right = r;
        rl.avl_left = node;
        rl.avl_height = lh + 2;
        nodep.v = rl;
      }
    } else {
      node.avl_height = (lh > rh ? lh : rh) + 1;
    }
  }
}

function inetpeer_free_rcu(_head: inet_peer): void { /* garbage collected */ }

function unlink_from_pool(p: inet_peer, base: inet_peer_base, stack: peer_link[]): void {
  let stackptr: number, delp: number;
  if (lookup(p.daddr, stack, base) !== p)
    BUG();
  stackptr = stack.length;
  delp = stackptr - 1;
  if (p.avl_left === peer_avl_empty()) {
    stack[delp].v = p.avl_right;
    --stackptr;
  } else {
    let t: inet_peer;
    t = lookup_rightempty(p, base, stack);
    stackptr = stack.length;
    BUG_ON(stack[stackptr - 1].v !== t);
    stack[--stackptr].v = t.avl_left;
    stack[delp].v = t;
    t.avl_left = p.avl_left;
    t.avl_right = p.avl_right;
    t.avl_height = p.avl_height;
    stack[delp + 1] = new peer_link(base, t, true);
  }
  peer_avl_rebalance(stack, stackptr, base);
  base.total--;
  call_rcu(p, inetpeer_free_rcu);
}

function inet_peer_gc(base: inet_peer_base, stack: peer_link[], stackptr: number): number {
  const host = current.host;
  let p: inet_peer, gchead: inet_peer = null;
  let delta: number, ttl: number;
  let cnt = 0;
  if (base.total >= host.inet_peer_threshold)
    ttl = 0;
  else
    ttl = host.inet_peer_maxttl - Math.trunc(Math.trunc((host.inet_peer_maxttl - host.inet_peer_minttl) / HZ) * base.total / host.inet_peer_threshold) * HZ;
  stackptr--;
  while (stackptr > 0) {
    stackptr--;
    p = stack[stackptr].v;
    if (atomic_read(p.refcnt) === 0) {
      delta = jiffies() - p.dtime;
      if (delta >= ttl && atomic_cmpxchg(p.refcnt, 0, -1) === 0) {
        p.gc_next = gchead;
        gchead = p;
      }
    }
  }
  while ((p = gchead) !== null) {
    gchead = p.gc_next;
    cnt++;
    unlink_from_pool(p, base, stack);
  }
  return cnt;
}

/** The entry of `daddr`, with a reference; made if `create`. */
/** Hangs a new node where the lookup ended (a macro there). */
function link_to_pool(n: inet_peer, base: inet_peer_base, stack: peer_link[]): void {
  n.avl_height = 1;
  n.avl_left = peer_avl_empty();
  n.avl_right = peer_avl_empty();
  stack[stack.length - 1].v = n;
  peer_avl_rebalance(stack, stack.length - 1, base);
}
export function inet_getpeer(base: inet_peer_base, daddr: inetpeer_addr, create: number): inet_peer {
  const stack: peer_link[] = [];
  let p: inet_peer;
  let sequence: number;
  let invalidated: boolean, gccnt = 0;
  flush_check(base, daddr.family);
  rcu_read_lock();
  sequence = read_seqbegin(base.lock);
  p = lookup_rcu(daddr, base);
  invalidated = read_seqretry(base.lock, sequence);
  rcu_read_unlock();
  if (p)
    return p;
  if (!create && !invalidated)
    return null;
  write_seqlock_bh(base.lock);
  relookup: for (;;) {
    p = lookup(daddr, stack, base);
    if (p !== peer_avl_empty()) {
      atomic_inc(p.refcnt);
      write_sequnlock_bh(base.lock);
      return p;
    }
    if (!gccnt) {
      gccnt = inet_peer_gc(base, stack, stack.length);
      if (gccnt && create)
        continue relookup;
    }
    break;
  }
  p = create ? new inet_peer() : null;
  if (p) {
    p.daddr = daddr;
    atomic_set(p.refcnt, 1);
    atomic_set(p.rid, 0);
    p.metrics[RTAX_LOCK - 1] = INETPEER_METRICS_NEW;
    p.rate_tokens = 0;
    p.rate_last = jiffies() - 60 * HZ;
    INIT_LIST_HEAD(p.gc_list);
    link_to_pool(p, base, stack);
    base.total++;
  }
  write_sequnlock_bh(base.lock);
  return p;
}

export function inet_putpeer(p: inet_peer): void {
  p.dtime = jiffies();
  atomic_dec(p.refcnt);
}

const XRLIM_BURST_FACTOR = 6;
/** Token bucket: may one more ICMP message go to `peer` now? `timeout` is the cost of one, in jiffies. */
export function inet_peer_xrlim_allow(peer: inet_peer, timeout: number): boolean {
  let now: number, token: number;
  let rc = false;
  if (!peer)
    return true;
  token = peer.rate_tokens;
  now = jiffies();
  token += now - peer.rate_last;
  peer.rate_last = now;
  if (token > XRLIM_BURST_FACTOR * timeout)
    token = XRLIM_BURST_FACTOR * timeout;
  if (token >= timeout) {
    token -= timeout;
    rc = true;
  }
  peer.rate_tokens = token;
  return rc;
}

function inetpeer_inval_rcu(head: inet_peer): void {
  const host = current.host;
  const p = head;
  spin_lock_bh(host.inetpeer_gc_lock);
  list_add_tail(p.gc_list, host.inetpeer_gc_list);
  spin_unlock_bh(host.inetpeer_gc_lock);
  schedule_delayed_work(host.inetpeer_gc_work, gc_delay);
}

export function inetpeer_invalidate_tree(base: inet_peer_base): void {
  let root: inet_peer;
  write_seqlock_bh(base.lock);
  root = base.root;
  if (root !== peer_avl_empty()) {
    base.root = peer_avl_empty();
    base.total = 0;
    call_rcu(root, inetpeer_inval_rcu);
  }
  write_sequnlock_bh(base.lock);
}
