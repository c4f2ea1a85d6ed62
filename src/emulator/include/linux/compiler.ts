/** Branch hints and access markers: identities here, kept where the kernel has them. */
export function likely<T>(x: T): T { return x; }
export function unlikely<T>(x: T): T { return x; }
export function ACCESS_ONCE<T>(x: T): T { return x; }
export function barrier(): void { /* one thread: nothing to order */ }
