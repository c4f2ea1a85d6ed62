/** The picture: scrolls, zooms, pans, and draws only what is in view. Knows nothing of messages. */
import { LAYERS } from '../../protocol/layers';
import { attribute, element, svg } from './dom';
import { firstBelow, GUTTER, nodeWidth, type Item, type Layout, type Metrics } from './layout';
import { barPaths, linkPaths, REACHES, wirePath, type Reach } from './links';
import { createRow, paintRow, type Now, type Scene } from './rows';
import { Sticky } from './sticky';
import { t } from './words';

export const MIN_ZOOM = 0.04;
export const MAX_ZOOM = 2.5;
/** Below this zoom names cannot be read: frames become bars. */
const BARS = 0.45;
/** Pixels (at zoom 1) drawn beyond the view on each side. */
const BEYOND = 200;
/** Pixels (at zoom 1) that a frame's name is given when it is brought into view. */
const NAME_ROOM = 250;

export interface ViewEvents {
  /** A frame was clicked. */
  go(frame: number): void;
  source(frame: number, at: 'entry' | 'call'): void;
  toggle(frame: number): void;
  openMinor(frame: number): void;
  hover(item: Item | null, row: HTMLElement | null): void;
  /** Scroll position or zoom changed. */
  moved(): void;
  /** The view has another width. */
  resized(): void;
}

/** The scrolling picture of one scene: it lights the way so far, tells `ViewEvents` what the user does, and makes elements only for what is in view. */
export class GraphView {
  readonly element = element('div', 'graph');
  readonly scroller = element('div', 'scroller');
  private readonly laneBar = element('div', 'lane-bar');
  private readonly sizer = element('div', 'sizer');
  private readonly layer = element('div', 'layer');
  private readonly boxes = element('div', 'boxes');
  private readonly drawing = svg('svg', 'links');
  private readonly rows = element('div', 'rows');
  private readonly cursor = element('div', 'cursor');
  /** Covers what has not been reached, when frames are bars. */
  private readonly curtain = element('div', 'curtain');
  /** A picture narrower than the view stands in its middle: pixels to its left. */
  private offset = 0;
  private readonly sticky = new Sticky((frame) => this.reveal(frame));
  private readonly links = new Map<Reach, SVGPathElement>();
  private readonly bars: SVGPathElement[] = [];
  private readonly wires = svg('path', 'wire-path');
  private readonly mounted = new Map<number, HTMLElement>();
  private readonly mountedBoxes = new Map<number, HTMLElement>();
  private scene: Scene | null = null;
  private now: Now | null = null;
  private metrics: Metrics | null = null;
  private range = { top: 0, bottom: -1 };
  private scheduled = false;
  /** Size and place of the view, kept here: asking the page in the middle of drawing costs a layout. */
  private readonly size = { width: 0, height: 0 };
  private readonly at = { left: 0, top: 0 };
  private wireItems: readonly Item[] = [];
  /** How far the picture is scrolled to the right, in its own pixels. */
  private left = 0;
  zoom = 1;

  constructor(private readonly events: ViewEvents) {
    for (const layer of LAYERS) { const path = svg('path', `bar layer-${layer}`); this.bars.push(path); this.drawing.append(path); }
    for (const reach of REACHES) { const path = svg('path', `link ${reach}`); this.links.set(reach, path); this.drawing.append(path); }
    this.drawing.append(this.wires);
    attribute(this.drawing, 'aria-hidden', 'true');
    attribute(this.scroller, 'role', 'tree');
    this.scroller.tabIndex = 0;
    this.layer.append(this.boxes, this.cursor, this.drawing, this.curtain, this.rows);
    this.sizer.append(this.layer);
    this.scroller.append(this.sizer);
    const picture = element('div', 'picture');
    picture.append(this.scroller, this.sticky.element);
    this.element.append(this.laneBar, picture);
    this.scroller.addEventListener('scroll', () => { this.readPlace(); this.schedule(); }, { passive: true });
    this.scroller.addEventListener('wheel', (e) => this.wheel(e), { passive: false });
    new ResizeObserver(() => {
      const before = this.size.width;
      this.readSize();
      if (this.scene) this.resize();
      this.schedule();
      if (before !== this.size.width) this.events.resized();
    }).observe(this.scroller);
    this.listenToPointer();
  }

  /** A new layout: everything is drawn anew. `anchor`: a frame that keeps its place on the screen. */
  show(scene: Scene, now: Now, metrics: Metrics, anchor = -1): void {
    const before = anchor >= 0 && this.scene ? this.itemOf(anchor) : null, offset = before ? before.y * this.zoom - this.at.top : 0;
    this.scene = scene;
    this.now = now;
    this.metrics = metrics;
    for (const row of this.mounted.values()) row.remove();
    this.mounted.clear();
    for (const box of this.mountedBoxes.values()) box.remove();
    this.mountedBoxes.clear();
    this.sticky.clear();
    this.wireItems = scene.layout.items.filter((i) => i.kind === 'wire');
    attribute(this.scroller, 'aria-label', t('Call graph'));
    this.element.classList.toggle('tree', !scene.layout.timed);
    this.showLanes();
    this.readSize();
    this.resize();
    const after = before ? this.itemOf(anchor) : null;
    if (after) this.scroller.scrollTop = after.y * this.zoom - offset;
    this.readPlace();
    this.range = { top: 0, bottom: -1 };
    this.draw();
  }

  /** Only where the session stands has changed; `reveal`: the current frame comes into view. */
  step(now: Now, reveal = false): void {
    this.now = now;
    // First scroll, then draw: the other way round the page would be laid out twice.
    if (!reveal || !this.bring(now.row, false)) this.paint();
  }

  private readSize(): void {
    this.size.width = this.scroller.clientWidth;
    this.size.height = this.scroller.clientHeight;
  }

  private readPlace(): void {
    this.at.left = this.scroller.scrollLeft;
    this.at.top = this.scroller.scrollTop;
  }

  itemOf(frame: number): Item | null {
    const i = this.scene && frame >= 0 ? this.scene.layout.itemOf[frame] : -1;
    return i === undefined || i < 0 ? null : this.scene!.layout.items[i];
  }

  /** Scrolls just so far that a frame is comfortably in view. */
  reveal(frame: number, smooth = false): void { this.bring(frame, smooth); }

  /** True when it had to scroll, and has drawn. */
  private bring(frame: number, smooth: boolean): boolean {
    const item = this.itemOf(frame);
    if (!item || !this.scene) return false;
    const { layout } = this.scene, z = this.zoom, zx = this.across, y = item.y * z;
    let { top, left } = this.at;
    if (y < top + this.size.height * 0.15 || y + item.height * z > top + this.size.height * 0.8) top = Math.max(0, y - this.size.height * 0.42);
    // The names of the layers stay at the left of the view: the frame must stand clear of them.
    const clear = layout.timed ? GUTTER * zx : 12, from = item.x * zx + this.offset + (layout.timed ? clear + item.level * layout.indent * zx : 0), to = from + (layout.timed ? Math.min(item.width * zx - clear, NAME_ROOM * zx) : item.width * zx);
    const home = Math.max(0, item.x * zx + this.offset - 14);
    if (to - home <= this.size.width) { if (left > home || to > left + this.size.width) left = home; }
    else if (from - clear < left || to > left + this.size.width) left = Math.max(0, Math.min(to - this.size.width, from - clear));
    if (Math.abs(top - this.at.top) < 1 && Math.abs(left - this.at.left) < 1) return false;
    this.scroller.scrollTo({ top, left, behavior: smooth ? 'smooth' : 'instant' });
    if (smooth) return false;
    // Reading the place back would cost a layout; the scroll event corrects what the browser may have rounded.
    this.at.top = Math.max(0, Math.min(top, layout.height * z - this.size.height));
    this.at.left = Math.max(0, Math.min(left, layout.width * zx - this.size.width));
    this.draw(true);
    return true;
  }

  /** Zooms about a point of the view (pixels from its corner; the middle when absent). */
  zoomTo(zoom: number, px = this.size.width / 2, py = this.size.height / 2): void {
    const next = Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, zoom)), s = this.scroller, x = (this.at.left + px - this.offset) / this.across, y = (this.at.top + py) / this.zoom;
    this.zoom = next;
    this.resize();
    s.scrollLeft = x * this.across + this.offset - px;
    s.scrollTop = y * next - py;
    this.readPlace();
    this.range = { top: 0, bottom: -1 };
    this.draw();
    this.events.moved();
  }

  /** The whole width; when that is shown already, the whole picture. */
  fit(): void {
    if (!this.scene) return;
    const { width, height } = this.scene.layout, wide = Math.min(1.25, (this.size.width - 2) / width), whole = Math.min(wide, (this.size.height - 2) / height);
    this.zoomTo(Math.abs(this.zoom - wide) < 0.005 ? whole : wide);
  }

  get place(): { left: number; top: number } { return { ...this.at }; }

  scrollTo(left: number, top: number): void {
    this.scroller.scrollTo({ left, top, behavior: 'instant' });
    this.readPlace();
    this.draw();
  }

  /** Zoom from left to right. Bars need no room for names: they take the width of the view. */
  private get across(): number {
    const { layout } = this.scene!;
    return this.zoom >= BARS || !layout.timed ? this.zoom : Math.max(this.zoom, Math.min(1, (this.size.width - 2) / layout.width));
  }

  /** Width of the view in pixels. */
  get width(): number { return this.size.width; }

  /** Frames in view: for the page keys. */
  get pageRows(): number { return Math.max(1, Math.floor(this.size.height / (24 * this.zoom)) - 2); }

  private resize(): void {
    const { layout } = this.scene!, { across } = this;
    this.sizer.style.width = `${layout.width * across}px`;
    this.sizer.style.height = `${layout.height * this.zoom}px`;
    this.offset = Math.max(0, Math.floor((this.size.width - layout.width * across) / 2));
    this.layer.style.transform = `translateX(${this.offset}px) scale(${across}, ${this.zoom})`;
    this.layer.style.setProperty('--readable', `scale(${1 / across}, ${1 / this.zoom})`);
    this.element.classList.toggle('bars', this.zoom < BARS);
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    requestAnimationFrame(() => { this.scheduled = false; this.draw(); this.events.moved(); });
  }

  /** Draws what has come into view; `always`: the marks of the step as well when nothing has. */
  private draw(always = false): void {
    if (!this.scene || !this.now) return;
    const z = this.zoom, top = this.at.top / z, bottom = top + this.size.height / z, known = top >= this.range.top && bottom <= this.range.bottom;
    this.moveLanes();
    if (!known) {
      this.range = { top: Math.max(0, top - BEYOND), bottom: bottom + BEYOND };
      this.drawRows();
      this.drawBoxes();
    }
    if (!known || always) this.paint();
    this.keepInView(top);
  }

  /** Names of layers and callers stay where they can be read. */
  private keepInView(top: number): void {
    const { layout } = this.scene!, readable = layout.timed && this.zoom >= BARS, left = readable ? Math.max(0, Math.round((this.at.left - this.offset) / this.zoom)) : 0;
    if (left !== this.left) { this.left = left; this.layer.style.setProperty('--left', String(left)); this.element.classList.toggle('aside', left > 0); }
    if (readable) this.sticky.update(this.scene!, top, this.zoom, (i) => this.mounted.get(i)); else this.sticky.clear();
  }

  private drawRows(): void {
    const { layout } = this.scene!, { top, bottom } = this.range, wanted = new Set<number>(), bars = this.zoom < BARS;
    for (let i = firstBelow(layout.items, top); i < layout.items.length && layout.items[i].y < bottom; i++) if (!bars || layout.items[i].kind !== 'frame') wanted.add(i);
    // The keyboard's cursor and the current frame exist even out of view: screen readers follow them.
    for (const f of [this.now!.focus, this.now!.row]) if (f >= 0 && layout.itemOf[f] >= 0) wanted.add(layout.itemOf[f]);
    if (bars && wanted.size > 400) for (const i of wanted) if (layout.items[i].kind !== 'frame') wanted.delete(i);
    for (const [i, row] of this.mounted) if (!wanted.has(i)) { row.remove(); this.mounted.delete(i); }
    for (const i of wanted) if (!this.mounted.has(i)) { const row = createRow(this.scene!, i); this.mounted.set(i, row); this.rows.append(row); }
  }

  private drawBoxes(): void {
    const { layout, model } = this.scene!, { top, bottom } = this.range;
    layout.boxes.forEach((box, i) => {
      const inView = box.y < bottom && box.y + box.height > top, there = this.mountedBoxes.get(i);
      if (!inView) { if (there) { there.remove(); this.mountedBoxes.delete(i); } return; }
      if (there) return;
      const e = element('div', `box context-${['process', 'softirq', 'hardirq', 'nic'][model.context[box.context]]}${box.nesting > 0 ? ' nested' : ''}`);
      e.style.transform = `translate(${box.x}px, ${box.y}px)`;
      e.style.width = `${box.width}px`;
      e.style.height = `${box.height}px`;
      e.style.zIndex = String(box.nesting);
      this.mountedBoxes.set(i, e);
      this.boxes.append(e);
    });
  }

  /** Brings the marks of the step up to date on what is in view. */
  private paint(): void {
    const { scene, now, range } = this;
    if (!scene || !now || range.bottom < 0) return;
    const { layout, model } = scene, { firstStep } = model.trace.frames;
    for (const f of [now.focus, now.row]) {
      const i = f >= 0 ? layout.itemOf[f] : -1;
      if (i >= 0 && !this.mounted.has(i)) { const row = createRow(scene, i); this.mounted.set(i, row); this.rows.append(row); }
    }
    for (const [i, row] of this.mounted) paintRow(row, scene, layout.items[i], now);
    const reach = (item: Item): Reach => (now.stack.has(item.ref) ? 'stack' : firstStep[item.ref] <= now.step ? 'reached' : firstStep[item.ref] <= now.visited ? 'ahead' : 'unseen');
    const paths = linkPaths(layout, range.top, range.bottom, (item) => (item.kind === 'context' ? (firstStep[item.ref] <= now.step ? 'reached' : 'unseen') : reach(item)));
    for (const [name, path] of this.links) attribute(path, 'd', paths[name]);
    this.paintBars();
    attribute(this.wires, 'd', this.wireItems.filter((i) => i.y + i.height > range.top && i.value < range.bottom).map((i) => wirePath(layout, i, model.trace.wire[i.ref].from, model.trace.wire[i.ref].to)).join(''));
    this.paintCursor();
    attribute(this.scroller, 'aria-activedescendant', now.focus >= 0 && layout.itemOf[now.focus] >= 0 ? `frame-${now.focus}` : null);
  }

  private paintBars(): void {
    const { scene, metrics } = this, bars = this.zoom < BARS;
    if (!bars && this.bars[0].getAttribute('d') === '') return;
    const paths = bars ? barPaths(scene!.layout, (f) => scene!.model.layer(f), this.bars.length, (item) => nodeWidth(scene!.model, item.ref, metrics!) - 80, this.range.top, this.range.bottom) : this.bars.map(() => '');
    this.bars.forEach((path, i) => attribute(path, 'd', paths[i]));
  }

  private paintCursor(): void {
    const item = this.itemOf(this.now!.row);
    this.cursor.classList.toggle('on', item !== null);
    if (!item) return;
    this.cursor.style.transform = `translate(${item.x}px, ${item.y}px)`;
    this.cursor.style.width = `${item.width}px`;
    this.cursor.style.height = `${Math.max(item.height, 3 / this.zoom)}px`;
    const { layout } = this.scene!;
    this.curtain.classList.toggle('on', layout.timed);
    this.curtain.style.transform = `translateY(${item.y + item.height}px)`;
    this.curtain.style.width = `${layout.width}px`;
    this.curtain.style.height = `${Math.max(0, layout.height - item.y - item.height)}px`;
  }

  private showLanes(): void {
    const { layout, model } = this.scene!, apart = layout.lanes.length > 1 && layout.lanes[0].x !== layout.lanes[1].x;
    this.laneBar.replaceChildren(...(apart ? layout.lanes.map((lane) => {
      const label = element('span', 'lane');
      label.append(element('span', 'codicon codicon-server-environment'), element('span', 'name', t('host {0}', model.trace.hosts[lane.host].name)));
      return label;
    }) : []));
    this.laneBar.hidden = !apart;
  }

  private moveLanes(): void {
    const { lanes } = this.scene!.layout;
    [...this.laneBar.children].forEach((e, i) => {
      const label = e as HTMLElement;
      label.style.transform = `translateX(${lanes[i].x * this.across + this.offset - this.at.left}px)`;
      label.style.width = `${lanes[i].width * this.across}px`;
    });
  }

  private wheel(e: WheelEvent): void {
    if (!e.ctrlKey && !e.metaKey) return;
    e.preventDefault();
    const box = this.scroller.getBoundingClientRect();
    this.zoomTo(this.zoom * Math.exp(-Math.max(-60, Math.min(60, e.deltaY)) * 0.006), e.clientX - box.left, e.clientY - box.top);
  }

  private listenToPointer(): void {
    let start: { x: number; y: number; left: number; top: number; id: number } | null = null, dragging = false;
    const s = this.scroller;
    s.addEventListener('pointerdown', (e) => {
      if (e.button > 1 || e.clientX >= s.getBoundingClientRect().left + this.size.width) return;
      if (e.button === 1) e.preventDefault();
      start = { x: e.clientX, y: e.clientY, left: this.at.left, top: this.at.top, id: e.pointerId };
      dragging = false;
    });
    s.addEventListener('pointermove', (e) => {
      if (!start) return;
      const dx = e.clientX - start.x, dy = e.clientY - start.y;
      if (!dragging && Math.hypot(dx, dy) < 5) return;
      if (!dragging) { dragging = true; s.setPointerCapture(start.id); s.classList.add('panning'); this.events.hover(null, null); }
      s.scrollTo({ left: start.left - dx, top: start.top - dy, behavior: 'instant' });
    });
    const end = (): void => { start = null; s.classList.remove('panning'); };
    s.addEventListener('pointerup', end);
    s.addEventListener('pointercancel', end);
    s.addEventListener('click', (e) => { if (dragging) dragging = false; else this.click(e); });
    s.addEventListener('pointerover', (e) => { if (!start) this.hover(e.target); });
    s.addEventListener('pointerleave', () => this.events.hover(null, null));
  }

  private rowAt(target: EventTarget | null): HTMLElement | null {
    return target instanceof Element ? target.closest<HTMLElement>('.row') : null;
  }

  private hover(target: EventTarget | null): void {
    const row = this.rowAt(target), item = row ? this.itemOf(Number(row.dataset.frame)) : null;
    this.events.hover(item, row);
  }

  private click(e: MouseEvent): void {
    const row = this.rowAt(e.target), target = e.target as Element;
    if (!row) { this.clickBar(e); return; }
    const frame = Number(row.dataset.frame);
    if (target.classList.contains('twist') && row.hasAttribute('aria-expanded')) this.events.toggle(frame);
    else if (target.classList.contains('badge')) { if (target.classList.contains('folded')) this.events.toggle(frame); else this.events.openMinor(frame); }
    else if (e.altKey) this.events.source(frame, e.shiftKey ? 'call' : 'entry');
    else this.events.go(frame);
  }

  /** A click on a bar at a small zoom. */
  private clickBar(e: MouseEvent): void {
    if (!this.scene || this.zoom >= BARS) return;
    const box = this.scroller.getBoundingClientRect(), y = (e.clientY - box.top + this.at.top) / this.zoom, item = this.scene.layout.items[firstBelow(this.scene.layout.items, y)];
    if (item?.kind === 'frame') this.events.go(item.ref);
  }
}
