import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableResolver, tinyRun } from '../../test/unit/tiny-run';
import type { StepAction } from '../protocol/engine';
import { Places } from './places';
import { Stepper } from './stepper';
import { Threads } from './threads';

function make(skipMinor = false): { stepper: Stepper; at: () => string; move: (action: StepAction) => string; threads: Threads } {
  const { trace, lines } = tinyRun(), places = new Places(trace, tableResolver(lines)), threads = new Threads(trace), stepper = new Stepper(trace, places, threads, skipMinor);
  const at = (): string => `${trace.functions[trace.frames.fn[trace.steps.frame[stepper.step]]].name}:${places.line(stepper.step)}`;
  stepper.goto(stepper.first());
  const move = (action: StepAction): string => {
    stepper.move(action, threads.threadOf(trace.steps.frame[stepper.step]), 'line', () => []);
    return at();
  };
  return { stepper, at, move, threads };
}

const IN_ORDER = ['sys_sendto:10', 'sys_sendto:12', 'sys_sendto:13', 'lookup:2', 'lookup:4', 'tcp_sendmsg:20', 'tcp_sendmsg:22', 'tcp_sendmsg:24', 'igb_msix_ring:50', 'igb_msix_ring:52',
  'tcp_sendmsg:25', 'tcp_sendmsg:24', 'tcp_sendmsg:25', 'sys_sendto:15', 'tcp_v4_rcv:40', 'tcp_v4_rcv:42'];

test('stepping in visits every line once per pass, and not the rest of a line after a call', () => {
  const { at, move, stepper } = make(), seen = [at()];
  while (stepper.step < stepper.last()) seen.push(move('in'));
  assert.deepEqual(seen, IN_ORDER);
  assert.equal(move('in'), 'tcp_v4_rcv:42', 'the end holds');
});

test('stepping back visits the same lines in reverse', () => {
  const { at, move, stepper } = make();
  stepper.goto(stepper.last());
  const seen = [at()];
  while (stepper.step > stepper.first()) seen.push(move('back'));
  assert.deepEqual(seen, [...IN_ORDER].reverse());
  assert.equal(move('back'), 'sys_sendto:10', 'the start holds');
});

test('step over stays in the frame, through calls and interrupts, and goes on to the caller', () => {
  const { move } = make();
  assert.deepEqual(['over', 'over', 'over'].map((a) => move(a as StepAction)), ['sys_sendto:12', 'sys_sendto:13', 'sys_sendto:15']);
  assert.equal(move('over'), 'tcp_v4_rcv:40', 'after the last line of the last frame: whatever comes next in time');
});

test('step over inside a callee does not enter the interrupt', () => {
  const { move, at } = make();
  while (at() !== 'tcp_sendmsg:24') move('in');
  assert.equal(move('over'), 'tcp_sendmsg:25');
});

test('step out of an interrupt lands in what it interrupted; out of a call in its caller', () => {
  const { move, at } = make();
  while (at() !== 'igb_msix_ring:50') move('in');
  assert.equal(move('out'), 'tcp_sendmsg:25');
  assert.equal(move('out'), 'sys_sendto:15');
});

test('step back undoes a step over', () => {
  const { move } = make();
  move('over');
  move('over');
  assert.equal(move('over'), 'sys_sendto:15');
  assert.equal(move('back'), 'sys_sendto:13');
  assert.equal(move('back'), 'sys_sendto:12');
});

test('accessors are left out when asked for', () => {
  const { move, at } = make(true);
  while (at() !== 'sys_sendto:13') move('in');
  assert.equal(move('in'), 'tcp_sendmsg:20');
});

test('the furthest step is kept', () => {
  const { move, stepper } = make();
  move('in');
  move('in');
  const far = stepper.step;
  move('back');
  assert.equal(stepper.visited, far);
  assert.ok(stepper.step < far);
});

test('continue and reverse run to a hit, else to the ends', () => {
  const { stepper, at } = make();
  const hit = (s: number): number[] => (s === 9 ? [5] : []);
  assert.deepEqual(stepper.move('continue', 1, 'line', () => []).reason, 'end');
  assert.equal(at(), 'tcp_v4_rcv:42');
  const back = stepper.move('reverse', 1, 'line', hit);
  assert.deepEqual([back.reason, back.breakpoints, back.step], ['breakpoint', [5], 9]);
  assert.equal(stepper.move('reverse', 1, 'line', hit).reason, 'start');
});

test('threads are contexts, and stacks go down through what was interrupted', () => {
  const { stepper, threads, at, move } = make();
  assert.deepEqual(threads.rows.map((r) => `${r.host} ${r.kind}`), ['a task', 'a hardirq', 'a nic', 'b softirq']);
  while (at() !== 'igb_msix_ring:52') move('in');
  const { trace } = tinyRun(), names = (thread: number): string[] => threads.stack(thread, stepper.step).map(({ frame }) => trace.functions[trace.frames.fn[frame]].name);
  assert.deepEqual(names(2), ['igb_msix_ring', 'tcp_sendmsg', 'sys_sendto']);
  assert.deepEqual(names(1), ['tcp_sendmsg', 'sys_sendto'], 'another thread shows where it stands');
  assert.deepEqual(names(4), [], 'one that has not begun shows nothing');
  stepper.goto(stepper.last());
  assert.deepEqual(names(1), [], 'nor one that has left the kernel');
});
