/** The cheapest chain of calls between two functions of the call graph, looked for from both ends (Dijkstra's way); a call through a pointer costs by its rank. */
import { Code, CODE_BITS, CODE_MASK, WIDTH } from './call-edges';
import { type CallGraph, FIRST_SLOT } from './call-graph';
import { infoKind, Kind } from './facts';
import type { Query } from './query';
import { folderOf, placeWeight } from './rank';

/** Costs are whole numbers: a call of a function of the network stack is 40. */
const CALL_COST = 40;
const MACRO_COST = 60;
/** Functions far from the network cost more: a chain through the console is short, but not what is meant. */
const FAR_COST = 5;
/** Weight of a place (rank.ts) from which on nothing is far. */
export const NEAR_PLACE = 44;
const POINTER_COST = 16;
/** A step down the ranking costs as much as several calls: the likely chain wins over the short one. */
const RANK_COST = 160;
/** What is only asked for comes after what is called. */
const LATER_COST = 60;
/** What an edge costs besides its target, by its code. */
const EDGE_COSTS = Int32Array.from({ length: CODE_MASK + 1 }, (_, code) => (code === Code.DIRECT ? 0 : code === Code.DEFERRED ? POINTER_COST + LATER_COST : POINTER_COST + RANK_COST * rankOf(code)));
/** What else a pointer may call comes so many ranks later where it can come back to the driver that the chain starts in. */
const STRANGER_RANKS = 3;
/** Folders whose own functions a pointer comes back to: there is one driver at the bottom of a packet's way. */
const DRIVERS = /^drivers\//;
const NEVER = 0x7fffffff;
const WARM_UPS = 48;
const WARM_UP_EFFORT = 10_000;
const COSTS_AT_ONCE = 4096;

/** Makes ready what the first search would wait for, and lets the JavaScript engine see searches in the network stack; a little at each step. */
export function* preparingSearch(graph: CallGraph, query: Query): Generator<void, void> {
  yield* scratching(graph);
  const { costs, filled } = scratchOf(graph), near: number[] = [];
  for (let n = 0; n < filled; n++) if (costs[n] === CALL_COST) near.push(n);
  const step = Math.floor(near.length / WARM_UPS);
  for (let k = 0; step > 0 && k < WARM_UPS; k++) {
    new Search(query, graph, near[k * step], near[((k * 7) % WARM_UPS) * step + step - 1]).cheapest(WARM_UP_EFFORT);
    yield;
  }
}

/** An edge that a chain takes. */
export interface Hop { readonly caller: number; readonly target: number; readonly code: number; readonly from: number }

/** Tells hops apart; one function may call another at several places, which make no other chain. */
export function keyOf({ caller, target }: Pick<Hop, 'caller' | 'target'>): string { return `${caller} ${target}`; }

/** What a running trace says: its pointer calls come before all others. */
class Live {
  private readonly functions = new Set<number>();
  private readonly pairs = new Set<string>();
  private readonly callers = new Set<number>();

  constructor(query: Query, graph: CallGraph) {
    const { live, livePairs } = query.context;
    const nodesOf = (name: string): number[] => query.lookup.named(name).filter((d) => d.kind === Kind.FUNCTION).map((d) => graph.nodes.of(d.segment, d.row));
    for (const name of live ?? []) for (const n of nodesOf(name)) this.functions.add(n);
    for (const pair of livePairs ?? []) {
      const [caller, name] = pair.split('>');
      for (const a of nodesOf(caller)) { this.callers.add(a); for (const b of nodesOf(name)) this.pairs.add(`${a} ${b}`); }
    }
  }

  get any(): boolean {
    return this.functions.size > 0 || this.pairs.size > 0;
  }

  /** The rank of a call through a pointer, given that without a trace. */
  rank(caller: number, target: number, rank: number): number {
    if (!this.any) return rank;
    if (this.pairs.has(`${caller} ${target}`)) return 0;
    if (this.functions.has(target)) return this.callers.has(caller) ? 1 : 0;
    return rank + (this.callers.has(caller) ? 1 : 0);
  }

  /** Functions of the trace that a slot with many candidates holds. */
  *inSlot(graph: CallGraph, slot: number): IterableIterator<number> {
    for (const n of this.functions) if (graph.slotHolds(slot, n)) yield n;
  }
}

/** Who may call functions of the start's driver through pointers, and which. */
type Own = ReadonlyMap<number, ReadonlySet<number>>;
const NOTHING: Own = new Map();
/** By folder, while no file is edited. */
const OWN = new WeakMap<CallGraph, Map<string, Own>>();

/** What pointers can come back to in the folder of a driver's function; nothing for other functions. */
function ownOf(query: Query, graph: CallGraph, start: number): Own {
  const { segment, row } = graph.nodes.where(start), folder = folderOf(segment.data.files[segment.fileOf('defs', row)].path);
  if (!DRIVERS.test(folder)) return NOTHING;
  const kept = OWN.get(graph) ?? new Map<string, Own>(), known = graph.patched ? undefined : kept.get(folder);
  if (known !== undefined) return known;
  const own = new Map<number, Set<number>>();
  const add = (caller: number, node: number): void => { if (!own.get(caller)?.add(node)) own.set(caller, new Set([node])); };
  for (const path of query.index.paths()) if (folderOf(path) === folder) for (const node of nodesIn(query, graph, path)) {
    graph.in(node, (caller, code) => { if (code >= Code.RANKED && code < Code.DEFERRED) add(caller, node); });
    graph.slotCallers(node, (caller) => add(caller, node));
  }
  if (!graph.patched) OWN.set(graph, kept.set(folder, own));
  return own;
}

function* nodesIn(query: Query, graph: CallGraph, path: string): IterableIterator<number> {
  const ref = query.index.file(path);
  if (ref === undefined) return;
  const { defs } = ref.segment.data.starts;
  for (let row = defs[ref.file]; row < defs[ref.file + 1]; row++) {
    const node = graph.nodes.of(ref.segment, row);
    if (node >= 0) yield node;
  }
}

/** A heap of nodes by cost; among equals the lower number comes first, so that the same question has the same answer. */
class Heap {
  private static readonly NODES = 1 << 26;
  private static readonly PER_NODES = 1 / (1 << 26);
  private keys = new Float64Array(1 << 10);
  size = 0;

  /** Cost of the first. */
  get first(): number { return this.size === 0 ? NEVER : Math.trunc(this.keys[0] * Heap.PER_NODES); }

  push(node: number, cost: number): void {
    if (this.size === this.keys.length) { const larger = new Float64Array(2 * this.size); larger.set(this.keys); this.keys = larger; }
    const a = this.keys, key = cost * Heap.NODES + node;
    let k = this.size++;
    while (k > 0 && a[(k - 1) >> 1] > key) { a[k] = a[(k - 1) >> 1]; k = (k - 1) >> 1; }
    a[k] = key;
  }

  pop(): number {
    const a = this.keys, top = a[0], last = a[--this.size], { size } = this;
    let k = 0;
    for (let child = 1; child < size; child = 2 * k + 1) {
      if (child + 1 < size && a[child + 1] < a[child]) child++;
      if (a[child] >= last) break;
      a[k] = a[child];
      k = child;
    }
    a[k] = last;
    return top % Heap.NODES;
  }
}

/** One end's half of a search. Its arrays are used again by the next. */
class Side {
  readonly heap = new Heap();
  /** Cost to each node so far, and the hop by which it was reached: the node at its other end, and its code. */
  readonly cost: Int32Array;
  readonly next: Int32Array;
  readonly code: Uint8Array;
  private readonly touched: number[] = [];

  constructor(readonly nodes: number) {
    this.cost = new Int32Array(nodes).fill(NEVER);
    this.next = new Int32Array(nodes);
    this.code = new Uint8Array(nodes);
  }

  begin(start: number): void {
    for (const n of this.touched) this.cost[n] = NEVER;
    this.touched.length = 0;
    this.heap.size = 0;
    this.set(start, 0, -1, 0);
    this.heap.push(start, 0);
  }

  /** Notes how a node was reached. */
  set(node: number, cost: number, next: number, code: number): void {
    if (this.cost[node] === NEVER) this.touched.push(node);
    this.cost[node] = cost;
    this.next[node] = next;
    this.code[node] = code;
  }
}

/** What searches of a graph use again and again: the sides, and what each node costs, of the first `filled` nodes. */
interface Scratch { readonly ahead: Side; readonly back: Side; readonly costs: Int16Array; filled: number }
const SCRATCH = new WeakMap<CallGraph, Scratch>();

function scratchOf(graph: CallGraph): Scratch {
  for (const _ of scratching(graph)) continue;
  return SCRATCH.get(graph) as Scratch;
}

/** Sees to it that there is room for every node, and that each has its cost. */
function* scratching(graph: CallGraph): Generator<void, void> {
  const { count } = graph.nodes;
  let scratch = SCRATCH.get(graph);
  if (scratch === undefined || scratch.costs.length < count) {
    const room = count + (count >>> 6) + 1024; // for edited files
    SCRATCH.set(graph, scratch = { ahead: new Side(room), back: new Side(room), costs: new Int16Array(room), filled: 0 });
  }
  while (scratch.filled < count) {
    const n = scratch.filled++; // another may go on while this one rests
    scratch.costs[n] = nodeCost(graph, n);
    if (n % COSTS_AT_ONCE === 0) yield;
  }
}

/** Looks for cheap chains between two nodes. */
export class Search {
  readonly generation: number;
  private readonly banned = new Set<string>();
  private readonly bannedCallers = new Set<number>();
  private readonly scratch: Scratch;
  private readonly live: Live;
  private readonly own: Own;
  /** Nothing is edited, and no trace counts. */
  private readonly plain: boolean;
  private best = NEVER;
  private meeting = -1;

  constructor(query: Query, private readonly graph: CallGraph, private readonly start: number, private readonly end: number) {
    this.generation = query.index.generation;
    this.live = new Live(query, graph);
    this.own = ownOf(query, graph, start);
    this.scratch = scratchOf(graph);
    this.plain = !this.live.any && !graph.patched;
  }

  /** The next searches take none of these hops; they may take any other. */
  leaveOut(hops: readonly Hop[]): void {
    this.banned.clear();
    this.bannedCallers.clear();
    for (const hop of hops) { this.banned.add(keyOf(hop)); this.bannedCallers.add(hop.caller); }
  }

  /** What a chain costs. */
  costOfChain(hops: readonly Hop[]): number { return hops.reduce((sum, { caller, target, code }) => sum + this.costOf(caller, target, code), 0); }

  /** The cheapest chain that takes no banned hop and costs less than `below`; null for none. Looks into `effort` functions at most. */
  cheapest(effort: number, below = NEVER): Hop[] | null {
    const { ahead, back } = this.scratch;
    ahead.begin(this.start);
    back.begin(this.end);
    this.best = below;
    this.meeting = -1;
    for (let looked = 0; looked < effort && ahead.heap.size > 0 && back.heap.size > 0; looked++) {
      if (ahead.heap.first + back.heap.first >= this.best) break;
      if (looked > 0 && ahead.heap.size <= back.heap.size) this.forward(ahead, back);
      else this.backward(back, ahead);
    }
    return this.meeting < 0 ? null : this.chain(ahead, back);
  }

  private forward(side: Side, other: Side): void {
    const cost = side.heap.first, node = side.heap.pop();
    if (side.cost[node] < cost) return; // reached in a cheaper way since
    if (this.plain && node !== this.start && !this.bannedCallers.has(node) && !this.own.has(node)) { this.forwardPlain(side, other, node, cost); return; }
    this.calls(node, (target, code, _from, price) => this.reach(side, other, target, cost + price, node, code));
  }

  /** The same for nearly all functions: nothing edited, no trace, no hop left out, nothing of the start's own driver called. */
  private forwardPlain(side: Side, other: Side, node: number, cost: number): void {
    const { starts, edges } = this.graph.plain, { costs } = this.scratch;
    for (let at = starts[node]; at < starts[node + 1]; at++) {
      const code = edges[at] & CODE_MASK, target = edges[at] >>> CODE_BITS;
      if (code === Code.DIRECT) { this.reach(side, other, target, cost + costs[target], node, code); continue; }
      at++;
      if (code < Code.PARAMETER) this.reach(side, other, target, cost + costs[target] + EDGE_COSTS[code], node, code);
      else if (code === Code.INTO_SLOT && this.graph.slotHolds(target, this.end)) this.reach(side, other, this.end, cost + this.costOf(node, this.end, code), node, code);
    }
  }

  private backwardPlain(side: Side, other: Side, node: number, cost: number): void {
    const { starts, values } = this.graph.plain.ins, price = this.scratch.costs[node];
    for (let at = starts[node]; at < starts[node + 1]; at++) {
      const code = values[at] & CODE_MASK, caller = values[at] >>> CODE_BITS;
      if (code >= Code.PARAMETER && caller !== this.start) continue;
      if (this.bannedCallers.has(caller) || this.own.has(caller)) { this.again(side, other, caller, node, cost); continue; }
      this.reach(side, other, caller, cost + price + EDGE_COSTS[code], node, code);
    }
  }

  /** Reaches a caller by those of its calls that are not left out. */
  private again(side: Side, other: Side, caller: number, node: number, cost: number): void {
    this.calls(caller, (target, code, _from, price) => { if (target === node) this.reach(side, other, caller, cost + price, node, code); });
  }

  private backward(side: Side, other: Side): void {
    const cost = side.heap.first, node = side.heap.pop();
    if (side.cost[node] < cost) return;
    const visit = (caller: number, code: number): void => {
      if (code >= Code.PARAMETER && code < Code.INTO_SLOT && caller !== this.start) return;
      if (!this.bannedCallers.has(caller)) this.reach(side, other, caller, cost + this.costOf(caller, node, code), node, code);
      else this.again(side, other, caller, node, cost);
    };
    if (this.plain) this.backwardPlain(side, other, node, cost);
    else this.graph.in(node, visit);
    if (node === this.end || this.live.any) this.graph.slotCallers(node, (caller) => visit(caller, Code.INTO_SLOT));
    else if (this.own.size > 0) this.graph.slotCallers(node, (caller) => { if (this.own.get(caller)?.has(node)) visit(caller, Code.INTO_SLOT); });
  }

  private reach(side: Side, other: Side, node: number, cost: number, next: number, code: number): void {
    if (side.cost[node] <= cost) return;
    side.set(node, cost, next, code);
    const rest = other.cost[node];
    if (rest !== NEVER && cost + rest < this.best) { this.best = cost + rest; this.meeting = node; }
    if (cost + other.heap.first < this.best) side.heap.push(node, cost); // else no chain that goes on from here is cheaper
  }

  /** Every call that a chain can take from a function, with its cost. */
  private calls(caller: number, visit: (target: number, code: number, from: number, cost: number) => void): void {
    const check = this.bannedCallers.has(caller);
    const go = (target: number, code: number, from: number): void => {
      if (!check || !this.banned.has(keyOf({ caller, target }))) visit(target, code, from, this.costOf(caller, target, code));
    };
    this.graph.out(caller, (target, code, from) => {
      if (target < FIRST_SLOT) {
        if (code < Code.PARAMETER || caller === this.start) go(target, code, from);
        return;
      }
      if (this.graph.slotHolds(target, this.end)) go(this.end, code, from);
      if (this.live.any) for (const n of this.live.inSlot(this.graph, target)) go(n, code, from);
      for (const n of this.own.get(caller) ?? []) if (n !== this.end && this.graph.slotHolds(target, n)) go(n, code, from);
    });
  }

  private costOf(caller: number, target: number, code: number): number {
    const { costs } = this.scratch;
    return costs[target] + (code === Code.DIRECT || code === Code.DEFERRED ? EDGE_COSTS[code] : POINTER_COST + RANK_COST * this.rank(caller, target, rankOf(code)));
  }

  private rank(caller: number, target: number, rank: number): number {
    const own = this.own.get(caller);
    if (own === undefined || this.live.any) return this.live.rank(caller, target, rank);
    return own.has(target) ? 0 : rank + STRANGER_RANKS;
  }

  private chain(ahead: Side, back: Side): Hop[] {
    const hops: Hop[] = [];
    for (let n = this.meeting; n !== this.start; n = ahead.next[n]) hops.push(this.hop(ahead.next[n], n, ahead.code[n]));
    hops.reverse();
    for (let n = this.meeting; n !== this.end; n = back.next[n]) hops.push(this.hop(n, back.next[n], back.code[n]));
    return hops;
  }

  /** A hop with the place of its call. */
  private hop(caller: number, target: number, code: number): Hop {
    let found: Hop | null = null;
    this.calls(caller, (t, c, from) => { if (t === target && c === code) found ??= { caller, target, code, from }; });
    return found ?? { caller, target, code, from: -1 };
  }
}

/** The rank that a code stands for. */
function rankOf(code: number): number {
  return code === Code.INTO_SLOT ? WIDTH : code >= Code.PARAMETER ? code - Code.PARAMETER : code - Code.RANKED;
}

/** What a call of this node costs at least. */
function nodeCost(graph: CallGraph, node: number): number {
  const { segment, row } = graph.nodes.where(node);
  if (infoKind(segment.data.tables.defs[4 * row + 2]) === Kind.MACRO) return MACRO_COST;
  return CALL_COST + FAR_COST * Math.max(0, NEAR_PLACE - placeWeight(segment.data.files[segment.fileOf('defs', row)].path));
}
