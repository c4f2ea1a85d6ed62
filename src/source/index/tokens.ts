/**
 * Bytes of C to tokens in typed arrays: one pass, no text is copied. Comments go, annotations go (with their arguments), directives are
 * taken aside, and of each `#if` group every branch stays if each is balanced and ends a statement, else only the first (design.md, "Parser").
 */
import { W, wordOf } from './words';

/** Token kinds: below 128 the character itself. */
export const T = {
  END: 0, IDENT: 1, NUMBER: 2, STRING: 3, CHAR: 4,
  ARROW: 128, OPERATOR: 129, ASSIGN_OP: 130, ELLIPSIS: 131, STEP: 132, PASTE: 133,
} as const;

const ID_START = 1;
const ID_PART = 2;
const DIGIT = 4;
const SPACE = 8;
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

  /** Removes the tokens from `from` up to `to`. */
  cut(from: number, to: number): void {
    if (to <= from) return;
    for (const a of [this.kind, this.word, this.start, this.end, this.hash, this.line]) a.copyWithin(from, to, this.count);
    this.count -= to - from;
  }
}

/** What the lexer tells while it reads. */
export interface LexEvents {
  /** A `#define`: bytes of the name, its line, whether a parameter list follows, and the last line of the body. */
  macro(nameStart: number, nameEnd: number, hash: number, line: number, functionLike: boolean, endLine: number): void;
}

interface Group {
  start: number;
  zero: boolean;
  /** Start of each branch, as token counts. */
  starts: number[];
}

const MAX_DEPTH = 200;

/** Where the number that starts at `start` ends. */
function numberEnd(b: Uint8Array, start: number): number {
  for (let i = start + 1; ; i++) {
    const d = b[i];
    if (CLASS[d] & ID_PART || d === 46) continue;
    if ((d === 43 || d === 45) && (b[i - 1] | 32) === 101 && b[start + 1] !== 120 && b[start + 1] !== 88) continue;
    return i;
  }
}

/** The operator or sign at `i`, which starts with `c`: its kind in the upper bits, its length in the lower two. */
function operatorAt(b: Uint8Array, i: number, c: number): number {
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

/** The lexer of one thread: its arrays are reused from file to file. */
export class Lexer {
  readonly main = new TokenRun(1 << 16);
  readonly body = new TokenRun(1 << 10);
  /** Token index → line of an annotation dropped before it, at the start of a statement. */
  readonly noteLines = new Map<number, number>();
  private readonly groups: Group[] = [];
  /** Hashes of the identifiers of the file, once each. */
  idents = new Int32Array(8);
  identCount = 0;
  private seen = new Int32Array(8);
  private seenAt = new Uint32Array(8);
  private epoch = 0;
  private line = 1;

  constructor() {
    this.idents = new Int32Array(1 << 13); // as in TokenRun: no field is a constant
    this.seen = new Int32Array(1 << 14);
    this.seenAt = new Uint32Array(1 << 14);
    this.epoch = 1;
    this.line = 2;
  }

  /** Tokenises b[0, n); b[n] must exist and be 0. Tokens are in `main` afterwards, brackets matched. */
  run(b: Uint8Array, n: number, events: LexEvents): void {
    this.main.count = 0;
    this.main.source = b;
    this.body.source = b;
    this.noteLines.clear();
    this.groups.length = 0;
    this.line = 1;
    this.newIdents();
    this.scan(b, 0, n, this.main, events);
    this.closeGroups();
    matchBrackets(this.main);
  }

  /** Tokenises a macro's body into `body`; stops at the end of the directive; gives the offset there. */
  runBody(b: Uint8Array, from: number, n: number): number {
    this.body.count = 0;
    const end = this.scan(b, from, n, this.body, null);
    matchBrackets(this.body);
    return end;
  }

  private newIdents(): void {
    this.identCount = 0;
    this.epoch++;
  }

  private addIdent(h: number): void {
    let mask = this.seen.length - 1;
    let slot = (h ^ (h >>> 14)) & mask;
    while (this.seenAt[slot] === this.epoch) {
      if (this.seen[slot] === h) return;
      slot = (slot + 1) & mask;
    }
    this.seen[slot] = h;
    this.seenAt[slot] = this.epoch;
    if (this.identCount === this.idents.length) {
      const larger = new Int32Array(this.idents.length * 2);
      larger.set(this.idents);
      this.idents = larger;
    }
    this.idents[this.identCount++] = h;
    if (this.identCount * 2 > this.seen.length) this.growSeen();
  }

  private growSeen(): void {
    this.seen = new Int32Array(this.seen.length * 2);
    this.seenAt = new Uint32Array(this.seen.length);
    const mask = this.seen.length - 1;
    for (let i = 0; i < this.identCount; i++) {
      const h = this.idents[i];
      let slot = (h ^ (h >>> 14)) & mask;
      while (this.seenAt[slot] === this.epoch) slot = (slot + 1) & mask;
      this.seen[slot] = h;
      this.seenAt[slot] = this.epoch;
    }
  }

  /** The loop over bytes. With `events` a whole file, else one macro body up to the end of its line. */
  private scan(b: Uint8Array, i: number, n: number, out: TokenRun, events: LexEvents | null): number {
    const inBody = events === null;
    let line = this.line;
    let fresh = true; // nothing but space since the start of the line
    let dropParen = false;
    const room = inBody ? 256 : 4096;
    out.reserve(room);
    let limit = out.kind.length - 8;
    for (;;) {
      if (out.count >= limit) { out.reserve(room * 4); limit = out.kind.length - 8; }
      const c = b[i];
      const cls = CLASS[c];
      if (cls & SPACE) { i++; continue; }
      if (cls & ID_START) {
        const start = i;
        let h = 0x811c9dc5 | 0;
        let d = c;
        do { h = Math.imul(h ^ d, 0x01000193); d = b[++i]; } while (CLASS[d] & ID_PART);
        fresh = false;
        if (d === 39 || d === 34) { if (i - start === 1 && (c === 76 || c === 117 || c === 85)) continue; }
        const w = wordOf(h);
        if (w >= W.NOTE) { // an annotation: not a token
          dropParen = w === W.NOTE_ARGS;
          if (!inBody) this.note(out, line);
          continue;
        }
        if (w === 0) this.addIdent(h);
        dropParen = false;
        const k = out.count++;
        out.kind[k] = T.IDENT; out.word[k] = w; out.start[k] = start; out.end[k] = i; out.hash[k] = h; out.line[k] = line;
        continue;
      }
      if (c === 10) {
        if (inBody) { this.line = line; return i; }
        line++; i++; fresh = true;
        continue;
      }
      if (c === 47) { // '/'
        const d = b[i + 1];
        if (d === 42) {
          i += 2;
          while (i < n && !(b[i] === 42 && b[i + 1] === 47)) { if (b[i] === 10) line++; i++; }
          i = i < n ? i + 2 : n;
          continue;
        }
        if (d === 47) {
          i += 2;
          while (i < n && b[i] !== 10) { if (b[i] === 92 && continues(b, i)) { i = continues(b, i); line++; } else i++; }
          continue;
        }
      }
      if (c === 0) {
        if (i >= n) { this.line = line; return n; }
        i++;
        continue;
      }
      if (c === 92) { // backslash
        const to = continues(b, i);
        if (to !== 0) { i = to; line++; } else i++;
        continue;
      }
      if (c === 35 && fresh && !inBody) { // '#'
        this.line = line;
        i = this.directive(b, i, n, events as LexEvents);
        line = this.line;
        limit = out.kind.length - 8;
        continue;
      }
      fresh = false;
      if (c === 34 || c === 39) {
        const start = i;
        const at = line;
        i++;
        for (;;) {
          const d = b[i];
          if (d === c) { i++; break; }
          if (d === 10 || (d === 0 && i >= n)) break;
          if (d === 92) {
            const to = continues(b, i);
            if (to !== 0) { i = to; line++; } else i += b[i + 1] === 10 || i + 1 >= n ? 1 : 2;
          } else i++;
        }
        dropParen = false;
        const k = out.count++;
        out.kind[k] = c === 34 ? T.STRING : T.CHAR; out.word[k] = 0; out.start[k] = start; out.end[k] = i; out.hash[k] = 0; out.line[k] = at;
        continue;
      }
      if (cls & DIGIT || (c === 46 && CLASS[b[i + 1]] & DIGIT)) {
        const start = i;
        i = numberEnd(b, start);
        const k = out.count++;
        out.kind[k] = T.NUMBER; out.word[k] = 0; out.start[k] = start; out.end[k] = i; out.hash[k] = 0; out.line[k] = line;
        continue;
      }
      if (c === 40 && dropParen) {
        dropParen = false;
        let depth = 0;
        const from = i;
        const fromLine = line;
        for (; i < n; i++) {
          const d = b[i];
          if (d === 10) { if (inBody) break; line++; }
          else if (d === 40) depth++;
          else if (d === 41 && --depth === 0) { i++; break; }
          else if (d === 34) { while (++i < n && b[i] !== 34 && b[i] !== 10) if (b[i] === 92) i++; if (b[i] === 10) i--; }
          else if (d === 123 || d === 59) { i = from + 1; line = fromLine; break; } // not an argument list after all
        }
        continue;
      }
      dropParen = false;
      const k = out.count++;
      out.word[k] = 0; out.start[k] = i; out.hash[k] = 0; out.line[k] = line;
      const sign = operatorAt(b, i, c), len = sign & 3;
      out.kind[k] = sign >> 2; out.end[k] = i + len;
      i += len;
    }
  }

  private note(out: TokenRun, line: number): void {
    const k = out.count;
    const previous = k > 0 ? out.kind[k - 1] : 59;
    if ((previous === 59 || previous === 125) && !this.noteLines.has(k)) this.noteLines.set(k, line);
  }

  /** Reads one directive from its '#'; gives the offset after it (at the newline). */
  private directive(b: Uint8Array, i: number, n: number, events: LexEvents): number {
    i++;
    while (CLASS[b[i]] & SPACE) i++;
    const start = i;
    while (CLASS[b[i]] & ID_PART) i++;
    const length = i - start;
    const c = b[start];
    if (c === 100 && length === 6) return this.define(b, i, n, events); // define
    if (c === 105 && length >= 2 && b[start + 1] === 102) this.openGroup(b, i, length); // if, ifdef, ifndef
    else if (c === 101 && length === 4) this.nextBranch(); // else, elif
    else if (c === 101 && length > 4 && b[start + 1] === 108) this.nextBranch(); // elifdef
    else if (c === 101 && length === 5 && b[start + 1] === 110) this.closeGroup(); // endif
    return this.skipDirective(b, i, n, c === 105 && b[start + 1] === 102 || c === 101);
  }

  /** To the end of the directive; identifiers in conditions count for references. */
  private skipDirective(b: Uint8Array, i: number, n: number, condition: boolean): number {
    while (i < n) {
      const c = b[i];
      if (c === 10) return i;
      if (c === 92) {
        const to = continues(b, i);
        if (to !== 0) { i = to; this.line++; } else i++;
      } else if (c === 47 && b[i + 1] === 42) {
        i += 2;
        while (i < n && !(b[i] === 42 && b[i + 1] === 47)) { if (b[i] === 10) this.line++; i++; }
        i = i < n ? i + 2 : n;
      } else if (c === 47 && b[i + 1] === 47) {
        while (i < n && b[i] !== 10) i++;
      } else if (condition && CLASS[c] & ID_START) {
        let h = 0x811c9dc5 | 0;
        do { h = Math.imul(h ^ b[i], 0x01000193); i++; } while (CLASS[b[i]] & ID_PART);
        this.addIdent(h);
      } else i++;
    }
    return n;
  }

  private define(b: Uint8Array, i: number, n: number, events: LexEvents): number {
    while (CLASS[b[i]] & SPACE || (b[i] === 92 && continues(b, i) !== 0)) {
      if (b[i] === 92) { i = continues(b, i); this.line++; } else i++;
    }
    const start = i;
    let h = 0x811c9dc5 | 0;
    while (CLASS[b[i]] & ID_PART) { h = Math.imul(h ^ b[i], 0x01000193); i++; }
    if (i === start) return this.skipDirective(b, i, n, false);
    this.addIdent(h);
    const line = this.line;
    const functionLike = b[i] === 40;
    const nameEnd = i;
    const end = this.runBody(b, i, n);
    events.macro(start, nameEnd, h, line, functionLike, this.line);
    return end;
  }

  private openGroup(b: Uint8Array, i: number, length: number): void {
    if (this.groups.length >= MAX_DEPTH) this.groups.shift();
    let zero = false;
    if (length === 2) {
      while (CLASS[b[i]] & SPACE) i++;
      zero = b[i] === 48 && !(CLASS[b[i + 1]] & ID_PART);
    }
    this.groups.push({ start: this.main.count, zero, starts: [this.main.count] });
  }

  private nextBranch(): void {
    this.groups[this.groups.length - 1]?.starts.push(this.main.count);
  }

  private closeGroup(): void {
    const group = this.groups.pop();
    if (group === undefined) return;
    const { starts, zero } = group;
    starts.push(this.main.count);
    if (zero) {
      this.drop(starts[0], starts[1]);
      const gone = starts[1] - starts[0];
      starts.shift();
      for (let k = 0; k < starts.length; k++) starts[k] -= gone;
    }
    if (starts.length <= 2) return;
    for (let k = 0; k + 1 < starts.length; k++) {
      if (!this.wholeStatements(starts[k], starts[k + 1])) { this.drop(starts[1], starts[starts.length - 1]); return; }
    }
  }

  private drop(from: number, to: number): void {
    this.main.cut(from, to);
    if (to > from) for (const k of [...this.noteLines.keys()]) if (k > from) this.noteLines.delete(k);
  }

  private closeGroups(): void {
    while (this.groups.length > 0) this.closeGroup();
  }

  /** Is the branch balanced, and does it end in `;`, `}` or `,` (or is it empty)? */
  private wholeStatements(from: number, to: number): boolean {
    if (from === to) return true;
    const { kind } = this.main;
    const last = kind[to - 1];
    if (last !== 59 && last !== 125 && last !== 44) return false;
    let depth = 0;
    for (let k = from; k < to; k++) {
      const c = kind[k];
      if (c === 40 || c === 91 || c === 123) depth++;
      else if ((c === 41 || c === 93 || c === 125) && --depth < 0) return false;
    }
    return depth === 0;
  }
}

/** If the backslash at i continues the line: the offset after the newline, else 0. */
function continues(b: Uint8Array, i: number): number {
  if (b[i + 1] === 10) return i + 2;
  if (b[i + 1] === 13 && b[i + 2] === 10) return i + 3;
  return 0;
}

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
