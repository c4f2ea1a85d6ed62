import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tinyRun } from '../../test/unit/tiny-run';
import { describeTrace, isToGraph, readFromGraph, statusCode, type FromGraph, type ToGraph } from './graph';
import { LAYERS, layerOfPath } from './layers';

test('every message of the webview survives the check and the clone', () => {
  const messages: FromGraph[] = [
    { type: 'ready' }, { type: 'goto', step: 3 }, { type: 'source', frame: 2, at: 'call' }, { type: 'packetEvent', direction: -1, packet: 7 }, { type: 'follow', packet: 0 },
    { type: 'step', action: 'back' }, { type: 'run', scenario: 'tcp-send-64' }, { type: 'shown', step: 3, ms: 1.5 }, { type: 'problem', message: 'x' },
  ];
  for (const message of messages) assert.deepEqual(readFromGraph(structuredClone(message)), message);
});

test('anything else is refused', () => {
  for (const bad of [null, 3, 'goto', {}, { type: 'goto' }, { type: 'goto', step: -1 }, { type: 'goto', step: 1.5 }, { type: 'source', frame: 1, at: 'exit' }, { type: 'packetEvent', direction: 2, packet: 1 }, { type: 'step', action: 'jump' }, { type: 'eval', code: '1' }]) assert.equal(readFromGraph(bad), null);
});

test('a described trace keeps its columns through the channel', () => {
  const { trace } = tinyRun(), described = describeTrace(trace);
  const message: ToGraph = { type: 'trace', session: 's', trace: described, position: { step: 0, count: trace.steps.count, visited: 0, past: false, packet: 0 }, launch: 'tiny' };
  const there = structuredClone(message);
  assert.ok(isToGraph(there) && there.type === 'trace');
  assert.deepEqual(there.trace.frames.parent, trace.frames.parent);
  assert.equal(LAYERS[there.trace.functions.find((f) => f.name === 'tcp_sendmsg')!.layer], 'tcp');
  assert.equal(statusCode('function'), 2);
});

test('layers of kernel files', () => {
  const cases: readonly [string, string][] = [
    ['net/socket.c', 'syscall'], ['net/ipv4/tcp_output.c', 'tcp'], ['net/ipv4/ip_output.c', 'ip'], ['net/ipv4/udp.c', 'udp'], ['net/core/dev.c', 'device'], ['net/core/skbuff.c', 'memory'], ['net/core/neighbour.c', 'neighbour'],
    ['net/sched/sch_generic.c', 'qdisc'], ['drivers/net/ethernet/intel/igb/igb_main.c', 'driver'], ['kernel/softirq.c', 'softirq'], ['kernel/irq/handle.c', 'irq'], ['net/ipv4/netfilter/ip_tables.c', 'netfilter'], ['', 'wire'], ['init/main.c', 'other'],
  ];
  for (const [path, layer] of cases) assert.equal(layerOfPath(path), layer, path);
});
