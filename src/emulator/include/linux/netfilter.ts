/** include/linux/netfilter.h, uapi/linux/netfilter.h: hooks on a packet's way. */
import { current } from '../ports';
import { list_empty, list_head } from './list';
import type { net_device } from './netdevice';
import type { sk_buff } from './skbuff';
import { nf_hook_slow } from '../../net/netfilter/core';

export { nf_hook_slow, nf_register_hook, nf_register_hooks, nf_unregister_hook, nf_unregister_hooks, skb_make_writable } from '../../net/netfilter/core';

export const NF_DROP = 0;
export const NF_ACCEPT = 1;
export const NF_STOLEN = 2;
export const NF_QUEUE = 3;
export const NF_REPEAT = 4;
export const NF_STOP = 5;
export const NF_MAX_VERDICT = 5;
export const NF_VERDICT_MASK = 255;
export const NF_VERDICT_FLAG_QUEUE_BYPASS = 0x8000;
export const NF_VERDICT_QMASK = 0xffff0000;
export const NF_VERDICT_QBITS = 16;
export const NFC_UNKNOWN = 0x4000;
export const NFC_ALTERED = 0x8000;
export const NF_VERDICT_BITS = 16;
export const NF_INET_PRE_ROUTING = 0;
export const NF_INET_LOCAL_IN = 1;
export const NF_INET_FORWARD = 2;
export const NF_INET_LOCAL_OUT = 3;
export const NF_INET_POST_ROUTING = 4;
export const NF_INET_NUMHOOKS = 5;
export const NFPROTO_UNSPEC = 0;
export const NFPROTO_IPV4 = 2;
export const NFPROTO_ARP = 3;
export const NFPROTO_BRIDGE = 7;
export const NFPROTO_IPV6 = 10;
export const NFPROTO_DECNET = 12;
export const NFPROTO_NUMPROTO = 13;

export const NF_MAX_HOOKS = 8;
const INT_MIN = -0x80000000;

declare module '../ports' { interface Host { nf_hooks: list_head<nf_hook_ops>[][] } }

export type okfn_t = (skb: sk_buff) => number;
export type nf_hookfn = (hooknum: number, skb: sk_buff, in_: net_device, out: net_device, okfn: okfn_t) => number;

export class nf_hook_ops {
  list: list_head<nf_hook_ops> = new list_head<nf_hook_ops>(this);
  hook: nf_hookfn = null;
  pf = 0;
  hooknum = 0;
  priority = 0;
}

export function NF_QUEUE_NR(x: number): number { return ((x << 16) & NF_VERDICT_QMASK) | NF_QUEUE; }
/** A drop verdict that makes the caller see error `x` (positive errno or negative, as in the kernel's macro). */
export function NF_DROP_ERR(x: number): number { return ((-x) << 16) | NF_DROP; }
export function NF_DROP_GETERR(verdict: number): number {
  return -(verdict >> NF_VERDICT_QBITS);
}
export function nf_hooks_active(pf: number, hook: number): boolean {
  return !list_empty(current.host.nf_hooks[pf][hook]);
}
export function nf_hook_thresh(pf: number, hook: number, skb: sk_buff, indev: net_device, outdev: net_device, okfn: okfn_t, thresh: number): number {
  if (nf_hooks_active(pf, hook))
    return nf_hook_slow(pf, hook, skb, indev, outdev, okfn, thresh);
  return 1;
}
export function nf_hook(pf: number, hook: number, skb: sk_buff, indev: net_device, outdev: net_device, okfn: okfn_t): number {
  return nf_hook_thresh(pf, hook, skb, indev, outdev, okfn, INT_MIN);
}
export function NF_HOOK_THRESH(pf: number, hook: number, skb: sk_buff, in_: net_device, out: net_device, okfn: okfn_t, thresh: number): number {
  let ret = nf_hook_thresh(pf, hook, skb, in_, out, okfn, thresh);
  if (ret === 1)
    ret = okfn(skb);
  return ret;
}
export function NF_HOOK_COND(pf: number, hook: number, skb: sk_buff, in_: net_device, out: net_device, okfn: okfn_t, cond: boolean): number {
  let ret: number;
  if (!cond || ((ret = nf_hook_thresh(pf, hook, skb, in_, out, okfn, INT_MIN)) === 1))
    ret = okfn(skb);
  return ret;
}
export function NF_HOOK(pf: number, hook: number, skb: sk_buff, in_: net_device, out: net_device, okfn: okfn_t): number {
  return NF_HOOK_THRESH(pf, hook, skb, in_, out, okfn, INT_MIN);
}
