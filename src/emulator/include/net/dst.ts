/** include/net/dst.h: what routes offer to the rest of the stack. */
export * from './dst.struct';
import type { dst_entry } from './dst.struct';
import { atomic_inc, atomic_read } from '../linux/atomic';
import { BUG_ON, WARN_ON_ONCE } from '../asm-generic/bug';
import { IS_ERR } from '../linux/err';
import { jiffies, msecs_to_jiffies, time_before } from '../linux/jiffies';
import { NUD_CONNECTED, neigh_hh_output, type hh_cache, type neighbour } from './neighbour';
import { skb_dst, skb_dst_is_noref, type sk_buff } from '../linux/skbuff';
import { RTAX_ADVMSS, RTAX_FEATURES, RTAX_FEATURE_ALLFRAG, RTAX_HOPLIMIT, RTAX_LOCK, RTAX_MAX, RTAX_MTU } from '../linux/rtnetlink';
import { __dst_destroy_metrics_generic, __dst_free, dst_destroy, dst_release } from '../../net/core/dst';
import type { flowi4 } from './flow';
import type { net } from './net_namespace';
import type { sock } from './sock';

export { __dst_free, __skb_dst_set_noref, dst_alloc, dst_destroy, dst_discard, dst_init, dst_release, dst_cow_metrics_generic, __dst_destroy_metrics_generic } from '../../net/core/dst';

export const DST_GC_MIN = 25;
export const DST_GC_INC = 125;
export const DST_GC_MAX = 30000;

export const DST_HOST = 0x0001;
export const DST_NOXFRM = 0x0002;
export const DST_NOPOLICY = 0x0004;
export const DST_NOHASH = 0x0008;
export const DST_NOCACHE = 0x0010;
export const DST_NOCOUNT = 0x0020;
export const DST_NOPEER = 0x0040;
export const DST_FAKE_RTABLE = 0x0080;

export const DST_OBSOLETE_NONE = 0;
export const DST_OBSOLETE_DEAD = 2;
export const DST_OBSOLETE_FORCE_CHK = -1;
export const DST_OBSOLETE_KILL = -2;

export function dst_metrics_read_only(dst: dst_entry): boolean {
  return dst._metrics_read_only;
}
export function dst_destroy_metrics_generic(dst: dst_entry): void {
  const val = dst._metrics;
  if (!dst._metrics_read_only)
    __dst_destroy_metrics_generic(dst, val);
}
export function dst_metrics_write_ptr(dst: dst_entry): number[] {
  const p = dst._metrics;
  BUG_ON(!p);
  if (dst._metrics_read_only)
    return dst.ops.cow_metrics(dst, p);
  return p;
}
export function dst_init_metrics(dst: dst_entry, src_metrics: number[], read_only: boolean): void {
  dst._metrics = src_metrics;
  dst._metrics_read_only = read_only;
}
export function dst_copy_metrics(dest: dst_entry, src: dst_entry): void {
  const dst_metrics = dst_metrics_write_ptr(dest);
  if (dst_metrics) {
    const src_metrics = src._metrics;
    for (let i = 0; i < RTAX_MAX; i++) dst_metrics[i] = src_metrics[i];
  }
}
export function dst_metrics_ptr(dst: dst_entry): number[] {
  return dst._metrics;
}
export function dst_metric_raw(dst: dst_entry, metric: number): number {
  const p = dst._metrics;
  return p[metric - 1];
}
export function dst_metric(dst: dst_entry, metric: number): number {
  WARN_ON_ONCE(metric === RTAX_HOPLIMIT || metric === RTAX_ADVMSS || metric === RTAX_MTU);
  return dst_metric_raw(dst, metric);
}
export function dst_metric_advmss(dst: dst_entry): number {
  let advmss = dst_metric_raw(dst, RTAX_ADVMSS);
  if (!advmss)
    advmss = dst.ops.default_advmss(dst);
  return advmss;
}
export function dst_metric_set(dst: dst_entry, metric: number, val: number): void {
  const p = dst_metrics_write_ptr(dst);
  if (p)
    p[metric - 1] = val;
}
export function dst_feature(dst: dst_entry, feature: number): number {
  return dst_metric(dst, RTAX_FEATURES) & feature;
}
export function dst_mtu(dst: dst_entry): number {
  return dst.ops.mtu(dst);
}
export function dst_metric_rtt(dst: dst_entry, metric: number): number {
  return msecs_to_jiffies(dst_metric(dst, metric));
}
export function dst_allfrag(dst: dst_entry): number {
  const ret = dst_feature(dst, RTAX_FEATURE_ALLFRAG);
  return ret;
}
export function dst_metric_locked(dst: dst_entry, metric: number): number {
  return dst_metric(dst, RTAX_LOCK) & (1 << metric);
}
export function dst_hold(dst: dst_entry): void {
  atomic_inc(dst.__refcnt);
}
export function dst_use(dst: dst_entry, time: number): void {
  dst_hold(dst);
  dst.__use++;
  dst.lastuse = time;
}
export function dst_use_noref(dst: dst_entry, time: number): void {
  dst.__use++;
  dst.lastuse = time;
}
export function dst_clone<T extends dst_entry>(dst: T): T {
  if (dst)
    atomic_inc(dst.__refcnt);
  return dst;
}
/** Gives up what an skb refers to; SKB_DST_NOREF is that bit of the kernel's word `refdst`. */
export function refdst_drop(refdst: dst_entry, SKB_DST_NOREF: number): void {
  if (!SKB_DST_NOREF)
    dst_release(refdst);
}
export function skb_dst_drop(skb: sk_buff): void {
  if (skb._skb_refdst) {
    refdst_drop(skb._skb_refdst, skb._skb_refnoref);
    skb._skb_refdst = null;
    skb._skb_refnoref = 0;
  }
}
export function skb_dst_copy(nskb: sk_buff, oskb: sk_buff): void {
  nskb._skb_refdst = oskb._skb_refdst;
  nskb._skb_refnoref = oskb._skb_refnoref;
  if (!nskb._skb_refnoref)
    dst_clone(skb_dst(nskb));
}
export function skb_dst_force(skb: sk_buff): void {
  if (skb_dst_is_noref(skb)) {
    skb._skb_refnoref = 0;
    dst_clone(skb_dst(skb));
  }
}
export function skb_dst_pop(skb: sk_buff): dst_entry {
  const child = dst_clone(skb_dst(skb).child);
  skb_dst_drop(skb);
  return child;
}
export function dst_free(dst: dst_entry): void {
  if (dst.obsolete > 0)
    return;
  if (!atomic_read(dst.__refcnt)) {
    dst = dst_destroy(dst);
    if (!dst)
      return;
  }
  __dst_free(dst);
}
export function dst_rcu_free(head: dst_entry): void {
  const dst = head;
  dst_free(dst);
}
export function dst_confirm(dst: dst_entry): void {
  dst.pending_confirm = 1;
}
export function dst_neigh_output(dst: dst_entry, n: neighbour, skb: sk_buff): number {
  let hh: hh_cache;
  if (dst.pending_confirm) {
    const now = jiffies();
    dst.pending_confirm = 0;
    if (n.confirmed !== now)
      n.confirmed = now;
  }
  hh = n.hh;
  if ((n.nud_state & NUD_CONNECTED) && hh.hh_len)
    return neigh_hh_output(hh, skb);
  else
    return n.output(n, skb);
}
export function dst_neigh_lookup(dst: dst_entry, daddr: number): neighbour {
  const n = dst.ops.neigh_lookup(dst, null, daddr);
  return IS_ERR(n) ? null : n;
}
export function dst_neigh_lookup_skb(dst: dst_entry, skb: sk_buff): neighbour {
  const n = dst.ops.neigh_lookup(dst, skb, null);
  return IS_ERR(n) ? null : n;
}
export function dst_link_failure(skb: sk_buff): void {
  const dst = skb_dst(skb);
  if (dst && dst.ops && dst.ops.link_failure)
    dst.ops.link_failure(skb);
}
export function dst_set_expires(dst: dst_entry, timeout: number): void {
  let expires = jiffies() + timeout;
  if (expires === 0)
    expires = 1;
  if (dst.expires === 0 || time_before(expires, dst.expires))
    dst.expires = expires;
}
export function dst_output(skb: sk_buff): number {
  return skb_dst(skb).output(skb);
}
export function dst_input(skb: sk_buff): number {
  return skb_dst(skb).input(skb);
}
export function dst_check(dst: dst_entry, cookie: number): dst_entry {
  if (dst.obsolete)
    dst = dst.ops.check(dst, cookie);
  return dst;
}
export function xfrm_lookup(_net: net, dst_orig: dst_entry, _fl: flowi4, _sk: sock, _flags: number): any {
  return dst_orig;
}
export function dst_xfrm(_dst: dst_entry): null {
  return null;
}
