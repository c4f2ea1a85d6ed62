/** Exporters on a real run: each is what readers of its format expect. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { loadScenario, runScenario } from '../scenario';
import type { Trace } from '../trace/model';
import { durationColumn, taskColumn } from './function-graph';
import { exporterFor, exporters } from './registry';

let made: Trace | null = null;
function trace(): Trace {
  if (made === null) {
    const loaded = loadScenario({ id: 'tcp-send-64' });
    assert.ok(loaded.ok);
    made = runScenario(loaded.value);
  }
  return made;
}
function bytes(id: string, host?: number): Buffer {
  return Buffer.concat([...exporterFor(id)!.export(trace(), { host, line: (anchor) => ({ status: 'exact', line: anchor.nth }) })].map((piece) => Buffer.from(piece)));
}
function text(id: string, host?: number): string {
  return bytes(id, host).toString('latin1');
}

test('every format gives something, and only its host when asked', () => {
  for (const { id } of exporters) {
    assert.ok(text(id).length > 100, id);
    assert.ok(text(id, 0).length < text(id).length, `${id} of host a is less than of both`);
  }
});

test('function_graph opens and closes every call', () => {
  let depth = 0;
  for (const line of text('function_graph', 0).split('\n')) {
    if (line.startsWith('#')) continue;
    const body = line.slice(line.lastIndexOf('|') + 1);
    if (body.trimEnd().endsWith('{')) depth++;
    else if (body.trim().startsWith('}')) depth--;
    assert.ok(depth >= 0, line);
  }
  assert.equal(depth, 0);
});

test('json and perfetto are JSON, with the calls in them', () => {
  assert.match(JSON.stringify(JSON.parse(text('json'))), /tcp_write_xmit/);
  assert.match(JSON.stringify(JSON.parse(text('perfetto'))), /tcp_write_xmit/);
});

test('pcapng starts with a section header of the right byte order, and its blocks fill the file', () => {
  const out = bytes('pcapng');
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength);
  assert.equal(view.getUint32(0, true), 0x0a0d0d0a);
  assert.equal(view.getUint32(8, true), 0x1a2b3c4d);
  let at = 0;
  while (at < out.length) {
    const length = view.getUint32(at + 4, true);
    assert.equal(length % 4, 0);
    assert.equal(view.getUint32(at + length - 4, true), length, 'a block says its length twice');
    at += length;
  }
  assert.equal(at, out.length);
});

test('lines has path, line and function, and goes through the driver', () => {
  const rows = text('lines', 0).trim().split('\n');
  for (const row of rows) assert.match(row, /^[\w/.-]+\.[ch]\t\d+\t\w+$/);
  assert.ok(rows.some((r) => r.includes('igb_xmit_frame')));
});

test('every format comes in pieces: none is longer than a file may be as one string', () => {
  for (const { id } of exporters) {
    let longest = 0;
    for (const piece of exporterFor(id)!.export(trace(), { line: (anchor) => ({ status: 'exact', line: anchor.nth }) })) longest = Math.max(longest, piece.length);
    assert.ok(longest < 1 << 18, `${id}: ${longest}`);
  }
});

test('function_graph has the columns of the tracer', () => {
  assert.equal(durationColumn(5896), '  5.896 us    ');
  assert.equal(durationColumn(50477), '+ 50.477 us   ');
  assert.equal(durationColumn(1_234_567.8), '! 1234.567 us ');
  assert.equal(durationColumn(12_345_678_000), '! 12345678 us ');
  assert.equal(durationColumn(NaN).length, 14);
  assert.equal(taskColumn('nt', 323), '    nt-323    ');
  assert.equal(taskColumn('kworker/u:1', 7).trim(), 'kworker-7');
  for (const row of text('function_graph', 0).split('\n')) if (row !== '' && !row.startsWith('#')) assert.match(row, /^ *\d+\.\d{6} \|  [ \d]\d\) .{14,} \| (.{14}|  [=<]=+[=>] )\|/);
});

test('folded stacks are rows of names and a number, and hold the time that passed', () => {
  let total = 0;
  for (const row of text('folded', 1).trim().split('\n')) {
    const m = /^b cpu\d;[^;]+-\d+;[\w;/ .]+ (\d+)$/.exec(row);
    assert.ok(m, row);
    total += Number(m[1]);
  }
  const { frames } = trace();
  let roots = 0;
  for (let f = 0; f < frames.count; f++) if (frames.host[f] === 1 && frames.parent[f] < 0 && frames.inside[f] < 0) roots += frames.leaveTime[f] - frames.enterTime[f];
  assert.ok(Math.abs(total - roots) / roots < 0.01, `${total} of ${roots}`);
});

test('graphviz draws the call graph', { skip: spawnSync('dot', ['-V']).error ? 'graphviz is not installed' : false }, () => {
  const drawn = spawnSync('dot', ['-Tplain'], { input: text('dot'), encoding: 'utf8' });
  assert.equal(drawn.status, 0, drawn.stderr);
  assert.match(drawn.stdout, /tcp_write_xmit/);
});

test('trace events are what the format asks for', () => {
  const { traceEvents } = JSON.parse(text('perfetto')) as { traceEvents: { ph: string; name: string; pid: number; tid: number; ts?: number; dur?: number }[] };
  for (const e of traceEvents) {
    assert.ok(['M', 'X', 'i'].includes(e.ph) && e.name !== '' && Number.isInteger(e.pid) && Number.isInteger(e.tid), JSON.stringify(e));
    if (e.ph !== 'M') assert.ok(Number.isFinite(e.ts), JSON.stringify(e));
    if (e.ph === 'X') assert.ok(e.dur! >= 0, JSON.stringify(e));
  }
});
