/** Changes on the way: up to each the run is the one without it, from there on another, and the same one every time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Trace } from '../trace/model';
import { Inspector, loadScenario, runScenario, type Scenario } from './index';
import type { Intervention } from './interventions';

function scenario(id: string): Scenario {
  const loaded = loadScenario({ id });
  assert.ok(loaded.ok);
  return loaded.value;
}

/** Index of the nth step at a function's entry. */
function entered(trace: Trace, name: string, nth = 1): number {
  for (let s = 0, left = nth; s < trace.steps.count; s++) {
    if (trace.steps.site[s] < 0 && trace.functions[trace.frames.fn[trace.steps.frame[s]]].name === name && --left === 0) return s;
  }
  return assert.fail(`${name} is entered ${nth} times`);
}
const bytes = (trace: Trace): string[] => trace.results.map((r) => `${trace.hosts[r.host].name}: ${r.call} = ${r.result}`);
/** What a trace says of its first steps. */
const prefix = (trace: Trace, steps: number): unknown[] => [trace.steps.frame.slice(0, steps), trace.steps.site.slice(0, steps), trace.steps.time.slice(0, steps)];

test('a smaller congestion window: the same run up to there, more round trips after, every byte all the same', () => {
  const s = scenario('tcp-send-100k'), before = runScenario(s), at = entered(before, 'tcp_write_xmit');
  const change: Intervention = { ordinal: before.steps.ordinal[at], apply: (frames) => { const sk = frames[0].sk as { snd_cwnd: number; snd_ssthresh: number }; assert.ok(sk.snd_cwnd > 1); sk.snd_cwnd = 1; sk.snd_ssthresh = 2; } };
  const after = runScenario(s, { changes: [change] });
  assert.equal(after.stopped, '');
  assert.deepEqual(prefix(after, at + 1), prefix(before, at + 1));
  assert.ok(after.wire[after.wire.length - 1].sent > before.wire[before.wire.length - 1].sent, 'it takes longer');
  assert.deepEqual(bytes(after).filter((r) => /send|total/.test(r)), bytes(before).filter((r) => /send|total/.test(r)));
  assert.deepEqual(runScenario(s, { changes: [change] }).steps, after.steps, 'the same change, the same run');
  const seen = new Inspector(s, after, false, undefined, [change]).inspect(at).frames[0].locals.sk as { snd_cwnd: number };
  assert.equal(seen.snd_cwnd, 1, 'who looks at that step sees it');
});

test('a packet that is lost on its way is sent again', () => {
  const s = scenario('tcp-send-64'), before = runScenario(s), at = entered(before, 'igb_xmit_frame'), packet = before.frames.packet[before.steps.frame[at]];
  const after = runScenario(s, { changes: [{ ordinal: before.steps.ordinal[at], apply: (_, lose) => lose(packet) }] });
  assert.ok(packet > 0);
  assert.deepEqual(after.wire.filter((frame) => frame.dropped).map((frame) => frame.packet), [packet]);
  assert.equal(before.wire.filter((frame) => frame.dropped).length, 0);
  assert.deepEqual(bytes(after), bytes(before));
  assert.ok(entered(after, 'tcp_send_loss_probe') > at, 'the window stays open for what comes of it');
});

test('what a kernel would not survive ends the run with a reason, and what was recorded stays', () => {
  const s = scenario('udp-send-64'), before = runScenario(s), at = entered(before, 'dev_queue_xmit');
  const after = runScenario(s, { changes: [{ ordinal: before.steps.ordinal[at], apply: (frames) => { (frames[0].skb as { dev: unknown }).dev = null; } }] });
  assert.match(after.stopped, /^\w+ failed on what was changed, as a kernel would with an oops: /);
  assert.ok(after.steps.count > at && after.steps.count < before.steps.count);
});

test('whatever a field is set to, the run ends: in time, with the prefix untouched', () => {
  const s = scenario('tcp-send-4000'), before = runScenario(s), fields = ['snd_cwnd', 'sk_sndbuf', 'snd_wnd', 'mss_cache', 'icsk_rto', 'sk_forward_alloc', 'snd_nxt', 'rcv_nxt', 'sk_state', 'packets_out'];
  fc.assert(fc.property(fc.constantFrom('tcp_sendmsg', 'tcp_write_xmit', 'tcp_transmit_skb', 'tcp_ack', 'tcp_rcv_established'), fc.constantFrom(...fields), fc.oneof(fc.constantFrom(0, 1, -1, 0x7fffffff, 0xffffffff), fc.integer()), (name, field, value) => {
    const at = entered(before, name), after = runScenario({ ...s, limits: { ...s.limits, steps: before.steps.ordinal[before.steps.count - 1] + 200_000 } }, { changes: [{ ordinal: before.steps.ordinal[at], apply: (frames) => { (frames[0].sk as Record<string, number>)[field] = value; } }] });
    assert.deepEqual(prefix(after, at + 1), prefix(before, at + 1));
  }), { numRuns: 25, seed: 5 });
});
