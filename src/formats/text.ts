/** `--format text`: the calls as an indented tree in time order, small accessors folded, with what happened to packets between them. */
import { Context, depthOf, type Trace } from '../trace/model';
import { pieces, seconds, wanted, type Exporter, type ExportOptions } from './format';

const CONTEXTS: Record<Context, string> = { [Context.Process]: '', [Context.SoftIrq]: 'softirq ', [Context.HardIrq]: 'hard irq ', [Context.Nic]: 'nic ' };

function* rows(trace: Trace, options: ExportOptions): Generator<string> {
  const { frames, functions } = trace;
  yield `${trace.scenario}: ${trace.title}\n`;
  let last = '', event = 0;
  for (let f = 0; f < frames.count; f++) {
    const upTo = eventsBefore(trace, event, frames.firstStep[f]);
    for (; event < upTo; event++) yield eventRow(trace, event, options);
    const fn = functions[frames.fn[f]];
    if (!wanted(trace, f, options) || fn.minor) continue;
    const task = trace.tasks[frames.task[f]];
    const who = `${trace.hosts[frames.host[f]].name} cpu${frames.cpu[f]} ${task ? task.comm : ''}`;
    if (who !== last || frames.parent[f] < 0) yield `${seconds(frames.enterTime[f])} ${who}${frames.inside[f] >= 0 ? ', interrupting' : ''}\n`;
    last = who;
    yield `${'  '.repeat(depthOf(trace, f) + 1)}${frames.parent[f] < 0 ? CONTEXTS[frames.context[f] as Context] : ''}${fn.name}\n`;
  }
  for (; event < trace.events.length; event++) yield eventRow(trace, event, options);
  for (const r of trace.results) if (options.host === undefined || r.host === options.host) yield `${seconds(r.time)} ${trace.hosts[r.host].name}: ${r.call} = ${r.result}\n`;
  if (trace.stopped) yield `stopped: ${trace.stopped}\n`;
}

export const textFormat: Exporter = {
  id: 'text', title: 'Call tree', extension: 'txt',
  export: (trace, options) => pieces(rows(trace, options)),
};

/** Index of the first packet event from `from` on that happened at or after step `step`. */
function eventsBefore(trace: Trace, from: number, step: number): number {
  let i = from;
  while (i < trace.events.length && trace.events[i].step < step) i++;
  return i;
}

function eventRow(trace: Trace, i: number, options: ExportOptions): string {
  const e = trace.events[i];
  return options.host === undefined || e.host === options.host ? `${seconds(e.time)} ${trace.hosts[e.host].name} * ${e.kind} packet ${e.packet} ${e.detail}`.trimEnd() + '\n' : '';
}
