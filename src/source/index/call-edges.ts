/** Works out what the functions of a file call, as edges of the call graph. */
import { type CallNodes, lowerBound } from './call-nodes';
import type { Lists, Ranks } from './lists';
import { Deferred } from './deferred';
import { ArgKind, Flag, infoEndDelta, infoFlags, infoKind, Kind } from './facts';
import { OpenSites } from './open-sites';
import type { Query } from './query';
import { type Asker, askerOf, calleeWeight, closeness, type Context, farWeight, folderOf, placeWeight } from './rank';
import { likeliest, RankedSlot } from './ranked-slot';
import type { Segment } from './segment';
import { type Candidate, MOST_PARAMETERS, type Slot } from './slots';

/**
 * An edge is a word `target << 5 | code`; all but direct calls are followed by a second one, `row << 2 | table`: the caller's row that says where the call
 * stands (`From` tells the table). A slot with more candidates than are followed is a node of its own: into it from the callers, out of it to every candidate.
 */
export const Code = { DIRECT: 0, /** through a pointer, and the rank */ RANKED: 1, /** asked for, and done later (deferred.ts) */ DEFERRED: 9, /** through a parameter, and the rank: only from a chain's start */ PARAMETER: 10, INTO_SLOT: 18 } as const;
export const CODE_BITS = 5;
export const CODE_MASK = (1 << CODE_BITS) - 1;
export const From = { MEMBER_CALL: 0, PARAMETER_CALL: 1, ARGUMENT: 2, CALL: 3 } as const;

/** Candidates of a pointer that are followed. */
export const WIDTH = 8;

/** What a slot with many candidates is to the graph. */
export interface WideSlots {
  /** The node of this list of candidates, which is new or known; */
  node(slot: Slot, targets: readonly number[]): number;
}

const NONE = -1;
const SEVERAL = -2;

/** Takes an edge: the row that calls, the edge's word, and its second word, -1 for none. */
export type Emit = (owner: number, word: number, from: number) => void;

/** Takes a call through a pointer whose candidates are yet to be found. */
type Put = (owner: number, slot: Slot, from: number) => void;

/** One of several definitions of a name. */
interface Seen { readonly node: number; readonly kind: number; readonly lines: number; readonly there: string; readonly folder: string; readonly place: number }

/** Finds edges, a file at a time. Good for one generation of the index. */
export class EdgeFinder {
  private readonly names: Ranks;
  /** By a name's place in `names`, see `look`; 0 for not looked yet. */
  private readonly meant: Int32Array;
  private readonly byName: Lists;
  private readonly shared = new Map<number, readonly Seen[]>();
  private readonly variables = new Map<number, boolean>();
  private readonly called: ReadonlySet<number>;
  /** Of names with several definitions: which one the files of `folder` mean. */
  private readonly inFolder = new Map<number, number>();
  private folder = '';
  /** How near folders are to `folder`. */
  private readonly closeness = new Map<string, number>();
  private readonly askers = new Map<Segment, Asker[]>();
  /** The slot looked at last. */
  private slot: Slot = { struct: '', member: '' };
  private list: Candidate[] = [];
  private ranked: RankedSlot;
  private readonly narrowed = new Map<string, { readonly path: string; readonly slot: RankedSlot }>();
  private readonly first = new Int32Array(WIDTH);
  private readonly deferred: Deferred;
  /** What is open or runs counts when chains are looked for (path.ts), not here. */
  private readonly context: Context;

  constructor(private readonly query: Query, private readonly nodes: CallNodes, private readonly wide: WideSlots) {
    ({ names: this.names, lists: this.byName } = nodes.byName(query.index.strings.count));
    this.meant = new Int32Array(this.byName.starts.length);
    this.called = query.slots.parametersCalled();
    this.context = { arch: query.context.arch };
    this.ranked = new RankedSlot('', [], nodes);
    this.deferred = new Deferred(query);
  }

  /** The edges of one file's definitions. Calls through pointers are noted in `sites`. */
  file(segment: Segment, file: number, emit: Emit, sites: OpenSites): void {
    const put: Put = (owner, slot, from) => sites.add(segment, file, owner, slot, from);
    this.direct(segment, file, emit, put);
    this.callbacks(segment, file, emit);
    this.throughMembers(segment, file, put);
    this.throughParameters(segment, file, put);
  }

  /** The edges of a call through a pointer, noted in `sites`. Quick when the one before was through the same slot. */
  candidates(sites: OpenSites, site: number, emit: Emit): void {
    const segment = sites.segmentOf(site), file = sites.fileOf(site), owner = sites.ownerOf(site), from = sites.fromOf(site), asker = this.askerOf(segment, file);
    if (this.slot !== sites.slotOf(site)) this.take(sites.slotOf(site));
    const ranked = this.rankedFor(segment, owner, from, asker.path), view = ranked.view(asker, this.context), code = (from & 3) === From.PARAMETER_CALL ? Code.PARAMETER : Code.RANKED;
    const count = likeliest(view, asker, this.first, WIDTH);
    for (let rank = 0; rank < count; rank++) if (this.first[rank] >= 0) emit(owner, (this.first[rank] << CODE_BITS) | (code + rank), from);
    if (view.order.length <= WIDTH || code === Code.PARAMETER) return;
    if (view.wide < 0) view.wide = this.wide.node(this.slot, view.order.map((e) => e.node).filter((n) => n >= 0));
    emit(owner, (view.wide << CODE_BITS) | Code.INTO_SLOT, from);
  }

  /** Finds out what stands in a slot. */
  private take(slot: Slot): void {
    this.slot = slot;
    this.list = this.query.candidates(slot);
    this.ranked = new RankedSlot(slot.struct, this.query.choices(this.list), this.nodes);
    this.narrowed.clear();
  }

  /** The candidates of one call through the slot: those that its receiver leaves. */
  private rankedFor(segment: Segment, owner: number, from: number, path: string): RankedSlot {
    if ((from & 3) !== From.MEMBER_CALL) return this.ranked;
    const { strings } = this.query.index, d = segment.data.tables.memberCalls, at = 5 * (from >>> 2), name = segment.data.tables.defs[4 * owner], key = `${name} ${d[at + 3]} ${d[at + 4]}`;
    const list = this.query.narrowed(this.list, this.slot, strings.name(name), path, d[at + 4] - 1, strings.name(d[at + 3]));
    if (list === this.list) return this.ranked;
    let ranked = this.narrowed.get(key);
    if (ranked === undefined || ranked.path !== path) this.narrowed.set(key, ranked = { path, slot: new RankedSlot(this.slot.struct, this.query.choices(list), this.nodes) });
    return ranked.slot;
  }

  private askerOf(segment: Segment, file: number): Asker {
    let inSegment = this.askers.get(segment);
    if (inSegment === undefined) this.askers.set(segment, inSegment = []);
    return inSegment[file] ??= askerOf({ name: '', path: segment.data.files[file].path });
  }

  private direct(segment: Segment, file: number, emit: Emit, put: Put): void {
    const { tables, starts } = segment.data, { path } = segment.data.files[file];
    const d = tables.calls, seen = new Set<number>();
    let last = -1;
    for (let row = starts.calls[file]; row < starts.calls[file + 1]; row++) {
      const name = d[3 * row], owner = d[3 * row + 2];
      if (owner < 0) continue;
      if (owner !== last) { seen.clear(); last = owner; }
      if (seen.has(name)) continue;
      seen.add(name);
      const target = this.callee(name, segment, file);
      if (target >= 0) emit(owner, target << CODE_BITS, -1);
      else if (this.isVariable(name, path)) put(owner, { struct: `$${this.query.index.strings.name(name)}`, member: '' }, (row << 2) | From.CALL);
    }
  }

  /** What is handed to something that calls it. */
  private callbacks(segment: Segment, file: number, emit: Emit): void {
    const { tables, starts } = segment.data;
    const d = tables.args;
    for (let row = starts.args[file]; row < starts.args[file + 1]; row++) {
      const at = 5 * row, owner = d[at + 2];
      if (owner >= 0 && d[at + 4] >>> 8 >= ArgKind.CONSTANT) this.later(d, at, segment.data.files[file].path, (target) => emit(owner, (target << CODE_BITS) | Code.DEFERRED, (row << 2) | From.ARGUMENT));
      if (owner < 0 || d[at + 4] >>> 8 !== ArgKind.NAME || !this.called.has(d[at] * MOST_PARAMETERS + (d[at + 4] & 255))) continue;
      const target = this.callee(d[at + 3], segment, file);
      if (target >= 0 && this.isFunction(target)) emit(owner, (target << CODE_BITS) | Code.RANKED, (row << 2) | From.ARGUMENT);
    }
  }

  /** What an argument asks for. */
  private later(args: Int32Array, at: number, path: string, emit: (target: number) => void): void {
    for (const { choice } of this.query.choices(this.deferred.doing(args, at, path))) {
      const target = this.nodes.of(choice.def.segment, choice.def.row);
      if (target >= 0 && this.isFunction(target)) emit(target);
    }
  }

  private throughMembers(segment: Segment, file: number, put: Put): void {
    const { tables, starts } = segment.data, { path } = segment.data.files[file], { strings } = this.query.index;
    const d = tables.memberCalls;
    for (let row = starts.memberCalls[file]; row < starts.memberCalls[file + 1]; row++) {
      const at = 5 * row, owner = d[at + 2];
      if (owner < 0) continue;
      const slot = this.query.slots.slotOfCall(strings.name(d[at]), strings.name(d[at + 3]), path);
      if (slot !== null) put(owner, slot, (row << 2) | From.MEMBER_CALL);
    }
  }

  private throughParameters(segment: Segment, file: number, put: Put): void {
    const { tables, starts } = segment.data;
    const d = tables.paramCalls;
    for (let row = starts.paramCalls[file]; row < starts.paramCalls[file + 1]; row++) {
      const at = 4 * row, owner = d[at + 2];
      if (owner < 0) continue;
      const name = this.query.index.strings.name(tables.defs[4 * owner]);
      put(owner, { struct: `${name}()`, member: String(d[at]) }, (row << 2) | From.PARAMETER_CALL);
    }
  }

  /** The node that a use of `name` in a file calls (see Query.callee); -1 for none. */
  private callee(name: number, segment: Segment, file: number): number {
    const at = this.names.place(name);
    if (at < 0) return -1;
    let known = this.meant[at];
    if (known === 0) this.meant[at] = known = this.look(at);
    if (known === SEVERAL) return this.likeliest(at, segment, file);
    if (known < 0 || (known & 1) === 0) return known < 0 ? -1 : (known >>> 1) - 1;
    const node = (known >>> 1) - 1, own = this.nodes.ofFile(segment, file);
    return node >= own.from && node < own.to ? node : -1;
  }

  /** What the name at a place of `names` means: NONE, SEVERAL, or node + 1 twice, and 1 when only its own file sees it. */
  private look(name: number): number {
    const { starts, values } = this.byName, count = starts[name + 1] - starts[name];
    if (count !== 1) return count === 0 ? NONE : SEVERAL;
    const node = values[starts[name]];
    return 2 * (node + 1) + (this.isHidden(node) ? 1 : 0);
  }

  /** Of several definitions of a name: its own file's, else the likeliest that other files see. */
  private likeliest(name: number, segment: Segment, file: number): number {
    const { starts, values } = this.byName, own = this.nodes.ofFile(segment, file), { path } = segment.data.files[file];
    let at = lowerBound(values, own.from, starts[name], starts[name + 1]);
    if (at < starts[name + 1] && values[at] < own.to) {
      const mine: number[] = [];
      for (; at < starts[name + 1] && values[at] < own.to; at++) mine.push(values[at]);
      return this.heaviest(mine, path);
    }
    const folder = folderOf(path);
    if (folder !== this.folder) { this.folder = folder; this.inFolder.clear(); this.closeness.clear(); }
    let best = this.inFolder.get(name);
    if (best === undefined) this.inFolder.set(name, best = this.nearest(this.seenByAll(name), path)); // where another file stands in its folder is no matter
    return best;
  }

  private heaviest(nodes: readonly number[], path: string): number {
    let best = -1, weight = -Infinity;
    for (const node of nodes) {
      const at = this.nodes.where(node), info = at.segment.data.tables.defs[4 * at.row + 2];
      const w = calleeWeight(infoKind(info), at.segment.data.files[at.segment.fileOf('defs', at.row)].path, infoEndDelta(info), path);
      if (w > weight) { weight = w; best = node; }
    }
    return best;
  }

  /** The likeliest of definitions in other files. */
  private nearest(seen: readonly Seen[], path: string): number {
    let best = -1, weight = -Infinity;
    for (const { node, kind, lines, there, folder, place } of seen) {
      let close = this.closeness.get(folder);
      if (close === undefined) this.closeness.set(folder, close = closeness(there, path));
      const w = farWeight(kind, there, lines, place, close);
      if (w > weight) { weight = w; best = node; }
    }
    return best;
  }

  /** The definitions of a name that are not one file's own. */
  private seenByAll(name: number): readonly Seen[] {
    let list = this.shared.get(name);
    if (list === undefined) {
      const { starts, values } = this.byName;
      this.shared.set(name, list = [...values.subarray(starts[name], starts[name + 1])].filter((node) => !this.isHidden(node)).map((node) => this.seen(node)));
    }
    return list;
  }

  private seen(node: number): Seen {
    const { segment, row } = this.nodes.where(node), info = segment.data.tables.defs[4 * row + 2], asker = this.askerOf(segment, segment.fileOf('defs', row));
    return { node, kind: infoKind(info), lines: infoEndDelta(info), there: asker.path, folder: asker.folder, place: placeWeight(asker.path) };
  }

  private isHidden(node: number): boolean {
    const { segment, row } = this.nodes.where(node);
    return (infoFlags(segment.data.tables.defs[4 * row + 2]) & Flag.STATIC) !== 0 && segment.data.files[segment.fileOf('defs', row)].path.endsWith('.c');
  }

  private isFunction(node: number): boolean {
    const { segment, row } = this.nodes.where(node);
    return infoKind(segment.data.tables.defs[4 * row + 2]) === Kind.FUNCTION;
  }

  private isVariable(name: number, path: string): boolean {
    let known = this.variables.get(name);
    if (known === undefined) this.variables.set(name, known = this.query.lookup.withName(name).some((d) => d.kind === Kind.VARIABLE || d.kind === Kind.EXTERN));
    return known && this.query.callee(this.query.index.strings.name(name), path) === null;
  }
}

