/** What is stored in members, tables and lists, by the struct that it is stored in; and the uses of macros that stand for initialisers. */
import { infoKind, Kind } from './facts';
import type { Lookup, RowRef } from './lookup';
import type { Segment } from './segment';
import { MACRO_RESULT } from './signature';
import type { Slot } from './slots';
import type { Types } from './types';

const MOST_FLOWS = 100_000;
const NUMBER_SIGN = 35;
const NO_PLACES: number[] = [];

/** Macros and functions whose target struct cannot be told from their body: the struct they store in. */
const KNOWN_STRUCT = new Map(Object.entries({
  PREPARE_WORK: 'work_struct', INIT_WORK: 'work_struct', __INIT_WORK: 'work_struct', PREPARE_DELAYED_WORK: 'work_struct', INIT_DELAYED_WORK: 'work_struct', __INIT_DELAYED_WORK: 'work_struct',
  __setup_timer: 'timer_list', setup_timer: 'timer_list', __setup_timer_on_stack: 'timer_list', setup_timer_on_stack: 'timer_list', setup_deferrable_timer_on_stack: 'timer_list',
  INIT_RCU_WORK: 'work_struct', DEFINE_WAIT_FUNC: '__wait_queue', kthread_init_work: 'kthread_work', init_kthread_work: 'kthread_work', INIT_WORK_ONSTACK: 'work_struct', INIT_DEFERRABLE_WORK: 'work_struct',
}));

/** The rows that store functions, found by slot. */
export class StoredFlows {
  private readonly flows = new Map<string, Map<string, number[]>>();
  private flowsGeneration = -1;
  private flowsKept = 0;
  private readonly positional = new Set<string>();
  private positionalGeneration = -1;
  /** Of macros that stand for initialisers: their uses by the struct they initialise. */
  private readonly uses = new Map<string, Map<string, RowRef[]>>();
  private usesGeneration = -1;
  /** Of members: the only struct that has a pointer of this name. */
  private readonly holders = new Map<string, string | null>();
  private holdersGeneration = -1;

  constructor(private readonly lookup: Lookup, private readonly types: Types) {}

  /** Forgets what was found of members, if it is much; what slots of any member lead to stays. */
  letGo(): void {
    if (this.flowsKept <= MOST_FLOWS) return;
    for (const member of [...this.flows.keys()]) if (!isBroad(member)) this.flows.delete(member);
    this.flowsKept = 0;
  }

  /** Structs that some list without designators fills. */
  filledByPosition(): ReadonlySet<string> {
    const { index } = this.lookup, ids = new Set<number>();
    if (this.positionalGeneration === index.generation) return this.positional;
    this.positionalGeneration = index.generation;
    for (const { data } of index.segments) {
      const { flows } = data.tables;
      for (let at = 0; at < flows.length; at += 7) if (flows[at] !== 0 && index.strings.bytes()[index.strings.startOf(flows[at])] === NUMBER_SIGN) ids.add(flows[at + 3]);
    }
    this.positional.clear();
    for (const id of ids) this.positional.add(index.strings.name(id));
    return this.positional;
  }

  /** The rows that store into a slot, in order. */
  into(slot: Slot): RowRef[] {
    if (this.flowsGeneration !== this.lookup.index.generation) { this.flows.clear(); this.flowsKept = 0; this.flowsGeneration = this.lookup.index.generation; }
    let groups = this.flows.get(slot.member);
    if (groups === undefined) {
      this.flows.set(slot.member, groups = this.groupFlows(slot.member));
      if (!isBroad(slot.member)) for (const group of groups.values()) this.flowsKept += group.length;
    }
    const { segments } = this.lookup.index;
    const own = groups.get(slot.struct) ?? NO_PLACES, any = groups.get('') ?? NO_PLACES;
    const places = any.length === 0 ? own : [...own, ...any].sort((a, b) => a - b);
    let k = 0, before = 0;
    return places.map((at): RowRef => {
      for (let rows = segments[k].data.tables.flows.length / 7; at - before >= rows; rows = segments[k].data.tables.flows.length / 7) { before += rows; k++; }
      const segment = segments[k], row = at - before;
      return { segment, file: segment.fileOf('flows', row), row, at: 7 * row, data: segment.data.tables.flows };
    });
  }

  /** All stores into members of one name, by struct: as row numbers counted over all segments. Under '' those that every struct may mean. */
  private groupFlows(member: string): Map<string, number[]> {
    const { index } = this.lookup, groups = new Map<string, number[]>();
    let last: Segment | null = null, before = 0, k = 0;
    this.lookup.each('flowsByMember', index.strings.find(member), (segment, file, row) => {
      if (segment !== last) {
        for (; index.segments[k] !== segment; k++) before += index.segments[k].data.tables.flows.length / 7;
        last = segment;
      }
      this.structsOf(segment, file, row, member, (struct) => {
        const group = groups.get(struct);
        if (group === undefined) groups.set(struct, [before + row]);
        else group.push(before + row);
      });
    });
    return groups;
  }

  /** The structs whose member a row stores into: as written, as resolved, and the one inside that holds the member. */
  private structsOf(segment: Segment, file: number, row: number, member: string, visit: (struct: string) => void): void {
    const { strings } = this.lookup.index, { flows } = segment.data.tables, left = strings.name(flows[7 * row + 3]);
    if (member === '' || member.startsWith('#')) { visit(left); return; } // tables, and lists without designators: as written
    if (left === MACRO_RESULT) { visit(''); return; }
    const { path } = segment.data.files[file], struct = this.leftStruct(segment, flows, 7 * row, left, path);
    if (left !== '') visit(left);
    if (struct === null) return;
    if (struct !== left) visit(struct);
    const holder = this.types.member(struct, member, path)?.struct ?? struct;
    if (holder !== struct && holder !== left) visit(holder);
  }

  /** The struct on the left of a flow. */
  leftStruct(segment: Segment, flows: Int32Array, at: number, left: string, path: string): string | null {
    const struct = this.types.struct(left, path);
    if (struct !== null) return struct;
    const { strings } = this.lookup.index, owner = flows[at + 2];
    if (owner < 0) return null;
    const known = KNOWN_STRUCT.get(strings.name(segment.data.tables.defs[4 * owner]));
    if (known !== undefined) return known;
    return left === '?' || left.startsWith('%') ? this.onlyHolder(strings.name(flows[at])) : null;
  }

  /** The struct told by the member alone: when only one has a function pointer of that name. */
  private onlyHolder(member: string): string | null {
    if (this.holdersGeneration !== this.lookup.index.generation) { this.holders.clear(); this.holdersGeneration = this.lookup.index.generation; }
    let only = this.holders.get(member);
    if (only === undefined) {
      const holders = this.types.membersNamed(member).filter((m) => this.types.isCallable(m));
      this.holders.set(member, only = holders.length === 1 ? holders[0].struct : null);
    }
    return only;
  }

  /** The calls or arguments of a macro that belong to variables of this struct. */
  usesFor(order: 'callsByName' | 'argsByCallee', macro: string, struct: string): readonly RowRef[] {
    if (this.usesGeneration !== this.lookup.index.generation) { this.uses.clear(); this.usesGeneration = this.lookup.index.generation; }
    const key = `${order}\n${macro}`;
    let groups = this.uses.get(key);
    if (groups === undefined) this.uses.set(key, groups = this.groupUses(order, macro));
    return groups.get(struct) ?? [];
  }

  private groupUses(order: 'callsByName' | 'argsByCallee', macro: string): Map<string, RowRef[]> {
    const groups = new Map<string, RowRef[]>(), { strings } = this.lookup.index;
    for (const r of this.lookup.rows(order, strings.find(macro))) {
      const row = r.data[r.at + 2], { defs } = r.segment.data.tables, kind = row < 0 ? 0 : infoKind(defs[4 * row + 2]);
      if (kind !== Kind.VARIABLE && kind !== Kind.LOCAL) continue;
      const type = strings.name(defs[4 * row + 3]), struct = this.types.struct(type, r.segment.data.files[r.file].path);
      for (const s of struct === null || struct === type ? [type] : [type, struct]) {
        const group = groups.get(s);
        if (group === undefined) groups.set(s, [r]);
        else group.push(r);
      }
    }
    return groups;
  }
}

/** Are these stores that other members' slots lead to: into tables, into lists without designators? */
function isBroad(member: string): boolean {
  return member === '' || member.startsWith('#');
}
