/** kernel/notifier.c. */
import type { notifier_block, raw_notifier_head } from '../include/linux/notifier';
import { NOTIFY_DONE, NOTIFY_STOP_MASK, notifier_entry } from '../include/linux/notifier';
import { ENOENT } from '../include/uapi/asm-generic/errno';

export function raw_notifier_chain_register(nh: raw_notifier_head, n: notifier_block): number {
  const entry = new notifier_entry(n);
  let prev: notifier_entry = null, at = nh.head;
  while (at !== null && n.priority <= at.priority) {
    prev = at;
    at = at.next;
  }
  entry.next = at;
  if (prev === null) nh.head = entry; else prev.next = entry;
  return 0;
}

export function raw_notifier_chain_unregister(nh: raw_notifier_head, n: notifier_block): number {
  let prev: notifier_entry = null, at = nh.head;
  while (at !== null) {
    if (at.block === n) {
      if (prev === null) nh.head = at.next; else prev.next = at.next;
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
  let nb = nl.head, next_nb: notifier_entry;

  while (nb) {
    next_nb = nb.next;
    ret = nb.block.notifier_call(nb.block, val, v);

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
