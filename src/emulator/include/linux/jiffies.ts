/** include/linux/jiffies.h. */
import { current } from '../ports';

export const HZ = 250;
/** Nanoseconds in a tick. */
export const TICK_NSEC = 4_000_000;
/** The kernel starts jiffies five minutes before a 32-bit wrap; we start here (DEVIATION: jiffies is a number that never wraps). */
export const INITIAL_JIFFIES = 0xfffedb08;

/** Ticks since boot on this host, never going back. */
export function jiffies(): number {
  const host = current.host;
  const now = INITIAL_JIFFIES + Math.floor(current.cpu.clock / TICK_NSEC);
  if (now > host.jiffies) host.jiffies = now;
  return host.jiffies;
}
export function time_after(a: number, b: number): boolean { return a > b; }
export function time_before(a: number, b: number): boolean { return a < b; }
export function time_after_eq(a: number, b: number): boolean { return a >= b; }
export function time_before_eq(a: number, b: number): boolean { return a <= b; }
export function time_in_range(a: number, b: number, c: number): boolean { return a >= b && a <= c; }
export function time_is_after_jiffies(a: number): boolean { return time_before(jiffies(), a); }
export function msecs_to_jiffies(m: number): number { return Math.ceil((m * HZ) / 1000); }
export function jiffies_to_msecs(j: number): number { return Math.floor((j * 1000) / HZ); }
export function usecs_to_jiffies(u: number): number { return Math.ceil((u * HZ) / 1_000_000); }
export function jiffies_to_usecs(j: number): number { return j * (1_000_000 / HZ); }
export function jiffies_to_clock_t(j: number): number { return Math.floor((j * 100) / HZ); }
export function nsecs_to_jiffies(n: number): number { return Math.floor(n / TICK_NSEC); }

declare module '../ports' { interface Host { jiffies: number } }
export function jiffies_globals(host: import('../ports').Host): void { host.jiffies = INITIAL_JIFFIES; }
