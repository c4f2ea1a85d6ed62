// The workbench as a user's hands and eyes have it: selectors in one place.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { launchBrowser, startHost } from '../../tools/vscode-host/host.mjs';

/** Where the settings of the test host would hide what users see. */
const AS_USERS_HAVE_IT = { 'debug.openDebug': 'openOnDebugBreak' };

/** Lines of the open tree, as they are on disk. */
class Lines {
  constructor(folder) { this.folder = folder; }

  /** Line (from 1) of the first definition-like line that matches: one that ends no statement. */
  find(file, pattern) {
    const lines = readFileSync(path.join(this.folder, file), 'latin1').split('\n');
    const at = lines.findIndex((text) => pattern.test(text) && !/;\s*$/.test(text) && !/^[\s}]/.test(text));
    if (at < 0) throw new Error(`${file} has no line that matches ${pattern}`);
    return at + 1;
  }
}

/** A real VS Code with a packaged extension, open on a folder in a fresh page. */
export class Workbench {
  static async open({ vsix, folder, settings = {}, env = {}, viewport = { width: 1600, height: 1500 } }) {
    const host = await startHost({ vsix: [vsix], settings: { ...AS_USERS_HAVE_IT, ...settings }, env });
    try {
      const browser = await launchBrowser();
      const page = await (await browser.newContext({ viewport })).newPage();
      page.setDefaultTimeout(15_000);
      const answer = await page.goto(host.page({ folder }), { timeout: 60_000 });
      if (!answer?.ok()) throw new Error(`the workbench page answered ${answer?.status()}:\n${host.log().slice(-2000)}`);
      await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
      return new Workbench(host, browser, page, new Lines(folder));
    } catch (error) {
      await host.stop();
      throw error;
    }
  }

  constructor(host, browser, page, lines) { Object.assign(this, { host, browser, page, lines }); }

  async close() {
    await this.browser.close();
    await this.host.stop();
  }

  /** Runs a command by its title through the palette. */
  async command(title) {
    await this.page.locator('.quick-input-widget').first().waitFor({ state: 'hidden' });
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

  /** Opens a file at a line, so that the line is in view. */
  async revealLine(file, line) {
    await this.openFile(file, line);
    await this.page.locator('.editor-instance .line-numbers', { hasText: new RegExp(`^${line}$`) }).first().waitFor();
  }

  /** Clicks in the gutter beside the definition that matches, and waits until the breakpoint is there (or gone). */
  async toggleBreakpoint(file, pattern) {
    const line = this.lines.find(file, pattern);
    await this.revealLine(file, line);
    const dots = this.page.locator('.debug-breakpoints .monaco-list-row');
    const before = await dots.count();
    const number = await this.page.locator('.editor-instance .line-numbers', { hasText: new RegExp(`^${line}$`) }).first().boundingBox();
    const margin = await this.page.locator('.editor-instance .margin').first().boundingBox();
    await this.page.mouse.click(margin.x + 9, number.y + number.height / 2);
    await this.until('the breakpoint to change', async () => (await dots.count()) !== before);
  }

  /** Everything that the call stack view says; it draws only what is in view, so it is scrolled through. */
  async callStackText() {
    const view = this.page.locator('.debug-call-stack');
    const seen = new Set();
    await view.hover();
    await this.page.mouse.wheel(0, -5000);
    for (let quiet = 0, before = 0; quiet < 3; before = seen.size) {
      await this.page.waitForTimeout(80);
      for (const text of await view.locator('.monaco-list-row').allTextContents()) seen.add(text);
      quiet = seen.size === before ? quiet + 1 : 0;
      await this.page.mouse.wheel(0, 150);
    }
    await this.page.mouse.wheel(0, -5000);
    return [...seen].join('\n');
  }

  /** Goes to a step by its number. */
  async goToStep(step) {
    await this.command('skbwalk: Go to Step...');
    const input = this.page.locator('.quick-input-widget input').first();
    await input.waitFor();
    await input.fill(String(step));
    await this.page.keyboard.press('Enter');
  }

  lens(text) { return this.page.locator('.codelens-decoration a', { hasText: text }); }
  /** Clicks a lens and waits for the session; lenses are laid out anew while providers come up, so let them settle first. */
  async clickLens(text) {
    await this.lens(text).first().waitFor({ timeout: 30_000 });
    await this.page.waitForTimeout(700);
    await this.lens(text).first().click();
    await this.page.locator('.debug-toolbar').waitFor();
  }

  toast(text) { return this.page.locator('.notification-toast', { hasText: text }).first(); }
  status(text) { return this.page.locator('.statusbar-item', { hasText: text }).first(); }
  toolbar(label) { return this.page.locator(`.debug-toolbar .action-label[aria-label^="${label}"]`).first(); }
  frames() { return this.page.locator('.debug-call-stack .monaco-list-row'); }
  webview() { return this.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame'); }

  /** The line under the debugger's highlight: {text, line}, or null when none is in view. */
  highlight() {
    return this.page.evaluate(() => {
      const mark = document.querySelector('.editor-instance .view-overlays .debug-top-stack-frame-line');
      if (!mark) return null;
      const top = mark.getBoundingClientRect().top;
      const editor = mark.closest('.monaco-editor');
      const same = (selector) => [...editor.querySelectorAll(selector)].find((node) => Math.abs(node.getBoundingClientRect().top - top) < 3);
      const number = same('.margin-view-overlays .line-numbers')?.textContent;
      return { text: (same('.view-lines .view-line')?.textContent ?? '').replaceAll('\u00a0', ' ').trim(), line: Number(number ?? 0) };
    });
  }

  /** The top frame of the context that stopped: {name, line, file}; null while there is none. Line 0: it has no source. */
  topFrame() {
    return this.page.evaluate(() => {
      const rows = [...document.querySelectorAll('.debug-call-stack .monaco-list-row')].sort((a, b) => a.offsetTop - b.offsetTop);
      const thread = rows.findIndex((row) => /Paused on/.test(row.textContent));
      const row = thread >= 0 ? rows[thread + 1]?.querySelector('.stack-frame') : null;
      if (!row) return null;
      const text = (selector) => row.querySelector(selector)?.textContent.trim() ?? '';
      return { name: text('.label') || text('.expression'), line: Number.parseInt(text('.line-number'), 10) || 0, file: text('.file-name') };
    });
  }

  /** `step n of m` as the status bar says it: {step, total, text}, or null. */
  async position() {
    const texts = await this.page.locator('.statusbar-item').allTextContents();
    for (const text of texts) {
      const match = /([\d,.]+)\s*(?:of|\/)\s*([\d,.]+)/.exec(text);
      if (/step|skbwalk/i.test(text) && match) return { step: Number(match[1].replace(/\D/g, '')), total: Number(match[2].replace(/\D/g, '')), text };
    }
    return null;
  }

  /** Presses a key or clicks and waits until the status bar says another step; gives the new position. */
  async move(action, timeout = 10_000) {
    const before = await this.position();
    await action();
    const now = await this.until('the step to change', async () => {
      const at = await this.position();
      return at && at.step !== before?.step ? at : null;
    }, timeout);
    // VS Code takes the next step command only once it has drawn this stop
    await this.page.locator('.debug-toolbar .codicon-debug-continue:not(.disabled)').first().waitFor();
    return now;
  }

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
