/** Lines between callers and callees, and arrows on the wire, as SVG path data for what is in view. Pure. */
import { firstBelow, GUTTER, ROW, type Item, type Layout } from './layout';

/** How far a callee has been reached: each has its own line. */
export type Reach = 'unseen' | 'ahead' | 'reached' | 'stack';
export const REACHES: readonly Reach[] = ['unseen', 'ahead', 'reached', 'stack'];

const RADIUS = 5;

/** Path data of the lines that cross `top`..`bottom`, by how far their callee has been reached. */
export function linkPaths(layout: Layout, top: number, bottom: number, reach: (item: Item) => Reach): Record<Reach, string> {
  const out: Record<Reach, string[]> = { unseen: [], ahead: [], reached: [], stack: [] };
  const draw = layout.timed ? elbow : curve;
  for (const i of layout.timed ? flowLinks(layout, top, bottom) : treeLinks(layout, top, bottom)) {
    const item = layout.items[i];
    out[reach(item)].push(draw(layout.items[item.parent], item, layout.indent));
  }
  return { unseen: out.unseen.join(''), ahead: out.ahead.join(''), reached: out.reached.join(''), stack: out.stack.join('') };
}

/** Items whose line to their caller crosses the view: those in view, and the last callee of whatever reaches beyond it. */
function flowLinks({ items, lastChild }: Layout, top: number, bottom: number): Set<number> {
  const out = new Set<number>(), start = firstBelow(items, top), open = new Set<number>();
  let end = start;
  for (; end < items.length && items[end].y <= bottom; end++) {
    if (items[end].parent >= 0) out.add(end);
    for (let p = end; p >= 0 && !open.has(p); p = items[p].parent) open.add(p);
  }
  for (const p of open) if (lastChild[p] >= end) out.add(lastChild[p]);
  return out;
}

function treeLinks({ items }: Layout, top: number, bottom: number): number[] {
  const out: number[] = [];
  items.forEach((item, i) => {
    if (item.parent < 0) return;
    const other = items[item.parent].y;
    if (Math.max(item.y, other) + ROW >= top && Math.min(item.y, other) <= bottom) out.push(i);
  });
  return out;
}

function elbow(parent: Item, child: Item, indent: number): string {
  const trunk = Math.min(8, indent / 2 + 1), round = Math.min(RADIUS, indent - trunk), x = parent.x + GUTTER + parent.level * indent + trunk, y = child.y + child.height / 2, end = child.x + GUTTER + child.level * indent + 1;
  return `M${x} ${parent.y + parent.height - 3}V${y - round}Q${x} ${y} ${x + round} ${y}H${Math.max(end, x + round)}`;
}

function curve(parent: Item, child: Item): string {
  const x = parent.x + 40, y = parent.y + parent.height / 2, end = child.x, endY = child.y + child.height / 2, middle = child.x - 15;
  return `M${x} ${y}H${middle - 12}C${middle} ${y} ${middle} ${endY} ${end} ${endY}`;
}

/** Path data of a frame's way over the wire, from where it was sent to where it came in. Hosts' lanes are apart. */
export function wirePath(layout: Layout, item: Item, from: number, to: number): string {
  const a = layout.lanes[from], b = layout.lanes[to];
  if (!a || !b || a.x === b.x) return '';
  const right = b.x > a.x, x0 = right ? a.x + a.width : a.x, x1 = right ? b.x - 2 : b.x + b.width + 2, y1 = item.y + item.height / 2, y0 = Math.min(item.value, y1), middle = (x0 + x1) / 2, head = right ? -7 : 7;
  return `M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}M${x1 + head} ${y1 - 4.5}L${x1} ${y1}L${x1 + head} ${y1 + 4.5}`;
}

/** Small zoom: every frame is a bar of its layer's colour. Path data by layer. */
export function barPaths(layout: Layout, layerOf: (frame: number) => number, layers: number, widthOf: (item: Item) => number, top: number, bottom: number): string[] {
  const out: string[][] = Array.from({ length: layers }, () => []);
  for (const item of layout.items) {
    if (item.kind !== 'frame' || item.y > bottom || item.y + item.height < top) continue;
    const x = layout.timed ? item.x + GUTTER + item.level * layout.indent : item.x;
    out[layerOf(item.ref)].push(`M${x} ${item.y + 4}h${widthOf(item)}v${item.height - 8}h${-widthOf(item)}z`);
  }
  return out.map((list) => list.join(''));
}
