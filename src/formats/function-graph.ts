/**
 * ftrace's function_graph layout (Documentation/trace/ftrace.txt, kernel/trace/trace_functions_graph.c): time | cpu) task-pid | duration | calls,
 * with tail comments on closing braces and arrows around hard interrupts; everything the CPUs did in the traced window, in order, a section per CPU.
 */
import { Context, type Trace } from '../trace/model';
import { pieces, wanted, type Exporter, type ExportOptions } from './format';

const HEADER = `# tracer: function_graph
#
#     TIME        CPU  TASK/PID         DURATION                  FUNCTION CALLS
#      |          |     |    |           |   |                     |   |   |   |
`;
const NO_DURATION = ' '.repeat(14);

/** ftrace's duration column, 14 wide: a mark above 10 and 100 us, seven digits, unit. Blank for NaN. */
export function durationColumn(ns: number): string {
  if (Number.isNaN(ns)) return NO_DURATION;
  const us = Math.floor(ns / 1000), whole = String(us), rest = String(Math.floor(ns) % 1000).padStart(3, '0').slice(0, Math.max(0, 7 - whole.length));
  return `${ns > 100_000 ? '!' : ns > 10_000 ? '+' : ' '} ${whole}${rest === '' ? '' : `.${rest}`} us`.padEnd(14);
}

/** `comm-pid` in the middle of 14 columns, the name cut to 7. */
export function taskColumn(comm: string, pid: number): string {
  const text = `${comm.slice(0, 7)}-${pid}`, free = Math.max(0, 14 - text.length), before = Math.floor(free / 2);
  return ' '.repeat(before) + text + ' '.repeat(free - before);
}

/** Frames of a trace as a tree: an interrupt's root is a child of what it interrupted. */
class Forest {
  readonly roots: number[] = [];
  private readonly first: Int32Array;
  private readonly next: Int32Array;

  constructor(trace: Trace, options: ExportOptions) {
    const { frames } = trace, last = new Int32Array(frames.count).fill(-1);
    this.first = new Int32Array(frames.count).fill(-1);
    this.next = new Int32Array(frames.count).fill(-1);
    for (let f = 0; f < frames.count; f++) {
      if (!wanted(trace, f, options) || frames.context[f] === Context.Nic) continue;
      const up = frames.parent[f] >= 0 ? frames.parent[f] : frames.inside[f];
      if (up < 0) { this.roots.push(f); continue; }
      if (last[up] < 0) this.first[up] = f; else this.next[last[up]] = f;
      last[up] = f;
    }
  }

  isLeaf(frame: number): boolean { return this.first[frame] < 0; }

  kids(frame: number): number[] {
    const out: number[] = [];
    for (let k = this.first[frame]; k >= 0; k = this.next[k]) out.push(k);
    return out;
  }
}

/** A printed row: the frame, its depth, and which of its rows. Held as numbers in columns. */
const enum What { Open, Leaf, Close, IrqBegins, IrqEnds }
class Rows {
  readonly frame: number[] = [];
  readonly depth: number[] = [];
  readonly what: What[] = [];
  readonly time: number[] = [];

  add(frame: number, depth: number, what: What, time: number): void {
    this.frame.push(frame);
    this.depth.push(depth);
    this.what.push(what);
    this.time.push(time);
  }

  /** Row numbers in order of time; a tree's own order decides among equal times. */
  inOrder(): Uint32Array {
    return Uint32Array.from(this.time.keys()).sort((a, b) => this.time[a] - this.time[b] || a - b);
  }
}

function addTree(trace: Trace, root: number, forest: Forest, rows: Rows): void {
  const { frames } = trace;
  // An explicit stack: a loopback run can nest deeper than the host language likes.
  const todo: { frame: number; depth: number; close: boolean }[] = [{ frame: root, depth: 0, close: false }];
  for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
    const { frame, depth, close } = at, enter = frames.enterTime[frame], leave = frames.leaveTime[frame];
    // The idle task runs nothing of its own: its roots are interrupts too.
    const interrupts = frames.inside[frame] >= 0 || frames.parent[frame] < 0 && trace.tasks[frames.task[frame]]?.pid === 0;
    if (close) {
      if (!Number.isNaN(leave)) rows.add(frame, depth, What.Close, leave);
      if (interrupts && !Number.isNaN(leave)) rows.add(frame, depth, What.IrqEnds, leave);
      continue;
    }
    if (interrupts) rows.add(frame, depth, What.IrqBegins, enter);
    const leaf = forest.isLeaf(frame) && !Number.isNaN(leave);
    rows.add(frame, depth, leaf ? What.Leaf : What.Open, enter);
    if (leaf) { if (interrupts) rows.add(frame, depth, What.IrqEnds, leave); continue; }
    todo.push({ frame, depth, close: true });
    for (const kid of forest.kids(frame).reverse()) todo.push({ frame: kid, depth: depth + 1, close: false });
  }
}

function print(trace: Trace, rows: Rows, i: number): string {
  const { frames, functions, tasks } = trace, frame = rows.frame[i], task = tasks[frames.task[frame]], name = functions[frames.fn[frame]].name;
  const head = `${(rows.time[i] / 1e9).toFixed(6).padStart(12)} |  ${String(frames.cpu[frame]).padStart(2)})  ${taskColumn(task ? task.comm : '?', task ? task.pid : 0)} | `;
  const duration = durationColumn(frames.leaveTime[frame] - frames.enterTime[frame]), indent = '  '.repeat(rows.depth[i] + 1);
  switch (rows.what[i]) {
    case What.Open: return `${head}${NO_DURATION}|${indent}${name}() {\n`;
    case What.Leaf: return `${head}${duration}|${indent}${name}();\n`;
    case What.Close: return `${head}${duration}|${indent}} /* ${name} */\n`;
    case What.IrqBegins: return `${head}  ==========> |\n`;
    case What.IrqEnds: return `${head}  <========== |\n`;
  }
}

function* text(trace: Trace, options: ExportOptions): Generator<string> {
  const { frames } = trace, forest = new Forest(trace, options), sections = new Map<string, Rows>();
  for (const root of forest.roots) {
    const key = `${frames.host[root]}/${frames.cpu[root]}`;
    let rows = sections.get(key);
    if (!rows) sections.set(key, rows = new Rows());
    addTree(trace, root, forest, rows);
  }
  for (const key of [...sections.keys()].sort()) {
    const [host, cpu] = key.split('/').map(Number), rows = sections.get(key)!;
    yield `\n###### ${options.host === undefined ? `${trace.hosts[host].name} ` : ''}CPU ${cpu} ######\n${HEADER}`;
    for (const i of rows.inOrder()) yield print(trace, rows, i);
  }
}

export const functionGraph: Exporter = {
  id: 'function_graph', title: 'ftrace function_graph', extension: 'txt',
  export: (trace, options) => pieces(text(trace, options)),
};
