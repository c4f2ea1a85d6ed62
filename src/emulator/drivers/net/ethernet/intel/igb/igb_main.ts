/** drivers/net/ethernet/intel/igb/igb_main.c: the driver of the 82575 family, for the 82576 that the hosts have. */
import type { Gen } from '../../../../../include/ports';
import { current } from '../../../../../include/ports';
import { clear_bit, set_bit, test_and_set_bit, test_bit } from '../../../../../include/linux/bitops';
import { likely, unlikely } from '../../../../../include/linux/compiler';
import { BUG, WARN_ON } from '../../../../../include/asm-generic/bug';
import { ALIGN, DIV_ROUND_UP, max, min } from '../../../../../include/linux/kernel';
import { HZ, jiffies, time_after } from '../../../../../include/linux/jiffies';
import { GFP_ATOMIC, GFP_KERNEL, __GFP_COLD } from '../../../../../include/linux/gfp';
import { spin_lock, spin_lock_init, spin_unlock } from '../../../../../include/linux/spinlock';
import { atomic_set } from '../../../../../include/linux/atomic';
import { num_online_cpus } from '../../../../../include/linux/smp';
import { mdelay, msleep } from '../../../../../include/linux/delay';
import { IRQF_SHARED, IRQ_HANDLED, free_irq, in_interrupt, request_irq, synchronize_irq } from '../../../../../include/linux/interrupt';
import { del_timer_sync, mod_timer, round_jiffies, setup_timer } from '../../../../../include/linux/timer';
import type { work_struct } from '../../../../../include/linux/workqueue';
import { INIT_WORK, schedule_work } from '../../../../../include/linux/workqueue';
import { iomem_ptr, readl, writel } from '../../../../../include/linux/io';
import {
  DMA_FROM_DEVICE, DMA_TO_DEVICE, dma_add, dma_alloc_coherent, dma_free_coherent, dma_map_page, dma_map_single, dma_mapping_error, dma_sync_single_range_for_cpu,
  dma_sync_single_range_for_device, dma_unmap_addr, dma_unmap_addr_set, dma_unmap_len, dma_unmap_len_set, dma_unmap_page, dma_unmap_single,
} from '../../../../../include/linux/dma-mapping';
import {
  PCI_VENDOR_ID_INTEL, msix_entry, pci_channel_offline, pci_disable_device, pci_disable_msi, pci_disable_msix, pci_enable_device_mem, pci_enable_msi, pci_enable_msix, pci_get_drvdata,
  pci_ioremap_bar, pci_name, pci_register_driver, pci_release_selected_regions, pci_request_selected_regions, pci_save_state, pci_set_drvdata, pci_set_master,
  pcie_capability_read_word, pcie_capability_write_word,
} from '../../../../../include/linux/pci';
import type { pci_dev, pci_device_id, pci_driver } from '../../../../../include/linux/pci';
import type { page } from '../../../../../include/linux/mm';
import { PAGE_SIZE, __free_page, numa_node_id, page_address, page_count, page_to_nid, put_page } from '../../../../../include/linux/mm';
import type { skb_frag_t, sk_buff } from '../../../../../include/linux/skbuff';
import {
  CHECKSUM_PARTIAL, CHECKSUM_UNNECESSARY, SKBTX_HW_TSTAMP, SKBTX_IN_PROGRESS, __skb_alloc_page, __skb_put, dev_kfree_skb, netdev_alloc_skb_ip_align, pskb_expand_head,
  skb_add_rx_frag, skb_checksum_none_assert, skb_frag_address, skb_frag_dma_map, skb_frag_size, skb_frag_size_sub, skb_get, skb_header_cloned, skb_headlen, skb_is_gso,
  skb_is_gso_v6, skb_is_nonlinear, skb_network_header_len, skb_network_offset, skb_pad, skb_record_rx_queue, skb_set_tail_pointer, skb_shinfo, skb_transport_offset, skb_tx_timestamp,
  skb_copy_to_linear_data,
} from '../../../../../include/linux/skbuff';
import type { napi_struct, net_device, net_device_ops, net_device_stats, netdev_features_t } from '../../../../../include/linux/netdevice';
import {
  IFF_ALLMULTI, IFF_PROMISC, NETDEV_TX_BUSY, NETDEV_TX_OK, NETIF_F_HIGHDMA, NETIF_F_HW_VLAN_CTAG_FILTER, NETIF_F_HW_VLAN_CTAG_RX, NETIF_F_HW_VLAN_CTAG_TX, NETIF_F_IPV6_CSUM,
  NETIF_F_IP_CSUM, NETIF_F_RXALL, NETIF_F_RXCSUM, NETIF_F_RXHASH, NETIF_F_SCTP_CSUM, NETIF_F_SG, NETIF_F_TSO, NETIF_F_TSO6, SET_NETDEV_DEV, __netif_subqueue_stopped,
  dev_kfree_skb_any, free_netdev, napi_complete, napi_disable, napi_enable, napi_gro_receive, napi_schedule, netdev_err, netdev_info, netdev_mc_count, netdev_mc_empty, netdev_priv,
  netdev_tx_completed_queue, netdev_tx_reset_queue, netdev_tx_sent_queue, netdev_uc_count, netdev_uc_empty, netdev_warn, netif_carrier_off, netif_carrier_ok, netif_carrier_on,
  netif_napi_add, netif_napi_del, netif_running, netif_set_real_num_rx_queues, netif_set_real_num_tx_queues, netif_stop_subqueue, netif_tx_start_all_queues, netif_tx_stop_all_queues,
  netif_wake_subqueue, register_netdev,
} from '../../../../../include/linux/netdevice';
import { ETH_ALEN, ETH_FCS_LEN, ETH_FRAME_LEN, ETH_HLEN, ETH_P_8021Q, ETH_P_IP, ETH_P_IPV6, ETH_ZLEN } from '../../../../../include/linux/if_ether';
import { mmiowb, prefetch, prefetchw, read_barrier_depends, rmb, smp_mb, u64_stats_update_begin, u64_stats_update_end, wmb } from '../../../../../include/linux/barrier';
import { memcpy } from '../../../../../include/linux/string';
import { alloc_etherdev_mq, eth_type_trans, eth_validate_addr, is_valid_ether_addr } from '../../../../../include/linux/etherdevice';
import { VLAN_HLEN, __vlan_hwaccel_put_tag, vlan_get_protocol, vlan_tx_tag_get, vlan_tx_tag_present } from '../../../../../include/linux/if_vlan';
import { IFF_SUPP_NOFCS, IFF_UNICAST_FLT } from '../../../../../include/linux/if';
import { htons } from '../../../../../include/linux/types';
import { ip_hdr, iphdr } from '../../../../../include/linux/ip';
import { IPPROTO_SCTP, IPPROTO_TCP, IPPROTO_UDP } from '../../../../../include/linux/in';
import { tcp_hdr, tcp_hdrlen } from '../../../../../include/linux/tcp';
import { csum_tcpudp_magic } from '../../../../../include/net/checksum';
import { EADDRNOTAVAIL, EBUSY, EINVAL, EIO, ENOMEM, EOPNOTSUPP } from '../../../../../include/uapi/asm-generic/errno';
import type { e1000_hw, e1000_info } from './e1000_hw';
import {
  E1000_DEV_ID_82576, e1000_82575, e1000_82576, e1000_82580, e1000_adv_rx_desc, e1000_adv_tx_desc, e1000_fc_default, e1000_i210, e1000_i211, e1000_i350, e1000_i354,
  e1000_media_type_copper, e1000_media_type_internal_serdes, e1000_ms_hw_default,
} from './e1000_hw';
import {
  AUTO_ALL_MODES, DESC_NEEDED, IGB_20K_ITR, IGB_4K_ITR, IGB_70K_ITR, IGB_DEFAULT_ITR, IGB_DEFAULT_RXD, IGB_DEFAULT_TXD, IGB_DEFAULT_TX_WORK, IGB_EEPROM_APME, IGB_FLAG_HAS_MSI,
  IGB_FLAG_QUEUE_PAIRS, IGB_FLAG_RSS_FIELD_IPV4_UDP, IGB_FLAG_RSS_FIELD_IPV6_UDP, IGB_FLAG_WOL_SUPPORTED, IGB_MAX_DATA_PER_TXD, IGB_MAX_RX_QUEUES, IGB_MAX_TX_QUEUES, IGB_MNG_VLAN_NONE,
  IGB_RING_FLAG_RX_LB_VLAN_BSWAP, IGB_RING_FLAG_RX_SCTP_CSUM, IGB_RING_FLAG_TX_CTX_IDX, IGB_RING_FLAG_TX_DETECT_HANG, IGB_RX_BUFFER_WRITE, IGB_RX_BUFSZ, IGB_RX_DESC, IGB_RX_HDR_LEN,
  IGB_RX_HTHRESH, IGB_RX_PTHRESH, IGB_RX_WTHRESH, IGB_START_ITR, IGB_TS_HDR_LEN, IGB_TXD_DCMD, IGB_TX_CTXTDESC, IGB_TX_DESC, IGB_TX_FLAGS_CSUM, IGB_TX_FLAGS_IPV4, IGB_TX_FLAGS_TSO,
  IGB_TX_FLAGS_TSTAMP, IGB_TX_FLAGS_VLAN, IGB_TX_FLAGS_VLAN_MASK, IGB_TX_FLAGS_VLAN_SHIFT, IGB_TX_HTHRESH, IGB_TX_PTHRESH, IGB_TX_WTHRESH, IGB_VF_FLAG_CTS, IGB_VF_FLAG_MULTI_PROMISC,
  IGB_VF_FLAG_PF_SET_MAC, IGB_FLAG_DMAC, TXD_USE_COUNT, __IGB_DOWN, __IGB_RESETTING, __IGB_TESTING, igb_adapter, igb_desc_unused, igb_get_phy_info, igb_ptp_rx_hwtstamp,
  igb_q_vector, igb_read_phy_reg, igb_reset_phy, igb_ring, igb_ring_container, igb_rx_buffer, igb_test_staterr, igb_tx_buffer, txring_txq,
} from './igb';
import * as R from './e1000_regs';
import * as D from './e1000_defines';
import { array_rd32, array_wr32, rd32, wr32, wrfl } from './e1000_regs';
import { e1000_82575_info, igb_power_down_phy_copper_82575, igb_rx_fifo_flush_82575, igb_vmdq_set_loopback_pf, igb_vmdq_set_replication_pf } from './e1000_82575';
import { igb_check_reset_block, igb_power_up_phy_copper, igb_check_downshift } from './e1000_phy';
import { igb_config_collision_dist, igb_enable_mng_pass_thru, igb_force_mac_fc, igb_setup_link, igb_update_mc_addr_list, igb_validate_mdi_setting } from './e1000_mac';
import { igb_ptp_init, igb_ptp_reset, igb_ptp_rx_hang, igb_ptp_rx_pktstamp, igb_ptp_tx_work } from './igb_ptp';
export { igb_ptp_tx_work };

const SPEED_10 = 10, SPEED_100 = 100, SPEED_1000 = 1000, FULL_DUPLEX = 2;
const MAX_JUMBO_FRAME_SIZE = 0x3f00, MAX_STD_JUMBO_FRAME_SIZE = 9238;
const ETHERNET_IEEE_VLAN_TYPE = 0x8100;
const NETDEV_FRAG_PAGE_MAX_SIZE = 32768;
const TX_WAKE_THRESHOLD = DESC_NEEDED * 2;
const IP_OFFSET = 0x1fff;
const PHY_IDLE_ERROR_COUNT_MASK = 0x00ff;
const IGB_STAGGERED_QUEUE_OFFSET = 8;
const IGB_N0_QUEUE = -1;
const lowest_latency = 0, low_latency = 1, bulk_latency = 2;

export const igb_driver_name = 'igb';
export const igb_driver_version = '5.0.3-k';
const board_82575 = 0;
/** The table of boards has one row; a function, since modules load in any order. */
function igb_info(_board: number): e1000_info { return e1000_82575_info; }

function dev_dbg(_dev: unknown, _value: number): void { /* compiled out */ }
function dev_err(_dev: unknown, text: string): void { current.machine.log('igb: ' + text); }
function dev_info(_dev: unknown, text: string): void { current.machine.log('igb: ' + text); }
function container_of_adapter(work: work_struct): igb_adapter { return work.owner; }

/** module_init: registers the driver, which probes the functions on the bus. */
export function* igb_init_module(): Gen<number> {
  let ret: number;
  current.machine.log(`Intel(R) Gigabit Ethernet Network Driver - version ${igb_driver_version}`);

  ret = yield* pci_register_driver(igb_driver);
  return ret;
}

function Q_IDX_82576(i: number): number { return ((i & 0x1) << 3) + (i >> 1); }

/** Which hardware queue each ring is. */
export function igb_cache_ring_register(adapter: igb_adapter): void {
  let i = 0, j = 0;
  const rbase_offset = adapter.vfs_allocated_count;

  switch (adapter.hw.mac.type) {
    case e1000_82576:
      if (adapter.vfs_allocated_count) {
        for (; i < adapter.rss_queues; i++)
          adapter.rx_ring[i].reg_idx = rbase_offset + Q_IDX_82576(i);
      }
    /* falls through */
    case e1000_82575:
    case e1000_82580:
    case e1000_i350:
    case e1000_i354:
    case e1000_i210:
    case e1000_i211:
    default:
      for (; i < adapter.num_rx_queues; i++)
        adapter.rx_ring[i].reg_idx = rbase_offset + i;
      for (; j < adapter.num_tx_queues; j++)
        adapter.tx_ring[j].reg_idx = rbase_offset + j;
      break;
  }
}

export function igb_write_ivar(hw: e1000_hw, msix_vector: number, index: number, offset: number): void {
  let ivar = array_rd32(hw, R.E1000_IVAR0, index);

  ivar &= ~(0xff << offset);

  ivar |= (msix_vector | D.E1000_IVAR_VALID) << offset;

  array_wr32(hw, R.E1000_IVAR0, index, ivar);
}

/** Routes the vector's queues to an MSI-X vector of the device. */
export function igb_assign_vector(q_vector: igb_q_vector, msix_vector: number): void {
  const adapter = q_vector.adapter;
  const hw = adapter.hw;
  let rx_queue = IGB_N0_QUEUE;
  let tx_queue = IGB_N0_QUEUE;
  let msixbm = 0;

  if (q_vector.rx.ring)
    rx_queue = q_vector.rx.ring.reg_idx;
  if (q_vector.tx.ring)
    tx_queue = q_vector.tx.ring.reg_idx;

  switch (hw.mac.type) {
    case e1000_82575:
      if (rx_queue > IGB_N0_QUEUE)
        msixbm = D.E1000_EICR_RX_QUEUE0 << rx_queue;
      if (tx_queue > IGB_N0_QUEUE)
        msixbm |= D.E1000_EICR_TX_QUEUE0 << tx_queue;
      if (!adapter.msix_entries && msix_vector === 0)
        msixbm |= D.E1000_EIMS_OTHER;
      array_wr32(hw, R.E1000_MSIXBM(0), msix_vector, msixbm);
      q_vector.eims_value = msixbm;
      break;
    case e1000_82576:
      if (rx_queue > IGB_N0_QUEUE)
        igb_write_ivar(hw, msix_vector, rx_queue & 0x7, (rx_queue & 0x8) << 1);
      if (tx_queue > IGB_N0_QUEUE)
        igb_write_ivar(hw, msix_vector, tx_queue & 0x7, ((tx_queue & 0x8) << 1) + 8);
      q_vector.eims_value = 1 << msix_vector;
      break;
    case e1000_82580:
    case e1000_i350:
    case e1000_i354:
    case e1000_i210:
    case e1000_i211:
      if (rx_queue > IGB_N0_QUEUE)
        igb_write_ivar(hw, msix_vector, rx_queue >> 1, (rx_queue & 0x1) << 4);
      if (tx_queue > IGB_N0_QUEUE)
        igb_write_ivar(hw, msix_vector, tx_queue >> 1, ((tx_queue & 0x1) << 4) + 8);
      q_vector.eims_value = 1 << msix_vector;
      break;
    default:
      BUG();
      break;
  }

  adapter.eims_enable_mask |= q_vector.eims_value;

  q_vector.set_itr = 1;
}

export function igb_configure_msix(adapter: igb_adapter): void {
  let tmp: number;
  let i: number, vector = 0;
  const hw = adapter.hw;

  adapter.eims_enable_mask = 0;

  switch (hw.mac.type) {
    case e1000_82575:
      tmp = rd32(hw, R.E1000_CTRL_EXT);
      tmp |= D.E1000_CTRL_EXT_PBA_CLR;

      tmp |= D.E1000_CTRL_EXT_EIAME;
      tmp |= D.E1000_CTRL_EXT_IRCA;

      wr32(hw, R.E1000_CTRL_EXT, tmp);

      array_wr32(hw, R.E1000_MSIXBM(0), vector++, D.E1000_EIMS_OTHER);
      adapter.eims_other = D.E1000_EIMS_OTHER;

      break;

    case e1000_82576:
    case e1000_82580:
    case e1000_i350:
    case e1000_i354:
    case e1000_i210:
    case e1000_i211:
      wr32(hw, R.E1000_GPIE, D.E1000_GPIE_MSIX_MODE | D.E1000_GPIE_PBA | D.E1000_GPIE_EIAME | D.E1000_GPIE_NSICR);

      adapter.eims_other = 1 << vector;
      tmp = (vector++ | D.E1000_IVAR_VALID) << 8;

      wr32(hw, R.E1000_IVAR_MISC, tmp);
      break;
    default:
      break;
  }

  adapter.eims_enable_mask |= adapter.eims_other;

  for (i = 0; i < adapter.num_q_vectors; i++)
    igb_assign_vector(adapter.q_vector[i], vector++);

  wrfl(hw);
}

/** Takes the interrupt lines of all vectors: link events first, then one per q_vector. */
export function igb_request_msix(adapter: igb_adapter): number {
  const netdev = adapter.netdev;
  const hw = adapter.hw;
  let i: number, err = 0, vector = 0, free_vector = 0;

  err_out: {
    err = request_irq(adapter.msix_entries[vector].vector, igb_msix_other, 0, netdev.name, adapter);
    if (err)
      break err_out;

    err_free: {
      for (i = 0; i < adapter.num_q_vectors; i++) {
        const q_vector = adapter.q_vector[i];

        vector++;

        q_vector.itr_register = new iomem_ptr(hw.hw_addr.base, R.E1000_EITR(vector));

        if (q_vector.rx.ring && q_vector.tx.ring)
          q_vector.name = `${netdev.name}-TxRx-${q_vector.rx.ring.queue_index}`;
        else if (q_vector.tx.ring)
          q_vector.name = `${netdev.name}-tx-${q_vector.tx.ring.queue_index}`;
        else if (q_vector.rx.ring)
          q_vector.name = `${netdev.name}-rx-${q_vector.rx.ring.queue_index}`;
        else
          q_vector.name = `${netdev.name}-unused`;

        err = request_irq(adapter.msix_entries[vector].vector, igb_msix_ring, 0, q_vector.name, q_vector);
        if (err)
          break err_free;
      }

      igb_configure_msix(adapter);
      return 0;
    }
    free_irq(adapter.msix_entries[free_vector++].vector, adapter);

    vector--;
    for (i = 0; i < vector; i++) {
      free_irq(adapter.msix_entries[free_vector++].vector, adapter.q_vector[i]);
    }
  }
  return err;
}

export function igb_reset_interrupt_capability(adapter: igb_adapter): void {
  if (adapter.msix_entries) {
    pci_disable_msix(adapter.pdev);
    adapter.msix_entries = null;
  } else if (adapter.flags & IGB_FLAG_HAS_MSI) {
    pci_disable_msi(adapter.pdev);
  }
}

export function igb_free_q_vector(adapter: igb_adapter, v_idx: number): void {
  const q_vector = adapter.q_vector[v_idx];

  if (q_vector.tx.ring)
    adapter.tx_ring[q_vector.tx.ring.queue_index] = null;

  if (q_vector.rx.ring)
    adapter.tx_ring[q_vector.rx.ring.queue_index] = null;

  adapter.q_vector[v_idx] = null;
  netif_napi_del(q_vector.napi);
}

export function igb_free_q_vectors(adapter: igb_adapter): void {
  let v_idx = adapter.num_q_vectors;

  adapter.num_tx_queues = 0;
  adapter.num_rx_queues = 0;
  adapter.num_q_vectors = 0;

  while (v_idx--)
    igb_free_q_vector(adapter, v_idx);
}

export function igb_clear_interrupt_scheme(adapter: igb_adapter): void {
  igb_free_q_vectors(adapter);
  igb_reset_interrupt_capability(adapter);
}

/** How many queues and vectors: as many queues as CPUs, a vector for each, and one for link events. */
export function igb_set_interrupt_capability(adapter: igb_adapter, msix: boolean): void {
  let err: number;
  let numvecs: number, i: number;

  msi_only: {
    if (!msix)
      break msi_only;

    adapter.num_rx_queues = adapter.rss_queues;
    if (adapter.vfs_allocated_count)
      adapter.num_tx_queues = 1;
    else
      adapter.num_tx_queues = adapter.rss_queues;

    numvecs = adapter.num_rx_queues;

    if (!(adapter.flags & IGB_FLAG_QUEUE_PAIRS))
      numvecs += adapter.num_tx_queues;

    adapter.num_q_vectors = numvecs;

    numvecs++;
    adapter.msix_entries = Array.from({ length: numvecs }, () => new msix_entry());
    if (!adapter.msix_entries)
      break msi_only;

    for (i = 0; i < numvecs; i++)
      adapter.msix_entries[i].entry = i;

    err = pci_enable_msix(adapter.pdev, adapter.msix_entries, numvecs);
    if (err === 0)
      return;

    igb_reset_interrupt_capability(adapter);
  }
  adapter.vfs_allocated_count = 0;
  adapter.rss_queues = 1;
  adapter.flags |= IGB_FLAG_QUEUE_PAIRS;
  adapter.num_rx_queues = 1;
  adapter.num_tx_queues = 1;
  adapter.num_q_vectors = 1;
  if (!pci_enable_msi(adapter.pdev))
    adapter.flags |= IGB_FLAG_HAS_MSI;
}

export function igb_add_ring(ring: igb_ring, head: igb_ring_container): void {
  head.ring = ring;
  head.count++;
}

/** A vector with its NAPI context and at most one ring of each kind. */
export function igb_alloc_q_vector(adapter: igb_adapter, v_count: number, v_idx: number, txr_count: number, txr_idx: number, rxr_count: number, rxr_idx: number): number {
  let q_vector: igb_q_vector;
  let ring: igb_ring;
  let ring_count: number;

  if (txr_count > 1 || rxr_count > 1)
    return -ENOMEM;

  ring_count = txr_count + rxr_count;

  q_vector = new igb_q_vector();
  if (!q_vector)
    return -ENOMEM;
  for (let n = 0; n < ring_count; n++) q_vector.ring.push(new igb_ring());
  q_vector.napi.owner = q_vector;

  netif_napi_add(adapter.netdev, q_vector.napi, igb_poll, 64);

  adapter.q_vector[v_idx] = q_vector;
  q_vector.adapter = adapter;

  q_vector.tx.work_limit = adapter.tx_work_limit;

  q_vector.itr_register = new iomem_ptr(adapter.hw.hw_addr.base, R.E1000_EITR(0));
  q_vector.itr_val = IGB_START_ITR;

  let at = 0;
  ring = q_vector.ring[at];

  if (rxr_count) {
    if (!adapter.rx_itr_setting || adapter.rx_itr_setting > 3)
      q_vector.itr_val = adapter.rx_itr_setting;
  } else {
    if (!adapter.tx_itr_setting || adapter.tx_itr_setting > 3)
      q_vector.itr_val = adapter.tx_itr_setting;
  }

  if (txr_count) {
    ring.dev = adapter.pdev.dev;
    ring.netdev = adapter.netdev;

    ring.q_vector = q_vector;

    igb_add_ring(ring, q_vector.tx);

    if (adapter.hw.mac.type === e1000_82575)
      set_bit(IGB_RING_FLAG_TX_CTX_IDX, ring.flags);

    ring.count = adapter.tx_ring_count;
    ring.queue_index = txr_idx;

    adapter.tx_ring[txr_idx] = ring;

    ring = q_vector.ring[++at];
  }

  if (rxr_count) {
    ring.dev = adapter.pdev.dev;
    ring.netdev = adapter.netdev;

    ring.q_vector = q_vector;

    igb_add_ring(ring, q_vector.rx);

    if (adapter.hw.mac.type >= e1000_82576)
      set_bit(IGB_RING_FLAG_RX_SCTP_CSUM, ring.flags);

    if (adapter.hw.mac.type >= e1000_i350)
      set_bit(IGB_RING_FLAG_RX_LB_VLAN_BSWAP, ring.flags);

    ring.count = adapter.rx_ring_count;
    ring.queue_index = rxr_idx;

    adapter.rx_ring[rxr_idx] = ring;
  }

  return 0;
}

export function igb_alloc_q_vectors(adapter: igb_adapter): number {
  const q_vectors = adapter.num_q_vectors;
  let rxr_remaining = adapter.num_rx_queues;
  let txr_remaining = adapter.num_tx_queues;
  let rxr_idx = 0, txr_idx = 0, v_idx = 0;
  let err: number;

  err_out: {
    if (q_vectors >= (rxr_remaining + txr_remaining)) {
      for (; rxr_remaining; v_idx++) {
        err = igb_alloc_q_vector(adapter, q_vectors, v_idx, 0, 0, 1, rxr_idx);

        if (err)
          break err_out;

        rxr_remaining--;
        rxr_idx++;
      }
    }

    for (; v_idx < q_vectors; v_idx++) {
      const rqpv = DIV_ROUND_UP(rxr_remaining, q_vectors - v_idx);
      const tqpv = DIV_ROUND_UP(txr_remaining, q_vectors - v_idx);
      err = igb_alloc_q_vector(adapter, q_vectors, v_idx, tqpv, txr_idx, rqpv, rxr_idx);

      if (err)
        break err_out;

      rxr_remaining -= rqpv;
      txr_remaining -= tqpv;
      rxr_idx++;
      txr_idx++;
    }

    return 0;
  }
  adapter.num_tx_queues = 0;
  adapter.num_rx_queues = 0;
  adapter.num_q_vectors = 0;

  while (v_idx--)
    igb_free_q_vector(adapter, v_idx);

  return -ENOMEM;
}

export function igb_init_interrupt_scheme(adapter: igb_adapter, msix: boolean): number {
  const pdev = adapter.pdev;
  let err: number;

  igb_set_interrupt_capability(adapter, msix);

  err_alloc_q_vectors: {
    err = igb_alloc_q_vectors(adapter);
    if (err) {
      dev_err(pdev.dev, 'Unable to allocate memory for vectors');
      break err_alloc_q_vectors;
    }

    igb_cache_ring_register(adapter);

    return 0;
  }
  igb_reset_interrupt_capability(adapter);
  return err;
}

export function* igb_request_irq(adapter: igb_adapter): Gen<number> {
  const netdev = adapter.netdev;
  const pdev = adapter.pdev;
  let err = 0;

  request_done: {
    if (adapter.msix_entries) {
      err = igb_request_msix(adapter);
      if (!err)
        break request_done;
      igb_free_all_tx_resources(adapter);
      igb_free_all_rx_resources(adapter);

      igb_clear_interrupt_scheme(adapter);
      err = igb_init_interrupt_scheme(adapter, false);
      if (err)
        break request_done;

      igb_setup_all_tx_resources(adapter);
      igb_setup_all_rx_resources(adapter);
      igb_configure(adapter);
    }

    igb_assign_vector(adapter.q_vector[0], 0);

    err = request_irq(pdev.irq, igb_msix_ring, IRQF_SHARED, netdev.name, adapter.q_vector[0]);

    if (err)
      dev_err(pdev.dev, `Error ${err} getting interrupt`);
  }
  return err;
}

export function igb_free_irq(adapter: igb_adapter): void {
  if (adapter.msix_entries) {
    let vector = 0, i: number;

    free_irq(adapter.msix_entries[vector++].vector, adapter);

    for (i = 0; i < adapter.num_q_vectors; i++)
      free_irq(adapter.msix_entries[vector++].vector, adapter.q_vector[i]);
  } else {
    free_irq(adapter.pdev.irq, adapter);
  }
}

export function igb_irq_disable(adapter: igb_adapter): void {
  const hw = adapter.hw;

  if (adapter.msix_entries) {
    let regval = rd32(hw, R.E1000_EIAM);
    wr32(hw, R.E1000_EIAM, regval & ~adapter.eims_enable_mask);
    wr32(hw, R.E1000_EIMC, adapter.eims_enable_mask);
    regval = rd32(hw, R.E1000_EIAC);
    wr32(hw, R.E1000_EIAC, regval & ~adapter.eims_enable_mask);
  }

  wr32(hw, R.E1000_IAM, 0);
  wr32(hw, R.E1000_IMC, ~0);
  wrfl(hw);
  if (adapter.msix_entries) {
    let i: number;
    for (i = 0; i < adapter.num_q_vectors; i++)
      synchronize_irq(adapter.msix_entries[i].vector);
  } else {
    synchronize_irq(adapter.pdev.irq);
  }
}

export function igb_irq_enable(adapter: igb_adapter): void {
  const hw = adapter.hw;

  if (adapter.msix_entries) {
    let ims = D.E1000_IMS_LSC | D.E1000_IMS_DOUTSYNC | D.E1000_IMS_DRSTA;
    let regval = rd32(hw, R.E1000_EIAC);
    wr32(hw, R.E1000_EIAC, regval | adapter.eims_enable_mask);
    regval = rd32(hw, R.E1000_EIAM);
    wr32(hw, R.E1000_EIAM, regval | adapter.eims_enable_mask);
    wr32(hw, R.E1000_EIMS, adapter.eims_enable_mask);
    if (adapter.vfs_allocated_count) {
      wr32(hw, R.E1000_MBVFIMR, 0xff);
      ims |= D.E1000_IMS_VMMB;
    }
    wr32(hw, R.E1000_IMS, ims);
  } else {
    wr32(hw, R.E1000_IMS, D.IMS_ENABLE_MASK | D.E1000_IMS_DRSTA);
    wr32(hw, R.E1000_IAM, D.IMS_ENABLE_MASK | D.E1000_IMS_DRSTA);
  }
}

export function igb_update_mng_vlan(adapter: igb_adapter): void {
  const old_vid = adapter.mng_vlan_id;

  adapter.mng_vlan_id = IGB_MNG_VLAN_NONE;

  if ((old_vid !== (IGB_MNG_VLAN_NONE & 0xffff)) && (old_vid !== adapter.mng_vlan_id) && !adapter.active_vlans[old_vid]) {
    adapter.active_vlans[old_vid] = 0;
  }
}

export function igb_release_hw_control(adapter: igb_adapter): void {
  const hw = adapter.hw;
  let ctrl_ext: number;

  ctrl_ext = rd32(hw, R.E1000_CTRL_EXT);
  wr32(hw, R.E1000_CTRL_EXT, ctrl_ext & ~D.E1000_CTRL_EXT_DRV_LOAD);
}

export function igb_get_hw_control(adapter: igb_adapter): void {
  const hw = adapter.hw;
  let ctrl_ext: number;

  ctrl_ext = rd32(hw, R.E1000_CTRL_EXT);
  wr32(hw, R.E1000_CTRL_EXT, ctrl_ext | D.E1000_CTRL_EXT_DRV_LOAD);
}

/** Sets up the hardware for receiving and sending, and fills the receive rings. */
export function igb_configure(adapter: igb_adapter): void {
  const netdev = adapter.netdev;
  let i: number;

  igb_get_hw_control(adapter);
  igb_set_rx_mode(netdev);

  igb_restore_vlan(adapter);

  igb_setup_tctl(adapter);
  igb_setup_mrqc(adapter);
  igb_setup_rctl(adapter);

  igb_configure_tx(adapter);
  igb_configure_rx(adapter);

  igb_rx_fifo_flush_82575(adapter.hw);

  for (i = 0; i < adapter.num_rx_queues; i++) {
    const ring = adapter.rx_ring[i];
    igb_alloc_rx_buffers(ring, igb_desc_unused(ring));
  }
}

export function* igb_power_up_link(adapter: igb_adapter): Gen<void> {
  yield* igb_reset_phy(adapter.hw);

  if (adapter.hw.phy.media_type === e1000_media_type_copper)
    igb_power_up_phy_copper(adapter.hw);

  yield* igb_setup_link(adapter.hw);
}

export function* igb_power_down_link(adapter: igb_adapter): Gen<void> {
  if (adapter.hw.phy.media_type === e1000_media_type_copper)
    yield* igb_power_down_phy_copper_82575(adapter.hw);
}

export function igb_up(adapter: igb_adapter): number {
  const hw = adapter.hw;
  let i: number;

  igb_configure(adapter);

  clear_bit(__IGB_DOWN, adapter.state);

  for (i = 0; i < adapter.num_q_vectors; i++)
    napi_enable(adapter.q_vector[i].napi);

  if (adapter.msix_entries)
    igb_configure_msix(adapter);
  else
    igb_assign_vector(adapter.q_vector[0], 0);

  rd32(hw, R.E1000_ICR);
  igb_irq_enable(adapter);

  if (adapter.vfs_allocated_count) {
    let reg_data = rd32(hw, R.E1000_CTRL_EXT);
    reg_data |= D.E1000_CTRL_EXT_PFRSTD;
    wr32(hw, R.E1000_CTRL_EXT, reg_data);
  }

  netif_tx_start_all_queues(adapter.netdev);

  hw.mac.get_link_status = true;
  schedule_work(adapter.watchdog_task);

  return 0;
}

/** Stops receiving and sending, resets the device, frees what the rings hold. */
export function* igb_down(adapter: igb_adapter): Gen<void> {
  const netdev = adapter.netdev;
  const hw = adapter.hw;
  let tctl: number, rctl: number;
  let i: number;

  set_bit(__IGB_DOWN, adapter.state);

  rctl = rd32(hw, R.E1000_RCTL);
  wr32(hw, R.E1000_RCTL, rctl & ~D.E1000_RCTL_EN);

  netif_tx_stop_all_queues(netdev);

  tctl = rd32(hw, R.E1000_TCTL);
  tctl &= ~D.E1000_TCTL_EN;
  wr32(hw, R.E1000_TCTL, tctl);
  wrfl(hw);
  yield* msleep(10);

  for (i = 0; i < adapter.num_q_vectors; i++)
    yield* napi_disable(adapter.q_vector[i].napi);

  igb_irq_disable(adapter);

  del_timer_sync(adapter.watchdog_timer);
  del_timer_sync(adapter.phy_info_timer);

  netif_carrier_off(netdev);

  spin_lock(adapter.stats64_lock);
  igb_update_stats(adapter, adapter.stats64);
  spin_unlock(adapter.stats64_lock);

  adapter.link_speed = 0;
  adapter.link_duplex = 0;

  if (!pci_channel_offline(adapter.pdev))
    yield* igb_reset(adapter);
  igb_clean_all_tx_rings(adapter);
  igb_clean_all_rx_rings(adapter);
}

export function* igb_reinit_locked(adapter: igb_adapter): Gen<void> {
  WARN_ON(in_interrupt());
  while (test_and_set_bit(__IGB_RESETTING, adapter.state))
    yield* msleep(1);
  yield* igb_down(adapter);
  igb_up(adapter);
  clear_bit(__IGB_RESETTING, adapter.state);
}

/** Brings the hardware into its known state: flow control water marks, MAC and PHY reset, initialisation. */
export function* igb_reset(adapter: igb_adapter): Gen<void> {
  const pdev = adapter.pdev;
  const hw = adapter.hw;
  const mac = hw.mac;
  const fc = hw.fc;
  let pba = 0, tx_space: number, min_tx_space: number, min_rx_space: number, hwm: number;

  switch (mac.type) {
    case e1000_i350:
    case e1000_i354:
    case e1000_82580:
      pba = rd32(hw, R.E1000_RXPBS);
      break;
    case e1000_82576:
      pba = rd32(hw, R.E1000_RXPBS);
      pba &= D.E1000_RXPBS_SIZE_MASK_82576;
      break;
    case e1000_82575:
    case e1000_i210:
    case e1000_i211:
    default:
      pba = D.E1000_PBA_34K;
      break;
  }

  if ((adapter.max_frame_size > ETH_FRAME_LEN + ETH_FCS_LEN) && (mac.type < e1000_82576)) {
    wr32(hw, R.E1000_PBA, pba);

    pba = rd32(hw, R.E1000_PBA);
    tx_space = pba >> 16;
    pba &= 0xffff;
    min_tx_space = (adapter.max_frame_size + 16 - ETH_FCS_LEN) * 2;
    min_tx_space = ALIGN(min_tx_space, 1024);
    min_tx_space >>= 10;
    min_rx_space = adapter.max_frame_size;
    min_rx_space = ALIGN(min_rx_space, 1024);
    min_rx_space >>= 10;

    if (tx_space < min_tx_space && ((min_tx_space - tx_space) < pba)) {
      pba = pba - (min_tx_space - tx_space);

      if (pba < min_rx_space)
        pba = min_rx_space;
    }
    wr32(hw, R.E1000_PBA, pba);
  }

  hwm = min(Math.trunc((pba << 10) * 9 / 10), ((pba << 10) - 2 * adapter.max_frame_size));

  fc.high_water = hwm & 0xffffff0;
  fc.low_water = fc.high_water - 16;
  fc.pause_time = 0xffff;
  fc.send_xon = true;
  fc.current_mode = fc.requested_mode;

  if (adapter.vfs_allocated_count) {
    let i: number;
    for (i = 0; i < adapter.vfs_allocated_count; i++)
      adapter.vf_data[i].flags &= IGB_VF_FLAG_PF_SET_MAC;

    igb_ping_all_vfs(adapter);

    wr32(hw, R.E1000_VFRE, 0);
    wr32(hw, R.E1000_VFTE, 0);
  }

  yield* hw.mac.ops.reset_hw(hw);
  wr32(hw, R.E1000_WUC, 0);

  if (yield* hw.mac.ops.init_hw(hw))
    dev_err(pdev.dev, 'Hardware Error');

  if (!hw.mac.autoneg)
    igb_force_mac_fc(hw);

  igb_init_dmac(adapter, pba);
  if (!netif_running(adapter.netdev))
    yield* igb_power_down_link(adapter);

  igb_update_mng_vlan(adapter);

  wr32(hw, R.E1000_VET, ETHERNET_IEEE_VLAN_TYPE);

  igb_ptp_reset(adapter);

  igb_get_phy_info(hw);
}

export function igb_fix_features(netdev: net_device, features: netdev_features_t): netdev_features_t {
  if (features & NETIF_F_HW_VLAN_CTAG_RX)
    features |= NETIF_F_HW_VLAN_CTAG_TX;
  else
    features &= ~NETIF_F_HW_VLAN_CTAG_TX;

  return features;
}

export function* igb_set_features(netdev: net_device, features: netdev_features_t): Gen<number> {
  const changed = netdev.features ^ features;
  const adapter: igb_adapter = netdev_priv(netdev);

  if (changed & NETIF_F_HW_VLAN_CTAG_RX)
    igb_vlan_mode(netdev, features);

  if (!(changed & NETIF_F_RXALL))
    return 0;

  netdev.features = features;

  if (netif_running(netdev))
    yield* igb_reinit_locked(adapter);
  else
    yield* igb_reset(adapter);

  return 0;
}

export const igb_netdev_ops: net_device_ops = {
  ndo_open: igb_open,
  ndo_stop: igb_close,
  ndo_start_xmit: igb_xmit_frame,
  ndo_get_stats64: igb_get_stats64,
  ndo_set_rx_mode: igb_set_rx_mode,
  ndo_set_mac_address: igb_set_mac,
  ndo_change_mtu: igb_change_mtu,
  ndo_tx_timeout: igb_tx_timeout,
  ndo_validate_addr: eth_validate_addr,
  ndo_fix_features: igb_fix_features,
  ndo_set_features: igb_set_features,
};

/** Sets up one 82576 port: the device and its private data, registers, queues and vectors, address, timers; registers the device. */
export function* igb_probe(pdev: pci_dev, ent: pci_device_id): Gen<number> {
  let netdev: net_device;
  let adapter: igb_adapter;
  let hw: e1000_hw;
  const eeprom_data = new Uint16Array(1);
  const ei = igb_info(ent.driver_data);
  let err: number;
  const pci_using_dac = 1;

  err = pci_enable_device_mem(pdev);
  if (err)
    return err;

  err_dma: {
    err = pci_request_selected_regions(pdev, 1, igb_driver_name);
    if (err)
      break err_dma;

    pci_set_master(pdev);
    pci_save_state(pdev);

    err_pci_reg: {
      err = -ENOMEM;
      netdev = alloc_etherdev_mq(new igb_adapter(), IGB_MAX_TX_QUEUES);
      if (!netdev)
        break err_pci_reg;

      SET_NETDEV_DEV(netdev, pdev.dev);

      pci_set_drvdata(pdev, netdev);
      adapter = netdev_priv(netdev);
      adapter.netdev = netdev;
      adapter.pdev = pdev;
      hw = adapter.hw;
      hw.back = adapter;
      adapter.msg_enable = 7;

      err_ioremap: {
        err = -EIO;
        hw.hw_addr = pci_ioremap_bar(pdev);
        if (!hw.hw_addr)
          break err_ioremap;

        netdev.netdev_ops = igb_netdev_ops;
        igb_set_ethtool_ops(netdev);
        netdev.watchdog_timeo = 5 * HZ;

        netdev.name = pci_name(pdev);

        hw.vendor_id = pdev.vendor;
        hw.device_id = pdev.device;
        hw.revision_id = 1;

        hw.mac.ops = ei.mac_ops;
        hw.phy.ops = { ...ei.phy_ops };
        hw.nvm.ops = ei.nvm_ops;
        err_sw_init: {
          err = ei.get_invariants(hw);
          if (err)
            break err_sw_init;

          err = igb_sw_init(adapter);
          if (err)
            break err_sw_init;

          hw.phy.autoneg_wait_to_complete = false;

          if (hw.phy.media_type === e1000_media_type_copper) {
            hw.phy.mdix = AUTO_ALL_MODES;
            hw.phy.disable_polarity_correction = false;
            hw.phy.ms_type = e1000_ms_hw_default;
          }

          if (igb_check_reset_block(hw))
            dev_info(pdev.dev, 'PHY reset is blocked due to SOL/IDER session.');

          netdev.features |= NETIF_F_SG | NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM | NETIF_F_TSO | NETIF_F_TSO6 | NETIF_F_RXHASH | NETIF_F_RXCSUM | NETIF_F_HW_VLAN_CTAG_RX | NETIF_F_HW_VLAN_CTAG_TX;

          netdev.hw_features |= netdev.features;
          netdev.hw_features |= NETIF_F_RXALL;

          netdev.features |= NETIF_F_HW_VLAN_CTAG_FILTER;

          netdev.vlan_features |= NETIF_F_TSO | NETIF_F_TSO6 | NETIF_F_IP_CSUM | NETIF_F_IPV6_CSUM | NETIF_F_SG;

          netdev.priv_flags |= IFF_SUPP_NOFCS;

          if (pci_using_dac) {
            netdev.features |= NETIF_F_HIGHDMA;
            netdev.vlan_features |= NETIF_F_HIGHDMA;
          }

          if (hw.mac.type >= e1000_82576) {
            netdev.hw_features |= NETIF_F_SCTP_CSUM;
            netdev.features |= NETIF_F_SCTP_CSUM;
          }

          netdev.priv_flags |= IFF_UNICAST_FLT;

          adapter.en_mng_pt = igb_enable_mng_pass_thru(hw);

          yield* hw.mac.ops.reset_hw(hw);

          if (hw.mac.type !== e1000_i211) {
            if (hw.nvm.ops.validate(hw) < 0) {
              dev_err(pdev.dev, 'The NVM Checksum Is Not Valid');
              err = -EIO;
              break err_sw_init;
            }
          }

          if (hw.mac.ops.read_mac_addr(hw))
            dev_err(pdev.dev, 'NVM Read Error');

          netdev.dev_addr.set(hw.mac.addr);

          if (!is_valid_ether_addr(netdev.dev_addr)) {
            dev_err(pdev.dev, 'Invalid MAC Address');
            err = -EIO;
            break err_sw_init;
          }

          setup_timer(adapter.watchdog_timer, igb_watchdog, adapter);
          setup_timer(adapter.phy_info_timer, igb_update_phy_info, adapter);

          INIT_WORK(adapter.reset_task, igb_reset_task);
          INIT_WORK(adapter.watchdog_task, igb_watchdog_task);
          adapter.reset_task.owner = adapter;
          adapter.watchdog_task.owner = adapter;

          adapter.fc_autoneg = true;
          hw.mac.autoneg = true;
          hw.phy.autoneg_advertised = 0x2f;

          hw.fc.requested_mode = e1000_fc_default;
          hw.fc.current_mode = e1000_fc_default;

          igb_validate_mdi_setting(hw);

          if (hw.bus.func === 0)
            adapter.flags |= IGB_FLAG_WOL_SUPPORTED;

          if (eeprom_data[0] & IGB_EEPROM_APME)
            adapter.flags |= IGB_FLAG_WOL_SUPPORTED;

          if (adapter.flags & IGB_FLAG_WOL_SUPPORTED)
            adapter.wol |= D.E1000_WUFC_MAG;

          yield* igb_reset(adapter);

          igb_get_hw_control(adapter);

          netdev.name = 'eth%d';
          err = yield* register_netdev(netdev);
          if (err)
            break err_sw_init;

          netif_carrier_off(netdev);

          igb_ptp_init(adapter);

          dev_info(pdev.dev, 'Intel(R) Gigabit Ethernet Network Connection');
          dev_info(pdev.dev, `Using ${adapter.msix_entries ? 'MSI-X' : 'legacy'} interrupts. ${adapter.num_rx_queues} rx queue(s), ${adapter.num_tx_queues} tx queue(s)`);
          return 0;
        }
        igb_release_hw_control(adapter);
        igb_clear_interrupt_scheme(adapter);
      }
      free_netdev(netdev);
    }
    pci_release_selected_regions(pdev, 1);
  }
  pci_disable_device(pdev);
  return err;
}

function igb_set_ethtool_ops(netdev: net_device): void { netdev.ethtool_ops = {}; }

export const igb_driver: pci_driver = {
  name: igb_driver_name,
  id_table: [{ vendor: PCI_VENDOR_ID_INTEL, device: E1000_DEV_ID_82576, driver_data: board_82575 }],
  probe: igb_probe,
};

export function igb_init_queue_configuration(adapter: igb_adapter): void {
  const hw = adapter.hw;
  let max_rss_queues: number;

  switch (hw.mac.type) {
    case e1000_i211:
      max_rss_queues = 2;
      break;
    case e1000_82575:
    case e1000_i210:
      max_rss_queues = 4;
      break;
    case e1000_i350:
      if (adapter.vfs_allocated_count) {
        max_rss_queues = 1;
        break;
      }
    /* falls through */
    case e1000_82576:
      if (adapter.vfs_allocated_count) {
        max_rss_queues = 2;
        break;
      }
    /* falls through */
    case e1000_82580:
    case e1000_i354:
    default:
      max_rss_queues = IGB_MAX_RX_QUEUES;
      break;
  }

  adapter.rss_queues = min(max_rss_queues, num_online_cpus());

  switch (hw.mac.type) {
    case e1000_82575:
    case e1000_i211:
      break;
    case e1000_82576:
      if ((adapter.rss_queues > 1) && (adapter.vfs_allocated_count > 6))
        adapter.flags |= IGB_FLAG_QUEUE_PAIRS;
    /* falls through */
    case e1000_82580:
    case e1000_i350:
    case e1000_i354:
    case e1000_i210:
    default:
      if (adapter.rss_queues > (max_rss_queues / 2))
        adapter.flags |= IGB_FLAG_QUEUE_PAIRS;
      break;
  }
}

export function igb_sw_init(adapter: igb_adapter): number {
  const hw = adapter.hw;
  const netdev = adapter.netdev;
  const pdev = adapter.pdev;

  adapter.tx_ring_count = IGB_DEFAULT_TXD;
  adapter.rx_ring_count = IGB_DEFAULT_RXD;

  adapter.rx_itr_setting = IGB_DEFAULT_ITR;
  adapter.tx_itr_setting = IGB_DEFAULT_ITR;

  adapter.tx_work_limit = IGB_DEFAULT_TX_WORK;

  adapter.max_frame_size = netdev.mtu + ETH_HLEN + ETH_FCS_LEN + VLAN_HLEN;
  adapter.min_frame_size = ETH_ZLEN + ETH_FCS_LEN;

  spin_lock_init(adapter.stats64_lock);

  igb_init_queue_configuration(adapter);

  adapter.shadow_vfta = new Uint32Array(128);

  if (igb_init_interrupt_scheme(adapter, true)) {
    dev_err(pdev.dev, 'Unable to allocate memory for queues');
    return -ENOMEM;
  }

  igb_irq_disable(adapter);

  if (hw.mac.type >= e1000_i350)
    adapter.flags &= ~IGB_FLAG_DMAC;

  set_bit(__IGB_DOWN, adapter.state);
  return 0;
}

/** Brings the interface up: rings, link, hardware, interrupts, NAPI; the watchdog finds the link. */
export function* __igb_open(netdev: net_device, resuming: boolean): Gen<number> {
  const adapter: igb_adapter = netdev_priv(netdev);
  const hw = adapter.hw;
  let err: number;
  let i: number;

  if (test_bit(__IGB_TESTING, adapter.state)) {
    WARN_ON(resuming);
    return -EBUSY;
  }

  netif_carrier_off(netdev);

  err_setup_tx: {
    err = igb_setup_all_tx_resources(adapter);
    if (err)
      break err_setup_tx;

    err_setup_rx: {
      err = igb_setup_all_rx_resources(adapter);
      if (err)
        break err_setup_rx;

      yield* igb_power_up_link(adapter);

      igb_configure(adapter);

      err_req_irq: {
        err = yield* igb_request_irq(adapter);
        if (err)
          break err_req_irq;

        err_set_queues: {
          err = yield* netif_set_real_num_tx_queues(adapter.netdev, adapter.num_tx_queues);
          if (err)
            break err_set_queues;

          err = netif_set_real_num_rx_queues(adapter.netdev, adapter.num_rx_queues);
          if (err)
            break err_set_queues;

          clear_bit(__IGB_DOWN, adapter.state);

          for (i = 0; i < adapter.num_q_vectors; i++)
            napi_enable(adapter.q_vector[i].napi);

          rd32(hw, R.E1000_ICR);

          igb_irq_enable(adapter);

          if (adapter.vfs_allocated_count) {
            let reg_data = rd32(hw, R.E1000_CTRL_EXT);
            reg_data |= D.E1000_CTRL_EXT_PFRSTD;
            wr32(hw, R.E1000_CTRL_EXT, reg_data);
          }

          netif_tx_start_all_queues(netdev);

          hw.mac.get_link_status = true;
          schedule_work(adapter.watchdog_task);

          return 0;
        }
        igb_free_irq(adapter);
      }
      igb_release_hw_control(adapter);
      yield* igb_power_down_link(adapter);
      igb_free_all_rx_resources(adapter);
    }
    igb_free_all_tx_resources(adapter);
  }
  yield* igb_reset(adapter);

  return err;
}

export function* igb_open(netdev: net_device): Gen<number> {
  return yield* __igb_open(netdev, false);
}

export function* __igb_close(netdev: net_device, suspending: boolean): Gen<number> {
  const adapter: igb_adapter = netdev_priv(netdev);

  WARN_ON(test_bit(__IGB_RESETTING, adapter.state));

  yield* igb_down(adapter);
  igb_free_irq(adapter);

  igb_free_all_tx_resources(adapter);
  igb_free_all_rx_resources(adapter);

  return 0;
}

export function* igb_close(netdev: net_device): Gen<number> {
  return yield* __igb_close(netdev, false);
}

/** A ring of `count` objects linked to their successors. */
function linked<T extends { succ: T }>(count: number, make: () => T): T[] {
  const all = Array.from({ length: count }, make);
  for (let i = 0; i + 1 < count; i++) all[i].succ = all[i + 1];
  return all;
}

export function igb_setup_tx_resources(tx_ring: igb_ring): number {
  const dev = tx_ring.dev;

  err: {
    tx_ring.tx_buffer_info = linked(tx_ring.count, () => new igb_tx_buffer());
    if (!tx_ring.tx_buffer_info)
      break err;

    tx_ring.size = tx_ring.count * 16;
    tx_ring.size = ALIGN(tx_ring.size, 4096);

    const handle = { v: 0 };
    tx_ring.desc = dma_alloc_coherent(dev, linked(tx_ring.count, () => new e1000_adv_tx_desc()), handle, GFP_KERNEL);
    tx_ring.dma = handle.v;
    if (!tx_ring.desc)
      break err;

    tx_ring.next_to_use = 0;
    tx_ring.next_to_clean = 0;

    return 0;
  }
  tx_ring.tx_buffer_info = null;
  dev_err(dev, 'Unable to allocate memory for the Tx descriptor ring');
  return -ENOMEM;
}

export function igb_setup_all_tx_resources(adapter: igb_adapter): number {
  const pdev = adapter.pdev;
  let i: number, err = 0;

  for (i = 0; i < adapter.num_tx_queues; i++) {
    err = igb_setup_tx_resources(adapter.tx_ring[i]);
    if (err) {
      dev_err(pdev.dev, `Allocation for Tx Queue ${i} failed`);
      for (i--; i >= 0; i--)
        igb_free_tx_resources(adapter.tx_ring[i]);
      break;
    }
  }

  return err;
}

export function igb_setup_tctl(adapter: igb_adapter): void {
  const hw = adapter.hw;
  let tctl: number;

  wr32(hw, R.E1000_TXDCTL(0), 0);

  tctl = rd32(hw, R.E1000_TCTL);
  tctl &= ~D.E1000_TCTL_CT;
  tctl |= D.E1000_TCTL_PSP | D.E1000_TCTL_RTLC | (D.E1000_COLLISION_THRESHOLD << D.E1000_CT_SHIFT);

  igb_config_collision_dist(hw);

  tctl |= D.E1000_TCTL_EN;

  wr32(hw, R.E1000_TCTL, tctl);
}

export function igb_configure_tx_ring(adapter: igb_adapter, ring: igb_ring): void {
  const hw = adapter.hw;
  let txdctl = 0;
  const tdba = ring.dma;
  const reg_idx = ring.reg_idx;

  wr32(hw, R.E1000_TXDCTL(reg_idx), 0);
  wrfl(hw);
  mdelay(10);

  wr32(hw, R.E1000_TDLEN(reg_idx), ring.count * 16);
  wr32(hw, R.E1000_TDBAL(reg_idx), tdba & 0xffffffff);
  wr32(hw, R.E1000_TDBAH(reg_idx), 0);

  ring.tail = new iomem_ptr(hw.hw_addr.base, R.E1000_TDT(reg_idx));
  wr32(hw, R.E1000_TDH(reg_idx), 0);
  writel(0, ring.tail);

  txdctl |= IGB_TX_PTHRESH;
  txdctl |= IGB_TX_HTHRESH << 8;
  txdctl |= IGB_TX_WTHRESH << 16;

  txdctl |= D.E1000_TXDCTL_QUEUE_ENABLE;
  wr32(hw, R.E1000_TXDCTL(reg_idx), txdctl);
}

export function igb_configure_tx(adapter: igb_adapter): void {
  let i: number;

  for (i = 0; i < adapter.num_tx_queues; i++)
    igb_configure_tx_ring(adapter, adapter.tx_ring[i]);
}

export function igb_setup_rx_resources(rx_ring: igb_ring): number {
  const dev = rx_ring.dev;

  err: {
    rx_ring.rx_buffer_info = linked(rx_ring.count, () => new igb_rx_buffer());
    if (!rx_ring.rx_buffer_info)
      break err;

    rx_ring.size = rx_ring.count * 16;
    rx_ring.size = ALIGN(rx_ring.size, 4096);

    const handle = { v: 0 };
    rx_ring.desc = dma_alloc_coherent(dev, linked(rx_ring.count, () => new e1000_adv_rx_desc()), handle, GFP_KERNEL);
    rx_ring.dma = handle.v;
    if (!rx_ring.desc)
      break err;

    rx_ring.next_to_alloc = 0;
    rx_ring.next_to_clean = 0;
    rx_ring.next_to_use = 0;

    return 0;
  }
  rx_ring.rx_buffer_info = null;
  dev_err(dev, 'Unable to allocate memory for the Rx descriptor ring');
  return -ENOMEM;
}

export function igb_setup_all_rx_resources(adapter: igb_adapter): number {
  const pdev = adapter.pdev;
  let i: number, err = 0;

  for (i = 0; i < adapter.num_rx_queues; i++) {
    err = igb_setup_rx_resources(adapter.rx_ring[i]);
    if (err) {
      dev_err(pdev.dev, `Allocation for Rx Queue ${i} failed`);
      for (i--; i >= 0; i--)
        igb_free_rx_resources(adapter.rx_ring[i]);
      break;
    }
  }

  return err;
}

const rsskey: readonly number[] = [0xDA565A6D, 0xC20E5B25, 0x3D256741, 0xB08FA343, 0xCB2BCAD0, 0xB4307BAE, 0xA32DCB77, 0x0CF23080, 0x3BB7426A, 0xFA01ACBE];

/** Receive side scaling: hash key, indirection table, fields. */
export function igb_setup_mrqc(adapter: igb_adapter): void {
  const hw = adapter.hw;
  let mrqc: number, rxcsum: number;
  let j: number, num_rx_queues: number, shift = 0;

  for (j = 0; j < 10; j++)
    wr32(hw, R.E1000_RSSRK(j), rsskey[j]);

  num_rx_queues = adapter.rss_queues;

  switch (hw.mac.type) {
    case e1000_82575:
      shift = 6;
      break;
    case e1000_82576:
      if (adapter.vfs_allocated_count) {
        shift = 3;
        num_rx_queues = 2;
      }
      break;
    default:
      break;
  }

  for (j = 0; j < 32; j++) {
    let base = ((j * 0x00040004) + 0x00020000) * num_rx_queues;
    let reta = (base & 0x07800780) >> (7 - shift);

    base += 0x00010001 * num_rx_queues;
    reta |= (base & 0x07800780) << (1 + shift);

    wr32(hw, R.E1000_RETA(j), reta);
  }

  rxcsum = rd32(hw, R.E1000_RXCSUM);
  rxcsum |= D.E1000_RXCSUM_PCSD;

  if (adapter.hw.mac.type >= e1000_82576)
    rxcsum |= D.E1000_RXCSUM_CRCOFL;

  wr32(hw, R.E1000_RXCSUM, rxcsum);

  mrqc = D.E1000_MRQC_RSS_FIELD_IPV4 | D.E1000_MRQC_RSS_FIELD_IPV4_TCP | D.E1000_MRQC_RSS_FIELD_IPV6 | D.E1000_MRQC_RSS_FIELD_IPV6_TCP | D.E1000_MRQC_RSS_FIELD_IPV6_TCP_EX;

  if (adapter.flags & IGB_FLAG_RSS_FIELD_IPV4_UDP)
    mrqc |= D.E1000_MRQC_RSS_FIELD_IPV4_UDP;
  if (adapter.flags & IGB_FLAG_RSS_FIELD_IPV6_UDP)
    mrqc |= D.E1000_MRQC_RSS_FIELD_IPV6_UDP;

  if (adapter.vfs_allocated_count) {
    if (hw.mac.type > e1000_82575) {
      let vtctl = rd32(hw, R.E1000_VT_CTL);
      vtctl &= ~(D.E1000_VT_CTL_DEFAULT_POOL_MASK | D.E1000_VT_CTL_DISABLE_DEF_POOL);
      vtctl |= adapter.vfs_allocated_count << D.E1000_VT_CTL_DEFAULT_POOL_SHIFT;
      wr32(hw, R.E1000_VT_CTL, vtctl);
    }
    if (adapter.rss_queues > 1)
      mrqc |= D.E1000_MRQC_ENABLE_VMDQ_RSS_2Q;
    else
      mrqc |= D.E1000_MRQC_ENABLE_VMDQ;
  } else {
    if (hw.mac.type !== e1000_i211)
      mrqc |= D.E1000_MRQC_ENABLE_RSS_4Q;
  }
  igb_vmm_control(adapter);

  wr32(hw, R.E1000_MRQC, mrqc);
}

export function igb_setup_rctl(adapter: igb_adapter): void {
  const hw = adapter.hw;
  let rctl: number;

  rctl = rd32(hw, R.E1000_RCTL);

  rctl &= ~(3 << D.E1000_RCTL_MO_SHIFT);
  rctl &= ~(D.E1000_RCTL_LBM_TCVR | D.E1000_RCTL_LBM_MAC);

  rctl |= D.E1000_RCTL_EN | D.E1000_RCTL_BAM | D.E1000_RCTL_RDMTS_HALF | (hw.mac.mc_filter_type << D.E1000_RCTL_MO_SHIFT);

  rctl |= D.E1000_RCTL_SECRC;

  rctl &= ~(D.E1000_RCTL_SBP | D.E1000_RCTL_SZ_256);

  rctl |= D.E1000_RCTL_LPE;

  wr32(hw, R.E1000_RXDCTL(0), 0);

  if (adapter.vfs_allocated_count) {
    wr32(hw, R.E1000_QDE, D.ALL_QUEUES);
  }

  if (adapter.netdev.features & NETIF_F_RXALL) {
    rctl |= (D.E1000_RCTL_SBP | D.E1000_RCTL_BAM | D.E1000_RCTL_PMCF);

    rctl &= ~(D.E1000_RCTL_VFE | D.E1000_RCTL_DPF | D.E1000_RCTL_CFIEN);
  }

  wr32(hw, R.E1000_RCTL, rctl);
}

export function igb_rlpml_set(adapter: igb_adapter): void {
  const max_frame_size = adapter.max_frame_size;
  const hw = adapter.hw;
  const pf_id = adapter.vfs_allocated_count;

  if (pf_id) {
    current.machine.log('virtual functions are not modelled');
  }

  wr32(hw, R.E1000_RLPML, max_frame_size);
}

export function igb_set_vmolr(adapter: igb_adapter, vfn: number, aupe: boolean): void {
  const hw = adapter.hw;
  let vmolr: number;

  if (hw.mac.type < e1000_82576)
    return;

  vmolr = rd32(hw, R.E1000_VMOLR(vfn));
  vmolr |= D.E1000_VMOLR_STRVLAN;
  if (aupe)
    vmolr |= D.E1000_VMOLR_AUPE;
  else
    vmolr &= ~(D.E1000_VMOLR_AUPE);

  vmolr &= ~(D.E1000_VMOLR_BAM | D.E1000_VMOLR_RSSE);

  if (adapter.rss_queues > 1 && vfn === adapter.vfs_allocated_count)
    vmolr |= D.E1000_VMOLR_RSSE;
  if (vfn <= adapter.vfs_allocated_count)
    vmolr |= D.E1000_VMOLR_BAM;

  wr32(hw, R.E1000_VMOLR(vfn), vmolr);
}

export function igb_configure_rx_ring(adapter: igb_adapter, ring: igb_ring): void {
  const hw = adapter.hw;
  const rdba = ring.dma;
  const reg_idx = ring.reg_idx;
  let srrctl = 0, rxdctl = 0;

  wr32(hw, R.E1000_RXDCTL(reg_idx), 0);

  wr32(hw, R.E1000_RDBAL(reg_idx), rdba & 0xffffffff);
  wr32(hw, R.E1000_RDBAH(reg_idx), 0);
  wr32(hw, R.E1000_RDLEN(reg_idx), ring.count * 16);

  ring.tail = new iomem_ptr(hw.hw_addr.base, R.E1000_RDT(reg_idx));
  wr32(hw, R.E1000_RDH(reg_idx), 0);
  writel(0, ring.tail);

  srrctl = IGB_RX_HDR_LEN << D.E1000_SRRCTL_BSIZEHDRSIZE_SHIFT;
  srrctl |= IGB_RX_BUFSZ >> D.E1000_SRRCTL_BSIZEPKT_SHIFT;
  srrctl |= D.E1000_SRRCTL_DESCTYPE_ADV_ONEBUF;
  if (hw.mac.type >= e1000_82580)
    srrctl |= D.E1000_SRRCTL_TIMESTAMP;
  if (adapter.vfs_allocated_count || adapter.num_rx_queues > 1)
    srrctl |= D.E1000_SRRCTL_DROP_EN;

  wr32(hw, R.E1000_SRRCTL(reg_idx), srrctl);

  igb_set_vmolr(adapter, reg_idx & 0x7, true);

  rxdctl |= IGB_RX_PTHRESH;
  rxdctl |= IGB_RX_HTHRESH << 8;
  rxdctl |= IGB_RX_WTHRESH << 16;

  rxdctl |= D.E1000_RXDCTL_QUEUE_ENABLE;
  wr32(hw, R.E1000_RXDCTL(reg_idx), rxdctl);
}

export function igb_configure_rx(adapter: igb_adapter): void {
  let i: number;

  igb_set_uta(adapter);

  igb_rar_set_qsel(adapter, adapter.hw.mac.addr, 0, adapter.vfs_allocated_count);

  for (i = 0; i < adapter.num_rx_queues; i++)
    igb_configure_rx_ring(adapter, adapter.rx_ring[i]);
}

export function igb_free_tx_resources(tx_ring: igb_ring): void {
  igb_clean_tx_ring(tx_ring);

  tx_ring.tx_buffer_info = null;

  if (!tx_ring.desc)
    return;

  dma_free_coherent(tx_ring.dev, tx_ring.dma);

  tx_ring.desc = null;
}

export function igb_free_all_tx_resources(adapter: igb_adapter): void {
  let i: number;

  for (i = 0; i < adapter.num_tx_queues; i++)
    igb_free_tx_resources(adapter.tx_ring[i]);
}

export function igb_unmap_and_free_tx_resource(ring: igb_ring, tx_buffer: igb_tx_buffer): void {
  if (tx_buffer.skb) {
    dev_kfree_skb_any(tx_buffer.skb);
    if (dma_unmap_len(tx_buffer))
      dma_unmap_single(ring.dev, dma_unmap_addr(tx_buffer), dma_unmap_len(tx_buffer), DMA_TO_DEVICE);
  } else if (dma_unmap_len(tx_buffer)) {
    dma_unmap_page(ring.dev, dma_unmap_addr(tx_buffer), dma_unmap_len(tx_buffer), DMA_TO_DEVICE);
  }
  tx_buffer.next_to_watch = null;
  tx_buffer.skb = null;
  dma_unmap_len_set(tx_buffer, 0);
}

export function igb_clean_tx_ring(tx_ring: igb_ring): void {
  let buffer_info: igb_tx_buffer;
  let i: number;

  if (!tx_ring.tx_buffer_info)
    return;

  for (i = 0; i < tx_ring.count; i++) {
    buffer_info = tx_ring.tx_buffer_info[i];
    igb_unmap_and_free_tx_resource(tx_ring, buffer_info);
  }

  netdev_tx_reset_queue(txring_txq(tx_ring));

  for (i = 0; i < tx_ring.count; i++) { tx_ring.tx_buffer_info[i].clear(); tx_ring.desc[i].clear(); }

  tx_ring.next_to_use = 0;
  tx_ring.next_to_clean = 0;
}

export function igb_clean_all_tx_rings(adapter: igb_adapter): void {
  let i: number;

  for (i = 0; i < adapter.num_tx_queues; i++)
    igb_clean_tx_ring(adapter.tx_ring[i]);
}

export function igb_free_rx_resources(rx_ring: igb_ring): void {
  igb_clean_rx_ring(rx_ring);

  rx_ring.rx_buffer_info = null;

  if (!rx_ring.desc)
    return;

  dma_free_coherent(rx_ring.dev, rx_ring.dma);

  rx_ring.desc = null;
}

export function igb_free_all_rx_resources(adapter: igb_adapter): void {
  let i: number;

  for (i = 0; i < adapter.num_rx_queues; i++)
    igb_free_rx_resources(adapter.rx_ring[i]);
}

export function igb_clean_rx_ring(rx_ring: igb_ring): void {
  let i: number;

  if (rx_ring.skb)
    dev_kfree_skb(rx_ring.skb);
  rx_ring.skb = null;

  if (!rx_ring.rx_buffer_info)
    return;

  for (i = 0; i < rx_ring.count; i++) {
    const buffer_info = rx_ring.rx_buffer_info[i];

    if (!buffer_info.page)
      continue;

    dma_unmap_page(rx_ring.dev, buffer_info.dma, PAGE_SIZE, DMA_FROM_DEVICE);
    __free_page(buffer_info.page);

    buffer_info.page = null;
  }

  for (i = 0; i < rx_ring.count; i++) { rx_ring.rx_buffer_info[i].clear(); rx_ring.desc[i].clear(); }

  rx_ring.next_to_alloc = 0;
  rx_ring.next_to_clean = 0;
  rx_ring.next_to_use = 0;
}

export function igb_clean_all_rx_rings(adapter: igb_adapter): void {
  let i: number;

  for (i = 0; i < adapter.num_rx_queues; i++)
    igb_clean_rx_ring(adapter.rx_ring[i]);
}

export function igb_set_mac(netdev: net_device, addr: Uint8Array): number {
  const adapter: igb_adapter = netdev_priv(netdev);
  const hw = adapter.hw;

  if (!is_valid_ether_addr(addr))
    return -EADDRNOTAVAIL;

  netdev.dev_addr.set(addr.subarray(0, netdev.addr_len));
  hw.mac.addr.set(addr.subarray(0, netdev.addr_len));

  igb_rar_set_qsel(adapter, hw.mac.addr, 0, adapter.vfs_allocated_count);

  return 0;
}

export function igb_write_mc_addr_list(netdev: net_device): number {
  const adapter: igb_adapter = netdev_priv(netdev);
  const hw = adapter.hw;
  let mta_list: Uint8Array;
  let i: number;

  if (netdev_mc_empty(netdev)) {
    igb_update_mc_addr_list(hw, null, 0);
    igb_restore_vf_multicasts(adapter);
    return 0;
  }

  mta_list = new Uint8Array(netdev_mc_count(netdev) * 6);
  if (!mta_list)
    return -ENOMEM;

  i = 0;
  for (let p = netdev.mc.list.next; p !== netdev.mc.list; p = p.next)
    mta_list.set(p.owner.addr.subarray(0, ETH_ALEN), i++ * ETH_ALEN);

  igb_update_mc_addr_list(hw, mta_list, i);

  return netdev_mc_count(netdev);
}

export function igb_write_uc_addr_list(netdev: net_device): number {
  const adapter: igb_adapter = netdev_priv(netdev);
  const hw = adapter.hw;
  const vfn = adapter.vfs_allocated_count;
  let rar_entries = hw.mac.rar_entry_count - (vfn + 1);
  let count = 0;

  if (netdev_uc_count(netdev) > rar_entries)
    return -ENOMEM;

  if (!netdev_uc_empty(netdev) && rar_entries) {
    for (let p = netdev.uc.list.next; p !== netdev.uc.list; p = p.next) {
      if (!rar_entries)
        break;
      igb_rar_set_qsel(adapter, p.owner.addr, rar_entries--, vfn);
      count++;
    }
  }
  for (; rar_entries > 0; rar_entries--) {
    wr32(hw, R.E1000_RAH(rar_entries), 0);
    wr32(hw, R.E1000_RAL(rar_entries), 0);
  }
  wrfl(hw);

  return count;
}

/** Programs the address filters from the device's flags and lists. */
export function igb_set_rx_mode(netdev: net_device): void {
  const adapter: igb_adapter = netdev_priv(netdev);
  const hw = adapter.hw;
  const vfn = adapter.vfs_allocated_count;
  let rctl: number, vmolr = 0;
  let count: number;

  rctl = rd32(hw, R.E1000_RCTL);

  rctl &= ~(D.E1000_RCTL_UPE | D.E1000_RCTL_MPE | D.E1000_RCTL_VFE);

  if (netdev.flags & IFF_PROMISC) {
    const mrqc = rd32(hw, R.E1000_MRQC);
    if (mrqc & D.E1000_MRQC_ENABLE_VMDQ)
      rctl |= D.E1000_RCTL_VFE;
    rctl |= (D.E1000_RCTL_UPE | D.E1000_RCTL_MPE);
    vmolr |= (D.E1000_VMOLR_ROPE | D.E1000_VMOLR_MPME);
  } else {
    if (netdev.flags & IFF_ALLMULTI) {
      rctl |= D.E1000_RCTL_MPE;
      vmolr |= D.E1000_VMOLR_MPME;
    } else {
      count = igb_write_mc_addr_list(netdev);
      if (count < 0) {
        rctl |= D.E1000_RCTL_MPE;
        vmolr |= D.E1000_VMOLR_MPME;
      } else if (count) {
        vmolr |= D.E1000_VMOLR_ROMPE;
      }
    }
    count = igb_write_uc_addr_list(netdev);
    if (count < 0) {
      rctl |= D.E1000_RCTL_UPE;
      vmolr |= D.E1000_VMOLR_ROPE;
    }
    rctl |= D.E1000_RCTL_VFE;
  }
  wr32(hw, R.E1000_RCTL, rctl);

  if ((hw.mac.type < e1000_82576) || (hw.mac.type > e1000_i350))
    return;

  vmolr |= rd32(hw, R.E1000_VMOLR(vfn)) & ~(D.E1000_VMOLR_ROPE | D.E1000_VMOLR_MPME | D.E1000_VMOLR_ROMPE);
  wr32(hw, R.E1000_VMOLR(vfn), vmolr);
  igb_restore_vf_multicasts(adapter);
}

export function igb_check_wvbr(adapter: igb_adapter): void {
  const hw = adapter.hw;
  let wvbr = 0;

  switch (hw.mac.type) {
    case e1000_82576:
    case e1000_i350:
      if (!(wvbr = rd32(hw, R.E1000_WVBR)))
        return;
      break;
    default:
      break;
  }

  adapter.wvbr |= wvbr;
}

export function igb_spoof_check(adapter: igb_adapter): void {
  let j: number;

  if (!adapter.wvbr)
    return;

  for (j = 0; j < adapter.vfs_allocated_count; j++) {
    if (adapter.wvbr & (1 << j) || adapter.wvbr & (1 << (j + IGB_STAGGERED_QUEUE_OFFSET))) {
      dev_info(adapter.pdev.dev, `Spoof event(s) detected on VF ${j}`);
      adapter.wvbr &= ~((1 << j) | (1 << (j + IGB_STAGGERED_QUEUE_OFFSET)));
    }
  }
}

export function igb_update_phy_info(data: igb_adapter): void {
  const adapter = data;
  igb_get_phy_info(adapter.hw);
}

export function igb_has_link(adapter: igb_adapter): boolean {
  const hw = adapter.hw;
  let link_active = false;
  let ret_val = 0;

  switch (hw.phy.media_type) {
    case e1000_media_type_copper:
      if (hw.mac.get_link_status) {
        ret_val = hw.mac.ops.check_for_link(hw);
        link_active = !hw.mac.get_link_status;
      } else {
        link_active = true;
      }
      break;
    case e1000_media_type_internal_serdes:
      ret_val = hw.mac.ops.check_for_link(hw);
      link_active = hw.mac.serdes_has_link;
      break;
    default:
      break;
  }

  return link_active;
}

export function igb_thermal_sensor_event(hw: e1000_hw, event: number): boolean {
  let ret = false;
  let ctrl_ext: number, thstat: number;

  if (hw.mac.type === e1000_i350) {
    thstat = rd32(hw, R.E1000_THSTAT);
    ctrl_ext = rd32(hw, R.E1000_CTRL_EXT);

    if ((hw.phy.media_type === e1000_media_type_copper) && !(ctrl_ext & D.E1000_CTRL_EXT_LINK_MODE_SGMII))
      ret = !!(thstat & event);
  }

  return ret;
}

export function igb_watchdog(data: igb_adapter): void {
  const adapter = data;
  schedule_work(adapter.watchdog_task);
}

/** Every two seconds: link state, statistics, an interrupt on every vector in case one was lost. */
export function igb_watchdog_task(work: work_struct): void {
  const adapter = container_of_adapter(work);
  const hw = adapter.hw;
  const phy = hw.phy;
  const netdev = adapter.netdev;
  let link: boolean;
  let i: number;

  link = igb_has_link(adapter);
  if (link) {
    if (!netif_carrier_ok(netdev)) {
      let ctrl: number;
      const speed = { v: 0 }, duplex = { v: 0 };
      hw.mac.ops.get_speed_and_duplex(hw, speed, duplex);
      adapter.link_speed = speed.v;
      adapter.link_duplex = duplex.v;

      ctrl = rd32(hw, R.E1000_CTRL);
      current.machine.log(`igb: ${netdev.name} NIC Link is Up ${adapter.link_speed} Mbps ${adapter.link_duplex === FULL_DUPLEX ? 'Full' : 'Half'} Duplex, Flow Control: ${
        (ctrl & D.E1000_CTRL_TFCE) && (ctrl & D.E1000_CTRL_RFCE) ? 'RX/TX' : (ctrl & D.E1000_CTRL_RFCE) ? 'RX' : (ctrl & D.E1000_CTRL_TFCE) ? 'TX' : 'None'}`);

      igb_check_downshift(hw);
      if (phy.speed_downgraded)
        netdev_warn(netdev, 'Link Speed was downgraded by SmartSpeed');

      if (igb_thermal_sensor_event(hw, D.E1000_THSTAT_LINK_THROTTLE)) {
        netdev_info(netdev, 'The network adapter link speed was downshifted because it overheated');
      }

      adapter.tx_timeout_factor = 1;
      switch (adapter.link_speed) {
        case SPEED_10:
          adapter.tx_timeout_factor = 14;
          break;
        case SPEED_100:
          break;
      }

      netif_carrier_on(netdev);

      igb_ping_all_vfs(adapter);
      igb_check_vf_rate_limit(adapter);

      if (!test_bit(__IGB_DOWN, adapter.state))
        mod_timer(adapter.phy_info_timer, round_jiffies(jiffies() + 2 * HZ));
    }
  } else {
    if (netif_carrier_ok(netdev)) {
      adapter.link_speed = 0;
      adapter.link_duplex = 0;

      if (igb_thermal_sensor_event(hw, D.E1000_THSTAT_PWR_DOWN)) {
        netdev_err(netdev, 'The network adapter was stopped because it overheated');
      }

      current.machine.log(`igb: ${netdev.name} NIC Link is Down`);
      netif_carrier_off(netdev);

      igb_ping_all_vfs(adapter);

      if (!test_bit(__IGB_DOWN, adapter.state))
        mod_timer(adapter.phy_info_timer, round_jiffies(jiffies() + 2 * HZ));
    }
  }

  spin_lock(adapter.stats64_lock);
  igb_update_stats(adapter, adapter.stats64);
  spin_unlock(adapter.stats64_lock);

  for (i = 0; i < adapter.num_tx_queues; i++) {
    const tx_ring = adapter.tx_ring[i];
    if (!netif_carrier_ok(netdev)) {
      if (igb_desc_unused(tx_ring) + 1 < tx_ring.count) {
        adapter.tx_timeout_count++;
        schedule_work(adapter.reset_task);
        return;
      }
    }

    set_bit(IGB_RING_FLAG_TX_DETECT_HANG, tx_ring.flags);
  }

  if (adapter.msix_entries) {
    let eics = 0;
    for (i = 0; i < adapter.num_q_vectors; i++)
      eics |= adapter.q_vector[i].eims_value;
    wr32(hw, R.E1000_EICS, eics);
  } else {
    wr32(hw, R.E1000_ICS, D.E1000_ICS_RXDMT0);
  }

  igb_spoof_check(adapter);
  igb_ptp_rx_hang(adapter);

  if (!test_bit(__IGB_DOWN, adapter.state))
    mod_timer(adapter.watchdog_timer, round_jiffies(jiffies() + 2 * HZ));
}

/** Sets the vector's interrupt interval by the average packet size since the last poll. */
export function igb_update_ring_itr(q_vector: igb_q_vector): void {
  let new_val = q_vector.itr_val;
  let avg_wire_size = 0;
  const adapter = q_vector.adapter;
  let packets: number;

  clear_counts: {
    set_itr_val: {
      if (adapter.link_speed !== SPEED_1000) {
        new_val = IGB_4K_ITR;
        break set_itr_val;
      }

      packets = q_vector.rx.total_packets;
      if (packets)
        avg_wire_size = Math.trunc(q_vector.rx.total_bytes / packets);

      packets = q_vector.tx.total_packets;
      if (packets)
        avg_wire_size = max(avg_wire_size, Math.trunc(q_vector.tx.total_bytes / packets));

      if (!avg_wire_size)
        break clear_counts;

      avg_wire_size += 24;

      avg_wire_size = min(avg_wire_size, 3000);

      if ((avg_wire_size > 300) && (avg_wire_size < 1200))
        new_val = Math.trunc(avg_wire_size / 3);
      else
        new_val = Math.trunc(avg_wire_size / 2);

      if (new_val < IGB_20K_ITR && ((q_vector.rx.ring && adapter.rx_itr_setting === 3) || (!q_vector.rx.ring && adapter.tx_itr_setting === 3)))
        new_val = IGB_20K_ITR;
    }
    if (new_val !== q_vector.itr_val) {
      q_vector.itr_val = new_val;
      q_vector.set_itr = 1;
    }
  }
  q_vector.rx.total_bytes = 0;
  q_vector.rx.total_packets = 0;
  q_vector.tx.total_bytes = 0;
  q_vector.tx.total_packets = 0;
}

export function igb_update_itr(q_vector: igb_q_vector, ring_container: igb_ring_container): void {
  const packets = ring_container.total_packets;
  const bytes = ring_container.total_bytes;
  let itrval = ring_container.itr;

  if (packets === 0)
    return;

  switch (itrval) {
    case lowest_latency:
      if (bytes / packets > 8000)
        itrval = bulk_latency;
      else if ((packets < 5) && (bytes > 512))
        itrval = low_latency;
      break;
    case low_latency:
      if (bytes > 10000) {
        if (bytes / packets > 8000) {
          itrval = bulk_latency;
        } else if ((packets < 10) || ((bytes / packets) > 1200)) {
          itrval = bulk_latency;
        } else if ((packets > 35)) {
          itrval = lowest_latency;
        }
      } else if (bytes / packets > 2000) {
        itrval = bulk_latency;
      } else if (packets <= 2 && bytes < 512) {
        itrval = lowest_latency;
      }
      break;
    case bulk_latency:
      if (bytes > 25000) {
        if (packets > 35)
          itrval = low_latency;
      } else if (bytes < 1500) {
        itrval = low_latency;
      }
      break;
  }

  ring_container.total_bytes = 0;
  ring_container.total_packets = 0;

  ring_container.itr = itrval;
}

export function igb_set_itr(q_vector: igb_q_vector): void {
  const adapter = q_vector.adapter;
  let new_itr = q_vector.itr_val;
  let current_itr = 0;

  set_itr_now: {
    if (adapter.link_speed !== SPEED_1000) {
      current_itr = 0;
      new_itr = IGB_4K_ITR;
      break set_itr_now;
    }

    igb_update_itr(q_vector, q_vector.tx);
    igb_update_itr(q_vector, q_vector.rx);

    current_itr = max(q_vector.rx.itr, q_vector.tx.itr);

    if (current_itr === lowest_latency && ((q_vector.rx.ring && adapter.rx_itr_setting === 3) || (!q_vector.rx.ring && adapter.tx_itr_setting === 3)))
      current_itr = low_latency;

    switch (current_itr) {
      case lowest_latency:
        new_itr = IGB_70K_ITR;
        break;
      case low_latency:
        new_itr = IGB_20K_ITR;
        break;
      case bulk_latency:
        new_itr = IGB_4K_ITR;
        break;
      default:
        break;
    }
  }
  if (new_itr !== q_vector.itr_val) {
    new_itr = new_itr > q_vector.itr_val ? max(Math.trunc((new_itr * q_vector.itr_val) / (new_itr + (q_vector.itr_val >> 2))), new_itr) : new_itr;
    q_vector.itr_val = new_itr;
    q_vector.set_itr = 1;
  }
}

/** Writes a context descriptor: header lengths, MSS, kind of checksum. */
export function igb_tx_ctxtdesc(tx_ring: igb_ring, vlan_macip_lens: number, type_tucmd: number, mss_l4len_idx: number): void {
  let context_desc: e1000_adv_tx_desc;
  let i = tx_ring.next_to_use;

  context_desc = IGB_TX_CTXTDESC(tx_ring, i);

  i++;
  tx_ring.next_to_use = (i < tx_ring.count) ? i : 0;

  type_tucmd |= D.E1000_TXD_CMD_DEXT | D.E1000_ADVTXD_DTYP_CTXT;

  if (test_bit(IGB_RING_FLAG_TX_CTX_IDX, tx_ring.flags))
    mss_l4len_idx |= tx_ring.reg_idx << 4;

  context_desc.vlan_macip_lens = vlan_macip_lens;
  context_desc.seqnum_seed = 0;
  context_desc.type_tucmd_mlhl = type_tucmd;
  context_desc.mss_l4len_idx = mss_l4len_idx;
}

/** Prepares segmentation by the device: 1 when it will, 0 when there is nothing to segment, or a negative errno. */
export function igb_tso(tx_ring: igb_ring, first: igb_tx_buffer, hdr_len: { v: number }): number {
  const skb = first.skb;
  let vlan_macip_lens: number, type_tucmd: number;
  let mss_l4len_idx: number, l4len: number;

  if (skb.ip_summed !== CHECKSUM_PARTIAL)
    return 0;

  if (!skb_is_gso(skb))
    return 0;

  if (skb_header_cloned(skb)) {
    const err = pskb_expand_head(skb, 0, 0, GFP_ATOMIC);
    if (err)
      return err;
  }

  type_tucmd = D.E1000_ADVTXD_TUCMD_L4T_TCP;

  if (first.protocol === htons(ETH_P_IP)) {
    const iph = ip_hdr(skb);
    iph.tot_len = 0;
    iph.check = 0;
    tcp_hdr(skb).check = ~csum_tcpudp_magic(iph.saddr, iph.daddr, 0, IPPROTO_TCP, 0) & 0xffff;
    type_tucmd |= D.E1000_ADVTXD_TUCMD_IPV4;
    first.tx_flags |= IGB_TX_FLAGS_TSO | IGB_TX_FLAGS_CSUM | IGB_TX_FLAGS_IPV4;
  } else if (skb_is_gso_v6(skb)) {
    first.tx_flags |= IGB_TX_FLAGS_TSO | IGB_TX_FLAGS_CSUM;
  }

  l4len = tcp_hdrlen(skb);
  hdr_len.v = skb_transport_offset(skb) + l4len;

  first.gso_segs = skb_shinfo(skb).gso_segs;
  first.bytecount += (first.gso_segs - 1) * hdr_len.v;

  mss_l4len_idx = l4len << D.E1000_ADVTXD_L4LEN_SHIFT;
  mss_l4len_idx |= skb_shinfo(skb).gso_size << D.E1000_ADVTXD_MSS_SHIFT;

  vlan_macip_lens = skb_network_header_len(skb);
  vlan_macip_lens |= skb_network_offset(skb) << D.E1000_ADVTXD_MACLEN_SHIFT;
  vlan_macip_lens |= first.tx_flags & IGB_TX_FLAGS_VLAN_MASK;

  igb_tx_ctxtdesc(tx_ring, vlan_macip_lens, type_tucmd, mss_l4len_idx);

  return 1;
}

/** Prepares checksumming by the device. */
export function igb_tx_csum(tx_ring: igb_ring, first: igb_tx_buffer): void {
  const skb = first.skb;
  let vlan_macip_lens = 0;
  let mss_l4len_idx = 0;
  let type_tucmd = 0;

  if (skb.ip_summed !== CHECKSUM_PARTIAL) {
    if (!(first.tx_flags & IGB_TX_FLAGS_VLAN))
      return;
  } else {
    let l4_hdr = 0;
    switch (first.protocol) {
      case ETH_P_IP:
        vlan_macip_lens |= skb_network_header_len(skb);
        type_tucmd |= D.E1000_ADVTXD_TUCMD_IPV4;
        l4_hdr = ip_hdr(skb).protocol;
        break;
      case ETH_P_IPV6:
        vlan_macip_lens |= skb_network_header_len(skb);
        break;
      default:
        dev_err(tx_ring.dev, `partial checksum but proto=${first.protocol}!`);
        break;
    }

    switch (l4_hdr) {
      case IPPROTO_TCP:
        type_tucmd |= D.E1000_ADVTXD_TUCMD_L4T_TCP;
        mss_l4len_idx = tcp_hdrlen(skb) << D.E1000_ADVTXD_L4LEN_SHIFT;
        break;
      case IPPROTO_SCTP:
        type_tucmd |= D.E1000_ADVTXD_TUCMD_L4T_SCTP;
        mss_l4len_idx = 12 << D.E1000_ADVTXD_L4LEN_SHIFT;
        break;
      case IPPROTO_UDP:
        mss_l4len_idx = 8 << D.E1000_ADVTXD_L4LEN_SHIFT;
        break;
      default:
        dev_err(tx_ring.dev, `partial checksum but l4 proto=${l4_hdr}!`);
        break;
    }

    first.tx_flags |= IGB_TX_FLAGS_CSUM;
  }

  vlan_macip_lens |= skb_network_offset(skb) << D.E1000_ADVTXD_MACLEN_SHIFT;
  vlan_macip_lens |= first.tx_flags & IGB_TX_FLAGS_VLAN_MASK;

  igb_tx_ctxtdesc(tx_ring, vlan_macip_lens, type_tucmd, mss_l4len_idx);
}

function IGB_SET_FLAG(input: number, flag: number, result: number): number { return input & flag ? result : 0; }

export function igb_tx_cmd_type(skb: sk_buff, tx_flags: number): number {
  let cmd_type = D.E1000_ADVTXD_DTYP_DATA | D.E1000_ADVTXD_DCMD_DEXT | D.E1000_ADVTXD_DCMD_IFCS;

  cmd_type |= IGB_SET_FLAG(tx_flags, IGB_TX_FLAGS_VLAN, D.E1000_ADVTXD_DCMD_VLE);

  cmd_type |= IGB_SET_FLAG(tx_flags, IGB_TX_FLAGS_TSO, D.E1000_ADVTXD_DCMD_TSE);

  cmd_type |= IGB_SET_FLAG(tx_flags, IGB_TX_FLAGS_TSTAMP, D.E1000_ADVTXD_MAC_TSTAMP);

  cmd_type ^= IGB_SET_FLAG(skb.no_fcs, 1, D.E1000_ADVTXD_DCMD_IFCS);

  return cmd_type;
}

export function igb_tx_olinfo_status(tx_ring: igb_ring, tx_desc: e1000_adv_tx_desc, tx_flags: number, paylen: number): void {
  let olinfo_status = paylen << D.E1000_ADVTXD_PAYLEN_SHIFT;

  if (test_bit(IGB_RING_FLAG_TX_CTX_IDX, tx_ring.flags))
    olinfo_status |= tx_ring.reg_idx << 4;

  olinfo_status |= IGB_SET_FLAG(tx_flags, IGB_TX_FLAGS_CSUM, D.E1000_TXD_POPTS_TXSM << 8);

  olinfo_status |= IGB_SET_FLAG(tx_flags, IGB_TX_FLAGS_IPV4, D.E1000_TXD_POPTS_IXSM << 8);

  tx_desc.read.olinfo_status = olinfo_status;
}

/** Maps the packet's pieces, writes their descriptors, and tells the device by its tail register. */
export function igb_tx_map(tx_ring: igb_ring, first: igb_tx_buffer, hdr_len: number): void {
  const skb = first.skb;
  let tx_buffer: igb_tx_buffer;
  let tx_desc: e1000_adv_tx_desc;
  let frag: skb_frag_t;
  let dma;
  let data_len: number, size: number;
  const tx_flags = first.tx_flags;
  let cmd_type = igb_tx_cmd_type(skb, tx_flags);
  let i = tx_ring.next_to_use;

  tx_desc = IGB_TX_DESC(tx_ring, i);

  igb_tx_olinfo_status(tx_ring, tx_desc, tx_flags, skb.len - hdr_len);

  size = skb_headlen(skb);
  data_len = skb.data_len;

  dma = dma_map_single(tx_ring.dev, skb.head, skb.data, size, DMA_TO_DEVICE);

  tx_buffer = first;

  dma_error: {
    for (let f = 0, frags = skb_shinfo(skb).frags; ; f++) {
      frag = frags[f];
      if (dma_mapping_error(tx_ring.dev, dma))
        break dma_error;

      dma_unmap_len_set(tx_buffer, size);
      dma_unmap_addr_set(tx_buffer, dma);

      tx_desc.read.buffer_addr = dma;
      tx_desc.packet = skb.pkt;

      while (unlikely(size > IGB_MAX_DATA_PER_TXD)) {
        tx_desc.read.cmd_type_len = cmd_type ^ IGB_MAX_DATA_PER_TXD;

        i++;
        tx_desc = tx_desc.succ;
        if (i === tx_ring.count) {
          tx_desc = IGB_TX_DESC(tx_ring, 0);
          i = 0;
        }
        tx_desc.read.olinfo_status = 0;

        dma = dma_add(dma, IGB_MAX_DATA_PER_TXD);
        size -= IGB_MAX_DATA_PER_TXD;

        tx_desc.read.buffer_addr = dma;
        tx_desc.packet = skb.pkt;
      }

      if (likely(!data_len))
        break;

      tx_desc.read.cmd_type_len = cmd_type ^ size;

      i++;
      tx_desc = tx_desc.succ;
      if (i === tx_ring.count) {
        tx_desc = IGB_TX_DESC(tx_ring, 0);
        i = 0;
      }
      tx_desc.read.olinfo_status = 0;

      size = skb_frag_size(frag);
      data_len -= size;

      dma = skb_frag_dma_map(tx_ring.dev, frag, 0, size, DMA_TO_DEVICE);

      tx_buffer = tx_ring.tx_buffer_info[i];
    }

    cmd_type |= size | IGB_TXD_DCMD;
    tx_desc.read.cmd_type_len = cmd_type;

    netdev_tx_sent_queue(txring_txq(tx_ring), first.bytecount);

    first.time_stamp = jiffies();

    wmb();

    first.next_to_watch = tx_desc;

    i++;
    if (i === tx_ring.count)
      i = 0;

    tx_ring.next_to_use = i;

    writel(i, tx_ring.tail);

    mmiowb();

    return;
  }
  dev_err(tx_ring.dev, 'TX DMA map failed');

  for (;;) {
    tx_buffer = tx_ring.tx_buffer_info[i];
    igb_unmap_and_free_tx_resource(tx_ring, tx_buffer);
    if (tx_buffer === first)
      break;
    if (i === 0)
      i = tx_ring.count;
    i--;
  }

  tx_ring.next_to_use = i;
}

export function __igb_maybe_stop_tx(tx_ring: igb_ring, size: number): number {
  const netdev = tx_ring.netdev;

  netif_stop_subqueue(netdev, tx_ring.queue_index);

  smp_mb();

  if (igb_desc_unused(tx_ring) < size)
    return -EBUSY;

  netif_wake_subqueue(netdev, tx_ring.queue_index);

  u64_stats_update_begin(tx_ring);
  tx_ring.tx_stats.restart_queue2++;
  u64_stats_update_end(tx_ring);

  return 0;
}

export function igb_maybe_stop_tx(tx_ring: igb_ring, size: number): number {
  if (igb_desc_unused(tx_ring) >= size)
    return 0;
  return __igb_maybe_stop_tx(tx_ring, size);
}

/** Puts one packet on a transmit ring; NETDEV_TX_BUSY when it is too full. */
export function igb_xmit_frame_ring(skb: sk_buff, tx_ring: igb_ring): number {
  let first: igb_tx_buffer;
  let tso: number;
  let tx_flags = 0;
  let count = TXD_USE_COUNT(skb_headlen(skb));
  const protocol = vlan_get_protocol(skb);
  const hdr_len = { v: 0 };

  if (NETDEV_FRAG_PAGE_MAX_SIZE > IGB_MAX_DATA_PER_TXD) {
    let f: number;
    for (f = 0; f < skb_shinfo(skb).nr_frags; f++)
      count += TXD_USE_COUNT(skb_shinfo(skb).frags[f].size);
  } else {
    count += skb_shinfo(skb).nr_frags;
  }

  if (igb_maybe_stop_tx(tx_ring, count + 3)) {
    return NETDEV_TX_BUSY;
  }

  first = tx_ring.tx_buffer_info[tx_ring.next_to_use];
  first.skb = skb;
  first.bytecount = skb.len;
  first.gso_segs = 1;

  skb_tx_timestamp(skb);

  if (unlikely(skb_shinfo(skb).tx_flags & SKBTX_HW_TSTAMP)) {
    const adapter: igb_adapter = netdev_priv(tx_ring.netdev);

    if (!(adapter.ptp_tx_skb)) {
      skb_shinfo(skb).tx_flags |= SKBTX_IN_PROGRESS;
      tx_flags |= IGB_TX_FLAGS_TSTAMP;

      adapter.ptp_tx_skb = skb_get(skb);
      adapter.ptp_tx_start = jiffies();
      if (adapter.hw.mac.type === e1000_82576)
        schedule_work(adapter.ptp_tx_work);
    }
  }

  if (vlan_tx_tag_present(skb)) {
    tx_flags |= IGB_TX_FLAGS_VLAN;
    tx_flags |= (vlan_tx_tag_get(skb) << IGB_TX_FLAGS_VLAN_SHIFT);
  }

  first.tx_flags = tx_flags;
  first.protocol = protocol;

  tso = igb_tso(tx_ring, first, hdr_len);
  out_drop: {
    if (tso < 0)
      break out_drop;
    else if (!tso)
      igb_tx_csum(tx_ring, first);

    igb_tx_map(tx_ring, first, hdr_len.v);

    igb_maybe_stop_tx(tx_ring, DESC_NEEDED);

    return NETDEV_TX_OK;
  }
  igb_unmap_and_free_tx_resource(tx_ring, first);

  return NETDEV_TX_OK;
}

export function igb_tx_queue_mapping(adapter: igb_adapter, skb: sk_buff): igb_ring {
  let r_idx = skb.queue_mapping;

  if (r_idx >= adapter.num_tx_queues)
    r_idx = r_idx % adapter.num_tx_queues;

  return adapter.tx_ring[r_idx];
}

export function igb_xmit_frame(skb: sk_buff, netdev: net_device): number {
  const adapter: igb_adapter = netdev_priv(netdev);

  if (test_bit(__IGB_DOWN, adapter.state)) {
    dev_kfree_skb_any(skb);
    return NETDEV_TX_OK;
  }

  if (skb.len <= 0) {
    dev_kfree_skb_any(skb);
    return NETDEV_TX_OK;
  }

  if (unlikely(skb.len < 17)) {
    if (skb_pad(skb, 17 - skb.len))
      return NETDEV_TX_OK;
    skb.len = 17;
    skb_set_tail_pointer(skb, 17);
  }

  return igb_xmit_frame_ring(skb, igb_tx_queue_mapping(adapter, skb));
}

export function igb_tx_timeout(netdev: net_device): void {
  const adapter: igb_adapter = netdev_priv(netdev);
  const hw = adapter.hw;

  adapter.tx_timeout_count++;

  if (hw.mac.type >= e1000_82580)
    hw.dev_spec._82575.global_device_reset = true;

  schedule_work(adapter.reset_task);
  wr32(hw, R.E1000_EICS, (adapter.eims_enable_mask & ~adapter.eims_other));
}

export function* igb_reset_task(work: work_struct): Gen<void> {
  let adapter: igb_adapter;
  adapter = container_of_adapter(work);

  netdev_err(adapter.netdev, 'Reset adapter');
  yield* igb_reinit_locked(adapter);
}

export function igb_get_stats64(netdev: net_device, stats: net_device_stats): net_device_stats {
  const adapter: igb_adapter = netdev_priv(netdev);

  spin_lock(adapter.stats64_lock);
  igb_update_stats(adapter, adapter.stats64);
  Object.assign(stats, adapter.stats64);
  spin_unlock(adapter.stats64_lock);

  return stats;
}

export function* igb_change_mtu(netdev: net_device, new_mtu: number): Gen<number> {
  const adapter: igb_adapter = netdev_priv(netdev);
  const pdev = adapter.pdev;
  const max_frame = new_mtu + ETH_HLEN + ETH_FCS_LEN + VLAN_HLEN;

  if ((new_mtu < 68) || (max_frame > MAX_JUMBO_FRAME_SIZE)) {
    dev_err(pdev.dev, 'Invalid MTU setting');
    return -EINVAL;
  }

  if (max_frame > MAX_STD_JUMBO_FRAME_SIZE) {
    dev_err(pdev.dev, 'MTU > 9216 not supported.');
    return -EINVAL;
  }

  while (test_and_set_bit(__IGB_RESETTING, adapter.state))
    yield* msleep(1);

  adapter.max_frame_size = max_frame;

  if (netif_running(netdev))
    yield* igb_down(adapter);

  dev_info(pdev.dev, `changing MTU from ${netdev.mtu} to ${new_mtu}`);
  netdev.mtu = new_mtu;

  if (netif_running(netdev))
    igb_up(adapter);
  else
    yield* igb_reset(adapter);

  clear_bit(__IGB_RESETTING, adapter.state);

  return 0;
}

/** Adds up the rings' counters and reads (and so clears) the hardware's. */
export function igb_update_stats(adapter: igb_adapter, net_stats: net_device_stats): void {
  const hw = adapter.hw;
  const pdev = adapter.pdev;
  let reg: number, mpc: number;
  const phy_tmp = { v: 0 };
  let i: number;
  let bytes: number, packets: number;
  let _bytes: number, _packets: number;
  const stats = adapter.stats;

  if (adapter.link_speed === 0)
    return;
  if (pci_channel_offline(pdev))
    return;

  bytes = 0;
  packets = 0;

  for (i = 0; i < adapter.num_rx_queues; i++) {
    const rqdpc = rd32(hw, R.E1000_RQDPC(i));
    const ring = adapter.rx_ring[i];

    if (rqdpc) {
      ring.rx_stats.drops += rqdpc;
      net_stats.rx_fifo_errors += rqdpc;
    }

    do {
      _bytes = ring.rx_stats.bytes;
      _packets = ring.rx_stats.packets;
    } while (0);
    bytes += _bytes;
    packets += _packets;
  }

  net_stats.rx_bytes = bytes;
  net_stats.rx_packets = packets;

  bytes = 0;
  packets = 0;
  for (i = 0; i < adapter.num_tx_queues; i++) {
    const ring = adapter.tx_ring[i];
    do {
      _bytes = ring.tx_stats.bytes;
      _packets = ring.tx_stats.packets;
    } while (0);
    bytes += _bytes;
    packets += _packets;
  }
  net_stats.tx_bytes = bytes;
  net_stats.tx_packets = packets;

  stats.crcerrs += rd32(hw, R.E1000_CRCERRS);
  stats.gprc += rd32(hw, R.E1000_GPRC);
  stats.gorc += rd32(hw, R.E1000_GORCL);
  rd32(hw, R.E1000_GORCH);
  stats.bprc += rd32(hw, R.E1000_BPRC);
  stats.mprc += rd32(hw, R.E1000_MPRC);
  stats.roc += rd32(hw, R.E1000_ROC);
  stats.prc64 += rd32(hw, R.E1000_PRC64);
  stats.prc127 += rd32(hw, R.E1000_PRC127);
  stats.prc255 += rd32(hw, R.E1000_PRC255);
  stats.prc511 += rd32(hw, R.E1000_PRC511);
  stats.prc1023 += rd32(hw, R.E1000_PRC1023);
  stats.prc1522 += rd32(hw, R.E1000_PRC1522);
  stats.symerrs += rd32(hw, R.E1000_SYMERRS);
  stats.sec += rd32(hw, R.E1000_SEC);
  mpc = rd32(hw, R.E1000_MPC);
  stats.mpc += mpc;
  net_stats.rx_fifo_errors += mpc;
  stats.scc += rd32(hw, R.E1000_SCC);
  stats.ecol += rd32(hw, R.E1000_ECOL);
  stats.mcc += rd32(hw, R.E1000_MCC);
  stats.latecol += rd32(hw, R.E1000_LATECOL);
  stats.dc += rd32(hw, R.E1000_DC);
  stats.rlec += rd32(hw, R.E1000_RLEC);
  stats.xonrxc += rd32(hw, R.E1000_XONRXC);
  stats.xontxc += rd32(hw, R.E1000_XONTXC);
  stats.xoffrxc += rd32(hw, R.E1000_XOFFRXC);
  stats.xofftxc += rd32(hw, R.E1000_XOFFTXC);
  stats.fcruc += rd32(hw, R.E1000_FCRUC);
  stats.gptc += rd32(hw, R.E1000_GPTC);
  stats.gotc += rd32(hw, R.E1000_GOTCL);
  rd32(hw, R.E1000_GOTCH);
  stats.rnbc += rd32(hw, R.E1000_RNBC);
  stats.ruc += rd32(hw, R.E1000_RUC);
  stats.rfc += rd32(hw, R.E1000_RFC);
  stats.rjc += rd32(hw, R.E1000_RJC);
  stats.tor += rd32(hw, R.E1000_TORH);
  stats.tot += rd32(hw, R.E1000_TOTH);
  stats.tpr += rd32(hw, R.E1000_TPR);
  stats.ptc64 += rd32(hw, R.E1000_PTC64);
  stats.ptc127 += rd32(hw, R.E1000_PTC127);
  stats.ptc255 += rd32(hw, R.E1000_PTC255);
  stats.ptc511 += rd32(hw, R.E1000_PTC511);
  stats.ptc1023 += rd32(hw, R.E1000_PTC1023);
  stats.ptc1522 += rd32(hw, R.E1000_PTC1522);
  stats.mptc += rd32(hw, R.E1000_MPTC);
  stats.bptc += rd32(hw, R.E1000_BPTC);
  stats.tpt += rd32(hw, R.E1000_TPT);
  stats.colc += rd32(hw, R.E1000_COLC);
  stats.algnerrc += rd32(hw, R.E1000_ALGNERRC);

  reg = rd32(hw, R.E1000_CTRL_EXT);
  if (!(reg & D.E1000_CTRL_EXT_LINK_MODE_MASK)) {
    stats.rxerrc += rd32(hw, R.E1000_RXERRC);

    if ((hw.mac.type !== e1000_i210) && (hw.mac.type !== e1000_i211))
      stats.tncrs += rd32(hw, R.E1000_TNCRS);
  }

  stats.tsctc += rd32(hw, R.E1000_TSCTC);
  stats.tsctfc += rd32(hw, R.E1000_TSCTFC);
  stats.iac += rd32(hw, R.E1000_IAC);
  stats.icrxoc += rd32(hw, R.E1000_ICRXOC);
  stats.icrxptc += rd32(hw, R.E1000_ICRXPTC);
  stats.icrxatc += rd32(hw, R.E1000_ICRXATC);
  stats.ictxptc += rd32(hw, R.E1000_ICTXPTC);
  stats.ictxatc += rd32(hw, R.E1000_ICTXATC);
  stats.ictxqec += rd32(hw, R.E1000_ICTXQEC);
  stats.ictxqmtc += rd32(hw, R.E1000_ICTXQMTC);
  stats.icrxdmtc += rd32(hw, R.E1000_ICRXDMTC);

  net_stats.multicast = stats.mprc;
  net_stats.collisions = stats.colc;

  net_stats.rx_errors = stats.rxerrc + stats.crcerrs + stats.algnerrc + stats.ruc + stats.roc + stats.cexterr;
  net_stats.rx_length_errors = stats.ruc + stats.roc;
  net_stats.rx_crc_errors = stats.crcerrs;
  net_stats.rx_frame_errors = stats.algnerrc;
  net_stats.rx_missed_errors = stats.mpc;

  net_stats.tx_errors = stats.ecol + stats.latecol;
  net_stats.tx_aborted_errors = stats.ecol;
  net_stats.tx_window_errors = stats.latecol;
  net_stats.tx_carrier_errors = stats.tncrs;

  if (hw.phy.media_type === e1000_media_type_copper) {
    if ((adapter.link_speed === SPEED_1000) && (!igb_read_phy_reg(hw, D.PHY_1000T_STATUS, phy_tmp))) {
      phy_tmp.v &= PHY_IDLE_ERROR_COUNT_MASK;
      adapter.phy_stats.idle_errors += phy_tmp.v;
    }
  }

  stats.mgptc += rd32(hw, R.E1000_MGTPTC);
  stats.mgprc += rd32(hw, R.E1000_MGTPRC);
  stats.mgpdc += rd32(hw, R.E1000_MGTPDC);

  reg = rd32(hw, R.E1000_MANC);
  if (reg & D.E1000_MANC_EN_BMC2OS) {
    stats.o2bgptc += rd32(hw, R.E1000_O2BGPTC);
    stats.o2bspc += rd32(hw, R.E1000_O2BSPC);
    stats.b2ospc += rd32(hw, R.E1000_B2OSPC);
    stats.b2ogprc += rd32(hw, R.E1000_B2OGPRC);
  }
}

export function igb_msix_other(irq: number, data: igb_adapter): number {
  const adapter = data;
  const hw = adapter.hw;
  const icr = rd32(hw, R.E1000_ICR);

  if (icr & D.E1000_ICR_DRSTA)
    schedule_work(adapter.reset_task);

  if (icr & D.E1000_ICR_DOUTSYNC) {
    adapter.stats.doosync = (adapter.stats.doosync ?? 0) + 1;
    igb_check_wvbr(adapter);
  }

  if (icr & D.E1000_ICR_LSC) {
    hw.mac.get_link_status = true;
    if (!test_bit(__IGB_DOWN, adapter.state))
      mod_timer(adapter.watchdog_timer, jiffies() + 1);
  }

  if (icr & D.E1000_ICR_TS) {
    const tsicr = rd32(hw, R.E1000_TSICR);

    if (tsicr & D.E1000_TSICR_TXTS) {
      wr32(hw, R.E1000_TSICR, D.E1000_TSICR_TXTS);
      schedule_work(adapter.ptp_tx_work);
    }
  }

  wr32(hw, R.E1000_EIMS, adapter.eims_other);

  return IRQ_HANDLED;
}

export function igb_write_itr(q_vector: igb_q_vector): void {
  const adapter = q_vector.adapter;
  let itr_val = q_vector.itr_val & 0x7ffc;

  if (!q_vector.set_itr)
    return;

  if (!itr_val)
    itr_val = 0x4;

  if (adapter.hw.mac.type === e1000_82575)
    itr_val |= itr_val << 16;
  else
    itr_val |= D.E1000_EITR_CNT_IGNR;

  writel(itr_val, q_vector.itr_register);
  q_vector.set_itr = 0;
}

/** A queue's interrupt: schedules its NAPI poll. */
export function igb_msix_ring(irq: number, data: igb_q_vector): number {
  const q_vector = data;

  igb_write_itr(q_vector);

  napi_schedule(q_vector.napi);

  return IRQ_HANDLED;
}

export function igb_ping_all_vfs(adapter: igb_adapter): void {
  let ping: number;
  let i: number;

  for (i = 0; i < adapter.vfs_allocated_count; i++) {
    ping = D.E1000_PF_CONTROL_MSG;
    if (adapter.vf_data[i].flags & IGB_VF_FLAG_CTS)
      ping |= D.E1000_VT_MSGTYPE_CTS;
  }
}

export function igb_restore_vf_multicasts(adapter: igb_adapter): void {
  const hw = adapter.hw;
  let vf_data;
  let i: number;

  for (i = 0; i < adapter.vfs_allocated_count; i++) {
    let vmolr = rd32(hw, R.E1000_VMOLR(i));
    vmolr &= ~(D.E1000_VMOLR_ROMPE | D.E1000_VMOLR_MPME);

    vf_data = adapter.vf_data[i];

    if ((vf_data.num_vf_mc_hashes > 30) || (vf_data.flags & IGB_VF_FLAG_MULTI_PROMISC)) {
      vmolr |= D.E1000_VMOLR_MPME;
    } else if (vf_data.num_vf_mc_hashes) {
      vmolr |= D.E1000_VMOLR_ROMPE;
    }
    wr32(hw, R.E1000_VMOLR(i), vmolr);
  }
}

export function igb_set_uta(adapter: igb_adapter): void {
  const hw = adapter.hw;
  let i: number;

  if (hw.mac.type < e1000_82576)
    return;

  if (!adapter.vfs_allocated_count)
    return;

  for (i = 0; i < hw.mac.uta_reg_count; i++)
    array_wr32(hw, R.E1000_UTA, i, ~0);
}

/** The poll is done: adapts the interrupt rate and unmasks the vector. */
export function igb_ring_irq_enable(q_vector: igb_q_vector): void {
  const adapter = q_vector.adapter;
  const hw = adapter.hw;

  if ((q_vector.rx.ring && (adapter.rx_itr_setting & 3)) || (!q_vector.rx.ring && (adapter.tx_itr_setting & 3))) {
    if ((adapter.num_q_vectors === 1) && !adapter.vf_data)
      igb_set_itr(q_vector);
    else
      igb_update_ring_itr(q_vector);
  }

  if (!test_bit(__IGB_DOWN, adapter.state)) {
    if (adapter.msix_entries)
      wr32(hw, R.E1000_EIMS, q_vector.eims_value);
    else
      igb_irq_enable(adapter);
  }
}

/** NAPI poll of one vector: completes transmissions, receives up to `budget` packets. */
export function igb_poll(napi: napi_struct, budget: number): number {
  const q_vector = napi.owner as igb_q_vector;
  let clean_complete = true;

  if (q_vector.tx.ring)
    clean_complete = igb_clean_tx_irq(q_vector);

  if (q_vector.rx.ring)
    clean_complete &&= igb_clean_rx_irq(q_vector, budget);

  if (!clean_complete)
    return budget;

  napi_complete(napi);
  igb_ring_irq_enable(q_vector);

  return 0;
}

/** Frees what the device has sent; true when there is no more. */
export function igb_clean_tx_irq(q_vector: igb_q_vector): boolean {
  const adapter = q_vector.adapter;
  const tx_ring = q_vector.tx.ring;
  let tx_buffer: igb_tx_buffer;
  let tx_desc: e1000_adv_tx_desc;
  let total_bytes = 0, total_packets = 0;
  let budget = q_vector.tx.work_limit;
  let i = tx_ring.next_to_clean;

  if (test_bit(__IGB_DOWN, adapter.state))
    return true;

  tx_buffer = tx_ring.tx_buffer_info[i];
  tx_desc = IGB_TX_DESC(tx_ring, i);
  i -= tx_ring.count;

  do {
    const eop_desc = tx_buffer.next_to_watch;

    if (!eop_desc)
      break;

    read_barrier_depends();

    if (!(eop_desc.wb.status & D.E1000_TXD_STAT_DD))
      break;

    tx_buffer.next_to_watch = null;

    total_bytes += tx_buffer.bytecount;
    total_packets += tx_buffer.gso_segs;

    dev_kfree_skb_any(tx_buffer.skb);

    dma_unmap_single(tx_ring.dev, dma_unmap_addr(tx_buffer), dma_unmap_len(tx_buffer), DMA_TO_DEVICE);

    tx_buffer.skb = null;
    dma_unmap_len_set(tx_buffer, 0);

    while (tx_desc !== eop_desc) {
      tx_buffer = tx_buffer.succ;
      tx_desc = tx_desc.succ;
      i++;
      if (unlikely(!i)) {
        i -= tx_ring.count;
        tx_buffer = tx_ring.tx_buffer_info[0];
        tx_desc = IGB_TX_DESC(tx_ring, 0);
      }

      if (dma_unmap_len(tx_buffer)) {
        dma_unmap_page(tx_ring.dev, dma_unmap_addr(tx_buffer), dma_unmap_len(tx_buffer), DMA_TO_DEVICE);
        dma_unmap_len_set(tx_buffer, 0);
      }
    }

    tx_buffer = tx_buffer.succ;
    tx_desc = tx_desc.succ;
    i++;
    if (unlikely(!i)) {
      i -= tx_ring.count;
      tx_buffer = tx_ring.tx_buffer_info[0];
      tx_desc = IGB_TX_DESC(tx_ring, 0);
    }

    prefetch(tx_desc);

    budget--;
  } while (likely(budget));

  netdev_tx_completed_queue(txring_txq(tx_ring), total_packets, total_bytes);
  i += tx_ring.count;
  tx_ring.next_to_clean = i;
  u64_stats_update_begin(tx_ring);
  tx_ring.tx_stats.bytes += total_bytes;
  tx_ring.tx_stats.packets += total_packets;
  u64_stats_update_end(tx_ring);
  q_vector.tx.total_bytes += total_bytes;
  q_vector.tx.total_packets += total_packets;

  if (test_bit(IGB_RING_FLAG_TX_DETECT_HANG, tx_ring.flags)) {
    const hw = adapter.hw;

    clear_bit(IGB_RING_FLAG_TX_DETECT_HANG, tx_ring.flags);
    if (tx_buffer.next_to_watch && time_after(jiffies(), tx_buffer.time_stamp + (adapter.tx_timeout_factor * HZ)) && !(rd32(hw, R.E1000_STATUS) & D.E1000_STATUS_TXOFF)) {
      dev_err(tx_ring.dev, `Detected Tx Unit Hang: queue ${tx_ring.queue_index} TDH ${rd32(hw, R.E1000_TDH(tx_ring.reg_idx))} TDT ${readl(tx_ring.tail)}`);
      netif_stop_subqueue(tx_ring.netdev, tx_ring.queue_index);

      return true;
    }
  }

  if (unlikely(total_packets && netif_carrier_ok(tx_ring.netdev) && igb_desc_unused(tx_ring) >= TX_WAKE_THRESHOLD)) {
    smp_mb();
    if (__netif_subqueue_stopped(tx_ring.netdev, tx_ring.queue_index) && !(test_bit(__IGB_DOWN, adapter.state))) {
      netif_wake_subqueue(tx_ring.netdev, tx_ring.queue_index);

      u64_stats_update_begin(tx_ring);
      tx_ring.tx_stats.restart_queue++;
      u64_stats_update_end(tx_ring);
    }
  }

  return !!budget;
}

export function igb_reuse_rx_page(rx_ring: igb_ring, old_buff: igb_rx_buffer): void {
  let new_buff: igb_rx_buffer;
  let nta = rx_ring.next_to_alloc;

  new_buff = rx_ring.rx_buffer_info[nta];

  nta++;
  rx_ring.next_to_alloc = (nta < rx_ring.count) ? nta : 0;

  new_buff.memcpy(old_buff);

  dma_sync_single_range_for_device(rx_ring.dev, old_buff.dma, old_buff.page_offset, IGB_RX_BUFSZ, DMA_FROM_DEVICE);
}

export function igb_can_reuse_rx_page(rx_buffer: igb_rx_buffer, page: page, truesize: number): boolean {
  if (unlikely(page_to_nid(page) !== numa_node_id()))
    return false;

  if (unlikely(page_count(page) !== 1))
    return false;

  rx_buffer.page_offset ^= IGB_RX_BUFSZ;

  atomic_set(page._count, 2);

  return true;
}

/** Adds what was received to the packet: short ones by copy, else as a page fragment. True when the page can be used again. */
export function igb_add_rx_frag(rx_ring: igb_ring, rx_buffer: igb_rx_buffer, rx_desc: e1000_adv_rx_desc, skb: sk_buff): boolean {
  const page = rx_buffer.page;
  let size = rx_desc.wb.upper.length;
  const truesize = IGB_RX_BUFSZ;

  if ((size <= IGB_RX_HDR_LEN) && !skb_is_nonlinear(skb)) {
    let va = page_address(page) && rx_buffer.page_offset;

    if (igb_test_staterr(rx_desc, D.E1000_RXDADV_STAT_TSIP)) {
      igb_ptp_rx_pktstamp(rx_ring.q_vector, va, skb);
      va += IGB_TS_HDR_LEN;
      size -= IGB_TS_HDR_LEN;
    }

    memcpy(skb.head, __skb_put(skb, size), page.data, va, size);

    if (likely(page_to_nid(page) === numa_node_id()))
      return true;

    put_page(page);
    return false;
  }

  skb_add_rx_frag(skb, skb_shinfo(skb).nr_frags, page, rx_buffer.page_offset, size, truesize);

  return igb_can_reuse_rx_page(rx_buffer, page, truesize);
}

export function igb_fetch_rx_buffer(rx_ring: igb_ring, rx_desc: e1000_adv_rx_desc, skb: sk_buff): sk_buff {
  let rx_buffer: igb_rx_buffer;
  let page: page;

  rx_buffer = rx_ring.rx_buffer_info[rx_ring.next_to_clean];

  page = rx_buffer.page;
  prefetchw(page);

  if (likely(!skb)) {
    const page_addr = page_address(page);

    prefetch(page_addr);
    prefetch(page_addr);

    skb = netdev_alloc_skb_ip_align(rx_ring.netdev, IGB_RX_HDR_LEN);
    if (unlikely(!skb)) {
      rx_ring.rx_stats.alloc_failed++;
      return null;
    }
    prefetchw(skb.data);
    skb.pkt = rx_desc.packet;
    current.machine.packet_event('receive', skb.pkt, rx_ring.netdev.name);
  }

  dma_sync_single_range_for_cpu(rx_ring.dev, rx_buffer.dma, rx_buffer.page_offset, IGB_RX_BUFSZ, DMA_FROM_DEVICE);

  if (igb_add_rx_frag(rx_ring, rx_buffer, rx_desc, skb)) {
    igb_reuse_rx_page(rx_ring, rx_buffer);
  } else {
    dma_unmap_page(rx_ring.dev, rx_buffer.dma, PAGE_SIZE, DMA_FROM_DEVICE);
  }

  rx_buffer.page = null;

  return skb;
}

export function igb_rx_checksum(ring: igb_ring, rx_desc: e1000_adv_rx_desc, skb: sk_buff): void {
  skb_checksum_none_assert(skb);

  if (igb_test_staterr(rx_desc, D.E1000_RXD_STAT_IXSM))
    return;

  if (!(ring.netdev.features & NETIF_F_RXCSUM))
    return;

  if (igb_test_staterr(rx_desc, D.E1000_RXDEXT_STATERR_TCPE | D.E1000_RXDEXT_STATERR_IPE)) {
    if (!((skb.len === 60) && test_bit(IGB_RING_FLAG_RX_SCTP_CSUM, ring.flags))) {
      u64_stats_update_begin(ring);
      ring.rx_stats.csum_err++;
      u64_stats_update_end(ring);
    }
    return;
  }
  if (igb_test_staterr(rx_desc, D.E1000_RXD_STAT_TCPCS | D.E1000_RXD_STAT_UDPCS))
    skb.ip_summed = CHECKSUM_UNNECESSARY;

  dev_dbg(ring.dev, rx_desc.wb.upper.status_error);
}

export function igb_rx_hash(ring: igb_ring, rx_desc: e1000_adv_rx_desc, skb: sk_buff): void {
  if (ring.netdev.features & NETIF_F_RXHASH)
    skb.rxhash = rx_desc.wb.lower.hi_dword.rss;
}

export function igb_is_non_eop(rx_ring: igb_ring, rx_desc: e1000_adv_rx_desc): boolean {
  let ntc = rx_ring.next_to_clean + 1;

  ntc = (ntc < rx_ring.count) ? ntc : 0;
  rx_ring.next_to_clean = ntc;

  prefetch(IGB_RX_DESC(rx_ring, ntc));

  if (likely(igb_test_staterr(rx_desc, D.E1000_RXD_STAT_EOP)))
    return false;

  return true;
}

/** Length of the headers at `data` of `bytes`, at most `max_len`. DEVIATION: IPv6 headers are not looked into. */
export function igb_get_headlen(bytes: Uint8Array, data: number, max_len: number): number {
  let network: number;
  let protocol: number;
  let nexthdr = 0;
  let hlen: number;

  if (max_len < ETH_HLEN)
    return max_len;

  network = data;

  protocol = (bytes[network + 12] << 8) | bytes[network + 13];
  network += ETH_HLEN;

  if (protocol === ETH_P_8021Q) {
    if ((network - data) > (max_len - VLAN_HLEN))
      return max_len;

    protocol = (bytes[network + 2] << 8) | bytes[network + 3];
    network += VLAN_HLEN;
  }

  if (protocol === ETH_P_IP) {
    if ((network - data) > (max_len - 20))
      return max_len;

    hlen = (bytes[network] & 0x0f) << 2;

    if (hlen < 20)
      return network - data;

    const ipv4 = new iphdr(bytes, network);
    if (!(ipv4.frag_off & htons(IP_OFFSET)))
      nexthdr = bytes[network + 9];
  } else if (protocol === ETH_P_IPV6) {
    return network - data;
  } else {
    return network - data;
  }

  network += hlen;

  if (nexthdr === IPPROTO_TCP) {
    if ((network - data) > (max_len - 20))
      return max_len;

    hlen = (bytes[network + 12] & 0xf0) >> 2;

    if (hlen < 20)
      return network - data;

    network += hlen;
  } else if (nexthdr === IPPROTO_UDP) {
    if ((network - data) > (max_len - 8))
      return max_len;

    network += 8;
  }

  if ((network - data) < max_len)
    return network - data;
  else
    return max_len;
}

/** Moves the headers from the page into the linear part. */
export function igb_pull_tail(rx_ring: igb_ring, rx_desc: e1000_adv_rx_desc, skb: sk_buff): void {
  const frag = skb_shinfo(skb).frags[0];
  let va: number;
  let pull_len: number;

  const bytes = skb_frag_address(frag);
  va = frag.page_offset;

  if (igb_test_staterr(rx_desc, D.E1000_RXDADV_STAT_TSIP)) {
    igb_ptp_rx_pktstamp(rx_ring.q_vector, va, skb);

    skb_frag_size_sub(frag, IGB_TS_HDR_LEN);
    frag.page_offset += IGB_TS_HDR_LEN;
    skb.data_len -= IGB_TS_HDR_LEN;
    skb.len -= IGB_TS_HDR_LEN;

    va += IGB_TS_HDR_LEN;
  }

  pull_len = igb_get_headlen(bytes, va, IGB_RX_HDR_LEN);

  skb_copy_to_linear_data(skb, bytes, va, ALIGN(pull_len, 8));

  skb_frag_size_sub(frag, pull_len);
  frag.page_offset += pull_len;
  skb.data_len -= pull_len;
  skb.tail += pull_len;
}

/** Drops broken frames (true: it is gone), pulls the headers, pads short frames. */
export function igb_cleanup_headers(rx_ring: igb_ring, rx_desc: e1000_adv_rx_desc, skb: sk_buff): boolean {
  if (unlikely((igb_test_staterr(rx_desc, D.E1000_RXDEXT_ERR_FRAME_ERR_MASK)))) {
    const netdev = rx_ring.netdev;
    if (!(netdev.features & NETIF_F_RXALL)) {
      dev_kfree_skb_any(skb);
      return true;
    }
  }

  if (skb_is_nonlinear(skb))
    igb_pull_tail(rx_ring, rx_desc, skb);

  if (unlikely(skb.len < 60)) {
    const pad_len = 60 - skb.len;

    if (skb_pad(skb, pad_len))
      return true;
    __skb_put(skb, pad_len);
  }

  return false;
}

export function igb_process_skb_fields(rx_ring: igb_ring, rx_desc: e1000_adv_rx_desc, skb: sk_buff): void {
  const dev = rx_ring.netdev;

  igb_rx_hash(rx_ring, rx_desc, skb);

  igb_rx_checksum(rx_ring, rx_desc, skb);

  igb_ptp_rx_hwtstamp(rx_ring.q_vector, rx_desc, skb);

  if ((dev.features & NETIF_F_HW_VLAN_CTAG_RX) && igb_test_staterr(rx_desc, D.E1000_RXD_STAT_VP)) {
    let vid: number;
    vid = rx_desc.wb.upper.vlan;

    __vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), vid);
  }

  skb_record_rx_queue(skb, rx_ring.queue_index);

  skb.protocol = eth_type_trans(skb, rx_ring.netdev);
}

/** Receives up to `budget` packets; true when there are no more. */
export function igb_clean_rx_irq(q_vector: igb_q_vector, budget: number): boolean {
  const rx_ring = q_vector.rx.ring;
  let skb = rx_ring.skb;
  let total_bytes = 0, total_packets = 0;
  let cleaned_count = igb_desc_unused(rx_ring);

  do {
    let rx_desc: e1000_adv_rx_desc;

    if (cleaned_count >= IGB_RX_BUFFER_WRITE) {
      igb_alloc_rx_buffers(rx_ring, cleaned_count);
      cleaned_count = 0;
    }

    rx_desc = IGB_RX_DESC(rx_ring, rx_ring.next_to_clean);

    if (!igb_test_staterr(rx_desc, D.E1000_RXD_STAT_DD))
      break;

    rmb();

    skb = igb_fetch_rx_buffer(rx_ring, rx_desc, skb);

    if (!skb)
      break;

    cleaned_count++;

    if (igb_is_non_eop(rx_ring, rx_desc))
      continue;

    if (igb_cleanup_headers(rx_ring, rx_desc, skb)) {
      skb = null;
      continue;
    }

    total_bytes += skb.len;

    igb_process_skb_fields(rx_ring, rx_desc, skb);

    napi_gro_receive(q_vector.napi, skb);

    skb = null;

    total_packets++;
  } while (likely(total_packets < budget));

  rx_ring.skb = skb;

  u64_stats_update_begin(rx_ring);
  rx_ring.rx_stats.packets += total_packets;
  rx_ring.rx_stats.bytes += total_bytes;
  u64_stats_update_end(rx_ring);
  q_vector.rx.total_packets += total_packets;
  q_vector.rx.total_bytes += total_bytes;

  if (cleaned_count)
    igb_alloc_rx_buffers(rx_ring, cleaned_count);

  return (total_packets < budget);
}

export function igb_alloc_mapped_page(rx_ring: igb_ring, bi: igb_rx_buffer): boolean {
  let page = bi.page;
  let dma;

  if (likely(page))
    return true;

  page = __skb_alloc_page(GFP_ATOMIC | __GFP_COLD, null);
  if (unlikely(!page)) {
    rx_ring.rx_stats.alloc_failed++;
    return false;
  }

  dma = dma_map_page(rx_ring.dev, page, 0, PAGE_SIZE, DMA_FROM_DEVICE);

  if (dma_mapping_error(rx_ring.dev, dma)) {
    __free_page(page);

    rx_ring.rx_stats.alloc_failed++;
    return false;
  }

  bi.dma = dma;
  bi.page = page;
  bi.page_offset = 0;

  return true;
}

/** Gives `cleaned_count` buffers back to the device. */
export function igb_alloc_rx_buffers(rx_ring: igb_ring, cleaned_count: number): void {
  let rx_desc: e1000_adv_rx_desc;
  let bi: igb_rx_buffer;
  let i = rx_ring.next_to_use;

  if (!cleaned_count)
    return;

  rx_desc = IGB_RX_DESC(rx_ring, i);
  bi = rx_ring.rx_buffer_info[i];
  i -= rx_ring.count;

  do {
    if (!igb_alloc_mapped_page(rx_ring, bi))
      break;

    rx_desc.read.pkt_addr = dma_add(bi.dma, bi.page_offset);

    rx_desc = rx_desc.succ;
    bi = bi.succ;
    i++;
    if (unlikely(!i)) {
      rx_desc = IGB_RX_DESC(rx_ring, 0);
      bi = rx_ring.rx_buffer_info[0];
      i -= rx_ring.count;
    }

    rx_desc.read.hdr_addr = 0;

    cleaned_count--;
  } while (cleaned_count);

  i += rx_ring.count;

  if (rx_ring.next_to_use !== i) {
    rx_ring.next_to_use = i;

    rx_ring.next_to_alloc = i;

    wmb();
    writel(i, rx_ring.tail);
  }
}

export function igb_read_pcie_cap_reg(hw: e1000_hw, reg: number, value: { v: number }): number {
  const adapter = hw.back;

  if (pcie_capability_read_word(adapter.pdev, reg, value))
    return -3;

  return 0;
}

export function igb_write_pcie_cap_reg(hw: e1000_hw, reg: number, value: { v: number }): number {
  const adapter = hw.back;

  if (pcie_capability_write_word(adapter.pdev, reg, value.v))
    return -3;

  return 0;
}

export function igb_vlan_mode(netdev: net_device, features: netdev_features_t): void {
  const adapter: igb_adapter = netdev_priv(netdev);
  const hw = adapter.hw;
  let ctrl: number, rctl: number;
  const enable = !!(features & NETIF_F_HW_VLAN_CTAG_RX);

  if (enable) {
    ctrl = rd32(hw, R.E1000_CTRL);
    ctrl |= D.E1000_CTRL_VME;
    wr32(hw, R.E1000_CTRL, ctrl);

    rctl = rd32(hw, R.E1000_RCTL);
    rctl &= ~D.E1000_RCTL_CFIEN;
    wr32(hw, R.E1000_RCTL, rctl);
  } else {
    ctrl = rd32(hw, R.E1000_CTRL);
    ctrl &= ~D.E1000_CTRL_VME;
    wr32(hw, R.E1000_CTRL, ctrl);
  }

  igb_rlpml_set(adapter);
}

export function igb_restore_vlan(adapter: igb_adapter): void {
  igb_vlan_mode(adapter.netdev, adapter.netdev.features);
}

export function igb_rar_set_qsel(adapter: igb_adapter, addr: Uint8Array, index: number, qsel: number): void {
  let rar_low: number, rar_high: number;
  const hw = adapter.hw;

  rar_low = (addr[0] | (addr[1] << 8) | (addr[2] << 16) | (addr[3] << 24)) >>> 0;
  rar_high = (addr[4] | (addr[5] << 8));

  rar_high |= D.E1000_RAH_AV;

  if (hw.mac.type === e1000_82575)
    rar_high |= D.E1000_RAH_POOL_1 * qsel;
  else
    rar_high |= D.E1000_RAH_POOL_1 << qsel;

  wr32(hw, R.E1000_RAL(index), rar_low);
  wrfl(hw);
  wr32(hw, R.E1000_RAH(index), rar_high);
  wrfl(hw);
}

export function igb_check_vf_rate_limit(adapter: igb_adapter): void {
  if ((adapter.vf_rate_link_speed === 0) || (adapter.hw.mac.type !== e1000_82576))
    return;

  current.machine.log('virtual functions are not modelled');
}

export function igb_vmm_control(adapter: igb_adapter): void {
  const hw = adapter.hw;
  let reg: number;

  switch (hw.mac.type) {
    case e1000_82575:
    case e1000_i210:
    case e1000_i211:
    case e1000_i354:
    default:
      return;
    case e1000_82576:
      reg = rd32(hw, R.E1000_DTXCTL);
      reg |= D.E1000_DTXCTL_VLAN_ADDED;
      wr32(hw, R.E1000_DTXCTL, reg);
    /* falls through */
    case e1000_82580:
      reg = rd32(hw, R.E1000_RPLOLR);
      reg |= D.E1000_RPLOLR_STRVLAN;
      wr32(hw, R.E1000_RPLOLR, reg);
    /* falls through */
    case e1000_i350:
      break;
  }

  if (adapter.vfs_allocated_count) {
    igb_vmdq_set_loopback_pf(hw, true);
    igb_vmdq_set_replication_pf(hw, true);
  } else {
    igb_vmdq_set_loopback_pf(hw, false);
    igb_vmdq_set_replication_pf(hw, false);
  }
}

export function igb_init_dmac(adapter: igb_adapter, pba: number): void {
  const hw = adapter.hw;

  if (hw.mac.type > e1000_82580) {
    if (adapter.flags & IGB_FLAG_DMAC) {
      wr32(hw, R.E1000_DMCTXTH, 0);
    }
  } else if (hw.mac.type === e1000_82580) {
    const reg = rd32(hw, R.E1000_PCIEMISC);
    wr32(hw, R.E1000_PCIEMISC, reg & ~D.E1000_PCIEMISC_LX_DECISION);
    wr32(hw, R.E1000_DMACR, 0);
  }
}
export { pci_get_drvdata };
