/** include/net/ip_fib.h: the forwarding information base. */
import type { nlmsghdr } from './netlink';
import { atomic_dec_and_test, atomic_read, atomic_t } from '../linux/atomic';
import { hlist_node, type hlist_head, type list_head } from '../linux/list';
import type { net_device } from '../linux/netdevice';
import type { net } from './net_namespace';
import type { flowi4 } from './flow';
import type { rtable } from './route.struct';
import { ENETUNREACH } from '../uapi/asm-generic/errno';
import { RT_TABLE_LOCAL, RT_TABLE_MAIN } from '../linux/rtnetlink';
import { fib_info_update_nh_saddr, free_fib_info } from '../../net/ipv4/fib_semantics';
import { fib_table_lookup, type trie } from '../../net/ipv4/fib_trie';

export { fib_table_delete, fib_table_flush, fib_table_insert, fib_table_lookup, fib_trie_init, fib_trie_table } from '../../net/ipv4/fib_trie';
export { fib_info_update_nh_saddr, fib_sync_down_addr, fib_sync_down_dev, free_fib_info, ip_fib_check_default, fib_select_default } from '../../net/ipv4/fib_semantics';
export { fib_compute_spec_dst, fib_validate_source, ip_fib_init } from '../../net/ipv4/fib_frontend';

/** include/net/fib_rules.h */
export const FIB_LOOKUP_NOREF = 1;

/** struct nl_info: who asked for the change. */
export class nl_info { nlh: nlmsghdr = null; nl_net: net = null; portid = 0; }

export class fib_config {
  fc_dst_len = 0;
  fc_tos = 0;
  fc_protocol = 0;
  fc_scope = 0;
  fc_type = 0;
  fc_table = 0;
  fc_dst = 0;
  fc_gw = 0;
  fc_oif = 0;
  fc_flags = 0;
  fc_priority = 0;
  fc_prefsrc = 0;
  /** RTAX_* values by index (a netlink attribute list in the kernel); null for none. */
  fc_mx: number[] = null;
  fc_mp: unknown = null;
  fc_mx_len = 0;
  fc_mp_len = 0;
  fc_flow = 0;
  fc_nlflags = 0;
  fc_nlinfo: nl_info = new nl_info();
}

export class fib_nh_exception {
  fnhe_next: fib_nh_exception = null;
  fnhe_daddr = 0;
  fnhe_pmtu = 0;
  fnhe_gw = 0;
  fnhe_expires = 0;
  fnhe_rth: rtable = null;
  fnhe_stamp = 0;
}
export class fnhe_hash_bucket { chain: fib_nh_exception = null; }
export const FNHE_HASH_SIZE = 2048;
export const FNHE_RECLAIM_DEPTH = 5;

export class fib_nh {
  nh_dev: net_device = null;
  nh_hash: hlist_node<fib_nh> = new hlist_node<fib_nh>(this);
  nh_parent: fib_info = null;
  nh_flags = 0;
  nh_scope = 0;
  nh_oif = 0;
  nh_gw = 0;
  nh_saddr = 0;
  nh_saddr_genid = 0;
  /** Cached output route by CPU id. */
  nh_pcpu_rth_output: rtable[] = null;
  nh_rth_input: rtable = null;
  nh_exceptions: fnhe_hash_bucket[] = null;
}

export class fib_info {
  fib_hash: hlist_node<fib_info> = new hlist_node<fib_info>(this);
  fib_lhash: hlist_node<fib_info> = new hlist_node<fib_info>(this);
  fib_net: net = null;
  fib_treeref = 0;
  fib_clntref: atomic_t = new atomic_t(0);
  fib_flags = 0;
  fib_dead = 0;
  fib_protocol = 0;
  fib_scope = 0;
  fib_type = 0;
  fib_prefsrc = 0;
  fib_priority = 0;
  fib_metrics: number[] = null;
  fib_nhs = 0;
  fib_nh: fib_nh[] = [];
  get fib_mtu(): number { return this.fib_metrics[1]; }
  get fib_window(): number { return this.fib_metrics[2]; }
  get fib_rtt(): number { return this.fib_metrics[3]; }
  get fib_advmss(): number { return this.fib_metrics[7]; }
  get fib_dev(): net_device { return this.fib_nh[0].nh_dev; }
  set fib_dev(v: net_device) { this.fib_nh[0].nh_dev = v; }
}

export class fib_result {
  prefixlen = 0;
  nh_sel = 0;
  type = 0;
  scope = 0;
  tclassid = 0;
  fi: fib_info = null;
  table: fib_table = null;
  fa_head: list_head = null;
}

export const FIB_TABLE_HASHSZ = 2;

export function FIB_RES_NH(res: fib_result): fib_nh { return res.fi.fib_nh[0]; }
export function FIB_RES_SADDR(net: net, res: fib_result): number {
  return FIB_RES_NH(res).nh_saddr_genid === atomic_read(net.ipv4.dev_addr_genid) ? FIB_RES_NH(res).nh_saddr : fib_info_update_nh_saddr(net, FIB_RES_NH(res));
}
export function FIB_RES_GW(res: fib_result): number { return FIB_RES_NH(res).nh_gw; }
export function FIB_RES_DEV(res: fib_result): net_device { return FIB_RES_NH(res).nh_dev; }
export function FIB_RES_OIF(res: fib_result): number { return FIB_RES_NH(res).nh_oif; }
export function FIB_RES_PREFSRC(net: net, res: fib_result): number { return res.fi.fib_prefsrc ? res.fi.fib_prefsrc : FIB_RES_SADDR(net, res); }

export class fib_table {
  tb_hlist: hlist_node<fib_table> = new hlist_node<fib_table>(this);
  tb_id = 0;
  tb_default = 0;
  tb_num_default = 0;
  /** The trie behind the table. */
  tb_data: trie = null;
}

export const TABLE_LOCAL_INDEX = 0;
export const TABLE_MAIN_INDEX = 1;

export function fib_get_table(net: net, id: number): fib_table {
  let ptr: hlist_head<fib_table>;
  ptr = id === RT_TABLE_LOCAL ? net.ipv4.fib_table_hash[TABLE_LOCAL_INDEX] : net.ipv4.fib_table_hash[TABLE_MAIN_INDEX];
  return ptr.first.owner;
}
export function fib_new_table(net: net, id: number): fib_table {
  return fib_get_table(net, id);
}
export function fib_lookup(net: net, flp: flowi4, res: fib_result): number {
  let table: fib_table;
  table = fib_get_table(net, RT_TABLE_LOCAL);
  if (!fib_table_lookup(table, flp, res, FIB_LOOKUP_NOREF))
    return 0;
  table = fib_get_table(net, RT_TABLE_MAIN);
  if (!fib_table_lookup(table, flp, res, FIB_LOOKUP_NOREF))
    return 0;
  return -ENETUNREACH;
}
export function fib_num_tclassid_users(_net: net): number {
  return 0;
}
export function fib_combine_itag(_itag: { v: number }, _res: fib_result): void { /* no route classes in this configuration */ }
export function fib_info_put(fi: fib_info): void {
  if (atomic_dec_and_test(fi.fib_clntref))
    free_fib_info(fi);
}
