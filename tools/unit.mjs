// Bundles every src/**/*.test.ts and runs them, and tools/*.test.mjs, under node --test, two files at a time.
//   node tools/unit.mjs [PART-OF-A-PATH ...]     only the files whose path contains one of these
import { rmSync } from 'node:fs';
import path from 'node:path';
import { bundleTests } from './bundle.mjs';
import { walk } from './layers/model.mjs';
import { root, run } from './project.mjs';

const OUT = 'dist/unit';

/** Bundles all files at once; when one of them does not bundle, one by one, so that the others still run. */
async function bundle(files) {
  try {
    return { outputs: await bundleTests(files, OUT), broken: [] };
  } catch {
    // esbuild has printed the errors; find out below which files they concern
    const outputs = [];
    const broken = [];
    for (const file of files) await bundleTests([file], OUT).then((made) => outputs.push(...made), () => broken.push(file));
    return { outputs, broken };
  }
}

const wanted = (file) => process.argv.length < 3 || process.argv.slice(2).some((part) => file.includes(part));
rmSync(path.join(root, OUT), { recursive: true, force: true });
const sources = walk(root, 'src', (name) => name.endsWith('.test.ts')).filter(wanted);
const scripts = walk(root, 'tools', (name) => name.endsWith('.test.mjs')).filter(wanted).map((file) => path.join(root, file));
const { outputs, broken } = await bundle(sources);
for (const file of broken) console.log(`  FAIL ${file}: does not bundle`);
if (broken.length > 0) console.log(`@@counts 0 ${broken.length} 0`);
const files = [...outputs, ...scripts];
if (files.length === 0) {
  console.log('no test files found');
  process.exit(1);
}
const reporter = path.join(root, 'tools/test-reporter.mjs');
const { code } = await run(process.execPath, ['--enable-source-maps', '--test', '--test-concurrency=2', `--test-reporter=${reporter}`, '--test-reporter-destination=stdout', ...files]);
process.exit(code || (broken.length > 0 ? 1 : 0));
