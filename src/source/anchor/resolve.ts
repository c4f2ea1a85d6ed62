/** Anchors to lines and back, in one open tree: parses the files it is asked about, keeps their site tables, drops all else. */
import type { Anchor, ResolvedAnchor } from '../../base/anchor';
import type { Problem } from '../../base/result';
import { definedBy } from '../parse/functions';
import { functionsIn, type FunctionSites, type Site } from '../parse/sites';
import { MAX_SOURCE_BYTES, type FileStamp, type KernelTree } from '../tree';
import type { AnchorTable } from './table';

/** Site tables kept at once; the least recently used goes first. The 198 files of the network path fit. */
const MAX_FILES = 512;

interface FileTable {
  readonly stamp: FileStamp | null;
  readonly functions: readonly FunctionSites[];
  readonly byName: ReadonlyMap<string, readonly FunctionSites[]>;
  readonly lines: Map<FunctionSites, Map<string, number>>;
  readonly problem: Problem | null;
}

/** A place on a line: the function it is in, its site, and the anchor that names it. */
export interface AnchorAtLine { readonly anchor: Anchor; readonly site: Site; readonly function: FunctionSites }

const MISSING: ResolvedAnchor = { status: 'missing', line: 0 };
const siteKey = (kind: string, text: string, nth: number): string => `${kind}\t${text}\t${nth}`;

function makeTable(stamp: FileStamp | null, functions: readonly FunctionSites[], problem: Problem | null): FileTable {
  const byName = new Map<string, FunctionSites[]>();
  for (const f of functions) {
    const list = byName.get(f.name);
    if (list) list.push(f);
    else byName.set(f.name, [f]);
  }
  return { stamp, functions, byName, lines: new Map(), problem };
}

/** The last function of a list sorted by line that starts at or before `line`. */
function lastBefore(functions: readonly FunctionSites[], line: number): number {
  let low = 0, high = functions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (functions[middle].line <= line) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * Resolves anchors in `tree`. On the outline, which has no statements but
 * calls, give the table of known anchors: it is looked at first.
 * Files are parsed on first use and again when their size or time changes; unsaved text of an editor goes in by `setText`.
 */
export class AnchorResolver {
  private readonly files = new Map<string, FileTable>();
  private readonly texts = new Map<string, string>();
  private readonly hints = new Map<string, Map<string, string[]>>();

  private readonly known: AnchorTable | undefined;

  /** `known` counts on an outline only: in real source the source has the say. */
  constructor(readonly tree: KernelTree, known?: AnchorTable) {
    this.known = tree.isOutline ? known : undefined;
  }

  /** Unsaved text of a file, which wins over the disk; undefined gives the file back to the disk. */
  setText(path: string, text: string | undefined): void {
    if (text === undefined) this.texts.delete(path);
    else this.texts.set(path, text);
    this.files.delete(path);
  }

  /** `exact`: the statement; `function`: the line of the function's name, the statement is not there; `missing`: line 0. */
  resolve(anchor: Anchor): ResolvedAnchor {
    if (!this.texts.has(anchor.path)) {
      const line = this.known?.line(anchor) ?? null;
      if (line !== null) return { status: 'exact', line };
    }
    const file = this.file(anchor.path), definitions = file.byName.get(anchor.function);
    if (!definitions) return MISSING;
    const definition = definitions[anchor.def - 1];
    if (!definition) return { status: 'function', line: definitions[0].nameLine };
    const isStatedThere = !this.tree.isOutline || anchor.kind === 'entry' || anchor.kind === 'call';
    const line = isStatedThere ? this.linesOf(file, definition).get(siteKey(anchor.kind, anchor.text, anchor.nth)) : undefined;
    return line === undefined ? { status: 'function', line: definition.nameLine } : { status: 'exact', line };
  }

  /** The line of the opening brace of an entry's function, where compilers put its first instruction; the resolved line when it is not known. */
  entryLine(anchor: Anchor): ResolvedAnchor {
    const found = this.resolve(anchor);
    if (found.status !== 'exact' || anchor.kind !== 'entry') return found;
    const known = this.texts.has(anchor.path) ? undefined : this.known;
    const body = known ? known.bodyLine(anchor) : this.file(anchor.path).byName.get(anchor.function)?.[anchor.def - 1]?.bodyLine;
    return { status: 'exact', line: body ?? found.line };
  }

  /** All definitions of a file in source order; empty when it cannot be read (see `problem`). */
  functions(path: string): readonly FunctionSites[] { return this.file(path).functions; }

  /** Why a file has no functions: missing, unreadable, too large, binary. Null when it was read. */
  problem(path: string): Problem | null { return this.file(path).problem; }

  /** The function whose definition spans `line`; null between functions. */
  functionAt(path: string, line: number): FunctionSites | null {
    const functions = this.file(path).functions, f = functions[lastBefore(functions, line)];
    return f !== undefined && f.endLine >= line ? f : null;
  }

  /**
   * The places whose statement starts on `line`, or whose own token stands there (a call on a later line of its statement).
   * Statements first; the lines of a function's head count as its entry. For breakpoints: any of these anchors stops on the line.
   */
  anchorsAtLine(path: string, line: number): AnchorAtLine[] {
    const f = this.functionAt(path, line), found: AnchorAtLine[] = [];
    if (f === null) return found;
    const name = (site: Site): Anchor => ({ path, function: f.name, def: f.def, kind: site.kind, text: site.text, nth: site.nth });
    // The head of a definition, down to its brace, is its entry: debuggers put a breakpoint on a function anywhere there.
    if (line <= f.bodyLine && f.sites[0].line !== line) found.push({ anchor: name(f.sites[0]), site: f.sites[0], function: f });
    for (const site of f.sites) if (site.line === line) found.push({ anchor: name(site), site, function: f });
    for (const site of f.sites) if (site.line !== line && site.tokenLine === line) found.push({ anchor: name(site), site, function: f });
    if (this.known && !this.texts.has(path)) this.addKnown(path, line, f, found);
    return found;
  }

  /** The lines of [from, to] on which something can be stopped at, ascending: statements, calls on later lines of one, entries. */
  lines(path: string, from: number, to: number): number[] {
    const found = new Set<number>(), functions = this.file(path).functions;
    for (let i = Math.max(lastBefore(functions, from), 0); i < functions.length && functions[i].line <= to; i++) {
      for (const site of functions[i].sites) { found.add(site.line); found.add(site.tokenLine); }
    }
    if (this.known && !this.texts.has(path)) for (let line = from; line <= to; line++) if (this.known.at(path, line).length > 0) found.add(line);
    return [...found].filter((line) => line >= from && line <= to).sort((a, b) => a - b);
  }

  /** One sentence for an anchor that is not exact: what is not there, and where the function is now, if it stands nearby. */
  explain(anchor: Anchor): string {
    const { status, line } = this.resolve(anchor);
    const place = `${anchor.path}:${line}`;
    if (status === 'exact') return `${anchor.function} is at ${place}.`;
    if (status === 'function') return `${anchor.function} is at ${place}, but Linux ${this.tree.version} has no such ${anchor.kind}${anchor.text ? ` (${anchor.text})` : ''} in it.`;
    const problem = this.problem(anchor.path);
    const elsewhere = this.find(anchor.function, anchor.path);
    if (elsewhere.length > 0) return `${anchor.function} is not in ${anchor.path} of Linux ${this.tree.version}: it is in ${elsewhere.map((f) => `${f.path}:${f.line}`).join(', ')}.`;
    return problem ? problem.message : `${anchor.function} is not in ${anchor.path} of Linux ${this.tree.version}, nor in the files beside it.`;
  }

  /**
   * Looks for a function's definition in the files beside `near` and in the network folders, without an index: by the names at line
   * starts, then a parse of the files that have it. At most `limit` places. The first search in a folder reads it once.
   */
  find(name: string, near: string, limit = 3): { path: string; line: number }[] {
    const folder = near.slice(0, Math.max(near.lastIndexOf('/'), 0));
    const found: { path: string; line: number }[] = [];
    for (const dir of new Set([folder, 'net/core', 'net/ipv4', 'include/net', 'include/linux', 'net'])) {
      for (const path of this.hintsOf(dir).get(name) ?? []) {
        const definition = path === near ? undefined : this.file(path).byName.get(name)?.[0];
        if (definition) found.push({ path, line: definition.nameLine });
        if (found.length >= limit) return found;
      }
    }
    return found;
  }

  /** For each name that looks defined in a folder's files, the files. A hint only: what it says is checked by parsing. */
  private hintsOf(dir: string): Map<string, string[]> {
    let hints = this.hints.get(dir);
    if (hints) return hints;
    this.hints.set(dir, hints = new Map());
    for (const file of this.tree.list(dir)) {
      const path = `${dir}/${file}`, read = /\.[ch]$/.test(file) ? this.tree.read(path) : null;
      if (!read?.ok) continue;
      for (const [, macro, name] of read.value.matchAll(/^(?=[A-Za-z_])(?:\w[\w \t*]{0,160}?)??\b(?:(SYSCALL_DEFINE\d|COMPAT_SYSCALL_DEFINE\d)\()?(\w{1,100})[ \t]{0,9}[(,)]/gm)) {
        const key = macro === undefined ? name : definedBy(macro, name) ?? name, list = hints.get(key);
        if (!list) hints.set(key, [path]);
        else if (list[list.length - 1] !== path) list.push(path);
      }
    }
    return hints;
  }

  private addKnown(path: string, line: number, f: FunctionSites, found: AnchorAtLine[]): void {
    const has = new Set(found.map((x) => siteKey(x.anchor.kind, x.anchor.text, x.anchor.nth)));
    for (const anchor of this.known?.at(path, line) ?? []) {
      if (anchor.function !== f.name || has.has(siteKey(anchor.kind, anchor.text, anchor.nth))) continue;
      const site: Site = { kind: anchor.kind, text: anchor.text, nth: anchor.nth, line, tokenLine: line, depth: 0, parent: -1, branch: '' };
      found.push({ anchor, site, function: f });
    }
  }

  private linesOf(file: FileTable, f: FunctionSites): Map<string, number> {
    let lines = file.lines.get(f);
    if (!lines) {
      lines = new Map(f.sites.map((s) => [siteKey(s.kind, s.text, s.nth), s.line]));
      file.lines.set(f, lines);
    }
    return lines;
  }

  private file(path: string): FileTable {
    const text = this.texts.get(path), stamp = text === undefined ? this.tree.stamp(path) : null;
    const cached = this.files.get(path);
    if (cached && (text !== undefined || (cached.stamp?.mtimeMs === stamp?.mtimeMs && cached.stamp?.size === stamp?.size))) {
      this.files.delete(path);
      this.files.set(path, cached);
      return cached;
    }
    const table = this.parse(path, text, stamp);
    this.files.delete(path);
    this.files.set(path, table);
    if (this.files.size > MAX_FILES) this.files.delete(this.files.keys().next().value!);
    return table;
  }

  private parse(path: string, text: string | undefined, stamp: FileStamp | null): FileTable {
    if (text !== undefined && text.length > MAX_SOURCE_BYTES) {
      return makeTable(stamp, [], { code: 'file-too-large', message: `${path} is above ${MAX_SOURCE_BYTES / 1048576} MB and is not parsed. Open a smaller file.`, where: path });
    }
    const source = text === undefined ? this.tree.read(path) : { ok: true as const, value: text };
    return source.ok ? makeTable(stamp, functionsIn(source.value), null) : makeTable(stamp, [], source.error);
  }
}
