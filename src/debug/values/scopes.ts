/** The scopes of a frame beyond its locals: the packet, the socket, the device and the host it works on, found from the locals outwards. */
import type { ScopeRow } from '../../protocol/engine';
import { TCP_STATES, className, formatNumber, isDevice, isRing, isSkb, isSkbQueue, isSock } from './format';
import { group, leaf, queueEntries, read, show, type Shown } from './children';
import { packetRows } from './packet';

/** Locals of one frame. */
export interface FrameLocals { readonly frame: number; readonly locals: Readonly<Record<string, unknown>> }

type Bag = Record<string, unknown>;
interface Found { readonly value: Bag; readonly path: string }

function firstOf(frames: readonly FrameLocals[], preferred: readonly string[], is: (v: unknown) => v is Bag): Found | null {
  for (const { locals } of frames) {
    for (const name of preferred) if (is(locals[name])) return { value: locals[name], path: name };
    for (const [name, value] of Object.entries(locals)) if (is(value)) return { value, path: name };
  }
  return null;
}

function bag(value: unknown): Bag | null {
  return typeof value === 'object' && value !== null ? (value as Bag) : null;
}

/** Packet, socket and device that the innermost frames work on; null where there is none. */
export interface Subject { readonly skb: Found | null; readonly sk: Found | null; readonly dev: Found | null; readonly rings: readonly Found[] }

/** Looks through the frames, innermost first: locals by their usual name, then any, then what hangs on them. */
export function subjectOf(frames: readonly FrameLocals[]): Subject {
  const skb = firstOf(frames, ['skb', 'buff', 'nskb'], isSkb);
  const sk = firstOf(frames, ['sk', 'tp', 'icsk', 'inet'], isSock) ?? through(skb, 'sk', isSock) ?? through(firstOf(frames, ['sock'], (v): v is Bag => isSock(bag(bag(v)?.sk))), 'sk', isSock);
  const dev = firstOf(frames, ['dev', 'netdev', 'ndev'], isDevice) ?? through(skb, 'dev', isDevice) ?? through(firstOf(frames, ['adapter'], (v): v is Bag => isDevice(bag(v)?.netdev)), 'netdev', isDevice)
    ?? through(firstOf(frames, ['tx_ring', 'rx_ring', 'ring'], isRing), 'netdev', isDevice);
  const rings: Found[] = [];
  for (const { locals } of frames) for (const [path, value] of Object.entries(locals)) if (isRing(value) && !rings.some((r) => r.value === value)) rings.push({ value, path });
  return { skb, sk, dev, rings };
}

function through(from: Found | null, field: string, is: (v: unknown) => v is Bag): Found | null {
  const value = from ? read(from.value, field) : null;
  return from && is(value) ? { value, path: `${from.path}->${field}` } : null;
}

const TCP_GROUPS: readonly (readonly [string, readonly string[]])[] = [
  ['send', ['snd_una', 'snd_nxt', 'write_seq', 'pushed_seq', 'snd_wnd', 'snd_sml', 'packets_out', 'sacked_out', 'lost_out', 'retrans_out', 'mss_cache', 'nonagle']],
  ['receive', ['rcv_nxt', 'copied_seq', 'rcv_wup', 'rcv_wnd', 'rcv_ssthresh', 'window_clamp']],
  ['congestion', ['snd_cwnd', 'snd_cwnd_cnt', 'snd_ssthresh', 'icsk_ca_state', 'srtt', 'mdev', 'rttvar', 'icsk_rto', 'prior_cwnd', 'high_seq', 'sk_pacing_rate']],
];
const QUEUES = ['sk_write_queue', 'sk_receive_queue', 'sk_error_queue', 'out_of_order_queue'];
const MEMORY = ['sk_wmem_alloc', 'sk_wmem_queued', 'sk_sndbuf', 'sk_rmem_alloc', 'sk_rcvbuf', 'sk_forward_alloc'];

function queueRow(name: string, queue: Bag, path: string, asHex: boolean): Shown {
  const entries = queueEntries(queue), bytes = entries.reduce<number>((sum, e) => sum + (typeof bag(e)?.len === 'number' ? (bag(e)!.len as number) : 0), 0);
  return group(name, `${String(queue.qlen)} buffers, ${bytes} bytes`, () => [...entries.map((e, i) => show(`[${i}]`, e, '', '', asHex)), show('head', queue, '', path, asHex)]);
}

function socketRows({ value: sk, path }: Found, asHex: boolean): Shown[] {
  const owner = className(sk), field = (name: string): Shown => show(name, read(sk, name), owner, `${path}->${name}`, asHex);
  const rows: Shown[] = [leaf('state', TCP_STATES[sk.sk_state as number] ?? String(sk.sk_state), `${path}->sk_state`)];
  for (const name of ['inet_rcv_saddr', 'inet_num', 'inet_daddr', 'inet_dport']) if (name in sk) rows.push(leaf(name, formatNumber(sk[name] as number, name, owner, asHex), `${path}->${name}`));
  const lock = bag(sk.sk_lock);
  if (lock) rows.push(leaf('owned by user', lock.owned ? 'yes' : 'no', `${path}->sk_lock.owned`));
  for (const [title, names] of TCP_GROUPS) {
    const present = names.filter((n) => n in sk);
    // Other protocols' sockets share a field or two with TCP's; they have no such state.
    if (present.length > 1) rows.push(group(title, present.slice(0, 2).map((n) => `${n} ${formatNumber(sk[n] as number, n, owner, asHex)}`).join(', '), () => present.map(field)));
  }
  for (const name of QUEUES) { const queue = bag(sk[name]); if (queue && isSkbQueue(queue)) rows.push(queueRow(name, queue, `${path}->${name}`, asHex)); }
  const prequeue = bag(bag(sk.ucopy)?.prequeue);
  if (prequeue && isSkbQueue(prequeue)) rows.push(queueRow('prequeue', prequeue, `${path}->ucopy.prequeue`, asHex));
  const backlog = bag(sk.sk_backlog);
  if (backlog) rows.push(show('sk_backlog', backlog, owner, `${path}->sk_backlog`, asHex));
  rows.push(group('memory', `wmem ${formatCount(sk.sk_wmem_alloc)}, rmem ${formatCount(sk.sk_rmem_alloc)}`, () => MEMORY.filter((n) => n in sk).map(field)));
  rows.push(show('sk', sk, '', path, asHex));
  return rows;
}

function formatCount(value: unknown): string {
  const counter = bag(value)?.counter;
  return String(typeof counter === 'number' ? counter : value);
}

/** Arrays of rings of a driver's private part, wherever the driver keeps it. */
function adapterOf(dev: Bag, rings: readonly Found[]): Bag | null {
  for (const candidate of [dev.priv, dev.ml_priv, dev.adapter, ...rings.map((r) => bag(r.value.q_vector)?.adapter)]) { const a = bag(candidate); if (a && Array.isArray(a.tx_ring)) return a; }
  return null;
}

function ringRow(name: string, ring: Bag, path: string, asHex: boolean): Shown {
  const owner = className(ring), size = typeof ring.count === 'number' && ring.count > 0 ? ring.count : 256;
  const used = ((ring.next_to_use as number) - (ring.next_to_clean as number) + size) % size;
  return group(name, `next_to_use ${String(ring.next_to_use)}, next_to_clean ${String(ring.next_to_clean)}, ${used} of ${size} in use`, () => Object.keys(ring).map((k) => show(k, read(ring, k), owner, path && `${path}->${k}`, asHex)));
}

function queueDiscRow(queue: Bag, index: number, asHex: boolean): Shown {
  const dql = bag(queue.dql), inFlight = dql ? Number(dql.num_queued ?? 0) - Number(dql.num_completed ?? 0) : 0;
  const limit = dql ? `, BQL ${inFlight} of ${String(dql.limit)} bytes in flight` : '';
  return group(`tx queue ${index}`, `qdisc ${String(bag(bag(queue.qdisc)?.ops)?.id ?? className(queue.qdisc))}${limit}`, () => ['qdisc', 'dql', 'state', 'xmit_lock_owner', 'trans_start'].filter((n) => n in queue).map((n) => show(n, queue[n], 'netdev_queue', '', asHex)));
}

function deviceRows({ value: dev, path }: Found, rings: readonly Found[], asHex: boolean): Shown[] {
  const owner = className(dev), rows: Shown[] = [leaf('name', `"${String(dev.name)}"`, `${path}->name`)];
  for (const name of ['mtu', 'flags', 'state', 'features', 'dev_addr', 'qdisc']) if (name in dev) rows.push(show(name, read(dev, name), owner, `${path}->${name}`, asHex));
  const queues = Array.isArray(dev._tx) ? (dev._tx as Bag[]) : [];
  queues.slice(0, Number(dev.real_num_tx_queues ?? queues.length)).forEach((q, i) => rows.push(queueDiscRow(q, i, asHex)));
  const adapter = adapterOf(dev, rings);
  for (const kind of ['tx_ring', 'rx_ring'] as const) {
    const list = adapter && Array.isArray(adapter[kind]) ? (adapter[kind] as unknown[]) : [];
    list.forEach((ring, i) => { const r = bag(ring); if (r) rows.push(ringRow(`${kind}[${i}]`, r, '', asHex)); });
  }
  if (!adapter) for (const r of rings) rows.push(ringRow(r.path, r.value, r.path, asHex));
  rows.push(show('dev', dev, '', path, asHex));
  return rows;
}

const SOFTIRQS = ['HI', 'TIMER', 'NET_TX', 'NET_RX', 'BLOCK', 'BLOCK_IOPOLL', 'TASKLET', 'SCHED', 'HRTIMER', 'RCU'];

/** Softirqs of a bit mask by name. */
function softirqs(mask: number): string {
  return SOFTIRQS.filter((_, i) => mask & (1 << i)).join(' ') || 'none';
}

/** preempt_count in words: PREEMPT in the low 8 bits, then 8 of SOFTIRQ, then HARDIRQ. */
function preemption(count: number): string {
  const parts = [['preempt', count & 0xff], ['softirq', (count >> 8) & 0xff], ['hardirq', (count >> 16) & 0x3ff]] as const;
  return parts.filter(([, n]) => n > 0).map(([name, n]) => `${name} ${n}`).join(', ') || '0';
}

function cpuRow(cpu: Bag, index: number, asHex: boolean): Shown {
  const pending = Number(cpu.__softirq_pending ?? 0), count = Number(cpu.preempt_count ?? 0), task = bag(cpu.curr);
  const told = [task ? String(task.comm) : '', `preempt_count ${preemption(count)}`, cpu.irqs_disabled ? 'interrupts off' : '', pending ? `softirqs pending: ${softirqs(pending)}` : ''].filter(Boolean).join('; ');
  const handled = cpu.kstat_softirqs as ArrayLike<number> | undefined;
  return group(`CPU ${index}`, told, () => [
    leaf('preempt_count', `${formatNumber(count, 'flags', '', true)} (${preemption(count)})`), leaf('softirqs pending', softirqs(pending)),
    ...(handled ? [group('softirqs handled', '', () => SOFTIRQS.flatMap((name, i) => (handled[i] > 0 ? [leaf(name, String(handled[i]))] : [])))] : []),
    ...Object.keys(cpu).filter((k) => k !== 'host' && k !== 'preempt_count').map((k) => show(k, read(cpu, k), 'cpu', '', asHex)),
  ]);
}

/** A counter file like /proc/net/snmp (a line of names, a line of numbers, by protocol) as groups; counters at 0 are left out. */
function counterRows(file: string, text: string): Shown[] {
  const lines = text.trim().split('\n'), rows: Shown[] = [];
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const [title, ...names] = lines[i].split(/\s+/), values = lines[i + 1].split(/\s+/).slice(1), name = title.replace(/:$/, '');
    if (!lines[i + 1].startsWith(title)) continue;
    rows.push(group(`${name} (/${file})`, '', () => names.flatMap((n, k) => (values[k] !== undefined && values[k] !== '0' ? [leaf(n, values[k])] : []))));
  }
  return rows;
}

/** /proc/softirqs: how often each softirq ran, by CPU; those that never ran are left out. */
function softirqRows(text: string): Shown[] {
  return text.trim().split('\n').slice(1).flatMap((line) => {
    const [name, ...counts] = line.trim().split(/\s+/);
    return counts.some((n) => n !== '0') ? [leaf(name.replace(':', ''), counts.map((n, cpu) => `CPU${cpu} ${n}`).join(', '))] : [];
  });
}

const SOFTNET = ['processed', 'dropped', 'time_squeeze', '', '', '', '', '', 'cpu_collision', 'received_rps'];

/** /proc/net/softnet_stat: a line of hexadecimal numbers a CPU. */
function softnetRows(text: string): Shown[] {
  return text.trim().split('\n').map((line, cpu) => leaf(`CPU ${cpu}`, line.split(' ').flatMap((n, i) => (SOFTNET[i] ? [`${SOFTNET[i]} ${Number.parseInt(n, 16)}`] : [])).join(', ')));
}

/** Time by context, as top shows it: system calls (sy), softirqs (si), hard interrupts (hi). */
function timeRows(text: string): Shown[] {
  return text.trim().split('\n').map((line) => {
    const [cpu, ...rest] = line.split(' '), told: string[] = [];
    for (let i = 0; i + 1 < rest.length; i += 2) told.push(`${rest[i]} ${(Number(rest[i + 1]) * 1000).toFixed(3)} ms`);
    return leaf(cpu.replace('cpu', 'CPU '), told.join(', '));
  });
}

/** Who copied how often and how much: a line a function, and one a device's DMA. */
function copyRows(text: string): Shown[] {
  return text.split('\n').flatMap((line) => {
    const told = /^(.+?)\s+(\d+) times\s+(\d+) bytes$/.exec(line);
    return told && told[2] !== '0' ? [leaf(told[1], `${told[2]} times, ${told[3]} bytes`)] : [];
  });
}

function hostRows(host: Bag, counters: Readonly<Record<string, string>>, asHex: boolean): Shown[] {
  const rows: Shown[] = [leaf('name', String(host.name))];
  const file = (path: string, title: string, rowsOf: (text: string) => Shown[]): void => { if (counters[path]) rows.push(group(title, '', () => rowsOf(counters[path]))); };
  if ('jiffies' in host) rows.push(show('jiffies', read(host, 'jiffies'), '', '', asHex));
  (Array.isArray(host.cpus) ? (host.cpus as Bag[]) : []).forEach((cpu, i) => rows.push(cpuRow(cpu, i, asHex)));
  file('times', 'time by context', timeRows);
  file('proc/softirqs', '/proc/softirqs', softirqRows);
  file('proc/net/softnet_stat', '/proc/net/softnet_stat', softnetRows);
  file('copies', 'payload copies', copyRows);
  for (const path of ['proc/net/snmp', 'proc/net/netstat']) if (counters[path]) rows.push(...counterRows(path, counters[path]));
  rows.push(group('globals', '', () => Object.keys(host).filter((k) => !['name', 'index', 'cpus', 'jiffies'].includes(k)).map((k) => show(k, read(host, k), '', '', asHex))));
  return rows;
}

/** A scope with the rows below it. */
export interface Scope { readonly name: ScopeRow['name']; readonly rows: () => Shown[] }

/** Scopes of a frame. `frames[0]` is the frame itself, its callers follow; `host` is the running host when it is at hand, `counters` its counter files by path. */
export function scopesOf(frames: readonly FrameLocals[], host: unknown, asHex: boolean, counters: () => Readonly<Record<string, string>> = () => ({})): Scope[] {
  const locals = frames[0]?.locals ?? {}, { skb, sk, dev, rings } = subjectOf(frames), machine = bag(host);
  const scopes: Scope[] = [{ name: 'Locals', rows: () => Object.entries(locals).map(([name, value]) => show(name, value, '', name, asHex)) }];
  if (skb) scopes.push({ name: 'Packet', rows: () => packetRows(skb.value, skb.path, asHex) });
  if (sk) scopes.push({ name: 'Socket', rows: () => socketRows(sk, asHex) });
  if (dev) scopes.push({ name: 'Device', rows: () => deviceRows(dev, rings, asHex) });
  if (machine) scopes.push({ name: 'Host', rows: () => hostRows(machine, counters(), asHex) });
  return scopes;
}
