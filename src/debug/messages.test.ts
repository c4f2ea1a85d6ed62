import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { tinyPorts } from '../../test/unit/tiny-run';
import { Engine, EngineError } from './engine';
import type { Translate } from './labels';
import { MESSAGES, localise } from './messages';

const chinese: Record<string, string> = JSON.parse(readFileSync('l10n/bundle.l10n.zh-cn.json', 'utf8'));
const t: Translate = (text, ...args) => (chinese[text] ?? text).replace(/\{(\d)\}/g, (_, i: string) => String(args[Number(i)]));

test('sentences of the engine come in the user\'s language, with their names', () => {
  const engine = new Engine(tinyPorts()), said = (work: () => unknown): string => {
    try { work(); } catch (error) { if (error instanceof EngineError) return localise(error.problem.message, t); throw error; }
    return '';
  };
  const launch = { scenario: 'tiny', kernel: '/tree', storage: '' };
  for (const [sentence, names] of [[said(() => engine.graph()), ['skbwalk: Trace...']], [said(() => engine.open({ ...launch, host: 'z' })), ['tiny', 'z', 'a, b']], [said(() => engine.open({ ...launch, entry: 'nope' })), ['tiny', 'nope']]] as const) {
    assert.match(sentence, /[\u4e00-\u9fff]/);
    for (const name of names) assert.ok(sentence.includes(name), `${name} in ${sentence}`);
  }
});

test('of two that fit the narrower one is taken, and what is unknown stays as it is', () => {
  const marked: Translate = (text, ...args) => `${text}|${args.join('|')}`;
  assert.equal(localise('tcp_x is at net/a.c:5, but Linux 6.1 has no such call (foo) in it.', marked), '{0} is at {1}, but Linux {2} has no such {3} ({4}) in it.|tcp_x|net/a.c:5|6.1|call|foo');
  assert.equal(localise('/k/net is a folder inside the kernel tree /k. Open /k instead.', marked), '{0} is a folder inside the kernel tree {1}. Open {1} instead.|/k/net|/k');
  assert.equal(localise('Something else', marked), 'Something else|');
});

test('a place before a sentence stays, and what stands in a sentence is translated, too', () => {
  assert.equal(localise('my.json:3:7: "cpus" must be 8 or less. media/scenario.schema.json lists what a scenario may hold.', t), 'my.json:3:7: “cpus”必须不大于 8。media/scenario.schema.json 列出场景可以包含的内容。');
  assert.equal(localise('my.json:1:2: this is no JSON (a colon is missing). Mend it there and run again.', t), 'my.json:1:2: 这不是 JSON（缺少冒号）。请在该处改正后重新运行。');
  // A name is no sentence, whatever it is called.
  assert.equal(localise('host Help has two programs called "Device"', t), '主机 Help 有两个名为“Device”的程序');
});

/** The texts of fail('code', ...) and of messages in problems, with `@` for what is filled in. */
function written(code: string): string[] {
  const out: string[] = [];
  for (const m of code.matchAll(/(?:fail\('[\w-]+', |message: |yield \{ path: [^\n]*?message: )(?=[`'])/g)) {
    const at = m.index + m[0].length, quote = code[at];
    let text = '', k = at + 1;
    for (let depth = 0; code[k] !== quote || depth > 0; k++) {
      if (code.startsWith('${', k)) { if (depth++ === 0) text += '@'; k++; }
      else if (depth > 0) depth += code[k] === '{' ? 1 : code[k] === '}' ? -1 : 0;
      else if (code[k] === '\\') text += code[++k];
      else text += code[k];
    }
    out.push(text);
  }
  return out;
}

/** Sentences for whoever works on skbwalk, about broken data, reasons nobody is told, and mistakes of its own; and a part of a sentence. */
const OURS = /anchor table|^@ does not start with|^@: |columns|C parser|took longer|The text has|This is a binary file|is not a path inside the kernel tree|is no anchor|^There is no saved index|^The saved index is of another|^must be a step/;

test('every problem that a user may meet has its pattern', () => {
  const isKnown = (sentence: string): boolean => localise(sentence, (pattern) => (MESSAGES.includes(pattern) ? 'known' : '')) === 'known', unknown: string[] = [];
  for (const dir of ['src/scenario', 'src/cli', 'src/source', 'src/debug', 'src/formats']) {
    for (const file of readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts') && f !== 'messages.ts')) {
      const sentences = written(readFileSync(path.join(dir, file), 'utf8')).filter((text) => !OURS.test(text)).map((text) => text.replace(/^@(:1:1)?: /, '').replace(/@/g, 'x'));
      unknown.push(...sentences.filter((text) => text !== 'x' && text !== '' && !isKnown(text)).map((text) => `${file}: ${text}`));
    }
  }
  assert.deepEqual(unknown, []);
});

test('every pattern is a sentence that is still written somewhere', () => {
  const code = ['src/debug', 'src/source', 'src/server', 'src/scenario', 'src/extension', 'src/cli', 'src/formats', 'src/emulator/machine'].flatMap((dir) => readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts') && f !== 'messages.ts').map((f) => readFileSync(path.join(dir, f), 'utf8'))).join('\n').replace(/\\'/g, '\'');
  for (const text of MESSAGES) {
    const longest = text.split(/\{\d\}/).reduce((a, b) => (b.length > a.length ? b : a)).trim().replace(/^\W+|[\s.(]+$/g, '');
    assert.ok(code.includes(longest), `nobody writes: ${longest}`);
  }
});
