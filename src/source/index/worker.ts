/** Worker thread: scans its share of the files and posts segments, or finds the edges of the call graph. Bundled as dist/index-worker.js. */
import { parentPort, workerData } from 'node:worker_threads';
import { findCalls, type GraphInput } from './graph-work';
import { FileScanner } from './scan-files';
import type { FileStamp } from './segment';
import { type StringBuffers, StringTable } from './strings';

/** What the main thread gives a worker. */
export interface WorkerInput {
  readonly root: string;
  readonly files: readonly FileStamp[];
  readonly strings: StringBuffers;
  /** [next file, 0 to run, 1 to end, 2 to pause] */
  readonly shared: SharedArrayBuffer;
  readonly batch: number;
  readonly bytes: number;
}

function run(input: WorkerInput): void {
  const shared = new Int32Array(input.shared);
  const next = (): { from: number; to: number } | null => {
    while (Atomics.load(shared, 1) === 2) Atomics.wait(shared, 1, 2, 200);
    if (Atomics.load(shared, 1) === 1) return null;
    const from = Atomics.add(shared, 0, input.batch);
    return from >= input.files.length ? null : { from, to: Math.min(from + input.batch, input.files.length) };
  };
  const scanner = new FileScanner({ root: input.root, files: input.files, next }, new StringTable(input.strings), input.bytes,
    (segment) => parentPort?.postMessage({ segment }));
  while (scanner.step());
  scanner.finish();
  parentPort?.postMessage({ problems: scanner.problems });
}

if (parentPort !== null) {
  const { graph } = workerData as { graph?: GraphInput };
  if (graph !== undefined) findCalls(graph);
  else run(workerData as WorkerInput);
}
