/** include/linux/highmem.h: every page is mapped. */
import type { page } from './mm';
export function kmap(p: page): Uint8Array { return p.data; }
export function kunmap(_p: page): void { /* nothing to unmap */ }
export function kmap_atomic(p: page): Uint8Array { return p.data; }
export function kunmap_atomic(_vaddr: Uint8Array): void { /* nothing to unmap */ }
