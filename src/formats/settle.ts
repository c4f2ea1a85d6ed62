/**
 * Exact times for calls whose stamps are rounded. A recording gives the entry (and, at a closing brace, the end) of a call to the microsecond, and how long it took to
 * the nanosecond: taken as they are, a callee may end a little after its caller, and two calls of one caller overlap. What shows times as nested bars drops such calls.
 * Here every entry is moved within what its stamps leave open, so that calls nest and follow each other and every duration stays; where that cannot be (in real
 * recordings tracing itself takes time between the two clocks), the end is cut off.
 */
import type { FrameTable } from '../trace/model';

/** How far a stamp may be from the time that it was rounded from, ns: so little less than half a microsecond that it surely rounds to itself. */
const SLACK = 499.9;
/** What bounds may contradict each other by, ns: a time in the very middle between two stamps is out of reach of either. */
const TIE = 0.5;
/** Entries that are later than their stamps by more than this are not believed: something was lost in between. */
const FAR = 2000;

/** Frames as lists of callees, in order of time; what interrupted a frame counts among them. Roots are listed by the thread that they ran in. */
class Callees {
  readonly first: Int32Array;
  readonly next: Int32Array;
  readonly roots = new Map<number, number[]>();

  constructor(f: FrameTable, isIdle: (task: number) => boolean) {
    const last = new Int32Array(f.count).fill(-1);
    this.first = new Int32Array(f.count).fill(-1);
    this.next = new Int32Array(f.count).fill(-1);
    for (let i = 0; i < f.count; i++) {
      const up = f.parent[i] >= 0 ? f.parent[i] : f.inside[i];
      if (up < 0) { this.addRoot(f.task[i] * 256 + (isIdle(f.task[i]) ? f.cpu[i] : 0), i); continue; }
      if (last[up] < 0) this.first[up] = i; else this.next[last[up]] = i;
      last[up] = i;
    }
  }

  private addRoot(thread: number, frame: number): void {
    const known = this.roots.get(thread);
    if (known) known.push(frame); else this.roots.set(thread, [frame]);
  }
}

/** Moves `enterTime` and `leaveTime` of frames, which are in order of time. `closes`: the stamp of each frame's closing brace, NaN without one. */
export function settle(f: FrameTable, closes: Float64Array, isIdle: (task: number) => boolean): void {
  const n = f.count, callees = new Callees(f, isIdle), low = new Float64Array(n), high = new Float64Array(n);
  const duration = (i: number): number => (Number.isNaN(f.leaveTime[i]) ? 0 : f.leaveTime[i] - f.enterTime[i]);
  for (let i = n - 1; i >= 0; i--) bound(f, i, closes[i], callees, low, high, duration);
  const latest: number[] = [];
  const place = (frames: readonly number[], start: number, end: number): void => {
    // From the last one back: the latest entry that leaves room for those behind.
    for (let k = frames.length - 1, room = end; k >= 0; k--) latest[k] = room = Math.min(high[frames[k]], room - duration(frames[k]));
    let now = start;
    for (const [k, i] of frames.entries()) {
      const stamp = f.enterTime[i], took = duration(i), wanted = Math.min(Math.max(stamp, low[i], now), latest[k]), enter = now > stamp + FAR ? stamp : Math.max(now, wanted);
      const ended = !Number.isNaN(f.leaveTime[i]);
      f.enterTime[i] = enter;
      if (ended) f.leaveTime[i] = Math.max(enter, Math.min(enter + took, end));
      now = ended ? f.leaveTime[i] : enter;
    }
  };
  for (const frames of callees.roots.values()) place(frames, -Infinity, Infinity);
  const frames: number[] = [];
  for (let i = 0; i < n; i++) {
    frames.length = 0;
    for (let k = callees.first[i]; k >= 0; k = callees.next[k]) frames.push(k);
    if (frames.length) place(frames, f.enterTime[i], Number.isNaN(f.leaveTime[i]) ? Infinity : f.leaveTime[i]);
  }
}

/** Between which times frame `i` can have begun: by its stamps, and so that its callees (bounded before) find room in it. */
function bound(f: FrameTable, i: number, close: number, { first, next }: Callees, low: Float64Array, high: Float64Array, duration: (i: number) => number): void {
  const stamp = f.enterTime[i], took = duration(i);
  let from = stamp - SLACK, to = stamp + SLACK;
  if (!Number.isNaN(close) && close - took - SLACK <= to && close - took + SLACK >= from) {
    from = Math.max(from, close - took - SLACK);
    to = Math.min(to, close - took + SLACK);
  }
  let spent = 0, end = -Infinity, atMost = to;
  for (let k = first[i]; k >= 0; k = next[k]) {
    atMost = Math.min(atMost, high[k] - spent);
    end = Math.max(end, low[k]) + duration(k);
    spent += duration(k);
  }
  const atLeast = Number.isNaN(f.leaveTime[i]) ? from : Math.max(from, end - took);
  // No room for all: the stamps decide, and ends are cut off.
  const fits = atLeast <= atMost + TIE;
  low[i] = fits ? Math.min(atLeast, atMost) : from;
  high[i] = fits ? atMost : to;
}
