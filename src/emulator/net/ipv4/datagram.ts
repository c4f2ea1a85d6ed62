/** net/ipv4/datagram.c: connecting datagram sockets. */
import type { Gen } from '../../include/ports';
import type { sock } from '../../include/net/sock.struct';
import type { sockaddr } from '../../include/linux/socket';
import { AF_INET, sizeof_sockaddr_in } from '../../include/linux/socket';
import { inet_sk } from '../../include/net/inet_sock';
import { flowi4 } from '../../include/net/flow';
import { RT_CONN_FLAGS, ip_route_connect, ip_route_output_ports, ip_rt_put } from '../../include/net/route';
import type { rtable } from '../../include/net/route';
import { RTCF_BROADCAST } from '../../include/linux/in_route';
import type { dst_entry } from '../../include/net/dst';
import { ipv4_is_multicast } from '../../include/linux/in';
import { IS_ERR, PTR_ERR } from '../../include/linux/err';
import { EACCES, EAFNOSUPPORT, EINVAL, ENETUNREACH } from '../../include/uapi/asm-generic/errno';
import { IP_INC_STATS } from '../../include/net/ip';
import { IPSTATS_MIB_OUTNOROUTES } from '../../include/linux/snmp';
import { SOCK_BROADCAST, __sk_dst_get, lock_sock, release_sock, sk_dst_reset, sk_dst_set, sock_flag, sock_net } from '../../include/net/sock';
import { TCP_ESTABLISHED } from '../../include/net/tcp_states';
import { jiffies } from '../../include/linux/jiffies';
import { rcu_dereference, rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';

/** Sets the peer of a locked datagram socket, and the route to it. */
export function __ip4_datagram_connect(sk: sock, uaddr: sockaddr, addr_len: number): number {
  const inet = inet_sk(sk);
  const usin = uaddr;
  let fl4: flowi4;
  let rt: rtable;
  let saddr: number;
  let oif: number;
  let err: number;
  if (addr_len < sizeof_sockaddr_in)
    return -EINVAL;
  if (usin.sin_family !== AF_INET)
    return -EAFNOSUPPORT;
  sk_dst_reset(sk);
  oif = sk.sk_bound_dev_if;
  saddr = inet.inet_saddr;
  if (ipv4_is_multicast(usin.sin_addr.s_addr)) {
    if (!oif)
      oif = inet.mc_index;
    if (!saddr)
      saddr = inet.mc_addr;
  }
  fl4 = inet.cork.fl.u.ip4;
  rt = ip_route_connect(fl4, usin.sin_addr.s_addr, saddr, RT_CONN_FLAGS(sk), oif, sk.sk_protocol, inet.inet_sport, usin.sin_port, sk, true);
  if (IS_ERR(rt)) {
    err = PTR_ERR(rt);
    if (err === -ENETUNREACH)
      IP_INC_STATS(sock_net(sk), IPSTATS_MIB_OUTNOROUTES);
    return err;
  }
  if (rt.rt_flags & RTCF_BROADCAST && !sock_flag(sk, SOCK_BROADCAST)) {
    ip_rt_put(rt);
    err = -EACCES;
    return err;
  }
  if (!inet.inet_saddr)
    inet.inet_saddr = fl4.saddr;
  if (!inet.inet_rcv_saddr) {
    inet.inet_rcv_saddr = fl4.saddr;
    if (sk.sk_prot.rehash)
      sk.sk_prot.rehash(sk);
  }
  inet.inet_daddr = fl4.daddr;
  inet.inet_dport = usin.sin_port;
  sk.sk_state = TCP_ESTABLISHED;
  inet.inet_id = jiffies() & 0xffff;
  sk_dst_set(sk, rt);
  err = 0;
  return err;
}
export function* ip4_datagram_connect(sk: sock, uaddr: sockaddr, addr_len: number): Gen<number> {
  let res: number;
  yield* lock_sock(sk);
  res = __ip4_datagram_connect(sk, uaddr, addr_len);
  yield* release_sock(sk);
  return res;
}

/** When a process lets go of the socket: a route that went stale is looked up anew. */
export function ip4_datagram_release_cb(sk: sock): void {
  const inet = inet_sk(sk);
  let inet_opt: typeof inet.inet_opt;
  let daddr = inet.inet_daddr;
  let dst: dst_entry;
  const fl4 = new flowi4();
  let rt: rtable;
  rcu_read_lock();
  dst = __sk_dst_get(sk);
  if (!dst || !dst.obsolete || dst.ops.check(dst, 0)) {
    rcu_read_unlock();
    return;
  }
  inet_opt = rcu_dereference(inet.inet_opt);
  if (inet_opt && inet_opt.opt.srr)
    daddr = inet_opt.opt.faddr;
  rt = ip_route_output_ports(sock_net(sk), fl4, sk, daddr, inet.inet_saddr, inet.inet_dport, inet.inet_sport, sk.sk_protocol, RT_CONN_FLAGS(sk), sk.sk_bound_dev_if);
  dst = !IS_ERR(rt) ? rt : null;
  sk_dst_set(sk, dst);
  rcu_read_unlock();
}
