/** Worker of bench/machine-random.mjs: runs the scenarios of a range of seeds and tells which of them break an invariant. */
import { parentPort } from 'node:worker_threads';
import fc from 'fast-check';
import { loadScenario } from '../../src/scenario/index';
import { checkRun } from '../unit/check-run';
import { choices, scenarioOf } from '../unit/random-scenario';

interface Failure { readonly seed: number; readonly problems: readonly string[]; readonly scenario: object }

function runSeed(seed: number, failed: Failure[]): number {
  const scenario = scenarioOf(fc.sample(choices(), { seed, numRuns: 1 })[0]);
  const loaded = loadScenario({ text: JSON.stringify(scenario), where: `seed ${seed}` });
  if (loaded.ok === false) { failed.push({ seed, problems: [loaded.error.message], scenario }); return 0; }
  try {
    const { problems, run } = checkRun(loaded.value);
    if (problems.length > 0) failed.push({ seed, problems, scenario });
    return run.machine.probe.steps;
  } catch (error) {
    failed.push({ seed, problems: [(error as Error).stack ?? String(error)], scenario });
    return 0;
  }
}

parentPort?.on('message', ({ from, to }: { from: number; to: number }) => {
  const failed: Failure[] = [];
  let steps = 0;
  for (let seed = from; seed < to; seed++) steps += runSeed(seed, failed);
  parentPort?.postMessage({ runs: to - from, steps, failed });
});
