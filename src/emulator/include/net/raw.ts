/** include/net/raw.h: raw sockets. */
import { inet_sock } from './inet_sock.struct';
import { hlist_head } from '../linux/list';
import { rwlock_t } from '../linux/spinlock';
import { icmp_filter } from '../linux/icmp';
import type { sock } from './sock.struct';
export { raw_prot, raw_icmp_error, raw_local_deliver, raw_rcv, raw_hash_sk, raw_unhash_sk } from '../../net/ipv4/raw';
export const RAW_HTABLE_SIZE = 256;
/** Raw sockets by protocol. */
export class raw_hashinfo { lock: rwlock_t = new rwlock_t(); ht: hlist_head[] = []; }
export class raw_sock extends inet_sock { filter: icmp_filter = new icmp_filter(); ipmr_table = 0; }
export function raw_sk(sk: sock): raw_sock { return sk as raw_sock; }
