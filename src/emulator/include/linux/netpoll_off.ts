/** include/linux/netpoll.h: console over the network is not modelled; the hooks answer no. */
import type { napi_struct, net_device } from './netdevice';
import type { sk_buff } from './skbuff';
export function netpoll_rx(_skb: sk_buff): boolean { return false; }
export function netpoll_rx_on(_skb: sk_buff): boolean { return false; }
export function netpoll_receive_skb(_skb: sk_buff): boolean { return false; }
export function netpoll_rx_disable(_dev: net_device): number { return 0; }
export function netpoll_rx_enable(_dev: net_device): void { /* nothing was disabled */ }
export function netpoll_poll_lock(_napi: napi_struct): null { return null; }
export function netpoll_poll_unlock(_have: null): void { /* nothing was locked */ }
