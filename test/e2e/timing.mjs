// Times as a user has them, taken inside the page: from the click to the first highlighted line, from a key to editor and graph having moved.
//   node test/e2e/timing.mjs [FOLDER|outline]      (else SKBWALK_KERNEL, else the outline); prints one JSON object as the last line
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makePackage } from '../../tools/package.mjs';
import { root } from '../../tools/project.mjs';
import { makeTree } from '../trees.mjs';
import { Workbench } from './workbench.mjs';

const STEPS = 200;
const COLD_RUNS = 3;
/** ms between a step that was seen and the next key. */
const PAUSE = 80;
/** ms after which a step, or a click, is given up. */
const LONGEST_STEP = 2000;
const PATIENCE = 15_000;
/** A laptop's window: this VS Code draws without a graphics card, and every pixel costs. */
const VIEWPORT = { width: 1280, height: 800 };
/** How often the workbench's own answers to a key are timed, beside ours. */
const PEERS = 30;
/** ms between two of those keys. */
const PEER_PAUSE = 300;

/**
 * In the page: when was the click or key, and when did the editor show another line as the current one: by the extension's colour (`own`), by the debugger's (`debugger`), by the
 * cursor's frame (`cursor`, which comes first where another file is shown). Times in ms since 1970, to compare across frames; a time is that of the frame after the change.
 * `file`: whether another file came up for it.
 */
function watchEditor() {
  const now = () => performance.timeOrigin + performance.now();
  const seen = { input: 0, own: 0, debugger: 0, cursor: 0, file: false, waiting: null };
  const places = {};
  window.skbwalkTiming = seen;
  let begun = () => {};
  for (const kind of ['mousedown', 'keydown']) document.addEventListener(kind, () => { Object.assign(seen, { input: now(), own: 0, debugger: 0, cursor: 0, file: false }); begun(); }, true);
  let own = '';
  /** The extension's decoration of the current line: VS Code makes the name of its class up, its colour is ours. Asked for until it is known, then by that name. */
  const ownLine = () => {
    if (!own) {
      const sample = document.createElement('div'), drawn = [...document.querySelectorAll('.view-overlays [class*="ced-"]')];
      sample.style.background = 'var(--vscode-skbwalk-currentLine, red)';
      if (drawn.length === 0) return null;
      document.querySelector('.monaco-workbench').append(sample);
      const colour = getComputedStyle(sample).backgroundColor;
      sample.remove();
      own = /ced-[\w-]+/.exec(drawn.find((e) => getComputedStyle(e).backgroundColor === colour)?.className)?.[0] ?? '';
    }
    return own && document.getElementsByClassName(own)[0];
  };
  const marks = { own: ownLine, debugger: () => document.getElementsByClassName('debug-top-stack-frame-line')[0], cursor: () => document.querySelector('.editor-instance .view-overlays .current-line') };
  let tab = document.querySelector('.tab.active')?.getAttribute('data-resource-name');
  const look = () => {
    const active = document.querySelector('.tab.active')?.getAttribute('data-resource-name');
    if (active !== tab) { tab = active; seen.file = true; }
    for (const [who, find] of Object.entries(marks)) {
      const mark = find();
      // The row's own offset and the file: scrolling moves neither.
      const place = mark && `${tab}:${mark.closest('.view-overlays > div')?.style.top}`;
      if (!place || place === places[who]) continue;
      places[who] = place;
      // what the eye has is the frame after this one
      requestAnimationFrame(() => { seen[who] ||= now(); seen.waiting?.(); });
    }
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['style', 'class'] });
  /** Resolves when the debugger and (`all`) the extension have moved since the last input, or after `ms`. */
  seen.both = (ms, all = true) => new Promise((resolve) => {
    const done = () => { seen.waiting = null; clearTimeout(timer); resolve({ input: seen.input, own: seen.own, debugger: seen.debugger, cursor: seen.cursor, file: seen.file }); };
    const timer = setTimeout(done, ms);
    seen.waiting = () => { if (seen.debugger && (seen.own || !all)) done(); };
    seen.waiting();
  });
  /** The same for the next input. */
  seen.next = (ms) => new Promise((resolve) => { begun = () => { begun = () => {}; resolve(seen.both(ms)); }; });
}

/** In the graph: when did it last show another step. */
function watchGraph() {
  const seen = { moved: 0, text: document.querySelector('.status .steps')?.textContent ?? '', waiting: null };
  window.skbwalkTiming = seen;
  new MutationObserver(() => {
    const text = document.querySelector('.status .steps')?.textContent ?? '';
    if (text === seen.text) return;
    seen.text = text;
    requestAnimationFrame(() => { seen.moved = performance.timeOrigin + performance.now(); seen.waiting?.(); });
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
  /** Resolves when it has moved after `from`, or after `ms`. */
  seen.after = (from, ms) => new Promise((resolve) => {
    const done = () => { seen.waiting = null; clearTimeout(timer); resolve(seen.moved > from ? seen.moved : 0); };
    const timer = setTimeout(done, ms);
    seen.waiting = () => { if (seen.moved > from) done(); };
    seen.waiting();
  });
}

function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (p) => Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * p) - 1)] * 10) / 10;
  return { n: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}

/** Opens net/socket.c in a fresh VS Code without any index, clicks the lens, gives the ms to the first highlighted line, and to the debugger standing there. */
async function coldClick(ui) {
  const { page } = ui;
  await page.evaluate(watchEditor);
  await ui.openFile('net/socket.c', ui.lines.find('net/socket.c', /SYSCALL_DEFINE4\(send,|\bsys_send\(/));
  await ui.lens('trace send()').first().waitFor({ timeout: 30_000 });
  // lenses are laid out anew while providers come up
  await page.waitForTimeout(700);
  await ui.lens('trace send()').first().click();
  const { input, own, debugger: there } = await page.evaluate((ms) => window.skbwalkTiming.both(ms), PATIENCE);
  if (!own && !there) throw new Error(`no line was highlighted within ${PATIENCE} ms of the click`);
  return { line: Math.min(own || Infinity, there || Infinity) - input, debugger: there ? there - input : PATIENCE };
}

/** The workbench's own answers in the same window, for a ratio: the cursor a line down, and another open file in front. */
async function peers(ui) {
  const { page } = ui, cursor = [], file = [];
  const press = async (key, into) => {
    await page.keyboard.press(key);
    await page.waitForTimeout(PEER_PAUSE);
    const { input, cursor: at } = await page.evaluate(() => window.skbwalkTiming);
    if (at) into.push(at - input);
  };
  await ui.openFile('net/ipv4/tcp.c', 1000);
  await ui.openFile('net/ipv4/ip_output.c', 100);
  for (let i = 0; i < PEERS; i++) await press('ArrowDown', cursor);
  for (let i = 0; i < PEERS; i++) await press('Control+PageUp', file);
  return { cursor: summary(cursor), file: summary(file) };
}

/**
 * Steps into, STEPS times; gives ms per step until editor and graph have both moved. The next key comes when the debugger takes one, and a moment later.
 * A step that shows the same line again (a recursion) counts with its graph; one that is not seen at all counts as lost, and as the whole wait.
 */
async function steps(ui) {
  const { page } = ui;
  await page.locator('iframe.webview.ready').first().waitFor();
  const graph = ui.webview().locator('body');
  await ui.webview().locator('.row.current').first().waitFor();
  await graph.evaluate(watchGraph);
  const all = { both: [], same: [], other: [], line: [], debugger: [], graph: [] };
  let lost = 0;
  for (let i = 0; i < STEPS; i++) {
    // Asked for before the key: the questions themselves take the page's time, some ms each.
    const seen = Promise.all([page.evaluate((ms) => window.skbwalkTiming.next(ms), LONGEST_STEP), graph.evaluate((_, { from, ms }) => window.skbwalkTiming.after(from, ms), { from: Date.now(), ms: LONGEST_STEP })]);
    await page.waitForTimeout(PAUSE);
    await page.keyboard.press('F11');
    const [main, moved] = await seen;
    const line = Math.min(...[main.own, main.debugger, main.cursor].filter((at) => at > 0)) - main.input;
    if (moved) all.graph.push(moved - main.input);
    if (line < Infinity) all.line.push(line);
    if (main.debugger) all.debugger.push(main.debugger - main.input);
    if (!moved) lost++;
    const both = moved ? Math.max(moved - main.input, line < Infinity ? line : 0) : LONGEST_STEP;
    all.both.push(both);
    (main.file ? all.other : all.same).push(both);
    // VS Code takes the next step command only once it has drawn this stop
    await page.locator('.debug-toolbar .codicon-debug-continue:not(.disabled)').first().waitFor();
  }
  return { lost, ...Object.fromEntries(Object.entries(all).map(([name, values]) => [name, summary(values)])) };
}

/** What the extension logged of its own activation, in ms. */
function activation(dir) {
  const logs = readdirSync(path.join(dir, 'u/logs'), { recursive: true }).filter((name) => /skbwalk.*\.log$/.test(name));
  const times = logs.flatMap((name) => [...readFileSync(path.join(dir, 'u/logs', name), 'utf8').matchAll(/activated in ([\d.]+) ms/g)].map((match) => Number(match[1])));
  return times.length > 0 ? Math.max(...times) : null;
}

const home = mkdtempSync(path.join(os.tmpdir(), 'skbw-'));
try {
  const asked = process.argv[2] ?? (process.env.SKBWALK_KERNEL || 'outline');
  const folder = asked === 'outline' ? makeTree('outline', path.join(home, 'outline')) : asked;
  const { file } = await makePackage({ out: path.join(root, '.out/e2e.vsix'), build: false });
  const cold = [];
  const activations = [];
  let stepping, beside;
  for (let i = 0; i < COLD_RUNS; i++) {
    const ui = await Workbench.open({ vsix: file, folder: path.resolve(folder), viewport: VIEWPORT });
    try {
      cold.push(await coldClick(ui));
      if (i === COLD_RUNS - 1) { stepping = await steps(ui); beside = await peers(ui); }
      activations.push(activation(ui.host.dir));
    } finally {
      await ui.close();
    }
  }
  console.log(JSON.stringify({ tree: path.basename(folder), click: summary(cold.map((c) => c.line)), debugger: summary(cold.map((c) => c.debugger)), step: stepping, peers: beside, activation: summary(activations.filter((ms) => ms !== null)) }));
} finally {
  rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
