/** Which chains of calls lead from one function to another: cheapest first, where a call through a pointer costs by its rank. */
import { Kind } from './facts';
import type { Def } from './lookup';
import type { CallRow, Query } from './query';
import { symbolRow } from './query';
import { placeWeight } from './rank';

/** Bounds of a search. */
export interface PathOptions {
  /** Functions looked into at most. */
  readonly effort?: number;
  /** Candidates taken of each pointer site. */
  readonly width?: number;
  /** Chains wanted. */
  readonly chains?: number;
  cancelled?(): boolean;
}

const DEFAULT_EFFORT = 12_000;
const DEFAULT_WIDTH = 8;
const POINTER_COST = 0.4;
/** A step down the ranking costs as much as several calls: the likely chain wins over the short one. */
const RANK_COST = 4;

interface Node { readonly def: Def; readonly cost: number; readonly hop: CallRow | null; readonly from: Node | null }

/** A binary heap by cost. */
class Heap {
  private readonly items: Node[] = [];

  get size(): number { return this.items.length; }

  push(n: Node): void {
    const a = this.items;
    let k = a.push(n) - 1;
    while (k > 0 && a[(k - 1) >> 1].cost > n.cost) { a[k] = a[(k - 1) >> 1]; k = (k - 1) >> 1; }
    a[k] = n;
  }

  pop(): Node {
    const a = this.items;
    const top = a[0];
    const last = a.pop() as Node;
    if (a.length > 0) {
      let k = 0;
      for (;;) {
        let child = 2 * k + 1;
        if (child >= a.length) break;
        if (child + 1 < a.length && a[child + 1].cost < a[child].cost) child++;
        if (a[child].cost >= last.cost) break;
        a[k] = a[child];
        k = child;
      }
      a[k] = last;
    }
    return top;
  }
}

const idOf = (d: Def): string => `${d.path}:${d.line}:${d.name}`;

/** Chains from `from` to `to`: each a list of hops, the last of which is `to`. Empty when there is none within the bounds. */
export function findPaths(query: Query, from: Def, to: Def, options: PathOptions = {}): CallRow[][] {
  const banned = new Set<string>();
  const chains: CallRow[][] = [];
  for (let k = 0; k < (options.chains ?? 1); k++) {
    const chain = cheapest(query, from, to, options, banned);
    if (chain === null) break;
    chains.push(chain);
    // the next chain must differ: leave out this one's costliest pointer hop, else its middle
    const hops = chain.slice(0, -1);
    const dropped = hops.find((h) => h.via !== null && !banned.has(edge(h))) ?? hops[Math.floor(hops.length / 2)] ?? chain[0];
    banned.add(edge(dropped));
  }
  return chains;
}

function edge(h: CallRow): string {
  return `${h.site.path}:${h.site.line}:${h.site.column}>${h.name}`;
}

function cheapest(query: Query, from: Def, to: Def, options: PathOptions, banned: ReadonlySet<string>): CallRow[] | null {
  const target = idOf(to);
  const best = new Map<string, number>([[idOf(from), 0]]);
  const heap = new Heap();
  heap.push({ def: from, cost: 0, hop: null, from: null });
  const done = new Set<string>();
  for (let looked = 0; heap.size > 0 && looked < (options.effort ?? DEFAULT_EFFORT) && options.cancelled?.() !== true;) {
    const node = heap.pop();
    const id = idOf(node.def);
    if (done.has(id)) continue;
    done.add(id);
    if (id === target) return trace(node);
    if (node.def.kind !== Kind.FUNCTION && node.def.kind !== Kind.MACRO) continue;
    looked++;
    for (const next of steps(query, node, to, options.width ?? DEFAULT_WIDTH)) {
      if (banned.has(edge(next.hop as CallRow))) continue;
      const key = idOf(next.def);
      const known = best.get(key);
      if (known !== undefined && known <= next.cost) continue;
      best.set(key, next.cost);
      heap.push(next);
    }
  }
  return null;
}

function trace(end: Node): CallRow[] {
  const hops: CallRow[] = [];
  for (let n: Node | null = end; n !== null && n.hop !== null; n = n.from) hops.push(n.hop);
  return hops.reverse();
}

/** The nodes one call away. Functions far from the network cost more: a chain through the console is short, but not what is meant. */
function steps(query: Query, node: Node, to: Def, width: number): Node[] {
  const found: Node[] = [];
  const add = (def: Def, hop: CallRow, extra: number): void => {
    const far = def.kind === Kind.MACRO ? 0.5 : Math.max(0, 44 - placeWeight(def.path)) / 8;
    found.push({ def, cost: node.cost + 1 + far + extra, hop, from: node });
  };
  const { strings } = query.index;
  const names = new Set<string>();
  for (const r of query.lookup.owned('calls', node.def)) {
    const name = strings.name(r.data[r.at]);
    const def = query.callee(name, node.def.path);
    if (def === null || def.kind === Kind.PROTOTYPE || names.has(name)) continue;
    names.add(name);
    add(def, { ...symbolRow(def), site: { path: node.def.path, line: r.data[r.at + 1] >>> 12, column: r.data[r.at + 1] & 0xfff }, via: null }, 0);
  }
  for (const c of query.callbacks(node.def)) add(c.def, { ...symbolRow(c.def), site: c.site, via: c.via }, POINTER_COST);
  for (const s of query.pointerSites(node.def)) {
    // what a parameter can be was decided where it was handed over: callbacks() above
    if (s.slot === null || (s.slot.struct.endsWith('()') && node.from !== null)) continue;
    const via = query.viaOf(s.slot);
    s.candidates.forEach((def, rank) => {
      if (rank >= width && !(def.path === to.path && def.name === to.name)) return;
      add(def, { ...symbolRow(def), site: s.site, via }, POINTER_COST + Math.min(rank, width) * RANK_COST);
    });
  }
  return found;
}
