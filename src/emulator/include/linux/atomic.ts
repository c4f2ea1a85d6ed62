/** include/linux/atomic.h: one thread runs at a time, so plain arithmetic is atomic. */
export class atomic_t { counter: number; constructor(v = 0) { this.counter = v; } }
export { atomic_t as atomic_long_t };
export function ATOMIC_INIT(v: number): atomic_t { return new atomic_t(v); }
export function atomic_read(v: atomic_t): number { return v.counter; }
export function atomic_set(v: atomic_t, i: number): void { v.counter = i; }
export function atomic_add(i: number, v: atomic_t): void { v.counter += i; }
export function atomic_sub(i: number, v: atomic_t): void { v.counter -= i; }
export function atomic_inc(v: atomic_t): void { v.counter++; }
export function atomic_dec(v: atomic_t): void { v.counter--; }
export function atomic_dec_and_test(v: atomic_t): boolean { return --v.counter === 0; }
export function atomic_inc_return(v: atomic_t): number { return ++v.counter; }
export function atomic_dec_return(v: atomic_t): number { return --v.counter; }
export function atomic_add_return(i: number, v: atomic_t): number { return (v.counter += i); }
export function atomic_sub_return(i: number, v: atomic_t): number { return (v.counter -= i); }
export function atomic_sub_and_test(i: number, v: atomic_t): boolean { return (v.counter -= i) === 0; }
export function atomic_inc_not_zero(v: atomic_t): boolean { if (v.counter === 0) return false; v.counter++; return true; }
export function atomic_add_unless(v: atomic_t, a: number, u: number): boolean { if (v.counter === u) return false; v.counter += a; return true; }
export function atomic_cmpxchg(v: atomic_t, old: number, n: number): number { const was = v.counter; if (was === old) v.counter = n; return was; }
export function atomic_xchg(v: atomic_t, n: number): number { const was = v.counter; v.counter = n; return was; }
export { atomic_read as atomic_long_read, atomic_set as atomic_long_set, atomic_add as atomic_long_add, atomic_sub as atomic_long_sub, atomic_inc as atomic_long_inc, atomic_dec as atomic_long_dec, atomic_add_return as atomic_long_add_return };
