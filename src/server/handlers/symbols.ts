/** textDocument/documentSymbol and workspace/symbol. */
import { type Connection, type DocumentSymbol, SymbolKind, type WorkspaceSymbol } from 'vscode-languageserver/node';
import { Flag, Kind } from '../../source/index/facts';
import type { Def } from '../../source/index/lookup';
import { symbolRow } from '../../source/index/query';
import type { Session } from '../session';

const KINDS: Readonly<Record<number, SymbolKind>> = {
  [Kind.FUNCTION]: SymbolKind.Function, [Kind.PROTOTYPE]: SymbolKind.Function, [Kind.VARIABLE]: SymbolKind.Variable, [Kind.EXTERN]: SymbolKind.Variable, [Kind.MACRO]: SymbolKind.Constant,
  [Kind.STRUCT]: SymbolKind.Struct, [Kind.UNION]: SymbolKind.Struct, [Kind.ENUM]: SymbolKind.Enum, [Kind.ENUMERATOR]: SymbolKind.EnumMember, [Kind.TYPEDEF]: SymbolKind.Interface, [Kind.TRACEPOINT]: SymbolKind.Event,
};

/** The protocol's kind of a definition. */
export function symbolKind(def: { readonly kind: number }): SymbolKind {
  return KINDS[def.kind] ?? SymbolKind.Variable;
}

/** Registers document and workspace symbols. */
export function registerSymbols(connection: Connection, session: () => Session | null): void {
  connection.onDocumentSymbol((params): DocumentSymbol[] => {
    const s = session();
    const path = s?.pathOf(params.textDocument.uri) ?? null;
    if (s === null || path === null) return [];
    s.settle(); // the editor keeps the answer for this version of the text
    return nest(s, s.query.lookup.inFile(path).filter((d) => d.kind !== Kind.LOCAL && d.kind !== Kind.PROTOTYPE));
  });
  connection.onWorkspaceSymbol((params): WorkspaceSymbol[] => {
    const s = session();
    if (s === null) return [];
    return s.symbols.find(params.query, 120).map((d) => ({ name: d.name, kind: symbolKind(d), location: s.location(symbolRow(d)), containerName: d.path }));
  });
}

/** Enumerators go under their enum, the rest stays flat: C has no nesting worth showing. */
function nest(s: Session, defs: readonly Def[]): DocumentSymbol[] {
  const top: DocumentSymbol[] = [];
  let container: { symbol: DocumentSymbol; until: number } | null = null;
  for (const d of defs) {
    const symbol: DocumentSymbol = {
      name: d.name, kind: symbolKind(d), detail: d.kind === Kind.MACRO && (d.flags & Flag.FUNCTION_LIKE) !== 0 ? 'macro(...)' : d.kind === Kind.MACRO ? 'macro' : undefined,
      range: { start: { line: d.startLine - 1, character: 0 }, end: { line: Math.max(d.endLine, d.line) - 1, character: 4096 } }, selectionRange: s.range(d, d.kind === Kind.TRACEPOINT || (d.flags & Flag.SYSCALL) !== 0 ? 1 : d.name.length),
    };
    if (d.kind === Kind.ENUMERATOR && container !== null && d.line <= container.until) { (container.symbol.children ??= []).push(symbol); continue; }
    container = d.kind === Kind.ENUM ? { symbol, until: d.endLine } : container;
    top.push(symbol);
  }
  return top;
}
