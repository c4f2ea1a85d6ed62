/** Finds function definitions in a token stream: their canonical names, parameters and bodies. */
import { KEYWORDS, TokenKind, type Tokens } from './tokens';

/** A definition, in token indices. `body` is its `{`, `close` its `}`. */
export interface FunctionSpan {
  readonly name: string;
  readonly params: string[];
  readonly first: number;
  readonly nameAt: number;
  readonly body: number;
  readonly close: number;
}

/** Words that look like a function's name followed by arguments, and are remarks about one. */
const REMARK = /^(__(acquires|releases|must_hold|printf|scanf|attribute__|attribute|aligned|section|alias|cond_lock|context__|cold|assume_aligned|alloc_size|malloc|realloc_size|nonstring|counted_by|noscs|diagnose_as|pass_object_size|overloadable|no_sanitize\w*)|printf_like|__printf__|notrace|noinline_for_stack|asmlinkage|DECLARE_\w+_ARGS)$/;
const AGGREGATE = new Set(['struct', 'union', 'enum']);

/** For every bracket the index of its partner; -1 where there is none. `{` and `(` do not cross. */
export function matchBrackets(t: Tokens): Int32Array {
  const n = t.kind.length, partner = new Int32Array(n).fill(-1), stack: number[] = [];
  const opens: Record<string, string> = { ')': '(', ']': '[', '}': '{' };
  for (let i = 0; i < n; i++) {
    if (t.kind[i] !== TokenKind.Punct) continue;
    const x = t.text[i];
    if (x === '(' || x === '[' || x === '{') stack.push(i);
    else if (x === ')' || x === ']' || x === '}') {
      const want = opens[x];
      // An unclosed parenthesis must not swallow the rest of the file: a brace closes over it.
      if (x === '}') while (stack.length > 0 && t.text[stack[stack.length - 1]] !== '{') stack.pop();
      if (stack.length > 0 && t.text[stack[stack.length - 1]] === want) { const open = stack.pop()!; partner[open] = i; partner[i] = open; }
    }
  }
  return partner;
}

/**
 * The function that MACRO(argument, type, name, ...) defines: `sys_x` for SYSCALL_DEFINEn(x, ...), `compat_sys_x` for its compat form,
 * `x` for BPF_CALL_n(x, ...), null for a macro that defines none.
 */
export function definedBy(macro: string, argument: string): string | null {
  const kind = /^(SYSCALL_DEFINE|COMPAT_SYSCALL_DEFINE|BPF_CALL_)\d$/.exec(macro)?.[1];
  if (kind === undefined) return null;
  return kind === 'SYSCALL_DEFINE' ? `sys_${argument}` : kind === 'BPF_CALL_' ? argument : `compat_sys_${argument}`;
}

function splitArguments(t: Tokens, open: number, close: number, partner: Int32Array): [number, number][] {
  const parts: [number, number][] = [];
  let from = open + 1;
  for (let i = open + 1; i <= close; i++) {
    if (i < close && partner[i] > i) { i = partner[i]; continue; }
    if (i === close || t.text[i] === ',') { if (i > from) parts.push([from, i]); from = i + 1; }
  }
  return parts;
}

/** The name that a parameter declares, or null (`void`, `...`, unnamed). */
function parameterName(t: Tokens, from: number, to: number, partner: Int32Array): string | null {
  for (let i = from; i + 2 < to; i++) {
    if (t.text[i] === '(' && partner[i] > i && t.text[i + 1] === '*') {
      for (let j = i + 2; j < partner[i]; j++) if (t.kind[j] === TokenKind.Ident && !KEYWORDS.has(t.text[j])) return t.text[j];
      i = partner[i];
    }
  }
  let name: string | null = null, idents = 0;
  for (let i = from; i < to; i++) {
    const x = t.text[i];
    if (x === '[' || x === '(') { if (partner[i] > i) i = partner[i]; continue; }
    if (t.kind[i] !== TokenKind.Ident) continue;
    if (KEYWORDS.has(x)) { if (!AGGREGATE.has(x)) idents++; continue; }
    if (REMARK.test(x) || (idents > 0 && /^__(maybe_unused|always_unused|unused|user|rcu|iomem|percpu|force)$/.test(x))) continue;
    name = x; idents++;
  }
  return idents > 1 ? name : null;
}

function parametersOf(t: Tokens, open: number, close: number, partner: Int32Array): string[] {
  const names: string[] = [];
  for (const [from, to] of splitArguments(t, open, close, partner)) {
    const name = parameterName(t, from, to, partner);
    if (name !== null) names.push(name);
  }
  return names;
}

/** Parameters of a SYSCALL_DEFINEn or its like: type and name alternate after the call's own name. */
function syscallParameters(t: Tokens, open: number, close: number, partner: Int32Array): string[] {
  return splitArguments(t, open, close, partner).filter((_, i) => i > 0 && i % 2 === 0).map(([from]) => t.text[from]);
}

interface Head { name: string; params: string[]; nameAt: number }

/** Is [from, body) the head of a function definition? Gives what it declares. */
function readHead(t: Tokens, from: number, body: number, partner: Int32Array): Head | null {
  let found: Head | null = null;
  for (let i = from; i < body; i++) {
    const x = t.text[i];
    if (x === '=' || x === 'typedef') return null;
    if (x === '[' && partner[i] > i) { i = partner[i]; continue; }
    if (x !== '(') continue;
    const close = partner[i];
    if (close < 0 || close >= body) return null;
    const before = i > from && t.kind[i - 1] === TokenKind.Ident ? t.text[i - 1] : '';
    if (before !== '' && !KEYWORDS.has(before) && !REMARK.test(before)) {
      const system = t.kind[i + 1] === TokenKind.Ident ? definedBy(before, t.text[i + 1]) : null;
      found = system === null ? { name: before, params: parametersOf(t, i, close, partner), nameAt: i - 1 }
        : { name: system, params: syscallParameters(t, i, close, partner), nameAt: i + 1 };
    } else if (found === null && t.text[i + 1] === '*') {
      // A function that gives a pointer to a function: T (*name(params))(...)
      const at = i + 2;
      if (t.kind[at] === TokenKind.Ident && t.text[at + 1] === '(' && partner[at + 1] > 0) found = { name: t.text[at], params: parametersOf(t, at + 1, partner[at + 1], partner), nameAt: at };
      i = close;
      if (found !== null && t.text[close + 1] === '(' && partner[close + 1] > 0) i = partner[close + 1];
      continue;
    }
    i = close;
  }
  return found;
}

/** Skips macro statements without a semicolon (`module_init(x)`, `EXPORT_SYMBOL(x)`) in front of a head. */
function skipMacroLines(t: Tokens, from: number, nameAt: number, partner: Int32Array): number {
  let first = from;
  while (first < nameAt && t.kind[first] === TokenKind.Ident && t.text[first + 1] === '(' && !KEYWORDS.has(t.text[first]) && !REMARK.test(t.text[first])) {
    const close = partner[first + 1];
    if (close < 0 || close >= nameAt || t.line[close + 1] === t.line[close]) break;
    first = close + 1;
  }
  return first;
}

/** Where a body ends: its partner, or the first brace in column one, where an `#if` has upset the balance. */
function bodyEnd(t: Tokens, body: number, partner: Int32Array): number {
  const close = partner[body], limit = close < 0 ? t.kind.length : close;
  for (let i = body + 1; i < limit; i++) {
    if (t.text[i] === '}' && t.start[i] === t.lineStarts[t.line[i] - 1]) return i;
  }
  return close < 0 ? t.kind.length - 1 : close;
}

/** All function definitions of a file, in source order. Anything that cannot be read as one is passed over. */
export function functionSpans(t: Tokens, partner: Int32Array): FunctionSpan[] {
  const spans: FunctionSpan[] = [];
  const n = t.kind.length;
  let from = 0;
  for (let i = 0; i < n; i++) {
    const x = t.text[i];
    if (x === ';' || x === '}') from = i + 1;
    else if (x === '(' || x === '[') { if (partner[i] > i) i = partner[i]; }
    else if (x === '{') {
      const previous = t.text[i - 1];
      const isTagged = i > from && (AGGREGATE.has(previous) || (i - 1 > from && AGGREGATE.has(t.text[i - 2])));
      const head = isTagged ? null : readHead(t, from, i, partner);
      if (head === null) {
        // extern "C" { ... } holds definitions; every other brace (aggregate, initialiser) is passed over.
        if (t.kind[i - 1] === TokenKind.Text) from = i + 1;
        else if (partner[i] > i) i = partner[i];
        else from = i + 1;
        continue;
      }
      const close = bodyEnd(t, i, partner);
      spans.push({ ...head, first: skipMacroLines(t, from, head.nameAt, partner), body: i, close });
      i = close; from = close + 1;
    }
  }
  return spans;
}
