/** Every initialiser of per-host and per-CPU kernel variables is called. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

function* sources(dir: string): Generator<string> {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const file = path.join(dir, entry.name);
    if (entry.isDirectory()) yield* sources(file);
    else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts')) yield file;
  }
}

test('globals.ts names every *_globals and *_percpu of the mirror', () => {
  const root = path.resolve('src/emulator'), listed = readFileSync(path.join(root, 'globals.ts'), 'utf8'), missing: string[] = [];
  let found = 0;
  for (const file of sources(root)) {
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/^export function (\w+_(?:globals|percpu))\((?:host: Host|cpu: Cpu)/gm)) {
      found++;
      if (!new RegExp(`\\b${name}\\b`).test(listed)) missing.push(`${path.relative(root, file)}: ${name}`);
    }
  }
  assert.ok(found > 20, 'there are initialisers');
  assert.deepEqual(missing, []);
});
