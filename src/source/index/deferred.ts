/**
 * Work that one function asks for and another does later: softirqs, work items, timers, tasklets. The scanner notes who asks, and for what (ArgKind); here that meets
 * what was put there to do it. Chains of calls go through both (call-edges.ts); callers and callees do not: nothing is called.
 */
import { ArgKind } from './facts';
import type { Query } from './query';
import type { Candidate, Slot } from './slots';
import { hashName } from './words';

/** A function that asks for work: which argument is the object, and the pointer in it that will be called. */
interface Trigger { readonly index: number; readonly slot: Slot }

/** By the hash of the function's name. */
export const TRIGGERS = new Map<number, Trigger>();
for (const [names, index, struct, member] of [
  ['schedule_work schedule_delayed_work', 0, 'work_struct', 'func'],
  ['queue_work queue_delayed_work mod_delayed_work schedule_work_on schedule_delayed_work_on', 1, 'work_struct', 'func'],
  ['queue_work_on queue_delayed_work_on mod_delayed_work_on', 2, 'work_struct', 'func'],
  ['mod_timer mod_timer_pending mod_timer_pinned add_timer', 0, 'timer_list', 'function'],
  ['sk_reset_timer', 1, 'timer_list', 'function'],
  ['tasklet_schedule tasklet_hi_schedule', 0, 'tasklet_struct', 'func'],
] as const) for (const name of names.split(' ')) TRIGGERS.set(hashName(name), { index, slot: { struct, member } });

const OPEN = 'open_softirq';
const SOFTIRQ: Slot = { struct: 'softirq_action', member: 'action' };
/** Hashes of the names of functions whose argument is the number of a softirq. */
export const SOFTIRQ_NUMBERS = new Set([OPEN, 'raise_softirq', 'raise_softirq_irqoff', '__raise_softirq_irqoff'].map(hashName));

/** What an argument asks for: the pointer through which it will be called, and the name that tells it from others. */
export function askedFor(query: Query, args: Int32Array, at: number): { readonly slot: Slot; readonly later: string } {
  const { strings } = query.index, value = strings.name(args[at + 3]);
  if (args[at + 4] >>> 8 === ArgKind.CONSTANT) return { slot: SOFTIRQ, later: value };
  return { slot: TRIGGERS.get(hashName(strings.name(args[at])))?.slot ?? SOFTIRQ, later: value.slice(Math.max(value.lastIndexOf('.'), 0)).replace(/^[.$]/, '') };
}

/** Who does what is asked for, over the whole tree. Good for one generation of the index. */
export class Deferred {
  private softirqs: Map<number, Candidate[]> | null = null;
  private readonly objects = new Map<string, Map<string, Candidate[]>>();

  constructor(private readonly query: Query) {}

  /** Those who do what the argument at `at` asks for; none when it asks for nothing, or nobody is known. */
  doing(args: Int32Array, at: number, path: string): readonly Candidate[] {
    const { strings } = this.query.index;
    switch (args[at + 4] >>> 8) {
      case ArgKind.CONSTANT: return strings.name(args[at]) === OPEN ? [] : (this.softirqs ??= this.opened()).get(args[at + 3]) ?? [];
      case ArgKind.OBJECT: {
        const { slot } = askedFor(this.query, args, at), place = this.query.slots.placeOf(strings.name(args[at + 3]), path);
        if (place === null) return [];
        let known = this.objects.get(slot.struct);
        if (known === undefined) this.objects.set(slot.struct, known = this.query.slots.storedInPlace(slot));
        return known.get(place) ?? [];
      }
      default: return [];
    }
  }

  /** The functions of each softirq, by the name of its number. */
  private opened(): Map<number, Candidate[]> {
    const { strings } = this.query.index, found = new Map<number, Candidate[]>();
    for (const { data, at, segment, file } of this.query.lookup.rows('argsByCallee', strings.find(OPEN))) {
      const next = at + 5; // the function is the argument after the number
      if (data[at + 4] !== ArgKind.CONSTANT << 8 || data[next] !== data[at] || data[next + 1] !== data[at + 1] || data[next + 4] !== ((ArgKind.NAME << 8) | 1)) continue;
      const c: Candidate = { name: strings.name(data[next + 3]), path: segment.data.files[file].path, pos: data[at + 1], table: '', left: '', count: 1 }, known = found.get(data[at + 3]);
      if (known === undefined) found.set(data[at + 3], [c]);
      else known.push(c);
    }
    return found;
  }
}
