/** net/core/rtnetlink.c: the lock of network configuration, and what listeners would be told. */
import { current, type Gen, type Host } from '../../include/ports';
import { WARN_ON } from '../../include/asm-generic/bug';
import { EMSGSIZE, ENOBUFS } from '../../include/uapi/asm-generic/errno';
import { GFP_KERNEL } from '../../include/linux/gfp';
import { mutex, mutex_is_locked, mutex_lock, mutex_trylock, mutex_unlock } from '../../include/linux/mutex';
import {
  NETDEV_CHANGE, NETDEV_DOWN, NETDEV_GOING_DOWN, NETDEV_POST_INIT, NETDEV_POST_TYPE_CHANGE, NETDEV_PRE_TYPE_CHANGE, NETDEV_PRE_UP, NETDEV_REGISTER, NETDEV_RELEASE, NETDEV_UNREGISTER, NETDEV_UNREGISTER_FINAL,
  NETDEV_UP, dev_get_flags, dev_net, register_netdevice_notifier, netif_carrier_ok, netif_running, type net_device,
} from '../../include/linux/netdevice';
import { NOTIFY_DONE, notifier_block } from '../../include/linux/notifier';
import { RTAX_MAX, RTA_METRICS, RTM_NEWLINK, RTNLGRP_LINK } from '../../include/linux/rtnetlink';
import {
  IFLA_ADDRESS, IFLA_AF_SPEC, IFLA_BROADCAST, IFLA_CARRIER, IFLA_GROUP, IFLA_IFNAME, IFLA_LINK, IFLA_LINKMODE, IFLA_MTU, IFLA_NUM_RX_QUEUES, IFLA_NUM_TX_QUEUES, IFLA_OPERSTATE, IFLA_PROMISCUITY,
  IFLA_QDISC, IFLA_STATS, IFLA_STATS64, IFLA_TXQLEN,
} from '../../include/linux/if_link';
import { IF_OPER_DOWN } from '../../include/linux/if';
import { consume_skb, kfree_skb, skb_trim, type sk_buff } from '../../include/linux/skbuff';
import { AF_UNSPEC } from '../../include/linux/socket';
import type { net } from '../../include/net/net_namespace';
import {
  NLMSG_ALIGN, nla_nest_end, nla_nest_start, nla_put, nla_put_string, nla_put_u32, nla_put_u8, nla_total_size, nlmsg_cancel, nlmsg_end, nlmsg_field, nlmsg_new, nlmsg_put, type nlmsghdr,
} from '../../include/net/netlink';
import { netdev_run_todo } from './dev';
import { nlmsg_notify } from '../netlink/af_netlink';
import { inet_fill_link_af, inet_get_link_af_size } from '../ipv4/devinet';

declare module '../../include/ports' { interface Host { rtnl_mutex: mutex } }
export function rtnetlink_globals(host: Host): void { host.rtnl_mutex = new mutex(); }

export function* rtnl_lock(): Gen<void> {
  yield* mutex_lock(current.host.rtnl_mutex);
}
export function __rtnl_unlock(): void {
  mutex_unlock(current.host.rtnl_mutex);
}
export function* rtnl_unlock(): Gen<void> {
  yield* netdev_run_todo();
}
export function rtnl_trylock(): boolean {
  return mutex_trylock(current.host.rtnl_mutex);
}
export function rtnl_is_locked(): boolean {
  return mutex_is_locked(current.host.rtnl_mutex);
}

export function rtnl_notify(skb: sk_buff, net: net, pid: number, group: number, _nlh: unknown, flags: number): void {
  const rtnl = net.rtnl;
  const report = 0;
  nlmsg_notify(rtnl, skb, pid, group, report, flags);
}
export function rtnl_set_sk_err(_net: net, _group: number, _error: number): void { /* nobody listens */ }

function nla_nest_cancel(skb: sk_buff, start: number): void { skb_trim(skb, start - skb.data); }
export function rtnetlink_put_metrics(skb: sk_buff, metrics: number[]): number {
  let mx: number;
  let i: number, valid = 0;
  mx = nla_nest_start(skb, RTA_METRICS);
  if (mx < 0)
    return -ENOBUFS;
  for (i = 0; i < RTAX_MAX; i++) {
    if (metrics[i]) {
      valid++;
      if (nla_put_u32(skb, i + 1, metrics[i])) {
        nla_nest_cancel(skb, mx);
        return -EMSGSIZE;
      }
    }
  }
  if (!valid) {
    nla_nest_cancel(skb, mx);
    return 0;
  }
  return nla_nest_end(skb, mx);
}

const sizeof_ifinfomsg = 16;
const IFNAMSIZ = 16;
const IFALIASZ = 256;
const MAX_ADDR_LEN = 32;
function rtnl_vfinfo_size(_dev: net_device, _ext_filter_mask: number): number {
  return 0;
}
function rtnl_port_size(_dev: net_device, _ext_filter_mask: number): number {
  return 0;
}
function rtnl_port_fill(_skb: sk_buff, _dev: net_device, _ext_filter_mask: number): number {
  return 0;
}
function rtnl_link_get_size(_dev: net_device): number {
  return 0;
}
function rtnl_link_get_af_size(dev: net_device): number {
  let size: number;
  size = nla_total_size(0);
  if (inet_get_link_af_size(dev)) {
    size += nla_total_size(0) + inet_get_link_af_size(dev);
  }
  return size;
}
function if_nlmsg_size(dev: net_device, ext_filter_mask: number): number {
  return NLMSG_ALIGN(sizeof_ifinfomsg) + nla_total_size(IFNAMSIZ) + nla_total_size(IFALIASZ) + nla_total_size(IFNAMSIZ) + nla_total_size(32) + nla_total_size(96) + nla_total_size(184)
    + nla_total_size(MAX_ADDR_LEN) + nla_total_size(MAX_ADDR_LEN) + nla_total_size(4) + nla_total_size(4) + nla_total_size(4) + nla_total_size(4) + nla_total_size(4) + nla_total_size(4)
    + nla_total_size(4) + nla_total_size(4) + nla_total_size(1) + nla_total_size(1) + nla_total_size(1) + nla_total_size(ext_filter_mask & 1 ? 4 : 0)
    + rtnl_vfinfo_size(dev, ext_filter_mask) + rtnl_port_size(dev, ext_filter_mask) + rtnl_link_get_size(dev) + rtnl_link_get_af_size(dev);
}

function copy_rtnl_link_stats(a: Uint8Array, dev: net_device): void {
  const view = new DataView(a.buffer);
  view.setUint32(0, dev.stats.rx_packets >>> 0, true);
  view.setUint32(4, dev.stats.tx_packets >>> 0, true);
}
function copy_rtnl_link_stats64(a: Uint8Array, dev: net_device): void {
  const view = new DataView(a.buffer);
  view.setUint32(0, dev.stats.rx_packets >>> 0, true);
  view.setUint32(8, dev.stats.tx_packets >>> 0, true);
}

/** What a device is, as an RTM_NEWLINK message (DEVIATION: counters of the device structure only, no driver is asked). */
function rtnl_fill_ifinfo(skb: sk_buff, dev: net_device, type: number, pid: number, seq: number, change: number, flags: number, ext_filter_mask: number): number {
  let nlh: nlmsghdr;
  nlh = nlmsg_put(skb, pid, seq, type, sizeof_ifinfomsg, flags);
  if (nlh === null)
    return -EMSGSIZE;
  nlmsg_field(nlh, 0, AF_UNSPEC, 1);
  nlmsg_field(nlh, 2, dev.type, 2);
  nlmsg_field(nlh, 4, dev.ifindex, 4);
  nlmsg_field(nlh, 8, dev_get_flags(dev), 4);
  nlmsg_field(nlh, 12, change, 4);
  nla_put_failure: {
    if (nla_put_string(skb, IFLA_IFNAME, dev.name) || nla_put_u32(skb, IFLA_TXQLEN, dev.tx_queue_len) || nla_put_u8(skb, IFLA_OPERSTATE, netif_running(dev) ? dev.operstate : IF_OPER_DOWN) || nla_put_u8(skb, IFLA_LINKMODE, dev.link_mode) || nla_put_u32(skb, IFLA_MTU, dev.mtu) || nla_put_u32(skb, IFLA_GROUP, dev.group) || nla_put_u32(skb, IFLA_PROMISCUITY, dev.promiscuity) || nla_put_u32(skb, IFLA_NUM_TX_QUEUES, dev.num_tx_queues) || nla_put_u32(skb, IFLA_NUM_RX_QUEUES, dev.num_rx_queues) || (dev.ifindex !== dev.iflink && nla_put_u32(skb, IFLA_LINK, dev.iflink)) || nla_put_u8(skb, IFLA_CARRIER, netif_carrier_ok(dev) ? 1 : 0) || (dev.qdisc && nla_put_string(skb, IFLA_QDISC, dev.qdisc.ops.id)))
      break nla_put_failure;
    if (dev.addr_len) {
      if (nla_put(skb, IFLA_ADDRESS, dev.addr_len, dev.dev_addr) || nla_put(skb, IFLA_BROADCAST, dev.addr_len, dev.broadcast))
        break nla_put_failure;
    }
    const stats = new Uint8Array(96), stats64 = new Uint8Array(184);
    copy_rtnl_link_stats(stats, dev);
    if (nla_put(skb, IFLA_STATS, 96, stats))
      break nla_put_failure;
    copy_rtnl_link_stats64(stats64, dev);
    if (nla_put(skb, IFLA_STATS64, 184, stats64))
      break nla_put_failure;
    if (rtnl_port_fill(skb, dev, ext_filter_mask))
      break nla_put_failure;
    const af_spec = nla_nest_start(skb, IFLA_AF_SPEC);
    if (af_spec < 0)
      break nla_put_failure;
    inet_fill_link_af(skb, dev);
    nla_nest_end(skb, af_spec);
    return nlmsg_end(skb, nlh);
  }
  nlmsg_cancel(skb, nlh);
  return -EMSGSIZE;
}

export function rtmsg_ifinfo(type: number, dev: net_device, change: number): void {
  const net = dev_net(dev);
  let skb: sk_buff;
  let err = -ENOBUFS;
  let if_info_size: number;
  errout: {
    skb = nlmsg_new((if_info_size = if_nlmsg_size(dev, 0)), GFP_KERNEL);
    if (skb === null)
      break errout;
    err = rtnl_fill_ifinfo(skb, dev, type, 0, 0, change, 0, 0);
    if (err < 0) {
      WARN_ON(err === -EMSGSIZE && if_info_size > 0);
      kfree_skb(skb);
      break errout;
    }
    rtnl_notify(skb, net, 0, RTNLGRP_LINK, null, GFP_KERNEL);
    return;
  }
  if (err < 0)
    rtnl_set_sk_err(net, RTNLGRP_LINK, err);
}

function rtnetlink_event(_this: notifier_block, event: number, ptr: net_device): number {
  const dev = ptr;
  switch (event) {
  case NETDEV_UP:
  case NETDEV_DOWN:
  case NETDEV_PRE_UP:
  case NETDEV_POST_INIT:
  case NETDEV_REGISTER:
  case NETDEV_CHANGE:
  case NETDEV_PRE_TYPE_CHANGE:
  case NETDEV_POST_TYPE_CHANGE:
  case NETDEV_GOING_DOWN:
  case NETDEV_UNREGISTER:
  case NETDEV_UNREGISTER_FINAL:
  case NETDEV_RELEASE:
    break;
  default:
    rtmsg_ifinfo(RTM_NEWLINK, dev, 0);
    break;
  }
  return NOTIFY_DONE;
}

export function* rtnetlink_init(): Gen<void> {
  yield* register_netdevice_notifier(new notifier_block(rtnetlink_event, 0));
}
