/** net/core/stream.c: waiting on stream sockets. Timeouts are `{ v }` in jiffies. */
import { current } from '../../include/ports';
import type { Gen } from '../../include/ports';
import type { sock } from '../../include/net/sock.struct';
import type { socket_wq } from '../../include/linux/net';
import { SEND_SHUTDOWN, sk_mem_reclaim, sk_sleep, sk_stream_memory_free, sk_stream_min_wspace, sk_stream_wspace, sk_wait_event, sock_error, sock_intr_errno, wq_has_sleeper } from '../../include/net/sock';
import { clear_bit, set_bit } from '../../include/linux/bitops';
import { SOCK_ASYNC_NOSPACE, SOCK_NOSPACE, SOCK_WAKE_SPACE, sock_wake_async } from '../../include/linux/net';
import { rcu_dereference, rcu_read_lock, rcu_read_unlock } from '../../include/linux/rcupdate';
import { DEFINE_WAIT, finish_wait, prepare_to_wait, wake_up_interruptible_poll } from '../../include/linux/wait';
import { POLLOUT, POLLWRBAND, POLLWRNORM, POLL_OUT } from '../../include/linux/poll';
import { TASK_INTERRUPTIBLE, signal_pending } from '../../include/linux/sched';
import { EAGAIN, EPIPE } from '../../include/uapi/asm-generic/errno';
import { MAX_SCHEDULE_TIMEOUT } from '../../include/linux/kernel';
import { HZ } from '../../include/linux/jiffies';
import { prandom_u32 } from '../../include/linux/random';
import { MSG_NOSIGNAL } from '../../include/linux/socket';
import { __skb_queue_purge, skb_queue_empty } from '../../include/linux/skbuff';
import { WARN_ON } from '../../include/asm-generic/bug';
import { TCPF_CLOSE_WAIT, TCPF_CLOSING, TCPF_ESTABLISHED, TCPF_FIN_WAIT1, TCPF_LAST_ACK, TCPF_SYN_RECV, TCPF_SYN_SENT } from '../../include/net/tcp_states';

/** Wakes writers when at least a third of the send buffer is free. */
export function sk_stream_write_space(sk: sock): void {
  const sock = sk.sk_socket;
  let wq: socket_wq;
  if (sk_stream_wspace(sk) >= sk_stream_min_wspace(sk) && sock) {
    clear_bit(SOCK_NOSPACE, sock.flags);
    rcu_read_lock();
    wq = rcu_dereference(sk.sk_wq);
    if (wq_has_sleeper(wq))
      wake_up_interruptible_poll(wq.wait, POLLOUT | POLLWRNORM | POLLWRBAND);
    if (wq && wq.fasync_list && !(sk.sk_shutdown & SEND_SHUTDOWN))
      sock_wake_async(sock, SOCK_WAKE_SPACE, POLL_OUT);
    rcu_read_unlock();
  }
}

/** Sleeps until the connection stands; 0, or a negative errno. */
export function* sk_stream_wait_connect(sk: sock, timeo_p: { v: number }): Gen<number> {
  const tsk = current.task;
  const wait = DEFINE_WAIT();
  let done: boolean;
  do {
    const err = sock_error(sk);
    if (err)
      return err;
    if ((1 << sk.sk_state) & ~(TCPF_SYN_SENT | TCPF_SYN_RECV))
      return -EPIPE;
    if (!timeo_p.v)
      return -EAGAIN;
    if (signal_pending(tsk))
      return sock_intr_errno(timeo_p.v);
    prepare_to_wait(sk_sleep(sk), wait, TASK_INTERRUPTIBLE);
    sk.sk_write_pending++;
    done = yield* sk_wait_event(sk, timeo_p, () => !sk.sk_err && !((1 << sk.sk_state) & ~(TCPF_ESTABLISHED | TCPF_CLOSE_WAIT)));
    finish_wait(sk_sleep(sk), wait);
    sk.sk_write_pending--;
  } while (!done);
  return 0;
}

function sk_stream_closing(sk: sock): boolean { return ((1 << sk.sk_state) & (TCPF_FIN_WAIT1 | TCPF_CLOSING | TCPF_LAST_ACK)) !== 0; }

/** Sleeps until the peer has acknowledged the FIN, at most `timeout` jiffies. */
export function* sk_stream_wait_close(sk: sock, timeout: number): Gen<void> {
  if (timeout) {
    const wait = DEFINE_WAIT();
    const timeo = { v: timeout };
    do {
      prepare_to_wait(sk_sleep(sk), wait, TASK_INTERRUPTIBLE);
      if (yield* sk_wait_event(sk, timeo, () => !sk_stream_closing(sk)))
        break;
    } while (!signal_pending(current.task) && timeo.v);
    finish_wait(sk_sleep(sk), wait);
  }
}

/** Sleeps until the send buffer has room; 0, or a negative errno. `timeo_p.v` is what is left. */
export function* sk_stream_wait_memory(sk: sock, timeo_p: { v: number }): Gen<number> {
  let err = 0;
  let vm_wait = 0;
  const current_timeo = { v: timeo_p.v };
  const wait = DEFINE_WAIT();
  if (sk_stream_memory_free(sk))
    current_timeo.v = vm_wait = (prandom_u32() % Math.trunc(HZ / 5)) + 2;
  while (1) {
    set_bit(SOCK_ASYNC_NOSPACE, sk.sk_socket.flags);
    prepare_to_wait(sk_sleep(sk), wait, TASK_INTERRUPTIBLE);
    if (sk.sk_err || sk.sk_shutdown & SEND_SHUTDOWN) {
      err = -EPIPE;
      break;
    }
    if (!timeo_p.v) {
      err = -EAGAIN;
      break;
    }
    if (signal_pending(current.task)) {
      err = sock_intr_errno(timeo_p.v);
      break;
    }
    clear_bit(SOCK_ASYNC_NOSPACE, sk.sk_socket.flags);
    if (sk_stream_memory_free(sk) && !vm_wait)
      break;
    set_bit(SOCK_NOSPACE, sk.sk_socket.flags);
    sk.sk_write_pending++;
    yield* sk_wait_event(sk, current_timeo, () => !!sk.sk_err || (sk.sk_shutdown & SEND_SHUTDOWN) !== 0 || (sk_stream_memory_free(sk) && !vm_wait));
    sk.sk_write_pending--;
    if (vm_wait) {
      vm_wait -= current_timeo.v;
      current_timeo.v = timeo_p.v;
      if (current_timeo.v !== MAX_SCHEDULE_TIMEOUT && (current_timeo.v -= vm_wait) < 0)
        current_timeo.v = 0;
      vm_wait = 0;
    }
    timeo_p.v = current_timeo.v;
  }
  finish_wait(sk_sleep(sk), wait);
  return err;
}

/** What a send that failed with `err` tells the caller; a broken pipe raises SIGPIPE, which is only noted here (DEVIATION). */
export function sk_stream_error(sk: sock, flags: number, err: number): number {
  if (err === -EPIPE)
    err = sock_error(sk) || -EPIPE;
  if (err === -EPIPE && !(flags & MSG_NOSIGNAL))
    current.machine.log('SIGPIPE to ' + current.task.comm);
  return err;
}

export function sk_stream_kill_queues(sk: sock): void {
  __skb_queue_purge(sk.sk_receive_queue);
  __skb_queue_purge(sk.sk_error_queue);
  WARN_ON(!skb_queue_empty(sk.sk_write_queue));
  sk_mem_reclaim(sk);
  WARN_ON(sk.sk_wmem_queued);
  WARN_ON(sk.sk_forward_alloc);
}
