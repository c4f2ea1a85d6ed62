/** drivers/net/dummy.c: an Ethernet-like device that throws away what it is given. */
import { current, type Gen } from '../../include/ports';
import { u64_stats_fetch_begin_bh, u64_stats_fetch_retry_bh, u64_stats_update_begin, u64_stats_update_end } from '../../include/linux/barrier';
import { dev_kfree_skb, type sk_buff } from '../../include/linux/skbuff';
import type { net_device, net_device_ops, net_device_stats } from '../../include/linux/netdevice';
import {
  NETDEV_TX_OK, NETIF_F_FRAGLIST, NETIF_F_HIGHDMA, NETIF_F_HW_CSUM, NETIF_F_LLTX, NETIF_F_SG, NETIF_F_TSO, alloc_netdev, free_netdev, netif_carrier_off, netif_carrier_on, pcpu_dstats, register_netdevice,
} from '../../include/linux/netdevice';
import { IFF_LIVE_ADDR_CHANGE, IFF_MULTICAST, IFF_NOARP } from '../../include/linux/if';
import { eth_hw_addr_random, eth_mac_addr, eth_validate_addr, ether_setup } from '../../include/linux/etherdevice';
import { cond_resched } from '../../include/linux/sched';
import { rtnl_lock, rtnl_unlock } from '../../include/linux/rtnetlink';
import { ENOMEM } from '../../include/uapi/asm-generic/errno';

/* fake multicast ability */
function set_multicast_list(_dev: net_device): void { /* nothing to filter */ }

function dummy_get_stats64(dev: net_device, stats: net_device_stats): net_device_stats {
  let i: number;

  for (i = 0; i < dev.dstats.length; i++) {
    let dstats: pcpu_dstats;
    let tbytes: number, tpackets: number;
    let start: number;

    dstats = dev.dstats[i];
    do {
      start = u64_stats_fetch_begin_bh(dstats);
      tbytes = dstats.tx_bytes;
      tpackets = dstats.tx_packets;
    } while (u64_stats_fetch_retry_bh(dstats, start));
    stats.tx_bytes += tbytes;
    stats.tx_packets += tpackets;
  }
  return stats;
}

function dummy_xmit(skb: sk_buff, dev: net_device): number {
  const dstats = dev.dstats[current.cpu.id];

  u64_stats_update_begin(dstats);
  dstats.tx_packets++;
  dstats.tx_bytes += skb.len;
  u64_stats_update_end(dstats);

  dev_kfree_skb(skb);
  return NETDEV_TX_OK;
}

function dummy_dev_init(dev: net_device): number {
  dev.dstats = current.host.cpus.map(() => new pcpu_dstats());
  if (!dev.dstats)
    return -ENOMEM;

  return 0;
}

function dummy_dev_uninit(dev: net_device): void {
  dev.dstats = null;
}

function dummy_change_carrier(dev: net_device, new_carrier: boolean): number {
  if (new_carrier)
    netif_carrier_on(dev);
  else
    netif_carrier_off(dev);
  return 0;
}

const dummy_netdev_ops: net_device_ops = {
  ndo_init: dummy_dev_init,
  ndo_uninit: dummy_dev_uninit,
  ndo_start_xmit: dummy_xmit,
  ndo_validate_addr: eth_validate_addr,
  ndo_set_rx_mode: set_multicast_list,
  ndo_set_mac_address: eth_mac_addr,
  ndo_get_stats64: dummy_get_stats64,
  ndo_change_carrier: dummy_change_carrier,
};

function dummy_setup(dev: net_device): void {
  ether_setup(dev);

  /* Initialize the device structure. */
  dev.netdev_ops = dummy_netdev_ops;
  dev.destructor = free_netdev;

  /* Fill in device structure with ethernet-generic values. */
  dev.tx_queue_len = 0;
  dev.flags |= IFF_NOARP;
  dev.flags &= ~IFF_MULTICAST;
  dev.priv_flags |= IFF_LIVE_ADDR_CHANGE;
  dev.features |= NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_TSO;
  dev.features |= NETIF_F_HW_CSUM | NETIF_F_HIGHDMA | NETIF_F_LLTX;
  eth_hw_addr_random(dev);
}

const dummy_link_ops = { kind: 'dummy' };

function* dummy_init_one(): Gen<number> {
  let dev_dummy: net_device;
  let err: number;

  dev_dummy = alloc_netdev(null, 'dummy%d', dummy_setup);
  if (!dev_dummy)
    return -ENOMEM;

  dev_dummy.rtnl_link_ops = dummy_link_ops;
  err = yield* register_netdevice(dev_dummy);
  if (err < 0) {
    free_netdev(dev_dummy);
    return err;
  }
  return 0;
}

/** Loading the module, with its parameter `numdummies`. */
export function* dummy_init_module(numdummies: number): Gen<number> {
  let i: number, err = 0;

  yield* rtnl_lock();
  for (i = 0; i < numdummies && !err; i++) {
    err = yield* dummy_init_one();
    yield* cond_resched();
  }
  yield* rtnl_unlock();

  return err;
}
