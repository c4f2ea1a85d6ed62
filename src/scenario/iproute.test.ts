/** `"tool": "ip"`: addresses and routes by netlink requests. What they change is there afterwards, and the kernel's answer is the result. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Trace } from '../trace/model';
import { loadScenario, runScenario } from './index';

/** Host a does `steps`, traced; b is its neighbour 10.0.0.2. */
function run(steps: readonly object[]): Trace {
  const host = (name: string, address: string, more: object[], programs: object[]): object => ({ name, interfaces: [{ name: 'eth0', address, interrupts: [1] }, ...more], programs });
  const loaded = loadScenario({ where: 'iproute.json', text: JSON.stringify({
    id: 'iproute', hosts: [
      host('a', '10.0.0.1/24', [{ name: 'dummy0', driver: 'dummy', up: false }], [{ name: 'ip', steps: [{ call: 'trace', on: true }, ...steps, { call: 'sleep', time: '20ms' }, { call: 'trace', on: false }] }]),
      host('b', '10.0.0.2/24', [], []),
    ], links: [{ between: ['a.eth0', 'b.eth0'] }],
  }) });
  assert.ok(loaded.ok, loaded.ok === false ? loaded.error.message : '');
  return runScenario(loaded.value);
}
function called(trace: Trace, name: string): number {
  let n = 0;
  for (let f = 0; f < trace.frames.count; f++) if (trace.functions[trace.frames.fn[f]].name === name) n++;
  return n;
}
const address = { call: 'address', dev: 'dummy0', address: '10.9.0.1/24', tool: 'ip' }, route = { call: 'route', to: '10.8.0.0/16', via: '10.0.0.2', tool: 'ip' };

test('an address is there after the request, and is refused a second time', () => {
  const trace = run([address, address, { call: 'ifup', dev: 'dummy0' }, { call: 'socket', type: 'icmp' }, { call: 'ping', address: '10.9.0.1' }, { call: 'close' }]);
  assert.deepEqual(trace.results.filter((r) => /^(address|ping)/.test(r.call)).map((r) => r.result), [0, -17, 84], trace.stopped);
  assert.equal(called(trace, 'inet_rtm_newaddr'), 2);
  assert.equal(called(trace, 'netlink_ack'), 2);
  assert.equal(called(trace, 'devinet_ioctl'), 1, 'ifup only');
  assert.equal(called(trace, 'attach_default_qdiscs'), 1, 'the device is up for the first time');
});

test('each request is a process: its end closes the netlink socket, and the number of the device is asked for through a local one', () => {
  const trace = run([address, route]);
  for (const [name, times] of [['sys_exit_group', 2], ['netlink_release', 2], ['unix_create', 1], ['unix_release', 1], ['unix_sock_destructor', 1]] as const) assert.equal(called(trace, name), times, name);
});

test('a route is used after the request, and is refused a second time', () => {
  const trace = run([route, route, { call: 'socket', type: 'udp' }, { call: 'sendto', address: '10.8.3.4', port: 9, length: 10 }]);
  assert.deepEqual(trace.results.filter((r) => r.call.startsWith('route')).map((r) => r.result), [0, -17], trace.stopped);
  const sent = trace.wire.filter((w) => w.bytes[12] === 8 && w.bytes[13] === 0 && w.bytes[30] === 10 && w.bytes[31] === 8 && w.bytes[32] === 3 && w.bytes[33] === 4);
  assert.equal(sent.length, 1);
  assert.equal(called(trace, 'rtnl_dump_ifinfo'), 0, 'no device is named');
});

test('a gateway that cannot be reached is answered with its error', () => {
  const trace = run([{ ...route, via: '172.16.0.1' }]);
  assert.deepEqual(trace.results.filter((r) => r.call.startsWith('route')).map((r) => r.result), [-101], trace.stopped);
});
