/** net/ipv4/udp.c: the User Datagram Protocol (RFC 768). */
import { current } from '../../include/ports';
import type { Gen, Host } from '../../include/ports';
import type { sk_buff } from '../../include/linux/skbuff.struct';
import { sk_buff_head } from '../../include/linux/skbuff.struct';
import type { proto, sock } from '../../include/net/sock.struct';
import type { net } from '../../include/net/net_namespace';
import { dev_net } from '../../include/linux/netdevice';
import { net_eq } from '../../include/net/net_namespace';
import type { hlist_node } from '../../include/linux/list';
import { hlist_nulls_add_head_rcu, hlist_nulls_del_init_rcu } from '../../include/linux/list';
import { spin_lock, spin_lock_bh, spin_lock_init, spin_unlock, spin_unlock_bh } from '../../include/linux/spinlock';
import { rcu_access_pointer, rcu_dereference, rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { atomic_inc, atomic_inc_not_zero, atomic_long_t } from '../../include/linux/atomic';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import { likely, unlikely } from '../../include/linux/compiler';
import { DIV_ROUND_UP, max } from '../../include/linux/kernel';
import { test_bit } from '../../include/linux/bitops';
import { IS_ERR, IS_ERR_OR_NULL, PTR_ERR, ERR_PTR } from '../../include/linux/err';
import {
  EACCES, EAFNOSUPPORT, EDESTADDRREQ, EHOSTUNREACH, EINVAL, EMSGSIZE, ENETUNREACH, ENOBUFS, ENOIOCTLCMD, ENOMEM, ENOPROTOOPT, EOPNOTSUPP, EPROTO,
} from '../../include/uapi/asm-generic/errno';
import { AF_INET, AF_UNSPEC, MSG_CONFIRM, MSG_DONTROUTE, MSG_DONTWAIT, MSG_ERRQUEUE, MSG_MORE, MSG_OOB, MSG_PROBE, MSG_SENDPAGE_NOTLAST, MSG_TRUNC, PF_INET, SOL_UDP, msghdr, sizeof_sockaddr_in } from '../../include/linux/socket';
import { SOCK_NOSPACE } from '../../include/linux/net';
import type { optval_t, socket } from '../../include/linux/net';
import type { kiocb } from '../../include/linux/aio';
import type { file } from '../../include/linux/fs';
import { O_NONBLOCK } from '../../include/linux/fcntl';
import { POLLIN, POLLRDNORM } from '../../include/linux/poll';
import type { poll_table } from '../../include/linux/poll';
import type { page } from '../../include/linux/mm';
import { INADDR_ANY, IPPROTO_UDP, IPPROTO_UDPLITE, IP_PMTUDISC_DONT, ipv4_is_multicast } from '../../include/linux/in';
import { cond_resched } from '../../include/linux/sched';
import { htonl, htons, ntohs } from '../../include/linux/types';
import { jhash_1word } from '../../include/linux/jhash';
import { net_random } from '../../include/linux/random';
import {
  CHECKSUM_COMPLETE, CHECKSUM_NONE, CHECKSUM_PARTIAL, CHECKSUM_UNNECESSARY, SKB_GSO_DODGY, SKB_GSO_GRE, SKB_GSO_UDP, SKB_GSO_UDP_TUNNEL, __skb_queue_head_init, __skb_queue_purge,
  __skb_queue_tail, __skb_recv_datagram, __skb_unlink, kfree_skb, nf_reset, pskb_may_pull, pskb_trim_rcsum, skb_checksum, skb_checksum_start_offset, skb_clone,
  skb_copy_and_csum_datagram_iovec, skb_copy_datagram_iovec, skb_csum_unnecessary, skb_dst, skb_free_datagram_locked, skb_has_frags, skb_kill_datagram, skb_peek, skb_queue_empty, skb_rtable,
  skb_segment, skb_shinfo, skb_transport_header, skb_transport_offset, datagram_poll,
} from '../../include/linux/skbuff';
import { CSUM_MANGLED_0, csum_add, csum_fold, csum_tcpudp_magic, csum_tcpudp_nofold } from '../../include/net/checksum';
import {
  RCV_SHUTDOWN, SK_MEM_QUANTUM, SOCK_BINDADDR_LOCK, SOCK_BINDPORT_LOCK, SOCK_BROADCAST, SOCK_LOCALROUTE, bh_lock_sock, bh_unlock_sock, lock_sock, lock_sock_fast, release_sock,
  sk_add_backlog, sk_dst_check, sk_dst_reset, sk_dst_set, sk_hashed, sk_mem_reclaim_partial, sk_nulls_add_node_rcu, sk_nulls_del_node_init_rcu, sk_nulls_head, sk_nulls_next,
  sk_prot_clear_portaddr_nulls, sk_rcvqueues_full, sk_unhashed, sk_wmem_alloc_get, skb_steal_sock, sock_flag, sock_hold, sock_i_uid, sock_net, sock_no_sendpage, sock_owned_by_user,
  sock_prot_inuse_add, sock_put, sock_queue_rcv_skb, sock_recv_ts_and_drops, sock_rps_reset_rxhash, sock_rps_save_rxhash, sock_tx_timestamp, unlock_sock_fast,
} from '../../include/net/sock';
import { without_waiting } from '../core/sock';
import { inet_ehashfn, inet_sk, inet_sk_flowi_flags, ip_options_rcu } from '../../include/net/inet_sock';
import type { inet_sock } from '../../include/net/inet_sock';
import { flowi4, flowi4_init_output, flowi4_to_flowi, FLOWI_FLAG_CAN_SLEEP } from '../../include/net/flow';
import { IPSTATS_MIB_OUTNOROUTES, UDP_MIB_CSUMERRORS, UDP_MIB_INDATAGRAMS, UDP_MIB_INERRORS, UDP_MIB_NOPORTS, UDP_MIB_OUTDATAGRAMS, UDP_MIB_RCVBUFERRORS, UDP_MIB_SNDBUFERRORS, ICMP_MIB_INERRORS } from '../../include/linux/snmp';
import {
  IP_INC_STATS, inet_get_local_port_range, inet_is_reserved_local_port, inet_reset_saddr, ip_append_data, ip_cmsg_recv, ip_cmsg_send, ip_finish_skb, ip_flush_pending_frames, ip_generic_getfrag,
  ip_icmp_error, ip_make_skb, ip_options_assign, ip_recv_error, ip_send_skb, ip_setsockopt, ip_getsockopt, ipcm_cookie, ipv4_pktinfo_prepare, ip_append_page, ip4_datagram_connect, ip4_datagram_release_cb,
} from '../../include/net/ip';
import { RTO_ONLINK, inet_iif, ip_route_output_flow, ip_rt_put, ipv4_sk_redirect, ipv4_sk_update_pmtu } from '../../include/net/route';
import type { rtable } from '../../include/net/route';
import { RT_TOS, RTCF_BROADCAST, RTCF_MULTICAST } from '../../include/linux/in_route';
import { RT_SCOPE_UNIVERSE } from '../../include/linux/rtnetlink';
import { dst_clone, dst_confirm } from '../../include/net/dst';
import { xfrm4_policy_check, XFRM_POLICY_IN } from '../../include/net/xfrm';
import { ip_hdr, iphdr } from '../../include/linux/ip';
import { ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, ICMP_PARAMETERPROB, ICMP_PORT_UNREACH, ICMP_REDIRECT, ICMP_SOURCE_QUENCH, ICMP_TIME_EXCEEDED, NR_ICMP_UNREACH, icmp_hdr } from '../../include/linux/icmp';
import { ICMP_INC_STATS_BH, icmp_err_convert, icmp_send } from '../../include/net/icmp';
import { ip_mc_sf_allow } from '../../include/linux/igmp';
import { TCP_CLOSE, TCP_ESTABLISHED } from '../../include/net/tcp_states';
import { NETIF_F_GSO_ROBUST } from '../../include/linux/netdev_features';
import { skb_gso_ok } from '../../include/linux/netdevice';
import {
  IS_UDPLITE, UDPLITE_RECV_CC, UDP_CORK, UDP_ENCAP, UDP_HTABLE_SIZE_MIN, offsetof_udphdr_check, sizeof_udphdr, udp_hashfn, udp_hdr, udp_sk, udp_sock, udphdr,
} from '../../include/linux/udp';
import {
  UDP_CSUM_NOXMIT, UDP_INC_STATS_BH, UDP_INC_STATS_USER, UDP_SKB_CB, udp_csum, udp_hashslot, udp_hashslot2, udp_hslot, udp_lib_checksum_complete, udp_lib_close, udp_lib_hash, udp_table,
} from '../../include/net/udp';

declare module '../../include/ports' {
  interface Host { udp_table: udp_table; sysctl_udp_mem: number[]; sysctl_udp_rmem_min: number[]; sysctl_udp_wmem_min: number[]; udp_memory_allocated: atomic_long_t }
}
export function udp_globals(host: Host): void {
  host.udp_table = new udp_table();
  host.sysctl_udp_mem = [0, 0, 0];
  host.sysctl_udp_rmem_min = [SK_MEM_QUANTUM];
  host.sysctl_udp_wmem_min = [SK_MEM_QUANTUM];
  host.udp_memory_allocated = new atomic_long_t();
}

const MAX_UDP_PORTS = 65536;
type saddr_cmp = (sk1: sock, sk2: sock) => boolean;

/** Is `num` taken on this chain by a socket that clashes with `sk`? With a bitmap: marks every port taken there. */
function udp_lib_lport_inuse(net: net, num: number, hslot: udp_hslot, bitmap: Uint8Array, sk: sock, saddr_comp: saddr_cmp, log: number): boolean {
  let node: hlist_node;
  const uid = sock_i_uid(sk);
  for (node = hslot.head.first; node !== null; node = node.next) {
    const sk2 = node.owner as sock;
    if (net_eq(sock_net(sk2), net) && sk2 !== sk && (bitmap || udp_sk(sk2).udp_port_hash === num) && (!sk2.sk_reuse || !sk.sk_reuse) &&
        (!sk2.sk_bound_dev_if || !sk.sk_bound_dev_if || sk2.sk_bound_dev_if === sk.sk_bound_dev_if) &&
        (!sk2.sk_reuseport || !sk.sk_reuseport || uid !== sock_i_uid(sk2)) && saddr_comp(sk, sk2)) {
      if (bitmap)
        bitmap[udp_sk(sk2).udp_port_hash >> log] = 1;
      else
        return true;
    }
  }
  return false;
}

function udp_lib_lport_inuse2(net: net, num: number, hslot2: udp_hslot, sk: sock, saddr_comp: saddr_cmp): boolean {
  let node: hlist_node;
  const uid = sock_i_uid(sk);
  let res = false;
  spin_lock(hslot2.lock);
  for (node = hslot2.head.first; node !== null; node = node.next) {
    const sk2 = node.owner as sock;
    if (net_eq(sock_net(sk2), net) && sk2 !== sk && udp_sk(sk2).udp_port_hash === num && (!sk2.sk_reuse || !sk.sk_reuse) &&
        (!sk2.sk_bound_dev_if || !sk.sk_bound_dev_if || sk2.sk_bound_dev_if === sk.sk_bound_dev_if) &&
        (!sk2.sk_reuseport || !sk.sk_reuseport || uid !== sock_i_uid(sk2)) && saddr_comp(sk, sk2)) {
      res = true;
      break;
    }
  }
  spin_unlock(hslot2.lock);
  return res;
}

/** Binds `sk` to port `snum`, or to a free one when 0; 0, or 1 when there is none. */
export function udp_lib_get_port(sk: sock, snum: number, saddr_comp: saddr_cmp, hash2_nulladdr: number): number {
  let hslot: udp_hslot, hslot2: udp_hslot;
  const udptable = sk.sk_prot.h.udp_table;
  let error = 1;
  const net = sock_net(sk);
  fail: {
    fail_unlock: {
      found: {
        if (!snum) {
          let remaining: number;
          const low = { v: 0 }, high = { v: 0 };
          let rand: number;
          let first: number, last: number;
          const bitmap = new Uint8Array(MAX_UDP_PORTS / UDP_HTABLE_SIZE_MIN);
          inet_get_local_port_range(low, high);
          remaining = high.v - low.v + 1;
          rand = net_random() >>> 0;
          first = Math.floor((rand * remaining) / 0x100000000) + low.v;
          rand = Math.imul(rand | 1, udptable.mask + 1);
          last = (first + udptable.mask + 1) & 0xffff;
          do {
            hslot = udp_hashslot(udptable, net, first);
            bitmap.fill(0);
            spin_lock_bh(hslot.lock);
            udp_lib_lport_inuse(net, snum, hslot, bitmap, sk, saddr_comp, udptable.log);
            snum = first;
            do {
              if (low.v <= snum && snum <= high.v && !bitmap[snum >> udptable.log] && !inet_is_reserved_local_port(snum))
                break found;
              snum = (snum + rand) & 0xffff;
            } while (snum !== first);
            spin_unlock_bh(hslot.lock);
            first = (first + 1) & 0xffff;
          } while (first !== last);
          break fail;
        } else {
          hslot = udp_hashslot(udptable, net, snum);
          spin_lock_bh(hslot.lock);
          if (hslot.count > 10) {
            let exist: boolean;
            let slot2 = udp_sk(sk).udp_portaddr_hash ^ snum;
            slot2 &= udptable.mask;
            hash2_nulladdr &= udptable.mask;
            hslot2 = udp_hashslot2(udptable, slot2);
            if (hslot.count >= hslot2.count) {
              exist = udp_lib_lport_inuse2(net, snum, hslot2, sk, saddr_comp);
              if (!exist && hash2_nulladdr !== slot2) {
                hslot2 = udp_hashslot2(udptable, hash2_nulladdr);
                exist = udp_lib_lport_inuse2(net, snum, hslot2, sk, saddr_comp);
              }
              if (exist)
                break fail_unlock;
              else
                break found;
            }
          }
          if (udp_lib_lport_inuse(net, snum, hslot, null, sk, saddr_comp, 0))
            break fail_unlock;
        }
      }
      inet_sk(sk).inet_num = snum;
      udp_sk(sk).udp_port_hash = snum;
      udp_sk(sk).udp_portaddr_hash ^= snum;
      if (sk_unhashed(sk)) {
        sk_nulls_add_node_rcu(sk, hslot.head);
        hslot.count++;
        sock_prot_inuse_add(sock_net(sk), sk.sk_prot, 1);
        hslot2 = udp_hashslot2(udptable, udp_sk(sk).udp_portaddr_hash);
        spin_lock(hslot2.lock);
        hlist_nulls_add_head_rcu(udp_sk(sk).udp_portaddr_node, hslot2.head);
        hslot2.count++;
        spin_unlock(hslot2.lock);
      }
      error = 0;
    }
    spin_unlock_bh(hslot.lock);
  }
  return error;
}

function ipv4_rcv_saddr_equal(sk1: sock, sk2: sock): boolean {
  const inet1 = inet_sk(sk1), inet2 = inet_sk(sk2);
  return !inet1.inet_rcv_saddr || !inet2.inet_rcv_saddr || inet1.inet_rcv_saddr === inet2.inet_rcv_saddr;
}

function net_hash_mix_of(_net: net): number { return 0; }
function udp4_portaddr_hash(net: net, saddr: number, port: number): number {
  return (jhash_1word(saddr, net_hash_mix_of(net)) ^ port) & 0xffff;
}

export function udp_v4_get_port(sk: sock, snum: number): number {
  const hash2_nulladdr = udp4_portaddr_hash(sock_net(sk), htonl(INADDR_ANY), snum);
  const hash2_partial = udp4_portaddr_hash(sock_net(sk), inet_sk(sk).inet_rcv_saddr, 0);
  udp_sk(sk).udp_portaddr_hash = hash2_partial;
  return udp_lib_get_port(sk, snum, ipv4_rcv_saddr_equal, hash2_nulladdr);
}

/** How well a socket fits a packet; -1 for not at all. */
function compute_score(sk: sock, net: net, saddr: number, hnum: number, sport: number, daddr: number, _dport: number, dif: number): number {
  let score = -1;
  if (net_eq(sock_net(sk), net) && udp_sk(sk).udp_port_hash === hnum) {
    const inet = inet_sk(sk);
    score = sk.sk_family === PF_INET ? 2 : 1;
    if (inet.inet_rcv_saddr) {
      if (inet.inet_rcv_saddr !== daddr)
        return -1;
      score += 4;
    }
    if (inet.inet_daddr) {
      if (inet.inet_daddr !== saddr)
        return -1;
      score += 4;
    }
    if (inet.inet_dport) {
      if (inet.inet_dport !== sport)
        return -1;
      score += 4;
    }
    if (sk.sk_bound_dev_if) {
      if (sk.sk_bound_dev_if !== dif)
        return -1;
      score += 4;
    }
  }
  return score;
}

function compute_score2(sk: sock, net: net, saddr: number, sport: number, daddr: number, hnum: number, dif: number): number {
  let score = -1;
  if (net_eq(sock_net(sk), net)) {
    const inet = inet_sk(sk);
    if (inet.inet_rcv_saddr !== daddr)
      return -1;
    if (inet.inet_num !== hnum)
      return -1;
    score = sk.sk_family === PF_INET ? 2 : 1;
    if (inet.inet_daddr) {
      if (inet.inet_daddr !== saddr)
        return -1;
      score += 4;
    }
    if (inet.inet_dport) {
      if (inet.inet_dport !== sport)
        return -1;
      score += 4;
    }
    if (sk.sk_bound_dev_if) {
      if (sk.sk_bound_dev_if !== dif)
        return -1;
      score += 4;
    }
  }
  return score;
}

function next_pseudo_random32(seed: number): number { return (Math.imul(seed, 1664525) + 1013904223) >>> 0; }

function udp4_lib_lookup2(net: net, saddr: number, sport: number, daddr: number, hnum: number, dif: number, hslot2: udp_hslot, _slot2: number): sock {
  let result: sock;
  let node: hlist_node;
  let score: number, badness: number, matches = 0, reuseport = 0;
  let hash = 0;
  for (;;) {
    result = null;
    badness = 0;
    for (node = hslot2.head.first; node !== null; node = node.next) {
      const sk = node.owner as sock;
      score = compute_score2(sk, net, saddr, sport, daddr, hnum, dif);
      if (score > badness) {
        result = sk;
        badness = score;
        reuseport = sk.sk_reuseport;
        if (reuseport) {
          hash = inet_ehashfn(net, daddr, hnum, saddr, htons(sport));
          matches = 1;
        }
      } else if (score === badness && reuseport) {
        matches++;
        if (Math.floor((hash * matches) / 0x100000000) === 0)
          result = sk;
        hash = next_pseudo_random32(hash);
      }
    }
    if (result) {
      if (unlikely(!atomic_inc_not_zero(result.sk_refcnt)))
        result = null;
      else if (unlikely(compute_score2(result, net, saddr, sport, daddr, hnum, dif) < badness)) {
        sock_put(result);
        continue;
      }
    }
    return result;
  }
}

/** The socket that gets a packet, with a reference; null when nobody does. */
export function __udp4_lib_lookup(net: net, saddr: number, sport: number, daddr: number, dport: number, dif: number, udptable: udp_table): sock {
  let result: sock;
  let node: hlist_node;
  const hnum = ntohs(dport);
  let hash2: number, slot2: number;
  const slot = udp_hashfn(net, hnum, udptable.mask);
  let hslot2: udp_hslot;
  const hslot = udptable.hash[slot];
  let score: number, badness: number, matches = 0, reuseport = 0;
  let hash = 0;
  rcu_read_lock();
  begin: {
    if (hslot.count > 10) {
      hash2 = udp4_portaddr_hash(net, daddr, hnum);
      slot2 = hash2 & udptable.mask;
      hslot2 = udptable.hash2[slot2];
      if (hslot.count < hslot2.count)
        break begin;
      result = udp4_lib_lookup2(net, saddr, sport, daddr, hnum, dif, hslot2, slot2);
      if (!result) {
        hash2 = udp4_portaddr_hash(net, htonl(INADDR_ANY), hnum);
        slot2 = hash2 & udptable.mask;
        hslot2 = udptable.hash2[slot2];
        if (hslot.count < hslot2.count)
          break begin;
        result = udp4_lib_lookup2(net, saddr, sport, htonl(INADDR_ANY), hnum, dif, hslot2, slot2);
      }
      rcu_read_unlock();
      return result;
    }
  }
  for (;;) {
    result = null;
    badness = 0;
    for (node = hslot.head.first; node !== null; node = node.next) {
      const sk = node.owner as sock;
      score = compute_score(sk, net, saddr, hnum, sport, daddr, dport, dif);
      if (score > badness) {
        result = sk;
        badness = score;
        reuseport = sk.sk_reuseport;
        if (reuseport) {
          hash = inet_ehashfn(net, daddr, hnum, saddr, htons(sport));
          matches = 1;
        }
      } else if (score === badness && reuseport) {
        matches++;
        if (Math.floor((hash * matches) / 0x100000000) === 0)
          result = sk;
        hash = next_pseudo_random32(hash);
      }
    }
    if (result) {
      if (unlikely(!atomic_inc_not_zero(result.sk_refcnt)))
        result = null;
      else if (unlikely(compute_score(result, net, saddr, hnum, sport, daddr, dport, dif) < badness)) {
        sock_put(result);
        continue;
      }
    }
    break;
  }
  rcu_read_unlock();
  return result;
}

function __udp4_lib_lookup_skb(skb: sk_buff, sport: number, dport: number, udptable: udp_table): sock {
  let sk: sock;
  const iph = ip_hdr(skb);
  if (unlikely((sk = skb_steal_sock(skb))))
    return sk;
  else
    return __udp4_lib_lookup(dev_net(skb_dst(skb).dev), iph.saddr, sport, iph.daddr, dport, inet_iif(skb), udptable);
}
export function udp4_lib_lookup(net: net, saddr: number, sport: number, daddr: number, dport: number, dif: number): sock {
  return __udp4_lib_lookup(net, saddr, sport, daddr, dport, dif, current.host.udp_table);
}

/** The next socket from `sk` on that wants this multicast or broadcast. */
function udp_v4_mcast_next(net: net, sk: sock, loc_port: number, loc_addr: number, rmt_port: number, rmt_addr: number, dif: number): sock {
  let s = sk;
  const hnum = ntohs(loc_port);
  found: {
    for (; s; s = sk_nulls_next_of(s)) {
      const inet = inet_sk(s);
      if (!net_eq(sock_net(s), net) || udp_sk(s).udp_port_hash !== hnum || (inet.inet_daddr && inet.inet_daddr !== rmt_addr) || (inet.inet_dport !== rmt_port && inet.inet_dport) ||
          (inet.inet_rcv_saddr && inet.inet_rcv_saddr !== loc_addr) || (s.sk_bound_dev_if && s.sk_bound_dev_if !== dif))
        continue;
      if (!ip_mc_sf_allow(s, loc_addr, rmt_addr, dif))
        continue;
      break found;
    }
    s = null;
  }
  return s;
}
function sk_nulls_next_of(s: sock): sock { return s.sk_node.next ? (s.sk_node.next.owner as sock) : null; }

/** An ICMP error about a datagram of ours: `skb` starts with the header it quotes. */
export function __udp4_lib_err(skb: sk_buff, info: number, udptable: udp_table): void {
  let inet: inet_sock;
  const iph = new iphdr(skb.head, skb.data);
  const uh = new udphdr(skb.head, skb.data + (iph.ihl << 2));
  const type = icmp_hdr(skb).type;
  const code = icmp_hdr(skb).code;
  let sk: sock;
  let harderr: number;
  let err: number;
  const net = dev_net(skb.dev);
  sk = __udp4_lib_lookup(net, iph.daddr, uh.dest, iph.saddr, uh.source, skb.dev.ifindex, udptable);
  if (sk === null) {
    ICMP_INC_STATS_BH(net, ICMP_MIB_INERRORS);
    return;
  }
  err = 0;
  harderr = 0;
  inet = inet_sk(sk);
  out: {
    switch (type) {
      default:
      case ICMP_TIME_EXCEEDED:
        err = EHOSTUNREACH;
        break;
      case ICMP_SOURCE_QUENCH:
        break out;
      case ICMP_PARAMETERPROB:
        err = EPROTO;
        harderr = 1;
        break;
      case ICMP_DEST_UNREACH:
        if (code === ICMP_FRAG_NEEDED) {
          ipv4_sk_update_pmtu(skb, sk, info);
          if (inet.pmtudisc !== IP_PMTUDISC_DONT) {
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
        break;
    }
    if (!inet.recverr) {
      if (!harderr || sk.sk_state !== TCP_ESTABLISHED)
        break out;
    } else
      ip_icmp_error(sk, skb, err, uh.dest, info, uh.off + sizeof_udphdr);
    sk.sk_err = err;
    sk.sk_error_report(sk);
  }
  sock_put(sk);
}
export function udp_err(skb: sk_buff, info: number): void { __udp4_lib_err(skb, info, current.host.udp_table); }

export function udp_flush_pending_frames(sk: sock): void {
  const up = udp_sk(sk);
  if (up.pending) {
    up.len = 0;
    up.pending = 0;
    ip_flush_pending_frames(sk);
  }
}

/** Leaves the checksum to the device, or computes it when the datagram is in several buffers. */
function udp4_hwcsum(skb: sk_buff, src: number, dst: number): void {
  const uh = udp_hdr(skb);
  let frags = skb_shinfo(skb).frag_list;
  const offset = skb_transport_offset(skb);
  const len = skb.len - offset;
  let hlen = len;
  let csum = 0;
  if (!frags) {
    skb.csum_start = skb_transport_header(skb);
    skb.csum_offset = offsetof_udphdr_check;
    uh.check = ~csum_tcpudp_magic(src, dst, len, IPPROTO_UDP, 0);
  } else {
    do {
      csum = csum_add(csum, frags.csum);
      hlen -= frags.len;
    } while ((frags = frags.next));
    csum = skb_checksum(skb, offset, hlen, csum);
    skb.ip_summed = CHECKSUM_NONE;
    uh.check = csum_tcpudp_magic(src, dst, len, IPPROTO_UDP, csum);
    if (uh.check === 0)
      uh.check = CSUM_MANGLED_0;
  }
}

function udp_send_skb(skb: sk_buff, fl4: flowi4): number {
  const sk = skb.sk;
  const inet = inet_sk(sk);
  let uh: udphdr;
  let err = 0;
  const is_udplite = IS_UDPLITE(sk);
  const offset = skb_transport_offset(skb);
  const len = skb.len - offset;
  let csum = 0;
  uh = udp_hdr(skb);
  uh.source = inet.inet_sport;
  uh.dest = fl4.fl4_dport;
  uh.len = htons(len);
  uh.check = 0;
  send: {
    if (sk.sk_no_check === UDP_CSUM_NOXMIT && !skb_has_frags(skb)) {
      skb.ip_summed = CHECKSUM_NONE;
      break send;
    } else if (skb.ip_summed === CHECKSUM_PARTIAL) {
      udp4_hwcsum(skb, fl4.saddr, fl4.daddr);
      break send;
    } else
      csum = udp_csum(skb);
    uh.check = csum_tcpudp_magic(fl4.saddr, fl4.daddr, len, sk.sk_protocol, csum);
    if (uh.check === 0)
      uh.check = CSUM_MANGLED_0;
  }
  err = ip_send_skb(sock_net(sk), skb);
  if (err) {
    if (err === -ENOBUFS && !inet.recverr) {
      UDP_INC_STATS_USER(sock_net(sk), UDP_MIB_SNDBUFERRORS, is_udplite);
      err = 0;
    }
  } else
    UDP_INC_STATS_USER(sock_net(sk), UDP_MIB_OUTDATAGRAMS, is_udplite);
  return err;
}

/** Sends what is corked. */
export function udp_push_pending_frames(sk: sock): number {
  const up = udp_sk(sk);
  const inet = inet_sk(sk);
  const fl4 = inet.cork.fl.u.ip4;
  let skb: sk_buff;
  let err = 0;
  skb = ip_finish_skb(sk, fl4);
  if (skb)
    err = udp_send_skb(skb, fl4);
  up.len = 0;
  up.pending = 0;
  return err;
}

export function* udp_sendmsg(_iocb: kiocb, sk: sock, msg: msghdr, len: number): Gen<number> {
  const inet = inet_sk(sk);
  const up = udp_sk(sk);
  const fl4_stack = new flowi4();
  let fl4: flowi4;
  let ulen = len;
  const ipc = new ipcm_cookie();
  const rt: { v: rtable } = { v: null };
  let free = 0;
  let connected = 0;
  let daddr: number, faddr: number, saddr: number;
  let dport: number;
  let tos: number;
  let err: number;
  const is_udplite = IS_UDPLITE(sk);
  const corkreq = up.corkflag || msg.msg_flags & MSG_MORE;
  let getfrag: typeof ip_generic_getfrag;
  let skb: sk_buff;
  if (len > 0xffff)
    return -EMSGSIZE;
  if (msg.msg_flags & MSG_OOB)
    return -EOPNOTSUPP;
  ipc.opt = null;
  ipc.tx_flags = 0;
  getfrag = ip_generic_getfrag;
  fl4 = inet.cork.fl.u.ip4;
  out: {
    do_append_data: {
      if (up.pending) {
        yield* lock_sock(sk);
        if (likely(up.pending)) {
          if (unlikely(up.pending !== AF_INET)) {
            yield* release_sock(sk);
            return -EINVAL;
          }
          break do_append_data;
        }
        yield* release_sock(sk);
      }
      ulen += sizeof_udphdr;
      if (msg.msg_name) {
        const usin = msg.msg_name;
        if (msg.msg_namelen < sizeof_sockaddr_in)
          return -EINVAL;
        if (usin.sin_family !== AF_INET) {
          if (usin.sin_family !== AF_UNSPEC)
            return -EAFNOSUPPORT;
        }
        daddr = usin.sin_addr.s_addr;
        dport = usin.sin_port;
        if (dport === 0)
          return -EINVAL;
      } else {
        if (sk.sk_state !== TCP_ESTABLISHED)
          return -EDESTADDRREQ;
        daddr = inet.inet_daddr;
        dport = inet.inet_dport;
        connected = 1;
      }
      ipc.addr = inet.inet_saddr;
      ipc.oif = sk.sk_bound_dev_if;
      sock_tx_timestamp(sk, ipc);
      if (msg.msg_controllen) {
        err = ip_cmsg_send(sock_net(sk), msg, ipc);
        if (err)
          return err;
        if (ipc.opt)
          free = 1;
        connected = 0;
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
        connected = 0;
      }
      tos = RT_TOS(inet.tos);
      if (sock_flag(sk, SOCK_LOCALROUTE) || msg.msg_flags & MSG_DONTROUTE || (ipc.opt && ipc.opt.opt.is_strictroute)) {
        tos |= RTO_ONLINK;
        connected = 0;
      }
      if (ipv4_is_multicast(daddr)) {
        if (!ipc.oif)
          ipc.oif = inet.mc_index;
        if (!saddr)
          saddr = inet.mc_addr;
        connected = 0;
      } else if (!ipc.oif)
        ipc.oif = inet.uc_index;
      if (connected)
        rt.v = sk_dst_check(sk, 0) as rtable;
      if (rt.v === null) {
        const net = sock_net(sk);
        fl4 = fl4_stack;
        flowi4_init_output(fl4, ipc.oif, sk.sk_mark, tos, RT_SCOPE_UNIVERSE, sk.sk_protocol, inet_sk_flowi_flags(sk) | FLOWI_FLAG_CAN_SLEEP, faddr, saddr, dport, inet.inet_sport);
        flowi4_to_flowi(fl4);
        rt.v = ip_route_output_flow(net, fl4, sk);
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
        if (connected)
          sk_dst_set(sk, dst_clone(rt.v));
      }
      if (msg.msg_flags & MSG_CONFIRM) {
        dst_confirm(rt.v);
        if (msg.msg_flags & MSG_PROBE && !len) {
          err = 0;
          break out;
        }
      }
      saddr = fl4.saddr;
      if (!ipc.addr)
        daddr = ipc.addr = fl4.daddr;
      if (!corkreq) {
        skb = yield* ip_make_skb(sk, fl4, getfrag, msg.msg_iov, ulen, sizeof_udphdr, ipc, rt, msg.msg_flags);
        err = PTR_ERR_of(skb);
        if (!IS_ERR_OR_NULL(skb))
          err = udp_send_skb(skb, fl4);
        break out;
      }
      yield* lock_sock(sk);
      if (unlikely(up.pending)) {
        yield* release_sock(sk);
        err = -EINVAL;
        break out;
      }
      fl4 = inet.cork.fl.u.ip4;
      fl4.daddr = daddr;
      fl4.saddr = saddr;
      fl4.fl4_dport = dport;
      fl4.fl4_sport = inet.inet_sport;
      up.pending = AF_INET;
    }
    up.len += ulen;
    err = yield* ip_append_data(sk, fl4, getfrag, msg.msg_iov, ulen, sizeof_udphdr, ipc, rt, corkreq ? msg.msg_flags | MSG_MORE : msg.msg_flags);
    if (err)
      udp_flush_pending_frames(sk);
    else if (!corkreq)
      err = udp_push_pending_frames(sk);
    else if (unlikely(skb_queue_empty(sk.sk_write_queue)))
      up.pending = 0;
    yield* release_sock(sk);
  }
  ip_rt_put(rt.v);
  if (free)
    ipc.opt = null;
  if (!err)
    return len;
  if (err === -ENOBUFS || test_bit(SOCK_NOSPACE, sk.sk_socket.flags)) {
    UDP_INC_STATS_USER(sock_net(sk), UDP_MIB_SNDBUFERRORS, is_udplite);
  }
  return err;
}
/** PTR_ERR of a pointer that may be good or null: the error, or 0. */
function PTR_ERR_of(p: unknown): number { return IS_ERR(p) ? PTR_ERR(p) : 0; }

export function* udp_sendpage(sk: sock, page: page, offset: number, size: number, flags: number): Gen<number> {
  const inet = inet_sk(sk);
  const up = udp_sk(sk);
  let ret: number;
  if (flags & MSG_SENDPAGE_NOTLAST)
    flags |= MSG_MORE;
  if (!up.pending) {
    const msg = new msghdr();
    msg.msg_flags = flags | MSG_MORE;
    ret = yield* udp_sendmsg(null, sk, msg, 0);
    if (ret < 0)
      return ret;
  }
  yield* lock_sock(sk);
  if (unlikely(!up.pending)) {
    yield* release_sock(sk);
    return -EINVAL;
  }
  ret = ip_append_page(sk, inet.cork.fl.u.ip4, page, offset, size, flags);
  if (ret === -EOPNOTSUPP) {
    yield* release_sock(sk);
    return yield* sock_no_sendpage(sk.sk_socket, page, offset, size, flags);
  }
  if (ret < 0) {
    udp_flush_pending_frames(sk);
    yield* release_sock(sk);
    return ret;
  }
  up.len += size;
  if (!(up.corkflag || flags & MSG_MORE))
    ret = udp_push_pending_frames(sk);
  if (!ret)
    ret = size;
  yield* release_sock(sk);
  return ret;
}

/** Bytes of the first datagram whose checksum is right; those before it are thrown away. */
function first_packet_length(sk: sock): number {
  const list_kill = new sk_buff_head(), rcvq = sk.sk_receive_queue;
  let skb: sk_buff;
  let res: number;
  __skb_queue_head_init(list_kill);
  spin_lock_bh(rcvq.lock);
  while ((skb = skb_peek(rcvq)) !== null && udp_lib_checksum_complete(skb)) {
    UDP_INC_STATS_BH(sock_net(sk), UDP_MIB_CSUMERRORS, IS_UDPLITE(sk));
    UDP_INC_STATS_BH(sock_net(sk), UDP_MIB_INERRORS, IS_UDPLITE(sk));
    atomic_inc(sk.sk_drops);
    __skb_unlink(skb, rcvq);
    __skb_queue_tail(list_kill, skb);
  }
  res = skb ? skb.len : 0;
  spin_unlock_bh(rcvq.lock);
  if (!skb_queue_empty(list_kill)) {
    const slow = without_waiting(lock_sock_fast(sk));
    __skb_queue_purge(list_kill);
    sk_mem_reclaim_partial(sk);
    without_waiting(unlock_sock_fast(sk, slow));
  }
  return res;
}

export const SIOCOUTQ = 0x5411;
export const SIOCINQ = 0x541b;
/** `arg.v` gets the answer. */
export function* udp_ioctl(sk: sock, cmd: number, arg: { v: number }): Gen<number> {
  switch (cmd) {
    case SIOCOUTQ: {
      const amount = sk_wmem_alloc_get(sk);
      arg.v = amount;
      return 0;
    }
    case SIOCINQ: {
      let amount = first_packet_length(sk);
      if (amount)
        amount -= sizeof_udphdr;
      arg.v = amount;
      return 0;
    }
    default:
      return -ENOIOCTLCMD;
  }
}

export function* udp_recvmsg(_iocb: kiocb, sk: sock, msg: msghdr, len: number, noblock: number, flags: number, addr_len: { v: number }): Gen<number> {
  const inet = inet_sk(sk);
  const sin = msg.msg_name;
  let skb: sk_buff;
  let ulen: number, copied: number;
  const peeked = { v: 0 }, off = { v: 0 }, error = { v: 0 };
  let err: number;
  const is_udplite = IS_UDPLITE(sk);
  let checksum_valid = false;
  let slow: boolean;
  if (flags & MSG_ERRQUEUE)
    return ip_recv_error(sk, msg, len, addr_len);
  try_again: for (;;) {
    skb = yield* __skb_recv_datagram(sk, flags | (noblock ? MSG_DONTWAIT : 0), peeked, off, error);
    if (!skb) {
      err = error.v;
      break try_again;
    }
    csum_copy_err: {
      out_free: {
        ulen = skb.len - sizeof_udphdr;
        copied = len;
        if (copied > ulen)
          copied = ulen;
        else if (copied < ulen)
          msg.msg_flags |= MSG_TRUNC;
        if (copied < ulen || UDP_SKB_CB(skb).partial_cov) {
          checksum_valid = !udp_lib_checksum_complete(skb);
          if (!checksum_valid)
            break csum_copy_err;
        }
        if (checksum_valid || skb_csum_unnecessary(skb))
          err = skb_copy_datagram_iovec(skb, sizeof_udphdr, msg.msg_iov, copied);
        else {
          err = skb_copy_and_csum_datagram_iovec(skb, sizeof_udphdr, msg.msg_iov);
          if (err === -EINVAL)
            break csum_copy_err;
        }
        if (unlikely(err)) {
          if (!peeked.v) {
            atomic_inc(sk.sk_drops);
            UDP_INC_STATS_USER(sock_net(sk), UDP_MIB_INERRORS, is_udplite);
          }
          break out_free;
        }
        if (!peeked.v)
          UDP_INC_STATS_USER(sock_net(sk), UDP_MIB_INDATAGRAMS, is_udplite);
        sock_recv_ts_and_drops(msg, sk, skb);
        if (sin) {
          sin.sin_family = AF_INET;
          sin.sin_port = udp_hdr(skb).source;
          sin.sin_addr.s_addr = ip_hdr(skb).saddr;
          addr_len.v = sizeof_sockaddr_in;
        }
        if (inet.cmsg_flags)
          ip_cmsg_recv(msg, skb);
        err = copied;
        if (flags & MSG_TRUNC)
          err = ulen;
      }
      yield* skb_free_datagram_locked(sk, skb);
      break;
    }
    slow = yield* lock_sock_fast(sk);
    if (!skb_kill_datagram(sk, skb, flags)) {
      UDP_INC_STATS_USER(sock_net(sk), UDP_MIB_CSUMERRORS, is_udplite);
      UDP_INC_STATS_USER(sock_net(sk), UDP_MIB_INERRORS, is_udplite);
    }
    yield* unlock_sock_fast(sk, slow);
    yield* cond_resched();
    msg.msg_flags &= ~MSG_TRUNC;
  }
  return err;
}

export function* udp_disconnect(sk: sock, _flags: number): Gen<number> {
  const inet = inet_sk(sk);
  sk.sk_state = TCP_CLOSE;
  inet.inet_daddr = 0;
  inet.inet_dport = 0;
  sock_rps_reset_rxhash(sk);
  sk.sk_bound_dev_if = 0;
  if (!(sk.sk_userlocks & SOCK_BINDADDR_LOCK))
    inet_reset_saddr(sk);
  if (!(sk.sk_userlocks & SOCK_BINDPORT_LOCK)) {
    sk.sk_prot.unhash(sk);
    inet.inet_sport = 0;
  }
  sk_dst_reset(sk);
  return 0;
}

export function udp_lib_unhash(sk: sock): void {
  if (sk_hashed(sk)) {
    const udptable = sk.sk_prot.h.udp_table;
    let hslot: udp_hslot, hslot2: udp_hslot;
    hslot = udp_hashslot(udptable, sock_net(sk), udp_sk(sk).udp_port_hash);
    hslot2 = udp_hashslot2(udptable, udp_sk(sk).udp_portaddr_hash);
    spin_lock_bh(hslot.lock);
    if (sk_nulls_del_node_init_rcu(sk)) {
      hslot.count--;
      inet_sk(sk).inet_num = 0;
      sock_prot_inuse_add(sock_net(sk), sk.sk_prot, -1);
      spin_lock(hslot2.lock);
      hlist_nulls_del_init_rcu(udp_sk(sk).udp_portaddr_node);
      hslot2.count--;
      spin_unlock(hslot2.lock);
    }
    spin_unlock_bh(hslot.lock);
  }
}

export function udp_lib_rehash(sk: sock, newhash: number): void {
  if (sk_hashed(sk)) {
    const udptable = sk.sk_prot.h.udp_table;
    let hslot: udp_hslot, hslot2: udp_hslot, nhslot2: udp_hslot;
    hslot2 = udp_hashslot2(udptable, udp_sk(sk).udp_portaddr_hash);
    nhslot2 = udp_hashslot2(udptable, newhash);
    udp_sk(sk).udp_portaddr_hash = newhash;
    if (hslot2 !== nhslot2) {
      hslot = udp_hashslot(udptable, sock_net(sk), udp_sk(sk).udp_port_hash);
      spin_lock_bh(hslot.lock);
      spin_lock(hslot2.lock);
      hlist_nulls_del_init_rcu(udp_sk(sk).udp_portaddr_node);
      hslot2.count--;
      spin_unlock(hslot2.lock);
      spin_lock(nhslot2.lock);
      hlist_nulls_add_head_rcu(udp_sk(sk).udp_portaddr_node, nhslot2.head);
      nhslot2.count++;
      spin_unlock(nhslot2.lock);
      spin_unlock_bh(hslot.lock);
    }
  }
}
function udp_v4_rehash(sk: sock): void {
  const new_hash = udp4_portaddr_hash(sock_net(sk), inet_sk(sk).inet_rcv_saddr, inet_sk(sk).inet_num);
  udp_lib_rehash(sk, new_hash);
}

function __udp_queue_rcv_skb(sk: sock, skb: sk_buff): number {
  let rc: number;
  if (inet_sk(sk).inet_daddr)
    sock_rps_save_rxhash(sk, skb);
  rc = sock_queue_rcv_skb(sk, skb);
  if (rc < 0) {
    const is_udplite = IS_UDPLITE(sk);
    if (rc === -ENOMEM)
      UDP_INC_STATS_BH(sock_net(sk), UDP_MIB_RCVBUFERRORS, is_udplite);
    UDP_INC_STATS_BH(sock_net(sk), UDP_MIB_INERRORS, is_udplite);
    kfree_skb(skb);
    return -1;
  }
  return 0;
}

/** No encapsulation sockets exist here. */
export function udp_encap_enable(): void { /* see above */ }

/** Queues a packet at its socket, or on the backlog when a process owns it; not 0 when it was dropped. */
export function udp_queue_rcv_skb(sk: sock, skb: sk_buff): number {
  const up = udp_sk(sk);
  let rc: number;
  const is_udplite = IS_UDPLITE(sk);
  drop: {
    csum_error: {
      if (!xfrm4_policy_check(sk, XFRM_POLICY_IN, skb))
        break drop;
      nf_reset(skb);
      if (is_udplite & UDPLITE_RECV_CC && UDP_SKB_CB(skb).partial_cov) {
        if (up.pcrlen === 0) {
          break drop;
        }
        if (UDP_SKB_CB(skb).cscov < up.pcrlen) {
          break drop;
        }
      }
      if (rcu_access_pointer(sk.sk_filter) && udp_lib_checksum_complete(skb))
        break csum_error;
      if (sk_rcvqueues_full(sk, skb, sk.sk_rcvbuf))
        break drop;
      rc = 0;
      ipv4_pktinfo_prepare(skb);
      bh_lock_sock(sk);
      if (!sock_owned_by_user(sk))
        rc = __udp_queue_rcv_skb(sk, skb);
      else if (sk_add_backlog(sk, skb, sk.sk_rcvbuf)) {
        bh_unlock_sock(sk);
        break drop;
      }
      bh_unlock_sock(sk);
      return rc;
    }
    UDP_INC_STATS_BH(sock_net(sk), UDP_MIB_CSUMERRORS, is_udplite);
  }
  UDP_INC_STATS_BH(sock_net(sk), UDP_MIB_INERRORS, is_udplite);
  atomic_inc(sk.sk_drops);
  kfree_skb(skb);
  return -1;
}

function flush_stack(stack: sock[], count: number, skb: sk_buff, final: number): void {
  let i: number;
  let skb1: sk_buff = null;
  let sk: sock;
  for (i = 0; i < count; i++) {
    sk = stack[i];
    if (likely(skb1 === null))
      skb1 = i === final ? skb : skb_clone(skb, GFP_ATOMIC);
    if (!skb1) {
      atomic_inc(sk.sk_drops);
      UDP_INC_STATS_BH(sock_net(sk), UDP_MIB_RCVBUFERRORS, IS_UDPLITE(sk));
      UDP_INC_STATS_BH(sock_net(sk), UDP_MIB_INERRORS, IS_UDPLITE(sk));
    }
    if (skb1 && udp_queue_rcv_skb(sk, skb1) <= 0)
      skb1 = null;
  }
  if (unlikely(skb1))
    kfree_skb(skb1);
}

/** Gives a multicast or broadcast to every socket that wants it. */
function __udp4_lib_mcast_deliver(net: net, skb: sk_buff, uh: udphdr, saddr: number, daddr: number, udptable: udp_table): number {
  let sk: sock;
  const stack: sock[] = [];
  const hslot = udp_hashslot(udptable, net, ntohs(uh.dest));
  let dif: number;
  let i: number, count = 0;
  spin_lock(hslot.lock);
  sk = sk_nulls_head(hslot.head);
  dif = skb.dev.ifindex;
  sk = udp_v4_mcast_next(net, sk, uh.dest, daddr, uh.source, saddr, dif);
  while (sk) {
    stack[count++] = sk;
    sk = udp_v4_mcast_next(net, sk_nulls_next(sk), uh.dest, daddr, uh.source, saddr, dif);
    if (unlikely(count === 32)) {
      if (!sk)
        break;
      flush_stack(stack, count, skb, -1);
      count = 0;
    }
  }
  for (i = 0; i < count; i++)
    sock_hold(stack[i]);
  spin_unlock(hslot.lock);
  if (count) {
    flush_stack(stack, count, skb, count - 1);
    for (i = 0; i < count; i++)
      sock_put(stack[i]);
  } else {
    kfree_skb(skb);
  }
  return 0;
}

function udp4_csum_init(skb: sk_buff, uh: udphdr, proto: number): number {
  let iph: iphdr;
  UDP_SKB_CB(skb).partial_cov = 0;
  UDP_SKB_CB(skb).cscov = skb.len;
  iph = ip_hdr(skb);
  if (uh.check === 0) {
    skb.ip_summed = CHECKSUM_UNNECESSARY;
  } else if (skb.ip_summed === CHECKSUM_COMPLETE) {
    if (!csum_tcpudp_magic(iph.saddr, iph.daddr, skb.len, proto, skb.csum))
      skb.ip_summed = CHECKSUM_UNNECESSARY;
  }
  if (!skb_csum_unnecessary(skb))
    skb.csum = csum_tcpudp_nofold(iph.saddr, iph.daddr, skb.len, proto, 0);
  return 0;
}

/** A datagram has come in. */
export function __udp4_lib_rcv(skb: sk_buff, udptable: udp_table, proto: number): number {
  let sk: sock;
  let uh: udphdr;
  let ulen: number;
  const rt = skb_rtable(skb);
  let saddr: number, daddr: number;
  const net = dev_net(skb.dev);
  drop: {
    csum_error: {
      if (!pskb_may_pull(skb, sizeof_udphdr))
        break drop;
      uh = udp_hdr(skb);
      ulen = ntohs(uh.len);
      saddr = ip_hdr(skb).saddr;
      daddr = ip_hdr(skb).daddr;
      if (ulen > skb.len)
        break drop;
      if (proto === IPPROTO_UDP) {
        if (ulen < sizeof_udphdr || pskb_trim_rcsum(skb, ulen))
          break drop;
        uh = udp_hdr(skb);
      }
      if (udp4_csum_init(skb, uh, proto))
        break csum_error;
      if (rt.rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST))
        return __udp4_lib_mcast_deliver(net, skb, uh, saddr, daddr, udptable);
      sk = __udp4_lib_lookup_skb(skb, uh.source, uh.dest, udptable);
      if (sk !== null) {
        const ret = udp_queue_rcv_skb(sk, skb);
        sock_put(sk);
        if (ret > 0)
          return -ret;
        return 0;
      }
      if (!xfrm4_policy_check(null, XFRM_POLICY_IN, skb))
        break drop;
      nf_reset(skb);
      if (udp_lib_checksum_complete(skb))
        break csum_error;
      UDP_INC_STATS_BH(net, UDP_MIB_NOPORTS, proto === IPPROTO_UDPLITE);
      icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
      kfree_skb(skb);
      return 0;
    }
    UDP_INC_STATS_BH(net, UDP_MIB_CSUMERRORS, proto === IPPROTO_UDPLITE);
  }
  UDP_INC_STATS_BH(net, UDP_MIB_INERRORS, proto === IPPROTO_UDPLITE);
  kfree_skb(skb);
  return 0;
}
export function udp_rcv(skb: sk_buff): number { return __udp4_lib_rcv(skb, current.host.udp_table, IPPROTO_UDP); }

export function udp_destroy_sock(sk: sock): void {
  const slow = without_waiting(lock_sock_fast(sk));
  udp_flush_pending_frames(sk);
  without_waiting(unlock_sock_fast(sk, slow));
}

export function* udp_lib_setsockopt(sk: sock, _level: number, optname: number, optval: optval_t, optlen: number, push_pending_frames: (sk: sock) => number): Gen<number> {
  const up = udp_sk(sk);
  let val: number;
  let err = 0;
  if (optlen < 4)
    return -EINVAL;
  val = optval as number;
  switch (optname) {
    case UDP_CORK:
      if (val !== 0) {
        up.corkflag = 1;
      } else {
        up.corkflag = 0;
        yield* lock_sock(sk);
        push_pending_frames(sk);
        yield* release_sock(sk);
      }
      break;
    case UDP_ENCAP:
      err = -ENOPROTOOPT;
      break;
    default:
      err = -ENOPROTOOPT;
      break;
  }
  return err;
}
export function* udp_setsockopt(sk: sock, level: number, optname: number, optval: optval_t, optlen: number): Gen<number> {
  if (level === SOL_UDP)
    return yield* udp_lib_setsockopt(sk, level, optname, optval, optlen, udp_push_pending_frames);
  return yield* ip_setsockopt(sk, level, optname, optval, optlen);
}
export function udp_lib_getsockopt(sk: sock, _level: number, optname: number, optval: { v: any }, optlen: { v: number }): number {
  const up = udp_sk(sk);
  let val: number;
  if (optlen.v < 0)
    return -EINVAL;
  switch (optname) {
    case UDP_CORK:
      val = up.corkflag;
      break;
    case UDP_ENCAP:
      val = up.encap_type;
      break;
    default:
      return -ENOPROTOOPT;
  }
  optlen.v = 4;
  optval.v = val;
  return 0;
}
export function* udp_getsockopt(sk: sock, level: number, optname: number, optval: { v: any }, optlen: { v: number }): Gen<number> {
  if (level === SOL_UDP)
    return udp_lib_getsockopt(sk, level, optname, optval, optlen);
  return yield* ip_getsockopt(sk, level, optname, optval, optlen);
}

/** What poll() tells; a datagram with a wrong checksum is not "readable". */
export function udp_poll(file: file, sock: socket, wait: poll_table): number {
  let mask = datagram_poll(file, sock, wait);
  const sk = sock.sk;
  if (mask & POLLRDNORM && !(file.f_flags & O_NONBLOCK) && !(sk.sk_shutdown & RCV_SHUTDOWN) && !first_packet_length(sk))
    mask &= ~(POLLIN | POLLRDNORM);
  return mask;
}

export const udp_prot: proto = {
  name: 'UDP',
  close: udp_lib_close,
  connect: ip4_datagram_connect,
  disconnect: udp_disconnect,
  accept: null,
  ioctl: udp_ioctl,
  init: null,
  destroy: udp_destroy_sock,
  shutdown: null,
  setsockopt: udp_setsockopt,
  getsockopt: udp_getsockopt,
  sendmsg: udp_sendmsg,
  recvmsg: udp_recvmsg,
  sendpage: udp_sendpage,
  bind: null,
  backlog_rcv: __udp_queue_rcv_skb,
  release_cb: ip4_datagram_release_cb,
  hash: udp_lib_hash,
  unhash: udp_lib_unhash,
  rehash: udp_v4_rehash,
  get_port: udp_v4_get_port,
  clear_sk: sk_prot_clear_portaddr_nulls,
  enter_memory_pressure: null,
  get memory_allocated() { return current.host.udp_memory_allocated; },
  sockets_allocated: null,
  memory_pressure: null,
  get sysctl_mem() { return current.host.sysctl_udp_mem; },
  get sysctl_wmem() { return current.host.sysctl_udp_wmem_min; },
  get sysctl_rmem() { return current.host.sysctl_udp_rmem_min; },
  max_header: 0,
  no_autobind: false,
  slab_flags: 0,
  orphan_count: null,
  rsk_prot: null,
  twsk_prot: null,
  get h() { return { udp_table: current.host.udp_table }; },
  new_sock(): sock { return new udp_sock(); },
};

/** Two tables of 256 chains, as a machine of the recordings' size gets. */
export function udp_table_init(table: udp_table, _name: string): void {
  let i: number;
  table.log = 8;
  table.mask = UDP_HTABLE_SIZE_MIN - 1;
  for (i = 0; i <= table.mask; i++) {
    table.hash[i] = new udp_hslot();
    table.hash[i].count = 0;
    spin_lock_init(table.hash[i].lock);
  }
  for (i = 0; i <= table.mask; i++) {
    table.hash2[i] = new udp_hslot();
    table.hash2[i].count = 0;
    spin_lock_init(table.hash2[i].lock);
  }
}

/** Pages of a machine with 256 MB that buffers could take. */
const NR_FREE_BUFFER_PAGES = 61440;
export function udp_init(): void {
  let limit: number;
  const host = current.host;
  udp_table_init(host.udp_table, 'UDP');
  limit = Math.trunc(NR_FREE_BUFFER_PAGES / 8);
  limit = max(limit, 128);
  host.sysctl_udp_mem[0] = Math.trunc(limit / 4) * 3;
  host.sysctl_udp_mem[1] = limit;
  host.sysctl_udp_mem[2] = host.sysctl_udp_mem[0] * 2;
  host.sysctl_udp_rmem_min = [SK_MEM_QUANTUM];
  host.sysctl_udp_wmem_min = [SK_MEM_QUANTUM];
}

export function udp4_ufo_send_check(skb: sk_buff): number {
  if (!pskb_may_pull(skb, sizeof_udphdr))
    return -EINVAL;
  if (likely(!skb.encapsulation)) {
    let iph: iphdr;
    let uh: udphdr;
    iph = ip_hdr(skb);
    uh = udp_hdr(skb);
    uh.check = ~csum_tcpudp_magic(iph.saddr, iph.daddr, skb.len, IPPROTO_UDP, 0);
    skb.csum_start = skb_transport_header(skb);
    skb.csum_offset = offsetof_udphdr_check;
    skb.ip_summed = CHECKSUM_PARTIAL;
  }
  return 0;
}

/** Software fragmentation of a large datagram that a device will not take. */
export function udp4_ufo_fragment(skb: sk_buff, features: number): sk_buff {
  let segs: sk_buff = ERR_PTR(-EINVAL);
  let mss: number;
  out: {
    mss = skb_shinfo(skb).gso_size;
    if (unlikely(skb.len <= mss))
      break out;
    if (skb_gso_ok(skb, features | NETIF_F_GSO_ROBUST)) {
      const type = skb_shinfo(skb).gso_type;
      if (unlikely(type & ~(SKB_GSO_UDP | SKB_GSO_DODGY | SKB_GSO_UDP_TUNNEL | SKB_GSO_GRE) || !(type & SKB_GSO_UDP)))
        break out;
      skb_shinfo(skb).gso_segs = DIV_ROUND_UP(skb.len, mss);
      segs = null;
      break out;
    }
    let offset: number;
    let csum: number;
    offset = skb_checksum_start_offset(skb);
    csum = skb_checksum(skb, offset, skb.len - offset, 0);
    offset += skb.csum_offset;
    const sum = csum_fold(csum);
    skb.head[skb.data + offset] = sum >> 8;
    skb.head[skb.data + offset + 1] = sum;
    skb.ip_summed = CHECKSUM_NONE;
    segs = skb_segment(skb, features);
  }
  return segs;
}
