/** The call graph's panel: hosts the webview, hands it the run, and does what it asks. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { readFromGraph, type FromGraph, type GraphPosition, type ToGraph } from '../../protocol/graph';
import type { Position } from '../../protocol/engine';
import { packetEvent, revealPlace, startTrace } from '../commands';
import { setting } from '../config';
import { background, log } from '../log';
import type { Run, Runs } from '../runs';
import { page } from './html';
import { graphStrings } from './strings';

export const GRAPH_VIEW = 'skbwalk.graph';
/** Files per request for the exactness of functions: a request stays below a frame or two. */
const FILES_PER_STATUS = 1;
/** A stop that comes later than this after a key in the graph has another reason. */
const LONGEST_STEP_MS = 8000;
/** How long the debugger may still do something with the editor once it has told where it stands: seconds, when the machine is busy. */
const SETTLE_MS = 3000;
/** When the focus that was asked for may have come to the panel. */
const REVEALED_MS = [0, 50, 150, 400] as const;
/** A click into the source is told this much later than the focus that it brings, at most. */
const CLICK_MS = 40;

function graphPosition(p: Position): GraphPosition {
  return { step: p.step, count: p.count, visited: p.visited, past: p.past, packet: p.packet };
}

/** One panel for whichever run is current. A run that ends leaves its picture. */
export class GraphPanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private panel: vscode.WebviewPanel | null = null;
  private ready = false;
  /** The session whose trace the webview has. */
  private shown = '';
  /** The session whose trace was shown last: what "Run again" starts anew. */
  private last: vscode.DebugSession | null = null;
  /** Until when (performance.now()) the editor that a stop opens does not get the focus: the user moved the session from here. */
  private keepFocusUntil = 0;
  /** What of such a stop has come so far: the debugger's place, and the focus that went to an editor. */
  private seen = { place: false, editor: false };
  /** The page has drawn a trace since it was made. */
  private isUp = false;
  private readonly up = new vscode.EventEmitter<void>();
  /** The page has drawn its first trace. */
  readonly onDidComeUp = this.up.event;
  private readonly subscription: vscode.Disposable;

  constructor(private readonly extension: vscode.Uri, private readonly runs: Runs) {
    this.subscription = vscode.Disposable.from(
      runs.onDidChange((event) => {
        if (event.kind === 'changed') this.shown = '';
        else if (event.kind === 'moved') this.follow(event.run);
        else if (event.kind === 'ended' && this.shown === event.run.id) this.post({ type: 'ended', session: event.run.id, reason: event.problem ?? '' });
      }),
      vscode.debug.onDidChangeActiveStackItem((item) => { if (item instanceof vscode.DebugStackFrame) this.takeFocusBack('place'); }),
      vscode.window.onDidChangeActiveTextEditor((editor) => { if (editor) setTimeout(() => this.takeFocusBack('editor'), CLICK_MS); }),
      // Who clicks into the source wants to be there.
      vscode.window.onDidChangeTextEditorSelection(({ kind }) => { if (kind === vscode.TextEditorSelectionChangeKind.Mouse) this.keepFocusUntil = 0; }),
    );
  }

  /** VS Code gives the focus to the editor at every stop. Who steps from the graph stays in it: the next key would else be typed into the source. */
  private takeFocusBack(what: 'place' | 'editor'): void {
    const now = performance.now();
    if (now >= this.keepFocusUntil) return;
    this.panel?.reveal(undefined, false);
    // When VS Code has done that is not told.
    for (const ms of REVEALED_MS) setTimeout(() => { if (performance.now() < this.keepFocusUntil && this.panel?.active) this.post({ type: 'focus' }); }, ms);
    this.seen[what] = true;
    // Both have come, in either order: what still follows comes soon.
    if (this.seen.place && this.seen.editor) this.keepFocusUntil = Math.min(this.keepFocusUntil, now + SETTLE_MS);
  }

  private keepFocus(): void {
    if (!vscode.workspace.getConfiguration('debug').get('focusEditorOnBreak', true)) return;
    this.keepFocusUntil = performance.now() + LONGEST_STEP_MS;
    this.seen = { place: false, editor: false };
  }

  /** Is the panel open, but its page not there yet? The first page of a window waits for threads of the browser that come last. */
  get isComing(): boolean { return this.panel !== null && !this.isUp; }

  /** Opens the panel beside the source, or brings it to the front; `focus`: the keys go there. */
  show(focus = false): void {
    if (this.panel) return this.panel.reveal(undefined, !focus);
    this.attach(vscode.window.createWebviewPanel(GRAPH_VIEW, vscode.l10n.t('Call graph'), { viewColumn: vscode.ViewColumn.Beside, preserveFocus: !focus }, { retainContextWhenHidden: true, ...this.options() }));
    // package.json has the group of this view locked by itself: the debugger then opens files in the group with the source, not over the graph.
  }

  /** VS Code brings a panel back that was open when the window closed. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel): Thenable<void> {
    panel.webview.options = this.options();
    this.attach(panel);
    return Promise.resolve();
  }

  private root(...parts: string[]): vscode.Uri { return vscode.Uri.joinPath(this.extension, 'dist', 'webview', ...parts); }

  private options(): vscode.WebviewOptions { return { enableScripts: true, localResourceRoots: [this.root()] }; }

  private attach(panel: vscode.WebviewPanel): void {
    this.panel?.dispose();
    this.panel = panel;
    this.ready = false;
    this.isUp = false;
    this.shown = '';
    const { webview } = panel, uri = (name: string): string => webview.asWebviewUri(this.root(name)).toString();
    panel.iconPath = { light: vscode.Uri.joinPath(this.extension, 'media', 'graph-light.svg'), dark: vscode.Uri.joinPath(this.extension, 'media', 'graph-dark.svg') };
    panel.onDidDispose(() => { if (this.panel === panel) { this.panel = null; this.ready = false; } });
    webview.onDidReceiveMessage((raw: unknown) => {
      const message = readFromGraph(raw);
      if (message) this.take(message);
      else log().warn(`call graph: a message that is none: ${JSON.stringify(raw)}`);
    });
    webview.html = page({ csp: webview.cspSource, nonce: randomBytes(16).toString('hex'), script: uri('graph.js'), styles: [uri('codicon.css'), uri('graph.css')], title: vscode.l10n.t('Call graph'), language: vscode.env.language });
  }

  private post(message: ToGraph): void {
    if (this.panel && this.ready) void this.panel.webview.postMessage(message);
  }

  private take(message: FromGraph): void {
    const run = this.runs.current;
    switch (message.type) {
      case 'ready': return this.started();
      case 'shown': { this.cameUp(); this.runs.metrics.graphShown.push({ step: message.step, at: performance.now(), ms: message.ms }); return; }
      case 'problem': return log().error(`call graph: ${message.message}`);
      case 'run': return background('run', () => this.again(message.scenario));
      default: return run ? this.inRun(run, message) : void vscode.window.showInformationMessage(vscode.l10n.t('This trace has ended. Start it again to walk in it.'));
    }
  }

  private cameUp(): void {
    if (this.isUp) return;
    this.isUp = true;
    this.up.fire();
  }

  /** Starts what was shown, as it was started; after a reload of the window only its scenario is known. '' asks for one. */
  private again(scenario: string): Thenable<unknown> {
    if (scenario === '') return vscode.commands.executeCommand('skbwalk.trace');
    const { last } = this;
    return last?.configuration.scenario === scenario ? vscode.debug.startDebugging(last.workspaceFolder, last.configuration) : startTrace(scenario);
  }

  private inRun(run: Run, message: Exclude<FromGraph, { type: 'ready' | 'shown' | 'problem' | 'run' }>): void {
    if (message.type === 'goto' || message.type === 'step' || message.type === 'packetEvent') this.keepFocus();
    switch (message.type) {
      case 'goto': return background('goto', () => run.adapter.goTo(message.step));
      case 'step': return background('step', () => run.adapter.stepBy(message.action));
      case 'packetEvent': return background('packet', () => packetEvent(run, message.direction, message.packet || run.follow));
      case 'follow': { run.follow = message.packet; return; }
      case 'source': return background('source', async () => {
        const place = await run.link.call('source', { frame: message.frame, at: message.at });
        if (place.line > 0) await revealPlace(place.file, place.line);
        if (place.note) void vscode.window.showWarningMessage(place.note);
      });
    }
  }

  private started(): void {
    this.ready = true;
    this.shown = '';
    this.post({ type: 'init', strings: graphStrings((text) => vscode.l10n.t(text)), showMinor: setting('graph.showAccessors', false), reducedMotion: vscode.workspace.getConfiguration('workbench').get('reduceMotion') === 'on' });
    if (this.runs.current) this.follow(this.runs.current);
  }

  private follow(run: Run): void {
    const { position } = run;
    if (!position || !this.panel || !this.ready) return;
    if (this.shown === run.id) return this.post({ type: 'moved', session: run.id, position: graphPosition(position) });
    this.shown = run.id;
    background('call graph', async () => {
      const trace = await run.graph;
      if (!trace || this.runs.current !== run) return;
      this.last = run.session;
      this.post({ type: 'trace', session: run.id, trace: { ...trace, title: vscode.l10n.t(trace.title) }, position: graphPosition(run.position ?? position), launch: String(run.session.configuration.scenario) });
      await this.sendStatus(run);
    });
  }

  private async sendStatus(run: Run): Promise<void> {
    for (let done = false; !done && !run.ended && this.panel;) {
      const answer = await run.link.call('status', { files: FILES_PER_STATUS });
      done = answer.done;
      if (done && this.runs.current === run) this.post({ type: 'status', session: run.id, functions: answer.functions });
      // Between two requests the user's steps go first.
      await new Promise((resolve) => { setTimeout(resolve, 5); });
    }
  }

  dispose(): void {
    this.subscription.dispose();
    this.up.dispose();
    this.panel?.dispose();
  }
}
