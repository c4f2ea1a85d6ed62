// The call graph in a real browser, outside VS Code: node test/webview/run.mjs [PART-OF-A-NAME ...]
// Screenshots go to .out/graph. The last line counts: @@counts passed failed skipped.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromiumPath } from '../../tools/vscode-host/host.mjs';

const host = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../tools/vscode-host/node_modules/playwright-core');
if (!existsSync(host) || !chromiumPath()) {
  console.log('  skip call graph in a browser: run "bash tools/vscode-host/setup.sh --browser" first');
  console.log('@@counts 0 0 1');
  process.exit(0);
}
const { Graph } = await import('./harness.mjs');
const { themes } = await import('./themes.mjs');

const only = process.argv.slice(2), counts = { passed: 0, failed: 0 }, g = await Graph.start();

async function test(name, body) {
  if (only.length > 0 && !only.some((part) => name.includes(part))) return;
  const begun = Date.now();
  g.problems.length = 0;
  try {
    await body();
    assert.deepEqual(g.problems, [], 'the page complained');
    counts.passed++;
    console.log(`  ok   ${name} (${Date.now() - begun} ms)`);
  } catch (error) {
    counts.failed++;
    console.log(`  FAIL ${name}\n      ${String(error.stack ?? error).split('\n').slice(0, 6).join('\n      ')}`);
    await g.shot(`FAIL-${name.replace(/\W+/g, '-')}`);
  }
}

const key = (k) => g.page.keyboard.press(k);
const focus = () => g.page.locator('.scroller').focus();
const button = (action) => g.page.locator(`[data-action=${action}]`);
const current = () => g.page.locator('.row[aria-current=step] .name').textContent();
const focused = () => g.page.locator('.row.focused .name').textContent();
const percentile = (list, p) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * p))];

await test('says when nothing runs, and offers a trace', async () => {
  await g.open();
  await g.shot('empty');
  assert.equal(await g.page.locator('.notice .text').textContent(), 'No trace is running.');
  await g.page.locator('button.run').click();
  assert.deepEqual((await g.taken()).pop(), { type: 'run', scenario: '' });
});

await test('lights the current frame, its stack and what was visited', async () => {
  await g.open();
  await g.trace(1);
  await g.move(await g.stepOf('ip_output'));
  assert.equal(await current(), 'ip_output');
  assert.match(await g.row('tcp_sendmsg').getAttribute('class'), /\bstack\b/);
  assert.match(await g.row('skb_clone').getAttribute('class'), /\breached\b/);
  assert.doesNotMatch(await g.row('igb_tx_map').getAttribute('class'), /\breached\b|\bahead\b/);
  const box = await g.page.locator('.row.current').boundingBox();
  assert.ok(box.y > 80 && box.y < 780, `in view: ${box.y}`);
  await g.page.waitForTimeout(150);
  await g.shot('dark');
  await g.move(await g.stepOf('tcp_sendmsg'), await g.stepOf('ip_output'));
  assert.match(await g.row('skb_clone').getAttribute('class'), /\bahead\b/);
  assert.equal(await g.page.locator('.status .past').textContent(), 'past');
  await g.page.waitForTimeout(150);
  await g.shot('past');
});

await test('a click goes there; the twist folds; the badge shows accessors', async () => {
  await g.open();
  await g.trace(1);
  await g.move(await g.stepOf('tcp_sendmsg'));
  await g.taken();
  await g.row('tcp_push').locator('.name').click();
  assert.deepEqual(await g.taken(), [{ type: 'goto', step: await g.stepOf('tcp_push') }]);
  await g.row('tcp_push').locator('.twist').click();
  assert.equal(await g.row('tcp_push').getAttribute('aria-expanded'), 'false');
  assert.equal(await g.row('tcp_write_xmit').count(), 0);
  assert.deepEqual(await g.taken(), []);
  await g.move(await g.stepOf('ip_output'));
  assert.equal(await current(), 'tcp_push', 'what is folded away lights where it is');
  assert.equal(await g.row('tcp_push').locator('.inner').textContent(), '› ip_output');
  await g.row('tcp_push').locator('.badge').click();
  assert.equal(await current(), 'ip_output');
  await g.row('tcp_transmit_skb').locator('.badge').click();
  assert.equal(await g.row('tcp_options_write').count(), 1);
  await g.row('tcp_transmit_skb').locator('.name').click({ modifiers: ['Alt'] });
  assert.equal((await g.taken()).pop().type, 'source');
});

await test('the whole keyboard', async () => {
  await g.open();
  await g.trace(1);
  await g.move(await g.stepOf('tcp_push'));
  await g.taken();
  await focus();
  await key('ArrowRight');
  assert.equal(await focused(), '__tcp_push_pending_frames');
  await key('ArrowDown');
  assert.equal(await focused(), 'tcp_write_xmit');
  assert.equal(await g.page.locator('.scroller').getAttribute('aria-activedescendant'), await g.row('tcp_write_xmit').getAttribute('id'));
  await key('ArrowLeft');
  assert.equal(await g.row('tcp_write_xmit').getAttribute('aria-expanded'), 'false');
  await key('ArrowLeft');
  assert.equal(await focused(), '__tcp_push_pending_frames');
  await key('Enter');
  assert.deepEqual(await g.taken(), [{ type: 'goto', step: await g.stepOf('__tcp_push_pending_frames') }]);
  for (const [k, message] of [['n', { type: 'packetEvent', direction: 1, packet: 0 }], ['p', { type: 'packetEvent', direction: -1, packet: 0 }], ['s', { type: 'step', action: 'in' }], ['S', { type: 'step', action: 'back' }], ['v', { type: 'step', action: 'over' }], ['u', { type: 'step', action: 'out' }]]) {
    await key(k);
    assert.deepEqual((await g.taken()).pop(), message, k);
  }
  await key('o');
  assert.equal((await g.taken()).pop().at, 'entry');
  await key('+');
  assert.equal(await g.page.locator('.toolbar .zoom').textContent(), '120%');
  await key('a');
  assert.equal(await g.row('fget_light').count(), 1);
  await key('Home');
  assert.equal(await focused(), 'sys_recvfrom');
  await key('End');
  const last = await focused();
  await key('.');
  await g.page.waitForTimeout(400);
  assert.notEqual(await focused(), last);
  assert.equal(await focused(), 'tcp_push');
  await key('?');
  await g.shot('help');
  assert.ok(await g.page.locator('.legend').isVisible());
  await key('Escape');
  assert.ok(!await g.page.locator('.legend').isVisible());
});

await test('search finds, counts, and opens what hides a match', async () => {
  await g.open();
  await g.trace(5000);
  await focus();
  await key('/');
  await g.page.keyboard.type('tcp_options');
  await g.page.waitForFunction(() => /^1 of \d+/.test(document.querySelector('.toolbar .count').textContent));
  assert.equal(await focused(), 'tcp_options_write');
  const rank = async () => Number((await g.page.locator('.row.focused').getAttribute('data-frame')));
  const first = await rank();
  await key('Enter');
  assert.ok(await rank() > first);
  await key('Shift+Enter');
  assert.equal(await rank(), first);
  await g.shot('search');
  await g.page.keyboard.type('zzz');
  assert.equal(await g.page.locator('.toolbar .count').textContent(), 'No match');
  await key('Escape');
  assert.equal(await g.page.locator('.row.match').count(), 0);
  assert.ok(await g.page.evaluate(() => document.activeElement.classList.contains('scroller')));
});

await test('one packet is followed', async () => {
  await g.open();
  await g.trace(1);
  await g.move(await g.stepOf('skb_clone'));
  await g.taken();
  await button('follow').click();
  assert.deepEqual(await g.taken(), [{ type: 'follow', packet: 7 }]);
  assert.equal(await g.row('hrtimer_interrupt').count(), 0);
  assert.match(await g.row('skb_clone').getAttribute('class'), /\bfollowed\b/);
  await button('nextEvent').click();
  assert.deepEqual((await g.taken()).pop(), { type: 'packetEvent', direction: 1, packet: 7 });
  await g.shot('followed');
  await button('follow').click();
  await focus();
  await key('End');
  assert.equal(await g.page.locator('.toolbar .packet').textContent(), '');
});

await test('lanes, one column, tidy tree; zoom, bars, fit, pan', async () => {
  await g.open({ width: 1440, height: 900 });
  await g.trace(1);
  await g.move(await g.stepOf('nic transmits'));
  await g.page.waitForTimeout(200);
  await g.shot('lanes');
  assert.equal(await g.page.locator('.lane').count(), 2);
  await button('tree').click();
  await g.move(await g.stepOf('ip_output'));
  assert.equal(await current(), 'ip_output');
  await g.shot('tree');
  await button('groups').click();
  assert.ok(!await g.page.locator('.lane-bar').isVisible());
  const scroller = g.page.locator('.scroller'), before = await scroller.evaluate((e) => e.scrollTop);
  const area = await scroller.boundingBox();
  await g.taken();
  await g.page.mouse.move(area.x + 400, area.y + 300);
  await g.page.mouse.down();
  await g.page.mouse.move(area.x + 400, area.y + 200, { steps: 4 });
  await g.page.mouse.up();
  assert.equal(await scroller.evaluate((e) => e.scrollTop), before + 100);
  assert.deepEqual(await g.taken(), [], 'a drag is no click');
  await g.page.keyboard.down('Control');
  await g.page.mouse.wheel(0, -120);
  await g.page.keyboard.up('Control');
  await g.page.waitForFunction(() => parseInt(document.querySelector('.toolbar .zoom').textContent, 10) > 100);
  for (let i = 0; i < 8; i++) await button('zoomOut').click();
  assert.ok((await g.page.locator('path.bar.layer-tcp').getAttribute('d')).length > 100);
  await g.shot('bars');
  await button('fit').click();
  await button('fit').click();
  assert.ok(await scroller.evaluate((e) => e.scrollHeight <= e.clientHeight + 2));
  await g.shot('fit');
});

await test('themes: light, high contrast, Chinese', async () => {
  await g.open({ theme: 'light', language: 'zh-cn' });
  await g.trace(1);
  await g.move(await g.stepOf('hrtimer_interrupt'));
  await g.page.waitForTimeout(200);
  await g.shot('light-zh');
  assert.equal(await g.page.locator('.status .live').textContent(), '实时');
  const colour = () => g.page.locator('.row.current .node').evaluate((e) => getComputedStyle(e).backgroundColor);
  const light = await colour();
  await g.theme('contrast');
  assert.notEqual(await colour(), light);
  await g.shot('contrast');
});

await test('every text can be read in six themes', async () => {
  for (const theme of Object.keys(themes)) {
    await g.open({ theme });
    await g.trace(1);
    await g.move(await g.stepOf('dev_queue_xmit'), await g.stepOf('igb_tx_map'));
    await g.page.waitForTimeout(200);
    const weak = (await g.page.evaluate(() => globalThis.textContrasts())).filter(({ ratio }) => ratio < 4.5);
    assert.deepEqual(weak, [], theme);
    await g.shot(`theme-${theme}`);
  }
});

await test('in a narrow panel layers, contexts and callers stay in view', async () => {
  await g.open({ width: 340, height: 700 });
  await g.trace(1);
  await g.move(await g.stepOf('dma_map_single'));
  const box = (e) => e.boundingBox(), inView = (b) => b !== null && b.x >= 0 && b.x + 20 < 340 && b.y >= 0;
  assert.ok(await g.page.locator('.scroller').evaluate((e) => e.scrollLeft) > 0, 'scrolled to the right');
  const name = await box(g.row('dma_map_single').locator('.name')), gutter = await box(g.row('dma_map_single').locator('.gutter'));
  assert.ok(inView(gutter) && inView(name) && name.x >= gutter.x + gutter.width - 10, JSON.stringify({ name, gutter }));
  // the topmost frame says its layer, whether it begins there or not; the line above says what it runs in, and its callers
  const line = await box(g.page.locator('.crumbs')), rows = await Promise.all((await g.page.locator('.row').all()).map(async (r) => ({ y: (await box(r)).y, layer: await r.locator('.gutter').textContent() })));
  const top = rows.filter(({ y }) => y >= line.y + line.height - 1).sort((a, b) => a.y - b.y)[0];
  assert.notEqual(top.layer, '');
  assert.match(await g.page.locator('.crumbs').textContent(), /^processclient 47host a · CPU 0.*\w/);
  await g.shot('narrow');
});

await test('another width is another layout: durations where they have room, hosts beside each other where they fit', async () => {
  await g.open({ width: 460, height: 700 });
  await g.trace(1);
  await g.move(await g.stepOf('ip_output'));
  const took = g.row('ip_output').locator('.took');
  assert.ok(!await took.isVisible(), 'no room for durations');
  const name = await g.row('dma_map_single').locator('.name').boundingBox();
  assert.ok(name.x + name.width < 460, 'the deepest name fits');
  await g.page.setViewportSize({ width: 760, height: 700 });
  await took.waitFor();
  await g.page.setViewportSize({ width: 1440, height: 700 });
  await g.page.locator('.lane').nth(1).waitFor();
  assert.equal(await current(), 'ip_output');
});

await test('a card that goes on says of each context what runs in it', async () => {
  await g.open();
  await g.page.evaluate(() => {
    const t = globalThis.syntheticTrace(1), f = t.frames, name = (i) => t.functions[f.fn[i]].name, at = (n) => [...f.fn].findIndex((_, i) => name(i) === n);
    // a softirq that was entered from a hard interrupt, and time in which nothing ran in the middle of it
    const hard = at('do_IRQ'), soft = at('__do_softirq'), poll = at('igb_clean_rx_irq'), inside = f.inside.slice();
    inside[soft] = hard;
    const stepTime = t.stepTime.map((x, i) => (i > f.firstStep[poll] ? x + 5e6 : x));
    globalThis.trace = { ...t, stepTime, frames: { ...f, inside } };
    window.postMessage({ type: 'trace', session: 's', trace: globalThis.trace, position: { step: f.firstStep[poll], count: t.stepFrame.length, visited: f.firstStep[poll], past: false, packet: 7 }, launch: 'tcp-send-64' }, '*');
  });
  await g.page.waitForFunction(() => globalThis.sent.some((m) => m.type === 'shown'));
  await g.page.locator('.gap', { hasText: '5.00 ms' }).waitFor();
  const gap = (await g.page.locator('.gap', { hasText: '5.00 ms' }).boundingBox()).y, heads = [];
  for (const head of await g.page.locator('.head').all()) { const { y } = await head.boundingBox(); if (y > gap) heads.push({ y, kind: await head.locator('.kind').textContent() }); }
  assert.deepEqual(heads.sort((a, b) => a.y - b.y).slice(0, 2).map(({ kind }) => kind), ['hard IRQ', 'softirq']);
  await g.shot('goes-on');
});

await test('another run begins where names can be read', async () => {
  await g.open();
  await g.trace(5000);
  for (let i = 0; i < 14; i++) await button('zoomOut').click();
  await g.trace(1);
  assert.equal(await g.page.locator('.toolbar .zoom').textContent(), '100%');
});

await test('tooltip and function status', async () => {
  await g.open();
  await g.trace(1);
  await g.move(await g.stepOf('tcp_write_xmit'));
  const n = await g.page.evaluate(() => globalThis.trace.functions.map((f) => (f.name === 'skb_clone' ? 3 : 1)));
  await g.page.evaluate((status) => window.postMessage({ type: 'status', session: 's', functions: Uint8Array.from(status) }, '*'), n);
  await g.page.locator('.row.missing', { hasText: 'skb_clone' }).waitFor();
  await g.row('skb_clone').locator('.name').hover();
  await g.page.locator('.tooltip.on').waitFor();
  const text = await g.page.locator('.tooltip').textContent();
  for (const part of ['skb_clone', 'net/core/skbuff.c', 'not in this tree', 'packet 7', 'clone', 'CPU 0']) assert.ok(text.includes(part), part);
  await g.shot('tooltip');
});

await test('the time strip goes to a moment', async () => {
  await g.open();
  await g.trace(1);
  await g.taken();
  const plot = await g.page.locator('.plot').boundingBox();
  await g.page.mouse.click(plot.x + plot.width * 0.5, plot.y + 16 + 4 * 15 + 7);
  const [message] = await g.taken(), on = await g.page.evaluate((step) => { const f = globalThis.trace.stepFrame[step]; return [globalThis.trace.frames.host[f], globalThis.trace.frames.cpu[f]]; }, message.step);
  assert.equal(message.type, 'goto');
  assert.deepEqual(on, [1, 1]);
  await g.page.locator('.plot').focus();
  await key('End');
  assert.deepEqual((await g.taken()).pop(), { type: 'goto', step: await g.page.evaluate(() => globalThis.trace.stepFrame.length - 1) });
});

await test('folds, zoom and place survive a reload; another trace starts anew', async () => {
  await g.open();
  await g.trace(1);
  await g.move(await g.stepOf('tcp_push'));
  await g.row('tcp_push').locator('.twist').click();
  await button('zoomIn').click();
  await g.page.waitForTimeout(400);
  const state = await g.page.evaluate(() => globalThis.saved);
  assert.deepEqual([state.zoom, state.folded.length], [1.2, 1]);
  await g.open({ state });
  await g.page.locator('button.run', { hasText: 'Run tcp-send-64 again' }).click();
  assert.deepEqual((await g.taken()).pop(), { type: 'run', scenario: 'tcp-send-64' });
  await g.shot('reloaded');
  await g.trace(1, await g.page.evaluate(() => 0));
  assert.equal(await g.page.locator('.toolbar .zoom').textContent(), '120%');
  await g.move(await g.page.evaluate(() => { const t = globalThis.trace; return [...t.stepFrame].findIndex((f) => t.functions[t.frames.fn[f]].name === 'ip_output'); }));
  assert.equal(await current(), 'tcp_push');
  await g.trace(1000);
  assert.equal(await g.row('tcp_push').first().getAttribute('aria-expanded') ?? 'true', 'true');
});

await test('a session that ended says so; its clicks offer a new run', async () => {
  await g.open();
  await g.trace(1);
  await g.message({ type: 'ended', session: 's', reason: '' });
  await g.page.locator('button.run').first().click();
  assert.deepEqual((await g.taken()).pop(), { type: 'run', scenario: 'tcp-send-64' });
  await g.page.locator('.row .name').first().click();
  assert.ok(!(await g.taken()).some((m) => m.type === 'goto'));
});

await test('names are text, whatever they hold', async () => {
  await g.open();
  await g.trace(1);
  await g.page.evaluate(() => {
    const evil = '<img src=x onerror="globalThis.hacked=1">', t = globalThis.trace;
    const trace = { ...t, title: evil, hosts: t.hosts.map(() => ({ name: evil, cpus: 2 })), functions: t.functions.map((f) => ({ ...f, name: evil, path: evil })), wire: t.wire.map((w) => ({ ...w, summary: evil })), events: t.events.map((e) => ({ ...e, kind: evil, detail: evil })) };
    window.postMessage({ type: 'trace', session: 'evil', trace, position: { step: 3, count: trace.stepFrame.length, visited: 3, past: false, packet: 0 }, launch: 'evil' }, '*');
  });
  await g.page.waitForFunction(() => document.querySelector('.status .title').textContent.startsWith('<img'));
  assert.equal(await g.page.evaluate(() => globalThis.hacked), undefined);
  assert.equal(await g.page.locator('img').count(), 0);
});

await test('a run without frames, and messages before any run, do no harm', async () => {
  await g.open();
  await g.message({ type: 'follow', packet: 7 });
  await g.message({ type: 'reveal', frame: 3 });
  await g.message({ type: 'moved', session: 's', position: { step: 3, count: 9, visited: 3, past: false, packet: 0 } });
  await g.page.evaluate(() => {
    const t = globalThis.syntheticTrace(1), frames = Object.fromEntries(Object.entries(t.frames).map(([k, v]) => [k, k === 'count' ? 0 : v.slice(0, 0)]));
    window.postMessage({ type: 'trace', session: 'empty', trace: { ...t, frames, events: [], stepFrame: new Int32Array(0), stepTime: new Float64Array(0), stopped: 'recording stopped' }, position: { step: 0, count: 0, visited: 0, past: false, packet: 0 }, launch: 'evil' }, '*');
  });
  await g.page.waitForFunction(() => globalThis.sent.some((m) => m.type === 'shown'));
  assert.equal(await g.page.locator('.notice .text').textContent(), 'recording stopped');
  await button('tree').click();
  await focus();
  for (const k of ['ArrowDown', 'End', 'Enter', ' ', '*', '.', 'f', 'a']) await key(k);
});

await test('tree roles for screen readers', async () => {
  await g.open();
  await g.trace(1);
  await g.move(await g.stepOf('tcp_sendmsg'));
  const row = g.row('tcp_sendmsg');
  assert.equal(await g.page.locator('.scroller').getAttribute('role'), 'tree');
  assert.equal(await row.getAttribute('role'), 'treeitem');
  assert.equal(await row.getAttribute('aria-level'), '4');
  assert.match(await row.getAttribute('aria-label'), /^tcp_sendmsg, TCP, process, /);
  assert.equal(await g.page.locator('[aria-current]').count(), 1);
});

await test('10,000 frames: few elements, a step in less than 10 ms', async () => {
  await g.open();
  await g.trace(10_000);
  const from = await g.stepOf('tcp_sendmsg', 20), times = [];
  for (let i = 0; i < 200; i++) times.push(await g.move(from + i));
  console.log(`       step of 10,000 frames: median ${percentile(times, 0.5).toFixed(1)} ms, p90 ${percentile(times, 0.9).toFixed(1)} ms`);
  assert.ok(percentile(times, 0.5) < 10);
  assert.ok(await g.page.locator('.row').count() < 120);
  assert.ok(await g.page.evaluate(() => document.querySelectorAll('*').length) < 2500);
});

await g.close();
console.log(`@@counts ${counts.passed} ${counts.failed} 0`);
process.exit(counts.failed > 0 ? 1 : 0);
