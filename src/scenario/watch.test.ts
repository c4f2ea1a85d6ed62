/** Fields that are watched: every change is found, before and after the step from which it was asked, at the statement that made it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Trace } from '../trace/model';
import { Inspector, loadScenario, runScenario } from './index';
import type { FieldChange } from './watch';

const loaded = loadScenario({ id: 'tcp-send-4000' });
assert.ok(loaded.ok);
const scenario = loaded.value, trace = runScenario(scenario), inspector = new Inspector(scenario, trace);

function entered(name: string, host: number): number[] {
  const out: number[] = [];
  for (let s = 0; s < trace.steps.count; s++) if (trace.steps.site[s] < 0 && trace.functions[trace.frames.fn[trace.steps.frame[s]]].name === name && trace.frames.host[trace.steps.frame[s]] === host) out.push(s);
  return out;
}
const field = (local: string, key: string) => (frames: readonly Readonly<Record<string, unknown>>[]) => {
  const object = frames.find((locals) => typeof locals[local] === 'object' && locals[local] !== null)?.[local] as object | undefined;
  return object && key in object ? { object, key } : null;
};
/** The function that took the step before a change was found. */
function writer(t: Trace, { ordinal }: FieldChange): string {
  let step = 0;
  while (step + 1 < t.steps.count && t.steps.ordinal[step + 1] < ordinal) step++;
  return t.functions[t.frames.fn[t.steps.frame[step]]].name;
}

test('snd_nxt moves with each segment that is sent, found from the last step as from the first', () => {
  const sends = entered('tcp_transmit_skb', 0), last = inspector.watch(sends[sends.length - 1], field('sk', 'snd_nxt'))!, first = inspector.watch(sends[0], field('sk', 'snd_nxt'))!;
  assert.ok(first.length >= 1);
  assert.deepEqual(last, first);
  for (const change of first) {
    assert.ok((change.now as number) > (change.was as number));
    assert.equal(writer(trace, change), 'tcp_event_new_data_sent');
  }
  assert.equal((first[first.length - 1].now as number) - (first[0].was as number), 4000);
});

test('values between changes are those that an inspection shows', () => {
  const at = entered('tcp_transmit_skb', 0)[0], changes = inspector.watch(at, field('sk', 'packets_out'))!;
  assert.ok(changes.length >= 2, 'sent, and acknowledged');
  for (const s of [...entered('tcp_transmit_skb', 0), ...entered('tcp_ack', 0)]) {
    const { sk } = inspector.inspect(s).frames[0].locals as { sk: { packets_out: number } }, before = changes.filter(({ ordinal }) => ordinal <= trace.steps.ordinal[s]);
    assert.equal(sk.packets_out, before.length > 0 ? before[before.length - 1].now : changes[0].was);
  }
});

test('of two sockets the one that is meant is followed; what is not there is null', () => {
  const a = entered('tcp_transmit_skb', 0)[0], b = entered('tcp_rcv_established', 1)[0];
  const ofA = inspector.watch(a, field('sk', 'rcv_nxt'))!, ofB = inspector.watch(b, field('sk', 'rcv_nxt'))!;
  assert.deepEqual([ofA.length, ofB.length > 0], [0, true]);
  assert.equal(inspector.watch(a, field('nothing', 'x')), null);
});
