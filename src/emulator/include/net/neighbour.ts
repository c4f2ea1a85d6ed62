/** include/net/neighbour.h: the table of link addresses of next hops. */
export * from '../linux/neighbour';
import { atomic_dec, atomic_dec_and_test, atomic_inc, atomic_t } from '../linux/atomic';
import { IS_ERR } from '../linux/err';
import { jiffies } from '../linux/jiffies';
import { read_seqbegin, read_seqretry, rwlock_t, seqlock_t } from '../linux/spinlock';
import { sk_buff_head, skb_push, type sk_buff } from '../linux/skbuff';
import { HH_DATA_ALIGN, HH_DATA_MOD, MAX_ADDR_LEN, dev_queue_xmit, hh_cache, type net_device } from '../linux/netdevice';
export { hh_cache } from '../linux/netdevice';
import { memcpy } from '../linux/string';
import { timer_list } from '../linux/timer';
import { delayed_work } from '../linux/workqueue';
import { read_pnet, type net } from './net_namespace';
import { __neigh_create, __neigh_event_send, neigh_destroy, neigh_lookup } from '../../net/core/neighbour';

export {
  __neigh_create, __neigh_event_send, neigh_app_ns, neigh_changeaddr, neigh_connected_output, neigh_compat_output, neigh_destroy, neigh_direct_output, neigh_event_ns, neigh_ifdown, neigh_lookup,
  neigh_lookup_nodev, neigh_parms_alloc, neigh_parms_release, neigh_rand_reach_time, neigh_resolve_output, neigh_table_init, neigh_update, pneigh_enqueue, pneigh_lookup, __pneigh_lookup, pneigh_delete,
} from '../../net/core/neighbour';

/* From the states of linux/neighbour.h: INCOMPLETE 1, REACHABLE 2, STALE 4, DELAY 8, PROBE 16, FAILED 32, NOARP 64, PERMANENT 128. */
export const NUD_IN_TIMER = 0x01 | 0x02 | 0x08 | 0x10;
export const NUD_VALID = 0x80 | 0x40 | 0x02 | 0x10 | 0x04 | 0x08;
export const NUD_CONNECTED = 0x80 | 0x40 | 0x02;

export class neigh_parms {
  dev: net_device = null;
  next: neigh_parms = null;
  neigh_setup: (n: neighbour) => number = null;
  neigh_cleanup: (n: neighbour) => void = null;
  tbl: neigh_table = null;
  dead = 0;
  refcnt: atomic_t = new atomic_t(0);
  base_reachable_time = 0;
  retrans_time = 0;
  gc_staletime = 0;
  reachable_time = 0;
  delay_probe_time = 0;
  queue_len_bytes = 0;
  ucast_probes = 0;
  app_probes = 0;
  mcast_probes = 0;
  anycast_delay = 0;
  proxy_delay = 0;
  proxy_qlen = 0;
  locktime = 0;
}

export class neigh_statistics {
  allocs = 0;
  destroys = 0;
  hash_grows = 0;
  res_failed = 0;
  lookups = 0;
  hits = 0;
  rcv_probes_mcast = 0;
  rcv_probes_ucast = 0;
  periodic_gc_runs = 0;
  forced_gc_runs = 0;
  unres_discards = 0;
}
/** Counts in the table's statistics (DEVIATION: shared by all CPUs). */
export function NEIGH_CACHE_STAT_INC(tbl: neigh_table, field: keyof neigh_statistics): void { tbl.stats[field]++; }

export class neighbour {
  next: neighbour = null;
  tbl: neigh_table = null;
  parms: neigh_parms = null;
  confirmed = 0;
  updated = 0;
  lock: rwlock_t = new rwlock_t();
  refcnt: atomic_t = new atomic_t(0);
  arp_queue: sk_buff_head = new sk_buff_head();
  arp_queue_len_bytes = 0;
  timer: timer_list = new timer_list();
  used = 0;
  probes: atomic_t = new atomic_t(0);
  flags = 0;
  nud_state = 0;
  type = 0;
  dead = 0;
  ha_lock: seqlock_t = new seqlock_t();
  ha: Uint8Array = new Uint8Array(MAX_ADDR_LEN);
  hh: hh_cache = new hh_cache();
  output: (n: neighbour, skb: sk_buff) => number = null;
  ops: neigh_ops = null;
  dev: net_device = null;
  /** DEVIATION: the key is the IPv4 address as a number, not bytes. */
  primary_key = 0;
}

export interface neigh_ops {
  family: number;
  solicit: (n: neighbour, skb: sk_buff) => void;
  error_report: (n: neighbour, skb: sk_buff) => void;
  output: (n: neighbour, skb: sk_buff) => number;
  connected_output: (n: neighbour, skb: sk_buff) => number;
}

export class pneigh_entry {
  next: pneigh_entry = null;
  dev: net_device = null;
  flags = 0;
  key = 0;
}

export const NEIGH_NUM_HASH_RND = 4;

export class neigh_hash_table {
  hash_buckets: neighbour[] = [];
  hash_shift = 0;
  hash_rnd: number[] = [0, 0, 0, 0];
}

/** `constructor` is an ordinary member here: the kernel's name for what sets up a new entry. */
export interface neigh_table { constructor: any }
export class neigh_table {
  next: neigh_table = null;
  family = 0;
  entry_size = 0;
  key_len = 0;
  hash: (pkey: number, dev: net_device, hash_rnd: number[]) => number = null;
  pconstructor: (n: pneigh_entry) => number = null;
  pdestructor: (n: pneigh_entry) => void = null;
  proxy_redo: (skb: sk_buff) => void = null;
  id = '';
  parms: neigh_parms = new neigh_parms();
  gc_interval = 0;
  gc_thresh1 = 0;
  gc_thresh2 = 0;
  gc_thresh3 = 0;
  last_flush = 0;
  gc_work: delayed_work = null;
  proxy_timer: timer_list = new timer_list();
  proxy_queue: sk_buff_head = new sk_buff_head();
  entries: atomic_t = new atomic_t(0);
  lock: rwlock_t = new rwlock_t();
  last_rand = 0;
  stats: neigh_statistics = new neigh_statistics();
  nht: neigh_hash_table = null;
  phash_buckets: pneigh_entry[] = null;
}

export const NEIGH_UPDATE_F_OVERRIDE = 0x00000001;
export const NEIGH_UPDATE_F_WEAK_OVERRIDE = 0x00000002;
export const NEIGH_UPDATE_F_OVERRIDE_ISROUTER = 0x00000004;
export const NEIGH_UPDATE_F_ISROUTER = 0x40000000;
export const NEIGH_UPDATE_F_ADMIN = 0x80000000;

export function neigh_create(tbl: neigh_table, pkey: number, dev: net_device): neighbour {
  return __neigh_create(tbl, pkey, dev, true);
}
export function neigh_parms_net(parms: neigh_parms): net {
  return read_pnet(parms);
}
export function pneigh_net(pneigh: pneigh_entry): net {
  return read_pnet(pneigh);
}
export function __neigh_parms_put(parms: neigh_parms): void {
  atomic_dec(parms.refcnt);
}
export function neigh_parms_clone(parms: neigh_parms): neigh_parms {
  atomic_inc(parms.refcnt);
  return parms;
}
export function neigh_release(neigh: neighbour): void {
  if (atomic_dec_and_test(neigh.refcnt))
    neigh_destroy(neigh);
}
export function neigh_clone(neigh: neighbour): neighbour {
  if (neigh)
    atomic_inc(neigh.refcnt);
  return neigh;
}
export function neigh_hold(n: neighbour): void { atomic_inc(n.refcnt); }

export function neigh_event_send(neigh: neighbour, skb: sk_buff): number {
  const now = jiffies();
  if (neigh.used !== now)
    neigh.used = now;
  if (!(neigh.nud_state & (NUD_CONNECTED | 0x08 | 0x10)))
    return __neigh_event_send(neigh, skb);
  return 0;
}
export function neigh_hh_output(hh: hh_cache, skb: sk_buff): number {
  let seq: number;
  let hh_len: number;
  do {
    seq = read_seqbegin(hh.hh_lock);
    hh_len = hh.hh_len;
    if (hh_len <= HH_DATA_MOD) {
      memcpy(skb.head, skb.data - HH_DATA_MOD, hh.hh_data, 0, HH_DATA_MOD);
    } else {
      const hh_alen = HH_DATA_ALIGN(hh_len);
      memcpy(skb.head, skb.data - hh_alen, hh.hh_data, 0, hh_alen);
    }
  } while (read_seqretry(hh.hh_lock, seq));
  skb_push(skb, hh_len);
  return dev_queue_xmit(skb);
}
export function __neigh_lookup(tbl: neigh_table, pkey: number, dev: net_device, creat: number): neighbour {
  let n = neigh_lookup(tbl, pkey, dev);
  if (n || !creat)
    return n;
  n = neigh_create(tbl, pkey, dev);
  return IS_ERR(n) ? null : n;
}
export function __neigh_lookup_errno(tbl: neigh_table, pkey: number, dev: net_device): neighbour {
  const n = neigh_lookup(tbl, pkey, dev);
  if (n)
    return n;
  return neigh_create(tbl, pkey, dev);
}

/** struct neighbour_cb: what an skb on the proxy queue carries. */
export class neighbour_cb {
  sched_next = 0;
  flags = 0;
  copy(): neighbour_cb { const c = new neighbour_cb(); c.sched_next = this.sched_next; c.flags = this.flags; return c; }
}
export const LOCALLY_ENQUEUED = 1;
export function NEIGH_CB(skb: sk_buff): neighbour_cb { return (skb.cb_neigh ??= new neighbour_cb()); }

/** `dst` receives the link address. */
export function neigh_ha_snapshot(dst: Uint8Array, n: neighbour, dev: net_device): void {
  let seq: number;
  do {
    seq = read_seqbegin(n.ha_lock);
    for (let i = 0; i < dev.addr_len; i++) dst[i] = n.ha[i];
  } while (read_seqretry(n.ha_lock, seq));
}
