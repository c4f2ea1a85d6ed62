/** include/trace/events/{net,napi,skb}.h: tracepoints that nobody listens to. */
import type { sk_buff } from '../../linux/skbuff';
import type { napi_struct, net_device } from '../../linux/netdevice';
export function trace_net_dev_xmit(_skb: sk_buff, _rc: number, _dev: net_device, _len: number): void { /* no listener */ }
export function trace_net_dev_queue(_skb: sk_buff): void { /* no listener */ }
export function trace_netif_receive_skb(_skb: sk_buff): void { /* no listener */ }
export function trace_netif_rx(_skb: sk_buff): void { /* no listener */ }
export function trace_napi_poll(_napi: napi_struct): void { /* no listener */ }
export function trace_kfree_skb(_skb: sk_buff, _location: string): void { /* no listener */ }
