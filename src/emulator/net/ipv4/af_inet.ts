/** net/ipv4/af_inet.c: Internet sockets as the BSD socket layer sees them, and the start of IPv4. */
import { current, type Gen, type Host } from '../../include/ports';
import { WARN_ON } from '../../include/asm-generic/bug';
import {
  EACCES, EADDRINUSE, EADDRNOTAVAIL, EAFNOSUPPORT, EAGAIN, EALREADY, ECONNABORTED, EINPROGRESS, EINVAL, EISCONN, ENOBUFS, ENOIOCTLCMD, ENOSYS, ENOTCONN, EPERM, EPROTONOSUPPORT, ESOCKTNOSUPPORT,
} from '../../include/uapi/asm-generic/errno';
import { atomic_read } from '../../include/linux/atomic';
import { CAP_NET_BIND_SERVICE, CAP_NET_RAW, ns_capable } from '../../include/linux/capability';
import { likely, unlikely } from '../../include/linux/compiler';
import { ERR_PTR, IS_ERR, IS_ERR_OR_NULL, PTR_ERR } from '../../include/linux/err';
import { O_NONBLOCK } from '../../include/linux/fcntl';
import { GFP_ATOMIC, GFP_KERNEL } from '../../include/linux/gfp';
import { ETH_P_IP } from '../../include/linux/if_ether';
import { INADDR_ANY, IPPROTO_ICMP, IPPROTO_IGMP, IPPROTO_IP, IPPROTO_MAX, IPPROTO_RAW, IPPROTO_TCP, IPPROTO_UDP, IP_PMTUDISC_DONT, IP_PMTUDISC_WANT } from '../../include/linux/in';
import { ip_hdr, iphdr, sizeof_iphdr } from '../../include/linux/ip';
import { INIT_LIST_HEAD, list_add_rcu, list_del_rcu, list_head } from '../../include/linux/list';
import type { page } from '../../include/linux/mm';
import {
  NAPI_GRO_CB, dev_add_offload, dev_add_pack, packet_offload, packet_type, skb_gro_header_fast, skb_gro_header_hard, skb_gro_header_slow, skb_gro_len, skb_gro_offset, skb_gro_pull, type gro_pp,
  type netdev_features_t,
} from '../../include/linux/netdevice';
import {
  SOCK_DGRAM, SOCK_MAX, SOCK_RAW, SOCK_STREAM, SS_CONNECTED, SS_CONNECTING, SS_DISCONNECTING, SS_UNCONNECTED, sock_create_kern, sock_register, type net_proto_family, type proto_ops, type socket,
} from '../../include/linux/net';
import { get_random_int } from '../../include/linux/random';
import { rcu_dereference, rcu_dereference_check, rcu_dereference_protected, rcu_read_lock, rcu_read_unlock, synchronize_net } from '../../include/linux/rcupdate';
import { RTN_BROADCAST, RTN_LOCAL, RTN_MULTICAST } from '../../include/linux/rtnetlink';
import { PF_EXITING, TASK_INTERRUPTIBLE, schedule_timeout, signal_pending } from '../../include/linux/sched';
import {
  SKB_GSO_DODGY, SKB_GSO_GRE, SKB_GSO_TCPV4, SKB_GSO_TCPV6, SKB_GSO_TCP_ECN, SKB_GSO_UDP, SKB_GSO_UDP_TUNNEL, __skb_pull, __skb_queue_purge, pskb_may_pull, skb_network_offset,
  skb_reset_transport_header, skb_set_transport_header, skb_shinfo, type sk_buff,
} from '../../include/linux/skbuff';
import { AF_INET, AF_UNSPEC, MSG_DONTWAIT, PF_INET, sizeof_sockaddr_in, type msghdr, type sockaddr } from '../../include/linux/socket';
import {
  SIOCADDRT, SIOCDARP, SIOCDELRT, SIOCGARP, SIOCGIFADDR, SIOCGIFBRDADDR, SIOCGIFDSTADDR, SIOCGIFNETMASK, SIOCGIFPFLAGS, SIOCGSTAMP, SIOCGSTAMPNS, SIOCRTMSG, SIOCSARP, SIOCSIFADDR, SIOCSIFBRDADDR,
  SIOCSIFDSTADDR, SIOCSIFFLAGS, SIOCSIFNETMASK, SIOCSIFPFLAGS,
} from '../../include/linux/sockios';
import { spin_lock_bh, spin_unlock_bh, spinlock_t } from '../../include/linux/spinlock';
import { tcp_sk } from '../../include/linux/tcp';
import { htonl, htons, ntohs } from '../../include/linux/types';
import { DEFINE_WAIT, finish_wait, prepare_to_wait } from '../../include/linux/wait';
import type { kiocb } from '../../include/linux/aio';
import { csum_replace2, ip_fast_csum } from '../../include/net/checksum';
import { dst_release } from '../../include/net/dst';
import type { flowi4 } from '../../include/net/flow';
import { inet_csk, inet_csk_listen_start } from '../../include/net/inet_connection_sock';
import { inet_sk, type inet_sock, type ip_options_rcu } from '../../include/net/inet_sock';
import { IP_DF, IP_MF, ipv4_config } from '../../include/net/ip';
import { register_pernet_subsys, type net, type pernet_operations } from '../../include/net/net_namespace';
import { INET_PROTOSW_ICSK, INET_PROTOSW_PERMANENT, INET_PROTOSW_REUSE, inet_add_offload, inet_add_protocol, inet_protosw, type net_offload, type net_protocol } from '../../include/net/protocol';
import { RT_CONN_FLAGS, ip_route_connect, ip_route_output_ports, type rtable } from '../../include/net/route';
import {
  PROT_SOCK, RCV_SHUTDOWN, SHUTDOWN_MASK, SK_CAN_REUSE, SOCK_BINDADDR_LOCK, SOCK_BINDPORT_LOCK, SOCK_DEAD, SOCK_LINGER, __sk_dst_check, __sk_prot_rehash, lock_sock, proto_register, release_sock, sk_alloc,
  sk_change_net, sk_common_release, sk_dst_reset, sk_mem_reclaim, sk_refcnt_debug_dec, sk_refcnt_debug_inc, sk_setup_caps, sk_sleep, sock_common_getsockopt, sock_common_setsockopt, sock_error as sock_error_,
  sock_flag, sock_get_timestamp, sock_get_timestampns, sock_graft, sock_init_data, sock_intr_errno, sock_net, sock_no_accept, sock_no_listen, sock_no_mmap, sock_no_sendpage, sock_no_socketpair,
  sock_owned_by_user, sock_rps_record_flow, sock_rps_reset_flow, sock_sndtimeo, type proto, type sock,
} from '../../include/net/sock';
import { TFO_SERVER_ENABLE, TFO_SERVER_WO_SOCKOPT1, TFO_SERVER_WO_SOCKOPT2, fastopen_init_queue, tcp_mib_init } from '../../include/net/tcp';
import { __ICMPMSG_MIB_MAX } from '../../include/linux/snmp';
import { TCPF_CLOSE, TCPF_CLOSE_WAIT, TCPF_ESTABLISHED, TCPF_LISTEN, TCPF_SYN_RECV, TCPF_SYN_SENT, TCP_CLOSE, TCP_LISTEN, TCP_SYN_SENT } from '../../include/net/tcp_states';
import { datagram_poll } from '../core/datagram';
import { arp_init } from './arp';
import { devinet_ioctl } from './devinet';
import { inet_addr_type, ip_rt_ioctl } from './fib_frontend';
import { icmp_err, icmp_init, icmp_rcv } from './icmp';
import { igmp_rcv, ip_mc_drop_socket } from './igmp';
import { ipfrag_init } from './ip_fragment';
import { ip_rcv } from './ip_input';
import { ip_init } from './ip_output';
import { ping_init, ping_prot } from './ping';
import { raw_prot } from './raw';
import { tcp_init, tcp_poll, tcp_tso_segment } from './tcp';
import { tcp4_gro_complete, tcp4_gro_receive, tcp_prot, tcp_v4_early_demux, tcp_v4_err, tcp_v4_gso_send_check, tcp_v4_init, tcp_v4_rcv } from './tcp_ipv4';
import { udp4_ufo_fragment, udp4_ufo_send_check, udp_err, udp_init, udp_poll, udp_prot, udp_rcv } from './udp';

const UDP_CSUM_DEFAULT = 0;

declare module '../../include/ports' {
  interface Host {
    inetsw: list_head<inet_protosw>[];
    inetsw_lock: spinlock_t;
    ip_packet_type: packet_type;
    ip_packet_offload: packet_offload;
  }
}
export function af_inet_globals(host: Host): void {
  host.inetsw = [];
  host.inetsw_lock = new spinlock_t();
  host.ip_packet_type = new packet_type();
  host.ip_packet_offload = new packet_offload();
  host.ipv4_config = new ipv4_config();
  host.sysctl_ip_nonlocal_bind = 0;
  host.sysctl_ip_dynaddr = 0;
  host.sysctl_local_reserved_ports = [];
}

export function inet_sock_destruct(sk: sock): void {
  const inet = inet_sk(sk);
  __skb_queue_purge(sk.sk_receive_queue);
  __skb_queue_purge(sk.sk_error_queue);
  sk_mem_reclaim(sk);
  if (sk.sk_type === SOCK_STREAM && sk.sk_state !== TCP_CLOSE) {
    current.machine.log('Attempt to release TCP socket in state ' + sk.sk_state);
    return;
  }
  if (!sock_flag(sk, SOCK_DEAD)) {
    current.machine.log('Attempt to release alive inet socket');
    return;
  }
  WARN_ON(atomic_read(sk.sk_rmem_alloc));
  WARN_ON(atomic_read(sk.sk_wmem_alloc));
  WARN_ON(sk.sk_wmem_queued);
  WARN_ON(sk.sk_forward_alloc);
  kfree(rcu_dereference_protected(inet.inet_opt, 1));
  dst_release(rcu_dereference_check(sk.sk_dst_cache, 1));
  dst_release(sk.sk_rx_dst);
  sk_refcnt_debug_dec(sk);
}
function kfree(_p: unknown): void { /* garbage collected */ }

function* inet_autobind(sk: sock): Gen<number> {
  let inet: inet_sock;
  yield* lock_sock(sk);
  inet = inet_sk(sk);
  if (!inet.inet_num) {
    if (sk.sk_prot.get_port(sk, 0)) {
      yield* release_sock(sk);
      return -EAGAIN;
    }
    inet.inet_sport = htons(inet.inet_num);
  }
  yield* release_sock(sk);
  return 0;
}

export function* inet_listen(sock: socket, backlog: number): Gen<number> {
  const sk = sock.sk;
  let old_state: number;
  let err: number;
  yield* lock_sock(sk);
  out: {
    err = -EINVAL;
    if (sock.state !== SS_UNCONNECTED || sock.type !== SOCK_STREAM)
      break out;
    old_state = sk.sk_state;
    if (!((1 << old_state) & (TCPF_CLOSE | TCPF_LISTEN)))
      break out;
    if (old_state !== TCP_LISTEN) {
      if ((current.host.sysctl_tcp_fastopen & TFO_SERVER_ENABLE) !== 0 && inet_csk(sk).icsk_accept_queue.fastopenq === null) {
        if ((current.host.sysctl_tcp_fastopen & TFO_SERVER_WO_SOCKOPT1) !== 0)
          err = fastopen_init_queue(sk, backlog);
        else if ((current.host.sysctl_tcp_fastopen & TFO_SERVER_WO_SOCKOPT2) !== 0)
          err = fastopen_init_queue(sk, current.host.sysctl_tcp_fastopen >>> 16);
        else
          err = 0;
        if (err)
          break out;
      }
      err = inet_csk_listen_start(sk, backlog);
      if (err)
        break out;
    }
    sk.sk_max_ack_backlog = backlog;
    err = 0;
  }
  yield* release_sock(sk);
  return err;
}

export function build_ehash_secret(): void {
  let rnd: number;
  do {
    rnd = get_random_int() >>> 0;
  } while (rnd === 0);
  if (current.host.inet_ehash_secret === 0)
    current.host.inet_ehash_secret = rnd;
}

export function inet_create(net: net, sock: socket, protocol: number, kern: number): number {
  let sk: sock;
  let answer: inet_protosw;
  let inet: inet_sock;
  let answer_prot: proto;
  let answer_flags: number;
  let answer_no_check: number;
  let try_loading_module = 0;
  let err: number;
  if (unlikely(!current.host.inet_ehash_secret))
    if (sock.type !== SOCK_RAW && sock.type !== SOCK_DGRAM)
      build_ehash_secret();
  if (protocol < 0 || protocol >= IPPROTO_MAX)
    return -EINVAL;
  sock.state = SS_UNCONNECTED;
  out_rcu_unlock: {
    lookup_protocol: for (;;) {
      err = -ESOCKTNOSUPPORT;
      rcu_read_lock();
      const head = current.host.inetsw[sock.type];
      for (let p = head.next; p !== head; p = p.next) {
        answer = p.owner;
        err = 0;
        if (protocol === answer.protocol) {
          if (protocol !== IPPROTO_IP)
            break;
        } else {
          if (IPPROTO_IP === protocol) {
            protocol = answer.protocol;
            break;
          }
          if (IPPROTO_IP === answer.protocol)
            break;
        }
        err = -EPROTONOSUPPORT;
      }
      if (unlikely(err)) {
        if (try_loading_module < 2) {
          rcu_read_unlock();
          ++try_loading_module;
          continue lookup_protocol;
        } else
          break out_rcu_unlock;
      }
      break;
    }
    err = -EPERM;
    if (sock.type === SOCK_RAW && !kern && !ns_capable(null, CAP_NET_RAW))
      break out_rcu_unlock;
    sock.ops = answer.ops;
    answer_prot = answer.prot;
    answer_no_check = answer.no_check;
    answer_flags = answer.flags;
    rcu_read_unlock();
    WARN_ON(answer_prot === null);
    err = -ENOBUFS;
    sk = sk_alloc(net, PF_INET, GFP_KERNEL, answer_prot);
    if (sk === null)
      return err;
    err = 0;
    sk.sk_no_check = answer_no_check;
    if (INET_PROTOSW_REUSE & answer_flags)
      sk.sk_reuse = SK_CAN_REUSE;
    inet = inet_sk(sk);
    inet.is_icsk = (INET_PROTOSW_ICSK & answer_flags) !== 0 ? 1 : 0;
    inet.nodefrag = 0;
    if (SOCK_RAW === sock.type) {
      inet.inet_num = protocol;
      if (IPPROTO_RAW === protocol)
        inet.hdrincl = 1;
    }
    if (current.host.ipv4_config.no_pmtu_disc)
      inet.pmtudisc = IP_PMTUDISC_DONT;
    else
      inet.pmtudisc = IP_PMTUDISC_WANT;
    inet.inet_id = 0;
    sock_init_data(sock, sk);
    sk.sk_destruct = inet_sock_destruct;
    sk.sk_protocol = protocol;
    sk.sk_backlog_rcv = sk.sk_prot.backlog_rcv;
    inet.uc_ttl = -1;
    inet.mc_loop = 1;
    inet.mc_ttl = 1;
    inet.mc_all = 1;
    inet.mc_index = 0;
    inet.mc_list = null;
    inet.rcv_tos = 0;
    sk_refcnt_debug_inc(sk);
    if (inet.inet_num) {
      inet.inet_sport = htons(inet.inet_num);
      sk.sk_prot.hash(sk);
    }
    if (sk.sk_prot.init) {
      err = sk.sk_prot.init(sk);
      if (err)
        sk_common_release(sk);
    }
    return err;
  }
  rcu_read_unlock();
  return err;
}

export function* inet_release(sock: socket): Gen<number> {
  const sk = sock.sk;
  if (sk) {
    let timeout: number;
    sock_rps_reset_flow(sk);
    yield* ip_mc_drop_socket(sk);
    timeout = 0;
    if (sock_flag(sk, SOCK_LINGER) && !(current.task.flags & PF_EXITING))
      timeout = sk.sk_lingertime;
    sock.sk = null;
    yield* sk.sk_prot.close(sk, timeout);
  }
  return 0;
}

export function* inet_bind(sock: socket, uaddr: sockaddr, addr_len: number): Gen<number> {
  const addr = uaddr;
  const sk = sock.sk;
  const inet = inet_sk(sk);
  const net = sock_net(sk);
  let snum: number;
  let chk_addr_ret: number;
  let err: number;
  out: {
    if (sk.sk_prot.bind) {
      err = yield* sk.sk_prot.bind(sk, uaddr, addr_len);
      break out;
    }
    err = -EINVAL;
    if (addr_len < sizeof_sockaddr_in)
      break out;
    if (addr.sin_family !== AF_INET) {
      err = -EAFNOSUPPORT;
      if (addr.sin_family !== AF_UNSPEC || addr.sin_addr.s_addr !== htonl(INADDR_ANY))
        break out;
    }
    chk_addr_ret = inet_addr_type(net, addr.sin_addr.s_addr);
    err = -EADDRNOTAVAIL;
    if (!current.host.sysctl_ip_nonlocal_bind && !(inet.freebind || inet.transparent) && addr.sin_addr.s_addr !== htonl(INADDR_ANY) && chk_addr_ret !== RTN_LOCAL && chk_addr_ret !== RTN_MULTICAST && chk_addr_ret !== RTN_BROADCAST)
      break out;
    snum = ntohs(addr.sin_port);
    err = -EACCES;
    if (snum && snum < PROT_SOCK && !ns_capable(null, CAP_NET_BIND_SERVICE))
      break out;
    yield* lock_sock(sk);
    out_release_sock: {
      err = -EINVAL;
      if (sk.sk_state !== TCP_CLOSE || inet.inet_num)
        break out_release_sock;
      inet.inet_rcv_saddr = inet.inet_saddr = addr.sin_addr.s_addr;
      if (chk_addr_ret === RTN_MULTICAST || chk_addr_ret === RTN_BROADCAST)
        inet.inet_saddr = 0;
      if (sk.sk_prot.get_port(sk, snum)) {
        inet.inet_saddr = inet.inet_rcv_saddr = 0;
        err = -EADDRINUSE;
        break out_release_sock;
      }
      if (inet.inet_rcv_saddr)
        sk.sk_userlocks |= SOCK_BINDADDR_LOCK;
      if (snum)
        sk.sk_userlocks |= SOCK_BINDPORT_LOCK;
      inet.inet_sport = htons(inet.inet_num);
      inet.inet_daddr = 0;
      inet.inet_dport = 0;
      sk_dst_reset(sk);
      err = 0;
    }
    yield* release_sock(sk);
  }
  return err;
}

export function* inet_dgram_connect(sock: socket, uaddr: sockaddr, addr_len: number, flags: number): Gen<number> {
  const sk = sock.sk;
  if (addr_len < 2)
    return -EINVAL;
  if (uaddr.sin_family === AF_UNSPEC)
    return yield* sk.sk_prot.disconnect(sk, flags);
  if (!inet_sk(sk).inet_num && (yield* inet_autobind(sk)))
    return -EAGAIN;
  return yield* sk.sk_prot.connect(sk, uaddr, addr_len);
}

function* inet_wait_for_connect(sk: sock, timeo: number, writebias: number): Gen<number> {
  const wait = DEFINE_WAIT();
  prepare_to_wait(sk_sleep(sk), wait, TASK_INTERRUPTIBLE);
  sk.sk_write_pending += writebias;
  while ((1 << sk.sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV)) {
    yield* release_sock(sk);
    timeo = yield* schedule_timeout(timeo);
    yield* lock_sock(sk);
    if (signal_pending(current.task) || !timeo)
      break;
    prepare_to_wait(sk_sleep(sk), wait, TASK_INTERRUPTIBLE);
  }
  finish_wait(sk_sleep(sk), wait);
  sk.sk_write_pending -= writebias;
  return timeo;
}

export function* __inet_stream_connect(sock: socket, uaddr: sockaddr, addr_len: number, flags: number): Gen<number> {
  const sk = sock.sk;
  let err: number;
  let timeo: number;
  if (addr_len < 2)
    return -EINVAL;
  out: {
    sock_error: {
      if (uaddr.sin_family === AF_UNSPEC) {
        err = yield* sk.sk_prot.disconnect(sk, flags);
        sock.state = err ? SS_DISCONNECTING : SS_UNCONNECTED;
        break out;
      }
      switch (sock.state) {
      default:
        err = -EINVAL;
        break out;
      case SS_CONNECTED:
        err = -EISCONN;
        break out;
      case SS_CONNECTING:
        err = -EALREADY;
        break;
      case SS_UNCONNECTED:
        err = -EISCONN;
        if (sk.sk_state !== TCP_CLOSE)
          break out;
        err = yield* sk.sk_prot.connect(sk, uaddr, addr_len);
        if (err < 0)
          break out;
        sock.state = SS_CONNECTING;
        err = -EINPROGRESS;
        break;
      }
      timeo = sock_sndtimeo(sk, flags & O_NONBLOCK);
      if ((1 << sk.sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV)) {
        const writebias = (sk.sk_protocol === IPPROTO_TCP) && tcp_sk(sk).fastopen_req && tcp_sk(sk).fastopen_req.data ? 1 : 0;
        if (!timeo || !(yield* inet_wait_for_connect(sk, timeo, writebias)))
          break out;
        err = sock_intr_errno(timeo);
        if (signal_pending(current.task))
          break out;
      }
      if (sk.sk_state === TCP_CLOSE)
        break sock_error;
      sock.state = SS_CONNECTED;
      err = 0;
      break out;
    }
    err = sock_error_(sk) || -ECONNABORTED;
    sock.state = SS_UNCONNECTED;
    if (yield* sk.sk_prot.disconnect(sk, flags))
      sock.state = SS_DISCONNECTING;
  }
  return err;
}

export function* inet_stream_connect(sock: socket, uaddr: sockaddr, addr_len: number, flags: number): Gen<number> {
  let err: number;
  yield* lock_sock(sock.sk);
  err = yield* __inet_stream_connect(sock, uaddr, addr_len, flags);
  yield* release_sock(sock.sk);
  return err;
}

export function* inet_accept(sock: socket, newsock: socket, flags: number): Gen<number> {
  const sk1 = sock.sk;
  const err = { v: -EINVAL };
  const sk2 = yield* sk1.sk_prot.accept(sk1, flags, err);
  do_err: {
    if (!sk2)
      break do_err;
    yield* lock_sock(sk2);
    sock_rps_record_flow(sk2);
    WARN_ON(!((1 << sk2.sk_state) & (TCPF_ESTABLISHED | TCPF_SYN_RECV | TCPF_CLOSE_WAIT | TCPF_CLOSE)));
    sock_graft(sk2, newsock);
    newsock.state = SS_CONNECTED;
    err.v = 0;
    yield* release_sock(sk2);
  }
  return err.v;
}

export function inet_getname(sock: socket, uaddr: sockaddr, uaddr_len: { v: number }, peer: number): number {
  const sk = sock.sk;
  const inet = inet_sk(sk);
  const sin = uaddr;
  sin.sin_family = AF_INET;
  if (peer) {
    if (!inet.inet_dport || (((1 << sk.sk_state) & (TCPF_CLOSE | TCPF_SYN_SENT)) && peer === 1))
      return -ENOTCONN;
    sin.sin_port = inet.inet_dport;
    sin.sin_addr.s_addr = inet.inet_daddr;
  } else {
    let addr = inet.inet_rcv_saddr;
    if (!addr)
      addr = inet.inet_saddr;
    sin.sin_port = inet.inet_sport;
    sin.sin_addr.s_addr = addr;
  }
  uaddr_len.v = sizeof_sockaddr_in;
  return 0;
}

export function* inet_sendmsg(iocb: kiocb, sock: socket, msg: msghdr, size: number): Gen<number> {
  const sk = sock.sk;
  sock_rps_record_flow(sk);
  if (!inet_sk(sk).inet_num && !sk.sk_prot.no_autobind && (yield* inet_autobind(sk)))
    return -EAGAIN;
  return yield* sk.sk_prot.sendmsg(iocb, sk, msg, size);
}

export function* inet_sendpage(sock: socket, page: page, offset: number, size: number, flags: number): Gen<number> {
  const sk = sock.sk;
  sock_rps_record_flow(sk);
  if (!inet_sk(sk).inet_num && !sk.sk_prot.no_autobind && (yield* inet_autobind(sk)))
    return -EAGAIN;
  if (sk.sk_prot.sendpage)
    return yield* sk.sk_prot.sendpage(sk, page, offset, size, flags);
  return yield* sock_no_sendpage(sock, page, offset, size, flags);
}

export function* inet_recvmsg(iocb: kiocb, sock: socket, msg: msghdr, size: number, flags: number): Gen<number> {
  const sk = sock.sk;
  const addr_len = { v: 0 };
  let err: number;
  sock_rps_record_flow(sk);
  err = yield* sk.sk_prot.recvmsg(iocb, sk, msg, size, flags & MSG_DONTWAIT, flags & ~MSG_DONTWAIT, addr_len);
  if (err >= 0)
    msg.msg_namelen = addr_len.v;
  return err;
}

export function* inet_shutdown(sock: socket, how: number): Gen<number> {
  const sk = sock.sk;
  let err = 0;
  how++;
  if ((how & ~SHUTDOWN_MASK) || !how)
    return -EINVAL;
  yield* lock_sock(sk);
  if (sock.state === SS_CONNECTING) {
    if ((1 << sk.sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV | TCPF_CLOSE))
      sock.state = SS_DISCONNECTING;
    else
      sock.state = SS_CONNECTED;
  }
  switch (sk.sk_state) {
  case TCP_CLOSE:
    err = -ENOTCONN;
  // falls through
  default:
    sk.sk_shutdown |= how;
    if (sk.sk_prot.shutdown)
      yield* sk.sk_prot.shutdown(sk, how);
    break;
  case TCP_LISTEN:
    if (!(how & RCV_SHUTDOWN))
      break;
  // falls through
  case TCP_SYN_SENT:
    err = yield* sk.sk_prot.disconnect(sk, O_NONBLOCK);
    sock.state = err ? SS_DISCONNECTING : SS_UNCONNECTED;
    break;
  }
  sk.sk_state_change(sk);
  yield* release_sock(sk);
  return err;
}

/** `arg` is the request's own object, filled in place (devinet_ioctl, ip_rt_ioctl). */
export function* inet_ioctl(sock: socket, cmd: number, arg: any): Gen<number> {
  const sk = sock.sk;
  let err = 0;
  const net = sock_net(sk);
  switch (cmd) {
  case SIOCGSTAMP:
    err = sock_get_timestamp(sk, arg);
    break;
  case SIOCGSTAMPNS:
    err = sock_get_timestampns(sk, arg);
    break;
  case SIOCADDRT:
  case SIOCDELRT:
  case SIOCRTMSG:
    err = yield* ip_rt_ioctl(net, cmd, arg);
    break;
  case SIOCDARP:
  case SIOCGARP:
  case SIOCSARP:
    err = -EINVAL;
    break;
  case SIOCGIFADDR:
  case SIOCSIFADDR:
  case SIOCGIFBRDADDR:
  case SIOCSIFBRDADDR:
  case SIOCGIFNETMASK:
  case SIOCSIFNETMASK:
  case SIOCGIFDSTADDR:
  case SIOCSIFDSTADDR:
  case SIOCSIFPFLAGS:
  case SIOCGIFPFLAGS:
  case SIOCSIFFLAGS:
    err = yield* devinet_ioctl(net, cmd, arg);
    break;
  default:
    if (sk.sk_prot.ioctl)
      err = yield* sk.sk_prot.ioctl(sk, cmd, arg);
    else
      err = -ENOIOCTLCMD;
    break;
  }
  return err;
}

export const inet_stream_ops: proto_ops = {
  family: 2,
  release: inet_release,
  bind: inet_bind,
  connect: inet_stream_connect,
  socketpair: sock_no_socketpair,
  accept: inet_accept,
  getname: inet_getname,
  poll: tcp_poll,
  ioctl: inet_ioctl,
  listen: inet_listen,
  shutdown: inet_shutdown,
  setsockopt: sock_common_setsockopt,
  getsockopt: sock_common_getsockopt,
  sendmsg: inet_sendmsg,
  recvmsg: inet_recvmsg,
  mmap: sock_no_mmap,
  sendpage: inet_sendpage,
};
export const inet_dgram_ops: proto_ops = {
  family: 2,
  release: inet_release,
  bind: inet_bind,
  connect: inet_dgram_connect,
  socketpair: sock_no_socketpair,
  accept: sock_no_accept,
  getname: inet_getname,
  poll: udp_poll,
  ioctl: inet_ioctl,
  listen: sock_no_listen,
  shutdown: inet_shutdown,
  setsockopt: sock_common_setsockopt,
  getsockopt: sock_common_getsockopt,
  sendmsg: inet_sendmsg,
  recvmsg: inet_recvmsg,
  mmap: sock_no_mmap,
  sendpage: inet_sendpage,
};
export const inet_sockraw_ops: proto_ops = {
  family: 2,
  release: inet_release,
  bind: inet_bind,
  connect: inet_dgram_connect,
  socketpair: sock_no_socketpair,
  accept: sock_no_accept,
  getname: inet_getname,
  poll: datagram_poll,
  ioctl: inet_ioctl,
  listen: sock_no_listen,
  shutdown: inet_shutdown,
  setsockopt: sock_common_setsockopt,
  getsockopt: sock_common_getsockopt,
  sendmsg: inet_sendmsg,
  recvmsg: inet_recvmsg,
  mmap: sock_no_mmap,
  sendpage: inet_sendpage,
};

export const inet_family_ops: net_proto_family = {
  family: 2,
  create: inet_create,
};

function protosw(type: number, protocol: number, prot: proto, ops: proto_ops, no_check: number, flags: number): inet_protosw {
  const p = new inet_protosw();
  p.list = new list_head<inet_protosw>(p);
  p.type = type; p.protocol = protocol; p.prot = prot; p.ops = ops; p.no_check = no_check; p.flags = flags;
  return p;
}
/** inetsw_array: made anew for each host, since the entries are links of its lists. */
function inetsw_array(): inet_protosw[] {
  return [
    protosw(SOCK_STREAM, IPPROTO_TCP, tcp_prot, inet_stream_ops, 0, INET_PROTOSW_PERMANENT | INET_PROTOSW_ICSK),
    protosw(SOCK_DGRAM, IPPROTO_UDP, udp_prot, inet_dgram_ops, UDP_CSUM_DEFAULT, INET_PROTOSW_PERMANENT),
    protosw(SOCK_DGRAM, IPPROTO_ICMP, ping_prot, inet_sockraw_ops, UDP_CSUM_DEFAULT, INET_PROTOSW_REUSE),
    protosw(SOCK_RAW, IPPROTO_IP, raw_prot, inet_sockraw_ops, UDP_CSUM_DEFAULT, INET_PROTOSW_REUSE),
  ];
}

export function inet_register_protosw(p: inet_protosw): void {
  const inetsw = current.host.inetsw;
  let lh: list_head<inet_protosw>;
  let answer: inet_protosw;
  const protocol = p.protocol;
  let last_perm: list_head<inet_protosw>;
  spin_lock_bh(current.host.inetsw_lock);
  out: {
    if (p.type >= SOCK_MAX) {
      current.machine.log('Ignoring attempt to register invalid socket type ' + p.type);
      break out;
    }
    answer = null;
    last_perm = inetsw[p.type];
    for (lh = inetsw[p.type].next; lh !== inetsw[p.type]; lh = lh.next) {
      answer = lh.owner;
      if (INET_PROTOSW_PERMANENT & answer.flags) {
        if (protocol === answer.protocol)
          break;
        last_perm = lh;
      }
      answer = null;
    }
    if (answer) {
      current.machine.log('Attempt to override permanent protocol ' + protocol);
      break out;
    }
    list_add_rcu(p.list, last_perm);
  }
  spin_unlock_bh(current.host.inetsw_lock);
}

export function inet_unregister_protosw(p: inet_protosw): void {
  if (INET_PROTOSW_PERMANENT & p.flags) {
    current.machine.log('Attempt to unregister permanent protocol ' + p.protocol);
  } else {
    spin_lock_bh(current.host.inetsw_lock);
    list_del_rcu(p.list);
    spin_unlock_bh(current.host.inetsw_lock);
    synchronize_net();
  }
}

function inet_sk_reselect_saddr(sk: sock): number {
  const inet = inet_sk(sk);
  const old_saddr = inet.inet_saddr;
  let daddr = inet.inet_daddr;
  let fl4: flowi4;
  let rt: rtable;
  let new_saddr: number;
  let inet_opt: ip_options_rcu;
  inet_opt = rcu_dereference_protected(inet.inet_opt, sock_owned_by_user(sk));
  if (inet_opt && inet_opt.opt.srr)
    daddr = inet_opt.opt.faddr;
  fl4 = inet.cork.fl.u.ip4;
  rt = ip_route_connect(fl4, daddr, 0, RT_CONN_FLAGS(sk), sk.sk_bound_dev_if, sk.sk_protocol, inet.inet_sport, inet.inet_dport, sk, false);
  if (IS_ERR(rt))
    return PTR_ERR(rt);
  sk_setup_caps(sk, rt.dst);
  new_saddr = fl4.saddr;
  if (new_saddr === old_saddr)
    return 0;
  inet.inet_saddr = inet.inet_rcv_saddr = new_saddr;
  __sk_prot_rehash(sk);
  return 0;
}

/** Finds the route of a connected socket again if the cached one is gone. */
export function inet_sk_rebuild_header(sk: sock): number {
  const inet = inet_sk(sk);
  let rt = __sk_dst_check(sk, 0) as rtable;
  let daddr: number;
  let inet_opt: ip_options_rcu;
  let fl4: flowi4;
  let err: number;
  if (rt)
    return 0;
  rcu_read_lock();
  inet_opt = rcu_dereference(inet.inet_opt);
  daddr = inet.inet_daddr;
  if (inet_opt && inet_opt.opt.srr)
    daddr = inet_opt.opt.faddr;
  rcu_read_unlock();
  fl4 = inet.cork.fl.u.ip4;
  rt = ip_route_output_ports(sock_net(sk), fl4, sk, daddr, inet.inet_saddr, inet.inet_dport, inet.inet_sport, sk.sk_protocol, RT_CONN_FLAGS(sk), sk.sk_bound_dev_if);
  if (!IS_ERR(rt)) {
    err = 0;
    sk_setup_caps(sk, rt.dst);
  } else {
    err = PTR_ERR(rt);
    sk.sk_route_caps = 0;
    if (!current.host.sysctl_ip_dynaddr || sk.sk_state !== TCP_SYN_SENT || (sk.sk_userlocks & SOCK_BINDADDR_LOCK) || (err = inet_sk_reselect_saddr(sk)) !== 0)
      sk.sk_err_soft = -err;
  }
  return err;
}

export function inet_gso_send_check(skb: sk_buff): number {
  let ops: net_offload;
  let iph: iphdr;
  let proto: number;
  let ihl: number;
  let err = -EINVAL;
  out: {
    if (unlikely(!pskb_may_pull(skb, sizeof_iphdr)))
      break out;
    iph = ip_hdr(skb);
    ihl = iph.ihl * 4;
    if (ihl < sizeof_iphdr)
      break out;
    if (unlikely(!pskb_may_pull(skb, ihl)))
      break out;
    __skb_pull(skb, ihl);
    skb_reset_transport_header(skb);
    iph = ip_hdr(skb);
    proto = iph.protocol;
    err = -EPROTONOSUPPORT;
    rcu_read_lock();
    ops = rcu_dereference(current.host.inet_offloads[proto]);
    if (likely(ops && ops.callbacks.gso_send_check))
      err = ops.callbacks.gso_send_check(skb);
    rcu_read_unlock();
  }
  return err;
}

export function inet_gso_segment(skb: sk_buff, features: netdev_features_t): sk_buff {
  let segs: sk_buff = ERR_PTR(-EINVAL);
  let ops: net_offload;
  let iph: iphdr;
  let proto: number;
  let ihl: number;
  let id: number;
  let offset = 0;
  let tunnel: boolean;
  out: {
    if (unlikely(skb_shinfo(skb).gso_type & ~(SKB_GSO_TCPV4 | SKB_GSO_UDP | SKB_GSO_DODGY | SKB_GSO_TCP_ECN | SKB_GSO_GRE | SKB_GSO_TCPV6 | SKB_GSO_UDP_TUNNEL | 0)))
      break out;
    if (unlikely(!pskb_may_pull(skb, sizeof_iphdr)))
      break out;
    iph = ip_hdr(skb);
    ihl = iph.ihl * 4;
    if (ihl < sizeof_iphdr)
      break out;
    if (unlikely(!pskb_may_pull(skb, ihl)))
      break out;
    tunnel = !!skb.encapsulation;
    __skb_pull(skb, ihl);
    skb_reset_transport_header(skb);
    iph = ip_hdr(skb);
    id = ntohs(iph.id);
    proto = iph.protocol;
    segs = ERR_PTR(-EPROTONOSUPPORT);
    rcu_read_lock();
    ops = rcu_dereference(current.host.inet_offloads[proto]);
    if (likely(ops && ops.callbacks.gso_segment))
      segs = ops.callbacks.gso_segment(skb, features);
    rcu_read_unlock();
    if (IS_ERR_OR_NULL(segs))
      break out;
    skb = segs;
    do {
      iph = ip_hdr(skb);
      if (!tunnel && proto === IPPROTO_UDP) {
        iph.id = htons(id);
        iph.frag_off = htons(offset >> 3);
        if (skb.next !== null)
          iph.frag_off |= htons(IP_MF);
        offset += (skb.len - skb.mac_len - iph.ihl * 4);
      } else {
        iph.id = htons(id++);
      }
      iph.tot_len = htons(skb.len - skb.mac_len);
      iph.check = 0;
      iph.check = ip_fast_csum(iph, iph.ihl);
    } while ((skb = skb.next));
  }
  return segs;
}

/** Compares the IP headers of `skb` and of the held packets; the protocol below does the same with its own. */
/** First byte of a header. */
function u8(iph: iphdr): number { return iph.b[iph.off]; }
export function inet_gro_receive(head: gro_pp, skb: sk_buff): gro_pp {
  let ops: net_offload;
  let pp: gro_pp = null;
  let p: sk_buff;
  let iph: iphdr;
  let hlen: number;
  let off: number;
  let id: number;
  let flush = 1;
  let proto: number;
  out: {
    off = skb_gro_offset(skb);
    hlen = off + sizeof_iphdr;
    let header = skb_gro_header_fast(skb, off);
    if (skb_gro_header_hard(skb, hlen)) {
      header = skb_gro_header_slow(skb, hlen, off);
      if (unlikely(!header))
        break out;
    }
    iph = new iphdr(header.data, header.offset);
    proto = iph.protocol;
    rcu_read_lock();
    out_unlock: {
      ops = rcu_dereference(current.host.inet_offloads[proto]);
      if (!ops || !ops.callbacks.gro_receive)
        break out_unlock;
      if (u8(iph) !== 0x45)
        break out_unlock;
      if (unlikely(ip_fast_csum(iph, 5)))
        break out_unlock;
      id = ((iph.id << 16) | iph.frag_off) >>> 0;
      flush = ((((iph.b[iph.off] << 24) | (iph.tos << 16) | iph.tot_len) ^ skb_gro_len(skb)) | (id ^ IP_DF)) & 0xffff;
      id >>>= 16;
      for (p = head.v; p; p = p.next) {
        let iph2: iphdr;
        if (!NAPI_GRO_CB(p).same_flow)
          continue;
        iph2 = ip_hdr(p);
        if ((iph.protocol ^ iph2.protocol) | (iph.saddr ^ iph2.saddr) | (iph.daddr ^ iph2.daddr)) {
          NAPI_GRO_CB(p).same_flow = 0;
          continue;
        }
        NAPI_GRO_CB(p).flush |= (iph.ttl ^ iph2.ttl) | (iph.tos ^ iph2.tos) | (((ntohs(iph2.id) + NAPI_GRO_CB(p).count) & 0xffff) ^ id);
        NAPI_GRO_CB(p).flush |= flush;
      }
      NAPI_GRO_CB(skb).flush |= flush;
      skb_gro_pull(skb, sizeof_iphdr);
      skb_set_transport_header(skb, skb_gro_offset(skb));
      pp = ops.callbacks.gro_receive(head, skb);
    }
    rcu_read_unlock();
  }
  NAPI_GRO_CB(skb).flush |= flush;
  return pp;
}

export function inet_gro_complete(skb: sk_buff): number {
  const newlen = htons(skb.len - skb_network_offset(skb));
  const iph = ip_hdr(skb);
  let ops: net_offload;
  const proto = iph.protocol;
  let err = -ENOSYS;
  iph.check = csum_replace2(iph.check, iph.tot_len, newlen);
  iph.tot_len = newlen;
  rcu_read_lock();
  out_unlock: {
    ops = rcu_dereference(current.host.inet_offloads[proto]);
    if (WARN_ON(!ops || !ops.callbacks.gro_complete))
      break out_unlock;
    err = ops.callbacks.gro_complete(skb);
  }
  rcu_read_unlock();
  return err;
}

/** Makes a kernel socket that no packet finds; `sk.v` receives it. */
export function inet_ctl_sock_create(sk: { v: sock }, family: number, type: number, protocol: number, net: net): number {
  const sock: { v: socket } = { v: null };
  const rc = sock_create_kern(family, type, protocol, sock);
  if (rc === 0) {
    sk.v = sock.v.sk;
    sk.v.sk_allocation = GFP_ATOMIC;
    sk.v.sk_prot.unhash(sk.v);
    sk_change_net(sk.v, net);
  }
  return rc;
}

export const igmp_protocol: net_protocol = { early_demux: null, handler: igmp_rcv, err_handler: null, no_policy: 0, netns_ok: 1 };
export const tcp_protocol: net_protocol = { early_demux: tcp_v4_early_demux, handler: tcp_v4_rcv, err_handler: tcp_v4_err, no_policy: 1, netns_ok: 1 };
export const tcp_offload: net_offload = {
  callbacks: { gso_send_check: tcp_v4_gso_send_check, gso_segment: tcp_tso_segment, gro_receive: tcp4_gro_receive, gro_complete: tcp4_gro_complete },
  flags: 0,
};
export const udp_protocol: net_protocol = { early_demux: null, handler: udp_rcv, err_handler: udp_err, no_policy: 1, netns_ok: 1 };
export const udp_offload: net_offload = { callbacks: { gso_send_check: udp4_ufo_send_check, gso_segment: udp4_ufo_fragment }, flags: 0 };
export const icmp_protocol: net_protocol = { early_demux: null, handler: icmp_rcv, err_handler: icmp_err, no_policy: 1, netns_ok: 1 };

function ipv4_mib_init_net(net: net): number {
  net.mib.icmpmsg_statistics = new Float64Array(__ICMPMSG_MIB_MAX);
  tcp_mib_init(net);
  return 0;
}
const ipv4_mib_ops: pernet_operations = { init: ipv4_mib_init_net, exit: null };
function init_ipv4_mibs(): number {
  return register_pernet_subsys(ipv4_mib_ops);
}

/** Registers what segments and merges IP packets (an initcall of its own). */
export function ipv4_offload_init(): number {
  const ip_packet_offload = current.host.ip_packet_offload;
  if (inet_add_offload(udp_offload, IPPROTO_UDP) < 0)
    current.machine.log('Cannot add UDP protocol offload');
  if (inet_add_offload(tcp_offload, IPPROTO_TCP) < 0)
    current.machine.log('Cannot add TCP protocol offload');
  ip_packet_offload.type = htons(ETH_P_IP);
  ip_packet_offload.callbacks = { gso_send_check: inet_gso_send_check, gso_segment: inet_gso_segment, gro_receive: inet_gro_receive, gro_complete: inet_gro_complete };
  dev_add_offload(ip_packet_offload);
  return 0;
}

/** Starts IPv4: protocols, socket types, ARP, routes, TCP, UDP, ICMP, and the hook for received frames. Returns 0 or an errno. */
export function* inet_init(): Gen<number> {
  const host = current.host;
  let r: number;
  let rc = -EINVAL;
  host.sysctl_local_reserved_ports = Array.from({ length: 65536 / 32 }, () => ({ v: 0 }));
  rc = proto_register(tcp_prot, 1);
  if (rc)
    return rc;
  rc = proto_register(udp_prot, 1);
  if (rc)
    return rc;
  rc = proto_register(raw_prot, 1);
  if (rc)
    return rc;
  rc = proto_register(ping_prot, 1);
  if (rc)
    return rc;
  sock_register(inet_family_ops);
  if (inet_add_protocol(icmp_protocol, IPPROTO_ICMP) < 0)
    current.machine.log('Cannot add ICMP protocol');
  if (inet_add_protocol(udp_protocol, IPPROTO_UDP) < 0)
    current.machine.log('Cannot add UDP protocol');
  if (inet_add_protocol(tcp_protocol, IPPROTO_TCP) < 0)
    current.machine.log('Cannot add TCP protocol');
  if (inet_add_protocol(igmp_protocol, IPPROTO_IGMP) < 0)
    current.machine.log('Cannot add IGMP protocol');
  for (r = 0; r < SOCK_MAX; ++r) {
    host.inetsw[r] = new list_head<inet_protosw>();
    INIT_LIST_HEAD(host.inetsw[r]);
  }
  for (const q of inetsw_array())
    inet_register_protosw(q);
  yield* arp_init();
  yield* ip_init();
  tcp_v4_init();
  tcp_init();
  udp_init();
  ping_init();
  if (icmp_init() < 0)
    current.machine.log('Failed to create the ICMP control socket.');
  if (init_ipv4_mibs())
    current.machine.log('Cannot init ipv4 mibs');
  ipfrag_init();
  host.ip_packet_type.type = htons(ETH_P_IP);
  host.ip_packet_type.func = ip_rcv;
  dev_add_pack(host.ip_packet_type);
  rc = 0;
  return rc;
}
