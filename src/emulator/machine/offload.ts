/** What the 82576 does to a packet between memory and wire: checksums and TCP segmentation (RFC 793, RFC 1071). */

/** A context descriptor: header lengths in bytes, maximum segment size, kind. */
export interface TxContext {
  readonly maclen: number;
  readonly iplen: number;
  readonly l4len: number;
  readonly mss: number;
  readonly ipv4: boolean;
  readonly tcp: boolean;
}

/** One's complement sum of big-endian 16-bit words, not folded. */
export function sum16(bytes: Uint8Array, from: number, to: number, start: number): number {
  let sum = start, i = from;
  // Four words at a time: half of a transfer's bytes are summed more than once.
  for (const end = to - 7; i < end; i += 8) sum += ((bytes[i] + bytes[i + 2] + bytes[i + 4] + bytes[i + 6]) << 8) + bytes[i + 1] + bytes[i + 3] + bytes[i + 5] + bytes[i + 7];
  for (; i + 1 < to; i += 2) sum += (bytes[i] << 8) | bytes[i + 1];
  if (i < to) sum += bytes[i] << 8;
  return sum;
}

/** Folds a sum of 16-bit words into 16 bits with the carries added around (RFC 1071, not inverted). */
export function fold16(sum: number): number {
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return sum;
}

function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value & 0xff;
}

function get16(bytes: Uint8Array, at: number): number { return (bytes[at] << 8) | bytes[at + 1]; }
function get32(bytes: Uint8Array, at: number): number { return ((get16(bytes, at) << 16) | get16(bytes, at + 2)) >>> 0; }

function ipChecksum(bytes: Uint8Array, c: TxContext): void {
  put16(bytes, c.maclen + 10, 0);
  put16(bytes, c.maclen + 10, ~fold16(sum16(bytes, c.maclen, c.maclen + c.iplen, 0)) & 0xffff);
}

/** The field holds the pseudo header's sum (without the length when `length` is given). A UDP sum of 0 is sent as 0xffff. */
function transportChecksum(bytes: Uint8Array, c: TxContext, length: number): void {
  const l4 = c.maclen + c.iplen, field = l4 + (c.tcp ? 16 : 6);
  const sum = ~fold16(sum16(bytes, l4, bytes.length, length)) & 0xffff;
  put16(bytes, field, sum === 0 && !c.tcp ? 0xffff : sum);
}

/**
 * The frames of one packet as the host handed it over: one, or with `tso` as many as its payload needs.
 * `ixsm`: insert IP checksums; `txsm`: insert TCP or UDP checksums.
 */
export function segment(packet: Uint8Array, c: TxContext | null, tso: boolean, ixsm: boolean, txsm: boolean): Uint8Array[] {
  if (c === null || (!tso && !txsm && !ixsm)) return [packet];
  if (!tso) {
    if (ixsm && c.ipv4) ipChecksum(packet, c);
    if (txsm) transportChecksum(packet, c, 0);
    return [packet];
  }
  const header = c.maclen + c.iplen + c.l4len, frames: Uint8Array[] = [], tcp = c.maclen + c.iplen;
  const id = get16(packet, c.maclen + 4), seq = get32(packet, tcp + 4), flags = packet[tcp + 13];
  for (let at = header, n = 0; at < packet.length; at += c.mss, n++) {
    const end = Math.min(packet.length, at + c.mss), last = end === packet.length;
    const frame = new Uint8Array(header + end - at);
    frame.set(packet.subarray(0, header));
    frame.set(packet.subarray(at, end), header);
    put16(frame, c.maclen + 2, frame.length - c.maclen);
    put16(frame, c.maclen + 4, (id + n) & 0xffff);
    const s = (seq + at - header) >>> 0;
    put16(frame, tcp + 4, s >>> 16);
    put16(frame, tcp + 6, s & 0xffff);
    /* FIN and PSH only on the last, CWR only on the first */
    frame[tcp + 13] = (last ? flags : flags & ~0x09) & (n === 0 ? 0xff : ~0x80);
    ipChecksum(frame, c);
    transportChecksum(frame, c, frame.length - tcp);
    frames.push(frame);
  }
  return frames;
}
