/** drivers/net/ethernet/intel/igb/e1000_hw.h: the hardware as the driver sees it. */
import type { Gen } from '../../../../../include/ports';
import type { iomem_ptr } from '../../../../../include/linux/io';
import type { igb_adapter } from './igb';

export const E1000_DEV_ID_82576 = 0x10c9;
export const E1000_REVISION_2 = 2;
export const E1000_REVISION_4 = 4;

export const e1000_undefined = 0;
export const e1000_82575 = 1;
export const e1000_82576 = 2;
export const e1000_82580 = 3;
export const e1000_i350 = 4;
export const e1000_i354 = 5;
export const e1000_i210 = 6;
export const e1000_i211 = 7;

export const e1000_media_type_unknown = 0;
export const e1000_media_type_copper = 1;
export const e1000_media_type_internal_serdes = 2;

export const e1000_nvm_eeprom_spi = 3;
export const e1000_phy_unknown = 0;
export const e1000_phy_m88 = 2;
export const e1000_phy_igp = 3;
export const e1000_phy_igp_3 = 6;

export const e1000_1000t_rx_status_not_ok = 0;
export const e1000_1000t_rx_status_ok = 1;
export const e1000_1000t_rx_status_undefined = 0xff;
export const e1000_rev_polarity_normal = 0;
export const e1000_rev_polarity_reversed = 1;
export const e1000_rev_polarity_undefined = 0xff;
export const e1000_ms_hw_default = 0;

export const e1000_fc_none = 0;
export const e1000_fc_rx_pause = 1;
export const e1000_fc_tx_pause = 2;
export const e1000_fc_full = 3;
export const e1000_fc_default = 0xff;

export const e1000_smart_speed_default = 0;
export const e1000_smart_speed_on = 1;
export const e1000_smart_speed_off = 2;

/** One slot of a transmit ring: a data descriptor, its write-back, or a context descriptor (a union in C). */
export class e1000_adv_tx_desc {
  /** Where the data is: a DMA address. */
  buffer_addr: import('../../../../../include/ports').DmaAddress = null;
  cmd_type_len = 0;
  olinfo_status = 0;
  vlan_macip_lens = 0;
  seqnum_seed = 0;
  /** Identity of the packet (DEVIATION: hardware has no such field; the frame on the wire carries it for the trace). */
  packet = 0;
  /** The next slot in memory; null behind the last. */
  succ: e1000_adv_tx_desc = null;
  get read(): e1000_adv_tx_desc { return this; }
  get wb(): e1000_adv_tx_desc { return this; }
  /** The write-back's status lies over olinfo_status. */
  get status(): number { return this.olinfo_status; }
  set status(v: number) { this.olinfo_status = v; }
  get type_tucmd_mlhl(): number { return this.cmd_type_len; }
  set type_tucmd_mlhl(v: number) { this.cmd_type_len = v; }
  get mss_l4len_idx(): number { return this.olinfo_status; }
  set mss_l4len_idx(v: number) { this.olinfo_status = v; }
  clear(): void { this.buffer_addr = null; this.cmd_type_len = this.olinfo_status = this.vlan_macip_lens = this.seqnum_seed = this.packet = 0; }
}
export { e1000_adv_tx_desc as e1000_adv_tx_context_desc };

/** One slot of a receive ring: where to write, or what was received (a union in C). */
export class e1000_adv_rx_desc {
  pkt_addr: import('../../../../../include/ports').DmaAddress = null;
  /** Write-back. */
  status_error = 0;
  length = 0;
  vlan = 0;
  rss = 0;
  pkt_info = 0;
  packet = 0;
  succ: e1000_adv_rx_desc = null;
  get read(): e1000_adv_rx_desc { return this; }
  get wb(): e1000_adv_rx_desc { return this; }
  get upper(): e1000_adv_rx_desc { return this; }
  get lower(): e1000_adv_rx_desc { return this; }
  get hi_dword(): e1000_adv_rx_desc { return this; }
  get lo_dword(): e1000_adv_rx_desc { return this; }
  /** Lies over the upper half of the write-back. */
  set hdr_addr(_v: number) { this.status_error = 0; this.length = 0; this.vlan = 0; }
  clear(): void { this.pkt_addr = null; this.status_error = this.length = this.vlan = this.rss = this.pkt_info = this.packet = 0; }
}

/** Sums of the statistics registers. */
export class e1000_hw_stats {
  algnerrc = 0; b2ogprc = 0; b2ospc = 0; bprc = 0; bptc = 0; cexterr = 0; colc = 0; crcerrs = 0; dc = 0; doosync = 0; ecol = 0; fcruc = 0; gorc = 0; gotc = 0; gprc = 0; gptc = 0; iac = 0; icrxatc = 0; icrxdmtc = 0; icrxoc = 0; icrxptc = 0; ictxatc = 0; ictxptc = 0; ictxqec = 0; ictxqmtc = 0; latecol = 0; mcc = 0; mgpdc = 0; mgprc = 0; mgptc = 0; mpc = 0; mprc = 0; mptc = 0; o2bgptc = 0; o2bspc = 0; prc1023 = 0; prc127 = 0; prc1522 = 0; prc255 = 0; prc511 = 0; prc64 = 0; ptc1023 = 0; ptc127 = 0; ptc1522 = 0; ptc255 = 0; ptc511 = 0; ptc64 = 0; rfc = 0; rjc = 0; rlec = 0; rnbc = 0; roc = 0; ruc = 0; rxerrc = 0; scc = 0; sec = 0; symerrs = 0; tncrs = 0; tor = 0; tot = 0; tpr = 0; tpt = 0; tsctc = 0; tsctfc = 0; xoffrxc = 0; xofftxc = 0; xonrxc = 0; xontxc = 0;
}
/** e1000_hw.h: errors that the PHY counts itself. */
export class e1000_phy_stats { idle_errors = 0; receive_errors = 0; }

export interface e1000_mac_operations {
  check_for_link(hw: e1000_hw): number;
  reset_hw(hw: e1000_hw): Gen<number>;
  init_hw(hw: e1000_hw): Gen<number>;
  check_mng_mode?(hw: e1000_hw): boolean;
  setup_physical_interface(hw: e1000_hw): Gen<number>;
  rar_set(hw: e1000_hw, addr: Uint8Array, index: number): void;
  read_mac_addr(hw: e1000_hw): number;
  get_speed_and_duplex(hw: e1000_hw, speed: { v: number }, duplex: { v: number }): number;
  acquire_swfw_sync?(hw: e1000_hw, mask: number): number;
  release_swfw_sync?(hw: e1000_hw, mask: number): void;
}

/** Out-parameters of register reads are one-field objects. */
export interface e1000_phy_operations {
  acquire(hw: e1000_hw): number;
  check_polarity?(hw: e1000_hw): number;
  check_reset_block?(hw: e1000_hw): number;
  force_speed_duplex?(hw: e1000_hw): number;
  get_cfg_done?(hw: e1000_hw): Gen<number>;
  get_cable_length?(hw: e1000_hw): number;
  get_phy_info(hw: e1000_hw): number;
  read_reg(hw: e1000_hw, offset: number, data: { v: number }): number;
  release(hw: e1000_hw): void;
  reset?(hw: e1000_hw): Gen<number>;
  set_d0_lplu_state?(hw: e1000_hw, active: boolean): number;
  set_d3_lplu_state?(hw: e1000_hw, active: boolean): number;
  write_reg(hw: e1000_hw, offset: number, data: number): number;
}

export interface e1000_nvm_operations {
  acquire?(hw: e1000_hw): number;
  read(hw: e1000_hw, offset: number, words: number, data: Uint16Array): number;
  release?(hw: e1000_hw): void;
  validate(hw: e1000_hw): number;
}

export interface e1000_info {
  get_invariants(hw: e1000_hw): number;
  mac_ops: e1000_mac_operations;
  phy_ops: e1000_phy_operations;
  nvm_ops: e1000_nvm_operations;
}

/** e1000_hw.h: the MAC. Its address, the sizes of its filter tables, what was settled about the link. */
export class e1000_mac_info {
  ops: e1000_mac_operations = null;
  addr = new Uint8Array(6);
  perm_addr = new Uint8Array(6);
  type = e1000_undefined;
  ledctl_default = 0;
  ledctl_mode1 = 0;
  ledctl_mode2 = 0;
  mc_filter_type = 0;
  txcw = 0;
  mta_reg_count = 0;
  uta_reg_count = 0;
  mta_shadow = new Uint32Array(128);
  rar_entry_count = 0;
  forced_speed_duplex = 0;
  adaptive_ifs = false;
  arc_subsystem_valid = false;
  asf_firmware_present = false;
  autoneg = false;
  autoneg_failed = false;
  disable_hw_init_bits = false;
  get_link_status = false;
  ifs_params_forced = false;
  in_ifs_mode = false;
  report_tx_early = false;
  serdes_has_link = false;
  tx_pkt_filtering = false;
}

/** e1000_hw.h: the PHY. Its identity, what it advertises, what was measured of the cable. */
export class e1000_phy_info {
  ops: e1000_phy_operations = null;
  type = e1000_phy_unknown;
  local_rx = 0;
  remote_rx = 0;
  ms_type = 0;
  original_ms_type = 0;
  cable_polarity = 0;
  smart_speed = 0;
  addr = 0;
  id = 0;
  reset_delay_us = 0;
  revision = 0;
  media_type = e1000_media_type_unknown;
  autoneg_advertised = 0;
  autoneg_mask = 0;
  cable_length = 0;
  max_cable_length = 0;
  min_cable_length = 0;
  mdix = 0;
  disable_polarity_correction = false;
  is_mdix = false;
  polarity_correction = false;
  reset_disable = false;
  speed_downgraded = false;
  autoneg_wait_to_complete = false;
}

/** e1000_hw.h: the memory that holds the address and the settings at power-on; sizes in 16-bit words. */
export class e1000_nvm_info { ops: e1000_nvm_operations = null; type = 0; flash_bank_size = 0; word_size = 0; delay_usec = 0; address_bits = 0; opcode_bits = 0; page_size = 0; }
/** e1000_hw.h: the PCI Express slot, and which function of the device this is. */
export class e1000_bus_info { type = 0; speed = 0; width = 0; snoop = 0; func = 0; pci_cmd_word = 0; }
/** e1000_hw.h: flow control by pause frames; the water marks are bytes of the receive buffer. */
export class e1000_fc_info { high_water = 0; low_water = 0; pause_time = 0; send_xon = false; strict_ieee = false; current_mode = 0; requested_mode = 0; }
/** e1000_hw.h: what only the 82575 family has. */
export class e1000_dev_spec_82575 { sgmii_active = false; global_device_reset = false; eee_disable = false; clear_semaphore_once = false; module_plugged = false; }

/** e1000_hw.h: everything the shared code knows of one device. `hw_addr` is its BAR 0. */
export class e1000_hw {
  back: igb_adapter = null;
  hw_addr: iomem_ptr = null;
  mac = new e1000_mac_info();
  fc = new e1000_fc_info();
  phy = new e1000_phy_info();
  nvm = new e1000_nvm_info();
  bus = new e1000_bus_info();
  dev_spec = { _82575: new e1000_dev_spec_82575() };
  device_id = 0;
  vendor_id = 0;
  revision_id = 0;
}
