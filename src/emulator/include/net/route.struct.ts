/** struct rtable (include/net/route.h): an IPv4 route, a dst_entry with its addresses. */
import { dst_entry } from './dst.struct';
import { list_head } from '../linux/list';

export class rtable extends dst_entry {
  rt_genid = 0;
  rt_flags = 0;
  rt_type = 0;
  rt_is_input = 0;
  rt_uses_gateway = 0;
  rt_iif = 0;
  rt_gateway = 0;
  rt_pmtu = 0;
  rt_uncached: list_head<rtable> = new list_head<rtable>(this);
  /** `rt->dst`: the embedded first member is the object itself. */
  get dst(): this { return this; }
}
