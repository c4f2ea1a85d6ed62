/** Helpers of TIME_WAIT sockets (kernel include/net/inet_timewait_sock.h). */
import type { inet_timewait_sock } from './inet_timewait_sock.struct';
import type { net } from './net_namespace';
import type { sock_common } from './sock.struct';
import type { hlist_head, hlist_nulls_head } from '../linux/list';
import { __hlist_del, hlist_add_head, hlist_nulls_add_head_rcu, hlist_unhashed } from '../linux/list';
import { read_pnet, write_pnet } from './net_namespace';

export * from './inet_timewait_sock.struct';
export {
  __inet_twsk_hashdance, inet_twdr_hangman, inet_twdr_twcal_tick, inet_twdr_twkill_work, inet_twsk_alloc, inet_twsk_bind_unhash, inet_twsk_deschedule,
  inet_twsk_put, inet_twsk_schedule, inet_twsk_unhash,
} from '../../net/ipv4/inet_timewait_sock';

export function inet_twsk_add_node_rcu(tw: inet_timewait_sock, list: hlist_nulls_head): void {
  hlist_nulls_add_head_rcu(tw.tw_node, list);
}

export function inet_twsk_add_bind_node(tw: inet_timewait_sock, list: hlist_head): void {
  hlist_add_head(tw.tw_bind_node, list);
}

export function inet_twsk_dead_hashed(tw: inet_timewait_sock): boolean {
  return !hlist_unhashed(tw.tw_death_node);
}

export function inet_twsk_dead_node_init(tw: inet_timewait_sock): void {
  tw.tw_death_node.list = null;
}

export function __inet_twsk_del_dead_node(tw: inet_timewait_sock): void {
  __hlist_del(tw.tw_death_node);
  inet_twsk_dead_node_init(tw);
}

export function inet_twsk_del_dead_node(tw: inet_timewait_sock): number {
  if (inet_twsk_dead_hashed(tw)) {
    __inet_twsk_del_dead_node(tw);
    return 1;
  }
  return 0;
}

export function inet_twsk(sk: any): inet_timewait_sock {
  return sk as inet_timewait_sock;
}

export function sk_rcv_saddr(sk: sock_common): number {
  return sk.inet_rcv_saddr;
}

export function twsk_net(twsk: inet_timewait_sock): net {
  return read_pnet(twsk.sk_net);
}

export function twsk_net_set(twsk: inet_timewait_sock, net: net): void {
  twsk.sk_net = net;
  write_pnet(twsk.sk_net, net);
}
