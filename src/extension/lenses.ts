/** The CodeLens provider over the text scan of lens.ts. */
import * as vscode from 'vscode';
import { requestOfLens, setting } from './config';
import { lensesIn, mayHaveLenses } from './lens';
import type { Runs } from './runs';

/** Lenses of kernel files; showing one starts an engine, so that the click finds it ready. */
export class LensProvider implements vscode.CodeLensProvider {
  constructor(private readonly runs: Runs, private readonly storage: string) {}

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    // The name first: the text of a large file costs.
    if (!setting('codeLens', true) || !mayHaveLenses(document.uri.fsPath)) return [];
    const places = lensesIn(document.uri.fsPath, document.getText());
    const lenses = places.map(({ line, target }) => new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
      command: 'skbwalk.traceAt', title: `\u25b6 ${vscode.l10n.t('trace {0}()', target.call)}`, tooltip: vscode.l10n.t('Run {0} and step the packet from {1}() on', target.scenario, target.call), arguments: [target],
    }));
    const first = places.find(({ target }) => target.call === 'send') ?? places[0];
    if (first) this.runs.warm(requestOfLens(first.target, this.storage) ?? undefined);
    return lenses;
  }
}
