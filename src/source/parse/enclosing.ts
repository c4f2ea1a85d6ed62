/** The pieces of C's grammar around a place: operand, expression, statement, function. For selections that grow by what belongs together. */
import type Parser from 'tree-sitter';
import { ok, type Result } from '../../base/result';
import { parse, release, type Syntax } from './parser';

/** Offsets into the text. */
export interface Span { readonly start: number; readonly end: number }

/** The syntax trees of open texts, one at a time: whoever widens a selection asks for the same text again and again. */
export class SyntaxSpans {
  private last: Syntax | null = null;

  /** The nodes that hold [start, end], innermost first; what the grammar could not read is left out. A text that cannot be parsed is a problem. */
  around(text: string, { start, end }: Span): Result<Span[]> {
    const syntax = this.of(text);
    if (!syntax.ok) return syntax;
    const spans: Span[] = [];
    let node: Parser.SyntaxNode | null = syntax.value.tree.rootNode.descendantForIndex(start, Math.max(start, end - 1));
    for (; node; node = node.parent) if (node.type !== 'ERROR' && node.startIndex <= start && node.endIndex >= end) spans.push({ start: node.startIndex, end: node.endIndex });
    return ok(spans);
  }

  private of(text: string): Result<Syntax> {
    if (this.last?.original === text) return ok(this.last);
    const syntax = parse(text);
    if (!syntax.ok) return syntax;
    if (this.last) release(this.last);
    return ok(this.last = syntax.value);
  }
}
