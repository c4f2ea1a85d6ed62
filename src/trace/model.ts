/**
 * The trace: what a run did, function by function and statement by statement. Whatever makes one (the emulator, a recorded ftrace)
 * works with whatever shows one (debug adapter, webview, exporters). Tables of numbers, not object graphs.
 */
import type { Anchor } from '../base/anchor';

/** Trace format. A reader refuses a newer major and upgrades older ones. */
export const TRACE_VERSION = 1;

/** What a frame runs as. */
export enum Context { Process = 0, SoftIrq = 1, HardIrq = 2, Nic = 3 }

/** A kernel function (or, with an empty path, something the machine does, such as a DMA). */
export interface FunctionInfo {
  readonly path: string;
  readonly name: string;
  readonly def: number;
  /** Small accessor or bookkeeping: folded away by default. */
  readonly minor: boolean;
}

export interface HostInfo { readonly name: string; readonly cpus: number }
export interface TaskInfo { readonly host: number; readonly pid: number; readonly comm: string }

/** Something that happened to a packet or in a device, beside the step it happened at (or after). */
export interface TraceEvent {
  /** Index of the last recorded step before it; -1 before the first. */
  readonly step: number;
  readonly time: number;
  readonly host: number;
  readonly kind: string;
  readonly packet: number;
  readonly detail: string;
}

/** A frame that crossed a wire. `bytes` start with the Ethernet header, no FCS. Times in virtual ns. */
export interface WireFrame {
  readonly sent: number;
  readonly received: number;
  readonly from: number;
  readonly to: number;
  readonly packet: number;
  readonly bytes: Uint8Array;
  readonly dropped: boolean;
}

/** Frames (one function visit each), by column. Indices are frame ids. */
export interface FrameTable {
  readonly count: number;
  /** Function id. */
  readonly fn: Int32Array;
  /** Calling frame; -1 for the root of a context. */
  readonly parent: Int32Array;
  /** For the root of an interrupt: the frame that it interrupted; else -1. */
  readonly inside: Int32Array;
  /** Site of the call in the parent; -1 when the machine called, or where the C function has no such call. */
  readonly callSite: Int32Array;
  /** Index of the frame's first step (its entry). */
  readonly firstStep: Int32Array;
  /** Index after the last step taken before the frame was left; -1 when it never was. */
  readonly endStep: Int32Array;
  readonly enterTime: Float64Array;
  /** Virtual ns; NaN when the frame was never left. */
  readonly leaveTime: Float64Array;
  readonly host: Uint8Array;
  readonly cpu: Uint8Array;
  readonly task: Int32Array;
  readonly context: Uint8Array;
  /** Packet of the frame's sk_buff parameter; 0 when it has none. */
  readonly packet: Int32Array;
}

/** Steps in the order they happened, by column. */
export interface StepTable {
  readonly count: number;
  readonly frame: Int32Array;
  /** Site; -1 at the entry of the frame's function. */
  readonly site: Int32Array;
  /** Virtual ns on the CPU that took the step. */
  readonly time: Float64Array;
  /** Count of all steps of the run up to this one, recorded or not: what re-execution stops at. */
  readonly ordinal: Float64Array;
}

/** A system call that a program made, with its result (negative errno on failure). */
export interface CallResult { readonly host: number; readonly task: number; readonly call: string; readonly result: number; readonly time: number; readonly step: number }

export interface Trace {
  readonly version: number;
  readonly scenario: string;
  readonly title: string;
  /** Kernel release that the anchors are of. */
  readonly kernel: string;
  readonly hosts: readonly HostInfo[];
  readonly tasks: readonly TaskInfo[];
  readonly functions: readonly FunctionInfo[];
  readonly sites: readonly Anchor[];
  readonly frames: FrameTable;
  readonly steps: StepTable;
  readonly events: readonly TraceEvent[];
  readonly wire: readonly WireFrame[];
  readonly results: readonly CallResult[];
  /** Why the run ended when it was not by finishing its programs; empty otherwise. */
  readonly stopped: string;
  /** Counter files at the end of the run, by host then path, for example `proc/net/snmp`. */
  readonly counters: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What the traced window changed in them: by host, file and counter. */
  readonly changes?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>>;
  readonly log: readonly string[];
}

/** The anchor of a step: its site, or the entry of its function. Null for steps of the machine itself. */
export function anchorOfStep(trace: Trace, step: number): Anchor | null {
  const site = trace.steps.site[step];
  if (site >= 0) return trace.sites[site];
  const fn = trace.functions[trace.frames.fn[trace.steps.frame[step]]];
  return fn.path === '' ? null : { path: fn.path, function: fn.name, def: fn.def, kind: 'entry', text: '', nth: 1 };
}

/** The frames of a step, innermost first, through what was interrupted. `site` is where each frame stands (-1: its entry). */
export function stackOfStep(trace: Trace, step: number): { frame: number; site: number }[] {
  const { frames, steps } = trace;
  const out: { frame: number; site: number }[] = [];
  let frame = steps.frame[step], site = steps.site[step];
  while (frame >= 0) {
    out.push({ frame, site });
    if (frames.parent[frame] >= 0) {
      site = frames.callSite[frame] >= 0 ? frames.callSite[frame] : lastSiteBefore(trace, frames.parent[frame], frames.firstStep[frame]);
      frame = frames.parent[frame];
    } else {
      const below = frames.inside[frame];
      site = below >= 0 ? lastSiteBefore(trace, below, frames.firstStep[frame]) : -1;
      frame = below;
    }
  }
  return out;
}

/** Where `frame` stood just before step `step`. */
function lastSiteBefore(trace: Trace, frame: number, step: number): number {
  for (let s = step - 1; s >= trace.frames.firstStep[frame]; s--) if (trace.steps.frame[s] === frame) return trace.steps.site[s];
  return -1;
}

/** Depth of a frame in its own context (roots are 0). */
export function depthOf(trace: Trace, frame: number): number {
  let depth = 0;
  for (let f = trace.frames.parent[frame]; f >= 0; f = trace.frames.parent[f]) depth++;
  return depth;
}
