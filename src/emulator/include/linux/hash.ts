/** include/linux/hash.h. */
export const GOLDEN_RATIO_PRIME_32 = 0x9e370001;

/** `bits` of 1..32. */
export function hash_32(val: number, bits: number): number {
  const hash = Math.imul(val, GOLDEN_RATIO_PRIME_32) >>> 0;
  return hash >>> (32 - bits);
}
/** Folds an address. DEVIATION: an object has no address; a device is known by its index. */
export function hash32_ptr(ptr: { ifindex: number }): number {
  const val = ptr.ifindex;
  return (val << 6) >>> 0;
}
