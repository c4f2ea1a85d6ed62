/** net/core/netevent.c: tells whoever registered that a neighbour or route changed. */
import { current, type Host } from '../../include/ports';
import { atomic_notifier_call_chain, raw_notifier_chain_register, raw_notifier_chain_unregister, atomic_notifier_head, type notifier_block } from '../../include/linux/notifier';

declare module '../../include/ports' { interface Host { netevent_notif_chain: atomic_notifier_head } }
export function netevent_globals(host: Host): void { host.netevent_notif_chain = new atomic_notifier_head(); }

export function register_netevent_notifier(nb: notifier_block): number {
  let err: number;
  err = raw_notifier_chain_register(current.host.netevent_notif_chain, nb);
  return err;
}
export function unregister_netevent_notifier(nb: notifier_block): number {
  return raw_notifier_chain_unregister(current.host.netevent_notif_chain, nb);
}
export function call_netevent_notifiers(val: number, v: unknown): number {
  return atomic_notifier_call_chain(current.host.netevent_notif_chain, val, v);
}
