/** include/net/dst_ops.h. */
import type { dst_entry } from './dst.struct';
import type { sk_buff } from '../linux/skbuff';
import type { net_device } from '../linux/netdevice';
import type { sock } from './sock';
import type { neighbour } from './neighbour';
import { percpu_counter, percpu_counter_add, percpu_counter_destroy, percpu_counter_init, percpu_counter_read_positive, percpu_counter_sum_positive } from '../linux/percpu_counter';
import { local_bh_disable, local_bh_enable } from '../../kernel/softirq';

/** The immutable part is a module constant; what counts lives on the host in `state`. */
export interface dst_ops {
  family: number;
  protocol: number;
  gc_thresh: number;
  gc: (ops: dst_ops) => number;
  check: (dst: dst_entry, cookie: number) => dst_entry;
  default_advmss: (dst: dst_entry) => number;
  mtu: (dst: dst_entry) => number;
  cow_metrics: (dst: dst_entry, old: number[]) => number[];
  destroy: (dst: dst_entry) => void;
  ifdown: (dst: dst_entry, dev: net_device, how: number) => void;
  negative_advice: (dst: dst_entry) => dst_entry;
  link_failure: (skb: sk_buff) => void;
  update_pmtu: (dst: dst_entry, sk: sock, skb: sk_buff, mtu: number) => void;
  redirect: (dst: dst_entry, sk: sock, skb: sk_buff) => void;
  local_out: (skb: sk_buff) => number;
  neigh_lookup: (dst: dst_entry, skb: sk_buff, daddr: number) => neighbour;
  /** Allocates an entry of the family's own kind. */
  kmem_cachep: () => dst_entry;
  /** The counter of this host: `pcpuc_entries` of the kernel's table. */
  entries: () => percpu_counter;
}

export function dst_entries_get_fast(dst: dst_ops): number {
  return percpu_counter_read_positive(dst.entries());
}
export function dst_entries_get_slow(dst: dst_ops): number {
  let res: number;
  local_bh_disable();
  res = percpu_counter_sum_positive(dst.entries());
  local_bh_enable();
  return res;
}
export function dst_entries_add(dst: dst_ops, val: number): void {
  local_bh_disable();
  percpu_counter_add(dst.entries(), val);
  local_bh_enable();
}
export function dst_entries_init(dst: dst_ops): number {
  return percpu_counter_init(dst.entries(), 0);
}
export function dst_entries_destroy(dst: dst_ops): void {
  percpu_counter_destroy(dst.entries());
}
