/** What VS Code's extension host loads and runs: every bundled suite of the tree that is open, under mocha. */
import fs from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** Suites are named TREE.NAME.test.ts; those named `any` run on every tree. */
function suites(tree: string): string[] {
  return fs.readdirSync(__dirname).filter((name) => name.endsWith('.test.js') && (name.startsWith(`${tree}.`) || name.startsWith('any.')))
    .sort().map((name) => path.join(__dirname, name));
}

class Lines extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.on('pass', (test) => console.log(`  ok   ${test.fullTitle()} (${test.duration ?? 0} ms)`));
    runner.on('pending', (test) => console.log(`  skip ${test.fullTitle()}`));
    runner.on('fail', (test, error) => console.log(`  FAIL ${test.fullTitle()}\n      ${(error.stack ?? error.message).split('\n').slice(0, 12).join('\n      ')}`));
  }
}

/** Resolves when everything passed, rejects otherwise (VS Code's contract for test modules). */
export async function run(): Promise<void> {
  const tree = process.env.SKBWALK_TEST_TREE ?? 'mini';
  const mocha = new Mocha({ ui: 'bdd', reporter: Lines, timeout: 60_000, slow: 5_000 });
  if (process.env.SKBWALK_TEST_GREP) mocha.grep(process.env.SKBWALK_TEST_GREP);
  const files = suites(tree);
  files.forEach((file) => mocha.addFile(file));
  const stats = await new Promise<Mocha.Stats>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats as Mocha.Stats));
  });
  console.log(`@@counts ${stats.passes} ${stats.failures} ${stats.pending}`);
  if (files.length === 0) throw new Error(`no suites for the tree '${tree}'`);
  if (stats.failures > 0) throw new Error(`${stats.failures} of ${stats.tests} tests failed`);
}
