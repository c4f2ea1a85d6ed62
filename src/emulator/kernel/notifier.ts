/** kernel/notifier.c. */
import type { notifier_block, raw_notifier_head } from '../include/linux/notifier';
import { NOTIFY_DONE, NOTIFY_STOP_MASK } from '../include/linux/notifier';
import { ENOENT } from '../include/uapi/asm-generic/errno';

export function raw_notifier_chain_register(nh: raw_notifier_head, n: notifier_block): number {
  let prev: notifier_block = null, at = nh.head;
  while (at !== null) {
    if (n.priority > at.priority)
      break;
    prev = at;
    at = at.next;
  }
  n.next = at;
  if (prev === null) nh.head = n; else prev.next = n;
  return 0;
}

export function raw_notifier_chain_unregister(nh: raw_notifier_head, n: notifier_block): number {
  let prev: notifier_block = null, at = nh.head;
  while (at !== null) {
    if (at === n) {
      if (prev === null) nh.head = n.next; else prev.next = n.next;
      return 0;
    }
    prev = at;
    at = at.next;
  }
  return -ENOENT;
}

/** Calls every block until one says stop; the last answer. */
export function notifier_call_chain(nl: raw_notifier_head, val: number, v: unknown): number {
  let ret = NOTIFY_DONE;
  let nb = nl.head, next_nb: notifier_block;

  while (nb) {
    next_nb = nb.next;
    ret = nb.notifier_call(nb, val, v);

    if ((ret & NOTIFY_STOP_MASK) === NOTIFY_STOP_MASK)
      break;
    nb = next_nb;
  }
  return ret;
}

export function raw_notifier_call_chain(nh: raw_notifier_head, val: number, v: unknown): number {
  return __raw_notifier_call_chain(nh, val, v);
}

export function __raw_notifier_call_chain(nh: raw_notifier_head, val: number, v: unknown): number {
  return notifier_call_chain(nh, val, v);
}

export function atomic_notifier_call_chain(nh: raw_notifier_head, val: number, v: unknown): number {
  return notifier_call_chain(nh, val, v);
}

export function blocking_notifier_call_chain(nh: raw_notifier_head, val: number, v: unknown): number {
  return notifier_call_chain(nh, val, v);
}
