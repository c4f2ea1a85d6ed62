/** The event queue keeps time order, and insertion order at one time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EventQueue } from './events';

test('events come out by time, same-time events in the order they went in, cancelled ones never', () => {
  fc.assert(fc.property(fc.array(fc.record({ time: fc.nat(20), cancel: fc.boolean() }), { maxLength: 200 }), (list) => {
    const queue = new EventQueue(), out: number[] = [];
    list.forEach((e, i) => { queue.push(e.time, null, () => out.push(i)).cancelled = e.cancel; });
    for (let event = queue.peek(); event !== null; event = queue.peek()) queue.pop().fire();
    const expected = list.map((e, i) => ({ ...e, i })).filter((e) => !e.cancel).sort((a, b) => a.time - b.time || a.i - b.i).map((e) => e.i);
    assert.deepEqual(out, expected);
  }));
});

test('an event that is put back keeps its place', () => {
  const queue = new EventQueue(), out: string[] = [];
  const first = queue.push(5, null, () => out.push('first'));
  queue.push(5, null, () => out.push('second'));
  assert.equal(queue.peek(), first);
  queue.insert(queue.pop());
  while (queue.peek() !== null) queue.pop().fire();
  assert.deepEqual(out, ['first', 'second']);
});
