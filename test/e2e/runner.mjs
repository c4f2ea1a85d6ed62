// A small runner for user-interface tests: one page, tests in order, a screenshot of each, counts at the end.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../tools/project.mjs';

export const shots = path.join(root, '.out/screenshots');

/** Collects results over several pages. */
export class Results {
  passed = 0;
  failed = 0;
  skipped = 0;

  constructor(only = []) {
    this.only = only;
    mkdirSync(shots, { recursive: true });
  }

  /** Where a screenshot of this name goes. */
  shot(name) { return path.join(shots, `${name.replace(/[^\w.]+/g, '-')}.png`); }

  /** Runs one test on a page; `name` becomes the screenshot's. A failing test does not stop the next. */
  async test(page, name, body) {
    if (this.only.length > 0 && !this.only.some((part) => name.includes(part))) return;
    const started = Date.now();
    const file = this.shot(name);
    try {
      const skip = await body();
      if (typeof skip === 'string') { this.skipped++; console.log(`  skip ${name}: ${skip}`); return; }
      this.passed++;
      console.log(`  ok   ${name} (${Date.now() - started} ms)`);
      await page.screenshot({ path: file });
    } catch (error) {
      this.failed++;
      console.log(`  FAIL ${name} (${Date.now() - started} ms)\n      ${String(error.stack ?? error.message).split('\n').slice(0, 8).join('\n      ')}\n      see ${path.relative(root, file.replace(/\.png$/, '-FAIL.png'))}`);
      await page.screenshot({ path: file.replace(/\.png$/, '-FAIL.png') }).catch((problem) => console.log(`      no screenshot: ${problem.message}`));
    }
  }

  report() {
    console.log(`@@counts ${this.passed} ${this.failed} ${this.skipped}`);
    return this.failed > 0 ? 1 : 0;
  }
}
