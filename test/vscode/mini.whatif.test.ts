import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { named, Session } from './support';

describe('what if', () => {
  let session: Session;
  before(async () => {
    vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint('tcp_transmit_skb')]);
    session = await Session.start();
    await session.by('continue');
  });
  after(() => Session.stopAll());

  it('sets a field of the socket and runs again from there on', async () => {
    const congestion = named(await session.scope('Socket'), 'congestion');
    await session.stop(async () => {
      const { value } = await session.request('setVariable', { variablesReference: congestion.variablesReference, name: 'snd_cwnd', value: '3' });
      assert.equal(value, '3');
    });
    assert.equal((await session.top()).name, 'tcp_transmit_skb');
    const { result } = await session.request('evaluate', { expression: 'tcp_sk(sk)->snd_cwnd', frameId: (await session.top()).id, context: 'watch' });
    assert.equal(result, '3');
  });

  it('loses the packet on its way, so that it is sent again', async () => {
    await session.stop(() => vscode.commands.executeCommand('skbwalk.losePacket'));
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint('tcp_send_loss_probe')]);
    await session.by('continue');
    assert.match((await session.top()).name, /^tcp_send_loss_probe/);
  });

  it('takes everything back', async () => {
    await session.stop(() => vscode.commands.executeCommand('skbwalk.undoChanges'));
    assert.equal((await session.top()).name, 'tcp_transmit_skb', 'where the first change was');
    const { result } = await session.request('evaluate', { expression: 'tcp_sk(sk)->snd_cwnd', frameId: (await session.top()).id, context: 'watch' });
    assert.notEqual(result, '3');
  });
});
