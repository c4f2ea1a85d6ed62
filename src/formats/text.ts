/** `--format text`: the calls as an indented tree in time order, small accessors folded, with what happened to packets between them. */
import { Context, depthOf, type Trace } from '../trace/model';
import { seconds, wanted, type Exporter, type ExportOptions } from './format';

const CONTEXTS: Record<Context, string> = { [Context.Process]: '', [Context.SoftIrq]: 'softirq ', [Context.HardIrq]: 'hard irq ', [Context.Nic]: 'nic ' };

export const textFormat: Exporter = {
  id: 'text', title: 'Call tree', extension: 'txt',
  export(trace: Trace, options: ExportOptions): string {
    const { frames, functions } = trace;
    const lines = [`${trace.scenario}: ${trace.title}`];
    let last = '', event = 0;
    for (let f = 0; f < frames.count; f++) {
      event = events(trace, event, frames.firstStep[f], options, lines);
      const fn = functions[frames.fn[f]];
      if (!wanted(trace, f, options) || fn.minor) continue;
      const task = trace.tasks[frames.task[f]];
      const who = `${trace.hosts[frames.host[f]].name} cpu${frames.cpu[f]} ${task ? task.comm : ''}`;
      if (who !== last || frames.parent[f] < 0) lines.push(`${seconds(frames.enterTime[f])} ${who}${frames.inside[f] >= 0 ? ', interrupting' : ''}`);
      last = who;
      lines.push(`${'  '.repeat(depthOf(trace, f) + 1)}${frames.parent[f] < 0 ? CONTEXTS[frames.context[f] as Context] : ''}${fn.name}`);
    }
    events(trace, event, Infinity, options, lines);
    for (const r of trace.results) if (options.host === undefined || r.host === options.host) lines.push(`${seconds(r.time)} ${trace.hosts[r.host].name}: ${r.call} = ${r.result}`);
    if (trace.stopped) lines.push(`stopped: ${trace.stopped}`);
    return lines.join('\n') + '\n';
  },
};

/** Prints the packet events up to `step`; gives the index of the first one after. */
function events(trace: Trace, from: number, step: number, options: ExportOptions, lines: string[]): number {
  let i = from;
  for (; i < trace.events.length && trace.events[i].step < step; i++) {
    const e = trace.events[i];
    if (options.host === undefined || e.host === options.host) lines.push(`${seconds(e.time)} ${trace.hosts[e.host].name} * ${e.kind} packet ${e.packet} ${e.detail}`.trimEnd());
  }
  return i;
}
