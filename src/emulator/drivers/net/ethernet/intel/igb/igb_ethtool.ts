/** drivers/net/ethernet/intel/igb/igb_ethtool.c: what `ethtool -G` and `ethtool -C` set. */
import type { Gen } from '../../../../../include/ports';
import { clear_bit, test_and_set_bit } from '../../../../../include/linux/bitops';
import { msleep } from '../../../../../include/linux/delay';
import { ALIGN, max, min } from '../../../../../include/linux/kernel';
import type { net_device } from '../../../../../include/linux/netdevice';
import { netdev_priv, netif_running } from '../../../../../include/linux/netdevice';
import { EINVAL } from '../../../../../include/uapi/asm-generic/errno';
import {
  IGB_FLAG_DMAC, IGB_FLAG_QUEUE_PAIRS, IGB_MAX_ITR_USECS, IGB_MAX_RXD, IGB_MAX_TXD, IGB_MIN_ITR_USECS, IGB_MIN_RXD, IGB_MIN_TXD, IGB_START_ITR, REQ_RX_DESCRIPTOR_MULTIPLE, REQ_TX_DESCRIPTOR_MULTIPLE,
  __IGB_RESETTING, type igb_adapter,
} from './igb';
import { igb_down, igb_free_rx_resources, igb_free_tx_resources, igb_setup_rx_resources, igb_setup_tx_resources, igb_up } from './igb_main';

export interface ethtool_ringparam { readonly rx_pending: number; readonly tx_pending: number }
export interface ethtool_coalesce { readonly rx_coalesce_usecs: number; readonly tx_coalesce_usecs: number }

/** A running interface gives up its rings and gets new ones: the kernel's fallback to the old ones has no counterpart, memory does not run out. */
export function* igb_set_ringparam(netdev: net_device, ring: ethtool_ringparam): Gen<number> {
  const adapter: igb_adapter = netdev_priv(netdev);
  let i: number, err = 0;
  let new_rx_count: number, new_tx_count: number;

  new_rx_count = min(ring.rx_pending, IGB_MAX_RXD);
  new_rx_count = max(new_rx_count, IGB_MIN_RXD);
  new_rx_count = ALIGN(new_rx_count, REQ_RX_DESCRIPTOR_MULTIPLE);

  new_tx_count = min(ring.tx_pending, IGB_MAX_TXD);
  new_tx_count = max(new_tx_count, IGB_MIN_TXD);
  new_tx_count = ALIGN(new_tx_count, REQ_TX_DESCRIPTOR_MULTIPLE);

  if ((new_tx_count === adapter.tx_ring_count) && (new_rx_count === adapter.rx_ring_count)) {
    return 0;
  }

  while (test_and_set_bit(__IGB_RESETTING, adapter.state))
    yield* msleep(1);

  clear_reset: {
    if (!netif_running(adapter.netdev)) {
      for (i = 0; i < adapter.num_tx_queues; i++)
        adapter.tx_ring[i].count = new_tx_count;
      for (i = 0; i < adapter.num_rx_queues; i++)
        adapter.rx_ring[i].count = new_rx_count;
      adapter.tx_ring_count = new_tx_count;
      adapter.rx_ring_count = new_rx_count;
      break clear_reset;
    }

    yield* igb_down(adapter);
    if (new_tx_count !== adapter.tx_ring_count) {
      for (i = 0; i < adapter.num_tx_queues; i++) {
        igb_free_tx_resources(adapter.tx_ring[i]);
        adapter.tx_ring[i].count = new_tx_count;
        err = igb_setup_tx_resources(adapter.tx_ring[i]);
      }
      adapter.tx_ring_count = new_tx_count;
    }

    if (new_rx_count !== adapter.rx_ring_count) {
      for (i = 0; i < adapter.num_rx_queues; i++) {
        igb_free_rx_resources(adapter.rx_ring[i]);
        adapter.rx_ring[i].count = new_rx_count;
        err = igb_setup_rx_resources(adapter.rx_ring[i]);
      }
      adapter.rx_ring_count = new_rx_count;
    }
    igb_up(adapter);
  }
  clear_bit(__IGB_RESETTING, adapter.state);
  return err;
}

export function igb_set_coalesce(netdev: net_device, ec: ethtool_coalesce): number {
  const adapter: igb_adapter = netdev_priv(netdev);
  let i: number;

  if ((ec.rx_coalesce_usecs > IGB_MAX_ITR_USECS) || ((ec.rx_coalesce_usecs > 3) && (ec.rx_coalesce_usecs < IGB_MIN_ITR_USECS)) || (ec.rx_coalesce_usecs === 2))
    return -EINVAL;

  if ((ec.tx_coalesce_usecs > IGB_MAX_ITR_USECS) || ((ec.tx_coalesce_usecs > 3) && (ec.tx_coalesce_usecs < IGB_MIN_ITR_USECS)) || (ec.tx_coalesce_usecs === 2))
    return -EINVAL;

  if ((adapter.flags & IGB_FLAG_QUEUE_PAIRS) && ec.tx_coalesce_usecs)
    return -EINVAL;

  // Without moderation the coalescing of DMA has nothing to wait for.
  if (ec.rx_coalesce_usecs === 0) {
    if (adapter.flags & IGB_FLAG_DMAC)
      adapter.flags &= ~IGB_FLAG_DMAC;
  }

  // Up to three names a mode; more are microseconds, kept in quarters.
  if (ec.rx_coalesce_usecs && ec.rx_coalesce_usecs <= 3)
    adapter.rx_itr_setting = ec.rx_coalesce_usecs;
  else
    adapter.rx_itr_setting = ec.rx_coalesce_usecs << 2;

  // The same as for receiving.
  if (adapter.flags & IGB_FLAG_QUEUE_PAIRS)
    adapter.tx_itr_setting = adapter.rx_itr_setting;
  else if (ec.tx_coalesce_usecs && ec.tx_coalesce_usecs <= 3)
    adapter.tx_itr_setting = ec.tx_coalesce_usecs;
  else
    adapter.tx_itr_setting = ec.tx_coalesce_usecs << 2;

  for (i = 0; i < adapter.num_q_vectors; i++) {
    const q_vector = adapter.q_vector[i];
    q_vector.tx.work_limit = adapter.tx_work_limit;
    if (q_vector.rx.ring)
      q_vector.itr_val = adapter.rx_itr_setting;
    else
      q_vector.itr_val = adapter.tx_itr_setting;
    if (q_vector.itr_val && q_vector.itr_val <= 3)
      q_vector.itr_val = IGB_START_ITR;
    q_vector.set_itr = 1;
  }

  return 0;
}
