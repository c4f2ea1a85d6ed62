/** The bytes that programs send: a pattern by position, so that every receiver can tell whether it got the right ones. */

/** Byte at position `n` of a stream. */
function byteAt(n: number): number {
  return (n * 7 + (n >>> 8) * 31 + 13) & 0xff;
}

/** Fills `length` bytes from `offset` with the pattern that starts at stream position `at`. */
export function fill(bytes: Uint8Array, offset: number, length: number, at: number): void {
  for (let i = 0; i < length; i++) bytes[offset + i] = byteAt(at + i);
}

/** Index of the first byte that is not the pattern's, or -1. */
export function verify(bytes: Uint8Array, offset: number, length: number, at: number): number {
  for (let i = 0; i < length; i++) if (bytes[offset + i] !== byteAt(at + i)) return i;
  return -1;
}
