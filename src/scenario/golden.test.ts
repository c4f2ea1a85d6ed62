/**
 * Golden traces: what chosen scenarios do, call by call, as short texts under test/golden. A change shows up as a difference to read.
 * A missing golden is a failure. `SKBWALK_GOLDEN=write` with this test writes them anew, to be looked at and committed with the change.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Context, type Trace } from '../trace/model';
import { loadScenario, runScenario } from './index';

const GOLDEN = ['arp-miss', 'ipt-output-drop', 'lo-udp', 'packet-tap', 'tcp-close', 'tcp-connect', 'tcp-loss-tail-tlp', 'tcp-send-64', 'udp-send-64', 'udp-send-corked'];
const folder = path.resolve('test/golden');
const CONTEXTS: Record<Context, string> = { [Context.Process]: 'process', [Context.SoftIrq]: 'softirq', [Context.HardIrq]: 'hard irq', [Context.Nic]: 'nic' };

/** The calls, small accessors left out, indented by what is shown of the way there; then the programs' results. */
function golden(trace: Trace): string {
  const { frames, functions } = trace, depth = new Int32Array(frames.count), lines: string[] = [];
  let last = '', times = 1;
  const put = (line: string): void => {
    if (line === last) { times++; return; }
    if (times > 1) lines[lines.length - 1] += ` x${times}`;
    lines.push(line);
    last = line;
    times = 1;
  };
  for (let f = 0; f < frames.count; f++) {
    const fn = functions[frames.fn[f]], parent = frames.parent[f], above = parent >= 0 ? depth[parent] : 0;
    depth[f] = fn.minor ? above : above + 1;
    if (parent < 0) put(`${trace.hosts[frames.host[f]].name} cpu${frames.cpu[f]} ${CONTEXTS[frames.context[f] as Context]}${frames.inside[f] >= 0 ? ', interrupting' : ''}`);
    if (!fn.minor) put(`${' '.repeat(above + 1)}${fn.name}`);
  }
  put('');
  for (const r of trace.results) put(`${trace.hosts[r.host].name}: ${r.call} = ${r.result}`);
  put('');
  return `${lines.join('\n')}\n`;
}

for (const id of GOLDEN) {
  test(`${id} does what its golden trace says`, () => {
    const loaded = loadScenario({ id });
    assert.ok(loaded.ok);
    const text = golden(runScenario(loaded.value)), file = path.join(folder, `${id}.txt`);
    if (process.env.SKBWALK_GOLDEN === 'write') writeFileSync(file, text);
    assert.equal(text, readFileSync(file, 'utf8'), `test/golden/${id}.txt differs: read the difference; when it is meant, run npm run golden and commit it`);
  });
}
