/** The capture's clock: a host's frames keep their order, an answer never comes before what it answers; and memory is bounded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CarriedFrame } from '../emulator/machine/wire';
import { Capture } from './capture';

const frame = (from: string, to: string, time: number, fate: CarriedFrame['fate'] = 'arrived'): CarriedFrame => ({ from: `${from}.eth0`, to: `${to}.eth0`, time, fate, packet: 1, bytes: new Uint8Array(60) });
const sent = (capture: Capture): string[] => capture.sorted().map((k) => `${k.frame.from[0]} ${k.sent}`);

test('a host that is behind another keeps its own time, as long as it answers nothing', () => {
  const capture = new Capture();
  capture.add(frame('a', 'b', 5000), 100, true);
  capture.add(frame('a', 'b', 5010), 100, true);
  capture.add(frame('b', 'a', 3000), 100, true);
  assert.deepEqual(sent(capture), ['b 3000', 'a 5000', 'a 5010']);
});

test('frames of one host never change places, and an answer comes after what had arrived', () => {
  const capture = new Capture();
  capture.add(frame('a', 'b', 5000), 100, true);
  capture.add(frame('a', 'b', 4000), 100, true);
  assert.deepEqual(sent(capture), ['a 5000', 'a 5000']);
  capture.stamps.reach(5200);
  capture.add(frame('b', 'a', 4500), 100, true);
  assert.deepEqual(sent(capture), ['a 5000', 'a 5000', 'b 5100']);
});

test('what was lost on the way is answered by nobody', () => {
  const capture = new Capture();
  capture.add(frame('a', 'b', 5000, 'lost'), 100, true);
  capture.stamps.reach(9000);
  capture.add(frame('b', 'a', 4500), 100, true);
  assert.deepEqual(sent(capture), ['b 4500', 'a 5000']);
});

test('a full capture counts what it misses, and frames of traced windows have room of their own', () => {
  const capture = new Capture(1000);
  for (let i = 0; i < 2500; i++) capture.add(frame('a', 'b', i), 10, false);
  assert.ok(capture.frames.length < 5 && capture.missed === 2500 - capture.frames.length, `${capture.frames.length} kept`);
  capture.add(frame('a', 'b', 3000), 10, true);
  assert.equal(capture.frames.at(-1)!.sent, 3000);
});
