/** What earlier traffic had left is there when a scenario's window opens: the loopback's route and neighbour, a peer's slow start threshold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Trace } from '../trace/model';
import { loadScenario, runScenario } from './index';

const entered = (trace: Trace, name: string): number => trace.frames.fn.subarray(0, trace.frames.count).reduce((n, fn) => n + Number(trace.functions[fn].name === name), 0);
function run(scenario: object): Trace {
  const loaded = loadScenario({ where: 'warmup.json', text: JSON.stringify({ id: 'warmup', ...scenario }) });
  assert.ok(loaded.ok, loaded.ok === false ? loaded.error.message : '');
  const trace = runScenario(loaded.value);
  assert.equal(trace.stopped, '');
  return trace;
}

/** a sends a datagram to itself. */
const overLoopback = (warm: boolean): Trace => run({
  warm, hosts: [{ name: 'a', interfaces: [], programs: [{ name: 'send', steps: [{ call: 'trace', on: true }, { call: 'socket', type: 'udp' }, { call: 'sendto', address: '127.0.0.1', port: 9, length: 64 }] }] }],
});

test('a warm host has the loopback\'s route in its cache and its neighbour in the table', () => {
  const cold = overLoopback(false), warm = overLoopback(true);
  assert.ok(entered(cold, 'rt_dst_alloc') > 0 && entered(cold, '__neigh_create') > 0, 'the first datagram makes them');
  assert.deepEqual([entered(warm, 'rt_dst_alloc'), entered(warm, '__neigh_create')], [0, 0]);
});

/** a sends ten full segments to b, which acknowledges them. */
const bulk = (more: object): Trace => run({
  ...more, links: [{ between: ['a.eth0', 'b.eth0'] }], hosts: [
    { name: 'a', interfaces: [{ name: 'eth0', address: '10.0.0.1/24' }], programs: [{ name: 'send', after: 'b', steps: [
      { call: 'socket', type: 'tcp' }, { call: 'connect', address: '10.0.0.2', port: 5001 }, { call: 'trace', on: true }, { call: 'send', length: 30_000 }, { call: 'sleep', time: '100ms' },
    ] }] },
    { name: 'b', interfaces: [{ name: 'eth0', address: '10.0.0.2/24' }], programs: [{ name: 'recv', steps: [
      { call: 'socket', type: 'tcp' }, { call: 'bind', port: 5001 }, { call: 'listen' }, { call: 'ready' }, { call: 'accept' }, { call: 'recv', length: 30_000, until: 30_000 },
    ] }] },
  ],
});

test('below the threshold that earlier connections left is slow start, above it congestion avoidance', () => {
  const fresh = bulk({}), known = bulk({ warm: { ssthresh: 7 } });
  assert.ok(entered(fresh, 'tcp_slow_start') > 0 && entered(fresh, 'bictcp_update') === 0);
  assert.ok(entered(known, 'tcp_slow_start') === 0 && entered(known, 'bictcp_update') > 0);
});

test('a neighbour that does not answer ends connect() through ICMP, in the softirq of the neighbour\'s timer, before TCP sends its SYN a third time by its own timer', () => {
  const loaded = loadScenario({ id: 'tcp-connect-arp-fail' });
  assert.ok(loaded.ok);
  const trace = runScenario(loaded.value);
  assert.equal(trace.results.at(-1)!.result, -113);
  assert.equal(entered(trace, 'tcp_write_timer_handler'), 1);
  assert.equal(entered(trace, 'neigh_invalidate'), 1);
});

/** a sends a datagram to a port of b that nobody has open, half a second after it is ready; b answers. */
const closedPort = (warm: object | boolean): Trace => run({
  warm, links: [{ between: ['a.eth0', 'b.eth0'] }], hosts: [
    { name: 'a', interfaces: [{ name: 'eth0', address: '10.0.0.1/24' }], programs: [{ name: 'send', after: 'b', steps: [
      { call: 'trace', on: true }, { call: 'socket', type: 'udp' }, { call: 'sleep', time: '500ms' }, { call: 'sendto', address: '10.0.0.2', port: 9, length: 64 }, { call: 'sleep', time: '50ms' }, { call: 'trace', on: false }] }] },
    { name: 'b', interfaces: [{ name: 'eth0', address: '10.0.0.2/24' }], programs: [{ name: 'wait', steps: [{ call: 'ready' }, { call: 'trace', on: true }, { call: 'sleep', time: '700ms' }, { call: 'trace', on: false }] }] },
  ],
});

test('the entry for a peer is there when its fragments had come, else the first answer makes it', () => {
  const without = closedPort(true), after = closedPort({ fragments: true });
  assert.deepEqual([entered(without, 'inet_getpeer'), entered(without, 'inet_peer_gc')], [1, 1]);
  assert.deepEqual([entered(after, 'inet_getpeer'), entered(after, 'inet_peer_gc')], [1, 0]);
});

test('neighbours that the ping found stale are not taken from the header cache until they are probed', () => {
  const fresh = closedPort(true), stale = closedPort({ stale: '1s' });
  assert.deepEqual([entered(fresh, 'neigh_hh_output'), entered(fresh, 'neigh_resolve_output')], [2, 0]);
  assert.deepEqual([entered(stale, 'neigh_hh_output'), entered(stale, 'neigh_resolve_output')], [0, 2]);
});
