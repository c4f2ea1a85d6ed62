import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtinScenarios, loadScenario } from './index';
import { copyOfScenario } from './text';

test('the copy of every built-in is the same scenario under another name, in lines that a person reads', () => {
  for (const { id } of builtinScenarios()) {
    const text = copyOfScenario(id)!, copy = loadScenario({ text, where: 'copy.json' }), own = loadScenario({ id });
    assert.ok(copy.ok && own.ok, id);
    assert.deepEqual(copy.value, { ...own.value, id: `my-${id}` });
    assert.ok(text.split('\n').every((line) => line.length <= 400), id);
    if (text.includes('"steps"')) assert.match(text, /^ {12}\{"call": "\w+"/m, id);
  }
  assert.equal(copyOfScenario('none'), null);
});
