/** The second picture: a tidy tree from left to right (Reingold and Tilford, by d3-hierarchy). Callees in time order from top to bottom. */
import { hierarchy, tree, type HierarchyPointNode } from 'd3-hierarchy';
import { finish, HEAD, nodeWidth, ROW, type Item, type Layout, type Metrics } from './layout';
import type { TraceModel, Visible } from './model';

interface Node { readonly kind: 'frame' | 'context' | 'all'; readonly ref: number; readonly context: number; readonly children: Node[] }

const COLUMN_SPACE = 30;
const MARGIN = 14;
const ROW_STEP = ROW + 4;

/** Frames by caller, with a heading wherever a context begins. */
function forest(model: TraceModel, visible: Visible): Node {
  const all: Node = { kind: 'all', ref: -1, context: -1, children: [] }, nodes = new Map<number, Node>();
  for (const f of visible.frames) {
    const parent = visible.parent[f], context = model.contextRoot[f], node: Node = { kind: 'frame', ref: f, context, children: [] };
    nodes.set(f, node);
    const above = parent >= 0 ? nodes.get(parent)! : all;
    if (parent >= 0 && model.contextRoot[parent] === context) above.children.push(node);
    else above.children.push({ kind: 'context', ref: f, context, children: [node] });
  }
  return all;
}

/** The tree of what is shown. Columns are as wide as their widest name. */
export function tidyLayout(model: TraceModel, visible: Visible, metrics: Metrics): Layout {
  const root = tree<Node>().nodeSize([ROW_STEP, 1]).separation((a, b) => (a.parent === b.parent ? (a.depth === 1 ? 1.6 : 1) : 1.25))(hierarchy(forest(model, visible), (n) => n.children));
  const nodes = root.descendants().filter((n) => n.data.kind !== 'all');
  const widthOf = (n: HierarchyPointNode<Node>): number => (n.data.kind === 'frame' ? nodeWidth(model, n.data.ref, metrics) + 12 : 190);
  const columns: number[] = [];
  for (const n of nodes) columns[n.depth] = Math.max(columns[n.depth] ?? 0, widthOf(n));
  const left: number[] = [];
  for (let d = 0, x = MARGIN; d < columns.length; d++) { left[d] = x; if (columns[d]) x += columns[d] + COLUMN_SPACE; }
  const topmost = nodes.reduce((least, n) => Math.min(least, n.x), Infinity);
  // Sorted by y, so that what is in view is found by bisection.
  nodes.sort((a, b) => a.x - b.x || a.y - b.y);
  const index = new Map(nodes.map((n, i) => [n, i])), itemOf = new Int32Array(model.count).fill(-1);
  const items = nodes.map((n, i): Item => {
    const { kind, ref, context } = n.data;
    if (kind === 'frame') itemOf[ref] = i;
    return {
      kind: kind === 'frame' ? 'frame' : 'context', ref, x: left[n.depth], y: n.x - topmost + MARGIN, width: widthOf(n), height: kind === 'frame' ? ROW : HEAD - 4,
      host: model.trace.frames.host[ref], parent: n.parent && n.parent.data.kind !== 'all' ? index.get(n.parent)! : -1, level: n.depth - 1,
      mark: kind === 'frame' && (n.parent?.data.kind !== 'frame' || model.layer(n.parent.data.ref) !== model.layer(ref)), value: kind === 'frame' ? 0 : context,
    };
  });
  const last = items[items.length - 1];
  return finish({ items, boxes: [], lanes: [], width: (left[left.length - 1] ?? 0) + (columns[columns.length - 1] ?? 0) + MARGIN, height: (last ? last.y + last.height : 0) + MARGIN, itemOf, indent: 0, timed: false });
}
