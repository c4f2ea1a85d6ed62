/** The contexts of a trace as debug threads: each task, each interrupt level of each CPU, each NIC; and their stacks at any step. */
import { Context, type Trace } from '../trace/model';
import type { ThreadRow } from '../protocol/engine';

const KIND = { [Context.Process]: 'task', [Context.SoftIrq]: 'softirq', [Context.HardIrq]: 'hardirq', [Context.Nic]: 'nic' } as const;

/** One row of a stack: a frame, and the site it stands at (-1: its entry). */
export interface StackRow { readonly frame: number; readonly site: number }

/** Threads by id (from 1, in order of first appearance) and the thread of each frame. */
export class Threads {
  readonly rows: ThreadRow[] = [];
  private readonly ofFrame: Int32Array;
  /** Frames of each thread in order of entry. */
  private readonly frames: number[][] = [];
  /** The step before a step in the same frame; -1 for the first. */
  readonly previous: Int32Array;
  private readonly last: Int32Array;

  constructor(private readonly trace: Trace) {
    const f = trace.frames, ids = new Map<string, number>();
    this.ofFrame = new Int32Array(f.count);
    for (let i = 0; i < f.count; i++) {
      const context = f.context[i] as Context, task = context === Context.Process && f.task[i] >= 0;
      const key = task ? `${f.host[i]} task ${f.task[i]}` : `${f.host[i]} ${context} ${context === Context.Nic ? 0 : f.cpu[i]}`;
      let id = ids.get(key);
      if (id === undefined) {
        ids.set(key, id = this.rows.length + 1);
        const info = task ? trace.tasks[f.task[i]] : undefined;
        this.rows.push({ id, kind: KIND[context], host: trace.hosts[f.host[i]]?.name ?? String(f.host[i]), cpu: f.cpu[i], pid: info?.pid ?? -1, comm: info?.comm ?? '' });
        this.frames.push([]);
      }
      this.ofFrame[i] = id;
      this.frames[id - 1].push(i);
    }
    this.previous = new Int32Array(trace.steps.count);
    this.last = new Int32Array(f.count).fill(-1);
    for (let s = 0; s < trace.steps.count; s++) {
      const frame = trace.steps.frame[s];
      this.previous[s] = this.last[frame];
      this.last[frame] = s;
    }
  }

  threadOf(frame: number): number { return this.ofFrame[frame]; }

  row(thread: number): ThreadRow { return this.rows[thread - 1]; }

  /** Is the frame entered and not yet left at `step`? */
  isLive(frame: number, step: number): boolean {
    const f = this.trace.frames;
    return f.firstStep[frame] <= step && (f.endStep[frame] === -1 || f.endStep[frame] > step);
  }

  /** A frame's last step up to `step`; -1 when it has none. */
  stepOf(frame: number, step: number): number {
    let s = this.last[frame];
    while (s > step) s = this.previous[s];
    return s;
  }

  /** Site at which a live frame stands at `step`. */
  siteAt(frame: number, step: number): number {
    const s = this.stepOf(frame, step);
    return s < 0 ? -1 : this.trace.steps.site[s];
  }

  /** The innermost live frame of a thread at `step`; -1 when it runs nothing of the kernel. */
  innermost(thread: number, step: number): number {
    const list = this.frames[thread - 1] ?? [];
    let low = 0, high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.trace.frames.firstStep[list[middle]] <= step) low = middle + 1;
      else high = middle;
    }
    let frame = low > 0 ? list[low - 1] : -1;
    while (frame >= 0 && !this.isLive(frame, step)) frame = this.trace.frames.parent[frame];
    return frame;
  }

  /** A thread's stack at `step`, innermost first, down through what it interrupted. Empty when it runs nothing of the kernel. */
  stack(thread: number, step: number): StackRow[] {
    const current = this.trace.steps.frame[step], f = this.trace.frames, out: StackRow[] = [];
    let frame = this.ofFrame[current] === thread ? current : this.innermost(thread, step);
    let site = frame === current ? this.trace.steps.site[step] : frame >= 0 ? this.siteAt(frame, step) : -1;
    while (frame >= 0) {
      out.push({ frame, site });
      if (f.parent[frame] >= 0) {
        site = f.callSite[frame] >= 0 ? f.callSite[frame] : this.siteAt(f.parent[frame], f.firstStep[frame]);
        frame = f.parent[frame];
      } else {
        const below = f.inside[frame];
        site = below >= 0 ? this.siteAt(below, f.firstStep[frame]) : -1;
        frame = below;
      }
    }
    return out;
  }

  /** The frames that wait for `frame` to return: its callers, then what was interrupted. */
  callers(frame: number): Set<number> {
    const f = this.trace.frames, out = new Set<number>();
    for (let at = f.parent[frame] >= 0 ? f.parent[frame] : f.inside[frame]; at >= 0; at = f.parent[at] >= 0 ? f.parent[at] : f.inside[at]) out.add(at);
    return out;
  }

  /** The packet a frame handles: its own, else the nearest caller's in the same context; 0 for none. */
  packetOf(frame: number): number {
    const f = this.trace.frames;
    for (let at = frame; at >= 0; at = f.parent[at]) if (f.packet[at] > 0) return f.packet[at];
    return 0;
  }
}
