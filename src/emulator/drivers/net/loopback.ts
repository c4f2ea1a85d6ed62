/** drivers/net/loopback.c: what is sent is received, through this CPU's backlog. */
import type { Gen } from '../../include/ports';
import { current } from '../../include/ports';
import { likely } from '../../include/linux/compiler';
import { u64_stats_update_begin, u64_stats_update_end } from '../../include/linux/barrier';
import type { sk_buff } from '../../include/linux/skbuff';
import { skb_orphan } from '../../include/linux/skbuff';
import { skb_dst_force } from '../../include/net/dst';
import type { net_device, net_device_ops, net_device_stats } from '../../include/linux/netdevice';
import {
  NETDEV_TX_OK, NET_RX_SUCCESS, NETIF_F_ALL_TSO, NETIF_F_FRAGLIST, NETIF_F_HIGHDMA, NETIF_F_HW_CSUM, NETIF_F_LLTX, NETIF_F_LOOPBACK, NETIF_F_NETNS_LOCAL, NETIF_F_RXCSUM,
  NETIF_F_SG, NETIF_F_UFO, NETIF_F_VLAN_CHALLENGED, alloc_netdev, dev_net_set, free_netdev, netif_rx, pcpu_lstats, register_netdev,
} from '../../include/linux/netdevice';
import { IFF_LOOPBACK, IFF_XMIT_DST_RELEASE } from '../../include/linux/if';
import { ETH_ALEN, ETH_HLEN } from '../../include/linux/if_ether';
import { eth_header_ops, eth_type_trans } from '../../include/linux/etherdevice';
import { ARPHRD_LOOPBACK } from '../../include/linux/if_arp';
import { BUG_ON } from '../../include/asm-generic/bug';
import type { net } from '../../include/net/net_namespace';
import { ENOMEM } from '../../include/uapi/asm-generic/errno';

export function loopback_xmit(skb: sk_buff, dev: net_device): number {
  let lb_stats: pcpu_lstats;
  let len: number;

  skb_orphan(skb);

  skb_dst_force(skb);

  skb.protocol = eth_type_trans(skb, dev);

  lb_stats = dev.lstats[current.cpu.id];

  len = skb.len;
  if (likely(netif_rx(skb) === NET_RX_SUCCESS)) {
    u64_stats_update_begin(lb_stats);
    lb_stats.bytes += len;
    lb_stats.packets++;
    u64_stats_update_end(lb_stats);
  }

  return NETDEV_TX_OK;
}

export function loopback_get_stats64(dev: net_device, stats: net_device_stats): net_device_stats {
  let bytes = 0;
  let packets = 0;
  let i: number;

  for (i = 0; i < dev.lstats.length; i++) {
    const lb_stats = dev.lstats[i];
    bytes += lb_stats.bytes;
    packets += lb_stats.packets;
  }
  stats.rx_packets = packets;
  stats.tx_packets = packets;
  stats.rx_bytes = bytes;
  stats.tx_bytes = bytes;
  return stats;
}

export function loopback_dev_init(dev: net_device): number {
  dev.lstats = current.host.cpus.map(() => new pcpu_lstats());
  if (!dev.lstats)
    return -ENOMEM;

  return 0;
}

export function loopback_dev_free(dev: net_device): void {
  dev.lstats = null;
  free_netdev(dev);
}

export const loopback_ops: net_device_ops = {
  ndo_init: loopback_dev_init,
  ndo_start_xmit: loopback_xmit,
  ndo_get_stats64: loopback_get_stats64,
};

/** What the loopback device has in common with no other. */
export function loopback_setup(dev: net_device): void {
  dev.mtu = 64 * 1024;
  dev.hard_header_len = ETH_HLEN;
  dev.addr_len = ETH_ALEN;
  dev.tx_queue_len = 0;
  dev.type = ARPHRD_LOOPBACK;
  dev.flags = IFF_LOOPBACK;
  dev.priv_flags &= ~IFF_XMIT_DST_RELEASE;
  dev.hw_features = NETIF_F_ALL_TSO | NETIF_F_UFO;
  dev.features = NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_ALL_TSO | NETIF_F_UFO | NETIF_F_HW_CSUM | NETIF_F_RXCSUM | NETIF_F_HIGHDMA | NETIF_F_LLTX | NETIF_F_NETNS_LOCAL
    | NETIF_F_VLAN_CHALLENGED | NETIF_F_LOOPBACK;
  dev.ethtool_ops = {};
  dev.header_ops = eth_header_ops;
  dev.netdev_ops = loopback_ops;
  dev.destructor = loopback_dev_free;
}

/** Boot: the one loopback device of the namespace. */
export function* loopback_net_init(net: net): Gen<number> {
  let dev: net_device;
  let err: number;

  err = -ENOMEM;
  dev = alloc_netdev(null, 'lo', loopback_setup);
  if (!dev)
    return err;

  dev_net_set(dev, net);
  err = yield* register_netdev(dev);
  if (err) {
    free_netdev(dev);
    return err;
  }

  BUG_ON(dev.ifindex !== 1);
  net.loopback_dev = dev;
  return 0;
}
