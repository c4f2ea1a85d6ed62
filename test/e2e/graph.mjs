// Point 4: the call graph beside the source: where the packet is, what it passed, and a way to go there.
import assert from 'node:assert/strict';

/** The names of the rows in view that match a selector. */
const names = (ui, selector) => ui.webview().locator(`.row${selector} .name`).allTextContents();

/** Waits until the lit node is this function. */
function lit(ui, name) {
  return ui.until(`${name} to be lit`, async () => (await names(ui, '.current')).includes(name));
}

/** Types into the search field and waits for what it says. */
async function search(ui, text) {
  const field = ui.webview().locator('vscode-textfield.search input');
  await field.fill(text);
  return ui.until('the count of matches', async () => {
    const count = (await ui.webview().locator('.toolbar .count').textContent()).trim();
    return count || null;
  });
}

async function showsTheWay(ui, tree, results) {
  const { page } = ui;
  await results.test(page, `${tree} 20 the current node is lit, the way so far is marked`, async () => {
    await ui.move(() => ui.goToStep(ui.start));
    await page.locator('iframe.webview.ready').first().waitFor();
    await lit(ui, 'sys_send');
    assert.ok((await names(ui, '.stack')).includes('sys_send'));
    assert.ok((await names(ui, ':not(.reached)')).includes('sock_sendmsg'), 'what comes is marked as passed');
  });
  await results.test(page, `${tree} 21 layers have names`, async () => {
    const layers = await ui.webview().locator('.gutter.first').allTextContents();
    for (const layer of ['system call', 'socket', 'TCP']) assert.ok(layers.includes(layer), `${layer} is not in ${layers.join(', ')}`);
  });
  await results.test(page, `${tree} 22 accessors are folded away, and come with a click`, async () => {
    const hidden = await names(ui, '');
    assert.ok(!hidden.includes('tcp_sk'), 'tcp_sk is shown');
    await ui.webview().locator('[data-action="minor"]').click();
    await ui.until('more rows', async () => (await names(ui, '')).some((name) => !hidden.includes(name)));
    await ui.webview().locator('[data-action="minor"]').click();
  });
}

async function goesThere(ui, tree, results) {
  const { page } = ui;
  await results.test(page, `${tree} 23 a click on a node goes there in time and in the source`, async () => {
    await search(ui, 'inet_sendmsg');
    await ui.move(() => ui.webview().locator('.row .name', { hasText: /^inet_sendmsg$/ }).first().click());
    await lit(ui, 'inet_sendmsg');
    await page.locator('.tab.active', { hasText: 'af_inet.c' }).waitFor();
    await ui.until('the line of inet_sendmsg', async () => /inet_sendmsg/.test((await ui.highlight())?.text ?? ''));
  });
  await results.test(page, `${tree} 24 a click on an earlier node is the past`, async () => {
    const now = await ui.move(() => ui.webview().locator('.row .name', { hasText: /^sock_sendmsg$/ }).first().click());
    assert.match(now.text, /past/);
    await ui.webview().locator('.when.past').waitFor();
  });
  await results.test(page, `${tree} 25 search counts and brings the match into view`, async () => {
    assert.match(await search(ui, 'igb_xmit_frame'), /^1 of \d+/);
    await ui.webview().locator('.row.at-match .name', { hasText: 'igb_xmit_frame' }).first().waitFor();
    assert.match(await search(ui, 'no_such_function'), /No match/);
    await search(ui, 'igb_xmit_frame');
  });
  await results.test(page, `${tree} 26 the keyboard walks, folds and goes`, () => keyboard(ui));
}

async function keyboard(ui) {
  const frame = ui.webview();
  await frame.locator('.scroller').focus();
  await ui.page.keyboard.press('.');
  const focused = async () => (await names(ui, '.focused'))[0];
  const before = await ui.until('a focused row', focused);
  await ui.page.keyboard.press('ArrowDown');
  await ui.until('the focus to move', async () => (await focused()) !== before);
  await ui.page.keyboard.press('ArrowUp');
  await ui.until('the focus to come back', async () => (await focused()) === before);
  await ui.page.keyboard.press('Space');
  await frame.locator('.row.focused[aria-expanded="false"]').waitFor();
  await ui.page.keyboard.press('Space');
  await frame.locator('.row.focused[aria-expanded="true"]').waitFor();
  await ui.page.keyboard.press('ArrowDown');
  await ui.move(() => ui.page.keyboard.press('Enter'));
  // the keys stay with the graph, although every stop opens an editor
  for (const key of ['s', 's', 'S']) {
    await ui.until('the focus to be in the graph', () => frame.locator('body').evaluate(() => document.hasFocus()));
    await ui.move(() => ui.page.keyboard.press(key));
  }
  assert.equal(await ui.page.locator('.tab.dirty').count(), 0, 'a key was typed into the source');
}

async function looks(ui, tree, results) {
  const { page } = ui;
  await results.test(page, `${tree} 27 zoom in, out, fit; pan with the wheel`, async () => {
    const zoom = async () => Number.parseInt(await ui.webview().locator('.zoom').textContent(), 10);
    const scroller = ui.webview().locator('.scroller');
    const top = () => scroller.evaluate((node) => node.scrollTop);
    await scroller.focus();
    await page.keyboard.press('+');
    await ui.until('a larger zoom', async () => (await zoom()) > 100);
    // the width first, then the whole
    await page.keyboard.press('0');
    await page.keyboard.press('0');
    await ui.until('a smaller zoom', async () => (await zoom()) < 100);
    await page.screenshot({ path: results.shot(`${tree} 27 the whole run`) });
    for (let i = 0; i < 30 && (await zoom()) < 95; i++) await page.keyboard.press('+');
    await page.keyboard.press('.');
    const before = await top();
    await scroller.hover();
    await page.mouse.wheel(0, 300);
    await ui.until('the picture to move', async () => (await top()) !== before);
  });
  await results.test(page, `${tree} 28 it follows the theme`, async () => {
    const ground = () => ui.webview().locator('body').evaluate((body) => getComputedStyle(body).backgroundColor);
    const before = await ground();
    await ui.command('Preferences: Toggle between Light/Dark Themes');
    await ui.until('another background', async () => (await ground()) !== before);
    await page.screenshot({ path: results.shot(`${tree} 28 the other theme`) });
    await ui.command('Preferences: Toggle between Light/Dark Themes');
    await ui.until('the first background', async () => (await ground()) === before);
  });
  await results.test(page, `${tree} 29 a packet can be followed`, async () => {
    await search(ui, 'tcp_transmit_skb');
    await ui.move(() => ui.webview().locator('.row .name', { hasText: /^tcp_transmit_skb$/ }).first().click());
    await ui.webview().locator('[data-action="follow"]').click();
    await ui.webview().locator('.packet', { hasText: /packet \d+/ }).waitFor();
    await ui.move(() => ui.webview().locator('[data-action="nextEvent"]').click());
    await ui.webview().locator('[data-action="follow"]').click();
  });
}

/** Everything about the graph. */
export async function graph(ui, tree, results) {
  await showsTheWay(ui, tree, results);
  await goesThere(ui, tree, results);
  await looks(ui, tree, results);
}
