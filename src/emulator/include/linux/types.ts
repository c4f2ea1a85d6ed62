/** Names of C integer types, for documentation: all of them are numbers. */
export type u8 = number;
export type u16 = number;
export type u32 = number;
export type u64 = number;
export type s32 = number;
/** Network-order values are kept as ordinary numbers (CONTRIBUTING.md, "Byte order"). */
export type __be16 = number;
export type __be32 = number;
export type __wsum = number;
export type __sum16 = number;
export type gfp_t = number;

export function htons(x: number): number { return x; }
export function ntohs(x: number): number { return x; }
export function htonl(x: number): number { return x; }
export function ntohl(x: number): number { return x; }
export { htons as cpu_to_be16, ntohs as be16_to_cpu };
