/** include/net/snmp.h: counting. The `_BH`, `_USER` and 64-bit forms differ only in what they protect against. */
export * from '../linux/snmp';

export function SNMP_INC_STATS(mib: Float64Array, field: number): void { mib[field]++; }
export function SNMP_INC_STATS_BH(mib: Float64Array, field: number): void { mib[field]++; }
export function SNMP_INC_STATS_USER(mib: Float64Array, field: number): void { mib[field]++; }
export function SNMP_INC_STATS_ATOMIC_LONG(mib: Float64Array, field: number): void { mib[field]++; }
export function SNMP_DEC_STATS(mib: Float64Array, field: number): void { mib[field]--; }
export function SNMP_ADD_STATS(mib: Float64Array, field: number, addend: number): void { mib[field] += addend; }
export function SNMP_ADD_STATS_BH(mib: Float64Array, field: number, addend: number): void { mib[field] += addend; }
export function SNMP_ADD_STATS_USER(mib: Float64Array, field: number, addend: number): void { mib[field] += addend; }
/** Counts one packet at `basefield` (its ...PKTS counter) and `addend` octets at `octets`. */
export function SNMP_UPD_PO_STATS(mib: Float64Array, pkts: number, octets: number, addend: number): void { mib[pkts]++; mib[octets] += addend; }
