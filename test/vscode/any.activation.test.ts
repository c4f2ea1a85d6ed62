import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** What a user meets first: the extension is there, wakes on a kernel tree, and says what it can do. */
describe('activation', () => {
  const extension = () => vscode.extensions.getExtension('skbwalk.skbwalk');

  it('finds the extension and activates it on a kernel tree by itself', async () => {
    assert.ok(extension(), 'skbwalk.skbwalk is not installed in this VS Code');
    await extension().activate();
    assert.equal(extension().isActive, true);
  });

  it('registers every command that package.json contributes', async () => {
    const contributed = (extension().packageJSON.contributes.commands as { command: string }[]).map((c) => c.command);
    const known = new Set(await vscode.commands.getCommands(true));
    assert.ok(contributed.length > 0);
    assert.deepEqual(contributed.filter((command) => !known.has(command)), []);
  });
});
