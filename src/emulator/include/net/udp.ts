/** include/net/udp.h: tables, checksums, counters of UDP. */
import type { sk_buff } from '../linux/skbuff.struct';
import type { sock } from './sock.struct';
import type { net } from './net_namespace';
import { hlist_nulls_head } from '../linux/list';
import { spinlock_t } from '../linux/spinlock';
import { csum_add, csum_partial } from './checksum';
import { __skb_checksum_complete_head, skb_csum_unnecessary, skb_shinfo, skb_transport_header } from '../linux/skbuff';
import { sk_common_release } from './sock';
import { sizeof_udphdr, udp_hashfn } from '../linux/udp';
import { BUG } from '../asm-generic/bug';
import type { Gen } from '../ports';
export { udp_prot, udp_table_init, udp_init, udp_rcv, udp_err, udp_sendmsg, udp_recvmsg, udp_poll, udp_lib_unhash, udp_lib_rehash, udp_lib_get_port, udp_push_pending_frames,
  udp_flush_pending_frames, udp_disconnect, udp_ioctl, udp4_lib_lookup, __udp4_lib_lookup, udp4_ufo_send_check, udp4_ufo_fragment, udp_lib_setsockopt, udp_lib_getsockopt, udp_encap_enable } from '../../net/ipv4/udp';

export class udp_skb_cb {
  cscov = 0;
  partial_cov = 0;
  copy(): udp_skb_cb { const n = new udp_skb_cb(); n.cscov = this.cscov; n.partial_cov = this.partial_cov; return n; }
}
export function UDP_SKB_CB(skb: sk_buff): udp_skb_cb { return skb.cb_udp === null ? (skb.cb_udp = new udp_skb_cb()) : skb.cb_udp; }

export class udp_hslot { head: hlist_nulls_head = new hlist_nulls_head(); count = 0; lock: spinlock_t = new spinlock_t(); }
/** Sockets by port (hash), and by port and address (hash2). */
export class udp_table { hash: udp_hslot[] = []; hash2: udp_hslot[] = []; mask = 0; log = 0; }

export const UDP_CSUM_NOXMIT = 1;
export const UDP_CSUM_NORCV = 2;
export const UDP_CSUM_DEFAULT = 0;

export function udp_hashslot(table: udp_table, net: net, num: number): udp_hslot { return table.hash[udp_hashfn(net, num, table.mask)]; }
export function udp_hashslot2(table: udp_table, hash: number): udp_hslot { return table.hash2[hash & table.mask]; }
export function __udp_lib_checksum_complete(skb: sk_buff): number { return __skb_checksum_complete_head(skb, UDP_SKB_CB(skb).cscov); }
export function udp_lib_checksum_complete(skb: sk_buff): boolean { return !skb_csum_unnecessary(skb) && __udp_lib_checksum_complete(skb) !== 0; }
export function udp_csum_outgoing(sk: sock, skb: sk_buff): number {
  let csum = csum_partial(skb.head, skb_transport_header(skb), sizeof_udphdr, 0);
  const queue = sk.sk_write_queue as unknown as sk_buff;
  for (skb = queue.next; skb !== queue; skb = skb.next) {
    csum = csum_add(csum, skb.csum);
  }
  return csum;
}
export function udp_csum(skb: sk_buff): number {
  let csum = csum_partial(skb.head, skb_transport_header(skb), sizeof_udphdr, skb.csum);
  for (skb = skb_shinfo(skb).frag_list; skb; skb = skb.next) {
    csum = csum_add(csum, skb.csum);
  }
  return csum;
}
export function udp_lib_hash(_sk: sock): void { BUG(); }
export function* udp_lib_close(sk: sock, _timeout: number): Gen<void> { sk_common_release(sk); }

export function UDP_INC_STATS_USER(net: net, field: number, is_udplite: number | boolean): void { (is_udplite ? net.mib.udplite_statistics : net.mib.udp_statistics)[field]++; }
export { UDP_INC_STATS_USER as UDP_INC_STATS_BH };
