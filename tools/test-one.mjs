// node tools/test-one.mjs FILE.test.ts ...: bundles the named test files and runs them under node --test.
import { spawnSync } from 'node:child_process';
import { bundleTests } from './bundle.mjs';

const files = process.argv.slice(2);
if (files.length === 0) { console.error('usage: node tools/test-one.mjs src/.../name.test.ts ...'); process.exit(2); }
const outputs = await bundleTests(files, 'dist/test-one/' + process.pid);
const run = spawnSync(process.execPath, ['--enable-source-maps', '--test', ...outputs], { stdio: 'inherit' });
process.exit(run.status ?? 1);
