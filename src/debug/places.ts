/** Lines of a trace's steps in the open tree, resolved when first asked for and kept. */
import { anchorKey, type Anchor, type AnchorStatus, type ResolvedAnchor } from '../base/anchor';
import { anchorOfStep, type Trace } from '../trace/model';
import type { SourcePlace } from '../protocol/engine';

/** What this needs of src/source's AnchorResolver and KernelTree. */
export interface ResolverPort {
  resolve(anchor: Anchor): ResolvedAnchor;
  explain(anchor: Anchor): string;
  /** Why a file could not be read, null when it was. */
  problem(path: string): { readonly message: string } | null;
  anchorsAtLine(path: string, line: number): readonly { readonly anchor: Anchor }[];
  functionAt(path: string, line: number): { readonly name: string; readonly line: number; readonly endLine: number } | null;
  setText(path: string, text: string | undefined): void;
  readonly tree: { absolute(file: string): string; relative(absolute: string): string | null };
}

const UNKNOWN = -1;
const STATUS: readonly AnchorStatus[] = ['exact', 'function', 'missing'];

function entryAnchor(trace: Trace, fn: number): Anchor {
  const f = trace.functions[fn];
  return { path: f.path, function: f.name, def: f.def, kind: 'entry', text: '', nth: 1 };
}

/** Lines by site and by function (its entry). Everything is forgotten when a file's text changes. */
export class Places {
  private readonly siteLine: Int32Array;
  private readonly siteStatus: Uint8Array;
  private readonly fnLine: Int32Array;
  private readonly fnStatus: Uint8Array;

  constructor(readonly trace: Trace, readonly resolver: ResolverPort) {
    this.siteLine = new Int32Array(trace.sites.length).fill(UNKNOWN);
    this.siteStatus = new Uint8Array(trace.sites.length);
    this.fnLine = new Int32Array(trace.functions.length).fill(UNKNOWN);
    this.fnStatus = new Uint8Array(trace.functions.length);
  }

  /** Has the step a place in the source at all? Steps of the machine itself have none. */
  hasAnchor(step: number): boolean {
    const { steps, frames, functions } = this.trace;
    return steps.site[step] >= 0 || functions[frames.fn[steps.frame[step]]].path !== '';
  }

  /** Line of a step, from 1; 0 when it is nowhere in the tree. */
  line(step: number): number {
    const { steps, frames } = this.trace, site = steps.site[step];
    return site >= 0 ? this.lineOfSite(site) : this.lineOfFunction(frames.fn[steps.frame[step]]);
  }

  /** False when the step was looked up already and its file or function is not in the tree. */
  mayBeThere(step: number): boolean {
    const { steps, frames } = this.trace, site = steps.site[step];
    return (site >= 0 ? this.siteLine[site] : this.fnLine[frames.fn[steps.frame[step]]]) !== 0;
  }

  lineOfSite(site: number): number {
    if (this.siteLine[site] === UNKNOWN) {
      const found = this.resolver.resolve(this.trace.sites[site]);
      this.siteLine[site] = found.line;
      this.siteStatus[site] = STATUS.indexOf(found.status);
    }
    return this.siteLine[site];
  }

  lineOfFunction(fn: number): number {
    if (this.trace.functions[fn].path === '') return 0;
    if (this.fnLine[fn] === UNKNOWN) {
      const found = this.resolver.resolve(entryAnchor(this.trace, fn));
      this.fnLine[fn] = found.line;
      this.fnStatus[fn] = STATUS.indexOf(found.status);
    }
    return this.fnLine[fn];
  }

  /** Status of a function's entry if it was looked at, else null. */
  knownStatus(fn: number): AnchorStatus | null { return this.fnLine[fn] === UNKNOWN ? null : STATUS[this.fnStatus[fn]]; }

  /** In short, why an anchor is not exact. Where a function that is missing went costs a search: `explain` says that. */
  private note(anchor: Anchor, status: AnchorStatus): string {
    if (status === 'function') return this.resolver.explain(anchor);
    return this.resolver.problem(anchor.path)?.message ?? `${anchor.function} is not in ${anchor.path} of this tree.`;
  }

  /** Why a step's place is not exact, and where its function is now; '' for an exact one. May read neighbouring files. */
  explain(step: number): string {
    const anchor = anchorOfStep(this.trace, step);
    return anchor === null || this.isExact(step) ? '' : this.resolver.explain(anchor);
  }

  /** The place of `site` in a frame of function `fn` (site -1: its entry); `explained`: with a sentence when it is not exact. */
  place(fn: number, site: number, explained = false): SourcePlace {
    const f = this.trace.functions[fn];
    if (f.path === '' && site < 0) return { path: '', file: '', line: 0, status: 'missing', note: '' };
    const anchor = site >= 0 ? this.trace.sites[site] : entryAnchor(this.trace, fn);
    const line = site >= 0 ? this.lineOfSite(site) : this.lineOfFunction(fn);
    const status = STATUS[site >= 0 ? this.siteStatus[site] : this.fnStatus[fn]];
    return { path: anchor.path, file: this.resolver.tree.absolute(anchor.path), line, status, note: explained && status !== 'exact' ? this.note(anchor, status) : '' };
  }

  /** The place of a step. */
  placeOfStep(step: number): SourcePlace {
    const { steps, frames } = this.trace;
    return this.place(frames.fn[steps.frame[step]], steps.site[step], true);
  }

  /** Ids of the trace's sites and functions by anchor, made once. */
  private index: { sites: Map<string, number>; entries: Map<string, number>; byPath: Map<string, { sites: number[]; fns: number[] }> } | null = null;

  private indexed(): NonNullable<Places['index']> {
    if (this.index) return this.index;
    const sites = new Map<string, number>(), entries = new Map<string, number>(), byPath = new Map<string, { sites: number[]; fns: number[] }>();
    const at = (path: string): { sites: number[]; fns: number[] } => {
      let row = byPath.get(path);
      if (!row) byPath.set(path, row = { sites: [], fns: [] });
      return row;
    };
    const { usedSites, usedFns } = this.used();
    this.trace.sites.forEach((a, i) => { if (usedSites[i]) { sites.set(anchorKey(a), i); at(a.path).sites.push(i); } });
    this.trace.functions.forEach((f, i) => { if (usedFns[i] && f.path !== '') { entries.set(anchorKey(entryAnchor(this.trace, i)), i); at(f.path).fns.push(i); } });
    return this.index = { sites, entries, byPath };
  }

  private used(): { usedSites: Uint8Array; usedFns: Uint8Array } {
    const usedSites = new Uint8Array(this.trace.sites.length), usedFns = new Uint8Array(this.trace.functions.length);
    const { steps, frames } = this.trace;
    for (let s = 0; s < steps.count; s++) {
      if (steps.site[s] >= 0) usedSites[steps.site[s]] = 1;
      else usedFns[frames.fn[steps.frame[s]]] = 1;
    }
    return { usedSites, usedFns };
  }

  /** Sites and functions (entries) of this run that stand on a line of a file. */
  atLine(path: string, line: number): { sites: number[]; fns: number[] } {
    const index = this.indexed(), sites: number[] = [], fns: number[] = [];
    for (const { anchor } of this.resolver.anchorsAtLine(path, line)) {
      const key = anchorKey(anchor), site = index.sites.get(key), fn = index.entries.get(key);
      if (site !== undefined && this.lineOfSite(site) === line) sites.push(site);
      if (fn !== undefined) fns.push(fn);
    }
    for (const fn of index.byPath.get(path)?.fns ?? []) if (this.lineOfFunction(fn) === line && !fns.includes(fn) && this.fnStatus[fn] === 0) fns.push(fn);
    return { sites, fns };
  }

  /** Lines of a file at which this run takes a step for sure, sorted. */
  linesOfFile(path: string): number[] {
    const row = this.indexed().byPath.get(path), lines = new Set<number>();
    for (const site of row?.sites ?? []) if (this.lineOfSite(site) > 0 && this.siteStatus[site] === 0) lines.add(this.siteLine[site]);
    for (const fn of row?.fns ?? []) if (this.lineOfFunction(fn) > 0 && this.fnStatus[fn] === 0) lines.add(this.fnLine[fn]);
    return [...lines].sort((a, b) => a - b);
  }

  /** Functions of this run by name; an alias of a system call (`send`, `SyS_send`) means `sys_send`. */
  functionsNamed(name: string): number[] {
    const bare = name.replace(/^(SyS_|sys_)/, '');
    const wanted = new Set([name, ...(name !== bare || !/^(tcp|udp|ip|sock|skb|dev|igb)_/.test(name) ? [`sys_${bare}`] : [])]);
    return this.trace.functions.flatMap((f, i) => (wanted.has(f.name) ? [i] : []));
  }

  /** A file was edited or saved: forget its lines. */
  forget(path: string, text: string | undefined): void {
    this.resolver.setText(path, text);
    this.trace.sites.forEach((a, i) => { if (a.path === path) this.siteLine[i] = UNKNOWN; });
    this.trace.functions.forEach((f, i) => { if (f.path === path) this.fnLine[i] = UNKNOWN; });
  }

  /** Does the site stand on its own statement's line, for certain? */
  isExact(step: number): boolean {
    this.line(step);
    const site = this.trace.steps.site[step];
    return (site >= 0 ? this.siteStatus[site] : this.fnStatus[this.trace.frames.fn[this.trace.steps.frame[step]]]) === 0;
  }
}
