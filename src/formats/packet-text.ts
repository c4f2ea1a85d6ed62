/** One line about an Ethernet frame, in tcpdump's words. */

const ip = (b: DataView, at: number): string => [0, 1, 2, 3].map((i) => b.getUint8(at + i)).join('.');

function tcp(b: DataView, at: number, length: number): string {
  const bits = b.getUint8(at + 13), header = (b.getUint8(at + 12) >> 4) * 4;
  const flags = [[2, 'S'], [1, 'F'], [4, 'R'], [8, 'P'], [16, '.']].filter(([bit]) => bits & (bit as number)).map(([, c]) => c).join('');
  return `TCP ${b.getUint16(at)} > ${b.getUint16(at + 2)} [${flags}] seq ${b.getUint32(at + 4)} ack ${b.getUint32(at + 8)} win ${b.getUint16(at + 14)} len ${length - header}`;
}

/** `IP 10.0.0.1 > 10.0.0.2 TCP ...`. `bytes` start with the Ethernet header; short or odd frames are described as far as they go. */
export function describeFrame(bytes: Uint8Array): string {
  const b = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 34) return `${bytes.length} bytes`;
  const type = b.getUint16(12);
  if (type === 0x806 && bytes.length >= 42) return b.getUint16(20) === 1 ? `ARP who-has ${ip(b, 38)} tell ${ip(b, 28)}` : `ARP ${ip(b, 28)} is-at`;
  if (type !== 0x800) return `ethertype 0x${type.toString(16)}`;
  const header = (b.getUint8(14) & 15) * 4, at = 14 + header, length = b.getUint16(16) - header, protocol = b.getUint8(23), fragment = b.getUint16(20) & 0x1fff;
  const hosts = `${ip(b, 26)} > ${ip(b, 30)}`;
  if (fragment) return `IP ${hosts} fragment at ${fragment * 8}`;
  if (protocol === 6 && bytes.length >= at + 20) return `${hosts} ${tcp(b, at, length)}`;
  if (protocol === 17 && bytes.length >= at + 8) return `${hosts} UDP ${b.getUint16(at)} > ${b.getUint16(at + 2)} len ${length - 8}`;
  if (protocol === 1 && bytes.length >= at + 8) return `${hosts} ICMP type ${b.getUint8(at)} code ${b.getUint8(at + 1)}`;
  return `${hosts} protocol ${protocol}`;
}
