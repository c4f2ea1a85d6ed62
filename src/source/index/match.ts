/** How a text fits a name: whether at all, and how well. Names and texts are bytes. */

const ADJACENT = 8;
const WORD_START = 6;
const ELSEWHERE = -1;
/** A letter of the same case. */
const SAME_CASE = 1;
const LENGTH_COST = 0.4;
const WHOLE = 40;

/** Does a name hold the text letter after letter? */
export function holdsExactly(bytes: Uint8Array, start: number, end: number, wanted: Uint8Array): boolean {
  const first = wanted[0] | 32, last = end - wanted.length;
  for (let i = start; i <= last; i++) {
    if ((bytes[i] | 32) !== first) continue;
    let k = 1;
    while (k < wanted.length && (bytes[i + k] | 32) === (wanted[k] | 32)) k++;
    if (k === wanted.length) return true;
  }
  return false;
}

/** Does a name hold the text, underscores aside? */
export function holdsLoosely(bytes: Uint8Array, start: number, end: number, wanted: Uint8Array): boolean {
  for (let i = start; i < end; i++) {
    let at = i;
    let k = 0;
    for (; k < wanted.length; k++) {
      if (wanted[k] === 95) continue;
      while (at < end && bytes[at] === 95) at++;
      if (at >= end || (bytes[at] | 32) !== (wanted[k] | 32)) break;
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
    if (best !== at && !holdsInOrder(bytes, best + 1, end, wanted, w + 1)) { // the nice place is too late: take the first
      best = -1;
      for (let i = at; i < end; i++) if ((bytes[i] | 32) === c) { best = i; break; }
      if (best < 0) return -Infinity;
    }
    score += best === previous + 1 ? ADJACENT : best === start || bytes[best - 1] === 95 ? WORD_START : ELSEWHERE;
    if (bytes[best] === wanted[w]) score += SAME_CASE;
    previous = best;
    at = best + 1;
  }
  if (end - start === wanted.length && score > 0) score += WHOLE;
  return score - (end - start - wanted.length) * LENGTH_COST;
}

/** Does a name hold the letters of the text, from its w-th, in order? */
export function holdsInOrder(bytes: Uint8Array, from: number, end: number, wanted: Uint8Array, w = 0): boolean {
  for (let i = from; i < end && w < wanted.length; i++) if ((bytes[i] | 32) === (wanted[w] | 32)) w++;
  return w === wanted.length;
}

/** No name of this length in which `adjacent` letters of the text follow the one before, and of the others `starting` begin a word, scores more. */
export function bestPossible(wanted: number, length: number, adjacent: number, starting: number): number {
  const rest = wanted - adjacent - starting;
  return adjacent * ADJACENT + starting * WORD_START + rest * ELSEWHERE + wanted * SAME_CASE - (length - wanted) * LENGTH_COST + (length === wanted ? WHOLE : 0);
}
