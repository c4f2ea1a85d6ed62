/** include/linux/bitops.h over a one-field flag word `{ v }` or plain numbers. */
export interface Flags { v: number }
export function set_bit(nr: number, addr: Flags): void { addr.v |= 1 << nr; }
export function __set_bit(nr: number, addr: Flags): void { addr.v |= 1 << nr; }
export function clear_bit(nr: number, addr: Flags): void { addr.v &= ~(1 << nr); }
export function __clear_bit(nr: number, addr: Flags): void { addr.v &= ~(1 << nr); }
export function test_bit(nr: number, addr: Flags): boolean { return (addr.v & (1 << nr)) !== 0; }
export function test_and_set_bit(nr: number, addr: Flags): boolean { const was = test_bit(nr, addr); addr.v |= 1 << nr; return was; }
export function __test_and_set_bit(nr: number, addr: Flags): boolean { return test_and_set_bit(nr, addr); }
export function test_and_clear_bit(nr: number, addr: Flags): boolean { const was = test_bit(nr, addr); addr.v &= ~(1 << nr); return was; }
/** Position of the highest set bit, from 1; 0 for 0. */
export function fls(x: number): number { return 32 - Math.clz32(x); }
/** Position of the lowest set bit, from 0. `x` is not 0. */
export function __ffs(x: number): number { return 31 - Math.clz32(x & -x); }
export function ffs(x: number): number { return x === 0 ? 0 : __ffs(x) + 1; }
export function ilog2(x: number): number { return 31 - Math.clz32(x); }
export function hweight32(x: number): number { let n = 0; for (let v = x >>> 0; v; v &= v - 1) n++; return n; }
export function roundup_pow_of_two(x: number): number { return x <= 1 ? 1 : 1 << fls(x - 1); }
export function rol32(word: number, shift: number): number { return ((word << shift) | (word >>> (32 - shift))) >>> 0; }
export function ror32(word: number, shift: number): number { return ((word >>> shift) | (word << (32 - shift))) >>> 0; }
