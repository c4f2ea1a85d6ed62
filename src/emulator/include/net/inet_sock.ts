/** include/net/inet_sock.h: accessors and hashing of Internet sockets. */
import { inet_request_sock, inet_sock } from './inet_sock.struct';
import { reqsk_alloc, request_sock, request_sock_ops } from './request_sock';
import { sock_net, sock } from './sock';
import type { net } from './net_namespace';
import { net_hash_mix } from './netns/hash';
import { jhash_3words } from '../linux/jhash';
import { FLOWI_FLAG_ANYSRC } from './flow';
import { current } from '../ports';
import type { Host } from '../ports';
import { build_ehash_secret } from '../../net/ipv4/af_inet';
export * from './inet_sock.struct';
export { build_ehash_secret };
export { inet_sk_rebuild_header } from '../../net/ipv4/af_inet';

declare module '../ports' { interface Host { inet_ehash_secret: number } }
/** DEVIATION: the secret is there from the start, as on a machine on which some program has opened a connection before. */
export function inet_sock_globals(host: Host): void { host.inet_ehash_secret = (current.machine.random() | 1) >>> 0; }

export const IPCORK_OPT = 1;
export const IPCORK_ALLFRAG = 2;

export function inet_rsk(sk: request_sock): inet_request_sock { return sk as inet_request_sock; }
export function inet_sk(sk: sock): inet_sock { return sk as inet_sock; }
export function inet_ehashfn(net: net, laddr: number, lport: number, faddr: number, fport: number): number {
  return jhash_3words(laddr, faddr, ((lport << 16) | fport) >>> 0, (current.host.inet_ehash_secret + net_hash_mix(net)) >>> 0);
}
export function inet_sk_ehashfn(sk: sock): number {
  const inet = inet_sk(sk);
  const laddr = inet.inet_rcv_saddr;
  const lport = inet.inet_num;
  const faddr = inet.inet_daddr;
  const fport = inet.inet_dport;
  const net = sock_net(sk);
  return inet_ehashfn(net, laddr, lport, faddr, fport);
}
export function inet_reqsk_alloc(ops: request_sock_ops): request_sock {
  const req = reqsk_alloc(ops);
  const ireq = inet_rsk(req);
  if (req !== null) {
    ireq.opt = null;
  }
  return req;
}
export function inet_sk_flowi_flags(sk: sock): number {
  let flags = 0;
  if (inet_sk(sk).transparent || inet_sk(sk).hdrincl)
    flags |= FLOWI_FLAG_ANYSRC;
  return flags;
}
