/** What an exporter is. One file per format in this folder; registry.ts lists them. */
import type { Anchor, ResolvedAnchor } from '../base/anchor';
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
  export(trace: Trace, options: ExportOptions): string | Uint8Array;
}

/** Does frame `f` belong to the chosen host? */
export function wanted(trace: Trace, frame: number, options: ExportOptions): boolean {
  return options.host === undefined || trace.frames.host[frame] === options.host;
}

/** `12.345678` seconds from virtual ns. */
export function seconds(ns: number): string {
  return (ns / 1e9).toFixed(6);
}
