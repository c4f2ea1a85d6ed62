/** The text of an outline's files: stub definitions on the real lines, nothing between them. It is C, and it parses. */
import { KEYWORDS } from '../parse/tokens';
import type { Outline, OutlineCall, OutlineFile, OutlineFunction, OutlineTable } from './data';

/** Pieces of text by line; a line's pieces are joined by a space. */
class Page {
  private readonly pieces: string[][];

  constructor(private readonly count: number) { this.pieces = Array.from({ length: count + 1 }, () => []); }

  put(line: number, text: string): void { if (line >= 1 && line <= this.count) this.pieces[line].push(text); }

  text(): string { return this.pieces.slice(1).map((p) => p.join(' ')).join('\n') + '\n'; }
}

const CHAIN = /^[A-Za-z_]\w*((->|\.)[A-Za-z_]\w*)*$/;

/** A callee as one chain of names: what is called or indexed on the way to the member is left out, for it has a row of its own. */
function chainOf(callee: string): string {
  let text = callee;
  for (let before = ''; before !== text; ) { before = text; text = text.replace(/(\w)(\([^()]*\)|\[[^[\]]*\])/g, '$1'); }
  return text.replace(/[()*]/g, '');
}

/** Call statements for one row; a callee chosen by a condition gives one each. Nothing for what is no call of a name. */
function callTexts(call: OutlineCall): string[] {
  const chosen = /\?\s*(\w+)\s*:\s*(\w+)\)?$/.exec(call.callee);
  if (chosen) return [`${chosen[1]}();`, `${chosen[2]}();`];
  const callee = chainOf(call.callee);
  if (!CHAIN.test(callee) || KEYWORDS.has(callee)) return [];
  if (call.kind === 'loopmacro') return [`${callee}(0);`];
  if (call.struct !== '') {
    // The receiver's type is known, its declaration is not here: a cast says it.
    const [member, receiver] = callee.split(/->|\./).reverse();
    return [`((struct ${call.struct} *)${receiver ?? 'p'})->${member}();`];
  }
  return [call.callee.startsWith('(*') && /^\w+$/.test(callee) ? `(*${callee})();` : `${callee}();`];
}

/** Which lines stand between an initialiser's braces: a call there is a value, not a statement. */
function tableLines(tables: readonly OutlineTable[]): Set<number> {
  const lines = new Set<number>();
  for (const t of tables) for (let n = t.line + 1; n <= lastLine(t); n++) lines.add(n);
  return lines;
}

const lastLine = (t: OutlineTable): number => t.members.reduce((last, m) => Math.max(last, m.line), t.line);

function putTable(page: Page, t: OutlineTable): void {
  page.put(t.line, `struct ${t.struct} ${t.variable} = {`);
  for (const m of t.members) page.put(m.line, `.${m.name} = ${m.value},`);
  page.put(lastLine(t), '};');
}

/**
 * Function pointers filled in otherwise than by a table of that struct: an assignment in a body, an initialiser elsewhere; behind a
 * table whose entries another struct's members are copied from.
 */
function putStores(page: Page, file: OutlineFile): void {
  const inTables = new Set(file.tables.flatMap((t) => t.members.map((m) => `${t.struct} ${m.line} ${m.name} ${m.value}`)));
  for (const s of file.stores) {
    if (inTables.has(`${s.struct} ${s.line} ${s.member} ${s.value}`)) continue;
    const table = file.tables.find((t) => t.line <= s.line && lastLine(t) >= s.line);
    const isInBody = table === undefined && file.functions.some((f) => f.nameLine <= s.line && f.endLine >= s.line);
    if (isInBody) page.put(s.line, `((struct ${s.struct} *)p)->${s.member} = ${s.value};`);
    else page.put(table ? lastLine(table) : s.line, `struct ${s.struct} outline_${s.line}_${s.member} = { .${s.member} = ${s.value} };`);
  }
}

function putFunction(page: Page, f: OutlineFunction, calls: readonly OutlineCall[], taken: ReadonlySet<number>): void {
  if (f.nameLine > f.line) page.put(f.line, 'void');
  page.put(f.nameLine, `${f.nameLine > f.line ? '' : 'void '}${f.name}(void) {`);
  for (const call of calls) {
    if (call.line < f.nameLine) continue;
    for (const text of callTexts(call)) page.put(call.line, taken.has(call.line) ? text.replace(';', ',') : text);
  }
}

/** Members of each ops struct, by what is put into them: gives the struct's stub its function pointers. */
export function membersByStruct(outline: Outline): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const file of outline.files) {
    for (const t of file.tables) {
      const members = found.get(t.struct) ?? new Set<string>();
      for (const m of t.members) members.add(m.name);
      found.set(t.struct, members);
    }
    for (const s of file.stores) found.set(s.struct, (found.get(s.struct) ?? new Set()).add(s.member));
  }
  return new Map([...found].map(([name, members]) => [name, [...members].sort()]));
}

function putTypes(page: Page, file: OutlineFile, members: ReadonlyMap<string, string[]>): void {
  const seen = new Set<string>();
  for (const t of file.types) {
    if (t.kind === 'macro') page.put(t.line, `#define ${t.name}`);
    else if (t.kind === 'typedef') page.put(t.line, `typedef int ${t.name};`);
    else if (t.kind === 'enum') page.put(t.line, `enum ${t.name};`);
    else {
      const known = seen.has(t.name) ? [] : members.get(t.name) ?? [];
      seen.add(t.name);
      page.put(t.line, `${t.kind} ${t.name} { ${known.map((m) => `void (*${m})(void);`).join(' ') || 'int unused;'} };`);
    }
  }
}

/** A file's text: exactly `lines` lines. `members`: see `membersByStruct`. */
export function renderFile(file: OutlineFile, members: ReadonlyMap<string, string[]>): string {
  const page = new Page(file.lines), taken = tableLines(file.tables);
  putTypes(page, file, members);
  let next = 0;
  for (const f of file.functions) {
    while (next < file.calls.length && file.calls[next].line < f.line) next++;
    let end = next;
    while (end < file.calls.length && file.calls[end].line <= f.endLine) end++;
    putFunction(page, f, file.calls.slice(next, end), taken);
    next = end;
  }
  for (const t of file.tables) putTable(page, t);
  putStores(page, file);
  for (const f of file.functions) page.put(f.endLine, '}');
  return page.text();
}

/** The top Makefile: what tells a reader, and `KernelTree`, which kernel this outlines. */
export function renderMakefile(kernel: string): string {
  const [version, patch, sub] = kernel.split('.');
  return `# Outline of Linux ${kernel}, generated: names and line numbers only, nothing to build.\nVERSION = ${version}\nPATCHLEVEL = ${patch}\nSUBLEVEL = ${sub ?? ''}\nEXTRAVERSION =\n`;
}
