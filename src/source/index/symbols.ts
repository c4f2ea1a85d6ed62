/** Fuzzy search over all defined names: the letters of the query in order, best at word starts. */
import type { Def, Lookup } from './lookup';
import type { Query } from './query';
import { Kind } from './facts';
import { placeWeight } from './rank';
import type { Segment } from './segment';
import type { StringTable } from './strings';

const KIND_SCORE: Readonly<Record<number, number>> = { [Kind.FUNCTION]: 14, [Kind.STRUCT]: 13, [Kind.UNION]: 10, [Kind.ENUM]: 8, [Kind.VARIABLE]: 9, [Kind.TYPEDEF]: 8, [Kind.MACRO]: 3, [Kind.ENUMERATOR]: 4, [Kind.TRACEPOINT]: 6, [Kind.PROTOTYPE]: -40, [Kind.EXTERN]: -40 };
const KEPT = 160;
/** With so many names that hold the text itself (underscores aside), scattered letters are not looked for. */
const ENOUGH = 1;
/** An underscore with the bit that makes letters small. */
const UNDERSCORE = 127;
const BLOCK = 8;
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

/** How many bits are set. */
function bitCount(x: number): number {
  x -= (x >>> 1) & 0x55555555;
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Which pairs of neighbouring letters a byte run has, underscores left out, folded into 64 bits: the lower 32 and the upper. */
function pairsOf(bytes: Uint8Array, start: number, end: number, out: { low: number; high: number }): void {
  out.low = 0;
  out.high = 0;
  let before = 0;
  for (let i = start; i < end; i++) {
    const c = bytes[i] | 32;
    if (c === UNDERSCORE) continue;
    const h = Math.imul(before * 31 + c, 0x9e3779b1) >>> 26;
    const first = before === 0;
    before = c;
    if (first) continue;
    if (h < 32) out.low |= 1 << h;
    else out.high |= 1 << (h - 32);
  }
}

/** The defined names of some segments: what a search looks at. */
class Names {
  readonly ids: Int32Array;
  readonly masks: Int32Array;
  readonly pairs: Int32Array;
  readonly lengths: Uint8Array;
  /** The pairs of BLOCK names together: most blocks are passed over with one look, since neighbours in a file are spelt alike. */
  readonly blocks: Int32Array;
  /** Definitions of name k: from[k] to from[k + 1] of `where`, which holds segment and row in turn. */
  private readonly from: Int32Array;
  private readonly where: Int32Array;

  constructor(readonly segments: readonly Segment[], strings: StringTable) {
    const ids: number[] = [];
    const counts: number[] = [];
    const place = placesFor(segments, strings.count);
    const each = (visit: (id: number, segment: number, row: number) => void): void => segments.forEach((segment, k) => {
      const { defs } = segment.data.tables;
      for (let at = 0; at < defs.length; at += 4) if ((defs[at + 2] & 15) !== Kind.LOCAL) visit(defs[at], k, at / 4);
    });
    each((id) => {
      let k = place.get(id);
      if (k < 0) { place.set(id, k = ids.length); ids.push(id); counts.push(0); }
      counts[k]++;
    });
    this.ids = Int32Array.from(ids);
    this.from = new Int32Array(ids.length + 1);
    for (let k = 0; k < ids.length; k++) this.from[k + 1] = this.from[k] + counts[k];
    this.where = new Int32Array(this.from[ids.length] * 2);
    const next = this.from.slice();
    each((id, segment, row) => { const at = 2 * next[place.get(id)]++; this.where[at] = segment; this.where[at + 1] = row; });
    this.masks = new Int32Array(ids.length);
    this.pairs = new Int32Array(ids.length * 2);
    this.lengths = new Uint8Array(ids.length);
    this.blocks = new Int32Array(2 * Math.ceil(ids.length / BLOCK));
    this.letters(strings);
  }

  private letters(strings: StringTable): void {
    const arena = strings.bytes();
    const out = { low: 0, high: 0 };
    for (let k = 0; k < this.ids.length; k++) {
      const start = strings.startOf(this.ids[k]);
      const n = strings.lengthOf(this.ids[k]);
      this.masks[k] = maskOf(arena, start, start + n);
      pairsOf(arena, start, start + n, out);
      this.pairs[2 * k] = out.low;
      this.pairs[2 * k + 1] = out.high;
      this.lengths[k] = Math.min(255, n);
      const block = 2 * Math.floor(k / BLOCK);
      this.blocks[block] |= out.low;
      this.blocks[block + 1] |= out.high;
    }
  }

  /** The live definitions of name k. */
  definitions(k: number, lookup: Lookup): Def[] {
    const found: Def[] = [];
    for (let at = this.from[k]; at < this.from[k + 1]; at++) {
      const segment = this.segments[this.where[2 * at]];
      const file = segment.fileOf('defs', this.where[2 * at + 1]);
      if (segment.dead[file] === 0) found.push(lookup.def(segment, this.where[2 * at + 1], file));
    }
    return found;
  }
}

/** Name id to number: an array for a tree, a map for a few files. */
function placesFor(segments: readonly Segment[], names: number): { get(id: number): number; set(id: number, k: number): void } {
  if (segments.length === 0 || segments[0].dead.length > 1) {
    const list = new Int32Array(segments.length === 0 ? 0 : names).fill(-1);
    return { get: (id) => list[id], set: (id, k) => { list[id] = k; } };
  }
  const map = new Map<number, number>();
  return { get: (id) => map.get(id) ?? -1, set: (id, k) => { map.set(id, k); } };
}

interface Hit { readonly names: Names; readonly k: number; readonly score: number }

/** The best hits so far. */
class Best {
  hits: Hit[] = [];
  worst = -Infinity;

  add(hit: Hit): void {
    if (hit.score <= this.worst) return;
    this.hits.push(hit);
    if (this.hits.length >= 2 * KEPT) this.trim();
  }

  trim(): void {
    this.hits.sort((a, b) => b.score - a.score);
    if (this.hits.length < KEPT) return;
    this.hits.length = KEPT;
    this.worst = this.hits[KEPT - 1].score;
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
    for (const names of all) this.together(names, wanted, best);
    best.trim();
    for (const share of [0.5, 0]) {
      if (best.hits.length >= ENOUGH) break;
      best.hits = [];
      best.worst = -Infinity;
      for (const names of all) this.scattered(names, wanted, best, share);
      best.trim();
    }
    const found = this.definitions(best.hits, limit);
    return found.length > 0 ? found : this.query.definitions(text.trim()).slice(0, limit); // a register of a macro farm
  }

  /** Names that hold the text as it is: few pass the test of their letter pairs. */
  private together(names: Names, wanted: Buffer, best: Best): void {
    const { ids, pairs, masks, lengths, blocks } = names;
    const need = { low: 0, high: 0 };
    pairsOf(wanted, 0, wanted.length, need);
    const { low, high } = need;
    const mask = maskOf(wanted, 0, wanted.length);
    const { strings } = this.query.index;
    const arena = strings.bytes();
    for (let k = 0; k < ids.length; k++) {
      if (k % BLOCK === 0 && ((blocks[2 * (k / BLOCK)] & low) !== low || (blocks[2 * (k / BLOCK) + 1] & high) !== high)) { k += BLOCK - 1; continue; }
      if ((pairs[2 * k] & low) !== low || (pairs[2 * k + 1] & high) !== high || (masks[k] & mask) !== mask) continue;
      if (bestPossible(wanted.length, lengths[k]) <= best.worst) continue;
      const start = strings.startOf(ids[k]);
      if (!holds(arena, start, start + strings.lengthOf(ids[k]), wanted)) continue;
      best.add({ names, k, score: matchScore(arena, start, start + strings.lengthOf(ids[k]), wanted) });
    }
  }

  /** Names that hold the letters in order; of the neighbouring letters of the text at least this share must be neighbours there too. */
  private scattered(names: Names, wanted: Buffer, best: Best, share: number): void {
    const { ids, masks, pairs, lengths, blocks } = names;
    const mask = maskOf(wanted, 0, wanted.length);
    const need = { low: 0, high: 0 };
    pairsOf(wanted, 0, wanted.length, need);
    const { low, high } = need;
    const least = Math.ceil((bitCount(low) + bitCount(high)) * share);
    const { strings } = this.query.index;
    const arena = strings.bytes();
    for (let k = 0; k < ids.length; k++) {
      if (least > 0 && k % BLOCK === 0 && bitCount(blocks[2 * (k / BLOCK)] & low) + bitCount(blocks[2 * (k / BLOCK) + 1] & high) < least) { k += BLOCK - 1; continue; }
      if ((masks[k] & mask) !== mask || lengths[k] < wanted.length || (least > 0 && bitCount(pairs[2 * k] & low) + bitCount(pairs[2 * k + 1] & high) < least)) continue;
      if (bestPossible(wanted.length, lengths[k]) <= best.worst) continue;
      const start = strings.startOf(ids[k]);
      const end = start + strings.lengthOf(ids[k]);
      if (restFits(arena, start, end, wanted, 0)) best.add({ names, k, score: matchScore(arena, start, end, wanted) });
    }
  }

  private definitions(hits: readonly Hit[], limit: number): Def[] {
    const found: Array<{ def: Def; score: number }> = [];
    const { open, live } = this.query.context;
    for (const h of hits) {
      for (const def of h.names.definitions(h.k, this.query.lookup)) {
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

function same(a: readonly Segment[], b: readonly Segment[]): boolean {
  return a.length === b.length && a.every((s, k) => s === b[k]);
}

/** No name of this length scores more. */
function bestPossible(wanted: number, length: number): number {
  return wanted * BEST_LETTER - (length - wanted) * LENGTH_COST + (length === wanted ? WHOLE : 0);
}

/** Does a name hold the text, whatever its capitals and underscores? */
function holds(bytes: Uint8Array, start: number, end: number, wanted: Uint8Array): boolean {
  for (let i = start; i < end; i++) {
    let at = i;
    let k = 0;
    for (; k < wanted.length; k++) {
      const c = wanted[k] | 32;
      if (c === UNDERSCORE) continue;
      while (at < end && (bytes[at] | 32) === UNDERSCORE) at++;
      if (at >= end || (bytes[at] | 32) !== c) break;
      at++;
    }
    if (k === wanted.length) return true;
  }
  return false;
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
