import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { parse, release } from './parser';
import { codeOf } from './testing';

const SMALL = 'static int f(int a)\n{\n\treturn g(a);\n}\n';

if (!isMainThread) {
  const syntax = parse(SMALL);
  parentPort!.postMessage(syntax.ok ? syntax.value.tree.rootNode.toString() : codeOf(syntax));
} else {
  test('parses in the main thread and, at the same time, in workers', async () => {
    const here = parse(SMALL);
    assert.ok(here.ok);
    const expected = here.value.tree.rootNode.toString();
    assert.match(expected, /function_definition/);
    release(here.value);
    const inWorker = (): Promise<unknown> => new Promise((resolve, reject) => new Worker(__filename).once('message', resolve).once('error', reject));
    assert.deepEqual(await Promise.all([inWorker(), inWorker()]), [expected, expected]);
  });

  test('a text longer than the native buffer is parsed whole', () => {
    const text = SMALL.repeat(20_000), syntax = parse(text);
    assert.ok(syntax.ok);
    assert.equal(syntax.value.tree.rootNode.endIndex, text.length);
    assert.equal(syntax.value.tree.rootNode.namedChildCount, 20_000);
  });

  test('binary and huge texts are problems, at once', () => {
    assert.equal(codeOf(parse('\x7fELF\0\0\0')), 'file-binary');
    const started = performance.now(), huge = parse('int x;\n'.repeat(7_500_000));
    assert.equal(codeOf(huge), 'file-too-large');
    assert.ok(performance.now() - started < 2000);
  });
}
