/** Mirror of net/ipv4/inet_connection_sock.c: ports, accept queue and timers of connection sockets. */
import { BUG_ON, WARN_ON } from '../../include/asm-generic/bug';
import { EADDRINUSE, EAGAIN, EINVAL } from '../../include/uapi/asm-generic/errno';
import { atomic_read } from '../../include/linux/atomic';
import { IS_ERR } from '../../include/linux/err';
import { local_bh_disable, local_bh_enable } from '../../include/linux/interrupt';
import { jhash_2words } from '../../include/linux/jhash';
import { jiffies, time_after_eq } from '../../include/linux/jiffies';
import { min } from '../../include/linux/kernel';
import { hlist_empty } from '../../include/linux/list';
import { percpu_counter_dec, percpu_counter_inc } from '../../include/linux/percpu_counter';
import { atomically, current, type Gen, type Host } from '../../include/ports';
import { net_random } from '../../include/linux/random';
import { rcu_dereference, rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { schedule_timeout, signal_pending, TASK_INTERRUPTIBLE } from '../../include/linux/sched';
import { read_seqbegin, read_seqretry, seqlock_t, spin_lock, spin_lock_bh, spin_unlock, spin_unlock_bh } from '../../include/linux/spinlock';
import { setup_timer } from '../../include/linux/timer';
import { htons, ntohs } from '../../include/linux/types';
import { DEFINE_WAIT, finish_wait, prepare_to_wait_exclusive } from '../../include/linux/wait';
import { AF_INET, type sockaddr } from '../../include/linux/socket';
import { IPPROTO_TCP } from '../../include/linux/in';
import { O_NONBLOCK } from '../../include/linux/fcntl';
import { IPSTATS_MIB_OUTNOROUTES } from '../../include/linux/snmp';
import { tcp_rsk, tcp_sk } from '../../include/linux/tcp';
import type { dst_entry } from '../../include/net/dst';
import { flowi4_init_output, type flowi4 } from '../../include/net/flow';
import { inet_csk, inet_csk_delack_init, inet_csk_reqsk_queue_added, inet_csk_reqsk_queue_unlink, request_sock_ref } from '../../include/net/inet_connection_sock';
import { inet_bhashfn, inet_bind_bucket_create, inet_bind_hash, ib_net, type inet_bind_bucket, type inet_bind_hashbucket } from '../../include/net/inet_hashtables';
import { inet_rsk, inet_sk, inet_sk_flowi_flags } from '../../include/net/inet_sock';
import { sk_rcv_saddr } from '../../include/net/inet_timewait_sock';
import { IP_INC_STATS_BH } from '../../include/net/ip';
import { net_eq } from '../../include/net/net_namespace';
import {
  __reqsk_free, __reqsk_queue_destroy, reqsk_free, reqsk_queue_alloc, reqsk_queue_destroy, reqsk_queue_empty, reqsk_queue_hash_req, reqsk_queue_remove, reqsk_queue_removed,
  reqsk_queue_yank_acceptq, request_sock_queue, type request_sock,
} from '../../include/net/request_sock';
import { ip_route_output_flow, ip_route_output_ports, ip_rt_put, RT_CONN_FLAGS, type rtable } from '../../include/net/route';
import {
  __sk_dst_check, bh_lock_sock, bh_unlock_sock, lock_sock, release_sock, sk_acceptq_removed, sk_clone_lock, sk_dst_reset, sk_reset_timer, sk_setup_caps, sk_sleep, sk_stop_timer, sk_unhashed,
  SK_FORCE_REUSE, sock_flag, SOCK_DEAD, sock_hold, sock_intr_errno, sock_net, sock_orphan, sock_owned_by_user, sock_put, sock_rcvtimeo, sock_set_flag, type sock, sock_i_uid,
} from '../../include/net/sock';
import { RT_SCOPE_UNIVERSE } from '../../include/linux/rtnetlink';
import { TCP_CLOSE, TCP_LISTEN, TCP_SYN_RECV, TCP_TIME_WAIT } from '../../include/net/tcp_states';
import { sk_stream_kill_queues, sk_stream_write_space } from '../core/stream';

/** First and last port that the kernel picks by itself. */
export class local_ports { lock = new seqlock_t(); range = [32768, 61000]; }
declare module '../../include/ports' { interface Host { sysctl_local_ports: local_ports } }
export function inet_connection_sock_globals(host: Host): void { host.sysctl_local_ports = new local_ports(); }

export function inet_get_local_port_range(low: { v: number }, high: { v: number }): void {
  const sysctl_local_ports = current.host.sysctl_local_ports;
  let seq: number;
  do {
    seq = read_seqbegin(sysctl_local_ports.lock);
    low.v = sysctl_local_ports.range[0];
    high.v = sysctl_local_ports.range[1];
  } while (read_seqretry(sysctl_local_ports.lock, seq));
}

/** Does another socket of the bucket keep `sk` from the port? */
export function inet_csk_bind_conflict(sk: sock, tb: inet_bind_bucket, relax: boolean): number {
  let sk2: sock = null;
  const reuse = sk.sk_reuse;
  const reuseport = sk.sk_reuseport;
  const uid = sock_i_uid(sk);
  for (let node = tb.owners.first; ; node = node.next) {
    if (node === null) {
      sk2 = null;
      break;
    }
    sk2 = node.owner;
    if (sk !== sk2 && (!sk.sk_bound_dev_if || !sk2.sk_bound_dev_if || sk.sk_bound_dev_if === sk2.sk_bound_dev_if)) {
      if ((!reuse || !sk2.sk_reuse || sk2.sk_state === TCP_LISTEN) && (!reuseport || !sk2.sk_reuseport || (sk2.sk_state !== TCP_TIME_WAIT && uid !== sock_i_uid(sk2)))) {
        const sk2_rcv_saddr = sk_rcv_saddr(sk2);
        if (!sk2_rcv_saddr || !sk_rcv_saddr(sk) || sk2_rcv_saddr === sk_rcv_saddr(sk))
          break;
      }
      if (!relax && reuse && sk2.sk_reuse && sk2.sk_state !== TCP_LISTEN) {
        const sk2_rcv_saddr = sk_rcv_saddr(sk2);
        if (!sk2_rcv_saddr || !sk_rcv_saddr(sk) || sk2_rcv_saddr === sk_rcv_saddr(sk))
          break;
      }
    }
  }
  return sk2 !== null ? 1 : 0;
}

/** Takes port `snum`, or any free one for 0; gives 0, or 1 when there is none. */
export function inet_csk_get_port(sk: sock, snum: number): number {
  const hashinfo = current.host.tcp_hashinfo;
  let head: inet_bind_hashbucket = null;
  let tb: inet_bind_bucket = null;
  let ret: number, attempts = 5;
  const net = sock_net(sk);
  let smallest_size = -1, smallest_rover = 0;
  const uid = sock_i_uid(sk);
  local_bh_disable();
  fail: {
    again: for (;;) {
      let tb_found = false, have_snum = snum !== 0;
      if (!have_snum) {
        let remaining: number, rover: number;
        const low = { v: 0 }, high = { v: 0 };
        inet_get_local_port_range(low, high);
        remaining = high.v - low.v + 1;
        smallest_rover = rover = (net_random() % remaining) + low.v;
        smallest_size = -1;
        search: do {
          head = hashinfo.bhash[inet_bhashfn(net, rover, hashinfo.bhash_size)];
          spin_lock(head.lock);
          let taken = false;
          for (let node = head.chain.first; node !== null; node = node.next) {
            tb = node.owner;
            if (net_eq(ib_net(tb), net) && tb.port === rover) {
              if (((tb.fastreuse > 0 && sk.sk_reuse && sk.sk_state !== TCP_LISTEN) || (tb.fastreuseport > 0 && sk.sk_reuseport)) && (tb.num_owners < smallest_size || smallest_size === -1)) {
                smallest_size = tb.num_owners;
                smallest_rover = rover;
                if (atomic_read(hashinfo.bsockets) > high.v - low.v + 1 && !inet_csk(sk).icsk_af_ops.bind_conflict(sk, tb, false)) {
                  snum = smallest_rover;
                  tb_found = true;
                  break search;
                }
              }
              if (!inet_csk(sk).icsk_af_ops.bind_conflict(sk, tb, false)) {
                snum = rover;
                tb_found = true;
                break search;
              }
              taken = true;
              break;
            }
          }
          if (!taken) break;
          spin_unlock(head.lock);
          if (++rover > high.v)
            rover = low.v;
        } while (--remaining > 0);
        ret = 1;
        if (!tb_found) {
          if (remaining <= 0) {
            if (smallest_size !== -1) {
              snum = smallest_rover;
              have_snum = true;
            } else
              break fail;
          } else
            snum = rover;
        }
      }
      if (have_snum) {
        head = hashinfo.bhash[inet_bhashfn(net, snum, hashinfo.bhash_size)];
        spin_lock(head.lock);
        for (let node = head.chain.first; node !== null; node = node.next) {
          tb = node.owner;
          if (net_eq(ib_net(tb), net) && tb.port === snum) {
            tb_found = true;
            break;
          }
        }
      }
      fail_unlock: {
        success: {
          tb_not_found: {
            if (!tb_found) {
              tb = null;
              break tb_not_found;
            }
            if (!hlist_empty(tb.owners)) {
              if (sk.sk_reuse === SK_FORCE_REUSE)
                break success;
              if (((tb.fastreuse > 0 && sk.sk_reuse && sk.sk_state !== TCP_LISTEN) || (tb.fastreuseport > 0 && sk.sk_reuseport)) && smallest_size === -1) {
                break success;
              } else {
                ret = 1;
                if (inet_csk(sk).icsk_af_ops.bind_conflict(sk, tb, true)) {
                  if (((sk.sk_reuse && sk.sk_state !== TCP_LISTEN) || (tb.fastreuseport > 0 && sk.sk_reuseport)) && smallest_size !== -1 && --attempts >= 0) {
                    spin_unlock(head.lock);
                    snum = 0;
                    continue again;
                  }
                  break fail_unlock;
                }
              }
            }
          }
          ret = 1;
          if (!tb && (tb = inet_bind_bucket_create(hashinfo.bind_bucket_cachep, net, head, snum)) === null)
            break fail_unlock;
          if (hlist_empty(tb.owners)) {
            if (sk.sk_reuse && sk.sk_state !== TCP_LISTEN)
              tb.fastreuse = 1;
            else
              tb.fastreuse = 0;
            if (sk.sk_reuseport) {
              tb.fastreuseport = 1;
              tb.fastuid = uid;
            } else
              tb.fastreuseport = 0;
          } else {
            if (tb.fastreuse && (!sk.sk_reuse || sk.sk_state === TCP_LISTEN))
              tb.fastreuse = 0;
            if (tb.fastreuseport && !sk.sk_reuseport)
              tb.fastreuseport = 0;
          }
        }
        if (!inet_csk(sk).icsk_bind_hash)
          inet_bind_hash(sk, tb, snum);
        WARN_ON(inet_csk(sk).icsk_bind_hash !== tb);
        ret = 0;
      }
      spin_unlock(head.lock);
      break;
    }
  }
  local_bh_enable();
  return ret;
}

function* inet_csk_wait_for_connect(sk: sock, timeo: number): Gen<number> {
  const icsk = inet_csk(sk);
  const wait = DEFINE_WAIT();
  let err: number;
  for (;;) {
    prepare_to_wait_exclusive(sk_sleep(sk), wait, TASK_INTERRUPTIBLE);
    yield* release_sock(sk);
    if (reqsk_queue_empty(icsk.icsk_accept_queue))
      timeo = yield* schedule_timeout(timeo);
    yield* lock_sock(sk);
    err = 0;
    if (!reqsk_queue_empty(icsk.icsk_accept_queue))
      break;
    err = -EINVAL;
    if (sk.sk_state !== TCP_LISTEN)
      break;
    err = sock_intr_errno(timeo);
    if (signal_pending(current.task))
      break;
    err = -EAGAIN;
    if (!timeo)
      break;
  }
  finish_wait(sk_sleep(sk), wait);
  return err;
}

/** The next connection that is ready; waits for one unless told not to. */
export function* inet_csk_accept(sk: sock, flags: number, err: { v: number }): Gen<sock> {
  const icsk = inet_csk(sk);
  const queue = icsk.icsk_accept_queue;
  let newsk: sock;
  let req: request_sock;
  let error: number;
  yield* lock_sock(sk);
  out_err: {
    error = -EINVAL;
    if (sk.sk_state !== TCP_LISTEN)
      break out_err;
    if (reqsk_queue_empty(queue)) {
      const timeo = sock_rcvtimeo(sk, (flags & O_NONBLOCK) !== 0);
      error = -EAGAIN;
      if (!timeo)
        break out_err;
      error = yield* inet_csk_wait_for_connect(sk, timeo);
      if (error)
        break out_err;
    }
    req = reqsk_queue_remove(queue);
    newsk = req.sk;
    sk_acceptq_removed(sk);
    if (sk.sk_protocol === IPPROTO_TCP && queue.fastopenq !== null) {
      spin_lock_bh(queue.fastopenq.lock);
      if (tcp_rsk(req).listener) {
        req.sk = null;
        req = null;
      }
      spin_unlock_bh(queue.fastopenq.lock);
    }
    yield* release_sock(sk);
    if (req)
      __reqsk_free(req);
    return newsk;
  }
  newsk = null;
  req = null;
  err.v = error;
  yield* release_sock(sk);
  return newsk;
}

export function inet_csk_init_xmit_timers(sk: sock, retransmit_handler: (data: any) => void, delack_handler: (data: any) => void, keepalive_handler: (data: any) => void): void {
  const icsk = inet_csk(sk);
  setup_timer(icsk.icsk_retransmit_timer, retransmit_handler, sk);
  setup_timer(icsk.icsk_delack_timer, delack_handler, sk);
  setup_timer(sk.sk_timer, keepalive_handler, sk);
  icsk.icsk_pending = icsk.icsk_ack.pending = 0;
}

export function inet_csk_clear_xmit_timers(sk: sock): void {
  const icsk = inet_csk(sk);
  icsk.icsk_pending = icsk.icsk_ack.pending = icsk.icsk_ack.blocked = 0;
  sk_stop_timer(sk, icsk.icsk_retransmit_timer);
  sk_stop_timer(sk, icsk.icsk_delack_timer);
  sk_stop_timer(sk, sk.sk_timer);
}

export function inet_csk_delete_keepalive_timer(sk: sock): void {
  sk_stop_timer(sk, sk.sk_timer);
}

export function inet_csk_reset_keepalive_timer(sk: sock, len: number): void {
  sk_reset_timer(sk, sk.sk_timer, jiffies() + len);
}

export function inet_csk_route_req(sk: sock, fl4: flowi4, req: request_sock): dst_entry {
  let rt: rtable;
  const ireq = inet_rsk(req);
  const opt = inet_rsk(req).opt;
  const net = sock_net(sk);
  const flags = inet_sk_flowi_flags(sk);
  flowi4_init_output(fl4, sk.sk_bound_dev_if, sk.sk_mark, RT_CONN_FLAGS(sk), RT_SCOPE_UNIVERSE, sk.sk_protocol, flags,
    opt && opt.opt.srr ? opt.opt.faddr : ireq.rmt_addr, ireq.loc_addr, ireq.rmt_port, inet_sk(sk).inet_sport);
  rt = ip_route_output_flow(net, fl4, sk);
  no_route: {
    if (IS_ERR(rt))
      break no_route;
    if (opt && opt.opt.is_strictroute && rt.rt_uses_gateway) {
      ip_rt_put(rt);
      break no_route;
    }
    return rt;
  }
  IP_INC_STATS_BH(net, IPSTATS_MIB_OUTNOROUTES);
  return null;
}

export function inet_csk_route_child_sock(sk: sock, newsk: sock, req: request_sock): dst_entry {
  const ireq = inet_rsk(req);
  const newinet = inet_sk(newsk);
  const net = sock_net(sk);
  let fl4: flowi4;
  let rt: rtable;
  fl4 = newinet.cork.fl.u.ip4;
  rcu_read_lock();
  const opt = rcu_dereference(newinet.inet_opt);
  flowi4_init_output(fl4, sk.sk_bound_dev_if, sk.sk_mark, RT_CONN_FLAGS(sk), RT_SCOPE_UNIVERSE, sk.sk_protocol, inet_sk_flowi_flags(sk),
    opt && opt.opt.srr ? opt.opt.faddr : ireq.rmt_addr, ireq.loc_addr, ireq.rmt_port, inet_sk(sk).inet_sport);
  rt = ip_route_output_flow(net, fl4, sk);
  no_route: {
    if (IS_ERR(rt))
      break no_route;
    if (opt && opt.opt.is_strictroute && rt.rt_uses_gateway) {
      ip_rt_put(rt);
      break no_route;
    }
    rcu_read_unlock();
    return rt;
  }
  rcu_read_unlock();
  IP_INC_STATS_BH(net, IPSTATS_MIB_OUTNOROUTES);
  return null;
}

function inet_synq_hash(raddr: number, rport: number, rnd: number, synq_hsize: number): number {
  return jhash_2words(raddr, rport, rnd) & (synq_hsize - 1);
}

/** The request of a remote address in the SYN queue; `prevp` gets the place that points at it. */
export function inet_csk_search_req(sk: sock, prevp: { v: request_sock_ref }, rport: number, raddr: number, laddr: number): request_sock {
  const icsk = inet_csk(sk);
  const lopt = icsk.icsk_accept_queue.listen_opt;
  let req: request_sock, prev: request_sock_ref;
  for (prev = new request_sock_ref(lopt.syn_table, inet_synq_hash(raddr, rport, lopt.hash_rnd, lopt.nr_table_entries)); (req = prev.v) !== null; prev = new request_sock_ref(req, 'dl_next')) {
    const ireq = inet_rsk(req);
    if (ireq.rmt_port === rport && ireq.rmt_addr === raddr && ireq.loc_addr === laddr) {
      WARN_ON(req.sk);
      prevp.v = prev;
      break;
    }
  }
  return req;
}

export function inet_csk_reqsk_queue_hash_add(sk: sock, req: request_sock, timeout: number): void {
  const icsk = inet_csk(sk);
  const lopt = icsk.icsk_accept_queue.listen_opt;
  const h = inet_synq_hash(inet_rsk(req).rmt_addr, inet_rsk(req).rmt_port, lopt.hash_rnd, lopt.nr_table_entries);
  reqsk_queue_hash_req(icsk.icsk_accept_queue, h, req, timeout);
  inet_csk_reqsk_queue_added(sk, timeout);
}

function syn_ack_recalc(req: request_sock, thresh: number, max_retries: number, rskq_defer_accept: number, expire: { v: boolean }, resend: { v: boolean }): void {
  if (!rskq_defer_accept) {
    expire.v = req.num_timeout >= thresh;
    resend.v = true;
    return;
  }
  expire.v = req.num_timeout >= thresh && (!inet_rsk(req).acked || req.num_timeout >= max_retries);
  resend.v = !inet_rsk(req).acked || req.num_timeout >= rskq_defer_accept - 1;
}

export function inet_rtx_syn_ack(parent: sock, req: request_sock): number {
  const err = req.rsk_ops.rtx_syn_ack(parent, req);
  if (!err)
    req.num_retrans++;
  return err;
}

/** From the listener's timer: sends SYN+ACKs again and drops requests that waited too long. */
export function inet_csk_reqsk_queue_prune(parent: sock, interval: number, timeout: number, max_rto: number): void {
  const icsk = inet_csk(parent);
  const queue = icsk.icsk_accept_queue;
  const lopt = queue.listen_opt;
  let max_retries = icsk.icsk_syn_retries || current.host.sysctl_tcp_synack_retries;
  let thresh = max_retries;
  const now = jiffies();
  let reqp: request_sock_ref, req: request_sock;
  let i: number, budget: number;
  if (lopt === null || lopt.qlen === 0)
    return;
  if (lopt.qlen >> (lopt.max_qlen_log - 1)) {
    let young = lopt.qlen_young << 1;
    while (thresh > 2) {
      if (lopt.qlen < young)
        break;
      thresh--;
      young <<= 1;
    }
  }
  if (queue.rskq_defer_accept)
    max_retries = queue.rskq_defer_accept;
  budget = 2 * Math.trunc(lopt.nr_table_entries / Math.trunc(timeout / interval));
  i = lopt.clock_hand;
  do {
    reqp = new request_sock_ref(lopt.syn_table, i);
    while ((req = reqp.v) !== null) {
      if (time_after_eq(now, req.expires)) {
        const expire = { v: false }, resend = { v: false };
        syn_ack_recalc(req, thresh, max_retries, queue.rskq_defer_accept, expire, resend);
        req.rsk_ops.syn_ack_timeout(parent, req);
        if (!expire.v && (!resend.v || !inet_rtx_syn_ack(parent, req) || inet_rsk(req).acked)) {
          let timeo: number;
          if (req.num_timeout++ === 0)
            lopt.qlen_young--;
          timeo = min(timeout * 2 ** req.num_timeout, max_rto);
          req.expires = now + timeo;
          reqp = new request_sock_ref(req, 'dl_next');
          continue;
        }
        inet_csk_reqsk_queue_unlink(parent, req, reqp);
        reqsk_queue_removed(queue, req);
        reqsk_free(req);
        continue;
      }
      reqp = new request_sock_ref(req, 'dl_next');
    }
    i = (i + 1) & (lopt.nr_table_entries - 1);
  } while (--budget > 0);
  lopt.clock_hand = i;
  if (lopt.qlen)
    inet_csk_reset_keepalive_timer(parent, interval);
}

/** A child of the listener for `req`, locked. */
export function inet_csk_clone_lock(sk: sock, req: request_sock, priority: number): sock {
  const newsk = sk_clone_lock(sk, priority);
  if (newsk !== null) {
    const newicsk = inet_csk(newsk);
    newsk.sk_state = TCP_SYN_RECV;
    newicsk.icsk_bind_hash = null;
    inet_sk(newsk).inet_dport = inet_rsk(req).rmt_port;
    inet_sk(newsk).inet_num = ntohs(inet_rsk(req).loc_port);
    inet_sk(newsk).inet_sport = inet_rsk(req).loc_port;
    newsk.sk_write_space = sk_stream_write_space;
    inet_sk(newsk).mc_list = null;
    newicsk.icsk_retransmits = 0;
    newicsk.icsk_backoff = 0;
    newicsk.icsk_probes_out = 0;
    newicsk.icsk_accept_queue = new request_sock_queue();
  }
  return newsk;
}

export function inet_csk_destroy_sock(sk: sock): void {
  WARN_ON(sk.sk_state !== TCP_CLOSE);
  WARN_ON(!sock_flag(sk, SOCK_DEAD));
  WARN_ON(!sk_unhashed(sk));
  WARN_ON(inet_sk(sk).inet_num && !inet_csk(sk).icsk_bind_hash);
  sk.sk_prot.destroy(sk);
  sk_stream_kill_queues(sk);
  percpu_counter_dec(current.host.tcp_orphan_count);
  sock_put(sk);
}

export function inet_csk_prepare_forced_close(sk: sock): void {
  bh_unlock_sock(sk);
  sock_put(sk);
  sock_set_flag(sk, SOCK_DEAD);
  percpu_counter_inc(current.host.tcp_orphan_count);
  inet_sk(sk).inet_num = 0;
}

export function inet_csk_listen_start(sk: sock, nr_table_entries: number): number {
  const inet = inet_sk(sk);
  const icsk = inet_csk(sk);
  const rc = reqsk_queue_alloc(icsk.icsk_accept_queue, nr_table_entries);
  if (rc !== 0)
    return rc;
  sk.sk_max_ack_backlog = 0;
  sk.sk_ack_backlog = 0;
  inet_csk_delack_init(sk);
  sk.sk_state = TCP_LISTEN;
  if (!sk.sk_prot.get_port(sk, inet.inet_num)) {
    inet.inet_sport = htons(inet.inet_num);
    sk_dst_reset(sk);
    sk.sk_prot.hash(sk);
    return 0;
  }
  sk.sk_state = TCP_CLOSE;
  __reqsk_queue_destroy(icsk.icsk_accept_queue);
  return -EADDRINUSE;
}

/** Closes what a listener holds that nobody accepted. */
export function inet_csk_listen_stop(sk: sock): void {
  const icsk = inet_csk(sk);
  const queue = icsk.icsk_accept_queue;
  let acc_req: request_sock;
  let req: request_sock;
  inet_csk_delete_keepalive_timer(sk);
  acc_req = reqsk_queue_yank_acceptq(queue);
  reqsk_queue_destroy(queue);
  while ((req = acc_req) !== null) {
    const child = req.sk;
    acc_req = req.dl_next;
    local_bh_disable();
    bh_lock_sock(child);
    WARN_ON(sock_owned_by_user(child));
    sock_hold(child);
    atomically(sk.sk_prot.disconnect(child, O_NONBLOCK) as Gen<number>);
    sock_orphan(child);
    percpu_counter_inc(current.host.tcp_orphan_count);
    if (sk.sk_protocol === IPPROTO_TCP && tcp_rsk(req).listener) {
      BUG_ON(tcp_sk(child).fastopen_rsk !== req);
      BUG_ON(sk !== tcp_rsk(req).listener);
      tcp_sk(child).fastopen_rsk = null;
      sock_put(sk);
    }
    inet_csk_destroy_sock(child);
    bh_unlock_sock(child);
    local_bh_enable();
    sock_put(child);
    sk_acceptq_removed(sk);
    __reqsk_free(req);
  }
  if (queue.fastopenq !== null) {
    spin_lock_bh(queue.fastopenq.lock);
    acc_req = queue.fastopenq.rskq_rst_head;
    queue.fastopenq.rskq_rst_head = null;
    spin_unlock_bh(queue.fastopenq.lock);
    while ((req = acc_req) !== null) {
      acc_req = req.dl_next;
      __reqsk_free(req);
    }
  }
  WARN_ON(sk.sk_ack_backlog);
}

export function inet_csk_addr2sockaddr(sk: sock, uaddr: sockaddr): void {
  const sin = uaddr;
  const inet = inet_sk(sk);
  sin.sin_family = AF_INET;
  sin.sin_addr.s_addr = inet.inet_daddr;
  sin.sin_port = inet.inet_dport;
}

function inet_csk_rebuild_route(sk: sock, fl: { u: { ip4: flowi4 } }): dst_entry {
  const inet = inet_sk(sk);
  let daddr = inet.inet_daddr;
  let fl4: flowi4;
  let rt: rtable;
  rcu_read_lock();
  const inet_opt = rcu_dereference(inet.inet_opt);
  if (inet_opt && inet_opt.opt.srr)
    daddr = inet_opt.opt.faddr;
  fl4 = fl.u.ip4;
  rt = ip_route_output_ports(sock_net(sk), fl4, sk, daddr, inet.inet_saddr, inet.inet_dport, inet.inet_sport, sk.sk_protocol, RT_CONN_FLAGS(sk), sk.sk_bound_dev_if);
  if (IS_ERR(rt))
    rt = null;
  if (rt)
    sk_setup_caps(sk, rt);
  rcu_read_unlock();
  return rt;
}

export function inet_csk_update_pmtu(sk: sock, mtu: number): dst_entry {
  let dst = __sk_dst_check(sk, 0);
  const inet = inet_sk(sk);
  out: {
    if (!dst) {
      dst = inet_csk_rebuild_route(sk, inet.cork.fl);
      if (!dst)
        break out;
    }
    dst.ops.update_pmtu(dst, sk, null, mtu);
    dst = __sk_dst_check(sk, 0);
    if (!dst)
      dst = inet_csk_rebuild_route(sk, inet.cork.fl);
  }
  return dst;
}
