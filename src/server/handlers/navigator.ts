/** The server's own requests: figures, chains, neighbourhoods, the live trace, inactive lines (src/protocol/navigator.ts). */
import type { Connection } from 'vscode-languageserver/node';
import { type ControlRequest, type FunctionAtReply, type FunctionAtRequest, type InactiveReply, type InactiveRequest, type LiveRequest, NAVIGATOR, type NavigatorStats, type NeighbourhoodReply, type NeighbourhoodRequest, type PathReply, type PathRequest, type PointerSitesReply, type PointerSitesRequest } from '../../protocol/navigator';
import { inactiveLines, readConfig } from '../../source/index/config';
import { Kind } from '../../source/index/facts';
import type { Def } from '../../source/index/lookup';
import { neighbourhood } from '../../source/index/neighbourhood';
import { findPathsGently } from '../../source/index/path';
import { symbolRow } from '../../source/index/query';
import type { Session } from '../session';

const MOST_CHAINS = 20;
const SHOWN = 5;

/** Registers the requests of src/protocol/navigator.ts. */
export function registerNavigator(connection: Connection, session: () => Session | null): void {
  connection.onRequest(NAVIGATOR.stats, (): NavigatorStats | null => session()?.stats() ?? null);
  connection.onRequest(NAVIGATOR.control, async (r: ControlRequest): Promise<void> => { await session()?.control(r); });
  connection.onRequest(NAVIGATOR.live, (r: LiveRequest): void => {
    const s = session();
    if (s !== null) s.query.context = { ...s.query.context, live: new Set(r.functions), livePairs: new Set(r.pairs) };
  });
  connection.onRequest(NAVIGATOR.path, async (r: PathRequest, token): Promise<PathReply> => {
    const s = session();
    const from = s === null ? null : functionNamed(s, r.from);
    const to = s === null ? null : functionNamed(s, r.to);
    if (s === null || from === null || to === null) return { from: from && symbolRow(from), to: to && symbolRow(to), chains: [] };
    return { from: symbolRow(from), to: symbolRow(to), chains: await findPathsGently(s.query, from, to, { chains: Math.min(r.chains ?? 3, MOST_CHAINS), cancelled: () => token.isCancellationRequested }) };
  });
  connection.onRequest(NAVIGATOR.neighbourhood, (r: NeighbourhoodRequest): NeighbourhoodReply => {
    const s = session();
    const center = s === null ? null : functionNamed(s, r.center, r.at);
    return s === null || center === null ? { nodes: [], edges: [], cut: false } : neighbourhood(s.query, center, r);
  });
  connection.onRequest(NAVIGATOR.functionAt, (r: FunctionAtRequest): FunctionAtReply => {
    const s = session();
    const path = s?.pathOf(r.uri) ?? null;
    if (s === null || path === null) return { name: '' };
    const word = s.word(r.uri, { line: r.line - 1, character: r.column - 1 });
    const meant = word === null || word.receiver !== null || word.local !== null ? null : functionNamed(s, word.name);
    return { name: (meant ?? s.query.lookup.functionAt(path, r.line))?.name ?? '' };
  });
  connection.onRequest(NAVIGATOR.inactive, (r: InactiveRequest): InactiveReply => {
    const s = session();
    const text = s?.documents.get(r.uri)?.getText();
    const config = s === null ? null : readConfig(s.root);
    return { ranges: text === undefined || config === null ? [] : inactiveLines(text, config) };
  });
  connection.onRequest(NAVIGATOR.pointerSites, (r: PointerSitesRequest): PointerSitesReply => {
    const s = session();
    const path = s?.pathOf(r.uri) ?? null;
    s?.settle();
    return s === null || path === null ? { sites: [] } : { sites: pointerSites(s, path) };
  });
}

function functionNamed(s: Session, name: string, at?: NeighbourhoodRequest['at']): Def | null {
  if (at !== undefined) return s.query.lookup.named(name).find((d) => d.path === at.path && d.line === at.line) ?? null;
  return s.query.definitions(name).find((d) => d.kind === Kind.FUNCTION || d.kind === Kind.MACRO) ?? null;
}

function pointerSites(s: Session, path: string): PointerSitesReply['sites'] {
  return s.query.lookup.inFile(path).filter((d) => d.kind === Kind.FUNCTION).flatMap((d) => s.query.pointerSites(d)).map((p) => {
    const via = p.slot === null ? { struct: '', member: p.member } : s.query.viaOf(p.slot);
    return { site: p.site, struct: via.struct, member: via.member, count: p.candidates.length, first: p.candidates.slice(0, SHOWN).map((c) => c.name) };
  });
}
