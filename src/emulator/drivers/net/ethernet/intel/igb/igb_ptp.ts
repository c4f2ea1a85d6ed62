/** drivers/net/ethernet/intel/igb/igb_ptp.c: as much of hardware time stamping as the driver does when nobody asks for time stamps. */
import { current } from '../../../../../include/ports';
import { HZ, jiffies, time_after } from '../../../../../include/linux/jiffies';
import { spin_lock_init } from '../../../../../include/linux/spinlock';
import type { work_struct } from '../../../../../include/linux/workqueue';
import { INIT_WORK } from '../../../../../include/linux/workqueue';
import type { sk_buff } from '../../../../../include/linux/skbuff';
import type { igb_adapter, igb_q_vector, igb_ring } from './igb';
import { IGB_FLAG_PTP } from './igb';
import { e1000_82576, e1000_82580, e1000_i210, e1000_i211, e1000_i350, e1000_i354 } from './e1000_hw';
import * as R from './e1000_regs';
import * as D from './e1000_defines';
import { rd32, wr32, wrfl } from './e1000_regs';

const INCPERIOD_82576 = 1 << 24, INCVALUE_82576 = 16 << 19;

/** The device's time counter. */
export function igb_ptp_read_82576(igb: igb_adapter): number {
  const hw = igb.hw;
  let val: number;
  let lo: number, hi: number;

  lo = rd32(hw, R.E1000_SYSTIML);
  hi = rd32(hw, R.E1000_SYSTIMH);

  val = hi * 0x100000000;
  val += lo;

  return val;
}

/** Takes a time stamp out of the registers: nobody asks for them in a scenario. */
export function igb_ptp_rx_rgtstamp(_q_vector: igb_q_vector, _skb: sk_buff): void { current.machine.log('igb: unexpected receive time stamp'); }
export function igb_ptp_rx_pktstamp(_q_vector: igb_q_vector, _va: number, _skb: sk_buff): void { current.machine.log('igb: unexpected receive time stamp'); }
export function igb_ptp_tx_work(_work: work_struct): void { current.machine.log('igb: unexpected transmit time stamp'); }

export function igb_ptp_reset(adapter: igb_adapter): void {
  const hw = adapter.hw;

  if (!(adapter.flags & IGB_FLAG_PTP))
    return;

  switch (adapter.hw.mac.type) {
    case e1000_82576:
      wr32(hw, R.E1000_TIMINCA, INCPERIOD_82576 | INCVALUE_82576);
      break;
    case e1000_82580:
    case e1000_i354:
    case e1000_i350:
    case e1000_i210:
    case e1000_i211:
      wr32(hw, R.E1000_TSAUXC, 0x0);
      break;
    default:
      return;
  }

  timecounter_init(adapter);
}

function timecounter_init(adapter: igb_adapter): void { igb_ptp_read_82576(adapter); }

export function igb_ptp_rx_hang(adapter: igb_adapter): void {
  const hw = adapter.hw;
  let rx_ring: igb_ring;
  const tsyncrxctl = rd32(hw, R.E1000_TSYNCRXCTL);
  let rx_event: number;
  let n: number;

  if (hw.mac.type !== e1000_82576)
    return;

  if (!(tsyncrxctl & D.E1000_TSYNCRXCTL_VALID)) {
    adapter.last_rx_ptp_check = jiffies();
    return;
  }

  rx_event = adapter.last_rx_ptp_check;
  for (n = 0; n < adapter.num_rx_queues; n++) {
    rx_ring = adapter.rx_ring[n];
    if (time_after(rx_ring.last_rx_timestamp, rx_event))
      rx_event = rx_ring.last_rx_timestamp;
  }

  if (time_after(jiffies(), rx_event + 5 * HZ)) {
    rd32(hw, R.E1000_RXSTMPH);
    adapter.last_rx_ptp_check = jiffies();
    current.machine.log('igb: clearing Rx timestamp hang');
  }
}

export function igb_ptp_init(adapter: igb_adapter): void {
  const hw = adapter.hw;

  switch (hw.mac.type) {
    case e1000_82576:
      wr32(hw, R.E1000_TIMINCA, INCPERIOD_82576 | INCVALUE_82576);
      break;
    default:
      return;
  }

  wrfl(hw);

  spin_lock_init(adapter.tmreg_lock);
  INIT_WORK(adapter.ptp_tx_work, igb_ptp_tx_work);

  timecounter_init(adapter);
  adapter.flags |= IGB_FLAG_PTP;
}
