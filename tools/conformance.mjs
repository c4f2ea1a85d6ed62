// Holds the emulated runs against what the real 3.10.108 kernel did, by the recordings' own two programs.
//   node tools/conformance.mjs [SCENARIO ...]
// Recordings: SKBWALK_TRACES, else ../shared/traces beside the checkout; everything is skipped, with the reason, where there are none.
// Bounds: what two recordings of a scenario agree (agreement.tsv beside them) less a margin, capped; test/conformance.json has the numbers.
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { root } from './project.mjs';

const traces = process.env.SKBWALK_TRACES ?? path.join(root, '../shared/traces');
const recordings = path.join(traces, '3.10.108');
const programs = path.join(traces, '../tools');
const out = path.join(root, '.out/conformance');
const runFile = promisify(execFile);

/** `precision 0.981 (155/158)  recall ...` → {precision: 0.981, ...}; lines.py's counts of known and false lines give `falseShare` too. */
export function figures(text) {
  const found = Object.fromEntries([...text.matchAll(/\b(precision|recall|context|true|false|coverage|order) ([\d.]+)/g)].map(([, name, value]) => [name, Number(value)]));
  const known = /true [\d.]+ \(\d+\/(\d+)\)/.exec(text);
  if (known && 'false' in found) found.falseShare = found.false / Math.max(1, Number(known[1]));
  return found;
}

/** The measures that miss their bound: a number is a lower bound, `{max}` an upper one. */
export function misses(got, bounds) {
  return Object.entries(bounds).filter(([name, bound]) => {
    if (!(name in got)) return true;
    return typeof bound === 'number' ? got[name] < bound : got[name] > bound.max;
  }).map(([name, bound]) => `${name} ${got[name] ?? 'missing'} (${typeof bound === 'number' ? `at least ${bound}` : `at most ${bound.max}`})`);
}

/** agreement.tsv → { 'ID.HOST': { precision, recall } }. */
export function agreement(text) {
  return Object.fromEntries(text.trim().split('\n').slice(1).map((row) => row.split('\t')).map(([name, , precision, recall]) => [name, { precision: Number(precision), recall: Number(recall) }]));
}

/** What a recording asks of its calls: never more than two recordings agree less the margin, never more than the cap. */
export function callBounds(agreed, { margin, calls }) {
  const at = (name) => Math.round(Math.min(calls[name], agreed ? agreed[name] - margin : calls[name]) * 1000) / 1000;
  return { ...calls, precision: at('precision'), recall: at('recall') };
}

const CHECKS = {
  calls: { program: 'conformance.py', format: 'function_graph', recording: (name) => path.join(recordings, `${name}.graph.txt.gz`) },
  lines: { program: 'lines.py', format: 'lines', recording: (name) => path.join(recordings, name) },
};

/** `skbwalk trace`, in this process: a process for each of the many runs would take most of the time to start. */
const trace = (argv) => createRequire(import.meta.url)(path.join(root, 'dist/emulation.js')).trace(argv);

async function compare(kind, id, host) {
  const { program, format, recording } = CHECKS[kind], file = path.join(out, `${id}.${host}.${format}`);
  const code = await trace([id, '--host', host, '--format', format, '-o', file]);
  if (code !== 0) throw new Error(`skbwalk trace ${id} --host ${host} --format ${format} ended with exit code ${code}`);
  const { stdout } = await runFile('python3', [path.join(programs, program), '--list', '6', file, recording(`${id}.${host}`)], { timeout: 120_000 });
  return stdout.trim();
}

function unavailable() {
  if (!existsSync(recordings)) return 'no recordings here (set SKBWALK_TRACES)';
  if (!existsSync(path.join(programs, 'conformance.py'))) return 'the comparing programs are not beside the recordings';
  return spawnSync('python3', ['--version']).status === 0 ? '' : 'python3 is not installed';
}

/** Every comparison that the recordings allow: {name, kind, id, host, bounds}. */
function planned(rules) {
  const agreed = agreement(readFileSync(path.join(recordings, 'agreement.tsv'), 'utf8'));
  const files = new Set(readdirSync(recordings));
  const named = [...files].flatMap((file) => /^(.+)\.([a-z])\.graph\.txt\.gz$/.exec(file) ?? []).filter((_, i) => i % 3 !== 0);
  const list = [];
  for (let i = 0; i < named.length; i += 2) {
    const id = named[i], host = named[i + 1], own = rules.recordings[`${id}.${host}`] ?? {};
    if (rules.not.includes(id)) continue;
    list.push({ name: `${id}.${host} calls`, kind: 'calls', id, host, bounds: { ...callBounds(agreed[`${id}.${host}`], rules), ...own.calls } });
    if (files.has(`${id}.${host}.lines.tsv.gz`)) list.push({ name: `${id}.${host} lines`, kind: 'lines', id, host, bounds: { ...rules.lines, ...own.lines } });
  }
  return list;
}

async function check({ name, kind, id, host, bounds }, counts) {
  try {
    const text = await compare(kind, id, host), summary = text.split('\n').at(-1), bad = misses(figures(summary), bounds);
    counts[bad.length > 0 ? 1 : 0]++;
    console.log(`  ${bad.length > 0 ? 'FAIL' : 'ok  '} ${name}: ${bad.length > 0 ? `${bad.join(', ')}\n      ${text.replaceAll('\n', '\n      ')}` : summary}`);
  } catch (error) {
    counts[1]++;
    console.log(`  FAIL ${name}: ${`${error.stderr ?? ''}${error.stdout ?? ''}`.trim().slice(-400) || error.message}`);
  }
}

async function main(only) {
  const why = unavailable(), counts = [0, 0, 0];
  if (why) { counts[2]++; console.log(`  skip every recording: ${why}`); } else {
    mkdirSync(out, { recursive: true });
    const list = planned(JSON.parse(readFileSync(path.join(root, 'test/conformance.json'), 'utf8'))).filter(({ id }) => only.length === 0 || only.includes(id));
    const worker = async () => { for (let next = list.shift(); next; next = list.shift()) await check(next, counts); };
    await Promise.all(Array.from({ length: Math.min(4, os.cpus().length) }, worker));
  }
  console.log(`@@counts ${counts.join(' ')}`);
  return counts[1] > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(await main(process.argv.slice(2)));
