/** Speed of the emulator alone: steps per second without recording, and what inspecting a step costs. Prints one JSON object. */
import { Inspector, loadScenario, runScenario } from '../../src/scenario/index';
import { Run } from '../../src/scenario/run';

const SCENARIO = process.argv[2] ?? 'tcp-send-64';

function load() {
  const loaded = loadScenario({ id: SCENARIO });
  if (loaded.ok === false) throw new Error(loaded.error.message);
  return loaded.value;
}

/** Milliseconds that `work` takes. */
function clock(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

/** The value below which the share `p` of the sorted `values` lies. */
function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * p) - 1)];
}

function stepsPerSecond(): { steps: number; perSecond: number } {
  const scenario = load();
  let steps = 0, ms = 0;
  // the first runs warm the compiler up; then for half a second
  for (let run = 0; run < 3 || ms < 500; run++) {
    const one = new Run(scenario, { silent: true });
    const took = clock(() => one.finish());
    if (run >= 2) { steps += one.machine.probe.steps; ms += took; }
  }
  return { steps, perSecond: Math.round((steps / ms) * 1000) };
}

function inspection(): { first: number; p50: number; p95: number; max: number; steps: number } {
  const scenario = load();
  const trace = runScenario(scenario);
  const inspector = new Inspector(scenario, trace);
  const first = clock(() => inspector.inspect(Math.floor(trace.steps.count / 2)));
  inspector.park();
  const times: number[] = [];
  for (let i = 0; i < 100; i++) {
    times.push(clock(() => inspector.inspect(Math.floor((trace.steps.count - 1) * (i / 99)))));
    inspector.park();
  }
  return { first, p50: percentile(times, 0.5), p95: percentile(times, 0.95), max: Math.max(...times), steps: trace.steps.count };
}

console.log(JSON.stringify({ scenario: SCENARIO, speed: stepsPerSecond(), inspect: inspection() }));
