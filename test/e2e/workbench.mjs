// The workbench as a user's hands and eyes have it: selectors in one place.
import { launchBrowser, startHost } from '../../tools/vscode-host/host.mjs';

/** A real VS Code with a packaged extension, open on a folder in a fresh page. */
export class Workbench {
  static async open({ vsix, folder, settings = {}, env = {}, viewport = { width: 1500, height: 950 } }) {
    const host = await startHost({ vsix: [vsix], settings, env });
    try {
      const browser = await launchBrowser();
      const page = await (await browser.newContext({ viewport })).newPage();
      page.setDefaultTimeout(20_000);
      const answer = await page.goto(host.page({ folder }));
      if (!answer?.ok()) throw new Error(`the workbench page answered ${answer?.status()}:\n${host.log().slice(-2000)}`);
      await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
      return new Workbench(host, browser, page);
    } catch (error) {
      await host.stop();
      throw error;
    }
  }

  constructor(host, browser, page) { Object.assign(this, { host, browser, page }); }

  async close() {
    await this.browser.close();
    await this.host.stop();
  }

  /** Runs a command by its title through the palette. */
  async command(title) {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input').first();
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** Chooses in an open quick pick the row that holds `text`. */
  async pick(text) {
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
    await row.waitFor();
    await row.click();
  }

  /** Opens a file of the workspace through quick open; `line` jumps there. */
  async openFile(path, line) {
    await this.page.keyboard.press('Control+P');
    const input = this.page.locator('.quick-input-widget input').first();
    await input.waitFor();
    await input.fill(line ? `${path}:${line}` : path);
    await this.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    await this.page.waitForTimeout(300);
    await this.page.keyboard.press('Enter');
    await this.page.locator('.tab.active', { hasText: path.split('/').pop() }).first().waitFor();
  }

  lens(text) { return this.page.locator('.codelens-decoration a', { hasText: text }); }
  toast(text) { return this.page.locator('.notification-toast', { hasText: text }).first(); }
  status(text) { return this.page.locator('.statusbar-item', { hasText: text }).first(); }
  toolbar(label) { return this.page.locator(`.debug-toolbar .action-label[aria-label^="${label}"]`).first(); }
  frames() { return this.page.locator('.debug-call-stack .monaco-list-row'); }
  webview() { return this.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame'); }

  /** Waits until a condition in Node holds; `what` is for the message. */
  async until(what, condition, timeout = 15_000) {
    const deadline = Date.now() + timeout;
    for (;;) {
      const value = await condition();
      if (value) return value;
      if (Date.now() > deadline) throw new Error(`waited ${timeout} ms in vain: ${what}`);
      await this.page.waitForTimeout(25);
    }
  }
}
