/** Scenario files as strangers write them: what is wrong is told with its place, what is odd runs or stops with a reason; never a hang, never an exception. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadScenario, runScenario } from './index';
import { Run } from './run';

type Any = any;
const BASE = (): Any => ({
  id: 'odd', warm: false, links: [{ between: ['a.eth0', 'b.eth0'] }],
  hosts: [
    { name: 'a', interfaces: [{ name: 'eth0', address: '10.0.0.1/24' }], programs: [{ name: 's', after: 'b', steps: [{ call: 'socket', type: 'tcp' }, { call: 'connect', address: '10.0.0.2', port: 5000 }, { call: 'send', length: 100 }, { call: 'close' }] }] },
    { name: 'b', interfaces: [{ name: 'eth0', address: '10.0.0.2/24' }], programs: [{ name: 'r', steps: [{ call: 'socket', type: 'tcp' }, { call: 'bind', port: 5000 }, { call: 'listen' }, { call: 'ready' }, { call: 'accept' }, { call: 'recv', length: 100, until: 100 }, { call: 'close' }] }] },
  ],
});
const changed = (change: (s: Any) => void): string => { const s = BASE(); change(s); return JSON.stringify(s, null, 1); };

/** The message for a text that must be refused. */
function refused(text: string): string {
  const loaded = loadScenario({ text, where: 'odd.json' });
  assert.ok(loaded.ok === false, 'refused');
  assert.match(loaded.error.message, /^odd\.json:\d+:\d+: /);
  return loaded.error.message;
}

/** Why a run ended, empty when by itself. */
function ends(text: string): string {
  const loaded = loadScenario({ text, where: 'odd.json' });
  assert.ok(loaded.ok, loaded.ok === false ? loaded.error.message : '');
  return new Run(loaded.value, { silent: true }).finish();
}

const WRONG: Record<string, [change: (s: Any) => void, message: RegExp]> = {
  'an unknown key': [(s) => { s.hosts[0].interfaces[0].colour = 'red'; }, /unknown key "colour"/], 'a text for a number': [(s) => { s.hosts[0].cpus = 'two'; }, /"cpus" must be a whole number/],
  'no CPU': [(s) => { s.hosts[0].cpus = 0; }, /"cpus" must be 1 or more/], 'no hosts': [(s) => { s.hosts = []; }, /"hosts"/], 'one address twice': [(s) => { s.hosts[1].interfaces[0].address = '10.0.0.1/24'; }, /10\.0\.0\.1 is the address of a\.eth0 already/],
  'an address part of 300': [(s) => { s.hosts[1].interfaces[0].address = '10.0.0.300/24'; }, /above 255/], 'a prefix of 99': [(s) => { s.hosts[1].interfaces[0].address = '10.0.0.2/99'; }, /more than 32 bits/],
  'a group MAC': [(s) => { s.hosts[1].interfaces[0].mac = 'ff:ff:ff:ff:ff:ff'; }, /group address/], 'a negative length': [(s) => { s.hosts[0].programs[0].steps[2].length = -1; }, /"length" must be 0 or more/], 'a huge length': [(s) => { s.hosts[0].programs[0].steps[2].length = 1e300; }, /"length" must be/],
  'an unknown call': [(s) => { s.hosts[0].programs[0].steps[2].call = 'sendfile'; }, /"call" must be one of: socket, bind/], 'a port of 70000': [(s) => { s.hosts[0].programs[0].steps[1].port = 70000; }, /"port" must be 65535 or less/],
  'a rate of nothing': [(s) => { s.links[0].rate = '0mbit'; }, /at least 1 bit/], 'a cable to itself': [(s) => { s.links[0].between = ['a.eth0', 'a.eth0']; }, /needs two ends/], 'drops of a stranger': [(s) => { s.links[0].drop = { 'z.eth0': [1] }; }, /no end of this cable/],
  'a qdisc without a rate': [(s) => { s.hosts[0].interfaces[0].qdisc = { kind: 'tbf', rate: 0, burst: 1000, limit: 1000 }; }, /"rate" must be a rate/], 'a budget of nothing': [(s) => { s.hosts[0].sysctls = { 'net.core.netdev_budget': 0 }; }, /at least 1/],
  'a step of a second': [(s) => { s.step = '1s'; }, /between 1 ns and 20 us/], 'a step of nothing': [(s) => { s.step = 0; }, /between 1 ns/], 'a start after the end': [(s) => { s.hosts[0].starts = '1000000s'; }, /after the run's time limit/],
  'a program that waits for itself': [(s) => { s.hosts[0].programs[0].after = 'a.s'; }, /cannot wait for itself/], 'too many datagrams': [(s) => { s.hosts[0].programs[0].steps[2] = { call: 'sendto', address: '10.0.0.2', port: 9, length: 1, count: 1e9 }; }, /1000000 at most/],
  'a rule that jumps to a chain': [(s) => { s.hosts[0].rules = [{ chain: 'OUTPUT', target: 'OUTPUT' }]; }, /"target" must be one of: DROP, ACCEPT/], 'an impossible length': [(s) => { s.hosts[0].rules = [{ chain: 'OUTPUT', target: 'DROP', length: [100, 1] }]; }, /no packet is/],
  'a route over nothing': [(s) => { s.hosts[0].routes = [{ to: '2.2.2.2/32', dev: 'nope' }]; }, /host a has no interface "nope"; it has: eth0, lo/], 'a step on an interface that is not there': [(s) => { s.hosts[0].programs[0].steps.push({ call: 'ifdown', dev: 'eth7' }); }, /no interface "eth7"/],
  'a socket that nobody makes': [(s) => { s.hosts[0].programs[0].steps[2].fd = 'x'; }, /makes a socket "x"; there are: listener, s1/], 'two programs of one name': [(s) => { s.hosts[0].programs.push(s.hosts[0].programs[0]); }, /two programs called "s"/], 'two cables in one interface': [(s) => { s.links.push(s.links[0]); }, /"a\.eth0" has a cable already/],
  'a sysctl that is not modelled': [(s) => { s.hosts[0].sysctls = { 'net.ipv4.nothing': 1 }; }, /net\.ipv4\.nothing is not modelled/], 'a sysctl of letters': [(s) => { s.hosts[0].sysctls = { 'net.ipv4.tcp_retries2': 'abc' }; }, /must be a whole number/], 'two numbers for three': [(s) => { s.hosts[0].sysctls = { 'net.ipv4.tcp_rmem': '4096 8192' }; }, /must be 3 whole numbers/],
  'a time of letters': [(s) => { s.hosts[0].starts = 'soon'; }, /"starts" must be a time: nanoseconds/], 'an address of letters': [(s) => { s.hosts[0].programs[0].steps[1].address = 'b'; }, /"address" must be an IPv4 address such as/], 'a very long word': [(s) => { s.hosts[0].programs[0].after = 'x'.repeat(5000); }, /"x{60}\.\.\." is no host/],
  'a CPU that is not there': [(s) => { s.hosts[0].interfaces[0].interrupts = [5]; }, /there is no CPU 5/], 'a seed of 1e999': [(s) => { s.seed = 1e308; }, /"seed" must be/],
};
for (const [what, [change, message]] of Object.entries(WRONG)) test(`${what} is refused with its place`, () => assert.match(refused(changed(change)), message));

test('files of many megabytes are refused soon', () => {
  const begun = Date.now();
  refused(JSON.stringify({ ...BASE(), title: 'x'.repeat(9_000_000) }));
  refused(`{"id":"x","hosts":[{"name":"a","programs":[{"steps":[${'{},'.repeat(300_000)}{}]}]}]}`);
  assert.ok(Date.now() - begun < 5000, `${Date.now() - begun} ms`);
});

test('a key that stands twice is refused at its second place', () => assert.match(refused('{"id": "x",\n "hosts": [{"name": "a", "name": "b"}]}'), /^odd\.json:2:26: "name" stands twice/));

test('what is no JSON, or too deep, is refused with its place', () => {
  for (const text of ['', '   ', 'null', '[]', '5', JSON.stringify(BASE()).slice(0, 200), '['.repeat(200_000) + ']'.repeat(200_000), '{"a":'.repeat(100_000), '{"id":NaN}', '{"__proto__":{"id":"x"}}', '\0\x01']) refused(text);
  assert.match(refused('{"id": "x",\n "deep": ' + '['.repeat(300)), /^odd\.json:2:\d+: brackets nest/);
});

const STOPS: Record<string, [change: (s: Any) => void, reason: RegExp]> = {
  'nobody ever sends': [(s) => { s.hosts[0].programs[0].steps[2] = { call: 'recv', length: 5 }; s.hosts[1].programs[0].steps[5] = { call: 'recv', length: 5 }; }, /still waiting \(a: s .*; b: r /],
  'programs wait for each other': [(s) => { s.hosts[1].programs[0].after = 'a'; }, /still waiting/], 'a million steps are the limit': [(s) => { s.limits = { steps: 100_000 }; }, /stopped after 100000 steps/], 'everything is lost': [(s) => { s.links[0].loss = 1; }, /still waiting/],
};
for (const [what, [change, reason]] of Object.entries(STOPS)) test(`${what}: the run stops and says why`, () => assert.match(ends(changed(change)), reason));

test('a run that ends before its hosts are up has a trace all the same', () => {
  const loaded = loadScenario({ text: changed((s) => { s.limits = { time: '1us' }; }), where: 'odd.json' });
  assert.ok(loaded.ok);
  assert.match(runScenario(loaded.value).stopped, /stopped at/);
});

test('odd files run to their end: strange sizes, orders, options and tables', () => {
  const odd: ((s: Any) => void)[] = [
    (s) => { for (const h of s.hosts) h.interfaces[0].mtu = 9216; s.hosts[0].programs[0].steps[2].length = 100; }, (s) => { s.hosts[0].interfaces[0].qdisc = { kind: 'tbf', rate: '1mbit', burst: 2000, limit: 3000 }; },
    (s) => { s.hosts[0].programs[0].steps[2] = { call: 'writev', lengths: Array(100).fill(1) }; }, (s) => { s.hosts[0].programs[0].steps.push({ call: 'close' }, { call: 'close' }); }, (s) => { s.hosts[1].programs[0].steps.splice(4, 0, { call: 'poll', timeout: 2147483647 }, { call: 'epoll', timeout: 0 }); },
    (s) => { s.hosts[0].routes = [{ to: '1.2.3.4/32', via: '9.9.9.9' }, { to: '2.2.2.2/32', dev: 'lo' }]; }, (s) => { s.hosts[1].programs[0].steps[5] = { call: 'recv', length: 1, until: 100 }; }, (s) => { s.hosts[0].sysctls = { 'net.ipv4.tcp_retries2': '0', 'net.ipv4.tcp_rmem': '1 1 1' }; },
    (s) => { s.links[0].duplicate = 1; }, (s) => { s.links[0].reorder = 1; s.links[0].reorderBy = '5ms'; }, (s) => { s.hosts[0].rules = [{ chain: 'INPUT', protocol: 'icmp', target: 'DROP', nth: { every: 2, packet: 1 } }]; }, (s) => { s.seed = 4294967295; s.step = 1; },
    (s) => { for (const h of s.hosts) h.interfaces[0].offloads = { tso: false, gso: false, gro: false, sg: false, checksum: false }; }, (s) => { s.hosts[0].starts = '3s'; }, (s) => { s.links[0].rate = 20000; },
    (s) => { s.hosts.push({ name: 'c' }); }, (s) => { for (const h of s.hosts) delete h.programs; },
  ];
  for (const [i, change] of odd.entries()) assert.equal(ends(changed(change)), '', `number ${i}`);
});

test('what never ends within one system call is stopped inside it', () => {
  const reason = ends(changed((s) => { s.hosts[0].programs[0] = { name: 's', steps: [{ call: 'socket', type: 'udp' }, { call: 'sendto', address: '10.0.0.1', port: 9, length: 10, count: 1000000 }] }; s.limits = { steps: 50_000 }; }));
  assert.match(reason, /^stopped after \d+ steps(: the run would go on|, \d+ of them without a pause: \w+ would go on)/);
});

test('a routing loop ends when the time to live does', () => {
  const nic = (name: string, address: string): object => ({ name, address: `${address}/24` }), forwards = { 'net.ipv4.ip_forward': 1 };
  const loaded = loadScenario({ where: 'loop.json', text: JSON.stringify({
    id: 'loop', warm: false, links: [{ between: ['a.eth0', 'b.eth0'] }, { between: ['b.eth1', 'c.eth0'] }],
    hosts: [
      { name: 'a', interfaces: [nic('eth0', '10.0.0.1')], routes: [{ to: 'default', via: '10.0.0.2' }], programs: [{ steps: [{ call: 'socket', type: 'udp' }, { call: 'sleep', time: '1s' }, { call: 'sendto', address: '8.8.8.8', port: 53, length: 100 }, { call: 'sleep', time: '1s' }] }] },
      { name: 'b', sysctls: forwards, interfaces: [nic('eth0', '10.0.0.2'), nic('eth1', '10.0.1.2')], routes: [{ to: 'default', via: '10.0.1.3' }] },
      { name: 'c', sysctls: forwards, interfaces: [nic('eth0', '10.0.1.3')], routes: [{ to: 'default', via: '10.0.1.2' }] },
    ],
  }) });
  assert.ok(loaded.ok);
  let crossings = 0;
  assert.equal(new Run(loaded.value, { silent: true, onFrame: (frame) => { if (frame.bytes.length === 142) crossings++; } }).finish(), '');
  assert.equal(crossings, 64);
});

test('no change to a good file makes the reader throw', () => {
  const text = JSON.stringify(BASE());
  fc.assert(fc.property(fc.nat(text.length), fc.nat(6), fc.string({ maxLength: 6 }), (at, cut, put) => { loadScenario({ text: text.slice(0, at) + put + text.slice(at + cut), where: 'odd.json' }); }), { numRuns: 400 });
});
