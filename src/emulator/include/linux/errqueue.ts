/** include/linux/errqueue.h: what an error queue entry carries. */
import type { sk_buff } from './skbuff';

export const SO_EE_ORIGIN_NONE = 0;
export const SO_EE_ORIGIN_LOCAL = 1;
export const SO_EE_ORIGIN_ICMP = 2;
export const SO_EE_ORIGIN_ICMP6 = 3;
export const SO_EE_ORIGIN_TXSTATUS = 4;
export const SO_EE_ORIGIN_TIMESTAMPING = SO_EE_ORIGIN_TXSTATUS;

export class sock_extended_err { ee_errno = 0; ee_origin = 0; ee_type = 0; ee_code = 0; ee_pad = 0; ee_info = 0; ee_data = 0; }

export class sock_exterr_skb {
  ee: sock_extended_err = new sock_extended_err();
  addr_offset = 0;
  port = 0;
  copy(): sock_exterr_skb {
    const n = new sock_exterr_skb();
    Object.assign(n.ee, this.ee);
    n.addr_offset = this.addr_offset;
    n.port = this.port;
    return n;
  }
}
/** The control block of a buffer on an error queue. */
export function SKB_EXT_ERR(skb: sk_buff): sock_exterr_skb { return skb.cb_err ?? (skb.cb_err = new sock_exterr_skb()); }
