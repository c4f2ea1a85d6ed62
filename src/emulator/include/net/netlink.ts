/**
 * include/net/netlink.h, and what lib/nlattr.c and net/netlink do to a message that is built: notifications and answers are real messages in an skb.
 * DEVIATION: nobody joins a group, so a notification ends in its skb being freed.
 */
import { atomically, type Host } from '../ports';
import { EINVAL, EMSGSIZE } from '../uapi/asm-generic/errno';
import { nla_parse, nla_validate } from '../../lib/nlattr';
import { netlink_broadcast, netlink_unicast } from '../../net/netlink/af_netlink';
import { NETLINK_CB, NLM_F_DUMP_INTR, type netlink_callback } from '../linux/netlink';
import { MSG_DONTWAIT } from '../linux/socket';
import type { sock } from './sock.struct';
import { alloc_skb, skb_put, skb_tail_pointer, skb_tailroom, skb_trim, type sk_buff } from '../linux/skbuff';

export const NLMSG_HDRLEN = 16;
export const NLA_HDRLEN = 4;
export const NLM_F_REQUEST = 1;
export const NLM_F_MULTI = 2;
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;
export const NLM_F_APPEND = 0x800;
export type netlink_host = Host;

export function NLMSG_ALIGN(len: number): number { return (len + 3) & ~3; }
export function NLA_ALIGN(len: number): number { return (len + 3) & ~3; }
export function nla_total_size(payload: number): number { return NLA_ALIGN(NLA_HDRLEN + payload); }
export function nlmsg_total_size(payload: number): number { return NLMSG_ALIGN(NLMSG_HDRLEN + payload); }

/** A view of little-endian fields of a message: struct nlmsghdr at `off`. */
export class nlmsghdr {
  readonly skb: sk_buff;
  readonly off: number;
  constructor(skb: sk_buff, off: number) { this.skb = skb; this.off = off; }
  get nlmsg_len(): number { return take(this.skb.head, this.off, 4); }
  get nlmsg_type(): number { return take(this.skb.head, this.off + 4, 2); }
  get nlmsg_flags(): number { return take(this.skb.head, this.off + 6, 2); }
  set nlmsg_flags(v: number) { put(this.skb.head, this.off + 6, v, 2); }
  get nlmsg_seq(): number { return take(this.skb.head, this.off + 8, 4); }
  get nlmsg_pid(): number { return take(this.skb.head, this.off + 12, 4); }
}
/** An attribute of a received message: struct nlattr at `off`. */
export class nlattr {
  readonly bytes: Uint8Array;
  readonly off: number;
  constructor(bytes: Uint8Array, off: number) { this.bytes = bytes; this.off = off; }
  get nla_len(): number { return take(this.bytes, this.off, 2); }
  get nla_type(): number { return take(this.bytes, this.off + 2, 2); }
}
export const NLA_UNSPEC = 0;
export const NLA_U8 = 1;
export const NLA_U32 = 3;
export const NLA_STRING = 5;
export const NLA_NESTED = 8;
export const NLA_BINARY = 11;
export interface nla_policy { readonly type: number; readonly len: number }
/** A table of policies by attribute type, from its entries [attribute, type, length]. */
export function nla_policies(maxtype: number, entries: readonly (readonly [number, number, number])[]): readonly nla_policy[] {
  const table: nla_policy[] = Array.from({ length: maxtype + 1 }, () => ({ type: NLA_UNSPEC, len: 0 }));
  for (const [attr, type, len] of entries) table[attr] = { type, len };
  return table;
}
export function nlmsg_msg_size(payload: number): number { return NLMSG_HDRLEN + payload; }
export function nlmsg_len(nlh: nlmsghdr): number { return nlh.nlmsg_len - NLMSG_HDRLEN; }
export function nlmsg_attrdata(nlh: nlmsghdr, hdrlen: number): nlattr { return new nlattr(nlh.skb.head, nlmsg_data(nlh) + NLMSG_ALIGN(hdrlen)); }
export function nlmsg_attrlen(nlh: nlmsghdr, hdrlen: number): number { return nlmsg_len(nlh) - NLMSG_ALIGN(hdrlen); }
export function nlmsg_parse(nlh: nlmsghdr, hdrlen: number, tb: nlattr[], maxtype: number, policy: readonly nla_policy[]): number {
  if (nlh.nlmsg_len < nlmsg_msg_size(hdrlen))
    return -EINVAL;
  return nla_parse(tb, maxtype, nlmsg_attrdata(nlh, hdrlen), nlmsg_attrlen(nlh, hdrlen), policy);
}
export function nlmsg_validate(nlh: nlmsghdr, hdrlen: number, maxtype: number, policy: readonly nla_policy[]): number {
  if (nlh.nlmsg_len < nlmsg_msg_size(hdrlen))
    return -EINVAL;
  return nla_validate(nlmsg_attrdata(nlh, hdrlen), nlmsg_attrlen(nlh, hdrlen), maxtype, policy);
}
export function nlmsg_put_answer(skb: sk_buff, cb: netlink_callback, type: number, payload: number, flags: number): nlmsghdr {
  return nlmsg_put(skb, NETLINK_CB(cb.skb).portid, cb.nlh.nlmsg_seq, type, payload, flags);
}
export function nlmsg_multicast(sk: sock, skb: sk_buff, portid: number, group: number, flags: number): number {
  let err: number;
  NETLINK_CB(skb).dst_group = group;
  err = netlink_broadcast(sk, skb, portid, group, flags);
  if (err > 0)
    err = 0;
  return err;
}
export function nlmsg_unicast(sk: sock, skb: sk_buff, portid: number): number {
  let err: number;
  /* it does not wait for room, and what it is sent to is no kernel socket */
  err = atomically(netlink_unicast(sk, skb, portid, MSG_DONTWAIT));
  if (err > 0)
    err = 0;
  return err;
}
export function nl_dump_check_consistent(cb: netlink_callback, nlh: nlmsghdr): void {
  if (cb.prev_seq && cb.seq !== cb.prev_seq)
    nlh.nlmsg_flags |= NLM_F_DUMP_INTR;
  cb.prev_seq = cb.seq;
}
export function nla_type(nla: nlattr): number { return nla.nla_type & 0x3fff; }
export function nla_len(nla: nlattr): number { return nla.nla_len - NLA_HDRLEN; }
export function nla_ok(nla: nlattr, remaining: number): boolean {
  return remaining >= NLA_HDRLEN && nla.nla_len >= NLA_HDRLEN && nla.nla_len <= remaining;
}
export function nla_next(nla: nlattr, remaining: { v: number }): nlattr {
  const totlen = NLA_ALIGN(nla.nla_len);
  remaining.v -= totlen;
  return new nlattr(nla.bytes, nla.off + totlen);
}
export function nla_get_u32(nla: nlattr): number { return take(nla.bytes, nla.off + NLA_HDRLEN, 4); }
/** An address, kept as a number. */
export function nla_get_be32(nla: nlattr): number {
  const at = nla.off + NLA_HDRLEN, b = nla.bytes;
  return ((b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3]) >>> 0;
}
export function nlmsg_new(payload: number, flags: number): sk_buff {
  return alloc_skb(nlmsg_total_size(payload), flags);
}
function take(b: Uint8Array, at: number, bytes: number): number { let v = 0; for (let i = bytes - 1; i >= 0; i--) v = v * 256 + b[at + i]; return v; }
function put(b: Uint8Array, at: number, v: number, bytes: number): void { for (let i = 0; i < bytes; i++) b[at + i] = (v / 2 ** (8 * i)) & 0xff; }
/** Offset of the payload. */
export function nlmsg_data(nlh: nlmsghdr): number { return nlh.off + NLMSG_HDRLEN; }
export function __nlmsg_put(skb: sk_buff, portid: number, seq: number, type: number, len: number, flags: number): nlmsghdr {
  const size = NLMSG_HDRLEN + len;
  const nlh = new nlmsghdr(skb, skb_put(skb, NLMSG_ALIGN(size)));
  put(skb.head, nlh.off, size, 4);
  put(skb.head, nlh.off + 4, type, 2);
  put(skb.head, nlh.off + 6, flags, 2);
  put(skb.head, nlh.off + 8, seq, 4);
  put(skb.head, nlh.off + 12, portid, 4);
  return nlh;
}
export function nlmsg_put(skb: sk_buff, portid: number, seq: number, type: number, payload: number, flags: number): nlmsghdr {
  if (skb_tailroom(skb) < nlmsg_total_size(payload))
    return null;
  return __nlmsg_put(skb, portid, seq, type, payload, flags);
}
export const NLM_F_ECHO = 8;
/** The sender wants to hear of it too. */
export function nlmsg_report(nlh: nlmsghdr): number { return nlh.skb.head[nlh.off + 6] & NLM_F_ECHO ? 1 : 0; }
/**
 * A struct of a message, little-endian, given where each field stands and how many bytes it takes:
 * the function returned gives a view of the bytes at an offset, whose fields are read and written through.
 */
export function struct_view<K extends string>(layout: Readonly<Record<K, readonly [at: number, bytes: number]>>): (bytes: Uint8Array, off: number) => Record<K, number> {
  class view { constructor(readonly bytes: Uint8Array, readonly off: number) { /* fields are defined below */ } }
  for (const name in layout) {
    const [at, bytes] = layout[name];
    Object.defineProperty(view.prototype, name, {
      get(this: view) { return take(this.bytes, this.off + at, bytes); },
      set(this: view, v: number) { put(this.bytes, this.off + at, v, bytes); },
    });
  }
  return (bytes, off) => new view(bytes, off) as unknown as Record<K, number>;
}
/** Room for an attribute of `attrlen` bytes; gives its offset or -1. */
export function nla_reserve(skb: sk_buff, attrtype: number, attrlen: number): number {
  if (skb_tailroom(skb) < nla_total_size(attrlen))
    return -1;
  return __nla_reserve(skb, attrtype, attrlen);
}
function __nla_reserve(skb: sk_buff, attrtype: number, attrlen: number): number {
  const at = skb_put(skb, nla_total_size(attrlen));
  put(skb.head, at, NLA_HDRLEN + attrlen, 2);
  put(skb.head, at + 2, attrtype, 2);
  return at;
}
/** Offset of an attribute's payload. */
export function nla_data(nla: number): number { return nla + NLA_HDRLEN; }
export function nla_nest_cancel(skb: sk_buff, start: number): void { skb_trim(skb, start - skb.data); }
/** Appends an attribute of `attrlen` bytes, `data` being an array or a number. Returns 0 or -EMSGSIZE. */
export function nla_put(skb: sk_buff, attrtype: number, attrlen: number, data: Uint8Array | number): number {
  if (skb_tailroom(skb) < nla_total_size(attrlen))
    return -EMSGSIZE;
  const at = __nla_reserve(skb, attrtype, attrlen);
  if (typeof data === 'number') put(skb.head, at + NLA_HDRLEN, data, attrlen);
  else skb.head.set(data.subarray(0, attrlen), at + NLA_HDRLEN);
  return 0;
}
export function nla_put_u8(skb: sk_buff, attrtype: number, value: number): number { return nla_put(skb, attrtype, 1, value); }
export function nla_put_u32(skb: sk_buff, attrtype: number, value: number): number { return nla_put(skb, attrtype, 4, value); }
/** An address: network byte order. */
export function nla_put_be32(skb: sk_buff, attrtype: number, value: number): number {
  return nla_put(skb, attrtype, 4, Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value));
}
export function nla_put_string(skb: sk_buff, attrtype: number, str: string): number {
  const b = new Uint8Array(str.length + 1);
  for (let i = 0; i < str.length; i++) b[i] = str.charCodeAt(i);
  return nla_put(skb, attrtype, b.length, b);
}
export function nla_nest_start(skb: sk_buff, attrtype: number): number {
  const at = skb.tail;
  return nla_put(skb, attrtype, 0, 0) < 0 ? -1 : at;
}
export function nla_nest_end(skb: sk_buff, start: number): number {
  put(skb.head, start, skb.tail - start, 2);
  return skb.len;
}
export function nlmsg_end(skb: sk_buff, nlh: nlmsghdr): number {
  put(skb.head, nlh.off, skb_tail_pointer(skb) - nlh.off, 4);
  return skb.len;
}
export function nlmsg_cancel(skb: sk_buff, nlh: nlmsghdr): void {
  skb_trim(skb, nlh.off - skb.data);
}
export function nlmsg_hdr(skb: sk_buff): nlmsghdr { return new nlmsghdr(skb, skb.data); }
