/** Mirror of kernel/rcutree.c, as far as callbacks go. DEVIATION: a grace period always takes two ticks. */
import { current, type Cpu } from '../include/ports';
import { RCU_SOFTIRQ } from '../include/linux/interrupt';
import { jiffies } from '../include/linux/jiffies';
import { setup_timer, timer_list } from '../include/linux/timer';
import { open_softirq, raise_softirq } from './softirq';
import { mod_timer_pinned } from './timer';

const GRACE_PERIOD_TICKS = 2;

class rcu_head { constructor(readonly object: unknown, readonly func: (object: any) => void) { /* just the pair */ } }
class rcu_data { nxtlist: rcu_head[] = []; timer = new timer_list(); }

declare module '../include/ports' { interface Cpu { rcu_data: rcu_data } }
export function rcu_percpu(cpu: Cpu): void {
  cpu.rcu_data = new rcu_data();
  setup_timer(cpu.rcu_data.timer, rcu_check_callbacks, cpu.rcu_data);
}

/** Calls `func(object)` once no reader can hold it any more. */
export function call_rcu<T>(object: T, func: (object: T) => void): void {
  const rdp = current.cpu.rcu_data;
  rdp.nxtlist.push(new rcu_head(object, func));
  if (rdp.nxtlist.length === 1)
    mod_timer_pinned(rdp.timer, jiffies() + GRACE_PERIOD_TICKS);
}

/** From the tick at the end of a grace period. */
function rcu_check_callbacks(_rdp: rcu_data): void {
  raise_softirq(RCU_SOFTIRQ);
}

function rcu_do_batch(rdp: rcu_data): void {
  const list = rdp.nxtlist;
  rdp.nxtlist = [];
  for (const head of list) head.func(head.object);
}

function rcu_process_callbacks(): void {
  rcu_do_batch(current.cpu.rcu_data);
}

/** Boot. */
export function rcu_init(): void {
  open_softirq(RCU_SOFTIRQ, rcu_process_callbacks);
}
