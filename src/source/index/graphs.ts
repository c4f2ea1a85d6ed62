/** The call graph of each index: made when first needed or in idle time, kept beside the index's cache, made anew when too much has changed. */
import { CallGraph } from './call-graph';
import { areShared, GraphWork } from './graph-work';
import { readGraph, writeGraph } from './graph-file';
import { NEAR_PLACE, preparingSearch } from './path-search';
import type { Query } from './query';
import { placeWeight } from './rank';

/** More files than this that a graph does not know: it is quicker to make it anew. */
const MOST_UNKNOWN = 300;
const SLICE_MS = 8;
const REST_MS = 50;
const POLL_MS = 10;
/** Functions and macros from which on a thread pays. */
const WORTH_THREAD = 60_000;

/** Yielded by what makes a graph when there is nothing to do but to wait for its thread. */
export const WAITING = true;
type Making = Generator<typeof WAITING | void, void>;

interface Held { readonly strings: unknown; readonly arch: string | undefined; readonly graph: CallGraph; readonly making: Making; readonly work: GraphWork | null }
const HELD = new WeakMap<Query, Held>();

/** The graph behind a query; it can be used when `making` is through. A large one is made on a thread. */
export function graphOf(query: Query): { readonly graph: CallGraph; readonly making: Iterable<typeof WAITING | void>; readonly work: GraphWork | null } {
  let held = HELD.get(query);
  if (held === undefined || held.strings !== query.index.strings || held.arch !== query.context.arch || held.graph.unknown() > MOST_UNKNOWN) {
    held?.work?.stop();
    HELD.set(query, held = begin(query));
  }
  return { graph: held.graph, making: going(held), work: held.work };
}

/** Two who wait for the same graph each do a part of it. */
function* going({ graph, making }: Held): Making {
  while (!graph.made) { const step = making.next(); if (step.done === true) return; yield step.value; }
}

function begin(query: Query): Held {
  const { index } = query, { saved } = index, file = saved === null ? null : readGraph(saved.file, saved.id, query.context.arch ?? '');
  const held = (graph: CallGraph, making: Making, work: GraphWork | null = null): Held => ({ strings: index.strings, arch: query.context.arch, graph, making, work });
  if (saved !== null && file !== null) {
    const kept = new CallGraph(query, saved.segments);
    if (kept.restore(file)) return held(kept, none());
  }
  // What stands on disk can be made only while no editor holds a file: calls lead to the definitions of now.
  const graph = new CallGraph(query, index.segments);
  if (index.script === '' || graph.nodes.count < WORTH_THREAD || !areShared(index.segments)) return held(graph, graph.make());
  const work = new GraphWork(index.script, query, index.segments);
  return held(graph, awaiting(graph, work), work);
}

function* none(): Making {}

/** Waits for the thread; makes the graph here when it fails. */
function* awaiting(graph: CallGraph, work: GraphWork): Making {
  for (;;) {
    const data = work.poll();
    if (data !== null) { yield* graph.taking(data); return; }
    if (work.failed) break;
    yield WAITING;
  }
  work.stop();
  yield* graph.make();
}

/**
 * Makes the graph a few milliseconds at a time, and keeps it where the index is kept; makes it anew when edits have made it less than exact. `waiting` is asked
 * between the parts: while it is true nothing is done.
 */
export async function prepareGraph(query: Query, waiting: () => boolean = () => false): Promise<void> {
  if (HELD.get(query)?.graph.rough === true) HELD.delete(query);
  const { graph, making, work } = graphOf(query), isNew = !graph.made, parts = making[Symbol.iterator]();
  let since = performance.now();
  for (let step = parts.next(); !graph.made && step.done !== true; step = parts.next()) {
    if (step.value === WAITING) { work?.rest(waiting()); await sleep(POLL_MS); since = performance.now(); continue; }
    if (performance.now() - since < SLICE_MS && !waiting()) continue;
    since = await rested(waiting);
  }
  graph.sync();
  for (const work of [receivers(query), preparingSearch(graph, query)]) {
    for (const _ of work) {
      if (performance.now() - since < SLICE_MS && !waiting()) continue;
      since = await rested(waiting);
    }
  }
  if (isNew) saveGraph(query, graph);
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Lets others go first; gives the time when it is our turn again. */
async function rested(waiting: () => boolean): Promise<number> {
  do await sleep(waiting() ? REST_MS : 0); while (waiting());
  return performance.now();
}

/** Finds out what the pointers of the network stack go through, which the first chains would else wait for: a file at each step. */
function* receivers(query: Query): Generator<void, void> {
  const { strings } = query.index;
  for (const path of [...query.index.paths()]) {
    const ref = placeWeight(path) < NEAR_PLACE ? undefined : query.index.file(path);
    if (ref === undefined) { yield; continue; }
    const { tables, starts } = ref.segment.data, d = tables.memberCalls;
    for (let row = starts.memberCalls[ref.file]; row < starts.memberCalls[ref.file + 1]; row++) query.slots.slotOfCall(strings.name(d[5 * row]), strings.name(d[5 * row + 3]), path);
    yield;
  }
}

/** Makes the graph, and keeps it: for a program that has nothing else to do. `slow` is called when there is something to be made. */
export async function makeGraph(query: Query, slow: () => void): Promise<void> {
  const { graph, making } = graphOf(query), isNew = !graph.made;
  if (isNew) slow();
  for (const step of making) if (step === WAITING) await sleep(POLL_MS);
  if (isNew) saveGraph(query, graph);
}

function saveGraph(query: Query, graph: CallGraph): void {
  const { saved } = query.index, data = saved !== null && graph.isOver(saved.segments) ? graph.saved() : null;
  if (data !== null && saved !== null) writeGraph(saved.file, saved.id, query.context.arch ?? '', data);
}
