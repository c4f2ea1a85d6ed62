/** Operations of TIME_WAIT sockets (kernel include/net/timewait_sock.h). */
import type { sock } from './sock.struct';
import type { inet_timewait_sock } from './inet_timewait_sock.struct';
import { BUG_ON } from '../asm-generic/bug';

/** `twsk_new` makes the object that the kernel takes from twsk_slab. */
export interface timewait_sock_ops {
  twsk_new: () => inet_timewait_sock;
  twsk_unique: (sk: sock, sktw: any, twp: any) => number;
  twsk_destructor: (sk: any) => void;
}

export function twsk_unique(sk: sock, sktw: any, twp: any): number {
  if (sk.sk_prot.twsk_prot.twsk_unique !== null)
    return sk.sk_prot.twsk_prot.twsk_unique(sk, sktw, twp);
  return 0;
}

export function twsk_destructor(sk: any): void {
  BUG_ON(sk === null);
  BUG_ON(sk.sk_prot === null);
  BUG_ON(sk.sk_prot.twsk_prot === null);
  if (sk.sk_prot.twsk_prot.twsk_destructor !== null)
    sk.sk_prot.twsk_prot.twsk_destructor(sk);
}
