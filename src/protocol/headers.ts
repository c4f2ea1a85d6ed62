/** Protocol headers as named fields: Ethernet, ARP (RFC 826), IPv4 (RFC 791), ICMP (RFC 792), TCP (RFC 9293), UDP (RFC 768). Bytes in network order. */

/** One field of a header: its name, its value as a person reads it, and where it stands. */
export interface HeaderField { readonly name: string; readonly value: string; readonly offset: number; readonly length: number }

/** One header. `next` says what follows it at `end`; 'data' for payload. */
export interface Header {
  readonly protocol: 'ethernet' | 'arp' | 'ip' | 'icmp' | 'tcp' | 'udp' | 'data';
  readonly title: string;
  readonly offset: number;
  readonly end: number;
  readonly fields: readonly HeaderField[];
  readonly next: 'arp' | 'ip' | 'icmp' | 'tcp' | 'udp' | 'data' | '';
}

export const ETH_P_IP = 0x0800;
export const ETH_P_ARP = 0x0806;

const u8 = (b: Uint8Array, at: number): number => b[at];
const u16 = (b: Uint8Array, at: number): number => (b[at] << 8) | b[at + 1];
const u32 = (b: Uint8Array, at: number): number => ((b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3]) >>> 0;

/** `0x0800`-like, at least `digits` digits. */
export function hex(value: number, digits: number): string {
  return `0x${(value >>> 0).toString(16).padStart(digits, '0')}`;
}

/** Dotted quad of a host-order address. */
export function ipv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

/** `02:00:00:00:00:01` of six bytes. */
export function mac(bytes: Uint8Array, at = 0): string {
  return Array.from(bytes.subarray(at, at + 6), (x) => x.toString(16).padStart(2, '0')).join(':');
}

const TCP_FLAGS: readonly (readonly [number, string])[] = [[0x02, 'SYN'], [0x01, 'FIN'], [0x04, 'RST'], [0x08, 'PSH'], [0x10, 'ACK'], [0x20, 'URG'], [0x40, 'ECE'], [0x80, 'CWR']];

/** Names of the TCP flags that are set, `SYN ACK`. */
export function tcpFlags(bits: number): string {
  return TCP_FLAGS.filter(([bit]) => bits & bit).map(([, name]) => name).join(' ');
}

const PROTOCOLS: Readonly<Record<number, 'icmp' | 'tcp' | 'udp'>> = { 1: 'icmp', 6: 'tcp', 17: 'udp' };

class Fields {
  readonly list: HeaderField[] = [];
  constructor(private readonly bytes: Uint8Array, private readonly base: number) {}
  add(name: string, at: number, length: number, show: (value: number) => string = String): this {
    const from = this.base + at, value = length === 1 ? u8(this.bytes, from) : length === 2 ? u16(this.bytes, from) : u32(this.bytes, from);
    this.list.push({ name, value: show(value), offset: from, length });
    return this;
  }
  text(name: string, at: number, length: number, value: string): this {
    this.list.push({ name, value, offset: this.base + at, length });
    return this;
  }
}

function ethernet(b: Uint8Array, at: number): Header {
  const type = u16(b, at + 12), next = type === ETH_P_IP ? 'ip' : type === ETH_P_ARP ? 'arp' : 'data';
  const fields = new Fields(b, at).text('h_dest', 0, 6, mac(b, at)).text('h_source', 6, 6, mac(b, at + 6))
    .add('h_proto', 12, 2, (v) => `${hex(v, 4)}${v === ETH_P_IP ? ' (IPv4)' : v === ETH_P_ARP ? ' (ARP)' : ''}`);
  return { protocol: 'ethernet', title: `Ethernet ${mac(b, at + 6)} > ${mac(b, at)}`, offset: at, end: at + 14, fields: fields.list, next };
}

function arp(b: Uint8Array, at: number): Header {
  const op = u16(b, at + 6), sender = ipv4(u32(b, at + 14)), target = ipv4(u32(b, at + 24));
  const fields = new Fields(b, at).add('ar_hrd', 0, 2).add('ar_pro', 2, 2, (v) => hex(v, 4)).add('ar_hln', 4, 1).add('ar_pln', 5, 1)
    .add('ar_op', 6, 2, (v) => `${v}${v === 1 ? ' (request)' : v === 2 ? ' (reply)' : ''}`)
    .text('ar_sha', 8, 6, mac(b, at + 8)).text('ar_sip', 14, 4, sender).text('ar_tha', 18, 6, mac(b, at + 18)).text('ar_tip', 24, 4, target);
  const title = op === 2 ? `ARP reply ${sender} is at ${mac(b, at + 8)}` : `ARP request who has ${target}, tell ${sender}`;
  return { protocol: 'arp', title, offset: at, end: at + 28, fields: fields.list, next: '' };
}

function ip(b: Uint8Array, at: number): Header {
  const length = (u8(b, at) & 15) * 4, protocol = u8(b, at + 9), fragment = u16(b, at + 6);
  const flags = [fragment & 0x8000 ? 'reserved' : '', fragment & 0x4000 ? 'DF' : '', fragment & 0x2000 ? 'MF' : ''].filter(Boolean).join(' ');
  const fields = new Fields(b, at).text('version', 0, 1, String(u8(b, at) >> 4)).text('ihl', 0, 1, `${u8(b, at) & 15} (${length} bytes)`)
    .add('tos', 1, 1, (v) => hex(v, 2)).add('tot_len', 2, 2).add('id', 4, 2, (v) => `${v} (${hex(v, 4)})`)
    .add('frag_off', 6, 2, (v) => `${hex(v, 4)}${flags ? ` (${flags})` : ''}${v & 0x1fff ? ` offset ${(v & 0x1fff) * 8}` : ''}`)
    .add('ttl', 8, 1).add('protocol', 9, 1, (v) => `${v}${PROTOCOLS[v] ? ` (${PROTOCOLS[v].toUpperCase()})` : ''}`).add('check', 10, 2, (v) => hex(v, 4))
    .add('saddr', 12, 4, ipv4).add('daddr', 16, 4, ipv4);
  const follows = fragment & 0x1fff ? 'data' : PROTOCOLS[protocol] ?? 'data';
  return { protocol: 'ip', title: `IPv4 ${ipv4(u32(b, at + 12))} > ${ipv4(u32(b, at + 16))}`, offset: at, end: at + Math.max(length, 20), fields: fields.list, next: follows };
}

function icmp(b: Uint8Array, at: number): Header {
  const type = u8(b, at), names: Record<number, string> = { 0: 'echo reply', 3: 'unreachable', 5: 'redirect', 8: 'echo request', 11: 'time exceeded' };
  const fields = new Fields(b, at).add('type', 0, 1, (v) => `${v}${names[v] ? ` (${names[v]})` : ''}`).add('code', 1, 1).add('checksum', 2, 2, (v) => hex(v, 4));
  if (type === 0 || type === 8) fields.add('id', 4, 2).add('sequence', 6, 2);
  return { protocol: 'icmp', title: `ICMP ${names[type] ?? `type ${type}`}`, offset: at, end: at + 8, fields: fields.list, next: 'data' };
}

function optionsOf(b: Uint8Array, from: number, to: number): string {
  const out: string[] = [];
  for (let at = from; at < to && b[at] !== 0;) {
    const kind = b[at];
    if (kind === 1) { out.push('NOP'); at++; continue; }
    const length = b[at + 1];
    if (!(length >= 2) || at + length > to) { out.push(`bad option ${kind}`); break; }
    if (kind === 2 && length === 4) out.push(`MSS ${u16(b, at + 2)}`);
    else if (kind === 3 && length === 3) out.push(`WS ${b[at + 2]}`);
    else if (kind === 4) out.push('SACK permitted');
    else if (kind === 5) out.push(`SACK ${Array.from({ length: (length - 2) >> 3 }, (_, i) => `${u32(b, at + 2 + 8 * i)}-${u32(b, at + 6 + 8 * i)}`).join(' ')}`);
    else if (kind === 8 && length === 10) out.push(`TS ${u32(b, at + 2)} ${u32(b, at + 6)}`);
    else out.push(`option ${kind}`);
    at += length;
  }
  return out.join(', ');
}

function tcp(b: Uint8Array, at: number): Header {
  const length = Math.max((u8(b, at + 12) >> 4) * 4, 20), flags = tcpFlags(u8(b, at + 13));
  const fields = new Fields(b, at).add('source', 0, 2).add('dest', 2, 2).add('seq', 4, 4).add('ack_seq', 8, 4)
    .text('doff', 12, 1, `${length / 4} (${length} bytes)`).text('flags', 13, 1, flags || 'none').add('window', 14, 2).add('check', 16, 2, (v) => hex(v, 4)).add('urg_ptr', 18, 2);
  if (length > 20 && at + length <= b.length) fields.text('options', 20, length - 20, optionsOf(b, at + 20, at + length));
  return { protocol: 'tcp', title: `TCP ${u16(b, at)} > ${u16(b, at + 2)} ${flags}`, offset: at, end: at + length, fields: fields.list, next: 'data' };
}

function udp(b: Uint8Array, at: number): Header {
  const fields = new Fields(b, at).add('source', 0, 2).add('dest', 2, 2).add('len', 4, 2).add('check', 6, 2, (v) => hex(v, 4));
  return { protocol: 'udp', title: `UDP ${u16(b, at)} > ${u16(b, at + 2)}`, offset: at, end: at + 8, fields: fields.list, next: 'data' };
}

const READERS = { ethernet: { read: ethernet, min: 14 }, arp: { read: arp, min: 28 }, ip: { read: ip, min: 20 }, icmp: { read: icmp, min: 8 }, tcp: { read: tcp, min: 20 }, udp: { read: udp, min: 8 } };
export type HeaderKind = keyof typeof READERS;

/**
 * The headers from offset `at` on, the first being a `kind`, up to offset `end` of `bytes`; what is left is a last part 'data'.
 * A header that does not fit ends the walk as 'data'.
 */
export function decodeHeaders(bytes: Uint8Array, kind: HeaderKind, at = 0, end = bytes.length): Header[] {
  const out: Header[] = [];
  let next: Header['next'] | 'ethernet' = kind, limit = end;
  while (next !== '' && next !== 'data' && at + READERS[next].min <= limit) {
    const header: Header = READERS[next].read(bytes, at);
    out.push(header);
    // An Ethernet frame is padded to 60 bytes: the IP length says where the packet ends.
    if (header.protocol === 'ip') limit = Math.min(limit, Math.max(at + u16(bytes, at + 2), header.end));
    at = header.end;
    next = header.next;
  }
  if (next !== '' && at < limit) out.push({ protocol: 'data', title: `${limit - at} bytes`, offset: at, end: limit, fields: [], next: '' });
  return out;
}

/** One line for a frame on the wire (bytes from the Ethernet header on). */
export function describeFrame(bytes: Uint8Array): string {
  const headers = decodeHeaders(bytes, 'ethernet'), of = (p: Header['protocol']): Header | undefined => headers.find((h) => h.protocol === p);
  const field = (h: Header | undefined, name: string): string => h?.fields.find((f) => f.name === name)?.value ?? '';
  const inner = of('tcp') ?? of('udp'), net = of('ip'), data = of('data'), length = data ? data.end - data.offset : 0;
  if (inner && net) return `${inner.protocol.toUpperCase()} ${field(net, 'saddr')}:${field(inner, 'source')} > ${field(net, 'daddr')}:${field(inner, 'dest')}${inner.protocol === 'tcp' ? ` ${field(inner, 'flags')}` : ''} len ${length}`;
  if (net) return `${of('icmp')?.title ?? `IP protocol ${field(net, 'protocol')}`} ${field(net, 'saddr')} > ${field(net, 'daddr')} len ${length}`;
  return of('arp')?.title ?? (headers.length > 0 ? `Ethernet type ${field(headers[0], 'h_proto')} len ${length}` : `${bytes.length} bytes`);
}
