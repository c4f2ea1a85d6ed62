import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { Session, findAfter, inTree, into, lineOf, until } from './support';

/** The bare name of a frame: the adapter may add `(statement not found)`. */
const bare = (name: string) => name.replace(/ \(.*\)$/, '');

describe('stepping a packet', () => {
  afterEach(() => Session.stopAll());

  it('stops first at the system call, and the editor is there', async () => {
    const session = await Session.start();
    const frame = await session.top();
    assert.equal(frame.name, 'sys_sendto');
    assert.equal(frame.source.path, inTree('net/socket.c'));
    assert.match(lineOf(frame.source.path, frame.line), /sendto/);
    const editor = await until('the editor to show net/socket.c', () => vscode.window.visibleTextEditors.find((e) => e.document.uri.fsPath === frame.source.path));
    await until('the editor to stand on the line', () => editor.selection.active.line + 1 === frame.line || editor.visibleRanges.some((r) => r.start.line < frame.line && frame.line <= r.end.line + 1));
  });

  it('enters at send() when asked to', async () => {
    const session = await Session.start({ entry: 'send' });
    assert.equal((await session.top()).name, 'sys_send');
    await session.stepUntil('stepInto', 'sys_sendto', (frame) => frame.name === 'sys_sendto', 5);
  });

  it('steps into calls: the stack grows by the callee, and the caller stands on the call', async () => {
    const session = await Session.start();
    await session.stepUntil('stepInto', 'sock_sendmsg', (frame) => bare(frame.name) === 'sock_sendmsg');
    const [callee, caller] = await session.stack();
    assert.match(lineOf(callee.source.path, callee.line), /sock_sendmsg/);
    assert.equal(caller.name, 'sys_sendto');
    assert.match(lineOf(caller.source.path, caller.line), /\bsock_sendmsg\b/);
  });

  it('steps over a call and stays in the function', async () => {
    const session = await Session.start();
    await into(session, 'sock_sendmsg');
    const depth = (await session.stack()).length;
    await session.by('stepOver');
    assert.ok((await session.stack()).length <= depth);
    assert.match(bare((await session.top()).name), /^(sock_sendmsg|sys_sendto)$/);
  });

  it('steps out to the caller', async () => {
    const session = await Session.start();
    await into(session, 'sock_sendmsg');
    await session.by('stepOut');
    assert.equal((await session.top()).name, 'sys_sendto');
  });

  it('steps back exactly the way it came', async () => {
    const session = await Session.start();
    const way: string[] = [];
    const here = async () => { const frame = await session.top(); return `${frame.name}:${frame.line}`; };
    for (let i = 0; i < 6; i++) { way.push(await here()); await session.by('stepInto'); }
    const back: string[] = [];
    for (let i = 0; i < 6; i++) { await session.by('stepBack'); back.unshift(await here()); }
    assert.deepEqual(back, way);
  });

  it('runs to the end and back to the start, and says so', async () => {
    const session = await Session.start();
    const start = await session.top();
    await session.by('continue');
    assert.match(session.output(), /The trace ends here/);
    await session.by('reverseContinue');
    assert.match(session.output(), /The trace begins here/);
    const again = await session.top();
    assert.deepEqual([again.name, again.line], [start.name, start.line]);
  });

  it('stops at a breakpoint in a kernel file, forwards and backwards', async () => {
    const line = findAfter('net/ipv4/ip_output.c', /\bip_queue_xmit\(/, /\bip_local_out\(/);
    const at = new vscode.Location(vscode.Uri.file(inTree('net/ipv4/ip_output.c')), new vscode.Position(line - 1, 0));
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(at)]);
    const session = await Session.start();
    const body = await session.by('continue');
    assert.equal(body.reason, 'breakpoint');
    assert.ok((await session.names()).map(bare).includes('ip_queue_xmit'));
    const hit = await session.top();
    await session.by('continue');
    await session.stop(() => vscode.commands.executeCommand('workbench.action.debug.reverseContinue'));
    const back = await session.top();
    assert.equal(back.source.path, hit.source.path);
  });

  it('stops at a function breakpoint in a driver', async () => {
    vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint('igb_xmit_frame')]);
    const session = await Session.start();
    await session.by('continue');
    const names = (await session.names()).map(bare);
    assert.equal(names[0], 'igb_xmit_frame');
    for (const name of ['dev_hard_start_xmit', 'ip_queue_xmit', 'tcp_transmit_skb', 'tcp_sendmsg', 'inet_sendmsg', 'sys_sendto']) assert.ok(names.includes(name), `${name} is not on the stack: ${names.join(' ')}`);
  });

  it('shows the context: process on the way down, softirq and hard IRQ on the way up', async () => {
    vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint('tcp_v4_rcv'), new vscode.FunctionBreakpoint('igb_msix_ring')]);
    const session = await Session.start();
    const { threads } = await session.request('threads');
    assert.ok((threads as { name: string }[]).some((thread) => /CPU|NIC|\(\d+\)/.test(thread.name)), JSON.stringify(threads));
    await session.by('continue');
    const contexts = new Set<string>();
    for (let i = 0; i < 8 && contexts.size < 2; i++) {
      const thread = await session.thread();
      const name = ((await session.request('threads')).threads as { id: number; name: string }[]).find((one) => one.id === thread)?.name ?? '';
      if (/hard IRQ/.test(name)) contexts.add('hard IRQ');
      if (/softirq/.test(name)) contexts.add('softirq');
      await session.by('continue');
    }
    assert.deepEqual([...contexts].sort(), ['hard IRQ', 'softirq']);
  });
});
