/** include/net/netns/packet.h: the packet sockets there are. */
import { hlist_head } from '../../linux/list';
import { mutex } from '../../linux/mutex';
import type { sock } from '../sock.struct';

export class netns_packet {
  sklist_lock: mutex = new mutex();
  sklist: hlist_head<sock> = new hlist_head<sock>();
}
