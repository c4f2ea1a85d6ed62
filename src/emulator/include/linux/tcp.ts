/** Accessors of the TCP header and of tcp_sock (kernel include/linux/tcp.h). */
import type { sk_buff } from './skbuff';
import type { sock } from '../net/sock.struct';
import type { request_sock } from '../net/request_sock';
import { skb_inner_transport_header, skb_transport_header } from './skbuff';
import { tcphdr } from '../uapi/linux/tcp';
import type { tcp_fastopen_cookie, tcp_options_received, tcp_request_sock, tcp_sock, tcp_timewait_sock } from './tcp.struct';
import { TCP_SYN_RECV } from '../net/tcp_states';

export * from '../uapi/linux/tcp';
export * from './tcp.struct';

export function tcp_hdr(skb: sk_buff): tcphdr {
  return new tcphdr(skb.head, skb_transport_header(skb));
}

/** Header length in bytes, options included. */
export function tcp_hdrlen(skb: sk_buff): number {
  return tcp_hdr(skb).doff * 4;
}

export function inner_tcp_hdr(skb: sk_buff): tcphdr {
  return new tcphdr(skb.head, skb_inner_transport_header(skb));
}

export function inner_tcp_hdrlen(skb: sk_buff): number {
  return inner_tcp_hdr(skb).doff * 4;
}

export function tcp_optlen(skb: sk_buff): number {
  return (tcp_hdr(skb).doff - 5) * 4;
}

export const TCP_FASTOPEN_COOKIE_MIN = 4;
export const TCP_FASTOPEN_COOKIE_MAX = 16;
export const TCP_FASTOPEN_COOKIE_SIZE = 8;

export const TCP_SACK_SEEN = 1 << 0;
export const TCP_FACK_ENABLED = 1 << 1;
export const TCP_DSACK_SEEN = 1 << 2;

export function tcp_clear_options(rx_opt: tcp_options_received): void {
  rx_opt.tstamp_ok = rx_opt.sack_ok = 0;
  rx_opt.wscale_ok = rx_opt.snd_wscale = 0;
}

export const TCP_NUM_SACKS = 4;

export function tcp_rsk(req: request_sock): tcp_request_sock {
  return req as unknown as tcp_request_sock;
}

export function tcp_sk(sk: sock): tcp_sock {
  return sk as tcp_sock;
}

export function tcp_twsk(sk: any): tcp_timewait_sock {
  return sk as tcp_timewait_sock;
}

export function tcp_passive_fastopen(sk: sock): boolean {
  return sk.sk_state === TCP_SYN_RECV && tcp_sk(sk).fastopen_rsk !== null;
}

export function fastopen_cookie_present(foc: tcp_fastopen_cookie): boolean {
  return foc.len !== -1;
}
/** DEVIATION: Fast Open is off, so no listener ever has a queue for it. */
export function fastopen_init_queue(_sk: sock, _backlog: number): number { return 0; }
