/**
 * What can stand in a function pointer, and where a function can be put: designated initialisers and the flows of design.md ("Function
 * pointers"): assigned directly, copied from another member, handed over as a parameter. A slot is (struct, member); a variable that is a
 * pointer or a table of pointers is (`$name`, ''); a parameter is (`name()`, index).
 */
import { ArgKind, Flag, FLOW_LOCAL, FlowKind, infoKind, Kind } from './facts';
import type { Def, Lookup, RowRef } from './lookup';
import type { Choice } from './rank';
import type { Segment } from './segment';
import { MACRO_RESULT } from './signature';
import { StoredFlows } from './stored-flows';
import type { Types } from './types';

/** A place that holds a function. */
export interface Slot {
  readonly struct: string;
  readonly member: string;
}

/** A function that can be in a slot, and where it is put there. */
export interface Candidate {
  readonly name: string;
  /** File of the assignment: tells same-named static functions apart. */
  readonly path: string;
  readonly pos: number;
  /** Variable that is initialised, if any: rank and display. */
  readonly table: string;
  /** Signature of what it is stored in; '' when unknown. */
  readonly left: string;
  /** How often it is put there. */
  count: number;
  /** What ranking knows about it, whoever asks (rank.ts): worked out once. Undefined: not yet; null: no function of the tree. */
  choice?: Choice | null;
}

/** Structs that are members of what they serve. */
const IN_PLACE = new Set(['timer_list', 'work_struct', 'tasklet_struct', 'hrtimer']);
const MAX_DEPTH = 6;
const MAX_SLOTS = 64;
const MAX_KEPT = 4000;
/** More than a function can have: to number a parameter by its function and its place. */
export const MOST_PARAMETERS = 256;

/** Which functions were put where: by struct and member, table, list or parameter. */
export class Slots {
  private readonly kept = new Map<string, Candidate[]>();
  private generation = -1;
  private readonly flows: StoredFlows;
  private readonly called = new Set<number>();
  private calledGeneration = -1;

  constructor(private readonly lookup: Lookup, private readonly types: Types) {
    this.flows = new StoredFlows(lookup, types);
  }

  /** The functions that can stand in a slot. */
  candidates(slot: Slot): Candidate[] {
    return this.keeping(`${slot.struct}\n${slot.member}`, (found) => this.gather(slot, found, new Set(), 0));
  }

  /** Forgets the candidates found so far, not what they were found from; when slots of another member follow that too, if it is much. */
  letGo(otherMember: boolean): void {
    this.kept.clear();
    if (otherMember) this.flows.letGo();
  }

  private keeping(key: string, fill: (found: Map<string, Candidate>) => void): Candidate[] {
    if (this.generation !== this.lookup.index.generation || this.kept.size > MAX_KEPT) { this.kept.clear(); this.generation = this.lookup.index.generation; }
    let list = this.kept.get(key);
    if (list === undefined) {
      const found = new Map<string, Candidate>();
      fill(found);
      list = [...found.values()];
      this.kept.set(key, list);
    }
    return list;
  }

  private gather(slot: Slot, found: Map<string, Candidate>, seen: Set<string>, depth: number): void {
    const key = `${slot.struct}\n${slot.member}`;
    if (depth > MAX_DEPTH || seen.has(key)) return;
    seen.add(key);
    const { strings } = this.lookup.index;
    if (slot.struct.startsWith('@') && slot.member === '') {
      for (const m of this.types.callableOfType(slot.struct)) this.gather({ struct: m.struct, member: m.name }, found, seen, depth + 1);
      return;
    }
    const variable = slot.struct.startsWith('$') && slot.member === '' ? strings.find(slot.struct) : 0; // many rows have no member: numbers tell them apart sooner
    if (variable < 0) return;
    for (const r of this.flows.into(slot)) this.take(r, slot, found, seen, depth);
    if (slot.member !== '' && !slot.struct.startsWith('$')) this.gatherPositional(slot, found, seen, depth);
  }

  /** Values in lists without designators: `{ one, two }`. */
  private gatherPositional(slot: Slot, found: Map<string, Candidate>, seen: Set<string>, depth: number): void {
    if (this.lookup.manyExpected && !this.flows.filledByPosition().has(slot.struct)) return;
    const position = this.types.members(slot.struct, '').findIndex((m) => m.name === slot.member);
    if (position >= 0) for (const r of this.flows.into({ struct: slot.struct, member: `#${position}` })) this.take(r, slot, found, seen, depth);
  }

  /** Adds what a flow brings. */
  private take(r: RowRef, slot: Slot, found: Map<string, Candidate>, seen: Set<string>, depth: number): void {
    const { strings } = this.lookup.index;
    const kind = r.data[r.at + 6];
    const path = r.segment.data.files[r.file].path;
    const value = r.data[r.at + 4];
    switch (kind & 15) {
      case FlowKind.INITIALISER:
      case FlowKind.ASSIGNED: {
        if ((kind & FLOW_LOCAL) !== 0) return;
        const owner = this.lookup.owner(r.segment, r.data[r.at + 2]);
        if (strings.name(r.data[r.at + 3]) === MACRO_RESULT) { this.initialisedBy(r, slot, strings.name(value), found); return; }
        if (this.fromTable(strings.name(value), path, found, seen, depth)) return;
        this.add(found, { name: strings.name(value), path, pos: r.data[r.at + 1], table: owner !== null && owner.kind === Kind.VARIABLE ? owner.name : '', left: strings.name(r.data[r.at + 3]), count: 1 });
        return;
      }
      case FlowKind.PARAMETER: {
        const owner = this.lookup.owner(r.segment, r.data[r.at + 2]);
        if (owner === null) return;
        const filter = strings.name(r.data[r.at + 3]) === MACRO_RESULT ? slot.struct : null;
        this.gatherArguments(owner.name, value, found, seen, depth + 1, filter);
        return;
      }
      case FlowKind.COPIED: {
        const struct = this.types.struct(strings.name(r.data[r.at + 5]), path);
        const name = strings.name(value);
        const m = struct === null ? null : this.types.member(struct, name, path);
        if (m !== null && this.types.isCallable(m)) this.gather({ struct: m.struct, member: m.name }, found, seen, depth + 1);
        return;
      }
      default:
    }
  }

  /** A macro that stands for an initialiser names a function itself: it counts when a variable of the struct is made with it. */
  private initialisedBy(r: RowRef, slot: Slot, name: string, found: Map<string, Candidate>): void {
    const owner = this.lookup.owner(r.segment, r.data[r.at + 2]);
    if (owner === null) return;
    const call = this.flows.usesFor('callsByName', owner.name, slot.struct)[0];
    if (call !== undefined) this.add(found, { name, path: call.segment.data.files[call.file].path, pos: call.data[call.at + 1], table: '', left: '', count: 1 });
  }

  /** A value that is a table of pointers brings what stands in the table. */
  private fromTable(name: string, path: string, found: Map<string, Candidate>, seen: Set<string>, depth: number): boolean {
    const defs = this.lookup.named(name);
    if (defs.some((d) => d.kind === Kind.FUNCTION || d.kind === Kind.PROTOTYPE)) return false;
    const table = defs.find((d) => d.kind === Kind.VARIABLE && (d.path === path || (d.flags & Flag.STATIC) === 0));
    if (table === undefined || (table.flags & Flag.ARRAY) === 0) return false;
    this.gather({ struct: `$${name}`, member: '' }, found, seen, depth + 1);
    return true;
  }

  private add(found: Map<string, Candidate>, c: Candidate): void {
    const key = `${c.name}\n${c.path}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, c);
    else { known.count++; if (known.left === '' && c.left !== '') found.set(key, { ...c, count: known.count }); }
  }

  /** Functions that are handed over as argument `index` of `callee`. */
  gatherArguments(callee: string, index: number, found: Map<string, Candidate>, seen: Set<string>, depth: number, struct: string | null = null): void {
    const key = `${callee}()\n${index}`;
    if (depth > MAX_DEPTH || seen.has(key)) return;
    seen.add(key);
    const { strings } = this.lookup.index;
    for (const r of struct === null ? this.lookup.rows('argsByCallee', strings.find(callee)) : this.flows.usesFor('argsByCallee', callee, struct)) {
      const how = r.data[r.at + 4];
      if ((how & 255) !== index) continue;
      if (how >>> 8 === ArgKind.NAME) this.add(found, { name: strings.name(r.data[r.at + 3]), path: r.segment.data.files[r.file].path, pos: r.data[r.at + 1], table: '', left: '', count: 1 });
      else if (how >>> 8 === ArgKind.PARAMETER) {
        const owner = this.lookup.owner(r.segment, r.data[r.at + 2]);
        if (owner !== null) this.gatherArguments(owner.name, r.data[r.at + 3], found, seen, depth + 1);
      }
    }
  }

  /** Functions that a parameter of `callee` can be. */
  argumentCandidates(callee: string, index: number): Candidate[] {
    return this.keeping(`${callee}()\n${index}`, (found) => this.gatherArguments(callee, index, found, new Set(), 0));
  }

  /** Does a function or macro call its parameter `index`, itself or by handing it on? */
  callsParameter(callee: string, index: number): boolean {
    const id = this.lookup.index.strings.find(callee);
    return id >= 0 && this.parametersCalled().has(id * MOST_PARAMETERS + index);
  }

  /** The parameters that are called, as name * MOST_PARAMETERS + index: found from the calls upwards, through those that hand them on. */
  parametersCalled(): ReadonlySet<number> {
    const { index } = this.lookup;
    if (this.calledGeneration === index.generation) return this.called;
    this.calledGeneration = index.generation;
    this.called.clear();
    const todo: number[] = [];
    const add = (segment: Segment, owner: number, parameter: number): void => {
      if (owner < 0 || parameter >= MOST_PARAMETERS || segment.dead[segment.fileOf('defs', owner)] !== 0) return;
      const { defs } = segment.data.tables;
      const key = defs[4 * owner] * MOST_PARAMETERS + parameter;
      if (!isBody(infoKind(defs[4 * owner + 2])) || this.called.has(key)) return;
      this.called.add(key);
      todo.push(key);
    };
    for (const segment of index.segments) {
      const d = segment.data.tables.paramCalls;
      for (let at = 0; at < d.length; at += 4) add(segment, d[at + 2], d[at]);
    }
    for (const key of todo) {
      const parameter = key % MOST_PARAMETERS;
      this.lookup.each('argsByCallee', Math.floor(key / MOST_PARAMETERS), (segment, _file, row) => {
        const d = segment.data.tables.args, at = 5 * row;
        if (d[at + 4] >>> 8 === ArgKind.PARAMETER && (d[at + 4] & 255) === parameter) add(segment, d[at + 2], d[at + 3]);
      });
    }
    return this.called;
  }

  /** All slots a function can be put in; parameters as `name()` and the index. */
  slotsOf(name: string, inPath: string | null): Slot[] {
    const { strings } = this.lookup.index;
    const id = strings.find(name);
    const slots = new Map<string, Slot>();
    for (const r of this.lookup.rows('flowsByValue', id)) {
      if ((r.data[r.at + 6] & FLOW_LOCAL) !== 0 || (inPath !== null && r.segment.data.files[r.file].path !== inPath)) continue;
      this.addSlot(slots, this.slotOfFlow(r), 0);
    }
    for (const r of this.lookup.rows('argsByValue', id)) {
      if (inPath !== null && r.segment.data.files[r.file].path !== inPath) continue;
      this.followParameter(strings.name(r.data[r.at]), r.data[r.at + 4] & 255, slots, 0);
    }
    return [...slots.values()];
  }

  private slotOfFlow(r: RowRef): Slot | null {
    const { strings } = this.lookup.index;
    const path = r.segment.data.files[r.file].path;
    const member = strings.name(r.data[r.at]);
    const left = strings.name(r.data[r.at + 3]);
    if (member === '') return left.startsWith('$') ? { struct: left, member: '' } : null;
    const struct = this.flows.leftStruct(r.segment, r.data, r.at, left, path);
    if (struct === null) return null;
    const m = member.startsWith('#') ? this.types.memberAt(struct, Number(member.slice(1)), path) : this.types.member(struct, member, path);
    return m === null ? null : { struct: m.struct, member: m.name };
  }

  private addSlot(slots: Map<string, Slot>, slot: Slot | null, depth: number): void {
    if (slot === null || slots.size > MAX_SLOTS || depth > MAX_DEPTH) return;
    const key = `${slot.struct}\n${slot.member}`;
    if (slots.has(key)) return;
    slots.set(key, slot);
    if (slot.member === '' || slot.struct.endsWith('()')) return;
    const { strings } = this.lookup.index;
    for (const r of this.lookup.rows('copiesByRight', strings.find(slot.member))) { // members it is copied to
      const path = r.segment.data.files[r.file].path;
      const from = this.types.struct(strings.name(r.data[r.at + 5]), path);
      if (from === null) continue;
      const m = this.types.member(from, slot.member, path);
      if (m !== null && m.struct === slot.struct && this.types.isCallable(m)) this.addSlot(slots, this.slotOfFlow(r), depth + 1);
    }
  }

  /** Where a function goes that is handed to `callee` as argument `index`. */
  private followParameter(callee: string, index: number, slots: Map<string, Slot>, depth: number): void {
    const key = `${callee}()\n${index}`;
    if (depth > MAX_DEPTH || slots.has(key) || slots.size > MAX_SLOTS) return;
    slots.set(key, { struct: `${callee}()`, member: String(index) });
    for (const def of this.lookup.named(callee)) {
      if (def.kind !== Kind.FUNCTION && def.kind !== Kind.MACRO) continue;
      for (const r of this.lookup.owned('flows', def)) {
        if ((r.data[r.at + 6] & 15) === FlowKind.PARAMETER && r.data[r.at + 4] === index) this.addSlot(slots, this.slotOfFlow(r), depth + 1);
      }
      for (const r of this.lookup.owned('args', def)) {
        if (r.data[r.at + 4] >>> 8 === ArgKind.PARAMETER && r.data[r.at + 3] === index) this.followParameter(this.lookup.index.strings.name(r.data[r.at]), r.data[r.at + 4] & 255, slots, depth + 1);
      }
    }
  }

  /**
   * Candidates of a call whose receiver is parameter `index` of `caller`: where calls of it hand over named tables, only those count
   * (`register_netdevice_notifier(&arp_netdev_notifier)`).
   */
  narrowed(list: Candidate[], caller: string, index: number): Candidate[] {
    const { strings } = this.lookup.index;
    const id = strings.find(caller);
    const tables = new Set<string>();
    const named = new Set<string>();
    for (const r of this.lookup.rows('argsByCallee', id)) {
      if ((r.data[r.at + 4] & 255) !== index || r.data[r.at + 4] >>> 8 !== ArgKind.NAME) continue;
      const path = r.segment.data.files[r.file].path;
      named.add(`${path}:${r.data[r.at + 1]}`);
      tables.add(`${strings.name(r.data[r.at + 3])}\n${path}`);
    }
    if (named.size === 0) return list;
    const others = new Set<string>(); // files that hand over something without a name: what they assign counts
    for (const r of this.lookup.rows('callsByName', id)) {
      const path = r.segment.data.files[r.file].path;
      if (!named.has(`${path}:${r.data[r.at + 1]}`)) others.add(path);
    }
    const kept = list.filter((c) => (c.table !== '' ? tables.has(`${c.table}\n${c.path}`) : others.has(c.path)));
    return kept.length > 0 ? kept : list;
  }

  /**
   * Candidates of a call through an object that lives inside another (`ct->timeout.function(...)`): those stored through the same member of the same
   * struct. Only for objects that are set up in place, never copied from a table.
   */
  inside(list: Candidate[], slot: Slot, signature: string, path: string): Candidate[] {
    const holder = IN_PLACE.has(slot.struct) ? this.holder(signature, path) : null;
    if (holder === null) return list;
    const kept = list.filter((c) => c.left !== '' && this.holder(c.left, c.path) === holder);
    return kept.length > 0 ? kept : list;
  }

  /** `struct.member` that a signature ends in. */
  private holder(signature: string, path: string): string | null {
    const dot = signature.lastIndexOf('.');
    if (dot < 0 || signature.endsWith(')')) return null;
    const struct = this.types.struct(signature.slice(0, dot), path);
    return struct === null ? null : struct + signature.slice(dot);
  }

  /** Where the object lives that a signature names: a member of a struct, or a variable of this file. Null when that cannot be told. */
  placeOf(signature: string, path: string): string | null {
    if (!signature.includes('.')) return signature.startsWith('$') ? `${signature}\n${path}` : null;
    const holder = this.holder(signature, path);
    return holder === 'delayed_work.work' ? this.placeOf(signature.slice(0, -'.work'.length), path) : holder;
  }

  /** The functions stored in a pointer of objects, by where the objects live (placeOf). */
  storedInPlace(slot: Slot): Map<string, Candidate[]> {
    const { strings } = this.lookup.index, byPlace = new Map<string, Map<string, Candidate>>();
    for (const r of this.flows.into(slot)) {
      const path = r.segment.data.files[r.file].path, left = strings.name(r.data[r.at + 3]), owner = this.lookup.owner(r.segment, r.data[r.at + 2]), kind = r.data[r.at + 6];
      const place = this.placeOf(owner !== null && owner.kind === Kind.VARIABLE && left === slot.struct ? `$${owner.name}` : left, path);
      if (place === null || (kind & FLOW_LOCAL) !== 0) continue;
      let found = byPlace.get(place);
      if (found === undefined) byPlace.set(place, found = new Map());
      if ((kind & 15) === FlowKind.PARAMETER) { if (owner !== null) this.gatherArguments(owner.name, r.data[r.at + 4], found, new Set(), 0); }
      else if ((kind & 15) !== FlowKind.COPIED) this.add(found, { name: strings.name(r.data[r.at + 4]), path, pos: r.data[r.at + 1], table: '', left, count: 1 });
    }
    return new Map([...byPlace].map(([place, found]) => [place, [...found.values()]]));
  }

  /** The slot of a call through a local variable of a function type: the members of that type. Null when there are none. */
  private slotOfType(type: string): Slot | null {
    const members = this.types.callableOfType(type);
    if (members.length === 0) return null;
    const { struct, name } = members[0];
    return members.every((m) => m.struct === struct && m.name === name) ? { struct, member: name } : { struct: type, member: '' };
  }

  /** The slot a call through a member goes to; null when its struct cannot be told. */
  slotOfCall(member: string, signature: string, path: string): Slot | null {
    if (member === '') return this.slotOfType(signature);
    const struct = this.types.struct(signature, path);
    if (struct === null) return null;
    const m = this.types.member(struct, member, path);
    return m === null ? { struct, member } : { struct: m.struct, member: m.name };
  }
}

function isBody(kind: number): boolean {
  return kind === Kind.FUNCTION || kind === Kind.MACRO;
}

/** The definition that a candidate's name means in the file where it is put into the slot. */
export function candidateDef(lookup: Lookup, c: Candidate): Def | null {
  const constant = !/[a-z]/.test(c.name); // NULL, IRQ_NONE: no functions
  const defs = constant ? [] : lookup.named(c.name).filter((d) => d.kind === Kind.FUNCTION || d.kind === Kind.PROTOTYPE || d.kind === Kind.MACRO);
  const own = defs.find((d) => d.kind === Kind.FUNCTION && d.path === c.path);
  if (own !== undefined) return own;
  const others = defs.filter((d) => d.kind === Kind.FUNCTION && !((d.flags & 1) !== 0 && d.path.endsWith('.c')));
  return others[0] ?? defs.find((d) => d.kind === Kind.FUNCTION) ?? defs[0] ?? null;
}
