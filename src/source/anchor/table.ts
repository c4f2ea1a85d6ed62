/** A table of anchors with their lines in one known kernel, as tab-separated text: what the outline resolves by. */
import { anchorKey, type Anchor, type AnchorKind } from '../../base/anchor';
import { fail, ok, type Problem, type Result } from '../../base/result';

export const ANCHOR_COLUMNS = ['path', 'function', 'def', 'kind', 'text', 'nth', 'line'] as const;
const KINDS: ReadonlySet<string> = new Set<AnchorKind>(['entry', 'call', 'assign', 'if', 'switch', 'loop', 'return', 'goto', 'label', 'decl']);

/** An anchor and the line (from 1) on which it stands. */
export interface AnchorRow { readonly anchor: Anchor; readonly line: number; /** Line of the function's opening brace, in rows of entries that say it. */ readonly body?: number }

/** Anchors by name and by line. Immutable once made. */
export class AnchorTable {
  private readonly lines = new Map<string, number>();
  private readonly bodies = new Map<string, number>();
  private readonly byLine = new Map<string, Anchor[]>();

  constructor(readonly rows: readonly AnchorRow[]) {
    for (const { anchor, line, body } of rows) {
      this.lines.set(anchorKey(anchor), line);
      if (body !== undefined) this.bodies.set(anchorKey(anchor), body);
      const key = `${anchor.path}:${line}`, list = this.byLine.get(key);
      if (list) list.push(anchor);
      else this.byLine.set(key, [anchor]);
    }
  }

  /** Line of an anchor, or null when the table does not have it. */
  line(anchor: Anchor): number | null { return this.lines.get(anchorKey(anchor)) ?? null; }

  /** Line of the opening brace of the function whose entry `anchor` is, or null when the table does not have it. */
  bodyLine(anchor: Anchor): number | null { return this.bodies.get(anchorKey(anchor)) ?? null; }

  /** Anchors that stand on a line. */
  at(path: string, line: number): readonly Anchor[] { return this.byLine.get(`${path}:${line}`) ?? []; }
}

function readRow(cells: string[], columns: number[], bodyColumn: number): AnchorRow | null {
  const [path, name, def, kind, text, nth, line] = columns.map((c) => cells[c] ?? '');
  const numbers = [def, nth, line].map(Number);
  if (path === '' || name === '' || !KINDS.has(kind) || numbers.some((n) => !Number.isInteger(n) || n < 1)) return null;
  return { anchor: { path, function: name, def: numbers[0], kind: kind as AnchorKind, text, nth: numbers[1] }, line: numbers[2], body: bodyColumn >= 0 && cells[bodyColumn] ? Number(cells[bodyColumn]) : undefined };
}

/**
 * Reads a table: a head line that names the columns (any order, further ones ignored), then a row an anchor.
 * Rows that are none are left out and reported, one problem each (the first ten).
 */
export function parseAnchorTable(text: string, where = 'anchor table'): Result<{ table: AnchorTable; problems: Problem[] }> {
  const lines = text.split(/\r?\n/), head = (lines[0] ?? '').split('\t');
  const columns = ANCHOR_COLUMNS.map((name) => head.indexOf(name));
  const bodyColumn = head.indexOf('body');
  if (columns.includes(-1)) return fail('bad-anchor-table', `${where} does not start with the columns ${ANCHOR_COLUMNS.join(', ')}. Make it again with the tool that writes it.`, where);
  const rows: AnchorRow[] = [], problems: Problem[] = [];
  lines.forEach((line, i) => {
    if (i === 0 || line === '' || line.startsWith('#')) return;
    const row = readRow(line.split('\t'), columns, bodyColumn);
    if (row) rows.push(row);
    else if (problems.length < 10) problems.push({ code: 'bad-anchor-row', message: `Line ${i + 1} of ${where} is no anchor; it is left out. Make the table again with the tool that writes it.`, where: `${where}:${i + 1}` });
  });
  return ok({ table: new AnchorTable(rows), problems });
}

/** The text that `parseAnchorTable` reads, rows in the order given. */
export function formatAnchorTable(rows: readonly AnchorRow[]): string {
  const line = ({ anchor: a, line: n }: AnchorRow): string => [a.path, a.function, a.def, a.kind, a.text, a.nth, n].join('\t');
  return [ANCHOR_COLUMNS.join('\t'), ...rows.map(line), ''].join('\n');
}
