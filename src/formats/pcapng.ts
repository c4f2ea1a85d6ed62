/**
 * pcapng (draft-ietf-opsawg-pcapng): what crossed the wires. One interface per host (Ethernet, nanosecond clock). For one host: what its
 * interface sent and received; for all: each frame once, as its sender sent it, so that no analyser takes the second sight for a retransmission.
 */
import type { Trace } from '../trace/model';
import type { Exporter, ExportOptions } from './format';

const SECTION = 0x0a0d0d0a, INTERFACE = 1, ENHANCED = 6, BYTE_ORDER = 0x1a2b3c4d;

/** One block: type, body, total length before and after (section 3.1 of the draft); `body` is padded to 32 bits. */
function block(type: number, body: Uint8Array): Uint8Array {
  const padded = (body.length + 3) & ~3, total = padded + 12;
  const out = new Uint8Array(total), view = new DataView(out.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, total, true);
  out.set(body, 8);
  view.setUint32(total - 4, total, true);
  return out;
}

function option(code: number, value: Uint8Array): Uint8Array {
  const out = new Uint8Array(4 + ((value.length + 3) & ~3)), view = new DataView(out.buffer);
  view.setUint16(0, code, true);
  view.setUint16(2, value.length, true);
  out.set(value, 4);
  return out;
}

function join(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) { out.set(p, at); at += p.length; }
  return out;
}

function section(): Uint8Array {
  const body = new Uint8Array(16), view = new DataView(body.buffer);
  view.setUint32(0, BYTE_ORDER, true);
  view.setUint16(4, 1, true);
  view.setBigInt64(8, -1n, true);
  return body;
}

function networkInterface(name: string): Uint8Array {
  const head = new Uint8Array(8);
  new DataView(head.buffer).setUint16(0, 1, true);
  return join(head, option(2, new TextEncoder().encode(name)), option(9, new Uint8Array([9])), option(0, new Uint8Array()));
}

function packet(host: number, time: number, bytes: Uint8Array): Uint8Array {
  const head = new Uint8Array(20), view = new DataView(head.buffer);
  const stamp = BigInt(Math.round(time));
  view.setUint32(0, host, true);
  view.setUint32(4, Number(stamp >> 32n), true);
  view.setUint32(8, Number(stamp & 0xffffffffn), true);
  view.setUint32(12, bytes.length, true);
  view.setUint32(16, bytes.length, true);
  return join(head, bytes);
}

function* blocks(trace: Trace, options: ExportOptions): Generator<Uint8Array> {
  const hosts = trace.hosts.map((_, i) => i).filter((i) => options.host === undefined || options.host === i);
  yield block(SECTION, section());
  for (const h of hosts) yield block(INTERFACE, networkInterface(`${trace.hosts[h].name}:eth0`));
  const seen: { time: number; host: number; bytes: Uint8Array }[] = [];
  for (const w of trace.wire) {
    if (hosts.includes(w.from)) seen.push({ time: w.sent, host: w.from, bytes: w.bytes });
    else if (hosts.includes(w.to) && !w.dropped) seen.push({ time: w.received, host: w.to, bytes: w.bytes });
  }
  seen.sort((a, b) => a.time - b.time);
  for (const p of seen) yield block(ENHANCED, packet(hosts.indexOf(p.host), p.time, p.bytes));
}

export const pcapngFormat: Exporter = {
  id: 'pcapng', title: 'Packet capture (pcapng)', extension: 'pcapng',
  export: blocks,
};
