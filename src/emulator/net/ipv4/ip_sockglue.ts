/** net/ipv4/ip_sockglue.c: IP-level socket options, ancillary data and error queues. */
import { current, type Gen, type Host } from '../../include/ports';
import { EADDRINUSE, EADDRNOTAVAIL, EAGAIN, EINVAL, ENOBUFS, ENOPROTOOPT, ENOTCONN, EOPNOTSUPP, EPERM, EPROTO } from '../../include/uapi/asm-generic/errno';
import { CAP_NET_ADMIN, CAP_NET_RAW, ns_capable } from '../../include/linux/capability';
import { unlikely } from '../../include/linux/compiler';
import { SKB_EXT_ERR, SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_LOCAL, sock_extended_err, type sock_exterr_skb } from '../../include/linux/errqueue';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import { icmp_hdr } from '../../include/linux/icmp';
import {
  INADDR_ANY, IPPROTO_RAW, IP_ADD_MEMBERSHIP, IP_DROP_MEMBERSHIP, IP_FREEBIND, IP_HDRINCL, IP_MINTTL, IP_MTU, IP_MTU_DISCOVER, IP_MULTICAST_ALL, IP_MULTICAST_IF, IP_MULTICAST_LOOP, IP_MULTICAST_TTL, IP_NODEFRAG,
  IP_OPTIONS, IP_ORIGDSTADDR, IP_PASSSEC, IP_PKTINFO, IP_PMTUDISC_DONT, IP_PMTUDISC_PROBE, IP_RECVERR, IP_RECVOPTS, IP_RECVORIGDSTADDR, IP_RECVTOS, IP_RECVTTL, IP_RETOPTS, IP_ROUTER_ALERT, IP_TOS, IP_TRANSPARENT,
  IP_TTL, IP_UNICAST_IF, in_pktinfo, ip_mreqn, sockaddr_in,
} from '../../include/linux/in';
import { ip_dev_find } from '../../include/linux/inetdevice';
import { ip_hdr, iphdr, sizeof_iphdr } from '../../include/linux/ip';
import { dev_get_by_index, dev_put, type net_device } from '../../include/linux/netdevice';
import { SOCK_RAW, SOCK_STREAM, type optval_t } from '../../include/linux/net';
import { call_rcu, kfree_rcu, rcu_dereference_protected } from '../../include/linux/rcupdate';
import {
  __skb_pull, alloc_skb, kfree_skb, skb_clone, skb_copy_datagram_iovec, skb_dequeue, skb_network_header, skb_peek, skb_pull, skb_put, skb_queue_purge, skb_reset_network_header, skb_reset_transport_header,
  skb_rtable, skb_tail_pointer, skb_transport_header, skb_transport_offset, type sk_buff,
} from '../../include/linux/skbuff';
import { AF_INET, CMSG_LEN, MSG_CTRUNC, MSG_ERRQUEUE, MSG_TRUNC, SOL_IP, sizeof_cmsghdr, sizeof_sockaddr_in, type msghdr } from '../../include/linux/socket';
import { spin_lock_bh, spin_unlock_bh, spinlock_t } from '../../include/linux/spinlock';
import { htonl, ntohl } from '../../include/linux/types';
import { dst_mtu, dst_release, skb_dst_drop, skb_dst_force, type dst_entry } from '../../include/net/dst';
import { inet_csk } from '../../include/net/inet_connection_sock';
import { INET_ECN_MASK } from '../../include/net/inet_ecn';
import { inet_sk, ip_options, type ip_options_rcu } from '../../include/net/inet_sock';
import { IPCB, ip_options_assign, ip_ra_chain, type ipcm_cookie } from '../../include/net/ip';
import { fib_compute_spec_dst } from '../../include/net/ip_fib';
import type { net } from '../../include/net/net_namespace';
import { inet_iif, rt_tos2priority } from '../../include/net/route';
import { put_cmsg } from '../../include/net/scm';
import { lock_sock, release_sock, sk_dst_get, sk_dst_reset, sock_hold, sock_net, sock_owned_by_user, sock_put, sock_queue_err_skb, sock_recv_timestamp, type sock } from '../../include/net/sock';
import { ip_mc_join_group, ip_mc_leave_group } from './igmp';
import { ip_options_echo, ip_options_get, ip_options_get_from_user, ip_options_undo } from './ip_options';

const IP_CMSG_PKTINFO = 1;
const IP_CMSG_TTL = 2;
const IP_CMSG_TOS = 4;
const IP_CMSG_RECVOPTS = 8;
const IP_CMSG_RETOPTS = 16;
const IP_CMSG_PASSSEC = 32;
const IP_CMSG_ORIGDSTADDR = 64;

declare module '../../include/ports' { interface Host { ip_ra_lock: spinlock_t } }
export function ip_sockglue_globals(host: Host): void { host.ip_ra_lock = new spinlock_t(); }

export function PKTINFO_SKB_CB(skb: sk_buff): in_pktinfo { return IPCB(skb).pktinfo ?? (IPCB(skb).pktinfo = new in_pktinfo()); }

function ip_cmsg_recv_pktinfo(msg: msghdr, skb: sk_buff): void {
  const info = PKTINFO_SKB_CB(skb);
  info.ipi_addr.s_addr = ip_hdr(skb).daddr;
  put_cmsg(msg, SOL_IP, IP_PKTINFO, 12, info);
}
function ip_cmsg_recv_ttl(msg: msghdr, skb: sk_buff): void {
  const ttl = ip_hdr(skb).ttl;
  put_cmsg(msg, SOL_IP, IP_TTL, 4, ttl);
}
function ip_cmsg_recv_tos(msg: msghdr, skb: sk_buff): void {
  put_cmsg(msg, SOL_IP, IP_TOS, 1, ip_hdr(skb).tos);
}
function ip_cmsg_recv_opts(msg: msghdr, skb: sk_buff): void {
  if (IPCB(skb).opt.optlen === 0)
    return;
  const at = skb_network_header(skb) + sizeof_iphdr;
  put_cmsg(msg, SOL_IP, IP_RECVOPTS, IPCB(skb).opt.optlen, skb.head.slice(at, at + IPCB(skb).opt.optlen));
}
function ip_cmsg_recv_retopts(msg: msghdr, skb: sk_buff): void {
  const opt = new ip_options();
  if (IPCB(skb).opt.optlen === 0)
    return;
  if (ip_options_echo(opt, skb)) {
    msg.msg_flags |= MSG_CTRUNC;
    return;
  }
  ip_options_undo(opt);
  put_cmsg(msg, SOL_IP, IP_RETOPTS, opt.optlen, opt.__data);
}
function ip_cmsg_recv_dstaddr(msg: msghdr, skb: sk_buff): void {
  const sin = new sockaddr_in(0, 0);
  const iph = ip_hdr(skb);
  const ports = skb_transport_header(skb);
  if (skb_transport_offset(skb) + 4 > skb.len)
    return;
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = iph.daddr;
  sin.sin_port = (skb.head[ports + 2] << 8) | skb.head[ports + 3];
  put_cmsg(msg, SOL_IP, IP_ORIGDSTADDR, sizeof_sockaddr_in, sin);
}

/** Puts the ancillary data that the socket asked for beside the message. */
export function ip_cmsg_recv(msg: msghdr, skb: sk_buff): void {
  const inet = inet_sk(skb.sk);
  let flags = inet.cmsg_flags;
  if (flags & 1)
    ip_cmsg_recv_pktinfo(msg, skb);
  if ((flags >>= 1) === 0)
    return;
  if (flags & 1)
    ip_cmsg_recv_ttl(msg, skb);
  if ((flags >>= 1) === 0)
    return;
  if (flags & 1)
    ip_cmsg_recv_tos(msg, skb);
  if ((flags >>= 1) === 0)
    return;
  if (flags & 1)
    ip_cmsg_recv_opts(msg, skb);
  if ((flags >>= 1) === 0)
    return;
  if (flags & 1)
    ip_cmsg_recv_retopts(msg, skb);
  if ((flags >>= 1) === 0)
    return;
  if ((flags >>= 1) === 0)
    return;
  if (flags & 1)
    ip_cmsg_recv_dstaddr(msg, skb);
}

/** Reads what a sender wants from the message's ancillary data (a list of cmsghdr objects). */
export function ip_cmsg_send(net: net, msg: msghdr, ipc: ipcm_cookie): number {
  let err: number;
  for (const cmsg of msg.msg_control) {
    if (cmsg.cmsg_level !== SOL_IP)
      continue;
    switch (cmsg.cmsg_type) {
    case IP_RETOPTS: {
      const optp: { v: ip_options_rcu } = { v: ipc.opt };
      err = cmsg.cmsg_len - sizeof_cmsghdr;
      err = ip_options_get(net, optp, cmsg.cmsg_data, err < 40 ? err : 40);
      ipc.opt = optp.v;
      if (err)
        return err;
      break;
    }
    case IP_PKTINFO: {
      let info: in_pktinfo;
      if (cmsg.cmsg_len !== CMSG_LEN(12))
        return -EINVAL;
      info = cmsg.cmsg_data;
      ipc.oif = info.ipi_ifindex;
      ipc.addr = info.ipi_spec_dst.s_addr;
      break;
    }
    default:
      return -EINVAL;
    }
  }
  return 0;
}

function ip_ra_destroy_rcu(head: ip_ra_chain): void {
  const ra = head;
  sock_put(ra.saved_sk);
}

/** Enters (`on`) or removes a raw socket from the chain that gets datagrams with the router alert option. */
export function ip_ra_control(sk: sock, on: number, destructor: (sk: sock) => void): number {
  const host = current.host;
  let ra: ip_ra_chain, new_ra: ip_ra_chain;
  let rap: ip_ra_chain = null;
  if (sk.sk_type !== SOCK_RAW || inet_sk(sk).inet_num === IPPROTO_RAW)
    return -EINVAL;
  new_ra = on ? new ip_ra_chain() : null;
  spin_lock_bh(host.ip_ra_lock);
  for (ra = host.ip_ra_chain; ra !== null; rap = ra, ra = ra.next) {
    if (ra.sk === sk) {
      if (on) {
        spin_unlock_bh(host.ip_ra_lock);
        return -EADDRINUSE;
      }
      ra.sk = null;
      if (rap) rap.next = ra.next; else host.ip_ra_chain = ra.next;
      spin_unlock_bh(host.ip_ra_lock);
      if (ra.destructor)
        ra.destructor(sk);
      ra.saved_sk = sk;
      call_rcu(ra, ip_ra_destroy_rcu);
      return 0;
    }
  }
  if (new_ra === null) {
    spin_unlock_bh(host.ip_ra_lock);
    return -ENOBUFS;
  }
  new_ra.sk = sk;
  new_ra.destructor = destructor;
  new_ra.next = ra;
  if (rap) rap.next = new_ra; else host.ip_ra_chain = new_ra;
  sock_hold(sk);
  spin_unlock_bh(host.ip_ra_lock);
  return 0;
}

/** Queues an ICMP error for the socket's error queue; `payload` is the offset of the transport header that it quotes. */
export function ip_icmp_error(sk: sock, skb: sk_buff, err: number, port: number, info: number, payload: number): void {
  let serr: sock_exterr_skb;
  skb = skb_clone(skb, GFP_ATOMIC);
  if (!skb)
    return;
  serr = SKB_EXT_ERR(skb);
  serr.ee.ee_errno = err;
  serr.ee.ee_origin = SO_EE_ORIGIN_ICMP;
  serr.ee.ee_type = icmp_hdr(skb).type;
  serr.ee.ee_code = icmp_hdr(skb).code;
  serr.ee.ee_pad = 0;
  serr.ee.ee_info = info;
  serr.ee.ee_data = 0;
  serr.addr_offset = skb_transport_header(skb) + 8 + 16 - skb_network_header(skb);
  serr.port = port;
  if (skb_pull(skb, payload - skb.data) !== null) {
    skb_reset_transport_header(skb);
    if (sock_queue_err_skb(sk, skb) === 0)
      return;
  }
  kfree_skb(skb);
}

export function ip_local_error(sk: sock, err: number, daddr: number, port: number, info: number): void {
  const inet = inet_sk(sk);
  let serr: sock_exterr_skb;
  let iph: iphdr;
  let skb: sk_buff;
  if (!inet.recverr)
    return;
  skb = alloc_skb(sizeof_iphdr, GFP_ATOMIC);
  if (!skb)
    return;
  skb_put(skb, sizeof_iphdr);
  skb_reset_network_header(skb);
  iph = ip_hdr(skb);
  iph.daddr = daddr;
  serr = SKB_EXT_ERR(skb);
  serr.ee.ee_errno = err;
  serr.ee.ee_origin = SO_EE_ORIGIN_LOCAL;
  serr.ee.ee_type = 0;
  serr.ee.ee_code = 0;
  serr.ee.ee_pad = 0;
  serr.ee.ee_info = info;
  serr.ee.ee_data = 0;
  serr.addr_offset = 16;
  serr.port = port;
  __skb_pull(skb, skb_tail_pointer(skb) - skb.data);
  skb_reset_transport_header(skb);
  if (sock_queue_err_skb(sk, skb))
    kfree_skb(skb);
}

/** Receives from the error queue (MSG_ERRQUEUE). */
export function ip_recv_error(sk: sock, msg: msghdr, len: number, addr_len: { v: number }): number {
  let serr: sock_exterr_skb;
  let skb: sk_buff, skb2: sk_buff;
  let sin: sockaddr_in;
  const errhdr = { ee: new sock_extended_err(), offender: new sockaddr_in(0, 0) };
  let err: number;
  let copied: number;
  err = -EAGAIN;
  skb = skb_dequeue(sk.sk_error_queue);
  if (skb === null)
    return err;
  copied = skb.len;
  if (copied > len) {
    msg.msg_flags |= MSG_TRUNC;
    copied = len;
  }
  out_free_skb: {
    err = skb_copy_datagram_iovec(skb, 0, msg.msg_iov, copied);
    if (err)
      break out_free_skb;
    sock_recv_timestamp(msg, sk, skb);
    serr = SKB_EXT_ERR(skb);
    sin = msg.msg_name;
    if (sin) {
      const at = skb_network_header(skb) + serr.addr_offset, b = skb.head;
      sin.sin_family = AF_INET;
      sin.sin_addr.s_addr = ((b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3]) >>> 0;
      sin.sin_port = serr.port;
      addr_len.v = sizeof_sockaddr_in;
    }
    Object.assign(errhdr.ee, serr.ee);
    sin = errhdr.offender;
    sin.sin_family = 0;
    if (serr.ee.ee_origin === SO_EE_ORIGIN_ICMP) {
      sin.sin_family = AF_INET;
      sin.sin_addr.s_addr = ip_hdr(skb).saddr;
      if (inet_sk(sk).cmsg_flags)
        ip_cmsg_recv(msg, skb);
    }
    put_cmsg(msg, SOL_IP, IP_RECVERR, 32, errhdr);
    msg.msg_flags |= MSG_ERRQUEUE;
    err = copied;
    spin_lock_bh(sk.sk_error_queue.lock);
    sk.sk_err = 0;
    skb2 = skb_peek(sk.sk_error_queue);
    if (skb2 !== null) {
      sk.sk_err = SKB_EXT_ERR(skb2).ee.ee_errno;
      spin_unlock_bh(sk.sk_error_queue.lock);
      sk.sk_error_report(sk);
    } else
      spin_unlock_bh(sk.sk_error_queue.lock);
  }
  kfree_skb(skb);
  return err;
}

/** `optval` is the number, an ip_mreqn, or the bytes of IP_OPTIONS. */
function* do_ip_setsockopt(sk: sock, _level: number, optname: number, optval: optval_t, optlen: number): Gen<number> {
  const inet = inet_sk(sk);
  let val = 0, err: number;
  switch (optname) {
  case IP_PKTINFO:
  case IP_RECVTTL:
  case IP_RECVOPTS:
  case IP_RECVTOS:
  case IP_RETOPTS:
  case IP_TOS:
  case IP_TTL:
  case IP_HDRINCL:
  case IP_MTU_DISCOVER:
  case IP_RECVERR:
  case IP_ROUTER_ALERT:
  case IP_FREEBIND:
  case IP_PASSSEC:
  case IP_TRANSPARENT:
  case IP_MINTTL:
  case IP_NODEFRAG:
  case IP_UNICAST_IF:
  case IP_MULTICAST_TTL:
  case IP_MULTICAST_ALL:
  case IP_MULTICAST_LOOP:
  case IP_RECVORIGDSTADDR:
    if (optlen >= 1)
      val = Number(optval) | 0;
  }
  err = 0;
  yield* lock_sock(sk);
  e_inval: {
    switch (optname) {
    case IP_OPTIONS: {
      let old: ip_options_rcu;
      const opt: { v: ip_options_rcu } = { v: null };
      if (optlen > 40)
        break e_inval;
      err = ip_options_get_from_user(sock_net(sk), opt, optval, optlen);
      if (err)
        break;
      old = rcu_dereference_protected(inet.inet_opt, sock_owned_by_user(sk));
      if (inet.is_icsk) {
        const icsk = inet_csk(sk);
        if (old)
          icsk.icsk_ext_hdr_len -= old.opt.optlen;
        if (opt.v)
          icsk.icsk_ext_hdr_len += opt.v.opt.optlen;
        icsk.icsk_sync_mss(sk, icsk.icsk_pmtu_cookie);
      }
      inet.inet_opt = opt.v;
      if (old)
        kfree_rcu(old);
      break;
    }
    case IP_PKTINFO:
      if (val)
        inet.cmsg_flags |= IP_CMSG_PKTINFO;
      else
        inet.cmsg_flags &= ~IP_CMSG_PKTINFO;
      break;
    case IP_RECVTTL:
      if (val)
        inet.cmsg_flags |= IP_CMSG_TTL;
      else
        inet.cmsg_flags &= ~IP_CMSG_TTL;
      break;
    case IP_RECVTOS:
      if (val)
        inet.cmsg_flags |= IP_CMSG_TOS;
      else
        inet.cmsg_flags &= ~IP_CMSG_TOS;
      break;
    case IP_RECVOPTS:
      if (val)
        inet.cmsg_flags |= IP_CMSG_RECVOPTS;
      else
        inet.cmsg_flags &= ~IP_CMSG_RECVOPTS;
      break;
    case IP_RETOPTS:
      if (val)
        inet.cmsg_flags |= IP_CMSG_RETOPTS;
      else
        inet.cmsg_flags &= ~IP_CMSG_RETOPTS;
      break;
    case IP_PASSSEC:
      if (val)
        inet.cmsg_flags |= IP_CMSG_PASSSEC;
      else
        inet.cmsg_flags &= ~IP_CMSG_PASSSEC;
      break;
    case IP_RECVORIGDSTADDR:
      if (val)
        inet.cmsg_flags |= IP_CMSG_ORIGDSTADDR;
      else
        inet.cmsg_flags &= ~IP_CMSG_ORIGDSTADDR;
      break;
    case IP_TOS:
      if (sk.sk_type === SOCK_STREAM) {
        val &= ~INET_ECN_MASK;
        val |= inet.tos & INET_ECN_MASK;
      }
      if (inet.tos !== val) {
        inet.tos = val;
        sk.sk_priority = rt_tos2priority(val);
        sk_dst_reset(sk);
      }
      break;
    case IP_TTL:
      if (optlen < 1)
        break e_inval;
      if (val !== -1 && (val < 1 || val > 255))
        break e_inval;
      inet.uc_ttl = val;
      break;
    case IP_HDRINCL:
      if (sk.sk_type !== SOCK_RAW) {
        err = -ENOPROTOOPT;
        break;
      }
      inet.hdrincl = val ? 1 : 0;
      break;
    case IP_NODEFRAG:
      if (sk.sk_type !== SOCK_RAW) {
        err = -ENOPROTOOPT;
        break;
      }
      inet.nodefrag = val ? 1 : 0;
      break;
    case IP_MTU_DISCOVER:
      if (val < IP_PMTUDISC_DONT || val > IP_PMTUDISC_PROBE)
        break e_inval;
      inet.pmtudisc = val;
      break;
    case IP_RECVERR:
      inet.recverr = val ? 1 : 0;
      if (!val)
        skb_queue_purge(sk.sk_error_queue);
      break;
    case IP_MULTICAST_TTL:
      if (sk.sk_type === SOCK_STREAM)
        break e_inval;
      if (optlen < 1)
        break e_inval;
      if (val === -1)
        val = 1;
      if (val < 0 || val > 255)
        break e_inval;
      inet.mc_ttl = val;
      break;
    case IP_MULTICAST_LOOP:
      if (optlen < 1)
        break e_inval;
      inet.mc_loop = val ? 1 : 0;
      break;
    case IP_UNICAST_IF: {
      let dev: net_device = null;
      let ifindex: number;
      if (optlen !== 4)
        break e_inval;
      ifindex = ntohl(val);
      if (ifindex === 0) {
        inet.uc_index = 0;
        err = 0;
        break;
      }
      dev = dev_get_by_index(sock_net(sk), ifindex);
      err = -EADDRNOTAVAIL;
      if (!dev)
        break;
      dev_put(dev);
      err = -EINVAL;
      if (sk.sk_bound_dev_if)
        break;
      inet.uc_index = ifindex;
      err = 0;
      break;
    }
    case IP_MULTICAST_IF: {
      let mreq: ip_mreqn;
      let dev: net_device = null;
      if (sk.sk_type === SOCK_STREAM)
        break e_inval;
      if (optlen < 4)
        break e_inval;
      mreq = optval;
      if (!mreq.imr_ifindex) {
        if (mreq.imr_address.s_addr === htonl(INADDR_ANY)) {
          inet.mc_index = 0;
          inet.mc_addr = 0;
          err = 0;
          break;
        }
        dev = ip_dev_find(sock_net(sk), mreq.imr_address.s_addr);
        if (dev)
          mreq.imr_ifindex = dev.ifindex;
      } else
        dev = dev_get_by_index(sock_net(sk), mreq.imr_ifindex);
      err = -EADDRNOTAVAIL;
      if (!dev)
        break;
      dev_put(dev);
      err = -EINVAL;
      if (sk.sk_bound_dev_if && mreq.imr_ifindex !== sk.sk_bound_dev_if)
        break;
      inet.mc_index = mreq.imr_ifindex;
      inet.mc_addr = mreq.imr_address.s_addr;
      err = 0;
      break;
    }
    case IP_ADD_MEMBERSHIP:
    case IP_DROP_MEMBERSHIP: {
      let mreq: ip_mreqn;
      err = -EPROTO;
      if (inet_sk(sk).is_icsk)
        break;
      if (optlen < 8)
        break e_inval;
      mreq = optval;
      if (optname === IP_ADD_MEMBERSHIP)
        err = yield* ip_mc_join_group(sk, mreq);
      else
        err = yield* ip_mc_leave_group(sk, mreq);
      break;
    }
    case IP_MULTICAST_ALL:
      if (optlen < 1)
        break e_inval;
      if (val !== 0 && val !== 1)
        break e_inval;
      inet.mc_all = val;
      break;
    case IP_ROUTER_ALERT:
      err = ip_ra_control(sk, val ? 1 : 0, null);
      break;
    case IP_FREEBIND:
      if (optlen < 1)
        break e_inval;
      inet.freebind = val ? 1 : 0;
      break;
    case IP_TRANSPARENT:
      if (!!val && !ns_capable(null, CAP_NET_RAW) && !ns_capable(null, CAP_NET_ADMIN)) {
        err = -EPERM;
        break;
      }
      if (optlen < 1)
        break e_inval;
      inet.transparent = val ? 1 : 0;
      break;
    case IP_MINTTL:
      if (optlen < 1)
        break e_inval;
      if (val < 0 || val > 255)
        break e_inval;
      inet.min_ttl = val;
      break;
    default:
      err = -ENOPROTOOPT;
      break;
    }
    yield* release_sock(sk);
    return err;
  }
  yield* release_sock(sk);
  return -EINVAL;
}

/** Keeps what IP_PKTINFO and options will need from the route, then lets go of it. */
export function ipv4_pktinfo_prepare(skb: sk_buff): void {
  const pktinfo = PKTINFO_SKB_CB(skb);
  if (skb_rtable(skb)) {
    pktinfo.ipi_ifindex = inet_iif(skb);
    pktinfo.ipi_spec_dst.s_addr = fib_compute_spec_dst(skb);
  } else {
    pktinfo.ipi_ifindex = 0;
    pktinfo.ipi_spec_dst.s_addr = 0;
  }
  if (unlikely(IPCB(skb).opt.optlen))
    skb_dst_force(skb);
  else
    skb_dst_drop(skb);
}

export function* ip_setsockopt(sk: sock, level: number, optname: number, optval: optval_t, optlen: number): Gen<number> {
  let err: number;
  if (level !== SOL_IP)
    return -ENOPROTOOPT;
  err = yield* do_ip_setsockopt(sk, level, optname, optval, optlen);
  return err;
}

function* do_ip_getsockopt(sk: sock, level: number, optname: number, optval: { v: any }, optlen: { v: number }): Gen<number> {
  const inet = inet_sk(sk);
  let val: number;
  let len: number;
  if (level !== SOL_IP)
    return -EOPNOTSUPP;
  len = optlen.v;
  if (len < 0)
    return -EINVAL;
  yield* lock_sock(sk);
  switch (optname) {
  case IP_OPTIONS: {
    const opt = new ip_options();
    let inet_opt: ip_options_rcu;
    inet_opt = rcu_dereference_protected(inet.inet_opt, sock_owned_by_user(sk));
    opt.optlen = 0;
    if (inet_opt)
      ip_options_assign(opt, inet_opt.opt);
    yield* release_sock(sk);
    if (opt.optlen === 0) {
      optlen.v = 0;
      return 0;
    }
    ip_options_undo(opt);
    optlen.v = Math.min(len, opt.optlen);
    optval.v = opt.__data.slice(0, optlen.v);
    return 0;
  }
  case IP_PKTINFO:
    val = (inet.cmsg_flags & IP_CMSG_PKTINFO) !== 0 ? 1 : 0;
    break;
  case IP_RECVTTL:
    val = (inet.cmsg_flags & IP_CMSG_TTL) !== 0 ? 1 : 0;
    break;
  case IP_RECVTOS:
    val = (inet.cmsg_flags & IP_CMSG_TOS) !== 0 ? 1 : 0;
    break;
  case IP_RECVOPTS:
    val = (inet.cmsg_flags & IP_CMSG_RECVOPTS) !== 0 ? 1 : 0;
    break;
  case IP_RETOPTS:
    val = (inet.cmsg_flags & IP_CMSG_RETOPTS) !== 0 ? 1 : 0;
    break;
  case IP_PASSSEC:
    val = (inet.cmsg_flags & IP_CMSG_PASSSEC) !== 0 ? 1 : 0;
    break;
  case IP_RECVORIGDSTADDR:
    val = (inet.cmsg_flags & IP_CMSG_ORIGDSTADDR) !== 0 ? 1 : 0;
    break;
  case IP_TOS:
    val = inet.tos;
    break;
  case IP_TTL:
    val = (inet.uc_ttl === -1 ? current.host.sysctl_ip_default_ttl : inet.uc_ttl);
    break;
  case IP_HDRINCL:
    val = inet.hdrincl;
    break;
  case IP_NODEFRAG:
    val = inet.nodefrag;
    break;
  case IP_MTU_DISCOVER:
    val = inet.pmtudisc;
    break;
  case IP_MTU: {
    let dst: dst_entry;
    val = 0;
    dst = sk_dst_get(sk);
    if (dst) {
      val = dst_mtu(dst);
      dst_release(dst);
    }
    if (!val) {
      yield* release_sock(sk);
      return -ENOTCONN;
    }
    break;
  }
  case IP_RECVERR:
    val = inet.recverr;
    break;
  case IP_MULTICAST_TTL:
    val = inet.mc_ttl;
    break;
  case IP_MULTICAST_LOOP:
    val = inet.mc_loop;
    break;
  case IP_UNICAST_IF:
    val = htonl(inet.uc_index);
    break;
  case IP_MULTICAST_IF:
    optval.v = inet.mc_addr;
    yield* release_sock(sk);
    optlen.v = Math.min(len, 4);
    return 0;
  case IP_MULTICAST_ALL:
    val = inet.mc_all;
    break;
  case IP_FREEBIND:
    val = inet.freebind;
    break;
  case IP_TRANSPARENT:
    val = inet.transparent;
    break;
  case IP_MINTTL:
    val = inet.min_ttl;
    break;
  default:
    yield* release_sock(sk);
    return -ENOPROTOOPT;
  }
  yield* release_sock(sk);
  if (len < 4 && len > 0 && val >= 0 && val <= 255) {
    len = 1;
    optlen.v = len;
    optval.v = val;
  } else {
    len = Math.min(4, len);
    optlen.v = len;
    optval.v = val;
  }
  return 0;
}

export function* ip_getsockopt(sk: sock, level: number, optname: number, optval: { v: any }, optlen: { v: number }): Gen<number> {
  let err: number;
  err = yield* do_ip_getsockopt(sk, level, optname, optval, optlen);
  return err;
}
