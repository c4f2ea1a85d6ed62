/** textDocument/definition, declaration, implementation. */
import type { Connection, Location } from 'vscode-languageserver/node';
import { implementations } from '../../source/index/implementations';
import { definitionsAt } from '../../source/index/places';
import { symbolRow } from '../../source/index/query';
import type { Session } from '../session';

const MOST = 500;

/** Registers definition, declaration and implementation; each gives at most 500 places, the likeliest first. */
export function registerDefinition(connection: Connection, session: () => Session | null): void {
  connection.onDefinition((params): Location[] => {
    const s = session();
    const word = s?.word(params.textDocument.uri, params.position) ?? null;
    return s === null || word === null ? [] : definitionsAt(s.query, word).slice(0, MOST).map((r) => s.location(r));
  });
  connection.onDeclaration((params): Location[] => {
    const s = session();
    const word = s?.word(params.textDocument.uri, params.position) ?? null;
    if (s === null || word === null) return [];
    const declared = word.local === null && word.receiver === null ? s.query.declarations(word.name, word.place.path) : [];
    return declared.length > 0 ? declared.slice(0, MOST).map((d) => s.location(symbolRow(d))) : definitionsAt(s.query, word).slice(0, MOST).map((r) => s.location(r));
  });
  connection.onImplementation((params): Location[] => {
    const s = session();
    const word = s?.word(params.textDocument.uri, params.position) ?? null;
    return s === null || word === null ? [] : implementations(s.query, { kind: 'place', word }).slice(0, MOST).map((r) => s.location(r));
  });
}
