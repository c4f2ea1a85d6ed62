// The anchor table, src/emulator/anchors.tsv: for every mirrored function the C places its statements stand for.
// Columns: path, function, def, kind, text, nth, line, ts (indices of the mirror's sites; on entry rows their hash), minor (entry rows).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { deadLines } from './config.mjs';
import { parser } from './parser.mjs';
import { mirrorFunctions } from './ts-sites.mjs';
import { pairSites } from './pairing.mjs';

/** Primitives that compile to an instruction or two: no frames, no steps (the recordings do not show them either). */
const PRIMITIVES = /^include\/(asm-generic|uapi)\/|^include\/linux\/(atomic|bitops|bug|capability|compiler|cred|err|gfp|hrtimer|interrupt|irqflags|jhash|jiffies|kernel|ktime|list|mm|mm_types|mutex|percpu_counter|random|rcupdate|sched|smp|spinlock|time|timer|types|wait|workqueue)\.ts$|^include\/(ports|probe)\.ts$|^kernel\/(hrtimer|workqueue|smpboot|task_work)\.ts$|\.struct\.ts$/;
const MIRROR = ['include', 'lib', 'fs', 'arch', 'kernel', 'net', 'drivers'];

/** Headers that live beside the .c files that include them. */
const PRIVATE_HEADERS = new Set([
  'drivers/net/ethernet/intel/igb/igb.ts', 'drivers/net/ethernet/intel/igb/e1000_hw.ts', 'drivers/net/ethernet/intel/igb/e1000_regs.ts', 'drivers/net/ethernet/intel/igb/e1000_defines.ts',
  'net/ipv4/fib_lookup.ts', 'net/packet/internal.ts',
]);

/** Kernel path of a mirror file, relative to src/emulator. */
export function kernelPath(relative) { return relative.replace(/\.ts$/, relative.startsWith('include/') || PRIVATE_HEADERS.has(relative) ? '.h' : '.c'); }

/** Mirror files, sorted, relative to src/emulator. */
export function mirrorFiles(root) {
  const base = path.join(root, 'src/emulator'), out = [];
  const walk = (dir) => { for (const e of readdirSync(path.join(base, dir), { withFileTypes: true })) {
    const at = path.posix.join(dir, e.name);
    if (e.isDirectory()) walk(at); else if (at.endsWith('.ts') && !at.endsWith('.test.ts') && !at.endsWith('.d.ts') && !PRIMITIVES.test(at)) out.push(at);
  } };
  for (const d of MIRROR) if (existsSync(path.join(base, d))) walk(d);
  return out.sort();
}

/** Rows of the committed table by `path\tfunction`. */
export function readTable(root) {
  const file = path.join(root, 'src/emulator/anchors.tsv'), out = new Map();
  if (!existsSync(file)) return out;
  for (const line of readFileSync(file, 'utf8').split('\n').slice(1)) {
    if (!line) continue;
    const [p, fn, def, kind, text, nth, at, ts, minor] = line.split('\t');
    const key = `${p}\t${fn}`;
    if (!out.has(key)) out.set(key, []);
    out.get(key).push({ path: p, function: fn, def: +def, kind, text, nth: +nth, line: +at, ts, minor: minor === '1' });
  }
  return out;
}

const cFiles = new Map();
/** Functions of one C file of the tree by name (all definitions). Sites and definitions that were not compiled are `dead`. */
export function cFunctions(root, kernel, file) {
  if (cFiles.has(file)) return cFiles.get(file);
  const full = path.join(kernel, file);
  const out = new Map();
  if (existsSync(full)) {
    const text = readFileSync(full, 'latin1');
    const lines = text.split('\n');
    const { functionsIn, tokenize } = parser(root), isDead = deadLines(tokenize(text).directives);
    for (const f of functionsIn(text)) {
      f.dead = isDead(f.sites[0].line);
      for (const s of f.sites) {
        if (s.kind === 'decl' && s.text !== 'bare') s.name = declaredName(lines, s);
        if (s.kind === 'loop') s.head = loopHead(lines, s);
        // In a function that was left out whole, everything is as good as compiled.
        s.dead = !f.dead && isDead(s.tokenLine);
      }
      if (!out.has(f.name)) out.set(f.name, []);
      out.get(f.name).push(f);
    }
  }
  cFiles.set(file, out);
  return out;
}

/** The variable that a declaration with initialiser declares. */
function declaredName(lines, site) {
  const text = lines.slice(site.tokenLine - 1, site.tokenLine + 2).join(' ');
  const same = lines[site.tokenLine - 1].match(/([A-Za-z_]\w*)\s*(\[[^\]]*\])?\s*=[^=]/);
  const found = same ?? text.match(/([A-Za-z_]\w*)\s*(\[[^\]]*\])?\s*=[^=]/);
  return found ? found[1] : '';
}

/** The words between a loop's parentheses. */
function loopHead(lines, site) {
  const text = lines.slice(site.tokenLine - 1, site.tokenLine + 5).join(' '), open = text.indexOf('(');
  let depth = 0, end = open;
  do depth += text[end] === '(' ? 1 : text[end] === ')' ? -1 : 0; while (depth > 0 && ++end < text.length);
  return open < 0 ? '' : (text.slice(open, end).match(/\b[A-Za-z_]\w*/g) ?? []).filter((w) => w !== 'NULL').join(' ');
}

/** Pairs one mirror function with its C definitions; the best definition wins, one that was compiled before others. Null when the C file has no such function. */
export function alignFunction(root, kernel, file, fn) {
  const definitions = cFunctions(root, kernel, kernelPath(file)).get(fn.name);
  if (!definitions) return null;
  let best = null;
  for (const c of definitions) {
    const pair = pairSites(fn.sites, c.sites);
    const good = pair.reduce((n, j) => n + (j >= 0 ? 1 : 0), 0) + (c.dead ? 0 : 100000);
    if (!best || good > best.good) best = { c, pair, good };
  }
  return best;
}

/**
 * For every mirror function its probes: { path, name, def, minor, anchors: per site anchor or null }.
 * `kernel` (optional) is a 3.10.108 tree: functions whose sites changed since the table was written are aligned afresh with it,
 * else with the table's own rows. Functions unknown to the kernel file (macros there) get no probe at all.
 */
export function planOf(root, kernel) {
  const table = readTable(root), out = new Map();
  const files = mirrorFiles(root);
  const known = new Set([...table.keys()].map((k) => k.split('\t')[0]));
  for (const file of files) {
    const p = kernelPath(file), text = readFileSync(path.join(root, 'src/emulator', file), 'utf8');
    const functions = mirrorFunctions(text, file);
    out.set(file, { text, names: functions.map((fn) => fn.name), functions: functions.map((fn) => ({ fn, ...planFunction(root, kernel, file, p, fn, table.get(`${p}\t${fn.name}`), known.has(p)) })).filter((f) => f.probed) });
  }
  return out;
}

function planFunction(root, kernel, file, p, fn, rows, fileKnown) {
  const entry = rows?.find((r) => r.kind === 'entry');
  if (entry && entry.ts === fn.hash) {
    const anchors = new Array(fn.sites.length).fill(null);
    for (const r of rows) if (r.kind !== 'entry' && r.ts) for (const i of r.ts.split(',')) anchors[+i] = r;
    return { probed: true, def: entry.def, minor: entry.minor, anchors };
  }
  if (kernel) {
    const found = alignFunction(root, kernel, file, fn);
    if (!found) return { probed: false };
    const at = (s) => ({ path: p, function: fn.name, def: found.c.def, kind: s.kind, text: s.text, nth: s.nth, line: s.line });
    return { probed: true, def: found.c.def, minor: entry ? entry.minor : found.c.endLine - found.c.bodyLine < 7, anchors: [...found.pair].map((j) => (j >= 0 ? at(found.c.sites[j]) : null)) };
  }
  if (!entry) return { probed: false, unknown: fileKnown };
  const cs = rows.filter((r) => r.kind !== 'entry').map((r) => ({ ...r, parent: -1, branch: '' }));
  return { probed: true, def: entry.def, minor: entry.minor, anchors: [...pairSites(fn.sites, cs, false)].map((j) => (j >= 0 ? cs[j] : null)) };
}
