/** The run being traced: its engine, its debug adapter, where it stands. One at a time; everything that shows it listens here. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { EngineLink } from '../debug/link';
import type { EarlyOpen, SessionListener, SkbwalkSession } from '../debug/session';
import type { LaunchRequest, Moved, Opened, Position } from '../protocol/engine';
import type { GraphTrace } from '../protocol/graph';
import { background, inWords, log } from './log';

/** One debug session and what is known of it on this side. */
export interface Run {
  readonly id: string;
  readonly session: vscode.DebugSession;
  readonly adapter: SkbwalkSession;
  readonly link: EngineLink;
  opened: Opened | null;
  position: Position | null;
  /** The packet that next and previous event follow; 0: the current one. */
  follow: number;
  graph: Promise<GraphTrace> | null;
  /** What the user has made different in it, in words. */
  changes: readonly string[];
  ended: boolean;
}

export interface RunEvent { /** `changed`: the run was made again, and has another course from here on. */
  readonly kind: 'opened' | 'changed' | 'moved' | 'ended'; readonly run: Run; readonly moved?: Moved; readonly problem?: string }

/** Times in ms that the bench and the tests read: never sent anywhere. */
export interface Metrics {
  activation: number;
  /** What happened on the way from a click to the first line, with performance.now(). */
  readonly marks: { readonly what: 'clicked' | 'foreseen' | 'asked' | 'resolved' | 'adapter' | 'opened' | 'stopped' | 'ended'; readonly at: number }[];
  /** Stops shown by the call graph: when, and how long it took there. */
  readonly graphShown: { readonly step: number; readonly at: number; readonly ms: number }[];
}

/** Makes a debug adapter for each session and tells everybody what it does. */
export class Runs implements vscode.Disposable, vscode.DebugAdapterDescriptorFactory {
  current: Run | null = null;
  readonly metrics: Metrics = { activation: 0, marks: [], graphShown: [] };
  private readonly emitter = new vscode.EventEmitter<RunEvent>();
  readonly onDidChange = this.emitter.event;
  private readonly asked = new vscode.EventEmitter<void>();
  /** A trace was asked for; it may still turn out not to start. */
  readonly onWillStart = this.asked.event;
  private readonly saw = new vscode.EventEmitter<void>();
  /** `position` is known before its session has come up, or will not come to be after all. */
  readonly onDidForesee = this.saw.event;
  private foreseen: (EarlyOpen & { readonly link: EngineLink; result: Opened | null }) | null = null;
  private spare: EngineLink | null = null;

  constructor(private readonly context: vscode.ExtensionContext) {}

  private get worker(): string { return path.join(this.context.extensionPath, 'dist', 'debug-worker.js'); }

  /** Notes a moment; the last thousand are kept. */
  mark(what: Metrics['marks'][number]['what']): void {
    if (this.metrics.marks.push({ what, at: performance.now() }) > 1000) this.metrics.marks.shift();
    if (what === 'asked') this.asked.fire();
  }

  /** The way from the click to the first stop, for the log. */
  private logStart(): void {
    const { marks } = this.metrics, from = marks.map((m) => m.what).lastIndexOf('clicked') >= 0 ? marks.map((m) => m.what).lastIndexOf('clicked') : marks.map((m) => m.what).lastIndexOf('asked');
    if (from >= 0) log().info(`first stop: ${marks.slice(from + 1).map((m) => `${m.what} ${(m.at - marks[from].at).toFixed(0)} ms`).join(', ')}`);
  }

  /** A started engine that no session has yet; the next session takes it. */
  async engine(): Promise<EngineLink> {
    if (this.spare === null || this.spare.isDead) {
      const { EngineLink } = await import('../debug/link');
      const link = EngineLink.start(this.worker);
      this.spare = link;
      link.whenDead((problem) => { log().error(problem.message); if (this.spare === link) this.spare = null; });
    }
    return this.spare;
  }

  /** Where the run stands, or will stand when the session that was just asked for is up. */
  get position(): Position | null { return this.current?.position ?? this.foreseen?.result?.moved.position ?? null; }

  /** Is the tree on show the built-in outline? */
  get isOutline(): boolean { return (this.current?.opened ?? this.foreseen?.result)?.tree.outline ?? false; }

  /** Starts an engine ahead of time and has it open what a click would start, so that the first line comes sooner. */
  warm(request?: LaunchRequest): void {
    if (this.current !== null) return;
    background('warm', async () => {
      const link = await this.engine();
      if (!request || this.warmed === link) return;
      this.warmed = link;
      // A session may take the engine, or the window may close, before the answer: neither is a failure.
      await link.call('warm', request).catch((error: Error) => log().debug(`warm: ${error.message}`));
    });
  }

  /** The engine that has opened something ahead already. */
  private warmed: EngineLink | null = null;

  /** Opens a run whose session is about to be asked for. Its first line is drawn when the engine knows it, some twenty round trips before the debugger is up. */
  async foresee(request: LaunchRequest): Promise<void> {
    if (this.current !== null) return;
    const link = await this.engine(), opened = link.call('open', request), ahead = { request, opened, link, result: null as Opened | null };
    this.foreseen = ahead;
    // What goes wrong is the session's to tell: it asks for the same and gets the same answer.
    const result = await opened.catch(() => null);
    if (result === null || this.foreseen !== ahead) return;
    ahead.result = result;
    this.mark('foreseen');
    this.saw.fire();
  }

  /** The session that was foreseen does not come. */
  forget(): void {
    if (this.foreseen === null) return;
    this.foreseen = null;
    this.saw.fire();
  }

  async createDebugAdapterDescriptor(session: vscode.DebugSession): Promise<vscode.DebugAdapterDescriptor> {
    await this.stopBefore(session);
    const link = await this.engine(), { SkbwalkSession } = await import('../debug/session'), { EngineLink } = await import('../debug/link');
    this.spare = null;
    const early = this.foreseen?.link === link ? this.foreseen : null;
    const adapter = new SkbwalkSession(link, () => EngineLink.start(this.worker), this.listener(session), (text, ...args) => vscode.l10n.t(text, ...args), early);
    this.current = { id: session.id, session, adapter, link, opened: null, position: null, follow: 0, graph: null, changes: [], ended: false };
    this.mark('adapter');
    return new vscode.DebugAdapterInlineImplementation(adapter);
  }

  /** skbwalk follows one run at a time: one that still goes ends here, and the user is told. */
  private async stopBefore(next: vscode.DebugSession): Promise<void> {
    const old = this.current;
    if (old === null || old.ended || old.session.id === next.id) return;
    void vscode.window.showInformationMessage(vscode.l10n.t('The trace of "{0}" was stopped: skbwalk follows one run at a time.', old.opened ? vscode.l10n.t(old.opened.title) : old.session.name));
    this.end(old, '');
    await vscode.debug.stopDebugging(old.session);
  }

  private listener(session: vscode.DebugSession): SessionListener {
    const mine = (): Run | null => (this.current?.id === session.id ? this.current : null);
    return {
      opened: (opened) => { const run = mine(); if (run) this.opened(run, opened); },
      moved: (moved) => { const run = mine(); if (run) this.moved(run, moved); },
      changed: (opened, changes) => { const run = mine(); if (run) this.changed(run, opened, changes); },
      ended: (problem) => { const run = mine(); if (run) this.end(run, problem); },
    };
  }

  private opened(run: Run, opened: Opened): void {
    this.mark('opened');
    run.opened = opened;
    run.graph = run.link.call('graph', {});
    const { took } = opened;
    log().info(`${opened.title}: run ${took.run.toFixed(0)} ms, tree ${took.tree.toFixed(0)} ms, first stop ${took.stop.toFixed(0)} ms`);
    for (const notice of opened.notices) log().warn(notice);
    // One notification, however much there is to say.
    if (opened.notices.length > 0) void vscode.window.showInformationMessage(opened.notices.map(inWords).join(' '));
    if (opened.tree.outline) vscode.window.setStatusBarMessage(vscode.l10n.t('Shown in the built-in outline of Linux {0}', opened.tree.version), 8000);
    this.emitter.fire({ kind: 'opened', run });
  }

  private changed(run: Run, opened: Opened, changes: readonly string[]): void {
    run.opened = opened;
    run.changes = changes;
    run.graph = run.link.call('graph', {});
    log().info(changes.length > 0 ? `changed ${changes[changes.length - 1]}: run ${opened.took.run.toFixed(0)} ms` : 'changes taken back');
    this.emitter.fire({ kind: 'changed', run });
  }

  private moved(run: Run, moved: Moved): void {
    this.mark('stopped');
    if (run.position === null) this.logStart();
    run.position = moved.position;
    this.foreseen = null;
    this.emitter.fire({ kind: 'moved', run, moved });
  }

  private end(run: Run, problem: string): void {
    if (run.ended) return;
    run.ended = true;
    this.mark('ended');
    if (this.current === run) this.current = null;
    this.forget();
    this.emitter.fire({ kind: 'ended', run, problem });
    if (problem === '') return;
    log().error(problem);
    const again = vscode.l10n.t('Start Again');
    void vscode.window.showErrorMessage(inWords(problem), again).then((choice) => {
      if (choice === again) background('start again', () => vscode.debug.startDebugging(run.session.workspaceFolder, run.session.configuration));
    });
  }

  dispose(): void {
    this.emitter.dispose();
    this.asked.dispose();
    this.saw.dispose();
    if (this.spare) void this.spare.close();
    if (this.current) void this.current.link.close();
  }
}
