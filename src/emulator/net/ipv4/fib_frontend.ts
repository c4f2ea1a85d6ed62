/** net/ipv4/fib_frontend.c: how addresses, devices and users change the FIB, and what receivers ask it. */
import { current, type Gen } from '../../include/ports';
import { BUG_ON } from '../../include/asm-generic/bug';
import { EAFNOSUPPORT, EINVAL, ENOBUFS, ENODEV, EPERM, ESRCH, EXDEV } from '../../include/uapi/asm-generic/errno';
import { atomic_inc } from '../../include/linux/atomic';
import { CAP_NET_ADMIN, ns_capable } from '../../include/linux/capability';
import { IFF_LOOPBACK, IFF_UP } from '../../include/linux/if';
import { ipv4_is_lbcast, ipv4_is_multicast, ipv4_is_zeronet } from '../../include/linux/in';
import { RTCF_BROADCAST, RTCF_LOCAL, RTCF_MULTICAST, RT_TOS } from '../../include/linux/in_route';
import {
  IFA_F_SECONDARY, IN_DEV_ACCEPT_LOCAL, IN_DEV_RPFILTER, IN_DEV_SRC_VMARK, IN_DEV_TX_REDIRECTS, __in_dev_get_rcu, __in_dev_get_rtnl, bad_mask, inet_ifa_byprefix, inet_ifa_match, inet_mask_len, inet_select_addr,
  register_inetaddr_notifier, type in_device, type in_ifaddr,
} from '../../include/linux/inetdevice';
import { ip_hdr } from '../../include/linux/ip';
import { hlist_add_head_rcu, hlist_head } from '../../include/linux/list';
import { NETDEV_CHANGE, NETDEV_CHANGEMTU, NETDEV_DOWN, NETDEV_UNREGISTER, NETDEV_UP, __dev_get_by_name, dev_net, register_netdevice_notifier, type net_device } from '../../include/linux/netdevice';
import { NOTIFY_DONE, notifier_block } from '../../include/linux/notifier';
import { rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { RTF_GATEWAY, RTF_HOST, RTF_MTU, RTF_REJECT, type rtentry } from '../../include/linux/route';
import {
  RTA_DST, RTA_FLOW, RTA_GATEWAY, RTA_IIF, RTA_MAX, RTA_METRICS, RTA_MULTIPATH, RTA_OIF, RTA_PREFSRC, RTA_PRIORITY, RTA_SRC, RTA_TABLE, RTN_MAX, rtnl_register,
  RTAX_ADVMSS, RTM_DELROUTE, RTM_NEWROUTE, RTN_BROADCAST, RTN_LOCAL, RTN_MULTICAST, RTN_UNICAST, RTN_UNREACHABLE, RTPROT_BOOT, RTPROT_KERNEL, RT_SCOPE_HOST, RT_SCOPE_LINK, RT_SCOPE_NOWHERE,
  RT_SCOPE_UNIVERSE, RT_TABLE_LOCAL, RT_TABLE_MAIN, rtnl_lock, rtnl_unlock,
} from '../../include/linux/rtnetlink';
import { skb_rtable, type sk_buff } from '../../include/linux/skbuff';
import { SIOCADDRT, SIOCDELRT } from '../../include/linux/sockios';
import { htonl } from '../../include/linux/types';
import { flowi4 } from '../../include/net/flow';
import {
  FIB_LOOKUP_NOREF, FIB_RES_DEV, FIB_RES_NH, FIB_RES_PREFSRC, FIB_TABLE_HASHSZ, TABLE_LOCAL_INDEX, TABLE_MAIN_INDEX, fib_combine_itag, fib_config, fib_get_table, fib_lookup, fib_new_table,
  fib_num_tclassid_users, fib_result, fib_table_delete, fib_table_flush, fib_table_insert, fib_table_lookup, fib_trie_init, fib_trie_table, type fib_table,
} from '../../include/net/ip_fib';
import { LOOPBACK_IFINDEX, register_pernet_subsys, type net, type pernet_operations } from '../../include/net/net_namespace';
import {
  NLA_NESTED, NLA_U32, NLA_UNSPEC, NLM_F_APPEND, NLM_F_CREATE, nla_get_be32, nla_get_u32, nla_next, nla_ok, nla_policies, nla_type, nlmsg_attrdata, nlmsg_attrlen, nlmsg_data, nlmsg_validate, struct_view,
  type nla_policy, type nlattr, type nlmsghdr,
} from '../../include/net/netlink';
import { NETLINK_CB } from '../../include/linux/netlink';
import { PF_INET } from '../../include/linux/socket';
import { sock_net } from '../../include/net/sock';
import { rt_cache_flush, rt_flush_dev, type rtable } from '../../include/net/route';
import { secpath_exists } from '../../include/net/xfrm';
import { arp_ifdown } from './arp';
import { fib_sync_down_addr, fib_sync_down_dev } from './fib_semantics';

function fib4_rules_init(net: net): number {
  let local_table: fib_table, main_table: fib_table;
  local_table = fib_trie_table(RT_TABLE_LOCAL);
  main_table = fib_trie_table(RT_TABLE_MAIN);
  hlist_add_head_rcu(local_table.tb_hlist, net.ipv4.fib_table_hash[TABLE_LOCAL_INDEX]);
  hlist_add_head_rcu(main_table.tb_hlist, net.ipv4.fib_table_hash[TABLE_MAIN_INDEX]);
  return 0;
}

function fib_flush(net: net): void {
  let flushed = 0;
  let tb: fib_table;
  let head: hlist_head<fib_table>;
  let h: number;
  for (h = 0; h < FIB_TABLE_HASHSZ; h++) {
    head = net.ipv4.fib_table_hash[h];
    for (let p = head.first; p !== null; p = p.next) {
      tb = p.owner;
      flushed += fib_table_flush(tb);
    }
  }
  if (flushed)
    rt_cache_flush(net);
}

function __inet_dev_addr_type(net: net, dev: net_device, addr: number): number {
  const fl4 = new flowi4();
  const res = new fib_result();
  let ret = RTN_BROADCAST;
  let local_table: fib_table;
  fl4.daddr = addr;
  if (ipv4_is_zeronet(addr) || ipv4_is_lbcast(addr))
    return RTN_BROADCAST;
  if (ipv4_is_multicast(addr))
    return RTN_MULTICAST;
  local_table = fib_get_table(net, RT_TABLE_LOCAL);
  if (local_table) {
    ret = RTN_UNICAST;
    rcu_read_lock();
    if (!fib_table_lookup(local_table, fl4, res, FIB_LOOKUP_NOREF)) {
      if (!dev || dev === res.fi.fib_dev)
        ret = res.type;
    }
    rcu_read_unlock();
  }
  return ret;
}

/** RTN_*: what kind of address this is here. */
export function inet_addr_type(net: net, addr: number): number {
  return __inet_dev_addr_type(net, null, addr);
}
export function inet_dev_addr_type(net: net, dev: net_device, addr: number): number {
  return __inet_dev_addr_type(net, dev, addr);
}

/** The local address that an answer to `skb` should come from. */
export function fib_compute_spec_dst(skb: sk_buff): number {
  const dev = skb.dev;
  let in_dev: in_device;
  const res = new fib_result();
  let rt: rtable;
  const fl4 = new flowi4();
  let net: net;
  let scope: number;
  rt = skb_rtable(skb);
  if ((rt.rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST | RTCF_LOCAL)) >>> 0 === RTCF_LOCAL)
    return ip_hdr(skb).daddr;
  in_dev = __in_dev_get_rcu(dev);
  BUG_ON(!in_dev);
  net = dev_net(dev);
  scope = RT_SCOPE_UNIVERSE;
  if (!ipv4_is_zeronet(ip_hdr(skb).saddr)) {
    fl4.flowi4_oif = 0;
    fl4.flowi4_iif = LOOPBACK_IFINDEX;
    fl4.daddr = ip_hdr(skb).saddr;
    fl4.saddr = 0;
    fl4.flowi4_tos = RT_TOS(ip_hdr(skb).tos);
    fl4.flowi4_scope = scope;
    fl4.flowi4_mark = IN_DEV_SRC_VMARK(in_dev) ? skb.mark : 0;
    if (!fib_lookup(net, fl4, res))
      return FIB_RES_PREFSRC(net, res);
  } else {
    scope = RT_SCOPE_LINK;
  }
  return inet_select_addr(dev, ip_hdr(skb).saddr, scope);
}

function __fib_validate_source(skb: sk_buff, src: number, dst: number, tos: number, oif: number, dev: net_device, rpf: number, idev: in_device, itag: { v: number }): number {
  let ret: number, no_addr: boolean, accept_local: number;
  const res = new fib_result();
  const fl4 = new flowi4();
  let net: net;
  let dev_match: boolean;
  fl4.flowi4_oif = 0;
  fl4.flowi4_iif = oif;
  fl4.daddr = src;
  fl4.saddr = dst;
  fl4.flowi4_tos = tos;
  fl4.flowi4_scope = RT_SCOPE_UNIVERSE;
  no_addr = idev.ifa_list === null;
  accept_local = IN_DEV_ACCEPT_LOCAL(idev);
  fl4.flowi4_mark = IN_DEV_SRC_VMARK(idev) ? skb.mark : 0;
  net = dev_net(dev);
  e_rpf: {
    e_inval: {
      last_resort: {
        if (fib_lookup(net, fl4, res))
          break last_resort;
        if (res.type !== RTN_UNICAST) {
          if (res.type !== RTN_LOCAL || !accept_local)
            break e_inval;
        }
        fib_combine_itag(itag, res);
        dev_match = false;
        if (FIB_RES_DEV(res) === dev)
          dev_match = true;
        if (dev_match) {
          ret = FIB_RES_NH(res).nh_scope >= RT_SCOPE_HOST ? 1 : 0;
          return ret;
        }
        if (no_addr)
          break last_resort;
        if (rpf === 1)
          break e_rpf;
        fl4.flowi4_oif = dev.ifindex;
        ret = 0;
        if (fib_lookup(net, fl4, res) === 0) {
          if (res.type === RTN_UNICAST)
            ret = FIB_RES_NH(res).nh_scope >= RT_SCOPE_HOST ? 1 : 0;
        }
        return ret;
      }
      if (rpf)
        break e_rpf;
      itag.v = 0;
      return 0;
    }
    return -EINVAL;
  }
  return -EXDEV;
}

/** May a packet from `src` come in here? Negative errno: no. 1: the source is on link by way of a redirect candidate. */
export function fib_validate_source(skb: sk_buff, src: number, dst: number, tos: number, oif: number, dev: net_device, idev: in_device, itag: { v: number }): number {
  const r = secpath_exists(skb) ? 0 : IN_DEV_RPFILTER(idev);
  if (!r && !fib_num_tclassid_users(dev_net(dev)) && (dev.ifindex !== oif || !IN_DEV_TX_REDIRECTS(idev))) {
    itag.v = 0;
    return 0;
  }
  return __fib_validate_source(skb, src, dst, tos, oif, dev, r, idev, itag);
}

function rtentry_to_fib_config(net: net, cmd: number, rt: rtentry, cfg: fib_config): number {
  let addr: number;
  let plen: number;
  cfg.fc_nlinfo.nl_net = net;
  plen = 32;
  addr = rt.rt_dst;
  if (!(rt.rt_flags & RTF_HOST)) {
    const mask = rt.rt_genmask;
    if (bad_mask(mask, addr))
      return -EINVAL;
    plen = inet_mask_len(mask);
  }
  cfg.fc_dst_len = plen;
  cfg.fc_dst = addr;
  if (cmd !== SIOCDELRT) {
    cfg.fc_nlflags = NLM_F_CREATE;
    cfg.fc_protocol = RTPROT_BOOT;
  }
  if (rt.rt_metric)
    cfg.fc_priority = rt.rt_metric - 1;
  if (rt.rt_flags & RTF_REJECT) {
    cfg.fc_scope = RT_SCOPE_HOST;
    cfg.fc_type = RTN_UNREACHABLE;
    return 0;
  }
  cfg.fc_scope = RT_SCOPE_NOWHERE;
  cfg.fc_type = RTN_UNICAST;
  if (rt.rt_dev) {
    let dev: net_device;
    dev = __dev_get_by_name(net, rt.rt_dev);
    if (!dev)
      return -ENODEV;
    cfg.fc_oif = dev.ifindex;
  }
  addr = rt.rt_gateway;
  if (addr) {
    cfg.fc_gw = addr;
    if (rt.rt_flags & RTF_GATEWAY && inet_addr_type(net, addr) === RTN_UNICAST)
      cfg.fc_scope = RT_SCOPE_UNIVERSE;
  }
  if (cmd === SIOCDELRT)
    return 0;
  if (rt.rt_flags & RTF_GATEWAY && !cfg.fc_gw)
    return -EINVAL;
  if (cfg.fc_scope === RT_SCOPE_NOWHERE)
    cfg.fc_scope = RT_SCOPE_LINK;
  if (rt.rt_flags & RTF_MTU) {
    cfg.fc_mx = [];
    cfg.fc_mx[RTAX_ADVMSS] = rt.rt_mtu - 40;
  }
  return 0;
}

/** SIOCADDRT and SIOCDELRT; `arg` is the rtentry. */
export function* ip_rt_ioctl(net: net, cmd: number, arg: rtentry): Gen<number> {
  const cfg = new fib_config();
  let err: number;
  switch (cmd) {
  case SIOCADDRT:
  case SIOCDELRT:
    if (!ns_capable(null, CAP_NET_ADMIN))
      return -EPERM;
    yield* rtnl_lock();
    err = rtentry_to_fib_config(net, cmd, arg, cfg);
    if (err === 0) {
      let tb: fib_table;
      if (cmd === SIOCDELRT) {
        tb = fib_get_table(net, cfg.fc_table);
        if (tb)
          err = fib_table_delete(tb, cfg);
        else
          err = -ESRCH;
      } else {
        tb = fib_new_table(net, cfg.fc_table);
        if (tb)
          err = fib_table_insert(tb, cfg);
        else
          err = -ENOBUFS;
      }
    }
    yield* rtnl_unlock();
    return err;
  }
  return -EINVAL;
}

/* a table; made when it is asked for, as its constants come from files that import each other */
function rtm_ipv4_policy(): readonly nla_policy[] { return nla_policies(RTA_MAX, [
  [RTA_DST, NLA_U32, 0], [RTA_SRC, NLA_U32, 0], [RTA_IIF, NLA_U32, 0], [RTA_OIF, NLA_U32, 0], [RTA_GATEWAY, NLA_U32, 0], [RTA_PRIORITY, NLA_U32, 0], [RTA_PREFSRC, NLA_U32, 0],
  [RTA_METRICS, NLA_NESTED, 0], [RTA_MULTIPATH, NLA_UNSPEC, 8], [RTA_FLOW, NLA_U32, 0],
]); }
const sizeof_rtmsg = 12;
const rtmsg = struct_view({ rtm_family: [0, 1], rtm_dst_len: [1, 1], rtm_src_len: [2, 1], rtm_tos: [3, 1], rtm_table: [4, 1], rtm_protocol: [5, 1], rtm_scope: [6, 1], rtm_type: [7, 1], rtm_flags: [8, 4] });

/** What a request asks for. DEVIATION: metrics and several next hops are not read. */
function rtm_to_fib_config(net: net, skb: sk_buff, nlh: nlmsghdr, cfg: fib_config): number {
  let attr: nlattr;
  let err: number;
  const remaining = { v: 0 };
  let rtm: ReturnType<typeof rtmsg>;
  err = nlmsg_validate(nlh, sizeof_rtmsg, RTA_MAX, rtm_ipv4_policy());
  if (err < 0)
    return err;
  rtm = rtmsg(skb.head, nlmsg_data(nlh));
  cfg.fc_dst_len = rtm.rtm_dst_len;
  cfg.fc_tos = rtm.rtm_tos;
  cfg.fc_table = rtm.rtm_table;
  cfg.fc_protocol = rtm.rtm_protocol;
  cfg.fc_scope = rtm.rtm_scope;
  cfg.fc_type = rtm.rtm_type;
  cfg.fc_flags = rtm.rtm_flags;
  cfg.fc_nlflags = nlh.nlmsg_flags;
  cfg.fc_nlinfo.portid = NETLINK_CB(skb).portid;
  cfg.fc_nlinfo.nlh = nlh;
  cfg.fc_nlinfo.nl_net = net;
  if (cfg.fc_type > RTN_MAX) {
    err = -EINVAL;
    return err;
  }
  remaining.v = nlmsg_attrlen(nlh, sizeof_rtmsg);
  for (attr = nlmsg_attrdata(nlh, sizeof_rtmsg); nla_ok(attr, remaining.v); attr = nla_next(attr, remaining)) {
    switch (nla_type(attr)) {
    case RTA_DST:
      cfg.fc_dst = nla_get_be32(attr);
      break;
    case RTA_OIF:
      cfg.fc_oif = nla_get_u32(attr);
      break;
    case RTA_GATEWAY:
      cfg.fc_gw = nla_get_be32(attr);
      break;
    case RTA_PRIORITY:
      cfg.fc_priority = nla_get_u32(attr);
      break;
    case RTA_PREFSRC:
      cfg.fc_prefsrc = nla_get_be32(attr);
      break;
    case RTA_FLOW:
      cfg.fc_flow = nla_get_u32(attr);
      break;
    case RTA_TABLE:
      cfg.fc_table = nla_get_u32(attr);
      break;
    }
  }
  return 0;
}

/** RTM_DELROUTE. */
function* inet_rtm_delroute(skb: sk_buff, nlh: nlmsghdr): Gen<number> {
  const net = sock_net(skb.sk);
  const cfg = new fib_config();
  let tb: fib_table;
  let err: number;
  err = rtm_to_fib_config(net, skb, nlh, cfg);
  if (err < 0)
    return err;
  tb = fib_get_table(net, cfg.fc_table);
  if (tb === null) {
    err = -ESRCH;
    return err;
  }
  err = fib_table_delete(tb, cfg);
  return err;
}

/** RTM_NEWROUTE: what `ip route add` asks for. */
function* inet_rtm_newroute(skb: sk_buff, nlh: nlmsghdr): Gen<number> {
  const net = sock_net(skb.sk);
  const cfg = new fib_config();
  let tb: fib_table;
  let err: number;
  err = rtm_to_fib_config(net, skb, nlh, cfg);
  if (err < 0)
    return err;
  tb = fib_new_table(net, cfg.fc_table);
  if (tb === null) {
    err = -ENOBUFS;
    return err;
  }
  err = fib_table_insert(tb, cfg);
  return err;
}

/** A route that the kernel makes of its own accord for an address. */
function fib_magic(cmd: number, type: number, dst: number, dst_len: number, ifa: in_ifaddr): void {
  const net = dev_net(ifa.ifa_dev.dev);
  let tb: fib_table;
  const cfg = new fib_config();
  cfg.fc_protocol = RTPROT_KERNEL;
  cfg.fc_type = type;
  cfg.fc_dst = dst;
  cfg.fc_dst_len = dst_len;
  cfg.fc_prefsrc = ifa.ifa_local;
  cfg.fc_oif = ifa.ifa_dev.dev.ifindex;
  cfg.fc_nlflags = NLM_F_CREATE | NLM_F_APPEND;
  cfg.fc_nlinfo.nl_net = net;
  if (type === RTN_UNICAST)
    tb = fib_new_table(net, RT_TABLE_MAIN);
  else
    tb = fib_new_table(net, RT_TABLE_LOCAL);
  if (tb === null)
    return;
  cfg.fc_table = tb.tb_id;
  if (type !== RTN_LOCAL)
    cfg.fc_scope = RT_SCOPE_LINK;
  else
    cfg.fc_scope = RT_SCOPE_HOST;
  if (cmd === RTM_NEWROUTE)
    fib_table_insert(tb, cfg);
  else
    fib_table_delete(tb, cfg);
}

export function fib_add_ifaddr(ifa: in_ifaddr): void {
  const in_dev = ifa.ifa_dev;
  const dev = in_dev.dev;
  let prim = ifa;
  const mask = ifa.ifa_mask;
  const addr = ifa.ifa_local;
  const prefix = (ifa.ifa_address & mask) >>> 0;
  if (ifa.ifa_flags & IFA_F_SECONDARY) {
    prim = inet_ifa_byprefix(in_dev, prefix, mask);
    if (prim === null) {
      current.machine.log('fib_add_ifaddr: bug: prim == NULL');
      return;
    }
  }
  fib_magic(RTM_NEWROUTE, RTN_LOCAL, addr, 32, prim);
  if (!(dev.flags & IFF_UP))
    return;
  if (ifa.ifa_broadcast && ifa.ifa_broadcast !== htonl(0xffffffff))
    fib_magic(RTM_NEWROUTE, RTN_BROADCAST, ifa.ifa_broadcast, 32, prim);
  if (!ipv4_is_zeronet(prefix) && !(ifa.ifa_flags & IFA_F_SECONDARY) && (prefix !== addr || ifa.ifa_prefixlen < 32)) {
    fib_magic(RTM_NEWROUTE, dev.flags & IFF_LOOPBACK ? RTN_LOCAL : RTN_UNICAST, prefix, ifa.ifa_prefixlen, prim);
    if (ifa.ifa_prefixlen < 31) {
      fib_magic(RTM_NEWROUTE, RTN_BROADCAST, prefix, 32, prim);
      fib_magic(RTM_NEWROUTE, RTN_BROADCAST, (prefix | ~mask) >>> 0, 32, prim);
    }
  }
}

const LOCAL_OK = 1;
const BRD_OK = 2;
const BRD0_OK = 4;
const BRD1_OK = 8;
/** Removes the routes of an address, but none that another address of the device still needs. */
export function fib_del_ifaddr(ifa: in_ifaddr, iprim: in_ifaddr): void {
  const in_dev = ifa.ifa_dev;
  const dev = in_dev.dev;
  let ifa1: in_ifaddr;
  let prim = ifa, prim1: in_ifaddr = null;
  const brd = (ifa.ifa_address | ~ifa.ifa_mask) >>> 0;
  const any = (ifa.ifa_address & ifa.ifa_mask) >>> 0;
  let ok = 0;
  let subnet = 0;
  let gone = 1;
  let same_prefsrc = 0;
  if (ifa.ifa_flags & IFA_F_SECONDARY) {
    prim = inet_ifa_byprefix(in_dev, any, ifa.ifa_mask);
    if (prim === null) {
      current.machine.log('fib_del_ifaddr: bug: prim == NULL');
      return;
    }
    if (iprim && iprim !== prim) {
      current.machine.log('fib_del_ifaddr: bug: iprim != prim');
      return;
    }
  } else if (!ipv4_is_zeronet(any) && (any !== ifa.ifa_local || ifa.ifa_prefixlen < 32)) {
    fib_magic(RTM_DELROUTE, dev.flags & IFF_LOOPBACK ? RTN_LOCAL : RTN_UNICAST, any, ifa.ifa_prefixlen, prim);
    subnet = 1;
  }
  for (ifa1 = in_dev.ifa_list; ifa1; ifa1 = ifa1.ifa_next) {
    if (ifa1 === ifa) {
      gone = 0;
      continue;
    }
    if (iprim && ifa1.ifa_mask === iprim.ifa_mask && inet_ifa_match(ifa1.ifa_address, iprim))
      continue;
    if (ifa1.ifa_flags & IFA_F_SECONDARY) {
      if (ifa1.ifa_mask === prim.ifa_mask && inet_ifa_match(ifa1.ifa_address, prim))
        prim1 = prim;
      else {
        if (!same_prefsrc)
          continue;
        if (!prim1 || ifa1.ifa_mask !== prim1.ifa_mask || !inet_ifa_match(ifa1.ifa_address, prim1))
          prim1 = inet_ifa_byprefix(in_dev, ifa1.ifa_address, ifa1.ifa_mask);
        if (!prim1)
          continue;
        if (prim1.ifa_local !== prim.ifa_local)
          continue;
      }
    } else {
      if (prim.ifa_local !== ifa1.ifa_local)
        continue;
      prim1 = ifa1;
      if (prim !== prim1)
        same_prefsrc = 1;
    }
    if (ifa.ifa_local === ifa1.ifa_local)
      ok |= LOCAL_OK;
    if (ifa.ifa_broadcast === ifa1.ifa_broadcast)
      ok |= BRD_OK;
    if (brd === ifa1.ifa_broadcast)
      ok |= BRD1_OK;
    if (any === ifa1.ifa_broadcast)
      ok |= BRD0_OK;
    if (prim1 === ifa1 && ifa1.ifa_prefixlen < 31) {
      const brd1 = (ifa1.ifa_address | ~ifa1.ifa_mask) >>> 0;
      const any1 = (ifa1.ifa_address & ifa1.ifa_mask) >>> 0;
      if (!ipv4_is_zeronet(any1)) {
        if (ifa.ifa_broadcast === brd1 || ifa.ifa_broadcast === any1)
          ok |= BRD_OK;
        if (brd === brd1 || brd === any1)
          ok |= BRD1_OK;
        if (any === brd1 || any === any1)
          ok |= BRD0_OK;
      }
    }
  }
  if (!(ok & BRD_OK))
    fib_magic(RTM_DELROUTE, RTN_BROADCAST, ifa.ifa_broadcast, 32, prim);
  if (subnet && ifa.ifa_prefixlen < 31) {
    if (!(ok & BRD1_OK))
      fib_magic(RTM_DELROUTE, RTN_BROADCAST, brd, 32, prim);
    if (!(ok & BRD0_OK))
      fib_magic(RTM_DELROUTE, RTN_BROADCAST, any, 32, prim);
  }
  if (!(ok & LOCAL_OK)) {
    fib_magic(RTM_DELROUTE, RTN_LOCAL, ifa.ifa_local, 32, prim);
    if (gone && inet_addr_type(dev_net(dev), ifa.ifa_local) !== RTN_LOCAL) {
      if (fib_sync_down_addr(dev_net(dev), ifa.ifa_local))
        fib_flush(dev_net(dev));
    }
  }
}

function fib_disable_ip(dev: net_device, force: number): void {
  if (fib_sync_down_dev(dev, force))
    fib_flush(dev_net(dev));
  rt_cache_flush(dev_net(dev));
  arp_ifdown(dev);
}

export function fib_inetaddr_event(_this: notifier_block, event: number, ptr: in_ifaddr): number {
  const ifa = ptr;
  const dev = ifa.ifa_dev.dev;
  const net = dev_net(dev);
  switch (event) {
  case NETDEV_UP:
    fib_add_ifaddr(ifa);
    atomic_inc(net.ipv4.dev_addr_genid);
    rt_cache_flush(dev_net(dev));
    break;
  case NETDEV_DOWN:
    fib_del_ifaddr(ifa, null);
    atomic_inc(net.ipv4.dev_addr_genid);
    if (ifa.ifa_dev.ifa_list === null) {
      fib_disable_ip(dev, 1);
    } else {
      rt_cache_flush(dev_net(dev));
    }
    break;
  }
  return NOTIFY_DONE;
}

export function fib_netdev_event(_this: notifier_block, event: number, ptr: net_device): number {
  const dev = ptr;
  let in_dev: in_device;
  const net = dev_net(dev);
  if (event === NETDEV_UNREGISTER) {
    fib_disable_ip(dev, 2);
    rt_flush_dev(dev);
    return NOTIFY_DONE;
  }
  in_dev = __in_dev_get_rtnl(dev);
  if (!in_dev)
    return NOTIFY_DONE;
  switch (event) {
  case NETDEV_UP:
    for (let ifa = in_dev.ifa_list; ifa; ifa = ifa.ifa_next) {
      fib_add_ifaddr(ifa);
    }
    atomic_inc(net.ipv4.dev_addr_genid);
    rt_cache_flush(net);
    break;
  case NETDEV_DOWN:
    fib_disable_ip(dev, 0);
    break;
  case NETDEV_CHANGEMTU:
  case NETDEV_CHANGE:
    rt_cache_flush(net);
    break;
  }
  return NOTIFY_DONE;
}

function ip_fib_net_init(net: net): number {
  let err: number;
  net.ipv4.fib_table_hash = Array.from({ length: FIB_TABLE_HASHSZ }, () => new hlist_head<fib_table>());
  err = fib4_rules_init(net);
  return err;
}

function fib_net_init(net: net): number {
  let error: number;
  error = ip_fib_net_init(net);
  return error;
}
const fib_net_ops: pernet_operations = { init: fib_net_init, exit: null };

export function* ip_fib_init(): Gen<void> {
  fib_trie_init();
  register_pernet_subsys(fib_net_ops);
  yield* register_netdevice_notifier(new notifier_block(fib_netdev_event, 0));
  register_inetaddr_notifier(new notifier_block(fib_inetaddr_event, 0));
  rtnl_register(PF_INET, RTM_NEWROUTE, inet_rtm_newroute, null, null);
  rtnl_register(PF_INET, RTM_DELROUTE, inet_rtm_delroute, null, null);
}
