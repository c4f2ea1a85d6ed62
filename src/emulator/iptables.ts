/** What `iptables -A` and `iptables -F` do to the filter table, for a scenario's rules: they make the entries and hand the whole table over. */
import { current } from './include/ports';
import { NF_ACCEPT, NF_DROP } from './include/linux/netfilter';
import { xt_entry_match, xt_entry_target } from './include/linux/netfilter/x_tables';
import { ipt_entry } from './include/linux/netfilter_ipv4/ip_tables';
import { do_replace, find_check_entry, ipt_standard_target, translate_table } from './net/ipv4/netfilter/ip_tables';
import { iptable_filter_init } from './net/ipv4/netfilter/iptable_filter';
import { length_mt_reg, xt_length_info } from './net/netfilter/xt_length';
import { XT_LIMIT_SCALE, limit_mt_reg, xt_rateinfo } from './net/netfilter/xt_limit';
import { XT_STATISTIC_MODE_NTH, xt_statistic_info, xt_statistic_mt_reg } from './net/netfilter/xt_statistic';
import { tcp_mt_reg, udp_mt_reg, xt_tcp, xt_udp } from './net/netfilter/xt_tcpudp';

const CHAINS = ['INPUT', 'FORWARD', 'OUTPUT'];
const PROTOCOLS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, all: 0 };
const VERDICTS: Readonly<Record<string, number>> = { ACCEPT: NF_ACCEPT, DROP: NF_DROP };
/** TCP flags, as in byte 13 of the header: those that --syn looks at, and which of them it wants. */
const SYN_RST_ACK_FIN = 0x17, SYN = 0x02;

/** One rule of a scenario (src/scenario/types.ts); '' and 0 mean any. */
export interface FilterRule {
  readonly chain: string; readonly protocol: string; readonly source: string; readonly destination: string; readonly sport: number; readonly dport: number; readonly syn: boolean;
  readonly length: readonly [number, number]; readonly nth: { readonly every: number; readonly packet: number } | null; readonly limit: { readonly perHour: number; readonly burst: number } | null; readonly target: string;
}

/** 10.0.0.0/8, or an address alone, as address and mask. */
function network(text: string): { addr: number; mask: number } | null {
  const m = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(text);
  if (!m) return null;
  const bits = m[5] === undefined ? 32 : +m[5];
  const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  return { addr: ((((+m[1] << 24) | (+m[2] << 16) | (+m[3] << 8) | +m[4]) & mask) >>> 0), mask };
}

/** `-p`, `-s` and `-d`: what the entry itself compares. Null, or what is wrong. */
function matchHeader(entry: ipt_entry, r: FilterRule): string | null {
  const ip = entry.ip, source = r.source === '' ? null : network(r.source), destination = r.destination === '' ? null : network(r.destination);
  if (r.source !== '' && !source) return `${r.source} is no IPv4 address`;
  if (r.destination !== '' && !destination) return `${r.destination} is no IPv4 address`;
  ip.proto = PROTOCOLS[r.protocol];
  if (source) { ip.src.s_addr = source.addr; ip.smsk.s_addr = source.mask; }
  if (destination) { ip.dst.s_addr = destination.addr; ip.dmsk.s_addr = destination.mask; }
  return null;
}

/** `--sport`, `--dport` and `--syn`: one match for all three. Null, or what is wrong. */
function matchPorts(entry: ipt_entry, r: FilterRule): string | null {
  if (!r.sport && !r.dport && !r.syn) return null;
  if (r.syn && r.protocol !== 'tcp') return 'a rule for SYN needs the protocol tcp';
  if (r.protocol !== 'tcp' && r.protocol !== 'udp') return 'a rule for a port needs the protocol tcp or udp';
  const ports = r.protocol === 'tcp' ? new xt_tcp() : new xt_udp();
  if (r.sport) ports.spts = [r.sport, r.sport];
  if (r.dport) ports.dpts = [r.dport, r.dport];
  if (r.syn && ports instanceof xt_tcp) { ports.flg_mask = SYN_RST_ACK_FIN; ports.flg_cmp = SYN; }
  entry.matches.push(new xt_entry_match(r.protocol === 'tcp' ? tcp_mt_reg : udp_mt_reg, ports));
  return null;
}

/** `-m length`, `-m statistic --mode nth` and `-m limit`, in this order: the first that says no ends the rule. */
function matchRest(entry: ipt_entry, r: FilterRule): void {
  if (r.length[0] > 0 || r.length[1] < 65535) {
    const length = new xt_length_info();
    [length.min, length.max] = r.length;
    entry.matches.push(new xt_entry_match(length_mt_reg, length));
  }
  if (r.nth) {
    const statistic = new xt_statistic_info(), { nth } = statistic.u;
    statistic.mode = XT_STATISTIC_MODE_NTH;
    nth.every = r.nth.every - 1;
    nth.packet = r.nth.packet;
    nth.count = nth.every - nth.packet;
    entry.matches.push(new xt_entry_match(xt_statistic_mt_reg, statistic));
  }
  if (r.limit) {
    const limit = new xt_rateinfo();
    limit.avg = Math.floor((XT_LIMIT_SCALE * 3600) / r.limit.perHour);
    limit.burst = r.limit.burst;
    entry.matches.push(new xt_entry_match(limit_mt_reg, limit));
  }
}

/** Hands the chains over as they now are; null, or what is wrong with them. */
function commit(): string | null {
  const host = current.host, info = translate_table(host.filter_chains);
  if (typeof info === 'number') return `the rule is not valid (error ${info})`;
  do_replace(host.init_net.ipv4.iptable_filter, info);
  return null;
}

/** Registers the filter table when it is not there yet, as the first iptables command does. */
function register(): string | null {
  if (current.host.filter_chains !== null) return null;
  const err = iptable_filter_init();
  return err ? `the filter table cannot be registered (error ${err})` : null;
}

/** Appends the rule to its chain on the current host, as `iptables -A` does; null, or what is wrong with it. */
export function iptables_append(r: FilterRule): string | null {
  const entry = new ipt_entry(), problem = register() ?? matchHeader(entry, r) ?? matchPorts(entry, r);
  if (problem !== null) return problem;
  matchRest(entry, r);
  entry.target = new xt_entry_target(ipt_standard_target, -VERDICTS[r.target] - 1);
  const err = find_check_entry(entry);
  if (err) return `a match refused its values (error ${err})`;
  current.host.filter_chains[CHAINS.indexOf(r.chain)].rules.push(entry);
  return commit();
}

/** `iptables -F`: removes every rule of the current host; null, or what is wrong. */
export function iptables_flush(): string | null {
  const problem = register();
  if (problem !== null) return problem;
  for (const chain of current.host.filter_chains) chain.rules = [];
  return commit();
}
