// npm run bench: the emulator alone, then clicks and steps in a real VS Code. Prints each figure beside its bound; exit code 1 if one is missed.
//   node tools/bench.mjs [emulator] [vscode]      steps in the outline, and in the tree that SKBWALK_KERNEL names when it is set
import { mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { nodeOptions } from './bundle.mjs';
import { endWithUs, hostFolder, root, run } from './project.mjs';

let missed = 0;

/** Prints a figure; `bound` is what it may be at most, or at least when `atLeast`. */
function figure(name, value, unit, bound, atLeast = false) {
  const rounded = Math.round(value * 100) / 100;
  const good = bound === undefined || (atLeast ? value >= bound : value <= bound);
  if (!good) missed++;
  const limit = bound === undefined ? '' : `  (${atLeast ? 'at least' : 'at most'} ${bound.toLocaleString('en')} ${unit})${good ? '' : '  MISSED'}`;
  console.log(`  ${name.padEnd(58)} ${rounded.toLocaleString('en').padStart(12)} ${unit}${limit}`);
}

/** Runs a command and parses its last line as JSON; null, with its output shown, when that fails. */
async function json(command, args, timeout) {
  const lines = [];
  const { code } = await run(command, args, { onLine: (line) => lines.push(line), timeout });
  try {
    return JSON.parse(lines.at(-1) ?? '');
  } catch {
    // what it printed says why
    console.log(`  could not be measured (exit code ${code}):\n${lines.slice(-8).map((line) => `    ${line}`).join('\n')}`);
    missed++;
    return null;
  }
}

async function emulator() {
  const outdir = path.join(root, '.out/bench');
  mkdirSync(outdir, { recursive: true });
  await build(nodeOptions({ entryPoints: [path.join(root, 'test/bench/emulator.ts')], outdir, sourcemap: false }));
  const result = await json(process.execPath, [path.join(outdir, 'emulator.js')], 120_000);
  if (!result) return;
  console.log(`emulator, ${result.scenario} (${result.inspect.steps} steps in the trace)`);
  figure('steps without recording', result.speed.perSecond, 'steps/s', 1_000_000, true);
  figure('inspecting a step, first time', result.inspect.first, 'ms');
  figure('inspecting a step, p50 of 100 over the trace', result.inspect.p50, 'ms', 16);
  figure('inspecting a step, p95', result.inspect.p95, 'ms', 16);
  figure('inspecting a step, slowest', result.inspect.max, 'ms');
}

async function vscode() {
  const ready = await run('bash', [path.join(hostFolder, 'setup.sh'), '--browser'], { onLine: (line) => console.log(`  ${line}`), timeout: 300_000 });
  if (ready.code !== 0) { console.log('  VS Code: not measured, the private host is not to be had here (see above)'); return; }
  for (const folder of ['outline', ...(process.env.SKBWALK_KERNEL ? [process.env.SKBWALK_KERNEL] : [])]) await timing(folder);
}

async function timing(folder) {
  const result = await json(process.execPath, ['test/e2e/timing.mjs', folder], 600_000);
  if (!result) return;
  const { click, step, peers, activation } = result;
  console.log(`VS Code, ${result.tree}`);
  figure(`click to first highlighted line, no index, worst of ${click.n}`, click.max, 'ms', 1000);
  figure('  until the debugger stands there, worst', result.debugger.max, 'ms');
  figure('step to editor and graph both moved, p50', step.both.p50, 'ms');
  figure(`step to editor and graph both moved, p95 of ${step.both.n}`, step.both.p95, 'ms', 50);
  figure(`  in the same file, p95 of ${step.same.n}`, step.same.p95, 'ms');
  figure(`    this workbench's cursor a line down, p95`, peers.cursor.p95, 'ms');
  figure(`    ratio of the medians`, step.same.p50 / peers.cursor.p50, 'x');
  figure(`  into another file, p95 of ${step.other.n}`, step.other.p95, 'ms');
  figure(`    this workbench's next tab, p95`, peers.file.p95, 'ms');
  figure(`    ratio of the medians`, step.other.p50 / peers.file.p50, 'x');
  figure('  the line in the editor, p50', step.line.p50, 'ms');
  figure('  the line in the editor, p95', step.line.p95, 'ms');
  figure("  VS Code's own arrow, p95", step.debugger.p95, 'ms');
  figure('  the graph, p95', step.graph.p95, 'ms');
  figure('  steps that were lost', step.lost, '', 0);
  figure('activation, own code, worst', activation.max, 'ms', 100);
}

endWithUs();
const parts = process.argv.slice(2);
console.log(`${os.cpus().length} CPUs, load ${os.loadavg()[0].toFixed(1)}, Node ${process.version}`);
if (os.loadavg()[0] > os.cpus().length / 2) console.log('  the machine is busy with other things: times below are worse than they would be');
if (parts.length === 0 || parts.includes('emulator')) await emulator();
if (parts.length === 0 || parts.includes('vscode')) await vscode();
process.exit(missed > 0 ? 1 : 0);
