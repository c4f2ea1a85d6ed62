/** drivers/net/ethernet/intel/igb/igb.h: rings, vectors, the adapter. */
import type { Gen, DmaAddress } from '../../../../../include/ports';
import type { Flags } from '../../../../../include/linux/bitops';
import { spinlock_t } from '../../../../../include/linux/spinlock';
import { timer_list } from '../../../../../include/linux/timer';
import { delayed_work, work_struct } from '../../../../../include/linux/workqueue';
import type { iomem_ptr } from '../../../../../include/linux/io';
import type { device } from '../../../../../include/linux/device';
import type { msix_entry, pci_dev } from '../../../../../include/linux/pci';
import type { page } from '../../../../../include/linux/mm';
import type { sk_buff } from '../../../../../include/linux/skbuff';
import type { net_device, netdev_queue } from '../../../../../include/linux/netdevice';
import { napi_struct, net_device_stats, netdev_get_tx_queue } from '../../../../../include/linux/netdevice';
import { DIV_ROUND_UP } from '../../../../../include/linux/kernel';
import type { e1000_adv_rx_desc, e1000_adv_tx_desc } from './e1000_hw';
import { e1000_hw, e1000_hw_stats, e1000_phy_stats } from './e1000_hw';
import { E1000_RXDADV_STAT_TS, E1000_RXDADV_STAT_TSIP } from './e1000_defines';
import { igb_ptp_rx_rgtstamp } from './igb_ptp';

export const IGB_START_ITR = 648;
export const IGB_4K_ITR = 980;
export const IGB_20K_ITR = 196;
export const IGB_70K_ITR = 56;
export const IGB_DEFAULT_TXD = 256;
export const IGB_DEFAULT_TX_WORK = 128;
export const IGB_DEFAULT_RXD = 256;
export const IGB_DEFAULT_ITR = 3;
export const NON_Q_VECTORS = 1;
export const MAX_Q_VECTORS = 8;
export const IGB_MIN_TXD = 80;
export const IGB_MAX_TXD = 4096;
export const IGB_MIN_RXD = 80;
export const IGB_MAX_RXD = 4096;
export const REQ_TX_DESCRIPTOR_MULTIPLE = 8;
export const REQ_RX_DESCRIPTOR_MULTIPLE = 8;
export const IGB_MAX_ITR_USECS = 10000;
export const IGB_MIN_ITR_USECS = 10;
export const IGB_MAX_RX_QUEUES = 8;
export const IGB_MAX_RX_QUEUES_82575 = 4;
export const IGB_MAX_RX_QUEUES_I211 = 2;
export const IGB_MAX_TX_QUEUES = 8;
export const IGB_VF_FLAG_CTS = 0x1;
export const IGB_VF_FLAG_MULTI_PROMISC = 0x4;
export const IGB_VF_FLAG_PF_SET_MAC = 0x8;
export const IGB_RX_PTHRESH = 8;
export const IGB_RX_HTHRESH = 8;
export const IGB_TX_PTHRESH = 8;
export const IGB_TX_HTHRESH = 1;
/** 82576 with MSI-X. */
export const IGB_RX_WTHRESH = 1;
export const IGB_TX_WTHRESH = 1;
export const IGB_RXBUFFER_256 = 256;
export const IGB_RXBUFFER_2048 = 2048;
export const IGB_RX_HDR_LEN = IGB_RXBUFFER_256;
export const IGB_RX_BUFSZ = IGB_RXBUFFER_2048;
export const IGB_RX_BUFFER_WRITE = 16;
export const AUTO_ALL_MODES = 0;
export const IGB_EEPROM_APME = 0x0400;
export const IGB_MNG_VLAN_NONE = -1;
export const IGB_TX_FLAGS_VLAN = 0x01;
export const IGB_TX_FLAGS_TSO = 0x02;
export const IGB_TX_FLAGS_TSTAMP = 0x04;
export const IGB_TX_FLAGS_IPV4 = 0x10;
export const IGB_TX_FLAGS_CSUM = 0x20;
export const IGB_TX_FLAGS_VLAN_MASK = 0xffff0000;
export const IGB_TX_FLAGS_VLAN_SHIFT = 16;
export const IGB_MAX_TXD_PWR = 15;
export const IGB_MAX_DATA_PER_TXD = 1 << IGB_MAX_TXD_PWR;
export const DESC_NEEDED = 17 + 4;
export const IGB_TS_HDR_LEN = 16;
export const IGB_TXD_DCMD = 0x01000000 | 0x08000000;

export function TXD_USE_COUNT(s: number): number { return DIV_ROUND_UP(s, IGB_MAX_DATA_PER_TXD); }
export type { Gen };

export class igb_tx_buffer {
  next_to_watch: e1000_adv_tx_desc = null;
  time_stamp = 0;
  skb: sk_buff = null;
  bytecount = 0;
  gso_segs = 0;
  protocol = 0;
  dma: DmaAddress = null;
  len = 0;
  tx_flags = 0;
  succ: igb_tx_buffer = null;
  clear(): void { this.next_to_watch = null; this.time_stamp = 0; this.skb = null; this.bytecount = this.gso_segs = this.protocol = this.len = this.tx_flags = 0; this.dma = null; }
}

export class igb_rx_buffer {
  dma: DmaAddress = null;
  page: page = null;
  page_offset = 0;
  succ: igb_rx_buffer = null;
  memcpy(from: igb_rx_buffer): void { this.dma = from.dma; this.page = from.page; this.page_offset = from.page_offset; }
  clear(): void { this.dma = null; this.page = null; this.page_offset = 0; }
}

export class igb_tx_queue_stats { packets = 0; bytes = 0; restart_queue = 0; restart_queue2 = 0; }
export class igb_rx_queue_stats { packets = 0; bytes = 0; drops = 0; csum_err = 0; alloc_failed = 0; }

export class igb_ring_container { ring: igb_ring = null; total_bytes = 0; total_packets = 0; work_limit = 0; count = 0; itr = 0; }

export class igb_ring {
  q_vector: igb_q_vector = null;
  netdev: net_device = null;
  dev: device = null;
  tx_buffer_info: igb_tx_buffer[] = null;
  rx_buffer_info: igb_rx_buffer[] = null;
  last_rx_timestamp = 0;
  /** Transmit or receive descriptors. */
  desc: any[] = null;
  flags: Flags = { v: 0 };
  tail: iomem_ptr = null;
  /** Bus address of the descriptors. */
  dma = 0;
  size = 0;
  count = 0;
  queue_index = 0;
  reg_idx = 0;
  next_to_clean = 0;
  next_to_use = 0;
  next_to_alloc = 0;
  tx_stats = new igb_tx_queue_stats();
  skb: sk_buff = null;
  rx_stats = new igb_rx_queue_stats();
}

export class igb_q_vector {
  adapter: igb_adapter = null;
  cpu = 0;
  eims_value = 0;
  itr_val = 0;
  set_itr = 0;
  itr_register: iomem_ptr = null;
  rx = new igb_ring_container();
  tx = new igb_ring_container();
  napi = new napi_struct();
  name = '';
  ring: igb_ring[] = [];
}

export const IGB_RING_FLAG_RX_SCTP_CSUM = 0;
export const IGB_RING_FLAG_RX_LB_VLAN_BSWAP = 1;
export const IGB_RING_FLAG_TX_CTX_IDX = 2;
export const IGB_RING_FLAG_TX_DETECT_HANG = 3;

export function IGB_RX_DESC(R: igb_ring, i: number): e1000_adv_rx_desc { return R.desc[i]; }
export function IGB_TX_DESC(R: igb_ring, i: number): e1000_adv_tx_desc { return R.desc[i]; }
export function IGB_TX_CTXTDESC(R: igb_ring, i: number): e1000_adv_tx_desc { return R.desc[i]; }

export function igb_test_staterr(rx_desc: e1000_adv_rx_desc, stat_err_bits: number): number {
  return rx_desc.wb.upper.status_error & stat_err_bits;
}

/** Free descriptors of the ring. */
export function igb_desc_unused(ring: igb_ring): number {
  if (ring.next_to_clean > ring.next_to_use)
    return ring.next_to_clean - ring.next_to_use - 1;

  return ring.count + ring.next_to_clean - ring.next_to_use - 1;
}

export class vf_data_storage { vf_mc_hashes: number[] = []; num_vf_mc_hashes = 0; vlans_enabled = 0; flags = 0; tx_rate = 0; }

export class igb_adapter {
  netdev: net_device = null;
  state: Flags = { v: 0 };
  flags = 0;
  num_q_vectors = 0;
  msix_entries: msix_entry[] = null;
  rx_itr_setting = 0;
  tx_itr_setting = 0;
  tx_itr = 0;
  rx_itr = 0;
  tx_work_limit = 0;
  tx_timeout_count = 0;
  num_tx_queues = 0;
  tx_ring: igb_ring[] = new Array<igb_ring>(16).fill(null);
  num_rx_queues = 0;
  rx_ring: igb_ring[] = new Array<igb_ring>(16).fill(null);
  max_frame_size = 0;
  min_frame_size = 0;
  watchdog_timer = new timer_list();
  phy_info_timer = new timer_list();
  mng_vlan_id = 0;
  bd_number = 0;
  wol = 0;
  en_mng_pt = false;
  /** One-field objects: the driver passes their addresses. */
  link_speed = 0;
  link_duplex = 0;
  reset_task = new work_struct();
  watchdog_task = new work_struct();
  fc_autoneg = false;
  tx_timeout_factor = 0;
  pdev: pci_dev = null;
  stats64_lock = new spinlock_t();
  stats64 = new net_device_stats();
  hw = new e1000_hw();
  stats = new e1000_hw_stats();
  phy_stats = new e1000_phy_stats();
  msg_enable = 0;
  q_vector: igb_q_vector[] = new Array<igb_q_vector>(MAX_Q_VECTORS).fill(null);
  eims_enable_mask = 0;
  eims_other = 0;
  tx_ring_count = 0;
  rx_ring_count = 0;
  vfs_allocated_count = 0;
  vf_data: vf_data_storage[] = null;
  vf_rate_link_speed = 0;
  rss_queues = 0;
  wvbr = 0;
  shadow_vfta: Uint32Array = null;
  ptp_overflow_work = new delayed_work();
  ptp_tx_work = new work_struct();
  ptp_tx_skb: sk_buff = null;
  ptp_tx_start = 0;
  last_rx_ptp_check = 0;
  tmreg_lock = new spinlock_t();
  /** Bits for VLAN ids in use; none here. */
  active_vlans: number[] = [];
}

export const IGB_FLAG_HAS_MSI = 1 << 0;
export const IGB_FLAG_DCA_ENABLED = 1 << 1;
export const IGB_FLAG_QUAD_PORT_A = 1 << 2;
export const IGB_FLAG_QUEUE_PAIRS = 1 << 3;
export const IGB_FLAG_DMAC = 1 << 4;
export const IGB_FLAG_PTP = 1 << 5;
export const IGB_FLAG_RSS_FIELD_IPV4_UDP = 1 << 6;
export const IGB_FLAG_RSS_FIELD_IPV6_UDP = 1 << 7;
export const IGB_FLAG_WOL_SUPPORTED = 1 << 8;
export const IGB_MIN_TXPBSIZE = 20408;

export const __IGB_TESTING = 0;
export const __IGB_RESETTING = 1;
export const __IGB_DOWN = 2;

export function igb_ptp_rx_hwtstamp(q_vector: igb_q_vector, rx_desc: e1000_adv_rx_desc, skb: sk_buff): void {
  if (igb_test_staterr(rx_desc, E1000_RXDADV_STAT_TS) && !igb_test_staterr(rx_desc, E1000_RXDADV_STAT_TSIP))
    igb_ptp_rx_rgtstamp(q_vector, skb);
}

export function* igb_reset_phy(hw: e1000_hw): Gen<number> {
  if (hw.phy.ops.reset)
    return yield* hw.phy.ops.reset(hw);

  return 0;
}

export function igb_read_phy_reg(hw: e1000_hw, offset: number, data: { v: number }): number {
  if (hw.phy.ops.read_reg)
    return hw.phy.ops.read_reg(hw, offset, data);

  return 0;
}

export function igb_write_phy_reg(hw: e1000_hw, offset: number, data: number): number {
  if (hw.phy.ops.write_reg)
    return hw.phy.ops.write_reg(hw, offset, data);

  return 0;
}

export function igb_get_phy_info(hw: e1000_hw): number {
  if (hw.phy.ops.get_phy_info)
    return hw.phy.ops.get_phy_info(hw);

  return 0;
}

export function txring_txq(tx_ring: igb_ring): netdev_queue {
  return netdev_get_tx_queue(tx_ring.netdev, tx_ring.queue_index);
}
