/** net/netlink/af_netlink.h: what a netlink socket holds. Memory-mapped rings are not configured. */
import { mutex } from '../../include/linux/mutex';
import { hlist_head } from '../../include/linux/list';
import type { netlink_callback } from '../../include/linux/netlink';
import { wait_queue_head_t } from '../../include/linux/wait';
import { sock } from '../../include/net/sock.struct';
import type { sk_buff } from '../../include/linux/skbuff.struct';
import type { Gen } from '../../include/ports';

export class netlink_sock extends sock {
  portid = 0;
  dst_portid = 0;
  dst_group = 0;
  flags = 0;
  subscriptions = 0;
  ngroups = 0;
  /** NETLINK_CONGESTED and the like. */
  state: { v: number } = { v: 0 };
  wait: wait_queue_head_t = new wait_queue_head_t();
  cb: netlink_callback = null;
  cb_mutex: mutex = null;
  cb_def_mutex: mutex = new mutex();
  netlink_rcv: (skb: sk_buff) => Gen<void> = null;
}
export function nlk_sk(sk: sock): netlink_sock { return sk as netlink_sock; }

/** DEVIATION: one chain, as the kernel begins with; it is never rehashed. */
export class nl_portid_hash { table: hlist_head<sock>[] = [new hlist_head<sock>()]; mask = 0; shift = 0; entries = 0; rnd = 0; }
export class netlink_table {
  hash: nl_portid_hash = new nl_portid_hash();
  flags = 0;
  groups = 0;
  cb_mutex: mutex = null;
  registered = 0;
}
