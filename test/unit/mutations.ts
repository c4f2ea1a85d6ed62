/** Changes to scenario files, as a slip of the hand or a stranger's generator would make them. */
import fc from 'fast-check';

type Path = readonly (string | number)[];
type Json = any;

/** Every place of a value, outermost first. */
function places(value: Json, at: Path = []): Path[] {
  const inner = Array.isArray(value) ? value.map((v, i) => [i, v] as const) : value !== null && typeof value === 'object' ? Object.entries(value) : [];
  return [at, ...inner.flatMap(([key, v]) => places(v, [...at, key]))];
}
const get = (root: Json, at: Path): Json => at.reduce((value, key) => value[key], root);
/** Numbers that JSON can write and JSON.stringify cannot. */
const RAW = ['1e400', '-1e400', '1e-400', '-0', '9007199254740993', '18446744073709551616', 'NaN', 'Infinity', '0x10', '1_000', '01'];
const VALUES = fc.oneof(
  fc.constantFrom<Json>(0, 1, -1, 0.5, 2, 3, 7, 64, 255, 65535, 65536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53, 1e300, true, false, null, '', ' ', [], {}, [[]], 'eth0', 'a', 'b', 'a.eth0', '10.0.0.1', '10.0.0.1/24', '0.0.0.0', '255.255.255.255', '0.0.0.0/0', '224.0.0.1', '1ns', '0s', '999999999s', '0.0001bit', '-1ms', 'default', 'lo', '__proto__', 'constructor'),
  fc.integer(), fc.double({ noNaN: true }), fc.string({ maxLength: 8 }), fc.constantFrom(...RAW).map((raw) => `@raw@${raw}`), fc.integer({ min: 1, max: 2000 }).map((n) => 'x'.repeat(n)),
);
export type Change = { readonly kind: 'set' | 'tweak' | 'delete' | 'double' | 'swap' | 'add' | 'empty' | 'move'; readonly at: number; readonly other: number; readonly value: Json };
export const change: fc.Arbitrary<Change> = fc.record({ kind: fc.constantFrom('tweak', 'tweak', 'tweak', 'tweak', 'tweak', 'tweak', 'set', 'delete', 'double', 'swap', 'add', 'empty', 'move'), at: fc.nat(100_000), other: fc.nat(100_000), value: VALUES });

/** Another value of the same kind: what a schema cannot refuse. */
function tweaked(root: Json, all: readonly Path[], key: string | number, old: Json, other: number): Json {
  if (typeof old === 'boolean') return !old;
  if (typeof old === 'number') return [0, 1, old + 1, old - 1, old * 2, old * 1000, Math.floor(old / 2), 65535, 10_000_000][other % 9];
  if (typeof old !== 'string') return old;
  const timed = /^([0-9.]+)([a-z]+)$/.exec(old);
  if (timed) return `${[0, 1, 0.001, Number(timed[1]) * 1000, 7777][other % 5]}${timed[2]}`;
  const alike = all.filter((at) => at.at(-1) === key).map((at) => get(root, at)).filter((v) => typeof v === 'string');
  return alike[other % alike.length];
}

/** Changes `root` in one place; what does not fit there is left out. */
export function apply(root: Json, { kind, at, other, value }: Change): void {
  const all = places(root), path = all[at % all.length], key = path.at(-1);
  if (key === undefined) return;
  const holder = get(root, path.slice(0, -1)), old = holder[key], second = all[other % all.length], secondKey = second.at(-1);
  if (kind === 'set') holder[key] = value;
  else if (kind === 'tweak') holder[key] = tweaked(root, all, key, old, other);
  else if (kind === 'delete') { if (Array.isArray(holder)) holder.splice(Number(key), 1); else delete holder[key]; }
  else if (kind === 'double' && Array.isArray(holder)) holder.splice(Number(key), 0, structuredClone(old));
  else if (kind === 'add' && old !== null && typeof old === 'object' && !Array.isArray(old)) old[String(value).slice(0, 20)] = value;
  else if (kind === 'empty') holder[key] = Array.isArray(old) ? [] : typeof old === 'object' ? {} : typeof old === 'number' ? 0 : '';
  else if (kind === 'swap' && Array.isArray(holder) && holder.length > 1) { const to = other % holder.length; holder[Number(key)] = holder[to]; holder[to] = old; }
  else if (kind === 'move' && secondKey !== undefined) get(root, second.slice(0, -1))[secondKey] = structuredClone(old);
}

/** Enough for every built-in's own programs; an odd run is stopped there. */
export const LIMITS = { steps: 400_000, time: '100s' };

/** The text of a scenario file that stops soon. */
export function textOf(root: Json): string {
  if (root.limits === undefined) root.limits = LIMITS;
  return JSON.stringify(root, null, 1).replace(/"@raw@([^"]*)"/g, '$1');
}
