/** include/linux/inetdevice.h: IPv4's view of a device. */
import { atomic_dec, atomic_dec_and_test, atomic_inc, atomic_t } from './atomic';
import { hlist_node } from './list';
import { spinlock_t } from './spinlock';
import { timer_list } from './timer';
import { max } from './kernel';
import { htonl, ntohl } from './types';
import { rcu_dereference, rcu_read_lock, rcu_read_unlock, rtnl_dereference } from './rcupdate';
import { dev_net, type net_device } from './netdevice';
import type { ip_mc_list } from './igmp';
import type { neigh_parms } from '../net/neighbour';
import type { net } from '../net/net_namespace';
import { __ip_dev_find, in_dev_finish_destroy } from '../../net/ipv4/devinet';

export * from './if_addr';
export {
  __ip_dev_find, devinet_init, devinet_ioctl, in_dev_finish_destroy, inet_addr_onlink, inet_confirm_addr, inet_ifa_byprefix, inet_select_addr, inetdev_by_index, register_inetaddr_notifier,
  unregister_inetaddr_notifier,
} from '../../net/ipv4/devinet';

export const IPV4_DEVCONF_FORWARDING = 1;
export const IPV4_DEVCONF_MC_FORWARDING = 2;
export const IPV4_DEVCONF_PROXY_ARP = 3;
export const IPV4_DEVCONF_ACCEPT_REDIRECTS = 4;
export const IPV4_DEVCONF_SECURE_REDIRECTS = 5;
export const IPV4_DEVCONF_SEND_REDIRECTS = 6;
export const IPV4_DEVCONF_SHARED_MEDIA = 7;
export const IPV4_DEVCONF_RP_FILTER = 8;
export const IPV4_DEVCONF_ACCEPT_SOURCE_ROUTE = 9;
export const IPV4_DEVCONF_BOOTP_RELAY = 10;
export const IPV4_DEVCONF_LOG_MARTIANS = 11;
export const IPV4_DEVCONF_TAG = 12;
export const IPV4_DEVCONF_ARPFILTER = 13;
export const IPV4_DEVCONF_MEDIUM_ID = 14;
export const IPV4_DEVCONF_NOXFRM = 15;
export const IPV4_DEVCONF_NOPOLICY = 16;
export const IPV4_DEVCONF_FORCE_IGMP_VERSION = 17;
export const IPV4_DEVCONF_ARP_ANNOUNCE = 18;
export const IPV4_DEVCONF_ARP_IGNORE = 19;
export const IPV4_DEVCONF_PROMOTE_SECONDARIES = 20;
export const IPV4_DEVCONF_ARP_ACCEPT = 21;
export const IPV4_DEVCONF_ARP_NOTIFY = 22;
export const IPV4_DEVCONF_ACCEPT_LOCAL = 23;
export const IPV4_DEVCONF_SRC_VMARK = 24;
export const IPV4_DEVCONF_PROXY_ARP_PVLAN = 25;
export const IPV4_DEVCONF_ROUTE_LOCALNET = 26;
export const IPV4_DEVCONF_MAX = 26;

/** struct ipv4_devconf: `data[IPV4_DEVCONF_x - 1]`. */
export class ipv4_devconf {
  data: number[] = new Array<number>(IPV4_DEVCONF_MAX).fill(0);
  state = { v: 0 };
}

export class in_device {
  dev: net_device = null;
  refcnt: atomic_t = new atomic_t(0);
  dead = 0;
  ifa_list: in_ifaddr = null;
  mc_list: ip_mc_list = null;
  mc_count = 0;
  mc_tomb_lock: spinlock_t = new spinlock_t();
  mc_tomb: ip_mc_list = null;
  mr_v1_seen = 0;
  mr_v2_seen = 0;
  mr_maxdelay = 0;
  mr_qrv = 0;
  mr_gq_running = 0;
  mr_ifc_count = 0;
  mr_gq_timer: timer_list = new timer_list();
  mr_ifc_timer: timer_list = new timer_list();
  arp_parms: neigh_parms = null;
  cnf: ipv4_devconf = new ipv4_devconf();
}

export class in_ifaddr {
  hash: hlist_node<in_ifaddr> = new hlist_node<in_ifaddr>(this);
  ifa_next: in_ifaddr = null;
  ifa_dev: in_device = null;
  ifa_local = 0;
  ifa_address = 0;
  ifa_mask = 0;
  ifa_broadcast = 0;
  ifa_scope = 0;
  ifa_flags = 0;
  ifa_prefixlen = 0;
  ifa_label = '';
  ifa_valid_lft = 0;
  ifa_preferred_lft = 0;
  ifa_cstamp = 0;
  ifa_tstamp = 0;
}

/** IPV4_DEVCONF_ALL: the setting for all devices. */
export function IPV4_DEVCONF_ALL(net: net, attr: number): number { return net.ipv4.devconf_all.data[attr - 1]; }
export function ipv4_devconf_get(in_dev: in_device, index: number): number {
  index--;
  return in_dev.cnf.data[index];
}
export function ipv4_devconf_set(in_dev: in_device, index: number, val: number): void {
  index--;
  in_dev.cnf.state.v |= 1 << index;
  in_dev.cnf.data[index] = val;
}
export function ipv4_devconf_setall(in_dev: in_device): void {
  in_dev.cnf.state.v = 0x3ffffff;
}
export function IN_DEV_CONF_GET(in_dev: in_device, attr: number): number { return ipv4_devconf_get(in_dev, attr); }
export function IN_DEV_CONF_SET(in_dev: in_device, attr: number, val: number): void { ipv4_devconf_set(in_dev, attr, val); }
export function IN_DEV_ANDCONF(in_dev: in_device, attr: number): number { return IPV4_DEVCONF_ALL(dev_net(in_dev.dev), attr) && ipv4_devconf_get(in_dev, attr) ? 1 : 0; }
export function IN_DEV_NET_ORCONF(in_dev: in_device, net: net, attr: number): number { return IPV4_DEVCONF_ALL(net, attr) || ipv4_devconf_get(in_dev, attr) ? 1 : 0; }
export function IN_DEV_ORCONF(in_dev: in_device, attr: number): number { return IPV4_DEVCONF_ALL(dev_net(in_dev.dev), attr) || ipv4_devconf_get(in_dev, attr) ? 1 : 0; }
export function IN_DEV_MAXCONF(in_dev: in_device, attr: number): number { return max(IPV4_DEVCONF_ALL(dev_net(in_dev.dev), attr), ipv4_devconf_get(in_dev, attr)); }

export function IN_DEV_FORWARD(in_dev: in_device): number { return IN_DEV_CONF_GET(in_dev, IPV4_DEVCONF_FORWARDING); }
export function IN_DEV_MFORWARD(in_dev: in_device): number { return IN_DEV_ANDCONF(in_dev, IPV4_DEVCONF_MC_FORWARDING); }
export function IN_DEV_RPFILTER(in_dev: in_device): number { return IN_DEV_MAXCONF(in_dev, IPV4_DEVCONF_RP_FILTER); }
export function IN_DEV_SRC_VMARK(in_dev: in_device): number { return IN_DEV_ORCONF(in_dev, IPV4_DEVCONF_SRC_VMARK); }
export function IN_DEV_SOURCE_ROUTE(in_dev: in_device): number { return IN_DEV_ANDCONF(in_dev, IPV4_DEVCONF_ACCEPT_SOURCE_ROUTE); }
export function IN_DEV_ACCEPT_LOCAL(in_dev: in_device): number { return IN_DEV_ORCONF(in_dev, IPV4_DEVCONF_ACCEPT_LOCAL); }
export function IN_DEV_BOOTP_RELAY(in_dev: in_device): number { return IN_DEV_ANDCONF(in_dev, IPV4_DEVCONF_BOOTP_RELAY); }
export function IN_DEV_LOG_MARTIANS(in_dev: in_device): number { return IN_DEV_ORCONF(in_dev, IPV4_DEVCONF_LOG_MARTIANS); }
export function IN_DEV_PROXY_ARP(in_dev: in_device): number { return IN_DEV_ORCONF(in_dev, IPV4_DEVCONF_PROXY_ARP); }
export function IN_DEV_PROXY_ARP_PVLAN(in_dev: in_device): number { return IN_DEV_CONF_GET(in_dev, IPV4_DEVCONF_PROXY_ARP_PVLAN); }
export function IN_DEV_SHARED_MEDIA(in_dev: in_device): number { return IN_DEV_ORCONF(in_dev, IPV4_DEVCONF_SHARED_MEDIA); }
export function IN_DEV_TX_REDIRECTS(in_dev: in_device): number { return IN_DEV_ORCONF(in_dev, IPV4_DEVCONF_SEND_REDIRECTS); }
export function IN_DEV_SEC_REDIRECTS(in_dev: in_device): number { return IN_DEV_ORCONF(in_dev, IPV4_DEVCONF_SECURE_REDIRECTS); }
export function IN_DEV_IDTAG(in_dev: in_device): number { return IN_DEV_CONF_GET(in_dev, IPV4_DEVCONF_TAG); }
export function IN_DEV_MEDIUM_ID(in_dev: in_device): number { return IN_DEV_CONF_GET(in_dev, IPV4_DEVCONF_MEDIUM_ID); }
export function IN_DEV_PROMOTE_SECONDARIES(in_dev: in_device): number { return IN_DEV_ORCONF(in_dev, IPV4_DEVCONF_PROMOTE_SECONDARIES); }
export function IN_DEV_ROUTE_LOCALNET(in_dev: in_device): number { return IN_DEV_ORCONF(in_dev, IPV4_DEVCONF_ROUTE_LOCALNET); }
export function IN_DEV_NET_ROUTE_LOCALNET(in_dev: in_device, net: net): number { return IN_DEV_NET_ORCONF(in_dev, net, IPV4_DEVCONF_ROUTE_LOCALNET); }
export function IN_DEV_RX_REDIRECTS(in_dev: in_device): boolean {
  return (IN_DEV_FORWARD(in_dev) && IN_DEV_ANDCONF(in_dev, IPV4_DEVCONF_ACCEPT_REDIRECTS)) || (!IN_DEV_FORWARD(in_dev) && IN_DEV_ORCONF(in_dev, IPV4_DEVCONF_ACCEPT_REDIRECTS)) ? true : false;
}
export function IN_DEV_ARPFILTER(in_dev: in_device): number { return IN_DEV_ORCONF(in_dev, IPV4_DEVCONF_ARPFILTER); }
export function IN_DEV_ARP_ACCEPT(in_dev: in_device): number { return IN_DEV_ORCONF(in_dev, IPV4_DEVCONF_ARP_ACCEPT); }
export function IN_DEV_ARP_ANNOUNCE(in_dev: in_device): number { return IN_DEV_MAXCONF(in_dev, IPV4_DEVCONF_ARP_ANNOUNCE); }
export function IN_DEV_ARP_IGNORE(in_dev: in_device): number { return IN_DEV_MAXCONF(in_dev, IPV4_DEVCONF_ARP_IGNORE); }
export function IN_DEV_ARP_NOTIFY(in_dev: in_device): number { return IN_DEV_MAXCONF(in_dev, IPV4_DEVCONF_ARP_NOTIFY); }

export function ip_dev_find(net: net, addr: number): net_device {
  return __ip_dev_find(net, addr, true);
}
export function inet_ifa_match(addr: number, ifa: in_ifaddr): boolean {
  return !((addr ^ ifa.ifa_address) & ifa.ifa_mask);
}
export function bad_mask(mask: number, addr: number): number {
  let hmask: number;
  if (addr & (mask = ~mask))
    return 1;
  hmask = ntohl(mask) >>> 0;
  if (hmask & (hmask + 1))
    return 1;
  return 0;
}
export function __in_dev_get_rcu(dev: net_device): in_device {
  return rcu_dereference(dev.ip_ptr);
}
export function in_dev_get(dev: net_device): in_device {
  let in_dev: in_device;
  rcu_read_lock();
  in_dev = __in_dev_get_rcu(dev);
  if (in_dev)
    atomic_inc(in_dev.refcnt);
  rcu_read_unlock();
  return in_dev;
}
export function __in_dev_get_rtnl(dev: net_device): in_device {
  return rtnl_dereference(dev.ip_ptr);
}
export function in_dev_put(idev: in_device): void {
  if (atomic_dec_and_test(idev.refcnt))
    in_dev_finish_destroy(idev);
}
export function __in_dev_put(idev: in_device): void { atomic_dec(idev.refcnt); }
export function in_dev_hold(idev: in_device): void { atomic_inc(idev.refcnt); }

export function inet_make_mask(logmask: number): number {
  if (logmask)
    return htonl(logmask === 32 ? 0xffffffff : ~((1 << (32 - logmask)) - 1) >>> 0);
  return 0;
}
export function inet_mask_len(mask: number): number {
  const hmask = ntohl(mask);
  if (!hmask)
    return 0;
  return 32 - (31 - Math.clz32(hmask & -hmask));
}
