/** The objects at a step: scopes, variables and watches of one run. Handles are good until another step is looked at. */
import type { Result } from '../base/result';
import { fail, ok } from '../base/result';
import type { AssignTarget, ScopeRow, VariableRow, WatchPlace } from '../protocol/engine';
import type { FieldChange, FindField } from '../scenario/watch';
import type { Evaluate } from './breakpoints';
import { assignment, placeOf, type Assignment } from './values/assign';
import { show, type Shown } from './values/children';
import { evaluateExpression } from './values/expression';
import { className, formatValue, typeName } from './values/format';
import { scopesOf, type FrameLocals } from './values/scopes';

/** Re-execution to a step: the locals of the frames there, innermost first, and the running host. `park` uses idle time to make the next one cheap. */
export interface InspectorPort {
  inspect(step: number): { readonly frames: readonly FrameLocals[]; readonly host?: unknown; readonly counters?: () => Readonly<Record<string, string>> };
  /** Prepares one more inspection; false when there is nothing left to prepare. */
  park?(): boolean;
  /** When the field that `find` finds at a step changes, in the whole trace: `ordinal` is the step before which the change was found. Null when it is not there. */
  watch?(step: number, find: FindField): readonly FieldChange[] | null;
}

/** Variable handles start here: a client takes 0 for "nothing below". */
const FIRST_HANDLE = 1000;

/** Looks at one step at a time; the last one is kept. */
export class Inspection {
  private snapshot: (ReturnType<InspectorPort['inspect']> & { readonly step: number }) | null = null;
  private readonly handles = new Map<number, { readonly open: NonNullable<Shown['open']>; readonly frame: number }>();
  private nextHandle = FIRST_HANDLE;

  constructor(private readonly inspector: InspectorPort) {}

  private at(step: number): ReturnType<InspectorPort['inspect']> {
    if (this.snapshot?.step !== step) {
      this.handles.clear();
      this.snapshot = { ...this.inspector.inspect(step), step };
    }
    return this.snapshot;
  }

  /** The locals of a frame and its callers at a step, innermost first; empty for a frame of another context. */
  private framesFrom(step: number, frame: number): readonly FrameLocals[] {
    const { frames } = this.at(step), at = frames.findIndex((f) => f.frame === frame);
    return at < 0 ? [] : frames.slice(at);
  }

  private handle(open: Shown['open'], frame: number): number {
    if (!open) return 0;
    const id = this.nextHandle++;
    this.handles.set(id, { open, frame });
    return id;
  }

  private row(shown: Shown, frame: number): VariableRow {
    return { name: shown.name, value: shown.value, type: shown.type, handle: this.handle(shown.open, frame), path: shown.path, indexed: shown.indexed };
  }

  /** Scopes of a frame (its trace id) at a step. */
  scopes(step: number, frame: number): readonly ScopeRow[] {
    const frames = this.framesFrom(step, frame);
    if (frames.length === 0) return [];
    return scopesOf(frames, this.snapshot?.host, false, this.snapshot?.counters).map((scope) => ({
      name: scope.name, expensive: scope.name === 'Host', children: 0,
      handle: this.handle((start, count) => { const rows = scope.rows(); return count > 0 ? rows.slice(start, start + count) : rows.slice(start); }, frame),
    }));
  }

  /** What stands below a handle; nothing for one of an earlier step (a slow view asks anew). */
  variables(handle: number, start: number, count: number, hex: boolean): readonly VariableRow[] {
    const at = this.handles.get(handle);
    return at ? at.open(start, count, hex).map((row) => this.row(row, at.frame)) : [];
  }

  /** A watch expression; `frame` -1 means the innermost one. */
  evaluate(expression: string, step: number, frame: number, hex: boolean): Result<VariableRow> {
    const frames = frame < 0 ? this.at(step).frames : this.framesFrom(step, frame), found = evaluateExpression(expression, lookupIn(frames));
    if (!found.ok) return found;
    const { value, name, owner } = found.value;
    return ok({ ...this.row(show(name, value, owner, expression, hex), frame), name: expression, type: typeName(value) });
  }

  /** What setting a value would do; nothing is set here. `depth`: how many calls out its frame is. */
  assign(target: AssignTarget, value: string, step: number): Result<{ readonly expression: string; readonly depth: number; readonly was: string; readonly now: string }> {
    const named = this.seenFrom(target, step);
    if (!named.ok) return named;
    const { expression, depth } = named.value, { frames } = this.at(step);
    const at = (all: readonly FrameLocals[]): Result<Assignment> => assignment(expression, value, lookupIn(all.slice(depth)));
    const here = at(frames);
    if (!here.ok) return here;
    // Tables of functions are part of the model's code, the same in every run: a change of one would stay.
    const twin = at(this.inspector.inspect(step).frames);
    if (twin.ok && twin.value.object === here.value.object) return fail('not-settable', `${expression} is a constant of the kernel's code and cannot be set.`);
    return ok({ expression, depth, was: here.value.was, now: here.value.now });
  }

  /** What a row or an expression is called as seen from how many calls out, so that it is found again in another run. */
  locate(target: AssignTarget, step: number): Result<{ readonly expression: string; readonly depth: number }> {
    const named = this.seenFrom(target, step);
    if (!named.ok) return named;
    const { expression, depth } = named.value, found = evaluateExpression(expression, lookupIn(this.at(step).frames.slice(depth)));
    if (!found.ok) return found;
    return placeOf(found.value) ? ok({ expression, depth }) : fail('not-settable', `${expression} is no field: only what a pointer leads to can be watched (skb->len, not len).`);
  }

  /** Every change of a field in the run; `key` is the field's name. */
  watch({ expression, depth, step }: WatchPlace): Result<{ readonly key: string; readonly changes: readonly { readonly ordinal: number; readonly was: string; readonly now: string }[] }> {
    let key = '', owner = '';
    const changes = this.inspector.watch?.(step, (frames) => {
      const found = evaluateExpression(expression, lookupIn(frames.slice(depth).map((locals) => ({ locals })))), place = found.ok ? placeOf(found.value) : undefined;
      if (!place) return null;
      [key, owner] = [place.key, className(place.object)];
      return place;
    });
    // The other run has another snapshot's objects in place.
    this.snapshot = null;
    if (!changes) return fail('not-settable', `${expression} is not there at step ${step + 1} of this run.`);
    return ok({ key, changes: changes.map(({ ordinal, was, now }) => ({ ordinal, was: formatValue(was, key, owner, false), now: formatValue(now, key, owner, false) })) });
  }

  private seenFrom(target: AssignTarget, step: number): Result<{ readonly expression: string; readonly depth: number }> {
    const named = this.named(target);
    if (!named.ok) return named;
    const { expression, frame } = named.value, depth = frame < 0 ? 0 : this.at(step).frames.findIndex((f) => f.frame === frame);
    return depth < 0 ? fail('moved-on', 'This frame is not at the current step any more. Choose the value again.') : ok({ expression, depth });
  }

  private named(target: AssignTarget): Result<{ readonly expression: string; readonly frame: number }> {
    if ('expression' in target) return ok(target);
    const at = this.handles.get(target.handle), expression = at?.open(0, 0, false).find((row) => row.name === target.name)?.path;
    if (!at || expression === undefined) return fail('moved-on', 'The session has moved on. Choose the value again.');
    return expression === '' ? fail('not-settable', `${target.name} has no name in C here. Open the object that it belongs to, and set it there.`) : ok({ expression, frame: at.frame });
  }

  /** Conditions and log points: the innermost frame's view. */
  readonly condition: Evaluate = (expression, step) => {
    const result = evaluateExpression(expression, lookupIn(this.at(step).frames));
    if (!result.ok) return { ok: false, why: result.error.message };
    return { ok: true, value: result.value.value, shown: formatValue(result.value.value, result.value.name, result.value.owner, false) };
  };

  /** Uses idle time; false when there is nothing to do. */
  park(): boolean { return this.inspector.park?.() ?? false; }
}

/** Names as the innermost frame sees them; what it has not, its callers may have. */
export function lookupIn(frames: readonly Pick<FrameLocals, 'locals'>[]): (name: string) => unknown {
  return (name) => frames.find(({ locals }) => Object.hasOwn(locals, name) && locals[name] !== undefined)?.locals[name];
}
