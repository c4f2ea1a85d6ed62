/** include/linux/in.h, uapi/linux/in.h: Internet addresses, protocols and socket options. */
export const IPPROTO_IP = 0;
export const IPPROTO_ICMP = 1;
export const IPPROTO_IGMP = 2;
export const IPPROTO_IPIP = 4;
export const IPPROTO_TCP = 6;
export const IPPROTO_EGP = 8;
export const IPPROTO_PUP = 12;
export const IPPROTO_UDP = 17;
export const IPPROTO_IDP = 22;
export const IPPROTO_DCCP = 33;
export const IPPROTO_RSVP = 46;
export const IPPROTO_GRE = 47;
export const IPPROTO_IPV6 = 41;
export const IPPROTO_ESP = 50;
export const IPPROTO_AH = 51;
export const IPPROTO_BEETPH = 94;
export const IPPROTO_PIM = 103;
export const IPPROTO_COMP = 108;
export const IPPROTO_SCTP = 132;
export const IPPROTO_UDPLITE = 136;
export const IPPROTO_RAW = 255;
export const IPPROTO_MAX = 256;
export const IP_TOS = 1;
export const IP_TTL = 2;
export const IP_HDRINCL = 3;
export const IP_OPTIONS = 4;
export const IP_ROUTER_ALERT = 5;
export const IP_RECVOPTS = 6;
export const IP_RETOPTS = 7;
export const IP_PKTINFO = 8;
export const IP_PKTOPTIONS = 9;
export const IP_MTU_DISCOVER = 10;
export const IP_RECVERR = 11;
export const IP_RECVTTL = 12;
export const IP_RECVTOS = 13;
export const IP_MTU = 14;
export const IP_FREEBIND = 15;
export const IP_IPSEC_POLICY = 16;
export const IP_XFRM_POLICY = 17;
export const IP_PASSSEC = 18;
export const IP_TRANSPARENT = 19;
export const IP_RECVRETOPTS = 7;
export const IP_ORIGDSTADDR = 20;
export const IP_RECVORIGDSTADDR = 20;
export const IP_MINTTL = 21;
export const IP_NODEFRAG = 22;
export const IP_PMTUDISC_DONT = 0;
export const IP_PMTUDISC_WANT = 1;
export const IP_PMTUDISC_DO = 2;
export const IP_PMTUDISC_PROBE = 3;
export const IP_MULTICAST_IF = 32;
export const IP_MULTICAST_TTL = 33;
export const IP_MULTICAST_LOOP = 34;
export const IP_ADD_MEMBERSHIP = 35;
export const IP_DROP_MEMBERSHIP = 36;
export const IP_UNBLOCK_SOURCE = 37;
export const IP_BLOCK_SOURCE = 38;
export const IP_ADD_SOURCE_MEMBERSHIP = 39;
export const IP_DROP_SOURCE_MEMBERSHIP = 40;
export const IP_MSFILTER = 41;
export const MCAST_JOIN_GROUP = 42;
export const MCAST_BLOCK_SOURCE = 43;
export const MCAST_UNBLOCK_SOURCE = 44;
export const MCAST_LEAVE_GROUP = 45;
export const MCAST_JOIN_SOURCE_GROUP = 46;
export const MCAST_LEAVE_SOURCE_GROUP = 47;
export const MCAST_MSFILTER = 48;
export const IP_MULTICAST_ALL = 49;
export const IP_UNICAST_IF = 50;
export const MCAST_EXCLUDE = 0;
export const MCAST_INCLUDE = 1;
export const IP_DEFAULT_MULTICAST_TTL = 1;
export const IP_DEFAULT_MULTICAST_LOOP = 1;
export const __SOCK_SIZE__ = 16;
export const IN_CLASSA_NET = 0xff000000;
export const IN_CLASSA_NSHIFT = 24;
export const IN_CLASSA_HOST = 0xffffff;
export const IN_CLASSA_MAX = 128;
export const IN_CLASSB_NET = 0xffff0000;
export const IN_CLASSB_NSHIFT = 16;
export const IN_CLASSB_HOST = 0xffff;
export const IN_CLASSB_MAX = 0x10000;
export const IN_CLASSC_NET = 0xffffff00;
export const IN_CLASSC_NSHIFT = 8;
export const IN_CLASSC_HOST = 255;
export const IN_MULTICAST_NET = 0xf0000000;
export const IN_LOOPBACKNET = 127;
export const INADDR_ANY = 0;
export const INADDR_BROADCAST = 0xffffffff;
export const INADDR_LOOPBACK = 0x7f000001;
export const INADDR_UNSPEC_GROUP = 0xe0000000;
export const INADDR_ALLHOSTS_GROUP = 0xe0000001;
export const INADDR_ALLRTRS_GROUP = 0xe0000002;
export const INADDR_MAX_LOCAL_GROUP = 0xe00000ff;

/** struct in_addr: an IPv4 address as an ordinary number. */
export class in_addr { s_addr = 0; }
/** struct sockaddr_in; `sin_port` and `s_addr` are ordinary numbers. */
export class sockaddr_in {
  sin_family = 2;
  sin_port: number;
  sin_addr: in_addr = new in_addr();
  /** struct sockaddr's name for the same word. */
  get sa_family(): number { return this.sin_family; }
  constructor(addr: number, port: number) { this.sin_port = port; this.sin_addr.s_addr = addr; }
}
export class ip_mreqn { imr_multiaddr: in_addr = new in_addr(); imr_address: in_addr = new in_addr(); imr_ifindex = 0; }
export class in_pktinfo { ipi_ifindex = 0; ipi_spec_dst: in_addr = new in_addr(); ipi_addr: in_addr = new in_addr(); }

export function ipv4_is_loopback(addr: number): boolean { return ((addr & 0xff000000) >>> 0) === 0x7f000000; }
export function ipv4_is_multicast(addr: number): boolean { return ((addr & 0xf0000000) >>> 0) === 0xe0000000; }
export function ipv4_is_local_multicast(addr: number): boolean { return ((addr & 0xffffff00) >>> 0) === 0xe0000000; }
export function ipv4_is_lbcast(addr: number): boolean { return addr === 0xffffffff; }
export function ipv4_is_zeronet(addr: number): boolean { return ((addr & 0xff000000) >>> 0) === 0; }
