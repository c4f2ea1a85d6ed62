/** Breakpoints of lines and functions, as sites of the trace: one look per step tells whether one is hit, in both directions. */
import type { BreakpointRequest, BreakpointRow, FunctionBreakpointRequest } from '../protocol/engine';
import type { Trace } from '../trace/model';
import type { Places } from './places';

interface Breakpoint {
  readonly id: number;
  /** Path in the tree; empty for a function breakpoint. */
  readonly path: string;
  readonly condition: string;
  readonly hitCondition: string;
  readonly logMessage: string;
  readonly sites: readonly number[];
  readonly fns: readonly number[];
  hits: number;
}

/** A watched field: the steps at which it changes, with what is said there. */
interface Watched extends Breakpoint { readonly steps: ReadonlyMap<number, string> }

interface AskedLine { readonly id: number; /** Null: not in the tree. */ readonly path: string | null; readonly request: BreakpointRequest }
interface AskedFunction { readonly id: number; readonly request: FunctionBreakpointRequest }
type Asked = AskedLine | AskedFunction;

/** Evaluates an expression at a step: a value, or a sentence why not. */
export type Evaluate = (expression: string, step: number) => { readonly ok: true; readonly value: unknown; readonly shown: string } | { readonly ok: false; readonly why: string };

/** Does a count satisfy `5`, `== 5`, `>= 5`, `> 5`, `% 5`? Null when the text is none of these. */
export function hitConditionHolds(text: string, count: number): boolean | null {
  const m = /^\s*(==|>=|<=|>|<|%)?\s*(\d+)\s*$/.exec(text);
  if (!m) return null;
  const n = Number(m[2]);
  switch (m[1]) {
    case '>=': return count >= n;
    case '>': return count > n;
    case '<=': return count <= n;
    case '<': return count < n;
    case '%': return n > 0 && count % n === 0;
    default: return count === n;
  }
}

/** The breakpoints of one run. A line is verified when the run takes a step on it, or on a later line of the same function. */
export class Breakpoints {
  private nextId = 1;
  private list: Breakpoint[] = [];
  private watched: Watched[] = [];
  private bySite = new Map<number, Breakpoint[]>();
  private byFn = new Map<number, Breakpoint[]>();
  /** Lines for the console since the last `takeOutput`. */
  private output: string[] = [];
  private readonly complained = new Set<string>();
  /** What was asked for, under the ids that were given. */
  private asked: Asked[] = [];

  constructor(private readonly trace: Trace, private readonly places: Places) {}

  /** Replaces the breakpoints of one file. Each goes to its line, or to the next line of the same function at which this run takes a step. */
  setLines(path: string | null, requests: readonly BreakpointRequest[]): BreakpointRow[] {
    this.list = this.list.filter((b) => b.path !== path || b.path === '');
    this.asked = this.asked.filter((a) => !('path' in a) || a.path !== path);
    return this.add(requests.map((request) => ({ id: this.nextId++, path, request })));
  }

  private add(asked: readonly Asked[]): BreakpointRow[] {
    this.asked.push(...asked);
    const rows = asked.map((a) => ('path' in a ? this.addLine(a) : this.addFunction(a)));
    this.reindex();
    return rows;
  }

  private addLine({ id, path, request }: AskedLine): BreakpointRow {
    if (path === null) return { id, verified: false, line: request.line, message: 'This file is not in the kernel tree of the running session.' };
    const line = this.nearest(path, request.line);
    if (line === null) {
      const f = this.places.resolver.functionAt(path, request.line);
      return { id, verified: false, line: request.line, message: f ? `This run takes no step in ${f.name} at or after this line.` : 'There is no function at this line that the run passes.' };
    }
    const at = this.places.atLine(path, line);
    this.list.push({ id, path, condition: request.condition ?? '', hitCondition: request.hitCondition ?? '', logMessage: request.logMessage ?? '', sites: at.sites, fns: at.fns, hits: 0 });
    return { id, verified: true, line, message: '' };
  }

  private nearest(path: string, line: number): number | null {
    const at = this.places.atLine(path, line);
    if (at.sites.length > 0 || at.fns.length > 0) return line;
    const f = this.places.resolver.functionAt(path, line);
    if (f === null) return null;
    return this.places.linesOfFile(path).find((l) => l >= line && l >= f.line && l <= f.endLine) ?? null;
  }

  /** Replaces all function breakpoints. */
  setFunctions(requests: readonly FunctionBreakpointRequest[]): BreakpointRow[] {
    this.list = this.list.filter((b) => b.path !== '');
    this.asked = this.asked.filter((a) => 'path' in a);
    return this.add(requests.map((request) => ({ id: this.nextId++, request })));
  }

  private addFunction({ id, request }: AskedFunction): BreakpointRow {
    const fns = this.places.functionsNamed(request.name.trim());
    if (fns.length === 0) return { id, verified: false, line: 0, message: `This run does not call ${request.name}.` };
    this.list.push({ id, path: '', condition: request.condition ?? '', hitCondition: request.hitCondition ?? '', logMessage: '', sites: [], fns, hits: 0 });
    return { id, verified: true, line: 0, message: '' };
  }

  /** Replaces all watched fields; `steps` says where each changes, and what is said there. `problem`: why it could not be found out. */
  setData(requests: readonly { readonly expression: string; readonly steps: ReadonlyMap<number, string>; readonly condition?: string; readonly hitCondition?: string; readonly problem?: string }[]): BreakpointRow[] {
    this.watched = [];
    return requests.map(({ expression, steps, condition = '', hitCondition = '', problem }) => {
      const id = this.nextId++, verified = steps.size > 0;
      if (verified) this.watched.push({ id, path: '', condition, hitCondition, logMessage: '', sites: [], fns: [], steps, hits: 0 });
      return { id, verified, line: 0, message: verified ? '' : problem ?? `${expression} does not change in the traced part of this run.` };
    });
  }

  /** The same breakpoints, with their ids and what they have counted, for another course of the run. */
  in(trace: Trace, places: Places): { readonly breakpoints: Breakpoints; readonly rows: readonly BreakpointRow[] } {
    const breakpoints = new Breakpoints(trace, places);
    breakpoints.nextId = this.nextId;
    const rows = breakpoints.add(this.asked);
    for (const b of breakpoints.list) b.hits = this.list.find((old) => old.id === b.id)?.hits ?? 0;
    return { breakpoints, rows };
  }

  private reindex(): void {
    this.bySite.clear();
    this.byFn.clear();
    const add = (map: Map<number, Breakpoint[]>, key: number, b: Breakpoint): void => { map.set(key, [...(map.get(key) ?? []), b]); };
    for (const b of this.list) {
      for (const site of b.sites) add(this.bySite, site, b);
      for (const fn of b.fns) add(this.byFn, fn, b);
    }
  }

  /** Ids of the breakpoints that stop at a step. Conditions are evaluated there; log points only write. */
  hitAt(step: number, evaluate: Evaluate): number[] {
    const { steps, frames } = this.trace, site = steps.site[step];
    const candidates = site >= 0 ? this.bySite.get(site) : this.byFn.get(frames.fn[steps.frame[step]]);
    const ids = candidates ? candidates.filter((b) => this.holds(b, step, evaluate)).map((b) => b.id) : [];
    for (const b of this.watched) {
      const said = b.steps.get(step);
      if (said === undefined || !this.holds(b, step, evaluate)) continue;
      this.output.push(said);
      ids.push(b.id);
    }
    return ids;
  }

  private holds(b: Breakpoint, step: number, evaluate: Evaluate): boolean {
    if (b.condition !== '') {
      const result = evaluate(b.condition, step);
      if (!result.ok) this.complain(`The condition "${b.condition}" cannot be evaluated: ${result.why}`);
      if (!result.ok || !result.value) return false;
    }
    b.hits++;
    if (b.hitCondition !== '') {
      const holds = hitConditionHolds(b.hitCondition, b.hits);
      if (holds === null) this.complain(`The hit condition "${b.hitCondition}" is no number, nor >=, >, <=, <, == or % and a number; it is left out.`);
      if (holds === false) return false;
    }
    if (b.logMessage === '') return true;
    this.output.push(b.logMessage.replace(/\{([^{}]+)\}/g, (_, expression: string) => {
      const result = evaluate(expression, step);
      return result.ok ? result.shown : `<${result.why}>`;
    }));
    return false;
  }

  private complain(text: string): void {
    if (this.complained.has(text)) return;
    this.complained.add(text);
    this.output.push(text);
  }

  /** Is one of these a watched field? */
  hasData(ids: readonly number[]): boolean { return this.watched.some((b) => ids.includes(b.id)); }

  /** What was written since the last call. */
  takeOutput(): string[] {
    const out = this.output;
    this.output = [];
    return out;
  }
}
