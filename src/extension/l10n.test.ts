import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { HELP_WORDS } from '../cli/help';
import { MESSAGES } from '../debug/messages';
import { exporters } from '../formats/registry';
import { GRAPH_WORDS, NEIGHBOURHOOD_WORDS } from './panels/strings';

const read = (file: string): Record<string, string> => JSON.parse(readFileSync(file, 'utf8'));
const sources = (dir: string): string[] => readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts') && !f.endsWith('.test.ts')).map((f) => readFileSync(path.join(dir, f), 'utf8'));

/** Texts that go through the translation: literal first arguments of l10n.t, this.t, t. */
function textsInCode(): Set<string> {
  const out = new Set<string>([...GRAPH_WORDS, ...NEIGHBOURHOOD_WORDS, ...MESSAGES, ...HELP_WORDS, ...exporters.map((e) => e.title)]);
  for (const text of [...sources('src/extension'), ...sources('src/debug'), ...sources('src/server'), ...sources('src/cli')]) {
    for (const m of text.matchAll(/(?:\bl10n\.t|\bthis\.t|\bio\.t|[^\w.]t|\bUsageError)\(\s*'((?:[^'\\]|\\.)*)'/g)) out.add(JSON.parse(`"${m[1].replace(/"/g, '\\"').replace(/\\'/g, "'")}"`));
  }
  for (const scope of ['Locals', 'Packet', 'Socket', 'Device', 'Host']) out.add(scope);
  return out;
}

const scenarios = readdirSync('scenarios').filter((f) => f.endsWith('.json')).map((f) => read(path.join('scenarios', f)));

test('every text has its Chinese, and no translation is left over', () => {
  const english = read('l10n/bundle.l10n.json'), chinese = read('l10n/bundle.l10n.zh-cn.json'), used = textsInCode(), told = new Set(scenarios.flatMap(({ title, about }) => [title, about ?? '']));
  const code = (keys: Record<string, string>): string[] => Object.keys(keys).filter((key) => used.has(key) || !told.has(key)).sort();
  assert.deepEqual(code(english), [...used].sort());
  assert.deepEqual(code(chinese), [...used].sort());
});

test('what scenarios say is translated: every title, and all but a few of the explanations', () => {
  const english = read('l10n/bundle.l10n.json'), chinese = read('l10n/bundle.l10n.zh-cn.json'), has = (text: string): boolean => Object.hasOwn(english, text) && Object.hasOwn(chinese, text);
  assert.deepEqual(scenarios.map(({ title }) => title).filter((title) => !has(title)), []);
  // An explanation may be sharpened without Chinese at hand; it is shown in English meanwhile.
  const without = scenarios.map(({ about }) => about).filter((about) => about && !has(about));
  assert.ok(without.length <= scenarios.length / 10, without.join('\n'));
});

test('the webviews show no word that they were not given', () => {
  const given = new Set<string>([...GRAPH_WORDS, ...NEIGHBOURHOOD_WORDS]), used = new Set<string>();
  for (const text of sources('src/webview')) for (const m of text.matchAll(/(?<![\w.])t\(\s*'((?:[^'\\]|\\.)*)'/g)) used.add(m[1]);
  assert.ok(used.size > 20);
  assert.deepEqual([...used].filter((word) => !given.has(word)), []);
});

test('gaps of a text are those of its translation', () => {
  const gaps = (s: string): string[] => [...s.matchAll(/\{\d\}/g)].map((m) => m[0]).sort();
  for (const [text, translated] of Object.entries(read('l10n/bundle.l10n.zh-cn.json'))) assert.deepEqual(gaps(translated), gaps(text), text);
});

test('package.json names only texts that both languages have', () => {
  const used = [...readFileSync('package.json', 'utf8').matchAll(/"%([\w.]+)%"/g)].map((m) => m[1]), english = read('package.nls.json'), chinese = read('package.nls.zh-cn.json');
  for (const key of used) assert.ok(english[key] && chinese[key], key);
  assert.deepEqual(Object.keys(chinese).sort(), Object.keys(english).sort());
  assert.deepEqual(Object.keys(english).filter((key) => !used.includes(key)), []);
});

test('launch.json completes to the scenarios that there are', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  const scenario = manifest.contributes.debuggers[0].configurationAttributes.launch.properties.scenario;
  const files = readdirSync('scenarios').filter((f) => f.endsWith('.json')).map((f) => f.slice(0, -5)).sort();
  assert.deepEqual(scenario.anyOf[0].enum, files);
});
