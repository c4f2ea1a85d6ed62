/** net/core/neighbour.c: states, timers and queues of next hops. */
import { current, type Gen, type Host } from '../../include/ports';
import { WARN_ON } from '../../include/asm-generic/bug';
import { EINVAL, EMSGSIZE, ENETDOWN, ENOBUFS, ENOENT, EPERM } from '../../include/uapi/asm-generic/errno';
import { atomic_dec, atomic_dec_and_test, atomic_inc, atomic_inc_not_zero, atomic_inc_return, atomic_read, atomic_set } from '../../include/linux/atomic';
import { unlikely } from '../../include/linux/compiler';
import { ERR_PTR } from '../../include/linux/err';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import { HZ, jiffies, jiffies_to_clock_t, time_after, time_before, time_before_eq } from '../../include/linux/jiffies';
import { max } from '../../include/linux/kernel';
import { MAX_ADDR_LEN, dev_hard_header, dev_hold, dev_net, dev_put, dev_queue_xmit, dev_rebuild_header, netif_running, type net_device } from '../../include/linux/netdevice';
import { get_random_int, net_random } from '../../include/linux/random';
import { call_rcu, kfree_rcu, rcu_assign_pointer, rcu_dereference_bh, rcu_dereference_protected, rcu_read_lock, rcu_read_lock_bh, rcu_read_unlock, rcu_read_unlock_bh } from '../../include/linux/rcupdate';
import { RTM_DELNEIGH, RTM_GETNEIGH, RTM_NEWNEIGH, RTNLGRP_NEIGH, rtnl_notify, rtnl_set_sk_err } from '../../include/linux/rtnetlink';
import { cond_resched } from '../../include/linux/sched';
import { local_bh_enable } from '../../kernel/softirq';
import {
  __skb_dequeue, __skb_pull, __skb_queue_head_init, __skb_queue_purge, __skb_queue_tail, __skb_unlink, kfree_skb, skb_copy, skb_dequeue, skb_dst, skb_network_offset, skb_peek, skb_queue_head_init, skb_queue_head_init_class,
  type sk_buff, type sk_buff_head,
} from '../../include/linux/skbuff';
import {
  read_lock_bh, read_seqbegin, read_seqretry, read_unlock_bh, rwlock_init, rwlock_t, seqlock_init, spin_lock, spin_unlock, write_lock, write_lock_bh, write_seqlock, write_seqlock_bh, write_sequnlock,
  write_sequnlock_bh, write_unlock, write_unlock_bh,
} from '../../include/linux/spinlock';
import { del_timer, del_timer_sync, mod_timer, setup_timer } from '../../include/linux/timer';
import { ntohs } from '../../include/linux/types';
import { INIT_DEFERRABLE_WORK, cancel_delayed_work_sync, delayed_work, schedule_delayed_work, type work_struct } from '../../include/linux/workqueue';
import { dst_neigh_lookup_skb, skb_dst_drop, skb_dst_force, type dst_entry } from '../../include/net/dst';
import {
  LOCALLY_ENQUEUED, NDA_CACHEINFO, NDA_DST, NDA_LLADDR, NDA_PROBES, NEIGH_CACHE_STAT_INC, NEIGH_CB, NEIGH_NUM_HASH_RND, NEIGH_UPDATE_F_ADMIN, NEIGH_UPDATE_F_ISROUTER, NEIGH_UPDATE_F_OVERRIDE,
  NEIGH_UPDATE_F_OVERRIDE_ISROUTER, NEIGH_UPDATE_F_WEAK_OVERRIDE, NTF_ROUTER, NUD_CONNECTED, NUD_DELAY, NUD_FAILED, NUD_INCOMPLETE, NUD_IN_TIMER, NUD_NOARP, NUD_NONE, NUD_PERMANENT, NUD_PROBE, NUD_REACHABLE,
  NUD_STALE, NUD_VALID, __neigh_lookup, neigh_event_send, neigh_ha_snapshot, neigh_hash_table, neigh_hold, neigh_parms, neigh_parms_clone, neigh_parms_net, neigh_release, neigh_statistics, neighbour,
  pneigh_entry, pneigh_net, type hh_cache, type neigh_table,
} from '../../include/net/neighbour';
import { nda_cacheinfo, ndmsg } from '../../include/linux/neighbour';
import { hold_net, net_eq, release_net, write_pnet, type net } from '../../include/net/net_namespace';
import { NETEVENT_NEIGH_UPDATE, call_netevent_notifiers } from '../../include/net/netevent';
import { NLMSG_ALIGN, NLM_F_REQUEST, nla_put, nla_put_u32, nla_total_size, nlmsg_cancel, nlmsg_data, nlmsg_end, nlmsg_new, nlmsg_put, type nlmsghdr } from '../../include/net/netlink';

const PNEIGH_HASHMASK = 0xf;

declare module '../../include/ports' { interface Host { neigh_tables: neigh_table; neigh_tbl_lock: rwlock_t } }
export function neighbour_globals(host: Host): void {
  host.neigh_tables = null;
  host.neigh_tbl_lock = new rwlock_t();
}

function neigh_blackhole(_neigh: neighbour, skb: sk_buff): number {
  kfree_skb(skb);
  return -ENETDOWN;
}

function neigh_cleanup_and_release(neigh: neighbour): void {
  if (neigh.parms.neigh_cleanup)
    neigh.parms.neigh_cleanup(neigh);
  __neigh_notify(neigh, RTM_DELNEIGH, 0);
  neigh_release(neigh);
}

/** A time between half and one and a half of `base`. */
export function neigh_rand_reach_time(base: number): number {
  return base ? (net_random() % base) + (base >> 1) : 0;
}

function neigh_forced_gc(tbl: neigh_table): number {
  let shrunk = 0;
  let i: number;
  let nht: neigh_hash_table;
  NEIGH_CACHE_STAT_INC(tbl, 'forced_gc_runs');
  write_lock_bh(tbl.lock);
  nht = rcu_dereference_protected(tbl.nht, true);
  for (i = 0; i < (1 << nht.hash_shift); i++) {
    let n: neighbour;
    let np: neighbour = null;
    while ((n = np ? np.next : nht.hash_buckets[i]) !== null) {
      write_lock(n.lock);
      if (atomic_read(n.refcnt) === 1 && !(n.nud_state & NUD_PERMANENT)) {
        if (np) rcu_assign_pointer(np.next = n.next); else rcu_assign_pointer(nht.hash_buckets[i] = n.next);
        n.dead = 1;
        shrunk = 1;
        write_unlock(n.lock);
        neigh_cleanup_and_release(n);
        continue;
      }
      write_unlock(n.lock);
      np = n;
    }
  }
  tbl.last_flush = jiffies();
  write_unlock_bh(tbl.lock);
  return shrunk;
}

function neigh_add_timer(n: neighbour, when: number): void {
  neigh_hold(n);
  if (unlikely(mod_timer(n.timer, when)))
    current.machine.log('NEIGH: BUG, double timer add, state is ' + n.nud_state);
}

function neigh_del_timer(n: neighbour): number {
  if ((n.nud_state & NUD_IN_TIMER) && del_timer(n.timer)) {
    neigh_release(n);
    return 1;
  }
  return 0;
}

function pneigh_queue_purge(list: sk_buff_head): void {
  let skb: sk_buff;
  while ((skb = skb_dequeue(list)) !== null) {
    dev_put(skb.dev);
    kfree_skb(skb);
  }
}

function neigh_flush_dev(tbl: neigh_table, dev: net_device): void {
  let i: number;
  let nht: neigh_hash_table;
  nht = rcu_dereference_protected(tbl.nht, true);
  for (i = 0; i < (1 << nht.hash_shift); i++) {
    let n: neighbour;
    let np: neighbour = null;
    while ((n = np ? np.next : nht.hash_buckets[i]) !== null) {
      if (dev && n.dev !== dev) {
        np = n;
        continue;
      }
      if (np) rcu_assign_pointer(np.next = n.next); else rcu_assign_pointer(nht.hash_buckets[i] = n.next);
      write_lock(n.lock);
      neigh_del_timer(n);
      n.dead = 1;
      if (atomic_read(n.refcnt) !== 1) {
        __skb_queue_purge(n.arp_queue);
        n.arp_queue_len_bytes = 0;
        n.output = neigh_blackhole;
        if (n.nud_state & NUD_VALID)
          n.nud_state = NUD_NOARP;
        else
          n.nud_state = NUD_NONE;
        neigh_dbg(2, 'neigh %p is stray');
      }
      write_unlock(n.lock);
      neigh_cleanup_and_release(n);
    }
  }
}

export function neigh_changeaddr(tbl: neigh_table, dev: net_device): void {
  write_lock_bh(tbl.lock);
  neigh_flush_dev(tbl, dev);
  write_unlock_bh(tbl.lock);
}

export function neigh_ifdown(tbl: neigh_table, dev: net_device): number {
  write_lock_bh(tbl.lock);
  neigh_flush_dev(tbl, dev);
  pneigh_ifdown(tbl, dev);
  write_unlock_bh(tbl.lock);
  del_timer_sync(tbl.proxy_timer);
  pneigh_queue_purge(tbl.proxy_queue);
  return 0;
}

function neigh_alloc(tbl: neigh_table, _dev: net_device): neighbour {
  let n: neighbour = null;
  const now = jiffies();
  let entries: number;
  entries = atomic_inc_return(tbl.entries) - 1;
  out_entries: {
    if (entries >= tbl.gc_thresh3 || (entries >= tbl.gc_thresh2 && time_after(now, tbl.last_flush + 5 * HZ))) {
      if (!neigh_forced_gc(tbl) && entries >= tbl.gc_thresh3)
        break out_entries;
    }
    n = new neighbour();
    if (!n)
      break out_entries;
    __skb_queue_head_init(n.arp_queue);
    rwlock_init(n.lock);
    seqlock_init(n.ha_lock);
    n.updated = n.used = now;
    n.nud_state = NUD_NONE;
    n.output = neigh_blackhole;
    seqlock_init(n.hh.hh_lock);
    n.parms = neigh_parms_clone(tbl.parms);
    setup_timer(n.timer, neigh_timer_handler, n);
    NEIGH_CACHE_STAT_INC(tbl, 'allocs');
    n.tbl = tbl;
    atomic_set(n.refcnt, 1);
    n.dead = 1;
    return n;
  }
  atomic_dec(tbl.entries);
  return n;
}

function neigh_get_hash_rnd(): number {
  return (get_random_int() | 1) >>> 0;
}

function neigh_hash_alloc(shift: number): neigh_hash_table {
  const size = 1 << shift;
  let ret: neigh_hash_table;
  let i: number;
  ret = new neigh_hash_table();
  ret.hash_buckets = new Array<neighbour>(size).fill(null);
  ret.hash_shift = shift;
  for (i = 0; i < NEIGH_NUM_HASH_RND; i++)
    ret.hash_rnd[i] = neigh_get_hash_rnd();
  return ret;
}

function neigh_hash_free_rcu(_head: neigh_hash_table): void { /* garbage collected */ }

function neigh_hash_grow(tbl: neigh_table, new_shift: number): neigh_hash_table {
  let i: number, hash: number;
  let new_nht: neigh_hash_table, old_nht: neigh_hash_table;
  NEIGH_CACHE_STAT_INC(tbl, 'hash_grows');
  old_nht = rcu_dereference_protected(tbl.nht, true);
  new_nht = neigh_hash_alloc(new_shift);
  if (!new_nht)
    return old_nht;
  for (i = 0; i < (1 << old_nht.hash_shift); i++) {
    let n: neighbour, next: neighbour;
    for (n = rcu_dereference_protected(old_nht.hash_buckets[i], true); n !== null; n = next) {
      hash = tbl.hash(n.primary_key, n.dev, new_nht.hash_rnd);
      hash >>>= (32 - new_nht.hash_shift);
      next = rcu_dereference_protected(n.next, true);
      n.next = new_nht.hash_buckets[hash];
      new_nht.hash_buckets[hash] = n;
    }
  }
  tbl.nht = new_nht;
  call_rcu(old_nht, neigh_hash_free_rcu);
  return new_nht;
}

export function neigh_lookup(tbl: neigh_table, pkey: number, dev: net_device): neighbour {
  let n: neighbour;
  const key_len = tbl.key_len;
  let hash_val: number;
  let nht: neigh_hash_table;
  NEIGH_CACHE_STAT_INC(tbl, 'lookups');
  rcu_read_lock_bh();
  nht = rcu_dereference_bh(tbl.nht);
  hash_val = tbl.hash(pkey, dev, nht.hash_rnd) >>> (32 - nht.hash_shift);
  for (n = rcu_dereference_bh(nht.hash_buckets[hash_val]); n !== null; n = rcu_dereference_bh(n.next)) {
    if (dev === n.dev && !memcmp(n.primary_key, pkey, key_len)) {
      if (!atomic_inc_not_zero(n.refcnt))
        n = null;
      NEIGH_CACHE_STAT_INC(tbl, 'hits');
      break;
    }
  }
  rcu_read_unlock_bh();
  return n;
}

export function neigh_lookup_nodev(tbl: neigh_table, net: net, pkey: number): neighbour {
  let n: neighbour;
  let hash_val: number;
  let nht: neigh_hash_table;
  NEIGH_CACHE_STAT_INC(tbl, 'lookups');
  rcu_read_lock_bh();
  nht = rcu_dereference_bh(tbl.nht);
  hash_val = tbl.hash(pkey, null, nht.hash_rnd) >>> (32 - nht.hash_shift);
  for (n = rcu_dereference_bh(nht.hash_buckets[hash_val]); n !== null; n = rcu_dereference_bh(n.next)) {
    if (n.primary_key === pkey && net_eq(dev_net(n.dev), net)) {
      if (!atomic_inc_not_zero(n.refcnt))
        n = null;
      NEIGH_CACHE_STAT_INC(tbl, 'hits');
      break;
    }
  }
  rcu_read_unlock_bh();
  return n;
}

/** Makes an entry for `pkey` on `dev`, or finds the one that somebody else made meanwhile. Returns it or an error pointer. */
export function __neigh_create(tbl: neigh_table, pkey: number, dev: net_device, want_ref: boolean): neighbour {
  let hash_val: number;
  const key_len = tbl.key_len;
  let error: number;
  let n1: neighbour, rc: neighbour;
  const n = neigh_alloc(tbl, dev);
  let nht: neigh_hash_table;
  if (!n) {
    rc = ERR_PTR(-ENOBUFS);
    return rc;
  }
  memcpy(n, pkey, key_len);
  n.dev = dev;
  dev_hold(dev);
  out_neigh_release: {
    if (tbl.constructor && (error = tbl.constructor(n)) < 0) {
      rc = ERR_PTR(error);
      break out_neigh_release;
    }
    if (dev.netdev_ops.ndo_neigh_construct) {
      error = dev.netdev_ops.ndo_neigh_construct(n);
      if (error < 0) {
        rc = ERR_PTR(error);
        break out_neigh_release;
      }
    }
    if (n.parms.neigh_setup && (error = n.parms.neigh_setup(n)) < 0) {
      rc = ERR_PTR(error);
      break out_neigh_release;
    }
    n.confirmed = jiffies() - (n.parms.base_reachable_time << 1);
    write_lock_bh(tbl.lock);
    nht = rcu_dereference_protected(tbl.nht, true);
    if (atomic_read(tbl.entries) > (1 << nht.hash_shift))
      nht = neigh_hash_grow(tbl, nht.hash_shift + 1);
    hash_val = tbl.hash(pkey, dev, nht.hash_rnd) >>> (32 - nht.hash_shift);
    out_tbl_unlock: {
      if (n.parms.dead) {
        rc = ERR_PTR(-EINVAL);
        break out_tbl_unlock;
      }
      for (n1 = rcu_dereference_protected(nht.hash_buckets[hash_val], true); n1 !== null; n1 = rcu_dereference_protected(n1.next, true)) {
        if (dev === n1.dev && !memcmp(n1.primary_key, pkey, key_len)) {
          if (want_ref)
            neigh_hold(n1);
          rc = n1;
          break out_tbl_unlock;
        }
      }
      n.dead = 0;
      if (want_ref)
        neigh_hold(n);
      rcu_assign_pointer(n.next = rcu_dereference_protected(nht.hash_buckets[hash_val], true));
      rcu_assign_pointer(nht.hash_buckets[hash_val] = n);
      write_unlock_bh(tbl.lock);
      neigh_dbg(2, 'neigh %p is created');
      rc = n;
      return rc;
    }
    write_unlock_bh(tbl.lock);
  }
  neigh_release(n);
  return rc;
}

function pneigh_hash(pkey: number): number {
  let hash_val = pkey;
  hash_val ^= (hash_val >>> 16);
  hash_val ^= hash_val >>> 8;
  hash_val ^= hash_val >>> 4;
  hash_val &= PNEIGH_HASHMASK;
  return hash_val;
}

function __pneigh_lookup_1(n: pneigh_entry, net: net, pkey: number, dev: net_device): pneigh_entry {
  while (n) {
    if (n.key === pkey && net_eq(pneigh_net(n), net) && (n.dev === dev || !n.dev))
      return n;
    n = n.next;
  }
  return null;
}

export function __pneigh_lookup(tbl: neigh_table, net: net, pkey: number, dev: net_device): pneigh_entry {
  const hash_val = pneigh_hash(pkey);
  return __pneigh_lookup_1(tbl.phash_buckets[hash_val], net, pkey, dev);
}

export function pneigh_lookup(tbl: neigh_table, net: net, pkey: number, dev: net_device, creat: number): pneigh_entry {
  let n: pneigh_entry;
  const hash_val = pneigh_hash(pkey);
  read_lock_bh(tbl.lock);
  n = __pneigh_lookup_1(tbl.phash_buckets[hash_val], net, pkey, dev);
  read_unlock_bh(tbl.lock);
  out: {
    if (n || !creat)
      break out;
    n = new pneigh_entry();
    write_pnet(n, hold_net(net));
    n.key = pkey;
    n.dev = dev;
    if (dev)
      dev_hold(dev);
    if (tbl.pconstructor && tbl.pconstructor(n)) {
      if (dev)
        dev_put(dev);
      release_net(net);
      n = null;
      break out;
    }
    write_lock_bh(tbl.lock);
    n.next = tbl.phash_buckets[hash_val];
    tbl.phash_buckets[hash_val] = n;
    write_unlock_bh(tbl.lock);
  }
  return n;
}

export function pneigh_delete(tbl: neigh_table, net: net, pkey: number, dev: net_device): number {
  let n: pneigh_entry, np: pneigh_entry = null;
  const hash_val = pneigh_hash(pkey);
  write_lock_bh(tbl.lock);
  for (n = tbl.phash_buckets[hash_val]; n !== null; np = n, n = n.next) {
    if (n.key === pkey && n.dev === dev && net_eq(pneigh_net(n), net)) {
      if (np) np.next = n.next; else tbl.phash_buckets[hash_val] = n.next;
      write_unlock_bh(tbl.lock);
      if (tbl.pdestructor)
        tbl.pdestructor(n);
      if (n.dev)
        dev_put(n.dev);
      release_net(pneigh_net(n));
      return 0;
    }
  }
  write_unlock_bh(tbl.lock);
  return -ENOENT;
}

function pneigh_ifdown(tbl: neigh_table, dev: net_device): number {
  let n: pneigh_entry, np: pneigh_entry;
  let h: number;
  for (h = 0; h <= PNEIGH_HASHMASK; h++) {
    np = null;
    while ((n = np ? np.next : tbl.phash_buckets[h]) !== null) {
      if (!dev || n.dev === dev) {
        if (np) np.next = n.next; else tbl.phash_buckets[h] = n.next;
        if (tbl.pdestructor)
          tbl.pdestructor(n);
        if (n.dev)
          dev_put(n.dev);
        release_net(pneigh_net(n));
        continue;
      }
      np = n;
    }
  }
  return -ENOENT;
}

function neigh_parms_put(parms: neigh_parms): void {
  if (atomic_dec_and_test(parms.refcnt))
    neigh_parms_destroy(parms);
}

export function neigh_destroy(neigh: neighbour): void {
  const dev = neigh.dev;
  NEIGH_CACHE_STAT_INC(neigh.tbl, 'destroys');
  if (!neigh.dead) {
    current.machine.log('Destroying alive neighbour');
    return;
  }
  if (neigh_del_timer(neigh))
    current.machine.log('Impossible event');
  write_lock_bh(neigh.lock);
  __skb_queue_purge(neigh.arp_queue);
  write_unlock_bh(neigh.lock);
  neigh.arp_queue_len_bytes = 0;
  if (dev.netdev_ops.ndo_neigh_destroy)
    dev.netdev_ops.ndo_neigh_destroy(neigh);
  dev_put(dev);
  neigh_parms_put(neigh.parms);
  neigh_dbg(2, 'neigh %p is destroyed');
  atomic_dec(neigh.tbl.entries);
  kfree_rcu(neigh);
}

function neigh_suspect(neigh: neighbour): void {
  neigh_dbg(2, 'neigh %p is suspected');
  neigh.output = neigh.ops.output;
}

function neigh_connect(neigh: neighbour): void {
  neigh_dbg(2, 'neigh %p is connected');
  neigh.output = neigh.ops.connected_output;
}

function* neigh_periodic_work(work: work_struct): Gen<void> {
  const tbl = work.owner as neigh_table;
  let n: neighbour;
  let np: neighbour;
  let i: number;
  let nht: neigh_hash_table;
  NEIGH_CACHE_STAT_INC(tbl, 'periodic_gc_runs');
  write_lock_bh(tbl.lock);
  nht = rcu_dereference_protected(tbl.nht, true);
  if (time_after(jiffies(), tbl.last_rand + 300 * HZ)) {
    let p: neigh_parms;
    tbl.last_rand = jiffies();
    for (p = tbl.parms; p; p = p.next)
      p.reachable_time = neigh_rand_reach_time(p.base_reachable_time);
  }
  out: {
    if (atomic_read(tbl.entries) < tbl.gc_thresh1)
      break out;
    for (i = 0; i < (1 << nht.hash_shift); i++) {
      np = null;
      while ((n = np ? np.next : nht.hash_buckets[i]) !== null) {
        let state: number;
        write_lock(n.lock);
        next_elt: {
          state = n.nud_state;
          if (state & (NUD_PERMANENT | NUD_IN_TIMER)) {
            write_unlock(n.lock);
            break next_elt;
          }
          if (time_before(n.used, n.confirmed))
            n.used = n.confirmed;
          if (atomic_read(n.refcnt) === 1 && (state === NUD_FAILED || time_after(jiffies(), n.used + n.parms.gc_staletime))) {
            if (np) rcu_assign_pointer(np.next = n.next); else rcu_assign_pointer(nht.hash_buckets[i] = n.next);
            n.dead = 1;
            write_unlock(n.lock);
            neigh_cleanup_and_release(n);
            continue;
          }
          write_unlock(n.lock);
        }
        np = n;
      }
      write_unlock_bh(tbl.lock);
      yield* cond_resched();
      write_lock_bh(tbl.lock);
      nht = rcu_dereference_protected(tbl.nht, true);
    }
  }
  schedule_delayed_work(tbl.gc_work, tbl.parms.base_reachable_time >> 1);
  write_unlock_bh(tbl.lock);
}

function neigh_max_probes(n: neighbour): number {
  const p = n.parms;
  return (n.nud_state & NUD_PROBE) ? p.ucast_probes : p.ucast_probes + p.app_probes + p.mcast_probes;
}

function neigh_invalidate(neigh: neighbour): void {
  let skb: sk_buff;
  NEIGH_CACHE_STAT_INC(neigh.tbl, 'res_failed');
  neigh_dbg(2, 'neigh %p is failed');
  neigh.updated = jiffies();
  while (neigh.nud_state === NUD_FAILED && (skb = __skb_dequeue(neigh.arp_queue)) !== null) {
    write_unlock(neigh.lock);
    neigh.ops.error_report(neigh, skb);
    write_lock(neigh.lock);
  }
  __skb_queue_purge(neigh.arp_queue);
  neigh.arp_queue_len_bytes = 0;
}

function neigh_probe(neigh: neighbour): void {
  let skb = skb_peek(neigh.arp_queue);
  if (skb)
    skb = skb_copy(skb, GFP_ATOMIC);
  write_unlock(neigh.lock);
  if (neigh.ops.solicit)
    neigh.ops.solicit(neigh, skb);
  atomic_inc(neigh.probes);
  kfree_skb(skb);
}

function neigh_timer_handler(arg: neighbour): void {
  let now: number, next: number;
  const neigh = arg;
  let state: number;
  let notify = 0;
  write_lock(neigh.lock);
  state = neigh.nud_state;
  now = jiffies();
  next = now + HZ;
  unlocked: {
    out: {
      if (!(state & NUD_IN_TIMER))
        break out;
      if (state & NUD_REACHABLE) {
        if (time_before_eq(now, neigh.confirmed + neigh.parms.reachable_time)) {
          neigh_dbg(2, 'neigh %p is still alive');
          next = neigh.confirmed + neigh.parms.reachable_time;
        } else if (time_before_eq(now, neigh.used + neigh.parms.delay_probe_time)) {
          neigh_dbg(2, 'neigh %p is delayed');
          neigh.nud_state = NUD_DELAY;
          neigh.updated = jiffies();
          neigh_suspect(neigh);
          next = now + neigh.parms.delay_probe_time;
        } else {
          neigh_dbg(2, 'neigh %p is suspected');
          neigh.nud_state = NUD_STALE;
          neigh.updated = jiffies();
          neigh_suspect(neigh);
          notify = 1;
        }
      } else if (state & NUD_DELAY) {
        if (time_before_eq(now, neigh.confirmed + neigh.parms.delay_probe_time)) {
          neigh_dbg(2, 'neigh %p is now reachable');
          neigh.nud_state = NUD_REACHABLE;
          neigh.updated = jiffies();
          neigh_connect(neigh);
          notify = 1;
          next = neigh.confirmed + neigh.parms.reachable_time;
        } else {
          neigh_dbg(2, 'neigh %p is probed');
          neigh.nud_state = NUD_PROBE;
          neigh.updated = jiffies();
          atomic_set(neigh.probes, 0);
          next = now + neigh.parms.retrans_time;
        }
      } else {
        next = now + neigh.parms.retrans_time;
      }
      if ((neigh.nud_state & (NUD_INCOMPLETE | NUD_PROBE)) && atomic_read(neigh.probes) >= neigh_max_probes(neigh)) {
        neigh.nud_state = NUD_FAILED;
        notify = 1;
        neigh_invalidate(neigh);
      }
      if (neigh.nud_state & NUD_IN_TIMER) {
        if (time_before(next, jiffies() + HZ / 2))
          next = jiffies() + HZ / 2;
        if (!mod_timer(neigh.timer, next))
          neigh_hold(neigh);
      }
      if (neigh.nud_state & (NUD_INCOMPLETE | NUD_PROBE)) {
        neigh_probe(neigh);
        break unlocked;
      }
    }
    write_unlock(neigh.lock);
  }
  if (notify)
    neigh_update_notify(neigh);
  neigh_release(neigh);
}

/** Starts or goes on with resolving; `skb` (or null) waits in the entry's queue. 0: the address may be used at once. */
export function __neigh_event_send(neigh: neighbour, skb: sk_buff): number {
  let rc: number;
  let immediate_probe = false;
  write_lock_bh(neigh.lock);
  rc = 0;
  out_unlock_bh: {
    if (neigh.nud_state & (NUD_CONNECTED | NUD_DELAY | NUD_PROBE))
      break out_unlock_bh;
    if (!(neigh.nud_state & (NUD_STALE | NUD_INCOMPLETE))) {
      if (neigh.parms.mcast_probes + neigh.parms.app_probes) {
        let next: number;
        const now = jiffies();
        atomic_set(neigh.probes, neigh.parms.ucast_probes);
        neigh.nud_state = NUD_INCOMPLETE;
        neigh.updated = now;
        next = now + max(neigh.parms.retrans_time, HZ / 2);
        neigh_add_timer(neigh, next);
        immediate_probe = true;
      } else {
        neigh.nud_state = NUD_FAILED;
        neigh.updated = jiffies();
        write_unlock_bh(neigh.lock);
        kfree_skb(skb);
        return 1;
      }
    } else if (neigh.nud_state & NUD_STALE) {
      neigh_dbg(2, 'neigh %p is delayed');
      neigh.nud_state = NUD_DELAY;
      neigh.updated = jiffies();
      neigh_add_timer(neigh, jiffies() + neigh.parms.delay_probe_time);
    }
    if (neigh.nud_state === NUD_INCOMPLETE) {
      if (skb) {
        while (neigh.arp_queue_len_bytes + skb.truesize > neigh.parms.queue_len_bytes) {
          let buff: sk_buff;
          buff = __skb_dequeue(neigh.arp_queue);
          if (!buff)
            break;
          neigh.arp_queue_len_bytes -= buff.truesize;
          kfree_skb(buff);
          NEIGH_CACHE_STAT_INC(neigh.tbl, 'unres_discards');
        }
        skb_dst_force(skb);
        __skb_queue_tail(neigh.arp_queue, skb);
        neigh.arp_queue_len_bytes += skb.truesize;
      }
      rc = 1;
    }
  }
  if (immediate_probe)
    neigh_probe(neigh);
  else
    write_unlock(neigh.lock);
  local_bh_enable();
  return rc;
}

function neigh_update_hhs(neigh: neighbour): void {
  let hh: hh_cache;
  let update: (hh: hh_cache, dev: net_device, haddr: Uint8Array) => void = null;
  if (neigh.dev.header_ops)
    update = neigh.dev.header_ops.cache_update;
  if (update) {
    hh = neigh.hh;
    if (hh.hh_len) {
      write_seqlock_bh(hh.hh_lock);
      update(hh, neigh.dev, neigh.ha);
      write_sequnlock_bh(hh.hh_lock);
    }
  }
}

/** Something was learnt: link address `lladdr` (or null) and state. The caller holds a reference. Returns 0 or an errno. */
export function neigh_update(neigh: neighbour, lladdr: Uint8Array, new_: number, flags: number): number {
  let old: number;
  let err: number;
  let notify = 0;
  let dev: net_device;
  let update_isrouter = 0;
  write_lock_bh(neigh.lock);
  dev = neigh.dev;
  old = neigh.nud_state;
  err = -EPERM;
  out: {
    if (!(flags & NEIGH_UPDATE_F_ADMIN) && (old & (NUD_NOARP | NUD_PERMANENT)))
      break out;
    if (!(new_ & NUD_VALID)) {
      neigh_del_timer(neigh);
      if (old & NUD_CONNECTED)
        neigh_suspect(neigh);
      neigh.nud_state = new_;
      err = 0;
      notify = old & NUD_VALID;
      if ((old & (NUD_INCOMPLETE | NUD_PROBE)) && (new_ & NUD_FAILED)) {
        neigh_invalidate(neigh);
        notify = 1;
      }
      break out;
    }
    if (!dev.addr_len) {
      lladdr = neigh.ha;
    } else if (lladdr) {
      if ((old & NUD_VALID) && !memcmp(lladdr, neigh.ha, dev.addr_len))
        lladdr = neigh.ha;
    } else {
      err = -EINVAL;
      if (!(old & NUD_VALID))
        break out;
      lladdr = neigh.ha;
    }
    if (new_ & NUD_CONNECTED)
      neigh.confirmed = jiffies();
    neigh.updated = jiffies();
    err = 0;
    update_isrouter = flags & NEIGH_UPDATE_F_OVERRIDE_ISROUTER;
    if (old & NUD_VALID) {
      if (lladdr !== neigh.ha && !(flags & NEIGH_UPDATE_F_OVERRIDE)) {
        update_isrouter = 0;
        if ((flags & NEIGH_UPDATE_F_WEAK_OVERRIDE) && (old & NUD_CONNECTED)) {
          lladdr = neigh.ha;
          new_ = NUD_STALE;
        } else
          break out;
      } else {
        if (lladdr === neigh.ha && new_ === NUD_STALE && ((flags & NEIGH_UPDATE_F_WEAK_OVERRIDE) || (old & NUD_CONNECTED)))
          new_ = old;
      }
    }
    if (new_ !== old) {
      neigh_del_timer(neigh);
      if (new_ & NUD_IN_TIMER)
        neigh_add_timer(neigh, (jiffies() + ((new_ & NUD_REACHABLE) ? neigh.parms.reachable_time : 0)));
      neigh.nud_state = new_;
    }
    if (lladdr !== neigh.ha) {
      write_seqlock(neigh.ha_lock);
      memcpy(neigh.ha, lladdr, dev.addr_len);
      write_sequnlock(neigh.ha_lock);
      neigh_update_hhs(neigh);
      if (!(new_ & NUD_CONNECTED))
        neigh.confirmed = jiffies() - (neigh.parms.base_reachable_time << 1);
      notify = 1;
    }
    if (new_ === old)
      break out;
    if (new_ & NUD_CONNECTED)
      neigh_connect(neigh);
    else
      neigh_suspect(neigh);
    if (!(old & NUD_VALID)) {
      let skb: sk_buff;
      while (neigh.nud_state & NUD_VALID && (skb = __skb_dequeue(neigh.arp_queue)) !== null) {
        const dst = skb_dst(skb);
        let n2: neighbour, n1 = neigh;
        write_unlock_bh(neigh.lock);
        rcu_read_lock();
        n2 = null;
        if (dst) {
          n2 = dst_neigh_lookup_skb(dst, skb);
          if (n2)
            n1 = n2;
        }
        n1.output(n1, skb);
        if (n2)
          neigh_release(n2);
        rcu_read_unlock();
        write_lock_bh(neigh.lock);
      }
      __skb_queue_purge(neigh.arp_queue);
      neigh.arp_queue_len_bytes = 0;
    }
  }
  if (update_isrouter) {
    neigh.flags = (flags & NEIGH_UPDATE_F_ISROUTER) ? (neigh.flags | NTF_ROUTER) : (neigh.flags & ~NTF_ROUTER);
  }
  write_unlock_bh(neigh.lock);
  if (notify)
    neigh_update_notify(neigh);
  return err;
}
function memcpy(to: Uint8Array | neighbour, from: Uint8Array | number, len: number): void {
  if (typeof from === 'number') (to as neighbour).primary_key = from;
  else for (let i = 0; i < len; i++) (to as Uint8Array)[i] = from[i];
}
function memcmp(a: Uint8Array | number, b: Uint8Array | number, len: number): number {
  if (typeof a === 'number') return a === b ? 0 : 1;
  for (let i = 0; i < len; i++) if (a[i] !== (b as Uint8Array)[i]) return 1;
  return 0;
}
/** NEIGH_DEBUG is 1, and that level prints only with dynamic debug. */
function neigh_dbg(_level: number, _format: string): void { /* prints nothing */ }

export function neigh_event_ns(tbl: neigh_table, lladdr: Uint8Array, saddr: number, dev: net_device): neighbour {
  const neigh = __neigh_lookup(tbl, saddr, dev, lladdr || !dev.addr_len ? 1 : 0);
  if (neigh)
    neigh_update(neigh, lladdr, NUD_STALE, NEIGH_UPDATE_F_OVERRIDE);
  return neigh;
}

function neigh_hh_init(n: neighbour, dst: dst_entry): void {
  const dev = dst.dev;
  const prot = dst.ops.protocol;
  const hh = n.hh;
  write_lock_bh(n.lock);
  if (!hh.hh_len)
    dev.header_ops.cache(n, hh, prot);
  write_unlock_bh(n.lock);
}

export function neigh_compat_output(_neigh: neighbour, skb: sk_buff): number {
  const dev = skb.dev;
  __skb_pull(skb, skb_network_offset(skb));
  if (dev_hard_header(skb, dev, ntohs(skb.protocol), null, null, skb.len) < 0 && dev_rebuild_header(skb))
    return 0;
  return dev_queue_xmit(skb);
}

/** Output while the link address is not sure: resolves first. */
export function neigh_resolve_output(neigh: neighbour, skb: sk_buff): number {
  const dst = skb_dst(skb);
  let rc = 0;
  out_kfree_skb: {
    discard: {
      if (!dst)
        break discard;
      if (!neigh_event_send(neigh, skb)) {
        let err: number;
        const dev = neigh.dev;
        let seq: number;
        if (dev.header_ops.cache && !neigh.hh.hh_len)
          neigh_hh_init(neigh, dst);
        do {
          __skb_pull(skb, skb_network_offset(skb));
          seq = read_seqbegin(neigh.ha_lock);
          err = dev_hard_header(skb, dev, ntohs(skb.protocol), neigh.ha, null, skb.len);
        } while (read_seqretry(neigh.ha_lock, seq));
        if (err >= 0)
          rc = dev_queue_xmit(skb);
        else
          break out_kfree_skb;
      }
      return rc;
    }
  }
  rc = -EINVAL;
  kfree_skb(skb);
  return rc;
}

/** Output with a known address but no cached header. */
export function neigh_connected_output(neigh: neighbour, skb: sk_buff): number {
  const dev = neigh.dev;
  let seq: number;
  let err: number;
  do {
    __skb_pull(skb, skb_network_offset(skb));
    seq = read_seqbegin(neigh.ha_lock);
    err = dev_hard_header(skb, dev, ntohs(skb.protocol), neigh.ha, null, skb.len);
  } while (read_seqretry(neigh.ha_lock, seq));
  if (err >= 0)
    err = dev_queue_xmit(skb);
  else {
    err = -EINVAL;
    kfree_skb(skb);
  }
  return err;
}

export function neigh_direct_output(_neigh: neighbour, skb: sk_buff): number {
  return dev_queue_xmit(skb);
}

function neigh_proxy_process(arg: neigh_table): void {
  const tbl = arg;
  let sched_next = 0;
  const now = jiffies();
  let skb: sk_buff, n: sk_buff;
  const head = tbl.proxy_queue as unknown as sk_buff;
  spin_lock(tbl.proxy_queue.lock);
  for (skb = tbl.proxy_queue.next, n = skb.next; skb !== head; skb = n, n = skb.next) {
    const tdif = NEIGH_CB(skb).sched_next - now;
    if (tdif <= 0) {
      const dev = skb.dev;
      __skb_unlink(skb, tbl.proxy_queue);
      if (tbl.proxy_redo && netif_running(dev)) {
        rcu_read_lock();
        tbl.proxy_redo(skb);
        rcu_read_unlock();
      } else {
        kfree_skb(skb);
      }
      dev_put(dev);
    } else if (!sched_next || tdif < sched_next)
      sched_next = tdif;
  }
  del_timer(tbl.proxy_timer);
  if (sched_next)
    mod_timer(tbl.proxy_timer, jiffies() + sched_next);
  spin_unlock(tbl.proxy_queue.lock);
}

export function pneigh_enqueue(tbl: neigh_table, p: neigh_parms, skb: sk_buff): void {
  const now = jiffies();
  let sched_next = now + (net_random() % p.proxy_delay);
  if (tbl.proxy_queue.qlen > p.proxy_qlen) {
    kfree_skb(skb);
    return;
  }
  NEIGH_CB(skb).sched_next = sched_next;
  NEIGH_CB(skb).flags |= LOCALLY_ENQUEUED;
  spin_lock(tbl.proxy_queue.lock);
  if (del_timer(tbl.proxy_timer)) {
    if (time_before(tbl.proxy_timer.expires, sched_next))
      sched_next = tbl.proxy_timer.expires;
  }
  skb_dst_drop(skb);
  dev_hold(skb.dev);
  __skb_queue_tail(tbl.proxy_queue, skb);
  mod_timer(tbl.proxy_timer, sched_next);
  spin_unlock(tbl.proxy_queue.lock);
}

function lookup_neigh_parms(tbl: neigh_table, net: net, ifindex: number): neigh_parms {
  let p: neigh_parms;
  for (p = tbl.parms; p; p = p.next) {
    if ((p.dev && p.dev.ifindex === ifindex && net_eq(neigh_parms_net(p), net)) || (!p.dev && !ifindex))
      return p;
  }
  return null;
}

function kmemdup(ref: neigh_parms): neigh_parms {
  return Object.assign(new neigh_parms(), ref, { refcnt: { counter: 0 } });
}
export function neigh_parms_alloc(dev: net_device, tbl: neigh_table): neigh_parms {
  let p: neigh_parms, ref: neigh_parms;
  const net = dev_net(dev);
  const ops = dev.netdev_ops;
  ref = lookup_neigh_parms(tbl, net, 0);
  if (!ref)
    return null;
  p = kmemdup(ref);
  if (p) {
    p.tbl = tbl;
    atomic_set(p.refcnt, 1);
    p.reachable_time = neigh_rand_reach_time(p.base_reachable_time);
    dev_hold(dev);
    p.dev = dev;
    write_pnet(p, hold_net(net));
    if (ops.ndo_neigh_setup && ops.ndo_neigh_setup(dev, p)) {
      release_net(net);
      dev_put(dev);
      return null;
    }
    write_lock_bh(tbl.lock);
    p.next = tbl.parms.next;
    tbl.parms.next = p;
    write_unlock_bh(tbl.lock);
  }
  return p;
}

function neigh_rcu_free_parms(head: neigh_parms): void {
  const parms = head;
  neigh_parms_put(parms);
}

export function neigh_parms_release(tbl: neigh_table, parms: neigh_parms): void {
  let p: neigh_parms;
  if (!parms || parms === tbl.parms)
    return;
  write_lock_bh(tbl.lock);
  for (p = tbl.parms; p.next; p = p.next) {
    if (p.next === parms) {
      p.next = parms.next;
      parms.dead = 1;
      write_unlock_bh(tbl.lock);
      if (parms.dev)
        dev_put(parms.dev);
      call_rcu(parms, neigh_rcu_free_parms);
      return;
    }
  }
  write_unlock_bh(tbl.lock);
}

function neigh_parms_destroy(parms: neigh_parms): void {
  release_net(neigh_parms_net(parms));
}

function neigh_table_init_no_netlink(tbl: neigh_table): void {
  const now = jiffies();
  write_pnet(tbl.parms, current.host.init_net);
  atomic_set(tbl.parms.refcnt, 1);
  tbl.parms.reachable_time = neigh_rand_reach_time(tbl.parms.base_reachable_time);
  tbl.stats = new neigh_statistics();
  tbl.nht = neigh_hash_alloc(3);
  tbl.phash_buckets = new Array<pneigh_entry>(PNEIGH_HASHMASK + 1).fill(null);
  rwlock_init(tbl.lock);
  tbl.gc_work = new delayed_work();
  INIT_DEFERRABLE_WORK(tbl.gc_work, neigh_periodic_work);
  tbl.gc_work.work.owner = tbl;
  schedule_delayed_work(tbl.gc_work, tbl.parms.reachable_time);
  setup_timer(tbl.proxy_timer, neigh_proxy_process, tbl);
  skb_queue_head_init_class(tbl.proxy_queue);
  tbl.last_flush = now;
  tbl.last_rand = now + tbl.parms.reachable_time * 20;
}

export function neigh_table_init(tbl: neigh_table): void {
  const host = current.host;
  let tmp: neigh_table;
  neigh_table_init_no_netlink(tbl);
  write_lock(host.neigh_tbl_lock);
  for (tmp = host.neigh_tables; tmp; tmp = tmp.next) {
    if (tmp.family === tbl.family)
      break;
  }
  tbl.next = host.neigh_tables;
  host.neigh_tables = tbl;
  write_unlock(host.neigh_tbl_lock);
  if (unlikely(tmp))
    current.machine.log('Registering multiple tables for family ' + tbl.family);
}

export function neigh_table_clear(tbl: neigh_table): number {
  cancel_delayed_work_sync(tbl.gc_work);
  del_timer_sync(tbl.proxy_timer);
  pneigh_queue_purge(tbl.proxy_queue);
  neigh_ifdown(tbl, null);
  if (atomic_read(tbl.entries))
    current.machine.log('neighbour leakage');
  call_rcu(tbl.nht, neigh_hash_free_rcu);
  tbl.nht = null;
  tbl.phash_buckets = null;
  return 0;
}

const sizeof_ndmsg = 12;
function neigh_fill_info(skb: sk_buff, neigh: neighbour, pid: number, seq: number, type: number, flags: number): number {
  const now = jiffies();
  const ci_bytes = new Uint8Array(16), ci = nda_cacheinfo(ci_bytes, 0);
  let nlh: nlmsghdr;
  let ndm: ReturnType<typeof ndmsg>;
  nlh = nlmsg_put(skb, pid, seq, type, sizeof_ndmsg, flags);
  if (nlh === null)
    return -EMSGSIZE;
  ndm = ndmsg(skb.head, nlmsg_data(nlh));
  ndm.ndm_family = neigh.ops.family;
  ndm.ndm_pad1 = 0;
  ndm.ndm_pad2 = 0;
  ndm.ndm_flags = neigh.flags;
  ndm.ndm_type = neigh.type;
  ndm.ndm_ifindex = neigh.dev.ifindex;
  nla_put_failure: {
    const key = neigh.primary_key;
    if (nla_put(skb, NDA_DST, neigh.tbl.key_len, Uint8Array.of(key >>> 24, key >>> 16, key >>> 8, key)))
      break nla_put_failure;
    read_lock_bh(neigh.lock);
    ndm.ndm_state = neigh.nud_state;
    if (neigh.nud_state & NUD_VALID) {
      const haddr = new Uint8Array(MAX_ADDR_LEN);
      neigh_ha_snapshot(haddr, neigh, neigh.dev);
      if (nla_put(skb, NDA_LLADDR, neigh.dev.addr_len, haddr) < 0) {
        read_unlock_bh(neigh.lock);
        break nla_put_failure;
      }
    }
    ci.ndm_used = jiffies_to_clock_t(now - neigh.used);
    ci.ndm_confirmed = jiffies_to_clock_t(now - neigh.confirmed);
    ci.ndm_updated = jiffies_to_clock_t(now - neigh.updated);
    ci.ndm_refcnt = atomic_read(neigh.refcnt) - 1;
    read_unlock_bh(neigh.lock);
    if (nla_put_u32(skb, NDA_PROBES, atomic_read(neigh.probes)) || nla_put(skb, NDA_CACHEINFO, 16, ci_bytes))
      break nla_put_failure;
    return nlmsg_end(skb, nlh);
  }
  nlmsg_cancel(skb, nlh);
  return -EMSGSIZE;
}

function neigh_update_notify(neigh: neighbour): void {
  call_netevent_notifiers(NETEVENT_NEIGH_UPDATE, neigh);
  __neigh_notify(neigh, RTM_NEWNEIGH, 0);
}

function neigh_nlmsg_size(): number {
  return NLMSG_ALIGN(sizeof_ndmsg) + nla_total_size(MAX_ADDR_LEN) + nla_total_size(MAX_ADDR_LEN) + nla_total_size(16) + nla_total_size(4);
}

function __neigh_notify(n: neighbour, type: number, flags: number): void {
  const net = dev_net(n.dev);
  let skb: sk_buff;
  let err = -ENOBUFS;
  errout: {
    skb = nlmsg_new(neigh_nlmsg_size(), GFP_ATOMIC);
    if (skb === null)
      break errout;
    err = neigh_fill_info(skb, n, 0, 0, type, flags);
    if (err < 0) {
      WARN_ON(err === -EMSGSIZE);
      kfree_skb(skb);
      break errout;
    }
    rtnl_notify(skb, net, 0, RTNLGRP_NEIGH, null, GFP_ATOMIC);
    return;
  }
  if (err < 0)
    rtnl_set_sk_err(net, RTNLGRP_NEIGH, err);
}

export function neigh_app_ns(n: neighbour): void {
  __neigh_notify(n, RTM_GETNEIGH, NLM_F_REQUEST);
}
