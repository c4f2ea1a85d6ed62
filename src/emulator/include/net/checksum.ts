/** include/net/checksum.h and asm/checksum.h: adding, folding, copying checksums. */
import { csum_partial, csum_partial_copy, csum_tcpudp_nofold } from '../../lib/checksum';
import { CHECKSUM_COMPLETE, CHECKSUM_PARTIAL } from '../linux/skbuff';
import { current } from '../ports';
export { csum_partial, csum_partial_copy, csum_partial_copy as csum_partial_copy_nocheck, csum_tcpudp_nofold, ip_fast_csum, ip_compute_csum, do_csum } from '../../lib/checksum';
export { inet_proto_csum_replace4 } from '../../net/core/utils';

export const CSUM_MANGLED_0 = 0xffff;

/** 32-bit sum to the 16-bit value that goes into a header. */
export function csum_fold(csum: number): number {
  let sum = (csum & 0xffff) + (csum >>> 16);
  sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
export function csum_tcpudp_magic(saddr: number, daddr: number, len: number, proto: number, sum: number): number {
  return csum_fold(csum_tcpudp_nofold(saddr, daddr, len, proto, sum));
}
export function csum_add(csum: number, addend: number): number {
  let res = csum;
  res = (res + addend) >>> 0;
  return (res + (res < addend ? 1 : 0)) >>> 0;
}
export function csum_sub(csum: number, addend: number): number { return csum_add(csum, ~addend >>> 0); }
/** `csum2` was computed from an even place; at an odd `offset` its bytes stand swapped. */
export function csum_block_add(csum: number, csum2: number, offset: number): number {
  let sum = csum2;
  if (offset & 1) sum = (((sum & 0xff00ff) << 8) + ((sum >>> 8) & 0xff00ff)) >>> 0;
  return csum_add(csum, sum);
}
export function csum_block_sub(csum: number, csum2: number, offset: number): number {
  let sum = csum2;
  if (offset & 1) sum = (((sum & 0xff00ff) << 8) + ((sum >>> 8) & 0xff00ff)) >>> 0;
  return csum_sub(csum, sum);
}
export function csum_unfold(n: number): number { return n; }
/** The checksum after a 32-bit field changed; gives the new value (DEVIATION: the kernel writes through a pointer). */
export function csum_replace4(sum: number, from: number, to: number): number {
  const diff = new Uint8Array(8), view = new DataView(diff.buffer);
  view.setUint32(0, ~from);
  view.setUint32(4, to);
  return csum_fold(csum_partial(diff, 0, diff.length, ~csum_unfold(sum) & 0xffff));
}
export function csum_replace2(sum: number, from: number, to: number): number { return csum_replace4(sum, from, to); }

/** Copies from user memory and sums on the way; `err_ptr.v` gets -EFAULT where the kernel would fault. */
export function csum_and_copy_from_user(src: Uint8Array, src_off: number, dst: Uint8Array, dst_off: number, len: number, sum: number, err_ptr: { v: number }): number {
  err_ptr.v = 0;
  current.machine.packet_event('copy-in', 0, String(len));
  return csum_partial_copy(src, src_off, dst, dst_off, len, sum);
}
export { csum_and_copy_from_user as csum_partial_copy_from_user };
export function csum_and_copy_to_user(src: Uint8Array, src_off: number, dst: Uint8Array, dst_off: number, len: number, sum: number, err_ptr: { v: number }): number {
  err_ptr.v = 0;
  current.machine.packet_event('copy-out', 0, String(len));
  return csum_partial_copy(src, src_off, dst, dst_off, len, sum);
}
export { CHECKSUM_COMPLETE, CHECKSUM_PARTIAL };
