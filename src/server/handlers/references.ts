/** textDocument/references and documentHighlight's data: every use outside comments and strings. */
import type { Connection, Location } from 'vscode-languageserver/node';
import { references } from '../../source/index/places';
import type { Session } from '../session';

const MOST = 20_000;

/** Registers references. */
export function registerReferences(connection: Connection, session: () => Session | null): void {
  connection.onReferences((params, token): Location[] => {
    const s = session();
    const word = s?.word(params.textDocument.uri, params.position) ?? null;
    if (s === null || word === null || token.isCancellationRequested) return [];
    let places = references(s.query, word.name, MOST, word.local === null ? undefined : word.place.path);
    const inside = word.local === null ? null : s.query.lookup.functionAt(word.place.path, word.place.line);
    if (inside !== null) places = places.filter((p) => p.line >= inside.startLine && p.line <= inside.endLine);
    return places.map((p) => ({ uri: s.uriOf(p.path), range: s.range(p, word.name.length) }));
  });
}
