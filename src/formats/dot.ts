/** Graphviz DOT: who called whom and how often, a box a function, grouped by host and coloured by layer; interrupts are dashed. `dot -Tsvg` draws it. */
import { Context, type Trace } from '../trace/model';
import { pieces, wanted, type Exporter, type ExportOptions } from './format';

const quoted = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&').replace(/\n/g, ' ')}"`;

/** Pale colours of Graphviz's X11 scheme, by where a function lives. */
const COLOURS: readonly (readonly [prefix: string, colour: string])[] = [
  ['net/ipv4/tcp', 'lightblue'], ['net/ipv4/udp', 'lightcyan'], ['net/ipv4/', 'palegreen'], ['net/core/', 'khaki'], ['net/sched/', 'wheat'], ['net/netfilter/', 'plum'], ['net/socket', 'lavender'], ['drivers/', 'lightsalmon'], ['kernel/', 'lightgray'], ['arch/', 'lightgray'], ['fs/', 'lavender'],
];
function colour(path: string): string { return COLOURS.find(([prefix]) => path.startsWith(prefix))?.[1] ?? 'white'; }

interface Edge { readonly from: number; readonly to: number; readonly interrupts: boolean; count: number }

/** Nodes are functions of a host; accessors are left out, their callees belong to their callers. */
class Graph {
  readonly nodes = new Map<number, { readonly host: number; readonly fn: number; count: number }>();
  readonly edges = new Map<string, Edge>();

  constructor(private readonly trace: Trace, options: ExportOptions) {
    const { frames, functions } = trace;
    for (let f = 0; f < frames.count; f++) {
      if (!wanted(trace, f, options) || functions[frames.fn[f]].minor) continue;
      const id = this.visit(f), interrupts = frames.inside[f] >= 0;
      const up = this.major(interrupts ? frames.inside[f] : frames.parent[f]);
      if (up >= 0) this.edge(this.id(up), id, interrupts);
    }
  }

  private id(frame: number): number { return this.trace.frames.host[frame] * this.trace.functions.length + this.trace.frames.fn[frame]; }

  private visit(frame: number): number {
    const id = this.id(frame), node = this.nodes.get(id);
    if (node) node.count++;
    else this.nodes.set(id, { host: this.trace.frames.host[frame], fn: this.trace.frames.fn[frame], count: 1 });
    return id;
  }

  /** The frame, or the nearest one above it that is no accessor; -1 for none. */
  private major(frame: number): number {
    const { frames, functions } = this.trace;
    let f = frame;
    while (f >= 0 && functions[frames.fn[f]].minor) f = frames.parent[f] >= 0 ? frames.parent[f] : frames.inside[f];
    return f;
  }

  private edge(from: number, to: number, interrupts: boolean): void {
    const key = `${from} ${to} ${interrupts}`, edge = this.edges.get(key);
    if (edge) edge.count++; else this.edges.set(key, { from, to, interrupts, count: 1 });
  }
}

function* rows(trace: Trace, options: ExportOptions): Generator<string> {
  const graph = new Graph(trace, options);
  yield `digraph ${quoted(trace.scenario)} {\n  label=${quoted(trace.title)};\n  rankdir=TB;\n  node [shape=box, style=filled, fontname="monospace", fontsize=10];\n  edge [fontsize=8];\n`;
  for (const [h, host] of trace.hosts.entries()) {
    if (options.host !== undefined && options.host !== h) continue;
    yield `  subgraph "cluster_${h}" {\n    label=${quoted(`host ${host.name}`)};\n`;
    for (const [id, node] of graph.nodes) {
      const fn = trace.functions[node.fn];
      if (node.host === h) yield `    n${id} [label=${quoted(fn.name)}, tooltip=${quoted(`${fn.path || Context[Context.Nic]}, ${node.count} calls`)}, fillcolor=${colour(fn.path)}];\n`;
    }
    yield '  }\n';
  }
  for (const e of graph.edges.values()) yield `  n${e.from} -> n${e.to}${e.interrupts ? ' [style=dashed, color=red]' : e.count > 1 ? ` [label="${e.count}"]` : ''};\n`;
  yield '}\n';
}

export const dotFormat: Exporter = {
  id: 'dot', title: 'Graphviz call graph', extension: 'dot',
  export: (trace, options) => pieces(rows(trace, options)),
};
