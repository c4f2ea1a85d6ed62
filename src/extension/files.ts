/** Traces and files: a recording of a real kernel is opened as a session, and the trace on show is saved for other tools. */
import path from 'node:path';
import * as vscode from 'vscode';
import { exporters } from '../formats/registry';
import { workspaceFolders } from './config';
import type { Run, Runs } from './runs';

/** Where dialogs begin: the first folder of the workspace. */
function begin(name: string): vscode.Uri | undefined {
  const folder = workspaceFolders()[0];
  return folder === undefined ? undefined : vscode.Uri.file(path.join(folder, name));
}

/** Asks for the file of a recording, and opens it beside the source. `chosen`: the file, when a menu was opened on it. */
export async function openRecording(runs: Runs, chosen: vscode.Uri | undefined): Promise<void> {
  const file = chosen ?? (await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Open a recording: ftrace function_graph, or trace-cmd report of it'), openLabel: vscode.l10n.t('Step Through It'), defaultUri: begin(''),
    filters: { [vscode.l10n.t('Recorded traces')]: ['txt', 'graph', 'log', 'trace', 'dat', 'gz'], [vscode.l10n.t('All files')]: ['*'] },
  }))?.[0];
  if (!file) return;
  runs.mark('clicked');
  await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(file) ?? vscode.workspace.workspaceFolders?.[0], { type: 'skbwalk', request: 'launch', name: `skbwalk: ${path.basename(file.fsPath)}`, recording: file.fsPath });
}

interface FormatItem extends vscode.QuickPickItem { readonly id: string; readonly extension: string }

/** Asks for a format and a file, and writes the whole trace there. What is open in an editor is never written over unasked: the dialog asks. */
export async function saveTrace(run: Run, to?: { readonly format: string; readonly file: vscode.Uri }): Promise<void> {
  const items = exporters.map(({ id, title, extension }): FormatItem => ({ label: vscode.l10n.t(title), description: `.${extension}`, id, extension }));
  const format = to ? items.find((i) => i.id === to.format) : await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Save this trace as'), matchOnDescription: true });
  if (!format) return;
  const name = (run.session.configuration as { scenario?: string }).scenario ?? 'trace';
  const file = to?.file ?? (await vscode.window.showSaveDialog({ title: vscode.l10n.t('Save this trace as'), defaultUri: begin(`${path.basename(name).replace(/\.\w+$/, '')}.${format.extension}`) }));
  if (!file) return;
  const { bytes } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Saving the trace') }, () => run.link.call('save', { format: format.id, file: file.fsPath }));
  if (to) return;
  const open = vscode.l10n.t('Open'), choice = await vscode.window.showInformationMessage(vscode.l10n.t('{0} was saved ({1} kB).', path.basename(file.fsPath), Math.ceil(bytes / 1000)), open);
  if (choice === open) await vscode.commands.executeCommand('vscode.open', file);
}
