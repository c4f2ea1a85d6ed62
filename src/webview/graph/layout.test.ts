import assert from 'node:assert/strict';
import { test } from 'node:test';
import { syntheticTrace } from '../../../test/webview/synthetic';
import { TimeAxis, timeSpans } from './axis';
import { keyAction } from './keys';
import { firstBelow, flowLayout, type Layout, type Metrics } from './layout';
import { linkPaths, wirePath } from './links';
import { NO_FILTER, TraceModel } from './model';
import { keyOf, readSaved, type Saved } from './saved';
import { tidyLayout } from './tidy';

const model = new TraceModel(syntheticTrace(600)), visible = model.visible(NO_FILTER);
const metrics: Metrics = { char: 7, extras: () => 40, available: 2000 };
const frames = (layout: Layout): number[] => layout.items.filter((i) => i.kind === 'frame').map((i) => i.ref);

for (const apart of [true, false]) {
  const layout = flowLayout(model, visible, metrics, apart);

  test(`flow, ${apart ? 'lanes' : 'one column'}: every shown frame once, time runs down, nothing overlaps`, () => {
    assert.deepEqual(frames(layout), [...visible.frames]);
    for (let i = 1; i < layout.items.length; i++) assert.ok(layout.items[i].y >= layout.items[i - 1].y + layout.items[i - 1].height, `item ${i}`);
    for (const f of visible.frames) assert.equal(layout.items[layout.itemOf[f]].ref, f);
    const last = layout.items[layout.items.length - 1];
    assert.ok(layout.height >= last.y + last.height);
  });

  test(`flow, ${apart ? 'lanes' : 'one column'}: each host in its place, callees to the right of callers`, () => {
    for (const item of layout.items) {
      if (item.kind !== 'frame') continue;
      assert.equal(item.x, layout.lanes[item.host].x);
      if (item.parent >= 0) { assert.equal(item.level, layout.items[item.parent].level + 1); assert.equal(layout.items[item.parent].ref, visible.parent[item.ref]); }
    }
    assert.equal(layout.lanes[0].x === layout.lanes[1].x, !apart);
  });
}

test('a context is a box; an interrupt lies inside the box of what it interrupted', () => {
  const layout = flowLayout(model, visible, metrics, true), inner = layout.boxes.find((b) => model.name(b.context) === 'smp_apic_timer_interrupt')!;
  const outer = layout.boxes.find((b) => b.nesting === 0 && b.y < inner.y && b.y + b.height >= inner.y + inner.height && model.name(b.context) === 'sys_sendto');
  assert.equal(inner.nesting, 1);
  assert.ok(outer && outer.x < inner.x && outer.x + outer.width > inner.x + inner.width);
  // b's recvfrom is cut in two by what happens while it sleeps: the second part says that it goes on
  const heads = layout.items.filter((i) => i.kind === 'context' && model.name(i.value) === 'sys_recvfrom');
  assert.deepEqual(heads.slice(0, 2).map((h) => h.mark), [false, true]);
});

test('a frame on the wire comes after its sender and before its receiver; long pauses are told', () => {
  const layout = flowLayout(model, visible, metrics, true), at = layout.items.findIndex((i) => i.kind === 'wire'), before = layout.items.slice(0, at).filter((i) => i.kind === 'frame').pop()!, after = layout.items.slice(at).find((i) => i.kind === 'frame')!;
  assert.deepEqual([model.name(before.ref), model.name(after.ref)], ['nic transmits', 'do_IRQ']);
  assert.ok(layout.items[at].value <= layout.items[at].y);
  assert.match(wirePath(layout, layout.items[at], 0, 1), /^M[\d.]+ [\d.]+C/);
  assert.equal(wirePath(flowLayout(model, visible, metrics, false), layout.items[at], 0, 1), '');
  assert.ok(layout.items.some((i) => i.kind === 'gap' && i.value > 39e6));
});

test('deep trees are indented less in a narrow view', () => {
  assert.equal(flowLayout(model, visible, metrics, false).indent, 15);
  assert.equal(flowLayout(model, visible, { ...metrics, available: 400 }, false).indent, 6);
});

test('tidy tree: callees in time order beneath each other, one column further right, no overlap', () => {
  const layout = tidyLayout(model, visible, metrics);
  assert.deepEqual(frames(layout).sort((a, b) => a - b), [...visible.frames].sort((a, b) => a - b));
  const columns = new Map<number, number>(), lastChildY = new Map<number, number>();
  for (const item of layout.items) {
    const bottom = columns.get(item.x);
    assert.ok(bottom === undefined || item.y >= bottom - 0.01, `${item.kind} ${item.ref}`);
    columns.set(item.x, item.y + item.height);
  }
  for (const f of visible.frames) {
    const item = layout.items[layout.itemOf[f]], parent = layout.items[item.parent];
    assert.ok(item.x > parent.x + parent.width);
    assert.ok(item.y > (lastChildY.get(item.parent) ?? -1));
    lastChildY.set(item.parent, item.y);
  }
});

test('5,000 frames are laid out in time', () => {
  const big = new TraceModel(syntheticTrace(5000)), all = big.visible({ ...NO_FILTER, showMinor: true });
  assert.ok(all.frames.length >= 5000);
  for (const make of [() => flowLayout(big, all, metrics, true), () => tidyLayout(big, all, metrics)]) {
    make();
    const begun = process.cpuUsage().user;
    make();
    assert.ok(process.cpuUsage().user - begun < 300_000, `${(process.cpuUsage().user - begun) / 1000} ms`);
  }
});

test('only lines that cross the view are drawn, and a caller above it keeps its line', () => {
  const layout = flowLayout(model, visible, metrics, false), send = layout.items[layout.itemOf[visible.frames.find((f) => model.name(f) === 'tcp_push')!]];
  const paths = linkPaths(layout, send.y + 60, send.y + 200, () => 'reached'), lines = paths.reached.split('M').length - 1;
  assert.ok(lines > 4 && lines < 25, String(lines));
  assert.equal(paths.unseen + paths.ahead + paths.stack, '');
  // tcp_sendmsg stands above this view and calls release_sock below it
  const sendmsg = layout.items[layout.itemOf[visible.frames.find((f) => model.name(f) === 'tcp_sendmsg')!]];
  assert.ok(paths.reached.split('M').some((p) => p.split(' ')[1]?.startsWith(String(sendmsg.y + sendmsg.height - 3))));
  const i = firstBelow(layout.items, send.y + 1);
  assert.equal(layout.items[i], send);
});

test('time axis: there and back, pauses squeezed', () => {
  const axis = new TimeAxis(model), { stepTime } = model.trace, last = stepTime[stepTime.length - 1];
  assert.equal(axis.at(stepTime[0]), 0);
  assert.equal(axis.at(last), 1);
  for (const s of [0, 17, 200, stepTime.length - 1]) assert.ok(Math.abs(axis.timeAt(axis.at(stepTime[s])) - stepTime[s]) < 1);
  let before = -1;
  for (const time of stepTime) { const x = axis.at(time); assert.ok(x >= before); before = x; }
  assert.ok(axis.pauses.some((p) => p.ns > 39e6));
  const { rows, spans } = timeSpans(model);
  assert.deepEqual(rows.map((r) => `${r.host}${r.nic ? 'n' : r.cpu}`), ['00', '01', '0n', '10', '11']);
  assert.ok(spans.every((s) => s.to >= s.from && s.row < rows.length));
});

test('keys: the graph takes its own, and leaves the workbench its', () => {
  const key = (k: string, more = {}) => keyAction({ key: k, ctrlKey: false, altKey: false, metaKey: false, ...more });
  assert.deepEqual(key('Enter'), { do: 'go' });
  assert.deepEqual(key('n'), { do: 'action', action: 'nextEvent' });
  assert.equal(key('p', { ctrlKey: true }), null);
  assert.equal(key('F10'), null);
  assert.equal(key('toString'), null);
});

test('what was saved is taken for the same trace only', () => {
  const key = keyOf(model.trace), saved: Saved = { key, layout: 'tree', zoom: 0.5, left: 1, top: 2, showMinor: true, folded: [3], opened: [], packet: 7, query: 'tcp', focus: 4, launch: 'tcp-send-64' };
  assert.deepEqual(readSaved(structuredClone(saved), key), saved);
  assert.equal(readSaved(saved, 'another'), null);
  for (const bad of [null, 3, {}, { ...saved, folded: ['x'] }]) assert.equal(readSaved(bad, key), null);
  assert.equal(readSaved({ ...saved, zoom: 'x', layout: 'spiral' }, key)?.zoom, 1);
});
