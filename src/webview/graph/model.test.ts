import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Script, tinyRun } from '../../../test/unit/tiny-run';
import { syntheticTrace } from '../../../test/webview/synthetic';
import { describeTrace, type GraphTrace } from '../../protocol/graph';
import { Context } from '../../trace/model';
import { duration, foldOf, moment, NO_FILTER, TraceModel, type Filter } from './model';

const model = new TraceModel(syntheticTrace(500));
const names = (m: TraceModel, frames: Int32Array): string[] => [...frames].map((f) => m.name(f));
const first = (m: TraceModel, name: string): number => m.order.find((f) => m.name(f) === name)!;

test('accessors are folded away, their callers count them', () => {
  const tiny = new TraceModel(describeTrace(tinyRun().trace)), visible = tiny.visible(NO_FILTER);
  assert.deepEqual(names(tiny, visible.frames), ['sys_sendto', 'tcp_sendmsg', 'igb_msix_ring', 'nic transmits', 'tcp_v4_rcv']);
  assert.equal(visible.minorCount[first(tiny, 'sys_sendto')], 1);
  assert.ok(names(tiny, tiny.visible({ ...NO_FILTER, showMinor: true }).frames).includes('lookup'));
  assert.ok(names(tiny, tiny.visible({ ...NO_FILTER, opened: new Set([first(tiny, 'sys_sendto')]) }).frames).includes('lookup'));
});

test('an interrupt stands inside what it interrupted', () => {
  const tiny = new TraceModel(describeTrace(tinyRun().trace)), irq = first(tiny, 'igb_msix_ring'), send = first(tiny, 'tcp_sendmsg');
  assert.equal(tiny.up[irq], send);
  assert.equal(tiny.contextRoot[irq], irq);
  assert.equal(tiny.top[irq], first(tiny, 'sys_sendto'));
  assert.deepEqual(tiny.stack(irq).map((f) => tiny.name(f)), ['igb_msix_ring', 'tcp_sendmsg', 'sys_sendto']);
});

test('an interrupt begins at its entry, before the kernel counts it as one', () => {
  const s = new Script();
  s.call('arch/x86/kernel/irq.c', 'do_IRQ', 1, () => { s.call('kernel/softirq.c', 'irq_enter', 5, () => s.site('return', '', 6)); });
  s.call('net/socket.c', 'sys_sendto', 10, () => s.site('return', '', 12));
  const m = new TraceModel(describeTrace(s.trace()));
  assert.deepEqual([...m.context], [Context.HardIrq, Context.HardIrq, Context.Process]);
  assert.equal(m.contextRoot[1], 0);
});

test('folding hides what is below and says how much', () => {
  const send = first(model, 'tcp_push'), open = model.visible(NO_FILTER), folded = new Set([send]), visible = model.visible({ ...NO_FILTER, folded });
  assert.equal(foldOf(send, open, new Set()), 'open');
  assert.equal(foldOf(send, visible, folded), 'folded');
  assert.equal(foldOf(first(model, 'skb_clone'), open, new Set()), 'leaf');
  assert.ok(visible.foldedCount[send] > 20);
  const clone = first(model, 'skb_clone');
  assert.equal(visible.shown[clone], 0);
  assert.equal(visible.seen[clone], send);
});

test('a packet is followed over clones and hosts; the rest is hidden', () => {
  const visible = model.visible({ ...NO_FILTER, packet: 7 }), there = new Set(names(model, visible.frames));
  for (const name of ['sys_sendto', 'tcp_transmit_skb', 'igb_tx_map', 'ip_rcv', 'tcp_v4_rcv', '__kfree_skb']) assert.ok(there.has(name), name);
  assert.ok(!there.has('tcp_delack_timer') && !there.has('hrtimer_interrupt'));
  assert.deepEqual(model.packets().slice(0, 2), [7, 8]);
});

test('revealing opens no more than it must', () => {
  const minor = first(model, 'tcp_options_write'), folded = new Set([first(model, 'inet_sendmsg'), first(model, 'ip_queue_xmit')]);
  const filter: Filter = { ...NO_FILTER, folded, packet: 8 }, next = model.revealing(minor, filter), visible = model.visible(next);
  assert.equal(visible.shown[minor], 1);
  assert.equal(next.packet, 0);
  assert.deepEqual([...next.folded], [first(model, 'ip_queue_xmit')]);
});

test('every frame is seen, or stands in one that is', () => {
  const frame = fc.integer({ min: 0, max: model.count - 1 });
  fc.assert(fc.property(fc.boolean(), fc.array(frame), fc.array(frame), (showMinor, folded, opened) => {
    const v = model.visible({ showMinor, folded: new Set(folded), opened: new Set(opened), packet: 0 });
    let children = 0;
    for (const f of model.order) {
      assert.ok(v.seen[f] >= 0 && v.shown[v.seen[f]] === 1);
      if (v.parent[f] >= 0) { children++; assert.equal(v.depth[f], v.depth[v.parent[f]] + 1); assert.ok(model.rank[v.parent[f]] < model.rank[f]); }
    }
    assert.equal(v.children.reduce((sum, n) => sum + n, 0), children);
    assert.equal(v.frames.length + v.foldedCount.reduce((a, n) => a + n, 0) + v.minorCount.reduce((a, n) => a + n, 0), model.count);
  }), { numRuns: 50 });
});

test('search knows no case and gives time order', () => {
  const found = model.search(' TCP_v4_RCV ');
  assert.ok(found.length > 1 && [...found].every((f) => model.name(f) === 'tcp_v4_rcv'));
  assert.deepEqual([...found], [...found].sort((a, b) => model.rank[a] - model.rank[b]));
  assert.equal(model.search('  ').length, 0);
});

test('times as people read them', () => {
  assert.deepEqual([0, 999, 1000, 12_345, 39_600_000, 1.5e9, NaN].map(duration), ['0 ns', '999 ns', '1.00 µs', '12.3 µs', '39.6 ms', '1.500 s', '']);
  assert.deepEqual([0, 1234, 39_647_622, -5].map(moment), ['+0.000 µs', '+1.234 µs', '+39.647622 ms', '-0.005 µs']);
});

test('a step of a time, though clocks of CPUs differ', () => {
  const t: GraphTrace = { ...model.trace, stepTime: Float64Array.from([10, 30, 20, 40]), stepFrame: Int32Array.from([0, 0, 0, 0]), events: [] };
  const m = new TraceModel(t);
  assert.deepEqual([5, 10, 25, 35, 99].map((time) => m.stepAtTime(time)), [0, 0, 1, 3, 4]);
  assert.deepEqual(m.pauses(15), [{ step: 1, ns: 20 }]);
});
