// Every paired statement stands in the case of its switch that its partner stands in: labels, or default. Looks at the table of anchors, not at runs.
import { sameCase } from '../mirror/pairing.mjs';
import { planOf } from '../mirror/table.mjs';

/** The branch under `ancestor` in which site `i` stands, or null when it does not. */
function branchIn(sites, i, ancestor) {
  for (let at = i; at >= 0; at = sites[at].parent) if (sites[at].parent === ancestor) return sites[at].branch;
  return null;
}

const key = (a) => `${a.kind}\t${a.text}\t${a.nth}`;

/** Judges the whole table: rows as judgeMoves gives them. */
export function judgeCases(root, kernel, graphOf) {
  const out = [];
  for (const { functions } of planOf(root, kernel).values()) for (const { fn, anchors, def } of functions) {
    const path = anchors.find(Boolean)?.path, graph = path && fn.sites.some((s) => s.kind === 'switch') ? graphOf(path, fn.name, def) : null;
    if (!graph) continue;
    const indexOf = new Map(graph.sites.map((s, i) => [key(s), i])), partner = anchors.map((a) => (a ? indexOf.get(key(a)) ?? -1 : -1));
    fn.sites.forEach((site, i) => {
      for (let p = site.parent; p >= 0 && partner[i] >= 0; p = fn.sites[p].parent) {
        if (fn.sites[p].kind !== 'switch' || partner[p] < 0) continue;
        const ours = branchIn(fn.sites, i, p), theirs = branchIn(graph.sites, partner[i], partner[p]);
        // A shared tail, paired at the end for its place, stands outside.
        if (theirs !== null && !sameCase(ours, theirs)) out.push({ kind: 'wrong case', path, function: fn.name, from: ours, to: `${graph.sites[partner[i]].line} (${theirs})`, passed: [], times: 1, where: 'table' });
      }
    });
  }
  return out;
}
