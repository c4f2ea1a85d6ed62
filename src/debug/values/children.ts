/** What stands below a value in the Variables view. Everything is lazy: an object's fields are read when it is opened. */
import { className, formatValue, isSkb, isSkbQueue, typeName } from './format';

/** A row of the Variables view, with how to open it. */
export interface Shown {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  /** C expression that names it; '' when it has none. */
  readonly path: string;
  /** Numbered children (for paging); 0 when they are named. */
  readonly indexed: number;
  /** Null: nothing below. `start` and `count` (0: all) page numbered children. */
  readonly open: ((start: number, count: number, asHex: boolean) => Shown[]) | null;
}

/** Queues longer than this are cut in the view, and say so. */
const MAX_WALK = 4096;

/** A row for a value: `name` under an object of class `owner`, written `path` in C. */
export function show(name: string, value: unknown, owner: string, path: string, asHex: boolean): Shown {
  const indexed = Array.isArray(value) || ArrayBuffer.isView(value) ? (value as Uint8Array).length : 0;
  const opens = typeof value === 'object' && value !== null && (indexed > 0 || !(Array.isArray(value) || ArrayBuffer.isView(value)));
  return { name, value: formatValue(value, name, owner, asHex), type: typeName(value), path, indexed, open: opens ? (start, count, h) => childrenOf(value as object, path, start, count, h) : null };
}

/** A row of our own making: a group, or a decoded field. */
export function group(name: string, value: string, children: () => Shown[]): Shown {
  return { name, value, type: '', path: '', indexed: 0, open: (start, count) => page(children(), start, count) };
}

/** A decoded field without children. */
export function leaf(name: string, value: string, path = ''): Shown {
  return { name, value, type: '', path, indexed: 0, open: null };
}

function page<T>(rows: T[], start: number, count: number): T[] {
  return count > 0 ? rows.slice(start, start + count) : rows.slice(start);
}

function elements(list: ArrayLike<unknown>, path: string, start: number, count: number, asHex: boolean): Shown[] {
  const end = count > 0 ? Math.min(list.length, start + count) : list.length, out: Shown[] = [];
  for (let i = start; i < end; i++) out.push(show(`[${i}]`, list[i], '', path && `${path}[${i}]`, asHex));
  return out;
}

/** Buffers of a queue in order; stops at the head, at null, and at MAX_WALK. */
export function queueEntries(head: Record<string, unknown>): unknown[] {
  const out: unknown[] = [];
  for (let at = head.next as Record<string, unknown> | null; at && at !== head && out.length < MAX_WALK; at = at.next as Record<string, unknown> | null) out.push(at);
  return out;
}

/** Accessors of a class that is a view over bytes (a packet header): those are its fields. */
function viewFields(value: object): string[] {
  const out: string[] = [];
  for (let proto = Object.getPrototypeOf(value) as object | null; proto && proto !== Object.prototype; proto = Object.getPrototypeOf(proto) as object | null) {
    for (const [name, d] of Object.entries(Object.getOwnPropertyDescriptors(proto))) if (d.get && !out.includes(name)) out.push(name);
  }
  return out;
}

/** A field's value; a getter of the emulated kernel that throws shows as what it says. */
export function read(value: object, name: string): unknown {
  try {
    return (value as Record<string, unknown>)[name];
  } catch (error) {
    return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Names of the fields of an object, in the order of its declaration. */
export function fieldNames(value: object): string[] {
  const own = Object.keys(value);
  const isView = own.length <= 3 && own.some((k) => read(value, k) instanceof Uint8Array);
  return isView ? [...viewFields(value), ...own] : own;
}

/** A buffer's control block (cb[48]) is a field for each protocol here: those that nobody has put anything in are no fields of the kernel's. */
function isOtherView(value: object, name: string): boolean {
  return name.startsWith('cb_') && isSkb(value) && read(value, name) === null;
}

function childrenOf(value: object, path: string, start: number, count: number, asHex: boolean): Shown[] {
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return elements(value as unknown as ArrayLike<unknown>, path, start, count, asHex);
  if (value instanceof Map) return page([...value].map(([k, v]) => show(typeof k === 'object' ? formatValue(k, '', '', asHex) : String(k), v, '', '', asHex)), start, count);
  if (value instanceof Set) return page([...value].map((v, i) => show(`[${i}]`, v, '', '', asHex)), start, count);
  const owner = className(value);
  const rows = fieldNames(value).filter((name) => !isOtherView(value, name)).map((name) => show(name, read(value, name), owner, path && `${path}->${name}`, asHex));
  if (isSkbQueue(value)) rows.unshift(...queueEntries(value).map((entry, i) => show(`[${i}]`, entry, '', '', asHex)));
  return page(rows, start, count);
}
