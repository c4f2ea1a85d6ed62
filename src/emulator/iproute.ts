/**
 * `ip addr add` and `ip route add` as a small system's `ip` does them: a process with a netlink socket, a look at the links if a device is named, the request, its
 * acknowledgement, exit. Values of a message are little-endian, addresses in network order.
 */
import { current, type Gen } from './include/ports';
import { ifreq } from './include/linux/if';
import { IFA_ADDRESS, IFA_LOCAL } from './include/linux/if_addr';
import { NETLINK_ROUTE, NLMSG_DONE, NLMSG_ERROR, NLM_F_ACK, NLM_F_DUMP, nl_as_sockaddr, sizeof_sockaddr_nl } from './include/linux/netlink';
import { RTA_DST, RTA_GATEWAY, RTA_OIF, RTM_GETLINK, RTM_NEWADDR, RTM_NEWROUTE, RTN_UNICAST, RTPROT_BOOT, RT_SCOPE_HOST, RT_SCOPE_LINK, RT_SCOPE_UNIVERSE, RT_TABLE_MAIN } from './include/linux/rtnetlink';
import { AF_INET, AF_NETLINK, AF_UNIX, AF_UNSPEC, msghdr } from './include/linux/socket';
import { SOCK_CLOEXEC, SOCK_DGRAM } from './include/linux/net';
import { SIOCGIFINDEX } from './include/linux/sockios';
import { iovec } from './include/linux/uio';
import { NLM_F_CREATE, NLM_F_EXCL, NLM_F_REQUEST } from './include/net/netlink';
import { sys_close } from './fs/open';
import { sys_ioctl } from './fs/ioctl';
import { sys_exit_group } from './kernel/exit';
import * as sys from './net/socket';
import { enter, write } from './user';

const SOCK_RAW = 3, HEADER = 16, ROOM = 8192;

function le(value: number, bytes: number): number[] { return Array.from({ length: bytes }, (_, i) => Math.floor((value >>> 0) / 2 ** (8 * i)) & 0xff); }
function be32(value: number): number[] { return [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]; }
function u32(b: Uint8Array, at: number): number { return new DataView(b.buffer, b.byteOffset).getUint32(at, true); }
/** An attribute of four bytes. */
function attribute(type: number, value: number[]): number[] { return [...le(4 + value.length, 2), ...le(type, 2), ...value]; }
function request(type: number, flags: number, seq: number, body: number[]): Uint8Array {
  return Uint8Array.from([...le(HEADER + body.length, 4), ...le(type, 2), ...le(flags | NLM_F_REQUEST, 2), ...le(seq, 4), ...le(0, 4), ...body]);
}
function messageOf(bytes: Uint8Array, length: number): msghdr {
  const m = new msghdr();
  m.msg_name = nl_as_sockaddr(0);
  m.msg_namelen = sizeof_sockaddr_nl;
  m.msg_iov = [new iovec(bytes, 0, length)];
  m.msg_iovlen = 1;
  return m;
}

/** Runs `use` in a process of its own (with files of its own, that is), with a bound socket to the kernel's configuration; nobody closes it but the process's end. */
function* withNetlink(use: (fd: number) => Gen<number>): Gen<number> {
  const task = current.task, files = task.files;
  task.files = null;
  const r = yield* talking(use);
  yield* enter(sys_exit_group(r < 0 ? 2 : 0));
  task.files = files;
  return r;
}
function* talking(use: (fd: number) => Gen<number>): Gen<number> {
  const fd = yield* enter(sys.sys_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
  if (fd < 0) return fd;
  let r = yield* enter(sys.sys_bind(fd, nl_as_sockaddr(0), sizeof_sockaddr_nl));
  if (r >= 0) r = yield* enter(sys.sys_getsockname(fd, nl_as_sockaddr(0), { v: sizeof_sockaddr_nl }));
  if (r >= 0) r = yield* use(fd);
  return r;
}

/** Reads until a message says that it is the last or an error: gives 0, or the errno that it carries. */
function* answer(fd: number): Gen<number> {
  for (;;) {
    const buffer = new Uint8Array(ROOM), got = yield* enter(sys.sys_recvmsg(fd, messageOf(buffer, ROOM), 0));
    if (got <= 0) return got;
    for (let at = 0; at + HEADER <= got;) {
      const length = u32(buffer, at), type = u32(buffer, at + 4) & 0xffff;
      if (type === NLMSG_DONE) return 0;
      if (type === NLMSG_ERROR) return u32(buffer, at + HEADER) | 0;
      at += (Math.max(length, HEADER) + 3) & ~3;
    }
  }
}

/** The device's number: all links are listed first, then it is asked for by name, through a local socket as the C library does it. */
function* indexOf(fd: number, dev: string): Gen<number> {
  const ask = request(RTM_GETLINK, NLM_F_DUMP, 1, [AF_UNSPEC, 0, 0, 0]);
  const sent = yield* write(fd, ask, ask.length);
  if (sent < 0) return sent;
  const listed = yield* answer(fd);
  if (listed < 0) return listed;
  const s = yield* enter(sys.sys_socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (s < 0) return s;
  const ifr = new ifreq(dev), r = yield* enter(sys_ioctl(s, SIOCGIFINDEX, ifr));
  yield* enter(sys_close(s));
  return r < 0 ? r : ifr.ifr_ifindex;
}

function* talk(fd: number, bytes: Uint8Array): Gen<number> {
  const sent = yield* enter(sys.sys_sendmsg(fd, messageOf(bytes, bytes.length), 0));
  return sent < 0 ? sent : yield* answer(fd);
}

/** `ip addr add ADDRESS/BITS dev DEV`. Gives 0 or what the kernel answered. */
export function* ipAddress(dev: string, address: number, bits: number): Gen<number> {
  return yield* withNetlink(function* (fd) {
    const index = yield* indexOf(fd, dev);
    if (index < 0) return index;
    const scope = address >>> 24 === 127 ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE;
    return yield* talk(fd, request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, 2, [AF_INET, bits, 0, scope, ...le(index, 4), ...attribute(IFA_LOCAL, be32(address)), ...attribute(IFA_ADDRESS, be32(address))]));
  });
}

/** `ip route add TO/BITS [via VIA] [dev DEV]`; 0 and '' for none. */
export function* ipRoute(to: number, bits: number, via: number, dev: string): Gen<number> {
  return yield* withNetlink(function* (fd) {
    const index = dev === '' ? 0 : yield* indexOf(fd, dev);
    if (index < 0) return index;
    const scope = via ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
    const attributes = [...attribute(RTA_DST, be32(to)), ...(via ? attribute(RTA_GATEWAY, be32(via)) : []), ...(index ? attribute(RTA_OIF, le(index, 4)) : [])];
    return yield* talk(fd, request(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK, 2, [AF_INET, bits, 0, 0, RT_TABLE_MAIN, RTPROT_BOOT, scope, RTN_UNICAST, ...le(0, 4), ...attributes]));
  });
}
