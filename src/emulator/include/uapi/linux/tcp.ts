/** The TCP header on the wire and the socket options (kernel include/uapi/linux/tcp.h; RFC 793, 7323, 2018). */

/** A view of a TCP header at `at` in `bytes`: fields read and write network order. */
export class tcphdr {
  readonly bytes: Uint8Array;
  readonly at: number;
  constructor(bytes: Uint8Array, at: number) { this.bytes = bytes; this.at = at; }

  get source(): number { const b = this.bytes, o = this.at; return (b[o] << 8) | b[o + 1]; }
  set source(v: number) { const b = this.bytes, o = this.at; b[o] = v >>> 8; b[o + 1] = v; }
  get dest(): number { const b = this.bytes, o = this.at + 2; return (b[o] << 8) | b[o + 1]; }
  set dest(v: number) { const b = this.bytes, o = this.at + 2; b[o] = v >>> 8; b[o + 1] = v; }
  get seq(): number { return get_be32(this.bytes, this.at + 4); }
  set seq(v: number) { put_be32(this.bytes, this.at + 4, v); }
  get ack_seq(): number { return get_be32(this.bytes, this.at + 8); }
  set ack_seq(v: number) { put_be32(this.bytes, this.at + 8, v); }
  get res1(): number { return this.bytes[this.at + 12] & 15; }
  set res1(v: number) { const o = this.at + 12; this.bytes[o] = (this.bytes[o] & 0xf0) | (v & 15); }
  get doff(): number { return this.bytes[this.at + 12] >>> 4; }
  set doff(v: number) { const o = this.at + 12; this.bytes[o] = (v << 4) | (this.bytes[o] & 15); }
  get fin(): number { return this.bytes[this.at + 13] & 1; }
  set fin(v: number) { this.bit(0, v); }
  get syn(): number { return (this.bytes[this.at + 13] >>> 1) & 1; }
  set syn(v: number) { this.bit(1, v); }
  get rst(): number { return (this.bytes[this.at + 13] >>> 2) & 1; }
  set rst(v: number) { this.bit(2, v); }
  get psh(): number { return (this.bytes[this.at + 13] >>> 3) & 1; }
  set psh(v: number) { this.bit(3, v); }
  get ack(): number { return (this.bytes[this.at + 13] >>> 4) & 1; }
  set ack(v: number) { this.bit(4, v); }
  get urg(): number { return (this.bytes[this.at + 13] >>> 5) & 1; }
  set urg(v: number) { this.bit(5, v); }
  get ece(): number { return (this.bytes[this.at + 13] >>> 6) & 1; }
  set ece(v: number) { this.bit(6, v); }
  get cwr(): number { return this.bytes[this.at + 13] >>> 7; }
  set cwr(v: number) { this.bit(7, v); }
  get window(): number { const b = this.bytes, o = this.at + 14; return (b[o] << 8) | b[o + 1]; }
  set window(v: number) { const b = this.bytes, o = this.at + 14; b[o] = v >>> 8; b[o + 1] = v; }
  get check(): number { const b = this.bytes, o = this.at + 16; return (b[o] << 8) | b[o + 1]; }
  set check(v: number) { const b = this.bytes, o = this.at + 16; b[o] = v >>> 8; b[o + 1] = v; }
  get urg_ptr(): number { const b = this.bytes, o = this.at + 18; return (b[o] << 8) | b[o + 1]; }
  set urg_ptr(v: number) { const b = this.bytes, o = this.at + 18; b[o] = v >>> 8; b[o + 1] = v; }
  /** Header length and all flags in one 16-bit word, as the kernel writes them. */
  set doff_flags(v: number) { const b = this.bytes, o = this.at + 12; b[o] = v >>> 8; b[o + 1] = v; }

  private bit(n: number, v: number): void {
    const o = this.at + 13;
    this.bytes[o] = v ? this.bytes[o] | (1 << n) : this.bytes[o] & ~(1 << n);
  }
}

export const sizeof_tcphdr = 20;

export function get_be32(b: Uint8Array, o: number): number {
  return ((b[o] << 24) | (b[o + 1] << 16) | (b[o + 2] << 8) | b[o + 3]) >>> 0;
}
export function put_be32(b: Uint8Array, o: number, v: number): void {
  b[o] = v >>> 24;
  b[o + 1] = v >>> 16;
  b[o + 2] = v >>> 8;
  b[o + 3] = v;
}
/** Stores the option words behind the header of `th`. */
export function put_tcp_options(th: tcphdr, ptr: number[]): void {
  for (let i = 0, o = th.at + sizeof_tcphdr; i < ptr.length; i++, o += 4) put_be32(th.bytes, o, ptr[i]);
}

export function tcp_flag_word(tp: tcphdr): number { return get_be32(tp.bytes, tp.at + 12); }

export const TCP_FLAG_CWR = 0x00800000;
export const TCP_FLAG_ECE = 0x00400000;
export const TCP_FLAG_URG = 0x00200000;
export const TCP_FLAG_ACK = 0x00100000;
export const TCP_FLAG_PSH = 0x00080000;
export const TCP_FLAG_RST = 0x00040000;
export const TCP_FLAG_SYN = 0x00020000;
export const TCP_FLAG_FIN = 0x00010000;
export const TCP_RESERVED_BITS = 0x0f000000;
export const TCP_DATA_OFFSET = 0xf0000000;

export const TCP_MSS_DEFAULT = 536;
export const TCP_MSS_DESIRED = 1220;

export const TCP_NODELAY = 1;
export const TCP_MAXSEG = 2;
export const TCP_CORK = 3;
export const TCP_KEEPIDLE = 4;
export const TCP_KEEPINTVL = 5;
export const TCP_KEEPCNT = 6;
export const TCP_SYNCNT = 7;
export const TCP_LINGER2 = 8;
export const TCP_DEFER_ACCEPT = 9;
export const TCP_WINDOW_CLAMP = 10;
export const TCP_INFO = 11;
export const TCP_QUICKACK = 12;
export const TCP_CONGESTION = 13;
export const TCP_MD5SIG = 14;
export const TCP_THIN_LINEAR_TIMEOUTS = 16;
export const TCP_THIN_DUPACK = 17;
export const TCP_USER_TIMEOUT = 18;
export const TCP_REPAIR = 19;
export const TCP_REPAIR_QUEUE = 20;
export const TCP_QUEUE_SEQ = 21;
export const TCP_REPAIR_OPTIONS = 22;
export const TCP_FASTOPEN = 23;
export const TCP_TIMESTAMP = 24;

export const TCP_NO_QUEUE = 0;
export const TCP_RECV_QUEUE = 1;
export const TCP_SEND_QUEUE = 2;

export const TCPI_OPT_TIMESTAMPS = 1;
export const TCPI_OPT_SACK = 2;
export const TCPI_OPT_WSCALE = 4;
export const TCPI_OPT_ECN = 8;
export const TCPI_OPT_ECN_SEEN = 16;
export const TCPI_OPT_SYN_DATA = 32;

export const TCP_CA_Open = 0;
export const TCPF_CA_Open = 1 << TCP_CA_Open;
export const TCP_CA_Disorder = 1;
export const TCPF_CA_Disorder = 1 << TCP_CA_Disorder;
export const TCP_CA_CWR = 2;
export const TCPF_CA_CWR = 1 << TCP_CA_CWR;
export const TCP_CA_Recovery = 3;
export const TCPF_CA_Recovery = 1 << TCP_CA_Recovery;
export const TCP_CA_Loss = 4;
export const TCPF_CA_Loss = 1 << TCP_CA_Loss;

/** What getsockopt(TCP_INFO) gives. */
export class tcp_info {
  tcpi_state = 0;
  tcpi_ca_state = 0;
  tcpi_retransmits = 0;
  tcpi_probes = 0;
  tcpi_backoff = 0;
  tcpi_options = 0;
  tcpi_snd_wscale = 0;
  tcpi_rcv_wscale = 0;
  tcpi_rto = 0;
  tcpi_ato = 0;
  tcpi_snd_mss = 0;
  tcpi_rcv_mss = 0;
  tcpi_unacked = 0;
  tcpi_sacked = 0;
  tcpi_lost = 0;
  tcpi_retrans = 0;
  tcpi_fackets = 0;
  tcpi_last_data_sent = 0;
  tcpi_last_ack_sent = 0;
  tcpi_last_data_recv = 0;
  tcpi_last_ack_recv = 0;
  tcpi_pmtu = 0;
  tcpi_rcv_ssthresh = 0;
  tcpi_rtt = 0;
  tcpi_rttvar = 0;
  tcpi_snd_ssthresh = 0;
  tcpi_snd_cwnd = 0;
  tcpi_advmss = 0;
  tcpi_reordering = 0;
  tcpi_rcv_rtt = 0;
  tcpi_rcv_space = 0;
  tcpi_total_retrans = 0;
}
