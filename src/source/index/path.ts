/** Which chains of calls lead from one function to another: cheapest first. */
import { Code, From } from './call-edges';
import type { CallGraph } from './call-graph';
import { askedFor } from './deferred';
import { ArgKind, posColumn, posLine } from './facts';
import { graphOf, WAITING } from './graphs';
import type { Def } from './lookup';
import { type Hop, keyOf, Search } from './path-search';
import type { CallRow, Query } from './query';
import { symbolRow } from './query';
import type { Slot } from './slots';

/** Bounds of a search. */
export interface PathOptions {
  /** Functions looked into at most. */
  readonly effort?: number;
  /** Chains wanted. */
  readonly chains?: number;
  cancelled?(): boolean;
}

const DEFAULT_EFFORT = 60_000;
const SLICE_MS = 8;
/** Between two looks at a thread that makes the graph. */
const BLOCKED_MS = 5;

/** Chains from `from` to `to`: each a list of hops, the last of which is `to`. Empty when there is none within the bounds. Makes the call graph when there is none yet, which takes seconds. */
export function findPaths(query: Query, from: Def, to: Def, options: PathOptions = {}): CallRow[][] {
  const search = searching(query, from, to, options);
  for (;;) {
    const step = search.next();
    if (step.done === true) return step.value;
    if (step.value === WAITING) graphOf(query).work?.block(BLOCKED_MS);
  }
}

/** The same, a few milliseconds at a time: requests, and with them a cancellation, come in between. */
export async function findPathsGently(query: Query, from: Def, to: Def, options: PathOptions = {}): Promise<CallRow[][]> {
  const search = searching(query, from, to, options);
  for (let since = performance.now(); ;) {
    const step = search.next();
    if (step.done === true) return step.value;
    if (step.value !== WAITING && performance.now() - since < SLICE_MS) continue;
    await new Promise((resolve) => (step.value === WAITING ? setTimeout(resolve, BLOCKED_MS) : setImmediate(resolve)));
    since = performance.now();
  }
}

function* searching(query: Query, from: Def, to: Def, options: PathOptions): Generator<typeof WAITING | void, CallRow[][]> {
  const cancelled = (): boolean => options.cancelled?.() === true;
  const { strings } = query.index;
  const { graph, making, work } = graphOf(query);
  for (const step of making) {
    if (cancelled()) return [];
    if (step === WAITING) work?.urge();
    yield step;
  }
  if (query.index.strings !== strings || cancelled()) return []; // the tree was read anew meanwhile: these definitions are not its own
  graph.sync();
  const start = graph.nodes.of(from.segment, from.row), end = graph.nodes.of(to.segment, to.row), chains: CallRow[][] = [];
  if (start < 0 || end < 0 || start === end) return chains;
  const search = new Search(query, graph, start, end);
  for (const hops of cheapestChains(search, options)) {
    if (hops !== null) chains.push(hops.map((h) => rowOf(query, graph, h)));
    if (cancelled() || query.index.generation !== search.generation) break;
    yield;
  }
  return chains;
}

/** A chain, and what was left out to find it. */
interface Candidate { readonly hops: Hop[]; readonly cost: number; readonly without: readonly Hop[] }

/** The cheapest chain, then those that leave one found before at one of its calls through a pointer (a chain without: in its middle), cheapest first. Null: still looking. */
function* cheapestChains(search: Search, { chains = 1, effort = DEFAULT_EFFORT }: PathOptions): Generator<Hop[] | null, void> {
  const open: Candidate[] = [], seen = new Set<string>();
  let left = chains;
  const look = (without: readonly Hop[]): void => {
    search.leaveOut(without);
    // What costs as much as the last that will be wanted comes after it.
    const bound = open.length < left ? undefined : open.map((c) => c.cost).sort((x, y) => x - y)[left - 1];
    const hops = search.cheapest(effort, bound), key = hops?.map(keyOf).join();
    if (hops === null || key === undefined || seen.has(key)) return;
    seen.add(key);
    open.push({ hops, cost: search.costOfChain(hops), without });
  };
  look([]);
  while (open.length > 0) {
    const least = open.reduce((x, y) => (y.cost < x.cost ? y : x));
    open.splice(open.indexOf(least), 1);
    yield least.hops;
    if (--left <= 0) return;
    const through = least.hops.filter((h) => h.from >= 0);
    for (const hop of through.length > 0 ? through : [least.hops[least.hops.length >> 1]]) {
      look([...least.without, hop]);
      yield null;
    }
  }
}

/** A hop as a result: where the call stands, and through what it goes. */
function rowOf(query: Query, graph: CallGraph, hop: Hop): CallRow {
  const at = graph.nodes.where(hop.caller), to = graph.nodes.where(hop.target);
  const caller = query.lookup.def(at.segment, at.row), target = query.lookup.def(to.segment, to.row);
  const { pos, slot, later } = hop.code === Code.DIRECT ? { pos: directSite(query, caller, target), slot: null } : pointerSite(query, caller, hop.from);
  const via = slot === null ? null : { ...query.viaOf(slot), ...(later === undefined ? {} : { later }) };
  return { ...symbolRow(target), site: { path: caller.path, line: posLine(pos), column: posColumn(pos) }, via };
}

/** Where a function first calls another by name. */
function directSite(query: Query, caller: Def, target: Def): number {
  const name = query.index.strings.find(target.name);
  for (const r of query.lookup.owned('calls', caller)) if (r.data[r.at] === name) return r.data[r.at + 1];
  return caller.segment.data.tables.defs[4 * caller.row + 1];
}

/** Place and slot of a call through a pointer, from the row that the graph has kept of it (call-edges.ts). */
function pointerSite(query: Query, caller: Def, from: number): { pos: number; slot: Slot | null; later?: string } {
  const { tables } = caller.segment.data, { strings } = query.index, row = from >>> 2;
  switch (from & 3) {
    case From.MEMBER_CALL: {
      const d = tables.memberCalls, at = 5 * row;
      return { pos: d[at + 1], slot: query.slots.slotOfCall(strings.name(d[at]), strings.name(d[at + 3]), caller.path) };
    }
    case From.PARAMETER_CALL: return { pos: tables.paramCalls[4 * row + 1], slot: { struct: `${caller.name}()`, member: String(tables.paramCalls[4 * row]) } };
    case From.ARGUMENT: {
      const d = tables.args, at = 5 * row;
      if (d[at + 4] >>> 8 >= ArgKind.CONSTANT) return { pos: d[at + 1], ...askedFor(query, d, at) };
      return { pos: d[at + 1], slot: { struct: `${strings.name(d[at])}()`, member: String(d[at + 4] & 255) } };
    }
    default: return { pos: tables.calls[3 * row + 1], slot: { struct: `$${strings.name(tables.calls[3 * row])}`, member: '' } };
  }
}
