/** Random scenarios for property tests: transfers over bad cables and odd hosts, as fast-check arbitraries that shrink to the plain case. */
import fc from 'fast-check';

/** 0 to `max`, without fast-check's liking for the ends. */
const evenly = (max: number): fc.Arbitrary<number> => fc.noBias(fc.nat(10_000)).map((n) => (n / 10_000) * max);

/** 1 to `max`, spread evenly over its orders of magnitude. */
export function logUniform(max: number): fc.Arbitrary<number> {
  const top = Math.log(max);
  return evenly(1).map((x) => Math.max(1, Math.min(max, Math.round(Math.exp(x * top)))));
}

/** Mostly the first value. */
const rarely = <T>(usual: T, odd: fc.Arbitrary<T>): fc.Arbitrary<T> => fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: odd });
const share = (max: number): fc.Arbitrary<number> => rarely(0, evenly(max));

interface Turn { readonly from: 0 | 1; readonly length: number; readonly how: 'send' | 'write' | 'writev' | 'sendmsg' | 'more'; readonly chunk: number }
interface Side { readonly nodelay: boolean; readonly cork: boolean; readonly sndbuf: number; readonly rcvbuf: number; readonly keepalive: boolean; readonly read: number; readonly readWith: 'recv' | 'read' | 'recvmsg'; readonly pause: number; readonly cpu: number }
interface TcpFlow { readonly kind: 'tcp'; readonly turns: readonly Turn[]; readonly sides: readonly [Side, Side]; readonly end: 'close' | 'shutdown'; readonly firstToClose: 0 | 1 }
interface UdpFlow { readonly kind: 'udp'; readonly lengths: readonly number[]; readonly connected: boolean; readonly cork: boolean; readonly pause: number; readonly rcvbuf: number; readonly cpu: number }
type Flow = TcpFlow | UdpFlow;
interface HostChoice {
  readonly cpus: number; readonly interrupts: readonly number[]; readonly rps: readonly number[]; readonly ring: number; readonly throttle: number;
  readonly offloads: Record<'tso' | 'gso' | 'gro' | 'sg' | 'checksum', boolean>; readonly sysctls: Sysctls; readonly qdisc: object | null; readonly rules: readonly object[];
}
interface CableChoice { readonly rate: string; readonly delay: number; readonly loss: number; readonly duplicate: number; readonly reorder: number; readonly reorderBy: number; readonly mtu: number }
export interface Choice { readonly seed: number; readonly step: number; readonly hosts: readonly HostChoice[]; readonly cables: readonly CableChoice[]; readonly flows: readonly Flow[]; readonly warm: boolean }

const side: fc.Arbitrary<Side> = fc.record({
  nodelay: fc.boolean(), cork: rarely(false, fc.constant(true)), sndbuf: rarely(0, logUniform(1_000_000)), rcvbuf: rarely(0, logUniform(1_000_000)), keepalive: rarely(false, fc.constant(true)),
  read: rarely(65536, logUniform(200_000)), readWith: fc.constantFrom('recv', 'read', 'recvmsg'), pause: rarely(0, fc.integer({ min: 1, max: 3000 })), cpu: fc.nat(3),
});

function tcpFlow(most: number): fc.Arbitrary<TcpFlow> {
  const turn: fc.Arbitrary<Turn> = fc.record({ from: fc.constantFrom(0 as const, 1 as const), length: logUniform(most), how: fc.constantFrom('send', 'write', 'writev', 'sendmsg', 'more'), chunk: rarely(0, logUniform(most)) });
  return fc.record({ kind: fc.constant('tcp' as const), turns: fc.oneof({ weight: 2, arbitrary: fc.array(turn, { minLength: 1, maxLength: 1 }) }, { weight: 1, arbitrary: fc.array(turn, { minLength: 2, maxLength: 5 }) }), sides: fc.tuple(side, side), end: fc.constantFrom('close', 'shutdown'), firstToClose: fc.constantFrom(0 as const, 1 as const) });
}

const udpFlow: fc.Arbitrary<UdpFlow> = fc.record({
  kind: fc.constant('udp' as const), lengths: fc.array(fc.oneof({ weight: 3, arbitrary: logUniform(3000) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 65507 }) }), { minLength: 1, maxLength: 8 }),
  connected: fc.boolean(), cork: rarely(false, fc.constant(true)), pause: rarely(0, fc.integer({ min: 1, max: 50 })), rcvbuf: rarely(0, logUniform(500_000)), cpu: fc.nat(3),
});

const qdisc: fc.Arbitrary<object> = fc.oneof(
  fc.record({ kind: fc.constant('pfifo'), limit: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ kind: fc.constant('tbf'), rate: fc.constantFrom('1mbit', '20mbit', '500mbit'), burst: fc.integer({ min: 10_000, max: 100_000 }), limit: fc.integer({ min: 10_000, max: 200_000 }) }),
  fc.record({ kind: fc.constant('netem'), limit: fc.integer({ min: 10, max: 1000 }), delay: fc.integer({ min: 0, max: 20 }).map((n) => `${n}ms`), jitter: fc.integer({ min: 0, max: 3 }).map((n) => `${n}ms`), loss: share(0.1), duplicate: share(0.1), reorder: share(0.2), gap: fc.nat(5) }),
);

const rule: fc.Arbitrary<object> = fc.record({ chain: fc.constantFrom('INPUT', 'OUTPUT'), protocol: fc.constantFrom('tcp', 'udp', 'all'), nth: fc.record({ every: fc.integer({ min: 7, max: 60 }) }), target: fc.constantFrom('DROP', 'ACCEPT') });

type Sysctls = Record<string, string | number>;
const perhaps = (values: fc.Arbitrary<Sysctls>): fc.Arbitrary<Sysctls> => rarely<Sysctls>({}, values);
const off = (name: string): fc.Arbitrary<Sysctls> => perhaps(fc.constant({ [`net.ipv4.${name}`]: 0 }));
const sysctls: fc.Arbitrary<Sysctls> = fc.tuple(
  perhaps(fc.constant({ 'net.ipv4.tcp_congestion_control': 'reno' })), off('tcp_sack'), off('tcp_timestamps'), off('tcp_window_scaling'), off('tcp_fack'), off('tcp_frto'), off('tcp_early_retrans'), off('tcp_slow_start_after_idle'),
  perhaps(fc.constant({ 'net.ipv4.tcp_low_latency': 1 })), perhaps(fc.integer({ min: 1, max: 400 }).map((n) => ({ 'net.core.netdev_budget': n }))), perhaps(fc.integer({ min: 1, max: 64 }).map((n) => ({ 'net.core.dev_weight': n }))),
).map((all) => Object.assign({}, ...all) as Sysctls);

const hostChoice: fc.Arbitrary<HostChoice> = fc.record({
  cpus: fc.integer({ min: 1, max: 4 }), interrupts: fc.array(fc.nat(3), { minLength: 1, maxLength: 5 }), rps: rarely<number[]>([], fc.uniqueArray(fc.nat(3), { maxLength: 4 })),
  ring: rarely(256, fc.integer({ min: 80, max: 512 })), throttle: rarely(0, fc.integer({ min: 1000, max: 100_000 })),
  offloads: fc.record({ tso: fc.boolean(), gso: fc.boolean(), gro: fc.boolean(), sg: rarely(true, fc.constant(false)), checksum: rarely(true, fc.constant(false)) }),
  sysctls, qdisc: rarely<object | null>(null, qdisc), rules: rarely<object[]>([], fc.array(rule, { minLength: 1, maxLength: 2 })),
});

/** A host keeps no path MTU below 552 (ip_rt_min_pmtu): behind a router smaller cables would be black holes, as they are for the kernel. */
const cable = (routed: boolean): fc.Arbitrary<CableChoice> => fc.record({
  rate: fc.constantFrom('1gbit', '10mbit', '100mbit', '10gbit'), delay: rarely(50_000, logUniform(50_000_000)), loss: share(0.2), duplicate: share(0.2), reorder: share(0.2), reorderBy: logUniform(20_000_000), mtu: rarely(1500, fc.constantFrom(...(routed ? [] : [256]), 576, 1000, 1280, 4000, 9000)),
});

/** `most`: bytes of the longest transfer. */
export function choices(most = 1_000_000): fc.Arbitrary<Choice> {
  const flow: fc.Arbitrary<Flow> = fc.oneof({ weight: 3, arbitrary: tcpFlow(most) as fc.Arbitrary<Flow> }, { weight: 1, arbitrary: udpFlow as fc.Arbitrary<Flow> });
  return fc.tuple(fc.constantFrom(1, 1, 1, 2)).chain(([cables]) => fc.record({
    seed: fc.nat(1_000_000), step: fc.constantFrom(8, 8, 100, 1200), warm: rarely(false, fc.constant(true)), hosts: fc.array(hostChoice, { minLength: cables + 1, maxLength: cables + 1 }), cables: fc.array(cable(cables > 1), { minLength: cables, maxLength: cables }),
    flows: fc.oneof({ weight: 3, arbitrary: fc.array(flow, { minLength: 1, maxLength: 1 }) }, { weight: 1, arbitrary: fc.array(flow, { minLength: 2, maxLength: 3 }) }),
  }));
}

type Step = Record<string, unknown>;
const NAMES = ['a', 'b', 'r'];

function nic(name: string, address: string, host: HostChoice, mtu: number): object {
  return {
    name, address, mtu, interrupts: host.interrupts.map((c) => c % host.cpus), rps: [...new Set(host.rps.map((c) => c % host.cpus))], ring: { rx: host.ring, tx: host.ring },
    throttle: host.throttle, offloads: host.offloads, ...(host.qdisc && name === 'eth0' ? { qdisc: host.qdisc } : {}),
  };
}

/** Options of a socket. Buffers are no smaller than a hundredth of the longest turn, or a lossy run would last for hours. */
function setup(f: TcpFlow, me: 0 | 1): Step[] {
  const s = f.sides[me], least = Math.ceil(Math.max(...f.turns.map((t) => t.length)) / 100);
  const set = (option: string, value: number): Step => ({ call: 'setsockopt', option, value });
  return [...(s.sndbuf ? [set('SO_SNDBUF', Math.max(s.sndbuf, least))] : []), ...(s.rcvbuf ? [set('SO_RCVBUF', Math.max(s.rcvbuf, least))] : []), ...(s.nodelay ? [set('TCP_NODELAY', 1)] : []), ...(s.keepalive ? [set('SO_KEEPALIVE', 1)] : [])];
}

function sending(t: Turn, s: Side): Step[] {
  const cork = (value: number): Step[] => (s.cork ? [{ call: 'setsockopt', option: 'TCP_CORK', value }] : []);
  const parts = (n: number): number[] => (n < 3 ? [n] : [1, Math.floor((n - 1) / 2), n - 1 - Math.floor((n - 1) / 2)]);
  const chunk = t.chunk ? { chunk: Math.max(t.chunk, Math.ceil(t.length / 100)) } : {};
  const body: Step = t.how === 'writev' || t.how === 'sendmsg' ? { call: t.how, lengths: parts(t.length), expect: t.length } : { call: t.how === 'write' ? 'write' : 'send', length: t.length, expect: t.length, ...chunk, ...(t.how === 'more' ? { flags: ['more'] } : {}) };
  return [...cork(1), body, ...cork(0)];
}

function tcpProgram(f: TcpFlow, me: 0 | 1): Step[] {
  const s = f.sides[me], steps: Step[] = [];
  for (const t of f.turns) {
    if (t.from === me) steps.push(...sending(t, s));
    else steps.push(...(s.pause ? [{ call: 'sleep', time: `${s.pause}ms` }] : []), { call: s.readWith, length: Math.max(s.read, Math.ceil(t.length / 300)), until: t.length, expect: t.length });
  }
  const eof: Step = { call: 'recv', length: 10, expect: 0 };
  if (f.end === 'shutdown') steps.push(...(f.firstToClose === me ? [{ call: 'shutdown', how: 1 }, eof] : [eof]));
  else if (f.firstToClose !== me) steps.push(eof);
  return [...steps, { call: 'close' }];
}

function programs(f: Flow, n: number, to: string, cpus: readonly [number, number]): [object, object] {
  const port = 5000 + n, name = `f${n}`;
  if (f.kind === 'tcp') {
    const client = [{ call: 'socket', type: 'tcp' }, ...setup(f, 0), { call: 'connect', address: to, port }, ...tcpProgram(f, 0)];
    const server = [{ call: 'socket', type: 'tcp' }, ...setup(f, 1), { call: 'bind', port }, { call: 'listen', backlog: 4 }, { call: 'ready' }, { call: 'accept', as: 'c' }, { call: 'use', fd: 'c' }, ...tcpProgram(f, 1), { call: 'close', fd: 's1' }];
    return [{ name, cpu: f.sides[0].cpu % cpus[0], after: `b.${name}`, steps: client }, { name, cpu: f.sides[1].cpu % cpus[1], steps: server }];
  }
  const halves = (n: number): number[] => [Math.floor(n / 2), n - Math.floor(n / 2)];
  const out = f.lengths.flatMap((length): Step[] => [
    ...(f.cork && f.connected ? [{ call: 'setsockopt', option: 'UDP_CORK', value: 1 }, { call: 'sendmsg', lengths: halves(length) }, { call: 'setsockopt', option: 'UDP_CORK', value: 0 }] : f.connected ? [{ call: 'send', length }] : [{ call: 'sendto', address: to, port, length }]),
    ...(f.pause ? [{ call: 'sleep', time: `${f.pause}ms` }] : []),
  ]);
  const client = [{ call: 'socket', type: 'udp' }, ...(f.connected ? [{ call: 'connect', address: to, port }] : []), ...out, { call: 'close' }];
  const reads = Array.from({ length: f.lengths.length * 2 + 1 }, (): Step[] => [{ call: 'poll', timeout: 400 }, { call: 'recv', length: 65536, flags: ['dontwait'] }]).flat();
  const server = [{ call: 'socket', type: 'udp' }, ...(f.rcvbuf ? [{ call: 'setsockopt', option: 'SO_RCVBUF', value: f.rcvbuf }] : []), { call: 'bind', port }, { call: 'ready' }, ...reads, { call: 'close' }];
  return [{ name, cpu: f.cpu % cpus[0], after: `b.${name}`, steps: client }, { name, cpu: f.cpu % cpus[1], steps: server }];
}

/** Segments that a transfer may have when more than a twentieth (a fifth) of the frames is lost: above it backed-off timers make runs of many virtual hours. */
const LOSSY_SEGMENTS = 80, WORSE_SEGMENTS = 25;

/** The flows, with transfers cut to what the cables can carry in a bearable time. */
function bearable(c: Choice): readonly Flow[] {
  const lost = (h: HostChoice): number => ((h.qdisc as { loss?: number } | null)?.loss ?? 0) + h.rules.reduce((sum: number, r) => sum + 1 / (r as { nth: { every: number } }).nth.every, 0);
  const loss = c.cables.reduce((sum, x) => sum + x.loss, 0) + c.hosts.reduce((sum, h) => sum + lost(h), 0);
  if (loss < 0.05) return c.flows;
  const most = (loss < 0.2 ? LOSSY_SEGMENTS : WORSE_SEGMENTS) * (Math.min(...c.cables.map((x) => x.mtu)) - 52);
  return c.flows.map((f) => (f.kind === 'udp' ? f : { ...f, turns: f.turns.map((t) => ({ ...t, length: Math.min(t.length, most) })) }));
}

/**
 * Rules of a host. The one that listens drops nothing on its way out: a SYN-ACK that its own filter refuses at a retransmission ends the half-open connection
 * (inet_csk_reqsk_queue_prune), and a client that only reads would wait for ever.
 */
function rulesOf(c: Choice, host: number): readonly object[] {
  return host === 1 ? c.hosts[1].rules.map((r) => ({ ...r, chain: 'INPUT' })) : c.hosts[host].rules;
}

/** A choice written as a scenario file's contents. Two hosts on one cable, or three with the last forwarding between the others. */
export function scenarioOf(c: Choice): object {
  const routed = c.cables.length === 2, retries = { 'net.ipv4.tcp_syn_retries': 12, 'net.ipv4.tcp_synack_retries': 12 };
  const pairs = bearable(c).map((f, n) => programs(f, n, routed ? '10.0.1.2' : '10.0.0.2', [c.hosts[0].cpus, c.hosts[1].cpus]));
  // tc tells tbf an MTU of 2047: larger packets never pass, and a sender whose own queue drops them tries for ever (tcp_probe_timer).
  const cables = c.hosts.some((h) => (h.qdisc as { kind?: string } | null)?.kind === 'tbf') ? c.cables.map((x) => ({ ...x, mtu: Math.min(x.mtu, 1500) })) : c.cables;
  const [first, last] = [cables[0], cables[cables.length - 1]];
  const ends = [
    { interfaces: [nic('eth0', '10.0.0.1/24', c.hosts[0], first.mtu)], routes: routed ? [{ to: 'default', via: '10.0.0.254' }] : [] },
    { interfaces: [nic('eth0', routed ? '10.0.1.2/24' : '10.0.0.2/24', c.hosts[1], last.mtu)], routes: routed ? [{ to: 'default', via: '10.0.1.254' }] : [] },
    ...(routed ? [{ interfaces: [nic('eth0', '10.0.0.254/24', c.hosts[2], first.mtu), nic('eth1', '10.0.1.254/24', c.hosts[2], last.mtu)], routes: [] }] : []),
  ];
  const cable = (between: string[], x: CableChoice): object => ({ between, rate: x.rate, delay: x.delay, loss: x.loss, duplicate: x.duplicate, reorder: x.reorder, reorderBy: x.reorderBy });
  return {
    id: 'random', seed: c.seed, step: c.step, warm: c.warm && !routed, limits: { time: '20000s', steps: 60_000_000 },
    hosts: ends.map((end, i) => ({ name: NAMES[i], cpus: c.hosts[i].cpus, ...end, rules: rulesOf(c, i), sysctls: { ...c.hosts[i].sysctls, ...retries, ...(i === 2 ? { 'net.ipv4.ip_forward': 1 } : {}) }, programs: pairs.map((p) => p[i]).filter(Boolean) })),
    links: routed ? [cable(['a.eth0', 'r.eth0'], first), cable(['r.eth1', 'b.eth0'], last)] : [cable(['a.eth0', 'b.eth0'], first)],
  };
}
