/**
 * The lexer of the navigator: C text in, tokens with true positions out, preprocessor lines kept apart.
 * One pass, no allocation per character; comments vanish, strings and numbers are single tokens.
 */

/** What a token is. Keywords are identifiers here: `KEYWORDS` tells them apart. */
export const enum TokenKind { Ident = 1, Number = 2, Text = 3, Punct = 4 }

/** One file's tokens, as parallel arrays. `start`/`end` are string offsets, `line` counts from 1. */
export interface Tokens {
  readonly kind: number[];
  readonly text: string[];
  readonly start: number[];
  readonly end: number[];
  readonly line: number[];
  /** Preprocessor lines in order, each with the index of the token that follows it. */
  readonly directives: Directive[];
  /** Comments, when asked for: [start, end) offsets in pairs. */
  readonly comments: number[];
  /** Offset of the first character of each line (index 0 is line 1). */
  readonly lineStarts: number[];
}

/** A preprocessor line, with its continuation lines. `word` is `if`, `ifdef`, `define`, ...; `rest` what follows it. */
export interface Directive {
  readonly word: string;
  readonly rest: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly before: number;
}

/** C's words that are never a name of a function, variable or type. */
export const KEYWORDS: ReadonlySet<string> = new Set(('auto break case char const continue default do double else enum extern float for goto if inline int long ' +
  'register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while _Bool __inline __inline__ ' +
  '__always_inline __const __const__ __extension__ __signed__ __volatile__ asm __asm__ __asm typeof __typeof__ __typeof __alignof__ __alignof _Alignof ' +
  '__attribute__ __attribute __label__ __restrict _Generic _Static_assert').split(' '));

const IDENT = 1, DIGIT = 2, SPACE = 4;
const CLASS = new Uint8Array(256);
for (let c = 0; c < 256; c++) {
  const isLetter = (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 36 || c >= 128;
  const isDigit = c >= 48 && c <= 57;
  CLASS[c] = (isLetter ? IDENT : 0) | (isDigit ? DIGIT : 0) | (c === 32 || (c >= 9 && c <= 13) ? SPACE : 0);
}
const classOf = (c: number): number => (c < 256 ? CLASS[c] : IDENT);

const THREE = new Set(['<<=', '>>=', '...']);
const TWO = new Set(['->', '++', '--', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '==', '!=', '<=', '>=', '&&', '||', '<<', '>>', '##']);

/** Offset just after the comment that starts at `i` (a `/` followed by `/` or `*`). */
function endOfComment(s: string, i: number): number {
  if (s.charCodeAt(i + 1) === 42) {
    const close = s.indexOf('*/', i + 2);
    return close < 0 ? s.length : close + 2;
  }
  let end = i;
  for (;;) {
    end = s.indexOf('\n', end);
    if (end < 0) return s.length;
    if (s.charCodeAt(end - 1) !== 92) return end;
    end++;
  }
}

/** Offset just after the string or character literal that starts at `i`; an unclosed one ends with its line. */
function endOfLiteral(s: string, i: number): number {
  const quote = s.charCodeAt(i);
  for (let j = i + 1; j < s.length; j++) {
    const c = s.charCodeAt(j);
    if (c === 92) j++;
    else if (c === quote) return j + 1;
    else if (c === 10) return j;
  }
  return s.length;
}

/** Offset of the line end of the preprocessor line at `i`: continuation lines and comments belong to it. */
function endOfDirective(s: string, i: number): number {
  for (let j = i; j < s.length; j++) {
    const c = s.charCodeAt(j);
    if (c === 92) { if (s.charCodeAt(j + 1) === 13) j++; j++; }
    else if (c === 10) return j;
    else if (c === 34) j = endOfLiteral(s, j) - 1;
    else if (c === 47 && (s.charCodeAt(j + 1) === 42 || s.charCodeAt(j + 1) === 47)) j = endOfComment(s, j) - 1;
  }
  return s.length;
}

function endOfNumber(s: string, i: number): number {
  let j = i + 1;
  for (; j < s.length; j++) {
    const c = s.charCodeAt(j);
    if (classOf(c) & (IDENT | DIGIT) || c === 46) continue;
    const before = s.charCodeAt(j - 1) | 32;
    if ((c === 43 || c === 45) && (before === 101 || before === 112) && s.charCodeAt(i + 1) !== 120) continue;
    break;
  }
  return j;
}

/**
 * Splits C text into tokens. Never fails: an unclosed comment or string ends with the text or the line.
 * Give latin1-decoded text to have offsets equal byte offsets.
 */
export function tokenize(s: string): Tokens {
  const out: Tokens = { kind: [], text: [], start: [], end: [], line: [], directives: [], comments: [], lineStarts: [0] };
  const n = s.length;
  let i = 0, line = 1, fresh = true;
  const countLines = (from: number, to: number): void => {
    for (let p = from; p < to; p++) if (s.charCodeAt(p) === 10) { line++; out.lineStarts.push(p + 1); }
  };
  const push = (kind: number, end: number): void => {
    out.kind.push(kind); out.text.push(s.slice(i, end)); out.start.push(i); out.end.push(end); out.line.push(line);
    i = end; fresh = false;
  };
  while (i < n) {
    const c = s.charCodeAt(i), k = classOf(c);
    if (c === 10) { i++; line++; out.lineStarts.push(i); fresh = true; }
    else if (k & SPACE) i++;
    else if (k & IDENT) { let j = i + 1; while (j < n && classOf(s.charCodeAt(j)) & (IDENT | DIGIT)) j++; push(TokenKind.Ident, j); }
    else if (k & DIGIT) push(TokenKind.Number, endOfNumber(s, i));
    else if (c === 47 && (s.charCodeAt(i + 1) === 42 || s.charCodeAt(i + 1) === 47)) {
      const end = endOfComment(s, i);
      out.comments.push(i, end);
      countLines(i, end); i = end;
    } else if (c === 34 || c === 39) { const from = i; push(TokenKind.Text, endOfLiteral(s, i)); countLines(from, i); }
    else if (c === 35 && fresh) {
      const end = endOfDirective(s, i);
      const body = s.slice(i + 1, end);
      const m = /^[ \t]*([A-Za-z_]\w*)?/.exec(body)!;
      out.directives.push({ word: m[1] ?? '', rest: body.slice(m[0].length).trim(), start: i, end, line, before: out.kind.length });
      countLines(i, end); i = end;
    } else if (c === 92) i++;
    else if (THREE.has(s.substr(i, 3))) push(TokenKind.Punct, i + 3);
    else if (TWO.has(s.substr(i, 2))) push(TokenKind.Punct, i + 2);
    else push(TokenKind.Punct, i + 1);
  }
  return out;
}

/** The tokens whose flag in `keep` is set, renumbered; directives are dropped, for they have had their say. */
export function readable(tokens: Tokens, keep: Uint8Array): Tokens {
  const pick = <T>(list: readonly T[]): T[] => list.filter((_, i) => keep[i] === 1);
  return { kind: pick(tokens.kind), text: pick(tokens.text), start: pick(tokens.start), end: pick(tokens.end), line: pick(tokens.line),
    directives: [], comments: tokens.comments, lineStarts: tokens.lineStarts };
}
