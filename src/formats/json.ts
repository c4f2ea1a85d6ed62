/**
 * `--format json`: the trace as one JSON object. `calls` has a row per frame: its function, who called it and from which anchor (null for
 * the root of a context), with the line the anchor resolves to; `steps` has a row per step.
 */
import { anchorOfStep, Context, type Trace } from '../trace/model';
import { wanted, type Exporter, type ExportOptions } from './format';

export const jsonFormat: Exporter = {
  id: 'json', title: 'JSON', extension: 'json',
  export(trace: Trace, options: ExportOptions): string {
    const { frames, functions, steps } = trace;
    const calls: unknown[] = [];
    for (let f = 0; f < frames.count; f++) {
      if (!wanted(trace, f, options)) continue;
      const fn = functions[frames.fn[f]], site = frames.callSite[f];
      const anchor = site >= 0 ? trace.sites[site] : null;
      calls.push({
        id: f, parent: frames.parent[f], inside: frames.inside[f], function: fn.name, path: fn.path, host: trace.hosts[frames.host[f]].name, cpu: frames.cpu[f],
        task: trace.tasks[frames.task[f]], context: Context[frames.context[f]], packet: frames.packet[f] || undefined, enter: frames.enterTime[f], leave: Number.isNaN(frames.leaveTime[f]) ? null : frames.leaveTime[f],
        firstStep: frames.firstStep[f], endStep: frames.endStep[f], anchor, ...(anchor ? { status: options.line(anchor).status, line: options.line(anchor).line } : {}),
      });
    }
    const shown: unknown[] = [];
    for (let s = 0; s < steps.count; s++) {
      if (!wanted(trace, steps.frame[s], options)) continue;
      const anchor = anchorOfStep(trace, s), at = anchor ? options.line(anchor) : null;
      shown.push({ step: s, frame: steps.frame[s], time: steps.time[s], anchor, status: at?.status ?? null, line: at?.line ?? null });
    }
    const { version, scenario, title, kernel, hosts, tasks, events, results, stopped, counters, log } = trace;
    const wire = trace.wire.map((w) => ({ sent: w.sent, received: w.received, from: w.from, to: w.to, packet: w.packet, dropped: w.dropped, length: w.bytes.length }));
    return JSON.stringify({ version, scenario, title, kernel, hosts, tasks, stopped, results, calls, steps: shown, events, wire, counters, log }) + '\n';
  },
};
