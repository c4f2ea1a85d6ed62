/**
 * include/linux/spinlock.h, rwlock.h, seqlock.h. There is one thread, so a lock never spins: taking one that is held is our own mistake.
 * What is kept is what locks do to delivery: preempt_count, bottom halves, interrupts, and that another CPU's interrupts
 * are not run while this CPU holds any.
 */
import { current } from '../ports';
import { local_irq_disable, local_irq_enable, local_irq_restore, local_irq_save } from './irqflags';
import { local_bh_disable, local_bh_enable } from '../../kernel/softirq';

export class spinlock_t { locked = false; }
export { spinlock_t as rwlock_t, spinlock_t as raw_spinlock_t };
export class seqlock_t { lock = new spinlock_t(); sequence = 0; }
export class seqcount_t { sequence = 0; }

export function spin_lock_init(lock: spinlock_t): void { lock.locked = false; }
export function __SPIN_LOCK_UNLOCKED(): spinlock_t { return new spinlock_t(); }
function take(lock: spinlock_t): void {
  if (lock.locked) throw new Error('spinlock taken twice: a DEVIATION from real concurrency went wrong');
  lock.locked = true;
  current.cpu.preempt_count++;
  current.cpu.locks_held++;
}
function drop(lock: spinlock_t): void {
  const cpu = current.cpu;
  lock.locked = false;
  cpu.preempt_count--;
  if (--cpu.locks_held === 0 && cpu.others_waiting) current.machine.deliver();
}
export function spin_lock(lock: spinlock_t): void { take(lock); }
export function spin_unlock(lock: spinlock_t): void { drop(lock); }
export function spin_trylock(lock: spinlock_t): boolean { if (lock.locked) return false; take(lock); return true; }
export function spin_is_locked(lock: spinlock_t): boolean { return lock.locked; }
export function spin_lock_bh(lock: spinlock_t): void { local_bh_disable(); take(lock); }
export function spin_unlock_bh(lock: spinlock_t): void { drop(lock); local_bh_enable(); }
export function spin_lock_irq(lock: spinlock_t): void { local_irq_disable(); take(lock); }
export function spin_unlock_irq(lock: spinlock_t): void { drop(lock); local_irq_enable(); }
export function spin_lock_irqsave(lock: spinlock_t): boolean { const flags = local_irq_save(); take(lock); return flags; }
export function spin_unlock_irqrestore(lock: spinlock_t, flags: boolean): void { drop(lock); local_irq_restore(flags); }
export function spin_lock_nested(lock: spinlock_t, _subclass: number): void { take(lock); }
export function assert_spin_locked(lock: spinlock_t): void { if (!lock.locked) throw new Error('lock not held'); }

/** Readers share: a read lock only counts. */
export function read_lock(_lock: spinlock_t): void { current.cpu.preempt_count++; current.cpu.locks_held++; }
export function read_unlock(_lock: spinlock_t): void { const cpu = current.cpu; cpu.preempt_count--; if (--cpu.locks_held === 0 && cpu.others_waiting) current.machine.deliver(); }
export function read_lock_bh(lock: spinlock_t): void { local_bh_disable(); read_lock(lock); }
export function read_unlock_bh(lock: spinlock_t): void { read_unlock(lock); local_bh_enable(); }
export function write_lock(lock: spinlock_t): void { take(lock); }
export function write_unlock(lock: spinlock_t): void { drop(lock); }
export function write_lock_bh(lock: spinlock_t): void { local_bh_disable(); take(lock); }
export function write_unlock_bh(lock: spinlock_t): void { drop(lock); local_bh_enable(); }
export function write_lock_irqsave(lock: spinlock_t): boolean { return spin_lock_irqsave(lock); }
export function write_unlock_irqrestore(lock: spinlock_t, flags: boolean): void { spin_unlock_irqrestore(lock, flags); }
export function rwlock_init(lock: spinlock_t): void { lock.locked = false; }

export function seqlock_init(sl: seqlock_t): void { sl.sequence = 0; sl.lock.locked = false; }
export function read_seqbegin(sl: seqlock_t): number { return sl.sequence; }
export function read_seqretry(sl: seqlock_t, start: number): boolean { return sl.sequence !== start; }
export function write_seqlock(sl: seqlock_t): void { take(sl.lock); sl.sequence++; }
export function write_sequnlock(sl: seqlock_t): void { sl.sequence++; drop(sl.lock); }
export function write_seqlock_bh(sl: seqlock_t): void { local_bh_disable(); write_seqlock(sl); }
export function write_sequnlock_bh(sl: seqlock_t): void { write_sequnlock(sl); local_bh_enable(); }
export function read_seqcount_begin(s: seqcount_t): number { return s.sequence; }
export function read_seqcount_retry(s: seqcount_t, start: number): boolean { return s.sequence !== start; }
export function write_seqcount_begin(s: seqcount_t): void { s.sequence++; }
export function write_seqcount_end(s: seqcount_t): void { s.sequence++; }
export function raw_seqcount_begin(s: seqcount_t): number { return s.sequence; }
