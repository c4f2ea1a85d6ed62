/** include/linux/if_vlan.h: the inlines that the modelled (untagged) paths call. */
import type { sk_buff } from './skbuff';
import { ETH_P_8021Q } from './if_ether';
export const VLAN_HLEN = 4;
export const VLAN_ETH_HLEN = 18;
export const VLAN_VID_MASK = 0x0fff;
export const VLAN_TAG_PRESENT = 0x1000;
export const VLAN_N_VID = 4096;

/** A macro there: true when the tag is kept beside the packet. */
export function vlan_tx_tag_present(skb: sk_buff): boolean { return (skb.vlan_tci & VLAN_TAG_PRESENT) !== 0; }
export function vlan_tx_tag_get(skb: sk_buff): number { return skb.vlan_tci & ~VLAN_TAG_PRESENT; }
export function vlan_tx_tag_get_id(skb: sk_buff): number { return skb.vlan_tci & VLAN_VID_MASK; }

/** No modelled device takes tags in software: these three are where the kernel calls them. */
export function vlan_hw_offload_capable(_features: number, _proto: number): boolean { return true; }
export function __vlan_put_tag(skb: sk_buff, _proto: number, _tci: number): sk_buff { return skb; }
export function vlan_untag(skb: sk_buff): sk_buff { return skb; }

/** The protocol, looking behind one 802.1Q header. */
export function vlan_get_protocol(skb: sk_buff): number {
  let protocol = 0;

  if (vlan_tx_tag_present(skb) || skb.protocol !== ETH_P_8021Q)
    protocol = skb.protocol;
  else if (skb.len >= VLAN_ETH_HLEN)
    protocol = (skb.head[skb.data + 16] << 8) | skb.head[skb.data + 17];

  return protocol;
}

export function __vlan_hwaccel_put_tag(skb: sk_buff, vlan_proto: number, vlan_tci: number): sk_buff {
  skb.vlan_proto = vlan_proto;
  skb.vlan_tci = VLAN_TAG_PRESENT | vlan_tci;
  return skb;
}
