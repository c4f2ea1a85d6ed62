/**
 * Bytes of C to tokens in typed arrays: one pass, no text is copied. Comments go, annotations go (with their arguments), directives are
 * taken aside, and of each `#if` group every branch stays if each is balanced and ends a statement, else only the first (design.md, "Parser").
 */
import { matchBrackets } from './brackets';
import { CLASS, continues, DIGIT, ID_PART, ID_START, numberEnd, operatorAt, SPACE, T, TokenRun } from './token-run';
import { W, wordOf } from './words';

export { T, TokenRun } from './token-run';

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
    const inBody = events === null, room = inBody ? 256 : 4096;
    let line = this.line, fresh = true, dropParen = false; // fresh: nothing but space since the start of the line
    out.reserve(room);
    let limit = out.kind.length - 8;
    for (;;) {
      if (out.count >= limit) { out.reserve(room * 4); limit = out.kind.length - 8; }
      const c = b[i], cls = CLASS[c];
      if (cls & SPACE) { i++; continue; }
      if (cls & ID_START) {
        const start = i;
        let h = 0x811c9dc5 | 0, d = c;
        do { h = Math.imul(h ^ d, 0x01000193); d = b[++i]; } while (CLASS[d] & ID_PART);
        fresh = false;
        if ((d === 39 || d === 34) && i - start === 1 && (c === 76 || c === 117 || c === 85)) continue; // prefix of a string
        const w = wordOf(h);
        if (w >= W.NOTE) { dropParen = w === W.NOTE_ARGS; if (!inBody) this.note(out, line); continue; } // an annotation: not a token
        if (w === 0) this.addIdent(h);
        dropParen = false;
        out.add(T.IDENT, w, start, i, h, line);
        continue;
      }
      if (c === 10) { if (inBody) { this.line = line; return i; } line++; i++; fresh = true; continue; }
      if (c === 47 && (b[i + 1] === 42 || b[i + 1] === 47)) { this.line = line; i = this.comment(b, i, n); line = this.line; continue; }
      if (c === 0) { if (i >= n) { this.line = line; return n; } i++; continue; }
      if (c === 92) { const to = continues(b, i); if (to !== 0) { i = to; line++; } else i++; continue; }
      if (c === 35 && fresh && !inBody) { this.line = line; i = this.directive(b, i, n, events as LexEvents); line = this.line; limit = out.kind.length - 8; continue; }
      fresh = false;
      const start = i, at = line;
      let kind: number = T.NUMBER;
      if (c === 34 || c === 39) { kind = c === 34 ? T.STRING : T.CHAR; this.line = line; i = this.literal(b, i, n); line = this.line; }
      else if (cls & DIGIT || (c === 46 && CLASS[b[i + 1]] & DIGIT)) i = numberEnd(b, start);
      else if (c === 40 && dropParen) { dropParen = false; this.line = line; i = this.dropped(b, i, n, inBody); line = this.line; continue; }
      else { const sign = operatorAt(b, i, c); kind = sign >> 2; i += sign & 3; }
      if (kind !== T.NUMBER) dropParen = false;
      out.add(kind, 0, start, i, 0, at);
    }
  }

  /** After the comment at `i`. */
  private comment(b: Uint8Array, i: number, n: number): number {
    if (b[i + 1] === 42) {
      i += 2;
      while (i < n && !(b[i] === 42 && b[i + 1] === 47)) { if (b[i] === 10) this.line++; i++; }
      return i < n ? i + 2 : n;
    }
    i += 2;
    while (i < n && b[i] !== 10) {
      const to = b[i] === 92 ? continues(b, i) : 0;
      if (to !== 0) { i = to; this.line++; } else i++;
    }
    return i;
  }

  /** After the string or character at `i`; at the end of the line when it is not closed. */
  private literal(b: Uint8Array, i: number, n: number): number {
    const quote = b[i++];
    for (;;) {
      const d = b[i];
      if (d === quote) return i + 1;
      if (d === 10 || (d === 0 && i >= n)) return i;
      if (d !== 92) { i++; continue; }
      const to = continues(b, i);
      if (to !== 0) { i = to; this.line++; } else i += b[i + 1] === 10 || i + 1 >= n ? 1 : 2;
    }
  }

  /** After an annotation's arguments, which begin at `i`; just after the parenthesis when they are none after all. */
  private dropped(b: Uint8Array, from: number, n: number, inBody: boolean): number {
    const fromLine = this.line;
    for (let i = from, depth = 0; i < n; i++) {
      const d = b[i];
      if (d === 10) { if (inBody) return i; this.line++; }
      else if (d === 40) depth++;
      else if (d === 41) { if (--depth === 0) return i + 1; }
      else if (d === 34) { while (++i < n && b[i] !== 34 && b[i] !== 10) if (b[i] === 92) i++; if (b[i] === 10) i--; }
      else if (d === 123 || d === 59) { this.line = fromLine; return from + 1; }
    }
    return n;
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
