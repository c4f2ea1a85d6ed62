/** include/linux/netfilter_ipv4/ip_tables.h, uapi: rules for IPv4. */
import type { xt_entry_match, xt_entry_target } from '../netfilter/x_tables';
export { ipt_do_table, ipt_register_table } from '../../../net/ipv4/netfilter/ip_tables';

export const IPT_F_FRAG = 0x01;
export const IPT_F_GOTO = 0x02;
export const IPT_F_MASK = 0x03;
export const IPT_INV_VIA_IN = 0x01;
export const IPT_INV_VIA_OUT = 0x02;
export const IPT_INV_TOS = 0x04;
export const IPT_INV_SRCIP = 0x08;
export const IPT_INV_DSTIP = 0x10;
export const IPT_INV_FRAG = 0x20;
export const IPT_INV_PROTO = 0x40;
export const IPT_INV_MASK = 0x7f;

export class ipt_ip {
  src = { s_addr: 0 };
  dst = { s_addr: 0 };
  smsk = { s_addr: 0 };
  dmsk = { s_addr: 0 };
  iniface = '';
  outiface = '';
  iniface_mask = 0;
  outiface_mask = 0;
  proto = 0;
  flags = 0;
  invflags = 0;
}
export class xt_counters { pcnt = 0; bcnt = 0; }
export class ipt_entry {
  ip: ipt_ip = new ipt_ip();
  /** Index in its table (an offset in the kernel). */
  index = 0;
  /** The table that it is in. */
  base: ipt_entry[] = null;
  matches: xt_entry_match[] = [];
  target: xt_entry_target = null;
  counters: xt_counters = new xt_counters();
}
export function ipt_get_target(e: ipt_entry): xt_entry_target {
  return e.target;
}
