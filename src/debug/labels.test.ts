import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ThreadRow } from '../protocol/engine';
import { contextLabel, threadName } from './labels';

const t = (text: string, ...args: (string | number)[]): string => text.replace(/\{(\d)\}/g, (_, i: string) => String(args[Number(i)]));
const row = (more: Partial<ThreadRow>): ThreadRow => ({ id: 1, kind: 'task', host: 'a', cpu: 1, pid: 6, comm: 'nt', ...more });

test('the idle tasks of two CPUs can be told apart', () => {
  const idle = [0, 1].map((cpu) => row({ cpu, pid: 0, comm: '<idle>' }));
  assert.deepEqual(idle.map((r) => threadName(r, t)), ['a: idle task CPU 0', 'a: idle task CPU 1']);
  assert.equal(contextLabel(idle[1], t), 'idle task of CPU 1 of host a');
  assert.equal(threadName(row({}), t), 'a: nt (6)');
});
