/** struct netns_mib (include/net/netns/mib.h): one array of counters per protocol (DEVIATION: shared by all CPUs). */
import { __ICMP_MIB_MAX, __ICMPMSG_MIB_MAX, __IPSTATS_MIB_MAX, __LINUX_MIB_MAX, __TCP_MIB_MAX, __UDP_MIB_MAX } from '../../linux/snmp';

export class netns_mib {
  tcp_statistics = new Float64Array(__TCP_MIB_MAX);
  ip_statistics = new Float64Array(__IPSTATS_MIB_MAX);
  net_statistics = new Float64Array(__LINUX_MIB_MAX);
  udp_statistics = new Float64Array(__UDP_MIB_MAX);
  udplite_statistics = new Float64Array(__UDP_MIB_MAX);
  icmp_statistics = new Float64Array(__ICMP_MIB_MAX);
  icmpmsg_statistics = new Float64Array(__ICMPMSG_MIB_MAX);
}
