/** The extension's log: one output channel, made when something is first written. */
import * as vscode from 'vscode';
import { localise } from '../debug/messages';

let channel: vscode.LogOutputChannel | null = null;

/** The log. */
export function log(): vscode.LogOutputChannel {
  return (channel ??= vscode.window.createOutputChannel('skbwalk', { log: true }));
}

/** Ends the channel with the extension. */
export const logDisposable: vscode.Disposable = { dispose: () => { channel?.dispose(); channel = null; } };

/** A sentence from the engine or the tree in the user's language. */
export function inWords(message: string): string { return localise(message, (text, ...args) => vscode.l10n.t(text, ...args)); }

/** Runs something nobody waits for; what fails is logged and shown, never lost. */
export function background(what: string, work: () => Promise<unknown> | Thenable<unknown>): void {
  void Promise.resolve().then(work).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    log().error(`${what}: ${error instanceof Error ? error.stack ?? message : message}`);
    void vscode.window.showErrorMessage(inWords(message));
  });
}
