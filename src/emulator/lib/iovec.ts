/** lib/iovec.c: copying between kernel memory and a list of user blocks, which is used up on the way. */
import type { iovec } from '../include/linux/uio';
import { copy_from_user, copy_to_user } from '../include/linux/uaccess';
import { min } from '../include/linux/kernel';
import { EFAULT } from '../include/uapi/asm-generic/errno';

/** Fills `len` bytes of `kbuf` at `kdata` from the blocks. */
export function memcpy_fromiovec(kbuf: Uint8Array, kdata: number, iov: iovec[], len: number): number {
  let i = 0;
  while (len > 0) {
    if (iov[i].iov_len) {
      const copy = min(len, iov[i].iov_len);
      if (copy_from_user(kbuf, kdata, iov[i].iov_buf, iov[i].iov_base, copy))
        return -EFAULT;
      len -= copy;
      kdata += copy;
      iov[i].iov_base += copy;
      iov[i].iov_len -= copy;
    }
    i++;
  }
  return 0;
}

/** Spreads `len` bytes of `kbuf` from `kdata` over the blocks. */
export function memcpy_toiovec(iov: iovec[], kbuf: Uint8Array, kdata: number, len: number): number {
  let i = 0;
  while (len > 0) {
    if (iov[i].iov_len) {
      const copy = min(iov[i].iov_len, len);
      if (copy_to_user(iov[i].iov_buf, iov[i].iov_base, kbuf, kdata, copy))
        return -EFAULT;
      kdata += copy;
      len -= copy;
      iov[i].iov_len -= copy;
      iov[i].iov_base += copy;
    }
    i++;
  }
  return 0;
}
