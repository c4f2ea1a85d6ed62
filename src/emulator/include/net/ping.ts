/** include/net/ping.h: sockets that may only ping. */
import { hlist_nulls_head } from '../linux/list';
import { rwlock_t } from '../linux/spinlock';
export { ping_prot, ping_rcv, ping_err, ping_init } from '../../net/ipv4/ping';
export const PING_HTABLE_SIZE = 64;
export const PING_HTABLE_MASK = PING_HTABLE_SIZE - 1;
export class ping_table { hash: hlist_nulls_head[] = []; lock: rwlock_t = new rwlock_t(); }
