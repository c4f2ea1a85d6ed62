/** include/linux/err.h: an errno in place of a pointer. */
export class ErrPtr { readonly error: number; constructor(error: number) { this.error = error; } }
/** `error` is negative. Typed as any pointer, as in C. */
export function ERR_PTR(error: number): any { return new ErrPtr(error); }
export function IS_ERR(p: unknown): boolean { return p instanceof ErrPtr; }
export function IS_ERR_OR_NULL(p: unknown): boolean { return p === null || p instanceof ErrPtr; }
export function PTR_ERR(p: unknown): number { return (p as ErrPtr).error; }
export function ERR_CAST(p: unknown): any { return p; }
