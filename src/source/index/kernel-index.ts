/** The index of one tree: shared names, a list of segments, and which of their files are current. */
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import type { Problem } from '../../base/result';
import { type BuildThreads, buildSegments } from './build';
import { cacheFile, graphFile, readCache, writeCache } from './cache';
import { FactSink, infoKind, Kind, FlowKind } from './facts';
import { isProblem, Reader } from './reader';
import { Scanner } from './scanner';
import { sealSegment, Segment, type SegmentData, type FileStamp } from './segment';
import { reserveStrings, StringTable, stringCapacity } from './strings';
import { stampOf, walkTreeGently } from './walk';

/** How an index is opened. */
export interface OpenOptions {
  /** Folders of the tree to read; all when left out. */
  readonly under?: readonly string[];
  /** Folder of the caches; none when left out. */
  readonly cacheFolder?: string;
  readonly threads: BuildThreads;
  progress?(done: number, total: number): void;
  cancelled?(): boolean;
  paused?(): boolean;
  /** Called whenever more files can be queried. */
  changed?(): void;
}

/** What opening did. */
export interface OpenReport {
  readonly files: number;
  readonly fromCache: boolean;
  readonly rescanned: number;
  readonly cancelled: boolean;
  readonly cacheBytes: number;
  readonly problems: readonly Problem[];
}

/** Counts over current files. */
export interface IndexStats {
  files: number;
  functions: number;
  calls: number;
  ops: number;
  macros: number;
  definitions: number;
}

/** A file of the index. */
export interface FileRef { readonly segment: Segment; readonly file: number }

/** Fewer changed files than this are simply read again at the next start. */
const WORTH_SAVING = 64;
const REBUILD_SHARE = 0.25;
const MAX_OVERLAYS = 48;

/** What is known of a tree's files. May be asked at any time: before `complete` it holds what has been read so far. Paths are relative to `root`, with `/`. */
export class KernelIndex {
  strings: StringTable;
  segments: Segment[] = [];
  readonly problems: Problem[] = [];
  /** Goes up with every change, for callers that keep results. */
  generation = 0;
  /** Is the whole tree in? */
  complete = false;
  /** The cache on disk, its number, and the segments it holds in their order. */
  saved: { readonly file: string; readonly id: number; readonly segments: readonly Segment[] } | null = null;
  /** Script of the threads (worker.ts), '' for none; known when it is opened. */
  script = '';
  private readonly byPath = new Map<string, FileRef>();
  private readonly texts = new Map<string, string>();
  private reader = new Reader();
  /** While the tree is being read: what was read by itself meanwhile, so newer than what the build brings. */
  private touched: Set<string> | null = null;

  constructor(readonly root: string, sourceBytes = 64 << 20) {
    this.strings = new StringTable(reserveStrings(stringCapacity(sourceBytes)));
  }

  /** Opens a tree: from its cache where that holds, else by scanning it. Queries may run while this does. */
  async open(options: OpenOptions): Promise<OpenReport> {
    const under = options.under ?? [''];
    this.script = existsSync(options.threads.script) ? options.threads.script : '';
    const { files, problems } = await walkTreeGently(this.root, under);
    this.problems.length = 0;
    this.problems.push(...problems);
    const cache = options.cacheFolder === undefined ? null : cacheFile(options.cacheFolder, safeRealPath(this.root), under);
    const warm = cache === null ? null : this.adoptCache(cache, files);
    const report = { fromCache: warm !== null && warm.usable, cacheBytes: warm === null || cache === null ? 0 : warm.bytes + (statSync(graphFile(cache), { throwIfNoEntry: false })?.size ?? 0), files: files.length };
    const wanted = warm?.usable === true ? warm.stale : files;
    if (!report.fromCache) this.startOver(files);
    const cancelled = await this.scanAll(wanted, options, report.fromCache);
    this.complete = !cancelled;
    this.generation++;
    options.changed?.();
    if (!cancelled && cache !== null && (!report.fromCache || wanted.length > WORTH_SAVING)) {
      const saved = this.compactSegments();
      const written = writeCache(cache, safeRealPath(this.root), this.strings, saved.map((s) => s.data));
      if (written.ok) { report.cacheBytes = written.value.bytes; this.saved = { file: cache, id: written.value.id, segments: saved }; }
      else this.problems.push(written.error);
    }
    return { ...report, rescanned: wanted.length, cancelled, problems: this.problems };
  }

  private startOver(files: readonly FileStamp[]): void {
    let bytes = 0;
    for (const f of files) bytes += f.size;
    const open = new Map(this.texts);
    this.strings = new StringTable(reserveStrings(stringCapacity(Math.max(bytes, 1 << 20) * 1.2)));
    this.saved = null;
    this.segments = [];
    this.byPath.clear();
    this.complete = false;
    this.generation++;
    for (const [path, text] of open) this.update(path, text);
  }

  private async scanAll(files: readonly FileStamp[], options: OpenOptions, few: boolean): Promise<boolean> {
    if (files.length === 0) return false;
    if (few && files.length <= MAX_OVERLAYS / 2) {
      for (const f of files) this.update(f.path);
      return false;
    }
    this.touched = new Set();
    try {
      const done = await buildSegments(this.root, files, this.strings, options.threads, {
        progress: options.progress, cancelled: options.cancelled, paused: options.paused,
        segment: (data) => { this.adopt(data); options.changed?.(); },
      });
      this.problems.push(...done.problems);
      if (this.strings.full) this.problems.push({ code: 'names-full', message: 'This tree has more names than expected: some are missing from the index. Please report it.' });
      return done.cancelled;
    } finally {
      this.touched = null;
    }
  }

  private adoptCache(file: string, files: readonly FileStamp[]): { usable: boolean; stale: FileStamp[]; bytes: number } | null {
    const cached = readCache(file, safeRealPath(this.root));
    if (!cached.ok) {
      if (cached.error.code === 'damaged-cache') this.problems.push(cached.error);
      return null;
    }
    const { strings, segments, bytes, id } = cached.value;
    const now = new Map(files.map((f) => [f.path, f]));
    const last = new Map<string, FileStamp>(); // a later segment replaces an earlier one
    for (const s of segments) for (const f of s.files) last.set(f.path, f);
    const known = new Set<string>();
    const gone: string[] = [];
    for (const f of last.values()) {
      const current = now.get(f.path);
      if (current !== undefined && current.mtime === f.mtime && current.size === f.size) known.add(f.path);
      else gone.push(f.path);
    }
    const stale = files.filter((f) => !known.has(f.path));
    if (stale.length > Math.max(64, files.length * REBUILD_SHARE)) return { usable: false, stale, bytes };
    const open = new Map(this.texts);
    this.strings = strings;
    this.segments = [];
    this.byPath.clear();
    for (const data of segments) this.adopt(data);
    this.saved = { file, id, segments: [...this.segments] };
    for (const p of gone) this.remove(p);
    for (const [p, text] of open) this.update(p, text);
    return { usable: true, stale, bytes };
  }

  /** Adds a segment; files that an editor holds, or that changed while it was made, stay as they are. */
  adopt(data: SegmentData): void {
    const segment = new Segment(data);
    this.segments.push(segment);
    data.files.forEach((f, k) => {
      const known = this.byPath.get(f.path);
      if (this.texts.has(f.path) || this.touched?.has(f.path) === true) { segment.dead[k] = 1; return; }
      if (known !== undefined) known.segment.dead[known.file] = 1;
      this.byPath.set(f.path, { segment, file: k });
    });
    this.generation++;
  }

  /** Reads one file anew: from `text` when an editor holds it, else from disk. A file that is gone leaves the index. */
  update(path: string, text?: string): Problem | null {
    const stamp = stampOf(this.root, path);
    if (this.touched === null && stamp !== null && this.isRead(path, stamp, text)) {
      if (text === undefined) this.texts.delete(path);
      else this.texts.set(path, text);
      return null;
    }
    this.touched?.add(path);
    if (text !== undefined) this.texts.set(path, text);
    else {
      this.texts.delete(path);
      if (stamp === null) { this.remove(path); return null; }
    }
    const loaded = text !== undefined ? this.reader.load(text, path, stamp ?? { mtime: 0, size: 0 }) : this.reader.read(this.root, path);
    if (isProblem(loaded)) { this.remove(path); return loaded; }
    const sink = new FactSink(this.strings, loaded.length);
    const farmed = new Scanner(sink).scan(loaded.source, loaded.length, text !== undefined);
    const data = sealSegment(sink, [{ path, mtime: text === undefined ? loaded.mtime : -1, size: loaded.size, farmed, wide: loaded.wide }], this.strings.count);
    this.remove(path);
    const segment = new Segment(data);
    this.segments.push(segment);
    this.byPath.set(path, { segment, file: 0 });
    this.generation++;
    if (this.touched === null && this.segments.length > MAX_OVERLAYS * 2) this.mergeOverlays();
    return null;
  }

  /** Is a file in the index as it is on disk, and an editor's text no other? */
  private isRead(path: string, stamp: { readonly mtime: number; readonly size: number }, text: string | undefined): boolean {
    const known = this.byPath.get(path), read = known?.segment.data.files[known.file];
    if (read === undefined || read.mtime !== stamp.mtime || read.size !== stamp.size) return false;
    try {
      return text === undefined || (Buffer.byteLength(text) === stamp.size && readFileSync(`${this.root}/${path}`, 'utf8') === text);
    } catch {
      return false; // gone meanwhile
    }
  }

  /** Forgets a file. */
  remove(path: string): void {
    const known = this.byPath.get(path);
    if (known === undefined) return;
    known.segment.dead[known.file] = 1;
    this.byPath.delete(path);
    this.segments = this.segments.filter((s) => s.dead.length > 1 || s.dead[0] === 0);
    this.generation++;
  }

  /** One segment for all single-file ones, so that look-ups stay quick after many edits. */
  private mergeOverlays(): void {
    const small = this.segments.filter((s) => s.data.files.length === 1);
    const sink = new FactSink(this.strings, 1 << 20);
    const scanner = new Scanner(sink);
    const stamps: FileStamp[] = [];
    for (const s of small) {
      const { path } = s.data.files[0];
      const text = this.texts.get(path);
      const loaded = text !== undefined ? this.reader.load(text, path, s.data.files[0]) : this.reader.read(this.root, path);
      if (isProblem(loaded)) { this.byPath.delete(path); continue; }
      const farmed = scanner.scan(loaded.source, loaded.length, text !== undefined);
      stamps.push({ path, mtime: text === undefined ? loaded.mtime : -1, size: loaded.size, farmed, wide: loaded.wide });
    }
    const merged = new Segment(sealSegment(sink, stamps, this.strings.count));
    this.segments = [...this.segments.filter((s) => s.data.files.length !== 1), merged];
    stamps.forEach((f, k) => this.byPath.set(f.path, { segment: merged, file: k }));
  }

  /** Makes the look-ups' orders a segment at a time, with room for requests in between. */
  async prepare(): Promise<void> {
    for (const segment of [...this.segments]) {
      segment.prepare();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Segments worth saving: without those of open editors. */
  private compactSegments(): Segment[] {
    return this.segments.filter((s) => s.data.files.some((f, k) => s.dead[k] === 0 && f.mtime >= 0));
  }

  /** The current file of this path. */
  file(path: string): FileRef | undefined {
    return this.byPath.get(path);
  }

  /** All current paths. */
  paths(): IterableIterator<string> {
    return this.byPath.keys();
  }

  /** The text an editor holds for this path. */
  textOf(path: string): string | undefined {
    return this.texts.get(path);
  }

  /** Counts over the current files. */
  stats(): IndexStats {
    const s: IndexStats = { files: this.byPath.size, functions: 0, calls: 0, ops: 0, macros: 0, definitions: 0 };
    const hash = this.strings.name.bind(this.strings);
    for (const segment of this.segments) {
      const { tables, starts } = segment.data;
      for (let f = 0; f < segment.dead.length; f++) {
        if (segment.dead[f] !== 0) continue;
        const farmed = segment.data.files[f].farmed ?? 0;
        s.macros += farmed;
        s.definitions += farmed;
        s.calls += starts.calls[f + 1] - starts.calls[f] + starts.memberCalls[f + 1] - starts.memberCalls[f] + starts.paramCalls[f + 1] - starts.paramCalls[f];
        for (let r = starts.defs[f]; r < starts.defs[f + 1]; r++) {
          const kind = infoKind(tables.defs[r * 4 + 2]);
          s.definitions++;
          if (kind === Kind.FUNCTION) s.functions++;
          else if (kind === Kind.MACRO) s.macros++;
        }
        for (let r = starts.flows[f]; r < starts.flows[f + 1]; r++) {
          const d = tables.flows;
          if ((d[r * 7 + 6] & 15) === FlowKind.INITIALISER && d[r * 7] !== 0 && hash(d[r * 7])[0] !== '#') s.ops++;
        }
      }
    }
    return s;
  }
}

function safeRealPath(root: string): string {
  try {
    return realpathSync(root);
  } catch {
    return root; // a root that is gone: the walk reports it
  }
}
