/** struct inet_sock, inet_request_sock and IP options (include/net/inet_sock.h). A leaf file: inet_connection_sock, udp_sock, raw_sock extend inet_sock. */
import { sock } from './sock.struct';
import { request_sock } from './request_sock.struct';
import { flowi4 } from './flow';
import type { dst_entry } from './dst.struct';
import type { ip_mc_socklist } from '../linux/igmp';

/** Parsed IP options; `__data` holds their bytes where is_data says so. */
export class ip_options {
  faddr = 0;
  nexthop = 0;
  optlen = 0;
  srr = 0;
  rr = 0;
  ts = 0;
  is_strictroute = 0;
  srr_is_hit = 0;
  is_changed = 0;
  rr_needaddr = 0;
  ts_needtime = 0;
  ts_needaddr = 0;
  router_alert = 0;
  cipso = 0;
  __data: Uint8Array = null;
}
export class ip_options_rcu { opt: ip_options = new ip_options(); }
export class ip_options_data { opt: ip_options_rcu = new ip_options_rcu(); data: Uint8Array = new Uint8Array(40); }

export class inet_request_sock extends request_sock {
  loc_port = 0;
  loc_addr = 0;
  rmt_addr = 0;
  rmt_port = 0;
  snd_wscale = 0;
  rcv_wscale = 0;
  tstamp_ok = 0;
  sack_ok = 0;
  wscale_ok = 0;
  ecn_ok = 0;
  acked = 0;
  no_srccheck = 0;
  opt: ip_options_rcu = null;
}

/** What a datagram in the making has in common over its fragments. */
export class inet_cork {
  flags = 0;
  addr = 0;
  opt: ip_options = null;
  fragsize = 0;
  length = 0;
  dst: dst_entry = null;
  tx_flags = 0;
}
/** The cork of a socket, with its flow (flowi4 is its own `u.ip4`). */
export class inet_cork_full { base: inet_cork = new inet_cork(); fl: flowi4 = new flowi4(); }

/** An Internet socket; inet_daddr, inet_rcv_saddr, inet_dport, inet_num are in sock_common. */
export class inet_sock extends sock {
  inet_saddr = 0;
  uc_ttl = 0;
  cmsg_flags = 0;
  inet_sport = 0;
  inet_id = 0;
  inet_opt: ip_options_rcu = null;
  rx_dst_ifindex = 0;
  tos = 0;
  min_ttl = 0;
  mc_ttl = 0;
  pmtudisc = 0;
  recverr = 0;
  is_icsk = 0;
  freebind = 0;
  hdrincl = 0;
  mc_loop = 0;
  transparent = 0;
  mc_all = 0;
  nodefrag = 0;
  rcv_tos = 0;
  uc_index = 0;
  mc_index = 0;
  mc_addr = 0;
  mc_list: ip_mc_socklist = null;
  cork: inet_cork_full = new inet_cork_full();
}
