/** The debug adapter: DAP requests in, engine requests out. It knows no VS Code and holds no trace. */
import { basename } from 'node:path';
import { BreakpointEvent, ContinuedEvent, DebugSession, Event, InitializedEvent, InvalidatedEvent, OutputEvent, StoppedEvent, TerminatedEvent } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { AssignTarget, BreakpointRow, Change, EngineMethod, EngineParams, EngineResult, LaunchRequest, Moved, Opened, StepAction, ThreadRow, VariableRow } from '../protocol/engine';
import { CAPABILITIES } from './capabilities';
import { scopeOf, stackFrame, threadName, type Translate } from './labels';
import { LinkError, type EngineLink } from './link';
import { requestOf, sameLaunch, type LaunchArguments } from './launches';
import { localise } from './messages';
import { Progress } from './progress';
import { splitAssignment } from './values/assign';
import { WatchList } from './watch-list';

/** A run that was opened in the engine before its session came: it serves the session if that asks for the same. */
export interface EarlyOpen { readonly request: LaunchRequest; readonly opened: Promise<Opened> }

/** What the extension is told beside DAP: it draws decorations, graph and status bar from it, without a round trip through the editor. */
export interface SessionListener {
  opened(opened: Opened): void;
  moved(moved: Moved): void;
  /** The run was made again with these changes (in words); `moved` follows. */
  changed(opened: Opened, changes: readonly string[]): void;
  /** `problem`: why it ended when nobody asked it to; '' otherwise. */
  ended(problem: string): void;
}

const REASONS: Readonly<Record<Moved['reason'], string>> = { entry: 'entry', step: 'step', breakpoint: 'breakpoint', 'function breakpoint': 'function breakpoint', 'data breakpoint': 'data breakpoint', goto: 'goto', packet: 'goto', start: 'pause', end: 'pause' };
/** How long a user stays at a stop before it is worth a search. */
const STAY_MS = 400;
/** How long a stop must last before its objects are looked at: a re-execution and its rows would hold up the next step of a user who goes on at once. */
const REST_MS = 120;
/** The same at the first stop, where the editor's own views come up: the engine for objects takes a core to start. */
const ENTRY_REST_MS = 300;
/** VS Code opens the first scope of a stop by itself, but not when it took longer than this to come. */
const LATE_MS = 400;
/** The frame id that stands for "wherever the session is" when a client evaluates without one. */
const NO_FRAME = 0;

/** One debug session over one engine. Its listener hears of each move before the client does. */
export class SkbwalkSession extends DebugSession {
  private launched: LaunchArguments | null = null;
  private configured!: () => void;
  private readonly configurationDone = new Promise<void>((resolve) => { this.configured = resolve; });
  private ended = false;
  /** When the latest stop came, performance.now(). */
  private arrived = -Infinity;
  private threads: readonly ThreadRow[] = [];
  /** The latest stop: its stack came with it. */
  private current: Moved | null = null;
  /** Has the user been told that this tree lacks statements? */
  private isTold = false;
  /** Goto targets by id: DAP wants numbers, and hands them back. */
  private targets: readonly { readonly step: number }[] = [];

  /** Does the client fetch a stop anew when told that what it has is invalid? False once it was told. */
  private fetchesAnew = false;

  private readonly watches = new WatchList();
  private readonly progress = new Progress((event) => this.sendEvent(event));

  private prepared: Promise<unknown> = Promise.resolve();
  private looking: Promise<unknown> = Promise.resolve();

  /** `link`: the engine that steps. `objects` makes the one that looks at objects, when it is first needed. `t` translates. `early`: what was opened in `link` before the session. */
  constructor(
    private readonly link: EngineLink, private readonly objects: () => EngineLink, private readonly listener: SessionListener,
    private readonly t: Translate = (text, ...args) => text.replace(/\{(\d+)\}/g, (_, i: string) => String(args[Number(i)])), private readonly early: EarlyOpen | null = null,
  ) {
    super();
    this.setDebuggerLinesStartAt1(true);
    this.setDebuggerColumnsStartAt1(true);
    link.whenDead((problem) => this.end(problem.message));
  }

  private objectLink: EngineLink | null = null;
  /** What was made different in this run, with the words for it. */
  private changes: readonly { readonly change: Change; readonly words: string }[] = [];

  /** The engine for objects; its run starts a while after the first stop, so that the first line does not wait for it. */
  private get values(): EngineLink {
    if (this.objectLink === null || this.objectLink.isDead) {
      // A recording has no objects: it is not read a second time to find that out.
      this.objectLink = this.launched?.recording ? this.link : this.objects();
      this.prepareObjects(this.objectLink);
    }
    return this.objectLink;
  }

  /** Has the engine for objects run what was launched. */
  private prepareObjects(link: EngineLink): void {
    if (link === this.link || !this.launched) return;
    this.prepared = link.call('prepare', requestOf(this.launched));
    // Whoever asks for objects gets the reason; nobody may ask.
    this.prepared.catch(() => undefined);
  }

  /**
   * One look at a step's objects. Looks wait for each other, and one whose step was left meanwhile is not taken: stepping fast leaves
   * no queue of re-executions behind.
   */
  private look<T>(stale: T, work: (link: EngineLink, step: number) => Promise<T>): Promise<T> {
    const step = this.current?.position.step ?? 0, isHere = (): boolean => this.current?.position.step === step;
    const turn = this.looking.then(() => this.rested()).then(async () => {
      if (!isHere()) return stale;
      const link = this.values;
      await this.prepared;
      return isHere() ? work(link, step) : stale;
    });
    this.looking = turn.catch(() => undefined);
    return turn;
  }

  /** Resolves when the latest stop has lasted a moment. */
  private async rested(): Promise<void> {
    const left = this.arrived + (this.current?.reason === 'entry' ? ENTRY_REST_MS : REST_MS) - performance.now();
    if (left > 0) await new Promise((resolve) => { setTimeout(resolve, left); });
  }

  private call<M extends EngineMethod>(method: M, params: EngineParams<M>): Promise<EngineResult<M>> { return this.link.call(method, params); }

  /** Answers a request from a promise; a failure becomes an error response that the user sees once. */
  private async reply<R extends DebugProtocol.Response>(response: R, work: () => Promise<R['body'] | void>): Promise<void> {
    try {
      const body = await work();
      if (body !== undefined) response.body = body;
      this.sendResponse(response);
    } catch (error) {
      const message = error instanceof LinkError ? error.problem.message : error instanceof Error ? error.message : String(error);
      this.sendErrorResponse(response, { id: 1, format: '{message}', variables: { message: localise(message, this.t) }, showUser: true });
    }
  }

  protected override initializeRequest(response: DebugProtocol.InitializeResponse, args: DebugProtocol.InitializeRequestArguments): void {
    this.progress.isShown = args.supportsProgressReporting ?? false;
    this.fetchesAnew = args.supportsInvalidatedEvent ?? false;
    response.body = CAPABILITIES;
    this.sendResponse(response);
  }

  protected override launchRequest(response: DebugProtocol.LaunchResponse, args: LaunchArguments): void {
    void this.reply(response, async () => {
      const opened = await this.progress.during(this.t('Running {0}', args.scenario || basename(args.recording || args.where || '')), this.open(args));
      this.threads = opened.threads;
      this.isTold = opened.tree.version !== opened.kernel;
      this.listener.opened(opened);
      // Only now can breakpoints be looked up: the client sends them between this event and configurationDone.
      this.sendEvent(new InitializedEvent());
      void this.configurationDone.then(() => { this.arrive(opened.moved); this.tell(opened.moved); });
    });
  }

  private open(args: LaunchArguments): Promise<Opened> {
    this.launched = args;
    const request = requestOf(args);
    return this.early && sameLaunch(this.early.request, request) ? this.early.opened : this.call('open', request);
  }

  protected override configurationDoneRequest(response: DebugProtocol.ConfigurationDoneResponse): void {
    this.sendResponse(response);
    this.configured();
  }

  /** The extension draws at once; the client has three more round trips to go. */
  private arrive(moved: Moved): void {
    this.current = moved;
    this.arrived = performance.now();
    this.listener.moved(moved);
  }

  /** Tells the client where the session stands now. */
  private tell(moved: Moved): void {
    if (this.ended) return;
    const { position, reason } = moved;
    for (const line of moved.output) this.sendEvent(new OutputEvent(`${localise(line, this.t)}\n`, 'console'));
    if (position.place.note) this.tellWhy(moved);
    const event: DebugProtocol.StoppedEvent = new StoppedEvent(REASONS[reason], position.thread);
    event.body.allThreadsStopped = true;
    event.body.hitBreakpointIds = [...moved.breakpoints];
    if (reason === 'end' || reason === 'start') {
      event.body.description = reason === 'end' ? this.t('At the end of the trace') : this.t('At the start of the trace');
      this.sendEvent(new OutputEvent(`${reason === 'end' ? this.t('The trace ends here. Step Back and Reverse go back in time.') : this.t('The trace begins here.')}\n`, 'console'));
    }
    this.sendEvent(event);
    if (reason === 'entry') setTimeout(() => { if (!this.ended) void this.values; }, ENTRY_REST_MS).unref();
  }

  /** The console says why a line is not exact: at once in short, and in full when the user stays. A notification says it once a session, if the opening did not. */
  private tellWhy({ position }: Moved): void {
    const { step, place } = position, log = (text: string): void => this.sendEvent(new OutputEvent(`${localise(text, this.t)}\n`, 'console'));
    if (!this.isTold) {
      this.isTold = true;
      this.sendEvent(new OutputEvent(`${this.t('Some statements of this walk are not in the open tree. Their functions are shown instead and marked so; the debug console says where each one went.')}\n`, 'important'));
    }
    log(place.note);
    if (place.status !== 'missing') return;
    setTimeout(() => {
      if (this.ended || this.current?.position.step !== step) return;
      this.call('explain', { step }).then((text) => { if (text && text !== place.note) log(text); }, (error: Error) => this.sendEvent(new OutputEvent(`${error.message}\n`, 'stderr')));
    }, STAY_MS).unref();
  }

  private move(response: DebugProtocol.Response, action: StepAction, thread: number, granularity?: string): void {
    void this.reply(response, async () => {
      const moved = await this.call('step', { action, thread, granularity: granularity === 'instruction' ? 'instruction' : 'line' });
      this.arrive(moved);
      // The response first: DAP wants the stop after it.
      setImmediate(() => this.tell(moved));
    });
  }

  protected override stepInRequest(r: DebugProtocol.StepInResponse, a: DebugProtocol.StepInArguments): void { this.move(r, 'in', a.threadId, a.granularity); }
  protected override nextRequest(r: DebugProtocol.NextResponse, a: DebugProtocol.NextArguments): void { this.move(r, 'over', a.threadId, a.granularity); }
  protected override stepOutRequest(r: DebugProtocol.StepOutResponse, a: DebugProtocol.StepOutArguments): void { this.move(r, 'out', a.threadId, a.granularity); }
  protected override stepBackRequest(r: DebugProtocol.StepBackResponse, a: DebugProtocol.StepBackArguments): void { this.move(r, 'back', a.threadId, a.granularity); }
  protected override continueRequest(r: DebugProtocol.ContinueResponse, a: DebugProtocol.ContinueArguments): void { this.move(r, 'continue', a.threadId); }
  protected override reverseContinueRequest(r: DebugProtocol.ReverseContinueResponse, a: DebugProtocol.ReverseContinueArguments): void { this.move(r, 'reverse', a.threadId); }

  /** A step by the extension (keys in the graph, commands): as if the client had asked. */
  async stepBy(action: StepAction): Promise<void> { this.announce(await this.call('step', { action, thread: 0, granularity: 'line' })); }

  /** Goes to a step by the extension. */
  async goTo(step: number): Promise<void> { this.announce(await this.call('goto', { step })); }

  /** Goes to the next or previous event of a packet (0: the current one); gives what it is, '' when there is none. */
  async packetEvent(direction: 1 | -1, packet: number): Promise<{ readonly what: string; readonly packet: number }> {
    const { moved, what, packet: followed } = await this.call('packet', { direction, packet });
    if (moved) this.announce(moved);
    return { what, packet: followed };
  }

  private announce(moved: Moved): void {
    if (this.ended) return;
    // Without it the client thinks that nothing ran since the last stop and keeps what it shows.
    this.arrive(moved);
    this.sendEvent(new ContinuedEvent(moved.position.thread, true));
    this.tell(moved);
  }

  /** Everything runs to its next stop at once: there is nothing to interrupt. */
  protected override pauseRequest(response: DebugProtocol.PauseResponse): void { this.sendResponse(response); }

  protected override threadsRequest(response: DebugProtocol.ThreadsResponse): void {
    response.body = { threads: this.threads.map((row) => ({ id: row.id, name: threadName(row, this.t) })) };
    this.sendResponse(response);
  }

  protected override stackTraceRequest(response: DebugProtocol.StackTraceResponse, args: DebugProtocol.StackTraceArguments): void {
    const start = args.startFrame ?? 0, levels = args.levels ?? 0;
    if (this.current?.position.thread === args.threadId) {
      const { stack } = this.current;
      response.body = { stackFrames: stack.slice(start, levels > 0 ? start + levels : undefined).map((row) => stackFrame(row, this.t)), totalFrames: stack.length };
      return this.sendResponse(response);
    }
    void this.reply(response, async () => {
      const { frames, total } = await this.call('stack', { thread: args.threadId, start, levels });
      return { stackFrames: frames.map((row) => stackFrame(row, this.t)), totalFrames: total };
    });
  }

  protected override scopesRequest(response: DebugProtocol.ScopesResponse, args: DebugProtocol.ScopesArguments): void {
    const asked = performance.now(), stop = this.current;
    void this.reply(response, async () => ({
      scopes: (await this.look([], (link, step) => link.call('scopes', { step, frame: args.frameId }))).map((row) => scopeOf(row, this.t)),
    })).then(() => { if (stop === this.current && performance.now() - asked > LATE_MS) this.refetchEntry(); });
  }

  /** At the first stop the engine for objects only comes up: the client asks once more, and opens what it is given. */
  private refetchEntry(): void {
    if (!this.fetchesAnew || this.current?.reason !== 'entry' || this.ended) return;
    this.fetchesAnew = false;
    this.sendEvent(new InvalidatedEvent(['stacks']));
  }

  protected override variablesRequest(response: DebugProtocol.VariablesResponse, args: DebugProtocol.VariablesArguments): void {
    void this.reply(response, async () => {
      const rows = args.filter === 'named' ? [] : await this.values.call('variables', { handle: args.variablesReference, start: args.start ?? 0, count: args.count ?? 0, hex: args.format?.hex ?? false });
      return { variables: rows.map(asVariable) };
    });
  }

  protected override evaluateRequest(response: DebugProtocol.EvaluateResponse, args: DebugProtocol.EvaluateArguments): void {
    const evaluate = async (): Promise<DebugProtocol.EvaluateResponse['body']> => {
      const row = await this.look(null, (link, step) => link.call('evaluate', { expression: args.expression, step, frame: args.frameId ?? NO_FRAME, hex: args.format?.hex ?? false }));
      if (row === null) throw new Error(this.t('The session has moved on.'));
      return { result: row.value, type: row.type, variablesReference: row.handle, ...(row.indexed > 0 ? { indexedVariables: row.indexed } : {}) };
    };
    const set = args.context === 'repl' ? splitAssignment(args.expression) : null;
    if (set) return void this.reply(response, async () => ({ result: await this.assign({ expression: set.expression, frame: args.frameId ?? NO_FRAME }, set.value), variablesReference: 0 }));
    // A hover over something that is no value is nothing to tell the user about.
    if (args.context !== 'hover' && args.context !== 'watch') void this.reply(response, evaluate);
    else void evaluate().then((body) => { response.body = body; this.sendResponse(response); }, (error: Error) => this.sendErrorResponse(response, { id: 2, format: error.message, showUser: false }));
  }

  protected override setVariableRequest(response: DebugProtocol.SetVariableResponse, args: DebugProtocol.SetVariableArguments): void {
    void this.reply(response, async () => ({ value: await this.assign({ handle: args.variablesReference, name: args.name }, args.value) }));
  }

  protected override setExpressionRequest(response: DebugProtocol.SetExpressionResponse, args: DebugProtocol.SetExpressionArguments): void {
    void this.reply(response, async () => ({ value: await this.assign({ expression: args.expression, frame: args.frameId ?? NO_FRAME }, args.value) }));
  }

  /** What if this field were set to that here? Gives the value that is there now. */
  private async assign(target: AssignTarget, value: string): Promise<string> {
    const found = await this.look(null, (link, step) => link.call('assign', { target, value, step }));
    if (found === null) throw new Error(this.t('The session has moved on.'));
    const { change, expression, was, now } = found, step = this.current?.position.step ?? 0;
    await this.runAgain(change, this.t('at step {0}: {1} = {2} (was {3})', step + 1, expression, now, was));
    return now;
  }

  /** What if the current packet (or the one followed) were lost on its way? False: no cable carries it from here on. */
  async losePacket(packet: number): Promise<boolean> {
    const { position } = this.current!, change = await this.call('lose', { packet });
    if (change) await this.runAgain(change, this.t('from step {0} on: the next frame of packet {1} is lost', position.step + 1, packet));
    return change !== null;
  }

  /** Runs again with one change more. What lay ahead of it is another future now: later changes go with it. */
  private async runAgain(change: Change, words: string): Promise<void> {
    const kept = this.changes.filter((c) => c.change.ordinal <= change.ordinal), dropped = this.changes.length - kept.length;
    await this.change([...kept, { change, words }]);
    this.say(this.t('What if, {0}. The run was made again from here on: {1} steps.', words, this.current!.position.count));
    if (dropped > 0) this.say(this.t('{0} later changes were taken back with it.', dropped));
  }

  /** Takes all changes back; false when there are none. */
  async undoChanges(): Promise<boolean> {
    if (this.changes.length === 0) return false;
    await this.change([]);
    this.say(this.t('The run is as it was, without changes: {0} steps.', this.current!.position.count));
    return true;
  }

  private async change(changes: SkbwalkSession['changes']): Promise<void> {
    const { opened, breakpoints, stopped } = await this.progress.during(this.t('Running again with your changes'), this.call('change', { changes: changes.map((c) => c.change) }));
    this.changes = changes;
    this.threads = opened.threads;
    if (this.launched) this.launched = { ...this.launched, changes: changes.map((c) => c.change) };
    if (this.objectLink) this.prepareObjects(this.objectLink);
    this.listener.changed(opened, changes.map((c) => c.words));
    this.watches.forget();
    for (const row of breakpoints) this.sendEvent(new BreakpointEvent('changed', this.asBreakpoint(row)));
    if (!this.watches.isEmpty) await this.watchFields();
    this.announce(opened.moved);
    if (stopped) this.say(localise(`The run ended early: ${stopped}.`, this.t));
  }

  private asBreakpoint({ id, verified, line, message }: BreakpointRow): DebugProtocol.Breakpoint {
    return { id, verified, ...(line > 0 ? { line } : {}), ...(message ? { message: localise(message, this.t) } : {}) };
  }

  /** What a field is called: it can be watched from here on and back. */
  protected override dataBreakpointInfoRequest(response: DebugProtocol.DataBreakpointInfoResponse, args: DebugProtocol.DataBreakpointInfoArguments): void {
    const target: AssignTarget = args.variablesReference ? { handle: args.variablesReference, name: args.name } : { expression: args.name, frame: args.frameId ?? NO_FRAME };
    void this.reply(response, async (): Promise<DebugProtocol.DataBreakpointInfoResponse['body']> => {
      const found = await this.look(null, (link, step) => link.call('locate', { target, step }).then((place) => ({ ...place, step }), (error: Error) => error.message));
      if (found === null || typeof found === 'string') return { dataId: null, description: found === null ? this.t('The session has moved on.') : localise(found, this.t) };
      return { dataId: WatchList.id(found), description: found.expression, accessTypes: ['write'], canPersist: false };
    });
  }

  protected override setDataBreakpointsRequest(response: DebugProtocol.SetDataBreakpointsResponse, args: DebugProtocol.SetDataBreakpointsArguments): void {
    this.watches.want(args.breakpoints);
    void this.reply(response, async () => ({ breakpoints: (await this.watchFields()).map((row) => this.asBreakpoint(row)) }));
  }

  /** Looks for the changes of the watched fields in the run as it is. */
  private async watchFields(): Promise<readonly BreakpointRow[]> {
    const breakpoints = await this.progress.during(this.t('Looking for the changes of watched fields'), this.watches.requests(async () => { const link = this.values; await this.prepared; return link; }));
    return this.call('dataBreakpoints', { breakpoints });
  }

  private say(text: string): void { this.sendEvent(new OutputEvent(`${text}\n`, 'console')); }

  protected override setBreakPointsRequest(response: DebugProtocol.SetBreakpointsResponse, args: DebugProtocol.SetBreakpointsArguments): void {
    void this.reply(response, async () => {
      const wanted = args.breakpoints ?? [];
      const rows = this.launched && args.source.path ? await this.call('breakpoints', { file: args.source.path, lines: wanted.map(({ line, condition, hitCondition, logMessage }) => ({ line, condition, hitCondition, logMessage })) }) : [];
      return { breakpoints: rows.map((row) => this.asBreakpoint(row)) };
    });
  }

  protected override setFunctionBreakPointsRequest(response: DebugProtocol.SetFunctionBreakpointsResponse, args: DebugProtocol.SetFunctionBreakpointsArguments): void {
    void this.reply(response, async () => {
      const rows = await this.call('functionBreakpoints', { functions: args.breakpoints.map(({ name, condition, hitCondition }) => ({ name, condition, hitCondition })) });
      return { breakpoints: rows.map((row) => this.asBreakpoint(row)) };
    });
  }

  protected override breakpointLocationsRequest(response: DebugProtocol.BreakpointLocationsResponse, args: DebugProtocol.BreakpointLocationsArguments): void {
    void this.reply(response, async () => ({ breakpoints: args.source.path ? (await this.call('locations', { file: args.source.path, line: args.line, endLine: args.endLine ?? args.line })).map((line) => ({ line })) : [] }));
  }

  protected override gotoTargetsRequest(response: DebugProtocol.GotoTargetsResponse, args: DebugProtocol.GotoTargetsArguments): void {
    void this.reply(response, async () => {
      const found = args.source.path ? await this.call('targets', { file: args.source.path, line: args.line }) : [];
      this.targets = found;
      return { targets: found.map((row, id) => ({ id, label: this.t('{0} at step {1}', row.function, row.step + 1), line: row.line })) };
    });
  }

  protected override gotoRequest(response: DebugProtocol.GotoResponse, args: DebugProtocol.GotoArguments): void {
    void this.reply(response, async () => {
      const target = this.targets[args.targetId];
      if (!target) throw new Error(this.t('That place is no longer known. Choose the line again.'));
      const moved = await this.call('goto', { step: target.step });
      this.arrive(moved);
      setImmediate(() => this.tell(moved));
    });
  }

  protected override terminateRequest(response: DebugProtocol.TerminateResponse): void {
    this.sendResponse(response);
    this.end('');
  }

  protected override disconnectRequest(response: DebugProtocol.DisconnectResponse): void {
    this.sendResponse(response);
    this.end('');
  }

  private end(problem: string): void {
    if (this.ended) return;
    this.ended = true;
    if (problem) this.sendEvent(new OutputEvent(`${localise(problem, this.t)}\n`, 'stderr'));
    this.sendEvent(new TerminatedEvent());
    this.listener.ended(problem);
    void this.link.close();
    if (this.objectLink && this.objectLink !== this.link) void this.objectLink.close();
  }

  /** VS Code disposes the inline adapter when its session ends. */
  override dispose(): void {
    this.end('');
    super.dispose();
  }

  /** Sends something beside DAP to whoever listens to custom events (tests, other clients). */
  sendCustom(name: string, body: unknown): void { this.sendEvent(new Event(name, body)); }
}

function asVariable(row: VariableRow): DebugProtocol.Variable {
  return {
    name: row.name, value: row.value, type: row.type, variablesReference: row.handle, ...(row.path ? { evaluateName: row.path } : {}), ...(row.indexed > 100 ? { indexedVariables: row.indexed, namedVariables: 0 } : {}),
  };
}

export type { LaunchArguments, ThreadRow };
