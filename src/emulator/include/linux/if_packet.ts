/** include/uapi/linux/if_packet.h: packet sockets: how a frame was addressed, link-layer addresses. */
import { sockaddr_in } from './in';
import type { sockaddr } from './socket';

export const PACKET_HOST = 0;
export const PACKET_BROADCAST = 1;
export const PACKET_MULTICAST = 2;
export const PACKET_OTHERHOST = 3;
export const PACKET_OUTGOING = 4;
export const PACKET_LOOPBACK = 5;
export const PACKET_FASTROUTE = 6;

/** struct sockaddr_ll: a link-layer address. Its first eight bytes lie where a sockaddr_in has family, port and address. */
export class sockaddr_ll {
  sll_family = 17;
  sll_protocol = 0;
  sll_ifindex = 0;
  sll_hatype = 0;
  sll_pkttype = 0;
  sll_halen = 0;
  sll_addr: Uint8Array = new Uint8Array(8);
}
export const sizeof_sockaddr_ll = 20;
/** DEVIATION: stands for the cast of a sockaddr, whose words are read under their other names. */
export function sockaddr_as_ll(addr: sockaddr): sockaddr_ll {
  const ll = new sockaddr_ll();
  ll.sll_family = addr.sin_family;
  ll.sll_protocol = addr.sin_port;
  ll.sll_ifindex = addr.sin_addr.s_addr;
  return ll;
}
/** What a program hands to bind() of a packet socket: protocol (host order, as all ports here) and interface. */
export function ll_as_sockaddr(protocol: number, ifindex: number): sockaddr {
  const addr = new sockaddr_in(ifindex, protocol);
  addr.sin_family = 17;
  return addr;
}

export interface tpacket_stats { tp_packets: number; tp_drops: number }
