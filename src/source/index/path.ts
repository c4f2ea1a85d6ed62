/** Which chains of calls lead from one function to another: cheapest first, where a call through a pointer costs by its rank. */
import { Kind } from './facts';
import type { Def } from './lookup';
import type { CallRow, Place, Query, Via } from './query';
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
const SLICE_MS = 8;
const POINTER_COST = 0.4;
/** A step down the ranking costs as much as several calls: the likely chain wins over the short one. */
const RANK_COST = 4;

interface Node { readonly id: string; readonly def: Def; readonly cost: number; readonly hop: CallRow | null; readonly from: Node | null }

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

/** Chains from `from` to `to`: each a list of hops, the last of which is `to`. Empty when there is none within the bounds. Seconds in a whole tree, when nothing is known yet. */
export function findPaths(query: Query, from: Def, to: Def, options: PathOptions = {}): CallRow[][] {
  const search = searching(query, from, to, options);
  for (;;) { const step = search.next(); if (step.done === true) return step.value; }
}

/** The same, a few milliseconds at a time: requests, and with them a cancellation, come in between. */
export async function findPathsGently(query: Query, from: Def, to: Def, options: PathOptions = {}): Promise<CallRow[][]> {
  const search = searching(query, from, to, options);
  for (let since = performance.now(); ;) {
    const step = search.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < SLICE_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  }
}

/** Looks into one function at each step. */
function* searching(query: Query, from: Def, to: Def, options: PathOptions): Generator<void, CallRow[][]> {
  const banned = new Set<string>();
  const chains: CallRow[][] = [];
  if (idOf(from) === idOf(to)) return chains; // already there
  for (let k = 0; k < (options.chains ?? 1); k++) {
    const chain = yield* cheapest(query, from, to, options, banned);
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

function* cheapest(query: Query, from: Def, to: Def, options: PathOptions, banned: ReadonlySet<string>): Generator<void, CallRow[] | null> {
  const target = idOf(to), width = options.width ?? DEFAULT_WIDTH, known = waysKept(query, width);
  const best = new Map<string, number>([[idOf(from), 0]]);
  const heap = new Heap();
  heap.push({ id: idOf(from), def: from, cost: 0, hop: null, from: null });
  const done = new Set<string>();
  const { strings } = query.index;
  for (let looked = 0; heap.size > 0 && looked < (options.effort ?? DEFAULT_EFFORT) && options.cancelled?.() !== true;) {
    const node = heap.pop();
    if (done.has(node.id)) continue;
    done.add(node.id);
    if (node.id === target) return trace(node);
    if (node.def.kind !== Kind.FUNCTION && node.def.kind !== Kind.MACRO) continue;
    looked++;
    yield;
    if (query.index.strings !== strings) return null; // the tree was read anew meanwhile: these rows' names mean nothing now
    let ways = known.get(node.id);
    if (ways === undefined) known.set(node.id, ways = waysFrom(query, node.def, width));
    for (const way of [...ways.near, ...beyond(ways, to, width)]) {
      if ((way.first && node.from !== null) || (banned.size > 0 && banned.has(edge(way.hop)))) continue;
      const cost = node.cost + way.cost, least = best.get(way.id);
      if (least !== undefined && least <= cost) continue;
      best.set(way.id, cost);
      heap.push({ id: way.id, def: way.def, cost, hop: way.hop, from: node });
    }
  }
  return null;
}

function trace(end: Node): CallRow[] {
  const hops: CallRow[] = [];
  for (let n: Node | null = end; n !== null && n.hop !== null; n = n.from) hops.push(n.hop);
  return hops.reverse();
}

/** A call that a chain can take; `first`: only from the chain's start. */
interface Way { readonly id: string; readonly def: Def; readonly cost: number; readonly hop: CallRow; readonly first: boolean }
/** `wide`: pointer sites with more candidates than are followed; they count when they are what is looked for. */
interface Ways { readonly near: Way[]; readonly wide: ReadonlyArray<{ readonly candidates: readonly Def[]; readonly site: Place; readonly via: Via; readonly first: boolean }> }

interface Kept { readonly generation: number; readonly context: Query['context']; readonly width: number; readonly ways: Map<string, Ways> }
/** Finding out what a function calls is nearly all of a search's time: it is kept until the index, or what ranks candidates, changes. */
const KEPT = new WeakMap<Query, Kept>();
const MOST_KEPT = 50_000;

function waysKept(query: Query, width: number): Map<string, Ways> {
  const { generation } = query.index, { context } = query;
  let kept = KEPT.get(query);
  if (kept === undefined || kept.generation !== generation || kept.context !== context || kept.width !== width || kept.ways.size > MOST_KEPT) KEPT.set(query, kept = { generation, context, width, ways: new Map() });
  return kept.ways;
}

/** Functions far from the network cost more: a chain through the console is short, but not what is meant. */
function wayTo(def: Def, hop: CallRow, extra: number, first: boolean): Way {
  const far = def.kind === Kind.MACRO ? 0.5 : Math.max(0, 44 - placeWeight(def.path)) / 8;
  return { id: idOf(def), def, cost: 1 + far + extra, hop, first };
}

function wayThrough(def: Def, site: Place, via: Via | null, rank: number, first: boolean): Way {
  return wayTo(def, { ...symbolRow(def), site, via }, POINTER_COST + rank * RANK_COST, first);
}

/** The candidates that are not followed, where they are the end of the chain. */
function beyond({ wide }: Ways, to: Def, width: number): Way[] {
  const found: Way[] = [];
  for (const { candidates, site, via, first } of wide) {
    for (let k = width; k < candidates.length; k++) if (candidates[k].name === to.name && candidates[k].path === to.path) found.push(wayThrough(candidates[k], site, via, width, first));
  }
  return found;
}

/** What is one call away from a function. */
function waysFrom(query: Query, def: Def, width: number): Ways {
  const near: Way[] = [], wide: Array<Ways['wide'][number]> = [];
  const { strings } = query.index;
  const names = new Set<string>();
  for (const r of query.lookup.owned('calls', def)) {
    const name = strings.name(r.data[r.at]);
    if (names.has(name)) continue;
    const callee = query.callee(name, def.path);
    if (callee === null || callee.kind === Kind.PROTOTYPE) continue;
    names.add(name);
    near.push(wayTo(callee, { ...symbolRow(callee), site: { path: def.path, line: r.data[r.at + 1] >>> 12, column: r.data[r.at + 1] & 0xfff }, via: null }, 0, false));
  }
  for (const c of query.callbacks(def)) near.push(wayThrough(c.def, c.site, c.via, 0, false));
  for (const s of query.pointerSites(def)) {
    if (s.slot === null) continue;
    // what a parameter can be was decided where it was handed over: callbacks() above
    const first = s.slot.struct.endsWith('()'), via = query.viaOf(s.slot);
    s.candidates.slice(0, width).forEach((candidate, rank) => near.push(wayThrough(candidate, s.site, via, rank, first)));
    if (s.candidates.length > width) wide.push({ candidates: s.candidates, site: s.site, via, first });
  }
  return { near, wide };
}
