/** TCP's states (kernel include/net/tcp_states.h). */
export const TCP_ESTABLISHED = 1;
export const TCP_SYN_SENT = 2;
export const TCP_SYN_RECV = 3;
export const TCP_FIN_WAIT1 = 4;
export const TCP_FIN_WAIT2 = 5;
export const TCP_TIME_WAIT = 6;
export const TCP_CLOSE = 7;
export const TCP_CLOSE_WAIT = 8;
export const TCP_LAST_ACK = 9;
export const TCP_LISTEN = 10;
export const TCP_CLOSING = 11;
export const TCP_MAX_STATES = 12;

export const TCP_STATE_MASK = 0xf;
export const TCP_ACTION_FIN = 1 << 7;

export const TCPF_ESTABLISHED = 1 << 1;
export const TCPF_SYN_SENT = 1 << 2;
export const TCPF_SYN_RECV = 1 << 3;
export const TCPF_FIN_WAIT1 = 1 << 4;
export const TCPF_FIN_WAIT2 = 1 << 5;
export const TCPF_TIME_WAIT = 1 << 6;
export const TCPF_CLOSE = 1 << 7;
export const TCPF_CLOSE_WAIT = 1 << 8;
export const TCPF_LAST_ACK = 1 << 9;
export const TCPF_LISTEN = 1 << 10;
export const TCPF_CLOSING = 1 << 11;
