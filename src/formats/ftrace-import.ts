/**
 * A recorded function_graph trace becomes a Trace: each call is a frame; its steps are the call in its caller, where that place is known, and its entry.
 * What such a text cannot tell stays unknown: statements, packets, values.
 */
import type { Anchor } from '../base/anchor';
import { fail, ok, type Problem, type Result } from '../base/result';
import { Context, TRACE_VERSION, type FrameTable, type FunctionInfo, type StepTable, type TaskInfo, type Trace } from '../trace/model';
import { Calls } from './calls';
import type { Imported, Importer, ImportOptions } from './format';
import { rowOf, sectionOf, type Row, type TaskName } from './ftrace-lines';
import { settle } from './settle';

/** The host of a text that names none, as every real one. */
const UNNAMED = 'machine';
/** Problems that are listed; more are counted. */
const LISTED = 20;
/** Calls that are read: what a trace of them takes still fits into a process (some 1 GB). */
export const MOST_CALLS = 3_000_000;
/** Characters of the longest row; what has more is no row. */
const LONGEST_ROW = 4096;
/** Where the machine enters a hard interrupt, on x86 from 3.x to 6.x. */
const IRQ_ENTRY = /^(do_IRQ|common_interrupt|smp_\w+_interrupt|sysvec_\w+|__sysvec_\w+|__common_interrupt)$/;
const SOFTIRQ_ENTRY = '__do_softirq';
/** What a compiler or a newer kernel puts before the name of a system call. */
const WRAPPER = /^(__x64_sys_|__ia32_sys_|__se_sys_|SyS_|SYSC_|__do_sys_)/;
/** Rows that may be no calls: most begin with a number, a task or a duration. */
const OTHER = /^\s*($|[#/cvC-])/;

/** What is running on a CPU: its clock, its task (number and stack), and the hard interrupts it is in. */
interface Cpu { readonly id: number; clock: number; comm: string; pid: number; task: number; stack: number[]; interrupts: number }

class Reader {
  readonly calls = new Calls();
  readonly hosts: string[] = [];
  readonly cpuCounts: number[] = [];
  readonly tasks: TaskInfo[] = [];
  /** Names of functions as they stand in the text, by the numbers in `calls.name`. */
  readonly names: string[] = [];
  readonly problems: Problem[] = [];
  unread = 0;
  /** Braces whose opening came before the recording. */
  cut = 0;
  /** How fine the stamps are. */
  stamps: 'none' | 'us' | 'ns' = 'none';
  private host = -1;
  private sectionCpu = 0;
  private seq = 0;
  /** By host, then CPU. */
  private readonly cpus: Cpu[][] = [];
  private readonly stacks = new Map<string, number[]>();
  private readonly taskIds = new Map<string, number>();
  private readonly nameIds = new Map<string, number>();
  /** What entering a function means, by the number of its name. */
  private readonly begins: (Context | null)[] = [];

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
      if (this.calls.count >= MOST_CALLS) {
        this.problems.push({ code: 'ftrace-long', message: `reading stopped at line ${number}: ${MOST_CALLS} calls are the most. Record a shorter time, or cut the file.`, where: `${this.name}:${number}` });
        return;
      }
    }
    if (rest !== '') this.line(rest, number + 1);
  }

  private line(text: string, number: number): void {
    const line = text.length > LONGEST_ROW ? '\0' : text.endsWith('\r') ? text.slice(0, -1) : text;
    if (OTHER.test(line)) {
      const section = sectionOf(line);
      if (section) {
        this.enterHost(section.host === '' ? UNNAMED : section.host);
        this.sectionCpu = section.cpu;
        return;
      }
      if (/^\s*($|#|-+$|\/\*|cpus=|version =|CPU:?\s*\d+ is empty)/.test(line)) return;
    }
    const row = rowOf(line);
    if (row) { this.row(row); return; }
    // Other events, comments of trace_printk() and tails of lists stand between the calls of a real trace: no fault of the file.
    if (/\/\*.*\*\/\s*;?\s*$/.test(line) || /^\s*.+-\d+\s+\[\d+\].*\d+\.\d+:\s+\w+:/.test(line)) return;
    this.unread++;
    if (this.problems.length < LISTED) this.problems.push({ code: 'ftrace-line', message: `line ${number} is no row of a function graph: ${text.slice(0, 200).replace(/[^ -~]+/g, '?').trim().slice(0, 60)}`, where: `${this.name}:${number}` });
  }

  private enterHost(name: string): void {
    this.host = this.hosts.indexOf(name);
    if (this.host < 0) { this.host = this.hosts.push(name) - 1; this.cpuCounts.push(1); this.cpus.push([]); }
  }

  private row(row: Row): void {
    if (this.host < 0) this.enterHost(UNNAMED);
    const id = row.cpu >= 0 ? row.cpu : this.sectionCpu, cpu = this.cpu(id);
    if (row.task) this.switchTo(cpu, row.task);
    if (!Number.isNaN(row.time)) {
      cpu.clock = Math.max(cpu.clock, row.time);
      if (this.stamps !== 'ns') this.stamps = row.time % 1000 === 0 ? 'us' : 'ns';
    }
    switch (row.kind) {
      case 'switch': return;
      case 'begin': cpu.interrupts++; return;
      case 'end': cpu.interrupts = Math.max(0, cpu.interrupts - 1); return;
      case 'close': this.close(row, cpu); return;
      default: this.open(row, cpu);
    }
  }

  private cpu(id: number): Cpu {
    const known = this.cpus[this.host][id];
    if (known) return known;
    this.cpuCounts[this.host] = Math.max(this.cpuCounts[this.host], id + 1);
    return this.cpus[this.host][id] = { id, clock: 0, comm: '?', pid: 0, task: -1, stack: this.stackOf(`${this.host}/cpu${id}`), interrupts: 0 };
  }

  /** Calls nest per task; the idle tasks share a number, and without a task column a CPU has one stack. */
  private switchTo(cpu: Cpu, { comm, pid }: TaskName): void {
    if (cpu.pid === pid && cpu.comm === comm) return;
    cpu.stack = this.stackOf(pid > 0 ? `${this.host}/${pid}` : `${this.host}/cpu${cpu.id}`);
    cpu.comm = comm;
    cpu.pid = pid;
    cpu.task = -1;
  }

  private stackOf(key: string): number[] {
    let stack = this.stacks.get(key);
    if (!stack) this.stacks.set(key, stack = []);
    return stack;
  }

  private nameId(name: string): number {
    let id = this.nameIds.get(name);
    if (id === undefined) {
      // A copy: a part of a row would keep the piece alive that it was read from.
      const own = Array.from(name).join('');
      this.nameIds.set(own, id = this.names.push(own) - 1);
      this.begins.push(IRQ_ENTRY.test(own) ? Context.HardIrq : own === SOFTIRQ_ENTRY ? Context.SoftIrq : null);
    }
    return id;
  }

  /** The task's number in the trace, given when it first calls something. */
  private taskId(cpu: Cpu): number {
    if (cpu.task >= 0) return cpu.task;
    const key = `${this.host}/${cpu.pid}/${cpu.comm}`;
    let id = this.taskIds.get(key);
    if (id === undefined) this.taskIds.set(key, id = this.tasks.push({ host: this.host, comm: Array.from(cpu.comm).join(''), pid: cpu.pid }) - 1);
    return cpu.task = id;
  }

  /** What a call below `above` runs as, by its name and the arrows around hard interrupts. */
  private contextOf(name: number, cpu: Cpu, above: Context | null): Context {
    const begins = this.begins[name];
    if (begins === Context.HardIrq || cpu.interrupts > 0 && above !== Context.HardIrq && above !== Context.SoftIrq) return Context.HardIrq;
    return begins ?? above ?? Context.Process;
  }

  private open(row: Row, cpu: Cpu): void {
    const { calls } = this, { stack } = cpu, name = this.nameId(row.name);
    // A closing brace that was lost (the ring buffer overran) shows in the next row's indentation.
    while (stack.length && calls.indent.at(stack[stack.length - 1]) >= row.indent) stack.pop();
    const up = stack.length ? stack[stack.length - 1] : -1, above = up >= 0 ? calls.context.at(up) as Context : null, context = this.contextOf(name, cpu, above);
    const interrupts = above !== null && context === Context.HardIrq && above !== Context.HardIrq;
    const call = calls.add(name, this.host, cpu.id, this.taskId(cpu), context, interrupts ? -1 : up, interrupts ? up : -1, row.indent, cpu.clock, this.seq++);
    if (row.kind === 'leaf') this.leave(call, row, cpu); else stack.push(call);
  }

  private close(row: Row, cpu: Cpu): void {
    const { calls } = this, { stack } = cpu;
    while (stack.length && calls.indent.at(stack[stack.length - 1]) > row.indent) stack.pop();
    const call = stack.length ? stack[stack.length - 1] : -1;
    if (call < 0 || calls.indent.at(call) !== row.indent || row.name !== '' && row.name !== this.names[calls.name.at(call)]) { this.cut++; return; }
    stack.pop();
    this.leave(call, row, cpu);
  }

  /** Durations are finer than stamps. Without stamps the durations of leaves are the clock. */
  private leave(call: number, row: Row, cpu: Cpu): void {
    const leave = Number.isNaN(row.duration) ? cpu.clock : this.calls.enter.at(call) + row.duration;
    if (Number.isNaN(row.time)) cpu.clock = Math.max(cpu.clock, leave);
    this.calls.left(call, leave, cpu.clock, this.seq++);
  }
}

/** Functions and sites of a trace that is being made, each once. */
class Names {
  readonly functions: FunctionInfo[] = [];
  readonly sites: Anchor[] = [];
  private readonly ids = new Map<string, number>();
  /** By the path of the caller, then by name: what was found before. */
  private readonly meant = new Map<string, Map<string, number>>();
  /** By caller, then by callee. */
  private readonly siteIds: Map<number, number>[] = [];

  constructor(private readonly options: ImportOptions) {}

  /** Id of the function that `name` means below function `caller` (-1: below none). A system call's wrapper is its canonical name. */
  function(name: string, caller: number): number {
    const from = caller >= 0 ? this.functions[caller].path : '';
    let below = this.meant.get(from);
    if (!below) this.meant.set(from, below = new Map());
    let id = below.get(name);
    if (id === undefined) below.set(name, id = this.find(name.replace(WRAPPER, 'sys_'), from));
    return id;
  }

  private find(name: string, from: string): number {
    const place = this.options.locate(name, from), key = `${name}\t${place?.path ?? ''}\t${place?.def ?? 1}`;
    let id = this.ids.get(key);
    if (id === undefined) this.ids.set(key, id = this.functions.push({ path: place?.path ?? '', name, def: place?.def ?? 1, minor: false }) - 1);
    return id;
  }

  /** Id of the place of a call, -1 when it is not known. */
  site(caller: number, callee: number): number {
    const known = (this.siteIds[caller] ??= new Map());
    let id = known.get(callee);
    if (id === undefined) {
      const from = this.functions[caller], anchor = from.path === '' ? null : this.options.callSite(from, this.functions[callee].name);
      known.set(callee, id = anchor ? this.sites.push(anchor) - 1 : -1);
    }
    return id;
  }
}

/** Gives frames their numbers in order of time; a CPU's own rows keep their order. */
function build(reader: Reader, options: ImportOptions): Trace {
  const { calls } = reader, n = calls.count, names = new Names(options), order = calls.inOrder();
  const ints = (): Int32Array => new Int32Array(n).fill(-1);
  const frames: FrameTable = { count: n, fn: ints(), parent: ints(), inside: ints(), callSite: ints(), firstStep: ints(), endStep: ints(), enterTime: new Float64Array(n), leaveTime: new Float64Array(n), host: new Uint8Array(n), cpu: new Uint8Array(n), task: ints(), context: new Uint8Array(n), packet: new Int32Array(n) };
  const frameOf = new Int32Array(n);
  for (let f = 0; f < n; f++) {
    const c = order[f], parent = calls.parent.at(c), inside = calls.inside.at(c);
    frameOf[c] = f;
    const up = parent >= 0 ? frameOf[parent] : -1, below = inside >= 0 ? frameOf[inside] : -1, above = up >= 0 ? up : below;
    frames.fn[f] = names.function(reader.names[calls.name.at(c)], above >= 0 ? frames.fn[above] : -1);
    frames.parent[f] = up;
    frames.inside[f] = below;
    if (up >= 0) frames.callSite[f] = names.site(frames.fn[up], frames.fn[f]);
    frames.enterTime[f] = calls.enter.at(c);
    frames.leaveTime[f] = calls.leave.at(c);
    frames.host[f] = calls.host.at(c);
    frames.cpu[f] = calls.cpu.at(c);
    frames.task[f] = calls.task.at(c);
    frames.context[f] = calls.context.at(c);
  }
  if (reader.stamps === 'us') settle(frames, Float64Array.from(order, (c) => calls.closedAt(c)), (task) => reader.tasks[task].pid === 0);
  const steps = stepsOf(frames, calls, order, frameOf);
  const hosts = reader.hosts.map((name, i) => ({ name, cpus: reader.cpuCounts[i] }));
  return {
    version: TRACE_VERSION, scenario: options.name, title: `Recorded: ${options.name}`, kernel: options.kernel, hosts, tasks: reader.tasks, functions: names.functions, sites: names.sites, frames, steps,
    events: [], wire: [], results: [], stopped: '', counters: {}, log: reader.cut > 0 ? [`${reader.cut} functions were entered before the recording began`] : [],
  };
}

/** The steps of the frames: the call in the caller, where its place is known, and the entry. Fills in where each frame's steps begin and end. */
function stepsOf(frames: FrameTable, calls: Calls, order: Int32Array, frameOf: Int32Array): StepTable {
  const n = frames.count, count = n + frames.callSite.reduce((sum, site) => sum + (site >= 0 ? 1 : 0), 0), ends = calls.inOrderOfLeaving();
  const steps = { count, frame: new Int32Array(count), site: new Int32Array(count), time: new Float64Array(count), ordinal: new Float64Array(count) };
  let at = 0, ended = 0;
  const add = (frame: number, site: number, time: number): void => { steps.frame[at] = frame; steps.site[at] = site; steps.time[at] = time; steps.ordinal[at] = ++at; };
  for (let f = 0; f < n; f++) {
    for (const c = order[f]; ended < ends.length && calls.leftBefore(ends[ended], c); ended++) frames.endStep[frameOf[ends[ended]]] = at;
    if (frames.callSite[f] >= 0) add(frames.parent[f], frames.callSite[f], frames.enterTime[f]);
    frames.firstStep[f] = at;
    add(f, -1, frames.enterTime[f]);
  }
  for (; ended < ends.length; ended++) frames.endStep[frameOf[ends[ended]]] = at;
  return steps;
}

export const functionGraphImporter: Importer = {
  id: 'function_graph', title: 'ftrace function_graph, or trace-cmd report of it',
  recognises: (head) => head.split('\n').some((row) => row.length < 1000 && /^# tracer: function_graph|:\s+funcgraph_(entry|exit):|^[^|]*(\|[^|]*)?(\|[^|]*)?\|\s*[A-Za-z_][\w.]*\(.*\)\s*(;|\{)/.test(row)),
  import(text: string | Iterable<string>, options: ImportOptions): Result<Imported> {
    const reader = new Reader(options.name);
    reader.read(typeof text === 'string' ? [text] : text);
    if (reader.calls.count === 0) return fail('ftrace-empty', `${options.name} holds no calls of a function graph. Record one with the function_graph tracer (trace-cmd record -p function_graph, then trace-cmd report) and try again.`, options.name);
    if (reader.unread > LISTED) reader.problems.push({ code: 'ftrace-lines', message: `${reader.unread - LISTED} further lines are no rows of a function graph`, where: options.name });
    return ok({ trace: build(reader, options), problems: reader.problems });
  },
};
