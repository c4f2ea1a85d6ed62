/** include/linux/cred.h: every program runs as root. */
export class kuid_t { readonly val: number = 0; }
export function current_uid(): number { return 0; }
export function current_euid(): number { return 0; }
export function sock_i_uid_root(): number { return 0; }
