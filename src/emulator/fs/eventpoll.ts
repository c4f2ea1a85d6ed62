/** fs/eventpoll.c: waiting for many files at once. DEVIATION: the tree of items is a plain list, and epoll files inside epoll files are polled without the loop checks. */
import { current } from '../include/ports';
import type { Gen, Host } from '../include/ports';
import type { file, file_operations, inode } from '../include/linux/fs';
import { alloc_file } from './file_table';
import { FMODE_READ, FMODE_WRITE } from '../include/linux/fs';
import { fdget, fdput } from '../include/linux/file';
import { fd_install, get_unused_fd_flags } from './file';
import { O_CLOEXEC, O_RDWR } from '../include/linux/fcntl';
import { INIT_LIST_HEAD, list_add_tail, list_del_init, list_empty, list_first_entry, list_head, list_splice, list_splice_init } from '../include/linux/list';
import { mutex, mutex_lock, mutex_unlock } from '../include/linux/mutex';
import { spin_lock, spin_lock_init, spin_lock_irqsave, spin_unlock, spin_unlock_irqrestore, spinlock_t } from '../include/linux/spinlock';
import { add_wait_queue, add_wait_queue_exclusive, init_waitqueue_entry, init_waitqueue_func_entry, init_waitqueue_head, remove_wait_queue, wait_queue_head_t, wait_queue_t, waitqueue_active, wake_up } from '../include/linux/wait';
import { POLLERR, POLLFREE, POLLHUP, POLLIN, POLLRDNORM, init_poll_funcptr, poll_table, poll_wait } from '../include/linux/poll';
import { EPOLLET, EPOLLONESHOT, EPOLL_CLOEXEC, EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD, epoll_event } from '../include/linux/eventpoll';
import { TASK_INTERRUPTIBLE, TASK_RUNNING, set_current_state, signal_pending } from '../include/linux/sched';
import { schedule_hrtimeout_range } from '../kernel/hrtimer';
import { HRTIMER_MODE_ABS } from '../include/linux/hrtimer';
import { ktime_get } from '../include/linux/ktime';
import { EBADF, EEXIST, EINTR, EINVAL, ENOENT, EPERM } from '../include/uapi/asm-generic/errno';
import { unlikely } from '../include/linux/compiler';

declare module '../include/ports' { interface Host { epmutex: mutex } }
export function eventpoll_globals(host: Host): void { host.epmutex = new mutex(); }

const EP_PRIVATE_BITS = EPOLLONESHOT | EPOLLET | (1 << 29);
const EP_MAX_EVENTS = 0x7fffffff / 16;

/** A watched file. `next` is itself while the item is not on the overflow list. */
export class epitem {
  rdllink: list_head<epitem> = new list_head<epitem>(this);
  next: epitem = null;
  on_ovflist = false;
  ffd: { file: file; fd: number } = { file: null, fd: -1 };
  nwait = 0;
  pwqlist: list_head<eppoll_entry> = new list_head<eppoll_entry>();
  ep: eventpoll = null;
  fllink: list_head<epitem> = new list_head<epitem>(this);
  event: epoll_event = new epoll_event();
}
/** A hook of an item in one wait queue. */
export class eppoll_entry {
  llink: list_head<eppoll_entry> = new list_head<eppoll_entry>(this);
  base: epitem = null;
  wait: wait_queue_t = new wait_queue_t();
  whead: wait_queue_head_t = null;
}
export class eventpoll {
  lock: spinlock_t = new spinlock_t();
  mtx: mutex = new mutex();
  wq: wait_queue_head_t = new wait_queue_head_t();
  poll_wait: wait_queue_head_t = new wait_queue_head_t();
  rdllist: list_head<epitem> = new list_head<epitem>();
  rbr: epitem[] = [];
  ovflist: epitem = null;
  /** Is a scan under way, so that events go to ovflist? (The kernel's EP_UNACTIVE_PTR says no.) */
  scanning = false;
  file: file = null;
}

class ep_pqueue extends poll_table { epi: epitem = null; }
const eventpoll_fops: file_operations = { release: ep_eventpoll_release, poll: ep_eventpoll_poll };

function is_file_epoll(f: file): boolean { return f.f_op === eventpoll_fops; }
function ep_is_linked(p: list_head): boolean { return !list_empty(p); }
function ep_events_available(ep: eventpoll): boolean { return !list_empty(ep.rdllist) || ep.scanning; }
function ep_poll_safewake(wq: wait_queue_head_t): void { wake_up(wq); }

function ep_remove_wait_queue(pwq: eppoll_entry): void {
  const whead = pwq.whead;
  if (whead)
    remove_wait_queue(whead, pwq.wait);
}
function ep_unregister_pollwait(_ep: eventpoll, epi: epitem): void {
  const lsthead = epi.pwqlist;
  let pwq: eppoll_entry;
  while (!list_empty(lsthead)) {
    pwq = list_first_entry(lsthead);
    list_del_init(pwq.llink);
    ep_remove_wait_queue(pwq);
  }
}

/** Lets `sproc` work on the ready list while new events wait aside. */
function* ep_scan_ready_list(ep: eventpoll, sproc: (ep: eventpoll, head: list_head<epitem>, priv: any) => number, priv: any, _depth: number): Gen<number> {
  let error: number, pwake = 0;
  let flags: boolean;
  let epi: epitem, nepi: epitem;
  const txlist = new list_head<epitem>();
  yield* mutex_lock(ep.mtx);
  flags = spin_lock_irqsave(ep.lock);
  list_splice_init(ep.rdllist, txlist);
  ep.ovflist = null;
  ep.scanning = true;
  spin_unlock_irqrestore(ep.lock, flags);
  error = sproc(ep, txlist, priv);
  flags = spin_lock_irqsave(ep.lock);
  for (nepi = ep.ovflist; (epi = nepi) !== null; nepi = epi.next, epi.next = null, epi.on_ovflist = false) {
    if (!ep_is_linked(epi.rdllink)) {
      list_add_tail(epi.rdllink, ep.rdllist);
    }
  }
  ep.ovflist = null;
  ep.scanning = false;
  list_splice(txlist, ep.rdllist);
  if (!list_empty(ep.rdllist)) {
    if (waitqueue_active(ep.wq))
      wake_up(ep.wq);
    if (waitqueue_active(ep.poll_wait))
      pwake++;
  }
  spin_unlock_irqrestore(ep.lock, flags);
  mutex_unlock(ep.mtx);
  if (pwake)
    ep_poll_safewake(ep.poll_wait);
  return error;
}

function ep_remove(ep: eventpoll, epi: epitem): number {
  let flags: boolean;
  const file = epi.ffd.file;
  ep_unregister_pollwait(ep, epi);
  spin_lock(file.f_lock);
  if (ep_is_linked(epi.fllink))
    list_del_init(epi.fllink);
  spin_unlock(file.f_lock);
  ep.rbr.splice(ep.rbr.indexOf(epi), 1);
  flags = spin_lock_irqsave(ep.lock);
  if (ep_is_linked(epi.rdllink))
    list_del_init(epi.rdllink);
  spin_unlock_irqrestore(ep.lock, flags);
  return 0;
}

function* ep_free(ep: eventpoll): Gen<void> {
  if (waitqueue_active(ep.poll_wait))
    ep_poll_safewake(ep.poll_wait);
  yield* mutex_lock(current.host.epmutex);
  for (const epi of ep.rbr)
    ep_unregister_pollwait(ep, epi);
  yield* mutex_lock(ep.mtx);
  while (ep.rbr.length)
    ep_remove(ep, ep.rbr[0]);
  mutex_unlock(ep.mtx);
  mutex_unlock(current.host.epmutex);
}
function* ep_eventpoll_release(_inode: inode, file: file): Gen<number> {
  const ep: eventpoll = file.private_data;
  if (ep)
    yield* ep_free(ep);
  return 0;
}

function ep_item_poll(epi: epitem, pt: poll_table): number {
  pt._key = epi.event.events;
  return epi.ffd.file.f_op.poll(epi.ffd.file, pt) & epi.event.events;
}
function ep_eventpoll_poll(file: file, wait: poll_table): number {
  const ep: eventpoll = file.private_data;
  const pt = new poll_table();
  poll_wait(file, ep.poll_wait, wait);
  init_poll_funcptr(pt, null);
  for (const epi of ep.rbr) if (ep_item_poll(epi, pt)) return POLLIN | POLLRDNORM;
  return 0;
}

/** A watched file goes away: its items leave their epolls. DEVIATION: without the mutexes, since the caller cannot wait. */
export function eventpoll_release_file(file: file): void {
  const lsthead = file.f_ep_links as list_head<epitem>;
  let ep: eventpoll;
  let epi: epitem;
  while (!list_empty(lsthead)) {
    epi = list_first_entry(lsthead);
    ep = epi.ep;
    list_del_init(epi.fllink);
    ep_remove(ep, epi);
  }
}

function ep_alloc(): eventpoll {
  const ep = new eventpoll();
  spin_lock_init(ep.lock);
  init_waitqueue_head(ep.wq);
  init_waitqueue_head(ep.poll_wait);
  INIT_LIST_HEAD(ep.rdllist);
  ep.ovflist = null;
  return ep;
}

function ep_find(ep: eventpoll, file: file, fd: number): epitem {
  for (const epi of ep.rbr) if (epi.ffd.file === file && epi.ffd.fd === fd) return epi;
  return null;
}

/** Runs in the waker's context: puts the item on the ready list and wakes the epoll's waiter. */
function ep_poll_callback(wait: wait_queue_t, _mode: number, _sync: number, key: number): number {
  let pwake = 0;
  let flags: boolean;
  const pwq = wait.private as unknown as eppoll_entry;
  const epi = pwq.base;
  const ep = epi.ep;
  if (key & POLLFREE) {
    pwq.whead = null;
    list_del_init(wait.task_list);
  }
  flags = spin_lock_irqsave(ep.lock);
  out_unlock: {
    if (!(epi.event.events & ~EP_PRIVATE_BITS))
      break out_unlock;
    if (key && !(key & epi.event.events))
      break out_unlock;
    if (unlikely(ep.scanning)) {
      if (!epi.on_ovflist) {
        epi.next = ep.ovflist;
        ep.ovflist = epi;
        epi.on_ovflist = true;
      }
      break out_unlock;
    }
    if (!ep_is_linked(epi.rdllink)) {
      list_add_tail(epi.rdllink, ep.rdllist);
    }
    if (waitqueue_active(ep.wq))
      wake_up(ep.wq);
    if (waitqueue_active(ep.poll_wait))
      pwake++;
  }
  spin_unlock_irqrestore(ep.lock, flags);
  if (pwake)
    ep_poll_safewake(ep.poll_wait);
  return 1;
}

function ep_ptable_queue_proc(_file: file, whead: wait_queue_head_t, pt: poll_table): void {
  const epi = (pt as ep_pqueue).epi;
  let pwq: eppoll_entry;
  if (epi.nwait >= 0) {
    pwq = new eppoll_entry();
    init_waitqueue_func_entry(pwq.wait, ep_poll_callback);
    pwq.wait.private = pwq as any;
    pwq.whead = whead;
    pwq.base = epi;
    add_wait_queue(whead, pwq.wait);
    list_add_tail(pwq.llink, epi.pwqlist);
    epi.nwait++;
  }
}
function ep_rbtree_insert(ep: eventpoll, epi: epitem): void { ep.rbr.push(epi); }

function ep_insert(ep: eventpoll, event: epoll_event, tfile: file, fd: number): number {
  let revents: number, pwake = 0;
  let flags: boolean;
  const epi = new epitem();
  const epq = new ep_pqueue();
  INIT_LIST_HEAD(epi.rdllink);
  INIT_LIST_HEAD(epi.fllink);
  INIT_LIST_HEAD(epi.pwqlist);
  epi.ep = ep;
  epi.ffd.file = tfile;
  epi.ffd.fd = fd;
  epi.event.events = event.events;
  epi.event.data = event.data;
  epi.nwait = 0;
  epi.next = null;
  epq.epi = epi;
  init_poll_funcptr(epq, ep_ptable_queue_proc);
  revents = ep_item_poll(epi, epq);
  spin_lock(tfile.f_lock);
  list_add_tail(epi.fllink, tfile.f_ep_links);
  spin_unlock(tfile.f_lock);
  ep_rbtree_insert(ep, epi);
  flags = spin_lock_irqsave(ep.lock);
  if (revents & event.events && !ep_is_linked(epi.rdllink)) {
    list_add_tail(epi.rdllink, ep.rdllist);
    if (waitqueue_active(ep.wq))
      wake_up(ep.wq);
    if (waitqueue_active(ep.poll_wait))
      pwake++;
  }
  spin_unlock_irqrestore(ep.lock, flags);
  if (pwake)
    ep_poll_safewake(ep.poll_wait);
  return 0;
}

function ep_modify(ep: eventpoll, epi: epitem, event: epoll_event): number {
  let pwake = 0;
  let flags: boolean;
  let revents: number;
  const pt = new poll_table();
  init_poll_funcptr(pt, null);
  epi.event.events = event.events;
  epi.event.data = event.data;
  revents = ep_item_poll(epi, pt);
  if (revents & event.events) {
    flags = spin_lock_irqsave(ep.lock);
    if (!ep_is_linked(epi.rdllink)) {
      list_add_tail(epi.rdllink, ep.rdllist);
      if (waitqueue_active(ep.wq))
        wake_up(ep.wq);
      if (waitqueue_active(ep.poll_wait))
        pwake++;
    }
    spin_unlock_irqrestore(ep.lock, flags);
  }
  if (pwake)
    ep_poll_safewake(ep.poll_wait);
  return 0;
}

class ep_send_events_data { maxevents = 0; events: epoll_event[] = null; }

function ep_send_events_proc(ep: eventpoll, head: list_head<epitem>, priv: any): number {
  const esed: ep_send_events_data = priv;
  let eventcnt: number;
  let revents: number;
  let epi: epitem;
  const pt = new poll_table();
  init_poll_funcptr(pt, null);
  for (eventcnt = 0; !list_empty(head) && eventcnt < esed.maxevents;) {
    epi = list_first_entry(head);
    list_del_init(epi.rdllink);
    revents = ep_item_poll(epi, pt);
    if (revents) {
      const uevent = esed.events[eventcnt] ?? (esed.events[eventcnt] = new epoll_event());
      uevent.events = revents;
      uevent.data = epi.event.data;
      eventcnt++;
      if (epi.event.events & EPOLLONESHOT)
        epi.event.events &= EP_PRIVATE_BITS;
      else if (!(epi.event.events & EPOLLET)) {
        list_add_tail(epi.rdllink, ep.rdllist);
      }
    }
  }
  return eventcnt;
}
function* ep_send_events(ep: eventpoll, events: epoll_event[], maxevents: number): Gen<number> {
  const esed = new ep_send_events_data();
  esed.maxevents = maxevents;
  esed.events = events;
  return yield* ep_scan_ready_list(ep, ep_send_events_proc, esed, 0);
}
/** Absolute virtual ns of `ms` from now. */
function ep_set_mstimeout(ms: number): number { return ktime_get() + ms * 1_000_000; }

/** Waits for events; `timeout` in ms, negative for ever. Gives how many there are. */
function* ep_poll(ep: eventpoll, events: epoll_event[], maxevents: number, timeout: number): Gen<number> {
  let res = 0, timed_out = 0;
  let eavail: boolean;
  let flags: boolean;
  const wait = new wait_queue_t();
  let to: { v: number } = null;
  let check_events = false;
  if (timeout > 0) {
    to = { v: ep_set_mstimeout(timeout) };
  } else if (timeout === 0) {
    timed_out = 1;
    flags = spin_lock_irqsave(ep.lock);
    check_events = true;
  }
  for (;;) {
    if (!check_events) {
      flags = spin_lock_irqsave(ep.lock);
      if (!ep_events_available(ep)) {
        init_waitqueue_entry(wait, current.task);
        add_wait_queue_exclusive(ep.wq, wait);
        for (;;) {
          set_current_state(TASK_INTERRUPTIBLE);
          if (ep_events_available(ep) || timed_out)
            break;
          if (signal_pending(current.task)) {
            res = -EINTR;
            break;
          }
          spin_unlock_irqrestore(ep.lock, flags);
          if (!(yield* schedule_hrtimeout_range(to, 0, HRTIMER_MODE_ABS)))
            timed_out = 1;
          flags = spin_lock_irqsave(ep.lock);
        }
        remove_wait_queue(ep.wq, wait);
        set_current_state(TASK_RUNNING);
      }
    }
    check_events = false;
    eavail = ep_events_available(ep);
    spin_unlock_irqrestore(ep.lock, flags);
    if (!res && eavail && !(res = yield* ep_send_events(ep, events, maxevents)) && !timed_out)
      continue;
    break;
  }
  return res;
}

/** System call epoll_create1(). */
export function* sys_epoll_create1(flags: number): Gen<number> {
  let fd: number;
  let ep: eventpoll;
  let file: file;
  if (flags & ~EPOLL_CLOEXEC)
    return -EINVAL;
  ep = ep_alloc();
  fd = get_unused_fd_flags(O_RDWR | (flags & O_CLOEXEC));
  if (fd < 0)
    return fd;
  file = alloc_file(null, FMODE_READ | FMODE_WRITE, eventpoll_fops);
  file.private_data = ep;
  ep.file = file;
  fd_install(fd, file);
  return fd;
}
export function* sys_epoll_create(size: number): Gen<number> {
  if (size <= 0)
    return -EINVAL;
  return yield* sys_epoll_create1(0);
}

/** System call epoll_ctl(). */
export function* sys_epoll_ctl(epfd: number, op: number, fd: number, event: epoll_event): Gen<number> {
  let error: number;
  let ep: eventpoll;
  let epi: epitem;
  const epds = new epoll_event();
  if (event) {
    epds.events = event.events;
    epds.data = event.data;
  }
  const f = fdget(epfd);
  if (!f.file)
    return -EBADF;
  const tf = fdget(fd);
  if (!tf.file) {
    fdput(f);
    return -EBADF;
  }
  error_tgt_fput: {
    error = -EPERM;
    if (!tf.file.f_op || !tf.file.f_op.poll)
      break error_tgt_fput;
    error = -EINVAL;
    if (f.file === tf.file || !is_file_epoll(f.file))
      break error_tgt_fput;
    ep = f.file.private_data;
    yield* mutex_lock(ep.mtx);
    epi = ep_find(ep, tf.file, fd);
    error = -EINVAL;
    switch (op) {
      case EPOLL_CTL_ADD:
        if (!epi) {
          epds.events |= POLLERR | POLLHUP;
          error = ep_insert(ep, epds, tf.file, fd);
        } else
          error = -EEXIST;
        break;
      case EPOLL_CTL_DEL:
        if (epi)
          error = ep_remove(ep, epi);
        else
          error = -ENOENT;
        break;
      case EPOLL_CTL_MOD:
        if (epi) {
          epds.events |= POLLERR | POLLHUP;
          error = ep_modify(ep, epi, epds);
        } else
          error = -ENOENT;
        break;
    }
    mutex_unlock(ep.mtx);
  }
  fdput(tf);
  fdput(f);
  return error;
}

/** System call epoll_wait(): fills `events`, gives how many; `timeout` in ms, -1 for ever. */
export function* sys_epoll_wait(epfd: number, events: epoll_event[], maxevents: number, timeout: number): Gen<number> {
  let error: number;
  let ep: eventpoll;
  if (maxevents <= 0 || maxevents > EP_MAX_EVENTS)
    return -EINVAL;
  const f = fdget(epfd);
  if (!f.file)
    return -EBADF;
  error = -EINVAL;
  if (is_file_epoll(f.file)) {
    ep = f.file.private_data;
    error = yield* ep_poll(ep, events, maxevents, timeout);
  }
  fdput(f);
  return error;
}
