// The panel in a real browser, outside VS Code: its own page with its content security policy, a stand-in for the webview's host, a made-up trace.
import { build } from 'esbuild';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { nodeOptions, root } from '../../tools/bundle.mjs';
import { launchBrowser } from '../../tools/vscode-host/host.mjs';
import { themes } from './themes.mjs';

const ORIGIN = 'http://graph.test';
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.ttf': 'font/ttf', '.html': 'text/html; charset=utf-8' };
const folder = path.join(root, 'dist/test-webview');
export const out = path.join(root, '.out/graph');

/** Bundles the panel as the build does, its page (html.ts) and the page-side helpers, beside each other. */
async function prepare() {
  mkdirSync(out, { recursive: true });
  await build(nodeOptions({ entryPoints: { html: 'src/extension/panels/html.ts', strings: 'src/extension/panels/strings.ts' }, outdir: folder, format: 'esm', outExtension: { '.js': '.mjs' }, sourcemap: false }));
  await build({ absWorkingDir: root, bundle: true, platform: 'browser', target: 'es2022', format: 'esm', entryPoints: { graph: 'src/webview/graph/main.ts' }, outdir: folder, logLevel: 'warning' });
  for (const [from, to] of [['src/webview/graph/style.css', 'graph.css'], ['node_modules/@vscode/codicons/dist/codicon.css', 'codicon.css'], ['node_modules/@vscode/codicons/dist/codicon.ttf', 'codicon.ttf']]) cpSync(path.join(root, from), path.join(folder, to));
  await build({ absWorkingDir: root, bundle: true, platform: 'browser', target: 'es2022', format: 'iife', entryPoints: { page: 'test/webview/page.ts' }, outdir: folder, logLevel: 'warning' });
  const { page } = await import(pathToFileURL(path.join(folder, 'html.mjs')));
  const { GRAPH_WORDS } = await import(pathToFileURL(path.join(folder, 'strings.mjs')));
  return { html: page({ csp: ORIGIN, nonce: 'n0nce', script: `${ORIGIN}/graph.js`, styles: [`${ORIGIN}/codicon.css`, `${ORIGIN}/graph.css`], title: 'Call graph', language: 'en' }), helpers: readFileSync(path.join(folder, 'page.js'), 'utf8'), words: GRAPH_WORDS, chinese: JSON.parse(readFileSync(path.join(root, 'l10n/bundle.l10n.zh-cn.json'), 'utf8')) };
}

export class Graph {
  static async start() {
    const parts = await prepare(), browser = await launchBrowser();
    return new Graph(browser, parts);
  }

  constructor(browser, parts) { this.browser = browser; this.parts = parts; this.problems = []; }

  /** A fresh page. `state`: what vscode.getState gives. */
  async open({ width = 760, height = 900, theme = 'dark', state = null, language = 'en', showMinor = false } = {}) {
    await this.context?.close();
    this.context = await this.browser.newContext({ viewport: { width, height }, deviceScaleFactor: 1 });
    const page = this.page = await this.context.newPage();
    page.on('console', (m) => { if (m.type() === 'error' || m.type() === 'warning') this.problems.push(m.text()); });
    page.on('pageerror', (e) => this.problems.push(e.stack ?? e.message));
    await page.route(`${ORIGIN}/**`, (route) => {
      const name = new URL(route.request().url()).pathname.slice(1) || 'index.html';
      if (name === 'index.html') return route.fulfill({ contentType: TYPES['.html'], body: this.parts.html });
      const file = path.join(folder, path.basename(name));
      return existsSync(file) ? route.fulfill({ contentType: TYPES[path.extname(file)] ?? 'text/plain', body: readFileSync(file) }) : route.fulfill({ status: 404, body: '' });
    });
    await page.addInitScript({ content: this.parts.helpers });
    await page.addInitScript((saved) => {
      globalThis.sent = [];
      globalThis.saved = saved;
      globalThis.acquireVsCodeApi = () => ({ postMessage: (m) => globalThis.sent.push(m), getState: () => globalThis.saved, setState: (s) => { globalThis.saved = structuredClone(s); } });
    }, state);
    await page.goto(`${ORIGIN}/`);
    await this.theme(theme);
    await page.waitForFunction(() => globalThis.sent.some((m) => m.type === 'ready'));
    const strings = Object.fromEntries(this.parts.words.map((w) => [w, language === 'zh-cn' ? this.parts.chinese[w] ?? w : w]));
    await this.message({ type: 'init', strings, showMinor, reducedMotion: false });
  }

  async theme(name) {
    await this.page.evaluate(({ kind, vars }) => {
      for (const name of [...document.documentElement.style]) document.documentElement.style.removeProperty(name);
      document.body.className = `${document.body.className.replace(/vscode-\S+/g, '')} ${kind}`.trim();
      for (const [key, value] of Object.entries(vars)) document.documentElement.style.setProperty(`--${key}`, value);
    }, themes[name]);
  }

  /** Gives the page a made-up trace of so many frames (or one given as JSON, columns as `{$: type, v: numbers}`), standing at a step. */
  async trace(frames, step = 0, visited = step) {
    await this.page.evaluate(({ n, at, far }) => {
      const columns = (key, v) => (v && v.$ ? globalThis[v.$].from(v.v, (x) => (x === null ? NaN : x)) : v);
      const trace = globalThis.trace = typeof n === 'number' ? globalThis.syntheticTrace(n) : JSON.parse(n, columns);
      window.postMessage({ type: 'trace', session: 's', trace, position: { step: at, count: trace.stepFrame.length, visited: far, past: at < far, packet: 7 }, launch: 'tcp-send-64' }, '*');
    }, { n: frames, at: step, far: visited });
    await this.page.waitForFunction(() => globalThis.sent.some((m) => m.type === 'shown'));
  }

  /** Moves the session, waits until the picture shows it, and gives the page's own ms for it. */
  async move(step, visited = step) {
    return this.page.evaluate(({ at, far }) => new Promise((resolve) => {
      const n = globalThis.sent.length, timer = setInterval(() => { const m = globalThis.sent.slice(n).find((x) => x.type === 'shown' && x.step === at); if (m) { clearInterval(timer); resolve(m.ms); } }, 2);
      window.postMessage({ type: 'moved', session: 's', position: { step: at, count: globalThis.trace.stepFrame.length, visited: far, past: at < far, packet: globalThis.trace.frames.packet[globalThis.trace.stepFrame[at]] } }, '*');
    }), { at: step, far: visited });
  }

  message(m) { return this.page.evaluate((x) => window.postMessage(x, '*'), m); }
  /** What the page has sent since the last call, without what the bench gets. */
  async taken() { return this.page.evaluate(() => { const all = globalThis.sent.filter((m) => m.type !== 'shown'); globalThis.sent.length = 0; return all; }); }
  /** First step of the nth visit of a function. */
  stepOf(name, nth = 1) { return this.page.evaluate(({ name: f, nth: k }) => { const t = globalThis.trace; let left = k; for (let i = 0; i < t.frames.count; i++) if (t.functions[t.frames.fn[i]].name === f && --left === 0) return t.frames.firstStep[i]; return -1; }, { name, nth }); }
  row(name) { return this.page.locator('.row', { has: this.page.locator(`.name:text-is("${name}")`) }).first(); }
  shot(name) { return this.page.screenshot({ path: path.join(out, `${name}.png`) }); }
  async close() { await this.browser.close(); }
}
