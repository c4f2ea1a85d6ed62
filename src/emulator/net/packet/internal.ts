/** net/packet/internal.h: what a packet socket holds. Memory-mapped rings and fan-out groups are not modelled. */
import type { packet_type as packet_type_t, net_device } from '../../include/linux/netdevice';
import { packet_type } from '../../include/linux/netdevice';
import { mutex } from '../../include/linux/mutex';
import { spinlock_t } from '../../include/linux/spinlock';
import { sockaddr_ll, type tpacket_stats } from '../../include/linux/if_packet';
import { sock } from '../../include/net/sock.struct';

export class packet_sock extends sock {
  stats: { stats1: tpacket_stats } = { stats1: { tp_packets: 0, tp_drops: 0 } };
  bind_lock: spinlock_t = new spinlock_t();
  pg_vec_lock: mutex = new mutex();
  running = 0;
  auxdata = 0;
  origdev = 0;
  ifindex = 0;
  num = 0;
  cached_dev: net_device = null;
  prot_hook: packet_type_t = new packet_type();
}

/** What a queued frame remembers for recvmsg(). */
export class packet_skb_cb {
  origlen = 0;
  sa: { ll: sockaddr_ll } = { ll: new sockaddr_ll() };
  copy(): packet_skb_cb {
    const to = new packet_skb_cb();
    to.origlen = this.origlen;
    Object.assign(to.sa.ll, this.sa.ll, { sll_addr: this.sa.ll.sll_addr.slice() });
    return to;
  }
}

export function pkt_sk(sk: sock): packet_sock {
  return sk as packet_sock;
}
