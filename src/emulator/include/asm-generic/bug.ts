/** include/asm-generic/bug.h. A BUG in the emulated kernel ends the run with its reason; a WARN goes to the run's log. */
import { current } from '../ports';

export class KernelBug extends Error { override name = 'KernelBug'; }
export function BUG(): never { throw new KernelBug('BUG() in the emulated kernel'); }
export function BUG_ON(condition: unknown): void { if (condition) throw new KernelBug('BUG_ON() in the emulated kernel'); }
export function WARN_ON(condition: unknown): boolean { if (condition) current.machine.log('WARN_ON'); return !!condition; }
export function WARN_ON_ONCE(condition: unknown): boolean { return WARN_ON(condition); }
export function WARN(condition: unknown, text: string): boolean { if (condition) current.machine.log('WARN: ' + text); return !!condition; }
export function BUILD_BUG_ON(_condition: unknown): void { /* checked by the compiler there */ }
