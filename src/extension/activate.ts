/** The extension's entry. Registers; everything heavy is loaded when it is first used. */
import * as vscode from 'vscode';
import type { LanguageServer } from './client';
import { registerCommands, revealPlace } from './commands';
import { ConfigurationProvider, setting } from './config';
import { Decorations } from './decorations';
import { watchDocuments } from './documents';
import { showFirstPlace } from './first';
import { Follow } from './follow';
import { LensProvider } from './lenses';
import { background, log, logDisposable } from './log';
import { registerNavigator } from './navigator';
import { GRAPH_VIEW, GraphPanel } from './panels/graph';
import { NeighbourhoodPanel } from './panels/neighbourhood';
import { Runs, type Metrics, type Run } from './runs';
import { scenarioFiles } from './scenarios';
import { statusBar } from './status';

/** What tests and the bench may look at. */
export interface Api { readonly metrics: Metrics; current(): Run | null; readonly onDidChange: Runs['onDidChange'] }

/** Languages come from any C extension or the built-in one; kernel headers may pass for C++. */
const SELECTOR: vscode.DocumentSelector = [{ language: 'c', scheme: 'file' }, { language: 'cpp', scheme: 'file' }];
/** The language server starts a little after activation, so that the first editor comes up first. */
const SERVER_DELAY_MS = 50;
/** How long the index rests after a stop: it takes every core, and whoever steps wants the next line at once. */
const STEP_REST_MS = 3000;
/** And at most after a click, when no trace comes of it, and while the graph comes up. */
const LONGEST_REST_MS = 10_000;
/** The debugger's own views come up when it has shown the first stop, or after this. */
const VIEWS_MS = 1000;

/** Called by VS Code when a C file is opened, a session starts, or a command runs. Takes a few milliseconds: it only registers. */
export function activate(context: vscode.ExtensionContext): Api {
  const from = performance.now(), storage = context.globalStorageUri.fsPath;
  const runs = new Runs(context), graph = new GraphPanel(context.extensionUri, runs), configurations = new ConfigurationProvider(storage, runs);
  let server: LanguageServer | null = null;
  const withServer = async (): Promise<LanguageServer> => {
    const { LanguageServer } = await import('./client');
    if (!server) {
      context.subscriptions.push(server = new LanguageServer(context));
      navigator.watch(server);
    }
    return server;
  };
  const calls = new NeighbourhoodPanel(context.extensionUri, withServer), navigator = registerNavigator(withServer, calls);
  context.subscriptions.push(
    runs, graph, calls, navigator, logDisposable, statusBar(runs), new Decorations(runs), new Follow(runs), watchDocuments(runs), scenarioFiles(runs),
    vscode.debug.registerDebugConfigurationProvider('skbwalk', configurations), vscode.debug.registerDebugAdapterDescriptorFactory('skbwalk', runs),
    runs.onWillStart(() => server?.rest(LONGEST_REST_MS)), graph.onDidComeUp(() => server?.rest(STEP_REST_MS)),
    vscode.languages.registerCodeLensProvider(SELECTOR, new LensProvider(runs, storage)), vscode.window.registerWebviewPanelSerializer(GRAPH_VIEW, graph),
    registerCommands(runs, { graph, storage, restartServer: async () => (await withServer()).restart() }),
    runs.onDidChange(({ kind, run }) => {
      if (kind === 'opened' || kind === 'changed') background('live functions', async () => { if (run.graph) await server?.live(await run.graph); });
      if (kind !== 'moved') return;
      const first = !opened.has(run);
      server?.rest(first || graph.isComing ? LONGEST_REST_MS : STEP_REST_MS);
      if (!first) return;
      opened.add(run);
      background('first stop', async () => { await shown(run); await showViews(run, graph); });
    }),
  );
  const timer = setTimeout(() => background('language server', async () => (await withServer()).start()), SERVER_DELAY_MS);
  context.subscriptions.push({ dispose: () => clearTimeout(timer) });
  background('first place', showFirstPlace);
  runs.metrics.activation = performance.now() - from;
  log().info(`activated in ${runs.metrics.activation.toFixed(1)} ms`);
  return { metrics: runs.metrics, current: () => runs.current, onDidChange: runs.onDidChange };
}

/** Resolves when the debugger has shown the run's first stop: its views would hold that up. */
function shown({ session }: Run): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => { listener.dispose(); clearTimeout(timer); resolve(); };
    const isShown = (): boolean => vscode.debug.activeStackItem instanceof vscode.DebugStackFrame && vscode.debug.activeStackItem.session.id === session.id;
    const listener = vscode.debug.onDidChangeActiveStackItem(() => { if (isShown()) done(); }), timer = setTimeout(done, VIEWS_MS);
    if (isShown()) done();
  });
}

/** VS Code opens its debug view by itself for breakpoints only; a trace begins at its entry. Its setting still has the say. */
async function showViews(run: Run, graph: GraphPanel): Promise<void> {
  const place = run.position?.place;
  // Source first: the graph goes beside it, also when no editor was open.
  if (place && place.line > 0 && !vscode.window.visibleTextEditors.some((e) => e.document.uri.fsPath === place.file)) await revealPlace(place.file, place.line);
  const wish = vscode.workspace.getConfiguration('debug').get<string>('openDebug');
  if (wish !== 'neverOpen') await vscode.commands.executeCommand('workbench.view.debug');
  if (setting('graph.openOnStart', true)) graph.show();
  else if (wish !== 'neverOpen') await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
}

/** Runs whose views were opened already: a user who closes it is not asked again. */
const opened = new WeakSet<Run>();
