/** Fuzzy search over all defined names: the letters of the query in order, best at word starts. */
import type { Def } from './lookup';
import { holdsExactly, holdsInOrder, holdsLoosely, matchScore } from './match';
import { Names, type Spelt } from './names';
import type { Query } from './query';
import { Kind } from './facts';
import { placeWeight } from './rank';
import type { Segment } from './segment';

const KIND_SCORE: Readonly<Record<number, number>> = { [Kind.FUNCTION]: 14, [Kind.STRUCT]: 13, [Kind.UNION]: 10, [Kind.ENUM]: 8, [Kind.VARIABLE]: 9, [Kind.TYPEDEF]: 8, [Kind.MACRO]: 3, [Kind.ENUMERATOR]: 4, [Kind.TRACEPOINT]: 6, [Kind.PROTOTYPE]: -40, [Kind.EXTERN]: -40 };
const KEPT = 160;
/** With so many good names, less good ones are not looked for. */
const FEW = 3;

const HOLDS: Readonly<Record<Spelt, typeof holdsExactly>> = {
  exactly: holdsExactly, scattered: holdsInOrder,
  loosely: (bytes, start, end, wanted) => holdsLoosely(bytes, start, end, wanted) && !holdsExactly(bytes, start, end, wanted),
};
/** Most letters begin a word or follow the one before. */
const well = (letters: number): number => 7 * letters - 8;
/** The ways to look for a text, one after the other: each `unless` so many names are found already; a name that scores less than `floor` for that many letters is not looked at. */
const WAYS: ReadonlyArray<{ readonly spelt: Spelt; readonly unless: number; readonly floor: (letters: number) => number }> = [
  { spelt: 'exactly', unless: 1, floor: () => -Infinity }, { spelt: 'loosely', unless: KEPT, floor: well },
  { spelt: 'scattered', unless: 1, floor: well }, { spelt: 'scattered', unless: FEW, floor: (letters) => 5 * letters - 8 }, { spelt: 'scattered', unless: 1, floor: () => -Infinity },
];

interface Hit { readonly names: Names; readonly k: number; readonly score: number }

/** The best hits so far. */
class Best {
  hits: Hit[] = [];
  worst = -Infinity;

  add(hit: Hit): void {
    if (hit.score <= this.worst) return;
    this.hits.push(hit);
    if (this.hits.length >= 1.25 * KEPT) this.trim();
  }

  /** From now on a hit must score more than this. What was found before stays, or is found anew. */
  from(floor: number, keep: boolean): void {
    this.worst = floor;
    if (!keep) this.hits = [];
  }

  trim(): void {
    this.hits.sort((a, b) => b.score - a.score);
    if (this.hits.length < KEPT) return;
    this.hits.length = KEPT;
    this.worst = Math.max(this.worst, this.hits[KEPT - 1].score);
  }
}

/** Search over the names of one index; what is kept of the large segments outlives edits. */
export class SymbolSearch {
  private large: Names | null = null;
  private small: Names | null = null;

  constructor(private readonly query: Query) {}

  /** The best definitions for a text, at most `limit`. */
  find(text: string, limit = 100): Def[] {
    const wanted = Buffer.from(text.replace(/\s+/g, ''), 'latin1');
    if (wanted.length === 0) return [];
    this.prepare();
    const best = new Best();
    const all = [this.large, this.small].filter((n): n is Names => n !== null);
    for (const { spelt, unless, floor } of WAYS) {
      // Who types an underscore first means it.
      if (best.hits.length >= (wanted[0] === 95 && spelt === 'loosely' ? 1 : unless)) break;
      best.from(floor(wanted.length), spelt === 'loosely');
      for (const names of all) this.look(names, wanted, best, spelt);
    }
    best.trim();
    const found = this.definitions(best.hits, limit);
    return found.length > 0 ? found : this.query.definitions(text.trim()).slice(0, limit); // a register of a macro farm
  }

  /** Adds the names that hold the text. They come by length: the rest is left out once it can be no better. */
  private look(names: Names, wanted: Buffer, best: Best, spelt: Spelt): void {
    const arena = this.query.index.strings.bytes();
    const holds = HOLDS[spelt];
    names.candidates(wanted, spelt, () => best.worst, (k, start, end) => {
      if (holds(arena, start, end, wanted)) best.add({ names, k, score: matchScore(arena, start, end, wanted) });
    });
  }

  private definitions(hits: readonly Hit[], limit: number): Def[] {
    const found: Array<{ def: Def; score: number }> = [];
    const { open, live } = this.query.context;
    for (const h of hits) {
      for (const def of withoutDeclared(h.names.definitions(h.k, this.query.lookup))) {
        found.push({ def, score: h.score + (KIND_SCORE[def.kind] ?? 0) + placeWeight(def.path) / 6 + (open?.has(def.path) === true ? 6 : 0) + (live?.has(def.name) === true ? 10 : 0) });
      }
      if (found.length > 4 * KEPT) break;
    }
    return found.sort((a, b) => b.score - a.score || a.def.name.length - b.def.name.length).slice(0, limit).map((f) => f.def);
  }

  /** Collects the defined names: about a third of a second for a whole tree, again only when large segments come or go. */
  prepare(): void {
    const { segments, strings } = this.query.index;
    const large = segments.filter((s) => s.dead.length > 1);
    const small = segments.filter((s) => s.dead.length === 1);
    if (this.large === null || !same(this.large.segments, large)) this.large = new Names(large, strings);
    if (this.small === null || !same(this.small.segments, small)) this.small = new Names(small, strings);
  }
}

/** Who searches a name wants where it is defined: declarations count where nothing else is. Clients sort by themselves, and put headers first. */
function withoutDeclared(defs: readonly Def[]): readonly Def[] {
  const defined = defs.filter((d) => d.kind !== Kind.PROTOTYPE && d.kind !== Kind.EXTERN);
  return defined.length > 0 ? defined : defs;
}

function same(a: readonly Segment[], b: readonly Segment[]): boolean {
  return a.length === b.length && a.every((s, k) => s === b[k]);
}
