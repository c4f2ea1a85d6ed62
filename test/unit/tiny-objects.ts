/** Objects shaped like the emulator's, small: a TCP segment of "abcd" with all its headers, its socket and its device. */
import { show } from '../../src/debug/values/children';

class atomic_t { constructor(public counter = 0) {} }
class net_device { name = 'eth0'; mtu = 1500; flags = 0x1043; netdev_ops = {}; _tx: unknown[] = []; }
export class sk_buff_head { next: unknown = this; prev: unknown = this; qlen = 0; }
class tcp_sock {
  sk_state = 1; inet_rcv_saddr = 0x0a000001; inet_num = 40000; inet_daddr = 0x0a000002; inet_dport = 5001; sk_receive_queue = new sk_buff_head(); sk_write_queue = new sk_buff_head();
  sk_send_head: unknown = null; snd_cwnd = 10; snd_ssthresh = 7; sk_wmem_alloc = new atomic_t(1); sk_rmem_alloc = new atomic_t(0);
}
class sk_buff {
  next: unknown = null; prev: unknown = null; sk: unknown = null; dev: unknown = new net_device(); len = 58; data_len = 0; protocol = 0x0800; ip_summed = 3; truesize = 704; users = new atomic_t(1);
  mac_header = 64; network_header = 78; transport_header = 98; data = 64; tail = 122; end = 192; head = new Uint8Array(192); shinfo = { nr_frags: 0, frags: [] as unknown[] }; pkt = 7;
}

const BYTES = [
  [0x52, 0x54, 0, 0, 2, 1, 0x52, 0x54, 0, 0, 1, 1, 8, 0],
  [0x45, 0, 0, 44, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2],
  [0x9c, 0x40, 0x13, 0x89, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x18, 0, 100, 0, 0, 0, 0],
  [0x61, 0x62, 0x63, 0x64],
];

/** A segment that stands at the device: Ethernet, IPv4, TCP, four bytes. */
export function makeSegment(): { skb: Record<string, unknown>; sk: Record<string, unknown> } {
  const skb = new sk_buff(), sk = new tcp_sock();
  skb.head.set(BYTES.flat(), 64);
  skb.sk = sk;
  sk.sk_send_head = skb;
  return { skb: skb as unknown as Record<string, unknown>, sk: sk as unknown as Record<string, unknown> };
}

/** Names of the rows below an object. */
export function childNames(value: object): string[] {
  return show('x', value, '', 'x', false).open!(0, 0, false).map((r) => r.name);
}
