/** The status bar item: step n of m, and whether that is in the past. */
import * as vscode from 'vscode';
import { contextLabel } from '../debug/labels';
import type { Run, Runs } from './runs';

/** Shows and hides the item with the run. */
export function statusBar(runs: Runs): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('skbwalk.step', vscode.StatusBarAlignment.Left, 50);
  item.name = vscode.l10n.t('skbwalk: step of the trace');
  item.command = 'skbwalk.goToStep';
  const listener = runs.onDidChange(({ kind, run }) => {
    if (kind !== 'moved') void vscode.commands.executeCommand('setContext', 'skbwalk.changed', kind === 'changed' && run.changes.length > 0);
    if (kind === 'ended') item.hide();
    else if (kind === 'moved') show(item, run);
  });
  return vscode.Disposable.from(item, listener);
}

function show(item: vscode.StatusBarItem, { position, opened, changes }: Run): void {
  if (!position) return;
  const step = vscode.l10n.t('step {0} of {1}', position.step + 1, position.count);
  item.text = position.past ? `$(history) ${step} \u00b7 ${vscode.l10n.t('past')}` : `$(debug-stackframe-focused) ${step} \u00b7 ${vscode.l10n.t('live')}`;
  if (changes.length > 0) item.text += ` \u00b7 ${vscode.l10n.t('what if')}`;
  const where = contextLabel(position.context, (text, ...args) => vscode.l10n.t(text, ...args));
  item.tooltip = [opened ? vscode.l10n.t(opened.title) : '', `${position.function}() \u2013 ${where}`, vscode.l10n.t('{0} \u00b5s of virtual time', (position.time / 1000).toFixed(3)), ...changes.map((words) => vscode.l10n.t('What if, {0}', words)), vscode.l10n.t('Click to go to a step')].join('\n');
  item.show();
}
