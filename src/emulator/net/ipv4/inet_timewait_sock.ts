/** Mirror of net/ipv4/inet_timewait_sock.c: connections that wait out their last segments. */
import { BUILD_BUG_ON, WARN_ON } from '../../include/asm-generic/bug';
import { atomic_add, atomic_dec_and_test, atomic_inc, atomic_set } from '../../include/linux/atomic';
import { jiffies, time_after, time_before_eq } from '../../include/linux/jiffies';
import { DIV_ROUND_UP } from '../../include/linux/kernel';
import { __hlist_del, hlist_add_head, hlist_empty, hlist_nulls_del_rcu, hlist_nulls_unhashed, type hlist_head } from '../../include/linux/list';
import type { Gen } from '../../include/ports';
import { need_resched, schedule } from '../../include/linux/sched';
import { spin_lock, spin_lock_bh, spin_unlock, spin_unlock_bh } from '../../include/linux/spinlock';
import { add_timer, del_timer, mod_timer } from '../../include/linux/timer';
import { schedule_work, type work_struct } from '../../include/linux/workqueue';
import { LINUX_MIB_TIMEWAITED, LINUX_MIB_TIMEWAITKILLED } from '../../include/linux/snmp';
import { inet_csk } from '../../include/net/inet_connection_sock';
import { inet_bhashfn, inet_bind_bucket_destroy, inet_ehash_bucket_, inet_ehash_lockp, type inet_hashinfo } from '../../include/net/inet_hashtables';
import { inet_sk } from '../../include/net/inet_sock';
import {
  __inet_twsk_del_dead_node, INET_TWDR_RECYCLE_SLOTS, INET_TWDR_RECYCLE_TICK, INET_TWDR_TWKILL_QUOTA, INET_TWDR_TWKILL_SLOTS, inet_twsk_add_bind_node, inet_twsk_add_node_rcu,
  inet_twsk_dead_node_init, inet_twsk_del_dead_node, type inet_timewait_death_row, type inet_timewait_sock, twsk_net, twsk_net_set,
} from '../../include/net/inet_timewait_sock';
import { NET_ADD_STATS_BH } from '../../include/net/ip';
import { __sk_nulls_del_node_init_rcu, sk_nulls_node_init, sock_net, sock_prot_inuse_add, type sock } from '../../include/net/sock';
import { TCP_TIME_WAIT } from '../../include/net/tcp_states';
import { twsk_destructor } from '../../include/net/timewait_sock';
import { current } from '../../include/ports';

/** Takes it out of the established table; 1 when the caller must put the table's reference. */
export function inet_twsk_unhash(tw: inet_timewait_sock): number {
  if (hlist_nulls_unhashed(tw.tw_node))
    return 0;
  hlist_nulls_del_rcu(tw.tw_node);
  sk_nulls_node_init(tw.tw_node);
  return 1;
}

/** Takes it out of its port's bucket; 1 when the caller must put the bucket's reference. */
export function inet_twsk_bind_unhash(tw: inet_timewait_sock, hashinfo: inet_hashinfo): number {
  const tb = tw.tw_tb;
  if (!tb)
    return 0;
  __hlist_del(tw.tw_bind_node);
  tw.tw_tb = null;
  inet_bind_bucket_destroy(hashinfo.bind_bucket_cachep, tb);
  return 1;
}

function __inet_twsk_kill(tw: inet_timewait_sock, hashinfo: inet_hashinfo): void {
  let refcnt: number;
  const lock = inet_ehash_lockp(hashinfo, tw.tw_hash);
  spin_lock(lock);
  refcnt = inet_twsk_unhash(tw);
  spin_unlock(lock);
  const bhead = hashinfo.bhash[inet_bhashfn(twsk_net(tw), tw.tw_num, hashinfo.bhash_size)];
  spin_lock(bhead.lock);
  refcnt += inet_twsk_bind_unhash(tw, hashinfo);
  spin_unlock(bhead.lock);
  while (refcnt) {
    inet_twsk_put(tw);
    refcnt--;
  }
}

function inet_twsk_free(tw: inet_timewait_sock): void {
  twsk_destructor(tw as unknown as sock);
}

export function inet_twsk_put(tw: inet_timewait_sock): void {
  if (atomic_dec_and_test(tw.tw_refcnt))
    inet_twsk_free(tw);
}

/** Puts the small socket in place of the big one in both tables. */
export function __inet_twsk_hashdance(tw: inet_timewait_sock, sk: sock, hashinfo: inet_hashinfo): void {
  const inet = inet_sk(sk);
  const icsk = inet_csk(sk);
  const ehead = inet_ehash_bucket_(hashinfo, sk.sk_hash);
  const lock = inet_ehash_lockp(hashinfo, sk.sk_hash);
  const bhead = hashinfo.bhash[inet_bhashfn(twsk_net(tw), inet.inet_num, hashinfo.bhash_size)];
  spin_lock(bhead.lock);
  tw.tw_tb = icsk.icsk_bind_hash;
  WARN_ON(!icsk.icsk_bind_hash);
  inet_twsk_add_bind_node(tw, tw.tw_tb.owners);
  spin_unlock(bhead.lock);
  spin_lock(lock);
  inet_twsk_add_node_rcu(tw, ehead.twchain);
  if (__sk_nulls_del_node_init_rcu(sk))
    sock_prot_inuse_add(sock_net(sk), sk.sk_prot, -1);
  atomic_add(1 + 1 + 1, tw.tw_refcnt);
  spin_unlock(lock);
}

/** A TIME_WAIT socket with the identity of `sk`, in substate `state`. */
export function inet_twsk_alloc(sk: sock, state: number): inet_timewait_sock {
  const tw = sk.sk_prot_creator.twsk_prot.twsk_new() as inet_timewait_sock;
  if (tw !== null) {
    const inet = inet_sk(sk);
    tw.tw_daddr = inet.inet_daddr;
    tw.tw_rcv_saddr = inet.inet_rcv_saddr;
    tw.tw_bound_dev_if = sk.sk_bound_dev_if;
    tw.tw_tos = inet.tos;
    tw.tw_num = inet.inet_num;
    tw.tw_state = TCP_TIME_WAIT;
    tw.tw_substate = state;
    tw.tw_sport = inet.inet_sport;
    tw.tw_dport = inet.inet_dport;
    tw.tw_family = sk.sk_family;
    tw.tw_reuse = sk.sk_reuse;
    tw.tw_hash = sk.sk_hash;
    tw.tw_ipv6only = 0;
    tw.tw_transparent = Number(inet.transparent);
    tw.tw_prot = sk.sk_prot_creator;
    twsk_net_set(tw, sock_net(sk));
    atomic_set(tw.tw_refcnt, 0);
    inet_twsk_dead_node_init(tw);
  }
  return tw;
}

function inet_twdr_do_twkill_work(twdr: inet_timewait_death_row, slot: number): number {
  let killed: number;
  let ret: number;
  killed = 0;
  ret = 0;
  for (let node = twdr.cells[slot].first; node !== null; node = twdr.cells[slot].first) {
    const tw = node.owner as inet_timewait_sock;
    __inet_twsk_del_dead_node(tw);
    spin_unlock(twdr.death_lock);
    __inet_twsk_kill(tw, twdr.hashinfo);
    inet_twsk_put(tw);
    killed++;
    spin_lock(twdr.death_lock);
    if (killed > INET_TWDR_TWKILL_QUOTA) {
      ret = 1;
      break;
    }
  }
  twdr.tw_count -= killed;
  NET_ADD_STATS_BH(current.host.init_net, LINUX_MIB_TIMEWAITED, killed);
  return ret;
}

export function inet_twdr_hangman(data: inet_timewait_death_row): void {
  const twdr = data;
  let need_timer: number;
  spin_lock(twdr.death_lock);
  out: {
    if (twdr.tw_count === 0)
      break out;
    need_timer = 0;
    if (inet_twdr_do_twkill_work(twdr, twdr.slot)) {
      twdr.thread_slots |= 1 << twdr.slot;
      schedule_work(twdr.twkill_work);
      need_timer = 1;
    } else {
      if (twdr.tw_count)
        need_timer = 1;
      twdr.slot = (twdr.slot + 1) & (INET_TWDR_TWKILL_SLOTS - 1);
    }
    if (need_timer)
      mod_timer(twdr.tw_timer, jiffies() + twdr.period);
  }
  spin_unlock(twdr.death_lock);
}

export function* inet_twdr_twkill_work(work: work_struct): Gen<void> {
  const twdr = work.owner as inet_timewait_death_row;
  let i: number;
  BUILD_BUG_ON(INET_TWDR_TWKILL_SLOTS - 1 > 32);
  while (twdr.thread_slots) {
    spin_lock_bh(twdr.death_lock);
    for (i = 0; i < INET_TWDR_TWKILL_SLOTS; i++) {
      if (!(twdr.thread_slots & (1 << i)))
        continue;
      while (inet_twdr_do_twkill_work(twdr, i) !== 0) {
        if (need_resched()) {
          spin_unlock_bh(twdr.death_lock);
          yield* schedule();
          spin_lock_bh(twdr.death_lock);
        }
      }
      twdr.thread_slots &= ~(1 << i);
    }
    spin_unlock_bh(twdr.death_lock);
  }
}

/** Ends a TIME_WAIT early. */
export function inet_twsk_deschedule(tw: inet_timewait_sock, twdr: inet_timewait_death_row): void {
  spin_lock(twdr.death_lock);
  if (inet_twsk_del_dead_node(tw)) {
    inet_twsk_put(tw);
    if (--twdr.tw_count === 0)
      del_timer(twdr.tw_timer);
  }
  spin_unlock(twdr.death_lock);
  __inet_twsk_kill(tw, twdr.hashinfo);
}

/** Lets it live `timeo` ticks: short times on the fine wheel of 32 slots, longer ones on the slow wheel of 8. */
export function inet_twsk_schedule(tw: inet_timewait_sock, twdr: inet_timewait_death_row, timeo: number, timewait_len: number): void {
  let list: hlist_head;
  let slot: number;
  slot = (timeo + (1 << INET_TWDR_RECYCLE_TICK) - 1) >> INET_TWDR_RECYCLE_TICK;
  spin_lock(twdr.death_lock);
  if (inet_twsk_del_dead_node(tw))
    twdr.tw_count--;
  else
    atomic_inc(tw.tw_refcnt);
  if (slot >= INET_TWDR_RECYCLE_SLOTS) {
    if (timeo >= timewait_len) {
      slot = INET_TWDR_TWKILL_SLOTS - 1;
    } else {
      slot = DIV_ROUND_UP(timeo, twdr.period);
      if (slot >= INET_TWDR_TWKILL_SLOTS)
        slot = INET_TWDR_TWKILL_SLOTS - 1;
    }
    tw.tw_ttd = jiffies() + timeo;
    slot = (twdr.slot + slot) & (INET_TWDR_TWKILL_SLOTS - 1);
    list = twdr.cells[slot];
  } else {
    tw.tw_ttd = jiffies() + (slot << INET_TWDR_RECYCLE_TICK);
    if (twdr.twcal_hand < 0) {
      twdr.twcal_hand = 0;
      twdr.twcal_jiffie = jiffies();
      twdr.twcal_timer.expires = twdr.twcal_jiffie + (slot << INET_TWDR_RECYCLE_TICK);
      add_timer(twdr.twcal_timer);
    } else {
      if (time_after(twdr.twcal_timer.expires, jiffies() + (slot << INET_TWDR_RECYCLE_TICK)))
        mod_timer(twdr.twcal_timer, jiffies() + (slot << INET_TWDR_RECYCLE_TICK));
      slot = (twdr.twcal_hand + slot) & (INET_TWDR_RECYCLE_SLOTS - 1);
    }
    list = twdr.twcal_row[slot];
  }
  hlist_add_head(tw.tw_death_node, list);
  if (twdr.tw_count++ === 0)
    mod_timer(twdr.tw_timer, jiffies() + twdr.period);
  spin_unlock(twdr.death_lock);
}

export function inet_twdr_twcal_tick(data: inet_timewait_death_row): void {
  const twdr = data;
  let n: number, slot: number;
  let j: number;
  const now = jiffies();
  let killed = 0;
  let adv = 0;
  spin_lock(twdr.death_lock);
  out: {
    if (twdr.twcal_hand < 0)
      break out;
    slot = twdr.twcal_hand;
    j = twdr.twcal_jiffie;
    for (n = 0; n < INET_TWDR_RECYCLE_SLOTS; n++) {
      if (time_before_eq(j, now)) {
        for (let node = twdr.twcal_row[slot].first, safe; node !== null; node = safe) {
          safe = node.next;
          const tw = node.owner as inet_timewait_sock;
          __inet_twsk_del_dead_node(tw);
          __inet_twsk_kill(tw, twdr.hashinfo);
          inet_twsk_put(tw);
          killed++;
        }
      } else {
        if (!adv) {
          adv = 1;
          twdr.twcal_jiffie = j;
          twdr.twcal_hand = slot;
        }
        if (!hlist_empty(twdr.twcal_row[slot])) {
          mod_timer(twdr.twcal_timer, j);
          break out;
        }
      }
      j += 1 << INET_TWDR_RECYCLE_TICK;
      slot = (slot + 1) & (INET_TWDR_RECYCLE_SLOTS - 1);
    }
    twdr.twcal_hand = -1;
  }
  if ((twdr.tw_count -= killed) === 0)
    del_timer(twdr.tw_timer);
  NET_ADD_STATS_BH(current.host.init_net, LINUX_MIB_TIMEWAITKILLED, killed);
  spin_unlock(twdr.death_lock);
}
