/** struct netns_ipv4 (include/net/netns/ipv4.h). */
import { atomic_t } from '../../linux/atomic';
import type { hlist_head } from '../../linux/list';
import type { ipv4_devconf } from '../../linux/inetdevice';
import type { fib_table } from '../ip_fib';
import type { inet_peer_base } from '../inetpeer';
import { netns_frags } from '../inet_frag';
import type { sock } from '../sock';
import type { xt_table } from '../../linux/netfilter/x_tables';

export class netns_ipv4 {
  devconf_all: ipv4_devconf = null;
  devconf_dflt: ipv4_devconf = null;
  fib_table_hash: hlist_head<fib_table>[] = null;
  /** Per CPU. */
  icmp_sk: sock[] = null;
  peers: inet_peer_base = null;
  /** Owned by net/ipv4/tcp_metrics. */
  tcp_metrics_hash: any = null;
  tcp_metrics_hash_log = 0;
  /** Per CPU. */
  tcp_sk: sock[] = null;
  frags: netns_frags = new netns_frags();
  iptable_filter: xt_table = null;
  sysctl_icmp_echo_ignore_all = 0;
  sysctl_icmp_echo_ignore_broadcasts = 1;
  sysctl_icmp_ignore_bogus_error_responses = 1;
  sysctl_icmp_ratelimit = 250;
  sysctl_icmp_ratemask = 0x1818;
  sysctl_icmp_errors_use_inbound_ifaddr = 0;
  sysctl_tcp_ecn = 2;
  sysctl_ping_group_range: [number, number] = [1, 0];
  sysctl_tcp_mem: [number, number, number] = [0, 0, 0];
  dev_addr_genid: atomic_t = new atomic_t(0);
}
