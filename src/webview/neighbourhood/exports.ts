/** The picture as text: SVG for documents, DOT for Graphviz, JSON for programs. */
import type { ExportFormat } from '../../protocol/neighbourhood';
import type { Layout, Placed } from './model';

export const NODE_HEIGHT = 24;

const xml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** The curve of a call from one box to another. */
export function curve(from: Placed, to: Placed): string {
  const y1 = from.y + NODE_HEIGHT / 2;
  const y2 = to.y + NODE_HEIGHT / 2;
  const forth = to.x > from.x;
  const x1 = forth ? from.x + from.width : from.x;
  const x2 = forth ? to.x : to.x + to.width;
  const bend = from.x === to.x ? -60 : (x2 - x1) / 2;
  return from.x === to.x ? `M${from.x} ${y1} C${from.x + bend} ${y1} ${to.x + bend} ${y2} ${to.x} ${y2}` : `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

function svg(title: string, layout: Layout): string {
  const at = new Map(layout.nodes.map((p) => [p.node.id, p]));
  const edges = layout.edges.map((e) => {
    const [from, to] = [at.get(e.from), at.get(e.to)];
    if (from === undefined || to === undefined) return '';
    return `<path d="${curve(from, to)}" fill="none" stroke="#888" marker-end="url(#a)"${e.via === '' ? '' : ' stroke-dasharray="5 3"'}><title>${xml(`${from.node.name} > ${to.node.name}${e.via === '' ? '' : ` (${e.via})`}, ${e.path}:${e.line}`)}</title></path>`;
  });
  const nodes = layout.nodes.map(({ node, x, y, width }) => `<g><title>${xml(`${node.path}:${node.line}`)}</title><rect x="${x}" y="${y}" width="${width}" height="${NODE_HEIGHT}" rx="4" fill="${node.center ? '#ffe9a8' : '#f4f6f8'}" stroke="#667"/>`
    + `<text x="${x + width / 2}" y="${y + 16}" text-anchor="middle" font-family="monospace" font-size="12" fill="#111">${xml(node.name)}</text></g>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-70 -10 ${layout.width + 140} ${layout.height + 20}" width="${layout.width + 140}" height="${layout.height + 20}"><title>${xml(title)}</title>`
    + `<defs><marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#888"/></marker></defs>\n${[...edges, ...nodes].join('\n')}\n</svg>\n`;
}

function dot(title: string, { nodes, edges }: Layout): string {
  const rows = [
    ...nodes.map(({ node }) => `  ${quoted(node.id)} [label=${quoted(node.name)}, tooltip=${quoted(`${node.path}:${node.line}`)}${node.center ? ', penwidth=2' : ''}];`),
    ...edges.map((e) => `  ${quoted(e.from)} -> ${quoted(e.to)}${e.via === '' ? '' : ` [style=dashed, label=${quoted(e.via)}]`};`),
  ];
  return `digraph ${quoted(title)} {\n  rankdir=LR; node [shape=box, fontname=monospace];\n${rows.join('\n')}\n}\n`;
}

function json(title: string, { nodes, edges }: Layout): string {
  const index = new Map(nodes.map((p, k) => [p.node.id, k]));
  return `${JSON.stringify({
    title, nodes: nodes.map(({ node: { name, kind, path, line, column } }) => ({ name, kind, path, line, column })),
    edges: edges.map((e) => ({ from: index.get(e.from), to: index.get(e.to), site: { path: e.path, line: e.line }, via: e.via === '' ? null : e.via })),
  }, null, 1)}\n`;
}

/** The visible part in a format. */
export function exported(format: ExportFormat, title: string, layout: Layout): string {
  return format === 'svg' ? svg(title, layout) : format === 'dot' ? dot(title, layout) : json(title, layout);
}
