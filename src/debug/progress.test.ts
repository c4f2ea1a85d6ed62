import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { Progress } from './progress';

test('only long work is shown, to a client that shows progress, and its end too when it fails', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const sent: DebugProtocol.Event[] = [], progress = new Progress((event) => { sent.push(event); });
  const long = async (title: string, end: Promise<number>, wait: number): Promise<number> => {
    const work = progress.during(title, end);
    context.mock.timers.tick(wait);
    return work;
  };
  assert.equal(await long('before the client said so', Promise.resolve(1), 5000), 1);
  progress.isShown = true;
  assert.equal(await long('short', Promise.resolve(2), 10), 2);
  assert.deepEqual(sent, []);
  assert.equal(await long('long', Promise.resolve(3), 5000), 3);
  await assert.rejects(long('failing', Promise.reject(new Error('no')), 5000), /no/);
  assert.deepEqual(sent.map((e) => [e.event, e.body.title]), [['progressStart', 'long'], ['progressEnd', undefined], ['progressStart', 'failing'], ['progressEnd', undefined]]);
  assert.equal(sent[0].body.progressId, sent[1].body.progressId);
});
