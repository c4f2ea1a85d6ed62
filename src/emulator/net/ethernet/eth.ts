/** net/ethernet/eth.c: the Ethernet header. */
import { unlikely } from '../../include/linux/compiler';
import { memcpy, memset } from '../../include/linux/string';
import { htons, ntohs } from '../../include/linux/types';
import type { sk_buff } from '../../include/linux/skbuff';
import { skb_pull_inline, skb_push, skb_reset_mac_header } from '../../include/linux/skbuff';
import type { header_ops, hh_cache, net_device } from '../../include/linux/netdevice';
import { HH_DATA_OFF, alloc_netdev_mqs, netdev_uses_dsa_tags, netdev_uses_trailer_tags, netif_running } from '../../include/linux/netdevice';
import { ETH_ALEN, ETH_DATA_LEN, ETH_HLEN, ETH_P_802_2, ETH_P_802_3, ETH_P_802_3_MIN, ETH_P_IP, ETH_P_TRAILER, eth_hdr, ethhdr } from '../../include/linux/if_ether';
import { ether_addr_equal_64bits, is_multicast_ether_addr, is_valid_ether_addr } from '../../include/linux/etherdevice';
import { IFF_BROADCAST, IFF_LIVE_ADDR_CHANGE, IFF_LOOPBACK, IFF_MULTICAST, IFF_NOARP, IFF_TX_SKB_SHARING } from '../../include/linux/if';
import { PACKET_BROADCAST, PACKET_MULTICAST, PACKET_OTHERHOST } from '../../include/linux/if_packet';
import { ARPHRD_ETHER } from '../../include/linux/if_arp';
import type { neighbour } from '../../include/net/neighbour';
import { current } from '../../include/ports';
import { EADDRNOTAVAIL, EBUSY, EINVAL } from '../../include/uapi/asm-generic/errno';

const ETH_P_DSA = 0x001b;

/** Pushes an Ethernet header; returns its length, negative when the destination is not known yet. */
export function eth_header(skb: sk_buff, dev: net_device, type: number, daddr: Uint8Array, saddr: Uint8Array, len: number): number {
  const eth = new ethhdr(skb.head, skb_push(skb, ETH_HLEN));

  if (type !== ETH_P_802_3 && type !== ETH_P_802_2)
    eth.h_proto = htons(type);
  else
    eth.h_proto = htons(len);

  if (!saddr)
    saddr = dev.dev_addr;
  memcpy(eth.bytes, eth.offset + ETH_ALEN, saddr, 0, ETH_ALEN);

  if (daddr) {
    memcpy(eth.bytes, eth.offset, daddr, 0, ETH_ALEN);
    return ETH_HLEN;
  }

  if (dev.flags & (IFF_LOOPBACK | IFF_NOARP)) {
    memset(eth.bytes, eth.offset, 0, ETH_ALEN);
    return ETH_HLEN;
  }

  return -ETH_HLEN;
}

export function eth_rebuild_header(skb: sk_buff): number {
  const eth = new ethhdr(skb.head, skb.data);
  const dev = skb.dev;

  switch (eth.h_proto) {
    case ETH_P_IP:
      /* DEVIATION: the old interface of ARP is not modelled; nothing calls it since neighbours have header caches */
      return 1;
    default:
      current.machine.log(`${dev.name}: unable to resolve type ${ntohs(eth.h_proto).toString(16)} addresses.`);

      eth.h_source = dev.dev_addr;
      break;
  }

  return 0;
}

/** Takes the Ethernet header off a received packet, sets pkt_type and device, and returns the protocol. */
export function eth_type_trans(skb: sk_buff, dev: net_device): number {
  let eth: ethhdr;

  skb.dev = dev;
  skb_reset_mac_header(skb);
  skb_pull_inline(skb, ETH_HLEN);
  eth = eth_hdr(skb);

  if (unlikely(is_multicast_ether_addr(eth.h_dest))) {
    if (ether_addr_equal_64bits(eth.h_dest, dev.broadcast))
      skb.pkt_type = PACKET_BROADCAST;
    else
      skb.pkt_type = PACKET_MULTICAST;
  } else if (1) {
    if (unlikely(!ether_addr_equal_64bits(eth.h_dest, dev.dev_addr)))
      skb.pkt_type = PACKET_OTHERHOST;
  }

  if (netdev_uses_dsa_tags(dev))
    return htons(ETH_P_DSA);
  if (netdev_uses_trailer_tags(dev))
    return htons(ETH_P_TRAILER);

  if (ntohs(eth.h_proto) >= ETH_P_802_3_MIN)
    return eth.h_proto;

  if (skb.len >= 2 && skb.head[skb.data] === 0xff && skb.head[skb.data + 1] === 0xff)
    return htons(ETH_P_802_3);

  return htons(ETH_P_802_2);
}

export function eth_header_parse(skb: sk_buff, haddr: Uint8Array): number {
  const eth = eth_hdr(skb);
  haddr.set(eth.h_source);
  return ETH_ALEN;
}

/** Prepares a cached header for the neighbour; -1 when the type cannot be cached. */
export function eth_header_cache(neigh: neighbour, hh: hh_cache, type: number): number {
  let eth: ethhdr;
  const dev = neigh.dev;

  eth = new ethhdr(hh.hh_data, HH_DATA_OFF(ETH_HLEN));

  if (type === htons(ETH_P_802_3))
    return -1;

  eth.h_proto = type;
  memcpy(eth.bytes, eth.offset + ETH_ALEN, dev.dev_addr, 0, ETH_ALEN);
  memcpy(eth.bytes, eth.offset, neigh.ha, 0, ETH_ALEN);
  hh.hh_len = ETH_HLEN;
  return 0;
}

export function eth_header_cache_update(hh: hh_cache, dev: net_device, haddr: Uint8Array): void {
  hh.hh_data.set(haddr.subarray(0, ETH_ALEN), HH_DATA_OFF(ETH_HLEN));
}

export function eth_prepare_mac_addr_change(dev: net_device, addr: Uint8Array): number {
  if (!(dev.priv_flags & IFF_LIVE_ADDR_CHANGE) && netif_running(dev))
    return -EBUSY;
  if (!is_valid_ether_addr(addr))
    return -EADDRNOTAVAIL;
  return 0;
}

export function eth_commit_mac_addr_change(dev: net_device, addr: Uint8Array): void {
  dev.dev_addr.set(addr.subarray(0, ETH_ALEN));
}

export function eth_mac_addr(dev: net_device, addr: Uint8Array): number {
  let ret: number;

  ret = eth_prepare_mac_addr_change(dev, addr);
  if (ret < 0)
    return ret;
  eth_commit_mac_addr_change(dev, addr);
  return 0;
}

export function eth_change_mtu(dev: net_device, new_mtu: number): number {
  if (new_mtu < 68 || new_mtu > ETH_DATA_LEN)
    return -EINVAL;
  dev.mtu = new_mtu;
  return 0;
}

export function eth_validate_addr(dev: net_device): number {
  if (!is_valid_ether_addr(dev.dev_addr))
    return -EADDRNOTAVAIL;

  return 0;
}

export const eth_header_ops: header_ops = {
  create: eth_header,
  parse: eth_header_parse,
  rebuild: eth_rebuild_header,
  cache: eth_header_cache,
  cache_update: eth_header_cache_update,
};

export function ether_setup(dev: net_device): void {
  dev.header_ops = eth_header_ops;
  dev.type = ARPHRD_ETHER;
  dev.hard_header_len = ETH_HLEN;
  dev.mtu = ETH_DATA_LEN;
  dev.addr_len = ETH_ALEN;
  dev.tx_queue_len = 1000;
  dev.flags = IFF_BROADCAST | IFF_MULTICAST;
  dev.priv_flags |= IFF_TX_SKB_SHARING;

  dev.broadcast.fill(0xff, 0, ETH_ALEN);
}

/** A macro in the kernel. */
export function alloc_etherdev_mq(priv: unknown, count: number): net_device { return alloc_etherdev_mqs(priv, count, count); }
export function alloc_etherdev_mqs(priv: unknown, txqs: number, rxqs: number): net_device {
  return alloc_netdev_mqs(priv, 'eth%d', ether_setup, txqs, rxqs);
}
