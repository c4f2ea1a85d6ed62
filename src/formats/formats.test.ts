/** Exporters on a real run: each is what readers of its format expect. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadScenario, runScenario } from '../scenario';
import type { Trace } from '../trace/model';
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
function text(id: string, host?: number): string {
  const out = exporterFor(id)!.export(trace(), { host, line: (anchor) => ({ status: 'exact', line: anchor.nth }) });
  return typeof out === 'string' ? out : Buffer.from(out).toString('latin1');
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
  const out = exporterFor('pcapng')!.export(trace(), { line: () => ({ status: 'missing', line: 0 }) }) as Uint8Array;
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
