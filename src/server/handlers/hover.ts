/** textDocument/hover: the declaration as it is written, its comment, where it is; what a pointer can call. */
import { type Connection, type Hover, MarkupKind } from 'vscode-languageserver/node';
import { Kind } from '../../source/index/facts';
import { implementations } from '../../source/index/implementations';
import type { Def } from '../../source/index/lookup';
import { memberOf, type Word } from '../../source/index/places';
import type { Session } from '../session';

const MOST_LINES = 24;
const MOST_COMMENT = 40;
const SHOWN_CANDIDATES = 6;

/** Registers hover; markdown. */
export function registerHover(connection: Connection, session: () => Session | null): void {
  connection.onHover((params): Hover | null => {
    const s = session();
    const word = s?.word(params.textDocument.uri, params.position) ?? null;
    const text = s === null || word === null ? null : describe(s, word);
    return text === null ? null : { contents: { kind: MarkupKind.Markdown, value: text } };
  });
}

function describe(s: Session, word: Word): string | null {
  const { t } = s;
  if (word.local !== null) return fence(s.lines(word.local.place.path)[word.local.place.line - 1]?.trim() ?? word.name);
  const member = memberOf(s.query, word);
  if (member !== null) {
    const line = s.lines(member.path)[(member.pos >>> 12) - 1]?.trim() ?? '';
    const head = `${fence(line)}\n\n${t('member of {0}, {1}', `\`${member.struct.replace(/^@/, '')}\``, `${member.path}:${member.pos >>> 12}`)}`;
    return s.query.types.isCallable(member) ? `${head}\n\n${candidates(s, word)}` : head;
  }
  const def = s.query.definitions(word.name, word.place.path)[0] ?? s.query.declarations(word.name, word.place.path)[0];
  return def === undefined ? null : definition(s, def);
}

function fence(code: string): string {
  return `\`\`\`c\n${code}\n\`\`\``;
}

function candidates(s: Session, word: Word): string {
  const { t } = s;
  const rows = implementations(s.query, { kind: 'place', word });
  if (rows.length === 0) return t('Nothing in this tree is put here.');
  const first = rows.slice(0, SHOWN_CANDIDATES).map((r) => `\`${r.name}\``).join(', ');
  return rows.length > SHOWN_CANDIDATES ? t('Can call {0} and {1} more.', first, rows.length - SHOWN_CANDIDATES) : t('Can call {0}.', first);
}

function definition(s: Session, def: Def): string {
  const lines = s.lines(def.path);
  const comment = commentAbove(lines, def.startLine);
  return `${fence(head(lines, def))}\n\n${comment === '' ? '' : `${comment}\n\n`}${def.path}:${def.line}`;
}

/** What stands before the body; of a macro or a short type, all of it. */
function head(lines: readonly string[], def: Def): string {
  const last = def.kind === Kind.FUNCTION ? def.endLine : Math.max(def.endLine, def.line);
  const shown: string[] = [];
  for (let l = def.startLine; l <= last && shown.length < MOST_LINES; l++) {
    const line = lines[l - 1] ?? '';
    if (def.kind === Kind.FUNCTION) {
      const brace = line.indexOf('{');
      if (brace >= 0) { if (line.slice(0, brace).trim() !== '') shown.push(line.slice(0, brace).trimEnd()); break; }
    }
    shown.push(line);
  }
  return shown.join('\n');
}

/** The comment that ends right above a line, without its stars. */
function commentAbove(lines: readonly string[], line: number): string {
  let end = line - 2;
  while (end >= 0 && (lines[end] ?? '').trim() === '') end--;
  if (end < 0 || !(lines[end] ?? '').trim().endsWith('*/')) return '';
  let start = end;
  while (start > 0 && end - start < MOST_COMMENT && !(lines[start] ?? '').includes('/*')) start--;
  return lines.slice(start, end + 1).map((l) => l.replace(/^\s*\/?\*+\/?/, '').replace(/\*\/\s*$/, '').trim()).join('  \n').trim().replace(/^@(\w+):/gm, '`$1`:');
}
