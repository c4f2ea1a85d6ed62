/** include/uapi/linux/if_ether.h, include/linux/if_ether.h: Ethernet constants and the header view. */
import type { sk_buff } from './skbuff';
import { skb_mac_header } from './skbuff';

export const ETH_ALEN = 6;
export const ETH_HLEN = 14;
export const ETH_ZLEN = 60;
export const ETH_DATA_LEN = 1500;
export const ETH_FRAME_LEN = 1514;
export const ETH_FCS_LEN = 4;
export const ETH_P_LOOP = 0x0060;
export const ETH_P_IP = 0x0800;
export const ETH_P_ARP = 0x0806;
export const ETH_P_RARP = 0x8035;
export const ETH_P_8021Q = 0x8100;
export const ETH_P_8021AD = 0x88a8;
export const ETH_P_IPV6 = 0x86dd;
export const ETH_P_PAUSE = 0x8808;
export const ETH_P_SLOW = 0x8809;
export const ETH_P_TEB = 0x6558;
export const ETH_P_MPLS_UC = 0x8847;
export const ETH_P_FCOE = 0x8906;
export const ETH_P_1588 = 0x88f7;
export const ETH_P_802_3_MIN = 0x0600;
export const ETH_P_802_3 = 0x0001;
export const ETH_P_ALL = 0x0003;
export const ETH_P_802_2 = 0x0004;
export const ETH_P_TRAILER = 0x001c;

/** The 14 bytes of an Ethernet header at `offset` of `bytes`. */
export class ethhdr {
  bytes: Uint8Array;
  offset: number;
  constructor(bytes: Uint8Array, offset: number) { this.bytes = bytes; this.offset = offset; }
  get h_dest(): Uint8Array { return this.bytes.subarray(this.offset, this.offset + ETH_ALEN); }
  set h_dest(addr: Uint8Array) { for (let i = 0; i < ETH_ALEN; i++) this.bytes[this.offset + i] = addr[i]; }
  get h_source(): Uint8Array { return this.bytes.subarray(this.offset + 6, this.offset + 12); }
  set h_source(addr: Uint8Array) { for (let i = 0; i < ETH_ALEN; i++) this.bytes[this.offset + 6 + i] = addr[i]; }
  get h_proto(): number { return (this.bytes[this.offset + 12] << 8) | this.bytes[this.offset + 13]; }
  set h_proto(v: number) { this.bytes[this.offset + 12] = v >> 8; this.bytes[this.offset + 13] = v & 0xff; }
}

export function eth_hdr(skb: sk_buff): ethhdr {
  return new ethhdr(skb.head, skb_mac_header(skb));
}
export const ETH_P_AX25 = 0x0002;
