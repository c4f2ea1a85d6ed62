/** include/linux/percpu_counter.h: one number (DEVIATION: no per-CPU batching, so reads are always exact). */
export class percpu_counter { count = 0; }
export function percpu_counter_init(fbc: percpu_counter, amount: number): number { fbc.count = amount; return 0; }
export function percpu_counter_add(fbc: percpu_counter, amount: number): void { fbc.count += amount; }
export function __percpu_counter_add(fbc: percpu_counter, amount: number, _batch: number): void { fbc.count += amount; }
export function percpu_counter_inc(fbc: percpu_counter): void { fbc.count++; }
export function percpu_counter_dec(fbc: percpu_counter): void { fbc.count--; }
export function percpu_counter_read(fbc: percpu_counter): number { return fbc.count; }
export function percpu_counter_read_positive(fbc: percpu_counter): number { return fbc.count < 0 ? 0 : fbc.count; }
export function percpu_counter_sum_positive(fbc: percpu_counter): number { return fbc.count < 0 ? 0 : fbc.count; }
export function percpu_counter_destroy(_fbc: percpu_counter): void { /* garbage collected */ }
