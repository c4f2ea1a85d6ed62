/**
 * net/netlink/af_netlink.c: sockets between programs and the kernel's configuration.
 * DEVIATION: groups cannot be joined and connect() is not modelled, so nobody listens to a notification; no memory-mapped rings, no rehashing.
 */
import { current, type Gen, type Host } from '../../include/ports';
import { BUG_ON, WARN_ON } from '../../include/asm-generic/bug';
import type { kiocb } from '../../include/linux/aio';
import { atomic_add, atomic_dec_and_test, atomic_inc, atomic_read, atomic_t } from '../../include/linux/atomic';
import { clear_bit, test_and_set_bit, test_bit } from '../../include/linux/bitops';
import { CAP_NET_ADMIN, file_ns_capable, ns_capable } from '../../include/linux/capability';
import { IS_ERR, PTR_ERR, ERR_PTR } from '../../include/linux/err';
import { GFP_KERNEL } from '../../include/linux/gfp';
import { jhash_1word } from '../../include/linux/jhash';
import type { hlist_head } from '../../include/linux/list';
import { mutex_lock, mutex_unlock } from '../../include/linux/mutex';
import { SOCK_DGRAM, SOCK_RAW, SS_UNCONNECTED, type net_proto_family, type proto_ops, type socket } from '../../include/linux/net';
import {
  MAX_LINKS, NETLINK_CB, NETLINK_CONNECTED, NETLINK_SKB_DST, NLMSG_DONE, NLMSG_ERROR, NLMSG_GOODSIZE, NLMSG_MIN_TYPE, NLM_F_ACK, NL_CFG_F_NONROOT_SEND, SOL_NETLINK, netlink_callback,
  sizeof_sockaddr_nl, sockaddr_as_nl, type netlink_dump_control, type netlink_kernel_cfg, type netlink_skb_parms,
} from '../../include/linux/netlink';
import { raw_notifier_head } from '../../include/linux/notifier';
import { cond_resched, schedule, schedule_timeout, signal_pending, TASK_INTERRUPTIBLE, TASK_RUNNING, TASK_UNINTERRUPTIBLE } from '../../include/linux/sched';
import { alloc_skb, consume_skb, kfree_skb, pskb_expand_head, skb_clone, skb_copy_datagram_iovec, skb_free_datagram, skb_pull, skb_put, skb_queue_empty, skb_queue_purge, skb_queue_tail, skb_recv_datagram,
  skb_reset_transport_header, skb_shared, type sk_buff } from '../../include/linux/skbuff';
import { AF_NETLINK, MSG_DONTWAIT, MSG_OOB, MSG_TRUNC, PF_NETLINK, type msghdr, type sockaddr } from '../../include/linux/socket';
import { read_lock, read_unlock, spin_lock_irq, spin_unlock_irq, spinlock_t } from '../../include/linux/spinlock';
import { memcpy } from '../../include/linux/string';
import {
  DECLARE_WAITQUEUE, add_wait_queue, add_wait_queue_exclusive, init_waitqueue_head, remove_wait_queue, wait_queue_head_t, wake_up, wake_up_interruptible, wake_up_interruptible_all,
} from '../../include/linux/wait';
import { local_bh_disable, local_bh_enable } from '../../include/linux/interrupt';
import { EADDRINUSE, EAGAIN, EBUSY, ECONNREFUSED, EFAULT, EINTR, EINVAL, EMSGSIZE, ENOBUFS, ENOMEM, ENOPROTOOPT, EOPNOTSUPP, EPERM, EPROTONOSUPPORT, ESOCKTNOSUPPORT, ESRCH } from '../../include/uapi/asm-generic/errno';
import { net_eq, type net } from '../../include/net/net_namespace';
import { NLMSG_ALIGN, NLMSG_HDRLEN, NLM_F_MULTI, NLM_F_REQUEST, __nlmsg_put, nl_dump_check_consistent, nlmsg_data, nlmsg_hdr, nlmsg_len, nlmsg_multicast, nlmsg_put_answer, nlmsg_total_size, nlmsg_unicast, struct_view, type nlmsghdr } from '../../include/net/netlink';
import { scm_cookie, scm_destroy, scm_recv, scm_send } from '../../include/net/scm';
import type { proto, sock } from '../../include/net/sock.struct';
import {
  SOCK_DEAD, gfp_any, kiocb_to_siocb, sk_add_node, sk_alloc, sk_change_net, sk_del_node_init, sk_mem_charge, sock_flag, sock_hold, sock_init_data, sock_intr_errno, sock_net, sock_no_accept, sock_no_connect,
  sock_no_getsockopt, sock_no_ioctl, sock_no_listen, sock_no_mmap, sock_no_sendpage, sock_no_shutdown, sock_no_socketpair, sock_orphan, sock_prot_inuse_add, sock_put, sock_sndtimeo,
} from '../../include/net/sock';
import { might_sleep } from '../../kernel/sched/core';
import { atomic_notifier_call_chain } from '../../kernel/notifier';
import { memcpy_fromiovec } from '../../lib/iovec';
import { datagram_poll } from '../core/datagram';
import { sk_filter } from '../core/filter';
import { rtnetlink_init } from '../core/rtnetlink';
import { proto_register, sock_rfree } from '../core/sock';
import { sock_create_lite, sock_register } from '../socket';
import { netlink_sock, netlink_table, nlk_sk, type nl_portid_hash } from './af_netlink.struct';

const NETLINK_CONGESTED = 0;
const NETLINK_KERNEL_SOCKET = 1;
const NETLINK_URELEASE = 1;
const sizeof_nlmsgerr = 20;
const nlmsgerr = struct_view({ error: [0, 4] });
const done_len = struct_view({ len: [0, 4] });

declare module '../../include/ports' {
  interface Host { nl_table: netlink_table[]; nl_table_lock: spinlock_t; nl_table_users: atomic_t; nl_table_wait: wait_queue_head_t; netlink_chain: raw_notifier_head; netlink_rover: number }
}
export function af_netlink_globals(host: Host): void {
  host.nl_table = [];
  host.nl_table_lock = new spinlock_t();
  host.nl_table_users = new atomic_t();
  host.nl_table_wait = new wait_queue_head_t();
  init_waitqueue_head(host.nl_table_wait);
  host.netlink_chain = new raw_notifier_head();
  host.netlink_rover = -4097;
}

function netlink_is_kernel(sk: sock): number {
  return nlk_sk(sk).flags & NETLINK_KERNEL_SOCKET;
}
function nl_portid_hashfn(hash: nl_portid_hash, portid: number): hlist_head<sock> {
  return hash.table[jhash_1word(portid >>> 0, hash.rnd) & hash.mask];
}

function netlink_overrun(sk: sock): void {
  if (!test_and_set_bit(NETLINK_CONGESTED, nlk_sk(sk).state)) {
    sk.sk_err = ENOBUFS;
    sk.sk_error_report(sk);
  }
  atomic_inc(sk.sk_drops);
}

function netlink_rcv_wake(sk: sock): void {
  const nlk = nlk_sk(sk);
  if (skb_queue_empty(sk.sk_receive_queue))
    clear_bit(NETLINK_CONGESTED, nlk.state);
  if (!test_bit(NETLINK_CONGESTED, nlk.state))
    wake_up_interruptible(nlk.wait);
}

function netlink_destroy_callback(cb: netlink_callback): void {
  kfree_skb(cb.skb);
}
function netlink_consume_callback(cb: netlink_callback): void {
  consume_skb(cb.skb);
}

function netlink_skb_destructor(skb: sk_buff): void {
  if (skb.sk !== null)
    sock_rfree(skb);
}
function netlink_skb_set_owner_r(skb: sk_buff, sk: sock): void {
  WARN_ON(skb.sk !== null);
  skb.sk = sk;
  skb.destructor = netlink_skb_destructor;
  atomic_add(skb.truesize, sk.sk_rmem_alloc);
  sk_mem_charge(sk, skb.truesize);
}

function netlink_sock_destruct(sk: sock): void {
  const nlk = nlk_sk(sk);
  if (nlk.cb) {
    if (nlk.cb.done)
      nlk.cb.done(nlk.cb);
    netlink_destroy_callback(nlk.cb);
  }
  skb_queue_purge(sk.sk_receive_queue);
  if (!sock_flag(sk, SOCK_DEAD)) {
    current.machine.log('Freeing alive netlink socket');
    return;
  }
  WARN_ON(atomic_read(sk.sk_rmem_alloc));
  WARN_ON(atomic_read(sk.sk_wmem_alloc));
}

/** Takes the tables for a change; readers that may sleep hold them by a count. */
export function* netlink_table_grab(): Gen<void> {
  const host = current.host;
  yield* might_sleep();
  spin_lock_irq(host.nl_table_lock);
  if (atomic_read(host.nl_table_users)) {
    const wait = DECLARE_WAITQUEUE(current.task);
    add_wait_queue_exclusive(host.nl_table_wait, wait);
    for (;;) {
      current.task.state = TASK_UNINTERRUPTIBLE;
      if (atomic_read(host.nl_table_users) === 0)
        break;
      spin_unlock_irq(host.nl_table_lock);
      yield* schedule();
      spin_lock_irq(host.nl_table_lock);
    }
    current.task.state = TASK_RUNNING;
    remove_wait_queue(host.nl_table_wait, wait);
  }
}
export function netlink_table_ungrab(): void {
  spin_unlock_irq(current.host.nl_table_lock);
  wake_up(current.host.nl_table_wait);
}
function netlink_lock_table(): void {
  read_lock(current.host.nl_table_lock);
  atomic_inc(current.host.nl_table_users);
  read_unlock(current.host.nl_table_lock);
}
function netlink_unlock_table(): void {
  if (atomic_dec_and_test(current.host.nl_table_users))
    wake_up(current.host.nl_table_wait);
}

function netlink_lookup(net: net, protocol: number, portid: number): sock {
  const hash = current.host.nl_table[protocol].hash;
  let head: hlist_head<sock>;
  let sk: sock = null;
  read_lock(current.host.nl_table_lock);
  head = nl_portid_hashfn(hash, portid);
  found: {
    for (let p = head.first; p !== null; p = p.next) {
      sk = p.owner;
      if (net_eq(sock_net(sk), net) && nlk_sk(sk).portid === portid) {
        sock_hold(sk);
        break found;
      }
    }
    sk = null;
  }
  read_unlock(current.host.nl_table_lock);
  return sk;
}

function* netlink_insert(sk: sock, net: net, portid: number): Gen<number> {
  const hash = current.host.nl_table[sk.sk_protocol].hash;
  let head: hlist_head<sock>;
  let err = -EADDRINUSE;
  let osk: sock = null;
  yield* netlink_table_grab();
  head = nl_portid_hashfn(hash, portid);
  for (let p = head.first; p !== null; p = p.next) {
    if (net_eq(sock_net(p.owner), net) && nlk_sk(p.owner).portid === portid) {
      osk = p.owner;
      break;
    }
  }
  out: {
    if (osk)
      break out;
    err = -EBUSY;
    if (nlk_sk(sk).portid)
      break out;
    err = -ENOMEM;
    hash.entries++;
    nlk_sk(sk).portid = portid;
    sk_add_node(sk, head);
    err = 0;
  }
  netlink_table_ungrab();
  return err;
}

function* netlink_remove(sk: sock): Gen<void> {
  yield* netlink_table_grab();
  if (sk_del_node_init(sk))
    current.host.nl_table[sk.sk_protocol].hash.entries--;
  netlink_table_ungrab();
}

export const netlink_proto: proto = {
  name: 'NETLINK', close: null, connect: null, disconnect: null, accept: null, ioctl: null, init: null, destroy: null, shutdown: null, setsockopt: null, getsockopt: null, sendmsg: null,
  recvmsg: null, sendpage: null, bind: null, backlog_rcv: null, release_cb: null, hash: null, unhash: null, rehash: null, get_port: null, clear_sk: null, enter_memory_pressure: null,
  memory_allocated: null, sockets_allocated: null, memory_pressure: null, sysctl_mem: null, sysctl_wmem: null, sysctl_rmem: null, max_header: 0, no_autobind: false, slab_flags: 0,
  orphan_count: null, rsk_prot: null, twsk_prot: null, h: {},
  new_sock(): sock { return new netlink_sock(); },
};

function __netlink_create(net: net, sock: socket, cb_mutex: netlink_sock['cb_mutex'], protocol: number): number {
  let sk: sock;
  let nlk: netlink_sock;
  sock.ops = netlink_ops;
  sk = sk_alloc(net, PF_NETLINK, GFP_KERNEL, netlink_proto);
  if (!sk)
    return -ENOMEM;
  sock_init_data(sock, sk);
  nlk = nlk_sk(sk);
  if (cb_mutex) {
    nlk.cb_mutex = cb_mutex;
  } else {
    nlk.cb_mutex = nlk.cb_def_mutex;
  }
  init_waitqueue_head(nlk.wait);
  sk.sk_destruct = netlink_sock_destruct;
  sk.sk_protocol = protocol;
  return 0;
}

function netlink_create(net: net, sock: socket, protocol: number, _kern: number): number {
  const nl_table = current.host.nl_table;
  let cb_mutex: netlink_sock['cb_mutex'];
  let err = 0;
  sock.state = SS_UNCONNECTED;
  if (sock.type !== SOCK_RAW && sock.type !== SOCK_DGRAM)
    return -ESOCKTNOSUPPORT;
  if (protocol < 0 || protocol >= MAX_LINKS)
    return -EPROTONOSUPPORT;
  netlink_lock_table();
  if (!nl_table[protocol].registered)
    err = -EPROTONOSUPPORT;
  cb_mutex = nl_table[protocol].cb_mutex;
  netlink_unlock_table();
  if (err < 0)
    return err;
  err = __netlink_create(net, sock, cb_mutex, protocol);
  if (err < 0)
    return err;
  local_bh_disable();
  sock_prot_inuse_add(net, netlink_proto, 1);
  local_bh_enable();
  return err;
}

function* netlink_release(sock: socket): Gen<number> {
  const sk = sock.sk;
  let nlk: netlink_sock;
  if (!sk)
    return 0;
  yield* netlink_remove(sk);
  sock_orphan(sk);
  nlk = nlk_sk(sk);
  sock.sk = null;
  wake_up_interruptible_all(nlk.wait);
  skb_queue_purge(sk.sk_write_queue);
  if (nlk.portid) {
    const n = { net: sock_net(sk), protocol: sk.sk_protocol, portid: nlk.portid };
    atomic_notifier_call_chain(current.host.netlink_chain, NETLINK_URELEASE, n);
  }
  yield* netlink_table_grab();
  if (netlink_is_kernel(sk)) {
    BUG_ON(current.host.nl_table[sk.sk_protocol].registered === 0);
    --current.host.nl_table[sk.sk_protocol].registered;
  }
  netlink_table_ungrab();
  local_bh_disable();
  sock_prot_inuse_add(sock_net(sk), netlink_proto, -1);
  local_bh_enable();
  sock_put(sk);
  return 0;
}

/** Gives the socket its process's number as its address, or one that is free. */
function* netlink_autobind(sock: socket): Gen<number> {
  const sk = sock.sk;
  const net = sock_net(sk);
  const hash = current.host.nl_table[sk.sk_protocol].hash;
  let head: hlist_head<sock>;
  let osk: sock;
  let portid = current.task.pid;
  let err: number;
  retry: for (;;) {
    yield* cond_resched();
    yield* netlink_table_grab();
    head = nl_portid_hashfn(hash, portid);
    for (let p = head.first; p !== null; p = p.next) {
      osk = p.owner;
      if (!net_eq(sock_net(osk), net))
        continue;
      if (nlk_sk(osk).portid === portid) {
        portid = current.host.netlink_rover-- >>> 0;
        netlink_table_ungrab();
        continue retry;
      }
    }
    netlink_table_ungrab();
    err = yield* netlink_insert(sk, net, portid);
    if (err === -EADDRINUSE)
      continue retry;
    break;
  }
  if (err === -EBUSY)
    err = 0;
  return err;
}

function __netlink_ns_capable(nsp: netlink_skb_parms, user_ns: unknown, cap: number): boolean {
  return ((nsp.flags & NETLINK_SKB_DST) !== 0 || file_ns_capable(nsp.sk.sk_socket.file, user_ns, cap)) && ns_capable(user_ns, cap);
}
function netlink_ns_capable(skb: sk_buff, user_ns: unknown, cap: number): boolean {
  return __netlink_ns_capable(NETLINK_CB(skb), user_ns, cap);
}
/** May the sender of this message do `cap` here? */
export function netlink_net_capable(skb: sk_buff, cap: number): boolean {
  return netlink_ns_capable(skb, null, cap);
}
function netlink_allowed(sock: socket, flag: number): boolean {
  return (current.host.nl_table[sock.sk.sk_protocol].flags & flag) !== 0 || ns_capable(null, CAP_NET_ADMIN);
}

function* netlink_bind(sock: socket, addr: sockaddr, addr_len: number): Gen<number> {
  const sk = sock.sk;
  const net = sock_net(sk);
  const nlk = nlk_sk(sk);
  const nladdr = sockaddr_as_nl(addr);
  let err: number;
  if (addr_len < sizeof_sockaddr_nl)
    return -EINVAL;
  if (nladdr.nl_family !== AF_NETLINK)
    return -EINVAL;
  if (nlk.portid) {
    if (nladdr.nl_pid !== nlk.portid)
      return -EINVAL;
  } else {
    err = nladdr.nl_pid ? yield* netlink_insert(sk, net, nladdr.nl_pid) : yield* netlink_autobind(sock);
    if (err)
      return err;
  }
  return 0;
}

function netlink_getname(sock: socket, addr: sockaddr, addr_len: { v: number }, peer: number): number {
  const sk = sock.sk;
  const nlk = nlk_sk(sk);
  addr.sin_family = AF_NETLINK;
  addr_len.v = sizeof_sockaddr_nl;
  if (peer) {
    addr.sin_addr.s_addr = nlk.dst_portid;
  } else {
    addr.sin_addr.s_addr = nlk.portid;
  }
  return 0;
}

function netlink_getsockbyportid(ssk: sock, portid: number): sock {
  let sock: sock;
  let nlk: netlink_sock;
  sock = netlink_lookup(sock_net(ssk), ssk.sk_protocol, portid);
  if (!sock)
    return ERR_PTR(-ECONNREFUSED) as unknown as sock;
  nlk = nlk_sk(sock);
  if (sock.sk_state === NETLINK_CONNECTED && nlk.dst_portid !== nlk_sk(ssk).portid) {
    sock_put(sock);
    return ERR_PTR(-ECONNREFUSED) as unknown as sock;
  }
  return sock;
}

/** Room for `skb` at `sk`: 0, 1 after a wait (look the socket up again), or an errno; the buffer and the reference are gone then. */
function* netlink_attachskb(sk: sock, skb: sk_buff, timeo: { v: number }, ssk: sock): Gen<number> {
  let nlk: netlink_sock;
  nlk = nlk_sk(sk);
  if (atomic_read(sk.sk_rmem_alloc) > sk.sk_rcvbuf || test_bit(NETLINK_CONGESTED, nlk.state)) {
    const wait = DECLARE_WAITQUEUE(current.task);
    if (!timeo.v) {
      if (!ssk || netlink_is_kernel(ssk))
        netlink_overrun(sk);
      sock_put(sk);
      kfree_skb(skb);
      return -EAGAIN;
    }
    current.task.state = TASK_INTERRUPTIBLE;
    add_wait_queue(nlk.wait, wait);
    if ((atomic_read(sk.sk_rmem_alloc) > sk.sk_rcvbuf || test_bit(NETLINK_CONGESTED, nlk.state)) && !sock_flag(sk, SOCK_DEAD))
      timeo.v = yield* schedule_timeout(timeo.v);
    current.task.state = TASK_RUNNING;
    remove_wait_queue(nlk.wait, wait);
    sock_put(sk);
    if (signal_pending(current.task)) {
      kfree_skb(skb);
      return sock_intr_errno(timeo.v);
    }
    return 1;
  }
  netlink_skb_set_owner_r(skb, sk);
  return 0;
}

function __netlink_sendskb(sk: sock, skb: sk_buff): number {
  const len = skb.len;
  skb_queue_tail(sk.sk_receive_queue, skb);
  sk.sk_data_ready(sk, len);
  return len;
}
function netlink_sendskb(sk: sock, skb: sk_buff): number {
  const len = __netlink_sendskb(sk, skb);
  sock_put(sk);
  return len;
}

function netlink_trim(skb: sk_buff, allocation: number): sk_buff {
  let delta: number;
  WARN_ON(skb.sk !== null);
  delta = skb.end - skb.tail;
  if (delta * 2 < skb.truesize)
    return skb;
  if (skb_shared(skb)) {
    const nskb = skb_clone(skb, allocation);
    if (!nskb)
      return skb;
    consume_skb(skb);
    skb = nskb;
  }
  if (!pskb_expand_head(skb, 0, -delta, allocation))
    skb.truesize -= delta;
  return skb;
}

/** The kernel's own end: the message is worked on here and now. */
function* netlink_unicast_kernel(sk: sock, skb: sk_buff, ssk: sock): Gen<number> {
  let ret: number;
  const nlk = nlk_sk(sk);
  ret = -ECONNREFUSED;
  if (nlk.netlink_rcv !== null) {
    ret = skb.len;
    netlink_skb_set_owner_r(skb, sk);
    NETLINK_CB(skb).sk = ssk;
    yield* nlk.netlink_rcv(skb);
    consume_skb(skb);
  } else {
    kfree_skb(skb);
  }
  sock_put(sk);
  return ret;
}

/** Sends `skb` to the socket `portid` of the same protocol, 0 being the kernel. Returns the bytes or an errno. */
export function* netlink_unicast(ssk: sock, skb: sk_buff, portid: number, nonblock: number): Gen<number> {
  let sk: sock;
  let err: number;
  const timeo = { v: 0 };
  skb = netlink_trim(skb, gfp_any());
  timeo.v = sock_sndtimeo(ssk, nonblock);
  retry: for (;;) {
    sk = netlink_getsockbyportid(ssk, portid);
    if (IS_ERR(sk)) {
      kfree_skb(skb);
      return PTR_ERR(sk);
    }
    if (netlink_is_kernel(sk))
      return yield* netlink_unicast_kernel(sk, skb, ssk);
    if (sk_filter(sk, skb)) {
      err = skb.len;
      kfree_skb(skb);
      sock_put(sk);
      return err;
    }
    err = yield* netlink_attachskb(sk, skb, timeo, ssk);
    if (err === 1)
      continue retry;
    if (err)
      return err;
    return netlink_sendskb(sk, skb);
  }
}

function netlink_alloc_skb(_ssk: sock, size: number, _dst_portid: number, gfp_mask: number): sk_buff {
  return alloc_skb(size, gfp_mask);
}

function netlink_broadcast_filtered(_ssk: sock, skb: sk_buff, _portid: number, _group: number, allocation: number): number {
  skb = netlink_trim(skb, allocation);
  netlink_lock_table();
  consume_skb(skb);
  netlink_unlock_table();
  consume_skb(null);
  return -ESRCH;
}
export function netlink_broadcast(ssk: sock, skb: sk_buff, portid: number, group: number, allocation: number): number {
  return netlink_broadcast_filtered(ssk, skb, portid, group, allocation);
}

/** DEVIATION: none of the options (membership of groups, rings, error reports) is modelled. */
function* netlink_setsockopt(_sock: socket, level: number, _optname: number, _optval: unknown, _optlen: number): Gen<number> {
  let err: number;
  if (level !== SOL_NETLINK)
    return -ENOPROTOOPT;
  err = -ENOPROTOOPT;
  return err;
}

function* netlink_sendmsg(kiocb: kiocb, sock: socket, msg: msghdr, len: number): Gen<number> {
  const siocb = kiocb_to_siocb(kiocb);
  const sk = sock.sk;
  const nlk = nlk_sk(sk);
  let dst_portid: number;
  let dst_group: number;
  let skb: sk_buff;
  let err: number;
  const scm = new scm_cookie();
  let netlink_skb_flags = 0;
  if (msg.msg_flags & MSG_OOB)
    return -EOPNOTSUPP;
  if (null === siocb.scm)
    siocb.scm = scm;
  err = scm_send(sock, msg, siocb.scm, true);
  if (err < 0)
    return err;
  out: {
    if (msg.msg_namelen) {
      const addr = sockaddr_as_nl(msg.msg_name);
      err = -EINVAL;
      if (addr.nl_family !== AF_NETLINK)
        break out;
      dst_portid = addr.nl_pid;
      dst_group = 0;
      err = -EPERM;
      if ((dst_group || dst_portid) && !netlink_allowed(sock, NL_CFG_F_NONROOT_SEND))
        break out;
      netlink_skb_flags |= NETLINK_SKB_DST;
    } else {
      dst_portid = nlk.dst_portid;
      dst_group = nlk.dst_group;
    }
    if (!nlk.portid) {
      err = yield* netlink_autobind(sock);
      if (err)
        break out;
    }
    err = -EMSGSIZE;
    if (len > sk.sk_sndbuf - 32)
      break out;
    err = -ENOBUFS;
    skb = alloc_skb(len, GFP_KERNEL);
    if (skb === null)
      break out;
    NETLINK_CB(skb).portid = nlk.portid;
    NETLINK_CB(skb).dst_group = dst_group;
    NETLINK_CB(skb).creds = siocb.scm.creds;
    NETLINK_CB(skb).flags = netlink_skb_flags;
    err = -EFAULT;
    if (memcpy_fromiovec(skb.head, skb_put(skb, len), msg.msg_iov, len)) {
      kfree_skb(skb);
      break out;
    }
    err = yield* netlink_unicast(sk, skb, dst_portid, msg.msg_flags & MSG_DONTWAIT);
  }
  scm_destroy(siocb.scm);
  return err;
}

function* netlink_recvmsg(kiocb: kiocb, sock: socket, msg: msghdr, len: number, flags: number): Gen<number> {
  const siocb = kiocb_to_siocb(kiocb);
  const scm = new scm_cookie();
  const sk = sock.sk;
  const nlk = nlk_sk(sk);
  const noblock = flags & MSG_DONTWAIT;
  let copied: number;
  let skb: sk_buff, data_skb: sk_buff;
  const error = { v: 0 };
  let err: number, ret: number;
  if (flags & MSG_OOB)
    return -EOPNOTSUPP;
  copied = 0;
  out: {
    skb = yield* skb_recv_datagram(sk, flags, noblock, error);
    err = error.v;
    if (skb === null)
      break out;
    data_skb = skb;
    copied = data_skb.len;
    if (len < copied) {
      msg.msg_flags |= MSG_TRUNC;
      copied = len;
    }
    skb_reset_transport_header(data_skb);
    err = skb_copy_datagram_iovec(data_skb, 0, msg.msg_iov, copied);
    if (msg.msg_name) {
      const addr = msg.msg_name;
      addr.sin_family = AF_NETLINK;
      addr.sin_addr.s_addr = NETLINK_CB(skb).portid;
      msg.msg_namelen = sizeof_sockaddr_nl;
    }
    if (null === siocb.scm) {
      siocb.scm = scm;
    }
    siocb.scm.creds = NETLINK_CB(skb).creds;
    if (flags & MSG_TRUNC)
      copied = data_skb.len;
    skb_free_datagram(sk, skb);
    if (nlk.cb && atomic_read(sk.sk_rmem_alloc) <= sk.sk_rcvbuf / 2) {
      ret = yield* netlink_dump(sk);
      if (ret) {
        sk.sk_err = -ret;
        sk.sk_error_report(sk);
      }
    }
    scm_recv(sock, msg, siocb.scm, flags);
  }
  netlink_rcv_wake(sk);
  return err ? err : copied;
}

/** The kernel's own socket is never read. */
function netlink_data_ready(_sk: sock, _len: number): void {
  BUG_ON(true);
}

/** The kernel's end of protocol `unit`; messages go to `cfg.input`. Null if there is no memory. */
export function* __netlink_kernel_create(net: net, unit: number, cfg: netlink_kernel_cfg): Gen<sock> {
  const nl_table = current.host.nl_table;
  const created: { v: socket } = { v: null };
  let sk: sock;
  let nlk: netlink_sock;
  const cb_mutex = cfg ? cfg.cb_mutex : null;
  let groups: number;
  BUG_ON(!nl_table);
  if (unit < 0 || unit >= MAX_LINKS)
    return null;
  if (sock_create_lite(PF_NETLINK, SOCK_DGRAM, unit, created))
    return null;
  const sock = created.v;
  if (__netlink_create(current.host.init_net, sock, cb_mutex, unit) < 0)
    return null;
  sk = sock.sk;
  sk_change_net(sk, net);
  if (!cfg || cfg.groups < 32)
    groups = 32;
  else
    groups = cfg.groups;
  sk.sk_data_ready = netlink_data_ready;
  if (cfg && cfg.input)
    nlk_sk(sk).netlink_rcv = cfg.input;
  if (yield* netlink_insert(sk, net, 0))
    return null;
  nlk = nlk_sk(sk);
  nlk.flags |= NETLINK_KERNEL_SOCKET;
  yield* netlink_table_grab();
  if (!nl_table[unit].registered) {
    nl_table[unit].groups = groups;
    nl_table[unit].cb_mutex = cb_mutex;
    if (cfg) {
      nl_table[unit].flags = cfg.flags;
    }
    nl_table[unit].registered = 1;
  } else {
    nl_table[unit].registered++;
  }
  netlink_table_ungrab();
  return sk;
}

/** The next message of a dump, or its end. */
function* netlink_dump(sk: sock): Gen<number> {
  const nlk = nlk_sk(sk);
  let cb: netlink_callback;
  let skb: sk_buff = null;
  let nlh: nlmsghdr;
  let len: number, err = -ENOBUFS;
  let alloc_size: number;
  yield* mutex_lock(nlk.cb_mutex);
  errout_skb: {
    cb = nlk.cb;
    if (cb === null) {
      err = -EINVAL;
      break errout_skb;
    }
    alloc_size = Math.max(cb.min_dump_alloc, NLMSG_GOODSIZE());
    if (atomic_read(sk.sk_rmem_alloc) >= sk.sk_rcvbuf)
      break errout_skb;
    skb = netlink_alloc_skb(sk, alloc_size, nlk.portid, GFP_KERNEL);
    if (!skb)
      break errout_skb;
    netlink_skb_set_owner_r(skb, sk);
    len = cb.dump(skb, cb);
    if (len > 0) {
      mutex_unlock(nlk.cb_mutex);
      if (sk_filter(sk, skb))
        kfree_skb(skb);
      else
        __netlink_sendskb(sk, skb);
      return 0;
    }
    nlh = nlmsg_put_answer(skb, cb, NLMSG_DONE, 4, NLM_F_MULTI);
    if (!nlh)
      break errout_skb;
    nl_dump_check_consistent(cb, nlh);
    done_len(skb.head, nlmsg_data(nlh)).len = len;
    if (sk_filter(sk, skb))
      kfree_skb(skb);
    else
      __netlink_sendskb(sk, skb);
    if (cb.done)
      cb.done(cb);
    nlk.cb = null;
    mutex_unlock(nlk.cb_mutex);
    netlink_consume_callback(cb);
    return 0;
  }
  mutex_unlock(nlk.cb_mutex);
  kfree_skb(skb);
  return err;
}

/** Begins a dump for the sender of `skb`; -EINTR is success: its answers come by themselves. */
export function* __netlink_dump_start(ssk: sock, skb: sk_buff, nlh: nlmsghdr, control: netlink_dump_control): Gen<number> {
  let cb: netlink_callback;
  let sk: sock;
  let nlk: netlink_sock;
  let ret: number;
  cb = new netlink_callback();
  atomic_inc(skb.users);
  cb.dump = control.dump;
  cb.nlh = nlh;
  cb.min_dump_alloc = control.min_dump_alloc;
  cb.skb = skb;
  sk = netlink_lookup(sock_net(ssk), ssk.sk_protocol, NETLINK_CB(skb).portid);
  if (sk === null) {
    netlink_destroy_callback(cb);
    return -ECONNREFUSED;
  }
  nlk = nlk_sk(sk);
  out: {
    yield* mutex_lock(nlk.cb_mutex);
    if (nlk.cb) {
      mutex_unlock(nlk.cb_mutex);
      netlink_destroy_callback(cb);
      ret = -EBUSY;
      break out;
    }
    nlk.cb = cb;
    mutex_unlock(nlk.cb_mutex);
    ret = yield* netlink_dump(sk);
  }
  sock_put(sk);
  if (ret)
    return ret;
  return -EINTR;
}

/** Answers the request `nlh` of `in_skb` with `err`, 0 for success. */
export function* netlink_ack(in_skb: sk_buff, nlh: nlmsghdr, err: number): Gen<void> {
  let skb: sk_buff;
  let rep: nlmsghdr;
  let payload = sizeof_nlmsgerr;
  if (err)
    payload += nlmsg_len(nlh);
  skb = netlink_alloc_skb(in_skb.sk, nlmsg_total_size(payload), NETLINK_CB(in_skb).portid, GFP_KERNEL);
  if (!skb) {
    let sk: sock;
    sk = netlink_lookup(sock_net(in_skb.sk), in_skb.sk.sk_protocol, NETLINK_CB(in_skb).portid);
    if (sk) {
      sk.sk_err = ENOBUFS;
      sk.sk_error_report(sk);
      sock_put(sk);
    }
    return;
  }
  rep = __nlmsg_put(skb, NETLINK_CB(in_skb).portid, nlh.nlmsg_seq, NLMSG_ERROR, payload, 0);
  const data = nlmsg_data(rep), errmsg = nlmsgerr(skb.head, data);
  errmsg.error = err >>> 0;
  memcpy(skb.head, data + 4, nlh.skb.head, nlh.off, err ? nlh.nlmsg_len : NLMSG_HDRLEN);
  yield* netlink_unicast(in_skb.sk, skb, NETLINK_CB(in_skb).portid, MSG_DONTWAIT);
}

/** Every message of `skb` to `cb`, with an answer to those that ask for one or fail. */
export function* netlink_rcv_skb(skb: sk_buff, cb: (skb: sk_buff, nlh: nlmsghdr) => Gen<number>): Gen<number> {
  let nlh: nlmsghdr;
  let err: number;
  while (skb.len >= nlmsg_total_size(0)) {
    let msglen: number;
    nlh = nlmsg_hdr(skb);
    err = 0;
    if (nlh.nlmsg_len < NLMSG_HDRLEN || skb.len < nlh.nlmsg_len)
      return 0;
    skip: {
      ack: {
        if (!(nlh.nlmsg_flags & NLM_F_REQUEST))
          break ack;
        if (nlh.nlmsg_type < NLMSG_MIN_TYPE)
          break ack;
        err = yield* cb(skb, nlh);
        if (err === -EINTR)
          break skip;
      }
      if (nlh.nlmsg_flags & NLM_F_ACK || err)
        yield* netlink_ack(skb, nlh, err);
    }
    msglen = NLMSG_ALIGN(nlh.nlmsg_len);
    if (msglen > skb.len)
      msglen = skb.len;
    skb_pull(skb, msglen);
  }
  return 0;
}

export function nlmsg_notify(sk: sock, skb: sk_buff, portid: number, group: number, report: number, flags: number): number {
  let err = 0;
  if (group) {
    let exclude_portid = 0;
    if (report) {
      atomic_inc(skb.users);
      exclude_portid = portid;
    }
    err = nlmsg_multicast(sk, skb, exclude_portid, group, flags);
  }
  if (report) {
    let err2: number;
    err2 = nlmsg_unicast(sk, skb, portid);
    if (!err || err === -ESRCH)
      err = err2;
  }
  return err;
}

export const netlink_ops: proto_ops = {
  family: 16,
  release: netlink_release,
  bind: netlink_bind,
  connect: sock_no_connect,
  socketpair: sock_no_socketpair,
  accept: sock_no_accept,
  getname: netlink_getname,
  poll: datagram_poll,
  ioctl: sock_no_ioctl,
  listen: sock_no_listen,
  shutdown: sock_no_shutdown,
  setsockopt: netlink_setsockopt,
  getsockopt: sock_no_getsockopt,
  sendmsg: netlink_sendmsg,
  recvmsg: netlink_recvmsg,
  mmap: sock_no_mmap,
  sendpage: sock_no_sendpage,
};
export const netlink_family_ops: net_proto_family = {
  family: 16,
  create: netlink_create,
};

export function* netlink_proto_init(): Gen<number> {
  let i: number;
  const err = proto_register(netlink_proto, 0);
  if (err !== 0)
    return err;
  for (i = 0; i < MAX_LINKS; i++) {
    current.host.nl_table[i] = new netlink_table();
  }
  sock_register(netlink_family_ops);
  yield* rtnetlink_init();
  return err;
}
