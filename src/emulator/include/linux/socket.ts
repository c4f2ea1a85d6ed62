/** include/linux/socket.h: addresses, messages, families and flags of the socket interface. */
import type { iovec } from './uio';
import type { sockaddr_in } from './in';
export * from './uio';

/** Any socket address. Only IPv4 ones exist here (DEVIATION): `sa_family` reads sin_family. */
export type sockaddr = sockaddr_in;
export type sockaddr_storage = sockaddr_in;
export const sizeof_sockaddr = 16;
export const sizeof_sockaddr_in = 16;
export const sizeof_sockaddr_storage = 128;

export class linger { l_onoff = 0; l_linger = 0; }

/** A message: name, blocks of bytes, ancillary data (a list of objects instead of bytes: DEVIATION). */
export class msghdr {
  msg_name: sockaddr = null;
  msg_namelen = 0;
  msg_iov: iovec[] = null;
  msg_iovlen = 0;
  msg_control: cmsghdr[] = null;
  msg_controllen = 0;
  msg_flags = 0;
}
export class mmsghdr { msg_hdr: msghdr = new msghdr(); msg_len = 0; }
/** Ancillary data: `cmsg_data` is the object that the kernel would lay out as bytes after the header. */
export class cmsghdr {
  cmsg_len = 0;
  cmsg_level = 0;
  cmsg_type = 0;
  cmsg_data: any = null;
}
export const sizeof_cmsghdr = 16;
export function CMSG_ALIGN(len: number): number { return (len + 7) & ~7; }
export function CMSG_SPACE(len: number): number { return CMSG_ALIGN(sizeof_cmsghdr) + CMSG_ALIGN(len); }
export function CMSG_LEN(len: number): number { return CMSG_ALIGN(sizeof_cmsghdr) + len; }

export class ucred { pid = 0; uid = 0; gid = 0; }

export const SCM_RIGHTS = 1;
export const SCM_CREDENTIALS = 2;
export const AF_UNSPEC = 0;
export const AF_UNIX = 1;
export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_NETLINK = 16;
export const AF_PACKET = 17;
export const AF_MAX = 41;
export const PF_UNSPEC = AF_UNSPEC;
export const PF_UNIX = AF_UNIX;
export const PF_INET = AF_INET;
export const PF_INET6 = AF_INET6;
export const PF_NETLINK = AF_NETLINK;
export const PF_PACKET = AF_PACKET;
export const PF_MAX = AF_MAX;
export const NPROTO = AF_MAX;
export const SOMAXCONN = 128;

export const MSG_OOB = 1;
export const MSG_PEEK = 2;
export const MSG_DONTROUTE = 4;
export const MSG_CTRUNC = 8;
export const MSG_PROBE = 0x10;
export const MSG_TRUNC = 0x20;
export const MSG_DONTWAIT = 0x40;
export const MSG_EOR = 0x80;
export const MSG_WAITALL = 0x100;
export const MSG_FIN = 0x200;
export const MSG_SYN = 0x400;
export const MSG_CONFIRM = 0x800;
export const MSG_RST = 0x1000;
export const MSG_ERRQUEUE = 0x2000;
export const MSG_NOSIGNAL = 0x4000;
export const MSG_MORE = 0x8000;
export const MSG_WAITFORONE = 0x10000;
export const MSG_SENDPAGE_NOTLAST = 0x20000;
export const MSG_EOF = MSG_FIN;
export const MSG_FASTOPEN = 0x20000000;
export const MSG_CMSG_CLOEXEC = 0x40000000;
export const MSG_CMSG_COMPAT = 0;

export const SOL_IP = 0;
export const SOL_SOCKET = 1;
export const SOL_TCP = 6;
export const SOL_UDP = 17;
export const SOL_RAW = 255;
export const SOL_PACKET = 263;

/* asm-generic/socket.h */
export const SO_DEBUG = 1;
export const SO_REUSEADDR = 2;
export const SO_TYPE = 3;
export const SO_ERROR = 4;
export const SO_DONTROUTE = 5;
export const SO_BROADCAST = 6;
export const SO_SNDBUF = 7;
export const SO_RCVBUF = 8;
export const SO_KEEPALIVE = 9;
export const SO_OOBINLINE = 10;
export const SO_NO_CHECK = 11;
export const SO_PRIORITY = 12;
export const SO_LINGER = 13;
export const SO_BSDCOMPAT = 14;
export const SO_REUSEPORT = 15;
export const SO_PASSCRED = 16;
export const SO_PEERCRED = 17;
export const SO_RCVLOWAT = 18;
export const SO_SNDLOWAT = 19;
export const SO_RCVTIMEO = 20;
export const SO_SNDTIMEO = 21;
export const SO_BINDTODEVICE = 25;
export const SO_ATTACH_FILTER = 26;
export const SO_DETACH_FILTER = 27;
export const SO_GET_FILTER = SO_ATTACH_FILTER;
export const SO_PEERNAME = 28;
export const SO_TIMESTAMP = 29;
export const SCM_TIMESTAMP = SO_TIMESTAMP;
export const SO_ACCEPTCONN = 30;
export const SO_PEERSEC = 31;
export const SO_SNDBUFFORCE = 32;
export const SO_RCVBUFFORCE = 33;
export const SO_PASSSEC = 34;
export const SO_TIMESTAMPNS = 35;
export const SCM_TIMESTAMPNS = SO_TIMESTAMPNS;
export const SO_MARK = 36;
export const SO_TIMESTAMPING = 37;
export const SCM_TIMESTAMPING = SO_TIMESTAMPING;
export const SO_PROTOCOL = 38;
export const SO_DOMAIN = 39;
export const SO_RXQ_OVFL = 40;
export const SO_WIFI_STATUS = 41;
export const SO_PEEK_OFF = 42;
export const SO_NOFCS = 43;
export const SO_LOCK_FILTER = 44;
export const SO_SELECT_ERR_QUEUE = 45;
