/** Draws the neighbourhood as SVG, and turns clicks and keys into wishes. */
import type { Direction } from '../../protocol/neighbourhood';
import { curve, NODE_HEIGHT } from './exports';
import type { Layout, Node, Placed } from './model';

const SVG = 'http://www.w3.org/2000/svg';
const BUTTON = 14;
/** Free space left and right of the picture. */
export const MARGIN = 70;

/** What a user can want of a function. */
export interface Wishes {
  open(node: Node): void;
  site(path: string, line: number): void;
  expand(node: Node, direction: Direction): void;
  hide(node: Node): void;
}

function make<K extends keyof SVGElementTagNameMap>(name: K, attributes: Readonly<Record<string, string | number>>, parent?: Element): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  parent?.append(element);
  return element;
}

function titled(element: Element, text: string): void {
  make('title', {}, element).textContent = text;
}

/** Replaces the picture in `host`. */
export function draw(host: HTMLElement, layout: Layout, zoom: number, t: (text: string) => string, wishes: Wishes): void {
  const width = layout.width + 2 * MARGIN;
  const height = layout.height + 40;
  const svg = make('svg', { viewBox: `${-MARGIN} -20 ${width} ${height}`, width: width * zoom, height: height * zoom, role: 'group' });
  const marker = make('marker', { id: 'arrow', viewBox: '0 0 8 8', refX: 8, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto' }, make('defs', {}, svg));
  make('path', { d: 'M0 0 8 4 0 8z', class: 'arrow' }, marker);
  const at = new Map(layout.nodes.map((p) => [p.node.id, p]));
  for (const e of layout.edges) {
    const [from, to] = [at.get(e.from), at.get(e.to)];
    if (from === undefined || to === undefined) continue;
    const path = make('path', { d: curve(from, to), class: e.via === '' ? 'call' : 'call pointer', 'marker-end': 'url(#arrow)' }, svg);
    titled(path, `${from.node.name} \u2192 ${to.node.name}${e.via === '' ? '' : ` \u00b7 ${e.via}`}\n${e.path}:${e.line}`);
    path.addEventListener('click', () => wishes.site(e.path, e.line));
  }
  for (const p of layout.nodes) box(svg, p, t, wishes);
  const focused = (document.activeElement as HTMLElement | null)?.dataset?.id;
  host.replaceChildren(svg);
  if (focused !== undefined) svg.querySelector<SVGElement>(`[data-id="${CSS.escape(focused)}"]`)?.focus();
}

function box(svg: SVGElement, { node, x, y, width }: Placed, t: (text: string) => string, wishes: Wishes): void {
  const g = make('g', { class: node.center ? 'node center' : 'node', transform: `translate(${x} ${y})`, tabindex: 0, role: 'button', 'data-id': node.id, 'data-name': node.name, 'aria-label': `${node.name}, ${node.path}:${node.line}` }, svg);
  titled(g, `${node.name}\n${node.path}:${node.line}`);
  make('rect', { width, height: NODE_HEIGHT, rx: 4 }, g);
  make('text', { x: width / 2, y: 16, 'text-anchor': 'middle' }, g).textContent = node.name;
  for (const [direction, at, label] of [['callers', 2, t('Show callers')], ['callees', width - BUTTON - 2, t('Show what it calls')]] as const) {
    const button = make('g', { class: `more ${direction}`, transform: `translate(${at} 5)`, 'aria-label': label }, g);
    make('rect', { width: BUTTON, height: BUTTON, rx: 3 }, button);
    make('text', { x: BUTTON / 2, y: 11, 'text-anchor': 'middle' }, button).textContent = direction === 'callers' ? '\u2039' : '\u203a';
    titled(button, label);
    button.addEventListener('click', (e) => { e.stopPropagation(); wishes.expand(node, direction); });
  }
  g.addEventListener('click', () => wishes.open(node));
  g.addEventListener('contextmenu', (e) => { e.preventDefault(); wishes.hide(node); });
  g.addEventListener('keydown', (e) => {
    const wish: Record<string, () => void> = { Enter: () => wishes.open(node), ArrowLeft: () => wishes.expand(node, 'callers'), ArrowRight: () => wishes.expand(node, 'callees'), Delete: () => wishes.hide(node) };
    const work = wish[e.key];
    if (work === undefined) return;
    e.preventDefault();
    work();
  });
}
