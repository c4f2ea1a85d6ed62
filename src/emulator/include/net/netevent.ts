/** include/net/netevent.h. */
export const NETEVENT_NEIGH_UPDATE = 1;
export const NETEVENT_REDIRECT = 2;
export { call_netevent_notifiers, register_netevent_notifier, unregister_netevent_notifier } from '../../net/core/netevent';
