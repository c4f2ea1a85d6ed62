/** net/core/sock.c: making, cloning, freeing and locking sockets, their memory, their options. Times in jiffies. */
import { current } from '../../include/ports';
import type { Gen, Host } from '../../include/ports';
import type { gfp_t } from '../../include/linux/types';
import type { sk_buff } from '../../include/linux/skbuff.struct';
import { sk_buff_head } from '../../include/linux/skbuff.struct';

import { proto, sock, socket_lock_t } from '../../include/net/sock.struct';
import {
  SEND_SHUTDOWN, SK_CAN_REUSE, SK_FLAGS_TIMESTAMP, SK_MEM_QUANTUM, SK_MEM_QUANTUM_SHIFT, SK_MEM_RECV, SK_MEM_SEND, SK_NO_REUSE, SOCK_BINDPORT_LOCK, SOCK_BROADCAST, SOCK_DBG, SOCK_DEAD,
  SOCK_DONE, SOCK_FILTER_LOCKED, SOCK_KEEPOPEN, SOCK_LINGER, SOCK_LOCALROUTE, SOCK_MEMALLOC, SOCK_MIN_RCVBUF, SOCK_MIN_SNDBUF, SOCK_NOFCS, SOCK_RCVBUF_LOCK, SOCK_RCVTSTAMP,
  SOCK_RCVTSTAMPNS, SOCK_RXQ_OVFL, SOCK_SELECT_ERR_QUEUE, SOCK_SNDBUF_LOCK, SOCK_TIMESTAMP, SOCK_TIMESTAMPING_RAW_HARDWARE, SOCK_TIMESTAMPING_RX_HARDWARE, SOCK_TIMESTAMPING_RX_SOFTWARE,
  SOCK_TIMESTAMPING_SOFTWARE, SOCK_TIMESTAMPING_SYS_HARDWARE, SOCK_TIMESTAMPING_TX_HARDWARE, SOCK_TIMESTAMPING_TX_SOFTWARE, SOCK_URGINLINE, SOCK_USE_WRITE_QUEUE, SOCK_WIFI_STATUS,
  SOCK_INODE, SOCK_ZAPPED, sk_prot_clear_nulls, __sk_dst_get, __sk_dst_set, __sock_put, bh_lock_sock, bh_lock_sock_nested, bh_unlock_sock, lock_sock, sk_add_backlog, sk_backlog_rcv, sk_can_gso, sk_dst_get, sk_dst_reset,
  sk_enter_memory_pressure, sk_filter_charge, sk_filter_uncharge, sk_has_memory_pressure, sk_leave_memory_pressure, sk_mem_pages, sk_mem_reclaim, sk_mem_uncharge, sk_memory_allocated,
  sk_memory_allocated_add, sk_memory_allocated_sub, sk_node_init, sk_prot_mem_limits, sk_rcvqueues_full, sk_rmem_schedule, sk_set_socket, sk_sleep, sk_sockets_allocated_inc,
  sk_sockets_allocated_read_positive, sk_stream_moderate_sndbuf, sk_tx_queue_clear, sk_under_memory_pressure, sk_wait_event, sk_wake_async, skb_set_owner_r, skb_set_owner_w, sock_error,
  sock_flag, sock_hold, sock_intr_errno, sock_net, sock_net_set, sock_orphan, sock_owned_by_user, sock_put, sock_release_ownership, sock_reset_flag, sock_set_flag, sock_sndtimeo,
  sock_writeable, wq_has_sleeper,
} from '../../include/net/sock';
import { atomic_add, atomic_dec_and_test, atomic_inc, atomic_read, atomic_set, atomic_sub, atomic_sub_and_test } from '../../include/linux/atomic';
import { PAGE_SHIFT, PAGE_SIZE, alloc_pages, get_order, put_page } from '../../include/linux/mm';
import type { page, page_frag } from '../../include/linux/mm';
import { GFP_KERNEL, __GFP_COMP, __GFP_MEMALLOC, __GFP_NORETRY, __GFP_NOWARN, __GFP_REPEAT, __GFP_WAIT, __GFP_ZERO } from '../../include/linux/gfp';
import { likely, unlikely } from '../../include/linux/compiler';
import { INT_MAX, MAX_SCHEDULE_TIMEOUT, max, min } from '../../include/linux/kernel';
import { clear_bit, set_bit, test_bit } from '../../include/linux/bitops';
import { BUG_ON, WARN_ON, WARN_ON_ONCE } from '../../include/asm-generic/bug';
import { EACCES, EAGAIN, EDOM, EINVAL, EMSGSIZE, ENOBUFS, ENODEV, ENOENT, ENOMEM, ENOPROTOOPT, ENOTCONN, EOPNOTSUPP, EPERM, EPIPE } from '../../include/uapi/asm-generic/errno';
import { rwlock_init, spin_lock_bh, spin_lock_init, spin_lock_irqsave, spin_unlock, spin_unlock_bh, spin_unlock_irqrestore, read_lock_bh, read_unlock_bh } from '../../include/linux/spinlock';
import { local_bh_enable } from '../../kernel/softirq';
import { rcu_dereference, rcu_dereference_check, rcu_dereference_protected, rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { DEFINE_WAIT, finish_wait, init_waitqueue_head, prepare_to_wait, prepare_to_wait_exclusive, waitqueue_active, wake_up, wake_up_interruptible_all, wake_up_interruptible_poll, wake_up_interruptible_sync_poll } from '../../include/linux/wait';
import { TASK_INTERRUPTIBLE, TASK_UNINTERRUPTIBLE, schedule, schedule_timeout, signal_pending } from '../../include/linux/sched';
import { might_sleep } from '../../kernel/sched/core';
import { del_timer, init_timer, mod_timer } from '../../include/linux/timer';
import type { timer_list } from '../../include/linux/timer';
import { HZ } from '../../include/linux/jiffies';
import { ktime_get_real, ktime_set } from '../../include/linux/ktime';
import { __skb_fill_page_desc, __skb_queue_tail, alloc_skb, kfree_skb, MAX_SKB_FRAGS, skb_dst_is_noref, skb_queue_empty, skb_queue_head_init, skb_shinfo } from '../../include/linux/skbuff';
import { MSG_DONTWAIT, SO_ACCEPTCONN, SO_ATTACH_FILTER, SO_BINDTODEVICE, SO_BROADCAST, SO_BSDCOMPAT, SO_DEBUG, SO_DETACH_FILTER, SO_DOMAIN, SO_DONTROUTE, SO_ERROR, SO_GET_FILTER, SO_KEEPALIVE, SO_LINGER,
  SO_LOCK_FILTER, SO_MARK, SO_NOFCS, SO_NO_CHECK, SO_OOBINLINE, SO_PASSCRED, SO_PASSSEC, SO_PEEK_OFF, SO_PEERCRED, SO_PEERNAME, SO_PRIORITY, SO_PROTOCOL, SO_RCVBUF, SO_RCVBUFFORCE, SO_RCVLOWAT,
  SO_RCVTIMEO, SO_REUSEADDR, SO_REUSEPORT, SO_RXQ_OVFL, SO_SELECT_ERR_QUEUE, SO_SNDBUF, SO_SNDBUFFORCE, SO_SNDLOWAT, SO_SNDTIMEO, SO_TIMESTAMP, SO_TIMESTAMPING, SO_TIMESTAMPNS, SO_TYPE, SO_WIFI_STATUS, msghdr } from '../../include/linux/socket';
import type { sockaddr } from '../../include/linux/socket';
import { SOCK_ASYNC_NOSPACE, SOCK_ASYNC_WAITDATA, SOCK_NOSPACE, SOCK_PASSCRED, SOCK_PASSSEC, SOCK_STREAM, SOCK_WAKE_IO, SOCK_WAKE_SPACE, SOCK_WAKE_URG, SOCK_WAKE_WAITD } from '../../include/linux/net';
import type { optval_t, socket, socket_wq } from '../../include/linux/net';
import { iovec } from '../../include/linux/uio';
import { IPPROTO_TCP } from '../../include/linux/in';
import { kernel_sendmsg, sock_release } from '../socket';
import { POLLERR, POLLIN, POLLOUT, POLLPRI, POLLRDBAND, POLLRDNORM, POLLWRBAND, POLLWRNORM, POLL_ERR, POLL_IN, POLL_OUT, POLL_PRI } from '../../include/linux/poll';
import type { poll_table } from '../../include/linux/poll';
import type { file } from '../../include/linux/fs';
import type { kiocb } from '../../include/linux/aio';
import { dst_release, skb_dst_force } from '../../include/net/dst';
import type { dst_entry } from '../../include/net/dst';
import { get_net, put_net } from '../../include/net/net_namespace';
import type { net } from '../../include/net/net_namespace';
import { NET_RX_SUCCESS, dev_get_by_index_rcu, dev_get_by_name_rcu, net_disable_timestamp, net_enable_timestamp } from '../../include/linux/netdevice';
import { NETIF_F_GSO, NETIF_F_GSO_MASK, NETIF_F_GSO_SOFTWARE, NETIF_F_HW_CSUM, NETIF_F_SG } from '../../include/linux/netdev_features';
import { sk_attach_filter, sk_detach_filter, sk_filter } from './filter';
import { TCP_CLOSE, TCP_LISTEN, TCP_TIME_WAIT } from '../../include/net/tcp_states';
import { inet_twsk, inet_twsk_put } from '../../include/net/inet_timewait_sock';
import { tcp_set_keepalive } from '../../include/net/tcp';
import { xfrm_sk_clone_policy, xfrm_sk_free_policy } from '../../include/net/xfrm';
import { CAP_NET_ADMIN, CAP_NET_RAW, capable, ns_capable } from '../../include/linux/capability';

declare module '../../include/ports' {
  interface Host {
    sysctl_wmem_max: number; sysctl_rmem_max: number; sysctl_wmem_default: number; sysctl_rmem_default: number; sysctl_optmem_max: number;
    /** Sockets in use by protocol name. */
    prot_inuse: Map<string, number>;
  }
  interface Task { task_frag: page_frag }
}

/** 256 packets of 256 bytes, as the kernel computes the defaults. */
const SK_WMEM_MAX = (256 + 256 + 320) * 256;
export function sock_globals(host: Host): void {
  host.sysctl_wmem_max = SK_WMEM_MAX;
  host.sysctl_rmem_max = SK_WMEM_MAX;
  host.sysctl_wmem_default = SK_WMEM_MAX;
  host.sysctl_rmem_default = SK_WMEM_MAX;
  host.sysctl_optmem_max = 8 * (2 * 256 + 512) * 2 + 4096;
  host.prot_inuse = new Map();
}

export function sk_set_memalloc(sk: sock): void {
  sock_set_flag(sk, SOCK_MEMALLOC);
  sk.sk_allocation |= __GFP_MEMALLOC;
}
export function sk_clear_memalloc(sk: sock): void {
  sock_reset_flag(sk, SOCK_MEMALLOC);
  sk.sk_allocation &= ~__GFP_MEMALLOC;
  if (WARN_ON(sk.sk_forward_alloc))
    sk_mem_reclaim(sk);
}
export function __sk_backlog_rcv(sk: sock, skb: sk_buff): number {
  let ret: number;
  BUG_ON(!sock_flag(sk, SOCK_MEMALLOC));
  ret = sk.sk_backlog_rcv(sk, skb);
  return ret;
}

/** `optval` is a timeval { tv_sec, tv_usec }; the jiffies go to `set`. */
function sock_set_timeout(timeo_p: { v: number }, optval: optval_t, _optlen: number): number {
  const tv = optval;
  if (tv.tv_usec < 0 || tv.tv_usec >= 1000000)
    return -EDOM;
  if (tv.tv_sec < 0) {
    timeo_p.v = 0;
    return 0;
  }
  timeo_p.v = MAX_SCHEDULE_TIMEOUT;
  if (tv.tv_sec === 0 && tv.tv_usec === 0)
    return 0;
  if (tv.tv_sec < MAX_SCHEDULE_TIMEOUT / HZ - 1)
    timeo_p.v = tv.tv_sec * HZ + Math.trunc((tv.tv_usec + (1000000 / HZ - 1)) / (1000000 / HZ));
  return 0;
}

function sock_disable_timestamp(sk: sock, flags: number): void {
  if (sk.sk_flags & flags) {
    sk.sk_flags &= ~flags;
    if (!(sk.sk_flags & SK_FLAGS_TIMESTAMP))
      net_disable_timestamp();
  }
}

/** Queues a received packet, or refuses it when the buffer is full. */
export function sock_queue_rcv_skb(sk: sock, skb: sk_buff): number {
  let err: number;
  let skb_len: number;
  let flags: boolean;
  const list = sk.sk_receive_queue;
  if (atomic_read(sk.sk_rmem_alloc) >= sk.sk_rcvbuf) {
    atomic_inc(sk.sk_drops);
    return -ENOMEM;
  }
  err = sk_filter(sk, skb);
  if (err)
    return err;
  if (!sk_rmem_schedule(sk, skb, skb.truesize)) {
    atomic_inc(sk.sk_drops);
    return -ENOBUFS;
  }
  skb.dev = null;
  skb_set_owner_r(skb, sk);
  skb_len = skb.len;
  skb_dst_force(skb);
  flags = spin_lock_irqsave(list.lock);
  skb.dropcount = atomic_read(sk.sk_drops);
  __skb_queue_tail(list, skb);
  spin_unlock_irqrestore(list.lock, flags);
  current.machine.packet_event('queue', skb.pkt, 'sk_receive_queue');
  if (!sock_flag(sk, SOCK_DEAD))
    sk.sk_data_ready(sk, skb_len);
  return 0;
}

export function sk_receive_skb(sk: sock, skb: sk_buff, nested: number): number {
  let rc = NET_RX_SUCCESS;
  discard_and_relse: {
    if (sk_filter(sk, skb))
      break discard_and_relse;
    skb.dev = null;
    if (sk_rcvqueues_full(sk, skb, sk.sk_rcvbuf)) {
      atomic_inc(sk.sk_drops);
      break discard_and_relse;
    }
    if (nested)
      bh_lock_sock_nested(sk);
    else
      bh_lock_sock(sk);
    if (!sock_owned_by_user(sk)) {
      rc = sk_backlog_rcv(sk, skb);
    } else if (sk_add_backlog(sk, skb, sk.sk_rcvbuf)) {
      bh_unlock_sock(sk);
      atomic_inc(sk.sk_drops);
      break discard_and_relse;
    }
    bh_unlock_sock(sk);
    sock_put(sk);
    return rc;
  }
  kfree_skb(skb);
  sock_put(sk);
  return rc;
}

export function sk_reset_txq(sk: sock): void { sk_tx_queue_clear(sk); }

/** The socket's route if it still holds (the socket is locked). */
export function __sk_dst_check(sk: sock, cookie: number): dst_entry {
  const dst = __sk_dst_get(sk);
  if (dst && dst.obsolete && dst.ops.check(dst, cookie) === null) {
    sk_tx_queue_clear(sk);
    sk.sk_dst_cache = null;
    dst_release(dst);
    return null;
  }
  return dst;
}
/** The socket's route, with a reference, if it still holds. */
export function sk_dst_check(sk: sock, cookie: number): dst_entry {
  const dst = sk_dst_get(sk);
  if (dst && dst.obsolete && dst.ops.check(dst, cookie) === null) {
    sk_dst_reset(sk);
    dst_release(dst);
    return null;
  }
  return dst;
}

/** `optval` is the device's name as a string. */
function* sock_setbindtodevice(sk: sock, optval: optval_t, optlen: number): Gen<number> {
  let ret: number;
  const net = sock_net(sk);
  let index: number;
  out: {
    ret = -EPERM;
    if (!ns_capable(null, CAP_NET_RAW))
      break out;
    ret = -EINVAL;
    if (optlen < 0)
      break out;
    index = 0;
    if (optval !== '') {
      let dev: ReturnType<typeof dev_get_by_name_rcu>;
      rcu_read_lock();
      dev = dev_get_by_name_rcu(net, optval as string);
      if (dev)
        index = dev.ifindex;
      rcu_read_unlock();
      ret = -ENODEV;
      if (!dev)
        break out;
    }
    yield* lock_sock(sk);
    sk.sk_bound_dev_if = index;
    sk_dst_reset(sk);
    yield* release_sock(sk);
    ret = 0;
  }
  return ret;
}

function sock_valbool_flag(sk: sock, bit: number, valbool: number): void {
  if (valbool)
    sock_set_flag(sk, bit);
  else
    sock_reset_flag(sk, bit);
}

export const SOF_TIMESTAMPING_TX_HARDWARE = 1;
export const SOF_TIMESTAMPING_TX_SOFTWARE = 2;
export const SOF_TIMESTAMPING_RX_HARDWARE = 4;
export const SOF_TIMESTAMPING_RX_SOFTWARE = 8;
export const SOF_TIMESTAMPING_SOFTWARE = 16;
export const SOF_TIMESTAMPING_SYS_HARDWARE = 32;
export const SOF_TIMESTAMPING_RAW_HARDWARE = 64;
export const SOF_TIMESTAMPING_MASK = 127;

/** Sets an option of level SOL_SOCKET. `optval`: a number, or the object the option's struct stands for. */
/** DEVIATION: asked in the case of the plain option; the kernel has cases of their own that jump there. */
function is_refused(optname: number): boolean {
  return (optname === SO_SNDBUFFORCE || optname === SO_RCVBUFFORCE) && !capable(CAP_NET_ADMIN);
}

export function* sock_setsockopt(sock: socket, _level: number, optname: number, optval: optval_t, optlen: number): Gen<number> {
  const sk = sock.sk;
  let val: number;
  let valbool: number;
  let ret = 0;
  if (optname === SO_BINDTODEVICE)
    return yield* sock_setbindtodevice(sk, optval, optlen);
  if (optlen < 4)
    return -EINVAL;
  val = typeof optval === 'number' ? optval | 0 : 0;
  valbool = val ? 1 : 0;
  yield* lock_sock(sk);
  switch (optname) {
    case SO_DEBUG:
      if (val && !capable(CAP_NET_ADMIN))
        ret = -EACCES;
      else
        sock_valbool_flag(sk, SOCK_DBG, valbool);
      break;
    case SO_REUSEADDR:
      sk.sk_reuse = valbool ? SK_CAN_REUSE : SK_NO_REUSE;
      break;
    case SO_REUSEPORT:
      sk.sk_reuseport = valbool;
      break;
    case SO_TYPE:
    case SO_PROTOCOL:
    case SO_DOMAIN:
    case SO_ERROR:
      ret = -ENOPROTOOPT;
      break;
    case SO_DONTROUTE:
      sock_valbool_flag(sk, SOCK_LOCALROUTE, valbool);
      break;
    case SO_BROADCAST:
      sock_valbool_flag(sk, SOCK_BROADCAST, valbool);
      break;
    case SO_SNDBUF:
    case SO_SNDBUFFORCE:
      if (is_refused(optname)) {
        ret = -EPERM;
        break;
      }
      if (optname === SO_SNDBUF)
        val = min(val >>> 0, current.host.sysctl_wmem_max);
      sk.sk_userlocks |= SOCK_SNDBUF_LOCK;
      sk.sk_sndbuf = max(val * 2, SOCK_MIN_SNDBUF);
      sk.sk_write_space(sk);
      break;
    case SO_RCVBUF:
    case SO_RCVBUFFORCE:
      if (is_refused(optname)) {
        ret = -EPERM;
        break;
      }
      if (optname === SO_RCVBUF)
        val = min(val >>> 0, current.host.sysctl_rmem_max);
      sk.sk_userlocks |= SOCK_RCVBUF_LOCK;
      sk.sk_rcvbuf = max(val * 2, SOCK_MIN_RCVBUF);
      break;
    case SO_KEEPALIVE:
      if (sk.sk_protocol === IPPROTO_TCP && sk.sk_type === SOCK_STREAM)
        tcp_set_keepalive(sk, valbool);
      sock_valbool_flag(sk, SOCK_KEEPOPEN, valbool);
      break;
    case SO_OOBINLINE:
      sock_valbool_flag(sk, SOCK_URGINLINE, valbool);
      break;
    case SO_NO_CHECK:
      sk.sk_no_check = valbool;
      break;
    case SO_PRIORITY:
      if ((val >= 0 && val <= 6) || ns_capable(null, CAP_NET_ADMIN))
        sk.sk_priority = val;
      else
        ret = -EPERM;
      break;
    case SO_LINGER:
      if (typeof optval !== 'object') {
        ret = -EINVAL;
        break;
      }
      if (!optval.l_onoff)
        sock_reset_flag(sk, SOCK_LINGER);
      else {
        sk.sk_lingertime = (optval.l_linger >>> 0) * HZ;
        sock_set_flag(sk, SOCK_LINGER);
      }
      break;
    case SO_BSDCOMPAT:
      break;
    case SO_PASSCRED:
      if (valbool)
        set_bit(SOCK_PASSCRED, sock.flags);
      else
        clear_bit(SOCK_PASSCRED, sock.flags);
      break;
    case SO_TIMESTAMP:
    case SO_TIMESTAMPNS:
      if (valbool) {
        if (optname === SO_TIMESTAMP)
          sock_reset_flag(sk, SOCK_RCVTSTAMPNS);
        else
          sock_set_flag(sk, SOCK_RCVTSTAMPNS);
        sock_set_flag(sk, SOCK_RCVTSTAMP);
        sock_enable_timestamp(sk, SOCK_TIMESTAMP);
      } else {
        sock_reset_flag(sk, SOCK_RCVTSTAMP);
        sock_reset_flag(sk, SOCK_RCVTSTAMPNS);
      }
      break;
    case SO_TIMESTAMPING:
      if (val & ~SOF_TIMESTAMPING_MASK) {
        ret = -EINVAL;
        break;
      }
      sock_valbool_flag(sk, SOCK_TIMESTAMPING_TX_HARDWARE, val & SOF_TIMESTAMPING_TX_HARDWARE);
      sock_valbool_flag(sk, SOCK_TIMESTAMPING_TX_SOFTWARE, val & SOF_TIMESTAMPING_TX_SOFTWARE);
      sock_valbool_flag(sk, SOCK_TIMESTAMPING_RX_HARDWARE, val & SOF_TIMESTAMPING_RX_HARDWARE);
      if (val & SOF_TIMESTAMPING_RX_SOFTWARE)
        sock_enable_timestamp(sk, SOCK_TIMESTAMPING_RX_SOFTWARE);
      else
        sock_disable_timestamp(sk, 1 << SOCK_TIMESTAMPING_RX_SOFTWARE);
      sock_valbool_flag(sk, SOCK_TIMESTAMPING_SOFTWARE, val & SOF_TIMESTAMPING_SOFTWARE);
      sock_valbool_flag(sk, SOCK_TIMESTAMPING_SYS_HARDWARE, val & SOF_TIMESTAMPING_SYS_HARDWARE);
      sock_valbool_flag(sk, SOCK_TIMESTAMPING_RAW_HARDWARE, val & SOF_TIMESTAMPING_RAW_HARDWARE);
      break;
    case SO_RCVLOWAT:
      if (val < 0)
        val = INT_MAX;
      sk.sk_rcvlowat = val || 1;
      break;
    case SO_RCVTIMEO: {
      const timeo = { v: sk.sk_rcvtimeo };
      ret = sock_set_timeout(timeo, optval, optlen);
      sk.sk_rcvtimeo = timeo.v;
      break;
    }
    case SO_SNDTIMEO: {
      const timeo = { v: sk.sk_sndtimeo };
      ret = sock_set_timeout(timeo, optval, optlen);
      sk.sk_sndtimeo = timeo.v;
      break;
    }
    case SO_ATTACH_FILTER:
      ret = sk_attach_filter(optval, sk);
      break;
    case SO_DETACH_FILTER:
      ret = sk_detach_filter(sk);
      break;
    case SO_LOCK_FILTER:
      if (sock_flag(sk, SOCK_FILTER_LOCKED) && !valbool)
        ret = -EPERM;
      else
        sock_valbool_flag(sk, SOCK_FILTER_LOCKED, valbool);
      break;
    case SO_PASSSEC:
      if (valbool)
        set_bit(SOCK_PASSSEC, sock.flags);
      else
        clear_bit(SOCK_PASSSEC, sock.flags);
      break;
    case SO_MARK:
      if (!ns_capable(null, CAP_NET_ADMIN))
        ret = -EPERM;
      else
        sk.sk_mark = val;
      break;
    case SO_RXQ_OVFL:
      sock_valbool_flag(sk, SOCK_RXQ_OVFL, valbool);
      break;
    case SO_WIFI_STATUS:
      sock_valbool_flag(sk, SOCK_WIFI_STATUS, valbool);
      break;
    case SO_PEEK_OFF:
      if (sock.ops.set_peek_off)
        ret = sock.ops.set_peek_off(sk, val);
      else
        ret = -EOPNOTSUPP;
      break;
    case SO_NOFCS:
      sock_valbool_flag(sk, SOCK_NOFCS, valbool);
      break;
    case SO_SELECT_ERR_QUEUE:
      sock_valbool_flag(sk, SOCK_SELECT_ERR_QUEUE, valbool);
      break;
    default:
      ret = -ENOPROTOOPT;
      break;
  }
  yield* release_sock(sk);
  return ret;
}

/** Reads an option of level SOL_SOCKET into `optval.v` (a number, or an object for options that are structs). */
export function* sock_getsockopt(sock: socket, _level: number, optname: number, optval: { v: any }, optlen: { v: number }): Gen<number> {
  const sk = sock.sk;
  const v: { val: any } = { val: 0 };
  const lv = 4;
  let len: number;
  len = optlen.v;
  if (len < 0)
    return -EINVAL;
  switch (optname) {
    case SO_DEBUG:
      v.val = sock_flag(sk, SOCK_DBG);
      break;
    case SO_DONTROUTE:
      v.val = sock_flag(sk, SOCK_LOCALROUTE);
      break;
    case SO_BROADCAST:
      v.val = sock_flag(sk, SOCK_BROADCAST);
      break;
    case SO_SNDBUF:
      v.val = sk.sk_sndbuf;
      break;
    case SO_RCVBUF:
      v.val = sk.sk_rcvbuf;
      break;
    case SO_REUSEADDR:
      v.val = sk.sk_reuse;
      break;
    case SO_REUSEPORT:
      v.val = sk.sk_reuseport;
      break;
    case SO_KEEPALIVE:
      v.val = sock_flag(sk, SOCK_KEEPOPEN);
      break;
    case SO_TYPE:
      v.val = sk.sk_type;
      break;
    case SO_PROTOCOL:
      v.val = sk.sk_protocol;
      break;
    case SO_DOMAIN:
      v.val = sk.sk_family;
      break;
    case SO_ERROR:
      v.val = -sock_error(sk);
      if (v.val === 0) {
        v.val = sk.sk_err_soft;
        sk.sk_err_soft = 0;
      }
      break;
    case SO_OOBINLINE:
      v.val = sock_flag(sk, SOCK_URGINLINE);
      break;
    case SO_NO_CHECK:
      v.val = sk.sk_no_check;
      break;
    case SO_PRIORITY:
      v.val = sk.sk_priority;
      break;
    case SO_LINGER:
      v.val = { l_onoff: sock_flag(sk, SOCK_LINGER) ? 1 : 0, l_linger: Math.trunc(sk.sk_lingertime / HZ) };
      break;
    case SO_BSDCOMPAT:
      break;
    case SO_TIMESTAMP:
      v.val = sock_flag(sk, SOCK_RCVTSTAMP) && !sock_flag(sk, SOCK_RCVTSTAMPNS);
      break;
    case SO_TIMESTAMPNS:
      v.val = sock_flag(sk, SOCK_RCVTSTAMPNS);
      break;
    case SO_TIMESTAMPING:
      v.val = 0;
      if (sock_flag(sk, SOCK_TIMESTAMPING_TX_HARDWARE))
        v.val |= SOF_TIMESTAMPING_TX_HARDWARE;
      if (sock_flag(sk, SOCK_TIMESTAMPING_TX_SOFTWARE))
        v.val |= SOF_TIMESTAMPING_TX_SOFTWARE;
      if (sock_flag(sk, SOCK_TIMESTAMPING_RX_HARDWARE))
        v.val |= SOF_TIMESTAMPING_RX_HARDWARE;
      if (sock_flag(sk, SOCK_TIMESTAMPING_RX_SOFTWARE))
        v.val |= SOF_TIMESTAMPING_RX_SOFTWARE;
      if (sock_flag(sk, SOCK_TIMESTAMPING_SOFTWARE))
        v.val |= SOF_TIMESTAMPING_SOFTWARE;
      if (sock_flag(sk, SOCK_TIMESTAMPING_SYS_HARDWARE))
        v.val |= SOF_TIMESTAMPING_SYS_HARDWARE;
      if (sock_flag(sk, SOCK_TIMESTAMPING_RAW_HARDWARE))
        v.val |= SOF_TIMESTAMPING_RAW_HARDWARE;
      break;
    case SO_RCVTIMEO:
      v.val = timeval_of(sk.sk_rcvtimeo);
      break;
    case SO_SNDTIMEO:
      v.val = timeval_of(sk.sk_sndtimeo);
      break;
    case SO_RCVLOWAT:
      v.val = sk.sk_rcvlowat;
      break;
    case SO_SNDLOWAT:
      v.val = 1;
      break;
    case SO_PASSCRED:
      v.val = test_bit(SOCK_PASSCRED, sock.flags);
      break;
    case SO_PEERCRED:
      v.val = { pid: 0, uid: -1, gid: -1 };
      break;
    case SO_PEERNAME: {
      const address = optval.v as sockaddr;
      if (sock.ops.getname(sock, address, optlen, 2))
        return -ENOTCONN;
      return 0;
    }
    case SO_ACCEPTCONN:
      v.val = sk.sk_state === TCP_LISTEN;
      break;
    case SO_PASSSEC:
      v.val = test_bit(SOCK_PASSSEC, sock.flags);
      break;
    case SO_MARK:
      v.val = sk.sk_mark;
      break;
    case SO_RXQ_OVFL:
      v.val = sock_flag(sk, SOCK_RXQ_OVFL);
      break;
    case SO_WIFI_STATUS:
      v.val = sock_flag(sk, SOCK_WIFI_STATUS);
      break;
    case SO_PEEK_OFF:
      if (!sock.ops.set_peek_off)
        return -EOPNOTSUPP;
      v.val = sk.sk_peek_off;
      break;
    case SO_NOFCS:
      v.val = sock_flag(sk, SOCK_NOFCS);
      break;
    case SO_BINDTODEVICE: {
      rcu_read_lock();
      const dev = dev_get_by_index_rcu(sock_net(sk), sk.sk_bound_dev_if);
      rcu_read_unlock();
      v.val = dev ? dev.name : '';
      break;
    }
    case SO_GET_FILTER:
      v.val = sk.sk_filter ? sk.sk_filter.insns : null;
      break;
    case SO_LOCK_FILTER:
      v.val = sock_flag(sk, SOCK_FILTER_LOCKED);
      break;
    case SO_SELECT_ERR_QUEUE:
      v.val = sock_flag(sk, SOCK_SELECT_ERR_QUEUE);
      break;
    default:
      return -ENOPROTOOPT;
  }
  if (len > lv)
    len = lv;
  optval.v = typeof v.val === 'boolean' ? (v.val ? 1 : 0) : v.val;
  optlen.v = len;
  return 0;
}
function timeval_of(timeo: number): { tv_sec: number; tv_usec: number } {
  return timeo === MAX_SCHEDULE_TIMEOUT ? { tv_sec: 0, tv_usec: 0 } : { tv_sec: Math.trunc(timeo / HZ), tv_usec: Math.trunc(((timeo % HZ) * 1000000) / HZ) };
}

function sock_lock_init(sk: sock): void {
  sk.sk_lock.owned = 0;
  init_waitqueue_head(sk.sk_lock.wq);
  spin_lock_init(sk.sk_lock.slock);
}

/**
 * Copies what memcpy() would of a socket: numbers, functions and pointers. Embedded objects are copied by value when they are plain numbers;
 * locks, lists, queues and timers of the copy stay fresh, as the callers set them up anew in the kernel too.
 */
function sock_copy(nsk: sock, osk: sock): void {
  const to = nsk as any, from = osk as any;
  const node = nsk.sk_node, bind_node = nsk.sk_bind_node, refcnt = nsk.sk_refcnt, mapping = nsk.sk_tx_queue_mapping;
  for (const key in from) copy_member(to, from, key);
  nsk.sk_node = node;
  nsk.sk_bind_node = bind_node;
  nsk.sk_refcnt = refcnt;
  nsk.sk_tx_queue_mapping = mapping;
}
function copy_member(to: any, from: any, key: string): void {
  const was = to[key];
  if (was === null || typeof was !== 'object') { to[key] = from[key]; return; }
  if (was instanceof sk_buff_head || was instanceof socket_lock_t || was.owner !== undefined || was.entry !== undefined || was.locked !== undefined || was.task_list !== undefined) return;
  if (ArrayBuffer.isView(was)) { (was as Uint8Array).set(from[key]); return; }
  for (const inner in was) copy_member(was, from[key], inner);
}

export function sk_prot_clear_portaddr_nulls(_sk: sock, _size: number): void { /* a new sock is clear */ }

function sk_prot_alloc(prot: proto, priority: gfp_t, _family: number): sock {
  let sk: sock;
  sk = prot.new_sock();
  if (priority & __GFP_ZERO) {
    if (prot.clear_sk)
      prot.clear_sk(sk, 0);
    else
      sk_prot_clear_nulls(sk, 0);
  }
  if (sk !== null) {
    sk_tx_queue_clear(sk);
  }
  return sk;
}
function sk_prot_free(_prot: proto, _sk: sock): void { /* garbage collected */ }

export function sock_update_classid(sk: sock): void { sk.sk_classid = 0; }

/** A new socket of protocol `prot`, not yet set up. */
export function sk_alloc(net: net, family: number, priority: gfp_t, prot: proto): sock {
  let sk: sock;
  sk = sk_prot_alloc(prot, priority | __GFP_ZERO, family);
  if (sk) {
    sk.sk_family = family;
    sk.sk_prot = sk.sk_prot_creator = prot;
    sock_lock_init(sk);
    sock_net_set(sk, get_net(net));
    atomic_set(sk.sk_wmem_alloc, 1);
  }
  return sk;
}

function __sk_free(sk: sock): void {
  let filter: typeof sk.sk_filter;
  if (sk.sk_destruct)
    sk.sk_destruct(sk);
  filter = rcu_dereference_check(sk.sk_filter, atomic_read(sk.sk_wmem_alloc) === 0);
  if (filter) {
    sk_filter_uncharge(sk, filter);
    sk.sk_filter = null;
  }
  sock_disable_timestamp(sk, SK_FLAGS_TIMESTAMP);
  if (atomic_read(sk.sk_omem_alloc))
    current.machine.log('__sk_free: optmem leakage (' + atomic_read(sk.sk_omem_alloc) + ' bytes) detected');
  if (sk.sk_frag.page) {
    put_page(sk.sk_frag.page);
    sk.sk_frag.page = null;
  }
  put_net(sock_net(sk));
  sk_prot_free(sk.sk_prot_creator, sk);
}

/** The last user is gone; buffers still under way keep the memory until they are freed. */
export function sk_free(sk: sock): void {
  if (atomic_dec_and_test(sk.sk_wmem_alloc))
    __sk_free(sk);
}

export function* sk_release_kernel(sk: sock): Gen<void> {
  if (sk === null || sk.sk_socket === null)
    return;
  sock_hold(sk);
  yield* sock_release(sk.sk_socket);
  sock_put(sk);
}

/** A copy of a socket (a listener's child), locked for softirqs. */
export function sk_clone_lock(sk: sock, priority: gfp_t): sock {
  let newsk: sock;
  newsk = sk_prot_alloc(sk.sk_prot, priority, sk.sk_family);
  if (newsk !== null) {
    let filter: typeof sk.sk_filter;
    sock_copy(newsk, sk);
    newsk.sk_prot_creator = sk.sk_prot;
    get_net(sock_net(newsk));
    sk_node_init(newsk.sk_node);
    sock_lock_init(newsk);
    bh_lock_sock(newsk);
    newsk.sk_backlog.head = newsk.sk_backlog.tail = null;
    newsk.sk_backlog.len = 0;
    atomic_set(newsk.sk_rmem_alloc, 0);
    atomic_set(newsk.sk_wmem_alloc, 1);
    atomic_set(newsk.sk_omem_alloc, 0);
    skb_queue_head_init(newsk.sk_receive_queue);
    skb_queue_head_init(newsk.sk_write_queue);
    spin_lock_init(newsk.sk_dst_lock);
    rwlock_init(newsk.sk_callback_lock);
    newsk.sk_dst_cache = null;
    newsk.sk_wmem_queued = 0;
    newsk.sk_forward_alloc = 0;
    newsk.sk_send_head = null;
    newsk.sk_userlocks = sk.sk_userlocks & ~SOCK_BINDPORT_LOCK;
    sock_reset_flag(newsk, SOCK_DONE);
    skb_queue_head_init(newsk.sk_error_queue);
    filter = rcu_dereference_protected(newsk.sk_filter, 1);
    if (filter !== null)
      sk_filter_charge(newsk, filter);
    if (unlikely(xfrm_sk_clone_policy(newsk))) {
      newsk.sk_destruct = null;
      bh_unlock_sock(newsk);
      sk_free(newsk);
      newsk = null;
      return newsk;
    }
    newsk.sk_err = 0;
    newsk.sk_err_soft = 0;
    newsk.sk_priority = 0;
    atomic_set(newsk.sk_refcnt, 2);
    sk_set_socket(newsk, null);
    newsk.sk_wq = null;
    sk_update_clone(sk, newsk);
    if (newsk.sk_prot.sockets_allocated)
      sk_sockets_allocated_inc(newsk);
    if (newsk.sk_flags & SK_FLAGS_TIMESTAMP)
      net_enable_timestamp();
  }
  return newsk;
}
function sk_update_clone(_sk: sock, _newsk: sock): void { /* no memory cgroups */ }

/** Takes over what the route's device can do. */
export function sk_setup_caps(sk: sock, dst: dst_entry): void {
  __sk_dst_set(sk, dst);
  sk.sk_route_caps = dst.dev.features;
  if (sk.sk_route_caps & NETIF_F_GSO)
    sk.sk_route_caps |= NETIF_F_GSO_SOFTWARE;
  sk.sk_route_caps &= ~sk.sk_route_nocaps;
  if (sk_can_gso(sk)) {
    if (dst.header_len) {
      sk.sk_route_caps &= ~NETIF_F_GSO_MASK;
    } else {
      sk.sk_route_caps |= NETIF_F_SG | NETIF_F_HW_CSUM;
      sk.sk_gso_max_size = dst.dev.gso_max_size;
      sk.sk_gso_max_segs = dst.dev.gso_max_segs;
    }
  }
}

/** Destructor of a sent buffer: gives its bytes back to the sender. */
export function sock_wfree(skb: sk_buff): void {
  const sk = skb.sk;
  let len = skb.truesize;
  if (!sock_flag(sk, SOCK_USE_WRITE_QUEUE)) {
    atomic_sub(len - 1, sk.sk_wmem_alloc);
    sk.sk_write_space(sk);
    len = 1;
  }
  if (atomic_sub_and_test(len, sk.sk_wmem_alloc))
    __sk_free(sk);
}
/** Destructor of a received buffer. */
export function sock_rfree(skb: sk_buff): void {
  const sk = skb.sk;
  const len = skb.truesize;
  atomic_sub(len, sk.sk_rmem_alloc);
  sk_mem_uncharge(sk, len);
}
/** Destructor of a buffer that early demultiplexing gave its socket. */
export function sock_edemux(skb: sk_buff): void {
  const sk = skb.sk;
  if (sk.sk_state === TCP_TIME_WAIT)
    inet_twsk_put(inet_twsk(sk));
  else
    sock_put(sk);
}

export function sock_i_uid(sk: sock): number {
  let uid: number;
  read_lock_bh(sk.sk_callback_lock);
  uid = sk.sk_socket ? SOCK_INODE(sk.sk_socket).i_uid : 0;
  read_unlock_bh(sk.sk_callback_lock);
  return uid;
}
export function sock_i_ino(sk: sock): number {
  let ino: number;
  read_lock_bh(sk.sk_callback_lock);
  ino = sk.sk_socket ? SOCK_INODE(sk.sk_socket).i_ino : 0;
  read_unlock_bh(sk.sk_callback_lock);
  return ino;
}

export function sock_wmalloc(sk: sock, size: number, force: number, priority: gfp_t): sk_buff {
  if (force || atomic_read(sk.sk_wmem_alloc) < sk.sk_sndbuf) {
    const skb = alloc_skb(size, priority);
    if (skb) {
      skb_set_owner_w(skb, sk);
      return skb;
    }
  }
  return null;
}
export function sock_rmalloc(sk: sock, size: number, force: number, priority: gfp_t): sk_buff {
  if (force || atomic_read(sk.sk_rmem_alloc) < sk.sk_rcvbuf) {
    const skb = alloc_skb(size, priority);
    if (skb) {
      skb_set_owner_r(skb, sk);
      return skb;
    }
  }
  return null;
}
/** Accounts `size` bytes of option memory; gives an object to stand for them, or null over the limit. */
export function sock_kmalloc(sk: sock, size: number, _priority: gfp_t): any {
  if (size <= current.host.sysctl_optmem_max && atomic_read(sk.sk_omem_alloc) + size < current.host.sysctl_optmem_max) {
    atomic_add(size, sk.sk_omem_alloc);
    return {};
  }
  return null;
}
export function sock_kfree_s(sk: sock, _mem: unknown, size: number): void { atomic_sub(size, sk.sk_omem_alloc); }

function* sock_wait_for_wmem(sk: sock, timeo: number): Gen<number> {
  const wait = DEFINE_WAIT();
  clear_bit(SOCK_ASYNC_NOSPACE, sk.sk_socket.flags);
  for (;;) {
    if (!timeo)
      break;
    if (signal_pending(current.task))
      break;
    set_bit(SOCK_NOSPACE, sk.sk_socket.flags);
    prepare_to_wait(sk_sleep(sk), wait, TASK_INTERRUPTIBLE);
    if (atomic_read(sk.sk_wmem_alloc) < sk.sk_sndbuf)
      break;
    if (sk.sk_shutdown & SEND_SHUTDOWN)
      break;
    if (sk.sk_err)
      break;
    timeo = yield* schedule_timeout(timeo);
  }
  finish_wait(sk_sleep(sk), wait);
  return timeo;
}

/** A buffer charged to the sender, waiting for room unless `noblock`; null with `errcode.v` set otherwise. */
export function* sock_alloc_send_pskb(sk: sock, header_len: number, data_len: number, noblock: number, errcode: { v: number }): Gen<sk_buff> {
  let skb: sk_buff;
  let gfp_mask: gfp_t;
  let timeo: number;
  let err: number;
  const npages = (data_len + (PAGE_SIZE - 1)) >> PAGE_SHIFT;
  failure: {
    interrupted: {
      err = -EMSGSIZE;
      if (npages > MAX_SKB_FRAGS)
        break failure;
      gfp_mask = sk.sk_allocation;
      if (gfp_mask & __GFP_WAIT)
        gfp_mask |= __GFP_REPEAT;
      timeo = sock_sndtimeo(sk, noblock);
      while (1) {
        err = sock_error(sk);
        if (err !== 0)
          break failure;
        err = -EPIPE;
        if (sk.sk_shutdown & SEND_SHUTDOWN)
          break failure;
        if (atomic_read(sk.sk_wmem_alloc) < sk.sk_sndbuf) {
          skb = alloc_skb(header_len, gfp_mask);
          if (skb) {
            let i: number;
            if (!data_len)
              break;
            skb.truesize += data_len;
            skb_shinfo(skb).nr_frags = npages;
            for (i = 0; i < npages; i++) {
              let page: page;
              page = alloc_pages(sk.sk_allocation, 0);
              if (!page) {
                err = -ENOBUFS;
                skb_shinfo(skb).nr_frags = i;
                kfree_skb(skb);
                break failure;
              }
              __skb_fill_page_desc(skb, i, page, 0, data_len >= PAGE_SIZE ? PAGE_SIZE : data_len);
              data_len -= PAGE_SIZE;
            }
            break;
          }
          err = -ENOBUFS;
          break failure;
        }
        set_bit(SOCK_ASYNC_NOSPACE, sk.sk_socket.flags);
        set_bit(SOCK_NOSPACE, sk.sk_socket.flags);
        err = -EAGAIN;
        if (!timeo)
          break failure;
        if (signal_pending(current.task))
          break interrupted;
        timeo = yield* sock_wait_for_wmem(sk, timeo);
      }
      skb_set_owner_w(skb, sk);
      return skb;
    }
    err = sock_intr_errno(timeo);
  }
  errcode.v = err;
  return null;
}
export function* sock_alloc_send_skb(sk: sock, size: number, noblock: number, errcode: { v: number }): Gen<sk_buff> {
  return yield* sock_alloc_send_pskb(sk, size, 0, noblock, errcode);
}

const SKB_FRAG_PAGE_ORDER = get_order(32768);

/** Makes sure that `pfrag` has room; false when memory is short. */
export function sk_page_frag_refill(sk: sock, pfrag: page_frag): boolean {
  let order: number;
  if (pfrag.page) {
    if (atomic_read(pfrag.page._count) === 1) {
      pfrag.offset = 0;
      return true;
    }
    if (pfrag.offset < pfrag.size)
      return true;
    put_page(pfrag.page);
  }
  order = sk.sk_allocation & __GFP_WAIT ? SKB_FRAG_PAGE_ORDER : 0;
  do {
    let gfp = sk.sk_allocation;
    if (order)
      gfp |= __GFP_COMP | __GFP_NOWARN | __GFP_NORETRY;
    pfrag.page = alloc_pages(gfp, order);
    if (likely(pfrag.page)) {
      pfrag.offset = 0;
      pfrag.size = PAGE_SIZE << order;
      return true;
    }
  } while (--order >= 0);
  sk_enter_memory_pressure(sk);
  sk_stream_moderate_sndbuf(sk);
  return false;
}

export function* __lock_sock(sk: sock): Gen<void> {
  const wait = DEFINE_WAIT();
  for (;;) {
    prepare_to_wait_exclusive(sk.sk_lock.wq, wait, TASK_UNINTERRUPTIBLE);
    spin_unlock_bh(sk.sk_lock.slock);
    yield* schedule();
    spin_lock_bh(sk.sk_lock.slock);
    if (!sock_owned_by_user(sk))
      break;
  }
  finish_wait(sk.sk_lock.wq, wait);
}

/** Works off the backlog. The spinlock is held around each round, bottom halves stay off throughout. */
function* __release_sock(sk: sock): Gen<void> {
  let skb = sk.sk_backlog.head;
  do {
    sk.sk_backlog.head = sk.sk_backlog.tail = null;
    bh_unlock_sock(sk);
    do {
      const next = skb.next;
      WARN_ON_ONCE(skb_dst_is_noref(skb));
      skb.next = null;
      sk_backlog_rcv(sk, skb);
      skb = next;
    } while (skb !== null);
    bh_lock_sock(sk);
  } while ((skb = sk.sk_backlog.head) !== null);
  sk.sk_backlog.len = 0;
}

/** Sleeps until something is queued or `timeo.v` jiffies are over; gives whether something is queued. */
export function* sk_wait_data(sk: sock, timeo: { v: number }): Gen<boolean> {
  let rc: boolean;
  const wait = DEFINE_WAIT();
  prepare_to_wait(sk_sleep(sk), wait, TASK_INTERRUPTIBLE);
  set_bit(SOCK_ASYNC_WAITDATA, sk.sk_socket.flags);
  rc = yield* sk_wait_event(sk, timeo, () => !skb_queue_empty(sk.sk_receive_queue));
  clear_bit(SOCK_ASYNC_WAITDATA, sk.sk_socket.flags);
  finish_wait(sk_sleep(sk), wait);
  return rc;
}

const UNDER_LIMIT = 0;
const SOFT_LIMIT = 1;
const OVER_LIMIT = 2;

/** Raises the socket's allowance by whole pages; 0 when the protocol's memory is used up. */
export function __sk_mem_schedule(sk: sock, size: number, kind: number): number {
  const prot = sk.sk_prot;
  const amt = sk_mem_pages(size);
  let allocated: number;
  const parent_status = UNDER_LIMIT as number;
  sk.sk_forward_alloc += amt * SK_MEM_QUANTUM;
  allocated = sk_memory_allocated_add(sk, amt, parent_status);
  if (parent_status === UNDER_LIMIT && allocated <= sk_prot_mem_limits(sk, 0)) {
    sk_leave_memory_pressure(sk);
    return 1;
  }
  if (parent_status > SOFT_LIMIT || allocated > sk_prot_mem_limits(sk, 1))
    sk_enter_memory_pressure(sk);
  suppress_allocation: {
    if (parent_status === OVER_LIMIT || allocated > sk_prot_mem_limits(sk, 2))
      break suppress_allocation;
    if (kind === SK_MEM_RECV) {
      if (atomic_read(sk.sk_rmem_alloc) < prot.sysctl_rmem[0])
        return 1;
    } else {
      if (sk.sk_type === SOCK_STREAM) {
        if (sk.sk_wmem_queued < prot.sysctl_wmem[0])
          return 1;
      } else if (atomic_read(sk.sk_wmem_alloc) < prot.sysctl_wmem[0])
        return 1;
    }
    if (sk_has_memory_pressure(sk)) {
      let alloc: number;
      if (!sk_under_memory_pressure(sk))
        return 1;
      alloc = sk_sockets_allocated_read_positive(sk);
      if (sk_prot_mem_limits(sk, 2) > alloc * sk_mem_pages(sk.sk_wmem_queued + atomic_read(sk.sk_rmem_alloc) + sk.sk_forward_alloc))
        return 1;
    }
  }
  if (kind === SK_MEM_SEND && sk.sk_type === SOCK_STREAM) {
    sk_stream_moderate_sndbuf(sk);
    if (sk.sk_wmem_queued + size >= sk.sk_sndbuf)
      return 1;
  }
  sk.sk_forward_alloc -= amt * SK_MEM_QUANTUM;
  sk_memory_allocated_sub(sk, amt);
  return 0;
}

export function __sk_mem_reclaim(sk: sock, amount: number): void {
  amount >>= SK_MEM_QUANTUM_SHIFT;
  sk_memory_allocated_sub(sk, amount);
  sk.sk_forward_alloc -= amount << SK_MEM_QUANTUM_SHIFT;
  if (sk_under_memory_pressure(sk) && sk_memory_allocated(sk) < sk_prot_mem_limits(sk, 0))
    sk_leave_memory_pressure(sk);
}

export function* sock_no_bind(_sock: socket, _saddr: sockaddr, _len: number): Gen<number> { return -EOPNOTSUPP; }
export function* sock_no_connect(_sock: socket, _saddr: sockaddr, _len: number, _flags: number): Gen<number> { return -EOPNOTSUPP; }
export function sock_no_socketpair(_sock1: socket, _sock2: socket): number { return -EOPNOTSUPP; }
export function* sock_no_accept(_sock: socket, _newsock: socket, _flags: number): Gen<number> { return -EOPNOTSUPP; }
export function sock_no_getname(_sock: socket, _saddr: sockaddr, _len: { v: number }, _peer: number): number { return -EOPNOTSUPP; }
export function sock_no_poll(_file: file, _sock: socket, _pt: poll_table): number { return 0; }
export function* sock_no_ioctl(_sock: socket, _cmd: number, _arg: any): Gen<number> { return -EOPNOTSUPP; }
export function* sock_no_listen(_sock: socket, _backlog: number): Gen<number> { return -EOPNOTSUPP; }
export function* sock_no_shutdown(_sock: socket, _how: number): Gen<number> { return -EOPNOTSUPP; }
export function* sock_no_setsockopt(_sock: socket, _level: number, _optname: number, _optval: optval_t, _optlen: number): Gen<number> { return -EOPNOTSUPP; }
export function* sock_no_getsockopt(_sock: socket, _level: number, _optname: number, _optval: optval_t, _optlen: { v: number }): Gen<number> { return -EOPNOTSUPP; }
export function* sock_no_sendmsg(_iocb: kiocb, _sock: socket, _m: msghdr, _len: number): Gen<number> { return -EOPNOTSUPP; }
export function* sock_no_recvmsg(_iocb: kiocb, _sock: socket, _m: msghdr, _len: number, _flags: number): Gen<number> { return -EOPNOTSUPP; }
export function sock_no_mmap(_file: file, _sock: socket, _vma: unknown): number { return -ENODEV; }
export function* sock_no_sendpage(sock: socket, page: page, offset: number, size: number, flags: number): Gen<number> {
  let res: number;
  const msg = new msghdr();
  msg.msg_flags = flags;
  const iov = new iovec(page.data, offset, size);
  res = yield* kernel_sendmsg(sock, msg, [iov], 1, size);
  return res;
}

function sock_def_wakeup(sk: sock): void {
  let wq: socket_wq;
  rcu_read_lock();
  wq = rcu_dereference(sk.sk_wq);
  if (wq_has_sleeper(wq))
    wake_up_interruptible_all(wq.wait);
  rcu_read_unlock();
}
function sock_def_error_report(sk: sock): void {
  let wq: socket_wq;
  rcu_read_lock();
  wq = rcu_dereference(sk.sk_wq);
  if (wq_has_sleeper(wq))
    wake_up_interruptible_poll(wq.wait, POLLERR);
  sk_wake_async(sk, SOCK_WAKE_IO, POLL_ERR);
  rcu_read_unlock();
}
function sock_def_readable(sk: sock, _len: number): void {
  let wq: socket_wq;
  rcu_read_lock();
  wq = rcu_dereference(sk.sk_wq);
  if (wq_has_sleeper(wq))
    wake_up_interruptible_sync_poll(wq.wait, POLLIN | POLLPRI | POLLRDNORM | POLLRDBAND);
  sk_wake_async(sk, SOCK_WAKE_WAITD, POLL_IN);
  rcu_read_unlock();
}
function sock_def_write_space(sk: sock): void {
  let wq: socket_wq;
  rcu_read_lock();
  if (atomic_read(sk.sk_wmem_alloc) << 1 <= sk.sk_sndbuf) {
    wq = rcu_dereference(sk.sk_wq);
    if (wq_has_sleeper(wq))
      wake_up_interruptible_sync_poll(wq.wait, POLLOUT | POLLWRNORM | POLLWRBAND);
    if (sock_writeable(sk))
      sk_wake_async(sk, SOCK_WAKE_SPACE, POLL_OUT);
  }
  rcu_read_unlock();
}
function sock_def_destruct(sk: sock): void { sk.sk_protinfo = null; }

export function sk_send_sigurg(sk: sock): void {
  if (sk.sk_socket && sk.sk_socket.file)
    sk_wake_async(sk, SOCK_WAKE_URG, POLL_PRI);
}

/** Arms `timer` for jiffy `expires`; a pending timer holds the socket. */
export function sk_reset_timer(sk: sock, timer: timer_list, expires: number): void {
  if (!mod_timer(timer, expires))
    sock_hold(sk);
}
export function sk_stop_timer(sk: sock, timer: timer_list): void {
  if (del_timer(timer))
    __sock_put(sk);
}

/** Sets a new socket to its defaults and ties it to `sock`. */
export function sock_init_data(sock: socket, sk: sock): void {
  skb_queue_head_init(sk.sk_receive_queue);
  skb_queue_head_init(sk.sk_write_queue);
  skb_queue_head_init(sk.sk_error_queue);
  sk.sk_send_head = null;
  init_timer(sk.sk_timer);
  sk.sk_allocation = GFP_KERNEL;
  sk.sk_rcvbuf = current.host.sysctl_rmem_default;
  sk.sk_sndbuf = current.host.sysctl_wmem_default;
  sk.sk_state = TCP_CLOSE;
  sk_set_socket(sk, sock);
  sock_set_flag(sk, SOCK_ZAPPED);
  if (sock) {
    sk.sk_type = sock.type;
    sk.sk_wq = sock.wq;
    sock.sk = sk;
  } else
    sk.sk_wq = null;
  spin_lock_init(sk.sk_dst_lock);
  rwlock_init(sk.sk_callback_lock);
  sk.sk_state_change = sock_def_wakeup;
  sk.sk_data_ready = sock_def_readable;
  sk.sk_write_space = sock_def_write_space;
  sk.sk_error_report = sock_def_error_report;
  sk.sk_destruct = sock_def_destruct;
  sk.sk_frag.page = null;
  sk.sk_frag.offset = 0;
  sk.sk_peek_off = -1;
  sk.sk_peer_pid = null;
  sk.sk_peer_cred = null;
  sk.sk_write_pending = 0;
  sk.sk_rcvlowat = 1;
  sk.sk_rcvtimeo = MAX_SCHEDULE_TIMEOUT;
  sk.sk_sndtimeo = MAX_SCHEDULE_TIMEOUT;
  sk.sk_stamp = ktime_set(-1, 0);
  sk.sk_pacing_rate = 0xffffffff;
  atomic_set(sk.sk_refcnt, 1);
  atomic_set(sk.sk_drops, 0);
}

/** Makes the running process the owner of the socket, after those before it. */
export function* lock_sock_nested(sk: sock, _subclass: number): Gen<void> {
  yield* might_sleep();
  spin_lock_bh(sk.sk_lock.slock);
  if (sk.sk_lock.owned)
    yield* __lock_sock(sk);
  sk.sk_lock.owned = 1;
  spin_unlock(sk.sk_lock.slock);
  local_bh_enable();
}

/** Works off what softirqs left meanwhile, and lets go of the socket. */
export function* release_sock(sk: sock): Gen<void> {
  spin_lock_bh(sk.sk_lock.slock);
  if (sk.sk_backlog.tail)
    yield* __release_sock(sk);
  if (sk.sk_prot.release_cb)
    sk.sk_prot.release_cb(sk);
  sock_release_ownership(sk);
  if (waitqueue_active(sk.sk_lock.wq))
    wake_up(sk.sk_lock.wq);
  spin_unlock_bh(sk.sk_lock.slock);
}

/** Like lock_sock, but keeps only the spinlock when nobody owns the socket; gives whether it had to sleep. */
export function* lock_sock_fast(sk: sock): Gen<boolean> {
  yield* might_sleep();
  spin_lock_bh(sk.sk_lock.slock);
  if (!sk.sk_lock.owned)
    return false;
  yield* __lock_sock(sk);
  sk.sk_lock.owned = 1;
  spin_unlock(sk.sk_lock.slock);
  local_bh_enable();
  return true;
}

export function sock_get_timestamp(sk: sock, userstamp: { v: number }): number {
  if (!sock_flag(sk, SOCK_TIMESTAMP))
    sock_enable_timestamp(sk, SOCK_TIMESTAMP);
  if (sk.sk_stamp < 0)
    return -ENOENT;
  if (sk.sk_stamp === 0)
    sk.sk_stamp = ktime_get_real();
  userstamp.v = sk.sk_stamp;
  return 0;
}
export { sock_get_timestamp as sock_get_timestampns };
export function sock_enable_timestamp(sk: sock, flag: number): void {
  if (!sock_flag(sk, flag)) {
    const previous_flags = sk.sk_flags;
    sock_set_flag(sk, flag);
    if (!(previous_flags & SK_FLAGS_TIMESTAMP))
      net_enable_timestamp();
  }
}

export function* sock_common_getsockopt(sock: socket, level: number, optname: number, optval: optval_t, optlen: { v: number }): Gen<number> {
  const sk = sock.sk;
  return yield* sk.sk_prot.getsockopt(sk, level, optname, optval, optlen);
}
export function* sock_common_recvmsg(iocb: kiocb, sock: socket, msg: msghdr, size: number, flags: number): Gen<number> {
  const sk = sock.sk;
  const addr_len = { v: 0 };
  let err: number;
  err = yield* sk.sk_prot.recvmsg(iocb, sk, msg, size, flags & MSG_DONTWAIT, flags & ~MSG_DONTWAIT, addr_len);
  if (err >= 0)
    msg.msg_namelen = addr_len.v;
  return err;
}
export function* sock_common_setsockopt(sock: socket, level: number, optname: number, optval: optval_t, optlen: number): Gen<number> {
  const sk = sock.sk;
  return yield* sk.sk_prot.setsockopt(sk, level, optname, optval, optlen);
}

/** Runs what cannot have to wait here (nobody else has the socket any more); points where others could run first are passed over. */
export function without_waiting<T>(gen: Gen<T>): T {
  let r = gen.next();
  while (!r.done && r.value === 'resched') r = gen.next();
  if (!r.done) throw new Error('a sleeping call was made where nothing may sleep');
  return r.value as T;
}

/** The process is done with the socket: off the tables, and free once nothing refers to it. */
export function sk_common_release(sk: sock): void {
  if (sk.sk_prot.destroy)
    sk.sk_prot.destroy(sk);
  sk.sk_prot.unhash(sk);
  sock_orphan(sk);
  xfrm_sk_free_policy(sk);
  sock_put(sk);
}

export function sock_prot_inuse_add(_net: net, prot: proto, val: number): void {
  const inuse = current.host.prot_inuse;
  inuse.set(prot.name, (inuse.get(prot.name) ?? 0) + val);
}
export function sock_prot_inuse_get(_net: net, prot: proto): number { return current.host.prot_inuse.get(prot.name) ?? 0; }

/** Protocols are known at build time; nothing to register but the name (DEVIATION: no slab caches, no list). */
export function proto_register(prot: proto, _alloc_slab: number): number {
  current.host.prot_inuse.set(prot.name, 0);
  return 0;
}
export function proto_unregister(prot: proto): void { current.host.prot_inuse.delete(prot.name); }
