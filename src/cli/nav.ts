/** The navigator on the command line: index, def, refs, callers, callees, impl, path, symbols (design.md, "Command line contract"). */
import { closeSync, existsSync, openSync, statSync, writeSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fail, ok, type Result } from '../base/result';
import { localise } from '../debug/messages';
import { type BuildThreads, defaultThreads } from '../source/index/build';
import { cacheFile, clearCache } from '../source/index/cache';
import { Kind } from '../source/index/facts';
import { makeGraph } from '../source/index/graphs';
import { implementations, splitMember, type What } from '../source/index/implementations';
import { KernelIndex, type OpenReport } from '../source/index/kernel-index';
import type { Def } from '../source/index/lookup';
import { findPaths } from '../source/index/path';
import { definitionHere, definitionsAt, memberOf, memberRow, references, type Word, wordAt } from '../source/index/places';
import { type CallRow, type Place, Query, symbolRow, type SymbolRow, type Via } from '../source/index/query';
import { SymbolSearch } from '../source/index/symbols';
import { type Args, type CliIo, complain, EXIT, guarded, processIo, UsageError, wholeNumber } from './args';

/** The world outside: replaced in tests. */
export interface NavIo extends CliIo {
  /** Script of the index worker (dist/index-worker.js). */
  readonly workerScript: string;
}

/** The real world. */
export function navIo(workerScript = path.join(__dirname, 'index-worker.js')): NavIo {
  return { ...processIo(), workerScript };
}

/** Folder of the saved indexes. */
export function cacheFolder(env: NavIo['env']): string {
  return env.SKBWALK_CACHE ?? path.join(env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'skbwalk');
}

/** More threads than this read nothing faster. */
const MOST_THREADS = 64;
const MOST_ROWS = 100_000;
const MOST_CHAINS = 1000;

function treeOf(given: string | undefined, io: NavIo): string {
  const dir = given ?? io.env.SKBWALK_KERNEL;
  if (dir === undefined || dir === '') throw new UsageError('the kernel tree is missing: give --kernel DIR, or set SKBWALK_KERNEL');
  const root = path.resolve(dir);
  if (!existsSync(root) || !statSync(root).isDirectory()) throw new UsageError('{0} is no folder', dir);
  return root;
}

/** Opens the index of a tree, with progress on stderr when that is a terminal's. */
async function openTree(root: string, args: Args, io: NavIo): Promise<{ index: KernelIndex; report: OpenReport }> {
  const under = args.flags.get('only')?.split(',').map((f) => f.replace(/\/+$/, ''));
  for (const folder of under ?? []) if (!existsSync(path.join(root, folder))) throw new UsageError('there is no {0} in {1}', folder, root);
  const count = wholeNumber(args, 'threads', 0, MOST_THREADS, -1);
  const folder = args.flags.get('cache') ?? cacheFolder(io.env);
  if (args.flags.has('clear-cache')) clearCache(cacheFile(folder, root, under ?? ['']));
  const index = new KernelIndex(root);
  const threads: BuildThreads = count < 0 ? defaultThreads(io.workerScript) : { script: io.workerScript, count };
  let shown = -1;
  const report = await index.open({
    under, threads, cacheFolder: args.flags.has('no-cache') ? undefined : folder,
    progress: (done, total) => {
      const percent = Math.floor((done / total) * 10) * 10;
      if (percent === shown || args.flags.has('quiet')) return;
      shown = percent;
      io.err(`${io.t('indexing {0}% ({1} of {2} files)', percent, done, total)}\n`);
    },
  });
  for (const p of report.problems.slice(0, 20)) io.err(`${localise(p.message, io.t)}\n`);
  if (report.problems.length > 20) io.err(`${io.t('... and {0} more', report.problems.length - 20)}\n`);
  return { index, report };
}

/** Writes `pieces` to `file` as they come; gives their number. */
function writePieces(file: string, pieces: Iterable<Uint8Array>): Result<number> {
  let fd = -1, count = 0;
  try {
    fd = openSync(file, 'w');
    for (const piece of pieces) { writeSync(fd, piece); count++; }
    return ok(count);
  } catch (e) {
    return fail('index-not-written', `${file} cannot be written (${(e as NodeJS.ErrnoException).code ?? String(e)}). Give another file with -o.`, file);
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}

/** `skbwalk index DIR`: reads the tree, saves its index, tells what is in it. */
export function indexCommand(argv: readonly string[], io: NavIo = navIo()): Promise<number> {
  return guarded('index', argv, io, async (args) => {
    const start = process.hrtime.bigint(), format = args.flags.get('format'), file = args.flags.get('output');
    if (format !== undefined && format !== 'scip') throw new UsageError('there is no format "{0}" for an index; there is scip', format);
    if ((format === undefined) !== (file === undefined)) throw new UsageError('--format scip and -o FILE go together');
    const { index, report } = await openTree(treeOf(args.words[0], io), args, io);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const counts = index.stats();
    const stats = { files: counts.files, functions: counts.functions, calls: counts.calls, ops: counts.ops, seconds: Math.round(seconds * 1000) / 1000, peakRssMiB: Math.round(process.resourceUsage().maxRSS / 1024), cacheBytes: report.cacheBytes };
    if (file !== undefined) {
      const { scipChunks } = await import('../formats/scip');
      const { ScipIndex } = await import('../source/index/scip-source');
      const written = writePieces(file, scipChunks(new ScipIndex(new Query(index))));
      if (!written.ok) return complain(written.error, io);
      io.err(`${io.t('{0}: {1} documents', file, written.value - 1)}\n`);
    }
    if (args.flags.has('json')) io.out(`${JSON.stringify(stats)}\n`);
    else {
      io.out(`${stats.files} files, ${stats.functions} functions, ${stats.calls} calls, ${stats.ops} table entries in ${stats.seconds} s${report.fromCache ? ' (from the saved index)' : ''}\n`);
      if (args.flags.has('stats')) io.out(`${counts.definitions} definitions, ${counts.macros} macros, ${stats.peakRssMiB} MiB at most, ${stats.cacheBytes} bytes saved, ${report.rescanned} files read, ${index.segments.length} segments\n`);
    }
    if (counts.files > 0) return EXIT.FINE;
    io.err(`skbwalk: ${io.t('there is no C source in {0}', args.words[0])}\n`);
    return EXIT.NOTHING;
  });
}

/** A symbol or a place; null when there is no word at the place. */
function readWhat(query: Query, text: string): What | null {
  const m = /^(.+):(\d+):(\d+)$/.exec(text);
  if (m === null) return { kind: 'name', name: text };
  const given = path.isAbsolute(m[1]) ? path.relative(query.index.root, m[1]) : m[1].replace(/^\.\//, '');
  const word = wordAt(query, { path: given.split(path.sep).join('/'), line: Number(m[2]), column: Number(m[3]) });
  return word === null ? null : { kind: 'place', word };
}

function print(rows: readonly (SymbolRow | CallRow | Place | (SymbolRow & { via: Via | null }))[], args: Args, io: NavIo): number {
  if (rows.length === 0) return nothing(args, io, io.t('nothing was found for "{0}"', args.words.join(' ')));
  if (args.flags.has('json')) io.out(`${JSON.stringify(rows)}\n`);
  else for (const r of rows) io.out(`${lineOf(r)}\n`);
  return EXIT.FINE;
}

/** No rows, and why. */
function nothing(args: Args, io: NavIo, why: string): number {
  if (args.flags.has('json')) io.out('[]\n');
  io.err(`skbwalk: ${why}\n`);
  return EXIT.NOTHING;
}

function noWord(args: Args, io: NavIo, text = args.words[0]): number {
  return nothing(args, io, io.t('there is no word at {0}; lines and columns count from 1, the file from the root of the tree', text));
}

function lineOf(r: SymbolRow | CallRow | Place | (SymbolRow & { via: Via | null })): string {
  const place = `${r.path}:${r.line}:${r.column}`;
  if (!('name' in r)) return place;
  const via = 'via' in r && r.via !== null ? `  via ${r.via.struct === '' ? '' : `${r.via.struct}.`}${r.via.member}${r.via.later === undefined ? '' : ` (${r.via.later})`}` : '';
  const site = 'site' in r ? `  at ${r.site.path}:${r.site.line}:${r.site.column}` : '';
  return `${r.name}  ${r.kind}  ${place}${site}${via}`;
}

/** Runs a question over an opened tree. */
function asking(command: string, argv: readonly string[], io: NavIo, ask: (query: Query, args: Args) => number | Promise<number>): Promise<number> {
  return guarded(command, argv, io, async (args) => {
    const { index } = await openTree(treeOf(args.flags.get('kernel'), io), args, io);
    return ask(new Query(index), args);
  });
}

/** `skbwalk def WHAT`. */
export function defCommand(argv: readonly string[], io: NavIo = navIo()): Promise<number> {
  return asking('def', argv, io, (query, args) => {
    const what = readWhat(query, args.words[0]);
    return what === null ? noWord(args, io) : print(definitionRows(query, what), args, io);
  });
}

function definitionRows(query: Query, what: What): SymbolRow[] {
  if (what.kind === 'place') return definitionsAt(query, what.word);
  const split = splitMember(what.name);
  if (split !== null) return query.types.membersNamed(split.member).filter((m) => m.struct === split.struct || m.struct === `@${split.struct}`).map(memberRow);
  const rows = query.definitions(what.name).map(symbolRow);
  return rows.length > 0 ? rows : query.types.membersNamed(what.name).map(memberRow);
}

/** `skbwalk refs WHAT`. */
export function refsCommand(argv: readonly string[], io: NavIo = navIo()): Promise<number> {
  return asking('refs', argv, io, (query, args) => {
    const what = readWhat(query, args.words[0]);
    if (what === null) return noWord(args, io);
    const name = what.kind === 'name' ? what.name : what.word.name;
    const local = what.kind === 'place' && what.word.local !== null;
    let places = references(query, name, undefined, local ? (what as { word: Word }).word.place.path : undefined);
    if (local) {
      const { place } = (what as { word: Word }).word;
      const f = query.lookup.functionAt(place.path, place.line);
      if (f !== null) places = places.filter((p) => p.line >= f.startLine && p.line <= f.endLine);
    }
    return print(places.map((p) => ({ name, kind: 'reference', ...p })), args, io);
  });
}

/** The function or macro that is meant; with no definition only the name counts. */
function callable(query: Query, what: What): { name: string; def: Def | null } {
  const name = what.kind === 'name' ? what.name : what.word.name;
  const from = what.kind === 'place' ? what.word.place.path : '';
  const defs = query.definitions(name, from).filter((d) => d.kind === Kind.FUNCTION || d.kind === Kind.MACRO || d.kind === Kind.TRACEPOINT);
  if (what.kind === 'name') return { name: defs[0]?.name ?? name, def: defs[0] ?? null };
  const here = definitionHere(query, what.word, defs);
  return { name: defs[0]?.name ?? name, def: here ?? query.callee(name, from) ?? defs[0] ?? null };
}

/** In order of site; rows of one site stay as they are ranked. */
function bySite(rows: readonly CallRow[]): CallRow[] {
  return [...rows].sort((a, b) => (a.site.path < b.site.path ? -1 : a.site.path > b.site.path ? 1 : a.site.line - b.site.line || a.site.column - b.site.column));
}

/** `skbwalk callers WHAT`. A name means every function of that name, a place the one that is meant there. */
export function callersCommand(argv: readonly string[], io: NavIo = navIo()): Promise<number> {
  return asking('callers', argv, io, (query, args) => {
    const what = readWhat(query, args.words[0]);
    if (what === null) return noWord(args, io);
    const member = what.kind === 'place' ? memberOf(query, what.word) : null;
    if (member !== null) return print(bySite(query.slotCallers({ struct: member.struct, member: member.name })), args, io);
    const { name, def } = callable(query, what);
    return print(bySite(query.callers(name, what.kind === 'place' ? def : null)), args, io);
  });
}

/** `skbwalk callees WHAT`. */
export function calleesCommand(argv: readonly string[], io: NavIo = navIo()): Promise<number> {
  return asking('callees', argv, io, (query, args) => {
    const what = readWhat(query, args.words[0]);
    if (what === null) return noWord(args, io);
    const { def } = callable(query, what);
    return print(def === null ? [] : query.callees(def), args, io);
  });
}

/** `skbwalk impl WHAT`: what can stand in a member, or at a call through one; of a struct, its tables. */
export function implCommand(argv: readonly string[], io: NavIo = navIo()): Promise<number> {
  return asking('impl', argv, io, (query, args) => {
    const what = readWhat(query, args.words[0]);
    return what === null ? noWord(args, io) : print(implementations(query, what), args, io);
  });
}

/** `skbwalk path FROM TO`: the chain of calls, first what FROM calls, last TO. With --chains N up to N chains, numbered. */
export function pathCommand(argv: readonly string[], io: NavIo = navIo()): Promise<number> {
  return asking('path', argv, io, async (query, args) => {
    const ends = args.words.map((w) => readWhat(query, w));
    if (ends.includes(null)) return noWord(args, io, args.words[ends.indexOf(null)]);
    const [from, to] = ends.map((w) => callable(query, w as What).def);
    if (from === null || to === null) return nothing(args, io, io.t('{0} is no function of this tree', args.words[from === null ? 0 : 1]));
    const wanted = wholeNumber(args, 'chains', 1, MOST_CHAINS, 1);
    await makeGraph(query, () => { if (!args.flags.has('quiet')) io.err(`${io.t('working out which function calls which; it is kept for the next time')}\n`); });
    const chains = findPaths(query, from, to, { chains: wanted });
    if (chains.length === 0) return nothing(args, io, io.t('no chain of calls leads from {0} to {1}', args.words[0], args.words[1]));
    if (wanted <= 1) return print(chains[0], args, io);
    return print(chains.flatMap((chain, k) => chain.map((row) => ({ chain: k + 1, ...row }))), args, io);
  });
}

/** `skbwalk symbols TEXT`: names that hold these letters in order, best first. */
export function symbolsCommand(argv: readonly string[], io: NavIo = navIo()): Promise<number> {
  return asking('symbols', argv, io, (query, args) => print(new SymbolSearch(query).find(args.words[0], wholeNumber(args, 'limit', 1, MOST_ROWS, 50)).map(symbolRow), args, io));
}

/** The commands by name, for the entry point. */
export const NAV_COMMANDS: Readonly<Record<string, (argv: readonly string[], io?: NavIo) => Promise<number>>> = {
  index: indexCommand, def: defCommand, refs: refsCommand, callers: callersCommand, callees: calleesCommand, impl: implCommand, path: pathCommand, symbols: symbolsCommand,
};
