/** net/netlink/af_netlink.c, as far as notifications go. DEVIATION: there are no netlink sockets, so nobody listens to a group. */
import { atomic_inc } from '../../include/linux/atomic';
import type { sock } from '../../include/net/sock.struct';
import { ESRCH } from '../../include/uapi/asm-generic/errno';
import { consume_skb, pskb_expand_head, skb_clone, skb_shared, type sk_buff } from '../../include/linux/skbuff';

function netlink_trim(skb: sk_buff, allocation: number): sk_buff {
  let delta: number;
  delta = skb.end - skb.tail;
  if (delta * 2 < skb.truesize)
    return skb;
  if (skb_shared(skb)) {
    const nskb = skb_clone(skb, allocation);
    if (!nskb)
      return skb;
    consume_skb(skb);
    skb = nskb;
  }
  if (!pskb_expand_head(skb, 0, -delta, allocation))
    skb.truesize -= delta;
  return skb;
}

function netlink_broadcast_filtered(_ssk: sock, skb: sk_buff, _portid: number, _group: number, allocation: number): number {
  skb = netlink_trim(skb, allocation);
  consume_skb(skb);
  consume_skb(null);
  return -ESRCH;
}
export function netlink_broadcast(ssk: sock, skb: sk_buff, portid: number, group: number, allocation: number): number {
  return netlink_broadcast_filtered(ssk, skb, portid, group, allocation);
}

export function nlmsg_notify(sk: sock, skb: sk_buff, portid: number, group: number, report: number, flags: number): number {
  let err = 0;
  if (group) {
    let exclude_portid = 0;
    if (report) {
      atomic_inc(skb.users);
      exclude_portid = portid;
    }
    err = netlink_broadcast(sk, skb, exclude_portid, group, flags);
  }
  return err;
}
