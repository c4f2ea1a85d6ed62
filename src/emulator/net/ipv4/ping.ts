/** net/ipv4/ping.c: sockets for ICMP echo without privileges. */
import { current } from '../../include/ports';
import type { Gen, Host } from '../../include/ports';
import type { sk_buff } from '../../include/linux/skbuff.struct';
import type { proto, sock } from '../../include/net/sock.struct';
import type { net } from '../../include/net/net_namespace';
import { dev_net } from '../../include/linux/netdevice';
import type { hlist_head, hlist_node } from '../../include/linux/list';
import { hlist_nulls_add_head_rcu, hlist_nulls_del_rcu, hlist_nulls_head } from '../../include/linux/list';
import { read_lock_bh, read_unlock_bh, rwlock_init, write_lock_bh, write_unlock_bh } from '../../include/linux/spinlock';
import { rcu_dereference, rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import { BUG } from '../../include/asm-generic/bug';
import { IS_ERR, PTR_ERR } from '../../include/linux/err';
import {
  EACCES, EADDRINUSE, EADDRNOTAVAIL, EDESTADDRREQ, EFAULT, EHOSTUNREACH, EINVAL, EMSGSIZE, ENETUNREACH, EOPNOTSUPP, EPROTO, EREMOTEIO,
} from '../../include/uapi/asm-generic/errno';
import { AF_INET, MSG_CONFIRM, MSG_DONTROUTE, MSG_ERRQUEUE, MSG_OOB, MSG_PROBE, MSG_TRUNC, sizeof_sockaddr_in } from '../../include/linux/socket';
import type { msghdr, sockaddr } from '../../include/linux/socket';
import type { kiocb } from '../../include/linux/aio';
import type { iovec } from '../../include/linux/uio';
import { memcpy_fromiovec } from '../../lib/iovec';
import { csum_partial_copy_fromiovecend } from '../core/iovec';
import { csum_fold, csum_partial } from '../../include/net/checksum';
import { memcpy } from '../../include/linux/string';
import { htons, ntohs } from '../../include/linux/types';
import { IP_PMTUDISC_DONT, ipv4_is_multicast } from '../../include/linux/in';
import { CHECKSUM_NONE, kfree_skb, skb_clone, skb_copy_datagram_iovec, skb_free_datagram, skb_peek, skb_push, skb_recv_datagram } from '../../include/linux/skbuff';
import { ip_hdr, iphdr } from '../../include/linux/ip';
import { ICMP_DEST_UNREACH, ICMP_ECHO, ICMP_FRAG_NEEDED, ICMP_PARAMETERPROB, ICMP_REDIRECT, ICMP_SOURCE_QUENCH, ICMP_TIME_EXCEEDED, NR_ICMP_UNREACH, icmp_hdr, icmphdr, sizeof_icmphdr } from '../../include/linux/icmp';
import { icmp_err_convert, icmp_out_count } from './icmp';
import {
  SOCK_BINDADDR_LOCK, SOCK_BINDPORT_LOCK, SOCK_BROADCAST, SOCK_LOCALROUTE, lock_sock, release_sock, sk_common_release, sk_dst_reset, sk_hashed, sk_nulls_node_init, sk_unhashed, sock_flag,
  sock_hold, sock_net, sock_prot_inuse_add, sock_put, sock_queue_rcv_skb, sock_recv_timestamp, sock_tx_timestamp,
} from '../../include/net/sock';
import { inet_sk, inet_sk_flowi_flags, inet_sock, ip_options_rcu } from '../../include/net/inet_sock';
import { flowi4, flowi4_init_output, flowi4_to_flowi } from '../../include/net/flow';
import {
  IP_INC_STATS, ip4_datagram_connect, ip4_datagram_release_cb, ip_append_data, ip_cmsg_recv, ip_cmsg_send, ip_flush_pending_frames, ip_getsockopt, ip_icmp_error, ip_options_assign,
  ip_push_pending_frames, ip_recv_error, ip_setsockopt, ipcm_cookie,
} from '../../include/net/ip';
import { IPSTATS_MIB_OUTNOROUTES } from '../../include/linux/snmp';
import { RTO_ONLINK, inet_addr_type, ip_route_output_flow, ip_rt_put, ipv4_sk_redirect, ipv4_sk_update_pmtu } from '../../include/net/route';
import type { rtable } from '../../include/net/route';
import { RTCF_BROADCAST, RT_TOS } from '../../include/linux/in_route';
import { RTN_BROADCAST, RTN_LOCAL, RTN_MULTICAST, RT_SCOPE_UNIVERSE } from '../../include/linux/rtnetlink';
import { dst_confirm } from '../../include/net/dst';
import { TCP_ESTABLISHED } from '../../include/net/tcp_states';
import { PING_HTABLE_MASK, PING_HTABLE_SIZE, ping_table } from '../../include/net/ping';
import { udp_disconnect } from './udp';
import { net_hash_mix } from '../../include/net/netns/hash';

declare module '../../include/ports' { interface Host { ping_table: ping_table; ping_port_rover: number } }
export function ping_globals(host: Host): void {
  host.ping_table = new ping_table();
  host.ping_port_rover = 0;
}

function ping_hashfn(net: net, num: number, mask: number): number { return (num + net_hash_mix(net)) & mask; }
function ping_hashslot(table: ping_table, net: net, num: number): hlist_head { return table.hash[ping_hashfn(net, num, PING_HTABLE_MASK)]; }

/** Takes identifier `ident`, or a free one when 0; 0, or 1 when it is taken. */
function ping_v4_get_port(sk: sock, ident: number): number {
  let node: hlist_node;
  let hlist: hlist_head;
  const isk = inet_sk(sk);
  const ping_table = current.host.ping_table;
  write_lock_bh(ping_table.lock);
  fail: {
    if (ident === 0) {
      let i: number;
      let result = (current.host.ping_port_rover + 1) & 0xffff;
      next_port: for (i = 0; i < 1 << 16; i++, result = (result + 1) & 0xffff) {
        if (!result)
          result++;
        hlist = ping_hashslot(ping_table, sock_net(sk), result);
        for (node = hlist.first; node !== null; node = node.next) {
          const isk2 = inet_sk(node.owner as sock);
          if (isk2.inet_num === result)
            continue next_port;
        }
        current.host.ping_port_rover = ident = result;
        break;
      }
      if (i >= 1 << 16)
        break fail;
    } else {
      hlist = ping_hashslot(ping_table, sock_net(sk), ident);
      for (node = hlist.first; node !== null; node = node.next) {
        const sk2 = node.owner as sock;
        const isk2 = inet_sk(sk2);
        if (isk2.inet_num === ident && sk2 !== sk && (!sk2.sk_reuse || !sk.sk_reuse))
          break fail;
      }
    }
    isk.inet_num = ident;
    if (sk_unhashed(sk)) {
      sock_hold(sk);
      hlist_nulls_add_head_rcu(sk.sk_nulls_node, hlist);
      sock_prot_inuse_add(sock_net(sk), sk.sk_prot, 1);
    }
    write_unlock_bh(ping_table.lock);
    return 0;
  }
  write_unlock_bh(ping_table.lock);
  return 1;
}
function ping_v4_hash(_sk: sock): void { BUG(); }
function ping_v4_unhash(sk: sock): void {
  const isk = inet_sk(sk);
  const ping_table = current.host.ping_table;
  write_lock_bh(ping_table.lock);
  if (sk_hashed(sk)) {
    hlist_nulls_del_rcu(sk.sk_nulls_node);
    sk_nulls_node_init(sk.sk_nulls_node);
    sock_put(sk);
    isk.inet_num = 0;
    isk.inet_sport = 0;
    sock_prot_inuse_add(sock_net(sk), sk.sk_prot, -1);
  }
  write_unlock_bh(ping_table.lock);
}

function ping_v4_lookup(net: net, _saddr: number, daddr: number, ident: number, dif: number): sock {
  const ping_table = current.host.ping_table;
  const hslot = ping_hashslot(ping_table, net, ident);
  let sk: sock = null;
  let hnode: hlist_node;
  read_lock_bh(ping_table.lock);
  for (hnode = hslot.first; hnode !== null; hnode = hnode.next) {
    const isk = inet_sk(hnode.owner as sock);
    if (isk.inet_num !== ident)
      continue;
    if (isk.inet_rcv_saddr && isk.inet_rcv_saddr !== daddr)
      continue;
    if (isk.sk_bound_dev_if && isk.sk_bound_dev_if !== dif)
      continue;
    sk = isk;
    sock_hold(sk);
    break;
  }
  read_unlock_bh(ping_table.lock);
  return sk;
}

/** Programs run as root here: the range of groups decides for group 0 alone. */
function ping_init_sock(sk: sock): number {
  const net = sock_net(sk);
  const [low, high] = net.ipv4.sysctl_ping_group_range;
  if (low <= 0 && 0 <= high)
    return 0;
  return -EACCES;
}
function* ping_close(sk: sock, _timeout: number): Gen<void> { sk_common_release(sk); }

function* ping_bind(sk: sock, uaddr: sockaddr, addr_len: number): Gen<number> {
  const addr = uaddr;
  const isk = inet_sk(sk);
  let snum: number;
  let chk_addr_ret: number;
  let err: number;
  if (addr_len < sizeof_sockaddr_in)
    return -EINVAL;
  chk_addr_ret = inet_addr_type(sock_net(sk), addr.sin_addr.s_addr);
  if (addr.sin_addr.s_addr === 0)
    chk_addr_ret = RTN_LOCAL;
  if ((isk.freebind === 0 && isk.transparent === 0 && chk_addr_ret !== RTN_LOCAL) || chk_addr_ret === RTN_MULTICAST || chk_addr_ret === RTN_BROADCAST)
    return -EADDRNOTAVAIL;
  yield* lock_sock(sk);
  out: {
    err = -EINVAL;
    if (isk.inet_num !== 0)
      break out;
    err = -EADDRINUSE;
    isk.inet_rcv_saddr = isk.inet_saddr = addr.sin_addr.s_addr;
    snum = ntohs(addr.sin_port);
    if (ping_v4_get_port(sk, snum) !== 0) {
      isk.inet_saddr = isk.inet_rcv_saddr = 0;
      break out;
    }
    err = 0;
    if (isk.inet_rcv_saddr)
      sk.sk_userlocks |= SOCK_BINDADDR_LOCK;
    if (snum)
      sk.sk_userlocks |= SOCK_BINDPORT_LOCK;
    isk.inet_sport = htons(isk.inet_num);
    isk.inet_daddr = 0;
    isk.inet_dport = 0;
    sk_dst_reset(sk);
  }
  yield* release_sock(sk);
  return err;
}

function ping_supported(type: number, code: number): boolean {
  if (type === ICMP_ECHO && code === 0)
    return true;
  return false;
}

/** An ICMP error about an echo request of a ping socket. */
export function ping_err(skb: sk_buff, info: number): void {
  const iph = new iphdr(skb.head, skb.data);
  const icmph = new icmphdr(skb.head, skb.data + (iph.ihl << 2));
  let inet_sock: inet_sock;
  const type = icmp_hdr(skb).type;
  const code = icmp_hdr(skb).code;
  const net = dev_net(skb.dev);
  let sk: sock;
  let harderr: number;
  let err: number;
  if (!ping_supported(icmph.type, icmph.code))
    return;
  sk = ping_v4_lookup(net, iph.daddr, iph.saddr, ntohs(icmph.un.echo.id), skb.dev.ifindex);
  if (sk === null) {
    return;
  }
  err = 0;
  harderr = 0;
  inet_sock = inet_sk(sk);
  out: {
    switch (type) {
      default:
      case ICMP_TIME_EXCEEDED:
        err = EHOSTUNREACH;
        break;
      case ICMP_SOURCE_QUENCH:
        err = EREMOTEIO;
        break;
      case ICMP_PARAMETERPROB:
        err = EPROTO;
        harderr = 1;
        break;
      case ICMP_DEST_UNREACH:
        if (code === ICMP_FRAG_NEEDED) {
          ipv4_sk_update_pmtu(skb, sk, info);
          if (inet_sock.pmtudisc !== IP_PMTUDISC_DONT) {
            err = EMSGSIZE;
            harderr = 1;
            break;
          }
          break out;
        }
        err = EHOSTUNREACH;
        if (code <= NR_ICMP_UNREACH) {
          harderr = icmp_err_convert[code].fatal;
          err = icmp_err_convert[code].errno;
        }
        break;
      case ICMP_REDIRECT:
        ipv4_sk_redirect(skb, sk);
        err = EREMOTEIO;
        break;
    }
    if (!inet_sock.recverr) {
      if (!harderr || sk.sk_state !== TCP_ESTABLISHED)
        break out;
    } else {
      ip_icmp_error(sk, skb, err, 0, info, icmph.off);
    }
    sk.sk_err = err;
    sk.sk_error_report(sk);
  }
  sock_put(sk);
}

class pingfakehdr { icmph: icmphdr = new icmphdr(new Uint8Array(sizeof_icmphdr), 0); iov: iovec[] = null; wcheck: { v: number } = { v: 0 }; }

function ping_getfrag(from: pingfakehdr, to: Uint8Array, to_off: number, offset: number, fraglen: number, _odd: number, _skb: sk_buff): number {
  const pfh = from;
  if (offset === 0) {
    if (fraglen < sizeof_icmphdr)
      BUG();
    if (csum_partial_copy_fromiovecend(to, to_off + sizeof_icmphdr, pfh.iov, 0, fraglen - sizeof_icmphdr, pfh.wcheck))
      return -EFAULT;
    return 0;
  }
  if (offset < sizeof_icmphdr)
    BUG();
  if (csum_partial_copy_fromiovecend(to, to_off, pfh.iov, offset - sizeof_icmphdr, fraglen, pfh.wcheck))
    return -EFAULT;
  return 0;
}

function ping_push_pending_frames(sk: sock, pfh: pingfakehdr, fl4: flowi4): number {
  const skb = skb_peek(sk.sk_write_queue);
  if (!skb)
    return 0;
  pfh.wcheck.v = csum_partial(pfh.icmph.b, 0, sizeof_icmphdr, pfh.wcheck.v);
  pfh.icmph.checksum = csum_fold(pfh.wcheck.v);
  const to = icmp_hdr(skb);
  memcpy(to.b, to.off, pfh.icmph.b, 0, sizeof_icmphdr);
  skb.ip_summed = CHECKSUM_NONE;
  return ip_push_pending_frames(sk, fl4);
}

function* ping_sendmsg(_iocb: kiocb, sk: sock, msg: msghdr, len: number): Gen<number> {
  const net = sock_net(sk);
  const fl4 = new flowi4();
  const inet = inet_sk(sk);
  const ipc = new ipcm_cookie();
  const user_icmph = new icmphdr(new Uint8Array(sizeof_icmphdr), 0);
  const pfh = new pingfakehdr();
  const rt: { v: rtable } = { v: null };
  let free = 0;
  let saddr: number, daddr: number, faddr: number;
  let tos: number;
  let err: number;
  if (len > 0xffff)
    return -EMSGSIZE;
  if (msg.msg_flags & MSG_OOB)
    return -EOPNOTSUPP;
  if (memcpy_fromiovec(user_icmph.b, 0, msg.msg_iov, sizeof_icmphdr))
    return -EFAULT;
  if (!ping_supported(user_icmph.type, user_icmph.code))
    return -EINVAL;
  if (msg.msg_name) {
    const usin = msg.msg_name;
    if (msg.msg_namelen < sizeof_sockaddr_in)
      return -EINVAL;
    if (usin.sin_family !== AF_INET)
      return -EINVAL;
    daddr = usin.sin_addr.s_addr;
  } else {
    if (sk.sk_state !== TCP_ESTABLISHED)
      return -EDESTADDRREQ;
    daddr = inet.inet_daddr;
  }
  ipc.addr = inet.inet_saddr;
  ipc.opt = null;
  ipc.oif = sk.sk_bound_dev_if;
  ipc.tx_flags = 0;
  sock_tx_timestamp(sk, ipc);
  if (msg.msg_controllen) {
    err = ip_cmsg_send(sock_net(sk), msg, ipc);
    if (err)
      return err;
    if (ipc.opt)
      free = 1;
  }
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
  saddr = ipc.addr;
  ipc.addr = faddr = daddr;
  if (ipc.opt && ipc.opt.opt.srr) {
    if (!daddr)
      return -EINVAL;
    faddr = ipc.opt.opt.faddr;
  }
  tos = RT_TOS(inet.tos);
  if (sock_flag(sk, SOCK_LOCALROUTE) || msg.msg_flags & MSG_DONTROUTE || (ipc.opt && ipc.opt.opt.is_strictroute)) {
    tos |= RTO_ONLINK;
  }
  if (ipv4_is_multicast(daddr)) {
    if (!ipc.oif)
      ipc.oif = inet.mc_index;
    if (!saddr)
      saddr = inet.mc_addr;
  } else if (!ipc.oif)
    ipc.oif = inet.uc_index;
  flowi4_init_output(fl4, ipc.oif, sk.sk_mark, tos, RT_SCOPE_UNIVERSE, sk.sk_protocol, inet_sk_flowi_flags(sk), faddr, saddr, 0, 0);
  flowi4_to_flowi(fl4);
  rt.v = ip_route_output_flow(net, fl4, sk);
  out: {
    if (IS_ERR(rt.v)) {
      err = PTR_ERR(rt.v);
      rt.v = null;
      if (err === -ENETUNREACH)
        IP_INC_STATS(net, IPSTATS_MIB_OUTNOROUTES);
      break out;
    }
    err = -EACCES;
    if (rt.v.rt_flags & RTCF_BROADCAST && !sock_flag(sk, SOCK_BROADCAST))
      break out;
    if (msg.msg_flags & MSG_CONFIRM) {
      dst_confirm(rt.v.dst);
      if (msg.msg_flags & MSG_PROBE && !len) {
        err = 0;
        break out;
      }
    }
    if (!ipc.addr)
      ipc.addr = fl4.daddr;
    yield* lock_sock(sk);
    pfh.icmph.type = user_icmph.type;
    pfh.icmph.code = user_icmph.code;
    pfh.icmph.checksum = 0;
    pfh.icmph.un.echo.id = inet.inet_sport;
    pfh.icmph.un.echo.sequence = user_icmph.un.echo.sequence;
    pfh.iov = msg.msg_iov;
    pfh.wcheck.v = 0;
    err = yield* ip_append_data(sk, fl4, ping_getfrag, pfh, len, 0, ipc, rt, msg.msg_flags);
    if (err)
      ip_flush_pending_frames(sk);
    else
      err = ping_push_pending_frames(sk, pfh, fl4);
    yield* release_sock(sk);
  }
  ip_rt_put(rt.v);
  if (free)
    ipc.opt = null;
  if (!err) {
    icmp_out_count(sock_net(sk), user_icmph.type);
    return len;
  }
  return err;
}

function* ping_recvmsg(_iocb: kiocb, sk: sock, msg: msghdr, len: number, noblock: number, flags: number, addr_len: { v: number }): Gen<number> {
  const isk = inet_sk(sk);
  let skb: sk_buff;
  let copied: number, err: number;
  const error = { v: 0 };
  err = -EOPNOTSUPP;
  if (flags & MSG_OOB)
    return err;
  if (flags & MSG_ERRQUEUE)
    return ip_recv_error(sk, msg, len, addr_len);
  skb = yield* skb_recv_datagram(sk, flags, noblock, error);
  if (!skb)
    return error.v;
  copied = skb.len;
  if (copied > len) {
    msg.msg_flags |= MSG_TRUNC;
    copied = len;
  }
  done: {
    err = skb_copy_datagram_iovec(skb, 0, msg.msg_iov, copied);
    if (err)
      break done;
    sock_recv_timestamp(msg, sk, skb);
    if (msg.msg_name) {
      const sin = msg.msg_name;
      sin.sin_family = AF_INET;
      sin.sin_port = 0;
      sin.sin_addr.s_addr = ip_hdr(skb).saddr;
      addr_len.v = sizeof_sockaddr_in;
    }
    if (isk.cmsg_flags)
      ip_cmsg_recv(msg, skb);
    err = copied;
  }
  skb_free_datagram(sk, skb);
  return err;
}

function ping_queue_rcv_skb(sk: sock, skb: sk_buff): number {
  if (sock_queue_rcv_skb(sk, skb) < 0) {
    kfree_skb(skb);
    return -1;
  }
  return 0;
}

/** An echo reply has come in; icmp_rcv() frees it. */
export function ping_rcv(skb: sk_buff): void {
  let sk: sock;
  const net = dev_net(skb.dev);
  const iph = ip_hdr(skb);
  const icmph = icmp_hdr(skb);
  const saddr = iph.saddr;
  const daddr = iph.daddr;
  skb_push(skb, skb.data - icmph.off);
  sk = ping_v4_lookup(net, saddr, daddr, ntohs(icmph.un.echo.id), skb.dev.ifindex);
  if (sk !== null) {
    const skb2 = skb_clone(skb, GFP_ATOMIC);
    if (skb2)
      ping_queue_rcv_skb(sk, skb2);
    sock_put(sk);
    return;
  }
}

export const ping_prot: proto = {
  name: 'PING',
  close: ping_close,
  connect: ip4_datagram_connect,
  disconnect: udp_disconnect,
  accept: null,
  ioctl: null,
  init: ping_init_sock,
  destroy: null,
  shutdown: null,
  setsockopt: ip_setsockopt,
  getsockopt: ip_getsockopt,
  sendmsg: ping_sendmsg,
  recvmsg: ping_recvmsg,
  sendpage: null,
  bind: ping_bind,
  backlog_rcv: ping_queue_rcv_skb,
  release_cb: ip4_datagram_release_cb,
  hash: ping_v4_hash,
  unhash: ping_v4_unhash,
  rehash: null,
  get_port: ping_v4_get_port,
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
  get h() { return {}; },
  new_sock(): sock { return new inet_sock(); },
};

export function ping_init(): void {
  let i: number;
  const ping_table = current.host.ping_table;
  for (i = 0; i < PING_HTABLE_SIZE; i++)
    ping_table.hash[i] = new hlist_nulls_head();
  rwlock_init(ping_table.lock);
}
