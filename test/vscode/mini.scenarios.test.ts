import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { inTree, Session, until } from './support';

const FILE = () => inTree('mine.skbwalk.json');
const titles = async (uri: vscode.Uri) => (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 10)).map((lens) => lens.command?.title);
const problems = () => vscode.languages.getDiagnostics(vscode.Uri.file(FILE())).filter((one) => one.source === 'skbwalk');

describe('scenario files', () => {
  after(async () => {
    await Session.stopAll();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const file of [FILE(), inTree('mine.graph')]) fs.rmSync(file, { force: true });
  });

  it('a copy of a built-in one opens, unsaved, to be changed', async () => {
    await vscode.commands.executeCommand('skbwalk.newScenario', 'udp-send-64');
    const { document } = vscode.window.activeTextEditor;
    assert.deepEqual([path.basename(document.fileName), document.isUntitled, document.languageId], ['my-udp-send-64.skbwalk.json', true, 'jsonc']);
    assert.match(document.getText(), /"id": "my-udp-send-64"[\s\S]*"call": "send", "length": 64/);
    fs.writeFileSync(FILE(), document.getText().replace('my-udp-send-64', 'mine').replaceAll('"send", "length": 64', '"send", "length": 65'));
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('what is wrong with one stands at its line, until it is mended', async () => {
    const good = fs.readFileSync(FILE(), 'utf8');
    fs.writeFileSync(FILE(), good.replace('"after": "b"', '"after": "nobody"'));
    await vscode.window.showTextDocument(vscode.Uri.file(FILE()));
    const [problem] = await until('the problem', () => (problems().length > 0 ? problems() : null));
    assert.match(problem.message, /"nobody" is no host and no host\.program/);
    assert.match(vscode.window.activeTextEditor.document.getText(problem.range), /nobody/);
    fs.writeFileSync(FILE(), good);
    await until('the problem to go', () => problems().length === 0);
  });

  it('a lens runs it, and so does its place in the list', async () => {
    const uri = vscode.Uri.file(FILE());
    assert.ok((await titles(uri)).some((title) => /trace this scenario/.test(title)));
    const session = await Session.started(() => vscode.commands.executeCommand('skbwalk.traceFile', uri));
    assert.match(session.name, /mine\.skbwalk\.json/);
    const { result } = await session.request('evaluate', { expression: 'len', frameId: (await session.top()).id, context: 'watch' });
    assert.equal(result, '65');
  });

  it('a recording has a lens and its language', async () => {
    fs.writeFileSync(inTree('mine.graph'), '# tracer: function_graph\n 0)               |  sys_sendto() {\n 0)   1.000 us    |    sock_sendmsg();\n 0)   3.000 us    |  }\n');
    const { document } = await vscode.window.showTextDocument(vscode.Uri.file(inTree('mine.graph')));
    assert.equal(document.languageId, 'ftrace');
    assert.ok((await titles(document.uri)).some((title) => /step through this recording/.test(title)));
  });
});
