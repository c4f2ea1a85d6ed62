/** include/net/icmp.h. */
import type { net } from './net_namespace';
export { icmp_send, icmp_rcv, icmp_err, icmp_init, icmp_out_count, icmp_err_convert } from '../../net/ipv4/icmp';
export class icmp_err_t { readonly errno: number; readonly fatal: number; constructor(errno: number, fatal: number) { this.errno = errno; this.fatal = fatal; } }
export function ICMP_INC_STATS(net: net, field: number): void { net.mib.icmp_statistics[field]++; }
export { ICMP_INC_STATS as ICMP_INC_STATS_BH };
export function ICMPMSGOUT_INC_STATS(net: net, field: number): void { net.mib.icmpmsg_statistics[field + 256]++; }
export function ICMPMSGIN_INC_STATS_BH(net: net, field: number): void { net.mib.icmpmsg_statistics[field]++; }
