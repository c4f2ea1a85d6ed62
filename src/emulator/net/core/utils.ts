/** net/core/utils.c: checksum fixes for rewriters of headers. */
import type { sk_buff } from '../../include/linux/skbuff.struct';
import { CHECKSUM_COMPLETE, CHECKSUM_PARTIAL } from '../../include/linux/skbuff';
import { csum_add, csum_fold, csum_unfold } from '../../include/net/checksum';

/** The transport checksum after a 32-bit field changed; gives the new value (DEVIATION: the kernel writes through a pointer). */
export function inet_proto_csum_replace4(sum: number, skb: sk_buff, from: number, to: number, pseudohdr: number): number {
  const diff = csum_add(~from >>> 0, to);
  if (skb.ip_summed !== CHECKSUM_PARTIAL) {
    sum = csum_fold(csum_add(diff, ~csum_unfold(sum) & 0xffff));
    if (skb.ip_summed === CHECKSUM_COMPLETE && pseudohdr)
      skb.csum = ~csum_add(diff, ~skb.csum >>> 0) >>> 0;
  } else if (pseudohdr)
    sum = ~csum_fold(csum_add(diff, csum_unfold(sum))) & 0xffff;
  return sum;
}
