/** What is drawn in the editors: the current line with its context behind it, and the lines that the run has been at. */
import * as vscode from 'vscode';
import { contextLabel } from '../debug/labels';
import type { Position } from '../protocol/engine';
import { setting } from './config';
import { background } from './log';
import type { Runs } from './runs';

/** Visited lines are asked for after the stops have calmed down: they are decoration, the step is not. */
const VISITED_DELAY_MS = 250;

/** Draws in every visible editor of a file that the run is or was in. */
export class Decorations implements vscode.Disposable {
  private readonly current = vscode.window.createTextEditorDecorationType({
    isWholeLine: true, backgroundColor: new vscode.ThemeColor('skbwalk.currentLine'), overviewRulerColor: new vscode.ThemeColor('skbwalk.currentRuler'), overviewRulerLane: vscode.OverviewRulerLane.Full,
    after: { margin: '0 0 0 3em', color: new vscode.ThemeColor('editorCodeLens.foreground'), fontStyle: 'italic' },
  });
  private readonly uncertain = vscode.window.createTextEditorDecorationType({
    isWholeLine: true, border: '1px dashed', borderColor: new vscode.ThemeColor('editorWarning.foreground'), after: { margin: '0 0 0 3em', color: new vscode.ThemeColor('editorWarning.foreground'), fontStyle: 'italic' },
  });
  private readonly visited = vscode.window.createTextEditorDecorationType({ isWholeLine: true, backgroundColor: new vscode.ThemeColor('skbwalk.visitedLine'), overviewRulerColor: new vscode.ThemeColor('skbwalk.visitedLine'), overviewRulerLane: vscode.OverviewRulerLane.Left });
  private readonly subscriptions: vscode.Disposable[];
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly runs: Runs) {
    this.subscriptions = [
      runs.onDidChange(({ kind }) => (kind === 'moved' ? this.draw(true) : kind === 'ended' ? this.clear() : undefined)),
      runs.onDidForesee(() => (runs.position ? this.draw(true) : this.clear())),
      vscode.window.onDidChangeVisibleTextEditors(() => this.draw(false)),
    ];
  }

  /** `moved`: the session is somewhere else now; else only the editors changed, and the user's scrolling is left alone. */
  private draw(moved: boolean): void {
    const position = this.runs.position;
    if (!position) return;
    for (const editor of vscode.window.visibleTextEditors) this.drawCurrent(editor, position, moved);
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.timer = null; this.drawVisited(); }, VISITED_DELAY_MS);
  }

  private drawCurrent(editor: vscode.TextEditor, position: Position, reveal: boolean): void {
    const here = editor.document.uri.scheme === 'file' && editor.document.uri.fsPath === position.place.file && position.place.line > 0 && position.place.line <= editor.document.lineCount;
    const exact = position.place.status === 'exact';
    const line = here ? editor.document.lineAt(position.place.line - 1) : null;
    const text = exact ? tail(position, this.runs.isOutline) : vscode.l10n.t('{0}: this statement is not in the open tree', position.function);
    const options = line ? [{ range: line.range, renderOptions: { after: { contentText: text } } }] : [];
    editor.setDecorations(this.current, exact ? options : []);
    editor.setDecorations(this.uncertain, exact ? [] : options);
    // The debugger reveals the line too, two round trips later.
    if (line && reveal) editor.revealRange(line.range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  private drawVisited(): void {
    const run = this.runs.current;
    if (!run?.position || !setting('decorations.visited', true)) return;
    for (const editor of vscode.window.visibleTextEditors.filter((e) => e.document.uri.scheme === 'file' && /\.[chS]$/.test(e.document.uri.fsPath))) {
      background('visited lines', async () => {
        const { lines } = await run.link.call('visited', { file: editor.document.uri.fsPath });
        if (this.runs.current === run) editor.setDecorations(this.visited, lines.filter((l) => l <= editor.document.lineCount).map((l) => new vscode.Range(l - 1, 0, l - 1, 0)));
      });
    }
  }

  private clear(): void {
    for (const editor of vscode.window.visibleTextEditors) for (const type of [this.current, this.uncertain, this.visited]) editor.setDecorations(type, []);
  }

  dispose(): void {
    if (this.timer) clearTimeout(this.timer);
    for (const d of [...this.subscriptions, this.current, this.uncertain, this.visited]) d.dispose();
  }
}

/** `outline`: the line itself is blank or a bare call, so the statement is named. */
function tail(position: Position, outline: boolean): string {
  const context = contextLabel(position.context, (text, ...args) => vscode.l10n.t(text, ...args));
  const packet = position.packet > 0 ? ` \u00b7 ${vscode.l10n.t('packet {0}', position.packet)}` : '';
  const statement = outline && position.statement ? `${position.statement} \u00b7 ` : '';
  return `\u25c0 ${statement}${position.function}() \u00b7 ${context}${packet}`;
}
