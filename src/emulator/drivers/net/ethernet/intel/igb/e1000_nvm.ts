/** drivers/net/ethernet/intel/igb/e1000_nvm.c: reading the configuration memory through EERD. */
import { udelay } from '../../../../../include/linux/delay';
import type { e1000_hw } from './e1000_hw';
import * as R from './e1000_regs';
import * as D from './e1000_defines';
import { rd32, wr32 } from './e1000_regs';

const NVM_CHECKSUM_REG = 0x3f, NVM_SUM = 0xbaba, ETH_ALEN = 6;

export function igb_read_nvm_eerd(hw: e1000_hw, offset: number, words: number, data: Uint16Array): number {
  const nvm = hw.nvm;
  let i: number, eerd = 0;
  let ret_val = 0;

  out: {
    if ((offset >= nvm.word_size) || (words > (nvm.word_size - offset)) || (words === 0)) {
      ret_val = -D.E1000_ERR_NVM;
      break out;
    }

    for (i = 0; i < words; i++) {
      eerd = ((offset + i) << D.E1000_NVM_RW_ADDR_SHIFT) + D.E1000_NVM_RW_REG_START;

      wr32(hw, R.E1000_EERD, eerd);
      ret_val = igb_poll_eerd_eewr_done(hw, D.E1000_NVM_POLL_READ);
      if (ret_val)
        break;

      data[i] = (rd32(hw, R.E1000_EERD) >>> D.E1000_NVM_RW_REG_DATA);
    }
  }
  return ret_val;
}

export function igb_poll_eerd_eewr_done(hw: e1000_hw, ee_reg: number): number {
  const attempts = 100000;
  let i: number, reg = 0;
  let ret_val = -D.E1000_ERR_NVM;

  for (i = 0; i < attempts; i++) {
    if (ee_reg === D.E1000_NVM_POLL_READ)
      reg = rd32(hw, R.E1000_EERD);
    else
      reg = rd32(hw, R.E1000_EEWR);

    if (reg & D.E1000_NVM_RW_REG_DONE) {
      ret_val = 0;
      break;
    }

    udelay(5);
  }

  return ret_val;
}

export function igb_validate_nvm_checksum(hw: e1000_hw): number {
  let ret_val = 0;
  let checksum = 0;
  let i: number;
  const nvm_data = new Uint16Array(1);

  out: {
    for (i = 0; i < (NVM_CHECKSUM_REG + 1); i++) {
      ret_val = hw.nvm.ops.read(hw, i, 1, nvm_data);
      if (ret_val) {
        break out;
      }
      checksum = (checksum + nvm_data[0]) & 0xffff;
    }

    if (checksum !== NVM_SUM) {
      ret_val = -D.E1000_ERR_NVM;
      break out;
    }
  }
  return ret_val;
}

export function igb_read_mac_addr(hw: e1000_hw): number {
  let rar_high: number;
  let rar_low: number;
  let i: number;

  rar_high = rd32(hw, R.E1000_RAH(0));
  rar_low = rd32(hw, R.E1000_RAL(0));

  for (i = 0; i < 4; i++)
    hw.mac.perm_addr[i] = rar_low >>> (i * 8);

  for (i = 0; i < 2; i++)
    hw.mac.perm_addr[i + 4] = rar_high >>> (i * 8);

  for (i = 0; i < ETH_ALEN; i++)
    hw.mac.addr[i] = hw.mac.perm_addr[i];

  return 0;
}
