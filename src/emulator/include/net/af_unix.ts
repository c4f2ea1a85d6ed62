/** include/net/af_unix.h: what a local socket holds. */
import type { list_head as list_head_t } from '../linux/list';
import { atomic_long_t } from '../linux/atomic';
import { list_head } from '../linux/list';
import { mutex } from '../linux/mutex';
import { spin_lock, spin_unlock, spinlock_t } from '../linux/spinlock';
import { wait_queue_head_t } from '../linux/wait';
import { sock } from './sock.struct';

export const UNIX_HASH_SIZE = 256;

export class unix_sock extends sock {
  addr: unknown = null;
  readlock: mutex = new mutex();
  peer: sock = null;
  link: list_head_t<unix_sock> = new list_head<unix_sock>(this);
  inflight: atomic_long_t = new atomic_long_t();
  lock: spinlock_t = new spinlock_t();
  peer_wait: wait_queue_head_t = new wait_queue_head_t();
}

export function unix_sk(sk: sock): unix_sock { return sk as unix_sock; }
export function unix_state_lock(sk: sock): void { spin_lock(unix_sk(sk).lock); }
export function unix_state_unlock(sk: sock): void { spin_unlock(unix_sk(sk).lock); }
