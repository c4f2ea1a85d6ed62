// node bench/nav-correct.mjs [--facts] [--list]: the index against the facts about 3.10.108, ctags, the seed links, and the recorded kernel's indirect calls.
// Facts and recordings: ../shared beside the checkout, or SKBWALK_SHARED.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { root } from '../tools/bundle.mjs';
import { compare, textReader } from './nav-facts.mjs';
import { kernelTree, loadNavigator } from './nav-load.mjs';

const tree = kernelTree();
const shared = process.env.SKBWALK_SHARED ?? path.join(root, '../shared');
const { modules: m, worker } = await loadNavigator();
const index = new m.KernelIndex(tree);
const folders = process.argv.includes('--facts') ? ['net', 'include', 'fs', 'kernel', 'lib', 'drivers/net', 'arch/x86'] : undefined;
await index.open({ under: folders, threads: { script: worker, count: 2 } });
const query = new m.Query(index);
const table = (name) => gunzipSync(readFileSync(path.join(shared, 'facts/3.10.108', name))).toString().trim().split('\n').slice(1).map((l) => l.split('\t'));
const share = (a, b) => (b === 0 ? 'none' : (a / b).toFixed(4));
const text = textReader(tree);
const lineStarts = new Map();

function facts() {
  if (!existsSync(path.join(shared, 'facts'))) { console.log('facts: skipped, there are none'); return; }
  const files = new Set(table('files.tsv.gz').map((r) => r[0]));
  const functions = new Set();
  const calls = new Set();
  const local = new Set();
  const ops = new Set();
  for (const p of files) {
    const { segment, file } = index.file(p);
    const { tables, starts } = segment.data;
    const name = (id) => index.strings.name(id);
    for (const d of query.lookup.inFile(p)) if (d.kind === m.Kind.FUNCTION) functions.add([p, d.name, d.startLine, d.endLine, d.line - 0].join('\t'));
    for (const [t, w] of [['calls', 3], ['memberCalls', 5], ['paramCalls', 4]]) {
      for (let r = starts[t][file]; r < starts[t][file + 1]; r++) {
        const owner = tables[t][r * w + 2];
        const f = owner < 0 ? null : query.lookup.def(segment, owner);
        if (f?.kind !== m.Kind.FUNCTION) continue;
        const line = tables[t][r * w + 1] >>> 12;
        const called = name(tables[t][r * w + (t === 'paramCalls' ? 3 : 0)]);
        const { source, starts: at } = lineOf(p, line);
        if (!new RegExp(`\\b${called}\\s*\\)?\\s*(\\[[^\\]]*\\]\\s*)*\\(`).test(source.slice(at, at + 400)) || called === '') local.add([p, f.name, line].join('\t'));
        calls.add([p, f.name, called, line].join('\t'));
      }
    }
    for (let r = starts.flows[file]; r < starts.flows[file + 1]; r++) {
      const f = tables.flows.subarray(r * 7, r * 7 + 7);
      const owner = f[2] < 0 ? null : query.lookup.def(segment, f[2]);
      if ((f[6] & 15) === 0 && owner !== null && f[0] !== 0 && !name(f[0]).startsWith('#')) ops.add([p, owner.name, owner.line, name(f[0]), `${f[6] & 16 ? '&' : ''}${name(f[4])}`, f[1] >>> 12].join('\t'));
    }
  }
  const line = (r) => [r[0], r[1], r[2], r[3], r[4]].join('\t');
  compare('functions', new Set(table('functions.tsv.gz').map(line)), functions);
  compare('calls', new Set(table('calls.tsv.gz').map((r) => [r[0], r[1], r[2].split(/->|\./).at(-1), r[3]].join('\t'))), calls, { local });
  compare('ops tables', new Set(table('ops.tsv.gz').map((r) => [r[0], r[2], r[3], r[4], r[5], r[6]].join('\t'))), ops, { text });
}

/** A file's text and where a line of it starts. */
function lineOf(p, line) {
  const source = text(p);
  if (!lineStarts.has(p)) { const at = [0, 0]; for (let k = source.indexOf('\n'); k >= 0; k = source.indexOf('\n', k + 1)) at.push(k + 1); lineStarts.set(p, at); }
  return { source, starts: lineStarts.get(p)[line] };
}

function ctags() {
  const folder = mkdtempSync(path.join(tmpdir(), 'skbwalk-ctags-'));
  const out = path.join(folder, 'tags');
  if (spawnSync('ctags', ['-R', '--languages=C', '--langmap=C:.c.h', '--c-kinds=f', '--fields=+ne', '-f', out, '.'], { cwd: tree }).status !== 0) { console.log('ctags: skipped, it does not run'); return; }
  const theirs = new Map();
  for (const l of readFileSync(out, 'latin1').split('\n')) {
    const f = l.split('\t');
    if (l.startsWith('!') || f.length < 4 || !f.includes('f')) continue;
    const number = (k) => Number(f.find((x) => x.startsWith(`${k}:`))?.slice(k.length + 1) ?? 0);
    theirs.set(`${f[1].replace(/^\.\//, '')}\t${number('line')}\t${number('end')}`, f[0]);
  }
  rmSync(folder, { recursive: true, force: true });
  let both = 0;
  let mine = 0;
  for (const p of index.paths()) {
    for (const d of query.lookup.inFile(p)) {
      if (d.kind !== m.Kind.FUNCTION) continue;
      mine++;
      const other = theirs.get(`${p}\t${d.line}\t${d.endLine}`);
      if (other !== undefined && (other === d.name || /^_*[A-Z0-9_]+$|^__/.test(other))) both++;
    }
  }
  console.log(`functions against ctags: ${theirs.size} there, ${mine} here; recall ${share(both, theirs.size)}, precision ${share(both, mine)}`);
}

function seedLinks() {
  const file = path.join(shared, 'facts/seed-links.tsv');
  if (!existsSync(file)) { console.log('seed links: skipped, there are none'); return; }
  const missed = [];
  const links = readFileSync(file, 'utf8').trim().split('\n').slice(1).map((l) => l.split('\t'));
  for (const [said, names, p, line, exact, here, truth] of links) {
    if (names === '') { // a link without a symbol: what it points at must be found
      const symbol = here.split(':')[0];
      if (!query.definitions(symbol).some((d) => d.path === p && Math.abs(d.line - Number(line)) <= 3)) missed.push(said);
      continue;
    }
    const symbol = names.split(',')[0];
    const wanted = exact === 'yes' ? [`${p}:${line}`] : [...(truth ?? '').matchAll(/=([\w/.-]+:\d+)/g)].map((x) => x[1]);
    const found = [...query.definitions(symbol), ...query.types.membersNamed(symbol).map((x) => ({ path: x.path, line: x.pos >>> 12 }))].map((d) => `${d.path}:${d.line}`);
    if (wanted.length > 0 && !wanted.some((w) => found.includes(w))) missed.push(said);
  }
  console.log(`seed links: ${links.length - missed.length} of ${links.length}${missed.length > 0 ? `; not ${missed.join(', ')}` : ''}`);
}

function pointerSites() {
  let sites = 0;
  let known = 0;
  let candidates = 0;
  let none = 0;
  for (const p of index.paths()) {
    if (!p.startsWith('net/')) continue;
    for (const d of query.lookup.inFile(p)) {
      if (d.kind !== m.Kind.FUNCTION) continue;
      for (const s of query.pointerSites(d)) {
        if (s.slot !== null && (s.slot.struct.endsWith('()') || s.slot.member === '')) continue;
        sites++;
        if (s.slot !== null && query.types.member(s.slot.struct, s.slot.member, p) !== null) known++;
        candidates += s.candidates.length;
        if (s.candidates.length === 0) none++;
      }
    }
  }
  console.log(`pointers in net/: ${sites} sites, struct known ${share(known, sites)}, ${(candidates / sites).toFixed(2)} candidates on average, none at ${share(none, sites)}`);
}

/** caller>callee of every recording, by indentation. */
function recordedPairs(folder) {
  const pairs = new Set();
  for (const f of readdirSync(folder).filter((x) => x.endsWith('.graph.txt.gz') && !x.startsWith('boot'))) {
    const stacks = new Map();
    for (const line of gunzipSync(readFileSync(path.join(folder, f))).toString().split('\n')) {
      const bar = line.lastIndexOf('|');
      if (bar < 0 || line.startsWith('#')) continue;
      const key = `${/(\d+)\)/.exec(line)?.[1]}${line.split('|')[1]}`;
      if (!stacks.has(key)) stacks.set(key, []);
      const stack = stacks.get(key);
      const body = line.slice(bar + 1);
      const indent = body.search(/\S/);
      while (stack.length > 0 && stack.at(-1).indent >= indent) stack.pop();
      const name = /([A-Za-z_][\w.]*)\s*\(\)/.exec(body.split('/*')[0])?.[1]?.replace(/\.(isra|constprop|part|cold)\.?\d*/, '').replace(/^SyS_/, 'sys_');
      if (name === undefined) continue;
      if (stack.length > 0) pairs.add(`${stack.at(-1).name}>${name}`);
      if (body.includes('{')) stack.push({ name, indent });
    }
  }
  return pairs;
}

/** Names that a function calls directly, through macros and through what the compiler inlines. */
function directly(def, traced, seen = new Set(), depth = 0) {
  for (const r of query.lookup.owned('calls', def)) {
    const name = index.strings.name(r.data[r.at]);
    if (seen.has(name)) continue;
    seen.add(name);
    const next = depth < 4 ? query.callee(name, def.path) : null;
    if (next !== null && (next.kind === m.Kind.MACRO || next.path.endsWith('.h') || !traced.has(name))) directly(next, traced, seen, depth + 1);
  }
  return seen;
}

function recorded() {
  const folder = path.join(shared, 'traces/3.10.108');
  if (!existsSync(folder)) { console.log('recorded calls: skipped, there are none'); return; }
  const traced = new Set(gunzipSync(readFileSync(path.join(folder, 'traceable.tsv.gz'))).toString().split('\n').map((l) => l.split('\t')[0]));
  let total = 0;
  let among = 0;
  let first = 0;
  const missed = [];
  for (const pair of recordedPairs(folder)) {
    const [caller, callee] = pair.split('>');
    if (!traced.has(caller) || /^(do_IRQ|smp_|_?_?do_softirq|_*local_bh|_*cond_resched|irq_e|do_page_fault)/.test(callee) || query.slots.slotsOf(callee, null).length === 0) continue;
    const defs = query.definitions(caller).filter((d) => d.kind === m.Kind.FUNCTION);
    if (defs.length === 0 || defs.some((d) => directly(d, traced).has(callee))) continue;
    const ranks = defs.flatMap((d) => query.pointerSites(d).map((s) => s.candidates.findIndex((c) => c.name === callee))).filter((r) => r >= 0);
    if (defs.every((d) => query.pointerSites(d).length === 0)) continue; // inlined by the compiler
    total++;
    if (ranks.length > 0) among++;
    else missed.push(pair);
    if (ranks.some((r) => r < 3)) first++;
  }
  console.log(`recorded indirect calls: ${total} pairs, among the candidates ${share(among, total)}, in the first three ${share(first, total)}${missed.length > 0 ? `; not ${missed.join(', ')}` : ''}`);
}

// the facts and recordings are of one version
const version = /^VERSION = (\d+)\nPATCHLEVEL = (\d+)\nSUBLEVEL = (\d+)/m.exec(readFileSync(path.join(tree, 'Makefile'), 'utf8'))?.slice(1).join('.');
if (version === '3.10.108') { facts(); seedLinks(); }
pointerSites();
if (version === '3.10.108') recorded();
if (folders === undefined) ctags();
