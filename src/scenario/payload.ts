/** The bytes that programs send: a pattern by position, so that every receiver can tell whether it got the right ones. */

/** After so many bytes the pattern begins anew. */
const PERIOD = 0x10000;
/** Two periods, so that any stretch of one period lies in one piece. Byte `n` of a stream says where it is, within 256 bytes and which 256 they are. */
const PATTERN = Uint8Array.from({ length: 2 * PERIOD }, (_, n) => n * 7 + (n >>> 8) * 31 + 13);

/** Fills `length` bytes from `offset` with the pattern that starts at stream position `at`. */
export function fill(bytes: Uint8Array, offset: number, length: number, at: number): void {
  for (let done = 0; done < length; done += PERIOD) {
    const from = (at + done) % PERIOD;
    bytes.set(PATTERN.subarray(from, from + Math.min(PERIOD, length - done)), offset + done);
  }
}

/** Index of the first byte that is not the pattern's, or -1. */
export function verify(bytes: Uint8Array, offset: number, length: number, at: number): number {
  for (let i = 0, p = at % PERIOD; i < length; i++, p = p + 1 === PERIOD ? 0 : p + 1) if (bytes[offset + i] !== PATTERN[p]) return i;
  return -1;
}
