import assert from 'node:assert/strict';
import { test } from 'node:test';
import { childNames, makeSegment, sk_buff_head } from '../../../test/unit/tiny-objects';
import { ok } from '../../base/result';
import { assignment, splitAssignment } from './assign';
import { show, type Shown } from './children';
import { evaluateExpression } from './expression';
import { className, formatNumber, formatValue, typeName } from './format';
import { packetRows, packetTitle } from './packet';
import { scopesOf } from './scopes';

const rowOf = (rows: readonly Shown[], name: string): Shown => {
  const row = rows.find((r) => r.name === name);
  assert.ok(row, `${name} among ${rows.map((r) => r.name).join(', ')}`);
  return row;
};

test('numbers are shown as what they are', () => {
  const cases: readonly [number, string, string, string][] = [
    [1, 'sk_state', 'tcp_sock', 'TCP_ESTABLISHED (1)'], [0x0a000001, 'inet_daddr', 'tcp_sock', '10.0.0.1'], [0x0800, 'protocol', 'sk_buff', 'ETH_P_IP (0x0800)'],
    [6, 'protocol', 'iphdr', 'IPPROTO_TCP (0x0006)'], [64, 'len', 'sk_buff', '64'], [0x1043, 'flags', 'net_device', '0x1043 (4163)'], [3, 'ip_summed', 'sk_buff', 'CHECKSUM_PARTIAL (3)'], [-11, 'err', '', '-11'],
  ];
  for (const [value, name, owner, text] of cases) assert.equal(formatNumber(value, name, owner, false), text);
  assert.equal(formatNumber(255, 'len', '', true), '0xff');
  assert.deepEqual([formatValue(null, 'x', '', false), typeName(new Uint8Array(4)), formatValue(function tcp_wfree() { return 0; }, 'destructor', '', false)], ['NULL', 'u8[4]', 'tcp_wfree()']);
});

test('cycles do no harm: children are read when opened', () => {
  const { skb, sk } = makeSegment();
  let row = show('skb', skb, '', 'skb', false);
  for (let i = 0; i < 50; i++) row = rowOf(row.open!(0, 0, false), i % 2 === 0 ? 'sk' : 'sk_send_head');
  assert.equal(row.path.split('->').length, 51);
  assert.equal((sk.sk_send_head as object) === (skb as object), true);
});

test('a queue shows its buffers in order before its fields', () => {
  const head = new sk_buff_head(), { skb } = makeSegment(), second = makeSegment().skb;
  Object.assign(head, { next: skb, prev: second, qlen: 2 });
  Object.assign(skb, { next: second });
  Object.assign(second, { next: head });
  assert.deepEqual(childNames(head).slice(0, 3), ['[0]', '[1]', 'next']);
});

test('a buffer shows the control block of whom has it, and no empty ones', () => {
  const { skb } = makeSegment();
  Object.assign(skb, { cb_tcp: { seq: 1 }, cb_ip: null });
  const names = childNames(skb);
  assert.ok(names.includes('cb_tcp') && names.includes('next') && !names.includes('cb_ip'));
});

test('a class has the kernel\'s name, whatever the bundler made of it', () => {
  assert.equal(className(new (class _inet_skb_parm {})()), 'inet_skb_parm');
  assert.equal(className(new (class sk_buff2 {})()), 'sk_buff');
});

test('the packet scope decodes what is written so far', () => {
  const { skb } = makeSegment(), rows = packetRows(skb, 'skb', false);
  assert.match(packetTitle(skb), /^Ethernet .*IPv4 10\.0\.0\.1 > 10\.0\.0\.2, TCP 40000 > 5001 PSH ACK, 4 bytes$/);
  assert.deepEqual(['data', 'tail', 'len', 'headroom'].map((n) => rowOf(rows, n).value), ['head + 64', 'head + 122', '58', '64']);
  assert.equal(rowOf(rowOf(rows, 'tcphdr').open!(0, 0, false), 'flags').value, 'PSH ACK');
  assert.match(rowOf(rows, 'ethhdr').value, /\u25c0 data$/);
  assert.match(rowOf(rows, 'payload').value, /^4 bytes: 61 62 63 64/);
});

test('before any header is pushed there is payload only', () => {
  const { skb } = makeSegment();
  Object.assign(skb, { data: 118, len: 4, mac_header: 0xffffffff, network_header: 0, transport_header: 0xffffffff });
  const rows = packetRows(skb, 'skb', false);
  assert.ok(!rows.some((r) => r.name.endsWith('hdr')));
  assert.match(rowOf(rows, 'payload').value, /^4 bytes/);
  assert.equal(rowOf(rows, 'mac_header').value, 'not set');
});

test('socket and device are found through the packet, and outwards through the callers', () => {
  const { skb, sk } = makeSegment(), names = (frames: Parameters<typeof scopesOf>[0]): string[] => scopesOf(frames, { name: 'a' }, false).map((s) => s.name);
  assert.deepEqual(names([{ frame: 3, locals: { skb } }]), ['Locals', 'Packet', 'Socket', 'Device', 'Host']);
  assert.deepEqual(names([{ frame: 3, locals: { i: 1 } }, { frame: 2, locals: { tp: sk } }]), ['Locals', 'Socket', 'Host']);
  const socket = scopesOf([{ frame: 3, locals: { skb } }], null, false).find((s) => s.name === 'Socket')!.rows();
  assert.equal(rowOf(socket, 'state').value, 'TCP_ESTABLISHED');
  assert.equal(rowOf(socket, 'congestion').value, 'snd_cwnd 10, snd_ssthresh 7');
  assert.equal(rowOf(socket, 'inet_daddr').value, '10.0.0.2');
});

test('a host shows its counters: times, softirqs, softnet, and what /proc/net/snmp counts', () => {
  const counters = {
    times: 'cpu0 sy 0.001500 si 0.000250 hi 0.000100\ncpu1 sy 0.000000 si 0.000000 hi 0.000000\n', 'proc/softirqs': '      CPU0       CPU1\n      HI:    0     0\n  NET_RX:    3    12\n',
    copies: 'tcp_sendmsg                                     2 times        128 bytes\n(DMA by eth0)                                   0 times          0 bytes\n',
    'proc/net/softnet_stat': '0000001b 00000000 00000002 00000000 00000000 00000000 00000000 00000000 00000000 00000001\n', 'proc/net/snmp': 'Tcp: ActiveOpens OutSegs RetransSegs\nTcp: 0 25 1\n',
  };
  const host = scopesOf([{ frame: 3, locals: {} }], { name: 'a', cpus: [] }, false, () => counters).find((s) => s.name === 'Host')!.rows();
  const below = (name: string): string[] => rowOf(host, name).open!(0, 0, false).map((r) => `${r.name}: ${r.value}`);
  assert.deepEqual(below('time by context')[0], 'CPU 0: sy 1.500 ms, si 0.250 ms, hi 0.100 ms');
  assert.deepEqual(below('/proc/softirqs'), ['NET_RX: CPU0 3, CPU1 12']);
  assert.deepEqual(below('/proc/net/softnet_stat'), ['CPU 0: processed 27, dropped 0, time_squeeze 2, cpu_collision 0, received_rps 1']);
  assert.deepEqual(below('payload copies'), ['tcp_sendmsg: 2 times, 128 bytes']);
  assert.deepEqual(below('Tcp (/proc/net/snmp)'), ['OutSegs: 25', 'RetransSegs: 1']);
});

test('expressions read paths and compute as C does', () => {
  const { skb, sk } = makeSegment(), scope: Record<string, unknown> = { skb, sk, n: 5, nothing: null };
  const run = (text: string): unknown => { const r = evaluateExpression(text, (name) => scope[name]); return r.ok === false ? r.error.message : r.value.value; };
  const cases: readonly [string, unknown][] = [
    ['skb->len', 58], ['skb.len + 2*n', 68], ['tcp_sk(sk)->snd_cwnd', 10], ['sk->sk_state == TCP_ESTABLISHED && n > 4', 1], ['!nothing', 1], ['skb->sk == sk', 1], ['skb->dev == NULL', 0], ['(n & 4) << 1', 8],
    ['0x10', 16], ['-n', -5], ['skb->users == 1', 1], ['skb->head[0]', 0], ['nothing->x', 'nothing is NULL'], ['skb->bogus', 'struct sk_buff has no field bogus'], ['n +', 'something is missing at the end'],
    ['n = 3', '"=" is not understood; use names, ->, ., [n], numbers and C\'s operators without assignment'], ['n / 0', 'division by zero'], ['other', 'no "other" here'], ['skb + 1', 'a sk_buff is no number'], ['(n', '")" is missing'], ['n n', '"n" does not belong here'],
  ];
  for (const [text, expected] of cases) assert.deepEqual(run(text), expected, text);
  assert.deepEqual(evaluateExpression('skb->len', () => skb), ok({ value: 58, name: 'len', owner: 'sk_buff', place: { object: skb, key: 'len' } }));
});

test('fields are set as their kind allows, and only through a pointer', () => {
  class atomic_t { counter = 3; }
  class sock { snd_cwnd = 10; inet_daddr = 0x0a000002; isOwned = false; refs = new atomic_t(); next: sock | null = null; list = [1, 2]; bytes = new Uint8Array(4); get twice(): number { return 2 * this.snd_cwnd; } run(): number { return 0; } }
  const sk = new sock(), other = new sock(), lookup = (name: string): unknown => (name === 'sk' ? sk : name === 'other' ? other : name === 'len' ? 5 : undefined);
  const set = (expression: string, value: string): [string, string] | string => { const r = assignment(expression, value, lookup); if (r.ok === false) return r.error.message; r.value.write(); return [r.value.was, r.value.now]; };
  assert.deepEqual(set('sk->snd_cwnd', '2'), ['10', '2']);
  assert.deepEqual([set('tcp_sk(sk)->snd_cwnd', 'sk->snd_cwnd * 4 + len'), sk.snd_cwnd], [['2', '13'], 13]);
  assert.deepEqual([set('sk->inet_daddr', '10.0.0.9'), sk.inet_daddr], [['10.0.0.2', '10.0.0.9'], 0x0a000009]);
  assert.deepEqual([set('sk->isOwned', '1'), sk.isOwned], [['false', 'true'], true]);
  assert.deepEqual([set('sk->refs', '7'), sk.refs.counter], [['3', '7'], 7]);
  assert.deepEqual([set('sk->next', 'other'), sk.next], [['NULL', 'sock'], other]);
  assert.deepEqual([set('sk->next->snd_cwnd', '1'), other.snd_cwnd], [['10', '1'], 1]);
  assert.deepEqual([set('sk->next', 'NULL'), sk.next], [['sock', 'NULL'], null]);
  assert.deepEqual([set('sk->list[1]', '0x10'), set('sk->bytes[3]', '255'), sk.list, sk.bytes[3]], [['2', '16'], ['0', '255'], [1, 16], 255]);
  assert.deepEqual(set('sk->snd_cwnd', 'TCP_CLOSE (7)'), ['13', '7']);
  assert.match(String(set('len', '1')), /is no field: only what a pointer leads to/);
  assert.match(String(set('sk->twice', '1')), /worked out from other fields/);
  assert.match(String(set('sk->run', '1')), /no number, flag or pointer/);
  assert.match(String(set('sk->refs->counter', 'other')), /is a number/);
  assert.match(String(set('sk->snd_cwnd', '1 / 3 + nothing')), /no "nothing" here/);
  other.next = new sock();
  assert.match(String(set('other->next', '5')), /it can be set to NULL or to another struct sock/);
  assert.deepEqual(['a->b = 2', 'a->b==2', 'a <= 2', ' x [1] = y == 2', '= 3', 'a != b'].map(splitAssignment), [{ expression: 'a->b', value: '2' }, null, null, { expression: 'x [1]', value: 'y == 2' }, null, null]);
});
