/** What a schema cannot say of a scenario: names that must exist, addresses and times that mean something, numbers that must fit each other. */
import { isSysctl, NUMBERS } from '../emulator/sysctl';
import type { HostConfig, InterfaceConfig, ProgramConfig, Scenario } from './types';

export interface Wrong { readonly path: (string | number)[]; readonly message: string }

/** The slowest machine: a boot is some hundred thousand steps, and watchdogs of seconds must not overtake it. */
const MOST_NS_PER_STEP = 20_000;
/** Datagrams of one `sendto` step. */
const MOST_DATAGRAMS = 1_000_000;
/** Bytes that one system call of a program may hand over or ask for, in all its parts. */
const MOST_BYTES = 268_435_456;
/** Sysctls below 1 that would stop the machine: a poll that may take no packet never ends. */
const AT_LEAST_ONE: ReadonlySet<string> = new Set(['net.core.netdev_budget', 'net.core.dev_weight', 'net.core.netdev_max_backlog', 'net.core.rmem_default', 'net.core.wmem_default', 'net.core.rmem_max', 'net.core.wmem_max']);

/** Why `text` is no IPv4 address (with a prefix length, if it has one); empty when it is one. */
function badAddress(text: string): string {
  const [address, bits] = text.split('/');
  if (address.split('.').some((part) => Number(part) > 255)) return `"${text}" is no IPv4 address: a part is above 255`;
  return bits !== undefined && Number(bits) > 32 ? `"${text}" has a prefix of more than 32 bits` : '';
}

/** Every text of the scenario that looks like an address, with its path. */
function* addresses(value: unknown, path: (string | number)[]): Generator<Wrong> {
  if (typeof value === 'string' && /^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/.test(value)) {
    const message = badAddress(value);
    if (message !== '') yield { path, message };
  } else if (typeof value === 'object' && value !== null) for (const [key, inner] of Object.entries(value)) yield* addresses(inner, [...path, Array.isArray(value) ? Number(key) : key]);
}

function* ofInterface(h: HostConfig, n: InterfaceConfig, path: (string | number)[], taken: Map<string, string>): Generator<Wrong> {
  for (const text of [n.address, ...n.addresses].filter((a) => a !== '')) {
    const address = text.split('/')[0], other = taken.get(address);
    if (other !== undefined) yield { path: [...path, text === n.address ? 'address' : 'addresses'], message: `${address} is the address of ${other} already: two interfaces cannot share one` };
    taken.set(address, `${h.name}.${n.name}`);
  }
  if (parseInt(n.mac.slice(0, 2), 16) & 1) yield { path: [...path, 'mac'], message: `${n.mac} is a group address: the first byte of an interface's own must be even` };
}

/** Why a sysctl may not be set to `value`; empty when it may. */
function badSysctl(name: string, value: string | number): string {
  if (!isSysctl(name)) return `sysctl ${name} is not modelled; src/emulator/sysctl.ts lists those that are`;
  if (name === 'net.ipv4.tcp_congestion_control') return value === 'cubic' || value === 'reno' ? '' : `${name} must be cubic or reno`;
  const numbers = String(value).trim().split(/\s+/), wanted = NUMBERS[name] ?? 1;
  if (numbers.length !== wanted || !numbers.every((n) => /^\d{1,10}$/.test(n) && Number(n) < 2 ** 31)) {
    return wanted === 1 ? `${name} must be a whole number from 0 to 2147483647` : `${name} must be ${wanted} whole numbers from 0 to 2147483647`;
  }
  return AT_LEAST_ONE.has(name) && Number(value) < 1 ? `${name} must be at least 1` : '';
}

/** Names of sockets that a program makes: those it gives with "as", s1, s2, ... for the others, and the last that listened. */
function socketsOf(p: ProgramConfig): ReadonlySet<string> {
  const names = new Set(['listener']);
  let unnamed = 0;
  for (const step of p.steps) if (step.call === 'socket' || step.call === 'accept' || step.call === 'accept4') names.add(step.as ?? `s${++unnamed}`);
  return names;
}

/** Sockets and interfaces that a program's steps name. A step that says what it expects may name what there is not. */
function* ofProgram(h: HostConfig, p: ProgramConfig, path: (string | number)[], devices: ReadonlySet<string>): Generator<Wrong> {
  const sockets = socketsOf(p);
  for (const [k, step] of p.steps.entries()) {
    const at = [...path, 'steps', k];
    if (step.call === 'sendto' && (step.count ?? 1) > MOST_DATAGRAMS) yield { path: [...at, 'count'], message: `"count" may be ${MOST_DATAGRAMS} at most` };
    const bytes = 'lengths' in step ? step.lengths.reduce((sum, n) => sum + n, 0) : step.call === 'recvmmsg' ? step.count * step.length : 0;
    if (bytes > MOST_BYTES) yield { path: at, message: `this call is about ${bytes} bytes in all; ${MOST_BYTES} are the most` };
    if (step.expect !== undefined) continue;
    if (step.fd !== undefined && !sockets.has(step.fd)) yield { path: [...at, 'fd'], message: `no step of this program makes a socket "${step.fd}"; there are: ${[...sockets].join(', ')}` };
    if ('dev' in step && step.dev !== undefined && !devices.has(step.dev)) yield { path: [...at, 'dev'], message: noDevice(h, step.dev, devices) };
  }
}

const noDevice = (h: HostConfig, dev: string, devices: ReadonlySet<string>): string => `host ${h.name} has no interface "${dev}"; it has: ${[...devices].join(', ')}`;

function* ofHost(h: HostConfig, i: number, taken: Map<string, string>, s: Scenario): Generator<Wrong> {
  const names = new Set<string>();
  for (const [j, n] of h.interfaces.entries()) {
    if (names.has(n.name)) yield { path: ['hosts', i, 'interfaces', j, 'name'], message: `host ${h.name} has two interfaces called "${n.name}"` };
    names.add(n.name);
    yield* ofInterface(h, n, ['hosts', i, 'interfaces', j], taken);
  }
  if (h.starts >= s.limits.time) yield { path: ['hosts', i, 'starts'], message: `host ${h.name} starts at ${h.starts / 1e9} s, after the run's time limit of ${s.limits.time / 1e9} s` };
  for (const [name, value] of Object.entries(h.sysctls)) {
    const message = badSysctl(name, value);
    if (message !== '') yield { path: ['hosts', i, 'sysctls', name], message };
  }
  const devices = new Set([...names, 'lo']), programs = new Set<string>();
  for (const table of ['routes', 'neighbours'] as const) for (const [j, { dev }] of h[table].entries()) if (dev !== '' && !devices.has(dev)) yield { path: ['hosts', i, table, j, 'dev'], message: noDevice(h, dev, devices) };
  for (const [j, r] of h.rules.entries()) if (r.length[0] > r.length[1]) yield { path: ['hosts', i, 'rules', j, 'length'], message: `no packet is at least ${r.length[0]} and at most ${r.length[1]} bytes long` };
  for (const [j, p] of h.programs.entries()) {
    if (p.after === `${h.name}.${p.name}`) yield { path: ['hosts', i, 'programs', j, 'after'], message: 'a program cannot wait for itself' };
    if (programs.has(p.name)) yield { path: ['hosts', i, 'programs', j, 'name'], message: `host ${h.name} has two programs called "${p.name}"` };
    programs.add(p.name);
    yield* ofProgram(h, p, ['hosts', i, 'programs', j], devices);
  }
}

/** The first thing that is wrong with a scenario whose shape is right; null when nothing is. */
export function wrongWith(s: Scenario): Wrong | null {
  for (const wrong of addresses(s.hosts, ['hosts'])) return wrong;
  if (!(s.step >= 1 && s.step <= MOST_NS_PER_STEP)) return { path: ['step'], message: `a step takes between 1 ns and ${MOST_NS_PER_STEP / 1000} us of virtual time` };
  const taken = new Map<string, string>();
  for (const [i, h] of s.hosts.entries()) for (const wrong of ofHost(h, i, taken, s)) return wrong;
  const plugged = new Set<string>();
  for (const [i, l] of s.links.entries()) {
    if (l.between[0] === l.between[1]) return { path: ['links', i, 'between'], message: `a cable needs two ends, "${l.between[0]}" is one` };
    const second = l.between.find((end) => plugged.has(end));
    if (second !== undefined) return { path: ['links', i, 'between'], message: `"${second}" has a cable already` };
    for (const end of l.between) plugged.add(end);
    if (!(l.rate >= 1)) return { path: ['links', i, 'rate'], message: 'a cable carries at least 1 bit per second' };
    const stranger = Object.keys(l.drop).find((end) => !l.between.includes(end));
    if (stranger !== undefined) return { path: ['links', i, 'drop', stranger], message: `"${stranger}" is no end of this cable; its ends are ${l.between.join(' and ')}` };
  }
  return null;
}
