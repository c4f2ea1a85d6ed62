// What the frames of all built-in scenarios' traces do, each thing once: {functions, sites, moves, calls, frames, steps}.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import fc from 'fast-check';
import { nodeOptions } from '../bundle.mjs';

/** Before a frame's first statement, and after its last. */
export const ENTRY = -1, END = -2;

/** src/scenario, with the emulator's probes, for this process. */
async function scenarios(root) {
  const outfile = path.join(root, '.out/flow/scenario.cjs');
  mkdirSync(path.dirname(outfile), { recursive: true });
  await build(nodeOptions({ stdin: { contents: "export * from './src/scenario'; export * from './test/unit/random-scenario';", resolveDir: root, loader: 'ts' }, outfile, sourcemap: false }, true));
  return createRequire(import.meta.url)(outfile);
}

class Seen {
  constructor() { this.list = new Map(); }
  add(key, make, where) {
    const old = this.list.get(key);
    if (old) { old.times++; return; }
    this.list.set(key, { ...make(), times: 1, where });
  }
  values() { return [...this.list.values()]; }
}

/** Adds one trace: how each frame goes from statement to statement, and who is called where. */
export function addTrace(trace, id, moves, calls) {
  const { frames, steps } = trace, last = new Int32Array(frames.count).fill(ENTRY), began = new Uint8Array(frames.count);
  const move = (f, from, to, s) => moves.add((frames.fn[f] * 65536 + from + 2) * 65536 + to + 2, () => ({ fn: frames.fn[f], from, to }), `${id}.${trace.hosts[frames.host[f]].name} step ${s}`);
  for (let s = 0; s < steps.count; s++) {
    const f = steps.frame[s], to = steps.site[s];
    if (!began[f]) { began[f] = 1; continue; }
    move(f, last[f], to, s);
    last[f] = to;
  }
  for (let f = 0; f < frames.count; f++) {
    // Frames left after the recording was full have shown no more since.
    if (frames.endStep[f] >= 0 && !(frames.endStep[f] === steps.count && trace.stopped)) move(f, last[f], END, frames.endStep[f]);
    const parent = frames.parent[f];
    if (parent < 0) continue;
    calls.add(`${frames.fn[parent]} ${frames.callSite[f]} ${frames.fn[f]}`, () => ({ caller: frames.fn[parent], site: frames.callSite[f], callee: frames.fn[f] }), `${id}.${trace.hosts[frames.host[f]].name} step ${frames.firstStep[f]}`);
  }
}

/** A random scenario's text (test/unit/random-scenario.ts), for a search beyond the built-ins. */
function randomText({ choices, scenarioOf }, seed) { return JSON.stringify(scenarioOf(fc.sample(choices(), { seed, numRuns: 1 })[0])); }

/** Runs the built-in scenarios (or those named), then `random` random ones. */
export async function runAll(root, only = [], random = 0) {
  const made = { frames: 0, steps: 0, scenarios: 0, functions: [], sites: [] }, moves = new Seen(), calls = new Seen(), tools = await scenarios(root), { builtinScenarios, loadScenario, runScenario } = tools;
  const inputs = builtinScenarios().filter(({ id }) => only.length === 0 || only.includes(id));
  for (let seed = 1; seed <= random; seed++) inputs.push({ id: `random-${seed}`, text: randomText(tools, seed), where: `seed ${seed}` });
  for (const input of inputs) {
    const trace = runScenario(loadScenario(input).value);
    addTrace(trace, input.id, moves, calls);
    made.frames += trace.frames.count;
    made.steps += trace.steps.count;
    made.scenarios++;
    Object.assign(made, { functions: trace.functions, sites: trace.sites });
  }
  return { ...made, moves: moves.values(), calls: calls.values() };
}
