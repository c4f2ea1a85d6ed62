/** Values of the emulated kernel as a person reads them: pointers, addresses, states, flags. Pure. */
import { hex, ipv4, mac } from '../../protocol/headers';

/** TCP_* states by number (include/net/tcp_states.h). */
export const TCP_STATES = ['', 'TCP_ESTABLISHED', 'TCP_SYN_SENT', 'TCP_SYN_RECV', 'TCP_FIN_WAIT1', 'TCP_FIN_WAIT2', 'TCP_TIME_WAIT', 'TCP_CLOSE', 'TCP_CLOSE_WAIT', 'TCP_LAST_ACK', 'TCP_LISTEN', 'TCP_CLOSING'] as const;
const ETHER_TYPES: Readonly<Record<number, string>> = { 0x0800: 'ETH_P_IP', 0x0806: 'ETH_P_ARP', 0x86dd: 'ETH_P_IPV6', 0x0003: 'ETH_P_ALL' };
const IP_PROTOCOLS: Readonly<Record<number, string>> = { 1: 'IPPROTO_ICMP', 6: 'IPPROTO_TCP', 17: 'IPPROTO_UDP' };
const CA_STATES = ['TCP_CA_Open', 'TCP_CA_Disorder', 'TCP_CA_CWR', 'TCP_CA_Recovery', 'TCP_CA_Loss'];
const IP_SUMMED = ['CHECKSUM_NONE', 'CHECKSUM_UNNECESSARY', 'CHECKSUM_COMPLETE', 'CHECKSUM_PARTIAL'];
const PKT_TYPES = ['PACKET_HOST', 'PACKET_BROADCAST', 'PACKET_MULTICAST', 'PACKET_OTHERHOST', 'PACKET_OUTGOING', 'PACKET_LOOPBACK'];

/** Names that stand for numbers in watch expressions and conditions. */
export const CONSTANTS: Readonly<Record<string, number>> = Object.fromEntries([
  ...TCP_STATES.flatMap((name, i) => (name ? [[name, i] as const] : [])), ...Object.entries(ETHER_TYPES).map(([n, name]) => [name, Number(n)] as const),
  ...Object.entries(IP_PROTOCOLS).map(([n, name]) => [name, Number(n)] as const), ...IP_SUMMED.map((n, i) => [n, i] as const), ...PKT_TYPES.map((n, i) => [n, i] as const),
  ...CA_STATES.map((n, i) => [n, i] as const), ['NULL', 0], ['true', 1], ['false', 0],
]);

const ADDRESS = /(^|_)(s|d)addr$|^(inet_(d|s|rcv_s)addr|s_addr|rt_gateway|ifa_(local|address|mask|broadcast)|nh_gw|nh_saddr|loc_addr|rmt_addr|ar_[st]ip|sip|tip|gw|mc_addr|mask)$/;
const MAC = /^(dev_addr|perm_addr|broadcast|ha|h_dest|h_source|ar_[st]ha)$/;
const HEX = /flags|features|_caps$|mask$|hash$|^csum$|check$|^features|^tos$|events?$|^mark$|staterr/;

function symbol(name: string, value: number, owner: string): string {
  switch (name) {
    case 'sk_state': case 'skc_state': case 'tw_state': case 'tw_substate': return TCP_STATES[value] ?? '';
    case 'icsk_ca_state': return CA_STATES[value] ?? '';
    case 'protocol': return owner === 'sk_buff' ? ETHER_TYPES[value] ?? '' : IP_PROTOCOLS[value] ?? '';
    case 'sk_protocol': return IP_PROTOCOLS[value] ?? '';
    case 'h_proto': return ETHER_TYPES[value] ?? '';
    case 'ip_summed': return IP_SUMMED[value] ?? '';
    case 'pkt_type': return PKT_TYPES[value] ?? '';
    default: return '';
  }
}

/** A number under a field name: `10.0.0.1`, `TCP_ESTABLISHED (1)`, `0x1f (31)`, `64`. */
export function formatNumber(value: number, name: string, owner: string, asHex: boolean): string {
  if (!Number.isInteger(value)) return String(value);
  const known = symbol(name, value, owner);
  if (known) return `${known} (${asHex || name === 'protocol' || name === 'h_proto' ? hex(value, 4) : value})`;
  if (ADDRESS.test(name) && value >= 0 && value <= 0xffffffff) return asHex ? hex(value, 8) : ipv4(value);
  const inRange = value >= 0 && value <= 0xffffffff;
  if (asHex && inRange) return hex(value, 1);
  if (HEX.test(name) && inRange && value > 9) return `${hex(value, 1)} (${value})`;
  return String(value);
}

/** Name of an object's C type: `struct sk_buff`, `u8[2048]`, `struct sk_buff *` has no use here: everything is a reference. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return 'int';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'function') return 'function';
  if (typeof value === 'string') return 'char *';
  if (value instanceof Uint8Array) return `u8[${value.length}]`;
  if (Array.isArray(value)) return `[${value.length}]`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name.replace('Array', '')}[${(value as Uint8Array).length}]`;
  const name = className(value);
  return name === '' ? '' : /_t$/.test(name) ? name : `struct ${name}`;
}

/** The class name of an object, '' for plain ones and primitives. The bundler numbers classes of equal name, and puts `_` before those that name themselves; both are dropped. */
export function className(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  const name = value.constructor?.name ?? '';
  return name === 'Object' || name === 'Array' ? '' : name.replace(/^_(?=[a-z])|(?<=[a-z])\d+$/g, '');
}

/** Any object of the run, by field name. */
export type Bag = Record<string, unknown>;
type Skb = Bag & { truesize: unknown };
type Sock = Bag & { sk_state: unknown };
type Device = Bag & { netdev_ops: unknown };
type Ring = Bag & { next_to_use: unknown };
type Queue = Bag & { qlen: unknown };
const num = (o: Bag, key: string): number => (typeof o[key] === 'number' ? o[key] : 0);

/** Is it a socket buffer (or looks like one)? */
export function isSkb(value: unknown): value is Skb {
  return typeof value === 'object' && value !== null && 'truesize' in value && 'head' in value && 'network_header' in value;
}

/** Is it a socket of any protocol? */
export function isSock(value: unknown): value is Sock {
  return typeof value === 'object' && value !== null && 'sk_state' in value && 'sk_receive_queue' in value;
}

/** Is it a net_device? */
export function isDevice(value: unknown): value is Device {
  return typeof value === 'object' && value !== null && 'netdev_ops' in value && 'mtu' in value;
}

/** Is it one of the driver's descriptor rings? */
export function isRing(value: unknown): value is Ring {
  return typeof value === 'object' && value !== null && 'next_to_use' in value && 'next_to_clean' in value;
}

/** Is it the head of a queue of buffers? */
export function isSkbQueue(value: unknown): value is Queue {
  return typeof value === 'object' && value !== null && 'qlen' in value && 'next' in value && 'prev' in value && !isSkb(value);
}

function summary(o: Bag): string {
  if (isSkb(o)) return `len ${num(o, 'len')}, packet #${num(o, 'pkt')}`;
  if (isSock(o)) return `${TCP_STATES[num(o, 'sk_state')] ?? num(o, 'sk_state')} ${ipv4(num(o, 'inet_rcv_saddr'))}:${num(o, 'inet_num')} > ${ipv4(num(o, 'inet_daddr'))}:${num(o, 'inet_dport')}`;
  if (isSkbQueue(o)) return `qlen ${num(o, 'qlen')}`;
  if (isRing(o)) return `next_to_use ${num(o, 'next_to_use')}, next_to_clean ${num(o, 'next_to_clean')}`;
  const keys = Object.keys(o);
  if (keys.length === 1 && (keys[0] === 'counter' || keys[0] === 'v') && typeof o[keys[0]] === 'number') return String(o[keys[0]]);
  if ('enqueue' in o && typeof o.ops === 'object' && o.ops !== null) return `${String((o.ops as Bag).id)}, qlen ${String((o.q as Bag | undefined)?.qlen ?? 0)}`;
  if (isDevice(o) || typeof o.name === 'string') return `"${String(o.name)}"`;
  if (typeof o.comm === 'string') return `${o.comm} (${String(o.pid)})`;
  return '';
}

/** The first bytes of a buffer as hexadecimal. */
export function bytesPreview(bytes: Uint8Array, from = 0, to = bytes.length, most = 16): string {
  const shown = Array.from(bytes.subarray(from, Math.min(to, from + most)), (x) => x.toString(16).padStart(2, '0')).join(' ');
  return to - from > most ? `${shown} ...` : shown;
}

/** One line for any value. `name` and `owner` (class of the object it is a field of) say how numbers are meant. */
export function formatValue(value: unknown, name: string, owner: string, asHex: boolean): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number') return formatNumber(value, name, owner, asHex);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value === 'function') return `${value.name || 'function'}()`;
  if (typeof value === 'symbol') return value.toString();
  if (value instanceof Uint8Array) return value.length === 6 || MAC.test(name) ? mac(value) : `{${bytesPreview(value)}}`;
  if (Array.isArray(value)) return `[${value.length}]`;
  if (ArrayBuffer.isView(value)) return `{${Array.from(value as Uint8Array).slice(0, 8).join(', ')}${(value as Uint8Array).length > 8 ? ', ...' : ''}}`;
  if (value instanceof Map || value instanceof Set) return `{${value.size}}`;
  const text = summary(value as Bag), type = className(value);
  return text && type ? `${type} {${text}}` : text ? `{${text}}` : type || '{...}';
}
