/** Holds the trace, what the user chose to see, and where the session stands; keeps toolbar, picture and time strip in step. */
import type { FromGraph, GraphPosition, GraphTrace, ToGraph } from '../../protocol/graph';
import { attribute, element, icon } from './dom';
import { keyAction, type KeyAction, type Move } from './keys';
import { flowLayout, type Layout, type Metrics } from './layout';
import { foldOf, moment, NO_FILTER, TraceModel, type Filter } from './model';
import { fillLegend } from './legend';
import { extrasWidth, type Now, type Scene } from './rows';
import { keyOf, lastLaunch, readSaved } from './saved';
import { tidyLayout } from './tidy';
import { Timeline } from './timeline';
import { Toolbar, type Action, type LayoutKind } from './toolbar';
import { Tooltip } from './tooltip';
import { GraphView } from './view';
import { t, useWords } from './words';

export interface PanelHost { postMessage(message: FromGraph): void; getState(): unknown; setState(state: unknown): void }

/** Lanes beside each other are chosen by themselves when they fit at this zoom. */
const LANES_ZOOM = 0.8;
const SAVE_AFTER = 250;
const READABLE = 0.6;
/** A panel whose edge is dragged is laid out anew once it rests. */
const RESIZE_AFTER = 150;

/** The call graph's page. It takes messages of the extension, answers with `FromGraph`, and keeps what the user chose in the page's saved state. */
export class GraphPanel {
  private readonly toolbar = new Toolbar((a) => this.act(a), (text) => this.search(text), () => this.view.scroller.focus());
  private readonly status = element('div', 'status');
  private readonly view: GraphView;
  private readonly timeline = new Timeline((step) => this.post({ type: 'goto', step }));
  private readonly tooltip = new Tooltip();
  private readonly legend = element('div', 'legend');
  private readonly notice = element('div', 'notice');
  private model: TraceModel | null = null;
  private scene: Scene | null = null;
  private session = '';
  private launch = '';
  private position: GraphPosition = { step: 0, count: 0, visited: 0, past: false, packet: 0 };
  private filter: Filter = NO_FILTER;
  private kind: LayoutKind | '' = '';
  private shownKind: LayoutKind = 'groups';
  private showMinor = false;
  private focus = -1;
  private matches: Int32Array = new Int32Array(0);
  private matchSet: ReadonlySet<number> = new Set();
  private match = -1;
  private followed: Uint8Array | null = null;
  private functionStatus: Uint8Array = new Uint8Array(0);
  private saving = 0;
  private resizing = 0;
  /** Width of the view for which the picture was laid out. */
  private laidOutFor = 0;
  private reducedMotion = false;
  private ended = false;

  constructor(private readonly root: HTMLElement, private readonly host: PanelHost) {
    this.view = new GraphView({
      go: (f) => this.go(f), source: (frame, at) => this.post({ type: 'source', frame, at }), toggle: (f) => this.toggle(f), openMinor: (f) => this.openMinor(f),
      hover: (item, row) => { if (item && row && this.scene) this.tooltip.show(this.scene, item.ref, row); else this.tooltip.hide(); },
      resized: () => this.resized(),
      moved: () => { this.tooltip.hide(); this.showToolbar(); this.save(); },
    });
    this.legend.hidden = true;
    attribute(this.status, 'role', 'status');
    this.root.append(this.toolbar.element, this.status, this.notice, this.view.element, this.timeline.element, this.legend, this.tooltip.element);
    document.addEventListener('keydown', (e) => this.key(e));
    // Whoever comes with the keyboard is on the tree at once.
    window.addEventListener('focus', () => { if (document.activeElement === document.body && this.model) this.view.scroller.focus({ preventScroll: true }); });
    this.empty();
  }

  private post(message: FromGraph): void { this.host.postMessage(message); }

  /** Does what a message of the extension says. */
  take(message: ToGraph): void {
    const begun = performance.now();
    switch (message.type) {
      case 'init': return this.init(message);
      case 'trace': this.launch = message.launch; return this.open(message.session, message.trace, message.position, begun);
      case 'moved': if (message.session === this.session) this.move(message.position, begun); return;
      case 'status': if (message.session === this.session) { this.functionStatus = message.functions; this.rebuild(this.focus); } return;
      case 'follow': return this.follow(message.packet);
      case 'reveal': return this.reveal(message.frame);
      case 'focus': return this.takeFocus();
      case 'ended': if (message.session === this.session) this.end(message.reason); return;
    }
  }

  /** From inside, a page can take the focus from the frames around it. What has it in the page keeps it. */
  private takeFocus(): void {
    if (document.hasFocus()) return;
    window.focus();
    if (document.activeElement === document.body) this.view.scroller.focus({ preventScroll: true });
  }

  private init(message: Extract<ToGraph, { type: 'init' }>): void {
    useWords(message.strings);
    this.showMinor = message.showMinor;
    this.reducedMotion = message.reducedMotion || window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    document.body.classList.toggle('still', this.reducedMotion);
    this.toolbar.build();
    if (this.model) this.rebuild(); else this.empty();
    this.showToolbar();
  }

  private empty(): void {
    this.root.classList.add('empty');
    const last = lastLaunch(this.host.getState()), again: [string, string][] = last ? [[t('Run {0} again', last.split(/[\\/]/).pop()!), last]] : [];
    this.showNotice('type-hierarchy', t('No trace is running.'), [...again, [t('Trace...'), '']]);
  }

  /** `ways`: label and scenario of each button; '' asks for a scenario. The first is the likely one. */
  private showNotice(sign: string, text: string, ways: readonly (readonly [string, string])[]): void {
    const buttons = ways.map(([label, scenario], i) => {
      const button = element('button', i === 0 ? 'run' : 'run other', label);
      button.addEventListener('click', () => this.post({ type: 'run', scenario }));
      return button;
    });
    this.notice.replaceChildren(icon(sign), element('span', 'text', text), ...buttons);
    this.notice.hidden = false;
  }

  private open(session: string, trace: GraphTrace, position: GraphPosition, begun: number): void {
    this.root.classList.remove('empty');
    this.notice.hidden = true;
    this.ended = false;
    this.session = session;
    this.model = new TraceModel(trace);
    this.functionStatus = new Uint8Array(trace.functions.length);
    this.position = position;
    const saved = readSaved(this.host.getState(), keyOf(trace));
    this.filter = { showMinor: saved?.showMinor ?? this.showMinor, folded: new Set(saved?.folded), opened: new Set(saved?.opened), packet: saved?.packet ?? 0 };
    this.kind = saved?.layout ?? this.kind;
    this.followed = this.filter.packet > 0 ? this.model.handling(this.filter.packet) : null;
    this.focus = saved && saved.focus < this.model.count ? saved.focus : -1;
    this.toolbar.query = saved?.query ?? '';
    this.find(this.toolbar.query);
    fillLegend(this.legend, new Set(trace.functions.map((f) => f.layer)));
    // Another run is not begun where names cannot be read.
    if (saved || this.view.zoom < READABLE) this.view.zoom = saved?.zoom ?? 1;
    this.rebuild();
    this.timeline.show(this.model);
    if (saved) this.view.scrollTo(saved.left, saved.top);
    this.move(position, begun);
    if (trace.stopped) this.showNotice('warning', trace.stopped, [[t('Run again'), this.launch]]);
  }

  private end(reason: string): void {
    this.ended = true;
    this.showNotice(reason ? 'error' : 'debug-stop', reason ? `${t('This trace has ended.')} ${reason}` : t('This trace has ended.'), [[t('Run again'), this.launch], [t('Trace...'), '']]);
  }

  /** Lays out anew after what is shown has changed. */
  private rebuild(anchor = -1): void {
    const { model } = this;
    if (!model) return;
    const visible = model.visible(this.filter), available = this.laidOutFor = this.view.scroller.clientWidth;
    let metrics: Metrics = { char: this.charWidth(), extras: extrasWidth(model, visible), available }, layout = this.layoutOf(model, visible, metrics);
    // Where the durations find no room, the names do without them; the tooltip has them.
    const tight = layout.timed && this.shownKind === 'groups' && layout.width > available;
    if (tight) { metrics = { ...metrics, extras: extrasWidth(model, visible, false) }; layout = this.layoutOf(model, visible, metrics); }
    this.view.element.classList.toggle('tight', tight);
    this.scene = { model, visible, layout, filter: this.filter, status: this.functionStatus };
    if (this.focus >= 0) this.focus = visible.seen[this.focus];
    this.view.show(this.scene, this.nowState(), metrics, anchor >= 0 ? visible.seen[anchor] : -1);
    this.showToolbar();
    this.save();
  }

  private resized(): void {
    window.clearTimeout(this.resizing);
    this.resizing = window.setTimeout(() => { if (this.scene && this.view.scroller.clientWidth !== this.laidOutFor) this.rebuild(this.nowState().row); }, RESIZE_AFTER);
  }

  private layoutOf(model: TraceModel, visible: ReturnType<TraceModel['visible']>, metrics: Metrics): Layout {
    if (this.kind === 'tree') { this.shownKind = 'tree'; return tidyLayout(model, visible, metrics); }
    const lanes = flowLayout(model, visible, metrics, this.kind !== 'groups' && model.trace.hosts.length > 1);
    const fits = lanes.width * LANES_ZOOM <= this.view.scroller.clientWidth;
    if (this.kind === '' && model.trace.hosts.length > 1 && !fits) { this.shownKind = 'groups'; return flowLayout(model, visible, metrics, false); }
    this.shownKind = this.kind === 'groups' || model.trace.hosts.length < 2 ? 'groups' : 'lanes';
    return lanes;
  }

  private charWidth(): number {
    const canvas = document.createElement('canvas').getContext('2d'), style = getComputedStyle(this.view.element);
    if (!canvas) return 7.3;
    canvas.font = `12px ${style.getPropertyValue('--font') || 'monospace'}`;
    return canvas.measureText('tcp_transmit_skb').width / 16 || 7.3;
  }

  private nowState(): Now {
    const { model, scene, position } = this, frame = model!.frameAt(position.step), seen = scene!.visible.seen, row = frame >= 0 ? seen[frame] : -1;
    const stack = new Set(model!.stack(frame).map((f) => seen[f]));
    return { step: position.step, visited: position.visited, row, frame, stack, focus: this.focus, matches: this.matchSet, match: this.match, followed: this.followed };
  }

  private move(position: GraphPosition, begun: number): void {
    this.position = position;
    if (!this.model || !this.scene) return;
    const now = this.nowState();
    this.focus = now.row;
    this.view.step({ ...now, focus: now.row }, true);
    this.timeline.moveTo(position.step, position.visited);
    this.showStatus();
    this.showToolbar();
    const ms = performance.now() - begun;
    requestAnimationFrame(() => this.post({ type: 'shown', step: position.step, ms }));
  }

  private showStatus(): void {
    const { step, count, past, packet } = this.position, { trace } = this.model!, time = (trace.stepTime[step] ?? 0) - (trace.stepTime[0] ?? 0);
    const state = element('span', past ? 'when past' : 'when live', past ? t('past') : t('live'));
    state.prepend(icon(past ? 'history' : 'circle-filled'));
    this.status.replaceChildren(element('span', 'title', trace.title), state, element('span', 'steps', t('step {0} of {1}', step + 1, count)), element('span', 'time', moment(time)));
    this.status.title = [trace.title, moment(time), packet > 0 ? t('packet {0}', packet) : ''].filter(Boolean).join(' \u00b7 ');
    if (packet > 0) { const chip = element('span', 'chip', t('packet {0}', packet)); chip.prepend(icon('package')); this.status.append(chip); }
  }

  private showToolbar(): void {
    this.toolbar.show({ showMinor: this.filter.showMinor, packet: this.filter.packet, canFollow: this.packetHere() > 0, layout: this.shownKind, zoom: this.view.zoom, help: !this.legend.hidden });
  }

  private repaint(): void { if (this.scene) this.view.step(this.nowState()); }

  private go(frame: number): void {
    this.focus = frame;
    this.repaint();
    if (this.ended) { this.notice.classList.add('wink'); setTimeout(() => this.notice.classList.remove('wink'), 600); return; }
    this.post({ type: 'goto', step: this.model!.trace.frames.firstStep[frame] });
  }

  private setFilter(change: Partial<Filter>, anchor = this.focus): void {
    this.filter = { ...this.filter, ...change };
    this.rebuild(anchor);
  }

  private toggle(frame: number): void {
    const folded = new Set(this.filter.folded);
    if (!folded.delete(frame)) folded.add(frame);
    this.focus = frame;
    this.setFilter({ folded }, frame);
  }

  private openMinor(frame: number): void {
    const opened = new Set(this.filter.opened);
    if (!opened.delete(frame)) opened.add(frame);
    this.setFilter({ opened }, frame);
  }

  private packetHere(): number {
    const f = this.focus;
    return (f >= 0 && this.model?.trace.frames.packet[f]) || this.position.packet;
  }

  private follow(packet: number): void {
    if (!this.model) return;
    this.followed = packet > 0 ? this.model.handling(packet) : null;
    this.setFilter({ packet }, this.focus >= 0 ? this.focus : this.model.frameAt(this.position.step));
    this.view.reveal(this.nowState().row);
  }

  /** Shows a frame, opening what hides it. */
  private reveal(frame: number): void {
    if (!this.model || frame < 0 || frame >= this.model.count) return;
    if (!this.scene!.visible.shown[frame]) { this.filter = this.model.revealing(frame, this.filter); if (this.filter.packet === 0) this.followed = null; this.rebuild(); }
    this.focus = frame;
    this.repaint();
    this.view.reveal(frame);
  }

  private find(text: string): void {
    this.matches = this.model?.search(text) ?? new Int32Array(0);
    this.matchSet = new Set(this.matches);
    this.match = -1;
    this.toolbar.showCount(text.trim() === '' ? '' : this.matches.length === 0 ? t('No match') : t('{0} of {1} matches', 0, this.matches.length));
  }

  private search(text: string): void {
    this.find(text);
    this.repaint();
    if (this.matches.length > 0) this.nextMatch(1, true);
    this.save();
  }

  /** Goes to the next match from the cursor; `here` counts where the cursor stands. */
  private nextMatch(direction: 1 | -1, here = false): void {
    const n = this.matches.length, { rank } = this.model ?? {};
    if (n === 0 || !rank) return;
    const from = this.match >= 0 ? this.match : this.focus, place = from >= 0 ? rank[from] : -1;
    let i = direction === 1 ? this.matches.findIndex((f) => (here ? rank[f] >= place : rank[f] > place)) : [...this.matches].filter((f) => rank[f] < place).length - 1;
    if (i < 0) i = direction === 1 ? 0 : n - 1;
    this.match = this.matches[i];
    this.toolbar.showCount(t('{0} of {1} matches', i + 1, n));
    this.reveal(this.match);
  }

  private act(action: Action): void {
    const { model, view } = this;
    switch (action) {
      case 'nextMatch': return this.nextMatch(1);
      case 'previousMatch': return this.nextMatch(-1);
      case 'foldAll': if (model) this.setFilter({ folded: model.allFolded() }); return;
      case 'unfoldAll': return this.setFilter({ folded: new Set() });
      case 'minor': return this.setFilter({ showMinor: !this.filter.showMinor, opened: new Set() }, this.scene ? this.nowState().row : -1);
      case 'zoomIn': return view.zoomTo(view.zoom * 1.2);
      case 'zoomOut': return view.zoomTo(view.zoom / 1.2);
      case 'fit': return view.fit();
      case 'current': if (this.scene) { this.focus = this.nowState().row; this.repaint(); view.reveal(this.focus, !this.reducedMotion); } return;
      case 'follow': { const packet = this.filter.packet > 0 ? 0 : this.packetHere(); if (packet > 0 || this.filter.packet > 0) { this.follow(packet); this.post({ type: 'follow', packet }); } return; }
      case 'nextEvent': return this.post({ type: 'packetEvent', direction: 1, packet: this.filter.packet });
      case 'previousEvent': return this.post({ type: 'packetEvent', direction: -1, packet: this.filter.packet });
      case 'lanes': case 'groups': case 'tree': { this.kind = action; this.rebuild(this.focus); view.reveal(this.focus >= 0 ? this.focus : this.scene ? this.nowState().row : -1); return; }
      case 'help': this.legend.hidden = !this.legend.hidden; this.showToolbar(); return;
    }
  }

  private key(e: KeyboardEvent): void {
    const action = keyAction(e);
    if (!action || !this.model || !(e.target === this.view.scroller || action.do === 'escape' || e.target === document.body)) return;
    e.preventDefault();
    this.tooltip.hide();
    this.press(action);
  }

  private press(action: KeyAction): void {
    switch (action.do) {
      case 'move': return this.walk(action.move);
      case 'go': if (this.focus >= 0) this.go(this.focus); return;
      case 'toggle': if (this.focus >= 0) this.toggle(this.focus); return;
      case 'unfoldBelow': return this.unfoldBelow();
      case 'search': return this.toolbar.focusSearch();
      case 'escape': if (!this.legend.hidden) this.act('help'); return;
      case 'source': if (this.focus >= 0) this.post({ type: 'source', frame: this.focus, at: action.at }); return;
      case 'step': return this.post({ type: 'step', action: action.action });
      case 'action': return this.act(action.action);
    }
  }

  private unfoldBelow(): void {
    const { model, focus } = this;
    if (!model || focus < 0) return;
    this.setFilter({ folded: new Set([...this.filter.folded].filter((f) => !model.stack(f).includes(focus))) }, focus);
  }

  private walk(move: Move): void {
    const { visible } = this.scene!, { frames } = visible, { rank } = this.model!;
    if (frames.length === 0) return;
    const here = this.focus >= 0 ? this.focus : this.nowState().row, i = here >= 0 ? frames.findIndex((f) => rank[f] >= rank[here]) : 0, fold = here >= 0 ? foldOf(here, visible, this.filter.folded) : 'leaf';
    const at = (k: number): number => frames[Math.max(0, Math.min(frames.length - 1, k))];
    switch (move) {
      case 'up': return this.focusOn(at(i - 1));
      case 'down': return this.focusOn(at(here >= 0 ? i + 1 : 0));
      case 'pageUp': return this.focusOn(at(i - this.view.pageRows));
      case 'pageDown': return this.focusOn(at(i + this.view.pageRows));
      case 'home': return this.focusOn(frames[0]);
      case 'end': return this.focusOn(frames[frames.length - 1]);
      case 'left': if (fold === 'open') this.toggle(here); else if (here >= 0 && visible.parent[here] >= 0) this.focusOn(visible.parent[here]); return;
      case 'right': if (fold === 'folded') this.toggle(here); else if (fold === 'open') this.focusOn(frames.find((f) => visible.parent[f] === here) ?? here); return;
    }
  }

  private focusOn(frame: number): void {
    this.focus = frame;
    this.repaint();
    this.view.reveal(frame);
    this.save();
  }

  /** Remembers, a moment after the last change. */
  private save(): void {
    window.clearTimeout(this.saving);
    this.saving = window.setTimeout(() => {
      if (!this.model) return;
      const { filter, view } = this;
      this.host.setState({
        key: keyOf(this.model.trace), layout: this.kind, zoom: view.zoom, ...view.place, showMinor: filter.showMinor, folded: [...filter.folded], opened: [...filter.opened], packet: filter.packet, query: this.toolbar.query, focus: this.focus, launch: this.launch,
      });
    }, SAVE_AFTER);
  }
}
