/** struct dst_entry (include/net/dst.h). */
import { atomic_t } from '../linux/atomic';
import type { sk_buff } from '../linux/skbuff';
import type { net_device } from '../linux/netdevice';
import type { dst_ops } from './dst_ops';

export class dst_entry {
  child: dst_entry = null;
  dev: net_device = null;
  ops: dst_ops = null;
  /** The metrics array (RTAX_MAX numbers). DEVIATION: the read-only bit of the pointer is the field beside it. */
  _metrics: number[] = null;
  _metrics_read_only = false;
  expires = 0;
  path: dst_entry = null;
  from: dst_entry = null;
  input: (skb: sk_buff) => number = null;
  output: (skb: sk_buff) => number = null;
  flags = 0;
  pending_confirm = 0;
  error = 0;
  obsolete = 0;
  header_len = 0;
  trailer_len = 0;
  __refcnt: atomic_t = new atomic_t(0);
  __use = 0;
  lastuse = 0;
  next: dst_entry = null;
}
