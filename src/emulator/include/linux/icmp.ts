/** include/linux/icmp.h: the ICMP header (RFC 792). */
import type { sk_buff } from './skbuff.struct';
import { skb_transport_header } from './skbuff';

export const ICMP_ECHOREPLY = 0;
export const ICMP_DEST_UNREACH = 3;
export const ICMP_SOURCE_QUENCH = 4;
export const ICMP_REDIRECT = 5;
export const ICMP_ECHO = 8;
export const ICMP_TIME_EXCEEDED = 11;
export const ICMP_PARAMETERPROB = 12;
export const ICMP_TIMESTAMP = 13;
export const ICMP_TIMESTAMPREPLY = 14;
export const ICMP_INFO_REQUEST = 15;
export const ICMP_INFO_REPLY = 16;
export const ICMP_ADDRESS = 17;
export const ICMP_ADDRESSREPLY = 18;
export const NR_ICMP_TYPES = 18;
export const ICMP_NET_UNREACH = 0;
export const ICMP_HOST_UNREACH = 1;
export const ICMP_PROT_UNREACH = 2;
export const ICMP_PORT_UNREACH = 3;
export const ICMP_FRAG_NEEDED = 4;
export const ICMP_SR_FAILED = 5;
export const ICMP_NET_UNKNOWN = 6;
export const ICMP_HOST_UNKNOWN = 7;
export const ICMP_HOST_ISOLATED = 8;
export const ICMP_NET_ANO = 9;
export const ICMP_HOST_ANO = 10;
export const ICMP_NET_UNR_TOS = 11;
export const ICMP_HOST_UNR_TOS = 12;
export const ICMP_PKT_FILTERED = 13;
export const ICMP_PREC_VIOLATION = 14;
export const ICMP_PREC_CUTOFF = 15;
export const NR_ICMP_UNREACH = 15;
export const ICMP_REDIR_NET = 0;
export const ICMP_REDIR_HOST = 1;
export const ICMP_REDIR_NETTOS = 2;
export const ICMP_REDIR_HOSTTOS = 3;
export const ICMP_EXC_TTL = 0;
export const ICMP_EXC_FRAGTIME = 1;
export const ICMP_FILTER = 1;
export const sizeof_icmphdr = 8;

/** struct icmphdr: a view of the header at `off` in `b`. The members of the union `un` read the same four bytes. */
export class icmphdr {
  readonly b: Uint8Array;
  readonly off: number;
  constructor(b: Uint8Array, off: number) { this.b = b; this.off = off; }
  get type(): number { return this.b[this.off]; }
  set type(v: number) { this.b[this.off] = v; }
  get code(): number { return this.b[this.off + 1]; }
  set code(v: number) { this.b[this.off + 1] = v; }
  get checksum(): number { return (this.b[this.off + 2] << 8) | this.b[this.off + 3]; }
  set checksum(v: number) { this.b[this.off + 2] = v >> 8; this.b[this.off + 3] = v; }
  get un(): this { return this; }
  get echo(): this { return this; }
  get frag(): this { return this; }
  get id(): number { return (this.b[this.off + 4] << 8) | this.b[this.off + 5]; }
  set id(v: number) { this.b[this.off + 4] = v >> 8; this.b[this.off + 5] = v; }
  get sequence(): number { return (this.b[this.off + 6] << 8) | this.b[this.off + 7]; }
  set sequence(v: number) { this.b[this.off + 6] = v >> 8; this.b[this.off + 7] = v; }
  get mtu(): number { return this.sequence; }
  set mtu(v: number) { this.sequence = v; }
  get gateway(): number { const b = this.b, o = this.off + 4; return ((b[o] << 24) | (b[o + 1] << 16) | (b[o + 2] << 8) | b[o + 3]) >>> 0; }
  set gateway(v: number) { const b = this.b, o = this.off + 4; b[o] = v >>> 24; b[o + 1] = v >>> 16; b[o + 2] = v >>> 8; b[o + 3] = v; }
}
export function icmp_hdr(skb: sk_buff): icmphdr { return new icmphdr(skb.head, skb_transport_header(skb)); }
/** Bit n set: messages of type n do not reach the raw socket. */
export class icmp_filter { data = 0; }
