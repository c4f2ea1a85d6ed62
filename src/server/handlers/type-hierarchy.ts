/** Type hierarchy: below an operations struct stand its tables, above a table its struct. */
import { type Connection, SymbolKind, type TypeHierarchyItem } from 'vscode-languageserver/node';
import { Kind } from '../../source/index/facts';
import type { Def } from '../../source/index/lookup';
import type { Session } from '../session';

const MOST = 400;

/** Registers prepare, subtypes and supertypes. */
export function registerTypeHierarchy(connection: Connection, session: () => Session | null): void {
  connection.languages.typeHierarchy.onPrepare((params): TypeHierarchyItem[] | null => {
    const s = session();
    const word = s?.word(params.textDocument.uri, params.position) ?? null;
    if (s === null || word === null) return null;
    const def = s.query.definitions(word.name, word.place.path).find((d) => d.kind === Kind.STRUCT || (d.kind === Kind.VARIABLE && d.type !== ''));
    return def === undefined ? null : [item(s, def)];
  });
  connection.languages.typeHierarchy.onSubtypes((params): TypeHierarchyItem[] => {
    const s = session();
    return s === null ? [] : s.query.tablesOf(params.item.name).slice(0, MOST).map((d) => item(s, d));
  });
  connection.languages.typeHierarchy.onSupertypes((params): TypeHierarchyItem[] => {
    const s = session();
    const path = s?.pathOf(params.item.uri) ?? null;
    if (s === null || path === null) return [];
    const table = s.query.lookup.named(params.item.name).find((d) => d.kind === Kind.VARIABLE && d.path === path);
    const struct = table === undefined ? null : s.query.types.struct(table.type, table.path);
    return struct === null ? [] : s.query.definitions(struct.replace(/^@/, ''), path).filter((d) => d.kind === Kind.STRUCT).slice(0, 1).map((d) => item(s, d));
  });
}

function item(s: Session, def: Def): TypeHierarchyItem {
  const range = s.range(def, def.name.length);
  return { name: def.name, kind: def.kind === Kind.STRUCT ? SymbolKind.Struct : SymbolKind.Variable, detail: `${def.path}:${def.line}`, uri: s.uriOf(def.path), range, selectionRange: range };
}
