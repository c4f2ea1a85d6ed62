// What a user sees when something is wrong: a clear message with what to do next, and an extension that goes on working.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeTree } from '../trees.mjs';
import { PATIENCE, Workbench } from './workbench.mjs';

/** Writes a file and its folders. */
function put(folder, name, text) {
  mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
}

function launchJson(folder, configuration) {
  put(folder, '.vscode/launch.json', JSON.stringify({ version: '0.2.0', configurations: [{ type: 'skbwalk', request: 'launch', name: 'mine', ...configuration }] }, null, 2));
}

/** Text of the error the user sees, wherever VS Code puts it: a toast or a dialog. */
function complaint(ui, pattern) {
  return ui.page.locator('.notification-toast, .monaco-dialog-box').filter({ hasText: pattern }).first().waitFor();
}

async function dismiss(ui) {
  if (await ui.page.locator('.monaco-dialog-box').isVisible()) await ui.page.keyboard.press('Escape');
  await ui.command('Notifications: Clear All Notifications');
}

async function noKernel(home, vsix, results) {
  const folder = path.join(home, 'plain');
  put(folder, 'a.c', 'int main(void)\n{\n\treturn 0;\n}\n');
  const ui = await Workbench.open({ vsix, folder });
  try {
    await results.test(ui.page, 'trouble 01 a folder that is no kernel tree: said, the outline offered', async () => {
      await ui.openFile('a.c');
      await ui.command('skbwalk: Trace...');
      await ui.pick('tcp-send-64');
      await complaint(ui, /no kernel source tree/);
    });
    await results.test(ui.page, 'trouble 02 the outline instead: the trace starts', async () => {
      await ui.page.locator('.notification-toast, .monaco-dialog-box').locator('.monaco-button', { hasText: 'Outline' }).first().click();
      await ui.page.locator('.debug-toolbar').waitFor();
      await ui.until('the first line', async () => /sendto/.test((await ui.highlight())?.text ?? ''));
    });
  } finally {
    await ui.close();
  }
}

/** 50 MB of C: half a million functions. */
function hugeC() {
  const parts = [];
  for (let i = 0, bytes = 0; bytes < 50_000_000; i++) bytes += parts[parts.push(`static int huge_${i}(struct sk_buff *skb, int budget)\n{\n\treturn skb && skb->len > ${i} ? budget - ${i} : 0;\n}\n\n`) - 1].length;
  return parts.join('');
}

/** The processes of the language server: {pid, megabytes}. */
function servers(host) {
  const lines = execFileSync('ps', ['-eo', 'pid,rss,args'], { encoding: 'utf8' }).split('\n').filter((line) => line.includes(host.dir) && /dist\/server\.js/.test(line));
  return lines.map((line) => line.trim().split(/\s+/)).map(([pid, rss]) => ({ pid: Number(pid), megabytes: Math.round(Number(rss) / 1024) }));
}

const serverMegabytes = (host) => Math.max(0, ...servers(host).map((one) => one.megabytes));

/** Ends the language server as a crash would; false when none runs. */
function killServer(host) {
  const own = servers(host);
  for (const { pid } of own) process.kill(pid, 'SIGKILL');
  return own.length > 0;
}

async function inTree(home, vsix, results) {
  const folder = makeTree('mini', path.join(home, 'troubled'));
  launchJson(folder, { scenario: 'tcp-sned-64' });
  const ui = await Workbench.open({ vsix, folder });
  try {
    await results.test(ui.page, 'trouble 03 an unknown scenario: the message names the near ones', async () => {
      await ui.openFile('net/socket.c');
      await ui.lens('trace sendto()').first().waitFor();
      await ui.page.keyboard.press('F5');
      await complaint(ui, /no scenario "tcp-sned-64"/);
      await ui.page.screenshot({ path: results.shot('trouble 03 the message') });
      await dismiss(ui);
    });
    await results.test(ui.page, 'trouble 04 a second session ends the first, and says so', async () => {
      await ui.openFile('net/socket.c');
      await ui.clickLens('trace sendto()');
      await ui.until('a position', () => ui.position());
      await ui.openFile('net/socket.c');
      await ui.clickLens('trace sendto()');
      await complaint(ui, /one run at a time/);
      await ui.until('a position', () => ui.position());
      assert.equal(await ui.page.locator('.debug-toolbar').count(), 1);
      await dismiss(ui);
    });
    await results.test(ui.page, 'trouble 05 the server killed mid-session: stepping goes on', async () => {
      if (!killServer(ui.host)) return 'no language server runs in this build';
      await ui.move(() => ui.page.keyboard.press('F11'));
      await ui.until('the server to be back', () => servers(ui.host).length > 0);
      return undefined;
    });
    await results.test(ui.page, 'trouble 07 a window reloaded mid-session: nothing is left standing, and a trace can begin', async () => {
      await ui.page.reload();
      await ui.page.locator('.tab.active').first().waitFor({ timeout: 4 * PATIENCE });
      await ui.webview().locator('body', { hasText: /No trace is running|has ended/ }).first().waitFor({ timeout: 4 * PATIENCE });
      assert.equal(await ui.page.locator('.debug-toolbar').isVisible(), false);
      assert.deepEqual([await ui.position(), await ui.highlight()], [null, null]);
      await ui.openFile('net/socket.c');
      await ui.clickLens('trace sendto()');
      await ui.until('a position', () => ui.position());
      await ui.move(() => ui.page.keyboard.press('F11'));
      return undefined;
    });
    await results.test(ui.page, 'trouble 06 a C file of 50 MB opens, and tracing works', async () => {
      put(folder, 'net/huge.c', hugeC());
      await ui.openFile('net/huge.c');
      await ui.page.locator('.monaco-button', { hasText: 'Open Anyway' }).first().click();
      await ui.page.locator('.view-line', { hasText: /huge_0\(/ }).first().waitFor({ timeout: 4 * PATIENCE });
      // that VS Code is busy with it is no reason for us to be
      assert.ok(serverMegabytes(ui.host) < 400, `the language server has ${serverMegabytes(ui.host)} MB`);
      await ui.openFile('net/socket.c');
      await ui.clickLens('trace sendto()');
      await ui.until('the first line', async () => /send/.test((await ui.highlight())?.text ?? ''));
    });
  } finally {
    await ui.close();
  }
}

export async function trouble({ home, vsix, results }) {
  await noKernel(home, vsix, results);
  await inTree(home, vsix, results);
}
