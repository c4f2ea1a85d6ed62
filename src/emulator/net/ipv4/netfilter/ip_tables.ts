/** net/ipv4/netfilter/ip_tables.c: walking the rules of a table. */
import { jump } from '../../../include/linux/compiler';
import { current } from '../../../include/ports';
import { EINVAL } from '../../../include/uapi/asm-generic/errno';
import { ip_hdr, type iphdr } from '../../../include/linux/ip';
import type { net_device } from '../../../include/linux/netdevice';
import { NFPROTO_IPV4, NF_DROP, NF_INET_NUMHOOKS } from '../../../include/linux/netfilter';
import { XT_CONTINUE, XT_RETURN, xt_action_param, xt_entry_target, xt_table_info, xt_write_recseq_begin, xt_write_recseq_end, ifname_compare_aligned, type xt_entry_match, type xt_table, type xt_target } from '../../../include/linux/netfilter/x_tables';
import { IPT_F_FRAG, IPT_F_GOTO, IPT_F_MASK, IPT_INV_DSTIP, IPT_INV_FRAG, IPT_INV_MASK, IPT_INV_PROTO, IPT_INV_SRCIP, IPT_INV_VIA_IN, IPT_INV_VIA_OUT, ipt_entry, ipt_get_target, type ipt_ip } from '../../../include/linux/netfilter_ipv4/ip_tables';
import type { sk_buff } from '../../../include/linux/skbuff';
import { smp_processor_id } from '../../../include/linux/smp';
import { ntohs } from '../../../include/linux/types';
import { IP_OFFSET, ip_hdrlen } from '../../../include/net/ip';
import { local_bh_disable, local_bh_enable } from '../../../kernel/softirq';

/** The standard target (ACCEPT, DROP, RETURN, jumps) and the one at a table's end. */
export const ipt_standard_target: xt_target = { name: '', target: null };
export const ipt_error_target: xt_target = { name: 'ERROR', target: ipt_error };

function ip_packet_match(ip: iphdr, indev: string, outdev: string, ipinfo: ipt_ip, isfrag: number): boolean {
  let ret: number;
  if (((((ip.saddr & ipinfo.smsk.s_addr) >>> 0) !== ipinfo.src.s_addr) !== !!(ipinfo.invflags & IPT_INV_SRCIP)) || ((((ip.daddr & ipinfo.dmsk.s_addr) >>> 0) !== ipinfo.dst.s_addr) !== !!(ipinfo.invflags & IPT_INV_DSTIP))) {
    return false;
  }
  ret = ifname_compare_aligned(indev, ipinfo.iniface, ipinfo.iniface_mask);
  if ((ret !== 0) !== !!(ipinfo.invflags & IPT_INV_VIA_IN)) {
    return false;
  }
  ret = ifname_compare_aligned(outdev, ipinfo.outiface, ipinfo.outiface_mask);
  if ((ret !== 0) !== !!(ipinfo.invflags & IPT_INV_VIA_OUT)) {
    return false;
  }
  if (ipinfo.proto && (ip.protocol !== ipinfo.proto) !== !!(ipinfo.invflags & IPT_INV_PROTO)) {
    return false;
  }
  if ((!!(ipinfo.flags & IPT_F_FRAG) && !isfrag) !== !!(ipinfo.invflags & IPT_INV_FRAG)) {
    return false;
  }
  return true;
}

function ip_checkentry(ip: ipt_ip): boolean {
  if (ip.flags & ~IPT_F_MASK) {
    return false;
  }
  if (ip.invflags & ~IPT_INV_MASK) {
    return false;
  }
  return true;
}

function ipt_error(_skb: sk_buff, par: xt_action_param): number {
  current.machine.log('ip_tables error: ' + par.targinfo);
  return NF_DROP;
}
function get_entry(base: ipt_entry[], offset: number): ipt_entry {
  return base[offset];
}
function ipt_next_entry(entry: ipt_entry): ipt_entry {
  return entry.base[entry.index + 1];
}

/** The verdict of the table for a packet at `hook`. */
function pr_debug(_format: string): void { /* prints nothing */ }
export function ipt_do_table(skb: sk_buff, hook: number, in_: net_device, out: net_device, table: xt_table): number {
  const nulldevname = '';
  let ip: iphdr;
  let verdict = NF_DROP;
  let indev: string, outdev: string;
  let table_base: ipt_entry[];
  let e: ipt_entry, jumpstack: ipt_entry[];
  let stackptr: number[], origptr: number, cpu: number;
  let private_: xt_table_info;
  const acpar = new xt_action_param();
  let addend: number;
  ip = ip_hdr(skb);
  indev = in_ ? in_.name : nulldevname;
  outdev = out ? out.name : nulldevname;
  acpar.fragoff = ntohs(ip.frag_off) & IP_OFFSET;
  acpar.thoff = ip_hdrlen(skb);
  acpar.hotdrop = false;
  acpar.in = in_;
  acpar.out = out;
  acpar.family = NFPROTO_IPV4;
  acpar.hooknum = hook;
  local_bh_disable();
  addend = xt_write_recseq_begin();
  private_ = table.private;
  cpu = smp_processor_id();
  table_base = private_.entries;
  jumpstack = private_.jumpstack[cpu];
  stackptr = private_.stackptr;
  origptr = stackptr[cpu];
  e = get_entry(table_base, private_.hook_entry[hook]);
  pr_debug('Entering %s(hook %u); sp at %u (UF %p)');
  next_rule: do {
    let t: xt_entry_target;
    let ematch: xt_entry_match;
    again: for (let no_match = false; ;) {
      if (jump(no_match) || !ip_packet_match(ip, indev, outdev, e.ip, acpar.fragoff)) {
        e = ipt_next_entry(e);
        continue next_rule;
      }
      for (let i = 0; i < e.matches.length; i++) {
        ematch = e.matches[i];
        acpar.match = ematch.match;
        acpar.matchinfo = ematch.data;
        if (!acpar.match.match(skb, acpar)) {
          no_match = true;
          continue again;
        }
      }
      break;
    }
    ADD_COUNTER(e, skb.len, 1);
    t = ipt_get_target(e);
    if (!t.target.target) {
      let v: number;
      v = t.verdict;
      if (v < 0) {
        if (v !== XT_RETURN) {
          verdict = (-v) - 1;
          break;
        }
        if (stackptr[cpu] <= origptr) {
          e = get_entry(table_base, private_.underflow[hook]);
        } else {
          e = jumpstack[--stackptr[cpu]];
          e = ipt_next_entry(e);
        }
        continue;
      }
      if (table_base[v] !== ipt_next_entry(e) && !(e.ip.flags & IPT_F_GOTO)) {
        if (stackptr[cpu] >= private_.stacksize) {
          verdict = NF_DROP;
          break;
        }
        jumpstack[stackptr[cpu]++] = e;
      }
      e = get_entry(table_base, v);
      continue;
    }
    acpar.target = t.target;
    acpar.targinfo = t.data;
    verdict = t.target.target(skb, acpar);
    ip = ip_hdr(skb);
    if (verdict === XT_CONTINUE)
      e = ipt_next_entry(e);
    else
      break;
  } while (!acpar.hotdrop);
  pr_debug('Exiting %s; resetting sp from %u to %u');
  stackptr[cpu] = origptr;
  xt_write_recseq_end(addend);
  local_bh_enable();
  if (acpar.hotdrop)
    return NF_DROP;
  else return verdict;
}
function ADD_COUNTER(e: ipt_entry, b: number, p: number): void { e.counters.bcnt += b; e.counters.pcnt += p; }

/** A chain as a tool sees it: rules in order, then the policy. */
export interface ipt_chain { readonly hook: number; policy: number; rules: ipt_entry[] }

/** Lays out built-in chains as a table: each its rules, then its policy, at the end the ERROR entry. Returns it, or an errno for a bad rule. */
export function translate_table(chains: readonly ipt_chain[]): xt_table_info | number {
  const newinfo = new xt_table_info();
  for (const chain of chains) {
    newinfo.hook_entry[chain.hook] = newinfo.entries.length;
    for (const rule of chain.rules) {
      if (!ip_checkentry(rule.ip)) return -EINVAL;
      newinfo.entries.push(rule);
    }
    newinfo.underflow[chain.hook] = newinfo.entries.length;
    const policy = new ipt_entry();
    policy.target = new xt_entry_target(ipt_standard_target, -chain.policy - 1);
    newinfo.entries.push(policy);
  }
  const end = new ipt_entry();
  end.target = new xt_entry_target(ipt_error_target, 0);
  end.target.data = 'ERROR';
  newinfo.entries.push(end);
  newinfo.entries.forEach((e, i) => { e.index = i; e.base = newinfo.entries; });
  newinfo.stacksize = NF_INET_NUMHOOKS;
  for (let i = 0; i < current.host.cpus.length; i++) { newinfo.jumpstack.push([]); newinfo.stackptr.push(0); }
  return newinfo;
}
/** Gives the table new rules in one step. */
export function do_replace(table: xt_table, newinfo: xt_table_info): void {
  table.private = newinfo;
}
/** Runs the checks of a new rule's matches. Returns 0 or an errno. */
export function find_check_entry(e: ipt_entry): number {
  for (const m of e.matches) {
    const ret = m.match.checkentry ? m.match.checkentry(m.data) : 0;
    if (ret) return ret;
  }
  return 0;
}
export function ipt_register_table(table: xt_table, chains: readonly ipt_chain[]): xt_table {
  const info = translate_table(chains);
  if (typeof info === 'number') return null;
  table.private = info;
  return table;
}
