/** The time axis of the strip below the graph: virtual time with its long pauses squeezed. Pure. */
import type { TraceModel } from './model';
import { Context } from '../../trace/model';

/** A row of the strip: a CPU, or a NIC. */
export interface TimeRow { readonly host: number; readonly cpu: number; readonly nic: boolean }
/** Time in which one row ran code of one layer. */
export interface Span { readonly row: number; readonly layer: number; readonly from: number; to: number }

/** Pauses longer than this (virtual ns) are squeezed. */
const PAUSE = 30_000;

/** Maps virtual time to 0..1 and back, piece by piece. */
export class TimeAxis {
  private readonly times: number[] = [];
  private readonly places: number[] = [];
  /** Middle of each squeezed pause (0..1), and what it stands for (ns). */
  readonly pauses: { at: number; ns: number }[] = [];

  constructor(model: TraceModel) {
    const { stepTime } = model.trace, n = stepTime.length;
    if (n === 0) { this.times.push(0, 1); this.places.push(0, 1); return; }
    let last = stepTime[0];
    for (let i = 1; i < n; i++) last = Math.max(last, stepTime[i]);
    const pauses = model.pauses(PAUSE), first = stepTime[0], busy = Math.max(1, last - first - pauses.reduce((sum, p) => sum + p.ns, 0));
    const squeezed = pauses.length === 0 ? 0 : busy * Math.min(0.035, 0.4 / pauses.length), total = busy + squeezed * pauses.length;
    let place = 0, from = first;
    this.knot(first, 0);
    for (const { step, ns } of pauses) {
      const end = stepTime[step], begin = end - ns;
      place += Math.max(0, begin - from);
      this.knot(begin, place / total);
      this.pauses.push({ at: (place + squeezed / 2) / total, ns });
      place += squeezed;
      this.knot(end, place / total);
      from = end;
    }
    this.knot(Math.max(last, from + 1), 1);
  }

  private knot(time: number, place: number): void { this.times.push(time); this.places.push(place); }

  /** Place of a time, 0..1. */
  at(time: number): number { return between(this.times, this.places, time); }

  /** Time at a place. */
  timeAt(place: number): number { return between(this.places, this.times, place); }
}

function between(from: readonly number[], to: readonly number[], value: number): number {
  const last = from.length - 1;
  if (value <= from[0]) return to[0];
  if (value >= from[last]) return to[last];
  let low = 0, high = last;
  while (high - low > 1) { const mid = (low + high) >> 1; if (from[mid] <= value) low = mid; else high = mid; }
  const width = from[high] - from[low];
  return width <= 0 ? to[low] : to[low] + ((value - from[low]) / width) * (to[high] - to[low]);
}

/** The rows that ran anything, and what they ran when. */
export function timeSpans(model: TraceModel): { rows: TimeRow[]; spans: Span[] } {
  const { trace } = model, { frames, stepFrame, stepTime } = trace, rows: TimeRow[] = [], byKey = new Map<number, number>(), spans: Span[] = [], open: (Span | undefined)[] = [];
  const rowOf = (f: number): number => {
    const nic = model.context[f] === Context.Nic, key = frames.host[f] * 512 + (nic ? 511 : frames.cpu[f]);
    let row = byKey.get(key);
    if (row === undefined) { row = rows.push({ host: frames.host[f], cpu: frames.cpu[f], nic }) - 1; byKey.set(key, row); }
    return row;
  };
  for (let s = 0; s < stepFrame.length; s++) {
    const f = stepFrame[s], row = rowOf(f), layer = model.layer(f), time = stepTime[s], running = open[row];
    // A row that starts again after a pause was idle meanwhile.
    if (running && time - running.to < PAUSE) running.to = time;
    if (!running || running.layer !== layer || time - running.to >= PAUSE) { const span = { row, layer, from: time, to: time }; spans.push(span); open[row] = span; }
  }
  return sortRows(rows, spans);
}

function sortRows(rows: TimeRow[], spans: Span[]): { rows: TimeRow[]; spans: Span[] } {
  const order = rows.map((_, i) => i).sort((a, b) => rows[a].host - rows[b].host || Number(rows[a].nic) - Number(rows[b].nic) || rows[a].cpu - rows[b].cpu);
  const to = new Map(order.map((old, now) => [old, now]));
  return { rows: order.map((i) => rows[i]), spans: spans.map((s) => ({ ...s, row: to.get(s.row)! })) };
}
