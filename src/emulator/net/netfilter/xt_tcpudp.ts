/** net/netfilter/xt_tcpudp.c: matches on ports and TCP flags. */
import { EINVAL } from '../../include/uapi/asm-generic/errno';
import type { xt_action_param, xt_match } from '../../include/linux/netfilter/x_tables';
import { skb_header_pointer, type sk_buff } from '../../include/linux/skbuff';

export const XT_TCP_INV_SRCPT = 0x01;
export const XT_TCP_INV_DSTPT = 0x02;
export const XT_TCP_INV_FLAGS = 0x04;
export const XT_TCP_INV_OPTION = 0x08;
export const XT_TCP_INV_MASK = 0x0f;
export const XT_UDP_INV_SRCPT = 0x01;
export const XT_UDP_INV_DSTPT = 0x02;
export const XT_UDP_INV_MASK = 0x03;

export class xt_tcp { spts: [number, number] = [0, 0xffff]; dpts: [number, number] = [0, 0xffff]; option = 0; flg_mask = 0; flg_cmp = 0; invflags = 0; }
export class xt_udp { spts: [number, number] = [0, 0xffff]; dpts: [number, number] = [0, 0xffff]; invflags = 0; }

/** Bytes of a transport header. */
class header {
  constructor(readonly b: Uint8Array, readonly off: number) { /* just the place */ }
  u8(at: number): number { return this.b[this.off + at]; }
  u16(at: number): number { return (this.b[this.off + at] << 8) | this.b[this.off + at + 1]; }
}
function port_match(min: number, max: number, port: number, invert: boolean): boolean {
  return (port >= min && port <= max) !== invert;
}
function tcp_find_option(option: number, skb: sk_buff, protoff: number, optlen: number, invert: boolean, par: xt_action_param): boolean {
  let op: header;
  let i: number;
  if (!optlen)
    return invert;
  op = skb_header_pointer(skb, protoff + 20, optlen, header);
  if (op === null) {
    par.hotdrop = true;
    return false;
  }
  for (i = 0; i < optlen;) {
    if (op.u8(i) === option) return !invert;
    if (op.u8(i) < 2) i++;
    else i += op.u8(i + 1) || 1;
  }
  return invert;
}

function tcp_mt(skb: sk_buff, par: xt_action_param): boolean {
  let th: header;
  const tcpinfo: xt_tcp = par.matchinfo;
  if (par.fragoff !== 0) {
    if (par.fragoff === 1) {
      par.hotdrop = true;
    }
    return false;
  }
  th = skb_header_pointer(skb, par.thoff, 20, header);
  if (th === null) {
    par.hotdrop = true;
    return false;
  }
  if (!port_match(tcpinfo.spts[0], tcpinfo.spts[1], th.u16(0), !!(tcpinfo.invflags & XT_TCP_INV_SRCPT)))
    return false;
  if (!port_match(tcpinfo.dpts[0], tcpinfo.dpts[1], th.u16(2), !!(tcpinfo.invflags & XT_TCP_INV_DSTPT)))
    return false;
  if (((th.u8(13) & tcpinfo.flg_mask) === tcpinfo.flg_cmp) === !!(tcpinfo.invflags & XT_TCP_INV_FLAGS))
    return false;
  if (tcpinfo.option) {
    const doff = th.u8(12) >> 4;
    if (doff * 4 < 20) {
      par.hotdrop = true;
      return false;
    }
    if (!tcp_find_option(tcpinfo.option, skb, par.thoff, doff * 4 - 20, !!(tcpinfo.invflags & XT_TCP_INV_OPTION), par))
      return false;
  }
  return true;
}
function tcp_mt_check(tcpinfo: xt_tcp): number {
  return (tcpinfo.invflags & ~XT_TCP_INV_MASK) ? -EINVAL : 0;
}
function udp_mt(skb: sk_buff, par: xt_action_param): boolean {
  let uh: header;
  const udpinfo: xt_udp = par.matchinfo;
  if (par.fragoff !== 0)
    return false;
  uh = skb_header_pointer(skb, par.thoff, 8, header);
  if (uh === null) {
    par.hotdrop = true;
    return false;
  }
  return port_match(udpinfo.spts[0], udpinfo.spts[1], uh.u16(0), !!(udpinfo.invflags & XT_UDP_INV_SRCPT)) && port_match(udpinfo.dpts[0], udpinfo.dpts[1], uh.u16(2), !!(udpinfo.invflags & XT_UDP_INV_DSTPT));
}
function udp_mt_check(udpinfo: xt_udp): number {
  return (udpinfo.invflags & ~XT_UDP_INV_MASK) ? -EINVAL : 0;
}
export const tcp_mt_reg: xt_match = { name: 'tcp', match: tcp_mt, checkentry: tcp_mt_check };
export const udp_mt_reg: xt_match = { name: 'udp', match: udp_mt, checkentry: udp_mt_check };
