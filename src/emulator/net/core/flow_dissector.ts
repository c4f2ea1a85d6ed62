/** net/core/flow_dissector.c: flow hashes, and the choice of the transmit queue. */
import type { Host } from '../../include/ports';
import { current } from '../../include/ports';
import { unlikely } from '../../include/linux/compiler';
import { max } from '../../include/linux/kernel';
import { jhash_1word, jhash_3words } from '../../include/linux/jhash';
import { raw_smp_processor_id } from '../../include/linux/smp';
import { rcu_access_pointer, rcu_dereference, rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { get_random_int } from '../../include/linux/random';
import type { sk_buff } from '../../include/linux/skbuff';
import { skb_get_rx_queue, skb_header_pointer, skb_network_offset, skb_rx_queue_recorded, skb_set_queue_mapping } from '../../include/linux/skbuff';
import type { net_device, netdev_queue, xps_dev_maps, xps_map } from '../../include/linux/netdevice';
import { netdev_get_prio_tc_map, netdev_get_tx_queue, skb_tx_hash } from '../../include/linux/netdevice';
import { ETH_P_8021Q, ETH_P_IP } from '../../include/linux/if_ether';
import { sk_tx_queue_get, sk_tx_queue_set } from '../../include/net/sock';
import { flow_keys } from '../../include/net/flow_keys';

declare module '../../include/ports' { interface Host { hashrnd: number } }
export function flow_dissector_globals(host: Host): void { host.hashrnd = 0; }

const IPPROTO_ICMP = 1, IPPROTO_IGMP = 2, IPPROTO_IPIP = 4, IPPROTO_TCP = 6, IPPROTO_UDP = 17, IPPROTO_DCCP = 33, IPPROTO_ESP = 50, IPPROTO_AH = 51, IPPROTO_SCTP = 132, IPPROTO_UDPLITE = 136;

class raw_view {
  readonly b: Uint8Array;
  readonly o: number;
  constructor(b: Uint8Array, o: number) { this.b = b; this.o = o; }
  u16(at: number): number { return (this.b[this.o + at] << 8) | this.b[this.o + at + 1]; }
  u32(at: number): number { return ((this.u16(at) << 16) | this.u16(at + 2)) >>> 0; }
}
class iphdr_view extends raw_view {
  get ihl(): number { return this.b[this.o] & 0xf; }
  get protocol(): number { return this.b[this.o + 9]; }
  get frag_off(): number { return this.u16(6); }
  get saddr(): number { return this.u32(12); }
  get daddr(): number { return this.u32(16); }
}

function ip_is_fragment(iph: iphdr_view): boolean { return (iph.frag_off & 0x3fff) !== 0; }

export function iph_to_flow_copy_addrs(flow: flow_keys, iph: iphdr_view): void {
  flow.src = iph.saddr;
  flow.dst = iph.daddr;
}

function proto_ports_offset(proto: number): number {
  switch (proto) {
    case IPPROTO_TCP:
    case IPPROTO_UDP:
    case IPPROTO_DCCP:
    case IPPROTO_ESP:
    case IPPROTO_SCTP:
    case IPPROTO_UDPLITE:
      return 0;
    case IPPROTO_AH:
      return 4;
    default:
      return -22;
  }
}

/** Reads addresses, protocol and ports of a packet; false when it is none that it knows. DEVIATION: no IPv6, PPPoE, GRE. */
export function skb_flow_dissect(skb: sk_buff, flow: flow_keys): boolean {
  let poff: number, nhoff = skb_network_offset(skb);
  let ip_proto: number;
  let proto = skb.protocol;

  again: for (;;) {
    switch (proto) {
      case ETH_P_IP: {
        let iph: iphdr_view;
        iph = skb_header_pointer(skb, nhoff, 20, iphdr_view);
        if (!iph || iph.ihl < 5)
          return false;

        if (ip_is_fragment(iph))
          ip_proto = 0;
        else
          ip_proto = iph.protocol;
        iph_to_flow_copy_addrs(flow, iph);
        nhoff += iph.ihl * 4;
        break;
      }
      case ETH_P_8021Q: {
        let vlan: raw_view;

        vlan = skb_header_pointer(skb, nhoff, 4, raw_view);
        if (!vlan)
          return false;

        proto = vlan.u16(2);
        nhoff += 4;
        continue again;
      }
      default:
        return false;
    }

    switch (ip_proto) {
      case IPPROTO_IPIP:
        continue again;
      default:
        break;
    }
    break;
  }

  flow.ip_proto = ip_proto;
  poff = proto_ports_offset(ip_proto);
  if (poff >= 0) {
    let ports: raw_view;

    ports = skb_header_pointer(skb, nhoff + poff, 4, raw_view);
    if (ports)
      flow.ports = ports.u32(0);
  }

  flow.thoff = nhoff;

  return true;
}

/** Sets skb->rxhash, the same for both directions of a flow. */
export function __skb_get_rxhash(skb: sk_buff): void {
  const keys = new flow_keys();
  let hash: number;

  if (!skb_flow_dissect(skb, keys))
    return;

  if (keys.ports)
    skb.l4_rxhash = 1;

  if ((keys.dst < keys.src) || ((keys.dst === keys.src) && (keys.port1 < keys.port0))) {
    const dst = keys.dst;
    keys.dst = keys.src;
    keys.src = dst;
    keys.ports = ((keys.port1 << 16) | keys.port0) >>> 0;
  }

  hash = jhash_3words(keys.dst, keys.src, keys.ports, current.host.hashrnd);
  if (!hash)
    hash = 1;

  skb.rxhash = hash;
}

/** A queue number below `num_tx_queues`, the same for all packets of a socket. */
export function __skb_tx_hash(dev: net_device, skb: sk_buff, num_tx_queues: number): number {
  let hash: number;
  let qoffset = 0;
  let qcount = num_tx_queues;

  if (skb_rx_queue_recorded(skb)) {
    hash = skb_get_rx_queue(skb);
    while (unlikely(hash >= num_tx_queues))
      hash -= num_tx_queues;
    return hash;
  }

  if (dev.num_tc) {
    const tc = netdev_get_prio_tc_map(dev, skb.priority);
    qoffset = dev.tc_to_txq[tc].offset;
    qcount = dev.tc_to_txq[tc].count;
  }

  if (skb.sk && skb.sk.sk_hash)
    hash = skb.sk.sk_hash;
  else
    hash = skb.protocol;
  hash = jhash_1word(hash, current.host.hashrnd);

  return Math.floor((hash * qcount) / 0x100000000) + qoffset;
}

/** Offset of the payload behind the transport header. */
export function __skb_get_poff(skb: sk_buff): number {
  const keys = new flow_keys();
  let poff = 0;

  if (!skb_flow_dissect(skb, keys))
    return 0;

  poff += keys.thoff;
  switch (keys.ip_proto) {
    case IPPROTO_TCP: {
      let tcph: raw_view;

      tcph = skb_header_pointer(skb, poff, 20, raw_view);
      if (!tcph)
        return poff;

      poff += max(20, (tcph.b[tcph.o + 12] >> 4) * 4);
      break;
    }
    case IPPROTO_UDP:
    case IPPROTO_UDPLITE:
      poff += 8;
      break;
    case IPPROTO_ICMP:
      poff += 8;
      break;
    case IPPROTO_IGMP:
      poff += 8;
      break;
  }

  return poff;
}

export function dev_cap_txqueue(dev: net_device, queue_index: number): number {
  if (unlikely(queue_index >= dev.real_num_tx_queues)) {
    current.machine.log(`${dev.name} selects TX queue ${queue_index}, but real number of TX queues is ${dev.real_num_tx_queues}`);
    return 0;
  }
  return queue_index;
}

/** The queue that transmit packet steering gives this CPU, or -1. */
export function get_xps_queue(dev: net_device, skb: sk_buff): number {
  let dev_maps: xps_dev_maps;
  let map: xps_map;
  let queue_index = -1;

  rcu_read_lock();
  dev_maps = rcu_dereference(dev.xps_maps);
  if (dev_maps) {
    map = rcu_dereference(dev_maps.cpu_map[raw_smp_processor_id()]);
    if (map) {
      if (map.len === 1)
        queue_index = map.queues[0];
      else {
        let hash: number;
        if (skb.sk && skb.sk.sk_hash)
          hash = skb.sk.sk_hash;
        else
          hash = skb.protocol ^ skb.rxhash;
        hash = jhash_1word(hash, current.host.hashrnd);
        queue_index = map.queues[Math.floor((hash * map.len) / 0x100000000)];
      }
      if (unlikely(queue_index >= dev.real_num_tx_queues))
        queue_index = -1;
    }
  }
  rcu_read_unlock();

  return queue_index;
}

/** The queue of the packet: the one its socket remembers, else by steering, else by hash. */
export function __netdev_pick_tx(dev: net_device, skb: sk_buff): number {
  const sk = skb.sk;
  let queue_index = sk_tx_queue_get(sk);

  if (queue_index < 0 || skb.ooo_okay || queue_index >= dev.real_num_tx_queues) {
    let new_index = get_xps_queue(dev, skb);
    if (new_index < 0)
      new_index = skb_tx_hash(dev, skb);

    if (queue_index !== new_index && sk && rcu_access_pointer(sk.sk_dst_cache))
      sk_tx_queue_set(sk, new_index);

    queue_index = new_index;
  }

  return queue_index;
}

export function netdev_pick_tx(dev: net_device, skb: sk_buff): netdev_queue {
  let queue_index = 0;

  if (dev.real_num_tx_queues !== 1) {
    const ops = dev.netdev_ops;
    if (ops.ndo_select_queue)
      queue_index = ops.ndo_select_queue(dev, skb);
    else
      queue_index = __netdev_pick_tx(dev, skb);
    queue_index = dev_cap_txqueue(dev, queue_index);
  }

  skb_set_queue_mapping(skb, queue_index);
  return netdev_get_tx_queue(dev, queue_index);
}

/** late_initcall_sync: the key of the hashes. */
export function initialize_hashrnd(): number {
  current.host.hashrnd = get_random_int();
  return 0;
}
