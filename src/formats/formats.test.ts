/** Exporters on a real run: each is what readers of its format expect. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { resultText } from '../base/errno';
import { errno_name } from '../emulator/include/uapi/asm-generic/errno';
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

function textOf(id: string, format = 'text'): string {
  const loaded = loadScenario({ id });
  assert.ok(loaded.ok);
  return Buffer.concat([...exporterFor(format)!.export(runScenario(loaded.value), { line: () => ({ status: 'missing', line: 0 }) })].map((piece) => Buffer.from(piece))).toString('latin1');
}

test('the call tree: a function stands one step right of the one shown above it; events where they happen; results with their errno', () => {
  const tree = text('text');
  assert.doesNotMatch(tree, /packet 0\b/);
  let last = -1, rows = 0;
  for (const row of tree.split('\n').slice(1)) {
    const m = /^ {13}( +)(hard irq: |softirq: |device: )?[\w.]+$/.exec(row);
    if (!m) { if (/^ *\d+\.\d{6}  [ab] /.test(row)) last = Infinity; continue; }
    const depth = m[1].length / 2 - 1;
    assert.ok(Number.isInteger(depth) && depth <= last + 1, `${row} is ${depth} deep after ${last}`);
    last = depth;
    rows++;
  }
  assert.ok(rows > 400, `${rows} calls`);
  assert.match(tree, /^ {2}\d+\.\d{6} {13,}\* alloc packet \d+, __alloc_skb$/m);
  const refused = textOf('ipt-output-drop');
  assert.match(refused, /a send\(64\) = -1 \(EPERM\)$/m);
  assert.match(refused, /\* copy 64 bytes from the user$/m);
  assert.match(textOf('ipt-output-drop', 'counters'), /1 {2}\S+: send\(64\) = -1 \(EPERM\)$/m);
});

test('names of errno numbers are those of the emulated kernel', () => {
  for (let n = 1; n < 120; n++) if (errno_name(-n) !== String(-n) && n < 116) assert.equal(resultText(-n), `${-n} (${errno_name(-n).slice(1)})`);
  assert.equal(resultText(0), '0');
  assert.equal(resultText(-4000), '-4000');
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
    assert.ok(['M', 'X', 'B', 'i'].includes(e.ph) && e.name !== '' && Number.isInteger(e.pid) && Number.isInteger(e.tid), JSON.stringify(e));
    if (e.ph !== 'M') assert.ok(Number.isFinite(e.ts), JSON.stringify(e));
    if (e.ph === 'X') assert.ok(e.dur! >= 0, JSON.stringify(e));
  }
});
