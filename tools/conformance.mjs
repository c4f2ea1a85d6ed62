// Holds the emulated runs against what the real 3.10.108 kernel did, by the recordings' own two programs.
//   node tools/conformance.mjs [SCENARIO ...]
// Recordings: SKBWALK_TRACES, else ../shared/traces beside the checkout; each check is skipped, with the reason, where there are none.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './project.mjs';

const shared = path.join(root, '../shared');
const traces = process.env.SKBWALK_TRACES ?? path.join(shared, 'traces');
const programs = path.join(traces, '../tools');
const out = path.join(root, '.out/conformance');

/** `precision 0.981 (155/158)  recall ...` → {precision: 0.981, ...}. */
export function figures(text) {
  return Object.fromEntries([...text.matchAll(/\b(precision|recall|context|true|false|coverage|order) ([\d.]+)/g)].map(([, name, value]) => [name, Number(value)]));
}

/** The measures that miss their bound: a number is a lower bound, `{max}` an upper one. */
export function misses(got, bounds) {
  return Object.entries(bounds).filter(([name, bound]) => {
    if (!(name in got)) return true;
    return typeof bound === 'number' ? got[name] < bound : got[name] > bound.max;
  }).map(([name, bound]) => `${name} ${got[name] ?? 'missing'} (${typeof bound === 'number' ? `at least ${bound}` : `at most ${bound.max}`})`);
}

function emulate(id, host, format) {
  const file = path.join(out, `${id}.${host}.${format}`);
  const made = spawnSync(process.execPath, [path.join(root, 'dist/cli.js'), 'trace', id, '--host', host, '--format', format, '-o', file], { encoding: 'utf8', timeout: 60_000 });
  if (made.status !== 0) throw new Error(`skbwalk trace ${id} --host ${host} --format ${format} failed (${made.status ?? made.signal}): ${(made.stderr ?? '').trim().slice(-400)}`);
  return file;
}

function compare(program, id, host, format, recording) {
  const ran = spawnSync('python3', [path.join(programs, program), '--list', '6', emulate(id, host, format), recording], { encoding: 'utf8', timeout: 120_000 });
  if (ran.status !== 0) throw new Error(`${program}: ${(ran.stdout + ran.stderr).trim().slice(-400)}`);
  return ran.stdout.trim();
}

const CHECKS = {
  calls: (id, host) => compare('conformance.py', id, host, 'function_graph', path.join(traces, '3.10.108', `${id}.${host}.graph.txt.gz`)),
  lines: (id, host) => compare('lines.py', id, host, 'lines', path.join(traces, '3.10.108', `${id}.${host}`)),
};

function unavailable() {
  if (!existsSync(path.join(traces, '3.10.108'))) return 'no recordings here (set SKBWALK_TRACES)';
  if (!existsSync(path.join(programs, 'conformance.py'))) return 'the comparing programs are not beside the recordings';
  return spawnSync('python3', ['--version']).status === 0 ? '' : 'python3 is not installed';
}

function check(name, kind, id, host, bounds, counts) {
  try {
    const text = CHECKS[kind](id, host);
    const summary = text.split('\n').at(-1);
    const bad = misses(figures(summary), bounds);
    counts[bad.length > 0 ? 1 : 0]++;
    console.log(`  ${bad.length > 0 ? 'FAIL' : 'ok  '} ${name}: ${bad.length > 0 ? `${bad.join(', ')}\n      ${text.replaceAll('\n', '\n      ')}` : summary}`);
  } catch (error) {
    counts[1]++;
    console.log(`  FAIL ${name}: ${error.message}`);
  }
}

function main(only) {
  const bounds = JSON.parse(readFileSync(path.join(root, 'test/conformance.json'), 'utf8'));
  const why = unavailable();
  const counts = [0, 0, 0];
  mkdirSync(out, { recursive: true });
  for (const [id, hosts] of Object.entries(bounds).filter(([name]) => only.length === 0 || only.includes(name))) {
    for (const [host, kinds] of Object.entries(hosts)) {
      for (const [kind, limits] of Object.entries(kinds)) {
        const name = `${id}.${host} ${kind}`;
        if (why) { counts[2]++; console.log(`  skip ${name}: ${why}`); } else check(name, kind, id, host, limits, counts);
      }
    }
  }
  console.log(`@@counts ${counts.join(' ')}`);
  return counts[1] > 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(main(process.argv.slice(2)));
