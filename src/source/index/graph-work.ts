/**
 * The call graph made on a thread of its own: the tables of the index are in shared memory, so that nothing is copied, and what is remembered on the way goes with the
 * thread. Whoever waits looks for the answer now and then, also where no event can come in.
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { CallGraph, type GraphData } from './call-graph';
import { TABLES } from './facts';
import { KernelIndex } from './kernel-index';
import { Query } from './query';
import { SAVED_ORDERS, Segment, type SegmentData } from './segment';
import { type StringBuffers, StringTable } from './strings';

/** What the thread gets. */
export interface GraphInput {
  readonly strings: StringBuffers;
  readonly segments: ReadonlyArray<{ readonly paths: string; readonly dead: Uint8Array } & Pick<SegmentData, 'tables' | 'starts' | 'orders'>>;
  readonly arch: string | undefined;
  readonly port: MessagePort;
  /** [1 to rest, how far it is] */
  readonly state: SharedArrayBuffer;
}

const RESTS = 0;
const FAR = 1;
const REST_MS = 100;
/** A thread that gets no further for so long is given up by those who wait without events. */
const STALLED_MS = 10_000;
const YOUNG_MB = 4;
const OLD_MB = 36;
/** Names for which another MB may be needed. */
const NAMES_A_MB = 35_000;

/** Finds the graph's edges: the thread's part. */
export function findCalls(input: GraphInput): void {
  const index = new KernelIndex('', 0), state = new Int32Array(input.state);
  index.strings = new StringTable(input.strings);
  index.segments = input.segments.map(({ paths, dead, tables, starts, orders }) => {
    const segment = new Segment({ files: paths.split('\n').map((path) => ({ path, mtime: 0, size: 0 })), tables, starts, orders });
    segment.dead.set(dead);
    return segment;
  });
  const query = new Query(index);
  query.context = { arch: input.arch };
  const finding = new CallGraph(query, index.segments).finding();
  for (;;) {
    const step = finding.next();
    if (step.done === true) { input.port.postMessage(step.value, [step.value.starts, step.value.edges, step.value.slotStarts, step.value.slotTargets].map((a) => a.buffer as ArrayBuffer)); return; }
    Atomics.add(state, FAR, 1);
    while (Atomics.load(state, RESTS) === 1) Atomics.wait(state, RESTS, 1, REST_MS);
  }
}

/** A graph on its way. */
export class GraphWork {
  /** Did the thread end without an answer? */
  failed = false;
  private readonly state = new Int32Array(new SharedArrayBuffer(8));
  private readonly port: MessagePort;
  private readonly worker: Worker;
  private far = -1;
  private urgent = false;
  private since = 0;

  constructor(script: string, { index, context }: Query, base: readonly Segment[]) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    const orders = (s: Segment): SegmentData['orders'] => Object.fromEntries(SAVED_ORDERS.map((o) => [o, s.data.orders[o]]));
    const input: GraphInput = {
      strings: index.strings.buffers, arch: context.arch, port: port2, state: this.state.buffer as SharedArrayBuffer,
      segments: base.map((s) => ({ paths: s.data.files.map((f) => f.path).join('\n'), dead: s.dead, tables: s.data.tables, starts: s.data.starts, orders: orders(s) })),
    };
    this.worker = new Worker(script, { workerData: { graph: input }, transferList: [port2], resourceLimits: { maxOldGenerationSizeMb: OLD_MB + Math.ceil(index.strings.count / NAMES_A_MB), maxYoungGenerationSizeMb: YOUNG_MB } });
    this.worker.on('error', () => { this.failed = true; }); // out of memory, or no such script: the graph is made by whoever waits
    this.worker.on('exit', () => { this.failed = true; });
    this.worker.unref();
    port1.unref();
  }

  /** The answer, when it is there. */
  poll(): GraphData | null {
    const got = receiveMessageOnPort(this.port) as { message: GraphData } | undefined;
    if (got === undefined) return null;
    this.stop();
    return got.message;
  }

  /** Somebody waits for the answer: there is no more rest. */
  urge(): void {
    this.urgent = true;
    this.rest(false);
  }

  /** Lets the thread rest, or go on. */
  rest(on: boolean): void {
    Atomics.store(this.state, RESTS, on && !this.urgent ? 1 : 0);
    Atomics.notify(this.state, RESTS);
  }

  /** Waits without letting events in. */
  block(ms: number): void {
    Atomics.wait(this.state, RESTS, 0, ms);
    const far = Atomics.load(this.state, FAR), now = Date.now();
    if (far !== this.far) { this.far = far; this.since = now; }
    else if (now - this.since > STALLED_MS) this.failed = true;
  }

  stop(): void {
    this.port.close();
    void this.worker.terminate();
  }
}

/** Is every table of these segments in shared memory? */
export function areShared(segments: readonly Segment[]): boolean {
  return segments.every((s) => TABLES.every((t) => s.data.tables[t].buffer instanceof SharedArrayBuffer));
}
