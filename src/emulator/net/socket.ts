/** net/socket.c: the system calls on sockets. A user's address, length or option value is an object or `{ v }` in place of a pointer; a user's buffer is an array, from its start. */
import { current } from '../include/ports';
import type { Cpu, Gen, Host } from '../include/ports';
import { file, inode } from '../include/linux/fs';
import type { file_operations, super_block } from '../include/linux/fs';
import { FMODE_READ, FMODE_WRITE, S_IFSOCK, S_IRWXUGO } from '../include/linux/fs';
import { fput } from '../fs/file_table';
import { alloc_file } from '../fs/file_table';
import { get_next_ino, iput, new_inode_pseudo } from '../fs/inode';
import { fd_install, fget, fget_light, get_unused_fd_flags, put_unused_fd } from '../fs/file';
import { fput_light } from '../include/linux/file';
import { O_CLOEXEC, O_NONBLOCK, O_RDWR } from '../include/linux/fcntl';
import { init_sync_kiocb, is_sync_kiocb, kiocb, wait_on_sync_kiocb } from '../include/linux/aio';
import { iovec, UIO_FASTIOV, UIO_MAXIOV } from '../include/linux/uio';
import type { kvec } from '../include/linux/uio';
import { verify_iovec } from './core/iovec';
import { VERIFY_READ, VERIFY_WRITE } from '../include/linux/uaccess';
import { sockaddr_in } from '../include/linux/in';
import {
  MSG_CMSG_CLOEXEC, MSG_CMSG_COMPAT, MSG_DONTWAIT, MSG_EOR, MSG_OOB, MSG_WAITFORONE, NPROTO, PF_INET, PF_PACKET, SCM_TIMESTAMP, SCM_TIMESTAMPING, SCM_TIMESTAMPNS, SOL_SOCKET,
  SO_RXQ_OVFL, msghdr, sizeof_sockaddr_storage,
} from '../include/linux/socket';
import type { mmsghdr, sockaddr } from '../include/linux/socket';
import {
  SOCK_ASYNC_NOSPACE, SOCK_ASYNC_WAITDATA, SOCK_CLOEXEC, SOCK_EXTERNALLY_ALLOCATED, SOCK_MAX, SOCK_NONBLOCK, SOCK_PACKET, SOCK_SEQPACKET, SOCK_TYPE_MASK, SOCK_WAKE_IO, SOCK_WAKE_SPACE,
  SOCK_WAKE_URG, SOCK_WAKE_WAITD, SS_UNCONNECTED, socket, socket_wq,
} from '../include/linux/net';
import type { net_proto_family, optval_t } from '../include/linux/net';
import { init_waitqueue_head } from '../include/linux/wait';
import type { poll_table } from '../include/linux/poll';
import { test_and_clear_bit, test_bit } from '../include/linux/bitops';
import { likely, unlikely } from '../include/linux/compiler';
import { IS_ERR, PTR_ERR } from '../include/linux/err';
import { INT_MAX, UINT_MAX } from '../include/linux/kernel';
import {
  EAFNOSUPPORT, EAGAIN, EBADF, ECONNABORTED, EEXIST, EINVAL, EIOCBQUEUED, EMSGSIZE, ENFILE, ENOBUFS, ENOIOCTLCMD, ENOMEM, ENOTSOCK, ESPIPE,
} from '../include/uapi/asm-generic/errno';
import { BUG_ON } from '../include/asm-generic/bug';
import { rcu_dereference, rcu_dereference_protected, rcu_read_lock, rcu_read_unlock, synchronize_rcu } from '../include/linux/rcupdate';
import { spin_lock, spin_unlock, spinlock_t } from '../include/linux/spinlock';
import type { sk_buff } from '../include/linux/skbuff.struct';
import { SKBTX_HW_TSTAMP, SKBTX_SW_TSTAMP, SKBTX_WIFI_STATUS, __net_timestamp, skb_hwtstamps } from '../include/linux/skbuff';
import type { sock } from '../include/net/sock.struct';
import {
  SOCK_INODE, SOCKET_I, SOCK_RCVTSTAMP, SOCK_RCVTSTAMPNS, SOCK_RXQ_OVFL, SOCK_TIMESTAMPING_RAW_HARDWARE, SOCK_TIMESTAMPING_SOFTWARE, SOCK_TIMESTAMPING_SYS_HARDWARE,
  SOCK_TIMESTAMPING_TX_HARDWARE, SOCK_TIMESTAMPING_TX_SOFTWARE, SOCK_WIFI_STATUS, kiocb_to_siocb, sock_error, sock_flag, sock_iocb, sock_kfree_s, sock_kmalloc, sock_net, sock_recv_timestamp,
  sock_setsockopt, sock_getsockopt,
} from '../include/net/sock';
import type { net } from '../include/net/net_namespace';
import { without_waiting } from './core/sock';
import { put_cmsg } from './core/scm';
import { dev_ioctl } from './core/dev_ioctl';
import type { page } from '../include/linux/mm';
import { GFP_KERNEL } from '../include/linux/gfp';
import { current_uid } from '../include/linux/cred';

declare module '../include/ports' {
  interface Host { net_families: net_proto_family[]; net_family_lock: spinlock_t; sysctl_somaxconn: number }
  interface Cpu { sockets_in_use: number }
}
export function socket_globals(host: Host): void {
  host.net_families = new Array(NPROTO).fill(null);
  host.net_family_lock = new spinlock_t();
  host.sysctl_somaxconn = 128;
}
export function socket_percpu(cpu: Cpu): void { cpu.sockets_in_use = 0; }

/** Files over sockets. */
export const socket_file_ops: file_operations = {
  aio_read: sock_aio_read,
  aio_write: sock_aio_write,
  poll: sock_poll,
  unlocked_ioctl: sock_ioctl,
  release: sock_close,
  fasync: sock_fasync,
  sendpage: sock_sendpage,
};

/** Takes a user's address over; `kaddr` is filled. */
export function move_addr_to_kernel(uaddr: sockaddr, ulen: number, kaddr: sockaddr): number {
  if (ulen < 0 || ulen > sizeof_sockaddr_storage)
    return -EINVAL;
  if (ulen === 0)
    return 0;
  copy_sockaddr(kaddr, uaddr);
  return 0;
}
function copy_sockaddr(to: sockaddr, from: sockaddr): void {
  to.sin_family = from.sin_family;
  to.sin_port = from.sin_port;
  to.sin_addr.s_addr = from.sin_addr.s_addr;
}

/** Gives an address to the user; `ulen.v` is the room there, and gets the true length. */
function move_addr_to_user(kaddr: sockaddr, klen: number, uaddr: sockaddr, ulen: { v: number }): number {
  let len: number;
  BUG_ON(klen > sizeof_sockaddr_storage);
  len = ulen.v;
  if (len > klen)
    len = klen;
  if (len < 0)
    return -EINVAL;
  if (len) {
    copy_sockaddr(uaddr, kaddr);
  }
  ulen.v = klen;
  return 0;
}

function sock_alloc_inode(_sb: super_block): inode {
  const ei = new socket();
  const vfs_inode = new inode();
  let wq: socket_wq;
  ei.vfs_inode = vfs_inode;
  vfs_inode.socket = ei;
  wq = new socket_wq();
  init_waitqueue_head(wq.wait);
  wq.fasync_list = null;
  ei.wq = wq;
  ei.state = SS_UNCONNECTED;
  ei.flags.v = 0;
  ei.ops = null;
  ei.sk = null;
  ei.file = null;
  return vfs_inode;
}
function sock_destroy_inode(inode: inode): void {
  const ei = inode.socket;
  rcu_dereference_protected(ei.wq, 1);
}
/** The file system that sockets live in. */
export const sockfs_ops = { alloc_inode: sock_alloc_inode, destroy_inode: sock_destroy_inode };
export const sock_mnt: { readonly mnt_sb: super_block } = { mnt_sb: { s_op: sockfs_ops } };

/** An open file for a socket. `dname` is only its name. */
export function sock_alloc_file(sock: socket, flags: number, dname: string): file {
  const name = { name: '', len: 0 };
  let file: file;
  if (dname) {
    name.name = dname;
    name.len = name.name.length;
  } else if (sock.sk) {
    name.name = sock.sk.sk_prot_creator.name;
    name.len = name.name.length;
  }
  const inode = SOCK_INODE(sock);
  inode.i_fop = socket_file_ops;
  file = alloc_file(inode, FMODE_READ | FMODE_WRITE, socket_file_ops);
  if (unlikely(IS_ERR(file))) {
    return file;
  }
  sock.file = file;
  file.f_flags = O_RDWR | (flags & O_NONBLOCK);
  file.private_data = sock;
  return file;
}

function sock_map_fd(sock: socket, flags: number): number {
  let newfile: file;
  const fd = get_unused_fd_flags(flags);
  if (unlikely(fd < 0))
    return fd;
  newfile = sock_alloc_file(sock, flags, null);
  if (likely(!IS_ERR(newfile))) {
    fd_install(fd, newfile);
    return fd;
  }
  put_unused_fd(fd);
  return PTR_ERR(newfile);
}

export function sock_from_file(file: file, err: { v: number }): socket {
  if (file.f_op === socket_file_ops)
    return file.private_data as socket;
  err.v = -ENOTSOCK;
  return null;
}

/** The socket of a descriptor, with a reference on its file. */
export function sockfd_lookup(fd: number, err: { v: number }): socket {
  let file: file;
  let sock: socket;
  file = fget(fd);
  if (!file) {
    err.v = -EBADF;
    return null;
  }
  sock = sock_from_file(file, err);
  if (!sock)
    fput(file);
  return sock;
}

function sockfd_lookup_light(fd: number, err: { v: number }, fput_needed: { v: number }): socket {
  let file: file;
  let sock: socket;
  err.v = -EBADF;
  file = fget_light(fd, fput_needed);
  if (file) {
    sock = sock_from_file(file, err);
    if (sock)
      return sock;
    fput_light(file, fput_needed.v);
  }
  return null;
}

/** A new socket in its inode, not yet of any family. */
function sock_alloc(): socket {
  let inode: inode;
  let sock: socket;
  inode = new_inode_pseudo(sock_mnt.mnt_sb);
  if (!inode)
    return null;
  sock = SOCKET_I(inode);
  inode.i_ino = get_next_ino();
  inode.i_mode = S_IFSOCK | S_IRWXUGO;
  inode.i_uid = current_uid();
  inode.i_gid = current_uid();
  current.cpu.sockets_in_use++;
  return sock;
}

/** The last user is gone: the family closes its side, then the inode goes (with its file, if it has one). */
export function* sock_release(sock: socket): Gen<void> {
  if (sock.ops) {
    yield* sock.ops.release(sock);
    sock.ops = null;
  }
  if (rcu_dereference_protected(sock.wq, 1).fasync_list)
    current.machine.log('sock_release: fasync list not empty!');
  if (test_bit(SOCK_EXTERNALLY_ALLOCATED, sock.flags))
    return;
  current.cpu.sockets_in_use--;
  if (!sock.file) {
    iput(SOCK_INODE(sock));
    return;
  }
  sock.file = null;
}

/** Gives the SKBTX_ flags that the socket asks for (DEVIATION: the kernel writes through a pointer). */
export function sock_tx_timestamp(sk: sock, tx_flags: { v?: number; tx_flags?: number }): number {
  let flags = 0;
  if (sock_flag(sk, SOCK_TIMESTAMPING_TX_HARDWARE))
    flags |= SKBTX_HW_TSTAMP;
  if (sock_flag(sk, SOCK_TIMESTAMPING_TX_SOFTWARE))
    flags |= SKBTX_SW_TSTAMP;
  if (sock_flag(sk, SOCK_WIFI_STATUS))
    flags |= SKBTX_WIFI_STATUS;
  if (tx_flags !== null) {
    if (tx_flags.tx_flags !== undefined) tx_flags.tx_flags = flags; else tx_flags.v = flags;
  }
  return flags;
}

function* __sock_sendmsg_nosec(iocb: kiocb, sock: socket, msg: msghdr, size: number): Gen<number> {
  const si = kiocb_to_siocb(iocb);
  si.sock = sock;
  si.scm = null;
  si.msg = msg;
  si.size = size;
  return yield* sock.ops.sendmsg(iocb, sock, msg, size);
}
function* __sock_sendmsg(iocb: kiocb, sock: socket, msg: msghdr, size: number): Gen<number> {
  const err = 0;
  return err || (yield* __sock_sendmsg_nosec(iocb, sock, msg, size));
}
export function* sock_sendmsg(sock: socket, msg: msghdr, size: number): Gen<number> {
  const iocb = new kiocb();
  const siocb = new sock_iocb();
  let ret: number;
  init_sync_kiocb(iocb, null);
  iocb.private = siocb;
  ret = yield* __sock_sendmsg(iocb, sock, msg, size);
  if (-EIOCBQUEUED === ret)
    ret = yield* wait_on_sync_kiocb(iocb);
  return ret;
}
function* sock_sendmsg_nosec(sock: socket, msg: msghdr, size: number): Gen<number> {
  const iocb = new kiocb();
  const siocb = new sock_iocb();
  let ret: number;
  init_sync_kiocb(iocb, null);
  iocb.private = siocb;
  ret = yield* __sock_sendmsg_nosec(iocb, sock, msg, size);
  if (-EIOCBQUEUED === ret)
    ret = yield* wait_on_sync_kiocb(iocb);
  return ret;
}
export function* kernel_sendmsg(sock: socket, msg: msghdr, vec: kvec[], num: number, size: number): Gen<number> {
  let result: number;
  msg.msg_iov = vec;
  msg.msg_iovlen = num;
  result = yield* sock_sendmsg(sock, msg, size);
  return result;
}

export function __sock_recv_timestamp(msg: msghdr, sk: sock, skb: sk_buff): void {
  const need_software_tstamp = sock_flag(sk, SOCK_RCVTSTAMP);
  const ts = [0, 0, 0];
  let empty = 1;
  const shhwtstamps = skb_hwtstamps(skb);
  if (need_software_tstamp && skb.tstamp === 0)
    __net_timestamp(skb);
  if (need_software_tstamp) {
    if (!sock_flag(sk, SOCK_RCVTSTAMPNS)) {
      put_cmsg(msg, SOL_SOCKET, SCM_TIMESTAMP, 16, Math.floor(skb.tstamp / 1000));
    } else {
      put_cmsg(msg, SOL_SOCKET, SCM_TIMESTAMPNS, 16, skb.tstamp);
    }
  }
  if (sock_flag(sk, SOCK_TIMESTAMPING_SOFTWARE) && (ts[0] = skb.tstamp) !== 0)
    empty = 0;
  if (shhwtstamps) {
    if (sock_flag(sk, SOCK_TIMESTAMPING_SYS_HARDWARE) && (ts[1] = shhwtstamps.syststamp) !== 0)
      empty = 0;
    if (sock_flag(sk, SOCK_TIMESTAMPING_RAW_HARDWARE) && (ts[2] = shhwtstamps.hwtstamp) !== 0)
      empty = 0;
  }
  if (!empty)
    put_cmsg(msg, SOL_SOCKET, SCM_TIMESTAMPING, 48, ts);
}
export function __sock_recv_wifi_status(_msg: msghdr, sk: sock, skb: sk_buff): void {
  if (!sock_flag(sk, SOCK_WIFI_STATUS))
    return;
  if (!skb.wifi_acked_valid)
    return;
}
function sock_recv_drops(msg: msghdr, sk: sock, skb: sk_buff): void {
  if (sock_flag(sk, SOCK_RXQ_OVFL) && skb && skb.dropcount)
    put_cmsg(msg, SOL_SOCKET, SO_RXQ_OVFL, 4, skb.dropcount);
}
export function __sock_recv_ts_and_drops(msg: msghdr, sk: sock, skb: sk_buff): void {
  sock_recv_timestamp(msg, sk, skb);
  sock_recv_drops(msg, sk, skb);
}

function* __sock_recvmsg_nosec(iocb: kiocb, sock: socket, msg: msghdr, size: number, flags: number): Gen<number> {
  const si = kiocb_to_siocb(iocb);
  si.sock = sock;
  si.scm = null;
  si.msg = msg;
  si.size = size;
  si.flags = flags;
  return yield* sock.ops.recvmsg(iocb, sock, msg, size, flags);
}
function* __sock_recvmsg(iocb: kiocb, sock: socket, msg: msghdr, size: number, flags: number): Gen<number> {
  const err = 0;
  return err || (yield* __sock_recvmsg_nosec(iocb, sock, msg, size, flags));
}
export function* sock_recvmsg(sock: socket, msg: msghdr, size: number, flags: number): Gen<number> {
  const iocb = new kiocb();
  const siocb = new sock_iocb();
  let ret: number;
  init_sync_kiocb(iocb, null);
  iocb.private = siocb;
  ret = yield* __sock_recvmsg(iocb, sock, msg, size, flags);
  if (-EIOCBQUEUED === ret)
    ret = yield* wait_on_sync_kiocb(iocb);
  return ret;
}
function* sock_recvmsg_nosec(sock: socket, msg: msghdr, size: number, flags: number): Gen<number> {
  const iocb = new kiocb();
  const siocb = new sock_iocb();
  let ret: number;
  init_sync_kiocb(iocb, null);
  iocb.private = siocb;
  ret = yield* __sock_recvmsg_nosec(iocb, sock, msg, size, flags);
  if (-EIOCBQUEUED === ret)
    ret = yield* wait_on_sync_kiocb(iocb);
  return ret;
}
export function* kernel_recvmsg(sock: socket, msg: msghdr, vec: kvec[], num: number, size: number, flags: number): Gen<number> {
  let result: number;
  msg.msg_iov = vec;
  msg.msg_iovlen = num;
  result = yield* sock_recvmsg(sock, msg, size, flags);
  return result;
}

export function* kernel_sendpage(sock: socket, page: page, offset: number, size: number, flags: number): Gen<number> {
  return yield* sock.ops.sendpage(sock, page, offset, size, flags);
}
function* sock_sendpage(file: file, page: page, offset: number, size: number, _ppos: { v: number }, more: number): Gen<number> {
  let sock: socket;
  let flags: number;
  sock = file.private_data;
  flags = file.f_flags & O_NONBLOCK ? MSG_DONTWAIT : 0;
  flags |= more;
  return yield* kernel_sendpage(sock, page, offset, size, flags);
}

function alloc_sock_iocb(iocb: kiocb, siocb: sock_iocb): sock_iocb {
  if (!is_sync_kiocb(iocb)) {
    siocb = new sock_iocb();
    if (!siocb)
      return null;
  }
  siocb.kiocb = iocb;
  iocb.private = siocb;
  return siocb;
}

function* do_sock_read(msg: msghdr, iocb: kiocb, file: file, iov: iovec[], nr_segs: number): Gen<number> {
  const sock: socket = file.private_data;
  let size = 0;
  let i: number;
  for (i = 0; i < nr_segs; i++)
    size += iov[i].iov_len;
  msg.msg_name = null;
  msg.msg_namelen = 0;
  msg.msg_control = null;
  msg.msg_controllen = 0;
  msg.msg_iov = iov;
  msg.msg_iovlen = nr_segs;
  msg.msg_flags = file.f_flags & O_NONBLOCK ? MSG_DONTWAIT : 0;
  return yield* __sock_recvmsg(iocb, sock, msg, size, msg.msg_flags);
}
function* sock_aio_read(iocb: kiocb, iov: iovec[], nr_segs: number, pos: number): Gen<number> {
  const siocb = new sock_iocb();
  let x: sock_iocb;
  if (pos !== 0)
    return -ESPIPE;
  if (iocb.ki_left === 0)
    return 0;
  x = alloc_sock_iocb(iocb, siocb);
  if (!x)
    return -ENOMEM;
  x.async_msg = new msghdr();
  return yield* do_sock_read(x.async_msg, iocb, iocb.ki_filp, iov, nr_segs);
}

function* do_sock_write(msg: msghdr, iocb: kiocb, file: file, iov: iovec[], nr_segs: number): Gen<number> {
  const sock: socket = file.private_data;
  let size = 0;
  let i: number;
  for (i = 0; i < nr_segs; i++)
    size += iov[i].iov_len;
  msg.msg_name = null;
  msg.msg_namelen = 0;
  msg.msg_control = null;
  msg.msg_controllen = 0;
  msg.msg_iov = iov;
  msg.msg_iovlen = nr_segs;
  msg.msg_flags = file.f_flags & O_NONBLOCK ? MSG_DONTWAIT : 0;
  if (sock.type === SOCK_SEQPACKET)
    msg.msg_flags |= MSG_EOR;
  return yield* __sock_sendmsg(iocb, sock, msg, size);
}
function* sock_aio_write(iocb: kiocb, iov: iovec[], nr_segs: number, pos: number): Gen<number> {
  const siocb = new sock_iocb();
  let x: sock_iocb;
  if (pos !== 0)
    return -ESPIPE;
  x = alloc_sock_iocb(iocb, siocb);
  if (!x)
    return -ENOMEM;
  x.async_msg = new msghdr();
  return yield* do_sock_write(x.async_msg, iocb, iocb.ki_filp, iov, nr_segs);
}

function* sock_do_ioctl(net: net, sock: socket, cmd: number, arg: any): Gen<number> {
  let err: number;
  const argp = arg;
  err = yield* sock.ops.ioctl(sock, cmd, arg);
  if (err === -ENOIOCTLCMD)
    err = yield* dev_ioctl(net, cmd, argp);
  return err;
}
const SIOCDEVPRIVATE = 0x89f0;
function* sock_ioctl(file: file, cmd: number, arg: any): Gen<number> {
  let sock: socket;
  let sk: sock;
  const argp = arg;
  let err: number;
  let net: net;
  sock = file.private_data;
  sk = sock.sk;
  net = sock_net(sk);
  if (cmd >= SIOCDEVPRIVATE && cmd <= SIOCDEVPRIVATE + 15) {
    err = yield* dev_ioctl(net, cmd, argp);
  } else
    switch (cmd) {
      default:
        err = yield* sock_do_ioctl(net, sock, cmd, arg);
        break;
    }
  return err;
}

export function sock_create_lite(_family: number, type: number, _protocol: number, res: { v: socket }): number {
  let err = 0;
  let sock: socket = null;
  sock = sock_alloc();
  if (!sock) {
    err = -ENOMEM;
    res.v = sock;
    return err;
  }
  sock.type = type;
  res.v = sock;
  return err;
}

function sock_poll(file: file, wait: poll_table): number {
  let sock: socket;
  sock = file.private_data;
  return sock.ops.poll(file, sock, wait);
}
function* sock_close(inode: inode, _filp: file): Gen<number> {
  yield* sock_release(SOCKET_I(inode));
  return 0;
}
/** DEVIATION: there is no SIGIO to ask for. */
function* sock_fasync(_fd: number, filp: file, _on: number): Gen<number> {
  const sock: socket = filp.private_data;
  return sock.sk === null ? -EINVAL : 0;
}

export function sock_wake_async(sock: socket, how: number, _band: number): number {
  let wq: socket_wq;
  if (!sock)
    return -1;
  rcu_read_lock();
  wq = rcu_dereference(sock.wq);
  if (!wq || !wq.fasync_list) {
    rcu_read_unlock();
    return -1;
  }
  switch (how) {
    case SOCK_WAKE_WAITD:
      if (test_bit(SOCK_ASYNC_WAITDATA, sock.flags))
        break;
      break;
    case SOCK_WAKE_SPACE:
      if (!test_and_clear_bit(SOCK_ASYNC_NOSPACE, sock.flags))
        break;
      break;
    case SOCK_WAKE_IO:
    case SOCK_WAKE_URG:
      break;
  }
  rcu_read_unlock();
  return 0;
}

/** A socket of `family` and `type` into `res.v`; 0, or a negative errno. */
export function __sock_create(net: net, family: number, type: number, protocol: number, res: { v: socket }, kern: number): number {
  let err: number;
  let sock: socket;
  let pf: net_proto_family;
  if (family < 0 || family >= NPROTO)
    return -EAFNOSUPPORT;
  if (type < 0 || type >= SOCK_MAX)
    return -EINVAL;
  if (family === PF_INET && type === SOCK_PACKET) {
    family = PF_PACKET;
  }
  sock = sock_alloc();
  if (!sock) {
    return -ENFILE;
  }
  sock.type = type;
  rcu_read_lock();
  pf = rcu_dereference(current.host.net_families[family]);
  err = -EAFNOSUPPORT;
  if (!pf) {
    rcu_read_unlock();
    without_waiting(sock_release(sock));
    return err;
  }
  rcu_read_unlock();
  err = pf.create(net, sock, protocol, kern);
  if (err < 0) {
    sock.ops = null;
    without_waiting(sock_release(sock));
    return err;
  }
  res.v = sock;
  return 0;
}
export function sock_create(family: number, type: number, protocol: number, res: { v: socket }): number {
  return __sock_create(current.host.init_net, family, type, protocol, res, 0);
}
export function sock_create_kern(family: number, type: number, protocol: number, res: { v: socket }): number {
  return __sock_create(current.host.init_net, family, type, protocol, res, 1);
}

/** System call socket(). */
export function* sys_socket(family: number, type: number, protocol: number): Gen<number> {
  let retval: number;
  const sock: { v: socket } = { v: null };
  let flags: number;
  flags = type & ~SOCK_TYPE_MASK;
  if (flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK))
    return -EINVAL;
  type &= SOCK_TYPE_MASK;
  out_release: {
    out: {
      retval = sock_create(family, type, protocol, sock);
      if (retval < 0)
        break out;
      retval = sock_map_fd(sock.v, flags & (O_CLOEXEC | O_NONBLOCK));
      if (retval < 0)
        break out_release;
    }
    return retval;
  }
  yield* sock_release(sock.v);
  return retval;
}

/** System call bind(). */
export function* sys_bind(fd: number, umyaddr: sockaddr, addrlen: number): Gen<number> {
  let sock: socket;
  const address = new sockaddr_in(0, 0);
  let err: number;
  const error = { v: 0 }, fput_needed = { v: 0 };
  sock = sockfd_lookup_light(fd, error, fput_needed);
  if (sock) {
    err = move_addr_to_kernel(umyaddr, addrlen, address);
    if (err >= 0) {
      err = yield* sock.ops.bind(sock, address, addrlen);
    }
    fput_light(sock.file, fput_needed.v);
    return err;
  }
  return error.v;
}

/** System call listen(). */
export function* sys_listen(fd: number, backlog: number): Gen<number> {
  let sock: socket;
  let err: number;
  const error = { v: 0 }, fput_needed = { v: 0 };
  let somaxconn: number;
  sock = sockfd_lookup_light(fd, error, fput_needed);
  if (sock) {
    sock_net(sock.sk);
    somaxconn = current.host.sysctl_somaxconn;
    if (backlog >>> 0 > somaxconn)
      backlog = somaxconn;
    err = yield* sock.ops.listen(sock, backlog);
    fput_light(sock.file, fput_needed.v);
    return err;
  }
  return error.v;
}

/** System call accept4(); the peer's address goes to `upeer_sockaddr` (may be null). */
export function* sys_accept4(fd: number, upeer_sockaddr: sockaddr, upeer_addrlen: { v: number }, flags: number): Gen<number> {
  let sock: socket, newsock: socket;
  let newfile: file;
  let err: number, newfd: number;
  const error = { v: 0 }, len = { v: 0 }, fput_needed = { v: 0 };
  const address = new sockaddr_in(0, 0);
  if (flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK))
    return -EINVAL;
  sock = sockfd_lookup_light(fd, error, fput_needed);
  if (!sock)
    return error.v;
  out_put: {
    out_fd: {
      err = -ENFILE;
      newsock = sock_alloc();
      if (!newsock)
        break out_put;
      newsock.type = sock.type;
      newsock.ops = sock.ops;
      newfd = get_unused_fd_flags(flags);
      if (unlikely(newfd < 0)) {
        err = newfd;
        yield* sock_release(newsock);
        break out_put;
      }
      newfile = sock_alloc_file(newsock, flags, sock.sk.sk_prot_creator.name);
      if (unlikely(IS_ERR(newfile))) {
        err = PTR_ERR(newfile);
        put_unused_fd(newfd);
        yield* sock_release(newsock);
        break out_put;
      }
      err = yield* sock.ops.accept(sock, newsock, sock.file.f_flags);
      if (err < 0)
        break out_fd;
      if (upeer_sockaddr) {
        if (newsock.ops.getname(newsock, address, len, 2) < 0) {
          err = -ECONNABORTED;
          break out_fd;
        }
        err = move_addr_to_user(address, len.v, upeer_sockaddr, upeer_addrlen);
        if (err < 0)
          break out_fd;
      }
      fd_install(newfd, newfile);
      err = newfd;
      break out_put;
    }
    fput(newfile);
    put_unused_fd(newfd);
  }
  fput_light(sock.file, fput_needed.v);
  return err;
}
/** System call accept(). */
export function* sys_accept(fd: number, upeer_sockaddr: sockaddr, upeer_addrlen: { v: number }): Gen<number> {
  return yield* sys_accept4(fd, upeer_sockaddr, upeer_addrlen, 0);
}

/** System call connect(). */
export function* sys_connect(fd: number, uservaddr: sockaddr, addrlen: number): Gen<number> {
  let sock: socket;
  const address = new sockaddr_in(0, 0);
  let err: number;
  const error = { v: 0 }, fput_needed = { v: 0 };
  sock = sockfd_lookup_light(fd, error, fput_needed);
  if (!sock)
    return error.v;
  out_put: {
    err = move_addr_to_kernel(uservaddr, addrlen, address);
    if (err < 0)
      break out_put;
    err = yield* sock.ops.connect(sock, address, addrlen, sock.file.f_flags);
  }
  fput_light(sock.file, fput_needed.v);
  return err;
}

/** System call getsockname(). */
export function* sys_getsockname(fd: number, usockaddr: sockaddr, usockaddr_len: { v: number }): Gen<number> {
  let sock: socket;
  const address = new sockaddr_in(0, 0);
  let err: number;
  const error = { v: 0 }, len = { v: 0 }, fput_needed = { v: 0 };
  sock = sockfd_lookup_light(fd, error, fput_needed);
  if (!sock)
    return error.v;
  out_put: {
    err = sock.ops.getname(sock, address, len, 0);
    if (err)
      break out_put;
    err = move_addr_to_user(address, len.v, usockaddr, usockaddr_len);
  }
  fput_light(sock.file, fput_needed.v);
  return err;
}
/** System call getpeername(). */
export function* sys_getpeername(fd: number, usockaddr: sockaddr, usockaddr_len: { v: number }): Gen<number> {
  let sock: socket;
  const address = new sockaddr_in(0, 0);
  let err: number;
  const error = { v: 0 }, len = { v: 0 }, fput_needed = { v: 0 };
  sock = sockfd_lookup_light(fd, error, fput_needed);
  if (sock !== null) {
    err = sock.ops.getname(sock, address, len, 1);
    if (!err)
      err = move_addr_to_user(address, len.v, usockaddr, usockaddr_len);
    fput_light(sock.file, fput_needed.v);
    return err;
  }
  return error.v;
}

/** System call sendto(): `buff` holds the bytes, `addr` may be null. */
export function* sys_sendto(fd: number, buff: Uint8Array, len: number, flags: number, addr: sockaddr, addr_len: number): Gen<number> {
  let sock: socket;
  let address: sockaddr;
  let err: number;
  const msg = new msghdr();
  const iov = new iovec(null, 0, 0);
  const error = { v: 0 }, fput_needed = { v: 0 };
  if (len > INT_MAX)
    len = INT_MAX;
  sock = sockfd_lookup_light(fd, error, fput_needed);
  if (!sock)
    return error.v;
  iov.iov_buf = buff;
  iov.iov_base = 0;
  iov.iov_len = len;
  msg.msg_name = null;
  msg.msg_iov = [iov];
  msg.msg_iovlen = 1;
  msg.msg_control = null;
  msg.msg_controllen = 0;
  msg.msg_namelen = 0;
  out_put: {
    if (addr) {
      address = new sockaddr_in(0, 0);
      err = move_addr_to_kernel(addr, addr_len, address);
      if (err < 0)
        break out_put;
      msg.msg_name = address;
      msg.msg_namelen = addr_len;
    }
    if (sock.file.f_flags & O_NONBLOCK)
      flags |= MSG_DONTWAIT;
    msg.msg_flags = flags;
    err = yield* sock_sendmsg(sock, msg, len);
  }
  fput_light(sock.file, fput_needed.v);
  return err;
}
/** System call send(). */
export function* sys_send(fd: number, buff: Uint8Array, len: number, flags: number): Gen<number> {
  return yield* sys_sendto(fd, buff, len, flags, null, 0);
}

/** System call recvfrom(): bytes go to `ubuf`, the sender to `addr` (may be null). */
export function* sys_recvfrom(fd: number, ubuf: Uint8Array, size: number, flags: number, addr: sockaddr, addr_len: { v: number }): Gen<number> {
  let sock: socket;
  const iov = new iovec(null, 0, 0);
  const msg = new msghdr();
  const address = new sockaddr_in(0, 0);
  let err: number, err2: number;
  const error = { v: 0 }, fput_needed = { v: 0 };
  if (size > INT_MAX)
    size = INT_MAX;
  sock = sockfd_lookup_light(fd, error, fput_needed);
  if (!sock)
    return error.v;
  msg.msg_control = null;
  msg.msg_controllen = 0;
  msg.msg_iovlen = 1;
  msg.msg_iov = [iov];
  iov.iov_len = size;
  iov.iov_buf = ubuf;
  iov.iov_base = 0;
  msg.msg_name = addr ? address : null;
  msg.msg_namelen = 0;
  if (sock.file.f_flags & O_NONBLOCK)
    flags |= MSG_DONTWAIT;
  err = yield* sock_recvmsg(sock, msg, size, flags);
  if (err >= 0 && addr !== null) {
    err2 = move_addr_to_user(address, msg.msg_namelen, addr, addr_len);
    if (err2 < 0)
      err = err2;
  }
  fput_light(sock.file, fput_needed.v);
  return err;
}
/** System call recv(). */
export function* sys_recv(fd: number, ubuf: Uint8Array, size: number, flags: number): Gen<number> {
  return yield* sys_recvfrom(fd, ubuf, size, flags, null, null);
}

/** System call setsockopt(); `optval` is a number, or the object that the option's struct stands for. */
export function* sys_setsockopt(fd: number, level: number, optname: number, optval: optval_t, optlen: number): Gen<number> {
  let err: number;
  const error = { v: 0 }, fput_needed = { v: 0 };
  let sock: socket;
  if (optlen < 0)
    return -EINVAL;
  sock = sockfd_lookup_light(fd, error, fput_needed);
  if (sock !== null) {
    if (level === SOL_SOCKET)
      err = yield* sock_setsockopt(sock, level, optname, optval, optlen);
    else
      err = yield* sock.ops.setsockopt(sock, level, optname, optval, optlen);
    fput_light(sock.file, fput_needed.v);
    return err;
  }
  return error.v;
}
/** System call getsockopt(); `optval.v` gets the value. */
export function* sys_getsockopt(fd: number, level: number, optname: number, optval: optval_t, optlen: { v: number }): Gen<number> {
  let err: number;
  const error = { v: 0 }, fput_needed = { v: 0 };
  let sock: socket;
  sock = sockfd_lookup_light(fd, error, fput_needed);
  if (sock !== null) {
    if (level === SOL_SOCKET)
      err = yield* sock_getsockopt(sock, level, optname, optval, optlen);
    else
      err = yield* sock.ops.getsockopt(sock, level, optname, optval, optlen);
    fput_light(sock.file, fput_needed.v);
    return err;
  }
  return error.v;
}

/** System call shutdown(). */
export function* sys_shutdown(fd: number, how: number): Gen<number> {
  let err: number;
  const error = { v: 0 }, fput_needed = { v: 0 };
  let sock: socket;
  sock = sockfd_lookup_light(fd, error, fput_needed);
  if (sock !== null) {
    err = yield* sock.ops.shutdown(sock, how);
    fput_light(sock.file, fput_needed.v);
    return err;
  }
  return error.v;
}

class used_address { name: sockaddr = new sockaddr_in(0, 0); name_len = 0; }

function copy_msghdr_from_user(kmsg: msghdr, umsg: msghdr): number {
  kmsg.msg_name = umsg.msg_name;
  kmsg.msg_namelen = umsg.msg_namelen;
  kmsg.msg_iov = umsg.msg_iov;
  kmsg.msg_iovlen = umsg.msg_iovlen;
  kmsg.msg_control = umsg.msg_control;
  kmsg.msg_controllen = umsg.msg_controllen;
  kmsg.msg_flags = umsg.msg_flags;
  if (kmsg.msg_namelen < 0)
    return -EINVAL;
  if (kmsg.msg_namelen > sizeof_sockaddr_storage)
    kmsg.msg_namelen = sizeof_sockaddr_storage;
  return 0;
}

function* ___sys_sendmsg(sock: socket, msg: msghdr, msg_sys: msghdr, flags: number, used_address: used_address): Gen<number> {
  const address = new sockaddr_in(0, 0);
  const iov: iovec[] = [];
  let ctl_buf: unknown = null;
  let err: number, ctl_len: number, total_len: number;
  err = copy_msghdr_from_user(msg_sys, msg);
  if (err)
    return err;
  if (msg_sys.msg_iovlen > UIO_FASTIOV) {
    err = -EMSGSIZE;
    if (msg_sys.msg_iovlen > UIO_MAXIOV)
      return err;
  }
  err = verify_iovec(msg_sys, iov, address, VERIFY_READ);
  if (err < 0)
    return err;
  total_len = err;
  err = -ENOBUFS;
  if (msg_sys.msg_controllen > INT_MAX)
    return err;
  ctl_len = msg_sys.msg_controllen;
  if (ctl_len) {
    if (ctl_len > 36) {
      ctl_buf = sock_kmalloc(sock.sk, ctl_len, GFP_KERNEL);
      if (ctl_buf === null)
        return err;
    }
  }
  msg_sys.msg_flags = flags;
  out_freectl: {
    if (sock.file.f_flags & O_NONBLOCK)
      msg_sys.msg_flags |= MSG_DONTWAIT;
    if (used_address && msg_sys.msg_name && used_address.name_len === msg_sys.msg_namelen && same_sockaddr(used_address.name, msg_sys.msg_name)) {
      err = yield* sock_sendmsg_nosec(sock, msg_sys, total_len);
      break out_freectl;
    }
    err = yield* sock_sendmsg(sock, msg_sys, total_len);
    if (used_address && err >= 0) {
      used_address.name_len = msg_sys.msg_namelen;
      if (msg_sys.msg_name)
        copy_sockaddr(used_address.name, msg_sys.msg_name);
    }
  }
  if (ctl_buf !== null)
    sock_kfree_s(sock.sk, ctl_buf, ctl_len);
  return err;
}
function same_sockaddr(a: sockaddr, b: sockaddr): boolean { return a.sin_family === b.sin_family && a.sin_port === b.sin_port && a.sin_addr.s_addr === b.sin_addr.s_addr; }

export function* __sys_sendmsg(fd: number, msg: msghdr, flags: number): Gen<number> {
  let err: number;
  const error = { v: 0 }, fput_needed = { v: 0 };
  const msg_sys = new msghdr();
  let sock: socket;
  sock = sockfd_lookup_light(fd, error, fput_needed);
  if (!sock)
    return error.v;
  err = yield* ___sys_sendmsg(sock, msg, msg_sys, flags, null);
  fput_light(sock.file, fput_needed.v);
  return err;
}
/** System call sendmsg(). */
export function* sys_sendmsg(fd: number, msg: msghdr, flags: number): Gen<number> {
  if (flags & MSG_CMSG_COMPAT)
    return -EINVAL;
  return yield* __sys_sendmsg(fd, msg, flags);
}

export function* __sys_sendmmsg(fd: number, mmsg: mmsghdr[], vlen: number, flags: number): Gen<number> {
  let err: number, datagrams: number;
  const error = { v: 0 }, fput_needed = { v: 0 };
  let sock: socket;
  let entry: number;
  const msg_sys = new msghdr();
  const used = new used_address();
  if (vlen > UIO_MAXIOV)
    vlen = UIO_MAXIOV;
  datagrams = 0;
  sock = sockfd_lookup_light(fd, error, fput_needed);
  if (!sock)
    return error.v;
  used.name_len = UINT_MAX;
  entry = 0;
  err = 0;
  while (datagrams < vlen) {
    err = yield* ___sys_sendmsg(sock, mmsg[entry].msg_hdr, msg_sys, flags, used);
    if (err < 0)
      break;
    mmsg[entry].msg_len = err;
    ++entry;
    ++datagrams;
  }
  fput_light(sock.file, fput_needed.v);
  if (datagrams !== 0)
    return datagrams;
  return err;
}
/** System call sendmmsg(). */
export function* sys_sendmmsg(fd: number, mmsg: mmsghdr[], vlen: number, flags: number): Gen<number> {
  if (flags & MSG_CMSG_COMPAT)
    return -EINVAL;
  return yield* __sys_sendmmsg(fd, mmsg, vlen, flags);
}

function* ___sys_recvmsg(sock: socket, msg: msghdr, msg_sys: msghdr, flags: number, nosec: number): Gen<number> {
  const iov: iovec[] = [];
  let cmsg_ptr: number;
  let err: number, total_len: number, len: number;
  const addr = new sockaddr_in(0, 0);
  let uaddr: sockaddr;
  err = copy_msghdr_from_user(msg_sys, msg);
  if (err)
    return err;
  if (msg_sys.msg_iovlen > UIO_FASTIOV) {
    err = -EMSGSIZE;
    if (msg_sys.msg_iovlen > UIO_MAXIOV)
      return err;
  }
  uaddr = msg_sys.msg_name;
  const uaddr_len = { v: msg.msg_namelen };
  err = verify_iovec(msg_sys, iov, addr, VERIFY_WRITE);
  if (err < 0)
    return err;
  total_len = err;
  cmsg_ptr = msg_sys.msg_controllen;
  msg_sys.msg_flags = flags & (MSG_CMSG_CLOEXEC | MSG_CMSG_COMPAT);
  msg_sys.msg_namelen = 0;
  if (sock.file.f_flags & O_NONBLOCK)
    flags |= MSG_DONTWAIT;
  if (nosec)
    err = yield* sock_recvmsg_nosec(sock, msg_sys, total_len, flags);
  else
    err = yield* sock_recvmsg(sock, msg_sys, total_len, flags);
  if (err < 0)
    return err;
  len = err;
  if (uaddr !== null) {
    err = move_addr_to_user(addr, msg_sys.msg_namelen, uaddr, uaddr_len);
    if (err < 0)
      return err;
    msg.msg_namelen = uaddr_len.v;
  }
  msg.msg_flags = msg_sys.msg_flags & ~MSG_CMSG_COMPAT;
  msg.msg_controllen = cmsg_ptr - msg_sys.msg_controllen;
  err = len;
  return err;
}
export function* __sys_recvmsg(fd: number, msg: msghdr, flags: number): Gen<number> {
  let err: number;
  const error = { v: 0 }, fput_needed = { v: 0 };
  const msg_sys = new msghdr();
  let sock: socket;
  sock = sockfd_lookup_light(fd, error, fput_needed);
  if (!sock)
    return error.v;
  err = yield* ___sys_recvmsg(sock, msg, msg_sys, flags, 0);
  fput_light(sock.file, fput_needed.v);
  return err;
}
/** System call recvmsg(). */
export function* sys_recvmsg(fd: number, msg: msghdr, flags: number): Gen<number> {
  if (flags & MSG_CMSG_COMPAT)
    return -EINVAL;
  return yield* __sys_recvmsg(fd, msg, flags);
}

/** DEVIATION: no timeout between datagrams. */
export function* __sys_recvmmsg(fd: number, mmsg: mmsghdr[], vlen: number, flags: number): Gen<number> {
  let err: number, datagrams: number;
  const error = { v: 0 }, fput_needed = { v: 0 };
  let sock: socket;
  let entry: number;
  const msg_sys = new msghdr();
  datagrams = 0;
  sock = sockfd_lookup_light(fd, error, fput_needed);
  if (!sock)
    return error.v;
  out_put: {
    err = sock_error(sock.sk);
    if (err) {
      datagrams = err;
      break out_put;
    }
    entry = 0;
    while (datagrams < vlen) {
      err = yield* ___sys_recvmsg(sock, mmsg[entry].msg_hdr, msg_sys, flags & ~MSG_WAITFORONE, datagrams);
      if (err < 0)
        break;
      mmsg[entry].msg_len = err;
      err = 0;
      ++entry;
      ++datagrams;
      if (flags & MSG_WAITFORONE)
        flags |= MSG_DONTWAIT;
      if (msg_sys.msg_flags & MSG_OOB)
        break;
    }
    if (err === 0)
      break out_put;
    if (datagrams === 0) {
      datagrams = err;
      break out_put;
    }
    if (err !== -EAGAIN) {
      sock.sk.sk_err = -err;
    }
  }
  fput_light(sock.file, fput_needed.v);
  return datagrams;
}
/** System call recvmmsg(). */
export function* sys_recvmmsg(fd: number, mmsg: mmsghdr[], vlen: number, flags: number): Gen<number> {
  if (flags & MSG_CMSG_COMPAT)
    return -EINVAL;
  return yield* __sys_recvmmsg(fd, mmsg, vlen, flags);
}

/** Makes a protocol family known. */
export function sock_register(ops: net_proto_family): number {
  let err: number;
  const host = current.host;
  if (ops.family >= NPROTO) {
    return -ENOBUFS;
  }
  spin_lock(host.net_family_lock);
  if (rcu_dereference_protected(host.net_families[ops.family], 1))
    err = -EEXIST;
  else {
    host.net_families[ops.family] = ops;
    err = 0;
  }
  spin_unlock(host.net_family_lock);
  current.machine.log('NET: Registered protocol family ' + ops.family);
  return err;
}
export function sock_unregister(family: number): void {
  const host = current.host;
  BUG_ON(family < 0 || family >= NPROTO);
  spin_lock(host.net_family_lock);
  host.net_families[family] = null;
  spin_unlock(host.net_family_lock);
  synchronize_rcu();
}

/** core_initcall: the socket layer (its tables are made with the host). */
export function sock_init(): number {
  const err = 0;
  return err;
}

/** Sockets in use over all CPUs. */
export function sockets_used(): number {
  let counter = 0;
  for (const cpu of current.host.cpus) counter += cpu.sockets_in_use;
  if (counter < 0)
    counter = 0;
  return counter;
}
