/** Mirror of net/ipv4/tcp_cubic.c: CUBIC (Ha, Rhee, Xu 2008; RFC 8312) with hybrid slow start. Times in jiffies; delays in ms << 3. */
import { clamp, max } from '../../include/linux/kernel';
import { HZ, msecs_to_jiffies } from '../../include/linux/jiffies';
import { ktime_get_real } from '../../include/linux/ktime';
import { TCP_CA_Loss, TCP_CA_Open, tcp_sk } from '../../include/linux/tcp';
import { inet_csk, inet_csk_ca, type icsk_ca_priv_t } from '../../include/net/inet_connection_sock';
import type { sock } from '../../include/net/sock';
import { after, TCP_CONG_RTT_STAMP, tcp_time_stamp, type tcp_congestion_ops } from '../../include/net/tcp';
import { tcp_cong_avoid_ai, tcp_is_cwnd_limited, tcp_register_congestion_control, tcp_slow_start } from './tcp_cong';

const BICTCP_BETA_SCALE = 1024;
const BICTCP_HZ = 10;
const HYSTART_ACK_TRAIN = 1;
const HYSTART_DELAY = 2;
const HYSTART_MIN_SAMPLES = 8;
const HYSTART_DELAY_MIN = 4 << 3;
const HYSTART_DELAY_MAX = 16 << 3;
const ACK_RATIO_SHIFT = 4;
const ACK_RATIO_LIMIT = 32 << ACK_RATIO_SHIFT;
const fast_convergence = 1;
const beta = 717;
const bic_scale = 41;
const tcp_friendliness = 1;
const hystart = 1;
const hystart_detect = HYSTART_ACK_TRAIN | HYSTART_DELAY;
const hystart_low_window = 16;
const hystart_ack_delta = 2;
const cube_rtt_scale = bic_scale * 10;
const beta_scale = Math.trunc(Math.trunc((8 * (BICTCP_BETA_SCALE + beta)) / 3) / (BICTCP_BETA_SCALE - beta));
const cube_factor = Math.trunc(2 ** (10 + 3 * BICTCP_HZ) / (bic_scale * 10));

function bictcp_reset(ca: icsk_ca_priv_t): void {
  ca.cnt = 0;
  ca.last_max_cwnd = 0;
  ca.last_cwnd = 0;
  ca.last_time = 0;
  ca.bic_origin_point = 0;
  ca.bic_K = 0;
  ca.delay_min = 0;
  ca.epoch_start = 0;
  ca.delayed_ack = 2 << ACK_RATIO_SHIFT;
  ca.ack_cnt = 0;
  ca.tcp_cwnd = 0;
  ca.found = 0;
}

/** Milliseconds. */
function bictcp_clock(): number {
  return ktime_to_ms(ktime_get_real());
}
function ktime_to_ms(k: number): number { return Math.floor(k / 1_000_000) >>> 0; }

function bictcp_hystart_reset(sk: sock): void {
  const tp = tcp_sk(sk);
  const ca = inet_csk_ca(sk);
  ca.round_start = ca.last_ack = bictcp_clock();
  ca.end_seq = tp.snd_nxt;
  ca.curr_rtt = 0;
  ca.sample_cnt = 0;
}

function bictcp_init(sk: sock): void {
  const ca = inet_csk_ca(sk);
  bictcp_reset(ca);
  ca.loss_cwnd = 0;
  if (hystart)
    bictcp_hystart_reset(sk);
}

/** DEVIATION: the exact root, where the kernel takes a table and one Newton step (0.2 % off on average). */
function cubic_root(a: number): number {
  return Math.floor(Math.cbrt(a));
}

function bictcp_update(ca: icsk_ca_priv_t, cwnd: number): void {
  let delta: number, bic_target: number, max_cnt: number;
  let offs: number, t: number;
  ca.ack_cnt++;
  if (ca.last_cwnd === cwnd && ((tcp_time_stamp() - ca.last_time) | 0) <= Math.trunc(HZ / 32))
    return;
  ca.last_cwnd = cwnd;
  ca.last_time = tcp_time_stamp();
  if (ca.epoch_start === 0) {
    ca.epoch_start = tcp_time_stamp();
    ca.ack_cnt = 1;
    ca.tcp_cwnd = cwnd;
    if (ca.last_max_cwnd <= cwnd) {
      ca.bic_K = 0;
      ca.bic_origin_point = cwnd;
    } else {
      ca.bic_K = cubic_root(cube_factor * (ca.last_max_cwnd - cwnd));
      ca.bic_origin_point = ca.last_max_cwnd;
    }
  }
  t = (tcp_time_stamp() - ca.epoch_start) | 0;
  t += msecs_to_jiffies(ca.delay_min >> 3);
  t = t * 2 ** BICTCP_HZ;
  t = Math.trunc(t / HZ);
  if (t < ca.bic_K)
    offs = ca.bic_K - t;
  else
    offs = t - ca.bic_K;
  delta = Math.floor((cube_rtt_scale * offs * offs * offs) / 2 ** (10 + 3 * BICTCP_HZ));
  if (t < ca.bic_K)
    bic_target = ca.bic_origin_point - delta;
  else
    bic_target = ca.bic_origin_point + delta;
  if (bic_target > cwnd) {
    ca.cnt = Math.trunc(cwnd / (bic_target - cwnd));
  } else {
    ca.cnt = 100 * cwnd;
  }
  if (ca.last_max_cwnd === 0 && ca.cnt > 20)
    ca.cnt = 20;
  if (tcp_friendliness) {
    const scale = beta_scale;
    delta = (cwnd * scale) >> 3;
    while (ca.ack_cnt > delta) {
      ca.ack_cnt -= delta;
      ca.tcp_cwnd++;
    }
    if (ca.tcp_cwnd > cwnd) {
      delta = ca.tcp_cwnd - cwnd;
      max_cnt = Math.trunc(cwnd / delta);
      if (ca.cnt > max_cnt)
        ca.cnt = max_cnt;
    }
  }
  ca.cnt = Math.trunc((ca.cnt << ACK_RATIO_SHIFT) / ca.delayed_ack);
  if (ca.cnt === 0)
    ca.cnt = 1;
}

function bictcp_cong_avoid(sk: sock, ack: number, in_flight: number): void {
  const tp = tcp_sk(sk);
  const ca = inet_csk_ca(sk);
  if (!tcp_is_cwnd_limited(sk, in_flight))
    return;
  if (tp.snd_cwnd <= tp.snd_ssthresh) {
    if (hystart && after(ack, ca.end_seq))
      bictcp_hystart_reset(sk);
    tcp_slow_start(tp);
  } else {
    bictcp_update(ca, tp.snd_cwnd);
    tcp_cong_avoid_ai(tp, ca.cnt);
  }
}

function bictcp_recalc_ssthresh(sk: sock): number {
  const tp = tcp_sk(sk);
  const ca = inet_csk_ca(sk);
  ca.epoch_start = 0;
  if (tp.snd_cwnd < ca.last_max_cwnd && fast_convergence)
    ca.last_max_cwnd = Math.trunc((tp.snd_cwnd * (BICTCP_BETA_SCALE + beta)) / (2 * BICTCP_BETA_SCALE));
  else
    ca.last_max_cwnd = tp.snd_cwnd;
  ca.loss_cwnd = tp.snd_cwnd;
  return max(Math.trunc((tp.snd_cwnd * beta) / BICTCP_BETA_SCALE), 2);
}

function bictcp_undo_cwnd(sk: sock): number {
  const ca = inet_csk_ca(sk);
  return max(tcp_sk(sk).snd_cwnd, ca.loss_cwnd);
}

function bictcp_state(sk: sock, new_state: number): void {
  if (new_state === TCP_CA_Loss) {
    bictcp_reset(inet_csk_ca(sk));
    bictcp_hystart_reset(sk);
  }
}

function hystart_update(sk: sock, delay: number): void {
  const tp = tcp_sk(sk);
  const ca = inet_csk_ca(sk);
  if (!(ca.found & hystart_detect)) {
    const now = bictcp_clock();
    if (((now - ca.last_ack) | 0) <= hystart_ack_delta) {
      ca.last_ack = now;
      if (((now - ca.round_start) | 0) > ca.delay_min >> 4)
        ca.found |= HYSTART_ACK_TRAIN;
    }
    if (ca.sample_cnt < HYSTART_MIN_SAMPLES) {
      if (ca.curr_rtt === 0 || ca.curr_rtt > delay)
        ca.curr_rtt = delay;
      ca.sample_cnt++;
    } else {
      if (ca.curr_rtt > ca.delay_min + clamp(ca.delay_min >> 4, HYSTART_DELAY_MIN, HYSTART_DELAY_MAX))
        ca.found |= HYSTART_DELAY;
    }
    if (ca.found & hystart_detect)
      tp.snd_ssthresh = tp.snd_cwnd;
  }
}

function bictcp_acked(sk: sock, cnt: number, rtt_us: number): void {
  const icsk = inet_csk(sk);
  const tp = tcp_sk(sk);
  const ca = inet_csk_ca(sk);
  let delay: number;
  if (icsk.icsk_ca_state === TCP_CA_Open) {
    let ratio = ca.delayed_ack;
    ratio -= ca.delayed_ack >> ACK_RATIO_SHIFT;
    ratio += cnt;
    ca.delayed_ack = clamp(ratio, 1, ACK_RATIO_LIMIT);
  }
  if (rtt_us < 0)
    return;
  if (ca.epoch_start && ((tcp_time_stamp() - ca.epoch_start) | 0) < HZ)
    return;
  delay = Math.trunc((rtt_us * 8) / 1000);
  if (delay === 0)
    delay = 1;
  if (ca.delay_min === 0 || ca.delay_min > delay)
    ca.delay_min = delay;
  if (hystart && tp.snd_cwnd <= tp.snd_ssthresh && tp.snd_cwnd >= hystart_low_window)
    hystart_update(sk, delay);
}

const cubictcp: tcp_congestion_ops = {
  flags: TCP_CONG_RTT_STAMP,
  init: bictcp_init,
  release: null,
  ssthresh: bictcp_recalc_ssthresh,
  min_cwnd: null,
  cong_avoid: bictcp_cong_avoid,
  set_state: bictcp_state,
  cwnd_event: null,
  undo_cwnd: bictcp_undo_cwnd,
  pkts_acked: bictcp_acked,
  name: 'cubic',
};

/** Boot. */
export function cubictcp_register(): number {
  return tcp_register_congestion_control(cubictcp);
}
