/** textDocument/semanticTokens: macros, functions, calls through pointers, system calls, constants, by what the index knows of each name. */
import { type Connection, type SemanticTokens, SemanticTokensBuilder, type SemanticTokensLegend } from 'vscode-languageserver/node';
import { Flag, Kind } from '../../source/index/facts';
import { identifiers } from '../../source/index/shapes';
import type { Session } from '../session';

const TYPES = ['macro', 'function', 'method', 'struct', 'enum', 'enumMember', 'type', 'variable', 'property'] as const;
const MODIFIERS = ['static', 'defaultLibrary', 'abstract'] as const;
export const SEMANTIC_LEGEND: SemanticTokensLegend = { tokenTypes: [...TYPES], tokenModifiers: [...MODIFIERS] };
const STATIC = 1;
const SYSCALL = 2;
const POINTER = 4;

const KIND_TYPE: Readonly<Record<number, number>> = {
  [Kind.MACRO]: 0, [Kind.FUNCTION]: 1, [Kind.PROTOTYPE]: 1, [Kind.TRACEPOINT]: 1, [Kind.STRUCT]: 3, [Kind.UNION]: 3, [Kind.ENUM]: 4, [Kind.ENUMERATOR]: 5, [Kind.TYPEDEF]: 6, [Kind.VARIABLE]: 7, [Kind.EXTERN]: 7,
};

/** Registers semantic tokens of a whole file and of a range. */
export function registerSemanticTokens(connection: Connection, session: () => Session | null): void {
  const build = (uri: string, from: number, to: number): SemanticTokens => {
    const s = session();
    const text = s?.documents.get(uri)?.getText();
    s?.settle();
    return s === null || text === undefined ? { data: [] } : tokens(s, text, from, to);
  };
  connection.languages.semanticTokens.on((params) => build(params.textDocument.uri, 1, Infinity));
  connection.languages.semanticTokens.onRange((params) => build(params.textDocument.uri, params.range.start.line + 1, params.range.end.line + 1));
}

function tokens(s: Session, text: string, from: number, to: number): SemanticTokens {
  const builder = new SemanticTokensBuilder();
  const known = new Map<string, { type: number; modifiers: number } | null>();
  for (const t of identifiers(text)) {
    if (t.line < from || t.line > to) continue;
    if (t.member) { builder.push(t.line - 1, t.column - 1, t.name.length, t.call ? 2 : 8, t.call ? POINTER : 0); continue; }
    let found = known.get(t.name);
    if (found === undefined) known.set(t.name, found = look(s, t.name));
    if (found !== null) builder.push(t.line - 1, t.column - 1, t.name.length, found.type, found.modifiers);
  }
  return builder.build();
}

function look(s: Session, name: string): { type: number; modifiers: number } | null {
  const def = [...s.query.lookup.named(name)].sort((a, b) => Number(b.kind === Kind.FUNCTION) - Number(a.kind === Kind.FUNCTION))[0];
  const type = def === undefined ? undefined : KIND_TYPE[def.kind];
  if (def === undefined || type === undefined) return null;
  return { type, modifiers: ((def.flags & Flag.STATIC) !== 0 ? STATIC : 0) | ((def.flags & Flag.SYSCALL) !== 0 ? SYSCALL : 0) };
}
