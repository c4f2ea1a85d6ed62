/** Completes and checks launch configurations, finds the kernel tree, and offers the outline where there is none. */
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { Problem } from '../base/result';
import type { LaunchRequest } from '../protocol/engine';
import { OUTLINE, findKernel } from './kernel';
import { inWords } from './log';
import type { Runs } from './runs';
import type { LensTarget } from './lens';
import { checkLaunch, defaultConfig, type LaunchConfig } from './launch';

/** A setting of ours, with its default from package.json. */
export function setting<T>(name: string, otherwise: T): T {
  return vscode.workspace.getConfiguration('skbwalk').get<T>(name, otherwise);
}

/** Folders of the workspace on disk. */
export function workspaceFolders(): string[] {
  return (vscode.workspace.workspaceFolders ?? []).filter((f) => f.uri.scheme === 'file').map((f) => f.uri.fsPath);
}

/** The open C file, '' when none is. */
export function activeFile(): string {
  const document = vscode.window.activeTextEditor?.document;
  return document?.uri.scheme === 'file' ? document.uri.fsPath : '';
}

/** What a click on a lens asks of the engine, as `ConfigurationProvider` will make it of the lens's configuration; null when that will have to ask the user for a tree. */
export function requestOfLens({ scenario, host, entry }: LensTarget, storage: string): LaunchRequest | null {
  const found = findKernel({ named: setting('kernel', ''), document: activeFile(), folders: workspaceFolders() });
  return found.ok ? { scenario, host, entry, all: false, kernel: found.value, storage, skipMinor: !setting('stepIntoAccessors', true) } : null;
}

/** Makes a launch configuration runnable, or says what is wrong with it and where to change it. */
export class ConfigurationProvider implements vscode.DebugConfigurationProvider {
  constructor(private readonly storage: string, private readonly runs: Runs) {}

  /** What the Run and Debug view writes into a new launch.json. */
  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    return [{ ...defaultConfig(setting('scenario', 'tcp-send-64')) } as vscode.DebugConfiguration];
  }

  resolveDebugConfiguration(_folder: vscode.WorkspaceFolder | undefined, config: vscode.DebugConfiguration): vscode.DebugConfiguration {
    this.runs.mark('asked');
    // The engine starts while the rest of the way to the adapter is gone.
    this.runs.warm();
    return config.type ? config : ({ ...defaultConfig(setting('scenario', 'tcp-send-64')) } as vscode.DebugConfiguration);
  }

  async resolveDebugConfigurationWithSubstitutedVariables(folder: vscode.WorkspaceFolder | undefined, config: vscode.DebugConfiguration): Promise<vscode.DebugConfiguration | undefined> {
    const checked = checkLaunch(config as LaunchConfig, { scenario: setting('scenario', 'tcp-send-64'), kernel: setting('kernel', ''), folder: folder?.uri.fsPath ?? workspaceFolders()[0] ?? '' });
    if (!checked.ok) return this.refuse(checked.error);
    const { scenario, file, recording, host, entry, all } = checked.value;
    const text = file ? await this.readScenario(scenario) : undefined;
    if (text === null) return undefined;
    const kernel = await this.kernel(checked.value.kernel);
    if (kernel === undefined) return undefined;
    this.runs.mark('resolved');
    return { ...config, scenario, ...(text === undefined ? {} : { text, where: scenario }), recording: recording || undefined, host: host || undefined, entry: entry || undefined, all, kernel, storage: this.storage, skipMinor: !setting('stepIntoAccessors', true) };
  }

  private refuse(problem: Problem): undefined {
    const open = vscode.l10n.t('Open launch.json');
    void vscode.window.showErrorMessage(inWords(problem.message), open).then((choice) => { if (choice === open) void vscode.commands.executeCommand('workbench.action.debug.configure'); });
    return undefined;
  }

  private async readScenario(file: string): Promise<string | null> {
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      void vscode.window.showErrorMessage(vscode.l10n.t('The scenario file {0} cannot be read ({1}). Check "scenario" in the launch configuration, or choose a built-in one with "skbwalk: Trace...".', file, (error as NodeJS.ErrnoException).code ?? String(error)));
      return null;
    }
  }

  /** The tree to show the run in; '' for the outline; undefined when the user wants none of it. */
  private async kernel(named: string): Promise<string | undefined> {
    const found = findKernel({ named, document: activeFile(), folders: workspaceFolders() });
    if (found.ok) return found.value;
    const outline = vscode.l10n.t('Use the Built-in Outline'), open = vscode.l10n.t('Open a Kernel Folder...');
    const choice = await vscode.window.showWarningMessage(inWords(found.error.message), outline, open);
    if (choice === open) void vscode.commands.executeCommand('workbench.action.files.openFolder');
    return choice === outline ? '' : undefined;
  }
}

export { OUTLINE };
