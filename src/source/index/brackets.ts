/** Brackets and their partners. */
import type { TokenRun } from './token-run';

let stack = new Int32Array(1 << 10);

/** Fills `match`. A closing bracket of the wrong sort closes what stands inside its own partner; one without a partner is left alone. */
export function matchBrackets(run: TokenRun): void {
  const { kind, match, count } = run;
  if (pairUp(kind, match, run, count, false) !== 0) pairUp(kind, match, run, count, true);
}

/** One pass over the brackets; gives the number left open. `columns`: a brace in the first column ends or starts at file level. */
function pairUp(kind: Uint8Array, match: Int32Array, run: TokenRun, count: number, columns: boolean): number {
  let top = 0;
  for (let k = 0; k < count; k++) {
    const c = kind[k];
    match[k] = -1;
    if (c === 40 || c === 91 || c === 123) {
      if (columns && c === 123 && top > 0 && firstColumn(run, k) && kind[k - 1] === 41) top = 0;
      if (top === stack.length) { const larger = new Int32Array(top * 2); larger.set(stack); stack = larger; }
      stack[top++] = k;
    } else if (c === 41 || c === 93 || c === 125) {
      const open = c === 41 ? 40 : c === 93 ? 91 : 123;
      let s = top - 1;
      if (s >= 0 && kind[stack[s]] !== open) {
        if (c !== 125) continue;
        while (s >= 0 && kind[stack[s]] !== open) s--;
      }
      if (s < 0) continue;
      if (columns && c === 125 && s > 0 && firstColumn(run, k)) { s = 0; while (kind[stack[s]] !== 123) s++; }
      match[stack[s]] = k;
      match[k] = stack[s];
      top = s;
    }
  }
  return top;
}

function firstColumn(run: TokenRun, k: number): boolean {
  return run.start[k] === 0 || run.source[run.start[k] - 1] === 10;
}
