/**
 * The questions that the language server, the command line, the anchors and the graph ask of an index. Results are plain rows; lines and columns
 * count from 1, paths are relative to the tree.
 */
import { ArgKind, Kind, posColumn, posLine } from './facts';
import { Farms } from './farms';
import type { KernelIndex } from './kernel-index';
import { type Def, isPrivate, kindName, Lookup } from './lookup';
import { type Asker, askerOf, calleeWeight, choiceOf, choiceWeight, commonness, type Context, nearness, placeWeight, plausible } from './rank';
import type { Ranked } from './ranked-slot';
import { type Candidate, candidateDef, type Slot, Slots } from './slots';
import { Types } from './types';

/** A place in the tree. */
export interface Place { readonly path: string; readonly line: number; readonly column: number }

/** The struct and member that a call through a pointer goes through; `later` when it is not made here but asked for: as which softirq, work item or timer. */
export interface Via { readonly struct: string; readonly member: string; readonly later?: string }

/** A definition as a result. */
export interface SymbolRow extends Place { readonly name: string; readonly kind: string }

/** A call: the other end's definition, where the call stands, and through what. */
export interface CallRow extends SymbolRow {
  readonly site: Place;
  readonly via: Via | null;
}

/** A call site through a pointer with its candidates, most likely first. */
export interface PointerSite {
  readonly site: Place;
  readonly caller: Def;
  readonly member: string;
  readonly slot: Slot | null;
  readonly candidates: readonly Def[];
}

const DEFINITION_ORDER: Readonly<Record<number, number>> = {
  [Kind.FUNCTION]: 60, [Kind.STRUCT]: 58, [Kind.UNION]: 56, [Kind.ENUM]: 54, [Kind.VARIABLE]: 52, [Kind.MACRO]: 50, [Kind.TYPEDEF]: 48, [Kind.ENUMERATOR]: 46,
  [Kind.TRACEPOINT]: 44, [Kind.EXTERN]: -200, [Kind.PROTOTYPE]: -210,
};
const CALLABLE = new Set<number>([Kind.FUNCTION, Kind.MACRO, Kind.TRACEPOINT, Kind.PROTOTYPE]);
/** Shorter lists need no narrowing. */
const WORTH_NARROWING = 12;
/** Ranked lists that are kept. */
const MOST_KEPT = 4000;
const SYSCALL_PREFIX = /^(SyS_|SYSC_|__x64_sys_|__ia32_sys_|__se_sys_|__do_sys_|__arm64_sys_)/;

/** A definition as a result row. */
export function symbolRow(def: Def): SymbolRow {
  return { name: def.name, kind: kindName(def.kind), path: def.path, line: def.line, column: def.column };
}

/** Questions about an index: definitions, callers, callees, what a pointer can call. All in memory; results follow every change of the index. */
export class Query {
  readonly lookup: Lookup;
  readonly types: Types;
  readonly slots: Slots;
  private readonly farms: Farms;
  private readonly kept = new Map<string, Def[]>();
  private keptFor: Context | null = null;
  private keptGeneration = -1;
  /** What shifts ranks; may be replaced at any time. */
  context: Context = {};

  constructor(readonly index: KernelIndex) {
    this.lookup = new Lookup(index);
    this.types = new Types(this.lookup);
    this.slots = new Slots(this.lookup, this.types);
    this.farms = new Farms(index);
  }

  /** Definitions of a name, best first. A system call is found as `send`, `sys_send` and `SyS_send`. */
  definitions(name: string, from = ''): Def[] {
    const plain = name.replace(SYSCALL_PREFIX, 'sys_');
    const defs = [...this.lookup.named(plain)];
    if (!plain.includes('sys_')) for (const prefix of ['sys_', 'compat_sys_']) defs.push(...this.lookup.named(prefix + plain).filter((d) => d.kind === Kind.FUNCTION));
    if (!defs.some((d) => d.kind === Kind.FUNCTION)) defs.push(...this.farms.named(plain));
    const strong = defs.filter((d) => d.kind !== Kind.PROTOTYPE && d.kind !== Kind.EXTERN);
    const weight = (d: Def): number => (DEFINITION_ORDER[d.kind] ?? 0) + (from === '' ? placeWeight(d.path) * 3 : nearness(d.path, from)) + (isPrivate(d) && d.path !== from ? -40 : 0) + (d.name === plain ? 3 : 0)
      + (this.context.open?.has(d.path) === true ? 5 : 0);
    return (strong.length > 0 ? strong : defs).map((d) => ({ d, w: weight(d) })).sort((a, b) => b.w - a.w || comparePlaces(a.d, b.d)).map((x) => x.d);
  }

  /** Prototypes and extern declarations of a name, best first. */
  declarations(name: string, from = ''): Def[] {
    const defs = this.lookup.named(name.replace(SYSCALL_PREFIX, 'sys_')).filter((d) => d.kind === Kind.PROTOTYPE || d.kind === Kind.EXTERN);
    return defs.sort((a, b) => nearness(b.path, from) - nearness(a.path, from) || comparePlaces(a, b));
  }

  /** What a call of `name` in `path` calls: one definition, or null when the tree has none. */
  callee(name: string, path: string): Def | null {
    let best: Def | null = null;
    let weight = -Infinity;
    for (const d of this.lookup.named(name)) {
      if (!CALLABLE.has(d.kind) || (isPrivate(d) && d.path !== path)) continue;
      const w = calleeWeight(d.kind, d.path, d.endLine - d.line, path);
      if (w > weight) { weight = w; best = d; }
    }
    return best;
  }

  /** Candidates of a slot as definitions, most likely first for a call in `caller`; `parameter` is the receiver's index when it is one, else -1,
   *  `signature` its signature: both narrow the list. */
  rankedCandidates(slot: Slot, caller: { name: string; path: string }, from: Def | null = null, parameter = -1, signature = ''): Def[] {
    if (this.keptFor !== this.context || this.keptGeneration !== this.index.generation || this.kept.size > MOST_KEPT) {
      this.kept.clear();
      this.keptFor = this.context;
      this.keptGeneration = this.index.generation;
    }
    const key = `${slot.struct}\n${slot.member}\n${caller.path}\n${caller.name}\n${parameter}\n${signature}`;
    let list = this.kept.get(key);
    if (list === undefined) this.kept.set(key, list = this.findCandidates(slot, caller, from, parameter, signature));
    return list;
  }

  /** The same without keeping it, in any context. */
  findCandidates(slot: Slot, caller: { name: string; path: string }, from: Def | null, parameter: number, signature: string, context = this.context): Def[] {
    const list = this.narrowed(this.candidates(slot), slot, from === null ? null : from.name, caller.path, parameter, signature), asker = askerOf(caller);
    return this.rank(this.choices(list).filter((f) => plausible(f.choice, asker, slot.struct, context)), asker, context);
  }

  /** What is put into a slot. The list is kept: it is not to be changed. */
  candidates(slot: Slot): Candidate[] {
    return slot.struct.endsWith('()') ? this.slots.argumentCandidates(slot.struct.slice(0, -2), Number(slot.member)) : this.slots.candidates(slot);
  }

  /** Those of a slot's candidates that a call in `path` can mean: by the parameter of `caller` that the receiver is, and by its signature. The same list when that tells nothing. */
  narrowed(list: Candidate[], slot: Slot, caller: string | null, path: string, parameter: number, signature: string): Candidate[] {
    if (caller !== null && parameter >= 0 && list.length > WORTH_NARROWING) list = this.slots.narrowed(list, caller, parameter);
    return signature !== '' && list.length > WORTH_NARROWING ? this.slots.inside(list, slot, signature, path) : list;
  }

  /** What ranking knows of candidates that are functions of the tree. */
  choices(list: readonly Candidate[]): Ranked[] {
    const found: Ranked[] = [];
    for (const c of list) {
      if (c.choice === undefined) { const def = candidateDef(this.lookup, c); c.choice = def === null ? null : choiceOf(def); }
      if (c.choice !== null) found.push({ choice: c.choice, count: c.count });
    }
    return found;
  }

  private rank(choices: readonly Ranked[], asker: Asker, context = this.context): Def[] {
    const unique = new Map<string, { def: Def; count: number; w: number }>();
    for (const { choice, count } of choices) {
      const known = unique.get(choice.key);
      if (known === undefined) unique.set(choice.key, { def: choice.def, count, w: choiceWeight(choice, asker, context) });
      else known.count += count;
    }
    const list = [...unique.values()];
    for (const x of list) x.w += commonness(x.count);
    return list.sort((a, b) => b.w - a.w || (a.def.name < b.def.name ? -1 : 1)).map((x) => x.def);
  }

  /** Every call through a pointer that stands in `def`; with `only` those at this place. */
  pointerSites(def: Def, only?: { readonly line: number; readonly column: number }): PointerSite[] {
    const { strings } = this.index;
    const sites: PointerSite[] = [];
    const wanted = (pos: number): boolean => only === undefined || (posLine(pos) === only.line && posColumn(pos) === only.column);
    for (const r of this.lookup.owned('memberCalls', def)) {
      if (!wanted(r.data[r.at + 1])) continue;
      const member = strings.name(r.data[r.at]);
      const slot = this.slots.slotOfCall(member, strings.name(r.data[r.at + 3]), def.path);
      sites.push(this.site(def, r.data[r.at + 1], member, slot, r.data[r.at + 4] - 1, strings.name(r.data[r.at + 3])));
    }
    for (const r of this.lookup.owned('paramCalls', def)) if (wanted(r.data[r.at + 1])) sites.push(this.site(def, r.data[r.at + 1], strings.name(r.data[r.at + 3]), { struct: `${def.name}()`, member: String(r.data[r.at]) }));
    for (const r of this.lookup.owned('calls', def)) {
      if (!wanted(r.data[r.at + 1])) continue;
      const name = strings.name(r.data[r.at]);
      if (this.isPointerVariable(name, def.path)) sites.push(this.site(def, r.data[r.at + 1], name, { struct: `$${name}`, member: '' }));
    }
    return sites;
  }

  private site(caller: Def, pos: number, member: string, slot: Slot | null, parameter = -1, signature = ''): PointerSite {
    return { site: { path: caller.path, line: posLine(pos), column: posColumn(pos) }, caller, member, slot, candidates: slot === null ? [] : this.rankedCandidates(slot, caller, caller, parameter, signature) };
  }

  /** Functions that `def` hands to something that calls them: NF_HOOK(..., ip_rcv_finish). */
  callbacks(def: Def): Array<{ def: Def; site: Place; via: Via }> {
    const { strings } = this.index;
    const found: Array<{ def: Def; site: Place; via: Via }> = [];
    for (const r of this.lookup.owned('args', def)) {
      if (r.data[r.at + 4] >>> 8 !== ArgKind.NAME) continue;
      const callee = strings.name(r.data[r.at]);
      const index = r.data[r.at + 4] & 255;
      const passed = this.callee(strings.name(r.data[r.at + 3]), def.path);
      if (passed === null || passed.kind !== Kind.FUNCTION || !this.slots.callsParameter(callee, index)) continue;
      const pos = r.data[r.at + 1];
      found.push({ def: passed, site: { path: def.path, line: posLine(pos), column: posColumn(pos) }, via: this.viaOf({ struct: `${callee}()`, member: String(index) }) });
    }
    return found;
  }

  /** Is a called name a variable: a pointer, or a table of pointers? */
  private isPointerVariable(name: string, path: string): boolean {
    if (this.callee(name, path) !== null) return false;
    return this.lookup.named(name).some((d) => d.kind === Kind.VARIABLE || d.kind === Kind.EXTERN);
  }

  /** What a function or macro calls, in order of site, then rank. */
  callees(def: Def): CallRow[] {
    const { strings } = this.index;
    const rows: CallRow[] = [];
    for (const r of this.lookup.owned('calls', def)) {
      const callee = this.callee(strings.name(r.data[r.at]), def.path);
      if (callee !== null) rows.push({ ...symbolRow(callee), site: { path: def.path, line: posLine(r.data[r.at + 1]), column: posColumn(r.data[r.at + 1]) }, via: null });
    }
    for (const s of this.pointerSites(def)) {
      if (s.slot === null) continue;
      const via = this.viaOf(s.slot);
      for (const c of s.candidates) rows.push({ ...symbolRow(c), site: s.site, via });
    }
    return rows.map((row, k) => ({ row, k })).sort((a, b) => compareSites(a.row.site, b.row.site) || a.k - b.k).map((x) => x.row);
  }

  /** A slot as people write it: a variable or a parameter has its name for a member. */
  viaOf(slot: Slot): Via {
    if (slot.struct.startsWith('$')) return { struct: '', member: slot.struct.slice(1).replace(/::$/, '') };
    if (slot.struct.endsWith('()')) return { struct: slot.struct, member: this.parameterName(slot) };
    return { struct: slot.struct.replace(/^@/, ''), member: slot.member }; // of a typedef alone the member is not known
  }

  private parameterName(slot: Slot): string {
    for (const def of this.lookup.named(slot.struct.slice(0, -2))) {
      for (const r of this.lookup.owned('paramCalls', def)) if (r.data[r.at] === Number(slot.member)) return this.index.strings.name(r.data[r.at + 3]);
    }
    return slot.member;
  }

  /** Who calls a function: directly, and through the pointers it can stand in. `target` narrows a name to one definition. */
  callers(name: string, target: Def | null): CallRow[] {
    const rows: CallRow[] = [];
    const names = [name];
    for (const n of names) this.directCallers(n, target, rows);
    this.pointerCallers(name, target, rows);
    const keyed = new Map(rows.map((r) => [`${r.site.path}:${r.site.line}:${r.site.column}:${r.name}`, r]));
    return [...keyed.values()].sort((a, b) => Number(a.via !== null) - Number(b.via !== null) || compareSites(a.site, b.site));
  }

  private directCallers(name: string, target: Def | null, rows: CallRow[]): void {
    const { strings } = this.index;
    const defs = this.lookup.named(name).filter((d) => d.kind === Kind.FUNCTION || d.kind === Kind.MACRO);
    for (const r of this.lookup.rows('callsByName', strings.find(name))) {
      const path = r.segment.data.files[r.file].path;
      if (target !== null && !this.means(target, defs, path)) continue;
      const owner = this.lookup.owner(r.segment, r.data[r.at + 2]);
      if (owner === null || !(owner.kind === Kind.FUNCTION || owner.kind === Kind.MACRO)) continue;
      rows.push({ ...symbolRow(owner), site: { path, line: posLine(r.data[r.at + 1]), column: posColumn(r.data[r.at + 1]) }, via: null });
    }
  }

  /** Can a use in `path` mean this definition, given all of that name? */
  private means(target: Def, all: readonly Def[], path: string): boolean {
    if (target.path === path) return true;
    if (isPrivate(target)) return false;
    return !all.some((d) => d.path === path);
  }

  private pointerCallers(name: string, target: Def | null, rows: CallRow[]): void {
    const inPath = target !== null && isPrivate(target) ? target.path : null;
    for (const slot of this.slots.slotsOf(name, inPath)) {
      for (const call of this.slotCallers(slot)) rows.push(call);
    }
  }

  /** The calls through a slot. */
  slotCallers(slot: Slot): CallRow[] {
    const { strings } = this.index;
    const via = this.viaOf(slot);
    const rows: CallRow[] = [];
    const push = (owner: Def | null, path: string, pos: number): void => {
      if (owner !== null) rows.push({ ...symbolRow(owner), site: { path, line: posLine(pos), column: posColumn(pos) }, via });
    };
    if (slot.struct.endsWith('()')) {
      for (const def of this.lookup.named(slot.struct.slice(0, -2))) {
        if (def.kind !== Kind.FUNCTION && def.kind !== Kind.MACRO) continue;
        for (const r of this.lookup.owned('paramCalls', def)) if (r.data[r.at] === Number(slot.member)) push(def, def.path, r.data[r.at + 1]);
      }
    } else if (slot.member === '') {
      const name = slot.struct.slice(1);
      for (const r of this.lookup.rows('callsByName', strings.find(name))) push(this.lookup.owner(r.segment, r.data[r.at + 2]), r.segment.data.files[r.file].path, r.data[r.at + 1]);
    } else {
      for (const r of this.lookup.rows('memberCallsByMember', strings.find(slot.member))) {
        const path = r.segment.data.files[r.file].path;
        const at = this.slots.slotOfCall(slot.member, strings.name(r.data[r.at + 3]), path);
        if (at !== null && at.struct === slot.struct) push(this.lookup.owner(r.segment, r.data[r.at + 2]), path, r.data[r.at + 1]);
      }
      this.typedCallers(slot, push);
      this.aliasedCallers(slot, push);
    }
    return rows;
  }

  /** Calls through local variables of the member's type. */
  private typedCallers(slot: Slot, push: (owner: Def | null, path: string, pos: number) => void): void {
    const { strings } = this.index;
    const { type } = this.types.member(slot.struct, slot.member, '') ?? { type: '' };
    const id = type.startsWith('@') && this.types.isFunctionType(type.slice(1)) ? strings.find(type) : -1;
    if (id < 0) return;
    for (const r of this.lookup.rows('memberCallsByMember', 0)) {
      if (r.data[r.at + 3] === id) push(this.lookup.owner(r.segment, r.data[r.at + 2]), r.segment.data.files[r.file].path, r.data[r.at + 1]);
    }
  }

  /** Calls that name the member by a macro that stands for it. */
  private aliasedCallers(slot: Slot, push: (owner: Def | null, path: string, pos: number) => void): void {
    const { strings } = this.index;
    const id = strings.find(`$${slot.member}`);
    if (id < 0) return;
    for (const d of this.lookup.named(slot.member)) {
      if (d.kind !== Kind.MACRO || d.type === '') continue;
      for (const r of this.lookup.rows('memberCallsByMember', strings.find(d.name))) {
        const path = r.segment.data.files[r.file].path;
        const at = this.slots.slotOfCall(d.name, strings.name(r.data[r.at + 3]), path);
        if (at !== null && at.struct === slot.struct && at.member === slot.member) push(this.lookup.owner(r.segment, r.data[r.at + 2]), path, r.data[r.at + 1]);
      }
    }
  }

  /** Variables of a struct type: the tables of an operations struct. */
  tablesOf(struct: string): Def[] {
    const { strings } = this.index;
    const id = strings.find(struct);
    const found: Def[] = [];
    if (id < 0 || this.lookup.rows('membersByStruct', id).next().done === true) return found;
    for (const segment of this.index.segments) {
      const { defs } = segment.data.tables;
      for (let row = 0; row * 4 < defs.length; row++) {
        if (defs[row * 4 + 3] !== id || (defs[row * 4 + 2] & 15) !== Kind.VARIABLE) continue;
        const file = segment.fileOf('defs', row);
        if (segment.dead[file] === 0) found.push(this.lookup.def(segment, row, file));
      }
    }
    return this.rank(found.map((d) => ({ choice: choiceOf(d), count: 1 })), askerOf({ name: '', path: '' }));
  }

  /** Slots that a member's name can mean, with what stands in each; those with most first. */
  slotsNamed(member: string, struct: string | null): Slot[] {
    const slots = new Map<string, Slot>();
    for (const m of this.types.membersNamed(member)) {
      if ((struct === null || m.struct === struct || m.struct === `@${struct}`) && this.types.isCallable(m)) slots.set(m.struct, { struct: m.struct, member });
    }
    return [...slots.values()];
  }
}

function comparePlaces(a: Place, b: Place): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line || a.column - b.column;
}

function compareSites(a: Place, b: Place): number {
  return comparePlaces(a, b);
}
