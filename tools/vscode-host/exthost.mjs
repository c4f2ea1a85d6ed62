// Runs a test module inside the extension host of a real VS Code (code-server + Chromium).
//   node exthost.mjs --ext DIR --tests MODULE --folder WORKSPACE [--timeout SECONDS] [--shot FILE.png]
// MODULE exports run(). Exit code: 0 passed, 1 run() rejected, 124 timed out, 125 the browser crashed, 2 could not start.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { launchBrowser, startHost } from './host.mjs';

/** Chatter of the workbench itself, not of a test. */
const NOISE = /Ignoring fetching|Creating a socket|Resolv(ing|ed) connection|reconnection-grace|Extension Host\]|contribution '|AccountPolicy|AgentHost|Service Worker|builtin extensions cache|vsda|^Canceled: Canceled|^No search provider|^%c/;

/** Runs the module; `print` gets each line that the tests print. Gives the exit code. */
export async function runInExtensionHost({ ext, tests, folder, timeout = 300, shot, env = {}, settings = {}, print = console.log }) {
  const host = await startHost({ testDriver: true, env, settings });
  let browser;
  try {
    browser = await launchBrowser();
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
    const done = outcome(page, timeout);
    await page.exposeFunction('codeAutomationExit', done.report);
    await page.exposeFunction('codeAutomationLog', (_type, args) => {
      if (process.env.VERBOSE || !NOISE.test(String(args[0]))) print(args.map(String).join(' '));
    });
    const payload = [['extensionDevelopmentPath', host.remote(ext)], ['extensionTestsPath', host.remote(tests)], ['skipWelcome', 'true']];
    const answer = await page.goto(host.page({ folder, payload }));
    // /healthz is green before VS Code itself is loaded: the page is the proof
    if (!answer?.ok()) throw new Error(`the workbench page answered ${answer?.status()}:\n${host.log().slice(-3000)}`);
    const code = await done.promise;
    if (code === 124) {
      if (shot) await page.screenshot({ path: shot });
      print(`timed out after ${timeout} s\n${host.log().slice(-2000)}`);
    }
    return code;
  } finally {
    await browser?.close();
    await host.stop();
  }
}

function outcome(page, timeout) {
  let report;
  const promise = new Promise((resolve) => {
    report = (code) => { clearTimeout(timer); resolve(code); };
    const timer = setTimeout(() => resolve(124), timeout * 1000);
    page.on('crash', () => resolve(125));
  });
  return { promise, report };
}

async function main() {
  const { values } = parseArgs({ options: { ext: { type: 'string' }, tests: { type: 'string' }, folder: { type: 'string' }, timeout: { type: 'string' }, shot: { type: 'string' } } });
  if (!values.ext || !values.tests || !values.folder) { console.error('usage: exthost.mjs --ext DIR --tests MODULE --folder WORKSPACE [--timeout SECONDS] [--shot FILE]'); return 2; }
  return runInExtensionHost({ ext: path.resolve(values.ext), tests: path.resolve(values.tests), folder: path.resolve(values.folder), timeout: Number(values.timeout ?? 300), shot: values.shot });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exit(await main().catch((error) => { console.error(error.message); return 2; }));
}
