/** net/ipv4/arp.c: the Address Resolution Protocol (RFC 826). */
import { current, type Gen, type Host } from '../../include/ports';
import { EINVAL, ENXIO } from '../../include/uapi/asm-generic/errno';
import { atomic_read } from '../../include/linux/atomic';
import { IS_ERR } from '../../include/linux/err';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import { IFF_LOOPBACK, IFF_NOARP, IFF_POINTOPOINT } from '../../include/linux/if';
import { ARPHRD_AX25, ARPHRD_DLCI, ARPHRD_ETHER, ARPHRD_FDDI, ARPHRD_IEEE802, ARPHRD_NETROM, ARPHRD_ROSE, ARPOP_REPLY, ARPOP_REQUEST, arp_hdr, arp_hdr_len, arphdr, sizeof_arphdr } from '../../include/linux/if_arp';
import { ETH_P_ARP, ETH_P_AX25, ETH_P_IP } from '../../include/linux/if_ether';
import { PACKET_HOST, PACKET_LOOPBACK, PACKET_OTHERHOST } from '../../include/linux/if_packet';
import { ipv4_is_loopback, ipv4_is_multicast } from '../../include/linux/in';
import {
  IN_DEV_ARPFILTER, IN_DEV_ARP_ACCEPT, IN_DEV_ARP_ANNOUNCE, IN_DEV_ARP_IGNORE, IN_DEV_FORWARD, IN_DEV_MEDIUM_ID, IN_DEV_PROXY_ARP, IN_DEV_PROXY_ARP_PVLAN, IN_DEV_ROUTE_LOCALNET, __in_dev_get_rcu,
  inet_addr_onlink, inet_confirm_addr, inet_select_addr, type in_device,
} from '../../include/linux/inetdevice';
import { ip_hdr } from '../../include/linux/ip';
import { HZ, jiffies, time_after } from '../../include/linux/jiffies';
import { LL_RESERVED_SPACE, MAX_ADDR_LEN, NETDEV_CHANGEADDR, dev_add_pack, dev_hard_header, dev_net, dev_queue_xmit, packet_type, register_netdevice_notifier, type net_device } from '../../include/linux/netdevice';
import { NFPROTO_ARP, NF_HOOK } from '../../include/linux/netfilter';
import { NF_ARP_IN, NF_ARP_OUT } from '../../include/linux/netfilter_arp';
import { NOTIFY_DONE, notifier_block } from '../../include/linux/notifier';
import { rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { RTN_BROADCAST, RTN_LOCAL, RTN_MULTICAST, RTN_UNICAST, RT_SCOPE_HOST, RT_SCOPE_LINK } from '../../include/linux/rtnetlink';
import { memset } from '../../include/linux/string';
import { alloc_skb, consume_skb, kfree_skb, pskb_may_pull, skb_put, skb_reserve, skb_reset_network_header, skb_rtable, skb_share_check, type sk_buff } from '../../include/linux/skbuff';
import { AF_INET } from '../../include/linux/socket';
import { htons } from '../../include/linux/types';
import { arp_hashfn } from '../../include/net/arp';
import { dst_link_failure } from '../../include/net/dst';
import { LINUX_MIB_ARPFILTER, NET_INC_STATS_BH, ip_eth_mc_map } from '../../include/net/ip';
import {
  LOCALLY_ENQUEUED, NEIGH_CB, NEIGH_UPDATE_F_ADMIN, NEIGH_UPDATE_F_OVERRIDE, NUD_FAILED, NUD_NOARP, NUD_REACHABLE, NUD_STALE, NUD_VALID, __neigh_lookup, __neigh_parms_put, neigh_changeaddr,
  neigh_compat_output, neigh_connected_output, neigh_direct_output, neigh_event_ns, neigh_ha_snapshot, neigh_ifdown, neigh_lookup, neigh_parms_clone, neigh_release, neigh_resolve_output, neigh_table,
  neigh_table_init, neigh_update, pneigh_enqueue, pneigh_lookup, type neigh_ops, type neigh_parms, type neighbour,
} from '../../include/net/neighbour';
import { ip_route_output, ip_rt_put, rt_cache_flush, type rtable } from '../../include/net/route';
import { inet_addr_type } from './fib_frontend';
import { ip_route_input_noref } from './route';

const arp_generic_ops: neigh_ops = {
  family: 2,
  solicit: arp_solicit,
  error_report: arp_error_report,
  output: neigh_resolve_output,
  connected_output: neigh_connected_output,
};
const arp_hh_ops: neigh_ops = {
  family: 2,
  solicit: arp_solicit,
  error_report: arp_error_report,
  output: neigh_resolve_output,
  connected_output: neigh_resolve_output,
};
const arp_direct_ops: neigh_ops = {
  family: 2,
  solicit: null,
  error_report: null,
  output: neigh_direct_output,
  connected_output: neigh_direct_output,
};
const arp_broken_ops: neigh_ops = {
  family: 2,
  solicit: arp_solicit,
  error_report: arp_error_report,
  output: neigh_compat_output,
  connected_output: neigh_compat_output,
};

declare module '../../include/ports' { interface Host { arp_tbl: neigh_table; arp_packet_type: packet_type } }
/** The table of this host, with the protocol's default times (jiffies). */
export function arp_globals(host: Host): void {
  const tbl = new neigh_table();
  tbl.family = AF_INET;
  tbl.key_len = 4;
  tbl.hash = arp_hash;
  tbl.constructor = arp_constructor;
  tbl.proxy_redo = parp_redo;
  tbl.id = 'arp_cache';
  const parms = tbl.parms;
  parms.tbl = tbl;
  parms.base_reachable_time = 30 * HZ;
  parms.retrans_time = 1 * HZ;
  parms.gc_staletime = 60 * HZ;
  parms.reachable_time = 30 * HZ;
  parms.delay_probe_time = 5 * HZ;
  parms.queue_len_bytes = 64 * 1024;
  parms.ucast_probes = 3;
  parms.mcast_probes = 3;
  parms.anycast_delay = 1 * HZ;
  parms.proxy_delay = (8 * HZ) / 10;
  parms.proxy_qlen = 64;
  parms.locktime = 1 * HZ;
  tbl.gc_interval = 30 * HZ;
  tbl.gc_thresh1 = 128;
  tbl.gc_thresh2 = 512;
  tbl.gc_thresh3 = 1024;
  host.arp_tbl = tbl;
  host.arp_packet_type = null;
}

/** `from`: bytes, or an IPv4 address. */
function memcpy(to: Uint8Array, at: number, from: Uint8Array | number, len: number): void {
  for (let i = 0; i < len; i++) to[at + i] = typeof from === 'number' ? from >>> (24 - 8 * i) : from[i];
}
/** Reads an IPv4 address. */
function get_addr(from: Uint8Array, at: number): number { return ((from[at] << 24) | (from[at + 1] << 16) | (from[at + 2] << 8) | from[at + 3]) >>> 0; }

/** Link address of a group; `haddr` receives it. */
export function arp_mc_map(addr: number, haddr: Uint8Array, dev: net_device, dir: number): number {
  switch (dev.type) {
  case ARPHRD_ETHER:
  case ARPHRD_FDDI:
  case ARPHRD_IEEE802:
    ip_eth_mc_map(addr, haddr);
    return 0;
  default:
    if (dir) {
      memcpy(haddr, 0, dev.broadcast, dev.addr_len);
      return 0;
    }
  }
  return -EINVAL;
}

function arp_hash(pkey: number, dev: net_device, hash_rnd: number[]): number {
  return arp_hashfn(pkey, dev, hash_rnd[0]);
}

function arp_constructor(neigh: neighbour): number {
  const addr = neigh.primary_key;
  const dev = neigh.dev;
  let in_dev: in_device;
  let parms: neigh_parms;
  rcu_read_lock();
  in_dev = __in_dev_get_rcu(dev);
  if (in_dev === null) {
    rcu_read_unlock();
    return -EINVAL;
  }
  neigh.type = inet_addr_type(dev_net(dev), addr);
  parms = in_dev.arp_parms;
  __neigh_parms_put(neigh.parms);
  neigh.parms = neigh_parms_clone(parms);
  rcu_read_unlock();
  if (!dev.header_ops) {
    neigh.nud_state = NUD_NOARP;
    neigh.ops = arp_direct_ops;
    neigh.output = neigh_direct_output;
  } else {
    switch (dev.type) {
    default:
      break;
    case ARPHRD_ROSE:
      neigh.ops = arp_broken_ops;
      neigh.output = neigh.ops.output;
      return 0;
    }
    if (neigh.type === RTN_MULTICAST) {
      neigh.nud_state = NUD_NOARP;
      arp_mc_map(addr, neigh.ha, dev, 1);
    } else if (dev.flags & (IFF_NOARP | IFF_LOOPBACK)) {
      neigh.nud_state = NUD_NOARP;
      memcpy(neigh.ha, 0, dev.dev_addr, dev.addr_len);
    } else if (neigh.type === RTN_BROADCAST || (dev.flags & IFF_POINTOPOINT)) {
      neigh.nud_state = NUD_NOARP;
      memcpy(neigh.ha, 0, dev.broadcast, dev.addr_len);
    }
    if (dev.header_ops.cache)
      neigh.ops = arp_hh_ops;
    else
      neigh.ops = arp_generic_ops;
    if (neigh.nud_state & NUD_VALID)
      neigh.output = neigh.ops.connected_output;
    else
      neigh.output = neigh.ops.output;
  }
  return 0;
}

function arp_error_report(_neigh: neighbour, skb: sk_buff): void {
  dst_link_failure(skb);
  kfree_skb(skb);
}

function arp_solicit(neigh: neighbour, skb: sk_buff): void {
  let saddr = 0;
  const dst_ha = new Uint8Array(MAX_ADDR_LEN);
  let dst_hw: Uint8Array = null;
  const dev = neigh.dev;
  const target = neigh.primary_key;
  let probes = atomic_read(neigh.probes);
  let in_dev: in_device;
  rcu_read_lock();
  in_dev = __in_dev_get_rcu(dev);
  if (!in_dev) {
    rcu_read_unlock();
    return;
  }
  switch (IN_DEV_ARP_ANNOUNCE(in_dev)) {
  default:
  case 0:
    if (skb && inet_addr_type(dev_net(dev), ip_hdr(skb).saddr) === RTN_LOCAL)
      saddr = ip_hdr(skb).saddr;
    break;
  case 1:
    if (!skb)
      break;
    saddr = ip_hdr(skb).saddr;
    if (inet_addr_type(dev_net(dev), saddr) === RTN_LOCAL) {
      if (inet_addr_onlink(in_dev, target, saddr))
        break;
    }
    saddr = 0;
    break;
  case 2:
    break;
  }
  rcu_read_unlock();
  if (!saddr)
    saddr = inet_select_addr(dev, target, RT_SCOPE_LINK);
  probes -= neigh.parms.ucast_probes;
  if (probes < 0) {
    neigh_ha_snapshot(dst_ha, neigh, dev);
    dst_hw = dst_ha;
  } else {
    probes -= neigh.parms.app_probes;
    if (probes < 0) {
      return;
    }
  }
  arp_send(ARPOP_REQUEST, ETH_P_ARP, target, dev, saddr, dst_hw, dev.dev_addr, null);
}

function arp_ignore(in_dev: in_device, sip: number, tip: number): boolean {
  let scope: number;
  switch (IN_DEV_ARP_IGNORE(in_dev)) {
  case 0:
    return false;
  case 1:
    sip = 0;
    scope = RT_SCOPE_HOST;
    break;
  case 2:
    scope = RT_SCOPE_HOST;
    break;
  case 3:
    sip = 0;
    scope = RT_SCOPE_LINK;
    break;
  case 4:
  case 5:
  case 6:
  case 7:
    return false;
  case 8:
    return true;
  default:
    return false;
  }
  return !inet_confirm_addr(in_dev, sip, tip, scope);
}

function arp_filter(sip: number, tip: number, dev: net_device): boolean {
  let rt: rtable;
  let flag = false;
  const net = dev_net(dev);
  rt = ip_route_output(net, sip, tip, 0, 0);
  if (IS_ERR(rt))
    return true;
  if (rt.dst.dev !== dev) {
    NET_INC_STATS_BH(net, LINUX_MIB_ARPFILTER);
    flag = true;
  }
  ip_rt_put(rt);
  return flag;
}

function arp_fwd_proxy(in_dev: in_device, dev: net_device, rt: rtable): boolean {
  let out_dev: in_device;
  let imi: number, omi = -1;
  if (rt.dst.dev === dev)
    return false;
  if (!IN_DEV_PROXY_ARP(in_dev))
    return false;
  imi = IN_DEV_MEDIUM_ID(in_dev);
  if (imi === 0)
    return true;
  if (imi === -1)
    return false;
  out_dev = __in_dev_get_rcu(rt.dst.dev);
  if (out_dev)
    omi = IN_DEV_MEDIUM_ID(out_dev);
  return omi !== imi && omi !== -1;
}

function arp_fwd_pvlan(in_dev: in_device, dev: net_device, rt: rtable, sip: number, tip: number): boolean {
  if (rt.dst.dev !== dev)
    return false;
  if (sip === tip)
    return false;
  if (IN_DEV_PROXY_ARP_PVLAN(in_dev))
    return true;
  else
    return false;
}

/** An ARP frame in a new skb, link header included; null addresses mean broadcast, the device's own, and zeroes. Null when memory is short. */
export function arp_create(type: number, ptype: number, dest_ip: number, dev: net_device, src_ip: number, dest_hw: Uint8Array, src_hw: Uint8Array, target_hw: Uint8Array): sk_buff {
  let skb: sk_buff;
  let arp: arphdr;
  let arp_ptr: number;
  const hlen = LL_RESERVED_SPACE(dev);
  const tlen = dev.needed_tailroom;
  skb = alloc_skb(arp_hdr_len(dev) + hlen + tlen, GFP_ATOMIC);
  if (skb === null)
    return null;
  skb_reserve(skb, hlen);
  skb_reset_network_header(skb);
  arp = new arphdr(skb.head, skb_put(skb, arp_hdr_len(dev)));
  skb.dev = dev;
  skb.protocol = htons(ETH_P_ARP);
  if (src_hw === null)
    src_hw = dev.dev_addr;
  if (dest_hw === null)
    dest_hw = dev.broadcast;
  out: {
    if (dev_hard_header(skb, dev, ptype, dest_hw, src_hw, skb.len) < 0)
      break out;
    switch (dev.type) {
    default:
      arp.ar_hrd = htons(dev.type);
      arp.ar_pro = htons(ETH_P_IP);
      break;
    }
    arp.ar_hln = dev.addr_len;
    arp.ar_pln = 4;
    arp.ar_op = htons(type);
    arp_ptr = arp.off + sizeof_arphdr;
    memcpy(skb.head, arp_ptr, src_hw, dev.addr_len);
    arp_ptr += dev.addr_len;
    memcpy(skb.head, arp_ptr, src_ip, 4);
    arp_ptr += 4;
    switch (dev.type) {
    default:
      if (target_hw !== null)
        memcpy(skb.head, arp_ptr, target_hw, dev.addr_len);
      else
        memset(skb.head, arp_ptr, 0, dev.addr_len);
      arp_ptr += dev.addr_len;
    }
    memcpy(skb.head, arp_ptr, dest_ip, 4);
    return skb;
  }
  kfree_skb(skb);
  return null;
}

export function arp_xmit(skb: sk_buff): void {
  NF_HOOK(NFPROTO_ARP, NF_ARP_OUT, skb, null, skb.dev, dev_queue_xmit);
}

export function arp_send(type: number, ptype: number, dest_ip: number, dev: net_device, src_ip: number, dest_hw: Uint8Array, src_hw: Uint8Array, target_hw: Uint8Array): void {
  let skb: sk_buff;
  if (dev.flags & IFF_NOARP)
    return;
  skb = arp_create(type, ptype, dest_ip, dev, src_ip, dest_hw, src_hw, target_hw);
  if (skb === null)
    return;
  arp_xmit(skb);
}

export function arp_process(skb: sk_buff): number {
  const dev = skb.dev;
  const in_dev = __in_dev_get_rcu(dev);
  let arp: arphdr;
  let arp_ptr: number;
  let rt: rtable;
  let sha: Uint8Array;
  let sip: number, tip: number;
  const dev_type = dev.type;
  let addr_type: number;
  let n: neighbour;
  const net = dev_net(dev);
  const arp_tbl = current.host.arp_tbl;
  out: {
    if (in_dev === null)
      break out;
    arp = arp_hdr(skb);
    switch (dev_type) {
    default:
      if (arp.ar_pro !== htons(ETH_P_IP) || htons(dev_type) !== arp.ar_hrd)
        break out;
      break;
    case ARPHRD_ETHER:
    case ARPHRD_FDDI:
    case ARPHRD_IEEE802:
      if ((arp.ar_hrd !== htons(ARPHRD_ETHER) && arp.ar_hrd !== htons(ARPHRD_IEEE802)) || arp.ar_pro !== htons(ETH_P_IP))
        break out;
      break;
    case ARPHRD_AX25:
      if (arp.ar_pro !== htons(ETH_P_AX25) || arp.ar_hrd !== htons(ARPHRD_AX25))
        break out;
      break;
    case ARPHRD_NETROM:
      if (arp.ar_pro !== htons(ETH_P_AX25) || arp.ar_hrd !== htons(ARPHRD_NETROM))
        break out;
      break;
    }
    if (arp.ar_op !== htons(ARPOP_REPLY) && arp.ar_op !== htons(ARPOP_REQUEST))
      break out;
    arp_ptr = arp.off + sizeof_arphdr;
    sha = skb.head.subarray(arp_ptr, arp_ptr + dev.addr_len);
    arp_ptr += dev.addr_len;
    sip = get_addr(skb.head, arp_ptr);
    arp_ptr += 4;
    switch (dev_type) {
    default:
      arp_ptr += dev.addr_len;
    }
    tip = get_addr(skb.head, arp_ptr);
    if (ipv4_is_multicast(tip) || (!IN_DEV_ROUTE_LOCALNET(in_dev) && ipv4_is_loopback(tip)))
      break out;
    if (dev_type === ARPHRD_DLCI)
      sha = dev.broadcast;
    if (sip === 0) {
      if (arp.ar_op === htons(ARPOP_REQUEST) && inet_addr_type(net, tip) === RTN_LOCAL && !arp_ignore(in_dev, sip, tip))
        arp_send(ARPOP_REPLY, ETH_P_ARP, sip, dev, tip, sha, dev.dev_addr, sha);
      break out;
    }
    if (arp.ar_op === htons(ARPOP_REQUEST) && ip_route_input_noref(skb, tip, sip, 0, dev) === 0) {
      rt = skb_rtable(skb);
      addr_type = rt.rt_type;
      if (addr_type === RTN_LOCAL) {
        let dont_send: boolean;
        dont_send = arp_ignore(in_dev, sip, tip);
        if (!dont_send && IN_DEV_ARPFILTER(in_dev))
          dont_send = arp_filter(sip, tip, dev);
        if (!dont_send) {
          n = neigh_event_ns(arp_tbl, sha, sip, dev);
          if (n) {
            arp_send(ARPOP_REPLY, ETH_P_ARP, sip, dev, tip, sha, dev.dev_addr, sha);
            neigh_release(n);
          }
        }
        break out;
      } else if (IN_DEV_FORWARD(in_dev)) {
        if (addr_type === RTN_UNICAST && (arp_fwd_proxy(in_dev, dev, rt) || arp_fwd_pvlan(in_dev, dev, rt, sip, tip) || (rt.dst.dev !== dev && pneigh_lookup(arp_tbl, net, tip, dev, 0)))) {
          n = neigh_event_ns(arp_tbl, sha, sip, dev);
          if (n)
            neigh_release(n);
          if (NEIGH_CB(skb).flags & LOCALLY_ENQUEUED || skb.pkt_type === PACKET_HOST || in_dev.arp_parms.proxy_delay === 0) {
            arp_send(ARPOP_REPLY, ETH_P_ARP, sip, dev, tip, sha, dev.dev_addr, sha);
          } else {
            pneigh_enqueue(arp_tbl, in_dev.arp_parms, skb);
            return 0;
          }
          break out;
        }
      }
    }
    n = __neigh_lookup(arp_tbl, sip, dev, 0);
    if (IN_DEV_ARP_ACCEPT(in_dev)) {
      if (n === null && (arp.ar_op === htons(ARPOP_REPLY) || (arp.ar_op === htons(ARPOP_REQUEST) && tip === sip)) && inet_addr_type(net, sip) === RTN_UNICAST)
        n = __neigh_lookup(arp_tbl, sip, dev, 1);
    }
    if (n) {
      let state = NUD_REACHABLE;
      let override: boolean;
      override = time_after(jiffies(), n.updated + n.parms.locktime);
      if (arp.ar_op !== htons(ARPOP_REPLY) || skb.pkt_type !== PACKET_HOST)
        state = NUD_STALE;
      neigh_update(n, sha, state, override ? NEIGH_UPDATE_F_OVERRIDE : 0);
      neigh_release(n);
    }
  }
  consume_skb(skb);
  return 0;
}

function parp_redo(skb: sk_buff): void {
  arp_process(skb);
}

/** The packet_type handler of ARP. */
export function arp_rcv(skb: sk_buff, dev: net_device, _pt: packet_type, _orig_dev: net_device): number {
  let arp: arphdr;
  out_of_mem: {
    freeskb: {
      if (dev.flags & IFF_NOARP || skb.pkt_type === PACKET_OTHERHOST || skb.pkt_type === PACKET_LOOPBACK)
        break freeskb;
      skb = skb_share_check(skb, GFP_ATOMIC);
      if (!skb)
        break out_of_mem;
      if (!pskb_may_pull(skb, arp_hdr_len(dev)))
        break freeskb;
      arp = arp_hdr(skb);
      if (arp.ar_hln !== dev.addr_len || arp.ar_pln !== 4)
        break freeskb;
      NEIGH_CB(skb).sched_next = NEIGH_CB(skb).flags = 0;
      return NF_HOOK(NFPROTO_ARP, NF_ARP_IN, skb, dev, null, arp_process);
    }
    kfree_skb(skb);
  }
  return 0;
}

/** Forgets the link address of `ip` on `dev`. */
export function arp_invalidate(dev: net_device, ip: number): number {
  const neigh = neigh_lookup(current.host.arp_tbl, ip, dev);
  let err = -ENXIO;
  if (neigh) {
    if (neigh.nud_state & ~NUD_NOARP)
      err = neigh_update(neigh, null, NUD_FAILED, NEIGH_UPDATE_F_OVERRIDE | NEIGH_UPDATE_F_ADMIN);
    neigh_release(neigh);
  }
  return err;
}

function arp_netdev_event(_this: notifier_block, event: number, ptr: net_device): number {
  const dev = ptr;
  switch (event) {
  case NETDEV_CHANGEADDR:
    neigh_changeaddr(current.host.arp_tbl, dev);
    rt_cache_flush(dev_net(dev));
    break;
  default:
    break;
  }
  return NOTIFY_DONE;
}

export function arp_ifdown(dev: net_device): void {
  neigh_ifdown(current.host.arp_tbl, dev);
}

export function* arp_init(): Gen<void> {
  const host = current.host;
  neigh_table_init(host.arp_tbl);
  host.arp_packet_type = new packet_type();
  host.arp_packet_type.type = ETH_P_ARP;
  host.arp_packet_type.func = arp_rcv;
  dev_add_pack(host.arp_packet_type);
  yield* register_netdevice_notifier(new notifier_block(arp_netdev_event, 0));
}
