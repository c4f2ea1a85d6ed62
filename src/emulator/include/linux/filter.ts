/** include/linux/filter.h. */
import { atomic_t } from './atomic';
import type { sk_buff } from './skbuff.struct';
export { sk_filter_trim_cap, sk_attach_filter, sk_detach_filter } from '../../net/core/filter';

/** A filter: gives how many bytes of a packet to keep. */
export class sk_filter {
  refcnt: atomic_t = new atomic_t(1);
  insns: unknown[] = [];
  run: (skb: sk_buff) => number = null;
}
export function sk_filter_len(fp: sk_filter): number { return fp.insns.length * 8 + 40; }
