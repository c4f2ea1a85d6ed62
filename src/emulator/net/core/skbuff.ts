/** net/core/skbuff.c: allocating, cloning, copying, splitting and freeing socket buffers. */
import { current } from '../../include/ports';
import type { Cpu } from '../../include/ports';
import type { gfp_t } from '../../include/linux/types';
import type { net_device } from '../../include/linux/netdevice';
import type { sock } from '../../include/net/sock.struct';
import { sk_buff, sk_buff_head, skb_frag_struct, skb_shared_hwtstamps, skb_shared_info, MAX_SKB_FRAGS, sizeof_sk_buff, sizeof_skb_shared_info } from '../../include/linux/skbuff.struct';
import type { control_block } from '../../include/linux/skbuff.struct';
import {
  CHECKSUM_NONE, CHECKSUM_PARTIAL, NETDEV_FRAG_PAGE_MAX_ORDER, NETDEV_PAGECNT_MAX_BIAS, NET_SKB_PAD, SKBTX_DEV_ZEROCOPY, SKBTX_SHARED_FRAG, SKB_ALLOC_FCLONE, SKB_ALLOC_RX,
  SKB_DATAREF_SHIFT, SKB_DATA_ALIGN, SKB_FCLONE_CLONE, SKB_FCLONE_ORIG, SKB_FCLONE_UNAVAILABLE, SKB_FRAG_ASSERT, SKB_GSO_TCPV4, SKB_GSO_TCPV6, SKB_HEADER_UNSET, SKB_LINEAR_ASSERT,
  SKB_TRUESIZE, SKB_WITH_OVERHEAD, __nf_copy, __skb_dequeue, __skb_dequeue_tail, __skb_fill_page_desc, __skb_frag_ref, __skb_frag_unref, __skb_insert, __skb_pull, __skb_push,
  __skb_put, __skb_queue_after, __skb_queue_head, __skb_queue_tail, __skb_trim, __skb_unlink, alloc_skb, pskb_copy, pskb_pull, pskb_trim, skb_can_coalesce, skb_checksum_start_offset,
  skb_cloned, skb_copy_from_linear_data, skb_copy_from_linear_data_offset, skb_copy_queue_mapping, skb_copy_secmark, skb_copy_to_linear_data_offset, skb_cow_head, skb_end_offset,
  skb_fill_page_desc, skb_frag_assign, skb_frag_at, skb_frag_page, skb_frag_ref, skb_frag_size, skb_frag_size_add, skb_frag_size_set, skb_frag_size_sub, skb_frag_unref, skb_get,
  skb_has_frag_list, skb_head_is_locked, skb_headlen, skb_header_release, skb_headroom, skb_hwtstamps, skb_linearize, skb_mac_header, skb_mac_header_was_set, skb_network_header_len, skb_network_offset,
  skb_orphan, skb_orphan_frags, skb_pagelen, skb_pfmemalloc, skb_postpull_rcsum, skb_pull_inline, skb_reserve, skb_reset_mac_header, skb_reset_mac_len, skb_reset_tail_pointer,
  skb_set_mac_header, skb_set_network_header, skb_set_tail_pointer, skb_set_transport_header, skb_shared, skb_shinfo, skb_tail_pointer, skb_tailroom, skb_tnl_header_len, skb_transport_offset,
} from '../../include/linux/skbuff';
import { atomic_add, atomic_dec_and_test, atomic_inc, atomic_read, atomic_set, atomic_sub, atomic_sub_and_test, atomic_sub_return, atomic_t } from '../../include/linux/atomic';
import { NUMA_NO_NODE, PAGE_SIZE, alloc_page, alloc_pages, get_page, ksize_of, page_address, page_frag, put_page } from '../../include/linux/mm';
import type { page } from '../../include/linux/mm';
import { kmap_atomic, kunmap_atomic } from '../../include/linux/highmem';
import { GFP_ATOMIC, GFP_DMA, __GFP_COLD, __GFP_COMP, __GFP_MEMALLOC, __GFP_NOWARN, __GFP_WAIT } from '../../include/linux/gfp';
import { jump, likely, unlikely } from '../../include/linux/compiler';
import { BUG, BUG_ON, WARN_ON, WARN_ON_ONCE } from '../../include/asm-generic/bug';
import { spin_lock_irqsave, spin_unlock_irqrestore } from '../../include/linux/spinlock';
import { local_irq_restore, local_irq_save } from '../../include/linux/irqflags';
import { in_irq } from '../../include/linux/interrupt';
import { E2BIG, EFAULT, EINVAL, EMSGSIZE, ENOMEM, ENOMSG } from '../../include/uapi/asm-generic/errno';
import { ERR_PTR } from '../../include/linux/err';
import { csum_block_add, csum_fold, csum_partial, csum_partial_copy_nocheck } from '../../include/net/checksum';
import { memcpy, memset } from '../../include/linux/string';
import { ktime_get_real } from '../../include/linux/ktime';
import { skb_dst_copy, skb_dst_drop, skb_dst_force } from '../../include/net/dst';
import { sk_memalloc_socks, sock_flag, sk_page_frag_refill, SOCK_DEAD } from '../../include/net/sock';
import { NAPI_GRO_CB, NAPI_GRO_FREE, NAPI_GRO_FREE_STOLEN_HEAD, can_checksum_protocol, skb_gro_len, skb_gro_offset } from '../../include/linux/netdevice';
import { NETIF_F_SG } from '../../include/linux/netdev_features';
import { skb_network_protocol } from './dev';
import { tcp_hdrlen } from '../../include/linux/tcp';
import { SKB_EXT_ERR, SO_EE_ORIGIN_TIMESTAMPING, SO_EE_ORIGIN_TXSTATUS } from '../../include/linux/errqueue';

declare module '../../include/ports' { interface Cpu { netdev_alloc_cache: netdev_alloc_cache } }

/** The page that receive buffers' heads are cut from, one per CPU. */
export class netdev_alloc_cache { frag: page_frag = new page_frag(); pagecnt_bias = 0; }
export function skbuff_percpu(cpu: Cpu): void { cpu.netdev_alloc_cache = new netdev_alloc_cache(); }

const SHINFO_ALIGNED = (sizeof_skb_shared_info + 63) & ~63;

function skb_panic(skb: sk_buff, sz: number, msg: string): void {
  current.machine.log(`${msg}: len:${skb.len} put:${sz} data:${skb.data} tail:${skb.tail} end:${skb.end}`);
  BUG();
}
function skb_over_panic(skb: sk_buff, sz: number): void { skb_panic(skb, sz, 'skb_over_panic'); }
function skb_under_panic(skb: sk_buff, sz: number): void { skb_panic(skb, sz, 'skb_under_panic'); }

/** The memory of a head: as many bytes as the slab allocator would really give. */
function __kmalloc_reserve(size: number, flags: gfp_t, _node: number, pfmemalloc: { v: number }): Uint8Array {
  let obj: Uint8Array;
  const ret_pfmemalloc = 0;
  obj = new Uint8Array(ksize_of(size));
  if (pfmemalloc)
    pfmemalloc.v = ret_pfmemalloc;
  return obj;
}
/** A macro in the kernel, which adds the caller's address. */
function kmalloc_reserve(size: number, flags: gfp_t, node: number, pfmemalloc: { v: number }): Uint8Array { return __kmalloc_reserve(size, flags, node, pfmemalloc); }
function ksize(data: Uint8Array): number { return data.length; }
function kfree(_data: Uint8Array): void { /* garbage collected */ }
/** The page that a head cut out of a page lies in. */
export function virt_to_head_page(addr: Uint8Array): page { return (addr.buffer as ArrayBuffer & { page?: page }).page; }

export function __alloc_skb_head(_gfp_mask: gfp_t, _node: number): sk_buff {
  let skb: sk_buff;
  skb = new sk_buff();
  skb.head = null;
  skb.truesize = sizeof_sk_buff;
  atomic_set(skb.users, 1);
  skb.mac_header = SKB_HEADER_UNSET;
  return skb;
}

/** A buffer with room for `size` bytes; SKB_ALLOC_FCLONE lays a clone beside it. */
export function __alloc_skb(size: number, gfp_mask: gfp_t, flags: number, node: number): sk_buff {
  let shinfo: skb_shared_info;
  let skb: sk_buff;
  let data: Uint8Array;
  if (sk_memalloc_socks() && flags & SKB_ALLOC_RX)
    gfp_mask |= __GFP_MEMALLOC;
  skb = new sk_buff();
  if (!skb)
    return skb;
  size = SKB_DATA_ALIGN(size);
  size += SKB_DATA_ALIGN(sizeof_skb_shared_info);
  data = kmalloc_reserve(size, gfp_mask, node, null);
  size = SKB_WITH_OVERHEAD(ksize(data));
  skb.truesize = SKB_TRUESIZE(size);
  skb.pfmemalloc = 0;
  atomic_set(skb.users, 1);
  skb.head = data;
  skb.data = 0;
  skb_reset_tail_pointer(skb);
  skb.end = skb.tail + size;
  skb.mac_header = SKB_HEADER_UNSET;
  skb.transport_header = SKB_HEADER_UNSET;
  skb.shinfo = new skb_shared_info();
  shinfo = skb_shinfo(skb);
  atomic_set(shinfo.dataref, 1);
  if (flags & SKB_ALLOC_FCLONE) {
    const child = new sk_buff();
    const fclone_ref = skb.fclone_ref = child.fclone_ref = new atomic_t();
    skb.fclone_child = child;
    child.fclone_parent = skb;
    skb.fclone = SKB_FCLONE_ORIG;
    atomic_set(fclone_ref, 1);
    child.fclone = SKB_FCLONE_UNAVAILABLE;
    child.pfmemalloc = 0;
  }
  skb.pkt = current.machine.new_packet();
  current.machine.packet_event('alloc', skb.pkt, '__alloc_skb');
  return skb;
}

/** A buffer around memory that is there already; `frag_size` bytes of a page, or a whole kmalloc'ed block when 0. */
export function build_skb(data: Uint8Array, frag_size: number): sk_buff {
  let shinfo: skb_shared_info;
  let skb: sk_buff;
  let size = frag_size ? frag_size : ksize(data);
  skb = new sk_buff();
  if (!skb)
    return null;
  size -= SKB_DATA_ALIGN(sizeof_skb_shared_info);
  skb.truesize = SKB_TRUESIZE(size);
  skb.head_frag = frag_size !== 0 ? 1 : 0;
  atomic_set(skb.users, 1);
  skb.head = data;
  skb.data = 0;
  skb_reset_tail_pointer(skb);
  skb.end = skb.tail + size;
  skb.mac_header = SKB_HEADER_UNSET;
  skb.transport_header = SKB_HEADER_UNSET;
  skb.shinfo = new skb_shared_info();
  shinfo = skb_shinfo(skb);
  atomic_set(shinfo.dataref, 1);
  skb.pkt = current.machine.new_packet();
  current.machine.packet_event('alloc', skb.pkt, 'build_skb');
  return skb;
}

function __netdev_alloc_frag(fragsz: number, gfp_mask: gfp_t): Uint8Array {
  let nc: netdev_alloc_cache;
  let data: Uint8Array = null;
  let order: number;
  let flags: boolean;
  let refill = false, recycle = false;
  flags = local_irq_save();
  nc = current.cpu.netdev_alloc_cache;
  end: {
    for (;;) {
      if (jump(refill || recycle) || unlikely(!nc.frag.page)) {
        if (!recycle) {
          for (order = NETDEV_FRAG_PAGE_MAX_ORDER; ;) {
            let gfp = gfp_mask;
            if (order)
              gfp |= __GFP_COMP | __GFP_NOWARN;
            nc.frag.page = alloc_pages(gfp, order);
            if (likely(nc.frag.page))
              break;
            if (--order < 0)
              break end;
          }
          (nc.frag.page.data.buffer as ArrayBuffer & { page?: page }).page = nc.frag.page;
          nc.frag.size = PAGE_SIZE << order;
        }
        atomic_set(nc.frag.page._count, NETDEV_PAGECNT_MAX_BIAS);
        nc.pagecnt_bias = NETDEV_PAGECNT_MAX_BIAS;
        nc.frag.offset = 0;
      }
      if (nc.frag.offset + fragsz > nc.frag.size) {
        refill = recycle = false;
        if (atomic_read(nc.frag.page._count) === nc.pagecnt_bias || atomic_sub_and_test(nc.pagecnt_bias, nc.frag.page._count))
          recycle = true;
        else
          refill = true;
        continue;
      }
      break;
    }
    data = page_address(nc.frag.page).subarray(nc.frag.offset, nc.frag.offset + fragsz);
    nc.frag.offset += fragsz;
    nc.pagecnt_bias--;
  }
  local_irq_restore(flags);
  return data;
}

export function netdev_alloc_frag(fragsz: number): Uint8Array { return __netdev_alloc_frag(fragsz, GFP_ATOMIC | __GFP_COLD); }

/** A receive buffer for `dev`, its head cut from a page where it fits. */
export function __netdev_alloc_skb(dev: net_device, length: number, gfp_mask: gfp_t): sk_buff {
  let skb: sk_buff = null;
  const fragsz = SKB_DATA_ALIGN(length + NET_SKB_PAD) + SKB_DATA_ALIGN(sizeof_skb_shared_info);
  if (fragsz <= PAGE_SIZE && !(gfp_mask & (__GFP_WAIT | GFP_DMA))) {
    let data: Uint8Array;
    if (sk_memalloc_socks())
      gfp_mask |= __GFP_MEMALLOC;
    data = __netdev_alloc_frag(fragsz, gfp_mask);
    if (likely(data)) {
      skb = build_skb(data, fragsz);
      if (unlikely(!skb))
        put_page(virt_to_head_page(data));
    }
  } else {
    skb = __alloc_skb(length + NET_SKB_PAD, gfp_mask, SKB_ALLOC_RX, NUMA_NO_NODE);
  }
  if (likely(skb)) {
    skb_reserve(skb, NET_SKB_PAD);
    skb.dev = dev;
  }
  return skb;
}

export function skb_add_rx_frag(skb: sk_buff, i: number, page: page, off: number, size: number, truesize: number): void {
  skb_fill_page_desc(skb, i, page, off, size);
  skb.len += size;
  skb.data_len += size;
  skb.truesize += truesize;
}

/** Frees the list at `shinfo.frag_list`. */
function skb_drop_fraglist(skb: sk_buff): void {
  skb_drop_list(skb_shinfo(skb));
}
function skb_drop_list(listp: { frag_list: sk_buff }): void {
  kfree_skb_list(listp.frag_list);
  listp.frag_list = null;
}

function skb_clone_fraglist(skb: sk_buff): void {
  let list: sk_buff;
  for (list = skb_shinfo(skb).frag_list; list; list = list.next)
    skb_get(list);
}

function skb_free_head(skb: sk_buff): void {
  if (skb.head_frag)
    put_page(virt_to_head_page(skb.head));
  else
    kfree(skb.head);
}

function skb_release_data(skb: sk_buff): void {
  if (!skb.cloned || !atomic_sub_return(skb.nohdr ? (1 << SKB_DATAREF_SHIFT) + 1 : 1, skb_shinfo(skb).dataref)) {
    if (skb_shinfo(skb).nr_frags) {
      let i: number;
      for (i = 0; i < skb_shinfo(skb).nr_frags; i++)
        skb_frag_unref(skb, i);
    }
    if (skb_shinfo(skb).tx_flags & SKBTX_DEV_ZEROCOPY) {
      let uarg: ubuf_info;
      uarg = skb_shinfo(skb).destructor_arg as ubuf_info;
      if (uarg.callback)
        uarg.callback(uarg, true);
    }
    if (skb_has_frag_list(skb))
      skb_drop_fraglist(skb);
    skb_free_head(skb);
  }
}
/** Who to tell when a zero-copy buffer is done with. */
export interface ubuf_info { callback: (uarg: ubuf_info, zerocopy_success: boolean) => void }

function kfree_skbmem(skb: sk_buff): void {
  let fclone_ref: atomic_t;
  switch (skb.fclone) {
    case SKB_FCLONE_UNAVAILABLE:
      break;
    case SKB_FCLONE_ORIG:
      fclone_ref = skb.fclone_ref;
      atomic_dec_and_test(fclone_ref);
      break;
    case SKB_FCLONE_CLONE:
      fclone_ref = skb.fclone_ref;
      skb.fclone = SKB_FCLONE_UNAVAILABLE;
      atomic_dec_and_test(fclone_ref);
      break;
  }
}

function skb_release_head_state(skb: sk_buff): void {
  skb_dst_drop(skb);
  if (skb.destructor) {
    WARN_ON(in_irq());
    skb.destructor(skb);
  }
  skb.tc_index = 0;
}

function skb_release_all(skb: sk_buff): void {
  skb_release_head_state(skb);
  if (likely(skb.head))
    skb_release_data(skb);
}

export function __kfree_skb(skb: sk_buff): void {
  current.machine.packet_event('free', skb.pkt, skb.cloned ? 'clone' : '');
  skb_release_all(skb);
  kfree_skbmem(skb);
}

/** Drops one reference; the last one frees the buffer as lost. */
export function kfree_skb(skb: sk_buff): void {
  if (unlikely(!skb))
    return;
  if (likely(atomic_read(skb.users) === 1))
    smp_rmb();
  else if (likely(!atomic_dec_and_test(skb.users)))
    return;
  current.machine.packet_event('drop', skb.pkt, 'kfree_skb');
  __kfree_skb(skb);
}
function smp_rmb(): void { /* one thread: nothing to order */ }

export function kfree_skb_list(segs: sk_buff): void {
  while (segs) {
    const next = segs.next;
    kfree_skb(segs);
    segs = next;
  }
}

export function skb_tx_error(skb: sk_buff): void {
  if (skb_shinfo(skb).tx_flags & SKBTX_DEV_ZEROCOPY) {
    let uarg: ubuf_info;
    uarg = skb_shinfo(skb).destructor_arg as ubuf_info;
    if (uarg.callback)
      uarg.callback(uarg, false);
    skb_shinfo(skb).tx_flags &= ~SKBTX_DEV_ZEROCOPY;
  }
}

/** Drops one reference; the last one frees the buffer as consumed. */
export function consume_skb(skb: sk_buff): void {
  if (unlikely(!skb))
    return;
  if (likely(atomic_read(skb.users) === 1))
    smp_rmb();
  else if (likely(!atomic_dec_and_test(skb.users)))
    return;
  __kfree_skb(skb);
}

function copy_cb(cb: control_block): control_block { return cb === null ? null : cb.copy(); }

export function __copy_skb_header(nskb: sk_buff, old: sk_buff): void {
  nskb.tstamp = old.tstamp;
  nskb.dev = old.dev;
  nskb.transport_header = old.transport_header;
  nskb.network_header = old.network_header;
  nskb.mac_header = old.mac_header;
  nskb.inner_transport_header = old.inner_transport_header;
  nskb.inner_network_header = old.inner_network_header;
  nskb.inner_mac_header = old.inner_mac_header;
  skb_dst_copy(nskb, old);
  nskb.rxhash = old.rxhash;
  nskb.ooo_okay = old.ooo_okay;
  nskb.l4_rxhash = old.l4_rxhash;
  nskb.no_fcs = old.no_fcs;
  nskb.encapsulation = old.encapsulation;
  nskb.cb_tcp = copy_cb(old.cb_tcp);
  nskb.cb_ip = copy_cb(old.cb_ip);
  nskb.cb_gro = copy_cb(old.cb_gro);
  nskb.cb_qdisc = copy_cb(old.cb_qdisc);
  nskb.cb_udp = copy_cb(old.cb_udp);
  nskb.cb_frag = copy_cb(old.cb_frag);
  nskb.cb_neigh = copy_cb(old.cb_neigh);
  nskb.cb_gso = copy_cb(old.cb_gso);
  nskb.cb_err = copy_cb(old.cb_err);
  nskb.cb_netem = copy_cb(old.cb_netem);
  nskb.cb_packet = copy_cb(old.cb_packet);
  nskb.cb_netlink = copy_cb(old.cb_netlink);
  nskb.csum = old.csum;
  nskb.csum_start = old.csum_start;
  nskb.csum_offset = old.csum_offset;
  nskb.local_df = old.local_df;
  nskb.pkt_type = old.pkt_type;
  nskb.ip_summed = old.ip_summed;
  skb_copy_queue_mapping(nskb, old);
  nskb.priority = old.priority;
  nskb.pfmemalloc = old.pfmemalloc;
  nskb.protocol = old.protocol;
  nskb.mark = old.mark;
  nskb.skb_iif = old.skb_iif;
  __nf_copy(nskb, old);
  nskb.tc_index = old.tc_index;
  nskb.vlan_proto = old.vlan_proto;
  nskb.vlan_tci = old.vlan_tci;
  skb_copy_secmark(nskb, old);
  nskb.pkt = old.pkt;
}

function __skb_clone(n: sk_buff, skb: sk_buff): sk_buff {
  n.next = n.prev = null;
  n.sk = null;
  __copy_skb_header(n, skb);
  n.len = skb.len;
  n.data_len = skb.data_len;
  n.mac_len = skb.mac_len;
  n.hdr_len = skb.nohdr ? skb_headroom(skb) : skb.hdr_len;
  n.cloned = 1;
  n.nohdr = 0;
  n.destructor = null;
  n.tail = skb.tail;
  n.end = skb.end;
  n.head = skb.head;
  n.shinfo = skb.shinfo;
  n.head_frag = skb.head_frag;
  n.data = skb.data;
  n.truesize = skb.truesize;
  atomic_set(n.users, 1);
  atomic_inc(skb_shinfo(skb).dataref);
  skb.cloned = 1;
  return n;
}

export function skb_morph(dst: sk_buff, src: sk_buff): sk_buff {
  skb_release_all(dst);
  return __skb_clone(dst, src);
}

export function skb_copy_ubufs(skb: sk_buff, gfp_mask: gfp_t): number {
  let i: number;
  const num_frags = skb_shinfo(skb).nr_frags;
  const pages: page[] = [];
  const uarg = skb_shinfo(skb).destructor_arg as ubuf_info;
  for (i = 0; i < num_frags; i++) {
    let vaddr: Uint8Array;
    const f = skb_shinfo(skb).frags[i];
    const page = alloc_page(gfp_mask);
    vaddr = kmap_atomic(skb_frag_page(f));
    memcpy(page_address(page), 0, vaddr, f.page_offset, skb_frag_size(f));
    kunmap_atomic(vaddr);
    pages.push(page);
  }
  for (i = 0; i < num_frags; i++)
    skb_frag_unref(skb, i);
  uarg.callback(uarg, false);
  for (i = num_frags - 1; i >= 0; i--)
    __skb_fill_page_desc(skb, i, pages[i], 0, skb_shinfo(skb).frags[i].size);
  skb_shinfo(skb).tx_flags &= ~SKBTX_DEV_ZEROCOPY;
  return 0;
}

/** A second sk_buff over the same bytes. */
export function skb_clone(skb: sk_buff, gfp_mask: gfp_t): sk_buff {
  let n: sk_buff;
  if (skb_orphan_frags(skb, gfp_mask))
    return null;
  n = skb.fclone_child;
  if (skb.fclone === SKB_FCLONE_ORIG && n.fclone === SKB_FCLONE_UNAVAILABLE) {
    const fclone_ref = n.fclone_ref;
    n.fclone = SKB_FCLONE_CLONE;
    atomic_inc(fclone_ref);
  } else {
    if (skb_pfmemalloc(skb))
      gfp_mask |= __GFP_MEMALLOC;
    n = new sk_buff();
    if (!n)
      return null;
    n.fclone = SKB_FCLONE_UNAVAILABLE;
  }
  current.machine.packet_event('clone', skb.pkt, '');
  return __skb_clone(n, skb);
}

function skb_headers_offset_update(skb: sk_buff, off: number): void {
  skb.transport_header += off;
  skb.network_header += off;
  if (skb_mac_header_was_set(skb))
    skb.mac_header += off;
  skb.inner_transport_header += off;
  skb.inner_network_header += off;
  skb.inner_mac_header += off;
}

function copy_skb_header(nskb: sk_buff, old: sk_buff): void {
  __copy_skb_header(nskb, old);
  skb_shinfo(nskb).gso_size = skb_shinfo(old).gso_size;
  skb_shinfo(nskb).gso_segs = skb_shinfo(old).gso_segs;
  skb_shinfo(nskb).gso_type = skb_shinfo(old).gso_type;
}

function skb_alloc_rx_flag(skb: sk_buff): number {
  if (skb_pfmemalloc(skb))
    return SKB_ALLOC_RX;
  return 0;
}

/** A private, linear copy of everything. */
export function skb_copy(skb: sk_buff, gfp_mask: gfp_t): sk_buff {
  const headerlen = skb_headroom(skb);
  const size = skb_end_offset(skb) + skb.data_len;
  const n = __alloc_skb(size, gfp_mask, skb_alloc_rx_flag(skb), NUMA_NO_NODE);
  if (!n)
    return null;
  skb_reserve(n, headerlen);
  skb_put(n, skb.len);
  if (skb_copy_bits(skb, -headerlen, n.head, 0, headerlen + skb.len))
    BUG();
  copy_skb_header(n, skb);
  current.machine.packet_event('copy', n.pkt, String(skb.len));
  return n;
}

/** A copy with a private head of `headroom` and shared pages. */
export function __pskb_copy(skb: sk_buff, headroom: number, gfp_mask: gfp_t): sk_buff {
  const size = skb_headlen(skb) + headroom;
  let n = __alloc_skb(size, gfp_mask, skb_alloc_rx_flag(skb), NUMA_NO_NODE);
  out: {
    if (!n)
      break out;
    skb_reserve(n, headroom);
    skb_put(n, skb_headlen(skb));
    skb_copy_from_linear_data(skb, n.head, n.data, n.len);
    n.truesize += skb.data_len;
    n.data_len = skb.data_len;
    n.len = skb.len;
    if (skb_shinfo(skb).nr_frags) {
      let i: number;
      if (skb_orphan_frags(skb, gfp_mask)) {
        kfree_skb(n);
        n = null;
        break out;
      }
      for (i = 0; i < skb_shinfo(skb).nr_frags; i++) {
        skb_frag_assign(skb_frag_at(skb_shinfo(n), i), skb_shinfo(skb).frags[i]);
        skb_frag_ref(skb, i);
      }
      skb_shinfo(n).nr_frags = i;
    }
    if (skb_has_frag_list(skb)) {
      skb_shinfo(n).frag_list = skb_shinfo(skb).frag_list;
      skb_clone_fraglist(n);
    }
    copy_skb_header(n, skb);
    current.machine.packet_event('copy', n.pkt, String(size - headroom));
  }
  return n;
}

/** Moves the head into new memory with `nhead` more bytes in front and `ntail` behind, private to this buffer afterwards. */
export function pskb_expand_head(skb: sk_buff, nhead: number, ntail: number, gfp_mask: gfp_t): number {
  let i: number;
  let data: Uint8Array;
  let size = nhead + skb_end_offset(skb) + ntail;
  let off: number;
  BUG_ON(nhead < 0);
  if (skb_shared(skb))
    BUG();
  size = SKB_DATA_ALIGN(size);
  if (skb_pfmemalloc(skb))
    gfp_mask |= __GFP_MEMALLOC;
  data = kmalloc_reserve(size + SHINFO_ALIGNED, gfp_mask, NUMA_NO_NODE, null);
  size = SKB_WITH_OVERHEAD(ksize(data));
  memcpy(data, nhead, skb.head, 0, skb_tail_pointer(skb));
  const shinfo = shinfo_copy(skb_shinfo(skb));
  if (skb_cloned(skb)) {
    if (skb_orphan_frags(skb, gfp_mask))
      return -ENOMEM;
    for (i = 0; i < skb_shinfo(skb).nr_frags; i++)
      skb_frag_ref(skb, i);
    if (skb_has_frag_list(skb))
      skb_clone_fraglist(skb);
    skb_release_data(skb);
  } else {
    skb_free_head(skb);
  }
  skb.head = data;
  skb.shinfo = shinfo;
  skb.head_frag = 0;
  skb.data += nhead;
  skb.end = size;
  off = nhead;
  skb.tail += off;
  skb_headers_offset_update(skb, off);
  if (skb.ip_summed === CHECKSUM_PARTIAL)
    skb.csum_start += nhead;
  skb.cloned = 0;
  skb.hdr_len = 0;
  skb.nohdr = 0;
  atomic_set(skb_shinfo(skb).dataref, 1);
  return 0;
}

/** What moves along with a head: everything up to the fragments in use. */
function shinfo_copy(old: skb_shared_info): skb_shared_info {
  const n = new skb_shared_info();
  n.nr_frags = old.nr_frags;
  n.tx_flags = old.tx_flags;
  n.gso_size = old.gso_size;
  n.gso_segs = old.gso_segs;
  n.gso_type = old.gso_type;
  n.frag_list = old.frag_list;
  if (old.hwtstamps !== null) n.hwtstamps = Object.assign(new skb_shared_hwtstamps(), old.hwtstamps);
  n.ip6_frag_id = old.ip6_frag_id;
  n.dataref.counter = old.dataref.counter;
  n.destructor_arg = old.destructor_arg;
  for (let i = 0; i < old.nr_frags; i++) skb_frag_assign(skb_frag_at(n, i), old.frags[i]);
  return n;
}

export function skb_realloc_headroom(skb: sk_buff, headroom: number): sk_buff {
  let skb2: sk_buff;
  const delta = headroom - skb_headroom(skb);
  if (delta <= 0)
    skb2 = pskb_copy(skb, GFP_ATOMIC);
  else {
    skb2 = skb_clone(skb, GFP_ATOMIC);
    if (skb2 && pskb_expand_head(skb2, SKB_DATA_ALIGN(delta), 0, GFP_ATOMIC)) {
      kfree_skb(skb2);
      skb2 = null;
    }
  }
  return skb2;
}

/** A private linear copy with other room in front and behind. */
export function skb_copy_expand(skb: sk_buff, newheadroom: number, newtailroom: number, gfp_mask: gfp_t): sk_buff {
  const n = __alloc_skb(newheadroom + skb.len + newtailroom, gfp_mask, skb_alloc_rx_flag(skb), NUMA_NO_NODE);
  const oldheadroom = skb_headroom(skb);
  let head_copy_len: number, head_copy_off: number;
  let off: number;
  if (!n)
    return null;
  skb_reserve(n, newheadroom);
  skb_put(n, skb.len);
  head_copy_len = oldheadroom;
  head_copy_off = 0;
  if (newheadroom <= head_copy_len)
    head_copy_len = newheadroom;
  else
    head_copy_off = newheadroom - head_copy_len;
  if (skb_copy_bits(skb, -head_copy_len, n.head, head_copy_off, skb.len + head_copy_len))
    BUG();
  copy_skb_header(n, skb);
  off = newheadroom - oldheadroom;
  if (n.ip_summed === CHECKSUM_PARTIAL)
    n.csum_start += off;
  skb_headers_offset_update(n, off);
  return n;
}

export function skb_pad(skb: sk_buff, pad: number): number {
  let err: number;
  let ntail: number;
  if (!skb_cloned(skb) && skb_tailroom(skb) >= pad) {
    memset(skb.head, skb.data + skb.len, 0, pad);
    return 0;
  }
  ntail = skb.data_len + pad - (skb.end - skb.tail);
  free_skb: {
    if (likely(skb_cloned(skb) || ntail > 0)) {
      err = pskb_expand_head(skb, 0, ntail, GFP_ATOMIC);
      if (unlikely(err))
        break free_skb;
    }
    err = skb_linearize(skb);
    if (unlikely(err))
      break free_skb;
    memset(skb.head, skb.data + skb.len, 0, pad);
    return 0;
  }
  kfree_skb(skb);
  return err;
}

/** Makes room for `len` bytes at the end; gives where they start. */
export function skb_put(skb: sk_buff, len: number): number {
  const tmp = skb_tail_pointer(skb);
  SKB_LINEAR_ASSERT(skb);
  skb.tail += len;
  skb.len += len;
  if (unlikely(skb.tail > skb.end))
    skb_over_panic(skb, len);
  return tmp;
}
/** Makes room for `len` bytes in front; gives where they start. */
export function skb_push(skb: sk_buff, len: number): number {
  skb.data -= len;
  skb.len += len;
  if (unlikely(skb.data < 0))
    skb_under_panic(skb, len);
  return skb.data;
}
export function skb_pull(skb: sk_buff, len: number): number { return skb_pull_inline(skb, len); }
export function skb_trim(skb: sk_buff, len: number): void {
  if (skb.len > len)
    __skb_trim(skb, len);
}

/** Cuts a non-linear buffer to `len` bytes. */
export function ___pskb_trim(skb: sk_buff, len: number): number {
  let fragp: { frag_list: sk_buff } | sk_buff;
  let frag: sk_buff;
  let offset = skb_headlen(skb);
  const nfrags = skb_shinfo(skb).nr_frags;
  let i: number;
  let err: number;
  if (skb_cloned(skb) && unlikely((err = pskb_expand_head(skb, 0, 0, GFP_ATOMIC))))
    return err;
  i = 0;
  done: {
    let drop_pages = offset >= len;
    if (!drop_pages) {
      for (; i < nfrags; i++) {
        const end = offset + skb_frag_size(skb_shinfo(skb).frags[i]);
        if (end < len) {
          offset = end;
          continue;
        }
        skb_frag_size_set(skb_shinfo(skb).frags[i++], len - offset);
        drop_pages = true;
        break;
      }
    }
    if (drop_pages) {
      skb_shinfo(skb).nr_frags = i;
      for (; i < nfrags; i++)
        skb_frag_unref(skb, i);
      if (skb_has_frag_list(skb))
        skb_drop_fraglist(skb);
      break done;
    }
    let first = true;
    for (fragp = skb_shinfo(skb); (frag = first ? (fragp as skb_shared_info).frag_list : (fragp as sk_buff).next); fragp = frag, first = false) {
      const end = offset + frag.len;
      if (skb_shared(frag)) {
        let nfrag: sk_buff;
        nfrag = skb_clone(frag, GFP_ATOMIC);
        if (unlikely(!nfrag))
          return -ENOMEM;
        nfrag.next = frag.next;
        consume_skb(frag);
        frag = nfrag;
        if (first) (fragp as skb_shared_info).frag_list = frag; else (fragp as sk_buff).next = frag;
      }
      if (end < len) {
        offset = end;
        continue;
      }
      if (end > len && unlikely((err = pskb_trim(frag, len - offset))))
        return err;
      if (frag.next) {
        kfree_skb_list(frag.next);
        frag.next = null;
      }
      break;
    }
  }
  if (len > skb_headlen(skb)) {
    skb.data_len -= skb.len - len;
    skb.len = len;
  } else {
    skb.len = len;
    skb.data_len = 0;
    skb_set_tail_pointer(skb, len);
  }
  return 0;
}

/** Brings `delta` bytes from the fragments behind the linear part; gives the new end, or null. */
export function __pskb_pull_tail(skb: sk_buff, delta: number): number {
  let i: number, k: number, eat = skb.tail + delta - skb.end;
  if (eat > 0 || skb_cloned(skb)) {
    if (pskb_expand_head(skb, 0, eat > 0 ? eat + 128 : 0, GFP_ATOMIC))
      return null;
  }
  if (skb_copy_bits(skb, skb_headlen(skb), skb.head, skb_tail_pointer(skb), delta))
    BUG();
  pull_pages: {
    if (!skb_has_frag_list(skb))
      break pull_pages;
    eat = delta;
    for (i = 0; i < skb_shinfo(skb).nr_frags; i++) {
      const size = skb_frag_size(skb_shinfo(skb).frags[i]);
      if (size >= eat)
        break pull_pages;
      eat -= size;
    }
    if (eat) {
      let list = skb_shinfo(skb).frag_list;
      let clone: sk_buff = null;
      let insp: sk_buff = null;
      do {
        BUG_ON(!list);
        if (list.len <= eat) {
          eat -= list.len;
          list = list.next;
          insp = list;
        } else {
          if (skb_shared(list)) {
            clone = skb_clone(list, GFP_ATOMIC);
            if (!clone)
              return null;
            insp = list.next;
            list = clone;
          } else {
            insp = list;
          }
          if (pskb_pull(list, eat) === null) {
            kfree_skb(clone);
            return null;
          }
          break;
        }
      } while (eat);
      while ((list = skb_shinfo(skb).frag_list) !== insp) {
        skb_shinfo(skb).frag_list = list.next;
        kfree_skb(list);
      }
      if (clone) {
        clone.next = list;
        skb_shinfo(skb).frag_list = clone;
      }
    }
  }
  eat = delta;
  k = 0;
  for (i = 0; i < skb_shinfo(skb).nr_frags; i++) {
    const size = skb_frag_size(skb_shinfo(skb).frags[i]);
    if (size <= eat) {
      skb_frag_unref(skb, i);
      eat -= size;
    } else {
      skb_frag_assign(skb_shinfo(skb).frags[k], skb_shinfo(skb).frags[i]);
      if (eat) {
        skb_shinfo(skb).frags[k].page_offset += eat;
        skb_frag_size_sub(skb_shinfo(skb).frags[k], eat);
        eat = 0;
      }
      k++;
    }
  }
  skb_shinfo(skb).nr_frags = k;
  skb.tail += delta;
  skb.data_len -= delta;
  return skb_tail_pointer(skb);
}

/** Copies `len` bytes from `offset` (counted from skb.data, may be negative) to `buf` at `to`. */
export function skb_copy_bits(skb: sk_buff, offset: number, buf: Uint8Array, to: number, len: number): number {
  let start = skb_headlen(skb);
  let frag_iter: sk_buff;
  let i: number, copy: number;
  if (offset > skb.len - len)
    return -EFAULT;
  if ((copy = start - offset) > 0) {
    if (copy > len)
      copy = len;
    skb_copy_from_linear_data_offset(skb, offset, buf, to, copy);
    if ((len -= copy) === 0)
      return 0;
    offset += copy;
    to += copy;
  }
  for (i = 0; i < skb_shinfo(skb).nr_frags; i++) {
    let end: number;
    const f = skb_shinfo(skb).frags[i];
    WARN_ON(start > offset + len);
    end = start + skb_frag_size(f);
    if ((copy = end - offset) > 0) {
      let vaddr: Uint8Array;
      if (copy > len)
        copy = len;
      vaddr = kmap_atomic(skb_frag_page(f));
      memcpy(buf, to, vaddr, f.page_offset + offset - start, copy);
      kunmap_atomic(vaddr);
      if ((len -= copy) === 0)
        return 0;
      offset += copy;
      to += copy;
    }
    start = end;
  }
  for (frag_iter = skb_shinfo(skb).frag_list; frag_iter; frag_iter = frag_iter.next) {
    let end: number;
    WARN_ON(start > offset + len);
    end = start + frag_iter.len;
    if ((copy = end - offset) > 0) {
      if (copy > len)
        copy = len;
      if (skb_copy_bits(frag_iter, offset - start, buf, to, copy))
        return -EFAULT;
      if ((len -= copy) === 0)
        return 0;
      offset += copy;
      to += copy;
    }
    start = end;
  }
  if (!len)
    return 0;
  return -EFAULT;
}

/** Copies `len` bytes of `buf` at `from` into the packet at `offset`. */
export function skb_store_bits(skb: sk_buff, offset: number, buf: Uint8Array, from: number, len: number): number {
  let start = skb_headlen(skb);
  let frag_iter: sk_buff;
  let i: number, copy: number;
  if (offset > skb.len - len)
    return -EFAULT;
  if ((copy = start - offset) > 0) {
    if (copy > len)
      copy = len;
    skb_copy_to_linear_data_offset(skb, offset, buf, from, copy);
    if ((len -= copy) === 0)
      return 0;
    offset += copy;
    from += copy;
  }
  for (i = 0; i < skb_shinfo(skb).nr_frags; i++) {
    const frag = skb_shinfo(skb).frags[i];
    let end: number;
    WARN_ON(start > offset + len);
    end = start + skb_frag_size(frag);
    if ((copy = end - offset) > 0) {
      let vaddr: Uint8Array;
      if (copy > len)
        copy = len;
      vaddr = kmap_atomic(skb_frag_page(frag));
      memcpy(vaddr, frag.page_offset + offset - start, buf, from, copy);
      kunmap_atomic(vaddr);
      if ((len -= copy) === 0)
        return 0;
      offset += copy;
      from += copy;
    }
    start = end;
  }
  for (frag_iter = skb_shinfo(skb).frag_list; frag_iter; frag_iter = frag_iter.next) {
    let end: number;
    WARN_ON(start > offset + len);
    end = start + frag_iter.len;
    if ((copy = end - offset) > 0) {
      if (copy > len)
        copy = len;
      if (skb_store_bits(frag_iter, offset - start, buf, from, copy))
        return -EFAULT;
      if ((len -= copy) === 0)
        return 0;
      offset += copy;
      from += copy;
    }
    start = end;
  }
  if (!len)
    return 0;
  return -EFAULT;
}

/** Internet checksum of `len` bytes from `offset`, added to `csum`. */
export function skb_checksum(skb: sk_buff, offset: number, len: number, csum: number): number {
  let start = skb_headlen(skb);
  let i: number, copy = start - offset;
  let frag_iter: sk_buff;
  let pos = 0;
  if (copy > 0) {
    if (copy > len)
      copy = len;
    csum = csum_partial(skb.head, skb.data + offset, copy, csum);
    if ((len -= copy) === 0)
      return csum;
    offset += copy;
    pos = copy;
  }
  for (i = 0; i < skb_shinfo(skb).nr_frags; i++) {
    let end: number;
    const frag = skb_shinfo(skb).frags[i];
    WARN_ON(start > offset + len);
    end = start + skb_frag_size(frag);
    if ((copy = end - offset) > 0) {
      let csum2: number;
      let vaddr: Uint8Array;
      if (copy > len)
        copy = len;
      vaddr = kmap_atomic(skb_frag_page(frag));
      csum2 = csum_partial(vaddr, frag.page_offset + offset - start, copy, 0);
      kunmap_atomic(vaddr);
      csum = csum_block_add(csum, csum2, pos);
      if (!(len -= copy))
        return csum;
      offset += copy;
      pos += copy;
    }
    start = end;
  }
  for (frag_iter = skb_shinfo(skb).frag_list; frag_iter; frag_iter = frag_iter.next) {
    let end: number;
    WARN_ON(start > offset + len);
    end = start + frag_iter.len;
    if ((copy = end - offset) > 0) {
      let csum2: number;
      if (copy > len)
        copy = len;
      csum2 = skb_checksum(frag_iter, offset - start, copy, 0);
      csum = csum_block_add(csum, csum2, pos);
      if ((len -= copy) === 0)
        return csum;
      offset += copy;
      pos += copy;
    }
    start = end;
  }
  BUG_ON(len);
  return csum;
}

/** skb_copy_bits() and skb_checksum() in one pass. */
export function skb_copy_and_csum_bits(skb: sk_buff, offset: number, buf: Uint8Array, to: number, len: number, csum: number): number {
  let start = skb_headlen(skb);
  let i: number, copy = start - offset;
  let frag_iter: sk_buff;
  let pos = 0;
  if (copy > 0) {
    if (copy > len)
      copy = len;
    csum = csum_partial_copy_nocheck(skb.head, skb.data + offset, buf, to, copy, csum);
    if ((len -= copy) === 0)
      return csum;
    offset += copy;
    to += copy;
    pos = copy;
  }
  for (i = 0; i < skb_shinfo(skb).nr_frags; i++) {
    let end: number;
    WARN_ON(start > offset + len);
    end = start + skb_frag_size(skb_shinfo(skb).frags[i]);
    if ((copy = end - offset) > 0) {
      let csum2: number;
      let vaddr: Uint8Array;
      const frag = skb_shinfo(skb).frags[i];
      if (copy > len)
        copy = len;
      vaddr = kmap_atomic(skb_frag_page(frag));
      csum2 = csum_partial_copy_nocheck(vaddr, frag.page_offset + offset - start, buf, to, copy, 0);
      kunmap_atomic(vaddr);
      csum = csum_block_add(csum, csum2, pos);
      if (!(len -= copy))
        return csum;
      offset += copy;
      to += copy;
      pos += copy;
    }
    start = end;
  }
  for (frag_iter = skb_shinfo(skb).frag_list; frag_iter; frag_iter = frag_iter.next) {
    let csum2: number;
    let end: number;
    WARN_ON(start > offset + len);
    end = start + frag_iter.len;
    if ((copy = end - offset) > 0) {
      if (copy > len)
        copy = len;
      csum2 = skb_copy_and_csum_bits(frag_iter, offset - start, buf, to, copy, 0);
      csum = csum_block_add(csum, csum2, pos);
      if ((len -= copy) === 0)
        return csum;
      offset += copy;
      to += copy;
      pos += copy;
    }
    start = end;
  }
  BUG_ON(len);
  return csum;
}

export function skb_copy_and_csum_dev(skb: sk_buff, buf: Uint8Array, to: number): void {
  let csum: number;
  let csstart: number;
  if (skb.ip_summed === CHECKSUM_PARTIAL)
    csstart = skb_checksum_start_offset(skb);
  else
    csstart = skb_headlen(skb);
  BUG_ON(csstart > skb_headlen(skb));
  skb_copy_from_linear_data(skb, buf, to, csstart);
  csum = 0;
  if (csstart !== skb.len)
    csum = skb_copy_and_csum_bits(skb, csstart, buf, to + csstart, skb.len - csstart, 0);
  if (skb.ip_summed === CHECKSUM_PARTIAL) {
    const csstuff = csstart + skb.csum_offset;
    const sum = csum_fold(csum);
    buf[to + csstuff] = sum >> 8;
    buf[to + csstuff + 1] = sum;
  }
}

export function skb_dequeue(list: sk_buff_head): sk_buff {
  let flags: boolean;
  let result: sk_buff;
  flags = spin_lock_irqsave(list.lock);
  result = __skb_dequeue(list);
  spin_unlock_irqrestore(list.lock, flags);
  return result;
}
export function skb_dequeue_tail(list: sk_buff_head): sk_buff {
  let flags: boolean;
  let result: sk_buff;
  flags = spin_lock_irqsave(list.lock);
  result = __skb_dequeue_tail(list);
  spin_unlock_irqrestore(list.lock, flags);
  return result;
}
export function skb_queue_purge(list: sk_buff_head): void {
  let skb: sk_buff;
  while ((skb = skb_dequeue(list)) !== null)
    kfree_skb(skb);
}
export function skb_queue_head(list: sk_buff_head, newsk: sk_buff): void {
  let flags: boolean;
  flags = spin_lock_irqsave(list.lock);
  __skb_queue_head(list, newsk);
  spin_unlock_irqrestore(list.lock, flags);
}
export function skb_queue_tail(list: sk_buff_head, newsk: sk_buff): void {
  let flags: boolean;
  flags = spin_lock_irqsave(list.lock);
  __skb_queue_tail(list, newsk);
  spin_unlock_irqrestore(list.lock, flags);
}
export function skb_unlink(skb: sk_buff, list: sk_buff_head): void {
  let flags: boolean;
  flags = spin_lock_irqsave(list.lock);
  __skb_unlink(skb, list);
  spin_unlock_irqrestore(list.lock, flags);
}
export function skb_append(old: sk_buff, newsk: sk_buff, list: sk_buff_head): void {
  let flags: boolean;
  flags = spin_lock_irqsave(list.lock);
  __skb_queue_after(list, old, newsk);
  spin_unlock_irqrestore(list.lock, flags);
}
export function skb_insert(old: sk_buff, newsk: sk_buff, list: sk_buff_head): void {
  let flags: boolean;
  flags = spin_lock_irqsave(list.lock);
  __skb_insert(newsk, old.prev, old, list);
  spin_unlock_irqrestore(list.lock, flags);
}

function skb_split_inside_header(skb: sk_buff, skb1: sk_buff, len: number, pos: number): void {
  let i: number;
  skb_copy_from_linear_data_offset(skb, len, skb1.head, skb_put(skb1, pos - len), pos - len);
  for (i = 0; i < skb_shinfo(skb).nr_frags; i++)
    skb_frag_assign(skb_frag_at(skb_shinfo(skb1), i), skb_shinfo(skb).frags[i]);
  skb_shinfo(skb1).nr_frags = skb_shinfo(skb).nr_frags;
  skb_shinfo(skb).nr_frags = 0;
  skb1.data_len = skb.data_len;
  skb1.len += skb1.data_len;
  skb.data_len = 0;
  skb.len = len;
  skb_set_tail_pointer(skb, len);
}

function skb_split_no_header(skb: sk_buff, skb1: sk_buff, len: number, pos: number): void {
  let i: number, k = 0;
  const nfrags = skb_shinfo(skb).nr_frags;
  skb_shinfo(skb).nr_frags = 0;
  skb1.len = skb1.data_len = skb.len - len;
  skb.len = len;
  skb.data_len = len - pos;
  for (i = 0; i < nfrags; i++) {
    const size = skb_frag_size(skb_shinfo(skb).frags[i]);
    if (pos + size > len) {
      skb_frag_assign(skb_frag_at(skb_shinfo(skb1), k), skb_shinfo(skb).frags[i]);
      if (pos < len) {
        skb_frag_ref(skb, i);
        skb_shinfo(skb1).frags[0].page_offset += len - pos;
        skb_frag_size_sub(skb_shinfo(skb1).frags[0], len - pos);
        skb_frag_size_set(skb_shinfo(skb).frags[i], len - pos);
        skb_shinfo(skb).nr_frags++;
      }
      k++;
    } else
      skb_shinfo(skb).nr_frags++;
    pos += size;
  }
  skb_shinfo(skb1).nr_frags = k;
}

/** Leaves the first `len` bytes in `skb` and moves the rest to `skb1`, which is empty. */
export function skb_split(skb: sk_buff, skb1: sk_buff, len: number): void {
  const pos = skb_headlen(skb);
  skb_shinfo(skb1).tx_flags = skb_shinfo(skb).tx_flags & SKBTX_SHARED_FRAG;
  skb1.pkt = skb.pkt;
  if (len < pos)
    skb_split_inside_header(skb, skb1, len, pos);
  else
    skb_split_no_header(skb, skb1, len, pos);
}

function skb_prepare_for_shift(skb: sk_buff): number { return skb_cloned(skb) ? pskb_expand_head(skb, 0, 0, GFP_ATOMIC) : 0; }

/** Moves the first `shiftlen` bytes of `skb`'s fragments to the end of `tgt`; gives how many bytes, 0 when it cannot. */
export function skb_shift(tgt: sk_buff, skb: sk_buff, shiftlen: number): number {
  let from: number, to: number, merge: number, todo: number;
  let fragfrom: skb_frag_struct, fragto: skb_frag_struct;
  BUG_ON(shiftlen > skb.len);
  BUG_ON(skb_headlen(skb));
  todo = shiftlen;
  from = 0;
  to = skb_shinfo(tgt).nr_frags;
  fragfrom = skb_shinfo(skb).frags[from];
  onlymerged: {
    if (!to || !skb_can_coalesce(tgt, to, skb_frag_page(fragfrom), fragfrom.page_offset)) {
      merge = -1;
    } else {
      merge = to - 1;
      todo -= skb_frag_size(fragfrom);
      if (todo < 0) {
        if (skb_prepare_for_shift(skb) || skb_prepare_for_shift(tgt))
          return 0;
        fragfrom = skb_shinfo(skb).frags[from];
        fragto = skb_shinfo(tgt).frags[merge];
        skb_frag_size_add(fragto, shiftlen);
        skb_frag_size_sub(fragfrom, shiftlen);
        fragfrom.page_offset += shiftlen;
        break onlymerged;
      }
      from++;
    }
    if (shiftlen === skb.len && skb_shinfo(skb).nr_frags - from > MAX_SKB_FRAGS - to)
      return 0;
    if (skb_prepare_for_shift(skb) || skb_prepare_for_shift(tgt))
      return 0;
    while (todo > 0 && from < skb_shinfo(skb).nr_frags) {
      if (to === MAX_SKB_FRAGS)
        return 0;
      fragfrom = skb_shinfo(skb).frags[from];
      fragto = skb_frag_at(skb_shinfo(tgt), to);
      if (todo >= skb_frag_size(fragfrom)) {
        skb_frag_assign(fragto, fragfrom);
        todo -= skb_frag_size(fragfrom);
        from++;
        to++;
      } else {
        __skb_frag_ref(fragfrom);
        fragto.page.p = fragfrom.page.p;
        fragto.page_offset = fragfrom.page_offset;
        skb_frag_size_set(fragto, todo);
        fragfrom.page_offset += todo;
        skb_frag_size_sub(fragfrom, todo);
        todo = 0;
        to++;
        break;
      }
    }
    skb_shinfo(tgt).nr_frags = to;
    if (merge >= 0) {
      fragfrom = skb_shinfo(skb).frags[0];
      fragto = skb_shinfo(tgt).frags[merge];
      skb_frag_size_add(fragto, skb_frag_size(fragfrom));
      __skb_frag_unref(fragfrom);
    }
    to = 0;
    while (from < skb_shinfo(skb).nr_frags)
      skb_frag_assign(skb_shinfo(skb).frags[to++], skb_shinfo(skb).frags[from++]);
    skb_shinfo(skb).nr_frags = to;
    BUG_ON(todo > 0 && !skb_shinfo(skb).nr_frags);
  }
  tgt.ip_summed = CHECKSUM_PARTIAL;
  skb.ip_summed = CHECKSUM_PARTIAL;
  skb.len -= shiftlen;
  skb.data_len -= shiftlen;
  skb.truesize -= shiftlen;
  tgt.len += shiftlen;
  tgt.data_len += shiftlen;
  tgt.truesize += shiftlen;
  return shiftlen;
}

/** Fills pages of the task behind `skb` with `length` bytes that `getfrag` fetches. */
export function skb_append_datato_frags(sk: sock, skb: sk_buff, getfrag: (from: any, to: Uint8Array, to_off: number, offset: number, len: number, odd: number, skb: sk_buff) => number, from: any, length: number): number {
  let frg_cnt = skb_shinfo(skb).nr_frags;
  let copy: number;
  let offset = 0;
  let ret: number;
  const pfrag = current.task.task_frag ?? (current.task.task_frag = new page_frag());
  do {
    if (frg_cnt >= MAX_SKB_FRAGS)
      return -EMSGSIZE;
    if (!sk_page_frag_refill(sk, pfrag))
      return -ENOMEM;
    copy = Math.min(length, pfrag.size - pfrag.offset);
    ret = getfrag(from, page_address(pfrag.page), pfrag.offset, offset, copy, 0, skb);
    if (ret < 0)
      return -EFAULT;
    skb_fill_page_desc(skb, frg_cnt, pfrag.page, pfrag.offset, copy);
    frg_cnt++;
    pfrag.offset += copy;
    get_page(pfrag.page);
    skb.truesize += copy;
    atomic_add(copy, sk.sk_wmem_alloc);
    skb.len += copy;
    skb.data_len += copy;
    offset += copy;
    length -= copy;
  } while (length > 0);
  return 0;
}

export function skb_pull_rcsum(skb: sk_buff, len: number): number {
  const data = skb.data;
  BUG_ON(len > skb.len);
  __skb_pull(skb, len);
  skb_postpull_rcsum(skb, data, len);
  return skb.data;
}

/** Cuts a GSO packet into segments of gso_size, each with a copy of the headers; gives the list, or an error pointer. */
export function skb_segment(skb: sk_buff, features: number): sk_buff {
  let segs: sk_buff = null;
  let tail: sk_buff = null;
  let fskb = skb_shinfo(skb).frag_list;
  const mss = skb_shinfo(skb).gso_size;
  const doffset = skb.data - skb_mac_header(skb);
  let offset = doffset;
  const tnl_hlen = skb_tnl_header_len(skb);
  let headroom: number;
  let len: number;
  let proto: number;
  let csum: boolean;
  const sg = (features & NETIF_F_SG) !== 0;
  const nfrags = skb_shinfo(skb).nr_frags;
  const err = -ENOMEM;
  let i = 0;
  let pos: number;
  proto = skb_network_protocol(skb);
  if (unlikely(!proto))
    return ERR_PTR(-EINVAL);
  csum = can_checksum_protocol(features, proto);
  __skb_push(skb, doffset);
  headroom = skb_headroom(skb);
  pos = skb_headlen(skb);
  out: {
    do {
      let nskb: sk_buff;
      let frag: skb_frag_struct;
      let nfrag: number;
      let hsize: number;
      let size: number;
      len = skb.len - offset;
      if (len > mss)
        len = mss;
      hsize = skb_headlen(skb) - offset;
      if (hsize < 0)
        hsize = 0;
      if (hsize > len || !sg)
        hsize = len;
      if (!hsize && i >= nfrags) {
        BUG_ON(fskb.len !== len);
        pos += len;
        nskb = skb_clone(fskb, GFP_ATOMIC);
        fskb = fskb.next;
        if (unlikely(!nskb))
          break out;
        hsize = skb_end_offset(nskb);
        if (skb_cow_head(nskb, doffset + headroom)) {
          kfree_skb(nskb);
          break out;
        }
        nskb.truesize += skb_end_offset(nskb) - hsize;
        skb_release_head_state(nskb);
        __skb_push(nskb, doffset);
      } else {
        nskb = __alloc_skb(hsize + doffset + headroom, GFP_ATOMIC, skb_alloc_rx_flag(skb), NUMA_NO_NODE);
        if (unlikely(!nskb))
          break out;
        skb_reserve(nskb, headroom);
        __skb_put(nskb, doffset);
      }
      if (segs)
        tail.next = nskb;
      else
        segs = nskb;
      tail = nskb;
      __copy_skb_header(nskb, skb);
      if (nskb.ip_summed === CHECKSUM_PARTIAL)
        nskb.csum_start += skb_headroom(nskb) - headroom;
      skb_reset_mac_header(nskb);
      skb_set_network_header(nskb, skb.mac_len);
      nskb.transport_header = nskb.network_header + skb_network_header_len(skb);
      skb_reset_mac_len(nskb);
      skb_copy_from_linear_data_offset(skb, -tnl_hlen, nskb.head, nskb.data - tnl_hlen, doffset + tnl_hlen);
      perform_csum_check: {
        if (fskb !== skb_shinfo(skb).frag_list)
          break perform_csum_check;
        if (!sg) {
          nskb.ip_summed = CHECKSUM_NONE;
          nskb.csum = skb_copy_and_csum_bits(skb, offset, nskb.head, skb_put(nskb, len), len, 0);
          continue;
        }
        const frags = skb_shinfo(nskb);
        nfrag = 0;
        skb_copy_from_linear_data_offset(skb, offset, nskb.head, skb_put(nskb, hsize), hsize);
        skb_shinfo(nskb).tx_flags = skb_shinfo(skb).tx_flags & SKBTX_SHARED_FRAG;
        skip_fraglist: {
          while (pos < offset + len && i < nfrags) {
            if (unlikely(skb_orphan_frags(skb, GFP_ATOMIC)))
              break out;
            frag = skb_frag_at(frags, nfrag);
            skb_frag_assign(frag, skb_shinfo(skb).frags[i]);
            __skb_frag_ref(frag);
            size = skb_frag_size(frag);
            if (pos < offset) {
              frag.page_offset += offset - pos;
              skb_frag_size_sub(frag, offset - pos);
            }
            skb_shinfo(nskb).nr_frags++;
            if (pos + size <= offset + len) {
              i++;
              pos += size;
            } else {
              skb_frag_size_sub(frag, pos + size - (offset + len));
              break skip_fraglist;
            }
            nfrag++;
          }
          if (pos < offset + len) {
            let fskb2 = fskb;
            BUG_ON(pos + fskb.len !== offset + len);
            pos += fskb.len;
            fskb = fskb.next;
            if (fskb2.next) {
              fskb2 = skb_clone(fskb2, GFP_ATOMIC);
              if (!fskb2)
                break out;
            } else
              skb_get(fskb2);
            SKB_FRAG_ASSERT(nskb);
            skb_shinfo(nskb).frag_list = fskb2;
          }
        }
        nskb.data_len = len - hsize;
        nskb.len += nskb.data_len;
        nskb.truesize += nskb.data_len;
      }
      if (!csum) {
        nskb.csum = skb_checksum(nskb, doffset, nskb.len - doffset, 0);
        nskb.ip_summed = CHECKSUM_NONE;
      }
    } while ((offset += len) < skb.len);
    return segs;
  }
  while ((skb = segs)) {
    segs = skb.next;
    kfree_skb(skb);
  }
  return ERR_PTR(err);
}

/** Merges `skb` into the packet that `head.v` holds; 0, or -E2BIG when it does not fit. */
export function skb_gro_receive(head: { v: sk_buff }, skb: sk_buff): number {
  let p = head.v;
  let nskb: sk_buff;
  const skbinfo = skb_shinfo(skb);
  const pinfo = skb_shinfo(p);
  let headroom: number;
  const len = skb_gro_len(skb);
  let offset = skb_gro_offset(skb);
  const headlen = skb_headlen(skb);
  let delta_truesize: number;
  if (p.len + len >= 65536)
    return -E2BIG;
  done: {
    merge: {
      if (pinfo.frag_list)
        break merge;
      else if (headlen <= offset) {
        let frag: skb_frag_struct;
        let i = skbinfo.nr_frags;
        let nr_frags = pinfo.nr_frags + i;
        offset -= headlen;
        if (nr_frags > MAX_SKB_FRAGS)
          return -E2BIG;
        pinfo.nr_frags = nr_frags;
        skbinfo.nr_frags = 0;
        do {
          frag = skb_frag_at(pinfo, --nr_frags);
          skb_frag_assign(frag, skbinfo.frags[i - 1]);
        } while (--i);
        frag.page_offset += offset;
        skb_frag_size_sub(frag, offset);
        delta_truesize = skb.truesize - SKB_TRUESIZE(skb_end_offset(skb));
        skb.truesize -= skb.data_len;
        skb.len -= skb.data_len;
        skb.data_len = 0;
        NAPI_GRO_CB(skb).free = NAPI_GRO_FREE;
        break done;
      } else if (skb.head_frag) {
        const nr_frags = pinfo.nr_frags;
        const frag = skb_frag_at(pinfo, nr_frags);
        const page = virt_to_head_page(skb.head);
        const first_size = headlen - offset;
        let first_offset: number;
        if (nr_frags + 1 + skbinfo.nr_frags > MAX_SKB_FRAGS)
          return -E2BIG;
        first_offset = skb.head.byteOffset + skb.data - page_address(page).byteOffset + offset;
        pinfo.nr_frags = nr_frags + 1 + skbinfo.nr_frags;
        frag.page.p = page;
        frag.page_offset = first_offset;
        skb_frag_size_set(frag, first_size);
        for (let i = 0; i < skbinfo.nr_frags; i++) skb_frag_assign(skb_frag_at(pinfo, nr_frags + 1 + i), skbinfo.frags[i]);
        delta_truesize = skb.truesize - SKB_DATA_ALIGN(sizeof_sk_buff);
        NAPI_GRO_CB(skb).free = NAPI_GRO_FREE_STOLEN_HEAD;
        break done;
      } else if (skb_gro_len(p) !== pinfo.gso_size)
        return -E2BIG;
      headroom = skb_headroom(p);
      nskb = alloc_skb(headroom + skb_gro_offset(p), GFP_ATOMIC);
      if (unlikely(!nskb))
        return -ENOMEM;
      __copy_skb_header(nskb, p);
      nskb.mac_len = p.mac_len;
      skb_reserve(nskb, headroom);
      __skb_put(nskb, skb_gro_offset(p));
      skb_set_mac_header(nskb, skb_mac_header(p) - p.data);
      skb_set_network_header(nskb, skb_network_offset(p));
      skb_set_transport_header(nskb, skb_transport_offset(p));
      __skb_pull(p, skb_gro_offset(p));
      memcpy(nskb.head, skb_mac_header(nskb), p.head, skb_mac_header(p), p.data - skb_mac_header(p));
      skb_shinfo(nskb).frag_list = p;
      skb_shinfo(nskb).gso_size = pinfo.gso_size;
      pinfo.gso_size = 0;
      skb_header_release(p);
      NAPI_GRO_CB(nskb).last = p;
      nskb.data_len += p.len;
      nskb.truesize += p.truesize;
      nskb.len += p.len;
      head.v = nskb;
      nskb.next = p.next;
      p.next = null;
      p = nskb;
    }
    delta_truesize = skb.truesize;
    if (offset > headlen) {
      const eat = offset - headlen;
      skbinfo.frags[0].page_offset += eat;
      skb_frag_size_sub(skbinfo.frags[0], eat);
      skb.data_len -= eat;
      skb.len -= eat;
      offset = headlen;
    }
    __skb_pull(skb, offset);
    NAPI_GRO_CB(p).last.next = skb;
    NAPI_GRO_CB(p).last = skb;
    skb_header_release(skb);
  }
  NAPI_GRO_CB(p).count++;
  p.data_len += len;
  p.truesize += delta_truesize;
  p.len += len;
  NAPI_GRO_CB(skb).same_flow = 1;
  current.machine.packet_event('merge', p.pkt, String(skb.pkt));
  return 0;
}

/** Makes all of the packet private and writable, with `tailbits` bytes of room behind; `trailer.v` gets the last buffer. */
export function skb_cow_data(skb: sk_buff, tailbits: number, trailer: { v: sk_buff }): number {
  if ((skb_cloned(skb) || skb_shinfo(skb).nr_frags) && __pskb_pull_tail(skb, skb_pagelen(skb) - skb_headlen(skb)) === null)
    return -ENOMEM;
  // DEVIATION: buffers with a frag_list are linearised; only IPsec would ask.
  if (skb_has_frag_list(skb) && skb_linearize(skb))
    return -ENOMEM;
  if (skb_tailroom(skb) < tailbits && pskb_expand_head(skb, 0, tailbits - skb_tailroom(skb) + 128, GFP_ATOMIC))
    return -ENOMEM;
  trailer.v = skb;
  return 1;
}

function sock_rmem_free(skb: sk_buff): void {
  const sk = skb.sk;
  atomic_sub(skb.truesize, sk.sk_rmem_alloc);
}

export function sock_queue_err_skb(sk: sock, skb: sk_buff): number {
  const len = skb.len;
  if (atomic_read(sk.sk_rmem_alloc) + skb.truesize >= sk.sk_rcvbuf)
    return -ENOMEM;
  skb_orphan(skb);
  skb.sk = sk;
  skb.destructor = sock_rmem_free;
  atomic_add(skb.truesize, sk.sk_rmem_alloc);
  skb_dst_force(skb);
  skb_queue_tail(sk.sk_error_queue, skb);
  if (!sock_flag(sk, SOCK_DEAD))
    sk.sk_data_ready(sk, len);
  return 0;
}

export function skb_tstamp_tx(orig_skb: sk_buff, hwtstamps: skb_shared_hwtstamps): void {
  const sk = orig_skb.sk;
  let serr: ReturnType<typeof SKB_EXT_ERR>;
  let skb: sk_buff;
  let err: number;
  if (!sk)
    return;
  if (hwtstamps) {
    Object.assign(skb_hwtstamps(orig_skb), hwtstamps);
  } else {
    orig_skb.tstamp = ktime_get_real();
  }
  skb = skb_clone(orig_skb, GFP_ATOMIC);
  if (!skb)
    return;
  skb.cb_err = null;
  serr = SKB_EXT_ERR(skb);
  serr.ee.ee_errno = ENOMSG;
  serr.ee.ee_origin = SO_EE_ORIGIN_TIMESTAMPING;
  err = sock_queue_err_skb(sk, skb);
  if (err)
    kfree_skb(skb);
}

export function skb_complete_wifi_ack(skb: sk_buff, acked: boolean): void {
  const sk = skb.sk;
  let err: number;
  skb.wifi_acked_valid = 1;
  skb.wifi_acked = acked ? 1 : 0;
  skb.cb_err = null;
  const serr = SKB_EXT_ERR(skb);
  serr.ee.ee_errno = ENOMSG;
  serr.ee.ee_origin = SO_EE_ORIGIN_TXSTATUS;
  err = sock_queue_err_skb(sk, skb);
  if (err)
    kfree_skb(skb);
}

export function skb_partial_csum_set(skb: sk_buff, start: number, off: number): boolean {
  if (unlikely(start > skb_headlen(skb)) || unlikely(start + off > skb_headlen(skb) - 2))
    return false;
  skb.ip_summed = CHECKSUM_PARTIAL;
  skb.csum_start = skb_headroom(skb) + start;
  skb.csum_offset = off;
  skb_set_transport_header(skb, start);
  return true;
}

export function __skb_warn_lro_forwarding(skb: sk_buff): void {
  current.machine.log(`${skb.dev.name}: received packets cannot be forwarded while LRO is enabled`);
}

export function kfree_skb_partial(skb: sk_buff, head_stolen: boolean): void {
  if (head_stolen) {
    current.machine.packet_event('free', skb.pkt, 'head stolen');
    skb_release_head_state(skb);
  } else {
    __kfree_skb(skb);
  }
}

/** Appends `from`'s bytes to `to` without a new buffer; `delta_truesize.v` gets what that costs, `fragstolen.v` whether the head went along. */
export function skb_try_coalesce(to: sk_buff, from: sk_buff, fragstolen: { v: boolean }, delta_truesize: { v: number }): boolean {
  let i: number, delta: number;
  const len = from.len;
  fragstolen.v = false;
  if (skb_cloned(to))
    return false;
  if (len <= skb_tailroom(to)) {
    BUG_ON(skb_copy_bits(from, 0, to.head, skb_put(to, len), len));
    delta_truesize.v = 0;
    return true;
  }
  if (skb_has_frag_list(to) || skb_has_frag_list(from))
    return false;
  if (skb_headlen(from) !== 0) {
    let page: page;
    let offset: number;
    if (skb_shinfo(to).nr_frags + skb_shinfo(from).nr_frags >= MAX_SKB_FRAGS)
      return false;
    if (skb_head_is_locked(from))
      return false;
    delta = from.truesize - SKB_DATA_ALIGN(sizeof_sk_buff);
    page = virt_to_head_page(from.head);
    offset = from.head.byteOffset + from.data - page_address(page).byteOffset;
    skb_fill_page_desc(to, skb_shinfo(to).nr_frags, page, offset, skb_headlen(from));
    fragstolen.v = true;
  } else {
    if (skb_shinfo(to).nr_frags + skb_shinfo(from).nr_frags > MAX_SKB_FRAGS)
      return false;
    delta = from.truesize - SKB_TRUESIZE(skb_end_offset(from));
  }
  WARN_ON_ONCE(delta < len);
  for (i = 0; i < skb_shinfo(from).nr_frags; i++)
    skb_frag_assign(skb_frag_at(skb_shinfo(to), skb_shinfo(to).nr_frags + i), skb_shinfo(from).frags[i]);
  skb_shinfo(to).nr_frags += skb_shinfo(from).nr_frags;
  if (!skb_cloned(from))
    skb_shinfo(from).nr_frags = 0;
  for (i = 0; i < skb_shinfo(from).nr_frags; i++)
    skb_frag_ref(from, i);
  to.truesize += delta;
  to.len += len;
  to.data_len += len;
  delta_truesize.v = delta;
  return true;
}

export function skb_gso_transport_seglen(skb: sk_buff): number {
  const shinfo = skb_shinfo(skb);
  if (likely(shinfo.gso_type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6)))
    return tcp_hdrlen(skb) + shinfo.gso_size;
  return shinfo.gso_size;
}

