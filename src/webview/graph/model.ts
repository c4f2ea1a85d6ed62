/** The call graph as data: who called whom, in time order, what is folded away, what a packet meets. Pure: no DOM. */
import type { GraphEvent, GraphTrace } from '../../protocol/graph';
import { LAYERS } from '../../protocol/layers';
import { Context } from '../../trace/model';

/** What the user chose to see. */
export interface Filter {
  /** Show accessors and housekeeping everywhere. */
  readonly showMinor: boolean;
  /** Frames whose callees are folded away. */
  readonly folded: ReadonlySet<number>;
  /** Frames below which accessors are shown although `showMinor` is off. */
  readonly opened: ReadonlySet<number>;
  /** Only what handles this packet; 0 for everything. */
  readonly packet: number;
}

export const NO_FILTER: Filter = { showMinor: false, folded: new Set(), opened: new Set(), packet: 0 };

/** The frames that a filter leaves. Columns are by frame id. */
export interface Visible {
  /** Shown frames in time order. */
  readonly frames: Int32Array;
  readonly shown: Uint8Array;
  /** The frame itself when shown, else the nearest shown one around it; -1 when there is none. */
  readonly seen: Int32Array;
  /** The shown caller (or interrupted frame); -1 at a root. */
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  /** Shown callees. */
  readonly children: Int32Array;
  /** Frames hidden because this one is folded. */
  readonly foldedCount: Int32Array;
  /** Accessors hidden beneath this one. */
  readonly minorCount: Int32Array;
}

/** Whether something stands inside, in words of the tree: nothing, shown callees, or folded ones. */
export type Fold = 'leaf' | 'open' | 'folded';

/** One trace as a forest: every frame with its caller or, for an interrupt, what it interrupted. Frames are numbers, their facts columns. Nothing in it depends on what the user chose to see. */
export class TraceModel {
  readonly count: number;
  /** Frames in time order, and each frame's place in it. */
  readonly order: Int32Array;
  readonly rank: Int32Array;
  /** Caller, or for an interrupt the frame that it interrupted; -1 at a root. */
  readonly up: Int32Array;
  /**
   * What each frame runs as. As recorded, but that an interrupt begins at its entry: the kernel itself counts it as one only
   * from irq_enter() on.
   */
  readonly context: Uint8Array;
  /** First frame of the frame's context: a root, or where an interrupt begins. */
  readonly contextRoot: Int32Array;
  /** The root below everything, through what was interrupted. */
  readonly top: Int32Array;
  /** Events at steps of a frame of their own host. */
  readonly eventsOf = new Map<number, GraphEvent[]>();
  /** The rest: what the machine did while no step of that host ran, and the marks of the programs. */
  readonly loose: GraphEvent[] = [];
  private readonly latest: Float64Array;

  constructor(readonly trace: GraphTrace) {
    const { frames } = trace;
    this.count = frames.count;
    this.order = timeOrder(frames.firstStep, frames.count);
    this.rank = new Int32Array(this.count);
    this.order.forEach((f, i) => { this.rank[f] = i; });
    this.up = new Int32Array(this.count);
    this.context = frames.context.slice();
    this.contextRoot = new Int32Array(this.count);
    this.top = new Int32Array(this.count);
    for (const f of this.order) {
      const caller = frames.parent[f], up = caller >= 0 ? caller : frames.inside[f];
      this.up[f] = up;
      if (this.context[f] === Context.Process && (caller >= 0 ? this.context[caller] === Context.HardIrq : this.isInterruptEntry(f))) this.context[f] = Context.HardIrq;
      this.contextRoot[f] = caller >= 0 && this.context[caller] === this.context[f] ? this.contextRoot[caller] : f;
      this.top[f] = up >= 0 ? this.top[up] : f;
    }
    this.latest = runningMaximum(trace.stepTime);
    for (const event of trace.events) this.place(event);
  }

  private isInterruptEntry(frame: number): boolean {
    return LAYERS[this.layer(frame)] === 'irq' && /^(do_IRQ|smp_\w+_interrupt)$/.test(this.name(frame));
  }

  private place(event: GraphEvent): void {
    const frame = event.step >= 0 ? this.trace.stepFrame[event.step] : -1;
    if (event.kind === 'mark' || frame === undefined || frame < 0 || this.trace.frames.host[frame] !== event.host) { this.loose.push(event); return; }
    const list = this.eventsOf.get(frame);
    if (list) list.push(event); else this.eventsOf.set(frame, [event]);
  }

  name(frame: number): string { return this.trace.functions[this.trace.frames.fn[frame]].name; }

  layer(frame: number): number { return this.trace.functions[this.trace.frames.fn[frame]].layer; }

  /** Frame that runs at a step; -1 outside the trace. */
  frameAt(step: number): number { return step >= 0 && step < this.trace.stepFrame.length ? this.trace.stepFrame[step] : -1; }

  /** First step at or after a time (virtual ns); the count of steps when there is none. Clocks of two CPUs may differ a little: later ones win. */
  stepAtTime(time: number): number {
    let low = 0, high = this.latest.length;
    while (low < high) { const mid = (low + high) >> 1; if (this.latest[mid] >= time) high = mid; else low = mid + 1; }
    return low;
  }

  /** Steps before which nothing ran for at least `least` virtual ns. */
  pauses(least: number): { step: number; ns: number }[] {
    const out: { step: number; ns: number }[] = [];
    for (let s = 1; s < this.latest.length; s++) {
      const ns = this.latest[s] - this.latest[s - 1];
      if (ns >= least) out.push({ step: s, ns });
    }
    return out;
  }

  /** Virtual ns that a frame took; NaN when it did not end. */
  duration(frame: number): number { return this.trace.frames.leaveTime[frame] - this.trace.frames.enterTime[frame]; }

  /** The frame and everything around it, innermost first. */
  stack(frame: number): number[] {
    const out: number[] = [];
    for (let f = frame; f >= 0; f = this.up[f]) out.push(f);
    return out;
  }

  /** Frames whose function's name holds the text, in time order. Case does not matter. */
  search(text: string): Int32Array {
    const wanted = text.trim().toLowerCase();
    if (wanted === '') return new Int32Array(0);
    const hit = this.trace.functions.map((f) => f.name.toLowerCase().includes(wanted));
    return this.order.filter((f) => hit[this.trace.frames.fn[f]]);
  }

  /** Packets that frames handle, in the order in which they are first met. */
  packets(): number[] {
    const seen = new Set<number>();
    for (const f of this.order) { const p = this.trace.frames.packet[f]; if (p > 0) seen.add(p); }
    return [...seen];
  }

  /** Marks what handles a packet (2), and what stands around that (1). */
  handling(packet: number): Uint8Array {
    const { frames } = this.trace, out = new Uint8Array(this.count);
    for (const f of this.order) {
      const caller = frames.parent[f];
      if (frames.packet[f] === packet || (frames.packet[f] === 0 && caller >= 0 && out[caller] === 2 && this.contextRoot[caller] === this.contextRoot[f])) out[f] = 2;
    }
    for (let i = this.count - 1; i >= 0; i--) {
      const f = this.order[i];
      if (out[f] > 0 && this.up[f] >= 0 && out[this.up[f]] === 0) out[this.up[f]] = 1;
    }
    return out;
  }

  /** What a filter leaves. */
  visible(filter: Filter): Visible {
    const n = this.count, { frames, functions } = this.trace;
    const shown = new Uint8Array(n), seen = new Int32Array(n).fill(-1), parent = new Int32Array(n).fill(-1), depth = new Int32Array(n);
    const children = new Int32Array(n), foldedCount = new Int32Array(n), minorCount = new Int32Array(n), closed = new Uint8Array(n), open = new Uint8Array(n);
    const kept = filter.packet > 0 ? this.handling(filter.packet) : null, list: number[] = [];
    for (const f of this.order) {
      const up = this.up[f], around = up >= 0 ? seen[up] : -1;
      seen[f] = around;
      if (kept && kept[f] === 0) { closed[f] = up >= 0 ? closed[up] : 0; continue; }
      if (up >= 0 && (closed[up] || filter.folded.has(up))) { closed[f] = 1; if (around >= 0) foldedCount[around]++; continue; }
      const minor = functions[frames.fn[f]].minor;
      // An accessor that was opened shows its own accessors too.
      if (filter.opened.has(f) || (minor && up >= 0 && open[up])) open[f] = 1;
      if (minor && around >= 0 && !filter.showMinor && !open[up]) { minorCount[around]++; continue; }
      shown[f] = 1;
      seen[f] = f;
      parent[f] = around;
      if (around >= 0) { depth[f] = depth[around] + 1; children[around]++; }
      list.push(f);
    }
    return { frames: Int32Array.from(list), shown, seen, parent, depth, children, foldedCount, minorCount };
  }

  /** The filter with as little opened as it takes to show a frame. */
  revealing(frame: number, filter: Filter): Filter {
    const folded = new Set(filter.folded), opened = new Set(filter.opened);
    for (let f = this.up[frame]; f >= 0; f = this.up[f]) folded.delete(f);
    const packet = filter.packet > 0 && this.handling(filter.packet)[frame] === 0 ? 0 : filter.packet;
    const next: Filter = { ...filter, folded, opened, packet };
    for (let guard = 0; guard < 64; guard++) {
      const visible = this.visible(next);
      if (visible.shown[frame] || visible.seen[frame] < 0) break;
      opened.add(visible.seen[frame]);
    }
    return next;
  }

  /** Everything folded: the roots of contexts stay. */
  allFolded(): Set<number> {
    const out = new Set<number>();
    for (const f of this.order) if (this.up[f] >= 0) out.add(this.up[f]);
    return out;
  }
}

function timeOrder(firstStep: Int32Array, count: number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  let sorted = true;
  for (let i = 1; i < count && sorted; i++) sorted = firstStep[i] >= firstStep[i - 1];
  return sorted ? order : order.sort((a, b) => firstStep[a] - firstStep[b] || a - b);
}

function runningMaximum(times: Float64Array): Float64Array {
  const out = new Float64Array(times.length);
  let top = -Infinity;
  for (let i = 0; i < times.length; i++) { if (times[i] > top) top = times[i]; out[i] = top; }
  return out;
}

/** Virtual ns as a person reads them. */
export function duration(ns: number): string {
  if (!Number.isFinite(ns)) return '';
  if (ns < 1000) return `${Math.round(ns)} ns`;
  if (ns < 1e6) return `${(ns / 1e3).toFixed(ns < 1e4 ? 2 : 1)} µs`;
  if (ns < 1e9) return `${(ns / 1e6).toFixed(ns < 1e7 ? 2 : 1)} ms`;
  return `${(ns / 1e9).toFixed(3)} s`;
}

/** A moment since the start of the trace (virtual ns), to the nanosecond. */
export function moment(ns: number): string {
  if (!Number.isFinite(ns)) return '';
  const sign = ns < 0 ? '-' : '+', size = Math.abs(ns);
  if (size < 1e6) return `${sign}${(size / 1e3).toFixed(3)} µs`;
  return size < 1e9 ? `${sign}${(size / 1e6).toFixed(6)} ms` : `${sign}${(size / 1e9).toFixed(9)} s`;
}

/** State of a fold. */
export function foldOf(frame: number, visible: Visible, folded: ReadonlySet<number>): Fold {
  if (folded.has(frame) && visible.foldedCount[frame] > 0) return 'folded';
  return visible.children[frame] > 0 ? 'open' : 'leaf';
}
