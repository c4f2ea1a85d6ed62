/** The language client: starts the server when a C file is open, restarts it when it dies, switches each provider by its setting. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { CloseAction, ErrorAction, LanguageClient, TransportKind, type CloseHandlerResult, type ErrorHandler, type Middleware } from 'vscode-languageclient/node';
import type { GraphTrace } from '../protocol/graph';
import { NAVIGATOR, type ControlRequest, type LiveRequest, type NavigatorOptions, type NavigatorStatus } from '../protocol/navigator';
import { activeFile, setting, workspaceFolders } from './config';
import { findKernel } from './kernel';
import { background, inWords, log } from './log';

/** More deaths than this within the window, and the server stays down until the user asks for it. */
const MAX_DEATHS = 4;
const WINDOW_MS = 3 * 60_000;

/** Larger texts are no source that anyone walks; VS Code itself neither colours nor folds them (20 M characters, 300,000 lines). */
const MAX_CHARACTERS = 20 << 20;
const MAX_LINES = 300_000;

const tooLarge = (d: vscode.TextDocument): boolean => d.lineCount > MAX_LINES || d.offsetAt(d.lineAt(d.lineCount - 1).range.end) > MAX_CHARACTERS;

/** Open documents that the server is not sent: it would hold and scan tens of megabytes for nothing. */
const unsent = new Set<string>();

function isSent(d: vscode.TextDocument): boolean { return !unsent.has(d.uri.toString()); }

async function sendUnlessLarge(d: vscode.TextDocument, next: (d: vscode.TextDocument) => Promise<void>): Promise<void> {
  if (!tooLarge(d)) return next(d);
  unsent.add(d.uri.toString());
  log().info(`${d.uri.fsPath} has ${d.lineCount} lines: definitions and references are left out in it.`);
}

const enabled = (name: string): boolean => setting(`language.${name}`, true);

/** Every provider passes through here, so that a setting takes effect at once, without a restart. */
const middleware: Middleware = {
  didOpen: sendUnlessLarge,
  didChange: (e, next) => (isSent(e.document) ? next(e) : Promise.resolve()),
  didSave: (d, next) => (isSent(d) ? next(d) : Promise.resolve()),
  didClose: (d, next) => (unsent.delete(d.uri.toString()) ? Promise.resolve() : next(d)),
  provideDefinition: (d, p, t, next) => (enabled('definition') ? next(d, p, t) : undefined),
  provideDeclaration: (d, p, t, next) => (enabled('definition') ? next(d, p, t) : undefined),
  provideTypeDefinition: (d, p, t, next) => (enabled('definition') ? next(d, p, t) : undefined),
  provideImplementation: (d, p, t, next) => (enabled('implementation') ? next(d, p, t) : undefined),
  provideReferences: (d, p, o, t, next) => (enabled('references') ? next(d, p, o, t) : undefined),
  provideHover: (d, p, t, next) => (enabled('hover') ? next(d, p, t) : undefined),
  provideDocumentSymbols: (d, t, next) => (enabled('symbols') ? next(d, t) : undefined),
  provideWorkspaceSymbols: (q, t, next) => (enabled('symbols') ? next(q, t) : undefined),
  prepareCallHierarchy: (d, p, t, next) => (enabled('callHierarchy') ? next(d, p, t) : undefined),
  provideFoldingRanges: (d, c, t, next) => (enabled('folding') ? next(d, c, t) : undefined),
  provideSelectionRanges: (d, p, t, next) => (enabled('selection') ? next(d, p, t) : undefined),
  prepareTypeHierarchy: (d, p, t, next) => (enabled('typeHierarchy') ? next(d, p, t) : undefined),
  provideDocumentSemanticTokens: (d, t, next) => (enabled('semanticTokens') ? next(d, t) : undefined),
  provideDocumentRangeSemanticTokens: (d, r, t, next) => (enabled('semanticTokens') ? next(d, r, t) : undefined),
};

/** One server and its client. `null` when this build has no server. */
export class LanguageServer implements vscode.Disposable {
  private client: LanguageClient | null = null;
  private deaths: number[] = [];
  private readonly statusEmitter = new vscode.EventEmitter<NavigatorStatus>();
  /** The index tells how far it is. */
  readonly onStatus = this.statusEmitter.event;
  /** Root of the tree that the server reads; '' before it runs. */
  root = '';

  constructor(private readonly context: vscode.ExtensionContext) {}

  private get module(): string { return path.join(this.context.extensionPath, 'dist', 'server.js'); }

  /** Starts the server unless it runs, is switched off, or is not there. */
  async start(): Promise<void> {
    if (this.client || !enabled('enabled')) return;
    if (!existsSync(this.module)) return log().warn(`no language server: ${this.module} is missing. Install skbwalk again.`);
    const found = findKernel({ named: setting('kernel', ''), document: activeFile(), folders: workspaceFolders() });
    // Other C projects have language servers of their own.
    if (!found.ok) return log().info(`no language server: ${found.error.message}`);
    if (found.value === '') return log().info('no language server: the outline is chosen; open it as a folder to have definitions in it.');
    this.root = found.value;
    const options = { execArgv: ['--max-old-space-size=3072'] };
    this.client = new LanguageClient('skbwalk', vscode.l10n.t('skbwalk language server'), {
      run: { module: this.module, transport: TransportKind.ipc, options }, debug: { module: this.module, transport: TransportKind.ipc, options },
    }, {
      documentSelector: [{ scheme: 'file', language: 'c' }, { scheme: 'file', language: 'cpp', pattern: '**/*.h' }], outputChannel: log(), middleware, errorHandler: this.errorHandler(),
      initializationOptions: this.options(found.value),
    });
    this.client.onNotification(NAVIGATOR.status, (status: NavigatorStatus) => { this.statusEmitter.fire(status); this.tell(status); });
    await this.client.start();
  }

  private options(kernel: string): NavigatorOptions {
    return { kernel, cache: path.join(this.context.globalStorageUri.fsPath, 'index'), ownProgress: true, words: vscode.l10n.bundle };
  }

  private readonly told = new Set<string>();

  /** What the user needs to know of the index, once each. */
  private tell({ messages }: NavigatorStatus): void {
    const fresh = messages.filter((m) => !this.told.has(m)), show = vscode.l10n.t('Show Log');
    for (const message of fresh) { this.told.add(message); log().warn(message); }
    if (fresh.length === 0) return;
    const first = inWords(fresh[0]);
    const text = fresh.length === 1 ? first : vscode.l10n.t('{0} And {1} more of the kind; the log has them all.', first, fresh.length - 1);
    void vscode.window.showWarningMessage(text, ...(fresh.length === 1 ? [] : [show])).then((choice) => { if (choice === show) log().show(); });
  }

  /** The index uses every core: it rests for a while, in milliseconds from now, when somebody steps. A pause by hand stays. */
  rest(ms: number): void { background('index', () => this.request(NAVIGATOR.control, { action: 'rest', ms } satisfies ControlRequest)); }

  /** What a running trace calls, for the order of candidates behind pointers. */
  async live(trace: GraphTrace): Promise<void> {
    const { fn, parent, count } = trace.frames, functions = new Set<string>(), pairs = new Set<string>(), name = (frame: number): string => trace.functions[fn[frame]].name;
    for (let f = 0; f < count; f++) {
      functions.add(name(f));
      if (parent[f] >= 0) pairs.add(`${name(parent[f])}>${name(f)}`);
    }
    await this.request(NAVIGATOR.live, { functions: [...functions], pairs: [...pairs] } satisfies LiveRequest);
  }

  private errorHandler(): ErrorHandler {
    return { error: () => ({ action: ErrorAction.Continue }), closed: () => this.died() };
  }

  private died(): CloseHandlerResult {
    const now = Date.now();
    this.deaths = [...this.deaths.filter((at) => now - at < WINDOW_MS), now];
    if (this.deaths.length <= MAX_DEATHS) {
      vscode.window.setStatusBarMessage(vscode.l10n.t('The skbwalk language server stopped and is being started again.'), 5000);
      return { action: CloseAction.Restart, handled: true };
    }
    this.client = null;
    const restart = vscode.l10n.t('Restart'), show = vscode.l10n.t('Show Log');
    void vscode.window.showErrorMessage(vscode.l10n.t('The skbwalk language server stopped {0} times in {1} minutes. Tracing goes on; definitions and references need it.', this.deaths.length, WINDOW_MS / 60_000), restart, show).then((choice) => {
      if (choice === restart) void vscode.commands.executeCommand('skbwalk.restartServer');
      else if (choice === show) log().show();
    });
    return { action: CloseAction.DoNotRestart, handled: true };
  }

  /** Stops the server if it runs, and starts it anew. */
  async restart(): Promise<void> {
    const old = this.client;
    this.client = null;
    this.deaths = [];
    if (old?.isRunning()) await old.stop();
    await old?.dispose();
    await this.start();
  }

  /** Sends a request of our own; undefined while no server runs. */
  async request<T>(method: string, params: unknown): Promise<T | undefined> { return this.client?.isRunning() ? this.client.sendRequest<T>(method, params) : undefined; }

  dispose(): void {
    this.statusEmitter.dispose();
    void this.client?.dispose();
  }
}
