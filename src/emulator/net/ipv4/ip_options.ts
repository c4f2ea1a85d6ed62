/** net/ipv4/ip_options.c: IP options (RFC 791): record route, timestamp, source routes. Pointers into options are an array and an offset. */
import { current } from '../../include/ports';
import { EINVAL } from '../../include/uapi/asm-generic/errno';
import { CAP_NET_RAW, ns_capable } from '../../include/linux/capability';
import { unlikely } from '../../include/linux/compiler';
import { ICMP_PARAMETERPROB } from '../../include/linux/icmp';
import { PACKET_HOST } from '../../include/linux/if_packet';
import { INADDR_ANY } from '../../include/linux/in';
import {
  IPOPT_CIPSO, IPOPT_COPY, IPOPT_END, IPOPT_LSRR, IPOPT_NOOP, IPOPT_RA, IPOPT_RR, IPOPT_SEC, IPOPT_SID, IPOPT_SSRR, IPOPT_TIMESTAMP, IPOPT_TS_PRESPEC, IPOPT_TS_TSANDADDR, IPOPT_TS_TSONLY, ip_hdr, sizeof_iphdr,
} from '../../include/linux/ip';
import { ktime_get_real } from '../../include/linux/ktime';
import { RTN_LOCAL, RTN_UNICAST } from '../../include/linux/rtnetlink';
import { skb_dst, skb_dst_set, skb_network_header, skb_rtable, type sk_buff } from '../../include/linux/skbuff';
import { memcpy, memmove, memset } from '../../include/linux/string';
import { htonl } from '../../include/linux/types';
import { dev_net } from '../../include/linux/netdevice';
import { refdst_drop, skb_dst_drop } from '../../include/net/dst';
import { icmp_send } from '../../include/net/icmp';
import { ip_options_rcu, type ip_options } from '../../include/net/inet_sock';
import { IPCB, ip_options_assign, ip_options_clear, ip_send_check } from '../../include/net/ip';
import type { net } from '../../include/net/net_namespace';
import { ip_route_input, ip_rt_get_source, type rtable } from '../../include/net/route';
import { fib_compute_spec_dst, inet_addr_type } from './fib_frontend';

const IPOPT_NOP = 1;
function IPOPT_COPIED(o: number): number { return o & IPOPT_COPY; }
function get32(b: Uint8Array, o: number): number { return ((b[o] << 24) | (b[o + 1] << 16) | (b[o + 2] << 8) | b[o + 3]) >>> 0; }
function put32(b: Uint8Array, o: number, v: number): void { b[o] = v >>> 24; b[o + 1] = v >>> 16; b[o + 2] = v >>> 8; b[o + 3] = v; }
/** Milliseconds since midnight UT. */
function midnight_ms(): number { return Math.floor(ktime_get_real() / 1_000_000) % 86_400_000; }

export function ip_options_build(skb: sk_buff, opt: ip_options, daddr: number, rt: rtable, is_frag: number): void {
  const b = skb.head, iph = skb_network_header(skb);
  ip_options_assign(IPCB(skb).opt, opt);
  memcpy(b, iph + sizeof_iphdr, opt.__data, 0, opt.optlen);
  opt = IPCB(skb).opt;
  if (opt.srr)
    put32(b, iph + opt.srr + b[iph + opt.srr + 1] - 4, daddr);
  if (!is_frag) {
    if (opt.rr_needaddr)
      ip_rt_get_source(b, iph + opt.rr + b[iph + opt.rr + 2] - 5, skb, rt);
    if (opt.ts_needaddr)
      ip_rt_get_source(b, iph + opt.ts + b[iph + opt.ts + 2] - 9, skb, rt);
    if (opt.ts_needtime) {
      let midtime: number;
      midtime = htonl(midnight_ms());
      put32(b, iph + opt.ts + b[iph + opt.ts + 2] - 5, midtime);
    }
    return;
  }
  if (opt.rr) {
    memset(b, iph + opt.rr, IPOPT_NOP, b[iph + opt.rr + 1]);
    opt.rr = 0;
    opt.rr_needaddr = 0;
  }
  if (opt.ts) {
    memset(b, iph + opt.ts, IPOPT_NOP, b[iph + opt.ts + 1]);
    opt.ts = 0;
    opt.ts_needaddr = opt.ts_needtime = 0;
  }
}

/** The options that an answer to `skb` should carry, in `dopt`. */
export function ip_options_echo(dopt: ip_options, skb: sk_buff): number {
  let sopt: ip_options;
  let sptr: number, dptr: number;
  let soffset: number, doffset: number;
  let optlen: number;
  ip_options_clear(dopt);
  sopt = IPCB(skb).opt;
  if (sopt.optlen === 0)
    return 0;
  const s = skb.head, d = dopt.__data = new Uint8Array(40);
  sptr = skb_network_header(skb);
  dptr = 0;
  if (sopt.rr) {
    optlen = s[sptr + sopt.rr + 1];
    soffset = s[sptr + sopt.rr + 2];
    dopt.rr = dopt.optlen + sizeof_iphdr;
    memcpy(d, dptr, s, sptr + sopt.rr, optlen);
    if (sopt.rr_needaddr && soffset <= optlen) {
      if (soffset + 3 > optlen)
        return -EINVAL;
      d[dptr + 2] = soffset + 4;
      dopt.rr_needaddr = 1;
    }
    dptr += optlen;
    dopt.optlen += optlen;
  }
  if (sopt.ts) {
    optlen = s[sptr + sopt.ts + 1];
    soffset = s[sptr + sopt.ts + 2];
    dopt.ts = dopt.optlen + sizeof_iphdr;
    memcpy(d, dptr, s, sptr + sopt.ts, optlen);
    if (soffset <= optlen) {
      if (sopt.ts_needaddr) {
        if (soffset + 3 > optlen)
          return -EINVAL;
        dopt.ts_needaddr = 1;
        soffset += 4;
      }
      if (sopt.ts_needtime) {
        if (soffset + 3 > optlen)
          return -EINVAL;
        if ((d[dptr + 3] & 0xf) !== IPOPT_TS_PRESPEC) {
          dopt.ts_needtime = 1;
          soffset += 4;
        } else {
          dopt.ts_needtime = 0;
          if (soffset + 7 <= optlen) {
            let addr: number;
            addr = get32(d, dptr + soffset - 1);
            if (inet_addr_type(dev_net(skb_dst(skb).dev), addr) !== RTN_UNICAST) {
              dopt.ts_needtime = 1;
              soffset += 8;
            }
          }
        }
      }
      d[dptr + 2] = soffset;
    }
    dptr += optlen;
    dopt.optlen += optlen;
  }
  if (sopt.srr) {
    const start = sptr + sopt.srr;
    let faddr = 0;
    optlen = s[start + 1];
    soffset = s[start + 2];
    doffset = 0;
    if (soffset > optlen)
      soffset = optlen + 1;
    soffset -= 4;
    if (soffset > 3) {
      faddr = get32(s, start + soffset - 1);
      for (soffset -= 4, doffset = 4; soffset > 3; soffset -= 4, doffset += 4)
        memcpy(d, dptr + doffset - 1, s, start + soffset - 1, 4);
      if (ip_hdr(skb).saddr === get32(s, start + soffset + 3))
        doffset -= 4;
    }
    if (doffset > 3) {
      const daddr = fib_compute_spec_dst(skb);
      put32(s, start + doffset - 1, daddr);
      dopt.faddr = faddr;
      d[dptr] = s[start];
      d[dptr + 1] = doffset + 3;
      d[dptr + 2] = 4;
      dptr += doffset + 3;
      dopt.srr = dopt.optlen + sizeof_iphdr;
      dopt.optlen += doffset + 3;
      dopt.is_strictroute = sopt.is_strictroute;
    }
  }
  if (sopt.cipso) {
    optlen = s[sptr + sopt.cipso + 1];
    dopt.cipso = dopt.optlen + sizeof_iphdr;
    memcpy(d, dptr, s, sptr + sopt.cipso, optlen);
    dptr += optlen;
    dopt.optlen += optlen;
  }
  while (dopt.optlen & 3) {
    d[dptr++] = IPOPT_END;
    dopt.optlen++;
  }
  return 0;
}

/** Blanks the options that only a first fragment carries. */
export function ip_options_fragment(skb: sk_buff): void {
  const b = skb.head;
  let optptr = skb_network_header(skb) + sizeof_iphdr;
  const opt = IPCB(skb).opt;
  let l = opt.optlen;
  let optlen: number;
  while (l > 0) {
    switch (b[optptr]) {
    case IPOPT_END:
      return;
    case IPOPT_NOOP:
      l--;
      optptr++;
      continue;
    }
    optlen = b[optptr + 1];
    if (optlen < 2 || optlen > l)
      return;
    if (!IPOPT_COPIED(b[optptr]))
      memset(b, optptr, IPOPT_NOOP, optlen);
    l -= optlen;
    optptr += optlen;
  }
  opt.ts = 0;
  opt.rr = 0;
  opt.rr_needaddr = 0;
  opt.ts_needaddr = 0;
  opt.ts_needtime = 0;
}

function spec_dst_fill(spec_dst: { v: number }, skb: sk_buff): void {
  if (spec_dst.v === htonl(INADDR_ANY))
    spec_dst.v = fib_compute_spec_dst(skb);
}

/** Parses and checks the options of `skb` (or, without one, those in opt.__data), and fills in what a router must. */
export function ip_options_compile(net: net, opt: ip_options, skb: sk_buff): number {
  const spec_dst = { v: htonl(INADDR_ANY) };
  let pp_ptr = -1;
  let rt: rtable = null;
  let b: Uint8Array;
  let optptr: number;
  let iph: number;
  let optlen: number, l: number;
  if (skb !== null) {
    rt = skb_rtable(skb);
    b = skb.head;
    optptr = ip_hdr(skb).off + sizeof_iphdr;
  } else {
    b = opt.__data;
    optptr = 0;
  }
  iph = optptr - sizeof_iphdr;
  error: {
    eol: {
      for (l = opt.optlen; l > 0;) {
        switch (b[optptr]) {
        case IPOPT_END:
          for (optptr++, l--; l > 0; optptr++, l--) {
            if (b[optptr] !== IPOPT_END) {
              b[optptr] = IPOPT_END;
              opt.is_changed = 1;
            }
          }
          break eol;
        case IPOPT_NOOP:
          l--;
          optptr++;
          continue;
        }
        if (unlikely(l < 2)) {
          pp_ptr = optptr;
          break error;
        }
        optlen = b[optptr + 1];
        if (optlen < 2 || optlen > l) {
          pp_ptr = optptr;
          break error;
        }
        switch (b[optptr]) {
        case IPOPT_SSRR:
        case IPOPT_LSRR:
          if (optlen < 3) {
            pp_ptr = optptr + 1;
            break error;
          }
          if (b[optptr + 2] < 4) {
            pp_ptr = optptr + 2;
            break error;
          }
          if (opt.srr) {
            pp_ptr = optptr;
            break error;
          }
          if (!skb) {
            if (b[optptr + 2] !== 4 || optlen < 7 || ((optlen - 3) & 3)) {
              pp_ptr = optptr + 1;
              break error;
            }
            opt.faddr = get32(b, optptr + 3);
            if (optlen > 7)
              memmove(b, optptr + 3, b, optptr + 7, optlen - 7);
          }
          opt.is_strictroute = (b[optptr] === IPOPT_SSRR) ? 1 : 0;
          opt.srr = optptr - iph;
          break;
        case IPOPT_RR:
          if (opt.rr) {
            pp_ptr = optptr;
            break error;
          }
          if (optlen < 3) {
            pp_ptr = optptr + 1;
            break error;
          }
          if (b[optptr + 2] < 4) {
            pp_ptr = optptr + 2;
            break error;
          }
          if (b[optptr + 2] <= optlen) {
            if (b[optptr + 2] + 3 > optlen) {
              pp_ptr = optptr + 2;
              break error;
            }
            if (rt) {
              spec_dst_fill(spec_dst, skb);
              put32(b, optptr + b[optptr + 2] - 1, spec_dst.v);
              opt.is_changed = 1;
            }
            b[optptr + 2] += 4;
            opt.rr_needaddr = 1;
          }
          opt.rr = optptr - iph;
          break;
        case IPOPT_TIMESTAMP:
          if (opt.ts) {
            pp_ptr = optptr;
            break error;
          }
          if (optlen < 4) {
            pp_ptr = optptr + 1;
            break error;
          }
          if (b[optptr + 2] < 5) {
            pp_ptr = optptr + 2;
            break error;
          }
          if (b[optptr + 2] <= optlen) {
            let timeptr = -1;
            if (b[optptr + 2] + 3 > b[optptr + 1]) {
              pp_ptr = optptr + 2;
              break error;
            }
            switch (b[optptr + 3] & 0xf) {
            case IPOPT_TS_TSONLY:
              if (skb)
                timeptr = optptr + b[optptr + 2] - 1;
              opt.ts_needtime = 1;
              b[optptr + 2] += 4;
              break;
            case IPOPT_TS_TSANDADDR:
              if (b[optptr + 2] + 7 > b[optptr + 1]) {
                pp_ptr = optptr + 2;
                break error;
              }
              if (rt) {
                spec_dst_fill(spec_dst, skb);
                put32(b, optptr + b[optptr + 2] - 1, spec_dst.v);
                timeptr = optptr + b[optptr + 2] + 3;
              }
              opt.ts_needaddr = 1;
              opt.ts_needtime = 1;
              b[optptr + 2] += 8;
              break;
            case IPOPT_TS_PRESPEC:
              if (b[optptr + 2] + 7 > b[optptr + 1]) {
                pp_ptr = optptr + 2;
                break error;
              }
              {
                let addr: number;
                addr = get32(b, optptr + b[optptr + 2] - 1);
                if (inet_addr_type(net, addr) === RTN_UNICAST)
                  break;
                if (skb)
                  timeptr = optptr + b[optptr + 2] + 3;
              }
              opt.ts_needtime = 1;
              b[optptr + 2] += 8;
              break;
            default:
              if (!skb && !ns_capable(null, CAP_NET_RAW)) {
                pp_ptr = optptr + 3;
                break error;
              }
              break;
            }
            if (timeptr >= 0) {
              let midtime: number;
              midtime = midnight_ms();
              put32(b, timeptr, midtime);
              opt.is_changed = 1;
            }
          } else if ((b[optptr + 3] & 0xf) !== IPOPT_TS_PRESPEC) {
            const overflow = b[optptr + 3] >> 4;
            if (overflow === 15) {
              pp_ptr = optptr + 3;
              break error;
            }
            if (skb) {
              b[optptr + 3] = (b[optptr + 3] & 0xf) | ((overflow + 1) << 4);
              opt.is_changed = 1;
            }
          }
          opt.ts = optptr - iph;
          break;
        case IPOPT_RA:
          if (optlen < 4) {
            pp_ptr = optptr + 1;
            break error;
          }
          if (b[optptr + 2] === 0 && b[optptr + 3] === 0)
            opt.router_alert = optptr - iph;
          break;
        case IPOPT_CIPSO:
          if ((!skb && !ns_capable(null, CAP_NET_RAW)) || opt.cipso) {
            pp_ptr = optptr;
            break error;
          }
          opt.cipso = optptr - iph;
          break;
        case IPOPT_SEC:
        case IPOPT_SID:
        default:
          if (!skb && !ns_capable(null, CAP_NET_RAW)) {
            pp_ptr = optptr;
            break error;
          }
          break;
        }
        l -= optlen;
        optptr += optlen;
      }
    }
    if (pp_ptr < 0)
      return 0;
  }
  if (skb) {
    icmp_send(skb, ICMP_PARAMETERPROB, 0, htonl(((pp_ptr - iph) << 24) >>> 0));
  }
  return -EINVAL;
}

/** Brings compiled options back to what the user gave. */
export function ip_options_undo(opt: ip_options): void {
  const b = opt.__data;
  if (opt.srr) {
    const optptr = opt.srr - sizeof_iphdr;
    memmove(b, optptr + 7, b, optptr + 3, b[optptr + 1] - 7);
    put32(b, optptr + 3, opt.faddr);
  }
  if (opt.rr_needaddr) {
    const optptr = opt.rr - sizeof_iphdr;
    b[optptr + 2] -= 4;
    memset(b, optptr + b[optptr + 2] - 1, 0, 4);
  }
  if (opt.ts) {
    const optptr = opt.ts - sizeof_iphdr;
    if (opt.ts_needtime) {
      b[optptr + 2] -= 4;
      memset(b, optptr + b[optptr + 2] - 1, 0, 4);
      if ((b[optptr + 3] & 0xf) === IPOPT_TS_PRESPEC)
        b[optptr + 2] -= 4;
    }
    if (opt.ts_needaddr) {
      b[optptr + 2] -= 4;
      memset(b, optptr + b[optptr + 2] - 1, 0, 4);
    }
  }
}

function ip_options_get_alloc(optlen: number): ip_options_rcu {
  const opt = new ip_options_rcu();
  opt.opt.__data = new Uint8Array((optlen + 3) & ~3);
  return opt;
}
function ip_options_get_finish(net: net, optp: { v: ip_options_rcu }, opt: ip_options_rcu, optlen: number): number {
  while (optlen & 3)
    opt.opt.__data[optlen++] = IPOPT_END;
  opt.opt.optlen = optlen;
  if (optlen && ip_options_compile(net, opt.opt, null)) {
    return -EINVAL;
  }
  optp.v = opt;
  return 0;
}
/** Options as a user's bytes; `optp.v` receives them. */
export function ip_options_get_from_user(net: net, optp: { v: ip_options_rcu }, data: Uint8Array, optlen: number): number {
  const opt = ip_options_get_alloc(optlen);
  if (optlen)
    memcpy(opt.opt.__data, 0, data, 0, optlen);
  return ip_options_get_finish(net, optp, opt, optlen);
}
export function ip_options_get(net: net, optp: { v: ip_options_rcu }, data: Uint8Array, optlen: number): number {
  const opt = ip_options_get_alloc(optlen);
  if (optlen)
    memcpy(opt.opt.__data, 0, data, 0, optlen);
  return ip_options_get_finish(net, optp, opt, optlen);
}

/** What a router does to the options of a datagram on its way out. */
export function ip_forward_options(skb: sk_buff): void {
  const opt = IPCB(skb).opt;
  let optptr: number;
  const rt = skb_rtable(skb);
  const b = skb.head, raw = skb_network_header(skb);
  if (opt.rr_needaddr) {
    optptr = raw + opt.rr;
    ip_rt_get_source(b, optptr + b[optptr + 2] - 5, skb, rt);
    opt.is_changed = 1;
  }
  if (opt.srr_is_hit) {
    let srrptr: number, srrspace: number;
    optptr = raw + opt.srr;
    for (srrptr = b[optptr + 2], srrspace = b[optptr + 1]; srrptr <= srrspace; srrptr += 4) {
      if (srrptr + 3 > srrspace)
        break;
      if (opt.nexthop === get32(b, optptr + srrptr - 1))
        break;
    }
    if (srrptr + 3 <= srrspace) {
      opt.is_changed = 1;
      ip_hdr(skb).daddr = opt.nexthop;
      ip_rt_get_source(b, optptr + srrptr - 1, skb, rt);
      b[optptr + 2] = srrptr + 4;
    } else {
      current.machine.log('ip_forward_options: Destination lost');
    }
    if (opt.ts_needaddr) {
      optptr = raw + opt.ts;
      ip_rt_get_source(b, optptr + b[optptr + 2] - 9, skb, rt);
      opt.is_changed = 1;
    }
  }
  if (opt.is_changed) {
    opt.is_changed = 0;
    ip_send_check(ip_hdr(skb));
  }
}

/** A received source route: takes the next hops that are here, and notes the first that is not. */
export function ip_options_rcv_srr(skb: sk_buff): number {
  const opt = IPCB(skb).opt;
  let srrspace: number, srrptr: number;
  let nexthop = 0;
  const iph = ip_hdr(skb);
  const b = skb.head, optptr = skb_network_header(skb) + opt.srr;
  const rt = skb_rtable(skb);
  let rt2: rtable;
  let err: number;
  if (!rt)
    return 0;
  if (skb.pkt_type !== PACKET_HOST)
    return -EINVAL;
  if (rt.rt_type === RTN_UNICAST) {
    if (!opt.is_strictroute)
      return 0;
    icmp_send(skb, ICMP_PARAMETERPROB, 0, htonl(16 << 24));
    return -EINVAL;
  }
  if (rt.rt_type !== RTN_LOCAL)
    return -EINVAL;
  for (srrptr = b[optptr + 2], srrspace = b[optptr + 1]; srrptr <= srrspace; srrptr += 4) {
    if (srrptr + 3 > srrspace) {
      icmp_send(skb, ICMP_PARAMETERPROB, 0, htonl(((opt.srr + 2) << 24) >>> 0));
      return -EINVAL;
    }
    nexthop = get32(b, optptr + srrptr - 1);
    const orefdst = skb._skb_refdst, orefnoref = skb._skb_refnoref;
    skb_dst_set(skb, null);
    err = ip_route_input(skb, nexthop, iph.saddr, iph.tos, skb.dev);
    rt2 = skb_rtable(skb);
    if (err || (rt2.rt_type !== RTN_UNICAST && rt2.rt_type !== RTN_LOCAL)) {
      skb_dst_drop(skb);
      skb._skb_refdst = orefdst;
      skb._skb_refnoref = orefnoref;
      return -EINVAL;
    }
    refdst_drop(orefdst, orefnoref);
    if (rt2.rt_type !== RTN_LOCAL)
      break;
    iph.daddr = nexthop;
    opt.is_changed = 1;
  }
  if (srrptr <= srrspace) {
    opt.srr_is_hit = 1;
    opt.nexthop = nexthop;
    opt.is_changed = 1;
  }
  return 0;
}
