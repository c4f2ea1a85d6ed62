/** Small trees for the tests of this folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FactSink, type TableName, WIDTH } from './facts';
import { KernelIndex } from './kernel-index';
import { Query } from './query';
import { Scanner } from './scanner';
import { reserveStrings, StringTable } from './strings';

/** Scans one text; gives the rows of a table with names in place of ids where asked (columns in `names`). */
export function scanText(text: string, table: TableName, names: readonly number[] = [0]): Array<Array<string | number>> {
  const { sink, strings } = scanned(text);
  const rows: Array<Array<string | number>> = [];
  const width = WIDTH[table];
  for (let r = 0; r < sink.tables[table].count; r++) {
    const row: Array<string | number> = Array.from(sink.tables[table].data.subarray(r * width, (r + 1) * width));
    for (const k of names) row[k] = strings.name(row[k] as number);
    rows.push(row);
  }
  return rows;
}

/** Scans one text. */
export function scanned(text: string | Buffer): { sink: FactSink; strings: StringTable } {
  const strings = new StringTable(reserveStrings({ names: 1 << 14, bytes: 1 << 18, heads: 1 << 10 }));
  const sink = new FactSink(strings, 1 << 12);
  const bytes = Buffer.concat([Buffer.isBuffer(text) ? text : Buffer.from(text, 'latin1'), Buffer.alloc(16)]);
  new Scanner(sink).scan(bytes, bytes.length - 16);
  return { sink, strings };
}

/** A tree of files in a temporary folder; `dispose` removes it. */
export function makeTree(files: Readonly<Record<string, string | Buffer>>): { root: string; dispose(): void } {
  const root = mkdtempSync(path.join(tmpdir(), 'skbwalk-nav-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return { root, dispose: () => rmSync(root, { recursive: true, force: true }) };
}

/** An opened index over a small tree, scanned on this thread. */
export async function openTree(root: string, cacheFolder?: string): Promise<{ index: KernelIndex; query: Query; fromCache: boolean; rescanned: number }> {
  const index = new KernelIndex(root, 1 << 20);
  const report = await index.open({ cacheFolder, threads: { script: '', count: 1 } });
  return { index, query: new Query(index), fromCache: report.fromCache, rescanned: report.rescanned };
}
