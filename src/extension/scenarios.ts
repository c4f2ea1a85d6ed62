/** Scenario files and recordings in the editor: lenses that start them, what is wrong with them, and copies of built-in ones to start from. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { ScenarioRow } from '../protocol/engine';
import { workspaceFolders } from './config';
import { background, inWords } from './log';
import type { Runs } from './runs';

/** What a scenario file is called. */
export const SCENARIO_FILES = '**/*.skbwalk.json';
const SCENARIOS: vscode.DocumentSelector = [{ pattern: SCENARIO_FILES }], RECORDINGS: vscode.DocumentSelector = [{ language: 'ftrace', scheme: 'file' }];
/** Typing is followed with this delay, ms. */
const DELAY_MS = 300;
/** Scenario files of the workspace that are listed: who has more knows them by name. */
const MOST_FILES = 50;

const isScenario = (document: vscode.TextDocument): boolean => document.fileName.endsWith('.skbwalk.json');

/** One lens on the first line of a file. */
function firstLine(title: () => string, tooltip: () => string, command: string): vscode.CodeLensProvider {
  return { provideCodeLenses: (document) => [new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), { command, title: `\u25b6 ${title()}`, tooltip: tooltip(), arguments: [document.uri] })] };
}

/** Shows what the engine would say of a scenario before anybody runs it. */
class Checker implements vscode.Disposable {
  private readonly problems = vscode.languages.createDiagnosticCollection('skbwalk');
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly runs: Runs) {}

  check(document: vscode.TextDocument, delay: number): void {
    if (!isScenario(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.set(key, setTimeout(() => { this.timers.delete(key); background('scenario', () => this.tell(document)); }, delay));
  }

  private async tell(document: vscode.TextDocument): Promise<void> {
    const { version } = document, engine = this.runs.current?.link ?? (await this.runs.engine());
    const found = await engine.call('check', { text: document.getText(), where: document.fileName });
    if (document.isClosed || document.version !== version) return;
    if (!found) return this.problems.delete(document.uri);
    const at = document.validatePosition(new vscode.Position(found.line - 1, found.column - 1));
    const range = document.getWordRangeAtPosition(at, /"(?:[^"\\]|\\.)*"|[\w.+-]+/) ?? new vscode.Range(at, at.translate(0, 1)), problem = new vscode.Diagnostic(range, inWords(found.message));
    problem.source = 'skbwalk';
    this.problems.set(document.uri, [problem]);
  }

  forget(document: vscode.TextDocument): void {
    clearTimeout(this.timers.get(document.uri.toString()));
    this.problems.delete(document.uri);
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.problems.dispose();
  }
}

/** Registers lenses and checks for scenario files and recordings. */
export function scenarioFiles(runs: Runs): vscode.Disposable {
  const checker = new Checker(runs);
  vscode.workspace.textDocuments.forEach((document) => checker.check(document, 0));
  return vscode.Disposable.from(
    checker,
    vscode.languages.registerCodeLensProvider(SCENARIOS, firstLine(() => vscode.l10n.t('trace this scenario'), () => vscode.l10n.t('Run it and step its packets'), 'skbwalk.traceFile')),
    vscode.languages.registerCodeLensProvider(RECORDINGS, firstLine(() => vscode.l10n.t('step through this recording'), () => vscode.l10n.t('Show its calls in the open kernel tree'), 'skbwalk.openRecording')),
    vscode.workspace.onDidOpenTextDocument((document) => checker.check(document, 0)), vscode.workspace.onDidCloseTextDocument((document) => checker.forget(document)),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => { if (contentChanges.length > 0) checker.check(document, DELAY_MS); }),
  );
}

/** Scenario files of the workspace, by their paths in it. */
export async function scenariosOfWorkspace(): Promise<readonly { readonly label: string; readonly file: vscode.Uri }[]> {
  const files = await vscode.workspace.findFiles(SCENARIO_FILES, undefined, MOST_FILES);
  return files.map((file) => ({ label: vscode.workspace.asRelativePath(file), file })).sort((a, b) => (a.label < b.label ? -1 : 1));
}

/** Runs a scenario file; without one the file in the editor. One that was never saved is asked to be. */
export async function traceFile(chosen: vscode.Uri | undefined, start: (scenario: string, extra: object) => Thenable<boolean>): Promise<void> {
  const document = vscode.workspace.textDocuments.find((d) => d.uri.toString() === (chosen ?? vscode.window.activeTextEditor?.document.uri)?.toString());
  if (document && (document.isUntitled || document.isDirty) && !(await document.save())) return;
  const file = document?.uri ?? chosen;
  if (!file) return void vscode.window.showInformationMessage(vscode.l10n.t('Open a scenario file (*.skbwalk.json) first.'));
  // An untitled document is another one once it has been saved.
  const saved = file.scheme === 'untitled' ? vscode.Uri.file(file.fsPath) : file;
  await start(saved.fsPath, { name: `skbwalk: ${path.basename(saved.fsPath)}` });
}

/** Opens a copy of a built-in scenario, not saved yet, under a free name in the workspace. */
export async function newScenario(runs: Runs, choose: () => Thenable<ScenarioRow | undefined>, id?: string): Promise<void> {
  const scenario = id ?? (await choose())?.id;
  if (scenario === undefined) return;
  const engine = runs.current?.link ?? (await runs.engine()), { text } = await engine.call('copy', { scenario });
  const folder = workspaceFolders()[0], uri = vscode.Uri.parse(`untitled:${folder ? path.join(folder, `my-${scenario}.skbwalk.json`) : `my-${scenario}.skbwalk.json`}`);
  const taken = folder !== undefined && (await vscode.workspace.fs.stat(vscode.Uri.file(uri.fsPath)).then(() => true, () => false));
  // A file of that name is the user's earlier copy: it is shown, not written over.
  const document = await vscode.workspace.openTextDocument(taken ? vscode.Uri.file(uri.fsPath) : uri);
  const editor = await vscode.window.showTextDocument(document);
  if (taken || document.getText() !== '') return;
  const top = new vscode.Position(0, 0);
  await editor.edit((edit) => edit.insert(top, text));
  editor.selection = new vscode.Selection(top, top);
}
