/**
 * `--format text`: the calls as an indented tree in time order, small accessors folded; in it what happened to packets, where it happened, and the results of
 * system calls. Seconds stand in the first column wherever the time is told.
 */
import { resultText } from '../base/errno';
import { Context, type Trace } from '../trace/model';
import { pieces, seconds, wanted, type Exporter, type ExportOptions } from './format';

const CONTEXTS: Record<Context, string> = { [Context.Process]: '', [Context.SoftIrq]: 'softirq: ', [Context.HardIrq]: 'hard irq: ', [Context.Nic]: 'device: ' };
/** Width of the column of times. */
const GUTTER = 13;

const at = (time: number): string => `${seconds(time).padStart(GUTTER - 2)}  `;
const BLANK = ' '.repeat(GUTTER);

/** Column of each frame: how many frames that are shown stand above it, through what it interrupted. */
function columns(trace: Trace): Int32Array {
  const { frames, functions } = trace, column = new Int32Array(frames.count);
  for (let f = 0; f < frames.count; f++) {
    const up = frames.parent[f] >= 0 ? frames.parent[f] : frames.inside[f];
    if (up >= 0) column[f] = column[up] + (functions[frames.fn[up]].minor ? 0 : 1);
  }
  return column;
}

/** Something to tell between calls: after which step, and the row for a place in the tree or for none. */
interface Note { readonly step: number; readonly time: number; readonly host: number; readonly text: string }

/** What an event's detail means. */
function eventText(kind: string, packet: number, detail: string): string {
  switch (kind) {
    case 'mark': return detail;
    case 'copy-in': return `copy ${detail} bytes from the user`;
    case 'copy-out': return `copy ${detail} bytes to the user`;
    case 'copy': return `copy${packet > 0 ? ` packet ${packet}` : ''}, ${detail} bytes`;
    case 'merge': return `merge packet ${detail} into packet ${packet}`;
    default: return `${kind}${packet > 0 ? ` packet ${packet}` : ''}${detail === '' ? '' : `, ${detail}`}`;
  }
}

/** Events and results in the order of steps; equal ones as they came, results last. */
function notes(trace: Trace, options: ExportOptions): Note[] {
  const all = [
    ...trace.events.map((e): Note => ({ step: e.step, time: e.time, host: e.host, text: `${e.kind === 'mark' ? '#' : '*'} ${eventText(e.kind, e.packet, e.detail)}` })),
    ...trace.results.map((r): Note => ({ step: r.step, time: r.time, host: r.host, text: `= ${r.call} = ${resultText(r.result)}` })),
  ];
  return all.filter((n) => options.host === undefined || n.host === options.host).sort((a, b) => a.step - b.step || a.time - b.time);
}

class Tree {
  private readonly column: Int32Array;
  /** Who the last row was about, so that a row about another says so. */
  private last = '';

  constructor(private readonly trace: Trace) { this.column = columns(trace); }

  private who(frame: number): string {
    const { frames, tasks, hosts } = this.trace, task = tasks[frames.task[frame]];
    return `${hosts[frames.host[frame]].name} cpu${frames.cpu[frame]}${task ? ` ${task.comm}` : ''}`;
  }

  /** The nearest frame above that is shown; -1 for none. */
  private above(frame: number): number {
    const { frames, functions } = this.trace;
    let f = frames.parent[frame] >= 0 ? frames.parent[frame] : frames.inside[frame];
    while (f >= 0 && functions[frames.fn[f]].minor) f = frames.parent[f] >= 0 ? frames.parent[f] : frames.inside[f];
    return f;
  }

  /** A call, with a heading when another task, CPU or host goes on. */
  call(f: number): string {
    const { frames, functions } = this.trace, who = this.who(f), above = this.above(f), root = frames.parent[f] < 0;
    const inside = above < 0 ? '' : root ? `, interrupting ${functions[frames.fn[above]].name}` : `, in ${functions[frames.fn[above]].name}`;
    const heading = who !== this.last || above < 0 ? `${at(frames.enterTime[f])}${who}${inside}\n` : '';
    this.last = who;
    const context = root ? CONTEXTS[frames.context[f] as Context] : '', time = root && heading === '' ? at(frames.enterTime[f]) : BLANK;
    return `${heading}${time}${'  '.repeat(this.column[f] + 1)}${context}${functions[frames.fn[f]].name}\n`;
  }

  /** An event or result: below the function that was running, or beside the tree when its host was not. */
  note(n: Note): string {
    const { frames, steps, hosts, functions } = this.trace, f = n.step >= 0 && n.step < steps.count ? steps.frame[n.step] : -1;
    const here = f >= 0 && frames.host[f] === n.host && this.who(f) === this.last && n.text.startsWith('*');
    if (here) return `${at(n.time)}${'  '.repeat(this.column[f] + (functions[frames.fn[f]].minor ? 1 : 2))}${n.text}\n`;
    return `${at(n.time)}${hosts[n.host].name} ${n.text.replace(/^= /, '')}\n`;
  }
}

function* rows(trace: Trace, options: ExportOptions): Generator<string> {
  const { frames, functions } = trace, tree = new Tree(trace), between = notes(trace, options);
  yield `${trace.scenario}: ${trace.title}\n`;
  let next = 0;
  for (let f = 0; f < frames.count; f++) {
    while (next < between.length && between[next].step < frames.firstStep[f]) yield tree.note(between[next++]);
    if (wanted(trace, f, options) && !functions[frames.fn[f]].minor) yield tree.call(f);
  }
  while (next < between.length) yield tree.note(between[next++]);
  if (frames.count === 0) yield 'no call was recorded: no window was open (a program\'s step {"call": "trace", "on": true} opens one)\n';
  if (trace.stopped) yield `stopped: ${trace.stopped}\n`;
}

export const textFormat: Exporter = {
  id: 'text', title: 'Call tree', extension: 'txt',
  export: (trace, options) => pieces(rows(trace, options)),
};
