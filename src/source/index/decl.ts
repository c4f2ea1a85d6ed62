/** Declarations: specifiers, declarators, members of structs, enumerators, parameters. One set of rules for all scopes. */
import { type Context, isPlain, LocalType, partner, place, spelt, text } from './context';
import { Flag, Kind, MemberFlag, packInfo } from './facts';
import { T } from './tokens';
import { W } from './words';

/** What the specifiers of a declaration say. */
export interface Specifiers {
  /** Token after the specifiers. */
  next: number;
  type: number;
  /** Token that names the type (a tag or a typedef), or -1. */
  typeToken: number;
  /** Opening brace of a body among the specifiers, or -1, and the word before it (struct, union, enum). */
  body: number;
  bodyWord: number;
  flags: number;
  isTypedef: boolean;
  isExtern: boolean;
  /** Was there any type at all? */
  seen: boolean;
}

/** Reads specifiers from token i; stops at `end` at the latest. */
export function specifiers(cx: Context, i: number, end: number): Specifiers {
  const { kind, word } = cx.run;
  const s: Specifiers = { next: i, type: LocalType.PLAIN, typeToken: -1, body: -1, bodyWord: 0, flags: 0, isTypedef: false, isExtern: false, seen: false };
  for (; i < end && kind[i] === T.IDENT; i++) {
    const w = word[i];
    if (w === W.STRUCT || w === W.UNION || w === W.ENUM) i = aggregate(cx, s, i, end);
    else if (w === W.BASIC || w === W.SCALAR) {
      if (s.seen && w === W.SCALAR && s.type !== LocalType.TYPEDEF) break; // a variable that is named like a type
      s.seen = true; s.type = LocalType.PLAIN; s.typeToken = -1;
    } else if (w === W.TYPEOF || w === W.AUTO) {
      s.seen = true; s.type = LocalType.UNTYPED;
      if (kind[i + 1] === 40) i = partner(cx, i + 1, end);
    } else if (w >= W.CONST && w <= W.REGISTER) storage(s, w);
    else if (w === 0) {
      if (!plainSpecifier(cx, s, i, end)) break;
    } else break;
  }
  s.next = i;
  return s;
}

function storage(s: Specifiers, w: number): void {
  if (w === W.STATIC) s.flags |= Flag.STATIC;
  else if (w === W.INLINE) s.flags |= Flag.INLINE;
  else if (w === W.EXTERN) s.isExtern = true;
  else if (w === W.TYPEDEF) s.isTypedef = true;
}

function aggregate(cx: Context, s: Specifiers, i: number, end: number): number {
  const { kind, word } = cx.run;
  s.seen = true;
  s.bodyWord = word[i];
  s.type = word[i] === W.ENUM ? LocalType.PLAIN : LocalType.STRUCT;
  s.typeToken = -1;
  if (i + 1 < end && kind[i + 1] === T.IDENT) {
    s.typeToken = ++i;
    // an unknown annotation between `struct` and the tag
    if (i + 1 < end && kind[i + 1] === T.IDENT && i + 2 < end && kind[i + 2] === 123) s.typeToken = ++i;
  }
  if (i + 1 < end && kind[i + 1] === 123) {
    s.body = i + 1;
    i = partner(cx, i + 1, end);
  }
  return i;
}

/** A plain identifier among specifiers: a typedef's name, or an annotation nobody told us of. False: it is the declarator. */
function plainSpecifier(cx: Context, s: Specifiers, i: number, end: number): boolean {
  const { kind } = cx.run;
  const after = i + 1 < end ? kind[i + 1] : 0;
  if (s.seen && s.type !== LocalType.TYPEDEF) return after === T.IDENT; // annotation, when a name still follows
  if (s.seen && after !== T.IDENT && !(after === 42)) return false;
  if (s.seen && after === 42) return false;
  if (!s.seen || after === T.IDENT) {
    if (!s.seen && after === 40 && !(i + 2 < end && kind[i + 2] === 42)) return false;
    s.seen = true; s.type = LocalType.TYPEDEF; s.typeToken = i;
    return true;
  }
  return false;
}

/** One declarator. */
export interface Declarator {
  /** Token of the name, or -1. */
  name: number;
  /** Token after the declarator (a comma, `=`, `;`, ...). */
  next: number;
  pointer: boolean;
  array: boolean;
  /** `(*name)(...)` */
  callable: boolean;
  /** Opening parenthesis of the parameters of a function declarator, or -1. */
  params: number;
}

/** Reads one declarator from token i. */
export function declarator(cx: Context, i: number, end: number): Declarator {
  const { kind, word } = cx.run;
  const d: Declarator = { name: -1, next: i, pointer: false, array: false, callable: false, params: -1 };
  while (i < end && (kind[i] === 42 || (kind[i] === T.IDENT && word[i] === W.CONST))) { if (kind[i] === 42) d.pointer = true; i++; }
  // annotations before the name
  while (i + 1 < end && isPlain(cx, i) && kind[i + 1] === T.IDENT && word[i + 1] === 0) i++;
  if (i < end && kind[i] === T.IDENT) d.name = i++;
  else if (i < end && kind[i] === 40) {
    const close = partner(cx, i, end);
    const inner = declarator(cx, i + 1, close);
    d.name = inner.name;
    d.array = inner.array;
    if (inner.params >= 0 && inner.pointer) d.params = inner.params; // a function that gives a function pointer
    else if (inner.pointer || inner.callable) d.callable = close + 1 < end && kind[close + 1] === 40;
    i = close + 1;
    if (d.callable && i < end && kind[i] === 40) i = partner(cx, i, end) + 1;
    else if (d.params >= 0 && i < end && kind[i] === 40) i = partner(cx, i, end) + 1;
  }
  for (; i < end; i++) {
    const c = kind[i];
    if (c === 91) { d.array = true; i = partner(cx, i, end); }
    else if (c === 40) { if (d.params < 0 && !d.callable && !d.array) d.params = i; i = partner(cx, i, end); }
    else if (c === T.IDENT && word[i] === 0) continue; // annotation after the name
    else break;
  }
  d.next = i;
  return d;
}

/** The signature text of declared types: a struct's tag, `@typedef`, or ''. */
export function typeSignature(cx: Context, s: Specifiers, anonymous: string): string {
  if (s.type === LocalType.STRUCT) return s.typeToken >= 0 ? text(cx, s.typeToken) : anonymous;
  if (s.type === LocalType.TYPEDEF && s.typeToken >= 0) return `@${text(cx, s.typeToken)}`;
  return '';
}

/** The token after the end of the declaration that starts at i: its `;`, or `end`. */
export function declarationEnd(cx: Context, i: number, end: number): number {
  const { kind } = cx.run;
  for (; i < end; i++) {
    const c = kind[i];
    if (c === 59) return i;
    if (c === 40 || c === 91 || c === 123) i = partner(cx, i, end);
  }
  return end;
}

/** Structs inside structs; deeper ones are no kernel source. */
const MAX_NESTING = 24;
let nesting = 0;

/** Records the aggregate whose body was found among the specifiers of a declaration that goes to `end` at most. `anonymous` names one without a tag. */
export function recordAggregate(cx: Context, s: Specifiers, anonymous: string, end: number): void {
  const { run } = cx;
  const close = partner(cx, s.body, end); // without a partner: no further than its surroundings, or broken text is read again and again
  const lines = close < end ? run.line[close] : run.line[s.body];
  if (s.typeToken >= 0) {
    const kind = s.bodyWord === W.STRUCT ? Kind.STRUCT : s.bodyWord === W.UNION ? Kind.UNION : Kind.ENUM;
    const line = run.line[s.typeToken];
    cx.facts.def(cx.facts.nameOf(run, s.typeToken), place(cx, s.typeToken), packInfo(kind, 0, line - run.line[s.typeToken - 1], lines - line), 0);
  }
  if (s.bodyWord === W.ENUM) enumerators(cx, s.body + 1, close);
  else if (nesting < MAX_NESTING) {
    nesting++;
    members(cx, s.body + 1, close, s.typeToken >= 0 ? text(cx, s.typeToken) : anonymous);
    nesting--;
  }
}

function enumerators(cx: Context, i: number, end: number): void {
  const { kind } = cx.run;
  let expect = true;
  for (; i < end; i++) {
    const c = kind[i];
    if (c === 44) expect = true;
    else if (expect && c === T.IDENT) {
      expect = false;
      if (kind[i + 1] === 40) { i = partner(cx, i + 1, end); continue; } // a macro that makes enumerators
      cx.facts.def(cx.facts.nameOf(cx.run, i), place(cx, i), packInfo(Kind.ENUMERATOR, 0, 0, 0), 0);
    } else if (c === 40 || c === 91 || c === 123) i = partner(cx, i, end);
  }
}

/** Records the members between i and end as those of `owner` (a signature). */
export function members(cx: Context, i: number, end: number, owner: string): void {
  while (i < end) {
    const stop = declarationEnd(cx, i, end);
    if (stop > i) memberDeclaration(cx, i, stop, owner);
    i = stop + 1;
  }
}

function memberDeclaration(cx: Context, i: number, end: number, owner: string): void {
  const { kind } = cx.run;
  while (i < end && isPlain(cx, i) && kind[i + 1] === 40 && kind[i + 2] !== 42) { // a macro in place of members
    const close = partner(cx, i + 1, end);
    memberMacro(cx, i, close, owner);
    i = close + 1;
  }
  if (i >= end) return;
  const s = specifiers(cx, i, end);
  if (!s.seen) return;
  let inner = owner;
  if (s.body >= 0) {
    const first = declarator(cx, s.next, end);
    if (s.typeToken < 0 && first.name >= 0) inner = `${owner}::${text(cx, first.name)}`;
    recordAggregate(cx, s, inner, end);
  }
  const type = cx.facts.signature(typeSignature(cx, s, inner));
  const ownerId = cx.facts.signature(owner);
  for (let k = s.next; k < end;) {
    const d = declarator(cx, k, end);
    if (d.name >= 0) {
      const flags = (d.callable || (d.params >= 0 && !d.pointer) ? MemberFlag.FUNCTION_POINTER : 0) | (d.array ? MemberFlag.ARRAY : 0) | (d.pointer ? MemberFlag.POINTER : 0);
      cx.facts.member(cx.facts.nameOf(cx.run, d.name), place(cx, d.name), ownerId, type, flags);
    }
    k = d.next;
    while (k < end && kind[k] !== 44) k = kind[k] === 40 || kind[k] === 91 || kind[k] === 123 ? partner(cx, k, end) + 1 : k + 1; // bit-field widths
    k++;
  }
}

function memberMacro(cx: Context, i: number, close: number, owner: string): void {
  const { kind } = cx.run;
  if (spelt(cx, i, 'DECLARE_BITMAP') || spelt(cx, i, 'DECLARE_HASHTABLE')) {
    if (isPlain(cx, i + 2)) cx.facts.member(cx.facts.nameOf(cx.run, i + 2), place(cx, i + 2), cx.facts.signature(owner), cx.facts.signature(''), MemberFlag.ARRAY);
  } else if (text(cx, i).startsWith('struct_group')) {
    for (let k = i + 2; k < close; k++) if (kind[k] === T.IDENT && kind[k - 1] === 44) { members(cx, k, close, owner); break; }
  }
}

/** Records the parameters between the parentheses as locals; gives their number. */
export function parameters(cx: Context, open: number, close: number): number {
  const { kind } = cx.run;
  let index = 0;
  for (let i = open + 1; i < close;) {
    let stop = i;
    while (stop < close && kind[stop] !== 44) stop = kind[stop] === 40 || kind[stop] === 91 || kind[stop] === 123 ? partner(cx, stop, close) + 1 : stop + 1;
    if (stop > close) stop = close;
    const s = specifiers(cx, i, stop);
    if (s.seen) {
      const d = declarator(cx, s.next, stop);
      if (d.name >= 0) addLocal(cx, s, d, index);
    }
    index++;
    i = stop + 1;
  }
  return index;
}

/** SYSCALL_DEFINEn(name, type, name, ...): the parameters after the name. */
export function syscallParameters(cx: Context, open: number, close: number): void {
  const { kind, run } = { kind: cx.run.kind, run: cx.run };
  let part = 0;
  let start = open + 1;
  let typeStart = -1;
  for (let i = open + 1; i <= close; i++) {
    if (kind[i] === 40 && i < close) { i = partner(cx, i, close); continue; }
    if (kind[i] !== 44 && i !== close) continue;
    if (part > 0 && part % 2 === 1) typeStart = start;
    else if (part > 0 && kind[i - 1] === T.IDENT && typeStart >= 0) {
      const s = specifiers(cx, typeStart, start - 1);
      cx.locals.add(run.hash[i - 1], s.type, s.typeToken, part / 2 - 1, i - 1);
    }
    part++;
    start = i + 1;
  }
}

/** Adds a declared variable to the locals. */
export function addLocal(cx: Context, s: Specifiers, d: Declarator, param: number): number {
  const type = d.callable || (param >= 0 && d.params >= 0) ? LocalType.CALLABLE : s.type; // a function as parameter is a pointer
  cx.locals.add(cx.run.hash[d.name], type, s.typeToken, param, d.name);
  return cx.locals.count - 1;
}
