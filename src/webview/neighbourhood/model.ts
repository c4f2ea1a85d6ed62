/** The neighbourhood's state, without a browser: which functions are there, which of them show, where each stands. */
import { type NavigatorNode, type NeighbourhoodReply, viaWords } from '../../protocol/navigator';
import type { Direction } from '../../protocol/neighbourhood';

/** More are not laid out: a picture of more says nothing. */
export const MOST_VISIBLE = 300;
const SWEEPS = 6;
const ROW = 34;
const GAP = 56;
const CHARACTER = 7.4;
const PADDING = 40;

export interface Edge { readonly from: string; readonly to: string; readonly via: string; readonly path: string; readonly line: number }
export interface Node extends NavigatorNode {
  readonly id: string;
  /** Steps from the centre: callers are negative. */
  layer: number;
  readonly center: boolean;
  hidden: boolean;
}
export interface Placed { readonly node: Node; readonly x: number; readonly y: number; readonly width: number }
export interface Layout { readonly nodes: readonly Placed[]; readonly edges: readonly Edge[]; readonly width: number; readonly height: number; readonly left: number }

/** What tells two functions apart. */
export function idOf(n: NavigatorNode): string {
  return `${n.path}:${n.line}:${n.name}`;
}

/** Folder of a path, at most two deep: what the filter offers. */
export function folderOf(path: string): string {
  return path.split('/').slice(0, -1).slice(0, 2).join('/');
}

/** The functions and calls that the page knows; grows when a node is opened. */
export class Neighbourhood {
  readonly nodes = new Map<string, Node>();
  private readonly edges = new Map<string, Edge>();
  title = '';
  /** Were functions left out for want of room? */
  cut = false;
  /** Prefixes that paths must have, or, with a minus, must not have. */
  filter: readonly string[] = [];

  /** Starts over with a graph. */
  reset(title: string, graph: NeighbourhoodReply, centers: readonly number[]): void {
    this.nodes.clear();
    this.edges.clear();
    this.title = title;
    this.cut = graph.cut;
    graph.nodes.forEach((n, k) => this.nodes.set(idOf(n), { ...n, id: idOf(n), layer: 0, center: centers.includes(k), hidden: false }));
    this.addEdges(graph);
    this.layers(graph, centers);
  }

  /** Adds what is around a node. Gives how many functions are new. */
  merge(around: NavigatorNode, direction: Direction, graph: NeighbourhoodReply): number {
    const layer = (this.nodes.get(idOf(around))?.layer ?? 0) + (direction === 'callees' ? 1 : -1);
    let fresh = 0;
    for (const n of graph.nodes) {
      const known = this.nodes.get(idOf(n));
      if (known !== undefined) { if (known.hidden) { known.hidden = false; fresh++; } continue; }
      if (this.visible().length >= MOST_VISIBLE) { this.cut = true; break; }
      this.nodes.set(idOf(n), { ...n, id: idOf(n), layer, center: false, hidden: false });
      fresh++;
    }
    if (graph.cut) this.cut = true;
    this.addEdges(graph);
    return fresh;
  }

  private addEdges({ nodes, edges }: NeighbourhoodReply): void {
    for (const e of edges) {
      const from = idOf(nodes[e.from]);
      const to = idOf(nodes[e.to]);
      if (!this.nodes.has(from) || !this.nodes.has(to)) continue;
      this.edges.set(`${from}>${to}`, { from, to, via: e.via === null ? '' : viaWords(e.via), path: e.site.path, line: e.site.line });
    }
  }

  /** Breadth first from the centres: what they call to the right, who calls them to the left. */
  private layers({ nodes, edges }: NeighbourhoodReply, centers: readonly number[]): void {
    const layer = new Map<number, number>(centers.map((c) => [c, 0]));
    for (const step of [1, -1]) {
      for (let front = [...centers]; front.length > 0;) {
        const next: number[] = [];
        for (const e of edges) {
          const [here, there] = step === 1 ? [e.from, e.to] : [e.to, e.from];
          if (!front.includes(here) || layer.has(there)) continue;
          layer.set(there, (layer.get(here) ?? 0) + step);
          next.push(there);
        }
        front = next;
      }
    }
    nodes.forEach((n, k) => { const node = this.nodes.get(idOf(n)); if (node !== undefined) node.layer = layer.get(k) ?? 0; });
  }

  hide(id: string): void {
    const node = this.nodes.get(id);
    if (node !== undefined && !node.center) node.hidden = true;
  }

  showAll(): void {
    for (const n of this.nodes.values()) n.hidden = false;
  }

  get hiddenCount(): number {
    return this.nodes.size - this.visible().length;
  }

  /** Folders that there are, for the filter. */
  folders(): string[] {
    return [...new Set([...this.nodes.values()].map((n) => folderOf(n.path)))].filter((f) => f !== '').sort();
  }

  private fits(n: Node): boolean {
    if (n.center) return true;
    const only = this.filter.filter((f) => !f.startsWith('-'));
    return (only.length === 0 || only.some((f) => n.path.startsWith(f))) && !this.filter.some((f) => f.startsWith('-') && f.length > 1 && n.path.startsWith(f.slice(1)));
  }

  visible(): Node[] {
    return [...this.nodes.values()].filter((n) => !n.hidden && this.fits(n)).slice(0, MOST_VISIBLE);
  }

  visibleEdges(): Edge[] {
    const shown = new Set(this.visible().map((n) => n.id));
    return [...this.edges.values()].filter((e) => shown.has(e.from) && shown.has(e.to));
  }

  /** Columns by layer; in each the order that crosses least, found by a few sweeps of averages. Pure in what it is given; a few milliseconds at 300. */
  layout(): Layout {
    const nodes = this.visible();
    const edges = this.visibleEdges();
    const columns = columnsOf(nodes, edges);
    const tallest = Math.max(1, ...[...columns.values()].map((c) => c.length));
    const placed: Placed[] = [];
    let x = 0;
    for (const layer of [...columns.keys()].sort((a, b) => a - b)) {
      const column = columns.get(layer) ?? [];
      const width = Math.max(...column.map((n) => n.name.length)) * CHARACTER + PADDING;
      const top = ((tallest - column.length) * ROW) / 2;
      column.forEach((node, k) => placed.push({ node, x, y: top + k * ROW, width: node.name.length * CHARACTER + PADDING }));
      x += width + GAP;
    }
    return { nodes: placed, edges, width: Math.max(0, x - GAP), height: tallest * ROW, left: placed.find((p) => p.node.center)?.x ?? 0 };
  }
}

function columnsOf(nodes: readonly Node[], edges: readonly Edge[]): Map<number, Node[]> {
  const columns = new Map<number, Node[]>();
  for (const n of nodes) columns.set(n.layer, [...(columns.get(n.layer) ?? []), n]);
  const partners = new Map<string, string[]>();
  for (const e of edges) { partners.set(e.from, [...(partners.get(e.from) ?? []), e.to]); partners.set(e.to, [...(partners.get(e.to) ?? []), e.from]); }
  const at = new Map<string, number>();
  const note = (): void => { for (const column of columns.values()) column.forEach((n, k) => at.set(n.id, k - column.length / 2)); };
  note();
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const column of columns.values()) {
      const weight = new Map(column.map((n) => {
        const near = (partners.get(n.id) ?? []).map((p) => at.get(p) ?? 0);
        return [n.id, near.length === 0 ? at.get(n.id) ?? 0 : near.reduce((a, b) => a + b, 0) / near.length];
      }));
      column.sort((a, b) => (weight.get(a.id) ?? 0) - (weight.get(b.id) ?? 0) || (a.id < b.id ? -1 : 1));
    }
    note();
  }
  return columns;
}
