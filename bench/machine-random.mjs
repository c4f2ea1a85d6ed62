// node bench/machine-random.mjs [RUNS] [FIRST-SEED] [WORKERS]: random scenarios (test/unit/random-scenario.ts), each run to its end and held to its invariants
// (test/unit/check-run.ts). Prints each seed that fails, with its scenario's file; the last line is JSON; exit code 1 when one fails.
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import { nodeOptions, root } from '../tools/bundle.mjs';

const OUT = path.join(root, '.out/bench');
const BUNDLE = path.join(OUT, 'random.cjs');
/** Seeds that a worker takes at a time: V8's heap settles between them. */
const BATCH = 20;

async function bundle() {
  mkdirSync(OUT, { recursive: true });
  await build(nodeOptions({ entryPoints: [path.join(root, 'test/bench/random.ts')], outfile: BUNDLE, sourcemap: false }, true));
}

async function main() {
  const runs = Number(process.argv[2] ?? 10_000), first = Number(process.argv[3] ?? 1), workers = Number(process.argv[4] ?? Math.min(2, os.cpus().length));
  await bundle();
  const started = Date.now(), failed = [];
  let next = first, done = 0, steps = 0;
  const serve = () => new Promise((resolve, reject) => {
    const worker = new Worker(BUNDLE);
    const more = () => { if (next >= first + runs) { worker.terminate(); resolve(); return; } worker.postMessage({ from: next, to: Math.min(first + runs, next += BATCH) }); };
    worker.on('message', (result) => {
      done += result.runs;
      steps += result.steps;
      for (const one of result.failed) {
        failed.push(one.seed);
        const file = path.join(OUT, `random-${one.seed}.json`);
        writeFileSync(file, JSON.stringify(one.scenario, null, 1));
        if (failed.length <= 20) console.log(`seed ${one.seed} (${path.relative(root, file)}):\n  ${one.problems.slice(0, 5).join('\n  ')}`);
      }
      more();
    });
    worker.on('error', reject);
    more();
  });
  await Promise.all(Array.from({ length: workers }, serve));
  const seconds = (Date.now() - started) / 1000;
  console.log(JSON.stringify({ runs: done, failed: failed.length, seeds: failed.slice(0, 20), seconds, steps, workers, minutesPer10000: (seconds / done) * 10_000 / 60 }));
  return failed.length > 0 ? 1 : 0;
}

process.exit(await main());
