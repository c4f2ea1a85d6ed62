/** From the text of a scenario file to a Scenario: syntax, schema, defaults, references; every problem with its place in the file. */
import type { ErrorObject } from 'ajv';
import { findNodeAtLocation, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import * as validators from 'skbwalk:validators';
import { fail, ok, type Result } from '../base/result';
import schema from '../../media/scenario.schema.json';
import { wrongWith } from './check';
import type { HostConfig, InterfaceConfig, LinkConfig, ProgramConfig, QdiscConfig, RuleConfig, Scenario, Warmth } from './types';

const UNITS: Record<string, number> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, bit: 1, kbit: 1e3, mbit: 1e6, gbit: 1e9 };
type Raw = Record<string, any>;

/** `20us` or a number to a number in the base unit. */
export function withUnit(value: string | number | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (typeof value === 'number') return value;
  const [, number, unit] = /^([0-9.]+)([a-z]+)$/.exec(value)!;
  return Math.round(Number(number) * UNITS[unit]);
}

/** Levels of brackets: a scenario has nine. Parsers recurse, and a file may be made to exhaust them. */
const DEEPEST = 100;

/** Characters of a file: more than any built-in by a thousand. */
const LONGEST = 8_000_000;
/** Characters up to which all complaints are compared; beyond there may be millions of them, and the first one must do. */
const COMPARED = 200_000;

function validate(data: unknown, allErrors: boolean): ErrorObject | null {
  const validator = allErrors ? validators.all : validators.first;
  if (validator(data)) return null;
  const worst = best(validator.errors ?? []), step = /^\/hosts\/\d+\/programs\/\d+\/steps\/\d+/.exec(worst.instancePath);
  return (step && ofStep(data as Raw, step[0])) ?? worst;
}

/** Of many complaints the most telling: the deepest place, and a wrong key before a failed alternative. */
function best(errors: readonly ErrorObject[]): ErrorObject {
  const weight = (e: ErrorObject): number => e.instancePath.split('/').length * 10 + (e.keyword === 'oneOf' || e.keyword === 'anyOf' ? -5 : e.keyword === 'const' || e.keyword === 'required' ? -2 : 0);
  return errors.reduce((a, b) => (weight(b) > weight(a) ? b : a));
}

interface StepSchema { readonly properties: { readonly call: { readonly const?: string; readonly enum?: readonly string[] } } }

/** A step's kinds are alternatives, and all of them complain: what counts is what the kind with the step's own call has to say. */
function ofStep(data: Raw, at: string): ErrorObject | null {
  const step = at.split('/').slice(1).reduce<unknown>((inner, key) => (inner as Raw)[key], data) as Raw, calls = schema.definitions.step.properties.call.enum;
  if (typeof step !== 'object' || step === null) return { instancePath: at, schemaPath: '', keyword: 'type', params: {}, message: 'must be a step: an object with a "call"' };
  const kind = Object.entries(schema.definitions.steps as unknown as Record<string, StepSchema>).find(([, { properties: { call } }]) => call.const === step.call || call.enum?.includes(step.call))?.[0];
  if (step.call !== undefined && !kind) return { instancePath: `${at}/call`, schemaPath: '', keyword: 'enum', params: { allowedValues: calls } };
  if (!kind) return null;
  const check = validators.steps[kind];
  if (check(step)) return null;
  const e = best(check.errors ?? []);
  return { ...e, instancePath: at + e.instancePath };
}

function place(text: string, offset: number, where: string): string {
  const before = text.slice(0, offset), line = before.split('\n').length;
  return `${where}:${line}:${offset - before.lastIndexOf('\n')}`;
}

/** What a value of a kind is, by the name of its definition in the schema. */
const KINDS: Readonly<Record<string, string>> = {
  time: 'must be a time: nanoseconds from 0, or text with a unit such as 20us, 1.5ms, 2s', rate: 'must be a rate: bits per second > 0, or text with a unit such as 200kbit, 1gbit', share: 'must be a share from 0 to 1',
  ip: 'must be an IPv4 address such as 10.0.0.1', cidr: 'must be an IPv4 address with a prefix length, such as 10.0.0.1/24', mac: 'must be an Ethernet address such as 52:54:00:00:01:01',
};

/** JSON's types in words. */
const TYPES: Readonly<Record<string, string>> = { object: 'an object', array: 'an array', string: 'a text in quotes', number: 'a number', integer: 'a whole number', boolean: 'true or false' };

function explain(e: ErrorObject): string {
  const key = e.instancePath.split('/').pop() ?? '', kind = /definitions\/(\w+)\/(?!properties)/.exec(e.schemaPath);
  if (kind && Object.hasOwn(KINDS, kind[1])) return `"${key}" ${KINDS[kind[1]]}`;
  if (e.keyword === 'type' && key === '') return 'a scenario is an object, { "id": ..., "hosts": [...] }';
  switch (e.keyword) {
    case 'additionalProperties': return `unknown key "${e.params.additionalProperty}"`;
    case 'required': return `"${e.params.missingProperty}" is missing`;
    case 'enum': return `"${key}" must be one of: ${(e.params.allowedValues as unknown[]).join(', ')}`;
    case 'const': return `"${key}" must be ${JSON.stringify(e.params.allowedValue)}`;
    case 'type': return `"${key}" ${e.params.type ? `must be ${[e.params.type].flat().map((type: string) => TYPES[type] ?? type).join(' or ')}` : e.message}`;
    case 'minItems': return `"${key}" must hold ${e.params.limit} or more`;
    case 'maxItems': return `"${key}" must hold ${e.params.limit} or fewer`;
    case 'minimum': return `"${key}" must be ${e.params.limit} or more`;
    case 'maximum': return `"${key}" must be ${e.params.limit} or less`;
    case 'exclusiveMinimum': return `"${key}" must be more than ${e.params.limit}`;
    case 'pattern': return `"${key}" is not written as it must be: ${e.params.pattern}`;
    case 'oneOf': case 'anyOf': return `"${key}" is nothing that may stand here`;
    default: return `"${key}" ${e.message}`;
  }
}

/** What the parser misses, in words. */
const SYNTAX: Readonly<Record<string, string>> = {
  InvalidSymbol: 'an unknown word', InvalidNumberFormat: 'a number that is none', PropertyNameExpected: 'a key in quotes is missing', ValueExpected: 'a value is missing', ColonExpected: 'a colon is missing',
  CommaExpected: 'a comma is missing', CloseBraceExpected: 'a closing } is missing', CloseBracketExpected: 'a closing ] is missing', EndOfFileExpected: 'there is something behind the end',
  UnexpectedEndOfComment: 'a comment does not end', UnexpectedEndOfString: 'a text has no closing quote', UnexpectedEndOfNumber: 'a number that is none', InvalidUnicode: 'a character that may not stand here',
  InvalidEscapeCharacter: 'a character that may not stand here', InvalidCharacter: 'a character that may not stand here',
};

/** Offset at which brackets outside of texts nest too deep; -1 when they never do. */
function tooDeep(text: string): number {
  let depth = 0;
  for (const m of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[[\]{}]/g)) {
    if (m[0] === '[' || m[0] === '{') { if (++depth > DEEPEST) return m.index; } else if (m[0] === ']' || m[0] === '}') depth--;
  }
  return -1;
}

/** The second of two equal keys of one object: the first would be lost without a word. */
function doubled(node: Node): Node | null {
  const keys = new Set<string>();
  for (const child of node.children ?? []) {
    const [key, value] = node.type === 'object' ? child.children ?? [] : [null, child];
    if (key && keys.has(key.value)) return key;
    if (key) keys.add(key.value);
    const inner = value && doubled(value);
    if (inner) return inner;
  }
  return null;
}

/** Words of the file in a message: enough to find them. */
const SHOWN = 60;
const shortened = (message: string): string => message.replace(/"([^"]*)"/g, (whole, text: string) => (text.length > SHOWN ? `"${text.slice(0, SHOWN)}..."` : whole));

/** Reads the text of a scenario file. `where` names it in messages. */
export function parseScenario(text: string, where: string): Result<Scenario> {
  if (text.length > LONGEST) return fail('scenario-invalid', `${where}:1:1: this file has ${text.length} characters, and a scenario may have ${LONGEST}.`, `${where}:1:1`);
  const deep = tooDeep(text);
  if (deep >= 0) return fail('scenario-syntax', `${place(text, deep, where)}: brackets nest more than ${DEEPEST} deep here; no scenario does.`, place(text, deep, where));
  const errors: ParseError[] = [], tree = parseTree(text, errors, { allowTrailingComma: true });
  if (!tree || errors.length) {
    const e = errors[0], at = place(text, e ? e.offset : 0, where);
    return fail('scenario-syntax', `${at}: this is no JSON (${e ? SYNTAX[printParseErrorCode(e.error)] ?? printParseErrorCode(e.error) : 'a value is missing'}). Mend it there and run again.`, at);
  }
  const twice = doubled(tree);
  if (twice) return fail('scenario-invalid', shortened(`${place(text, twice.offset, where)}: "${twice.value}" stands twice in one object. Take one of them away.`), place(text, twice.offset, where));
  const raw = valueOf(tree) as Raw, bad = validate(raw, text.length <= COMPARED);
  const at = (path: (string | number)[]): string => place(text, findNodeAtLocation(tree, path)?.offset ?? 0, where);
  if (bad) {
    const path = bad.instancePath.split('/').slice(1).map((p) => (/^\d+$/.test(p) ? Number(p) : p));
    const spot = at(bad.keyword === 'additionalProperties' ? [...path, bad.params.additionalProperty] : path);
    return fail('scenario-invalid', `${spot}: ${shortened(explain(bad))}. media/scenario.schema.json lists what a scenario may hold.`, spot);
  }
  const scenario = complete(raw), wrong = check(scenario) ?? wrongWith(scenario);
  return wrong ? fail('scenario-invalid', `${at(wrong.path)}: ${shortened(wrong.message)}`, at(wrong.path)) : ok(scenario);
}

function valueOf(node: Node): unknown {
  if (node.type === 'object') return Object.fromEntries((node.children ?? []).map((p) => [p.children![0].value, valueOf(p.children![1])]));
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  return node.value;
}

function warmth(warm: boolean | Raw): Warmth | null {
  if (warm === false) return null;
  return warm === true ? { stale: 0, fragments: false, ssthresh: 0 } : { stale: withUnit(warm.stale, 0), fragments: warm.fragments ?? false, ssthresh: warm.ssthresh ?? 0 };
}

function complete(raw: Raw): Scenario {
  return {
    id: raw.id, title: raw.title ?? raw.id, about: raw.about ?? '', seed: raw.seed ?? 1, step: withUnit(raw.step, 8), warmStep: withUnit(raw.warmStep, withUnit(raw.step, 8)), warm: warmth(raw.warm ?? true), uptime: withUnit(raw.uptime, 0), boot: raw.boot ?? false, ...(raw.entry ? { entry: raw.entry } : {}),
    hosts: raw.hosts.map(host), links: (raw.links ?? []).map((l: Raw) => link(l, withUnit(raw.step, 8))), limits: { time: withUnit(raw.limits?.time, 600e9), steps: raw.limits?.steps ?? 200_000_000 },
  };
}

function host(raw: Raw, index: number): HostConfig {
  return {
    name: raw.name, cpus: raw.cpus ?? 2, starts: withUnit(raw.starts, 0), interfaces: (raw.interfaces ?? []).map((i: Raw, n: number) => nic(i, index, n, raw.cpus ?? 2)),
    routes: (raw.routes ?? []).map((r: Raw) => ({ to: r.to === 'default' ? '0.0.0.0/0' : r.to, via: r.via ?? '', dev: r.dev ?? '' })), rules: (raw.rules ?? []).map(rule), filter: raw.filter ?? (raw.rules ?? []).length > 0,
    neighbours: raw.neighbours ?? [], sysctls: raw.sysctls ?? {}, programs: (raw.programs ?? []).map(program),
  };
}

/** How many receive and how many transmit queues igb 5.0.3 sets up for a 82576: one per CPU, at most eight (igb_init_queue_configuration). */
function queuesOf(cpus: number): number { return Math.min(cpus, 8); }

function nic(raw: Raw, host: number, index: number, cpus: number): InterfaceConfig {
  const hex = (n: number): string => n.toString(16).padStart(2, '0');
  return {
    name: raw.name, driver: raw.driver ?? 'igb', address: raw.address ?? '', addresses: raw.addresses ?? [], mac: raw.mac ?? `52:54:00:00:${hex(host + 1)}:${hex(index + 1)}`, mtu: raw.mtu ?? 1500, up: raw.up ?? true,
    queues: { rx: raw.queues?.rx ?? queuesOf(cpus), tx: raw.queues?.tx ?? queuesOf(cpus) }, ring: { rx: raw.ring?.rx ?? 256, tx: raw.ring?.tx ?? 256 }, interrupts: raw.interrupts ?? [1],
    offloads: { tso: true, gso: true, gro: true, sg: true, checksum: true, ...raw.offloads }, throttle: raw.throttle ?? 0, rps: raw.rps ?? [], qdisc: raw.qdisc ? qdisc(raw.qdisc) : null,
  };
}

function qdisc(raw: Raw): QdiscConfig {
  if (raw.kind === 'pfifo') return { kind: 'pfifo', limit: raw.limit };
  if (raw.kind === 'tbf') return { kind: 'tbf', rate: withUnit(raw.rate, 0), burst: raw.burst, limit: raw.limit };
  return { kind: 'netem', limit: raw.limit ?? 1000, delay: withUnit(raw.delay, 0), jitter: withUnit(raw.jitter, 0), loss: raw.loss ?? 0, duplicate: raw.duplicate ?? 0, reorder: raw.reorder ?? 0, correlation: raw.correlation ?? 0, gap: raw.gap ?? 0 };
}

function rule(raw: Raw): RuleConfig {
  return {
    chain: raw.chain, protocol: raw.protocol ?? 'all', source: raw.source ?? '', destination: raw.destination ?? '', sport: raw.sport ?? 0, dport: raw.dport ?? 0, syn: raw.syn ?? false, length: raw.length ?? [0, 65535],
    nth: raw.nth ? { every: raw.nth.every, packet: raw.nth.packet ?? 0 } : null, limit: raw.limit ? { perHour: raw.limit.perHour ?? 1, burst: raw.limit.burst } : null, target: raw.target,
  };
}

/** Without a delay, the cable is as long for the machine at its pace (`step`) as 10 us are for one that takes a step in 8 ns. */
function link(raw: Raw, step: number): LinkConfig {
  return { between: raw.between, rate: withUnit(raw.rate, 1e9), delay: withUnit(raw.delay, Math.max(1, step / 8) * 10e3), loss: raw.loss ?? 0, duplicate: raw.duplicate ?? 0, reorder: raw.reorder ?? 0, reorderBy: withUnit(raw.reorderBy, 500e3), drop: raw.drop ?? {} };
}

function program(raw: Raw, index: number): ProgramConfig {
  return { name: raw.name ?? (index === 0 ? 'program' : `program${index}`), cpu: raw.cpu ?? 0, after: raw.after ?? '', steps: raw.steps.map((s: Raw) => (s.call === 'sleep' ? { ...s, time: withUnit(s.time, 0) } : s)) };
}

/** What a schema cannot say: names that must exist, numbers that must fit each other. */
function check(s: Scenario): { path: (string | number)[]; message: string } | null {
  const hosts = new Set<string>(), ends = new Set<string>(), programs = new Set<string>();
  for (const [i, h] of s.hosts.entries()) {
    if (hosts.has(h.name)) return { path: ['hosts', i, 'name'], message: `two hosts are called "${h.name}"` };
    hosts.add(h.name);
    programs.add(h.name);
    for (const n of h.interfaces) if (n.driver === 'igb') ends.add(`${h.name}.${n.name}`);
    for (const p of h.programs) programs.add(`${h.name}.${p.name}`);
  }
  for (const [i, h] of s.hosts.entries()) {
    for (const [j, n] of h.interfaces.entries()) for (const way of ['rx', 'tx'] as const) if (n.driver === 'igb' && n.queues[way] !== queuesOf(h.cpus)) {
      return { path: ['hosts', i, 'interfaces', j, 'queues'], message: `igb of this kernel has a ${way} queue per CPU, so ${queuesOf(h.cpus)} on host ${h.name}, and no way to set ${n.queues[way]}. Leave "queues" out, or give the host other "cpus"` };
    }
    for (const [j, n] of h.interfaces.entries()) for (const cpu of [...n.interrupts, ...n.rps]) if (cpu >= h.cpus) return { path: ['hosts', i, 'interfaces', j], message: `host ${h.name} has ${h.cpus} CPUs, there is no CPU ${cpu}` };
    for (const [j, p] of h.programs.entries()) {
      if (p.cpu >= h.cpus) return { path: ['hosts', i, 'programs', j, 'cpu'], message: `host ${h.name} has ${h.cpus} CPUs, there is no CPU ${p.cpu}` };
      if (p.after !== '' && !programs.has(p.after)) return { path: ['hosts', i, 'programs', j, 'after'], message: `"${p.after}" is no host and no host.program of this scenario` };
    }
  }
  for (const [i, l] of s.links.entries()) for (const end of l.between) if (!ends.has(end)) return { path: ['links', i, 'between'], message: `there is no interface "${end}"; there are: ${[...ends].join(', ')}` };
  return null;
}
