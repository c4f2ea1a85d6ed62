/**
 * Which function calls which, over the whole tree, as two lists of numbers: who is called and who calls. Made once, a little at a time, when the index is ready
 * (and kept beside its cache, see graph-file.ts); files that change afterwards are patched in.
 */
import { Code, CODE_BITS, CODE_MASK, EdgeFinder, type Emit, type WideSlots } from './call-edges';
import { CallNodes } from './call-nodes';
import { infoKind } from './facts';
import { Chunked, Growing, ListMaker, type Lists, NO_LISTS } from './lists';
import type { FileRef, KernelIndex } from './kernel-index';
import { OpenSites } from './open-sites';
import { Query } from './query';
import type { Segment } from './segment';
import type { Slot } from './slots';

/** Nodes from here on are slots with many candidates. */
export const FIRST_SLOT = 1 << 25;
/** Nodes turned round between two looks at the clock. */
const TURNED_AT_ONCE = 1 << 14;
/** Why a file of the base counts no longer. */
const CHANGED = 1;
const REPLACED = 2;
/** A changed name that more files depend on is not followed everywhere: the graph is made anew later. */
const MOST_DIRTY_FILES = 40;

/** The graph as plain data. */
export interface GraphData {
  readonly nodes: number;
  readonly starts: Int32Array;
  readonly edges: Int32Array;
  /** Candidates of the slots, as edges are kept. */
  readonly slotStarts: Int32Array;
  readonly slotTargets: Int32Array;
}

/** Lists of candidates, each once. */
class SlotLists implements WideSlots {
  readonly starts = new Growing(1 << 10);
  readonly targets = new Growing(1 << 14);
  private readonly known = new Map<string, number>();

  constructor() {
    this.starts.push(0);
  }

  node(slot: Slot, targets: readonly number[]): number {
    const sorted = [...targets].sort((a, b) => a - b);
    let sum = 0;
    for (const t of sorted) sum = Math.imul(sum ^ t, 0x01000193) + 1 | 0;
    const key = `${slot.struct}\n${slot.member}\n${sorted.length}\n${sum}`;
    let k = this.known.get(key);
    if (k === undefined) {
      this.known.set(key, k = this.starts.length - 1);
      for (const t of sorted) this.targets.push(t);
      this.starts.push(this.targets.length);
    }
    return FIRST_SLOT + k;
  }
}

/** A number for what a file says of pointers and members, wherever in the file it says so. */
function pointerFacts(ref: FileRef | null): number {
  let sum = 0;
  if (ref === null) return sum;
  const { tables, starts } = ref.segment.data;
  for (const [table, width, fields] of [['flows', 7, [0, 3, 4, 5, 6]], ['args', 5, [0, 3, 4]], ['members', 5, [0, 2, 3, 4]]] as const) {
    for (let row = starts[table][ref.file]; row < starts[table][ref.file + 1]; row++) {
      let h: number = width;
      for (const f of fields) h = Math.imul(h ^ tables[table][row * width + f], 0x01000193) + (h >>> 15) | 0;
      sum = sum + h | 0;
    }
  }
  return sum;
}

/** Edges as they are found: the node, then the edge's words. */
class FoundEdges {
  private readonly words = new Chunked();

  add(node: number, word: number, from: number): void {
    this.words.push(node);
    this.words.push(word);
    if ((word & CODE_MASK) !== Code.DIRECT) this.words.push(from);
  }

  /** As lists by node, each in the order in which they were found. */
  lists(nodes: number): { starts: Int32Array; edges: Int32Array } {
    const maker = new ListMaker(nodes), { words } = this;
    for (const put of [false, true]) {
      for (let at = 0; at < words.length;) {
        const node = words.at(at++);
        for (let left = (words.at(at) & CODE_MASK) === Code.DIRECT ? 1 : 2; left > 0; left--, at++) { if (put) maker.put(node, words.at(at)); else maker.count(node); }
      }
    }
    const { starts, values } = maker.done();
    return { starts, edges: values };
  }
}

/** The calls of a tree. Ask `ready` before anything else. */
export class CallGraph {
  readonly nodes = new CallNodes();
  /** Is it less than exact: has an edit changed what many files depend on, or what pointers can hold? */
  rough = false;
  private data: GraphData | null = null;
  /** Who calls: of each node and slot, as `caller << 5 | code`. */
  private ins = NO_LISTS;
  private intoSlot = NO_LISTS;
  private slotsWith = NO_LISTS;
  private generation = -1;
  private readonly base: readonly Segment[];
  private readonly called: Uint8Array;
  /** Files of the base that are no longer what they were, and those in their place. */
  private readonly left = new Map<Segment, Uint8Array>();
  private readonly patchedFiles = new Map<string, FileRef>();
  private readonly gone = new Map<number, number>();
  private readonly before = new Map<number, number[]>();
  private readonly patches = new Map<number, Int32Array>();
  private readonly patchedIn = new Map<number, Set<number>>();
  /** Slots with many candidates that patched files call through; they count after the others. */
  private readonly patchedSlots: Array<ReadonlySet<number>> = [];

  /** `base`: the segments that the numbers count over. */
  constructor(private readonly query: Query, base: readonly Segment[]) {
    this.base = [...base];
    this.called = new Uint8Array(query.index.strings.count);
    for (const segment of base) {
      const { calls, args } = segment.data.tables;
      for (let at = 0; at < calls.length; at += 3) this.called[calls[at]] = 1;
      for (let at = 0; at < args.length; at += 5) this.called[args[at + 3]] = 1;
    }
    for (const segment of base) this.nodes.add(segment, (name) => this.called[name] === 1);
    this.noteReplaced();
  }

  /** Files that a later segment of the base replaces have no part in the graph. */
  private noteReplaced(): void {
    if (this.base.every((s) => s.dead.every((d) => d === 0))) return;
    const last = new Map<string, Segment>();
    for (const segment of this.base) for (const { path } of segment.data.files) last.set(path, segment);
    for (const segment of this.base) {
      segment.data.files.forEach(({ path }, file) => { if (segment.dead[file] !== 0 && last.get(path) !== segment) this.leftOf(segment)[file] = REPLACED; });
    }
  }

  private leftOf(segment: Segment): Uint8Array {
    let left = this.left.get(segment);
    if (left === undefined) this.left.set(segment, left = new Uint8Array(segment.dead.length));
    return left;
  }

  private get index(): KernelIndex {
    return this.query.index;
  }

  /** Is it made? */
  get made(): boolean {
    return this.data !== null;
  }

  /** How many current files it does not know yet. */
  unknown(): number {
    if (this.generation === this.index.generation) return 0;
    let files = 0;
    for (const segment of this.index.segments) if (!this.nodes.has(segment)) for (const dead of segment.dead) files += 1 - dead;
    return files;
  }

  /** Do its numbers count over these segments, in this order? */
  isOver(segments: readonly Segment[]): boolean { return this.base.length === segments.length && this.base.every((s, k) => s === segments[k]); }

  /** The graph as it was made, to be kept; null before, and when it is of files that an editor holds. */
  saved(): GraphData | null {
    return this.base.every((s) => s.dead.every((d, file) => d === 0 || this.left.get(s)?.[file] === REPLACED)) ? this.data : null;
  }

  /** Takes a kept graph; false when it is of other segments. */
  restore(data: GraphData): boolean {
    if (data.nodes !== this.nodes.count || data.starts.length !== data.nodes + 1 || data.starts[data.nodes] !== data.edges.length) return false;
    for (const _ of this.turn(data)) continue;
    return true;
  }

  /** The same a little at a time, for one that a thread has made of these segments. */
  *taking(data: GraphData): Generator<void, void> {
    yield* this.turn(data);
  }

  /**
   * Works the graph out, a little at each step: the direct calls file by file, then the calls through pointers slot by slot, since what can stand in a slot is
   * much to find out and much to remember.
   */
  *make(): Generator<void, void> {
    yield* this.turn(yield* this.finding());
  }

  /** The first part of it: what a thread does (graph-work.ts). */
  *finding(): Generator<void, GraphData> {
    const slots = new SlotLists(), found = new FoundEdges();
    yield* this.edges(slots, found);
    return { nodes: this.nodes.count, ...found.lists(this.nodes.count), slotStarts: slots.starts.done(), slotTargets: slots.targets.done() };
  }

  private *edges(slots: SlotLists, found: FoundEdges): Generator<void, void> {
    const query = new Query(this.index); // one of its own: what it remembers goes when this is done
    query.context = { arch: this.query.context.arch };
    query.lookup.expectMany();
    const sites = new OpenSites();
    let finder = new EdgeFinder(query, this.nodes, slots), { generation } = this.index, segment = this.base[0];
    const current = (): EdgeFinder => {
      // Calls that lead into a file edited meanwhile find no node here.
      if (generation !== this.index.generation) { this.rough = true; ({ generation } = this.index); finder = new EdgeFinder(query, this.nodes, slots); }
      return finder;
    };
    let last = -1, node = -1, lastSegment: Segment | null = null;
    const emit: Emit = (owner, word, from) => {
      if (owner !== last || segment !== lastSegment) { node = this.nodes.of(segment, owner); last = owner; lastSegment = segment; }
      if (node >= 0) found.add(node, word, from);
    };
    for (segment of this.base) {
      for (let file = 0; file < segment.dead.length; file++) {
        if (segment.dead[file] === 0) current().file(segment, file, emit, sites);
        yield;
      }
    }
    let slot: Slot | null = null;
    for (const site of sites.bySlot()) {
      segment = sites.segmentOf(site);
      if (segment.dead[sites.fileOf(site)] !== 0) continue;
      if (sites.slotOf(site) !== slot) { query.slots.letGo(slot?.member !== sites.slotOf(site).member); slot = sites.slotOf(site); }
      current().candidates(sites, site, emit);
      yield;
    }
  }

  /** Turns the edges round. */
  private *turn(data: GraphData): Generator<void, void> {
    const { starts, edges, nodes, slotStarts, slotTargets } = data, slots = slotStarts.length - 1;
    const ins = new ListMaker(nodes), into = new ListMaker(slots), holding = new ListMaker(nodes);
    for (const put of [false, true]) {
      for (let node = 0; node < nodes; node++) {
        for (let at = starts[node]; at < starts[node + 1]; at += (edges[at] & CODE_MASK) === Code.DIRECT ? 1 : 2) {
          const target = edges[at] >>> CODE_BITS, list = target < FIRST_SLOT ? ins : into, k = target < FIRST_SLOT ? target : target - FIRST_SLOT;
          if (put) list.put(k, (node << CODE_BITS) | (edges[at] & CODE_MASK));
          else list.count(k);
        }
        if (node % TURNED_AT_ONCE === 0) yield;
      }
      for (let k = 0; k < slots; k++) for (let at = slotStarts[k]; at < slotStarts[k + 1]; at++) { if (put) holding.put(slotTargets[at], k); else holding.count(slotTargets[at]); }
    }
    this.ins = ins.done();
    this.intoSlot = into.done();
    this.slotsWith = holding.done();
    this.data = data;
  }

  /** The lists themselves, right while nothing is `patched`. */
  get plain(): { readonly starts: Int32Array; readonly edges: Int32Array; readonly ins: Lists } {
    return { starts: (this.data as GraphData).starts, edges: (this.data as GraphData).edges, ins: this.ins };
  }

  /** Has a file changed since it was made? */
  get patched(): boolean {
    return this.gone.size > 0 || this.patches.size > 0;
  }

  /** What a node calls: `from` says where (call-edges.ts), -1 for a direct call. Slots come as FIRST_SLOT and more. */
  out(node: number, visit: (target: number, code: number, from: number) => void): void {
    const { starts, edges } = this.data as GraphData, patch = this.patches.get(node);
    const words = patch ?? edges, end = patch === undefined ? starts[node + 1] ?? 0 : patch.length;
    for (let at = patch === undefined ? starts[node] : 0; at < end; at++) {
      const code = words[at] & CODE_MASK, target = this.current(words[at] >>> CODE_BITS);
      const from = code === Code.DIRECT ? -1 : words[++at];
      if (target >= 0) visit(target, code, from);
    }
  }

  /** Who calls a node, and how. */
  in(node: number, visit: (caller: number, code: number) => void): void {
    const { starts, values } = this.ins;
    for (const n of this.ages(node)) {
      for (let at = starts[n] ?? 0; at < (starts[n + 1] ?? 0); at++) {
        const caller = values[at] >>> CODE_BITS;
        if (this.asMade(caller)) visit(caller, values[at] & CODE_MASK);
      }
    }
    for (const n of this.ages(node)) {
      for (const caller of this.patchedIn.get(n) ?? []) if (!this.gone.has(caller)) this.out(caller, (target, code) => { if (target === node) visit(caller, code); });
    }
  }

  /** The callers of slots with many candidates that hold this node. */
  slotCallers(node: number, visit: (caller: number) => void): void {
    const { starts, values } = this.slotsWith;
    for (const n of this.ages(node)) {
      for (let at = starts[n] ?? 0; at < (starts[n + 1] ?? 0); at++) {
        const into = this.intoSlot.starts, k = values[at];
        for (let i = into[k]; i < into[k + 1]; i++) {
          const caller = this.intoSlot.values[i] >>> CODE_BITS;
          if (this.asMade(caller)) visit(caller);
        }
      }
    }
    this.patchedSlots.forEach((targets, k) => { if (this.ages(node).some((n) => targets.has(n))) for (const caller of this.patchedIn.get(this.firstPatchedSlot + k) ?? []) visit(caller); });
  }

  private get firstPatchedSlot(): number {
    return FIRST_SLOT + (this.data as GraphData).slotStarts.length - 1;
  }

  /** Are a node's edges still those that were made? */
  private asMade(node: number): boolean {
    return this.patches.size === 0 || (!this.gone.has(node) && !this.patches.has(node));
  }

  /** Does the slot hold the node? */
  slotHolds(slot: number, node: number): boolean {
    if (slot >= this.firstPatchedSlot) return this.ages(node).some((n) => this.patchedSlots[slot - this.firstPatchedSlot].has(n));
    const { starts, values } = this.slotsWith, k = slot - FIRST_SLOT;
    return this.ages(node).some((n) => { for (let at = starts[n] ?? 0; at < (starts[n + 1] ?? 0); at++) if (values[at] === k) return true; return false; });
  }

  /** A node and those that it has replaced. */
  private ages(node: number): readonly number[] {
    return this.before.get(node) ?? [node];
  }

  /** The node that now stands for one; -1 for none. */
  private current(node: number): number {
    if (this.gone.size === 0) return node;
    let n: number | undefined = node;
    for (let next = this.gone.get(node); next !== undefined; next = this.gone.get(next)) n = next;
    return n;
  }

  /** Brings in the files that changed since. Call before each search. */
  sync(): void {
    if (this.generation === this.index.generation) return;
    this.generation = this.index.generation;
    const changed = this.changedFiles();
    if (changed.size === 0) return;
    const names = new Set<number>(), fresh: FileRef[] = [];
    for (const [path, old] of changed) {
      const now = this.index.file(path);
      if (now !== undefined && !this.nodes.has(now.segment)) this.nodes.add(now.segment, (name) => this.called[name] === 1);
      this.replace(old, now ?? null, names);
      this.rough ||= pointerFacts(old) !== pointerFacts(now ?? null);
      if (now === undefined) this.patchedFiles.delete(path);
      else { this.patchedFiles.set(path, now); fresh.push(now); }
    }
    const finder = new EdgeFinder(this.query, this.nodes, { node: (_, targets) => this.firstPatchedSlot + this.patchedSlots.push(new Set(targets)) - 1 });
    for (const { segment, file } of fresh) this.patch(finder, segment, file, null);
    this.patchUsers(finder, names, new Set(changed.keys()));
  }

  /** Files that are not what this graph knows, with what it knows of them. */
  private changedFiles(): Map<string, FileRef | null> {
    const changed = new Map<string, FileRef | null>();
    for (const segment of this.base) {
      for (let file = 0; file < segment.dead.length; file++) {
        if (segment.dead[file] === 0) continue;
        const left = this.leftOf(segment);
        if (left[file] !== 0) continue;
        left[file] = CHANGED;
        changed.set(segment.data.files[file].path, { segment, file });
      }
    }
    for (const [path, ref] of this.patchedFiles) {
      const now = this.index.file(path);
      if (now?.segment !== ref.segment || now.file !== ref.file) changed.set(path, ref);
    }
    for (const segment of this.index.segments) {
      if (this.nodes.has(segment)) continue;
      segment.data.files.forEach(({ path }, file) => { if (segment.dead[file] === 0 && !changed.has(path)) changed.set(path, null); });
    }
    return changed;
  }

  /** Lets the definitions of a file stand for those of its older self, by name; names that come or go are added to `names`. */
  private replace(old: FileRef | null, now: FileRef | null, names: Set<number>): void {
    const fresh = new Map<string, number[]>();
    const nameOf = (node: number): { name: number; key: string } => {
      const { segment, row } = this.nodes.where(node), { defs } = segment.data.tables;
      return { name: defs[4 * row], key: `${defs[4 * row]} ${infoKind(defs[4 * row + 2])}` };
    };
    if (now !== null) {
      const { from, to } = this.nodes.ofFile(now.segment, now.file);
      for (let n = from; n < to; n++) { const { key } = nameOf(n), list = fresh.get(key); if (list === undefined) fresh.set(key, [n]); else list.push(n); }
    }
    if (old !== null) {
      const { from, to } = this.nodes.ofFile(old.segment, old.file);
      for (let n = from; n < to; n++) {
        const { name, key } = nameOf(n), heir = fresh.get(key)?.shift() ?? -1;
        this.gone.set(n, heir);
        this.patches.delete(n);
        if (heir >= 0) this.before.set(heir, [heir, ...this.ages(n).filter((a) => a < (this.data as GraphData).nodes || this.patchedIn.has(a))]);
        else names.add(name);
      }
    }
    for (const list of fresh.values()) for (const n of list) names.add(nameOf(n).name);
  }

  /** Works the edges of a file out anew, of all its nodes or of some. */
  private patch(finder: EdgeFinder, segment: Segment, file: number, only: ReadonlySet<number> | null): void {
    const { from, to } = this.nodes.ofFile(segment, file), found = new Map<number, number[]>(), sites = new OpenSites();
    const emit: Emit = (owner, word, second) => {
      let list = found.get(owner);
      if (list === undefined) found.set(owner, list = []);
      list.push(word);
      if (second !== -1) list.push(second);
    };
    finder.file(segment, file, emit, sites);
    for (const site of sites.bySlot()) finder.candidates(sites, site, emit);
    for (let node = from; node < to; node++) {
      if (only !== null && !only.has(node)) continue;
      const words = Int32Array.from(found.get(this.nodes.where(node).row) ?? []);
      this.patches.set(node, words);
      for (let at = 0; at < words.length; at++) {
        const target = words[at] >>> CODE_BITS, users = this.patchedIn.get(target);
        if (users === undefined) this.patchedIn.set(target, new Set([node]));
        else users.add(node);
        if ((words[at] & CODE_MASK) !== Code.DIRECT) at++;
      }
    }
  }

  /** Functions elsewhere that call a name which has come or gone. */
  private patchUsers(finder: EdgeFinder, names: ReadonlySet<number>, done: ReadonlySet<string>): void {
    const users = new Map<Segment, Map<number, Set<number>>>();
    let files = 0;
    for (const name of names) {
      for (const r of this.query.lookup.rows('callsByName', name)) {
        const node = done.has(r.segment.data.files[r.file].path) ? -1 : this.nodes.of(r.segment, r.data[r.at + 2]);
        if (node < 0) continue;
        let inSegment = users.get(r.segment);
        if (inSegment === undefined) users.set(r.segment, inSegment = new Map());
        let inFile = inSegment.get(r.file);
        if (inFile === undefined) { inSegment.set(r.file, inFile = new Set()); files++; }
        inFile.add(node);
      }
      if (files > MOST_DIRTY_FILES) { this.rough = true; return; }
    }
    for (const [segment, inSegment] of users) for (const [file, nodes] of inSegment) this.patch(finder, segment, file, nodes);
  }
}
