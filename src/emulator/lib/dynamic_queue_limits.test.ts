import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FrameStack } from '../../trace/probe';
import { current, type Cpu, type Host } from '../include/ports';
import { dql, dql_avail, dql_completed, dql_init, dql_queued } from '../include/linux/dynamic_queue_limits';
import { HZ, TICK_NSEC } from '../include/linux/jiffies';

/** A clock, and probes that record nothing, are all that these functions need of the machine. */
function clock(): Cpu {
  const host = { jiffies: 0 } as Host, cpu = { clock: 0, host, spent: new Float64Array(4), preempt_count: 0 } as unknown as Cpu;
  current.host = host;
  current.cpu = cpu;
  current.stack = new FrameStack();
  current.probe = { steps: 0, stepCost: 1200, warmCost: 1200, cools: 0, stopAt: -1, horizon: Infinity, recorder: null, poll: () => { /* no events */ }, stop: () => { throw new Error('stopped'); } };
  return cpu;
}

function fresh(): dql {
  const q = new dql();
  dql_init(q, HZ);
  return q;
}

test('a starved queue raises its limit by what was completed', () => {
  clock();
  const q = fresh();
  assert.equal(q.limit, 0);
  dql_queued(q, 1000);
  assert.equal(dql_avail(q), -1000, 'the first object goes over the limit of 0 and stops the queue');
  dql_completed(q, 1000);
  assert.equal(q.limit, 1000);
  assert.equal(dql_avail(q), 1000);
});

test('a queue that never empties loses its slack after the hold time', () => {
  const cpu = clock(), q = fresh();
  q.limit = 100_000;
  q.adj_limit = 100_000;
  dql_queued(q, 3000);
  const before = q.limit;
  for (let i = 0; i < 2 * HZ; i++) {
    dql_queued(q, 1500);
    dql_completed(q, 1500);
    cpu.clock += TICK_NSEC;
  }
  assert.ok(q.limit < before, `the limit should have come down from ${before}, it is ${q.limit}`);
});

test('limits stay in bounds and nothing is lost, whatever is queued and completed', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 70_000 }), fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 50_000_000 }))), (steps) => {
    const cpu = clock(), q = fresh();
    let inFlight = 0;
    for (const [bytes, share, wait] of steps) {
      if (dql_avail(q) >= 0) { dql_queued(q, bytes); inFlight += bytes; }
      const done = Math.floor((inFlight * share) / 100);
      if (done > 0) { dql_completed(q, done); inFlight -= done; }
      cpu.clock += wait;
      assert.equal((q.num_queued - q.num_completed) >>> 0, inFlight);
      assert.ok(q.limit >= q.min_limit && q.limit <= q.max_limit);
    }
    if (inFlight > 0) dql_completed(q, inFlight);
    assert.ok(dql_avail(q) >= 0, 'an empty queue may always send');
  }));
});
