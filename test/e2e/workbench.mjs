// The workbench as a user's hands and eyes have it: selectors in one place.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { launchBrowser, startHost } from '../../tools/vscode-host/host.mjs';

/** How long anything may take: for a machine of two slow cores with other work. What is there is never waited for. */
export const PATIENCE = 45_000;
/** A key or a click that showed no effect for so long was lost while the workbench was busy: it is given again. */
const LOST = 8_000;

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
  /**
   * `language`: what the extension is to speak. The workbench itself stays English: its translations come from a store.
   * `scale`: device pixels per pixel.
   */
  static async open({ vsix, folder, settings = {}, env = {}, viewport = { width: 1600, height: 1500 }, language, scale = 1 }) {
    const host = await startHost({ vsix: [vsix], settings: { ...AS_USERS_HAVE_IT, ...settings }, env });
    try {
      const browser = await launchBrowser();
      const page = await (await browser.newContext({ viewport, deviceScaleFactor: scale })).newPage();
      if (language) await page.addInitScript((name) => { globalThis._VSCODE_NLS_LANGUAGE = name; }, language);
      page.setDefaultTimeout(PATIENCE);
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

  /** True when an action of the browser driver came about, false when it ran out of time. */
  async done(action) {
    return action.then(() => true, (error) => {
      if (error.name === 'TimeoutError') return false;
      throw error;
    });
  }

  /** Waits until something is visible; false when it is not within `timeout` ms. */
  appears(locator, timeout) { return this.done(locator.waitFor({ timeout })); }

  /** Does `attempt` until it gives something, as a user would whose key was lost; `what` is for the message. */
  async persist(what, attempt) {
    for (const deadline = Date.now() + 2 * PATIENCE; ;) {
      const value = await attempt();
      if (value) return value;
      if (Date.now() > deadline) throw new Error(`tried for ${2 * PATIENCE} ms in vain: ${what}`);
    }
  }

  /** Opens the quick input with a key, puts `text` into it, and waits for a row; gives the row, or null after a while. */
  async ask(key, text, row) {
    const widget = this.page.locator('.quick-input-widget').first();
    const input = widget.locator('input').first();
    if (!(await input.isVisible())) {
      await this.page.keyboard.press(key);
      if (!(await this.appears(input, LOST))) return null;
    }
    if (await this.done(input.fill(text, { timeout: LOST }))) {
      for (const deadline = Date.now() + PATIENCE / 3; Date.now() < deadline;) {
        if (await row.isVisible()) return row;
        // what takes the focus, as a stop of the debugger does, closes the input
        if (!(await widget.isVisible())) return null;
        await this.page.waitForTimeout(40);
      }
    }
    await this.page.keyboard.press('Escape');
    await widget.waitFor({ state: 'hidden' });
    return null;
  }

  /** Runs a command by its title through the palette. */
  async command(title) {
    await this.page.locator('.quick-input-widget').first().waitFor({ state: 'hidden' });
    await this.persist(`the command ${title} in the palette`, () => this.ask('F1', `>${title}`, this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).first()));
    await this.page.keyboard.press('Enter');
  }

  /** Chooses in an open quick pick the row that holds `text`. */
  async pick(text) {
    const row = this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
    await row.waitFor();
    await row.click();
  }

  /** Opens a file of the workspace through quick open, by its path in it; `line` jumps there. */
  async openFile(file, line) {
    const parts = file.split('/');
    const name = parts.pop();
    // a row says the name, then the folder: `socket.c net`
    const row = this.page.locator(`.quick-input-list .monaco-list-row[aria-label^="${name}"]`, { hasText: parts.join('/') }).first();
    const tab = this.page.locator('.tab.active', { hasText: name }).first();
    await this.persist(`${file} to open`, async () => {
      if (!(await this.ask('Control+P', line ? `${file}:${line}` : file, row))) return false;
      return (await this.done(row.click({ timeout: LOST }))) && this.appears(tab, PATIENCE / 3);
    });
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
    const changed = async () => (await dots.count()) !== before;
    await this.persist('the breakpoint to change', async () => {
      const number = await this.page.locator('.editor-instance .line-numbers', { hasText: new RegExp(`^${line}$`) }).first().boundingBox();
      const margin = await this.page.locator('.editor-instance .margin').first().boundingBox();
      // the editor draws its lines anew while it scrolls
      if (!number || !margin) return false;
      await this.page.mouse.click(margin.x + 9, number.y + number.height / 2);
      return this.until('', changed, LOST).catch(() => changed());
    });
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
  /** Clicks a lens and waits for the session. Lenses are laid out anew while providers come up: it is clicked once it stands still. */
  async clickLens(text) {
    const lens = this.lens(text).first();
    await this.persist(`${text} to start a session`, async () => {
      await lens.waitFor();
      for (let still = 0, before = ''; still < 3;) {
        const box = JSON.stringify(await lens.boundingBox());
        still = box === before ? still + 1 : 0;
        before = box;
        await this.page.waitForTimeout(150);
      }
      await lens.click();
      return this.appears(this.page.locator('.debug-toolbar'), PATIENCE);
    });
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
  async move(action, timeout = PATIENCE) {
    const before = await this.position();
    const moved = async () => {
      const at = await this.position();
      return at && at.step !== before?.step ? at : null;
    };
    // the debugger takes no step while it is busy with the last stop: such a key is lost
    const now = await this.persist('the step to change', async () => {
      await action();
      return this.until('', moved, timeout / 3).catch(moved);
    });
    // VS Code takes the next step command only once it has drawn this stop
    await this.page.locator('.debug-toolbar .codicon-debug-continue:not(.disabled)').first().waitFor();
    return now;
  }

  /** Waits until a condition in Node holds; `what` is for the message. */
  async until(what, condition, timeout = PATIENCE) {
    const deadline = Date.now() + timeout;
    for (;;) {
      const value = await condition();
      if (value) return value;
      if (Date.now() > deadline) throw new Error(`waited ${timeout} ms in vain: ${what}`);
      await this.page.waitForTimeout(40);
    }
  }
}
