/**
 * Functions and the places in them that an anchor can name: `functionsIn(text)`.
 *
 * A statement parser of its own over the token stream, not a walk over a tree-sitter tree: kernel C is regular at the level of
 * statements, `#if` halves, loop macros and annotations are no errors here, it needs no native module, and it is 20 times faster.
 * The tree-sitter parse of the same file is the cross-check in the tests.
 */
import type { AnchorKind } from '../../base/anchor';
import { readTokens } from './conditionals';
import { functionSpans, matchBrackets, type FunctionSpan } from './functions';
import { StatementReader } from './statements';
import { tokenize } from './tokens';

/** One definition. `line`..`endLine` span it, from its first token (attributes, return type) to its closing brace; all count from 1. */
export interface FunctionSites {
  /** Canonical: `sys_x` for SYSCALL_DEFINEn(x, ...). */
  readonly name: string;
  /** Which definition of this name in this file, from 1. */
  readonly def: number;
  readonly line: number;
  /** The line on which the name stands: also that of the entry site. */
  readonly nameLine: number;
  /** The line of the body's opening brace: where compiled code puts the entry of most functions. */
  readonly bodyLine: number;
  readonly endLine: number;
  readonly params: string[];
  /** Source order: a statement's own site, then the calls inside it. Entry is always the first. */
  readonly sites: Site[];
}

/**
 * A place in a function.
 *
 * - `text`, `nth`: as in `Anchor`. Beyond that, `break` and `continue` are goto sites with that word as text (a real goto has none),
 *   and a declaration without initialiser is a decl site with the text `bare` (one with initialiser has none). The end of a do-while
 *   is a loop site `while`, and the condition and step of a `for` that stand on lines of their own are loop sites `cond` and `step`
 *   (children of the loop, whose own site has no text).
 *   Condition texts hold every identifier but NULL, true and false, type names in casts included.
 * - `parent`: index of the enclosing control site (if, switch, loop) in `sites`, -1 for the function body. Calls in the header of a
 *   control statement have that statement as parent.
 * - `branch`: where under the parent: `then`, `else`, `body`; `case A` (stacked labels: `case A B`), `default`; calls in a header: `cond`,
 *   for a `for` loop `init`, `cond`, `step`; a loop macro's arguments: `cond`. Empty when parent is -1.
 */
export interface Site {
  readonly kind: AnchorKind;
  readonly text: string;
  readonly nth: number;
  /** Line of the statement's first token. (In a do-while's condition: the line of its `while`.) */
  readonly line: number;
  /** Line of the site's own token: the callee's name, the assigned member, the keyword. */
  readonly tokenLine: number;
  readonly depth: number;
  readonly parent: number;
  readonly branch: string;
  /** The name of the macro when a loop is one (`skb_queue_walk`). */
  readonly macro?: string;
}


function sitesOf(t: ReturnType<typeof tokenize>, partner: Int32Array, span: FunctionSpan): Site[] {
  const reader = new StatementReader(t, partner, span.close);
  reader.emit('entry', '', t.line[span.nameAt], span.nameAt, -1, '');
  reader.block(span.body + 1, span.close, { parent: -1, branch: '' });
  return reader.sites;
}

/**
 * All function definitions of a C file with their sites, in source order. Definitions repeated under `#if` get `def` 1, 2, ...
 * Never throws on bad input: what cannot be read as a statement has no site. Offsets and lines are those of `text`.
 */
export function functionsIn(text: string): FunctionSites[] {
  const t = readTokens(tokenize(text));
  const partner = matchBrackets(t);
  const seen = new Map<string, number>();
  return functionSpans(t, partner).map((span) => {
    const def = (seen.get(span.name) ?? 0) + 1;
    seen.set(span.name, def);
    return {
      name: span.name, def, line: t.line[span.first], nameLine: t.line[span.nameAt], bodyLine: t.line[span.body], endLine: t.line[span.close], params: span.params, sites: sitesOf(t, partner, span),
    };
  });
}
