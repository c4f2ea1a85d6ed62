/** net/core/dst.c: life of destination cache entries. */
import { atomically, current, type Gen, type Host } from '../../include/ports';
import { atomic_dec_and_test, atomic_dec_return, atomic_read, atomic_set } from '../../include/linux/atomic';
import { likely, unlikely } from '../../include/linux/compiler';
import { IFF_UP } from '../../include/linux/if';
import { HZ, jiffies } from '../../include/linux/jiffies';
import { mutex, mutex_lock, mutex_unlock } from '../../include/linux/mutex';
import { NETDEV_DOWN, NETDEV_UNREGISTER_FINAL, dev_hold, dev_net, dev_put, register_netdevice_notifier, type net_device } from '../../include/linux/netdevice';
import { NOTIFY_DONE, notifier_block } from '../../include/linux/notifier';
import { WARN_ON } from '../../include/asm-generic/bug';
import { call_rcu, rcu_read_lock_bh_held, rcu_read_lock_held } from '../../include/linux/rcupdate';
import { RTAX_MAX } from '../../include/linux/rtnetlink';
import { cond_resched } from '../../include/linux/sched';
import { kfree_skb, skb_dst_set, type sk_buff } from '../../include/linux/skbuff';
import { spin_lock_bh, spin_unlock_bh, spinlock_t } from '../../include/linux/spinlock';
import { INIT_DELAYED_WORK, delayed_work, mod_delayed_work, schedule_delayed_work, system_wq, type work_struct } from '../../include/linux/workqueue';
import { round_jiffies_relative } from '../../include/linux/timer';
import {
  DST_GC_INC, DST_GC_MAX, DST_GC_MIN, DST_NOCACHE, DST_NOCOUNT, DST_NOHASH, DST_OBSOLETE_DEAD, dst_hold, dst_init_metrics, dst_entry,
} from '../../include/net/dst';
import { dst_entries_add, dst_entries_get_fast, type dst_ops } from '../../include/net/dst_ops';

class dst_garbage {
  lock: spinlock_t = new spinlock_t();
  list: dst_entry = null;
  timer_inc = DST_GC_MAX;
  timer_expires = 0;
}
declare module '../../include/ports' {
  interface Host {
    dst_garbage: dst_garbage;
    dst_gc_work: delayed_work;
    dst_gc_mutex: mutex;
    dst_busy_list: dst_entry;
    /** All zero: what routes without metrics of their own read. */
    dst_default_metrics: number[];
  }
}
export function dst_globals(host: Host): void {
  host.dst_garbage = new dst_garbage();
  host.dst_gc_work = new delayed_work();
  host.dst_gc_mutex = new mutex();
  host.dst_busy_list = null;
  host.dst_default_metrics = new Array<number>(RTAX_MAX).fill(0);
  INIT_DELAYED_WORK(host.dst_gc_work, dst_gc_task);
}

function* dst_gc_task(_work: work_struct): Gen<void> {
  const host = current.host;
  const dst_garbage = host.dst_garbage;
  let delayed = 0;
  let work_performed = 0;
  let expires = -1;
  let dst: dst_entry, next: dst_entry;
  const head = new dst_entry();
  let last = head;
  yield* mutex_lock(host.dst_gc_mutex);
  next = host.dst_busy_list;
  loop: for (;;) {
    while ((dst = next) !== null) {
      next = dst.next;
      yield* cond_resched();
      if (likely(atomic_read(dst.__refcnt))) {
        last.next = dst;
        last = dst;
        delayed++;
        continue;
      }
      work_performed++;
      dst = dst_destroy(dst);
      if (dst) {
        if (dst.obsolete > 0)
          continue;
        ___dst_free(dst);
        dst.next = next;
        next = dst;
      }
    }
    spin_lock_bh(dst_garbage.lock);
    next = dst_garbage.list;
    if (next) {
      dst_garbage.list = null;
      spin_unlock_bh(dst_garbage.lock);
      continue loop;
    }
    break;
  }
  last.next = null;
  host.dst_busy_list = head.next;
  if (!host.dst_busy_list)
    dst_garbage.timer_inc = DST_GC_MAX;
  else {
    if (work_performed <= Math.trunc(delayed / 10)) {
      dst_garbage.timer_expires += dst_garbage.timer_inc;
      if (dst_garbage.timer_expires > DST_GC_MAX)
        dst_garbage.timer_expires = DST_GC_MAX;
      dst_garbage.timer_inc += DST_GC_INC;
    } else {
      dst_garbage.timer_inc = DST_GC_INC;
      dst_garbage.timer_expires = DST_GC_MIN;
    }
    expires = dst_garbage.timer_expires;
    if (expires > 4 * HZ)
      expires = round_jiffies_relative(expires);
    schedule_delayed_work(host.dst_gc_work, expires);
  }
  spin_unlock_bh(dst_garbage.lock);
  mutex_unlock(host.dst_gc_mutex);
}

export function dst_discard(skb: sk_buff): number {
  kfree_skb(skb);
  return 0;
}

/** A new entry of the family's kind, with `initial_ref` references; null when the cache is full. */
export function dst_alloc(ops: dst_ops, dev: net_device, initial_ref: number, initial_obsolete: number, flags: number): dst_entry {
  let dst: dst_entry;
  if (ops.gc && dst_entries_get_fast(ops) > ops.gc_thresh) {
    if (ops.gc(ops))
      return null;
  }
  dst = ops.kmem_cachep();
  if (!dst)
    return null;
  dst.child = null;
  dst.dev = dev;
  if (dev)
    dev_hold(dev);
  dst.ops = ops;
  dst_init_metrics(dst, current.host.dst_default_metrics, true);
  dst.expires = 0;
  dst.path = dst;
  dst.from = null;
  dst.input = dst_discard;
  dst.output = dst_discard;
  dst.error = 0;
  dst.obsolete = initial_obsolete;
  dst.header_len = 0;
  dst.trailer_len = 0;
  atomic_set(dst.__refcnt, initial_ref);
  dst.__use = 0;
  dst.lastuse = jiffies();
  dst.flags = flags;
  dst.pending_confirm = 0;
  dst.next = null;
  if (!(flags & DST_NOCOUNT))
    dst_entries_add(ops, 1);
  return dst;
}

function ___dst_free(dst: dst_entry): void {
  if (dst.dev === null || !(dst.dev.flags & IFF_UP))
    dst.input = dst.output = dst_discard;
  dst.obsolete = DST_OBSOLETE_DEAD;
}

export function __dst_free(dst: dst_entry): void {
  const dst_garbage = current.host.dst_garbage;
  spin_lock_bh(dst_garbage.lock);
  ___dst_free(dst);
  dst.next = dst_garbage.list;
  dst_garbage.list = dst;
  if (dst_garbage.timer_inc > DST_GC_INC) {
    dst_garbage.timer_inc = DST_GC_INC;
    dst_garbage.timer_expires = DST_GC_MIN;
    mod_delayed_work(system_wq, current.host.dst_gc_work, dst_garbage.timer_expires);
  }
  spin_unlock_bh(dst_garbage.lock);
}

/** Frees an entry that nobody refers to; returns a child that is still in use, to be freed later. */
function smp_rmb(): void { /* one thread: nothing to order */ }
/** Garbage collected here. */
function kmem_cache_free(_ops: dst_ops, _dst: dst_entry): void { /* nothing to give back */ }
export function dst_destroy(dst: dst_entry): dst_entry {
  let child: dst_entry;
  smp_rmb();
  again: for (;;) {
    child = dst.child;
    if (!(dst.flags & DST_NOCOUNT))
      dst_entries_add(dst.ops, -1);
    if (dst.ops.destroy)
      dst.ops.destroy(dst);
    if (dst.dev)
      dev_put(dst.dev);
    kmem_cache_free(dst.ops, dst);
    dst = child;
    if (dst) {
      const nohash = dst.flags & DST_NOHASH;
      if (atomic_dec_and_test(dst.__refcnt)) {
        if (nohash)
          continue again;
      } else {
        if (nohash)
          return dst;
      }
    }
    return null;
  }
}

function dst_destroy_rcu(head: dst_entry): void {
  let dst = head;
  dst = dst_destroy(dst);
  if (dst)
    __dst_free(dst);
}

export function dst_release(dst: dst_entry): void {
  if (dst) {
    let newrefcnt: number;
    const nocache = dst.flags & DST_NOCACHE;
    newrefcnt = atomic_dec_return(dst.__refcnt);
    if (unlikely(newrefcnt < 0))
      current.machine.log(`dst_release: refcnt:${newrefcnt}`);
    if (!newrefcnt && unlikely(nocache))
      call_rcu(dst, dst_destroy_rcu);
  }
}

export function dst_cow_metrics_generic(dst: dst_entry, old: number[]): number[] {
  const p = new Array<number>(RTAX_MAX).fill(0);
  for (let i = 0; i < RTAX_MAX; i++) p[i] = old[i];
  dst._metrics = p;
  dst._metrics_read_only = false;
  return p;
}

export function __dst_destroy_metrics_generic(dst: dst_entry, _old: number[]): void {
  dst._metrics = current.host.dst_default_metrics;
  dst._metrics_read_only = true;
}

/** Lends `dst` to `skb` without a reference, unless the entry would vanish with its last one. */
export function __skb_dst_set_noref(skb: sk_buff, dst: dst_entry, force: boolean): void {
  WARN_ON(!rcu_read_lock_held() && !rcu_read_lock_bh_held());
  if (unlikely((dst.flags & DST_NOCACHE) && !force)) {
    dst_hold(dst);
    skb_dst_set(skb, dst);
  } else {
    skb._skb_refdst = dst;
    skb._skb_refnoref = 1;
  }
}

function dst_ifdown(dst: dst_entry, dev: net_device, unregister: boolean): void {
  if (dst.ops.ifdown)
    dst.ops.ifdown(dst, dev, unregister ? 1 : 0);
  if (dev !== dst.dev)
    return;
  if (!unregister) {
    dst.input = dst.output = dst_discard;
  } else {
    dst.dev = dev_net(dst.dev).loopback_dev;
    dev_hold(dst.dev);
    dev_put(dev);
  }
}

function dst_dev_event(_this: notifier_block, event: number, ptr: net_device): number {
  const host = current.host;
  const dev = ptr;
  let dst: dst_entry, last: dst_entry = null;
  switch (event) {
  case NETDEV_UNREGISTER_FINAL:
  case NETDEV_DOWN:
    atomically(mutex_lock(host.dst_gc_mutex));
    for (dst = host.dst_busy_list; dst; dst = dst.next) {
      last = dst;
      dst_ifdown(dst, dev, event !== NETDEV_DOWN);
    }
    spin_lock_bh(host.dst_garbage.lock);
    dst = host.dst_garbage.list;
    host.dst_garbage.list = null;
    spin_unlock_bh(host.dst_garbage.lock);
    if (last)
      last.next = dst;
    else
      host.dst_busy_list = dst;
    for (; dst; dst = dst.next)
      dst_ifdown(dst, dev, event !== NETDEV_DOWN);
    mutex_unlock(host.dst_gc_mutex);
    break;
  }
  return NOTIFY_DONE;
}

export function* dst_init(): Gen<void> {
  yield* register_netdevice_notifier(new notifier_block(dst_dev_event, -10));
}
