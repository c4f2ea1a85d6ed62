// A node:test reporter: failures and skips in full, one line per file, and at the end a line that tools/test.mjs counts from.
import path from 'node:path';

/** Adds up the leaf tests of one file. */
class FileTally {
  constructor() { Object.assign(this, { passed: 0, failed: 0, skipped: 0, ms: 0 }); }
  toString() { return `${this.passed} passed${this.failed ? `, ${this.failed} FAILED` : ''}${this.skipped ? `, ${this.skipped} skipped` : ''} (${(this.ms / 1000).toFixed(1)} s)`; }
}

function failureText(data) {
  const error = data.details.error;
  const cause = error?.cause ?? error;
  const text = cause?.stack ?? cause?.message ?? String(cause);
  return text.split('\n').filter((line) => !/node:internal|^\s+at .*node:/.test(line)).slice(0, 25).map((line) => `      ${line}`).join('\n');
}

// A suite, or a test that failed only because one inside it did, is no test of its own.
function isLeaf(data) {
  return data.details?.type !== 'suite' && data.details?.error?.failureType !== 'subtestsFailed';
}

const short = (file) => (file ? path.relative(process.cwd(), file).replace(/^dist\/unit\//, '').replace(/\.js$/, '.ts') : '?');

/** The reporter: node --test --test-reporter=tools/test-reporter.mjs */
export default async function* reporter(source) {
  const files = new Map();
  const total = new FileTally();
  const trail = [];
  for await (const { type, data } of source) {
    if (type === 'test:start') { trail.length = data.nesting; trail.push(data.name); }
    if (type === 'test:stderr' || type === 'test:stdout') yield data.message;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const tally = files.get(data.file) ?? files.set(data.file, new FileTally()).get(data.file);
    if (data.nesting === 0) tally.ms += data.details.duration_ms;
    if (!isLeaf(data)) continue;
    const kind = data.skip !== undefined ? 'skipped' : data.todo !== undefined || type === 'test:pass' ? 'passed' : 'failed';
    tally[kind]++;
    total[kind]++;
    const name = [...trail.slice(0, data.nesting), data.name].join(' > ');
    if (kind === 'skipped') yield `  skip ${short(data.file)}: ${name}: ${typeof data.skip === 'string' ? data.skip : 'no reason given'}\n`;
    if (kind === 'failed') yield `  FAIL ${short(data.file)}: ${name}\n${failureText(data)}\n`;
  }
  for (const [file, tally] of [...files].sort((a, b) => b[1].ms - a[1].ms)) yield `  ${short(file)}: ${tally}\n`;
  yield `@@counts ${total.passed} ${total.failed} ${total.skipped}\n`;
}
