/** The elements of what is in view: one per item, made when it comes into view. */
import { LAYERS } from '../../protocol/layers';
import { contextName } from '../../protocol/layers';
import { STATUSES } from '../../protocol/graph';
import { attribute, element, icon } from './dom';
import { eventIcon } from './events';
import { GUTTER, type Item, type Layout, type Metrics } from './layout';
import { Context } from '../../trace/model';
import { duration, foldOf, type Filter, type TraceModel, type Visible } from './model';
import { contextWord, layerWord, statusWord, t } from './words';

/** Where the session stands, as the rows need it. */
export interface Now {
  readonly step: number;
  readonly visited: number;
  /** Row of the current frame, -1 for none; and the frame itself when it is folded away in that row. */
  readonly row: number;
  readonly frame: number;
  /** Shown frames on the stack. */
  readonly stack: ReadonlySet<number>;
  /** Frame with the keyboard's cursor. */
  readonly focus: number;
  /** Matches of the search, and the one it stands at. */
  readonly matches: ReadonlySet<number>;
  readonly match: number;
  /** What handles the followed packet (2), by frame. */
  readonly followed: Uint8Array | null;
}

/** Everything a row is drawn from. */
export interface Scene {
  readonly model: TraceModel;
  readonly visible: Visible;
  readonly layout: Layout;
  readonly filter: Filter;
  /** STATUSES index by function. */
  readonly status: Uint8Array;
}

const CONTEXT_ICONS = { process: 'terminal', softirq: 'layers', hardirq: 'zap', nic: 'circuit-board' } as const;
const MAX_MARKS = 3;

/** Pixels of a frame's marks, badge and, when there is `room` for them, durations. */
export function extrasWidth(model: TraceModel, visible: Visible, room = true): Metrics['extras'] {
  return (f) => Math.min(MAX_MARKS, model.eventsOf.get(f)?.length ?? 0) * 20 + (visible.minorCount[f] + visible.foldedCount[f] > 0 ? 42 : 0) + (room && Number.isFinite(model.duration(f)) ? 62 : 0) + 18;
}

/** The element of item `index` of the layout, placed in pixels of zoom 1; `paintRow` lights it. */
export function createRow(scene: Scene, index: number): HTMLElement {
  const item = scene.layout.items[index];
  switch (item.kind) {
    case 'frame': return frameRow(scene, item);
    case 'context': return contextRow(scene, item);
    case 'wire': return wireRow(scene, item);
    case 'event': return eventRow(scene, item);
    case 'gap': return gapRow(item);
  }
}

function at(e: HTMLElement, item: Item): HTMLElement {
  e.style.transform = `translate(${item.x}px, ${item.y}px)`;
  e.style.width = `${item.width}px`;
  e.style.height = `${item.height}px`;
  // What must stay in view when the picture is scrolled sideways (style.css: --shift) reckons with these.
  e.style.setProperty('--x', String(item.x));
  e.style.setProperty('--w', String(item.width));
  return e;
}

function frameRow(scene: Scene, item: Item): HTMLElement {
  const { model, visible, filter, layout } = scene, f = item.ref, fn = model.trace.frames.fn[f], layer = model.layer(f), fold = foldOf(f, visible, filter.folded);
  const row = at(element('div', `row layer-${LAYERS[layer]}`), item);
  row.id = `frame-${f}`;
  row.dataset.frame = String(f);
  attribute(row, 'role', 'treeitem');
  attribute(row, 'aria-level', String(visible.depth[f] + 1));
  if (fold !== 'leaf') attribute(row, 'aria-expanded', String(fold === 'open'));
  const gutter = element('span', item.mark ? 'gutter first' : 'gutter', item.mark ? layerWord(layer) : undefined), node = element('span', 'node');
  if (layout.timed) node.style.marginLeft = `${GUTTER + item.level * layout.indent}px`;
  if (fold === 'leaf') node.classList.add('leaf'); else node.append(icon(fold === 'folded' ? 'chevron-right' : 'chevron-down', 'twist'));
  node.append(element('span', 'name', model.name(f)));
  appendMarks(node, model, f);
  const hidden = visible.minorCount[f] + visible.foldedCount[f];
  if (hidden > 0) {
    const badge = element('span', visible.foldedCount[f] > 0 ? 'badge folded' : 'badge', `+${hidden}`);
    badge.title = t('{0} folded', hidden);
    node.append(badge);
  }
  const sure = STATUSES[scene.status[fn]];
  if (sure === 'missing' || sure === 'function') row.classList.add('unsure', sure);
  const inner = element('span', 'inner');
  node.append(inner);
  const took = duration(model.duration(f));
  row.append(gutter, node, element('span', 'took', took));
  attribute(row, 'aria-label', [model.name(f), layerWord(layer), contextWord(model.context[f]), took, statusWord(scene.status[fn])].filter(Boolean).join(', '));
  return row;
}

function appendMarks(node: HTMLElement, model: TraceModel, frame: number): void {
  const events = model.eventsOf.get(frame) ?? [];
  for (const e of events.slice(0, MAX_MARKS)) {
    const mark = icon(eventIcon(e.kind), 'event');
    mark.title = `${e.kind} · ${t('packet {0}', e.packet)}${e.detail ? `\n${e.detail}` : ''}`;
    node.append(mark);
  }
  if (events.length > MAX_MARKS) node.append(element('span', 'more', `+${events.length - MAX_MARKS}`));
}

/** How a context is told: its kind, its task, where it runs. `context`: its first frame. */
export const contextParts = {
  className: (model: TraceModel, context: number): string => `context-${contextName(model.context[context])}`,

  elements(model: TraceModel, context: number): HTMLElement[] {
    const { frames, tasks, hosts } = model.trace, kind = model.context[context], task = frames.task[context] >= 0 ? tasks[frames.task[context]] : undefined, host = t('host {0}', hosts[frames.host[context]].name);
    const comm = kind === Context.Process && task ? [element('span', 'comm', `${task.comm} ${task.pid}`)] : [];
    return [icon(CONTEXT_ICONS[contextName(kind)]), element('span', 'kind', contextWord(kind)), ...comm, element('span', 'where', kind === Context.Nic ? host : `${host} \u00b7 ${t('CPU {0}', frames.cpu[context])}`)];
  },
};

function contextRow(scene: Scene, item: Item): HTMLElement {
  const { model, visible, layout } = scene, row = at(element('div', `head ${contextParts.className(model, item.value)}${item.level > 0 ? ' nested' : ''}`), item);
  row.append(...contextParts.elements(model, item.value));
  const around = layout.timed ? trail(model, visible, item) : '';
  if (around) row.append(icon(item.mark ? 'debug-continue' : 'indent', 'again'), element('span', 'trail', around));
  attribute(row, 'role', 'presentation');
  return row;
}

/** Names of what stands around the first frame of a card that goes on; for an interrupt that begins, of what it interrupted. */
function trail(model: TraceModel, visible: Visible, item: Item): string {
  const names: string[] = [];
  for (let f = visible.parent[item.ref]; f >= 0 && names.length < 3; f = visible.parent[f]) if (!item.mark || model.contextRoot[f] === item.value) names.unshift(model.name(f));
  return names.join(' \u203a ');
}

function wireRow({ model, layout }: Scene, item: Item): HTMLElement {
  const w = model.trace.wire[item.ref], hosts = model.trace.hosts, row = at(element('div', w.dropped ? 'wire dropped' : 'wire'), item), label = element('span', 'label');
  const backwards = w.from > w.to, apart = layout.lanes[w.from]?.x !== layout.lanes[w.to]?.x;
  if (apart) row.classList.add(backwards ? 'from-right' : 'from-left');
  label.append(icon(w.dropped ? 'error' : backwards ? 'arrow-left' : 'arrow-right'), element('span', 'hosts', backwards ? `${hosts[w.to].name} ← ${hosts[w.from].name}` : `${hosts[w.from].name} → ${hosts[w.to].name}`));
  label.append(element('span', 'summary', w.summary), element('span', 'size', `${w.length} B`), element('span', 'size', duration(w.received - w.sent)));
  row.append(label);
  row.dataset.wire = String(item.ref);
  attribute(row, 'role', 'presentation');
  return row;
}

function eventRow({ model }: Scene, item: Item): HTMLElement {
  const e = model.loose[item.ref], row = at(element('div', e.kind === 'mark' ? 'loose mark' : 'loose'), item);
  row.append(icon(eventIcon(e.kind)));
  if (e.kind !== 'mark') row.append(element('span', 'kind', e.kind));
  row.append(element('span', 'detail', e.detail));
  if (e.packet > 0) row.append(element('span', 'size', t('packet {0}', e.packet)));
  row.dataset.loose = String(item.ref);
  attribute(row, 'role', 'presentation');
  return row;
}

function gapRow(item: Item): HTMLElement {
  const row = at(element('div', 'gap'), item);
  row.append(element('span', 'label', duration(item.value)));
  attribute(row, 'role', 'presentation');
  return row;
}

/** Sets what changes with every step on a row that is in view. */
export function paintRow(row: HTMLElement, scene: Scene, item: Item, now: Now): void {
  if (item.kind !== 'frame') { paintOther(row, scene, item, now); return; }
  const f = item.ref, first = scene.model.trace.frames.firstStep[f], list = row.classList, isCurrent = f === now.row;
  list.toggle('reached', first <= now.step);
  list.toggle('ahead', first > now.step && first <= now.visited);
  list.toggle('stack', now.stack.has(f));
  list.toggle('current', isCurrent);
  list.toggle('focused', f === now.focus);
  list.toggle('match', now.matches.has(f));
  list.toggle('at-match', f === now.match);
  list.toggle('followed', now.followed !== null && now.followed[f] === 2);
  attribute(row, 'aria-current', isCurrent ? 'step' : null);
  attribute(row, 'aria-selected', f === now.focus ? 'true' : 'false');
  const inner = row.querySelector('.inner')!, text = isCurrent && now.frame !== f ? `› ${scene.model.name(now.frame)}` : '';
  if (inner.textContent !== text) inner.textContent = text;
}

function paintOther(row: HTMLElement, { model }: Scene, item: Item, now: Now): void {
  const step = item.kind === 'wire' ? model.stepAtTime(model.trace.wire[item.ref].received) : item.kind === 'event' ? model.loose[item.ref].step : item.kind === 'context' ? model.trace.frames.firstStep[item.ref] : -1;
  row.classList.toggle('unreached', step > now.step);
  if (item.kind === 'wire') row.classList.toggle('followed', now.followed !== null && model.trace.wire[item.ref].packet > 0 && now.followed.length > 0);
}
