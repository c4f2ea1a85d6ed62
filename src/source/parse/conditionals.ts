/**
 * Which branches of `#if` groups to read. All of them where each stands on its own (so both definitions of a function are
 * seen), else the first, because two halves of one `if` cannot both be read. `#if 0` is never read.
 */
import { readable, type Directive, type Tokens } from './tokens';

interface Branch { readonly from: number; to: number; readonly dead: boolean; readonly directive: Directive; end?: Directive }

/** Groups nested deeper are read whole; the kernel's deepest is far below. */
const MAX_DEPTH = 64;
const OPENERS = new Set(['if', 'ifdef', 'ifndef']);
const isZero = (rest: string): boolean => /^\(?\s*0\s*\)?\s*(\/\*.*|\/\/.*)?$/.test(rest);

/** A branch stands on its own: brackets balanced, and it ends where a statement, a declaration or a list entry ends. */
function standsAlone(tokens: Tokens, keep: Uint8Array, branch: Branch): boolean {
  let depth = 0, last = '';
  for (let i = branch.from; i < branch.to; i++) {
    if (!keep[i]) continue;
    const t = last = tokens.text[i];
    if (t === '{' || t === '(' || t === '[') depth++;
    else if (t === '}' || t === ')' || t === ']') { if (--depth < 0) return false; }
  }
  return depth === 0 && (last === ';' || last === '}' || last === ',' || last === ':');
}

function isEmpty(keep: Uint8Array, branch: Branch): boolean {
  for (let i = branch.from; i < branch.to; i++) if (keep[i]) return false;
  return true;
}

function decide(tokens: Tokens, keep: Uint8Array, branches: Branch[]): void {
  for (const b of branches) if (b.dead) keep.fill(0, b.from, b.to);
  const alive = branches.filter((b) => !b.dead && !isEmpty(keep, b));
  if (alive.length < 2 || alive.every((b) => standsAlone(tokens, keep, b))) return;
  for (const b of alive.slice(1)) keep.fill(0, b.from, b.to);
}

/** One flag per token: 1 = read it. Inner groups are decided before outer ones. */
export function keptTokens(tokens: Tokens): Uint8Array {
  const keep = new Uint8Array(tokens.kind.length).fill(1);
  const open: Branch[][] = [];
  for (const d of tokens.directives) {
    if (OPENERS.has(d.word)) open.push([{ from: d.before, to: d.before, dead: d.word === 'if' && isZero(d.rest), directive: d }]);
    else if (d.word === 'elif' || d.word === 'else' || d.word === 'endif') {
      const group = open[open.length - 1];
      if (!group) continue;
      group[group.length - 1].to = d.before;
      if (d.word === 'endif') { open.pop(); if (open.length < MAX_DEPTH) decide(tokens, keep, group); }
      else group.push({ from: d.before, to: d.before, dead: d.word === 'elif' && isZero(d.rest), directive: d });
    }
  }
  return keep;
}

/** The tokens of a file that are read. */
export function readTokens(tokens: Tokens): Tokens {
  return readable(tokens, keptTokens(tokens));
}
