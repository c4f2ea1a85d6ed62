/** include/net/netns/hash.h: mixes the namespace into hashes. DEVIATION: the address of the only namespace counts as 0. */
import type { net } from '../net_namespace';
export function net_hash_mix(_net: net): number {
  return 0;
}
