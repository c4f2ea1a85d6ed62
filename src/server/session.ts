/** One server's state: the tree, its index, the open documents; and the conversion of places. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Connection, Location, Position, Range, TextDocuments } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type ControlRequest, NAVIGATOR, type NavigatorOptions, type NavigatorStats, type NavigatorStatus } from '../protocol/navigator';
import { defaultThreads } from '../source/index/build';
import { cacheFile, clearCache } from '../source/index/cache';
import { prepareGraph } from '../source/index/graphs';
import { KernelIndex } from '../source/index/kernel-index';
import { readTree, unitColumn, type Word, wordAt } from '../source/index/places';
import { type Place, Query, type SymbolRow } from '../source/index/query';
import { SymbolSearch } from '../source/index/symbols';
import { isSourceName } from '../source/index/walk';
import { type Translate, translator } from './words';

const UPDATE_DELAY_MS = 120;
const QUIET_MS = 30_000;
const MOST_INCLUDES = 60;
const MOST_MESSAGES = 20;
/** A rest ends by itself after this, whatever was asked. */
const MOST_REST_MS = 60_000;
/** More changed files at once than this is a branch switch: everything is compared anew. */
const MANY_FILES = 200;

/** One tree behind one client. Lines and columns of `Place` count from 1, columns in bytes; the protocol's from 0, in UTF-16 units. */
export class Session {
  readonly index: KernelIndex;
  readonly query: Query;
  readonly symbols: SymbolSearch;
  readonly t: Translate;
  private status: NavigatorStatus = { phase: 'idle', done: 0, total: 0, messages: [] };
  private cancelled = false;
  /** The user's own pause; a rest comes and goes beside it. */
  private paused = false;
  private restUntil = 0;
  private opening: Promise<void> | null = null;
  private again = false;
  private seconds = 0;
  private cacheBytes = 0;
  private quiet: NodeJS.Timeout | undefined;
  private readonly pending = new Map<string, NodeJS.Timeout>();

  constructor(readonly connection: Connection, readonly documents: TextDocuments<TextDocument>, readonly root: string, readonly options: NavigatorOptions, private readonly workerScript: string) {
    this.index = new KernelIndex(root);
    this.query = new Query(this.index);
    this.query.context = { arch: options.arch };
    this.symbols = new SymbolSearch(this.query);
    this.t = translator(options.words);
  }

  /** Opens or refreshes the index; one run at a time, a request meanwhile makes another run follow. */
  open(): Promise<void> {
    if (this.opening !== null) { this.again = true; return this.opening; }
    this.opening = this.run().finally(() => {
      this.opening = null;
      if (!this.again) return;
      this.again = false;
      void this.open();
    });
    return this.opening;
  }

  private async run(): Promise<void> {
    const { t } = this;
    this.cancelled = false;
    const started = Date.now();
    this.tell({ phase: 'indexing', done: 0, total: 0, messages: [] });
    const progress = this.options.ownProgress === true ? null : await this.connection.window.createWorkDoneProgress().catch(() => null); // the client may have none
    progress?.begin(t('Reading the kernel tree'), 0, undefined, true);
    progress?.token.onCancellationRequested(() => { this.cancelled = true; });
    try {
      const threads = defaultThreads(this.workerScript);
      const report = await this.index.open({
        under: this.options.only, cacheFolder: this.options.cache,
        threads: this.options.threads === undefined ? threads : { ...threads, count: Math.min(this.options.threads, threads.count) },
        cancelled: () => this.cancelled, paused: () => this.waiting(),
        progress: (done, total) => {
          const phase = this.phase();
          // A pause is for somebody who waits for frames: it is told once, not ten times a second.
          if (this.status.phase === phase && this.status.done === done && this.status.total === total) return;
          progress?.report(total === 0 ? 100 : Math.floor((100 * done) / total), t('{0} of {1} files', done, total));
          this.tell({ phase, done, total, messages: [] });
        },
      });
      this.seconds = (Date.now() - started) / 1000;
      this.cacheBytes = report.cacheBytes;
      if (!report.cancelled) this.prepare().catch((e: unknown) => this.connection.console.error(`look-ups are slower than they could be: ${String(e)}`));
      this.tell({ phase: report.cancelled ? 'cancelled' : 'ready', done: report.files, total: report.files, messages: report.problems.filter((p) => p.code !== 'vanished').slice(0, MOST_MESSAGES).map((p) => p.message) });
    } catch (e) {
      this.tell({ phase: 'failed', done: 0, total: 0, messages: [`The index could not be built: ${e instanceof Error ? e.message : String(e)}. Run "Rebuild Index of the Kernel Tree" to try again.`] });
    } finally {
      progress?.done();
      this.paused = false; // a pause ends with the build it was for
    }
  }

  /** Makes what the first questions would wait for. */
  private async prepare(): Promise<void> {
    await this.index.prepare();
    this.symbols.prepare();
    await prepareGraph(this.query, () => this.waiting());
  }

  private tell(status: NavigatorStatus): void {
    this.status = status;
    void this.connection.sendNotification(NAVIGATOR.status, status);
  }

  /** Does the index stand still: by the user's pause, or to leave the processor to a step? */
  private waiting(): boolean {
    return this.paused || performance.now() < this.restUntil;
  }

  private phase(): NavigatorStatus['phase'] {
    if (this.waiting()) return 'paused';
    return this.opening !== null ? 'indexing' : this.status.phase === 'paused' ? 'ready' : this.status.phase;
  }

  /** Stops, pauses, rests, goes on, or starts over. */
  async control(request: ControlRequest): Promise<void> {
    switch (request.action) {
      case 'rest': // told by the build's next look: whoever steps needs no message in between
        this.restUntil = performance.now() + Math.min(Math.max(0, request.ms), MOST_REST_MS);
        return;
      case 'pause':
      case 'resume':
        this.paused = request.action === 'pause' && this.opening !== null; // nothing to pause: a later build starts by itself
        this.restUntil = 0;
        if (this.status.phase !== this.phase()) this.tell({ ...this.status, phase: this.phase() });
        return;
      case 'cancel':
        this.paused = false;
        this.cancelled = true;
        return;
      default:
        this.paused = false;
        if (this.options.cache !== undefined) clearCache(cacheFile(this.options.cache, this.root, this.options.only ?? ['']));
        if (request.action === 'rebuild') await this.open();
    }
  }

  stats(): NavigatorStats {
    return { ...this.index.stats(), complete: this.index.complete, seconds: this.seconds, cacheBytes: this.cacheBytes };
  }

  /** Path in the tree of a document; null for one outside. */
  pathOf(uri: string): string | null {
    if (!uri.startsWith('file:')) return null;
    const relative = path.relative(this.root, fileURLToPath(uri)).split(path.sep).join('/');
    return relative.startsWith('..') || path.isAbsolute(relative) ? null : relative;
  }

  uriOf(relative: string): string {
    return pathToFileURL(path.join(this.root, relative)).toString();
  }

  /** An editor's text has changed: the index follows shortly after the last keystroke. */
  edited(document: TextDocument): void {
    const p = this.pathOf(document.uri);
    if (p === null || !isSourceName(p)) return;
    clearTimeout(this.pending.get(p));
    this.pending.set(p, setTimeout(() => { this.pending.delete(p); this.index.update(p, document.getText()); }, UPDATE_DELAY_MS));
    this.quieten();
  }

  /** Some time after the last edit the call graph is made exact again, when edits have changed what it rests on. */
  private quieten(): void {
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => { if (this.index.complete) prepareGraph(this.query, () => this.waiting()).catch((e: unknown) => this.connection.console.error(`the call graph could not be made: ${String(e)}`)); }, QUIET_MS).unref();
  }

  /** An editor was opened: its file is read before all others. */
  opened(document: TextDocument): void {
    const p = this.pathOf(document.uri);
    if (p === null || !isSourceName(p)) return;
    this.index.update(p, document.getText());
    if (!this.index.complete) this.readIncludes(p, document.getText());
    this.openFiles();
  }

  /** While the tree is still being read: what an open file includes is read right after it. */
  private readIncludes(p: string, text: string): void {
    const found = [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*[<"]([\w./-]+)[>"]/gm)].slice(0, MOST_INCLUDES);
    for (const [, name] of found) {
      for (const base of ['include/', 'include/uapi/', `arch/${this.options.arch ?? 'x86'}/include/`, `${path.posix.dirname(p)}/`]) {
        const file = path.posix.normalize(base + name);
        if (file.startsWith('..') || !isSourceName(file) || this.index.file(file) !== undefined || !existsSync(path.join(this.root, file))) continue;
        this.index.update(file);
        break;
      }
    }
  }

  closed(document: TextDocument): void {
    const p = this.pathOf(document.uri);
    if (p === null || !isSourceName(p)) return;
    clearTimeout(this.pending.get(p));
    this.pending.delete(p);
    this.index.update(p);
    this.openFiles();
  }

  private openFiles(): void {
    const open = new Set(this.documents.all().map((d) => this.pathOf(d.uri)).filter((p): p is string => p !== null));
    this.query.context = { ...this.query.context, open };
  }

  /** Files changed on disk. */
  changedOnDisk(uris: readonly string[]): void {
    // a branch switch, also where the editor watches few files
    if (uris.some((u) => u.endsWith('/.git/HEAD'))) { void this.open(); return; }
    const paths = uris.map((u) => this.pathOf(u)).filter((p): p is string => p !== null && isSourceName(p));
    if (paths.length > MANY_FILES) { void this.open(); return; }
    for (const p of paths) if (this.index.textOf(p) === undefined) this.index.update(p);
  }

  /** Makes what was typed last count before a request is answered. */
  settle(): void {
    for (const [p, timer] of this.pending) {
      clearTimeout(timer);
      this.pending.delete(p);
      const document = this.documents.get(this.uriOf(p));
      if (document !== undefined) this.index.update(p, document.getText());
    }
  }

  /** The word under a position of a document. */
  word(uri: string, position: Position): Word | null {
    this.settle();
    const p = this.pathOf(uri);
    if (p === null) return null;
    if (this.index.file(p) === undefined && isSourceName(p)) this.index.update(p, this.documents.get(uri)?.getText());
    return wordAt(this.query, this.fromPosition(p, uri, position));
  }

  /** A position in UTF-16 units to a line and a column in bytes. */
  private fromPosition(p: string, uri: string, position: Position): Place {
    const line = this.documents.get(uri)?.getText({ start: { line: position.line, character: 0 }, end: position });
    return { path: p, line: position.line + 1, column: (line === undefined ? position.character : Buffer.byteLength(line, 'utf8')) + 1 };
  }

  /** A place as a protocol range over `length` characters. */
  range(place: Place, length: number): Range {
    const start = { line: place.line - 1, character: unitColumn(this.index, place) - 1 };
    return { start, end: { line: start.line, character: start.character + length } };
  }

  /** A result row as a location. */
  location(row: SymbolRow): Location {
    return { uri: this.uriOf(row.path), range: this.range(row, row.name.length) };
  }

  /** Lines of a file, for hovers: the editor's text, else the disk's. */
  lines(p: string): string[] {
    return (readTree(this.index, p)?.toString('utf8') ?? '').split(/\r?\n/);
  }
}
