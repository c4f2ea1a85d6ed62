import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { MachineEvent, MachinePort } from '../include/ports';
import { type CarriedFrame, type Frame, type NetPort, Wire, type WireOptions, wireBytes } from './wire';

/** A machine that only has events and random numbers. */
class Events {
  now = 0;
  seed = 1;
  readonly doomed = new Set<number>();
  readonly queue: { time: number; n: number; fire: () => void; cancelled: boolean }[] = [];
  private n = 0;
  at(time: number, fire: () => void): MachineEvent {
    const event = { time, n: this.n++, fire, cancelled: false };
    this.queue.push(event);
    return event;
  }
  random(): number { return (this.seed = (Math.imul(this.seed, 1103515245) + 12345) >>> 0); }
  packet_event(): void { /* not looked at */ }
  run(): void {
    while (this.queue.length) {
      this.queue.sort((a, b) => a.time - b.time || a.n - b.n);
      const event = this.queue.shift();
      this.now = event.time;
      if (!event.cancelled) event.fire();
    }
  }
  port(): MachinePort { return this as unknown as MachinePort; }
}

class Ear implements NetPort {
  ready = true;
  readonly heard: { frame: Frame; time: number }[] = [];
  readonly links: boolean[] = [];
  constructor(readonly name: string, private readonly events: Events) {}
  receive(frame: Frame): void { this.heard.push({ frame, time: this.events.now }); }
  linkChanged(up: boolean): void { this.links.push(up); }
}

function pair(options: Partial<WireOptions>, ends = 2): { events: Events; wire: Wire; ears: Ear[]; carried: CarriedFrame[] } {
  const events = new Events(), wire = new Wire(events.port(), options), carried: CarriedFrame[] = [];
  wire.tap = (frame) => carried.push(frame);
  const ears = Array.from({ length: ends }, (_, i) => new Ear('abc'[i], events));
  for (const ear of ears) wire.attach(ear);
  wire.update();
  return { events, wire, ears, carried };
}

const frame = (packet: number): Frame => ({ bytes: new Uint8Array(100), packet });

test('a frame arrives at every other end after the delay, and not at its sender', () => {
  const { events, wire, ears, carried } = pair({ delay: 700 }, 3);
  wire.carry(ears[0], frame(7), 1000);
  events.run();
  assert.deepEqual(ears.map((e) => e.heard.map((h) => [h.frame.packet, h.time])), [[], [[7, 1700]], [[7, 1700]]]);
  assert.deepEqual(carried.map((c) => [c.time, c.from, c.to, c.fate]), [[1000, 'a', 'b,c', 'arrived']]);
});

test('serialisation counts padding, checksum, preamble and gap', () => {
  assert.equal(wireBytes(42), 84);
  assert.equal(wireBytes(1514), 1538);
  assert.equal(pair({ rate: 1e9 }).wire.serialisation(60), 672);
  assert.equal(pair({ rate: 1e8 }).wire.serialisation(1514), 123040);
});

test('frames on the drop list are lost, by direction and ordinal', () => {
  const { events, wire, ears, carried } = pair({ drop: ['a:2', 'b:1'] });
  for (let i = 1; i <= 3; i++) wire.carry(ears[0], frame(i), i * 1000);
  wire.carry(ears[1], frame(9), 5000);
  events.run();
  assert.deepEqual(ears[1].heard.map((h) => h.frame.packet), [1, 3]);
  assert.deepEqual(ears[0].heard, []);
  assert.deepEqual(carried.map((c) => c.fate), ['arrived', 'lost', 'arrived', 'lost']);
});

test('a doomed packet loses its next frame, and only that', () => {
  const { events, wire, ears, carried } = pair({});
  events.doomed.add(2);
  for (const [i, packet] of [1, 2, 2].entries()) wire.carry(ears[0], frame(packet), i * 1000);
  events.run();
  assert.deepEqual(ears[1].heard.map((h) => h.frame.packet), [1, 2]);
  assert.deepEqual([carried.map((c) => c.fate), events.doomed.size], [['arrived', 'lost', 'arrived'], 0]);
});

test('the link is up only while all ends are ready, and the ends are told of changes once', () => {
  const { events, wire, ears, carried } = pair({});
  assert.equal(wire.up, true);
  ears[1].ready = false;
  wire.update();
  wire.update();
  wire.carry(ears[0], frame(1), 10);
  events.run();
  assert.deepEqual(ears[0].links, [true, false]);
  assert.deepEqual(ears[1].heard, []);
  assert.equal(carried[0].fate, 'lost');
});

test('whatever the faults: each frame arrives once, twice or never as its fate says, and the same seed gives the same run', () => {
  const rate = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(rate, rate, rate, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 1 << 30 }), (loss, duplicate, reorder, frames, seed) => {
    const runs = [0, 1].map(() => {
      const { events, wire, ears, carried } = pair({ loss, duplicate, reorder });
      events.seed = seed;
      for (let i = 0; i < frames; i++) wire.carry(ears[0], frame(i), i * 1500);
      events.run();
      const times = carried.map((c, i) => ears[1].heard.filter((h) => h.frame.packet === i).length === { arrived: 1, lost: 0, reordered: 1, duplicated: 2 }[c.fate]);
      assert.ok(times.every(Boolean));
      return JSON.stringify(ears[1].heard.map((h) => [h.frame.packet, h.time]));
    });
    assert.equal(runs[0], runs[1]);
  }));
});
