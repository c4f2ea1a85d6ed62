/** Mirror of include/net/dsfield.h: the differentiated services field. */
import type { iphdr } from '../linux/ip';

export function ipv4_get_dsfield(iph: iphdr): number {
  return iph.tos;
}
