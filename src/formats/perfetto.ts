/** Trace Event Format (JSON) for Perfetto and chrome://tracing: one process per host, one thread per CPU and context, a slice per call. */
import { Context, type Trace } from '../trace/model';
import { wanted, type Exporter, type ExportOptions } from './format';

const CONTEXT = ['process', 'softirq', 'hard irq', 'nic'];

export const perfettoFormat: Exporter = {
  id: 'perfetto', title: 'Perfetto / Chrome trace events', extension: 'json',
  export(trace: Trace, options: ExportOptions): string {
    const events: unknown[] = [], threads = new Set<string>();
    for (let f = 0; f < trace.frames.count; f++) {
      if (!wanted(trace, f, options) || Number.isNaN(trace.frames.leaveTime[f])) continue;
      const host = trace.frames.host[f], cpu = trace.frames.cpu[f], context = trace.frames.context[f] as Context, tid = cpu * 4 + context + 1;
      if (!threads.has(`${host}/${tid}`)) {
        threads.add(`${host}/${tid}`);
        events.push({ ph: 'M', name: 'process_name', pid: host + 1, tid, args: { name: `host ${trace.hosts[host].name}` } });
        events.push({ ph: 'M', name: 'thread_name', pid: host + 1, tid, args: { name: `CPU ${cpu} ${CONTEXT[context]}` } });
      }
      const ts = trace.frames.enterTime[f] / 1000;
      events.push({ ph: 'X', name: trace.functions[trace.frames.fn[f]].name, cat: trace.functions[trace.frames.fn[f]].path, pid: host + 1, tid, ts, dur: trace.frames.leaveTime[f] / 1000 - ts, ...(trace.frames.packet[f] ? { args: { packet: trace.frames.packet[f] } } : {}) });
    }
    for (const e of trace.events) if (options.host === undefined || e.host === options.host) events.push({ ph: 'i', s: 'p', name: `${e.kind} ${e.detail}`.trim(), pid: e.host + 1, tid: 0, ts: e.time / 1000, args: { packet: e.packet } });
    return JSON.stringify({ displayTimeUnit: 'ns', traceEvents: events }) + '\n';
  },
};
