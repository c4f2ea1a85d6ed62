/** include/net/sock.h: flags, memory accounting, locking and route cache of sockets. */
import { current } from '../ports';
import type { Gen } from '../ports';
import { proto, sock } from './sock.struct';
import type { sk_buff } from '../linux/skbuff.struct';
import type { hlist_head, hlist_node } from '../linux/list';
import { __hlist_del, hlist_add_head, hlist_add_head_rcu, hlist_empty, hlist_nulls_add_head_rcu, hlist_nulls_del_init_rcu, hlist_unhashed, INIT_HLIST_NODE } from '../linux/list';
import { atomic_add, atomic_add_return, atomic_dec, atomic_dec_and_test, atomic_inc, atomic_inc_not_zero, atomic_long_read, atomic_read, atomic_sub } from '../linux/atomic';
import { percpu_counter_dec, percpu_counter_inc, percpu_counter_read_positive, percpu_counter_sum_positive } from '../linux/percpu_counter';
import { PAGE_SIZE } from '../linux/mm';
import { page_address } from '../linux/mm';
import { page_frag } from '../linux/mm';
import type { page } from '../linux/mm';
import { GFP_ATOMIC, GFP_KERNEL, __GFP_MEMALLOC, __GFP_WAIT } from '../linux/gfp';
import type { gfp_t } from '../linux/types';
import { likely, unlikely } from '../linux/compiler';
import { ilog2 } from '../linux/bitops';
import { MAX_SCHEDULE_TIMEOUT, max, min } from '../linux/kernel';
import { EFAULT, EINTR, ENOBUFS, ENOMEM, ERESTARTSYS } from '../uapi/asm-generic/errno';
import { WARN_ON } from '../asm-generic/bug';
import { spin_lock, spin_lock_nested, spin_unlock, spin_unlock_bh, write_lock_bh, write_unlock_bh } from '../linux/spinlock';
import { rcu_dereference, rcu_dereference_check, rcu_dereference_raw, rcu_read_lock, rcu_read_unlock, call_rcu } from '../linux/rcupdate';
import { __kfree_skb, __skb_trim, __skb_unlink, CHECKSUM_NONE, skb_hwtstamps, skb_orphan, skb_pfmemalloc, skb_put } from '../linux/skbuff';
import { csum_and_copy_from_user, csum_block_add } from './checksum';
import { __copy_from_user_nocache, access_ok, copy_from_user, VERIFY_READ } from '../linux/uaccess';
import { MSG_PEEK } from '../linux/socket';
import type { msghdr } from '../linux/socket';
import type { socket, socket_wq } from '../linux/net';
import { sock_wake_async } from '../linux/net';
import { waitqueue_active } from '../linux/wait';
import type { wait_queue_head_t } from '../linux/wait';
import { poll_does_not_wait, poll_wait } from '../linux/poll';
import type { poll_table } from '../linux/poll';
import type { file, inode } from '../linux/fs';
import type { kiocb } from '../linux/aio';
import type { scm_cookie } from './scm';
import type { dst_entry } from './dst';
import { dst_release, skb_dst_force } from './dst';
import type { net } from './net_namespace';
import { hold_net, put_net, read_pnet, write_pnet } from './net_namespace';
import { net_gso_ok, rps_record_sock_flow, rps_reset_sock_flow } from '../linux/netdevice';
import { NETIF_F_NOCACHE_COPY } from '../linux/netdev_features';
import { sk_filter_len } from '../linux/filter';
import type { sk_filter } from '../linux/filter';
import { sizeof_sk_buff } from '../linux/skbuff.struct';
import { in_softirq } from '../linux/interrupt';
import { schedule_timeout } from '../linux/sched';
import { sk_filter_release_rcu } from '../../net/core/filter';
import { __sk_backlog_rcv, __sk_mem_reclaim, __sk_mem_schedule, lock_sock_nested, release_sock, sk_free, sk_reset_txq, sock_rfree, sock_wfree } from '../../net/core/sock';
import { __sock_recv_timestamp, __sock_recv_ts_and_drops, __sock_recv_wifi_status } from '../../net/socket';

export * from './sock.struct';
export { page_frag } from '../linux/mm';
export {
  __sk_backlog_rcv, __sk_dst_check, __sk_mem_reclaim, __sk_mem_schedule, lock_sock_fast, lock_sock_nested, proto_register, proto_unregister, release_sock, sk_alloc, sk_clone_lock,
  sk_common_release, sk_dst_check, sk_free, sk_page_frag_refill, sk_prot_clear_portaddr_nulls, sk_receive_skb, sk_release_kernel, sk_reset_timer, sk_reset_txq, sk_send_sigurg,
  sk_set_memalloc, sk_clear_memalloc, sk_setup_caps, sk_stop_timer, sk_wait_data, sock_alloc_send_pskb, sock_alloc_send_skb, sock_common_getsockopt, sock_common_recvmsg,
  sock_common_setsockopt, sock_edemux, sock_enable_timestamp, sock_get_timestamp, sock_get_timestampns, sock_getsockopt, sock_i_ino, sock_i_uid, sock_init_data, sock_kfree_s,
  sock_kmalloc, sock_no_accept, sock_no_bind, sock_no_connect, sock_no_getname, sock_no_getsockopt, sock_no_ioctl, sock_no_listen, sock_no_mmap, sock_no_poll, sock_no_recvmsg,
  sock_no_sendmsg, sock_no_sendpage, sock_no_setsockopt, sock_no_shutdown, sock_no_socketpair, sock_prot_inuse_add, sock_prot_inuse_get, sock_queue_rcv_skb, sock_rfree, sock_rmalloc,
  sock_setsockopt, sock_wfree, sock_wmalloc, sock_update_classid,
} from '../../net/core/sock';
export { sk_stream_error, sk_stream_kill_queues, sk_stream_wait_close, sk_stream_wait_connect, sk_stream_wait_memory, sk_stream_write_space } from '../../net/core/stream';
export { sock_queue_err_skb } from '../linux/skbuff';
export { sk_filter, sk_filter_trim_cap, sk_attach_filter, sk_detach_filter } from '../../net/core/filter';
export { __sock_recv_timestamp, __sock_recv_ts_and_drops, __sock_recv_wifi_status, sock_tx_timestamp } from '../../net/socket';
export { sk_stream_alloc_skb } from '../../net/ipv4/tcp';

export const SK_NO_REUSE = 0;
export const SK_CAN_REUSE = 1;
export const SK_FORCE_REUSE = 2;
export const SOCK_DEAD = 0;
export const SOCK_DONE = 1;
export const SOCK_URGINLINE = 2;
export const SOCK_KEEPOPEN = 3;
export const SOCK_LINGER = 4;
export const SOCK_DESTROY = 5;
export const SOCK_BROADCAST = 6;
export const SOCK_TIMESTAMP = 7;
export const SOCK_ZAPPED = 8;
export const SOCK_USE_WRITE_QUEUE = 9;
export const SOCK_DBG = 10;
export const SOCK_RCVTSTAMP = 11;
export const SOCK_RCVTSTAMPNS = 12;
export const SOCK_LOCALROUTE = 13;
export const SOCK_QUEUE_SHRUNK = 14;
export const SOCK_MEMALLOC = 15;
export const SOCK_TIMESTAMPING_TX_HARDWARE = 16;
export const SOCK_TIMESTAMPING_TX_SOFTWARE = 17;
export const SOCK_TIMESTAMPING_RX_HARDWARE = 18;
export const SOCK_TIMESTAMPING_RX_SOFTWARE = 19;
export const SOCK_TIMESTAMPING_SOFTWARE = 20;
export const SOCK_TIMESTAMPING_RAW_HARDWARE = 21;
export const SOCK_TIMESTAMPING_SYS_HARDWARE = 22;
export const SOCK_FASYNC = 23;
export const SOCK_RXQ_OVFL = 24;
export const SOCK_ZEROCOPY = 25;
export const SOCK_WIFI_STATUS = 26;
export const SOCK_NOFCS = 27;
export const SOCK_FILTER_LOCKED = 28;
export const SOCK_SELECT_ERR_QUEUE = 29;
export const SK_FLAGS_TIMESTAMP = (1 << SOCK_TIMESTAMP) | (1 << SOCK_TIMESTAMPING_RX_SOFTWARE);
export const SHUTDOWN_MASK = 3;
export const RCV_SHUTDOWN = 1;
export const SEND_SHUTDOWN = 2;
export const SOCK_SNDBUF_LOCK = 1;
export const SOCK_RCVBUF_LOCK = 2;
export const SOCK_BINDADDR_LOCK = 4;
export const SOCK_BINDPORT_LOCK = 8;
export const PROT_SOCK = 1024;
export const SOCK_DESTROY_TIME = 10 * 250;
export const SK_MEM_QUANTUM = PAGE_SIZE;
export const SK_MEM_QUANTUM_SHIFT = ilog2(PAGE_SIZE);
export const SK_MEM_SEND = 0;
export const SK_MEM_RECV = 1;
export const SOCK_MIN_SNDBUF = 2048;
export const SOCK_MIN_RCVBUF = 2048 + sizeof_sk_buff;
export const UDP_HTABLE_SIZE_MIN = 256;

export function sk_peek_offset(sk: sock, flags: number): number {
  if (flags & MSG_PEEK && sk.sk_peek_off >= 0)
    return sk.sk_peek_off;
  else
    return 0;
}
export function sk_peek_offset_bwd(sk: sock, val: number): void {
  if (sk.sk_peek_off >= 0) {
    if (sk.sk_peek_off >= val)
      sk.sk_peek_off -= val;
    else
      sk.sk_peek_off = 0;
  }
}
export function sk_peek_offset_fwd(sk: sock, val: number): void {
  if (sk.sk_peek_off >= 0)
    sk.sk_peek_off += val;
}

export function sk_entry(node: hlist_node): sock { return node.owner as sock; }
export function __sk_head(head: hlist_head): sock { return head.first.owner as sock; }
export function sk_head(head: hlist_head): sock { return hlist_empty(head) ? null : __sk_head(head); }
export function __sk_nulls_head(head: hlist_head): sock { return head.first.owner as sock; }
export function sk_nulls_head(head: hlist_head): sock { return hlist_empty(head) ? null : __sk_nulls_head(head); }
export function sk_next(sk: sock): sock { return sk.sk_node.next ? sk.sk_node.next.owner as sock : null; }
export function sk_nulls_next(sk: sock): sock { return sk.sk_nulls_node.next ? sk.sk_nulls_node.next.owner as sock : null; }
export function sk_unhashed(sk: sock): boolean { return hlist_unhashed(sk.sk_node); }
export function sk_hashed(sk: sock): boolean { return !sk_unhashed(sk); }
export function sk_node_init(node: hlist_node): void { INIT_HLIST_NODE(node); }
export function sk_nulls_node_init(node: hlist_node): void { INIT_HLIST_NODE(node); }
export function __sk_del_node(sk: sock): void { __hlist_del(sk.sk_node); }
export function __sk_del_node_init(sk: sock): boolean {
  if (sk_hashed(sk)) {
    __sk_del_node(sk);
    sk_node_init(sk.sk_node);
    return true;
  }
  return false;
}
export function sock_hold(sk: sock): void { atomic_inc(sk.sk_refcnt); }
export function __sock_put(sk: sock): void { atomic_dec(sk.sk_refcnt); }
export function sk_del_node_init(sk: sock): boolean {
  const rc = __sk_del_node_init(sk);
  if (rc) {
    WARN_ON(atomic_read(sk.sk_refcnt) === 1);
    __sock_put(sk);
  }
  return rc;
}
export function __sk_nulls_del_node_init_rcu(sk: sock): boolean {
  if (sk_hashed(sk)) {
    hlist_nulls_del_init_rcu(sk.sk_nulls_node);
    return true;
  }
  return false;
}
export function sk_nulls_del_node_init_rcu(sk: sock): boolean {
  const rc = __sk_nulls_del_node_init_rcu(sk);
  if (rc) {
    WARN_ON(atomic_read(sk.sk_refcnt) === 1);
    __sock_put(sk);
  }
  return rc;
}
export function __sk_add_node(sk: sock, list: hlist_head): void { hlist_add_head(sk.sk_node, list); }
export function sk_add_node(sk: sock, list: hlist_head): void {
  sock_hold(sk);
  __sk_add_node(sk, list);
}
export function sk_del_node_init_rcu(sk: sock): boolean {
  return sk_del_node_init(sk);
}
export function sk_add_node_rcu(sk: sock, list: hlist_head): void {
  sock_hold(sk);
  hlist_add_head_rcu(sk.sk_node, list);
}
export function __sk_nulls_add_node_rcu(sk: sock, list: hlist_head): void { hlist_nulls_add_head_rcu(sk.sk_nulls_node, list); }
export function sk_nulls_add_node_rcu(sk: sock, list: hlist_head): void {
  sock_hold(sk);
  __sk_nulls_add_node_rcu(sk, list);
}
export function __sk_del_bind_node(sk: sock): void { __hlist_del(sk.sk_bind_node); }
export function sk_add_bind_node(sk: sock, list: hlist_head): void { hlist_add_head(sk.sk_bind_node, list); }

export function sock_copy_flags(nsk: sock, osk: sock): void { nsk.sk_flags = osk.sk_flags; }
export function sock_set_flag(sk: sock, flag: number): void { sk.sk_flags |= 1 << flag; }
export function sock_reset_flag(sk: sock, flag: number): void { sk.sk_flags &= ~(1 << flag); }
export function sock_flag(sk: sock, flag: number): boolean { return (sk.sk_flags & (1 << flag)) !== 0; }
/** No socket is used for swapping here. */
export function sk_memalloc_socks(): boolean { return false; }
export function sk_gfp_atomic(sk: sock, _gfp_mask: gfp_t): gfp_t { return GFP_ATOMIC | (sk.sk_allocation & __GFP_MEMALLOC); }
export function sk_acceptq_removed(sk: sock): void { sk.sk_ack_backlog--; }
export function sk_acceptq_added(sk: sock): void { sk.sk_ack_backlog++; }
export function sk_acceptq_is_full(sk: sock): boolean { return sk.sk_ack_backlog > sk.sk_max_ack_backlog; }
export function sk_stream_min_wspace(sk: sock): number { return sk.sk_wmem_queued >> 1; }
export function sk_stream_wspace(sk: sock): number { return sk.sk_sndbuf - sk.sk_wmem_queued; }
export function sk_stream_memory_free(sk: sock): boolean { return sk.sk_wmem_queued < sk.sk_sndbuf; }

export function __sk_add_backlog(sk: sock, skb: sk_buff): void {
  skb_dst_force(skb);
  if (!sk.sk_backlog.tail)
    sk.sk_backlog.head = skb;
  else
    sk.sk_backlog.tail.next = skb;
  sk.sk_backlog.tail = skb;
  skb.next = null;
}
export function sk_rcvqueues_full(sk: sock, _skb: sk_buff, limit: number): boolean {
  const qsize = sk.sk_backlog.len + atomic_read(sk.sk_rmem_alloc);
  return qsize > limit;
}
export function sk_add_backlog(sk: sock, skb: sk_buff, limit: number): number {
  if (sk_rcvqueues_full(sk, skb, limit))
    return -ENOBUFS;
  if (skb_pfmemalloc(skb) && !sock_flag(sk, SOCK_MEMALLOC))
    return -ENOMEM;
  __sk_add_backlog(sk, skb);
  sk.sk_backlog.len += skb.truesize;
  current.machine.packet_event('queue', skb.pkt, 'backlog');
  return 0;
}
export function sk_backlog_rcv(sk: sock, skb: sk_buff): number {
  if (sk_memalloc_socks() && skb_pfmemalloc(skb))
    return __sk_backlog_rcv(sk, skb);
  return sk.sk_backlog_rcv(sk, skb);
}
export function sock_rps_record_flow(sk: sock): void {
  rcu_read_lock();
  const sock_flow_table = rcu_dereference(current.host.rps_sock_flow_table);
  rps_record_sock_flow(sock_flow_table, sk.sk_rxhash);
  rcu_read_unlock();
}
export function sock_rps_reset_flow(sk: sock): void {
  rcu_read_lock();
  const sock_flow_table = rcu_dereference(current.host.rps_sock_flow_table);
  rps_reset_sock_flow(sock_flow_table, sk.sk_rxhash);
  rcu_read_unlock();
}
export function sock_rps_save_rxhash(sk: sock, skb: sk_buff): void {
  if (unlikely(sk.sk_rxhash !== skb.rxhash)) {
    sock_rps_reset_flow(sk);
    sk.sk_rxhash = skb.rxhash;
  }
}
export function sock_rps_reset_rxhash(sk: sock): void {
  sock_rps_reset_flow(sk);
  sk.sk_rxhash = 0;
}

/** Lets go of the socket, sleeps at most `timeo.v` jiffies unless `condition` holds, and takes the socket again; gives the condition. A macro in the kernel. */
export function* sk_wait_event(sk: sock, timeo: { v: number }, condition: () => boolean): Gen<boolean> {
  let rc: boolean;
  yield* release_sock(sk);
  rc = condition();
  if (!rc) {
    timeo.v = yield* schedule_timeout(timeo.v);
  }
  yield* lock_sock(sk);
  rc = condition();
  return rc;
}

export function sk_has_memory_pressure(sk: sock): boolean { return sk.sk_prot.memory_pressure !== null; }
export function sk_under_memory_pressure(sk: sock): boolean {
  if (!sk.sk_prot.memory_pressure)
    return false;
  return sk.sk_prot.memory_pressure.v !== 0;
}
export function sk_leave_memory_pressure(sk: sock): void {
  const memory_pressure = sk.sk_prot.memory_pressure;
  if (!memory_pressure)
    return;
  if (memory_pressure.v)
    memory_pressure.v = 0;
}
export function sk_enter_memory_pressure(sk: sock): void {
  if (!sk.sk_prot.enter_memory_pressure)
    return;
  sk.sk_prot.enter_memory_pressure(sk);
}
export function sk_prot_mem_limits(sk: sock, index: number): number {
  const prot = sk.sk_prot.sysctl_mem;
  return prot[index];
}
/** Clears what a slab's old object may hold; a new one is clear here. */
export function sk_prot_clear_nulls(_sk: sock, _size: number): void { /* see above */ }
export function sk_memory_allocated(sk: sock): number {
  const prot = sk.sk_prot;
  return atomic_long_read(prot.memory_allocated);
}
export function sk_memory_allocated_add(sk: sock, amt: number, _parent_status: unknown): number {
  const prot = sk.sk_prot;
  return atomic_add_return(amt, prot.memory_allocated);
}
export function sk_memory_allocated_sub(sk: sock, amt: number): void {
  const prot = sk.sk_prot;
  atomic_sub(amt, prot.memory_allocated);
}
export function sk_sockets_allocated_dec(sk: sock): void {
  const prot = sk.sk_prot;
  percpu_counter_dec(prot.sockets_allocated);
}
export function sk_sockets_allocated_inc(sk: sock): void {
  const prot = sk.sk_prot;
  percpu_counter_inc(prot.sockets_allocated);
}
export function sk_sockets_allocated_read_positive(sk: sock): number {
  const prot = sk.sk_prot;
  return percpu_counter_read_positive(prot.sockets_allocated);
}
export function proto_sockets_allocated_sum_positive(prot: proto): number { return percpu_counter_sum_positive(prot.sockets_allocated); }
export function proto_memory_allocated(prot: proto): number { return atomic_long_read(prot.memory_allocated); }
export function proto_memory_pressure(prot: proto): boolean {
  if (!prot.memory_pressure)
    return false;
  return prot.memory_pressure.v !== 0;
}

/** What an asynchronous socket call carries along. */
export class sock_iocb {
  flags = 0;
  size = 0;
  sock: socket = null;
  sk: sock = null;
  scm: scm_cookie = null;
  msg: msghdr = null;
  async_msg: msghdr = null;
  kiocb: kiocb = null;
}
export function kiocb_to_siocb(iocb: kiocb): sock_iocb { return iocb.private as sock_iocb; }
export function siocb_to_kiocb(si: sock_iocb): kiocb { return si.kiocb; }

export function SOCKET_I(inode: inode): socket { return inode.socket; }
export function SOCK_INODE(socket: socket): inode { return socket.vfs_inode; }

export function sk_mem_pages(amt: number): number { return (amt + SK_MEM_QUANTUM - 1) >> SK_MEM_QUANTUM_SHIFT; }
export function sk_has_account(sk: sock): boolean { return !!sk.sk_prot.memory_allocated; }
export function sk_wmem_schedule(sk: sock, size: number): boolean {
  if (!sk_has_account(sk))
    return true;
  return size <= sk.sk_forward_alloc || __sk_mem_schedule(sk, size, SK_MEM_SEND) !== 0;
}
export function sk_rmem_schedule(sk: sock, skb: sk_buff, size: number): boolean {
  if (!sk_has_account(sk))
    return true;
  return size <= sk.sk_forward_alloc || __sk_mem_schedule(sk, size, SK_MEM_RECV) !== 0 || skb_pfmemalloc(skb);
}
export function sk_mem_reclaim(sk: sock): void {
  if (!sk_has_account(sk))
    return;
  if (sk.sk_forward_alloc >= SK_MEM_QUANTUM)
    __sk_mem_reclaim(sk, sk.sk_forward_alloc);
}
export function sk_mem_reclaim_partial(sk: sock): void {
  if (!sk_has_account(sk))
    return;
  if (sk.sk_forward_alloc > SK_MEM_QUANTUM)
    __sk_mem_reclaim(sk, sk.sk_forward_alloc - 1);
}
export function sk_mem_charge(sk: sock, size: number): void {
  if (!sk_has_account(sk))
    return;
  sk.sk_forward_alloc -= size;
}
export function sk_mem_uncharge(sk: sock, size: number): void {
  if (!sk_has_account(sk))
    return;
  sk.sk_forward_alloc += size;
  if (unlikely(sk.sk_forward_alloc >= 1 << 21))
    __sk_mem_reclaim(sk, 1 << 20);
}
export function sk_wmem_free_skb(sk: sock, skb: sk_buff): void {
  sock_set_flag(sk, SOCK_QUEUE_SHRUNK);
  sk.sk_wmem_queued -= skb.truesize;
  sk_mem_uncharge(sk, skb.truesize);
  __kfree_skb(skb);
}
/** A macro in the kernel. */
export function sock_owned_by_user(sk: sock): number { return sk.sk_lock.owned; }
export function sock_release_ownership(sk: sock): void { sk.sk_lock.owned = 0; }
export function* lock_sock(sk: sock): Gen<void> { yield* lock_sock_nested(sk, 0); }
export function bh_lock_sock(sk: sock): void { spin_lock(sk.sk_lock.slock); }
export function bh_lock_sock_nested(sk: sock): void { spin_lock_nested(sk.sk_lock.slock, 1); }
export function bh_unlock_sock(sk: sock): void { spin_unlock(sk.sk_lock.slock); }
export function* unlock_sock_fast(sk: sock, slow: boolean): Gen<void> {
  if (slow)
    yield* release_sock(sk);
  else
    spin_unlock_bh(sk.sk_lock.slock);
}

export function sk_filter_release(fp: sk_filter): void {
  if (atomic_dec_and_test(fp.refcnt))
    call_rcu(fp, sk_filter_release_rcu);
}
export function sk_filter_uncharge(sk: sock, fp: sk_filter): void {
  const size = sk_filter_len(fp);
  atomic_sub(size, sk.sk_omem_alloc);
  sk_filter_release(fp);
}
export function sk_filter_charge(sk: sock, fp: sk_filter): void {
  atomic_inc(fp.refcnt);
  atomic_add(sk_filter_len(fp), sk.sk_omem_alloc);
}

export function sock_put(sk: sock): void {
  if (atomic_dec_and_test(sk.sk_refcnt))
    sk_free(sk);
}
export function sk_tx_queue_set(sk: sock, tx_queue: number): void { sk.sk_tx_queue_mapping = tx_queue; }
export function sk_tx_queue_clear(sk: sock): void { sk.sk_tx_queue_mapping = -1; }
export function sk_tx_queue_get(sk: sock): number { return sk ? sk.sk_tx_queue_mapping : -1; }
export function sk_set_socket(sk: sock, sock: socket): void {
  sk_tx_queue_clear(sk);
  sk.sk_socket = sock;
}
export function sk_sleep(sk: sock): wait_queue_head_t { return rcu_dereference_raw(sk.sk_wq).wait; }
export function sock_orphan(sk: sock): void {
  write_lock_bh(sk.sk_callback_lock);
  sock_set_flag(sk, SOCK_DEAD);
  sk_set_socket(sk, null);
  sk.sk_wq = null;
  write_unlock_bh(sk.sk_callback_lock);
}
export function sock_graft(sk: sock, parent: socket): void {
  write_lock_bh(sk.sk_callback_lock);
  sk.sk_wq = parent.wq;
  parent.sk = sk;
  sk_set_socket(sk, parent);
  write_unlock_bh(sk.sk_callback_lock);
}
export function __sk_dst_get(sk: sock): dst_entry { return rcu_dereference_check(sk.sk_dst_cache, sock_owned_by_user(sk)); }
export function sk_dst_get(sk: sock): dst_entry {
  let dst: dst_entry;
  rcu_read_lock();
  dst = rcu_dereference(sk.sk_dst_cache);
  if (dst && !atomic_inc_not_zero(dst.__refcnt))
    dst = null;
  rcu_read_unlock();
  return dst;
}
export function dst_negative_advice(sk: sock): void {
  let ndst: dst_entry;
  const dst = __sk_dst_get(sk);
  if (dst && dst.ops.negative_advice) {
    ndst = dst.ops.negative_advice(dst);
    if (ndst !== dst) {
      sk.sk_dst_cache = ndst;
      sk_reset_txq(sk);
    }
  }
}
export function __sk_dst_set(sk: sock, dst: dst_entry): void {
  let old_dst: dst_entry;
  sk_tx_queue_clear(sk);
  old_dst = rcu_dereference_raw(sk.sk_dst_cache);
  sk.sk_dst_cache = dst;
  dst_release(old_dst);
}
export function sk_dst_set(sk: sock, dst: dst_entry): void {
  let old_dst: dst_entry;
  sk_tx_queue_clear(sk);
  old_dst = sk.sk_dst_cache;
  sk.sk_dst_cache = dst;
  dst_release(old_dst);
}
export function __sk_dst_reset(sk: sock): void { __sk_dst_set(sk, null); }
export function sk_dst_reset(sk: sock): void { sk_dst_set(sk, null); }
export function sk_can_gso(sk: sock): boolean { return net_gso_ok(sk.sk_route_caps, sk.sk_gso_type); }
export function sk_nocaps_add(sk: sock, flags: number): void {
  sk.sk_route_nocaps |= flags;
  sk.sk_route_caps &= ~flags;
}

/** Copies `copy` user bytes (`buf` from `from`) to kernel memory (`to_buf` from `to`), with a checksum where the packet will need one. */
export function skb_do_copy_data_nocache(sk: sock, skb: sk_buff, buf: Uint8Array, from: number, to_buf: Uint8Array, to: number, copy: number, offset: number): number {
  if (skb.ip_summed === CHECKSUM_NONE) {
    const err = { v: 0 };
    const csum = csum_and_copy_from_user(buf, from, to_buf, to, copy, 0, err);
    if (err.v)
      return err.v;
    skb.csum = csum_block_add(skb.csum, csum, offset);
  } else if (sk.sk_route_caps & NETIF_F_NOCACHE_COPY) {
    if (!access_ok(VERIFY_READ, from, copy) || __copy_from_user_nocache(to_buf, to, buf, from, copy))
      return -EFAULT;
  } else if (copy_from_user(to_buf, to, buf, from, copy))
    return -EFAULT;
  return 0;
}
export function skb_add_data_nocache(sk: sock, skb: sk_buff, buf: Uint8Array, from: number, copy: number): number {
  let err: number;
  const offset = skb.len;
  err = skb_do_copy_data_nocache(sk, skb, buf, from, skb.head, skb_put(skb, copy), copy, offset);
  if (err)
    __skb_trim(skb, offset);
  return err;
}
export function skb_copy_to_page_nocache(sk: sock, buf: Uint8Array, from: number, skb: sk_buff, page: page, off: number, copy: number): number {
  let err: number;
  err = skb_do_copy_data_nocache(sk, skb, buf, from, page_address(page), off, copy, skb.len);
  if (err)
    return err;
  skb.len += copy;
  skb.data_len += copy;
  skb.truesize += copy;
  sk.sk_wmem_queued += copy;
  sk_mem_charge(sk, copy);
  return 0;
}

export function sk_wmem_alloc_get(sk: sock): number { return atomic_read(sk.sk_wmem_alloc) - 1; }
export function sk_rmem_alloc_get(sk: sock): number { return atomic_read(sk.sk_rmem_alloc); }
export function sk_has_allocations(sk: sock): boolean { return sk_wmem_alloc_get(sk) !== 0 || sk_rmem_alloc_get(sk) !== 0; }
export function wq_has_sleeper(wq: socket_wq): boolean { return wq !== null && waitqueue_active(wq.wait); }
export function sock_poll_wait(filp: file, wait_address: wait_queue_head_t, p: poll_table): void {
  if (!poll_does_not_wait(p) && wait_address) {
    poll_wait(filp, wait_address, p);
  }
}
export function skb_set_owner_w(skb: sk_buff, sk: sock): void {
  skb_orphan(skb);
  skb.sk = sk;
  skb.destructor = sock_wfree;
  atomic_add(skb.truesize, sk.sk_wmem_alloc);
}
export function skb_set_owner_r(skb: sk_buff, sk: sock): void {
  skb_orphan(skb);
  skb.sk = sk;
  skb.destructor = sock_rfree;
  atomic_add(skb.truesize, sk.sk_rmem_alloc);
  sk_mem_charge(sk, skb.truesize);
}
export function sock_error(sk: sock): number {
  let err: number;
  if (likely(!sk.sk_err))
    return 0;
  err = sk.sk_err;
  sk.sk_err = 0;
  return -err;
}
export function sock_wspace(sk: sock): number {
  let amt = 0;
  if (!(sk.sk_shutdown & SEND_SHUTDOWN)) {
    amt = sk.sk_sndbuf - atomic_read(sk.sk_wmem_alloc);
    if (amt < 0)
      amt = 0;
  }
  return amt;
}
export function sk_wake_async(sk: sock, how: number, band: number): void {
  if (sock_flag(sk, SOCK_FASYNC))
    sock_wake_async(sk.sk_socket, how, band);
}
export function sk_stream_moderate_sndbuf(sk: sock): void {
  if (!(sk.sk_userlocks & SOCK_SNDBUF_LOCK)) {
    sk.sk_sndbuf = min(sk.sk_sndbuf, sk.sk_wmem_queued >> 1);
    sk.sk_sndbuf = max(sk.sk_sndbuf, SOCK_MIN_SNDBUF);
  }
}
export function sk_page_frag(sk: sock): page_frag {
  if (sk.sk_allocation & __GFP_WAIT)
    return current.task.task_frag ?? (current.task.task_frag = new page_frag());
  return sk.sk_frag;
}
export function sock_writeable(sk: sock): boolean { return atomic_read(sk.sk_wmem_alloc) < sk.sk_sndbuf >> 1; }
export function gfp_any(): gfp_t { return in_softirq() ? GFP_ATOMIC : GFP_KERNEL; }
export function sock_rcvtimeo(sk: sock, noblock: number | boolean): number { return noblock ? 0 : sk.sk_rcvtimeo; }
export function sock_sndtimeo(sk: sock, noblock: number | boolean): number { return noblock ? 0 : sk.sk_sndtimeo; }
export function sock_rcvlowat(sk: sock, waitall: number | boolean, len: number): number { return (waitall ? len : min(sk.sk_rcvlowat, len)) || 1; }
export function sock_intr_errno(timeo: number): number { return timeo === MAX_SCHEDULE_TIMEOUT ? -ERESTARTSYS : -EINTR; }

export function sock_recv_timestamp(msg: msghdr, sk: sock, skb: sk_buff): void {
  const kt = skb.tstamp;
  const hwtstamps = skb_hwtstamps(skb);
  if (sock_flag(sk, SOCK_RCVTSTAMP) || sock_flag(sk, SOCK_TIMESTAMPING_RX_SOFTWARE) || (kt && sock_flag(sk, SOCK_TIMESTAMPING_SOFTWARE)) ||
      (hwtstamps.hwtstamp && sock_flag(sk, SOCK_TIMESTAMPING_RAW_HARDWARE)) || (hwtstamps.syststamp && sock_flag(sk, SOCK_TIMESTAMPING_SYS_HARDWARE)))
    __sock_recv_timestamp(msg, sk, skb);
  else
    sk.sk_stamp = kt;
  if (sock_flag(sk, SOCK_WIFI_STATUS) && skb.wifi_acked_valid)
    __sock_recv_wifi_status(msg, sk, skb);
}
const FLAGS_TS_OR_DROPS = (1 << SOCK_RXQ_OVFL) | (1 << SOCK_RCVTSTAMP) | (1 << SOCK_TIMESTAMPING_RX_SOFTWARE) | (1 << SOCK_TIMESTAMPING_SOFTWARE) |
  (1 << SOCK_TIMESTAMPING_RAW_HARDWARE) | (1 << SOCK_TIMESTAMPING_SYS_HARDWARE);
export function sock_recv_ts_and_drops(msg: msghdr, sk: sock, skb: sk_buff): void {
  if (sk.sk_flags & FLAGS_TS_OR_DROPS)
    __sock_recv_ts_and_drops(msg, sk, skb);
  else
    sk.sk_stamp = skb.tstamp;
}
export function sk_eat_skb(sk: sock, skb: sk_buff, _copied_early: boolean): void {
  __skb_unlink(skb, sk.sk_receive_queue);
  __kfree_skb(skb);
}
export function sock_net(sk: sock): net { return read_pnet(sk.sk_net); }
export function sock_net_set(sk: sock, net: net): void {
  sk.sk_net = net;
  write_pnet(sk.sk_net, net);
}
export function sk_change_net(sk: sock, net: net): void {
  put_net(sock_net(sk));
  sock_net_set(sk, hold_net(net));
}
export function skb_steal_sock(skb: sk_buff): sock {
  if (skb.sk) {
    const sk = skb.sk;
    skb.destructor = null;
    skb.sk = null;
    return sk;
  }
  return null;
}
/** Debug counts that are compiled out there, too. */
export function sk_refcnt_debug_inc(_sk: sock): void { /* SOCK_REFCNT_DEBUG is off */ }
export function sk_refcnt_debug_dec(_sk: sock): void { /* likewise */ }
export function sk_refcnt_debug_release(_sk: sock): void { /* likewise */ }
/** Takes the socket out of its hash table and puts it back under its new address. */
export function __sk_prot_rehash(sk: sock): void {
  sk.sk_prot.unhash(sk);
  sk.sk_prot.hash(sk);
}
