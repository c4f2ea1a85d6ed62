/** net/netfilter/x_tables.c: hooks of tables. */
import { ERR_PTR } from '../../include/linux/err';
import { hweight32 } from '../../include/linux/bitops';
import { nf_hook_ops, nf_register_hooks, nf_unregister_hooks, type nf_hookfn } from '../../include/linux/netfilter';
import type { xt_table } from '../../include/linux/netfilter/x_tables';

/** Hooks `fn` wherever the table is valid; returns the hooks or an error pointer. */
export function xt_hook_link(table: xt_table, fn: nf_hookfn): nf_hook_ops[] {
  let hook_mask = table.valid_hooks;
  let i: number;
  const num_hooks = hweight32(hook_mask);
  let hooknum: number;
  let ops: nf_hook_ops[];
  let ret: number;
  ops = [];
  for (i = 0, hooknum = 0; i < num_hooks && hook_mask !== 0; hook_mask >>= 1, ++hooknum) {
    if (!(hook_mask & 1))
      continue;
    ops[i] = new nf_hook_ops();
    ops[i].hook = fn;
    ops[i].pf = table.af;
    ops[i].hooknum = hooknum;
    ops[i].priority = table.priority;
    ++i;
  }
  ret = nf_register_hooks(ops, num_hooks);
  if (ret < 0) {
    return ERR_PTR(ret);
  }
  return ops;
}
export function xt_hook_unlink(table: xt_table, ops: nf_hook_ops[]): void {
  nf_unregister_hooks(ops, hweight32(table.valid_hooks));
}
