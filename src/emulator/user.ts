/** User space's doorway: system calls as a C library makes them, with what the kernel does on the way back. Buffers are the caller's. */
import { current, type Gen } from './include/ports';
import { epoll_event } from './include/linux/eventpoll';
import { ifreq, IFF_UP } from './include/linux/if';
import { type sockaddr_in, ip_mreqn, sockaddr_in as new_sockaddr_in } from './include/linux/in';
import { ll_as_sockaddr, sizeof_sockaddr_ll } from './include/linux/if_packet';
import { msghdr } from './include/linux/socket';
import { POLLIN } from './include/linux/poll';
import { RT_SCOPE_LINK, RT_SCOPE_UNIVERSE, RT_TABLE_MAIN, RTN_UNICAST, RTPROT_BOOT } from './include/linux/rtnetlink';
import { SIOCGIFFLAGS, SIOCSIFADDR, SIOCSIFFLAGS, SIOCSIFNETMASK } from './include/linux/sockios';
import { iovec } from './include/linux/uio';
import { fib_config, fib_new_table, fib_table_insert } from './include/net/ip_fib';
import { task_work_run } from './kernel/task_work';
import { __dev_get_by_name } from './net/core/dev';
import { csum_fold, csum_partial } from './include/net/checksum';
import { IS_ERR, PTR_ERR } from './include/linux/err';
import { NUD_PERMANENT } from './include/linux/neighbour';
import { NEIGH_UPDATE_F_ADMIN, NEIGH_UPDATE_F_OVERRIDE, __neigh_lookup_errno, neigh_release } from './include/net/neighbour';
import { neigh_update } from './net/core/neighbour';
import { ENOBUFS, ENODEV } from './include/uapi/asm-generic/errno';
import * as sys from './net/socket';
import { sys_close } from './fs/open';
import { sys_epoll_create1, sys_epoll_ctl, sys_epoll_wait } from './fs/eventpoll';
import { sys_ioctl } from './fs/ioctl';
import { sys_poll } from './fs/select';
import { sys_read, sys_write, sys_writev } from './fs/read_write';
import { iptables_flush } from './iptables';

/** Virtual ns of entering and leaving the kernel. */
const SYSCALL_COST = 120;

/** Runs the system call, then the task work it queued (the final fput of close(), for one). */
export function* enter(call: Gen<number>): Gen<number> {
  current.machine.spend(SYSCALL_COST);
  const result = yield* call;
  while (current.task.task_works.length) yield* task_work_run();
  return result;
}

/** A new socket's descriptor, or a negative errno (as do all below). */
export function* socket(family: number, type: number, protocol: number): Gen<number> { return yield* enter(sys.sys_socket(family, type, protocol)); }
/** Binds to an IPv4 address and port. */
export function* bind(fd: number, address: sockaddr_in): Gen<number> { return yield* enter(sys.sys_bind(fd, address, 16)); }
/** Makes a stream socket accept connections, `backlog` of them waiting. */
export function* listen(fd: number, backlog: number): Gen<number> { return yield* enter(sys.sys_listen(fd, backlog)); }
/** Waits for a connection and gives its descriptor. */
export function* accept(fd: number): Gen<number> { return yield* enter(sys.sys_accept(fd, new new_sockaddr_in(0, 0), { v: 16 })); }
/** accept() with SOCK_NONBLOCK or SOCK_CLOEXEC for the new descriptor. */
export function* accept4(fd: number, flags: number): Gen<number> { return yield* enter(sys.sys_accept4(fd, new new_sockaddr_in(0, 0), { v: 16 }, flags)); }
/** Connects to an IPv4 address and port; waits for the handshake of a stream. */
export function* connect(fd: number, address: sockaddr_in): Gen<number> { return yield* enter(sys.sys_connect(fd, address, 16)); }
/** Ends one direction or both: 0 reading, 1 writing, 2 both. */
export function* shutdown(fd: number, how: number): Gen<number> { return yield* enter(sys.sys_shutdown(fd, how)); }
/** Closes a descriptor; the socket itself goes on the way back to user space (task work). */
export function* close(fd: number): Gen<number> { return yield* enter(sys_close(fd)); }

/** send(): x86-64 libraries enter at sendto(); `direct` enters at send() itself. */
export function* send(fd: number, bytes: Uint8Array, length: number, flags: number, direct: boolean): Gen<number> {
  return yield* enter(direct ? sys.sys_send(fd, bytes, length, flags) : sys.sys_sendto(fd, bytes, length, flags, null, 0));
}
/** Sends `length` bytes to an address; gives how many went. */
export function* sendto(fd: number, bytes: Uint8Array, length: number, flags: number, to: sockaddr_in): Gen<number> { return yield* enter(sys.sys_sendto(fd, bytes, length, flags, to, 16)); }
/** `sender`: ask for the sender's address too, as recvfrom() does. */
export function* recv(fd: number, bytes: Uint8Array, length: number, flags: number, direct: boolean, sender = false): Gen<number> {
  return yield* enter(direct ? sys.sys_recv(fd, bytes, length, flags) : sys.sys_recvfrom(fd, bytes, length, flags, sender ? new new_sockaddr_in(0, 0) : null, sender ? { v: 16 } : null));
}
/** Writes `length` bytes; gives how many went. */
export function* write(fd: number, bytes: Uint8Array, length: number): Gen<number> { return yield* enter(sys_write(fd, bytes, length)); }
/** Reads at most `length` bytes; gives how many came, 0 at the end of a stream. */
export function* read(fd: number, bytes: Uint8Array, length: number): Gen<number> { return yield* enter(sys_read(fd, bytes, length)); }
/** Writes several buffers as one; gives how many bytes went. */
export function* writev(fd: number, parts: iovec[]): Gen<number> { return yield* enter(sys_writev(fd, parts, parts.length)); }

function message(parts: iovec[]): msghdr {
  const m = new msghdr();
  m.msg_iov = parts;
  m.msg_iovlen = parts.length;
  return m;
}
/** Sends several buffers as one message; gives how many bytes went. */
export function* sendmsg(fd: number, parts: iovec[], flags: number): Gen<number> { return yield* enter(sys.sys_sendmsg(fd, message(parts), flags)); }
/** Receives one message of at most `length` bytes; gives its length. */
export function* recvmsg(fd: number, bytes: Uint8Array, length: number, flags: number): Gen<number> { return yield* enter(sys.sys_recvmsg(fd, message([new iovec(bytes, 0, length)]), flags)); }

/** sendmmsg() of one message a row; gives how many went. */
export function* sendmmsg(fd: number, messages: iovec[][], flags: number): Gen<number> {
  return yield* enter(sys.sys_sendmmsg(fd, messages.map((parts) => ({ msg_hdr: message(parts), msg_len: 0 })), messages.length, flags));
}
/** recvmmsg() into `buffers`; gives how many messages came, and in `lengths` the bytes of each. */
export function* recvmmsg(fd: number, buffers: Uint8Array[], flags: number, lengths: number[]): Gen<number> {
  const messages = buffers.map((b) => ({ msg_hdr: message([new iovec(b, 0, b.length)]), msg_len: 0 }));
  const r = yield* enter(sys.sys_recvmmsg(fd, messages, messages.length, flags));
  for (let i = 0; i < r; i++) lengths.push(messages[i].msg_len);
  return r;
}

/** Binds a packet socket to an interface ('' for all); `protocol` as in the Ethernet header, 3 for all. */
export function* bindPacket(fd: number, dev: string, protocol: number): Gen<number> {
  const found = dev === '' ? null : __dev_get_by_name(current.host.init_net, dev);
  if (dev !== '' && !found) return -ENODEV;
  return yield* enter(sys.sys_bind(fd, ll_as_sockaddr(protocol, found ? found.ifindex : 0), sizeof_sockaddr_ll));
}

/** `value`: the int, the name for TCP_CONGESTION, seconds (negative: off) for SO_LINGER. */
export function* setsockopt(fd: number, level: number, name: number, value: number | string): Gen<number> {
  const linger = level === 1 && name === 13;
  return yield* enter(sys.sys_setsockopt(fd, level, name, linger ? { l_onoff: Number(Number(value) >= 0), l_linger: Math.max(0, Number(value)) } : value, linger ? 8 : typeof value === 'string' ? value.length : 4));
}
/** The option's value, or a negative errno. */
export function* getsockopt(fd: number, level: number, name: number): Gen<number> {
  const value = { v: 0 }, length = { v: 4 };
  const r = yield* enter(sys.sys_getsockopt(fd, level, name, value, length));
  return r < 0 ? r : value.v;
}
/** Joins a multicast group (IP_ADD_MEMBERSHIP) on the interface that the routes choose. */
export function* join(fd: number, group: number): Gen<number> {
  const mreq = new ip_mreqn();
  mreq.imr_multiaddr.s_addr = group;
  return yield* enter(sys.sys_setsockopt(fd, 0, 35, mreq, 8));
}

/** Waits with epoll until `fd` is readable; gives the number of events. */
export function* epoll(fd: number, timeout: number): Gen<number> {
  const ep = yield* enter(sys_epoll_create1(0));
  if (ep < 0) return ep;
  const event = new epoll_event();
  event.events = POLLIN;
  event.data = fd;
  const added = yield* enter(sys_epoll_ctl(ep, 1, fd, event));
  if (added < 0) return added;
  return yield* enter(sys_epoll_wait(ep, [new epoll_event()], 1, timeout));
}
/** Waits at most `timeout` ms (negative: forever) until `fd` is readable; gives 1, or 0 when the time is over. */
export function* poll(fd: number, timeout: number): Gen<number> { return yield* enter(sys_poll([{ fd, events: POLLIN, revents: 0 }], 1, timeout)); }

/** One ICMP echo on a raw socket and the wait for its reply; gives the bytes received (with the IP header). */
export function* ping(fd: number, to: sockaddr_in, length: number): Gen<number> {
  const request = new Uint8Array(8 + length);
  request[0] = 8;
  request[5] = 77;
  request[7] = 1;
  for (let i = 0; i < length; i++) request[8 + i] = i & 0xff;
  const sum = csum_fold(csum_partial(request, 0, request.length, 0));
  request[2] = sum >>> 8;
  request[3] = sum & 0xff;
  const sent = yield* enter(sys.sys_sendto(fd, request, request.length, 0, to, 16));
  if (sent < 0) return sent;
  return yield* enter(sys.sys_recvfrom(fd, new Uint8Array(2048), 2048, 0, null, null));
}

/** Runs `use` with a datagram socket for ioctls, as ifconfig does. */
function* withSocket(use: (fd: number) => Gen<number>): Gen<number> {
  const fd = yield* enter(sys.sys_socket(2, 2, 0));
  if (fd < 0) return fd;
  const r = yield* use(fd);
  yield* enter(sys_close(fd));
  return r;
}

/** `ifconfig DEV up` or `down`: SIOCGIFFLAGS, SIOCSIFFLAGS. */
export function* ifflags(dev: string, up: boolean): Gen<number> {
  return yield* withSocket(function* (fd) {
    const request = new ifreq(dev);
    const r = yield* enter(sys_ioctl(fd, SIOCGIFFLAGS, request));
    if (r < 0) return r;
    request.ifr_flags = up ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP;
    return yield* enter(sys_ioctl(fd, SIOCSIFFLAGS, request));
  });
}

/** Sets address and prefix length as ifconfig does; a second address goes on an alias such as `eth0:1`. */
export function* addAddress(dev: string, address: number, bits: number): Gen<number> {
  return yield* withSocket(function* (fd) {
    for (const [cmd, value] of [[SIOCSIFADDR, address], [SIOCSIFNETMASK, bits === 0 ? 0 : (-1 << (32 - bits)) >>> 0]] as const) {
      const request = new ifreq(dev), sin = new new_sockaddr_in(0, 0);
      sin.sin_family = 2;
      sin.sin_addr.s_addr = value;
      request.ifr_addr = sin;
      const r = yield* enter(sys_ioctl(fd, cmd, request));
      if (r < 0) return r;
    }
    return 0;
  });
}

/** Puts a route into the main table, with no system call (DEVIATION: as if a request had come; iproute.ts sends a real one). */
export function* addRoute(to: number, bits: number, via: number, dev: string): Gen<number> {
  const cfg = new fib_config();
  cfg.fc_dst = to;
  cfg.fc_dst_len = bits;
  cfg.fc_gw = via;
  cfg.fc_table = RT_TABLE_MAIN;
  cfg.fc_type = RTN_UNICAST;
  cfg.fc_protocol = RTPROT_BOOT;
  cfg.fc_scope = via ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
  cfg.fc_nlflags = 0x400 | 0x200;
  if (dev !== '') {
    const found = __dev_get_by_name(current.host.init_net, dev);
    if (!found) return -ENODEV;
    cfg.fc_oif = found.ifindex;
  }
  cfg.fc_nlinfo.nl_net = current.host.init_net;
  const tb = fib_new_table(current.host.init_net, cfg.fc_table);
  return tb ? fib_table_insert(tb, cfg) : -ENOBUFS;
}

/** `iptables -F`. */
export function flushRules(): number {
  iptables_flush();
  return 0;
}

/** `ip neigh replace ADDRESS lladdr MAC nud permanent dev DEV`, as net/core/neighbour.c:neigh_add. Gives 0 or an errno. */
export function addNeighbour(dev: string, address: number, mac: Uint8Array): number {
  const found = __dev_get_by_name(current.host.init_net, dev);
  if (!found) return -ENODEV;
  const neigh = __neigh_lookup_errno(current.host.arp_tbl, address, found);
  if (IS_ERR(neigh)) return PTR_ERR(neigh);
  const r = neigh_update(neigh, mac, NUD_PERMANENT, NEIGH_UPDATE_F_OVERRIDE | NEIGH_UPDATE_F_ADMIN);
  neigh_release(neigh);
  return r;
}
