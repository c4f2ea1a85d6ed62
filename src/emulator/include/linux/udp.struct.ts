/** struct udp_sock (include/linux/udp.h). */
import { inet_sock } from '../net/inet_sock.struct';
import type { hlist_node } from './list';
import type { sk_buff } from './skbuff.struct';
import type { sock } from '../net/sock.struct';

export class udp_sock extends inet_sock {
  /** The two halves of sk_hash, as in the kernel's union: the transmit queue is chosen by it. */
  get udp_port_hash(): number { return this.sk_hash & 0xffff; }
  set udp_port_hash(v: number) { this.sk_hash = ((this.sk_hash & 0xffff0000) | (v & 0xffff)) >>> 0; }
  get udp_portaddr_hash(): number { return this.sk_hash >>> 16; }
  set udp_portaddr_hash(v: number) { this.sk_hash = ((this.sk_hash & 0xffff) | (v << 16)) >>> 0; }
  pending = 0;
  corkflag = 0;
  encap_type = 0;
  /** Bytes of the datagram under construction. */
  len = 0;
  pcslen = 0;
  pcrlen = 0;
  pcflag = 0;
  encap_rcv: (sk: sock, skb: sk_buff) => number = null;
  encap_destroy: (sk: sock) => void = null;
  get udp_portaddr_node(): hlist_node { return this.skc_portaddr_node; }
}
