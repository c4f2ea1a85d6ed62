// Holds what runs showed against the C functions' graphs: each move of a frame must be a way through its function that passes no statement which would have been shown.
import ts from 'typescript';
import { isProbedCall } from '../instrument.mjs';
import { planOf } from '../mirror/table.mjs';
import { END, ENTRY } from './runs.mjs';

const siteKey = (a) => `${a.kind}\t${a.text}\t${a.nth}`;
const functionKey = (file, name) => `${file}\t${name}`;

/** Is a mirror's loop shown each time its condition is looked at? (One without a condition, and one over a list, is shown as its body begins; do ... while once.) */
const isShownEachTime = (site) => !!site.condition && !ts.isDoStatement(site.node);

/** What the mirror shows when it runs: per `path TAB function` a Map of C site (`kind TAB text TAB nth`) to {always}. */
export function shownSites(root, kernel) {
  const plan = planOf(root, kernel), mirrored = new Set(), out = new Map();
  for (const { names } of plan.values()) for (const n of names) mirrored.add(n);
  for (const { functions } of plan.values()) for (const { fn, anchors, def } of functions) {
    const shown = new Map();
    anchors.forEach((a, i) => {
      const site = fn.sites[i];
      if (!a || (site.kind === 'call' && !isProbedCall(site, fn.node, mirrored))) return;
      const before = shown.get(siteKey(a)), statement = ts.findAncestor(site.node, ts.isStatement);
      shown.set(siteKey(a), {
        always: (site.kind !== 'loop' || isShownEachTime(site)) && before?.always !== false,
        // C evaluates `a->x += y` once, the mirror writes a.x twice
        repeats: !!before?.repeats || before?.statement === statement, statement,
      });
      out.set(functionKey(a.path, fn.name), { def, shown });
    });
  }
  return out;
}

/** Nodes that cannot be passed over unseen. */
function visible(graph, shown) {
  return graph.nodes.map(({ sites }) => sites.some((i) => {
    const s = graph.sites[i], seen = shown?.get(siteKey(s));
    return seen?.always && !graph.maybe.has(i);
  }));
}

/** The way from node `from` to node `to` with the fewest visible nodes between: those nodes, or null when there is none. */
export function passed(graph, from, to, isVisible) {
  const before = new Map(), rounds = [[from]];
  // nodes by number of visible nodes on the way; each round's list grows while it is read
  for (let n = 0; n < rounds.length; n++) for (const node of rounds[n]) {
    for (const next of graph.nodes[node].to) {
      if (next === to) {
        const way = [];
        for (let at = node; at !== from && at !== undefined; at = before.get(at)) if (isVisible[at]) way.unshift(at);
        return way;
      }
      if (before.has(next)) continue;
      before.set(next, node);
      (rounds[isVisible[next] ? n + 1 : n] ??= []).push(next);
    }
  }
  return null;
}

const lineOf = (graph, node) => { const i = graph.nodes[node].sites[0]; return i === undefined ? 0 : graph.sites[i].line; };

/** Macros that ask their condition again and again. */
const WAITING = new Set(['sk_wait_event', 'wait_event', 'wait_event_interruptible', 'wait_event_timeout', 'wait_event_interruptible_timeout']);

/** One move of a frame, judged: null when it is a way through the function, else what is wrong with it. */
function judgeMove(graph, isVisible, from, to, repeats) {
  const at = (site) => graph.nodeOf.get(siteKey(site));
  const a = from === ENTRY ? { node: graph.entry, index: 0 } : at(from), b = to === END ? { node: graph.exit, index: -1 } : at(to);
  if (!a || !b) return { kind: 'lost', passed: [] };
  if (a.node === b.node && (a.index !== b.index || repeats || graph.nodes[a.node].sites.some((i) => WAITING.has(graph.sites[i].text)))) return null;
  const way = passed(graph, a.node, b.node, isVisible);
  if (way?.length === 0) return null;
  // A function that never returns in C ends here where its task does.
  if (to === END && passed(graph, graph.entry, graph.exit, isVisible) === null) return null;
  const kind = way === null ? 'no way' : from === ENTRY ? 'first' : to === END ? 'last' : 'passes';
  return { kind, from: from === ENTRY ? 'entry' : lineOf(graph, a.node), to: to === END ? 'end' : lineOf(graph, b.node), passed: (way ?? []).map((n) => lineOf(graph, n)) };
}

/** Judges all moves: [{kind, path, function, from, to, passed: lines, times, where}]. */
export function judgeMoves(runs, graphOf, sitesShown) {
  const sight = new Map(), out = [];
  for (const move of runs.moves) {
    const fn = runs.functions[move.fn];
    if (!fn || fn.path === '') continue;
    const graph = graphOf(fn.path, fn.name, fn.def), row = { path: fn.path, function: fn.name, times: move.times, where: move.where };
    if (!graph) { out.push({ kind: 'no graph', ...row, from: '', to: '', passed: [] }); continue; }
    const [from, to] = [move.from, move.to].map((s) => (s < 0 ? s : runs.sites[s]));
    const foreign = [from, to].find((s) => typeof s === 'object' && (s.function !== fn.name || s.path !== fn.path));
    if (foreign) { out.push({ kind: 'foreign', ...row, from: foreign.function, to: '', passed: [] }); continue; }
    const { shown } = sitesShown.get(functionKey(fn.path, fn.name)) ?? {};
    if (!sight.has(graph)) sight.set(graph, visible(graph, shown));
    const wrong = judgeMove(graph, sight.get(graph), from, to, move.from === move.to && typeof to === 'object' && shown?.get(siteKey(to))?.repeats);
    if (wrong) out.push({ ...row, ...wrong });
  }
  return out;
}
