/**
 * What the iptables command does to the filter table: `iptables -A CHAIN rule`, `-I`, `-P CHAIN policy`, `-F [CHAIN]`.
 * Understands -p, --sport, --dport, --syn, -s, -d, -i, -o, -m length --length A[:B], -m statistic --mode nth --every N --packet P
 * (or --mode random --probability X), -m limit --limit N/unit --limit-burst B, ! before an option, -j ACCEPT|DROP.
 */
import { current } from './include/ports';
import { NF_ACCEPT, NF_DROP } from './include/linux/netfilter';
import { xt_entry_match, xt_entry_target } from './include/linux/netfilter/x_tables';
import { IPT_INV_DSTIP, IPT_INV_PROTO, IPT_INV_SRCIP, IPT_INV_VIA_IN, IPT_INV_VIA_OUT, ipt_entry } from './include/linux/netfilter_ipv4/ip_tables';
import { do_replace, find_check_entry, ipt_standard_target, translate_table } from './net/ipv4/netfilter/ip_tables';
import { iptable_filter_init } from './net/ipv4/netfilter/iptable_filter';
import { length_mt_reg, xt_length_info } from './net/netfilter/xt_length';
import { XT_LIMIT_SCALE, limit_mt_reg, xt_rateinfo } from './net/netfilter/xt_limit';
import { XT_STATISTIC_MODE_NTH, XT_STATISTIC_MODE_RANDOM, xt_statistic_info, xt_statistic_mt_reg } from './net/netfilter/xt_statistic';
import { XT_TCP_INV_DSTPT, XT_TCP_INV_FLAGS, XT_TCP_INV_SRCPT, tcp_mt_reg, udp_mt_reg, xt_tcp, xt_udp } from './net/netfilter/xt_tcpudp';

const CHAINS = ['INPUT', 'FORWARD', 'OUTPUT'];
const PROTOCOLS: Readonly<Record<string, number>> = { icmp: 1, igmp: 2, tcp: 6, udp: 17, all: 0 };
const UNITS: Readonly<Record<string, number>> = { second: 1, sec: 1, minute: 60, min: 60, hour: 3600, day: 86400, s: 1, m: 60, h: 3600, d: 86400 };
const VERDICTS: Readonly<Record<string, number>> = { ACCEPT: NF_ACCEPT, DROP: NF_DROP };

function address(text: string): { addr: number; mask: number } | null {
  const m = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(text);
  if (!m) return null;
  const bits = m[5] === undefined ? 32 : +m[5];
  const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  return { addr: ((((+m[1] << 24) | (+m[2] << 16) | (+m[3] << 8) | +m[4]) & mask) >>> 0), mask };
}
function range(text: string): [number, number] | null {
  const m = /^(\d*)(?::(\d*))?$/.exec(text);
  if (!m || text === '') return null;
  const lo = m[1] === '' ? 0 : +m[1];
  return [lo, m[2] === undefined ? lo : m[2] === '' ? 0xffff : +m[2]];
}

/** Reads the words of one rule; a string says what is wrong with them. */
class RuleReader {
  readonly rule = new ipt_entry();
  private ports: xt_tcp | xt_udp | null = null;
  private proto = 0;
  private length: xt_length_info | null = null;
  private statistic: xt_statistic_info | null = null;
  private limit: xt_rateinfo | null = null;
  private verdict: number | null = null;

  private ports_of(option: string): xt_tcp | xt_udp | string {
    if (this.ports) return this.ports;
    if (this.proto !== 6 && this.proto !== 17) return `${option} needs -p tcp or -p udp before it`;
    this.ports = this.proto === 6 ? new xt_tcp() : new xt_udp();
    this.rule.matches.push(new xt_entry_match(this.proto === 6 ? tcp_mt_reg : udp_mt_reg, this.ports));
    return this.ports;
  }

  private match_module(name: string): string | null {
    switch (name) {
    case 'tcp': case 'udp': { const p = this.ports_of('-m ' + name); return typeof p === 'string' ? p : null; }
    case 'length': this.length = new xt_length_info(); this.rule.matches.push(new xt_entry_match(length_mt_reg, this.length)); return null;
    case 'statistic': this.statistic = new xt_statistic_info(); this.rule.matches.push(new xt_entry_match(xt_statistic_mt_reg, this.statistic)); return null;
    case 'limit':
      this.limit = new xt_rateinfo();
      this.limit.avg = 3 * 3600 * XT_LIMIT_SCALE / 9;
      this.rule.matches.push(new xt_entry_match(limit_mt_reg, this.limit));
      return null;
    }
    return `the match ${name} is not known: use tcp, udp, length, statistic or limit`;
  }

  /** One option with its value; returns null or what is wrong. */
  option(name: string, value: string, invert: boolean): string | null {
    const ip = this.rule.ip;
    switch (name) {
    case '-p': case '--protocol':
      this.proto = PROTOCOLS[value] ?? (/^\d+$/.test(value) ? +value : -1);
      if (this.proto < 0) return `the protocol ${value} is not known`;
      ip.proto = this.proto;
      if (invert) ip.invflags |= IPT_INV_PROTO;
      return null;
    case '-s': case '--source': case '-d': case '--destination': {
      const a = address(value), source = name === '-s' || name === '--source';
      if (!a) return `${value} is no IPv4 address`;
      (source ? ip.src : ip.dst).s_addr = a.addr;
      (source ? ip.smsk : ip.dmsk).s_addr = a.mask;
      if (invert) ip.invflags |= source ? IPT_INV_SRCIP : IPT_INV_DSTIP;
      return null;
    }
    case '-i': case '--in-interface': case '-o': case '--out-interface': {
      const inward = name === '-i' || name === '--in-interface';
      const prefix = value.endsWith('+');
      const dev = prefix ? value.slice(0, -1) : value, mask = prefix ? dev.length : 16;
      if (inward) { ip.iniface = dev; ip.iniface_mask = mask; } else { ip.outiface = dev; ip.outiface_mask = mask; }
      if (invert) ip.invflags |= inward ? IPT_INV_VIA_IN : IPT_INV_VIA_OUT;
      return null;
    }
    case '--sport': case '--source-port': case '--dport': case '--destination-port': {
      const p = this.ports_of(name), r = range(value);
      if (typeof p === 'string') return p;
      if (!r) return `${value} is no port or range of ports`;
      const source = name.startsWith('--s');
      if (source) p.spts = r; else p.dpts = r;
      if (invert) p.invflags |= source ? XT_TCP_INV_SRCPT : XT_TCP_INV_DSTPT;
      return null;
    }
    case '--length': {
      const r = range(value);
      if (!this.length || !r) return '--length needs -m length before it and A or A:B behind it';
      this.length.min = r[0]; this.length.max = r[1]; this.length.invert = invert;
      return null;
    }
    case '--mode':
      if (!this.statistic) return '--mode needs -m statistic before it';
      this.statistic.mode = value === 'nth' ? XT_STATISTIC_MODE_NTH : XT_STATISTIC_MODE_RANDOM;
      return null;
    case '--every': case '--packet': case '--probability':
      if (!this.statistic) return `${name} needs -m statistic before it`;
      if (name === '--every') this.statistic.u.nth.every = +value - 1;
      else if (name === '--packet') this.statistic.u.nth.packet = +value;
      else this.statistic.u.random.probability = Math.round(+value * 0x80000000);
      this.statistic.u.nth.count = this.statistic.u.nth.every - this.statistic.u.nth.packet;
      if (invert) this.statistic.flags = 1;
      return null;
    case '--limit': {
      const m = /^(\d+)(?:\/(\w+))?$/.exec(value), unit = m ? UNITS[m[2] ?? 'second'] : undefined;
      if (!this.limit || !m || !unit) return '--limit needs -m limit before it and a rate such as 5/minute behind it';
      this.limit.avg = Math.floor((XT_LIMIT_SCALE * unit) / +m[1]);
      return null;
    }
    case '--limit-burst':
      if (!this.limit) return '--limit-burst needs -m limit before it';
      this.limit.burst = +value;
      return null;
    case '-m': case '--match': return this.match_module(value);
    case '-j': case '--jump':
      if (!(value in VERDICTS)) return `the target ${value} is not known: use ACCEPT or DROP`;
      this.verdict = VERDICTS[value];
      return null;
    }
    return `the option ${name} is not known`;
  }

  /** `--syn`: SYN set, ACK, RST and FIN not. */
  syn(invert: boolean): string | null {
    const p = this.ports_of('--syn');
    if (typeof p === 'string' || !(p instanceof xt_tcp)) return '--syn needs -p tcp before it';
    p.flg_mask = 0x17; p.flg_cmp = 0x02;
    if (invert) p.invflags |= XT_TCP_INV_FLAGS;
    return null;
  }

  finish(): string | null {
    if (this.verdict === null) return 'the rule has no -j ACCEPT or -j DROP';
    this.rule.target = new xt_entry_target(ipt_standard_target, -this.verdict - 1);
    const err = find_check_entry(this.rule);
    return err ? `a match refused its values (error ${err})` : null;
  }
}

function read_rule(words: readonly string[]): ipt_entry | string {
  const reader = new RuleReader();
  let invert = false;
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === '!') { invert = true; continue; }
    let problem: string | null;
    if (word === '--syn') problem = reader.syn(invert);
    else if (i + 1 >= words.length) problem = `the option ${word} needs a value`;
    else problem = reader.option(word, words[++i], invert);
    if (problem !== null) return problem;
    invert = false;
  }
  return reader.finish() ?? reader.rule;
}

/** Runs one iptables command (its words without "iptables") on the current host. Returns null, or what is wrong with it. */
export function iptables(words: readonly string[]): string | null {
  const host = current.host;
  if (host.filter_chains === null) { const err = iptable_filter_init(); if (err) return `the filter table cannot be registered (error ${err})`; }
  const [command, name] = words;
  const index = CHAINS.indexOf(name);
  const chain = index < 0 ? null : host.filter_chains[index];
  if (command === '-F') {
    for (const c of chain ? [chain] : host.filter_chains) c.rules = [];
  } else if (chain === null) {
    return `the chain ${name ?? '(none)'} is not known: use INPUT, FORWARD or OUTPUT`;
  } else if (command === '-P') {
    if (!(words[2] in VERDICTS)) return `the policy ${words[2] ?? '(none)'} is not known: use ACCEPT or DROP`;
    chain.policy = VERDICTS[words[2]];
  } else if (command === '-A' || command === '-I') {
    const rule = read_rule(words.slice(2));
    if (typeof rule === 'string') return rule;
    if (command === '-A') chain.rules.push(rule); else chain.rules.unshift(rule);
  } else return `the command ${command ?? '(none)'} is not known: use -A, -I, -P or -F`;
  const info = translate_table(host.filter_chains);
  if (typeof info === 'number') return `the rule is not valid (error ${info})`;
  do_replace(host.init_net.ipv4.iptable_filter, info);
  return null;
}

/** One rule of a scenario (src/scenario/types.ts); '' and 0 mean any. */
export interface FilterRule {
  readonly chain: string; readonly protocol: string; readonly source: string; readonly destination: string; readonly sport: number; readonly dport: number; readonly syn: boolean;
  readonly length: readonly [number, number]; readonly nth: { readonly every: number; readonly packet: number } | null; readonly limit: { readonly perHour: number; readonly burst: number } | null; readonly target: string;
}

/** Appends the rule as `iptables -A` does; null, or what is wrong with it. */
export function iptables_append(r: FilterRule): string | null {
  const words = ['-A', r.chain];
  if (r.protocol !== 'all') words.push('-p', r.protocol);
  if (r.source !== '') words.push('-s', r.source);
  if (r.destination !== '') words.push('-d', r.destination);
  if (r.sport) words.push('--sport', String(r.sport));
  if (r.dport) words.push('--dport', String(r.dport));
  if (r.syn) words.push('--syn');
  if (r.length[0] > 0 || r.length[1] < 65535) words.push('-m', 'length', '--length', `${r.length[0]}:${r.length[1]}`);
  if (r.nth) words.push('-m', 'statistic', '--mode', 'nth', '--every', String(r.nth.every), '--packet', String(r.nth.packet));
  if (r.limit) words.push('-m', 'limit', '--limit', `${r.limit.perHour}/hour`, '--limit-burst', String(r.limit.burst));
  words.push('-j', r.target);
  return iptables(words);
}

/** `iptables -F`: removes every rule; registers the filter table like any iptables command. */
export function iptables_flush(): void { iptables(['-F']); }
