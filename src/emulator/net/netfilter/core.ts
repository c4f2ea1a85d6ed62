/** net/netfilter/core.c: lists of hooks, and walking them. */
import { atomically, current, type Host } from '../../include/ports';
import { EPERM } from '../../include/uapi/asm-generic/errno';
import { list_add_rcu, list_del_rcu, list_head } from '../../include/linux/list';
import { mutex, mutex_lock, mutex_unlock } from '../../include/linux/mutex';
import type { net_device } from '../../include/linux/netdevice';
import {
  NFPROTO_NUMPROTO, NF_ACCEPT, NF_DROP, NF_DROP_GETERR, NF_MAX_HOOKS, NF_QUEUE, NF_REPEAT, NF_STOP, NF_VERDICT_MASK, type nf_hook_ops, type okfn_t,
} from '../../include/linux/netfilter';
import { rcu_read_lock, rcu_read_unlock, synchronize_net } from '../../include/linux/rcupdate';
import { __pskb_pull_tail, kfree_skb, skb_clone_writable, skb_cloned, skb_headlen, type sk_buff } from '../../include/linux/skbuff';

declare module '../../include/ports' { interface Host { nf_hook_mutex: mutex } }
export function netfilter_globals(host: Host): void {
  host.nf_hooks = Array.from({ length: NFPROTO_NUMPROTO }, () => Array.from({ length: NF_MAX_HOOKS }, () => new list_head<nf_hook_ops>()));
  host.nf_hook_mutex = new mutex();
}

export function nf_register_hook(reg: nf_hook_ops): number {
  const head = current.host.nf_hooks[reg.pf][reg.hooknum];
  let p: list_head<nf_hook_ops>;
  atomically(mutex_lock(current.host.nf_hook_mutex));
  for (p = head.next; p !== head; p = p.next) {
    if (reg.priority < p.owner.priority)
      break;
  }
  list_add_rcu(reg.list, p.prev);
  mutex_unlock(current.host.nf_hook_mutex);
  return 0;
}
export function nf_unregister_hook(reg: nf_hook_ops): void {
  atomically(mutex_lock(current.host.nf_hook_mutex));
  list_del_rcu(reg.list);
  mutex_unlock(current.host.nf_hook_mutex);
  synchronize_net();
}
export function nf_register_hooks(reg: nf_hook_ops[], n: number): number {
  let i: number;
  let err = 0;
  for (i = 0; i < n; i++) {
    err = nf_register_hook(reg[i]);
    if (err) {
      if (i > 0)
        nf_unregister_hooks(reg, i);
      return err;
    }
  }
  return err;
}
export function nf_unregister_hooks(reg: nf_hook_ops[], n: number): void {
  while (n-- > 0)
    nf_unregister_hook(reg[n]);
}

/** Asks each hook after `elemp.v` in turn, until one does not accept. `elemp.v` is left at the one that decided. */
export function nf_iterate(head: list_head<nf_hook_ops>, skb: sk_buff, hook: number, indev: net_device, outdev: net_device, elemp: { v: list_head<nf_hook_ops> }, okfn: okfn_t, hook_thresh: number): number {
  let verdict: number;
  for (elemp.v = elemp.v.next; elemp.v !== head; elemp.v = elemp.v.next) {
    if (hook_thresh > elemp.v.owner.priority)
      continue;
    repeat: for (;;) {
      verdict = elemp.v.owner.hook(hook, skb, indev, outdev, okfn);
      if (verdict !== NF_ACCEPT) {
        if (verdict !== NF_REPEAT)
          return verdict;
        continue repeat;
      }
      break;
    }
  }
  return NF_ACCEPT;
}

/** 1: the caller goes on with okfn; negative errno: dropped; 0: the hook has the packet. */
export function nf_hook_slow(pf: number, hook: number, skb: sk_buff, indev: net_device, outdev: net_device, okfn: okfn_t, hook_thresh: number): number {
  const elem: { v: list_head<nf_hook_ops> } = { v: null };
  let verdict: number;
  let ret = 0;
  rcu_read_lock();
  elem.v = current.host.nf_hooks[pf][hook];
  verdict = nf_iterate(current.host.nf_hooks[pf][hook], skb, hook, indev, outdev, elem, okfn, hook_thresh);
  if (verdict === NF_ACCEPT || verdict === NF_STOP) {
    ret = 1;
  } else if ((verdict & NF_VERDICT_MASK) === NF_DROP) {
    kfree_skb(skb);
    ret = NF_DROP_GETERR(verdict);
    if (ret === 0)
      ret = -EPERM;
  } else if ((verdict & NF_VERDICT_MASK) === NF_QUEUE) {
    /* DEVIATION: no queue handler can be registered, so the packet is dropped as when none is. */
    kfree_skb(skb);
  }
  rcu_read_unlock();
  return ret;
}

export function skb_make_writable(skb: sk_buff, writable_len: number): number {
  if (writable_len > skb.len)
    return 0;
  if (!skb_cloned(skb)) {
    if (writable_len <= skb_headlen(skb))
      return 1;
  } else if (skb_clone_writable(skb, writable_len))
    return 1;
  if (writable_len <= skb_headlen(skb))
    writable_len = 0;
  else
    writable_len -= skb_headlen(skb);
  return __pskb_pull_tail(skb, writable_len) !== null ? 1 : 0;
}
