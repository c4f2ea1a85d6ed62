/** include/net/xfrm.h without CONFIG_XFRM: policies always agree. */
import type { sk_buff } from '../linux/skbuff';
import { ENOSYS } from '../uapi/asm-generic/errno';
import type { flowi } from './flow';
import type { sock } from './sock';
export const XFRM_POLICY_IN = 0;
export const XFRM_POLICY_OUT = 1;
export const XFRM_POLICY_FWD = 2;
export function xfrm4_policy_check(_sk: sock, _dir: number, _skb: sk_buff): boolean {
  return true;
}
export function xfrm_decode_session_reverse(_skb: sk_buff, _fl: flowi, _family: number): number {
  return -ENOSYS;
}
export function xfrm4_route_forward(_skb: sk_buff): boolean {
  return true;
}
export function xfrm_sk_free_policy(_sk: sock): void { /* no policies */ }
export function secpath_exists(_skb: sk_buff): boolean {
  return false;
}
export function xfrm_sk_clone_policy(_sk: sock): number {
  return 0;
}
