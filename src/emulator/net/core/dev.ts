/** net/core/dev.c: the device-independent half of sending and receiving; NAPI; device registration and state. */
import type { Cpu, Gen, Host } from '../../include/ports';
import { current } from '../../include/ports';
import type { hlist_head } from '../../include/linux/list';
import {
  hlist_add_head_rcu, hlist_del_rcu, hlist_head as hlist_head_, list_add, list_add_rcu, list_add_tail, list_add_tail_rcu, list_del, list_del_init,
  list_del_rcu, list_empty, list_first_entry, list_head, list_move, list_move_tail, list_splice, list_splice_init, INIT_LIST_HEAD, INIT_HLIST_HEAD,
} from '../../include/linux/list';
import { spinlock_t, spin_lock, spin_lock_init, spin_trylock, spin_unlock, write_lock_bh, write_unlock_bh } from '../../include/linux/spinlock';
import { atomic_dec_and_test, atomic_inc, atomic_long_inc, atomic_long_read, atomic_read } from '../../include/linux/atomic';
import { clear_bit, set_bit, test_and_clear_bit, test_and_set_bit, test_bit, __test_and_set_bit } from '../../include/linux/bitops';
import { likely, unlikely } from '../../include/linux/compiler';
import { BUG, BUG_ON, WARN, WARN_ON, WARN_ON_ONCE } from '../../include/asm-generic/bug';
import { ERR_PTR, IS_ERR, PTR_ERR } from '../../include/linux/err';
import { ACCESS_ONCE } from '../../include/linux/compiler';
import { DIV_ROUND_UP, min } from '../../include/linux/kernel';
import { HZ, jiffies, time_after, time_after_eq } from '../../include/linux/jiffies';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import { local_irq_disable, local_irq_enable, local_irq_restore, local_irq_save, irqs_disabled } from '../../include/linux/irqflags';
import { rcu_access_pointer, rcu_dereference, rcu_dereference_bh, rcu_read_lock, rcu_read_lock_bh, rcu_read_unlock, rcu_read_unlock_bh, rtnl_dereference, synchronize_rcu } from '../../include/linux/rcupdate';
import { __this_cpu_dec, __this_cpu_inc, __this_cpu_read } from '../../include/linux/percpu';
import { cpu_online, get_cpu, num_online_cpus, preempt_disable, preempt_enable, put_cpu, smp_processor_id } from '../../include/linux/smp';
import { NET_RX_SOFTIRQ, NET_TX_SOFTIRQ, __raise_softirq_irqoff, do_softirq, in_irq, local_softirq_pending, open_softirq, raise_softirq_irqoff } from '../../include/linux/interrupt';
import type { softirq_action } from '../../include/linux/interrupt';
import { msleep } from '../../include/linux/delay';
import { ASSERT_RTNL, RTM_DELLINK, RTM_NEWLINK, __rtnl_unlock, rtmsg_ifinfo, rtnl_is_locked, rtnl_lock, rtnl_unlock } from '../../include/linux/rtnetlink';
import type { notifier_block } from '../../include/linux/notifier';
import { notifier_to_errno, raw_notifier_call_chain, raw_notifier_chain_register, raw_notifier_chain_unregister, raw_notifier_head } from '../../include/linux/notifier';
import { mutex, mutex_lock, mutex_unlock } from '../../include/linux/mutex';
import type { sk_buff, skb_frag_t } from '../../include/linux/skbuff';
import {
  CHECKSUM_COMPLETE, CHECKSUM_NONE, CHECKSUM_PARTIAL, CHECKSUM_UNNECESSARY, SKBTX_DEV_ZEROCOPY, SKB_GSO_DODGY, SKB_GSO_TCPV4, SKB_GSO_TCPV6, SKB_GSO_CB,
  __kfree_skb, __net_timestamp, __skb_dequeue, __skb_linearize, __skb_pull, __skb_push, __skb_queue_tail, __skb_unlink, consume_skb, kfree_skb,
  netdev_alloc_skb_ip_align, pskb_expand_head, pskb_may_pull, skb_checksum, skb_checksum_start_offset, skb_clone, skb_clone_writable, skb_cloned, skb_copy_ubufs,
  skb_dst, skb_end_offset, skb_frag_address, skb_frag_page, skb_frag_size, skb_frag_size_sub, skb_frag_unref, skb_get_rx_queue, skb_get_rxhash,
  skb_has_frag_list, skb_has_shared_frag, skb_header_cloned, skb_headlen, skb_headroom, skb_is_gso, skb_is_nonlinear, skb_mac_header, skb_network_header, skb_network_offset,
  skb_orphan, skb_orphan_frags, skb_pfmemalloc, skb_queue_head_init, skb_queue_len, skb_queue_splice_tail_init, skb_reserve, skb_reset_mac_header, skb_reset_mac_len,
  skb_reset_network_header, skb_reset_transport_header, skb_rx_queue_recorded, skb_set_network_header, skb_set_transport_header, skb_shinfo, skb_tail_pointer,
  skb_transport_header, skb_transport_header_was_set, nf_reset, nf_reset_trace, SKB_TRUESIZE, NET_SKB_PAD, NET_IP_ALIGN, skb_defer_rx_timestamp,
} from '../../include/linux/skbuff';
import { PACKET_HOST, PACKET_LOOPBACK, PACKET_OTHERHOST, PACKET_OUTGOING } from '../../include/linux/if_packet';
import { csum_fold } from '../../include/net/checksum';
import { CSUM_MANGLED_0 } from '../../include/net/checksum';
import type { rps_dev_flow_table, xps_map as xps_map_t, header_ops } from '../../include/linux/netdevice';
import {
  GRO_DROP, GRO_HELD, GRO_MERGED, GRO_MERGED_FREE, GRO_NORMAL, GSO_MAX_SEGS, GSO_MAX_SIZE, HARD_TX_LOCK, HARD_TX_UNLOCK, MAX_HEADER, NAPI_GRO_CB, NAPI_GRO_FREE_STOLEN_HEAD,
  NAPI_POLL_WEIGHT, NAPI_STATE_NPSVC, NAPI_STATE_SCHED, NETDEV_CHANGE, NETDEV_CHANGEADDR, NETDEV_CHANGEMTU, NETDEV_DOWN, NETDEV_FEAT_CHANGE, NETDEV_GOING_DOWN,
  NETDEV_NOTIFY_PEERS, NETDEV_POST_INIT, NETDEV_PRE_UP, NETDEV_REGISTER, NETDEV_TX_BUSY, NETDEV_TX_MASK, NETDEV_TX_OK, NETDEV_UNREGISTER, NETDEV_UNREGISTER_FINAL, NETDEV_UP,
  NETREG_REGISTERED, NETREG_RELEASED, NETREG_UNINITIALIZED, NETREG_UNREGISTERED, NETREG_UNREGISTERING, NET_ADDR_PERM, NET_RX_DROP, NET_RX_SUCCESS, NET_XMIT_DROP, NET_XMIT_MASK,
  NET_XMIT_SUCCESS, PTYPE_HASH_MASK, PTYPE_HASH_SIZE, RPS_NO_CPU, RX_HANDLER_ANOTHER, RX_HANDLER_CONSUMED, RX_HANDLER_EXACT, RX_HANDLER_PASS, TC_BITMASK, DEFAULT_MAX_NUM_RSS_QUEUES,
  __LINK_STATE_LINKWATCH_PENDING, __LINK_STATE_PRESENT, __LINK_STATE_START, can_checksum_protocol, dev_hold, dev_net, dev_net_set, dev_put, dev_xmit_complete, gro_pp,
  input_queue_head_incr, input_queue_tail_incr_save, napi_disable_pending, napi_free_frags, napi_struct, net_device, net_device_stats, netdev_add_tso_features, netdev_dbg, netdev_err,
  netdev_for_each_tx_queue, netdev_get_prio_tc_map, netdev_get_tx_queue, netdev_get_wanted_features, netdev_queue, netdev_rx_queue, netdev_set_prio_tc_map, netdev_uc_empty,
  netdev_warn, netif_addr_lock_bh, netif_addr_unlock_bh, netif_carrier_off, netif_carrier_ok, netif_carrier_on, netif_device_present, netif_dormant, netif_dormant_off, netif_dormant_on,
  netif_needs_gso, netif_oper_up, netif_running, netif_skb_features, netif_tx_stop_all_queues, netif_tx_wake_all_queues, netif_xmit_stopped, netdev_pick_tx, packet_offload, packet_type,
  rps_dev_flow, rps_sock_flow_table, skb_gro_header_fast, skb_gro_header_hard, skb_gro_header_slow, skb_gro_len, skb_gro_mac_header, skb_gro_offset, skb_gro_pull,
  skb_gso_ok, skb_gso_segment, softnet_data, txq_trans_update, unregister_netdevice, xps_dev_maps, xps_map,
} from '../../include/linux/netdevice';
import type { call_single_data } from '../../include/linux/netdevice';
import {
  NETIF_F_ALL_CSUM, NETIF_F_ALL_FOR_ALL, NETIF_F_ALL_TSO, NETIF_F_FRAGLIST, NETIF_F_GEN_CSUM, NETIF_F_GRO, NETIF_F_GSO, NETIF_F_GSO_MASK, NETIF_F_HIGHDMA, NETIF_F_HW_CSUM,
  NETIF_F_HW_VLAN_CTAG_TX, NETIF_F_HW_VLAN_STAG_TX, NETIF_F_IPV6_CSUM, NETIF_F_IP_CSUM, NETIF_F_LRO, NETIF_F_NOCACHE_COPY, NETIF_F_ONE_FOR_ALL, NETIF_F_SG, NETIF_F_SOFT_FEATURES,
  NETIF_F_TSO, NETIF_F_TSO6, NETIF_F_TSO_ECN, NETIF_F_UFO, NETIF_F_VLAN_CHALLENGED,
} from '../../include/linux/netdev_features';
import type { netdev_features_t } from '../../include/linux/netdev_features';
import { ETH_HLEN, ETH_P_8021AD, ETH_P_8021Q, ETH_P_ALL, ETH_P_ARP, ETH_P_IP, ETH_P_IPV6, ETH_P_TEB, ethhdr } from '../../include/linux/if_ether';
import {
  IFF_ALLMULTI, IFF_AUTOMEDIA, IFF_DEBUG, IFF_DORMANT, IFF_DYNAMIC, IFF_LOOPBACK, IFF_LOWER_UP, IFF_MULTICAST, IFF_NOARP, IFF_NOTRAILERS, IFF_PORTSEL, IFF_PROMISC, IFF_RUNNING,
  IFF_UNICAST_FLT, IFF_UP, IFF_VOLATILE, IFF_XMIT_DST_RELEASE, IFNAMSIZ, IF_OPER_DORMANT,
} from '../../include/linux/if';
import { compare_ether_header } from '../../include/linux/etherdevice';
import { VLAN_HLEN, __vlan_put_tag, vlan_hw_offload_capable, vlan_tx_tag_get, vlan_tx_tag_get_id, vlan_tx_tag_present, vlan_untag } from '../../include/linux/if_vlan';
import { cpu_to_be16, htons, ntohs } from '../../include/linux/types';
import { hash_32 } from '../../include/linux/hash';
import type { Qdisc } from '../../include/net/sch_generic';
import {
  TCQ_F_CAN_BYPASS, __QDISC_STATE_DEACTIVATED, __QDISC_STATE_SCHED, qdisc_bstats_update, qdisc_calculate_pkt_len, qdisc_is_running, qdisc_lock, qdisc_qlen, qdisc_reset_all_tx_gt,
  qdisc_run_begin, qdisc_run_end, qdisc_skb_cb, dev_activate, dev_deactivate_many, dev_init_scheduler, dev_shutdown,
} from '../../include/net/sch_generic';
import { __qdisc_run, qdisc_run, sch_direct_xmit } from '../../include/net/pkt_sched';
import { __netdev_watchdog_up } from '../sched/sch_generic';
import { dst_init } from './dst';
import { skb_dst_drop, skb_dst_force } from '../../include/net/dst';
import { register_pernet_subsys, type net, type pernet_operations } from '../../include/net/net_namespace';
import { tcp_hdrlen } from '../../include/linux/tcp';
import { sk_memalloc_socks } from '../../include/net/sock';
import { eth_type_trans } from '../ethernet/eth';
import { dql_init } from '../../lib/dynamic_queue_limits';
import { dev_addr_flush, dev_addr_init, dev_mc_flush, dev_mc_init, dev_uc_flush, dev_uc_init } from './dev_addr_lists';
import { netpoll_poll_lock, netpoll_poll_unlock, netpoll_receive_skb, netpoll_rx, netpoll_rx_disable, netpoll_rx_enable, netpoll_rx_on } from '../../include/linux/netpoll_off';
import { trace_kfree_skb, trace_napi_poll, trace_net_dev_queue, trace_net_dev_xmit, trace_netif_receive_skb, trace_netif_rx } from '../../include/trace/events/net';
import { smp_mb__before_clear_bit, smp_mb__after_clear_bit } from '../../include/linux/barrier';
import { linkwatch_forget_dev, linkwatch_init_dev, linkwatch_run_queue } from './link_watch';
import { net_rx_queue_update_kobjects, netdev_queue_update_kobjects, netdev_register_kobject, netdev_unregister_kobject } from './net-sysfs';
import { loopback_net_init } from '../../drivers/net/loopback';
import { smp_call_function_single_async } from '../../include/linux/smp';
import { dev_kfree_skb } from '../../include/linux/skbuff';
import { EBUSY, EEXIST, EINVAL, EIO, ENETDOWN, ENFILE, ENODEV, ENOENT, ENOMEM, EOPNOTSUPP, EOVERFLOW, EPROTONOSUPPORT } from '../../include/uapi/asm-generic/errno';
import { PF_MEMALLOC } from '../../include/linux/sched';

const MAX_GRO_SKBS = 8;
/** GRO_MAX_HEAD less MAX_HEADER. */
const GRO_HEAD_ROOM = 128;
const NETDEV_HASHBITS = 8;
const NETDEV_HASHENTRIES = 1 << NETDEV_HASHBITS;
const RECURSION_LIMIT = 10;
const XPS_MIN_MAP_ALLOC = 20;
const sizeof_udphdr = 8;

declare module '../../include/ports' {
  interface Host {
    ptype_lock: spinlock_t; offload_lock: spinlock_t; ptype_base: list_head<packet_type>[]; ptype_all: list_head<packet_type>; offload_base: list_head<packet_offload>;
    dev_base_lock: spinlock_t; netdev_chain: raw_notifier_head; dev_boot_phase: boolean; netstamp_needed: number; xps_map_mutex: mutex; net_todo_list: list_head<net_device>;
    rps_sock_flow_table: rps_sock_flow_table; rps_needed: boolean;
  }
  interface Cpu { xmit_recursion: number }
}

export function dev_globals(host: Host): void {
  host.ptype_lock = new spinlock_t();
  host.offload_lock = new spinlock_t();
  host.ptype_base = [];
  for (let i = 0; i < PTYPE_HASH_SIZE; i++) host.ptype_base.push(new list_head());
  host.ptype_all = new list_head();
  host.offload_base = new list_head();
  host.dev_base_lock = new spinlock_t();
  host.netdev_chain = new raw_notifier_head();
  host.dev_boot_phase = true;
  host.netstamp_needed = 0;
  host.xps_map_mutex = new mutex();
  host.net_todo_list = new list_head();
  host.rps_sock_flow_table = null;
  host.rps_needed = false;
  host.netdev_max_backlog = 1000;
  host.netdev_tstamp_prequeue = 1;
  host.netdev_budget = 300;
  host.weight_p = 64;
}

export function dev_percpu(cpu: Cpu): void {
  cpu.softnet_data = new softnet_data();
  cpu.xmit_recursion = 0;
}

function dev_name_hash(net: net, name: string): hlist_head<net_device> {
  let hash = 0;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash + (name.charCodeAt(i) << 4) + (name.charCodeAt(i) >> 4), 11) >>> 0;

  return net.dev_name_head[hash_32(hash, NETDEV_HASHBITS)];
}

export function dev_index_hash(net: net, ifindex: number): hlist_head<net_device> {
  return net.dev_index_head[ifindex & (NETDEV_HASHENTRIES - 1)];
}

export function dev_base_seq_inc(net: net): void {
  while (++net.dev_base_seq === 0);
}

export function rps_lock(sd: softnet_data): void {
  spin_lock(sd.input_pkt_queue.lock);
}

export function rps_unlock(sd: softnet_data): void {
  spin_unlock(sd.input_pkt_queue.lock);
}

/** Puts the device where it is found by name and by index. */
export function list_netdevice(dev: net_device): void {
  const net = dev_net(dev);

  ASSERT_RTNL();

  write_lock_bh(current.host.dev_base_lock);
  list_add_tail_rcu(dev.dev_list, net.dev_base_head);
  hlist_add_head_rcu(dev.name_hlist, dev_name_hash(net, dev.name));
  hlist_add_head_rcu(dev.index_hlist, dev_index_hash(net, dev.ifindex));
  write_unlock_bh(current.host.dev_base_lock);

  dev_base_seq_inc(net);
}

export function unlist_netdevice(dev: net_device): void {
  ASSERT_RTNL();

  write_lock_bh(current.host.dev_base_lock);
  list_del_rcu(dev.dev_list);
  hlist_del_rcu(dev.name_hlist);
  hlist_del_rcu(dev.index_hlist);
  write_unlock_bh(current.host.dev_base_lock);

  dev_base_seq_inc(dev_net(dev));
}

export function ptype_head(pt: packet_type): list_head<packet_type> {
  if (pt.type === htons(ETH_P_ALL))
    return current.host.ptype_all;
  else
    return current.host.ptype_base[ntohs(pt.type) & PTYPE_HASH_MASK];
}

/** Registers a receiver for a protocol, or for everything (ETH_P_ALL). */
export function dev_add_pack(pt: packet_type): void {
  const head = ptype_head(pt);

  spin_lock(current.host.ptype_lock);
  /* DEVIATION: a node of its own, since the packet_type is shared by all hosts */
  list_add_rcu(new list_head(pt), head);
  spin_unlock(current.host.ptype_lock);
}

export function __dev_remove_pack(pt: packet_type): void {
  const head = ptype_head(pt);
  let pt1: packet_type;

  spin_lock(current.host.ptype_lock);

  out: {
    for (let p = head.next; p !== head; p = p.next) {
      pt1 = p.owner;
      if (pt === pt1) {
        list_del_rcu(p);
        break out;
      }
    }

    current.machine.log('dev_remove_pack: not found');
  }
  spin_unlock(current.host.ptype_lock);
}

export function dev_remove_pack(pt: packet_type): void {
  __dev_remove_pack(pt);

  synchronize_net();
}

/** Registers a protocol's segmentation and merging. */
export function dev_add_offload(po: packet_offload): void {
  const head = current.host.offload_base;

  spin_lock(current.host.offload_lock);
  list_add_rcu(new list_head(po), head);
  spin_unlock(current.host.offload_lock);
}

export function __dev_remove_offload(po: packet_offload): void {
  const head = current.host.offload_base;

  spin_lock(current.host.offload_lock);
  for (let p = head.next; p !== head; p = p.next) {
    if (po === p.owner) {
      list_del_rcu(p);
      break;
    }
  }
  spin_unlock(current.host.offload_lock);
}

export function dev_remove_offload(po: packet_offload): void {
  __dev_remove_offload(po);

  synchronize_net();
}

export function __dev_get_by_name(net: net, name: string): net_device {
  let dev: net_device;
  const head = dev_name_hash(net, name);

  for (let p = head.first; p; p = p.next) {
    dev = p.owner;
    if (dev.name === name)
      return dev;
  }

  return null;
}

export function dev_get_by_name_rcu(net: net, name: string): net_device {
  let dev: net_device;
  const head = dev_name_hash(net, name);

  for (let p = head.first; p; p = p.next) {
    dev = p.owner;
    if (dev.name === name)
      return dev;
  }

  return null;
}

/** The device of that name with a reference taken, or null. */
export function dev_get_by_name(net: net, name: string): net_device {
  let dev: net_device;

  rcu_read_lock();
  dev = dev_get_by_name_rcu(net, name);
  if (dev)
    dev_hold(dev);
  rcu_read_unlock();
  return dev;
}

export function __dev_get_by_index(net: net, ifindex: number): net_device {
  let dev: net_device;
  const head = dev_index_hash(net, ifindex);

  for (let p = head.first; p; p = p.next) {
    dev = p.owner;
    if (dev.ifindex === ifindex)
      return dev;
  }

  return null;
}

export function dev_get_by_index_rcu(net: net, ifindex: number): net_device {
  let dev: net_device;
  const head = dev_index_hash(net, ifindex);

  for (let p = head.first; p; p = p.next) {
    dev = p.owner;
    if (dev.ifindex === ifindex)
      return dev;
  }

  return null;
}

export function dev_get_by_index(net: net, ifindex: number): net_device {
  let dev: net_device;

  rcu_read_lock();
  dev = dev_get_by_index_rcu(net, ifindex);
  if (dev)
    dev_hold(dev);
  rcu_read_unlock();
  return dev;
}

export function dev_valid_name(name: string): boolean {
  if (name === '')
    return false;
  if (name.length >= IFNAMSIZ)
    return false;
  if (name === '.' || name === '..')
    return false;

  for (let i = 0; i < name.length; i++) {
    const c = name[i];
    if (c === '/' || c === ':' || c === ' ' || c === '\t')
      return false;
  }
  return true;
}

/** Finds the first free number for a name such as eth%d; gives the name in `buf`. */
export function __dev_alloc_name(net: net, name: string, buf: { v: string }): number {
  let i = 0;
  const p = name.indexOf('%');

  if (p >= 0) {
    if (name[p + 1] !== 'd' || name.indexOf('%', p + 2) >= 0)
      return -EINVAL;
    while (__dev_get_by_name(net, name.replace('%d', String(i))))
      i++;
  }

  buf.v = name.replace('%d', String(i));
  if (!__dev_get_by_name(net, buf.v))
    return i;

  return -ENFILE;
}

export function dev_alloc_name(dev: net_device, name: string): number {
  const buf = { v: '' };
  let net: net;
  let ret: number;

  BUG_ON(!dev_net(dev));
  net = dev_net(dev);
  ret = __dev_alloc_name(net, name, buf);
  if (ret >= 0)
    dev.name = buf.v;
  return ret;
}

export function dev_alloc_name_ns(net: net, dev: net_device, name: string): number {
  const buf = { v: '' };
  let ret: number;

  ret = __dev_alloc_name(net, name, buf);
  if (ret >= 0)
    dev.name = buf.v;
  return ret;
}

export function dev_get_valid_name(net: net, dev: net_device, name: string): number {
  BUG_ON(!net);

  if (!dev_valid_name(name))
    return -EINVAL;

  if (name.indexOf('%') >= 0)
    return dev_alloc_name_ns(net, dev, name);
  else if (__dev_get_by_name(net, name))
    return -EEXIST;
  else if (dev.name !== name)
    dev.name = name;

  return 0;
}

export function netdev_features_change(dev: net_device): void {
  call_netdevice_notifiers(NETDEV_FEAT_CHANGE, dev);
}

export function netdev_state_change(dev: net_device): void {
  if (dev.flags & IFF_UP) {
    call_netdevice_notifiers(NETDEV_CHANGE, dev);
    rtmsg_ifinfo(RTM_NEWLINK, dev, 0);
  }
}

export function* netdev_notify_peers(dev: net_device): Gen<void> {
  yield* rtnl_lock();
  call_netdevice_notifiers(NETDEV_NOTIFY_PEERS, dev);
  yield* rtnl_unlock();
}

export function* __dev_open(dev: net_device): Gen<number> {
  const ops = dev.netdev_ops;
  let ret: number;

  ASSERT_RTNL();

  if (!netif_device_present(dev))
    return -ENODEV;

  ret = netpoll_rx_disable(dev);
  if (ret)
    return ret;

  ret = call_netdevice_notifiers(NETDEV_PRE_UP, dev);
  ret = notifier_to_errno(ret);
  if (ret)
    return ret;

  set_bit(__LINK_STATE_START, dev.state);

  if (ops.ndo_validate_addr)
    ret = ops.ndo_validate_addr(dev);

  if (!ret && ops.ndo_open)
    ret = yield* ops.ndo_open(dev);

  netpoll_rx_enable(dev);

  if (ret)
    clear_bit(__LINK_STATE_START, dev.state);
  else {
    dev.flags |= IFF_UP;
    dev_set_rx_mode(dev);
    dev_activate(dev);
  }

  return ret;
}

/** Brings the device up; called with the rtnl held. */
export function* dev_open(dev: net_device): Gen<number> {
  let ret: number;

  if (dev.flags & IFF_UP)
    return 0;

  ret = yield* __dev_open(dev);
  if (ret < 0)
    return ret;

  rtmsg_ifinfo(RTM_NEWLINK, dev, IFF_UP | IFF_RUNNING);
  call_netdevice_notifiers(NETDEV_UP, dev);

  return ret;
}

export function* __dev_close_many(head: list_head<net_device>): Gen<number> {
  let dev: net_device;

  ASSERT_RTNL();

  for (let p = head.next; p !== head; p = p.next) {
    dev = p.owner;
    call_netdevice_notifiers(NETDEV_GOING_DOWN, dev);

    clear_bit(__LINK_STATE_START, dev.state);
    smp_mb__after_clear_bit();
  }

  yield* dev_deactivate_many(head);

  for (let p = head.next; p !== head; p = p.next) {
    dev = p.owner;
    const ops = dev.netdev_ops;

    if (ops.ndo_stop)
      yield* ops.ndo_stop(dev);

    dev.flags &= ~IFF_UP;
  }

  return 0;
}

export function* __dev_close(dev: net_device): Gen<number> {
  let retval: number;
  const single = new list_head<net_device>();

  retval = netpoll_rx_disable(dev);
  if (retval)
    return retval;

  list_add(dev.unreg_list, single);
  retval = yield* __dev_close_many(single);
  list_del(single);

  netpoll_rx_enable(dev);

  return retval;
}

export function* dev_close_many(head: list_head<net_device>): Gen<number> {
  let dev: net_device, tmp: list_head<net_device>;
  const tmp_list = new list_head<net_device>();

  for (let p = head.next; p !== head; p = tmp) {
    tmp = p.next;
    dev = p.owner;
    if (!(dev.flags & IFF_UP))
      list_move(dev.unreg_list, tmp_list);
  }

  yield* __dev_close_many(head);

  for (let p = head.next; p !== head; p = p.next) {
    dev = p.owner;
    rtmsg_ifinfo(RTM_NEWLINK, dev, IFF_UP | IFF_RUNNING);
    call_netdevice_notifiers(NETDEV_DOWN, dev);
  }

  list_splice(tmp_list, head);
  return 0;
}

/** Takes the device down; called with the rtnl held. */
export function* dev_close(dev: net_device): Gen<number> {
  const ret = 0;

  if (dev.flags & IFF_UP) {
    const single = new list_head<net_device>();

    list_add(dev.unreg_list, single);
    yield* dev_close_many(single);
    list_del(single);
  }
  return ret;
}

export function* dev_disable_lro(dev: net_device): Gen<void> {
  dev.wanted_features &= ~NETIF_F_LRO;
  yield* netdev_update_features(dev);

  if (unlikely(dev.features & NETIF_F_LRO))
    WARN(1, 'failed to disable LRO!');
}

/** Adds to the netdevice chain, and tells the newcomer about the devices that are there already. */
export function* register_netdevice_notifier(nb: notifier_block): Gen<number> {
  let dev: net_device;
  let err: number;

  yield* rtnl_lock();
  unlock: {
    err = raw_notifier_chain_register(current.host.netdev_chain, nb);
    if (err)
      break unlock;
    if (current.host.dev_boot_phase)
      break unlock;
    const net = current.host.init_net;
    for (let p = net.dev_base_head.next; p !== net.dev_base_head; p = p.next) {
      dev = p.owner;
      err = nb.notifier_call(nb, NETDEV_REGISTER, dev);
      err = notifier_to_errno(err);
      if (err) {
        raw_notifier_chain_unregister(current.host.netdev_chain, nb);
        break unlock;
      }

      if (!(dev.flags & IFF_UP))
        continue;

      nb.notifier_call(nb, NETDEV_UP, dev);
    }
  }
  yield* rtnl_unlock();
  return err;
}

export function* unregister_netdevice_notifier(nb: notifier_block): Gen<number> {
  let err: number;

  yield* rtnl_lock();
  err = raw_notifier_chain_unregister(current.host.netdev_chain, nb);
  yield* rtnl_unlock();
  return err;
}

export function call_netdevice_notifiers(val: number, dev: net_device): number {
  ASSERT_RTNL();
  return raw_notifier_call_chain(current.host.netdev_chain, val, dev);
}

/** DEVIATION: a plain count; the kernel patches its code, from a work item. */
export function net_enable_timestamp(): void {
  current.host.netstamp_needed++;
}

export function net_disable_timestamp(): void {
  current.host.netstamp_needed--;
}

export function net_timestamp_set(skb: sk_buff): void {
  skb.tstamp = 0;
  if (current.host.netstamp_needed)
    __net_timestamp(skb);
}

function net_timestamp_check(cond: number | boolean, skb: sk_buff): void {
  if (current.host.netstamp_needed) {
    if (cond && !skb.tstamp)
      __net_timestamp(skb);
  }
}

export function is_skb_forwardable(dev: net_device, skb: sk_buff): boolean {
  let len: number;

  if (!(dev.flags & IFF_UP))
    return false;

  len = dev.mtu + dev.hard_header_len + VLAN_HLEN;
  if (skb.len <= len)
    return true;

  if (skb_is_gso(skb))
    return true;

  return false;
}

/** Loops `skb` into the receive path of `dev`, as if it had come from there. */
export function dev_forward_skb(dev: net_device, skb: sk_buff): number {
  if (skb_shinfo(skb).tx_flags & SKBTX_DEV_ZEROCOPY) {
    if (skb_copy_ubufs(skb, GFP_ATOMIC)) {
      atomic_long_inc(dev.rx_dropped);
      kfree_skb(skb);
      return NET_RX_DROP;
    }
  }

  skb_orphan(skb);

  if (unlikely(!is_skb_forwardable(dev, skb))) {
    atomic_long_inc(dev.rx_dropped);
    kfree_skb(skb);
    return NET_RX_DROP;
  }
  skb.skb_iif = 0;
  skb.dev = dev;
  skb_dst_drop(skb);
  skb.tstamp = 0;
  skb.pkt_type = PACKET_HOST;
  skb.protocol = eth_type_trans(skb, dev);
  skb.mark = 0;
  nf_reset(skb);
  nf_reset_trace(skb);
  return netif_rx(skb);
}

export function deliver_skb(skb: sk_buff, pt_prev: packet_type, orig_dev: net_device): number {
  if (unlikely(skb_orphan_frags(skb, GFP_ATOMIC)))
    return -ENOMEM;
  atomic_inc(skb.users);
  return pt_prev.func(skb, skb.dev, pt_prev, orig_dev);
}

export function skb_loop_sk(ptype: packet_type, skb: sk_buff): boolean {
  if (!ptype.af_packet_priv || !skb.sk)
    return false;

  if (ptype.id_match)
    return ptype.id_match(ptype, skb.sk);
  else if (ptype.af_packet_priv === skb.sk)
    return true;

  return false;
}

/** Shows an outgoing packet to the taps: each gets the same clone. */
export function dev_queue_xmit_nit(skb: sk_buff, dev: net_device): void {
  let ptype: packet_type;
  let skb2: sk_buff = null;
  let pt_prev: packet_type = null;

  rcu_read_lock();
  const head = current.host.ptype_all;
  for (let p = head.next; p !== head; p = p.next) {
    ptype = p.owner;
    if ((ptype.dev === dev || !ptype.dev) && (!skb_loop_sk(ptype, skb))) {
      if (pt_prev) {
        deliver_skb(skb2, pt_prev, skb.dev);
        pt_prev = ptype;
        continue;
      }

      skb2 = skb_clone(skb, GFP_ATOMIC);
      if (!skb2)
        break;

      net_timestamp_set(skb2);

      skb_reset_mac_header(skb2);

      if (skb_network_header(skb2) < skb2.data || skb2.network_header > skb2.tail) {
        current.machine.log(`protocol ${ntohs(skb2.protocol).toString(16)} is buggy, dev ${dev.name}`);
        skb_reset_network_header(skb2);
      }

      skb2.transport_header = skb2.network_header;
      skb2.pkt_type = PACKET_OUTGOING;
      pt_prev = ptype;
    }
  }
  if (pt_prev)
    pt_prev.func(skb2, skb.dev, pt_prev, skb.dev);
  rcu_read_unlock();
}

export function netif_setup_tc(dev: net_device, txq: number): void {
  let i: number;
  let tc = dev.tc_to_txq[0];

  if (tc.offset + tc.count > txq) {
    current.machine.log('Number of in use tx queues changed invalidating tc mappings. Priority traffic classification disabled!');
    dev.num_tc = 0;
    return;
  }

  for (i = 1; i < TC_BITMASK + 1; i++) {
    const q = netdev_get_prio_tc_map(dev, i);

    tc = dev.tc_to_txq[q];
    if (tc.offset + tc.count > txq) {
      current.machine.log(`Number of in use tx queues changed. Priority ${i} to tc mapping ${q} is no longer valid. Setting map to 0`);
      netdev_set_prio_tc_map(dev, i, 0);
    }
  }
}

export function remove_xps_queue(dev_maps: xps_dev_maps, cpu: number, index: number): xps_map_t {
  let map: xps_map_t = null;
  let pos: number;

  if (dev_maps)
    map = dev_maps.cpu_map[cpu];

  for (pos = 0; map && pos < map.len; pos++) {
    if (map.queues[pos] === index) {
      if (map.len > 1) {
        map.queues[pos] = map.queues[--map.len];
      } else {
        dev_maps.cpu_map[cpu] = null;
        map = null;
      }
      break;
    }
  }

  return map;
}

export function* netif_reset_xps_queues_gt(dev: net_device, index: number): Gen<void> {
  let dev_maps: xps_dev_maps;
  let cpu: number, i: number;
  let active = false;

  yield* mutex_lock(current.host.xps_map_mutex);
  out_no_maps: {
    dev_maps = dev.xps_maps;

    if (!dev_maps)
      break out_no_maps;

    for (cpu = 0; cpu < current.host.cpus.length; cpu++) {
      for (i = index; i < dev.num_tx_queues; i++) {
        if (!remove_xps_queue(dev_maps, cpu, i))
          break;
      }
      if (i === dev.num_tx_queues)
        active = true;
    }

    if (!active) {
      dev.xps_maps = null;
    }
  }
  mutex_unlock(current.host.xps_map_mutex);
}

export function expand_xps_map(map: xps_map_t, cpu: number, index: number): xps_map_t {
  let new_map: xps_map_t;
  let alloc_len = XPS_MIN_MAP_ALLOC;
  let i: number, pos: number;

  for (pos = 0; map && pos < map.len; pos++) {
    if (map.queues[pos] !== index)
      continue;
    return map;
  }

  if (map) {
    if (pos < map.alloc_len)
      return map;

    alloc_len = map.alloc_len * 2;
  }

  new_map = new xps_map();
  if (!new_map)
    return null;

  for (i = 0; i < pos; i++)
    new_map.queues[i] = map.queues[i];
  new_map.alloc_len = alloc_len;
  new_map.len = pos;

  return new_map;
}

/** The CPUs of `mask` (a bit each) send on queue `index`. */
export function* netif_set_xps_queue(dev: net_device, mask: number, index: number): Gen<number> {
  let dev_maps: xps_dev_maps, new_dev_maps: xps_dev_maps = null;
  let map: xps_map_t;
  let cpu: number;
  let active = false;
  const cpus = current.host.cpus.length;

  yield* mutex_lock(current.host.xps_map_mutex);

  out_no_maps: {
    dev_maps = dev.xps_maps;

    for (cpu = 0; cpu < cpus; cpu++) {
      if (!(mask & (1 << cpu)))
        continue;

      if (!new_dev_maps)
        new_dev_maps = new xps_dev_maps(cpus);

      map = dev_maps ? dev_maps.cpu_map[cpu] : null;

      map = expand_xps_map(map, cpu, index);

      new_dev_maps.cpu_map[cpu] = map;
    }

    if (new_dev_maps) {
      for (cpu = 0; cpu < cpus; cpu++) {
        if ((mask & (1 << cpu)) && cpu_online(cpu)) {
          let pos = 0;

          map = new_dev_maps.cpu_map[cpu];
          while ((pos < map.len) && (map.queues[pos] !== index))
            pos++;

          if (pos === map.len)
            map.queues[map.len++] = index;
        } else if (dev_maps) {
          map = dev_maps.cpu_map[cpu];
          new_dev_maps.cpu_map[cpu] = map;
        }
      }

      dev.xps_maps = new_dev_maps;
      dev_maps = new_dev_maps;
      active = true;
    }

    if (!dev_maps)
      break out_no_maps;

    for (cpu = 0; cpu < cpus; cpu++) {
      if ((mask & (1 << cpu)) && cpu_online(cpu))
        continue;

      if (remove_xps_queue(dev_maps, cpu, index))
        active = true;
    }

    if (!active) {
      dev.xps_maps = null;
    }
  }
  mutex_unlock(current.host.xps_map_mutex);

  return 0;
}

export function* netif_set_real_num_tx_queues(dev: net_device, txq: number): Gen<number> {
  let rc: number;

  if (txq < 1 || txq > dev.num_tx_queues)
    return -EINVAL;

  if (dev.reg_state === NETREG_REGISTERED || dev.reg_state === NETREG_UNREGISTERING) {
    ASSERT_RTNL();

    rc = netdev_queue_update_kobjects(dev, dev.real_num_tx_queues, txq);
    if (rc)
      return rc;

    if (dev.num_tc)
      netif_setup_tc(dev, txq);

    if (txq < dev.real_num_tx_queues) {
      qdisc_reset_all_tx_gt(dev, txq);
      yield* netif_reset_xps_queues_gt(dev, txq);
    }
  }

  dev.real_num_tx_queues = txq;
  return 0;
}

export function netif_set_real_num_rx_queues(dev: net_device, rxq: number): number {
  let rc: number;

  if (rxq < 1 || rxq > dev.num_rx_queues)
    return -EINVAL;

  if (dev.reg_state === NETREG_REGISTERED) {
    ASSERT_RTNL();

    rc = net_rx_queue_update_kobjects(dev, dev.real_num_rx_queues, rxq);
    if (rc)
      return rc;
  }

  dev.real_num_rx_queues = rxq;
  return 0;
}

export function netif_get_num_default_rss_queues(): number {
  return min(DEFAULT_MAX_NUM_RSS_QUEUES, num_online_cpus());
}

export function __netif_reschedule(q: Qdisc): void {
  let sd: softnet_data;
  let flags: boolean;

  flags = irqs_disabled();
  local_irq_save();
  sd = current.cpu.softnet_data;
  q.next_sched = null;
  sd.output_queue_tailp.next_sched = q;
  sd.output_queue_tailp = q;
  raise_softirq_irqoff(NET_TX_SOFTIRQ);
  local_irq_restore(flags);
}

/** NET_TX of this CPU shall run the queue, unless some CPU's already will. */
export function __netif_schedule(q: Qdisc): void {
  if (!test_and_set_bit(__QDISC_STATE_SCHED, q.state))
    __netif_reschedule(q);
}

/** Frees later, in NET_TX: for hard interrupt context. */
export function dev_kfree_skb_irq(skb: sk_buff): void {
  if (atomic_dec_and_test(skb.users)) {
    let sd: softnet_data;
    let flags: boolean;

    flags = irqs_disabled();
  local_irq_save();
    sd = current.cpu.softnet_data;
    skb.next = sd.completion_queue;
    sd.completion_queue = skb;
    raise_softirq_irqoff(NET_TX_SOFTIRQ);
    local_irq_restore(flags);
  }
}

export function dev_kfree_skb_any(skb: sk_buff): void {
  if (in_irq() || irqs_disabled())
    dev_kfree_skb_irq(skb);
  else
    dev_kfree_skb(skb);
}

export function netif_device_detach(dev: net_device): void {
  if (test_and_clear_bit(__LINK_STATE_PRESENT, dev.state) && netif_running(dev)) {
    netif_tx_stop_all_queues(dev);
  }
}

export function netif_device_attach(dev: net_device): void {
  if (!test_and_set_bit(__LINK_STATE_PRESENT, dev.state) && netif_running(dev)) {
    netif_tx_wake_all_queues(dev);
    __netdev_watchdog_up(dev);
  }
}

export function skb_warn_bad_offload(skb: sk_buff): void {
  WARN(1, `bad offload: len=${skb.len} data_len=${skb.data_len} gso_size=${skb_shinfo(skb).gso_size} gso_type=${skb_shinfo(skb).gso_type} ip_summed=${skb.ip_summed}`);
}

/** Computes in software the checksum that was left to the device. 0 or a negative errno. */
export function skb_checksum_help(skb: sk_buff): number {
  let csum: number;
  let ret = 0, offset: number;

  out: {
    if (skb.ip_summed !== CHECKSUM_COMPLETE) {
      if (unlikely(skb_shinfo(skb).gso_size)) {
        skb_warn_bad_offload(skb);
        return -EINVAL;
      }

      if (skb_has_shared_frag(skb)) {
        ret = __skb_linearize(skb);
        if (ret)
          break out;
      }

      offset = skb_checksum_start_offset(skb);
      BUG_ON(offset >= skb_headlen(skb));
      csum = skb_checksum(skb, offset, skb.len - offset, 0);

      offset += skb.csum_offset;
      BUG_ON(offset + 2 > skb_headlen(skb));

      if (skb_cloned(skb) && !skb_clone_writable(skb, offset + 2)) {
        ret = pskb_expand_head(skb, 0, 0, GFP_ATOMIC);
        if (ret)
          break out;
      }

      const sum = csum_fold(csum) || CSUM_MANGLED_0;
      skb.head[skb.data + offset] = sum >> 8;
      skb.head[skb.data + offset + 1] = sum & 0xff;
    }
    skb.ip_summed = CHECKSUM_NONE;
  }
  return ret;
}

/** The network protocol, behind VLAN tags and such. 0 when the packet is too short. */
export function skb_network_protocol(skb: sk_buff): number {
  let type = skb.protocol;
  let vlan_depth = ETH_HLEN;

  if (type === htons(ETH_P_TEB)) {
    let eth: ethhdr;

    if (unlikely(!pskb_may_pull(skb, ETH_HLEN)))
      return 0;

    eth = new ethhdr(skb.head, skb_mac_header(skb));
    type = eth.h_proto;
  }

  while (type === htons(ETH_P_8021Q) || type === htons(ETH_P_8021AD)) {
    if (unlikely(!pskb_may_pull(skb, vlan_depth + VLAN_HLEN)))
      return 0;

    const vh = skb.data + vlan_depth;
    type = (skb.head[vh + 2] << 8) | skb.head[vh + 3];
    vlan_depth += VLAN_HLEN;
  }

  return type;
}

/** Segments by the network protocol's callback: the list of segments, null (nothing to do) or an error pointer. */
export function skb_mac_gso_segment(skb: sk_buff, features: netdev_features_t): sk_buff {
  let segs: sk_buff = ERR_PTR(-EPROTONOSUPPORT);
  let ptype: packet_offload;
  const type = skb_network_protocol(skb);

  if (unlikely(!type))
    return ERR_PTR(-EINVAL);

  __skb_pull(skb, skb.mac_len);

  rcu_read_lock();
  const head = current.host.offload_base;
  for (let p = head.next; p !== head; p = p.next) {
    ptype = p.owner;
    if (ptype.type === type && ptype.callbacks.gso_segment) {
      if (unlikely(skb.ip_summed !== CHECKSUM_PARTIAL)) {
        let err: number;

        err = ptype.callbacks.gso_send_check(skb);
        segs = ERR_PTR(err);
        if (err || skb_gso_ok(skb, features)) {
          if (!err) segs = null;
          break;
        }
        __skb_push(skb, (skb.data - skb_network_header(skb)));
      }
      segs = ptype.callbacks.gso_segment(skb, features);
      break;
    }
  }
  rcu_read_unlock();

  __skb_push(skb, skb.data - skb_mac_header(skb));

  return segs;
}

export function skb_needs_check(skb: sk_buff, tx_path: boolean): boolean {
  if (tx_path)
    return skb.ip_summed !== CHECKSUM_PARTIAL && skb.ip_summed !== CHECKSUM_NONE;

  return skb.ip_summed === CHECKSUM_NONE;
}

export function __skb_gso_segment(skb: sk_buff, features: netdev_features_t, tx_path: boolean): sk_buff {
  let segs: sk_buff;

  if (unlikely(skb_needs_check(skb, tx_path))) {
    let err: number;

    if (skb_header_cloned(skb) && (err = pskb_expand_head(skb, 0, 0, GFP_ATOMIC)))
      return ERR_PTR(err);
  }

  SKB_GSO_CB(skb).mac_offset = skb_headroom(skb);
  skb_reset_mac_header(skb);
  skb_reset_mac_len(skb);

  segs = skb_mac_gso_segment(skb, features);

  if (unlikely(skb_needs_check(skb, tx_path)))
    skb_warn_bad_offload(skb);

  return segs;
}

export function netdev_rx_csum_fault(dev: net_device): void {
  current.machine.log(`${dev ? dev.name : '<unknown>'}: hw csum failure`);
}

export function illegal_highdma(dev: net_device, skb: sk_buff): number {
  return 0;
}

/** What GSO keeps on the packet while its segments hang on skb->next. */
export class dev_gso_cb { destructor: (skb: sk_buff) => void = null; copy(): dev_gso_cb { return Object.assign(new dev_gso_cb(), this); } }
export function DEV_GSO_CB(skb: sk_buff): dev_gso_cb { return skb.cb_devgso ?? (skb.cb_devgso = new dev_gso_cb()); }

export function dev_gso_skb_destructor(skb: sk_buff): void {
  let cb: dev_gso_cb;

  do {
    const nskb = skb.next;

    skb.next = nskb.next;
    nskb.next = null;
    kfree_skb(nskb);
  } while (skb.next);

  cb = DEV_GSO_CB(skb);
  if (cb.destructor)
    cb.destructor(skb);
}

/** Segments in software: the segments hang on skb->next. */
export function dev_gso_segment(skb: sk_buff, features: netdev_features_t): number {
  let segs: sk_buff;

  segs = skb_gso_segment(skb, features);

  if (!segs)
    return 0;

  if (IS_ERR(segs))
    return PTR_ERR(segs);

  skb.next = segs;
  DEV_GSO_CB(skb).destructor = skb.destructor;
  skb.destructor = dev_gso_skb_destructor;

  return 0;
}

export function harmonize_features(skb: sk_buff, protocol: number, dev: net_device, features: netdev_features_t): netdev_features_t {
  if (skb.ip_summed !== CHECKSUM_NONE && !can_checksum_protocol(features, protocol)) {
    features &= ~NETIF_F_ALL_CSUM;
  }
  if (illegal_highdma(dev, skb))
    features &= ~NETIF_F_SG;

  return features;
}

/** What `dev` can do for this packet. */
export function netif_skb_dev_features(skb: sk_buff, dev: net_device): netdev_features_t {
  let protocol = skb.protocol;
  let features = dev.features;

  if (skb_shinfo(skb).gso_segs > dev.gso_max_segs)
    features &= ~NETIF_F_GSO_MASK;

  if (protocol === htons(ETH_P_8021Q) || protocol === htons(ETH_P_8021AD)) {
    protocol = (skb.head[skb.data + 16] << 8) | skb.head[skb.data + 17];
  } else if (!vlan_tx_tag_present(skb)) {
    return harmonize_features(skb, protocol, dev, features);
  }

  features &= (dev.vlan_features | NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX);

  if (protocol !== htons(ETH_P_8021Q) && protocol !== htons(ETH_P_8021AD)) {
    return harmonize_features(skb, protocol, dev, features);
  } else {
    features &= NETIF_F_SG | NETIF_F_HIGHDMA | NETIF_F_FRAGLIST | NETIF_F_GEN_CSUM | NETIF_F_HW_VLAN_CTAG_TX | NETIF_F_HW_VLAN_STAG_TX;
    return harmonize_features(skb, protocol, dev, features);
  }
}

export function skb_needs_linearize(skb: sk_buff, features: netdev_features_t): boolean {
  return skb_is_nonlinear(skb) && ((skb_has_frag_list(skb) && !(features & NETIF_F_FRAGLIST)) || (skb_shinfo(skb).nr_frags !== 0 && !(features & NETIF_F_SG)));
}

/** Hands a packet (or the segments made of it) to the driver, after the work that the device cannot do. NETDEV_TX_* or a negative errno. */
export function dev_hard_start_xmit(skb: sk_buff, dev: net_device, txq: netdev_queue): number {
  const ops = dev.netdev_ops;
  let rc = NETDEV_TX_OK;
  let skb_len: number;

  out_kfree_skb: {
    gso: {
      if (likely(!skb.next)) {
        let features: netdev_features_t;

        if (dev.priv_flags & IFF_XMIT_DST_RELEASE)
          skb_dst_drop(skb);

        features = netif_skb_features(skb);

        if (vlan_tx_tag_present(skb) && !vlan_hw_offload_capable(features, skb.vlan_proto)) {
          skb = __vlan_put_tag(skb, skb.vlan_proto, vlan_tx_tag_get(skb));
          if (unlikely(!skb))
            return rc;

          skb.vlan_tci = 0;
        }

        if (skb.encapsulation)
          features &= dev.hw_enc_features;

        if (netif_needs_gso(skb, features)) {
          if (unlikely(dev_gso_segment(skb, features)))
            break out_kfree_skb;
          if (skb.next)
            break gso;
        } else {
          if (skb_needs_linearize(skb, features) && __skb_linearize(skb))
            break out_kfree_skb;

          if (skb.ip_summed === CHECKSUM_PARTIAL) {
            if (skb.encapsulation)
              skb.inner_transport_header = skb.data + skb_checksum_start_offset(skb);
            else
              skb_set_transport_header(skb, skb_checksum_start_offset(skb));
            if (!(features & NETIF_F_ALL_CSUM) && skb_checksum_help(skb))
              break out_kfree_skb;
          }
        }

        if (!list_empty(current.host.ptype_all))
          dev_queue_xmit_nit(skb, dev);

        skb_len = skb.len;
        rc = ops.ndo_start_xmit(skb, dev);
        trace_net_dev_xmit(skb, rc, dev, skb_len);
        if (rc === NETDEV_TX_OK)
          txq_trans_update(txq);
        return rc;
      }
    }

    do {
      const nskb = skb.next;

      skb.next = nskb.next;
      nskb.next = null;

      if (!list_empty(current.host.ptype_all))
        dev_queue_xmit_nit(nskb, dev);

      skb_len = nskb.len;
      rc = ops.ndo_start_xmit(nskb, dev);
      trace_net_dev_xmit(nskb, rc, dev, skb_len);
      if (unlikely(rc !== NETDEV_TX_OK)) {
        if (rc & ~NETDEV_TX_MASK)
          break;
        nskb.next = skb.next;
        skb.next = nskb;
        return rc;
      }
      txq_trans_update(txq);
      if (unlikely(netif_xmit_stopped(txq) && skb.next))
        return NETDEV_TX_BUSY;
    } while (skb.next);

    if (likely(skb.next === null)) {
      skb.destructor = DEV_GSO_CB(skb).destructor;
      consume_skb(skb);
      return rc;
    }
  }
  kfree_skb(skb);
  return rc;
}

/** Length on the wire, headers of every segment included. */
export function qdisc_pkt_len_init(skb: sk_buff): void {
  const shinfo = skb_shinfo(skb);

  qdisc_skb_cb(skb).pkt_len = skb.len;

  if (shinfo.gso_size) {
    let hdr_len: number;
    let gso_segs = shinfo.gso_segs;

    hdr_len = skb_transport_header(skb) - skb_mac_header(skb);

    if (likely(shinfo.gso_type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6)))
      hdr_len += tcp_hdrlen(skb);
    else
      hdr_len += sizeof_udphdr;

    if (shinfo.gso_type & SKB_GSO_DODGY)
      gso_segs = DIV_ROUND_UP(skb.len - hdr_len, shinfo.gso_size);

    qdisc_skb_cb(skb).pkt_len += (gso_segs - 1) * hdr_len;
  }
}

/** Through the queueing discipline, or past it when it is empty and allows that. NET_XMIT_*. */
export function __dev_xmit_skb(skb: sk_buff, q: Qdisc, dev: net_device, txq: netdev_queue): number {
  const root_lock = qdisc_lock(q);
  let contended: boolean;
  let rc: number;

  qdisc_pkt_len_init(skb);
  qdisc_calculate_pkt_len(skb, q);
  contended = qdisc_is_running(q);
  if (unlikely(contended))
    spin_lock(q.busylock);

  spin_lock(root_lock);
  if (unlikely(test_bit(__QDISC_STATE_DEACTIVATED, q.state))) {
    kfree_skb(skb);
    rc = NET_XMIT_DROP;
  } else if ((q.flags & TCQ_F_CAN_BYPASS) && !qdisc_qlen(q) && qdisc_run_begin(q)) {
    if (!(dev.priv_flags & IFF_XMIT_DST_RELEASE))
      skb_dst_force(skb);

    qdisc_bstats_update(q, skb);

    if (sch_direct_xmit(skb, q, dev, txq, root_lock)) {
      if (unlikely(contended)) {
        spin_unlock(q.busylock);
        contended = false;
      }
      __qdisc_run(q);
    } else
      qdisc_run_end(q);

    rc = NET_XMIT_SUCCESS;
  } else {
    skb_dst_force(skb);
    rc = q.enqueue(skb, q) & NET_XMIT_MASK;
    if (qdisc_run_begin(q)) {
      if (unlikely(contended)) {
        spin_unlock(q.busylock);
        contended = false;
      }
      __qdisc_run(q);
    }
  }
  spin_unlock(root_lock);
  if (unlikely(contended))
    spin_unlock(q.busylock);
  return rc;
}

function skb_update_prio(_skb: sk_buff): void { /* no network priority control group */ }

/** Loops a packet that this host sends back into its own receive path. */
export function dev_loopback_xmit(skb: sk_buff): number {
  skb_reset_mac_header(skb);
  __skb_pull(skb, skb_network_offset(skb));
  skb.pkt_type = PACKET_LOOPBACK;
  skb.ip_summed = CHECKSUM_UNNECESSARY;
  WARN_ON(!skb_dst(skb));
  skb_dst_force(skb);
  netif_rx_ni(skb);
  return 0;
}

/** Sends a packet that has its link header: NET_XMIT_* of the queue, or a negative errno. The packet is consumed either way. */
export function dev_queue_xmit(skb: sk_buff): number {
  const dev = skb.dev;
  let txq: netdev_queue;
  let q: Qdisc;
  let rc = -ENOMEM;

  skb_reset_mac_header(skb);

  rcu_read_lock_bh();

  skb_update_prio(skb);

  out: {
    txq = netdev_pick_tx(dev, skb);
    q = rcu_dereference_bh(txq.qdisc);

    trace_net_dev_queue(skb);
    if (q.enqueue) {
      rc = __dev_xmit_skb(skb, q, dev, txq);
      break out;
    }

    if (dev.flags & IFF_UP) {
      const cpu = smp_processor_id();

      recursion_alert: {
        if (txq.xmit_lock_owner !== cpu) {
          if (__this_cpu_read(current.cpu.xmit_recursion) > RECURSION_LIMIT)
            break recursion_alert;

          HARD_TX_LOCK(dev, txq, cpu);

          if (!netif_xmit_stopped(txq)) {
            __this_cpu_inc(current.cpu.xmit_recursion++);
            rc = dev_hard_start_xmit(skb, dev, txq);
            __this_cpu_dec(current.cpu.xmit_recursion--);
            if (dev_xmit_complete(rc)) {
              HARD_TX_UNLOCK(dev, txq);
              break out;
            }
          }
          HARD_TX_UNLOCK(dev, txq);
          current.machine.log(`Virtual device ${dev.name} asks to queue packet!`);
        } else {
          current.machine.log(`Dead loop on virtual device ${dev.name}, fix it urgently!`);
        }
      }
    }

    rc = -ENETDOWN;
    rcu_read_unlock_bh();

    kfree_skb(skb);
    return rc;
  }
  rcu_read_unlock_bh();
  return rc;
}

export function ____napi_schedule(sd: softnet_data, napi: napi_struct): void {
  list_add_tail(napi.poll_list, sd.poll_list);
  __raise_softirq_irqoff(NET_RX_SOFTIRQ);
}

export function set_rps_cpu(dev: net_device, skb: sk_buff, rflow: rps_dev_flow, next_cpu: number): rps_dev_flow {
  if (next_cpu !== RPS_NO_CPU) {
    rflow.last_qtail = current.host.cpus[next_cpu].softnet_data.input_queue_head;
  }

  rflow.cpu = next_cpu;
  return rflow;
}

/** On which CPU to process a received packet: -1 for here. */
export function get_rps_cpu(dev: net_device, skb: sk_buff, rflowp: { v: rps_dev_flow }): number {
  let rxqueue: netdev_rx_queue;
  let map;
  let flow_table: rps_dev_flow_table;
  let sock_flow_table: rps_sock_flow_table;
  let cpu = -1;
  let tcpu: number;

  done: {
    if (skb_rx_queue_recorded(skb)) {
      const index = skb_get_rx_queue(skb);
      if (unlikely(index >= dev.real_num_rx_queues)) {
        WARN(dev.real_num_rx_queues > 1, `${dev.name} received packet on queue ${index}, but number of RX queues is ${dev.real_num_rx_queues}`);
        break done;
      }
      rxqueue = dev._rx[index];
    } else
      rxqueue = dev._rx[0];

    map = rcu_dereference(rxqueue.rps_map);
    if (map) {
      if (map.len === 1 && !rcu_access_pointer(rxqueue.rps_flow_table)) {
        tcpu = map.cpus[0];
        if (cpu_online(tcpu))
          cpu = tcpu;
        break done;
      }
    } else if (!rcu_access_pointer(rxqueue.rps_flow_table)) {
      break done;
    }

    skb_reset_network_header(skb);
    if (!skb_get_rxhash(skb))
      break done;

    flow_table = rcu_dereference(rxqueue.rps_flow_table);
    sock_flow_table = rcu_dereference(current.host.rps_sock_flow_table);
    if (flow_table && sock_flow_table) {
      let next_cpu: number;
      let rflow: rps_dev_flow;

      rflow = flow_table.flows[skb.rxhash & flow_table.mask];
      tcpu = rflow.cpu;

      next_cpu = sock_flow_table.ents[skb.rxhash & sock_flow_table.mask];

      if (unlikely(tcpu !== next_cpu) && (tcpu === RPS_NO_CPU || !cpu_online(tcpu) || ((current.host.cpus[tcpu].softnet_data.input_queue_head - rflow.last_qtail) | 0) >= 0)) {
        tcpu = next_cpu;
        rflow = set_rps_cpu(dev, skb, rflow, next_cpu);
      }

      if (tcpu !== RPS_NO_CPU && cpu_online(tcpu)) {
        rflowp.v = rflow;
        cpu = tcpu;
        break done;
      }
    }

    if (map) {
      tcpu = map.cpus[Math.floor(((skb.rxhash >>> 0) * map.len) / 0x100000000)];

      if (cpu_online(tcpu)) {
        cpu = tcpu;
        break done;
      }
    }
  }
  return cpu;
}

export function rps_trigger_softirq(data: softnet_data): void {
  const sd = data;

  ____napi_schedule(sd, sd.backlog);
  sd.received_rps++;
}

export function rps_ipi_queued(sd: softnet_data): number {
  const mysd = current.cpu.softnet_data;

  if (sd !== mysd) {
    sd.rps_ipi_next = mysd.rps_ipi_list;
    mysd.rps_ipi_list = sd;

    __raise_softirq_irqoff(NET_RX_SOFTIRQ);
    return 1;
  }
  return 0;
}

/** Queues for that CPU's backlog poll. NET_RX_SUCCESS, or NET_RX_DROP when the backlog is full (the packet is freed). */
export function enqueue_to_backlog(skb: sk_buff, cpu: number, qtail: { v: number }): number {
  let sd: softnet_data;
  let flags: boolean;

  sd = current.host.cpus[cpu].softnet_data;

  flags = irqs_disabled();
  local_irq_save();

  rps_lock(sd);
  if (skb_queue_len(sd.input_pkt_queue) <= current.host.netdev_max_backlog) {
    if (skb_queue_len(sd.input_pkt_queue)) {
      __skb_queue_tail(sd.input_pkt_queue, skb);
      input_queue_tail_incr_save(sd, qtail);
      rps_unlock(sd);
      local_irq_restore(flags);
      return NET_RX_SUCCESS;
    }

    if (!__test_and_set_bit(NAPI_STATE_SCHED, sd.backlog.state)) {
      if (!rps_ipi_queued(sd))
        ____napi_schedule(sd, sd.backlog);
    }
    __skb_queue_tail(sd.input_pkt_queue, skb);
    input_queue_tail_incr_save(sd, qtail);
    rps_unlock(sd);
    local_irq_restore(flags);
    return NET_RX_SUCCESS;
  }

  sd.dropped++;
  rps_unlock(sd);

  local_irq_restore(flags);

  atomic_long_inc(skb.dev.rx_dropped);
  kfree_skb(skb);
  return NET_RX_DROP;
}

/** Receives a packet through the backlog of a CPU; from any context. */
export function netif_rx(skb: sk_buff): number {
  let ret: number;

  if (netpoll_rx(skb))
    return NET_RX_DROP;

  net_timestamp_check(current.host.netdev_tstamp_prequeue, skb);

  trace_netif_rx(skb);

  if (current.host.rps_needed) {
    const voidflow = new rps_dev_flow(), rflow = { v: voidflow };
    let cpu: number;

    preempt_disable();
    rcu_read_lock();

    cpu = get_rps_cpu(skb.dev, skb, rflow);
    if (cpu < 0)
      cpu = smp_processor_id();

    ret = enqueue_to_backlog(skb, cpu, qtail_of(rflow.v));

    rcu_read_unlock();
    preempt_enable();
  } else {
    const qtail = { v: 0 };
    ret = enqueue_to_backlog(skb, get_cpu(), qtail);
    put_cpu();
  }
  return ret;
}

/** A flow's last_qtail as an out-parameter. */
function qtail_of(flow: rps_dev_flow): { v: number } {
  return { get v() { return flow.last_qtail; }, set v(x: number) { flow.last_qtail = x; } };
}

export function netif_rx_ni(skb: sk_buff): number {
  let err: number;

  preempt_disable();
  err = netif_rx(skb);
  if (local_softirq_pending())
    do_softirq();
  preempt_enable();

  return err;
}

/** NET_TX softirq: frees what hard interrupts left, then runs the scheduled queues. */
export function net_tx_action(h: softirq_action): void {
  const sd = current.cpu.softnet_data;

  if (sd.completion_queue) {
    let clist: sk_buff;

    local_irq_disable();
    clist = sd.completion_queue;
    sd.completion_queue = null;
    local_irq_enable();

    while (clist) {
      const skb = clist;
      clist = clist.next;

      WARN_ON(atomic_read(skb.users));
      trace_kfree_skb(skb, 'net_tx_action');
      __kfree_skb(skb);
    }
  }

  if (sd.output_queue) {
    let head: Qdisc;

    local_irq_disable();
    head = sd.output_queue;
    sd.output_queue = null;
    sd.output_queue_tailp = sd;
    local_irq_enable();

    while (head) {
      const q = head;
      let root_lock: spinlock_t;

      head = head.next_sched;

      root_lock = qdisc_lock(q);
      if (spin_trylock(root_lock)) {
        smp_mb__before_clear_bit();
        clear_bit(__QDISC_STATE_SCHED, q.state);
        qdisc_run(q);
        spin_unlock(root_lock);
      } else {
        if (!test_bit(__QDISC_STATE_DEACTIVATED, q.state)) {
          __netif_reschedule(q);
        } else {
          smp_mb__before_clear_bit();
          clear_bit(__QDISC_STATE_SCHED, q.state);
        }
      }
    }
  }
}

export function netdev_is_rx_handler_busy(dev: net_device): boolean {
  ASSERT_RTNL();
  return dev !== null && rtnl_dereference(dev.rx_handler) !== null;
}

export function netdev_rx_handler_register(dev: net_device, rx_handler: net_device['rx_handler'], rx_handler_data: unknown): number {
  ASSERT_RTNL();

  if (dev.rx_handler)
    return -EBUSY;

  dev.rx_handler_data = rx_handler_data;
  dev.rx_handler = rx_handler;

  return 0;
}

export function netdev_rx_handler_unregister(dev: net_device): void {
  ASSERT_RTNL();
  dev.rx_handler = null;
  synchronize_net();
  dev.rx_handler_data = null;
}

export function skb_pfmemalloc_protocol(skb: sk_buff): boolean {
  switch (skb.protocol) {
    case ETH_P_ARP:
    case ETH_P_IP:
    case ETH_P_IPV6:
    case ETH_P_8021Q:
    case ETH_P_8021AD:
      return true;
    default:
      return false;
  }
}

/** Gives a received packet to the taps and to the receivers of its protocol, or drops it. NET_RX_* */
export function __netif_receive_skb_core(skb: sk_buff, pfmemalloc: boolean): number {
  let ptype: packet_type, pt_prev: packet_type;
  let rx_handler: net_device['rx_handler'];
  let orig_dev: net_device;
  let null_or_dev: net_device;
  let deliver_exact = false;
  let ret = NET_RX_DROP;
  let type: number;

  net_timestamp_check(!current.host.netdev_tstamp_prequeue, skb);

  trace_netif_receive_skb(skb);

  if (netpoll_receive_skb(skb))
    return ret;

  orig_dev = skb.dev;

  skb_reset_network_header(skb);
  if (!skb_transport_header_was_set(skb))
    skb_reset_transport_header(skb);
  skb_reset_mac_len(skb);

  pt_prev = null;

  drop: {
    skb.skb_iif = skb.dev.ifindex;

    __this_cpu_inc(current.cpu.softnet_data.processed++);

    if (skb.protocol === cpu_to_be16(ETH_P_8021Q) || skb.protocol === cpu_to_be16(ETH_P_8021AD)) {
      skb = vlan_untag(skb);
      if (unlikely(!skb))
        return ret;
    }

    skip_taps: {
      if (pfmemalloc)
        break skip_taps;

      for (let p = current.host.ptype_all.next; p !== current.host.ptype_all; p = p.next) {
        ptype = p.owner;
        if (!ptype.dev || ptype.dev === skb.dev) {
          if (pt_prev)
            ret = deliver_skb(skb, pt_prev, orig_dev);
          pt_prev = ptype;
        }
      }
    }

    if (pfmemalloc && !skb_pfmemalloc_protocol(skb))
      break drop;

    if (vlan_tx_tag_present(skb)) {
      if (pt_prev) {
        ret = deliver_skb(skb, pt_prev, orig_dev);
        pt_prev = null;
      }
    }

    rx_handler = rcu_dereference(skb.dev.rx_handler);
    if (rx_handler) {
      if (pt_prev) {
        ret = deliver_skb(skb, pt_prev, orig_dev);
        pt_prev = null;
      }
      const pskb = { v: skb };
      const result = rx_handler(pskb);
      skb = pskb.v;
      switch (result) {
        case RX_HANDLER_CONSUMED:
          ret = NET_RX_SUCCESS;
          return ret;
        case RX_HANDLER_ANOTHER:
          /* DEVIATION: a second round is a second call */
          return __netif_receive_skb_core(skb, pfmemalloc);
        case RX_HANDLER_EXACT:
          deliver_exact = true;
          break;
        case RX_HANDLER_PASS:
          break;
        default:
          BUG();
      }
    }

    if (unlikely(vlan_tx_tag_present(skb))) {
      if (vlan_tx_tag_get_id(skb))
        skb.pkt_type = PACKET_OTHERHOST;
      skb.vlan_tci = 0;
    }

    null_or_dev = deliver_exact ? skb.dev : null;

    type = skb.protocol;
    for (let ptype_base = current.host.ptype_base[ntohs(type) & PTYPE_HASH_MASK], p = ptype_base.next; p !== ptype_base; p = p.next) {
      ptype = p.owner;
      if (ptype.type === type && (ptype.dev === null_or_dev || ptype.dev === skb.dev || ptype.dev === orig_dev)) {
        if (pt_prev)
          ret = deliver_skb(skb, pt_prev, orig_dev);
        pt_prev = ptype;
      }
    }

    if (pt_prev) {
      if (unlikely(skb_orphan_frags(skb, GFP_ATOMIC)))
        break drop;
      else
        ret = pt_prev.func(skb, skb.dev, pt_prev, orig_dev);
      return ret;
    }
  }
  atomic_long_inc(skb.dev.rx_dropped);
  kfree_skb(skb);
  ret = NET_RX_DROP;
  return ret;
}

export function __netif_receive_skb(skb: sk_buff): number {
  let ret: number;

  if (sk_memalloc_socks() && skb_pfmemalloc(skb)) {
    const pflags = current.task.flags;

    current.task.flags |= PF_MEMALLOC;
    ret = __netif_receive_skb_core(skb, true);
    current.task.flags = (current.task.flags & ~PF_MEMALLOC) | (pflags & PF_MEMALLOC);
  } else
    ret = __netif_receive_skb_core(skb, false);

  return ret;
}

/** Receives a packet in softirq context: here, or through another CPU's backlog when packet steering says so. */
export function netif_receive_skb(skb: sk_buff): number {
  let ret: number;

  net_timestamp_check(current.host.netdev_tstamp_prequeue, skb);

  if (skb_defer_rx_timestamp(skb))
    return NET_RX_SUCCESS;

  rcu_read_lock();

  if (current.host.rps_needed) {
    const voidflow = new rps_dev_flow(), rflow = { v: voidflow };
    const cpu = get_rps_cpu(skb.dev, skb, rflow);

    if (cpu >= 0) {
      ret = enqueue_to_backlog(skb, cpu, qtail_of(rflow.v));
      rcu_read_unlock();
      return ret;
    }
  }
  ret = __netif_receive_skb(skb);
  rcu_read_unlock();
  return ret;
}

/** Drops what the CPU's backlog holds of a device that goes away. */
export function flush_backlog(arg: net_device): void {
  const dev = arg;
  const sd = current.cpu.softnet_data;
  let skb: sk_buff, tmp: sk_buff;

  rps_lock(sd);
  const input = sd.input_pkt_queue as unknown as sk_buff;
  for (skb = input.next; skb !== input; skb = tmp) {
    tmp = skb.next;
    if (skb.dev === dev) {
      __skb_unlink(skb, sd.input_pkt_queue);
      kfree_skb(skb);
      input_queue_head_incr(sd);
    }
  }
  rps_unlock(sd);

  const process = sd.process_queue as unknown as sk_buff;
  for (skb = process.next; skb !== process; skb = tmp) {
    tmp = skb.next;
    if (skb.dev === dev) {
      __skb_unlink(skb, sd.process_queue);
      kfree_skb(skb);
      input_queue_head_incr(sd);
    }
  }
}

/** Passes a merged packet on. */
export function napi_gro_complete(skb: sk_buff): number {
  let ptype: packet_offload;
  const type = skb.protocol;
  const head = current.host.offload_base;
  let err = -ENOENT;

  out: {
    if (NAPI_GRO_CB(skb).count === 1) {
      skb_shinfo(skb).gso_size = 0;
      break out;
    }

    rcu_read_lock();
    let list: list_head<packet_offload>;
    for (list = head.next; list !== head; list = list.next) {
      ptype = list.owner;
      if (ptype.type !== type || !ptype.callbacks.gro_complete)
        continue;

      err = ptype.callbacks.gro_complete(skb);
      break;
    }
    rcu_read_unlock();

    if (err) {
      WARN_ON(list === head);
      kfree_skb(skb);
      return NET_RX_SUCCESS;
    }
  }
  return netif_receive_skb(skb);
}

/** Passes all held packets on, oldest first; with `flush_old` only those of an earlier tick. */
export function napi_gro_flush(napi: napi_struct, flush_old: boolean): void {
  let skb: sk_buff, prev: sk_buff = null;

  for (skb = napi.gro_list; skb !== null; skb = skb.next) {
    skb.prev = prev;
    prev = skb;
  }

  for (skb = prev; skb; skb = prev) {
    skb.next = null;

    if (flush_old && NAPI_GRO_CB(skb).age === jiffies())
      return;

    prev = skb.prev;
    napi_gro_complete(skb);
    napi.gro_count--;
  }

  napi.gro_list = null;
}

/** Marks the held packets that may be of the same flow by device, VLAN and link header. */
export function gro_list_prepare(napi: napi_struct, skb: sk_buff): void {
  let p: sk_buff;
  const maclen = skb.dev.hard_header_len;

  for (p = napi.gro_list; p; p = p.next) {
    let diffs: number;

    diffs = p.dev === skb.dev ? 0 : 1;
    diffs |= p.vlan_tci ^ skb.vlan_tci;
    if (maclen === ETH_HLEN) {
      const mac = skb_gro_mac_header(skb);
      diffs |= compare_ether_header(p.head, skb_mac_header(p), mac.data, mac.offset);
    } else if (!diffs)
      diffs = memcmp_mac(p, skb, maclen);
    NAPI_GRO_CB(p).same_flow = diffs ? 0 : 1;
    NAPI_GRO_CB(p).flush = 0;
  }
}

function memcmp_mac(p: sk_buff, skb: sk_buff, maclen: number): number {
  const a = skb_mac_header(p), other = skb_gro_mac_header(skb);
  for (let i = 0; i < maclen; i++) if (p.head[a + i] !== other.data[other.offset + i]) return 1;
  return 0;
}

/** Merges the packet into a held one, holds it, or says that it goes on by itself (GRO_NORMAL). */
export function dev_gro_receive(napi: napi_struct, skb: sk_buff): number {
  let pp: gro_pp = null;
  let ptype: packet_offload;
  const type = skb.protocol;
  const head = current.host.offload_base;
  let same_flow: number;
  let ret: number;

  normal: {
    if (!(skb.dev.features & NETIF_F_GRO) || netpoll_rx_on(skb))
      break normal;

    if (skb_is_gso(skb) || skb_has_frag_list(skb))
      break normal;

    gro_list_prepare(napi, skb);

    rcu_read_lock();
    let list: list_head<packet_offload>;
    for (list = head.next; list !== head; list = list.next) {
      ptype = list.owner;
      if (ptype.type !== type || !ptype.callbacks.gro_receive)
        continue;

      skb_set_network_header(skb, skb_gro_offset(skb));
      skb_reset_mac_len(skb);
      NAPI_GRO_CB(skb).same_flow = 0;
      NAPI_GRO_CB(skb).flush = 0;
      NAPI_GRO_CB(skb).free = 0;

      pp = ptype.callbacks.gro_receive(new gro_pp(napi, null), skb);
      break;
    }
    rcu_read_unlock();

    if (list === head)
      break normal;

    same_flow = NAPI_GRO_CB(skb).same_flow;
    ret = NAPI_GRO_CB(skb).free ? GRO_MERGED_FREE : GRO_MERGED;

    if (pp) {
      const nskb = pp.v;

      pp.v = nskb.next;
      nskb.next = null;
      napi_gro_complete(nskb);
      napi.gro_count--;
    }

    if (same_flow)
      return ret;

    if (NAPI_GRO_CB(skb).flush || napi.gro_count >= MAX_GRO_SKBS)
      break normal;

    napi.gro_count++;
    NAPI_GRO_CB(skb).count = 1;
    NAPI_GRO_CB(skb).age = jiffies();
    skb_shinfo(skb).gso_size = skb_gro_len(skb);
    skb.next = napi.gro_list;
    napi.gro_list = skb;
    ret = GRO_HELD;

    if (skb_headlen(skb) < skb_gro_offset(skb)) {
      gro_pull_from_frag0(skb);
    }
    return ret;
  }
  ret = GRO_NORMAL;
  if (skb_headlen(skb) < skb_gro_offset(skb))
    gro_pull_from_frag0(skb);
  return ret;
}

/** The headers that were only read from the first fragment move into the linear part (dev_gro_receive()'s label pull). */
function gro_pull_from_frag0(skb: sk_buff): void {
  const grow = skb_gro_offset(skb) - skb_headlen(skb), cb = NAPI_GRO_CB(skb), frags = skb_shinfo(skb).frags;

  BUG_ON(skb.end - skb.tail < grow);
  skb.head.set(cb.frag0.subarray(cb.frag0_offset, cb.frag0_offset + grow), skb_tail_pointer(skb));
  skb.tail += grow;
  skb.data_len -= grow;
  frags[0].page_offset += grow;
  skb_frag_size_sub(frags[0], grow);
  if (unlikely(!skb_frag_size(frags[0]))) {
    skb_frag_unref(skb, 0);
    frags.shift();
    --skb_shinfo(skb).nr_frags;
  }
}

export function napi_skb_finish(ret: number, skb: sk_buff): number {
  switch (ret) {
    case GRO_NORMAL:
      if (netif_receive_skb(skb))
        ret = GRO_DROP;
      break;

    case GRO_DROP:
      kfree_skb(skb);
      break;

    case GRO_MERGED_FREE:
      if (NAPI_GRO_CB(skb).free === NAPI_GRO_FREE_STOLEN_HEAD)
        kmem_cache_free('skbuff_head_cache', skb);
      else
        __kfree_skb(skb);
      break;

    case GRO_HELD:
    case GRO_MERGED:
      break;
  }

  return ret;
}

/** The header only: its bytes went to another packet. */
function kmem_cache_free(_cache: string, skb: sk_buff): void { current.machine.packet_event('free', skb.pkt, 'head stolen'); }

export function skb_gro_reset_offset(skb: sk_buff): void {
  const pinfo = skb_shinfo(skb);
  const frag0: skb_frag_t = pinfo.frags[0];

  NAPI_GRO_CB(skb).data_offset = 0;
  NAPI_GRO_CB(skb).frag0 = null;
  NAPI_GRO_CB(skb).frag0_len = 0;

  if (skb.mac_header === skb.tail && pinfo.nr_frags) {
    NAPI_GRO_CB(skb).frag0 = skb_frag_page(frag0).data;
    NAPI_GRO_CB(skb).frag0_offset = frag0.page_offset;
    NAPI_GRO_CB(skb).frag0_len = min(skb_frag_size(frag0), skb.end - skb.tail);
  }
}

/** Receives a packet from a driver's poll, merging it with others of its flow where it can. GRO_* */
export function napi_gro_receive(napi: napi_struct, skb: sk_buff): number {
  skb_gro_reset_offset(skb);

  return napi_skb_finish(dev_gro_receive(napi, skb), skb);
}

export function napi_reuse_skb(napi: napi_struct, skb: sk_buff): void {
  __skb_pull(skb, skb_headlen(skb));
  skb_reserve(skb, NET_SKB_PAD + NET_IP_ALIGN - skb_headroom(skb));
  skb.vlan_tci = 0;
  skb.dev = napi.dev;
  skb.skb_iif = 0;
  skb.truesize = SKB_TRUESIZE(skb_end_offset(skb));

  napi.skb = skb;
}

export function napi_get_frags(napi: napi_struct): sk_buff {
  let skb = napi.skb;

  if (!skb) {
    skb = netdev_alloc_skb_ip_align(napi.dev, MAX_HEADER + GRO_HEAD_ROOM);
    if (skb)
      napi.skb = skb;
  }
  return skb;
}

export function napi_frags_finish(napi: napi_struct, skb: sk_buff, ret: number): number {
  switch (ret) {
    case GRO_NORMAL:
    case GRO_HELD:
      skb.protocol = eth_type_trans(skb, skb.dev);

      if (ret === GRO_HELD)
        skb_gro_pull(skb, -ETH_HLEN);
      else if (netif_receive_skb(skb))
        ret = GRO_DROP;
      break;

    case GRO_DROP:
    case GRO_MERGED_FREE:
      napi_reuse_skb(napi, skb);
      break;

    case GRO_MERGED:
      break;
  }

  return ret;
}

export function napi_frags_skb(napi: napi_struct): sk_buff {
  let skb = napi.skb;
  let eth;
  let hlen: number;
  let off: number;

  napi.skb = null;

  skb_reset_mac_header(skb);
  skb_gro_reset_offset(skb);

  off = skb_gro_offset(skb);
  hlen = off + ETH_HLEN;
  eth = skb_gro_header_fast(skb, off);
  if (skb_gro_header_hard(skb, hlen)) {
    eth = skb_gro_header_slow(skb, hlen, off);
    if (unlikely(!eth)) {
      napi_reuse_skb(napi, skb);
      skb = null;
      return skb;
    }
  }

  skb_gro_pull(skb, ETH_HLEN);

  skb.protocol = new ethhdr(eth.data, eth.offset).h_proto;

  return skb;
}

export function napi_gro_frags(napi: napi_struct): number {
  const skb = napi_frags_skb(napi);

  if (!skb)
    return GRO_DROP;

  return napi_frags_finish(napi, skb, dev_gro_receive(napi, skb));
}

function __smp_call_function_single(cpu: number, csd: call_single_data, _wait: number): void {
  smp_call_function_single_async(current.host.cpus[cpu], () => csd.func(csd.info));
}

/** Sends the inter-processor interrupts for packets steered to other CPUs, and enables interrupts. */
export function net_rps_action_and_irq_enable(sd: softnet_data): void {
  let remsd = sd.rps_ipi_list;

  if (remsd) {
    sd.rps_ipi_list = null;

    local_irq_enable();

    while (remsd) {
      const next = remsd.rps_ipi_next;

      if (cpu_online(remsd.cpu))
        __smp_call_function_single(remsd.cpu, remsd.csd, 0);
      remsd = next;
    }
  } else
    local_irq_enable();
}

/** Polls a CPU's backlog: what netif_rx() and packet steering queued. */
export function process_backlog(napi: napi_struct, quota: number): number {
  let work = 0;
  const sd = napi.owner as softnet_data;

  if (sd.rps_ipi_list) {
    local_irq_disable();
    net_rps_action_and_irq_enable(sd);
  }
  napi.weight = current.host.weight_p;
  local_irq_disable();
  while (work < quota) {
    let skb: sk_buff;
    let qlen: number;

    while ((skb = __skb_dequeue(sd.process_queue))) {
      rcu_read_lock();
      local_irq_enable();
      __netif_receive_skb(skb);
      rcu_read_unlock();
      local_irq_disable();
      input_queue_head_incr(sd);
      if (++work >= quota) {
        local_irq_enable();
        return work;
      }
    }

    rps_lock(sd);
    qlen = skb_queue_len(sd.input_pkt_queue);
    if (qlen)
      skb_queue_splice_tail_init(sd.input_pkt_queue, sd.process_queue);

    if (qlen < quota - work) {
      list_del(napi.poll_list);
      napi.state.v = 0;

      quota = work + qlen;
    }
    rps_unlock(sd);
  }
  local_irq_enable();

  return work;
}

export function __napi_schedule(n: napi_struct): void {
  let flags: boolean;

  flags = irqs_disabled();
  local_irq_save();
  ____napi_schedule(current.cpu.softnet_data, n);
  local_irq_restore(flags);
}

export function __napi_complete(n: napi_struct): void {
  BUG_ON(!test_bit(NAPI_STATE_SCHED, n.state));
  BUG_ON(n.gro_list);

  list_del(n.poll_list);
  smp_mb__before_clear_bit();
  clear_bit(NAPI_STATE_SCHED, n.state);
}

/** The poll has no more work: passes held packets on and leaves the poll list. */
export function napi_complete(n: napi_struct): void {
  let flags: boolean;

  if (unlikely(test_bit(NAPI_STATE_NPSVC, n.state)))
    return;

  napi_gro_flush(n, false);
  flags = irqs_disabled();
  local_irq_save();
  __napi_complete(n);
  local_irq_restore(flags);
}

/** Prepares a NAPI context with its poll function and weight; it stays disabled until napi_enable(). */
export function netif_napi_add(dev: net_device, napi: napi_struct, poll: (napi: napi_struct, budget: number) => number, weight: number): void {
  INIT_LIST_HEAD(napi.poll_list);
  napi.gro_count = 0;
  napi.gro_list = null;
  napi.skb = null;
  napi.poll = poll;
  if (weight > NAPI_POLL_WEIGHT)
    current.machine.log(`netif_napi_add() called with weight ${weight} on device ${dev.name}`);
  napi.weight = weight;
  list_add(napi.dev_list, dev.napi_list);
  napi.dev = dev;
  set_bit(NAPI_STATE_SCHED, napi.state);
}

export function netif_napi_del(napi: napi_struct): void {
  let skb: sk_buff, next: sk_buff;

  list_del_init(napi.dev_list);
  if (napi.skb)
    napi_free_frags(napi);

  for (skb = napi.gro_list; skb; skb = next) {
    next = skb.next;
    skb.next = null;
    kfree_skb(skb);
  }

  napi.gro_list = null;
  napi.gro_count = 0;
}

/** NET_RX softirq: polls until nothing is scheduled, 300 packets are done or two ticks have passed. */
export function net_rx_action(h: softirq_action): void {
  const sd = current.cpu.softnet_data;
  const time_limit = jiffies() + 2;
  let budget = current.host.netdev_budget;
  let have: null;

  local_irq_disable();

  while (!list_empty(sd.poll_list)) {
    let n: napi_struct;
    let work: number, weight: number;

    if (unlikely(budget <= 0 || time_after_eq(jiffies(), time_limit))) {
      sd.time_squeeze++;
      __raise_softirq_irqoff(NET_RX_SOFTIRQ);
      break;
    }

    local_irq_enable();

    n = list_first_entry(sd.poll_list);

    have = netpoll_poll_lock(n);

    weight = n.weight;

    work = 0;
    if (test_bit(NAPI_STATE_SCHED, n.state)) {
      work = n.poll(n, weight);
      trace_napi_poll(n);
    }

    WARN_ON_ONCE(work > weight);

    budget -= work;

    local_irq_disable();

    if (unlikely(work === weight)) {
      if (unlikely(napi_disable_pending(n))) {
        local_irq_enable();
        napi_complete(n);
        local_irq_disable();
      } else {
        if (n.gro_list) {
          local_irq_enable();
          napi_gro_flush(n, HZ >= 1000);
          local_irq_disable();
        }
        list_move_tail(n.poll_list, sd.poll_list);
      }
    }

    netpoll_poll_unlock(have);
  }
  net_rps_action_and_irq_enable(sd);

  return;
}

export class netdev_upper { dev: net_device = null; master = false; list = new list_head<netdev_upper>(this); }

export function netdev_has_any_upper_dev(dev: net_device): boolean {
  ASSERT_RTNL();

  return !list_empty(dev.upper_dev_list);
}

export function netdev_master_upper_dev_get(dev: net_device): net_device {
  let upper: netdev_upper;

  ASSERT_RTNL();

  if (list_empty(dev.upper_dev_list))
    return null;

  upper = list_first_entry(dev.upper_dev_list);
  if (likely(upper.master))
    return upper.dev;
  return null;
}

export function dev_change_rx_flags(dev: net_device, flags: number): void {
  const ops = dev.netdev_ops;

  if (ops.ndo_change_rx_flags)
    ops.ndo_change_rx_flags(dev, flags);
}

export function __dev_set_promiscuity(dev: net_device, inc: number): number {
  const old_flags = dev.flags;

  ASSERT_RTNL();

  dev.flags |= IFF_PROMISC;
  dev.promiscuity += inc;
  if (dev.promiscuity === 0) {
    if (inc < 0)
      dev.flags &= ~IFF_PROMISC;
    else {
      dev.promiscuity -= inc;
      current.machine.log(`${dev.name}: promiscuity touches roof, set promiscuity failed. promiscuity feature of device might be broken.`);
      return -EOVERFLOW;
    }
  }
  if (dev.flags !== old_flags) {
    current.machine.log(`device ${dev.name} ${dev.flags & IFF_PROMISC ? 'entered' : 'left'} promiscuous mode`);

    dev_change_rx_flags(dev, IFF_PROMISC);
  }
  return 0;
}

export function dev_set_promiscuity(dev: net_device, inc: number): number {
  const old_flags = dev.flags;
  let err: number;

  err = __dev_set_promiscuity(dev, inc);
  if (err < 0)
    return err;
  if (dev.flags !== old_flags)
    dev_set_rx_mode(dev);
  return err;
}

export function dev_set_allmulti(dev: net_device, inc: number): number {
  const old_flags = dev.flags;

  ASSERT_RTNL();

  dev.flags |= IFF_ALLMULTI;
  dev.allmulti += inc;
  if (dev.allmulti === 0) {
    if (inc < 0)
      dev.flags &= ~IFF_ALLMULTI;
    else {
      dev.allmulti -= inc;
      current.machine.log(`${dev.name}: allmulti touches roof, set allmulti failed. allmulti feature of device might be broken.`);
      return -EOVERFLOW;
    }
  }
  if (dev.flags ^ old_flags) {
    dev_change_rx_flags(dev, IFF_ALLMULTI);
    dev_set_rx_mode(dev);
  }
  return 0;
}

/** Tells the driver which addresses to receive; promiscuous when it cannot filter unicast. */
export function __dev_set_rx_mode(dev: net_device): void {
  const ops = dev.netdev_ops;

  if (!(dev.flags & IFF_UP))
    return;

  if (!netif_device_present(dev))
    return;

  if (!(dev.priv_flags & IFF_UNICAST_FLT)) {
    if (!netdev_uc_empty(dev) && !dev.uc_promisc) {
      __dev_set_promiscuity(dev, 1);
      dev.uc_promisc = true;
    } else if (netdev_uc_empty(dev) && dev.uc_promisc) {
      __dev_set_promiscuity(dev, -1);
      dev.uc_promisc = false;
    }
  }

  if (ops.ndo_set_rx_mode)
    ops.ndo_set_rx_mode(dev);
}

export function dev_set_rx_mode(dev: net_device): void {
  netif_addr_lock_bh(dev);
  __dev_set_rx_mode(dev);
  netif_addr_unlock_bh(dev);
}

/** The flags that user space sees. */
export function dev_get_flags(dev: net_device): number {
  let flags: number;

  flags = (dev.flags & ~(IFF_PROMISC | IFF_ALLMULTI | IFF_RUNNING | IFF_LOWER_UP | IFF_DORMANT)) | (dev.gflags & (IFF_PROMISC | IFF_ALLMULTI));

  if (netif_running(dev)) {
    if (netif_oper_up(dev))
      flags |= IFF_RUNNING;
    if (netif_carrier_ok(dev))
      flags |= IFF_LOWER_UP;
    if (netif_dormant(dev))
      flags |= IFF_DORMANT;
  }

  return flags;
}

export function* __dev_change_flags(dev: net_device, flags: number): Gen<number> {
  const old_flags = dev.flags;
  let ret: number;

  ASSERT_RTNL();

  dev.flags = (flags & (IFF_DEBUG | IFF_NOTRAILERS | IFF_NOARP | IFF_DYNAMIC | IFF_MULTICAST | IFF_PORTSEL | IFF_AUTOMEDIA)) | (dev.flags & (IFF_UP | IFF_VOLATILE | IFF_PROMISC | IFF_ALLMULTI));

  if ((old_flags ^ flags) & IFF_MULTICAST)
    dev_change_rx_flags(dev, IFF_MULTICAST);

  dev_set_rx_mode(dev);

  ret = 0;
  if ((old_flags ^ flags) & IFF_UP) {
    ret = yield* ((old_flags & IFF_UP) ? __dev_close : __dev_open)(dev);

    if (!ret)
      dev_set_rx_mode(dev);
  }

  if ((flags ^ dev.gflags) & IFF_PROMISC) {
    const inc = (flags & IFF_PROMISC) ? 1 : -1;

    dev.gflags ^= IFF_PROMISC;
    dev_set_promiscuity(dev, inc);
  }

  if ((flags ^ dev.gflags) & IFF_ALLMULTI) {
    const inc = (flags & IFF_ALLMULTI) ? 1 : -1;

    dev.gflags ^= IFF_ALLMULTI;
    dev_set_allmulti(dev, inc);
  }

  return ret;
}

export function __dev_notify_flags(dev: net_device, old_flags: number): void {
  const changes = dev.flags ^ old_flags;

  if (changes & IFF_UP) {
    if (dev.flags & IFF_UP)
      call_netdevice_notifiers(NETDEV_UP, dev);
    else
      call_netdevice_notifiers(NETDEV_DOWN, dev);
  }

  if (dev.flags & IFF_UP && (changes & ~(IFF_UP | IFF_PROMISC | IFF_ALLMULTI | IFF_VOLATILE)))
    call_netdevice_notifiers(NETDEV_CHANGE, dev);
}

/** Sets the interface flags; IFF_UP opens or closes the device. Called with the rtnl held. */
export function* dev_change_flags(dev: net_device, flags: number): Gen<number> {
  let ret: number;
  let changes: number;
  const old_flags = dev.flags;

  ret = yield* __dev_change_flags(dev, flags);
  if (ret < 0)
    return ret;

  changes = old_flags ^ dev.flags;
  if (changes)
    rtmsg_ifinfo(RTM_NEWLINK, dev, changes);

  __dev_notify_flags(dev, old_flags);
  return ret;
}

export function* dev_set_mtu(dev: net_device, new_mtu: number): Gen<number> {
  const ops = dev.netdev_ops;
  let err: number;

  if (new_mtu === dev.mtu)
    return 0;

  if (new_mtu < 0)
    return -EINVAL;

  if (!netif_device_present(dev))
    return -ENODEV;

  err = 0;
  if (ops.ndo_change_mtu)
    err = yield* ops.ndo_change_mtu(dev, new_mtu);
  else
    dev.mtu = new_mtu;

  if (!err)
    call_netdevice_notifiers(NETDEV_CHANGEMTU, dev);
  return err;
}

export function dev_change_carrier(dev: net_device, new_carrier: boolean): number {
  const ops = dev.netdev_ops;

  if (!ops.ndo_change_carrier)
    return -EOPNOTSUPP;
  if (!netif_device_present(dev))
    return -ENODEV;
  return ops.ndo_change_carrier(dev, new_carrier);
}

export function dev_new_index(net: net): number {
  let ifindex = net.ifindex;
  for (;;) {
    if (++ifindex <= 0)
      ifindex = 1;
    if (!__dev_get_by_index(net, ifindex))
      return net.ifindex = ifindex;
  }
}

export function net_set_todo(dev: net_device): void {
  list_add_tail(dev.todo_list, current.host.net_todo_list);
}

export function* rollback_registered_many(head: list_head<net_device>): Gen<void> {
  let dev: net_device;

  BUG_ON(current.host.dev_boot_phase);
  ASSERT_RTNL();

  for (let p = head.next; p !== head; p = p.next) {
    dev = p.owner;
    dev.dismantle = true;
    BUG_ON(dev.reg_state !== NETREG_REGISTERED);
  }

  yield* dev_close_many(head);

  for (let p = head.next; p !== head; p = p.next) {
    dev = p.owner;
    unlist_netdevice(dev);

    dev.reg_state = NETREG_UNREGISTERING;
  }

  synchronize_net();

  for (let p = head.next; p !== head; p = p.next) {
    dev = p.owner;
    dev_shutdown(dev);

    call_netdevice_notifiers(NETDEV_UNREGISTER, dev);

    rtmsg_ifinfo(RTM_DELLINK, dev, 0xffffffff);

    dev_uc_flush(dev);
    dev_mc_flush(dev);

    if (dev.netdev_ops.ndo_uninit)
      dev.netdev_ops.ndo_uninit(dev);

    WARN_ON(netdev_has_any_upper_dev(dev));

    netdev_unregister_kobject(dev);
    yield* netif_reset_xps_queues_gt(dev, 0);
  }

  synchronize_net();

  for (let p = head.next; p !== head; p = p.next)
    dev_put(p.owner);
}

export function* rollback_registered(dev: net_device): Gen<void> {
  const single = new list_head<net_device>();

  list_add(dev.unreg_list, single);
  yield* rollback_registered_many(single);
  list_del(single);
}

/** Drops features that need others that are missing. */
export function netdev_fix_features(dev: net_device, features: netdev_features_t): netdev_features_t {
  if ((features & NETIF_F_HW_CSUM) && (features & (NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM))) {
    netdev_warn(dev, 'mixed HW and IP checksum settings.');
    features &= ~(NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM);
  }

  if ((features & NETIF_F_ALL_TSO) && !(features & NETIF_F_SG)) {
    netdev_dbg(dev, 'Dropping TSO features since no SG feature.');
    features &= ~NETIF_F_ALL_TSO;
  }

  if ((features & NETIF_F_TSO) && !(features & NETIF_F_HW_CSUM) && !(features & NETIF_F_IP_CSUM)) {
    netdev_dbg(dev, 'Dropping TSO features since no CSUM feature.');
    features &= ~NETIF_F_TSO;
    features &= ~NETIF_F_TSO_ECN;
  }

  if ((features & NETIF_F_TSO6) && !(features & NETIF_F_HW_CSUM) && !(features & NETIF_F_IPV6_CSUM)) {
    netdev_dbg(dev, 'Dropping TSO6 features since no CSUM feature.');
    features &= ~NETIF_F_TSO6;
  }

  if ((features & NETIF_F_ALL_TSO) === NETIF_F_TSO_ECN)
    features &= ~NETIF_F_TSO_ECN;

  if ((features & NETIF_F_GSO) && !(features & NETIF_F_SG)) {
    netdev_dbg(dev, 'Dropping NETIF_F_GSO since no SG feature.');
    features &= ~NETIF_F_GSO;
  }

  if (features & NETIF_F_UFO) {
    if (!((features & NETIF_F_GEN_CSUM) || (features & (NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM)) === (NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM))) {
      netdev_dbg(dev, 'Dropping NETIF_F_UFO since no checksum offload features.');
      features &= ~NETIF_F_UFO;
    }

    if (!(features & NETIF_F_SG)) {
      netdev_dbg(dev, 'Dropping NETIF_F_UFO since no NETIF_F_SG feature.');
      features &= ~NETIF_F_UFO;
    }
  }

  return features;
}

/** Works out the active features from the wanted ones. 0 unchanged, 1 changed, negative on failure. */
export function* __netdev_update_features(dev: net_device): Gen<number> {
  let features: netdev_features_t;
  let err = 0;

  ASSERT_RTNL();

  features = netdev_get_wanted_features(dev);

  if (dev.netdev_ops.ndo_fix_features)
    features = dev.netdev_ops.ndo_fix_features(dev, features);

  features = netdev_fix_features(dev, features);

  if (dev.features === features)
    return 0;

  if (dev.netdev_ops.ndo_set_features)
    err = yield* dev.netdev_ops.ndo_set_features(dev, features);

  if (unlikely(err < 0)) {
    netdev_err(dev, `set_features() failed (${err}); wanted ${features}, left ${dev.features}`);
    return -1;
  }

  if (!err)
    dev.features = features;

  return 1;
}

export function* netdev_update_features(dev: net_device): Gen<void> {
  if (yield* __netdev_update_features(dev))
    netdev_features_change(dev);
}

export function* netdev_change_features(dev: net_device): Gen<void> {
  yield* __netdev_update_features(dev);
  netdev_features_change(dev);
}

export function netif_stacked_transfer_operstate(rootdev: net_device, dev: net_device): void {
  if (rootdev.operstate === IF_OPER_DORMANT)
    netif_dormant_on(dev);
  else
    netif_dormant_off(dev);

  if (netif_carrier_ok(rootdev)) {
    if (!netif_carrier_ok(dev))
      netif_carrier_on(dev);
  } else {
    if (netif_carrier_ok(dev))
      netif_carrier_off(dev);
  }
}

export function netif_alloc_rx_queues(dev: net_device): number {
  let i: number;
  const count = dev.num_rx_queues;
  let rx: netdev_rx_queue[];

  BUG_ON(count < 1);

  rx = Array.from({ length: count }, () => new netdev_rx_queue());
  if (!rx) {
    return -ENOMEM;
  }
  dev._rx = rx;

  for (i = 0; i < count; i++)
    rx[i].dev = dev;
  return 0;
}

export function netdev_init_one_queue(dev: net_device, queue: netdev_queue, _unused: null): void {
  spin_lock_init(queue._xmit_lock);
  queue.xmit_lock_owner = -1;
  queue.dev = dev;
  dql_init(queue.dql, HZ);
}

export function netif_alloc_netdev_queues(dev: net_device): number {
  const count = dev.num_tx_queues;
  let tx: netdev_queue[];

  BUG_ON(count < 1);

  tx = Array.from({ length: count }, () => new netdev_queue());
  if (!tx) {
    return -ENOMEM;
  }
  dev._tx = tx;

  netdev_for_each_tx_queue(dev, netdev_init_one_queue, null);
  spin_lock_init(dev.tx_global_lock);

  return 0;
}

/** Makes the device known to the kernel and to user space. Called with the rtnl held. */
export function* register_netdevice(dev: net_device): Gen<number> {
  let ret: number;
  const net = dev_net(dev);

  BUG_ON(current.host.dev_boot_phase);
  ASSERT_RTNL();

  BUG_ON(dev.reg_state !== NETREG_UNINITIALIZED);
  BUG_ON(!net);

  spin_lock_init(dev.addr_list_lock);

  dev.iflink = -1;

  err_uninit: {
    ret = dev_get_valid_name(net, dev, dev.name);
    if (ret < 0)
      return ret;

    if (dev.netdev_ops.ndo_init) {
      ret = dev.netdev_ops.ndo_init(dev);
      if (ret) {
        if (ret > 0)
          ret = -EIO;
        return ret;
      }
    }

    ret = -EBUSY;
    if (!dev.ifindex)
      dev.ifindex = dev_new_index(net);
    else if (__dev_get_by_index(net, dev.ifindex))
      break err_uninit;

    if (dev.iflink === -1)
      dev.iflink = dev.ifindex;

    dev.hw_features |= NETIF_F_SOFT_FEATURES;
    dev.features |= NETIF_F_SOFT_FEATURES;
    dev.wanted_features = dev.features & dev.hw_features;

    if (!(dev.flags & IFF_LOOPBACK)) {
      dev.hw_features |= NETIF_F_NOCACHE_COPY;
      if (dev.features & NETIF_F_ALL_CSUM) {
        dev.wanted_features |= NETIF_F_NOCACHE_COPY;
        dev.features |= NETIF_F_NOCACHE_COPY;
      }
    }

    dev.vlan_features |= NETIF_F_HIGHDMA;

    dev.hw_enc_features |= NETIF_F_SG;

    ret = call_netdevice_notifiers(NETDEV_POST_INIT, dev);
    ret = notifier_to_errno(ret);
    if (ret)
      break err_uninit;

    ret = netdev_register_kobject(dev);
    if (ret)
      break err_uninit;
    dev.reg_state = NETREG_REGISTERED;

    yield* __netdev_update_features(dev);

    set_bit(__LINK_STATE_PRESENT, dev.state);

    linkwatch_init_dev(dev);

    dev_init_scheduler(dev);
    dev_hold(dev);
    list_netdevice(dev);

    if (dev.addr_assign_type === NET_ADDR_PERM)
      dev.perm_addr.set(dev.dev_addr.subarray(0, dev.addr_len));

    ret = call_netdevice_notifiers(NETDEV_REGISTER, dev);
    ret = notifier_to_errno(ret);
    if (ret) {
      yield* rollback_registered(dev);
      dev.reg_state = NETREG_UNREGISTERED;
    }
    rtmsg_ifinfo(RTM_NEWLINK, dev, 0xffffffff);

    return ret;
  }
  if (dev.netdev_ops.ndo_uninit)
    dev.netdev_ops.ndo_uninit(dev);
  return ret;
}

export function* register_netdev(dev: net_device): Gen<number> {
  let err: number;

  yield* rtnl_lock();
  err = yield* register_netdevice(dev);
  yield* rtnl_unlock();
  return err;
}

export function netdev_refcnt_read(dev: net_device): number {
  let i: number, refcnt = 0;

  for (i = 0; i < dev.pcpu_refcnt.length; i++)
    refcnt += dev.pcpu_refcnt[i];
  return refcnt;
}

export function* netdev_wait_allrefs(dev: net_device): Gen<void> {
  let rebroadcast_time: number, warning_time: number;
  let refcnt: number;

  yield* linkwatch_forget_dev(dev);

  rebroadcast_time = warning_time = jiffies();
  refcnt = netdev_refcnt_read(dev);

  while (refcnt !== 0) {
    if (time_after(jiffies(), rebroadcast_time + 1 * HZ)) {
      yield* rtnl_lock();

      call_netdevice_notifiers(NETDEV_UNREGISTER, dev);

      call_netdevice_notifiers(NETDEV_UNREGISTER_FINAL, dev);
      if (test_bit(__LINK_STATE_LINKWATCH_PENDING, dev.state)) {
        yield* linkwatch_run_queue();
      }

      __rtnl_unlock();

      rebroadcast_time = jiffies();
    }

    yield* msleep(250);

    refcnt = netdev_refcnt_read(dev);

    if (time_after(jiffies(), warning_time + 10 * HZ)) {
      current.machine.log(`unregister_netdevice: waiting for ${dev.name} to become free. Usage count = ${refcnt}`);
      warning_time = jiffies();
    }
  }
}

/** Finishes what unregistering left for when the rtnl is free; releases the rtnl. */
export function* netdev_run_todo(): Gen<void> {
  const list = new list_head<net_device>();

  list_splice_init(current.host.net_todo_list, list);

  __rtnl_unlock();

  while (!list_empty(list)) {
    const dev = list_first_entry(list);
    list_del(dev.todo_list);

    yield* rtnl_lock();
    call_netdevice_notifiers(NETDEV_UNREGISTER_FINAL, dev);
    __rtnl_unlock();

    if (unlikely(dev.reg_state !== NETREG_UNREGISTERING)) {
      current.machine.log(`network todo '${dev.name}' but state ${dev.reg_state}`);
      continue;
    }

    dev.reg_state = NETREG_UNREGISTERED;

    flush_backlog(dev);

    yield* netdev_wait_allrefs(dev);

    BUG_ON(netdev_refcnt_read(dev));
    WARN_ON(rcu_access_pointer(dev.ip_ptr));

    if (dev.destructor)
      dev.destructor(dev);
  }
}

export function netdev_stats_to_stats64(stats64: net_device_stats, netdev_stats: net_device_stats): void {
  Object.assign(stats64, netdev_stats);
}

export function dev_get_stats(dev: net_device, storage: net_device_stats): net_device_stats {
  const ops = dev.netdev_ops;

  if (ops.ndo_get_stats64) {
    Object.assign(storage, new net_device_stats());
    ops.ndo_get_stats64(dev, storage);
  } else if (ops.ndo_get_stats) {
    netdev_stats_to_stats64(storage, ops.ndo_get_stats(dev));
  } else {
    netdev_stats_to_stats64(storage, dev.stats);
  }
  storage.rx_dropped += atomic_long_read(dev.rx_dropped);
  return storage;
}

/** A device with that many transmit and receive queues; `priv` becomes its private data, `setup` fills in what its kind has in common. */
export function alloc_netdev_mqs(priv: unknown, name: string, setup: (dev: net_device) => void, txqs: number, rxqs: number): net_device {
  let dev: net_device;

  BUG_ON(name.length >= IFNAMSIZ);

  if (txqs < 1) {
    current.machine.log('alloc_netdev: Unable to allocate device with zero queues');
    return null;
  }

  if (rxqs < 1) {
    current.machine.log('alloc_netdev: Unable to allocate device with zero RX queues');
    return null;
  }

  dev = new net_device();
  dev.priv = priv;

  dev.pcpu_refcnt = new Int32Array(current.host.cpus.length);
  if (!dev.pcpu_refcnt)
    return null;

  if (dev_addr_init(dev))
    return null;

  dev_mc_init(dev);
  dev_uc_init(dev);

  dev_net_set(dev, current.host.init_net);

  dev.gso_max_size = GSO_MAX_SIZE;
  dev.gso_max_segs = GSO_MAX_SEGS;

  INIT_LIST_HEAD(dev.napi_list);
  INIT_LIST_HEAD(dev.unreg_list);
  INIT_LIST_HEAD(dev.link_watch_list);
  INIT_LIST_HEAD(dev.upper_dev_list);
  dev.priv_flags = IFF_XMIT_DST_RELEASE;
  setup(dev);

  dev.num_tx_queues = txqs;
  dev.real_num_tx_queues = txqs;
  if (netif_alloc_netdev_queues(dev)) {
    free_netdev(dev);
    return null;
  }

  dev.num_rx_queues = rxqs;
  dev.real_num_rx_queues = rxqs;
  if (netif_alloc_rx_queues(dev)) {
    free_netdev(dev);
    return null;
  }

  dev.name = name;
  dev.group = 0;
  return dev;
}

export function free_netdev(dev: net_device): void {
  dev_addr_flush(dev);

  for (let p = dev.napi_list.next, n; p !== dev.napi_list; p = n) {
    n = p.next;
    netif_napi_del(p.owner);
  }

  dev.pcpu_refcnt = null;

  if (dev.reg_state === NETREG_UNINITIALIZED) {
    return;
  }

  BUG_ON(dev.reg_state !== NETREG_UNREGISTERED);
  dev.reg_state = NETREG_RELEASED;
}

export function synchronize_net(): void {
  if (rtnl_is_locked())
    synchronize_rcu_expedited();
  else
    synchronize_rcu();
}

function synchronize_rcu_expedited(): void { synchronize_rcu(); }

export function* unregister_netdevice_queue(dev: net_device, head: list_head<net_device>): Gen<void> {
  ASSERT_RTNL();

  if (head) {
    list_move_tail(dev.unreg_list, head);
  } else {
    yield* rollback_registered(dev);
    net_set_todo(dev);
  }
}

export function* unregister_netdevice_many(head: list_head<net_device>): Gen<void> {
  if (!list_empty(head)) {
    yield* rollback_registered_many(head);
    for (let p = head.next; p !== head; p = p.next)
      net_set_todo(p.owner);
    list_del(head);
  }
}

export function* unregister_netdev(dev: net_device): Gen<void> {
  yield* rtnl_lock();
  yield* unregister_netdevice(dev);
  yield* rtnl_unlock();
}

/** Features of a stacked device, from those of one more lower device. */
export function netdev_increment_features(all: netdev_features_t, one: netdev_features_t, mask: netdev_features_t): netdev_features_t {
  if (mask & NETIF_F_GEN_CSUM)
    mask |= NETIF_F_ALL_CSUM;
  mask |= NETIF_F_VLAN_CHALLENGED;

  all |= one & (NETIF_F_ONE_FOR_ALL | NETIF_F_ALL_CSUM) & mask;
  all &= one | ~NETIF_F_ALL_FOR_ALL;

  if (all & NETIF_F_GEN_CSUM)
    all &= ~(NETIF_F_ALL_CSUM & ~NETIF_F_GEN_CSUM);

  return all;
}

export function netdev_create_hash(): hlist_head<net_device>[] {
  let i: number;
  let hash: hlist_head<net_device>[];

  hash = new Array<hlist_head<net_device>>(NETDEV_HASHENTRIES);
  if (hash !== null)
    for (i = 0; i < NETDEV_HASHENTRIES; i++) {
      hash[i] = new hlist_head_<net_device>();
      INIT_HLIST_HEAD(hash[i]);
    }

  return hash;
}

/** Per-namespace part: where devices are found by name and index. */
export function netdev_init(net: net): number {
  if (net !== current.host.init_net)
    INIT_LIST_HEAD(net.dev_base_head);

  net.dev_name_head = netdev_create_hash();
  if (net.dev_name_head === null)
    return -ENOMEM;

  net.dev_index_head = netdev_create_hash();
  if (net.dev_index_head === null)
    return -ENOMEM;

  return 0;
}

/** Boot: the receive and transmit softirqs, the per-CPU queues, the loopback device (subsys_initcall). */
const netdev_net_ops: pernet_operations = { init: netdev_init, exit: null };

export function* net_dev_init(): Gen<number> {
  let i: number, rc = -ENOMEM;

  BUG_ON(!current.host.dev_boot_phase);

  INIT_LIST_HEAD(current.host.ptype_all);
  for (i = 0; i < PTYPE_HASH_SIZE; i++)
    INIT_LIST_HEAD(current.host.ptype_base[i]);

  INIT_LIST_HEAD(current.host.offload_base);

  if (register_pernet_subsys(netdev_net_ops))
    return rc;

  for (i = 0; i < current.host.cpus.length; i++) {
    const sd = current.host.cpus[i].softnet_data;

    skb_queue_head_init(sd.input_pkt_queue);
    skb_queue_head_init(sd.process_queue);
    sd.completion_queue = null;
    INIT_LIST_HEAD(sd.poll_list);
    sd.output_queue = null;
    sd.output_queue_tailp = sd;
    sd.csd.func = rps_trigger_softirq;
    sd.csd.info = sd;
    sd.csd.flags = 0;
    sd.cpu = i;

    sd.backlog.poll = process_backlog;
    sd.backlog.owner = sd;
    sd.backlog.weight = current.host.weight_p;
    sd.backlog.gro_list = null;
    sd.backlog.gro_count = 0;
  }

  current.host.dev_boot_phase = false;

  if (yield* loopback_net_init(current.host.init_net))
    return rc;

  open_softirq(NET_TX_SOFTIRQ, net_tx_action);
  open_softirq(NET_RX_SOFTIRQ, net_rx_action);

  yield* dst_init();
  rc = 0;
  return rc;
}
