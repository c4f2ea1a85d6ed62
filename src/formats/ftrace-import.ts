/**
 * A recorded function_graph trace becomes a Trace: each call is a frame; its steps are the call in its caller, where that place is known, and its entry.
 * What such a text cannot tell stays unknown: statements, packets, values.
 */
import type { Anchor } from '../base/anchor';
import { fail, ok, type Problem, type Result } from '../base/result';
import { Context, TRACE_VERSION, type FunctionInfo, type TaskInfo, type Trace } from '../trace/model';
import type { Imported, Importer, ImportOptions } from './format';
import { rowOf, sectionOf, type Row, type TaskName } from './ftrace-lines';

/** The host of a text that names none, as every real one. */
const UNNAMED = 'host';
/** Problems that are listed; more are counted. */
const LISTED = 20;
/** Calls that are read: what a trace of them takes still fits into a process (some 1 GB). */
export const MOST_CALLS = 3_000_000;
/** Characters of the longest row; what has more is no row. */
const LONGEST_ROW = 4096;
/** Where the machine enters a hard interrupt, on x86 from 3.x to 6.x. */
const IRQ_ENTRY = /^(do_IRQ|common_interrupt|smp_\w+_interrupt|sysvec_\w+|__sysvec_\w+|__common_interrupt)$/;
const SOFTIRQ_ENTRY = '__do_softirq';

/** A call as read: columns of the later frame table, and when it began and ended in the order of rows. */
interface Call {
  readonly name: string; readonly host: number; readonly cpu: number; readonly task: number; readonly context: Context;
  readonly parent: Call | null; readonly inside: Call | null; readonly indent: number; readonly enter: number; readonly key: number; readonly seq: number;
  leave: number; leaveKey: number; leaveSeq: number; frame: number;
}

/** What is running on a CPU. */
interface Cpu { clock: number; task: TaskName | null; interrupts: number }

class Reader {
  readonly calls: Call[] = [];
  readonly hosts: string[] = [];
  readonly cpuCounts: number[] = [];
  readonly tasks: TaskInfo[] = [];
  readonly problems: Problem[] = [];
  unread = 0;
  /** Braces whose opening came before the recording. */
  cut = 0;
  private host = -1;
  private sectionCpu = 0;
  private seq = 0;
  private readonly cpus = new Map<string, Cpu>();
  private readonly stacks = new Map<string, Call[]>();
  private readonly taskIds = new Map<string, number>();
  private readonly names = new Map<string, string>();

  constructor(private readonly name: string) {}

  /** Reads pieces that may end anywhere; stops at the most calls. */
  read(pieces: Iterable<string>): void {
    let rest = '', number = 0;
    for (const piece of pieces) {
      const text = rest + piece;
      let at = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', at)) {
        this.line(text.slice(at, end), ++number);
        at = end + 1;
      }
      // A row that goes on and on is none: its beginning is enough to say so.
      rest = text.slice(at, at + LONGEST_ROW + 1);
      if (this.calls.length >= MOST_CALLS) {
        this.problems.push({ code: 'ftrace-long', message: `reading stopped at line ${number}: ${MOST_CALLS} calls are the most. Record a shorter time, or cut the file`, where: `${this.name}:${number}` });
        return;
      }
    }
    if (rest !== '') this.line(rest, number + 1);
  }

  private line(text: string, number: number): void {
    const line = text.length > LONGEST_ROW ? '\0' : text.endsWith('\r') ? text.slice(0, -1) : text;
    const section = sectionOf(line);
    if (section) {
      this.enterHost(section.host === '' ? UNNAMED : section.host);
      this.sectionCpu = section.cpu;
      return;
    }
    if (line.trim() === '' || /^\s*(#|-+$|\/\*|cpus=|version =|CPU:?\s*\d+ is empty)/.test(line)) return;
    const row = rowOf(line);
    if (row) { this.row(row); return; }
    // Other events, comments of trace_printk() and tails of lists stand between the calls of a real trace: no fault of the file.
    if (/\/\*.*\*\/\s*;?\s*$/.test(line) || /^\s*.+-\d+\s+\[\d+\].*\d+\.\d+:\s+\w+:/.test(line)) return;
    this.unread++;
    if (this.problems.length < LISTED) this.problems.push({ code: 'ftrace-line', message: `line ${number} is no row of a function graph: ${text.slice(0, 200).replace(/[^ -~]+/g, '?').trim().slice(0, 60)}`, where: `${this.name}:${number}` });
  }

  private enterHost(name: string): void {
    this.host = this.hosts.indexOf(name);
    if (this.host < 0) { this.host = this.hosts.push(name) - 1; this.cpuCounts.push(1); }
  }

  private row(row: Row): void {
    if (this.host < 0) this.enterHost(UNNAMED);
    const id = row.cpu >= 0 ? row.cpu : this.sectionCpu, cpu = this.cpu(id);
    this.cpuCounts[this.host] = Math.max(this.cpuCounts[this.host], id + 1);
    if (row.task) cpu.task = row.task;
    if (!Number.isNaN(row.time)) cpu.clock = Math.max(cpu.clock, row.time);
    switch (row.kind) {
      case 'switch': return;
      case 'begin': cpu.interrupts++; return;
      case 'end': cpu.interrupts = Math.max(0, cpu.interrupts - 1); return;
      case 'close': this.close(row, cpu, this.stackOf(cpu, id)); return;
      default: this.open(row, cpu, id);
    }
  }

  private cpu(id: number): Cpu {
    const key = `${this.host}/${id}`;
    let cpu = this.cpus.get(key);
    if (!cpu) this.cpus.set(key, cpu = { clock: 0, task: null, interrupts: 0 });
    return cpu;
  }

  /** Calls nest per task; the idle tasks share a number, and without a task column a CPU has one stack. */
  private stackOf(cpu: Cpu, id: number): Call[] {
    const key = cpu.task && cpu.task.pid > 0 ? `${this.host}/${cpu.task.pid}` : `${this.host}/cpu${id}`;
    let stack = this.stacks.get(key);
    if (!stack) this.stacks.set(key, stack = []);
    return stack;
  }

  /** The same text for the same name: a part of a row would keep the piece alive that it was read from. */
  private once(name: string): string {
    let known = this.names.get(name);
    if (known === undefined) this.names.set(name, known = name);
    return known;
  }

  private taskId(cpu: Cpu): number {
    const task = cpu.task ?? { comm: '?', pid: 0 }, key = `${this.host}/${task.pid}/${task.comm}`;
    let id = this.taskIds.get(key);
    if (id === undefined) this.taskIds.set(key, id = this.tasks.push({ host: this.host, ...task }) - 1);
    return id;
  }

  private open(row: Row, cpu: Cpu, id: number): void {
    const stack = this.stackOf(cpu, id);
    // A closing brace that was lost (the ring buffer overran) shows in the next row's indentation.
    while (stack.length && stack[stack.length - 1].indent >= row.indent) stack.pop();
    const above = stack[stack.length - 1] ?? null;
    const context = IRQ_ENTRY.test(row.name) || cpu.interrupts > 0 && above?.context !== Context.HardIrq && above?.context !== Context.SoftIrq ? Context.HardIrq : row.name === SOFTIRQ_ENTRY ? Context.SoftIrq : above?.context ?? Context.Process;
    const interrupts = above !== null && context === Context.HardIrq && above.context !== Context.HardIrq;
    const call: Call = {
      name: this.once(row.name), host: this.host, cpu: id, task: this.taskId(cpu), context, parent: interrupts ? null : above, inside: interrupts ? above : null, indent: row.indent,
      enter: cpu.clock, key: cpu.clock, seq: this.seq++, leave: NaN, leaveKey: Infinity, leaveSeq: Infinity, frame: -1,
    };
    this.calls.push(call);
    if (row.kind === 'leaf') this.leave(call, row, cpu); else stack.push(call);
  }

  private close(row: Row, cpu: Cpu, stack: Call[]): void {
    while (stack.length && stack[stack.length - 1].indent > row.indent) stack.pop();
    const call = stack[stack.length - 1];
    if (!call || call.indent !== row.indent || row.name !== '' && row.name !== call.name) { this.cut++; return; }
    stack.pop();
    this.leave(call, row, cpu);
  }

  /** Durations are finer than stamps. Without stamps the durations of leaves are the clock. */
  private leave(call: Call, row: Row, cpu: Cpu): void {
    call.leave = Number.isNaN(row.duration) ? cpu.clock : call.enter + row.duration;
    if (Number.isNaN(row.time)) cpu.clock = Math.max(cpu.clock, call.leave);
    call.leaveKey = cpu.clock;
    call.leaveSeq = this.seq++;
  }
}

/** Functions and sites of a trace that is being made, each once. */
class Names {
  readonly functions: FunctionInfo[] = [];
  readonly sites: Anchor[] = [];
  private readonly ids = new Map<string, number>();
  private readonly siteIds = new Map<string, number>();

  constructor(private readonly options: ImportOptions) {}

  /** Id of the function that `name` means below `caller`. A system call's wrapper is its canonical name. */
  function(name: string, caller: string): number {
    const canonical = /^(__x64_sys_|__ia32_sys_|__se_sys_|SyS_|SYSC_|__do_sys_)/.test(name) ? name.replace(/^(__x64_sys_|__ia32_sys_|__se_sys_|SyS_|SYSC_|__do_sys_)/, 'sys_') : name;
    const place = this.options.locate(canonical, caller), key = `${canonical}\t${place?.path ?? ''}\t${place?.def ?? 1}`;
    let id = this.ids.get(key);
    if (id === undefined) this.ids.set(key, id = this.functions.push({ path: place?.path ?? '', name: canonical, def: place?.def ?? 1, minor: false }) - 1);
    return id;
  }

  /** Id of the place of a call, -1 when it is not known. */
  site(caller: number, callee: number): number {
    const key = `${caller} ${callee}`;
    let id = this.siteIds.get(key);
    if (id === undefined) {
      const from = this.functions[caller], anchor = from.path === '' ? null : this.options.callSite(from, this.functions[callee].name);
      this.siteIds.set(key, id = anchor ? this.sites.push(anchor) - 1 : -1);
    }
    return id;
  }
}

/** Gives frames their numbers in order of time; a CPU's own rows keep their order. */
function build(reader: Reader, options: ImportOptions): Trace {
  const calls = reader.calls.sort((a, b) => a.key - b.key || a.seq - b.seq), n = calls.length, names = new Names(options);
  const ints = (): Int32Array => new Int32Array(n).fill(-1);
  const frames = { count: n, fn: ints(), parent: ints(), inside: ints(), callSite: ints(), firstStep: ints(), endStep: ints(), enterTime: new Float64Array(n), leaveTime: new Float64Array(n), host: new Uint8Array(n), cpu: new Uint8Array(n), task: ints(), context: new Uint8Array(n), packet: new Int32Array(n) };
  const step = { frame: new Int32Array(2 * n), site: new Int32Array(2 * n), time: new Float64Array(2 * n) };
  let steps = 0;
  const add = (frame: number, site: number, time: number): void => { step.frame[steps] = frame; step.site[steps] = site; step.time[steps++] = time; };
  const ends = calls.filter((c) => c.leaveKey < Infinity).sort((a, b) => a.leaveKey - b.leaveKey || a.leaveSeq - b.leaveSeq);
  let ended = 0;
  for (const [f, c] of calls.entries()) {
    for (; ended < ends.length && (ends[ended].leaveKey < c.key || ends[ended].leaveKey === c.key && ends[ended].leaveSeq < c.seq); ended++) frames.endStep[ends[ended].frame] = steps;
    c.frame = f;
    const up = c.parent?.frame ?? -1, below = c.inside?.frame ?? -1, above = up >= 0 ? up : below;
    frames.fn[f] = names.function(c.name, above >= 0 ? names.functions[frames.fn[above]].path : '');
    frames.parent[f] = up;
    frames.inside[f] = below;
    if (up >= 0) frames.callSite[f] = names.site(frames.fn[up], frames.fn[f]);
    if (frames.callSite[f] >= 0) add(up, frames.callSite[f], c.enter);
    frames.firstStep[f] = steps;
    add(f, -1, c.enter);
    frames.enterTime[f] = c.enter;
    frames.leaveTime[f] = c.leave;
    frames.host[f] = c.host;
    frames.cpu[f] = c.cpu;
    frames.task[f] = c.task;
    frames.context[f] = c.context;
  }
  for (; ended < ends.length; ended++) frames.endStep[ends[ended].frame] = steps;
  const hosts = reader.hosts.map((name, i) => ({ name, cpus: reader.cpuCounts[i] }));
  return {
    version: TRACE_VERSION, scenario: options.name, title: `Recorded: ${options.name}`, kernel: options.kernel, hosts, tasks: reader.tasks, functions: names.functions, sites: names.sites, frames,
    steps: { count: steps, frame: step.frame.slice(0, steps), site: step.site.slice(0, steps), time: step.time.slice(0, steps), ordinal: Float64Array.from({ length: steps }, (_, i) => i + 1) },
    events: [], wire: [], results: [], stopped: '', counters: {}, log: reader.cut > 0 ? [`${reader.cut} functions were entered before the recording began`] : [],
  };
}

export const functionGraphImporter: Importer = {
  id: 'function_graph', title: 'ftrace function_graph, or trace-cmd report of it',
  recognises: (head) => head.split('\n').some((row) => row.length < 1000 && /^# tracer: function_graph|:\s+funcgraph_(entry|exit):|^[^|]*(\|[^|]*)?(\|[^|]*)?\|\s*[A-Za-z_][\w.]*\(.*\)\s*(;|\{)/.test(row)),
  import(text: string | Iterable<string>, options: ImportOptions): Result<Imported> {
    const reader = new Reader(options.name);
    reader.read(typeof text === 'string' ? [text] : text);
    if (reader.calls.length === 0) return fail('ftrace-empty', `${options.name} holds no calls of a function graph. Record one with the function_graph tracer (trace-cmd record -p function_graph, then trace-cmd report) and try again.`, options.name);
    if (reader.unread > LISTED) reader.problems.push({ code: 'ftrace-lines', message: `${reader.unread - LISTED} further lines are no rows of a function graph`, where: options.name });
    return ok({ trace: build(reader, options), problems: reader.problems });
  },
};
