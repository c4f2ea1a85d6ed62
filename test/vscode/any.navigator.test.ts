import assert from 'node:assert/strict';
import fs from 'node:fs';
import * as vscode from 'vscode';
import { Session, find, inTree, lineOf, until } from './support';

/** A position (from 0) of `word` in the first line of `file` that holds `text`. */
function place(file: string, text: string | RegExp, word: string): vscode.Position {
  const line = find(file, text);
  return new vscode.Position(line - 1, lineOf(inTree(file), line).indexOf(word) + 1);
}

/** Runs a provider again until it gives something: the server starts a moment after the window. */
function answer<T>(command: string, file: string, at: vscode.Position, fits: (found: T[]) => boolean = (found) => found.length > 0): Promise<T[]> {
  const uri = vscode.Uri.file(inTree(file));
  return until(command, async () => { const found = (await vscode.commands.executeCommand<T[]>(command, uri, at)) ?? []; return fits(found) ? found : null; }, 120_000);
}

const fileOf = (l: vscode.Location | vscode.LocationLink): string => ('targetUri' in l ? l.targetUri : l.uri).fsPath;
const onRealTree = process.env.SKBWALK_TEST_TREE === 'kernel';
const realSource = process.env.SKBWALK_TEST_TREE !== 'outline';

/** The language server's process, a child of this one; 0 when that cannot be told. */
function serverPid(): number {
  if (!fs.existsSync('/proc/self/stat')) return 0;
  for (const name of fs.readdirSync('/proc').filter((n) => /^\d+$/.test(n))) {
    try {
      const parent = Number(fs.readFileSync(`/proc/${name}/stat`, 'latin1').split(') ').at(-1).split(' ')[1]);
      if (parent === process.pid && fs.readFileSync(`/proc/${name}/cmdline`, 'latin1').includes('dist/server.js')) return Number(name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' && (error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // gone meanwhile
    }
  }
  return 0;
}

describe('navigator', function () {
  this.timeout(180_000);

  before(async () => {
    await vscode.window.showTextDocument(vscode.Uri.file(inTree('net/ipv4/tcp.c')));
  });

  it('goes to a definition in another file, with the line of its name', async () => {
    const found = await answer<vscode.Location | vscode.LocationLink>('vscode.executeDefinitionProvider', 'net/ipv4/tcp.c', place('net/ipv4/tcp.c', /\b__tcp_push_pending_frames\(/, '__tcp_push_pending_frames'), (all) => all.some((l) => fileOf(l).endsWith('.c')));
    assert.ok(fileOf(found[0]).endsWith('net/ipv4/tcp_output.c'), fileOf(found[0]));
    const { range } = 'targetUri' in found[0] ? { range: found[0].targetSelectionRange ?? found[0].targetRange } : found[0];
    assert.match(lineOf(fileOf(found[0]), range.start.line + 1).slice(range.start.character), /^__tcp_push_pending_frames\b/);
    const byName = await vscode.commands.executeCommand<vscode.SymbolInformation[]>('vscode.executeWorkspaceSymbolProvider', 'dev_queue_xmit');
    assert.ok(byName.some((s) => s.name === 'dev_queue_xmit' && s.location.uri.fsPath.endsWith('net/core/dev.c')), JSON.stringify(byName.slice(0, 3)));
  });

  it('says what a member call can reach, the most likely first in its hover', async function () {
    if (!realSource) this.skip(); // the outline's bodies hold names, not expressions
    const at = place('net/ipv4/af_inet.c', /->sendmsg\(/, 'sendmsg');
    const found = await answer<vscode.Location | vscode.LocationLink>('vscode.executeImplementationProvider', 'net/ipv4/af_inet.c', at);
    assert.ok(found.some((l) => fileOf(l).endsWith('net/ipv4/tcp.c')), found.slice(0, 4).map(fileOf).join(' '));
    // VS Code lists implementations by path; the order of likelihood shows in the hover
    const hovers = await answer<vscode.Hover>('vscode.executeHoverProvider', 'net/ipv4/af_inet.c', at, (h) => h.some((one) => one.contents.some((c) => (typeof c === 'string' ? c : c.value).includes('Can call `tcp_sendmsg`'))));
    assert.ok(hovers.length > 0);
  });

  it('shows who calls through a pointer, marked with struct and member', async function () {
    if (!realSource) this.skip();
    const at = place('net/ipv4/tcp.c', /^int tcp_sendmsg\(/, 'tcp_sendmsg');
    const [item] = await answer<vscode.CallHierarchyItem>('vscode.prepareCallHierarchy', 'net/ipv4/tcp.c', at);
    const calls = await until('callers', async () => { const c = await vscode.commands.executeCommand<vscode.CallHierarchyIncomingCall[]>('vscode.provideIncomingCalls', item); return c.some((x) => x.from.name === 'inet_sendmsg') ? c : null; }, 120_000);
    assert.match(calls.find((c) => c.from.name === 'inet_sendmsg')?.from.detail ?? '', /proto\.sendmsg/);
  });

  it('hovers, lists symbols, folds and finds references', async () => {
    const at = place('net/ipv4/tcp.c', /\btcp_sendmsg\(/, 'tcp_sendmsg');
    const hovers = await answer<vscode.Hover>('vscode.executeHoverProvider', 'net/ipv4/tcp.c', at, (h) => h.some((one) => one.contents.some((c) => (typeof c === 'string' ? c : c.value).includes('net/ipv4/tcp.c:'))));
    assert.ok(hovers.length > 0);
    const symbols = await answer<vscode.DocumentSymbol>('vscode.executeDocumentSymbolProvider', 'net/ipv4/tcp.c', at);
    const sender = symbols.find((s) => s.name === 'tcp_sendmsg');
    assert.equal(sender?.selectionRange.start.line, find('net/ipv4/tcp.c', /\btcp_sendmsg\(/) - 1);
    const references = await answer<vscode.Location>('vscode.executeReferenceProvider', 'net/ipv4/tcp.c', at);
    assert.ok(references.some((l) => l.uri.fsPath.endsWith('net/ipv4/tcp.c')));
    assert.ok((await answer<vscode.FoldingRange>('vscode.executeFoldingRangeProvider', 'net/ipv4/tcp.c', at)).length > 0);
  });

  it('a provider that is switched off says nothing, and comes back', async () => {
    const at = place('net/ipv4/tcp.c', /\btcp_sendmsg\(/, 'tcp_sendmsg');
    const settings = vscode.workspace.getConfiguration('skbwalk.language');
    const ours = (h: vscode.Hover[]): boolean => h.some((one) => one.contents.some((c) => (typeof c === 'string' ? c : c.value).includes('net/ipv4/tcp.c:')));
    await settings.update('hover', false, vscode.ConfigurationTarget.Global);
    try {
      await answer<vscode.Hover>('vscode.executeHoverProvider', 'net/ipv4/tcp.c', at, (h) => !ours(h));
    } finally {
      await settings.update('hover', undefined, vscode.ConfigurationTarget.Global);
    }
    await answer<vscode.Hover>('vscode.executeHoverProvider', 'net/ipv4/tcp.c', at, ours);
  });

  it('an unsaved edit counts at once', async () => {
    // In a browser VS Code saves after a second by itself: the tree may be somebody's own.
    const files = vscode.workspace.getConfiguration('files'), disk = fs.readFileSync(inTree('net/ipv4/tcp.c'));
    await files.update('autoSave', 'off', vscode.ConfigurationTarget.Global);
    const document = await vscode.workspace.openTextDocument(inTree('net/ipv4/tcp.c'));
    const editor = await vscode.window.showTextDocument(document);
    const before = find('net/ipv4/tcp.c', /\btcp_sendmsg\(/);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '/* \u00b5 */ int nav_probe(void) { return tcp_sendmsg(0) + 2 * nav_probe(); }\n'));
    try {
      const symbols = await answer<vscode.DocumentSymbol>('vscode.executeDocumentSymbolProvider', 'net/ipv4/tcp.c', new vscode.Position(0, 0), (s) => s.some((one) => one.name === 'nav_probe'));
      assert.equal(symbols.find((s) => s.name === 'nav_probe')?.selectionRange.start.character, 12, 'columns count characters, not bytes');
      assert.equal(symbols.find((s) => s.name === 'tcp_sendmsg')?.selectionRange.start.line, before);
      const [innermost] = await vscode.commands.executeCommand<vscode.SelectionRange[]>('vscode.executeSelectionRangeProvider', document.uri, [document.positionAt(document.getText().indexOf('2 * nav_probe'))]);
      const grown: string[] = [];
      for (let range: vscode.SelectionRange | undefined = innermost; range; range = range.parent) grown.push(document.getText(range.range));
      assert.ok(grown.includes('2 * nav_probe()') && grown.includes('return tcp_sendmsg(0) + 2 * nav_probe();'), `grows by operand and statement: ${grown.slice(0, 8).join(' | ')}`);
    } finally {
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('workbench.action.files.revert');
      await files.update('autoSave', undefined, vscode.ConfigurationTarget.Global);
    }
    assert.ok(disk.equals(fs.readFileSync(inTree('net/ipv4/tcp.c'))), 'nothing was written into the tree');
  });

  it('has commands to steer the index, and answers again after a rebuild', async () => {
    const all = await vscode.commands.getCommands(true);
    for (const name of ['index', 'rebuildIndex', 'clearIndex', 'pauseIndex', 'resumeIndex', 'cancelIndex', 'callPath', 'neighbourhood']) assert.ok(all.includes(`skbwalk.${name}`), name);
    await vscode.commands.executeCommand('skbwalk.pauseIndex');
    await vscode.commands.executeCommand('skbwalk.resumeIndex');
    if (!onRealTree) await vscode.commands.executeCommand('skbwalk.rebuildIndex');
    const at = place('net/ipv4/tcp.c', /\btcp_sendmsg\(/, 'tcp_sendmsg');
    await answer<vscode.Location>('vscode.executeReferenceProvider', 'net/ipv4/tcp.c', at);
  });

  it('comes back when its server is killed', async function () {
    const pid = serverPid();
    if (pid === 0) this.skip(); // no /proc here
    process.kill(pid, 'SIGKILL');
    await until('another server', () => { const next = serverPid(); return next !== 0 && next !== pid; }, 60_000);
    const at = place('net/ipv4/tcp.c', /\btcp_sendmsg\(/, 'tcp_sendmsg');
    await answer<vscode.Location>('vscode.executeReferenceProvider', 'net/ipv4/tcp.c', at);
  });

  it('puts what a running trace calls first', async function () {
    if (!realSource) this.skip();
    const session = await Session.start();
    try {
      const at = place('net/ipv4/af_inet.c', /->sendmsg\(/, 'sendmsg');
      await answer<vscode.Hover>('vscode.executeHoverProvider', 'net/ipv4/af_inet.c', at, (h) => h.some((one) => one.contents.some((c) => (typeof c === 'string' ? c : c.value).includes('Can call `tcp_sendmsg`'))));
      assert.equal((await session.top()).name, 'sys_sendto');
    } finally {
      await Session.stopAll();
    }
  });

  it('opens the neighbourhood of the function at the cursor', async () => {
    const document = await vscode.workspace.openTextDocument(inTree('net/ipv4/tcp.c'));
    const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    const at = place('net/ipv4/tcp.c', /\btcp_sendmsg\(/, 'tcp_sendmsg');
    editor.selection = new vscode.Selection(at, at);
    await vscode.commands.executeCommand('skbwalk.neighbourhood');
    const tab = await until('the panel', () => vscode.window.tabGroups.all.flatMap((g) => g.tabs).find((t) => t.input instanceof vscode.TabInputWebview && t.input.viewType.endsWith('skbwalk.neighbourhood')));
    await vscode.window.tabGroups.close(tab);
  });
});
