/** Runs: their results are those of the real calls, the same each time, and no byte is lost whatever the wire does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Trace } from '../trace/model';
import { builtinScenarios, loadScenario, runScenario } from './index';
import { Run } from './run';

function run(what: { id: string } | object): Trace {
  const loaded = loadScenario('id' in what && Object.keys(what).length === 1 ? what as { id: string } : { text: JSON.stringify(what), where: 'test.json' });
  assert.ok(loaded.ok, loaded.ok === false ? loaded.error.message : '');
  return runScenario(loaded.value);
}
const results = (trace: Trace): string[] => trace.results.map((r) => `${trace.hosts[r.host].name}: ${r.call} = ${r.result}`);

interface Transfer { length: number; seed: number; loss: number; reorder: number; duplicate: number; mtu: number; tso: boolean; gro: boolean }

function transfer(t: Transfer): object {
  const nic = (address: string): object => ({ name: 'eth0', address, mtu: t.mtu, interrupts: [1], offloads: { tso: t.tso, gro: t.gro } });
  return {
    id: 'property', title: 'random transfer', about: 'A transfer over a bad wire.', seed: t.seed, limits: { time: '200s', steps: 20_000_000 },
    hosts: [
      { name: 'a', interfaces: [nic('10.0.0.1/24')], programs: [{ name: 'nt', cpu: 0, after: 'b', steps: [{ call: 'socket', type: 'tcp' }, { call: 'connect', address: '10.0.0.2', port: 5000 }, { call: 'trace', on: true }, { call: 'send', length: t.length }, { call: 'trace', on: false }, { call: 'sleep', time: '300ms' }, { call: 'close' }] }] },
      { name: 'b', interfaces: [nic('10.0.0.2/24')], programs: [{ name: 'nt', cpu: 0, steps: [{ call: 'socket', type: 'tcp' }, { call: 'bind', port: 5000 }, { call: 'listen', backlog: 4 }, { call: 'ready' }, { call: 'accept' }, { call: 'recv', length: 20_000, until: t.length }, { call: 'close' }] }] },
    ],
    links: [{ between: ['a.eth0', 'b.eth0'], loss: t.loss, reorder: t.reorder, duplicate: t.duplicate }],
  };
}

test('every built-in scenario ends by itself, with the bytes and results that it expects and no complaint of the kernel', () => {
  for (const { id } of builtinScenarios()) {
    const loaded = loadScenario({ id });
    assert.ok(loaded.ok);
    const ran = new Run(loaded.value, { silent: true });
    assert.equal(ran.finish(), '', id);
    assert.deepEqual(ran.machine.logged.filter((line) => / gave .*, expected |WARN|BUG|is not the byte sent|wrong bytes|is not modelled/.test(line)), [], id);
  }
});

test('a datagram made of several sends holds their bytes in order, one after the other begins anew', () => {
  const nic = (address: string): object => ({ name: 'eth0', address });
  const cork = (value: number): object => ({ call: 'setsockopt', option: 'UDP_CORK', value }), read = { call: 'recv', length: 5000 };
  const trace = run({
    id: 'cork', warm: false, links: [{ between: ['a.eth0', 'b.eth0'] }], hosts: [
      { name: 'a', interfaces: [nic('10.0.0.1/24')], programs: [{ after: 'b', steps: [{ call: 'socket', type: 'udp' }, { call: 'connect', address: '10.0.0.2', port: 5000 }, { call: 'send', length: 100, flags: ['more'] }, { call: 'sendmsg', lengths: [50, 60] }, { call: 'send', length: 10 }, cork(1), { call: 'send', length: 1000 }, { call: 'writev', lengths: [700] }, cork(0), { call: 'send', length: 20 }] }] },
      { name: 'b', interfaces: [nic('10.0.0.2/24')], programs: [{ steps: [{ call: 'socket', type: 'udp' }, { call: 'bind', port: 5000 }, { call: 'ready' }, read, read, read, read] }] },
    ],
  });
  assert.deepEqual(results(trace).filter((r) => r.startsWith('b: recv')), ['b: recv(5000) = 210', 'b: recv(5000) = 10', 'b: recv(5000) = 1700', 'b: recv(5000) = 20']);
  assert.deepEqual(trace.log.filter((line) => line.includes('byte')), []);
});

test('tcp-send-64 sends and receives 64 bytes', () => {
  const trace = run({ id: 'tcp-send-64' });
  assert.equal(trace.stopped, '');
  assert.ok(results(trace).some((r) => /^a: send.*= 64$/.test(r)), results(trace).join('; '));
  assert.ok(results(trace).some((r) => /^b: recv.*= 64$/.test(r)), results(trace).join('; '));
});

test('a scenario that opens no window is traced whole, on every host, from its programs on', () => {
  const trace = run({
    id: 'windowless',
    hosts: [
      { name: 'a', interfaces: [{ name: 'eth0', address: '10.0.0.1/24' }], programs: [{ after: 'b', steps: [{ call: 'socket', type: 'udp' }, { call: 'sendto', address: '10.0.0.2', port: 9, length: 10 }] }] },
      { name: 'b', interfaces: [{ name: 'eth0', address: '10.0.0.2/24' }], programs: [{ steps: [{ call: 'socket', type: 'udp' }, { call: 'bind', port: 9 }, { call: 'ready' }, { call: 'recv', length: 10 }] }] },
    ],
    links: [{ between: ['a.eth0', 'b.eth0'] }],
  });
  const entered = (host: number): Set<string> => new Set(Array.from({ length: trace.frames.count }, (_, f) => f).filter((f) => trace.frames.host[f] === host).map((f) => trace.functions[trace.frames.fn[f]].name));
  for (const name of ['sys_socket', 'udp_sendmsg', 'igb_xmit_frame']) assert.ok(entered(0).has(name), name);
  for (const name of ['sys_bind', 'udp_recvmsg', 'udp_queue_rcv_skb']) assert.ok(entered(1).has(name), name);
  assert.ok(!entered(0).has('igb_probe'), 'the boot is not shown');
});

test('the same scenario gives the same trace', () => {
  for (const id of ['tcp-send-64', 'tcp-loss-fastrexmit']) {
    const one = run({ id }), two = run({ id });
    assert.equal(one.steps.count, two.steps.count);
    assert.deepEqual(Buffer.from(one.steps.site.buffer, one.steps.site.byteOffset, one.steps.count * 4), Buffer.from(two.steps.site.buffer, two.steps.site.byteOffset, two.steps.count * 4));
    assert.deepEqual(results(one), results(two));
  }
});

test('TCP delivers every byte, whatever the wire loses, doubles or reorders', () => {
  const arbitrary = fc.record({
    length: fc.integer({ min: 1, max: 20_000 }), seed: fc.nat(1000), loss: fc.constantFrom(0, 0.02, 0.1), reorder: fc.constantFrom(0, 0.1), duplicate: fc.constantFrom(0, 0.05),
    mtu: fc.constantFrom(1500, 600), tso: fc.boolean(), gro: fc.boolean(),
  });
  fc.assert(fc.property(arbitrary, (t) => {
    const trace = run(transfer(t)), seen = results(trace);
    assert.equal(trace.stopped, '', seen.join('; '));
    assert.ok(seen.some((r) => r.startsWith('b: recv') && r.endsWith(`= ${t.length}`)), seen.join('; '));
    assert.ok(!trace.log?.some((line: string) => /wrong bytes|not the byte sent/.test(line)), 'the bytes that came are those that went');
  }), { numRuns: 12, seed: 20130630 });
});
