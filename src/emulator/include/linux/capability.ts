/** include/linux/capability.h: every program may everything. */
export const CAP_NET_BIND_SERVICE = 10, CAP_NET_BROADCAST = 11, CAP_NET_ADMIN = 12, CAP_NET_RAW = 13;
export function capable(_cap: number): boolean { return true; }
export function file_ns_capable(_file: unknown, _ns: unknown, _cap: number): boolean { return true; }
export function ns_capable(_ns: unknown, _cap: number): boolean { return true; }
