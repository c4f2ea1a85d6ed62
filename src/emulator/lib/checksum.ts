/**
 * lib/checksum.c and x86's own: the Internet checksum (RFC 1071) over bytes in memory.
 * Sums are of big-endian 16-bit words, so that a folded sum is the number that a header view's `check` holds.
 */
import { memcpy } from '../include/linux/string';

/** Sum of `len` bytes from `off`, as 16-bit words in network order, folded to 16 bits. */
export function do_csum(buff: Uint8Array, off: number, len: number): number {
  const result = sum_words(buff, off, len);
  return result;
}

/** DEVIATION: big-endian words, eight bytes a turn; the kernel's own way goes by the machine's words and alignment. */
function sum_words(buff: Uint8Array, off: number, len: number): number {
  let result = 0;
  let i = off;
  const end8 = off + (len & ~7);
  for (; i < end8; i += 8) {
    result += ((buff[i] + buff[i + 2] + buff[i + 4] + buff[i + 6]) << 8) + buff[i + 1] + buff[i + 3] + buff[i + 5] + buff[i + 7];
  }
  const end2 = off + (len & ~1);
  for (; i < end2; i += 2) result += (buff[i] << 8) + buff[i + 1];
  if (len & 1) result += buff[i] << 8;
  while (result > 0xffff) result = (result & 0xffff) + Math.floor(result / 0x10000);
  return result;
}

/** Adds the sum of the bytes to `wsum` (32-bit, one's complement). */
export function csum_partial(buff: Uint8Array, off: number, len: number, wsum: number): number {
  let result = do_csum(buff, off, len) + wsum;
  if (result > 0xffffffff) result = (result >>> 0) + 1;
  return result;
}

export function csum_partial_copy(src: Uint8Array, src_off: number, dst: Uint8Array, dst_off: number, len: number, sum: number): number {
  memcpy(dst, dst_off, src, src_off, len);
  return csum_partial(dst, dst_off, len, sum);
}

/** Checksum of a header of `ihl` 32-bit words; 0 when the header's own check field fits. */
export function ip_fast_csum(iph: { readonly b: Uint8Array; readonly off: number }, ihl: number): number {
  return ~do_csum(iph.b, iph.off, ihl * 4) & 0xffff;
}

export function ip_compute_csum(buff: Uint8Array, off: number, len: number): number { return ~do_csum(buff, off, len) & 0xffff; }

/** Sum of the pseudo header, added to `sum`. */
export function csum_tcpudp_nofold(saddr: number, daddr: number, len: number, proto: number, sum: number): number {
  let s = sum;
  s += saddr;
  s += daddr;
  s += proto + len;
  return from64to32(s);
}

function from64to32(x: number): number {
  x = (x >>> 0) + Math.floor(x / 0x100000000);
  x = (x >>> 0) + Math.floor(x / 0x100000000);
  return x;
}
