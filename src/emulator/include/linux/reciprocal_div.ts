/** include/linux/reciprocal_div.h: division by a constant through its reciprocal. */
export function reciprocal_value(k: number): number { return Math.floor((0x100000000 + k - 1) / k) >>> 0; }
export function reciprocal_divide(a: number, r: number): number { return Math.floor(((a >>> 0) * (r >>> 0)) / 0x100000000) >>> 0; }
