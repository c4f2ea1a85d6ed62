/** Every kernel global and per-CPU variable: the *_globals and *_percpu functions of the mirror, in the order they run. A test checks that none is missing. */
import { copies_globals } from './include/copies';
import type { Cpu, Host } from './include/ports';
import { eventpoll_globals } from './fs/eventpoll';
import { inode_globals } from './fs/inode';
import { dma_globals } from './include/linux/dma-mapping';
import { jiffies_globals } from './include/linux/jiffies';
import { x_tables_percpu } from './include/linux/netfilter/x_tables';
import { pci_globals } from './include/linux/pci';
import { inet_sock_globals } from './include/net/inet_sock';
import { hrtimer_percpu } from './kernel/hrtimer';
import { irq_globals } from './kernel/irq/manage';
import { rcu_percpu } from './kernel/rcutree';
import { softirq_globals, softirq_percpu, tasklet_percpu } from './kernel/softirq';
import { timer_percpu } from './kernel/timer';
import { workqueue_percpu } from './kernel/workqueue';
import { dev_globals, dev_percpu } from './net/core/dev';
import { dst_globals } from './net/core/dst';
import { flow_dissector_globals } from './net/core/flow_dissector';
import { link_watch_globals } from './net/core/link_watch';
import { neighbour_globals } from './net/core/neighbour';
import { net_namespace_globals } from './net/core/net_namespace';
import { netevent_globals } from './net/core/netevent';
import { request_sock_globals } from './net/core/request_sock';
import { rtnetlink_globals } from './net/core/rtnetlink';
import { secure_seq_globals } from './net/core/secure_seq';
import { skbuff_percpu } from './net/core/skbuff';
import { sock_globals } from './net/core/sock';
import { af_inet_globals } from './net/ipv4/af_inet';
import { arp_globals } from './net/ipv4/arp';
import { devinet_globals } from './net/ipv4/devinet';
import { fib_semantics_globals } from './net/ipv4/fib_semantics';
import { fib_trie_globals } from './net/ipv4/fib_trie';
import { igmp_globals } from './net/ipv4/igmp';
import { inet_connection_sock_globals } from './net/ipv4/inet_connection_sock';
import { inet_hashtables_globals } from './net/ipv4/inet_hashtables';
import { inetpeer_globals } from './net/ipv4/inetpeer';
import { ip_fragment_globals } from './net/ipv4/ip_fragment';
import { ip_input_globals } from './net/ipv4/ip_input';
import { ip_output_globals } from './net/ipv4/ip_output';
import { ip_sockglue_globals } from './net/ipv4/ip_sockglue';
import { iptable_filter_globals } from './net/ipv4/netfilter/iptable_filter';
import { ping_globals } from './net/ipv4/ping';
import { protocol_globals } from './net/ipv4/protocol';
import { raw_globals } from './net/ipv4/raw';
import { route_globals, route_percpu } from './net/ipv4/route';
import { tcp_globals } from './net/ipv4/tcp';
import { tcp_cong_globals } from './net/ipv4/tcp_cong';
import { tcp_input_globals } from './net/ipv4/tcp_input';
import { tcp_ipv4_globals } from './net/ipv4/tcp_ipv4';
import { tcp_metrics_globals } from './net/ipv4/tcp_metrics';
import { tcp_minisocks_globals } from './net/ipv4/tcp_minisocks';
import { tcp_output_globals, tcp_output_percpu } from './net/ipv4/tcp_output';
import { tcp_timer_globals } from './net/ipv4/tcp_timer';
import { udp_globals } from './net/ipv4/udp';
import { af_netlink_globals } from './net/netlink/af_netlink';
import { netfilter_globals } from './net/netfilter/core';
import { xt_limit_globals } from './net/netfilter/xt_limit';
import { sch_generic_globals } from './net/sched/sch_generic';
import { socket_globals, socket_percpu } from './net/socket';
import { af_unix_globals } from './net/unix/af_unix';

export const hostGlobals: readonly ((host: Host) => void)[] = [
  copies_globals, dma_globals, jiffies_globals, pci_globals, inet_sock_globals, irq_globals, softirq_globals, eventpoll_globals, inode_globals, dev_globals,
  dst_globals, flow_dissector_globals, link_watch_globals, neighbour_globals, net_namespace_globals, netevent_globals, request_sock_globals,
  rtnetlink_globals, secure_seq_globals, sock_globals, af_inet_globals, arp_globals, devinet_globals, fib_semantics_globals, fib_trie_globals,
  igmp_globals, inet_connection_sock_globals, inet_hashtables_globals, inetpeer_globals, ip_fragment_globals, ip_input_globals, ip_output_globals,
  ip_sockglue_globals, iptable_filter_globals, ping_globals, protocol_globals, raw_globals, route_globals, tcp_globals, tcp_cong_globals,
  tcp_input_globals, tcp_ipv4_globals, tcp_metrics_globals, tcp_output_globals, tcp_timer_globals, udp_globals, netfilter_globals, xt_limit_globals,
  sch_generic_globals, socket_globals, tcp_minisocks_globals, af_netlink_globals, af_unix_globals,
];

export const cpuGlobals: readonly ((cpu: Cpu) => void)[] = [
  x_tables_percpu, hrtimer_percpu, softirq_percpu, tasklet_percpu, timer_percpu, rcu_percpu, workqueue_percpu, dev_percpu, skbuff_percpu, route_percpu, tcp_output_percpu, socket_percpu,
];
