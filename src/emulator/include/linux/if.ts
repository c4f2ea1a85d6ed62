/** include/uapi/linux/if.h: interface flags, operational states, request codes. */
export const IFNAMSIZ = 16;
export const IFF_UP = 0x1;
export const IFF_BROADCAST = 0x2;
export const IFF_DEBUG = 0x4;
export const IFF_LOOPBACK = 0x8;
export const IFF_POINTOPOINT = 0x10;
export const IFF_NOTRAILERS = 0x20;
export const IFF_RUNNING = 0x40;
export const IFF_NOARP = 0x80;
export const IFF_PROMISC = 0x100;
export const IFF_ALLMULTI = 0x200;
export const IFF_MASTER = 0x400;
export const IFF_SLAVE = 0x800;
export const IFF_MULTICAST = 0x1000;
export const IFF_PORTSEL = 0x2000;
export const IFF_AUTOMEDIA = 0x4000;
export const IFF_DYNAMIC = 0x8000;
export const IFF_LOWER_UP = 0x10000;
export const IFF_DORMANT = 0x20000;
export const IFF_ECHO = 0x40000;
export const IFF_VOLATILE = IFF_LOOPBACK | IFF_POINTOPOINT | IFF_BROADCAST | IFF_ECHO | IFF_MASTER | IFF_SLAVE | IFF_RUNNING | IFF_LOWER_UP | IFF_DORMANT;

export const IFF_802_1Q_VLAN = 0x1;
export const IFF_EBRIDGE = 0x2;
export const IFF_BONDING = 0x20;
export const IFF_XMIT_DST_RELEASE = 0x400;
export const IFF_DONT_BRIDGE = 0x800;
export const IFF_TX_SKB_SHARING = 0x10000;
export const IFF_UNICAST_FLT = 0x20000;
export const IFF_SUPP_NOFCS = 0x80000;
export const IFF_LIVE_ADDR_CHANGE = 0x100000;

export const IF_OPER_UNKNOWN = 0;
export const IF_OPER_NOTPRESENT = 1;
export const IF_OPER_DOWN = 2;
export const IF_OPER_LOWERLAYERDOWN = 3;
export const IF_OPER_TESTING = 4;
export const IF_OPER_DORMANT = 5;
export const IF_OPER_UP = 6;
export const IF_LINK_MODE_DEFAULT = 0;
export const IF_LINK_MODE_DORMANT = 1;

export const SIOCGIFNAME = 0x8910;
export const SIOCGIFCONF = 0x8912;
export const SIOCGIFFLAGS = 0x8913;
export const SIOCSIFFLAGS = 0x8914;
export const SIOCGIFADDR = 0x8915;
export const SIOCSIFADDR = 0x8916;
export const SIOCGIFMTU = 0x8921;
export const SIOCSIFMTU = 0x8922;
export const SIOCGIFHWADDR = 0x8927;
export const SIOCGIFINDEX = 0x8933;
export const SIOCGIFTXQLEN = 0x8942;
export const SIOCSIFTXQLEN = 0x8943;
export const SIOCGIFMETRIC = 0x891d;
export const SIOCGIFMAP = 0x8970;

/** struct ifreq: a request about the interface of that name. */
export class ifreq {
  ifr_name: string;
  ifr_flags = 0;
  ifr_ifindex = 0;
  ifr_mtu = 0;
  ifr_qlen = 0;
  ifr_metric = 0;
  ifr_hwaddr: Uint8Array = null;
  ifr_addr: unknown = null;
  constructor(name: string) { this.ifr_name = name; }
}
