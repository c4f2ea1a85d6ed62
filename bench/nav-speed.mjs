// node bench/nav-speed.mjs [--subset] [--queries] [--runs N]: cold and warm index against ctags -R on the same files, memory, cache size, edits, queries.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { kernelTree, loadNavigator, quantile } from './nav-load.mjs';

const SUBSET = ['net', 'include', 'kernel', 'drivers/net/ethernet/intel'];
const tree = kernelTree();
const subset = process.argv.includes('--subset');
const runs = Number(process.argv[process.argv.indexOf('--runs') + 1] || 3) || 3;
const under = subset ? SUBSET : [''];

if (process.argv[2] === '--child') {
  const { modules, worker } = await loadNavigator();
  const [, , , cache, ...folders] = process.argv;
  const start = performance.now();
  const index = new modules.KernelIndex(tree);
  const report = await index.open({ under: folders.length > 0 ? folders : undefined, cacheFolder: cache === '-' ? undefined : cache, threads: { script: worker, count: 2 } });
  console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, fromCache: report.fromCache, cacheBytes: report.cacheBytes, rss: process.resourceUsage().maxRSS / 1024, ...index.stats() }));
  process.exit(0);
}

const folder = mkdtempSync(path.join(tmpdir(), 'skbwalk-bench-'));
const child = (cache) => JSON.parse(spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--child', cache, ...(subset ? SUBSET : [])], { encoding: 'utf8', maxBuffer: 1 << 26 }).stdout);
const ctags = () => {
  const start = performance.now();
  const run = spawnSync('ctags', ['-R', '-f', path.join(folder, 'tags'), ...(subset ? SUBSET : ['.'])], { cwd: tree });
  return run.status === 0 ? (performance.now() - start) / 1000 : NaN;
};
try {
  if (!process.argv.includes('--queries')) builds();
  await queries(path.join(folder, 'cache'));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function builds() {
  ctags(); // brings the files into memory for both
  const rows = Array.from({ length: runs }, () => ({ ctags: ctags(), cold: child('-') }));
  const best = (f) => Math.min(...rows.map(f));
  child(path.join(folder, 'cache'));
  const warm = Array.from({ length: runs }, () => child(path.join(folder, 'cache')));
  const cold = rows[0].cold;
  console.log(`${subset ? 'network subset' : 'whole tree'}: ${cold.files} files, ${cold.functions} functions, ${cold.calls} calls`);
  console.log(`ctags -R ${best((r) => r.ctags).toFixed(2)} s, cold index ${best((r) => r.cold.seconds).toFixed(2)} s: ratio ${(best((r) => r.cold.seconds) / best((r) => r.ctags)).toFixed(2)}; memory ${Math.max(...rows.map((r) => r.cold.rss)).toFixed(0)} MiB`);
  console.log(`warm start ${Math.min(...warm.map((w) => w.seconds)).toFixed(3)} s, cache ${warm[0].cacheBytes} bytes`);
}

async function queries(cache) {
  const { modules: m, worker } = await loadNavigator();
  const index = new m.KernelIndex(tree);
  await index.open({ under: subset ? SUBSET : undefined, cacheFolder: cache, threads: { script: worker, count: 2 } });
  const query = new m.Query(index);
  const symbols = new m.SymbolSearch(query);
  const names = [];
  for (const p of ['net/ipv4/tcp_output.c', 'net/core/dev.c', 'net/ipv4/ip_output.c', 'drivers/net/ethernet/intel/igb/igb_main.c', 'net/socket.c']) for (const d of query.lookup.inFile(p)) if (d.kind === 1) names.push(d);
  const kinds = {
    definition: (d) => query.definitions(d.name), callers: (d) => query.callers(d.name, d), callees: (d) => query.callees(d), references: (d) => m.references(query, d.name),
    symbols: (d, k) => symbols.find(d.name.slice(0, 2 + (k % 12))), place: (d) => m.wordAt(query, { path: d.path, line: d.line, column: d.column }),
  };
  symbols.prepare();
  await index.prepare();
  const since = performance.now(), before = process.memoryUsage.rss();
  await m.prepareGraph(query);
  console.log(`call graph ready after ${((performance.now() - since) / 1000).toFixed(2)} s; memory ${(before / 1048576).toFixed(0)} MiB before, ${(process.memoryUsage.rss() / 1048576).toFixed(0)} after`);
  const all = [];
  for (const [kind, ask] of Object.entries(kinds)) {
    const times = names.map((d, k) => { const t = performance.now(); ask(d, k); return performance.now() - t; });
    all.push(...times);
    console.log(`${kind}: median ${quantile(times, 0.5).toFixed(2)} ms, p95 ${quantile(times, 0.95).toFixed(2)} ms, most ${Math.max(...times).toFixed(1)} ms`);
  }
  // A driver's interrupt: pointers come back to its own functions first.
  for (const [name, chains, every] of [['sys_sendto', 1, 3], ['igb_msix_ring', 1, 3], ['sys_sendto', 8, 12]]) {
    const [from] = query.definitions(name);
    if (from === undefined) continue;
    const ends = names.filter((_, k) => k % every === 0);
    let found = 0;
    const times = ends.map((d) => { const t = performance.now(); found += m.findPaths(query, from, d, { chains }).length > 0 ? 1 : 0; return performance.now() - t; });
    console.log(`path from ${name}, up to ${chains} chains (${found} of ${ends.length} reached): median ${quantile(times, 0.5).toFixed(1)} ms, p95 ${quantile(times, 0.95).toFixed(0)} ms, most ${Math.max(...times).toFixed(0)} ms`);
  }
  console.log(`all queries but paths: p95 ${quantile(all, 0.95).toFixed(2)} ms over ${all.length}`);
  const file = 'net/core/dev.c';
  const text = readFileSync(path.join(tree, file), 'utf8');
  const edits = Array.from({ length: 20 }, (_, k) => { const t = performance.now(); index.update(file, `${'\n'.repeat(k)}${text}`); return performance.now() - t; });
  console.log(`one edited file: median ${quantile(edits, 0.5).toFixed(1)} ms, most ${Math.max(...edits).toFixed(1)} ms`);
}
