/** When things happen: shapers pace by their rate, programs wait for the uptime, known neighbours are not asked for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Trace } from '../trace/model';
import { loadScenario, runScenario } from './index';

/** a sends `count` datagrams of 1000 bytes to b, which reads nothing; a is traced from its first system call on. */
function datagrams(count: number, a: { nic?: object; host?: object; scenario?: object } = {}): Trace {
  const steps: object[] = [{ call: 'trace', on: true }, { call: 'socket', type: 'udp' }];
  for (let i = 0; i < count; i++) steps.push({ call: 'sendto', address: '10.0.0.2', port: 9, length: 1000 });
  steps.push({ call: 'sleep', time: '700ms' });
  const loaded = loadScenario({ where: 'timing.json', text: JSON.stringify({
    id: 'timing', ...a.scenario, links: [{ between: ['a.eth0', 'b.eth0'] }], hosts: [
      { name: 'a', interfaces: [{ name: 'eth0', address: '10.0.0.1/24', interrupts: [1], ...a.nic }], programs: [{ name: 'send', steps }], ...a.host },
      { name: 'b', interfaces: [{ name: 'eth0', address: '10.0.0.2/24', mac: '52:54:00:00:00:02', interrupts: [1] }] },
    ],
  }) });
  assert.ok(loaded.ok, loaded.ok === false ? loaded.error.message : '');
  const trace = runScenario(loaded.value);
  assert.equal(trace.stopped, '');
  return trace;
}
const entered = (trace: Trace, name: string): boolean => trace.functions.some((f, fn) => f.name === name && trace.frames.fn.subarray(0, trace.frames.count).includes(fn));

test('a token bucket of 80 kbit/s lets 1042 bytes pass every 104 ms once it is empty', () => {
  const sent = datagrams(4, { nic: { qdisc: { kind: 'tbf', rate: '80kbit', burst: 1100, limit: 10_000 } } }).wire.filter((w) => w.from === 0 && w.bytes.length === 1042).map((w) => w.sent);
  assert.equal(sent.length, 4);
  for (const gap of [sent[2] - sent[1], sent[3] - sent[2]]) assert.ok(Math.abs(gap - 104.2e6) < 1e6, `${gap} ns`);
});

test('programs start at the uptime that the scenario names, and the watchdogs of that time are in the trace', () => {
  const trace = datagrams(1, { scenario: { uptime: '12.3s' } });
  assert.ok(Math.abs(trace.steps.time[0] - 12.3e9) < 5e6, `${trace.steps.time[0]}`);
  assert.ok(entered(trace, 'igb_watchdog'), 'the driver looks every two seconds: at 12.8 s');
  assert.ok(!entered(datagrams(1, { scenario: { uptime: '12.9s' } }), 'igb_watchdog'), 'and not between 12.9 s and 13.6 s');
});

test('a neighbour that the scenario names is permanent: no ARP request leaves', () => {
  const known = { neighbours: [{ address: '10.0.0.2', mac: '52:54:00:00:00:02', dev: 'eth0' }] };
  const asks = (trace: Trace): number => trace.wire.filter((w) => w.from === 0 && w.bytes[12] === 8 && w.bytes[13] === 6 && w.bytes[21] === 1).length;
  assert.equal(asks(datagrams(1, { scenario: { warm: false }, host: known })), 0);
  assert.equal(asks(datagrams(1, { scenario: { warm: false } })), 1);
});

test('a vector is quiet until it is enabled again; the device of the recorded machines, slower by their step, repeats it before the poll', () => {
  const times = (trace: Trace, name: string): number => trace.frames.fn.subarray(0, trace.frames.count).reduce((n, fn) => n + Number(trace.functions[fn].name === name), 0);
  const quiet = datagrams(6), repeats = datagrams(6, { scenario: { step: '1200ns' } });
  assert.ok(times(quiet, 'igb_msix_ring') <= times(quiet, 'igb_poll'), `${times(quiet, 'igb_msix_ring')} interrupts`);
  assert.ok(times(repeats, 'igb_msix_ring') > times(repeats, 'igb_poll'), `${times(repeats, 'igb_msix_ring')} interrupts`);
});

test('an interrupt takes longer to an idle CPU that had slept for long than to one that had not', () => {
  const trace = datagrams(2), began: number[] = [];
  const first = (name: string): number => trace.functions.findIndex((f) => f.name === name);
  for (let f = 0; f < trace.frames.count; f++) {
    if (trace.frames.fn[f] === first('do_IRQ')) began.push(trace.steps.time[trace.frames.firstStep[f]]);
    else if (trace.frames.fn[f] === first('igb_msix_ring')) began.push(trace.steps.time[trace.frames.firstStep[f]] - began.pop());
  }
  assert.ok(began[0] > 200 * 8 && began[1] > 50 * 8 && began[1] < began[0], began.join(' '));
});
