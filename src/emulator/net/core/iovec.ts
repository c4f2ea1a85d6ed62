/** net/core/iovec.c: copying to and from user blocks at an offset. */
import { iovec } from '../../include/linux/uio';
import type { msghdr, sockaddr } from '../../include/linux/socket';
import { VERIFY_READ, copy_from_user, copy_to_user } from '../../include/linux/uaccess';
import { csum_and_copy_from_user } from '../../include/net/checksum';
import { csum_block_add } from '../../include/net/checksum';
import { INT_MAX, min } from '../../include/linux/kernel';
import { unlikely } from '../../include/linux/compiler';
import { EFAULT } from '../../include/uapi/asm-generic/errno';
import { move_addr_to_kernel } from '../socket';
export { memcpy_fromiovec, memcpy_toiovec } from '../../lib/iovec';

/** Takes a user's message over: its address to `address`, its blocks as copies in `iov`. Gives the bytes in all, or a negative errno. */
export function verify_iovec(m: msghdr, iov: iovec[], address: sockaddr, mode: number): number {
  let ct: number, err: number;
  if (m.msg_name && m.msg_namelen) {
    if (mode === VERIFY_READ) {
      err = move_addr_to_kernel(m.msg_name, m.msg_namelen, address);
      if (err < 0)
        return err;
    }
    m.msg_name = address;
  } else {
    m.msg_name = null;
    m.msg_namelen = 0;
  }
  for (let i = 0; i < m.msg_iovlen; i++) iov[i] = new iovec(m.msg_iov[i].iov_buf, m.msg_iov[i].iov_base, m.msg_iov[i].iov_len);
  m.msg_iov = iov;
  err = 0;
  for (ct = 0; ct < m.msg_iovlen; ct++) {
    let len = iov[ct].iov_len;
    if (len > INT_MAX - err) {
      len = INT_MAX - err;
      iov[ct].iov_len = len;
    }
    err += len;
  }
  return err;
}

export function memcpy_toiovecend(iov: iovec[], kbuf: Uint8Array, kdata: number, offset: number, len: number): number {
  let copy: number;
  let i: number;
  for (i = 0; len > 0; ++i) {
    if (unlikely(offset >= iov[i].iov_len)) {
      offset -= iov[i].iov_len;
      continue;
    }
    copy = min(iov[i].iov_len - offset, len);
    if (copy_to_user(iov[i].iov_buf, iov[i].iov_base + offset, kbuf, kdata, copy))
      return -EFAULT;
    offset = 0;
    kdata += copy;
    len -= copy;
  }
  return 0;
}

export function memcpy_fromiovecend(kbuf: Uint8Array, kdata: number, iov: iovec[], offset: number, len: number): number {
  let i = 0;
  if (len === 0)
    return 0;
  while (offset >= iov[i].iov_len) {
    offset -= iov[i].iov_len;
    i++;
  }
  while (len > 0) {
    const base = iov[i].iov_base + offset;
    const copy = min(len, iov[i].iov_len - offset);
    offset = 0;
    if (copy_from_user(kbuf, kdata, iov[i].iov_buf, base, copy))
      return -EFAULT;
    len -= copy;
    kdata += copy;
    i++;
  }
  return 0;
}

/** memcpy_fromiovecend() that adds the bytes to the checksum `csump.v`. DEVIATION: block by block; the kernel gathers words across blocks. */
export function csum_partial_copy_fromiovecend(kbuf: Uint8Array, kdata: number, iov: iovec[], offset: number, len: number, csump: { v: number }): number {
  let csum = csump.v;
  let i = 0, pos = 0;
  const err = { v: 0 };
  while (offset >= iov[i].iov_len) {
    offset -= iov[i].iov_len;
    i++;
  }
  while (len > 0) {
    const base = iov[i].iov_base + offset;
    const copy = min(len, iov[i].iov_len - offset);
    offset = 0;
    if (copy) {
      const part = csum_and_copy_from_user(iov[i].iov_buf, base, kbuf, kdata, copy, 0, err);
      if (err.v)
        return err.v;
      csum = csum_block_add(csum, part, pos);
    }
    len -= copy;
    kdata += copy;
    pos += copy;
    i++;
  }
  csump.v = csum;
  return err.v;
}
