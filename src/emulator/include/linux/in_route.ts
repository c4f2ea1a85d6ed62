/** include/uapi/linux/in_route.h: flags of a route (RTCF_*). */
export const RTCF_NOTIFY = 0x10000;
export const RTCF_DIRECTDST = 0x20000;
export const RTCF_REDIRECTED = 0x40000;
export const RTCF_TPROXY = 0x80000;
export const RTCF_FAST = 0x200000;
export const RTCF_MASQ = 0x400000;
export const RTCF_SNAT = 0x800000;
export const RTCF_DOREDIRECT = 0x1000000;
export const RTCF_DIRECTSRC = 0x4000000;
export const RTCF_DNAT = 0x8000000;
export const RTCF_BROADCAST = 0x10000000;
export const RTCF_MULTICAST = 0x20000000;
export const RTCF_REJECT = 0x40000000;
export const RTCF_LOCAL = 0x80000000;
export const RTCF_NAT = 0x8800000;

export function RT_TOS(tos: number): number { return tos & 0x1e; }
