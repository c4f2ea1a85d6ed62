/** include/linux/notifier.h: chains of callbacks, highest priority first. */
export { raw_notifier_chain_register, raw_notifier_chain_unregister, raw_notifier_call_chain, atomic_notifier_call_chain, blocking_notifier_call_chain } from '../../kernel/notifier';

export class notifier_block {
  notifier_call: (nb: notifier_block, action: number, data: any) => number;
  next: notifier_block = null;
  priority: number;
  constructor(notifier_call: (nb: notifier_block, action: number, data: any) => number, priority: number) { this.notifier_call = notifier_call; this.priority = priority; }
}
/** DEVIATION: a chain links entries of its own, since a notifier_block is shared by all hosts. */
export class notifier_entry { next: notifier_entry = null; priority: number; readonly block: notifier_block; constructor(block: notifier_block) { this.block = block; this.priority = block.priority; } }
export class raw_notifier_head { head: notifier_entry = null; }
export { raw_notifier_head as atomic_notifier_head, raw_notifier_head as blocking_notifier_head };

export const NOTIFY_DONE = 0x0000;
export const NOTIFY_OK = 0x0001;
export const NOTIFY_STOP_MASK = 0x8000;
export const NOTIFY_BAD = NOTIFY_STOP_MASK | 0x0002;
export const NOTIFY_STOP = NOTIFY_OK | NOTIFY_STOP_MASK;

export function notifier_from_errno(err: number): number {
  if (err)
    return NOTIFY_STOP_MASK | (NOTIFY_OK - err);

  return NOTIFY_OK;
}

export function notifier_to_errno(ret: number): number {
  ret &= ~NOTIFY_STOP_MASK;
  return ret > NOTIFY_OK ? NOTIFY_OK - ret : 0;
}
