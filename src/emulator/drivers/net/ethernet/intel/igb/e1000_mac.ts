/** drivers/net/ethernet/intel/igb/e1000_mac.c: what all MACs of the family have in common. */
import type { Gen } from '../../../../../include/ports';
import { msleep, udelay } from '../../../../../include/linux/delay';
import { is_multicast_ether_addr } from '../../../../../include/linux/etherdevice';
import type { e1000_hw } from './e1000_hw';
import {
  e1000_82580, e1000_fc_default, e1000_fc_full, e1000_fc_none, e1000_fc_rx_pause, e1000_fc_tx_pause, e1000_i354, e1000_media_type_copper, e1000_media_type_internal_serdes,
} from './e1000_hw';
import { igb_check_downshift, igb_check_reset_block, igb_phy_has_link } from './e1000_phy';
import * as R from './e1000_regs';
import * as D from './e1000_defines';
import { array_wr32, rd32, wr32, wrfl } from './e1000_regs';

const ETH_ALEN = 6, SPEED_10 = 10, SPEED_100 = 100, SPEED_1000 = 1000, HALF_DUPLEX = 1, FULL_DUPLEX = 2;
const e1000_bus_type_pci_express = 3, e1000_mng_mode_pt = 2;

/** Stops bus mastering before a reset. DEVIATION: the bus type is left unknown as in the recordings' driver, so nothing is polled. */
export function igb_disable_pcie_master(hw: e1000_hw): number {
  let ctrl: number;
  let timeout = D.MASTER_DISABLE_TIMEOUT;
  let ret_val = 0;

  out: {
    if (hw.bus.type !== e1000_bus_type_pci_express)
      break out;

    ctrl = rd32(hw, R.E1000_CTRL);
    ctrl |= D.E1000_CTRL_GIO_MASTER_DISABLE;
    wr32(hw, R.E1000_CTRL, ctrl);

    while (timeout) {
      if (!(rd32(hw, R.E1000_STATUS) & D.E1000_STATUS_GIO_MASTER_ENABLE))
        break;
      udelay(100);
      timeout--;
    }

    if (!timeout) {
      ret_val = -D.E1000_ERR_MASTER_REQUESTS_PENDING;
      break out;
    }
  }
  return ret_val;
}

export function igb_clear_vfta(hw: e1000_hw): void {
  let offset: number;

  for (offset = 0; offset < D.E1000_VLAN_FILTER_TBL_SIZE; offset++) {
    array_wr32(hw, R.E1000_VFTA, offset, 0);
    wrfl(hw);
  }
}

export function igb_init_rx_addrs(hw: e1000_hw, rar_count: number): void {
  let i: number;
  const mac_addr = new Uint8Array(ETH_ALEN);

  hw.mac.ops.rar_set(hw, hw.mac.addr, 0);

  for (i = 1; i < rar_count; i++)
    hw.mac.ops.rar_set(hw, mac_addr, i);
}

/** Takes an alternate address from the configuration memory, if it has one. */
export function igb_check_alt_mac_addr(hw: e1000_hw): number {
  let i: number;
  let ret_val = 0;
  let offset: number, nvm_alt_mac_addr_offset: number;
  const word = new Uint16Array(1);
  const alt_mac_addr = new Uint8Array(ETH_ALEN);

  out: {
    if (hw.mac.type >= e1000_82580)
      break out;

    ret_val = hw.nvm.ops.read(hw, D.NVM_ALT_MAC_ADDR_PTR, 1, word);
    nvm_alt_mac_addr_offset = word[0];
    if (ret_val) {
      break out;
    }

    if ((nvm_alt_mac_addr_offset === 0xffff) || (nvm_alt_mac_addr_offset === 0x0000))
      break out;

    if (hw.bus.func === 1)
      nvm_alt_mac_addr_offset += 3;
    if (hw.bus.func === 2)
      nvm_alt_mac_addr_offset += 6;

    if (hw.bus.func === 3)
      nvm_alt_mac_addr_offset += 9;
    for (i = 0; i < ETH_ALEN; i += 2) {
      offset = nvm_alt_mac_addr_offset + (i >> 1);
      ret_val = hw.nvm.ops.read(hw, offset, 1, word);
      if (ret_val) {
        break out;
      }

      alt_mac_addr[i] = word[0] & 0xff;
      alt_mac_addr[i + 1] = word[0] >> 8;
    }

    if (is_multicast_ether_addr(alt_mac_addr)) {
      break out;
    }

    hw.mac.ops.rar_set(hw, alt_mac_addr, 0);
  }
  return ret_val;
}

export function igb_rar_set(hw: e1000_hw, addr: Uint8Array, index: number): void {
  let rar_low: number, rar_high: number;

  rar_low = (addr[0] | (addr[1] << 8) | (addr[2] << 16) | (addr[3] << 24)) >>> 0;

  rar_high = (addr[4] | (addr[5] << 8));

  if (rar_low || rar_high)
    rar_high |= D.E1000_RAH_AV;

  wr32(hw, R.E1000_RAL(index), rar_low);
  wrfl(hw);
  wr32(hw, R.E1000_RAH(index), rar_high);
  wrfl(hw);
}

export function igb_hash_mc_addr(hw: e1000_hw, bytes: Uint8Array, mc_addr: number): number {
  let hash_value: number, hash_mask: number;
  let bit_shift = 0;

  hash_mask = (hw.mac.mta_reg_count * 32) - 1;

  while (hash_mask >> bit_shift !== 0xff)
    bit_shift++;

  switch (hw.mac.mc_filter_type) {
    default:
    case 0:
      break;
    case 1:
      bit_shift += 1;
      break;
    case 2:
      bit_shift += 2;
      break;
    case 3:
      bit_shift += 4;
      break;
  }

  hash_value = hash_mask & (((bytes[mc_addr + 4] >> (8 - bit_shift)) | (bytes[mc_addr + 5] << bit_shift)));

  return hash_value;
}

/** Programs the multicast hash table from `mc_addr_count` addresses of six bytes. */
export function igb_update_mc_addr_list(hw: e1000_hw, mc_addr_list: Uint8Array, mc_addr_count: number): void {
  let hash_value: number, hash_bit: number, hash_reg: number;
  let i: number;
  let at = 0;

  hw.mac.mta_shadow.fill(0);

  for (i = 0; i < mc_addr_count; i++) {
    hash_value = igb_hash_mc_addr(hw, mc_addr_list, at);

    hash_reg = (hash_value >> 5) & (hw.mac.mta_reg_count - 1);
    hash_bit = hash_value & 0x1f;

    hw.mac.mta_shadow[hash_reg] |= (1 << hash_bit);
    at += ETH_ALEN;
  }

  for (i = hw.mac.mta_reg_count - 1; i >= 0; i--)
    array_wr32(hw, R.E1000_MTA, i, hw.mac.mta_shadow[i]);
  wrfl(hw);
}

/** Statistics registers clear when they are read. */
export function igb_clear_hw_cntrs_base(hw: e1000_hw): void {
  rd32(hw, R.E1000_CRCERRS);
  rd32(hw, R.E1000_SYMERRS);
  rd32(hw, R.E1000_MPC);
  rd32(hw, R.E1000_SCC);
  rd32(hw, R.E1000_ECOL);
  rd32(hw, R.E1000_MCC);
  rd32(hw, R.E1000_LATECOL);
  rd32(hw, R.E1000_COLC);
  rd32(hw, R.E1000_DC);
  rd32(hw, R.E1000_SEC);
  rd32(hw, R.E1000_RLEC);
  rd32(hw, R.E1000_XONRXC);
  rd32(hw, R.E1000_XONTXC);
  rd32(hw, R.E1000_XOFFRXC);
  rd32(hw, R.E1000_XOFFTXC);
  rd32(hw, R.E1000_FCRUC);
  rd32(hw, R.E1000_GPRC);
  rd32(hw, R.E1000_BPRC);
  rd32(hw, R.E1000_MPRC);
  rd32(hw, R.E1000_GPTC);
  rd32(hw, R.E1000_GORCL);
  rd32(hw, R.E1000_GORCH);
  rd32(hw, R.E1000_GOTCL);
  rd32(hw, R.E1000_GOTCH);
  rd32(hw, R.E1000_RNBC);
  rd32(hw, R.E1000_RUC);
  rd32(hw, R.E1000_RFC);
  rd32(hw, R.E1000_ROC);
  rd32(hw, R.E1000_RJC);
  rd32(hw, R.E1000_TORL);
  rd32(hw, R.E1000_TORH);
  rd32(hw, R.E1000_TOTL);
  rd32(hw, R.E1000_TOTH);
  rd32(hw, R.E1000_TPR);
  rd32(hw, R.E1000_TPT);
  rd32(hw, R.E1000_MPTC);
  rd32(hw, R.E1000_BPTC);
}

export function igb_check_for_copper_link(hw: e1000_hw): number {
  const mac = hw.mac;
  let ret_val: number;
  const link = { v: false };

  out: {
    if (!mac.get_link_status) {
      ret_val = 0;
      break out;
    }

    ret_val = igb_phy_has_link(hw, 1, 0, link);
    if (ret_val)
      break out;

    if (!link.v)
      break out;

    mac.get_link_status = false;

    igb_check_downshift(hw);

    if (!mac.autoneg) {
      ret_val = -D.E1000_ERR_CONFIG;
      break out;
    }

    igb_config_collision_dist(hw);

    ret_val = igb_config_fc_after_link_up(hw);
  }
  return ret_val;
}

export function* igb_setup_link(hw: e1000_hw): Gen<number> {
  let ret_val = 0;

  out: {
    if (igb_check_reset_block(hw))
      break out;

    if (hw.fc.requested_mode === e1000_fc_default) {
      ret_val = igb_set_default_fc(hw);
      if (ret_val)
        break out;
    }

    hw.fc.current_mode = hw.fc.requested_mode;

    ret_val = yield* hw.mac.ops.setup_physical_interface(hw);
    if (ret_val)
      break out;

    wr32(hw, R.E1000_FCT, D.FLOW_CONTROL_TYPE);
    wr32(hw, R.E1000_FCAH, D.FLOW_CONTROL_ADDRESS_HIGH);
    wr32(hw, R.E1000_FCAL, D.FLOW_CONTROL_ADDRESS_LOW);

    wr32(hw, R.E1000_FCTTV, hw.fc.pause_time);

    ret_val = igb_set_fc_watermarks(hw);
  }
  return ret_val;
}

export function igb_config_collision_dist(hw: e1000_hw): void {
  let tctl: number;

  tctl = rd32(hw, R.E1000_TCTL);

  tctl &= ~D.E1000_TCTL_COLD;
  tctl |= D.E1000_COLLISION_DISTANCE << D.E1000_COLD_SHIFT;

  wr32(hw, R.E1000_TCTL, tctl);
  wrfl(hw);
}

export function igb_set_fc_watermarks(hw: e1000_hw): number {
  const ret_val = 0;
  let fcrtl = 0, fcrth = 0;

  if (hw.fc.current_mode & e1000_fc_tx_pause) {
    fcrtl = hw.fc.low_water;
    if (hw.fc.send_xon)
      fcrtl |= D.E1000_FCRTL_XONE;

    fcrth = hw.fc.high_water;
  }
  wr32(hw, R.E1000_FCRTL, fcrtl);
  wr32(hw, R.E1000_FCRTH, fcrth);

  return ret_val;
}

export function igb_set_default_fc(hw: e1000_hw): number {
  let ret_val = 0;
  const nvm_data = new Uint16Array(1);

  out: {
    ret_val = hw.nvm.ops.read(hw, D.NVM_INIT_CONTROL2_REG, 1, nvm_data);

    if (ret_val) {
      break out;
    }

    if ((nvm_data[0] & D.NVM_WORD0F_PAUSE_MASK) === 0)
      hw.fc.requested_mode = e1000_fc_none;
    else if ((nvm_data[0] & D.NVM_WORD0F_PAUSE_MASK) === D.NVM_WORD0F_ASM_DIR)
      hw.fc.requested_mode = e1000_fc_tx_pause;
    else
      hw.fc.requested_mode = e1000_fc_full;
  }
  return ret_val;
}

export function igb_force_mac_fc(hw: e1000_hw): number {
  let ctrl: number;
  let ret_val = 0;

  out: {
    ctrl = rd32(hw, R.E1000_CTRL);

    switch (hw.fc.current_mode) {
      case e1000_fc_none:
        ctrl &= (~(D.E1000_CTRL_TFCE | D.E1000_CTRL_RFCE));
        break;
      case e1000_fc_rx_pause:
        ctrl &= (~D.E1000_CTRL_TFCE);
        ctrl |= D.E1000_CTRL_RFCE;
        break;
      case e1000_fc_tx_pause:
        ctrl &= (~D.E1000_CTRL_RFCE);
        ctrl |= D.E1000_CTRL_TFCE;
        break;
      case e1000_fc_full:
        ctrl |= (D.E1000_CTRL_TFCE | D.E1000_CTRL_RFCE);
        break;
      default:
        ret_val = -D.E1000_ERR_CONFIG;
        break out;
    }

    wr32(hw, R.E1000_CTRL, ctrl);
  }
  return ret_val;
}

/** Flow control as the two ends negotiated it. DEVIATION: the serdes half is not written; the hosts have copper. */
export function igb_config_fc_after_link_up(hw: e1000_hw): number {
  const mac = hw.mac;
  let ret_val = 0;
  const mii_status_reg = { v: 0 }, mii_nway_adv_reg = { v: 0 }, mii_nway_lp_ability_reg = { v: 0 };
  const speed = { v: 0 }, duplex = { v: 0 };

  out: {
    if (mac.autoneg_failed) {
      if (hw.phy.media_type === e1000_media_type_internal_serdes)
        ret_val = igb_force_mac_fc(hw);
    } else {
      if (hw.phy.media_type === e1000_media_type_copper)
        ret_val = igb_force_mac_fc(hw);
    }

    if (ret_val) {
      break out;
    }

    if ((hw.phy.media_type === e1000_media_type_copper) && mac.autoneg) {
      ret_val = hw.phy.ops.read_reg(hw, D.PHY_STATUS, mii_status_reg);
      if (ret_val)
        break out;
      ret_val = hw.phy.ops.read_reg(hw, D.PHY_STATUS, mii_status_reg);
      if (ret_val)
        break out;

      if (!(mii_status_reg.v & D.MII_SR_AUTONEG_COMPLETE)) {
        break out;
      }

      ret_val = hw.phy.ops.read_reg(hw, D.PHY_AUTONEG_ADV, mii_nway_adv_reg);
      if (ret_val)
        break out;
      ret_val = hw.phy.ops.read_reg(hw, D.PHY_LP_ABILITY, mii_nway_lp_ability_reg);
      if (ret_val)
        break out;

      if ((mii_nway_adv_reg.v & D.NWAY_AR_PAUSE) && (mii_nway_lp_ability_reg.v & D.NWAY_LPAR_PAUSE)) {
        if (hw.fc.requested_mode === e1000_fc_full) {
          hw.fc.current_mode = e1000_fc_full;
        } else {
          hw.fc.current_mode = e1000_fc_rx_pause;
        }
      } else if (!(mii_nway_adv_reg.v & D.NWAY_AR_PAUSE) && (mii_nway_adv_reg.v & D.NWAY_AR_ASM_DIR) && (mii_nway_lp_ability_reg.v & D.NWAY_LPAR_PAUSE) && (mii_nway_lp_ability_reg.v & D.NWAY_LPAR_ASM_DIR)) {
        hw.fc.current_mode = e1000_fc_tx_pause;
      } else if ((mii_nway_adv_reg.v & D.NWAY_AR_PAUSE) && (mii_nway_adv_reg.v & D.NWAY_AR_ASM_DIR) && !(mii_nway_lp_ability_reg.v & D.NWAY_LPAR_PAUSE) && (mii_nway_lp_ability_reg.v & D.NWAY_LPAR_ASM_DIR)) {
        hw.fc.current_mode = e1000_fc_rx_pause;
      } else if ((hw.fc.requested_mode === e1000_fc_none) || (hw.fc.requested_mode === e1000_fc_tx_pause) || (hw.fc.strict_ieee)) {
        hw.fc.current_mode = e1000_fc_none;
      } else {
        hw.fc.current_mode = e1000_fc_rx_pause;
      }

      ret_val = hw.mac.ops.get_speed_and_duplex(hw, speed, duplex);
      if (ret_val) {
        break out;
      }

      if (duplex.v === HALF_DUPLEX)
        hw.fc.current_mode = e1000_fc_none;

      ret_val = igb_force_mac_fc(hw);
      if (ret_val) {
        break out;
      }
    }
    if ((hw.phy.media_type === e1000_media_type_internal_serdes) && mac.autoneg) {
      return ret_val;
    }
  }
  return ret_val;
}

export function igb_get_speed_and_duplex_copper(hw: e1000_hw, speed: { v: number }, duplex: { v: number }): number {
  let status: number;

  status = rd32(hw, R.E1000_STATUS);
  if (status & D.E1000_STATUS_SPEED_1000) {
    speed.v = SPEED_1000;
  } else if (status & D.E1000_STATUS_SPEED_100) {
    speed.v = SPEED_100;
  } else {
    speed.v = SPEED_10;
  }

  if (status & D.E1000_STATUS_FD) {
    duplex.v = FULL_DUPLEX;
  } else {
    duplex.v = HALF_DUPLEX;
  }

  if (hw.mac.type === e1000_i354) {
    if ((status & D.E1000_STATUS_2P5_SKU) && !(status & D.E1000_STATUS_2P5_SKU_OVER)) {
      speed.v = 2500;
      duplex.v = FULL_DUPLEX;
    }
  }

  return 0;
}

/** The semaphore between driver instances and firmware. */
export function igb_get_hw_semaphore(hw: e1000_hw): number {
  let swsm: number;
  let ret_val = 0;
  const timeout = hw.nvm.word_size + 1;
  let i = 0;

  out: {
    while (i < timeout) {
      swsm = rd32(hw, R.E1000_SWSM);
      if (!(swsm & D.E1000_SWSM_SMBI))
        break;

      udelay(50);
      i++;
    }

    if (i === timeout) {
      ret_val = -D.E1000_ERR_NVM;
      break out;
    }

    for (i = 0; i < timeout; i++) {
      swsm = rd32(hw, R.E1000_SWSM);
      wr32(hw, R.E1000_SWSM, swsm | D.E1000_SWSM_SWESMBI);

      if (rd32(hw, R.E1000_SWSM) & D.E1000_SWSM_SWESMBI)
        break;

      udelay(50);
    }

    if (i === timeout) {
      igb_put_hw_semaphore(hw);
      ret_val = -D.E1000_ERR_NVM;
      break out;
    }
  }
  return ret_val;
}

export function igb_put_hw_semaphore(hw: e1000_hw): void {
  let swsm: number;

  swsm = rd32(hw, R.E1000_SWSM);

  swsm &= ~(D.E1000_SWSM_SMBI | D.E1000_SWSM_SWESMBI);

  wr32(hw, R.E1000_SWSM, swsm);
}

export function* igb_get_auto_rd_done(hw: e1000_hw): Gen<number> {
  let i = 0;
  let ret_val = 0;

  out: {
    while (i < D.AUTO_READ_DONE_TIMEOUT) {
      if (rd32(hw, R.E1000_EECD) & D.E1000_EECD_AUTO_RD)
        break;
      yield* msleep(1);
      i++;
    }

    if (i === D.AUTO_READ_DONE_TIMEOUT) {
      ret_val = -D.E1000_ERR_RESET;
      break out;
    }
  }
  return ret_val;
}

export function igb_valid_led_default(hw: e1000_hw, data: Uint16Array): number {
  let ret_val: number;

  out: {
    ret_val = hw.nvm.ops.read(hw, D.NVM_ID_LED_SETTINGS, 1, data);
    if (ret_val) {
      break out;
    }

    if (data[0] === D.ID_LED_RESERVED_0000 || data[0] === D.ID_LED_RESERVED_FFFF) {
      switch (hw.phy.media_type) {
        case e1000_media_type_internal_serdes:
          data[0] = D.ID_LED_DEFAULT_82575_SERDES;
          break;
        case e1000_media_type_copper:
        default:
          data[0] = D.ID_LED_DEFAULT;
          break;
      }
    }
  }
  return ret_val;
}

export function igb_id_led_init(hw: e1000_hw): number {
  const mac = hw.mac;
  let ret_val: number;
  const ledctl_mask = 0x000000ff;
  const ledctl_on = D.E1000_LEDCTL_MODE_LED_ON;
  const ledctl_off = D.E1000_LEDCTL_MODE_LED_OFF;
  const data = new Uint16Array(1);
  let i: number, temp: number;
  const led_mask = 0x0f;

  out: {
    ret_val = igb_valid_led_default(hw, data);
    if (ret_val)
      break out;

    mac.ledctl_default = rd32(hw, R.E1000_LEDCTL);
    mac.ledctl_mode1 = mac.ledctl_default;
    mac.ledctl_mode2 = mac.ledctl_default;

    for (i = 0; i < 4; i++) {
      temp = (data[0] >> (i << 2)) & led_mask;
      switch (temp) {
        case D.ID_LED_ON1_DEF2:
        case D.ID_LED_ON1_ON2:
        case D.ID_LED_ON1_OFF2:
          mac.ledctl_mode1 &= ~(ledctl_mask << (i << 3));
          mac.ledctl_mode1 |= ledctl_on << (i << 3);
          break;
        case D.ID_LED_OFF1_DEF2:
        case D.ID_LED_OFF1_ON2:
        case D.ID_LED_OFF1_OFF2:
          mac.ledctl_mode1 &= ~(ledctl_mask << (i << 3));
          mac.ledctl_mode1 |= ledctl_off << (i << 3);
          break;
        default:
          break;
      }
      switch (temp) {
        case D.ID_LED_DEF1_ON2:
        case D.ID_LED_ON1_ON2:
        case D.ID_LED_OFF1_ON2:
          mac.ledctl_mode2 &= ~(ledctl_mask << (i << 3));
          mac.ledctl_mode2 |= ledctl_on << (i << 3);
          break;
        case D.ID_LED_DEF1_OFF2:
        case D.ID_LED_ON1_OFF2:
        case D.ID_LED_OFF1_OFF2:
          mac.ledctl_mode2 &= ~(ledctl_mask << (i << 3));
          mac.ledctl_mode2 |= ledctl_off << (i << 3);
          break;
        default:
          break;
      }
    }
  }
  return ret_val;
}

export function igb_validate_mdi_setting(hw: e1000_hw): number {
  let ret_val = 0;

  out: {
    if (hw.mac.type >= e1000_82580)
      break out;

    if (!hw.mac.autoneg && (hw.phy.mdix === 0 || hw.phy.mdix === 3)) {
      hw.phy.mdix = 1;
      ret_val = -D.E1000_ERR_CONFIG;
      break out;
    }
  }
  return ret_val;
}

/** True when the management controller shares the port. */
export function igb_enable_mng_pass_thru(hw: e1000_hw): boolean {
  let manc: number;
  let fwsm: number, factps: number;
  let ret_val = false;

  out: {
    if (!hw.mac.asf_firmware_present)
      break out;

    manc = rd32(hw, R.E1000_MANC);

    if (!(manc & D.E1000_MANC_RCV_TCO_EN))
      break out;

    if (hw.mac.arc_subsystem_valid) {
      fwsm = rd32(hw, R.E1000_FWSM);
      factps = rd32(hw, R.E1000_FACTPS);

      if (!(factps & D.E1000_FACTPS_MNGCG) && ((fwsm & D.E1000_FWSM_MODE_MASK) === (e1000_mng_mode_pt << D.E1000_FWSM_MODE_SHIFT))) {
        ret_val = true;
        break out;
      }
    } else {
      if ((manc & D.E1000_MANC_SMBUS_EN) && !(manc & D.E1000_MANC_ASF_EN)) {
        ret_val = true;
        break out;
      }
    }
  }
  return ret_val;
}
