/**
 * ftrace's function_graph layout (Documentation/trace/ftrace.txt): time | cpu) task-pid | duration | calls, with tail comments on closing braces;
 * everything the CPUs did in the traced window, one section per CPU.
 */
import { Context, type Trace } from '../trace/model';
import { wanted, type Exporter, type ExportOptions } from './format';

interface Row { readonly time: number; readonly text: string }

const HEADER = `# tracer: function_graph
#
#     TIME        CPU  TASK/PID         DURATION                  FUNCTION CALLS
#      |          |     |    |           |   |                     |   |   |   |
`;

/** ftrace's duration column: marker, value, unit, 16 wide. */
export function durationColumn(ns: number): string {
  if (Number.isNaN(ns)) return '               ';
  const us = ns / 1000, mark = us > 100 ? '!' : us > 10 ? '+' : ' ';
  const value = us.toFixed(3).length > 8 ? us.toFixed(1) : us.toFixed(3);
  return `${mark} ${value} us`.padEnd(14).slice(0, 14) + ' ';
}

export const functionGraph: Exporter = {
  id: 'function_graph', title: 'ftrace function_graph', extension: 'txt',
  export(trace: Trace, options: ExportOptions): string {
    const { frames } = trace;
    const kids = new Map<number, number[]>();
    const roots: number[] = [];
    for (let f = 0; f < frames.count; f++) {
      if (!wanted(trace, f, options) || frames.context[f] === Context.Nic) continue;
      const up = frames.parent[f] >= 0 ? frames.parent[f] : frames.inside[f];
      if (up >= 0) kids.set(up, [...(kids.get(up) ?? []), f]);
      else roots.push(f);
    }
    const byCpu = new Map<string, Row[]>();
    for (const root of roots) {
      const key = `${frames.host[root]}/${frames.cpu[root]}`;
      if (!byCpu.has(key)) byCpu.set(key, []);
      print(trace, root, 0, kids, byCpu.get(key)!);
    }
    let out = '';
    for (const key of [...byCpu.keys()].sort()) {
      const [host, cpu] = key.split('/').map(Number);
      const title = options.host === undefined ? `${trace.hosts[host].name} CPU ${cpu}` : `CPU ${cpu}`;
      out += `\n###### ${title} ######\n${HEADER}${byCpu.get(key)!.map((r) => r.text).join('\n')}\n`;
    }
    return out;
  },
};

function print(trace: Trace, root: number, depth0: number, kids: Map<number, number[]>, rows: Row[]): void {
  const { frames, functions, tasks } = trace;
  // An explicit stack: a loopback run can nest deeper than the host language likes.
  const todo: { frame: number; depth: number; close: boolean }[] = [{ frame: root, depth: depth0, close: false }];
  while (todo.length) {
    const { frame, depth, close } = todo.pop()!;
    const name = functions[frames.fn[frame]].name, task = tasks[frames.task[frame]];
    const who = `${task ? task.comm : '?'}-${task ? task.pid : 0}`.padStart(10).padEnd(13);
    const head = (t: number): string => `${(t / 1e9).toFixed(6).padStart(12)} |   ${frames.cpu[frame]})  ${who}|`;
    const indent = '  '.repeat(depth + 1), time = frames.enterTime[frame], end = frames.leaveTime[frame];
    const below = kids.get(frame);
    if (close) rows.push({ time: end, text: `${head(Number.isNaN(end) ? time : end)} ${durationColumn(end - time)}|${indent}} /* ${name} */` });
    else if (!below) rows.push({ time, text: `${head(time)} ${durationColumn(end - time)}|${indent}${name}();` });
    else {
      rows.push({ time, text: `${head(time)}                |${indent}${name}() {` });
      todo.push({ frame, depth, close: true });
      for (let i = below.length - 1; i >= 0; i--) todo.push({ frame: below[i], depth: depth + 1, close: false });
    }
  }
}
