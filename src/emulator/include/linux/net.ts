/** include/linux/net.h: the BSD socket and its operations. */
import type { wait_queue_head_t as wait_queue_head } from './wait';
import { wait_queue_head_t } from './wait';
import type { Gen } from '../ports';
import type { Flags } from './bitops';
import type { sock } from '../net/sock.struct';
import type { net } from '../net/net_namespace';
import type { file, inode } from './fs';
import type { poll_table } from './poll';
import type { page } from './mm';
import type { sockaddr, msghdr } from './socket';
import type { kiocb } from './aio';

export const SS_FREE = 0;
export const SS_UNCONNECTED = 1;
export const SS_CONNECTING = 2;
export const SS_CONNECTED = 3;
export const SS_DISCONNECTING = 4;
export const __SO_ACCEPTCON = 1 << 16;

export const SOCK_ASYNC_NOSPACE = 0;
export const SOCK_ASYNC_WAITDATA = 1;
export const SOCK_NOSPACE = 2;
export const SOCK_PASSCRED = 3;
export const SOCK_PASSSEC = 4;
export const SOCK_EXTERNALLY_ALLOCATED = 5;

export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_RDM = 4;
export const SOCK_SEQPACKET = 5;
export const SOCK_DCCP = 6;
export const SOCK_PACKET = 10;
export const SOCK_MAX = SOCK_PACKET + 1;
export const SOCK_TYPE_MASK = 0xf;
export const SOCK_CLOEXEC = 0o2000000;
export const SOCK_NONBLOCK = 0o4000;

export const SHUT_RD = 0;
export const SHUT_WR = 1;
export const SHUT_RDWR = 2;

export const SOCK_WAKE_IO = 0;
export const SOCK_WAKE_WAITD = 1;
export const SOCK_WAKE_SPACE = 2;
export const SOCK_WAKE_URG = 3;

/** Those who wait on a socket: kept apart from it so that wakers may come late. */
export class socket_wq {
  wait: wait_queue_head = new wait_queue_head_t();
  fasync_list: unknown = null;
}

/** A socket as the system calls see it; `flags` is a word for set_bit() and friends. */
export class socket {
  state = SS_FREE;
  type = 0;
  flags: Flags = { v: 0 };
  wq: socket_wq = null;
  file: file = null;
  sk: sock = null;
  ops: proto_ops = null;
  /** The inode that the kernel lays out behind the socket (struct socket_alloc). */
  vfs_inode: inode = null;
}

/** Buffers of socket options: the values as numbers or objects, in place of user bytes (DEVIATION). */
export type optval_t = any;

/** Operations of a kind of socket. All but getname, poll, ioctl's cheap half sleep. `addr`: filled in place; `sockaddr_len` and `optlen` of the getters are `{ v }`. */
export interface proto_ops {
  family: number;
  release(sock: socket): Gen<number>;
  bind(sock: socket, myaddr: sockaddr, sockaddr_len: number): Gen<number>;
  connect(sock: socket, vaddr: sockaddr, sockaddr_len: number, flags: number): Gen<number>;
  socketpair(sock1: socket, sock2: socket): number;
  accept(sock: socket, newsock: socket, flags: number): Gen<number>;
  getname(sock: socket, addr: sockaddr, sockaddr_len: { v: number }, peer: number): number;
  poll(file: file, sock: socket, wait: poll_table): number;
  ioctl(sock: socket, cmd: number, arg: any): Gen<number>;
  listen(sock: socket, len: number): Gen<number>;
  shutdown(sock: socket, flags: number): Gen<number>;
  setsockopt(sock: socket, level: number, optname: number, optval: optval_t, optlen: number): Gen<number>;
  getsockopt(sock: socket, level: number, optname: number, optval: optval_t, optlen: { v: number }): Gen<number>;
  sendmsg(iocb: kiocb, sock: socket, m: msghdr, total_len: number): Gen<number>;
  recvmsg(iocb: kiocb, sock: socket, m: msghdr, total_len: number, flags: number): Gen<number>;
  mmap(file: file, sock: socket, vma: unknown): number;
  sendpage(sock: socket, page: page, offset: number, size: number, flags: number): Gen<number>;
  splice_read?(sock: socket, ppos: unknown, pipe: unknown, len: number, flags: number): Gen<number>;
  set_peek_off?(sk: sock, val: number): number;
}

export interface net_proto_family {
  family: number;
  create(net: net, sock: socket, protocol: number, kern: number): number;
}

export { sock_wake_async, sock_register, sock_unregister, __sock_create, sock_create, sock_create_kern, sock_create_lite, sock_release,
  sock_sendmsg, sock_recvmsg, sock_alloc_file, sockfd_lookup, sock_from_file, kernel_sendmsg, kernel_recvmsg } from '../../net/socket';
/** Messages are limited by wall time in the kernel; the run's log keeps them all (DEVIATION). */
export function net_ratelimit(): boolean { return true; }
