/** Random scenarios: whatever the wire, the hosts' options and the sizes, bytes arrive, buffers are freed, counters return, runs end and repeat. bench/machine-random.mjs runs many more. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type {} from '../emulator/include/net/tcp';
import { checkRun, Ledger } from '../../test/unit/check-run';
import { choices, scenarioOf, type Choice } from '../../test/unit/random-scenario';
import type { Trace } from '../trace/model';
import { loadScenario, runScenario, type Scenario } from './index';
import { Run } from './run';

function load(what: object): Scenario {
  const loaded = loadScenario({ text: JSON.stringify(what), where: 'random.json' });
  assert.ok(loaded.ok, loaded.ok === false ? loaded.error.message : '');
  return loaded.value;
}

test('random transfers: every byte arrives in order, nothing leaks, every counter returns to its base, every run ends', () => {
  fc.assert(fc.property(choices(300_000), (choice: Choice) => {
    const { problems } = checkRun(load(scenarioOf(choice)));
    assert.deepEqual(problems, []);
  }), { numRuns: 300, seed: 20131204, interruptAfterTimeLimit: 38_000, markInterruptAsFailure: false });
});

/** One number for all that a trace holds. */
function digest(trace: Trace): string {
  const hash = createHash('sha256');
  for (const table of [trace.frames, trace.steps]) for (const column of Object.values(table)) if (typeof column !== 'number') hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  for (const w of trace.wire) hash.update(w.bytes).update(`${w.sent} ${w.received} ${w.from} ${w.to} ${w.packet} ${w.dropped}`);
  return hash.update(JSON.stringify([trace.events, trace.results, trace.tasks, trace.counters, trace.log])).digest('hex');
}

test('the same scenario gives the same trace, byte for byte; another seed on a lossy cable another one', () => {
  const seen = new Set<string>();
  for (const choice of fc.sample(choices(20_000), { numRuns: 5, seed: 7 })) {
    const scenario = load(scenarioOf(choice)), first = digest(runScenario(scenario, { all: true }));
    assert.equal(digest(runScenario(scenario, { all: true })), first);
    seen.add(first);
  }
  assert.equal(seen.size, 5);
});

test('the checks see what is wrong: a buffer held, a result that differs', () => {
  const plain = (steps: object[]): Scenario => load({
    id: 'wrong', warm: false, links: [{ between: ['a.eth0', 'b.eth0'] }],
    hosts: [{ name: 'a', interfaces: [{ name: 'eth0', address: '10.0.0.1/24' }], programs: [{ name: 's', after: 'b', steps: [{ call: 'socket', type: 'tcp' }, { call: 'connect', address: '10.0.0.2', port: 5000 }, { call: 'send', length: 100 }, { call: 'send', length: 50 }, { call: 'close' }] }] },
      { name: 'b', interfaces: [{ name: 'eth0', address: '10.0.0.2/24' }], programs: [{ name: 'r', steps: [{ call: 'socket', type: 'tcp' }, { call: 'bind', port: 5000 }, { call: 'listen' }, { call: 'ready' }, { call: 'accept', as: 'c' }, ...steps] }] }],
  });
  const closes = [{ call: 'close', fd: 'c' }, { call: 'close', fd: 's1' }];
  assert.deepEqual(checkRun(plain([{ call: 'recv', length: 150, until: 150, expect: 150 }, ...closes])).problems, []);
  assert.match(checkRun(plain([{ call: 'recv', length: 100, until: 100, expect: 99 }, { call: 'recv', length: 50 }, ...closes])).problems.join(), /gave 100, expected 99/);
  // Bytes that nobody reads stay on the socket that nobody closes.
  assert.match(checkRun(plain([{ call: 'recv', length: 100, until: 100 }])).problems.join(), /live sk_buffs is \d.*tcp_sockets_allocated/s);
  const ledger = new Ledger(), run = new Run(plain([{ call: 'recv', length: 150, until: 150 }, ...closes]), { silent: true, observer: ledger });
  let most = 0;
  while (run.machine.run({ steps: run.machine.probe.steps + 1000, time: Infinity }) !== '') most = Math.max(most, ...Array.from(ledger.live, (n) => n ?? 0));
  assert.ok(most > 0, 'buffers were alive on the way');
});
