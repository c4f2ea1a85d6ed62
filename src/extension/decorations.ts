/** What is drawn in the editors: the current line with its context behind it, and the lines that the run has been at. */
import * as vscode from 'vscode';
import { contextLabel } from '../debug/labels';
import type { Position } from '../protocol/engine';
import { setting } from './config';
import { background } from './log';
import type { Runs } from './runs';

/** Visited lines are asked for after the stops have calmed down: they are decoration, the step is not. */
const VISITED_DELAY_MS = 250;
/** The note behind the line comes a moment after the line: each text is a new CSS rule, for which the workbench computes the styles of all it shows. */
const NOTE_DELAY_MS = 60;

/** Draws in every visible editor of a file that the run is or was in. */
export class Decorations implements vscode.Disposable {
  private readonly current = vscode.window.createTextEditorDecorationType({
    isWholeLine: true, backgroundColor: new vscode.ThemeColor('skbwalk.currentLine'), overviewRulerColor: new vscode.ThemeColor('skbwalk.currentRuler'), overviewRulerLane: vscode.OverviewRulerLane.Full,
  });
  private readonly uncertain = vscode.window.createTextEditorDecorationType({
    isWholeLine: true, border: '1px dashed', borderColor: new vscode.ThemeColor('editorWarning.foreground'),
  });
  private readonly note = vscode.window.createTextEditorDecorationType({ after: { margin: '0 0 0 3em', color: new vscode.ThemeColor('editorCodeLens.foreground'), fontStyle: 'italic' } });
  private readonly warning = vscode.window.createTextEditorDecorationType({ after: { margin: '0 0 0 3em', color: new vscode.ThemeColor('editorWarning.foreground'), fontStyle: 'italic' } });
  private readonly visited = vscode.window.createTextEditorDecorationType({ isWholeLine: true, backgroundColor: new vscode.ThemeColor('skbwalk.visitedLine'), overviewRulerColor: new vscode.ThemeColor('skbwalk.visitedLine'), overviewRulerLane: vscode.OverviewRulerLane.Left });
  private readonly types = [this.current, this.uncertain, this.note, this.warning, this.visited];
  private readonly subscriptions: vscode.Disposable[];
  private noting: NodeJS.Timeout | null = null;
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
    if (this.noting) clearTimeout(this.noting);
    this.noting = setTimeout(() => { this.noting = null; this.drawNote(); }, NOTE_DELAY_MS);
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.timer = null; this.drawVisited(); }, VISITED_DELAY_MS);
  }

  private drawCurrent(editor: vscode.TextEditor, position: Position, moved: boolean): void {
    const line = lineOf(editor, position), isExact = position.place.status === 'exact';
    editor.setDecorations(this.current, line && isExact ? [line] : []);
    editor.setDecorations(this.uncertain, line && !isExact ? [line] : []);
    if (!moved) return;
    for (const type of [this.note, this.warning]) editor.setDecorations(type, []);
    // The debugger reveals the line too, two round trips later.
    if (line) editor.revealRange(line, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  private drawNote(): void {
    const { position } = this.runs;
    if (!position) return;
    const isExact = position.place.status === 'exact', contentText = isExact ? tail(position, this.runs.isOutline) : vscode.l10n.t('{0}: this statement is not in the open tree', position.function);
    for (const editor of vscode.window.visibleTextEditors) {
      const range = lineOf(editor, position);
      if (range) editor.setDecorations(isExact ? this.note : this.warning, [{ range, renderOptions: { after: { contentText } } }]);
    }
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
    for (const editor of vscode.window.visibleTextEditors) for (const type of this.types) editor.setDecorations(type, []);
  }

  dispose(): void {
    if (this.timer) clearTimeout(this.timer);
    if (this.noting) clearTimeout(this.noting);
    for (const d of [...this.subscriptions, ...this.types]) d.dispose();
  }
}

/** The line of the stop in an editor of its file; null in other editors, and where the file is shorter than that. */
function lineOf({ document }: vscode.TextEditor, { place }: Position): vscode.Range | null {
  const isHere = document.uri.scheme === 'file' && document.uri.fsPath === place.file && place.line > 0 && place.line <= document.lineCount;
  return isHere ? document.lineAt(place.line - 1).range : null;
}

/** `outline`: the line itself is blank or a bare call, so the statement is named. */
function tail(position: Position, outline: boolean): string {
  const context = contextLabel(position.context, (text, ...args) => vscode.l10n.t(text, ...args));
  const packet = position.packet > 0 ? ` \u00b7 ${vscode.l10n.t('packet {0}', position.packet)}` : '';
  const statement = outline && position.statement ? `${position.statement} \u00b7 ` : '';
  return `\u25c0 ${statement}${position.function}() \u00b7 ${context}${packet}`;
}
