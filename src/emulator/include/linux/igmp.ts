/** include/linux/igmp.h, uapi/linux/igmp.h: group membership. */
import { atomic_t } from './atomic';
import { ip_mreqn } from './in';
import { spinlock_t } from './spinlock';
import { timer_list } from './timer';
import { skb_transport_header, type sk_buff } from './skbuff';
import type { in_device } from './inetdevice';

export {
  igmp_rcv, ip_check_mc_rcu, ip_mc_dec_group, ip_mc_destroy_dev, ip_mc_down, ip_mc_drop_socket, ip_mc_inc_group, ip_mc_init_dev, ip_mc_join_group, ip_mc_leave_group, ip_mc_rejoin_groups, ip_mc_remap,
  ip_mc_sf_allow, ip_mc_unmap, ip_mc_up,
} from '../../net/ipv4/igmp';

export const IGMPV3_MODE_IS_INCLUDE = 1;
export const IGMPV3_MODE_IS_EXCLUDE = 2;
export const IGMPV3_CHANGE_TO_INCLUDE = 3;
export const IGMPV3_CHANGE_TO_EXCLUDE = 4;
export const IGMPV3_ALLOW_NEW_SOURCES = 5;
export const IGMPV3_BLOCK_OLD_SOURCES = 6;
export const IGMP_HOST_MEMBERSHIP_QUERY = 17;
export const IGMP_HOST_MEMBERSHIP_REPORT = 18;
export const IGMP_DVMRP = 19;
export const IGMP_PIM = 20;
export const IGMP_TRACE = 21;
export const IGMPV2_HOST_MEMBERSHIP_REPORT = 22;
export const IGMP_HOST_LEAVE_MESSAGE = 23;
export const IGMPV3_HOST_MEMBERSHIP_REPORT = 34;
export const IGMP_MTRACE_RESP = 30;
export const IGMP_MTRACE = 31;
export const IGMP_DELAYING_MEMBER = 1;
export const IGMP_IDLE_MEMBER = 2;
export const IGMP_LAZY_MEMBER = 3;
export const IGMP_SLEEPING_MEMBER = 4;
export const IGMP_AWAKENING_MEMBER = 5;
export const IGMP_MINLEN = 8;
export const IGMP_MAX_HOST_REPORT_DELAY = 10;
export const IGMP_TIMER_SCALE = 10;
export const IGMP_AGE_THRESHOLD = 400;
export const IGMP_ALL_HOSTS = 0xe0000001;
export const IGMP_ALL_ROUTER = 0xe0000002;
export const IGMPV3_ALL_MCR = 0xe0000016;
export const IGMP_LOCAL_GROUP = 0xe0000000;
export const IGMP_LOCAL_GROUP_MASK = 0xffffff00;

function be16(b: Uint8Array, o: number): number { return (b[o] << 8) | b[o + 1]; }
function be32(b: Uint8Array, o: number): number { return ((b[o] << 24) | (b[o + 1] << 16) | (b[o + 2] << 8) | b[o + 3]) >>> 0; }
function put16(b: Uint8Array, o: number, v: number): void { b[o] = v >> 8; b[o + 1] = v; }
function put32(b: Uint8Array, o: number, v: number): void { b[o] = v >>> 24; b[o + 1] = v >>> 16; b[o + 2] = v >>> 8; b[o + 3] = v; }

/** struct igmphdr: type, code, checksum, group. */
export class igmphdr {
  readonly b: Uint8Array;
  readonly off: number;
  constructor(b: Uint8Array, off: number) { this.b = b; this.off = off; }
  get type(): number { return this.b[this.off]; }
  set type(v: number) { this.b[this.off] = v; }
  get code(): number { return this.b[this.off + 1]; }
  set code(v: number) { this.b[this.off + 1] = v; }
  get csum(): number { return be16(this.b, this.off + 2); }
  set csum(v: number) { put16(this.b, this.off + 2, v); }
  get group(): number { return be32(this.b, this.off + 4); }
  set group(v: number) { put32(this.b, this.off + 4, v); }
}
export const sizeof_igmphdr = 8;
/** struct igmpv3_report and its records. */
export class igmpv3_report {
  readonly b: Uint8Array;
  readonly off: number;
  constructor(b: Uint8Array, off: number) { this.b = b; this.off = off; }
  get type(): number { return this.b[this.off]; }
  set type(v: number) { this.b[this.off] = v; }
  set resv1(v: number) { this.b[this.off + 1] = v; }
  get csum(): number { return be16(this.b, this.off + 2); }
  set csum(v: number) { put16(this.b, this.off + 2, v); }
  set resv2(v: number) { put16(this.b, this.off + 4, v); }
  get ngrec(): number { return be16(this.b, this.off + 6); }
  set ngrec(v: number) { put16(this.b, this.off + 6, v); }
}
export const sizeof_igmpv3_report = 8;
export class igmpv3_grec {
  readonly b: Uint8Array;
  readonly off: number;
  constructor(b: Uint8Array, off: number) { this.b = b; this.off = off; }
  get grec_type(): number { return this.b[this.off]; }
  set grec_type(v: number) { this.b[this.off] = v; }
  set grec_auxwords(v: number) { this.b[this.off + 1] = v; }
  get grec_nsrcs(): number { return be16(this.b, this.off + 2); }
  set grec_nsrcs(v: number) { put16(this.b, this.off + 2, v); }
  get grec_mca(): number { return be32(this.b, this.off + 4); }
  set grec_mca(v: number) { put32(this.b, this.off + 4, v); }
}
export const sizeof_igmpv3_grec = 8;
export class igmpv3_query {
  readonly b: Uint8Array;
  readonly off: number;
  constructor(b: Uint8Array, off: number) { this.b = b; this.off = off; }
  get type(): number { return this.b[this.off]; }
  get code(): number { return this.b[this.off + 1]; }
  get csum(): number { return be16(this.b, this.off + 2); }
  get group(): number { return be32(this.b, this.off + 4); }
  get qrv(): number { return this.b[this.off + 8] & 7; }
  get suppress(): number { return (this.b[this.off + 8] >> 3) & 1; }
  get qqic(): number { return this.b[this.off + 9]; }
  get nsrcs(): number { return be16(this.b, this.off + 10); }
  src(i: number): number { return be32(this.b, this.off + 12 + 4 * i); }
}
export const sizeof_igmpv3_query = 12;
/** Writes one source address behind a group record. */
export function put_source(b: Uint8Array, off: number, addr: number): void { put32(b, off, addr); }

export function igmp_hdr(skb: sk_buff): igmphdr {
  return new igmphdr(skb.head, skb_transport_header(skb));
}
export function igmpv3_report_hdr(skb: sk_buff): igmpv3_report {
  return new igmpv3_report(skb.head, skb_transport_header(skb));
}
export function igmpv3_query_hdr(skb: sk_buff): igmpv3_query {
  return new igmpv3_query(skb.head, skb_transport_header(skb));
}

declare module '../ports' { interface Host { sysctl_igmp_max_memberships: number; sysctl_igmp_max_msf: number } }

export const IP_SFBLOCK = 10;

export class ip_sf_socklist { sl_max = 0; sl_count = 0; sl_addr: number[] = []; }

export class ip_mc_socklist {
  next_rcu: ip_mc_socklist = null;
  multi: ip_mreqn = new ip_mreqn();
  sfmode = 0;
  sflist: ip_sf_socklist = null;
}

export class ip_sf_list {
  sf_next: ip_sf_list = null;
  sf_inaddr = 0;
  sf_count: [number, number] = [0, 0];
  sf_gsresp = 0;
  sf_oldin = 0;
  sf_crcount = 0;
}

export class ip_mc_list {
  interface: in_device = null;
  multiaddr = 0;
  sfmode = 0;
  sources: ip_sf_list = null;
  tomb: ip_sf_list = null;
  sfcount: [number, number] = [0, 0];
  next_rcu: ip_mc_list = null;
  timer: timer_list = new timer_list();
  users = 0;
  refcnt: atomic_t = new atomic_t(0);
  lock: spinlock_t = new spinlock_t();
  tm_running = 0;
  reporter = 0;
  unsolicit_count = 0;
  loaded = 0;
  gsquery = 0;
  crcount = 0;
  /** The same link under its other name. */
  get next(): ip_mc_list { return this.next_rcu; }
  set next(v: ip_mc_list) { this.next_rcu = v; }
}

function IGMPV3_MASK(value: number, nb: number): number { return nb >= 32 ? value : ((1 << nb) - 1) & value; }
function IGMPV3_EXP(thresh: number, nbmant: number, nbexp: number, value: number): number {
  return value < thresh ? value : (IGMPV3_MASK(value, nbmant) | (1 << nbmant)) << (IGMPV3_MASK(value >> nbmant, nbexp) + nbexp);
}
export function IGMPV3_QQIC(value: number): number { return IGMPV3_EXP(0x80, 4, 3, value); }
export function IGMPV3_MRC(value: number): number { return IGMPV3_EXP(0x80, 4, 3, value); }
