/** The base class of include/net/inet_frag.h, apart so that classes can extend it whatever is loaded first. */
import { atomic_t } from '../linux/atomic';
import { hlist_node, list_head } from '../linux/list';
import { spinlock_t } from '../linux/spinlock';
import { timer_list } from '../linux/timer';
import type { sk_buff } from '../linux/skbuff';
import type { netns_frags } from './inet_frag';

export class inet_frag_queue {
  lock: spinlock_t = new spinlock_t();
  timer: timer_list = new timer_list();
  lru_list: list_head<inet_frag_queue> = new list_head<inet_frag_queue>(this);
  list: hlist_node<inet_frag_queue> = new hlist_node<inet_frag_queue>(this);
  refcnt: atomic_t = new atomic_t(0);
  fragments: sk_buff = null;
  fragments_tail: sk_buff = null;
  stamp = 0;
  len = 0;
  meat = 0;
  last_in = 0;
  max_size = 0;
  net: netns_frags = null;
}
