// SKBWALK_KERNEL=TREE node tools/make-outline.mjs [--facts DIR] [--anchors FILE] [-o FILE]: writes the built-in outline's data (see
// src/source/outline/data.ts). DIR holds the tables files, functions, calls, ops and types (.tsv.gz) of one kernel, and is named after its
// version. What they do not say comes from the tree: files that have anchors (src/emulator/anchors.tsv) and no facts, and what function
// pointers go through and hold. Names and line numbers only, in both cases.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import zlib from 'node:zlib';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { nodeOptions, root } from './bundle.mjs';

const CALLS = ['direct', 'member', 'pointer', 'loopmacro'], TYPES = ['macro', 'struct', 'union', 'enum', 'typedef'];

const { values } = parseArgs({ options: { facts: { type: 'string' }, anchors: { type: 'string' }, output: { type: 'string', short: 'o' } } });
const facts = path.resolve(values.facts ?? process.env.SKBWALK_FACTS ?? path.join(root, '../shared/facts/3.10.108'));
const anchorFile = values.anchors ?? path.join(root, 'src/emulator/anchors.tsv');
const kernel = path.basename(facts), output = path.resolve(values.output ?? path.join(root, `media/outline-${kernel}.json.br`));
if (!fs.existsSync(path.join(facts, 'files.tsv.gz'))) { console.error(`no facts in ${facts}: give the folder with --facts DIR or SKBWALK_FACTS`); process.exit(2); }
if (!process.env.SKBWALK_KERNEL) { console.error(`set SKBWALK_KERNEL to a tree of Linux ${kernel}`); process.exit(2); }

function table(text) {
  const [head, ...rows] = text.trimEnd().split('\n').map((l) => l.replace(/\r$/, '').split('\t'));
  return rows.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i] ?? ''])));
}
const fact = (name) => table(zlib.gunzipSync(fs.readFileSync(path.join(facts, `${name}.tsv.gz`))).toString('utf8'));
function byPath(rows) {
  const groups = new Map();
  for (const r of rows) {
    if (!groups.has(r.path)) groups.set(r.path, []);
    groups.get(r.path).push(r);
  }
  return groups;
}

const names = [''], indexOf = new Map([['', 0]]);
function name(text) {
  if (!indexOf.has(text)) { indexOf.set(text, names.length); names.push(text); }
  return indexOf.get(text);
}
/** Sorts rows by line and stores the lines as differences; the order of rows on one line stays. */
function stored(rows, line, cells) {
  let last = 0;
  return rows.map((r, i) => [r, i]).sort((a, b) => line(a[0]) - line(b[0]) || a[1] - b[1])
    .flatMap(([r]) => { const step = line(r) - last; last = line(r); return cells(r, step); });
}
function tables(rows) {
  const groups = new Map();
  for (const r of rows) {
    const key = `${r.variable}\t${r.variable_line}`;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(r);
  }
  return [...groups.values()].sort((a, b) => a[0].variable_line - b[0].variable_line).map((g) => {
    let last = +g[0].variable_line;
    const members = g.sort((a, b) => a.line - b.line).flatMap((r) => { const step = r.line - last; last = +r.line; return [step, name(r.member), name(r.value)]; });
    return [name(g[0].struct), name(g[0].variable), +g[0].variable_line, members];
  });
}
function kindOf(list, kind, what) {
  const index = list.indexOf(kind);
  if (index < 0) throw new Error(`unknown kind of ${what}: ${kind}`);
  return index;
}

async function bundled(entry) {
  const outfile = path.join(root, `dist/make-outline/${process.pid}-${path.basename(entry)}.cjs`);
  await build(nodeOptions({ entryPoints: [entry], outfile, sourcemap: false }));
  const exports = createRequire(import.meta.url)(outfile);
  fs.rmSync(outfile);
  return exports;
}
const { functionsIn } = await bundled('src/source/parse/sites.ts'), { pointersOf } = await bundled('src/source/outline/pointers.ts');

/** Rows of a file that the facts do not list, from the source itself. */
function readSource(file) {
  const text = fs.readFileSync(path.join(process.env.SKBWALK_KERNEL, file), 'latin1'), found = functionsIn(text);
  functions.set(file, found.map((f) => ({ function: f.name, start_line: f.line, name_line: f.nameLine, end_line: f.endLine })));
  calls.set(file, found.flatMap((f) => f.sites.filter((s) => s.kind === 'call' || s.macro).map((s) => ({ line: s.tokenLine, callee: s.macro ?? s.text, kind: s.macro ? 'loopmacro' : 'direct' }))));
  return { path: file, lines: text.split('\n').length - 1 };
}

const functions = byPath(fact('functions')), calls = byPath(fact('calls')), ops = byPath(fact('ops')), types = byPath(fact('types')), listed = fact('files');
const anchored = fs.existsSync(anchorFile) ? new Set(table(fs.readFileSync(anchorFile, 'utf8')).map((r) => r.path)) : new Set();
for (const file of anchored) if (!listed.some((f) => f.path === file)) listed.push(readSource(file));
listed.sort((a, b) => (a.path < b.path ? -1 : 1));
const { receivers, stores } = await pointersOf(process.env.SKBWALK_KERNEL, listed.map((f) => f.path)), storesOf = byPath(stores);
const memberOf = (callee) => /(\w+)\W*$/.exec(callee)?.[1] ?? '', receiverOf = new Map(receivers.map((r) => [`${r.path}:${r.line} ${r.member}`, r.struct]));
const isMember = (r) => r.kind === 'member' || (r.kind === 'direct' && /->|\./.test(r.callee));
const structOf = (file, r) => (isMember(r) ? receiverOf.get(`${file}:${r.line} ${memberOf(r.callee)}`) ?? '' : '');
const files = listed.map(({ path: file, lines }) => ({
  path: file, lines: +lines,
  functions: stored(functions.get(file) ?? [], (r) => +r.start_line, (r, step) => [name(r.function), step, r.name_line - r.start_line, r.end_line - r.start_line]),
  calls: stored(calls.get(file) ?? [], (r) => +r.line, (r, step) => [step, name(r.callee), kindOf(CALLS, r.kind.replace(/^direct\|macro$|^macro$/, 'direct'), 'call'), name(structOf(file, r))]),
  types: stored(types.get(file) ?? [], (r) => +r.line, (r, step) => [step, kindOf(TYPES, r.kind, 'type'), name(r.name)]),
  tables: tables(ops.get(file) ?? []),
  stores: stored(storesOf.get(file) ?? [], (r) => r.line, (r, step) => [step, name(r.struct), name(r.member), name(r.value)]),
}));
const json = Buffer.from(JSON.stringify({ format: 2, kernel, names, files }));
const packed = zlib.brotliCompressSync(json, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_LGWIN]: 24, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: json.length } });
fs.mkdirSync(path.dirname(output), { recursive: true });
fs.writeFileSync(output, packed);
console.error(`${path.relative(process.cwd(), output)}: ${files.length} files, ${names.length} names, ${(packed.length / 1024).toFixed(0)} KB`);
