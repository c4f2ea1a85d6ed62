/** Function and macro bodies: calls, calls through pointers, functions passed on or stored, local variables. */
import { type Context, hasLower, isPlain, LocalType, partner, place, text } from './context';
import { addLocal, declarationEnd, declarator, recordAggregate, specifiers, typeSignature } from './decl';
import { SOFTIRQ_NUMBERS, TRIGGERS } from './deferred';
import { ArgKind, FLOW_ADDRESS, FlowKind, Kind, packInfo } from './facts';
import { initialiser } from './init';
import { expressionSignature, firstComma, isPassThrough, postfixSignature, UNKNOWN } from './signature';
import { T } from './tokens';
import { hashName, W } from './words';

/** Macros that store their second argument in their first. */
const STORES = new Set(['rcu_assign_pointer', 'RCU_INIT_POINTER', 'WRITE_ONCE', 'smp_store_release', 'rcu_replace_pointer', 'xchg', 'set_mb', 'smp_store_mb']);
const STORE_FIRST = new Set([114, 82, 87, 115, 120]); // first letters of the above, to look up few texts

/** Functions and macros that put a function into an object given by address (member, and where it is inside the object), or ask an object to do something later. */
const SETTERS = new Map<number, { member: string; inside: string; asked: number }>();
for (const [names, member, inside] of [
  ['setup_timer __setup_timer setup_timer_on_stack timer_setup setup_deferrable_timer', 'function', ''],
  ['INIT_WORK INIT_WORK_ONSTACK PREPARE_WORK', 'func', ''],
  ['INIT_DELAYED_WORK INIT_DELAYED_WORK_ONSTACK INIT_DEFERRABLE_WORK INIT_DELAYED_WORK_DEFERRABLE PREPARE_DELAYED_WORK', 'func', '.work'],
  ['tasklet_init', 'func', ''],
] as const) for (const name of names.split(' ')) SETTERS.set(hashName(name), { member, inside, asked: -1 });
for (const [hash, { index }] of TRIGGERS) SETTERS.set(hash, { member: '', inside: '', asked: index });

/** Walks the tokens in [from, to). */
export function walkBody(cx: Context, from: number, to: number): void {
  const { kind, word } = cx.run;
  let fresh = true; // at the start of a statement
  for (let i = from; i < to; i++) {
    if (i === cx.probe) probe(cx, i, from);
    const c = kind[i];
    if (c === T.IDENT) {
      const w = word[i];
      if (fresh) {
        fresh = false;
        if (cx.macro ? w === W.STRUCT || w === W.STATIC || w === W.CONST : w === 0 || (w >= W.TYPEOF && w <= W.AUTO)) {
          const skip = localDeclaration(cx, i, to);
          if (skip > i) { i = skip; continue; }
        }
      }
      if (w === 0) {
        const after = i + 1 < to ? kind[i + 1] : 0;
        if (after === 40) callAt(cx, i, to);
        else if (after === 61) assignment(cx, i, i + 1, to);
        else if (after === 58 && kind[i - 1] !== 63 && (kind[i - 1] === 59 || kind[i - 1] === 123 || kind[i - 1] === 125)) fresh = true; // a label
      } else if (w === W.ELSE || w === W.DO) fresh = true;
      else if (w === W.ASM) i = skipAsm(cx, i, to);
      else if (w === W.FOR && kind[i + 1] === 40) { fresh = true; i++; }
      continue;
    }
    if (c === 59 || c === 123 || c === 125) {
      fresh = true;
      if (c === 123 && i > from && kind[i - 1] === 41) compoundLiteral(cx, i);
      continue;
    }
    if (c === 58 && i > from && fresh === false && isCaseEnd(cx, i, from)) { fresh = true; continue; }
    if (c === 41 && i + 1 < to && kind[i + 1] === 40) indirectCall(cx, i, from);
    else if (c === 93 && i + 1 < to) {
      if (kind[i + 1] === 40) elementCall(cx, i, from);
      else if (kind[i + 1] === 61) elementAssignment(cx, i, from, to);
    }
    if (c !== 40 || fresh === false) fresh = false;
  }
}

function isCaseEnd(cx: Context, colon: number, from: number): boolean {
  const { kind, word } = cx.run;
  for (let k = colon - 1; k >= from && k > colon - 8; k--) {
    if (kind[k] === T.IDENT && (word[k] === W.CASE || word[k] === W.DEFAULT)) return true;
    if (kind[k] === 59 || kind[k] === 123 || kind[k] === 63) return false;
  }
  return false;
}

function skipAsm(cx: Context, i: number, to: number): number {
  const { kind } = cx.run;
  for (let k = i + 1; k < to && k < i + 4; k++) if (kind[k] === 40) return partner(cx, k, to);
  return i;
}

function probe(cx: Context, i: number, from: number): void {
  const { kind, hash, line } = cx.run;
  const before = i > from ? kind[i - 1] : i > 0 ? kind[i - 1] : 0;
  if (before === T.ARROW || (before === 46 && i > 1 && kind[i - 2] !== 44 && kind[i - 2] !== 123)) {
    cx.probed = { receiver: postfixSignature(cx, i - 2, 0) };
    return;
  }
  const local = before === 46 ? -1 : cx.locals.find(hash[i]);
  if (local < 0) { cx.probed = { receiver: null }; return; }
  const at = place(cx, cx.locals.token[local]);
  cx.probed = { receiver: null, local: { line: line[cx.locals.token[local]], column: at & 0xfff, type: postfixSignature(cx, i, i) } };
}

/** `type a = x, *b;` at the start of a statement: remembers the variables. Gives the end of a struct body to go on from, else 0: the same place. */
function localDeclaration(cx: Context, i: number, to: number): number {
  const { kind, word } = cx.run;
  if (word[i] === 0) {
    const after = i + 1 < to ? kind[i + 1] : 0;
    if (after === 42) {
      let k = i + 2;
      while (k < to && (kind[k] === 42 || (kind[k] === T.IDENT && word[k] === W.CONST))) k++;
      if (kind[k] !== T.IDENT || word[k] !== 0) return 0;
      const then = kind[k + 1];
      if (then !== 61 && then !== 59 && then !== 44 && then !== 91) return 0;
    } else if (after === 40) {
      if (kind[i + 2] !== 42 || kind[partner(cx, i + 1, to) + 1] !== 40) return 0;
    } else if (after !== T.IDENT || (word[i + 1] !== 0 && word[i + 1] !== W.CONST)) return 0;
  }
  const s = specifiers(cx, i, to);
  if (!s.seen || s.next >= to) return 0;
  const end = declarationEnd(cx, s.next, to);
  if (s.body >= 0) recordAggregate(cx, s, 'local', to);
  const after = s.body >= 0 ? partner(cx, s.body, to) : 0;
  if (s.isTypedef) return after;
  for (let k = s.next; k < end;) {
    const d = declarator(cx, k, end);
    if (d.name < 0) return after;
    const local = d.params >= 0 && !d.callable ? -1 : addLocal(cx, s, d, -1); // a local prototype is no variable
    let next = d.next;
    while (next < end && kind[next] !== 44) next = kind[next] === 40 || kind[next] === 91 || kind[next] === 123 ? partner(cx, next, end) + 1 : next + 1;
    if (local >= 0 && kind[d.next] === 61) localValue(cx, local, d.name, d.next + 1, next, s, d.array);
    k = next + 1;
  }
  return after;
}

function localValue(cx: Context, local: number, name: number, from: number, to: number, s: ReturnType<typeof specifiers>, array: boolean): void {
  if (cx.run.kind[from] === 123) {
    const type = typeSignature(cx, s, UNKNOWN);
    const row = cx.facts.def(cx.facts.nameOf(cx.run, name), place(cx, name), packInfo(Kind.LOCAL, 0, 0, 0), cx.facts.signature(type));
    initialiser(cx, from, { type: type === '' ? UNKNOWN : type, array: array ? `$${text(cx, name)}` : null, owner: row, enclosing: cx.owner }, () => undefined);
    return;
  }
  if (cx.locals.type[local] !== LocalType.STRUCT && cx.locals.type[local] !== LocalType.PLAIN) cx.locals.assign(local, from, to - 1);
}

function compoundLiteral(cx: Context, brace: number): void {
  const { kind, word } = cx.run;
  const open = cx.run.match[brace - 1];
  if (open < 0) return;
  let k = open + 1;
  while (kind[k] === T.IDENT && word[k] === W.CONST) k++;
  const isStruct = kind[k] === T.IDENT && (word[k] === W.STRUCT || word[k] === W.UNION) && kind[k + 1] === T.IDENT;
  const isTypedef = isPlain(cx, k) && k + 2 === brace && !(open > 0 && kind[open - 1] === T.IDENT);
  if (!isStruct && !isTypedef) return;
  const type = isStruct ? text(cx, k + 1) : `@${text(cx, k)}`;
  initialiser(cx, brace, { type, array: null, owner: cx.owner, enclosing: cx.owner }, () => undefined);
}

/** An identifier before a parenthesis. */
function callAt(cx: Context, i: number, to: number): void {
  const { kind, run } = { kind: cx.run.kind, run: cx.run };
  const { facts } = cx;
  const before = i > 0 ? kind[i - 1] : 0;
  const close = partner(cx, i + 1, to);
  if (before === T.ARROW || before === 46) {
    memberCall(cx, i, i);
    return;
  }
  const local = cx.locals.find(run.hash[i]);
  // a number or a struct pointer cannot be called: then a macro or function of the same name is meant
  if (local >= 0 && (cx.macro || (cx.locals.type[local] !== LocalType.PLAIN && cx.locals.type[local] !== LocalType.STRUCT))) {
    pointerCall(cx, local, i);
    return;
  }
  const callee = facts.nameOf(run, i);
  facts.call(callee, place(cx, i), cx.owner);
  if (close > i + 2) callArguments(cx, callee, i + 1, close);
  const setter = SETTERS.get(run.hash[i]);
  if (setter !== undefined && !cx.macro) {
    if (setter.asked < 0) setterCall(cx, setter, i + 1, close);
    else askedObject(cx, callee, setter.asked, i, close);
  }
  if (STORE_FIRST.has(cx.source[run.start[i]]) && STORES.has(text(cx, i))) storeCall(cx, i + 1, close);
}

/** A call at `at` through the member that token `member` names. */
function memberCall(cx: Context, member: number, at: number): void {
  const { facts, locals, run } = cx;
  const receiver = member - 2;
  const alone = run.kind[receiver] === T.IDENT && run.kind[receiver - 1] !== T.ARROW && run.kind[receiver - 1] !== 46;
  const local = alone ? locals.find(run.hash[receiver]) : -1;
  facts.memberCall(facts.nameOf(run, member), place(cx, at), cx.owner, facts.signature(postfixSignature(cx, receiver, 0)), local >= 0 ? locals.param[local] + 1 : 0);
}

/** A call through a parameter or a local variable. */
function pointerCall(cx: Context, local: number, at: number): void {
  const { locals, facts } = cx;
  if (locals.param[local] >= 0) facts.paramCall(locals.param[local], place(cx, at), cx.owner, facts.nameOf(cx.run, at));
  const values = locals.values[local];
  let told = 0;
  for (let v = 0; v < values.length; v += 2) told += calledValue(cx, values[v], values[v + 1], at);
  if (told === 0 && locals.param[local] < 0 && locals.type[local] === LocalType.TYPEDEF && locals.typeToken[local] >= 0) {
    facts.memberCall(0, place(cx, at), cx.owner, facts.signature(`@${text(cx, locals.typeToken[local])}`), 0);
  }
}

/** A call at `at` of what the expression [from, to] gave. Gives how many names or members that can be. */
function calledValue(cx: Context, from: number, to: number, at: number): number {
  const { facts, run } = cx;
  const parts = valueParts(cx, from, to);
  for (const p of parts) {
    if (p.member) memberCall(cx, p.token, at);
    else if (hasLower(cx, p.token) && cx.locals.find(run.hash[p.token]) < 0) facts.call(facts.nameOf(run, p.token), place(cx, at), cx.owner);
  }
  return parts.length;
}

interface Part { token: number; member: boolean; address: boolean }

/** The names or members that an expression can be: through casts, brackets, choices and pass-through macros. */
export function valueParts(cx: Context, from: number, to: number, depth = 0): Part[] {
  const { kind, match } = cx.run;
  let address = false;
  for (;;) {
    if (from > to || depth > 8) return [];
    if (kind[from] === 38 || kind[from] === 42) { address ||= kind[from] === 38; from++; continue; }
    if (kind[from] === 40 && match[from] === to) { from++; to--; continue; }
    if (kind[from] === 40 && match[from] > from && match[from] < to && isCast(cx, from)) { from = match[from] + 1; continue; }
    break;
  }
  for (let k = from; k <= to; k++) {
    const c = kind[k];
    if (c === 40 || c === 91 || c === 123) { k = partner(cx, k, to + 1); continue; }
    if (c === 61) return valueParts(cx, k + 1, to, depth + 1);
    if (c === 63) return choice(cx, k, to, depth);
    if (c !== T.IDENT && c !== T.ARROW && c !== 46) return [];
  }
  if (kind[to] === T.IDENT) {
    const member = to > from && (kind[to - 1] === T.ARROW || kind[to - 1] === 46);
    if (!member && (to > from || !isPlain(cx, to))) return [];
    return [{ token: to, member, address }];
  }
  if (kind[to] === 93) { // an element: as the array
    const open = match[to];
    return open > from ? valueParts(cx, from, open - 1, depth + 1) : [];
  }
  if (kind[to] === 41 && kind[from] === T.IDENT && match[to] === from + 1 && isPassThrough(text(cx, from))) {
    return valueParts(cx, from + 2, firstComma(cx, from + 1, to) - 1, depth + 1);
  }
  return [];
}

function isCast(cx: Context, open: number): boolean {
  const { kind, word } = cx.run;
  const close = cx.run.match[open];
  const k = open + 1;
  if (kind[k] !== T.IDENT) return false;
  return word[k] !== 0 || kind[close - 1] === 42 || (k + 1 === close && (kind[close + 1] === T.IDENT || kind[close + 1] === 38)) || kind[k + 1] === 40;
}

function choice(cx: Context, question: number, to: number, depth: number): Part[] {
  const { kind } = cx.run;
  for (let k = question + 1; k <= to; k++) {
    if (kind[k] === 40 || kind[k] === 91) { k = partner(cx, k, to + 1); continue; }
    if (kind[k] === 58) return [...valueParts(cx, question + 1, k - 1, depth + 1), ...valueParts(cx, k + 1, to, depth + 1)];
  }
  return [];
}

/** Names of functions (or parameters) among the arguments. */
function callArguments(cx: Context, callee: number, open: number, close: number): void {
  const { kind, run } = { kind: cx.run.kind, run: cx.run };
  let index = 0;
  let start = open + 1;
  for (let k = open + 1; k <= close; k++) {
    const c = k === close ? 44 : kind[k];
    if (c === 40 || c === 91 || c === 123) { k = partner(cx, k, close); continue; }
    if (c !== 44) continue;
    let from = start;
    if (kind[from] === 40 && run.match[from] > 0 && run.match[from] === k - 2) from = k - 1; // a cast
    let to = k;
    while (kind[from] === 40 && run.match[from] === to - 1) { from++; to--; }
    if (kind[from] === 38 && to - from === 2) from++;
    if (to - from === 1 && isPlain(cx, from)) argument(cx, callee, from, index, open - 1);
    index++;
    start = k + 1;
  }
}

function argument(cx: Context, callee: number, token: number, index: number, site: number): void {
  const { facts, locals, run } = cx;
  const local = locals.find(run.hash[token]);
  if (local < 0) {
    if (hasLower(cx, token)) facts.arg(callee, place(cx, site), cx.owner, facts.nameOf(run, token), index, ArgKind.NAME);
    else if (SOFTIRQ_NUMBERS.has(run.hash[site])) facts.arg(callee, place(cx, site), cx.owner, facts.nameOf(run, token), index, ArgKind.CONSTANT);
    return;
  }
  const type = locals.type[local];
  if (locals.param[local] >= 0 && (type === LocalType.CALLABLE || type === LocalType.TYPEDEF || cx.macro)) {
    facts.arg(callee, place(cx, site), cx.owner, locals.param[local], index, ArgKind.PARAMETER);
  }
}

/** `x = ...`: eq is the token of the sign. */
function assignment(cx: Context, left: number, eq: number, to: number): void {
  const { kind, run } = { kind: cx.run.kind, run: cx.run };
  const before = left > 0 ? kind[left - 1] : 0;
  const member = before === T.ARROW || before === 46;
  if (member && before === 46 && left > 1 && (kind[left - 2] === 44 || kind[left - 2] === 123 || kind[left - 2] === 40)) return; // a designator
  const end = expressionEnd(cx, eq + 1, to);
  if (member) {
    store(cx, left, eq + 1, end, () => postfixSignature(cx, left - 2, 0));
    return;
  }
  const local = cx.locals.find(run.hash[left]);
  if (local >= 0) {
    if (cx.locals.type[local] !== LocalType.STRUCT && cx.locals.type[local] !== LocalType.PLAIN) cx.locals.assign(local, eq + 1, end);
  } else if (isPlain(cx, left)) store(cx, -1, eq + 1, end, () => `$${text(cx, left)}`);
}

function elementAssignment(cx: Context, bracket: number, from: number, to: number): void {
  let k = bracket;
  while (k > from && cx.run.kind[k] === 93) k = cx.run.match[k] - 1; // -2 without a partner
  if (k < from || cx.run.kind[k] !== T.IDENT || cx.run.word[k] !== 0) return;
  assignment(cx, k, bracket + 1, to);
}

/** Last token of the expression that starts at i. */
function expressionEnd(cx: Context, i: number, to: number): number {
  const { kind } = cx.run;
  for (; i < to; i++) {
    const c = kind[i];
    if (c === 59 || c === 44 || c === 41 || c === 125 || c === 93) return i - 1;
    if (c === 40 || c === 91 || c === 123) i = partner(cx, i, to);
  }
  return to - 1;
}

/** Records what is stored in a member (token `member`, or -1 for the variable that `left` names). */
function store(cx: Context, member: number, from: number, to: number, left: () => string): void {
  const { facts, run } = cx;
  for (const p of valueParts(cx, from, to)) storePart(cx, member, p, left);
  function storePart(c: Context, target: number, p: Part, signature: () => string, depth = 0): void {
    const at = target >= 0 ? target : p.token;
    const name = target >= 0 ? facts.nameOf(run, target) : 0;
    if (p.member) {
      const right = facts.signature(postfixSignature(c, p.token - 2, 0));
      facts.flow(name, place(c, at), c.owner, facts.signature(signature()), facts.nameOf(run, p.token), right, FlowKind.COPIED);
      return;
    }
    const local = c.locals.find(run.hash[p.token]);
    if (local < 0) {
      if (!hasLower(c, p.token)) return;
      facts.flow(name, place(c, at), c.owner, facts.signature(signature()), facts.nameOf(run, p.token), 0, FlowKind.ASSIGNED | (p.address ? FLOW_ADDRESS : 0));
      return;
    }
    const type = c.locals.type[local];
    if (c.locals.param[local] >= 0) {
      if (type !== LocalType.CALLABLE && type !== LocalType.TYPEDEF && !c.macro) return;
      facts.flow(name, place(c, at), c.owner, facts.signature(signature()), c.locals.param[local], 0, FlowKind.PARAMETER);
    } else if (depth < 2) {
      const v = c.locals.values[local];
      for (let k = 0; k < v.length; k += 2) for (const q of valueParts(c, v[k], v[k + 1])) if (q.token !== p.token) storePart(c, target, q, signature, depth + 1);
    }
  }
}

/** setup_timer(&a->timer, f, ...) and its like. */
function setterCall(cx: Context, setter: { member: string; inside: string }, open: number, close: number): void {
  const { facts, run } = cx;
  const comma = firstComma(cx, open, close);
  const second = firstComma(cx, comma, close);
  if (comma >= close) return;
  const left = expressionSignature(cx, open + 1, comma - 1);
  if (left === UNKNOWN) return;
  for (const p of valueParts(cx, comma + 1, second - 1)) {
    const local = p.member ? -1 : cx.locals.find(run.hash[p.token]);
    if (local >= 0 && cx.locals.param[local] >= 0 && cx.locals.type[local] === LocalType.CALLABLE) {
      facts.flow(facts.strings.intern(setter.member), place(cx, p.token), cx.owner, facts.signature(left + setter.inside), cx.locals.param[local], 0, FlowKind.PARAMETER);
    }
    if (p.member || local >= 0) continue;
    facts.flow(facts.strings.intern(setter.member), place(cx, p.token), cx.owner, facts.signature(left + setter.inside), facts.nameOf(run, p.token), 0, FlowKind.ASSIGNED);
  }
}

/** mod_timer(&a->timer, ...) and its like: which object is argument `index` of the call at token `name`. */
function askedObject(cx: Context, callee: number, index: number, name: number, close: number): void {
  let from = name + 2;
  for (let k = 0; k < index; k++) from = firstComma(cx, from - 1, close) + 1;
  const to = firstComma(cx, from - 1, close);
  const object = to > from && to <= close ? expressionSignature(cx, from, to - 1) : UNKNOWN;
  if (object !== UNKNOWN && (object.includes('.') || object.startsWith('$'))) cx.facts.arg(callee, place(cx, name), cx.owner, cx.facts.signature(object), index, ArgKind.OBJECT);
}

/** rcu_assign_pointer(a->b, c) and its like. */
function storeCall(cx: Context, open: number, close: number): void {
  const { kind, match } = cx.run;
  const comma = firstComma(cx, open, close);
  if (comma >= close) return;
  let k = comma - 1;
  while (k > open && kind[k] === 93) k = match[k] - 1;
  if (k <= open || !isPlain(cx, k)) return;
  const second = firstComma(cx, comma, close);
  if (kind[k - 1] === T.ARROW || kind[k - 1] === 46) store(cx, k, comma + 1, second - 1, () => postfixSignature(cx, k - 2, open + 1));
  else if (cx.locals.find(cx.run.hash[k]) < 0) store(cx, -1, comma + 1, second - 1, () => `$${text(cx, k)}`);
}

/** `(*expr)(...)`, `(a->b)(...)`: the closing parenthesis of the first group is at i. */
function indirectCall(cx: Context, i: number, from: number): void {
  const { kind, match, run } = { kind: cx.run.kind, match: cx.run.match, run: cx.run };
  const open = match[i];
  if (open < from || (open > from && kind[open - 1] === T.IDENT)) return;
  const starred = kind[open + 1] === 42 || kind[open + 1] === 40;
  const parts = valueParts(cx, open + 1, i - 1);
  for (const p of parts) {
    if (p.member) memberCall(cx, p.token, p.token);
    else if (starred || parts.length > 1 || kind[i - 1] === 93) {
      const local = cx.locals.find(run.hash[p.token]);
      if (local >= 0) pointerCall(cx, local, p.token);
      else cx.facts.call(cx.facts.nameOf(run, p.token), place(cx, p.token), cx.owner);
    }
  }
}

/** `table[i](...)`, `x->table[i](...)`: the closing bracket is at i. */
function elementCall(cx: Context, i: number, from: number): void {
  const { kind, match, run } = { kind: cx.run.kind, match: cx.run.match, run: cx.run };
  let k = i;
  while (k > from && kind[k] === 93) k = match[k] < 0 ? from : match[k] - 1;
  if (k <= from || !isPlain(cx, k)) return;
  if (kind[k - 1] === T.ARROW || kind[k - 1] === 46) {
    memberCall(cx, k, k);
    return;
  }
  const local = cx.locals.find(run.hash[k]);
  if (local >= 0) pointerCall(cx, local, k);
  else cx.facts.call(cx.facts.nameOf(run, k), place(cx, k), cx.owner);
}

/** The signature of a macro's body, '' when it says nothing. */
export function bodySignature(cx: Context, from: number, to: number): string {
  if (to <= from || to - from > 60) return '';
  const { kind } = cx.run;
  if (kind[from] === T.NUMBER || kind[from] === T.STRING) return '';
  if (to - from === 1) return isPlain(cx, from) && hasLower(cx, from) ? postfixSignature(cx, from, from) : '';
  const signature = expressionSignature(cx, from, to - 1);
  return signature === UNKNOWN ? '' : signature;
}
