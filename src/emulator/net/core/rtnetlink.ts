/** net/core/rtnetlink.c: the lock of network configuration, and what listeners would be told. */
import { current, type Gen, type Host } from '../../include/ports';
import { BUG_ON, WARN_ON } from '../../include/asm-generic/bug';
import { EMSGSIZE, ENOBUFS, ENODATA, ENOMEM, EOPNOTSUPP, EPERM } from '../../include/uapi/asm-generic/errno';
import { GFP_KERNEL } from '../../include/linux/gfp';
import { mutex, mutex_is_locked, mutex_lock, mutex_trylock, mutex_unlock } from '../../include/linux/mutex';
import {
  NETDEV_CHANGE, NETDEV_DOWN, NETDEV_GOING_DOWN, NETDEV_POST_INIT, NETDEV_POST_TYPE_CHANGE, NETDEV_PRE_TYPE_CHANGE, NETDEV_PRE_UP, NETDEV_REGISTER, NETDEV_RELEASE, NETDEV_UNREGISTER, NETDEV_UNREGISTER_FINAL,
  NETDEV_UP, dev_get_flags, dev_net, register_netdevice_notifier, netif_carrier_ok, netif_running, rtnl_link_stats64, type net_device,
} from '../../include/linux/netdevice';
import { NOTIFY_DONE, notifier_block } from '../../include/linux/notifier';
import { ASSERT_RTNL, RTAX_MAX, RTA_METRICS, RTM_BASE, RTM_GETLINK, RTM_NEWLINK, RTNLGRP_LINK, RTNLGRP_MAX, RTNL_FAMILY_MAX } from '../../include/linux/rtnetlink';
import {
  IFLA_ADDRESS, IFLA_AF_SPEC, IFLA_BROADCAST, IFLA_CARRIER, IFLA_EXT_MASK, IFLA_GROUP, IFLA_IFNAME, IFLA_INFO_KIND, IFLA_LINK, IFLA_LINKINFO, IFLA_LINKMODE, IFLA_MAP, IFLA_MASTER, IFLA_MAX, IFLA_MTU, IFLA_NUM_RX_QUEUES, IFLA_NUM_TX_QUEUES, IFLA_NUM_VF, IFLA_OPERSTATE, IFLA_PROMISCUITY,
  IFLA_QDISC, IFLA_STATS, IFLA_STATS64, IFLA_TXQLEN,
} from '../../include/linux/if_link';
import { IF_OPER_DOWN } from '../../include/linux/if';
import { kfree_skb, type sk_buff } from '../../include/linux/skbuff';
import { memset } from '../../include/linux/string';
import { AF_UNSPEC, PF_UNSPEC } from '../../include/linux/socket';
import { CAP_NET_ADMIN } from '../../include/linux/capability';
import type { hlist_head } from '../../include/linux/list';
import { NETLINK_CB, NETLINK_ROUTE, NLMSG_GOODSIZE, NLM_F_DUMP, NL_CFG_F_NONROOT_RECV, netlink_dump_start, netlink_kernel_create, type netlink_callback } from '../../include/linux/netlink';
import { rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { sock_net } from '../../include/net/sock';
import type { sock } from '../../include/net/sock.struct';
import { NETDEV_HASHENTRIES, type net } from '../../include/net/net_namespace';
import {
  NLA_BINARY, NLA_NESTED, NLA_STRING, NLA_U32, NLA_U8, NLMSG_ALIGN, NLM_F_MULTI, nl_dump_check_consistent, nla_get_u32, nla_policies, nlmsg_hdr, nlmsg_len, nlmsg_parse, type nla_policy, type nlattr, nla_data, nla_nest_cancel, nla_nest_end, nla_nest_start, nla_put, nla_put_string, nla_put_u32, nla_put_u8, nla_reserve, nla_total_size, nlmsg_cancel, nlmsg_data, nlmsg_end, nlmsg_new, nlmsg_put, nlmsg_report,
  struct_view, type nlmsghdr,
} from '../../include/net/netlink';
import { dev_get_stats, netdev_master_upper_dev_get, netdev_run_todo } from './dev';
import { netlink_net_capable, netlink_rcv_skb, nlmsg_notify } from '../netlink/af_netlink';
import { inet_fill_link_af, inet_get_link_af_size } from '../ipv4/devinet';

type rtnl_doit_func = (skb: sk_buff, nlh: nlmsghdr) => Gen<number>;
type rtnl_dumpit_func = (skb: sk_buff, cb: netlink_callback) => number;
type rtnl_calcit_func = (skb: sk_buff, nlh: nlmsghdr) => number;
class rtnl_link { doit: rtnl_doit_func = null; dumpit: rtnl_dumpit_func = null; calcit: rtnl_calcit_func = null; }

declare module '../../include/ports' { interface Host { rtnl_mutex: mutex; rtnl_msg_handlers: rtnl_link[][] } }
export function rtnetlink_globals(host: Host): void { host.rtnl_mutex = new mutex(); host.rtnl_msg_handlers = []; }

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

function rtm_msgindex(msgtype: number): number {
  const msgindex = msgtype - RTM_BASE;
  BUG_ON(msgindex < 0 || msgindex >= RTM_NR_MSGTYPES);
  return msgindex;
}
function rtnl_get_doit(protocol: number, msgindex: number): rtnl_doit_func {
  const rtnl_msg_handlers = current.host.rtnl_msg_handlers;
  let tab: rtnl_link[];
  if (protocol <= RTNL_FAMILY_MAX)
    tab = rtnl_msg_handlers[protocol];
  else
    tab = null;
  if (!tab || tab[msgindex].doit === null)
    tab = rtnl_msg_handlers[PF_UNSPEC];
  return tab[msgindex].doit;
}
function rtnl_get_dumpit(protocol: number, msgindex: number): rtnl_dumpit_func {
  const rtnl_msg_handlers = current.host.rtnl_msg_handlers;
  let tab: rtnl_link[];
  if (protocol <= RTNL_FAMILY_MAX)
    tab = rtnl_msg_handlers[protocol];
  else
    tab = null;
  if (!tab || tab[msgindex].dumpit === null)
    tab = rtnl_msg_handlers[PF_UNSPEC];
  return tab[msgindex].dumpit;
}
function rtnl_get_calcit(protocol: number, msgindex: number): rtnl_calcit_func {
  const rtnl_msg_handlers = current.host.rtnl_msg_handlers;
  let tab: rtnl_link[];
  if (protocol <= RTNL_FAMILY_MAX)
    tab = rtnl_msg_handlers[protocol];
  else
    tab = null;
  if (!tab || tab[msgindex].calcit === null)
    tab = rtnl_msg_handlers[PF_UNSPEC];
  return tab[msgindex].calcit;
}
export function __rtnl_register(protocol: number, msgtype: number, doit: rtnl_doit_func, dumpit: rtnl_dumpit_func, calcit: rtnl_calcit_func): number {
  const rtnl_msg_handlers = current.host.rtnl_msg_handlers;
  let tab: rtnl_link[];
  let msgindex: number;
  BUG_ON(protocol < 0 || protocol > RTNL_FAMILY_MAX);
  msgindex = rtm_msgindex(msgtype);
  tab = rtnl_msg_handlers[protocol];
  if (!tab) {
    tab = Array.from({ length: RTM_NR_MSGTYPES }, () => new rtnl_link());
    rtnl_msg_handlers[protocol] = tab;
  }
  if (doit)
    tab[msgindex].doit = doit;
  if (dumpit)
    tab[msgindex].dumpit = dumpit;
  if (calcit)
    tab[msgindex].calcit = calcit;
  return 0;
}
/** What to do with requests of a type and family; PF_UNSPEC answers for families that have nothing of their own. */
export function rtnl_register(protocol: number, msgtype: number, doit: rtnl_doit_func, dumpit: rtnl_dumpit_func, calcit: rtnl_calcit_func): void {
  if (__rtnl_register(protocol, msgtype, doit, dumpit, calcit) < 0)
    current.machine.log('Unable to register rtnetlink message handler');
}

export function rtnl_notify(skb: sk_buff, net: net, pid: number, group: number, nlh: nlmsghdr, flags: number): void {
  const rtnl = net.rtnl;
  let report = 0;
  if (nlh)
    report = nlmsg_report(nlh);
  nlmsg_notify(rtnl, skb, pid, group, report, flags);
}
export function rtnl_set_sk_err(_net: net, _group: number, _error: number): void { /* nobody listens */ }

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
const sizeof_rtgenmsg = 1;
const rtgenmsg = struct_view({ rtgen_family: [0, 1] });
const RTM_MAX = 87;
const RTM_NR_MSGTYPES = 72;
const IFNAMSIZ = 16;
const IFALIASZ = 256;
const MAX_ADDR_LEN = 32;
const RTEXT_FILTER_VF = 1;
const PORT_PROFILE_MAX = 40;
const PORT_UUID_MAX = 16;
const AF_INET = 2;
const ifinfomsg = struct_view({ ifi_family: [0, 1], __ifi_pad: [1, 1], ifi_type: [2, 2], ifi_index: [4, 4], ifi_flags: [8, 4], ifi_change: [12, 4] });
const rtnl_link_ifmap = struct_view({ mem_start: [0, 8], mem_end: [8, 8], base_addr: [16, 8], irq: [24, 2], dma: [26, 1], port: [27, 1] });
const rtnl_link_stats = struct_view({
  rx_packets: [0, 4], tx_packets: [4, 4], rx_bytes: [8, 4], tx_bytes: [12, 4], rx_errors: [16, 4], tx_errors: [20, 4], rx_dropped: [24, 4], tx_dropped: [28, 4], multicast: [32, 4], collisions: [36, 4],
  rx_length_errors: [40, 4], rx_over_errors: [44, 4], rx_crc_errors: [48, 4], rx_frame_errors: [52, 4], rx_fifo_errors: [56, 4], rx_missed_errors: [60, 4], tx_aborted_errors: [64, 4],
  tx_carrier_errors: [68, 4], tx_fifo_errors: [72, 4], tx_heartbeat_errors: [76, 4], tx_window_errors: [80, 4], rx_compressed: [84, 4], tx_compressed: [88, 4],
});
const STATS64 = [
  'rx_packets', 'tx_packets', 'rx_bytes', 'tx_bytes', 'rx_errors', 'tx_errors', 'rx_dropped', 'tx_dropped', 'multicast', 'collisions', 'rx_length_errors', 'rx_over_errors', 'rx_crc_errors', 'rx_frame_errors',
  'rx_fifo_errors', 'rx_missed_errors', 'tx_aborted_errors', 'tx_carrier_errors', 'tx_fifo_errors', 'tx_heartbeat_errors', 'tx_window_errors', 'rx_compressed', 'tx_compressed',
] as const;
/** Address families with something to say about a link: IPv4 only. */
interface rtnl_af_ops { readonly family: number; readonly fill_link_af: (skb: sk_buff, dev: net_device) => number; readonly get_link_af_size: (dev: net_device) => number }
const inet_af_ops: rtnl_af_ops = { family: AF_INET, fill_link_af: inet_fill_link_af, get_link_af_size: inet_get_link_af_size };
const rtnl_af_ops: readonly rtnl_af_ops[] = [inet_af_ops];

function rtnl_vfinfo_size(dev: net_device, ext_filter_mask: number): number {
  if (dev.dev.parent && (ext_filter_mask & RTEXT_FILTER_VF)) {
    return nla_total_size(0);
  } else
    return 0;
}
/** Virtual functions and their ports: no driver here has any. */
function rtnl_port_size(dev: net_device, ext_filter_mask: number): number {
  const ndo_get_vf_port = null as unknown;
  const port_size = nla_total_size(4) + nla_total_size(PORT_PROFILE_MAX) + nla_total_size(8) + nla_total_size(PORT_UUID_MAX) + nla_total_size(PORT_UUID_MAX) + nla_total_size(1) + nla_total_size(2);
  const vf_ports_size = nla_total_size(4);
  const vf_port_size = nla_total_size(4) + port_size;
  const port_self_size = nla_total_size(4) + port_size;
  if (!ndo_get_vf_port || !dev.dev.parent || !(ext_filter_mask & RTEXT_FILTER_VF))
    return 0;
  return port_self_size + vf_ports_size + vf_port_size;
}
function rtnl_port_fill(_skb: sk_buff, dev: net_device, ext_filter_mask: number): number {
  const ndo_get_vf_port = null as unknown;
  if (!ndo_get_vf_port || !dev.dev.parent || !(ext_filter_mask & RTEXT_FILTER_VF))
    return 0;
  return 0;
}
/** What kind of virtual link a device is. */
function rtnl_link_get_size(dev: net_device): number {
  const ops = dev.rtnl_link_ops;
  let size: number;
  if (!ops)
    return 0;
  size = nla_total_size(4) + nla_total_size(ops.kind.length + 1);
  return size;
}
function rtnl_link_fill(skb: sk_buff, dev: net_device): number {
  const ops = dev.rtnl_link_ops;
  let linkinfo: number;
  linkinfo = nla_nest_start(skb, IFLA_LINKINFO);
  if (linkinfo === -1)
    return -EMSGSIZE;
  if (nla_put_string(skb, IFLA_INFO_KIND, ops.kind) < 0) {
    nla_nest_cancel(skb, linkinfo);
    return -EMSGSIZE;
  }
  nla_nest_end(skb, linkinfo);
  return 0;
}
function rtnl_link_get_af_size(dev: net_device): number {
  let size: number;
  size = nla_total_size(4);
  for (const af_ops of rtnl_af_ops) {
    if (af_ops.get_link_af_size) {
      size += nla_total_size(4) + af_ops.get_link_af_size(dev);
    }
  }
  return size;
}
function if_nlmsg_size(dev: net_device, ext_filter_mask: number): number {
  return NLMSG_ALIGN(sizeof_ifinfomsg) + nla_total_size(IFNAMSIZ) + nla_total_size(IFALIASZ) + nla_total_size(IFNAMSIZ) + nla_total_size(32) + nla_total_size(96) + nla_total_size(184)
    + nla_total_size(MAX_ADDR_LEN) + nla_total_size(MAX_ADDR_LEN) + nla_total_size(4) + nla_total_size(4) + nla_total_size(4) + nla_total_size(4) + nla_total_size(4) + nla_total_size(1)
    + nla_total_size(4) + nla_total_size(4) + nla_total_size(4) + nla_total_size(1) + nla_total_size(1) + nla_total_size(ext_filter_mask & RTEXT_FILTER_VF ? 4 : 0)
    + rtnl_vfinfo_size(dev, ext_filter_mask) + rtnl_port_size(dev, ext_filter_mask) + rtnl_link_get_size(dev) + rtnl_link_get_af_size(dev);
}

function copy_rtnl_link_stats(a: ReturnType<typeof rtnl_link_stats>, b: rtnl_link_stats64): void {
  a.rx_packets = b.rx_packets;
  a.tx_packets = b.tx_packets;
  a.rx_bytes = b.rx_bytes;
  a.tx_bytes = b.tx_bytes;
  a.rx_errors = b.rx_errors;
  a.tx_errors = b.tx_errors;
  a.rx_dropped = b.rx_dropped;
  a.tx_dropped = b.tx_dropped;
  a.multicast = b.multicast;
  a.collisions = b.collisions;
  a.rx_length_errors = b.rx_length_errors;
  a.rx_over_errors = b.rx_over_errors;
  a.rx_crc_errors = b.rx_crc_errors;
  a.rx_frame_errors = b.rx_frame_errors;
  a.rx_fifo_errors = b.rx_fifo_errors;
  a.rx_missed_errors = b.rx_missed_errors;
  a.tx_aborted_errors = b.tx_aborted_errors;
  a.tx_carrier_errors = b.tx_carrier_errors;
  a.tx_fifo_errors = b.tx_fifo_errors;
  a.tx_heartbeat_errors = b.tx_heartbeat_errors;
  a.tx_window_errors = b.tx_window_errors;
  a.rx_compressed = b.rx_compressed;
  a.tx_compressed = b.tx_compressed;
}
function memcpy(to: Uint8Array, at: number, from: rtnl_link_stats64): void {
  const view = new DataView(to.buffer, to.byteOffset);
  STATS64.forEach((name, i) => { view.setBigUint64(at + 8 * i, BigInt(from[name]), true); });
}
function copy_rtnl_link_stats64(to: Uint8Array, v: number, b: rtnl_link_stats64): void {
  memcpy(to, v, b);
}

/** What a device is, as an RTM_NEWLINK message. */
function rtnl_fill_ifinfo(skb: sk_buff, dev: net_device, type: number, pid: number, seq: number, change: number, flags: number, ext_filter_mask: number): number {
  let ifm: ReturnType<typeof ifinfomsg>;
  let nlh: nlmsghdr;
  const temp = new rtnl_link_stats64();
  let stats: rtnl_link_stats64;
  let attr: number, af_spec: number;
  const ndo_get_vf_config = null as unknown;
  const upper_dev = netdev_master_upper_dev_get(dev);
  ASSERT_RTNL();
  nlh = nlmsg_put(skb, pid, seq, type, sizeof_ifinfomsg, flags);
  if (nlh === null)
    return -EMSGSIZE;
  ifm = ifinfomsg(skb.head, nlmsg_data(nlh));
  ifm.ifi_family = AF_UNSPEC;
  ifm.__ifi_pad = 0;
  ifm.ifi_type = dev.type;
  ifm.ifi_index = dev.ifindex;
  ifm.ifi_flags = dev_get_flags(dev);
  ifm.ifi_change = change;
  nla_put_failure: {
    if (nla_put_string(skb, IFLA_IFNAME, dev.name) || nla_put_u32(skb, IFLA_TXQLEN, dev.tx_queue_len) || nla_put_u8(skb, IFLA_OPERSTATE, netif_running(dev) ? dev.operstate : IF_OPER_DOWN) || nla_put_u8(skb, IFLA_LINKMODE, dev.link_mode) || nla_put_u32(skb, IFLA_MTU, dev.mtu) || nla_put_u32(skb, IFLA_GROUP, dev.group) || nla_put_u32(skb, IFLA_PROMISCUITY, dev.promiscuity) || nla_put_u32(skb, IFLA_NUM_TX_QUEUES, dev.num_tx_queues) || nla_put_u32(skb, IFLA_NUM_RX_QUEUES, dev.num_rx_queues) || (dev.ifindex !== dev.iflink && nla_put_u32(skb, IFLA_LINK, dev.iflink)) || (upper_dev && nla_put_u32(skb, IFLA_MASTER, upper_dev.ifindex)) || nla_put_u8(skb, IFLA_CARRIER, netif_carrier_ok(dev) ? 1 : 0) || (dev.qdisc && nla_put_string(skb, IFLA_QDISC, dev.qdisc.ops.id)))
      break nla_put_failure;
    if (1) {
      const map_bytes = new Uint8Array(32), map = rtnl_link_ifmap(map_bytes, 0);
      memset(map_bytes, 0, 0, 32);
      map.mem_start = dev.mem_start;
      map.mem_end = dev.mem_end;
      map.base_addr = dev.base_addr;
      map.irq = dev.irq;
      map.dma = dev.dma;
      map.port = dev.if_port;
      if (nla_put(skb, IFLA_MAP, 32, map_bytes))
        break nla_put_failure;
    }
    if (dev.addr_len) {
      if (nla_put(skb, IFLA_ADDRESS, dev.addr_len, dev.dev_addr) || nla_put(skb, IFLA_BROADCAST, dev.addr_len, dev.broadcast))
        break nla_put_failure;
    }
    attr = nla_reserve(skb, IFLA_STATS, 96);
    if (attr === -1)
      break nla_put_failure;
    stats = dev_get_stats(dev, temp);
    copy_rtnl_link_stats(rtnl_link_stats(skb.head, nla_data(attr)), stats);
    attr = nla_reserve(skb, IFLA_STATS64, 184);
    if (attr === -1)
      break nla_put_failure;
    copy_rtnl_link_stats64(skb.head, nla_data(attr), stats);
    if (dev.dev.parent && (ext_filter_mask & RTEXT_FILTER_VF) && nla_put_u32(skb, IFLA_NUM_VF, 0))
      break nla_put_failure;
    if (ndo_get_vf_config && dev.dev.parent && (ext_filter_mask & RTEXT_FILTER_VF))
      break nla_put_failure;
    if (rtnl_port_fill(skb, dev, ext_filter_mask))
      break nla_put_failure;
    if (dev.rtnl_link_ops) {
      if (rtnl_link_fill(skb, dev) < 0)
        break nla_put_failure;
    }
    af_spec = nla_nest_start(skb, IFLA_AF_SPEC);
    if (af_spec === -1)
      break nla_put_failure;
    for (const af_ops of rtnl_af_ops) {
      if (af_ops.fill_link_af) {
        let af: number;
        let err: number;
        if ((af = nla_nest_start(skb, af_ops.family)) === -1)
          break nla_put_failure;
        err = af_ops.fill_link_af(skb, dev);
        if (err === -ENODATA)
          nla_nest_cancel(skb, af);
        else if (err < 0)
          break nla_put_failure;
        nla_nest_end(skb, af);
      }
    }
    nla_nest_end(skb, af_spec);
    return nlmsg_end(skb, nlh);
  }
  nlmsg_cancel(skb, nlh);
  return -EMSGSIZE;
}

/** Every device as a message, as far as they fit; the rest when the reader comes again. */
function rtnl_dump_ifinfo(skb: sk_buff, cb: netlink_callback): number {
  const net = sock_net(skb.sk);
  let h: number, s_h: number;
  let idx = 0, s_idx: number;
  let dev: net_device;
  let head: hlist_head<net_device>;
  const tb: nlattr[] = [];
  let ext_filter_mask = 0;
  let err: number;
  let hdrlen: number;
  s_h = cb.args[0];
  s_idx = cb.args[1];
  rcu_read_lock();
  cb.seq = net.dev_base_seq;
  hdrlen = nlmsg_len(cb.nlh) < sizeof_ifinfomsg ? sizeof_rtgenmsg : sizeof_ifinfomsg;
  if (nlmsg_parse(cb.nlh, hdrlen, tb, IFLA_MAX, ifla_policy()) >= 0) {
    if (tb[IFLA_EXT_MASK])
      ext_filter_mask = nla_get_u32(tb[IFLA_EXT_MASK]);
  }
  out: {
    for (h = s_h; h < NETDEV_HASHENTRIES; h++, s_idx = 0) {
      idx = 0;
      head = net.dev_index_head[h];
      for (let p = head.first; p !== null; p = p.next) {
        dev = p.owner;
        cont: {
          if (idx < s_idx)
            break cont;
          err = rtnl_fill_ifinfo(skb, dev, RTM_NEWLINK, NETLINK_CB(cb.skb).portid, cb.nlh.nlmsg_seq, 0, NLM_F_MULTI, ext_filter_mask);
          WARN_ON(err === -EMSGSIZE && skb.len === 0);
          if (err <= 0)
            break out;
          nl_dump_check_consistent(cb, nlmsg_hdr(skb));
        }
        idx++;
      }
    }
  }
  rcu_read_unlock();
  cb.args[1] = idx;
  cb.args[0] = h;
  return skb.len;
}

/* a table; made when it is asked for, as its constants come from files that import each other */
function ifla_policy(): readonly nla_policy[] { return nla_policies(IFLA_MAX, [
  [IFLA_IFNAME, NLA_STRING, IFNAMSIZ - 1], [IFLA_ADDRESS, NLA_BINARY, MAX_ADDR_LEN], [IFLA_BROADCAST, NLA_BINARY, MAX_ADDR_LEN], [IFLA_MTU, NLA_U32, 0], [IFLA_LINK, NLA_U32, 0], [IFLA_MASTER, NLA_U32, 0],
  [IFLA_CARRIER, NLA_U8, 0], [IFLA_TXQLEN, NLA_U32, 0], [IFLA_OPERSTATE, NLA_U8, 0], [IFLA_LINKMODE, NLA_U8, 0], [IFLA_LINKINFO, NLA_NESTED, 0], [IFLA_AF_SPEC, NLA_NESTED, 0], [IFLA_EXT_MASK, NLA_U32, 0],
  [IFLA_PROMISCUITY, NLA_U32, 0], [IFLA_NUM_TX_QUEUES, NLA_U32, 0], [IFLA_NUM_RX_QUEUES, NLA_U32, 0],
]); }

/** Room for the messages of a dump of devices. */
function rtnl_calcit(skb: sk_buff, nlh: nlmsghdr): number {
  const net = sock_net(skb.sk);
  let dev: net_device;
  const tb: nlattr[] = [];
  let ext_filter_mask = 0;
  let min_ifinfo_dump_size = 0;
  let hdrlen: number;
  hdrlen = nlmsg_len(nlh) < sizeof_ifinfomsg ? sizeof_rtgenmsg : sizeof_ifinfomsg;
  if (nlmsg_parse(nlh, hdrlen, tb, IFLA_MAX, ifla_policy()) >= 0) {
    if (tb[IFLA_EXT_MASK])
      ext_filter_mask = nla_get_u32(tb[IFLA_EXT_MASK]);
  }
  if (!ext_filter_mask)
    return NLMSG_GOODSIZE();
  for (let p = net.dev_base_head.next; p !== net.dev_base_head; p = p.next) {
    dev = p.owner;
    min_ifinfo_dump_size = Math.max(min_ifinfo_dump_size, if_nlmsg_size(dev, ext_filter_mask));
  }
  return min_ifinfo_dump_size;
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

/** One request from a program. */
function* rtnetlink_rcv_msg(skb: sk_buff, nlh: nlmsghdr): Gen<number> {
  const net = sock_net(skb.sk);
  let doit: rtnl_doit_func;
  let kind: number;
  let family: number;
  let type: number;
  let err: number;
  type = nlh.nlmsg_type;
  if (type > RTM_MAX)
    return -EOPNOTSUPP;
  type -= RTM_BASE;
  if (nlmsg_len(nlh) < sizeof_rtgenmsg)
    return 0;
  family = rtgenmsg(skb.head, nlmsg_data(nlh)).rtgen_family;
  kind = type & 3;
  if (kind !== 2 && !netlink_net_capable(skb, CAP_NET_ADMIN))
    return -EPERM;
  if (kind === 2 && nlh.nlmsg_flags & NLM_F_DUMP) {
    let rtnl: sock;
    let dumpit: rtnl_dumpit_func;
    let calcit: rtnl_calcit_func;
    let min_dump_alloc = 0;
    dumpit = rtnl_get_dumpit(family, type);
    if (dumpit === null)
      return -EOPNOTSUPP;
    calcit = rtnl_get_calcit(family, type);
    if (calcit)
      min_dump_alloc = calcit(skb, nlh);
    __rtnl_unlock();
    rtnl = net.rtnl;
    const c = { dump: dumpit, min_dump_alloc };
    err = yield* netlink_dump_start(rtnl, skb, nlh, c);
    yield* rtnl_lock();
    return err;
  }
  doit = rtnl_get_doit(family, type);
  if (doit === null)
    return -EOPNOTSUPP;
  return yield* doit(skb, nlh);
}
function* rtnetlink_rcv(skb: sk_buff): Gen<void> {
  yield* rtnl_lock();
  yield* netlink_rcv_skb(skb, rtnetlink_rcv_msg);
  yield* rtnl_unlock();
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

function* rtnetlink_net_init(net: net): Gen<number> {
  let sk: sock;
  const cfg = { groups: RTNLGRP_MAX, input: rtnetlink_rcv, cb_mutex: current.host.rtnl_mutex, flags: NL_CFG_F_NONROOT_RECV };
  sk = yield* netlink_kernel_create(net, NETLINK_ROUTE, cfg);
  if (!sk)
    return -ENOMEM;
  net.rtnl = sk;
  return 0;
}

/** DEVIATION: of the requests about links only the dump is modelled; `ip link set up` of a small system is SIOCSIFFLAGS. The one namespace is set up from here, as that may sleep. */
export function* rtnetlink_init(): Gen<void> {
  yield* rtnetlink_net_init(current.host.init_net);
  yield* register_netdevice_notifier(new notifier_block(rtnetlink_event, 0));
  rtnl_register(PF_UNSPEC, RTM_GETLINK, null, rtnl_dump_ifinfo, rtnl_calcit);
}
