/** The neighbourhood's page: takes the extension's messages, holds what the user chose, draws. */
import { EXPORTS, isToNeighbourhood, type FromNeighbourhood, type ToNeighbourhood } from '../../protocol/neighbourhood';
import { exported } from './exports';
import { Neighbourhood } from './model';
import { draw, MARGIN } from './view';

interface Host { postMessage(message: FromNeighbourhood): void }
declare function acquireVsCodeApi(): Host;

const host = acquireVsCodeApi();
const model = new Neighbourhood();
let strings: Readonly<Record<string, string>> = {};
const LEAST_FIRST_ZOOM = 0.6;
let zoom = 1;
const t = (text: string): string => strings[text] ?? text;
const element = <K extends keyof HTMLElementTagNameMap>(name: K, className: string, parent: HTMLElement): HTMLElementTagNameMap[K] => { const e = document.createElement(name); e.className = className; parent.append(e); return e; };

const root = document.getElementById('root') as HTMLElement;
const bar = element('div', 'bar', root);
const title = element('span', 'title', bar);
const filter = element('input', 'filter', bar);
const folders = element('datalist', '', bar);
const tools = element('span', 'tools', bar);
const note = element('span', 'note', bar);
const stage = element('div', 'stage', root);
folders.id = 'folders';
filter.setAttribute('list', 'folders');
filter.addEventListener('input', () => { model.filter = filter.value.split(/[\s,]+/).filter((f) => f !== ''); render(); });
note.setAttribute('role', 'status');

function button(text: string, work: () => void): void {
  const b = element('button', '', tools);
  b.textContent = text;
  b.addEventListener('click', work);
}

/** The bar in the user's language. */
function words(): void {
  filter.placeholder = t('Folders (net/ipv4 -drivers)');
  filter.setAttribute('aria-label', t('Folders (net/ipv4 -drivers)'));
  tools.replaceChildren();
  button(t('Show hidden'), () => { model.showAll(); render(); });
  button('\u2212', () => { zoom = Math.max(0.3, zoom / 1.2); render(); });
  button('+', () => { zoom = Math.min(3, zoom * 1.2); render(); });
  for (const format of EXPORTS) button(format.toUpperCase(), () => host.postMessage({ type: 'save', format, text: exported(format, model.title, model.layout()) }));
}

function render(): void {
  const layout = model.layout();
  title.textContent = model.title;
  folders.replaceChildren(...model.folders().map((f) => { const o = document.createElement('option'); o.value = f; return o; }));
  const hidden = model.hiddenCount;
  note.textContent = [t('{0} functions').replace('{0}', String(layout.nodes.length)), hidden > 0 ? t('{0} hidden').replace('{0}', String(hidden)) : '', model.cut ? t('more were left out: filter or hide some') : ''].filter((s) => s !== '').join(' \u00b7 ');
  draw(stage, layout, zoom, t, {
    open: (n) => host.postMessage({ type: 'open', path: n.path, line: n.line }),
    site: (path, line) => host.postMessage({ type: 'open', path, line }),
    expand: ({ name, kind, path, line, column }, direction) => host.postMessage({ type: 'expand', node: { name, kind, path, line, column }, direction }),
    hide: (n) => { model.hide(n.id); render(); },
  });
}

/** All of the picture in the page where it stays readable; its middle in the middle. */
function centre(): void {
  zoom = Math.min(1, Math.max(LEAST_FIRST_ZOOM, stage.clientWidth / (model.layout().width + 2 * MARGIN)));
  render();
  const { left, height } = model.layout();
  stage.scrollTo({ left: left * zoom - stage.clientWidth / 3, top: (height * zoom - stage.clientHeight) / 2 });
}

function take(message: ToNeighbourhood): void {
  if (message.type === 'init') { ({ strings } = message); words(); return; }
  if (message.type === 'graph') { model.reset(message.title, message.graph, message.centers); centre(); return; }
  const fresh = model.merge(message.node, message.direction, message.graph);
  render();
  if (fresh === 0) note.textContent = t('Nothing more there.');
}

window.addEventListener('error', (e) => host.postMessage({ type: 'problem', message: `${e.message} (${e.lineno})` }));
window.addEventListener('message', (e) => { if (isToNeighbourhood(e.data)) take(e.data); });
host.postMessage({ type: 'ready' });
