/** include/net/flow.h: the key of a route lookup. */

export const FLOWI_FLAG_ANYSRC = 1;
export const FLOWI_FLAG_CAN_SLEEP = 2;
export const FLOWI_FLAG_KNOWN_NH = 4;

/** struct flowi4; the union of ports and ICMP type is separate fields. It stands for its own `struct flowi` too (`fl.u.ip4`). */
export class flowi4 {
  flowi4_oif = 0;
  flowi4_iif = 0;
  flowi4_mark = 0;
  flowi4_tos = 0;
  flowi4_scope = 0;
  flowi4_proto = 0;
  flowi4_flags = 0;
  flowi4_secid = 0;
  saddr = 0;
  daddr = 0;
  fl4_dport = 0;
  fl4_sport = 0;
  fl4_icmp_type = 0;
  fl4_icmp_code = 0;
  get u(): this { return this; }
  get ip4(): this { return this; }
  get flowi_oif(): number { return this.flowi4_oif; }
  set flowi_oif(v: number) { this.flowi4_oif = v; }
  get flowi_iif(): number { return this.flowi4_iif; }
  set flowi_iif(v: number) { this.flowi4_iif = v; }
  get flowi_mark(): number { return this.flowi4_mark; }
  set flowi_mark(v: number) { this.flowi4_mark = v; }
  get flowi_tos(): number { return this.flowi4_tos; }
  get flowi_scope(): number { return this.flowi4_scope; }
  get flowi_proto(): number { return this.flowi4_proto; }
  get flowi_flags(): number { return this.flowi4_flags; }
  set flowi_flags(v: number) { this.flowi4_flags = v; }
  /** *this = *other. */
  assign(other: flowi4): void {
    this.flowi4_oif = other.flowi4_oif; this.flowi4_iif = other.flowi4_iif; this.flowi4_mark = other.flowi4_mark; this.flowi4_tos = other.flowi4_tos;
    this.flowi4_scope = other.flowi4_scope; this.flowi4_proto = other.flowi4_proto; this.flowi4_flags = other.flowi4_flags; this.flowi4_secid = other.flowi4_secid;
    this.saddr = other.saddr; this.daddr = other.daddr; this.fl4_dport = other.fl4_dport; this.fl4_sport = other.fl4_sport;
    this.fl4_icmp_type = other.fl4_icmp_type; this.fl4_icmp_code = other.fl4_icmp_code;
  }
}
/** Only IPv4 flows exist: struct flowi is a flowi4. */
export { flowi4 as flowi };

export function flowi4_init_output(fl4: flowi4, oif: number, mark: number, tos: number, scope: number, proto: number, flags: number,
  daddr: number, saddr: number, dport: number, sport: number): void {
  fl4.flowi4_oif = oif;
  fl4.flowi4_iif = 0;
  fl4.flowi4_mark = mark;
  fl4.flowi4_tos = tos;
  fl4.flowi4_scope = scope;
  fl4.flowi4_proto = proto;
  fl4.flowi4_flags = flags;
  fl4.flowi4_secid = 0;
  fl4.daddr = daddr;
  fl4.saddr = saddr;
  fl4.fl4_dport = dport;
  fl4.fl4_sport = sport;
}
export function flowi4_update_output(fl4: flowi4, oif: number, tos: number, daddr: number, saddr: number): void {
  fl4.flowi4_oif = oif;
  fl4.flowi4_tos = tos;
  fl4.daddr = daddr;
  fl4.saddr = saddr;
}
export function flowi4_to_flowi(fl4: flowi4): flowi4 {
  return fl4;
}
