/** struct inet_timewait_sock and its death row (kernel include/net/inet_timewait_sock.h). */
import { sock_common } from './sock.struct';
import type { proto } from './sock.struct';
import type { inet_bind_bucket, inet_hashinfo } from './inet_hashtables';
import { atomic_t } from '../linux/atomic';
import { hlist_head, hlist_node } from '../linux/list';
import { timer_list } from '../linux/timer';
import { work_struct } from '../linux/workqueue';
import { spinlock_t } from '../linux/spinlock';

export const INET_TWDR_RECYCLE_SLOTS_LOG = 5;
export const INET_TWDR_RECYCLE_SLOTS = 1 << INET_TWDR_RECYCLE_SLOTS_LOG;
/** HZ is 250 here. */
export const INET_TWDR_RECYCLE_TICK = 8 + 2 - INET_TWDR_RECYCLE_SLOTS_LOG;
export const INET_TWDR_TWKILL_SLOTS = 8;
export const INET_TWDR_TWKILL_QUOTA = 100;

export class inet_timewait_death_row {
  twcal_hand = -1;
  twcal_jiffie = 0;
  twcal_timer: timer_list = new timer_list();
  twcal_row: hlist_head[] = Array.from({ length: INET_TWDR_RECYCLE_SLOTS }, () => new hlist_head());
  death_lock: spinlock_t = new spinlock_t();
  tw_count = 0;
  period = 0;
  thread_slots = 0;
  twkill_work: work_struct = null;
  tw_timer: timer_list = new timer_list();
  slot = 0;
  cells: hlist_head[] = Array.from({ length: INET_TWDR_TWKILL_SLOTS }, () => new hlist_head());
  hashinfo: inet_hashinfo = null;
  sysctl_tw_recycle = 0;
  sysctl_max_tw_buckets = 0;
}

/**
 * The small socket of TIME_WAIT and of an orphan's FIN_WAIT2. It starts like a sock, so that a hash chain may hold both:
 * the tw_ names are accessors of sock_common's fields.
 */
export class inet_timewait_sock extends sock_common {
  tw_timeout = 0;
  tw_substate = 0;
  tw_rcv_wscale = 0;
  tw_sport = 0;
  tw_ipv6only = 0;
  tw_transparent = 0;
  tw_tos = 0;
  tw_ttd = 0;
  tw_tb: inet_bind_bucket = null;
  tw_death_node: hlist_node = new hlist_node(this);

  get tw_family(): number { return this.sk_family; }
  set tw_family(v: number) { this.sk_family = v; }
  get tw_state(): number { return this.sk_state; }
  set tw_state(v: number) { this.sk_state = v; }
  get tw_reuse(): number { return this.sk_reuse; }
  set tw_reuse(v: number) { this.sk_reuse = v; }
  get tw_bound_dev_if(): number { return this.sk_bound_dev_if; }
  set tw_bound_dev_if(v: number) { this.sk_bound_dev_if = v; }
  get tw_node(): hlist_node { return this.sk_node; }
  get tw_bind_node(): hlist_node { return this.sk_bind_node; }
  get tw_refcnt(): atomic_t { return this.sk_refcnt; }
  get tw_hash(): number { return this.sk_hash; }
  set tw_hash(v: number) { this.sk_hash = v; }
  get tw_prot(): proto { return this.sk_prot; }
  set tw_prot(v: proto) { this.sk_prot = v; }
  get tw_daddr(): number { return this.inet_daddr; }
  set tw_daddr(v: number) { this.inet_daddr = v; }
  get tw_rcv_saddr(): number { return this.inet_rcv_saddr; }
  set tw_rcv_saddr(v: number) { this.inet_rcv_saddr = v; }
  get tw_dport(): number { return this.inet_dport; }
  set tw_dport(v: number) { this.inet_dport = v; }
  get tw_num(): number { return this.inet_num; }
  set tw_num(v: number) { this.inet_num = v; }
}
