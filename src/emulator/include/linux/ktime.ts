/** include/linux/ktime.h: virtual nanoseconds as plain numbers. */
import { current } from '../ports';

/** 2026-01-01 in ns would not fit a double exactly; wall time starts here and runs with the virtual clock. */
export const WALL_EPOCH_NS = 1_000_000_000_000_000;
export const KTIME_MAX = Number.MAX_SAFE_INTEGER;
export function ktime_get(): number { return current.cpu.clock; }
export function ktime_get_ns(): number { return current.cpu.clock; }
export function ktime_get_real(): number { return WALL_EPOCH_NS + current.cpu.clock; }
export function ktime_add_ns(k: number, ns: number): number { return k + ns; }
export function ktime_sub(a: number, b: number): number { return a - b; }
export function ktime_add(a: number, b: number): number { return a + b; }
export function ktime_to_ns(k: number): number { return k; }
export function ns_to_ktime(ns: number): number { return ns; }
export function ktime_to_us(k: number): number { return Math.floor(k / 1000); }
export function ktime_us_delta(a: number, b: number): number { return Math.floor((a - b) / 1000); }
export function ktime_set(sec: number, ns: number): number { return sec * 1_000_000_000 + ns; }
/** Scheduler clock of this CPU, ns. */
export function local_clock(): number { return current.cpu.clock; }
export function get_seconds(): number { return Math.floor(ktime_get_real() / 1_000_000_000); }
export function ktime_equal(a: number, b: number): boolean { return a === b; }
