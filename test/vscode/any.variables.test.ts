import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { named, Session } from './support';

describe('variables', () => {
  let session: Session;
  before(async () => {
    vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint('igb_xmit_frame')]);
    session = await Session.start();
    await session.by('continue');
  });
  after(() => Session.stopAll());

  it('shows the parameters as locals', async () => {
    const locals = await session.scope('Locals');
    assert.ok(named(locals, 'skb'), locals.map((row) => row.name).join(' '));
    assert.ok(named(locals, 'netdev'));
  });

  it('shows the sk_buff with its memory and its decoded headers', async () => {
    const packet = await session.scope('Packet');
    const text = packet.map((row) => `${row.name}=${row.value}`).join('\n');
    for (const part of ['ethhdr', 'iphdr', 'tcphdr', 'len']) assert.match(text, new RegExp(part), text);
    const ip = named(packet, 'iphdr');
    const fields = await session.variables(ip.variablesReference);
    const values = fields.map((row) => `${row.name} ${row.value}`).join('\n');
    assert.match(values, /10\.0\.0\.1/);
    assert.match(values, /10\.0\.0\.2/);
  });

  it('shows the socket: sequence numbers, window, queues', async () => {
    const rows = await session.scope('Socket');
    const text = rows.map((row) => `${row.name}=${row.value}`).join('\n');
    for (const part of ['state=.*ESTABLISHED', 'snd_una', 'snd_cwnd', 'sk_write_queue=1 buffers']) assert.match(text, new RegExp(part), text);
  });

  it('shows the ring of the device', async () => {
    const text = (await session.scope('Device')).map((row) => `${row.name}=${row.value}`).join('\n');
    assert.match(text, /name="eth0"/);
    assert.match(text, /tx_ring\[\d\]=next_to_use \d+, next_to_clean \d+/);
  });

  it('shows them as they were after going back', async () => {
    const length = async () => named(await session.scope('Packet'), 'len')?.value;
    const now = await length();
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint('ip_queue_xmit')]);
    await session.by('reverseContinue');
    const before = await length();
    assert.ok(Number.parseInt(before, 10) < Number.parseInt(now, 10), `${before} then, ${now} in the driver`);
  });

  it('evaluates watch expressions and hovers', async () => {
    const frameId = (await session.top()).id;
    const { result } = await session.request('evaluate', { expression: 'skb->len', frameId, context: 'watch' });
    assert.match(result, /^\d+/);
    await assert.rejects(async () => session.request('evaluate', { expression: 'no_such_thing', frameId, context: 'repl' }));
  });

  it('watches a field: back to the statement that changed it last, and on to the next', async () => {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    const frameId = (await session.top()).id, here = session.output().length;
    const { dataId, description } = await session.request('dataBreakpointInfo', { name: 'tcp_sk(sk)->packets_out', frameId });
    assert.equal(description, 'tcp_sk(sk)->packets_out');
    const { breakpoints } = await session.request('setDataBreakpoints', { breakpoints: [{ dataId }] });
    assert.deepEqual(breakpoints.map((one: { verified: boolean }) => one.verified), [true]);
    assert.equal((await session.by('continue')).reason, 'data breakpoint');
    assert.match((await session.top()).name, /^tcp_event_new_data_sent/);
    assert.match(session.output().slice(here), /packets_out changes here: 0 to 1/);
    assert.equal((await session.by('continue')).reason, 'data breakpoint');
    assert.match((await session.top()).name, /^tcp_clean_rtx_queue/);
    assert.equal((await session.by('reverseContinue')).reason, 'data breakpoint');
    assert.match((await session.top()).name, /^tcp_event_new_data_sent/);
    const no = await session.request('dataBreakpointInfo', { name: 'no_such_thing', frameId: (await session.top()).id });
    assert.deepEqual([no.dataId, /no_such_thing/.test(no.description)], [null, true]);
    await session.request('setDataBreakpoints', { breakpoints: [] });
  });
});
