/** What waking costs: a task of the waking CPU, of another that sleeps, of another that is busy. Figures in the assertions are those of the recordings. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { current, type Gen, type Host, type Task } from '../include/ports';
import { newCpu } from './cpu';
import { Machine } from './machine';

/** ns a step, as on the recorded machines. */
const STEP = 1200;
const LIMITS = { steps: Infinity, time: Infinity };

function twoCpus(): { machine: Machine; host: Host } {
  const machine = new Machine(1, STEP, { packetEvent: () => undefined });
  const host = { name: 'a', index: 0, cpus: [], tasks: [], next_pid: 1 } as unknown as Host;
  host.cpus.push(newCpu(0, host), newCpu(1, host));
  machine.addHost(host);
  current.cpu = host.cpus[0];
  return { machine, host };
}

function wake(machine: Machine, task: Task): void {
  task.state = 0;
  machine.wake(task);
}

/** us from the wake-up, in an interrupt of CPU `from` after `slept` ns of idling, until a task of CPU 0 that sleeps goes on. */
function latency(from: number, slept: number): number {
  const { machine, host } = twoCpus();
  let woken = NaN, went = NaN;
  const sleeper = machine.kthread(host.cpus[0], 'sleeper', function* (): Gen<void> {
    current.task.state = 1;
    yield 'sleep';
    went = machine.now();
  });
  machine.interrupt_at(slept, host.cpus[from], () => { woken = machine.now(); wake(machine, sleeper); });
  assert.match(machine.run(LIMITS), /^deadlock/);
  assert.equal(sleeper.state, 64, 'it has ended');
  return (went - woken) / 1000;
}

test('a task woken from the other CPU waits for that CPU to be asked and to leave its sleep; longer when it had slept for long', () => {
  const own = latency(0, 50e6), other = latency(1, 50e6), longAsleep = latency(1, 1e9);
  assert.ok(own > 20 && own < 100, `from its own CPU: ${own} us`);
  assert.ok(other > 100 && other < 300, `from the other CPU: ${other} us`);
  assert.ok(longAsleep > 500 && longAsleep < 900, `from the other CPU after a second: ${longAsleep} us`);
});

test('the CPU that wakes goes on meanwhile: only the woken task waits', () => {
  const { machine, host } = twoCpus();
  const order: string[] = [];
  const sleeper = machine.kthread(host.cpus[0], 'sleeper', function* (): Gen<void> {
    current.task.state = 1;
    yield 'sleep';
    order.push('sleeper');
  });
  machine.interrupt_at(50e6, host.cpus[1], () => { wake(machine, sleeper); order.push('waker'); });
  machine.interrupt_at(50e6 + 60_000, host.cpus[1], () => { order.push('next interrupt'); });
  machine.run(LIMITS);
  assert.deepEqual(order, ['waker', 'next interrupt', 'sleeper']);
});

test('a CPU that is busy needs no asking: the woken task goes on when the running one has given way', () => {
  const { machine, host } = twoCpus();
  let went = NaN, gave = NaN;
  const sleeper = machine.kthread(host.cpus[0], 'sleeper', function* (): Gen<void> {
    current.task.state = 1;
    yield 'sleep';
    went = machine.now();
  });
  machine.kthread(host.cpus[0], 'busy', function* (): Gen<void> {
    machine.spend(50e6);
    yield 'resched';
    machine.spend(50e6);
    gave = machine.now();
  });
  // while `busy` is in its second stretch
  machine.interrupt_at(50e6 + 1000, host.cpus[1], () => { wake(machine, sleeper); });
  machine.run(LIMITS);
  assert.ok(gave > 100e6, `${gave}`);
  assert.ok(went >= gave && went - gave < 100_000, `${(went - gave) / 1000} us after it`);
});

test('a task that is queued or runs already is not woken twice', () => {
  const { machine, host } = twoCpus();
  let times = 0;
  const sleeper = machine.kthread(host.cpus[0], 'sleeper', function* (): Gen<void> {
    for (;;) {
      current.task.state = 1;
      yield 'sleep';
      times++;
    }
  });
  machine.interrupt_at(50e6, host.cpus[1], () => { wake(machine, sleeper); wake(machine, sleeper); });
  machine.interrupt_at(50e6 + 10_000, host.cpus[1], () => { wake(machine, sleeper); });
  machine.run(LIMITS);
  assert.equal(times, 1);
  assert.equal(host.cpus[0].runqueue.length, 0);
});
