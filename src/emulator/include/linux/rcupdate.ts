/** include/linux/rcupdate.h. Nothing is freed under a reader here, so read sides only exist to be seen. */
export function rcu_read_lock(): void { /* non-preemptible kernel: no count */ }
export function rcu_read_unlock(): void { /* likewise */ }
export function rcu_read_lock_bh(): void { local_bh_disable(); }
export function rcu_read_unlock_bh(): void { local_bh_enable(); }
export function rcu_dereference<T>(p: T): T { return p; }
export function rcu_dereference_bh<T>(p: T): T { return p; }
export function rcu_dereference_check<T>(p: T, _c: unknown): T { return p; }
export function rcu_dereference_protected<T>(p: T, _c: unknown): T { return p; }
export function rcu_dereference_raw<T>(p: T): T { return p; }
export function rtnl_dereference<T>(p: T): T { return p; }
/** Takes the assignment itself: `rcu_assign_pointer(p.next = q)`. */
export function rcu_assign_pointer<T>(assigned: T): T { return assigned; }
export { rcu_assign_pointer as RCU_INIT_POINTER };
export function rcu_read_lock_held(): boolean { return true; }
export function rcu_read_lock_bh_held(): boolean { return true; }
export function rcu_access_pointer<T>(p: T): T { return p; }
export { call_rcu, call_rcu as call_rcu_bh } from '../../kernel/rcutree';
export function kfree_rcu(_p: unknown): void { /* garbage collected */ }
export function synchronize_net(): void { /* no reader can be in between */ }
export function synchronize_rcu(): void { /* likewise */ }
import { local_bh_disable, local_bh_enable } from '../../kernel/softirq';
