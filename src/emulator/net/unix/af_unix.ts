/**
 * net/unix/af_unix.c: local sockets. DEVIATION: they have no names, peers and messages; a C library opens one to ask for a device's number
 * (if_nametoindex()), and that is what is modelled.
 */
import { current, type Gen, type Host } from '../../include/ports';
import { WARN_ON } from '../../include/asm-generic/bug';
import { atomic_long_dec, atomic_long_inc, atomic_long_set, atomic_long_t, atomic_read } from '../../include/linux/atomic';
import { GFP_KERNEL } from '../../include/linux/gfp';
import { INIT_LIST_HEAD, hlist_head } from '../../include/linux/list';
import { SOCK_DGRAM, SOCK_RAW, SS_UNCONNECTED, type net_proto_family, type proto_ops, type socket } from '../../include/linux/net';
import { kfree_skb, skb_dequeue, skb_queue_purge } from '../../include/linux/skbuff';
import type { sk_buff } from '../../include/linux/skbuff.struct';
import { PF_UNIX } from '../../include/linux/socket';
import { spin_lock, spin_lock_init, spin_unlock, spinlock_t } from '../../include/linux/spinlock';
import { init_waitqueue_head, wake_up_interruptible_all } from '../../include/linux/wait';
import { ENOIOCTLCMD, ENOMEM, EPROTONOSUPPORT, ESOCKTNOSUPPORT } from '../../include/uapi/asm-generic/errno';
import { UNIX_HASH_SIZE, unix_sk, unix_sock, unix_state_lock, unix_state_unlock } from '../../include/net/af_unix';
import type { net } from '../../include/net/net_namespace';
import type { proto, sock } from '../../include/net/sock.struct';
import {
  SHUTDOWN_MASK, SOCK_DEAD, sk_add_node, sk_alloc, sk_del_node_init, sk_unhashed, sock_flag, sock_init_data, sock_net, sock_no_accept, sock_no_bind, sock_no_connect, sock_no_getname,
  sock_no_getsockopt, sock_no_listen, sock_no_mmap, sock_no_poll, sock_no_recvmsg, sock_no_sendmsg, sock_no_sendpage, sock_no_setsockopt, sock_no_shutdown, sock_no_socketpair, sock_orphan,
  sock_prot_inuse_add, sock_put,
} from '../../include/net/sock';
import { TCP_CLOSE } from '../../include/net/tcp_states';
import { local_bh_disable, local_bh_enable } from '../../kernel/softirq';
import { proto_register } from '../core/sock';
import { sock_register } from '../socket';

declare module '../../include/ports' { interface Host { unix_socket_table: hlist_head<sock>[]; unix_table_lock: spinlock_t; unix_nr_socks: atomic_long_t } }
export function af_unix_globals(host: Host): void {
  host.unix_socket_table = Array.from({ length: 2 * UNIX_HASH_SIZE }, () => new hlist_head<sock>());
  host.unix_table_lock = new spinlock_t();
  host.unix_nr_socks = new atomic_long_t();
}

/** The chain of sockets without a name (the kernel spreads them by address, which objects do not have). */
function unix_sockets_unbound(_addr: unknown): hlist_head<sock> { return current.host.unix_socket_table[UNIX_HASH_SIZE]; }

function __unix_remove_socket(sk: sock): void {
  sk_del_node_init(sk);
}
function __unix_insert_socket(list: hlist_head<sock>, sk: sock): void {
  WARN_ON(!sk_unhashed(sk));
  sk_add_node(sk, list);
}
function unix_remove_socket(sk: sock): void {
  spin_lock(current.host.unix_table_lock);
  __unix_remove_socket(sk);
  spin_unlock(current.host.unix_table_lock);
}
function unix_insert_socket(list: hlist_head<sock>, sk: sock): void {
  spin_lock(current.host.unix_table_lock);
  __unix_insert_socket(list, sk);
  spin_unlock(current.host.unix_table_lock);
}

function unix_sock_destructor(sk: sock): void {
  skb_queue_purge(sk.sk_receive_queue);
  WARN_ON(atomic_read(sk.sk_wmem_alloc));
  WARN_ON(!sk_unhashed(sk));
  WARN_ON(sk.sk_socket);
  if (!sock_flag(sk, SOCK_DEAD)) {
    current.machine.log('Attempt to release alive unix socket');
    return;
  }
  atomic_long_dec(current.host.unix_nr_socks);
  local_bh_disable();
  sock_prot_inuse_add(sock_net(sk), unix_proto, -1);
  local_bh_enable();
}

function unix_release_sock(sk: sock, _embrion: number): void {
  const u = unix_sk(sk);
  let skb: sk_buff;
  unix_remove_socket(sk);
  unix_state_lock(sk);
  sock_orphan(sk);
  sk.sk_shutdown = SHUTDOWN_MASK;
  sk.sk_state = TCP_CLOSE;
  unix_state_unlock(sk);
  wake_up_interruptible_all(u.peer_wait);
  while ((skb = skb_dequeue(sk.sk_receive_queue)) !== null) {
    kfree_skb(skb);
  }
  sock_put(sk);
}

const unix_proto: proto = {
  name: 'UNIX', close: null, connect: null, disconnect: null, accept: null, ioctl: null, init: null, destroy: null, shutdown: null, setsockopt: null, getsockopt: null, sendmsg: null,
  recvmsg: null, sendpage: null, bind: null, backlog_rcv: null, release_cb: null, hash: null, unhash: null, rehash: null, get_port: null, clear_sk: null, enter_memory_pressure: null,
  memory_allocated: null, sockets_allocated: null, memory_pressure: null, sysctl_mem: null, sysctl_wmem: null, sysctl_rmem: null, max_header: 0, no_autobind: false, slab_flags: 0,
  orphan_count: null, rsk_prot: null, twsk_prot: null, h: {},
  new_sock(): sock { return new unix_sock(); },
};

function unix_create1(net: net, sock: socket): sock {
  let sk: sock = null;
  let u: unix_sock;
  atomic_long_inc(current.host.unix_nr_socks);
  sk = sk_alloc(net, PF_UNIX, GFP_KERNEL, unix_proto);
  if (sk === null) {
    atomic_long_dec(current.host.unix_nr_socks);
    return null;
  }
  sock_init_data(sock, sk);
  sk.sk_destruct = unix_sock_destructor;
  u = unix_sk(sk);
  spin_lock_init(u.lock);
  atomic_long_set(u.inflight, 0);
  INIT_LIST_HEAD(u.link);
  init_waitqueue_head(u.peer_wait);
  unix_insert_socket(unix_sockets_unbound(sk), sk);
  local_bh_disable();
  sock_prot_inuse_add(sock_net(sk), unix_proto, 1);
  local_bh_enable();
  return sk;
}

function unix_create(net: net, sock: socket, protocol: number, _kern: number): number {
  if (protocol && protocol !== PF_UNIX)
    return -EPROTONOSUPPORT;
  sock.state = SS_UNCONNECTED;
  switch (sock.type) {
  case SOCK_RAW:
  case SOCK_DGRAM:
    sock.type = SOCK_DGRAM;
    sock.ops = unix_dgram_ops;
    break;
  default:
    return -ESOCKTNOSUPPORT;
  }
  return unix_create1(net, sock) ? 0 : -ENOMEM;
}

function* unix_release(sock: socket): Gen<number> {
  const sk = sock.sk;
  if (!sk)
    return 0;
  unix_release_sock(sk, 0);
  sock.sk = null;
  return 0;
}

function* unix_ioctl(_sock: socket, cmd: number, _arg: any): Gen<number> {
  let err: number;
  switch (cmd) {
  default:
    err = -ENOIOCTLCMD;
    break;
  }
  return err;
}

const unix_dgram_ops: proto_ops = {
  family: 1,
  release: unix_release,
  bind: sock_no_bind,
  connect: sock_no_connect,
  socketpair: sock_no_socketpair,
  accept: sock_no_accept,
  getname: sock_no_getname,
  poll: sock_no_poll,
  ioctl: unix_ioctl,
  listen: sock_no_listen,
  shutdown: sock_no_shutdown,
  setsockopt: sock_no_setsockopt,
  getsockopt: sock_no_getsockopt,
  sendmsg: sock_no_sendmsg,
  recvmsg: sock_no_recvmsg,
  mmap: sock_no_mmap,
  sendpage: sock_no_sendpage,
};

const unix_family_ops: net_proto_family = { family: 1, create: unix_create };

export function af_unix_init(): number {
  let rc = -1;
  rc = proto_register(unix_proto, 1);
  if (rc !== 0)
    return rc;
  sock_register(unix_family_ops);
  return rc;
}
