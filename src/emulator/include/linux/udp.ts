/** include/linux/udp.h: the UDP header (RFC 768) and its socket. */
import type { sk_buff } from './skbuff.struct';
import type { sock } from '../net/sock.struct';
import type { net } from '../net/net_namespace';
import { udp_sock } from './udp.struct';
import { net_hash_mix } from '../net/netns/hash';
import { skb_transport_header } from './skbuff';
export * from './udp.struct';

export const UDP_CORK = 1;
export const UDP_ENCAP = 100;
export const UDPLITE_BIT = 1;
export const UDPLITE_SEND_CC = 2;
export const UDPLITE_RECV_CC = 4;
export const UDP_HTABLE_SIZE_MIN = 256;
export const sizeof_udphdr = 8;
/** Offset of the checksum in the header. */
export const offsetof_udphdr_check = 6;

/** struct udphdr: a view of the header at `off` in `b`. */
export class udphdr {
  readonly b: Uint8Array;
  readonly off: number;
  constructor(b: Uint8Array, off: number) { this.b = b; this.off = off; }
  get source(): number { return (this.b[this.off] << 8) | this.b[this.off + 1]; }
  set source(v: number) { this.b[this.off] = v >> 8; this.b[this.off + 1] = v; }
  get dest(): number { return (this.b[this.off + 2] << 8) | this.b[this.off + 3]; }
  set dest(v: number) { this.b[this.off + 2] = v >> 8; this.b[this.off + 3] = v; }
  get len(): number { return (this.b[this.off + 4] << 8) | this.b[this.off + 5]; }
  set len(v: number) { this.b[this.off + 4] = v >> 8; this.b[this.off + 5] = v; }
  get check(): number { return (this.b[this.off + 6] << 8) | this.b[this.off + 7]; }
  set check(v: number) { this.b[this.off + 6] = v >> 8; this.b[this.off + 7] = v; }
}
export function udp_hdr(skb: sk_buff): udphdr { return new udphdr(skb.head, skb_transport_header(skb)); }
export function udp_hashfn(net: net, num: number, mask: number): number { return (num + net_hash_mix(net)) & mask; }
export function udp_sk(sk: sock): udp_sock { return sk as udp_sock; }
/** A macro in the kernel. */
export function IS_UDPLITE(sk: sock): number { return (sk as udp_sock).pcflag; }
