// Each rule is shown a small project that breaks it, and one that does not.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { RULES, checkLayers } from './check-layers.mjs';

/** Runs one rule on a throw-away project; gives `file:line` of its violations and of its warnings (with a `?`). */
function run(rule, files) {
  const root = mkdtempSync(path.join(os.tmpdir(), 'layers-'));
  try {
    const all = { 'package.json': '{"dependencies":{}}', 'package-lock.json': '{"packages":{}}', ...files };
    for (const [name, text] of Object.entries(all)) {
      mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
      writeFileSync(path.join(root, name), text);
    }
    const [result] = checkLayers(root, { [rule]: RULES[rule] });
    return [...result.violations.map((v) => `${v.file}:${v.line}`), ...result.warnings.map((w) => `${w.file}:${w.line}?`)];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const BASE = { 'src/base/int.ts': '/** x */\nexport function u32(x: number) { return x; }\nexport type N = number;\n' };

test('layer: a lower layer may not import a higher one', () => {
  assert.deepEqual(run('layer', { ...BASE, 'src/trace/step.ts': 'import { u32 } from \'../base/int\';\nexport const s = u32(1);\n' }), []);
  assert.deepEqual(run('layer', { 'src/trace/step.ts': 'export const s = 1;\n', 'src/base/a.ts': '\nimport { s } from \'../trace/step\';\nexport const t = s;\n' }), ['src/base/a.ts:2']);
});

test('layer: files outside the table, dead imports, Node and packages', () => {
  assert.deepEqual(run('layer', { 'src/odd/a.ts': '' }), ['src/odd/a.ts:1']);
  assert.deepEqual(run('layer', { 'src/base/a.ts': 'import \'./gone\';\n' }), ['src/base/a.ts:1']);
  assert.deepEqual(run('layer', { 'src/formats/a.ts': 'import fs from \'node:fs\';\nexport const x = fs;\n' }), ['src/formats/a.ts:1']);
  assert.deepEqual(run('layer', { 'src/server/a.ts': 'import P from \'tree-sitter\';\nexport const x = P;\n' }), ['src/server/a.ts:1']);
  assert.deepEqual(run('layer', { 'src/source/a.ts': 'import P from \'tree-sitter\';\nimport fs from \'node:fs\';\nexport const x = [P, fs];\n' }), []);
});

test('layer: include sees types of trace only', () => {
  const trace = { 'src/trace/probe.ts': 'export interface Probe { n: number }\nexport const make = 1;\n' };
  assert.deepEqual(run('layer', { ...trace, 'src/emulator/include/ports.ts': 'import { Probe } from \'../../trace/probe\';\nexport interface P { probe: Probe }\n' }), []);
  assert.deepEqual(run('layer', { ...trace, 'src/emulator/include/ports.ts': 'import { make } from \'../../trace/probe\';\nexport const p = make;\n' }), ['src/emulator/include/ports.ts:1']);
});

test('vscode: only in src/extension, and not in its unit tests', () => {
  const text = 'import * as vscode from \'vscode\';\nexport const v = vscode;\n';
  assert.deepEqual(run('vscode', { 'src/extension/a.ts': text, 'src/debug/b.ts': text }), ['src/debug/b.ts:1']);
  assert.deepEqual(run('layer', { 'src/extension/a.test.ts': text }), ['src/extension/a.test.ts:1']);
});

test('lazy: activation may not reach the emulator or the parser, except by await import', () => {
  const files = { 'src/emulator/net/tcp.ts': 'export function tcp_v4_rcv() {}\n', 'src/scenario/run.ts': 'import { tcp_v4_rcv } from \'../emulator/net/tcp\';\nexport const r = tcp_v4_rcv;\n' };
  assert.deepEqual(run('lazy', { ...files, 'src/extension/extension.ts': '\nimport { r } from \'../scenario/run\';\nexport const x = r;\n' }), ['src/extension/extension.ts:2']);
  assert.deepEqual(run('lazy', { ...files, 'src/extension/extension.ts': 'export const x = () => import(\'../scenario/run\');\n' }), []);
});

test('cycle: inside the mirror yes, elsewhere no, types do not count', () => {
  const pair = (a, b) => ({ [`${a}.ts`]: `import { b } from './${path.basename(b)}';\nexport function a() { return b; }\n`, [`${b}.ts`]: `import { a } from './${path.basename(a)}';\nexport function b() { return a; }\n` });
  assert.deepEqual(run('cycle', pair('src/emulator/net/x', 'src/emulator/net/y')), []);
  assert.equal(run('cycle', pair('src/source/x', 'src/source/y')).length, 1);
  assert.deepEqual(run('cycle', { 'src/source/x.ts': 'import type { B } from \'./y\';\nexport interface A { b: B }\n', 'src/source/y.ts': 'import { A } from \'./x\';\nexport interface B { a: A }\n' }), []);
});

test('pure: no time, chance, timers, process or promises in the emulator', () => {
  const file = 'src/emulator/net/a.ts';
  assert.deepEqual(run('pure', { [file]: 'export function f() {\n  return Date.now()\n    + Math.random();\n}\nexport async function g() {}\nexport const h = process;\n' }), [2, 3, 5, 6].map((n) => `${file}:${n}`));
  assert.deepEqual(run('pure', { [file]: 'export function f(process: number, o: { Date: number }) {\n  return process + o.Date;\n}\n' }), []);
});

test('state: neither declared nor written at module level, `current` apart', () => {
  const file = 'src/emulator/net/a.ts';
  assert.deepEqual(run('state', { [file]: 'export let n = 0;\nconst seen = new Map();\nexport const ops = { send: 1 };\nexport function f() {\n  ops.send = 2;\n  const ops2 = { a: 1 };\n  ops2.a = 3;\n}\n' }), [`${file}:1`, `${file}:2`, `${file}:5`]);
  assert.deepEqual(run('state', { 'src/emulator/include/ports.ts': 'export let current: any;\nexport function set(c: any) { current = c; current.x = 1; }\n' }), []);
  assert.deepEqual(run('state', { [file]: 'const list = [1];\nexport function f(list: number[]) { list.push(1); }\nexport function g() { list.push(2); }\n' }), [`${file}:3`]);
});

test('load: nothing is computed while loading from a constant or class of the same import cycle', () => {
  const a = 'src/emulator/net/a.ts', b = 'src/emulator/net/b.ts', leaf = { 'src/emulator/include/leaf.ts': 'export const L = 1;\nexport class Base {}\n' };
  const other = "import { f } from './a';\nexport const N = 1;\nexport class K {}\nexport function g() { return f(); }\n";
  const rule = (text) => run('load', { ...leaf, [a]: `import { N, K, g } from './b';\nimport { L, Base } from '../include/leaf';\n${text}`, [b]: other });
  assert.deepEqual(rule('export function f() { return N + L; }\nexport const t = { g, l: L, get n() { return N; } };\nexport class D extends Base { n = N; }\n'), []);
  assert.deepEqual(rule('export function f() {}\nexport const M = N + 1;\n'), [`${a}:4`]);
  assert.deepEqual(rule('export function f() {}\nexport const table = {\n  k: N,\n};\n'), [`${a}:5`]);
  assert.deepEqual(rule('export function f() {}\nexport class D extends K {}\nexport const x = new K();\n'), [`${a}:4`, `${a}:5`]);
  const through = { [a]: "import { N } from '../include/all';\nexport function f() {}\nexport const M = N;\n", [b]: other, 'src/emulator/include/all.ts': "export * from '../net/b';\n" };
  assert.deepEqual(run('load', through), [`${a}:3`]);
});

test('hoist and mirror: declarations only, no try, no optional parameters', () => {
  const file = 'src/emulator/net/a.ts';
  assert.deepEqual(run('hoist', { [file]: 'export const f = () => 1;\nexport function g() { return 1; }\n' }), [`${file}:1`]);
  assert.deepEqual(run('mirror', { [file]: 'export function f(a?: number) {\n  try { return a; } finally { f(1); }\n}\nexport function g(a = 1) { return a; }\n' }), [`${file}:1`, `${file}:2`, `${file}:4`]);
  assert.deepEqual(run('mirror', { 'src/emulator/machine/a.ts': 'export function f(a?: number) {\n  try { return a; } finally { f(1); }\n}\n' }), []);
});

test('sizes: a warning first, then a violation; the mirror has its kernel file\'s size', () => {
  const lines = (n) => '// x\n'.repeat(n - 1) + 'export const a = 1;';
  assert.deepEqual(run('file-size', { 'src/base/a.ts': lines(450), 'src/base/b.ts': lines(451), 'src/base/c.ts': lines(801), 'src/emulator/net/d.ts': lines(900) }), ['src/base/c.ts:1', 'src/base/b.ts:1?']);
  const body = (n) => `function f() {\n${'  f();\n'.repeat(n - 2)}}\n`;
  assert.deepEqual(run('function-size', { 'src/base/a.ts': body(40), 'src/base/b.ts': body(41), 'src/base/c.ts': body(121) }), ['src/base/c.ts:1', 'src/base/b.ts:1?']);
});

test('docs: every folder is named, one by one or in braces', () => {
  assert.deepEqual(run('docs', { 'src/base/a.ts': '', 'src/source/parse/a.ts': '', 'ARCHITECTURE.md': 'src/base, src/{source} and src/source/{parse}' }), []);
  assert.equal(run('docs', { 'src/base/a.ts': '', 'src/based/a.ts': '', 'ARCHITECTURE.md': 'src/based' }).length, 1);
  assert.equal(run('docs', { 'src/base/a.ts': '' }).length, 1);
  assert.deepEqual(run('docstring', { 'src/base/a.ts': 'export function f() {}\n/** says */\nexport function g() {}\n' }), ['src/base/a.ts:1?']);
});

test('dependency: unknown names and changed or unshippable licences', () => {
  const project = (dependencies, packages) => ({ 'package.json': JSON.stringify({ dependencies }), 'package-lock.json': JSON.stringify({ packages }) });
  assert.deepEqual(run('dependency', project({ ajv: '8' }, { 'node_modules/ajv': { license: 'MIT' } })), []);
  assert.equal(run('dependency', project({ ajv: '8' }, { 'node_modules/ajv': { license: 'ISC' } })).length, 1);
  assert.equal(run('dependency', project({ 'left-pad': '1' }, {})).length, 1);
  assert.equal(run('dependency', project({}, { 'node_modules/x': { license: 'SSPL-1.0' } })).length, 1);
});

test('leftover: marks of unfinished work', () => {
  assert.deepEqual(run('leftover', { 'src/base/a.ts': `export const a = 1;\n// TO${'DO'}: later\n` }), ['src/base/a.ts:2']);
});
