/** Works out what the functions of a file call, as edges of the call graph. */
import { type CallNodes, lowerBound } from './call-nodes';
import type { Lists } from './lists';
import { ArgKind, Flag, infoEndDelta, infoFlags, infoKind, Kind } from './facts';
import type { Query } from './query';
import { calleeWeight, type Context } from './rank';
import type { Segment } from './segment';
import { MOST_PARAMETERS, type Slot } from './slots';

/**
 * An edge is a word `target << 5 | code`; all but direct calls are followed by a second one, `row << 2 | table`: the caller's row that says where the call
 * stands (`From` tells the table). A slot with more candidates than are followed is a node of its own: into it from the callers, out of it to every candidate.
 */
export const Code = { DIRECT: 0, /** through a pointer, and the rank */ RANKED: 1, /** through a parameter, and the rank: only from a chain's start */ PARAMETER: 9, INTO_SLOT: 17 } as const;
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

/** A call through a pointer whose candidates are yet to be found. */
export interface OpenSite {
  readonly segment: Segment;
  readonly file: number;
  readonly owner: number;
  readonly slot: Slot;
  readonly code: number;
  readonly from: number;
  readonly parameter: number;
  readonly signature: string;
}

/** Finds edges, a file at a time. Good for one generation of the index. */
export class EdgeFinder {
  /** By name's number, see `look`; 0 for not looked yet. */
  private readonly meant: Int32Array;
  private readonly byName: Lists;
  private readonly shared = new Map<number, readonly number[]>();
  private readonly variables = new Map<number, boolean>();
  private readonly called: ReadonlySet<number>;
  /** What is open or runs counts when chains are looked for (path.ts), not here. */
  private readonly context: Context;

  constructor(private readonly query: Query, private readonly nodes: CallNodes, private readonly wide: WideSlots) {
    this.meant = new Int32Array(query.index.strings.count);
    this.byName = nodes.byName(query.index.strings.count);
    this.called = query.slots.parametersCalled();
    this.context = { arch: query.context.arch };
  }

  /** The edges of one file's definitions, by row; definitions that call nothing are left out. Calls through pointers go to `later` when it is given. */
  file(segment: Segment, file: number, later?: (site: OpenSite) => void): Map<number, number[]> {
    const edges = new Map<number, number[]>();
    const of = (owner: number): number[] => {
      let list = edges.get(owner);
      if (list === undefined) edges.set(owner, list = []);
      return list;
    };
    const put = later ?? ((site: OpenSite): void => { of(site.owner).push(...this.candidates(site)); });
    this.direct(segment, file, of, put);
    this.callbacks(segment, file, of);
    this.throughMembers(segment, file, put);
    this.throughParameters(segment, file, put);
    return edges;
  }

  /** The edges of a call through a pointer. */
  candidates({ segment, file, owner, slot, code, from, parameter, signature }: OpenSite): number[] {
    const edges: number[] = [], caller = this.query.lookup.def(segment, owner, file);
    const candidates = this.query.findCandidates(slot, caller, caller, parameter, signature, this.context);
    for (let rank = 0; rank < candidates.length && rank < WIDTH; rank++) {
      const target = this.nodes.of(candidates[rank].segment, candidates[rank].row);
      if (target >= 0) edges.push((target << CODE_BITS) | (code + rank), from);
    }
    if (candidates.length <= WIDTH || code === Code.PARAMETER) return edges;
    const targets = candidates.map((c) => this.nodes.of(c.segment, c.row)).filter((t) => t >= 0);
    edges.push((this.wide.node(slot, targets) << CODE_BITS) | Code.INTO_SLOT, from);
    return edges;
  }

  private direct(segment: Segment, file: number, of: (owner: number) => number[], put: (site: OpenSite) => void): void {
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
      if (target >= 0) of(owner).push(target << CODE_BITS);
      else if (this.isVariable(name, path)) put({ segment, file, owner, slot: { struct: `$${this.query.index.strings.name(name)}`, member: '' }, code: Code.RANKED, from: (row << 2) | From.CALL, parameter: -1, signature: '' });
    }
  }

  /** What is handed to something that calls it. */
  private callbacks(segment: Segment, file: number, of: (owner: number) => number[]): void {
    const { tables, starts } = segment.data;
    const d = tables.args;
    for (let row = starts.args[file]; row < starts.args[file + 1]; row++) {
      const at = 5 * row, owner = d[at + 2];
      if (owner < 0 || d[at + 4] >>> 8 !== ArgKind.NAME || !this.called.has(d[at] * MOST_PARAMETERS + (d[at + 4] & 255))) continue;
      const target = this.callee(d[at + 3], segment, file);
      if (target >= 0 && this.isFunction(target)) of(owner).push((target << CODE_BITS) | Code.RANKED, (row << 2) | From.ARGUMENT);
    }
  }

  private throughMembers(segment: Segment, file: number, put: (site: OpenSite) => void): void {
    const { tables, starts } = segment.data, { path } = segment.data.files[file], { strings } = this.query.index;
    const d = tables.memberCalls;
    for (let row = starts.memberCalls[file]; row < starts.memberCalls[file + 1]; row++) {
      const at = 5 * row, owner = d[at + 2];
      if (owner < 0) continue;
      const signature = strings.name(d[at + 3]);
      const slot = this.query.slots.slotOfCall(strings.name(d[at]), signature, path);
      if (slot !== null) put({ segment, file, owner, slot, code: Code.RANKED, from: (row << 2) | From.MEMBER_CALL, parameter: d[at + 4] - 1, signature });
    }
  }

  private throughParameters(segment: Segment, file: number, put: (site: OpenSite) => void): void {
    const { tables, starts } = segment.data;
    const d = tables.paramCalls;
    for (let row = starts.paramCalls[file]; row < starts.paramCalls[file + 1]; row++) {
      const at = 4 * row, owner = d[at + 2];
      if (owner < 0) continue;
      const name = this.query.index.strings.name(tables.defs[4 * owner]);
      put({ segment, file, owner, slot: { struct: `${name}()`, member: String(d[at]) }, code: Code.PARAMETER, from: (row << 2) | From.PARAMETER_CALL, parameter: -1, signature: '' });
    }
  }

  /** The node that a use of `name` in a file calls (see Query.callee); -1 for none. */
  private callee(name: number, segment: Segment, file: number): number {
    let known = this.meant[name];
    if (known === 0) this.meant[name] = known = this.look(name);
    if (known === SEVERAL) return this.likeliest(name, segment, file);
    if (known < 0 || (known & 1) === 0) return known < 0 ? -1 : (known >>> 1) - 1;
    const node = (known >>> 1) - 1, own = this.nodes.ofFile(segment, file);
    return node >= own.from && node < own.to ? node : -1;
  }

  /** What a name means: NONE, SEVERAL, or node + 1 twice, and 1 when only its own file sees it. */
  private look(name: number): number {
    const { starts, values } = this.byName;
    const count = starts[name + 1] - starts[name];
    if (count !== 1) return count === 0 ? NONE : SEVERAL;
    const node = values[starts[name]];
    return 2 * (node + 1) + (this.isHidden(node) ? 1 : 0);
  }

  /** Of several definitions of a name: its own file's, else the likeliest that other files see. */
  private likeliest(name: number, segment: Segment, file: number): number {
    const { starts, values } = this.byName, own = this.nodes.ofFile(segment, file), { path } = segment.data.files[file];
    let best = -1, weight = -Infinity;
    const look = (node: number): void => {
      const at = this.nodes.where(node), info = at.segment.data.tables.defs[4 * at.row + 2];
      const w = calleeWeight(infoKind(info), at.segment.data.files[at.segment.fileOf('defs', at.row)].path, infoEndDelta(info), path);
      if (w > weight) { weight = w; best = node; }
    };
    for (let at = lowerBound(values, own.from, starts[name], starts[name + 1]); at < starts[name + 1] && values[at] < own.to; at++) look(values[at]);
    if (best < 0) for (const node of this.seenByAll(name)) look(node);
    return best;
  }

  /** The definitions of a name that are not one file's own. */
  private seenByAll(name: number): readonly number[] {
    let list = this.shared.get(name);
    if (list === undefined) {
      const { starts, values } = this.byName;
      this.shared.set(name, list = [...values.subarray(starts[name], starts[name + 1])].filter((node) => !this.isHidden(node)));
    }
    return list;
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

