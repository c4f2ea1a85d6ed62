/** Mirror of net/ipv4/tcp_cong.c: congestion control modules, slow start, Reno. The modules are a fixed list here, the host's default first. */
import { current, type Host } from '../../include/ports';
import { unlikely } from '../../include/linux/compiler';
import { max, min } from '../../include/linux/kernel';
import { rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { spin_lock, spin_unlock, spinlock_t } from '../../include/linux/spinlock';
import { tcp_sk, type tcp_sock } from '../../include/linux/tcp';
import { EEXIST, EINVAL, ENOENT } from '../../include/uapi/asm-generic/errno';
import { inet_csk } from '../../include/net/inet_connection_sock';
import { sk_can_gso, type sock } from '../../include/net/sock';
import { TCP_CLOSE, TCP_CONG_NON_RESTRICTED, tcp_max_tso_deferred_mss, type tcp_congestion_ops } from '../../include/net/tcp';

declare module '../../include/ports' { interface Host { tcp_cong_list: tcp_congestion_ops[]; tcp_cong_list_lock: spinlock_t } }
export function tcp_cong_globals(host: Host): void {
  host.sysctl_tcp_max_ssthresh = 0;
  host.tcp_cong_list = [];
  host.tcp_cong_list_lock = new spinlock_t();
  host.sysctl_tcp_congestion_control = 'cubic';
}

function tcp_ca_find(name: string): tcp_congestion_ops {
  for (const e of current.host.tcp_cong_list) {
    if (e.name === name)
      return e;
  }
  return null;
}

/** Adds a module; -EEXIST when there is one of that name. */
export function tcp_register_congestion_control(ca: tcp_congestion_ops): number {
  let ret = 0;
  if (!ca.ssthresh || !ca.cong_avoid) {
    return -EINVAL;
  }
  spin_lock(current.host.tcp_cong_list_lock);
  if (tcp_ca_find(ca.name)) {
    ret = -EEXIST;
  } else {
    current.host.tcp_cong_list.push(ca);
  }
  spin_unlock(current.host.tcp_cong_list_lock);
  return ret;
}

/** Picks the default module for a new connection and starts it. */
export function tcp_init_congestion_control(sk: sock): void {
  const icsk = inet_csk(sk);
  if (icsk.icsk_ca_ops === tcp_init_congestion_ops) {
    rcu_read_lock();
    for (const ca of current.host.tcp_cong_list) {
      if (try_module_get(ca)) {
        icsk.icsk_ca_ops = ca;
        break;
      }
    }
    rcu_read_unlock();
  }
  tcp_sk(sk).prior_ssthresh = 0;
  if (icsk.icsk_ca_ops.init)
    icsk.icsk_ca_ops.init(sk);
}
function try_module_get(_ca: tcp_congestion_ops): boolean { return true; }

export function tcp_cleanup_congestion_control(sk: sock): void {
  const icsk = inet_csk(sk);
  if (icsk.icsk_ca_ops.release)
    icsk.icsk_ca_ops.release(sk);
}

export function tcp_set_default_congestion_control(name: string): number {
  let ret = -ENOENT;
  spin_lock(current.host.tcp_cong_list_lock);
  const ca = tcp_ca_find(name);
  if (ca) {
    const list = current.host.tcp_cong_list;
    list.splice(list.indexOf(ca), 1);
    list.unshift(ca);
    ret = 0;
  }
  spin_unlock(current.host.tcp_cong_list_lock);
  return ret;
}

/** The host's default (net.ipv4.tcp_congestion_control). */
export function tcp_congestion_default(): number {
  return tcp_set_default_congestion_control(current.host.sysctl_tcp_congestion_control);
}

export function tcp_set_congestion_control(sk: sock, name: string): number {
  const icsk = inet_csk(sk);
  let err = 0;
  rcu_read_lock();
  const ca = tcp_ca_find(name);
  if (ca !== icsk.icsk_ca_ops) {
    if (!ca)
      err = -ENOENT;
    else {
      tcp_cleanup_congestion_control(sk);
      icsk.icsk_ca_ops = ca;
      if (sk.sk_state !== TCP_CLOSE && icsk.icsk_ca_ops.init)
        icsk.icsk_ca_ops.init(sk);
    }
  }
  rcu_read_unlock();
  return err;
}

/** Does the window, and not the application, hold the sender back? */
export function tcp_is_cwnd_limited(sk: sock, in_flight: number): boolean {
  const tp = tcp_sk(sk);
  let left: number;
  if (in_flight >= tp.snd_cwnd)
    return true;
  left = tp.snd_cwnd - in_flight;
  if (sk_can_gso(sk) && left * current.host.sysctl_tcp_tso_win_divisor < tp.snd_cwnd && left * tp.mss_cache < sk.sk_gso_max_size && left < sk.sk_gso_max_segs)
    return true;
  return left <= tcp_max_tso_deferred_mss(tp);
}

/** One more segment for each that was acknowledged. */
export function tcp_slow_start(tp: tcp_sock): void {
  let cnt: number;
  let delta = 0;
  let snd_cwnd = tp.snd_cwnd;
  if (unlikely(!snd_cwnd)) {
    current.machine.log('snd_cwnd is nul');
    snd_cwnd = 1;
  }
  if (current.host.sysctl_tcp_max_ssthresh > 0 && tp.snd_cwnd > current.host.sysctl_tcp_max_ssthresh)
    cnt = current.host.sysctl_tcp_max_ssthresh >> 1;
  else
    cnt = snd_cwnd;
  tp.snd_cwnd_cnt += cnt;
  while (tp.snd_cwnd_cnt >= snd_cwnd) {
    tp.snd_cwnd_cnt -= snd_cwnd;
    delta++;
  }
  tp.snd_cwnd = min(snd_cwnd + delta, tp.snd_cwnd_clamp);
}

/** One more segment for each `w` that were acknowledged. */
export function tcp_cong_avoid_ai(tp: tcp_sock, w: number): void {
  if (tp.snd_cwnd_cnt >= w) {
    if (tp.snd_cwnd < tp.snd_cwnd_clamp)
      tp.snd_cwnd++;
    tp.snd_cwnd_cnt = 0;
  } else {
    tp.snd_cwnd_cnt++;
  }
}

export function tcp_reno_cong_avoid(sk: sock, _ack: number, in_flight: number): void {
  const tp = tcp_sk(sk);
  if (!tcp_is_cwnd_limited(sk, in_flight))
    return;
  if (tp.snd_cwnd <= tp.snd_ssthresh)
    tcp_slow_start(tp);
  else
    tcp_cong_avoid_ai(tp, tp.snd_cwnd);
}

export function tcp_reno_ssthresh(sk: sock): number {
  const tp = tcp_sk(sk);
  return max(tp.snd_cwnd >> 1, 2);
}

export function tcp_reno_min_cwnd(sk: sock): number {
  const tp = tcp_sk(sk);
  return Math.trunc(tp.snd_ssthresh / 2);
}

function reno(name: string, flags: number): tcp_congestion_ops {
  return { flags, name, init: null, release: null, ssthresh: tcp_reno_ssthresh, min_cwnd: tcp_reno_min_cwnd, cong_avoid: tcp_reno_cong_avoid, set_state: null, cwnd_event: null, undo_cwnd: null, pkts_acked: null };
}
export const tcp_reno: tcp_congestion_ops = reno('reno', TCP_CONG_NON_RESTRICTED);
/** Reno under another name, until the connection is established. */
export const tcp_init_congestion_ops: tcp_congestion_ops = reno('', 0);
