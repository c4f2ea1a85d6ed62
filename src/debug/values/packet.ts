/** A socket buffer taken apart: its memory (head, data, tail, end), its state, and the headers that it holds by now. */
import { ETH_P_ARP, ETH_P_IP, decodeHeaders, type Header, type HeaderKind } from '../../protocol/headers';
import { bytesPreview, formatValue } from './format';
import { group, leaf, show, type Shown } from './children';

type Skb = Record<string, unknown>;
const num = (o: Skb, key: string): number => (typeof o[key] === 'number' ? o[key] : -1);
/** What the kernel's offsets hold while nothing has set them. */
const isSet = (offset: number): boolean => offset > 0 && offset !== 0xffff && offset < 0xffffffff;

/** Bytes of the buffer from `head` to `tail`, plus the fragments' bytes behind, so that headers and payload read as one piece. */
export function linearBytes(skb: Skb): Uint8Array {
  const head = skb.head instanceof Uint8Array ? skb.head : new Uint8Array(0);
  const tail = Math.max(0, num(skb, 'tail')), info = skb.shinfo as { nr_frags?: number; frags?: unknown[] } | null;
  const pieces: Uint8Array[] = [head.subarray(0, tail)];
  for (let i = 0; info && i < (info.nr_frags ?? 0); i++) {
    const frag = info.frags?.[i] as { page?: { p?: { data?: Uint8Array } }; page_offset?: number; size?: number } | undefined;
    const bytes = frag?.page?.p?.data;
    if (bytes) pieces.push(bytes.subarray(frag.page_offset ?? 0, (frag.page_offset ?? 0) + (frag.size ?? 0)));
  }
  if (pieces.length === 1) return pieces[0];
  const all = new Uint8Array(pieces.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const p of pieces) { all.set(p, at); at += p.length; }
  return all;
}

/**
 * Where the outermost header that is written by now begins, and which it is; null when the buffer holds none yet.
 * Going down, each layer pushes its header and sets its offset; coming up, `data` moves past them but the offsets stay.
 */
export function outermostHeader(skb: Skb, bytes: Uint8Array): { kind: HeaderKind; at: number } | null {
  const mac = num(skb, 'mac_header'), network = num(skb, 'network_header'), transport = num(skb, 'transport_header');
  const isIp = isSet(network) && network + 20 <= bytes.length && bytes[network] >> 4 === 4 && (bytes[network] & 15) >= 5;
  const isArp = isSet(network) && num(skb, 'protocol') === ETH_P_ARP && network + 28 <= bytes.length;
  const before = mac >= 0 && mac !== 0xffff && mac < 0xffffffff && mac + 14 === network ? mac : network - 14 === num(skb, 'data') ? network - 14 : -1;
  if ((isIp || isArp) && before >= 0) {
    const type = (bytes[before + 12] << 8) | bytes[before + 13];
    if (type === ETH_P_IP || type === ETH_P_ARP) return { kind: 'ethernet', at: before };
  }
  if (isIp && network <= transport && transport - network <= 60) return { kind: 'ip', at: network };
  if (isArp) return { kind: 'arp', at: network };
  if (isSet(transport) && transport === num(skb, 'data') && transport + 20 <= bytes.length && bytes[transport + 12] >> 4 >= 5) return { kind: 'tcp', at: transport };
  return null;
}

function headerRow(header: Header, bytes: Uint8Array, mark: number): Shown {
  const where = header.offset <= mark && mark < header.end ? ' \u25c0 data' : '';
  if (header.protocol === 'data') return leaf('payload', `${header.title}: ${bytesPreview(bytes, header.offset, header.end)}${where}`);
  const names = { ethernet: 'ethhdr', arp: 'arphdr', ip: 'iphdr', icmp: 'icmphdr', tcp: 'tcphdr', udp: 'udphdr' } as const;
  return group(names[header.protocol], `${header.title}${where}`, () => header.fields.map((f) => leaf(f.name, f.value)));
}

const MEMORY = ['head', 'data', 'tail', 'end', 'data_len', 'mac_header', 'network_header', 'transport_header'];
const STATE = ['protocol', 'ip_summed', 'cloned', 'fclone', 'users', 'pkt_type', 'queue_mapping', 'priority', 'truesize', 'destructor', 'dev', 'sk', '_skb_refdst'];

function memoryRow(skb: Skb, name: string, path: string): Shown {
  const value = skb[name];
  if (name === 'head') return show('head', value, 'sk_buff', `${path}->head`, false);
  const offset = typeof value === 'number' ? value : -1;
  const unset = /_header$/.test(name) && !(name === 'network_header' ? offset > 0 : isSet(offset));
  return leaf(name, unset ? 'not set' : /len$/.test(name) ? String(offset) : `head + ${offset}`, `${path}->${name}`);
}

/** The rows of the Packet scope for one buffer that is called `path` in the frame. */
export function packetRows(skb: Skb, path: string, asHex: boolean): Shown[] {
  const bytes = linearBytes(skb), first = outermostHeader(skb, bytes), data = num(skb, 'data');
  const headers = first ? decodeHeaders(bytes, first.kind, first.at) : [];
  const rows: Shown[] = [
    leaf('packet', `#${num(skb, 'pkt')}`), leaf('len', String(num(skb, 'len')), `${path}->len`), ...headers.map((h) => headerRow(h, bytes, data)),
  ];
  if (headers.length === 0 && data >= 0 && bytes.length > data) rows.push(leaf('payload', `${bytes.length - data} bytes: ${bytesPreview(bytes, data, bytes.length)}`));
  rows.push(...MEMORY.map((name) => memoryRow(skb, name, path)), leaf('headroom', String(data)), leaf('tailroom', String(num(skb, 'end') - num(skb, 'tail'))));
  for (const name of STATE) if (name in skb) rows.push(show(name, skb[name], 'sk_buff', `${path}->${name}`, asHex));
  rows.push(show('skb', skb, '', path, asHex));
  return rows;
}

/** One line for the head of the Packet scope. */
export function packetTitle(skb: Skb): string {
  const bytes = linearBytes(skb), first = outermostHeader(skb, bytes);
  return first ? decodeHeaders(bytes, first.kind, first.at).map((h) => h.title).join(', ') : formatValue(skb, '', '', false);
}
