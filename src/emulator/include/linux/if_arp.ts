/** include/uapi/linux/if_arp.h: hardware types and ARP operations, and the ARP header view. */
export const ARPHRD_NETROM = 0;
export const ARPHRD_ETHER = 1;
export const ARPHRD_EETHER = 2;
export const ARPHRD_AX25 = 3;
export const ARPHRD_PRONET = 4;
export const ARPHRD_CHAOS = 5;
export const ARPHRD_IEEE802 = 6;
export const ARPHRD_ARCNET = 7;
export const ARPHRD_APPLETLK = 8;
export const ARPHRD_DLCI = 15;
export const ARPHRD_ATM = 19;
export const ARPHRD_METRICOM = 23;
export const ARPHRD_IEEE1394 = 24;
export const ARPHRD_EUI64 = 27;
export const ARPHRD_INFINIBAND = 32;
export const ARPHRD_SLIP = 256;
export const ARPHRD_CSLIP = 257;
export const ARPHRD_SLIP6 = 258;
export const ARPHRD_CSLIP6 = 259;
export const ARPHRD_RSRVD = 260;
export const ARPHRD_ADAPT = 264;
export const ARPHRD_ROSE = 270;
export const ARPHRD_X25 = 271;
export const ARPHRD_HWX25 = 272;
export const ARPHRD_CAN = 280;
export const ARPHRD_PPP = 512;
export const ARPHRD_CISCO = 513;
export const ARPHRD_HDLC = 513;
export const ARPHRD_LAPB = 516;
export const ARPHRD_DDCMP = 517;
export const ARPHRD_RAWHDLC = 518;
export const ARPHRD_TUNNEL = 768;
export const ARPHRD_TUNNEL6 = 769;
export const ARPHRD_FRAD = 770;
export const ARPHRD_SKIP = 771;
export const ARPHRD_LOOPBACK = 772;
export const ARPHRD_LOCALTLK = 773;
export const ARPHRD_FDDI = 774;
export const ARPHRD_BIF = 775;
export const ARPHRD_SIT = 776;
export const ARPHRD_IPDDP = 777;
export const ARPHRD_IPGRE = 778;
export const ARPHRD_PIMREG = 779;
export const ARPHRD_HIPPI = 780;
export const ARPHRD_ASH = 781;
export const ARPHRD_ECONET = 782;
export const ARPHRD_IRDA = 783;
export const ARPHRD_FCPP = 784;
export const ARPHRD_FCAL = 785;
export const ARPHRD_FCPL = 786;
export const ARPHRD_FCFABRIC = 787;
export const ARPHRD_IEEE802_TR = 800;
export const ARPHRD_IEEE80211 = 801;
export const ARPHRD_IEEE80211_PRISM = 802;
export const ARPHRD_IEEE80211_RADIOTAP = 803;
export const ARPHRD_IEEE802154 = 804;
export const ARPHRD_IEEE802154_MONITOR = 805;
export const ARPHRD_PHONET = 820;
export const ARPHRD_PHONET_PIPE = 821;
export const ARPHRD_CAIF = 822;
export const ARPHRD_IP6GRE = 823;
export const ARPHRD_VOID = 0xffff;
export const ARPHRD_NONE = 0xfffe;
export const ARPOP_REQUEST = 1;
export const ARPOP_REPLY = 2;
export const ARPOP_RREQUEST = 3;
export const ARPOP_RREPLY = 4;
export const ARPOP_InREQUEST = 8;
export const ARPOP_InREPLY = 9;
export const ARPOP_NAK = 10;
export const ATF_COM = 2;
export const ATF_PERM = 4;
export const ATF_PUBL = 8;
export const ATF_USETRAILERS = 16;
export const ATF_NETMASK = 32;
export const ATF_DONTPUB = 64;

import { skb_network_header, type sk_buff } from './skbuff';
import type { net_device } from './netdevice';

/** struct arphdr: a view of the fixed part (8 bytes); the addresses that follow are read from `b` at `off + 8`. */
export class arphdr {
  readonly b: Uint8Array;
  readonly off: number;
  constructor(b: Uint8Array, off: number) { this.b = b; this.off = off; }
  get ar_hrd(): number { return (this.b[this.off] << 8) | this.b[this.off + 1]; }
  set ar_hrd(v: number) { this.b[this.off] = v >> 8; this.b[this.off + 1] = v; }
  get ar_pro(): number { return (this.b[this.off + 2] << 8) | this.b[this.off + 3]; }
  set ar_pro(v: number) { this.b[this.off + 2] = v >> 8; this.b[this.off + 3] = v; }
  get ar_hln(): number { return this.b[this.off + 4]; }
  set ar_hln(v: number) { this.b[this.off + 4] = v; }
  get ar_pln(): number { return this.b[this.off + 5]; }
  set ar_pln(v: number) { this.b[this.off + 5] = v; }
  get ar_op(): number { return (this.b[this.off + 6] << 8) | this.b[this.off + 7]; }
  set ar_op(v: number) { this.b[this.off + 6] = v >> 8; this.b[this.off + 7] = v; }
}
export const sizeof_arphdr = 8;

export function arp_hdr(skb: sk_buff): arphdr {
  return new arphdr(skb.head, skb_network_header(skb));
}
/** Bytes of an ARP packet for IPv4 on `dev`. */
export function arp_hdr_len(dev: net_device): number {
  return sizeof_arphdr + (dev.addr_len + 4) * 2;
}
