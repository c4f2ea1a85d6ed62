/** net/core/link_watch.c: carrier changes are worked off in process context. */
import type { Gen, Host } from '../../include/ports';
import { current } from '../../include/ports';
import type { Flags } from '../../include/linux/bitops';
import { clear_bit, test_and_set_bit, test_bit } from '../../include/linux/bitops';
import { list_add_tail, list_del_init, list_empty, list_first_entry, list_head, list_splice_init } from '../../include/linux/list';
import { spinlock_t, spin_lock_irq, spin_lock_irqsave, spin_unlock_irq, spin_unlock_irqrestore, write_lock_bh, write_unlock_bh } from '../../include/linux/spinlock';
import { HZ, jiffies, time_after } from '../../include/linux/jiffies';
import { INIT_DELAYED_WORK, delayed_work, mod_delayed_work, schedule_delayed_work, system_wq } from '../../include/linux/workqueue';
import { rtnl_lock, rtnl_unlock } from '../../include/linux/rtnetlink';
import type { net_device } from '../../include/linux/netdevice';
import { __LINK_STATE_LINKWATCH_PENDING, dev_hold, dev_put, netif_carrier_ok, netif_dormant, netif_running } from '../../include/linux/netdevice';
import { IFF_UP, IF_LINK_MODE_DEFAULT, IF_LINK_MODE_DORMANT, IF_OPER_DORMANT, IF_OPER_DOWN, IF_OPER_LOWERLAYERDOWN, IF_OPER_UP } from '../../include/linux/if';
import { dev_activate, dev_deactivate, qdisc_tx_changing } from '../../include/net/sch_generic';
import { netdev_state_change } from './dev';

const LW_URGENT = 0;

declare module '../../include/ports' {
  interface Host { linkwatch_flags: Flags; linkwatch_nextevent: number; linkwatch_work: delayed_work; lweventlist: list_head<net_device>; lweventlist_lock: spinlock_t }
}

export function link_watch_globals(host: Host): void {
  host.linkwatch_flags = { v: 0 };
  host.linkwatch_nextevent = 0;
  host.linkwatch_work = new delayed_work();
  INIT_DELAYED_WORK(host.linkwatch_work, linkwatch_event);
  host.lweventlist = new list_head();
  host.lweventlist_lock = new spinlock_t();
}

export function default_operstate(dev: net_device): number {
  if (!netif_carrier_ok(dev))
    return (dev.ifindex !== dev.iflink ? IF_OPER_LOWERLAYERDOWN : IF_OPER_DOWN);

  if (netif_dormant(dev))
    return IF_OPER_DORMANT;

  return IF_OPER_UP;
}

export function rfc2863_policy(dev: net_device): void {
  let operstate = default_operstate(dev);

  if (operstate === dev.operstate)
    return;

  write_lock_bh(current.host.dev_base_lock);

  switch (dev.link_mode) {
    case IF_LINK_MODE_DORMANT:
      if (operstate === IF_OPER_UP)
        operstate = IF_OPER_DORMANT;
      break;

    case IF_LINK_MODE_DEFAULT:
    default:
      break;
  }

  dev.operstate = operstate;

  write_unlock_bh(current.host.dev_base_lock);
}

export function linkwatch_init_dev(dev: net_device): void {
  if (!netif_carrier_ok(dev) || netif_dormant(dev))
    rfc2863_policy(dev);
}

export function linkwatch_urgent_event(dev: net_device): boolean {
  if (!netif_running(dev))
    return false;

  if (dev.ifindex !== dev.iflink)
    return true;

  return netif_carrier_ok(dev) && qdisc_tx_changing(dev);
}

export function linkwatch_add_event(dev: net_device): void {
  let flags: boolean;

  flags = spin_lock_irqsave(current.host.lweventlist_lock);
  if (list_empty(dev.link_watch_list)) {
    list_add_tail(dev.link_watch_list, current.host.lweventlist);
    dev_hold(dev);
  }
  spin_unlock_irqrestore(current.host.lweventlist_lock, flags);
}

export function linkwatch_schedule_work(urgent: boolean | number): void {
  let delay = current.host.linkwatch_nextevent - jiffies();

  if (test_bit(LW_URGENT, current.host.linkwatch_flags))
    return;

  if (urgent) {
    if (test_and_set_bit(LW_URGENT, current.host.linkwatch_flags))
      return;
    delay = 0;
  }

  if (delay > HZ || delay < 0)
    delay = 0;

  if (test_bit(LW_URGENT, current.host.linkwatch_flags))
    mod_delayed_work(system_wq, current.host.linkwatch_work, 0);
  else
    schedule_delayed_work(current.host.linkwatch_work, delay);
}

export function* linkwatch_do_dev(dev: net_device): Gen<void> {
  clear_bit(__LINK_STATE_LINKWATCH_PENDING, dev.state);

  rfc2863_policy(dev);
  if (dev.flags & IFF_UP) {
    if (netif_carrier_ok(dev))
      dev_activate(dev);
    else
      yield* dev_deactivate(dev);

    netdev_state_change(dev);
  }
  dev_put(dev);
}

export function* __linkwatch_run_queue(urgent_only: boolean | number): Gen<void> {
  let dev: net_device;
  const wrk = new list_head<net_device>();

  if (!urgent_only)
    current.host.linkwatch_nextevent = jiffies() + HZ;
  else if (time_after(current.host.linkwatch_nextevent, jiffies() + HZ))
    current.host.linkwatch_nextevent = jiffies();

  clear_bit(LW_URGENT, current.host.linkwatch_flags);

  spin_lock_irq(current.host.lweventlist_lock);
  list_splice_init(current.host.lweventlist, wrk);

  while (!list_empty(wrk)) {
    dev = list_first_entry(wrk);
    list_del_init(dev.link_watch_list);

    if (urgent_only && !linkwatch_urgent_event(dev)) {
      list_add_tail(dev.link_watch_list, current.host.lweventlist);
      continue;
    }
    spin_unlock_irq(current.host.lweventlist_lock);
    yield* linkwatch_do_dev(dev);
    spin_lock_irq(current.host.lweventlist_lock);
  }

  if (!list_empty(current.host.lweventlist))
    linkwatch_schedule_work(0);
  spin_unlock_irq(current.host.lweventlist_lock);
}

export function* linkwatch_forget_dev(dev: net_device): Gen<void> {
  let flags: boolean;
  let clean = 0;

  flags = spin_lock_irqsave(current.host.lweventlist_lock);
  if (!list_empty(dev.link_watch_list)) {
    list_del_init(dev.link_watch_list);
    clean = 1;
  }
  spin_unlock_irqrestore(current.host.lweventlist_lock, flags);
  if (clean)
    yield* linkwatch_do_dev(dev);
}

export function* linkwatch_run_queue(): Gen<void> {
  yield* __linkwatch_run_queue(0);
}

export function* linkwatch_event(dummy: unknown): Gen<void> {
  yield* rtnl_lock();
  yield* __linkwatch_run_queue(time_after(current.host.linkwatch_nextevent, jiffies()));
  yield* rtnl_unlock();
}

/** The carrier or the operational state of `dev` has changed; may be called from anywhere. */
export function linkwatch_fire_event(dev: net_device): void {
  const urgent = linkwatch_urgent_event(dev);

  if (!test_and_set_bit(__LINK_STATE_LINKWATCH_PENDING, dev.state)) {
    linkwatch_add_event(dev);
  } else if (!urgent)
    return;

  linkwatch_schedule_work(urgent);
}
