/**
 * The sk_buff and what hangs on it (include/linux/skbuff.h). A leaf file, so that import cycles are harmless.
 *
 * Memory: `head` is the buffer; `data`, `tail`, `end` and the header positions are byte offsets into it (DEVIATION: the kernel's `data` is
 * a pointer). "Pointers into the packet" that functions take or give are such offsets; null is the null pointer (offset 0 is a valid place).
 * `shinfo` is the kernel's skb_shared_info at `end`, shared by clones together with `head`.
 */
import { atomic_t } from './atomic';
import { spinlock_t } from './spinlock';
import type { page } from './mm';
import type { sock } from '../net/sock.struct';
import type { net_device } from './netdevice';
import type { dst_entry } from '../net/dst';

export const SKB_DST_NOREF = 1;
export const MAX_SKB_FRAGS = 17;
/** What the kernel's sizeof gives with the recordings' configuration; truesize is made of them. */
export const sizeof_sk_buff = 208;
export const sizeof_skb_shared_info = 320;

/** One page fragment: `size` bytes from `page_offset` in `page.p`. */
export class skb_frag_struct {
  page: { p: page } = { p: null };
  page_offset = 0;
  size = 0;
}
export type skb_frag_t = skb_frag_struct;

/** Hardware time stamps, ns; 0 = none. */
export class skb_shared_hwtstamps { hwtstamp = 0; syststamp = 0; }

export class skb_shared_info {
  nr_frags = 0;
  tx_flags = 0;
  gso_size = 0;
  gso_segs = 0;
  gso_type = 0;
  frag_list: sk_buff = null;
  hwtstamps: skb_shared_hwtstamps = null;
  ip6_frag_id = 0;
  /** Low half: users of the buffer; high half: those that need its payload only. */
  dataref: atomic_t = new atomic_t(1);
  destructor_arg: unknown = null;
  /** Filled up to nr_frags; skb_frag_at() makes slots as they are needed. */
  frags: skb_frag_struct[] = [];
}

/** Per-layer control blocks stand side by side here (DEVIATION: the kernel overlays them in one 48-byte array); each class copies itself for a clone. */
export interface control_block { copy(): control_block }

export class sk_buff {
  next: sk_buff = null;
  prev: sk_buff = null;
  tstamp = 0;
  sk: sock = null;
  dev: net_device = null;
  /** Control blocks by layer; null until the layer's accessor (TCP_SKB_CB, IPCB, ...) makes one. */
  cb_tcp: any = null;
  cb_ip: any = null;
  cb_gro: any = null;
  cb_qdisc: any = null;
  cb_udp: any = null;
  cb_frag: any = null;
  cb_neigh: any = null;
  cb_gso: any = null;
  cb_devgso: any = null;
  cb_err: any = null;
  cb_netem: any = null;
  cb_packet: any = null;
  cb_netlink: any = null;
  /** The route; `_skb_refnoref` is the kernel's SKB_DST_NOREF bit in the same word: 1 when no reference is held. */
  _skb_refdst: dst_entry = null;
  _skb_refnoref = 0;
  len = 0;
  data_len = 0;
  mac_len = 0;
  hdr_len = 0;
  csum = 0;
  csum_start = 0;
  csum_offset = 0;
  priority = 0;
  local_df = 0;
  cloned = 0;
  ip_summed = 0;
  nohdr = 0;
  nfctinfo = 0;
  pkt_type = 0;
  fclone = 0;
  ipvs_property = 0;
  peeked = 0;
  nf_trace = 0;
  protocol = 0;
  destructor: (skb: sk_buff) => void = null;
  skb_iif = 0;
  rxhash = 0;
  vlan_proto = 0;
  vlan_tci = 0;
  tc_index = 0;
  tc_verd = 0;
  queue_mapping = 0;
  pfmemalloc = 0;
  ooo_okay = 0;
  l4_rxhash = 0;
  wifi_acked_valid = 0;
  wifi_acked = 0;
  no_fcs = 0;
  head_frag = 0;
  encapsulation = 0;
  mark = 0;
  dropcount = 0;
  reserved_tailroom = 0;
  inner_transport_header = 0;
  inner_network_header = 0;
  inner_mac_header = 0;
  transport_header = 0;
  network_header = 0;
  mac_header = 0;
  tail = 0;
  end = 0;
  head: Uint8Array = null;
  data = 0;
  truesize = 0;
  users: atomic_t = new atomic_t(1);
  shinfo: skb_shared_info = null;
  /** Identity of the packet that these bytes are (copied by clone, copy, split). */
  pkt = 0;
  /** The clone that was allocated together with this one (SKB_FCLONE_ORIG), and the way back. */
  fclone_child: sk_buff = null;
  fclone_parent: sk_buff = null;
  /** What the kernel keeps behind the pair: how many of the two are in use. */
  fclone_ref: atomic_t = null;
}

/** Head of a ring of buffers; takes part in the ring itself. */
export class sk_buff_head {
  next: sk_buff;
  prev: sk_buff;
  qlen = 0;
  lock: spinlock_t = new spinlock_t();
  constructor() { this.next = this as unknown as sk_buff; this.prev = this as unknown as sk_buff; }
}
