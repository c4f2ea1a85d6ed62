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

test('every pattern is a sentence that is still written somewhere', () => {
  const code = ['src/debug', 'src/source', 'src/server', 'src/scenario', 'src/extension'].flatMap((dir) => readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts') && f !== 'messages.ts').map((f) => readFileSync(path.join(dir, f), 'utf8'))).join('\n').replace(/\\'/g, '\'');
  for (const text of MESSAGES) {
    const longest = text.split(/\{\d\}/).reduce((a, b) => (b.length > a.length ? b : a)).trim().replace(/^\W+|\.$/g, '');
    assert.ok(code.includes(longest), `nobody writes: ${longest}`);
  }
});
