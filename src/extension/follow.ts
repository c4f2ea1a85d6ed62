/** Brings the source of each stop on screen as soon as the engine has answered, and has the files of the coming steps loaded before they are shown. */
import * as vscode from 'vscode';
import type { Position } from '../protocol/engine';
import { log } from './log';
import type { Runs } from './runs';

/** After how long at a stop files are loaded ahead: the stop itself and what the editor does with it go first. */
const REST_MS = 100;

/**
 * Without it a step into another file waits for the debugger's own round trips (threads, stack) and then for the file. Files that were opened as documents stay
 * loaded for a while (VS Code drops them after some minutes), and the editor turns to one within a frame.
 */
export class Follow implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;
  private timer: NodeJS.Timeout | null = null;
  /** Counts stops: whatever was begun for an earlier one is given up. */
  private stop = 0;
  /** The file of the last stop that had one: its editor's column is where the source is. */
  private last = '';
  /** Files that VS Code would not open, so that they are not asked for at every stop. */
  private readonly refused = new Set<string>();

  constructor(private readonly runs: Runs) {
    this.subscription = runs.onDidChange(({ kind, run, moved }) => {
      this.stop++;
      if (this.timer) clearTimeout(this.timer);
      this.timer = null;
      if (kind !== 'moved' || !moved) return;
      if (run.position) this.show(run.position);
      this.timer = setTimeout(() => this.load(moved.ahead), REST_MS);
    });
  }

  /** The column in which the debugger would open a file: the one that is worked in, else the one with the last stop. */
  private column(): vscode.ViewColumn {
    const last = vscode.window.visibleTextEditors.find((e) => e.document.uri.fsPath === this.last);
    return vscode.window.activeTextEditor?.viewColumn ?? last?.viewColumn ?? vscode.ViewColumn.One;
  }

  private show({ place }: Position): void {
    if (place.line === 0) return;
    const column = this.column(), stop = this.stop;
    this.last = place.file;
    if (vscode.window.visibleTextEditors.some((e) => e.document.uri.fsPath === place.file)) return;
    const at = new vscode.Position(place.line - 1, 0);
    const shown = async (): Promise<void> => {
      const document = open(place.file) ?? (await vscode.workspace.openTextDocument(vscode.Uri.file(place.file)));
      // A file that took its time must not push the next stop's away.
      if (this.stop === stop) await vscode.window.showTextDocument(document, { viewColumn: column, preserveFocus: true, selection: new vscode.Range(at, at) });
    };
    // The debugger shows the file too, and tells the user when that fails.
    shown().catch((error: Error) => log().debug(`${place.file} was not shown ahead of the debugger: ${error.message}`));
  }

  private load(files: readonly string[]): void {
    const stop = this.stop;
    const loaded = async (): Promise<void> => {
      for (const file of files) {
        if (this.stop !== stop) return;
        if (this.refused.has(file) || open(file)) continue;
        try {
          const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
          // VS Code takes a header for C++, whose grammar takes half a second to come up and several times as long per line.
          if (document.languageId === 'cpp' && file.endsWith('.h')) await vscode.languages.setTextDocumentLanguage(document, 'c');
        } catch (error) {
          this.refused.add(file);
          log().debug(`${file} was not loaded ahead: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
    };
    void loaded();
  }

  dispose(): void {
    if (this.timer) clearTimeout(this.timer);
    this.subscription.dispose();
  }
}

function open(file: string): vscode.TextDocument | undefined {
  return vscode.workspace.textDocuments.find((d) => d.uri.scheme === 'file' && d.uri.fsPath === file && !d.isClosed);
}
