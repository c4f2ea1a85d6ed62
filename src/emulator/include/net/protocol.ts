/** include/net/protocol.h: what is registered per IP protocol. */
import type { sk_buff } from '../linux/skbuff';
import type { list_head } from '../linux/list';
import type { proto } from './sock';
import type { proto_ops } from '../linux/net';
import type { offload_callbacks } from '../linux/netdevice';

export const MAX_INET_PROTOS = 256;

/** struct net_protocol. `handler` is plain: it runs in softirq context. */
export interface net_protocol {
  early_demux: (skb: sk_buff) => void;
  handler: (skb: sk_buff) => number;
  err_handler: (skb: sk_buff, info: number) => void;
  no_policy: number;
  netns_ok: number;
}
export interface net_offload {
  callbacks: offload_callbacks;
  flags: number;
}
export class inet_protosw {
  list: list_head<inet_protosw> = null;
  type = 0;
  protocol = 0;
  prot: proto = null;
  ops: proto_ops = null;
  no_check = 0;
  flags = 0;
}
export const INET_PROTOSW_REUSE = 1;
export const INET_PROTOSW_PERMANENT = 2;
export const INET_PROTOSW_ICSK = 4;

export { inet_add_protocol, inet_del_protocol, inet_add_offload, inet_del_offload } from '../../net/ipv4/protocol';
export { inet_register_protosw, inet_unregister_protosw } from '../../net/ipv4/af_inet';
