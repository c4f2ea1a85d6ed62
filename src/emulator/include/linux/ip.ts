/** include/linux/ip.h, uapi/linux/ip.h: the IPv4 header and its option numbers. */
import { skb_network_header, skb_transport_header, type sk_buff } from './skbuff';
export const IPTOS_TOS_MASK = 30;
export const IPTOS_LOWDELAY = 16;
export const IPTOS_THROUGHPUT = 8;
export const IPTOS_RELIABILITY = 4;
export const IPTOS_MINCOST = 2;
export const IPTOS_PREC_MASK = 224;
export const IPTOS_PREC_NETCONTROL = 224;
export const IPTOS_PREC_INTERNETCONTROL = 192;
export const IPTOS_PREC_CRITIC_ECP = 160;
export const IPTOS_PREC_FLASHOVERRIDE = 128;
export const IPTOS_PREC_FLASH = 96;
export const IPTOS_PREC_IMMEDIATE = 64;
export const IPTOS_PREC_PRIORITY = 32;
export const IPTOS_PREC_ROUTINE = 0;
export const IPOPT_COPY = 128;
export const IPOPT_CLASS_MASK = 96;
export const IPOPT_NUMBER_MASK = 31;
export const IPOPT_CONTROL = 0;
export const IPOPT_RESERVED1 = 32;
export const IPOPT_MEASUREMENT = 64;
export const IPOPT_RESERVED2 = 96;
export const IPOPT_END = 0;
export const IPOPT_NOOP = 1;
export const IPOPT_SEC = 130;
export const IPOPT_LSRR = 131;
export const IPOPT_TIMESTAMP = 68;
export const IPOPT_CIPSO = 134;
export const IPOPT_RR = 7;
export const IPOPT_SID = 136;
export const IPOPT_SSRR = 137;
export const IPOPT_RA = 148;
export const IPVERSION = 4;
export const MAXTTL = 255;
export const IPDEFTTL = 64;
export const IPOPT_OPTVAL = 0;
export const IPOPT_OLEN = 1;
export const IPOPT_OFFSET = 2;
export const IPOPT_MINOFF = 4;
export const MAX_IPOPTLEN = 40;
export const IPOPT_NOP = 1;
export const IPOPT_EOL = 0;
export const IPOPT_TS = 68;
export const IPOPT_TS_TSONLY = 0;
export const IPOPT_TS_TSANDADDR = 1;
export const IPOPT_TS_PRESPEC = 3;
export const IPV4_BEET_PHMAXLEN = 8;

/** IPTOS_TOS, IPTOS_PREC of the same header. */
export function IPTOS_TOS(tos: number): number { return tos & IPTOS_TOS_MASK; }
export function IPTOS_PREC(tos: number): number { return tos & IPTOS_PREC_MASK; }

/** struct iphdr: a view of the header at `off` in `b`. */
export class iphdr {
  readonly b: Uint8Array;
  readonly off: number;
  constructor(b: Uint8Array, off: number) { this.b = b; this.off = off; }
  get ihl(): number { return this.b[this.off] & 15; }
  set ihl(v: number) { this.b[this.off] = (this.b[this.off] & 0xf0) | (v & 15); }
  get version(): number { return this.b[this.off] >> 4; }
  set version(v: number) { this.b[this.off] = (this.b[this.off] & 15) | (v << 4); }
  /** The first 16 bits (version, header length, type of service) at once. */
  set first(v: number) { this.b[this.off] = v >> 8; this.b[this.off + 1] = v; }
  get tos(): number { return this.b[this.off + 1]; }
  set tos(v: number) { this.b[this.off + 1] = v; }
  get tot_len(): number { return (this.b[this.off + 2] << 8) | this.b[this.off + 3]; }
  set tot_len(v: number) { this.b[this.off + 2] = v >> 8; this.b[this.off + 3] = v; }
  get id(): number { return (this.b[this.off + 4] << 8) | this.b[this.off + 5]; }
  set id(v: number) { this.b[this.off + 4] = v >> 8; this.b[this.off + 5] = v; }
  get frag_off(): number { return (this.b[this.off + 6] << 8) | this.b[this.off + 7]; }
  set frag_off(v: number) { this.b[this.off + 6] = v >> 8; this.b[this.off + 7] = v; }
  get ttl(): number { return this.b[this.off + 8]; }
  set ttl(v: number) { this.b[this.off + 8] = v; }
  get protocol(): number { return this.b[this.off + 9]; }
  set protocol(v: number) { this.b[this.off + 9] = v; }
  get check(): number { return (this.b[this.off + 10] << 8) | this.b[this.off + 11]; }
  set check(v: number) { this.b[this.off + 10] = v >> 8; this.b[this.off + 11] = v; }
  get saddr(): number { const b = this.b, o = this.off + 12; return ((b[o] << 24) | (b[o + 1] << 16) | (b[o + 2] << 8) | b[o + 3]) >>> 0; }
  set saddr(v: number) { const b = this.b, o = this.off + 12; b[o] = v >>> 24; b[o + 1] = v >>> 16; b[o + 2] = v >>> 8; b[o + 3] = v; }
  get daddr(): number { const b = this.b, o = this.off + 16; return ((b[o] << 24) | (b[o + 1] << 16) | (b[o + 2] << 8) | b[o + 3]) >>> 0; }
  set daddr(v: number) { const b = this.b, o = this.off + 16; b[o] = v >>> 24; b[o + 1] = v >>> 16; b[o + 2] = v >>> 8; b[o + 3] = v; }
}
/** Bytes of an IPv4 header without options. */
export const sizeof_iphdr = 20;

export function ip_hdr(skb: sk_buff): iphdr { return new iphdr(skb.head, skb_network_header(skb)); }
export function ipip_hdr(skb: sk_buff): iphdr { return new iphdr(skb.head, skb_transport_header(skb)); }
