/** Recorded traces come in: what we write ourselves, what the tracer and trace-cmd write, and what is broken. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { loadScenario, runScenario } from '../scenario';
import { Context, depthOf, stackOfStep, type Trace } from '../trace/model';
import type { Imported, ImportOptions } from './format';
import { rowOf } from './ftrace-lines';
import { durationColumn } from './function-graph';
import { exporterFor, importerFor } from './registry';

const NOWHERE: ImportOptions = { name: 'host', kernel: '3.10.108', locate: () => null, callSite: () => null };
/** Every function stands in one file and calls each other in one place. */
const SOMEWHERE: ImportOptions = { ...NOWHERE, locate: () => ({ path: 'net/socket.c', def: 1 }), callSite: (caller, callee) => ({ path: caller.path, function: caller.name, def: 1, kind: 'call', text: callee, nth: 1 }) };

function read(text: string, options: ImportOptions = NOWHERE): Imported {
  const importer = importerFor(text.slice(0, 65536));
  assert.ok(importer, 'recognised');
  const made = importer.import(text, options);
  assert.ok(made.ok, made.ok === false ? made.error.message : '');
  return made.value;
}
const written = (trace: Trace): string => [...exporterFor('function_graph')!.export(trace, { line: () => ({ status: 'missing', line: 0 }) })].join('');

/** The calls that function_graph shows, as rows. Contexts are left out: the kernel's own count of nesting, which a trace has, begins a little after the interrupt, which a text shows. */
function calls(trace: Trace): string[] {
  const { frames } = trace, rows: { time: number; text: string }[] = [];
  for (let f = 0; f < frames.count; f++) {
    if (frames.context[f] === Context.Nic) continue;
    const up = frames.parent[f] >= 0 ? frames.parent[f] : frames.inside[f], task = trace.tasks[frames.task[f]], name = (g: number): string => trace.functions[frames.fn[g]].name;
    const over = durationColumn(frames.leaveTime[f] - frames.enterTime[f]).trim();
    rows.push({ time: Math.round(Number((frames.enterTime[f] / 1e9).toFixed(6)) * 1e6), text: `${trace.hosts[frames.host[f]].name} cpu${frames.cpu[f]} ${task.comm.slice(0, 7)}-${task.pid} ${depthOf(trace, f)} ${up < 0 ? '' : name(up)}${frames.inside[f] >= 0 ? '!' : '>'}${name(f)} ${over}` });
  }
  return rows.map((r) => `${r.time} ${r.text}`).sort();
}

function run(id: string): Trace {
  const loaded = loadScenario({ id });
  assert.ok(loaded.ok);
  return runScenario(loaded.value);
}

test('what we write comes back: the same calls, callers and times', () => {
  for (const id of ['tcp-send-64', 'lo-tcp', 'forward']) {
    const trace = run(id), back = read(written(trace));
    assert.deepEqual(back.problems, []);
    assert.deepEqual(calls(back.trace), calls(trace), id);
  }
});

/** Rows without their stamps, and the stamps in us. */
function rowsAndStamps(text: string): { rows: string[]; stamps: number[] } {
  const lines = text.split('\n');
  return { rows: lines.map((line) => line.slice(line.indexOf('|'))), stamps: lines.filter((line) => /^\s*\d+\.\d+ \|/.test(line)).map((line) => Math.round(Number(line.slice(0, line.indexOf('|'))) * 1e6)) };
}

test('what we write, read and write again is the same text', () => {
  for (const id of ['tcp-send-64', 'lo-tcp', 'tcp-recv-queued', 'udp-send-64']) {
    const before = rowsAndStamps(written(run(id))), after = rowsAndStamps(written(read(written(run(id))).trace));
    assert.deepEqual(after.rows, before.rows, id);
    // Durations are written in seven digits, those above 0.1 s to 0.1 us: a stamp just beside the middle between two microseconds may fall to the other.
    const moved = before.stamps.map((stamp, i) => Math.abs(after.stamps[i] - stamp));
    assert.ok(Math.max(...moved) <= 1 && moved.filter((n) => n > 0).length <= 2, id);
  }
});

interface Tree { readonly name: string; readonly kids: readonly Tree[] }
const NAME = fc.constantFrom('tcp_sendmsg', 'ip_output', 'a', 'b_1');
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof({ maxDepth: 6 }, NAME.map((name) => ({ name, kids: [] as Tree[] })), fc.record({ name: NAME, kids: fc.array(tie('tree'), { maxLength: 3 }) })),
}));

/** Calls that end after their caller, and calls of one caller that overlap: how many. */
function untidy({ frames }: Trace): number {
  const before = new Map<number, number>();
  let count = 0;
  for (let f = 0; f < frames.count; f++) {
    const up = frames.parent[f] >= 0 ? frames.parent[f] : frames.inside[f];
    if (up < 0) continue;
    if (frames.enterTime[f] < Math.max(frames.enterTime[up], before.get(up) ?? -Infinity) || frames.leaveTime[f] > frames.leaveTime[up]) count++;
    before.set(up, Number.isNaN(frames.leaveTime[f]) ? frames.enterTime[f] : frames.leaveTime[f]);
  }
  return count;
}

test('calls nest and follow each other although their stamps are rounded, and every duration stays', () => {
  const gap = fc.nat({ max: 900 });
  fc.assert(fc.property(fc.array(tree, { minLength: 1, maxLength: 4 }), fc.infiniteStream(gap), fc.nat({ max: 999 }), (forest, gaps, start) => {
    let now = 5e9 + start;
    const rows: string[] = ['# tracer: function_graph'], took: number[] = [], stamp = (): string => (Math.round(now / 1000) / 1e6).toFixed(6), wait = (): void => { now += gaps.next().value; };
    const print = (t: Tree, depth: number): void => {
      const begin = now, open = stamp(), at = rows.length, call = took.push(0) - 1, indent = '  '.repeat(depth + 1);
      wait();
      for (const kid of t.kids) { print(kid, depth + 1); wait(); }
      took[call] = now - begin;
      const row = (time: string, duration: string, body: string): string => `${time} | 0) a-1 | ${duration} | ${indent}${body}`;
      if (t.kids.length === 0) rows.push(row(open, `${(took[call] / 1000).toFixed(3)} us`, `${t.name}();`));
      else { rows.splice(at, 0, row(open, '', `${t.name}() {`)); rows.push(row(stamp(), `${(took[call] / 1000).toFixed(3)} us`, `} /* ${t.name} */`)); }
    };
    for (const t of forest) { print(t, 0); wait(); }
    const { trace } = read(`${rows.join('\n')}\n`);
    assert.equal(untidy(trace), 0);
    assert.deepEqual([...trace.frames.leaveTime].map((t, f) => Math.round(t - trace.frames.enterTime[f])), took);
  }), { numRuns: 300 });
});

test('any forest of calls comes back, from the trace file and from trace-cmd, with or without columns', () => {
  const options = fc.record({ time: fc.boolean(), cpu: fc.boolean(), task: fc.boolean(), tail: fc.boolean(), report: fc.boolean() });
  fc.assert(fc.property(fc.array(tree, { minLength: 1, maxLength: 4 }), options, (forest, o) => {
    let now = 1000, text = o.report ? '' : '# tracer: function_graph\n';
    const row = (body: string, duration: string, kind: string): void => {
      now += 7;
      const time = (now / 1e6).toFixed(6);
      text += o.report ? `    sshd-12 [001] ${time}: funcgraph_${kind}: ${duration.padEnd(12)} | ${body}\n` : `${o.time ? ` ${time} | ` : ''}${o.cpu || !o.time ? ' 1) ' : ''}${o.task ? '   sshd-12  | ' : ''}${duration.padEnd(14)}|${body}\n`;
    };
    const want: string[] = [];
    const print = (t: Tree, depth: number): void => {
      const indent = '  '.repeat(depth + 1);
      want.push(`${depth} ${t.name}`);
      if (t.kids.length === 0) { row(`${indent}${t.name}();`, '  1.250 us', 'entry'); return; }
      row(`${indent}${t.name}() {`, '', 'entry');
      for (const kid of t.kids) print(kid, depth + 1);
      row(`${indent}}${o.tail ? ` /* ${t.name} */` : ''}`, '+ 20.500 us', 'exit');
    };
    for (const t of forest) print(t, 0);
    const { trace, problems } = read(text);
    assert.deepEqual(problems, []);
    assert.deepEqual(Array.from({ length: trace.frames.count }, (_, f) => `${depthOf(trace, f)} ${trace.functions[trace.frames.fn[f]].name}`), want);
    assert.ok(trace.frames.leaveTime.every((t, f) => t >= trace.frames.enterTime[f]), 'every call ends after it began');
    assert.ok(trace.frames.endStep.every((s, f) => s > trace.frames.firstStep[f]), 'every call was left');
  }), { numRuns: 200 });
});

test('rows of other kernels and settings are read', () => {
  assert.deepEqual({ ...rowOf(' 0)   1.543 us    |  mutex_unlock();') }, { kind: 'leaf', name: 'mutex_unlock', cpu: 0, task: null, time: NaN, duration: 1543, indent: 2 });
  assert.deepEqual({ ...rowOf('  106.123456789 |   3) nginx-w-1234 |  d.h1.|   0.200 us |    igb_poll [igb]() {') }, { kind: 'open', name: 'igb_poll', cpu: 3, task: { comm: 'nginx-w', pid: 1234 }, time: 106_123_456_789, duration: 200, indent: 4 });
  assert.equal(rowOf(' 1)               |  tcp_v4_rcv(skb=0xffff) { /* <-ip_local_deliver_finish */')?.name, 'tcp_v4_rcv');
  assert.equal(rowOf(' 1)   0.3 us     |  tcp_rcv_space_adjust.isra.12();')?.name, 'tcp_rcv_space_adjust');
  assert.equal(rowOf(' 2) $ 1000123 us |      } /* schedule */')?.duration, 1_000_123_000);
  assert.equal(rowOf(' 0)     nt-65      =>    <idle>-0   ')?.task?.comm, '<idle>');
  assert.equal(rowOf('   17.806753 |   0)     nt-65      |   ==========> |')?.kind, 'begin');
  assert.equal(rowOf('some words'), null);
});

test('places of calls make steps in the caller; a call stack reads back', () => {
  const { trace } = read('# tracer: function_graph\n 0)               |  sys_sendto() {\n 0)               |    sock_sendmsg() {\n 0)   1.000 us    |      tcp_sendmsg();\n 0)   3.000 us    |    }\n 0)   5.000 us    |  }\n', SOMEWHERE);
  assert.equal(trace.steps.count, 5);
  assert.deepEqual(stackOfStep(trace, 4).map((s) => trace.functions[trace.frames.fn[s.frame]].name), ['tcp_sendmsg', 'sock_sendmsg', 'sys_sendto']);
  assert.deepEqual(stackOfStep(trace, 4).map((s) => (s.site < 0 ? '' : trace.sites[s.site].text)), ['', 'tcp_sendmsg', 'sock_sendmsg']);
});

test('what is broken is told, with its line, and the rest is kept', () => {
  const { trace, problems } = read('# tracer: function_graph\n 0)   1.0 us    |  a();\nrubbish | here\n 0)   2.0 us    |  } /* earlier */\n 0)               |  b() {\n 0)   1.0 us    |    c();\n');
  assert.equal(trace.frames.count, 3);
  assert.deepEqual(problems.map((p) => p.where), ['host:3']);
  assert.match(trace.log.join(), /1 functions were entered before/);
  assert.ok(Number.isNaN(trace.frames.leaveTime[1]), 'b was never left');
  const none = importerFor('# tracer: function_graph\n')!.import('# tracer: function_graph\n', NOWHERE);
  assert.ok(none.ok === false && /holds no calls/.test(none.error.message));
  assert.equal(importerFor('int main(void) { return 0; }\n'), undefined);
});

test('no text makes the importer throw', () => {
  const piece = fc.constantFrom(' 0)', '|', '  ', '}', '{', '();', 'f', '1.0 us', ' 1.000001 |', '==========>', '<==========', '/*', '*/', '=>', 'x-1', '\n', '[000] 1.5: funcgraph_entry:', '###### CPU 1 ######');
  fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (parts) => {
    importerFor('# tracer: function_graph')!.import(parts.join(''), NOWHERE);
  }), { numRuns: 500 });
});

const folder = process.env.SKBWALK_TRACES ? path.join(process.env.SKBWALK_TRACES, '3.10.108') : path.join(process.cwd(), '../shared/traces/3.10.108');
test('recordings of the real kernel are read whole', { skip: existsSync(folder) ? false : 'no recordings here (SKBWALK_TRACES)' }, () => {
  for (const file of readdirSync(folder).filter((f) => f.endsWith('.graph.txt.gz'))) {
    const text = gunzipSync(readFileSync(path.join(folder, file))).toString('latin1'), { trace, problems } = read(text);
    assert.deepEqual(problems, [], file);
    const entries = text.split('\n').filter((l) => /[\w.]+\(\)( \{|;)/.test(l)).length;
    assert.equal(trace.frames.count, entries, file);
    assert.equal(untidy(trace), 0, `${file}: calls nest`);
    if (/^(tcp-send-64|arp-miss)\./.test(file)) assert.ok([...trace.frames.context].includes(Context.HardIrq), `${file}: interrupts`);
  }
});
