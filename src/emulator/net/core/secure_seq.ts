/** Mirror of net/core/secure_seq.c. DEVIATION: jhash in place of MD5; what matters here is that the numbers depend on addresses, ports and the host's secret. */
import { current, type Host } from '../../include/ports';
import { likely } from '../../include/linux/compiler';
import { jhash2 } from '../../include/linux/jhash';
import { ktime_get_real, ktime_to_ns } from '../../include/linux/ktime';
import { get_random_int } from '../../include/linux/random';

const NET_SECRET_SIZE = 16;
declare module '../../include/ports' { interface Host { net_secret: Uint32Array } }
export function secure_seq_globals(host: Host): void { host.net_secret = new Uint32Array(NET_SECRET_SIZE); }

function net_secret_init(): void {
  const net_secret = current.host.net_secret;
  let tmp: number;
  let i: number;
  if (likely(net_secret[0]))
    return;
  for (i = NET_SECRET_SIZE; i > 0;) {
    do {
      tmp = get_random_int();
    } while (!tmp);
    net_secret[--i] = tmp;
  }
}

function md5_transform(hash: Uint32Array, net_secret: Uint32Array): void { hash[0] = jhash2(hash, 4, net_secret[0]); }

/** A 64 ns clock on top of the hash, as RFC 793 wants sequence numbers to grow. */
function seq_scale(seq: number): number {
  return (seq + Math.floor(ktime_to_ns(ktime_get_real()) / 64)) % 0x100000000;
}

export function secure_tcp_sequence_number(saddr: number, daddr: number, sport: number, dport: number): number {
  const hash = new Uint32Array(4);
  const net_secret = current.host.net_secret;
  net_secret_init();
  hash[0] = saddr;
  hash[1] = daddr;
  hash[2] = (sport << 16) + dport;
  hash[3] = net_secret[15];
  md5_transform(hash, net_secret);
  return seq_scale(hash[0]);
}

export function secure_ipv4_port_ephemeral(saddr: number, daddr: number, dport: number): number {
  const hash = new Uint32Array(4);
  const net_secret = current.host.net_secret;
  net_secret_init();
  hash[0] = saddr;
  hash[1] = daddr;
  hash[2] = dport ^ net_secret[14];
  hash[3] = net_secret[15];
  md5_transform(hash, net_secret);
  return hash[0];
}
