/** include/linux/percpu-defs.h: operations on this CPU's copy; the argument does the work. */
export function __this_cpu_inc(_value: number): void { /* done by the argument */ }
export function __this_cpu_dec(_value: number): void { /* done by the argument */ }
export function __this_cpu_read<T>(value: T): T { return value; }
