/** What a text's brackets, comments and directives enclose, and its identifiers: for folding, selection and colouring. */
import { CLASS } from './token-run';
import { Lexer, T } from './tokens';
import type { Span } from '../parse/enclosing';

/** Lines from 1, both included. */
export interface Folding { readonly from: number; readonly to: number; readonly kind: 'block' | 'comment' | 'region' | 'imports' }

const NO_EVENTS = { macro: (): void => undefined };

function lex(text: string): Lexer {
  // one byte per UTF-16 unit, so that token offsets are text offsets
  const bytes = Buffer.alloc(text.length + 16);
  for (let i = 0; i < text.length; i++) { const c = text.charCodeAt(i); bytes[i] = c > 255 ? 0xff : c; }
  const lexer = new Lexer();
  lexer.run(bytes, text.length, NO_EVENTS);
  return lexer;
}

/** Foldable ranges: braces over several lines, comments, #if groups, runs of #include. */
export function foldings(text: string): Folding[] {
  const { main } = lex(text);
  const found: Folding[] = [];
  for (let k = 0; k < main.count; k++) {
    if (main.kind[k] !== 123 || main.match[k] < 0) continue;
    const to = main.line[main.match[k]] - 1;
    if (to > main.line[k]) found.push({ from: main.line[k], to, kind: 'block' });
  }
  foldLines(text.split(/\r?\n/), found);
  return found.sort((a, b) => a.from - b.from || b.to - a.to);
}

function foldLines(lines: readonly string[], found: Folding[]): void {
  const groups: number[] = [];
  let comment = 0;
  let include = 0;
  const endIncludes = (line: number): void => { if (include > 0 && line - include > 2) found.push({ from: include, to: line - 1, kind: 'imports' }); include = 0; };
  lines.forEach((text, k) => {
    const line = k + 1;
    const t = text.trim();
    if (comment > 0) { if (t.includes('*/')) { if (line > comment) found.push({ from: comment, to: line, kind: 'comment' }); comment = 0; } return; }
    if (t.startsWith('/*') && !t.includes('*/')) { comment = line; return; }
    if (/^#\s*include\b/.test(t)) { if (include === 0) include = line; return; }
    if (t !== '') endIncludes(line);
    if (/^#\s*if/.test(t)) groups.push(line);
    else if (/^#\s*(else|elif)/.test(t) && groups.length > 0) { const from = groups[groups.length - 1]; if (line - 1 > from) found.push({ from, to: line - 1, kind: 'region' }); groups[groups.length - 1] = line; }
    else if (/^#\s*endif/.test(t)) { const from = groups.pop(); if (from !== undefined && line - 1 > from) found.push({ from, to: line - 1, kind: 'region' }); }
  });
  endIncludes(lines.length + 1);
}

/** The identifier or number at an offset; empty between two that are none. */
export function wordAt(text: string, offset: number): Span {
  let start = offset;
  let end = offset;
  while (start > 0 && CLASS[text.charCodeAt(start - 1) & 255] & 2) start--;
  while (end < text.length && CLASS[text.charCodeAt(end) & 255] & 2) end++;
  return { start, end };
}

/** What brackets enclose around an offset: with the brackets, and without. */
function brackets(text: string, offset: number): Span[] {
  const { main } = lex(text);
  const around: Span[] = [];
  for (let k = 0; k < main.count && main.start[k] <= offset; k++) {
    const c = main.kind[k];
    const m = main.match[k];
    if ((c !== 40 && c !== 91 && c !== 123) || m < 0 || main.end[m] < offset) continue;
    if (main.end[k] <= offset && offset <= main.start[m]) around.push({ start: main.start[k], end: main.end[m] }, { start: main.end[k], end: main.start[m] });
  }
  return around;
}

/** The word at an offset, the brackets and the given pieces of grammar around it, innermost first, then the whole text. Each holds the one before it. */
export function spansAround(text: string, offset: number, nodes: readonly Span[] = []): Span[] {
  const all = [wordAt(text, offset), ...brackets(text, offset), ...nodes, { start: 0, end: text.length }].filter((s) => s.end > s.start);
  const spans: Span[] = [];
  for (const s of all.sort((a, b) => a.end - a.start - (b.end - b.start))) {
    const inner = spans[spans.length - 1];
    if (inner === undefined || s.start <= inner.start && s.end >= inner.end && s.end - s.start > inner.end - inner.start) spans.push(s);
  }
  return spans;
}

/** An identifier that is no keyword. */
export interface Identifier { readonly name: string; readonly line: number; readonly column: number; readonly member: boolean; readonly call: boolean }

/** The identifiers of a text in order, outside comments, strings and macro bodies. */
export function* identifiers(text: string): IterableIterator<Identifier> {
  const { main } = lex(text);
  for (let k = 0; k < main.count; k++) {
    if (main.kind[k] !== T.IDENT || main.word[k] !== 0) continue;
    const before = k > 0 ? main.kind[k - 1] : 0;
    const start = main.start[k];
    yield { name: text.slice(start, main.end[k]), line: main.line[k], column: start - text.lastIndexOf('\n', start - 1), member: before === T.ARROW || before === 46, call: main.kind[k + 1] === 40 && k + 1 < main.count };
  }
}
