/** The commands of the palette, the lenses and the graph. */
import * as vscode from 'vscode';
import type { ScenarioRow } from '../protocol/engine';
import { requestOfLens, setting } from './config';
import { openRecording, saveTrace } from './files';
import type { LensTarget } from './lens';
import { background, inWords, log } from './log';
import type { GraphPanel } from './panels/graph';
import type { Run, Runs } from './runs';
import { newScenario, scenariosOfWorkspace, traceFile } from './scenarios';

/** What commands need besides the runs. */
export interface CommandPorts { readonly graph: GraphPanel; readonly storage: string; restartServer(): Promise<void> }

function noRun(): void {
  const choose = vscode.l10n.t('Trace...');
  void vscode.window.showInformationMessage(vscode.l10n.t('No packet is being traced. Start a trace first.'), choose).then((choice) => { if (choice === choose) void vscode.commands.executeCommand('skbwalk.trace'); });
}

/** How long the list of scenarios waits for the workspace's own, ms. */
const OWN_MS = 150;

interface Item extends vscode.QuickPickItem { readonly scenario?: ScenarioRow; /** What choosing it does, if it is no built-in scenario. */ readonly act?: () => Thenable<unknown> }

const heading = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });

/** A heading, and the scenarios under it; nothing when there are none. Built-in titles have translations. */
function group(label: string, rows: readonly ScenarioRow[]): Item[] {
  const items = rows.map((scenario): Item => ({ label: vscode.l10n.t(scenario.title), description: scenario.id, detail: vscode.l10n.t(scenario.about), scenario }));
  return items.length > 0 ? [heading(label), ...items] : [];
}

/** A list to choose from that shows what is there at once; `late` is put at its end when it comes. */
function choose(title: string, items: readonly Item[], late: Promise<readonly Item[]>): Promise<Item | undefined> {
  const list = vscode.window.createQuickPick<Item>();
  Object.assign(list, { title, items, placeholder: vscode.l10n.t('What should happen to the packet?'), matchOnDescription: true, matchOnDetail: true, busy: true });
  return new Promise((resolve) => {
    list.onDidAccept(() => { resolve(list.activeItems[0]); list.hide(); });
    list.onDidHide(() => { resolve(undefined); list.dispose(); });
    list.show();
    late.then((more) => { if (more.length > 0) list.items = [...list.items, ...more]; }, (error: Error) => log().warn(error.message)).finally(() => { list.busy = false; });
  });
}

async function builtins(runs: Runs): Promise<Item[]> {
  const engine = runs.current?.link ?? (await runs.engine()), rows = await engine.call('scenarios', {});
  return [...group(vscode.l10n.t('Compared with recordings of the real kernel'), rows.filter((row) => row.recorded)), ...group(vscode.l10n.t('Not recorded'), rows.filter((row) => !row.recorded))];
}

async function pickScenario(runs: Runs, title: string): Promise<ScenarioRow | undefined> { return (await choose(title, await builtins(runs), Promise.resolve([])))?.scenario; }

/** Scenario files of the workspace, under their heading. */
async function ownScenarios(): Promise<Item[]> {
  const files = (await scenariosOfWorkspace()).map(({ label, file }): Item => ({ label, act: () => traceFile(file, startTrace) }));
  return files.length > 0 ? [heading(vscode.l10n.t('In this workspace')), ...files] : [];
}

/** Starts a debug session; `extra` are launch attributes. */
export function startTrace(scenario: string, extra: object = {}): Thenable<boolean> {
  // With nothing to save VS Code needs not read all settings anew either, which it does along with saving.
  const options = { suppressSaveBeforeStart: !hasUnsaved() };
  return vscode.debug.startDebugging(vscode.workspace.workspaceFolders?.[0], { type: 'skbwalk', request: 'launch', name: `skbwalk: ${scenario}`, scenario, ...extra }, options);
}

async function trace(runs: Runs): Promise<void> {
  const own = ownScenarios(), items = builtins(runs);
  const more: Item[] = [
    heading(vscode.l10n.t('More')),
    { label: `$(new-file) ${vscode.l10n.t('New scenario from a built-in one...')}`, act: () => vscode.commands.executeCommand('skbwalk.newScenario') },
    { label: `$(folder-opened) ${vscode.l10n.t('Open a recording of a real kernel...')}`, act: () => openRecording(runs, undefined) },
  ];
  // The user's own come first when they are found by then; a large tree is not waited for.
  const early = await Promise.race([own, new Promise<null>((resolve) => { setTimeout(resolve, OWN_MS, null); })]);
  const chosen = await choose(vscode.l10n.t('skbwalk: Trace...'), [...(early ?? []), ...(await items), ...more], early ? Promise.resolve([]) : own);
  if (chosen?.scenario) await startTrace(chosen.scenario.id);
  else await chosen?.act?.();
}

/** Chooses the scenario that F5 and lenses without one use. For `${command:skbwalk.chooseScenario}` in launch.json it gives the id. */
async function chooseScenario(runs: Runs): Promise<string | undefined> {
  const scenario = await pickScenario(runs, vscode.l10n.t('Scenario that F5 starts'));
  if (!scenario) return undefined;
  const target = vscode.workspace.workspaceFolders ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await vscode.workspace.getConfiguration('skbwalk').update('scenario', scenario.id, target);
  return scenario.id;
}

function hasUnsaved(): boolean { return vscode.workspace.textDocuments.some((d) => d.isDirty); }

async function traceAt(runs: Runs, storage: string, target: LensTarget | undefined): Promise<void> {
  if (typeof target?.scenario !== 'string') return void (await startTrace(setting('scenario', 'tcp-send-64')));
  runs.mark('clicked');
  // Unsaved files are saved on the way to the session: only then are lines what the editor shows.
  const request = hasUnsaved() ? null : requestOfLens(target, storage);
  if (request) background('first line', () => runs.foresee(request));
  const isUp = await startTrace(target.scenario, { name: `skbwalk: ${target.call}()`, host: target.host, entry: target.entry });
  if (!isUp) runs.forget();
}

/** Goes along the packet; at its end says so. */
export async function packetEvent(run: Run, direction: 1 | -1, packet: number): Promise<void> {
  const { what, packet: followed } = await run.adapter.packetEvent(direction, packet);
  if (what !== '') vscode.window.setStatusBarMessage(vscode.l10n.t('packet {0}: {1}', followed, what), 5000);
  else if (followed === 0) void vscode.window.showInformationMessage(vscode.l10n.t('No packet here yet. Step on until one is allocated.'));
  else void vscode.window.showInformationMessage(direction === 1 ? vscode.l10n.t('Packet {0} has no later event.', followed) : vscode.l10n.t('Packet {0} has no earlier event.', followed));
}

async function goToStep(run: Run): Promise<void> {
  const count = run.position?.count ?? 0;
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Go to step'), prompt: vscode.l10n.t('A number from 1 to {0}', count), value: String((run.position?.step ?? 0) + 1),
    validateInput: (v) => (/^\d+$/.test(v.trim()) && Number(v) >= 1 && Number(v) <= count ? undefined : vscode.l10n.t('A number from 1 to {0}', count)),
  });
  if (text !== undefined) await run.adapter.goTo(Number(text) - 1);
}

/** What if the packet here were lost on its way? */
async function losePacket(run: Run): Promise<void> {
  const packet = run.follow || run.position?.packet || 0;
  if (packet === 0) return void vscode.window.showInformationMessage(vscode.l10n.t('No packet here yet. Step on until one is allocated.'));
  if (!(await run.adapter.losePacket(packet))) void vscode.window.showInformationMessage(vscode.l10n.t('No cable carries packet {0} from here on. Go to a step before it is sent.', packet));
}

async function undoChanges(run: Run): Promise<void> {
  if (!(await run.adapter.undoChanges())) void vscode.window.showInformationMessage(vscode.l10n.t('Nothing was changed in this run. Set a value in Variables, or lose a packet, to see what would happen.'));
}

async function openOutline(runs: Runs, storage: string): Promise<void> {
  const engine = runs.current?.link ?? (await runs.engine()), { root } = await engine.call('outline', { storage });
  await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(root), { forceNewWindow: (vscode.workspace.workspaceFolders?.length ?? 0) > 0 });
}

/** Registers everything; each command tells its failure. */
export function registerCommands(runs: Runs, ports: CommandPorts): vscode.Disposable {
  const register = (name: string, work: (...args: never[]) => unknown): vscode.Disposable => vscode.commands.registerCommand(`skbwalk.${name}`, async (...args: unknown[]) => {
    try {
      return await work(...(args as never[]));
    } catch (error) {
      void vscode.window.showErrorMessage(inWords(error instanceof Error ? error.message : String(error)));
      return undefined;
    }
  });
  const inRun = (work: (run: Run) => unknown) => (): unknown => (runs.current ? work(runs.current) : noRun());
  return vscode.Disposable.from(
    register('trace', () => trace(runs)), register('traceAt', (target: LensTarget | undefined) => traceAt(runs, ports.storage, target)), register('chooseScenario', () => chooseScenario(runs)),
    register('nextPacketEvent', inRun((run) => packetEvent(run, 1, run.follow))), register('previousPacketEvent', inRun((run) => packetEvent(run, -1, run.follow))),
    register('openRecording', (file: vscode.Uri | undefined) => openRecording(runs, file)), register('saveTrace', (to: Parameters<typeof saveTrace>[1]) => (runs.current ? saveTrace(runs.current, to) : noRun())),
    register('losePacket', inRun(losePacket)), register('undoChanges', inRun(undoChanges)), register('traceFile', (file: vscode.Uri | undefined) => traceFile(file, startTrace)),
    register('newScenario', (id: unknown) => newScenario(runs, () => pickScenario(runs, vscode.l10n.t('Which scenario to start from?')), typeof id === 'string' ? id : undefined)), register('goToStep', inRun(goToStep)), register('showGraph', () => ports.graph.show(true)), register('openOutline', () => openOutline(runs, ports.storage)), register('restartServer', () => ports.restartServer()),
  );
}

/** Shows a line of a file without taking the focus. */
export async function revealPlace(file: string, line: number): Promise<void> {
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  const visible = vscode.window.visibleTextEditors.find((e) => e.document.uri.fsPath === file);
  await vscode.window.showTextDocument(vscode.Uri.file(file), { viewColumn: visible?.viewColumn ?? vscode.ViewColumn.One, preserveFocus: true, selection: new vscode.Range(at, at) });
}
