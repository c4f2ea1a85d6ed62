/** The launch configuration: its shape, its defaults, and what is wrong with one. Pure, so that it is tested without an editor. */
import path from 'node:path';
import { fail, ok, type Result } from '../base/result';

/** A `skbwalk` launch configuration as a user writes it. */
export interface LaunchConfig {
  readonly type: string;
  readonly request: string;
  readonly name: string;
  /** Built-in id, or path of a `.json` file. */
  readonly scenario?: unknown;
  /** File of a recorded trace; instead of `scenario`. */
  readonly recording?: unknown;
  readonly host?: unknown;
  readonly entry?: unknown;
  /** Folder of a kernel tree, or `outline`. */
  readonly kernel?: unknown;
  readonly all?: unknown;
}

/** Checked, with the defaults filled in. Paths of files are absolute where there is a folder to start from. */
export interface CheckedLaunch { readonly scenario: string; readonly file: boolean; readonly recording: string; readonly host: string; readonly entry: string; readonly kernel: string; readonly all: boolean }

/** F5 without a launch.json: the configuration it means. */
export function defaultConfig(scenario: string): LaunchConfig {
  return { type: 'skbwalk', request: 'launch', name: `skbwalk: ${scenario}`, scenario };
}

function text(config: LaunchConfig, key: 'scenario' | 'recording' | 'host' | 'entry' | 'kernel', otherwise: string): Result<string> {
  const value = config[key];
  if (value === undefined || value === '') return ok(otherwise);
  return typeof value === 'string' ? ok(value.trim()) : fail('bad-launch', `"${key}" in the launch configuration "${config.name}" must be text in quotes, not ${JSON.stringify(value)}. Change it in .vscode/launch.json.`);
}

/** Checks a configuration. `folder`: what a relative scenario path is relative to. */
export function checkLaunch(config: LaunchConfig, defaults: { readonly scenario: string; readonly kernel: string; readonly folder: string }): Result<CheckedLaunch> {
  if (config.request !== 'launch') return fail('bad-launch', `skbwalk can only "launch", not "${config.request}". Change "request" in .vscode/launch.json.`);
  const read = { scenario: text(config, 'scenario', defaults.scenario), recording: text(config, 'recording', ''), host: text(config, 'host', ''), entry: text(config, 'entry', ''), kernel: text(config, 'kernel', defaults.kernel) };
  for (const result of Object.values(read)) if (!result.ok) return result;
  const get = (r: Result<string>): string => (r.ok ? r.value : '');
  const all = config.all ?? false;
  if (typeof all !== 'boolean') return fail('bad-launch', `"all" in the launch configuration "${config.name}" must be true or false. Change it in .vscode/launch.json.`);
  const absolute = (file: string): string => (path.isAbsolute(file) || defaults.folder === '' ? file : path.join(defaults.folder, file));
  const recording = get(read.recording), scenario = recording === '' ? get(read.scenario) : path.basename(recording), file = recording === '' && scenario.endsWith('.json');
  return ok({ scenario: file ? absolute(scenario) : scenario, file, recording: recording === '' ? '' : absolute(recording), host: get(read.host), entry: get(read.entry), kernel: get(read.kernel), all });
}
