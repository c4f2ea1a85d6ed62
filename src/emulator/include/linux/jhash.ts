/** include/linux/jhash.h: Bob Jenkins' lookup3 mixing, public domain. */
import { rol32 } from './bitops';
export const JHASH_INITVAL = 0xdeadbeef;
/** Hash of three words. */
export function jhash_3words(a: number, b: number, c: number, initval: number): number {
  a = (a + JHASH_INITVAL) >>> 0; b = (b + JHASH_INITVAL) >>> 0; c = (c + initval) >>> 0;
  c ^= b; c = (c - rol32(b, 14)) >>> 0;
  a ^= c; a = (a - rol32(c, 11)) >>> 0;
  b ^= a; b = (b - rol32(a, 25)) >>> 0;
  c ^= b; c = (c - rol32(b, 16)) >>> 0;
  a ^= c; a = (a - rol32(c, 4)) >>> 0;
  b ^= a; b = (b - rol32(a, 14)) >>> 0;
  c ^= b; c = (c - rol32(b, 24)) >>> 0;
  return c >>> 0;
}
export function jhash_2words(a: number, b: number, initval: number): number { return jhash_3words(a, b, 0, initval); }
export function jhash_1word(a: number, initval: number): number { return jhash_3words(a, 0, 0, initval); }
/** Hash of an array of words. */
export function jhash2(words: ArrayLike<number>, length: number, initval: number): number {
  let h = initval;
  for (let i = 0; i < length; i += 3) h = jhash_3words(words[i], i + 1 < length ? words[i + 1] : 0, i + 2 < length ? words[i + 2] : 0, h);
  return h;
}
/** hash_32() of include/linux/hash.h: golden ratio multiplication, upper `bits` bits. */
export function hash_32(val: number, bits: number): number { return Math.imul(val, 0x9e370001) >>> (32 - bits); }
