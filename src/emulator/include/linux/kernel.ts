/** include/linux/kernel.h: arithmetic helpers. */
export function min(a: number, b: number): number { return a < b ? a : b; }
export function max(a: number, b: number): number { return a > b ? a : b; }
export function min3(a: number, b: number, c: number): number { return min(min(a, b), c); }
export function clamp(x: number, lo: number, hi: number): number { return x < lo ? lo : x > hi ? hi : x; }
export function DIV_ROUND_UP(n: number, d: number): number { return Math.floor((n + d - 1) / d); }
export function roundup(x: number, y: number): number { return Math.floor((x + y - 1) / y) * y; }
export function rounddown(x: number, y: number): number { return x - (x % y); }
/** `a` is a power of two. */
export function ALIGN(x: number, a: number): number { return (x + a - 1) & ~(a - 1); }
export function abs(x: number): number { return x < 0 ? -x : x; }
/** Scales 32-bit `val` to [0, ep_ro) as the kernel's later helper of that name does. */
export function reciprocal_scale(val: number, ep_ro: number): number { return Math.floor(((val >>> 0) * ep_ro) / 0x100000000); }
export function int_sqrt(x: number): number { return Math.floor(Math.sqrt(x)); }
export const INT_MAX = 0x7fffffff;
export const UINT_MAX = 0xffffffff;
export const USHRT_MAX = 0xffff;
export const LONG_MAX = Number.MAX_SAFE_INTEGER;
export const MAX_SCHEDULE_TIMEOUT = LONG_MAX;
export { might_sleep } from '../../kernel/sched/core';
