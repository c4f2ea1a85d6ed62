import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Session, find, inTree, until } from './support';

/** Lenses of a file once VS Code has them, as [line from 1, title]. */
async function lenses(file: string): Promise<[number, string][]> {
  const uri = vscode.Uri.file(inTree(file));
  await vscode.window.showTextDocument(uri);
  const found = await until(`lenses in ${file}`, async () => {
    const all = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
    const ours = all.filter((lens) => lens.command?.title.includes('trace'));
    return ours.length > 0 ? ours : null;
  });
  return found.map((lens) => [lens.range.start.line + 1, lens.command.title.replace(/\$\([\w-]+\)\s*/, '▶ ')]);
}

describe('ways in', () => {
  afterEach(() => Session.stopAll());

  it('puts a lens above send(), sendto(), recv() and nowhere wrong', async () => {
    const found = new Map((await lenses('net/socket.c')).map(([line, title]) => [title, line]));
    assert.equal(found.get('▶ trace send()'), find('net/socket.c', /SYSCALL_DEFINE4\(send,|\bsys_send\(/), JSON.stringify([...found]));
    assert.equal(found.get('▶ trace sendto()'), find('net/socket.c', /SYSCALL_DEFINE6\(sendto,|^\w.*\bsys_sendto\(/), JSON.stringify([...found]));
    assert.ok([...found.keys()].some((title) => /recv\w*\(\)/.test(title)));
  });

  it('puts a lens above write()', async () => {
    assert.ok((await lenses('fs/read_write.c')).some(([, title]) => title === '▶ trace write()'));
  });

  it('starts a session from the lens', async () => {
    const uri = vscode.Uri.file(inTree('net/socket.c'));
    await lenses('net/socket.c');
    const all = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 100);
    const lens = all.find((one) => one.command?.title.includes('trace send()'));
    await vscode.commands.executeCommand(lens.command.command, ...(lens.command.arguments ?? []));
    await until('a session', () => vscode.debug.activeDebugSession?.type === 'skbwalk');
  });

  it('contributes a launch type that completes and validates scenarios', () => {
    const { contributes } = vscode.extensions.getExtension('skbwalk.skbwalk').packageJSON;
    const type = contributes.debuggers.find((one: { type: string }) => one.type === 'skbwalk');
    const { scenario } = type.configurationAttributes.launch.properties;
    const values: string[] = scenario.enum ?? scenario.examples ?? scenario.anyOf?.flatMap((one: { enum?: string[] }) => one.enum ?? []);
    assert.ok(values.includes('tcp-send-64'), JSON.stringify(scenario).slice(0, 300));
    assert.ok(type.configurationSnippets?.length > 0 || type.initialConfigurations?.length > 0);
  });

  it('takes a launch configuration of the workspace by name', async () => {
    await vscode.workspace.getConfiguration('launch').update('configurations', [{ type: 'skbwalk', request: 'launch', name: 'from launch.json', scenario: 'tcp-send-64' }], vscode.ConfigurationTarget.Workspace);
    assert.equal(await vscode.debug.startDebugging(vscode.workspace.workspaceFolders[0], 'from launch.json'), true);
    await until('the session by that name', () => vscode.debug.activeDebugSession?.name === 'from launch.json');
  });

  it('refuses an unknown scenario and goes on working', async () => {
    const started = await vscode.debug.startDebugging(vscode.workspace.workspaceFolders[0], { type: 'skbwalk', request: 'launch', name: 'x', scenario: 'tcp-sned-64' }).then((ok) => ok, () => false);
    await until('no session to be left', () => vscode.debug.activeDebugSession === undefined);
    assert.equal(typeof started, 'boolean');
    const session = await Session.start();
    assert.equal((await session.top()).name, 'sys_sendto');
  });

  it('a second session takes the place of the first', async () => {
    const first = await Session.start();
    const ended = new Promise<void>((resolve) => {
      const listening = vscode.debug.onDidTerminateDebugSession((session) => { if (session.id === first.session.id) { listening.dispose(); resolve(); } });
    });
    const second = await Session.start({ entry: 'send' });
    await ended;
    assert.notEqual(second.session.id, first.session.id);
    assert.equal((await second.top()).name, 'sys_send');
  });
});
