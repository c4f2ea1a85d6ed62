/** Mirror of net/ipv4/tcp_metrics.c: what earlier connections learnt about a peer. Values in ms and segments, as the kernel keeps them. */
import { current, type Host } from '../../include/ports';
import { unlikely } from '../../include/linux/compiler';
import { hash_32 } from '../../include/linux/jhash';
import { HZ, jiffies, jiffies_to_msecs, msecs_to_jiffies, time_after } from '../../include/linux/jiffies';
import { max } from '../../include/linux/kernel';
import { get_seconds } from '../../include/linux/ktime';
import { rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { RTAX_CWND, RTAX_REORDERING, RTAX_RTT, RTAX_RTTVAR, RTAX_SSTHRESH } from '../../include/linux/rtnetlink';
import { AF_INET } from '../../include/linux/socket';
import { spin_lock_bh, spin_unlock_bh, spinlock_t } from '../../include/linux/spinlock';
import { TCP_CA_Open, tcp_sk, tcp_twsk } from '../../include/linux/tcp';
import { dst_confirm, DST_HOST, dst_metric_locked, dst_metric_raw, type dst_entry } from '../../include/net/dst';
import { inet_csk } from '../../include/net/inet_connection_sock';
import { inet_rsk, inet_sk } from '../../include/net/inet_sock';
import type { inet_timewait_sock } from '../../include/net/inet_timewait_sock';
import type { request_sock } from '../../include/net/request_sock';
import { __sk_dst_get, type sock } from '../../include/net/sock';
import { tcp_disable_early_retrans, tcp_in_initial_slowstart, TCP_INFINITE_SSTHRESH, TCP_PAWS_MSL, TCP_PAWS_WINDOW, tcp_rto_min, tcp_time_stamp, TCP_TIMEOUT_FALLBACK } from '../../include/net/tcp';
import { tcp_disable_fack, tcp_init_cwnd, tcp_set_rto } from './tcp_input';

const TCP_METRIC_RTT = 0, TCP_METRIC_RTTVAR = 1, TCP_METRIC_SSTHRESH = 2, TCP_METRIC_CWND = 3, TCP_METRIC_REORDERING = 4, TCP_METRIC_MAX = 4;
const TCP_METRICS_TIMEOUT = 60 * 60 * HZ;
const TCP_METRICS_HASH_LOG = 10;

export class tcp_metrics_block {
  tcpm_next: tcp_metrics_block = null;
  tcpm_addr = 0;
  tcpm_stamp = 0;
  tcpm_ts = 0;
  tcpm_ts_stamp = 0;
  tcpm_lock = 0;
  tcpm_vals = new Float64Array(TCP_METRIC_MAX + 1);
}
declare module '../../include/ports' { interface Host { tcp_metrics_hash: tcp_metrics_block[]; tcp_metrics_lock: spinlock_t; sysctl_tcp_nometrics_save: number } }
export function tcp_metrics_globals(host: Host): void {
  host.tcp_metrics_hash = new Array(1 << TCP_METRICS_HASH_LOG).fill(null);
  host.tcp_metrics_lock = new spinlock_t();
  host.sysctl_tcp_nometrics_save = 0;
}

function tcp_metric_locked(tm: tcp_metrics_block, idx: number): boolean {
  return (tm.tcpm_lock & (1 << idx)) !== 0;
}

function tcp_metric_get(tm: tcp_metrics_block, idx: number): number {
  return tm.tcpm_vals[idx];
}

function tcp_metric_get_jiffies(tm: tcp_metrics_block, idx: number): number {
  return msecs_to_jiffies(tm.tcpm_vals[idx]);
}

function tcp_metric_set(tm: tcp_metrics_block, idx: number, val: number): void {
  tm.tcpm_vals[idx] = val;
}

function tcp_metric_set_msecs(tm: tcp_metrics_block, idx: number, val: number): void {
  tm.tcpm_vals[idx] = jiffies_to_msecs(val);
}

function addr_same(a: number, b: number): boolean {
  return a === b;
}

function tcpm_suck_dst(tm: tcp_metrics_block, dst: dst_entry, _fastopen_clear: boolean): void {
  let val: number;
  tm.tcpm_stamp = jiffies();
  val = 0;
  if (dst_metric_locked(dst, RTAX_RTT))
    val |= 1 << TCP_METRIC_RTT;
  if (dst_metric_locked(dst, RTAX_RTTVAR))
    val |= 1 << TCP_METRIC_RTTVAR;
  if (dst_metric_locked(dst, RTAX_SSTHRESH))
    val |= 1 << TCP_METRIC_SSTHRESH;
  if (dst_metric_locked(dst, RTAX_CWND))
    val |= 1 << TCP_METRIC_CWND;
  if (dst_metric_locked(dst, RTAX_REORDERING))
    val |= 1 << TCP_METRIC_REORDERING;
  tm.tcpm_lock = val;
  tm.tcpm_vals[TCP_METRIC_RTT] = dst_metric_raw(dst, RTAX_RTT);
  tm.tcpm_vals[TCP_METRIC_RTTVAR] = dst_metric_raw(dst, RTAX_RTTVAR);
  tm.tcpm_vals[TCP_METRIC_SSTHRESH] = dst_metric_raw(dst, RTAX_SSTHRESH);
  tm.tcpm_vals[TCP_METRIC_CWND] = dst_metric_raw(dst, RTAX_CWND);
  tm.tcpm_vals[TCP_METRIC_REORDERING] = dst_metric_raw(dst, RTAX_REORDERING);
  tm.tcpm_ts = 0;
  tm.tcpm_ts_stamp = 0;
}

function tcpm_check_stamp(tm: tcp_metrics_block, dst: dst_entry): void {
  if (tm && unlikely(time_after(jiffies(), tm.tcpm_stamp + TCP_METRICS_TIMEOUT)))
    tcpm_suck_dst(tm, dst, false);
}

/** DEVIATION: chains are never reclaimed; a scenario has a handful of peers. */
function tcpm_new(dst: dst_entry, addr: number, hash: number): tcp_metrics_block {
  let tm: tcp_metrics_block;
  spin_lock_bh(current.host.tcp_metrics_lock);
  tm = __tcp_get_metrics(addr, hash);
  out_unlock: {
    if (tm) {
      tcpm_check_stamp(tm, dst);
      break out_unlock;
    }
    tm = new tcp_metrics_block();
    tm.tcpm_addr = addr;
    tcpm_suck_dst(tm, dst, true);
    tm.tcpm_next = current.host.tcp_metrics_hash[hash];
    current.host.tcp_metrics_hash[hash] = tm;
  }
  spin_unlock_bh(current.host.tcp_metrics_lock);
  return tm;
}

/** Puts an entry into the table as a connection to `addr` leaves it: `rtt` and `rttvar` in ms of eighths and quarters of a jiffy, `cwnd` in segments. */
export function tcp_metrics_learnt(addr: number, rtt: number, rttvar: number, ssthresh: number, cwnd: number): void {
  const hash = hash_32(addr, TCP_METRICS_HASH_LOG), tm = new tcp_metrics_block();
  tm.tcpm_addr = addr;
  tm.tcpm_stamp = jiffies();
  tm.tcpm_vals[TCP_METRIC_RTT] = rtt;
  tm.tcpm_vals[TCP_METRIC_RTTVAR] = rttvar;
  tm.tcpm_vals[TCP_METRIC_SSTHRESH] = ssthresh;
  tm.tcpm_vals[TCP_METRIC_CWND] = cwnd;
  tm.tcpm_next = current.host.tcp_metrics_hash[hash];
  current.host.tcp_metrics_hash[hash] = tm;
}

function tcp_get_encode(tm: tcp_metrics_block, _depth: number): tcp_metrics_block {
  if (tm)
    return tm;
  return null;
}

function __tcp_get_metrics(addr: number, hash: number): tcp_metrics_block {
  let tm: tcp_metrics_block;
  let depth = 0;
  for (tm = current.host.tcp_metrics_hash[hash]; tm; tm = tm.tcpm_next) {
    if (addr_same(tm.tcpm_addr, addr))
      break;
    depth++;
  }
  return tcp_get_encode(tm, depth);
}

function __tcp_get_metrics_req(req: request_sock, dst: dst_entry): tcp_metrics_block {
  let tm: tcp_metrics_block;
  let hash: number;
  const addr = inet_rsk(req).rmt_addr;
  hash = addr;
  hash = hash_32(hash, TCP_METRICS_HASH_LOG);
  for (tm = current.host.tcp_metrics_hash[hash]; tm; tm = tm.tcpm_next) {
    if (addr_same(tm.tcpm_addr, addr))
      break;
  }
  tcpm_check_stamp(tm, dst);
  return tm;
}

function __tcp_get_metrics_tw(tw: inet_timewait_sock): tcp_metrics_block {
  let tm: tcp_metrics_block;
  let hash: number;
  const addr = tw.tw_daddr;
  hash = addr;
  hash = hash_32(hash, TCP_METRICS_HASH_LOG);
  for (tm = current.host.tcp_metrics_hash[hash]; tm; tm = tm.tcpm_next) {
    if (addr_same(tm.tcpm_addr, addr))
      break;
  }
  return tm;
}

function tcp_get_metrics(sk: sock, dst: dst_entry, create: boolean): tcp_metrics_block {
  let tm: tcp_metrics_block;
  let addr: number;
  let hash: number;
  switch (sk.sk_family) {
    case AF_INET:
      addr = inet_sk(sk).inet_daddr;
      hash = addr;
      break;
    default:
      return null;
  }
  hash = hash_32(hash, TCP_METRICS_HASH_LOG);
  tm = __tcp_get_metrics(addr, hash);
  if (!tm && create)
    tm = tcpm_new(dst, addr, hash);
  else
    tcpm_check_stamp(tm, dst);
  return tm;
}

/** At the end of a connection: keeps what it learnt. */
export function tcp_update_metrics(sk: sock): void {
  const icsk = inet_csk(sk);
  const dst = __sk_dst_get(sk);
  const tp = tcp_sk(sk);
  let tm: tcp_metrics_block;
  let rtt: number;
  let val: number;
  let m: number;
  if (current.host.sysctl_tcp_nometrics_save || !dst)
    return;
  if (dst.flags & DST_HOST)
    dst_confirm(dst);
  rcu_read_lock();
  out_unlock: {
    if (icsk.icsk_backoff || !tp.srtt) {
      tm = tcp_get_metrics(sk, dst, false);
      if (tm && !tcp_metric_locked(tm, TCP_METRIC_RTT))
        tcp_metric_set(tm, TCP_METRIC_RTT, 0);
      break out_unlock;
    } else
      tm = tcp_get_metrics(sk, dst, true);
    if (!tm)
      break out_unlock;
    rtt = tcp_metric_get_jiffies(tm, TCP_METRIC_RTT);
    m = rtt - tp.srtt;
    if (!tcp_metric_locked(tm, TCP_METRIC_RTT)) {
      if (m <= 0)
        rtt = tp.srtt;
      else
        rtt -= m >> 3;
      tcp_metric_set_msecs(tm, TCP_METRIC_RTT, rtt);
    }
    if (!tcp_metric_locked(tm, TCP_METRIC_RTTVAR)) {
      let var_: number;
      if (m < 0)
        m = -m;
      m >>= 1;
      if (m < tp.mdev)
        m = tp.mdev;
      var_ = tcp_metric_get_jiffies(tm, TCP_METRIC_RTTVAR);
      if (m >= var_)
        var_ = m;
      else
        var_ -= (var_ - m) >> 2;
      tcp_metric_set_msecs(tm, TCP_METRIC_RTTVAR, var_);
    }
    if (tcp_in_initial_slowstart(tp)) {
      if (!tcp_metric_locked(tm, TCP_METRIC_SSTHRESH)) {
        val = tcp_metric_get(tm, TCP_METRIC_SSTHRESH);
        if (val && tp.snd_cwnd >> 1 > val)
          tcp_metric_set(tm, TCP_METRIC_SSTHRESH, tp.snd_cwnd >> 1);
      }
      if (!tcp_metric_locked(tm, TCP_METRIC_CWND)) {
        val = tcp_metric_get(tm, TCP_METRIC_CWND);
        if (tp.snd_cwnd > val)
          tcp_metric_set(tm, TCP_METRIC_CWND, tp.snd_cwnd);
      }
    } else if (tp.snd_cwnd > tp.snd_ssthresh && icsk.icsk_ca_state === TCP_CA_Open) {
      if (!tcp_metric_locked(tm, TCP_METRIC_SSTHRESH))
        tcp_metric_set(tm, TCP_METRIC_SSTHRESH, max(tp.snd_cwnd >> 1, tp.snd_ssthresh));
      if (!tcp_metric_locked(tm, TCP_METRIC_CWND)) {
        val = tcp_metric_get(tm, TCP_METRIC_CWND);
        tcp_metric_set(tm, TCP_METRIC_CWND, (val + tp.snd_cwnd) >> 1);
      }
    } else {
      if (!tcp_metric_locked(tm, TCP_METRIC_CWND)) {
        val = tcp_metric_get(tm, TCP_METRIC_CWND);
        tcp_metric_set(tm, TCP_METRIC_CWND, (val + tp.snd_ssthresh) >> 1);
      }
      if (!tcp_metric_locked(tm, TCP_METRIC_SSTHRESH)) {
        val = tcp_metric_get(tm, TCP_METRIC_SSTHRESH);
        if (val && tp.snd_ssthresh > val)
          tcp_metric_set(tm, TCP_METRIC_SSTHRESH, tp.snd_ssthresh);
      }
      if (!tcp_metric_locked(tm, TCP_METRIC_REORDERING)) {
        val = tcp_metric_get(tm, TCP_METRIC_REORDERING);
        if (val < tp.reordering && tp.reordering !== current.host.sysctl_tcp_reordering)
          tcp_metric_set(tm, TCP_METRIC_REORDERING, tp.reordering);
      }
    }
    tm.tcpm_stamp = jiffies();
  }
  rcu_read_unlock();
}

/** At the start of a connection: takes over what is known of the peer. */
export function tcp_init_metrics(sk: sock): void {
  const dst = __sk_dst_get(sk);
  const tp = tcp_sk(sk);
  let tm: tcp_metrics_block;
  let val: number;
  reset: {
    if (dst === null)
      break reset;
    dst_confirm(dst);
    rcu_read_lock();
    tm = tcp_get_metrics(sk, dst, true);
    if (!tm) {
      rcu_read_unlock();
      break reset;
    }
    if (tcp_metric_locked(tm, TCP_METRIC_CWND))
      tp.snd_cwnd_clamp = tcp_metric_get(tm, TCP_METRIC_CWND);
    val = tcp_metric_get(tm, TCP_METRIC_SSTHRESH);
    if (val) {
      tp.snd_ssthresh = val;
      if (tp.snd_ssthresh > tp.snd_cwnd_clamp)
        tp.snd_ssthresh = tp.snd_cwnd_clamp;
    } else {
      tp.snd_ssthresh = TCP_INFINITE_SSTHRESH;
    }
    val = tcp_metric_get(tm, TCP_METRIC_REORDERING);
    if (val && tp.reordering !== val) {
      tcp_disable_fack(tp);
      tcp_disable_early_retrans(tp);
      tp.reordering = val;
    }
    val = tcp_metric_get(tm, TCP_METRIC_RTT);
    if (val === 0 || tp.srtt === 0) {
      rcu_read_unlock();
      break reset;
    }
    val = msecs_to_jiffies(val);
    if (val > tp.srtt) {
      tp.srtt = val;
      tp.rtt_seq = tp.snd_nxt;
    }
    val = tcp_metric_get_jiffies(tm, TCP_METRIC_RTTVAR);
    if (val > tp.mdev) {
      tp.mdev = val;
      tp.mdev_max = tp.rttvar = max(tp.mdev, tcp_rto_min(sk));
    }
    rcu_read_unlock();
    tcp_set_rto(sk);
  }
  if (tp.srtt === 0) {
    tp.mdev = tp.mdev_max = tp.rttvar = TCP_TIMEOUT_FALLBACK;
    inet_csk(sk).icsk_rto = TCP_TIMEOUT_FALLBACK;
  }
  if (tp.total_retrans > 1)
    tp.snd_cwnd = 1;
  else
    tp.snd_cwnd = tcp_init_cwnd(tp, dst);
  tp.snd_cwnd_stamp = tcp_time_stamp();
}

export function tcp_peer_is_proven(req: request_sock, dst: dst_entry, paws_check: boolean): boolean {
  let tm: tcp_metrics_block;
  let ret: boolean;
  if (!dst)
    return false;
  rcu_read_lock();
  tm = __tcp_get_metrics_req(req, dst);
  if (paws_check) {
    if (tm && get_seconds() - tm.tcpm_ts_stamp < TCP_PAWS_MSL && ((tm.tcpm_ts - req.ts_recent) | 0) > TCP_PAWS_WINDOW)
      ret = false;
    else
      ret = true;
  } else {
    if (tm && tcp_metric_get(tm, TCP_METRIC_RTT) && tm.tcpm_ts_stamp)
      ret = true;
    else
      ret = false;
  }
  rcu_read_unlock();
  return ret;
}

export function tcp_fetch_timewait_stamp(sk: sock, dst: dst_entry): void {
  let tm: tcp_metrics_block;
  rcu_read_lock();
  tm = tcp_get_metrics(sk, dst, true);
  if (tm) {
    const tp = tcp_sk(sk);
    if (get_seconds() - tm.tcpm_ts_stamp <= TCP_PAWS_MSL) {
      tp.rx_opt.ts_recent_stamp = tm.tcpm_ts_stamp;
      tp.rx_opt.ts_recent = tm.tcpm_ts;
    }
  }
  rcu_read_unlock();
}

export function tcp_remember_stamp(sk: sock): boolean {
  const dst = __sk_dst_get(sk);
  let ret = false;
  if (dst) {
    let tm: tcp_metrics_block;
    rcu_read_lock();
    tm = tcp_get_metrics(sk, dst, true);
    if (tm) {
      const tp = tcp_sk(sk);
      if (((tm.tcpm_ts - tp.rx_opt.ts_recent) | 0) <= 0 || (get_seconds() - tm.tcpm_ts_stamp > TCP_PAWS_MSL && tm.tcpm_ts_stamp <= tp.rx_opt.ts_recent_stamp)) {
        tm.tcpm_ts_stamp = tp.rx_opt.ts_recent_stamp;
        tm.tcpm_ts = tp.rx_opt.ts_recent;
      }
      ret = true;
    }
    rcu_read_unlock();
  }
  return ret;
}

export function tcp_tw_remember_stamp(tw: inet_timewait_sock): boolean {
  let tm: tcp_metrics_block;
  let ret = false;
  rcu_read_lock();
  tm = __tcp_get_metrics_tw(tw);
  if (tm) {
    const tcptw = tcp_twsk(tw);
    if (((tm.tcpm_ts - tcptw.tw_ts_recent) | 0) <= 0 || (get_seconds() - tm.tcpm_ts_stamp > TCP_PAWS_MSL && tm.tcpm_ts_stamp <= tcptw.tw_ts_recent_stamp)) {
      tm.tcpm_ts_stamp = tcptw.tw_ts_recent_stamp;
      tm.tcpm_ts = tcptw.tw_ts_recent;
    }
    ret = true;
  }
  rcu_read_unlock();
  return ret;
}

/** Boot. */
export function tcp_metrics_init(): void { /* tables are made with the host */ }
