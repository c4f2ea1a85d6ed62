/** include/net/net_namespace.h: struct net, of which there is one per host (init_net). */
import { current } from '../ports';
import { atomic_inc, atomic_read, atomic_t } from '../linux/atomic';
import { list_head, type hlist_head } from '../linux/list';
import type { net_device } from '../linux/netdevice';
import { netns_ipv4 } from './netns/ipv4';
import { netns_mib } from './netns/mib';
import { netns_packet } from './netns/packet';
import type { sock } from './sock';

declare module '../ports' { interface Host { init_net: net } }

export const NETDEV_HASHBITS = 8;
export const NETDEV_HASHENTRIES = 256;
export const LOOPBACK_IFINDEX = 1;

export class netns_core { sysctl_somaxconn = 128; }

export class net {
  passive: atomic_t = new atomic_t(0);
  count: atomic_t = new atomic_t(1);
  dev_base_head: list_head<net_device> = new list_head<net_device>();
  dev_name_head: hlist_head[] = null;
  dev_index_head: hlist_head[] = null;
  dev_base_seq = 0;
  ifindex = 0;
  rules_ops: list_head = new list_head();
  loopback_dev: net_device = null;
  rtnl: sock = null;
  core: netns_core = new netns_core();
  mib: netns_mib = new netns_mib();
  ipv4: netns_ipv4 = new netns_ipv4();
  rt_genid: atomic_t = new atomic_t(0);
  packet: netns_packet = new netns_packet();
}

/** struct pernet_operations: its init runs once for init_net. */
export interface pernet_operations {
  init: (net: net) => number;
  exit: (net: net) => void;
}

export { register_pernet_subsys, register_pernet_device } from '../../net/core/net_namespace';

export function get_net(net: net): net {
  atomic_inc(net.count);
  return net;
}
export function put_net(net: net): void {
  net.count.counter--;
}
export function maybe_get_net(net: net): net {
  return net;
}
export function net_eq(net1: net, net2: net): boolean {
  return net1 === net2;
}
export function hold_net(net: net): net {
  return net;
}
export function release_net(_net: net): void { /* counted only for debugging */ }
export function write_pnet(_pnet: unknown, _net: net): void { /* the namespace is always init_net */ }
export function read_pnet(_pnet: unknown): net {
  return current.host.init_net;
}
export function rt_genid(net: net): number {
  return atomic_read(net.rt_genid);
}
export function rt_genid_bump(net: net): void {
  atomic_inc(net.rt_genid);
}
