/** The grammar that colours recordings names what the importer reads. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadScenario, runScenario } from '../scenario';
import { rowOf } from './ftrace-lines';
import { exporterFor } from './registry';

interface Rule { readonly name?: string; readonly match: string; readonly captures?: Readonly<Record<string, { readonly name: string }>> }
const rules = (JSON.parse(readFileSync('syntaxes/ftrace.tmLanguage.json', 'utf8')) as { patterns: Rule[] }).patterns;

/** Colours a line as an editor does: at each place the earliest match, of several the first rule; scopes with their texts. */
function coloured(line: string): [string, string][] {
  const out: [string, string][] = [];
  for (let at = 0; at < line.length;) {
    let first: { rule: Rule; m: RegExpExecArray } | null = null;
    for (const rule of rules) {
      const re = new RegExp(rule.match, 'g');
      re.lastIndex = at;
      const m = re.exec(line);
      if (m && m[0].length > 0 && (!first || m.index < first.m.index)) first = { rule, m };
    }
    if (!first) break;
    const { rule, m } = first;
    if (rule.name) out.push([rule.name, m[0]]);
    for (const [group, { name }] of Object.entries(rule.captures ?? {})) if (m[Number(group)] !== undefined) out.push([name, m[Number(group)].trim()]);
    at = m.index + m[0].length;
  }
  return out;
}
const scope = (line: string, name: string): string[] => coloured(line).filter(([s]) => s === name).map(([, text]) => text);

test('functions, times, CPUs and tasks of every row of a recording have their colours', () => {
  const loaded = loadScenario({ id: 'tcp-send-64' });
  assert.ok(loaded.ok);
  const text = [...exporterFor('function_graph')!.export(runScenario(loaded.value), { line: () => ({ status: 'exact', line: 1 }) })].map(String).join('');
  let rows = 0;
  for (const line of text.split('\n').slice(0, 3000)) {
    const row = rowOf(line);
    if (!row) continue;
    rows++;
    if (row.kind === 'open' || row.kind === 'leaf') assert.deepEqual(scope(line, 'entity.name.function.ftrace'), [row.name], line);
    if (row.kind === 'close') assert.deepEqual(scope(line, 'entity.name.function.ftrace'), [], line);
    if (row.cpu >= 0 && row.kind !== 'switch') assert.deepEqual(scope(line, 'constant.numeric.cpu.ftrace').map(Number), [row.cpu], line);
    if (row.task && row.kind !== 'switch') assert.deepEqual(scope(line, 'entity.name.tag.task.ftrace'), [row.task.comm], line);
  }
  assert.ok(rows > 1000);
});

test('rows of trace-cmd report, interrupts, modules and headers, too', () => {
  const report = '          <idle>-0     [001] d.h1  17.322836: funcgraph_entry:      ! 103.873 us |  igb_msix_ring [igb]();';
  assert.deepEqual(scope(report, 'entity.name.function.ftrace'), ['igb_msix_ring']);
  assert.deepEqual([scope(report, 'constant.numeric.cpu.ftrace'), scope(report, 'constant.numeric.duration.ftrace'), scope(report, 'entity.name.namespace.module.ftrace')], [['001'], ['103.873'], ['[igb]']]);
  assert.deepEqual(scope('###### CPU 0 ######', 'markup.heading.ftrace'), ['###### CPU 0 ######']);
  assert.deepEqual(scope('   17.322836 |   0)     nt-47      |   ==========> |', 'keyword.control.interrupt.ftrace'), ['==========>']);
  assert.deepEqual(scope('  0)   <idle>-0     =>     nt-47   ', 'entity.name.tag.task.ftrace'), ['<idle>', 'nt']);
});
