import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tinyPorts } from '../../test/unit/tiny-run';
import type { Moved } from '../protocol/engine';
import { hitConditionHolds } from './breakpoints';
import { Engine, EngineError } from './engine';

const LAUNCH = { scenario: 'tiny', kernel: '/tree', storage: '' };
const place = (m: Moved): string => `${m.position.function}:${m.position.place.line}`;

function opened(launch: object = {}): { engine: Engine; first: Moved; ports: ReturnType<typeof tinyPorts> } {
  const ports = tinyPorts(), engine = new Engine(ports);
  return { engine, ports, first: engine.open({ ...LAUNCH, ...launch }).moved };
}

test('a run opens at its first system call, at the entry asked for, or on the host asked for', () => {
  assert.equal(place(opened().first), 'sys_sendto:10');
  assert.equal(place(opened({ entry: 'sendto' }).first), 'sys_sendto:10');
  assert.equal(place(opened({ entry: 'tcp_sendmsg' }).first), 'tcp_sendmsg:20');
  assert.equal(place(opened({ host: 'b' }).first), 'tcp_v4_rcv:40');
  assert.throws(() => opened({ entry: 'nothing' }), (e: EngineError) => e.problem.code === 'unknown-entry' && /does not enter nothing/.test(e.message));
  assert.throws(() => opened({ host: 'c' }), (e: EngineError) => e.problem.code === 'unknown-host' && /a, b/.test(e.message));
});

test('a request before a run is a problem, not a crash', () => {
  assert.throws(() => new Engine(tinyPorts()).graph(), (e: EngineError) => e.problem.code === 'no-session');
});

test('a line breakpoint moves to the next line of the function with a step, and stops in both directions', () => {
  const { engine } = opened();
  const rows = engine.breakpoints({ file: '/tree/net/ipv4/tcp.c', lines: [{ line: 23 }, { line: 29 }, { line: 90 }] });
  assert.deepEqual(rows.map((r) => [r.verified, r.line]), [[true, 24], [false, 29], [false, 90]]);
  assert.match(rows[1].message, /no step in tcp_sendmsg/);
  const run = (action: 'continue' | 'reverse'): Moved => engine.step({ action, thread: 0, granularity: 'line' });
  const hit = run('continue');
  assert.deepEqual([place(hit), hit.reason, hit.breakpoints], ['tcp_sendmsg:24', 'breakpoint', [rows[0].id]]);
  assert.equal(place(run('continue')), 'tcp_sendmsg:24', 'the next round of the loop');
  assert.equal(run('continue').reason, 'end');
  assert.equal(place(run('reverse')), 'tcp_sendmsg:24');
  assert.equal(engine.position().past, true);
  assert.deepEqual(engine.breakpoints({ file: '/elsewhere/x.c', lines: [{ line: 1 }] })[0].verified, false);
  engine.breakpoints({ file: '/tree/net/ipv4/tcp.c', lines: [] });
  assert.equal(run('continue').reason, 'end', 'removed');
});

test('function breakpoints, conditions, hit counts and log points', () => {
  const { engine } = opened(), go = (): Moved => engine.step({ action: 'continue', thread: 0, granularity: 'line' });
  const [found, none] = engine.functionBreakpoints({ functions: [{ name: 'tcp_v4_rcv' }, { name: 'udp_sendmsg' }] });
  assert.deepEqual([found.verified, none.verified], [true, false]);
  assert.deepEqual([place(go())], ['tcp_v4_rcv:40']);
  engine.functionBreakpoints({ functions: [] });
  engine.goto({ step: 0 });
  engine.breakpoints({ file: '/tree/net/ipv4/tcp.c', lines: [{ line: 25, condition: 'step > 11' }, { line: 22, logMessage: 'at {step}, {nope}' }, { line: 24, condition: 'wrong +' }] });
  const hit = go();
  assert.equal(hit.position.step, 13);
  assert.deepEqual(hit.output, ['at 7, <no "nope" here>', 'The condition "wrong +" cannot be evaluated: no "wrong" here']);
  engine.goto({ step: 0 });
  engine.breakpoints({ file: '/tree/net/ipv4/tcp.c', lines: [{ line: 24, hitCondition: '2' }] });
  assert.equal(go().position.step, 12);
  assert.deepEqual([hitConditionHolds('>= 2', 3), hitConditionHolds('%2', 3), hitConditionHolds('x', 1)], [true, false, null]);
});

test('a statement that is not in the tree shows its function, marked so', () => {
  const { engine } = opened({ host: 'b' });
  const frames = engine.stack({ thread: engine.position().thread, start: 0, levels: 0 }).frames;
  assert.deepEqual(frames.map((f) => f.label?.kind ?? f.name), ['tcp_v4_rcv', 'softirq']);
  const gone = engine.step({ action: 'in', thread: 0, granularity: 'instruction' });
  assert.deepEqual([gone.position.place.status, gone.position.place.line], ['function', 40]);
  assert.match(gone.position.place.note, /gone/);
});

test('stacks carry labels where one context interrupts another', () => {
  const { engine } = opened({ entry: 'igb_msix_ring' });
  const { frames, total } = engine.stack({ thread: engine.position().thread, start: 0, levels: 0 });
  assert.deepEqual(frames.map((f) => f.label?.kind ?? `${f.name}:${f.place.line}`), ['igb_msix_ring:50', 'hardirq', 'tcp_sendmsg:24', 'sys_sendto:13', 'task']);
  assert.equal(total, 5);
  assert.equal(engine.stack({ thread: engine.position().thread, start: 2, levels: 1 }).frames[0].name, 'tcp_sendmsg');
});

test('a packet is followed from event to event, over the wire and back', () => {
  const { engine } = opened({ entry: 'tcp_sendmsg' }), whats: string[] = [];
  for (let r = engine.packet({ direction: 1, packet: 0 }); r.moved; r = engine.packet({ direction: 1, packet: 0 })) whats.push(`${r.what} @${place(r.moved)}`);
  assert.deepEqual(whats, ['alloc @tcp_sendmsg:22', 'queue: ring 0 @tcp_sendmsg:25', 'wire @tcp_v4_rcv:40', 'receive @tcp_v4_rcv:42']);
  assert.equal(engine.packet({ direction: -1, packet: 7 }).what, 'wire');
});

test('scopes, variables and watches come from the inspected step, once per step', () => {
  const { engine, ports } = opened(), frame = engine.position().frame + 1;
  const scopes = engine.scopes({ step: 0, frame });
  assert.deepEqual(scopes.map((s) => s.name), ['Locals', 'Host']);
  const locals = engine.variables({ handle: scopes[0].handle, start: 0, count: 0, hex: false });
  assert.deepEqual(locals.map((v) => `${v.name}=${v.value}`), ['step=0', 'sk=NULL', 'list=[3]', 'table={...}']);
  assert.deepEqual(engine.variables({ handle: locals[2].handle, start: 1, count: 2, hex: false }).map((v) => v.path), ['list[1]', 'list[2]']);
  assert.equal(engine.evaluate({ expression: 'list[2] == 3 && !sk', step: 0, frame, hex: false }).value, '1');
  assert.throws(() => engine.evaluate({ expression: 'list[9]', step: 0, frame, hex: false }), /3 items/);
  assert.deepEqual(ports.inspected, [0]);
  engine.scopes({ step: 1, frame });
  assert.deepEqual(engine.variables({ handle: scopes[0].handle, start: 0, count: 0, hex: false }), [], 'handles end when another step is looked at');
});

test('visited lines, lines with steps, goto targets and the status of functions', () => {
  const { engine } = opened(), file = '/tree/net/ipv4/tcp.c';
  engine.goto({ step: 9 });
  assert.deepEqual(engine.visited({ file }).lines, [20, 22, 24]);
  assert.deepEqual(engine.locations({ file, line: 1, endLine: 30 }), [20, 22, 24, 25]);
  assert.deepEqual(engine.targets({ file, line: 23 }).map((t) => t.step), [8, 12]);
  const status = engine.status({ files: 1 });
  assert.equal(status.done, false);
  assert.equal(engine.status({ files: 100 }).done, true);
  assert.equal(engine.status({ files: 100 }).functions[0], 1);
});

test('files of the coming steps are named, the nearest first, and idle time looks their lines up', () => {
  const { engine, first } = opened();
  assert.deepEqual(first.ahead, ['/tree/net/socket.c', '/tree/net/ipv4/tcp.c', '/tree/drivers/net/igb.c']);
  while (engine.idle(false));
  assert.equal(engine.idle(false), false, 'nothing is left to look up');
  const end = engine.step({ action: 'continue', thread: 0, granularity: 'line' });
  assert.deepEqual([end.reason, end.position.step + 1, end.ahead], ['end', end.position.count, []]);
});

test('a run opened ahead of time is the one that the session gets; one that cannot be opened says nothing yet', () => {
  const engine = new Engine(tinyPorts());
  assert.equal(engine.warm({ ...LAUNCH, entry: 'nothing' }), false);
  assert.equal(engine.warm({ ...LAUNCH, entry: 'tcp_sendmsg' }), true);
  assert.equal(place(engine.open({ ...LAUNCH, entry: 'tcp_sendmsg' }).moved), 'tcp_sendmsg:20');
});

test('what is wrong with a scenario file stands at its line, without its name', () => {
  const engine = new Engine(tinyPorts());
  assert.deepEqual(engine.check({ text: 'bad', where: '/x/my.json' }), { message: '"x" is missing', line: 2, column: 3 });
  assert.equal(engine.check({ text: 'good', where: '/x/my.json' }), null);
  assert.deepEqual(engine.copy({ scenario: 'tiny' }), { text: '{}' });
  assert.throws(() => engine.copy({ scenario: 'none' }), (e: EngineError) => /no scenario "none"/.test(e.message));
});
