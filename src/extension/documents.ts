/** Tells the engine about kernel files that are edited while a run is open, so that lines stay right. */
import * as vscode from 'vscode';
import { background } from './log';
import type { Runs } from './runs';

/** Typing is followed with a short delay: lines matter at the next stop. */
const DELAY_MS = 200;

/** Watches open documents of the tree of the current run. */
export function watchDocuments(runs: Runs): vscode.Disposable {
  const timers = new Map<string, NodeJS.Timeout>();
  const send = (document: vscode.TextDocument, delay: number): void => {
    const run = runs.current, file = document.uri.fsPath, root = run?.opened?.tree.root;
    if (!run || !root || document.uri.scheme !== 'file' || !file.startsWith(root) || !/\.[chS]$/.test(file)) return;
    clearTimeout(timers.get(file));
    timers.set(file, setTimeout(() => {
      timers.delete(file);
      background('edited file', () => run.link.call('text', { file, text: document.isDirty && !document.isClosed ? document.getText() : null }));
    }, delay));
  };
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => { if (contentChanges.length > 0) send(document, DELAY_MS); }),
    vscode.workspace.onDidSaveTextDocument((document) => send(document, 0)), vscode.workspace.onDidCloseTextDocument((document) => send(document, 0)),
    runs.onDidChange(({ kind }) => { if (kind === 'opened') for (const document of vscode.workspace.textDocuments) if (document.isDirty) send(document, 0); }),
    { dispose: () => { for (const timer of timers.values()) clearTimeout(timer); } },
  );
}
