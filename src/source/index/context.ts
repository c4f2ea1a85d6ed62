/** What the parts of the scanner share while they read one file. */
import type { FactSink } from './facts';
import { packPos } from './facts';
import { T, type TokenRun } from './tokens';

/** What a local variable's type is. */
export const LocalType = { PLAIN: 0, STRUCT: 1, TYPEDEF: 2, CALLABLE: 3, UNTYPED: 4 } as const;

/** The variables in sight of a function body (or the parameters of a macro). Later ones hide earlier ones. */
export class Locals {
  count = 0;
  readonly hash: number[] = [];
  readonly type: number[] = [];
  /** Token that names the type, or -1. */
  readonly typeToken: number[] = [];
  /** Parameter index, or -1. */
  readonly param: number[] = [];
  /** Assigned expressions [from, to] as token pairs, newest last; only for those that may be called. */
  readonly values: number[][] = [];
  /** Token of the declaration. */
  readonly token: number[] = [];

  clear(): void {
    this.count = 0;
  }

  add(hash: number, type: number, typeToken: number, param: number, token: number): void {
    const k = this.count++;
    this.hash[k] = hash;
    this.type[k] = type;
    this.typeToken[k] = typeToken;
    this.param[k] = param;
    this.values[k] = NO_VALUES;
    this.token[k] = token;
  }

  /** Index of the variable with this hash, or -1. */
  find(hash: number): number {
    for (let k = this.count - 1; k >= 0; k--) if (this.hash[k] === hash) return k;
    return -1;
  }

  /** Remembers an assigned expression (the last few). */
  assign(k: number, from: number, to: number): void {
    if (this.values[k] === NO_VALUES) this.values[k] = [];
    const v = this.values[k];
    for (let j = 0; j < v.length; j += 2) if (v[j] === from) return; // an initial value is met twice
    if (v.length < 16) v.push(from, to);
  }
}

const NO_VALUES: number[] = [];

/** One file being scanned. */
export interface Context {
  readonly facts: FactSink;
  source: Buffer;
  /** Tokens being read: the file's, or a macro body's. */
  run: TokenRun;
  locals: Locals;
  /** Row of the function or macro whose body is read, or ~file. */
  owner: number;
  file: number;
  macro: boolean;
  /** Is the token at this index wanted with its receiver (see probe.ts)? -1 for none. */
  probe: number;
  probed: Probed | null;
}

/** What a probe found out about a token. */
export interface Probed {
  /** Signature before its `.` or `->`; null when it has none. */
  readonly receiver: string | null;
  /** Its declaration, when it is a local variable or parameter. */
  readonly local?: { readonly line: number; readonly column: number; readonly type: string };
}

/** The text of a token; that of no token is empty, not the whole file. */
export function text(cx: Context, k: number): string {
  if (k < 0) return '';
  return cx.source.toString('latin1', cx.run.start[k], cx.run.end[k]);
}

/** The packed place of a token. */
export function place(cx: Context, k: number): number {
  return packPos(cx.source, cx.run.start[k], cx.run.line[k]);
}

/** Is the token at k spelt like this? */
export function spelt(cx: Context, k: number, word: string): boolean {
  const { start, end } = cx.run;
  if (end[k] - start[k] !== word.length) return false;
  for (let i = 0; i < word.length; i++) if (cx.source[start[k] + i] !== word.charCodeAt(i)) return false;
  return true;
}

/** Is this a plain identifier: no keyword, no annotation? */
export function isPlain(cx: Context, k: number): boolean {
  return cx.run.kind[k] === T.IDENT && cx.run.word[k] === 0;
}

/** Has the token's text a lower-case letter? Constants in capitals hold no functions. */
export function hasLower(cx: Context, k: number): boolean {
  for (let i = cx.run.start[k]; i < cx.run.end[k]; i++) {
    const c = cx.source[i];
    if (c >= 97 && c <= 122) return true;
  }
  return false;
}

/** The partner of the bracket at k, or `end` when it has none before `end`. */
export function partner(cx: Context, k: number, end: number): number {
  const m = cx.run.match[k];
  return m < 0 || m >= end ? end : m;
}
