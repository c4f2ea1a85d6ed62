/**
 * struct sock and its operations table (include/net/sock.h). A leaf file: inet_sock and its heirs extend `sock`.
 *
 * The kernel reaches the members of sock_common through macros (sk_state, inet_daddr, tw_state ...); here those names are the fields.
 */
import { atomic_t } from '../linux/atomic';
import { spinlock_t, rwlock_t } from '../linux/spinlock';
import { hlist_node } from '../linux/list';
import { wait_queue_head_t } from '../linux/wait';
import { timer_list } from '../linux/timer';
import { page_frag } from '../linux/mm';
import { sk_buff_head } from '../linux/skbuff.struct';
import type { sk_buff } from '../linux/skbuff.struct';
import type { Gen } from '../ports';
import type { atomic_long_t } from '../linux/atomic';
import type { percpu_counter } from '../linux/percpu_counter';
import type { socket, socket_wq, optval_t } from '../linux/net';
import type { sockaddr, msghdr } from '../linux/socket';
import type { kiocb } from '../linux/aio';
import type { dst_entry } from './dst';
import type { net } from './net_namespace';
import type { request_sock_ops, request_sock } from './request_sock';
import type { timewait_sock_ops } from './timewait_sock';
import type { inet_hashinfo } from './inet_hashtables';
import type { udp_table } from './udp';
import type { raw_hashinfo } from './raw';
import type { sk_filter } from '../linux/filter';
import type { page } from '../linux/mm';

/** The socket's lock: a spinlock for softirqs, `owned` for processes, and those who wait for it. */
export class socket_lock_t {
  slock: spinlock_t = new spinlock_t();
  owned = 0;
  wq: wait_queue_head_t = new wait_queue_head_t();
}

/** What full and TIME_WAIT sockets share, so that both can stand in one hash chain. */
export class sock_common {
  inet_daddr = 0;
  inet_rcv_saddr = 0;
  sk_hash = 0;
  inet_dport = 0;
  inet_num = 0;
  sk_family = 0;
  sk_state = 0;
  sk_reuse = 0;
  sk_reuseport = 0;
  sk_bound_dev_if = 0;
  sk_bind_node: hlist_node = new hlist_node();
  sk_prot: proto = null;
  sk_net: net = null;
  sk_node: hlist_node = new hlist_node();
  sk_tx_queue_mapping = 0;
  sk_refcnt: atomic_t = new atomic_t();
  constructor() { this.sk_bind_node.owner = this; this.sk_node.owner = this; }
  /** Same word as sk_node in the kernel (a union). */
  get sk_nulls_node(): hlist_node { return this.sk_node; }
  /** Same word as sk_bind_node in the kernel (a union). */
  get skc_portaddr_node(): hlist_node { return this.sk_bind_node; }
}

export class sk_backlog { len = 0; head: sk_buff = null; tail: sk_buff = null; }

export class sock extends sock_common {
  sk_lock: socket_lock_t = new socket_lock_t();
  sk_receive_queue: sk_buff_head = new sk_buff_head();
  sk_backlog: sk_backlog = new sk_backlog();
  sk_rmem_alloc: atomic_t = new atomic_t();
  sk_forward_alloc = 0;
  sk_rxhash = 0;
  sk_drops: atomic_t = new atomic_t();
  sk_rcvbuf = 0;
  sk_filter: sk_filter = null;
  sk_wq: socket_wq = null;
  sk_flags = 0;
  sk_rx_dst: dst_entry = null;
  sk_dst_cache: dst_entry = null;
  sk_dst_lock: spinlock_t = new spinlock_t();
  sk_wmem_alloc: atomic_t = new atomic_t();
  sk_omem_alloc: atomic_t = new atomic_t();
  sk_sndbuf = 0;
  sk_write_queue: sk_buff_head = new sk_buff_head();
  sk_shutdown = 0;
  sk_no_check = 0;
  sk_userlocks = 0;
  sk_protocol = 0;
  sk_type = 0;
  sk_wmem_queued = 0;
  sk_allocation = 0;
  sk_pacing_rate = 0;
  sk_route_caps = 0;
  sk_route_nocaps = 0;
  sk_gso_type = 0;
  sk_gso_max_size = 0;
  sk_gso_max_segs = 0;
  sk_rcvlowat = 0;
  sk_lingertime = 0;
  sk_error_queue: sk_buff_head = new sk_buff_head();
  sk_prot_creator: proto = null;
  sk_callback_lock: rwlock_t = new rwlock_t();
  sk_err = 0;
  sk_err_soft = 0;
  sk_ack_backlog = 0;
  sk_max_ack_backlog = 0;
  sk_priority = 0;
  sk_peer_pid: unknown = null;
  sk_peer_cred: unknown = null;
  sk_rcvtimeo = 0;
  sk_sndtimeo = 0;
  sk_protinfo: unknown = null;
  sk_timer: timer_list = new timer_list();
  sk_stamp = 0;
  sk_socket: socket = null;
  sk_user_data: unknown = null;
  sk_frag: page_frag = new page_frag();
  sk_send_head: sk_buff = null;
  sk_peek_off = 0;
  sk_write_pending = 0;
  sk_mark = 0;
  sk_classid = 0;
  sk_state_change: (sk: sock) => void = null;
  sk_data_ready: (sk: sock, bytes: number) => void = null;
  sk_write_space: (sk: sock) => void = null;
  sk_error_report: (sk: sock) => void = null;
  sk_backlog_rcv: (sk: sock, skb: sk_buff) => number = null;
  sk_destruct: (sk: sock) => void = null;
}

/**
 * Transport protocol operations. A table is a constant shared by all hosts, so what the kernel's table *points to* (memory counters,
 * limits, hash tables) is reached through getters that read the running host: `get memory_allocated() { return current.host.tcp_memory_allocated; }`.
 * `memory_pressure` is `{ v }`; slots a protocol leaves out are null.
 */
export interface proto {
  name: string;
  close(sk: sock, timeout: number): Gen<void>;
  connect(sk: sock, uaddr: sockaddr, addr_len: number): Gen<number>;
  disconnect(sk: sock, flags: number): Gen<number>;
  accept(sk: sock, flags: number, err: { v: number }): Gen<sock>;
  ioctl(sk: sock, cmd: number, arg: any): Gen<number>;
  init(sk: sock): number;
  destroy(sk: sock): void;
  shutdown(sk: sock, how: number): Gen<void>;
  setsockopt(sk: sock, level: number, optname: number, optval: optval_t, optlen: number): Gen<number>;
  getsockopt(sk: sock, level: number, optname: number, optval: optval_t, option: { v: number }): Gen<number>;
  sendmsg(iocb: kiocb, sk: sock, msg: msghdr, len: number): Gen<number>;
  recvmsg(iocb: kiocb, sk: sock, msg: msghdr, len: number, noblock: number, flags: number, addr_len: { v: number }): Gen<number>;
  sendpage(sk: sock, page: page, offset: number, size: number, flags: number): Gen<number>;
  bind(sk: sock, uaddr: sockaddr, addr_len: number): Gen<number>;
  backlog_rcv(sk: sock, skb: sk_buff): number;
  release_cb(sk: sock): void;
  hash(sk: sock): void;
  unhash(sk: sock): void;
  rehash(sk: sock): void;
  get_port(sk: sock, snum: number): number;
  clear_sk(sk: sock, size: number): void;
  enter_memory_pressure(sk: sock): void;
  readonly memory_allocated: atomic_long_t;
  readonly sockets_allocated: percpu_counter;
  readonly memory_pressure: { v: number };
  readonly sysctl_mem: number[];
  readonly sysctl_wmem: number[];
  readonly sysctl_rmem: number[];
  max_header: number;
  no_autobind: boolean;
  slab_flags: number;
  readonly orphan_count: percpu_counter;
  rsk_prot: request_sock_ops;
  twsk_prot: timewait_sock_ops;
  readonly h: { hashinfo?: inet_hashinfo; udp_table?: udp_table; raw_hash?: raw_hashinfo };
  /** Makes the protocol's kind of sock (DEVIATION: in place of obj_size bytes). */
  new_sock(): sock;
}

export type { request_sock };
