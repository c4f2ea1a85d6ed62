/** The defined names of some segments, by length, with what tells quickly which of them can hold a text. */
import { Kind } from './facts';
import type { Def, Lookup } from './lookup';
import { bestPossible } from './match';
import type { Segment } from './segment';
import type { StringTable } from './strings';

/** 26 letters whatever their case, digits and the rest as one, the underscore. */
const LETTERS = 28;
const PAIRS = LETTERS * LETTERS;
const UNDERSCORE = 27;
/** Names of one block share a bit for each pair of neighbouring letters: neighbours in a file are spelt alike. */
const BLOCK = 32;
const MAX_LENGTH = 255;

/** The letter of each byte. */
const LETTER = Uint8Array.from({ length: 256 }, (_, c) => { const l = c | 32; return l >= 97 && l <= 122 ? l - 97 : c === 95 ? UNDERSCORE : 26; });

/** How many bits are set. */
function bitCount(x: number): number {
  x -= (x >>> 1) & 0x55555555;
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

const lowestBit = (x: number): number => 31 - Math.clz32(x & -x);

/** The bit of 64 for a pair of neighbouring letters, underscores left out. */
function fold(before: number, letter: number): number {
  return Math.imul(before * 31 + letter, 0x9e3779b1) >>> 26;
}

const pairsIn = (letters: readonly number[]): Array<readonly [number, number]> => letters.slice(1).map((l, k) => [letters[k], l]);

/** How a name holds a text: letter after letter; underscores aside; its letters in order. */
export type Spelt = 'exactly' | 'loosely' | 'scattered';

/** A text that names are to hold: what they need for that, and how well they can do it at most. */
class Asked {
  readonly letters: readonly number[];
  /** Pairs of neighbours that a name must have. */
  readonly pairs: readonly number[];
  private readonly low: number;
  private readonly high: number;
  private readonly least: number;
  /** For each letter after the first, the bit of the folded pairs for it and the one before (64: taken to be there). */
  private readonly folds: readonly number[];
  private readonly spelling: readonly number[];

  constructor(wanted: Uint8Array, spelt: Spelt) {
    this.spelling = [...wanted].map((c) => LETTER[c]);
    const loose = pairsIn(this.spelling.filter((l) => l !== UNDERSCORE));
    this.letters = [...new Set(this.spelling)];
    const must = spelt === 'exactly' ? pairsIn(this.spelling) : spelt === 'loosely' ? loose : [];
    this.pairs = [...new Set(must.map(([x, y]) => x * LETTERS + y))];
    const bits = [...new Set(loose.map(([x, y]) => fold(x, y)))];
    this.low = bits.reduce((all, h) => (h < 32 ? all | 1 << h : all), 0);
    this.high = bits.reduce((all, h) => (h < 32 ? all : all | 1 << (h - 32)), 0);
    this.least = spelt === 'scattered' ? 0 : bits.length;
    this.folds = pairsIn(this.spelling).map(([x, y]) => (x === UNDERSCORE || y === UNDERSCORE ? 64 : fold(x, y)));
  }

  /** Can a name of these folded pairs, letters at the beginning of words, and length hold the text and score more than `worst`? */
  canBeat(worst: number, low: number, high: number, starts: number, length: number): boolean {
    if (bitCount(low & this.low) + bitCount(high & this.high) < this.least) return false;
    const { folds, spelling } = this;
    let adjacent = 0, starting = starts >>> spelling[0] & 1;
    for (let j = 0; j < folds.length; j++) {
      const h = folds[j];
      if (h === 64 || (h < 32 ? low >>> h : high >>> (h - 32)) & 1) adjacent++;
      else starting += starts >>> spelling[j + 1] & 1;
    }
    return bestPossible(spelling.length, length, adjacent, starting) > worst;
  }
}

/** What a search for symbols looks at: names by number, shorter ones first. */
export class Names {
  /** Four numbers a name, in one place because they are looked at together: its folded pairs (two), the letters that begin a word of it, where its bytes are. */
  private readonly rows: Int32Array;
  private readonly lengths: Uint8Array;
  /** A bit a name, a row a letter. */
  private readonly letters: Uint32Array;
  /** A bit a block: for 32 blocks after the other, the word of each pair: of neighbours, and of neighbours but for underscores. */
  private readonly pairs: Uint32Array;
  private readonly letterRow: number;
  private readonly pairRows: number;
  /** Definitions of name k: from[k] to from[k + 1] of `where`, which holds segment and row in turn. */
  private readonly from: Int32Array;
  private readonly where: Int32Array;

  constructor(readonly segments: readonly Segment[], strings: StringTable) {
    const { ids, counts, lengths, place } = namesOf(segments, strings);
    const rank = byLength(lengths);
    this.rows = new Int32Array(4 * ids.length);
    this.lengths = new Uint8Array(ids.length);
    this.from = new Int32Array(ids.length + 1);
    for (let n = 0; n < ids.length; n++) {
      const k = rank[n];
      this.lengths[k] = lengths[n];
      this.from[k + 1] = counts[n];
      place.set(ids[n], k);
    }
    for (let k = 0; k < ids.length; k++) this.from[k + 1] += this.from[k];
    this.where = new Int32Array(this.from[ids.length] * 2);
    const next = this.from.slice();
    eachName(segments, (id, segment, row) => { const at = 2 * next[place.get(id)]++; this.where[at] = segment; this.where[at + 1] = row; });
    this.letterRow = Math.ceil(ids.length / BLOCK);
    this.pairRows = Math.ceil(this.letterRow / 32);
    this.letters = new Uint32Array(LETTERS * this.letterRow);
    this.pairs = new Uint32Array(PAIRS * this.pairRows);
    for (let n = 0; n < ids.length; n++) this.spell(rank[n], strings.startOf(ids[n]), lengths[n], strings.bytes());
  }

  /** Notes how name k is spelt. Names are spelt in the order in which they lie in memory. */
  private spell(k: number, start: number, length: number, arena: Uint8Array): void {
    const { letters, pairs, rows, letterRow } = this;
    const block = k >>> 5, bit = 1 << (k & 31), pairBit = 1 << (block & 31), row = (block >>> 5) * PAIRS, end = start + length;
    let before = -1, loose = -1, low = 0, high = 0, mask = 0, starts = 0;
    for (let i = start; i < end; i++) {
      const l = LETTER[arena[i]];
      mask |= 1 << l;
      if (before < 0 || before === UNDERSCORE) starts |= 1 << l;
      if (before >= 0) pairs[row + before * LETTERS + l] |= pairBit;
      if (l !== UNDERSCORE) {
        if (loose >= 0) {
          if (before === UNDERSCORE) pairs[row + loose * LETTERS + l] |= pairBit;
          const h = fold(loose, l);
          if (h < 32) low |= 1 << h;
          else high |= 1 << (h - 32);
        }
        loose = l;
      }
      before = l;
    }
    rows[4 * k] = low;
    rows[4 * k + 1] = high;
    rows[4 * k + 2] = starts;
    rows[4 * k + 3] = start;
    for (; mask !== 0; mask &= mask - 1) letters[lowestBit(mask) * letterRow + block] |= bit;
  }

  /** Visits names that may hold the text and score more than `worst()`, shorter ones first: number, where the bytes begin and end. */
  candidates(wanted: Uint8Array, spelt: Spelt, worst: () => number, visit: (k: number, start: number, end: number) => void): void {
    const { letterRow, pairRows, rows, lengths } = this;
    const ask = new Asked(wanted, spelt);
    for (let word = 0; word < pairRows; word++) {
      let blocks = -1;
      for (const p of ask.pairs) blocks &= this.pairs[word * PAIRS + p];
      for (; blocks !== 0; blocks &= blocks - 1) {
        const block = word * 32 + lowestBit(blocks);
        if (block >= letterRow) return;
        let found = -1;
        for (const l of ask.letters) found &= this.letters[l * letterRow + block];
        if (found === 0) continue;
        const least = worst(), shortest = lengths[block * BLOCK];
        if (shortest > wanted.length && bestPossible(wanted.length, shortest, wanted.length - 1, 1) <= least) return;
        for (; found !== 0; found &= found - 1) {
          const k = block * BLOCK + lowestBit(found);
          const at = 4 * k, start = rows[at + 3];
          if (ask.canBeat(least, rows[at], rows[at + 1], rows[at + 2], lengths[k])) visit(k, start, start + lengths[k]);
        }
      }
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

function eachName(segments: readonly Segment[], visit: (id: number, segment: number, row: number) => void): void {
  segments.forEach((segment, k) => {
    const { defs } = segment.data.tables;
    for (let at = 0; at < defs.length; at += 4) if ((defs[at + 2] & 15) !== Kind.LOCAL) visit(defs[at], k, at / 4);
  });
}

/** Every name once, in order of place, with its length (at most MAX_LENGTH: what follows is not looked at) and how many definitions it has. */
function namesOf(segments: readonly Segment[], strings: StringTable): { ids: number[]; counts: number[]; lengths: Uint8Array; place: Places } {
  const ids: number[] = [];
  const counts: number[] = [];
  const place = placesFor(segments, strings.count);
  eachName(segments, (id) => {
    let k = place.get(id);
    if (k < 0) { place.set(id, k = ids.length); ids.push(id); counts.push(0); }
    counts[k]++;
  });
  const lengths = new Uint8Array(ids.length);
  for (let n = 0; n < ids.length; n++) lengths[n] = Math.min(MAX_LENGTH, strings.lengthOf(ids[n]));
  return { ids, counts, lengths, place };
}

/** Where each name stands by length; what is as long stays in order. */
function byLength(lengths: Uint8Array): Int32Array {
  const next = new Int32Array(MAX_LENGTH + 2);
  for (let n = 0; n < lengths.length; n++) next[lengths[n] + 1]++;
  for (let l = 1; l < next.length; l++) next[l] += next[l - 1];
  const rank = new Int32Array(lengths.length);
  for (let n = 0; n < lengths.length; n++) rank[n] = next[lengths[n]]++;
  return rank;
}

interface Places { get(id: number): number; set(id: number, k: number): void }

/** Name id to number: an array for a tree, a map for a few files. */
function placesFor(segments: readonly Segment[], names: number): Places {
  if (segments.length === 0 || segments[0].dead.length > 1) {
    const list = new Int32Array(segments.length === 0 ? 0 : names).fill(-1);
    return { get: (id) => list[id], set: (id, k) => { list[id] = k; } };
  }
  const map = new Map<number, number>();
  return { get: (id) => map.get(id) ?? -1, set: (id, k) => { map.set(id, k); } };
}
