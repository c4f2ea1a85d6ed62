/**
 * include/linux/skbuff.h: constants, accessors and queue primitives of socket buffers.
 * Places in a packet are offsets into skb.head (see skbuff.struct); a function that may fail to give a place gives null.
 */
import type { gfp_t } from './types';
import type { rtable } from '../net/route';
import type { dst_entry } from '../net/dst';
import type { net_device } from './netdevice';
import { sk_buff, sk_buff_head, skb_frag_struct, skb_shared_hwtstamps, skb_shared_info, SKB_DST_NOREF, sizeof_sk_buff, sizeof_skb_shared_info } from './skbuff.struct';
import { atomic_add, atomic_inc, atomic_read } from './atomic';
import { alloc_pages, get_order, get_page, page_address, put_page, PAGE_SIZE, SMP_CACHE_BYTES, NUMA_NO_NODE } from './mm';
import type { page } from './mm';
import { GFP_ATOMIC, __GFP_COLD, __GFP_MEMALLOC, __GFP_NOMEMALLOC } from './gfp';
import { likely, unlikely } from './compiler';
import { ALIGN } from './kernel';
import { BUG_ON, WARN_ON } from '../asm-generic/bug';
import { spin_lock_init } from './spinlock';
import { EFAULT, ENOMEM } from '../uapi/asm-generic/errno';
import { csum_and_copy_from_user, csum_block_add, csum_partial, csum_sub } from '../net/checksum';
import { copy_from_user } from './uaccess';
import { memcpy } from './string';
import { ktime_get_real, ktime_set, ktime_sub } from './ktime';
import { __skb_dst_set_noref } from '../../net/core/dst';
import { skb_flow_dissect } from '../../net/core/flow_dissector';
import { flow_keys } from '../net/flow_keys';
import { __skb_get_rxhash } from '../../net/core/flow_dissector';
import {
  ___pskb_trim, __alloc_skb, __alloc_skb_head, __netdev_alloc_skb, __pskb_copy, __pskb_pull_tail, __skb_warn_lro_forwarding, consume_skb, kfree_skb,
  pskb_expand_head, skb_clone, skb_copy, skb_copy_bits, skb_copy_ubufs, skb_gso_transport_seglen, skb_pad, skb_put, skb_tstamp_tx,
} from '../../net/core/skbuff';
import { __skb_checksum_complete } from '../../net/core/datagram';

export * from './skbuff.struct';
export {
  ___pskb_trim, __alloc_skb, __alloc_skb_head, __copy_skb_header, __kfree_skb, __netdev_alloc_skb, __pskb_copy, __pskb_pull_tail, __skb_warn_lro_forwarding, build_skb,
  consume_skb, kfree_skb, kfree_skb_list, kfree_skb_partial, netdev_alloc_frag, pskb_expand_head, skb_add_rx_frag, skb_append, skb_append_datato_frags,
  skb_checksum, skb_clone, skb_complete_wifi_ack, skb_copy, skb_copy_and_csum_bits, skb_copy_and_csum_dev, skb_copy_bits, skb_copy_expand, skb_copy_ubufs,
  skb_cow_data, skb_dequeue, skb_dequeue_tail, skb_gro_receive, skb_gso_transport_seglen, skb_insert, skb_morph, skb_pad, skb_partial_csum_set, skb_pull,
  skb_pull_rcsum, skb_push, skb_put, skb_queue_head, skb_queue_purge, skb_queue_tail, skb_realloc_headroom, skb_segment, skb_shift, skb_split,
  skb_store_bits, skb_trim, skb_try_coalesce, skb_tstamp_tx, skb_tx_error, skb_unlink, sock_queue_err_skb, virt_to_head_page,
} from '../../net/core/skbuff';
export {
  __skb_checksum_complete, __skb_checksum_complete_head, __skb_recv_datagram, datagram_poll, skb_copy_and_csum_datagram_iovec, skb_copy_datagram_const_iovec,
  skb_copy_datagram_from_iovec, skb_copy_datagram_iovec, skb_free_datagram, skb_free_datagram_locked, skb_kill_datagram, skb_recv_datagram,
} from '../../net/core/datagram';
export { __skb_get_rxhash, __skb_get_poff, __skb_tx_hash } from '../../net/core/flow_dissector';

export const CHECKSUM_NONE = 0;
export const CHECKSUM_UNNECESSARY = 1;
export const CHECKSUM_COMPLETE = 2;
export const CHECKSUM_PARTIAL = 3;

export function SKB_DATA_ALIGN(X: number): number { return (X + (SMP_CACHE_BYTES - 1)) & ~(SMP_CACHE_BYTES - 1); }
const SHINFO_SIZE = (sizeof_skb_shared_info + 63) & ~63;
const SKB_SIZE = (sizeof_sk_buff + 63) & ~63;
export function SKB_WITH_OVERHEAD(X: number): number { return X - SHINFO_SIZE; }
export function SKB_MAX_ORDER(X: number, ORDER: number): number { return SKB_WITH_OVERHEAD((PAGE_SIZE << ORDER) - X); }
export function SKB_MAX_HEAD(X: number): number { return SKB_MAX_ORDER(X, 0); }
export const SKB_MAX_ALLOC = 4096 * 4 - SHINFO_SIZE;
export function SKB_TRUESIZE(X: number): number { return X + SKB_SIZE + SHINFO_SIZE; }

export const SKBTX_HW_TSTAMP = 1;
export const SKBTX_SW_TSTAMP = 2;
export const SKBTX_IN_PROGRESS = 4;
export const SKBTX_DEV_ZEROCOPY = 8;
export const SKBTX_WIFI_STATUS = 16;
export const SKBTX_SHARED_FRAG = 32;

export const SKB_DATAREF_SHIFT = 16;
export const SKB_DATAREF_MASK = (1 << SKB_DATAREF_SHIFT) - 1;

export const SKB_FCLONE_UNAVAILABLE = 0;
export const SKB_FCLONE_ORIG = 1;
export const SKB_FCLONE_CLONE = 2;

export const SKB_GSO_TCPV4 = 1;
export const SKB_GSO_UDP = 2;
export const SKB_GSO_DODGY = 4;
export const SKB_GSO_TCP_ECN = 8;
export const SKB_GSO_TCPV6 = 16;
export const SKB_GSO_FCOE = 32;
export const SKB_GSO_GRE = 64;
export const SKB_GSO_UDP_TUNNEL = 128;

export const SKB_ALLOC_FCLONE = 1;
export const SKB_ALLOC_RX = 2;

export const NET_IP_ALIGN = 0;
export const NET_SKB_PAD = 64;
/** ~0U of an unset header position. */
export const SKB_HEADER_UNSET = 0xffffffff;
export const NETDEV_FRAG_PAGE_MAX_ORDER = get_order(32768);
export const NETDEV_FRAG_PAGE_MAX_SIZE = PAGE_SIZE << NETDEV_FRAG_PAGE_MAX_ORDER;
export const NETDEV_PAGECNT_MAX_BIAS = NETDEV_FRAG_PAGE_MAX_SIZE;

export function skb_frag_size(frag: skb_frag_struct): number { return frag.size; }
export function skb_frag_size_set(frag: skb_frag_struct, size: number): void { frag.size = size; }
export function skb_frag_size_add(frag: skb_frag_struct, delta: number): void { frag.size += delta; }
export function skb_frag_size_sub(frag: skb_frag_struct, delta: number): void { frag.size -= delta; }
/** The slot of fragment `i`, made if it is not there yet (the kernel has all of them from the start). */
export function skb_frag_at(shinfo: skb_shared_info, i: number): skb_frag_struct {
  const frags = shinfo.frags;
  while (frags.length <= i) frags.push(new skb_frag_struct());
  return frags[i];
}
/** `*to = *from` of two fragments. */
export function skb_frag_assign(to: skb_frag_struct, from: skb_frag_struct): void { to.page.p = from.page.p; to.page_offset = from.page_offset; to.size = from.size; }

export function skb_pfmemalloc(skb: sk_buff): boolean { return unlikely(skb.pfmemalloc !== 0); }

export function skb_dst(skb: sk_buff): dst_entry {
  WARN_ON((skb._skb_refnoref & SKB_DST_NOREF) && skb._skb_refdst === null);
  return skb._skb_refdst;
}
export function skb_dst_set(skb: sk_buff, dst: dst_entry): void {
  skb._skb_refdst = dst;
  skb._skb_refnoref = 0;
}
export function skb_dst_set_noref(skb: sk_buff, dst: dst_entry): void { __skb_dst_set_noref(skb, dst, false); }
export function skb_dst_set_noref_force(skb: sk_buff, dst: dst_entry): void { __skb_dst_set_noref(skb, dst, true); }
export function skb_dst_is_noref(skb: sk_buff): boolean { return (skb._skb_refnoref & SKB_DST_NOREF) !== 0 && skb_dst(skb) !== null; }
export function skb_rtable(skb: sk_buff): rtable { return skb_dst(skb) as rtable; }

export function alloc_skb(size: number, priority: gfp_t): sk_buff { return __alloc_skb(size, priority, 0, NUMA_NO_NODE); }
export function alloc_skb_fclone(size: number, priority: gfp_t): sk_buff { return __alloc_skb(size, priority, SKB_ALLOC_FCLONE, NUMA_NO_NODE); }
export function alloc_skb_head(priority: gfp_t): sk_buff { return __alloc_skb_head(priority, -1); }
export function dev_kfree_skb(skb: sk_buff): void { consume_skb(skb); }

export function skb_get_rxhash(skb: sk_buff): number {
  if (!skb.l4_rxhash)
    __skb_get_rxhash(skb);
  return skb.rxhash;
}

export function skb_end_pointer(skb: sk_buff): number { return skb.end; }
export function skb_end_offset(skb: sk_buff): number { return skb.end; }
/** A macro over skb_end_pointer() in the kernel. */
export function skb_shinfo(skb: sk_buff): skb_shared_info {
  skb_end_pointer(skb);
  return skb.shinfo;
}
export function skb_hwtstamps(skb: sk_buff): skb_shared_hwtstamps {
  const shinfo = skb_shinfo(skb);
  return shinfo.hwtstamps ?? (shinfo.hwtstamps = new skb_shared_hwtstamps());
}

export function skb_queue_empty(list: sk_buff_head): boolean { return list.next === (list as unknown as sk_buff); }
export function skb_queue_is_last(list: sk_buff_head, skb: sk_buff): boolean { return skb.next === (list as unknown as sk_buff); }
export function skb_queue_is_first(list: sk_buff_head, skb: sk_buff): boolean { return skb.prev === (list as unknown as sk_buff); }
export function skb_queue_next(list: sk_buff_head, skb: sk_buff): sk_buff {
  BUG_ON(skb_queue_is_last(list, skb));
  return skb.next;
}
export function skb_queue_prev(list: sk_buff_head, skb: sk_buff): sk_buff {
  BUG_ON(skb_queue_is_first(list, skb));
  return skb.prev;
}
export function skb_get(skb: sk_buff): sk_buff {
  atomic_inc(skb.users);
  return skb;
}
export function skb_cloned(skb: sk_buff): boolean { return skb.cloned !== 0 && (atomic_read(skb_shinfo(skb).dataref) & SKB_DATAREF_MASK) !== 1; }
export function skb_unclone(skb: sk_buff, pri: gfp_t): number {
  if (skb_cloned(skb))
    return pskb_expand_head(skb, 0, 0, pri);
  return 0;
}
export function skb_header_cloned(skb: sk_buff): boolean {
  let dataref: number;
  if (!skb.cloned)
    return false;
  dataref = atomic_read(skb_shinfo(skb).dataref);
  dataref = (dataref & SKB_DATAREF_MASK) - (dataref >> SKB_DATAREF_SHIFT);
  return dataref !== 1;
}
export function skb_header_release(skb: sk_buff): void {
  BUG_ON(skb.nohdr);
  skb.nohdr = 1;
  atomic_add(1 << SKB_DATAREF_SHIFT, skb_shinfo(skb).dataref);
}
export function skb_shared(skb: sk_buff): boolean { return atomic_read(skb.users) !== 1; }
export function skb_share_check(skb: sk_buff, pri: gfp_t): sk_buff {
  if (skb_shared(skb)) {
    const nskb = skb_clone(skb, pri);
    if (likely(nskb))
      consume_skb(skb);
    else
      kfree_skb(skb);
    skb = nskb;
  }
  return skb;
}
export function skb_unshare(skb: sk_buff, pri: gfp_t): sk_buff {
  if (skb_cloned(skb)) {
    const nskb = skb_copy(skb, pri);
    kfree_skb(skb);
    skb = nskb;
  }
  return skb;
}

export function skb_peek(list_: sk_buff_head): sk_buff {
  let skb = list_.next;
  if (skb === (list_ as unknown as sk_buff))
    skb = null;
  return skb;
}
export function skb_peek_next(skb: sk_buff, list_: sk_buff_head): sk_buff {
  let next = skb.next;
  if (next === (list_ as unknown as sk_buff))
    next = null;
  return next;
}
export function skb_peek_tail(list_: sk_buff_head): sk_buff {
  let skb = list_.prev;
  if (skb === (list_ as unknown as sk_buff))
    skb = null;
  return skb;
}
export function skb_queue_len(list_: sk_buff_head): number { return list_.qlen; }
export function __skb_queue_head_init(list: sk_buff_head): void {
  list.prev = list.next = list as unknown as sk_buff;
  list.qlen = 0;
}
export function skb_queue_head_init(list: sk_buff_head): void {
  spin_lock_init(list.lock);
  __skb_queue_head_init(list);
}
/** DEVIATION: without the class of locks, which only a checker asks for. */
export function skb_queue_head_init_class(list: sk_buff_head): void { skb_queue_head_init(list); }
export function __skb_insert(newsk: sk_buff, prev: sk_buff, next: sk_buff, list: sk_buff_head): void {
  newsk.next = next;
  newsk.prev = prev;
  next.prev = prev.next = newsk;
  list.qlen++;
}
export function __skb_queue_splice(list: sk_buff_head, prev: sk_buff, next: sk_buff): void {
  const first = list.next;
  const last = list.prev;
  first.prev = prev;
  prev.next = first;
  last.next = next;
  next.prev = last;
}
export function skb_queue_splice(list: sk_buff_head, head: sk_buff_head): void {
  if (!skb_queue_empty(list)) {
    __skb_queue_splice(list, head as unknown as sk_buff, head.next);
    head.qlen += list.qlen;
  }
}
export function skb_queue_splice_init(list: sk_buff_head, head: sk_buff_head): void {
  if (!skb_queue_empty(list)) {
    __skb_queue_splice(list, head as unknown as sk_buff, head.next);
    head.qlen += list.qlen;
    __skb_queue_head_init(list);
  }
}
export function skb_queue_splice_tail(list: sk_buff_head, head: sk_buff_head): void {
  if (!skb_queue_empty(list)) {
    __skb_queue_splice(list, head.prev, head as unknown as sk_buff);
    head.qlen += list.qlen;
  }
}
export function skb_queue_splice_tail_init(list: sk_buff_head, head: sk_buff_head): void {
  if (!skb_queue_empty(list)) {
    __skb_queue_splice(list, head.prev, head as unknown as sk_buff);
    head.qlen += list.qlen;
    __skb_queue_head_init(list);
  }
}
export function __skb_queue_after(list: sk_buff_head, prev: sk_buff, newsk: sk_buff): void { __skb_insert(newsk, prev, prev.next, list); }
export function __skb_queue_before(list: sk_buff_head, next: sk_buff, newsk: sk_buff): void { __skb_insert(newsk, next.prev, next, list); }
export function __skb_queue_head(list: sk_buff_head, newsk: sk_buff): void { __skb_queue_after(list, list as unknown as sk_buff, newsk); }
export function __skb_queue_tail(list: sk_buff_head, newsk: sk_buff): void { __skb_queue_before(list, list as unknown as sk_buff, newsk); }
export function __skb_unlink(skb: sk_buff, list: sk_buff_head): void {
  let next: sk_buff, prev: sk_buff;
  list.qlen--;
  next = skb.next;
  prev = skb.prev;
  skb.next = skb.prev = null;
  next.prev = prev;
  prev.next = next;
}
export function __skb_dequeue(list: sk_buff_head): sk_buff {
  const skb = skb_peek(list);
  if (skb)
    __skb_unlink(skb, list);
  return skb;
}
export function __skb_dequeue_tail(list: sk_buff_head): sk_buff {
  const skb = skb_peek_tail(list);
  if (skb)
    __skb_unlink(skb, list);
  return skb;
}
export function __skb_queue_purge(list: sk_buff_head): void {
  let skb: sk_buff;
  while ((skb = __skb_dequeue(list)) !== null)
    kfree_skb(skb);
}

export function skb_is_nonlinear(skb: sk_buff): boolean { return skb.data_len !== 0; }
export function skb_headlen(skb: sk_buff): number { return skb.len - skb.data_len; }
export function skb_pagelen(skb: sk_buff): number {
  let i: number, len = 0;
  for (i = skb_shinfo(skb).nr_frags - 1; i >= 0; i--)
    len += skb_frag_size(skb_shinfo(skb).frags[i]);
  return len + skb_headlen(skb);
}
export function skb_has_frags(skb: sk_buff): boolean { return skb_shinfo(skb).nr_frags !== 0; }
export function __skb_fill_page_desc(skb: sk_buff, i: number, page: page, off: number, size: number): void {
  const frag = skb_frag_at(skb_shinfo(skb), i);
  frag.page.p = page;
  frag.page_offset = off;
  skb_frag_size_set(frag, size);
  page = compound_head(page);
  if (page.pfmemalloc)
    skb.pfmemalloc = 1;
}
/** A compound page is one object here. */
export function compound_head(p: page): page { return p; }
export function skb_fill_page_desc(skb: sk_buff, i: number, page: page, off: number, size: number): void {
  __skb_fill_page_desc(skb, i, page, off, size);
  skb_shinfo(skb).nr_frags = i + 1;
}

export function SKB_PAGE_ASSERT(skb: sk_buff): void { BUG_ON(skb_shinfo(skb).nr_frags); }
export function SKB_FRAG_ASSERT(skb: sk_buff): void { BUG_ON(skb_has_frag_list(skb)); }
export function SKB_LINEAR_ASSERT(skb: sk_buff): void { BUG_ON(skb_is_nonlinear(skb)); }

export function skb_tail_pointer(skb: sk_buff): number { return skb.tail; }
export function skb_reset_tail_pointer(skb: sk_buff): void { skb.tail = skb.data; }
export function skb_set_tail_pointer(skb: sk_buff, offset: number): void {
  skb_reset_tail_pointer(skb);
  skb.tail += offset;
}
/** Makes room for `len` bytes at the end; gives where they start. */
export function __skb_put(skb: sk_buff, len: number): number {
  const tmp = skb_tail_pointer(skb);
  SKB_LINEAR_ASSERT(skb);
  skb.tail += len;
  skb.len += len;
  return tmp;
}
export function __skb_push(skb: sk_buff, len: number): number {
  skb.data -= len;
  skb.len += len;
  return skb.data;
}
export function __skb_pull(skb: sk_buff, len: number): number {
  skb.len -= len;
  BUG_ON(skb.len < skb.data_len);
  return skb.data += len;
}
export function skb_pull_inline(skb: sk_buff, len: number): number { return unlikely(len > skb.len) ? null : __skb_pull(skb, len); }
export function __pskb_pull(skb: sk_buff, len: number): number {
  if (len > skb_headlen(skb) && __pskb_pull_tail(skb, len - skb_headlen(skb)) === null)
    return null;
  skb.len -= len;
  return skb.data += len;
}
export function pskb_pull(skb: sk_buff, len: number): number { return unlikely(len > skb.len) ? null : __pskb_pull(skb, len); }
export function pskb_may_pull(skb: sk_buff, len: number): boolean {
  if (likely(len <= skb_headlen(skb)))
    return true;
  if (unlikely(len > skb.len))
    return false;
  return __pskb_pull_tail(skb, len - skb_headlen(skb)) !== null;
}
export function skb_headroom(skb: sk_buff): number { return skb.data; }
export function skb_tailroom(skb: sk_buff): number { return skb_is_nonlinear(skb) ? 0 : skb.end - skb.tail; }
export function skb_availroom(skb: sk_buff): number {
  if (skb_is_nonlinear(skb))
    return 0;
  return skb.end - skb.tail - skb.reserved_tailroom;
}
export function skb_reserve(skb: sk_buff, len: number): void {
  skb.data += len;
  skb.tail += len;
}
export function skb_reset_inner_headers(skb: sk_buff): void {
  skb.inner_mac_header = skb.mac_header;
  skb.inner_network_header = skb.network_header;
  skb.inner_transport_header = skb.transport_header;
}
export function skb_reset_mac_len(skb: sk_buff): void { skb.mac_len = skb.network_header - skb.mac_header; }
export function skb_transport_header_was_set(skb: sk_buff): boolean { return skb.transport_header !== SKB_HEADER_UNSET; }
export function skb_transport_header(skb: sk_buff): number { return skb.transport_header; }
export function skb_reset_transport_header(skb: sk_buff): void { skb.transport_header = skb.data; }
export function skb_set_transport_header(skb: sk_buff, offset: number): void {
  skb_reset_transport_header(skb);
  skb.transport_header += offset;
}
export function skb_network_header(skb: sk_buff): number { return skb.network_header; }
export function skb_reset_network_header(skb: sk_buff): void { skb.network_header = skb.data; }
export function skb_set_network_header(skb: sk_buff, offset: number): void {
  skb_reset_network_header(skb);
  skb.network_header += offset;
}
export function skb_mac_header(skb: sk_buff): number { return skb.mac_header; }
export function skb_mac_header_was_set(skb: sk_buff): boolean { return skb.mac_header !== SKB_HEADER_UNSET; }
export function skb_reset_mac_header(skb: sk_buff): void { skb.mac_header = skb.data; }
export function skb_set_mac_header(skb: sk_buff, offset: number): void {
  skb_reset_mac_header(skb);
  skb.mac_header += offset;
}
export function skb_inner_transport_header(skb: sk_buff): number { return skb.inner_transport_header; }
export function skb_inner_network_header(skb: sk_buff): number { return skb.inner_network_header; }
export function skb_inner_mac_header(skb: sk_buff): number { return skb.inner_mac_header; }
export function skb_pop_mac_header(skb: sk_buff): void { skb.mac_header = skb.network_header; }
export function skb_probe_transport_header(skb: sk_buff, offset_hint: number): void {
  const keys = new flow_keys();
  if (skb_transport_header_was_set(skb))
    return;
  else if (skb_flow_dissect(skb, keys))
    skb_set_transport_header(skb, keys.thoff);
  else
    skb_set_transport_header(skb, offset_hint);
}
export function skb_mac_header_rebuild(skb: sk_buff): void {
  if (skb_mac_header_was_set(skb)) {
    const old_mac = skb_mac_header(skb);
    skb_set_mac_header(skb, -skb.mac_len);
    memcpy(skb.head, skb_mac_header(skb), skb.head, old_mac, skb.mac_len);
  }
}
export function skb_checksum_start_offset(skb: sk_buff): number { return skb.csum_start - skb_headroom(skb); }
export function skb_transport_offset(skb: sk_buff): number { return skb_transport_header(skb) - skb.data; }
export function skb_network_header_len(skb: sk_buff): number { return skb.transport_header - skb.network_header; }
export function skb_inner_network_header_len(skb: sk_buff): number { return skb.inner_transport_header - skb.inner_network_header; }
export function skb_network_offset(skb: sk_buff): number { return skb_network_header(skb) - skb.data; }
export function skb_inner_network_offset(skb: sk_buff): number { return skb_inner_network_header(skb) - skb.data; }
export function pskb_network_may_pull(skb: sk_buff, len: number): boolean { return pskb_may_pull(skb, skb_network_offset(skb) + len); }

export function __skb_trim(skb: sk_buff, len: number): void {
  if (unlikely(skb_is_nonlinear(skb))) {
    WARN_ON(1);
    return;
  }
  skb.len = len;
  skb_set_tail_pointer(skb, len);
}
export function __pskb_trim(skb: sk_buff, len: number): number {
  if (skb.data_len)
    return ___pskb_trim(skb, len);
  __skb_trim(skb, len);
  return 0;
}
export function pskb_trim(skb: sk_buff, len: number): number { return len < skb.len ? __pskb_trim(skb, len) : 0; }
export function pskb_trim_unique(skb: sk_buff, len: number): void {
  const err = pskb_trim(skb, len);
  BUG_ON(err);
}
export function skb_orphan(skb: sk_buff): void {
  if (skb.destructor)
    skb.destructor(skb);
  skb.destructor = null;
  skb.sk = null;
}
export function skb_orphan_frags(skb: sk_buff, gfp_mask: gfp_t): number {
  if (likely(!(skb_shinfo(skb).tx_flags & SKBTX_DEV_ZEROCOPY)))
    return 0;
  return skb_copy_ubufs(skb, gfp_mask);
}

export function netdev_alloc_skb(dev: net_device, length: number): sk_buff { return __netdev_alloc_skb(dev, length, GFP_ATOMIC); }
export function __dev_alloc_skb(length: number, gfp_mask: gfp_t): sk_buff { return __netdev_alloc_skb(null, length, gfp_mask); }
export function dev_alloc_skb(length: number): sk_buff { return netdev_alloc_skb(null, length); }
export function __netdev_alloc_skb_ip_align(dev: net_device, length: number, gfp: gfp_t): sk_buff {
  const skb = __netdev_alloc_skb(dev, length + NET_IP_ALIGN, gfp);
  if (NET_IP_ALIGN && skb)
    skb_reserve(skb, NET_IP_ALIGN);
  return skb;
}
export function netdev_alloc_skb_ip_align(dev: net_device, length: number): sk_buff { return __netdev_alloc_skb_ip_align(dev, length, GFP_ATOMIC); }
export function __skb_alloc_pages(gfp_mask: gfp_t, skb: sk_buff, order: number): page {
  let page: page;
  gfp_mask |= __GFP_COLD;
  if (!(gfp_mask & __GFP_NOMEMALLOC))
    gfp_mask |= __GFP_MEMALLOC;
  page = alloc_pages(gfp_mask, order);
  if (skb && page && page.pfmemalloc)
    skb.pfmemalloc = 1;
  return page;
}
export function __skb_alloc_page(gfp_mask: gfp_t, skb: sk_buff): page { return __skb_alloc_pages(gfp_mask, skb, 0); }
export function skb_propagate_pfmemalloc(page: page, skb: sk_buff): void {
  if (page && page.pfmemalloc)
    skb.pfmemalloc = 1;
}

export function skb_frag_page(frag: skb_frag_struct): page { return frag.page.p; }
export function __skb_frag_ref(frag: skb_frag_struct): void { get_page(skb_frag_page(frag)); }
export function skb_frag_ref(skb: sk_buff, f: number): void { __skb_frag_ref(skb_shinfo(skb).frags[f]); }
export function __skb_frag_unref(frag: skb_frag_struct): void { put_page(skb_frag_page(frag)); }
export function skb_frag_unref(skb: sk_buff, f: number): void { __skb_frag_unref(skb_shinfo(skb).frags[f]); }
/** The page's bytes; the fragment starts at frag.page_offset in them. */
export function skb_frag_address(frag: skb_frag_struct): Uint8Array { return page_address(skb_frag_page(frag)); }
export function skb_frag_address_safe(frag: skb_frag_struct): Uint8Array {
  const ptr = page_address(skb_frag_page(frag));
  if (unlikely(!ptr))
    return null;
  return ptr;
}
export function __skb_frag_set_page(frag: skb_frag_struct, page: page): void { frag.page.p = page; }
export function skb_frag_set_page(skb: sk_buff, f: number, page: page): void { __skb_frag_set_page(skb_shinfo(skb).frags[f], page); }

export function pskb_copy(skb: sk_buff, gfp_mask: gfp_t): sk_buff { return __pskb_copy(skb, skb_headroom(skb), gfp_mask); }
export function skb_clone_writable(skb: sk_buff, len: number): boolean { return !skb_header_cloned(skb) && skb_headroom(skb) + len <= skb.hdr_len; }
export function __skb_cow(skb: sk_buff, headroom: number, cloned: boolean): number {
  let delta = 0;
  if (headroom > skb_headroom(skb))
    delta = headroom - skb_headroom(skb);
  if (delta || cloned)
    return pskb_expand_head(skb, ALIGN(delta, NET_SKB_PAD), 0, GFP_ATOMIC);
  return 0;
}
export function skb_cow(skb: sk_buff, headroom: number): number { return __skb_cow(skb, headroom, skb_cloned(skb)); }
export function skb_cow_head(skb: sk_buff, headroom: number): number { return __skb_cow(skb, headroom, skb_header_cloned(skb)); }
export function skb_padto(skb: sk_buff, len: number): number {
  const size = skb.len;
  if (likely(size >= len))
    return 0;
  return skb_pad(skb, len - size);
}
/** Appends `copy` bytes of user memory (`buf` from `from`). */
export function skb_add_data(skb: sk_buff, buf: Uint8Array, from: number, copy: number): number {
  const off = skb.len;
  if (skb.ip_summed === CHECKSUM_NONE) {
    const err = { v: 0 };
    const to = skb_put(skb, copy);
    const csum = csum_and_copy_from_user(buf, from, skb.head, to, copy, 0, err);
    if (!err.v) {
      skb.csum = csum_block_add(skb.csum, csum, off);
      return 0;
    }
  } else if (!copy_from_user(skb.head, skb_put(skb, copy), buf, from, copy))
    return 0;
  __skb_trim(skb, off);
  return -EFAULT;
}
export function skb_can_coalesce(skb: sk_buff, i: number, page: page, off: number): boolean {
  if (i) {
    const frag = skb_shinfo(skb).frags[i - 1];
    return page === skb_frag_page(frag) && off === frag.page_offset + skb_frag_size(frag);
  }
  return false;
}
export function __skb_linearize(skb: sk_buff): number { return __pskb_pull_tail(skb, skb.data_len) !== null ? 0 : -ENOMEM; }
export function skb_linearize(skb: sk_buff): number { return skb_is_nonlinear(skb) ? __skb_linearize(skb) : 0; }
export function skb_has_shared_frag(skb: sk_buff): boolean { return skb_is_nonlinear(skb) && (skb_shinfo(skb).tx_flags & SKBTX_SHARED_FRAG) !== 0; }
export function skb_linearize_cow(skb: sk_buff): number { return skb_is_nonlinear(skb) || skb_cloned(skb) ? __skb_linearize(skb) : 0; }
/** `start` is the offset in skb.head of the `len` bytes that were pulled. */
export function skb_postpull_rcsum(skb: sk_buff, start: number, len: number): void {
  if (skb.ip_summed === CHECKSUM_COMPLETE)
    skb.csum = csum_sub(skb.csum, csum_partial(skb.head, start, len, 0));
  else if (skb.ip_summed === CHECKSUM_PARTIAL && skb_checksum_start_offset(skb) < 0)
    skb.ip_summed = CHECKSUM_NONE;
}
export function pskb_trim_rcsum(skb: sk_buff, len: number): number {
  if (likely(len >= skb.len))
    return 0;
  if (skb.ip_summed === CHECKSUM_COMPLETE)
    skb.ip_summed = CHECKSUM_NONE;
  return __pskb_trim(skb, len);
}

export function skb_has_frag_list(skb: sk_buff): boolean { return skb_shinfo(skb).frag_list !== null; }
export function skb_frag_list_init(skb: sk_buff): void { skb_shinfo(skb).frag_list = null; }
export function skb_frag_add_head(skb: sk_buff, frag: sk_buff): void {
  frag.next = skb_shinfo(skb).frag_list;
  skb_shinfo(skb).frag_list = frag;
}

/** A header view at `offset` from skb.data: in place where the bytes are linear, else over a copy; null when the packet is too short. `view` is the class of the header. */
export function skb_header_pointer<T>(skb: sk_buff, offset: number, len: number, view: new (b: Uint8Array, off: number) => T): T {
  const hlen = skb_headlen(skb);
  if (hlen - offset >= len)
    return new view(skb.head, skb.data + offset);
  const buffer = new Uint8Array(len);
  if (skb_copy_bits(skb, offset, buffer, 0, len) < 0)
    return null;
  return new view(buffer, 0);
}
export function skb_copy_from_linear_data(skb: sk_buff, to: Uint8Array, to_off: number, len: number): void { memcpy(to, to_off, skb.head, skb.data, len); }
export function skb_copy_from_linear_data_offset(skb: sk_buff, offset: number, to: Uint8Array, to_off: number, len: number): void { memcpy(to, to_off, skb.head, skb.data + offset, len); }
export function skb_copy_to_linear_data(skb: sk_buff, from: Uint8Array, from_off: number, len: number): void { memcpy(skb.head, skb.data, from, from_off, len); }
export function skb_copy_to_linear_data_offset(skb: sk_buff, offset: number, from: Uint8Array, from_off: number, len: number): void { memcpy(skb.head, skb.data + offset, from, from_off, len); }

export function skb_get_ktime(skb: sk_buff): number { return skb.tstamp; }
export function __net_timestamp(skb: sk_buff): void { skb.tstamp = ktime_get_real(); }
export function net_timedelta(t: number): number { return ktime_sub(ktime_get_real(), t); }
export function net_invalid_timestamp(): number { return ktime_set(0, 0); }
export function skb_clone_tx_timestamp(_skb: sk_buff): void { /* no PHY time stamping in the recordings' configuration */ }
export function skb_defer_rx_timestamp(_skb: sk_buff): boolean { return false; }
export function sw_tx_timestamp(skb: sk_buff): void {
  if (skb_shinfo(skb).tx_flags & SKBTX_SW_TSTAMP && !(skb_shinfo(skb).tx_flags & SKBTX_IN_PROGRESS))
    skb_tstamp_tx(skb, null);
}
export function skb_tx_timestamp(skb: sk_buff): void {
  skb_clone_tx_timestamp(skb);
  sw_tx_timestamp(skb);
}
export function skb_csum_unnecessary(skb: sk_buff): boolean { return (skb.ip_summed & CHECKSUM_UNNECESSARY) !== 0; }
export function skb_checksum_complete(skb: sk_buff): number { return skb_csum_unnecessary(skb) ? 0 : __skb_checksum_complete(skb); }

export function nf_reset(_skb: sk_buff): void { /* no connection tracking */ }
export function nf_reset_trace(skb: sk_buff): void { skb.nf_trace = 0; }
export function __nf_copy(_dst: sk_buff, _src: sk_buff): void { /* no connection tracking */ }
export function nf_copy(dst: sk_buff, src: sk_buff): void { __nf_copy(dst, src); }
export function skb_copy_secmark(_to: sk_buff, _from: sk_buff): void { /* no security marks */ }
export function skb_init_secmark(_skb: sk_buff): void { /* no security marks */ }
export function skb_set_queue_mapping(skb: sk_buff, queue_mapping: number): void { skb.queue_mapping = queue_mapping; }
export function skb_get_queue_mapping(skb: sk_buff): number { return skb.queue_mapping; }
export function skb_copy_queue_mapping(to: sk_buff, from: sk_buff): void { to.queue_mapping = from.queue_mapping; }
export function skb_record_rx_queue(skb: sk_buff, rx_queue: number): void { skb.queue_mapping = rx_queue + 1; }
export function skb_get_rx_queue(skb: sk_buff): number { return skb.queue_mapping - 1; }
export function skb_rx_queue_recorded(skb: sk_buff): boolean { return skb.queue_mapping !== 0; }
export function skb_sec_path(_skb: sk_buff): null { return null; }

export class skb_gso_cb { mac_offset = 0; copy(): skb_gso_cb { const n = new skb_gso_cb(); n.mac_offset = this.mac_offset; return n; } }
export function SKB_GSO_CB(skb: sk_buff): skb_gso_cb { return skb.cb_gso ?? (skb.cb_gso = new skb_gso_cb()); }
export function skb_tnl_header_len(inner_skb: sk_buff): number { return skb_mac_header(inner_skb) - SKB_GSO_CB(inner_skb).mac_offset; }
export function gso_pskb_expand_head(skb: sk_buff, extra: number): number {
  let new_headroom: number, headroom: number;
  let ret: number;
  headroom = skb_headroom(skb);
  ret = pskb_expand_head(skb, extra, 0, GFP_ATOMIC);
  if (ret)
    return ret;
  new_headroom = skb_headroom(skb);
  SKB_GSO_CB(skb).mac_offset += new_headroom - headroom;
  return 0;
}
export function skb_is_gso(skb: sk_buff): boolean { return skb_shinfo(skb).gso_size !== 0; }
export function skb_is_gso_v6(skb: sk_buff): boolean { return (skb_shinfo(skb).gso_type & SKB_GSO_TCPV6) !== 0; }
export function skb_warn_if_lro(skb: sk_buff): boolean {
  const shinfo = skb_shinfo(skb);
  if (skb_is_nonlinear(skb) && shinfo.gso_size !== 0 && unlikely(shinfo.gso_type === 0)) {
    __skb_warn_lro_forwarding(skb);
    return true;
  }
  return false;
}
export function skb_forward_csum(skb: sk_buff): void {
  if (skb.ip_summed === CHECKSUM_COMPLETE)
    skb.ip_summed = CHECKSUM_NONE;
}
export function skb_checksum_none_assert(_skb: sk_buff): void { /* only checks in debugging kernels */ }
export function skb_head_is_locked(skb: sk_buff): boolean { return !skb.head_frag || skb_cloned(skb); }
export function skb_gso_network_seglen(skb: sk_buff): number {
  const hdr_len = skb_transport_header(skb) - skb_network_header(skb);
  return hdr_len + skb_gso_transport_seglen(skb);
}


/** Maps a part of a page fragment for a device. */
export function skb_frag_dma_map(dev: device, frag: skb_frag_struct, offset: number, size: number, dir: number): DmaAddress {
  return dma_map_page(dev, skb_frag_page(frag), frag.page_offset + offset, size, dir);
}
import { dma_map_page } from './dma-mapping';
import type { device } from './device';
import type { DmaAddress } from '../ports';
export { skb_checksum_help } from '../../net/core/dev';
