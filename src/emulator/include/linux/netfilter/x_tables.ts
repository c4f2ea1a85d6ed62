/** include/linux/netfilter/x_tables.h, uapi: tables of rules, matches and targets. */
import type { net_device } from '../netdevice';
import type { sk_buff } from '../skbuff';
import type { ipt_entry } from '../netfilter_ipv4/ip_tables';
import { current, type Cpu } from '../../ports';
export { xt_hook_link, xt_hook_unlink } from '../../../net/netfilter/x_tables';

export const XT_CONTINUE = 0xffffffff;
export const XT_RETURN = -5;

/** What a match or target is asked about, and its answer in `hotdrop`. */
export class xt_action_param {
  match: xt_match = null;
  target: xt_target = null;
  matchinfo: any = null;
  targinfo: any = null;
  in: net_device = null;
  out: net_device = null;
  fragoff = 0;
  thoff = 0;
  hooknum = 0;
  family = 0;
  hotdrop = false;
}
export interface xt_match {
  name: string;
  match: (skb: sk_buff, par: xt_action_param) => boolean;
  /** Checks and prepares `info`. Returns 0 or an errno. */
  checkentry: (info: any) => number;
}
export interface xt_target {
  name: string;
  /** null: a standard target, whose verdict is in the rule. */
  target: (skb: sk_buff, par: xt_action_param) => number;
}
export class xt_entry_match { match: xt_match; data: any; constructor(match: xt_match, data: any) { this.match = match; this.data = data; } }
/** A rule's target; `verdict` of a standard one is an entry index, or negative: -verdict - 1, or XT_RETURN. */
export class xt_entry_target { target: xt_target; verdict: number; data: any = null; constructor(target: xt_target, verdict: number) { this.target = target; this.verdict = verdict; } }

export class xt_table {
  name = '';
  valid_hooks = 0;
  private: xt_table_info = null;
  af = 0;
  priority = 0;
}
/** Rules as a list (DEVIATION: one copy, not one per CPU, so that counters are sums already). Offsets are indices. */
export class xt_table_info {
  entries: ipt_entry[] = [];
  hook_entry: number[] = [0, 0, 0, 0, 0];
  underflow: number[] = [0, 0, 0, 0, 0];
  stacksize = 0;
  jumpstack: ipt_entry[][] = [];
  stackptr: number[] = [];
}

declare module '../../ports' { interface Cpu { xt_recseq: number } }
export function x_tables_percpu(cpu: Cpu): void { cpu.xt_recseq = 0; }
export function xt_write_recseq_begin(): number {
  let addend: number;
  addend = (current.cpu.xt_recseq + 1) & 1;
  current.cpu.xt_recseq += addend;
  return addend;
}
export function xt_write_recseq_end(addend: number): void {
  current.cpu.xt_recseq += addend;
}
/** Not 0 when the names differ where the mask looks. `mask`: how many characters count, 0 for any name. */
export function ifname_compare_aligned(a: string, b: string, mask: number): number {
  let ret: number;
  ret = mask && a.slice(0, mask) !== b.slice(0, mask) ? 1 : 0;
  return ret;
}
