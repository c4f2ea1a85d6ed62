/** What a scenario sets on a network interface reaches the device, and no byte is lost for it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Trace } from '../trace/model';
import { loadScenario, runScenario } from './index';

const LENGTH = 60_000;

/** a sends LENGTH bytes to b; both have the interface settings `nic`. b is traced. */
function transfer(nic: object, link: object = {}): Trace {
  const host = (name: string, address: string, program: object): object => ({ name, interfaces: [{ name: 'eth0', address, interrupts: [1], ...nic }], programs: [program] });
  const send = [{ call: 'socket', type: 'tcp' }, { call: 'connect', address: '10.0.0.2', port: 5000 }, { call: 'send', length: LENGTH }, { call: 'sleep', time: '100ms' }];
  const recv = [{ call: 'socket', type: 'tcp' }, { call: 'bind', port: 5000 }, { call: 'listen', backlog: 4 }, { call: 'ready' }, { call: 'accept' }, { call: 'trace', on: true }, { call: 'recv', length: LENGTH, until: LENGTH }, { call: 'trace', on: false }];
  const loaded = loadScenario({ where: 'nic.json', text: JSON.stringify({
    id: 'nic', warm: false, hosts: [host('a', '10.0.0.1/24', { name: 'send', after: 'b', steps: send }), host('b', '10.0.0.2/24', { name: 'recv', steps: recv })], links: [{ between: ['a.eth0', 'b.eth0'], ...link }],
  }) });
  assert.ok(loaded.ok, loaded.ok === false ? loaded.error.message : '');
  const trace = runScenario(loaded.value);
  assert.equal(trace.results.filter((r) => r.host === 1 && r.call.startsWith('recv')).at(-1)?.result, LENGTH, trace.stopped);
  return trace;
}

function calls(trace: Trace, name: string): number {
  let n = 0;
  for (let f = 0; f < trace.frames.count; f++) if (trace.frames.host[f] === 1 && trace.functions[trace.frames.fn[f]].name === name) n++;
  return n;
}

test('a frame longer than a receive buffer takes several', () => {
  const trace = transfer({ mtu: 9000 });
  assert.ok(Math.max(...trace.wire.map((w) => w.bytes.length)) === 9014);
  assert.ok(calls(trace, 'igb_add_rx_frag') > calls(trace, 'napi_gro_receive'));
});

test('rings of the smallest size only slow a transfer down', () => {
  transfer({ ring: { rx: 80, tx: 80 }, offloads: { tso: false, gso: false, gro: false } }, { rate: '10mbit' });
});

test('throttled vectors interrupt less often', () => {
  const often = transfer({ throttle: 100_000 }, { rate: '100mbit' }), seldom = transfer({ throttle: 500 }, { rate: '100mbit' });
  assert.ok(calls(seldom, 'igb_msix_ring') < calls(often, 'igb_msix_ring') / 2, `${calls(seldom, 'igb_msix_ring')} of ${calls(often, 'igb_msix_ring')}`);
});

test('receive packet steering hands packets to the CPUs it names', () => {
  const trace = transfer({ rps: [0] });
  assert.ok(calls(trace, 'process_backlog') > 0);
  assert.equal(calls(transfer({}), 'process_backlog'), 0);
});
