/** What an exporter and an importer are. One file per format in this folder; registry.ts lists them. */
import type { Anchor, ResolvedAnchor } from '../base/anchor';
import type { Problem, Result } from '../base/result';
import type { Trace } from '../trace/model';

export interface ExportOptions {
  /** Only this host (index into trace.hosts); all when undefined. */
  readonly host?: number;
  /** Lines of the open tree, else of the outline. */
  readonly line: (anchor: Anchor) => ResolvedAnchor;
  /** Where the entry of a function stands for a compiler: the line of its opening brace. `line` when not given. */
  readonly entryLine?: (anchor: Anchor) => ResolvedAnchor;
}

export interface Exporter {
  /** Name on the command line: `--format ID`. */
  readonly id: string;
  /** What a person calls it. */
  readonly title: string;
  /** File extension without the dot. */
  readonly extension: string;
  /** The file, a piece at a time: a whole one may be longer than a string can be. */
  export(trace: Trace, options: ExportOptions): Iterable<string | Uint8Array>;
}

/** What an importer needs to know of the kernel: texts of traces hold names only. */
export interface ImportOptions {
  /** Names the trace. */
  readonly name: string;
  /** Kernel release of the tree that names are looked up in. */
  readonly kernel: string;
  /** The definition of a function called from `caller` (a path, or empty); null when the tree has none. */
  readonly locate: (name: string, caller: string) => { readonly path: string; readonly def: number } | null;
  /** The place of a call in a function, when there is just one such place. */
  readonly callSite: (caller: { readonly path: string; readonly name: string; readonly def: number }, callee: string) => Anchor | null;
}

/** A trace, and what of the text could not be used. */
export interface Imported { readonly trace: Trace; readonly problems: readonly Problem[] }

export interface Importer {
  readonly id: string;
  readonly title: string;
  /** Does the start of a file look like this format? */
  recognises(head: string): boolean;
  /** `text`: the file, whole or a piece at a time; pieces may end anywhere. */
  import(text: string | Iterable<string>, options: ImportOptions): Result<Imported>;
}

/** Does frame `f` belong to the chosen host? */
export function wanted(trace: Trace, frame: number, options: ExportOptions): boolean {
  return options.host === undefined || trace.frames.host[frame] === options.host;
}

/** `12.345678` seconds from virtual ns. */
export function seconds(ns: number): string {
  return (ns / 1e9).toFixed(6);
}

/** Characters after which a piece is handed on. */
const PIECE = 1 << 16;

/** Joins rows into pieces worth writing. */
export function* pieces(rows: Iterable<string>): Generator<string> {
  let piece = '';
  for (const row of rows) {
    piece += row;
    if (piece.length >= PIECE) { yield piece; piece = ''; }
  }
  if (piece !== '') yield piece;
}
