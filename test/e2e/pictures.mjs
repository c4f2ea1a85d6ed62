// Takes the pictures of docs/images anew, on the outline: names and line numbers, no kernel text.
//   node test/e2e/pictures.mjs
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makePackage } from '../../tools/package.mjs';
import { root } from '../../tools/project.mjs';
import { makeTree } from '../trees.mjs';
import { withPalette } from './palette.mjs';
import { Workbench } from './workbench.mjs';

const MAX_BYTES = 100_000;
const folder = path.join(root, 'docs/images');
const viewport = { width: 1440, height: 860 };

async function shot(ui, name) {
  // the pointer and the tooltips it may have called away
  await ui.page.mouse.move(720, 1);
  await ui.page.waitForTimeout(2500);
  const file = path.join(folder, `${name}.png`), picture = withPalette(await ui.page.screenshot());
  writeFileSync(file, picture);
  console.log(`${path.relative(root, file)}: ${Math.round(picture.length / 1000)} kB`);
  if (picture.length > MAX_BYTES) throw new Error(`${name}.png is larger than ${MAX_BYTES / 1000} kB`);
}

/** Starts at send(), and goes to where a function is entered for the nth time. `lens`: what stands on the lens. */
async function walkTo(ui, lens, name) {
  await ui.openFile('net/socket.c', ui.lines.find('net/socket.c', /\bsys_send\(/));
  await ui.clickLens(lens);
  await ui.webview().locator('.row.current').first().waitFor();
  await ui.webview().locator('vscode-textfield.search input').fill(name);
  await ui.webview().locator('.row.at-match .name').first().click();
  await ui.webview().locator('.row.current .name', { hasText: name }).first().waitFor();
  await ui.webview().locator('vscode-textfield.search input').fill('');
}

/** Folds the views that the picture is not about. */
async function fold(ui, titles) {
  for (const title of titles) {
    const header = ui.page.locator(`.pane-header[aria-label^="${title}"]`).first();
    if ((await header.getAttribute('aria-expanded')) === 'true') await header.click();
  }
}

/** Opens what Variables shows of a thing. */
async function unfold(ui, name) {
  const row = ui.page.locator('.debug-variables .monaco-list-row', { hasText: name }).first();
  await row.waitFor();
  if ((await row.getAttribute('aria-expanded')) === 'false') await row.click();
}

async function english(vsix, tree) {
  const ui = await Workbench.open({ vsix, folder: tree, viewport, settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
  try {
    await walkTo(ui, 'trace send()', 'ip_queue_xmit');
    await fold(ui, ['Watch', 'Breakpoints']);
    await unfold(ui, /^Packet/);
    await shot(ui, 'stepping');
    await ui.command('View: Toggle Maximize Editor Group');
    await ui.command('View: Close Primary Side Bar');
    await ui.webview().locator('vscode-textfield.search input').fill('igb_xmit_frame_ring');
    await ui.webview().locator('.row.at-match .name').first().click();
    await ui.webview().locator('vscode-textfield.search input').fill('');
    await shot(ui, 'graph');
  } finally {
    await ui.close();
  }
}

async function chinese(vsix, tree) {
  const ui = await Workbench.open({ vsix, folder: tree, viewport, language: 'zh-cn', settings: { 'workbench.colorTheme': 'Default Light Modern' } });
  try {
    await walkTo(ui, 'send()', 'tcp_transmit_skb');
    await fold(ui, ['Watch', 'Breakpoints']);
    await shot(ui, 'zh-cn');
  } finally {
    await ui.close();
  }
}

const home = mkdtempSync(path.join(os.tmpdir(), 'skbw-'));
try {
  mkdirSync(folder, { recursive: true });
  const tree = path.join(home, 'linux-3.10.108');
  cpSync(makeTree('outline', path.join(home, 'outline')), tree, { recursive: true });
  const { file } = await makePackage({ out: path.join(root, '.out/e2e.vsix'), build: false });
  await english(file, tree);
  await chinese(file, tree);
} finally {
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
