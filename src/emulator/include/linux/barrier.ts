/** Memory barriers, prefetches and the sequence counters of 64-bit statistics: one thread runs at a time, so they only mark places. */
export function smp_mb(): void { /* ordered already */ }
export { smp_mb as mb, smp_mb as rmb, smp_mb as wmb, smp_mb as mmiowb, smp_mb as smp_rmb, smp_mb as smp_wmb, smp_mb as read_barrier_depends, smp_mb as smp_mb__before_clear_bit, smp_mb as smp_mb__after_clear_bit };
export function prefetch(_at: unknown): void { /* no cache */ }
export { prefetch as prefetchw };
export function u64_stats_update_begin(_syncp: unknown): void { /* no reader in between */ }
export { u64_stats_update_begin as u64_stats_update_end };
export function u64_stats_fetch_begin_bh(_syncp: unknown): number { return 0; }
export function u64_stats_fetch_retry_bh(_syncp: unknown, _start: number): boolean { return false; }
