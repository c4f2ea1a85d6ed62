/** Requests from the debug session (extension host) to the engine (a worker thread that holds run, tree and inspector), with their answers. */
import type { AnchorStatus } from '../base/anchor';
import type { Problem } from '../base/result';
import type { GraphTrace } from './graph';

/** What the quick pick shows of a scenario. */
export interface ScenarioRow { readonly id: string; readonly title: string; readonly hosts: readonly string[]; readonly recorded: boolean; readonly about: string }

/**
 * What is made different in a run when it has taken `ordinal` steps: a field is set, as seen from the frame `depth` calls out; or the next frame of a
 * packet is lost on its way (`lose`, its number).
 */
export type Change = { readonly ordinal: number; readonly depth: number; readonly expression: string; readonly value: string } | { readonly ordinal: number; readonly lose: number };

/** A value to set: a row under a handle, or an expression seen from a frame row (0: the innermost). */
export type AssignTarget = { readonly handle: number; readonly name: string } | { readonly expression: string; readonly frame: number };

/** A field to watch: as seen at a step from the frame `depth` calls out. */
export interface WatchPlace { readonly expression: string; readonly depth: number; readonly step: number }
/** A change of it, found before the step that is the run's `ordinal`th. */
export interface WatchedChange { readonly ordinal: number; readonly was: string; readonly now: string }
export interface DataBreakpointRequest { readonly expression: string; readonly key: string; readonly changes: readonly WatchedChange[]; /** Why the changes could not be found. */ readonly problem?: string; readonly condition?: string; readonly hitCondition?: string }

/** What a run is started with; absent fields mean the default. */
export interface LaunchRequest {
  /** Id of a built-in scenario; or give `text`. */
  readonly scenario: string;
  /** A scenario file's text, and where it is from. */
  readonly text?: string;
  readonly where?: string;
  /** Absolute name of a recorded trace of a real kernel; it is shown instead of a run of `scenario`. */
  readonly recording?: string;
  /** Host to begin on. */
  readonly host?: string;
  /** Function to begin at (`send`, `sys_sendto`, `igb_poll`). */
  readonly entry?: string;
  /** Folder of the kernel tree; empty means the built-in outline. */
  readonly kernel: string;
  /** Folder in which the outline may be written. */
  readonly storage: string;
  /** Show the run from its start, not from the traced window on. */
  readonly all?: boolean;
  /** Leave accessors and bookkeeping out when stepping in. */
  readonly skipMinor?: boolean;
  /** What is made different on the way, in the order of time. */
  readonly changes?: readonly Change[];
}

/** A place in the open tree. `line` is 0 when the file or the function is missing; `file` is absolute. `note` says what is not there, for the current place only. */
export interface SourcePlace { readonly path: string; readonly file: string; readonly line: number; readonly status: AnchorStatus; readonly note: string }

export type ThreadKind = 'task' | 'softirq' | 'hardirq' | 'nic';
/** A context that can run: a task, an interrupt level of a CPU, a NIC. */
export interface ThreadRow { readonly id: number; readonly kind: ThreadKind; readonly host: string; readonly cpu: number; readonly pid: number; readonly comm: string }

/** Where the session stands after a move. */
export interface Position {
  readonly step: number;
  readonly count: number;
  readonly visited: number;
  readonly past: boolean;
  readonly thread: number;
  readonly frame: number;
  readonly function: string;
  readonly place: SourcePlace;
  /** What the statement is, in a word or two: `if sock`, `call tcp_push`; the outline has no more than that. */
  readonly statement: string;
  readonly host: string;
  readonly context: ThreadRow;
  readonly packet: number;
  /** Virtual ns. */
  readonly time: number;
}

export type StopReason = 'entry' | 'step' | 'breakpoint' | 'function breakpoint' | 'data breakpoint' | 'goto' | 'start' | 'end' | 'packet';
export interface Moved {
  readonly reason: StopReason;
  readonly position: Position;
  /** Ids of the breakpoints that stopped the run. */
  readonly breakpoints: readonly number[];
  /** Stack of the thread that stopped, innermost first: the client asks for it at once, and waits for nothing then. */
  readonly stack: readonly FrameRow[];
  /** Lines for the debug console (log points, conditions that could not be read). */
  readonly output: readonly string[];
  /** Files of the coming steps, absolute, the nearest first: an editor that has them loaded shows a step in another file as soon as one in this. */
  readonly ahead: readonly string[];
}

export interface Opened {
  readonly title: string;
  readonly kernel: string;
  /** Version and folder of the tree shown. */
  readonly tree: { readonly root: string; readonly version: string; readonly outline: boolean };
  readonly threads: readonly ThreadRow[];
  readonly moved: Moved;
  /** What to tell the user: another kernel version, a run that ended early. */
  readonly notices: readonly string[];
  /** ms spent: scenario, tree, first stop. */
  readonly took: { readonly run: number; readonly tree: number; readonly stop: number };
}

export interface FrameRow {
  readonly id: number;
  readonly name: string;
  readonly place: SourcePlace;
  /** The row is a label between contexts (`hard IRQ on CPU 1`), not a function. */
  readonly label: ThreadRow | null;
}

export interface ScopeRow { readonly name: 'Locals' | 'Packet' | 'Socket' | 'Device' | 'Host'; readonly handle: number; readonly expensive: boolean; readonly children: number }

export interface VariableRow {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  /** 0: nothing to expand. */
  readonly handle: number;
  /** How to write it in a watch expression; '' when it cannot be. */
  readonly path: string;
  /** Items by number, for paging; 0 for named fields. */
  readonly indexed: number;
}

export interface BreakpointRequest { readonly line: number; readonly condition?: string; readonly hitCondition?: string; readonly logMessage?: string }
export interface FunctionBreakpointRequest { readonly name: string; readonly condition?: string; readonly hitCondition?: string }
export interface BreakpointRow { readonly id: number; readonly verified: boolean; readonly line: number; readonly message: string }

export type StepAction = 'in' | 'over' | 'out' | 'back' | 'continue' | 'reverse';
export type Granularity = 'line' | 'instruction';

/** Every request with its parameters and its answer. */
export interface EngineMethods {
  scenarios(p: Record<string, never>): readonly ScenarioRow[];
  open(p: LaunchRequest): Opened;
  graph(p: Record<string, never>): GraphTrace;
  step(p: { readonly action: StepAction; readonly thread: number; readonly granularity: Granularity }): Moved;
  goto(p: { readonly step: number }): Moved;
  /** Next or previous event of a packet (0: the current one). Null when there is none. */
  packet(p: { readonly direction: 1 | -1; readonly packet: number }): { readonly moved: Moved | null; readonly packet: number; readonly what: string };
  stack(p: { readonly thread: number; readonly start: number; readonly levels: number }): { readonly frames: readonly FrameRow[]; readonly total: number };
  /** Opens a run ahead of time; a session with the same launch then opens at once. False: it could not be opened, and the session will say why. */
  warm(p: LaunchRequest): boolean;
  /** In an engine of its own that only looks at objects, so that steps never wait for it: runs the scenario again, keeps no place. */
  prepare(p: LaunchRequest): null;
  /** Scopes of a frame row at a step. */
  scopes(p: { readonly step: number; readonly frame: number }): readonly ScopeRow[];
  variables(p: { readonly handle: number; readonly start: number; readonly count: number; readonly hex: boolean }): readonly VariableRow[];
  evaluate(p: { readonly expression: string; readonly step: number; readonly frame: number; readonly hex: boolean }): VariableRow;
  breakpoints(p: { readonly file: string; readonly lines: readonly BreakpointRequest[] }): readonly BreakpointRow[];
  functionBreakpoints(p: { readonly functions: readonly FunctionBreakpointRequest[] }): readonly BreakpointRow[];
  /** What a row or an expression is called, so that it can be watched. */
  locate(p: { readonly target: AssignTarget; readonly step: number }): { readonly expression: string; readonly depth: number };
  /** Every change of a field in the run, in order. */
  watch(p: WatchPlace): { readonly key: string; readonly changes: readonly WatchedChange[] };
  /** Stops at the statements that change fields; replaces the former ones. */
  dataBreakpoints(p: { readonly breakpoints: readonly DataBreakpointRequest[] }): readonly BreakpointRow[];
  /** Lines of a file, in a range, at which the run can be stopped. */
  locations(p: { readonly file: string; readonly line: number; readonly endLine: number }): readonly number[];
  /** Steps at a line, the nearest to the current one first. */
  targets(p: { readonly file: string; readonly line: number }): readonly { readonly step: number; readonly function: string; readonly line: number }[];
  /** Lines of a file that were shown up to the furthest step, and up to the current one. */
  visited(p: { readonly file: string }): { readonly lines: readonly number[] };
  /** Where a frame's function, or the call of it, stands. */
  source(p: { readonly frame: number; readonly at: 'entry' | 'call' }): SourcePlace;
  /** Why a step has no exact line, with where its function went; '' when it has one. May take a while in an unknown tree. */
  explain(p: { readonly step: number }): string;
  /** Exactness per function; looks at up to `files` more files. */
  status(p: { readonly files: number }): { readonly functions: Uint8Array; readonly done: boolean };
  /** An editor's text of a file that differs from the disk; null: it was saved or closed. */
  text(p: { readonly file: string; readonly text: string | null }): null;
  /** What setting a value at a step would change; `expression` names it. */
  assign(p: { readonly target: AssignTarget; readonly value: string; readonly step: number }): { readonly change: Change; readonly expression: string; readonly was: string; readonly now: string };
  /** The change that loses a packet's next frame on a cable; null when the packet is on none from here on. */
  lose(p: { readonly packet: number }): Change | null;
  /** Runs again with these changes in place of the former ones, and stays at the same step, or where the two runs part. */
  change(p: { readonly changes: readonly Change[] }): { readonly opened: Opened; readonly breakpoints: readonly BreakpointRow[]; /** Why the run ended early, or ''. */ readonly stopped: string };
  /** Writes the whole trace to a file (absolute) in one of the exporters' formats, by its id. */
  save(p: { readonly format: string; readonly file: string }): { readonly bytes: number };
  /** What is wrong with a scenario file's text, with its place (lines and columns from 1); null when nothing is. */
  check(p: { readonly text: string; readonly where: string }): { readonly message: string; readonly line: number; readonly column: number } | null;
  /** A copy of a built-in scenario to start from. */
  copy(p: { readonly scenario: string }): { readonly text: string };
  /** Writes the outline under a folder and gives its place. */
  outline(p: { readonly storage: string }): { readonly root: string; readonly version: string };
}

export type EngineMethod = keyof EngineMethods;
export type EngineParams<M extends EngineMethod> = Parameters<EngineMethods[M]>[0];
export type EngineResult<M extends EngineMethod> = ReturnType<EngineMethods[M]>;

/** On the wire: a numbered request, and its answer or its problem. */
export interface EngineRequest { readonly id: number; readonly method: EngineMethod; readonly params: unknown }
export type EngineResponse = { readonly id: number; readonly result: unknown } | { readonly id: number; readonly problem: Problem };
