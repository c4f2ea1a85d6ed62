/** drivers/net/ethernet/intel/igb/e1000_82575.c: what is special to the 82575 family; copper 82576 only. */
import type { Gen } from '../../../../../include/ports';
import { mdelay, msleep } from '../../../../../include/linux/delay';
import type { e1000_hw, e1000_info, e1000_mac_operations, e1000_nvm_operations, e1000_phy_operations } from './e1000_hw';
import {
  E1000_DEV_ID_82576, e1000_82575, e1000_82576, e1000_82580, e1000_i210, e1000_i350, e1000_i354, e1000_media_type_copper, e1000_media_type_internal_serdes, e1000_nvm_eeprom_spi,
  e1000_phy_igp_3, e1000_smart_speed_off, e1000_smart_speed_on,
} from './e1000_hw';
import {
  igb_check_alt_mac_addr, igb_check_for_copper_link, igb_clear_hw_cntrs_base, igb_clear_vfta, igb_config_fc_after_link_up, igb_disable_pcie_master, igb_enable_mng_pass_thru,
  igb_get_auto_rd_done, igb_get_hw_semaphore, igb_get_speed_and_duplex_copper, igb_id_led_init, igb_init_rx_addrs, igb_put_hw_semaphore, igb_rar_set, igb_setup_link,
} from './e1000_mac';
import {
  igb_check_polarity_igp, igb_check_reset_block, igb_copper_link_setup_igp, igb_get_cable_length_igp_2, igb_get_phy_id, igb_get_phy_info_igp, igb_phy_hw_reset, igb_power_down_phy_copper,
  igb_read_phy_reg_igp, igb_setup_copper_link, igb_write_phy_reg_igp,
} from './e1000_phy';
import { igb_read_mac_addr, igb_read_nvm_eerd, igb_validate_nvm_checksum } from './e1000_nvm';
import { igb_read_pcie_cap_reg, igb_write_pcie_cap_reg } from './igb_main';
import * as R from './e1000_regs';
import * as D from './e1000_defines';
import { array_wr32, rd32, wr32, wrfl } from './e1000_regs';

const IGP03E1000_E_PHY_ID = 0x02a80390, IGP02E1000_PHY_POWER_MGMT = 0x19, IGP02E1000_PM_D0_LPLU = 0x0002, IGP01E1000_PHY_PORT_CONFIG = 0x10, IGP01E1000_PSCFR_SMART_SPEED = 0x0080;
const E1000_FUNC_1 = 1, E1000_FUNC_2 = 2, E1000_FUNC_3 = 3, PCIE_DEVICE_CONTROL2 = 0x28, PCIE_DEVICE_CONTROL2_16ms = 0x0005;
const E1000_RAR_ENTRIES_82575 = 16, E1000_RAR_ENTRIES_82576 = 24;

export function igb_init_phy_params_82575(hw: e1000_hw): number {
  const phy = hw.phy;
  let ret_val = 0;
  let ctrl_ext: number;

  phy.autoneg_mask = D.AUTONEG_ADVERTISE_SPEED_DEFAULT;
  phy.reset_delay_us = 100;

  ctrl_ext = rd32(hw, R.E1000_CTRL_EXT);

  phy.ops.reset = igb_phy_hw_reset;
  ctrl_ext &= ~D.E1000_CTRL_I2C_ENA;

  wr32(hw, R.E1000_CTRL_EXT, ctrl_ext);

  phy.ops.read_reg = igb_read_phy_reg_igp;
  phy.ops.write_reg = igb_write_phy_reg_igp;

  hw.bus.func = (rd32(hw, R.E1000_STATUS) & D.E1000_STATUS_FUNC_MASK) >> D.E1000_STATUS_FUNC_SHIFT;

  ret_val = igb_get_phy_id_82575(hw);
  if (ret_val)
    return ret_val;

  switch (phy.id) {
    case IGP03E1000_E_PHY_ID:
      phy.type = e1000_phy_igp_3;
      phy.ops.get_phy_info = igb_get_phy_info_igp;
      phy.ops.get_cable_length = igb_get_cable_length_igp_2;
      phy.ops.check_polarity = igb_check_polarity_igp;
      phy.ops.set_d0_lplu_state = igb_set_d0_lplu_state_82575;
      break;
    default:
      ret_val = -D.E1000_ERR_PHY;
      break;
  }
  return ret_val;
}

export function igb_init_nvm_params_82575(hw: e1000_hw): number {
  const nvm = hw.nvm;
  const eecd = rd32(hw, R.E1000_EECD);
  let size: number;

  size = ((eecd & D.E1000_EECD_SIZE_EX_MASK) >> D.E1000_EECD_SIZE_EX_SHIFT);

  size += D.NVM_WORD_SIZE_BASE_SHIFT;

  if (size > 15)
    size = 15;

  nvm.word_size = 1 << size;
  nvm.opcode_bits = 8;
  nvm.delay_usec = 1;
  nvm.page_size = eecd & D.E1000_EECD_ADDR_BITS ? 32 : 8;
  nvm.address_bits = eecd & D.E1000_EECD_ADDR_BITS ? 16 : 8;
  nvm.type = e1000_nvm_eeprom_spi;
  return 0;
}

export function igb_init_mac_params_82575(hw: e1000_hw): number {
  const mac = hw.mac;
  const dev_spec = hw.dev_spec._82575;

  mac.mta_reg_count = 128;
  switch (mac.type) {
    case e1000_82576:
      mac.rar_entry_count = E1000_RAR_ENTRIES_82576;
      break;
    default:
      mac.rar_entry_count = E1000_RAR_ENTRIES_82575;
      break;
  }

  mac.asf_firmware_present = true;
  mac.arc_subsystem_valid = (rd32(hw, R.E1000_FWSM) & D.E1000_FWSM_MODE_MASK) ? true : false;
  if (mac.type >= e1000_i350)
    dev_spec.eee_disable = false;
  else
    dev_spec.eee_disable = true;
  if (mac.type >= e1000_i210)
    dev_spec.clear_semaphore_once = true;
  return 0;
}

/** Finds out what the function is, and chooses its operations. */
export function igb_get_invariants_82575(hw: e1000_hw): number {
  const mac = hw.mac;
  const dev_spec = hw.dev_spec._82575;
  let ret_val: number;

  switch (hw.device_id) {
    case E1000_DEV_ID_82576:
      mac.type = e1000_82576;
      break;
    default:
      return -D.E1000_ERR_MAC_INIT;
  }

  hw.phy.media_type = e1000_media_type_copper;
  dev_spec.sgmii_active = false;
  rd32(hw, R.E1000_CTRL_EXT);

  out: {
    ret_val = igb_init_mac_params_82575(hw);
    if (ret_val)
      break out;

    ret_val = igb_init_nvm_params_82575(hw);
    if (ret_val)
      break out;

    ret_val = igb_init_phy_params_82575(hw);
  }
  return ret_val;
}

export function igb_acquire_phy_82575(hw: e1000_hw): number {
  let mask = D.E1000_SWFW_PHY0_SM;

  if (hw.bus.func === E1000_FUNC_1)
    mask = D.E1000_SWFW_PHY1_SM;
  else if (hw.bus.func === E1000_FUNC_2)
    mask = D.E1000_SWFW_PHY2_SM;
  else if (hw.bus.func === E1000_FUNC_3)
    mask = D.E1000_SWFW_PHY3_SM;

  return hw.mac.ops.acquire_swfw_sync(hw, mask);
}

export function igb_release_phy_82575(hw: e1000_hw): void {
  let mask = D.E1000_SWFW_PHY0_SM;

  if (hw.bus.func === E1000_FUNC_1)
    mask = D.E1000_SWFW_PHY1_SM;
  else if (hw.bus.func === E1000_FUNC_2)
    mask = D.E1000_SWFW_PHY2_SM;
  else if (hw.bus.func === E1000_FUNC_3)
    mask = D.E1000_SWFW_PHY3_SM;

  hw.mac.ops.release_swfw_sync(hw, mask);
}

export function igb_get_phy_id_82575(hw: e1000_hw): number {
  const phy = hw.phy;
  let ret_val = 0;

  phy.addr = 1;
  ret_val = igb_get_phy_id(hw);
  return ret_val;
}

export function igb_set_d0_lplu_state_82575(hw: e1000_hw, active: boolean): number {
  const phy = hw.phy;
  let ret_val: number;
  const data = { v: 0 };

  out: {
    ret_val = phy.ops.read_reg(hw, IGP02E1000_PHY_POWER_MGMT, data);
    if (ret_val)
      break out;

    if (active) {
      data.v |= IGP02E1000_PM_D0_LPLU;
      ret_val = phy.ops.write_reg(hw, IGP02E1000_PHY_POWER_MGMT, data.v);
      if (ret_val)
        break out;

      ret_val = phy.ops.read_reg(hw, IGP01E1000_PHY_PORT_CONFIG, data);
      data.v &= ~IGP01E1000_PSCFR_SMART_SPEED;
      ret_val = phy.ops.write_reg(hw, IGP01E1000_PHY_PORT_CONFIG, data.v);
      if (ret_val)
        break out;
    } else {
      data.v &= ~IGP02E1000_PM_D0_LPLU;
      ret_val = phy.ops.write_reg(hw, IGP02E1000_PHY_POWER_MGMT, data.v);
      if (phy.smart_speed === e1000_smart_speed_on) {
        ret_val = phy.ops.read_reg(hw, IGP01E1000_PHY_PORT_CONFIG, data);
        if (ret_val)
          break out;

        data.v |= IGP01E1000_PSCFR_SMART_SPEED;
        ret_val = phy.ops.write_reg(hw, IGP01E1000_PHY_PORT_CONFIG, data.v);
        if (ret_val)
          break out;
      } else if (phy.smart_speed === e1000_smart_speed_off) {
        ret_val = phy.ops.read_reg(hw, IGP01E1000_PHY_PORT_CONFIG, data);
        if (ret_val)
          break out;

        data.v &= ~IGP01E1000_PSCFR_SMART_SPEED;
        ret_val = phy.ops.write_reg(hw, IGP01E1000_PHY_PORT_CONFIG, data.v);
        if (ret_val)
          break out;
      }
    }
  }
  return ret_val;
}

export function igb_acquire_swfw_sync_82575(hw: e1000_hw, mask: number): number {
  let swfw_sync: number;
  const swmask = mask;
  const fwmask = mask << 16;
  let ret_val = 0;
  let i = 0;
  const timeout = 200;

  out: {
    while (i < timeout) {
      if (igb_get_hw_semaphore(hw)) {
        ret_val = -D.E1000_ERR_SWFW_SYNC;
        break out;
      }

      swfw_sync = rd32(hw, R.E1000_SW_FW_SYNC);
      if (!(swfw_sync & (fwmask | swmask)))
        break;

      igb_put_hw_semaphore(hw);
      mdelay(5);
      i++;
    }

    if (i === timeout) {
      ret_val = -D.E1000_ERR_SWFW_SYNC;
      break out;
    }

    swfw_sync |= swmask;
    wr32(hw, R.E1000_SW_FW_SYNC, swfw_sync);

    igb_put_hw_semaphore(hw);
  }
  return ret_val;
}

export function igb_release_swfw_sync_82575(hw: e1000_hw, mask: number): void {
  let swfw_sync: number;

  while (igb_get_hw_semaphore(hw) !== 0);

  swfw_sync = rd32(hw, R.E1000_SW_FW_SYNC);
  swfw_sync &= ~mask;
  wr32(hw, R.E1000_SW_FW_SYNC, swfw_sync);

  igb_put_hw_semaphore(hw);
}

export function* igb_get_cfg_done_82575(hw: e1000_hw): Gen<number> {
  let timeout = D.PHY_CFG_TIMEOUT;
  const ret_val = 0;
  let mask = D.E1000_NVM_CFG_DONE_PORT_0;

  if (hw.bus.func === 1)
    mask = D.E1000_NVM_CFG_DONE_PORT_1;
  else if (hw.bus.func === E1000_FUNC_2)
    mask = D.E1000_NVM_CFG_DONE_PORT_2;
  else if (hw.bus.func === E1000_FUNC_3)
    mask = D.E1000_NVM_CFG_DONE_PORT_3;

  while (timeout) {
    if (rd32(hw, R.E1000_EEMNGCTL) & mask)
      break;
    yield* msleep(1);
    timeout--;
  }

  if (((rd32(hw, R.E1000_EECD) & D.E1000_EECD_PRES) === 0) && (hw.phy.type === e1000_phy_igp_3))
    return ret_val;

  return ret_val;
}

export function igb_check_for_link_82575(hw: e1000_hw): number {
  let ret_val: number;

  if (hw.phy.media_type !== e1000_media_type_copper) {
    hw.mac.get_link_status = !hw.mac.serdes_has_link;

    ret_val = igb_config_fc_after_link_up(hw);
  } else {
    ret_val = igb_check_for_copper_link(hw);
  }

  return ret_val;
}

/** Resets the MAC: masks interrupts, stops receiving and sending, waits for the configuration to be read again. */
export function* igb_reset_hw_82575(hw: e1000_hw): Gen<number> {
  let ctrl: number, icr: number;
  let ret_val: number;

  ret_val = igb_disable_pcie_master(hw);
  if (ret_val) {
    /* reset all the same */
  }

  ret_val = igb_set_pcie_completion_timeout(hw);
  if (ret_val) {
    /* reset all the same */
  }

  wr32(hw, R.E1000_IMC, 0xffffffff);

  wr32(hw, R.E1000_RCTL, 0);
  wr32(hw, R.E1000_TCTL, D.E1000_TCTL_PSP);
  wrfl(hw);

  yield* msleep(10);

  ctrl = rd32(hw, R.E1000_CTRL);

  wr32(hw, R.E1000_CTRL, ctrl | D.E1000_CTRL_RST);

  ret_val = yield* igb_get_auto_rd_done(hw);
  if (ret_val) {
    /* go on: there may be no configuration memory */
  }

  if ((rd32(hw, R.E1000_EECD) & D.E1000_EECD_PRES) === 0)
    igb_reset_init_script_82575(hw);

  wr32(hw, R.E1000_IMC, 0xffffffff);
  icr = rd32(hw, R.E1000_ICR);

  ret_val = igb_check_alt_mac_addr(hw);

  return ret_val;
}

function igb_reset_init_script_82575(_hw: e1000_hw): number { return 0; }

export function* igb_init_hw_82575(hw: e1000_hw): Gen<number> {
  const mac = hw.mac;
  let ret_val: number;
  let i: number;
  const rar_count = mac.rar_entry_count;

  ret_val = igb_id_led_init(hw);
  if (ret_val) {
    /* only the lamps suffer */
  }

  if ((hw.mac.type === e1000_i350) || (hw.mac.type === e1000_i354))
    igb_clear_vfta(hw);
  else
    igb_clear_vfta(hw);

  igb_init_rx_addrs(hw, rar_count);

  for (i = 0; i < mac.mta_reg_count; i++)
    array_wr32(hw, R.E1000_MTA, i, 0);

  for (i = 0; i < mac.uta_reg_count; i++)
    array_wr32(hw, R.E1000_UTA, i, 0);

  ret_val = yield* igb_setup_link(hw);

  igb_clear_hw_cntrs_82575(hw);
  return ret_val;
}

export function* igb_setup_copper_link_82575(hw: e1000_hw): Gen<number> {
  let ctrl: number;
  let ret_val: number;

  out: {
    ctrl = rd32(hw, R.E1000_CTRL);
    ctrl |= D.E1000_CTRL_SLU;
    ctrl &= ~(D.E1000_CTRL_FRCSPD | D.E1000_CTRL_FRCDPX);
    wr32(hw, R.E1000_CTRL, ctrl);

    if (hw.mac.type >= e1000_82580) {
      /* the 82576 has no such register */
    }

    ret_val = igb_setup_serdes_link_82575(hw);
    if (ret_val)
      break out;

    if (igb_sgmii_active_82575(hw) && !hw.phy.reset_disable) {
      yield* msleep(300);

      ret_val = yield* hw.phy.ops.reset(hw);
      if (ret_val) {
        break out;
      }
    }
    switch (hw.phy.type) {
      case e1000_phy_igp_3:
        ret_val = yield* igb_copper_link_setup_igp(hw);
        break;
      default:
        ret_val = -D.E1000_ERR_PHY;
        break;
    }

    if (ret_val)
      break out;

    ret_val = igb_setup_copper_link(hw);
  }
  return ret_val;
}

export function igb_setup_serdes_link_82575(hw: e1000_hw): number {
  const ret_val = 0;

  if ((hw.phy.media_type !== e1000_media_type_internal_serdes) && !igb_sgmii_active_82575(hw))
    return ret_val;

  return ret_val;
}

export function igb_sgmii_active_82575(hw: e1000_hw): boolean {
  const dev_spec = hw.dev_spec._82575;
  return dev_spec.sgmii_active;
}

export function igb_read_mac_addr_82575(hw: e1000_hw): number {
  let ret_val = 0;

  out: {
    ret_val = igb_check_alt_mac_addr(hw);
    if (ret_val)
      break out;

    ret_val = igb_read_mac_addr(hw);
  }
  return ret_val;
}

export function* igb_power_down_phy_copper_82575(hw: e1000_hw): Gen<void> {
  if (!(igb_enable_mng_pass_thru(hw) || igb_check_reset_block(hw)))
    yield* igb_power_down_phy_copper(hw);
}

export function igb_clear_hw_cntrs_82575(hw: e1000_hw): void {
  igb_clear_hw_cntrs_base(hw);

  rd32(hw, R.E1000_PRC64);
  rd32(hw, R.E1000_PRC127);
  rd32(hw, R.E1000_PRC255);
  rd32(hw, R.E1000_PRC511);
  rd32(hw, R.E1000_PRC1023);
  rd32(hw, R.E1000_PRC1522);
  rd32(hw, R.E1000_PTC64);
  rd32(hw, R.E1000_PTC127);
  rd32(hw, R.E1000_PTC255);
  rd32(hw, R.E1000_PTC511);
  rd32(hw, R.E1000_PTC1023);
  rd32(hw, R.E1000_PTC1522);
  rd32(hw, R.E1000_ALGNERRC);
  rd32(hw, R.E1000_RXERRC);
  rd32(hw, R.E1000_TNCRS);
  rd32(hw, R.E1000_CEXTERR);
  rd32(hw, R.E1000_TSCTC);
  rd32(hw, R.E1000_TSCTFC);
  rd32(hw, R.E1000_MGTPRC);
  rd32(hw, R.E1000_MGTPDC);
  rd32(hw, R.E1000_MGTPTC);
  rd32(hw, R.E1000_IAC);
  rd32(hw, R.E1000_ICRXOC);
  rd32(hw, R.E1000_ICRXPTC);
  rd32(hw, R.E1000_ICRXATC);
  rd32(hw, R.E1000_ICTXPTC);
  rd32(hw, R.E1000_ICTXATC);
  rd32(hw, R.E1000_ICTXQEC);
  rd32(hw, R.E1000_ICTXQMTC);
  rd32(hw, R.E1000_ICRXDMTC);
  rd32(hw, R.E1000_CBTMPC);
  rd32(hw, R.E1000_HTDPMC);
  rd32(hw, R.E1000_CBRMPC);
  rd32(hw, R.E1000_RPTHC);
  rd32(hw, R.E1000_HGPTC);
  rd32(hw, R.E1000_HTCBDPC);
  rd32(hw, R.E1000_HGORCL);
  rd32(hw, R.E1000_HGORCH);
  rd32(hw, R.E1000_HGOTCL);
  rd32(hw, R.E1000_HGOTCH);
  rd32(hw, R.E1000_LENERRS);

  if (hw.phy.media_type === e1000_media_type_internal_serdes || igb_sgmii_active_82575(hw))
    rd32(hw, R.E1000_SCVPC);
}

/** Only an 82575 needs it. */
export function igb_rx_fifo_flush_82575(hw: e1000_hw): void {
  if (hw.mac.type !== e1000_82575 || !(rd32(hw, R.E1000_MANC) & D.E1000_MANC_RCV_TCO_EN))
    return;
}

export function igb_set_pcie_completion_timeout(hw: e1000_hw): number {
  let gcr = rd32(hw, R.E1000_GCR);
  let ret_val = 0;
  const pcie_devctl2 = { v: 0 };

  out: {
    if (gcr & D.E1000_GCR_CMPL_TMOUT_MASK)
      break out;

    if (!(gcr & D.E1000_GCR_CAP_VER2)) {
      gcr |= D.E1000_GCR_CMPL_TMOUT_10ms;
      break out;
    }

    ret_val = igb_read_pcie_cap_reg(hw, PCIE_DEVICE_CONTROL2, pcie_devctl2);
    if (ret_val)
      break out;

    pcie_devctl2.v |= PCIE_DEVICE_CONTROL2_16ms;

    ret_val = igb_write_pcie_cap_reg(hw, PCIE_DEVICE_CONTROL2, pcie_devctl2);
  }
  gcr &= ~D.E1000_GCR_CMPL_TMOUT_RESEND;

  wr32(hw, R.E1000_GCR, gcr);
  return ret_val;
}

export function igb_vmdq_set_loopback_pf(hw: e1000_hw, enable: boolean): void {
  let dtxswc: number;

  switch (hw.mac.type) {
    case e1000_82576:
      dtxswc = rd32(hw, R.E1000_DTXSWC);
      if (enable)
        dtxswc |= D.E1000_DTXSWC_VMDQ_LOOPBACK_EN;
      else
        dtxswc &= ~D.E1000_DTXSWC_VMDQ_LOOPBACK_EN;
      wr32(hw, R.E1000_DTXSWC, dtxswc);
      break;
    default:
      break;
  }
}

export function igb_vmdq_set_replication_pf(hw: e1000_hw, enable: boolean): void {
  let vt_ctl = rd32(hw, R.E1000_VT_CTL);

  if (enable)
    vt_ctl |= D.E1000_VT_CTL_VM_REPL_EN;
  else
    vt_ctl &= ~D.E1000_VT_CTL_VM_REPL_EN;

  wr32(hw, R.E1000_VT_CTL, vt_ctl);
}

export const e1000_mac_ops_82575: e1000_mac_operations = {
  reset_hw: igb_reset_hw_82575,
  init_hw: igb_init_hw_82575,
  check_for_link: igb_check_for_link_82575,
  rar_set: igb_rar_set,
  read_mac_addr: igb_read_mac_addr_82575,
  get_speed_and_duplex: igb_get_speed_and_duplex_copper,
  setup_physical_interface: igb_setup_copper_link_82575,
  acquire_swfw_sync: igb_acquire_swfw_sync_82575,
  release_swfw_sync: igb_release_swfw_sync_82575,
};

export const e1000_phy_ops_82575: e1000_phy_operations = {
  acquire: igb_acquire_phy_82575,
  get_cfg_done: igb_get_cfg_done_82575,
  release: igb_release_phy_82575,
  read_reg: igb_read_phy_reg_igp,
  write_reg: igb_write_phy_reg_igp,
  get_phy_info: igb_get_phy_info_igp,
};

export const e1000_nvm_ops_82575: e1000_nvm_operations = {
  read: igb_read_nvm_eerd,
  validate: igb_validate_nvm_checksum,
};

export const e1000_82575_info: e1000_info = {
  get_invariants: igb_get_invariants_82575,
  mac_ops: e1000_mac_ops_82575,
  phy_ops: e1000_phy_ops_82575,
  nvm_ops: e1000_nvm_ops_82575,
};
