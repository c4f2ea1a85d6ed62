/** Scenario files that are wrong say where and what to do. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { builtinScenarios, loadScenario } from './index';

const message = (text: string): string => {
  const loaded = loadScenario({ text, where: 'mine.json' });
  assert.ok(loaded.ok === false, 'this should not load');
  return loaded.error.message;
};

test('every built-in scenario loads, and has a title and a sentence about it', () => {
  for (const info of builtinScenarios()) {
    const loaded = loadScenario({ id: info.id });
    assert.ok(loaded.ok, `${info.id}: ${loaded.ok === false ? loaded.error.message : ''}`);
    assert.equal(loaded.value.id, info.id);
    assert.ok(info.title.length > 3 && info.about.length > 10, `${info.id} says what it shows`);
  }
});

test('an unknown id names what is near', () => {
  const loaded = loadScenario({ id: 'tcp-send' });
  assert.ok(loaded.ok === false);
  assert.match(loaded.error.message, /tcp-send-64/);
});

test('broken JSON, wrong types, unknown steps and unknown devices are told with their place', () => {
  assert.match(message('{"id": "x",,}'), /mine\.json/);
  assert.match(message('{"id": "x", "hosts": 5}'), /hosts/);
  assert.match(message('{"id": "x", "title": "t", "hosts": [{"name": "a", "programs": [{"name": "p", "steps": [{"call": "fly"}]}]}]}'), /call|steps/);
  assert.match(message('[]'), /mine\.json|object/);
  assert.match(message(''), /mine\.json|JSON/);
});

test('queues that igb cannot have are refused, those that it has are taken', () => {
  const nic = (cpus: number, queues: object): string => JSON.stringify({ id: 'x', title: 'queues', hosts: [{ name: 'a', cpus, interfaces: [{ name: 'eth0', address: '10.0.0.1/24', interrupts: [0], queues }] }] });
  assert.match(message(nic(2, { rx: 4 })), /mine\.json:1:.*rx queue per CPU, so 2 on host a.*cpus/);
  assert.match(message(nic(4, { tx: 1 })), /tx queue per CPU, so 4/);
  const loaded = loadScenario({ text: nic(4, { rx: 4, tx: 4 }), where: 'mine.json' });
  assert.ok(loaded.ok, loaded.ok === false ? loaded.error.message : '');
});

test('any text is either a scenario or a problem with a sentence, never an exception', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
    const loaded = loadScenario({ text, where: 'any.json' });
    if (loaded.ok === false) assert.ok(loaded.error.message.length > 10);
  }), { numRuns: 300 });
});

test('the examples of docs/scenarios.md are scenarios', () => {
  const whole = [...readFileSync('docs/scenarios.md', 'utf8').matchAll(/```jsonc?\n([\s\S]*?)```/g)].map((m) => m[1]).filter((text) => /"hosts"/.test(text));
  assert.ok(whole.length > 0);
  for (const text of whole) {
    const loaded = loadScenario({ text, where: 'docs/scenarios.md' });
    assert.ok(loaded.ok, loaded.ok === false ? loaded.error.message : '');
  }
});
