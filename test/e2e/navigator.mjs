// The navigator as a user meets it: its state in the status bar, chains of calls as a list, the same as a picture that grows and is filtered.
import assert from 'node:assert/strict';
import { Workbench } from './workbench.mjs';

/** Names of the functions in the picture. */
const names = (ui) => ui.webview().locator('.node > text').allTextContents();

/** Answers an input box. */
async function answer(ui, text) {
  const input = ui.page.locator('.quick-input-widget input').first();
  await input.waitFor();
  await input.fill(text);
  await ui.page.keyboard.press('Enter');
}

async function chains(ui, from, to) {
  await ui.command('skbwalk: Path from One Function to Another...');
  await ui.page.locator('.quick-input-widget .quick-input-message', { hasText: 'Path from which function?' }).waitFor();
  await answer(ui, from);
  await ui.page.locator('.quick-input-widget .quick-input-message', { hasText: `Path from ${from}` }).waitFor();
  await answer(ui, to);
}

export async function navigator({ vsix, folder, tree, results, from = 'sys_sendto', to = 'tcp_write_xmit' }) {
  const ui = await Workbench.open({ vsix, folder });
  const { page } = ui;
  try {
    await results.test(page, `${tree} navigator 01 the status bar tells how far the index is, and offers what can be done`, async () => {
      await ui.openFile('net/ipv4/tcp.c');
      const item = page.locator('.statusbar-item[aria-label*="kernel tree is read"]').first();
      await item.waitFor({ timeout: 180_000 });
      await item.click();
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Read the tree again' }).waitFor();
      await page.keyboard.press('Escape');
    });
    await results.test(page, `${tree} navigator 02 a path from one function to another is a list of calls with their pointers`, async () => {
      await chains(ui, from, to);
      const rows = page.locator('.quick-input-list .monaco-list-row');
      await rows.filter({ hasText: 'proto.sendmsg' }).first().waitFor();
      // the list draws what is in view; the last call of a long chain is not
      const input = page.locator('.quick-input-widget input').first();
      await input.fill(to);
      await rows.filter({ hasText: to }).first().waitFor();
      await input.fill('');
      await rows.filter({ hasText: 'proto.sendmsg' }).first().waitFor();
    });
    await results.test(page, `${tree} navigator 03 the same as a picture`, async () => {
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Show as a graph' }).click();
      await ui.webview().locator(`.node[data-name="${to}"]`).waitFor();
      const all = await names(ui);
      assert.ok(all.includes(from) && all.length <= 300);
      assert.ok(await ui.webview().locator('.call.pointer').count() > 0);
    });
    await results.test(page, `${tree} navigator 04 a function opens to what it calls, hides, and is filtered by folder`, async () => {
      const before = await names(ui);
      await ui.webview().locator(`.node[data-name="tcp_sendmsg"] .more.callees`).click();
      await ui.until('more functions', async () => (await names(ui)).length > before.length);
      await ui.webview().locator(`.node[data-name="${to}"]`).focus();
      await page.keyboard.press('Delete');
      await ui.until('the function to go', async () => !(await names(ui)).includes(to));
      await ui.webview().locator('.filter').fill('net/ipv4');
      await ui.until('the filter', async () => { const now = await names(ui); return now.length > 1 && !now.includes('lock_sock'); });
      await ui.webview().locator('.filter').fill('');
      await ui.webview().locator('button', { hasText: 'Show hidden' }).click();
      await ui.until('all to come back', async () => (await names(ui)).includes(to));
    });
    await results.test(page, `${tree} navigator 05 a click goes to the source`, async () => {
      await ui.webview().locator(`.node[data-name="tcp_sendmsg"]`).click({ position: { x: 60, y: 12 } });
      await page.locator('.tab.active', { hasText: 'tcp.c' }).waitFor();
    });
  } finally {
    await ui.close();
  }
}
