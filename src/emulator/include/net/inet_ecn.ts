/** Explicit congestion notification in the IP header (kernel include/net/inet_ecn.h; RFC 3168). */
import type { sock } from './sock.struct';
import type { sk_buff } from '../linux/skbuff.struct';
import { inet_sk } from './inet_sock';
import { ip_hdr } from '../linux/ip';
import { ETH_P_IP } from '../linux/if_ether';

export const INET_ECN_NOT_ECT = 0;
export const INET_ECN_ECT_1 = 1;
export const INET_ECN_ECT_0 = 2;
export const INET_ECN_CE = 3;
export const INET_ECN_MASK = 3;

export function INET_ECN_is_ce(dsfield: number): boolean {
  return (dsfield & INET_ECN_MASK) === INET_ECN_CE;
}

export function INET_ECN_is_not_ect(dsfield: number): boolean {
  return (dsfield & INET_ECN_MASK) === INET_ECN_NOT_ECT;
}

export function INET_ECN_is_capable(dsfield: number): number {
  return dsfield & INET_ECN_ECT_0;
}

export function INET_ECN_encapsulate(outer: number, inner: number): number {
  outer &= ~INET_ECN_MASK;
  outer |= !INET_ECN_is_ce(inner) ? inner & INET_ECN_MASK : INET_ECN_ECT_0;
  return outer;
}

export function INET_ECN_xmit(sk: sock): void {
  inet_sk(sk).tos |= INET_ECN_ECT_0;
}

export function INET_ECN_dontxmit(sk: sock): void {
  inet_sk(sk).tos &= ~INET_ECN_MASK;
}

/** Sets "congestion experienced" where the packet is ECN capable and keeps the header checksum right; 0 when it is not capable. */
export function IP_ECN_set_ce(iph: { check: number; tos: number }): number {
  let check = iph.check;
  const ecn = (iph.tos + 1) & INET_ECN_MASK;

  if (!(ecn & 2))
    return ecn ? 0 : 1;
  check += 0xfffb + ecn;
  iph.check = (check + (check >= 0xffff ? 1 : 0)) & 0xffff;
  iph.tos |= INET_ECN_CE;
  return 1;
}

export function IP_ECN_clear(iph: { tos: number }): void {
  iph.tos &= ~INET_ECN_MASK;
}

export function INET_ECN_set_ce(skb: sk_buff): number {
  switch (skb.protocol) {
    case ETH_P_IP:
      if (skb.network_header + 20 <= skb.tail)
        return IP_ECN_set_ce(ip_hdr(skb));
      break;
  }
  return 0;
}
