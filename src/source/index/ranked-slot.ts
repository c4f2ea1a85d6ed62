/** The likeliest functions in a slot for very many callers: what ranking (rank.ts) knows of each is worked out once, and each caller looks at the first few only. */
import type { CallNodes } from './call-nodes';
import { type Asker, CLOSENESS, type Choice, commonness, type Context, plausible } from './rank';

/** A candidate: how often it is put there, and what ranking knows about it. */
export interface Ranked { readonly choice: Choice; readonly count: number }

/** Those that callers of one architecture and family can reach, the likeliest first for a caller far from all; `wide` is free for whoever asks. */
export interface View { readonly order: readonly Entry[]; wide: number }

interface Entry { readonly choice: Choice; readonly node: number; count: number; extra: number; tie: number }

/** The candidates of a slot. */
export class RankedSlot {
  private readonly entries: Entry[];
  private readonly views = new Map<string, View>();

  constructor(private readonly struct: string, candidates: readonly Ranked[], nodes: CallNodes) {
    const unique = new Map<string, Entry>();
    for (const { choice, count } of candidates) {
      const known = unique.get(choice.key);
      if (known === undefined) unique.set(choice.key, { choice, node: nodes.of(choice.def.segment, choice.def.row), count, extra: 0, tie: 0 });
      else known.count += count;
    }
    this.entries = [...unique.values()];
    for (const e of this.entries) e.extra = commonness(e.count);
    [...this.entries].sort((a, b) => (a.choice.def.name < b.choice.def.name ? -1 : a.choice.def.name > b.choice.def.name ? 1 : 0)).forEach((e, k) => { e.tie = k; });
  }

  /** What this caller can reach. */
  view(asker: Asker, context: Context): View {
    const key = this.struct === 'sock' ? `${asker.arch}\n${asker.family}` : asker.arch; // what `plausible` looks at
    let view = this.views.get(key);
    if (view === undefined) {
      const order = this.entries.filter((e) => plausible(e.choice, asker, this.struct, context)).sort((a, b) => (b.choice.weight + b.extra) - (a.choice.weight + a.extra) || a.tie - b.tie);
      this.views.set(key, view = { order, wide: -1 });
    }
    return view;
  }
}

/** The first `most` of a view for this caller, as nodes (-1: not in the graph), into `into`; gives how many. */
export function likeliest(view: View, asker: Asker, into: Int32Array, most: number): number {
  const weights = LIKELY.weights, ties = LIKELY.ties;
  let filled = 0;
  for (const { choice, node, extra, tie } of view.order) {
    const w = choice.weight + (choice.def.path === asker.path ? CLOSENESS.FILE : choice.folder === asker.folder ? CLOSENESS.FOLDER : 0) + extra;
    if (filled === most) {
      if (choice.weight + extra + CLOSENESS.FILE + ROUNDING < weights[most - 1]) break; // and so all that follow
      if (w < weights[most - 1] || (w === weights[most - 1] && tie > ties[most - 1])) continue;
    } else filled++;
    let k = filled - 1;
    for (; k > 0 && (weights[k - 1] < w || (weights[k - 1] === w && ties[k - 1] > tie)); k--) { weights[k] = weights[k - 1]; ties[k] = ties[k - 1]; into[k] = into[k - 1]; }
    weights[k] = w;
    ties[k] = tie;
    into[k] = node;
  }
  return filled;
}

const ROUNDING = 1e-6;
const MOST = 64;
const LIKELY = { weights: new Float64Array(MOST), ties: new Int32Array(MOST) };
