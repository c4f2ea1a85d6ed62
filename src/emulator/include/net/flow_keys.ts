/** include/net/flow_keys.h: what identifies a flow. */
export class flow_keys {
  src = 0;
  dst = 0;
  /** Both ports, the source in the upper half (network order read as one word). */
  ports = 0;
  thoff = 0;
  ip_proto = 0;
  get port0(): number { return this.ports >>> 16; }
  get port1(): number { return this.ports & 0xffff; }
}
export { skb_flow_dissect } from '../../net/core/flow_dissector';
