/** A scenario's rules of the filter table: each option drops what it names and nothing else. A dropped datagram gives EPERM to its sender. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Trace } from '../trace/model';
import { loadScenario, runScenario } from './index';

const EPERM = -1, ETIMEDOUT = -110;

/** Host a has these rules in OUTPUT and does `steps`; b (10.0.0.2) has a listener on port 80. */
function run(rules: readonly object[], steps: readonly object[]): Trace {
  const host = (name: string, address: string, more: object): object => ({ name, interfaces: [{ name: 'eth0', address, interrupts: [1] }], ...more });
  const listen = [{ call: 'socket', type: 'tcp' }, { call: 'bind', port: 80 }, { call: 'listen' }, { call: 'ready' }, { call: 'sleep', time: '10s' }];
  const loaded = loadScenario({ where: 'rules.json', text: JSON.stringify({
    id: 'rules', hosts: [
      host('a', '10.0.0.1/24', { rules: rules.map((rule) => ({ chain: 'OUTPUT', ...rule })), programs: [{ name: 'sender', steps: [{ call: 'trace', on: true }, ...steps, { call: 'trace', on: false }] }] }),
      host('b', '10.0.0.2/24', { programs: [{ name: 'listener', steps: listen }] }),
    ], links: [{ between: ['a.eth0', 'b.eth0'] }],
  }) });
  assert.ok(loaded.ok, loaded.ok === false ? loaded.error.message : '');
  return runScenario(loaded.value);
}

const complaints = (trace: Trace): string[] => trace.log.filter((line) => line.includes('iptables'));

/** What each of these datagrams gives its sender: true when it was dropped. */
function dropped(rules: readonly object[], ...datagrams: readonly { port?: number; length?: number; address?: string }[]): boolean[] {
  const trace = run(rules, [{ call: 'socket', type: 'udp' }, ...datagrams.map((d) => ({ call: 'sendto', address: '10.0.0.2', port: 9, length: 10, ...d }))]);
  assert.equal(trace.stopped, '');
  assert.deepEqual(complaints(trace), []);
  const results = trace.results.filter((r) => r.call.startsWith('sendto')).map((r) => r.result);
  assert.ok(results.every((r) => r > 0 || r === EPERM), String(results));
  return results.map((r) => r === EPERM);
}

test('a rule compares protocol, addresses and ports', () => {
  assert.deepEqual(dropped([{ target: 'DROP' }], {}), [true]);
  assert.deepEqual(dropped([{ protocol: 'tcp', target: 'DROP' }], {}), [false]);
  assert.deepEqual(dropped([{ protocol: 'udp', dport: 9, target: 'DROP' }], { port: 9 }, { port: 10 }), [true, false]);
  assert.deepEqual(dropped([{ protocol: 'udp', sport: 9, target: 'DROP' }], { port: 9 }), [false]);
  assert.deepEqual(dropped([{ destination: '10.0.0.2', target: 'DROP' }], {}, { address: '10.0.0.3' }), [true, false]);
  assert.deepEqual(dropped([{ destination: '10.0.0.0/30', target: 'DROP' }], {}, { address: '10.0.0.4' }), [true, false]);
  assert.deepEqual(dropped([{ source: '10.0.0.9', target: 'DROP' }], {}), [false]);
});

test('the first rule that fits decides', () => {
  assert.deepEqual(dropped([{ protocol: 'udp', dport: 9, target: 'ACCEPT' }, { target: 'DROP' }], { port: 9 }, { port: 10 }), [false, true]);
});

test('a rule compares lengths, every n-th packet and a rate', () => {
  assert.deepEqual(dropped([{ length: [38, 40], target: 'DROP' }], { length: 9 }, { length: 10 }, { length: 12 }, { length: 13 }), [false, true, true, false]);
  assert.deepEqual(dropped([{ nth: { every: 3, packet: 1 }, target: 'DROP' }], {}, {}, {}, {}, {}, {}), [false, true, false, false, true, false]);
  assert.deepEqual(dropped([{ protocol: 'udp', limit: { perHour: 60, burst: 2 }, target: 'ACCEPT' }, { target: 'DROP' }], {}, {}, {}, {}), [false, false, true, true]);
});

test('a rule for SYN stops a connection, and nothing else of TCP', () => {
  const connect = (rule: object): number[] => run([rule], [{ call: 'socket', type: 'tcp' }, { call: 'setsockopt', option: 'TCP_SYNCNT', value: 1 }, { call: 'connect', address: '10.0.0.2', port: 80 }])
    .results.filter((r) => r.call.startsWith('connect')).map((r) => r.result);
  assert.deepEqual(connect({ protocol: 'tcp', syn: true, dport: 80, target: 'DROP' }), [ETIMEDOUT]);
  assert.deepEqual(connect({ protocol: 'tcp', syn: true, dport: 81, target: 'DROP' }), [0]);
  assert.deepEqual(connect({ protocol: 'udp', target: 'DROP' }), [0]);
});

test('a rule that cannot be is left out, and the log says why', () => {
  const said = (rule: object): string => complaints(run([{ target: 'DROP', ...rule }], [])).join();
  assert.match(said({ dport: 9 }), /iptables OUTPUT: a rule for a port needs the protocol tcp or udp$/);
  assert.match(said({ protocol: 'udp', syn: true }), /iptables OUTPUT: a rule for SYN needs the protocol tcp$/);
});
