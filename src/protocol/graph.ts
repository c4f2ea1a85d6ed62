/**
 * Messages between the extension and the call-graph webview: one discriminated union each way.
 *
 * The extension host sends `init` once, `trace` when a run starts, and `moved` for every stop. Everything is structured-cloneable;
 * columns are typed arrays, which the webview channel passes as they are.
 */
import type { AnchorStatus } from '../base/anchor';
import type { Trace } from '../trace/model';
import { describeFrame } from './headers';
import { LAYERS, layerOfPath } from './layers';

/** How sure the line of a function is in the open tree, as a number in `GraphFrames.status`-like columns. */
export const STATUSES = ['unknown', 'exact', 'function', 'missing'] as const;
export type GraphStatus = (typeof STATUSES)[number];

/** The number that a column holds for an anchor's status. */
export function statusCode(status: AnchorStatus | 'unknown'): number {
  return STATUSES.indexOf(status);
}

export interface GraphFunction {
  readonly name: string;
  /** Kernel path; empty for what the machine does by itself (a DMA, the wire). */
  readonly path: string;
  /** Index into LAYERS. */
  readonly layer: number;
  /** Accessor or housekeeping: folded away unless asked for. */
  readonly minor: boolean;
}

/** One entry per function visit, by column; the index is the frame's id. */
export interface GraphFrames {
  readonly count: number;
  /** Index into `functions`. */
  readonly fn: Int32Array;
  /** Calling frame; -1 for the root of a context. */
  readonly parent: Int32Array;
  /** For the root of an interrupt: the frame that it interrupted; else -1. */
  readonly inside: Int32Array;
  readonly host: Uint8Array;
  readonly cpu: Uint8Array;
  /** Index into `tasks`, -1 when there is none. */
  readonly task: Int32Array;
  /** `Context` of trace/model. */
  readonly context: Uint8Array;
  /** Identity of the packet the frame was called with; 0 for none. */
  readonly packet: Int32Array;
  readonly firstStep: Int32Array;
  /** Index after the last step of the visit; -1 when it did not end inside the recording. */
  readonly endStep: Int32Array;
  /** Virtual ns; `leaveTime` is NaN when the visit did not end. */
  readonly enterTime: Float64Array;
  readonly leaveTime: Float64Array;
}

export interface GraphEvent { readonly step: number; readonly time: number; readonly host: number; readonly kind: string; readonly packet: number; readonly detail: string }

/** A frame on the wire. `summary` is one line, like `TCP 10.0.0.1:40000 > 10.0.0.2:5001 PSH ACK len 64`. */
export interface GraphWire {
  readonly sent: number; readonly received: number; readonly from: number; readonly to: number;
  readonly packet: number; readonly length: number; readonly dropped: boolean; readonly summary: string;
}

/** A trace as the webview needs it: no sites, no counters, no bytes. */
export interface GraphTrace {
  readonly scenario: string;
  readonly title: string;
  readonly kernel: string;
  readonly hosts: readonly { readonly name: string; readonly cpus: number }[];
  readonly tasks: readonly { readonly host: number; readonly pid: number; readonly comm: string }[];
  readonly functions: readonly GraphFunction[];
  readonly frames: GraphFrames;
  /** Frame of each step: what a current step means in the tree. */
  readonly stepFrame: Int32Array;
  /** Virtual ns of each step. */
  readonly stepTime: Float64Array;
  readonly events: readonly GraphEvent[];
  readonly wire: readonly GraphWire[];
  /** Why the run ended early; empty when it did not. */
  readonly stopped: string;
}

/** Where the session stands. */
export interface GraphPosition {
  /** Current step, from 0. */
  readonly step: number;
  /** Steps in all. */
  readonly count: number;
  /** The furthest step the user has been to: everything up to it counts as visited. */
  readonly visited: number;
  /** True when `step` lies before `visited`. */
  readonly past: boolean;
  /** The packet that the current frame handles; 0 when it handles none. */
  readonly packet: number;
}

/** Extension to webview. */
export type ToGraph =
  /** Words of the user's language by their English text, and what was asked for in the settings. Comes first. */
  | { readonly type: 'init'; readonly strings: Readonly<Record<string, string>>; readonly showMinor: boolean; readonly reducedMotion: boolean }
  /** A run to show, with where it stands. Replaces the one before. `launch`: what starts it again, a built-in id or a file. */
  | { readonly type: 'trace'; readonly session: string; readonly trace: GraphTrace; readonly position: GraphPosition; readonly launch: string }
  /** The session moved. Sent once per stop. */
  | { readonly type: 'moved'; readonly session: string; readonly position: GraphPosition }
  /** Exactness per function (STATUSES index), as far as files were looked at: comes again when more is known. */
  | { readonly type: 'status'; readonly session: string; readonly functions: Uint8Array }
  /** Show only what handles this packet; 0 shows everything. */
  | { readonly type: 'follow'; readonly packet: number }
  /** Bring this frame into view without going there. */
  | { readonly type: 'reveal'; readonly frame: number }
  /** The keys belong to the graph: VS Code gives the focus to the frame around the page, which does not always hand it on. */
  | { readonly type: 'focus' }
  /** The session is over: the picture stays, clicks ask for a new run. */
  | { readonly type: 'ended'; readonly session: string; readonly reason: string };

/** Webview to extension. */
export type FromGraph =
  /** The script runs and wants `init`. */
  | { readonly type: 'ready' }
  /** Go there in time and in the source. */
  | { readonly type: 'goto'; readonly step: number }
  /** Open the source of a frame's function without moving in time. `at`: its entry, or the place that called it. */
  | { readonly type: 'source'; readonly frame: number; readonly at: 'entry' | 'call' }
  /** Next (1) or previous (-1) event of a packet; packet 0 means the current one. */
  | { readonly type: 'packetEvent'; readonly direction: 1 | -1; readonly packet: number }
  /** The user chose a packet to follow (0: none): kept for the next/previous commands. */
  | { readonly type: 'follow'; readonly packet: number }
  /** Step keys pressed while the graph has the focus. */
  | { readonly type: 'step'; readonly action: 'in' | 'over' | 'out' | 'back' | 'continue' | 'reverse' }
  /** Run this scenario (again): after `ended`, or from an empty panel ('' asks with a list). */
  | { readonly type: 'run'; readonly scenario: string }
  /** The picture shows this step now, `ms` after the message came in: for the bench. */
  | { readonly type: 'shown'; readonly step: number; readonly ms: number }
  /** Something failed in the webview; it goes to the log. */
  | { readonly type: 'problem'; readonly message: string };

const TO_TYPES: ReadonlySet<string> = new Set<ToGraph['type']>(['init', 'trace', 'moved', 'status', 'follow', 'reveal', 'focus', 'ended']);

/** True for a message of the extension to the webview. */
export function isToGraph(message: unknown): message is ToGraph {
  return typeof message === 'object' && message !== null && TO_TYPES.has((message as { type?: string }).type ?? '');
}

const isInt = (x: unknown): x is number => Number.isInteger(x);

/** Checks what came from a webview: gives the message, or null for anything else (it is then ignored and logged). */
export function readFromGraph(message: unknown): FromGraph | null {
  if (typeof message !== 'object' || message === null) return null;
  const m = message as Record<string, unknown>;
  switch (m.type) {
    case 'ready': return { type: 'ready' };
    case 'goto': return isInt(m.step) && m.step >= 0 ? { type: 'goto', step: m.step } : null;
    case 'source': return isInt(m.frame) && (m.at === 'entry' || m.at === 'call') ? { type: 'source', frame: m.frame, at: m.at } : null;
    case 'packetEvent': return (m.direction === 1 || m.direction === -1) && isInt(m.packet) ? { type: 'packetEvent', direction: m.direction, packet: m.packet } : null;
    case 'follow': return isInt(m.packet) ? { type: 'follow', packet: m.packet } : null;
    case 'step': return isAction(m.action) ? { type: 'step', action: m.action } : null;
    case 'run': return typeof m.scenario === 'string' ? { type: 'run', scenario: m.scenario } : null;
    case 'shown': return isInt(m.step) && typeof m.ms === 'number' ? { type: 'shown', step: m.step, ms: m.ms } : null;
    case 'problem': return typeof m.message === 'string' ? { type: 'problem', message: m.message } : null;
    default: return null;
  }
}

function isAction(x: unknown): x is 'in' | 'over' | 'out' | 'back' | 'continue' | 'reverse' {
  return x === 'in' || x === 'over' || x === 'out' || x === 'back' || x === 'continue' || x === 'reverse';
}

/** What the webview needs of a trace. Columns are shared with it, not copied. */
export function describeTrace(trace: Trace): GraphTrace {
  const f = trace.frames;
  return {
    scenario: trace.scenario, title: trace.title, kernel: trace.kernel, hosts: trace.hosts, tasks: trace.tasks, stopped: trace.stopped,
    functions: trace.functions.map(({ name, path, minor }) => ({ name, path, minor, layer: LAYERS.indexOf(layerOfPath(path)) })),
    frames: {
      count: f.count, fn: f.fn, parent: f.parent, inside: f.inside, host: f.host, cpu: f.cpu, task: f.task, context: f.context, packet: f.packet,
      firstStep: f.firstStep, endStep: f.endStep, enterTime: f.enterTime, leaveTime: f.leaveTime,
    },
    stepFrame: trace.steps.frame, stepTime: trace.steps.time, events: trace.events,
    // Frames of the warm-up crossed the wire before the first step.
    wire: trace.wire.filter((w) => trace.steps.count === 0 || w.received >= trace.steps.time[0]).map((w) => ({ sent: w.sent, received: w.received, from: w.from, to: w.to, packet: w.packet, length: w.bytes.length, dropped: w.dropped, summary: describeFrame(w.bytes) })),
  };
}
