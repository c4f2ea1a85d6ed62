/** Tokens in typed arrays, and what the bytes of C are to a lexer. */

/** Token kinds: below 128 the character itself. */
export const T = {
  END: 0, IDENT: 1, NUMBER: 2, STRING: 3, CHAR: 4,
  ARROW: 128, OPERATOR: 129, ASSIGN_OP: 130, ELLIPSIS: 131, STEP: 132, PASTE: 133,
} as const;

export const ID_START = 1;
export const ID_PART = 2;
export const DIGIT = 4;
export const SPACE = 8;
/** What a byte can be part of. */
export const CLASS = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
  if ((c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 36) CLASS[c] |= ID_START | ID_PART;
  if (c >= 48 && c <= 57) CLASS[c] |= DIGIT | ID_PART;
  if (c === 32 || c === 9 || c === 13 || c === 12 || c === 11) CLASS[c] |= SPACE;
}

const EMPTY = new Uint8Array(0);

/** A run of tokens. `hash` is the FNV-1a of identifiers; `match` the index of the partner of a bracket, or -1. */
export class TokenRun {
  count = 0;
  kind: Uint8Array;
  word: Uint8Array;
  start: Int32Array;
  end: Int32Array;
  hash: Int32Array;
  line: Int32Array;
  match: Int32Array;
  /** The bytes the tokens point into. */
  source: Uint8Array = EMPTY;

  constructor(capacity: number) {
    this.kind = new Uint8Array(8);
    this.word = new Uint8Array(8);
    this.start = new Int32Array(8);
    this.end = new Int32Array(8);
    this.hash = new Int32Array(8);
    this.line = new Int32Array(8);
    this.match = new Int32Array(8);
    // a second store to each field now: the engine then never compiles code that takes them for constants
    this.reserve(capacity);
  }

  /** Makes room for `extra` more tokens. */
  reserve(extra: number): void {
    const need = this.count + extra + 2;
    if (need <= this.kind.length) return;
    const size = Math.max(need, this.kind.length * 2);
    const grow8 = (a: Uint8Array) => { const b = new Uint8Array(size); b.set(a.subarray(0, this.count)); return b; };
    const grow32 = (a: Int32Array) => { const b = new Int32Array(size); b.set(a.subarray(0, this.count)); return b; };
    this.kind = grow8(this.kind);
    this.word = grow8(this.word);
    this.start = grow32(this.start);
    this.end = grow32(this.end);
    this.hash = grow32(this.hash);
    this.line = grow32(this.line);
    this.match = grow32(this.match);
  }

  /** Adds a token; there must be room. */
  add(kind: number, word: number, start: number, end: number, hash: number, line: number): void {
    const k = this.count++;
    this.kind[k] = kind; this.word[k] = word; this.start[k] = start; this.end[k] = end; this.hash[k] = hash; this.line[k] = line;
  }

  /** Removes the tokens from `from` up to `to`. */
  cut(from: number, to: number): void {
    if (to <= from) return;
    for (const a of [this.kind, this.word, this.start, this.end, this.hash, this.line]) a.copyWithin(from, to, this.count);
    this.count -= to - from;
  }
}

/** Where the number that starts at `start` ends. */
export function numberEnd(b: Uint8Array, start: number): number {
  for (let i = start + 1; ; i++) {
    const d = b[i];
    if (CLASS[d] & ID_PART || d === 46) continue;
    if ((d === 43 || d === 45) && (b[i - 1] | 32) === 101 && b[start + 1] !== 120 && b[start + 1] !== 88) continue;
    return i;
  }
}

/** The operator or sign at `i`, which starts with `c`: its kind in the upper bits, its length in the lower two. */
export function operatorAt(b: Uint8Array, i: number, c: number): number {
  const d = b[i + 1];
  let kind = c;
  let len = 1;
  switch (c) {
    case 45: if (d === 62) { kind = T.ARROW; len = 2; } else if (d === 61) { kind = T.ASSIGN_OP; len = 2; } else if (d === 45) { kind = T.STEP; len = 2; } break;
    case 43: if (d === 61) { kind = T.ASSIGN_OP; len = 2; } else if (d === 43) { kind = T.STEP; len = 2; } break;
    case 61: case 33: if (d === 61) { kind = T.OPERATOR; len = 2; } break;
    case 38: case 124: if (d === c) { kind = T.OPERATOR; len = 2; } else if (d === 61) { kind = T.ASSIGN_OP; len = 2; } break;
    case 42: case 47: case 37: case 94: if (d === 61) { kind = T.ASSIGN_OP; len = 2; } break;
    case 60: case 62:
      if (d === 61) { kind = T.OPERATOR; len = 2; }
      else if (d === c) { if (b[i + 2] === 61) { kind = T.ASSIGN_OP; len = 3; } else { kind = T.OPERATOR; len = 2; } }
      break;
    case 46: if (d === 46 && b[i + 2] === 46) { kind = T.ELLIPSIS; len = 3; } break;
    case 35: if (d === 35) { kind = T.PASTE; len = 2; } break;
    default: if (c >= 128) kind = T.OPERATOR;
  }
  return (kind << 2) | len;
}

/** If the backslash at i continues the line: the offset after the newline, else 0. */
export function continues(b: Uint8Array, i: number): number {
  if (b[i + 1] === 10) return i + 2;
  if (b[i + 1] === 13 && b[i + 2] === 10) return i + 3;
  return 0;
}
