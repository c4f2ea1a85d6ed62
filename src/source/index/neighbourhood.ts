/** The calls around a function: what the graph panel shows, bounded. */
import { Kind } from './facts';
import type { Def } from './lookup';
import type { Place, Query, SymbolRow, Via } from './query';
import { symbolRow } from './query';

/** A piece of the call graph; edges index into nodes. */
export interface Graph {
  readonly nodes: SymbolRow[];
  readonly edges: Array<{ from: number; to: number; site: Place; via: Via | null }>;
  cut: boolean;
}

const MOST_NODES = 300;
const POINTER_WIDTH = 3;

/** The graph while it grows: nodes and edges once each, nodes up to a limit. */
class Growing {
  readonly graph: Graph = { nodes: [], edges: [], cut: false };
  private readonly ids = new Map<string, number>();
  private readonly seen = new Set<string>();

  constructor(private readonly limit: number) {}

  has(row: SymbolRow): boolean {
    return this.ids.has(key(row));
  }

  /** Index of the row's node, added when new; -1 when the graph is full. */
  node(row: SymbolRow): number {
    const k = key(row), known = this.ids.get(k);
    if (known !== undefined) return known;
    if (this.graph.nodes.length >= this.limit) { this.graph.cut = true; return -1; }
    this.ids.set(k, this.graph.nodes.length);
    return this.graph.nodes.push({ name: row.name, kind: row.kind, path: row.path, line: row.line, column: row.column }) - 1;
  }

  edge(from: number, to: number, site: Place, via: Via | null): void {
    const k = `${from}>${to}`;
    if (from < 0 || to < 0 || this.seen.has(k)) return;
    this.seen.add(k);
    this.graph.edges.push({ from, to, site, via });
  }
}

/** Breadth first from `center`, out over callees and in over callers. */
export function neighbourhood(query: Query, center: Def, options: { depth?: number; callers?: boolean; callees?: boolean; limit?: number; folders?: readonly string[] }): Graph {
  const growing = new Growing(Math.min(options.limit ?? MOST_NODES, MOST_NODES));
  growing.node(symbolRow(center));
  const fits = (path: string): boolean => options.folders === undefined || options.folders.some((f) => path.startsWith(f));
  const expand = (def: Def, out: boolean): SymbolRow[] => {
    const self = growing.node(symbolRow(def)), next: SymbolRow[] = [];
    for (const row of out ? shortened(query, def) : query.callers(def.name, def)) {
      if (!fits(row.path) || row.kind === 'macro') continue;
      const fresh = !growing.has(row), other = growing.node(row);
      growing.edge(out ? self : other, out ? other : self, row.site, row.via);
      if (fresh && other >= 0) next.push(row);
    }
    return next;
  };
  for (const out of [true, false]) {
    if ((out ? options.callees : options.callers) === false) continue;
    let level: SymbolRow[] = [symbolRow(center)];
    for (let depth = 0; depth < (options.depth ?? 2) && level.length > 0 && !growing.graph.cut; depth++) {
      level = level.flatMap((row) => { const def = defOf(query, row); return def === null ? [] : expand(def, out); });
    }
  }
  return growing.graph;
}

function shortened(query: Query, def: Def): ReturnType<Query['callees']> {
  const counts = new Map<string, number>();
  return query.callees(def).filter((r) => {
    if (r.via === null) return true;
    const k = `${r.site.line}:${r.site.column}`;
    const n = (counts.get(k) ?? 0) + 1;
    counts.set(k, n);
    return n <= POINTER_WIDTH;
  });
}

function key(d: { name: string; path: string; line: number }): string {
  return `${d.path}:${d.line}:${d.name}`;
}

function defOf(query: Query, row: SymbolRow): Def | null {
  return query.lookup.named(row.name).find((d) => d.path === row.path && d.line === row.line && (d.kind === Kind.FUNCTION || d.kind === Kind.MACRO)) ?? null;
}
