/** What an instrumented run reports, as types: the emulator writes, the recorder and the inspector read. */

/** Gives the locals in scope at a step, evaluated only when somebody looks. */
export type Locals = () => Record<string, unknown>;

/** The frames of one context, innermost last. Arrays are indexed by depth. */
export class FrameStack {
  depth = 0;
  /** Frames below this depth belong to what was interrupted. */
  barrier = 0;
  /** Function ids (index into the function table). */
  readonly fn = new Int32Array(1024);
  /** Last call site announced by the frame; -1 once the callee has taken it. */
  readonly call = new Int32Array(1024).fill(-1);
  /** Last macro's site in the frame (the recorder keeps it): a macro may make several calls. */
  readonly macro = new Int32Array(1024).fill(-1);
  /** Recorded frame ids; -1 when the frame was entered while nothing was recorded. */
  readonly frame = new Int32Array(1024);
  /** Site of the last step of the frame; -1 at its entry. */
  readonly site = new Int32Array(1024);
  /** Virtual ns that a step of the frame takes. */
  readonly cost = new Float64Array(1024);
  readonly locals: (Locals | null)[] = [];
}

/** Takes what happens, in order. */
export interface Recorder {
  /** A function was entered: gives the id of the new frame, or -1 when this host is not being recorded. */
  enter(fn: number, packet: number): number;
  /** The frame `frame` was left. */
  leave(frame: number): void;
  /** A statement or call of `frame` is about to run. */
  step(frame: number, site: number): void;
}
