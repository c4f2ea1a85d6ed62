/** net/netfilter/xt_length.c: match on the datagram's length. */
import { ip_hdr } from '../../include/linux/ip';
import type { xt_action_param, xt_match } from '../../include/linux/netfilter/x_tables';
import type { sk_buff } from '../../include/linux/skbuff';
import { ntohs } from '../../include/linux/types';

export class xt_length_info { min = 0; max = 0xffff; invert = false; }
function length_mt(skb: sk_buff, par: xt_action_param): boolean {
  const info: xt_length_info = par.matchinfo;
  const pktlen = ntohs(ip_hdr(skb).tot_len);
  return (pktlen >= info.min && pktlen <= info.max) !== info.invert;
}
export const length_mt_reg: xt_match = { name: 'length', match: length_mt, checkentry: null };
