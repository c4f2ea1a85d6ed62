/**
 * include/net/netlink.h, lib/nlattr.c, and what net/netlink does to a message: notifications are built as real messages in an skb.
 * DEVIATION: nobody listens, so a notification ends in its skb being freed.
 */
import type { Host } from '../ports';
import { EMSGSIZE } from '../uapi/asm-generic/errno';
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
}
export function nlmsg_new(payload: number, flags: number): sk_buff {
  return alloc_skb(nlmsg_total_size(payload), flags);
}
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
 * the function returned gives a view of the bytes at an offset, whose fields are written through.
 */
export function struct_view<K extends string>(layout: Readonly<Record<K, readonly [at: number, bytes: number]>>): (bytes: Uint8Array, off: number) => Record<K, number> {
  class view { constructor(readonly bytes: Uint8Array, readonly off: number) { /* fields are defined below */ } }
  for (const name in layout) {
    const [at, bytes] = layout[name];
    Object.defineProperty(view.prototype, name, { set(this: view, v: number) { put(this.bytes, this.off + at, v, bytes); } });
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
