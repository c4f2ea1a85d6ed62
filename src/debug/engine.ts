/**
 * One run under inspection: the trace, the open tree, where the session stands, and the objects at that step.
 *
 * It lives in a worker thread (worker.ts); everything is answered synchronously, one request after the other.
 */
import { assert } from '../base/assert';
import type { Problem, Result } from '../base/result';
import type {
  AssignTarget, BreakpointRow, Change, EngineMethods, EngineParams, EngineResult, FrameRow, LaunchRequest, Moved, Opened, Position, ScenarioRow, ScopeRow, SourcePlace, StopReason, VariableRow,
} from '../protocol/engine';
import { describeTrace, statusCode } from '../protocol/graph';
import { anchorOfStep, type Trace } from '../trace/model';
import { Ahead } from './ahead';
import { Breakpoints } from './breakpoints';
import { Inspection, type InspectorPort } from './inspection';
import { packetMoments, type Moment } from './packets';
import { Places, type ResolverPort } from './places';
import { Stepper, type Landing } from './stepper';
import { Threads } from './threads';
import { stepsOfChanges } from './watches';

/** What the engine needs of the outside; worker.ts supplies the real thing, tests their own. */
export interface EnginePorts {
  scenarios(): readonly ScenarioRow[];
  /** `notices`: what to tell the user beside what the trace itself says. */
  run(launch: LaunchRequest): Result<{ readonly trace: Trace; readonly inspector: InspectorPort; readonly notices?: readonly string[] }>;
  tree(launch: LaunchRequest): Result<{ readonly resolver: ResolverPort; readonly root: string; readonly version: string; readonly outline: boolean }>;
  /** Writes a trace with the lines of the tree that was opened last; gives the number of bytes. */
  save(trace: Trace, format: string, file: string): Result<number>;
  check(text: string, where: string): Problem | null;
  /** The text of a built-in scenario; null when there is none of this name. */
  copy(scenario: string): string | null;
  outline(storage: string): Result<{ readonly root: string; readonly version: string }>;
  /** ms from some fixed point, for the figures in `Opened.took`. */
  now(): number;
}

/** A problem that ends one request: the session shows it. */
/** Answers every request of the protocol; a request that cannot be answered throws EngineError with a sentence for the user. */
export class EngineError extends Error {
  constructor(readonly problem: Problem) { super(problem.message); }
}

/** Rows between contexts in a stack have ids from here on; no trace has as many frames. */
const LABEL = 0x40000000;

const NO_SESSION: Problem = { code: 'no-session', message: 'No run is open. Start one with "skbwalk: Trace...".' };

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new EngineError(result.error);
  return result.value;
}

/** Everything about one opened run. */
interface Session { readonly launch: LaunchRequest; readonly trace: Trace; readonly places: Places; readonly threads: Threads; readonly stepper: Stepper; readonly breakpoints: Breakpoints; readonly ahead: Ahead; /** Steps up to the last with a place in the source. */ readonly shown: number }

/** One run at a time: its trace, its places in the open tree, and where the session stands. Its methods are `EngineMethods`; a request that cannot be met throws EngineError with a problem for the user. */
export class Engine implements EngineMethods {
  private session: Session | null = null;
  private inspection: Inspection | null = null;
  /** How many steps the run had taken at each step of the trace whose objects are looked at. */
  private ordinals: Float64Array = new Float64Array(0);
  private statusAt = 0;
  /** Functions that the run enters. */
  private used = new Uint8Array(0);

  constructor(private readonly ports: EnginePorts) {}

  private get s(): Session {
    if (!this.session) throw new EngineError(NO_SESSION);
    return this.session;
  }

  scenarios(): readonly ScenarioRow[] { return this.ports.scenarios(); }

  outline(p: EngineParams<'outline'>): EngineResult<'outline'> { return value(this.ports.outline(p.storage)); }

  check({ text, where }: EngineParams<'check'>): EngineResult<'check'> {
    const problem = this.ports.check(text, where), [, line, column] = /:(\d+):(\d+)$/.exec(problem?.where ?? '') ?? [];
    if (problem === null) return null;
    const prefix = `${problem.where ?? where}: `;
    return { message: problem.message.startsWith(prefix) ? problem.message.slice(prefix.length) : problem.message, line: Number(line ?? 1), column: Number(column ?? 1) };
  }

  copy({ scenario }: EngineParams<'copy'>): EngineResult<'copy'> {
    const text = this.ports.copy(scenario);
    if (text === null) throw new EngineError({ code: 'unknown-scenario', message: `There is no scenario "${scenario}". "skbwalk scenarios" lists them; a file of your own must end in .json.` });
    return { text };
  }

  save(p: EngineParams<'save'>): EngineResult<'save'> { return { bytes: value(this.ports.save(this.s.trace, p.format, p.file)) }; }

  open(launch: LaunchRequest): Opened {
    return this.begin(launch, (session) => {
      session.stepper.entry = this.firstStop(launch);
      session.stepper.goto(session.stepper.entry);
      return { step: session.stepper.step, reason: 'entry', breakpoints: [] };
    });
  }

  /** Runs, opens the tree, and has `land` choose the first stop in the new session. */
  private begin(launch: LaunchRequest, land: (session: Session) => Landing): Opened {
    const t0 = this.ports.now(), { trace, inspector, notices = [] } = value(this.ports.run(launch));
    const t1 = this.ports.now(), tree = value(this.ports.tree(launch));
    const t2 = this.ports.now(), places = new Places(trace, tree.resolver), threads = new Threads(trace);
    const stepper = new Stepper(trace, places, threads, launch.skipMinor ?? false);
    const session: Session = { launch, trace, places, threads, stepper, breakpoints: new Breakpoints(trace, places), ahead: new Ahead(trace, places), shown: stepper.last() + 1 };
    this.session = session;
    this.ordinals = trace.steps.ordinal;
    this.inspection = new Inspection(inspector);
    this.statusAt = 0;
    this.used = new Uint8Array(trace.functions.length);
    for (let f = 0; f < trace.frames.count; f++) this.used[trace.frames.fn[f]] = 1;
    const moved = this.moved(land(session));
    return { title: trace.title, kernel: trace.kernel, tree: { root: tree.root, version: tree.version, outline: tree.outline }, threads: threads.rows, moved, notices: [...notices, ...this.notices(tree)], took: { run: t1 - t0, tree: t2 - t1, stop: this.ports.now() - t2 } };
  }

  /** A frame row's id, as the trace numbers frames. */
  private seen(target: AssignTarget): AssignTarget { return 'frame' in target ? { ...target, frame: target.frame > LABEL ? -1 : target.frame - 1 } : target; }

  assign(p: EngineParams<'assign'>): EngineResult<'assign'> {
    const { expression, depth, was, now } = value(this.objects.assign(this.seen(p.target), p.value, p.step));
    return { change: { ordinal: this.ordinals[p.step], depth, expression, value: p.value }, expression, was, now };
  }

  locate(p: EngineParams<'locate'>): EngineResult<'locate'> { return value(this.objects.locate(this.seen(p.target), p.step)); }

  watch(p: EngineParams<'watch'>): EngineResult<'watch'> { return value(this.objects.watch(p)); }

  dataBreakpoints(p: EngineParams<'dataBreakpoints'>): EngineResult<'dataBreakpoints'> {
    const { trace, threads, stepper, breakpoints } = this.s;
    return breakpoints.setData(p.breakpoints.map((b) => ({ ...b, steps: stepsOfChanges({ trace, threads, stepper }, b.expression, b.key, b.changes) })));
  }

  lose(p: EngineParams<'lose'>): EngineResult<'lose'> {
    const { trace, stepper: { step }, launch } = this.s;
    const onWire = trace.events.some((e) => e.kind === 'wire' && e.packet === p.packet && e.step >= step);
    return onWire && !launch.recording ? { ordinal: trace.steps.ordinal[step], lose: p.packet } : null;
  }

  change(p: EngineParams<'change'>): EngineResult<'change'> {
    const { launch, trace, stepper, breakpoints } = this.s, before = launch.changes ?? [];
    // Up to the first change that only one of the two runs has they are the same, step by step.
    const parted = [...before.filter((c) => !p.changes.some((d) => sameChange(c, d))), ...p.changes.filter((c) => !before.some((d) => sameChange(c, d)))].map((c) => c.ordinal);
    const at = trace.steps.ordinal.findIndex((ordinal) => ordinal >= Math.min(...parted)), step = at >= 0 ? Math.min(stepper.step, at) : stepper.step;
    const rows: BreakpointRow[] = [];
    const opened = this.begin({ ...launch, changes: p.changes }, (session) => {
      const again = breakpoints.in(session.trace, session.places);
      rows.push(...again.rows);
      this.session = { ...session, breakpoints: again.breakpoints };
      session.stepper.entry = stepper.entry;
      session.stepper.goto(step);
      return { step, reason: 'goto', breakpoints: [] };
    });
    return { opened, breakpoints: rows, stopped: this.s.trace.stopped };
  }

  private notices(tree: { version: string; outline: boolean }): string[] {
    const { trace } = this.s, notices: string[] = [];
    if (trace.stopped) notices.push(`The run ended early: ${trace.stopped}.`);
    if (tree.version !== trace.kernel) notices.push(`The run models Linux ${trace.kernel}, the open tree is ${tree.version}: where a statement is not there, the function is shown instead and marked so.`);
    return notices;
  }

  /** Where the run begins: the entry function on the host asked for, else the host's first stop. */
  private firstStop(launch: LaunchRequest): number {
    const { trace, stepper, places } = this.s, host = launch.host ? trace.hosts.findIndex((h) => h.name === launch.host) : 0;
    if (trace.steps.count === 0) throw new EngineError({ code: 'empty-trace', message: trace.stopped ? `The run of ${trace.scenario} recorded nothing: ${trace.stopped}.` : `The run of ${trace.scenario} recorded nothing. Add { "call": "trace", "on": true } to a program of the scenario.` });
    if (host < 0) throw new EngineError({ code: 'unknown-host', message: `The scenario ${trace.scenario} has no host "${launch.host}". Its hosts are ${trace.hosts.map((h) => h.name).join(', ')}.` });
    const onHost = (s: number): boolean => trace.frames.host[trace.steps.frame[s]] === host;
    if (!launch.entry) {
      const program = stepper.find(-1, 1, 'line', (s) => onHost(s) && trace.functions[trace.frames.fn[trace.steps.frame[s]]].name.startsWith('sys_'));
      return program >= 0 ? program : Math.max(stepper.find(-1, 1, 'line', onHost), 0);
    }
    const fns = new Set(places.functionsNamed(launch.entry));
    const step = stepper.find(-1, 1, 'line', (s) => trace.steps.site[s] < 0 && fns.has(trace.frames.fn[trace.steps.frame[s]]) && (!launch.host || onHost(s)));
    if (step < 0) throw new EngineError({ code: 'unknown-entry', message: `The run of ${trace.scenario} does not enter ${launch.entry}${launch.host ? ` on host ${launch.host}` : ''}. Leave "entry" out to begin at its first system call.` });
    return step;
  }

  graph(): EngineResult<'graph'> { return describeTrace(this.s.trace); }

  step(p: EngineParams<'step'>): Moved {
    const { stepper, breakpoints } = this.s, { condition } = this.objects;
    const thread = p.thread > 0 ? p.thread : this.currentThread();
    return this.moved(stepper.move(p.action, thread, p.granularity, (s) => breakpoints.hitAt(s, condition)));
  }

  goto(p: EngineParams<'goto'>): Moved {
    const { stepper, places } = this.s;
    let step = Math.min(Math.max(Math.trunc(p.step), 0), stepper.count - 1);
    // Steps of the machine itself have no line: the next one that has is where the user lands.
    while (step < stepper.count - 1 && !places.hasAnchor(step)) step++;
    stepper.goto(step);
    return this.moved({ step, reason: 'goto', breakpoints: [] });
  }

  packet(p: EngineParams<'packet'>): EngineResult<'packet'> {
    const { trace, stepper, threads } = this.s;
    const packet = p.packet > 0 ? p.packet : threads.packetOf(trace.steps.frame[stepper.step]) || this.lastPacket || trace.events.find((e) => e.packet > 0)?.packet || 0;
    if (packet > 0) this.lastPacket = packet;
    const moments = packetMoments(trace, packet, (s) => this.s.places.hasAnchor(s));
    const next: Moment | undefined = p.direction === 1 ? moments.find((m) => m.step > stepper.step) : [...moments].reverse().find((m) => m.step < stepper.step);
    if (!next) return { moved: null, packet, what: '' };
    stepper.goto(next.step);
    return { moved: this.moved({ step: next.step, reason: 'packet', breakpoints: [] }), packet, what: next.what };
  }

  private lastPacket = 0;

  private currentThread(): number { return this.s.threads.threadOf(this.s.trace.steps.frame[this.s.stepper.step]); }

  private moved(landing: Landing): Moved {
    const position = this.position();
    const { breakpoints, ahead } = this.s;
    return { reason: this.reasonOf(landing), position, stack: this.rows(position.thread), breakpoints: landing.breakpoints, output: breakpoints.takeOutput(), ahead: ahead.files(position.step) };
  }

  private reasonOf(landing: Landing): StopReason {
    if (landing.breakpoints.length === 0) return landing.reason;
    if (this.s.breakpoints.hasData(landing.breakpoints)) return 'data breakpoint';
    return this.s.trace.steps.site[landing.step] < 0 ? 'function breakpoint' : 'breakpoint';
  }

  /** Where the session stands now. */
  position(): Position {
    const { trace, stepper, threads, places } = this.s, step = stepper.step, frame = trace.steps.frame[step];
    const thread = threads.threadOf(frame), context = threads.row(thread);
    return {
      step, count: this.s.shown, visited: stepper.visited, past: step < stepper.visited, thread, frame, function: trace.functions[trace.frames.fn[frame]].name, place: places.placeOfStep(step), statement: statementOf(trace, step),
      host: context.host, context, packet: threads.packetOf(frame), time: trace.steps.time[step],
    };
  }

  stack(p: EngineParams<'stack'>): EngineResult<'stack'> {
    const rows = this.rows(p.thread);
    return { frames: rows.slice(p.start, p.levels > 0 ? p.start + p.levels : undefined), total: rows.length };
  }

  /** A thread's stack at the current step, with a label row where a context ends. */
  private rows(thread: number): FrameRow[] {
    const { trace, threads, places, stepper } = this.s, rows: FrameRow[] = [], stack = threads.stack(thread, stepper.step);
    stack.forEach(({ frame, site }, i) => {
      const own = threads.threadOf(frame), fn = trace.frames.fn[frame];
      rows.push({ id: frame + 1, name: trace.functions[fn].name, place: places.place(fn, site), label: null });
      const below = stack[i + 1];
      if (!below || threads.threadOf(below.frame) !== own) rows.push({ id: LABEL + frame, name: '', place: { path: '', file: '', line: 0, status: 'missing', note: '' }, label: threads.row(own) });
    });
    return rows;
  }

  private get objects(): Inspection {
    if (!this.inspection) throw new EngineError(NO_SESSION);
    return this.inspection;
  }

  warm(launch: LaunchRequest): boolean {
    if (!this.ports.run(launch).ok) return false;
    try {
      this.open(launch);
      return true;
    } catch (error) {
      // The session that comes asks again and tells the user.
      if (error instanceof EngineError) return false;
      throw error;
    }
  }

  prepare(launch: LaunchRequest): null {
    const { trace, inspector } = value(this.ports.run(launch));
    this.ordinals = trace.steps.ordinal;
    this.inspection = new Inspection(inspector);
    return null;
  }

  scopes(p: EngineParams<'scopes'>): readonly ScopeRow[] { return p.frame > LABEL ? [] : this.objects.scopes(p.step, p.frame - 1); }

  variables(p: EngineParams<'variables'>): readonly VariableRow[] { return this.objects.variables(p.handle, p.start, p.count, p.hex); }

  evaluate(p: EngineParams<'evaluate'>): VariableRow {
    return value(this.objects.evaluate(p.expression, p.step, p.frame > LABEL ? -1 : p.frame - 1, p.hex));
  }

  /** Uses idle time to make the next steps cheap, or with `inspects` the next look at objects; false when there is nothing to do. */
  idle(inspects: boolean): boolean {
    if (inspects) return this.inspection?.park() ?? false;
    return this.session !== null && this.session.ahead.prepare(this.session.stepper.step, () => this.ports.now());
  }

  private path(file: string): string | null { return this.s.places.resolver.tree.relative(file); }

  breakpoints(p: EngineParams<'breakpoints'>): EngineResult<'breakpoints'> { return this.s.breakpoints.setLines(this.path(p.file), p.lines); }

  functionBreakpoints(p: EngineParams<'functionBreakpoints'>): EngineResult<'functionBreakpoints'> { return this.s.breakpoints.setFunctions(p.functions); }

  locations(p: EngineParams<'locations'>): EngineResult<'locations'> {
    const path = this.path(p.file);
    return path === null ? [] : this.s.places.linesOfFile(path).filter((line) => line >= p.line && line <= p.endLine);
  }

  targets(p: EngineParams<'targets'>): EngineResult<'targets'> {
    const path = this.path(p.file), { trace, places, stepper } = this.s;
    const line = path === null ? undefined : places.linesOfFile(path).find((l) => l >= p.line && l <= p.line + 20);
    if (path === null || line === undefined) return [];
    const { sites, fns } = places.atLine(path, line), siteSet = new Set(sites), fnSet = new Set(fns), out: { step: number; function: string; line: number }[] = [];
    for (let s = 0; s < stepper.count; s++) {
      const site = trace.steps.site[s], fn = trace.frames.fn[trace.steps.frame[s]];
      if ((site >= 0 ? siteSet.has(site) : fnSet.has(fn)) && stepper.isStop(s)) out.push({ step: s, function: trace.functions[fn].name, line });
    }
    return out.sort((a, b) => Math.abs(a.step - stepper.step) - Math.abs(b.step - stepper.step)).slice(0, 50);
  }

  visited(p: EngineParams<'visited'>): EngineResult<'visited'> {
    const path = this.path(p.file), lines: number[] = [];
    if (path === null) return { lines };
    for (const [line, first] of this.firstVisits(path)) if (first <= this.s.stepper.step) lines.push(line);
    return { lines: lines.sort((a, b) => a - b) };
  }

  private visits: { readonly trace: Trace; readonly byPath: Map<string, Map<number, number>> } | null = null;

  /** The first step at each line of a file. One pass over the trace per file; forgotten when a file's text changes. */
  private firstVisits(path: string): Map<number, number> {
    const { trace, places } = this.s, { steps, frames } = trace;
    if (this.visits?.trace !== trace) this.visits = { trace, byPath: new Map() };
    const known = this.visits.byPath.get(path);
    if (known) return known;
    const first = new Map<number, number>(), sites = trace.sites.map((a) => a.path === path), fns = trace.functions.map((f) => f.path === path);
    for (let s = 0; s < steps.count; s++) {
      const site = steps.site[s];
      if (!(site >= 0 ? sites[site] : fns[frames.fn[steps.frame[s]]]) || !places.isExact(s)) continue;
      const line = places.line(s);
      if (!first.has(line)) first.set(line, s);
    }
    this.visits.byPath.set(path, first);
    return first;
  }

  source(p: EngineParams<'source'>): SourcePlace {
    const { trace, places } = this.s, f = trace.frames;
    assert(p.frame >= 0 && p.frame < f.count, 'no such frame');
    const parent = f.parent[p.frame];
    return p.at === 'call' && parent >= 0 ? places.place(f.fn[parent], f.callSite[p.frame], true) : places.place(f.fn[p.frame], -1, true);
  }

  explain(p: EngineParams<'explain'>): string { return this.s.places.explain(p.step); }

  status(p: EngineParams<'status'>): EngineResult<'status'> {
    const { trace, places } = this.s, paths = new Set<string>();
    // Function by function; a new path costs a parse, so their number is bounded per request.
    for (; this.statusAt < trace.functions.length; this.statusAt++) {
      const { path } = trace.functions[this.statusAt];
      if (this.used[this.statusAt] === 0) continue;
      if (path !== '' && !paths.has(path) && paths.size >= p.files) break;
      paths.add(path);
      places.lineOfFunction(this.statusAt);
    }
    return { functions: Uint8Array.from(trace.functions, (_, fn) => statusCode(places.knownStatus(fn) ?? 'unknown')), done: this.statusAt >= trace.functions.length };
  }

  text(p: EngineParams<'text'>): null {
    const path = this.session ? this.path(p.file) : null;
    if (path !== null) {
      this.s.places.forget(path, p.text ?? undefined);
      this.s.ahead.again();
      this.statusAt = 0;
      this.visits = null;
    }
    return null;
  }
}

/** Kind and words of the statement at a step. */
function statementOf(trace: Trace, step: number): string {
  const anchor = anchorOfStep(trace, step);
  return anchor && anchor.kind !== 'entry' ? `${anchor.kind} ${anchor.text}`.trim() : '';
}

function sameChange(a: Change, b: Change): boolean { return JSON.stringify(a) === JSON.stringify(b); }
