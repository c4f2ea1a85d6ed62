/** Collapsed stacks, as flame graph tools read them (flamegraph.pl, inferno, speedscope): `host cpu;task;caller;callee NANOSECONDS`, a row per distinct stack, with the time spent in its last function itself. */
import type { Trace } from '../trace/model';
import { pieces, wanted, type Exporter, type ExportOptions } from './format';

/** Frame names may hold neither the separator nor a line's end. */
const plain = (name: string): string => name.replace(/[;\n]/g, '_');

/** Virtual ns that each frame spent outside of what it called; NaN for a frame that was never left. */
function ownTimes(trace: Trace): Float64Array {
  const { frames } = trace, own = new Float64Array(frames.count);
  for (let f = 0; f < frames.count; f++) own[f] = frames.leaveTime[f] - frames.enterTime[f];
  for (let f = 0; f < frames.count; f++) {
    const up = frames.parent[f] >= 0 ? frames.parent[f] : frames.inside[f];
    if (up >= 0 && !Number.isNaN(own[f])) own[up] -= frames.leaveTime[f] - frames.enterTime[f];
  }
  return own;
}

/**
 * Stacks as a tree of names, so that a deep trace costs one node per distinct stack. A function waits while its task sleeps: that time is its own, as everywhere
 * in wall-clock flame graphs.
 */
class Stacks {
  readonly names: string[] = [];
  readonly up: number[] = [];
  readonly time: number[] = [];
  private readonly known = new Map<string, number>();

  node(up: number, name: string): number {
    const key = `${up};${name}`;
    let id = this.known.get(key);
    if (id === undefined) {
      id = this.names.length;
      this.known.set(key, id);
      this.names.push(name);
      this.up.push(up);
      this.time.push(0);
    }
    return id;
  }

  path(node: number): string {
    const names: string[] = [];
    for (let n = node; n >= 0; n = this.up[n]) names.push(this.names[n]);
    return names.reverse().join(';');
  }
}

function* rows(trace: Trace, options: ExportOptions): Generator<string> {
  const { frames, functions } = trace, own = ownTimes(trace), stacks = new Stacks(), nodeOf = new Int32Array(frames.count).fill(-1);
  for (let f = 0; f < frames.count; f++) {
    if (!wanted(trace, f, options)) continue;
    const above = frames.parent[f] >= 0 ? frames.parent[f] : frames.inside[f], task = trace.tasks[frames.task[f]];
    const up = above >= 0 ? nodeOf[above] : stacks.node(stacks.node(-1, plain(`${trace.hosts[frames.host[f]].name} cpu${frames.cpu[f]}`)), plain(task ? `${task.comm}-${task.pid}` : '?'));
    nodeOf[f] = stacks.node(up, plain(functions[frames.fn[f]].name));
    if (own[f] > 0) stacks.time[nodeOf[f]] += own[f];
  }
  for (let n = 0; n < stacks.names.length; n++) if (stacks.time[n] > 0) yield `${stacks.path(n)} ${Math.round(stacks.time[n])}\n`;
}

export const foldedFormat: Exporter = {
  id: 'folded', title: 'Collapsed stacks for flame graphs', extension: 'folded',
  export: (trace, options) => pieces(rows(trace, options)),
};
