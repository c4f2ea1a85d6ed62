// Times as a user has them, taken inside the page: from the click to the first highlighted line, from a key to editor and graph having moved.
//   node test/e2e/timing.mjs [FOLDER]      (else SKBWALK_KERNEL, else the outline); prints one JSON object as the last line
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makePackage } from '../../tools/package.mjs';
import { root } from '../../tools/project.mjs';
import { makeTree } from '../trees.mjs';
import { Workbench } from './workbench.mjs';

const STEPS = 200;
const COLD_RUNS = 3;

/** In the page: when was the click or key, when did the highlighted line last move. Times in ms since 1970, to compare across frames. */
function watchEditor() {
  const now = () => performance.timeOrigin + performance.now();
  const seen = { input: 0, moved: 0, first: 0, place: '' };
  window.skbwalkTiming = seen;
  for (const kind of ['mousedown', 'keydown']) document.addEventListener(kind, () => { seen.input = now(); seen.first = 0; }, true);
  const look = () => {
    const mark = document.querySelector('.editor-instance .view-overlays .debug-top-stack-frame-line');
    if (!mark) return;
    const place = `${document.querySelector('.tab.active')?.textContent}:${mark.closest('.view-overlays > div')?.style.top ?? mark.parentElement.style.top}:${document.querySelector('.editor-instance .lines-content')?.style.top}`;
    if (place === seen.place) return;
    seen.place = place;
    // what the eye has is the frame after this one
    requestAnimationFrame(() => { seen.moved = now(); seen.first ||= seen.moved; });
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['style', 'class'] });
}

/** In the graph: when did it last show another step. */
function watchGraph() {
  const seen = { moved: 0, text: '' };
  window.skbwalkTiming = seen;
  new MutationObserver(() => {
    const text = document.querySelector('.status .steps')?.textContent ?? '';
    if (text === seen.text) return;
    seen.text = text;
    requestAnimationFrame(() => { seen.moved = performance.timeOrigin + performance.now(); });
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}

function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (p) => Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * p) - 1)] * 10) / 10;
  return { n: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}

/** Opens net/socket.c in a fresh VS Code without any index, clicks the lens, gives the ms to the first highlighted line. */
async function coldClick(ui) {
  await ui.page.evaluate(watchEditor);
  await ui.openFile('net/socket.c', ui.lines.find('net/socket.c', /SYSCALL_DEFINE4\(send,|\bsys_send\(/));
  await ui.clickLens('trace send()');
  return ui.until('the first highlighted line', () => ui.page.evaluate(() => (window.skbwalkTiming.first ? window.skbwalkTiming.first - window.skbwalkTiming.input : 0)));
}

/** Steps into, STEPS times; gives ms per step until editor and graph have both moved. */
async function steps(ui) {
  const { page } = ui;
  await page.locator('iframe.webview.ready').first().waitFor();
  const graph = ui.webview().locator('body');
  await ui.webview().locator('.row.current').first().waitFor();
  await graph.evaluate(watchGraph);
  const both = [];
  const editor = [];
  const shown = [];
  for (let i = 0; i < STEPS; i++) {
    await ui.move(() => page.keyboard.press('F11'));
    await page.waitForTimeout(80);
    const main = await page.evaluate(() => ({ ...window.skbwalkTiming }));
    const side = await graph.evaluate(() => ({ ...window.skbwalkTiming }));
    const inGraph = side.moved - main.input;
    const inEditor = main.moved > main.input ? main.moved - main.input : 0;
    if (inGraph > 0) { shown.push(inGraph); both.push(Math.max(inGraph, inEditor)); }
    if (inEditor > 0) editor.push(inEditor);
  }
  return { both: summary(both), editor: summary(editor), graph: summary(shown) };
}

/** What the extension logged of its own activation, in ms. */
function activation(dir) {
  const logs = readdirSync(path.join(dir, 'u/logs'), { recursive: true }).filter((name) => /skbwalk.*\.log$/.test(name));
  const times = logs.flatMap((name) => [...readFileSync(path.join(dir, 'u/logs', name), 'utf8').matchAll(/activated in ([\d.]+) ms/g)].map((match) => Number(match[1])));
  return times.length > 0 ? Math.max(...times) : null;
}

const home = mkdtempSync(path.join(os.tmpdir(), 'skbw-'));
try {
  const folder = process.argv[2] ?? (process.env.SKBWALK_KERNEL || makeTree('outline', path.join(home, 'outline')));
  const { file } = await makePackage({ out: path.join(root, '.out/e2e.vsix'), build: false });
  const cold = [];
  const activations = [];
  let stepping;
  for (let i = 0; i < COLD_RUNS; i++) {
    const ui = await Workbench.open({ vsix: file, folder: path.resolve(folder) });
    try {
      cold.push(await coldClick(ui));
      if (i === COLD_RUNS - 1) stepping = await steps(ui);
      activations.push(activation(ui.host.dir));
    } finally {
      await ui.close();
    }
  }
  console.log(JSON.stringify({ tree: path.basename(folder), click: summary(cold), step: stepping, activation: summary(activations.filter((ms) => ms !== null)) }));
} finally {
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
