/** Every exporter with traces that have nothing, or next to nothing, in them; what viewers ask of the rest; and big, cut and broken recordings. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadScenario, runScenario } from '../scenario';
import { Context, type Trace } from '../trace/model';
import type { ImportOptions } from './format';
import { exporterFor, exporters, importerFor } from './registry';

const NOWHERE: ImportOptions = { name: 'host', kernel: '3.10.108', locate: () => null, callSite: () => null };
function written(trace: Trace, id: string): Buffer {
  return Buffer.concat([...exporterFor(id)!.export(trace, { line: (anchor) => ({ status: 'exact', line: anchor.nth }) })].map((piece) => Buffer.from(piece)));
}
function run(id: string): Trace {
  const loaded = loadScenario({ id });
  assert.ok(loaded.ok);
  return runScenario(loaded.value);
}
/** Nothing is traced: the one window there is never opens. */
function silent(): Trace {
  const loaded = loadScenario({ where: 'empty.json', text: JSON.stringify({ id: 'empty', hosts: [{ name: 'end', programs: [{ steps: [{ call: 'trace', on: false }, { call: 'socket', type: 'udp' }] }] }] }) });
  assert.ok(loaded.ok, loaded.ok === false ? loaded.error.message : '');
  const trace = runScenario(loaded.value);
  assert.equal(trace.frames.count, 0);
  return trace;
}
/** One call that was entered and never left: what a run that stops at its first step leaves. */
function single(): Trace {
  const whole = run('tcp-send-64'), cut = <T extends { slice(a: number, b: number): T }>(columns: Record<string, unknown>): never => Object.fromEntries(Object.entries(columns).map(([k, v]) => [k, typeof v === 'number' ? 1 : (v as T).slice(0, 1)])) as never;
  const trace: Trace = { ...whole, frames: cut(whole.frames as never), steps: cut(whole.steps as never), events: [], wire: [], results: [], stopped: 'stopped after 1 steps' };
  trace.frames.leaveTime[0] = NaN;
  trace.frames.endStep[0] = -1;
  return trace;
}

for (const [what, make] of [['empty', silent], ['of a single step', single]] as const) test(`an ${what} trace is a good file in every format`, () => {
  const trace = make();
  for (const { id } of exporters) {
    const out = written(trace, id), text = out.toString('latin1');
    if (id === 'json' || id === 'perfetto') JSON.parse(text);
    if (id === 'dot' && !spawnSync('dot', ['-V']).error) assert.equal(spawnSync('dot', ['-Tplain'], { input: text }).status, 0);
    if (id === 'pcapng') assert.equal(out.readUInt32LE(0), 0x0a0d0d0a);
    if (id === 'mermaid') assert.match(text, /^sequenceDiagram\n( {2}participant h\d as \w+\n)+( {2}Note over h\d: [^;#\n]+\n)*$/);
    if (id === 'text') assert.match(text, trace.frames.count ? /sys_recvfrom\nstopped: stopped after 1 steps\n$/ : /no call was recorded/);
    if (id === 'folded') assert.equal(text, '');
    if (id === 'lines') assert.equal(text.split('\n').length - 1, trace.steps.count);
    assert.doesNotMatch(text, /NaN|undefined|\[object/, id);
  }
});

test('slices of a thread nest, as trace viewers ask: to the nanosecond, whatever sleeps or interrupts', () => {
  for (const id of ['tcp-send-64', 'lo-tcp', 'tcp-zero-window', 'forward']) {
    const threads = new Map<string, { ts: number; end: number; name: string }[]>();
    for (const e of (JSON.parse(written(run(id), 'perfetto').toString()) as { traceEvents: { ph: string; name: string; pid: number; tid: number; ts: number; dur: number }[] }).traceEvents) {
      if (e.ph !== 'X') continue;
      const key = `${e.pid}/${e.tid}`, ts = Math.round(e.ts * 1000);
      threads.set(key, [...(threads.get(key) ?? []), { ts, end: ts + Math.round(e.dur * 1000), name: e.name }]);
    }
    for (const [thread, slices] of threads) {
      const open: typeof slices = [];
      for (const s of slices.map((slice, i) => [slice, i] as const).sort(([a, i], [b, j]) => a.ts - b.ts || b.end - a.end || i - j).map(([slice]) => slice)) {
        while (open.length > 0 && open[open.length - 1].end <= s.ts) open.pop();
        const above = open[open.length - 1];
        assert.ok(!above || s.end <= above.end, `${id} thread ${thread}: ${s.name} ends after ${above?.name}`);
        open.push(s);
      }
    }
  }
});

test('a recording cut anywhere is read as far as it goes; pieces of any size make no difference', () => {
  const text = written(run('tcp-send-64'), 'function_graph').toString('latin1'), importer = importerFor(text)!;
  const shape = (t: Trace): string => JSON.stringify([t.hosts, t.tasks, t.functions, [...t.frames.fn], [...t.frames.parent], [...t.frames.enterTime], [...t.frames.leaveTime]]);
  const whole = importer.import(text, NOWHERE);
  assert.ok(whole.ok);
  fc.assert(fc.property(fc.nat(text.length), fc.integer({ min: 1, max: 5000 }), (end, size) => {
    const cut = importer.import(text.slice(0, end), NOWHERE);
    if (cut.ok) assert.ok(cut.value.trace.frames.count <= whole.value.trace.frames.count && cut.value.problems.length <= 1, `${cut.value.problems.length} problems`);
    else if (cut.ok === false) assert.match(cut.error.message, /holds no calls/);
    const inPieces = importer.import(Array.from({ length: Math.ceil(text.length / size) }, (_, i) => text.slice(i * size, (i + 1) * size)), NOWHERE);
    assert.ok(inPieces.ok);
    assert.equal(shape(inPieces.value.trace), shape(whole.value.trace));
  }), { numRuns: 12 });
});

test('garbage is no recording; garbage inside one is told in printable words', () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 3000 }), (bytes) => {
    const text = Buffer.from(bytes).toString('latin1'), made = importerFor('# tracer: function_graph')!.import(`# tracer: function_graph\n 0)   1.0 us    |  a();\n${text}\n 0)   1.0 us    |  b();\n`, NOWHERE);
    assert.ok(made.ok && made.value.trace.frames.count >= 2);
    for (const p of made.value.problems) assert.match(p.message, /^[ -~]+$/);
  }), { numRuns: 200 });
  assert.equal(importerFor(Buffer.from(Array.from({ length: 65536 }, (_, i) => (i * 7919) & 255)).toString('latin1')), undefined);
  const begun = Date.now();
  assert.equal(importerFor('|a('.repeat(20_000)), undefined);
  const long = importerFor('# tracer: function_graph')!.import((function* () { yield '# tracer: function_graph\n 0)   1.0 us    |  a();\n'; for (let i = 0; i < 100; i++) yield '-1 | x('.repeat(20_000); yield '\n 0)   1.0 us    |  b();\n'; })(), NOWHERE);
  assert.ok(long.ok && long.value.trace.frames.count === 2 && long.value.problems.length === 1);
  assert.ok(Date.now() - begun < 2000, `${Date.now() - begun} ms`);
});

test('a long recording comes in pieces: time grows with its rows, memory with its calls', () => {
  const rows = 100_000;
  const made = importerFor('# tracer: function_graph')!.import((function* () {
    yield '# tracer: function_graph\n';
    for (let i = 0; i < rows; i += 4) yield ` ${(i / 1e6).toFixed(6)} |   0)  nginx-123   |               |  tcp_sendmsg() {\n ${(i / 1e6).toFixed(6)} |   0)  nginx-123   |   0.100 us    |    tcp_push();\n ${(i / 1e6).toFixed(6)} |   0)  nginx-123   |   0.100 us    |    tcp_send_mss();\n ${(i / 1e6).toFixed(6)} |   0)  nginx-123   | + 20.500 us   |  }\n`;
  })(), NOWHERE);
  assert.ok(made.ok);
  assert.equal(made.value.trace.frames.count, rows * 3 / 4);
  assert.ok([...made.value.trace.frames.context].every((c) => c === Context.Process));
});
