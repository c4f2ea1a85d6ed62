/** What a function pointer can call: the answer to "go to implementations", for the server and the command line. */
import { Kind } from './facts';
import { memberOf, type Word } from './places';
import { type Query, symbolRow, type SymbolRow, type Via } from './query';

/** What is asked about: a word at a place, or a name. */
export type What = { readonly kind: 'place'; readonly word: Word } | { readonly kind: 'name'; readonly name: string };

/** `struct.member`, `struct::member` or `struct->member`. */
export function splitMember(text: string): { struct: string; member: string } | null {
  const m = /^(?:struct\s+)?(\w+)(?:\.|::|->)(\w+)$/.exec(text);
  return m === null ? null : { struct: m[1], member: m[2] };
}

/** The functions behind a pointer, most likely first. */
export function implementations(query: Query, what: What): Array<SymbolRow & { via: Via | null }> {
  if (what.kind === 'place') {
    const { word } = what;
    const caller = query.lookup.functionAt(word.place.path, word.place.line);
    const site = caller === null ? undefined : query.pointerSites(caller, word.place)[0];
    if (site !== undefined && site.slot !== null) return site.candidates.map((d) => ({ ...symbolRow(d), via: query.viaOf(site.slot as NonNullable<typeof site.slot>) }));
    const member = memberOf(query, word);
    if (member !== null) {
      const slot = { struct: member.struct, member: member.name };
      return query.rankedCandidates(slot, caller ?? { name: '', path: word.place.path }).map((d) => ({ ...symbolRow(d), via: query.viaOf(slot) }));
    }
    return implementations(query, { kind: 'name', name: word.name });
  }
  const split = splitMember(what.name);
  const slots = split === null ? query.slotsNamed(what.name, null) : query.slotsNamed(split.member, split.struct);
  const rows = slots.flatMap((slot) => query.rankedCandidates(slot, { name: '', path: '' }).map((d) => ({ ...symbolRow(d), via: query.viaOf(slot) })));
  if (rows.length > 0 || split !== null) return rows;
  const defs = query.definitions(what.name);
  const isVariable = defs.length === 0 || defs.some((d) => d.kind === Kind.VARIABLE || d.kind === Kind.EXTERN);
  const table = !isVariable ? [] : query.rankedCandidates({ struct: `$${what.name}`, member: '' }, { name: '', path: '' });
  if (table.length > 0) return table.map((d) => ({ ...symbolRow(d), via: { struct: '', member: what.name } }));
  const tables = query.tablesOf(what.name);
  if (tables.length > 0) return tables.map((d) => ({ ...symbolRow(d), via: null }));
  return defs.filter((d) => d.kind === Kind.FUNCTION).map((d) => ({ ...symbolRow(d), via: null }));
}
