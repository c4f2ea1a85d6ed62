/** Call hierarchy in both directions, through function pointers: those are marked with struct and member, and how many could be there. */
import type { CallHierarchyIncomingCall, CallHierarchyItem, CallHierarchyOutgoingCall, Connection, Range } from 'vscode-languageserver/node';
import { Kind } from '../../source/index/facts';
import type { Def } from '../../source/index/lookup';
import { definitionHere } from '../../source/index/places';
import type { CallRow, Via } from '../../source/index/query';
import type { Session } from '../session';
import { symbolKind } from './symbols';

const SHOWN_CANDIDATES = 30;
const CALLABLE = new Set<number>([Kind.FUNCTION, Kind.MACRO, Kind.TRACEPOINT]);

interface ItemData { readonly name: string; readonly path: string; readonly line: number }

/** Registers prepare, incoming and outgoing calls. */
export function registerCallHierarchy(connection: Connection, session: () => Session | null): void {
  connection.languages.callHierarchy.onPrepare((params): CallHierarchyItem[] | null => {
    const s = session();
    const word = s?.word(params.textDocument.uri, params.position) ?? null;
    if (s === null || word === null) return null;
    const defs = s.query.definitions(word.name, word.place.path).filter((d) => CALLABLE.has(d.kind));
    const here = definitionHere(s.query, word, defs) ?? s.query.callee(word.name, word.place.path) ?? defs[0] ?? s.query.lookup.functionAt(word.place.path, word.place.line);
    return here === null || here === undefined ? null : [item(s, here)];
  });
  connection.languages.callHierarchy.onIncomingCalls((params): CallHierarchyIncomingCall[] => {
    const s = session();
    const def = s === null ? null : definitionOf(s, params.item);
    if (s === null || def === null) return [];
    return grouped(s, s.query.callers(def.name, def)).map(({ row, ranges, detail }) => ({ from: itemOfRow(s, row, detail), fromRanges: ranges }));
  });
  connection.languages.callHierarchy.onOutgoingCalls((params): CallHierarchyOutgoingCall[] => {
    const s = session();
    const def = s === null ? null : definitionOf(s, params.item);
    if (s === null || def === null) return [];
    return grouped(s, shortened(s.query.callees(def))).map(({ row, ranges, detail }) => ({ to: itemOfRow(s, row, detail), fromRanges: ranges }));
  });
}

/** The first candidates of each pointer site; all of the rest. */
function shortened(rows: readonly CallRow[]): CallRow[] {
  const counts = new Map<string, number>();
  return rows.filter((r) => {
    if (r.via === null) return true;
    const key = `${r.site.line}:${r.site.column}`;
    const n = (counts.get(key) ?? 0) + 1;
    counts.set(key, n);
    return n <= SHOWN_CANDIDATES;
  });
}

function viaText(via: Via | null): string {
  return via === null ? '' : `→ ${via.struct === '' ? '' : `${via.struct}.`}${via.member} · `;
}

function grouped(s: Session, rows: readonly CallRow[]): Array<{ row: CallRow; ranges: Range[]; detail: string }> {
  const groups = new Map<string, { row: CallRow; ranges: Range[]; detail: string }>();
  for (const row of rows) {
    const key = `${row.path}:${row.line}:${row.name}:${viaText(row.via)}`;
    let group = groups.get(key);
    if (group === undefined) groups.set(key, group = { row, ranges: [], detail: `${viaText(row.via)}${row.path}:${row.line}` });
    group.ranges.push(s.range(row.site, row.via === null ? Math.min(row.name.length, 64) : row.via.member.length));
  }
  return [...groups.values()];
}

function item(s: Session, def: Def): CallHierarchyItem {
  const range = s.range(def, def.name.length);
  const data: ItemData = { name: def.name, path: def.path, line: def.line };
  return { name: def.name, kind: symbolKind(def), detail: `${def.path}:${def.line}`, uri: s.uriOf(def.path), range, selectionRange: range, data };
}

function itemOfRow(s: Session, row: CallRow, detail: string): CallHierarchyItem {
  const range = s.range(row, row.name.length);
  const data: ItemData = { name: row.name, path: row.path, line: row.line };
  return { name: row.name, kind: symbolKind({ kind: row.kind === 'macro' ? Kind.MACRO : Kind.FUNCTION }), detail, uri: s.uriOf(row.path), range, selectionRange: range, data };
}

function definitionOf(s: Session, i: CallHierarchyItem): Def | null {
  const data = i.data as ItemData;
  const defs = s.query.lookup.named(data.name).filter((d) => CALLABLE.has(d.kind));
  return defs.find((d) => d.path === data.path && d.line === data.line) ?? defs.find((d) => d.path === data.path) ?? defs[0] ?? null;
}

