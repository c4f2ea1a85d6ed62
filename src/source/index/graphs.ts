/** The call graph of each index: made when first needed or in idle time, kept beside the index's cache, made anew when too much has changed. */
import { CallGraph } from './call-graph';
import { readGraph, writeGraph } from './graph-file';
import { NEAR_PLACE, preparingSearch } from './path-search';
import type { Query } from './query';
import { placeWeight } from './rank';

/** More files than this that a graph does not know: it is quicker to make it anew. */
const MOST_UNKNOWN = 300;
const SLICE_MS = 8;
const REST_MS = 50;

interface Held { readonly strings: unknown; readonly arch: string | undefined; readonly graph: CallGraph; readonly making: Generator<void, void> }
const HELD = new WeakMap<Query, Held>();

/** The graph behind a query; it can be used when `making` is through. */
export function graphOf(query: Query): { readonly graph: CallGraph; readonly making: Iterable<void> } {
  let held = HELD.get(query);
  if (held === undefined || held.strings !== query.index.strings || held.arch !== query.context.arch || held.graph.unknown() > MOST_UNKNOWN) HELD.set(query, held = begin(query));
  return { graph: held.graph, making: going(held) };
}

/** Two who wait for the same graph each do a part of it. */
function* going({ graph, making }: Held): Generator<void, void> {
  while (!graph.made && making.next().done !== true) yield;
}

function begin(query: Query): Held {
  const { index } = query, { saved } = index, file = saved === null ? null : readGraph(saved.file, saved.id, query.context.arch ?? '');
  const held = (graph: CallGraph, making: Held['making']): Held => ({ strings: index.strings, arch: query.context.arch, graph, making });
  if (saved !== null && file !== null) {
    const kept = new CallGraph(query, saved.segments);
    if (kept.restore(file)) return held(kept, none());
  }
  // What stands on disk can be made only while no editor holds a file: calls lead to the definitions of now.
  const graph = new CallGraph(query, index.segments);
  return held(graph, graph.make());
}

function* none(): Generator<void, void> {}

/**
 * Makes the graph a few milliseconds at a time, and keeps it where the index is kept; makes it anew when edits have made it less than exact. `waiting` is asked
 * between the parts: while it is true nothing is done.
 */
export async function prepareGraph(query: Query, waiting: () => boolean = () => false): Promise<void> {
  if (HELD.get(query)?.graph.rough === true) HELD.delete(query);
  const { graph, making } = graphOf(query), isNew = !graph.made, parts = making[Symbol.iterator]();
  let since = performance.now();
  while (!graph.made && parts.next().done !== true) {
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

/** Lets others go first; gives the time when it is our turn again. */
async function rested(waiting: () => boolean): Promise<number> {
  do await new Promise((resolve) => setTimeout(resolve, waiting() ? REST_MS : 0)); while (waiting());
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

/** Makes the graph at once, and keeps it: for a program that has nothing else to do. `slow` is called when there is something to be made. */
export function makeGraph(query: Query, slow: () => void): void {
  const { graph, making } = graphOf(query), isNew = !graph.made;
  if (isNew) slow();
  for (const _ of making) continue;
  if (isNew) saveGraph(query, graph);
}

function saveGraph(query: Query, graph: CallGraph): void {
  const { saved } = query.index, data = saved !== null && graph.isOver(saved.segments) ? graph.saved() : null;
  if (data !== null && saved !== null) writeGraph(saved.file, saved.id, query.context.arch ?? '', data);
}
