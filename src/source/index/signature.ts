/**
 * Signatures: what an expression's type depends on, as a short text that is resolved later against the whole tree (types.ts).
 *
 *   signature = root { "." member }
 *   root      = NAME            struct or union NAME
 *             | "@" NAME        typedef NAME
 *             | "$" NAME        variable NAME of the file or the tree
 *             | "(" NAME ")"    what function or macro NAME gives
 *             | "(" NAME " " signature ")"   the same, and its first argument's signature
 *             | "%" DIGITS      a macro's parameter
 *   and "?" when nothing can be said.
 *
 * Pointers, arrays and parentheses leave no trace: only which struct is reached counts.
 */
import { type Context, LocalType, partner, text } from './context';
import { T } from './tokens';
import { W } from './words';

export const UNKNOWN = '?';
/** On the left of what a macro that stands for an initialiser fills: the type of the variable it initialises. */
export const MACRO_RESULT = '%%';
const MAX_LENGTH = 200;
const MAX_DEPTH = 12;

/** Macros and functions whose value is their first argument (seen as a pointer). */
const PASS_THROUGH = new Set(('rcu_dereference rcu_dereference_bh rcu_dereference_sched rcu_dereference_check rcu_dereference_protected rcu_dereference_raw '
  + 'rcu_dereference_bh_check rcu_dereference_index_check rcu_dereference_rtnl rcu_dereference_raw_check rcu_access_pointer rtnl_dereference rcu_access_index '
  + 'srcu_dereference srcu_dereference_check rcu_dereference_sched_check rcu_dereference_bh_rtnl per_cpu_ptr this_cpu_ptr __this_cpu_ptr raw_cpu_ptr get_cpu_ptr '
  + 'per_cpu __get_cpu_var get_cpu_var __raw_get_cpu_var ACCESS_ONCE READ_ONCE likely unlikely lockless_dereference smp_load_acquire xchg rcu_replace_pointer '
  + 'nf_dereference genl_dereference inet_dereference ip_dereference net_generic_deref PTR_ALIGN ERR_CAST array_index_nospec unrcu_pointer').split(' '));
const TYPE_ARGUMENT = /(container_of|_entry|_entry_safe|_entry_rcu|_first|_next_entry|rb_entry)$/;

/** Is name one whose value is its first argument? */
export function isPassThrough(name: string): boolean {
  return PASS_THROUGH.has(name);
}

/** The signature of the postfix expression that ends with token e and does not start before lo. */
export function postfixSignature(cx: Context, e: number, lo: number, depth = 0): string {
  const { kind, match } = cx.run;
  while (e >= lo && (kind[e] === 93 || kind[e] === T.STEP)) e = kind[e] === 93 ? (match[e] < lo ? lo - 1 : match[e] - 1) : e - 1;
  if (e < lo || depth > MAX_DEPTH) return UNKNOWN;
  if (kind[e] === T.IDENT) {
    const before = e > lo ? kind[e - 1] : 0;
    if (before !== T.ARROW && before !== 46) return rootSignature(cx, e, depth);
    const base = postfixSignature(cx, e - 2, lo, depth + 1);
    return base === UNKNOWN || base.length > MAX_LENGTH ? UNKNOWN : `${base}.${text(cx, e)}`;
  }
  if (kind[e] !== 41) return UNKNOWN;
  const open = match[e];
  if (open < lo) return UNKNOWN;
  const p = open - 1;
  if (p >= lo && kind[p] === T.IDENT && cx.run.word[p] === 0) {
    if (p > lo && (kind[p - 1] === T.ARROW || kind[p - 1] === 46)) {
      const base = postfixSignature(cx, p - 2, lo, depth + 1);
      return base === UNKNOWN ? UNKNOWN : `${base}.${text(cx, p)}`;
    }
    return callSignature(cx, p, open, e, depth);
  }
  return expressionSignature(cx, open + 1, e - 1, depth + 1);
}

/** The signature of the whole expression in tokens [s, e]. */
export function expressionSignature(cx: Context, s: number, e: number, depth = 0): string {
  const { kind, match } = cx.run;
  if (depth > MAX_DEPTH) return UNKNOWN;
  while (s <= e && (kind[s] === 42 || kind[s] === 38 || kind[s] === 33)) s++;
  if (s > e) return UNKNOWN;
  if (kind[s] === 40) {
    const m = match[s];
    if (m < 0 || m > e) return UNKNOWN;
    if (m === e) return kind[s + 1] === 123 ? UNKNOWN : expressionSignature(cx, s + 1, e - 1, depth + 1);
    const cast = castSignature(cx, s, m);
    if (cast !== null) return cast !== '' ? cast : expressionSignature(cx, m + 1, e, depth + 1);
  }
  for (let k = s; k <= e; k++) {
    const c = kind[k];
    if (c === 40 || c === 91 || c === 123) { const m = match[k]; if (m < 0 || m > e) return UNKNOWN; k = m; continue; }
    if (c === 63) return ternary(cx, k, e, depth);
    if (c === 61 || ((c === 43 || c === 45) && k > s)) return expressionSignature(cx, s, k - 1, depth + 1);
  }
  return postfixSignature(cx, e, s, depth + 1);
}

function ternary(cx: Context, question: number, e: number, depth: number): string {
  const { kind, match } = cx.run;
  for (let k = question + 1; k <= e; k++) {
    if (kind[k] === 40 || kind[k] === 91) { const m = match[k]; if (m < 0 || m > e) return UNKNOWN; k = m; continue; }
    if (kind[k] !== 58) continue;
    const first = k > question + 1 ? expressionSignature(cx, question + 1, k - 1, depth + 1) : UNKNOWN;
    return first !== UNKNOWN ? first : expressionSignature(cx, k + 1, e, depth + 1);
  }
  return UNKNOWN;
}

/** If (open ... close) is a cast: the signature of its type ('' for one without members); null when it is none. */
function castSignature(cx: Context, open: number, close: number): string | null {
  const { kind, word } = cx.run;
  const after = kind[close + 1];
  if (after !== T.IDENT && after !== 40 && after !== 38 && after !== 42 && after !== T.NUMBER && after !== 123) return null;
  let k = open + 1;
  while (k < close && kind[k] === T.IDENT && word[k] === W.CONST) k++;
  if (kind[k] !== T.IDENT) return null;
  if (word[k] === W.STRUCT || word[k] === W.UNION) return kind[k + 1] === T.IDENT ? text(cx, k + 1) : '';
  if (word[k] === W.BASIC || word[k] === W.SCALAR || word[k] === W.ENUM || word[k] === W.TYPEOF) return '';
  if (word[k] !== 0) return null;
  if (k + 1 === close) return after === T.IDENT || after === T.NUMBER ? `@${text(cx, k)}` : null;
  if (kind[k + 1] !== 42 && !(kind[k + 1] === T.IDENT && word[k + 1] === W.CONST)) return null;
  return kind[close - 1] === 42 ? `@${text(cx, k)}` : null;
}

function callSignature(cx: Context, name: number, open: number, close: number, depth: number): string {
  const called = text(cx, name);
  const comma = firstComma(cx, open, close);
  if (PASS_THROUGH.has(called)) return expressionSignature(cx, open + 1, comma - 1, depth + 1);
  const { kind, word } = cx.run;
  for (let k = open + 1; k < close; k++) {
    if (kind[k] === 40) { k = partner(cx, k, close); continue; }
    if (kind[k] === T.IDENT && (word[k] === W.STRUCT || word[k] === W.UNION) && kind[k + 1] === T.IDENT) return text(cx, k + 1);
  }
  if (TYPE_ARGUMENT.test(called) && comma < close && kind[comma + 1] === T.IDENT && (kind[comma + 2] === 44 || kind[comma + 2] === 41)) {
    const own = cx.locals.find(cx.run.hash[comma + 1]);
    return own >= 0 ? rootSignature(cx, comma + 1, depth) : `@${text(cx, comma + 1)}`;
  }
  const argument = comma > open + 1 ? expressionSignature(cx, open + 1, comma - 1, depth + 1) : UNKNOWN;
  return argument === UNKNOWN || argument.length > 80 ? `(${called})` : `(${called} ${argument})`;
}

/** Index of the first comma between the parentheses, or of the closing one. */
export function firstComma(cx: Context, open: number, close: number): number {
  const { kind } = cx.run;
  for (let k = open + 1; k < close; k++) {
    const c = kind[k];
    if (c === 44) return k;
    if (c === 40 || c === 91 || c === 123) k = partner(cx, k, close);
  }
  return close;
}

function rootSignature(cx: Context, k: number, depth: number): string {
  const { locals } = cx;
  const own = locals.find(cx.run.hash[k]);
  if (own < 0) return cx.run.word[k] === 0 ? `$${text(cx, k)}` : UNKNOWN;
  const type = locals.typeToken[own];
  switch (locals.type[own]) {
    case LocalType.STRUCT: return type < 0 ? UNKNOWN : text(cx, type); // a struct without a tag has no name to look up
    case LocalType.TYPEDEF: return type < 0 ? UNKNOWN : `@${text(cx, type)}`;
    case LocalType.UNTYPED: {
      if (locals.param[own] >= 0 && cx.macro) return `%${locals.param[own]}`;
      const v = locals.values[own];
      return v.length > 0 && v[0] !== k ? expressionSignature(cx, v[0], v[1], depth + 3) : UNKNOWN;
    }
    default: return UNKNOWN;
  }
}
