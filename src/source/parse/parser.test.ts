import assert from 'node:assert/strict';
import { test } from 'node:test';
import Module from 'node:module';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { parse, release } from './parser';
import { codeOf, problemOf } from './testing';

const SMALL = 'static int f(int a)\n{\n\treturn g(a);\n}\n';

/** Makes `require` fail for the native module, as on a platform without one. */
function loseTheNativeModule(): void {
  const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown }, load = loader._load;
  loader._load = (request, ...rest) => {
    if (request === 'tree-sitter') throw new Error('No native build was found\nsecond line');
    return load(request, ...rest);
  };
}

if (!isMainThread) {
  if (workerData === 'no native module') loseTheNativeModule();
  const syntax = parse(SMALL);
  parentPort!.postMessage(syntax.ok ? syntax.value.tree.rootNode.toString() : `${codeOf(syntax)}: ${problemOf(syntax)?.message}`);
} else {
  const inWorker = (data?: string): Promise<unknown> => new Promise((resolve, reject) => new Worker(__filename, { workerData: data }).once('message', resolve).once('error', reject));

  test('parses in the main thread and, at the same time, in workers', async () => {
    const here = parse(SMALL);
    assert.ok(here.ok);
    const expected = here.value.tree.rootNode.toString();
    assert.match(expected, /function_definition/);
    release(here.value);
    assert.deepEqual(await Promise.all([inWorker(), inWorker()]), [expected, expected]);
  });

  test('a native module that cannot load is a problem that says what still works', async () => {
    assert.match(String(await inWorker('no native module')), /^parser-not-loaded: .*No native build was found\. Reinstall skbwalk .* work without it\.$/);
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
