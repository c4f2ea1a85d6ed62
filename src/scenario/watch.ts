/** When a field of one object changes in a run: the run is made again, and the field looked at before every step. */
import { current } from '../emulator/include/ports';
import { localsOnStack, type FramesLocals } from './interventions';

/** A field: the object that holds it, and its name there. */
export interface Field { readonly object: object; readonly key: string }
/** Finds the field from the locals on the stack, innermost first; null when it is not there. */
export type FindField = (frames: FramesLocals) => Field | null;
/** One change: found before the statement of step `ordinal` took place, so made by the one before it. */
export interface FieldChange { readonly ordinal: number; readonly was: unknown; readonly now: unknown }

/** Objects of a class that are followed at once. Beyond, the one that was in no local for the longest time is let go: a buffer that was freed long ago. */
const MOST = 512;

interface Seen { last: unknown; readonly changes: FieldChange[] }

/**
 * Follows one field. Which of its class's objects is meant is known at step `at` only, since each run makes its objects anew: up to there all of them
 * that some function had in a local are followed, from then on that one.
 */
export class FieldWatch {
  private readonly seen = new Map<object, Seen>();
  private target: Seen | null = null;

  /** `like`: the same field of the same object in another run. */
  constructor(private readonly at: number, private readonly like: Field, private readonly find: FindField) {}

  get changes(): readonly FieldChange[] { return this.target?.changes ?? []; }

  /** Looks, before a step takes place. */
  look(): void {
    const { steps } = current.probe, { key } = this.like;
    if (this.target === null) this.meet();
    for (const [object, seen] of this.seen) {
      const now = (object as Record<string, unknown>)[key];
      if (now === seen.last) continue;
      seen.changes.push({ ordinal: steps, was: seen.last, now });
      seen.last = now;
    }
    if (steps !== this.at) return;
    const { object } = this.find(localsOnStack())!;
    this.target = this.seen.get(object) ?? this.follow(object);
    for (const other of this.seen.keys()) if (other !== object) this.seen.delete(other);
  }

  private follow(object: object): Seen {
    const seen = { last: (object as Record<string, unknown>)[this.like.key], changes: [] };
    this.seen.set(object, seen);
    return seen;
  }

  /** Could it be the one that is meant? Of buffers those of the same packet. */
  private isAlike(object: object): boolean {
    const { object: like } = this.like;
    return object.constructor === like.constructor && (object as { pkt?: number }).pkt === (like as { pkt?: number }).pkt;
  }

  /** Puts an object last among those to be let go. */
  private touch(object: object): void {
    const seen = this.seen.get(object);
    if (!seen) {
      if (this.seen.size >= MOST) this.seen.delete(this.seen.keys().next().value!);
      this.follow(object);
    } else if (this.seen.size >= MOST / 2) {
      this.seen.delete(object);
      this.seen.set(object, seen);
    }
  }

  /** Takes up what the innermost function has in its locals, and what hangs on them as a socket does. */
  private meet(): void {
    const { stack } = current, locals = stack.locals[stack.depth - 1]?.();
    for (const value of Object.values(locals ?? {})) {
      if (typeof value !== 'object' || value === null) continue;
      const { sk } = value as { sk?: unknown };
      for (const object of [value, sk]) if (typeof object === 'object' && object !== null && this.isAlike(object)) this.touch(object);
    }
  }
}
