/** include/linux/poll.h and asm-generic/poll.h, siginfo.h: what to wait for, and how a poller hooks itself in. */
import type { file } from './fs';
import type { wait_queue_head_t } from './wait';
export const POLLIN = 0x0001;
export const POLLPRI = 0x0002;
export const POLLOUT = 0x0004;
export const POLLERR = 0x0008;
export const POLLHUP = 0x0010;
export const POLLNVAL = 0x0020;
export const POLLRDNORM = 0x0040;
export const POLLRDBAND = 0x0080;
export const POLLWRNORM = 0x0100;
export const POLLWRBAND = 0x0200;
export const POLLMSG = 0x0400;
export const POLLREMOVE = 0x1000;
export const POLLRDHUP = 0x2000;
export const POLLFREE = 0x4000;
/** How many jiffies select() keeps without asking again; bands of SIGIO. */
export const POLL_IN = 1;
export const POLL_OUT = 2;
export const POLL_MSG = 3;
export const POLL_ERR = 4;
export const POLL_PRI = 5;
export const POLL_HUP = 6;
export const DEFAULT_POLLMASK = POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM;

export type poll_queue_proc = (filp: file, wait_address: wait_queue_head_t, p: poll_table) => void;
/** `_qproc` hooks the poller into a wait queue; null when nobody wants to wait. */
export class poll_table { _qproc: poll_queue_proc = null; _key = 0; }
export { poll_table as poll_table_struct };

export function poll_wait(filp: file, wait_address: wait_queue_head_t, p: poll_table): void {
  if (p && p._qproc && wait_address)
    p._qproc(filp, wait_address, p);
}
export function poll_does_not_wait(p: poll_table): boolean { return p === null || p._qproc === null; }
export function poll_requested_events(p: poll_table): number { return p ? p._key : ~0; }
export function init_poll_funcptr(pt: poll_table, qproc: poll_queue_proc): void {
  pt._qproc = qproc;
  pt._key = ~0;
}
