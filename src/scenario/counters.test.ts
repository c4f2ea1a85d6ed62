/** Counters of a run: names and layout of the kernel's files, and numbers that follow from what was sent. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { changesBetween } from './changes';
import { loadScenario, runScenario } from './index';

const traces = path.join(process.env.SKBWALK_TRACES ?? path.resolve('../shared/traces'), '3.10.108');
const udp = (() => { const loaded = loadScenario({ id: 'udp-send-64' }); assert.ok(loaded.ok); return runScenario(loaded.value); })();

test('one datagram of 64 bytes: counted once on each side, copied twice by CPUs, moved twice by devices', () => {
  const { a, b } = udp.changes!;
  assert.equal(a['proc/net/snmp']['Udp OutDatagrams'], 1);
  assert.equal(a['proc/net/snmp']['Ip OutRequests'], 1);
  assert.equal(a['proc/net/netstat']['IpExt OutOctets'], 92);
  assert.equal(b['proc/net/snmp']['Udp InDatagrams'], 1);
  assert.equal(b['proc/net/netstat']['IpExt InOctets'], 92);
  assert.equal(a['proc/net/dev']['eth0 tx bytes'], 106);
  assert.equal(b['proc/net/dev']['eth0 rx packets'], 1);
  assert.equal(a.copies['memcpy_fromiovecend bytes'], 64, 'send() copies the payload once');
  assert.equal(b.copies['memcpy_toiovec bytes'], 64, 'recvfrom() copies it once');
  assert.equal(a.copies['(DMA by a.eth0) times'], 1);
  assert.equal(b.copies['igb_add_rx_frag bytes'], 106, 'a small frame is copied out of its receive page');
  assert.ok(a.times['cpu0 sy'] > a.times['cpu1 hi'], 'most of a send is system time');
});

test('transmit completions are NET_RX, not NET_TX', () => {
  assert.ok(udp.changes!.a['proc/softirqs']['NET_RX cpu1'] >= 1);
  assert.equal(udp.changes!.a['proc/interrupts']['eth0-tx-0 cpu1'] ?? udp.changes!.a['proc/interrupts']['eth0-tx-1 cpu1'], 1);
});

test('a difference leaves out what did not change', () => {
  assert.deepEqual(changesBetween({ 'proc/net/snmp': 'Udp: InDatagrams NoPorts\nUdp: 1 2\n' }, { 'proc/net/snmp': 'Udp: InDatagrams NoPorts\nUdp: 1 5\n' }), { 'proc/net/snmp': { 'Udp NoPorts': 3 } });
  assert.deepEqual(changesBetween({}, {}), {});
});

test('the files have the names of the recorded ones, in their order', { skip: existsSync(traces) ? false : 'the recordings are not here' }, () => {
  const recorded = readFileSync(path.join(traces, 'tcp-send-64.a.counters-after.txt'), 'utf8').split('\n');
  for (const file of ['proc/net/snmp', 'proc/net/netstat']) {
    for (const line of udp.counters.a[file].split('\n').filter((l) => /^\w+: [A-Z]/.test(l) && !l.startsWith('IcmpMsg'))) assert.ok(recorded.includes(line), `${file}: ${line.slice(0, 60)}`);
  }
  assert.ok(recorded.includes(udp.counters.a['proc/net/snmp'].split('\n').find((l) => /^UdpLite: \d/.test(l))!));
  for (const line of udp.counters.a['proc/net/dev'].split('\n').slice(0, 2)) assert.ok(recorded.includes(line));
  const tcp = udp.counters.a['proc/net/snmp'].split('\n').find((l) => /^Tcp: \d/.test(l))!;
  assert.match(tcp, /^Tcp: 1 200 120000 -1 /);
});
