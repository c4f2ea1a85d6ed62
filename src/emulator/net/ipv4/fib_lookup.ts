/** net/ipv4/fib_lookup.h: what the files of the FIB share. */
import { list_head } from '../../include/linux/list';
import type { fib_info, fib_result } from '../../include/net/ip_fib';

export class fib_alias {
  fa_list: list_head<fib_alias> = new list_head<fib_alias>(this);
  fa_info: fib_info = null;
  fa_tos = 0;
  fa_type = 0;
  fa_state = 0;
}
export const FA_S_ACCESSED = 0x01;

export function fib_alias_accessed(fa: fib_alias): void {
  if (!(fa.fa_state & FA_S_ACCESSED))
    fa.fa_state |= FA_S_ACCESSED;
}
export function fib_result_assign(res: fib_result, fi: fib_info): void {
  res.fi = fi;
}

/** What a route type means to a lookup: an error (negative errno) or none, and its scope. */
export interface fib_prop { readonly error: number; readonly scope: number }
