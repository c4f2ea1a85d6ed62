/** Where everything stands, in pixels at zoom 1. Pure. Two pictures: `flow` (time runs down, hosts are lanes) and `tree` (a tidy tree). */
import type { TraceModel, Visible } from './model';

/** What the layout must know of the font and the labels. */
export interface Metrics {
  /** Width of a character of the graph's font. */
  readonly char: number;
  /** Pixels that a frame's marks (events, badge, duration) take to the right of its name. */
  readonly extras: (frame: number) => number;
  /** Width of the view: deep trees are indented less to stay inside it. */
  readonly available: number;
}

export type ItemKind = 'frame' | 'context' | 'wire' | 'event' | 'gap';

/** One thing drawn: a frame, the heading of a context, a frame on the wire, an event beside every frame, or time in which nothing ran. */
export interface Item {
  readonly kind: ItemKind;
  /** Frame id; for a context its first shown frame; index into wire or `loose` for those; -1 for a gap. */
  readonly ref: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly host: number;
  /** Index of the item it hangs on; -1 for none. */
  readonly parent: number;
  /** Nesting inside its card, from 0. */
  readonly level: number;
  /** context: it ran before and goes on here. frame: first of a run of its layer. */
  readonly mark: boolean;
  /** gap: virtual ns. wire: y of where it was sent. */
  readonly value: number;
}

/** A context's area: behind its frames. Interrupts lie inside what they interrupted. */
export interface Box { readonly context: number; readonly x: number; readonly y: number; readonly width: number; height: number; readonly nesting: number }

export interface Lane { readonly host: number; readonly x: number; readonly width: number }

export interface Layout {
  readonly items: readonly Item[];
  readonly boxes: readonly Box[];
  readonly lanes: readonly Lane[];
  readonly width: number;
  readonly height: number;
  /** Item of a frame, -1 when it has none. By frame id. */
  readonly itemOf: Int32Array;
  /** Last child item of an item, -1. By item. */
  readonly lastChild: Int32Array;
  /** Pixels per level. */
  readonly indent: number;
  /** True when items stand in time order from top to bottom. */
  readonly timed: boolean;
}

export const ROW = 24;
export const HEAD = 28;
export const WIRE = 38;
export const GAP = 26;
export const GUTTER = 76;
/** Pixels per level, the first that fits. */
const INDENTS = [15, 12, 10, 8, 6];
const CARD_SPACE = 12;
const LANE_SPACE = 96;
const MARGIN = 14;
/** Nothing ran for this long (virtual ns): the picture says so. */
export const QUIET = 100_000;

/** Width of a frame's row from its twist to its last mark. */
export function nodeWidth(model: TraceModel, frame: number, metrics: Metrics): number {
  return 34 + model.name(frame).length * metrics.char + metrics.extras(frame);
}

interface Open { readonly box: Box; readonly item: number }

/** Builds the flow from top to bottom, card by card. */
class Flow {
  readonly items: Item[] = [];
  readonly boxes: Box[] = [];
  readonly itemOf: Int32Array;
  private readonly seenContexts = new Set<number>();
  private open = new Map<number, Open>();
  private top = -1;
  private base = 0;
  private lastLayer = -1;
  private y = MARGIN;
  private readonly contextUp: (frame: number) => number;

  constructor(private readonly model: TraceModel, private readonly visible: Visible, private readonly lanes: readonly Lane[], private readonly indent: number) {
    this.itemOf = new Int32Array(model.count).fill(-1);
    this.contextUp = (context) => (model.up[context] >= 0 ? model.contextRoot[model.up[context]] : -1);
  }

  get height(): number { return this.y + MARGIN; }

  private lane(host: number): Lane { return this.lanes[Math.min(host, this.lanes.length - 1)]; }

  private push(item: Omit<Item, 'y'>): number {
    this.items.push({ ...item, y: this.y });
    this.y += item.height;
    return this.items.length - 1;
  }

  /** Ends the card: what comes next begins one. */
  close(): void {
    if (this.top >= 0) this.y += CARD_SPACE;
    this.top = -1;
    this.open = new Map();
  }

  gap(ns: number): void {
    this.close();
    const x = this.lanes[0].x, last = this.lanes[this.lanes.length - 1];
    this.push({ kind: 'gap', ref: -1, x, width: last.x + last.width - x, height: GAP, host: -1, parent: -1, level: 0, mark: false, value: ns });
    this.y += CARD_SPACE;
  }

  /** A frame that comes in: over its receiver's lane. */
  wire(index: number, sentY: number): void {
    this.close();
    const { to } = this.model.trace.wire[index], lane = this.lane(to);
    this.push({ kind: 'wire', ref: index, x: lane.x, width: lane.width, height: WIRE, host: to, parent: -1, level: 0, mark: false, value: sentY });
    this.y += CARD_SPACE / 2;
  }

  event(index: number): void {
    const host = this.model.loose[index].host;
    this.close();
    const lane = this.lane(host);
    this.push({ kind: 'event', ref: index, x: lane.x, width: lane.width, height: ROW, host, parent: -1, level: 0, mark: false, value: 0 });
  }

  /** `base`: the smallest depth in the card that a frame begins. */
  frame(frame: number, base: (frame: number) => number): void {
    const { model, visible } = this;
    if (model.top[frame] !== this.top) {
      this.close();
      this.top = model.top[frame];
      this.base = base(frame);
      this.lastLayer = -1;
    }
    const lane = this.lane(model.trace.frames.host[frame]), level = visible.depth[frame] - this.base;
    this.enterContexts(frame, lane, level);
    const layer = model.layer(frame), parent = visible.parent[frame] >= 0 ? this.itemOf[visible.parent[frame]] : -1;
    this.itemOf[frame] = this.push({
      kind: 'frame', ref: frame, x: lane.x, width: lane.width, height: ROW, host: model.trace.frames.host[frame], parent: this.inCard(parent) ? parent : -1, level, mark: layer !== this.lastLayer, value: 0,
    });
    this.lastLayer = layer;
    for (let c = model.contextRoot[frame]; c >= 0; c = this.contextUp(c)) { const o = this.open.get(c); if (o) o.box.height = this.y + 3 - o.box.y; }
  }

  private inCard(item: number): boolean {
    return item >= 0 && this.model.top[this.items[item].ref] === this.top && this.items[item].y >= (this.open.get(this.model.contextRoot[this.top])?.box.y ?? 0);
  }

  private enterContexts(frame: number, lane: Lane, level: number): void {
    const fresh: number[] = [];
    for (let c = this.model.contextRoot[frame]; c >= 0 && !this.open.has(c); c = this.contextUp(c)) fresh.push(c);
    for (const context of fresh.reverse()) {
      const nesting = this.open.size === 0 ? 0 : this.nestingOf(context);
      if (nesting > 0) this.y += 3;
      const left = nesting === 0 ? lane.x : lane.x + GUTTER + level * this.indent - 4;
      const box: Box = { context, x: left, y: this.y, width: lane.x + lane.width - left - nesting * 5, height: HEAD, nesting };
      this.boxes.push(box);
      const item = this.push({ kind: 'context', ref: frame, x: left, width: box.width, height: HEAD, host: this.model.trace.frames.host[frame], parent: -1, level: nesting, mark: this.seenContexts.has(context), value: context });
      this.open.set(context, { box, item });
      this.seenContexts.add(context);
    }
  }

  private nestingOf(context: number): number {
    const around = this.contextUp(context);
    return around >= 0 ? (this.open.get(around)?.box.nesting ?? -1) + 1 : 0;
  }
}

/** Where hosts stand: side by side, or all in one column. */
function lanesFor(model: TraceModel, visible: Visible, metrics: Metrics, sideBySide: boolean, bases: Map<number, number>): { lanes: Lane[]; indent: number } {
  const widthsAt = (indent: number): number[] => {
    const widths = model.trace.hosts.map(() => 300);
    for (const f of visible.frames) {
      const width = GUTTER + (visible.depth[f] - (bases.get(f) ?? 0)) * indent + nodeWidth(model, f, metrics) + 24, host = model.trace.frames.host[f];
      if (width > (widths[host] ?? 0)) widths[host] = width;
    }
    return widths;
  };
  const whole = (widths: readonly number[]): number => 2 * MARGIN + (sideBySide ? widths.reduce((sum, w) => sum + w, 0) + LANE_SPACE * (widths.length - 1) : Math.max(...widths));
  const indent = INDENTS.find((n) => whole(widthsAt(n)) <= metrics.available) ?? INDENTS[INDENTS.length - 1], widths = widthsAt(indent);
  if (!sideBySide) return { indent, lanes: widths.map((_, host) => ({ host, x: MARGIN, width: Math.max(...widths) })) };
  let x = MARGIN;
  return { indent, lanes: widths.map((width, host) => { const lane = { host, x, width }; x += width + LANE_SPACE; return lane; }) };
}

/** Smallest depth of the card that each frame stands in: cards begin at the left, whatever their depth. */
function cardBases(model: TraceModel, visible: Visible, breaks: ReadonlySet<number>): Map<number, number> {
  const bases = new Map<number, number>(), { frames } = visible;
  for (let i = 0, start = 0; i < frames.length; i++) {
    const ends = i + 1 === frames.length || model.top[frames[i + 1]] !== model.top[frames[i]] || breaks.has(i + 1);
    if (!ends) continue;
    let base = Infinity;
    for (let k = start; k <= i; k++) base = Math.min(base, visible.depth[frames[k]]);
    for (let k = start; k <= i; k++) bases.set(frames[k], base);
    start = i + 1;
  }
  return bases;
}

interface Between { readonly kind: 'wire' | 'event' | 'gap'; readonly ref: number; readonly value: number }

/** What stands between frames, by the index in visible.frames before which it comes. */
function interruptions(model: TraceModel, visible: Visible): Map<number, Between[]> {
  const out = new Map<number, Between[]>(), { frames } = visible, { firstStep } = model.trace.frames;
  const before = (step: number): number => {
    let low = 0, high = frames.length;
    while (low < high) { const mid = (low + high) >> 1; if (firstStep[frames[mid]] >= step) high = mid; else low = mid + 1; }
    return low;
  };
  const add = (at: number, what: Between): void => { const list = out.get(at); if (list) list.push(what); else out.set(at, [what]); };
  for (const { step, ns } of model.pauses(QUIET)) {
    const at = before(step);
    if (at > 0 && at < frames.length) add(at, { kind: 'gap', ref: -1, value: ns });
  }
  model.trace.wire.forEach((w, i) => add(before(model.stepAtTime(w.received)), { kind: 'wire', ref: i, value: w.sent }));
  model.loose.forEach((e, i) => { if (!isWireKind(e.kind)) add(before(e.step + 1), { kind: 'event', ref: i, value: 0 }); });
  return out;
}

/** Events that the arrows of the wire already show. */
export function isWireKind(kind: string): boolean { return kind === 'wire' || kind.startsWith('wire '); }

/** Time runs down; a host is a lane (`sideBySide`) or they share a column; every stretch of one context is a card. */
export function flowLayout(model: TraceModel, visible: Visible, metrics: Metrics, sideBySide: boolean): Layout {
  const between = interruptions(model, visible), bases = cardBases(model, visible, new Set(between.keys()));
  const { lanes, indent } = lanesFor(model, visible, metrics, sideBySide, bases), flow = new Flow(model, visible, lanes, indent);
  const sentAt = (time: number): number => {
    const step = model.stepAtTime(time);
    for (let i = flow.items.length - 1; i >= 0; i--) { const it = flow.items[i]; if (it.kind === 'frame' && model.trace.frames.firstStep[it.ref] < step) return it.y + it.height / 2; }
    return MARGIN;
  };
  const put = (list: readonly Between[] | undefined): void => {
    for (const b of list ?? []) {
      if (b.kind === 'gap') flow.gap(b.value);
      else if (b.kind === 'wire') flow.wire(b.ref, sentAt(b.value));
      else flow.event(b.ref);
    }
  };
  visible.frames.forEach((f, i) => { put(between.get(i)); flow.frame(f, (first) => bases.get(first) ?? 0); });
  put(between.get(visible.frames.length));
  const last = lanes[lanes.length - 1];
  return finish({ items: flow.items, boxes: flow.boxes, lanes, width: (last ? last.x + last.width : 0) + MARGIN, height: flow.height, itemOf: flow.itemOf, indent, timed: true });
}

/** Adds what is the same for both pictures. */
export function finish(parts: Omit<Layout, 'lastChild'>): Layout {
  const lastChild = new Int32Array(parts.items.length).fill(-1);
  parts.items.forEach((item, i) => { if (item.parent >= 0) lastChild[item.parent] = i; });
  return { ...parts, lastChild };
}

/** First item that ends below `y`. Items are sorted by y. */
export function firstBelow(items: readonly Item[], y: number): number {
  let low = 0, high = items.length;
  while (low < high) { const mid = (low + high) >> 1; if (items[mid].y + items[mid].height > y) high = mid; else low = mid + 1; }
  return low;
}
