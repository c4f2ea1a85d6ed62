/** The index in the window: its state in the status bar, the commands that steer it, chains of calls, and lines that the configuration leaves out. */
import path from 'node:path';
import * as vscode from 'vscode';
import { NAVIGATOR, type ControlRequest, type FunctionAtReply, type InactiveReply, type NavigatorHop, type NavigatorStats, type NavigatorStatus, type PathReply, viaWords } from '../protocol/navigator';
import type { LanguageServer } from './client';
import { revealPlace } from './commands';
import { setting } from './config';
import { background, inWords } from './log';
import type { NeighbourhoodPanel } from './panels/neighbourhood';

const CHAINS = 8;
const FADE_DELAY_MS = 300;

type Server = () => Promise<LanguageServer>;

/** What the status bar says for each state. */
function texts({ phase, done, total }: NavigatorStatus): { text: string; tooltip: string } {
  const percent = total === 0 ? 0 : Math.floor((100 * done) / total);
  switch (phase) {
    case 'indexing': return { text: `$(sync~spin) skbwalk ${percent}%`, tooltip: vscode.l10n.t('Reading the kernel tree: {0} of {1} files. What is open is read first and can be used already.', done, total) };
    case 'paused': return { text: `$(debug-pause) skbwalk ${percent}%`, tooltip: vscode.l10n.t('Reading the kernel tree is paused at {0} of {1} files.', done, total) };
    case 'cancelled': return { text: '$(circle-slash) skbwalk', tooltip: vscode.l10n.t('Reading the kernel tree was cancelled: answers are incomplete.') };
    case 'failed': return { text: '$(error) skbwalk', tooltip: vscode.l10n.t('The kernel tree could not be read.') };
    default: return { text: '$(database) skbwalk', tooltip: vscode.l10n.t('The kernel tree is read: {0} files.', done) };
  }
}

/** The status bar item and the commands. `server` starts the language server if need be. */
export function registerNavigator(server: Server, panel: NeighbourhoodPanel): { watch(server: LanguageServer): void; dispose(): void } {
  const item = vscode.window.createStatusBarItem('skbwalk.index', vscode.StatusBarAlignment.Right, 40);
  item.name = vscode.l10n.t('skbwalk: index of the kernel tree');
  item.command = 'skbwalk.index';
  let last: NavigatorStatus = { phase: 'idle', done: 0, total: 0, messages: [] };
  const fading = new Fading(server);
  const control = (action: Exclude<ControlRequest['action'], 'rest'>) => async (): Promise<void> => { await (await server()).request(NAVIGATOR.control, { action } satisfies ControlRequest); };
  const commands: Record<string, () => Promise<unknown>> = {
    index: () => menu(server, last), rebuildIndex: control('rebuild'), clearIndex: async () => { await control('clear-cache')(); vscode.window.setStatusBarMessage(vscode.l10n.t('The saved index was deleted.'), 5000); },
    pauseIndex: control('pause'), resumeIndex: control('resume'), cancelIndex: control('cancel'),
    callPath: () => callPath(server, panel), neighbourhood: async () => { const name = await functionHere(await server()) || await ask(vscode.l10n.t('Show the calls around which function?'), ''); if (name) await panel.around(name); },
  };
  const registered = Object.entries(commands).map(([name, work]) => vscode.commands.registerCommand(`skbwalk.${name}`, async () => {
    try {
      return await work();
    } catch (error) {
      void vscode.window.showErrorMessage(inWords(error instanceof Error ? error.message : String(error)));
      return undefined;
    }
  }));
  return {
    watch: (s) => {
      s.onStatus((status) => {
        last = status;
        Object.assign(item, texts(status));
        item.accessibilityInformation = { label: item.tooltip as string };
        item.show();
        if (status.phase === 'ready') fading.refresh();
      });
    },
    dispose: () => { for (const d of [item, fading, ...registered]) d.dispose(); },
  };
}

/** What can be done with the index now. */
async function menu(server: Server, { phase, done }: NavigatorStatus): Promise<void> {
  const busy = phase === 'indexing' || phase === 'paused';
  const stats = busy ? undefined : await (await server()).request<NavigatorStats>(NAVIGATOR.stats, null);
  const entry = (label: string, command: string): vscode.QuickPickItem & { command: string } => ({ label, command });
  const items = busy
    ? [phase === 'paused' ? entry(vscode.l10n.t('Go on reading'), 'resumeIndex') : entry(vscode.l10n.t('Pause'), 'pauseIndex'), entry(vscode.l10n.t('Cancel'), 'cancelIndex')]
    : [entry(vscode.l10n.t('Read the tree again'), 'rebuildIndex'), entry(vscode.l10n.t('Delete the saved index'), 'clearIndex')];
  const title = stats ? vscode.l10n.t('{0} files, {1} functions, {2} calls', stats.files, stats.functions, stats.calls) : vscode.l10n.t('{0} files so far', done);
  const choice = await vscode.window.showQuickPick(items, { title });
  if (choice) await vscode.commands.executeCommand(`skbwalk.${choice.command}`);
}

/** The function at the cursor, '' when there is none. */
async function functionHere(server: LanguageServer): Promise<string> {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.document.uri.scheme !== 'file') return '';
  const { line, character } = editor.selection.active;
  return (await server.request<FunctionAtReply>(NAVIGATOR.functionAt, { uri: editor.document.uri.toString(), line: line + 1, column: character + 1 }))?.name ?? '';
}

function ask(prompt: string, value: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({ prompt, value, validateInput: (v) => (/^\w+$/.test(v.trim()) ? undefined : vscode.l10n.t('The name of a function')) }).then((v) => v?.trim());
}

interface ChainItem extends vscode.QuickPickItem { readonly hop?: NavigatorHop; readonly graph?: boolean }

/** Asks for two functions, and shows which chains lead from one to the other. */
async function callPath(server: Server, panel: NeighbourhoodPanel): Promise<void> {
  const s = await server();
  const from = await ask(vscode.l10n.t('Path from which function?'), await functionHere(s));
  const to = from && (await ask(vscode.l10n.t('Path from {0} to which function?', from), ''));
  if (!from || !to) return;
  const title = vscode.l10n.t('From {0} to {1}', from, to);
  const reply = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => s.request<PathReply>(NAVIGATOR.path, { from, to, chains: CHAINS }));
  if (!reply?.from || !reply.to) return void vscode.window.showInformationMessage(vscode.l10n.t('The index knows no function {0}.', reply?.from ? to : from));
  if (reply.chains.length === 0) return void vscode.window.showInformationMessage(vscode.l10n.t('No chain of calls leads from {0} to {1}.', from, to));
  const items: ChainItem[] = [{ label: `$(type-hierarchy) ${vscode.l10n.t('Show as a graph')}`, graph: true }];
  reply.chains.forEach((chain, k) => {
    items.push({ label: vscode.l10n.t('Chain {0}, {1} calls', k + 1, chain.length), kind: vscode.QuickPickItemKind.Separator });
    for (const hop of chain) items.push({ label: hop.name, description: hop.via ? `\u2192 ${viaWords(hop.via)}` : '', detail: `${hop.site.path}:${hop.site.line}`, hop });
  });
  const choice = await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true });
  if (choice?.graph) panel.chains(title, reply);
  else if (choice?.hop) await revealPlace(path.join(s.root, choice.hop.site.path), choice.hop.site.line);
}

/** Fades what the tree's .config leaves out. */
class Fading implements vscode.Disposable {
  private readonly type = vscode.window.createTextEditorDecorationType({ opacity: '0.55', rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed });
  private readonly subscriptions: vscode.Disposable[];
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly server: Server) {
    this.subscriptions = [
      vscode.window.onDidChangeVisibleTextEditors(() => this.refresh()),
      vscode.workspace.onDidChangeTextDocument((e) => { if (vscode.window.visibleTextEditors.some((v) => v.document === e.document)) this.refresh(); }),
      vscode.workspace.onDidSaveTextDocument((d) => { if (path.basename(d.uri.fsPath) === '.config') this.refresh(); }),
      vscode.workspace.onDidChangeConfiguration((e) => { if (e.affectsConfiguration('skbwalk.language.inactive')) this.refresh(); }),
    ];
  }

  /** Asks anew for every visible editor, a little later. */
  refresh(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => { for (const editor of vscode.window.visibleTextEditors) background('inactive lines', () => this.fade(editor)); }, FADE_DELAY_MS);
  }

  private async fade(editor: vscode.TextEditor): Promise<void> {
    const { uri, languageId } = editor.document;
    if (uri.scheme !== 'file' || (languageId !== 'c' && languageId !== 'cpp')) return;
    const wanted = setting('language.enabled', true) && setting('language.inactive', true);
    const reply = wanted ? await (await this.server()).request<InactiveReply>(NAVIGATOR.inactive, { uri: uri.toString() }) : undefined;
    editor.setDecorations(this.type, (reply?.ranges ?? []).map((r) => new vscode.Range(r.from - 1, 0, r.to - 1, Number.MAX_SAFE_INTEGER)));
  }

  dispose(): void {
    if (this.timer) clearTimeout(this.timer);
    for (const d of [...this.subscriptions, this.type]) d.dispose();
  }
}
