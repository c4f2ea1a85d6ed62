/** Fuzzy search over all defined names: the letters of the query in order, best at word starts. */
import type { Def } from './lookup';
import type { Query } from './query';
import { Kind } from './facts';
import { placeWeight } from './rank';

const KIND_SCORE: Readonly<Record<number, number>> = { [Kind.FUNCTION]: 14, [Kind.STRUCT]: 13, [Kind.UNION]: 10, [Kind.ENUM]: 8, [Kind.VARIABLE]: 9, [Kind.TYPEDEF]: 8, [Kind.MACRO]: 3, [Kind.ENUMERATOR]: 4, [Kind.TRACEPOINT]: 6, [Kind.PROTOTYPE]: -40, [Kind.EXTERN]: -40 };
const KEPT = 160;
const BEST_LETTER = 9;
const LENGTH_COST = 0.4;
const WHOLE = 40;

/** Which letters a byte run has: bits 0 to 25 letters, 26 digits, 27 underscore. */
function maskOf(bytes: Uint8Array, start: number, end: number): number {
  let mask = 0;
  for (let i = start; i < end; i++) mask |= bitOf(bytes[i]);
  return mask;
}

function bitOf(c: number): number {
  const l = c | 32;
  return l >= 97 && l <= 122 ? 1 << (l - 97) : c === 95 ? 1 << 27 : 1 << 26;
}

/** Search over the names of one index; keeps the letters of each name. */
export class SymbolSearch {
  private ids = new Int32Array(0);
  private masks = new Int32Array(0);
  private lengths = new Uint8Array(0);
  private generation = -1;

  constructor(private readonly query: Query) {}

  /** The best definitions for a text, at most `limit`. */
  find(text: string, limit = 100): Def[] {
    const wanted = Buffer.from(text.replace(/\s+/g, ''), 'latin1');
    if (wanted.length === 0) return [];
    this.prepare();
    const mask = maskOf(wanted, 0, wanted.length);
    const { strings } = this.query.index;
    const arena = strings.bytes();
    const hits: Array<{ id: number; score: number }> = [];
    let worst = -Infinity;
    for (let k = 0; k < this.ids.length; k++) {
      if ((this.masks[k] & mask) !== mask) continue;
      if (wanted.length * BEST_LETTER - (this.lengths[k] - wanted.length) * LENGTH_COST + (this.lengths[k] === wanted.length ? WHOLE : 0) <= worst) continue;
      const id = this.ids[k];
      const start = strings.startOf(id);
      const score = matchScore(arena, start, start + strings.lengthOf(id), wanted);
      if (score <= worst) continue;
      hits.push({ id, score });
      if (hits.length >= KEPT + 60) {
        hits.sort((a, b) => b.score - a.score);
        hits.length = KEPT;
        worst = hits[KEPT - 1].score;
      }
    }
    hits.sort((a, b) => b.score - a.score);
    return this.definitions(hits.slice(0, KEPT), limit);
  }

  private definitions(hits: ReadonlyArray<{ id: number; score: number }>, limit: number): Def[] {
    const found: Array<{ def: Def; score: number }> = [];
    for (const h of hits) {
      for (const def of this.query.lookup.named(this.query.index.strings.name(h.id))) {
        found.push({ def, score: h.score + (KIND_SCORE[def.kind] ?? 0) + placeWeight(def.path) / 6 + (this.query.context.open?.has(def.path) === true ? 6 : 0) + (this.query.context.live?.has(def.name) === true ? 10 : 0) });
      }
      if (found.length > 4 * KEPT) break;
    }
    return found.sort((a, b) => b.score - a.score || a.def.name.length - b.def.name.length).slice(0, limit).map((f) => f.def);
  }

  /** Collects the defined names; about a tenth of a second for a whole tree, once per generation of the large segments. */
  prepare(): void {
    const { index } = this.query;
    if (this.generation === index.generation) return;
    this.generation = index.generation;
    const { strings } = index;
    const seen = new Uint8Array(strings.count);
    const ids: number[] = [];
    for (const segment of index.segments) {
      const { defs } = segment.data.tables;
      for (let at = 0; at < defs.length; at += 4) {
        const id = defs[at];
        if (seen[id] === 0 && (defs[at + 2] & 15) !== Kind.LOCAL) { seen[id] = 1; ids.push(id); }
      }
    }
    this.ids = Int32Array.from(ids);
    this.masks = new Int32Array(ids.length);
    this.lengths = new Uint8Array(ids.length);
    const arena = strings.bytes();
    for (let k = 0; k < ids.length; k++) { const start = strings.startOf(ids[k]); const n = strings.lengthOf(ids[k]); this.masks[k] = maskOf(arena, start, start + n); this.lengths[k] = Math.min(255, n); }
  }
}

/** How well `wanted` fits a name; -Infinity when its letters are not there in order. */
export function matchScore(bytes: Uint8Array, start: number, end: number, wanted: Uint8Array): number {
  let score = 0;
  let at = start;
  let previous = start - 2;
  for (let w = 0; w < wanted.length; w++) {
    const c = wanted[w] | 32;
    let best = -1;
    for (let i = at; i < end; i++) {
      if ((bytes[i] | 32) !== c) continue;
      if (best < 0) best = i;
      if (i === previous + 1 || i === start || bytes[i - 1] === 95) { best = i; break; }
      if (i - best > 24) break;
    }
    if (best < 0) return -Infinity;
    if (best !== at && !restFits(bytes, best + 1, end, wanted, w + 1)) { // the nice place is too late: take the first
      best = -1;
      for (let i = at; i < end; i++) if ((bytes[i] | 32) === c) { best = i; break; }
      if (best < 0) return -Infinity;
    }
    score += best === previous + 1 ? 8 : best === start || bytes[best - 1] === 95 ? 6 : -1;
    if (bytes[best] === wanted[w]) score += 1;
    previous = best;
    at = best + 1;
  }
  if (end - start === wanted.length && score > 0) score += WHOLE;
  return score - (end - start - wanted.length) * LENGTH_COST;
}

function restFits(bytes: Uint8Array, from: number, end: number, wanted: Uint8Array, w: number): boolean {
  for (let i = from; i < end && w < wanted.length; i++) if ((bytes[i] | 32) === (wanted[w] | 32)) w++;
  return w === wanted.length;
}
