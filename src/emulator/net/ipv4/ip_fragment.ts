/** net/ipv4/ip_fragment.c: reassembly of fragmented datagrams. */
import { current, type Host } from '../../include/ports';
import { WARN_ON } from '../../include/asm-generic/bug';
import { E2BIG, EINPROGRESS, EINVAL, ENOENT, ENOMEM, ETIMEDOUT } from '../../include/uapi/asm-generic/errno';
import { atomic_inc, atomic_inc_return } from '../../include/linux/atomic';
import { unlikely } from '../../include/linux/compiler';
import { IS_ERR_OR_NULL } from '../../include/linux/err';
import { GFP_ATOMIC } from '../../include/linux/gfp';
import { ICMP_EXC_FRAGTIME, ICMP_TIME_EXCEEDED } from '../../include/linux/icmp';
import { ETH_P_IP } from '../../include/linux/if_ether';
import { ip_hdr, iphdr, sizeof_iphdr } from '../../include/linux/ip';
import { jhash_3words } from '../../include/linux/jhash';
import { HZ, jiffies } from '../../include/linux/jiffies';
import { dev_get_by_index_rcu, dev_net, type net_device } from '../../include/linux/netdevice';
import { rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { RTN_LOCAL } from '../../include/linux/rtnetlink';
import {
  CHECKSUM_COMPLETE, CHECKSUM_NONE, CHECKSUM_UNNECESSARY, alloc_skb, consume_skb, kfree_skb, kfree_skb_partial, pskb_may_pull, pskb_pull, pskb_trim_rcsum, skb_clone, skb_copy_bits, skb_dst, skb_frag_list_init,
  skb_frag_size, skb_has_frag_list, skb_morph, skb_network_header, skb_network_offset, skb_push, skb_rtable, skb_share_check, skb_shinfo, skb_try_coalesce, skb_unclone, type sk_buff,
} from '../../include/linux/skbuff';
import { read_lock, spin_lock, spin_unlock } from '../../include/linux/spinlock';
import { mod_timer } from '../../include/linux/timer';
import { htons, ntohs } from '../../include/linux/types';
import { csum_add } from '../../include/net/checksum';
import { skb_dst_drop } from '../../include/net/dst';
import { icmp_send } from '../../include/net/icmp';
import { INET_ECN_MASK } from '../../include/net/inet_ecn';
import {
  INETFRAGS_HASHSZ, INET_FRAG_COMPLETE, INET_FRAG_FIRST_IN, INET_FRAG_LAST_IN, add_frag_mem_limit, inet_frag_lru_move, inet_frag_put, inet_frag_queue, inet_frags, ip_frag_ecn_table, sub_frag_mem_limit,
  sum_frag_mem_limit,
} from '../../include/net/inet_frag';
import { inet_getpeer_v4, inet_putpeer, type inet_peer } from '../../include/net/inetpeer';
import {
  IPCB, IPSKB_FRAG_COMPLETE, IPSTATS_MIB_REASMFAILS, IPSTATS_MIB_REASMOKS, IPSTATS_MIB_REASMREQDS, IPSTATS_MIB_REASMTIMEOUT, IP_ADD_STATS_BH, IP_DEFRAG_AF_PACKET, IP_DEFRAG_CONNTRACK_IN, IP_DF,
  IP_FRAG_TIME, IP_INC_STATS_BH, IP_MF, IP_OFFSET, ip_hdrlen, ip_is_fragment, ip_send_check,
} from '../../include/net/ip';
import { register_pernet_subsys, type net, type pernet_operations } from '../../include/net/net_namespace';
import { inet_frag_evictor, inet_frag_find, inet_frag_kill, inet_frag_maybe_warn_overflow, inet_frags_init, inet_frags_init_net } from './inet_fragment';
import { ip_route_input_noref } from './route';

declare module '../../include/ports' { interface Host { ip4_frags: inet_frags; sysctl_ipfrag_max_dist: number } }
export function ip_fragment_globals(host: Host): void {
  host.ip4_frags = new inet_frags();
  host.sysctl_ipfrag_max_dist = 64;
}

class ipfrag_skb_cb {
  offset = 0;
  copy(): ipfrag_skb_cb { const c = new ipfrag_skb_cb(); c.offset = this.offset; return c; }
}
function FRAG_CB(skb: sk_buff): ipfrag_skb_cb { return skb.cb_frag ?? (skb.cb_frag = new ipfrag_skb_cb()); }

/** struct ipq: a datagram in pieces. `q` is the object itself (an embedded first member). */
class ipq extends inet_frag_queue {
  user = 0;
  saddr = 0;
  daddr = 0;
  id = 0;
  protocol = 0;
  ecn = 0;
  iif = 0;
  rid = 0;
  peer: inet_peer = null;
  get q(): this { return this; }
}
const sizeof_ipq = 200;

function ip4_frag_ecn(tos: number): number {
  return 1 << (tos & INET_ECN_MASK);
}
export function ip_frag_nqueues(net: net): number {
  return net.ipv4.frags.nqueues;
}
export function ip_frag_mem(net: net): number {
  return sum_frag_mem_limit(net.ipv4.frags);
}

class ip4_create_arg { iph: iphdr = null; user = 0; }

/** The queue an inet_frag_queue is part of: they are one object here. */
function container_of(q: inet_frag_queue): ipq { return q as ipq; }
function ipqhashfn(id: number, saddr: number, daddr: number, prot: number): number {
  return jhash_3words(((id << 16) | prot) >>> 0, saddr, daddr, current.host.ip4_frags.rnd) & (INETFRAGS_HASHSZ - 1);
}
function ip4_hashfn(q: inet_frag_queue): number {
  let ipq_: ipq;
  ipq_ = q as ipq;
  return ipqhashfn(ipq_.id, ipq_.saddr, ipq_.daddr, ipq_.protocol);
}
function ip4_frag_match(q: inet_frag_queue, a: ip4_create_arg): boolean {
  let qp: ipq;
  const arg = a;
  qp = q as ipq;
  return qp.id === arg.iph.id && qp.saddr === arg.iph.saddr && qp.daddr === arg.iph.daddr && qp.protocol === arg.iph.protocol && qp.user === arg.user;
}
function ip4_frag_init(q: inet_frag_queue, a: ip4_create_arg): void {
  const qp = container_of(q);
  const net = current.host.init_net;
  const arg = a;
  qp.protocol = arg.iph.protocol;
  qp.id = arg.iph.id;
  qp.ecn = ip4_frag_ecn(arg.iph.tos);
  qp.saddr = arg.iph.saddr;
  qp.daddr = arg.iph.daddr;
  qp.user = arg.user;
  qp.peer = current.host.sysctl_ipfrag_max_dist ? inet_getpeer_v4(net.ipv4.peers, arg.iph.saddr, 1) : null;
}
function ip4_frag_free(q: inet_frag_queue): void {
  let qp: ipq;
  qp = q as ipq;
  if (qp.peer)
    inet_putpeer(qp.peer);
}

function ipq_put(ipq: ipq): void {
  inet_frag_put(ipq.q, current.host.ip4_frags);
}
function ipq_kill(ipq: ipq): void {
  inet_frag_kill(ipq.q, current.host.ip4_frags);
}
function ip_evictor(net: net): void {
  let evicted: number;
  evicted = inet_frag_evictor(net.ipv4.frags, current.host.ip4_frags, false);
  if (evicted)
    IP_ADD_STATS_BH(net, IPSTATS_MIB_REASMFAILS, evicted);
}

/** The lifetime of a queue is over (timer). */
function ip_expire(arg: inet_frag_queue): void {
  let qp: ipq;
  let net: net;
  qp = arg as ipq;
  net = current.host.init_net;
  spin_lock(qp.q.lock);
  out: {
    if (qp.q.last_in & INET_FRAG_COMPLETE)
      break out;
    ipq_kill(qp);
    IP_INC_STATS_BH(net, IPSTATS_MIB_REASMTIMEOUT);
    IP_INC_STATS_BH(net, IPSTATS_MIB_REASMFAILS);
    if ((qp.q.last_in & INET_FRAG_FIRST_IN) && qp.q.fragments !== null) {
      const head = qp.q.fragments;
      let iph: iphdr;
      let err: number;
      rcu_read_lock();
      out_rcu_unlock: {
        head.dev = dev_get_by_index_rcu(net, qp.iif);
        if (!head.dev)
          break out_rcu_unlock;
        iph = ip_hdr(head);
        err = ip_route_input_noref(head, iph.daddr, iph.saddr, iph.tos, head.dev);
        if (err)
          break out_rcu_unlock;
        if (qp.user === IP_DEFRAG_AF_PACKET || (qp.user === IP_DEFRAG_CONNTRACK_IN && skb_rtable(head).rt_type !== RTN_LOCAL))
          break out_rcu_unlock;
        icmp_send(head, ICMP_TIME_EXCEEDED, ICMP_EXC_FRAGTIME, 0);
      }
      rcu_read_unlock();
    }
  }
  spin_unlock(qp.q.lock);
  ipq_put(qp);
}

function ip_find(net: net, iph: iphdr, user: number): ipq {
  let q: inet_frag_queue;
  const arg = new ip4_create_arg();
  let hash: number;
  arg.iph = iph;
  arg.user = user;
  read_lock(current.host.ip4_frags.lock);
  hash = ipqhashfn(iph.id, iph.saddr, iph.daddr, iph.protocol);
  q = inet_frag_find(net.ipv4.frags, current.host.ip4_frags, arg, hash);
  if (IS_ERR_OR_NULL(q)) {
    inet_frag_maybe_warn_overflow(q, 'IPv4: ');
    return null;
  }
  return container_of(q);
}

function ip_frag_too_far(qp: ipq): boolean {
  const peer = qp.peer;
  const max = current.host.sysctl_ipfrag_max_dist;
  let start: number, end: number;
  let rc: boolean;
  if (!peer || !max)
    return false;
  start = qp.rid;
  end = atomic_inc_return(peer.rid);
  qp.rid = end;
  rc = !!qp.q.fragments && (end - start) > max;
  if (rc) {
    let net: net;
    net = current.host.init_net;
    IP_INC_STATS_BH(net, IPSTATS_MIB_REASMFAILS);
  }
  return rc;
}

function ip_frag_reinit(qp: ipq): number {
  let fp: sk_buff;
  let sum_truesize = 0;
  if (!mod_timer(qp.q.timer, jiffies() + qp.q.net.timeout)) {
    atomic_inc(qp.q.refcnt);
    return -ETIMEDOUT;
  }
  fp = qp.q.fragments;
  do {
    const xp = fp.next;
    sum_truesize += fp.truesize;
    kfree_skb(fp);
    fp = xp;
  } while (fp);
  sub_frag_mem_limit(qp.q, sum_truesize);
  qp.q.last_in = 0;
  qp.q.len = 0;
  qp.q.meat = 0;
  qp.q.fragments = null;
  qp.q.fragments_tail = null;
  qp.iif = 0;
  qp.ecn = 0;
  return 0;
}

/** Puts a fragment where it belongs; 0 when it completed the datagram (`skb` is it then), -EINPROGRESS while pieces are missing. */
function ip_frag_queue(qp: ipq, skb: sk_buff): number {
  let prev: sk_buff, next: sk_buff;
  let dev: net_device;
  let flags: number, offset: number;
  let ihl: number, end: number;
  let err = -ENOENT;
  let ecn: number;
  err: {
    if (qp.q.last_in & INET_FRAG_COMPLETE)
      break err;
    if (!(IPCB(skb).flags & IPSKB_FRAG_COMPLETE) && unlikely(ip_frag_too_far(qp)) && unlikely(err = ip_frag_reinit(qp))) {
      ipq_kill(qp);
      break err;
    }
    ecn = ip4_frag_ecn(ip_hdr(skb).tos);
    offset = ntohs(ip_hdr(skb).frag_off);
    flags = offset & ~IP_OFFSET;
    offset &= IP_OFFSET;
    offset <<= 3;
    ihl = ip_hdrlen(skb);
    end = offset + skb.len - skb_network_offset(skb) - ihl;
    err = -EINVAL;
    if ((flags & IP_MF) === 0) {
      if (end < qp.q.len || ((qp.q.last_in & INET_FRAG_LAST_IN) && end !== qp.q.len))
        break err;
      qp.q.last_in |= INET_FRAG_LAST_IN;
      qp.q.len = end;
    } else {
      if (end & 7) {
        end &= ~7;
        if (skb.ip_summed !== CHECKSUM_UNNECESSARY)
          skb.ip_summed = CHECKSUM_NONE;
      }
      if (end > qp.q.len) {
        if (qp.q.last_in & INET_FRAG_LAST_IN)
          break err;
        qp.q.len = end;
      }
    }
    if (end === offset)
      break err;
    err = -ENOMEM;
    if (pskb_pull(skb, skb_network_offset(skb) + ihl) === null)
      break err;
    err = pskb_trim_rcsum(skb, end - offset);
    if (err)
      break err;
    found: {
      prev = qp.q.fragments_tail;
      if (!prev || FRAG_CB(prev).offset < offset) {
        next = null;
        break found;
      }
      prev = null;
      for (next = qp.q.fragments; next !== null; next = next.next) {
        if (FRAG_CB(next).offset >= offset)
          break;
        prev = next;
      }
    }
    if (prev) {
      const i = (FRAG_CB(prev).offset + prev.len) - offset;
      if (i > 0) {
        offset += i;
        err = -EINVAL;
        if (end <= offset)
          break err;
        err = -ENOMEM;
        if (pskb_pull(skb, i) === null)
          break err;
        if (skb.ip_summed !== CHECKSUM_UNNECESSARY)
          skb.ip_summed = CHECKSUM_NONE;
      }
    }
    err = -ENOMEM;
    while (next && FRAG_CB(next).offset < end) {
      const i = end - FRAG_CB(next).offset;
      if (i < next.len) {
        if (pskb_pull(next, i) === null)
          break err;
        FRAG_CB(next).offset += i;
        qp.q.meat -= i;
        if (next.ip_summed !== CHECKSUM_UNNECESSARY)
          next.ip_summed = CHECKSUM_NONE;
        break;
      } else {
        const free_it = next;
        next = next.next;
        if (prev)
          prev.next = next;
        else
          qp.q.fragments = next;
        qp.q.meat -= free_it.len;
        sub_frag_mem_limit(qp.q, free_it.truesize);
        kfree_skb(free_it);
      }
    }
    FRAG_CB(skb).offset = offset;
    skb.next = next;
    if (!next)
      qp.q.fragments_tail = skb;
    if (prev)
      prev.next = skb;
    else
      qp.q.fragments = skb;
    dev = skb.dev;
    if (dev) {
      qp.iif = dev.ifindex;
      skb.dev = null;
    }
    qp.q.stamp = skb.tstamp;
    qp.q.meat += skb.len;
    qp.ecn |= ecn;
    add_frag_mem_limit(qp.q, skb.truesize);
    if (offset === 0)
      qp.q.last_in |= INET_FRAG_FIRST_IN;
    if (ip_hdr(skb).frag_off & htons(IP_DF) && skb.len + ihl > qp.q.max_size)
      qp.q.max_size = skb.len + ihl;
    if (qp.q.last_in === (INET_FRAG_FIRST_IN | INET_FRAG_LAST_IN) && qp.q.meat === qp.q.len) {
      const orefdst = skb._skb_refdst, orefnoref = skb._skb_refnoref;
      skb._skb_refdst = null;
      err = ip_frag_reasm(qp, prev, dev);
      skb._skb_refdst = orefdst;
      skb._skb_refnoref = orefnoref;
      return err;
    }
    skb_dst_drop(skb);
    inet_frag_lru_move(qp.q);
    return -EINPROGRESS;
  }
  kfree_skb(skb);
  return err;
}

/** Makes one datagram of the queue: the last fragment that came takes the place of the first, the others follow as frags or frag_list. */
function ip_frag_reasm(qp: ipq, prev: sk_buff, dev: net_device): number {
  const net = current.host.init_net;
  let iph: iphdr;
  let fp: sk_buff, head = qp.q.fragments;
  let len: number;
  let ihlen: number;
  let err: number;
  let sum_truesize: number;
  let ecn: number;
  ipq_kill(qp);
  out_fail: {
    out_nomem: {
      ecn = ip_frag_ecn_table[qp.ecn];
      if (unlikely(ecn === 0xff)) {
        err = -EINVAL;
        break out_fail;
      }
      if (prev) {
        head = prev.next;
        fp = skb_clone(head, GFP_ATOMIC);
        if (!fp)
          break out_nomem;
        fp.next = head.next;
        if (!fp.next)
          qp.q.fragments_tail = fp;
        prev.next = fp;
        skb_morph(head, qp.q.fragments);
        head.next = qp.q.fragments.next;
        consume_skb(qp.q.fragments);
        qp.q.fragments = head;
      }
      WARN_ON(head === null);
      WARN_ON(FRAG_CB(head).offset !== 0);
      ihlen = ip_hdrlen(head);
      len = ihlen + qp.q.len;
      err = -E2BIG;
      if (len > 65535) {
        current.machine.log('Oversized IP packet');
        break out_fail;
      }
      if (skb_unclone(head, GFP_ATOMIC))
        break out_nomem;
      if (skb_has_frag_list(head)) {
        let clone: sk_buff;
        let i: number, plen = 0;
        if ((clone = alloc_skb(0, GFP_ATOMIC)) === null)
          break out_nomem;
        clone.next = head.next;
        head.next = clone;
        skb_shinfo(clone).frag_list = skb_shinfo(head).frag_list;
        skb_frag_list_init(head);
        for (i = 0; i < skb_shinfo(head).nr_frags; i++)
          plen += skb_frag_size(skb_shinfo(head).frags[i]);
        clone.len = clone.data_len = head.data_len - plen;
        head.data_len -= clone.len;
        head.len -= clone.len;
        clone.csum = 0;
        clone.ip_summed = head.ip_summed;
        add_frag_mem_limit(qp.q, clone.truesize);
      }
      skb_push(head, head.data - skb_network_header(head));
      sum_truesize = head.truesize;
      for (fp = head.next; fp;) {
        const headstolen = { v: false };
        const delta = { v: 0 };
        const next = fp.next;
        sum_truesize += fp.truesize;
        if (head.ip_summed !== fp.ip_summed)
          head.ip_summed = CHECKSUM_NONE;
        else if (head.ip_summed === CHECKSUM_COMPLETE)
          head.csum = csum_add(head.csum, fp.csum);
        if (skb_try_coalesce(head, fp, headstolen, delta)) {
          kfree_skb_partial(fp, headstolen.v);
        } else {
          if (!skb_shinfo(head).frag_list)
            skb_shinfo(head).frag_list = fp;
          head.data_len += fp.len;
          head.len += fp.len;
          head.truesize += fp.truesize;
        }
        fp = next;
      }
      sub_frag_mem_limit(qp.q, sum_truesize);
      head.next = null;
      head.dev = dev;
      head.tstamp = qp.q.stamp;
      IPCB(head).frag_max_size = qp.q.max_size;
      iph = ip_hdr(head);
      iph.frag_off = qp.q.max_size ? htons(IP_DF) : 0;
      iph.tot_len = htons(len);
      iph.tos |= ecn;
      ip_send_check(iph);
      IP_INC_STATS_BH(net, IPSTATS_MIB_REASMOKS);
      qp.q.fragments = null;
      qp.q.fragments_tail = null;
      return 0;
    }
    err = -ENOMEM;
  }
  IP_INC_STATS_BH(net, IPSTATS_MIB_REASMFAILS);
  return err;
}

/** Takes a fragment. 0: `skb` is the whole datagram now; otherwise it is gone. */
export function ip_defrag(skb: sk_buff, user: number): number {
  let qp: ipq;
  let net: net;
  net = skb.dev ? dev_net(skb.dev) : dev_net(skb_dst(skb).dev);
  IP_INC_STATS_BH(net, IPSTATS_MIB_REASMREQDS);
  fail: {
    if (!net.ipv4.frags.high_thresh)
      break fail;
    ip_evictor(net);
    if ((qp = ip_find(net, ip_hdr(skb), user)) !== null) {
      let ret: number;
      spin_lock(qp.q.lock);
      ret = ip_frag_queue(qp, skb);
      spin_unlock(qp.q.lock);
      ipq_put(qp);
      return ret;
    }
  }
  IP_INC_STATS_BH(net, IPSTATS_MIB_REASMFAILS);
  kfree_skb(skb);
  return -ENOMEM;
}

export function ip_check_defrag(skb: sk_buff, user: number): sk_buff {
  const iph = new iphdr(new Uint8Array(sizeof_iphdr), 0);
  let netoff: number;
  let len: number;
  if (skb.protocol !== htons(ETH_P_IP))
    return skb;
  netoff = skb_network_offset(skb);
  if (skb_copy_bits(skb, netoff, iph.b, 0, sizeof_iphdr) < 0)
    return skb;
  if (iph.ihl < 5 || iph.version !== 4)
    return skb;
  len = ntohs(iph.tot_len);
  if (skb.len < netoff + len || len < (iph.ihl * 4))
    return skb;
  if (ip_is_fragment(iph)) {
    skb = skb_share_check(skb, GFP_ATOMIC);
    if (skb) {
      if (!pskb_may_pull(skb, netoff + iph.ihl * 4))
        return skb;
      if (pskb_trim_rcsum(skb, netoff + len))
        return skb;
      IPCB(skb).clear();
      if (ip_defrag(skb, user))
        return null;
      skb.rxhash = 0;
    }
  }
  return skb;
}

function ipv4_frags_init_net(net: net): number {
  net.ipv4.frags.high_thresh = 4 * 1024 * 1024;
  net.ipv4.frags.low_thresh = 3 * 1024 * 1024;
  net.ipv4.frags.timeout = IP_FRAG_TIME;
  inet_frags_init_net(net.ipv4.frags);
  return 0;
}
const ip4_frags_ops: pernet_operations = { init: ipv4_frags_init_net, exit: null };

function ipq_alloc(): inet_frag_queue { return new ipq(); }
export function ipfrag_init(): void {
  const ip4_frags = current.host.ip4_frags;
  register_pernet_subsys(ip4_frags_ops);
  ip4_frags.hashfn = ip4_hashfn;
  ip4_frags.constructor = ip4_frag_init;
  ip4_frags.destructor = ip4_frag_free;
  ip4_frags.skb_free = null;
  ip4_frags.qsize = sizeof_ipq;
  ip4_frags.alloc = ipq_alloc;
  ip4_frags.match = ip4_frag_match;
  ip4_frags.frag_expire = ip_expire;
  ip4_frags.secret_interval = 10 * 60 * HZ;
  inet_frags_init(ip4_frags);
}
