/** net/ipv4/protocol.c: the tables of IP protocols and their offloads. */
import { current, type Host } from '../../include/ports';
import { EINVAL } from '../../include/uapi/asm-generic/errno';
import { synchronize_net } from '../../include/linux/rcupdate';
import { MAX_INET_PROTOS, type net_offload, type net_protocol } from '../../include/net/protocol';

declare module '../../include/ports' { interface Host { inet_protos: net_protocol[]; inet_offloads: net_offload[] } }
export function protocol_globals(host: Host): void {
  host.inet_protos = new Array<net_protocol>(MAX_INET_PROTOS).fill(null);
  host.inet_offloads = new Array<net_offload>(MAX_INET_PROTOS).fill(null);
}
/** Stores `n` in slot `i` if that holds `old`; returns what was there. */
function cmpxchg<T>(table: T[], i: number, old: T, n: T): T {
  const was = table[i];
  if (was === old) table[i] = n;
  return was;
}

export function inet_add_protocol(prot: net_protocol, protocol: number): number {
  if (!prot.netns_ok)
    return -EINVAL;
  return !cmpxchg(current.host.inet_protos, protocol, null, prot) ? 0 : -1;
}
export function inet_add_offload(prot: net_offload, protocol: number): number {
  return !cmpxchg(current.host.inet_offloads, protocol, null, prot) ? 0 : -1;
}
export function inet_del_protocol(prot: net_protocol, protocol: number): number {
  let ret: number;
  ret = (cmpxchg(current.host.inet_protos, protocol, prot, null) === prot) ? 0 : -1;
  synchronize_net();
  return ret;
}
export function inet_del_offload(prot: net_offload, protocol: number): number {
  let ret: number;
  ret = (cmpxchg(current.host.inet_offloads, protocol, prot, null) === prot) ? 0 : -1;
  synchronize_net();
  return ret;
}
