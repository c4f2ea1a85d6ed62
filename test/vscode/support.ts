/** A debug session as the tests drive it: every stop is awaited, every answer is DAP's. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';

export interface Frame { id: number; name: string; line: number; source?: { path: string; name: string }; presentationHint?: string }
export interface Variable { name: string; value: string; variablesReference: number; indexedVariables?: number }
/** The row of a name. */
export const named = (rows: readonly Variable[], name: string): Variable | undefined => rows.find((row) => row.name === name);

interface Message { type: string; event?: string; command?: string; success?: boolean; message?: string; body?: any }

/** Absolute path of a file of the open tree. */
export function inTree(file: string): string {
  return path.join(vscode.workspace.workspaceFolders[0].uri.fsPath, file);
}

/** A line of a file of the open tree on disk, from 1. */
export function lineOf(file: string, line: number): string {
  return fs.readFileSync(file, 'latin1').split('\n')[line - 1] ?? '';
}

/** Line (from 1) of the first line of a file of the open tree that holds `text`. */
export function find(file: string, text: string | RegExp): number {
  const lines = fs.readFileSync(inTree(file), 'latin1').split('\n');
  const at = lines.findIndex((line) => (typeof text === 'string' ? line.includes(text) : text.test(line)));
  assert.notEqual(at, -1, `${file} holds no line with ${text}`);
  return at + 1;
}

/** Line (from 1) of the first line that matches `text` below the first one that matches `head`. */
export function findAfter(file: string, head: RegExp, text: RegExp): number {
  const from = find(file, head);
  const at = fs.readFileSync(inTree(file), 'latin1').split('\n').findIndex((line, i) => i >= from && text.test(line));
  assert.notEqual(at, -1, `${file} holds no line with ${text} below line ${from}`);
  return at + 1;
}

/** Waits until `condition` gives something true. */
export async function until<T>(what: string, condition: () => T | Promise<T>, ms = 25_000): Promise<T> {
  for (const deadline = Date.now() + ms; ;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Everything that adapters told VS Code, in order; one tracker for all sessions. */
const heard: { session: vscode.DebugSession; message: Message }[] = [];
let tracking: vscode.Disposable | undefined;

function track(): void {
  tracking ??= vscode.debug.registerDebugAdapterTrackerFactory('skbwalk', {
    createDebugAdapterTracker: (session) => ({ onDidSendMessage: (message: Message) => { heard.push({ session, message }); } }),
  });
}

export class Session {
  private constructor(readonly session: vscode.DebugSession, private seen: number) {}

  /** Starts a scenario and waits for its first stop. */
  static start(config: Record<string, unknown> = {}): Promise<Session> {
    return Session.started(async () => {
      const started = await vscode.debug.startDebugging(vscode.workspace.workspaceFolders[0], { type: 'skbwalk', request: 'launch', name: 'test', scenario: 'tcp-send-64', ...config });
      assert.equal(started, true, 'the session did not start');
    });
  }

  /** Waits for the first stop of the session that `action` starts. */
  static async started(action: () => Thenable<unknown>): Promise<Session> {
    track();
    const from = heard.length;
    await action();
    const first = await until('the first stop', () => heard.slice(from).find((one) => one.message.event === 'stopped'), 25_000);
    const session = new Session(first.session, heard.length);
    await session.focused();
    return session;
  }

  /** Stops whatever runs. */
  static async stopAll(): Promise<void> {
    await vscode.debug.stopDebugging();
    await until('the sessions to end', () => vscode.debug.activeDebugSession === undefined);
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
  }

  request(command: string, args: object = {}): Thenable<any> { return this.session.customRequest(command, args); }

  /** Runs an action and gives the `stopped` event that follows it. */
  async stop(action: () => Thenable<unknown>): Promise<any> {
    this.seen = heard.length;
    await action();
    const next = await until('the next stop', () => heard.slice(this.seen).find((one) => one.session.id === this.session.id && one.message.event === 'stopped'));
    await this.focused();
    return next.message.body;
  }

  /**
   * Waits until VS Code has the stopped thread's top frame in focus: step commands go to the focused thread. A stack without a certain
   * line has no frame that VS Code takes for the top one: then the thread itself is in focus.
   */
  private async focused(): Promise<void> {
    const thread = await this.thread();
    const isCertain = (await this.stack()).some((frame) => frame.presentationHint === undefined && frame.line > 0);
    await until('VS Code to focus the stopped thread', () => {
      const item = vscode.debug.activeStackItem;
      return (item instanceof vscode.DebugStackFrame || (!isCertain && item instanceof vscode.DebugThread)) && item.session.id === this.session.id && item.threadId === thread;
    });
  }

  /** One of VS Code's own step commands, as the toolbar's button runs it. */
  by(command: 'stepInto' | 'stepOver' | 'stepOut' | 'stepBack' | 'continue' | 'reverseContinue'): Promise<any> {
    return this.stop(() => vscode.commands.executeCommand(`workbench.action.debug.${command}`));
  }

  async thread(): Promise<number> {
    const last = heard.filter((one) => one.session.id === this.session.id && one.message.event === 'stopped').at(-1);
    return last.message.body.threadId;
  }

  /** The call stack of the thread that stopped, innermost first, labels included. */
  async stack(): Promise<Frame[]> {
    const { stackFrames } = await this.request('stackTrace', { threadId: await this.thread(), startFrame: 0, levels: 100 });
    // VS Code rewrites paths in answers to custom requests as it does for its own: vscode-remote://authority/path here, a path on desktop
    return (stackFrames as Frame[]).map((frame) => (frame.source ? { ...frame, source: { ...frame.source, path: frame.source.path.replace(/^vscode-remote:\/\/[^/]*/, '') } } : frame));
  }

  get name(): string { return this.session.name; }

  async top(): Promise<Frame> { return (await this.stack())[0]; }

  /** Names of the functions on the stack, without labels. */
  async names(): Promise<string[]> { return (await this.stack()).filter((frame) => frame.presentationHint !== 'label').map((frame) => frame.name); }

  async variables(reference: number): Promise<Variable[]> { return (await this.request('variables', { variablesReference: reference })).variables; }

  /** The rows of a scope of the top frame; empty when it has none of that name. */
  async scope(name: string): Promise<Variable[]> {
    const { scopes } = await this.request('scopes', { frameId: (await this.top()).id });
    const found = (scopes as { name: string; variablesReference: number }[]).find((scope) => scope.name === name);
    return found ? this.variables(found.variablesReference) : [];
  }

  /** Text that the adapter wrote to the debug console so far. */
  output(): string {
    return heard.filter((one) => one.session.id === this.session.id && one.message.event === 'output').map((one) => one.message.body.output).join('');
  }

  /** Steps until `condition` holds for the top frame; fails after `limit` steps. */
  async stepUntil(command: 'stepInto' | 'stepOver', what: string, condition: (frame: Frame) => boolean, limit = 300): Promise<Frame> {
    for (let i = 0; i < limit; i++) {
      const frame = await this.top();
      if (condition(frame)) return frame;
      await this.by(command);
    }
    throw new Error(`${limit} times ${command} did not lead to ${what}`);
  }
}

/** Goes on to the next call of a function, by a breakpoint that stays; gives its frame. */
export async function into(session: Session, name: string): Promise<Frame> {
  vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint(name)]);
  await session.by('continue');
  const frame = await session.top();
  assert.match(frame.name, new RegExp(`^${name}\\b`));
  return frame;
}
