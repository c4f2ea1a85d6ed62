/** net/ipv4/devinet.c: IPv4 addresses of devices. */
import { current, type Gen, type Host } from '../../include/ports';
import { WARN_ON } from '../../include/asm-generic/bug';
import { EADDRNOTAVAIL, EEXIST, EFAULT, EINVAL, EMSGSIZE, ENOBUFS, ENODATA, ENODEV, ENOMEM, EPERM } from '../../include/uapi/asm-generic/errno'
import { IS_ERR, PTR_ERR, ERR_PTR } from '../../include/linux/err';
import { NETLINK_CB } from '../../include/linux/netlink';
import { nla_strlcpy } from '../../lib/nlattr';
import { sock_net } from '../../include/net/sock';
import { dev_load } from '../core/dev_ioctl';
import { CAP_NET_ADMIN, ns_capable } from '../../include/linux/capability';
import { GFP_KERNEL } from '../../include/linux/gfp';
import { hash_32 } from '../../include/linux/hash';
import { IFF_BROADCAST, IFF_LOOPBACK, IFF_POINTOPOINT, IFF_UP, IFNAMSIZ } from '../../include/linux/if';
import { IFA_ADDRESS, IFA_BROADCAST, IFA_CACHEINFO, IFA_LABEL, IFA_LOCAL, IFA_MAX } from '../../include/linux/if_addr';
import { ARPOP_REQUEST } from '../../include/linux/if_arp';
import { ETH_P_ARP } from '../../include/linux/if_ether';
import { INADDR_LOOPBACK, ipv4_is_loopback, ipv4_is_zeronet } from '../../include/linux/in';
import {
  IFA_F_DEPRECATED, IFA_F_PERMANENT, IFA_F_SECONDARY, IN_DEV_ARP_NOTIFY, IN_DEV_CONF_SET, IN_DEV_PROMOTE_SECONDARIES, IPV4_DEVCONF_ACCEPT_REDIRECTS, IPV4_DEVCONF_ACCEPT_SOURCE_ROUTE, IPV4_DEVCONF_FORWARDING,
  IPV4_DEVCONF_MAX, IPV4_DEVCONF_NOPOLICY, IPV4_DEVCONF_NOXFRM, IPV4_DEVCONF_SECURE_REDIRECTS, IPV4_DEVCONF_SEND_REDIRECTS, IPV4_DEVCONF_SHARED_MEDIA, __in_dev_get_rcu, __in_dev_get_rtnl, bad_mask,
  in_dev_hold, in_dev_put, in_device, in_ifaddr, inet_ifa_match, inet_make_mask, inet_mask_len, ipv4_devconf, ipv4_devconf_setall,
} from '../../include/linux/inetdevice';
import { HZ, jiffies, jiffies_to_clock_t, time_before } from '../../include/linux/jiffies';
import { round_jiffies_up } from '../../include/linux/timer';
import { INIT_HLIST_HEAD, INIT_HLIST_NODE, hlist_add_head_rcu, hlist_del_init_rcu, hlist_head, type hlist_node } from '../../include/linux/list';
import {
  NETDEV_CHANGEADDR, NETDEV_CHANGEMTU, NETDEV_CHANGENAME, NETDEV_DOWN, NETDEV_NOTIFY_PEERS, NETDEV_POST_TYPE_CHANGE, NETDEV_PRE_TYPE_CHANGE, NETDEV_REGISTER, NETDEV_UNREGISTER, NETDEV_UP,
  __dev_get_by_index, __dev_get_by_name, dev_change_flags, dev_disable_lro, dev_get_by_index_rcu, dev_hold, dev_net, dev_put, register_netdevice_notifier, type net_device,
} from '../../include/linux/netdevice';
import { NOTIFY_DONE, blocking_notifier_call_chain, blocking_notifier_head, notifier_block, notifier_from_errno, raw_notifier_chain_register, raw_notifier_chain_unregister } from '../../include/linux/notifier';
import { call_rcu, rcu_dereference, rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { ASSERT_RTNL, RTM_DELADDR, RTM_NEWADDR, RTNLGRP_IPV4_IFADDR, RT_SCOPE_HOST, RT_SCOPE_LINK, RT_TABLE_LOCAL, RTN_LOCAL, rtnl_lock, rtnl_notify, rtnl_register, rtnl_set_sk_err, rtnl_unlock } from '../../include/linux/rtnetlink';
import { kfree_skb, type sk_buff } from '../../include/linux/skbuff';
import { AF_INET, PF_INET } from '../../include/linux/socket';
import {
  SIOCGIFADDR, SIOCGIFBRDADDR, SIOCGIFDSTADDR, SIOCGIFNETMASK, SIOCSIFADDR, SIOCSIFBRDADDR, SIOCSIFDSTADDR, SIOCSIFFLAGS, SIOCSIFNETMASK,
} from '../../include/linux/sockios';
import { spin_lock, spin_unlock, spinlock_t } from '../../include/linux/spinlock';
import { htonl, ntohl } from '../../include/linux/types';
import { INIT_DELAYED_WORK, cancel_delayed_work, delayed_work, schedule_delayed_work, type work_struct } from '../../include/linux/workqueue';
import { flowi4 } from '../../include/net/flow';
import { FIB_LOOKUP_NOREF, FIB_RES_DEV, fib_get_table, fib_result, fib_table_lookup, type fib_table } from '../../include/net/ip_fib';
import { neigh_parms_alloc, neigh_parms_release } from '../../include/net/neighbour';
import { net_eq, register_pernet_subsys, type net, type pernet_operations } from '../../include/net/net_namespace';
import { net_hash_mix } from '../../include/net/netns/hash';
import { NLA_STRING, NLA_U32, NLA_UNSPEC, NLM_F_EXCL, NLM_F_REPLACE, nla_get_be32, nla_policies, nlmsg_parse, type nla_policy, type nlattr, NLMSG_ALIGN, nla_data, nla_put, nla_put_be32, nla_put_string, nla_reserve, nla_total_size, nlmsg_cancel, nlmsg_end, nlmsg_data, nlmsg_new, nlmsg_put, struct_view, type nlmsghdr } from '../../include/net/netlink';
import { arp_ifdown, arp_send } from './arp';
import { fib_add_ifaddr, fib_del_ifaddr } from './fib_frontend';
import { ip_mc_destroy_dev, ip_mc_down, ip_mc_init_dev, ip_mc_remap, ip_mc_unmap, ip_mc_up } from './igmp';

const IN4_ADDR_HSIZE_SHIFT = 8;
const IN4_ADDR_HSIZE = 256;
const INFINITY_LIFE_TIME = 0xffffffff;
/* From net/addrconf.h, jiffies. */
const ADDR_CHECK_FREQUENCY = 120 * 250;
const ADDRCONF_TIMER_FUZZ_MINUS = 0;
const ADDRCONF_TIMER_FUZZ = 62;
const ADDRCONF_TIMER_FUZZ_MAX = 250;

declare module '../../include/ports' {
  interface Host {
    ipv4_devconf: ipv4_devconf;
    ipv4_devconf_dflt: ipv4_devconf;
    inet_addr_lst: hlist_head<in_ifaddr>[];
    inet_addr_hash_lock: spinlock_t;
    inetaddr_chain: blocking_notifier_head;
    check_lifetime_work: delayed_work;
  }
}
export function devinet_globals(host: Host): void {
  host.ipv4_devconf = new ipv4_devconf();
  host.ipv4_devconf_dflt = new ipv4_devconf();
  for (const c of [host.ipv4_devconf, host.ipv4_devconf_dflt])
    for (const on of [IPV4_DEVCONF_ACCEPT_REDIRECTS, IPV4_DEVCONF_SEND_REDIRECTS, IPV4_DEVCONF_SECURE_REDIRECTS, IPV4_DEVCONF_SHARED_MEDIA]) c.data[on - 1] = 1;
  host.ipv4_devconf_dflt.data[IPV4_DEVCONF_ACCEPT_SOURCE_ROUTE - 1] = 1;
  host.inet_addr_lst = Array.from({ length: IN4_ADDR_HSIZE }, () => new hlist_head<in_ifaddr>());
  host.inet_addr_hash_lock = new spinlock_t();
  host.inetaddr_chain = new blocking_notifier_head();
  host.check_lifetime_work = new delayed_work();
  INIT_DELAYED_WORK(host.check_lifetime_work, check_lifetime);
}

/** A pointer to the link to an address (struct in_ifaddr **): the device's list itself (prev null) or an address's ifa_next. */
class ifa_link {
  readonly in_dev: in_device;
  readonly prev: in_ifaddr;
  constructor(in_dev: in_device, prev: in_ifaddr) { this.in_dev = in_dev; this.prev = prev; }
  get v(): in_ifaddr { return this.prev === null ? this.in_dev.ifa_list : this.prev.ifa_next; }
  set v(ifa: in_ifaddr) { if (this.prev === null) this.in_dev.ifa_list = ifa; else this.prev.ifa_next = ifa; }
}

function inet_addr_hash(net: net, addr: number): number {
  const val = addr ^ net_hash_mix(net);
  return hash_32(val, IN4_ADDR_HSIZE_SHIFT);
}
function inet_hash_insert(net: net, ifa: in_ifaddr): void {
  const hash = inet_addr_hash(net, ifa.ifa_local);
  spin_lock(current.host.inet_addr_hash_lock);
  hlist_add_head_rcu(ifa.hash, current.host.inet_addr_lst[hash]);
  spin_unlock(current.host.inet_addr_hash_lock);
}
function inet_hash_remove(ifa: in_ifaddr): void {
  spin_lock(current.host.inet_addr_hash_lock);
  hlist_del_init_rcu(ifa.hash);
  spin_unlock(current.host.inet_addr_hash_lock);
}

/** The device that has `addr`, held if `devref`; null if it is not ours. */
export function __ip_dev_find(net: net, addr: number, devref: boolean): net_device {
  const hash = inet_addr_hash(net, addr);
  let result: net_device = null;
  let ifa: in_ifaddr;
  rcu_read_lock();
  for (let p = current.host.inet_addr_lst[hash].first; p !== null; p = p.next) {
    ifa = p.owner;
    if (ifa.ifa_local === addr) {
      const dev = ifa.ifa_dev.dev;
      if (!net_eq(dev_net(dev), net))
        continue;
      result = dev;
      break;
    }
  }
  if (!result) {
    const fl4 = new flowi4();
    const res = new fib_result();
    let local: fib_table;
    fl4.daddr = addr;
    local = fib_get_table(net, RT_TABLE_LOCAL);
    if (local && !fib_table_lookup(local, fl4, res, FIB_LOOKUP_NOREF) && res.type === RTN_LOCAL)
      result = FIB_RES_DEV(res);
  }
  if (result && devref)
    dev_hold(result);
  rcu_read_unlock();
  return result;
}

export function inet_alloc_ifa(): in_ifaddr {
  return new in_ifaddr();
}
function inet_rcu_free_ifa(head: in_ifaddr): void {
  const ifa = head;
  if (ifa.ifa_dev)
    in_dev_put(ifa.ifa_dev);
}
function inet_free_ifa(ifa: in_ifaddr): void {
  call_rcu(ifa, inet_rcu_free_ifa);
}

export function in_dev_finish_destroy(idev: in_device): void {
  const dev = idev.dev;
  WARN_ON(idev.ifa_list);
  WARN_ON(idev.mc_list);
  dev_put(dev);
  if (!idev.dead)
    current.machine.log('Freeing alive in_device');
}

function inetdev_init(dev: net_device): in_device {
  let in_dev: in_device;
  ASSERT_RTNL();
  in_dev = new in_device();
  const dflt = dev_net(dev).ipv4.devconf_dflt;
  for (let i = 0; i < IPV4_DEVCONF_MAX; i++) in_dev.cnf.data[i] = dflt.data[i];
  in_dev.cnf.state.v = dflt.state.v;
  in_dev.dev = dev;
  in_dev.arp_parms = neigh_parms_alloc(dev, current.host.arp_tbl);
  if (!in_dev.arp_parms) {
    in_dev = null;
    return in_dev;
  }
  if (in_dev.cnf.data[IPV4_DEVCONF_FORWARDING - 1])
    dev_disable_lro(dev);
  dev_hold(dev);
  in_dev_hold(in_dev);
  ip_mc_init_dev(in_dev);
  if (dev.flags & IFF_UP)
    ip_mc_up(in_dev);
  dev.ip_ptr = in_dev;
  return in_dev;
}

function in_dev_rcu_put(head: in_device): void {
  const idev = head;
  in_dev_put(idev);
}

function inetdev_destroy(in_dev: in_device): void {
  let ifa: in_ifaddr;
  let dev: net_device;
  ASSERT_RTNL();
  dev = in_dev.dev;
  in_dev.dead = 1;
  ip_mc_destroy_dev(in_dev);
  while ((ifa = in_dev.ifa_list) !== null) {
    inet_del_ifa(in_dev, new ifa_link(in_dev, null), 0);
    inet_free_ifa(ifa);
  }
  dev.ip_ptr = null;
  neigh_parms_release(current.host.arp_tbl, in_dev.arp_parms);
  arp_ifdown(dev);
  call_rcu(in_dev, in_dev_rcu_put);
}

export function inet_addr_onlink(in_dev: in_device, a: number, b: number): number {
  rcu_read_lock();
  for (let ifa = in_dev.ifa_list; ifa && !(ifa.ifa_flags & IFA_F_SECONDARY); ifa = ifa.ifa_next) {
    if (inet_ifa_match(a, ifa)) {
      if (!b || inet_ifa_match(b, ifa)) {
        rcu_read_unlock();
        return 1;
      }
    }
  }
  rcu_read_unlock();
  return 0;
}

function __inet_del_ifa(in_dev: in_device, ifap: ifa_link, destroy: number, nlh: nlmsghdr, portid: number): void {
  let promote: in_ifaddr = null;
  let ifa: in_ifaddr;
  const ifa1 = ifap.v;
  let last_prim = in_dev.ifa_list;
  let prev_prom: in_ifaddr = null;
  const do_promote = IN_DEV_PROMOTE_SECONDARIES(in_dev);
  const inetaddr_chain = current.host.inetaddr_chain;
  ASSERT_RTNL();
  if (!(ifa1.ifa_flags & IFA_F_SECONDARY)) {
    let ifap1 = new ifa_link(in_dev, ifa1);
    while ((ifa = ifap1.v) !== null) {
      if (!(ifa.ifa_flags & IFA_F_SECONDARY) && ifa1.ifa_scope <= ifa.ifa_scope)
        last_prim = ifa;
      if (!(ifa.ifa_flags & IFA_F_SECONDARY) || ifa1.ifa_mask !== ifa.ifa_mask || !inet_ifa_match(ifa1.ifa_address, ifa)) {
        ifap1 = new ifa_link(in_dev, ifa);
        prev_prom = ifa;
        continue;
      }
      if (!do_promote) {
        inet_hash_remove(ifa);
        ifap1.v = ifa.ifa_next;
        rtmsg_ifa(RTM_DELADDR, ifa, nlh, portid);
        blocking_notifier_call_chain(inetaddr_chain, NETDEV_DOWN, ifa);
        inet_free_ifa(ifa);
      } else {
        promote = ifa;
        break;
      }
    }
  }
  for (ifa = promote; ifa; ifa = ifa.ifa_next) {
    if (ifa1.ifa_mask === ifa.ifa_mask && inet_ifa_match(ifa1.ifa_address, ifa))
      fib_del_ifaddr(ifa, ifa1);
  }
  ifap.v = ifa1.ifa_next;
  inet_hash_remove(ifa1);
  rtmsg_ifa(RTM_DELADDR, ifa1, nlh, portid);
  blocking_notifier_call_chain(inetaddr_chain, NETDEV_DOWN, ifa1);
  if (promote) {
    const next_sec = promote.ifa_next;
    if (prev_prom) {
      prev_prom.ifa_next = promote.ifa_next;
      promote.ifa_next = last_prim.ifa_next;
      last_prim.ifa_next = promote;
    }
    promote.ifa_flags &= ~IFA_F_SECONDARY;
    rtmsg_ifa(RTM_NEWADDR, promote, nlh, portid);
    blocking_notifier_call_chain(inetaddr_chain, NETDEV_UP, promote);
    for (ifa = next_sec; ifa; ifa = ifa.ifa_next) {
      if (ifa1.ifa_mask !== ifa.ifa_mask || !inet_ifa_match(ifa1.ifa_address, ifa))
        continue;
      fib_add_ifaddr(ifa);
    }
  }
  if (destroy)
    inet_free_ifa(ifa1);
}

function inet_del_ifa(in_dev: in_device, ifap: ifa_link, destroy: number): void {
  __inet_del_ifa(in_dev, ifap, destroy, null, 0);
}

function __inet_insert_ifa(ifa: in_ifaddr, nlh: nlmsghdr, portid: number): number {
  const in_dev = ifa.ifa_dev;
  let ifa1: in_ifaddr;
  let ifap: ifa_link, last_primary: ifa_link;
  ASSERT_RTNL();
  if (!ifa.ifa_local) {
    inet_free_ifa(ifa);
    return 0;
  }
  ifa.ifa_flags &= ~IFA_F_SECONDARY;
  last_primary = new ifa_link(in_dev, null);
  for (ifap = new ifa_link(in_dev, null); (ifa1 = ifap.v) !== null; ifap = new ifa_link(in_dev, ifa1)) {
    if (!(ifa1.ifa_flags & IFA_F_SECONDARY) && ifa.ifa_scope <= ifa1.ifa_scope)
      last_primary = new ifa_link(in_dev, ifa1);
    if (ifa1.ifa_mask === ifa.ifa_mask && inet_ifa_match(ifa1.ifa_address, ifa)) {
      if (ifa1.ifa_local === ifa.ifa_local) {
        inet_free_ifa(ifa);
        return -EEXIST;
      }
      if (ifa1.ifa_scope !== ifa.ifa_scope) {
        inet_free_ifa(ifa);
        return -EINVAL;
      }
      ifa.ifa_flags |= IFA_F_SECONDARY;
    }
  }
  if (!(ifa.ifa_flags & IFA_F_SECONDARY)) {
    ifap = last_primary;
  }
  ifa.ifa_next = ifap.v;
  ifap.v = ifa;
  inet_hash_insert(dev_net(in_dev.dev), ifa);
  cancel_delayed_work(current.host.check_lifetime_work);
  schedule_delayed_work(current.host.check_lifetime_work, 0);
  rtmsg_ifa(RTM_NEWADDR, ifa, nlh, portid);
  blocking_notifier_call_chain(current.host.inetaddr_chain, NETDEV_UP, ifa);
  return 0;
}

export function inet_insert_ifa(ifa: in_ifaddr): number {
  return __inet_insert_ifa(ifa, null, 0);
}

/** Gives `dev` the address `ifa` (from inet_alloc_ifa). The caller holds the RTNL lock. Returns 0 or an errno. */
export function inet_set_ifa(dev: net_device, ifa: in_ifaddr): number {
  const in_dev = __in_dev_get_rtnl(dev);
  ASSERT_RTNL();
  if (!in_dev) {
    inet_free_ifa(ifa);
    return -ENOBUFS;
  }
  ipv4_devconf_setall(in_dev);
  if (ifa.ifa_dev !== in_dev) {
    WARN_ON(ifa.ifa_dev);
    in_dev_hold(in_dev);
    ifa.ifa_dev = in_dev;
  }
  if (ipv4_is_loopback(ifa.ifa_local))
    ifa.ifa_scope = RT_SCOPE_HOST;
  return inet_insert_ifa(ifa);
}

export function inetdev_by_index(net: net, ifindex: number): in_device {
  let dev: net_device;
  let in_dev: in_device = null;
  rcu_read_lock();
  dev = dev_get_by_index_rcu(net, ifindex);
  if (dev)
    in_dev = rcu_dereference(dev.ip_ptr);
  rcu_read_unlock();
  return in_dev;
}

export function inet_ifa_byprefix(in_dev: in_device, prefix: number, mask: number): in_ifaddr {
  ASSERT_RTNL();
  for (let ifa = in_dev.ifa_list; ifa && !(ifa.ifa_flags & IFA_F_SECONDARY); ifa = ifa.ifa_next) {
    if (ifa.ifa_mask === mask && inet_ifa_match(prefix, ifa))
      return ifa;
  }
  return null;
}

/** Removes expired addresses; runs again when the next one is due. */
function* check_lifetime(_work: work_struct): Gen<void> {
  let now: number, next: number, next_sec: number, next_sched: number;
  let ifa: in_ifaddr;
  let n: hlist_node<in_ifaddr>;
  let i: number;
  now = jiffies();
  next = round_jiffies_up(now + ADDR_CHECK_FREQUENCY);
  for (i = 0; i < IN4_ADDR_HSIZE; i++) {
    let change_needed = false;
    rcu_read_lock();
    for (let p = current.host.inet_addr_lst[i].first; p !== null; p = p.next) {
      let age: number;
      ifa = p.owner;
      if (ifa.ifa_flags & IFA_F_PERMANENT)
        continue;
      age = Math.trunc((now - ifa.ifa_tstamp + ADDRCONF_TIMER_FUZZ_MINUS) / HZ);
      if (ifa.ifa_valid_lft !== INFINITY_LIFE_TIME && age >= ifa.ifa_valid_lft) {
        change_needed = true;
      } else if (ifa.ifa_preferred_lft === INFINITY_LIFE_TIME) {
        continue;
      } else if (age >= ifa.ifa_preferred_lft) {
        if (time_before(ifa.ifa_tstamp + ifa.ifa_valid_lft * HZ, next))
          next = ifa.ifa_tstamp + ifa.ifa_valid_lft * HZ;
        if (!(ifa.ifa_flags & IFA_F_DEPRECATED))
          change_needed = true;
      } else if (time_before(ifa.ifa_tstamp + ifa.ifa_preferred_lft * HZ, next)) {
        next = ifa.ifa_tstamp + ifa.ifa_preferred_lft * HZ;
      }
    }
    rcu_read_unlock();
    if (!change_needed)
      continue;
    yield* rtnl_lock();
    for (let p = current.host.inet_addr_lst[i].first; p !== null; p = n) {
      let age: number;
      n = p.next;
      ifa = p.owner;
      if (ifa.ifa_flags & IFA_F_PERMANENT)
        continue;
      age = Math.trunc((now - ifa.ifa_tstamp + ADDRCONF_TIMER_FUZZ_MINUS) / HZ);
      if (ifa.ifa_valid_lft !== INFINITY_LIFE_TIME && age >= ifa.ifa_valid_lft) {
        let ifap: ifa_link;
        for (ifap = new ifa_link(ifa.ifa_dev, null); ifap.v !== null; ifap = new ifa_link(ifa.ifa_dev, ifap.v)) {
          if (ifap.v === ifa) {
            inet_del_ifa(ifa.ifa_dev, ifap, 1);
            break;
          }
        }
      } else if (ifa.ifa_preferred_lft !== INFINITY_LIFE_TIME && age >= ifa.ifa_preferred_lft && !(ifa.ifa_flags & IFA_F_DEPRECATED)) {
        ifa.ifa_flags |= IFA_F_DEPRECATED;
        rtmsg_ifa(RTM_NEWADDR, ifa, null, 0);
      }
    }
    yield* rtnl_unlock();
  }
  next_sec = round_jiffies_up(next);
  next_sched = next;
  if (time_before(next_sec, next + ADDRCONF_TIMER_FUZZ))
    next_sched = next_sec;
  now = jiffies();
  if (time_before(next_sched, now + ADDRCONF_TIMER_FUZZ_MAX))
    next_sched = now + ADDRCONF_TIMER_FUZZ_MAX;
  schedule_delayed_work(current.host.check_lifetime_work, next_sched - now);
}

export function set_ifa_lifetime(ifa: in_ifaddr, valid_lft: number, prefered_lft: number): void {
  let timeout: number;
  ifa.ifa_flags &= ~(IFA_F_PERMANENT | IFA_F_DEPRECATED);
  timeout = addrconf_timeout_fixup(valid_lft);
  if (addrconf_finite_timeout(timeout))
    ifa.ifa_valid_lft = timeout;
  else
    ifa.ifa_flags |= IFA_F_PERMANENT;
  timeout = addrconf_timeout_fixup(prefered_lft);
  if (addrconf_finite_timeout(timeout)) {
    if (timeout === 0)
      ifa.ifa_flags |= IFA_F_DEPRECATED;
    ifa.ifa_preferred_lft = timeout;
  }
  ifa.ifa_tstamp = jiffies();
  if (!ifa.ifa_cstamp)
    ifa.ifa_cstamp = ifa.ifa_tstamp;
}
function addrconf_timeout_fixup(timeout: number): number { return timeout === INFINITY_LIFE_TIME ? -1 : timeout; }
function addrconf_finite_timeout(timeout: number): boolean { return timeout !== -1; }

/* a table; made when it is asked for, as its constants come from files that import each other */
function ifa_ipv4_policy(): readonly nla_policy[] { return nla_policies(IFA_MAX, [[IFA_LOCAL, NLA_U32, 0], [IFA_ADDRESS, NLA_U32, 0], [IFA_BROADCAST, NLA_U32, 0], [IFA_LABEL, NLA_STRING, IFNAMSIZ - 1], [IFA_CACHEINFO, NLA_UNSPEC, 16]]); }

/** The address that a message describes, or an ERR_PTR. */
function rtm_to_ifaddr(net: net, nlh: nlmsghdr, pvalid_lft: { v: number }, pprefered_lft: { v: number }): in_ifaddr {
  const tb: nlattr[] = [];
  let ifa: in_ifaddr;
  let ifm: ReturnType<typeof ifaddrmsg>;
  let dev: net_device;
  let in_dev: in_device;
  let err: number;
  errout: {
    err = nlmsg_parse(nlh, sizeof_ifaddrmsg, tb, IFA_MAX, ifa_ipv4_policy());
    if (err < 0)
      break errout;
    ifm = ifaddrmsg(nlh.skb.head, nlmsg_data(nlh));
    err = -EINVAL;
    if (ifm.ifa_prefixlen > 32 || tb[IFA_LOCAL] === null)
      break errout;
    dev = __dev_get_by_index(net, ifm.ifa_index);
    err = -ENODEV;
    if (dev === null)
      break errout;
    in_dev = __in_dev_get_rtnl(dev);
    err = -ENOBUFS;
    if (in_dev === null)
      break errout;
    ifa = inet_alloc_ifa();
    if (ifa === null)
      break errout;
    errout_free: {
      ipv4_devconf_setall(in_dev);
      in_dev_hold(in_dev);
      if (tb[IFA_ADDRESS] === null)
        tb[IFA_ADDRESS] = tb[IFA_LOCAL];
      INIT_HLIST_NODE(ifa.hash);
      ifa.ifa_prefixlen = ifm.ifa_prefixlen;
      ifa.ifa_mask = inet_make_mask(ifm.ifa_prefixlen);
      ifa.ifa_flags = ifm.ifa_flags;
      ifa.ifa_scope = ifm.ifa_scope;
      ifa.ifa_dev = in_dev;
      ifa.ifa_local = nla_get_be32(tb[IFA_LOCAL]);
      ifa.ifa_address = nla_get_be32(tb[IFA_ADDRESS]);
      if (tb[IFA_BROADCAST])
        ifa.ifa_broadcast = nla_get_be32(tb[IFA_BROADCAST]);
      if (tb[IFA_LABEL])
        ifa.ifa_label = nla_strlcpy(tb[IFA_LABEL], IFNAMSIZ);
      else
        ifa.ifa_label = dev.name;
      if (tb[IFA_CACHEINFO]) {
        const ci = ifa_cacheinfo(tb[IFA_CACHEINFO].bytes, nla_data(tb[IFA_CACHEINFO].off));
        if (!ci.ifa_valid || ci.ifa_prefered > ci.ifa_valid) {
          err = -EINVAL;
          break errout_free;
        }
        pvalid_lft.v = ci.ifa_valid;
        pprefered_lft.v = ci.ifa_prefered;
      }
      return ifa;
    }
    inet_free_ifa(ifa);
  }
  return ERR_PTR(err) as unknown as in_ifaddr;
}

function find_matching_ifa(ifa: in_ifaddr): in_ifaddr {
  const in_dev = ifa.ifa_dev;
  let ifa1: in_ifaddr;
  if (!ifa.ifa_local)
    return null;
  for (ifa1 = in_dev.ifa_list; ifa1 !== null; ifa1 = ifa1.ifa_next) {
    if (ifa1.ifa_mask === ifa.ifa_mask && inet_ifa_match(ifa1.ifa_address, ifa) && ifa1.ifa_local === ifa.ifa_local)
      return ifa1;
  }
  return null;
}

/** RTM_NEWADDR: what `ip addr add` asks for. */
function* inet_rtm_newaddr(skb: sk_buff, nlh: nlmsghdr): Gen<number> {
  const net = sock_net(skb.sk);
  let ifa: in_ifaddr;
  let ifa_existing: in_ifaddr;
  const valid_lft = { v: INFINITY_LIFE_TIME };
  const prefered_lft = { v: INFINITY_LIFE_TIME };
  ASSERT_RTNL();
  ifa = rtm_to_ifaddr(net, nlh, valid_lft, prefered_lft);
  if (IS_ERR(ifa))
    return PTR_ERR(ifa);
  ifa_existing = find_matching_ifa(ifa);
  if (!ifa_existing) {
    set_ifa_lifetime(ifa, valid_lft.v, prefered_lft.v);
    return __inet_insert_ifa(ifa, nlh, NETLINK_CB(skb).portid);
  } else {
    inet_free_ifa(ifa);
    if (nlh.nlmsg_flags & NLM_F_EXCL || !(nlh.nlmsg_flags & NLM_F_REPLACE))
      return -EEXIST;
    ifa = ifa_existing;
    set_ifa_lifetime(ifa, valid_lft.v, prefered_lft.v);
    cancel_delayed_work(current.host.check_lifetime_work);
    schedule_delayed_work(current.host.check_lifetime_work, 0);
    rtmsg_ifa(RTM_NEWADDR, ifa, nlh, NETLINK_CB(skb).portid);
    blocking_notifier_call_chain(current.host.inetaddr_chain, NETDEV_UP, ifa);
  }
  return 0;
}

/** Prefix length of the address's class, -1 for groups. */
function inet_abc_len(addr: number): number {
  let rc = -1;
  if (ipv4_is_zeronet(addr))
    rc = 0;
  else {
    const haddr = ntohl(addr);
    if ((haddr & 0x80000000) === 0)
      rc = 8;
    else if (((haddr & 0xc0000000) >>> 0) === 0x80000000)
      rc = 16;
    else if (((haddr & 0xe0000000) >>> 0) === 0xc0000000)
      rc = 24;
  }
  return rc;
}

/** struct ifreq as far as addresses and flags go; filled in place. */
export interface inet_ifreq { ifr_name: string; ifr_flags: number; ifr_addr: { sin_family: number; sin_port: number; sin_addr: { s_addr: number } } }

/** The request is the caller's own object: nothing is copied. */
function copy_from_user(_to: inet_ifreq, _from: inet_ifreq): number { return 0; }
function memcpy(to: { sin_family: number; s_addr: number }, sin: inet_ifreq['ifr_addr']): void {
  if (sin) { to.sin_family = sin.sin_family; to.s_addr = sin.sin_addr.s_addr; }
}
/** SIOC[GS]IF{ADDR,BRDADDR,DSTADDR,NETMASK} and SIOCSIFFLAGS. */
export function* devinet_ioctl(net: net, cmd: number, arg: inet_ifreq): Gen<number> {
  const ifr = arg;
  const sin_orig = { sin_family: 0, s_addr: 0 };
  const sin = ifr.ifr_addr;
  let in_dev: in_device;
  let ifap: ifa_link = null;
  let ifa: in_ifaddr = null;
  let dev: net_device;
  let ret = -EFAULT;
  let tryaddrmatch = false;
  if (copy_from_user(ifr, arg))
    return ret;
  ifr.ifr_name = ifr.ifr_name.slice(0, IFNAMSIZ - 1);
  memcpy(sin_orig, sin);
  const colon = ifr.ifr_name.indexOf(':') + 1;
  let ifr_name = ifr.ifr_name;
  if (colon)
    ifr_name = ifr_name.slice(0, colon - 1);
  dev_load(net, ifr_name);
  switch (cmd) {
  case SIOCGIFADDR:
  case SIOCGIFBRDADDR:
  case SIOCGIFDSTADDR:
  case SIOCGIFNETMASK:
    tryaddrmatch = (sin_orig.sin_family === AF_INET);
    sin.sin_addr.s_addr = 0;
    sin.sin_family = AF_INET;
    break;
  case SIOCSIFFLAGS:
    ret = -EPERM;
    if (!ns_capable(null, CAP_NET_ADMIN))
      return ret;
    break;
  case SIOCSIFADDR:
  case SIOCSIFBRDADDR:
  case SIOCSIFDSTADDR:
  case SIOCSIFNETMASK:
    ret = -EPERM;
    if (!ns_capable(null, CAP_NET_ADMIN))
      return ret;
    ret = -EINVAL;
    if (sin.sin_family !== AF_INET)
      return ret;
    break;
  default:
    ret = -EINVAL;
    return ret;
  }
  yield* rtnl_lock();
  rarok: {
    done: {
      ret = -ENODEV;
      dev = __dev_get_by_name(net, ifr_name);
      if (!dev)
        break done;
      if (colon)
        ifr_name = ifr.ifr_name;
      in_dev = __in_dev_get_rtnl(dev);
      if (in_dev) {
        if (tryaddrmatch) {
          for (ifap = new ifa_link(in_dev, null); (ifa = ifap.v) !== null; ifap = new ifa_link(in_dev, ifa)) {
            if (ifr_name === ifa.ifa_label && sin_orig.s_addr === ifa.ifa_local) {
              break;
            }
          }
        }
        if (!ifa) {
          for (ifap = new ifa_link(in_dev, null); (ifa = ifap.v) !== null; ifap = new ifa_link(in_dev, ifa))
            if (ifr_name === ifa.ifa_label)
              break;
        }
      }
      ret = -EADDRNOTAVAIL;
      if (!ifa && cmd !== SIOCSIFADDR && cmd !== SIOCSIFFLAGS)
        break done;
      switch (cmd) {
      case SIOCGIFADDR:
        sin.sin_addr.s_addr = ifa.ifa_local;
        break rarok;
      case SIOCGIFBRDADDR:
        sin.sin_addr.s_addr = ifa.ifa_broadcast;
        break rarok;
      case SIOCGIFDSTADDR:
        sin.sin_addr.s_addr = ifa.ifa_address;
        break rarok;
      case SIOCGIFNETMASK:
        sin.sin_addr.s_addr = ifa.ifa_mask;
        break rarok;
      case SIOCSIFFLAGS:
        if (colon) {
          ret = -EADDRNOTAVAIL;
          if (!ifa)
            break;
          ret = 0;
          if (!(ifr.ifr_flags & IFF_UP))
            inet_del_ifa(in_dev, ifap, 1);
          break;
        }
        ret = yield* dev_change_flags(dev, ifr.ifr_flags);
        break;
      case SIOCSIFADDR:
        ret = -EINVAL;
        if (inet_abc_len(sin.sin_addr.s_addr) < 0)
          break;
        if (!ifa) {
          ret = -ENOBUFS;
          ifa = inet_alloc_ifa();
          if (!ifa)
            break;
          INIT_HLIST_NODE(ifa.hash);
          if (colon)
            ifa.ifa_label = ifr_name;
          else
            ifa.ifa_label = dev.name;
        } else {
          ret = 0;
          if (ifa.ifa_local === sin.sin_addr.s_addr)
            break;
          inet_del_ifa(in_dev, ifap, 0);
          ifa.ifa_broadcast = 0;
          ifa.ifa_scope = 0;
        }
        ifa.ifa_address = ifa.ifa_local = sin.sin_addr.s_addr;
        if (!(dev.flags & IFF_POINTOPOINT)) {
          ifa.ifa_prefixlen = inet_abc_len(ifa.ifa_address);
          ifa.ifa_mask = inet_make_mask(ifa.ifa_prefixlen);
          if ((dev.flags & IFF_BROADCAST) && ifa.ifa_prefixlen < 31)
            ifa.ifa_broadcast = (ifa.ifa_address | ~ifa.ifa_mask) >>> 0;
        } else {
          ifa.ifa_prefixlen = 32;
          ifa.ifa_mask = inet_make_mask(32);
        }
        set_ifa_lifetime(ifa, INFINITY_LIFE_TIME, INFINITY_LIFE_TIME);
        ret = inet_set_ifa(dev, ifa);
        break;
      case SIOCSIFBRDADDR:
        ret = 0;
        if (ifa.ifa_broadcast !== sin.sin_addr.s_addr) {
          inet_del_ifa(in_dev, ifap, 0);
          ifa.ifa_broadcast = sin.sin_addr.s_addr;
          inet_insert_ifa(ifa);
        }
        break;
      case SIOCSIFDSTADDR:
        ret = 0;
        if (ifa.ifa_address === sin.sin_addr.s_addr)
          break;
        ret = -EINVAL;
        if (inet_abc_len(sin.sin_addr.s_addr) < 0)
          break;
        ret = 0;
        inet_del_ifa(in_dev, ifap, 0);
        ifa.ifa_address = sin.sin_addr.s_addr;
        inet_insert_ifa(ifa);
        break;
      case SIOCSIFNETMASK:
        ret = -EINVAL;
        if (bad_mask(sin.sin_addr.s_addr, 0))
          break;
        ret = 0;
        if (ifa.ifa_mask !== sin.sin_addr.s_addr) {
          const old_mask = ifa.ifa_mask;
          inet_del_ifa(in_dev, ifap, 0);
          ifa.ifa_mask = sin.sin_addr.s_addr;
          ifa.ifa_prefixlen = inet_mask_len(ifa.ifa_mask);
          if ((dev.flags & IFF_BROADCAST) && (ifa.ifa_prefixlen < 31) && (ifa.ifa_broadcast === (ifa.ifa_local | ~old_mask) >>> 0)) {
            ifa.ifa_broadcast = (ifa.ifa_local | ~sin.sin_addr.s_addr) >>> 0;
          }
          inet_insert_ifa(ifa);
        }
        break;
      }
    }
    yield* rtnl_unlock();
    return ret;
  }
  yield* rtnl_unlock();
  ret = 0;
  return ret;
}

/** A source address of `dev` for `dst` of no wider scope than `scope`; 0 if there is none anywhere. */
export function inet_select_addr(dev: net_device, dst: number, scope: number): number {
  let addr = 0;
  let in_dev: in_device;
  const net = dev_net(dev);
  rcu_read_lock();
  out_unlock: {
    in_dev = __in_dev_get_rcu(dev);
    no_in_dev: {
      if (!in_dev)
        break no_in_dev;
      for (let ifa = in_dev.ifa_list; ifa && !(ifa.ifa_flags & IFA_F_SECONDARY); ifa = ifa.ifa_next) {
        if (ifa.ifa_scope > scope)
          continue;
        if (!dst || inet_ifa_match(dst, ifa)) {
          addr = ifa.ifa_local;
          break;
        }
        if (!addr)
          addr = ifa.ifa_local;
      }
      if (addr)
        break out_unlock;
    }
    for (let p = net.dev_base_head.next; p !== net.dev_base_head; p = p.next) {
      dev = p.owner;
      in_dev = __in_dev_get_rcu(dev);
      if (!in_dev)
        continue;
      for (let ifa = in_dev.ifa_list; ifa && !(ifa.ifa_flags & IFA_F_SECONDARY); ifa = ifa.ifa_next) {
        if (ifa.ifa_scope !== RT_SCOPE_LINK && ifa.ifa_scope <= scope) {
          addr = ifa.ifa_local;
          break out_unlock;
        }
      }
    }
  }
  rcu_read_unlock();
  return addr;
}

function confirm_addr_indev(in_dev: in_device, dst: number, local: number, scope: number): number {
  let same = false;
  let addr = 0;
  for (let ifa = in_dev.ifa_list; ifa; ifa = ifa.ifa_next) {
    if (!addr && (local === ifa.ifa_local || !local) && ifa.ifa_scope <= scope) {
      addr = ifa.ifa_local;
      if (same)
        break;
    }
    if (!same) {
      same = (!local || inet_ifa_match(local, ifa)) && (!dst || inet_ifa_match(dst, ifa));
      if (same && addr) {
        if (local || !dst)
          break;
        if (inet_ifa_match(addr, ifa))
          break;
        if (ifa.ifa_scope <= scope) {
          addr = ifa.ifa_local;
          break;
        }
        same = false;
      }
    }
  }
  return same ? addr : 0;
}

export function inet_confirm_addr(in_dev: in_device, dst: number, local: number, scope: number): number {
  let addr = 0;
  let net: net;
  if (scope !== RT_SCOPE_LINK)
    return confirm_addr_indev(in_dev, dst, local, scope);
  net = dev_net(in_dev.dev);
  rcu_read_lock();
  for (let p = net.dev_base_head.next; p !== net.dev_base_head; p = p.next) {
    in_dev = __in_dev_get_rcu(p.owner);
    if (in_dev) {
      addr = confirm_addr_indev(in_dev, dst, local, scope);
      if (addr)
        break;
    }
  }
  rcu_read_unlock();
  return addr;
}

export function register_inetaddr_notifier(nb: notifier_block): number {
  return raw_notifier_chain_register(current.host.inetaddr_chain, nb);
}
export function unregister_inetaddr_notifier(nb: notifier_block): number {
  return raw_notifier_chain_unregister(current.host.inetaddr_chain, nb);
}

function inetdev_valid_mtu(mtu: number): boolean {
  return mtu >= 68;
}

function inetdev_send_gratuitous_arp(dev: net_device, in_dev: in_device): void {
  let ifa: in_ifaddr;
  for (ifa = in_dev.ifa_list; ifa; ifa = ifa.ifa_next) {
    arp_send(ARPOP_REQUEST, ETH_P_ARP, ifa.ifa_local, dev, ifa.ifa_local, null, dev.dev_addr, null);
  }
}

export function inetdev_event(_this: notifier_block, event: number, ptr: net_device): number {
  const dev = ptr;
  let in_dev = __in_dev_get_rtnl(dev);
  ASSERT_RTNL();
  if (!in_dev) {
    if (event === NETDEV_REGISTER) {
      in_dev = inetdev_init(dev);
      if (!in_dev)
        return notifier_from_errno(-ENOMEM);
      if (dev.flags & IFF_LOOPBACK) {
        IN_DEV_CONF_SET(in_dev, IPV4_DEVCONF_NOXFRM, 1);
        IN_DEV_CONF_SET(in_dev, IPV4_DEVCONF_NOPOLICY, 1);
      }
    } else if (event === NETDEV_CHANGEMTU) {
      if (inetdev_valid_mtu(dev.mtu))
        in_dev = inetdev_init(dev);
    }
    return NOTIFY_DONE;
  }
  switch (event) {
  case NETDEV_REGISTER:
    dev.ip_ptr = null;
    break;
  case NETDEV_UP:
    if (!inetdev_valid_mtu(dev.mtu))
      break;
    if (dev.flags & IFF_LOOPBACK) {
      const ifa = inet_alloc_ifa();
      if (ifa) {
        INIT_HLIST_NODE(ifa.hash);
        ifa.ifa_local = ifa.ifa_address = htonl(INADDR_LOOPBACK);
        ifa.ifa_prefixlen = 8;
        ifa.ifa_mask = inet_make_mask(8);
        in_dev_hold(in_dev);
        ifa.ifa_dev = in_dev;
        ifa.ifa_scope = RT_SCOPE_HOST;
        ifa.ifa_label = dev.name;
        set_ifa_lifetime(ifa, INFINITY_LIFE_TIME, INFINITY_LIFE_TIME);
        inet_insert_ifa(ifa);
      }
    }
    ip_mc_up(in_dev);
  // falls through
  case NETDEV_CHANGEADDR:
    if (!IN_DEV_ARP_NOTIFY(in_dev))
      break;
  // falls through
  case NETDEV_NOTIFY_PEERS:
    inetdev_send_gratuitous_arp(dev, in_dev);
    break;
  case NETDEV_DOWN:
    ip_mc_down(in_dev);
    break;
  case NETDEV_PRE_TYPE_CHANGE:
    ip_mc_unmap(in_dev);
    break;
  case NETDEV_POST_TYPE_CHANGE:
    ip_mc_remap(in_dev);
    break;
  case NETDEV_CHANGEMTU:
    if (inetdev_valid_mtu(dev.mtu))
      break;
  // falls through
  case NETDEV_UNREGISTER:
    inetdev_destroy(in_dev);
    break;
  case NETDEV_CHANGENAME:
    break;
  }
  return NOTIFY_DONE;
}

const sizeof_ifaddrmsg = 8;
function inet_nlmsg_size(): number {
  return NLMSG_ALIGN(sizeof_ifaddrmsg) + nla_total_size(4) + nla_total_size(4) + nla_total_size(4) + nla_total_size(16) + nla_total_size(16);
}

const ifaddrmsg = struct_view({ ifa_family: [0, 1], ifa_prefixlen: [1, 1], ifa_flags: [2, 1], ifa_scope: [3, 1], ifa_index: [4, 4] });
const ifa_cacheinfo = struct_view({ ifa_prefered: [0, 4], ifa_valid: [4, 4], cstamp: [8, 4], tstamp: [12, 4] });
function cstamp_delta(cstamp: number): number {
  return jiffies_to_clock_t(cstamp);
}
function put_cacheinfo(skb: sk_buff, cstamp: number, tstamp: number, preferred: number, valid: number): number {
  const ci_bytes = new Uint8Array(16), ci = ifa_cacheinfo(ci_bytes, 0);
  ci.cstamp = cstamp_delta(cstamp);
  ci.tstamp = cstamp_delta(tstamp);
  ci.ifa_prefered = preferred;
  ci.ifa_valid = valid;
  return nla_put(skb, IFA_CACHEINFO, 16, ci_bytes);
}
function inet_fill_ifaddr(skb: sk_buff, ifa: in_ifaddr, portid: number, seq: number, event: number, flags: number): number {
  let ifm: ReturnType<typeof ifaddrmsg>;
  let nlh: nlmsghdr;
  let preferred: number, valid: number;
  nlh = nlmsg_put(skb, portid, seq, event, sizeof_ifaddrmsg, flags);
  if (nlh === null)
    return -EMSGSIZE;
  ifm = ifaddrmsg(skb.head, nlmsg_data(nlh));
  ifm.ifa_family = AF_INET;
  ifm.ifa_prefixlen = ifa.ifa_prefixlen;
  ifm.ifa_flags = ifa.ifa_flags;
  ifm.ifa_scope = ifa.ifa_scope;
  ifm.ifa_index = ifa.ifa_dev.dev.ifindex;
  if (!(ifa.ifa_flags & IFA_F_PERMANENT)) {
    preferred = ifa.ifa_preferred_lft;
    valid = ifa.ifa_valid_lft;
    if (preferred !== INFINITY_LIFE_TIME) {
      const tval = Math.floor((jiffies() - ifa.ifa_tstamp) / HZ);
      if (preferred > tval)
        preferred -= tval;
      else
        preferred = 0;
      if (valid !== INFINITY_LIFE_TIME) {
        if (valid > tval)
          valid -= tval;
        else
          valid = 0;
      }
    }
  } else {
    preferred = INFINITY_LIFE_TIME;
    valid = INFINITY_LIFE_TIME;
  }
  nla_put_failure: {
    if ((ifa.ifa_address && nla_put_be32(skb, IFA_ADDRESS, ifa.ifa_address)) || (ifa.ifa_local && nla_put_be32(skb, IFA_LOCAL, ifa.ifa_local)) || (ifa.ifa_broadcast && nla_put_be32(skb, IFA_BROADCAST, ifa.ifa_broadcast)) || (ifa.ifa_label && nla_put_string(skb, IFA_LABEL, ifa.ifa_label)) || put_cacheinfo(skb, ifa.ifa_cstamp, ifa.ifa_tstamp, preferred, valid))
      break nla_put_failure;
    return nlmsg_end(skb, nlh);
  }
  nlmsg_cancel(skb, nlh);
  return -EMSGSIZE;
}

function rtmsg_ifa(event: number, ifa: in_ifaddr, nlh: nlmsghdr, portid: number): void {
  let skb: sk_buff;
  const seq = nlh ? nlh.nlmsg_seq : 0;
  let err = -ENOBUFS;
  let net: net;
  net = dev_net(ifa.ifa_dev.dev);
  errout: {
    skb = nlmsg_new(inet_nlmsg_size(), GFP_KERNEL);
    if (skb === null)
      break errout;
    err = inet_fill_ifaddr(skb, ifa, portid, seq, event, 0);
    if (err < 0) {
      WARN_ON(err === -EMSGSIZE);
      kfree_skb(skb);
      break errout;
    }
    rtnl_notify(skb, net, portid, RTNLGRP_IPV4_IFADDR, nlh, GFP_KERNEL);
    return;
  }
  if (err < 0)
    rtnl_set_sk_err(net, RTNLGRP_IPV4_IFADDR, err);
}

const IFLA_INET_CONF = 1;
export function inet_get_link_af_size(dev: net_device): number {
  const in_dev = rcu_dereference(dev.ip_ptr);
  if (!in_dev)
    return 0;
  return nla_total_size(IPV4_DEVCONF_MAX * 4);
}
const devconf = struct_view({ value: [0, 4] });
export function inet_fill_link_af(skb: sk_buff, dev: net_device): number {
  const in_dev = rcu_dereference(dev.ip_ptr);
  let nla: number;
  let i: number;
  if (!in_dev)
    return -ENODATA;
  nla = nla_reserve(skb, IFLA_INET_CONF, IPV4_DEVCONF_MAX * 4);
  if (nla === -1)
    return -EMSGSIZE;
  for (i = 0; i < IPV4_DEVCONF_MAX; i++)
    devconf(skb.head, nla_data(nla) + 4 * i).value = in_dev.cnf.data[i];
  return 0;
}

function devinet_init_net(net: net): number {
  net.ipv4.devconf_all = current.host.ipv4_devconf;
  net.ipv4.devconf_dflt = current.host.ipv4_devconf_dflt;
  return 0;
}
const devinet_ops: pernet_operations = { init: devinet_init_net, exit: null };

export function* devinet_init(): Gen<void> {
  let i: number;
  for (i = 0; i < IN4_ADDR_HSIZE; i++)
    INIT_HLIST_HEAD(current.host.inet_addr_lst[i]);
  register_pernet_subsys(devinet_ops);
  yield* register_netdevice_notifier(new notifier_block(inetdev_event, 0));
  schedule_delayed_work(current.host.check_lifetime_work, 0);
  rtnl_register(PF_INET, RTM_NEWADDR, inet_rtm_newaddr, null, null);
}
