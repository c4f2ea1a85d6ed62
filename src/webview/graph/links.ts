/** Lines between callers and callees, and arrows on the wire, as SVG path data for what is in view. Pure. */
import { GUTTER, INDENT, ROW, type Item, type Layout } from './layout';

/** How far a callee has been reached: each has its own line. */
export type Reach = 'unseen' | 'ahead' | 'reached' | 'stack';
export const REACHES: readonly Reach[] = ['unseen', 'ahead', 'reached', 'stack'];

const RADIUS = 5;

/** Path data of the lines that cross `top`..`bottom`, by how far their callee has been reached. */
export function linkPaths(layout: Layout, top: number, bottom: number, reach: (item: Item) => Reach): Record<Reach, string> {
  const out: Record<Reach, string[]> = { unseen: [], ahead: [], reached: [], stack: [] };
  layout.items.forEach((item, i) => {
    if (item.parent < 0) return;
    const parent = layout.items[item.parent], low = Math.max(item.y, parent.y) + ROW, high = Math.min(item.y, parent.y);
    if (low < top || high > bottom) return;
    // Of callees below the view only the last matters: its line covers the others'.
    if (layout.timed && item.y > bottom && layout.lastChild[item.parent] !== i) return;
    out[reach(item)].push(layout.timed ? elbow(parent, item) : curve(parent, item));
  });
  return { unseen: out.unseen.join(''), ahead: out.ahead.join(''), reached: out.reached.join(''), stack: out.stack.join('') };
}

function elbow(parent: Item, child: Item): string {
  const x = parent.x + GUTTER + parent.level * INDENT + 8, y = child.y + child.height / 2, end = child.x + GUTTER + child.level * INDENT + 1;
  return `M${x} ${parent.y + parent.height - 3}V${y - RADIUS}Q${x} ${y} ${x + RADIUS} ${y}H${Math.max(end, x + RADIUS)}`;
}

function curve(parent: Item, child: Item): string {
  const x = parent.x + 40, y = parent.y + parent.height / 2, end = child.x, endY = child.y + child.height / 2, middle = child.x - 15;
  return `M${x} ${y}H${middle - 12}C${middle} ${y} ${middle} ${endY} ${end} ${endY}`;
}

/** Path data of a frame's way over the wire, from where it was sent to where it came in. Hosts' lanes are apart. */
export function wirePath(layout: Layout, item: Item, from: number, to: number): string {
  const a = layout.lanes[from], b = layout.lanes[to];
  if (!a || !b || a.x === b.x) return '';
  const right = b.x > a.x, x0 = right ? a.x + a.width : a.x, x1 = right ? b.x - 2 : b.x + b.width + 2, y1 = item.y + item.height - 4, y0 = Math.min(item.value, y1), middle = (x0 + x1) / 2, head = right ? -7 : 7;
  return `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}M${x1 + head} ${y1 - 4.5}L${x1} ${y1}L${x1 + head} ${y1 + 4.5}`;
}

/** Small zoom: every frame is a bar of its layer's colour. Path data by layer. */
export function barPaths(layout: Layout, layerOf: (frame: number) => number, layers: number, widthOf: (item: Item) => number, top: number, bottom: number): string[] {
  const out: string[][] = Array.from({ length: layers }, () => []);
  for (const item of layout.items) {
    if (item.kind !== 'frame' || item.y > bottom || item.y + item.height < top) continue;
    const x = layout.timed ? item.x + GUTTER + item.level * INDENT : item.x;
    out[layerOf(item.ref)].push(`M${x} ${item.y + 4}h${widthOf(item)}v${item.height - 8}h${-widthOf(item)}z`);
  }
  return out.map((list) => list.join(''));
}
