/** include/linux/string.h over byte arrays: a C pointer is an array and an offset. */
import { copied } from '../copies';

export function memcpy(dst: Uint8Array, to: number, src: Uint8Array, from: number, len: number): void {
  copied(len);
  if (len > 48) { dst.set(from === 0 && len === src.length ? src : src.subarray(from, from + len), to); return; }
  if (dst === src && to > from) { for (let i = len - 1; i >= 0; i--) dst[to + i] = src[from + i]; return; }
  for (let i = 0; i < len; i++) dst[to + i] = src[from + i];
}
export { memcpy as memmove };
export function memset(dst: Uint8Array, to: number, value: number, len: number): void { dst.fill(value, to, to + len); }
/** 0 when the `len` bytes are equal, else the difference of the first that differ. */
export function memcmp(a: Uint8Array, ao: number, b: Uint8Array, bo: number, len: number): number {
  for (let i = 0; i < len; i++) { const d = a[ao + i] - b[bo + i]; if (d !== 0) return d; }
  return 0;
}
