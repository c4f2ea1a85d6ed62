/** A hand-made run for tests of the debugger: two hosts, a send with an interrupt on top of it, an answer; and a tree that has its lines. */
import type { Anchor, AnchorKind, ResolvedAnchor } from '../../src/base/anchor';
import { anchorKey } from '../../src/base/anchor';
import { ok } from '../../src/base/result';
import type { EnginePorts } from '../../src/debug/engine';
import type { ResolverPort } from '../../src/debug/places';
import { Context, type FunctionInfo, type Trace, type TraceEvent } from '../../src/trace/model';

interface FrameRow { fn: number; parent: number; inside: number; callSite: number; first: number; end: number; host: number; cpu: number; task: number; context: Context; packet: number }

/** Writes a trace as nested calls. Every step takes 10 ns. */
export class Script {
  readonly functions: FunctionInfo[] = [];
  readonly sites: Anchor[] = [];
  /** Line of each anchor in the made-up tree. */
  readonly lines = new Map<string, number>();
  readonly frames: FrameRow[] = [];
  readonly steps: { frame: number; site: number }[] = [];
  readonly events: TraceEvent[] = [];
  private readonly stack: { frame: number; site: number }[] = [];
  private at = { host: 0, cpu: 0, task: 0, context: Context.Process };

  private fn(path: string, name: string, line: number, minor: boolean): number {
    let id = this.functions.findIndex((f) => f.name === name && f.path === path);
    if (id < 0) {
      id = this.functions.push({ path, name, def: 1, minor }) - 1;
      if (path) this.lines.set(anchorKey({ path, function: name, def: 1, kind: 'entry', text: '', nth: 1 }), line);
    }
    return id;
  }

  /** Runs `body` as an interrupt (or on another host): a root frame inside whatever runs now, or beside it when `host` differs. */
  as(context: Context, host: number, cpu: number, task: number, body: () => void): void {
    const before = this.at, saved = this.stack.splice(0, host === before.host && cpu === before.cpu ? 0 : this.stack.length);
    this.at = { host, cpu, task, context };
    body();
    this.at = before;
    this.stack.push(...saved);
  }

  /** A visit of a function; `line` is that of its name. */
  call(path: string, name: string, line: number, body: () => void, options: { packet?: number; minor?: boolean } = {}): void {
    const fn = this.fn(path, name, line, options.minor ?? false), top = this.stack[this.stack.length - 1];
    const caller = top && this.frames[top.frame].context === this.at.context ? top : undefined;
    const frame = this.frames.push({ fn, parent: caller?.frame ?? -1, inside: caller ? -1 : top?.frame ?? -1, callSite: caller?.site ?? -1, first: this.steps.length, end: -1, ...this.at, packet: options.packet ?? 0 }) - 1;
    this.steps.push({ frame, site: -1 });
    this.stack.push({ frame, site: -1 });
    body();
    this.stack.pop();
    this.frames[frame].end = this.steps.length;
  }

  /** A statement of the innermost frame. */
  site(kind: AnchorKind, text: string, line: number, nth = 1): void {
    const top = this.stack[this.stack.length - 1], f = this.functions[this.frames[top.frame].fn];
    const anchor: Anchor = { path: f.path, function: f.name, def: 1, kind, text, nth }, key = anchorKey(anchor);
    let site = this.sites.findIndex((a) => anchorKey(a) === key);
    if (site < 0) site = this.sites.push(anchor) - 1;
    if (line > 0) this.lines.set(key, line);
    this.steps.push({ frame: top.frame, site });
    top.site = site;
  }

  event(kind: string, packet: number, detail = ''): void {
    this.events.push({ step: this.steps.length - 1, time: this.steps.length * 10, host: this.at.host, kind, packet, detail });
  }

  /** The trace. `live`: frames that were never left. */
  trace(live: readonly number[] = []): Trace {
    const column = (pick: (f: FrameRow) => number): Int32Array => Int32Array.from(this.frames, pick), bytes = (pick: (f: FrameRow) => number): Uint8Array => Uint8Array.from(this.frames, pick);
    return {
      version: 1, scenario: 'tiny', title: 'A tiny run', kernel: '3.10.108', hosts: [{ name: 'a', cpus: 2 }, { name: 'b', cpus: 2 }], tasks: [{ host: 0, pid: 42, comm: 'sender' }, { host: 1, pid: 43, comm: 'reader' }],
      functions: this.functions, sites: this.sites, events: this.events, wire: [], results: [], stopped: '', counters: {}, log: [],
      frames: {
        count: this.frames.length, fn: column((f) => f.fn), parent: column((f) => f.parent), inside: column((f) => f.inside), callSite: column((f) => f.callSite), firstStep: column((f) => f.first),
        endStep: Int32Array.from(this.frames, (f, i) => (live.includes(i) ? -1 : f.end)), enterTime: Float64Array.from(this.frames, (f) => f.first * 10), leaveTime: Float64Array.from(this.frames, (f, i) => (live.includes(i) ? NaN : f.end * 10)),
        host: bytes((f) => f.host), cpu: bytes((f) => f.cpu), task: column((f) => f.task), context: bytes((f) => f.context), packet: column((f) => f.packet),
      },
      steps: { count: this.steps.length, frame: Int32Array.from(this.steps, (s) => s.frame), site: Int32Array.from(this.steps, (s) => s.site), time: Float64Array.from(this.steps, (_, i) => i * 10), ordinal: Float64Array.from(this.steps, (_, i) => i + 100) },
    };
  }
}

/** The send: sys_sendto calls two functions on one line, an interrupt comes in between, then host b receives. */
export function tinyRun(): { trace: Trace; lines: Map<string, number> } {
  const s = new Script();
  s.call('net/socket.c', 'sys_sendto', 10, () => {
    s.site('if', 'len', 12);
    s.site('call', 'lookup', 13);
    s.call('net/socket.c', 'lookup', 2, () => s.site('return', 'sock', 4), { minor: true });
    s.site('call', 'tcp_sendmsg', 13);
    s.call('net/ipv4/tcp.c', 'tcp_sendmsg', 20, () => {
      s.site('assign', 'skb', 22);
      s.event('alloc', 7);
      s.site('loop', '', 24);
      s.as(Context.HardIrq, 0, 0, -1, () => s.call('drivers/net/igb.c', 'igb_msix_ring', 50, () => s.site('return', '', 52)));
      s.site('assign', 'copied', 25);
      s.site('loop', '', 24);
      s.site('assign', 'copied', 25);
      s.event('queue', 7, 'ring 0');
    }, { packet: 7 });
    s.site('return', 'err', 15);
  });
  s.as(Context.Nic, 0, 0, -1, () => s.call('', 'nic transmits', 0, () => s.event('wire', 7)));
  s.as(Context.SoftIrq, 1, 1, -1, () => s.call('net/ipv4/tcp.c', 'tcp_v4_rcv', 40, () => { s.site('call', 'gone', 0); s.site('return', '', 42); s.event('receive', 7); }, { packet: 7 }));
  return { trace: s.trace(), lines: s.lines };
}

/** A resolver over a table of lines: functions span 10 lines from their name's. */
export function tableResolver(lines: Map<string, number>, root = '/tree'): ResolverPort {
  const anchors = [...lines.keys()].map((key): Anchor => {
    const [path, name, def, kind, text, nth] = key.split('\t');
    return { path, function: name, def: Number(def), kind: kind as AnchorKind, text, nth: Number(nth) };
  });
  const entry = (path: string, name: string): number => lines.get(anchorKey({ path, function: name, def: 1, kind: 'entry', text: '', nth: 1 })) ?? 0;
  const resolve = (a: Anchor): ResolvedAnchor => {
    const line = lines.get(anchorKey(a));
    if (line !== undefined) return { status: 'exact', line };
    return entry(a.path, a.function) > 0 ? { status: 'function', line: entry(a.path, a.function) } : { status: 'missing', line: 0 };
  };
  return {
    resolve, explain: (a) => `${a.kind} ${a.text} is not in ${a.function}`, setText: () => undefined, problem: () => null,
    anchorsAtLine: (path, line) => anchors.filter((a) => a.path === path && lines.get(anchorKey(a)) === line).map((anchor) => ({ anchor })),
    functionAt: (path, line) => anchors.filter((a) => a.path === path && a.kind === 'entry').map((a) => ({ name: a.function, line: entry(path, a.function), endLine: entry(path, a.function) + 9 })).find((f) => f.line <= line && line <= f.endLine) ?? null,
    tree: { absolute: (file) => `${root}/${file}`, relative: (file) => (file.startsWith(`${root}/`) ? file.slice(root.length + 1) : null) },
  };
}

/** The same object in every run, as a table of functions is. */
const TABLE = { entries: 4 };

/** Ports of an engine over the tiny run. Locals of the innermost frame: `step`, no socket, and a list whose second item a change sets. */
export function tinyPorts(): EnginePorts & { inspected: number[] } {
  const { trace, lines } = tinyRun(), inspected: number[] = [];
  return {
    inspected, now: () => 0, scenarios: () => [{ id: 'tiny', title: 'A tiny run', hosts: ['a', 'b'], recorded: false, about: '' }],
    check: (text, where) => (text === 'bad' ? { code: 'scenario-invalid', message: `${where}:2:3: "x" is missing`, where: `${where}:2:3` } : null), copy: (id) => (id === 'tiny' ? '{}' : null),
    outline: () => ok({ root: '/outline', version: '3.10.108' }), save: (_, format, file) => ok(`${format} ${file}`.length),
    run: ({ changes = [] }) => {
      const listAt = (step: number): number[] => { let second = 2; for (const c of changes) if ('value' in c && c.ordinal <= trace.steps.ordinal[step]) second = Number(c.value); return [1, second, 3]; };
      return ok({ trace, inspector: { inspect: (step) => { inspected.push(step); return { frames: [{ frame: trace.steps.frame[step], locals: { step, sk: null, list: listAt(step), table: TABLE } }], host: { name: 'a', cpus: [] } }; } } });
    },
    tree: () => ok({ resolver: tableResolver(lines), root: '/tree', version: '3.10.108', outline: false }),
  };
}
