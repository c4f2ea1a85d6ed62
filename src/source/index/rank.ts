/** Which of several is meant: by place in the tree, by where the question is asked, by what ran. */

import { Kind } from './facts';
import type { Def } from './lookup';

/** What shifts the order: the network stack over Ethernet and IPv4 with igb, unless a trace or open files say more. */
export interface Context {
  /** Functions that ran in the trace that is open. */
  readonly live?: ReadonlySet<string>;
  /** `caller>callee` pairs that ran. */
  readonly livePairs?: ReadonlySet<string>;
  /** Folder under arch/ that counts; the others' functions are left out. x86 when not given. */
  readonly arch?: string;
  /** Paths open in editors. */
  readonly open?: ReadonlySet<string>;
}

/** Weight by path, the first that fits counts. */
const PLACES: ReadonlyArray<readonly [RegExp, number]> = [
  [/^drivers\/net\/ethernet\/intel\/igb\//, 50],
  [/^net\/(socket|ethernet\/eth)\.c$/, 50],
  [/^net\/ipv4\/(netfilter\/|ipip|ip_gre|ip_vti|ip_tunnel|xfrm|esp|ah4|ipcomp|ipmr|gre|tunnel4|udplite)/, 22],
  [/^net\/ipv4\/tcp_(bic|highspeed|htcp|hybla|illinois|lp|scalable|vegas|veno|westwood|yeah|probe|diag|memcontrol)/, 22],
  [/^net\/ipv4\/(tcp|udp|ip_|af_inet|arp|icmp|route|inet_|fib_|devinet|protocol|datagram)/, 50],
  [/^net\/ipv4\//, 40],
  [/^net\/core\//, 46],
  [/^net\/sched\/sch_(generic|mq|api)\.c$/, 46],
  [/^net\/sched\/sch_tbf\.c$/, 36],
  [/^net\/sched\/sch_(netem|fifo)\.c$/, 35],
  [/^net\/sched\/sch_(fq_codel|prio)\.c$/, 32],
  [/^kernel\/(time\/)?timer\.c$/, 46],
  [/^kernel\/sched\//, 45],
  [/^net\/sched\//, 24],
  [/^drivers\/net\/loopback\.c$/, 36],
  [/^include\/(net|linux|uapi)\//, 44],
  [/^(kernel|lib|fs)\/[^/]*$/, 40],
  [/^kernel\//, 36],
  [/^(mm|fs)\//, 30],
  [/^net\/(netfilter|packet|unix|netlink)\//, 28],
  [/^arch\/x86\//, 30],
  [/^include\/asm-generic\//, 24],
  [/^include\//, 26],
  [/^net\/ipv6\//, 16],
  [/^net\//, 10],
  [/^drivers\/net\/ethernet\/intel\//, 14],
  [/^drivers\/net\//, 8],
  [/^(lib|security|block|crypto|init|ipc)\//, 14],
  [/^arch\//, -20],
  [/^(Documentation|scripts|tools|samples)\//, -30],
];

const SLASH = 47;
const placeWeights = new Map<string, number>();

/** How much a path counts in the default context. */
export function placeWeight(path: string): number {
  let w = placeWeights.get(path);
  if (w === undefined) {
    w = PLACES.find(([pattern]) => pattern.test(path))?.[1] ?? 4;
    if (placeWeights.size > 50_000) placeWeights.clear();
    placeWeights.set(path, w);
  }
  return w;
}

/** Of several with a path: the one nearest to `path`; null for none. */
export function near<T extends { readonly path: string }>(list: readonly T[], path: string): T | null {
  if (list.length <= 1) return list[0] ?? null;
  let best: T | null = null;
  let weight = -Infinity;
  for (const x of list) {
    const w = nearness(x.path, path);
    if (w > weight) { weight = w; best = x; }
  }
  return best;
}

/** How near a definition in `a` is to a use in `b`. */
export function nearness(a: string, b: string): number {
  return a === b ? 1000 : closeness(a, b) + placeWeight(a);
}

/** How near two files' folders are in the tree. */
export function closeness(a: string, b: string): number {
  let shared = 0, i = 0;
  for (; i < a.length && i < b.length && a.charCodeAt(i) === b.charCodeAt(i); i++) if (a.charCodeAt(i) === SLASH) shared++;
  const sameFolder = a.indexOf('/', i) < 0 && b.indexOf('/', i) < 0;
  return (sameFolder ? 200 : 0) + shared * 12;
}

/** How likely a call in `path` means this one of several definitions: its kind, where it is, and its lines. */
export function calleeWeight(kind: number, there: string, lines: number, path: string): number {
  return there === path ? kindWeight(kind) + 1000 + stubWeight(kind, there, lines) : farWeight(kind, there, lines, placeWeight(there), closeness(there, path));
}

/** The same for a definition in another file, given the weight of its place and its closeness. */
export function farWeight(kind: number, there: string, lines: number, place: number, close: number): number {
  return kindWeight(kind) + (place * 3 + (close + place) * 0.2) + stubWeight(kind, there, lines);
}

const kindWeight = (kind: number): number => (kind === Kind.PROTOTYPE ? -500 : kind === Kind.MACRO ? -30 : 0);
/** What stands in when an option is off. */
const stubWeight = (kind: number, there: string, lines: number): number => (kind === Kind.FUNCTION && lines <= 3 && there.endsWith('.h') ? -60 : 0);

/** A definition as the target of a call through a pointer: what counts whoever calls it, worked out once. */
export interface Choice {
  readonly def: Def;
  readonly key: string;
  readonly weight: number;
  readonly folder: string;
  /** Folder under arch/, and family of sockets; '' for none. */
  readonly arch: string;
  readonly family: string;
}

/** What ranking has to know of a definition. */
export function choiceOf(def: Def): Choice {
  const { path, name } = def;
  return { def, key: `${path}:${def.line}:${name}`, weight: placeWeight(path) + nameWeight(name), folder: folderOf(path), arch: archOf(path), family: familyOf(path) };
}

/** Who calls: the function, and what of its path counts. */
export interface Asker { readonly name: string; readonly path: string; readonly folder: string; readonly arch: string; readonly family: string }

/** The caller of a call through a pointer, or '' for nobody. */
export function askerOf({ name, path }: { readonly name: string; readonly path: string }): Asker {
  return { name, path, folder: folderOf(path), arch: archOf(path), family: familyOf(path) };
}

/** What it adds to stand in the caller's file, or in its folder. */
export const CLOSENESS = { FILE: 14, FOLDER: 6 } as const;

/** What is put somewhere often is more likely. */
export const commonness = (count: number): number => Math.min(6, 2 * Math.log2(count));

/** Weight of a choice for a call in `asker`. */
export function choiceWeight(choice: Choice, asker: Asker, context: Context): number {
  const { name, path } = choice.def;
  let w = choice.weight;
  if (path === asker.path) w += CLOSENESS.FILE;
  else if (choice.folder === asker.folder) w += CLOSENESS.FOLDER;
  if (context.open?.has(path) === true) w += 10;
  if (context.live?.has(name) === true) w += 400;
  if (context.livePairs?.has(`${asker.name}>${name}`) === true) w += 1000;
  return w;
}

/** Can a call in `asker` through a member of `struct` reach this? Not what is of another architecture, nor a socket callback of another family. */
export function plausible(choice: Choice, asker: Asker, struct: string, context: Context): boolean {
  if (choice.arch !== '' && choice.arch !== (asker.arch !== '' ? asker.arch : context.arch ?? 'x86')) return false;
  return struct !== 'sock' || choice.family === '' || asker.family === '' || choice.family === asker.family;
}

/** The folder of a path. */
export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
const archOf = (path: string): string => (path.startsWith('arch/') ? /^arch\/(\w+)\//.exec(path)?.[1] ?? '' : '');
const familyOf = (path: string): string => (path.startsWith('net/') ? FAMILY.exec(path)?.[1] ?? '' : '');

/** Families of net/ whose sockets no other family touches. */
const FAMILY = /^net\/(appletalk|atm|ax25|bluetooth|caif|can|ceph|dccp|decnet|ieee802154|ipx|irda|iucv|key|l2tp|llc|netlink|netrom|nfc|packet|phonet|rds|rose|rxrpc|sctp|sunrpc|tipc|unix|vmw_vsock|x25)\//;

/** Small preferences among equals: the protocols a packet most often takes. */
function nameWeight(name: string): number {
  if (/^(noop|noqueue)_|blackhole/.test(name)) return -24; // stand-ins before anything is set up
  if (/(bad|dummy|null|stub|discard|_no_|compat)/.test(name)) return -6;
  if (/^net_[rt]x_/.test(name)) return 14;
  if (/tasklet|_hi_/.test(name)) return -8;
  if (/(forward|ping_|fragment|error|loopback|_mc_|mcast|multicast)/.test(name)) return -2;
  const role = /_(finish|rcv|wfree|rfree)$/.test(name) ? 4 : 0; // the usual end of a step, the usual owner of a buffer
  if (/^_*(tcp|ip|inet|igb|pfifo_fast|eth|dev|sock|skb|arp|bictcp)_/.test(name)) return 5 + role;
  if (/^_*(udp|net|icmp|ipv4|neigh|dst|mq|packet|netlink)_/.test(name)) return 3 + role;
  return role;
}
