/** include/linux/random.h: everything comes from the scenario's seed. */
import { current } from '../ports';
export function get_random_int(): number { return current.machine.random(); }
export function prandom_u32(): number { return current.machine.random(); }
export function net_random(): number { return current.machine.random(); }
export function random32(): number { return current.machine.random(); }
/** Fills `bytes`. */
export function get_random_bytes(bytes: Uint8Array): void { for (let i = 0; i < bytes.length; i++) bytes[i] = current.machine.random() & 0xff; }
export function net_get_random_once(_p: unknown): void { /* keys are made at boot */ }
