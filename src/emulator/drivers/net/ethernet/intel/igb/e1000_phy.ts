/** drivers/net/ethernet/intel/igb/e1000_phy.c: the copper PHY behind MDIC, for the IGP03 that an 82576 has. */
import type { Gen } from '../../../../../include/ports';
import { mdelay, msleep, udelay } from '../../../../../include/linux/delay';
import type { e1000_hw } from './e1000_hw';
import {
  e1000_1000t_rx_status_not_ok, e1000_1000t_rx_status_ok, e1000_1000t_rx_status_undefined, e1000_fc_full, e1000_fc_none, e1000_fc_rx_pause, e1000_fc_tx_pause, e1000_phy_igp,
  e1000_phy_igp_3, e1000_phy_m88, e1000_rev_polarity_normal, e1000_rev_polarity_reversed,
} from './e1000_hw';
import { igb_config_collision_dist, igb_config_fc_after_link_up } from './e1000_mac';
import * as R from './e1000_regs';
import * as D from './e1000_defines';
import { rd32, wr32, wrfl } from './e1000_regs';

const IGP01E1000_PHY_PORT_CONFIG = 0x10, IGP01E1000_PHY_PORT_STATUS = 0x11, IGP01E1000_PHY_PORT_CTRL = 0x12, IGP01E1000_PHY_LINK_HEALTH = 0x13;
const IGP01E1000_PHY_PCS_INIT_REG = 0x00b4, IGP01E1000_PHY_PAGE_SELECT = 0x1f, IGP01E1000_PHY_POLARITY_MASK = 0x0078;
const IGP01E1000_PSCR_AUTO_MDIX = 0x1000, IGP01E1000_PSCR_FORCE_MDI_MDIX = 0x2000, IGP01E1000_PSCFR_SMART_SPEED = 0x0080;
const IGP01E1000_PLHR_SS_DOWNGRADE = 0x8000, IGP01E1000_PSSR_POLARITY_REVERSED = 0x0002, IGP01E1000_PSSR_MDIX = 0x0800, IGP01E1000_PSSR_SPEED_MASK = 0xc000, IGP01E1000_PSSR_SPEED_1000MBPS = 0xc000;
const IGP02E1000_PHY_CHANNEL_NUM = 4, IGP02E1000_AGC_LENGTH_SHIFT = 9, IGP02E1000_AGC_LENGTH_MASK = 0x7f, IGP02E1000_AGC_RANGE = 15;
const E1000_CABLE_LENGTH_UNDEFINED = 0xff, E1000_BLK_PHY_RESET = 12;
const e1000_ms_auto = 3, e1000_ms_force_master = 1, e1000_ms_force_slave = 2;
/** Cable length in metres by automatic gain: about one and a half metres a step up to 113 steps. */
const IGP02E1000_CABLE_LENGTH_TABLE_SIZE = 113;
function cable_length(index: number): number { return Math.min(124, Math.trunc(index * 1.1)); }
const agc_reg_array: readonly number[] = [0x11b1, 0x12b1, 0x14b1, 0x18b1];

export function igb_check_reset_block(hw: e1000_hw): number {
  let manc: number;

  manc = rd32(hw, R.E1000_MANC);

  return (manc & D.E1000_MANC_BLK_PHY_RST_ON_IDE) ? E1000_BLK_PHY_RESET : 0;
}

export function igb_get_phy_id(hw: e1000_hw): number {
  const phy = hw.phy;
  let ret_val = 0;
  const phy_id = { v: 0 };

  out: {
    ret_val = phy.ops.read_reg(hw, D.PHY_ID1, phy_id);
    if (ret_val)
      break out;

    phy.id = phy_id.v << 16;
    udelay(20);
    ret_val = phy.ops.read_reg(hw, D.PHY_ID2, phy_id);
    if (ret_val)
      break out;

    phy.id |= phy_id.v & D.PHY_REVISION_MASK;
    phy.revision = phy_id.v & ~D.PHY_REVISION_MASK;
  }
  return ret_val;
}

/** Reads a PHY register by the management interface. 0 or a negative error. */
export function igb_read_phy_reg_mdic(hw: e1000_hw, offset: number, data: { v: number }): number {
  const phy = hw.phy;
  let i: number, mdic = 0;
  let ret_val = 0;

  out: {
    if (offset > D.MAX_PHY_REG_ADDRESS) {
      ret_val = -D.E1000_ERR_PARAM;
      break out;
    }

    mdic = ((offset << D.E1000_MDIC_REG_SHIFT) | (phy.addr << D.E1000_MDIC_PHY_SHIFT) | (D.E1000_MDIC_OP_READ));

    wr32(hw, R.E1000_MDIC, mdic);

    for (i = 0; i < (D.E1000_GEN_POLL_TIMEOUT * 3); i++) {
      udelay(50);
      mdic = rd32(hw, R.E1000_MDIC);
      if (mdic & D.E1000_MDIC_READY)
        break;
    }
    if (!(mdic & D.E1000_MDIC_READY)) {
      ret_val = -D.E1000_ERR_PHY;
      break out;
    }
    if (mdic & D.E1000_MDIC_ERROR) {
      ret_val = -D.E1000_ERR_PHY;
      break out;
    }
    data.v = mdic & 0xffff;
  }
  return ret_val;
}

export function igb_write_phy_reg_mdic(hw: e1000_hw, offset: number, data: number): number {
  const phy = hw.phy;
  let i: number, mdic = 0;
  let ret_val = 0;

  out: {
    if (offset > D.MAX_PHY_REG_ADDRESS) {
      ret_val = -D.E1000_ERR_PARAM;
      break out;
    }

    mdic = ((data & 0xffff) | (offset << D.E1000_MDIC_REG_SHIFT) | (phy.addr << D.E1000_MDIC_PHY_SHIFT) | (D.E1000_MDIC_OP_WRITE));

    wr32(hw, R.E1000_MDIC, mdic);

    for (i = 0; i < (D.E1000_GEN_POLL_TIMEOUT * 3); i++) {
      udelay(50);
      mdic = rd32(hw, R.E1000_MDIC);
      if (mdic & D.E1000_MDIC_READY)
        break;
    }
    if (!(mdic & D.E1000_MDIC_READY)) {
      ret_val = -D.E1000_ERR_PHY;
      break out;
    }
    if (mdic & D.E1000_MDIC_ERROR) {
      ret_val = -D.E1000_ERR_PHY;
      break out;
    }
  }
  return ret_val;
}

export function igb_read_phy_reg_igp(hw: e1000_hw, offset: number, data: { v: number }): number {
  let ret_val = 0;

  out: {
    if (!(hw.phy.ops.acquire))
      break out;

    ret_val = hw.phy.ops.acquire(hw);
    if (ret_val)
      break out;

    if (offset > D.MAX_PHY_MULTI_PAGE_REG) {
      ret_val = igb_write_phy_reg_mdic(hw, IGP01E1000_PHY_PAGE_SELECT, offset);
      if (ret_val) {
        hw.phy.ops.release(hw);
        break out;
      }
    }

    ret_val = igb_read_phy_reg_mdic(hw, D.MAX_PHY_REG_ADDRESS & offset, data);

    hw.phy.ops.release(hw);
  }
  return ret_val;
}

export function igb_write_phy_reg_igp(hw: e1000_hw, offset: number, data: number): number {
  let ret_val = 0;

  out: {
    if (!(hw.phy.ops.acquire))
      break out;

    ret_val = hw.phy.ops.acquire(hw);
    if (ret_val)
      break out;

    if (offset > D.MAX_PHY_MULTI_PAGE_REG) {
      ret_val = igb_write_phy_reg_mdic(hw, IGP01E1000_PHY_PAGE_SELECT, offset);
      if (ret_val) {
        hw.phy.ops.release(hw);
        break out;
      }
    }

    ret_val = igb_write_phy_reg_mdic(hw, D.MAX_PHY_REG_ADDRESS & offset, data);

    hw.phy.ops.release(hw);
  }
  return ret_val;
}

/** Prepares the PHY for auto-negotiation: resets it, power states, crossover, master or slave. */
export function* igb_copper_link_setup_igp(hw: e1000_hw): Gen<number> {
  const phy = hw.phy;
  let ret_val: number;
  const data = { v: 0 };

  out: {
    if (phy.reset_disable) {
      ret_val = 0;
      break out;
    }

    ret_val = yield* phy.ops.reset(hw);
    if (ret_val) {
      break out;
    }

    yield* msleep(100);

    if (phy.type === e1000_phy_igp) {
      if (phy.ops.set_d3_lplu_state)
        ret_val = phy.ops.set_d3_lplu_state(hw, false);
      if (ret_val) {
        break out;
      }
    }

    ret_val = phy.ops.set_d0_lplu_state(hw, false);
    if (ret_val) {
      break out;
    }
    ret_val = phy.ops.read_reg(hw, IGP01E1000_PHY_PORT_CTRL, data);
    if (ret_val)
      break out;

    data.v &= ~IGP01E1000_PSCR_AUTO_MDIX;

    switch (phy.mdix) {
      case 1:
        data.v &= ~IGP01E1000_PSCR_FORCE_MDI_MDIX;
        break;
      case 2:
        data.v |= IGP01E1000_PSCR_FORCE_MDI_MDIX;
        break;
      case 0:
      default:
        data.v |= IGP01E1000_PSCR_AUTO_MDIX;
        break;
    }
    ret_val = phy.ops.write_reg(hw, IGP01E1000_PHY_PORT_CTRL, data.v);
    if (ret_val)
      break out;

    if (hw.mac.autoneg) {
      if (phy.autoneg_advertised === D.ADVERTISE_1000_FULL) {
        ret_val = phy.ops.read_reg(hw, IGP01E1000_PHY_PORT_CONFIG, data);
        if (ret_val)
          break out;

        data.v &= ~IGP01E1000_PSCFR_SMART_SPEED;
        ret_val = phy.ops.write_reg(hw, IGP01E1000_PHY_PORT_CONFIG, data.v);
        if (ret_val)
          break out;

        ret_val = phy.ops.read_reg(hw, D.PHY_1000T_CTRL, data);
        if (ret_val)
          break out;

        data.v &= ~D.CR_1000T_MS_ENABLE;
        ret_val = phy.ops.write_reg(hw, D.PHY_1000T_CTRL, data.v);
        if (ret_val)
          break out;
      }

      ret_val = phy.ops.read_reg(hw, D.PHY_1000T_CTRL, data);
      if (ret_val)
        break out;

      phy.original_ms_type = (data.v & D.CR_1000T_MS_ENABLE) ? ((data.v & D.CR_1000T_MS_VALUE) ? e1000_ms_force_master : e1000_ms_force_slave) : e1000_ms_auto;

      switch (phy.ms_type) {
        case e1000_ms_force_master:
          data.v |= (D.CR_1000T_MS_ENABLE | D.CR_1000T_MS_VALUE);
          break;
        case e1000_ms_force_slave:
          data.v |= D.CR_1000T_MS_ENABLE;
          data.v &= ~(D.CR_1000T_MS_VALUE);
          break;
        case e1000_ms_auto:
          data.v &= ~D.CR_1000T_MS_ENABLE;
          break;
        default:
          break;
      }
      ret_val = phy.ops.write_reg(hw, D.PHY_1000T_CTRL, data.v);
      if (ret_val)
        break out;
    }
  }
  return ret_val;
}

export function igb_copper_link_autoneg(hw: e1000_hw): number {
  const phy = hw.phy;
  let ret_val: number;
  const phy_ctrl = { v: 0 };

  out: {
    phy.autoneg_advertised &= phy.autoneg_mask;

    if (phy.autoneg_advertised === 0)
      phy.autoneg_advertised = phy.autoneg_mask;

    ret_val = igb_phy_setup_autoneg(hw);
    if (ret_val) {
      break out;
    }

    ret_val = phy.ops.read_reg(hw, D.PHY_CONTROL, phy_ctrl);
    if (ret_val)
      break out;

    phy_ctrl.v |= (D.MII_CR_AUTO_NEG_EN | D.MII_CR_RESTART_AUTO_NEG);
    ret_val = phy.ops.write_reg(hw, D.PHY_CONTROL, phy_ctrl.v);
    if (ret_val)
      break out;

    hw.mac.get_link_status = true;
  }
  return ret_val;
}

/** Writes what this end advertises: speeds, duplex, pause. */
export function igb_phy_setup_autoneg(hw: e1000_hw): number {
  const phy = hw.phy;
  let ret_val: number;
  const mii_autoneg_adv_reg = { v: 0 };
  const mii_1000t_ctrl_reg = { v: 0 };

  out: {
    phy.autoneg_advertised &= phy.autoneg_mask;

    ret_val = phy.ops.read_reg(hw, D.PHY_AUTONEG_ADV, mii_autoneg_adv_reg);
    if (ret_val)
      break out;

    if (phy.autoneg_mask & D.ADVERTISE_1000_FULL) {
      ret_val = phy.ops.read_reg(hw, D.PHY_1000T_CTRL, mii_1000t_ctrl_reg);
      if (ret_val)
        break out;
    }

    mii_autoneg_adv_reg.v &= ~(D.NWAY_AR_100TX_FD_CAPS | D.NWAY_AR_100TX_HD_CAPS | D.NWAY_AR_10T_FD_CAPS | D.NWAY_AR_10T_HD_CAPS);
    mii_1000t_ctrl_reg.v &= ~(D.CR_1000T_HD_CAPS | D.CR_1000T_FD_CAPS);

    if (phy.autoneg_advertised & D.ADVERTISE_10_HALF) {
      mii_autoneg_adv_reg.v |= D.NWAY_AR_10T_HD_CAPS;
    }

    if (phy.autoneg_advertised & D.ADVERTISE_10_FULL) {
      mii_autoneg_adv_reg.v |= D.NWAY_AR_10T_FD_CAPS;
    }

    if (phy.autoneg_advertised & D.ADVERTISE_100_HALF) {
      mii_autoneg_adv_reg.v |= D.NWAY_AR_100TX_HD_CAPS;
    }

    if (phy.autoneg_advertised & D.ADVERTISE_100_FULL) {
      mii_autoneg_adv_reg.v |= D.NWAY_AR_100TX_FD_CAPS;
    }

    if (phy.autoneg_advertised & D.ADVERTISE_1000_HALF) {
      /* the device has no half duplex at this speed */
    }

    if (phy.autoneg_advertised & D.ADVERTISE_1000_FULL) {
      mii_1000t_ctrl_reg.v |= D.CR_1000T_FD_CAPS;
    }

    switch (hw.fc.current_mode) {
      case e1000_fc_none:
        mii_autoneg_adv_reg.v &= ~(D.NWAY_AR_ASM_DIR | D.NWAY_AR_PAUSE);
        break;
      case e1000_fc_rx_pause:
        mii_autoneg_adv_reg.v |= (D.NWAY_AR_ASM_DIR | D.NWAY_AR_PAUSE);
        break;
      case e1000_fc_tx_pause:
        mii_autoneg_adv_reg.v |= D.NWAY_AR_ASM_DIR;
        mii_autoneg_adv_reg.v &= ~D.NWAY_AR_PAUSE;
        break;
      case e1000_fc_full:
        mii_autoneg_adv_reg.v |= (D.NWAY_AR_ASM_DIR | D.NWAY_AR_PAUSE);
        break;
      default:
        ret_val = -D.E1000_ERR_CONFIG;
        break out;
    }

    ret_val = phy.ops.write_reg(hw, D.PHY_AUTONEG_ADV, mii_autoneg_adv_reg.v);
    if (ret_val)
      break out;

    if (phy.autoneg_mask & D.ADVERTISE_1000_FULL) {
      ret_val = phy.ops.write_reg(hw, D.PHY_1000T_CTRL, mii_1000t_ctrl_reg.v);
      if (ret_val)
        break out;
    }
  }
  return ret_val;
}

export function igb_setup_copper_link(hw: e1000_hw): number {
  let ret_val: number;
  const link = { v: false };

  out: {
    if (hw.mac.autoneg) {
      ret_val = igb_copper_link_autoneg(hw);
      if (ret_val)
        break out;
    } else {
      ret_val = hw.phy.ops.force_speed_duplex(hw);
      if (ret_val) {
        break out;
      }
    }

    ret_val = igb_phy_has_link(hw, D.COPPER_LINK_UP_LIMIT, 10, link);
    if (ret_val)
      break out;

    if (link.v) {
      igb_config_collision_dist(hw);
      ret_val = igb_config_fc_after_link_up(hw);
    } else {
      /* the link will be reported by an interrupt */
    }
  }
  return ret_val;
}

export function igb_check_downshift(hw: e1000_hw): number {
  const phy = hw.phy;
  let ret_val: number;
  const phy_data = { v: 0 };
  let offset: number, mask: number;

  out: {
    switch (phy.type) {
      case e1000_phy_m88:
        offset = D.M88E1000_PHY_SPEC_STATUS;
        mask = D.M88E1000_PSSR_DOWNSHIFT;
        break;
      case e1000_phy_igp:
      case e1000_phy_igp_3:
        offset = IGP01E1000_PHY_LINK_HEALTH;
        mask = IGP01E1000_PLHR_SS_DOWNGRADE;
        break;
      default:
        phy.speed_downgraded = false;
        ret_val = 0;
        break out;
    }

    ret_val = phy.ops.read_reg(hw, offset, phy_data);

    if (!ret_val)
      phy.speed_downgraded = (phy_data.v & mask) ? true : false;
  }
  return ret_val;
}

export function igb_check_polarity_igp(hw: e1000_hw): number {
  const phy = hw.phy;
  let ret_val: number;
  const data = { v: 0 };
  let offset: number, mask: number;

  out: {
    ret_val = phy.ops.read_reg(hw, IGP01E1000_PHY_PORT_STATUS, data);
    if (ret_val)
      break out;

    if ((data.v & IGP01E1000_PSSR_SPEED_MASK) === IGP01E1000_PSSR_SPEED_1000MBPS) {
      offset = IGP01E1000_PHY_PCS_INIT_REG;
      mask = IGP01E1000_PHY_POLARITY_MASK;
    } else {
      offset = IGP01E1000_PHY_PORT_STATUS;
      mask = IGP01E1000_PSSR_POLARITY_REVERSED;
    }

    ret_val = phy.ops.read_reg(hw, offset, data);

    if (!ret_val)
      phy.cable_polarity = (data.v & mask) ? e1000_rev_polarity_reversed : e1000_rev_polarity_normal;
  }
  return ret_val;
}

/** Asks the PHY for its link, up to `iterations` times, `usec_interval` apart. */
export function igb_phy_has_link(hw: e1000_hw, iterations: number, usec_interval: number, success: { v: boolean }): number {
  let ret_val = 0;
  let i: number;
  const phy_status = { v: 0 };

  for (i = 0; i < iterations; i++) {
    ret_val = hw.phy.ops.read_reg(hw, D.PHY_STATUS, phy_status);
    if (ret_val && usec_interval > 0) {
      if (usec_interval >= 1000)
        mdelay(Math.trunc(usec_interval / 1000));
      else
        udelay(usec_interval);
    }
    ret_val = hw.phy.ops.read_reg(hw, D.PHY_STATUS, phy_status);
    if (ret_val)
      break;
    if (phy_status.v & D.MII_SR_LINK_STATUS)
      break;
    if (usec_interval >= 1000)
      mdelay(Math.trunc(usec_interval / 1000));
    else
      udelay(usec_interval);
  }

  success.v = (i < iterations) ? true : false;

  return ret_val;
}

export function igb_get_cable_length_igp_2(hw: e1000_hw): number {
  const phy = hw.phy;
  let ret_val = 0;
  const phy_data = { v: 0 };
  let i: number, agc_value = 0;
  let cur_agc_index: number, max_agc_index = 0;
  let min_agc_index = IGP02E1000_CABLE_LENGTH_TABLE_SIZE - 1;

  out: {
    for (i = 0; i < IGP02E1000_PHY_CHANNEL_NUM; i++) {
      ret_val = phy.ops.read_reg(hw, agc_reg_array[i], phy_data);
      if (ret_val)
        break out;

      cur_agc_index = (phy_data.v >> IGP02E1000_AGC_LENGTH_SHIFT) & IGP02E1000_AGC_LENGTH_MASK;

      if ((cur_agc_index >= IGP02E1000_CABLE_LENGTH_TABLE_SIZE) || (cur_agc_index === 0)) {
        ret_val = -D.E1000_ERR_PHY;
        break out;
      }

      if (cable_length(min_agc_index) > cable_length(cur_agc_index))
        min_agc_index = cur_agc_index;
      if (cable_length(max_agc_index) < cable_length(cur_agc_index))
        max_agc_index = cur_agc_index;

      agc_value += cable_length(cur_agc_index);
    }

    agc_value -= (cable_length(min_agc_index) + cable_length(max_agc_index));
    agc_value = Math.trunc(agc_value / (IGP02E1000_PHY_CHANNEL_NUM - 2));

    phy.min_cable_length = ((agc_value - IGP02E1000_AGC_RANGE) > 0) ? (agc_value - IGP02E1000_AGC_RANGE) : 0;
    phy.max_cable_length = agc_value + IGP02E1000_AGC_RANGE;

    phy.cable_length = (phy.min_cable_length + phy.max_cable_length) / 2;
  }
  return ret_val;
}

export function igb_get_phy_info_igp(hw: e1000_hw): number {
  const phy = hw.phy;
  let ret_val: number;
  const data = { v: 0 };
  const link = { v: false };

  out: {
    ret_val = igb_phy_has_link(hw, 1, 0, link);
    if (ret_val)
      break out;

    if (!link.v) {
      ret_val = -D.E1000_ERR_CONFIG;
      break out;
    }

    phy.polarity_correction = true;

    ret_val = igb_check_polarity_igp(hw);
    if (ret_val)
      break out;

    ret_val = phy.ops.read_reg(hw, IGP01E1000_PHY_PORT_STATUS, data);
    if (ret_val)
      break out;

    phy.is_mdix = (data.v & IGP01E1000_PSSR_MDIX) ? true : false;

    if ((data.v & IGP01E1000_PSSR_SPEED_MASK) === IGP01E1000_PSSR_SPEED_1000MBPS) {
      ret_val = phy.ops.get_cable_length(hw);
      if (ret_val)
        break out;

      ret_val = phy.ops.read_reg(hw, D.PHY_1000T_STATUS, data);
      if (ret_val)
        break out;

      phy.local_rx = (data.v & D.SR_1000T_LOCAL_RX_STATUS) ? e1000_1000t_rx_status_ok : e1000_1000t_rx_status_not_ok;

      phy.remote_rx = (data.v & D.SR_1000T_REMOTE_RX_STATUS) ? e1000_1000t_rx_status_ok : e1000_1000t_rx_status_not_ok;
    } else {
      phy.cable_length = E1000_CABLE_LENGTH_UNDEFINED;
      phy.local_rx = e1000_1000t_rx_status_undefined;
      phy.remote_rx = e1000_1000t_rx_status_undefined;
    }
  }
  return ret_val;
}

export function* igb_phy_hw_reset(hw: e1000_hw): Gen<number> {
  const phy = hw.phy;
  let ret_val: number;
  let ctrl: number;

  out: {
    ret_val = igb_check_reset_block(hw);
    if (ret_val) {
      ret_val = 0;
      break out;
    }

    ret_val = phy.ops.acquire(hw);
    if (ret_val)
      break out;

    ctrl = rd32(hw, R.E1000_CTRL);
    wr32(hw, R.E1000_CTRL, ctrl | D.E1000_CTRL_PHY_RST);
    wrfl(hw);

    udelay(phy.reset_delay_us);

    wr32(hw, R.E1000_CTRL, ctrl);
    wrfl(hw);

    udelay(150);

    phy.ops.release(hw);

    ret_val = yield* phy.ops.get_cfg_done(hw);
  }
  return ret_val;
}

export function igb_power_up_phy_copper(hw: e1000_hw): void {
  const mii_reg = { v: 0 };

  hw.phy.ops.read_reg(hw, D.PHY_CONTROL, mii_reg);
  mii_reg.v &= ~D.MII_CR_POWER_DOWN;
  hw.phy.ops.write_reg(hw, D.PHY_CONTROL, mii_reg.v);
}

export function* igb_power_down_phy_copper(hw: e1000_hw): Gen<void> {
  const mii_reg = { v: 0 };

  hw.phy.ops.read_reg(hw, D.PHY_CONTROL, mii_reg);
  mii_reg.v |= D.MII_CR_POWER_DOWN;
  hw.phy.ops.write_reg(hw, D.PHY_CONTROL, mii_reg.v);
  yield* msleep(1);
}
