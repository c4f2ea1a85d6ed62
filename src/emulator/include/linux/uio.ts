/**
 * include/linux/uio.h. User memory is real bytes: an iovec names `iov_len` bytes from offset `iov_base` in `iov_buf`.
 * Everywhere in the mirror a C pointer to bytes that is neither in an skb nor a header view travels as two arguments: the array, then the offset.
 */
export class iovec {
  iov_buf: Uint8Array;
  iov_base: number;
  iov_len: number;
  constructor(iov_buf: Uint8Array, iov_base: number, iov_len: number) { this.iov_buf = iov_buf; this.iov_base = iov_base; this.iov_len = iov_len; }
}
export { iovec as kvec };
export const UIO_FASTIOV = 8;
export const UIO_MAXIOV = 1024;

/** Bytes that the first `nr_segs` blocks hold. */
export function iov_length(iov: iovec[], nr_segs: number): number {
  let seg: number;
  let ret = 0;
  for (seg = 0; seg < nr_segs; seg++) ret += iov[seg].iov_len;
  return ret;
}

export { memcpy_fromiovec, memcpy_toiovec } from '../../lib/iovec';
export { memcpy_fromiovecend, memcpy_toiovecend, csum_partial_copy_fromiovecend, verify_iovec } from '../../net/core/iovec';
