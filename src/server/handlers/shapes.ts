/** textDocument/foldingRange and selectionRange: what brackets, comments and directives enclose; selections also grow by C's grammar. */
import { type Connection, type FoldingRange, FoldingRangeKind, type Position, type Range, type SelectionRange } from 'vscode-languageserver/node';
import { foldings, spansAround, wordAt } from '../../source/index/shapes';
import { type Span, SyntaxSpans } from '../../source/parse/enclosing';
import type { Session } from '../session';

const KINDS: Readonly<Record<string, FoldingRangeKind | undefined>> = { comment: FoldingRangeKind.Comment, region: FoldingRangeKind.Region, imports: FoldingRangeKind.Imports };

/** Registers folding and selection ranges. */
export function registerShapes(connection: Connection, session: () => Session | null): void {
  const syntax = new SyntaxSpans();
  let said = '';
  const nodesAround = (text: string, offset: number): readonly Span[] => {
    const nodes = syntax.around(text, wordAt(text, offset));
    if (nodes.ok) return nodes.value;
    const problem = nodes.error.message;
    if (problem !== said) connection.console.warn(`Selections grow by brackets only: ${said = problem}`);
    return [];
  };
  connection.onFoldingRanges((params): FoldingRange[] => {
    const text = session()?.documents.get(params.textDocument.uri)?.getText();
    return text === undefined ? [] : foldings(text).map((f) => ({ startLine: f.from - 1, endLine: f.to - 1, kind: KINDS[f.kind] }));
  });
  connection.onSelectionRanges((params): SelectionRange[] => {
    const document = session()?.documents.get(params.textDocument.uri);
    if (document === undefined) return [];
    const text = document.getText();
    const rangeOf = (s: Span): Range => ({ start: document.positionAt(s.start), end: document.positionAt(s.end) });
    return params.positions.map((p: Position) => {
      let parent: SelectionRange | undefined;
      const offset = document.offsetAt(p);
      for (const span of spansAround(text, offset, nodesAround(text, offset)).reverse()) parent = { range: rangeOf(span), parent };
      return parent ?? { range: { start: p, end: p } };
    });
  });
}
