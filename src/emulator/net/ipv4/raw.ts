/** net/ipv4/raw.c: raw IP sockets. */
import { current } from '../../include/ports';
import type { Gen, Host } from '../../include/ports';
import type { sk_buff } from '../../include/linux/skbuff.struct';
import type { proto, sock } from '../../include/net/sock.struct';
import type { net } from '../../include/net/net_namespace';
import { net_eq } from '../../include/net/net_namespace';
import { hlist_empty, hlist_head } from '../../include/linux/list';
import { read_lock, read_unlock, spin_lock_bh, spin_unlock_bh, write_lock_bh, write_unlock_bh } from '../../include/linux/spinlock';
import { rcu_dereference, rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { atomic_inc } from '../../include/linux/atomic';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import { IS_ERR, PTR_ERR } from '../../include/linux/err';
import {
  EACCES, EADDRNOTAVAIL, EAFNOSUPPORT, EDESTADDRREQ, EFAULT, EHOSTUNREACH, EINVAL, EMSGSIZE, ENOBUFS, ENOIOCTLCMD, ENOPROTOOPT, EOPNOTSUPP, EPROTO,
} from '../../include/uapi/asm-generic/errno';
import { AF_INET, MSG_CONFIRM, MSG_DONTROUTE, MSG_DONTWAIT, MSG_ERRQUEUE, MSG_MORE, MSG_OOB, MSG_PROBE, MSG_TRUNC, SOL_RAW, sizeof_sockaddr_in } from '../../include/linux/socket';
import type { msghdr, sockaddr } from '../../include/linux/socket';
import type { optval_t } from '../../include/linux/net';
import type { kiocb } from '../../include/linux/aio';
import type { iovec } from '../../include/linux/uio';
import { memcpy_fromiovecend } from '../core/iovec';
import { htons } from '../../include/linux/types';
import { IPPROTO_ICMP, IPPROTO_RAW, IP_PMTUDISC_DONT, ipv4_is_multicast } from '../../include/linux/in';
import { LL_RESERVED_SPACE, NET_RX_DROP, NET_RX_SUCCESS, dev_net, net_xmit_errno } from '../../include/linux/netdevice';
import {
  CHECKSUM_NONE, kfree_skb, nf_reset, skb_clone, skb_copy_datagram_iovec, skb_dst_set, skb_free_datagram, skb_header_pointer, skb_network_header, skb_peek, skb_push, skb_put,
  skb_recv_datagram, skb_reserve, skb_reset_network_header, skb_transport_header, skb_transport_offset,
} from '../../include/linux/skbuff';
import { ip_fast_csum } from '../../include/net/checksum';
import { ip_hdr, iphdr, sizeof_iphdr } from '../../include/linux/ip';
import { ICMP_DEST_UNREACH, ICMP_FILTER, ICMP_FRAG_NEEDED, ICMP_PARAMETERPROB, ICMP_REDIRECT, ICMP_SOURCE_QUENCH, ICMP_TIME_EXCEEDED, NR_ICMP_UNREACH, icmp_hdr, icmphdr, sizeof_icmphdr } from '../../include/linux/icmp';
import { icmp_err_convert, icmp_out_count } from './icmp';
import {
  SOCK_BROADCAST, __sk_head, lock_sock, release_sock, sk_add_node, sk_common_release, sk_del_node_init, sk_dst_reset, sk_head, sk_next, sk_wmem_alloc_get, sock_alloc_send_skb, sock_flag,
  sock_net, sock_prot_inuse_add, sock_queue_rcv_skb, sock_recv_ts_and_drops,
} from '../../include/net/sock';
import { without_waiting } from '../core/sock';
import { inet_sk, inet_sk_flowi_flags, ip_options_rcu } from '../../include/net/inet_sock';
import { FLOWI_FLAG_CAN_SLEEP, FLOWI_FLAG_KNOWN_NH, flowi4, flowi4_init_output, flowi4_to_flowi } from '../../include/net/flow';
import {
  IP_INC_STATS, ip4_datagram_connect, ip4_datagram_release_cb, ip_append_data, ip_cmsg_recv, ip_cmsg_send, ip_flush_pending_frames, ip_generic_getfrag, ip_getsockopt, ip_icmp_error, ip_local_error,
  ip_options_assign, ip_push_pending_frames, ip_ra_control, ip_recv_error, ip_select_ident, ip_setsockopt, ipcm_cookie, ipv4_pktinfo_prepare,
} from '../../include/net/ip';
import { IPSTATS_MIB_OUTDISCARDS } from '../../include/linux/snmp';
import { RTO_ONLINK, RT_CONN_FLAGS, inet_addr_type, ip_route_output_flow, ip_rt_put, ipv4_sk_redirect, ipv4_sk_update_pmtu } from '../../include/net/route';
import type { rtable } from '../../include/net/route';
import { RTCF_BROADCAST } from '../../include/linux/in_route';
import { RTN_BROADCAST, RTN_LOCAL, RTN_MULTICAST, RT_SCOPE_UNIVERSE } from '../../include/linux/rtnetlink';
import { dst_confirm, dst_output } from '../../include/net/dst';
import { NFPROTO_IPV4, NF_HOOK } from '../../include/linux/netfilter';
import { NF_INET_LOCAL_OUT } from '../../include/linux/netfilter';
import { XFRM_POLICY_IN, xfrm4_policy_check } from '../../include/net/xfrm';
import { TCP_CLOSE, TCP_ESTABLISHED } from '../../include/net/tcp_states';
import { RAW_HTABLE_SIZE, raw_hashinfo, raw_sk, raw_sock } from '../../include/net/raw';
import { SIOCINQ, SIOCOUTQ, udp_disconnect } from './udp';

declare module '../../include/ports' { interface Host { raw_v4_hashinfo: raw_hashinfo } }
export function raw_globals(host: Host): void {
  host.raw_v4_hashinfo = new raw_hashinfo();
  for (let i = 0; i < RAW_HTABLE_SIZE; i++) host.raw_v4_hashinfo.ht.push(new hlist_head());
}

export function raw_hash_sk(sk: sock): void {
  const h = sk.sk_prot.h.raw_hash;
  let head: hlist_head;
  head = h.ht[inet_sk(sk).inet_num & (RAW_HTABLE_SIZE - 1)];
  write_lock_bh(h.lock);
  sk_add_node(sk, head);
  sock_prot_inuse_add(sock_net(sk), sk.sk_prot, 1);
  write_unlock_bh(h.lock);
}
export function raw_unhash_sk(sk: sock): void {
  const h = sk.sk_prot.h.raw_hash;
  write_lock_bh(h.lock);
  if (sk_del_node_init(sk))
    sock_prot_inuse_add(sock_net(sk), sk.sk_prot, -1);
  write_unlock_bh(h.lock);
}

/** The next socket from `sk` on that gets such packets. */
function __raw_v4_lookup(net: net, sk: sock, num: number, raddr: number, laddr: number, dif: number): sock {
  found: {
    for (; sk; sk = sk.sk_node.next ? (sk.sk_node.next.owner as sock) : null) {
      const inet = inet_sk(sk);
      if (net_eq(sock_net(sk), net) && inet.inet_num === num && !(inet.inet_daddr && inet.inet_daddr !== raddr) && !(inet.inet_rcv_saddr && inet.inet_rcv_saddr !== laddr) &&
          !(sk.sk_bound_dev_if && sk.sk_bound_dev_if !== dif))
        break found;
    }
    sk = null;
  }
  return sk;
}

function icmp_filter(sk: sock, skb: sk_buff): boolean {
  let hdr: icmphdr;
  hdr = skb_header_pointer(skb, skb_transport_offset(skb), sizeof_icmphdr, icmphdr);
  if (!hdr)
    return true;
  if (hdr.type < 32) {
    const data = raw_sk(sk).filter.data;
    return ((1 << hdr.type) & data) !== 0;
  }
  return false;
}

/** Gives every raw socket of the protocol its own clone. */
function raw_v4_input(skb: sk_buff, iph: iphdr, hash: number): number {
  let sk: sock;
  let head: hlist_head;
  let delivered = 0;
  let net: net;
  const raw_v4_hashinfo = current.host.raw_v4_hashinfo;
  read_lock(raw_v4_hashinfo.lock);
  head = raw_v4_hashinfo.ht[hash];
  out: {
    if (hlist_empty(head))
      break out;
    net = dev_net(skb.dev);
    sk = __raw_v4_lookup(net, __sk_head(head), iph.protocol, iph.saddr, iph.daddr, skb.dev.ifindex);
    while (sk) {
      delivered = 1;
      if (iph.protocol !== IPPROTO_ICMP || !icmp_filter(sk, skb)) {
        const clone = skb_clone(skb, GFP_ATOMIC);
        if (clone)
          raw_rcv(sk, clone);
      }
      sk = __raw_v4_lookup(net, sk_next(sk), iph.protocol, iph.saddr, iph.daddr, skb.dev.ifindex);
    }
  }
  read_unlock(raw_v4_hashinfo.lock);
  return delivered;
}

/** Did a raw socket take a copy of this packet? */
export function raw_local_deliver(skb: sk_buff, protocol: number): boolean {
  let hash: number;
  let raw_sk: sock;
  hash = protocol & (RAW_HTABLE_SIZE - 1);
  raw_sk = sk_head(current.host.raw_v4_hashinfo.ht[hash]);
  if (raw_sk && !raw_v4_input(skb, ip_hdr(skb), hash))
    raw_sk = null;
  return raw_sk !== null;
}

function raw_err(sk: sock, skb: sk_buff, info: number): void {
  const inet = inet_sk(sk);
  const type = icmp_hdr(skb).type;
  const code = icmp_hdr(skb).code;
  let err = 0;
  let harderr = 0;
  if (type === ICMP_DEST_UNREACH && code === ICMP_FRAG_NEEDED)
    ipv4_sk_update_pmtu(skb, sk, info);
  else if (type === ICMP_REDIRECT)
    ipv4_sk_redirect(skb, sk);
  if (!inet.recverr && sk.sk_state !== TCP_ESTABLISHED)
    return;
  switch (type) {
    default:
    case ICMP_TIME_EXCEEDED:
      err = EHOSTUNREACH;
      break;
    case ICMP_SOURCE_QUENCH:
      return;
    case ICMP_PARAMETERPROB:
      err = EPROTO;
      harderr = 1;
      break;
    case ICMP_DEST_UNREACH:
      err = EHOSTUNREACH;
      if (code > NR_ICMP_UNREACH)
        break;
      err = icmp_err_convert[code].errno;
      harderr = icmp_err_convert[code].fatal;
      if (code === ICMP_FRAG_NEEDED) {
        harderr = inet.pmtudisc !== IP_PMTUDISC_DONT ? 1 : 0;
        err = EMSGSIZE;
      }
  }
  if (inet.recverr) {
    const iph = new iphdr(skb.head, skb.data);
    let payload = skb.data + (iph.ihl << 2);
    if (inet.hdrincl)
      payload = skb.data;
    ip_icmp_error(sk, skb, err, 0, info, payload);
  }
  if (inet.recverr || harderr) {
    sk.sk_err = err;
    sk.sk_error_report(sk);
  }
}

/** Tells raw sockets about an ICMP error; `skb` starts with the header it quotes. */
export function raw_icmp_error(skb: sk_buff, protocol: number, info: number): void {
  let hash: number;
  let raw_sk: sock;
  let iph: iphdr;
  let net: net;
  const raw_v4_hashinfo = current.host.raw_v4_hashinfo;
  hash = protocol & (RAW_HTABLE_SIZE - 1);
  read_lock(raw_v4_hashinfo.lock);
  raw_sk = sk_head(raw_v4_hashinfo.ht[hash]);
  if (raw_sk !== null) {
    iph = new iphdr(skb.head, skb.data);
    net = dev_net(skb.dev);
    while ((raw_sk = __raw_v4_lookup(net, raw_sk, protocol, iph.daddr, iph.saddr, skb.dev.ifindex)) !== null) {
      raw_err(raw_sk, skb, info);
      raw_sk = sk_next(raw_sk);
      iph = new iphdr(skb.head, skb.data);
    }
  }
  read_unlock(raw_v4_hashinfo.lock);
}

function raw_rcv_skb(sk: sock, skb: sk_buff): number {
  ipv4_pktinfo_prepare(skb);
  if (sock_queue_rcv_skb(sk, skb) < 0) {
    kfree_skb(skb);
    return NET_RX_DROP;
  }
  return NET_RX_SUCCESS;
}
export function raw_rcv(sk: sock, skb: sk_buff): number {
  if (!xfrm4_policy_check(sk, XFRM_POLICY_IN, skb)) {
    atomic_inc(sk.sk_drops);
    kfree_skb(skb);
    return NET_RX_DROP;
  }
  nf_reset(skb);
  skb_push(skb, skb.data - skb_network_header(skb));
  raw_rcv_skb(sk, skb);
  return 0;
}

/** Sends a packet whose IP header the program wrote. `rtp.v` is given away with it. */
function* raw_send_hdrinc(sk: sock, fl4: flowi4, from: iovec[], length: number, rtp: { v: rtable }, flags: number): Gen<number> {
  const inet = inet_sk(sk);
  const net = sock_net(sk);
  let iph: iphdr;
  let skb: sk_buff;
  let iphlen: number;
  const error = { v: 0 };
  let err: number;
  const rt = rtp.v;
  let hlen: number, tlen: number;
  if (length > rt.dst.dev.mtu) {
    ip_local_error(sk, EMSGSIZE, fl4.daddr, inet.inet_dport, rt.dst.dev.mtu);
    return -EMSGSIZE;
  }
  if (flags & MSG_PROBE)
    return 0;
  hlen = LL_RESERVED_SPACE(rt.dst.dev);
  tlen = rt.dst.dev.needed_tailroom;
  skb = yield* sock_alloc_send_skb(sk, length + hlen + tlen + 15, flags & MSG_DONTWAIT, error);
  err = error.v;
  failed: {
    if (skb === null)
      break failed;
    skb_reserve(skb, hlen);
    skb.priority = sk.sk_priority;
    skb.mark = sk.sk_mark;
    skb_dst_set(skb, rt.dst);
    rtp.v = null;
    skb_reset_network_header(skb);
    iph = ip_hdr(skb);
    skb_put(skb, length);
    skb.ip_summed = CHECKSUM_NONE;
    skb.transport_header = skb.network_header;
    error_free: {
      err = -EFAULT;
      if (memcpy_fromiovecend(iph.b, iph.off, from, 0, length))
        break error_free;
      iphlen = iph.ihl * 4;
      err = -EINVAL;
      if (iphlen > length)
        break error_free;
      if (iphlen >= sizeof_iphdr) {
        if (!iph.saddr)
          iph.saddr = fl4.saddr;
        iph.check = 0;
        iph.tot_len = htons(length);
        if (!iph.id)
          ip_select_ident(skb, null);
        iph.check = ip_fast_csum(iph, iph.ihl);
      }
      if (iph.protocol === IPPROTO_ICMP)
        icmp_out_count(net, skb.head[skb_transport_header(skb)]);
      err = NF_HOOK(NFPROTO_IPV4, NF_INET_LOCAL_OUT, skb, null, rt.dst.dev, dst_output);
      if (err > 0)
        err = net_xmit_errno(err);
      if (err)
        break failed;
      return 0;
    }
    kfree_skb(skb);
  }
  IP_INC_STATS(net, IPSTATS_MIB_OUTDISCARDS);
  if (err === -ENOBUFS && !inet.recverr)
    err = 0;
  return err;
}

/** Reads what the route lookup wants to know of the program's own header. */
function raw_probe_proto_opt(fl4: flowi4, msg: msghdr): number {
  let iov: iovec;
  let type: { buf: Uint8Array; at: number } = null;
  let code: { buf: Uint8Array; at: number } = null;
  let probed = 0;
  let i: number;
  if (!msg.msg_iov)
    return 0;
  for (i = 0; i < msg.msg_iovlen; i++) {
    iov = msg.msg_iov[i];
    if (!iov)
      continue;
    switch (fl4.flowi4_proto) {
      case IPPROTO_ICMP:
        if (iov.iov_len < 1)
          break;
        if (!type) {
          type = { buf: iov.iov_buf, at: iov.iov_base };
          if (iov.iov_len > 1)
            code = { buf: iov.iov_buf, at: iov.iov_base + 1 };
        } else if (!code)
          code = { buf: iov.iov_buf, at: iov.iov_base };
        if (type && code) {
          fl4.fl4_icmp_type = type.buf[type.at];
          fl4.fl4_icmp_code = code.buf[code.at];
          probed = 1;
        }
        break;
      default:
        probed = 1;
        break;
    }
    if (probed)
      break;
  }
  return 0;
}

function* raw_sendmsg(_iocb: kiocb, sk: sock, msg: msghdr, len: number): Gen<number> {
  const inet = inet_sk(sk);
  const ipc = new ipcm_cookie();
  const rt: { v: rtable } = { v: null };
  const fl4 = new flowi4();
  let free = 0;
  let daddr: number;
  let saddr: number;
  let tos: number;
  let err: number;
  out: {
    err = -EMSGSIZE;
    if (len > 0xffff)
      break out;
    err = -EOPNOTSUPP;
    if (msg.msg_flags & MSG_OOB)
      break out;
    if (msg.msg_namelen) {
      const usin = msg.msg_name;
      err = -EINVAL;
      if (msg.msg_namelen < sizeof_sockaddr_in)
        break out;
      if (usin.sin_family !== AF_INET) {
        err = -EAFNOSUPPORT;
        if (usin.sin_family)
          break out;
      }
      daddr = usin.sin_addr.s_addr;
    } else {
      err = -EDESTADDRREQ;
      if (sk.sk_state !== TCP_ESTABLISHED)
        break out;
      daddr = inet.inet_daddr;
    }
    ipc.addr = inet.inet_saddr;
    ipc.opt = null;
    ipc.tx_flags = 0;
    ipc.oif = sk.sk_bound_dev_if;
    if (msg.msg_controllen) {
      err = ip_cmsg_send(sock_net(sk), msg, ipc);
      if (err)
        break out;
      if (ipc.opt)
        free = 1;
    }
    saddr = ipc.addr;
    ipc.addr = daddr;
    if (!ipc.opt) {
      let inet_opt: ip_options_rcu;
      rcu_read_lock();
      inet_opt = rcu_dereference(inet.inet_opt);
      if (inet_opt) {
        const opt_copy = new ip_options_rcu();
        ip_options_assign(opt_copy.opt, inet_opt.opt);
        ipc.opt = opt_copy;
      }
      rcu_read_unlock();
    }
    done: {
      if (ipc.opt) {
        err = -EINVAL;
        if (inet.hdrincl)
          break done;
        if (ipc.opt.opt.srr) {
          if (!daddr)
            break done;
          daddr = ipc.opt.opt.faddr;
        }
      }
      tos = RT_CONN_FLAGS(sk);
      if (msg.msg_flags & MSG_DONTROUTE)
        tos |= RTO_ONLINK;
      if (ipv4_is_multicast(daddr)) {
        if (!ipc.oif)
          ipc.oif = inet.mc_index;
        if (!saddr)
          saddr = inet.mc_addr;
      } else if (!ipc.oif)
        ipc.oif = inet.uc_index;
      flowi4_init_output(fl4, ipc.oif, sk.sk_mark, tos, RT_SCOPE_UNIVERSE, inet.hdrincl ? IPPROTO_RAW : sk.sk_protocol,
        inet_sk_flowi_flags(sk) | FLOWI_FLAG_CAN_SLEEP | (inet.hdrincl ? FLOWI_FLAG_KNOWN_NH : 0), daddr, saddr, 0, 0);
      if (!inet.hdrincl) {
        err = raw_probe_proto_opt(fl4, msg);
        if (err)
          break done;
      }
      flowi4_to_flowi(fl4);
      rt.v = ip_route_output_flow(sock_net(sk), fl4, sk);
      if (IS_ERR(rt.v)) {
        err = PTR_ERR(rt.v);
        rt.v = null;
        break done;
      }
      err = -EACCES;
      if (rt.v.rt_flags & RTCF_BROADCAST && !sock_flag(sk, SOCK_BROADCAST))
        break done;
      if (msg.msg_flags & MSG_CONFIRM) {
        dst_confirm(rt.v.dst);
        if (msg.msg_flags & MSG_PROBE && !len) {
          err = 0;
          break done;
        }
      }
      if (inet.hdrincl)
        err = yield* raw_send_hdrinc(sk, fl4, msg.msg_iov, len, rt, msg.msg_flags);
      else {
        if (!ipc.addr)
          ipc.addr = fl4.daddr;
        yield* lock_sock(sk);
        err = yield* ip_append_data(sk, fl4, ip_generic_getfrag, msg.msg_iov, len, 0, ipc, rt, msg.msg_flags);
        if (err)
          ip_flush_pending_frames(sk);
        else if (!(msg.msg_flags & MSG_MORE)) {
          err = ip_push_pending_frames(sk, fl4);
          if (err === -ENOBUFS && !inet.recverr)
            err = 0;
        }
        yield* release_sock(sk);
      }
    }
    if (free)
      ipc.opt = null;
    ip_rt_put(rt.v);
  }
  if (err < 0)
    return err;
  return len;
}

function* raw_close(sk: sock, _timeout: number): Gen<void> {
  ip_ra_control(sk, 0, null);
  sk_common_release(sk);
}
function raw_destroy(sk: sock): void {
  without_waiting(lock_sock(sk));
  ip_flush_pending_frames(sk);
  without_waiting(release_sock(sk));
}

function* raw_bind(sk: sock, uaddr: sockaddr, addr_len: number): Gen<number> {
  const inet = inet_sk(sk);
  const addr = uaddr;
  let ret = -EINVAL;
  let chk_addr_ret: number;
  if (sk.sk_state !== TCP_CLOSE || addr_len < sizeof_sockaddr_in)
    return ret;
  chk_addr_ret = inet_addr_type(sock_net(sk), addr.sin_addr.s_addr);
  ret = -EADDRNOTAVAIL;
  if (addr.sin_addr.s_addr && chk_addr_ret !== RTN_LOCAL && chk_addr_ret !== RTN_MULTICAST && chk_addr_ret !== RTN_BROADCAST)
    return ret;
  inet.inet_rcv_saddr = inet.inet_saddr = addr.sin_addr.s_addr;
  if (chk_addr_ret === RTN_MULTICAST || chk_addr_ret === RTN_BROADCAST)
    inet.inet_saddr = 0;
  sk_dst_reset(sk);
  ret = 0;
  return ret;
}

function* raw_recvmsg(_iocb: kiocb, sk: sock, msg: msghdr, len: number, noblock: number, flags: number, addr_len: { v: number }): Gen<number> {
  const inet = inet_sk(sk);
  let copied = 0;
  let err = -EOPNOTSUPP;
  const error = { v: 0 };
  const sin = msg.msg_name;
  let skb: sk_buff;
  out: {
    if (flags & MSG_OOB)
      break out;
    if (flags & MSG_ERRQUEUE) {
      err = ip_recv_error(sk, msg, len, addr_len);
      break out;
    }
    skb = yield* skb_recv_datagram(sk, flags, noblock, error);
    err = error.v;
    if (!skb)
      break out;
    copied = skb.len;
    if (len < copied) {
      msg.msg_flags |= MSG_TRUNC;
      copied = len;
    }
    done: {
      err = skb_copy_datagram_iovec(skb, 0, msg.msg_iov, copied);
      if (err)
        break done;
      sock_recv_ts_and_drops(msg, sk, skb);
      if (sin) {
        sin.sin_family = AF_INET;
        sin.sin_addr.s_addr = ip_hdr(skb).saddr;
        sin.sin_port = 0;
        addr_len.v = sizeof_sockaddr_in;
      }
      if (inet.cmsg_flags)
        ip_cmsg_recv(msg, skb);
      if (flags & MSG_TRUNC)
        copied = skb.len;
    }
    skb_free_datagram(sk, skb);
  }
  if (err)
    return err;
  return copied;
}

function raw_init(sk: sock): number {
  const rp = raw_sk(sk);
  if (inet_sk(sk).inet_num === IPPROTO_ICMP)
    rp.filter.data = 0;
  return 0;
}
/** `optval` is the filter's word. */
function raw_seticmpfilter(sk: sock, optval: optval_t, _optlen: number): number {
  raw_sk(sk).filter.data = optval as number;
  return 0;
}
function raw_geticmpfilter(sk: sock, optval: { v: any }, optlen: { v: number }): number {
  optlen.v = 4;
  optval.v = raw_sk(sk).filter.data;
  return 0;
}
function do_raw_setsockopt(sk: sock, _level: number, optname: number, optval: optval_t, optlen: number): number {
  if (optname === ICMP_FILTER) {
    if (inet_sk(sk).inet_num !== IPPROTO_ICMP)
      return -EOPNOTSUPP;
    else
      return raw_seticmpfilter(sk, optval, optlen);
  }
  return -ENOPROTOOPT;
}
function* raw_setsockopt(sk: sock, level: number, optname: number, optval: optval_t, optlen: number): Gen<number> {
  if (level !== SOL_RAW)
    return yield* ip_setsockopt(sk, level, optname, optval, optlen);
  return do_raw_setsockopt(sk, level, optname, optval, optlen);
}
function do_raw_getsockopt(sk: sock, _level: number, optname: number, optval: { v: any }, optlen: { v: number }): number {
  if (optname === ICMP_FILTER) {
    if (inet_sk(sk).inet_num !== IPPROTO_ICMP)
      return -EOPNOTSUPP;
    else
      return raw_geticmpfilter(sk, optval, optlen);
  }
  return -ENOPROTOOPT;
}
function* raw_getsockopt(sk: sock, level: number, optname: number, optval: { v: any }, optlen: { v: number }): Gen<number> {
  if (level !== SOL_RAW)
    return yield* ip_getsockopt(sk, level, optname, optval, optlen);
  return do_raw_getsockopt(sk, level, optname, optval, optlen);
}
function* raw_ioctl(sk: sock, cmd: number, arg: { v: number }): Gen<number> {
  switch (cmd) {
    case SIOCOUTQ: {
      const amount = sk_wmem_alloc_get(sk);
      arg.v = amount;
      return 0;
    }
    case SIOCINQ: {
      let skb: sk_buff;
      let amount = 0;
      spin_lock_bh(sk.sk_receive_queue.lock);
      skb = skb_peek(sk.sk_receive_queue);
      if (skb !== null)
        amount = skb.len;
      spin_unlock_bh(sk.sk_receive_queue.lock);
      arg.v = amount;
      return 0;
    }
    default:
      return -ENOIOCTLCMD;
  }
}

export const raw_prot: proto = {
  name: 'RAW',
  close: raw_close,
  connect: ip4_datagram_connect,
  disconnect: udp_disconnect,
  accept: null,
  ioctl: raw_ioctl,
  init: raw_init,
  destroy: raw_destroy,
  shutdown: null,
  setsockopt: raw_setsockopt,
  getsockopt: raw_getsockopt,
  sendmsg: raw_sendmsg,
  recvmsg: raw_recvmsg,
  sendpage: null,
  bind: raw_bind,
  backlog_rcv: raw_rcv_skb,
  release_cb: ip4_datagram_release_cb,
  hash: raw_hash_sk,
  unhash: raw_unhash_sk,
  rehash: null,
  get_port: null,
  clear_sk: null,
  enter_memory_pressure: null,
  memory_allocated: null,
  sockets_allocated: null,
  memory_pressure: null,
  sysctl_mem: null,
  sysctl_wmem: null,
  sysctl_rmem: null,
  max_header: 0,
  no_autobind: false,
  slab_flags: 0,
  orphan_count: null,
  rsk_prot: null,
  twsk_prot: null,
  get h() { return { raw_hash: current.host.raw_v4_hashinfo }; },
  new_sock(): sock { return new raw_sock(); },
};
