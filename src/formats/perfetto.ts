/** Trace Event Format (JSON) for Perfetto and chrome://tracing: one process per host, one thread per CPU and context, a slice per call. */
import { Context, type Trace } from '../trace/model';
import { pieces, wanted, type Exporter, type ExportOptions } from './format';

const CONTEXT = ['process', 'softirq', 'hard irq', 'nic'];

function* slices(trace: Trace, options: ExportOptions): Generator<unknown> {
  const { frames, functions } = trace, threads = new Set<string>();
  for (let f = 0; f < frames.count; f++) {
    if (!wanted(trace, f, options) || Number.isNaN(frames.leaveTime[f])) continue;
    const host = frames.host[f], cpu = frames.cpu[f], context = frames.context[f] as Context, tid = cpu * 4 + context + 1, pid = host + 1;
    if (!threads.has(`${host}/${tid}`)) {
      threads.add(`${host}/${tid}`);
      yield { ph: 'M', name: 'process_name', pid, tid, args: { name: `host ${trace.hosts[host].name}` } };
      yield { ph: 'M', name: 'thread_name', pid, tid, args: { name: `CPU ${cpu} ${CONTEXT[context]}` } };
    }
    const ts = frames.enterTime[f] / 1000;
    yield { ph: 'X', name: functions[frames.fn[f]].name, cat: functions[frames.fn[f]].path, pid, tid, ts, dur: frames.leaveTime[f] / 1000 - ts, ...(frames.packet[f] ? { args: { packet: frames.packet[f] } } : {}) };
  }
  for (const e of trace.events) if (options.host === undefined || e.host === options.host) yield { ph: 'i', s: 'p', name: `${e.kind} ${e.detail}`.trim(), pid: e.host + 1, tid: 0, ts: e.time / 1000, args: { packet: e.packet } };
}

function* text(trace: Trace, options: ExportOptions): Generator<string> {
  yield '{"displayTimeUnit":"ns","traceEvents":[';
  let between = '\n';
  for (const slice of slices(trace, options)) { yield between + JSON.stringify(slice); between = ',\n'; }
  yield ']}\n';
}

export const perfettoFormat: Exporter = {
  id: 'perfetto', title: 'Perfetto / Chrome trace events', extension: 'json',
  export: (trace, options) => pieces(text(trace, options)),
};
