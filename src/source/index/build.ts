/** Builds the segments of a whole tree, on worker threads where that pays, and tells how far it is. */
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Problem } from '../../base/result';
import { FileScanner } from './scan-files';
import type { FileStamp, SegmentData } from './segment';
import { StringTable } from './strings';
import type { WorkerInput } from './worker';

/** How a build is watched and steered. */
export interface BuildControl {
  /** Called now and then with the number of files begun. */
  progress?(done: number, total: number): void;
  /** Asked often; true ends the build with what there is. */
  cancelled?(): boolean;
  /** Asked often; while true nothing new is begun (threads finish their batch). */
  paused?(): boolean;
  /** A finished segment, usable at once. */
  segment(data: SegmentData): void;
}

/** Script of the worker, and how many threads in all; up to 1 scans on this thread alone. */
export interface BuildThreads {
  readonly script: string;
  readonly count: number;
}

const BATCH = 24;
const WORTH_THREADS = 3 << 20;
const POLL_MS = 25;

/** As many threads as there are cores, up to four. */
export function defaultThreads(script: string): BuildThreads {
  return { script, count: existsSync(script) ? Math.max(1, Math.min(4, cpus().length)) : 1 };
}

/**
 * Scans `files` of `root`. Gives what could not be read, and whether it was cancelled. This thread takes part, and lets requests in between.
 * What a worker that died had taken is read again here.
 */
export async function buildSegments(root: string, files: readonly FileStamp[], strings: StringTable, threads: BuildThreads, control: BuildControl): Promise<{ problems: Problem[]; cancelled: boolean }> {
  let bytes = 0;
  for (const f of files) bytes += f.size;
  const helpers = bytes < WORTH_THREADS ? 0 : Math.max(0, threads.count - 1);
  const shared = new SharedArrayBuffer(8);
  const state = new Int32Array(shared);
  const input: WorkerInput = { root, files, strings: strings.buffers, shared, batch: BATCH, bytes: Math.ceil(bytes / (helpers + 1)) };
  const done = new Set<string>();
  const noting: BuildControl = helpers === 0 ? control : { ...control, segment: (data) => { for (const f of data.files) done.add(f.path); control.segment(data); } };
  const working = Promise.all(Array.from({ length: helpers }, () => worker(threads.script, input, noting)));
  const problems = await share(input, strings, state, noting);
  const ends = await working;
  for (const end of ends) problems.push(...end.problems);
  if (ends.some((end) => end.died) && Atomics.load(state, 1) !== 1) {
    for (const p of problems) if (p.where !== undefined) done.add(p.where);
    Atomics.store(state, 0, 0);
    problems.push(...await share({ ...input, files: files.filter((f) => !done.has(f.path)) }, strings, state, control));
  }
  return { problems, cancelled: Atomics.load(state, 1) === 1 };
}

/** Puts what the user wants into the shared state. */
function steer(state: Int32Array, control: BuildControl, total: number): void {
  Atomics.store(state, 1, control.cancelled?.() === true ? 1 : control.paused?.() === true ? 2 : 0);
  Atomics.notify(state, 1);
  control.progress?.(Math.min(Atomics.load(state, 0), total), total);
}

/** This thread's part of the files. */
async function share(input: WorkerInput, strings: StringTable, state: Int32Array, control: BuildControl): Promise<Problem[]> {
  const total = input.files.length;
  const next = (): { from: number; to: number } | null => {
    if (Atomics.load(state, 1) === 1) return null;
    const from = Atomics.add(state, 0, BATCH);
    return from >= total ? null : { from, to: Math.min(from + BATCH, total) };
  };
  const scanner = new FileScanner({ root: input.root, files: input.files, next }, strings, input.bytes, (segment) => control.segment(segment));
  let last = 0; // what the user wants counts from the first files on
  while (scanner.step()) {
    if (Date.now() - last < POLL_MS) continue;
    steer(state, control, total);
    await new Promise((resolve) => setImmediate(resolve)); // let requests in
    while (control.paused?.() === true && control.cancelled?.() !== true) { steer(state, control, total); await new Promise((resolve) => setTimeout(resolve, POLL_MS)); }
    last = Date.now();
  }
  scanner.finish();
  steer(state, control, total);
  return scanner.problems;
}

/** One worker's life: its segments go to `control`; `died` when it ended before its work did. */
function worker(script: string, input: WorkerInput, control: BuildControl): Promise<{ problems: Problem[]; died: boolean }> {
  return new Promise((resolve) => {
    const w = new Worker(script, { workerData: input, resourceLimits: { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 12 } });
    let problems: Problem[] | null = null;
    w.on('message', (m: { segment?: SegmentData; problems?: Problem[] }) => {
      if (m.segment !== undefined) control.segment(m.segment);
      if (m.problems !== undefined) problems = m.problems;
    });
    w.on('error', () => undefined); // out of memory, or no such script: what it leaves is read on this thread
    w.on('exit', () => resolve({ problems: problems ?? [], died: problems === null }));
  });
}
