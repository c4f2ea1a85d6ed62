// Points 2 and 3 of "Trace send()": what a user does from an open kernel tree to a packet on the wire and back.
import assert from 'node:assert/strict';

/** The debugger's highlight is on a line that holds this text. */
async function onLine(ui, pattern) {
  return ui.until(`the highlighted line to match ${pattern}`, async () => {
    const mark = await ui.highlight();
    return mark && pattern.test(mark.text) ? mark : null;
  });
}

/** The top frame once its name matches. */
function topIs(ui, pattern) {
  return ui.until(`the top frame to be ${pattern}`, async () => {
    const frame = await ui.topFrame();
    return frame && pattern.test(frame.name) ? frame : null;
  });
}

/** Ways in: lens, palette, launch.json. */
export async function waysIn(ui, tree, results) {
  const { page } = ui;
  await results.test(page, `${tree} 01 lenses above the system calls`, async () => {
    await ui.openFile('net/socket.c');
    for (const call of ['send', 'sendto', 'recv']) {
      await ui.revealLine('net/socket.c', ui.lines.find('net/socket.c', new RegExp(`SYSCALL_DEFINE\\d\\(${call},|\\bsys_${call}\\(`)));
      await ui.lens(`trace ${call}()`).first().waitFor();
    }
  });
  await results.test(page, `${tree} 02 lens click starts at send()`, async () => {
    await ui.revealLine('net/socket.c', ui.lines.find('net/socket.c', /SYSCALL_DEFINE4\(send,|\bsys_send\(/));
    await ui.clickLens('trace send()');
    const mark = await onLine(ui, /send/);
    assert.equal(mark.line, ui.lines.find('net/socket.c', /SYSCALL_DEFINE4\(send,|\bsys_send\(/));
  });
  await results.test(page, `${tree} 03 status bar says step and live`, async () => {
    const now = await ui.until('the position', () => ui.position());
    assert.match(now.text, /step \d+ of \d+.*live/);
    assert.ok(now.total > 1000, `only ${now.total} steps`);
    ui.start = now.step;
  });
}

/** Stepping, both ways, with the stack and the variables. */
export async function stepping(ui, tree, results) {
  const { page } = ui;
  await results.test(page, `${tree} 04 F11 steps in, down to sock_sendmsg`, async () => {
    for (let i = 0; i < 40 && !/^sock_sendmsg/.test((await ui.topFrame())?.name ?? ''); i++) await ui.move(() => page.keyboard.press('F11'));
    await topIs(ui, /^sock_sendmsg/);
    // one step further is the first call in it
    await onLine(ui, /sock_sendmsg|init_sync_kiocb/);
  });
  await results.test(page, `${tree} 05 F10 steps over, Shift+F11 out`, async () => {
    await ui.move(() => page.keyboard.press('F10'));
    await ui.move(() => page.keyboard.press('Shift+F11'));
    await topIs(ui, /^sys_sendto/);
  });
  await results.test(page, `${tree} 06 Step Back goes back and says past`, async () => {
    const before = await ui.position();
    await ui.move(() => ui.toolbar('Step Back').click());
    const now = await ui.position();
    assert.ok(now.step < before.step);
    assert.match(now.text, /past/);
  });
  await results.test(page, `${tree} 07 Reverse goes to where the trace began`, async () => {
    const { step } = await ui.move(() => ui.toolbar('Reverse').click());
    assert.ok(step <= ui.start, `${step}, begun at ${ui.start}`);
  });
  await results.test(page, `${tree} 08 a gutter breakpoint in the driver stops the packet`, async () => {
    await ui.toggleBreakpoint('drivers/net/ethernet/intel/igb/igb_main.c', /\bigb_xmit_frame\(/);
    await ui.move(() => ui.toolbar('Continue').click());
    const frame = await topIs(ui, /^igb_xmit_frame\b/);
    assert.equal(frame.file, 'igb_main.c');
    await onLine(ui, /igb_xmit_frame/);
  });
  await results.test(page, `${tree} 09 the call stack is the kernel's, with its context`, async () => {
    const wanted = ['dev_hard_start_xmit', 'sch_direct_xmit', 'ip_queue_xmit', 'tcp_transmit_skb', 'tcp_sendmsg'];
    const text = await ui.until(`${wanted.join(', ')} in the call stack`, async () => {
      const all = await ui.callStackText();
      return wanted.every((name) => all.includes(name)) ? all : null;
    });
    assert.match(text, /CPU|process|\(\d+\)/);
  });
  await results.test(page, `${tree} 10 Variables show the packet, the socket, the ring`, () => variables(ui));
  await results.test(page, `${tree} 11 a click on a lower frame shows its line`, async () => {
    await ui.frames().filter({ hasText: 'tcp_transmit_skb' }).first().click();
    await page.locator('.tab.active', { hasText: 'tcp_output.c' }).waitFor();
  });
}

async function variables(ui) {
  const view = ui.page.locator('.debug-variables');
  for (const scope of ['Locals', 'Packet', 'Socket', 'Device']) {
    await view.locator('.monaco-list-row', { hasText: scope }).first().waitFor();
  }
  const packet = view.locator('.monaco-list-row', { hasText: /^Packet/ }).first();
  if ((await packet.getAttribute('aria-expanded')) === 'false') await packet.click();
  await view.locator('.monaco-list-row', { hasText: /iphdr/ }).first().waitFor();
  await view.locator('.monaco-list-row', { hasText: '10.0.0.1' }).first().waitFor();
}

/** The packet as one thing, and the far side. */
export async function onwards(ui, tree, results) {
  const { page } = ui;
  await results.test(page, `${tree} 12 next event of this packet`, async () => {
    await ui.move(() => ui.command('skbwalk: Next Event of This Packet'));
    await ui.move(() => ui.command('skbwalk: Previous Event of This Packet'));
  });
  await results.test(page, `${tree} 13 go to a step by number`, async () => {
    await ui.goToStep(100);
    await ui.until('step 100', async () => (await ui.position())?.step === 100);
  });
  await results.test(page, `${tree} 14 the peer: softirq on the way up`, async () => {
    await ui.toggleBreakpoint('drivers/net/ethernet/intel/igb/igb_main.c', /\bigb_xmit_frame\(/);
    await ui.toggleBreakpoint('net/ipv4/tcp_ipv4.c', /\btcp_v4_rcv\(/);
    await ui.move(() => ui.toolbar('Continue').click());
    await topIs(ui, /^tcp_v4_rcv\b/);
    await ui.until('a softirq in the call stack', async () => /softirq/.test(await ui.callStackText()));
  });
  await results.test(page, `${tree} 15 Continue goes to the end, Shift+F5 stops`, async () => {
    await ui.toggleBreakpoint('net/ipv4/tcp_ipv4.c', /\btcp_v4_rcv\(/);
    await ui.move(() => ui.toolbar('Continue').click());
    const { step, total } = await ui.position();
    assert.ok(step > total - 10, `stopped at ${step} of ${total}`);
    await page.keyboard.press('Shift+F5');
    await page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
    assert.equal(await ui.position(), null);
  });
  await results.test(page, `${tree} 16 the palette lists scenarios and starts one`, async () => {
    await ui.command('skbwalk: Trace...');
    await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    await page.locator('.quick-input-widget input').first().fill('tcp-send-64');
    await ui.pick('tcp-send-64');
    await page.locator('.debug-toolbar').waitFor();
    await topIs(ui, /^sys_sendto/);
  });
  // Long, and the same on every tree.
  if (tree === 'mini') await results.test(page, `${tree} 17 after a reload of the window the graph offers the run again`, () => reload(ui));
}

async function reload(ui) {
  const { page } = ui;
  await page.reload();
  await ui.webview().locator('button.run', { hasText: 'Run tcp-send-64 again' }).click();
  await page.locator('.debug-toolbar').waitFor();
  await ui.webview().locator('.row.current .name', { hasText: /^sys_sendto$/ }).first().waitFor();
}
