// node tools/align.mjs [--report N]: writes src/emulator/anchors.tsv from the mirror and a 3.10.108 tree (SKBWALK_KERNEL).
// and, with it, docs/fidelity.md (tools/fidelity.mjs). The table holds names and line numbers only. --report prints the functions with the most statements that found no partner.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { PAGE, fidelityPage } from './fidelity.mjs';
import { alignFunction, kernelPath, mirrorFiles } from './mirror/table.mjs';
import { mirrorFunctions } from './mirror/ts-sites.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const kernel = process.env.SKBWALK_KERNEL;
if (!kernel) { console.error('align needs the 3.10.108 tree: set SKBWALK_KERNEL to its folder'); process.exit(2); }
const reportSize = process.argv.includes('--report') ? +process.argv[process.argv.indexOf('--report') + 1] : 0;
const only = process.argv.includes('--function') ? process.argv[process.argv.indexOf('--function') + 1] : '';

/** Functions that the recordings count as small accessors. */
function accessors() {
  const dir = process.env.SKBWALK_TRACES ?? path.join(root, '../shared/traces');
  const file = path.join(dir, '3.10.108/traceable.tsv.gz');
  if (!existsSync(file)) return null;
  return new Map(gunzipSync(readFileSync(file)).toString().split('\n').filter(Boolean).map((l) => { const c = l.split('\t'); return [c[0], c[3] === '0']; }));
}

const minor = accessors();
const rows = [], report = [];
let sites = 0, paired = 0, functions = 0;
for (const file of mirrorFiles(root)) {
  const text = readFileSync(path.join(root, 'src/emulator', file), 'utf8');
  for (const fn of mirrorFunctions(text, file)) {
    const found = alignFunction(root, kernel, file, fn);
    if (!found) continue;
    functions++;
    const at = new Map();
    found.pair.forEach((j, i) => { if (j >= 0) { at.set(j, [...(at.get(j) ?? []), i]); paired++; } });
    sites += fn.sites.length;
    const missing = fn.sites.filter((s, i) => found.pair[i] < 0);
    report.push({ file, name: fn.name, missing, of: fn.sites.length });
    if (fn.name === only) for (const [i, s] of fn.sites.entries()) console.log(`${found.pair[i] >= 0 ? found.c.sites[found.pair[i]].line : '-'}\t${s.kind}\t${s.text || s.name || ''}\t->\t${found.pair[i] >= 0 ? found.c.sites[found.pair[i]].text + ' #' + found.c.sites[found.pair[i]].nth : ''}`);
    const p = kernelPath(file), entry = found.c.sites[0];
    rows.push([p, fn.name, found.c.def, 'entry', '', 1, entry.line, fn.hash, (minor?.get(fn.name) ?? found.c.endLine - found.c.bodyLine < 7) ? 1 : 0, found.c.bodyLine].join('\t'));
    for (const j of [...at.keys()].sort((a, b) => a - b)) { const s = found.c.sites[j]; rows.push([p, fn.name, found.c.def, s.kind, s.text, s.nth, s.line, at.get(j).join(','), '', ''].join('\t')); }
  }
}
if (!only) writeFileSync(path.join(root, 'src/emulator/anchors.tsv'), ['path\tfunction\tdef\tkind\ttext\tnth\tline\tts\tminor\tbody', ...rows].join('\n') + '\n');
if (!only) writeFileSync(path.join(root, PAGE), fidelityPage(root));
console.error(`${functions} functions, ${paired} of ${sites} statements and calls paired`);
for (const r of report.filter((x) => x.missing.length).sort((a, b) => b.missing.length - a.missing.length).slice(0, reportSize)) {
  console.log(`${r.file} ${r.name}: ${r.missing.length} of ${r.of}: ${r.missing.slice(0, 8).map((s) => `${s.kind} ${s.text || s.name || ''}`).join('; ')}`);
}
