/** include/net/scm.h. DEVIATION: no descriptors or credentials travel with messages; there are no local sockets. */
import { current } from '../ports';
import type { msghdr } from '../linux/socket';

export class scm_cookie { pid: unknown = null; fp: unknown = null; creds: unknown = null; }
/** Who sends, as the kernel knows it. */
export function scm_set_cred(scm: scm_cookie, pid: number): void {
  scm.pid = pid;
  scm.creds = { pid };
}
export function scm_send(_sock: unknown, _msg: msghdr, scm: scm_cookie, forcecreds: boolean): number {
  if (forcecreds)
    scm_set_cred(scm, current.task.pid);
  return 0;
}
export function scm_destroy_cred(scm: scm_cookie): void {
  scm.pid = null;
}
export function scm_destroy(scm: scm_cookie): void {
  scm_destroy_cred(scm);
}
export function scm_recv(_sock: unknown, msg: msghdr, scm: scm_cookie, _flags: number): void {
  if (!msg.msg_control) {
    scm_destroy(scm);
    return;
  }
  scm_destroy_cred(scm);
}
export { put_cmsg } from '../../net/core/scm';
