/** The tick: once per jiffy, also while the timers it raised wait for a softirq to end. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHost } from '../host';
import { NET_TX_SOFTIRQ } from '../include/linux/interrupt';
import { jiffies, TICK_NSEC } from '../include/linux/jiffies';
import { setup_timer, timer_list } from '../include/linux/timer';
import { Machine } from '../machine/machine';
import { irq_enter, irq_exit, open_softirq, raise_softirq, softirq_init } from './softirq';
import { del_timer, init_timers, mod_timer_pinned } from './timer';

test('a timer that falls due while a softirq runs costs one tick interrupt a jiffy, and runs when the softirq has ended', () => {
  const machine = new Machine(1, 1200, { packetEvent: () => undefined });
  const host = createHost(machine, 0, 'a', 1), entries = machine.entries;
  let ticks = 0, meanwhile = NaN, ended = NaN, expired = NaN;
  machine.entries = { ...entries, timer: () => { ticks++; entries.timer(); } };
  softirq_init();
  init_timers();
  const timer = new timer_list();
  setup_timer(timer, () => { expired = machine.now(); }, null);
  open_softirq(NET_TX_SOFTIRQ, () => {
    mod_timer_pinned(timer, jiffies() + 1);
    const other = new timer_list(), end = machine.now() + 5 * TICK_NSEC;
    for (let i = 0; i < 10_000 && machine.now() < end; i++) {
      machine.spend(10_000);
      // its steps let what is due interrupt
      del_timer(other);
    }
    ended = machine.now();
    meanwhile = ticks;
  });
  machine.interrupt_at(1e9 + 1000, host.cpus[0], () => {
    irq_enter();
    raise_softirq(NET_TX_SOFTIRQ);
    irq_exit();
  });
  machine.run({ steps: 1e6, time: 2e9 });
  assert.ok(expired >= ended, `the timer ran at ${expired} ns, the softirq ended at ${ended} ns`);
  assert.equal(meanwhile, 5, 'ticks in five jiffies');
});

test('a timer armed for the running jiffy expires at the next tick, not at once', () => {
  const machine = new Machine(1, 1200, { packetEvent: () => undefined });
  const host = createHost(machine, 0, 'a', 1);
  let expired = NaN;
  softirq_init();
  init_timers();
  const timer = new timer_list();
  setup_timer(timer, () => { expired = machine.now(); }, null);
  machine.interrupt_at(1e9 + 1000, host.cpus[0], () => {
    irq_enter();
    mod_timer_pinned(timer, jiffies());
    irq_exit();
  });
  machine.run({ steps: 1e6, time: 2e9 });
  assert.ok(expired >= 1e9 + TICK_NSEC && expired < 1e9 + 1.5 * TICK_NSEC, `${expired} ns`);
});
