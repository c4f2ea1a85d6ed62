// node bench/bulk-ns3.mjs [BYTES] [RUNS]: one bulk TCP transfer through the emulator and through ns-3, same rate, delay, segment size, initial window and congestion
// control, without recording. Prints both times per data segment and their ratio; the last line is JSON. Needs g++ and ns-3's headers (Debian: libns3-dev libgsl-dev).
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { nodeOptions, root } from '../tools/bundle.mjs';

const OUT = path.join(root, '.out/bench');
const LIBRARIES = ['ns3-core', 'ns3-network', 'ns3-internet', 'ns3-point-to-point', 'ns3-applications'];
/** bits/s, ns, bytes of payload with timestamps at an MTU of 1500, segments. */
const RATE = 1_000_000_000, DELAY = 50_000, SEGMENT = 1448, INITIAL_WINDOW = 10;

function compile() {
  const flags = spawnSync('pkg-config', ['--cflags', '--libs', ...LIBRARIES], { encoding: 'utf8' });
  if (flags.error || flags.status !== 0) return 'ns-3 is not installed (Debian: apt-get install libns3-dev libgsl-dev)';
  const made = spawnSync('g++', ['-std=c++17', '-O2', path.join(root, 'bench/bulk-ns3.cc'), '-o', path.join(OUT, 'bulk-ns3'), ...flags.stdout.trim().split(/\s+/)], { encoding: 'utf8' });
  return made.error ? 'g++ is not installed' : made.status === 0 ? '' : `g++: ${made.stderr.slice(0, 600)}`;
}

/** The run with the least processor time: other work on the machine only ever adds. */
const best = (runs) => runs.reduce((a, b) => (b.cpu < a.cpu ? b : a));
const perSegment = (run) => (run.cpu / run.segments) * 1e6;

mkdirSync(OUT, { recursive: true });
const bytes = Number(process.argv[2] ?? 10 * 1024 * 1024), count = Number(process.argv[3] ?? 5);
await build(nodeOptions({ entryPoints: [path.join(root, 'test/bench/bulk.ts')], outfile: path.join(OUT, 'bulk.cjs'), sourcemap: false }, true));
const ours = best(execFileSync(process.execPath, [path.join(OUT, 'bulk.cjs'), bytes, RATE, DELAY, count].map(String), { encoding: 'utf8' }).trim().split('\n').map((l) => JSON.parse(l)));
console.log(`${os.cpus().length} CPUs, load ${os.loadavg()[0].toFixed(1)}; ${bytes} bytes at ${RATE / 1e9} Gbit/s, ${DELAY / 1000} us, segments of ${SEGMENT}; processor time, best of ${count}`);
console.log(`emulator  ${perSegment(ours).toFixed(1).padStart(8)} us a segment   ${ours.cpu.toFixed(3)} s, wall ${ours.wall.toFixed(3)} s, ${ours.segments} segments, ${ours.steps} steps, ${(ours.steps / ours.segments).toFixed(0)} a segment, ${ours.rss} MiB`);
const problem = compile();
if (problem !== '') {
  console.log(`ns-3      not measured: ${problem}`);
  console.log(JSON.stringify({ bytes, emulator: ours, ns3: null, ratio: null }));
} else {
  const theirs = best(Array.from({ length: count }, () => JSON.parse(execFileSync(path.join(OUT, 'bulk-ns3'), [bytes, RATE, DELAY, SEGMENT, INITIAL_WINDOW].map(String), { encoding: 'utf8' }))));
  console.log(`ns-3      ${perSegment(theirs).toFixed(1).padStart(8)} us a segment   ${theirs.cpu.toFixed(3)} s, wall ${theirs.wall.toFixed(3)} s, ${theirs.segments} segments`);
  const ratio = perSegment(ours) / perSegment(theirs);
  console.log(`ratio     ${ratio.toFixed(1).padStart(8)}`);
  console.log(JSON.stringify({ bytes, emulator: ours, ns3: theirs, ratio }));
}
