/** include/linux/netlink.h and include/uapi/linux/netlink.h: sockets between programs and the kernel's configuration. */
import type { Gen } from '../ports';
import { __netlink_dump_start, __netlink_kernel_create } from '../../net/netlink/af_netlink';
import type { net } from '../net/net_namespace';
import type { nlmsghdr } from '../net/netlink';
import type { sock } from '../net/sock.struct';
import { sockaddr_in } from './in';
import type { mutex } from './mutex';
import { SKB_WITH_OVERHEAD } from './skbuff';
import type { sk_buff } from './skbuff.struct';
import { AF_NETLINK, type sockaddr } from './socket';

export const NETLINK_ROUTE = 0;
export const MAX_LINKS = 32;
export const SOL_NETLINK = 270;
export const NLM_F_ACK = 4;
export const NLM_F_ROOT = 0x100;
export const NLM_F_MATCH = 0x200;
export const NLM_F_DUMP = 0x300;
export const NLM_F_DUMP_INTR = 16;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
export const NLMSG_MIN_TYPE = 0x10;
export const NL_CFG_F_NONROOT_RECV = 1;
export const NL_CFG_F_NONROOT_SEND = 2;
export const NETLINK_SKB_DST = 8;
export const NETLINK_UNCONNECTED = 0;
export const NETLINK_CONNECTED = 1;
export function NLMSG_GOODSIZE(): number { return SKB_WITH_OVERHEAD(4096); }

/** Who sent a message. */
export class netlink_skb_parms {
  creds: unknown = null;
  portid = 0;
  dst_group = 0;
  flags = 0;
  sk: sock = null;
  copy(): netlink_skb_parms { return Object.assign(new netlink_skb_parms(), this); }
}
export function NETLINK_CB(skb: sk_buff): netlink_skb_parms { return skb.cb_netlink === null ? (skb.cb_netlink = new netlink_skb_parms()) : skb.cb_netlink; }

/** A dump under way: how far it has come is in `args`. */
export class netlink_callback {
  skb: sk_buff = null;
  nlh: nlmsghdr = null;
  dump: (skb: sk_buff, cb: netlink_callback) => number = null;
  done: (cb: netlink_callback) => number = null;
  data: unknown = null;
  min_dump_alloc = 0;
  prev_seq = 0;
  seq = 0;
  readonly args: number[] = [0, 0, 0, 0, 0, 0];
}
export interface netlink_dump_control { dump: (skb: sk_buff, cb: netlink_callback) => number; min_dump_alloc: number }
export interface netlink_kernel_cfg { groups: number; flags: number; input: (skb: sk_buff) => Gen<void>; cb_mutex: mutex }

export function* netlink_kernel_create(net: net, unit: number, cfg: netlink_kernel_cfg): Gen<sock> {
  return yield* __netlink_kernel_create(net, unit, cfg);
}
export function* netlink_dump_start(ssk: sock, skb: sk_buff, nlh: nlmsghdr, control: netlink_dump_control): Gen<number> {
  return yield* __netlink_dump_start(ssk, skb, nlh, control);
}

export const sizeof_sockaddr_nl = 12;
/** struct sockaddr_nl. DEVIATION: it is read from the words of a sockaddr_in, and no groups are asked for. */
export interface sockaddr_nl { nl_family: number; nl_pid: number }
export function sockaddr_as_nl(addr: sockaddr): sockaddr_nl { return { nl_family: addr.sin_family, nl_pid: addr.sin_addr.s_addr }; }
/** What a program hands to bind() or sendmsg(): 0 is the kernel, or "any" for bind(). */
export function nl_as_sockaddr(pid: number): sockaddr {
  const addr = new sockaddr_in(pid, 0);
  addr.sin_family = AF_NETLINK;
  return addr;
}
