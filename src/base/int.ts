/** Fixed-width integers over JavaScript numbers. All functions take and give plain numbers. */

/** Wraps to an unsigned 32-bit integer. */
export function u32(x: number): number {
  return x >>> 0;
}

/** Wraps to a signed 32-bit integer. */
export function s32(x: number): number {
  return x | 0;
}

/** Wraps to an unsigned 16-bit integer. */
export function u16(x: number): number {
  return x & 0xffff;
}

/** 32-bit product without the loss of a double. */
export function mul32(a: number, b: number): number {
  return Math.imul(a, b) >>> 0;
}

/** Integer division towards zero, as C does. */
export function div(a: number, b: number): number {
  return Math.trunc(a / b);
}

/** Is sequence number `a` before `b`, modulo 2^32 (RFC 793, section 3.3)? */
export function seqBefore(a: number, b: number): boolean {
  return ((a - b) | 0) < 0;
}
