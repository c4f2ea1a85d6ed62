/** Setting a field of the emulated kernel: what the user wrote, as a value that fits there. */
import { fail, ok, type Result } from '../../base/result';
import { evaluateExpression, type Evaluated, type Lookup } from './expression';
import { className, formatValue } from './format';

/** A field that can be set, and to what. `object` holds it. */
export interface Assignment { readonly object: object; readonly was: string; readonly now: string; /** Sets it. */ readonly write: () => void }

/** Splits `tp->snd_cwnd = 2`; null for anything that is no assignment. */
export function splitAssignment(text: string): { readonly expression: string; readonly value: string } | null {
  const m = /^(.+?)(?<![=!<>])=(?!=)(.+)$/s.exec(text.trim());
  return m ? { expression: m[1].trim(), value: m[2].trim() } : null;
}

/** Values as the view shows them are taken back as they stand there: `10.0.0.1`, `TCP_ESTABLISHED (1)`. */
function written(text: string): string {
  const plain = text.trim().replace(/^(\w+) \((?:0x)?[0-9a-f]+\)$/i, '$1'), ip = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(plain);
  return ip && ip.slice(1).every((n) => Number(n) < 256) ? String(ip.slice(1).reduce((sum, n) => sum * 256 + Number(n), 0)) : plain;
}

function isWritable(object: object, key: string): boolean {
  for (let at: object | null = object; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const d = Object.getOwnPropertyDescriptor(at, key);
    if (d) return d.set !== undefined || d.writable === true;
  }
  return false;
}

/** What the field would hold: a number stays one, a flag a flag, and a pointer leads to NULL or to another object of its kind. */
function fitting(old: unknown, value: unknown, expression: string): Result<unknown> {
  if (typeof old === 'function' || typeof old === 'string') return fail('not-settable', `${expression} is no number, flag or pointer to an object; only those can be set.`);
  const isPointer = old === null || old === undefined || typeof old === 'object';
  if (isPointer && (value === null || value === 0)) return ok(null);
  if (isPointer) {
    const fits = typeof value === 'object' && value !== null && (old === null || old === undefined || className(old) === className(value));
    return fits ? ok(value) : fail('not-settable', `${expression} is a pointer: it can be set to NULL or to another ${className(old) ? `struct ${className(old)}` : 'object'}.`);
  }
  const number = typeof value === 'boolean' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) return fail('not-settable', `${expression} is a number: set it to a number or an expression that gives one.`);
  return ok(typeof old === 'boolean' ? number !== 0 : number);
}

/** Where a value is kept; of atomic_t and its like the number is meant. Undefined for what is worked out. */
export function placeOf({ value, place }: Evaluated): Evaluated['place'] {
  return typeof value === 'object' && value !== null && typeof (value as { counter?: unknown }).counter === 'number' ? { object: value, key: 'counter' } : place;
}

/** Finds the field that `expression` names, and the value that `text` stands for; both as seen from `lookup`'s frame. Nothing is set before `write`. */
export function assignment(expression: string, text: string, lookup: Lookup): Result<Assignment> {
  const left = evaluateExpression(expression, lookup);
  if (!left.ok) return left;
  const right = evaluateExpression(written(text), lookup);
  if (!right.ok) return right;
  const place = placeOf(left.value);
  if (!place) return fail('not-settable', `${expression} is no field: only what a pointer leads to can be set (skb->len, not len).`);
  const { object, key } = place, old = (object as Record<string, unknown>)[key];
  if (!isWritable(object, key)) return fail('not-settable', `${expression} cannot be set: it is worked out from other fields.`);
  const value = fitting(old, right.value.value, expression);
  if (!value.ok) return value;
  const shown = (v: unknown): string => formatValue(v, left.value.name, left.value.owner, false);
  return ok({ object, was: shown(old), now: shown(value.value), write: () => { (object as Record<string, unknown>)[key] = value.value; } });
}
