/** What the stream and datagram sockets of IPv4 share (kernel include/net/inet_common.h). */
import type { sock } from './sock.struct';
import { sk_release_kernel } from './sock';

export {
  inet_accept, inet_bind, inet_ctl_sock_create, inet_dgram_connect, inet_dgram_ops, inet_getname, inet_ioctl, inet_listen, inet_recvmsg, inet_release,
  inet_sendmsg, inet_sendpage, inet_shutdown, inet_sock_destruct, inet_stream_connect, inet_stream_ops,
} from '../../net/ipv4/af_inet';

export function inet_ctl_sock_destroy(sk: sock): void {
  if (sk)
    sk_release_kernel(sk);
}
