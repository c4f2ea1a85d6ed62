/** From the text of a scenario file to a Scenario: syntax, schema, defaults, references; every problem with its place in the file. */
import Ajv, { type ErrorObject } from 'ajv';
import { findNodeAtLocation, parseTree, printParseErrorCode, type ParseError } from 'jsonc-parser';
import { fail, ok, type Result } from '../base/result';
import schema from '../../media/scenario.schema.json';
import type { HostConfig, InterfaceConfig, LinkConfig, ProgramConfig, QdiscConfig, RuleConfig, Scenario } from './types';

const UNITS: Record<string, number> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, bit: 1, kbit: 1e3, mbit: 1e6, gbit: 1e9 };
type Raw = Record<string, any>;

/** `20us` or a number to a number in the base unit. */
export function withUnit(value: string | number | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (typeof value === 'number') return value;
  const [, number, unit] = /^([0-9.]+)([a-z]+)$/.exec(value)!;
  return Math.round(Number(number) * UNITS[unit]);
}

let validator: ((data: unknown) => boolean) & { errors?: ErrorObject[] | null } | null = null;
function validate(data: unknown): ErrorObject | null {
  validator ??= new Ajv({ allErrors: true, strict: false }).compile(schema) as never;
  if (validator!(data)) return null;
  return best(validator!.errors ?? []);
}

/** Of many complaints the most telling: the deepest place, and a wrong key before a failed alternative. */
function best(errors: ErrorObject[]): ErrorObject {
  const weight = (e: ErrorObject): number => e.instancePath.split('/').length * 10 + (e.keyword === 'oneOf' || e.keyword === 'anyOf' ? -5 : e.keyword === 'const' || e.keyword === 'required' ? -2 : 0);
  const constsFailed = new Set(errors.filter((e) => (e.keyword === 'const' || e.keyword === 'enum') && e.instancePath.endsWith('/call')).map((e) => e.schemaPath.split('/').slice(0, -3).join('/')));
  const relevant = errors.filter((e) => ![...constsFailed].some((p) => e.schemaPath.startsWith(p)) || (e.keyword === 'enum' && !/definitions\/steps/.test(e.schemaPath)));
  return (relevant.length ? relevant : errors).reduce((a, b) => (weight(b) > weight(a) ? b : a));
}

function place(text: string, offset: number, where: string): string {
  const before = text.slice(0, offset), line = before.split('\n').length;
  return `${where}:${line}:${offset - before.lastIndexOf('\n')}`;
}

function explain(e: ErrorObject): string {
  const key = e.instancePath.split('/').pop() || 'the file';
  switch (e.keyword) {
    case 'additionalProperties': return `unknown key "${e.params.additionalProperty}"`;
    case 'required': return `"${e.params.missingProperty}" is missing`;
    case 'enum': return `"${key}" must be one of: ${(e.params.allowedValues as unknown[]).join(', ')}`;
    default: return `"${key}" ${e.message}`;
  }
}

/** Reads the text of a scenario file. `where` names it in messages. */
export function parseScenario(text: string, where: string): Result<Scenario> {
  const errors: ParseError[] = [], tree = parseTree(text, errors, { allowTrailingComma: true });
  if (!tree || errors.length) {
    const e = errors[0], at = place(text, e ? e.offset : 0, where);
    return fail('scenario-syntax', `${at}: this is no JSON (${e ? printParseErrorCode(e.error) : 'empty file'}). Mend it there and run again.`, at);
  }
  const raw = valueOf(tree) as Raw, bad = validate(raw);
  const at = (path: (string | number)[]): string => place(text, findNodeAtLocation(tree, path)?.offset ?? 0, where);
  if (bad) {
    const path = bad.instancePath.split('/').slice(1).map((p) => (/^\d+$/.test(p) ? Number(p) : p));
    const spot = at(bad.keyword === 'additionalProperties' ? [...path, bad.params.additionalProperty] : path);
    return fail('scenario-invalid', `${spot}: ${explain(bad)}. media/scenario.schema.json lists what a scenario may hold.`, spot);
  }
  const scenario = complete(raw), wrong = check(scenario);
  return wrong ? fail('scenario-invalid', `${at(wrong.path)}: ${wrong.message}`, at(wrong.path)) : ok(scenario);
}

function valueOf(node: { type: string; value?: unknown; children?: any[] }): unknown {
  if (node.type === 'object') return Object.fromEntries((node.children ?? []).map((p) => [p.children[0].value, valueOf(p.children[1])]));
  if (node.type === 'array') return (node.children ?? []).map(valueOf);
  return node.value;
}

function complete(raw: Raw): Scenario {
  return {
    id: raw.id, title: raw.title ?? raw.id, about: raw.about ?? '', seed: raw.seed ?? 1, step: withUnit(raw.step, 8), warmStep: withUnit(raw.warmStep, withUnit(raw.step, 8)), warm: raw.warm ?? true, uptime: withUnit(raw.uptime, 0), boot: raw.boot ?? false, ...(raw.entry ? { entry: raw.entry } : {}),
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
