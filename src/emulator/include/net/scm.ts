/** include/net/scm.h. DEVIATION: no descriptors or credentials travel with messages; there are no local sockets. */
export class scm_cookie { pid: unknown = null; fp: unknown = null; creds: unknown = null; }
export { put_cmsg } from '../../net/core/scm';
