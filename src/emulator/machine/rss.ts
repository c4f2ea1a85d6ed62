/** How the 82576 looks at a received frame: checksum status bits, and the Toeplitz hash that chooses the receive queue. */
import * as R from '../drivers/net/ethernet/intel/igb/e1000_regs';
import * as D from '../drivers/net/ethernet/intel/igb/e1000_defines';
import { fold16, sum16 } from './offload';

/** What was found: status and error bits for the descriptor; where the addresses and ports are, -1 when there are none. */
export interface RxFrame { readonly bytes: Uint8Array; readonly status: number; readonly addresses: number; readonly ports: number; readonly tcp: boolean }

/** Checks the IP, TCP and UDP checksums; frames other than IPv4 get no status. */
export function parseRx(bytes: Uint8Array): RxFrame {
  const none = { bytes, status: 0, addresses: -1, ports: -1, tcp: false };
  if (bytes.length < 34 || bytes[12] !== 8 || bytes[13] !== 0) return none;
  const header = (bytes[14] & 15) * 4, total = (bytes[16] << 8) | bytes[17], l4 = 14 + header;
  let status = 0;
  if (fold16(sum16(bytes, 14, l4, 0)) !== 0xffff) return { bytes, status: D.E1000_RXDEXT_STATERR_IPE, addresses: -1, ports: -1, tcp: false };
  const fragment = ((bytes[20] << 8) | bytes[21]) & 0x3fff, protocol = bytes[23];
  if (fragment !== 0 || (protocol !== 6 && protocol !== 17)) return { bytes, status, addresses: 26, ports: -1, tcp: false };
  const end = Math.min(bytes.length, 14 + total), udpNone = protocol === 17 && bytes[l4 + 6] === 0 && bytes[l4 + 7] === 0;
  if (!udpNone) {
    const sum = fold16(sum16(bytes, l4, end, sum16(bytes, 26, 34, 0) + protocol + end - l4));
    status |= sum === 0xffff ? (protocol === 6 ? D.E1000_RXD_STAT_TCPCS : D.E1000_RXD_STAT_UDPCS) : D.E1000_RXDEXT_STATERR_TCPE;
  }
  return { bytes, status, addresses: 26, ports: l4, tcp: protocol === 6 };
}

/** Addresses and ports of TCP: the bits that a hash can be over. */
const HASHED_BITS = 8 * 12;

/** The Toeplitz hash that chooses the receive queue. */
export class Toeplitz {
  /** For each hashed bit the 32 bits of the key that it adds; null until the key is known. */
  private windows: Int32Array | null = null;

  /** The key in RSSRK has changed. */
  forget(): void { this.windows = null; }

  /** Over the addresses, and the ports of TCP; 0 when RSS is off or the frame is not IPv4. */
  hash(frame: RxFrame, regs: Int32Array): number {
    if (frame.addresses < 0 || !(regs[R.E1000_MRQC >> 2] & 7)) return 0;
    const windows = (this.windows ??= windowsOf(regs)), hash = over(windows, frame.bytes, frame.addresses, 8, 0);
    return (frame.tcp && frame.ports >= 0 ? hash ^ over(windows, frame.bytes, frame.ports, 4, 8) : hash) >>> 0;
  }
}

function windowsOf(regs: Int32Array): Int32Array {
  const byte = (i: number): number => (regs[(R.E1000_RSSRK(0) >> 2) + (i >> 2)] >>> ((i & 3) * 8)) & 0xff;
  return Int32Array.from({ length: HASHED_BITS }, (_, n) => {
    const k = n >> 3, bit = n & 7, window = (byte(k) << 24) | (byte(k + 1) << 16) | (byte(k + 2) << 8) | byte(k + 3);
    return bit === 0 ? window : (window << bit) | (byte(k + 4) >>> (8 - bit));
  });
}

function over(windows: Int32Array, bytes: Uint8Array, from: number, length: number, first: number): number {
  let hash = 0;
  for (let i = 0; i < length; i++) {
    const b = bytes[from + i], at = 8 * (first + i);
    for (let bit = 0; bit < 8; bit++) if (b & (0x80 >> bit)) hash ^= windows[at + bit];
  }
  return hash;
}
