/**
 * Trace Event Format (JSON) for Perfetto and chrome://tracing: a process per host; a thread per task, and per CPU one each for softirqs, hard interrupts and devices.
 * Slices of a thread nest: a task that sleeps lets others run, which are threads of their own.
 */
import { Context, type Trace } from '../trace/model';
import { pieces, wanted, type Exporter, type ExportOptions } from './format';

const CONTEXT = ['task', 'softirq', 'hard irq', 'device'];
/** Microseconds, as the format wants them, without losing the nanosecond. */
const us = (ns: number): number => Math.round(ns) / 1000;

/** Thread ids of a host: tasks (idle ones by CPU) above those of the CPUs' other contexts. */
function threadOf(trace: Trace, f: number): { tid: number; name: string } {
  const { frames, tasks } = trace, cpu = frames.cpu[f], context = frames.context[f] as Context, task = tasks[frames.task[f]];
  if (context !== Context.Process) return { tid: cpu * 4 + context + 1, name: `CPU ${cpu} ${CONTEXT[context]}` };
  return task && task.pid > 0 ? { tid: 100_000 + frames.task[f], name: `${task.comm}-${task.pid}` } : { tid: cpu * 4 + 1, name: `CPU ${cpu} idle` };
}

function* slices(trace: Trace, options: ExportOptions): Generator<unknown> {
  const { frames, functions } = trace, threads = new Set<string>();
  for (let f = 0; f < frames.count; f++) {
    if (!wanted(trace, f, options)) continue;
    const host = frames.host[f], { tid, name } = threadOf(trace, f), pid = host + 1;
    if (!threads.has(`${host}/${tid}`)) {
      threads.add(`${host}/${tid}`);
      yield { ph: 'M', name: 'process_name', pid, tid, args: { name: `host ${trace.hosts[host].name}` } };
      yield { ph: 'M', name: 'thread_name', pid, tid, args: { name } };
    }
    const fn = functions[frames.fn[f]], ts = us(frames.enterTime[f]), left = !Number.isNaN(frames.leaveTime[f]), packet = frames.packet[f] ? { args: { packet: frames.packet[f] } } : {};
    yield { ph: left ? 'X' : 'B', name: fn.name, cat: fn.path || 'machine', pid, tid, ts, ...(left ? { dur: us(Math.round(frames.leaveTime[f]) - Math.round(frames.enterTime[f])) } : {}), ...packet };
  }
  for (const e of trace.events) if (options.host === undefined || e.host === options.host) yield { ph: 'i', s: 'p', name: `${e.kind} ${e.detail}`.trim(), pid: e.host + 1, tid: 0, ts: us(e.time), ...(e.packet ? { args: { packet: e.packet } } : {}) };
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
