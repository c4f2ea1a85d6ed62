/**
 * `--format json`: the trace as one JSON object. `calls` has a row per frame: its function, who called it and from which anchor (null for
 * the root of a context), with the line the anchor resolves to; `steps` has a row per step.
 */
import { anchorOfStep, Context, type Trace } from '../trace/model';
import { pieces, wanted, type Exporter, type ExportOptions } from './format';

function call(trace: Trace, f: number, options: ExportOptions): unknown {
  const { frames, functions } = trace, fn = functions[frames.fn[f]], site = frames.callSite[f];
  const anchor = site >= 0 ? trace.sites[site] : null, at = anchor ? options.line(anchor) : null;
  return {
    id: f, parent: frames.parent[f], inside: frames.inside[f], function: fn.name, path: fn.path, host: trace.hosts[frames.host[f]].name, cpu: frames.cpu[f],
    task: trace.tasks[frames.task[f]], context: Context[frames.context[f]], packet: frames.packet[f] || undefined, enter: frames.enterTime[f], leave: Number.isNaN(frames.leaveTime[f]) ? null : frames.leaveTime[f],
    firstStep: frames.firstStep[f], endStep: frames.endStep[f], anchor, ...(at ? { status: at.status, line: at.line } : {}),
  };
}

/** The part of a step's row that its place alone decides, once per place: there are millions of steps. */
class Places {
  private readonly known = new Map<number, string>();
  constructor(private readonly trace: Trace, private readonly options: ExportOptions) {}

  of(step: number): string {
    const { steps, frames } = this.trace, key = steps.site[step] >= 0 ? steps.site[step] : -1 - frames.fn[steps.frame[step]];
    let text = this.known.get(key);
    if (text === undefined) {
      const anchor = anchorOfStep(this.trace, step), at = anchor ? this.options.line(anchor) : null;
      this.known.set(key, text = JSON.stringify({ anchor, status: at?.status ?? null, line: at?.line ?? null }).slice(1));
    }
    return text;
  }
}

function* stepRows(trace: Trace, options: ExportOptions): Generator<string> {
  const { steps } = trace, places = new Places(trace, options);
  for (let s = 0; s < steps.count; s++) if (wanted(trace, steps.frame[s], options)) yield `{"step":${s},"frame":${steps.frame[s]},"time":${steps.time[s]},${places.of(s)}`;
}

function* callRows(trace: Trace, options: ExportOptions): Generator<string> {
  for (let f = 0; f < trace.frames.count; f++) if (wanted(trace, f, options)) yield JSON.stringify(call(trace, f, options));
}

/** `"name":[...]` with an element a row. */
function* list(name: string, elements: Iterable<string>): Generator<string> {
  yield `,\n${JSON.stringify(name)}:[`;
  let between = '\n';
  for (const element of elements) { yield between + element; between = ',\n'; }
  yield ']';
}

function* text(trace: Trace, options: ExportOptions): Generator<string> {
  const { version, scenario, title, kernel, hosts, tasks, stopped, counters, changes, log } = trace;
  const about = JSON.stringify({ version, scenario, title, kernel, hosts, tasks, stopped, counters, changes, log });
  yield about.slice(0, -1);
  yield* list('results', trace.results.map((r) => JSON.stringify(r)));
  yield* list('calls', callRows(trace, options));
  yield* list('steps', stepRows(trace, options));
  yield* list('events', trace.events.map((e) => JSON.stringify(e)));
  yield* list('wire', trace.wire.map((w) => JSON.stringify({ sent: w.sent, received: w.received, from: w.from, to: w.to, packet: w.packet, dropped: w.dropped, length: w.bytes.length })));
  yield '}\n';
}

export const jsonFormat: Exporter = {
  id: 'json', title: 'JSON', extension: 'json',
  export: (trace, options) => pieces(text(trace, options)),
};
