/** The strip below the graph: virtual time from left to right, one row per CPU and NIC, the frames on the wire between. */
import { LAYERS } from '../../protocol/layers';
import { TimeAxis, timeSpans, type Span, type TimeRow } from './axis';
import { attribute, element, svg } from './dom';
import { duration, moment, type TraceModel } from './model';
import { t } from './words';

const ROW = 15;
const TOP = 16;

/** The strip as an element; `go` is called with the step whose time was chosen by pointer or arrow keys. */
export class Timeline {
  readonly element = element('div', 'timeline');
  private readonly labels = element('div', 'labels');
  private readonly plot = element('div', 'plot');
  private readonly drawing = svg('svg', 'strip');
  private readonly cursor = element('div', 'time-cursor');
  private readonly ahead = element('div', 'time-ahead');
  private readonly reading = element('span', 'reading');
  private readonly hoverLine = element('div', 'time-hover');
  private axis: TimeAxis | null = null;
  private model: TraceModel | null = null;
  private rows: TimeRow[] = [];
  private spans: Span[] = [];
  private step = 0;
  private visited = 0;
  private width = 0;

  constructor(private readonly go: (step: number) => void) {
    this.plot.append(this.drawing, this.ahead, this.hoverLine, this.cursor, this.reading);
    this.element.append(this.labels, this.plot);
    this.plot.tabIndex = 0;
    attribute(this.plot, 'role', 'slider');
    new ResizeObserver(([entry]) => { this.width = entry.contentRect.width; this.draw(); }).observe(this.plot);
    this.plot.addEventListener('click', (e) => this.go(this.stepAt(e)));
    this.plot.addEventListener('pointermove', (e) => this.read(e));
    this.plot.addEventListener('pointerleave', () => { this.hoverLine.classList.remove('on'); this.reading.textContent = ''; });
    this.plot.addEventListener('keydown', (e) => this.key(e));
  }

  show(model: TraceModel): void {
    this.model = model;
    this.axis = new TimeAxis(model);
    ({ rows: this.rows, spans: this.spans } = timeSpans(model));
    this.labels.replaceChildren(...this.rows.map((r) => {
      const label = element('span', 'label', `${model.trace.hosts[r.host].name} · ${r.nic ? t('NIC') : t('CPU {0}', r.cpu)}`);
      label.title = label.textContent!;
      return label;
    }));
    this.element.style.height = `${TOP + this.rows.length * ROW + 4}px`;
    attribute(this.plot, 'aria-label', t('Time'));
    attribute(this.plot, 'aria-valuemin', '1');
    attribute(this.plot, 'aria-valuemax', String(model.trace.stepFrame.length));
    this.draw();
  }

  /** Moves the cursor to a step; `visited` is the furthest one. */
  moveTo(step: number, visited: number): void {
    this.step = step;
    this.visited = visited;
    if (!this.model || !this.axis) return;
    const { stepTime } = this.model.trace, { width } = this, x = this.axis.at(stepTime[step] ?? 0) * width, far = this.axis.at(stepTime[Math.max(step, visited)] ?? 0) * width;
    this.cursor.style.transform = `translateX(${x}px)`;
    this.ahead.style.transform = `translateX(${far}px)`;
    this.ahead.style.width = `${Math.max(0, width - far)}px`;
    attribute(this.plot, 'aria-valuenow', String(step + 1));
    attribute(this.plot, 'aria-valuetext', `${t('step {0} of {1}', step + 1, stepTime.length)}, ${moment((stepTime[step] ?? 0) - (stepTime[0] ?? 0))}`);
  }

  private draw(): void {
    const { axis, model, width } = this;
    if (!axis || !model || width === 0) return;
    const parts: SVGElement[] = [];
    this.rows.forEach((_, i) => { const line = svg('path', 'rail'); line.setAttribute('d', `M0 ${TOP + i * ROW + ROW / 2}H${width}`); parts.push(line); });
    const byLayer: string[][] = LAYERS.map(() => []);
    // Spans narrower than what is drawn already would only cost time.
    const drawn = this.rows.map(() => -1);
    for (const s of this.spans) {
      const x = axis.at(s.from) * width, end = Math.max(x + 1, axis.at(s.to) * width);
      if (end < drawn[s.row] + 0.7) continue;
      drawn[s.row] = end;
      byLayer[s.layer].push(`M${x.toFixed(1)} ${TOP + s.row * ROW + 2}h${(end - x).toFixed(1)}v${ROW - 4}h${(x - end).toFixed(1)}z`);
    }
    byLayer.forEach((list, layer) => { if (list.length) { const path = svg('path', `span layer-${LAYERS[layer]}`); path.setAttribute('d', list.join('')); parts.push(path); } });
    for (const w of model.trace.wire) parts.push(this.arrow(w.sent, w.received, w.from, w.to, width));
    let lineEnd = -Infinity, labelEnd = -Infinity;
    for (const { at, ns } of axis.pauses) {
      const x = at * width;
      if (x - lineEnd < 6) continue;
      lineEnd = x;
      parts.push(this.pauseLine(x));
      if (x - labelEnd >= 30 && x > 24 && x < width - 24) { parts.push(this.pauseLabel(x, ns)); labelEnd = x + 30; }
    }
    this.drawing.replaceChildren(...parts);
    this.moveTo(this.step, this.visited);
  }

  private rowOf(host: number): number {
    const nic = this.rows.findIndex((r) => r.host === host && r.nic);
    return nic >= 0 ? nic : Math.max(0, this.rows.findIndex((r) => r.host === host));
  }

  private arrow(sent: number, received: number, from: number, to: number, width: number): SVGElement {
    const path = svg('path', 'time-wire'), y0 = TOP + this.rowOf(from) * ROW + ROW / 2, y1 = TOP + this.rowOf(to) * ROW + ROW / 2;
    path.setAttribute('d', `M${this.axis!.at(sent) * width} ${y0}L${this.axis!.at(received) * width} ${y1}`);
    return path;
  }

  private pauseLine(x: number): SVGElement {
    const height = this.rows.length * ROW, line = svg('path', 'pause');
    line.setAttribute('d', `M${x} ${TOP}l-2 ${height / 2}l4 0l-2 ${height / 2}`);
    return line;
  }

  private pauseLabel(x: number, ns: number): SVGElement {
    const label = svg('text', 'pause-label');
    label.setAttribute('x', String(x));
    label.setAttribute('y', String(TOP - 5));
    label.textContent = duration(ns);
    return label;
  }

  private timeOf(e: MouseEvent): number {
    const box = this.plot.getBoundingClientRect();
    return this.axis?.timeAt((e.clientX - box.left) / Math.max(1, box.width)) ?? 0;
  }

  /** The step nearest to a place: of the row under it when that one runs there. */
  private stepAt(e: MouseEvent): number {
    const { model } = this;
    if (!model) return 0;
    const time = this.timeOf(e), count = model.trace.stepFrame.length, step = Math.min(count - 1, model.stepAtTime(time)), row = this.rows[Math.floor((e.clientY - this.plot.getBoundingClientRect().top - TOP) / ROW)];
    const fits = (s: number): boolean => { const f = model.trace.stepFrame[s]; return !row || (model.trace.frames.host[f] === row.host && (model.context[f] === 3) === row.nic && (row.nic || model.trace.frames.cpu[f] === row.cpu)); };
    for (let d = 0; d < 2000; d++) {
      if (step + d < count && fits(step + d)) return step + d;
      if (step - d >= 0 && fits(step - d)) return step - d;
    }
    return step;
  }

  private read(e: MouseEvent): void {
    if (!this.model) return;
    const box = this.plot.getBoundingClientRect(), x = e.clientX - box.left;
    this.hoverLine.classList.add('on');
    this.hoverLine.style.transform = `translateX(${x}px)`;
    this.reading.textContent = moment(this.timeOf(e) - (this.model.trace.stepTime[0] ?? 0));
    this.reading.style.transform = `translateX(${Math.min(x + 6, box.width - 70)}px)`;
  }

  private key(e: KeyboardEvent): void {
    const count = this.model?.trace.stepFrame.length ?? 0, far = Math.max(1, Math.round(count / 50));
    const moves: Record<string, number> = { ArrowRight: this.step + 1, ArrowLeft: this.step - 1, PageDown: this.step + far, PageUp: this.step - far, Home: 0, End: count - 1 };
    const to = moves[e.key];
    if (to === undefined || count === 0) return;
    e.preventDefault();
    e.stopPropagation();
    this.go(Math.max(0, Math.min(count - 1, to)));
  }
}
