/** include/linux/mm.h, mm_types.h: pages as far as packets need them. */
import { atomic_t } from './atomic';

export const PAGE_SHIFT = 12;
export const PAGE_SIZE = 4096;
export const L1_CACHE_BYTES = 64;
export const SMP_CACHE_BYTES = L1_CACHE_BYTES;
export const NUMA_NO_NODE = -1;

/** One page, or a compound of 2^order pages with one reference count. */
export class page {
  readonly data: Uint8Array;
  readonly order: number;
  readonly _count = new atomic_t(1);
  pfmemalloc = false;
  constructor(order: number) { this.order = order; this.data = new Uint8Array(PAGE_SIZE << order); }
}

/** A part of a page under allocation (struct page_frag). */
export class page_frag { page: page = null; offset = 0; size = 0; }

export function alloc_pages(_gfp: number, order: number): page { return new page(order); }
export function alloc_page(gfp: number): page { return alloc_pages(gfp, 0); }
export function get_page(p: page): void { p._count.counter++; }
export function put_page(p: page): void { p._count.counter--; }
export function __free_page(p: page): void { p._count.counter--; }
export function page_count(p: page): number { return p._count.counter; }
export function page_to_nid(_p: page): number { return 0; }
export function numa_node_id(): number { return 0; }
export function page_address(p: page): Uint8Array { return p.data; }
export function get_order(size: number): number { let order = 0; while ((PAGE_SIZE << order) < size) order++; return order; }
/** Size that the slab allocator really gives for a request (kmalloc caches up to a page, then powers of two). */
export function ksize_of(size: number): number {
  if (size <= 96 && size > 64) return 96;
  if (size <= 192 && size > 128) return 192;
  let s = 8;
  while (s < size) s <<= 1;
  return s;
}
