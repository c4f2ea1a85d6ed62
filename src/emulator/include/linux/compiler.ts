/** Branch hints and access markers: identities here, kept where the kernel has them. */
export function likely<T>(x: T): T { return x; }
/** In `jump(flag) || condition` a goto has led past the condition, in `!jump(flag) && condition` past the whole statement: it is neither asked nor shown then. */
export function jump(flag: boolean): boolean { return flag; }
export function unlikely<T>(x: T): T { return x; }
export function ACCESS_ONCE<T>(x: T): T { return x; }
export function barrier(): void { /* one thread: nothing to order */ }
