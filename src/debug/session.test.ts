import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { tinyPorts } from '../../test/unit/tiny-run';
import type { EngineRequest, EngineResponse, Moved } from '../protocol/engine';
import { Engine } from './engine';
import { EngineLink, type WorkerPort } from './link';
import { answer } from './server';
import { SkbwalkSession } from './session';

/** A worker thread in this thread: messages are cloned and come later, as in the real one. */
class NearWorker extends EventEmitter {
  private readonly engine = new Engine(tinyPorts());
  /** Nothing is answered before this. */
  hold: Promise<void> = Promise.resolve();
  postMessage(message: EngineRequest): void {
    const request = structuredClone(message);
    void this.hold.then(() => setImmediate(() => answer(this.engine, request, { postMessage: (response: EngineResponse) => { this.emit('message', structuredClone(response)); } })));
  }
  terminate(): Promise<number> { return Promise.resolve(0); }
}

class Client {
  readonly worker = new NearWorker();
  readonly moves: Moved[] = [];
  changes: readonly string[] = [];
  ended: string | null = null;
  readonly events: DebugProtocol.Event[] = [];
  readonly looker = new NearWorker();
  readonly session = new SkbwalkSession(new EngineLink(this.worker as unknown as WorkerPort), () => new EngineLink(this.looker as unknown as WorkerPort), { opened: () => undefined, changed: (_, changes) => { this.changes = changes; }, moved: (moved) => { this.moves.push(moved); }, ended: (problem) => { this.ended = problem; } });
  private seq = 1;
  private readonly waiting = new Map<number, (r: DebugProtocol.Response) => void>();
  private readonly listeners: { name: string; done: (e: DebugProtocol.Event) => void }[] = [];

  constructor() {
    this.session.onDidSendMessage((raw) => {
      const m = raw as DebugProtocol.ProtocolMessage;
      if (m.type === 'response') this.waiting.get((m as DebugProtocol.Response).request_seq)?.(m as DebugProtocol.Response);
      else {
        const event = m as DebugProtocol.Event, at = this.listeners.findIndex((l) => l.name === event.event);
        this.events.push(event);
        if (at >= 0) this.listeners.splice(at, 1)[0].done(event);
      }
    });
  }
  send(command: string, args: object = {}): Promise<DebugProtocol.Response> {
    const seq = this.seq++;
    return new Promise((resolve) => { this.waiting.set(seq, resolve); this.session.handleMessage({ type: 'request', seq, command, arguments: args } as never); });
  }
  async ask(command: string, args: object = {}): Promise<any> {
    const r = await this.send(command, args);
    assert.equal(r.success, true, `${command}: ${r.message}`);
    return r.body;
  }
  event(name: string): Promise<DebugProtocol.Event> { return new Promise((done) => { this.listeners.push({ name, done }); }); }
  /** A request that leads to a stop: gives the stop's body. */
  async stop(command: string, args: object = {}): Promise<any> {
    const stopped = this.event('stopped');
    await this.ask(command, args);
    return (await stopped).body;
  }
  async start(launch: object = {}, client: object = {}): Promise<any> {
    await this.ask('initialize', { adapterID: 'skbwalk', pathFormat: 'path', ...client });
    const initialized = this.event('initialized');
    await this.ask('launch', { scenario: 'tiny', kernel: '/tree', storage: '', ...launch });
    await initialized;
    return this.stop('configurationDone');
  }
  async top(threadId: number): Promise<DebugProtocol.StackFrame> { return (await this.ask('stackTrace', { threadId })).stackFrames[0]; }
}

test('the capabilities a client builds its buttons from', async () => {
  const body = await new Client().ask('initialize', { adapterID: 'skbwalk', pathFormat: 'path' });
  for (const can of ['supportsStepBack', 'supportsFunctionBreakpoints', 'supportsConditionalBreakpoints', 'supportsGotoTargetsRequest', 'supportsSteppingGranularity', 'supportsTerminateRequest']) assert.equal(body[can], true, can);
});

test('launch, stop at the entry, step in, over and back', async () => {
  const client = new Client(), stop = await client.start();
  assert.deepEqual([stop.reason, stop.allThreadsStopped], ['entry', true]);
  const top = await client.top(stop.threadId);
  assert.deepEqual([top.name, top.line, top.source?.path], ['sys_sendto', 10, '/tree/net/socket.c']);
  for (const [command, line] of [['stepIn', 12], ['next', 13], ['next', 15], ['stepBack', 13], ['stepBack', 12]] as const) {
    const { threadId } = await client.stop(command, { threadId: stop.threadId });
    assert.equal((await client.top(threadId)).line, line, command);
  }
  assert.equal(client.moves.at(-1)?.position.past, true);
});

test('breakpoints set before configurationDone stop the first continue; the end is said', async () => {
  const client = new Client();
  await client.ask('initialize', { adapterID: 'skbwalk', pathFormat: 'path' });
  await client.ask('launch', { scenario: 'tiny', kernel: '/tree', storage: '' });
  const { breakpoints } = await client.ask('setBreakpoints', { source: { path: '/tree/net/ipv4/tcp.c' }, breakpoints: [{ line: 21 }, { line: 99 }] });
  assert.deepEqual(breakpoints.map((b: DebugProtocol.Breakpoint) => [b.verified, b.line]), [[true, 22], [false, 99]]);
  const first = await client.stop('configurationDone');
  const hit = await client.stop('continue', { threadId: first.threadId });
  assert.deepEqual([hit.reason, hit.hitBreakpointIds], ['breakpoint', [breakpoints[0].id]]);
  await client.stop('continue', { threadId: first.threadId });
  assert.ok(client.events.some((e) => e.event === 'output' && /trace ends here/.test(e.body.output)));
  await client.ask('setBreakpoints', { source: { path: '/tree/net/ipv4/tcp.c' }, breakpoints: [] });
  const back = await client.stop('reverseContinue', { threadId: first.threadId });
  assert.equal((await client.top(back.threadId)).line, 10, 'backwards to where the session began');
});

test('threads are named, stacks carry context labels, uncertain frames are subtle', async () => {
  const client = new Client(), stop = await client.start({ entry: 'igb_msix_ring' });
  const { threads } = await client.ask('threads');
  assert.deepEqual(threads.map((t: DebugProtocol.Thread) => t.name), ['a: sender (42)', 'a: hard IRQ CPU 0', 'a: NIC', 'b: softirq CPU 1']);
  const { stackFrames, totalFrames } = await client.ask('stackTrace', { threadId: stop.threadId });
  assert.deepEqual(stackFrames.map((f: DebugProtocol.StackFrame) => (f.presentationHint === 'label' ? `(${f.name})` : f.name)), ['igb_msix_ring', '(hard IRQ on CPU 0 of host a)', 'tcp_sendmsg', 'sys_sendto', '(process 42 sender on host a)']);
  assert.equal(totalFrames, 5);
  const other = new Client(), at = await other.start({ host: 'b' });
  const next = await other.stop('stepIn', { threadId: at.threadId, granularity: 'instruction' }), top = await other.top(next.threadId);
  assert.deepEqual([top.presentationHint, top.name, top.line], ['subtle', 'tcp_v4_rcv (statement not found)', 40]);
});

test('scopes of the first stop that come late are fetched once more', async () => {
  for (const [can, move, told] of [[true, '', 1], [false, '', 0], [true, 'stepIn', 0]] as const) {
    const client = new Client(), first = await client.start({}, { supportsInvalidatedEvent: can }), { threadId } = move ? await client.stop(move, first) : first;
    for (let i = 0; i < 2; i++) {
      client.looker.hold = new Promise((resolve) => { setTimeout(resolve, 500); });
      assert.equal((await client.ask('scopes', { frameId: (await client.top(threadId)).id })).scopes.length, 2);
    }
    await client.ask('threads');
    assert.deepEqual(client.events.filter((e) => e.event === 'invalidated').map((e) => e.body.areas), told ? [['stacks']] : [], `${can} ${move}`);
  }
});

test('scopes, variables, watches, and an error that names its reason', async () => {
  const client = new Client(), stop = await client.start(), frameId = (await client.top(stop.threadId)).id;
  const { scopes } = await client.ask('scopes', { frameId });
  assert.deepEqual(scopes.map((s: DebugProtocol.Scope) => s.name), ['Locals', 'Host']);
  const { variables } = await client.ask('variables', { variablesReference: scopes[0].variablesReference });
  assert.deepEqual(variables.map((v: DebugProtocol.Variable) => v.name), ['step', 'sk', 'list', 'table']);
  assert.equal((await client.ask('evaluate', { expression: 'list[1]', frameId, context: 'watch' })).result, '2');
  const bad = await client.send('evaluate', { expression: 'sk->x', frameId, context: 'repl' });
  assert.equal(bad.success, false);
  assert.match(JSON.stringify(bad.body), /sk is NULL/);
});

test('objects of a step that was left are not looked at, and steps do not wait for objects', async () => {
  const client = new Client();
  let release = (): void => undefined;
  client.looker.hold = new Promise((resolve) => { release = resolve; });
  const stop = await client.start(), frameId = (await client.top(stop.threadId)).id;
  const early = client.send('scopes', { frameId });
  await client.stop('stepIn', { threadId: stop.threadId });
  release();
  assert.deepEqual((await early).body, { scopes: [] });
  assert.equal((await client.ask('scopes', { frameId })).scopes.length, 2);
});

test('goto by line and by the extension, and packet events', async () => {
  const client = new Client(), stop = await client.start();
  const { targets } = await client.ask('gotoTargets', { source: { path: '/tree/net/ipv4/tcp.c' }, line: 24 });
  assert.equal(targets.length, 2);
  const there = await client.stop('goto', { threadId: stop.threadId, targetId: targets[1].id });
  assert.deepEqual([there.reason, (await client.top(there.threadId)).line], ['goto', 24]);
  await client.session.goTo(0);
  assert.equal(client.moves.at(-1)?.position.step, 0);
  const continued = client.events.findIndex((e) => e.event === 'continued');
  assert.ok(continued >= 0 && client.events[continued + 1].event === 'stopped');
  assert.equal((await client.session.packetEvent(1, 7)).what, 'alloc');
});

test('an unknown host fails the launch with what there is', async () => {
  const client = new Client();
  await client.ask('initialize', { adapterID: 'skbwalk', pathFormat: 'path' });
  const response = await client.send('launch', { scenario: 'tiny', kernel: '/tree', host: 'z' });
  assert.equal(response.success, false);
  assert.match(JSON.stringify(response.body), /Its hosts are a, b/);
});

test('when the worker dies the session ends with the reason, and nothing waits for ever', async () => {
  const client = new Client(), stop = await client.start(), terminated = client.event('terminated');
  client.worker.emit('error', new Error('out of memory'));
  await terminated;
  assert.match(client.ended!, /out of memory.*Start the trace again/);
  assert.equal((await client.send('stepIn', { threadId: stop.threadId })).success, false);
});

test('disconnect ends quietly', async () => {
  const client = new Client();
  await client.start();
  await client.ask('disconnect');
  assert.equal(client.ended, '');
});

test('a value that is set makes another run from there on; earlier changes stay, later ones go, and all can be taken back', async () => {
  const client = new Client(), start = await client.start(), console = (): string => client.events.filter((e) => e.event === 'output').map((e) => e.body.output).join('');
  await client.ask('setBreakpoints', { source: { path: '/tree/net/ipv4/tcp.c' }, breakpoints: [{ line: 24 }] });
  const hit = await client.stop('continue', { threadId: start.threadId }), here = client.moves.at(-1)!.position.step;
  const second = async (): Promise<string> => (await client.ask('evaluate', { expression: 'list[1]', frameId: (await client.top(hit.threadId)).id, context: 'watch' })).result;
  const { scopes } = await client.ask('scopes', { frameId: (await client.top(hit.threadId)).id }), { variables } = await client.ask('variables', { variablesReference: scopes[0].variablesReference });
  const list = variables.find((v: DebugProtocol.Variable) => v.name === 'list').variablesReference;
  await client.ask('variables', { variablesReference: list });
  const stopped = client.event('stopped');
  assert.equal((await client.ask('setVariable', { variablesReference: list, name: '[1]', value: '7' })).value, '7');
  await stopped;
  assert.deepEqual([client.moves.at(-1)!.position.step, client.moves.at(-1)!.reason, await second()], [here, 'goto', '7']);
  assert.match(console(), /What if, at step \d+: list\[1\] = 7 \(was 2\)\. The run was made again from here on: \d+ steps\./);
  assert.deepEqual(client.changes, [`at step ${here + 1}: list[1] = 7 (was 2)`]);
  assert.ok(client.events.some((e) => e.event === 'breakpoint' && e.body.reason === 'changed' && e.body.breakpoint.verified));
  assert.equal((await client.stop('continue', { threadId: hit.threadId })).reason, 'breakpoint', 'breakpoints hold in the other run');
  for (const [expression, why] of [['list = 5', /is no field/], ['table.entries = 5', /constant of the kernel/], ['nothing->x = 1', /no \\"nothing\\" here/]] as const) {
    assert.match(JSON.stringify((await client.send('evaluate', { expression, frameId: (await client.top(hit.threadId)).id, context: 'repl' })).body), why);
  }
  await client.session.goTo(here - 2);
  await client.ask('evaluate', { expression: 'list[1] = 9', frameId: (await client.top(client.moves.at(-1)!.position.thread)).id, context: 'repl' });
  assert.match(console(), /1 later changes were taken back with it/);
  assert.deepEqual(client.changes, [`at step ${here - 1}: list[1] = 9 (was 2)`]);
  assert.equal(await client.session.undoChanges(), true);
  assert.deepEqual([await second(), client.changes, await client.session.undoChanges()], ['2', [], false]);
  assert.equal(await client.session.losePacket(99), false, 'no cable carries it');
  await client.session.goTo(3);
  assert.equal(await client.session.losePacket(7), true);
  assert.deepEqual(client.changes, ['from step 4 on: the next frame of packet 7 is lost']);
});
