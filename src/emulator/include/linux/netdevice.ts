/** include/linux/netdevice.h: network devices, their queues, NAPI, the per-CPU input queues. */
import type { Host, Gen } from '../ports';
import { current } from '../ports';
import { list_head, hlist_node } from './list';
import type { hlist_head } from './list';
import { spinlock_t, spin_lock, spin_lock_bh, spin_lock_nested, spin_trylock, spin_unlock, spin_unlock_bh } from './spinlock';
import type { Flags } from './bitops';
import { clear_bit, set_bit, test_and_clear_bit, test_and_set_bit, test_bit } from './bitops';
import { BUG_ON, WARN_ON } from '../asm-generic/bug';
import { EINVAL, ENOBUFS } from '../uapi/asm-generic/errno';
import { likely, unlikely } from './compiler';
import { atomic_long_t } from './atomic';
import { smp_mb, smp_mb__before_clear_bit } from './barrier';
import { jiffies } from './jiffies';
import { smp_processor_id } from './smp';
import { timer_list } from './timer';
import { msleep } from './delay';
import { local_bh_disable, local_bh_enable } from '../../kernel/softirq';
import type { sk_buff, skb_frag_t } from './skbuff';
import { sk_buff_head, skb_shinfo, skb_is_gso, skb_mac_header, skb_network_offset, skb_has_frag_list, pskb_may_pull, skb_get_queue_mapping, kfree_skb, CHECKSUM_PARTIAL, CHECKSUM_UNNECESSARY } from './skbuff';
import { dql, dql_avail, dql_completed, dql_queued, dql_reset } from './dynamic_queue_limits';
import type { netdev_features_t } from './netdev_features';
import { NETIF_F_GSO_SHIFT, NETIF_F_FRAGLIST, NETIF_F_GEN_CSUM, NETIF_F_V4_CSUM, NETIF_F_V6_CSUM, NETIF_F_FCOE_CRC, NETIF_F_ALL_TSO, NETIF_F_LLTX } from './netdev_features';
import { ETH_P_FCOE, ETH_P_IP, ETH_P_IPV6 } from './if_ether';
import { IFF_BONDING, IFF_MASTER, IFF_SLAVE, IF_OPER_UNKNOWN, IF_OPER_UP } from './if';
import { htons } from './types';
import type { Qdisc } from '../net/sch_generic';
import type { neighbour } from '../net/neighbour';
import type { sock } from '../net/sock';
import type { net } from '../net/net_namespace';
import type { in_device } from './inetdevice';
import type { ethtool_ops } from './ethtool';
import { device } from './device';
import { __netif_schedule, __napi_schedule, __skb_gso_segment, netif_skb_dev_features, netdev_increment_features, unregister_netdevice_queue, alloc_netdev_mqs, netif_set_real_num_rx_queues, netif_set_real_num_tx_queues } from '../../net/core/dev';
import { __skb_tx_hash } from '../../net/core/flow_dissector';
import { linkwatch_fire_event } from '../../net/core/link_watch';

export * from './netdev_features';
export { NET_XMIT_SUCCESS, NET_XMIT_DROP, NET_XMIT_CN, NET_XMIT_POLICED, NET_XMIT_MASK, NETDEV_TX_MASK, NETDEV_TX_OK, NETDEV_TX_BUSY, NETDEV_TX_LOCKED };
export { IFNAMSIZ, IFF_UP, IFF_BROADCAST, IFF_LOOPBACK, IFF_POINTOPOINT, IFF_RUNNING, IFF_NOARP, IFF_PROMISC, IFF_ALLMULTI, IFF_MULTICAST } from './if';
export { dev_queue_xmit, netif_rx, netif_rx_ni, netif_receive_skb, napi_gro_receive, napi_gro_flush, napi_complete, __napi_complete, __napi_schedule, __netif_schedule, netif_napi_add, netif_napi_del, dev_add_pack, dev_remove_pack, __dev_remove_pack, dev_add_offload, dev_remove_offload, dev_get_by_name, dev_get_by_name_rcu, __dev_get_by_name, dev_get_by_index, __dev_get_by_index, dev_get_by_index_rcu, dev_open, dev_close, dev_change_flags, dev_get_flags, dev_kfree_skb_irq, dev_kfree_skb_any, dev_loopback_xmit, register_netdev, register_netdevice, register_netdevice_notifier, call_netdevice_notifiers, net_enable_timestamp, net_disable_timestamp, skb_checksum_help, skb_network_protocol, dev_set_mtu, dev_set_promiscuity, dev_set_allmulti, netdev_run_todo, dev_hard_start_xmit, netif_skb_dev_features, netif_get_num_default_rss_queues, synchronize_net, netdev_rx_csum_fault, dev_disable_lro, netif_set_xps_queue, netif_set_real_num_rx_queues, netif_set_real_num_tx_queues, alloc_netdev_mqs, free_netdev, __skb_gso_segment } from '../../net/core/dev';
export { netdev_pick_tx, __netdev_pick_tx } from '../../net/core/flow_dissector';
export { dev_mc_add, dev_mc_del, dev_uc_add, dev_uc_del } from '../../net/core/dev_addr_lists';
export { netif_carrier_on, netif_carrier_off, dev_trans_start } from '../../net/sched/sch_generic';
export { skb_gro_receive } from '../../net/core/skbuff';

const NET_XMIT_SUCCESS = 0x00;
const NET_XMIT_DROP = 0x01;
const NET_XMIT_CN = 0x02;
const NET_XMIT_POLICED = 0x03;
const NET_XMIT_MASK = 0x0f;
const NETDEV_TX_MASK = 0xf0;
const NETDEV_TX_OK = 0x00;
const NETDEV_TX_BUSY = 0x10;
const NETDEV_TX_LOCKED = 0x20;

export const MAX_ADDR_LEN = 32;
export const NET_RX_SUCCESS = 0;
export const NET_RX_DROP = 1;
export const LL_MAX_HEADER = 32;
export const MAX_HEADER = LL_MAX_HEADER;
export const HH_DATA_MOD = 16;
export const GSO_MAX_SIZE = 65536;
export const GSO_MAX_SEGS = 65535;
export const NETDEV_ALIGN = 32;
export const NAPI_POLL_WEIGHT = 64;
export const PTYPE_HASH_SIZE = 16;
export const PTYPE_HASH_MASK = PTYPE_HASH_SIZE - 1;
export const DEFAULT_MAX_NUM_RSS_QUEUES = 8;
export const NET_ADDR_PERM = 0;
export const NET_ADDR_RANDOM = 1;

/** Congestion notification is no error to the caller. */
export function net_xmit_eval(e: number): number { return e === NET_XMIT_CN ? 0 : e; }
export function net_xmit_errno(e: number): number { return e !== NET_XMIT_CN ? -ENOBUFS : 0; }

/** True when a driver's or a qdisc's return code means that the skb is no longer the caller's. */
export function dev_xmit_complete(rc: number): boolean {
  if (likely(rc < NET_XMIT_MASK))
    return true;

  return false;
}

export class net_device_stats {
  rx_packets = 0; tx_packets = 0; rx_bytes = 0; tx_bytes = 0; rx_errors = 0; tx_errors = 0; rx_dropped = 0; tx_dropped = 0;
  multicast = 0; collisions = 0; rx_length_errors = 0; rx_over_errors = 0; rx_crc_errors = 0; rx_frame_errors = 0; rx_fifo_errors = 0;
  rx_missed_errors = 0; tx_aborted_errors = 0; tx_carrier_errors = 0; tx_fifo_errors = 0; tx_heartbeat_errors = 0; tx_window_errors = 0;
  rx_compressed = 0; tx_compressed = 0;
}
export { net_device_stats as rtnl_link_stats64 };

export const NETDEV_HW_ADDR_T_LAN = 1;
export const NETDEV_HW_ADDR_T_UNICAST = 4;
export const NETDEV_HW_ADDR_T_MULTICAST = 5;

export class netdev_hw_addr {
  list = new list_head<netdev_hw_addr>(this);
  addr = new Uint8Array(MAX_ADDR_LEN);
  type = 0;
  global_use = false;
  sync_cnt = 0;
  refcount = 0;
  synced = 0;
}

export class netdev_hw_addr_list {
  list = new list_head<netdev_hw_addr>();
  count = 0;
}
export function netdev_hw_addr_list_count(l: netdev_hw_addr_list): number { return l.count; }
export function netdev_hw_addr_list_empty(l: netdev_hw_addr_list): boolean { return l.count === 0; }
export function netdev_uc_count(dev: net_device): number { return dev.uc.count; }
export function netdev_uc_empty(dev: net_device): boolean { return dev.uc.count === 0; }
export function netdev_mc_count(dev: net_device): number { return dev.mc.count; }
export function netdev_mc_empty(dev: net_device): boolean { return dev.mc.count === 0; }

export class hh_cache {
  hh_len = 0;
  hh_lock = new seqlock_t();
  hh_data = new Uint8Array(2 * HH_DATA_MOD + LL_MAX_HEADER);
}
import { seqlock_t } from './spinlock';

/** Where a header of `len` bytes starts in hh_data, so that the next header is aligned. */
export function HH_DATA_OFF(len: number): number { return HH_DATA_MOD - (((len - 1) & (HH_DATA_MOD - 1)) + 1); }
export function HH_DATA_ALIGN(len: number): number { return (len + (HH_DATA_MOD - 1)) & ~(HH_DATA_MOD - 1); }
export function LL_RESERVED_SPACE(dev: net_device): number { return ((dev.hard_header_len + dev.needed_headroom) & ~(HH_DATA_MOD - 1)) + HH_DATA_MOD; }
export function LL_RESERVED_SPACE_EXTRA(dev: net_device, extra: number): number { return ((dev.hard_header_len + dev.needed_headroom + extra) & ~(HH_DATA_MOD - 1)) + HH_DATA_MOD; }

/** Addresses are byte arrays; null where C passes NULL. */
export interface header_ops {
  create(skb: sk_buff, dev: net_device, type: number, daddr: Uint8Array, saddr: Uint8Array, len: number): number;
  parse(skb: sk_buff, haddr: Uint8Array): number;
  rebuild(skb: sk_buff): number;
  cache(neigh: neighbour, hh: hh_cache, type: number): number;
  cache_update(hh: hh_cache, dev: net_device, haddr: Uint8Array): void;
}

export const __LINK_STATE_START = 0;
export const __LINK_STATE_PRESENT = 1;
export const __LINK_STATE_NOCARRIER = 2;
export const __LINK_STATE_LINKWATCH_PENDING = 3;
export const __LINK_STATE_DORMANT = 4;

export class napi_struct {
  poll_list = new list_head<napi_struct>(this);
  state: Flags = { v: 0 };
  weight = 0;
  gro_count = 0;
  poll: (napi: napi_struct, budget: number) => number = null;
  dev: net_device = null;
  gro_list: sk_buff = null;
  skb: sk_buff = null;
  dev_list = new list_head<napi_struct>(this);
  /** What container_of(napi, ...) gives: the driver's vector, or the softnet_data of a backlog. */
  owner: unknown = null;
}
export const NAPI_STATE_SCHED = 0;
export const NAPI_STATE_DISABLE = 1;
export const NAPI_STATE_NPSVC = 2;

export const GRO_MERGED = 0;
export const GRO_MERGED_FREE = 1;
export const GRO_HELD = 2;
export const GRO_NORMAL = 3;
export const GRO_DROP = 4;

export const RX_HANDLER_CONSUMED = 0;
export const RX_HANDLER_ANOTHER = 1;
export const RX_HANDLER_EXACT = 2;
export const RX_HANDLER_PASS = 3;
/** The handler may replace the skb: it gets a one-field reference. */
export type rx_handler_func_t = (pskb: { v: sk_buff }) => number;

export function napi_disable_pending(n: napi_struct): boolean {
  return test_bit(NAPI_STATE_DISABLE, n.state);
}

/** Marks `n` as scheduled; false if it was, or must not be. */
export function napi_schedule_prep(n: napi_struct): boolean {
  return !napi_disable_pending(n) && !test_and_set_bit(NAPI_STATE_SCHED, n.state);
}

export function napi_schedule(n: napi_struct): void {
  if (napi_schedule_prep(n))
    __napi_schedule(n);
}

export function napi_reschedule(napi: napi_struct): boolean {
  if (napi_schedule_prep(napi)) {
    __napi_schedule(napi);
    return true;
  }
  return false;
}

/** Waits until no poll runs, and keeps it so. */
export function* napi_disable(n: napi_struct): Gen<void> {
  set_bit(NAPI_STATE_DISABLE, n.state);
  while (test_and_set_bit(NAPI_STATE_SCHED, n.state))
    yield* msleep(1);
  clear_bit(NAPI_STATE_DISABLE, n.state);
}

export function napi_enable(n: napi_struct): void {
  BUG_ON(!test_bit(NAPI_STATE_SCHED, n.state));
  smp_mb__before_clear_bit();
  clear_bit(NAPI_STATE_SCHED, n.state);
}

export function* napi_synchronize(n: napi_struct): Gen<void> {
  while (test_bit(NAPI_STATE_SCHED, n.state))
    yield* msleep(1);
}

export const __QUEUE_STATE_DRV_XOFF = 0;
export const __QUEUE_STATE_STACK_XOFF = 1;
export const __QUEUE_STATE_FROZEN = 2;
export const QUEUE_STATE_ANY_XOFF = (1 << __QUEUE_STATE_DRV_XOFF) | (1 << __QUEUE_STATE_STACK_XOFF);
export const QUEUE_STATE_ANY_XOFF_OR_FROZEN = QUEUE_STATE_ANY_XOFF | (1 << __QUEUE_STATE_FROZEN);

export class netdev_queue {
  dev: net_device = null;
  qdisc: Qdisc = null;
  qdisc_sleeping: Qdisc = null;
  _xmit_lock = new spinlock_t();
  xmit_lock_owner = -1;
  /** Tick of the last transmission. */
  trans_start = 0;
  trans_timeout = 0;
  state: Flags = { v: 0 };
  dql = new dql();
}

export class rps_map {
  len: number;
  cpus: number[];
  constructor(cpus: number[]) { this.len = cpus.length; this.cpus = cpus; }
}

export class rps_dev_flow { cpu = RPS_NO_CPU; filter = RPS_NO_FILTER; last_qtail = 0; }
export const RPS_NO_FILTER = 0xffff;

export class rps_dev_flow_table {
  mask: number;
  flows: rps_dev_flow[] = [];
  constructor(count: number) { this.mask = count - 1; for (let i = 0; i < count; i++) this.flows.push(new rps_dev_flow()); }
}

export class rps_sock_flow_table {
  mask: number;
  ents: Uint16Array;
  constructor(count: number) { this.mask = count - 1; this.ents = new Uint16Array(count).fill(RPS_NO_CPU); }
}
export const RPS_NO_CPU = 0xffff;

/** Notes on which CPU the socket of that hash is read. */
export function rps_record_sock_flow(table: rps_sock_flow_table, hash: number): void {
  if (table && hash) {
    let cpu: number;
    const index = hash & table.mask;

    cpu = current.cpu.id;

    if (table.ents[index] !== cpu)
      table.ents[index] = cpu;
  }
}

export function rps_reset_sock_flow(table: rps_sock_flow_table, hash: number): void {
  if (table && hash)
    table.ents[hash & table.mask] = RPS_NO_CPU;
}

export class netdev_rx_queue {
  rps_map: rps_map = null;
  rps_flow_table: rps_dev_flow_table = null;
  dev: net_device = null;
}

export class xps_map {
  len = 0;
  alloc_len = 0;
  queues: number[] = [];
}

export class xps_dev_maps {
  cpu_map: xps_map[];
  constructor(cpus: number) { this.cpu_map = new Array<xps_map>(cpus).fill(null); }
}

export const TC_MAX_QUEUE = 16;
export const TC_BITMASK = 15;
export class netdev_tc_txq { count = 0; offset = 0; }

/** What a driver does for its device. ndo_open, ndo_stop and ndo_do_ioctl may sleep. */
export interface net_device_ops {
  ndo_init?(dev: net_device): number;
  ndo_uninit?(dev: net_device): void;
  ndo_open?(dev: net_device): Gen<number>;
  ndo_stop?(dev: net_device): Gen<number>;
  ndo_start_xmit(skb: sk_buff, dev: net_device): number;
  ndo_select_queue?(dev: net_device, skb: sk_buff): number;
  ndo_change_rx_flags?(dev: net_device, flags: number): void;
  ndo_set_rx_mode?(dev: net_device): void;
  ndo_set_mac_address?(dev: net_device, addr: Uint8Array): number;
  ndo_validate_addr?(dev: net_device): number;
  ndo_do_ioctl?(dev: net_device, ifr: unknown, cmd: number): Gen<number>;
  ndo_change_mtu?(dev: net_device, new_mtu: number): Gen<number>;
  ndo_neigh_setup?(dev: net_device, parms: unknown): number;
  ndo_tx_timeout?(dev: net_device): void;
  ndo_get_stats64?(dev: net_device, storage: net_device_stats): net_device_stats;
  ndo_get_stats?(dev: net_device): net_device_stats;
  ndo_fix_features?(dev: net_device, features: netdev_features_t): netdev_features_t;
  ndo_set_features?(dev: net_device, features: netdev_features_t): Gen<number>;
  ndo_neigh_construct?(n: neighbour): number;
  ndo_neigh_destroy?(n: neighbour): void;
  ndo_change_carrier?(dev: net_device, new_carrier: boolean): number;
}

export const NETREG_UNINITIALIZED = 0;
export const NETREG_REGISTERED = 1;
export const NETREG_UNREGISTERING = 2;
export const NETREG_UNREGISTERED = 3;
export const NETREG_RELEASED = 4;
export const NETREG_DUMMY = 5;
export const RTNL_LINK_INITIALIZED = 0;
export const RTNL_LINK_INITIALIZING = 1;

export class net_device {
  name = '';
  name_hlist = new hlist_node<net_device>(this);
  irq = 0;
  base_addr = 0;
  mem_start = 0;
  mem_end = 0;
  state: Flags = { v: 0 };
  dev_list = new list_head<net_device>(this);
  napi_list = new list_head<napi_struct>();
  unreg_list = new list_head<net_device>(this);
  upper_dev_list = new list_head();
  features: netdev_features_t = 0;
  hw_features: netdev_features_t = 0;
  wanted_features: netdev_features_t = 0;
  vlan_features: netdev_features_t = 0;
  hw_enc_features: netdev_features_t = 0;
  ifindex = 0;
  iflink = 0;
  stats = new net_device_stats();
  rx_dropped = new atomic_long_t(0);
  netdev_ops: net_device_ops = null;
  ethtool_ops: ethtool_ops = null;
  header_ops: header_ops = null;
  flags = 0;
  priv_flags = 0;
  gflags = 0;
  operstate = 0;
  link_mode = 0;
  if_port = 0;
  dma = 0;
  mtu = 0;
  type = 0;
  hard_header_len = 0;
  needed_headroom = 0;
  needed_tailroom = 0;
  perm_addr = new Uint8Array(MAX_ADDR_LEN);
  addr_assign_type = 0;
  addr_len = 0;
  neigh_priv_len = 0;
  dev_id = 0;
  addr_list_lock = new spinlock_t();
  uc = new netdev_hw_addr_list();
  mc = new netdev_hw_addr_list();
  dev_addrs = new netdev_hw_addr_list();
  uc_promisc = false;
  promiscuity = 0;
  allmulti = 0;
  ip_ptr: in_device = null;
  last_rx = 0;
  dev_addr: Uint8Array = null;
  _rx: netdev_rx_queue[] = null;
  num_rx_queues = 0;
  real_num_rx_queues = 0;
  rx_handler: rx_handler_func_t = null;
  rx_handler_data: unknown = null;
  ingress_queue: netdev_queue = null;
  broadcast = new Uint8Array(MAX_ADDR_LEN);
  _tx: netdev_queue[] = null;
  num_tx_queues = 0;
  real_num_tx_queues = 0;
  qdisc: Qdisc = null;
  tx_queue_len = 0;
  tx_global_lock = new spinlock_t();
  xps_maps: xps_dev_maps = null;
  trans_start = 0;
  watchdog_timeo = 0;
  watchdog_timer = new timer_list();
  pcpu_refcnt: Int32Array = null;
  todo_list = new list_head<net_device>(this);
  index_hlist = new hlist_node<net_device>(this);
  link_watch_list = new list_head<net_device>(this);
  reg_state = NETREG_UNINITIALIZED;
  dismantle = false;
  rtnl_link_state = RTNL_LINK_INITIALIZED;
  destructor: (dev: net_device) => void = null;
  nd_net: net = null;
  ml_priv: unknown = null;
  /** Per-CPU counters of loopback, tunnels, dummy (a union in C). */
  lstats: pcpu_lstats[] = null;
  dstats: pcpu_dstats[] = null;
  rtnl_link_ops: { readonly kind: string } | null = null;
  dev = new device();
  gso_max_size = 0;
  gso_max_segs = 0;
  num_tc = 0;
  tc_to_txq: netdev_tc_txq[] = [];
  prio_tc_map = new Uint8Array(TC_BITMASK + 1);
  group = 0;
  /** The driver's private data: what netdev_priv() gives. */
  priv: any = null;
  constructor() {
    for (let i = 0; i < TC_MAX_QUEUE; i++) this.tc_to_txq.push(new netdev_tc_txq());
    this.watchdog_timer.data = this;
  }
}

export class pcpu_lstats { packets = 0; bytes = 0; }
export class pcpu_dstats { tx_packets = 0; tx_bytes = 0; }

export function netdev_get_prio_tc_map(dev: net_device, prio: number): number {
  return dev.prio_tc_map[prio & TC_BITMASK];
}

export function netdev_set_prio_tc_map(dev: net_device, prio: number, tc: number): number {
  if (tc >= dev.num_tc)
    return -EINVAL;

  dev.prio_tc_map[prio & TC_BITMASK] = tc & TC_BITMASK;
  return 0;
}

export function netdev_get_num_tc(dev: net_device): number {
  return dev.num_tc;
}

export function netdev_get_tx_queue(dev: net_device, index: number): netdev_queue {
  return dev._tx[index];
}

/** Calls `f` for every transmit queue, active or not. */
export function netdev_for_each_tx_queue<A>(dev: net_device, f: (dev: net_device, txq: netdev_queue, arg: A) => void, arg: A): void {
  let i: number;

  for (i = 0; i < dev.num_tx_queues; i++)
    f(dev, dev._tx[i], arg);
}

export function dev_net(dev: net_device): net {
  return dev.nd_net;
}

export function dev_net_set(dev: net_device, net: net): void {
  dev.nd_net = net;
}

export function netdev_uses_dsa_tags(_dev: net_device): boolean {
  return false;
}

export function netdev_uses_trailer_tags(_dev: net_device): boolean {
  return false;
}

export function netdev_priv(dev: net_device): any {
  return dev.priv;
}

export function SET_NETDEV_DEV(net: net_device, parent: device): void { net.dev.parent = parent; }

/** A place where a header can be read: `data` from `offset` on. */
export class gro_header { data: Uint8Array; offset: number; constructor(data: Uint8Array, offset: number) { this.data = data; this.offset = offset; } }

export class napi_gro_cb {
  /** Bytes that hold frag0, which start at frag0_offset; null when the header is in the linear part. */
  frag0: Uint8Array = null;
  frag0_offset = 0;
  frag0_len = 0;
  data_offset = 0;
  flush = 0;
  count = 0;
  same_flow = 0;
  free = 0;
  /** Tick when the first segment was queued. */
  age = 0;
  proto = 0;
  last: sk_buff = null;
  copy(): napi_gro_cb { return Object.assign(new napi_gro_cb(), this); }
}
export const NAPI_GRO_FREE = 1;
export const NAPI_GRO_FREE_STOLEN_HEAD = 2;

/** The GRO layer's own part of skb->cb, made when first used. */
export function NAPI_GRO_CB(skb: sk_buff): napi_gro_cb {
  return skb.cb_gro ?? (skb.cb_gro = new napi_gro_cb());
}

export class packet_type {
  type = 0;
  /** null: every device. */
  dev: net_device = null;
  func: (skb: sk_buff, dev: net_device, pt: packet_type, orig_dev: net_device) => number = null;
  id_match: (ptype: packet_type, sk: sock) => boolean = null;
  af_packet_priv: unknown = null;
  list = new list_head<packet_type>(this);
}

/**
 * gro_receive gets the link that holds the first packet (struct sk_buff **head); it returns null, or the link of the held packet to flush.
 */
export interface offload_callbacks {
  gso_segment?(skb: sk_buff, features: netdev_features_t): sk_buff;
  gso_send_check?(skb: sk_buff): number;
  gro_receive?(head: gro_pp, skb: sk_buff): gro_pp;
  gro_complete?(skb: sk_buff): number;
}
/** A pointer to a held packet's link (struct sk_buff **): napi->gro_list itself (prev null) or prev->next. `new gro_pp(head.napi, p)` is `&p->next`. */
export class gro_pp {
  readonly napi: napi_struct;
  readonly prev: sk_buff;
  constructor(napi: napi_struct, prev: sk_buff) { this.napi = napi; this.prev = prev; }
  get v(): sk_buff { return this.prev === null ? this.napi.gro_list : this.prev.next; }
  set v(skb: sk_buff) { if (this.prev === null) this.napi.gro_list = skb; else this.prev.next = skb; }
}

export class packet_offload {
  type = 0;
  callbacks: offload_callbacks = null;
  list = new list_head<packet_offload>(this);
}

export const NETDEV_UP = 0x0001;
export const NETDEV_DOWN = 0x0002;
export const NETDEV_REBOOT = 0x0003;
export const NETDEV_CHANGE = 0x0004;
export const NETDEV_REGISTER = 0x0005;
export const NETDEV_UNREGISTER = 0x0006;
export const NETDEV_CHANGEMTU = 0x0007;
export const NETDEV_CHANGEADDR = 0x0008;
export const NETDEV_GOING_DOWN = 0x0009;
export const NETDEV_CHANGENAME = 0x000a;
export const NETDEV_FEAT_CHANGE = 0x000b;
export const NETDEV_BONDING_FAILOVER = 0x000c;
export const NETDEV_PRE_UP = 0x000d;
export const NETDEV_PRE_TYPE_CHANGE = 0x000e;
export const NETDEV_POST_TYPE_CHANGE = 0x000f;
export const NETDEV_POST_INIT = 0x0010;
export const NETDEV_UNREGISTER_FINAL = 0x0011;
export const NETDEV_RELEASE = 0x0012;
export const NETDEV_NOTIFY_PEERS = 0x0013;
export const NETDEV_JOIN = 0x0014;

export function* unregister_netdevice(dev: net_device): Gen<void> {
  yield* unregister_netdevice_queue(dev, null);
}

export function skb_gro_offset(skb: sk_buff): number {
  return NAPI_GRO_CB(skb).data_offset;
}

export function skb_gro_len(skb: sk_buff): number {
  return skb.len - NAPI_GRO_CB(skb).data_offset;
}

export function skb_gro_pull(skb: sk_buff, len: number): void {
  NAPI_GRO_CB(skb).data_offset += len;
}

/** The header in frag0 at `offset`; null when there is no frag0. */
export function skb_gro_header_fast(skb: sk_buff, offset: number): gro_header {
  return NAPI_GRO_CB(skb).frag0 ? new gro_header(NAPI_GRO_CB(skb).frag0, NAPI_GRO_CB(skb).frag0_offset + offset) : null;
}

export function skb_gro_header_hard(skb: sk_buff, hlen: number): boolean {
  return NAPI_GRO_CB(skb).frag0_len < hlen;
}

export function skb_gro_frag0_invalidate(skb: sk_buff): void {
  NAPI_GRO_CB(skb).frag0 = null;
  NAPI_GRO_CB(skb).frag0_len = 0;
}

/** The header in the linear part at `offset`, after pulling `hlen` bytes there; null when the packet is shorter. */
export function skb_gro_header_slow(skb: sk_buff, hlen: number, offset: number): gro_header {
  if (!pskb_may_pull(skb, hlen))
    return null;

  skb_gro_frag0_invalidate(skb);
  return new gro_header(skb.head, skb.data + offset);
}

export function skb_gro_mac_header(skb: sk_buff): gro_header {
  return NAPI_GRO_CB(skb).frag0 ? new gro_header(NAPI_GRO_CB(skb).frag0, NAPI_GRO_CB(skb).frag0_offset) : new gro_header(skb.head, skb_mac_header(skb));
}

export function skb_gro_network_header(skb: sk_buff): gro_header {
  const off = skb_network_offset(skb);
  return NAPI_GRO_CB(skb).frag0 ? new gro_header(NAPI_GRO_CB(skb).frag0, NAPI_GRO_CB(skb).frag0_offset + off) : new gro_header(skb.head, skb.data + off);
}

export function dev_hard_header(skb: sk_buff, dev: net_device, type: number, daddr: Uint8Array, saddr: Uint8Array, len: number): number {
  if (!dev.header_ops || !dev.header_ops.create)
    return 0;

  return dev.header_ops.create(skb, dev, type, daddr, saddr, len);
}

export function dev_parse_header(skb: sk_buff, haddr: Uint8Array): number {
  const dev = skb.dev;

  if (!dev.header_ops || !dev.header_ops.parse)
    return 0;
  return dev.header_ops.parse(skb, haddr);
}

export function dev_rebuild_header(skb: sk_buff): number {
  const dev = skb.dev;

  if (!dev.header_ops || !dev.header_ops.rebuild)
    return 0;
  return dev.header_ops.rebuild(skb);
}

/** Incoming packets of one CPU, and what its NET_RX and NET_TX softirqs have to do. */
export class softnet_data {
  output_queue: Qdisc = null;
  /** What holds the link at the end of output_queue: its last qdisc, or this object when the queue is empty. */
  output_queue_tailp: { next_sched: Qdisc } = this;
  poll_list = new list_head<napi_struct>();
  completion_queue: sk_buff = null;
  process_queue = new sk_buff_head();
  processed = 0;
  time_squeeze = 0;
  cpu_collision = 0;
  received_rps = 0;
  rps_ipi_list: softnet_data = null;
  csd = new call_single_data();
  rps_ipi_next: softnet_data = null;
  cpu = 0;
  input_queue_head = 0;
  input_queue_tail = 0;
  dropped = 0;
  input_pkt_queue = new sk_buff_head();
  backlog = new napi_struct();
  get next_sched(): Qdisc { return this.output_queue; }
  set next_sched(q: Qdisc) { this.output_queue = q; }
}

/** A function call for another CPU (include/linux/smp.h). */
export class call_single_data { func: (info: any) => void = null; info: any = null; flags = 0; }
declare module '../ports' { interface Cpu { softnet_data: softnet_data } }

export function input_queue_head_incr(sd: softnet_data): void {
  sd.input_queue_head++;
}

export function input_queue_tail_incr_save(sd: softnet_data, qtail: { v: number }): void {
  qtail.v = ++sd.input_queue_tail;
}

export function netif_schedule_queue(txq: netdev_queue): void {
  if (!(txq.state.v & QUEUE_STATE_ANY_XOFF))
    __netif_schedule(txq.qdisc);
}

export function netif_tx_schedule_all(dev: net_device): void {
  let i: number;

  for (i = 0; i < dev.num_tx_queues; i++)
    netif_schedule_queue(netdev_get_tx_queue(dev, i));
}

export function netif_tx_start_queue(dev_queue: netdev_queue): void {
  clear_bit(__QUEUE_STATE_DRV_XOFF, dev_queue.state);
}

export function netif_start_queue(dev: net_device): void {
  netif_tx_start_queue(netdev_get_tx_queue(dev, 0));
}

export function netif_tx_start_all_queues(dev: net_device): void {
  let i: number;

  for (i = 0; i < dev.num_tx_queues; i++) {
    const txq = netdev_get_tx_queue(dev, i);
    netif_tx_start_queue(txq);
  }
}

export function netif_tx_wake_queue(dev_queue: netdev_queue): void {
  if (test_and_clear_bit(__QUEUE_STATE_DRV_XOFF, dev_queue.state))
    __netif_schedule(dev_queue.qdisc);
}

export function netif_wake_queue(dev: net_device): void {
  netif_tx_wake_queue(netdev_get_tx_queue(dev, 0));
}

export function netif_tx_wake_all_queues(dev: net_device): void {
  let i: number;

  for (i = 0; i < dev.num_tx_queues; i++) {
    const txq = netdev_get_tx_queue(dev, i);
    netif_tx_wake_queue(txq);
  }
}

export function netif_tx_stop_queue(dev_queue: netdev_queue): void {
  if (WARN_ON(!dev_queue)) {
    return;
  }
  set_bit(__QUEUE_STATE_DRV_XOFF, dev_queue.state);
}

export function netif_stop_queue(dev: net_device): void {
  netif_tx_stop_queue(netdev_get_tx_queue(dev, 0));
}

export function netif_tx_stop_all_queues(dev: net_device): void {
  let i: number;

  for (i = 0; i < dev.num_tx_queues; i++) {
    const txq = netdev_get_tx_queue(dev, i);
    netif_tx_stop_queue(txq);
  }
}

export function netif_tx_queue_stopped(dev_queue: netdev_queue): boolean {
  return test_bit(__QUEUE_STATE_DRV_XOFF, dev_queue.state);
}

export function netif_queue_stopped(dev: net_device): boolean {
  return netif_tx_queue_stopped(netdev_get_tx_queue(dev, 0));
}

export function netif_xmit_stopped(dev_queue: netdev_queue): boolean {
  return (dev_queue.state.v & QUEUE_STATE_ANY_XOFF) !== 0;
}

export function netif_xmit_frozen_or_stopped(dev_queue: netdev_queue): boolean {
  return (dev_queue.state.v & QUEUE_STATE_ANY_XOFF_OR_FROZEN) !== 0;
}

/** Tells BQL that `bytes` were handed to the device; may stop the queue. */
export function netdev_tx_sent_queue(dev_queue: netdev_queue, bytes: number): void {
  dql_queued(dev_queue.dql, bytes);

  if (likely(dql_avail(dev_queue.dql) >= 0))
    return;

  set_bit(__QUEUE_STATE_STACK_XOFF, dev_queue.state);

  smp_mb();

  if (unlikely(dql_avail(dev_queue.dql) >= 0))
    clear_bit(__QUEUE_STATE_STACK_XOFF, dev_queue.state);
}

export function netdev_sent_queue(dev: net_device, bytes: number): void {
  netdev_tx_sent_queue(netdev_get_tx_queue(dev, 0), bytes);
}

/** Tells BQL that the device is done with `bytes`; may schedule the queue again. */
export function netdev_tx_completed_queue(dev_queue: netdev_queue, pkts: number, bytes: number): void {
  if (unlikely(!bytes))
    return;

  dql_completed(dev_queue.dql, bytes);

  smp_mb();

  if (dql_avail(dev_queue.dql) < 0)
    return;

  if (test_and_clear_bit(__QUEUE_STATE_STACK_XOFF, dev_queue.state))
    netif_schedule_queue(dev_queue);
}

export function netdev_completed_queue(dev: net_device, pkts: number, bytes: number): void {
  netdev_tx_completed_queue(netdev_get_tx_queue(dev, 0), pkts, bytes);
}

export function netdev_tx_reset_queue(q: netdev_queue): void {
  clear_bit(__QUEUE_STATE_STACK_XOFF, q.state);
  dql_reset(q.dql);
}

export function netdev_reset_queue(dev_queue: net_device): void {
  netdev_tx_reset_queue(netdev_get_tx_queue(dev_queue, 0));
}

export function netif_running(dev: net_device): boolean {
  return test_bit(__LINK_STATE_START, dev.state);
}

export function netif_start_subqueue(dev: net_device, queue_index: number): void {
  const txq = netdev_get_tx_queue(dev, queue_index);

  netif_tx_start_queue(txq);
}

export function netif_stop_subqueue(dev: net_device, queue_index: number): void {
  const txq = netdev_get_tx_queue(dev, queue_index);
  netif_tx_stop_queue(txq);
}

export function __netif_subqueue_stopped(dev: net_device, queue_index: number): boolean {
  const txq = netdev_get_tx_queue(dev, queue_index);

  return netif_tx_queue_stopped(txq);
}

export function netif_subqueue_stopped(dev: net_device, skb: sk_buff): boolean {
  return __netif_subqueue_stopped(dev, skb_get_queue_mapping(skb));
}

export function netif_wake_subqueue(dev: net_device, queue_index: number): void {
  const txq = netdev_get_tx_queue(dev, queue_index);
  if (test_and_clear_bit(__QUEUE_STATE_DRV_XOFF, txq.state))
    __netif_schedule(txq.qdisc);
}

export function skb_tx_hash(dev: net_device, skb: sk_buff): number {
  return __skb_tx_hash(dev, skb, dev.real_num_tx_queues);
}

export function netif_is_multiqueue(dev: net_device): boolean {
  return dev.num_tx_queues > 1;
}

export function napi_free_frags(napi: napi_struct): void {
  kfree_skb(napi.skb);
  napi.skb = null;
}

export function dev_put(dev: net_device): void {
  dev.pcpu_refcnt[current.cpu.id]--;
}

export function dev_hold(dev: net_device): void {
  dev.pcpu_refcnt[current.cpu.id]++;
}

export function netif_carrier_ok(dev: net_device): boolean {
  return !test_bit(__LINK_STATE_NOCARRIER, dev.state);
}

export function netif_dormant_on(dev: net_device): void {
  if (!test_and_set_bit(__LINK_STATE_DORMANT, dev.state))
    linkwatch_fire_event(dev);
}

export function netif_dormant_off(dev: net_device): void {
  if (test_and_clear_bit(__LINK_STATE_DORMANT, dev.state))
    linkwatch_fire_event(dev);
}

export function netif_dormant(dev: net_device): boolean {
  return test_bit(__LINK_STATE_DORMANT, dev.state);
}

export function netif_oper_up(dev: net_device): boolean {
  return (dev.operstate === IF_OPER_UP || dev.operstate === IF_OPER_UNKNOWN);
}

export function netif_device_present(dev: net_device): boolean {
  return test_bit(__LINK_STATE_PRESENT, dev.state);
}

export function __netif_tx_lock(txq: netdev_queue, cpu: number): void {
  spin_lock(txq._xmit_lock);
  txq.xmit_lock_owner = cpu;
}

export function __netif_tx_lock_bh(txq: netdev_queue): void {
  spin_lock_bh(txq._xmit_lock);
  txq.xmit_lock_owner = smp_processor_id();
}

export function __netif_tx_trylock(txq: netdev_queue): boolean {
  const ok = spin_trylock(txq._xmit_lock);
  if (likely(ok))
    txq.xmit_lock_owner = smp_processor_id();
  return ok;
}

export function __netif_tx_unlock(txq: netdev_queue): void {
  txq.xmit_lock_owner = -1;
  spin_unlock(txq._xmit_lock);
}

export function __netif_tx_unlock_bh(txq: netdev_queue): void {
  txq.xmit_lock_owner = -1;
  spin_unlock_bh(txq._xmit_lock);
}

export function txq_trans_update(txq: netdev_queue): void {
  if (txq.xmit_lock_owner !== -1)
    txq.trans_start = jiffies();
}

/** Freezes every transmit queue of the device. */
export function netif_tx_lock(dev: net_device): void {
  let i: number;
  let cpu: number;

  spin_lock(dev.tx_global_lock);
  cpu = smp_processor_id();
  for (i = 0; i < dev.num_tx_queues; i++) {
    const txq = netdev_get_tx_queue(dev, i);

    __netif_tx_lock(txq, cpu);
    set_bit(__QUEUE_STATE_FROZEN, txq.state);
    __netif_tx_unlock(txq);
  }
}

export function netif_tx_lock_bh(dev: net_device): void {
  local_bh_disable();
  netif_tx_lock(dev);
}

export function netif_tx_unlock(dev: net_device): void {
  let i: number;

  for (i = 0; i < dev.num_tx_queues; i++) {
    const txq = netdev_get_tx_queue(dev, i);

    clear_bit(__QUEUE_STATE_FROZEN, txq.state);
    netif_schedule_queue(txq);
  }
  spin_unlock(dev.tx_global_lock);
}

export function netif_tx_unlock_bh(dev: net_device): void {
  netif_tx_unlock(dev);
  local_bh_enable();
}

export function netif_tx_disable(dev: net_device): void {
  let i: number;
  let cpu: number;

  local_bh_disable();
  cpu = smp_processor_id();
  for (i = 0; i < dev.num_tx_queues; i++) {
    const txq = netdev_get_tx_queue(dev, i);

    __netif_tx_lock(txq, cpu);
    netif_tx_stop_queue(txq);
    __netif_tx_unlock(txq);
  }
  local_bh_enable();
}

export function netif_addr_lock(dev: net_device): void {
  spin_lock(dev.addr_list_lock);
}

export function netif_addr_lock_nested(dev: net_device): void {
  spin_lock_nested(dev.addr_list_lock, 1);
}

export function netif_addr_lock_bh(dev: net_device): void {
  spin_lock_bh(dev.addr_list_lock);
}

export function netif_addr_unlock(dev: net_device): void {
  spin_unlock(dev.addr_list_lock);
}

export function netif_addr_unlock_bh(dev: net_device): void {
  spin_unlock_bh(dev.addr_list_lock);
}

/** Takes the queue's lock unless the driver does its own locking. */
export function HARD_TX_LOCK(dev: net_device, txq: netdev_queue, cpu: number): void {
  if ((dev.features & NETIF_F_LLTX) === 0) {
    __netif_tx_lock(txq, cpu);
  }
}

export function HARD_TX_UNLOCK(dev: net_device, txq: netdev_queue): void {
  if ((dev.features & NETIF_F_LLTX) === 0) {
    __netif_tx_unlock(txq);
  }
}

export function alloc_netdev<P>(priv: P, name: string, setup: (dev: net_device) => void): net_device { return alloc_netdev_mqs(priv, name, setup, 1, 1); }

export function skb_gso_segment(skb: sk_buff, features: netdev_features_t): sk_buff {
  return __skb_gso_segment(skb, features, true);
}

export function can_checksum_protocol(features: netdev_features_t, protocol: number): boolean {
  return ((features & NETIF_F_GEN_CSUM) !== 0 ||
    ((features & NETIF_F_V4_CSUM) !== 0 && protocol === htons(ETH_P_IP)) ||
    ((features & NETIF_F_V6_CSUM) !== 0 && protocol === htons(ETH_P_IPV6)) ||
    ((features & NETIF_F_FCOE_CRC) !== 0 && protocol === htons(ETH_P_FCOE)));
}

export function netdev_get_wanted_features(dev: net_device): netdev_features_t {
  return (dev.features & ~dev.hw_features) | dev.wanted_features;
}

export function netdev_add_tso_features(features: netdev_features_t, mask: netdev_features_t): netdev_features_t {
  return netdev_increment_features(features, NETIF_F_ALL_TSO, mask);
}

export function netif_skb_features(skb: sk_buff): netdev_features_t {
  return netif_skb_dev_features(skb, skb.dev);
}

/** True when the device segments packets of that gso_type by itself. */
export function net_gso_ok(features: netdev_features_t, gso_type: number): boolean {
  const feature = gso_type << NETIF_F_GSO_SHIFT;

  return (features & feature) === feature;
}

export function skb_gso_ok(skb: sk_buff, features: netdev_features_t): boolean {
  return net_gso_ok(features, skb_shinfo(skb).gso_type) && (!skb_has_frag_list(skb) || (features & NETIF_F_FRAGLIST) !== 0);
}

export function netif_needs_gso(skb: sk_buff, features: netdev_features_t): boolean {
  return skb_is_gso(skb) && (!skb_gso_ok(skb, features) || unlikely((skb.ip_summed !== CHECKSUM_PARTIAL) && (skb.ip_summed !== CHECKSUM_UNNECESSARY)));
}

export function netif_set_gso_max_size(dev: net_device, size: number): void {
  dev.gso_max_size = size;
}

export function netif_is_bond_master(dev: net_device): boolean {
  return (dev.flags & IFF_MASTER) !== 0 && (dev.priv_flags & IFF_BONDING) !== 0;
}

export function netif_is_bond_slave(dev: net_device): boolean {
  return (dev.flags & IFF_SLAVE) !== 0 && (dev.priv_flags & IFF_BONDING) !== 0;
}

export function netdev_name(dev: net_device): string {
  if (dev.reg_state !== NETREG_REGISTERED)
    return '(unregistered net_device)';
  return dev.name;
}

/** netdev_info() and its relatives: into the run's log. */
export function netdev_info(dev: net_device, text: string): void { current.machine.log(netdev_name(dev) + ': ' + text); }
export { netdev_info as netdev_err, netdev_info as netdev_warn, netdev_info as netdev_dbg };
export function netdev_vdbg(_dev: net_device, _text: string): void { /* compiled out */ }

/** The devices of the host (a kernel global). */
declare module '../ports' { interface Host { netdev_budget: number; netdev_max_backlog: number; netdev_tstamp_prequeue: number; weight_p: number } }
export type { Host, hlist_head, skb_frag_t };
