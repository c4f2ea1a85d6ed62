import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { Session, until } from './support';

describe('traces and files', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'skbwalk-files-')), recording = path.join(folder, 'mine.graph.txt');
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  afterEach(() => Session.stopAll());

  it('saves the trace on show in the formats of the command line', async () => {
    await Session.start();
    for (const [format, file, begins] of [['function_graph', recording, /^\n###### a CPU 0/], ['perfetto', path.join(folder, 'p.json'), /^[{[]/], ['pcapng', path.join(folder, 'p.pcapng'), /^\n\r\r\n/]] as const) {
      await vscode.commands.executeCommand('skbwalk.saveTrace', { format, file: vscode.Uri.file(file) });
      assert.match(fs.readFileSync(file, 'latin1'), begins);
    }
  });

  it('steps through a recording: calls and callers, no values', async () => {
    await Session.stopAll();
    await vscode.commands.executeCommand('skbwalk.openRecording', vscode.Uri.file(recording));
    await until('a session', () => vscode.debug.activeStackItem instanceof vscode.DebugStackFrame && vscode.debug.activeDebugSession?.configuration.recording === recording);
    await Session.stopAll();
    const session = await Session.start({ recording, scenario: undefined });
    assert.equal((await session.top()).name, 'sys_sendto');
    const names: string[] = [];
    for (let i = 0; i < 12; i++) { await session.by('stepInto'); names.push((await session.top()).name); }
    assert.ok(names.includes('inet_sendmsg') || names.includes('sock_sendmsg'), names.join(' '));
    await session.by('stepBack');
    assert.deepEqual((await session.request('scopes', { frameId: (await session.top()).id })).scopes, []);
  });

  it('says what is wrong with a file that is none', async () => {
    const none = path.join(folder, 'none.txt');
    fs.writeFileSync(none, 'not a trace\n');
    await vscode.commands.executeCommand('skbwalk.openRecording', vscode.Uri.file(none));
    await until('no session to be left', () => vscode.debug.activeDebugSession === undefined);
    assert.equal((await (await Session.start()).top()).name, 'sys_sendto');
  });
});
