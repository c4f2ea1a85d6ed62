/** Generic receive offload, seen from outside: how many of the frames that came are handed up, and what the receiver reads. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Trace } from '../trace/model';
import { loadScenario, runScenario } from './index';

interface Options { readonly gro: boolean; readonly drop: readonly number[] }
const QUIET = { call: 'sleep', time: '100ms' };

/** a sends 14480 bytes (10 segments, 5 to a TSO packet) on a warm connection; b, which is traced, reads them. */
function transfer(o: Options): Trace {
  const nic = (address: string, gro: boolean): object => ({ name: 'eth0', address, interrupts: [1], offloads: { gro } });
  const send = [{ call: 'socket', type: 'tcp' }, { call: 'connect', address: '10.0.0.2', port: 5000 }, { call: 'pingpong', count: 10, length: 64 }, QUIET, { call: 'send', length: 14480 }, QUIET, QUIET];
  const recv = [{ call: 'socket', type: 'tcp' }, { call: 'bind', port: 5000 }, { call: 'listen', backlog: 4 }, { call: 'ready' }, { call: 'accept' }, { call: 'echo', count: 10, length: 64 }, { call: 'trace', on: true }, { call: 'recv', length: 14480, until: 14480 }, { call: 'trace', on: false }];
  const loaded = loadScenario({ where: 'gro.json', text: JSON.stringify({
    id: 'gro', warm: false,
    hosts: [{ name: 'a', interfaces: [nic('10.0.0.1/24', true)], programs: [{ name: 'send', after: 'b', steps: send }] }, { name: 'b', interfaces: [nic('10.0.0.2/24', o.gro)], programs: [{ name: 'recv', steps: recv }] }],
    links: [{ between: ['a.eth0', 'b.eth0'], rate: '10gbit', drop: { 'a.eth0': o.drop } }],
  }) });
  assert.ok(loaded.ok, loaded.ok === false ? loaded.error.message : '');
  return runScenario(loaded.value);
}

/** Calls of a function on b while it was traced. */
function calls(trace: Trace, name: string): number {
  let n = 0;
  for (let f = 0; f < trace.frames.count; f++) if (trace.frames.host[f] === 1 && trace.functions[trace.frames.fn[f]].name === name) n++;
  return n;
}

function read(trace: Trace): number {
  return trace.results.filter((r) => r.host === 1 && r.call.startsWith('recv')).at(-1)!.result;
}

/** Numbers, among a's frames, of those with data of the 14480 bytes. */
function data(trace: Trace): number[] {
  return trace.wire.filter((w) => w.from === 0).flatMap((w, i) => (w.bytes.length > 200 ? [i + 1] : []));
}

test('segments that follow each other reach TCP as one', () => {
  const trace = transfer({ gro: true, drop: [] }), frames = calls(trace, 'napi_gro_receive'), up = calls(trace, 'tcp_v4_rcv');
  assert.equal(read(trace), 14480);
  assert.ok(frames >= 10, `${frames} frames`);
  assert.ok(up < frames, `${up} of ${frames} went up`);
  assert.equal(calls(trace, 'skb_gro_receive'), frames - up, 'every frame goes up or is merged');
});

test('with GRO off every frame goes up as it came', () => {
  const trace = transfer({ gro: false, drop: [] });
  assert.equal(read(trace), 14480);
  assert.equal(calls(trace, 'skb_gro_receive'), 0);
  assert.equal(calls(trace, 'tcp_v4_rcv'), calls(trace, 'napi_gro_receive'));
});

test('nothing is merged over a gap', () => {
  const whole = transfer({ gro: true, drop: [] }), lost = data(whole)[1], trace = transfer({ gro: true, drop: [lost] });
  assert.equal(read(trace), 14480);
  assert.ok(calls(trace, 'tcp_v4_rcv') > calls(whole, 'tcp_v4_rcv'), 'the part before the gap and the part after it go up apart');
});
