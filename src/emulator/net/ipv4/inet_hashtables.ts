/** Mirror of net/ipv4/inet_hashtables.c: where connection sockets are found by port, listener and connection. */
import { unlikely } from '../../include/linux/compiler';
import { current, type Host } from '../../include/ports';
import { WARN_ON } from '../../include/asm-generic/bug';
import { EADDRNOTAVAIL, ENOMEM } from '../../include/uapi/asm-generic/errno';
import { atomic_dec, atomic_inc, atomic_inc_not_zero, atomic_set } from '../../include/linux/atomic';
import { hlist_add_head, hlist_empty, __hlist_del, INIT_HLIST_HEAD, type hlist_head } from '../../include/linux/list';
import { local_bh_disable, local_bh_enable } from '../../include/linux/interrupt';
import { rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { spin_lock, spin_lock_bh, spin_lock_init, spin_unlock, spin_unlock_bh, type spinlock_t } from '../../include/linux/spinlock';
import { htons } from '../../include/linux/types';
import { PF_INET } from '../../include/linux/socket';
import { inet_csk, inet_get_local_port_range } from '../../include/net/inet_connection_sock';
import {
  inet_bhashfn, inet_bind_bucket, type inet_bind_hashbucket, INET_COMBINED_PORTS, inet_ehash_bucket_, inet_ehash_lockp, type inet_hashinfo, inet_lhashfn, INET_LHTABLE_SIZE,
  type inet_listen_hashbucket, INET_MATCH, inet_sk_listen_hashfn, INET_TW_MATCH, ib_net,
} from '../../include/net/inet_hashtables';
import { inet_ehashfn, inet_sk, inet_sk_ehashfn } from '../../include/net/inet_sock';
import { inet_twsk, inet_twsk_bind_unhash, inet_twsk_deschedule, inet_twsk_put, inet_twsk_unhash, type inet_timewait_death_row, type inet_timewait_sock } from '../../include/net/inet_timewait_sock';
import { net_eq, type net } from '../../include/net/net_namespace';
import { __sk_del_bind_node, __sk_nulls_add_node_rcu, __sk_nulls_del_node_init_rcu, sk_add_bind_node, sk_unhashed, sock_net, sock_prot_inuse_add, sock_put, type sock } from '../../include/net/sock';
import { TCP_CLOSE, TCP_LISTEN } from '../../include/net/tcp_states';
import { NET_INC_STATS_BH } from '../../include/net/ip';
import { LINUX_MIB_TIMEWAITRECYCLED } from '../../include/linux/snmp';
import { twsk_unique } from '../../include/net/timewait_sock';
import { secure_ipv4_port_ephemeral } from '../core/secure_seq';

declare module '../../include/ports' { interface Host { inet_hash_hint: number } }
export function inet_hashtables_globals(host: Host): void { host.inet_hash_hint = 0; }

export function inet_bind_bucket_create(_cachep: unknown, net: net, head: inet_bind_hashbucket, snum: number): inet_bind_bucket {
  const tb = new inet_bind_bucket();
  if (tb !== null) {
    tb.ib_net = net;
    tb.port = snum;
    tb.fastreuse = 0;
    tb.fastreuseport = 0;
    tb.num_owners = 0;
    INIT_HLIST_HEAD(tb.owners);
    hlist_add_head(tb.node, head.chain);
  }
  return tb;
}

export function inet_bind_bucket_destroy(_cachep: unknown, tb: inet_bind_bucket): void {
  if (hlist_empty(tb.owners)) {
    __hlist_del(tb.node);
  }
}

export function inet_bind_hash(sk: sock, tb: inet_bind_bucket, snum: number): void {
  const hashinfo = current.host.tcp_hashinfo;
  atomic_inc(hashinfo.bsockets);
  inet_sk(sk).inet_num = snum;
  sk_add_bind_node(sk, tb.owners);
  tb.num_owners++;
  inet_csk(sk).icsk_bind_hash = tb;
}

function __inet_put_port(sk: sock): void {
  const hashinfo = current.host.tcp_hashinfo;
  const bhash = inet_bhashfn(sock_net(sk), inet_sk(sk).inet_num, hashinfo.bhash_size);
  const head = hashinfo.bhash[bhash];
  let tb: inet_bind_bucket;
  atomic_dec(hashinfo.bsockets);
  spin_lock(head.lock);
  tb = inet_csk(sk).icsk_bind_hash;
  __sk_del_bind_node(sk);
  tb.num_owners--;
  inet_csk(sk).icsk_bind_hash = null;
  inet_sk(sk).inet_num = 0;
  inet_bind_bucket_destroy(hashinfo.bind_bucket_cachep, tb);
  spin_unlock(head.lock);
}

/** Gives the local port back. */
export function inet_put_port(sk: sock): void {
  local_bh_disable();
  __inet_put_port(sk);
  local_bh_enable();
}

export function __inet_inherit_port(sk: sock, child: sock): number {
  const table = current.host.tcp_hashinfo;
  const port = inet_sk(child).inet_num;
  const bhash = inet_bhashfn(sock_net(sk), port, table.bhash_size);
  const head = table.bhash[bhash];
  let tb: inet_bind_bucket;
  spin_lock(head.lock);
  tb = inet_csk(sk).icsk_bind_hash;
  if (tb.port !== port) {
    let node = head.chain.first;
    for (tb = null; node !== null; node = node.next) {
      if (net_eq(ib_net(node.owner), sock_net(sk)) && node.owner.port === port) {
        tb = node.owner;
        break;
      }
    }
    if (!tb) {
      tb = inet_bind_bucket_create(table.bind_bucket_cachep, sock_net(sk), head, port);
      if (!tb) {
        spin_unlock(head.lock);
        return -ENOMEM;
      }
    }
  }
  inet_bind_hash(child, tb, port);
  spin_unlock(head.lock);
  return 0;
}

function compute_score(sk: sock, net: net, hnum: number, daddr: number, dif: number): number {
  let score = -1;
  const inet = inet_sk(sk);
  if (net_eq(sock_net(sk), net) && inet.inet_num === hnum) {
    const rcv_saddr = inet.inet_rcv_saddr;
    score = sk.sk_family === PF_INET ? 2 : 1;
    if (rcv_saddr) {
      if (rcv_saddr !== daddr)
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

/** The best listener for a destination; with SO_REUSEPORT one of several by the hash of the flow. */
export function __inet_lookup_listener(net: net, hashinfo: inet_hashinfo, saddr: number, sport: number, daddr: number, hnum: number, dif: number): sock {
  let sk: sock, result: sock;
  const hash = inet_lhashfn(net, hnum);
  const ilb = hashinfo.listening_hash[hash];
  let score: number, hiscore: number, matches = 0, reuseport = false;
  let phash = 0;
  rcu_read_lock();
  for (;;) {
    result = null;
    hiscore = 0;
    for (let node = ilb.head.first; node !== null; node = node.next) {
      sk = node.owner;
      score = compute_score(sk, net, hnum, daddr, dif);
      if (score > hiscore) {
        result = sk;
        hiscore = score;
        reuseport = !!sk.sk_reuseport;
        if (reuseport) {
          phash = inet_ehashfn(net, daddr, hnum, saddr, sport);
          matches = 1;
        }
      } else if (score === hiscore && reuseport) {
        matches++;
        if (Math.floor((phash * matches) / 0x100000000) === 0)
          result = sk;
        phash = next_pseudo_random32(phash);
      }
    }
    if (result) {
      if (unlikely(!atomic_inc_not_zero(result.sk_refcnt)))
        result = null;
      else if (unlikely(compute_score(result, net, hnum, daddr, dif) < hiscore)) {
        sock_put(result);
        continue;
      }
    }
    break;
  }
  rcu_read_unlock();
  return result;
}

/** The connection (or its TIME_WAIT) of a four-tuple, with a reference taken. */
export function __inet_lookup_established(net: net, hashinfo: inet_hashinfo, saddr: number, sport: number, daddr: number, hnum: number, dif: number): sock {
  const ports = INET_COMBINED_PORTS(sport, hnum);
  let sk: sock;
  const hash = inet_ehashfn(net, daddr, hnum, saddr, sport);
  const slot = (hash & hashinfo.ehash_mask) >>> 0;
  const head = hashinfo.ehash[slot];
  rcu_read_lock();
  out: {
    for (let node = head.chain.first; node !== null; node = node.next) {
      sk = node.owner;
      if (sk.sk_hash !== hash)
        continue;
      if (INET_MATCH(sk, net, saddr, daddr, ports, dif)) {
        if (unlikely(!atomic_inc_not_zero(sk.sk_refcnt)))
          break;
        if (unlikely(!INET_MATCH(sk, net, saddr, daddr, ports, dif))) {
          sock_put(sk);
          continue;
        }
        break out;
      }
    }
    for (let node = head.twchain.first; node !== null; node = node.next) {
      sk = node.owner;
      if (sk.sk_hash !== hash)
        continue;
      if (INET_TW_MATCH(sk, net, saddr, daddr, ports, dif)) {
        if (unlikely(!atomic_inc_not_zero(sk.sk_refcnt))) {
          sk = null;
          break out;
        }
        if (unlikely(!INET_TW_MATCH(sk, net, saddr, daddr, ports, dif))) {
          inet_twsk_put(inet_twsk(sk));
          continue;
        }
        break out;
      }
    }
    sk = null;
  }
  rcu_read_unlock();
  return sk;
}

type twp_t = { v: inet_timewait_sock };

function __inet_check_established(death_row: inet_timewait_death_row, sk: sock, lport: number, twp: twp_t): number {
  const hinfo = death_row.hashinfo;
  const inet = inet_sk(sk);
  const daddr = inet.inet_rcv_saddr;
  const saddr = inet.inet_daddr;
  const dif = sk.sk_bound_dev_if;
  const ports = INET_COMBINED_PORTS(inet.inet_dport, lport);
  const net = sock_net(sk);
  const hash = inet_ehashfn(net, daddr, lport, saddr, inet.inet_dport);
  const head = inet_ehash_bucket_(hinfo, hash);
  const lock = inet_ehash_lockp(hinfo, hash);
  let sk2: sock;
  let tw: inet_timewait_sock = null;
  let twrefcnt = 0;
  spin_lock(lock);
  unique: {
    for (let node = head.twchain.first; node !== null; node = node.next) {
      sk2 = node.owner;
      if (sk2.sk_hash !== hash)
        continue;
      if (INET_TW_MATCH(sk2, net, saddr, daddr, ports, dif)) {
        tw = inet_twsk(sk2);
        if (twsk_unique(sk, sk2, twp))
          break unique;
        else
          return not_unique(lock);
      }
    }
    tw = null;
    for (let node = head.chain.first; node !== null; node = node.next) {
      sk2 = node.owner;
      if (sk2.sk_hash !== hash)
        continue;
      if (INET_MATCH(sk2, net, saddr, daddr, ports, dif))
        return not_unique(lock);
    }
  }
  inet.inet_num = lport;
  inet.inet_sport = htons(lport);
  sk.sk_hash = hash;
  WARN_ON(!sk_unhashed(sk));
  __sk_nulls_add_node_rcu(sk, head.chain);
  if (tw) {
    twrefcnt = inet_twsk_unhash(tw);
    NET_INC_STATS_BH(net, LINUX_MIB_TIMEWAITRECYCLED);
  }
  spin_unlock(lock);
  if (twrefcnt)
    inet_twsk_put(tw);
  sock_prot_inuse_add(sock_net(sk), sk.sk_prot, 1);
  if (twp) {
    twp.v = tw;
  } else if (tw) {
    inet_twsk_deschedule(tw, death_row);
    inet_twsk_put(tw);
  }
  return 0;
}

function not_unique(lock: spinlock_t): number {
  spin_unlock(lock);
  return -EADDRNOTAVAIL;
}

function inet_sk_port_offset(sk: sock): number {
  const inet = inet_sk(sk);
  return secure_ipv4_port_ephemeral(inet.inet_rcv_saddr, inet.inet_daddr, inet.inet_dport);
}

export function __inet_hash_nolisten(sk: sock, tw: inet_timewait_sock): number {
  const hashinfo = current.host.tcp_hashinfo;
  let list: hlist_head;
  let lock: spinlock_t;
  let twrefcnt = 0;
  WARN_ON(!sk_unhashed(sk));
  sk.sk_hash = inet_sk_ehashfn(sk);
  const head = inet_ehash_bucket_(hashinfo, sk.sk_hash);
  list = head.chain;
  lock = inet_ehash_lockp(hashinfo, sk.sk_hash);
  spin_lock(lock);
  __sk_nulls_add_node_rcu(sk, list);
  if (tw) {
    WARN_ON(sk.sk_hash !== tw.tw_hash);
    twrefcnt = inet_twsk_unhash(tw);
  }
  spin_unlock(lock);
  sock_prot_inuse_add(sock_net(sk), sk.sk_prot, 1);
  return twrefcnt;
}

function __inet_hash(sk: sock): void {
  const hashinfo = current.host.tcp_hashinfo;
  let ilb: inet_listen_hashbucket;
  if (sk.sk_state !== TCP_LISTEN) {
    __inet_hash_nolisten(sk, null);
    return;
  }
  WARN_ON(!sk_unhashed(sk));
  ilb = hashinfo.listening_hash[inet_sk_listen_hashfn(sk)];
  spin_lock(ilb.lock);
  __sk_nulls_add_node_rcu(sk, ilb.head);
  sock_prot_inuse_add(sock_net(sk), sk.sk_prot, 1);
  spin_unlock(ilb.lock);
}

export function inet_hash(sk: sock): void {
  if (sk.sk_state !== TCP_CLOSE) {
    local_bh_disable();
    __inet_hash(sk);
    local_bh_enable();
  }
}

export function inet_unhash(sk: sock): void {
  const hashinfo = current.host.tcp_hashinfo;
  let lock: spinlock_t;
  let done: boolean;
  if (sk_unhashed(sk))
    return;
  if (sk.sk_state === TCP_LISTEN)
    lock = hashinfo.listening_hash[inet_sk_listen_hashfn(sk)].lock;
  else
    lock = inet_ehash_lockp(hashinfo, sk.sk_hash);
  spin_lock_bh(lock);
  done = __sk_nulls_del_node_init_rcu(sk);
  if (done)
    sock_prot_inuse_add(sock_net(sk), sk.sk_prot, -1);
  spin_unlock_bh(lock);
}

type check_established_t = (death_row: inet_timewait_death_row, sk: sock, lport: number, twp: twp_t) => number;
type hash_t = (sk: sock, tw: inet_timewait_sock) => number;

/** Picks a local port (unless bound) and hashes the socket; -EADDRNOTAVAIL when every port is taken. */
export function __inet_hash_connect(death_row: inet_timewait_death_row, sk: sock, port_offset: number, check_established: check_established_t, hash: hash_t): number {
  const hinfo = death_row.hashinfo;
  const snum = inet_sk(sk).inet_num;
  let head: inet_bind_hashbucket;
  let tb: inet_bind_bucket;
  let ret: number;
  const net = sock_net(sk);
  let twrefcnt = 1;
  if (!snum) {
    let i: number, remaining: number, port = 0, found = false;
    const offset = current.host.inet_hash_hint + port_offset;
    const tw: twp_t = { v: null };
    const low = { v: 0 }, high = { v: 0 };
    inet_get_local_port_range(low, high);
    remaining = high.v - low.v + 1;
    local_bh_disable();
    for (i = 1; i <= remaining; i++) {
      port = low.v + ((i + offset) % remaining);
      head = hinfo.bhash[inet_bhashfn(net, port, hinfo.bhash_size)];
      spin_lock(head.lock);
      next_port: {
        let node = head.chain.first;
        for (; node !== null; node = node.next) {
          tb = node.owner;
          if (net_eq(ib_net(tb), net) && tb.port === port) {
            if (tb.fastreuse >= 0 || tb.fastreuseport >= 0)
              break next_port;
            WARN_ON(hlist_empty(tb.owners));
            if (!check_established(death_row, sk, port, tw)) {
              found = true;
            }
            break next_port;
          }
        }
        tb = inet_bind_bucket_create(hinfo.bind_bucket_cachep, net, head, port);
        if (!tb) {
          break next_port;
        }
        tb.fastreuse = -1;
        tb.fastreuseport = -1;
        found = true;
      }
      if (found) break;
      spin_unlock(head.lock);
    }
    if (!found) {
      local_bh_enable();
      return -EADDRNOTAVAIL;
    }
    current.host.inet_hash_hint += i;
    inet_bind_hash(sk, tb, port);
    if (sk_unhashed(sk)) {
      inet_sk(sk).inet_sport = htons(port);
      twrefcnt += hash(sk, tw.v);
    }
    if (tw.v)
      twrefcnt += inet_twsk_bind_unhash(tw.v, hinfo);
    spin_unlock(head.lock);
    if (tw.v) {
      inet_twsk_deschedule(tw.v, death_row);
      while (twrefcnt) {
        twrefcnt--;
        inet_twsk_put(tw.v);
      }
    }
    ret = 0;
    return out();
  }
  head = hinfo.bhash[inet_bhashfn(net, snum, hinfo.bhash_size)];
  tb = inet_csk(sk).icsk_bind_hash;
  spin_lock_bh(head.lock);
  if (tb.owners.first !== null && tb.owners.first.owner === sk && !sk.sk_bind_node.next) {
    hash(sk, null);
    spin_unlock_bh(head.lock);
    return 0;
  } else {
    spin_unlock(head.lock);
    ret = check_established(death_row, sk, snum, null);
    return out();
  }
  function out(): number {
    local_bh_enable();
    return ret;
  }
}

/** Binds a port for a connection and hashes it. */
export function inet_hash_connect(death_row: inet_timewait_death_row, sk: sock): number {
  return __inet_hash_connect(death_row, sk, inet_sk_port_offset(sk), __inet_check_established, __inet_hash_nolisten);
}

export function inet_hashinfo_init(h: inet_hashinfo): void {
  let i: number;
  atomic_set(h.bsockets, 0);
  for (i = 0; i < INET_LHTABLE_SIZE; i++) {
    spin_lock_init(h.listening_hash[i].lock);
    INIT_HLIST_HEAD(h.listening_hash[i].head);
  }
}
