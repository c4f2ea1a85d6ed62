/** Reads a function body statement by statement and emits its sites (see sites.ts for what they mean). */
import type { AnchorKind } from '../../base/anchor';
import type { Site } from './sites';
import { KEYWORDS, TokenKind, type Tokens } from './tokens';

/** Where a statement stands: its enclosing control site and the branch under it. */
interface Place { readonly parent: number; readonly branch: string }

const ASSIGNMENTS = new Set(['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>=']);
const NOT_NAMES = new Set(['NULL', 'true', 'false']);
const NOT_CALLS = new Set(['__attribute__', '__attribute', '__aligned', '__section', 'defined', 'offsetof', '__builtin_offsetof']);
/** Words that only a declaration starts with. */
const TYPE_WORDS = new Set(('static const volatile register extern auto unsigned signed int char long short void float double struct union enum typeof __typeof__ ' +
  '__typeof _Bool inline __inline __inline__ restrict __extension__ __always_inline __signed__').split(' '));
const LOOP_NAME = /for_?each|(^|_)walk|^for_|_for_/i;
/** The closing half of a pair of loop macros, and waiting: no loops, whatever else the name holds. */
const NO_LOOP = /^(end|while_|wait_)/;
const STATEMENT_WORDS = new Set(['if', 'for', 'while', 'do', 'switch', 'return', 'goto', 'break', 'continue', 'case', 'default', 'asm', '__asm__']);
const MAX_NESTING = 400;
/** Longest parenthesised callee, in tokens. */
const MAX_CALLEE = 100;

/** One body's reader. All token ranges are half-open [from, to). */
export class StatementReader {
  readonly sites: Site[] = [];
  /** Token indices of the names of loop macros, and of the closing parentheses of macro statements that have no semicolon. */
  readonly loopMacros: number[] = [];
  readonly openEnded: number[] = [];
  private readonly counts = new Map<string, number>();
  private nesting = 0;

  constructor(private readonly t: Tokens, private readonly partner: Int32Array, private readonly limit: number) {}

  /** Adds a site and gives its index. `at` is the token that the site is about. */
  emit(kind: AnchorKind, text: string, line: number, at: number, parent: number, branch: string, macro?: string): number {
    const key = `${kind} ${text}`, nth = (this.counts.get(key) ?? 0) + 1;
    this.counts.set(key, nth);
    const depth = parent < 0 ? 0 : this.sites[parent].depth + 1;
    const site: Site = { kind, text, nth, line, tokenLine: this.t.line[at], depth, parent, branch };
    this.sites.push(macro === undefined ? site : { ...site, macro });
    return this.sites.length - 1;
  }

  /** Partner of the bracket at `i`, kept inside the function: a bracket without one closes at its end. */
  private closing(i: number): number {
    const p = this.partner[i];
    return p < i || p > this.limit ? this.limit : p;
  }

  /** Reads the statements of [from, to). Case labels change the branch of what follows them. */
  block(from: number, to: number, place: Place): void {
    if (++this.nesting > MAX_NESTING) { this.nesting--; return; }
    let at = from, here = place, wasCase = false;
    while (at < to) {
      const x = this.t.text[at];
      if (x === 'case' || (x === 'default' && this.t.text[at + 1] === ':')) {
        const colon = this.findColon(at, to);
        const name = x === 'default' ? 'default' : this.identifiers(at + 1, colon) || this.t.text[at + 1];
        const stacked = wasCase && here.branch !== 'default' && name !== 'default';
        here = { parent: place.parent, branch: x === 'default' ? 'default' : stacked ? `${here.branch} ${name}` : wasCase && here.branch === 'default' ? 'default' : `case ${name}` };
        wasCase = true;
        this.calls(at + 1, colon, this.t.line[at], here);
        at = colon + 1;
      } else { wasCase = false; at = this.statement(at, to, here); }
    }
    this.nesting--;
  }

  private findColon(from: number, to: number): number {
    let questions = 0;
    for (let i = from; i < to; i++) {
      const x = this.t.text[i];
      if (x === '(' || x === '[' || x === '{') i = this.closing(i);
      else if (x === '?') questions++;
      else if (x === ':' && questions-- === 0) return i;
      else if (x === ';' || x === '}') return i - 1;
    }
    return to;
  }

  /** Reads one statement at `at`, gives the token after it. Always advances. */
  private statement(at: number, to: number, place: Place): number {
    const t = this.t, x = t.text[at];
    if (t.kind[at] !== TokenKind.Ident) {
      if (x === ';' || x === '}') return at + 1;
      if (x === '{') { const close = Math.min(this.closing(at), to); this.block(at + 1, close, place); return close + 1; }
      return this.simple(at, to, place);
    }
    switch (x) {
      case 'if': return this.ifStatement(at, to, place);
      case 'while': case 'switch': return this.headed(at, to, place, x === 'while' ? 'loop' : 'switch');
      case 'for': return this.forStatement(at, to, place);
      case 'do': return this.doStatement(at, to, place);
      case 'else': return at + 1;
      case 'case': case 'default': return x === 'case' || t.text[at + 1] === ':' ? this.findColon(at, to) + 1 : this.simple(at, to, place);
      case 'return': {
        const end = this.endOfStatement(at, to);
        this.emit('return', this.identifiers(at + 1, end), t.line[at], at, place.parent, place.branch);
        this.calls(at + 1, end, t.line[at], place);
        return end + 1;
      }
      case 'goto': case 'break': case 'continue':
        this.emit('goto', x === 'goto' ? '' : x, t.line[at], at, place.parent, place.branch);
        return this.endOfStatement(at, to) + 1;
      case '__maybe_unused': case '__always_unused': return at + 1;
      case '__attribute__': return t.text[at + 1] === '(' ? this.closing(at + 1) + 1 : at + 1;
      case 'asm': case '__asm__': case '__asm': case '__label__': case 'typedef': return this.endOfStatement(at, to) + 1;
    }
    if (t.text[at + 1] === ':' && !KEYWORDS.has(x)) {
      this.emit('label', '', t.line[at], at, place.parent, place.branch);
      return at + 2;
    }
    if (t.text[at + 1] === '(' && !KEYWORDS.has(x)) {
      const close = this.closing(at + 1);
      if (close + 1 < to && this.isLoopMacro(at, close)) return this.loopMacro(at, close, to, place);
      if (this.isMacroStatement(close, to)) { this.openEnded.push(close); this.calls(at, close + 1, t.line[at], place); return close + 1; }
    }
    return this.simple(at, to, place);
  }

  /** id(...) with a block or a statement behind it, and a name that walks something. */
  private isLoopMacro(at: number, close: number): boolean {
    const name = this.t.text[at], next = this.t.text[close + 1];
    if (NO_LOOP.test(name)) return false;
    if (next === '{') return true;
    if (next === ';') return /for_?each/i.test(name);
    return LOOP_NAME.test(name) && (this.t.kind[close + 1] === TokenKind.Ident || next === '*' || next === '++' || next === '--');
  }

  /** id(...) on a line of its own without a semicolon. */
  private isMacroStatement(close: number, to: number): boolean {
    if (close + 1 >= to || this.t.text[close + 1] === '}') return true;
    return this.t.line[close + 1] > this.t.line[close] && this.t.kind[close + 1] === TokenKind.Ident;
  }

  private loopMacro(at: number, close: number, to: number, place: Place): number {
    this.loopMacros.push(at);
    const line = this.t.line[at], loop = this.emit('loop', '', line, at, place.parent, place.branch, this.t.text[at]);
    this.calls(at + 2, close, line, { parent: loop, branch: 'cond' });
    return this.body(close + 1, to, { parent: loop, branch: 'body' });
  }

  /** A nested statement: one, and nothing past the end of the block it stands in. */
  private body(at: number, to: number, place: Place): number {
    if (at >= to) return to;
    if (++this.nesting > MAX_NESTING) { this.nesting--; return this.endOfStatement(at, to) + 1; }
    let next = this.statement(at, to, place);
    // A label is no statement of its own: what it labels belongs to the body too.
    for (let from = at; next < to && this.isLabel(from); ) { from = next; next = this.statement(next, to, place); }
    this.nesting--;
    return next;
  }

  private isLabel(at: number): boolean {
    const x = this.t.text[at];
    return x === 'case' || (this.t.text[at + 1] === ':' && (x === 'default' || (this.t.kind[at] === TokenKind.Ident && !KEYWORDS.has(x))));
  }

  private ifStatement(at: number, to: number, place: Place): number {
    const t = this.t;
    // `if macro(...)`, without parentheses of its own, is C once the macro is expanded.
    const open = t.kind[at + 1] === TokenKind.Ident ? at + 2 : at + 1;
    if (t.text[open] !== '(') return this.endOfStatement(at, to) + 1;
    const close = this.closing(open), line = t.line[at], from = open === at + 2 ? at + 1 : at + 2;
    const site = this.emit('if', this.identifiers(from, close), line, at, place.parent, place.branch);
    this.calls(from, close, line, { parent: site, branch: 'cond' });
    const next = this.body(close + 1, to, { parent: site, branch: 'then' });
    return next < to && t.text[next] === 'else' ? this.body(next + 1, to, { parent: site, branch: 'else' }) : next;
  }

  private headed(at: number, to: number, place: Place, kind: 'loop' | 'switch'): number {
    if (this.t.text[at + 1] !== '(') return this.endOfStatement(at, to) + 1;
    const close = this.closing(at + 1), line = this.t.line[at];
    const site = this.emit(kind, kind === 'switch' ? this.identifiers(at + 2, close) : '', line, at, place.parent, place.branch);
    this.calls(at + 2, close, line, { parent: site, branch: 'cond' });
    return this.body(close + 1, to, { parent: site, branch: 'body' });
  }

  private forStatement(at: number, to: number, place: Place): number {
    const t = this.t;
    if (t.text[at + 1] !== '(') return this.endOfStatement(at, to) + 1;
    const close = this.closing(at + 1), line = t.line[at];
    const site = this.emit('loop', '', line, at, place.parent, place.branch);
    let from = at + 2;
    for (const branch of ['init', 'cond', 'step']) {
      const end = branch === 'step' ? close : Math.min(this.endOfStatement(from, close), close);
      // A part on a line of its own is a place of its own: the debugger's eye returns there at every turn.
      const own = branch !== 'init' && from < end && t.line[from] !== line ? t.line[from] : 0;
      if (own > 0) this.emit('loop', branch, own, from, site, branch);
      this.calls(from, end, own > 0 ? own : line, { parent: site, branch });
      from = end + 1;
    }
    return this.body(close + 1, to, { parent: site, branch: 'body' });
  }

  private doStatement(at: number, to: number, place: Place): number {
    const t = this.t;
    const site = this.emit('loop', '', t.line[at], at, place.parent, place.branch);
    const next = this.body(at + 1, to, { parent: site, branch: 'body' });
    if (next >= to || t.text[next] !== 'while' || t.text[next + 1] !== '(') return next;
    const close = this.closing(next + 1);
    this.emit('loop', 'while', t.line[next], next, site, 'cond');
    this.calls(next + 2, close, t.line[next], { parent: site, branch: 'cond' });
    return t.text[close + 1] === ';' ? close + 2 : close + 1;
  }

  /** Index of the `;` that ends the statement at `from`, or of the end of its block. */
  private endOfStatement(from: number, to: number): number {
    for (let i = from; i < to; i++) {
      const x = this.t.text[i];
      if (x === ';') return i;
      if (x === '(' || x === '[' || x === '{') i = this.closing(i);
      else if (x === '}') return i;
    }
    return to;
  }

  /** A declaration or an expression statement. */
  private simple(at: number, to: number, place: Place): number {
    const end = Math.max(this.endOfStatement(at, to), at), line = this.t.line[at];
    if (this.isDeclaration(at, end)) this.declaration(at, end, line, place);
    else {
      for (const [from, until] of this.commaParts(at, end)) {
        this.assignment(from, until, line, place);
        this.calls(from, until, line, place);
      }
    }
    return end + 1;
  }

  private isDeclaration(at: number, end: number): boolean {
    const t = this.t;
    if (t.kind[at] !== TokenKind.Ident) return false;
    if (TYPE_WORDS.has(t.text[at])) return true;
    if (STATEMENT_WORDS.has(t.text[at])) return false;
    // T (*name)(...) declares a pointer to a function.
    if (t.text[at + 1] === '(' && t.text[at + 2] === '*' && t.kind[at + 3] === TokenKind.Ident && t.text[at + 4] === ')' && t.text[at + 5] === '(') return true;
    let i = at + 1;
    while (i < end && t.text[i] === '*') i++;
    if (i >= end || t.kind[i] !== TokenKind.Ident) return false;
    if (i === at + 1) return true;
    const next = i + 1 <= end ? t.text[i + 1] : ';';
    return TYPE_WORDS.has(t.text[i]) || t.kind[i + 1] === TokenKind.Ident || i + 1 === end || next === '=' || next === ',' || next === '[';
  }

  /** A decl site (`bare` without an initialiser), the calls in array sizes, then those behind the first `=`. */
  private declaration(at: number, end: number, line: number, place: Place): void {
    const t = this.t;
    const sizes: [number, number][] = [];
    let equals = -1;
    for (let i = at; i < end; i++) {
      const x = t.text[i];
      if (x === '=') { equals = i; break; }
      if (x === '[') { const close = this.closing(i); sizes.push([i + 1, close]); i = close; }
      else if (x === '(' || x === '{') i = this.closing(i);
    }
    this.emit('decl', equals < 0 ? 'bare' : '', line, at, place.parent, place.branch);
    for (const [from, to] of sizes) this.calls(from, to, line, place);
    if (equals >= 0) this.calls(equals + 1, end, line, place);
  }

  private commaParts(from: number, to: number): [number, number][] {
    const parts: [number, number][] = [];
    let start = from;
    for (let i = from; i < to; i++) {
      const x = this.t.text[i];
      if (x === '(' || x === '[' || x === '{') i = this.closing(i);
      else if (x === ',') { parts.push([start, i]); start = i + 1; }
    }
    parts.push([start, to]);
    return parts;
  }

  private assignment(from: number, to: number, line: number, place: Place): void {
    const t = this.t, at = this.assignmentAt(from, to);
    if (at < 0) return;
    const isPrefix = at === from && (t.text[at] === '++' || t.text[at] === '--');
    const target = isPrefix ? this.lastName(from + 1, to) : this.lastName(from, at);
    if (target >= 0) this.emit('assign', t.text[target], line, target, place.parent, place.branch);
  }

  /** The operator that makes an expression an assignment: its first `=` or `+=`, else its first `++` or `--`; -1 when it has none. */
  private assignmentAt(from: number, to: number): number {
    let step = -1;
    for (let i = from; i < to; i++) {
      const x = this.t.text[i];
      if (x === '(' || x === '[' || x === '{') i = this.closing(i);
      else if (x === '?') break;
      else if (ASSIGNMENTS.has(x)) return i;
      else if (step < 0 && (x === '++' || x === '--')) step = i;
    }
    return step;
  }

  /** The last member of an expression's left side: names in subscripts and call arguments do not count. */
  private lastName(from: number, to: number): number {
    let last = -1;
    for (let i = from; i < to; i++) {
      const x = this.t.text[i];
      if (x === '[') i = this.closing(i);
      else if (x === '(' && i > from && this.t.kind[i - 1] === TokenKind.Ident && !KEYWORDS.has(this.t.text[i - 1])) i = this.closing(i);
      else if (this.t.kind[i] === TokenKind.Ident && !KEYWORDS.has(x)) last = i;
    }
    return last;
  }

  /** The identifiers of a condition in order, joined by one space. */
  private identifiers(from: number, to: number): string {
    const names: string[] = [];
    for (let i = from; i < to; i++) {
      const x = this.t.text[i];
      if (this.t.kind[i] === TokenKind.Ident && !KEYWORDS.has(x) && !NOT_NAMES.has(x)) names.push(x);
    }
    return names.join(' ');
  }

  /** Emits a call site for every call expression in [from, to), in order of the callees' tokens. */
  private calls(from: number, to: number, line: number, place: Place): void {
    const t = this.t;
    for (let i = from; i < to; i++) {
      if (t.text[i] !== '(' || i === from) continue;
      const callee = t.kind[i - 1] === TokenKind.Ident ? i - 1 : this.indirectCallee(from, i);
      if (callee < 0) this.chosenCallees(from, i, line, place);
      if (callee < 0 || KEYWORDS.has(t.text[callee]) || NOT_CALLS.has(t.text[callee])) continue;
      this.emit('call', t.text[callee], line, callee, place.parent, place.branch);
    }
  }

  /** Callee of `(*f)(...)`, `(a->b)(...)`, `table[i](...)`; -1 when the parenthesis at `open` is a cast's operand or plain grouping. */
  private indirectCallee(from: number, open: number): number {
    const t = this.t, before = t.text[open - 1];
    if (before === ']') {
      const bracket = this.partner[open - 1];
      return bracket > from && t.kind[bracket - 1] === TokenKind.Ident ? bracket - 1 : -1;
    }
    if (before !== ')') return -1;
    const group = this.partner[open - 1];
    if (group < from || open - group > MAX_CALLEE || (group > 0 && t.kind[group - 1] === TokenKind.Ident && group > from)) return -1;
    const hasMember = t.text[group + 1] === '*' || this.rangeHas(group + 1, open - 1, '->') || this.rangeHas(group + 1, open - 1, '.');
    return hasMember && !TYPE_WORDS.has(t.text[group + 1]) ? this.lastName(group + 1, open - 1) : -1;
  }

  /** `(condition ? f : g)(...)` calls one of two: a site for each. */
  private chosenCallees(from: number, open: number, line: number, place: Place): void {
    const t = this.t, group = t.text[open - 1] === ')' ? this.partner[open - 1] : -1, colon = open - 3;
    if (group < from || t.text[colon] !== ':' || t.text[colon - 2] !== '?' || t.kind[colon - 1] !== TokenKind.Ident || t.kind[open - 2] !== TokenKind.Ident) return;
    for (const at of [colon - 1, open - 2]) this.emit('call', t.text[at], line, at, place.parent, place.branch);
  }

  private rangeHas(from: number, to: number, text: string): boolean {
    for (let i = from; i < to; i++) if (this.t.text[i] === text) return true;
    return false;
  }
}
