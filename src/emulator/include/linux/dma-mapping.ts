/** include/linux/dma-mapping.h: a device reaches memory directly; a mapping names a buffer and the place in it. */
import type { DmaAddress, Host } from '../ports';
import { current } from '../ports';
import type { device } from './device';
import type { page } from './mm';

export const DMA_BIDIRECTIONAL = 0;
export const DMA_TO_DEVICE = 1;
export const DMA_FROM_DEVICE = 2;
/** Virtual time that one mapping costs, ns. */
const MAP_COST = 40;

export class dma_addr implements DmaAddress {
  readonly data: Uint8Array;
  readonly offset: number;
  constructor(data: Uint8Array, offset: number) { this.data = data; this.offset = offset; }
}
/** A place `bytes` behind another. */
export function dma_add(dma: DmaAddress, bytes: number): DmaAddress { return new dma_addr(dma.data, dma.offset + bytes); }

export function dma_map_single(_dev: device, head: Uint8Array, offset: number, _size: number, _dir: number): DmaAddress { current.machine.spend(MAP_COST); return new dma_addr(head, offset); }
export function dma_map_page(_dev: device, page: page, offset: number, _size: number, _dir: number): DmaAddress { current.machine.spend(MAP_COST); return new dma_addr(page.data, offset); }
export function dma_unmap_single(_dev: device, _dma: DmaAddress, _size: number, _dir: number): void { /* nothing to undo */ }
export function dma_unmap_page(_dev: device, _dma: DmaAddress, _size: number, _dir: number): void { /* nothing to undo */ }
export function dma_mapping_error(_dev: device, dma: DmaAddress): boolean { return dma === null; }
export function dma_sync_single_range_for_cpu(_dev: device, _dma: DmaAddress, _offset: number, _size: number, _dir: number): void { /* coherent */ }
export function dma_sync_single_range_for_device(_dev: device, _dma: DmaAddress, _offset: number, _size: number, _dir: number): void { /* coherent */ }

declare module '../ports' { interface Host { coherent: Map<number, unknown>; coherent_next: number } }
/** Descriptor rings: what a bus address in a device's register stands for. */
export function dma_globals(host: Host): void { host.coherent = new Map(); host.coherent_next = 0x10000000; }
/** Makes `memory` reachable by the device; its bus address goes to `handle`. */
export function dma_alloc_coherent<T>(_dev: device, memory: T, handle: { v: number }, _gfp: number): T {
  const host = current.host;
  handle.v = host.coherent_next;
  host.coherent_next += 0x10000;
  host.coherent.set(handle.v, memory);
  return memory;
}
export function dma_free_coherent(_dev: device, handle: number): void { current.host.coherent.delete(handle); }

/** What a driver remembers of a mapping, in fields `dma` and `len` of its buffer record. */
interface unmap_info { dma: DmaAddress; len: number }
export function dma_unmap_len_set(buffer: unmap_info, len: number): void { buffer.len = len; }
export function dma_unmap_addr_set(buffer: unmap_info, dma: DmaAddress): void { buffer.dma = dma; }
export function dma_unmap_len(buffer: unmap_info): number { return buffer.len; }
export function dma_unmap_addr(buffer: unmap_info): DmaAddress { return buffer.dma; }
