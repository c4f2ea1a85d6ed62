/** net/core/datagram.c: taking packets off a receive queue, and their bytes to the user. */
import { current } from '../../include/ports';
import type { Gen } from '../../include/ports';
import type { sk_buff } from '../../include/linux/skbuff.struct';
import type { sock } from '../../include/net/sock.struct';
import type { iovec } from '../../include/linux/uio';
import { memcpy_fromiovecend, memcpy_toiovecend } from './iovec';
import { memcpy_toiovec } from '../../lib/iovec';
import { kmap, kunmap } from '../../include/linux/highmem';
import { csum_and_copy_to_user, csum_block_add, csum_fold, csum_partial } from '../../include/net/checksum';
import { atomic_dec, atomic_dec_and_test, atomic_inc, atomic_read } from '../../include/linux/atomic';
import { DEFINE_WAIT, autoremove_wake_function, finish_wait, prepare_to_wait_exclusive } from '../../include/linux/wait';
import type { wait_queue_t } from '../../include/linux/wait';
import { TASK_INTERRUPTIBLE, schedule_timeout, signal_pending } from '../../include/linux/sched';
import { POLLERR, POLLHUP, POLLIN, POLLOUT, POLLPRI, POLLRDHUP, POLLRDNORM, POLLWRBAND, POLLWRNORM } from '../../include/linux/poll';
import type { poll_table } from '../../include/linux/poll';
import type { file } from '../../include/linux/fs';
import { SOCK_ASYNC_NOSPACE, SOCK_SEQPACKET, SOCK_STREAM } from '../../include/linux/net';
import type { socket } from '../../include/linux/net';
import {
  RCV_SHUTDOWN, SHUTDOWN_MASK, SOCK_SELECT_ERR_QUEUE, lock_sock_fast, sk_mem_reclaim_partial, sk_sleep, sock_error, sock_flag, sock_intr_errno, sock_poll_wait, sock_rcvtimeo,
  sock_writeable, unlock_sock_fast,
} from '../../include/net/sock';
import { TCP_CLOSE, TCP_ESTABLISHED, TCP_LISTEN, TCP_SYN_SENT } from '../../include/net/tcp_states';
import { EAGAIN, EFAULT, EINVAL, ENOENT, ENOMEM, ENOTCONN } from '../../include/uapi/asm-generic/errno';
import { ERR_PTR, IS_ERR, PTR_ERR } from '../../include/linux/err';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import { likely, unlikely } from '../../include/linux/compiler';
import { WARN_ON } from '../../include/asm-generic/bug';
import { MSG_DONTWAIT, MSG_PEEK } from '../../include/linux/socket';
import { set_bit } from '../../include/linux/bitops';
import { spin_lock_bh, spin_lock_irqsave, spin_unlock_bh, spin_unlock_irqrestore } from '../../include/linux/spinlock';
import {
  CHECKSUM_COMPLETE, CHECKSUM_UNNECESSARY, __kfree_skb, __skb_unlink, consume_skb, kfree_skb, skb_checksum, skb_clone, skb_frag_page, skb_frag_size, skb_headlen, skb_orphan, skb_peek,
  skb_queue_empty, skb_shared, skb_shinfo,
} from '../../include/linux/skbuff';
import { netdev_rx_csum_fault } from '../../include/linux/netdevice';

function connection_based(sk: sock): boolean { return sk.sk_type === SOCK_SEQPACKET || sk.sk_type === SOCK_STREAM; }

function receiver_wake_function(wait: wait_queue_t, mode: number, sync: number, key: number): number {
  const bits = key;
  if (bits && !(bits & (POLLIN | POLLERR)))
    return 0;
  return autoremove_wake_function(wait, mode, sync, key);
}

/** Sleeps until the queue's tail is another than `skb`; not 0 to give up, with `err.v` set. */
function* wait_for_more_packets(sk: sock, err: { v: number }, timeo_p: { v: number }, skb: sk_buff): Gen<number> {
  let error: number;
  const wait = DEFINE_WAIT();
  wait.func = receiver_wake_function;
  prepare_to_wait_exclusive(sk_sleep(sk), wait, TASK_INTERRUPTIBLE);
  out: {
    out_err: {
      interrupted: {
        error = sock_error(sk);
        if (error)
          break out_err;
        if (sk.sk_receive_queue.prev !== skb)
          break out;
        if (sk.sk_shutdown & RCV_SHUTDOWN) {
          err.v = 0;
          error = 1;
          break out;
        }
        error = -ENOTCONN;
        if (connection_based(sk) && !(sk.sk_state === TCP_ESTABLISHED || sk.sk_state === TCP_LISTEN))
          break out_err;
        if (signal_pending(current.task))
          break interrupted;
        error = 0;
        timeo_p.v = yield* schedule_timeout(timeo_p.v);
        break out;
      }
      error = sock_intr_errno(timeo_p.v);
    }
    err.v = error;
  }
  finish_wait(sk_sleep(sk), wait);
  return error;
}

function skb_set_peeked(skb: sk_buff): sk_buff {
  let nskb: sk_buff;
  if (skb.peeked)
    return skb;
  if (skb_shared(skb)) {
    nskb = skb_clone(skb, GFP_ATOMIC);
    if (!nskb)
      return ERR_PTR(-ENOMEM);
    skb.prev.next = nskb;
    skb.next.prev = nskb;
    nskb.prev = skb.prev;
    nskb.next = skb.next;
    consume_skb(skb);
    skb = nskb;
  }
  skb.peeked = 1;
  return skb;
}

/** Takes (or peeks at) the first packet behind `off.v` bytes, waiting as `flags` say; null with `err.v` set. */
export function* __skb_recv_datagram(sk: sock, flags: number, peeked: { v: number }, off: { v: number }, err: { v: number }): Gen<sk_buff> {
  const queue = sk.sk_receive_queue;
  let skb: sk_buff, last: sk_buff;
  let cpu_flags: boolean;
  const timeo = { v: 0 };
  let error = sock_error(sk);
  no_packet: {
    if (error)
      break no_packet;
    timeo.v = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
    do {
      let _off = off.v;
      last = queue as unknown as sk_buff;
      cpu_flags = spin_lock_irqsave(queue.lock);
      for (skb = queue.next; skb !== (queue as unknown as sk_buff); skb = skb.next) {
        last = skb;
        peeked.v = skb.peeked;
        if (flags & MSG_PEEK) {
          if (_off >= skb.len && (skb.len || _off || skb.peeked)) {
            _off -= skb.len;
            continue;
          }
          skb = skb_set_peeked(skb);
          if (IS_ERR(skb)) {
            error = PTR_ERR(skb);
            spin_unlock_irqrestore(queue.lock, cpu_flags);
            break no_packet;
          }
          atomic_inc(skb.users);
        } else
          __skb_unlink(skb, queue);
        spin_unlock_irqrestore(queue.lock, cpu_flags);
        off.v = _off;
        return skb;
      }
      spin_unlock_irqrestore(queue.lock, cpu_flags);
      error = -EAGAIN;
      if (!timeo.v)
        break no_packet;
    } while (!(yield* wait_for_more_packets(sk, err, timeo, last)));
    return null;
  }
  err.v = error;
  return null;
}

export function* skb_recv_datagram(sk: sock, flags: number, noblock: number, err: { v: number }): Gen<sk_buff> {
  const peeked = { v: 0 }, off = { v: 0 };
  return yield* __skb_recv_datagram(sk, flags | (noblock ? MSG_DONTWAIT : 0), peeked, off, err);
}

export function skb_free_datagram(sk: sock, skb: sk_buff): void {
  consume_skb(skb);
  sk_mem_reclaim_partial(sk);
}

export function* skb_free_datagram_locked(sk: sock, skb: sk_buff): Gen<void> {
  let slow: boolean;
  if (likely(atomic_read(skb.users) === 1))
    smp_rmb();
  else if (likely(!atomic_dec_and_test(skb.users)))
    return;
  slow = yield* lock_sock_fast(sk);
  skb_orphan(skb);
  sk_mem_reclaim_partial(sk);
  yield* unlock_sock_fast(sk, slow);
  __kfree_skb(skb);
}
function smp_rmb(): void { /* one thread: nothing to order */ }

/** Drops a packet that turned out broken; -ENOENT when another reader had it already. */
export function skb_kill_datagram(sk: sock, skb: sk_buff, flags: number): number {
  let err = 0;
  if (flags & MSG_PEEK) {
    err = -ENOENT;
    spin_lock_bh(sk.sk_receive_queue.lock);
    if (skb === skb_peek(sk.sk_receive_queue)) {
      __skb_unlink(skb, sk.sk_receive_queue);
      atomic_dec(skb.users);
      err = 0;
    }
    spin_unlock_bh(sk.sk_receive_queue.lock);
  }
  kfree_skb(skb);
  atomic_inc(sk.sk_drops);
  sk_mem_reclaim_partial(sk);
  return err;
}

/** Copies `len` bytes from `offset` of the packet to the user's blocks, which are used up. */
export function skb_copy_datagram_iovec(skb: sk_buff, offset: number, to: iovec[], len: number): number {
  let start = skb_headlen(skb);
  let i: number, copy = start - offset;
  let frag_iter: sk_buff;
  if (copy > 0) {
    if (copy > len)
      copy = len;
    if (memcpy_toiovec(to, skb.head, skb.data + offset, copy))
      return -EFAULT;
    if ((len -= copy) === 0)
      return 0;
    offset += copy;
  }
  for (i = 0; i < skb_shinfo(skb).nr_frags; i++) {
    let end: number;
    const frag = skb_shinfo(skb).frags[i];
    WARN_ON(start > offset + len);
    end = start + skb_frag_size(frag);
    if ((copy = end - offset) > 0) {
      let err: number;
      let vaddr: Uint8Array;
      const page = skb_frag_page(frag);
      if (copy > len)
        copy = len;
      vaddr = kmap(page);
      err = memcpy_toiovec(to, vaddr, frag.page_offset + offset - start, copy);
      kunmap(page);
      if (err)
        return -EFAULT;
      if (!(len -= copy))
        return 0;
      offset += copy;
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
      if (skb_copy_datagram_iovec(frag_iter, offset - start, to, copy))
        return -EFAULT;
      if ((len -= copy) === 0)
        return 0;
      offset += copy;
    }
    start = end;
  }
  if (!len)
    return 0;
  return -EFAULT;
}

/** Like skb_copy_datagram_iovec(), but leaves the blocks alone and starts at `to_offset` of them. */
export function skb_copy_datagram_const_iovec(skb: sk_buff, offset: number, to: iovec[], to_offset: number, len: number): number {
  let start = skb_headlen(skb);
  let i: number, copy = start - offset;
  let frag_iter: sk_buff;
  if (copy > 0) {
    if (copy > len)
      copy = len;
    if (memcpy_toiovecend(to, skb.head, skb.data + offset, to_offset, copy))
      return -EFAULT;
    if ((len -= copy) === 0)
      return 0;
    offset += copy;
    to_offset += copy;
  }
  for (i = 0; i < skb_shinfo(skb).nr_frags; i++) {
    let end: number;
    const frag = skb_shinfo(skb).frags[i];
    WARN_ON(start > offset + len);
    end = start + skb_frag_size(frag);
    if ((copy = end - offset) > 0) {
      let err: number;
      let vaddr: Uint8Array;
      const page = skb_frag_page(frag);
      if (copy > len)
        copy = len;
      vaddr = kmap(page);
      err = memcpy_toiovecend(to, vaddr, frag.page_offset + offset - start, to_offset, copy);
      kunmap(page);
      if (err)
        return -EFAULT;
      if (!(len -= copy))
        return 0;
      offset += copy;
      to_offset += copy;
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
      if (skb_copy_datagram_const_iovec(frag_iter, offset - start, to, to_offset, copy))
        return -EFAULT;
      if ((len -= copy) === 0)
        return 0;
      offset += copy;
      to_offset += copy;
    }
    start = end;
  }
  if (!len)
    return 0;
  return -EFAULT;
}

/** Fills `len` bytes at `offset` of the packet from the user's blocks. */
export function skb_copy_datagram_from_iovec(skb: sk_buff, offset: number, from: iovec[], from_offset: number, len: number): number {
  let start = skb_headlen(skb);
  let i: number, copy = start - offset;
  let frag_iter: sk_buff;
  if (copy > 0) {
    if (copy > len)
      copy = len;
    if (memcpy_fromiovecend(skb.head, skb.data + offset, from, from_offset, copy))
      return -EFAULT;
    if ((len -= copy) === 0)
      return 0;
    offset += copy;
    from_offset += copy;
  }
  for (i = 0; i < skb_shinfo(skb).nr_frags; i++) {
    let end: number;
    const frag = skb_shinfo(skb).frags[i];
    WARN_ON(start > offset + len);
    end = start + skb_frag_size(frag);
    if ((copy = end - offset) > 0) {
      let err: number;
      let vaddr: Uint8Array;
      const page = skb_frag_page(frag);
      if (copy > len)
        copy = len;
      vaddr = kmap(page);
      err = memcpy_fromiovecend(vaddr, frag.page_offset + offset - start, from, from_offset, copy);
      kunmap(page);
      if (err)
        return -EFAULT;
      if (!(len -= copy))
        return 0;
      offset += copy;
      from_offset += copy;
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
      if (skb_copy_datagram_from_iovec(frag_iter, offset - start, from, from_offset, copy))
        return -EFAULT;
      if ((len -= copy) === 0)
        return 0;
      offset += copy;
      from_offset += copy;
    }
    start = end;
  }
  if (!len)
    return 0;
  return -EFAULT;
}

function skb_copy_and_csum_datagram(skb: sk_buff, offset: number, buf: Uint8Array, to: number, len: number, csump: { v: number }): number {
  let start = skb_headlen(skb);
  let i: number, copy = start - offset;
  let frag_iter: sk_buff;
  let pos = 0;
  if (copy > 0) {
    const err = { v: 0 };
    if (copy > len)
      copy = len;
    csump.v = csum_and_copy_to_user(skb.head, skb.data + offset, buf, to, copy, csump.v, err);
    if (err.v)
      return -EFAULT;
    if ((len -= copy) === 0)
      return 0;
    offset += copy;
    to += copy;
    pos = copy;
  }
  for (i = 0; i < skb_shinfo(skb).nr_frags; i++) {
    let end: number;
    const frag = skb_shinfo(skb).frags[i];
    WARN_ON(start > offset + len);
    end = start + skb_frag_size(frag);
    if ((copy = end - offset) > 0) {
      let csum2: number;
      const err = { v: 0 };
      let vaddr: Uint8Array;
      const page = skb_frag_page(frag);
      if (copy > len)
        copy = len;
      vaddr = kmap(page);
      csum2 = csum_and_copy_to_user(vaddr, frag.page_offset + offset - start, buf, to, copy, 0, err);
      kunmap(page);
      if (err.v)
        return -EFAULT;
      csump.v = csum_block_add(csump.v, csum2, pos);
      if (!(len -= copy))
        return 0;
      offset += copy;
      to += copy;
      pos += copy;
    }
    start = end;
  }
  for (frag_iter = skb_shinfo(skb).frag_list; frag_iter; frag_iter = frag_iter.next) {
    let end: number;
    WARN_ON(start > offset + len);
    end = start + frag_iter.len;
    if ((copy = end - offset) > 0) {
      const csum2 = { v: 0 };
      if (copy > len)
        copy = len;
      if (skb_copy_and_csum_datagram(frag_iter, offset - start, buf, to, copy, csum2))
        return -EFAULT;
      csump.v = csum_block_add(csump.v, csum2.v, pos);
      if ((len -= copy) === 0)
        return 0;
      offset += copy;
      to += copy;
      pos += copy;
    }
    start = end;
  }
  if (!len)
    return 0;
  return -EFAULT;
}

/** Checks the first `len` bytes against skb.csum; 0 when they fit. */
export function __skb_checksum_complete_head(skb: sk_buff, len: number): number {
  let sum: number;
  sum = csum_fold(skb_checksum(skb, 0, len, skb.csum));
  if (likely(!sum)) {
    if (unlikely(skb.ip_summed === CHECKSUM_COMPLETE))
      netdev_rx_csum_fault(skb.dev);
    if (!skb_shared(skb))
      skb.ip_summed = CHECKSUM_UNNECESSARY;
  }
  return sum;
}
export function __skb_checksum_complete(skb: sk_buff): number { return __skb_checksum_complete_head(skb, skb.len); }

/** Copies everything behind the first `hlen` bytes to the user and checks the checksum on the way: 0, -EINVAL (wrong), -EFAULT. */
export function skb_copy_and_csum_datagram_iovec(skb: sk_buff, hlen: number, iov: iovec[]): number {
  const csum = { v: 0 };
  const chunk = skb.len - hlen;
  let i = 0;
  if (!chunk)
    return 0;
  while (!iov[i].iov_len)
    i++;
  if (iov[i].iov_len < chunk) {
    if (__skb_checksum_complete(skb))
      return -EINVAL;
    if (skb_copy_datagram_iovec(skb, hlen, iov, chunk))
      return -EFAULT;
  } else {
    csum.v = csum_partial(skb.head, skb.data, hlen, skb.csum);
    if (skb_copy_and_csum_datagram(skb, hlen, iov[i].iov_buf, iov[i].iov_base, chunk, csum))
      return -EFAULT;
    if (csum_fold(csum.v))
      return -EINVAL;
    if (unlikely(skb.ip_summed === CHECKSUM_COMPLETE))
      netdev_rx_csum_fault(skb.dev);
    iov[i].iov_len -= chunk;
    iov[i].iov_base += chunk;
  }
  return 0;
}

/** What a poll() of a datagram socket tells. */
export function datagram_poll(file: file, sock: socket, wait: poll_table): number {
  const sk = sock.sk;
  let mask: number;
  sock_poll_wait(file, sk_sleep(sk), wait);
  mask = 0;
  if (sk.sk_err || !skb_queue_empty(sk.sk_error_queue))
    mask |= POLLERR | (sock_flag(sk, SOCK_SELECT_ERR_QUEUE) ? POLLPRI : 0);
  if (sk.sk_shutdown & RCV_SHUTDOWN)
    mask |= POLLRDHUP | POLLIN | POLLRDNORM;
  if (sk.sk_shutdown === SHUTDOWN_MASK)
    mask |= POLLHUP;
  if (!skb_queue_empty(sk.sk_receive_queue))
    mask |= POLLIN | POLLRDNORM;
  if (connection_based(sk)) {
    if (sk.sk_state === TCP_CLOSE)
      mask |= POLLHUP;
    if (sk.sk_state === TCP_SYN_SENT)
      return mask;
  }
  if (sock_writeable(sk))
    mask |= POLLOUT | POLLWRNORM | POLLWRBAND;
  else
    set_bit(SOCK_ASYNC_NOSPACE, sk.sk_socket.flags);
  return mask;
}
